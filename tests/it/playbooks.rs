//! Playbooks, value classes (R5, R7), the limits for prices that follow from them (R6), the calls that orders cause, and the
//! busy season, through the program.

use super::rules::{company, customer, rows, set};
use super::support::{Dir, TODAY};
use serde_json::Value;

/// The second complaint was solved long ago.
const SOLVED: [&str; 2] = [
    "2026-02-20T10:00:00+08:00,complaint,k_000000000002,state,new,assigned,wu",
    "2026-02-21,complaint,k_000000000002,state,assigned,resolved,wu",
];

const ORDER: &str = "line,at,customer,product,quantity,price,amount,unit_cost,currency,promised,by";

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

/// An order of one line: `day customer net cost promised`; `-` for no promised day.
fn sold(list: &[&str]) -> Vec<String> {
    let row = |o: &&str| {
        let w: Vec<&str> = o.split(' ').collect();
        let promised = if w[4] == "-" { "" } else { w[4] };
        format!("1,{},{},,1,{},{},{},,{promised},li", w[0], w[1], w[2], w[2], w[3])
    };
    list.iter().map(row).collect()
}

fn orders(dir: &Dir, list: &[&str]) {
    let list = sold(list);
    rows(dir, "orders", "o", ORDER, &list.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The values of a key for each customer: `acme=key …`.
fn values(dir: &Dir, key: &str) -> String {
    let list = json(dir, &["list", "--columns", &format!("id,{key}"), "--sort", "id"]);
    let own = |line: &&String| !["acme", "huaxin", "k1"].iter().any(|c| line.starts_with(&format!("{c} ")));
    let lines: Vec<String> =
        told(&list, &format!("id {key}")).iter().filter(own).map(|l| l.replace(' ', "=")).collect();
    lines.join(" ")
}

#[test]
fn classes_follow_from_profit_and_risk_comes_first() {
    let check = |more: &dyn Fn(&Dir), expected: &str| {
        let dir = company("four-stage");
        for id in ["a", "b", "c", "d", "e", "f"] {
            customer(&dir, id, "repeat", "");
        }
        // 60, 30 and 10 of a profit of 100; d earns nothing on two days, e nothing on its first one; f never ordered.
        orders(
            &dir,
            &[
                "2026-05-04 a 100 70 -",
                "2026-05-18 a 100 70 -",
                "2026-06-01 b 100 70 -",
                "2026-06-02 c 100 90 -",
                "2026-06-03 d 100 100 -",
                "2026-06-10 d 100 100 -",
                "2026-06-03 e 100 100 -",
            ],
        );
        more(&dir);
        assert_eq!(values(&dir, "segment"), expected);
    };
    // a crosses 60 % by itself, and b 90 % with it.
    check(&|_| {}, "a=key b=major c=ordinary d=risk e=- f=-");
    let feedback = "at,customer,kind,score";
    check(
        &|d| rows(d, "feedback", "b", feedback, &["2026-06-01,a,csat,3"]),
        "a=major b=major c=ordinary d=risk e=- f=-",
    );
    check(
        &|d| rows(d, "feedback", "b", feedback, &["2026-06-01,a,csat,3", "2026-06-02,a,csat,4"]),
        "a=key b=major c=ordinary d=risk e=- f=-",
    );
    // A low recommendation is a risk beside an open complaint only.
    let nps = ["2026-06-01,b,nps,6"];
    check(&|d| rows(d, "feedback", "b", feedback, &nps), "a=key b=major c=ordinary d=risk e=- f=-");
    let complain = |d: &Dir| {
        rows(d, "complaints", "k", "at,customer,category,text", &["2026-06-20,b,quality,scratched"]);
    };
    check(
        &|d| {
            rows(d, "feedback", "b", feedback, &nps);
            complain(d);
        },
        "a=key b=risk c=ordinary d=risk e=- f=-",
    );
    check(&|d| set(d, "key_share = 0.60", "key_share = 0.61"), "a=key b=key c=ordinary d=risk e=- f=-");
    check(&|d| set(d, "major_share = 0.90", "major_share = 0.95"), "a=key b=major c=major d=risk e=- f=-");
    // A debt that was given up.
    check(
        &|d| {
            rows(d, "receivables", "r", "at,customer,amount,due", &["2026-06-01,c,10,2026-06-05"]);
            let event = ["2026-06-20,receivable,r_000000000001,writeoff,,10,chen"];
            rows(d, "events", "e", super::rules::EVENT, &event);
        },
        "a=key b=major c=risk d=risk e=- f=-",
    );
    // What nobody knows the cost of has no class.
    check(
        &|d| {
            let text = d.read("ledgers/orders/2026.csv");
            d.write("ledgers/orders/2026.csv", text.replace("c,,1,100,100,90", "c,,1,100,100,"));
        },
        "a=key b=major c=- d=risk e=- f=-",
    );
}

#[test]
fn signs_of_leaving_have_their_points() {
    let check = |orders_: &[&str], more: &dyn Fn(&Dir), expected: &str| {
        let dir = company("four-stage");
        customer(&dir, "x", "repeat", "contact_every = \"10d\"\n");
        rows(&dir, "activities", "a", "at,customer,by,channel,outcome", &["2026-06-29,x,li,call,positive"]);
        orders(&dir, orders_);
        // What is a year old is paid: it would be very late.
        if orders_[0].starts_with("2025") {
            rows(&dir, "receipts", "p", "line,at,customer,amount", &["1,2025-07-15,x,100"]);
        }
        more(&dir);
        let why = dir.run(&["list", "id:x", "--columns", "id,risk", "--explain"]);
        assert_eq!(values(&dir, "risk"), format!("x={expected}"), "{orders_:?}\n{}", why.stdout);
    };
    let nothing: &dyn Fn(&Dir) = &|_| {};
    // A median gap of 10 days: more than 15, 20 and 30 days ago.
    check(&["2026-06-05 x 9 5 -", "2026-06-15 x 9 5 -"], nothing, "0");
    check(&["2026-06-04 x 9 5 -", "2026-06-14 x 9 5 -"], nothing, "20");
    check(&["2026-05-30 x 9 5 -", "2026-06-09 x 9 5 -"], nothing, "35");
    check(&["2026-05-20 x 9 5 -", "2026-05-30 x 9 5 -"], nothing, "50");
    check(&["2026-05-21 x 9 5 -", "2026-05-31 x 9 5 -"], nothing, "35");
    // 70 and 40 of 100 a year ago; the same day a year ago counts, and one beyond the 90 days does not.
    let year_ago = ["2025-06-30 x 100 5 -", "2026-06-29 x 71 5 -"];
    check(&year_ago, nothing, "0");
    check(&["2025-06-30 x 100 5 -", "2026-06-29 x 70 5 -"], nothing, "15");
    check(&["2025-06-30 x 100 5 -", "2026-06-29 x 40 5 -"], nothing, "25");
    check(&["2025-07-01 x 100 5 -", "2026-06-29 x 40 5 -"], nothing, "0");
    check(&["2025-04-02 x 100 5 -", "2026-06-29 x 40 5 -"], nothing, "25");
    check(&["2025-04-01 x 100 5 -", "2026-06-29 x 40 5 -"], nothing, "0");
    let once = ["2026-06-29 x 9 5 -"];
    let complaints = |list: &'static [&'static str]| {
        move |d: &Dir| {
            rows(d, "complaints", "k", "at,customer,category,text", list);
            if list.len() > 1 {
                rows(d, "events", "e", super::rules::EVENT, &SOLVED);
            }
        }
    };
    // Of grade A, a complaint has three working days; the 22nd is a Monday.
    let late = |day: &'static str| {
        move |d: &Dir| {
            let row = format!("{day},x,quality,A,bad");
            let list = [row.as_str(), "2026-02-20,x,quality,A,bad"];
            rows(d, "complaints", "k", "at,customer,category,grade,text", &list);
            rows(d, "events", "e", super::rules::EVENT, &SOLVED);
        }
    };
    check(&once, &late("2026-06-22T09:00:00+08:00"), "10");
    check(&once, &late("2026-06-29T09:00:00+08:00"), "0");
    check(&once, &complaints(&["2026-06-20,x,quality,a"]), "10");
    check(&once, &complaints(&["2026-06-20,x,quality,a", "2026-02-20,x,quality,a"]), "0");
    let feedback =
        |list: &'static [&'static str]| move |d: &Dir| rows(d, "feedback", "b", "at,customer,kind,score", list);
    check(&once, &feedback(&["2026-06-20,x,nps,6"]), "10");
    check(&once, &feedback(&["2026-06-20,x,csat,2", "2026-06-20,x,nps,3"]), "10");
    check(&once, &feedback(&["2026-06-20,x,csat,3", "2026-06-20,x,nps,7"]), "0");
    check(&once, &feedback(&["2026-06-20,x,csat,2", "2026-06-21,x,csat,5"]), "0");
    // A follow-up late by a cycle, and by more than one.
    let touched = |day: &'static str| {
        move |d: &Dir| {
            let row = format!("{day},x,li,call,positive");
            rows(d, "activities", "a", "at,customer,by,channel,outcome", &[&row]);
        }
    };
    check(&once, &touched("2026-06-10"), "0");
    check(&once, &touched("2026-06-08"), "5");
    // More than 60 days late.
    check(&["2026-05-01 x 9 5 -", "2026-06-29 x 9 5 -"], nothing, "0");
    check(&["2026-04-30 x 9 5 -", "2026-06-29 x 9 5 -"], nothing, "5");
    let contacts = |more: &'static str| {
        move |d: &Dir| {
            let text = d.read("customers/x.toml");
            d.write("customers/x.toml", format!("{text}\n{more}"));
        }
    };
    let decider = |id: &str, left: &str| {
        format!("[[contacts]]\nid = \"{id}\"\nname = \"{id}\"\nrole = \"decision-maker\"\n{left}")
    };
    let gone = decider("a", "left = 2026-06-01\n");
    check(&once, &contacts(gone.clone().leak()), "10");
    check(&once, &contacts(format!("{gone}\n{}", decider("b", "")).leak()), "0");
    check(&once, &contacts(decider("a", "left = 2026-07-01\n").leak()), "0");
}

