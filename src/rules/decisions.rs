//! Decisions about customers (stage, status, owner, grade, intent) as changes: one line of the customer's file and
//! one event for each.

use super::turn::{Act, Extra, Turn, event, instant};
use crate::model::book::Book;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::day::Day;
use crate::model::refusal::Refusal;
use crate::model::team::{Member, Team};
use crate::rules::engine::index::Index;
use crate::rules::history::fold_of;

/// The events with which the history of a new customer begins: one for each decision that is taken.
pub fn first_decisions(book: &Book, customer: &str, taken: &[(&'static str, String)], act: &Act) -> ChangeSet {
    let mut set = ChangeSet::default();
    for (decision, to) in taken.iter().filter(|(_, to)| !to.is_empty()) {
        let turn = Turn { kind: "customer", subject: customer, event: decision, from: "", to };
        set.extend(event(book, turn, act, &Extra::default()));
    }
    set
}

/// The note of an event that makes up for an edit by hand.
pub const BY_HAND: &str = "edited by hand";

/// Whether a member may change the owner of a customer: whoever leads may, and an owner may give away what is its own. Out of
/// the pool the others claim, by rules of their own ([`super::claiming`]). Where nobody leads, all may.
///
/// # Errors
/// [`Refusal::NotYours`].
pub fn may_give(team: &Team, by: &Member, customer: &str, from: &str, day: Day) -> Result<(), Refusal> {
    let mut may = team.members.iter().filter(|m| m.leads() && m.is_here(day)).map(|m| m.id.to_string()).peekable();
    let own = !from.is_empty() && from == by.id;
    if by.leads() || own || may.peek().is_none() {
        return Ok(());
    }
    Err(Refusal::NotYours { customer: customer.into(), owner: from.into(), member: by.id.into(), may: may.collect() })
}

/// Changes one of the five decisions of a customer: its line in the file and an event.
///
/// Where the file had been edited by hand, the missing event goes before the new one, so that the history stays a chain.
///
/// # Errors
/// What [`may_give`] says of an owner; [`Refusal::OlderThanNewest`] when the customer's newest event, of any sort, is later than `act.at`. The book must
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
    if decision == "owner"
        && let Some(by) = book.team.get(&act.by)
    {
        may_give(&book.team, by, c.id, c.owner, act.at.day)?;
    }
    decided(index, customer, decision, to, act, extra)
}

/// The same where the rules have been asked.
///
/// # Errors
/// [`Refusal::OlderThanNewest`].
pub fn decided(
    index: &Index<'_>,
    customer: usize,
    decision: &str,
    to: &str,
    act: &Act,
    extra: &Extra,
) -> Result<ChangeSet, Refusal> {
    let book = index.book;
    let c = &book.customers[customer];
    let what = Turn { kind: "customer", subject: c.id, event: decision, from: c.decision(decision), to };
    let act = &Act { at: instant(book, book.newest_of(customer).map(|e| e.at()), what, act)?, ..act.clone() };
    let mut set = ChangeSet::default();
    if let Some(f) = fold_of(index.events(customer), decision)
        && f.value != c.decision(decision)
    {
        let by_hand = Act { note: BY_HAND.into(), ..act.clone() };
        let missing = Turn { from: f.value, to: what.from, ..what };
        set.extend(event(book, missing, &by_hand, &Extra::default()));
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
    set.extend(event(book, what, act, extra));
    Ok(set)
}
