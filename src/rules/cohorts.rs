//! R13: customers by the month or quarter of their first order: how many of them order again in each part after it, and what
//! they buy.

use super::engine::groups::{Basis, Breakdown};
use super::engine::index::Index;
use super::profit::Subject;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;
use std::borrow::Cow;

/// A cohort in one of the parts from its own on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age {
    /// Those of its customers that ordered in the part.
    pub active: i64,
    /// What all of its customers bought in it.
    pub revenue: Decimal,
    /// Lines of it whose worth nobody knows.
    pub unreadable: i64,
}

/// The customers whose first order lies in a part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cohort {
    /// Their indexes.
    pub customers: Vec<usize>,
    /// That part, and those after it.
    pub ages: Vec<Age>,
}

impl Cohort {
    /// The share of its customers that ordered at an age.
    pub fn share(&self, age: usize) -> Option<Decimal> {
        Decimal::from(self.ages.get(age)?.active).checked_div(Decimal::from(self.customers.len()))
    }

    /// What they bought at an age, as a part of what they bought in their first part.
    pub fn revenue_share(&self, age: usize) -> Option<Decimal> {
        let first = self.ages.first()?.revenue;
        self.ages.get(age)?.revenue.checked_div(first).filter(|_| first > Decimal::ZERO)
    }
}

/// The part of a day; `None` = it lies in none. Parts follow one another.
pub fn part_of(parts: &[Period], day: Day) -> Option<usize> {
    let n = parts.partition_point(|p| p.to.is_some_and(|to| to < day));
    parts.get(n).filter(|p| p.contains(day)).map(|_| n)
}

/// A cohort for each part, of the customers that fit, up to today.
pub fn cohorts(index: &Index<'_>, fits: impl Fn(usize) -> bool, parts: &[Period]) -> Vec<Cohort> {
    let (book, order_days) = (index.book, index.order_days());
    let begun = parts.iter().take_while(|p| p.from.is_none_or(|from| from <= book.today)).count();
    let parts = &parts[..begun];
    let mut out: Vec<Cohort> = (0..parts.len())
        .map(|n| Cohort { customers: Vec::new(), ages: vec![Age::default(); parts.len() - n] })
        .collect();
    // The cohort of each customer, as text.
    let names: Vec<String> = (0..parts.len()).map(|n| n.to_string()).collect();
    let mut cohort_of: Vec<Option<usize>> = vec![None; book.customers.len()];
    for (customer, cohort) in cohort_of.iter_mut().enumerate() {
        let days = order_days.of(customer);
        *cohort = days.first().and_then(|day| part_of(parts, *day)).filter(|_| fits(customer));
        let Some(first) = *cohort else { continue };
        out[first].customers.push(customer);
        let mut last = None;
        for part in days.iter().filter_map(|day| part_of(parts, *day)) {
            if last != Some(part) {
                out[first].ages[part - first].active += 1;
            }
            last = Some(part);
        }
    }
    let (Some(from), Some(to)) = (parts.first().map(|p| p.from), parts.last().map(|p| p.to)) else { return out };
    let name = |s: &Subject<'_>| {
        let cohort = s.customer.and_then(|c| cohort_of[c]);
        cohort.map_or(Cow::Borrowed(""), |n| Cow::Owned(names[n].clone()))
    };
    let part = |day: Day| part_of(parts, day).unwrap_or_default();
    let whole = Period { from, to };
    let sold = Breakdown::new(book, index.prices(), whole, Basis::Customer, name, (parts.len(), &part));
    for (first, cohort) in out.iter_mut().enumerate() {
        for (n, age) in cohort.ages.iter_mut().enumerate() {
            let figures = sold.of(&names[first], first + n);
            (age.revenue, age.unreadable) = (figures.revenue(), figures.unreadable_lines);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn a_day_belongs_to_one_part() {
        let day = |text: &str| parse_day(text).unwrap();
        let parts =
            [("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30")].map(|(a, b)| Period::new(day(a), day(b)));
        let check = |text: &str, expected| assert_eq!(part_of(&parts, day(text)), expected, "{text}");
        check("2025-12-31", None);
        check("2026-01-01", Some(0));
        check("2026-03-31", Some(0));
        check("2026-04-01", Some(1));
        check("2026-07-01", None);
    }

    #[test]
    fn shares_are_of_the_cohort_and_of_its_first_part() {
        let age = |active, revenue: i64| Age { active, revenue: Decimal::from(revenue), unreadable: 0 };
        let cohort = Cohort { customers: vec![0, 1, 2, 3], ages: vec![age(4, 200), age(1, 50), age(0, -10)] };
        assert_eq!(cohort.share(1), Some(Decimal::new(25, 2)));
        assert_eq!(cohort.revenue_share(1), Some(Decimal::new(25, 2)));
        assert_eq!(cohort.revenue_share(2), Some(Decimal::new(-5, 2)));
        assert_eq!(cohort.share(3), None);
        // What was given away, or taken back at once, is no measure.
        let free = Cohort { customers: vec![0], ages: vec![age(1, 0), age(1, 50)] };
        assert_eq!((free.revenue_share(1), Cohort::default().share(0)), (None, None));
    }
}