/// A company in which x, of the stage repeat, has bought at a good price before.
fn priced(settings: &[(&str, &str)], more: &str) -> Dir {
    let dir = company("four-stage");
    for (old, new) in settings {
        set(&dir, old, new);
    }
    customer(&dir, "x", "repeat", more);
    orders(&dir, &["2026-05-04 x 1000 500 -", "2026-06-08 x 1000 500 -"]);
    dir
}

#[test]
fn stages_and_classes_limit_prices_in_every_way_in() {
    let floor: &[(&str, &str)] =
        &[("playbook = \"repeat\"", "playbook = \"repeat\"\nmargin_floor = 0.30\ndiscount_max = 0.10")];
    let class: &[(&str, &str)] =
        &[("# [classes.key]\n# playbook = \"key\"", "[classes.key]\nmargin_floor = 0.30\ndiscount_max = 0.10\n#")];
    // Prices are entered with 13 % tax: 1130 is 1000 without.
    let line = |cost: &str, more: &str| format!("amount=1130 unit_cost={cost} quantity=1 {more}");
    for settings in [floor, class] {
        let check = |cost: &str, code: i32| {
            let dir = priced(settings, "");
            let typed = line(cost, "");
            let words: Vec<&str> = typed.split(' ').collect();
            let add = [&["order", "add", "x", "--line"], &[typed.as_str()][..]].concat();
            let _ = words;
            let ran = dir.run(&add);
            assert_eq!(ran.code, code, "{add:?} {settings:?}\n{}{}", ran.stdout, ran.stderr);
        };
        check("700", 0);
        check("701", 7);
    }
    // A grade that says a floor stands before the stage's, and cannot undo the class's.
    let graded = priced(floor, "grade = \"A\"\n");
    graded.run(&["order", "add", "x", "--line", &line("900", "")]).expect(0);
    let graded = priced(class, "grade = \"A\"\n");
    let refused = graded.run(&["order", "add", "x", "--line", &line("900", "")]).expect(7);
    assert!(refused.stderr.contains("30"), "{}", refused.stderr);
    // Who may goes against it, and says why.
    graded
        .run(&["order", "add", "x", "--line", &line("900", ""), "--override", "--note", "last pieces", "--as", "chen"])
        .expect(0);
    // A day that is over is not judged by the class of today.
    let past = priced(class, "");
    past.run(&["order", "add", "x", "--line", &line("900", ""), "--at", "2026-06-29"]).expect(0);
    assert!(!past.run(&["check"]).stdout.contains("E107"));
}

