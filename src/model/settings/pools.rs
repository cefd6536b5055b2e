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
    ("pools.*.keep_customers_with_orders", "true | false"),
    ("pools.*.promise_days", "days"),
    ("pools.*.follow_days", "days | never"),
    ("pools.*.deal_days", "days | never"),
    ("pools.*.after_contract_days", "days | never"),
    ("pools.*.warn_days", "days"),
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
    /// Whether customers with orders stay with their owners.
    pub keep_customers_with_orders: Option<bool>,
    /// A promised day so many days ahead keeps a customer.
    pub promise_days: Option<i64>,
    /// Days without an activity, of customers whose grade, intent and stage say nothing.
    pub follow_days: Option<DaysOrNever>,
    /// Days without an order, likewise.
    pub deal_days: Option<DaysOrNever>,
    /// Days after the last contract's end, likewise.
    pub after_contract_days: Option<DaysOrNever>,
    /// Warned this many days before, likewise.
    pub warn_days: Option<i64>,
}

impl Pool {
    /// Claims that a person may make in a day (R2).
    pub fn claim_per_day(&self) -> i64 {
        self.claim_per_day.unwrap_or(10)
    }
    /// Customers that a person may own (R2).
    pub fn own_limit(&self) -> i64 {
        self.own_limit.unwrap_or(200)
    }
    /// Whether customers with orders count against the limit (R2).
    pub fn counts_customers_with_orders(&self) -> bool {
        self.count_customers_with_orders.unwrap_or(false)
    }
    /// Days in which a former owner may not claim a customer back (R2).
    pub fn cooldown_days(&self) -> i64 {
        self.cooldown_days.unwrap_or(15)
    }
    /// Days that a customer rests in the pool before anybody may claim it (R2).
    pub fn quarantine_days(&self) -> i64 {
        self.quarantine_days.unwrap_or(1)
    }
    /// Whether only two-way contacts reset the clock (R2).
    pub fn counts_two_way(&self) -> bool {
        self.counts.as_deref() != Some("any")
    }
    /// Whether days are working days (R2).
    pub fn counts_working_days(&self) -> bool {
        self.days.as_deref() == Some("working")
    }
    /// Whether customers with orders stay with their owners (R2).
    pub fn keeps_customers_with_orders(&self) -> bool {
        self.keep_customers_with_orders.unwrap_or(false)
    }
    /// How many days ahead a promised day keeps a customer (R2).
    pub fn promise_days(&self) -> i64 {
        self.promise_days.unwrap_or(30)
    }
    /// The release rules of customers whose grade, intent and stage say nothing.
    pub fn limits(&self) -> PoolLimits {
        PoolLimits {
            follow_days: self.follow_days,
            deal_days: self.deal_days,
            after_contract_days: self.after_contract_days,
            warn_days: self.warn_days,
        }
    }
    /// Whether somebody may claim from it.
    pub fn has_member(&self, who: &str) -> bool {
        self.members.is_empty() || self.members.iter().any(|m| m == who)
    }
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
