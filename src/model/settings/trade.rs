//! How goods are sold: `[tax]`, `[pricing]` and `[quotes]` (R6), `[approval]` (R12).

use super::values::{Exact, Key};
use crate::model::money::Decimal;
use indexmap::IndexMap;
use serde::Deserialize;

/// Keys of `[tax]`.
pub(super) const TAX: &[Key] = &[("tax.prices", "included | excluded"), ("tax.default_rate", "fraction")];

/// `[tax]`.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Tax {
    /// `included` or `excluded`: how prices are entered.
    pub prices: Option<String>,
    /// As a fraction.
    pub default_rate: Option<Exact>,
}

/// Keys of `[pricing]`.
pub(super) const PRICING: &[Key] = &[("pricing.margin_floor", "fraction"), ("pricing.first_order_floor", "fraction")];

/// `[pricing]` (R6).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Pricing {
    /// Lowest margin without approval where the customer's grade says none, as a fraction; 0 when absent.
    pub margin_floor: Option<Exact>,
    /// Highest margin that a first order must keep, as a fraction; 0 when absent: it may go down to cost.
    pub first_order_floor: Option<Exact>,
}

impl Pricing {
    /// Highest margin that a first order must keep, as a fraction (R6).
    pub fn first_order_floor(&self) -> Decimal {
        self.first_order_floor.map_or(Decimal::ZERO, |f| f.0)
    }
}

/// Keys of `[quotes]`.
pub(super) const QUOTES: &[Key] = &[("quotes.valid_days", "days"), ("quotes.warn_days", "days")];

/// `[quotes]` (R6).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Quotes {
    /// Days after its own on which a quote ends that names no other day; without it, it does not end.
    pub valid_days: Option<i64>,
    /// Quotes that end within so many days are in the day's list.
    pub warn_days: Option<i64>,
}

impl Quotes {
    /// Quotes that end within so many days are in the day's list (R6).
    pub(super) fn warn_days(&self) -> i64 {
        self.warn_days.unwrap_or(7)
    }
}

/// Keys of `[contracts]`.
pub(super) const CONTRACTS: &[Key] = &[("contracts.warn_days", "days"), ("contracts.renew_days", "days")];

/// `[contracts]` (R13).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Contracts {
    /// Contracts that end within so many days are in the day's list.
    pub warn_days: Option<i64>,
    /// A contract is renewed where another one begins within so many days after its end.
    pub renew_days: Option<i64>,
}

impl Contracts {
    /// Contracts that end within so many days are in the day's list.
    pub(super) fn warn_days(&self) -> u64 {
        self.warn_days.and_then(|days| u64::try_from(days).ok()).unwrap_or(60)
    }
    /// A contract is renewed where another one begins within so many days after its end (R13).
    pub fn renew_days(&self) -> i64 {
        self.renew_days.unwrap_or(60)
    }
}

/// Keys of `[approval]`.
pub(super) const APPROVAL: &[Key] = &[("approval.four_eyes", "true | false"), ("approval.limits.*", "number")];

/// `[approval]` (R12).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Approval {
    /// Whether the approver must not be the author.
    pub four_eyes: Option<bool>,
    /// Amount per kind above which approval is needed.
    #[serde(default)]
    pub limits: IndexMap<String, Exact>,
}

impl Approval {
    /// Whether somebody else must look at what one has done oneself.
    pub fn four_eyes(&self) -> bool {
        self.four_eyes.unwrap_or(true)
    }
}
