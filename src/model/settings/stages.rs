//! `[[stages]]` (R1) and `[[deal_stages]]`: the ladders of customers and deals.

use super::pools::PoolLimits;
use super::values::{Exact, Key, span};
use crate::model::day::Span;
use serde::Deserialize;

/// What a stage means for the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageCategory {
    /// Has not bought.
    Presale,
    /// Buys.
    Customer,
    /// Gone.
    Lost,
}

impl StageCategory {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            StageCategory::Presale => "presale",
            StageCategory::Customer => "customer",
            StageCategory::Lost => "lost",
        }
    }
}

/// What a `requires` or `advance_on` word may be: its kind, and what stands behind the colon.
pub const REQUIREMENTS: &[(&str, &str)] =
    &[("activity", "N"), ("need", "N"), ("order", "N"), ("order-day", "N"), ("field", "NAME")];

/// Whether a word is one of [`REQUIREMENTS`].
pub fn is_requirement(word: &str) -> bool {
    let Some((kind, of)) = word.split_once(':') else { return false };
    REQUIREMENTS.iter().any(|(k, what)| {
        *k == kind && if *what == "N" { of.parse::<u32>().is_ok_and(|n| n > 0) } else { !of.is_empty() }
    })
}

/// Keys of `[[stages]]`.
pub(super) const STAGES: &[Key] = &[
    ("stages[].id", "id"),
    ("stages[].label", "text"),
    ("stages[].zh", "text"),
    ("stages[].category", "presale | customer | lost"),
    ("stages[].to", "list of stages"),
    ("stages[].requires", "list of requirements"),
    ("stages[].stall_after", "days"),
    ("stages[].contact_every", "span"),
    ("stages[].advance_on", "requirement"),
    ("stages[].playbook", "text"),
    ("stages[].margin_floor", "fraction"),
    ("stages[].discount_max", "fraction"),
    ("stages[].pool.follow_days", "days | never"),
    ("stages[].pool.deal_days", "days | never"),
    ("stages[].pool.after_contract_days", "days | never"),
    ("stages[].pool.warn_days", "days"),
];

/// `[[stages]]` (R1).
#[derive(Debug, Clone, Deserialize)]
pub struct Stage {
    /// Key.
    pub id: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// What it means for the sale.
    pub category: StageCategory,
    /// Stages that may follow.
    #[serde(default)]
    pub to: Vec<String>,
    /// What a customer needs to enter.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Days after which a customer counts as stalled.
    pub stall_after: Option<i64>,
    /// Follow-up cycle.
    #[serde(default, deserialize_with = "span")]
    pub contact_every: Option<Span>,
    /// The fact that moves a customer of an earlier stage here by itself: `order:N` or `order-day:N`.
    pub advance_on: Option<String>,
    /// The checklist of customers in it: a file of playbooks/.
    pub playbook: Option<String>,
    /// Lowest margin without approval of customers without a grade that says one, as a fraction.
    pub margin_floor: Option<Exact>,
    /// Highest discount without approval of customers without a grade that says one, as a fraction.
    pub discount_max: Option<Exact>,
    /// Release rules.
    pub pool: Option<PoolLimits>,
}

/// Keys of `[[deal_stages]]`.
pub(super) const DEAL_STAGES: &[Key] = &[
    ("deal_stages[].id", "id"),
    ("deal_stages[].label", "text"),
    ("deal_stages[].zh", "text"),
    ("deal_stages[].category", "open | won | lost"),
    ("deal_stages[].probability", "fraction"),
    ("deal_stages[].to", "list of deal stages"),
    ("deal_stages[].stall_after", "days"),
];

/// `[[deal_stages]]`.
#[derive(Debug, Clone, Deserialize)]
pub struct DealStage {
    /// Key.
    pub id: String,
    /// English label.
    #[serde(default)]
    pub label: String,
    /// Chinese label.
    #[serde(default)]
    pub zh: String,
    /// `open`, `won` or `lost`.
    pub category: String,
    /// Chance of winning, 0 to 1.
    pub probability: Exact,
    /// Stages that may follow.
    #[serde(default)]
    pub to: Vec<String>,
    /// Days after which a deal counts as stalled.
    pub stall_after: Option<i64>,
}
