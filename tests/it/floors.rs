//! The floor of prices (R6): the command line refuses, an import and an edit by hand are told, all by one judgement.

use super::support::{Dir, Ran};
use serde_json::Value;
use std::collections::BTreeSet;

const ORDERS: &str = "id,line,at,customer,product,quantity,price,discount,amount,unit_cost,cost,extra_cost,returns,by";
const QUOTES: &str = "id,line,at,customer,product,quantity,price,discount,valid_until,by";

/// acme has no grade, gold has grade C (15 %) since 1 March; both have ordered on 1 May, new has not. A pen costs 8.
fn base() -> Dir {
    let dir = Dir::new();
    for (id, more) in [("acme", ""), ("gold", "grade = \"C\"\n"), ("new", "grade = \"C\"\n")] {
        let stage = if id == "new" { "lead" } else { "first-order" };
        let text = format!("name = \"{id}\"\nstage = \"{stage}\"\nowner = \"li\"\ncreated = 2026-01-01\n{more}");
        dir.write(&format!("customers/{}/{id}.toml", &id[..1]), text);
    }
    let graded = "e_1,2026-03-01T09:00:00+08:00,customer,gold,grade,,C,,,,chen,\n";
    let header = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n";
    dir.write("ledgers/events/2026-base.csv", format!("{header}{graded}"));
    let products = "id,since,name,price,cost,tax_rate\npen,2026-01-01,Pen,10,8,0\ngum,2026-01-01,Gum,10,,0\n";
    dir.write("ledgers/products/products.csv", products);
    let orders = "o_1,1,2026-05-01,acme,pen,3,10,,,8,,,,li\no_2,1,2026-05-01,gold,pen,3,10,,,8,,,,li\n";
    dir.write("ledgers/orders/2026-base.csv", format!("{ORDERS}\n{orders}"));
    dir.run(&["check"]).expect(0);
    dir
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

/// The keys of what `check` finds, errors and warnings, with the files' lines.
fn found(dir: &Dir) -> Vec<(String, u64)> {
    let list = json(&dir.run(&["check", "--json"]));
    let key = |d: &Value| {
        let known = kehu::diag::Code::ALL.iter().find(|c| d["code"] == c.id());
        (known.expect("a code").key().to_string(), d["line"].as_u64().unwrap_or_default())
    };
    list.as_array().expect("a list").iter().map(key).collect()
}

fn keys(dir: &Dir) -> BTreeSet<String> {
    found(dir).into_iter().map(|(key, _)| key).collect()
}

fn header(ledger: &str) -> &'static str {
    if ledger == "orders" { ORDERS } else { QUOTES }
}

/// (what the command line is asked, the same as rows, what is wrong; empty = nothing).
const CASES: &[(&[&str], &str, &str)] = &[
    (&["order", "add", "acme", "pen:1@4"], "o_9,1,2026-06-01,acme,pen,1,4,,,8,,,,li", "below-floor"),
    (&["order", "add", "acme", "pen:1@0"], "o_9,1,2026-06-01,acme,pen,1,0,,,8,,,,li", "below-floor"),
    (&["order", "add", "acme", "pen:1@-10"], "o_9,1,2026-06-01,acme,pen,1,-10,,,8,,,,li", "negative-price"),
    (&["order", "add", "acme", "pen:1@8"], "o_9,1,2026-06-01,acme,pen,1,8,,,8,,,,li", ""),
    // The standard cost counts where a row says none.
    (&["order", "add", "acme", "pen:1@7.99"], "o_9,1,2026-06-01,acme,pen,1,7.99,,,,,,,li", "below-floor"),
    (&["order", "add", "acme", "pen:2@10-30%"], "o_9,1,2026-06-01,acme,pen,2,10,0.3,,,,,,li", "below-floor"),
    (
        &["order", "add", "acme", "--line", "amount=5 quantity=1 unit_cost=6"],
        "o_9,1,2026-06-01,acme,,1,,,5,,6,,,li",
        "below-floor",
    ),
    (&["order", "add", "acme", "gum:1@0.01"], "o_9,1,2026-06-01,acme,gum,1,0.01,,,,,,,li", ""),
    // The grade of the day: 15 % of what is sold.
    (&["order", "add", "gold", "pen:1@9.41"], "o_9,1,2026-06-01,gold,pen,1,9.41,,,8,,,,li", "below-floor"),
    (&["order", "add", "gold", "pen:1@9.42"], "o_9,1,2026-06-01,gold,pen,1,9.42,,,8,,,,li", ""),
    // A first order may go down to cost.
    (&["order", "add", "new", "pen:1@8"], "o_9,1,2026-06-01,new,pen,1,8,,,8,,,,li", ""),
    (&["order", "add", "new", "pen:1@7.99"], "o_9,1,2026-06-01,new,pen,1,7.99,,,8,,,,li", "below-floor"),
    // Extra costs are borne by the whole order.
    (
        &["order", "add", "acme", "pen:1@10", "gum:1", "--extra-cost", "3"],
        "o_9,1,2026-06-01,acme,pen,1,10,,,8,,3,,li\no_9,2,2026-06-01,acme,gum,1,10,,,,,,,li",
        "",
    ),
    (
        &["order", "add", "acme", "pen:1@10", "pen:1@9", "--extra-cost", "3.01"],
        "o_9,1,2026-06-01,acme,pen,1,10,,,8,,3.01,,li\no_9,2,2026-06-01,acme,pen,1,9,,,8,,,,li",
        "below-floor",
    ),
    (
        &["order", "add", "acme", "pen:1@10", "pen:1@9", "--extra-cost", "3"],
        "o_9,1,2026-06-01,acme,pen,1,10,,,8,,3,,li\no_9,2,2026-06-01,acme,pen,1,9,,,8,,,,li",
        "",
    ),
    (&["quote", "add", "acme", "pen:1@7"], "q_9,1,2026-06-01,acme,pen,1,7,,2026-07-31,li", "below-floor"),
    (&["quote", "add", "gold", "pen:1@9.41"], "q_9,1,2026-06-01,gold,pen,1,9.41,,2026-07-31,li", "below-floor"),
    (&["quote", "add", "gold", "pen:1@9.42"], "q_9,1,2026-06-01,gold,pen,1,9.42,,2026-07-31,li", ""),
];