#[test]
fn check_and_quotes_ask_the_same() {
    let class: &[(&str, &str)] =
        &[("# [classes.key]\n# playbook = \"key\"", "[classes.key]\nmargin_floor = 0.30\ndiscount_max = 0.10\n#")];
    let dir = priced(class, "");
    orders(&dir, &["2026-05-04 x 1000 500 -", "2026-06-08 x 1000 500 -", "2026-06-30 x 1000 701 -"]);
    let found = dir.run(&["check"]);
    assert!(found.stdout.contains("E107"), "{}{}", found.stdout, found.stderr);
    orders(&dir, &["2026-05-04 x 1000 500 -", "2026-06-08 x 1000 500 -", "2026-06-30 x 1000 700 -"]);
    assert!(!dir.run(&["check"]).stdout.contains("E107"));
    // A product costs 70 without tax: 100 of it is 30 %.
    let dir = priced(class, "");
    dir.write("ledgers/products/2026.csv", "id,since,name,price,cost,tax_rate\np,2026-01-01,Pump,113,70,0.13\n");
    let quote = |verb: &str, price: &str| dir.run(&["quote", verb, "x", &format!("p:1@{price}")]);
    quote("add", "113").expect(0);
    quote("add", "112.9").expect(7);
    quote("add", "200-11%").expect(7);
    let tried = quote("try", "112.9").expect(0);
    assert!(tried.stdout.contains("30.0"), "{}", tried.stdout);
    // Import takes what others decided, and says that it is below the floor.
    let map = "into = \"orders\"\n[columns]\nid = \"id\"\nline = \"line\"\nat = \"at\"\ncustomer = \"c\"\nquantity = \"q\"\namount = \"a\"\nunit_cost = \"u\"\nby = \"by\"\n";
    dir.write("map.toml", map);
    dir.write("in.csv", "id,line,at,c,q,a,u,by\nn1,1,2026-06-30,x,1,1000,701,li\n");
    let ran = dir.run(&["import", "in.csv", "--map", "map.toml", "-n"]);
    assert!(ran.stderr.contains("below-floor"), "{}{}", ran.stdout, ran.stderr);
}

