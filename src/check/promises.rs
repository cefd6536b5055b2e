//! R4: promises that nobody is reminded of.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::rules::followup::lost_promises;

/// Promises to customers who are closed on the promised day.
pub(super) fn lost(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        for (_, activity) in lost_promises(c.index, n) {
            let day = activity.next().map(|d| d.to_string()).unwrap_or_default();
            let until = customer.closed_until.map(|d| d.to_string()).unwrap_or_default();
            let place = c.cell_place(activity.place(), Ledger::Activities, "next");
            out.push(Diagnostic::new(Code::PromiseLost, place, [customer.id, &day, &until]));
        }
    }
}
