//! R10: writing invoices, and voiding them.

use super::engine::index::Index;
use super::fits::{fits, fits_others};
use super::invoices::{Invoice, is_red};
use super::requests::{Judged, Who, enforce};
use super::turn::{Act, Extra, Turn, turn};
use crate::model::book::Reads;
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use chrono::Datelike;

/// What writing an invoice rests on.
pub const READS: Reads = super::invoices::READS
    .and(Reads { plain: LedgerSet::of(&[Ledger::Contracts, Ledger::Receivables]), ..Reads::NOTHING });

/// An invoice that is to be written.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Its id, which no other has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// With tax.
    pub amount: Decimal,
    /// When.
    pub at: At,
    /// Its tax; `None` = not said.
    pub tax: Option<Decimal>,
    /// Other cells: kind, number, what it names, by, note.
    pub cells: NewRow,
    /// Who writes it.
    pub who: Who<'a>,
}

/// Writes an invoice. One beyond what is left of the order, contract or receivable that it names needs an override.
///
/// # Errors
/// [`Refusal::Breach`], and what [`enforce`] says.
pub fn write(index: &Index<'_>, new: &New<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let c = &book.customers[new.customer];
    let mut row: NewRow = vec![
        ("id", new.id.clone()),
        ("at", new.at.to_text(book.settings.tz)),
        ("customer", c.id.to_string()),
        ("amount", new.amount.normalize().to_string()),
    ];
    row.extend(new.tax.map(|tax| ("tax", tax.normalize().to_string())));
    row.extend(new.cells.iter().cloned());
    let cell = |name: &str| new.cells.iter().find(|(c, _)| *c == name).map_or("", |(_, text)| text.as_str());
    let mut judged = Judged::default();
    let case = index.invoiced().found(cell("receivable"), cell("order"), cell("contract"));
    let currency = case.map_or(book.settings.file.currency.as_str(), |c| c.currency);
    let amount = Amount::new(new.amount, currency);
    if let Some(case) = case.filter(|case| !is_red(cell("kind")) && new.amount > case.left()) {
        let (what, left) = (case.id.to_string(), Amount::new(case.left(), currency).shown());
        judged.refusals.push(Refusal::InvoicesTooMuch { what, left, amount: amount.shown() });
    }
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Invoices, new.at.day.year(), row);
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    (plan.notes, plan.allowed) = enforce(book, judged, new.who, || format!("invoice:{}", new.id))?;
    plan.notes.push(Note::Invoiced {
        invoice: new.id.clone(),
        customer: c.id.into(),
        amount,
        tax: new.tax.map(|tax| Amount::new(tax, currency)),
    });
    Ok(plan)
}

/// Voids an invoice: it counts no more.
///
/// # Errors
/// [`Refusal::WrongState`], [`Refusal::OlderThanNewest`].
pub fn void(index: &Index<'_>, i: &Invoice<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let (book, id) = (index.book, i.cell("id"));
    if book.states.is_void(Ledger::Invoices, id) {
        return Err(Refusal::WrongState { what: id.into(), list: "invoice_status", state: "void".into() }.into());
    }
    let what = Turn { kind: Ledger::Invoices.kind(), subject: id, event: "void", from: "", to: "" };
    let mut plan = Plan::default();
    plan.changes.extend(turn(book, what, act, &Extra::default())?);
    plan.notes.push(Note::Voided { id: id.into() });
    Ok(plan)
}
