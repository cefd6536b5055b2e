//! Quotes: what they come to, their states and versions, the orders they become, and what is refused.

use crate::support::{Dir, Ran};
use serde_json::Value;

/// One customer of li's, of grade A; two products of which one has grown dearer to make.
fn shop() -> Dir {
    let dir = Dir::new();
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,unit,price,cost,tax_rate,status\n\
         pump,2026-01-01,Pump,pumps,pcs,1130,800,0.13,active\n\
         valve,2026-01-01,Valve,valves,pcs,1000,800,0,active\n\
         valve,2026-06-20,Valve,valves,pcs,1200,990,0,active\n\
         clip,2026-01-01,Clip,parts,pcs,10,,0,active\n",
    );
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    let text = dir.read("customers/h/hx.toml").replace("grade = \"\"", "grade = \"A\"");
    dir.write("customers/h/hx.toml", text);
    dir.run(&["check", "--fix", "--today", "2026-01-02"]).expect(0);
    dir
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ran.expect(0).stdout).expect("JSON")
}

fn shown(dir: &Dir, args: &[&str]) -> Value {
    json(dir.run(&[&["quote", "show", "--json"], args].concat()))[0].clone()
}

fn state(dir: &Dir, args: &[&str]) -> String {
    let q = shown(dir, args);
    format!("{} {}", q["state"].as_str().expect("a state"), q["version"])
}

#[track_caller]
fn figures(row: &Value, expected: &[(&str, &str)]) {
    for (key, value) in expected {
        assert_eq!(row[*key].to_string().trim_matches('"'), *value, "{key} of {row}");
    }
}

#[test]
fn a_quote_comes_to_what_its_order_will() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "pump:1", "--id", "Q"]).expect(0);
    let expected =
        [("net", "1000"), ("total_amount", "1130"), ("cost", "800"), ("profit", "200"), ("margin", "0.200000")];
    figures(&shown(&dir, &["Q"]), &expected);
    let order = dir.run(&["quote", "accept", "Q", "-q"]).expect(0).stdout;
    let order = json(dir.run(&["order", "show", order.trim(), "--json"]))[0].clone();
    figures(&order, &[("revenue", "1000"), ("total_amount", "1130"), ("profit", "200"), ("by", "li")]);
    dir.run(&["check"]).expect(0);
}

#[test]
fn unknown_costs_and_prices_are_not_zero() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "clip:3", "pump:1", "--id", "Q"]).expect(0);
    figures(&shown(&dir, &["Q"]), &[("net", "1030"), ("cost", "null"), ("profit", "null"), ("margin", "null")]);
    let file = "ledgers/quotes/2026-li.csv";
    dir.write(file, dir.read(file).replace(",clip,3,10,", ",clip,3,,"));
    figures(&shown(&dir, &["Q"]), &[("net", "null"), ("total_amount", "null"), ("cost", "null")]);
    let table = dir.run(&["quote", "list"]).expect(0).stdout;
    assert!(table.contains("n/a"), "{table}");
}

#[test]
fn costs_are_those_of_today_while_a_quote_is_open() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "valve:1@1000", "--id", "Q", "--today", "2026-06-10"]).expect(0);
    figures(&shown(&dir, &["Q", "--today", "2026-06-10"]), &[("cost", "800"), ("profit", "200")]);
    figures(&shown(&dir, &["Q"]), &[("cost", "990"), ("profit", "10")]);
    // Accepting freezes it. A first order may go down to cost; the next one has to keep the floor of the grade.
    let order = dir.run(&["quote", "accept", "Q", "-q"]).expect(0).stdout;
    let row = json(dir.run(&["order", "list", "--json"]))[0].clone();
    figures(&row, &[("id", order.trim()), ("price", "1000"), ("unit_cost", "990")]);
    dir.run(&["quote", "add", "hx", "valve:1@1000", "--id", "R", "--at", "2026-06-10"]).expect(0);
    let ran = dir.run(&["quote", "accept", "R", "--today", "2026-07-01"]).expect(7);
    assert!(ran.stderr.contains("below the floor of 8%"), "{}", ran.stderr);
    dir.run(&["quote", "accept", "R", "--today", "2026-07-01", "--override", "--note", "promised", "--as", "chen"])
        .expect(0);
    // What is decided keeps the costs of its own day.
    dir.run(&["quote", "add", "hx", "valve:1@1000", "--id", "S", "--at", "2026-06-10"]).expect(0);
    dir.run(&["quote", "decline", "S", "--reason", "price"]).expect(0);
    figures(&shown(&dir, &["S"]), &[("cost", "800"), ("profit", "200")]);
}

