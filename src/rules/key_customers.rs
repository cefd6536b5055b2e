//! R5, R6: the customers that count most, and how many of a ranking make up a share of its sum.

use super::engine::groups::by_customer;
use super::engine::index::Index;
use super::profit::year;
use crate::model::day::Day;
use crate::model::money::Decimal;

/// How many of the largest values it takes to reach a share of their sum: those up to and including the one that crosses
/// it. `values` stand in falling order; values of zero and below, and a sum of such, take no part.
pub fn up_to_share(values: &[Decimal], share: Decimal) -> usize {
    let sum = values.iter().fold(Decimal::ZERO, |sum, v| sum.saturating_add(*v));
    if sum <= Decimal::ZERO {
        return 0;
    }
    let goal = sum.saturating_mul(share);
    let mut reached = Decimal::ZERO;
    let positive = values.iter().take_while(|v| **v > Decimal::ZERO);
    positive
        .take_while(|v| {
            let before = reached;
            reached = reached.saturating_add(**v);
            before < goal
        })
        .count()
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_crosses_belongs_to_it() {
        let check = |values: &[i64], share: &str, expected: usize| {
            let values: Vec<Decimal> = values.iter().copied().map(Decimal::from).collect();
            let share = crate::model::money::parse_decimal(share).unwrap();
            assert_eq!(up_to_share(&values, share), expected, "{values:?} {share}");
        };
        check(&[50, 30, 20], "0.6", 2);
        check(&[60, 30, 10], "0.6", 1);
        check(&[59, 31, 10], "0.6", 2);
        check(&[10, 10, 10, 10, 10], "0.6", 3);
        check(&[100, 0, -40], "0.6", 1);
        check(&[5, -10], "0.6", 0);
        check(&[], "0.6", 0);
        check(&[5, 5], "0", 0);
        check(&[5, 5, 0], "1", 2);
    }
}
