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
    assert!(ran.stderr.contains("only 14 is left"), "{}", ran.stderr);
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
    assert!(
        ran.stdout.contains("first order of Huaxin") && ran.stdout.contains("because of order A"),
        "{}",
        ran.stdout
    );
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
    assert!(ran.stderr.contains("this goes against a rule"), "{}", ran.stderr);
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
    check(&["valve:-1"], 7);
    check(&["valve:0"], 7);
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
    for word in ["credit limit of 1500.00", "would owe 2010.00", "old is paused", "has not paid 1000.00 in time"] {
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
    refund(&["0", "--kind", "return", "--reason", "quality"], 7);
    refund(&["100", "--kind", "return", "--reason", "quality", "--receipt", "P9"], 4);
    refund(
        &[
            "100",
            "--kind",
            "return",
            "--reason",
            "quality",
            "--receipt",
            "P1",
            "--order",
            "A",
            "--override",
            "--note",
            "agreed",
            "--as",
            "chen",
        ],
        0,
    );
    let ran = dir.run(&["receipt", "add", "hx", "1000", "--order", "A"]).expect(0);
    assert!(ran.stderr.contains("overpaid by 400.00"), "{}", ran.stderr);
    let row = &json(dir.run(&["report", "receivables", "--json"]))[0];
    figures(row, &[("outstanding", "-300")]);
    refund(&["301", "--kind", "overpayment", "--reason", "other"], 7);
    refund(&["300", "--kind", "overpayment", "--reason", "other"], 0);
    dir.run(&["receipt", "add", "hx", "0"]).expect(7);
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

/// What each language says of the same command; neither writes anything.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], code: i32, en: &str, zh: &str) {
    let before = dir.files();
    for (lang, words) in [("en", en), ("zh-CN", zh)] {
        let all: Vec<&str> = args.iter().chain(&["--lang", lang]).copied().collect();
        let ran = dir.run(&all);
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(words), "{args:?} in {lang}: {}", ran.stderr);
    }
    assert!(before == dir.files(), "{args:?} wrote something");
}

