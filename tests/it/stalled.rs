//! R3 through the program: who is stalled, why, with what odds, and what stands behind it.

use super::rules::{EVENT, company, customer, rows, set};
use super::support::{Dir, TODAY};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The row of a customer in `kehu stalled`; null when it is not there.
fn row(dir: &Dir, id: &str, today: &str) -> Value {
    let out = dir.run(&["stalled", "--json", "--today", today]).expect(0);
    let list: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
    list.into_iter().find(|r| r["customer"] == id).unwrap_or(Value::Null)
}

/// Some cells of that row.
fn told(dir: &Dir, id: &str, keys: &str, today: &str) -> Vec<Value> {
    let row = row(dir, id, today);
    keys.split(' ').map(|k| row[k].clone()).collect()
}

/// Stays of other customers of an owner as leads: `n` of them of so many days, that moved on or went back to nobody knows where.
fn past(events: &mut Vec<String>, dir: &Dir, owner: &str, days: &[(i64, bool)]) {
    for (n, (length, moved)) in days.iter().enumerate() {
        let id = format!("{owner}-{n}");
        let from = chrono::NaiveDate::from_ymd_opt(2026, 1, 10).expect("a day");
        let to = from + chrono::Duration::days(*length);
        customer(dir, &id, "prospect", &format!("owner = \"{owner}\"\nstatus = \"closed\"\n"));
        events.push(format!("{from},customer,{id},stage,,lead,{owner}"));
        // A stage that the ladder does not have is no step forward.
        let next = if *moved { "prospect" } else { "elsewhere" };
        events.push(format!("{to},customer,{id},stage,lead,{next},{owner}"));
    }
}

fn write(dir: &Dir, ledger: &str, prefix: &str, columns: &str, list: &[String]) {
    rows(dir, ledger, prefix, columns, &list.iter().map(String::as_str).collect::<Vec<_>>());
}

const CONTACT: &str = "at,customer,by,channel,direction,outcome";

#[test]
fn a_customer_is_stalled_when_a_clock_runs_out() {
    let dir = company("four-stage");
    // A lead: 7 days in the stage, cycle 7 days.
    customer(&dir, "x", "lead", "");
    customer(&dir, "shut", "lead", "status = \"closed\"\n");
    let entered = |id: &str| format!("2026-06-01,customer,{id},stage,,lead,li");
    write(&dir, "events", "e", EVENT, &[entered("x"), entered("shut")]);
    write(&dir, "activities", "a", CONTACT, &["2026-06-07,x,li,call,both,positive".into()]);
    let check = |today: &str, stage: i64, touch: i64, expected: bool| {
        let found = row(&dir, "x", today);
        assert_eq!(!found.is_null(), expected, "{today}");
        if expected {
            assert_eq!([&found["stage_clock"], &found["touch_days"]], [&json!(stage), &json!(touch)], "{today}");
        }
        let listed = dir.run(&["list", "stalled:yes", "-f", "ids", "--today", today]).expect(0).stdout;
        assert_eq!(listed.contains('x'), expected, "{today}");
        assert!(row(&dir, "shut", today).is_null() && !listed.contains("shut"), "{today}");
    };
    // Strictly longer.
    check("2026-06-08", 7, 1, false);
    check("2026-06-09", 8, 2, true);
    // Without the limit of the stage only the contacts count: 14 days are not more than two cycles.
    set(&dir, "stall_after = 7\n", "");
    check("2026-06-21", 20, 14, false);
    check("2026-06-22", 21, 15, true);
}

#[test]
fn editing_fields_resets_no_clock() {
    let dir = company("four-stage");
    customer(&dir, "x", "lead", "");
    write(&dir, "events", "e", EVENT, &["2026-06-01,customer,x,stage,,lead,li".into()]);
    write(&dir, "activities", "a", CONTACT, &["2026-06-02,x,li,call,both,positive".into()]);
    let before = row(&dir, "x", TODAY);
    assert!(!before.is_null());
    for edit in ["city=上海", "tags=a,b", "note=x", "phone=123456", "source=expo", "name=Other", "credit_limit=5"] {
        dir.run(&["customer", "set", "x", edit, "--today", TODAY]).expect(0);
        let after = row(&dir, "x", TODAY);
        for key in ["stage_clock", "touch_days", "stage_contacts", "planned", "stall_cause", "due"] {
            assert_eq!(after[key], before[key], "{edit}: {key}");
        }
    }
    // A mail is no two-way contact, and leaves the clock as it is; a call does not.
    dir.run(&["log", "x", "news", "--channel", "email", "--direction", "out", "--today", TODAY]).expect(0);
    assert_eq!(row(&dir, "x", TODAY)["touch_days"], before["touch_days"]);
    dir.run(&["log", "x", "called", "--direction", "both", "--outcome", "positive", "--today", TODAY]).expect(0);
    assert_eq!(row(&dir, "x", TODAY)["touch_days"], 0);
}

