//! Order lines and quote lines.

use super::Str;
use super::day::{At, Day};
use super::money::Decimal;
use super::row::RowPlace;

/// One line of an order. Amounts are in the order's currency and without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Where it stands.
    pub place: RowPlace,
    /// Order id.
    pub id: Str,
    /// Line number, as written.
    pub line: Str,
    /// When.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
    /// Product id; empty = none.
    pub product: Str,
    /// Negative for what comes back.
    pub quantity: Option<Decimal>,
    /// As quoted, for one unit.
    pub price: Option<Decimal>,
    /// As a fraction.
    pub discount: Option<Decimal>,
    /// The line's net; else quantity × price × (1 − discount).
    pub amount: Option<Decimal>,
    /// The line's tax; unknown = 0.
    pub tax: Option<Decimal>,
    /// Frozen at entry.
    pub unit_cost: Option<Decimal>,
    /// The line's whole cost; else quantity × unit cost, else × standard cost.
    pub cost: Option<Decimal>,
    /// Freight, commission …
    pub extra_cost: Option<Decimal>,
    /// Empty = the base currency.
    pub currency: Str,
    /// Frozen at entry from the customer's terms.
    pub due: Option<Day>,
    /// Delivery promised.
    pub promised: Option<Day>,
    /// `id/line` that a negative quantity takes back.
    pub returns: Str,
    /// Deal it came from.
    pub deal: Str,
    /// Contract it belongs to.
    pub contract: Str,
    /// Who sold it.
    pub by: Str,
    /// `li:0.7,wu:0.3`
    pub split: Str,
    /// The other system's number.
    pub source_key: Str,
}

/// What happened to an order by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrderState {
    /// Confirmed on.
    pub confirmed: Option<Day>,
    /// Shipped on.
    pub shipped: Option<Day>,
    /// Delivered on.
    pub delivered: Option<Day>,
    /// Cancelled or void since: it counts nothing.
    pub cancelled: Option<Day>,
}

impl OrderState {
    /// Machine key of the state.
    pub fn key(&self) -> &'static str {
        if self.cancelled.is_some() {
            "cancelled"
        } else if self.delivered.is_some() {
            "delivered"
        } else if self.shipped.is_some() {
            "shipped"
        } else if self.confirmed.is_some() {
            "confirmed"
        } else {
            "placed"
        }
    }
}

/// One line of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteLine {
    /// Where it stands.
    pub place: RowPlace,
    /// Quote id.
    pub id: Str,
    /// Line number, as written.
    pub line: Str,
    /// When.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
    /// Version, as written; the highest one is the quote.
    pub version: Str,
    /// Product id.
    pub product: Str,
    /// How many.
    pub quantity: Option<Decimal>,
    /// For one unit, with or without tax as prices are entered.
    pub price: Option<Decimal>,
    /// As a fraction.
    pub discount: Option<Decimal>,
    /// Valid up to and including.
    pub valid_until: Option<Day>,
    /// Deal.
    pub deal: Str,
    /// The need that it answers.
    pub need: Str,
    /// Who made it.
    pub by: Str,
    /// As written.
    pub note: Str,
}
