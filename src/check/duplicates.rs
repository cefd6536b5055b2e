//! Ids that are there twice, and customers that may be.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::customer::Customer;
use crate::model::likeness::{REFUSED, Sign, signs};
use crate::rules::duplicates::keys::Key;
use crate::rules::duplicates::known::tells;
use crate::rules::duplicates::{Keys, Known, Pair, TELLING};
use hashbrown::hash_table::{Entry, HashTable};
use std::collections::{HashMap, HashSet};
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

/// Customers that would be refused if they were new (R14), and what customers share that should tell them apart: one finding for each value, at
/// the last of them.
pub(super) fn shared(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let customers = &c.book.customers;
    let known = Known::of(customers);
    // One id in two files is a finding of its own.
    let two = |p: &Pair| customers[p.one].id != customers[p.other].id;
    let pairs: Vec<Pair> = known.pairs(REFUSED).into_iter().filter(two).collect();
    for p in &pairs {
        let Some(first) = p.likeness.evidence.first() else { continue };
        let place = sign_place(c, &customers[p.other], first.sign, &first.value);
        let score = p.likeness.score().to_string();
        let facts = [customers[p.other].id, customers[p.one].id, &score, &signs(&p.likeness)];
        out.push(Diagnostic::new(Code::LikelyDuplicate, place, facts));
    }
    let told: HashSet<(usize, usize)> = pairs.iter().map(|p| (p.one, p.other)).collect();
    for group in known.groups().into_iter().filter(|g| tells(g.sign)) {
        let Some((last, others)) = group.customers.split_last() else { continue };
        let count = group.customers.len();
        if others.iter().all(|n| customers[*n].id == customers[*last].id || told.contains(&(*n, *last))) {
            continue;
        }
        let some: Vec<&str> = others.iter().take(SHOWN).map(|n| customers[*n].id).collect();
        let mut words = some.join(", ");
        if others.len() > SHOWN {
            words.push_str(" …");
        }
        let noise = group.is_noise();
        let (words, count) = if noise { (String::new(), count.to_string()) } else { (words, String::new()) };
        let place = sign_place(c, &customers[*last], group.sign, &group.value);
        out.push(Diagnostic::new(Code::SameAsOther, place, [group.sign.key(), &group.value, &words, &count]));
    }
}

/// How many of those that share something are named.
const SHOWN: usize = 5;

/// Where a customer's file has what it shares: in a key of its own, or in one of a contact.
fn sign_place(c: &Checked<'_>, customer: &Customer, sign: Sign, value: &str) -> Place {
    let rest = customer.rest();
    let city = rest.text("city");
    let has = |key: &str, text: &str| {
        let is_it = |k: &Key| k.sign == sign && (k.value == value || value.split(" ~ ").any(|v| v == k.value));
        !text.is_empty() && Keys::of_values(city, [(key, text)]).iter().any(is_it)
    };
    let own = |key: &&&str| has(key, if **key == "name" { customer.name } else { customer.text(key) });
    if let Some(key) = ["name"].iter().chain(TELLING).find(own) {
        let text = if *key == "name" { customer.name } else { customer.text(key) };
        return c.key_place(customer, key, text);
    }
    if matches!(sign, Sign::Name | Sign::SimilarName) {
        return c.key_place(customer, "aliases", "");
    }
    let mut theirs = rest.contacts.iter().filter(|p| p.left().is_none());
    let found = theirs.find_map(|p| Some((p, *TELLING.iter().find(|key| has(key, p.text(key)))?)));
    let Some((p, key)) = found else { return Place::file(customer.file) };
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
        let parts =
            |n: u32| key.iter().map(move |k| ledger.in_key(ledger.columns()[*k].name, rows[n as usize].cell(*k)));
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
