//! Money that is owed by agreement, money that came in, and money that went back.

use super::Str;
use super::columns::row_handle;
use super::day::{At, Day};
use super::money::Decimal;
use super::place::{RowPlace, typed};

typed! {
    Claim: Receivables with id,
    Refund: Refunds with id,
    Rate: Rates,
    Payable: Payables with id,
    Payment: Payments with id,
}

row_handle! {
    /// One line of a receipt.
    Receipt of Receipts {
        /// Receipt id.
        id: text,
        /// Line number, as written.
        line: text,
        /// When.
        at: at,
        /// Customer, as written.
        customer: text,
        /// With tax.
        amount_cell: number = "amount",
        /// Receivable it pays; empty = none named.
        receivable: text,
        /// Order it pays; empty = none named.
        order: text,
        /// Empty = the base currency.
        currency: text,
        /// How.
        method: text,
        /// Day on which an acceptance bill is paid.
        matures: day,
        /// Who booked it.
        by: text,
    }
}

impl Receipt {
    /// With tax.
    pub fn amount(&self) -> Decimal {
        // A receipt without an amount is a finding and no row.
        self.amount_cell().unwrap_or_default()
    }
}

/// What a customer owes by agreement: an instalment of a contract, or a part of an order. A row of the ledger of receivables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When it came to be.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
    /// With tax.
    pub amount: Decimal,
    /// When it is due.
    pub due: Day,
    /// Empty = the base currency.
    pub currency: Str,
    /// Contract whose plan it belongs to; empty = none.
    pub contract: Str,
    /// Order that it stands for; empty = none.
    pub order: Str,
    /// Who agreed on it.
    pub by: Str,
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
    /// Empty = the base currency.
    pub currency: Str,
}

/// What we owe a supplier: a row of the ledger of payables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payable {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When it came to be.
    pub at: At,
    /// Supplier.
    pub supplier: Str,
    /// With tax; below nothing where the supplier owes us.
    pub amount: Decimal,
    /// When it is due.
    pub due: Day,
    /// Empty = the base currency.
    pub currency: Str,
    /// Contract that it belongs to; empty = none.
    pub contract: Str,
}

/// Money that went to a supplier: a line of the ledger of payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Where it stands.
    pub place: RowPlace,
    /// Payment id.
    pub id: Str,
    /// Line number, as written.
    pub line: Str,
    /// When.
    pub at: At,
    /// Supplier.
    pub supplier: Str,
    /// With tax.
    pub amount: Decimal,
    /// Payable it pays; empty = none named.
    pub payable: Str,
    /// Empty = the base currency.
    pub currency: Str,
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
