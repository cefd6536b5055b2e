//! R10: money that goes back: no more than came in, or than is the customer's credit.

use super::approving::put_forward;
use super::engine::index::Index;
use super::fits::{breaches_beside, fits};
use super::papers::worth;
use super::pricing::outstanding;
use super::requests::{Judged, Who, enforce, open_request};
use super::turn::Act;
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::new_rows::NewRow;
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
    /// What was typed of its cells: kind and reason.
    pub cells: NewRow,
    /// When.
    pub at: At,
    /// A line of the order that it belongs to.
    pub order: Option<OrderLine>,
    /// The receipt that it gives back.
    pub receipt: Option<&'a str>,
    /// Its currency where it is named; else that of the receipt, else of the order, else the base currency.
    pub currency: Option<&'a str>,
    /// Who gives it.
    pub who: Who<'a>,
    /// Who asks for its approval, and when.
    pub act: Act,
}

/// A customer's receipts that count.
pub fn receipts_of(book: &Book, customer: usize) -> impl Iterator<Item = Receipt> {
    book.receipts.iter().filter(move |r| !book.is_void(r) && book.customer_index(r.customer()) == Some(customer))
}

/// Gives money back.
///
/// # Errors
/// A [`Refusal::Breach`], and what [`enforce`] says.
pub fn refund(index: &Index<'_>, r: &Refund<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let c = &book.customers[r.customer];
    let base = book.settings.file.currency.as_str();
    let of_receipt = || receipts_of(book, r.customer).find(|p| Some(p.id()) == r.receipt).map(|p| p.currency());
    let of_order = || r.order.map(|o| o.currency());
    let currency = r.currency.or_else(of_receipt).or_else(of_order).filter(|c| !c.is_empty()).unwrap_or(base);
    let kind = r.cells.iter().find(|(column, _)| *column == "kind").map_or("", |(_, text)| text.as_str());
    let mut row: NewRow = vec![
        ("id", r.id.clone()),
        ("at", r.at.to_text(book.settings.tz)),
        ("customer", c.id.to_string()),
        ("amount", r.amount.normalize().to_string()),
    ];
    row.extend(r.cells.iter().cloned());
    let cells = [
        ("receipt", r.receipt.unwrap_or_default().to_string()),
        ("order", r.order.map(|o| o.id().to_string()).unwrap_or_default()),
        ("currency", if currency == base { String::new() } else { currency.to_string() }),
        ("by", r.who.member.id.to_string()),
        ("note", r.who.note.to_string()),
    ];
    row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Refunds, r.at.day.year(), row.clone());
    fits(book, &plan.changes)?;
    let (mut too_much, other): (Vec<Breach>, Vec<Breach>) =
        breaches_beside(book, &plan.changes).into_iter().partition(|b| matches!(b, Breach::RefundTooMuch { .. }));
    if let Some(breach) = other.into_iter().next() {
        return Err(Refusal::Breach(breach).into());
    }
    // An overpayment can only be what is credit.
    if kind == "overpayment" && too_much.is_empty() {
        let most = (-outstanding(index, r.customer, currency)?).max(Decimal::ZERO);
        let (amount, of, currency) = (r.amount, c.id.into(), currency.into());
        too_much.extend((amount > most).then_some(Breach::RefundTooMuch { amount, most, of, currency }));
    }
    let mut judged = Judged::default();
    for breach in too_much {
        let (about, subject, asked) = ("refund", format!("customer:{}", c.id), r.amount.normalize().to_string());
        let open = open_request(book, r.who.member.id, about, &subject, &asked);
        let what = breach.facts().join(" > ");
        judged.asks.push(Ask { kind: about, subject, amount: asked, what, open, granted: None });
        judged.refusals.push(Refusal::Breach(breach));
    }
    (plan.notes, plan.allowed) = enforce(book, judged, r.who, || format!("refund:{}", r.id))?;
    plan.notes.push(Note::Refunded {
        refund: r.id.clone(),
        customer: c.id.into(),
        amount: Amount::new(r.amount, currency),
        kind: kind.into(),
    });
    // It is approved before it is paid (R12), unless somebody allowed it by a request.
    let granted = plan.allowed.iter().any(|a| a.granted.is_some());
    if !granted {
        let worth = worth(book, Some(r.amount), currency, Some(r.at));
        put_forward(book, (Ledger::Refunds, &row), worth, r.who, &r.act, &mut plan)?;
    }
    Ok(plan)
}
