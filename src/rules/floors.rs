//! R6: whose floor is which, on which day.

use super::engine::index::Index;
use super::floor::line_floor;
use super::history::{fold_of, value_on};
use super::orders::order_days;
use crate::model::day::Day;
use crate::model::fold::Fold;
use crate::model::money::Decimal;
use std::collections::HashMap;

/// The floors of customers: by the grade that each had on a day, and whether it had ordered before. What was asked once is
/// kept.
#[derive(Debug)]
pub struct Floors<'i, 'a> {
    index: &'i Index<'a>,
    grades: HashMap<usize, Option<Fold>>,
    first_days: HashMap<usize, Option<Day>>,
}

impl<'i, 'a> Floors<'i, 'a> {
    /// Nothing asked yet.
    pub fn new(index: &'i Index<'a>) -> Floors<'i, 'a> {
        Floors { index, grades: HashMap::new(), first_days: HashMap::new() }
    }

    /// The floor of what a customer buys on a day.
    pub fn on(&mut self, customer: Option<usize>, day: Day) -> Decimal {
        let index = self.index;
        let first_day =
            customer.and_then(|c| *self.first_days.entry(c).or_insert_with(|| order_days(index, c).first().copied()));
        self.since(customer, day, first_day)
    }

    /// The same where the customer's first order day is known from elsewhere; `None` = it has none. All orders of that
    /// day are first ones. Nobody knows the grade of a customer that is not in the book.
    pub fn since(&mut self, customer: Option<usize>, day: Day, first_day: Option<Day>) -> Decimal {
        let (index, settings) = (self.index, &self.index.book.settings);
        let grade = customer.map_or("", |c| {
            let fold = self.grades.entry(c).or_insert_with(|| fold_of(index.events(c), "grade"));
            fold.as_ref().map_or(index.book.customers[c].grade, |f| value_on(f, day))
        });
        line_floor(settings, grade, first_day.is_none_or(|first| day <= first))
    }
}
