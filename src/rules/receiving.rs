//! R10: money that comes in.

use super::engine::index::Index;
use super::fits::{fits, fits_others};
use super::pricing::{known, outstanding};
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum};
use crate::model::new_rows::NewRow;
use crate::model::order::OrderLine;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::receipt::Claim;
use chrono::Datelike;

/// Money that came in.
#[derive(Debug, Clone)]
pub struct Receipt<'a> {
    /// The receipt's id, which no other has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// With tax.
    pub amount: Decimal,
    /// When.
    pub at: At,
    /// Who books it.
    pub by: &'a str,
    /// A line of the order that it pays.
    pub order: Option<OrderLine>,
    /// The receivable that it pays instead.
    pub receivable: Option<&'a Claim>,
    /// Its currency where it is named; else that of what it pays, else the base currency.
    pub currency: Option<&'a str>,
    /// Other cells: method, matures, note.
    pub cells: NewRow,
}

/// Books money that came in. Without an order it pays the receivables that are due first.
///
/// # Errors
/// A [`Refusal::Breach`], or [`Obstacle::TooLarge`].
pub fn receive(index: &Index<'_>, r: &Receipt<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let c = &book.customers[r.customer];
    let mut row: NewRow = vec![
        ("id", r.id.clone()),
        ("line", "1".into()),
        ("at", r.at.to_text(book.settings.tz)),
        ("customer", c.id.into()),
        ("amount", r.amount.normalize().to_string()),
    ];
    let mut currency = r.currency.unwrap_or(&book.settings.file.currency);
    if let Some(order) = r.order {
        if r.currency.is_none() && !order.currency().is_empty() {
            currency = order.currency();
            row.push(("currency", currency.to_string()));
        }
        row.push(("order", order.id().to_string()));
    }
    if let Some(claim) = r.receivable {
        if r.currency.is_none() && !claim.currency.is_empty() {
            currency = claim.currency;
            row.push(("currency", currency.to_string()));
        }
        row.push(("receivable", claim.id.to_string()));
    }
    if let Some(named) = r.currency {
        row.push(("currency", named.to_string()));
    }
    row.extend(r.cells.iter().cloned());
    row.push(("by", r.by.to_string()));
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Receipts, r.at.day.year(), row);
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    let owed = outstanding(index, r.customer, currency)?;
    let open = r.order.map(|o| {
        let all = index.accounts_of(r.customer);
        let of_order = all.iter().flat_map(|a| &a.receivables).filter(|x| x.order() == o.id());
        (o.id(), of_order.fold(Decimal::ZERO, |sum, x| sum.saturating_add(x.open)))
    });
    let of_claim = |id: &'static str| {
        let all = index.accounts_of(r.customer).iter().flat_map(|a| &a.receivables);
        let open = all.filter(|x| x.claim.is_some_and(|c| c.id == id));
        (id, open.fold(Decimal::ZERO, |sum, x| sum.saturating_add(x.open)))
    };
    let open = open.or_else(|| r.receivable.map(|c| of_claim(c.id)));
    let over = |most: Decimal| r.amount.checked_sub(most).filter(|over| *over > Decimal::ZERO);
    let paid_too_much = match open {
        Some((order, open)) => over(open).map(|over| (order, over)),
        None => None,
    };
    if let Some((what, over)) = paid_too_much.or_else(|| Some((c.id, over(owed.max(Decimal::ZERO))?))) {
        plan.notes.push(Note::Overpaid { what: what.into(), amount: Amount::new(over, currency) });
    }
    let left = known(Sum::of([owed, -r.amount]))?;
    plan.notes.push(Note::Received {
        receipt: r.id.clone(),
        customer: c.id.into(),
        amount: Amount::new(r.amount, currency),
        outstanding: Amount::new(left, currency),
    });
    Ok(plan)
}