#[test]
fn states_follow_from_events_and_the_day() {
    let dir = shop();
    let add = ["quote", "add", "hx", "pump:1", "--id", "Q", "--today", "2026-06-01", "--valid-until", "2026-06-10"];
    dir.run(&add).expect(0);
    dir.run(&["quote", "send", "Q", "--today", "2026-06-02"]).expect(0);
    let check = |day: &str, expected: &str| assert_eq!(state(&dir, &["Q", "--today", day]), expected, "{day}");
    check("2026-06-01", "draft 1");
    check("2026-06-02", "sent 1");
    check("2026-06-10", "sent 1");
    check("2026-06-11", "expired 1");
    for verb in ["send", "accept"] {
        let ran = dir.run(&["quote", verb, "Q"]).expect(7);
        assert!(
            ran.stderr.contains("valid until 2026-06-10") && ran.stderr.contains("--version-of Q"),
            "{}",
            ran.stderr
        );
    }
    // The customer agreed while it was valid: that is what counts.
    dir.run(&["quote", "accept", "Q", "--at", "2026-06-09", "--dry-run"]).expect(0);
    dir.run(&["quote", "set", "Q", "valid_until=+5d"]).expect(0);
    check("2026-06-30", "sent 1");
    dir.run(&["quote", "accept", "Q"]).expect(0);
    check("2026-06-29", "sent 1");
    check("2026-12-31", "accepted 1");
    // Nothing is decided behind the back of what has been decided since.
    let ran = dir.run(&["quote", "decline", "Q", "--reason", "price", "--today", "2026-06-20"]).expect(7);
    assert!(ran.stderr.contains("2026-06-30"), "{}", ran.stderr);
    let stored = dir.read("ledgers/quotes/2026-li.csv");
    assert!(!stored.contains("sent") && !stored.contains("accepted") && !stored.contains("expired"), "{stored}");
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "pump:1", "valve:2@1300", "--id", "Q"]).expect(0);
    dir.run(&["quote", "send", "Q"]).expect(0);
    dir.run(&["quote", "add", "hx", "pump:2-5%", "--version-of", "Q"]).expect(0);
    assert_eq!(state(&dir, &["Q"]), "draft 2");
    let text = dir.run(&["quote", "show", "Q"]).expect(0).stdout;
    for word in ["quantity 1 → 2, discount 0% → 5%", "removed", "Versions"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    let rows = json(dir.run(&["quote", "list", "--json"]));
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    figures(&rows[0], &[("version", "2"), ("lines", "1"), ("net", "1900")]);
    // Every line of both versions is a row of its own.
    assert_eq!(json(dir.run(&["export", "quotes", "--json"])).as_array().map(Vec::len), Some(3));
    dir.run(&["quote", "set", "Q", "valid_until=2026-07-15"]).expect(0);
    assert_eq!(dir.read("ledgers/quotes/2026-li.csv").matches("2026-07-15").count(), 1);
    dir.run(&["quote", "decline", "Q", "--reason", "budget"]).expect(0);
    assert_eq!(state(&dir, &["Q"]), "declined 2");
    dir.run(&["quote", "add", "hx", "pump:1-10%", "--version-of", "Q"]).expect(0);
    assert_eq!(state(&dir, &["Q"]), "draft 3");
    dir.run(&["quote", "send", "Q"]).expect(0);
    assert_eq!(state(&dir, &["Q"]), "sent 3");
    let ran = dir.run(&["quote", "accept", "Q", "--id", "SO"]).expect(0);
    assert!(ran.stdout.contains("net 900.00") && ran.stdout.contains("first order of Huaxin"), "{}", ran.stdout);
    let lines = json(dir.run(&["order", "list", "--json"]));
    assert_eq!(lines.as_array().map(Vec::len), Some(1));
    figures(&lines[0], &[("product", "pump"), ("discount", "0.1")]);
    for args in [&["quote", "accept", "Q"][..], &["quote", "add", "hx", "pump:1", "--version-of", "Q"]] {
        assert!(dir.run(args).expect(7).stderr.contains("order SO"));
    }
    dir.run(&["check"]).expect(0);
}

#[test]
fn an_order_and_its_event_are_written_together_or_not_at_all() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "pump:1", "--id", "Q"]).expect(0);
    let before = dir.files();
    // The order could be made, but its number is nothing that could be one.
    dir.run(&["quote", "accept", "Q", "--id", "a b"]).expect(2);
    dir.run(&["quote", "accept", "Q", "--contract", "c_nosuch"]).expect(4);
    assert_eq!(before, dir.files());
    dir.run(&["quote", "accept", "Q", "--id", "SO", "--promised", "+14d"]).expect(0);
    let events = dir.read("ledgers/events/2026-li.csv");
    assert!(events.contains("quote,Q,accepted,draft,accepted,,,,li,SO"), "{events}");
    assert!(events.contains("stage,lead,first-order,,,,li,SO"), "{events}");
    assert!(dir.read("customers/h/hx.toml").contains("stage = \"first-order\""));
}

