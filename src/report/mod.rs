//! Facts become neutral documents: tables of typed cells that every output format prints.

pub mod account;
pub mod customer;
pub mod document;
pub mod due;
pub mod dues;
pub mod explain;
pub mod fields;
pub mod funnel;
pub mod grades;
pub mod grading;
pub mod history;
pub mod list;
pub mod products;
pub mod profit;
pub mod quotes;
pub mod receivables;
pub mod rows;
pub mod schema;
pub mod series;
pub mod today;
pub mod trade;
pub mod unjoined;
pub mod who;

use crate::i18n::{Lang, labels};
use document::Column;

/// A column of text.
pub fn col(lang: Lang, key: &str) -> Column {
    Column { key: key.to_string(), label: labels::label(lang, key), right: false, machine_only: false }
}

/// A column of numbers.
pub fn num(lang: Lang, key: &str) -> Column {
    Column { right: true, ..col(lang, key) }
}

/// A column that only machine formats print.
pub fn hidden(lang: Lang, key: &str) -> Column {
    Column { machine_only: true, ..col(lang, key) }
}
