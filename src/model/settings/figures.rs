//! `[season]` and `[kpi]`: windows, rates and shares of figures.

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[season]`.
pub(super) const SEASON: &[Key] = &[
    ("season.months", "list of months"),
    ("season.pause_share", "fraction"),
    ("season.serve", "list of value classes, grades, stages"),
];

/// `[season]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Season {
    /// Months of the busy season.
    #[serde(default)]
    pub months: Vec<u32>,
    /// Share of the products sold in it, those of the lowest margin, that are candidates to pause.
    pub pause_share: Option<Exact>,
    /// Whom to serve first in it, first of all first: `class:key`, `grade:A`, `stage:repeat`.
    #[serde(default)]
    pub serve: Vec<String>,
}

impl Season {
    /// Share of the products sold in the busy season that are candidates to pause (R6).
    pub(super) fn pause_share(&self) -> Decimal {
        self.pause_share.map_or(Decimal::new(2, 1), |s| s.0)
    }
}

/// Keys of `[kpi]`.
pub(super) const KPI: &[Key] = &[
    ("kpi.windows.*", "span"),
    ("kpi.discount_rate", "fraction"),
    ("kpi.annual_rate", "fraction"),
    ("kpi.relation_fade_days", "days"),
    ("kpi.pyramid", "list of integers"),
    ("kpi.deal_share", "fraction"),
    ("kpi.key_share", "fraction"),
    ("kpi.major_share", "fraction"),
    ("kpi.satisfied_from", "number"),
    ("kpi.active_gaps", "number"),
    ("kpi.active_orders", "integer"),
    ("kpi.active_days", "list of integers"),
    ("kpi.active_quantile", "integer"),
    ("kpi.answer_days", "days"),
    ("kpi.targets.acquisition", "number"),
    ("kpi.targets.first_contact_rate", "number"),
    ("kpi.targets.quote_days", "number"),
    ("kpi.targets.sales_cycle", "number"),
    ("kpi.targets.sales_growth", "number"),
    ("kpi.targets.avg_order", "number"),
    ("kpi.targets.repurchase_rate", "number"),
    ("kpi.targets.retention", "number"),
    ("kpi.targets.churn", "number"),
    ("kpi.targets.revenue_churn", "number"),
    ("kpi.targets.renewal_rate", "number"),
    ("kpi.targets.csat", "number"),
    ("kpi.targets.nps", "number"),
    ("kpi.targets.resolution_rate", "number"),
    ("kpi.targets.in_time_rate", "number"),
    ("kpi.targets.response_time", "number"),
];

/// `[kpi]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Kpi {
    /// Windows of single figures.
    #[serde(default)]
    pub windows: IndexMap<String, String>,
    /// A year, as a fraction.
    pub discount_rate: Option<Exact>,
    /// Cost of money, a year, as a fraction.
    pub annual_rate: Option<Exact>,
    /// Silence after which a relation level fades.
    pub relation_fade_days: Option<i64>,
    /// Strangers, acquaintances, friends and confidants among contacts, as a proportion.
    pub pyramid: Option<[u32; 4]>,
    /// Share of contacts about deals from which on they are one-sided.
    pub deal_share: Option<Exact>,
    /// Share of the profit that key customers, and leading products, make up.
    pub key_share: Option<Exact>,
    /// Share of the profit that key and major customers together make up.
    pub major_share: Option<Exact>,
    /// Satisfaction from which on a customer counts as satisfied, 1 to 5.
    pub satisfied_from: Option<Exact>,
    /// A customer is active for so many of its own median gaps after an order.
    pub active_gaps: Option<Exact>,
    /// From so many order days on its own gaps count.
    pub active_orders: Option<u32>,
    /// The shortest and the longest time, in days, for which its own gaps keep it active.
    pub active_days: Option<[u32; 2]>,
    /// Where its own do not count: the percentile of the gaps of all customers.
    pub active_quantile: Option<u32>,
    /// Days within which a new lead should have taken part in a contact.
    pub answer_days: Option<i64>,
    /// What single figures of the company are to reach.
    #[serde(default)]
    pub targets: IndexMap<String, Exact>,
}

impl Kpi {
    /// Share of the profit that key customers, and leading products, make up (R5).
    pub(super) fn key_share(&self) -> Decimal {
        self.key_share.map_or(Decimal::new(6, 1), |s| s.0)
    }
    /// What waiting a year for money costs, as a fraction (R8).
    pub fn discount_rate(&self) -> Decimal {
        self.discount_rate.map_or(Decimal::new(1, 1), |r| r.0)
    }
    /// Days of silence after which the level of a relation fades (R15).
    pub fn relation_fade_days(&self) -> i64 {
        self.relation_fade_days.unwrap_or(180)
    }
    /// How many strangers, acquaintances, friends and confidants should stand beside each other (R15).
    pub fn pyramid(&self) -> [i64; 4] {
        self.pyramid.unwrap_or([100, 50, 10, 4]).map(i64::from)
    }
    /// Share of contacts about deals from which on they are one-sided (R15).
    pub fn deal_share(&self) -> Decimal {
        self.deal_share.map_or(Decimal::new(9, 1), |s| s.0)
    }
    /// Satisfaction from which on a customer counts as satisfied, 1 to 5 (R5, R13).
    pub fn satisfied_from(&self) -> Decimal {
        self.satisfied_from.map_or(Decimal::from(4), |s| s.0)
    }
    /// A customer is active for so many of its own median gaps after an order (R7).
    pub fn active_gaps(&self) -> Decimal {
        self.active_gaps.map_or(Decimal::from(3), |s| s.0)
    }
    /// From so many order days on its own gaps count, at least two (R7).
    pub fn active_orders(&self) -> usize {
        self.active_orders.unwrap_or(3).max(2) as usize
    }
    /// The shortest and the longest time, in days, for which its own gaps keep a customer active (R7).
    pub fn active_days(&self) -> (Decimal, Decimal) {
        let [least, most] = self.active_days.unwrap_or([60, 540]).map(Decimal::from);
        (least, most.max(least))
    }
    /// The percentile of the gaps of all customers, up to 100, for which an order keeps a customer active whose own do not count (R7).
    pub fn active_quantile(&self) -> usize {
        self.active_quantile.unwrap_or(90).min(100) as usize
    }
    /// Days within which a new lead should have taken part in a contact (R13).
    pub fn answer_days(&self) -> i64 {
        self.answer_days.unwrap_or(7).max(0)
    }
    /// What a figure of the company is to reach (R13).
    pub fn target(&self, key: &str) -> Option<Decimal> {
        self.targets.get(key).map(|t| t.0)
    }
    /// Share of the profit that key and major customers together make up (R5).
    pub(super) fn major_share(&self) -> Decimal {
        self.major_share.map_or(Decimal::new(9, 1), |s| s.0)
    }
}
