//! R10, R12: debts that are given up. A write-off is an event of a receivable, `to` = amount; somebody approves it before.

use super::approving::{at_once, is_small};
use super::engine::index::Index;
use super::papers::worth;
use super::ranges;
use super::requests::{Approvals, Who, filed, open_request};
use super::turn::{Act, Extra, Turn, event, turn};
use crate::model::Map;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum, parse_decimal, shown};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Amount, Ask, Note, Obstacle, Plan};
use crate::model::receipt::Claim;
use crate::model::refusal::Refusal;
use crate::model::row::Event;
use chrono::Datelike;

/// What requests and limits call a write-off, and what its event is called.
pub const WRITEOFF: &str = "writeoff";

/// What events of receivables are about.
const KIND: &str = Ledger::Receivables.kind();

/// Something that a customer owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt<'a> {
    /// The customer's index.
    pub customer: usize,
    /// ISO 4217.
    pub currency: &'a str,
    /// The row of the ledger of receivables, else the order that stands for itself.
    pub id: &'a str,
    /// Whether it is a row.
    pub is_row: bool,
    /// When it came to be.
    pub at: Day,
    /// When it is due.
    pub due: Day,
    /// What is open.
    pub open: Decimal,
}

impl<'a> Debt<'a> {
    /// What goes by an id: a row, else an order without one.
    pub fn find(index: &'a Index<'_>, id: &str) -> Option<Debt<'a>> {
        let all = || index.accounts().iter().flat_map(|a| a.receivables.iter().map(move |r| (a, r)));
        let row = all().find(|(_, r)| r.claim.is_some_and(|c| c.id == id));
        let (a, r) = row.or_else(|| all().find(|(_, r)| r.claim.is_none() && r.id == id))?;
        let id = r.claim.map_or(r.id, |c| c.id);
        let (customer, currency, is_row) = (a.customer, a.currency, r.claim.is_some());
        Some(Debt { customer, currency, id, is_row, at: r.at, due: r.due, open: r.open })
    }

    /// `receivable:ID` or `order:ID`.
    pub fn subject(&self) -> String {
        format!("{}:{}", if self.is_row { KIND } else { Ledger::Orders.kind() }, self.id)
    }
}

/// Whether so much may be written off where so much is open.
///
/// # Errors
/// [`Refusal::Breach`] and [`Refusal::WriteOffTooMuch`].
pub fn may_write_off(id: &str, amount: Decimal, open: Decimal, currency: &str) -> Result<(), Refusal> {
    if let Some(breach) = ranges::moves(amount, currency) {
        return Err(Refusal::Breach(breach));
    }
    if amount > open {
        let (amount, open) = (shown(amount, currency), shown(open, currency));
        return Err(Refusal::WriteOffTooMuch { receivable: id.into(), amount, open });
    }
    Ok(())
}

/// The ids and the day that new rows get.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// When something is asked for.
    pub at: At,
    /// Of a request.
    pub request: String,
    /// Of a receivable.
    pub receivable: String,
}

/// Writes a debt off where that needs nobody, or somebody with the right says so; else asks for it.
///
/// # Errors
/// What [`may_write_off`] says, [`Obstacle::NoRate`] and [`Refusal::OlderThanNewest`].
pub fn write_off(
    index: &Index<'_>,
    debt: &Debt<'_>,
    amount: Decimal,
    fresh: &Fresh,
    act: &Act,
    who: Who<'_>,
) -> Result<Plan, Obstacle> {
    let book = index.book;
    may_write_off(debt.id, amount, debt.open, debt.currency)?;
    let worth = worth(book, Some(amount), debt.currency, None);
    let (subject, asked) = (debt.subject(), amount.normalize().to_string());
    let what = format!("{} {}", Amount::new(amount, debt.currency).shown(), debt.currency);
    let ask = Ask { kind: WRITEOFF, subject, amount: asked, what, open: None, granted: None };
    let small = is_small(book, WRITEOFF, worth);
    if small || at_once(book, who, WRITEOFF, worth)? {
        let mut plan = Plan::default();
        let id = carry_out(index, debt, amount, &fresh.receivable, act, &mut plan)?;
        if !small {
            plan.allowed.push(Ask { subject: format!("{KIND}:{id}"), ..ask });
        }
        return Ok(plan);
    }
    if let Some(open) = open_request(book, who.member.id, WRITEOFF, &ask.subject, &ask.amount) {
        return Ok(Plan { notes: vec![Note::AskedAlready { request: open }], ..Plan::default() });
    }
    let changes = filed(book, &ask, &fresh.request, fresh.at, who);
    let asked = Note::Asked { request: fresh.request.clone(), kind: WRITEOFF, subject: ask.subject, what: ask.what };
    Ok(Plan { changes, notes: vec![asked], ..Plan::default() })
}

