//! What customers owe by agreement (R10): rows of the ledger of receivables, with and without an order or a contract.

use super::support::company::{customer, json, told};
use super::support::{Dir, start};
use serde_json::Value;
use std::collections::BTreeMap;

const ORDERS: &str = "id,line,at,customer,quantity,amount,tax,returns,contract,currency,due";
const CLAIMS: &str = "id,at,customer,amount,due,currency,contract,order,by";
const RECEIPTS: &str = "id,line,at,customer,amount,receivable,order,currency";
const EVENTS: &str = "id,at,kind,subject,event,from,to";

/// A company of acme and bolt, with rows of ledgers.
fn shop(rows: &[(&str, &str)]) -> Dir {
    let dir = start::make("new");
    customer(&dir, "acme", "repeat", "li");
    customer(&dir, "bolt", "repeat", "li");
    let mut ledgers: BTreeMap<&str, String> = BTreeMap::new();
    for (ledger, row) in rows {
        let header = match *ledger {
            "orders" => ORDERS,
            "receivables" => CLAIMS,
            "receipts" => RECEIPTS,
            "rates" => "date,currency,rate",
            _ => EVENTS,
        };
        let text = ledgers.entry(ledger).or_insert_with(|| format!("{header}\n"));
        text.push_str(row);
        text.push('\n');
    }
    for (ledger, text) in ledgers {
        dir.write(&format!("ledgers/{ledger}/2026.csv"), text);
    }
    dir
}

const AGES: &str = "not_due,d1_30,d31_60,d61_90,d91_120,d120_plus,credit,outstanding";

/// What acme owes, by age.
fn owed(rows: &[(&str, &str)]) -> String {
    json(&shop(rows), &["report", "receivables"]).first().map_or_else(String::new, |r| told(r, AGES))
}

const R: &str = "receivables";
const O: &str = "orders";
const P: &str = "receipts";
const E: &str = "events";

#[test]
fn receivables_count_with_and_without_an_order() {
    let check = |rows: &[(&str, &str)], expected: &str| assert_eq!(owed(rows), expected, "{rows:?}");
    let order = (O, "o_1,1,2026-01-10,acme,1,1000,,,,,2026-06-20");
    check(&[(R, "r1,2026-01-10,acme,7777,2026-02-01,,,,")], "0 0 0 0 0 7777 0 7777");
    check(&[order], "0 1000 0 0 0 0 0 1000");
    // What the instalments leave of the order stands for itself.
    let (one, two) = ((R, "r1,2026-01-10,acme,400,2026-05-20,,,o_1,"), (R, "r2,2026-01-10,acme,300,2026-07-20,,,o_1,"));
    check(&[order, one, two], "300 300 400 0 0 0 0 1000");
    check(&[order, one, two, (R, "r3,2026-01-10,acme,900,2026-07-20,,,o_1,")], "1200 0 400 0 0 0 0 1600");
    // A plan of the contract stands for its orders; a contract without one does not.
    let of_contract = (O, "o_1,1,2026-01-10,acme,1,1000,,,c1,,2026-06-20");
    check(&[of_contract], "0 1000 0 0 0 0 0 1000");
    check(&[of_contract, (R, "r1,2026-01-10,acme,500,2026-07-01,,c1,,")], "500 0 0 0 0 0 0 500");
    check(&[of_contract, (R, "r1,2026-01-10,acme,500,2026-07-01,,c2,,")], "500 1000 0 0 0 0 0 1500");
    // What is void, and what comes after today, does not count.
    let void = (E, "e_1,2026-02-01T09:00:00+08:00,receivable,r1,void,,");
    check(&[order, one, void], "0 1000 0 0 0 0 0 1000");
    check(&[order, (R, "r1,2026-07-01,acme,400,2026-07-20,,,o_1,")], "0 1000 0 0 0 0 0 1000");
}

