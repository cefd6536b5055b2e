//! Sale orders, returns, order days: what counts as what, everywhere, against a count over rows.

use super::support::company::{customer, json, told};
use super::support::{Dir, start};
use std::collections::{BTreeMap, BTreeSet};

const ORDERS: &str = "id,line,at,customer,quantity,price,amount,cost,returns";

fn shop(rows: &[&str]) -> Dir {
    let dir = start::make("new");
    customer(&dir, "acme", "repeat", "");
    dir.write("ledgers/orders/2026.csv", format!("{ORDERS}\n{}\n", rows.join("\n")));
    dir
}

#[test]
fn a_return_is_no_order_and_takes_no_day() {
    const KEYS: &str = "orders,returns,revenue,avg_order,first_order,last_order,order_gap";
    let check = |rows: &[&str], expected: &str| {
        let dir = shop(rows);
        let found = json(&dir, &["list", "--columns", KEYS]);
        assert_eq!(told(&found[0], KEYS), expected, "{rows:?}");
        let profit = json(&dir, &["report", "profit"]);
        let counts = told(&profit[0], "orders,returns");
        assert!(expected.starts_with(&counts), "{rows:?}: {counts}");
        let all = json(&dir, &["report", "orders", "--per", "year", "-p", "2026"]);
        assert_eq!(told(&all[0], "count,returns"), counts, "{rows:?}");
        let all = json(&dir, &["report", "orders", "-p", "2026", "--compare", "2025"]);
        assert_eq!(told(&all[0], "count,returns"), counts, "{rows:?}");
    };
    let (jan, feb, back) =
        ("o_1,1,2026-01-10,acme,,,100,50,", "o_2,1,2026-02-10,acme,,,10,5,", "o_3,1,2026-02-10,acme,,,-20,-9,");
    check(&[jan, feb, back], "2 1 90 45 2026-01-10 2026-02-10 31");
    check(&[jan, back], "1 1 80 80 2026-01-10 2026-01-10 -");
    check(&[back], "0 1 -20 - - - -");
    // What is given away is ordered all the same.
    check(&[jan, "o_2,1,2026-02-10,acme,1,0,,5,"], "2 0 100 50 2026-01-10 2026-02-10 31");
    check(&["o_2,1,2026-02-10,acme,,,0,5,"], "1 0 0 0 2026-02-10 2026-02-10 -");
    // An order that takes back and sells is an order.
    let exchange = ["o_2,1,2026-02-10,acme,-1,,,,o_1/1", "o_2,2,2026-02-10,acme,1,30,,5,"];
    check(&["o_1,1,2026-01-10,acme,1,100,,50,", exchange[0], exchange[1]], "2 0 30 15 2026-01-10 2026-02-10 31");
}

#[test]
fn what_is_given_away_moves_no_stage() {
    let dir = start::make("new");
    customer(&dir, "acme", "lead", "");
    let stage = || told(&json(&dir, &["list", "--columns", "stage"])[0], "stage");
    dir.write("ledgers/products/2026.csv", "id,since,name,price,cost\npen,2025-01-01,Pen,10,0\n");
    let added = |day: &str, line: &str| dir.run(&["order", "add", "acme", line, "--at", day]).expect(0);
    added("2026-01-10", "pen:1@0");
    assert_eq!(stage(), "lead");
    added("2026-02-10", "pen:1@10");
    assert_eq!(stage(), "first-order");
    added("2026-03-10", "pen:1@0");
    assert_eq!(stage(), "first-order");
    // A return on the day of the second order takes its money, not its step.
    added("2026-04-10", "pen:1@10");
    assert_eq!(stage(), "repeat");
}

#[test]
fn who_only_gave_back_is_not_graded() {
    let dir = shop(&["o_1,1,2026-01-10,acme,,,-20,-9,"]);
    customer(&dir, "bolt", "repeat", "");
    let rows = "o_2,1,2026-01-10,bolt,,,20,9,\n";
    dir.write("ledgers/orders/2025.csv", format!("{ORDERS}\n{rows}"));
    let graded: Vec<String> = json(&dir, &["grade"]).iter().map(|r| told(r, "customer")).collect();
    assert_eq!(graded, ["bolt"]);
}

