//! Complaints before the same goods are sold or shipped again (R11), through the program.

use crate::support::{Dir, Ran};
use serde_json::Value;

const EVENTS: &str = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";

/// Two customers, a product of each of two categories and one more of the first, an order each.
fn company() -> Dir {
    let dir = Dir::new();
    for id in ["hx", "ym"] {
        dir.run(&["customer", "add", id, "--id", id, "--today", "2024-01-02"]).expect(0);
    }
    let products = "id,since,name,category,price,cost\nrel4,2024-01-01,Relay 4,relays,100,60\nrel8,2024-01-01,Relay 8,relays,100,60\ncab,2024-01-01,Cabinet,cabinets,100,60\nbox,2024-01-01,Box,,100,60\n";
    dir.write("ledgers/products/2024-li.csv", products);
    dir
}

fn put(dir: &Dir, rows: &[&str], events: &[&str]) {
    let text = format!("id,at,customer,product,order,category,severity,text,cause,by\n{}\n", rows.join("\n"));
    dir.write("ledgers/complaints/2026-li.csv", text);
    dir.write("ledgers/events/2026-li.csv", format!("{EVENTS}{}\n", events.join("\n")));
}

fn json(ran: Ran) -> Vec<Value> {
    let all: Value = serde_json::from_str(&ran.expect(0).stdout).expect("JSON");
    all.as_array().expect("a list").clone()
}

/// `event to` of what happened to a thing, without what is not about complaints.
fn warned(dir: &Dir, subject: &str) -> Vec<String> {
    let events = json(dir.run(&["history", subject, "--json"]));
    let own = events.iter().filter(|e| e["event"] == "warned");
    own.map(|e| e["to"].as_str().unwrap_or_default().to_string()).collect()
}

#[test]
fn who_complained_about_the_same_goods_is_asked_about() {
    // The rows of complaints, whom what is sold to, and those that are to be acknowledged, newest first.
    let check = |rows: &[&str], customer: &str, line: &str, expected: &[&str]| {
        let dir = company();
        put(&dir, rows, &[]);
        let ran = dir.run(&["order", "add", customer, line, "--id", "SO-1"]);
        if expected.is_empty() {
            ran.expect(0);
            assert_eq!(warned(&dir, "order:SO-1"), expected, "{rows:?} {customer} {line}");
            return;
        }
        let ran = ran.expect(7);
        let ids: Vec<&str> = ran
            .stderr
            .lines()
            .filter_map(|l| l.trim().split_once("  "))
            .map(|(id, _)| id)
            .filter(|id| id.starts_with("k_"))
            .collect();
        assert_eq!(ids, expected, "{rows:?} {customer} {line}: {}", ran.stderr);
        assert!(ran.stderr.contains("--ack"), "{}", ran.stderr);
        assert!(!dir.path().join("ledgers/orders").exists(), "something was written");
        dir.run(&["order", "add", customer, line, "--id", "SO-1", "--ack"]).expect(0);
        assert_eq!(warned(&dir, "order:SO-1"), expected, "{rows:?} {customer} {line}");
        dir.run(&["check"]).expect(0);
    };
    let same = "k_1,2026-05-01,hx,rel4,,quality,,hot,,li";
    check(&[same], "hx", "rel4:1", &["k_1"]);
    check(&[same], "hx", "rel8:1", &["k_1"]);
    check(&[same], "hx", "cab:1", &[]);
    check(&[same], "ym", "rel4:1", &[]);
    // Without a category only the product itself is the same.
    check(&["k_1,2026-05-01,hx,box,,quality,,hot,,li"], "hx", "rel4:1", &[]);
    check(&["k_1,2026-05-01,hx,,,quality,,hot,,li"], "hx", "rel4:1", &[]);
    // The last 24 months, to the day.
    check(&["k_1,2024-06-30,hx,rel4,,quality,,hot,,li"], "hx", "rel4:1", &["k_1"]);
    check(&["k_1,2024-06-29,hx,rel4,,quality,,hot,,li"], "hx", "rel4:1", &[]);
    // Newest first.
    let two = [same, "k_2,2026-06-01,hx,rel8,,quality,,loud,,li"];
    check(&two, "hx", "rel4:1", &["k_2", "k_1"]);
}

