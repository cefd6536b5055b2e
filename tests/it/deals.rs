//! Deals: a life of one, what is refused on the command line and found by `check`, past days, and two branches.

use crate::support::{Dir, Ran};
use serde_json::Value;

/// A customer of grade A with one product, and a deal D-1 of li's.
fn shop() -> Dir {
    let dir = Dir::new();
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,unit,price,cost,tax_rate,status\npump,2026-01-01,Pump,pumps,pcs,1000,800,0,active\n",
    );
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    let text = dir.read("customers/h/hx.toml").replace("grade = \"\"", "grade = \"A\"");
    dir.write("customers/h/hx.toml", text);
    dir.run(&["check", "--fix", "--today", "2026-01-02"]).expect(0);
    dir.run(&["deal", "add", "hx", "Line 3", "--amount", "1000", "--id", "D-1", "--at", "2026-06-01"]).expect(0);
    dir
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ran.expect(0).stdout).expect("JSON")
}

/// `stage state amount owner` of D-1.
fn stands(dir: &Dir, day: &str) -> String {
    let list = json(dir.run(&["deal", "list", "--columns", "stage,state,amount,owner", "--json", "--today", day]));
    let text = |key: &str| list[0][key].to_string().trim_matches('"').to_string();
    ["stage", "state", "amount", "owner"].map(text).join(" ")
}

/// Codes and places of findings.
fn findings(dir: &Dir) -> Vec<String> {
    let list: Value = serde_json::from_str(&dir.run(&["check", "--json"]).stdout).expect("JSON");
    let one = |d: &Value| format!("{} {}", d["code"].as_str().unwrap_or("?"), d["line"]);
    list.as_array().expect("a list").iter().map(one).collect()
}

const EVENTS: &str = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";