/// A shop with an order in each currency, a receipt and a quote.
fn trading() -> Dir {
    let dir = shop();
    dir.write("ledgers/rates/2026-li.csv", "date,currency,rate\n2026-01-01,USD,7\n");
    dir.run(&["customer", "add", "Other", "--id", "ot", "--today", "2026-01-02"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:2", "--id", "A", "--at", "2026-06-01"]).expect(0);
    dir.run(&["order", "add", "ot", "valve:1", "--id", "O", "--at", "2026-06-01"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:1@150", "--currency", "USD", "--id", "U", "--at", "2026-06-01"]).expect(0);
    dir.run(&["receipt", "add", "hx", "100", "--id", "P1"]).expect(0);
    dir.run(&["receipt", "add", "hx", "900", "--id", "P2"]).expect(0);
    dir.run(&["quote", "add", "hx", "valve:1", "--id", "Q"]).expect(0);
    dir
}

#[test]
fn what_leaves_its_range_is_refused() {
    let dir = trading();
    let check = |args: &str, en: &str, zh: &str| {
        let args: Vec<&str> = args.split(' ').map(|a| a.trim_matches('|')).collect();
        let args: Vec<String> = args.iter().map(|a| a.replace('+', " ")).collect();
        refused(&dir, &args.iter().map(String::as_str).collect::<Vec<_>>(), 7, en, zh);
    };
    let discount = ("the discount 5 is not between 0 and 1", "折扣 5 不在 0 和 1 之间");
    let price = ("the price -10 is less than 0", "单价 -10 小于 0");
    let quantity = ("the quantity 0 is not possible", "数量不能为 0");
    let rate = ("the tax rate 1300% is not between", "税率 1300% 不在");
    let extra = ("the extra cost -4000 is less than 0", "附加成本 -4000 小于 0");
    for verb in ["order add", "quote add"] {
        check(&format!("{verb} hx --line product=valve+quantity=1+discount=5"), discount.0, discount.1);
        check(&format!("{verb} hx valve:1@-10"), price.0, price.1);
        check(&format!("{verb} hx valve:0"), quantity.0, quantity.1);
        check(&format!("{verb} hx valve:1 --override --note x --as chen valve:1@-10"), price.0, price.1);
    }
    check("quote try hx --line product=valve+quantity=1+discount=5", discount.0, discount.1);
    check("quote try hx valve:1@-10", price.0, price.1);
    check("quote try hx valve:1 --tax-rate 13", rate.0, rate.1);
    check("order add hx valve:1 --tax-rate 13", rate.0, rate.1);
    check("quote accept Q --tax-rate 13", rate.0, rate.1);
    check("order add hx valve:1 --extra-cost=-4000", extra.0, extra.1);
    check("order add hx --line product=valve+extra_cost=-4000", extra.0, extra.1);
    check("quote accept Q --extra-cost=-4000", extra.0, extra.1);
    check("order return A 1 0", quantity.0, quantity.1);
    check("order set A/1 discount=5", discount.0, discount.1);
    check("order set A/1 price=-10", price.0, price.1);
    check("order set A/1 quantity=0", quantity.0, quantity.1);
    check("order set A/1 extra_cost=-4000", extra.0, extra.1);
    check("quote set Q discount=5", discount.0, discount.1);
    check("quote set Q quantity=0", quantity.0, quantity.1);
    check("row set quote:Q price=-10", price.0, price.1);
    check("product add fan Fan price=-10", price.0, price.1);
    check("product set valve price=-10", price.0, price.1);
    check("product set valve@2026-01-01 price=-10", price.0, price.1);
    let units = ("nobody can pay 500.555 in CNY", "CNY 无法支付 500.555");
    check("receipt add hx 500.555", units.0, units.1);
    check("receipt set P1/1 amount=500.555", units.0, units.1);
    check("refund add hx 500.555 --kind return --reason quality", units.0, units.1);
    let currency = ("this is in USD, but A is in CNY", "此处币种为 USD，但 A 为 CNY");
    check("receipt add hx 50 --order A --currency USD", currency.0, currency.1);
    let currency = ("this is in CNY, but U is in USD", "此处币种为 CNY，但 U 为 USD");
    check("receipt set P1/1 order=U", currency.0, currency.1);
    check("refund add hx 1 --kind allowance --reason quality --order U --currency CNY", currency.0, currency.1);
    let other = ("this belongs to hx, but O belongs to ot", "此处属于 hx，但 O 属于 ot");
    check("receipt add hx 50 --order O", other.0, other.1);
    check("receipt set P1/1 order=O", other.0, other.1);
    check("refund add hx 50 --kind allowance --reason quality --order O", other.0, other.1);
    let left = ("A/1: 3 cannot come back, only 2 is left", "A/1：无法退 3，未退数量只有 2");
    check("order return A 1 3", left.0, left.1);
    let most = ("500.00 is too much to give back: P1 has at most 100.00", "无法退 500.00：P1 最多可退 100.00");
    check("refund add hx 500 --kind return --reason quality --receipt P1", most.0, most.1);
    dir.run(&["refund", "add", "hx", "100", "--kind", "return", "--reason", "quality", "--receipt", "P1", "--id", "F"])
        .expect(0);
    check("refund set F amount=500", most.0, most.1);
    dir.run(&["order", "return", "A", "1", "1", "--id", "B"]).expect(0);
    let left = ("A/1: 3 cannot come back, only 2 is left", "A/1：无法退 3，未退数量只有 2");
    check("order set B/1 quantity=-3", left.0, left.1);
    dir.run(&["quote", "accept", "Q", "--id", "S"]).expect(0);
    check("quote accept Q", "Q was accepted before: order S", "Q 已被接受：订单 S");
    // What cannot be a number at all is wrong use.
    refused(&dir, &["order", "add", "hx", "valve:x"], 2, "valve:x", "valve:x");
    refused(&dir, &["receipt", "add", "hx", "1,000.5.5"], 2, "1,000.5.5", "1,000.5.5");
}

#[test]
fn nothing_is_sold_below_cost_unless_somebody_allows_it() {
    let dir = trading();
    let half = ["order", "add", "hx", "valve:1@400"];
    refused(&dir, &half, 7, "valve: the margin -100% is below the floor of 0%", "valve：毛利率 -100% 低于底线 0%");
    let free = ["order", "add", "hx", "valve:1@0"];
    refused(&dir, &free, 7, "valve: a net of 0.00 at a cost of 800.00 is below", "valve：成本 800.00 只卖 0.00，低于");
    refused(
        &dir,
        &["order", "add", "hx", "pump:1@452"],
        7,
        "lowest price is 904.00, without tax 800.00",
        "最低价为 904.00，不含税 800.00",
    );
    refused(&dir, &["order", "add", "hx", "pump:1@452-50%"], 7, "lowest price is 1808.00", "最低价为 1808.00");
    let freight = ["order", "add", "hx", "valve:1", "valve:1", "--extra-cost", "500"];
    refused(
        &dir,
        &freight,
        7,
        "the order with its extra costs: the margin -5% is below",
        "订单（含附加成本）：毛利率 -5% 低于",
    );
    refused(&dir, &freight, 7, "must come to 2100.00", "订单最低为 2100.00");
    refused(&dir, &["quote", "add", "hx", "valve:1@400"], 7, "below the floor", "低于底线");
    // The lowest price that is told passes, and nothing below it does.
    dir.run(&["order", "add", "hx", "pump:1@904"]).expect(0);
    dir.run(&["order", "add", "hx", "pump:1@903.99"]).expect(7);
    dir.run(&["order", "add", "hx", "pump:3@1808-50%"]).expect(0);
    // A first order may go down to cost.
    let text = dir.read("kehu.toml");
    dir.write("kehu.toml", text.replace("[pricing]\nmargin_floor = 0 ", "[pricing]\nmargin_floor = 0.1 "));
    dir.run(&["customer", "add", "New", "--id", "nw"]).expect(0);
    dir.run(&["order", "add", "nw", "valve:1@799"]).expect(7);
    dir.run(&["order", "add", "nw", "valve:1@800"]).expect(0);
    dir.run(&["order", "add", "nw", "valve:1@800"]).expect(0);
    let ran = dir.run(&["order", "add", "nw", "valve:1@800", "--today", "2026-07-01"]).expect(7);
    assert!(ran.stderr.contains("floor of 10%") && ran.stderr.contains("888.89"), "{}", ran.stderr);
}

#[test]
fn an_override_is_written_down_as_an_approval() {
    let dir = trading();
    let order = ["order", "add", "hx", "valve:1@400", "--override", "--note", "agreed", "--id", "C", "--as", "chen"];
    dir.run(&order).expect(0);
    let refund = ["refund", "add", "hx", "5000", "--kind", "return", "--reason", "quality", "--id", "F"];
    dir.run(&refund).expect(7);
    let forced: Vec<&str> = refund.iter().chain(&["--override", "--note", "agreed"]).copied().collect();
    let ran = dir.run(&forced).expect(7);
    assert!(ran.stderr.contains("kehu filed the request w_"), "{}", ran.stderr);
    dir.run(&forced.iter().chain(&["--as", "chen"]).copied().collect::<Vec<_>>()).expect(0);
    let rows = json(dir.run(&["export", "requests", "--json"]));
    let told = |r: &Value| ["by", "kind", "subject", "amount"].map(|k| r[k].to_string().replace('"', "")).join(" ");
    let rows = rows.as_array().expect("rows");
    let mut all: Vec<String> = rows.iter().map(told).collect();
    all.sort();
    assert_eq!(all, ["chen price order:C 400", "chen refund refund:F 5000", "li refund customer:hx 5000"]);
    let events = json(dir.run(&["event", "list", "kind:request", "--json"]));
    let events = events.as_array().expect("events");
    assert_eq!(events.len(), 2);
    for e in events {
        let asked = rows.iter().find(|r| r["id"] == e["subject"]).expect("the request");
        assert_eq!((&e["event"], &e["to"], &asked["by"]), (&"approval".into(), &"approved".into(), &"chen".into()));
    }
}

#[test]
fn a_corrected_line_is_worked_out_anew() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "pump:2", "--id", "A", "--at", "2026-06-01"]).expect(0);
    let columns = ["--columns", "quantity,amount,tax,unit_cost", "--json"];
    let row = |id: &str| {
        let term = format!("id:{id}");
        json(dir.run(&[&["order", "list", term.as_str()], &columns[..]].concat()))[0].clone()
    };
    let ran = dir.run(&["order", "set", "A/1", "quantity=4"]).expect(0);
    assert!(ran.stdout.contains("amount: 2000 → 4000") && ran.stdout.contains("tax: 260 → 520"), "{}", ran.stdout);
    figures(&row("A"), &[("quantity", "4"), ("amount", "4000"), ("tax", "520"), ("unit_cost", "800")]);
    figures(&profit(&dir), &[("revenue", "4000"), ("cost", "3200")]);
    dir.run(&["row", "set", "order:A/1", "price=1808", "discount=0.5"]).expect(0);
    figures(&row("A"), &[("amount", "3200"), ("tax", "416")]);
    // What was agreed as an amount follows from nothing.
    dir.run(&["order", "add", "hx", "--line", "product=pump quantity=2 amount=2260", "--id", "B"]).expect(0);
    refused(
        &dir,
        &["order", "set", "B/1", "quantity=3"],
        7,
        "B/1: kehu cannot work out amount",
        "B/1：无法由改动推算 amount",
    );
    dir.run(&["order", "set", "B/1", "quantity=3", "amount=3000", "tax=390"]).expect(0);
    figures(&row("B"), &[("amount", "3000"), ("tax", "390")]);
    dir.run(&["order", "set", "B/1", "note=x"]).expect(0);
}

#[test]
fn the_last_of_a_line_takes_what_is_left_of_it() {
    let dir = shop();
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,product,quantity,price,amount,tax,cost,by\nA,1,2026-06-01,hx,valve,3,3.33,10,1.30,7,li\n",
    );
    for _ in 0..3 {
        dir.run(&["order", "return", "A", "1", "1"]).expect(0);
    }
    figures(&profit(&dir), &[("revenue", "0"), ("cost", "0"), ("profit", "0")]);
    let row = shown(&dir, "A");
    figures(&row, &[("total_amount", "11.3")]);
    let rows = json(dir.run(&["report", "receivables", "--json"]));
    assert!(rows.as_array().is_none_or(|r| r.iter().all(|r| r["outstanding"].as_f64() == Some(0.0))), "{rows}");
    dir.run(&["order", "return", "A", "1", "1"]).expect(7);
}

