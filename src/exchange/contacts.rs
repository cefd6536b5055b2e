//! Rows that become contacts, in the files of customers that are there or are made for them.

use super::bind::{View, Why};
use super::described::{
    Described, Keys, complete, contact_value, file_text, first_finding, is_same, may_be_followed, text_of,
};
use super::env::{Env, Outcome};
use super::made::Maker;
use super::resolve::NoCustomer;
use super::target::Target;
use crate::i18n::exchange as m;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{CONTACT_KEYS, Contact, Customer};
use crate::model::id::customer_id_from;
use std::collections::{BTreeMap, HashMap};

/// What an import changes of a customer that is there.
#[derive(Debug, Default)]
pub(super) struct Edited {
    /// With `--update`.
    pub(super) changes: Vec<ChangeSet>,
    /// Line by line.
    pub(super) differences: Vec<String>,
    /// Who referred the customer, by this row; empty = it does not say.
    pub(super) referrer: String,
}

fn find<'e>(env: &Env<'e, '_>, customer: usize, keys: &Keys) -> Option<&'e Contact> {
    let id = match text_of(keys, "id") {
        "" => env.resolver.contact_named(customer, text_of(keys, "name"))?,
        id => id,
    };
    env.book.customers[customer].contact(id)
}

/// Adds a contact, or changes the one that has the id (or, without an id, the name).
pub(super) fn edit(
    env: &Env<'_, '_>,
    customer: usize,
    keys: &Keys,
    edits: &mut Vec<TomlEdit>,
    differences: &mut Vec<String>,
) -> Result<(), String> {
    let c = &env.book.customers[customer];
    let Some(p) = find(env, customer, keys) else {
        let push = pushed(env, c, keys)?;
        differences.push(m::was_changed(env.lang, c.id, "contact", "", text_of(keys, "name")));
        edits.push(push);
        return Ok(());
    };
    for (key, new) in keys {
        let there = p.get(key);
        if !is_same(env, &there, new) {
            may_be_followed(env, &[(key.clone(), new.clone())])?;
            let (old, to) = (there.typed(), new.typed());
            differences.push(m::was_changed(env.lang, format!("{}/{}", c.id, p.id), key, &old, &to));
            let (array, id) = ("contacts".to_string(), p.id.to_string());
            edits.push(TomlEdit::SetIn { array, id, key: key.clone(), value: new.clone() });
        }
    }
    Ok(())
}

/// The id of a new contact of a customer that has `others`.
fn id_of(others: usize, keys: &Keys) -> String {
    match text_of(keys, "id") {
        "" => customer_id_from(text_of(keys, "name")).unwrap_or_else(|| format!("p{}", others + 1)),
        id => id.to_string(),
    }
}

/// The edit that adds a contact.
fn pushed(env: &Env<'_, '_>, c: &Customer, keys: &Keys) -> Result<TomlEdit, String> {
    if text_of(keys, "name").is_empty() {
        return Err(m::empty_cell(env.lang, "name"));
    }
    may_be_followed(env, keys)?;
    let id = id_of(c.rest().contacts.len(), keys);
    let mut values: Keys = keys.iter().filter(|(k, _)| k != "id").cloned().collect();
    values.push(("id".into(), TomlValue::Text(id)));
    Ok(push(values))
}

/// Whether a customer's file can be read after edits.
pub(super) fn readable(env: &Env<'_, '_>, c: &Customer, edits: &[TomlEdit]) -> Result<(), String> {
    if edits.is_empty() {
        return Ok(());
    }
    let before = env.input.texts.get(c.file).unwrap_or("");
    match crate::store::tomledit::apply(before, edits) {
        Ok(after) => first_finding(env, &after, c.file, Some(before)).map_or(Ok(()), Err),
        Err(_) => Ok(()),
    }
}

/// A customer that is made for its contacts.
#[derive(Default)]
struct Fresh {
    contacts: Vec<Keys>,
}

