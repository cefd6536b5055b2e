//! Feedback, needs and tasks on edits by hand and after merges: states that there are not, steps out of their order,
//! what a row must say by then, and answers that were verified by who dealt with them. What is judged stands in `rules::feedback` and `rules::needs`.

use super::Checked;
use super::ranges::{is_known, rows};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::ledger::Ledger;
use crate::model::refusal::Refusal;
use crate::model::row::{Event, PlainRow};
use crate::rules::feedback::{self, Answer, VERIFIED, handler, may_handle, may_verify};
use crate::rules::needs::{self, Need, may_solve};

/// Whether a thing may go from one state to another.
type Step = fn(&str, &str, &str) -> Result<(), Refusal>;

/// The ledgers, and which steps their things may take; tasks may take any.
const LEDGERS: [(Ledger, Step); 3] =
    [(Ledger::Feedback, feedback::may_turn), (Ledger::Needs, needs::may_turn), (Ledger::Tasks, |_, _, _| Ok(()))];

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (ledger, may_turn) in LEDGERS {
        for (id, fold) in c.book.states.folds(ledger, "state") {
            if c.doubt.row(Ledger::Events, id) || c.doubt.row(ledger, id) {
                continue;
            }
            for e in &fold.applied {
                step(c, (ledger, id), e, may_turn, out);
            }
            if ledger == Ledger::Feedback {
                verified(c, id, &fold.applied, out);
            }
        }
    }
    for r in rows(c, Ledger::Feedback) {
        let a = Answer::new(c.book, r);
        if a.state() != feedback::NEW {
            let missing = may_handle(a.id(), a.entry("cause"), a.entry("action"));
            text(c, (Ledger::Feedback, r, a.id(), a.state()), missing, out);
        }
    }
    for r in rows(c, Ledger::Needs) {
        let n = Need::new(c.book, r);
        if n.state() == needs::SOLVED {
            text(c, (Ledger::Needs, r, n.id(), n.state()), may_solve(n.id(), n.entry("solution")), out);
        }
    }
}

fn step(c: &Checked<'_>, (ledger, id): (Ledger, &str), e: &Event, may_turn: Step, out: &mut Vec<Diagnostic>) {
    let place = || c.cell_place(e.place(), Ledger::Events, "to");
    let states = ledger.states();
    if !states.contains(&e.to()) {
        let near = match nearest(e.to(), states.iter().copied()).join(", ") {
            near if near.is_empty() => states.join(", "),
            near => near,
        };
        let list = format!("{} state", ledger.kind());
        out.push(Diagnostic::new(Code::NotInList, place(), [e.to(), &list, &near]));
    } else if may_turn(id, e.from(), e.to()).is_err() {
        let of = |state: &str| format!("{}_state:{state}", ledger.kind());
        let facts = [id, e.id(), &of(e.from()), &of(e.to()), ledger.kind()];
        out.push(Diagnostic::new(Code::StateStep, place(), facts));
    }
}

fn verified(c: &Checked<'_>, id: &str, events: &[Event], out: &mut Vec<Diagnostic>) {
    for (n, e) in events.iter().enumerate().filter(|(_, e)| e.to() == VERIFIED) {
        let handler = handler(&events[..n]);
        if may_verify(&c.book.settings, id, handler, e.by()).is_err() {
            let place = c.cell_place(e.place(), Ledger::Events, "by");
            out.push(Diagnostic::new(Code::FeedbackVerify, place, [id, e.id(), handler]));
        }
    }
}

/// What a row does not say although its state asks for it.
fn text(
    c: &Checked<'_>,
    (ledger, row, id, state): (Ledger, &PlainRow, &str, &str),
    missing: Result<(), Refusal>,
    out: &mut Vec<Diagnostic>,
) {
    if let Err(Refusal::NeedsText { column, .. }) = missing
        && is_known(c, row)
        && !c.doubt.row(Ledger::Events, id)
    {
        let place = c.cell_place(row.place, ledger, column);
        let state = format!("{}_state:{state}", ledger.kind());
        out.push(Diagnostic::new(Code::StateText, place, [id, column, &state, ledger.kind()]));
    }
}