/// The last return takes what is left, whoever entered the others: by hand, by import, by command.
#[test]
fn returns_that_say_no_tax_take_their_part_and_the_last_what_is_left() {
    let header = "id,line,at,customer,quantity,price,amount,tax,cost,returns,by";
    let owed = |dir: &Dir| {
        let rows = json(dir.run(&["list", "hx", "--columns", "outstanding", "--json"]));
        rows[0]["outstanding"].to_string()
    };
    let check = |taxes: &[&str], expected: &str| {
        let dir = shop();
        let mut text = format!("{header}\nA,1,2026-06-01,hx,3,3.33,9.99,1.30,7,,li\n");
        for (n, tax) in taxes.iter().enumerate() {
            text += &format!("B{n},1,2026-06-1{n},hx,-1,,-3.33,{tax},,A/1,li\n");
        }
        dir.write("ledgers/orders/2026-li.csv", text);
        assert_eq!(owed(&dir), expected, "{taxes:?}");
        // The command takes back whatever is left.
        for _ in taxes.len()..3 {
            dir.run(&["order", "return", "A", "1", "1"]).expect(0);
        }
        assert_eq!(owed(&dir), "0", "{taxes:?}");
        dir.run(&["check"]).expect(0);
    };
    check(&[], "11.29");
    check(&[""], "7.53");
    check(&["", ""], "3.77");
    check(&["-0.50"], "7.46");
    check(&["-0.50", ""], "3.7");
    for taxes in [["", "", ""], ["-0.43", "-0.43", ""], ["", "-0.43", ""], ["-0.50", "", ""]] {
        check(&taxes, "0");
    }
    // What was said last is what it is.
    check(&["-0.43", "-0.43", "-0.44"], "0");
    // Where the sale says none, there is none.
    let dir = shop();
    dir.write(
        "ledgers/orders/2026-li.csv",
        format!("{header}\nA,1,2026-06-01,hx,3,3.33,9.99,,7,,li\nB,1,2026-06-10,hx,-1,,,,,A/1,li\n"),
    );
    assert_eq!(owed(&dir), "6.66");
}

