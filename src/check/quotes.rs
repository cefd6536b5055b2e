//! Events of quotes: what they start from, and what they lead to (R6).

use super::events::lost_race;
use super::{Checked, ranges};
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::model::row::Event;
use crate::rules::history::unsettled;
use crate::rules::quotes::chain;
use std::collections::{HashMap, HashSet};

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut events: HashMap<&str, Vec<Event>> = HashMap::new();
    for e in c.book.events.iter().filter(|e| e.kind() == Ledger::Quotes.kind()) {
        events.entry(e.subject()).or_default().push(e);
    }
    // A second order of a quote is a finding of its own; nobody need hear besides that its event lost a race.
    let again: HashSet<&str> = ranges::accepted_again(c).iter().map(|(e, _)| e.id()).collect();
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
        let lost = unsettled(&fold).filter(|lost| wrong.is_empty() && !again.contains(lost.event.id()));
        for lost in lost {
            out.push(lost_race(c, &fold, lost, ""));
        }
    }
}
