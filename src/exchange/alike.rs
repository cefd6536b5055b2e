//! R14: customers of an import that are there already, or share with others what should tell them apart.

use super::described::{self, text_of};
use super::env::{Env, Outcome};
use super::target::Table;
use crate::i18n::{Lang, messages as m, refusal, values};
use crate::model::book::Book;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::intern;
use crate::model::likeness::Sign;
use crate::model::refusal::Refusal;
use crate::rules::duplicates::{Keys, Known, TELLING, newcomer};
use crate::store::read::customer as reader;
use std::collections::HashMap;

/// What a map may accept: new customers who are there already.
pub(super) const DUPLICATE: &str = "duplicate";

/// A new customer as others see it.
pub(super) struct Newcomer {
    id: String,
    name: String,
    owner: String,
    keys: Keys,
}

impl Newcomer {
    /// Of the keys of its file and of its contact.
    pub(super) fn of(id: &str, keys: &described::Keys, contact: &described::Keys) -> Newcomer {
        let text = |key: &str| text_of(keys, key).to_string();
        Newcomer { id: id.into(), name: text("name"), owner: text("owner"), keys: keys_of(keys, contact) }
    }
}

/// Customers that are there and those that an import makes, in its order.
pub(super) struct Newcomers<'e> {
    book: &'e Book,
    lang: Lang,
    known: Known,
    /// Id, name and owner of those that were made so far.
    made: Vec<(String, String, String)>,
}

impl<'e> Newcomers<'e> {
    pub(super) fn new<'n>(book: &'e Book, lang: Lang, coming: impl Iterator<Item = &'n Newcomer>) -> Newcomers<'e> {
        let mut known = Known::of(&book.customers);
        coming.for_each(|n| known.expect(&n.keys));
        Newcomers { book, lang, known, made: Vec::new() }
    }

    /// Takes a customer in, and says whom it may be, if anybody.
    ///
    /// # Errors
    /// [`Refusal::LikelyDuplicate`], unless that is accepted.
    pub(super) fn take(&mut self, new: Newcomer, accept: bool) -> Result<Option<String>, Refusal> {
        let customers = &self.book.customers;
        let who = |n: usize| match customers.get(n) {
            Some(c) => (c.id.into(), c.name.into(), c.owner.into()),
            None => self.made[n - customers.len()].clone(),
        };
        let judged = newcomer(&self.known, &new.keys, who);
        if let Some(other) = judged.refused.filter(|_| !accept) {
            return Err(Refusal::LikelyDuplicate { name: new.name, other: Box::new(other) });
        }
        let line = judged.warned.first().map(|a| m::may_be_another(self.lang, &new.id, a));
        self.known.add(&new.id, new.keys);
        self.made.push((new.id, new.name, new.owner));
        Ok(line)
    }

    /// What so many share that it tells nobody apart, where those that were made are among them.
    pub(super) fn noise(&self) -> Vec<String> {
        let first = self.book.customers.len();
        let made = self.known.noise().into_iter().filter(|(sign, value, _)| self.known.is_of_any(*sign, value, first));
        let words = |(sign, value, n): (Sign, String, usize)| {
            m::noise_of(self.lang, values::value(self.lang, "sign", sign.key()), value, n)
        };
        made.map(words).collect()
    }
}

/// What tells a customer from others, of the keys of its file and of its contact.
fn keys_of(keys: &described::Keys, contact: &described::Keys) -> Keys {
    let mut values: Vec<(&str, &str)> = Vec::new();
    for (key, value) in keys {
        match (key.as_str(), value) {
            ("aliases", TomlValue::List(all)) => values.extend(all.iter().map(|a| ("name", a.as_str()))),
            (key, TomlValue::Text(text)) if key == "name" || TELLING.contains(&key) => values.push((key, text)),
            _ => {}
        }
    }
    if contact.iter().all(|(key, _)| key != "left") {
        values.extend(contact.iter().filter_map(telling));
    }
    Keys::of_values(text_of(keys, "city"), values)
}

fn telling((key, value): &(String, TomlValue)) -> Option<(&str, &str)> {
    match value {
        TomlValue::Text(text) if TELLING.contains(&key.as_str()) => Some((key, text)),
        _ => None,
    }
}

/// What an import adds to customers that are there: their ids, and the keys of each.
fn added(env: &Env<'_, '_>, changes: &[Change]) -> Vec<(String, Keys)> {
    let mut out = Vec::new();
    let mut files: Option<HashMap<&str, usize>> = None;
    for change in changes {
        let Change::EditToml { file, edits } = change else { continue };
        let files =
            files.get_or_insert_with(|| env.book.customers.iter().enumerate().map(|(n, c)| (c.file, n)).collect());
        let Some(c) = files.get(file.as_str()).map(|n| &env.book.customers[*n]) else { continue };
        let mut values: Vec<(&str, &str)> = Vec::new();
        for edit in edits {
            match edit {
                TomlEdit::Set { table, key, value: TomlValue::Text(text) } if table.is_empty() => {
                    values.extend(
                        (key == "name" || TELLING.contains(&key.as_str())).then_some((key.as_str(), text.as_str())),
                    );
                }
                TomlEdit::SetIn { key, value: TomlValue::Text(text), .. } if TELLING.contains(&key.as_str()) => {
                    values.push((key, text));
                }
                TomlEdit::Push { values: new, .. } => values.extend(new.iter().filter_map(telling)),
                _ => {}
            }
        }
        let keys = Keys::of_values(c.text("city"), values);
        if !keys.is_empty() {
            out.push((c.id.to_string(), keys));
        }
    }
    out
}

/// Says of customers that are made because rows of another table name them who they are, or may be. The rows are taken all the same: they are about
/// what was sold, not about whom.
fn made(env: &Env<'_, '_>, out: &mut Outcome) {
    let customer = |change: &Change| match change {
        Change::Create { file, text } if file.starts_with("customers/") => {
            let c = reader::read(intern(text), intern(file), env.settings, &mut Vec::new());
            Some(Newcomer { id: c.id.into(), name: c.name.into(), owner: c.owner.into(), keys: Keys::of(&c) })
        }
        _ => None,
    };
    let all: Vec<Newcomer> = out.changes.changes.iter().filter_map(customer).collect();
    if all.is_empty() {
        return;
    }
    let mut newcomers = Newcomers::new(env.book, env.lang, all.iter());
    let accept = env.input.map.accept.contains(&DUPLICATE);
    for new in all {
        let line = newcomers.take(new, accept).unwrap_or_else(|r| Some(refusal::words(env.lang, &r).0));
        out.alike.extend(line);
    }
    out.alike.extend(newcomers.noise());
}

/// Says what customers that are there come to share with others, and who those may be that rows of another table make.
pub(super) fn alike(env: &Env<'_, '_>, out: &mut Outcome) {
    if env.input.map.into != Table::Customers {
        made(env, out);
    }
    let added = added(env, &out.changes.changes);
    if added.is_empty() {
        return;
    }
    let mut known = Known::of(&env.book.customers);
    for (id, keys) in added {
        out.alike.extend(known.shared(&id, &keys).iter().map(|s| m::shared(env.lang, &id, s)));
        known.add(&id, keys);
    }
}
