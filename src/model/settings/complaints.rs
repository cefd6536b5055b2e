//! `[complaints]` (R11): their categories and deadlines; `[suppliers]`: how complaints weigh against suppliers; `[feedback]`: which
//! answers open one.

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[complaints]`.
pub(super) const COMPLAINTS: &[Key] = &[
    ("complaints.categories", "list of texts"),
    ("complaints.first_response.*", "working hours"),
    ("complaints.sla.*", "days"),
    ("complaints.safety_hours", "hours"),
    ("complaints.unit", "working | calendar"),
    ("complaints.alarms", "list of fractions"),
    ("complaints.guard_months", "integer"),
];

/// Keys of `[suppliers]`.
pub(super) const SUPPLIERS: &[Key] =
    &[("suppliers.weights.*", "number"), ("suppliers.points", "list of [value, score]")];

/// `[suppliers]`: the score of a supplier by the complaints about its goods.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Suppliers {
    /// How much a complaint of each severity counts.
    #[serde(default)]
    pub weights: IndexMap<String, Exact>,
    /// Points by weighed complaints for each order line.
    pub points: Option<Vec<[Exact; 2]>>,
}

impl Suppliers {
    /// How much a complaint of a severity counts: 1 where the file says nothing.
    pub fn weight(&self, severity: &str) -> Decimal {
        self.weights.get(severity).map_or(Decimal::ONE, |w| w.0)
    }
    /// (weighed complaints for each order line, points), rising.
    pub fn points(&self) -> Vec<(Decimal, Decimal)> {
        let mut points: Vec<(Decimal, Decimal)> = match &self.points {
            Some(set) => set.iter().map(|[x, y]| (x.0, y.0)).collect(),
            None => SCORE.iter().map(|(x, y)| (Decimal::new(*x, 2), Decimal::from(*y))).collect(),
        };
        points.sort_unstable();
        points
    }
}

/// Points of a supplier by complaints for each hundred order lines, where kehu.toml says nothing.
const SCORE: [(i64, i64); 4] = [(0, 100), (1, 80), (5, 40), (10, 0)];

/// Keys of `[feedback]`.
pub(super) const FEEDBACK: &[Key] = &[("feedback.open_complaint", "true | false"), ("feedback.within_days", "days")];

/// `[feedback]`: what an answer with a low score leads to (R11).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Feedback {
    /// Whether it opens a complaint.
    #[serde(default)]
    pub open_complaint: bool,
    /// Only answers of the last so many days do; absent = all.
    pub within_days: Option<i64>,
}

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
    /// Hours by the calendar for a complaint of severity `safety`.
    pub safety_hours: Option<i64>,
    /// `working` or `calendar`.
    pub unit: Option<String>,
    /// Shares of the budget at which people are told.
    #[serde(default)]
    pub alarms: Vec<Exact>,
    /// Months in which a complaint is shown before the same goods are sold to the customer again.
    pub guard_months: Option<u32>,
}

/// How time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeUnit {
    /// By the shifts of working days.
    #[default]
    Working,
    /// By the calendar.
    Calendar,
}

/// Shares of the time at which people are told, where kehu.toml says nothing: the handler, those above, and once more.
const ALARMS: [i64; 3] = [50, 80, 100];

impl Complaints {
    /// How days are counted. Words are judged by the table of keys where the file is read; one that is none counts as the default.
    pub fn unit(&self) -> TimeUnit {
        if self.unit.as_deref() == Some("calendar") { TimeUnit::Calendar } else { TimeUnit::Working }
    }
    /// Hours by the calendar for a complaint of severity `safety`.
    pub fn safety_hours(&self) -> i64 {
        self.safety_hours.unwrap_or(24)
    }
    /// Months in which a complaint is shown before the same goods are sold to the customer again; 0 = never.
    pub fn guard_months(&self) -> u32 {
        self.guard_months.unwrap_or(24)
    }
    /// Shares of the time at which people are told, in their order.
    pub fn alarms(&self) -> Vec<Decimal> {
        match self.alarms.as_slice() {
            [] => ALARMS.iter().map(|n| Decimal::new(*n, 2)).collect(),
            list => {
                let mut shares: Vec<Decimal> = list.iter().map(|share| share.0).collect();
                shares.sort_unstable();
                shares
            }
        }
    }
}
