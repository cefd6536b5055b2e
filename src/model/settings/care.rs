//! `[care]`: the occasions on which somebody thinks of a customer, the holidays, what is said about products some time after
//! they were delivered.

use super::values::{Exact, Key, span};
use crate::model::customer::{is_birthday, month_day};
use crate::model::day::Span;
use serde::Deserialize;

/// The kinds of occasions (R4), in the order in which those of one day stand.
pub const OCCASIONS: [&str; 6] = ["birthday", "date", "holiday", "contract", "first-order", "tip"];

/// Keys of `[care]`.
pub(super) const CARE: &[Key] = &[
    ("care.ahead", "days"),
    ("care.gift_max", "number"),
    ("care.occasions", "list of kinds of occasions"),
    ("care.holidays[].name", "text"),
    ("care.holidays[].zh", "text"),
    ("care.holidays[].date", "text"),
    ("care.holidays[].grades", "list of grades"),
    ("care.tips[].product", "text"),
    ("care.tips[].category", "text"),
    ("care.tips[].days", "list of days"),
    ("care.tips[].every", "span"),
    ("care.tips[].text", "text"),
    ("care.tips[].zh", "text"),
];

/// `[care]`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Care {
    /// Occasions are shown so many days before.
    pub ahead: Option<u64>,
    /// The most that is given to a customer in a year, where its grade says nothing.
    pub gift_max: Option<Exact>,
    /// The kinds that are shown; all of them where the file says nothing.
    pub occasions: Option<Vec<String>>,
    /// Days of the year on which customers are greeted.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// What is said about products.
    #[serde(default)]
    pub tips: Vec<Tip>,
}

impl Care {
    /// Occasions are shown so many days before.
    pub fn ahead(&self) -> u64 {
        self.ahead.unwrap_or(7)
    }
    /// Whether occasions of a kind are shown.
    pub fn has(&self, kind: &str) -> bool {
        self.occasions.as_ref().is_none_or(|kinds| kinds.iter().any(|k| k == kind))
    }
}

/// `[[care.holidays]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Holiday {
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// What it is called in Chinese.
    #[serde(default)]
    pub zh: String,
    /// `10-01` or `农历08-15`.
    #[serde(default)]
    pub date: String,
    /// Only customers of these grades are greeted; empty = all.
    #[serde(default)]
    pub grades: Vec<String>,
}

impl Holiday {
    /// Whether its date is a day of every year.
    pub fn has_day(&self) -> bool {
        let of_year = self.date.strip_prefix("农历").unwrap_or(&self.date);
        is_birthday(&self.date) && month_day(of_year.trim_start_matches('闰')).is_some()
    }
}

/// `[[care.tips]]`: what is said about a product some days after it was delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Tip {
    /// The product.
    pub product: Option<String>,
    /// Or all products of a category.
    pub category: Option<String>,
    /// Days after the day of delivery, else the day promised, else the order's own.
    #[serde(default)]
    pub days: Vec<u64>,
    /// And again and again, counted from the last time that it was bought.
    #[serde(default, deserialize_with = "span")]
    pub every: Option<Span>,
    /// What is said.
    #[serde(default)]
    pub text: String,
    /// The same in Chinese.
    #[serde(default)]
    pub zh: String,
}
