//! R10: money that goes back: no more than came in, or than is the customer's credit.

use super::index::Index;
use super::pricing::{known, outstanding};
use super::receiving::same_customer;
use super::requests::{Judged, Who, enforce, open_request};
use crate::model::book::Book;
use crate::model::change::NewRow;
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum, shown};
use crate::model::order::OrderLine;
use crate::model::plan::{Amount, Ask, Note, Obstacle, Plan};
use crate::model::receipt::Receipt;
use crate::model::refusal::Refusal;
use chrono::Datelike;

/// Money that is to go back.
#[derive(Debug, Clone)]
pub struct Refund<'a> {
    /// The refund's id, which no other has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// With tax.
    pub amount: Decimal,
    /// A value of the column `kind`.
    pub kind: &'a str,
    /// Why, as the file holds it.
    pub reason: &'a str,
    /// When.
    pub at: At,
    /// A line of the order that it belongs to.
    pub order: Option<OrderLine>,
    /// The receipt that it gives back.
    pub receipt: Option<&'a str>,
    /// Who gives it.
    pub who: Who<'a>,
}

/// Whether refunds of a kind move cash.
pub fn is_cash(kind: &str) -> bool {
    matches!(kind, "return" | "overpayment")
}

/// A customer's receipts that count.
pub fn receipts_of(book: &Book, customer: usize) -> impl Iterator<Item = Receipt> {
    book.receipts.iter().filter(move |r| !book.is_void(r) && book.customer_index(r.customer()) == Some(customer))
}

/// The most that may go back of a kind, of one receipt or of all: what came in and has not gone back; an overpayment can
/// only be what is credit. `None` = no rule says.
///
/// # Errors
/// [`Obstacle::TooLarge`].
pub fn most(
    index: &Index<'_>,
    customer: usize,
    kind: &str,
    receipt: Option<&str>,
) -> Result<Option<Decimal>, Obstacle> {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let went = book.refunds.iter().filter(|r| !book.is_void(*r) && is_cash(r.kind));
    let went = went.filter(|r| book.customer_index(r.customer) == Some(customer));
    let went = went.filter(|r| receipt.is_none_or(|id| r.receipt == id)).map(|r| r.amount);
    let came = receipts_of(book, customer).filter(|r| r.currency().is_empty() || r.currency() == base);
    let came = came.filter(|r| receipt.is_none_or(|id| r.id() == id)).map(|r| r.amount());
    let there = || known(Sum::of(came).minus(Sum::of(went)));
    Ok(match kind {
        "overpayment" => Some((-outstanding(index, customer, base)?).max(Decimal::ZERO).min(there()?)),
        "return" => Some(there()?),
        _ => None,
    })
}

/// Gives money back.
///
/// # Errors
/// [`Obstacle::OtherCustomer`], [`Refusal::RefundTooMuch`] and what [`enforce`] says.
pub fn refund(index: &Index<'_>, r: &Refund<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let c = &book.customers[r.customer];
    let base = book.settings.file.currency.as_str();
    if let Some(order) = r.order {
        same_customer(index, order, r.customer)?;
    }
    let mut judged = Judged::default();
    if let Some(most) = most(index, r.customer, r.kind, r.receipt)?.filter(|most| r.amount > *most) {
        let (amount, most) = (shown(r.amount, base), shown(most, base));
        let (kind, subject, asked) = ("refund", format!("customer:{}", c.id), r.amount.normalize().to_string());
        let open = open_request(book, r.who.member.id, kind, &subject, &asked);
        judged.asks.push(Ask { kind, subject, amount: asked, what: format!("{amount} > {most}"), open });
        judged.refusals.push(Refusal::RefundTooMuch { amount, most });
    }
    let (notes, allowed) = enforce(book, judged, r.who, || format!("refund:{}", r.id))?;
    let mut row: NewRow = vec![("id", r.id.clone()), ("at", r.at.to_text(book.settings.tz))];
    let cells = [
        ("customer", c.id.to_string()),
        ("amount", r.amount.normalize().to_string()),
        ("reason", r.reason.to_string()),
        ("kind", r.kind.to_string()),
        ("receipt", r.receipt.unwrap_or_default().to_string()),
        ("order", r.order.map(|o| o.id().to_string()).unwrap_or_default()),
        ("by", r.who.member.id.to_string()),
        ("note", r.who.note.to_string()),
    ];
    row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
    let mut plan = Plan { notes, allowed, ..Plan::default() };
    plan.changes.append(Ledger::Refunds, r.at.day.year(), row);
    plan.notes.push(Note::Refunded {
        refund: r.id.clone(),
        customer: c.id.into(),
        amount: Amount::new(r.amount, base),
        kind: r.kind.into(),
    });
    Ok(plan)
}
