//! Events of quotes: what they start from, and what they lead to (R6).

use super::Checked;
use super::decisions::unsettled;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for q in c.index.quotes().all() {
        if c.doubt.row(Ledger::Events, q.id) || c.doubt.row(Ledger::Quotes, q.id) {
            continue;
        }
        for e in &q.wrong {
            let place = c.cell_place(e.place(), Ledger::Events, "to");
            out.push(Diagnostic::new(Code::EventValue, place, [e.id(), e.event(), e.to()]));
        }
        // One that is not applied changes what the next one meets: then nothing more is said.
        for lost in unsettled(&q.fold).filter(|_| q.wrong.is_empty()) {
            let place = c.cell_place(lost.event.place(), Ledger::Events, "from");
            out.push(Diagnostic::new(Code::LostRace, place, [lost.event.id(), lost.event.from(), lost.state, ""]));
        }
    }
}