const CALLS: &str = "order first promised call_days due state called";

fn calls(dir: &Dir, today: &str) -> Vec<String> {
    let out = dir.run(&["report", "aftersales", "--json", "--today", today]).expect(0);
    let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
    told(&list, CALLS).into_iter().map(|l| l.replace("o_00000000000", "o")).collect()
}

#[test]
fn first_orders_are_called_about_around_their_promised_day() {
    let dir = company("four-stage");
    customer(&dir, "x", "first-order", "");
    orders(&dir, &["2026-06-01 x 100 50 2026-06-12"]);
    // The 26th is the fourteenth day; the 15th a Monday; the 19th to 21st are holidays.
    let expected = [
        "o1 true 2026-06-12 -2 2026-06-10 late -",
        "o1 true 2026-06-12 3 2026-06-15 today -",
        "o1 true 2026-06-12 14 2026-06-26 coming -",
    ];
    assert_eq!(calls(&dir, "2026-06-15"), expected);
    // A two-way contact from the day before on does a call, one that nobody answered does not.
    let contacts = ["2026-06-08,x,li,call,positive", "2026-06-09,x,li,call,no-answer", "2026-06-14,x,li,call,positive"];
    rows(&dir, "activities", "a", "at,customer,by,channel,outcome", &contacts);
    let expected = [
        "o1 true 2026-06-12 -2 2026-06-10 done-late 2026-06-14",
        "o1 true 2026-06-12 3 2026-06-15 done 2026-06-14",
        "o1 true 2026-06-12 14 2026-06-26 coming -",
    ];
    assert_eq!(calls(&dir, "2026-06-15"), expected);
    // Given up after 30 days.
    assert!(calls(&dir, "2026-07-26")[2].ends_with("late -"));
    assert!(calls(&dir, "2026-07-27")[2].ends_with("missed -"));
    // A cancelled order causes none.
    dir.run(&["order", "cancel", "o_000000000001", "--note", "called off"]).expect(0);
    assert!(calls(&dir, "2026-06-30").is_empty());
}

