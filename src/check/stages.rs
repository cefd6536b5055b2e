//! R1 on edits by hand: transitions and requirements.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::refusal::Refusal;
use crate::rules::decisions::BY_HAND;
use crate::rules::history::fold_of;
use crate::rules::lifecycle::may_move;

/// A move with a note of its own was decided by somebody who said why; every other one must be allowed.
pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        let Some(f) = fold_of(c.index.events(n), "stage") else { continue };
        let unexplained = f.applied.iter().filter(|e| (e.note.is_empty() || e.note == BY_HAND) && !e.from.is_empty());
        for e in unexplained {
            if let Err(r) = may_move(c.index, n, e.from, e.to, false, e.at.day) {
                let place = c.row_place(e.place, Some(e.id));
                out.extend(finding(&r, place, e.from, e.to, e.id));
            }
        }
        // The file was edited and no event tells of it yet.
        if f.value != customer.stage
            && !customer.stage.is_empty()
            && let Err(r) = may_move(c.index, n, f.value, customer.stage, false, c.book.today)
        {
            let place = c.line_place(customer.file, customer.line_of("stage"), Some(customer.stage));
            out.extend(finding(&r, place, f.value, customer.stage, ""));
        }
    }
}

fn finding(r: &Refusal, place: crate::diag::Place, from: &str, to: &str, event: &str) -> Option<Diagnostic> {
    match r {
        Refusal::Transition { customer, .. } => {
            Some(Diagnostic::new(Code::StageTransition, place, [customer, from, to, "not-allowed", event]))
        }
        Refusal::BackwardNeedsNote { customer, .. } => {
            Some(Diagnostic::new(Code::StageTransition, place, [customer, from, to, "note", event]))
        }
        Refusal::Requirement { customer, stage, requirement, .. } => {
            Some(Diagnostic::new(Code::StageRequires, place, [customer, stage, requirement, "", event]))
        }
        _ => None,
    }
}
