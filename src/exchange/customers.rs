//! Rows that become customers' files.

use super::bind::{BoundColumn, View, Why};
use super::env::{Env, Outcome, fault};
use super::people::{self, Edited};
use super::resolve::fold;
use super::source::Cells;
use super::target::Target;
use super::value::{day, listed, number, of_settings, one_line};
use crate::diag::{Code, Diagnostic, Place, Severity};
use crate::i18n::{exchange as m, problem, values};
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{CUSTOMER_KEYS, Customer, DECISIONS, KeyType};
use crate::model::day::Day;
use crate::model::id::{check_customer_id, customer_id_from};
use crate::model::intern;
use crate::model::ledger::{RefTo, SettingList};
use crate::model::money::Decimal;
use crate::model::refusal::Refusal;
use crate::model::typed::{Words, own_type, toml_value};
use crate::model::value::Value;
use crate::rules::decisions::{Extra, decide};
use crate::store::layout::customer_path;
use crate::store::new_toml;
use crate::store::read::cell::is_forbidden;
use crate::store::read::customer as reader;
use std::collections::{HashMap, HashSet};

/// Keys and values of a file, in the order of the map.
pub(super) type Keys = Vec<(String, TomlValue)>;

/// A customer as a row describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) id: Option<String>,
    pub(super) keys: Keys,
    pub(super) contact: Keys,
}

/// How a row's texts are read: by the formats of its column.
struct InColumn<'r, 'e, 'i, 'b, 'm> {
    env: &'r Env<'e, 'i>,
    view: &'r View<'b>,
    column: &'r BoundColumn<'m>,
}

impl Words for InColumn<'_, '_, '_, '_, '_> {
    type Error = String;
    fn day(&self, text: &str) -> Result<Day, String> {
        day(text, self.column.how, self.env.settings.tz).ok_or_else(|| m::not_a_date(self.env.lang, text))
    }
    fn decimal(&self, text: &str) -> Result<Decimal, String> {
        let n = number(text, self.view.numbers(self.column)).and_then(|n| crate::model::money::parse_decimal(&n));
        n.ok_or_else(|| m::not_a_number(self.env.lang, text))
    }
    fn member(&self, text: &str) -> Result<String, String> {
        Ok(self.env.resolver.member(text)?.to_string())
    }
    fn one_of(&self, list: &[&'static str], text: &str) -> String {
        let key = self.column.name.rsplit('.').next().unwrap_or("");
        listed(text, list, &|l, v| values::value(l, key, v)).to_string()
    }
    fn listed(&self, list: SettingList, text: &str) -> String {
        of_settings(text, list, self.env.settings)
    }
    fn birthday(&self, text: &str) -> String {
        day(text, self.column.how, self.env.settings.tz).map_or_else(|| text.to_string(), |d| d.to_string())
    }
    fn line(&self, text: &str) -> String {
        one_line(text)
    }
}

/// What a text is as the value of a key.
pub(super) fn value(
    env: &Env<'_, '_>,
    view: &View<'_>,
    column: &BoundColumn<'_>,
    ty: KeyType,
    text: &str,
) -> Result<TomlValue, String> {
    if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
        let d = Diagnostic::new(Code::ControlChar, Place::default(), [&format!("U+{:04X}", u32::from(c))]);
        return Err(problem::words(env.lang, &d).0);
    }
    toml_value(ty, text, &InColumn { env, view, column })
}

/// The value of an own field.
fn own(env: &Env<'_, '_>, view: &View<'_>, c: &BoundColumn<'_>, name: &str, text: &str) -> Result<TomlValue, String> {
    let ty = env.settings.file.fields.get(name).map_or("text", |f| f.ty.as_str());
    value(env, view, c, own_type(ty), text)
}

/// Reads the columns of a row. References to other customers are left as they are.
pub(super) fn describe(env: &Env<'_, '_>, view: &View<'_>, columns: &[BoundColumn<'_>]) -> Result<Described, Why> {
    let mut d = Described::default();
    for c in columns {
        let text = view.value(c)?;
        if text.is_empty() {
            continue;
        }
        let named = |e: String| c.wrong(env.lang, e);
        match c.target {
            Target::Id => d.id = Some(fold(&text)),
            Target::Key(k) => {
                let ty = CUSTOMER_KEYS.iter().find(|s| s.name == *k).map_or(KeyType::Text, |s| s.ty);
                d.keys.push((k.to_string(), value(env, view, c, ty, &text).map_err(named)?));
            }
            Target::Field(name) => d.keys.push((c.name.clone(), own(env, view, c, name, &text).map_err(named)?)),
            Target::Contact(k) => {
                d.contact.push((k.to_string(), people::value(env, view, c, k, &text).map_err(named)?));
            }
            Target::Column(_) | Target::Own(_) | Target::Customer => {}
        }
    }
    Ok(d)
}

