//! Rows that become customers' files.

use super::alike::{DUPLICATE, Newcomer, Newcomers};
use super::bind::{View, Why};
use super::contacts::{self, Edited};
use super::described::{Described, Keys, complete, describe, file_text, is_same, text_of};
use super::env::{Env, Outcome};
use super::import_map::STAGE_REQUIRES;
use super::resolve::{NoCustomer, fold};
use super::target::Target;
use crate::i18n::{exchange as m, refusal};
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{Customer, DECISIONS};
use crate::model::id::customer_id_from;
use crate::rules::decisions::decide;
use crate::rules::lifecycle::may_begin;
use crate::rules::owning::{Shared, share_all};
use crate::rules::pool::{pool_named, rules_of};
use crate::rules::references::{comes_back, referrer as referrer_of};
use crate::rules::turn::Extra;
use crate::store::new_toml;
use std::collections::HashMap;

/// A row that may be taken.
struct Draft {
    row: u32,
    id: String,
    what: What,
    /// Whether it is new, and in a stage whose requirements it does not meet.
    ahead: bool,
    /// What tells a new one from others.
    told: Option<Box<Newcomer>>,
    /// Grade, region and pool of a new one that nobody owns.
    unowned: Option<Box<[String; 3]>>,
}

enum What {
    /// A new customer: its file and text.
    New(String, String),
    /// One who was referred by somebody that may stand further down.
    Referred(Box<(Described, String)>),
    /// One that is there.
    There(Edited),
}

/// Plans the import of customers.
pub(super) fn plan(env: &Env<'_, '_>) -> Outcome {
    let mut out = Outcome::default();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut drafts: Vec<Draft> = Vec::new();
    let source = env.input.source;
    env.each(&mut out, |out, n, view| {
        let draft = draft(env, n, view).and_then(|d| match seen.get(&d.id) {
            Some(row) => Err(m::twice(env.lang, &d.id, source.line(*row as usize)).into()),
            None => Ok(d),
        });
        match draft {
            Ok(d) => {
                seen.insert(d.id.clone(), n);
                drafts.push(d);
            }
            Err(why) => out.reject(n, why),
        }
    });
    drop(seen);
    referrals(env, &mut drafts, &mut out);
    circles(env, &mut drafts, &mut out);
    duplicates(env, &mut drafts, &mut out);
    // Somebody may name a row that was rejected just now.
    referrals(env, &mut drafts, &mut out);
    assign(env, &mut drafts, &mut out);
    if !env.input.map.accept.contains(&STAGE_REQUIRES) {
        out.counts.ahead = drafts.iter().filter(|d| d.ahead).count();
    }
    for d in drafts {
        match d.what {
            What::New(file, text) => {
                out.changes.push(Change::Create { file, text });
                out.note_new(&d.id);
            }
            What::Referred(described) => {
                let text = new_toml::customer(&described.0.keys, &described.0.contact);
                out.changes.push(Change::Create { file: described.1, text });
                out.note_new(&d.id);
            }
            What::There(e) if e.differences.is_empty() => out.counts.unchanged += 1,
            What::There(e) => {
                out.counts.changed += 1;
                e.differences.into_iter().for_each(|words| out.differ(|| words));
                e.changes.into_iter().for_each(|set| out.changes.extend(set));
            }
        }
    }
    out
}

fn draft(env: &Env<'_, '_>, row: u32, view: &View<'_>) -> Result<Draft, Why> {
    let mut d = describe(env, view, &env.bound.columns)?;
    let name = text_of(&d.keys, "name").to_string();
    let id = match &d.id {
        Some(id) => id.clone(),
        None if name.is_empty() => return Err(m::empty_cell(env.lang, "name").into()),
        None => customer_id_from(&name).ok_or_else(|| m::no_id(env.lang, &name))?,
    };
    if let Some(n) = env.book.customer_index(&id) {
        let c = &env.book.customers[n];
        let edited = edit(env, n, c, &mut d)?;
        return Ok(Draft {
            row,
            id: c.id.to_string(),
            what: What::There(edited),
            ahead: false,
            told: None,
            unowned: None,
        });
    }
    if name.is_empty() {
        return Err(m::empty_cell(env.lang, "name").into());
    }
    complete(env, &mut d.keys, env.book.today);
    let ahead = is_ahead(env, &id, &d.keys);
    let cell = |key: &str| text_of(&d.keys, key).to_string();
    let unowned = cell("owner").is_empty().then(|| Box::new([cell("grade"), cell("region"), cell("pool")]));
    let told = Some(Box::new(Newcomer::of(&id, &d.keys, &d.contact)));
    // Whom it was referred by is looked up when all rows are read.
    let referrer = d.keys.iter().position(|(k, _)| k == "referred_by").map(|p| d.keys.remove(p));
    let (file, text) = file_text(env, &id, &d.keys, &d.contact)?;
    let what = match referrer {
        None => What::New(file, text),
        Some(r) => {
            d.keys.push(r);
            What::Referred(Box::new((d, file)))
        }
    };
    Ok(Draft { row, id, what, ahead, told, unowned })
}

