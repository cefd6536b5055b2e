//! Lines of one order (quote, receipt, payment) that must agree. The versions of a quote differ in all but the customer.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::Ledger;
use crate::model::row::PlainRow;
use std::collections::HashMap;

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for ledger in Ledger::ALL.iter().filter(|l| !l.shared().is_empty()) {
        let Some(id) = ledger.column("id") else { continue };
        let version = ledger.column("version");
        let mut first: HashMap<(&str, &str), &PlainRow> = HashMap::new();
        for r in c.book.plain.get(ledger).into_iter().flatten() {
            // A line without a number is of the first version.
            let number = version.map_or("", |v| Some(r.cell(v)).filter(|n| !n.is_empty()).unwrap_or("1"));
            let whole = *first.entry((r.cell(id), "")).or_insert(r);
            let head = *first.entry((r.cell(id), number)).or_insert(r);
            for name in ledger.shared() {
                let Some(n) = ledger.column(name) else { continue };
                let head = if *name == "customer" { whole } else { head };
                let known = |r: &PlainRow| !c.doubt.line(c.book.file(r.place), r.place.line);
                if r.cell(n) != head.cell(n) && known(r) && known(head) {
                    let place = c.cell_place(r.place, *ledger, name);
                    out.push(Diagnostic::new(Code::UnequalLines, place, [name, r.cell(id)]));
                }
            }
        }
    }
}
