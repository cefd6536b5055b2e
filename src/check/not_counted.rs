//! Ledgers that the format defines and no figure reads yet.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;

/// One finding for each such ledger that has rows, at the first of them.
pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for ledger in Ledger::ALL.iter().filter(|l| l.spec().uncounted) {
        let rows = c.book.plain.get(ledger).map(Vec::as_slice).unwrap_or_default();
        let Some(first) = rows.iter().map(|r| r.place).min() else { continue };
        let place = c.cell_place(first, *ledger, ledger.spec().key[0]);
        out.push(Diagnostic::new(Code::NotCounted, place, [&rows.len().to_string(), ledger.name()]));
    }
}
