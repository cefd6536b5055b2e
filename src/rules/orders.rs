//! Facts about a customer's orders: the days it ordered on, the gaps between them.

use super::index::Index;
use super::profit::{Prices, counts};
use crate::model::day::Day;
use crate::model::money::Decimal;

/// The days on which a customer ordered with a positive net (R1: one purchase split in two orders on a day is one),
/// oldest first. A line whose net is unknown counts as an order, a return does not.
pub fn order_days(index: &Index<'_>, customer: usize) -> Vec<Day> {
    let book = index.book;
    let lines = index.orders(customer);
    if lines.is_empty() {
        return Vec::new();
    }
    let prices = Prices::new(book);
    let mut days: Vec<(Day, Decimal)> = Vec::new();
    for l in lines.iter().filter(|l| counts(book, l.id)) {
        let sign = if l.quantity.is_some_and(|q| q.is_sign_negative()) { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let net = prices.net(l).unwrap_or(sign);
        match days.last_mut() {
            Some(last) if last.0 == l.at.day => last.1 += net,
            _ => days.push((l.at.day, net)),
        }
    }
    days.into_iter().filter(|(_, net)| *net > Decimal::ZERO).map(|(d, _)| d).collect()
}

/// Days between order days, sorted.
pub fn gaps(days: &[Day]) -> Vec<i64> {
    let mut gaps: Vec<i64> = days.windows(2).map(|w| (w[1] - w[0]).num_days()).collect();
    gaps.sort_unstable();
    gaps
}
