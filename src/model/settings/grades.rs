//! `[grades]` and `[intents]`: what a customer of each level gets.

use super::pools::PoolLimits;
use super::values::{Exact, Key, span};
use crate::model::day::Span;
use serde::Deserialize;

/// Keys of `[grades]`.
pub(super) const GRADES: &[Key] = &[
    ("grades.*.visits_per_year", "integer"),
    ("grades.*.contact_every", "span"),
    ("grades.*.discount_max", "fraction"),
    ("grades.*.margin_floor", "fraction"),
    ("grades.*.complaint_sla", "days"),
    ("grades.*.aftersales", "list of days"),
    ("grades.*.gift_max", "number"),
    ("grades.*.pool.follow_days", "days | never"),
    ("grades.*.pool.deal_days", "days | never"),
    ("grades.*.pool.after_contract_days", "days | never"),
    ("grades.*.pool.warn_days", "days"),
];

/// `[grades.<id>]`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Grade {
    /// Visits owed in a year.
    pub visits_per_year: Option<i64>,
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// Highest discount without approval, as a fraction.
    pub discount_max: Option<Exact>,
    /// Lowest margin without approval, as a fraction.
    pub margin_floor: Option<Exact>,
    /// Days to solve a complaint.
    pub complaint_sla: Option<i64>,
    /// After-sales calls of every order, in days from the day promised.
    pub aftersales: Option<Vec<i64>>,
    /// The most that is given to such a customer in a year, gifts and entertainment together.
    pub gift_max: Option<Exact>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}

/// Keys of `[intents]`.
pub(super) const INTENTS: &[Key] = &[
    ("intents.*.contact_every", "span"),
    ("intents.*.pool.follow_days", "days | never"),
    ("intents.*.pool.deal_days", "days | never"),
    ("intents.*.pool.after_contract_days", "days | never"),
    ("intents.*.pool.warn_days", "days"),
];

/// `[intents.<id>]`: level of a customer before its first order.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Intent {
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}
