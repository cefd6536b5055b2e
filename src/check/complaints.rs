//! Complaints on edits by hand and after merges (R11): steps out of their order, waiting without a reason, confirmation by the handler,
//! and years whose working days nobody knows. What is judged stands in `rules::complaints::steps`.

use super::Checked;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::ledger::Ledger;
use crate::model::row::Event;
use crate::rules::complaints::guard::WARNED;
use crate::rules::complaints::steps::{may_confirm, may_tell, may_turn, may_wait};
use crate::rules::complaints::{CONFIRMED, Complaint, NEW, WAITING, unknown_years};
use crate::rules::engine::index::Index;
use crate::store::load::SETTINGS;
use crate::store::read::settings::Places;

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    acknowledged(c, out);
    for complaint in c.index.complaints().all() {
        if !c.doubt.row(Ledger::Events, complaint.id()) && !c.doubt.row(Ledger::Complaints, complaint.id()) {
            steps(c, complaint, out);
        }
    }
}

/// Events of sales that name a complaint which is not there.
fn acknowledged(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let rows = || c.book.plain.get(&Ledger::Complaints).into_iter().flatten();
    for e in c.book.events.iter().filter(|e| e.event() == WARNED && matches!(e.kind(), "order" | "quote")) {
        if rows().any(|r| r.cell(0) == e.to()) || c.doubt.row(Ledger::Complaints, e.to()) {
            continue;
        }
        let near = nearest(e.to(), rows().map(|r| r.cell(0))).join(", ");
        let place = c.cell_place(e.place(), Ledger::Events, "to");
        out.push(Diagnostic::new(Code::DanglingRef, place, ["to", Ledger::Complaints.name(), e.to(), &near]));
    }
}

fn steps(c: &Checked<'_>, complaint: &Complaint<'_>, out: &mut Vec<Diagnostic>) {
    let id = complaint.id();
    let at = |e: &Event, column: &str| c.cell_place(e.place(), Ledger::Events, column);
    let wrong = |e: &Event, column: &str, from: &str, to: &str| {
        Diagnostic::new(Code::ComplaintStep, at(e, column), [id, e.id(), from, to])
    };
    let states = Ledger::Complaints.states();
    // The state and the handler when an event came.
    let (mut state, mut handler) = (NEW, "");
    for e in &complaint.events {
        match e.event() {
            "state" if !states.contains(&e.to()) => {
                let near = match nearest(e.to(), states.iter().copied()).join(", ") {
                    near if near.is_empty() => states.join(", "),
                    near => near,
                };
                out.push(Diagnostic::new(Code::NotInList, at(e, "to"), [e.to(), "complaint state", &near]));
                state = e.to();
            }
            "state" => {
                if may_turn(id, state, e.to()).is_err() {
                    out.push(wrong(e, "to", state, e.to()));
                }
                if e.to() == WAITING && may_wait(id, e.note()).is_err() {
                    out.push(Diagnostic::new(Code::ComplaintWait, at(e, "note"), [id, e.id()]));
                }
                if e.to() == CONFIRMED && may_confirm(&c.book.settings, id, handler, e.by()).is_err() {
                    out.push(Diagnostic::new(Code::ComplaintConfirm, at(e, "by"), [id, e.id(), handler]));
                }
                state = e.to();
            }
            "assignee" => {
                handler = e.to();
                if !handler.is_empty() && c.book.team.get(handler).is_none() && !c.doubt.team() {
                    let near = nearest(handler, c.book.team.ids()).join(", ");
                    out.push(Diagnostic::new(Code::DanglingRef, at(e, "to"), ["to", "team", handler, &near]));
                }
            }
            "told" if may_tell(id, state).is_err() => out.push(wrong(e, "event", state, "told")),
            _ => {}
        }
    }
}

/// One finding for all years without holidays in which complaints have their time. `text` is that of kehu.toml.
pub fn holidays(index: &Index<'_>, text: &'static str) -> Option<Diagnostic> {
    let years: Vec<String> = unknown_years(index).iter().map(ToString::to_string).collect();
    let place = || Places::of(text).place_of(SETTINGS, "working_time.holidays");
    (!years.is_empty()).then(|| Diagnostic::new(Code::NoHolidays, place(), [&years.join(", ")]))
}