#[test]
fn what_waits_for_approval_stands_apart() {
    let check = |events: &[&str], expected: &str| {
        let mut rows =
            vec![(R, "r1,2026-01-10,acme,500,2026-06-20,,c1,,"), (R, "r2,2026-01-10,acme,300,2026-07-20,,c1,,")];
        rows.push((R, "r3,2026-01-10,acme,40,2026-01-20,,,,"));
        rows.extend(events.iter().map(|e| (E, *e)));
        let dir = shop(&rows);
        dir.write("ledgers/contracts/2026.csv", "id,at,party,kind\nc1,2026-01-10,acme,sales\n");
        let found = json(&dir, &["report", "receivables"]);
        let keys = "outstanding,pending,not_due,late_share,late_count_share";
        assert_eq!(found.first().map(|r| told(r, keys)), Some(expected.to_string()), "{events:?}");
    };
    check(&[], "840 0 300 0.642857 0.666667");
    let put = "e_1,2026-01-11T09:00:00+08:00,contract,c1,approval,,submitted";
    check(&[put], "40 800 0 1.000000 1.000000");
    check(&["e_1,2026-01-11T09:00:00+08:00,contract,c1,approval,,draft"], "40 800 0 1.000000 1.000000");
    let yes = "e_2,2026-01-12T09:00:00+08:00,contract,c1,approval,submitted,approved";
    check(&[put, yes], "840 0 300 0.642857 0.666667");
    check(&[put, "e_2,2026-01-12T09:00:00+08:00,contract,c1,approval,submitted,rejected"], "40 0 0 1.000000 1.000000");
    check(
        &[put, yes, "e_3,2026-07-01T09:00:00+08:00,contract,c1,approval,approved,void"],
        "840 0 300 0.642857 0.666667",
    );
}

#[test]
fn receipts_pay_what_they_name() {
    let check = |more: &[(&str, &str)], expected: &str| {
        let rows = [
            (O, "o_1,1,2026-01-10,acme,1,1000,,,,,2026-06-20"),
            (R, "r1,2026-01-10,acme,400,2026-05-20,,,o_1,"),
            (R, "r2,2026-01-10,acme,300,2026-07-20,,,o_1,"),
            (R, "r3,2026-01-10,acme,50,2026-01-20,,,,"),
        ];
        assert_eq!(owed(&[&rows, more].concat()), expected, "{more:?}");
    };
    check(&[], "300 300 400 0 0 50 0 1050");
    check(&[(P, "p_1,1,2026-06-01,acme,100,r2,,")], "200 300 400 0 0 50 0 950");
    // What is too much pays the oldest.
    check(&[(P, "p_1,1,2026-06-01,acme,380,r2,,")], "0 300 370 0 0 0 0 670");
    // All that stand for an order are paid, the oldest first.
    check(&[(P, "p_1,1,2026-06-01,acme,500,,o_1,")], "300 200 0 0 0 50 0 550");
    check(&[(P, "p_1,1,2026-06-01,acme,60,,,")], "300 300 390 0 0 0 0 990");
    check(&[(P, "p_1,1,2026-06-01,acme,1100,r1,,")], "0 0 0 0 0 0 50 -50");
    // What is written off is owed no more.
    let off = (E, "e_1,2026-06-02T09:00:00+08:00,receivable,r3,writeoff,,30");
    check(&[off], "300 300 400 0 0 20 0 1020");
    check(&[off, (E, "e_2,2026-06-03T09:00:00+08:00,receivable,r3,writeoff,,90")], "300 300 400 0 0 0 0 1000");
    check(&[off, (P, "p_1,1,2026-06-01,acme,50,r3,,")], "300 300 370 0 0 0 0 970");
    check(&[(E, "e_1,2026-07-02T09:00:00+08:00,receivable,r3,writeoff,,30")], "300 300 400 0 0 50 0 1050");
}

