//! R10 and R12: what we come to owe, and money that goes to suppliers. Money leaves only for what was approved.

use super::approval::Standing;
use super::approving::put_forward;
use super::engine::index::Index;
use super::fits::{fits, fits_others};
use super::papers::worth;
use super::payables;
use super::pricing::known;
use super::requests::Who;
use super::turn::Act;
use crate::model::book::Reads;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use chrono::Datelike;

/// What entering payables and paying them rests on.
pub const READS: Reads = payables::READS.and(Reads {
    ledgers: LedgerSet::of(&[Ledger::Rates]),
    plain: LedgerSet::of(&[Ledger::Payables, Ledger::Payments, Ledger::Suppliers, Ledger::Contracts]),
    ..Reads::NOTHING
});

/// What we are to owe a supplier.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Its id, which no other has.
    pub id: String,
    /// The supplier's id.
    pub supplier: &'a str,
    /// With tax.
    pub amount: Decimal,
    /// When it came to be.
    pub at: At,
    /// When it is due.
    pub due: Day,
    /// Other cells: currency, contract, by, note.
    pub cells: NewRow,
}

fn cell<'r>(row: &'r NewRow, column: &str) -> &'r str {
    row.iter().find(|(c, _)| *c == column).map_or("", |(_, text)| text)
}

/// Enters a payable. Above the limit of kehu.toml it waits for somebody's approval.
///
/// # Errors
/// [`Refusal::Breach`], [`Obstacle::NoRate`], and what [`may_override`] says.
pub fn enter(index: &Index<'_>, new: &New<'_>, act: &Act, who: Who<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let mut row: NewRow = vec![
        ("id", new.id.clone()),
        ("at", new.at.to_text(book.settings.tz)),
        ("supplier", new.supplier.into()),
        ("amount", new.amount.normalize().to_string()),
        ("due", new.due.to_string()),
    ];
    row.extend(new.cells.iter().cloned());
    let currency = Some(cell(&row, "currency")).filter(|c| !c.is_empty()).unwrap_or(&book.settings.file.currency);
    let amount = Amount::new(new.amount, currency);
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Payables, new.at.day.year(), row.clone());
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    let worth = worth(book, Some(new.amount), currency, Some(new.at));
    let standing = put_forward(book, (Ledger::Payables, &row), worth, who, act, &mut plan)?;
    let status = match standing {
        Standing::Submitted => "pending",
        _ if new.due < book.today => "overdue",
        _ => "due",
    };
    let (payable, supplier) = (new.id.clone(), new.supplier.into());
    plan.notes.push(Note::Owes { payable, supplier, amount, due: new.due, status });
    Ok(plan)
}

/// Money that goes to a supplier.
#[derive(Debug, Clone)]
pub struct Payment<'a> {
    /// Its id, which no other has.
    pub id: String,
    /// The supplier's id.
    pub supplier: &'a str,
    /// With tax.
    pub amount: Decimal,
    /// When.
    pub at: At,
    /// The payable that it pays.
    pub payable: Option<&'a str>,
    /// Its currency where it is named; else the payable's, else the base currency.
    pub currency: Option<&'a str>,
    /// Whether what is too much is paid in advance.
    pub ahead: bool,
    /// Other cells: method, by, note.
    pub cells: NewRow,
}

/// Pays a supplier. Without a payable it pays what is due first.
///
/// # Errors
/// [`Refusal::Breach`] of what nobody has approved, [`Refusal::PaysTooMuch`], or [`Obstacle::TooLarge`].
pub fn pay(index: &Index<'_>, p: &Payment<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let named = p.payable.and_then(|id| book.payables.iter().find(|x| x.id == id));
    let its = named.map_or("", |x| x.currency);
    let currency = p.currency.or((!its.is_empty()).then_some(its)).unwrap_or(base);
    let mut row: NewRow = vec![
        ("id", p.id.clone()),
        ("line", "1".into()),
        ("at", p.at.to_text(book.settings.tz)),
        ("supplier", p.supplier.into()),
        ("amount", p.amount.normalize().to_string()),
    ];
    if let Some(id) = p.payable {
        row.push(("payable", id.into()));
    }
    if p.currency.is_some() || currency != base {
        row.push(("currency", currency.into()));
    }
    row.extend(p.cells.iter().cloned());
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Payments, p.at.day.year(), row);
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    let owed = known(index.debts().open(p.supplier, currency))?;
    let open = p.payable.map_or(owed, |id| index.debts().get(id).map_or(Decimal::ZERO, |x| x.open));
    if p.amount > open && !p.ahead {
        let what = p.payable.unwrap_or(p.supplier).to_string();
        let [open, amount] = [open, p.amount].map(|n| Amount::new(n, currency).shown());
        return Err(Refusal::PaysTooMuch { what, open, amount }.into());
    }
    let outstanding = known(index.debts().outstanding(p.supplier, currency))?.saturating_sub(p.amount);
    plan.notes.push(Note::Paid {
        payment: p.id.clone(),
        supplier: p.supplier.into(),
        amount: Amount::new(p.amount, currency),
        outstanding: Amount::new(outstanding, currency),
    });
    Ok(plan)
}