#[test]
fn other_orders_are_called_about_by_grade() {
    let check = |more: &str, settings: &[(&str, &str)], list: &[&str], expected: &[&str]| {
        let dir = company("four-stage");
        for (old, new) in settings {
            set(&dir, old, new);
        }
        customer(&dir, "x", "repeat", more);
        orders(&dir, list);
        let found: Vec<String> = calls(&dir, TODAY).into_iter().filter(|l| l.starts_with("o2")).collect();
        assert_eq!(found, expected, "{more} {settings:?}");
    };
    let two = ["2026-01-05 x 100 50 -", "2026-06-15 x 100 50 2026-06-22"];
    check(
        "grade = \"A\"\n",
        &[],
        &two,
        &["o2 false 2026-06-22 7 2026-06-29 late -", "o2 false 2026-06-22 30 2026-07-22 coming -"],
    );
    check("grade = \"B\"\n", &[], &two, &["o2 false 2026-06-22 7 2026-06-29 late -"]);
    check("grade = \"D\"\n", &[], &two, &[]);
    check("", &[], &two, &[]);
    check("", &[("every_order = []", "every_order = [1]")], &two, &["o2 false 2026-06-22 1 2026-06-23 late -"]);
    // Without a promised day they count from the order's; a call before it is none, and a Saturday moves to Monday.
    let plain = ["2026-01-05 x 100 50 -", "2026-06-15 x 100 50 -"];
    check("", &[("every_order = []", "every_order = [-3, 5]")], &plain, &["o2 false - 5 2026-06-22 late -"]);
}