#[test]
fn a_lost_race_is_not_applied() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "pump:1", "--id", "Q", "--today", "2026-06-01"]).expect(0);
    dir.run(&["quote", "decline", "Q", "--reason", "price", "--today", "2026-06-02"]).expect(0);
    // On another branch somebody accepted it a day later.
    let row = "e_0000000000a1,2026-06-03T09:00:00+08:00,quote,Q,accepted,draft,accepted,,,,wu,SO\n";
    dir.write(
        "ledgers/events/2026-wu.csv",
        format!("id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n{row}"),
    );
    assert_eq!(state(&dir, &["Q"]), "declined 1");
    let ran = dir.run(&["check"]).expect(1);
    assert!(ran.stdout.contains("E061") && ran.stdout.contains("`declined`"), "{}", ran.stdout);
    let history = json(dir.run(&["history", "quote:Q", "--json"]));
    let applied: Vec<_> = history.as_array().expect("rows").iter().map(|e| e["applied"].as_bool()).collect();
    assert_eq!(applied, [Some(true), Some(false)]);
}

#[test]
fn the_end_comes_from_the_settings() {
    let check = |quotes: &str, expected: &str, ending: bool| {
        let dir = shop();
        let text = dir.read("kehu.toml");
        let (from, to) = (
            text.find("[quotes]").expect("a section"),
            text.find("# ---------------------------------------------------------------- follow-up")
                .expect("the next"),
        );
        dir.write("kehu.toml", format!("{}{quotes}\n\n{}", &text[..from], &text[to..]));
        dir.run(&["quote", "add", "hx", "pump:1", "--id", "Q"]).expect(0);
        assert_eq!(shown(&dir, &["Q"])["valid_until"].to_string(), expected, "{quotes}");
        let today = dir.run(&["today"]).expect(0).stdout;
        assert_eq!(today.contains("Quotes ending"), ending, "{quotes}: {today}");
    };
    check("[quotes]\nvalid_days = 30\nwarn_days = 7", "\"2026-07-30\"", false);
    check("[quotes]\nvalid_days = 7\nwarn_days = 7", "\"2026-07-07\"", true);
    check("[quotes]\nvalid_days = 7", "\"2026-07-07\"", true);
    check("[quotes]\nvalid_days = 7\nwarn_days = 6", "\"2026-07-07\"", false);
    // Without a rule a quote does not end.
    check("", "null", false);
}

#[test]
fn whole_quotes_and_orders_are_set_and_removed() {
    let dir = shop();
    dir.run(&["quote", "add", "hx", "pump:1", "valve:1", "--id", "Q"]).expect(0);
    dir.run(&["quote", "send", "Q"]).expect(0);
    let ran = dir.run(&["quote", "set", "Q", "price=5"]).expect(4);
    assert!(ran.stderr.contains("Q has several lines"), "{}", ran.stderr);
    dir.run(&["quote", "rm", "Q/2"]).expect(0);
    // What happened to it stays as long as a line of it does.
    assert_eq!(state(&dir, &["Q"]), "sent 1");
    dir.run(&["quote", "rm", "Q"]).expect(0);
    assert_eq!(json(dir.run(&["event", "list", "kind:quote", "--json"])).as_array().map(Vec::len), Some(0));
    dir.run(&["order", "add", "hx", "pump:1", "valve:1", "--id", "SO"]).expect(0);
    dir.run(&["order", "set", "SO", "due=2026-09-01"]).expect(0);
    assert_eq!(dir.read("ledgers/orders/2026-li.csv").matches("2026-09-01").count(), 2);
    dir.run(&["receipt", "add", "hx", "10", "--order", "SO"]).expect(0);
    assert!(dir.run(&["order", "rm", "SO"]).expect(7).stderr.contains("1 place"));
    dir.run(&["check"]).expect(0);
}

#[test]
fn notes_keep_their_backslashes() {
    let dir = shop();
    let note = r"C:\temp";
    dir.run(&["quote", "add", "hx", "--line", &format!("product=pump quantity=1 note={note}"), "--id", "Q"]).expect(0);
    dir.run(&["quote", "accept", "Q", "--id", "SO"]).expect(0);
    for ledger in ["quote", "order"] {
        let rows = json(dir.run(&[ledger, "list", "--columns", "note", "--json"]));
        assert_eq!(rows[0]["note"].as_str(), Some(note), "{ledger}");
    }
}