#[test]
fn returns_of_all_of_a_line_leave_nothing() {
    let header = "id,line,at,customer,quantity,price,amount,tax,cost,returns,by";
    let nothing = |dir: &Dir| {
        figures(&profit(dir), &[("revenue", "0"), ("cost", "0"), ("profit", "0"), ("orders", "1"), ("returns", "3")]);
        assert!(profit(dir)["margin"].is_null(), "{}", profit(dir));
        let rows = json(dir.run(&["report", "receivables", "--json"]));
        assert!(rows.as_array().is_some_and(Vec::is_empty), "{rows}");
    };
    for sold in ["3,3.33,10,1.30,7,,li", "3,3.33,,1.30,7,,li"] {
        let sold = format!("A,1,2026-06-01,hx,{sold}");
        let back = |id: &str, amount: &str, tax: &str| format!("{id},1,2026-06-10,hx,-1,,{amount},{tax},,A/1,li");
        // All by hand, without amounts; and the first with one of its own.
        for first in ["", "-3.33"] {
            let dir = shop();
            let rows = [sold.clone(), back("B", first, "-0.43"), back("D", "", "-0.43"), back("C", "", "-0.44")];
            dir.write("ledgers/orders/2026-li.csv", format!("{header}\n{}\n", rows.join("\n")));
            nothing(&dir);
            // By an import.
            let dir = shop();
            dir.write("ledgers/orders/2026-li.csv", format!("{header}\n{sold}\n"));
            dir.write("new.csv", format!("{header}\n{}\n", rows[1..].join("\n")));
            dir.run(&["import", "new.csv", "--into", "orders"]).expect(0);
            nothing(&dir);
        }
        // Two by the command, the last by hand; and the other way round.
        let dir = shop();
        dir.write("ledgers/orders/2026-li.csv", format!("{header}\n{sold}\n"));
        dir.run(&["order", "return", "A", "1", "1"]).expect(0);
        dir.run(&["order", "return", "A", "1", "1"]).expect(0);
        dir.write(
            "ledgers/orders/2026-wu.csv",
            format!("{header}\nZ,1,2026-06-30T23:00:00+08:00,hx,-1,,,-0.44,,A/1,wu\n"),
        );
        nothing(&dir);
        let dir = shop();
        let rows = [sold.clone(), back("B", "", "-0.43"), back("D", "", "-0.43")];
        dir.write("ledgers/orders/2026-li.csv", format!("{header}\n{}\n", rows.join("\n")));
        dir.run(&["order", "return", "A", "1", "1"]).expect(0);
        nothing(&dir);
    }
}