#[test]
fn the_months_are_those_of_the_settings() {
    let check = |months: &str, expected: i32| {
        let dir = company();
        put(&dir, &["k_1,2026-03-30,hx,rel4,,quality,,hot,,li"], &[]);
        let settings = dir.read("kehu.toml");
        let own = settings.replacen("guard_months = 24", &format!("guard_months = {months}"), 1);
        assert_ne!(own == settings, months != "24", "the template says guard_months");
        dir.write("kehu.toml", own);
        dir.run(&["order", "add", "hx", "rel4:1"]).expect(expected);
    };
    check("24", 7);
    check("3", 7);
    check("2", 0);
    check("0", 0);
}

#[test]
fn a_complaint_of_an_order_is_about_its_goods() {
    let dir = company();
    dir.run(&["order", "add", "hx", "rel4:1", "--id", "SO-1"]).expect(0);
    dir.run(&["complaint", "add", "hx", "hot", "--category", "quality", "--order", "SO-1"]).expect(0);
    dir.run(&["order", "add", "hx", "rel8:1"]).expect(7);
    dir.run(&["order", "add", "hx", "cab:1"]).expect(0);
    // Before it was made, nobody could know of it.
    dir.run(&["order", "add", "hx", "rel8:1", "--at", "2026-06-29"]).expect(0);
}

#[test]
fn its_story_is_told_in_both_languages() {
    let dir = company();
    let events = [
        "e_1,2026-05-01T10:00:00+08:00,complaint,k_1,assignee,,wu,,,,li,",
        "e_2,2026-05-01T10:00:01+08:00,complaint,k_1,state,new,assigned,,,,li,",
        "e_3,2026-05-02T10:00:00+08:00,complaint,k_1,state,assigned,waiting,,,,wu,photos\\nand a video",
        "e_4,2026-05-03T10:00:00+08:00,complaint,k_1,state,waiting,resolved,,,,wu,two new relays sent",
    ];
    put(&dir, &["k_1,2026-05-01T09:00:00+08:00,hx,rel4,,quality,,gets\\nhot,thin wire,li"], &events);
    let check = |lang: &str, expected: &[&str]| {
        let ran = dir.run(&["order", "add", "hx", "rel4:1", "--lang", lang]).expect(7);
        let lines: Vec<&str> = ran.stderr.lines().map(str::trim).collect();
        assert_eq!(lines, expected);
    };
    check(
        "en",
        &[
            "error: hx has complained about the same goods:",
            "k_1  2026-05-01  rel4: gets hot",
            "cause: thin wire",
            "2026-05-01  handler → wu (li)",
            "2026-05-01  assigned (li)",
            "2026-05-02  waiting for the customer (wu): photos and a video",
            "2026-05-03  resolved (wu)",
            "now: resolved; two new relays sent",
            "hint: read what came of it, then say that you know: `--ack`",
        ],
    );
    check(
        "zh-CN",
        &[
            "错误：hx 曾就同类产品投诉：",
            "k_1  2026-05-01  rel4：gets hot",
            "原因：thin wire",
            "2026-05-01  处理人 → wu（li）",
            "2026-05-01  处理中（li）",
            "2026-05-02  待客户（wu）：photos and a video",
            "2026-05-03  已处理（wu）",
            "目前：已处理；two new relays sent",
            "提示：请先了解处理情况，再以 `--ack` 确认知悉",
        ],
    );
    // Nothing is judged of what is only tried.
    let tried = dir.run(&["quote", "try", "hx", "rel4:1"]).expect(0).stdout;
    assert!(tried.contains("k_1  2026-05-01  rel4: gets hot") && tried.contains("cause: thin wire"), "{tried}");
    let got = json(dir.run(&["quote", "try", "hx", "rel4:1", "--json"]));
    assert_eq!(got[0]["same_goods"], serde_json::json!(["k_1"]), "{got:?}");
}