/// Plans the import of contacts.
pub(super) fn plan(env: &Env<'_, '_>) -> Outcome {
    let mut out = Outcome::default();
    let mut seen: HashMap<(String, String), u32> = HashMap::new();
    let mut files: BTreeMap<usize, Vec<TomlEdit>> = BTreeMap::new();
    let mut maker = Maker::default();
    let mut fresh: BTreeMap<String, Fresh> = BTreeMap::new();
    env.each(&mut out, |out, n, view| {
        let taken = read(env, n, view, &mut maker).and_then(|(whose, keys)| match whose {
            Whose::There(c) => there(env, c, keys, &mut seen, n),
            Whose::New(id) => new(env, id, keys, &mut seen, n, &mut fresh),
        });
        match taken {
            Err(why) => out.reject(n, why),
            Ok(taken) if taken.is_new => {
                out.note_new(&taken.id);
                if let Some(c) = taken.customer {
                    files.entry(c).or_default().extend(taken.edits);
                }
            }
            Ok(taken) if taken.differences.is_empty() => out.counts.unchanged += 1,
            Ok(taken) => {
                out.counts.changed += 1;
                taken.differences.into_iter().for_each(|words| out.differ(|| words));
                if let Some(c) = taken.customer.filter(|_| env.input.update) {
                    files.entry(c).or_default().extend(taken.edits);
                }
            }
        }
    });
    for (id, f) in fresh {
        let Some(d) = maker.made.get(&id).and_then(|x| x.first(|_| true)) else { continue };
        if let Ok((file, text)) = whole(env, &id, d, &f.contacts) {
            out.counts.customers += 1;
            out.changes.push(Change::Create { file, text });
        }
    }
    let change =
        |(n, edits): (usize, Vec<TomlEdit>)| Change::EditToml { file: env.book.customers[n].file.into(), edits };
    out.changes.changes.extend(files.into_iter().map(change));
    out
}

/// The file of a customer that is made, with its contacts.
fn whole(env: &Env<'_, '_>, id: &str, d: &Described, contacts: &[Keys]) -> Result<(String, String), String> {
    let (first, more) = contacts.split_first().map_or((&[][..], &[][..]), |(first, more)| (first.as_slice(), more));
    let (file, text) = file_text(env, id, &d.keys, &first.to_vec())?;
    let edits: Vec<TomlEdit> = more.iter().map(|keys| push(keys.clone())).collect();
    if edits.is_empty() {
        return Ok((file, text));
    }
    let text = crate::store::tomledit::apply(&text, &edits).map_err(|e| format!("{e:?}"))?;
    Ok((file, text))
}

fn push(mut values: Keys) -> TomlEdit {
    values.sort_by_key(|(k, _)| CONTACT_KEYS.iter().position(|s| s.name == k));
    TomlEdit::Push { array: "contacts".into(), values }
}

/// Whom a contact belongs to.
enum Whose {
    /// A customer, by its index.
    There(usize),
    /// One that is made.
    New(String),
}

struct Taken {
    /// `None` for one that is made.
    customer: Option<usize>,
    /// `customer/contact`
    id: String,
    is_new: bool,
    edits: Vec<TomlEdit>,
    differences: Vec<String>,
}

/// The customer and the keys that a row tells.
fn read(env: &Env<'_, '_>, row: u32, view: &View<'_>, maker: &mut Maker) -> Result<(Whose, Keys), Why> {
    let mut customer = None;
    let mut keys: Keys = Vec::new();
    for c in &env.bound.columns {
        let text = view.value(c)?;
        match c.target {
            _ if text.is_empty() => {}
            Target::Customer => customer = Some((c, text)),
            Target::Id => keys.push(("id".into(), TomlValue::Text(text))),
            Target::Contact(k) => {
                keys.push(((*k).to_string(), contact_value(env, view, c, k, &text).map_err(|e| c.wrong(env.lang, e))?));
            }
            _ => {}
        }
    }
    let (column, text) = customer.ok_or_else(|| m::empty_cell(env.lang, "customer"))?;
    if text_of(&keys, "name").is_empty() {
        return Err(m::empty_cell(env.lang, "name").into());
    }
    let whose = match env.resolver.customer(&text) {
        Ok(c) => Whose::There(c),
        Err(NoCustomer::Unknown) if env.bound.create.is_some() => match maker.make(env, row, view, &text) {
            Ok(id) => Whose::New(id),
            Err(why) if why.cell.is_some() => return Err(why),
            Err(why) => return Err(column.wrong(env.lang, why.words)),
        },
        Err(why) => return Err(column.wrong(env.lang, env.resolver.no_customer(&text, &why))),
    };
    Ok((whose, keys))
}