#[test]
fn returns_lower_what_names_their_order_then_the_contract() {
    let check = |rows: &[(&str, &str)], expected: &str| assert_eq!(owed(rows), expected, "{rows:?}");
    let order = (O, "o_1,1,2026-01-10,acme,10,1000,,,,,2026-06-20");
    let back = (O, "o_2,1,2026-03-10,acme,-2,-200,,o_1/1,,,");
    check(&[order, back], "0 800 0 0 0 0 0 800");
    check(&[order, back, (R, "r1,2026-01-10,acme,400,2026-05-20,,,o_1,")], "0 600 200 0 0 0 0 800");
    // Of a contract the instalments that are due last.
    let sold = (O, "o_1,1,2026-01-10,acme,10,1000,,,c1,,2026-06-20");
    let plan = [(R, "r1,2026-01-10,acme,500,2026-06-20,,c1,,"), (R, "r2,2026-01-10,acme,500,2026-07-20,,c1,,")];
    for contract in ["c1", ""] {
        let row = format!("o_2,1,2026-03-10,acme,-2,-200,,o_1/1,{contract},,");
        check(&[sold, plan[0], plan[1], (O, &row)], "300 500 0 0 0 0 0 800");
    }
    // What nothing takes is credit, and pays what is oldest.
    let all = (O, "o_2,1,2026-03-10,acme,-10,-1000,,o_1/1,,,");
    check(
        &[order, all, (R, "r1,2026-01-10,acme,500,2026-06-20,,,,"), (P, "p_1,1,2026-02-01,acme,900,,o_1,")],
        "0 0 0 0 0 0 400 -400",
    );
}

#[test]
fn every_figure_of_what_is_owed_counts_them() {
    let dir = shop(&[
        (O, "o_1,1,2026-01-10,acme,1,1000,,,,,2026-06-20"),
        (R, "r1,2026-01-10,acme,400,2026-05-20,,,o_1,li"),
        (R, "r2,2026-03-01,bolt,100,2026-06-20,USD,,,"),
        (P, "p_1,1,2026-02-09,acme,150,r1,,"),
        ("rates", "2026-01-01,USD,7"),
    ]);
    let listed = json(&dir, &["list", "acme", "--columns", "outstanding,overdue,late_days,payment_days"]);
    // 150 after 30 days, 250 and 600 open for 171 days; 250 late by 41 and 600 by 10.
    assert_eq!(told(&listed[0], "outstanding,overdue"), "850 850");
    assert_eq!(told(&listed[0], "payment_days"), "149.85");
    assert_eq!(told(&listed[0], "late_days"), "16.25");
    let rows = json(&dir, &["report", "receivables"]);
    let bolt: Vec<String> =
        rows.iter().filter(|r| r["customer"] == "bolt").map(|r| told(r, "currency,d1_30")).collect();
    assert_eq!(bolt, ["USD 100"]);
    let open = json(&dir, &["report", "orders"]);
    assert_eq!(told(&open[0], "order,open_amount"), "o_1 850");
    let explained = dir.run(&["report", "receivables", "--explain"]).expect(0).stdout;
    assert!(explained.contains("ledgers/receivables/2026.csv:2") && explained.contains("ledgers/receipts/2026.csv:2"));
    let today = json(&dir, &["today", "--as", "li"]);
    let mut due: Vec<String> =
        today.iter().filter(|r| r["section"] == "receivables").map(|r| told(r, "order,open_amount")).collect();
    due.sort();
    assert_eq!(due, ["- 100", "o_1 250", "o_1 600"]);
    // Money is credited to whoever sold: the order has nobody, so the receivable's own.
    let page = dir.run(&["show", "acme"]).expect(0).stdout;
    assert!(page.contains("850") && page.contains("r1"), "{page}");
    // Decisions know of it too.
    let ran = dir.run(&["receipt", "add", "acme", "100"]).expect(0);
    assert!(ran.stdout.contains("750.00"), "{}{}", ran.stdout, ran.stderr);
    // Naming what does not exist is told.
    let dir = shop(&[(R, "r1,2026-01-10,acme,400,2026-05-20,,,,"), (P, "p_1,1,2026-02-09,acme,150,r9,,")]);
    let ran = dir.run(&["report", "receivables"]).expect(3);
    assert!(ran.stdout.contains("1 receipt names a receivable that does not exist"), "{}", ran.stdout);
    // So is a customer that does not exist.
    let dir = shop(&[(R, "r1,2026-01-10,nobody,400,2026-05-20,,,,")]);
    let ran = dir.run(&["report", "receivables"]).expect(3);
    assert!(ran.stdout.contains("nobody") && ran.stdout.contains("400"), "{}", ran.stdout);
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", 1 + self.below(6), 1 + self.below(28))
    }
}