/// Writes a debt off: the row of an order that has none, and the event. Gives the row's id.
fn carry_out(
    index: &Index<'_>,
    debt: &Debt<'_>,
    amount: Decimal,
    fresh: &str,
    act: &Act,
    plan: &mut Plan,
) -> Result<String, Obstacle> {
    let book = index.book;
    let to = amount.normalize().to_string();
    let id = if debt.is_row { debt.id } else { fresh };
    let what = Turn { kind: KIND, subject: id, event: WRITEOFF, from: "", to: &to };
    if debt.is_row {
        plan.changes.extend(turn(book, what, act, &Extra::default())?);
    } else {
        let base = book.settings.file.currency.as_str();
        let cells = [
            ("id", fresh.to_string()),
            ("at", debt.at.to_string()),
            ("customer", book.customers[debt.customer].id.to_string()),
            ("amount", debt.open.normalize().to_string()),
            ("due", debt.due.to_string()),
            ("currency", if debt.currency == base { String::new() } else { debt.currency.to_string() }),
            ("order", debt.id.to_string()),
            ("by", act.by.clone()),
        ];
        let row: NewRow = cells.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        plan.changes.append(Ledger::Receivables, debt.at.year(), row);
        plan.changes.extend(event(book, what, act, &Extra::default()));
    }
    plan.notes.push(Note::WrittenOff {
        receivable: id.into(),
        amount: Amount::new(amount, debt.currency),
        left: Amount::new(debt.open - amount, debt.currency),
    });
    Ok(id.into())
}

/// Carries out what an approved request asks for.
///
/// # Errors
/// [`Refusal::WriteOffTooMuch`] where less is open by now, and what [`carry_out`] says.
pub(super) fn approved(
    index: &Index<'_>,
    subject: &str,
    amount: Decimal,
    fresh: &str,
    act: &Act,
    plan: &mut Plan,
) -> Result<(), Obstacle> {
    let id = subject.split_once(':').map_or(subject, |(_, id)| id);
    let base = index.book.settings.file.currency.as_str();
    let Some(debt) = Debt::find(index, id) else {
        return Err(may_write_off(id, amount, Decimal::ZERO, base).err().map_or(Obstacle::TooLarge, Into::into));
    };
    may_write_off(debt.id, amount, debt.open, debt.currency)?;
    let note = String::new();
    carry_out(index, &debt, amount, fresh, &Act { note, ..act.clone() }, plan).map(|_| ())
}

/// What is wrong with the write-offs of a receivable that stand in the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The event says no amount.
    NoAmount(Event),
    /// More than was owed.
    TooMuch(Event, Refusal),
    /// More than somebody approved: what was written off, and what was approved.
    NotApproved(Event, Decimal, Decimal),
}

/// The write-offs that break a rule, judged by the functions that the command asks. Whoever pays after all may do so: what is written
/// off is compared with what was owed.
pub fn wrong(book: &Book) -> Vec<(Str, Wrong)> {
    let mut of: Map<Str, Vec<Event>> = Map::default();
    for e in book.events.iter().filter(|e| e.kind() == KIND && e.event() == WRITEOFF) {
        of.entry(e.subject()).or_default().push(e);
    }
    let mut out = Vec::new();
    if of.is_empty() {
        return out;
    }
    let approvals = Approvals::of(book);
    let base = book.settings.file.currency.as_str();
    for claim in &book.claims {
        let Some(events) = of.get_mut(claim.id) else { continue };
        events.sort_by_key(|e| (e.at(), e.id()));
        let (mut sum, mut asked) = (Decimal::ZERO, Decimal::ZERO);
        let currency = if claim.currency.is_empty() { base } else { claim.currency };
        let allowed = approvals_of(&approvals, claim);
        for e in events.iter().copied() {
            let Some(amount) = parse_decimal(e.to()).filter(|a| *a > Decimal::ZERO) else {
                out.push((claim.id, Wrong::NoAmount(e)));
                continue;
            };
            sum = sum.saturating_add(amount);
            if let Err(refusal @ Refusal::WriteOffTooMuch { .. }) = may_write_off(claim.id, sum, claim.amount, currency)
            {
                out.push((claim.id, Wrong::TooMuch(e, refusal)));
                break;
            }
            if is_small(book, WRITEOFF, worth(book, Some(amount), currency, Some(e.at()))) {
                continue;
            }
            asked = asked.saturating_add(amount);
            if asked > allowed {
                out.push((claim.id, Wrong::NotApproved(e, asked, allowed)));
                break;
            }
        }
    }
    out
}

/// What requests allow to be written off of a receivable, or of the order that it stands for.
fn approvals_of(approvals: &Approvals<'_>, claim: &Claim) -> Decimal {
    let of = |subject: String| approvals.sum(WRITEOFF, &subject);
    let order = if claim.order.is_empty() { Decimal::ZERO } else { of(format!("order:{}", claim.order)) };
    Sum::of([of(format!("{KIND}:{}", claim.id)), order]).known().unwrap_or(Decimal::MAX)
}