#[test]
fn quotes_their_orders_and_shipments_ask_each() {
    let dir = company();
    dir.run(&["order", "add", "hx", "rel4:1", "--id", "SO-0"]).expect(0);
    put(&dir, &["k_1,2026-05-01,hx,rel4,,quality,,hot,,li"], &[]);
    let ask = |args: &[&str]| {
        dir.run(args).expect(7);
        dir.run(&[args, &["--ack"]].concat()).expect(0);
    };
    ask(&["quote", "add", "hx", "rel4:1", "--id", "Q-1"]);
    assert_eq!(warned(&dir, "quote:Q-1"), ["k_1"]);
    // What is only told turns nothing: the quote is as it would be without.
    let state = |quote: &str| {
        json(dir.run(&["quote", "list", "--json"])).iter().find(|q| q["id"] == quote).map(|q| q["state"].clone())
    };
    assert_eq!(state("Q-1"), Some("draft".into()));
    ask(&["quote", "add", "hx", "rel8:1", "--version-of", "Q-1"]);
    dir.run(&["quote", "send", "Q-1"]).expect(0);
    assert_eq!(state("Q-1"), Some("sent".into()));
    ask(&["quote", "accept", "Q-1", "--id", "SO-1"]);
    assert_eq!((state("Q-1"), warned(&dir, "order:SO-1")), (Some("accepted".into()), vec!["k_1".to_string()]));
    // Whoever ships is somebody else; what has left already is not asked about again.
    ask(&["order", "ship", "SO-1"]);
    dir.run(&["order", "ship", "SO-1"]).expect(0);
    assert_eq!(warned(&dir, "order:SO-1"), ["k_1", "k_1"]);
    // Neither is what comes back, or is done with an order besides.
    dir.run(&["order", "confirm", "SO-0"]).expect(0);
    dir.run(&["order", "deliver", "SO-1"]).expect(0);
    dir.run(&["order", "return", "SO-1", "1", "1"]).expect(0);
    dir.run(&["check"]).expect(0);
    // A complaint that somebody acknowledged stays.
    dir.run(&["complaint", "rm", "k_1"]).expect(7);
}

#[test]
fn a_danger_that_is_not_solved_warns_for_every_customer() {
    let check = |row: &str, events: &[&str], customer: &str, line: &str, expected: Option<i32>| {
        let dir = company();
        put(&dir, &[row], events);
        for command in [["order", "add"], ["quote", "add"]] {
            let ran = dir.run(&[&command[..], &[customer, line]].concat());
            let warns = ran.stderr.contains("a danger");
            assert_eq!(
                (warns, ran.code),
                (expected.is_some(), expected.unwrap_or(0)),
                "{row} {customer} {line}: {}",
                ran.stderr
            );
        }
        let tried = json(dir.run(&["quote", "try", customer, line, "--json"]));
        let own = customer == "hx" && expected == Some(7);
        assert_eq!(tried[0]["warnings"].to_string().contains("a danger"), expected.is_some() && !own, "{tried:?}");
    };
    let open = "k_1,2026-05-01,hx,rel4,,quality,safety,hot,,li";
    check(open, &[], "ym", "rel4:1", Some(0));
    check(open, &[], "hx", "rel4:1", Some(7));
    // It is about the product alone, as long as it is open.
    check(open, &[], "ym", "rel8:1", None);
    check("k_1,2026-05-01,hx,rel4,,quality,high,hot,,li", &[], "ym", "rel4:1", None);
    let solved = [
        "e_1,2026-05-01T10:00:00+08:00,complaint,k_1,state,new,assigned,,,,li,",
        "e_2,2026-05-02T10:00:00+08:00,complaint,k_1,state,assigned,resolved,,,,li,x",
    ];
    check(open, &solved, "ym", "rel4:1", None);
    // It is as old as it likes.
    check("k_1,2024-02-01,hx,rel4,,quality,safety,hot,,li", &[], "hx", "rel4:1", Some(7));
    check("k_1,2024-02-01,hx,rel4,,quality,safety,hot,,li", &[], "ym", "rel4:1", Some(0));
}

