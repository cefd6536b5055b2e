//! `[pools]` and the release rules of grades, intents and stages (R2).

use super::values::{DaysOrNever, Key};
use serde::Deserialize;

/// Keys of `[pools]`.
pub(super) const POOLS: &[Key] = &[
    ("pools.*.members", "list of team ids"),
    ("pools.*.claim_per_day", "integer"),
    ("pools.*.own_limit", "integer"),
    ("pools.*.count_customers_with_orders", "true | false"),
    ("pools.*.cooldown_days", "days"),
    ("pools.*.quarantine_days", "days"),
    ("pools.*.counts", "two-way | any"),
    ("pools.*.days", "calendar | working"),
];

/// `[pools.<id>]` (R2).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Pool {
    /// Who may claim; empty = everybody.
    #[serde(default)]
    pub members: Vec<String>,
    /// Claims a person may make in a day.
    pub claim_per_day: Option<i64>,
    /// Customers a person may own.
    pub own_limit: Option<i64>,
    /// Whether customers with orders count against the limit.
    pub count_customers_with_orders: Option<bool>,
    /// Days in which a former owner may not claim it back.
    pub cooldown_days: Option<i64>,
    /// Days a customer rests in the pool.
    pub quarantine_days: Option<i64>,
    /// `two-way` or `any`.
    pub counts: Option<String>,
    /// `calendar` or `working`.
    pub days: Option<String>,
}

/// Days after which a customer goes back to the pool, per grade, intent or stage (R2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct PoolLimits {
    /// Without an activity.
    pub follow_days: Option<DaysOrNever>,
    /// Without an order.
    pub deal_days: Option<DaysOrNever>,
    /// After the last contract's end.
    pub after_contract_days: Option<DaysOrNever>,
    /// Warned this many days before.
    pub warn_days: Option<i64>,
}
