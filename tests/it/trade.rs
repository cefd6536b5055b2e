//! Trade as it is entered: orders, returns, what follows from them, and what the rules refuse.

use crate::support::{Dir, Ran};
use serde_json::Value;

/// One customer of li's, two products.
fn shop() -> Dir {
    let dir = Dir::new();
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,unit,price,cost,tax_rate,status\n\
         pump,2026-01-01,Pump,pumps,pcs,1130,800,0.13,active\n\
         valve,2026-01-01,Valve,valves,pcs,1000,800,0,active\n\
         clip,2026-01-01,Clip,parts,pcs,9.99,,0,active\n\
         old,2026-01-01,Old one,parts,pcs,10,5,0,paused\n",
    );
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    dir
}

fn json(ran: Ran) -> Value {
    serde_json::from_str(&ran.expect(0).stdout).expect("JSON")
}

fn shown(dir: &Dir, order: &str) -> Value {
    json(dir.run(&["order", "show", order, "--json"]))[0].clone()
}

fn stage(dir: &Dir) -> String {
    let text = dir.read("customers/h/hx.toml");
    let line = text.lines().find(|l| l.starts_with("stage = ")).expect("a stage").to_string();
    line.trim_start_matches("stage = ").trim_matches('"').to_string()
}

fn profit(dir: &Dir) -> Value {
    let rows = json(dir.run(&["report", "profit", "--json"]));
    rows[0].clone()
}

#[track_caller]
fn figures(row: &Value, expected: &[(&str, &str)]) {
    for (key, value) in expected {
        assert_eq!(row[*key].to_string().trim_matches('"'), *value, "{key} of {row}");
    }
}

#[test]
fn tax_inside_a_price_is_split() {
    let dir = shop();
    let ran = dir.run(&["order", "add", "hx", "pump:1", "--id", "SO-1"]).expect(0);
    assert!(ran.stdout.contains("net 1000.00 + tax 130.00 = 1130.00"), "{}", ran.stdout);
    figures(&profit(&dir), &[("revenue", "1000"), ("cost", "800"), ("profit", "200"), ("margin", "0.200000")]);
    let row = &json(dir.run(&["report", "receivables", "--json"]))[0];
    figures(row, &[("outstanding", "1130")]);
    let row = shown(&dir, "SO-1");
    figures(&row, &[("order", "SO-1"), ("state", "placed"), ("total_amount", "1130"), ("open_amount", "1130")]);
    dir.run(&["check"]).expect(0);
}

#[test]
fn tax_on_top_of_a_price_is_added() {
    let dir = shop();
    let text = dir.read("kehu.toml").replace("prices = \"included\"", "prices = \"excluded\"");
    dir.write("kehu.toml", text);
    let ran = dir.run(&["order", "add", "hx", "pump:1@1000"]).expect(0);
    assert!(ran.stdout.contains("net 1000.00 + tax 130.00 = 1130.00"), "{}", ran.stdout);
}

#[test]
fn returns_take_price_and_cost_back() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:15", "--id", "SO-1", "--at", "2026-06-01"]).expect(0);
    dir.run(&["order", "return", "SO-1", "1", "1", "--note", "scratched"]).expect(0);
    figures(&profit(&dir), &[("cost", "11200"), ("profit", "2800"), ("revenue", "14000")]);
    let row = &json(dir.run(&["report", "receivables", "--json"]))[0];
    figures(row, &[("outstanding", "14000")]);
    let ran = dir.run(&["order", "return", "SO-1", "1", "15"]).expect(7);
    assert!(ran.stderr.contains("14 are left"), "{}", ran.stderr);
    dir.run(&["order", "return", "SO-1", "2", "1"]).expect(4);
}

