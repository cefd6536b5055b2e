//! Whom to serve first in the busy season (`[season]`).

use super::classes::class;
use super::engine::index::Index;
use crate::model::day::Day;
use crate::model::settings::Settings;
use chrono::Datelike;

/// Whether a day lies in the busy season.
pub fn is_busy(settings: &Settings, day: Day) -> bool {
    settings.file.season.months.contains(&day.month())
}

/// Whether the order of service asks for value classes, which takes the orders of all customers.
pub fn asks_for_classes(settings: &Settings) -> bool {
    settings.file.season.serve.iter().any(|word| word.starts_with("class:"))
}

/// What an entry of `[season] serve` means: `class`, `grade` or `stage`, and which; `None` when it is none.
pub fn entry(word: &str) -> Option<(&str, &str)> {
    word.split_once(':').filter(|(kind, of)| matches!(*kind, "class" | "grade" | "stage") && !of.is_empty())
}

/// Where a customer stands in the order of service: the first entry of `[season] serve` that it fits, counted from 0. Who
/// fits none comes last.
pub fn place(index: &Index<'_>, customer: usize) -> Option<usize> {
    let book = index.book;
    let c = &book.customers[customer];
    book.settings.file.season.serve.iter().position(|word| match entry(word) {
        Some(("class", id)) => class(index, customer).is_some_and(|(class, _)| class == id),
        Some(("grade", id)) => c.grade == id,
        Some(("stage", id)) => c.stage == id,
        _ => false,
    })
}
