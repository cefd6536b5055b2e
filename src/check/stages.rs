//! R1 on edits by hand: transitions and requirements.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::ledger::Ledger;
use crate::model::refusal::Refusal;
use crate::rules::decisions::BY_HAND;
use crate::rules::history::{Fold, fold_of, unsettled};
use crate::rules::lifecycle::{may_move, meets};

/// A move with a note of its own was decided by somebody who said why; every other one must be allowed.
pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    if c.doubt.stages() {
        return;
    }
    for (n, customer) in c.book.customers.iter().enumerate() {
        if c.doubt.decision(customer, "stage") {
            continue;
        }
        let Some(f) = fold_of(c.index.events(n), "stage") else {
            // Nobody knows how it came there: what the stage requires must be there by now.
            let is_it = c.book.customer_index(customer.id) == Some(n);
            if let Some(r) = meets(c.index, n, customer.stage, c.book.today).err().filter(|_| is_it) {
                let place = c.key_place(customer, "stage", customer.stage);
                // Others put it there: what is missing may still be imported.
                let found = finding(c, &r, place, "", customer.stage, "begin");
                out.extend(found.map(|d| Diagnostic { accepted: true, ..d }));
            }
            continue;
        };
        let unexplained =
            f.applied.iter().filter(|e| (e.note().is_empty() || e.note() == BY_HAND) && !e.from().is_empty());
        for e in unexplained {
            if let Err(r) = may_move(c.index, n, e.from(), e.to(), false, e.day()) {
                let place = c.cell_place(e.place(), Ledger::Events, "to");
                out.extend(finding(c, &r, place, e.from(), e.to(), ""));
            }
        }
        if let Some(r) = edited(c, n, &f) {
            let place = c.key_place(customer, "stage", customer.stage);
            out.extend(finding(c, &r, place, f.value, customer.stage, "edit"));
        }
    }
}

/// Why the stage in the file may not follow the one that the events tell: it was edited, and no event says so yet.
fn edited(c: &Checked<'_>, n: usize, f: &Fold) -> Option<Refusal> {
    let stage = c.book.customers[n].stage;
    if f.value == stage || stage.is_empty() || unsettled(f).next().is_some() {
        return None;
    }
    may_move(c.index, n, f.value, stage, false, c.book.today).err()
}

/// Whether [`check`] refuses the stage in a customer's file; then that it has no event is not said besides.
pub(super) fn refused_in_file(c: &Checked<'_>, n: usize, decision: &str) -> bool {
    decision == "stage"
        && !c.doubt.stages()
        && fold_of(c.index.events(n), "stage").is_some_and(|f| edited(c, n, &f).is_some())
}

/// The finding for a refusal; none where the facts that a requirement counts could not all be read.
fn finding(c: &Checked<'_>, r: &Refusal, place: Place, from: &str, to: &str, edit: &str) -> Option<Diagnostic> {
    let unread = |ledger| match r {
        Refusal::Requirement { customer, .. } => c.doubt.row(ledger, customer),
        _ => false,
    };
    if [Ledger::Activities, Ledger::Orders, Ledger::Needs].into_iter().any(unread) {
        return None;
    }
    match r {
        Refusal::Transition { id, .. } => Some(Diagnostic::new(Code::StageTransition, place, [id, from, to, edit])),
        Refusal::BackwardNeedsNote { id, .. } => {
            Some(Diagnostic::new(Code::StageTransition, place, [id, from, to, edit, "note"]))
        }
        Refusal::Requirement { customer, stage, requirement, .. } => {
            Some(Diagnostic::new(Code::StageRequires, place, [customer, stage, requirement, edit]))
        }
        _ => None,
    }
}
