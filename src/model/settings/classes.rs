//! What a value class means (`[classes]`, R5), when a customer is likely to leave (`[risk]`, R7), and the calls that orders
//! cause (`[aftersales]`).

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use serde::Deserialize;

/// The value classes, best first (R5).
pub const CLASSES: [&str; 4] = ["key", "major", "ordinary", "risk"];

/// Keys of `[classes]`: a section for each value class.
pub(super) const CLASS_KEYS: &[Key] = &[
    ("classes.key.playbook", "text"),
    ("classes.key.margin_floor", "fraction"),
    ("classes.key.discount_max", "fraction"),
    ("classes.major.playbook", "text"),
    ("classes.major.margin_floor", "fraction"),
    ("classes.major.discount_max", "fraction"),
    ("classes.ordinary.playbook", "text"),
    ("classes.ordinary.margin_floor", "fraction"),
    ("classes.ordinary.discount_max", "fraction"),
    ("classes.risk.playbook", "text"),
    ("classes.risk.margin_floor", "fraction"),
    ("classes.risk.discount_max", "fraction"),
];

/// `[classes]`: what each value class gets.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Classes {
    /// Those that make up most of the profit.
    pub key: Option<Class>,
    /// The next ones.
    pub major: Option<Class>,
    /// The rest that earn something.
    pub ordinary: Option<Class>,
    /// Those that earn nothing, or may leave.
    pub risk: Option<Class>,
}

/// `[classes.<id>]`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Class {
    /// The checklist of such customers: a file of playbooks/.
    pub playbook: Option<String>,
    /// Lowest margin without approval, as a fraction.
    pub margin_floor: Option<Exact>,
    /// Highest discount without approval, as a fraction.
    pub discount_max: Option<Exact>,
}

impl Classes {
    /// What a class gets; `None` where the file has nothing of it.
    pub fn of(&self, class: &str) -> Option<&Class> {
        match class {
            "key" => self.key.as_ref(),
            "major" => self.major.as_ref(),
            "ordinary" => self.ordinary.as_ref(),
            "risk" => self.risk.as_ref(),
            _ => None,
        }
    }
    /// The classes that the file says something of.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Class)> {
        CLASSES.iter().filter_map(|id| Some((*id, self.of(id)?)))
    }
    /// Whether any class has a limit of its own for prices.
    pub fn have_limits(&self) -> bool {
        self.all().any(|(_, c)| c.margin_floor.is_some() || c.discount_max.is_some())
    }
}

/// Keys of `[aftersales]`.
pub(super) const AFTERSALES: &[Key] = &[
    ("aftersales.first_order", "list of days"),
    ("aftersales.every_order", "list of days"),
    ("aftersales.lapse_days", "days"),
];

/// `[aftersales]`: calls that orders cause, in days from the day promised.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Aftersales {
    /// Of a customer's first order.
    #[serde(default)]
    pub first_order: Vec<i64>,
    /// Of every other order where the customer's grade says nothing.
    #[serde(default)]
    pub every_order: Vec<i64>,
    /// Days after its own on which a call that nobody made is given up.
    pub lapse_days: Option<i64>,
}

impl Aftersales {
    /// Days after its own on which a call that nobody made is given up.
    pub fn lapse_days(&self) -> i64 {
        self.lapse_days.unwrap_or(30)
    }
}

/// Keys of `[risk]`.
pub(super) const RISK: &[Key] = &[
    ("risk.high", "points"),
    ("risk.watch", "points"),
    ("risk.idle", "list of [value, score]"),
    ("risk.drop", "list of [value, score]"),
    ("risk.window_days", "days"),
    ("risk.complaints", "points"),
    ("risk.late_complaint", "points"),
    ("risk.low_score", "points"),
    ("risk.low_csat", "number"),
    ("risk.low_nps", "number"),
    ("risk.follow_up", "points"),
    ("risk.receivable", "points"),
    ("risk.receivable_days", "days"),
    ("risk.key_contact", "points"),
];

