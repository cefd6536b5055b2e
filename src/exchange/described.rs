//! What a row says about a customer or a contact: keys and values, and the file that they make.

use super::bind::{BoundColumn, View, Why};
use super::env::Env;
use super::resolve::fold;
use super::target::Target;
use super::value::{day, listed, number, of_settings, one_line};
use crate::diag::{Code, Diagnostic, Place, Severity, new_ones};
use crate::i18n::{exchange as m, problem, refusal, values};
use crate::model::change::TomlValue;
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeyType};
use crate::model::day::Day;
use crate::model::id::check_customer_id;
use crate::model::intern;
use crate::model::ledger::{RefTo, SettingList};
use crate::model::money::Decimal;
use crate::model::reach::is_rounded;
use crate::model::typed::{Words, items, items_by, own_type, toml_value};
use crate::model::value::Value;
use crate::rules::followers::may_follow;
use crate::store::layout::customer_path;
use crate::store::new_toml;
use crate::store::read::cell::is_forbidden;
use crate::store::read::customer as reader;

/// Keys and values of a file, in the order of the map.
pub(super) type Keys = Vec<(String, TomlValue)>;

/// A customer as a row describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) id: Option<String>,
    pub(super) keys: Keys,
    pub(super) contact: Keys,
    /// Whether the row says when the customer was made.
    pub(super) dated: bool,
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
    fn items(&self, text: &str) -> Vec<String> {
        items_of(self.env, text)
    }
    fn line(&self, text: &str) -> String {
        one_line(text)
    }
}

/// The items of a list; our own export puts semicolons between them, so that commas may be part of them.
fn items_of(env: &Env<'_, '_>, text: &str) -> Vec<String> {
    if env.input.map.is_own && text.contains(';') { items_by(text, &[';']) } else { items(text) }
}

/// Whether a row says of a key what is there.
pub(super) fn is_same(env: &Env<'_, '_>, there: &Value<'_>, new: &TomlValue) -> bool {
    match (there, new) {
        (Value::List(l), TomlValue::List(items)) => items_of(env, &env.read_back(&l.join(";"))) == *items,
        _ => !env.is_news(&there.typed(), &new.typed()),
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
    if own_type(ty) == KeyType::Text && is_rounded(text) {
        return Err(m::rounded_number(env.lang, text));
    }
    value(env, view, c, own_type(ty), text)
}

/// The value of a contact's key.
pub(super) fn contact_value(
    env: &Env<'_, '_>,
    view: &View<'_>,
    c: &BoundColumn<'_>,
    key: &str,
    text: &str,
) -> Result<TomlValue, String> {
    let ty = CONTACT_KEYS.iter().find(|s| s.name == key).map_or(KeyType::Text, |s| s.ty);
    value(env, view, c, ty, text)
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
                d.contact.push((k.to_string(), contact_value(env, view, c, k, &text).map_err(named)?));
            }
            Target::Column(_) | Target::Own(_) | Target::Customer => {}
        }
    }
    d.dated = d.keys.iter().any(|(k, _)| k == "created");
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
pub(super) fn complete(env: &Env<'_, '_>, keys: &mut Keys, created: Day) {
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
    may_be_followed(env, contact)?;
    let text = new_toml::customer(keys, contact);
    first_finding(env, &text, &file, None).map_or(Ok((file, text)), Err)
}

/// Whether a contact is not newly followed by somebody who has left.
pub(super) fn may_be_followed(env: &Env<'_, '_>, contact: &[(String, TomlValue)]) -> Result<(), String> {
    let owner = contact.iter().find(|(key, _)| key == "owner").map(|(_, value)| value.typed());
    let member = owner.as_deref().and_then(|id| env.book.team.get(id));
    let judged = member.map_or(Ok(()), |m| may_follow(m, env.book.today));
    judged.map_err(|r| m::in_column(env.lang, "owner", refusal::words(env.lang, &r).0))
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
    let d = new_ones(new, &old).into_iter().next()?;
    let what = problem::words(env.lang, &d).0;
    let key = d.place.text.as_deref().and_then(|t| t.split_once('=')).map_or("", |(k, _)| k.trim());
    Some(if key.is_empty() { what } else { m::in_column(env.lang, key, what) })
}