#[test]
fn our_own_history_replaces_the_limit_of_the_file() {
    let check = |moved: i64, expected: (i64, i64)| {
        let dir = company("four-stage");
        customer(&dir, "x", "lead", "");
        let mut events = vec!["2026-06-01,customer,x,stage,,lead,li".to_string()];
        let stays: Vec<(i64, bool)> = (1..=moved).map(|days| (days, true)).chain([(90, false)]).collect();
        past(&mut events, &dir, "wu", &stays);
        write(&dir, "events", "e", EVENT, &events);
        let found = row(&dir, "x", TODAY);
        assert_eq!([&found["stall_after"], &found["stall_cases"]], [&json!(expected.0), &json!(expected.1)]);
        let page = dir.run(&["stalled", "x", "--explain", "--lang", "en"]).expect(0).stdout;
        let own = moved >= 20;
        assert_eq!(page.contains(&format!("as 75 % of the {moved} stays that moved on")), own, "{page}");
        assert_eq!(page.contains("kehu.toml: stages.lead.stall_after"), !own, "{page}");
    };
    check(19, (7, 19));
    check(20, (15, 20));
    // As of a day on which they had not moved on yet they tell nothing.
    let dir = company("four-stage");
    customer(&dir, "x", "lead", "created = 2026-01-01\n");
    let mut events = vec!["2026-01-01,customer,x,stage,,lead,li".to_string()];
    past(&mut events, &dir, "wu", &(1..=20).map(|days| (days + 10, true)).collect::<Vec<_>>());
    write(&dir, "events", "e", EVENT, &events);
    assert_eq!(told(&dir, "x", "stall_after stall_cases", "2026-01-25"), [json!(7), json!(5)]);
    assert_eq!(told(&dir, "x", "stall_after stall_cases", "2026-03-01"), [json!(25), json!(20)]);
}

#[test]
fn odds_need_fifteen_stays_that_lasted_as_long() {
    let check = |stays: &[(i64, bool)], expected: [Value; 2]| {
        let dir = company("four-stage");
        customer(&dir, "x", "lead", "");
        // 29 days.
        let mut events = vec!["2026-06-01,customer,x,stage,,lead,li".to_string()];
        past(&mut events, &dir, "wu", stays);
        write(&dir, "events", "e", EVENT, &events);
        assert_eq!(told(&dir, "x", "odds odds_cases", TODAY), expected);
    };
    let mut stays = vec![(28, true); 9];
    stays.extend([(29, true); 3]);
    stays.extend([(40, false); 11]);
    check(&stays, [Value::Null, json!(14)]);
    stays.push((29, false));
    check(&stays, [serde_json::from_str("0.200000").expect("a number"), json!(15)]);
}

#[test]
fn what_is_at_stake_is_said() {
    let dir = company("four-stage");
    for id in ["deal", "quote", "order", "none"] {
        customer(&dir, id, "lead", "");
    }
    let entered = |id: &str| format!("2026-06-01,customer,{id},stage,,lead,li");
    write(&dir, "events", "e", EVENT, &["deal", "quote", "order", "none"].map(entered));
    write(&dir, "products", "p", "since,name", &[]);
    dir.write("ledgers/products/2026.csv", "id,since,name,price,cost,tax_rate\np1,2026-01-01,Pump,100,50,0\n");
    let orders: Vec<String> = ["deal", "quote", "order"].map(|c| format!("1,2026-05-01,{c},77,li")).into();
    write(&dir, "orders", "o", "line,at,customer,amount,by", &orders);
    let quotes: Vec<String> = ["deal", "quote"].map(|c| format!("1,2026-06-20,{c},p1,3,100,li")).into();
    write(&dir, "quotes", "q", "line,at,customer,product,quantity,price,by", &quotes);
    write(&dir, "deals", "d", "at,customer,title,amount,owner", &["2026-06-20,deal,Line,5000,li".into()]);
    let check = |id: &str, stake: Value, from: Value| {
        assert_eq!(told(&dir, id, "stake stake_from", TODAY), [stake, from], "{id}");
    };
    // 10 % in the first stage of deals.
    check("deal", json!(500), json!("deals"));
    check("quote", json!(300), json!("quotes"));
    check("order", json!(77), json!("revenue"));
    check("none", Value::Null, Value::Null);
    // The most at stake stands first.
    let ids = dir.run(&["stalled", "-f", "ids"]).expect(0).stdout;
    assert_eq!(ids.lines().collect::<Vec<_>>(), ["deal", "quote", "order", "none"]);
}

