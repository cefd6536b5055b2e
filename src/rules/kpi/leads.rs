//! R1, R13: how customers began: as leads or not, and when they first entered a customer stage.

use crate::model::day::Day;
use crate::model::settings::StageCategory;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::history::{Visit, fold_of, value_on};
use crate::rules::stays::stays;
use rayon::prelude::*;

/// How a customer began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beginning {
    /// The day of its creation.
    pub created: Option<Day>,
    /// Whether its first stage that is known is a presale one: a record that begins as a customer never was a lead.
    pub is_lead: bool,
    /// Whether it ever entered a customer stage.
    pub became: bool,
    /// When it first did; `None` = never, or nobody knows.
    pub entered: Option<Day>,
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
    Beginning {
        created: book.customers[customer].created,
        is_lead: list.first().and_then(category) == Some(StageCategory::Presale),
        became: first.is_some(),
        entered: first.and_then(|v| v.from),
    }
}

/// Whether a customer was an open lead at the end of a day: it had begun as one, stood in a presale stage, and was not closed.
pub fn is_open_lead(index: &Index<'_>, begun: &Beginning, customer: usize, day: Day) -> bool {
    let (book, events) = (index.book, index.events(customer));
    let c = &book.customers[customer];
    if !begun.is_lead || begun.created.is_none_or(|created| created > day) {
        return false;
    }
    let stage = fold_of(events, "stage").map_or(c.stage, |f| value_on(&f, day));
    let is_closed = fold_of(events, "status").map_or(c.closed, |f| value_on(&f, day) == "closed");
    !is_closed && book.settings.stage(stage).is_some_and(|s| s.category == StageCategory::Presale)
}
