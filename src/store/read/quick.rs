//! The short way to read a customer's file that stands as kehu writes it and in which nothing is wrong.
//!
//! Whatever is not plain (an escape, a quoted key, a table inside a line, an unknown key, a value that a rule of the
//! format objects to) makes it give up with `None`: the caller then takes the long way, which has the findings. A test
//! holds the two equal.

use super::customer::file_id;
use crate::model::Str;
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, Contact, Customer, KeySpec, KeyType, is_birthday, is_terms};
use crate::model::day::{Span, parse_day};
use crate::model::id::check_customer_id;
use crate::model::money::parse_decimal;
use crate::model::settings::Settings;
use crate::model::value::Value;
use crate::store::read::cell::is_forbidden;
use std::borrow::Cow;

/// A value as it stands in the file.
enum Raw {
    Text(Str),
    Date(Str),
    Number(Str),
    Flag(bool),
    List(Vec<Str>),
}

/// What the lines belong to.
enum Table {
    Customer,
    Fields,
    Contact(Contact),
}

/// Reads the text of `customers/**/<id>.toml`; `None` where the long way must be taken.
pub(super) fn read(src: Str, file: Str, settings: &Settings) -> Option<Customer> {
    let id = file_id(file);
    check_customer_id(id).ok()?;
    let mut c = Customer::new(id, file);
    c.keys.reserve(16);
    c.lines.reserve(24);
    let mut seen_fields = false;
    let mut table = Table::Customer;
    let mut lines = Lines { rest: src, number: 0 };
    while let Some(line) = lines.next() {
        match line.as_bytes().first() {
            None => continue,
            Some(b'#') if forbidden(line) => return None,
            Some(b'#') => continue,
            Some(b'[') => {
                match bare(line) {
                    "[[contacts]]" => {
                        close(table, &mut c)?;
                        table = Table::Contact(Contact { line: lines.number, ..Contact::default() });
                    }
                    "[fields]" if !seen_fields && matches!(table, Table::Customer) => {
                        seen_fields = true;
                        table = Table::Fields;
                    }
                    _ => return None,
                }
                continue;
            }
            _ => {}
        }
        let number = lines.number;
        let (key, rest) = line.split_once(" = ")?;
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return None;
        }
        let raw = lines.value(rest)?;
        match &mut table {
            Table::Customer => {
                let spec = CUSTOMER_KEYS.iter().find(|k| k.name == key)?;
                if c.lines.iter().any(|(k, _)| *k == spec.name) {
                    return None;
                }
                c.lines.push((spec.name, number));
                set(&mut c, spec, raw, settings)?;
            }
            Table::Fields => own(&mut c, key, raw, settings)?,
            Table::Contact(contact) => of_contact(contact, key, raw, settings)?,
        }
    }
    close(table, &mut c)?;
    let complete = CUSTOMER_KEYS.iter().filter(|s| s.required).all(|s| c.lines.iter().any(|(k, _)| *k == s.name));
    let own_complete = settings
        .file
        .fields
        .iter()
        .all(|(n, f)| !f.required || c.fields.iter().any(|(k, v)| k == n && !v.is_missing()));
    (complete && own_complete && !c.name.is_empty() && !c.stage.is_empty()).then_some(c)
}

/// Puts a finished contact to the customer.
fn close(table: Table, c: &mut Customer) -> Option<()> {
    if let Table::Contact(contact) = table {
        if contact.id.is_empty() || contact.name.is_empty() || c.contact(contact.id).is_some() {
            return None;
        }
        c.contacts.push(contact);
    }
    Some(())
}

/// A line without blanks at its end.
fn bare(line: &str) -> &str {
    line.trim_end_matches(' ')
}

struct Lines {
    rest: Str,
    number: u32,
}

