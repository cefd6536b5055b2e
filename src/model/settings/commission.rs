//! `[commission]` (R10): what members get of what their orders bring.

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use serde::Deserialize;

/// Keys of `[commission]`.
pub(super) const COMMISSION: &[Key] = &[
    ("commission.base", "receipts | profit"),
    ("commission.tiers", "list of [value, score]"),
    ("commission.margin", "list of [value, score]"),
    ("commission.new", "number"),
    ("commission.repeat", "number"),
    ("commission.late_days", "days"),
    ("commission.late", "number"),
];

/// `[commission]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Commission {
    /// `receipts` or `profit`.
    pub base: Option<String>,
    /// From which base of a month on which rate: of what lies above, up to the next tier.
    #[serde(default)]
    pub tiers: Vec<[Exact; 2]>,
    /// From which margin of an order on which factor.
    #[serde(default)]
    pub margin: Vec<[Exact; 2]>,
    /// Factor of a customer's first order.
    pub new: Option<Exact>,
    /// Factor of every other order.
    pub repeat: Option<Exact>,
    /// Money that came so many days after it was due …
    pub late_days: Option<i64>,
    /// … has this factor.
    pub late: Option<Exact>,
}

impl Commission {
    /// Whether profit is what counts, and not the money that came in.
    pub fn of_profit(&self) -> bool {
        self.base.as_deref() == Some("profit")
    }
    /// (base from which on, rate), rising.
    pub fn tiers(&self) -> Vec<(Decimal, Decimal)> {
        rising(&self.tiers)
    }
    /// The factor of a margin: that of the highest step that it reaches; 1 below all steps and without any.
    pub fn of_margin(&self, margin: Decimal) -> Decimal {
        let reached = rising(&self.margin).into_iter().rev().find(|(from, _)| margin >= *from);
        reached.map_or(Decimal::ONE, |(_, factor)| factor)
    }
    /// The factor of a customer's first order, or of another one.
    pub fn of_order(&self, first: bool) -> Decimal {
        (if first { self.new } else { self.repeat }).map_or(Decimal::ONE, |f| f.0)
    }
    /// The factor of money that came so many days after it was due.
    pub fn of_delay(&self, days: i64) -> Decimal {
        if days > self.late_days.unwrap_or(90) { self.late.map_or(Decimal::ONE, |f| f.0) } else { Decimal::ONE }
    }
}

fn rising(list: &[[Exact; 2]]) -> Vec<(Decimal, Decimal)> {
    let mut list: Vec<(Decimal, Decimal)> = list.iter().map(|[from, value]| (from.0, value.0)).collect();
    list.sort_unstable();
    list
}