/// The text of a key, if it is one.
pub(super) fn text_of<'k>(keys: &'k Keys, key: &str) -> &'k str {
    keys.iter().find(|(k, _)| k == key).map_or("", |(_, v)| match v {
        TomlValue::Text(t) | TomlValue::Bare(t) => t,
        _ => "",
    })
}

/// Puts in what every customer has and the row did not say.
pub(super) fn complete(env: &Env<'_, '_>, keys: &mut Keys, created: crate::model::day::Day) {
    let stage = env.settings.file.stages.first().map(|s| s.id.clone()).unwrap_or_default();
    let defaults = [("stage", stage.as_str()), ("status", "active"), ("owner", ""), ("grade", ""), ("intent", "")];
    for (k, v) in defaults {
        if !keys.iter().any(|(name, _)| name == k) {
            keys.push((k.into(), TomlValue::Text(v.into())));
        }
    }
    if !keys.iter().any(|(name, _)| name == "created") {
        keys.push(("created".into(), TomlValue::Bare(created.to_string())));
    }
}

/// The text of a new customer's file, if it can be read back.
pub(super) fn file_text(env: &Env<'_, '_>, id: &str, keys: &Keys, contact: &Keys) -> Result<(String, String), String> {
    check_id(env, id)?;
    let file = customer_path(env.settings.customer_layout, id);
    if !contact.is_empty() && text_of(contact, "name").is_empty() {
        return Err(m::empty_cell(env.lang, "contact.name"));
    }
    let text = new_toml::customer(keys, contact);
    first_finding(env, &text, &file, None).map_or(Ok((file, text)), Err)
}

/// Whether a text can be a customer's id.
pub(super) fn check_id(env: &Env<'_, '_>, id: &str) -> Result<(), String> {
    super::value::checked(crate::model::ledger::Type::Ref(RefTo::Customer), id, env.settings, env.lang)?;
    check_customer_id(id).map_err(|_| m::no_id(env.lang, id))
}

/// The first thing that a reader finds in a customer's text and that `before` did not have, with the key it is about.
pub(super) fn first_finding(env: &Env<'_, '_>, text: &str, file: &str, before: Option<&str>) -> Option<String> {
    let findings = |text: &str| {
        let mut diags = Vec::new();
        reader::read(intern(text), intern(file), env.settings, &mut diags);
        diags.retain(|d| d.severity() == Severity::Error);
        diags
    };
    let new = findings(text);
    if new.is_empty() {
        return None;
    }
    let old = before.map(findings).unwrap_or_default();
    let d = new.iter().find(|d| !old.iter().any(|o| o.code == d.code && o.args == d.args))?;
    let what = problem::words(env.lang, d).0;
    let key = d.place.text.as_deref().and_then(|t| t.split_once('=')).map_or("", |(k, _)| k.trim());
    Some(if key.is_empty() { what } else { m::in_column(env.lang, key, what) })
}