type Seen = HashMap<(String, String), u32>;

fn once(env: &Env<'_, '_>, seen: &mut Seen, customer: &str, contact: &str, row: u32) -> Result<(), String> {
    match seen.insert((customer.into(), contact.into()), row) {
        None => Ok(()),
        Some(first) => {
            seen.insert((customer.into(), contact.into()), first);
            let line = env.input.source.line(first as usize);
            Err(m::twice(env.lang, format!("{customer}/{contact}"), line))
        }
    }
}

/// A contact of a customer that is there.
fn there(env: &Env<'_, '_>, customer: usize, mut keys: Keys, seen: &mut Seen, row: u32) -> Result<Taken, Why> {
    let c = &env.book.customers[customer];
    let found = find(env, customer, &keys);
    let id = found.map_or_else(|| id_of(c.rest().contacts.len(), &keys), |p| p.id.to_string());
    let is_new = found.is_none();
    // One name may be another contact's id.
    if is_new && c.contact(&id).is_some() {
        return Err(m::other_source(env.lang, format!("{}/{id}", c.id)).into());
    }
    let (mut edits, mut differences) = (Vec::new(), Vec::new());
    if text_of(&keys, "id").is_empty() {
        keys.push(("id".into(), TomlValue::Text(id.clone())));
    }
    edit(env, customer, &keys, &mut edits, &mut differences)?;
    alone(env, c.id, &written(&keys, &edits))?;
    once(env, seen, c.id, &id, row)?;
    Ok(Taken { customer: Some(customer), id: format!("{}/{id}", c.id), is_new, edits, differences })
}

/// What edits write of a contact, with the id and the name by which it is known.
fn written(keys: &Keys, edits: &[TomlEdit]) -> Keys {
    let is_set = |key: &str| edits.iter().any(|e| matches!(e, TomlEdit::SetIn { key: set, .. } if set == key));
    let all = edits.iter().any(|e| matches!(e, TomlEdit::Push { .. }));
    keys.iter().filter(|(k, _)| all || matches!(k.as_str(), "id" | "name") || is_set(k)).cloned().collect()
}

/// Whether a contact alone can be read: the rest of a file, which may have many, stays as it is. That ids differ is seen to
/// elsewhere.
fn alone(env: &Env<'_, '_>, customer: &str, keys: &Keys) -> Result<(), String> {
    let mut bare: Keys = vec![("name".into(), TomlValue::Text(customer.into()))];
    complete(env, &mut bare, env.book.today);
    file_text(env, customer, &bare, keys).map(drop)
}

/// A contact of a customer that is made.
fn new(
    env: &Env<'_, '_>,
    customer: String,
    mut keys: Keys,
    seen: &mut Seen,
    row: u32,
    fresh: &mut BTreeMap<String, Fresh>,
) -> Result<Taken, Why> {
    let so_far = fresh.get(&customer).map_or(0, |f| f.contacts.len());
    let id = id_of(so_far, &keys);
    if text_of(&keys, "id").is_empty() {
        keys.push(("id".into(), TomlValue::Text(id.clone())));
    }
    alone(env, &customer, &keys)?;
    once(env, seen, &customer, &id, row)?;
    let name = format!("{customer}/{id}");
    fresh.entry(customer).or_default().contacts.push(keys);
    Ok(Taken { customer: None, id: name, is_new: true, edits: Vec::new(), differences: Vec::new() })
}
