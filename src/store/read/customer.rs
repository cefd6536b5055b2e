//! A customer's file.

use super::toml::{Reader, str_of};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::customer::{
    CONTACT_KEYS, CUSTOMER_KEYS, Contact, Customer, KeySpec, KeyType, Reread, Rest, Source, is_birthday, is_terms,
};
use crate::model::day::{Span, parse_day};
use crate::model::id::{check_customer_id, customer_id_from};
use crate::model::money::Decimal;
use crate::model::money::parse_decimal;
use crate::model::settings::Settings;
use crate::model::value::Value;
use crate::model::{Str, intern};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads the text of `customers/**/<id>.toml`. The customer holds what could be read.
pub fn read(src: Str, file: Str, settings: &Settings, diags: &mut Vec<Diagnostic>) -> Customer {
    super::quick::read(src, file, settings).unwrap_or_else(|| read_long(src, file, settings, diags))
}

/// The same for one of many: all of it is judged, but most of it is taken apart only when somebody asks.
pub(crate) fn read_of_many(src: Str, file: Str, reader: Customers, diags: &mut Vec<Diagnostic>) -> Customer {
    match super::quick::head(src, file, reader.0) {
        Some(mut customer) => {
            customer.set_source(Source::Text(src, reader.0));
            customer
        }
        None => read_long(src, file, reader.0, diags),
    }
}

