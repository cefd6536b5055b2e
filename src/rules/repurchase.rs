//! When a customer is due to buy again by its own interval, as a whole or a product, and which contracts end unrenewed.

use super::contracts::PURCHASE;
use super::engine::index::Index;
use super::engine::once::inside;
use super::orders::{gaps, sells};
use super::profit::{Figures, Sale, counts};
use super::renewing::{Renewal, endings};
use super::stays::median;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What is read for it.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[Ledger::Contracts]),
    ..Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
};

/// Order days from which on there is a usual time between orders.
pub const ORDER_DAYS: usize = 3;

/// When somebody who bought on some days is due to buy again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The last of the days.
    pub last: Day,
    /// How many there were.
    pub days: usize,
    /// The median of the days between them.
    pub gap: Decimal,
    /// The last day and the gap; half a day is a whole one.
    pub due: Day,
}

/// When somebody who bought on these days, oldest first, is due again; `None` with too few of them.
pub fn next(days: &[Day]) -> Option<Next> {
    let last = *days.last().filter(|_| days.len() >= ORDER_DAYS)?;
    let gap = median(&gaps(days))?;
    let after = chrono::Duration::try_days(i64::try_from(gap.ceil()).ok()?)?;
    Some(Next { last, days: days.len(), gap, due: last.checked_add_signed(after)? })
}

/// When a customer is due to order again.
pub fn next_order(index: &Index<'_>, customer: usize) -> Option<Next> {
    next(index.order_days().of(customer))
}

/// Something that is due.
#[derive(Debug, Clone)]
pub struct Due<'a> {
    /// The customer's index.
    pub customer: usize,
    /// The product, or the contract; empty = the customer as a whole.
    pub id: &'a str,
    /// The last purchase, or the first day of the contract.
    pub last: Day,
    /// How many purchases the interval rests on; 1 for a contract.
    pub days: usize,
    /// The interval, or the length of the contract.
    pub gap: Decimal,
    /// When it is due.
    pub due: Day,
    /// What a purchase comes to on average, or the amount of the contract; `None` = nobody knows.
    pub amount: Option<Decimal>,
    /// The rows that it rests on, oldest first.
    pub places: Vec<(RowPlace, Day)>,
}

/// What a customer bought on a day on average.
fn average(f: &Figures, days: usize) -> Option<Decimal> {
    if f.is_unreadable() { None } else { f.revenue().checked_div(Decimal::from(days)) }
}

/// The customers that are due in a period.
pub fn customers<'a>(index: &Index<'a>, chosen: &[usize], period: Period) -> Vec<Due<'a>> {
    let one = |customer: &usize| {
        let customer = *customer;
        let next = next_order(index, customer).filter(|n| period.contains(n.due))?;
        let lines = bought(index, customer);
        let mut places: Vec<(RowPlace, Day)> = lines.iter().map(|l| (l.place(), l.day())).collect();
        places.dedup_by_key(|(_, day)| *day);
        let amount = average(&figures(index, customer, &lines), next.days);
        let Next { last, days, gap, due } = next;
        Some(Due { customer, id: "", last, days, gap, due, amount, places })
    };
    let mut list: Vec<Due<'a>> = chosen.par_iter().with_min_len(256).filter_map(|c| inside(|| one(c))).collect();
    sort(&mut list);
    list
}

/// The products that customers are due to buy again in a period.
pub fn products<'a>(index: &Index<'a>, chosen: &[usize], period: Period) -> Vec<Due<'a>> {
    let of_customer = |customer: &usize| {
        let customer = *customer;
        let mut of: BTreeMap<&'a str, Vec<OrderLine>> = BTreeMap::new();
        for line in bought(index, customer) {
            let product = index.prices().product(line);
            if !product.is_empty() {
                of.entry(product).or_default().push(line);
            }
        }
        let one = |(id, lines): (&'a str, Vec<OrderLine>)| {
            let mut days: Vec<Day> = lines.iter().map(|l| l.day()).collect();
            days.dedup();
            let Next { last, days, gap, due } = next(&days).filter(|n| period.contains(n.due))?;
            let amount = average(&figures(index, customer, &lines), days);
            let mut places: Vec<(RowPlace, Day)> = lines.iter().map(|l| (l.place(), l.day())).collect();
            places.dedup_by_key(|(_, day)| *day);
            Some(Due { customer, id, last, days, gap, due, amount, places })
        };
        of.into_iter().filter_map(one).collect::<Vec<_>>()
    };
    let mut list: Vec<Due<'a>> =
        chosen.par_iter().with_min_len(256).flat_map_iter(|c| inside(|| of_customer(c))).collect();
    sort(&mut list);
    list
}

/// The contracts of customers that end in a period and that nothing renews so far.
pub fn contracts<'a>(index: &Index<'a>, chosen: &[usize], period: Period) -> Vec<Due<'a>> {
    let book = index.book;
    let mut wanted = vec![false; book.customers.len()];
    chosen.iter().for_each(|c| wanted[*c] = true);
    let open = endings(book, period).into_iter().filter(|e| matches!(e.renewal, Renewal::Coming | Renewal::Waiting));
    let one = |e: super::renewing::Ending<'a>| {
        let paper = e.contract.paper;
        let customer = paper.customer().filter(|c| wanted[*c] && paper.cell("kind") != PURCHASE)?;
        let start = e.contract.start()?;
        let amount = e.contract.base_amount();
        let gap = Decimal::from((e.end - start).num_days() + 1);
        let places = vec![(paper.row.place, start)];
        Some(Due { customer, id: e.contract.id(), last: start, days: 1, gap, due: e.end, amount, places })
    };
    let mut list: Vec<Due<'a>> = open.filter_map(one).collect();
    sort(&mut list);
    list
}

fn sort(list: &mut [Due<'_>]) {
    list.sort_by(|a, b| {
        a.due.cmp(&b.due).then(b.amount.cmp(&a.amount)).then((a.customer, a.id).cmp(&(b.customer, b.id)))
    });
}

/// The lines by which a customer bought something.
fn bought(index: &Index<'_>, customer: usize) -> Vec<OrderLine> {
    let lines = index.orders(customer).iter().copied();
    lines.filter(|l| sells(*l) && counts(index.book, l.id())).collect()
}

fn figures(index: &Index<'_>, customer: usize, lines: &[OrderLine]) -> Figures {
    let mut out = Figures::default();
    lines.iter().for_each(|l| out.add(&Sale::of(index.prices(), *l, Some(customer))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::money::parse_decimal;

    #[test]
    fn the_next_order_comes_a_gap_after_the_last() {
        let check = |days: &[&str], expected: Option<(&str, &str)>| {
            let days: Vec<Day> = days.iter().map(|d| parse_day(d).unwrap()).collect();
            let found = next(&days).map(|n| (n.gap, n.due));
            let expected = expected.map(|(gap, due)| (parse_decimal(gap).unwrap(), parse_day(due).unwrap()));
            assert_eq!(found, expected, "{days:?}");
        };
        check(&["2026-01-01", "2026-01-31", "2026-03-02"], Some(("30", "2026-04-01")));
        check(&["2026-01-01", "2026-01-11", "2026-01-22"], Some(("10.5", "2026-02-02")));
        check(&["2026-01-01", "2026-01-11"], None);
        check(&["2026-01-01"], None);
        check(&[], None);
    }
}
