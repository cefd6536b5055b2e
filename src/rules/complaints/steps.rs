//! R11: what is done with a complaint, from its entry to the customer's being told. Command line and `check` ask the same questions:
//! [`may_turn`], [`may_wait`], [`may_confirm`], [`may_tell`].

use super::{ASSIGNED, CONFIRMED, Complaint, NEW, RESOLVED, TOLD, WAITING, is_open};
use crate::model::Str;
use crate::model::breach::Breach;
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::settings::Settings;
use crate::rules::engine::index::Index;
use crate::rules::ranges::Ranges;
use crate::rules::turn::{Act, Extra, Turn, event, following, newest_event, turn};
use crate::rules::working_time::WorkingTime;
use chrono::Datelike;

/// What events of complaints are about.
const KIND: &str = Ledger::Complaints.kind();

/// The states that may follow each, in the order of R11; the last ones of each line open a solved complaint again.
const TO: [(&str, &[&str]); 6] = [
    (NEW, &[ASSIGNED]),
    (ASSIGNED, &[WAITING, RESOLVED]),
    (WAITING, &[ASSIGNED, RESOLVED]),
    (RESOLVED, &[CONFIRMED, ASSIGNED]),
    (CONFIRMED, &[TOLD, ASSIGNED]),
    (TOLD, &[ASSIGNED]),
];

/// Why a complaint may not go from one state to another (R11). One that stands in no known state may go to any.
///
/// # Errors
/// [`Refusal::ComplaintState`].
pub fn may_turn(id: &str, from: &str, to: &str) -> Result<(), Refusal> {
    match TO.iter().find(|(state, _)| *state == from) {
        Some((_, next)) if !next.contains(&to) => {
            Err(Refusal::ComplaintState { complaint: id.into(), from: from.into(), to: to.into() })
        }
        _ => Ok(()),
    }
}

/// Why the clock may not stand: only the customer can be waited for, so it is said what for.
///
/// # Errors
/// [`Refusal::NeedsReason`].
pub fn may_wait(id: &str, reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        Err(Refusal::NeedsReason { complaint: id.into(), to: WAITING.into() })
    } else {
        Ok(())
    }
}

/// Why somebody may not confirm that a complaint is solved: its handler may not, unless kehu.toml has no four eyes (R12).
///
/// # Errors
/// [`Refusal::ConfirmsOwn`].
pub fn may_confirm(settings: &Settings, id: &str, handler: &str, by: &str) -> Result<(), Refusal> {
    if by == handler && settings.file.approval.four_eyes() {
        return Err(Refusal::ConfirmsOwn { complaint: id.into(), handler: handler.into() });
    }
    Ok(())
}

/// Why the customer may not be told that a complaint is solved: nobody but the handler has said so.
///
/// # Errors
/// [`Refusal::ComplaintState`].
pub fn may_tell(id: &str, state: &str) -> Result<(), Refusal> {
    if matches!(state, CONFIRMED | TOLD) {
        return Ok(());
    }
    Err(Refusal::ComplaintState { complaint: id.into(), from: state.into(), to: TOLD.into() })
}

/// Why the customer may not be told that a complaint is being dealt with: it is solved.
///
/// # Errors
/// [`Refusal::ComplaintState`].
pub fn may_acknowledge(id: &str, state: &str) -> Result<(), Refusal> {
    if is_open(state) {
        return Ok(());
    }
    Err(Refusal::ComplaintState { complaint: id.into(), from: state.into(), to: "acknowledged".into() })
}

/// A complaint that is to be entered. Texts stand as the file holds them.
#[derive(Debug, Clone)]
pub struct New {
    /// Its id, which no other complaint has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// When it reached us.
    pub at: At,
    /// Who handles it; `None` = nobody yet.
    pub handler: Option<String>,
    /// The other cells of its row, without the grade.
    pub cells: NewRow,
}

/// Enters a complaint: its row with the customer's grade, which decides the deadline whatever becomes of the customer, and the
/// events of its handler, if there is one.
///
/// # Errors
/// [`Refusal::Breach`].
pub fn enter(index: &Index<'_>, new: &New, act: &Act) -> Result<Plan, Obstacle> {
    let book = index.book;
    let c = &book.customers[new.customer];
    let mut row: NewRow =
        vec![("id", new.id.clone()), ("at", new.at.to_text(book.settings.tz)), ("customer", c.id.to_string())];
    row.extend(new.cells.iter().filter(|(column, text)| !text.is_empty() && *column != "grade").cloned());
    if !c.grade.is_empty() {
        row.push(("grade", c.grade.to_string()));
    }
    let cell = |name: &str| row.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text.as_str());
    let text = |n: usize| cell(Ledger::Complaints.columns()[n].name);
    let breach: Option<Breach> =
        Ranges::of(Ledger::Complaints).alone(text, &book.settings.file.currency).into_iter().next();
    if let Some(breach) = breach {
        return Err(Refusal::Breach(breach).into());
    }
    let budget = super::clock::budget(&book.settings, cell("grade"), cell("category"), cell("severity"));
    let time = budget.map(|b| WorkingTime::new(&book.settings, b.unit));
    let due = budget.zip(time.as_ref()).and_then(|(b, time)| time.after(new.at.utc, b.seconds));
    let mut plan = Plan::default();
    plan.notes.push(Note::Complained {
        complaint: new.id.clone(),
        customer: c.id.into(),
        text: cell("text").into(),
        due: due.map(|due| book.settings.tz.local(due).format("%Y-%m-%d %H:%M").to_string()),
    });
    for year in time.iter().flat_map(|t| t.years_without_data(new.at.utc, due.unwrap_or(new.at.utc))) {
        plan.notes.push(Note::NoHolidays { year });
    }
    if c.closed {
        plan.notes.push(Note::IsClosed { customer: c.id.into(), name: c.name.into() });
    }
    plan.changes.append(Ledger::Complaints, new.at.day.year(), row);
    if let Some(handler) = &new.handler {
        let what = |event, from, to| Turn { kind: KIND, subject: &new.id, event, from, to };
        plan.changes.extend(event(book, what("assignee", "", handler), act, &Extra::default()));
        let at = following(Some(act.at), act.at).unwrap_or(act.at);
        let act = Act { at, ..act.clone() };
        plan.changes.extend(event(book, what("state", NEW, ASSIGNED), &act, &Extra::default()));
        plan.notes.push(turned(&new.id, "assignee", "", handler));
    }
    Ok(plan)
}