/// What customers' files are read by. The rest of each is read when it is asked for, so the settings stay as long as the
/// process.
#[derive(Debug, Clone, Copy)]
pub struct Customers(&'static Settings);

impl Customers {
    /// By these settings.
    pub fn by(settings: &Settings) -> Customers {
        Customers(Box::leak(Box::new(settings.clone())))
    }
}

impl Customers {
    /// What [`read_of_many`] left for later.
    pub(crate) fn rest(self, text: Str, file: Str) -> Rest {
        super::quick::rest(text, file, self.0).unwrap_or_else(|| {
            let mut customer = read_long(text, file, self.0, &mut Vec::new());
            std::mem::take(customer.rest_mut())
        })
    }
}

impl Reread for Settings {
    fn rest(&'static self, text: Str, file: Str) -> Rest {
        Customers(self).rest(text, file)
    }
}

/// Reads with a full parser, and says what is wrong.
pub(super) fn read_long(src: Str, file: Str, settings: &Settings, diags: &mut Vec<Diagnostic>) -> Customer {
    let id = file_id(file);
    let mut customer = Customer::new(id, file);
    let mut r = Reader::new(file, src, diags);
    if let Err(reason) = check_customer_id(id) {
        let better = customer_id_from(id).map(|id| format!("{id}.toml")).unwrap_or_default();
        r.diags.push(Diagnostic::new(Code::BadCustomerId, crate::diag::Place::file(file), [id, reason, &better]));
    }
    let before = r.diags.len();
    let table = r.parse();
    let broken = r.diags.len() > before;
    for (key, value) in &table {
        match key.get_ref().as_ref() {
            "fields" => own_fields(&mut r, value, settings, &mut customer),
            "contacts" => {
                let mut seen = HashSet::new();
                for (t, span) in r.tables("contacts", value) {
                    let contact = contact(&mut r, t, span.clone(), settings);
                    if !contact.id.is_empty() && !seen.insert(contact.id) {
                        let span = t.get("id").map_or(span, Spanned::span);
                        r.report(Code::DuplicateContact, span, &[contact.id]);
                    }
                    customer.followed.extend(contact.followed());
                    customer.rest_mut().contacts.push(contact);
                }
            }
            name => match CUSTOMER_KEYS.iter().find(|k| k.name == name) {
                Some(spec) => {
                    customer.rest_mut().lines.push((spec.name, r.line(key.span())));
                    set(&mut r, &mut customer, spec, value, settings);
                }
                None => {
                    let known: Vec<&str> = CUSTOMER_KEYS.iter().map(|k| k.name).chain(["fields", "contacts"]).collect();
                    r.unknown_own(name, key.span(), &known, "customer");
                }
            },
        }
    }
    // There are many customers, and most have fewer keys than a list makes room for.
    customer.rest_mut().keys.shrink_to_fit();
    customer.rest_mut().lines.shrink_to_fit();
    customer.rest_mut().contacts.shrink_to_fit();
    if !broken {
        for spec in CUSTOMER_KEYS.iter().filter(|s| s.required && !table.keys().any(|t| t.get_ref() == s.name)) {
            r.absent(spec.name);
        }
        for (name, own) in &settings.file.fields {
            let there = table.get("fields").and_then(|f| f.get_ref().as_table()?.get(name.as_str()));
            if own.required && there.is_none_or(is_empty) {
                r.absent(&format!("fields.{name}"));
            }
        }
    }
    customer
}

/// The line of a key of a contact in the text of its customer's file; that of its `[[contacts]]` where it does not have the key.
pub fn contact_line(text: &str, contact: &Contact, key: &str) -> u32 {
    let head = contact.line;
    let behind = text.lines().skip(usize::try_from(head).unwrap_or(usize::MAX));
    let mut own = (head + 1..).zip(behind).take_while(|(_, line)| !line.trim_start().starts_with('['));
    let is_it = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
    own.find(|(_, line)| is_it(line)).map_or(head, |(n, _)| n)
}

/// The id that a path stands for: the file's name without `.toml`.
pub fn file_id(file: Str) -> Str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

fn missing(r: &mut Reader<'_>, specs: &[KeySpec], span: Range<usize>, has: impl Fn(&str) -> bool) {
    for spec in specs.iter().filter(|s| s.required) {
        if !has(spec.name) {
            r.report(Code::MissingKey, span.clone(), &[spec.name]);
        }
    }
}

fn set(
    r: &mut Reader<'_>,
    c: &mut Customer,
    spec: &'static KeySpec,
    value: &Spanned<DeValue<'static>>,
    settings: &Settings,
) {
    match spec.name {
        "aliases" => c.rest_mut().aliases = r.list(spec.name, value),
        "former_ids" => {
            let ids = r.list(spec.name, value);
            c.renamed = !ids.is_empty();
            c.rest_mut().former_ids = ids;
        }
        "created" => c.created = r.day(spec.name, value),
        "closed_until" => c.closed_until = r.day(spec.name, value),
        "contact_every" => {
            let Some(text) = r.text(spec.name, value).filter(|t| !t.is_empty()) else { return };
            c.contact_every = Span::parse_cycle(text);
            if c.contact_every.is_none() {
                r.report(Code::BadValue, value.span(), &[text, "span"]);
            }
            c.rest_mut().keys.push((spec.name, Value::Text(Cow::Borrowed(text))));
        }
        _ => {
            let v = plain(r, spec, value, settings);
            let text = match &v {
                Value::Text(Cow::Borrowed(t)) => t,
                _ => "",
            };
            match spec.name {
                "name" => c.name = text,
                "stage" | "owner" | "grade" | "intent" | "status" => c.set_decision(spec.name, text),
                "grade_until" => {
                    c.grade_until = match v {
                        Value::Day(day) => Some(day),
                        _ => None,
                    };
                }
                _ if !v.is_missing() => c.rest_mut().keys.push((spec.name, v)),
                _ => {}
            }
            if spec.required && is_empty(value) {
                r.report(Code::MissingKey, value.span(), &[spec.name]);
            }
        }
    }
}

/// A value against the type of its key; `Missing` when it cannot be used or is empty.
fn plain(r: &mut Reader<'_>, spec: &KeySpec, value: &Spanned<DeValue<'static>>, settings: &Settings) -> Value<'static> {
    let near_list = |v: &str, list: &[&str]| {
        let near = nearest(v, list.iter().copied());
        if near.is_empty() { list.join(", ") } else { near.join(", ") }
    };
    match spec.ty {
        KeyType::Day => Value::day(r.day(spec.name, value)),
        KeyType::Decimal => Value::num(r.decimal(spec.name, value)),
        KeyType::Amount => {
            let amount = r.decimal(spec.name, value);
            if let Some(amount) = amount.filter(|a| *a < Decimal::ZERO) {
                r.report(Code::NegativeAmount, value.span(), &[&amount.to_string()]);
                return Value::Missing;
            }
            Value::num(amount)
        }
        KeyType::List => {
            let items = r.list(spec.name, value);
            if items.is_empty() { Value::Missing } else { Value::List(items.into_iter().map(Cow::Borrowed).collect()) }
        }
        KeyType::Dates => Value::Missing,
        _ => {
            let Some(text) = r.text(spec.name, value) else { return Value::Missing };
            if text.is_empty() {
                return Value::Missing;
            }
            match spec.ty {
                KeyType::OneOf(list) if !list.contains(&text) => {
                    r.report(Code::NotInList, value.span(), &[text, spec.name, &near_list(text, list)]);
                }
                KeyType::Listed(list) => {
                    let values = settings.list(list);
                    if !values.is_empty() && !values.contains(&text) {
                        let code = if spec.name == "stage" { Code::UnknownStage } else { Code::NotInList };
                        let args = if spec.name == "stage" {
                            ["stage", text, &near_list(text, &values)]
                        } else {
                            [text, super::cell::setting_key(list), &near_list(text, &values)]
                        };
                        r.report(code, value.span(), &args);
                    }
                }
                KeyType::Terms if !is_terms(text) => r.report(Code::BadValue, value.span(), &[text, "terms"]),
                KeyType::Birthday if !is_birthday(text) => r.report(Code::BadValue, value.span(), &[text, "birthday"]),
                KeyType::Span if Span::parse_cycle(text).is_none() => {
                    r.report(Code::BadValue, value.span(), &[text, "span"]);
                }
                KeyType::Text if text.contains(['\n', '\r']) => {
                    r.report(Code::RawNewline, value.span(), &[spec.name, "line"]);
                }
                _ => {}
            }
            Value::Text(Cow::Borrowed(text))
        }
    }
}