/// A row that may be taken.
struct Draft {
    row: u32,
    id: String,
    what: What,
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
    let mut cells = Cells::default();
    let source = env.input.source;
    for n in env.rows() {
        source.read_row(n as usize, &mut cells);
        if let Some((f, cell)) = cells.fault {
            out.reject(n, Why { words: fault(f, env.lang), cell: Some(cell) });
            continue;
        }
        let Some(view) = env.bound.view(&cells) else {
            out.counts.skipped += 1;
            continue;
        };
        let draft = draft(env, n, &view).and_then(|d| match seen.get(&d.id) {
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
    }
    drop(seen);
    referrals(env, &mut drafts, &mut out);
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
        return Ok(Draft { row, id: c.id.to_string(), what: What::There(edited) });
    }
    if name.is_empty() {
        return Err(m::empty_cell(env.lang, "name").into());
    }
    complete(env, &mut d.keys, env.book.today);
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
    Ok(Draft { row, id, what })
}

/// Puts the ids of referrers in; rows whose referrer is neither there nor imported are rejected.
fn referrals(env: &Env<'_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    if !drafts.iter().any(|d| matches!(d.what, What::Referred(_))) {
        return;
    }
    let column = env.bound.columns.iter().find(|c| *c.target == Target::Key("referred_by"));
    loop {
        let is_new = |d: &&Draft| !matches!(d.what, What::There(_));
        let ids: HashSet<String> = drafts.iter().filter(is_new).map(|d| d.id.clone()).collect();
        let before = drafts.len();
        drafts.retain_mut(|d| {
            let What::Referred(described) = &mut d.what else { return true };
            let Some((_, v)) = described.0.keys.iter_mut().find(|(k, _)| k == "referred_by") else { return true };
            let word = shown_new(v);
            let id = match env.resolver.customer(&word) {
                Ok(n) => env.book.customers[n].id.to_string(),
                Err(_) if ids.contains(&fold(&word)) => fold(&word),
                Err(why) => {
                    let words = env.resolver.no_customer(&word, &why);
                    out.reject(d.row, column.map_or_else(|| words.clone().into(), |c| c.wrong(env.lang, &words)));
                    return false;
                }
            };
            *v = TomlValue::Text(id);
            true
        });
        if drafts.len() == before {
            return;
        }
    }
}

/// What a row changes of a customer that is there. Values that the row does not have stay.
fn edit(env: &Env<'_, '_>, n: usize, c: &Customer, d: &mut Described) -> Result<Edited, String> {
    let mut edited = Edited::default();
    let mut edits: Vec<TomlEdit> = Vec::new();
    let mut decisions: Vec<(&str, String)> = Vec::new();
    for (key, new) in &mut d.keys {
        let old = shown(&key.strip_prefix("fields.").map_or_else(|| c.get(key), |f| c.own(f)));
        if key == "referred_by" {
            let word = shown_new(new);
            let found = env.resolver.customer(&word);
            let n = found.map_err(|why| m::in_column(env.lang, &key, env.resolver.no_customer(&word, &why)))?;
            *new = TomlValue::Text(env.book.customers[n].id.into());
        }
        let to = shown_new(new);
        // A date of its making that the source has otherwise is no news about a customer.
        if old == to || same_number(&old, &to) {
            continue;
        }
        edited.differences.push(m::was_changed(env.lang, c.id, &key, &old, &to));
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
        people::edit(env, c, &d.contact, &mut edits, &mut edited.differences)?;
    }
    people::readable(env, c, &edits)?;
    if env.input.update && !edits.is_empty() {
        let is_decision = |e: &TomlEdit| matches!(e, TomlEdit::Set { table, key, .. } if table.is_empty() && DECISIONS.contains(&key.as_str()));
        edits.retain(|e| !is_decision(e));
        if !edits.is_empty() {
            edited.changes.push(ChangeSet { changes: vec![Change::EditToml { file: c.file.into(), edits }] });
        }
        for (decision, to) in decisions {
            let set = decide(env.input.index, n, decision, &to, env.input.act, &Extra::default());
            edited.changes.push(set.map_err(|r| match r {
                Refusal::OlderThanNewest { event, newest, .. } => m::older_decision(env.lang, event, newest),
                other => format!("{other:?}"),
            })?);
        }
    }
    Ok(edited)
}

fn same_number(a: &str, b: &str) -> bool {
    use crate::model::money::parse_decimal;
    matches!((parse_decimal(a), parse_decimal(b)), (Some(x), Some(y)) if x == y && a.len() < 30 && !a.starts_with('0'))
}

/// A value as a line of a summary shows it.
pub(super) fn shown(v: &Value<'_>) -> String {
    match v {
        Value::Missing => String::new(),
        Value::Text(t) => t.to_string(),
        Value::List(l) => l.join(","),
        Value::Day(d) => d.to_string(),
        Value::Num(n) => n.to_string(),
        Value::Flag(b) => b.to_string(),
    }
}

/// The same of a new value.
pub(super) fn shown_new(v: &TomlValue) -> String {
    match v {
        TomlValue::Text(t) | TomlValue::Bare(t) => t.clone(),
        TomlValue::List(l) => l.join(","),
        TomlValue::Remove => String::new(),
    }
}