#[test]
fn the_day_and_the_order_name_the_calls() {
    let dir = company("four-stage");
    customer(&dir, "x", "prospect", "");
    rows(&dir, "activities", "a", "at,customer,by,channel,outcome", &["2026-06-29,x,li,call,positive"]);
    let line = "amount=1130 unit_cost=1 quantity=1";
    let ran = dir.run(&["order", "add", "x", "--line", line, "--promised", "2026-07-03", "--id", "n1"]).expect(0);
    // The fourth and fifth are a weekend; the 17th is a Friday.
    let said = [&ran.stdout, &ran.stderr].iter().any(|t| t.contains("2026-07-01, 2026-07-06, 2026-07-17"));
    assert!(said, "{}{}", ran.stdout, ran.stderr);
    let day = |today: &str, who: &str| {
        let args = ["today", "--as", who, "--json", "--today", today];
        let out = dir.run(&args).expect(0);
        let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
        let mine: Vec<Value> = list.into_iter().filter(|r| r["section"] == "aftersales").collect();
        told(&mine, "customer order due days_overdue")
    };
    assert_eq!(day("2026-07-02", "li"), ["x n1 2026-07-01 1"]);
    assert!(day("2026-07-02", "wu").is_empty());
    let shown = dir.run(&["show", "x", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(shown.contains("订单回访") && shown.contains("2026-07-17"), "{shown}");
}

#[test]
fn in_the_busy_season_some_are_served_first() {
    let dir = company("four-stage");
    set(&dir, "months = []", "months = [6]");
    set(&dir, "serve = []", "serve = [\"class:key\", \"grade:B\", \"stage:first-order\"]");
    for (id, stage, more) in
        [("a", "lead", ""), ("b", "first-order", ""), ("c", "repeat", "grade = \"B\"\n"), ("d", "repeat", "")]
    {
        customer(&dir, id, stage, more);
    }
    orders(&dir, &["2026-06-01 d 1000 50 -", "2026-06-02 c 60 50 -", "2026-06-02 b 61 50 -"]);
    let served = |args: &[&str], key: &str| {
        let list = json(&dir, args);
        let own = |l: &String| ["a", "b", "c", "d"].iter().any(|id| l.starts_with(&format!("{id} ")) || l == id);
        told(&list, key).into_iter().filter(own).collect::<Vec<_>>()
    };
    let report = served(&["report", "season"], "customer place served_as");
    assert_eq!(report, ["d 1 class:key", "c 2 grade:B", "b 3 stage:first-order", "a - -"]);
    let overdue = ["today", "--all", "section:overdue"];
    assert_eq!(served(&overdue, "customer"), ["d", "c", "b"]);
    // Outside the season by what is at risk alone.
    set(&dir, "months = [6]", "months = [7]");
    let idle = served(&overdue, "customer");
    assert_eq!(idle[0], "d");
    assert_eq!(idle, ["d", "b", "c"]);
}

#[test]
fn playbooks_are_shown_and_checked() {
    let dir = company("four-stage");
    customer(&dir, "x", "first-order", "");
    let out = |args: &[&str]| dir.run(args).expect(0).stdout;
    for command in ["show", "brief"] {
        assert!(out(&[command, "x", "--lang", "en"]).contains("Check quality and quantity yourself"));
        assert!(out(&[command, "x", "--lang", "zh-CN"]).contains("发货前亲自核对质量和数量"));
    }
    dir.write("playbooks/first-order.toml", "do = [\"call early\", 3]\nwatsh = []\n");
    let broken = dir.run(&["show", "x"]).expect(3);
    assert!(broken.stdout.contains("call early"), "{}", broken.stdout);
    assert!(broken.stderr.contains("playbooks/first-order.toml:1"), "{}", broken.stderr);
    let found = dir.run(&["check"]).expect(1).stdout;
    assert!(found.contains("watch") && found.contains("E0"), "{found}");
    std::fs::remove_file(dir.path().join("playbooks/first-order.toml")).expect("there");
    assert!(dir.run(&["check"]).expect(1).stdout.contains("E114"));
    dir.run(&["show", "x"]).expect(0);
    // Of value classes too, and of entries of the order of service that are none.
    set(&dir, "playbook = \"first-order\"\n", "");
    set(&dir, "# [classes.key]\n# playbook = \"key\"", "[classes.key]\nplaybook = \"../team\"\n#");
    assert!(dir.run(&["check"]).expect(1).stdout.contains("E114"));
    set(&dir, "playbook = \"../team\"", "playbook = \"key\"");
    dir.run(&["check"]).expect(0);
    set(&dir, "serve = []", "serve = [\"class:gold\"]");
    assert!(dir.run(&["check"]).expect(1).stdout.contains("E050"));
}
