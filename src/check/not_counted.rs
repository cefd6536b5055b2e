//! Ledgers that the format defines and no figure reads yet.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::model::row::PlainRow;
use crate::rules::gifts;

/// One finding for each such ledger that has rows, at the first of them. Gifts count for what a customer may be given in a year.
pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for ledger in Ledger::ALL.iter().filter(|l| l.spec().uncounted) {
        let kind = ledger.column("kind").filter(|_| *ledger == gifts::LEDGER);
        let is_gift = |r: &&PlainRow| kind.is_some_and(|n| gifts::is_gift(r.cell(n)));
        let rows = c.book.plain.get(ledger).into_iter().flatten().filter(|r| !is_gift(r));
        let rows: Vec<&PlainRow> = rows.collect();
        let Some(first) = rows.iter().map(|r| r.place).min() else { continue };
        let place = c.cell_place(first, *ledger, ledger.spec().key[0]);
        out.push(Diagnostic::new(Code::NotCounted, place, [&rows.len().to_string(), ledger.name()]));
    }
}
