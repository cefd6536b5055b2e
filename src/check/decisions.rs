//! The five decisions: what the file says against what the events say.

use super::Checked;
use super::events::lost_race;
use crate::diag::{Code, Diagnostic};
use crate::model::customer::DECISIONS;
use crate::rules::history::{fold_of, unsettled};

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        for name in DECISIONS.iter().copied() {
            if c.doubt.decision(customer, name) {
                continue;
            }
            let Some(f) = fold_of(c.index.events(n), name) else { continue };
            let present = customer.decision(name);
            let drift = f.value != present;
            let mut raced = false;
            for lost in unsettled(&f) {
                // What the file says was chosen by whoever merged, or stands there: its event settles the race.
                let in_file = if raced { "" } else { present };
                raced = true;
                out.push(lost_race(c, &f, lost, in_file));
            }
            if drift && !raced && !super::stages::refused_in_file(c, n, name) {
                let place = c.key_place(customer, name, present);
                out.push(Diagnostic::new(Code::DecisionDrift, place, [customer.id, name, present, f.value]));
            }
        }
    }
}
