//! Rows that become contacts, in the files of customers that are there.

use super::bind::{BoundColumn, View};
use super::customers::{self, Keys, shown, shown_new, text_of};
use super::import::{Env, Outcome, fault};
use super::target::Target;
use crate::i18n::exchange as m;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{CONTACT_KEYS, Contact, Customer, KeyType};
use crate::model::id::customer_id_from;
use std::collections::{BTreeMap, HashMap};

/// What an import changes of a customer that is there.
#[derive(Debug, Default)]
pub(super) struct Edited {
    /// With `--update`.
    pub(super) changes: Vec<ChangeSet>,
    /// Line by line.
    pub(super) differences: Vec<String>,
}

/// The value of a contact's key.
pub(super) fn value(
    env: &Env<'_, '_>,
    view: &View<'_>,
    c: &BoundColumn<'_>,
    key: &str,
    text: &str,
) -> Result<TomlValue, String> {
    let ty = CONTACT_KEYS.iter().find(|s| s.name == key).map_or(KeyType::Text, |s| s.ty);
    customers::value(env, view, c, ty, text)
}

fn find<'c>(c: &'c Customer, keys: &Keys) -> Option<&'c Contact> {
    let (id, name) = (text_of(keys, "id"), text_of(keys, "name"));
    if id.is_empty() { c.contacts.iter().find(|p| p.name == name) } else { c.contact(id) }
}

/// Adds a contact, or changes the one that has the id (or, without an id, the name).
pub(super) fn edit(
    env: &Env<'_, '_>,
    c: &Customer,
    keys: &Keys,
    edits: &mut Vec<TomlEdit>,
    differences: &mut Vec<String>,
) -> Result<(), String> {
    let Some(p) = find(c, keys) else {
        let push = pushed(env, c, keys)?;
        differences.push(m::was_changed(env.lang, c.id, "contact", "", text_of(keys, "name")));
        edits.push(push);
        return Ok(());
    };
    for (key, new) in keys {
        let (old, to) = (shown(&p.get(key)), shown_new(new));
        if old != to {
            differences.push(m::was_changed(env.lang, format!("{}/{}", c.id, p.id), key, &old, &to));
            let (array, id) = ("contacts".to_string(), p.id.to_string());
            edits.push(TomlEdit::SetIn { array, id, key: key.clone(), value: new.clone() });
        }
    }
    Ok(())
}

fn id_of(c: &Customer, keys: &Keys) -> String {
    match text_of(keys, "id") {
        "" => customer_id_from(text_of(keys, "name")).unwrap_or_else(|| format!("p{}", c.contacts.len() + 1)),
        id => id.to_string(),
    }
}

/// The edit that adds a contact.
fn pushed(env: &Env<'_, '_>, c: &Customer, keys: &Keys) -> Result<TomlEdit, String> {
    if text_of(keys, "name").is_empty() {
        return Err(m::empty_cell(env.lang, "name"));
    }
    let id = id_of(c, keys);
    let mut values: Keys = keys.iter().filter(|(k, _)| k != "id").cloned().collect();
    values.push(("id".into(), TomlValue::Text(id)));
    values.sort_by_key(|(k, _)| CONTACT_KEYS.iter().position(|s| s.name == k));
    Ok(TomlEdit::Push { array: "contacts".into(), values })
}

/// Whether a customer's file can be read after edits.
pub(super) fn readable(env: &Env<'_, '_>, c: &Customer, edits: &[TomlEdit]) -> Result<(), String> {
    if edits.is_empty() {
        return Ok(());
    }
    let before = env.input.texts.get(c.file).unwrap_or("");
    match crate::store::tomledit::apply(before, edits) {
        Ok(after) => customers::first_finding(env, &after, c.file, Some(before)).map_or(Ok(()), Err),
        Err(_) => Ok(()),
    }
}

/// Plans the import of contacts.
pub(super) fn plan(env: &Env<'_, '_>) -> Outcome {
    let mut out = Outcome::default();
    let mut seen: HashMap<(usize, String), u32> = HashMap::new();
    let mut files: BTreeMap<usize, Vec<TomlEdit>> = BTreeMap::new();
    for (n, row) in env.input.source.rows.iter().enumerate() {
        if let Some(f) = row.fault {
            out.reject(n, row.line, fault(f, env.lang));
            continue;
        }
        let Some(view) = env.bound.view(&row.cells) else {
            out.counts.skipped += 1;
            continue;
        };
        match one(env, &view, &mut seen, row.line, &files) {
            Err(reason) => out.reject(n, row.line, reason),
            Ok(taken) if taken.is_new => {
                out.note_new(&taken.id);
                files.entry(taken.customer).or_default().extend(taken.edits);
            }
            Ok(taken) if taken.differences.is_empty() => out.counts.unchanged += 1,
            Ok(taken) => {
                out.counts.changed += 1;
                out.differences.extend(taken.differences);
                if env.input.update {
                    files.entry(taken.customer).or_default().extend(taken.edits);
                }
            }
        }
    }
    let change =
        |(n, edits): (usize, Vec<TomlEdit>)| Change::EditToml { file: env.book.customers[n].file.into(), edits };
    out.collect(vec![ChangeSet { changes: files.into_iter().map(change).collect() }]);
    out
}

struct Taken {
    customer: usize,
    /// `customer/contact`
    id: String,
    is_new: bool,
    edits: Vec<TomlEdit>,
    differences: Vec<String>,
}

fn one(
    env: &Env<'_, '_>,
    view: &View<'_>,
    seen: &mut HashMap<(usize, String), u32>,
    line: u32,
    files: &BTreeMap<usize, Vec<TomlEdit>>,
) -> Result<Taken, String> {
    let mut customer = None;
    let mut keys: Keys = Vec::new();
    for c in &env.bound.columns {
        let text = view.value(c)?;
        let named = |e: String| m::in_column(env.lang, &c.name, e);
        match c.target {
            _ if text.is_empty() => {}
            Target::Customer => {
                let found = env.resolver.customer(&text);
                customer = Some(found.map_err(|why| named(env.resolver.no_customer(&text, &why)))?);
            }
            Target::Id => keys.push(("id".into(), TomlValue::Text(text))),
            Target::Contact(k) => keys.push((k.to_string(), value(env, view, c, k, &text).map_err(named)?)),
            _ => {}
        }
    }
    let customer = customer.ok_or_else(|| m::empty_cell(env.lang, "customer"))?;
    if text_of(&keys, "name").is_empty() {
        return Err(m::empty_cell(env.lang, "name"));
    }
    let c = &env.book.customers[customer];
    let id = find(c, &keys).map_or_else(|| id_of(c, &keys), |p| p.id.to_string());
    if let Some(other) = seen.get(&(customer, id.clone())) {
        return Err(m::twice(env.lang, format!("{}/{id}", c.id), other));
    }
    let is_new = find(c, &keys).is_none();
    // One name may be another contact's id.
    if is_new && c.contact(&id).is_some() {
        return Err(m::other_source(env.lang, format!("{}/{id}", c.id)));
    }
    let (mut edits, mut differences) = (Vec::new(), Vec::new());
    if text_of(&keys, "id").is_empty() {
        keys.push(("id".into(), TomlValue::Text(id.clone())));
    }
    edit(env, c, &keys, &mut edits, &mut differences)?;
    let so_far = files.get(&customer).map(Vec::as_slice).unwrap_or_default();
    readable(env, c, &[so_far, &edits].concat())?;
    seen.insert((customer, id.clone()), line);
    Ok(Taken { customer, id: format!("{}/{id}", c.id), is_new, edits, differences })
}