#[test]
fn what_is_owed_is_what_was_agreed_less_what_came() {
    for seed in 1..=6 {
        let mut dice = Dice(seed);
        let mut rows: Vec<(&str, String)> = Vec::new();
        // Receivables less returns, write-offs and receipts, in cents.
        let mut expected = 0i64;
        let mut plan: BTreeMap<String, i64> = BTreeMap::new();
        let mut orders: Vec<(String, i64, String)> = Vec::new();
        let mut named: BTreeMap<String, i64> = BTreeMap::new();
        for n in 0..8 {
            let (id, amount) = (format!("o_{n}"), 1 + dice.below(90_000) as i64);
            let contract = match dice.below(3) {
                0 => format!("c{}", dice.below(3)),
                _ => String::new(),
            };
            let money = format!("{}.{:02}", amount / 100, amount % 100);
            rows.push((O, format!("{id},1,{},acme,4,{money},,,{contract},,{}", dice.day(), dice.day())));
            orders.push((id, amount, contract));
        }
        for n in 0..10 {
            let (id, amount) = (format!("r{n}"), 2 + dice.below(50_000) as i64);
            let money = format!("{}.{:02}", amount / 100, amount % 100);
            let (mut contract, mut order) = (String::new(), String::new());
            match dice.below(3) {
                0 => contract = format!("c{}", dice.below(3)),
                1 => order = orders[dice.below(8) as usize].0.clone(),
                _ => {
                    // Half of it is written off.
                    let off = amount / 2;
                    expected -= off;
                    let day = format!("{}T09:00:00+08:00", dice.day());
                    rows.push((E, format!("e_{n},{day},receivable,{id},writeoff,,{}.{:02}", off / 100, off % 100)));
                }
            }
            expected += amount;
            *plan.entry(contract.clone()).or_default() += amount;
            *named.entry(order.clone()).or_default() += amount;
            rows.push((R, format!("{id},{},acme,{money},{},,{contract},{order},", dice.day(), dice.day())));
        }
        for (id, amount, contract) in &orders {
            if contract.is_empty() || !plan.contains_key(contract) {
                expected += (amount - named.get(id).copied().unwrap_or_default()).max(0);
            }
        }
        for n in 0..3 {
            let (id, amount, contract) = &orders[dice.below(8) as usize];
            let back = amount / 4;
            expected -= back;
            let money = format!("-{}.{:02}", back / 100, back % 100);
            if back > 0 {
                rows.push((O, format!("b_{n},1,{},acme,-1,{money},,{id}/1,{contract},,", dice.day())));
            }
        }
        for n in 0..8 {
            let amount = 1 + dice.below(60_000) as i64;
            expected -= amount;
            let (receivable, order) = match dice.below(3) {
                0 => (format!("r{}", dice.below(10)), String::new()),
                1 => (String::new(), orders[dice.below(8) as usize].0.clone()),
                _ => (String::new(), String::new()),
            };
            let money = format!("{}.{:02}", amount / 100, amount % 100);
            rows.push((P, format!("p_{n},1,{},acme,{money},{receivable},{order},", dice.day())));
        }
        let refs: Vec<(&str, &str)> = rows.iter().map(|(l, r)| (*l, r.as_str())).collect();
        let cents = |key: &str, row: &Value| {
            let n: rust_decimal::Decimal = row[key].to_string().parse().expect("an amount");
            i64::try_from(n * rust_decimal::Decimal::ONE_HUNDRED).expect("cents")
        };
        let found = json(&shop(&refs), &["report", "receivables"]);
        let row = &found[0];
        let ages = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus"];
        let aged: i64 = ages.iter().map(|k| cents(k, row)).sum();
        assert_eq!(cents("outstanding", row), expected, "seed {seed}: {rows:#?}");
        assert_eq!(aged - cents("credit", row), expected, "seed {seed}");
        // The order of rows says nothing.
        let mut turned = refs.clone();
        turned.reverse();
        assert_eq!(json(&shop(&turned), &["report", "receivables"]), found, "seed {seed}");
    }
}