/// Whether a new customer begins in a stage whose requirements it does not meet (R1): whoever entered it decided so.
fn is_ahead(env: &Env<'_, '_>, id: &str, keys: &Keys) -> bool {
    let has = |field: &str| keys.iter().any(|(k, v)| k == field && !v.typed().is_empty());
    may_begin(env.settings, id, text_of(keys, "stage"), has).is_err()
}

/// Rejects rows whose customer is there already, or stands further up, under another id (R14), and says who may be.
fn duplicates(env: &Env<'_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    if drafts.iter().all(|d| d.told.is_none()) {
        return;
    }
    let accept = env.input.map.accept.contains(&DUPLICATE);
    let mut newcomers = Newcomers::new(env.book, env.lang, drafts.iter().filter_map(|d| d.told.as_deref()));
    drafts.retain_mut(|d| {
        let Some(told) = d.told.take() else { return true };
        match newcomers.take(*told, accept) {
            Ok(line) => {
                out.alike.extend(line);
                true
            }
            Err(refused) => {
                out.reject(d.row, m::duplicate(env.lang, refusal::words(env.lang, &refused).0).into());
                false
            }
        }
    });
    out.alike.extend(newcomers.noise());
}

/// Shares the new customers that nobody owns among those who are asked for (R14). Where these may not own so many, none of the
/// customers is taken.
fn assign(env: &Env<'_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    let Some((takers, how)) = env.input.share else { return };
    let unowned: Vec<[String; 3]> = drafts.iter().filter_map(|d| d.unowned.as_deref().cloned()).collect();
    let shared: Vec<Shared<'_>> = unowned
        .iter()
        .map(|[grade, region, pool]| {
            let rules = rules_of(env.settings, pool_named(env.settings, pool));
            Shared { owner: "", grade, region, rules, counts: true }
        })
        .collect();
    match share_all(env.input.index, &shared, takers, how, false) {
        Ok(owners) => {
            for (d, owner) in drafts.iter_mut().filter(|d| d.unowned.is_some()).zip(owners) {
                give(d, owner);
            }
        }
        Err(refused) => {
            let why = refusal::words(env.lang, &refused).0;
            drafts.iter().filter(|d| d.unowned.is_some()).for_each(|d| out.reject(d.row, why.clone().into()));
            drafts.retain(|d| d.unowned.is_none());
        }
    }
}

/// Writes the owner of a new customer down.
fn give(d: &mut Draft, owner: &str) {
    let line = |who: &str| format!("\nowner = \"{who}\"\n");
    match &mut d.what {
        What::New(_, text) => *text = text.replacen(&line(""), &line(owner), 1),
        What::Referred(described) => {
            for (_, value) in described.0.keys.iter_mut().filter(|(key, _)| key == "owner") {
                *value = TomlValue::Text(owner.into());
            }
        }
        What::There(_) => {}
    }
}

/// Puts the ids of referrers in; rows whose referrer is neither there nor imported are rejected.
fn referrals(env: &Env<'_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    if !drafts.iter().any(|d| matches!(d.what, What::Referred(_))) {
        return;
    }
    let column = env.bound.columns.iter().find(|c| *c.target == Target::Key("referred_by"));
    // Who is rejected takes those along who were referred by it.
    let mut new: HashMap<String, usize> = HashMap::new();
    for d in drafts.iter().filter(|d| !matches!(d.what, What::There(_))) {
        *new.entry(d.id.clone()).or_default() += 1;
    }
    let mut referred: HashMap<String, Vec<usize>> = HashMap::new();
    let mut gone: Vec<usize> = Vec::new();
    for (n, d) in drafts.iter_mut().enumerate() {
        let What::Referred(described) = &mut d.what else { continue };
        let Some((_, v)) = described.0.keys.iter_mut().find(|(k, _)| k == "referred_by") else { continue };
        let id = fold(&v.typed());
        match env.resolver.customer(&v.typed()) {
            Ok(n) => *v = TomlValue::Text(env.book.customers[n].id.to_string()),
            Err(_) if new.contains_key(&id) => {
                referred.entry(id.clone()).or_default().push(n);
                *v = TomlValue::Text(id);
            }
            Err(_) => gone.push(n),
        }
    }
    let mut keep = vec![true; drafts.len()];
    while let Some(n) = gone.pop() {
        let d = &drafts[n];
        if !std::mem::replace(&mut keep[n], false) {
            continue;
        }
        if let What::Referred(described) = &d.what {
            let word =
                described.0.keys.iter().find(|(k, _)| k == "referred_by").map_or_else(String::new, |(_, v)| v.typed());
            let why = env.resolver.customer(&word).err().unwrap_or(NoCustomer::Unknown);
            let words = env.resolver.no_customer(&word, &why);
            out.reject(d.row, column.map_or_else(|| words.clone().into(), |c| c.wrong(env.lang, &words)));
        }
        if let Some(left) = new.get_mut(&d.id) {
            *left -= 1;
            if *left == 0 {
                gone.extend(referred.remove(&d.id).unwrap_or_default());
            }
        }
    }
    let mut keep = keep.into_iter();
    drafts.retain(|_| keep.next().unwrap_or(true));
}

