//! Ids that are there twice.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use std::collections::HashMap;

/// Customers and former ids.
pub(super) fn customers(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for customer in &c.book.customers {
        if let Some(other) = seen.insert(customer.id, customer.file) {
            out.push(Diagnostic::new(Code::DuplicateCustomer, Place::file(customer.file), [customer.id, other]));
        }
    }
    let mut former: HashMap<&str, &str> = HashMap::new();
    for customer in &c.book.customers {
        for id in &customer.rest().former_ids {
            let taken = seen.get(id).copied().or_else(|| former.get(id).copied());
            if let Some(other) = taken.filter(|o| *o != customer.file) {
                let place = c.key_place(customer, "former_ids", id);
                out.push(Diagnostic::new(Code::FormerIdTaken, place, [*id, other]));
            }
            former.insert(id, customer.file);
        }
    }
}

/// Rows of each ledger, by the columns that identify them.
pub(super) fn rows(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (ledger, rows) in &c.book.plain {
        let key: Vec<usize> = ledger.key().iter().filter_map(|k| ledger.column(k)).collect();
        let mut seen: HashMap<Vec<&str>, String> = HashMap::with_capacity(rows.len());
        for r in rows {
            let id: Vec<&str> = key.iter().map(|n| r.cells[*n]).collect();
            // A part that is missing is a finding of its own.
            if key.iter().any(|n| r.cells[*n].is_empty() && ledger.columns()[*n].required) {
                continue;
            }
            let here = c.book.place(r.place);
            let word = id.join("/");
            match seen.entry(id) {
                std::collections::hash_map::Entry::Occupied(other) => {
                    let place = c.cell_place(r.place, *ledger, ledger.key()[0]);
                    out.push(Diagnostic::new(Code::DuplicateRow, place, [&word, other.get()]));
                }
                std::collections::hash_map::Entry::Vacant(slot) => {
                    slot.insert(here);
                }
            }
        }
    }
}