#[test]
fn a_deal_is_seen_from_any_day() {
    let dir = shop();
    let run = |args: &[&str]| dir.run(args).expect(0);
    run(&["deal", "move", "D-1", "qualify", "--at", "2026-06-05"]);
    run(&["deal", "set", "D-1", "amount=1500", "owner=wu", "--at", "2026-06-10"]);
    run(&["deal", "move", "D-1", "propose", "--at", "2026-06-12"]);
    run(&["deal", "win", "D-1", "pump:2", "--id", "SO-1", "--at", "2026-06-20"]);
    for (day, expected) in [
        ("2026-06-01", "discover open 1000 li"),
        ("2026-06-05", "qualify open 1000 li"),
        ("2026-06-11", "qualify open 1500 wu"),
        ("2026-06-19", "propose open 1500 wu"),
        ("2026-06-30", "won won 1500 wu"),
    ] {
        assert_eq!(stands(&dir, day), expected, "{day}");
    }
    let order = json(dir.run(&["order", "list", "--columns", "id,deal,by", "--json"]));
    assert_eq!(order.to_string(), r#"[{"id":"SO-1","deal":"D-1","by":"wu"}]"#);
    dir.run(&["check"]).expect(0);
}

#[test]
fn an_order_that_is_refused_wins_nothing() {
    let dir = shop();
    for stage in ["qualify", "propose"] {
        dir.run(&["deal", "move", "D-1", stage]).expect(0);
    }
    let before = dir.files();
    dir.run(&["deal", "win", "D-1", "pump:1-50%"]).expect(7);
    assert_eq!(dir.files(), before);
    dir.run(&["deal", "win", "D-1", "pump:1-50%", "--override", "--note", "agreed", "--as", "chen"]).expect(0);
    assert_eq!(stands(&dir, "2026-06-30"), "won won 1000 li");
    dir.run(&["check"]).expect(0);
}

#[test]
fn days_in_a_stage_are_those_of_all_visits() {
    let dir = shop();
    dir.run(&["deal", "lose", "D-1", "--reason", "price", "--at", "2026-06-05"]).expect(0);
    dir.run(&["deal", "move", "D-1", "discover", "--note", "again", "--at", "2026-06-20"]).expect(0);
    let list = json(dir.run(&["deal", "list", "--columns", "days_in_stage,stage_since", "--json"]));
    assert_eq!(list.to_string(), r#"[{"days_in_stage":14,"stage_since":"2026-06-20"}]"#);
}

/// What the command line refuses, `check` finds where it was written by hand; a note says why, and is accepted.
#[test]
fn check_judges_as_the_command_line_does() {
    let first = "e_1,2026-06-01T10:00:00+08:00,deal,D-1,stage,,discover,,,,li,\n";
    let check = |rows: &str, expected: &[&str]| {
        let dir = shop();
        for (file, _) in dir.files().iter().filter(|(f, _)| f.starts_with("ledgers/events/")) {
            let kept: String =
                dir.read(file).lines().filter(|l| !l.contains(",deal,")).map(|l| format!("{l}\n")).collect();
            dir.write(file, kept);
        }
        dir.write("ledgers/events/2026-hand.csv", format!("{EVENTS}{first}{rows}"));
        assert_eq!(findings(&dir), expected, "{rows}");
    };
    check("", &[]);
    check("e_2,2026-06-02,deal,D-1,stage,discover,propose,,,,li,\n", &["E070 3"]);
    check("e_2,2026-06-02,deal,D-1,stage,discover,propose,,,,li,in a hurry\n", &[]);
    check("e_2,2026-06-02,deal,D-1,stage,discover,propse,,,,li,\n", &["E028 3"]);
    check("e_2,2026-06-02,deal,D-1,stage,discover,lost,,,,li,\n", &["E072 3"]);
    check("e_2,2026-06-02,deal,D-1,stage,discover,lost,,prise,,li,\n", &["E028 3"]);
    let lost = "e_2,2026-06-02,deal,D-1,stage,discover,lost,,price,,li,\n";
    check(lost, &[]);
    check(&format!("{lost}e_3,2026-06-03,deal,D-1,stage,lost,discover,,,,li,\n"), &["E070 4"]);
    check(&format!("{lost}e_3,2026-06-03,deal,D-1,amount,1000,5,,,,li,\n"), &["E065 4"]);
    check(&format!("{lost}e_3,2026-06-03,deal,D-1,amount,1000,5,,,,li,counted wrong\n"), &[]);
    check("e_2,2026-06-02,deal,D-1,amount,1000,-5,,,,li,\n", &["E105 3"]);
    check("e_2,2026-06-02,deal,D-1,amount,1000,much,,,,li,\n", &["E026 3"]);
    // Two branches: the later change is not applied.
    let qualify = "e_2,2026-06-02,deal,D-1,stage,discover,qualify,,,,li,\n";
    check(&format!("{qualify}e_3,2026-06-03,deal,D-1,stage,discover,lost,,price,,wu,\n"), &["E061 4"]);
    let raced = "e_2,2026-06-02,deal,D-1,amount,1000,5,,,,li,\ne_3,2026-06-03,deal,D-1,amount,1000,7,,,,wu,\n";
    check(raced, &["E061 4"]);
}

#[test]
fn a_deal_without_events_stands_in_the_first_stage() {
    let dir = shop();
    let head = "id,at,customer,title,product,amount,close_date,owner,source,note\n";
    dir.write("ledgers/deals/2026-hand.csv", format!("{head}D-2,2026-06-10,hx,by hand,,50,,wu,,\n"));
    let list = json(dir.run(&["deal", "list", "by hand", "--columns", "id,stage,days_in_stage", "--json"]));
    assert_eq!(list.to_string(), r#"[{"id":"D-2","stage":"discover","days_in_stage":20}]"#);
    dir.run(&["deal", "move", "D-2", "qualify", "--at", "2026-06-05"]).expect(7);
    dir.run(&["deal", "move", "D-2", "qualify", "--at", "2026-06-15"]).expect(0);
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_customers_page_shows_its_open_deals() {
    let dir = shop();
    let run = |args: &[&str]| dir.run(args).expect(0);
    run(&["deal", "set", "D-1", "amount=1500", "close_date=2026-09-30", "--at", "2026-06-05"]);
    run(&["deal", "add", "hx", "Line 4", "--id", "D-2", "--at", "2026-06-02"]);
    run(&[
        "deal",
        "add",
        "hx",
        "Line 5",
        "--amount",
        "70",
        "--close-date",
        "2026-08-01",
        "--id",
        "D-3",
        "--at",
        "2026-06-02",
    ]);
    run(&["deal", "lose", "D-3", "--reason", "price", "--at", "2026-06-20"]);
    run(&["log", "hx", "about line 3", "--deal", "D-1", "--next", "2026-07-07", "--at", "2026-06-25"]);
    run(&["log", "hx", "about nothing", "--next", "2026-07-01", "--at", "2026-06-26"]);
    let lists = |day: &str| {
        let page = json(dir.run(&["show", "hx", "--json", "--today", day]));
        ["open_deals", "open_deal_stages", "open_deal_amounts", "open_deal_close_dates", "open_deal_next"]
            .map(|key| page[0][key].to_string())
            .join(" ")
    };
    // The one that closes first stands first, what is not known last and as nothing.
    let (stages, days) = (r#"["discover","discover"]"#, r#"["2026-09-30",""] ["2026-07-07",""]"#);
    assert_eq!(lists("2026-06-30"), format!(r#"["D-1","D-2"] {stages} ["1500",""] {days}"#));
    let (stages, rest) = (r#"["discover","discover","discover"]"#, r#"["2026-08-01","",""] ["","",""]"#);
    assert_eq!(lists("2026-06-03"), format!(r#"["D-3","D-1","D-2"] {stages} ["70","1000",""] {rest}"#));
    for page in ["show", "brief"] {
        let shown = run(&[page, "hx"]).stdout;
        let table = shown.split("Open deals\n").nth(1).expect("a table").split("\n\n").next().unwrap_or_default();
        let line = table.lines().find(|l| l.starts_with("D-1")).expect("D-1");
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells, ["D-1", "Line", "3", "Discover", "1,500.00", "2026-09-30", "2026-07-07"], "{shown}");
        assert!(!table.contains("D-3"), "{shown}");
    }
}

#[test]
fn a_change_that_comes_too_late_names_what_it_is_about() {
    let dir = shop();
    dir.run(&["deal", "set", "D-1", "amount=2", "--at", "2026-06-20"]).expect(0);
    let check = |lang: &str, args: &[&str], expected: &str| {
        let ran = dir.run(&[&["--lang", lang], args].concat()).expect(7);
        assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    };
    let close = ["deal", "set", "D-1", "close_date=2026-09-01", "--at", "2026-06-10"];
    check("en", &close, "D-1: the deal changed on 2026-06-20; close date cannot be earlier\n");
    check("zh-CN", &close, "D-1：该商机在 2026-06-20 已有变更；预计成交日不能早于该日\n");
    let owner = ["assign", "hx", "--to", "wu", "--at", "2026-01-01"];
    check("en", &owner, "hx: the customer changed on 2026-01-02; owner cannot be earlier\n");
    check("zh-CN", &owner, "hx：该客户在 2026-01-02 已有变更；负责人不能早于该日\n");
}
