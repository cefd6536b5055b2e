//! R5: every move between grades, with the gross profit of the twelve months after it and before.

use super::engine::index::Index;
use super::history::fold_of;
use super::profit::figures;
use crate::model::Str;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::row::Event;
use chrono::Months;

/// A move of a customer between grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The customer's index.
    pub customer: usize,
    /// The event.
    pub event: Event,
    /// Gross profit of the twelve months up to the day before the move; `None` = nobody knows.
    pub before: Option<Decimal>,
    /// That of the twelve months from the day of the move on; `None` = they are not over, or nobody knows.
    pub after: Option<Decimal>,
    /// Whether these months are over.
    pub over: bool,
}

impl Move {
    /// The grade that it left.
    pub fn from(&self) -> Str {
        self.event.from()
    }
    /// The grade that it came to.
    pub fn to(&self) -> Str {
        self.event.to()
    }
    /// What it brought.
    pub fn effect(&self) -> Option<Decimal> {
        self.after?.checked_sub(self.before?)
    }
}

/// The twelve months before a move on a day, and those that begin with it.
pub fn months(day: Day) -> Option<(Period, Period)> {
    let year = Months::new(12);
    let before = Period::new(day.checked_sub_months(year)?, day.pred_opt()?);
    Some((before, Period::new(day, day.checked_add_months(year)?.pred_opt()?)))
}

/// The moves of some customers in a period, the oldest first. The first grade of a customer is no move.
pub fn moves(index: &Index<'_>, customers: &[usize], period: Period) -> Vec<Move> {
    let profit = |customer: usize, months: Period| {
        let figures = figures(&index.sales(customer, months));
        if figures.is_empty() { Some(Decimal::ZERO) } else { figures.profit() }
    };
    let of_customer = |customer: &usize| {
        let applied = fold_of(index.events(*customer), "grade").map(|f| f.applied).unwrap_or_default();
        let moved = applied.into_iter().filter(|e| period.contains(e.day()) && !e.from().is_empty());
        let customer = *customer;
        moved.filter(|e| e.from() != e.to()).filter_map(move |event| {
            let (before, after) = months(event.day())?;
            let over = after.to.is_some_and(|end| end <= index.book.today);
            let after = if over { profit(customer, after) } else { None };
            Some(Move { customer, event, before: profit(customer, before), after, over })
        })
    };
    let mut out: Vec<Move> = customers.iter().flat_map(of_customer).collect();
    out.sort_by_key(|m| (m.event.day(), m.customer));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn the_day_of_the_move_begins_the_months_after_it() {
        let check = |of_move: &str, expected: [(&str, &str); 2]| {
            let day = |s: &str| parse_day(s).unwrap();
            let of = |(from, to): (&str, &str)| Period::new(day(from), day(to));
            assert_eq!(months(day(of_move)), Some((of(expected[0]), of(expected[1]))));
        };
        check("2025-06-15", [("2024-06-15", "2025-06-14"), ("2025-06-15", "2026-06-14")]);
        check("2024-02-29", [("2023-02-28", "2024-02-28"), ("2024-02-29", "2025-02-27")]);
        check("2025-01-01", [("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31")]);
    }
}
