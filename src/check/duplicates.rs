//! Ids that are there twice, and customers that may be.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::customer::Customer;
use crate::model::reach::{NOISE, mails, name_key, phones, tax_id};
use crate::rules::sameness::groups;
use hashbrown::hash_table::{Entry, HashTable};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

/// Customers and former ids.
pub(super) fn customers(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for customer in &c.book.customers {
        if let Some(other) = seen.insert(customer.id, customer.file) {
            out.push(Diagnostic::new(Code::DuplicateCustomer, Place::file(customer.file), [customer.id, other]));
        }
    }
    let mut former: HashMap<&str, &str> = HashMap::new();
    for customer in c.book.customers.iter().filter(|c| c.renamed) {
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

/// What customers share that should tell them apart: one finding for each value, at the last of them.
pub(super) fn shared(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let customers = &c.book.customers;
    for group in groups(customers) {
        let Some((last, others)) = group.customers.split_last() else { continue };
        let count = group.customers.len();
        // One id in two files is a finding of its own.
        if others.iter().all(|n| customers[*n].id == customers[*last].id) {
            continue;
        }
        let some: Vec<&str> = others.iter().take(SHOWN).map(|n| customers[*n].id).collect();
        let mut words = some.join(", ");
        if others.len() > SHOWN {
            words.push_str(" …");
        }
        let (words, count) = if count > NOISE { (String::new(), count.to_string()) } else { (words, String::new()) };
        let place = mark_place(c, &customers[*last], group.key, &group.value);
        out.push(Diagnostic::new(Code::SameAsOther, place, [group.key, &group.value, &words, &count]));
    }
}

/// How many of those that share something are named.
const SHOWN: usize = 5;

/// Where a customer's file has what it shares: in a key of its own, or in one of a contact.
fn mark_place(c: &Checked<'_>, customer: &Customer, key: &str, value: &str) -> Place {
    let has = |text: &str| match key {
        "phone" => phones(text).iter().any(|p| p.national() == value),
        "email" => mails(text).iter().any(|m| m == value),
        "tax_id" => tax_id(text) == value,
        _ => name_key(text) == value,
    };
    let text = if key == "name" { customer.name } else { customer.text(key) };
    if has(text) {
        return c.key_place(customer, key, text);
    }
    if key == "name" {
        return c.key_place(customer, "aliases", "");
    }
    let contact = customer.rest().contacts.iter().find(|p| p.left().is_none() && has(p.text(key)));
    let Some(p) = contact else { return Place::file(customer.file) };
    // Its keys stand below the line of its head.
    let behind = c.text_at_line(customer.file, p.line).unwrap_or("");
    let lines = behind.lines().take_while(|l| !l.starts_with('[') || l.starts_with("[[contacts]]"));
    let is_it = |l: &&str| l.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    let down = lines.take(64).position(|l| is_it(&l)).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    c.line_place(customer.file, p.line + down, Some(p.text(key)))
}

/// Rows of each ledger, by the columns that identify them.
pub(super) fn rows(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let hash = foldhash::fast::RandomState::default();
    for (ledger, rows) in &c.book.plain {
        let key: Vec<usize> = ledger.key().iter().filter_map(|k| ledger.column(k)).collect();
        // Numbers of rows, found by what identifies them: a ledger may have a million of them.
        let parts = |n: u32| key.iter().map(move |k| rows[n as usize].cell(*k));
        let hash = |n: u32| {
            let mut hasher = hash.build_hasher();
            parts(n).for_each(|part| part.hash(&mut hasher));
            hasher.finish()
        };
        let mut seen: HashTable<u32> = HashTable::with_capacity(rows.len());
        for (n, r) in (0..).zip(rows) {
            // A part that is missing is a finding of its own.
            if key.iter().any(|n| r.cell(*n).is_empty() && ledger.columns()[*n].required) {
                continue;
            }
            match seen.entry(hash(n), |other| parts(*other).eq(parts(n)), |other| hash(*other)) {
                Entry::Occupied(other) => {
                    let place = c.cell_place(r.place, *ledger, ledger.key()[0]);
                    let word = parts(n).collect::<Vec<_>>().join("/");
                    let first = c.book.place(rows[*other.get() as usize].place);
                    out.push(Diagnostic::new(Code::DuplicateRow, place, [word.as_str(), &first]));
                }
                Entry::Vacant(slot) => {
                    slot.insert(n);
                }
            }
        }
    }
}