#[test]
fn the_tax_of_returns_ends_at_zero() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "clip:3@10", "--tax-rate", "13%", "--id", "SO-1"]).expect(0);
    for _ in 0..3 {
        dir.run(&["order", "return", "SO-1", "1", "1"]).expect(0);
    }
    let rows = json(dir.run(&["order", "list", "--json"]));
    let tax = |r: &Value| r["tax"].as_f64().unwrap_or_default();
    let sum: f64 = rows.as_array().expect("rows").iter().map(tax).sum();
    assert!(sum.abs() < 0.001, "{sum}");
}

#[test]
fn an_order_is_rounded_once() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "clip:3-5%", "--id", "SO-1"]).expect(0);
    dir.write("ledgers/receipts/2026-li.csv", "id,line,at,customer,amount,order\np_1,1,2026-06-30,hx,28.47,SO-1\n");
    let row = shown(&dir, "SO-1");
    figures(&row, &[("total_amount", "28.4715"), ("open_amount", "0")]);
}

#[test]
fn the_due_day_follows_from_the_terms() {
    let dir = shop();
    dir.run(&["customer", "set", "hx", "terms=eom30"]).expect(0);
    let ran = dir.run(&["order", "add", "hx", "valve:1", "--at", "2026-01-10"]).expect(0);
    assert!(ran.stdout.contains("due 2026-03-02"), "{}", ran.stdout);
    let ran = dir.run(&["order", "add", "hx", "valve:1", "--due", "2026-07-15"]).expect(0);
    assert!(ran.stdout.contains("due 2026-07-15"), "{}", ran.stdout);
}