#[test]
fn three_ways_in_have_one_judgement() {
    for (args, rows, wrong) in CASES {
        let ledger = if args[0] == "order" { "orders" } else { "quotes" };
        let expected: BTreeSet<String> = Some((*wrong).to_string()).filter(|w| !w.is_empty()).into_iter().collect();
        let text = format!("{}\n{rows}\n", header(ledger));
        let typed = base();
        let ran = typed.run(&[args, &["--at", "2026-06-01", "--as", "li"][..]].concat());
        assert_eq!(ran.code, if wrong.is_empty() { 0 } else { 7 }, "{args:?} {}", ran.stderr);
        assert_eq!(ran.stderr.contains("below the floor"), *wrong == "below-floor", "{args:?} {}", ran.stderr);
        assert_eq!(keys(&typed), BTreeSet::new(), "{args:?}");
        let by_hand = base();
        by_hand.write(&format!("ledgers/{ledger}/2026-hand.csv"), &text);
        assert_eq!(keys(&by_hand), expected, "by hand: {rows}");
        let imported = base();
        imported.write("new.csv", &text);
        let ran = imported.run(&["import", "new.csv", "--into", ledger]);
        assert_eq!(ran.code, if *wrong == "negative-price" { 3 } else { 0 }, "{rows} {}", ran.stderr);
        assert_eq!(ran.stderr.contains("below its floor"), *wrong == "below-floor", "{rows} {}", ran.stderr);
        if ran.code == 0 {
            assert_eq!(keys(&imported), expected, "imported: {rows}");
        }
    }
}

#[test]
fn one_finding_stands_for_an_order() {
    let dir = base();
    let rows = "o_8,1,2026-06-01,acme,pen,1,10,,,8,,,,li\no_8,2,2026-06-01,acme,pen,1,4,,,8,,,,li\n\
        o_8,3,2026-06-01,acme,pen,1,5,,,8,,,,li\no_9,1,2026-06-01,acme,pen,1,4,,,8,,,,li\n";
    dir.write("new.csv", format!("{ORDERS}\n{rows}"));
    let ran = dir.run(&["import", "new.csv", "--into", "orders"]).expect(0);
    assert!(ran.stderr.contains("2 orders or quotes are sold below their floors"), "{}", ran.stderr);
    let zh = dir.run(&["import", "new.csv", "--into", "orders", "--lang", "zh-CN"]).expect(0);
    assert!(!zh.stderr.contains("底线"), "what is there already is not said again: {}", zh.stderr);
    assert_eq!(found(&dir), [("below-floor".to_string(), 3), ("below-floor".to_string(), 5)]);
    let ran = dir.run(&["check"]).expect(0);
    assert!(
        ran.stdout.contains("o_8/2: a net of 4 at a cost of 8 is below the floor of 0%, as are other lines: 1"),
        "{}",
        ran.stdout
    );
    // A warning holds no writer up.
    dir.run(&["order", "set", "o_8/2", "note=agreed"]).expect(0);
    dir.run(&["order", "cancel", "o_8"]).expect(0);
    assert_eq!(found(&dir), [("below-floor".to_string(), 5)]);
}

