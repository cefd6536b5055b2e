//! `[stalled]` (R3): from when on a customer that stands still counts as neglected, badly handled or dead.

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use serde::Deserialize;

/// Keys of `[stalled]`.
pub(super) const STALLED: &[Key] = &[
    ("stalled.touch_cycles", "integer"),
    ("stalled.history_cases", "integer"),
    ("stalled.history_percent", "integer"),
    ("stalled.visited_share", "fraction"),
    ("stalled.without_outcome", "integer"),
    ("stalled.peer_factor", "number"),
    ("stalled.tries", "integer"),
    ("stalled.tries_days", "days"),
    ("stalled.drop_odds", "fraction"),
];

/// `[stalled]` (R3).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Stalled {
    /// Cycles without a two-way contact after which a customer is stalled.
    pub touch_cycles: Option<i64>,
    /// Stays that moved on from which on our own history replaces `stall_after`.
    pub history_cases: Option<i64>,
    /// Which percentile of them replaces it.
    pub history_percent: Option<i64>,
    /// Share of the planned contacts below which a customer was not visited.
    pub visited_share: Option<Exact>,
    /// Contacts without an outcome from which on a customer is badly handled.
    pub without_outcome: Option<i64>,
    /// A colleague who advances customers so many times as often shows that the owner handles them badly.
    pub peer_factor: Option<Exact>,
    /// Tries without an answer from which on a customer is dead.
    pub tries: Option<i64>,
    /// Days in which these tries lie.
    pub tries_days: Option<i64>,
    /// Odds below which a customer should be given up.
    pub drop_odds: Option<Exact>,
}

impl Stalled {
    /// Cycles without a two-way contact after which a customer is stalled.
    pub fn touch_cycles(&self) -> i64 {
        self.touch_cycles.unwrap_or(2)
    }
    /// Stays that moved on from which on our own history replaces `stall_after`.
    pub fn history_cases(&self) -> usize {
        self.history_cases.and_then(|n| usize::try_from(n).ok()).unwrap_or(20)
    }
    /// Which percentile of them replaces it, 1 to 100.
    pub fn history_percent(&self) -> usize {
        self.history_percent.and_then(|n| usize::try_from(n).ok()).unwrap_or(75).clamp(1, 100)
    }
    /// Share of the planned contacts below which a customer was not visited.
    pub fn visited_share(&self) -> Decimal {
        self.visited_share.map_or(Decimal::new(5, 1), |s| s.0)
    }
    /// Contacts without an outcome from which on a customer is badly handled.
    pub fn without_outcome(&self) -> i64 {
        self.without_outcome.unwrap_or(2)
    }
    /// How many times as often a colleague advances customers where the owner handles them badly.
    pub fn peer_factor(&self) -> Decimal {
        self.peer_factor.map_or(Decimal::new(15, 1), |s| s.0)
    }
    /// Tries without an answer from which on a customer is dead.
    pub fn tries(&self) -> i64 {
        self.tries.unwrap_or(3)
    }
    /// Days in which these tries lie.
    pub fn tries_days(&self) -> i64 {
        self.tries_days.unwrap_or(45)
    }
    /// Odds below which a customer should be given up.
    pub fn drop_odds(&self) -> Decimal {
        self.drop_odds.map_or(Decimal::new(5, 2), |s| s.0)
    }
}
