//! Order lines and quote lines.

use super::Str;
use super::columns::{Row as _, column_of, row_handle};
use super::day::{At, Day};
use super::ledger::Ledger;
use super::money::{Decimal, Fixed};
use super::place::{RowPlace, typed};

typed! {
    QuoteLine: Quotes with id,
}

row_handle! {
    /// One line of an order. Amounts are in the order's currency and without tax.
    OrderLine of Orders {
        /// Order id.
        id: text,
        /// Line number, as written.
        line: text,
        /// When.
        at: at,
        /// Customer, as written.
        customer: text,
        /// Product id; empty = none.
        product: text,
        /// Negative for what comes back.
        quantity: number,
        /// As quoted, for one unit.
        price: number,
        /// As a fraction.
        discount: number,
        /// The line's net; else quantity × price × (1 − discount).
        amount: number,
        /// The line's tax; unknown = 0.
        tax: number,
        /// Frozen at entry.
        unit_cost: number,
        /// The line's whole cost; else quantity × unit cost, else × standard cost.
        cost: number,
        /// Freight, commission …
        extra_cost: number,
        /// Empty = the base currency.
        currency: text,
        /// Frozen at entry from the customer's terms.
        due: day,
        /// Delivery promised.
        promised: day,
        /// `id/line` that a negative quantity takes back.
        returns: text,
        /// Deal it came from.
        deal: text,
        /// Contract it belongs to.
        contract: text,
        /// Who sold it.
        by: text,
        /// `li:0.7,wu:0.3`
        split: text,
        /// The other system's number.
        source_key: text,
    }
}

/// Positions of columns, for [`OrderLine::exact`] and for those who look at whole columns.
macro_rules! columns {
    ($($name:ident $column:literal)*) => {
        impl OrderLine {
            $(#[doc = $column] pub const $name: usize = column_of(Ledger::Orders, $column);)*
        }
    };
}
columns! {
    ID "id" CUSTOMER "customer" PRODUCT "product" CURRENCY "currency" RETURNS "returns" BY "by" QUANTITY "quantity" PRICE "price" DISCOUNT "discount" AMOUNT "amount" TAX "tax" UNIT_COST "unit_cost" COST "cost"
    EXTRA_COST "extra_cost"
}

impl OrderLine {
    /// A number as it is computed with.
    #[inline]
    pub fn exact(&self, column: usize) -> Option<Fixed> {
        self.segment().fixed(column, self.row())
    }
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
    /// Empty = the base currency.
    pub currency: Str,
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