#[test]
fn causes_name_their_rows_and_advice_follows() {
    let dir = company("four-stage");
    let ids = ["left", "vague", "silent", "refused", "done"];
    ids.iter().for_each(|id| customer(&dir, id, "lead", ""));
    // 29 days, cycle 7: 4 contacts were planned.
    let events: Vec<String> = ids.iter().map(|id| format!("2026-06-01,customer,{id},stage,,lead,li")).collect();
    write(&dir, "events", "e", EVENT, &events);
    let mut contacts = vec!["2026-06-02,left,li,call,both,positive".to_string()];
    let mut add = |id: &str, list: [&str; 4]| {
        for (day, rest) in ["02", "09", "16", "20"].iter().zip(list) {
            contacts.push(format!("2026-06-{day},{id},li,call,{rest}"));
        }
    };
    add("vague", ["both,positive", "both,", "out,none", "both,neutral"]);
    add("silent", ["both,positive", "out,no-answer", "out,no-answer", "out,no-answer"]);
    add("refused", ["both,positive", "both,positive", "both,neutral", "both,refused"]);
    add("done", ["both,positive", "both,positive", "both,neutral", "both,positive"]);
    write(&dir, "activities", "a", CONTACT, &contacts);
    write(&dir, "deals", "d", "at,customer,title,amount,owner", &["2026-06-20,vague,Line,5000,li".into()]);
    let page = dir.run(&["stalled", "--explain", "--lang", "en"]).expect(0).stdout;
    let check = |id: &str, cause: &str, advice: &str, lines: &[u32]| {
        let found = told(&dir, id, "stall_cause advice stage_contacts planned", TODAY);
        let done = if id == "left" { 1 } else { 4 };
        assert_eq!(found, [json!(cause), json!(advice), json!(done), json!(4)], "{id}");
        let part = page.split("\n\n").find(|p| p.starts_with(&format!("{id}: rule R3"))).expect("an explanation");
        let mut named = String::new();
        for line in part.lines().skip_while(|l| !l.contains("cause: ")).filter(|l| l.contains(".csv:")) {
            let _ = write!(named, "{} ", line.trim().split("  ").next().unwrap_or_default());
        }
        let expected: String = lines.iter().map(|n| format!("ledgers/activities/2026.csv:{n} ")).collect();
        assert_eq!(named, expected, "{id}: {part}");
    };
    check("left", "not-visited", "contact", &[2]);
    check("vague", "badly-handled", "attack", &[4, 5]);
    check("silent", "dead", "drop", &[8, 9, 10]);
    check("refused", "dead", "drop", &[14]);
    check("done", "waiting", "wait", &[]);
    // Terms about the table's own columns, in any language.
    let found = |term: &str| dir.run(&["stalled", term, "-f", "ids"]).expect(0).stdout;
    assert_eq!(found("stall_cause:dead"), found("停滞原因:死棋"));
    assert_eq!(found("advice:attack"), "vague\n");
    assert_eq!(dir.run(&["stalled", "stall_cause:nothing"]).code, 2);
}

#[test]
fn a_colleague_who_does_better_shows_bad_handling() {
    let dir = company("four-stage");
    customer(&dir, "x", "lead", "");
    let mut events = vec!["2026-06-01,customer,x,stage,,lead,li".to_string()];
    let stays = |moved: usize| -> Vec<(i64, bool)> { (0..15).map(|n| (5, n < moved)).collect() };
    past(&mut events, &dir, "li", &stays(3));
    past(&mut events, &dir, "wu", &stays(9));
    write(&dir, "events", "e", EVENT, &events);
    let contact = |day: &str| format!("2026-06-{day},x,li,call,both,positive");
    write(&dir, "activities", "a", CONTACT, &["02", "09", "16", "23"].map(contact));
    assert_eq!(told(&dir, "x", "stall_cause", TODAY), [json!("badly-handled")]);
    let page = dir.run(&["stalled", "x", "--explain", "--lang", "en"]).expect(0).stdout;
    // The open stay of x is one of li's cases.
    assert!(page.contains("9 / 15 = 60.0%") && page.contains("3 / 16 = 18.8%"), "{page}");
    // Who does not do one and a half times as well shows nothing.
    set(&dir, "peer_factor = 1.5 ", "peer_factor = 3.3 ");
    assert_eq!(told(&dir, "x", "stall_cause", TODAY), [json!("waiting")]);
}