#[test]
fn only_sale_orders_meet_a_requirement() {
    let dir = shop();
    dir.run(&["log", "hx", "called", "--channel", "visit"]).expect(0);
    let text = dir.read("kehu.toml");
    let (before, repeat) = text.split_at(text.find("id = \"repeat\"").expect("a stage"));
    let repeat = repeat.replacen("advance_on = \"order-day:2\"", "", 1);
    dir.write("kehu.toml", format!("{before}{}", repeat.replacen("\"order:1\"", "\"order:2\"", 1)));
    dir.run(&["order", "add", "hx", "valve:2", "--id", "A", "--at", "2026-06-01"]).expect(0);
    dir.run(&["order", "return", "A", "1", "1", "--id", "R", "--at", "2026-06-02"]).expect(0);
    dir.run(&["order", "add", "hx", "valve:1", "--id", "B", "--at", "2026-06-03"]).expect(0);
    dir.run(&["order", "cancel", "B"]).expect(0);
    let ran = dir.run(&["stage", "hx", "repeat"]).expect(7);
    assert!(ran.stderr.contains("2 orders") && ran.stderr.contains("there is 1"), "{}", ran.stderr);
    dir.run(&["order", "add", "hx", "valve:1", "--id", "C", "--at", "2026-06-03"]).expect(0);
    dir.run(&["stage", "hx", "repeat"]).expect(0);
}

#[test]
fn an_order_of_which_something_came_back_stays() {
    let dir = shop();
    dir.run(&["order", "add", "hx", "valve:2", "--id", "A", "--at", "2026-06-01"]).expect(0);
    dir.run(&["order", "return", "A", "1", "1", "--id", "R"]).expect(0);
    let cancel = ["order", "cancel", "A", "--override", "--note", "x", "--as", "chen"];
    refused(&dir, &cancel, 7, "A: goods of this order came back: R", "A：已有退货：R");
    dir.run(&["order", "cancel", "R"]).expect(0);
    dir.run(&["order", "cancel", "A"]).expect(0);
    refused(&dir, &["order", "return", "A", "1", "1"], 7, "A/1 was cancelled", "A/1 所在订单已取消");
    // Two branches may do one each; an import is told.
    let header = "id,line,at,customer,quantity,price,returns,by\n";
    dir.write("new.csv", format!("{header}S,1,2026-06-30,hx,-1,1000,A/1,li\n"));
    let ran = dir.run(&["import", "new.csv", "--into", "orders"]).expect(3);
    assert!(ran.stderr.contains("accept = [\"return-cancelled\"]"), "{}", ran.stderr);
    dir.write("ledgers/orders/2026-hand.csv", format!("{header}S,1,2026-06-30,hx,-1,1000,A/1,li\n"));
    assert!(dir.run(&["check"]).expect(1).stdout.contains("error[E108]"));
}
