//! R1, R13: how customers began: as leads or not, and when they first entered a customer stage.

use crate::model::day::Day;
use crate::model::settings::StageCategory;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::history::{Visit, fold_of, visits};
use crate::rules::stays::stays;
use rayon::prelude::*;

/// How a customer began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beginning {
    /// The day of its creation.
    pub created: Option<Day>,
    /// Whether its first stage that is known is a presale one: a record that begins as a customer never was a lead.
    pub is_lead: bool,
    /// Whether it ever entered a customer stage.
    pub became: bool,
    /// When it first did; `None` = never, or nobody knows.
    pub entered: Option<Day>,
    /// When it began to stand in a presale stage, and when it ceased to; `None` = before all that is known.
    presale: Vec<(Option<Day>, bool)>,
    /// The same of being closed.
    closed: Vec<(Option<Day>, bool)>,
}

/// What was true at the end of a day.
fn on(turns: &[(Option<Day>, bool)], day: Day) -> bool {
    turns.iter().rev().find(|(since, _)| since.is_none_or(|since| since <= day)).is_some_and(|(_, is)| *is)
}

impl Beginning {
    /// Whether it was an open lead at the end of a day: it had begun as one, stood in a presale stage, and was not closed.
    pub fn is_open_lead(&self, day: Day) -> bool {
        let created = self.created.is_some_and(|created| created <= day);
        self.is_lead && created && on(&self.presale, day) && !on(&self.closed, day)
    }
}

/// How each customer began, by its index.
pub fn beginnings(index: &Index<'_>) -> Vec<Beginning> {
    let customers = index.book.customers.len();
    index.all_events();
    (0..customers).into_par_iter().with_min_len(512).map(|c| inside(|| beginning(index, c))).collect()
}

fn beginning(index: &Index<'_>, customer: usize) -> Beginning {
    let book = index.book;
    let list = stays(book, index.events(customer), customer);
    let category = |v: &Visit| book.settings.stage(v.state).map(|s| s.category);
    let is_customer = |v: &&Visit| category(v) == Some(StageCategory::Customer);
    let first = list.iter().find(is_customer);
    let is_presale = |v: &Visit| category(v) == Some(StageCategory::Presale);
    let closed = match fold_of(index.events(customer), "status") {
        Some(f) => visits(&f).iter().map(|v| (v.from, v.state == "closed")).collect(),
        None => vec![(None, book.customers[customer].closed)],
    };
    Beginning {
        created: book.customers[customer].created,
        is_lead: list.first().and_then(category) == Some(StageCategory::Presale),
        became: first.is_some(),
        entered: first.and_then(|v| v.from),
        presale: list.iter().map(|v| (v.from, is_presale(v))).collect(),
        closed,
    }
}
