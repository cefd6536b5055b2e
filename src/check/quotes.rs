//! Events of quotes: what they start from, and what they lead to (R6).

use super::Checked;
use super::decisions::unsettled;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::model::row::Event;
use crate::rules::quotes::chain;
use std::collections::HashMap;

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut events: HashMap<&str, Vec<Event>> = HashMap::new();
    for e in c.book.events.iter().filter(|e| e.kind() == Ledger::Quotes.kind()) {
        events.entry(e.subject()).or_default().push(e);
    }
    for q in c.index.quotes().all() {
        let (fold, wrong) = chain(events.get(q.id).map_or(&[], Vec::as_slice));
        if c.doubt.row(Ledger::Events, q.id) || c.doubt.row(Ledger::Quotes, q.id) {
            continue;
        }
        for e in &wrong {
            let place = c.cell_place(e.place(), Ledger::Events, "to");
            out.push(Diagnostic::new(Code::EventValue, place, [e.id(), e.event(), e.to()]));
        }
        // One that is not applied changes what the next one meets: then nothing more is said.
        for lost in unsettled(&fold).filter(|_| wrong.is_empty()) {
            let place = c.cell_place(lost.event.place(), Ledger::Events, "from");
            out.push(Diagnostic::new(Code::LostRace, place, [lost.event.id(), lost.event.from(), lost.state, ""]));
        }
    }
}
