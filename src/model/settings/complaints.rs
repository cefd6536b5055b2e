//! `[complaints]` (R11): their categories and deadlines.

use super::values::{Exact, Key};
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[complaints]`.
pub(super) const COMPLAINTS: &[Key] = &[
    ("complaints.categories", "list of texts"),
    ("complaints.first_response.*", "working hours"),
    ("complaints.sla.*", "days"),
    ("complaints.unit", "working | calendar"),
    ("complaints.alarms", "list of fractions"),
];

/// `[complaints]` (R11).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Complaints {
    /// Closed list.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Working hours per grade, and `default`.
    #[serde(default)]
    pub first_response: IndexMap<String, i64>,
    /// Days per category where smaller than the grade's.
    #[serde(default)]
    pub sla: IndexMap<String, i64>,
    /// `working` or `calendar`.
    pub unit: Option<String>,
    /// Shares of the budget at which people are told.
    #[serde(default)]
    pub alarms: Vec<Exact>,
}