/// `[risk]`: the points of what shows that a customer may leave (R7).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Risk {
    /// Points from which on the risk is high.
    pub high: Option<Exact>,
    /// Points from which on it is watched.
    pub watch: Option<Exact>,
    /// Points by how many of its own median gaps the last order is ago: more than so many.
    pub idle: Option<Vec<[Exact; 2]>>,
    /// Points by the share of the amount that is gone since a year ago.
    pub drop: Option<Vec<[Exact; 2]>>,
    /// Days over which amounts and complaints are counted.
    pub window_days: Option<i64>,
    /// Points of more complaints than in the days before.
    pub complaints: Option<Exact>,
    /// Points of a complaint that is late.
    pub late_complaint: Option<Exact>,
    /// Points of a last answer that is a low score.
    pub low_score: Option<Exact>,
    /// Satisfaction up to which an answer is low.
    pub low_csat: Option<Exact>,
    /// Recommendation up to which an answer is low.
    pub low_nps: Option<Exact>,
    /// Points of a follow-up that is late by more than a cycle.
    pub follow_up: Option<Exact>,
    /// Points of a receivable that is very late.
    pub receivable: Option<Exact>,
    /// Days from which on it is very late.
    pub receivable_days: Option<i64>,
    /// Points of a decision-maker who left.
    pub key_contact: Option<Exact>,
}

impl Risk {
    /// Points from which on the risk is high.
    pub fn high(&self) -> Decimal {
        points(self.high, 60)
    }
    /// Points from which on it is watched.
    pub fn watch(&self) -> Decimal {
        points(self.watch, 30)
    }
    /// (more than so many median gaps since the last order, points), rising.
    pub fn idle(&self) -> Vec<[Decimal; 2]> {
        steps(self.idle.as_deref(), &[[(15, 1), (20, 0)], [(2, 0), (35, 0)], [(3, 0), (50, 0)]])
    }
    /// (at least so large a share of the amount gone, points), rising.
    pub fn drop(&self) -> Vec<[Decimal; 2]> {
        steps(self.drop.as_deref(), &[[(3, 1), (15, 0)], [(6, 1), (25, 0)]])
    }
    /// Days over which amounts and complaints are counted.
    pub fn window_days(&self) -> i64 {
        self.window_days.unwrap_or(90).max(1)
    }
    /// Points of more complaints than in the days before.
    pub fn complaints(&self) -> Decimal {
        points(self.complaints, 10)
    }
    /// Points of a complaint that is late.
    pub fn late_complaint(&self) -> Decimal {
        points(self.late_complaint, 10)
    }
    /// Points of a last answer that is a low score.
    pub fn low_score(&self) -> Decimal {
        points(self.low_score, 10)
    }
    /// Satisfaction up to which an answer is low, 1 to 5.
    pub fn low_csat(&self) -> Decimal {
        points(self.low_csat, 2)
    }
    /// Recommendation up to which an answer is low, 0 to 10.
    pub fn low_nps(&self) -> Decimal {
        points(self.low_nps, 6)
    }
    /// Points of a follow-up that is late by more than a cycle.
    pub fn follow_up(&self) -> Decimal {
        points(self.follow_up, 5)
    }
    /// Points of a receivable that is very late.
    pub fn receivable(&self) -> Decimal {
        points(self.receivable, 5)
    }
    /// Days from which on a receivable is very late.
    pub fn receivable_days(&self) -> i64 {
        self.receivable_days.unwrap_or(60)
    }
    /// Points of a decision-maker who left.
    pub fn key_contact(&self) -> Decimal {
        points(self.key_contact, 10)
    }
}

fn points(set: Option<Exact>, otherwise: i64) -> Decimal {
    set.map_or(Decimal::from(otherwise), |p| p.0)
}

fn steps(set: Option<&[[Exact; 2]]>, otherwise: &[[(i64, u32); 2]]) -> Vec<[Decimal; 2]> {
    let mut steps: Vec<[Decimal; 2]> = match set {
        Some(set) => set.iter().map(|s| s.map(|e| e.0)).collect(),
        None => otherwise.iter().map(|s| s.map(|(n, scale)| Decimal::new(n, scale))).collect(),
    };
    steps.sort();
    steps
}
