//! Needs, and the tasks that playbooks make, through the program.

use crate::support::Dir;
use serde_json::Value;

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let out = dir.run(&[args, &["--json"]].concat()).expect(0);
    serde_json::from_str(&out.stdout).expect("JSON")
}

/// Cells of all rows in words, `-` for null.
fn told(list: &[Value], keys: &str) -> Vec<String> {
    let word = |v: &Value| match v {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    list.iter().map(|row| keys.split(' ').map(|k| word(&row[k])).collect::<Vec<_>>().join(" ")).collect()
}

fn company() -> Dir {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    dir.run(&["product", "add", "p1", "Pump", "price=100", "cost=60", "since=2026-01-01"]).expect(0);
    dir
}

fn tasks(dir: &Dir, terms: &[&str]) -> Vec<String> {
    let keys = "title,due,owner,kind,playbook,state";
    let list = json(dir, &[&["task", "list", "customer:hx", "--columns", keys, "--sort", "due"], terms].concat());
    told(&list, &keys.replace(',', " "))
}

#[test]
fn pressing_needs_come_first_and_quotes_answer_them() {
    let dir = company();
    let add = |id: &str, at: &str, cells: &[&str]| {
        dir.run(&[&["need", "add", "hx", "something", "--id", id, "--at", at], cells].concat()).expect(0);
    };
    add("N-1", "2026-06-01", &[]);
    add("N-2", "2026-06-02", &["urgent=yes"]);
    add("N-3", "2026-06-03", &["important=yes"]);
    add("N-4", "2026-06-05", &["urgent=yes", "important=yes"]);
    add("N-5", "2026-06-04", &["urgent=yes", "important=yes"]);
    dir.run(&["need", "drop", "N-5", "no budget"]).expect(0);
    dir.run(&["quote", "add", "hx", "p1:1", "--need", "N-3", "--at", "2026-06-20"]).expect(0);
    dir.run(&["quote", "add", "hx", "p1:1", "--need", "N-3", "--at", "2026-06-10"]).expect(0);
    let keys = "id quadrant state quote_days";
    let list = |more: &[&str]| told(&json(&dir, &[&["need", "list"], more].concat()), keys);
    assert_eq!(list(&[]), ["N-4 1 open -", "N-3 2 open 7", "N-2 3 open -", "N-1 4 open -", "N-5 1 dropped -"]);
    assert_eq!(list(&["quadrant:1,2", "state:open"]), ["N-4 1 open -", "N-3 2 open 7"]);
    assert_eq!(list(&["quote_days.le:7"]), ["N-3 2 open 7"]);
    // Seen from a day before it was dropped, and before the quotes.
    let then = list(&["--today", "2026-06-05"]);
    assert_eq!(then, ["N-5 1 open -", "N-4 1 open -", "N-3 2 open -", "N-2 3 open -", "N-1 4 open -"]);
    let page = dir.run(&["need", "show", "N-3"]).expect(0).stdout;
    assert!(page.matches("2026-06-20").count() >= 1 && page.matches("2026-06-10").count() >= 1, "{page}");
    let shown = json(&dir, &["show", "hx"]);
    assert_eq!(shown[0]["open_needs"].to_string(), r#"["N-4","N-3","N-2","N-1"]"#);
    assert_eq!(shown[0]["open_need_quadrants"].to_string(), r#"["1","2","3","4"]"#);
}

#[test]
fn entering_a_stage_makes_the_tasks_of_its_playbook() {
    let dir = company();
    dir.run(&["log", "hx", "wants a pump"]).expect(0);
    dir.run(&["need", "add", "hx", "a pump"]).expect(0);
    let before = dir.files();
    dir.run(&["stage", "hx", "prospect", "--dry-run"]).expect(0);
    assert_eq!(dir.files(), before);
    dir.run(&["stage", "hx", "prospect"]).expect(0);
    let visit = "Visit the one who decides and the one who uses it 2026-07-07 li other prospect";
    let quote = "Make the quote 2026-07-14 li other prospect";
    assert_eq!(tasks(&dir, &[]), [format!("{visit} open"), format!("{quote} open")]);
    // Back and there again: what is open is not made twice, what is done is.
    let id = json(&dir, &["task", "list", "--columns", "id,due", "--sort", "due"])[0]["id"]
        .as_str()
        .expect("id")
        .to_string();
    dir.run(&["task", "done", &id]).expect(0);
    dir.run(&["stage", "hx", "lead", "--note", "no budget"]).expect(0);
    dir.run(&["stage", "hx", "prospect"]).expect(0);
    assert_eq!(tasks(&dir, &[]), [format!("{visit} done"), format!("{visit} open"), format!("{quote} open")]);
    // One change: undo takes stage and tasks back.
    dir.run(&["undo", "--yes"]).expect(0);
    assert_eq!(tasks(&dir, &["state:open"]), [format!("{quote} open")]);
    assert_eq!(json(&dir, &["list", "hx", "--columns", "stage"])[0]["stage"], "lead");
    // An order moves it on, too; it goes to whoever has the customer.
    dir.run(&["order", "add", "hx", "p1:1", "--as", "wu"]).expect(0);
    let first: Vec<String> = tasks(&dir, &["playbook:first-order"]);
    let of = |day: &str, kind: &str| first.iter().any(|t| t.contains(day) && t.contains(" li ") && t.contains(kind));
    assert!(of("2026-07-03", "onboarding") && of("2026-07-21", "onboarding") && of("2026-07-30", "care"), "{first:?}");
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_title_is_in_the_language_of_the_company() {
    let dir = company();
    let text = dir.read("kehu.toml");
    let language = text.lines().find(|l| l.starts_with("language")).expect("a language").to_string();
    dir.write("kehu.toml", text.replace(&language, "language = \"zh-CN\""));
    dir.run(&["order", "add", "hx", "p1:1", "--lang", "en"]).expect(0);
    let titles: Vec<String> = tasks(&dir, &[]).iter().map(|t| t.split(' ').next().unwrap_or("").to_string()).collect();
    assert_eq!(titles, ["新客交接：告知对接人，讲解使用和保养", "确认客户已开始使用", "请客户打分：满意度、推荐意愿"]);
}

#[test]
fn lost_customers_are_won_back_by_tasks() {
    let check = |reason: &str, expected: usize| {
        let dir = company();
        dir.run(&["close", "hx", "--reason", reason]).expect(0);
        let made = tasks(&dir, &["kind:win-back"]);
        assert_eq!(made.len(), expected, "{reason}: {made:?}");
    };
    check("competitor", 2);
    check("no-need-now", 2);
    check("duplicate", 0);
}

#[test]
fn a_playbook_that_cannot_be_read_makes_no_half_change() {
    let dir = company();
    dir.run(&["log", "hx", "wants a pump"]).expect(0);
    dir.run(&["need", "add", "hx", "a pump"]).expect(0);
    let good = dir.read("playbooks/prospect.toml");
    let check = |more: &str, code: &str| {
        dir.write("playbooks/prospect.toml", format!("{good}\n[[tasks]]\n{more}\n"));
        let found = dir.run(&["check", "--json"]).expect(1);
        assert!(found.stdout.contains(code), "{more}: {}", found.stdout);
    };
    check("title = \"x\"\ndue = \"+1d\"\nowner = \"nobody\"", "E044");
    check("title = \"x\"\ndue = \"soon\"", "E029");
    check("title = \"x\"\ndue = \"+1d\"\nkind = \"onbording\"", "E028");
    check("title = \"x\"", "E011");
    check("due = \"+1d\"", "E011");
    check("title = \"x\"\ndue = \"+1d\"\nwhen = \"now\"", "E010");
    let before = dir.files();
    dir.run(&["stage", "hx", "prospect"]).expect(3);
    assert_eq!(dir.files(), before);
    dir.write("playbooks/prospect.toml", &good);
    let settings = dir.read("kehu.toml").replace("\"no-need-now\"]", "\"no-ned\"]");
    dir.write("kehu.toml", settings);
    assert!(dir.run(&["check", "--json"]).expect(1).stdout.contains("E050"));
}

#[test]
fn an_import_of_orders_makes_no_tasks() {
    let dir = company();
    dir.write("o.csv", "id,line,at,customer,product,quantity,price\nSO-1,1,2026-06-01,hx,p1,1,100\n");
    dir.run(&["import", "o.csv", "--into", "orders"]).expect(0);
    assert_eq!(json(&dir, &["list", "hx", "--columns", "stage"])[0]["stage"], "first-order");
    assert!(tasks(&dir, &[]).is_empty());
}

#[test]
fn first_use_counts_from_becoming_a_customer() {
    let dir = company();
    let days = |dir: &Dir| json(dir, &["list", "hx", "--columns", "first_use_days"])[0]["first_use_days"].clone();
    dir.run(&["order", "add", "hx", "p1:1", "--today", "2026-06-01"]).expect(0);
    assert_eq!(days(&dir), Value::Null);
    let of = |terms: &[&str]| {
        let list = json(&dir, &[&["task", "list", "--columns", "id,first_use"], terms].concat());
        list[0]["id"].as_str().expect("a task").to_string()
    };
    // Another onboarding task marks nothing.
    dir.run(&["task", "done", &of(&["no:first_use", "kind:onboarding"]), "--today", "2026-06-05"]).expect(0);
    assert_eq!(days(&dir), Value::Null);
    let id = of(&["first_use:yes"]);
    dir.run(&["task", "done", &id, "--today", "2026-06-19"]).expect(0);
    assert_eq!(days(&dir), 18);
    dir.run(&["task", "done", &id, "--undo"]).expect(0);
    assert_eq!(days(&dir), Value::Null);
    // One that was entered by hand counts as well; without events of stages the first order day is the beginning.
    dir.run(&["task", "add", "show how it works", "--due", "2026-06-30", "--customer", "hx"]).expect(0);
    let own = of(&["no:playbook", "state:open"]);
    dir.run(&["task", "set", &own, "first_use=yes"]).expect(0);
    dir.run(&["task", "done", &own]).expect(0);
    assert_eq!(days(&dir), 29);
}