#[test]
fn the_page_before_a_visit_names_what_was_bought_last() {
    let dir =
        shop(&["o_1,1,2026-01-10,acme,,,100,50,", "o_2,1,2026-02-10,acme,,,10,5,", "o_3,1,2026-02-10,acme,,,-20,-9,"]);
    let page = dir.run(&["brief", "acme"]).expect(0).stdout;
    assert!(page.contains("2026-02-10") && page.contains("o_2") && !page.contains("o_3"), "{page}");
}

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// What a line is; whoever makes it knows.
#[derive(Debug, Clone)]
struct Line {
    order: String,
    month: u64,
    day: String,
    sells: bool,
}

/// The orders and returns of some lines: an order with a line that sells is an order.
fn count<'l>(lines: impl Iterator<Item = &'l Line> + Clone) -> (usize, usize) {
    let sold: BTreeSet<&str> = lines.clone().filter(|l| l.sells).map(|l| l.order.as_str()).collect();
    let all: BTreeSet<&str> = lines.map(|l| l.order.as_str()).collect();
    (sold.len(), all.len() - sold.len())
}

#[test]
fn random_rows_are_counted_as_by_hand() {
    for seed in 1..=4 {
        let mut dice = Dice(seed);
        let dir = start::make("new");
        let (mut rows, mut events) = (String::new(), String::from("id,at,kind,subject,event\n"));
        let mut counted: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for c in 0..40 {
            let id = format!("c{c:02}");
            customer(&dir, &id, "repeat", "");
            let lines = counted.entry(id.clone()).or_default();
            for o in 0..dice.below(6) {
                let order = format!("o{seed}-{c}-{o}");
                let (month, day) = (1 + dice.below(6), 1 + dice.below(3));
                let day = format!("2026-{month:02}-{day:02}");
                let cancelled = dice.below(6) == 0;
                if cancelled {
                    events.push_str(&format!("e{c}-{o},{day}T20:00:00+08:00,order,{order},cancelled\n"));
                }
                let only_back = dice.below(3) == 0;
                for line in 1..=1 + dice.below(3) {
                    let (cells, sells) = match if only_back { 4 + dice.below(3) } else { dice.below(7) } {
                        0 => ("2,10,,3,", true),
                        1 => (",,7.5,3,", true),
                        2 => ("1,0,,3,", true),
                        3 => (",,0,3,", true),
                        4 => ("-1,,,,x0/1", false),
                        5 => (",,-4,-1,", false),
                        _ => ("-2,3,,-1,", false),
                    };
                    rows.push_str(&format!("{order},{line},{day},{id},{cells}\n"));
                    if !cancelled {
                        lines.push(Line { order: order.clone(), month, day: day.clone(), sells });
                    }
                }
            }
        }
        customer(&dir, "x", "repeat", "");
        dir.write("ledgers/orders/2026.csv", format!("{ORDERS}\nx0,1,2025-12-01,x,999,10,,1,\n{rows}"));
        dir.write("ledgers/events/2026.csv", events);
        const KEYS: &str = "orders,returns,first_order,last_order";
        for row in json(&dir, &["list", "--columns", &format!("id,{KEYS}")]) {
            let Some(lines) = row["id"].as_str().and_then(|id| counted.get(id)) else { continue };
            let (orders, returns) = count(lines.iter());
            let days: BTreeSet<&str> = lines.iter().filter(|l| l.sells).map(|l| l.day.as_str()).collect();
            let day = |d: Option<&&str>| d.map_or("-".to_string(), ToString::to_string);
            let expected = format!("{orders} {returns} {} {}", day(days.first()), day(days.last()));
            assert_eq!(told(&row, KEYS), expected, "seed {seed}: {row} {lines:?}");
        }
        for row in json(&dir, &["report", "profit"]) {
            let Some(lines) = row["customer"].as_str().and_then(|id| counted.get(id)) else { continue };
            let (orders, returns) = count(lines.iter());
            assert_eq!(told(&row, "orders,returns"), format!("{orders} {returns}"), "seed {seed}: {row}");
        }
        let all = || counted.values().flatten();
        for row in json(&dir, &["report", "orders", "--per", "month", "-p", "2026H1"]) {
            let month: u64 = row["period"].as_str().and_then(|p| p.rsplit('-').next()?.parse().ok()).expect("a month");
            let (orders, returns) = count(all().filter(|l| l.month == month));
            assert_eq!(told(&row, "count,returns"), format!("{orders} {returns}"), "seed {seed}: {row}");
        }
        let (orders, returns) = count(all());
        let whole = json(&dir, &["report", "profit", "--by", "kind", "-p", "2026"]);
        assert_eq!(told(&whole[0], "orders,returns"), format!("{orders} {returns}"), "seed {seed}");
    }
}