/// Rejects rows by which a customer would have referred itself, by way of others or not.
fn circles(env: &Env<'_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    let column = env.bound.columns.iter().find(|c| *c.target == Target::Key("referred_by"));
    let mut by: HashMap<String, String> = HashMap::new();
    drafts.retain(|d| {
        let referrer = match &d.what {
            What::Referred(described) => text_of(&described.0.keys, "referred_by").to_string(),
            What::There(edited) => edited.referrer.clone(),
            What::New(..) => String::new(),
        };
        if referrer.is_empty() {
            return true;
        }
        by.insert(d.id.clone(), referrer);
        let next = |id: &str| by.get(id).map_or_else(|| referrer_of(env.book, id), String::as_str);
        let Err(refused) = comes_back("referred_by", &d.id, next) else { return true };
        let words = refusal::words(env.lang, &refused).0;
        out.reject(d.row, column.map_or_else(|| words.clone().into(), |c| c.wrong(env.lang, &words)));
        by.remove(&d.id);
        false
    });
}

/// What a row changes of a customer that is there. Values that the row does not have stay.
fn edit(env: &Env<'_, '_>, n: usize, c: &Customer, d: &mut Described) -> Result<Edited, String> {
    let mut edited = Edited::default();
    let mut edits: Vec<TomlEdit> = Vec::new();
    let mut decisions: Vec<(&str, String)> = Vec::new();
    for (key, new) in &mut d.keys {
        let there = key.strip_prefix("fields.").map_or_else(|| c.get(key), |f| c.own(f));
        let old = there.typed();
        if key == "referred_by" {
            let word = new.typed();
            let found = env.resolver.customer(&word);
            let n = found.map_err(|why| m::in_column(env.lang, &key, env.resolver.no_customer(&word, &why)))?;
            *new = TomlValue::Text(env.book.customers[n].id.into());
        }
        let to = new.typed();
        // A date of its making that the source has otherwise is no news about a customer.
        if is_same(env, &there, new) || same_number(&old, &to) {
            continue;
        }
        edited.differences.push(m::was_changed(env.lang, c.id, &key, &old, &to));
        if key == "referred_by" {
            edited.referrer.clone_from(&to);
        }
        if let Some(decision) = DECISIONS.iter().find(|d| *d == key) {
            decisions.push((decision, to));
        }
        let (table, key) = match key.split_once('.') {
            Some((table, key)) => (vec![table.to_string()], key.to_string()),
            None => (Vec::new(), key.clone()),
        };
        edits.push(TomlEdit::Set { table, key, value: new.clone() });
    }
    if !d.contact.is_empty() {
        contacts::edit(env, n, &d.contact, &mut edits, &mut edited.differences)?;
    }
    contacts::readable(env, c, &edits)?;
    if env.input.update && !edits.is_empty() {
        let is_decision = |e: &TomlEdit| matches!(e, TomlEdit::Set { table, key, .. } if table.is_empty() && DECISIONS.contains(&key.as_str()));
        edits.retain(|e| !is_decision(e));
        if !edits.is_empty() {
            edited.changes.push(ChangeSet { changes: vec![Change::EditToml { file: c.file.into(), edits }] });
        }
        for (decision, to) in decisions {
            let set = decide(env.input.index, n, decision, &to, env.input.act, &Extra::default());
            edited.changes.push(set.map_err(|r| refusal::words(env.lang, &r).0)?);
        }
    }
    Ok(edited)
}

fn same_number(a: &str, b: &str) -> bool {
    use crate::model::money::parse_decimal;
    matches!((parse_decimal(a), parse_decimal(b)), (Some(x), Some(y)) if x == y && a.len() < 30 && !a.starts_with('0'))
}
