//! R5, policy per grade: the visits that a customer is owed and has had, when the next one is due, and what it gets beyond
//! its own row.

use super::engine::index::Index;
use super::exposure::credit_used;
use super::history::fold_of;
use super::profit::{counts, year};
use crate::model::day::Day;
use crate::model::money::{Decimal, multiply};
use crate::model::period::Period;
use crate::model::row::Activity;
use chrono::Days;

/// Days of a year of visits.
const YEAR: i64 = 365;

/// What a customer is owed and gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// By index.
    pub customer: usize,
    /// Visits owed in a year, by its grade.
    pub per_year: i64,
    /// Since when it is owed them: its creation, or the day on which it last left the pool.
    pub since: Option<Day>,
    /// Visits that should have been made in the last 365 days, or since then.
    pub required: i64,
    /// Visits made in the last 365 days.
    pub visits: i64,
    /// The last of all visits.
    pub last: Option<Activity>,
    /// When the next one is due; `None` where none is owed.
    pub next: Option<Day>,
    /// Discount given over the last twelve months, as a share of what was sold before it; `None` = nothing sold at a price.
    pub discount: Option<Decimal>,
    /// Highest discount of its grade.
    pub discount_max: Option<Decimal>,
    /// What it owes / its credit limit.
    pub credit_used: Option<Decimal>,
}

impl Coverage {
    /// Visits that are missing.
    pub fn missing(&self) -> i64 {
        (self.required - self.visits).max(0)
    }
    /// Days by which the next visit is late.
    pub fn days_overdue(&self, today: Day) -> i64 {
        self.next.map_or(0, |next| (today - next).num_days().max(0))
    }
    /// Whether it was visited more often than it is owed.
    pub fn over_visits(&self) -> bool {
        self.visits > self.per_year
    }
    /// Whether it was given more discount than its grade allows.
    pub fn over_discount(&self) -> bool {
        matches!((self.discount, self.discount_max), (Some(given), Some(most)) if given > most)
    }
    /// Whether it owes more than its limit.
    pub fn over_credit(&self) -> bool {
        self.credit_used.is_some_and(|used| used > Decimal::ONE)
    }
}

/// Visits owed so far: so many a year, in proportion to the days, at most a year's.
pub fn required(per_year: i64, days: i64) -> i64 {
    per_year.saturating_mul(days.clamp(0, YEAR)) / YEAR
}

/// When the visit after one on a day is due; `None` where none is owed, or beyond the calendar.
pub fn next_visit(per_year: i64, after: Day) -> Option<Day> {
    let gap = u64::try_from(YEAR.checked_div(per_year)?).ok()?;
    after.checked_add_days(Days::new(gap))
}

/// Since when a customer is owed visits: since it was created, or since it last left the pool. Another owner changes nothing.
fn owed_since(index: &Index<'_>, customer: usize) -> Option<Day> {
    let c = &index.book.customers[customer];
    let fold = fold_of(index.events(customer), "owner");
    let left = fold.and_then(|f| f.applied.iter().rev().find(|e| e.from().is_empty()).map(|e| e.day()));
    left.into_iter().chain(c.created).max()
}

/// What a customer is owed and gets; `None` for one that is closed, in the pool, or of a grade without visits in its row.
pub fn coverage(index: &Index<'_>, customer: usize) -> Option<Coverage> {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    let per_year = settings.file.grades.get(c.grade)?.visits_per_year?;
    if c.closed || c.owner.is_empty() {
        return None;
    }
    let window = Period { from: book.today.checked_sub_days(Days::new(YEAR.unsigned_abs() - 1)), to: Some(book.today) };
    let is_visit = |a: &&Activity| settings.is_visit(a.channel()) && a.outcome() != "no-answer";
    let all = index.activities(customer);
    let last = all.iter().rev().find(is_visit).copied();
    let visits = all.iter().rev().take_while(|a| window.contains(a.day())).filter(is_visit).count();
    let since = owed_since(index, customer);
    Some(Coverage {
        customer,
        per_year,
        since,
        required: since.map_or(0, |since| required(per_year, (book.today - since).num_days())),
        visits: i64::try_from(visits).unwrap_or(i64::MAX),
        last,
        next: last.map(|a| a.day()).or(since).and_then(|day| next_visit(per_year, day)),
        discount: discount(index, customer),
        discount_max: settings.file.grades.get(c.grade)?.discount_max.map(|most| most.0),
        credit_used: credit_used(index, customer),
    })
}

/// Discount given by the sale lines of the last twelve months, weighted by what they came to before it.
fn discount(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let (before, given) = discounts(index, customer)?;
    (before > Decimal::ZERO).then(|| given.checked_div(before))?
}

/// What the sale lines of the last twelve months with a price came to before discounts, and the discounts on them; `None` beyond
/// 28 digits.
pub fn discounts(index: &Index<'_>, customer: usize) -> Option<(Decimal, Decimal)> {
    let (book, prices) = (index.book, index.prices());
    let window = year(book.today);
    let (mut before, mut given) = (Decimal::ZERO, Decimal::ZERO);
    let lines = index.orders(customer).iter().filter(|l| window.contains(l.day()) && l.returns().is_empty());
    for l in lines.filter(|l| counts(book, l.id())) {
        let (Some(quantity), Some(price)) = (l.quantity().filter(|q| *q > Decimal::ZERO), l.price()) else { continue };
        let Some(rate) = prices.rate(l.currency(), l.day()) else { continue };
        let Some(list) = multiply(quantity, price).and_then(|sum| multiply(sum, rate)) else { continue };
        before = before.checked_add(list)?;
        given = given.checked_add(multiply(list, l.discount().unwrap_or_default())?)?;
    }
    Some((before, given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn visits_are_owed_in_proportion() {
        let check = |per_year: i64, days: i64, expected: i64| {
            assert_eq!(required(per_year, days), expected, "{per_year} a year, {days} days");
        };
        check(4, 91, 0);
        check(4, 92, 1);
        check(4, 364, 3);
        check(4, 365, 4);
        check(4, 5000, 4);
        check(1, 364, 0);
        check(0, 365, 0);
        check(4, -3, 0);
    }

    #[test]
    fn the_next_visit_is_due_a_part_of_the_year_later() {
        let check = |per_year: i64, last: &str, expected: Option<&str>| {
            let day = |s: &str| parse_day(s).unwrap();
            assert_eq!(next_visit(per_year, day(last)), expected.map(day), "{per_year} {last}");
        };
        check(4, "2026-01-01", Some("2026-04-02"));
        check(2, "2026-01-01", Some("2026-07-02"));
        check(1, "2026-01-01", Some("2027-01-01"));
        check(3, "2026-01-01", Some("2026-05-02"));
        check(0, "2026-01-01", None);
        check(-1, "2026-01-01", None);
    }
}
