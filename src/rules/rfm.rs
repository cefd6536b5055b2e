//! R9: recency, frequency and money of customers, from their orders.

use super::engine::groups::by_customer;
use super::engine::index::Index;
use super::engine::once::once;
use super::segments::{Scored, Scores};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::period::Period;

/// What is read for it.
pub const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
        .without_notes();

/// The days that count.
pub fn window(index: &Index<'_>) -> Period {
    Period::up_to(index.book.today, Some(index.book.settings.file.rfm.window()))
}

/// The scores of all customers; computed once.
pub fn rfm<'i>(index: &'i Index<'_>) -> &'i Scores {
    once(&index.rfm, || score(index))
}

fn score(index: &Index<'_>) -> Scores {
    let (book, rules) = (index.book, &index.book.settings.file.rfm);
    let window = window(index);
    let figures = by_customer(book, index.prices(), window);
    let known = |customer: usize| {
        let days = index.order_days().of(customer);
        let last = *days.last()?;
        let from = window.from.map_or(0, |from| days.partition_point(|d| *d < from));
        let frequency = i64::try_from(days.len() - from).unwrap_or(i64::MAX);
        let f = figures.of(customer);
        let monetary = (!f.is_unreadable()).then(|| f.revenue());
        let recency = (book.today - last).num_days();
        (frequency > 0).then_some(Scored { customer, recency, frequency, monetary, r: 0, f: 0, m: None })
    };
    let list: Vec<Scored> = (0..book.customers.len()).filter_map(known).collect();
    Scores::of_all(list, rules)
}