fn turned(id: &str, event: &'static str, from: &str, to: &str) -> Note {
    Note::Turned { kind: KIND, id: id.into(), event, from: from.into(), to: to.into() }
}

/// Several things turn at once, each a moment after the one before, so that their order is the one in which they are listed.
fn turn_all(c: &Complaint<'_>, turns: &[(&'static str, Str, &str)], act: &Act) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    let newest = newest_event(c.book, KIND, c.id()).map(|e| e.at());
    let mut act = Act { at: act.after(newest).unwrap_or(act.at), ..act.clone() };
    for (event, from, to) in turns {
        let what = Turn { kind: KIND, subject: c.id(), event, from, to };
        plan.changes.extend(turn(c.book, what, &act, &Extra::default())?);
        plan.notes.push(turned(c.id(), event, from, to));
        act.at = following(Some(act.at), act.at).unwrap_or(act.at);
    }
    Ok(plan)
}

/// A solved complaint has no other handler.
fn must_be_open(c: &Complaint<'_>) -> Result<(), Refusal> {
    if is_open(c.turned()) {
        return Ok(());
    }
    Err(Refusal::ComplaintState { complaint: c.id().into(), from: c.state().into(), to: ASSIGNED.into() })
}

/// Gives a complaint to somebody; nothing when that is its handler.
///
/// # Errors
/// [`Refusal::ComplaintState`] and [`Refusal::OlderThanNewest`].
pub fn assign(c: &Complaint<'_>, to: &str, act: &Act) -> Result<Plan, Obstacle> {
    must_be_open(c)?;
    let mut turns = Vec::new();
    if c.handler() != to {
        turns.push(("assignee", c.handler(), to));
    }
    if c.turned() == NEW {
        turns.push(("state", NEW, ASSIGNED));
    }
    turn_all(c, &turns, act)
}

/// Stops the clock: the customer has to do something first.
///
/// # Errors
/// What [`may_wait`] and [`may_turn`] say, and [`Refusal::OlderThanNewest`].
pub fn pause(c: &Complaint<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_wait(c.id(), &act.note)?;
    may_turn(c.id(), c.state(), WAITING)?;
    turn_all(c, &[("state", c.turned(), WAITING)], act)
}

/// Lets the clock go on.
///
/// # Errors
/// [`Refusal::ComplaintState`] where it does not stand, and [`Refusal::OlderThanNewest`].
pub fn resume(c: &Complaint<'_>, act: &Act) -> Result<Plan, Obstacle> {
    if c.turned() != WAITING {
        let (complaint, from) = (c.id().into(), c.state().into());
        return Err(Refusal::ComplaintState { complaint, from, to: "resumed".into() }.into());
    }
    turn_all(c, &[("state", WAITING, ASSIGNED)], act)
}

/// Says that a complaint is solved; the note says how.
///
/// # Errors
/// What [`may_turn`] says, and [`Refusal::OlderThanNewest`].
pub fn resolve(c: &Complaint<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(c.id(), c.state(), RESOLVED)?;
    turn_all(c, &[("state", c.turned(), RESOLVED)], act)
}

/// Confirms that a complaint is solved.
///
/// # Errors
/// What [`may_turn`] and [`may_confirm`] say, and [`Refusal::OlderThanNewest`].
pub fn confirm(c: &Complaint<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(c.id(), c.state(), CONFIRMED)?;
    may_confirm(&c.book.settings, c.id(), c.handler(), &act.by)?;
    turn_all(c, &[("state", c.turned(), CONFIRMED)], act)
}

/// Opens a solved complaint again: its clock goes on. The note says why.
///
/// # Errors
/// [`Refusal::NeedsReason`], [`Refusal::ComplaintState`] for one that is open, and [`Refusal::OlderThanNewest`].
pub fn reopen(c: &Complaint<'_>, act: &Act) -> Result<Plan, Obstacle> {
    if act.note.trim().is_empty() {
        return Err(Refusal::NeedsReason { complaint: c.id().into(), to: ASSIGNED.into() }.into());
    }
    if is_open(c.turned()) {
        let (complaint, from) = (c.id().into(), c.state().into());
        return Err(Refusal::ComplaintState { complaint, from, to: "reopened".into() }.into());
    }
    turn_all(c, &[("state", c.turned(), ASSIGNED)], act)
}

/// Writes down that the customer was told: of an open complaint that it is being dealt with, which is a first answer; of a confirmed one
/// that it is solved.
///
/// # Errors
/// [`Refusal::ComplaintState`] for one that only its handler calls solved, and [`Refusal::OlderThanNewest`].
pub fn notify(c: &Complaint<'_>, channel: &str, act: &Act) -> Result<Plan, Obstacle> {
    if c.is_open() {
        return turn_all(c, &[("acknowledged", "", channel)], act);
    }
    may_tell(c.id(), c.state())?;
    turn_all(c, &[("told", "", channel)], act)
}
