//! Money that came in, and money that went back.

use super::Str;
use super::day::{At, Day};
use super::money::Decimal;
use super::row::RowPlace;

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Where it stands.
    pub place: RowPlace,
    /// Receipt id.
    pub id: Str,
    /// Line number, as written.
    pub line: Str,
    /// When.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
    /// With tax.
    pub amount: Decimal,
    /// Receivable it pays; empty = none named.
    pub receivable: Str,
    /// Order it pays; empty = none named.
    pub order: Str,
    /// Empty = the base currency.
    pub currency: Str,
    /// How.
    pub method: Str,
    /// Day on which an acceptance bill is paid.
    pub matures: Option<Day>,
    /// Who booked it.
    pub by: Str,
    /// Whether it was voided by an event.
    pub void: bool,
}

/// Money that went back to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
    /// With tax.
    pub amount: Decimal,
    /// `return`, `overpayment`, `allowance` or `goodwill`.
    pub kind: Str,
    /// Receipt it gives back.
    pub receipt: Str,
    /// Order it belongs to.
    pub order: Str,
    /// Whether it was voided by an event.
    pub void: bool,
}

/// One unit of a currency in the base currency, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// First day.
    pub date: Day,
    /// ISO 4217.
    pub currency: Str,
    /// In the base currency.
    pub rate: Decimal,
}
