//! Approvals on edits by hand and after merges (R12): what was approved and is no longer the same, debts given up without leave, and
//! contracts that end before they begin. What is judged stands in `rules::approval`, `rules::seal`, `rules::writing_off` and
//! `rules::contracts`.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::model::money::shown;
use crate::model::refusal::Refusal;
use crate::model::row::Event;
use crate::rules::approving::parts;
use crate::rules::papers::{LEDGERS, Paper};
use crate::rules::writing_off::{Wrong, wrong};

/// What was approved and has been edited since.
pub(super) fn seals(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for paper in LEDGERS.iter().flat_map(|l| Paper::of(c.book, *l)) {
        let id = paper.id();
        if c.doubt.row(paper.ledger, id) || c.doubt.row(Ledger::Events, id) {
            continue;
        }
        let of_plan = parts(c.index, &paper);
        if of_plan.iter().any(|p| c.doubt.row(Ledger::Receivables, &p.id) || c.doubt.row(Ledger::Payables, &p.id)) {
            continue;
        }
        if let Some(e) = paper.approved_by().filter(|_| paper.is_broken(&of_plan)) {
            let place = c.cell_place(paper.row.place, paper.ledger, "id");
            let facts = [&paper.name(), e.id(), e.by(), &e.day().to_string()];
            out.push(Diagnostic::new(Code::SealBroken, place, facts));
        }
    }
}

/// Debts that were given up without leave, or that were less.
pub(super) fn write_offs(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let base = c.book.settings.file.currency.as_str();
    let at = |e: Event| c.cell_place(e.place(), Ledger::Events, "to");
    for (id, found) in wrong(c.book) {
        if c.doubt.row(Ledger::Receivables, id) || c.doubt.row(Ledger::Events, id) {
            continue;
        }
        out.push(match found {
            Wrong::NoAmount(e) => Diagnostic::new(Code::BadDecimal, at(e), [e.to()]),
            Wrong::TooMuch(e, refusal) => {
                let Refusal::WriteOffTooMuch { amount, open, .. } = refusal else { continue };
                Diagnostic::new(Code::WriteOffTooMuch, at(e), [id, &amount, &open, e.id()])
            }
            Wrong::NotApproved(e, sum, approved) => {
                let facts = [id, &shown(sum, base), &shown(approved, base), e.id()];
                Diagnostic::new(Code::WriteOffNotApproved, at(e), facts)
            }
        });
    }
}