/// Whether a key is there without a value; one of another type is a finding of its own.
fn is_empty(value: &Spanned<DeValue<'static>>) -> bool {
    matches!(value.get_ref(), DeValue::String(s) if s.is_empty())
}

fn contact(r: &mut Reader<'_>, table: &DeTable<'static>, span: Range<usize>, settings: &Settings) -> Contact {
    let mut contact = Contact { line: r.line(span.clone()), ..Contact::default() };
    for (key, value) in table {
        let name: &str = key.get_ref();
        let Some(spec) = CONTACT_KEYS.iter().find(|k| k.name == name) else {
            let known: Vec<&str> = CONTACT_KEYS.iter().map(|k| k.name).collect();
            r.unknown(name, key.span(), &known);
            continue;
        };
        if spec.ty == KeyType::Dates {
            contact.dates = dates(r, value);
            continue;
        }
        let v = match (spec.ty, value.get_ref()) {
            // A birthday with its year may stand as a TOML date.
            (KeyType::Birthday, DeValue::Datetime(d)) => {
                let text = intern(&d.to_string());
                if parse_day(text).is_none() {
                    r.report(Code::BadDate, value.span(), &[text]);
                }
                Value::Text(Cow::Borrowed(text))
            }
            _ => plain(r, spec, value, settings),
        };
        if let Value::Text(Cow::Borrowed(t)) = &v {
            match spec.name {
                "id" => contact.id = t,
                "name" => contact.name = t,
                _ => {}
            }
        }
        if !v.is_missing() {
            contact.keys.push((spec.name, v));
        }
    }
    missing(r, CONTACT_KEYS, span, |k| table.get(k).is_some_and(|v| !is_empty(v)));
    contact.keys.shrink_to_fit();
    contact
}

fn dates(r: &mut Reader<'_>, value: &Spanned<DeValue<'static>>) -> Vec<(Str, Str)> {
    let mut out = Vec::new();
    for (t, span) in r.tables("dates", value) {
        let mut name = "";
        let mut date = "";
        for (k, v) in t {
            match k.get_ref().as_ref() {
                "name" => name = r.text("name", v).unwrap_or(""),
                "date" => {
                    date = match v.get_ref() {
                        DeValue::Datetime(d) => intern(&d.to_string()),
                        _ => r.text("date", v).unwrap_or(""),
                    };
                    if !is_birthday(date) {
                        r.report(Code::BadValue, v.span(), &[date, "birthday"]);
                    }
                }
                other => r.unknown(other, k.span(), &["name", "date"]),
            }
        }
        if name.is_empty() || date.is_empty() {
            r.report(Code::MissingKey, span, &[if name.is_empty() { "name" } else { "date" }]);
        }
        out.push((name, date));
    }
    out
}

fn own_fields(r: &mut Reader<'_>, value: &Spanned<DeValue<'static>>, settings: &Settings, c: &mut Customer) {
    let Some(table) = r.table("fields", value) else { return };
    for (key, value) in table {
        let name = str_of(key.get_ref());
        let Some(own) = settings.file.fields.get(name) else {
            let known: Vec<&str> = settings.file.fields.keys().map(String::as_str).collect();
            let near = nearest(name, known.iter().copied()).join(", ");
            r.report(Code::NoMatchingField, key.span(), &[name, &near]);
            c.rest_mut().fields.push((name, loose(value)));
            continue;
        };
        let v = match own.ty.as_str() {
            "number" => Value::num(r.decimal(name, value)),
            "date" => Value::day(r.day(name, value)),
            "flag" => match value.get_ref() {
                DeValue::Boolean(b) => Value::Flag(*b),
                _ => {
                    r.report(Code::WrongType, value.span(), &[name, "flag", value.get_ref().type_str()]);
                    Value::Missing
                }
            },
            "list" => Value::List(r.list(name, value).into_iter().map(Cow::Borrowed).collect()),
            _ => r.text(name, value).map_or(Value::Missing, Value::text),
        };
        if let (Value::Text(t), false) = (&v, own.values.is_empty())
            && !own.values.iter().any(|x| x == t)
        {
            let near = nearest(t, own.values.iter().map(String::as_str));
            let near = if near.is_empty() { own.values.clone() } else { near };
            r.report(Code::NotInList, value.span(), &[t, &format!("[fields.{name}] values"), &near.join(", ")]);
        }
        c.rest_mut().fields.push((name, v));
    }
}

fn loose(value: &Spanned<DeValue<'static>>) -> Value<'static> {
    match value.get_ref() {
        DeValue::String(s) => Value::text(str_of(s)),
        DeValue::Boolean(b) => Value::Flag(*b),
        DeValue::Integer(i) => Value::num(parse_decimal(i.as_str())),
        DeValue::Float(f) => Value::num(parse_decimal(f.as_str())),
        DeValue::Datetime(d) => Value::day(parse_day(&d.to_string())),
        _ => Value::Missing,
    }
}
