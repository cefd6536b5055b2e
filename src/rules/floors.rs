//! R6: whose floor is which, on which day.

use super::classes::class;
use super::engine::index::Index;
use super::floor::{Level, line_floor};
use super::history::{fold_of, value_on};
use super::orders::order_days;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::fold::Fold;
use crate::model::money::Decimal;
use crate::model::settings::Settings;
use std::collections::HashMap;

/// Whether limits depend on value classes, and with them on the orders of all customers.
pub fn by_class(settings: &Settings) -> bool {
    settings.file.classes.have_limits()
}

/// What whoever judges prices reads besides: the orders of all customers, where kehu.toml has limits for value classes.
pub fn reads(settings: &Settings) -> Reads {
    if by_class(settings) { super::classes::READS } else { Reads::NOTHING }
}

/// The floors of customers: by the grade that each had on a day, and whether it had ordered before. What was asked once is
/// kept.
#[derive(Debug)]
pub struct Floors<'i, 'a> {
    index: &'i Index<'a>,
    grades: HashMap<usize, Option<Fold>>,
    stages: HashMap<usize, Option<Fold>>,
    first_days: HashMap<usize, Option<Day>>,
    /// Whether a stage, or a value class, has limits.
    by_stage: bool,
    by_class: bool,
}

impl<'i, 'a> Floors<'i, 'a> {
    /// Nothing asked yet.
    pub fn new(index: &'i Index<'a>) -> Floors<'i, 'a> {
        let file = &index.book.settings.file;
        let by_stage = file.stages.iter().any(|s| s.margin_floor.is_some() || s.discount_max.is_some());
        let by_class = by_class(&index.book.settings);
        let (grades, stages, first_days) = Default::default();
        Floors { index, grades, stages, first_days, by_stage, by_class }
    }

    /// The floor of what a customer buys on a day.
    pub fn on(&mut self, customer: Option<usize>, day: Day) -> Decimal {
        let index = self.index;
        let first_day =
            customer.and_then(|c| *self.first_days.entry(c).or_insert_with(|| order_days(index, c).first().copied()));
        self.since(customer, day, first_day)
    }

    /// The same where the customer's first order day is known from elsewhere; `None` = it has none. All orders of that
    /// day are first ones.
    pub fn since(&mut self, customer: Option<usize>, day: Day, first_day: Option<Day>) -> Decimal {
        let level = self.level(customer, day);
        line_floor(&self.index.book.settings, level, first_day.is_none_or(|first| day <= first))
    }

    /// What limits are looked up by. Nobody knows the grade of a customer that is not in the book. A stage is that before
    /// the day, since an order of the day may have changed it; a value class is that of today, and says nothing of days
    /// that are over.
    pub fn level(&mut self, customer: Option<usize>, day: Day) -> Level<'a> {
        let (index, book) = (self.index, self.index.book);
        let Some(n) = customer else { return Level::default() };
        let c = &book.customers[n];
        let fold = self.grades.entry(n).or_insert_with(|| fold_of(index.events(n), "grade"));
        let grade = fold.as_ref().map_or(c.grade, |f| value_on(f, day));
        let mut stage = "";
        if self.by_stage {
            let fold = self.stages.entry(n).or_insert_with(|| fold_of(index.events(n), "stage"));
            stage = fold.as_ref().map_or(c.stage, |f| before(f, day));
        }
        let by_class = self.by_class && day >= book.today;
        let class = if by_class { class(index, n).map(|(class, _)| class) } else { None };
        Level { grade, stage, class }
    }
}

/// The state before a day; that in which it began where there was none.
fn before(fold: &Fold, day: Day) -> &'static str {
    let known = day.pred_opt().map_or("", |before| value_on(fold, before));
    if known.is_empty() { fold.applied.first().map_or("", |e| e.to()) } else { known }
}