#[test]
fn what_is_allowed_is_not_found() {
    let dir = base();
    let sell = ["order", "add", "acme", "pen:1@4", "--id", "o_9"];
    let allowed = ["--override", "--note", "agreed", "--as", "chen"];
    dir.run(&sell).expect(7);
    dir.run(&[&sell[..], &allowed].concat()).expect(0);
    dir.run(&[&["quote", "add", "acme", "pen:1@7", "--id", "q_9"][..], &allowed].concat()).expect(0);
    assert_eq!(keys(&dir), BTreeSet::new());
    // Less than what was approved is another price.
    let orders =
        dir.files().into_iter().find(|(name, _)| name.starts_with("ledgers/orders/2026-chen")).expect("a file").0;
    dir.write(&orders, dir.read(&orders).replace(",4,", ",3,"));
    assert_eq!(keys(&dir), BTreeSet::from(["below-floor".to_string()]));
    // A map takes it by name; an update too.
    let dir = base();
    dir.write("new.csv", format!("{ORDERS}\no_9,1,2026-06-01,acme,pen,1,4,,,8,,,,li\n"));
    let columns: Vec<String> = ORDERS.split(',').map(|c| format!("{c} = \"{c}\"\n")).collect();
    dir.write("map.toml", format!("into = \"orders\"\naccept = [\"below-floor\"]\n[columns]\n{}", columns.concat()));
    let import = ["import", "new.csv", "--map", "map.toml", "--update"];
    let ran = dir.run(&import).expect(0);
    assert!(!ran.stderr.contains("floor"), "{}", ran.stderr);
    assert_eq!(keys(&dir), BTreeSet::new());
    let before = dir.files();
    dir.run(&import).expect(0);
    assert_eq!(dir.files(), before);
    dir.write("new.csv", format!("{ORDERS}\no_1,1,2026-05-01,acme,pen,3,2,,,8,,,,li\n"));
    dir.run(&import).expect(0);
    assert_eq!(keys(&dir), BTreeSet::new());
    assert!(dir.read("ledgers/orders/2026-base.csv").contains("below-floor"));
}

#[test]
fn corrections_are_judged_as_what_is_new() {
    let check = |args: &[&str], code: i32, said: &str| {
        let dir = base();
        let quotes = "q_1,1,2026-06-01,acme,pen,1,10,,2026-07-31,li\nq_2,1,2026-06-01,acme,pen,1,4,,2026-07-31,li\n";
        dir.write("ledgers/quotes/2026-base.csv", format!("{QUOTES}\n{quotes}"));
        let old = "o_3,1,2026-06-01,acme,pen,1,4,,,8,,,,li\no_4,1,2026-06-01,acme,pen,1,10,,,8,,2,,li\n\
            o_5,1,2026-06-01,gold,pen,3,10,,,8,,,,li\n";
        dir.write("ledgers/orders/2026-old.csv", format!("{ORDERS}\n{old}"));
        let ran = dir.run(args);
        assert!(ran.code == code && ran.stderr.contains(said), "{args:?}: {} {}", ran.code, ran.stderr);
        dir
    };
    check(&["order", "set", "o_1/1", "price=4"], 7, "below the floor");
    check(&["order", "set", "o_1/1", "price=8"], 0, "");
    check(&["order", "set", "o_1/1", "discount=0.3"], 7, "below the floor");
    check(&["order", "set", "o_1/1", "unit_cost=11"], 7, "below the floor");
    check(&["order", "set", "o_1/1", "amount=20"], 7, "below the floor");
    check(&["order", "set", "o_5/1", "price=9.41"], 7, "below the floor of 15%");
    check(&["order", "set", "o_4/1", "extra_cost=3"], 7, "with its extra costs");
    check(&["row", "set", "order:o_1/1", "price=4"], 7, "below the floor");
    check(&["quote", "set", "q_1/1", "price=4"], 7, "below the floor");
    check(&["quote", "set", "q_1/1", "discount=0.5"], 7, "below the floor");
    check(&["quote", "set", "q_1/1", "price=9"], 0, "");
    // A grade's and a member's limits hold as they do for what is new.
    check(&["order", "set", "o_5/1", "price=100", "discount=0.9"], 7, "the discount 90% is above the limit");
    // What was below its floor before may be corrected, but not lowered further.
    check(&["order", "set", "o_3/1", "price=5"], 0, "");
    check(&["order", "set", "o_3/1", "note=x"], 0, "");
    check(&["order", "set", "o_3/1", "price=3"], 7, "below the floor");
    check(&["order", "set", "o_3/1", "quantity=2"], 7, "below the floor");
    check(&["quote", "set", "q_2/1", "price=3"], 7, "below the floor");
    // Who may goes against it, which is written down; who may not asks.
    let allowed = ["--override", "--note", "agreed", "--as", "chen"];
    let dir = check(&[&["order", "set", "o_1/1", "price=4"][..], &allowed].concat(), 0, "below the floor");
    assert_eq!(found(&dir).iter().filter(|(key, _)| key == "below-floor").count(), 2, "{:?}", found(&dir));
    let dir = check(&["order", "set", "o_1/1", "price=4", "--override", "--note", "agreed", "--as", "li"], 7, "");
    assert!(dir.files().iter().any(|(name, _)| name.starts_with("ledgers/requests/")), "asked for");
    check(&["order", "set", "o_1/1", "price=4", "--override", "--as", "chen"], 2, "--note");
}
