//! R5, R6: the customers that count most.

use super::engine::groups::by_customer;
use super::engine::index::Index;
use super::profit::year;
use super::ranking::up_to_share;
use crate::model::day::Day;
use crate::model::money::Decimal;

/// The key customers, by index: active ones of the best grade of kehu.toml, and the ones that earned most in the twelve
/// months up to the day, up to the one that crosses `[kpi] key_share` of all profit.
pub fn key_customers(index: &Index<'_>, today: Day) -> Vec<bool> {
    let book = index.book;
    let figures = by_customer(book, index.prices(), year(today));
    let earned: Vec<Option<Decimal>> = (0..book.customers.len()).map(|c| figures.of(c).profit()).collect();
    let mut order: Vec<usize> = (0..earned.len()).collect();
    order.sort_by(|a, b| earned[*b].cmp(&earned[*a]).then(a.cmp(b)));
    let values: Vec<Decimal> = order.iter().map(|n| earned[*n].unwrap_or_default()).collect();
    let mut key = vec![false; earned.len()];
    for n in order.iter().take(up_to_share(&values, book.settings.key_share())) {
        key[*n] = true;
    }
    let best = book.settings.file.grades.keys().next();
    for (n, c) in book.customers.iter().enumerate() {
        key[n] = !c.closed && (key[n] || best.is_some_and(|g| g == c.grade));
    }
    key
}