impl Lines {
    /// The next line without its end.
    fn next(&mut self) -> Option<Str> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let Some((line, rest)) = self.rest.split_once('\n') else {
            return Some(std::mem::take(&mut self.rest));
        };
        self.rest = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// What stands behind ` = `; a list may go on over lines.
    fn value(&mut self, text: Str) -> Option<Raw> {
        match text.as_bytes().first()? {
            b'"' => {
                let (value, rest) = quoted(text)?;
                behind(rest)?;
                Some(Raw::Text(value))
            }
            b'[' => {
                let mut items = Vec::new();
                let mut text = text[1..].trim_start_matches(' ');
                loop {
                    match text.as_bytes().first() {
                        Some(b']') => {
                            behind(&text[1..])?;
                            return Some(Raw::List(items));
                        }
                        Some(b'"') => {
                            let (item, rest) = quoted(text)?;
                            items.push(item);
                            let rest = rest.trim_start_matches(' ');
                            // Without a comma only the end may follow.
                            text = match rest.strip_prefix(',') {
                                Some(rest) => rest.trim_start_matches(' '),
                                None if rest.is_empty() || rest.starts_with(']') => rest,
                                None => return None,
                            };
                            if !text.starts_with([']', '"']) && !text.is_empty() {
                                return None;
                            }
                            if !rest.starts_with(',') && text.is_empty() {
                                text = self.next()?.trim_start_matches(' ');
                                if !text.starts_with(']') {
                                    return None;
                                }
                            }
                        }
                        None => text = self.next()?.trim_start_matches(' '),
                        Some(_) => return None,
                    }
                }
            }
            b'0'..=b'9' | b'-' => {
                let end = text.find([' ', '#']).unwrap_or(text.len());
                let (word, rest) = text.split_at(end);
                behind(rest)?;
                if parse_day(word).is_some() {
                    return Some(Raw::Date(word));
                }
                let digits = word.strip_prefix('-').unwrap_or(word);
                let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
                let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
                let plain = all_digits(whole)
                    && (whole == "0" || !whole.starts_with('0'))
                    && fraction.is_none_or(all_digits)
                    && digits.len() < 18;
                plain.then_some(Raw::Number(word))
            }
            b't' | b'f' => {
                let end = text.find([' ', '#']).unwrap_or(text.len());
                behind(&text[end..])?;
                match &text[..end] {
                    "true" => Some(Raw::Flag(true)),
                    "false" => Some(Raw::Flag(false)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// A text in plain quotes, and what stands behind it.
fn quoted(text: Str) -> Option<(Str, Str)> {
    let inner = text.strip_prefix('"')?;
    let end = inner.find(['"', '\\'])?;
    let (value, rest) = inner.split_at(end);
    let rest = rest.strip_prefix('"')?;
    // Three quotes begin a text over lines.
    if value.is_empty() && rest.starts_with('"') {
        return None;
    }
    (!forbidden(value)).then_some((value, rest))
}

/// Only blanks and a comment may stand behind a value.
fn behind(rest: &str) -> Option<()> {
    let rest = rest.trim_start_matches(' ');
    let comment = rest.strip_prefix('#');
    (rest.is_empty() || comment.is_some_and(|c| !forbidden(c))).then_some(())
}

/// Characters that TOML or the format do not allow in a line of text; most lines are decided by their bytes.
fn forbidden(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 || b == 0x7f) || !text.is_ascii() && text.chars().any(is_forbidden)
}

fn set(c: &mut Customer, spec: &'static KeySpec, raw: Raw, settings: &Settings) -> Option<()> {
    match spec.name {
        "aliases" => c.aliases = list(raw)?,
        "former_ids" => c.former_ids = list(raw)?,
        "created" => c.created = Some(day(raw)?),
        "closed_until" => c.closed_until = Some(day(raw)?),
        "contact_every" => {
            let Raw::Text(text) = raw else { return None };
            if !text.is_empty() {
                c.contact_every = Some(Span::parse_cycle(text)?);
                c.keys.push((spec.name, Value::Text(Cow::Borrowed(text))));
            }
        }
        "name" | "stage" | "owner" | "grade" | "intent" | "status" => {
            let value = value(spec, raw, settings)?;
            let text = match value {
                Value::Text(Cow::Borrowed(t)) => t,
                _ => "",
            };
            if spec.name == "name" { c.name = text } else { c.set_decision(spec.name, text) }
        }
        _ => {
            let v = value(spec, raw, settings)?;
            if !v.is_missing() {
                c.keys.push((spec.name, v));
            }
        }
    }
    Some(())
}

fn list(raw: Raw) -> Option<Vec<Str>> {
    match raw {
        Raw::List(items) => Some(items),
        _ => None,
    }
}

fn day(raw: Raw) -> Option<crate::model::day::Day> {
    match raw {
        Raw::Date(text) | Raw::Text(text) => parse_day(text),
        _ => None,
    }
}

/// A value against the type of its key.
fn value(spec: &KeySpec, raw: Raw, settings: &Settings) -> Option<Value<'static>> {
    match (spec.ty, raw) {
        (KeyType::Day, raw) => Some(Value::Day(day(raw)?)),
        (KeyType::Decimal, Raw::Number(text) | Raw::Text(text)) => Some(Value::Num(parse_decimal(text)?)),
        (KeyType::List, Raw::List(items)) if items.is_empty() => Some(Value::Missing),
        (KeyType::List, Raw::List(items)) => Some(Value::List(items.into_iter().map(Cow::Borrowed).collect())),
        (KeyType::Decimal | KeyType::List | KeyType::Dates, _) => None,
        (ty, Raw::Text(text)) => {
            if text.is_empty() {
                return Some(Value::Missing);
            }
            let good = match ty {
                KeyType::OneOf(values) => values.contains(&text),
                KeyType::Listed(named) => settings.list_allows(named, text),
                KeyType::Terms => is_terms(text),
                KeyType::Birthday => is_birthday(text),
                KeyType::Span => Span::parse_cycle(text).is_some(),
                _ => true,
            };
            good.then_some(Value::Text(Cow::Borrowed(text)))
        }
        _ => None,
    }
}

fn own(c: &mut Customer, key: Str, raw: Raw, settings: &Settings) -> Option<()> {
    let own = settings.file.fields.get(key)?;
    if c.fields.iter().any(|(k, _)| *k == key) {
        return None;
    }
    let v = match (own.ty.as_str(), raw) {
        ("number", Raw::Number(text) | Raw::Text(text)) => Value::Num(parse_decimal(text)?),
        ("date", raw) => Value::Day(day(raw)?),
        ("flag", Raw::Flag(b)) => Value::Flag(b),
        ("list", Raw::List(items)) => Value::List(items.into_iter().map(Cow::Borrowed).collect()),
        ("number" | "flag" | "list", _) => return None,
        (_, Raw::Text("")) => Value::Missing,
        (_, Raw::Text(text)) if own.values.is_empty() || own.values.iter().any(|x| x == text) => {
            Value::Text(Cow::Borrowed(text))
        }
        _ => return None,
    };
    c.fields.push((key, v));
    Some(())
}

fn of_contact(contact: &mut Contact, key: &str, raw: Raw, settings: &Settings) -> Option<()> {
    let spec = CONTACT_KEYS.iter().find(|k| k.name == key)?;
    if contact.keys.iter().any(|(k, _)| *k == spec.name) {
        return None;
    }
    let v = match (spec.ty, raw) {
        (KeyType::Dates, _) => return None,
        (KeyType::Birthday, Raw::Date(text)) => Value::Text(Cow::Borrowed(text)),
        (_, raw) => value(spec, raw, settings)?,
    };
    // Twice an empty value would not be seen above.
    if v.is_missing() {
        return None;
    }
    if let Value::Text(Cow::Borrowed(t)) = &v {
        match spec.name {
            "id" => contact.id = t,
            "name" => contact.name = t,
            _ => {}
        }
    }
    contact.keys.push((spec.name, v));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::read::customer;
    use proptest::prelude::*;

    fn settings() -> Settings {
        let files = crate::store::template::files(crate::store::template::Template::FourStage, "x", "en", None);
        let text = files.iter().find(|(p, _)| p == "kehu.toml").map(|(_, t)| t.clone()).unwrap();
        let own =
            "\n[fields.employees]\ntype = \"number\"\n[fields.system]\ntype = \"text\"\nvalues = [\"plc\", \"none\"]\n";
        crate::store::read::settings::read(crate::model::intern(&(text + own)), "kehu.toml", &mut Vec::new()).unwrap()
    }

    /// Where the short way has an answer the long way has the same, and nothing to say.
    fn check(text: &str, s: &Settings) -> bool {
        let text = crate::model::intern(text);
        let Some(short) = read(text, "customers/a/acme.toml", s) else { return false };
        let mut found = Vec::new();
        let long = customer::read_long(text, "customers/a/acme.toml", s, &mut found);
        assert_eq!(found, [], "{text}");
        assert_eq!(short, long, "{text}");
        true
    }

    const FULL: &str = "# ours\nname = \"华新 # 电子\"   # why\naliases = [\"华新\", \"hx\"]\nformer_ids = []\nkind = \"company\"\ncreated = 2024-01-05\n\nstage = \"repeat\"\n\nstatus = \"closed\"\nclosed_until = 2026-12-01\n\nowner = \"li\"\n\ngrade = \"A\"\n\nintent = \"\"\n\nterms = \"eom60+25\"\ncredit_limit = 500000.50\ncontact_every = \"14d\"\ntags = [\n    \"peak\",\n    \"x\",\n]\nnote = \"n\"\n\n[fields]\nemployees = 230\nsystem = \"plc\"\n\n[[contacts]]\nid = \"wang\"\nname = \"王伟\"\nbirthday = \"农历1980-02-30\"\nleft = 2026-03-01\n\n[[contacts]]\nid = \"li\"\nname = \"Li\"\nbirthday = 1980-02-03\n";

    #[test]
    fn what_kehu_writes_goes_the_short_way() {
        let s = settings();
        assert!(check(FULL, &s));
        assert!(check(&FULL.replace('\n', "\r\n"), &s));
        assert!(check(FULL.trim_end(), &s));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn any_change_of_the_text_is_read_the_same(
            at in 0usize..700,
            cut in 0usize..12,
            put in prop::sample::select(vec!["", "\"", "\n", "\r", "#", " ", "=", "[", "]", ",", "'", "\\", "0", "x", "-", "\t", "\u{202e}", "\u{7f}", "[fields]\n", "[[contacts]]\n", "name = \"y\"\n", "\"\"\"", "true", "1_0", "2024-02-30", "grade = \"Z\"\n", "unknown = 1\n"]),
        ) {
            let s = SETTINGS.with(Clone::clone);
            let chars: Vec<char> = FULL.chars().collect();
            let at = at.min(chars.len());
            let end = (at + cut).min(chars.len());
            let text: String = chars[..at].iter().chain(&put.chars().collect::<Vec<_>>()).chain(&chars[end..]).collect();
            check(&text, &s);
        }
    }

    thread_local! {
        static SETTINGS: Settings = settings();
    }
}