#[test]
fn what_is_imported_or_was_written_by_hand_is_not_asked_about() {
    let dir = company();
    put(&dir, &["k_1,2026-05-01,hx,rel4,,quality,,hot,,li"], &[]);
    dir.write("orders.csv", "id,line,at,customer,product,quantity,price,by\nSO-9,1,2026-06-01,hx,rel4,1,100,li\n");
    dir.write("map.toml", "into = \"orders\"\n[columns]\nid = \"id\"\nline = \"line\"\nat = \"at\"\ncustomer = \"customer\"\nproduct = \"product\"\nquantity = \"quantity\"\nprice = \"price\"\nby = \"by\"\n");
    dir.run(&["import", "orders.csv", "--map", "map.toml"]).expect(0);
    dir.run(&["check"]).expect(0);
    // An event that names a complaint which is not there is one.
    let events = dir.read("ledgers/events/2026-li.csv");
    dir.write(
        "ledgers/events/2026-li.csv",
        format!("{events}e_9,2026-06-02T10:00:00+08:00,order,SO-9,warned,,k_2,,,,li,\n"),
    );
    let ran = dir.run(&["check"]).expect(1);
    assert!(ran.stdout.contains("E044") && ran.stdout.contains("k_2"), "{}", ran.stdout);
}

#[test]
fn an_imported_complaint_has_the_grade_of_its_day() {
    let dir = company();
    let events = [
        "e_1,2026-03-01T10:00:00+08:00,customer,hx,grade,,B,,,,li,",
        "e_2,2026-05-01T10:00:00+08:00,customer,hx,grade,B,A,,,,li,",
    ];
    dir.write("ledgers/events/2026-li.csv", format!("{EVENTS}{}\n", events.join("\n")));
    dir.write("in.csv", "id,at,customer,category,grade,text\nk_1,2026-02-01,hx,quality,,a\nk_2,2026-04-01,hx,quality,,b\nk_3,2026-06-01,hx,quality,,c\nk_4,2026-04-01,hx,quality,D,d\nk_5,2026-04-01,ym,quality,,e\n");
    let columns = ["id", "at", "customer", "category", "grade", "text"].map(|c| format!("{c} = \"{c}\"\n")).concat();
    dir.write("map.toml", format!("into = \"complaints\"\n[columns]\n{columns}by = {{ value = \"li\" }}\n"));
    dir.run(&["import", "in.csv", "--map", "map.toml"]).expect(0);
    let got = json(dir.run(&["complaint", "list", "--columns", "id,grade", "--sort", "id", "--json"]));
    let grades: Vec<&str> = got.iter().map(|r| r["grade"].as_str().unwrap_or("-")).collect();
    assert_eq!(grades, ["-", "B", "A", "D", "-"], "{got:?}");
    // The same file again changes nothing.
    let files = dir.files();
    dir.run(&["import", "in.csv", "--map", "map.toml"]).expect(0);
    assert!(dir.files() == files);
}

#[test]
fn years_without_holidays_are_named_where_a_deadline_is_shown() {
    let check = |at: &str, day: &str, said: bool| {
        let dir = company();
        dir.run(&["customer", "set", "hx", "owner=li", "--today", "2024-01-03"]).expect(0);
        put(&dir, &[&format!("k_1,{at},hx,rel4,,quality,,hot,,li")], &[]);
        for command in [&["today"][..], &["show", "hx"], &["brief", "hx"], &["complaint", "list"]] {
            let ran = dir.run(&[command, &["--today", day, "--as", "li"]].concat()).expect(0);
            assert_eq!(ran.stderr.contains("no holidays for"), said, "{command:?}: {}", ran.stderr);
        }
    };
    check("2027-03-01T09:00:00+08:00", "2027-04-30", true);
    check("2026-06-01T09:00:00+08:00", "2026-06-30", false);
}
