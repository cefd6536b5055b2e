//! Lines of one order (quote, receipt, payment) that must agree.

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
            let key = (r.cells[id], version.map_or("", |v| r.cells[v]));
            let Some(head) = first.get(&key) else {
                first.insert(key, r);
                continue;
            };
            for name in ledger.shared() {
                let Some(n) = ledger.column(name) else { continue };
                let known = |r: &PlainRow| !c.doubt.line(c.book.file(r.place), r.place.line);
                if r.cells[n] != head.cells[n] && known(r) && known(head) {
                    let place = c.cell_place(r.place, *ledger, name);
                    out.push(Diagnostic::new(Code::UnequalLines, place, [name, r.cells[id]]));
                }
            }
        }
    }
}
