//! R4: promises that nobody is reminded of.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::rules::followup::lost_promise;

/// Promises to customers who are closed on the promised day.
pub(super) fn lost(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (n, customer) in c.book.customers.iter().enumerate() {
        let Some((activity, day)) = lost_promise(c.index, n).and_then(|a| Some((a, a.next()?))) else { continue };
        let until = customer.closed_until.map(|d| d.to_string()).unwrap_or_default();
        let place = c.cell_place(activity.place(), Ledger::Activities, "next");
        out.push(Diagnostic::new(Code::PromiseLost, place, [customer.id, &day.to_string(), &until]));
    }
}