#[test]
fn facts_advance_stages() {
    let dir = shop();
    assert_eq!(stage(&dir), "lead");
    let ran = dir.run(&["order", "add", "hx", "valve:1", "--id", "A", "--today", "2026-06-01"]).expect(0);
    assert!(ran.stdout.contains("first order of Huaxin") && ran.stdout.contains("by order A"), "{}", ran.stdout);
    assert_eq!(stage(&dir), "first-order");
    // One purchase split in two orders on a day is one.
    dir.run(&["order", "add", "hx", "valve:1", "--id", "B", "--today", "2026-06-01"]).expect(0);
    assert_eq!(stage(&dir), "first-order");
    dir.run(&["order", "add", "hx", "valve:1", "--id", "C", "--today", "2026-06-05"]).expect(0);
    assert_eq!(stage(&dir), "repeat");
    // It never goes back.
    dir.run(&["order", "return", "C", "1", "1", "--today", "2026-06-06"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:1", "--today", "2026-06-07"]).expect(0);
    assert_eq!(stage(&dir), "repeat");
    let events = json(dir.run(&["event", "list", "event:stage", "--json"]));
    let told: Vec<String> = events
        .as_array()
        .expect("events")
        .iter()
        .map(|e| {
            format!(
                "{} {} {}",
                e["to"].as_str().unwrap_or(""),
                e["by"].as_str().unwrap_or(""),
                e["note"].as_str().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(told, ["lead li ", "first-order li A", "repeat li C"]);
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_backdated_order_advances_after_the_newest_change() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:1@1000", "--id", "A", "--at", "2025-12-01"]).expect(0);
    assert_eq!(stage(&dir), "first-order");
    dir.run(&["check"]).expect(0);
}

#[test]
fn floors_and_discounts_are_kept() {
    let dir = shop();
    let grade = ["customer", "set", "hx", "grade=C", "--note", "by hand", "--until", "2026-12-31"];
    dir.run(&grade).expect(0);
    // A first order may go down to cost, and no further.
    dir.run(&["order", "add", "hx", "valve:1@799", "--at", "2026-06-01"]).expect(7);
    dir.run(&["order", "add", "hx", "valve:1@800", "--at", "2026-06-01"]).expect(0);
    let ran = dir.run(&["order", "add", "hx", "valve:1@900"]).expect(7);
    assert!(ran.stderr.contains("11.11%") && ran.stderr.contains("941.18"), "{}", ran.stderr);
    // C may get 5 %.
    dir.run(&["order", "add", "hx", "valve:1@1200-6%"]).expect(7);
    dir.run(&["order", "add", "hx", "valve:1@1200-5%"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:1@900", "--override", "--note", "x"]).expect(7);
    dir.run(&["order", "add", "hx", "valve:1@900", "--override", "--as", "chen"]).expect(2);
    let ran =
        dir.run(&["order", "add", "hx", "valve:1@900", "--override", "--note", "agreed", "--as", "chen"]).expect(0);
    assert!(ran.stderr.contains("against the rule"), "{}", ran.stderr);
}

#[test]
fn a_member_has_a_discount_limit() {
    let dir = shop();
    let team = dir.read("team.toml").replace("[wu]", "limits = { discount = 0.1 }\n\n[wu]");
    dir.write("team.toml", team);
    dir.run(&["order", "add", "hx", "valve:1-11%"]).expect(7);
    dir.run(&["order", "add", "hx", "valve:1-10%"]).expect(0);
}

#[test]
fn orders_pass_through_their_states() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:1", "--id", "A", "--at", "2026-06-01"]).expect(0);
    for (verb, state) in [("confirm", "confirmed"), ("ship", "shipped"), ("deliver", "delivered")] {
        dir.run(&["order", verb, "A"]).expect(0);
        figures(&shown(&dir, "A"), &[("state", state)]);
    }
    dir.write("ledgers/receipts/2026-li.csv", "id,line,at,customer,amount,order\np_1,1,2026-06-30,hx,1,A\n");
    dir.run(&["order", "cancel", "A"]).expect(7);
    dir.run(&["order", "cancel", "A", "--override", "--note", "lost", "--as", "chen"]).expect(0);
    dir.run(&["order", "ship", "A"]).expect(0);
    dir.run(&["order", "confirm", "nothing"]).expect(4);
    dir.run(&["order", "add", "hx", "valve:1", "--id", "A"]).expect(7);
    dir.run(&["check"]).expect(0);
}

#[test]
fn lines_that_cannot_be_read_are_usage_errors() {
    let dir = shop();
    let check = |line: &[&str], expected: i32| {
        let args: Vec<&str> = ["order", "add", "hx"].iter().chain(line).copied().collect();
        assert_eq!(dir.run(&args).code, expected, "{line:?}");
    };
    check(&[], 2);
    check(&["valve"], 2);
    check(&["valve:x"], 2);
    check(&["valve:-1"], 2);
    check(&["valve:0"], 2);
    check(&["valve:1@1e3"], 2);
    check(&["valv:1"], 4);
    check(&["--line", "product=valve qty=2"], 2);
    check(&["--line", "note=only"], 2);
    check(&["valve:1", "--at", "2026-07-01"], 2);
    check(&["valve:1", "--split", "li:0.7"], 2);
    check(&["valve:1", "--deal", "d_none"], 4);
    check(&["valve:99999999999999999999@99999999999999999999"], 2);
    check(&["valve=2@1000-5%", "--line", "amount=5000 note=on site", "--split", "li:0.7,wu:0.3"], 0);
    assert!(dir.run(&["order", "list"]).stdout.contains("on site"));
}

#[test]
fn credit_and_paused_products_are_warned_of() {
    let dir = shop();
    dir.run(&["customer", "set", "hx", "credit_limit=1500"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:1", "--at", "2026-06-01"]).expect(0);
    let ran = dir.run(&["order", "add", "hx", "valve:1", "old:1"]).expect(0);
    for word in ["credit limit of 1500.00", "would owe 2010.00", "old is paused", "overdue with 1000.00"] {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
}

#[test]
fn products_have_versions() {
    let dir = shop();
    dir.run(&["product", "add", "fan", "Fan", "price=100", "cost=60", "since=2026-01-01"]).expect(0);
    dir.run(&["product", "add", "fan", "Fan"]).expect(7);
    dir.run(&["product", "set", "fan", "price=120", "--since", "2026-06-15"]).expect(0);
    dir.run(&["product", "set", "fan", "price=150", "--since", "2026-12-01"]).expect(0);
    dir.run(&["product", "set", "fan", "name=Fan plus"]).expect(0);
    let rows = json(dir.run(&["product", "list", "id:fan", "--json"]));
    figures(&rows[0], &[("price", "120"), ("cost", "60"), ("name", "Fan plus"), ("since", "2026-06-15")]);
    assert!(dir.run(&["product", "show", "fan"]).stdout.contains("2026-12-01"));
    dir.run(&["product", "set", "fan", "prise=1"]).expect(2);
    dir.run(&["product", "set", "fam", "price=1"]).expect(4);
    // The price of the day counts.
    let add = |at: &str, id: &str| {
        dir.run(&["order", "add", "hx", "fan:1", "--tax-rate", "0", "--at", at, "--id", id]).expect(0);
        shown(&dir, id)["revenue"].to_string()
    };
    assert_eq!((add("2026-06-14", "A"), add("2026-06-15", "B")), ("100".into(), "120".into()));
    dir.run(&["check"]).expect(0);
}

#[test]
fn receipts_and_refunds() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:1", "--id", "A", "--at", "2026-06-01"]).expect(0);
    dir.run(&["receipt", "add", "hx", "400", "--order", "A", "--id", "P1", "--method", "转账"]).expect(0);
    figures(&shown(&dir, "A"), &[("open_amount", "600")]);
    dir.run(&["order", "cancel", "A"]).expect(7);
    let refund = |more: &[&str], expected: i32| {
        let args: Vec<&str> = ["refund", "add", "hx"].iter().chain(more).copied().collect();
        let ran = dir.run(&args);
        assert_eq!(ran.code, expected, "{more:?}: {}", ran.stderr);
    };
    refund(&["100", "--kind", "return"], 2);
    refund(&["100", "--reason", "quality"], 2);
    refund(&["401", "--kind", "return", "--reason", "quality"], 7);
    refund(&["1", "--kind", "overpayment", "--reason", "other"], 7);
    refund(&["0", "--kind", "return", "--reason", "quality"], 2);
    refund(&["100", "--kind", "return", "--reason", "quality", "--receipt", "P9"], 4);
    refund(&["100", "--kind", "return", "--reason", "quality", "--receipt", "P1", "--order", "A"], 0);
    let ran = dir.run(&["receipt", "add", "hx", "1000", "--order", "A"]).expect(0);
    assert!(ran.stderr.contains("overpaid by 400.00"), "{}", ran.stderr);
    let row = &json(dir.run(&["report", "receivables", "--json"]))[0];
    figures(row, &[("outstanding", "-300")]);
    refund(&["301", "--kind", "overpayment", "--reason", "other"], 7);
    refund(&["300", "--kind", "overpayment", "--reason", "other"], 0);
    dir.run(&["receipt", "add", "hx", "-5"]).expect(2);
    dir.run(&["receipt", "add", "hx", "5", "--order", "B"]).expect(4);
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_quote_is_tried_without_a_trace() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:1", "--at", "2026-06-01"]).expect(0);
    dir.run(&["customer", "set", "hx", "grade=C", "--note", "by hand", "--until", "2026-12-31"]).expect(0);
    let before = dir.files();
    let row = json(dir.run(&["quote", "try", "hx", "pump:1@1017", "--json"]))[0].clone();
    figures(&row, &[("revenue", "900"), ("total_amount", "1017"), ("cost", "800"), ("profit", "100")]);
    figures(&row, &[("margin", "0.111111"), ("margin_floor", "0.150000"), ("usual_margin", "0.200000")]);
    figures(&row, &[("break_even", "800"), ("overdue", "1000"), ("allowed", "false")]);
    assert!(row["min_amount"].to_string().starts_with("941.17"), "{row}");
    assert!(before == dir.files(), "nothing is stored");
}
