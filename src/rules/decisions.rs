//! Decisions about customers (stage, status, owner, grade, intent) as changes: one line of the customer's file and
//! one event for each.

use crate::model::book::Book;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::plan::Obstacle;
use crate::model::refusal::Refusal;
use crate::model::rows::NewRow;
use crate::rules::history::fold_of;
use crate::rules::index::Index;

/// Who decides, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Team id.
    pub by: String,
    /// The instant that events get.
    pub at: At,
    /// Why.
    pub note: String,
}

/// When a fact happened: a day that has not come yet holds none.
///
/// # Errors
/// [`Obstacle::InTheFuture`].
pub fn happened(at: At, today: Day) -> Result<At, Obstacle> {
    if at.day > today { Err(Obstacle::InTheFuture { day: at.day }) } else { Ok(at) }
}

/// What an event says besides the change itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// `until`.
    pub until: Option<crate::model::day::Day>,
    /// A code of kehu.toml.
    pub reason: String,
    /// To whom it was lost.
    pub competitor: String,
}

/// What an event says: something of a subject turned from one value to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Kind of the subject.
    pub kind: &'a str,
    /// Its id.
    pub subject: &'a str,
    /// What turned: `stage`, `owner`, `state` …
    pub event: &'a str,
    /// Value before; empty = none.
    pub from: &'a str,
    /// Value after.
    pub to: &'a str,
}

/// The row of an event, without its id.
pub fn event_row(book: &Book, what: Turn<'_>, act: &Act, extra: &Extra) -> NewRow {
    let Turn { kind, subject, event, from, to } = what;
    let mut row: NewRow = vec![
        ("at", act.at.to_text(book.settings.tz)),
        ("kind", kind.into()),
        ("subject", subject.into()),
        ("event", event.into()),
        ("from", from.into()),
        ("to", to.into()),
        ("by", act.by.clone()),
    ];
    let mut more = |key: &'static str, value: String| {
        if !value.is_empty() {
            row.push((key, value));
        }
    };
    more("until", extra.until.map(|d| d.to_string()).unwrap_or_default());
    more("reason", extra.reason.clone());
    more("competitor", extra.competitor.clone());
    more("note", act.note.clone());
    row
}

/// The newest event of something that is no customer, whatever day the book is seen from.
pub fn newest_event(book: &Book, kind: &str, subject: &str) -> Option<At> {
    let seen = book.events.iter().filter(|e| e.kind() == kind && e.subject() == subject).map(|e| e.at()).max();
    let later = book.later.iter().filter(|((k, s), _)| *k == kind && *s == subject).map(|(_, at)| *at).max();
    seen.max(later)
}

/// The instant of a new event: `at`, or a millisecond after the subject's newest event when that lies in the same second,
/// so that events of one subject never tie. `None` when the newest one is later than that.
pub fn following(newest: Option<At>, at: At) -> Option<At> {
    let Some(newest) = newest.filter(|n| *n >= at) else { return Some(at) };
    if newest.utc.timestamp() > at.utc.timestamp() {
        return None;
    }
    Some(At { utc: newest.utc + chrono::Duration::milliseconds(1), ..at })
}

/// Writes what happened to something that is no customer, after all that happened to it before.
///
/// # Errors
/// [`Refusal::OlderThanNewest`] when its newest event is later than `act.at`. The book must hold the events.
pub fn turn(book: &Book, what: Turn<'_>, act: &Act, extra: &Extra) -> Result<ChangeSet, Refusal> {
    let newest = newest_event(book, what.kind, what.subject);
    let at = following(newest, act.at).ok_or_else(|| Refusal::OlderThanNewest {
        customer: what.subject.into(),
        event: what.event.into(),
        newest: newest.map_or(act.at.day, |n| n.day),
    })?;
    let act = &Act { at, ..act.clone() };
    let mut set = ChangeSet::default();
    set.append(Ledger::Events, chrono::Datelike::year(&at.day), event_row(book, what, act, extra));
    Ok(set)
}

/// The events with which the history of a new customer begins: one for each decision that is taken.
pub fn first_decisions(book: &Book, customer: &str, taken: &[(&'static str, String)], act: &Act) -> ChangeSet {
    let mut set = ChangeSet::default();
    for (decision, to) in taken.iter().filter(|(_, to)| !to.is_empty()) {
        let turn = Turn { kind: "customer", subject: customer, event: decision, from: "", to };
        set.append(Ledger::Events, chrono::Datelike::year(&act.at.day), event_row(book, turn, act, &Extra::default()));
    }
    set
}

/// The note of an event that makes up for an edit by hand.
pub const BY_HAND: &str = "edited by hand";

/// Changes one of the five decisions of a customer: its line in the file and an event.
///
/// Where the file had been edited by hand, the missing event goes before the new one, so that the history stays a chain.
///
/// # Errors
/// [`Refusal::OlderThanNewest`] when the customer's newest event, of any sort, is later than `act.at`. The book must
/// hold the events.
pub fn decide(
    index: &Index<'_>,
    customer: usize,
    decision: &str,
    to: &str,
    act: &Act,
    extra: &Extra,
) -> Result<ChangeSet, Refusal> {
    let book = index.book;
    let c = &book.customers[customer];
    let year = chrono::Datelike::year(&act.at.day);
    let newest = book.newest_of(customer);
    let Some(at) = following(newest, act.at) else {
        let newest = newest.map_or(act.at.day, |n| n.day);
        return Err(Refusal::OlderThanNewest { customer: c.id.into(), event: decision.into(), newest });
    };
    let act = &Act { at, ..act.clone() };
    let mut set = ChangeSet::default();
    if let Some(f) = fold_of(index.events(customer), decision)
        && f.value != c.decision(decision)
    {
        let by_hand = Act { note: BY_HAND.into(), ..act.clone() };
        let turn = Turn { kind: "customer", subject: c.id, event: decision, from: f.value, to: c.decision(decision) };
        let row = event_row(book, turn, &by_hand, &Extra::default());
        set.append(Ledger::Events, year, row);
    }
    let mut edits = vec![TomlEdit::Set { table: Vec::new(), key: decision.into(), value: TomlValue::Text(to.into()) }];
    let until_key = match decision {
        "status" => Some("closed_until"),
        "grade" => Some("grade_until"),
        _ => None,
    };
    if let Some(key) = until_key {
        let value = extra.until.map_or(TomlValue::Remove, |d| TomlValue::Bare(d.to_string()));
        edits.push(TomlEdit::Set { table: Vec::new(), key: key.into(), value });
    }
    set.push(Change::EditToml { file: c.file.into(), edits });
    let turn = Turn { kind: "customer", subject: c.id, event: decision, from: c.decision(decision), to };
    let row = event_row(book, turn, act, extra);
    set.append(Ledger::Events, year, row);
    Ok(set)
}
