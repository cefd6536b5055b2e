//! A customer and our money today: its debt (R10), the share of its credit limit, and what stands to be lost with it.

use super::engine::index::Index;
use super::payment_days::{self, Wait};
use super::receivables::Account;
use crate::model::money::{Decimal, Sum};
use crate::model::value::Value;

/// A sum over a customer's accounts in the base currency, other currencies at today's rate; `None` for who never
/// ordered or paid, without a rate, and for what is too large.
pub fn in_base<'a>(index: &Index<'a>, customer: usize, of: impl Fn(&Account<'a>) -> Sum) -> Option<Decimal> {
    let accounts = index.accounts_of(customer);
    if accounts.is_empty() {
        return None;
    }
    let sum = accounts.iter().try_fold(Decimal::ZERO, |sum, a| {
        let amount = of(a).known()?;
        let rate = if amount.is_zero() { Decimal::ONE } else { index.prices().rate(a.currency, index.book.today)? };
        sum.checked_add(amount.checked_mul(rate)?)
    });
    sum.map(|s| s.normalize())
}

/// The payments and open amounts behind some customers' days to pay (R10), with `late` counted from the due date.
/// Amounts of several currencies are in today's rate; `None` without one.
pub fn waits(index: &Index<'_>, customers: &[usize], late: bool) -> Option<Vec<Wait>> {
    let accounts: Vec<&Account<'_>> = customers.iter().flat_map(|c| index.accounts_of(*c)).collect();
    let today = index.book.today;
    payment_days::waits(&accounts, &|currency| index.prices().rate(currency, today), today, late)
}

/// How long some customers take to pay; see [`waits`].
pub fn payment_days(index: &Index<'_>, customers: &[usize], late: bool) -> Option<Decimal> {
    let accounts: Vec<&Account<'_>> = customers.iter().flat_map(|c| index.accounts_of(*c)).collect();
    let today = index.book.today;
    payment_days::payment_days(&accounts, &|currency| index.prices().rate(currency, today), today, late)
}

/// What the customer owes, less what it paid beforehand; with tax.
pub fn outstanding(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    in_base(index, customer, Account::outstanding)
}

/// What of it is late.
pub fn overdue(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let today = index.book.today;
    in_base(index, customer, |a| a.ageing(today).overdue())
}

/// The customer's credit limit.
pub fn credit_limit(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    match index.book.customers[customer].get("credit_limit") {
        Value::Num(limit) => Some(limit),
        _ => None,
    }
}

/// Outstanding / credit limit, as a fraction; `None` without a limit, or with one of zero.
pub fn credit_used(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let limit = credit_limit(index, customer).filter(|l| !l.is_zero())?;
    outstanding(index, customer)?.checked_div(limit)
}

/// The amount that stands to be lost with a customer: its debt now, and its revenue of the last twelve months (not its
/// profit, so that a missing cost hides nobody). Neither of them counts below zero; `None` when neither is known.
pub fn value_at_risk(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let owed = outstanding(index, customer).map(|a| a.max(Decimal::ZERO));
    let year = index.figures_of_year(customer);
    let bought = (year.lines > 0).then(|| year.revenue().max(Decimal::ZERO));
    match (owed, bought) {
        (None, None) => None,
        (owed, bought) => owed.unwrap_or_default().checked_add(bought.unwrap_or_default()),
    }
}
