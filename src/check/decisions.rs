//! The five decisions: what the file says against what the events say.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::customer::DECISIONS;
use crate::rules::history::{Fold, Lost, fold_of};

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        for name in DECISIONS.iter().copied() {
            let Some(f) = fold_of(c.index.events(n), name) else { continue };
            for lost in unsettled(&f) {
                let e = lost.event;
                let place = c.row_place(e.place, Some(e.id));
                out.push(Diagnostic::new(Code::LostRace, place, [e.id, e.from, lost.state]));
            }
            let present = customer.decision(name);
            if f.value != present {
                let place = c.line_place(customer.file, customer.line_of(name), Some(present));
                out.push(Diagnostic::new(Code::DecisionDrift, place, [customer.id, name, present, f.value]));
            }
        }
    }
}

/// Lost races that nobody has settled since: a later event that was applied settles them.
pub(super) fn unsettled<'f, 'a>(f: &'f Fold<'a>) -> impl Iterator<Item = &'f Lost<'a>> {
    let last = f.applied.last().map(|e| (e.at, e.id));
    f.lost.iter().filter(move |l| last.is_none_or(|(at, id)| (l.event.at, l.event.id) > (at, id)))
}
