//! What must hold of profit, receivables and grades, whatever the company.

use super::made::{Company, Layout, company, layout};
use super::reading::{Reading, difference, groupings, read};
use super::support::TODAY;
use kehu::model::money::{Sum, minor_digits, round};
use kehu::model::period::Period;
use kehu::rules::engine::index::Index;
use kehu::rules::prices::Prices;
use kehu::rules::profit::counts;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;

fn plain(company: &Company) -> Reading {
    read(company.write(Layout::PLAIN).path(), TODAY, 1)
}

fn number(v: &Value) -> Decimal {
    if v.is_null() { Decimal::ZERO } else { v.to_string().parse().expect("a decimal") }
}

const SUMS: [&str; 6] = ["quantity", "revenue", "cost", "extra_cost", "profit", "unknown_cost_lines"];

/// What customers owe by the definition alone: receivables less receipts and allowances, and what went back.
fn owed(reading: &Reading) -> BTreeMap<(usize, String), Decimal> {
    let book = reading.book();
    let prices = Prices::new(book);
    let base = &book.settings.file.currency;
    let of = |c: &str| if c.is_empty() { base.clone() } else { c.to_string() };
    let mut totals: BTreeMap<(usize, String, &str), Decimal> = BTreeMap::new();
    for l in book.orders.iter().filter(|l| counts(book, l.id())) {
        if let (Some(customer), Some(net)) = (book.customer_index(l.customer()), prices.net(l)) {
            *totals.entry((customer, of(l.currency()), l.id())).or_default() += net + prices.tax(l).unwrap_or_default();
        }
    }
    let mut out: BTreeMap<(usize, String), Decimal> = BTreeMap::new();
    // What came back of each order, by the return.
    let mut back: BTreeMap<(&str, &str), Decimal> = BTreeMap::new();
    for l in book.orders.iter().filter(|l| counts(book, l.id())) {
        if let (Some((order, _)), Some(net)) = (l.returns().rsplit_once('/'), prices.net(l)) {
            *back.entry((order, l.id())).or_default() -= net + prices.tax(l).unwrap_or_default();
        }
    }
    let is_return = |id: &str| totals.iter().any(|((_, _, known), total)| *known == id && *total < Decimal::ZERO);
    let mut left: BTreeMap<(usize, String), Decimal> = BTreeMap::new();
    for ((customer, currency, id), total) in &totals {
        let parts: Vec<Decimal> =
            back.iter().filter(|((order, by), _)| order == id && is_return(by)).map(|(_, n)| *n).collect();
        if !parts.is_empty() && parts.iter().sum::<Decimal>() == *total {
            let rounded = |n: &Decimal| round(*n, minor_digits(currency));
            // Who takes the last of an order takes what rounding has left of it.
            *left.entry((*customer, currency.clone())).or_default() +=
                rounded(total) - parts.iter().map(rounded).sum::<Decimal>();
        }
    }
    for ((customer, currency, _), total) in totals {
        let total = round(total, minor_digits(&currency));
        *out.entry((customer, currency)).or_default() += total;
    }
    for (account, cents) in left {
        *out.entry(account).or_default() -= cents;
    }
    for r in book.receipts.iter().filter(|r| !book.is_void(r)) {
        let customer = book.customer_index(r.customer()).expect("a customer");
        *out.entry((customer, of(r.currency()))).or_default() -= r.amount();
    }
    for r in book.refunds.iter().filter(|r| !book.is_void(*r)) {
        let customer = book.customer_index(r.customer).expect("a customer");
        let sign = match r.kind {
            "allowance" => Decimal::NEGATIVE_ONE,
            "goodwill" => Decimal::ZERO,
            _ => Decimal::ONE,
        };
        *out.entry((customer, base.clone())).or_default() += sign * r.amount;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rows_files_columns_and_threads_may_lie_anyhow(c in company(), l in layout()) {
        let one = plain(&c).reports();
        let two = read(c.write(l).path(), TODAY, 3).reports();
        prop_assert!(one == two, "{}", difference(&one, &two).unwrap_or_default());
    }

    #[test]
    fn what_comes_after_today_is_not_seen(c in company(), l in layout()) {
        let one = plain(&c).reports();
        let two = read(c.write_with_later(l).path(), TODAY, 2).reports();
        prop_assert!(one == two, "{}", difference(&one, &two).unwrap_or_default());
    }

    #[test]
    fn every_grouping_of_profit_has_the_same_totals(c in company()) {
        let reading = plain(&c);
        let mut expected: Option<([Decimal; 6], String)> = None;
        for (by, per) in groupings() {
            let (doc, footer) = reading.profit(by, per, Period::ALL);
            let rows = reading.rows(&doc);
            let sums = SUMS.map(|k| rows.iter().map(|r| number(&r[k])).sum::<Decimal>());
            let (first, first_footer) = expected.get_or_insert_with(|| (sums, footer.clone()));
            prop_assert_eq!(&sums, first, "by {} per {:?}", by, per);
            prop_assert_eq!(&footer, first_footer, "by {} per {:?}", by, per);
            // An order belongs to one of these each.
            if per.is_none() && ["customer", "rep", "grade", "owner", "region", "order"].contains(&by) {
                let orders: Decimal = rows.iter().map(|r| number(&r["orders"])).sum();
                // Where nothing is known what an order came to, the number of orders is not known either.
                let unknown = !rows.is_empty() && rows.iter().all(|r| r["orders"].is_null());
                let total = if unknown { "[NotAvailable, ".to_string() } else { format!("[Int({orders}), ") };
                prop_assert!(footer.contains(&total), "orders by {}: {} {}", by, orders, footer);
            }
        }
    }

    #[test]
    fn ageing_adds_up_to_what_is_owed(c in company()) {
        let reading = plain(&c);
        let index = Index::new(reading.book());
        let expected = owed(&reading);
        let mut found = BTreeMap::new();
        for a in index.accounts() {
            let ageing = a.ageing(reading.book().today);
            prop_assert_eq!(ageing.sum().minus(a.credit), a.outstanding(), "{:?}", a);
            prop_assert!(a.receivables.iter().all(|r| r.open >= Decimal::ZERO && r.open <= r.total), "{:?}", a);
            let known = |sum: Sum| sum.known().expect("no sum of this company is too large");
            prop_assert!(known(a.credit) >= Decimal::ZERO && known(a.bills) >= Decimal::ZERO, "{:?}", a);
            if !a.outstanding().is_zero() {
                found.insert((a.customer, a.currency.to_string()), known(a.outstanding()));
            }
        }
        prop_assert_eq!(found, expected.into_iter().filter(|(_, n)| *n != Decimal::ZERO).collect::<BTreeMap<_, _>>());
    }

    #[test]
    fn the_order_of_customers_changes_no_grade(c in company(), l in layout()) {
        let grades = |reading: &Reading, id: &dyn Fn(&str) -> String| -> BTreeMap<String, String> {
            let rows = reading.grades();
            rows.iter()
                .map(|r| {
                    let mut r = r.as_object().expect("a row").clone();
                    let customer = id(r.remove("customer").expect("an id").as_str().expect("text"));
                    r.remove("parts");
                    (customer, Value::Object(r).to_string())
                })
                .collect()
        };
        let one = grades(&plain(&c), &ToString::to_string);
        let back = |id: &str| format!("c{}", 9 - id.trim_start_matches('x').parse::<i32>().expect("a number"));
        let two = grades(&read(c.write_reversed(l).path(), TODAY, 1), &back);
        prop_assert_eq!(one, two);
    }
}
