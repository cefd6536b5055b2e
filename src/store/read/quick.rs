//! The short way to read a customer's file that stands as kehu writes it and in which nothing is wrong.
//!
//! Whatever is not plain (an escape, a quoted key, a table inside a line, an unknown key, a value that a rule of the
//! format objects to) makes it give up with `None`: the caller then takes the long way, which has the findings. A test
//! holds the two equal.

use super::customer::file_id;
use crate::model::Str;
use crate::model::customer::{
    CONTACT_KEYS, CUSTOMER_KEYS, Contact, Customer, Followed, KeySpec, KeyType, Rest, is_birthday, is_terms,
};
use crate::model::day::{Day, Span, parse_day};
use crate::model::id::check_customer_id;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::settings::Settings;
use crate::model::value::Value;
use crate::store::read::cell::is_forbidden;
use std::borrow::Cow;

/// A value as it stands in the file. Only the length of a list that is not kept is known.
enum Raw {
    Text(Str),
    Date(Str),
    Number(Str),
    Flag(bool),
    List(Vec<Str>, usize),
}

/// Most contacts whose ids are compared here.
const MANY: usize = 32;

/// A contact while it is read.
#[derive(Default)]
struct Person {
    contact: Contact,
    owner: Str,
    left: Option<Day>,
    /// The keys it has, by their positions.
    seen: u64,
}

/// What the lines belong to.
enum Table {
    Customer,
    Fields,
    Contact(Person),
}

/// A customer while it is read.
struct Draft<'s> {
    head: Customer,
    rest: Rest,
    settings: &'s Settings,
    /// The keys it has, by their positions in the tables of keys.
    seen: u64,
    /// Its own fields, by their positions in kehu.toml; and those with a value.
    fields: u64,
    filled: u64,
    ids: [Str; MANY],
    contacts: usize,
}

/// Reads the text of `customers/**/<id>.toml` with all that stands in it; `None` where the long way must be taken.
pub(super) fn read(src: Str, file: Str, settings: &Settings) -> Option<Customer> {
    let (mut customer, rest) = parse::<true>(src, file, settings)?;
    *customer.rest_mut() = rest;
    Some(customer)
}

/// Judges the text of a customer's file and reads what nearly every question is about. `None` where the long way must be
/// taken; otherwise [`rest`] has the rest, and nothing is wrong with it.
pub(super) fn head(src: Str, file: Str, settings: &Settings) -> Option<Customer> {
    parse::<false>(src, file, settings).map(|(customer, _)| customer)
}

/// The rest of a text that [`head`] found in order.
pub(super) fn rest(src: Str, file: Str, settings: &Settings) -> Option<Rest> {
    parse::<true>(src, file, settings).map(|(_, rest)| rest)
}

/// The position of a key among those of a table, looked for behind the one before.
fn position(keys: &[KeySpec], key: &str, last: &mut usize) -> Option<usize> {
    let n = (*last..keys.len()).chain(0..*last).find(|n| keys[*n].name == key)?;
    *last = n;
    Some(n)
}

/// What stands behind a first byte, which must be ASCII. (A pattern of one character is compared by a call.)
#[inline]
fn past(text: &str, first: u8) -> Option<&str> {
    if text.as_bytes().first() == Some(&first) { text.get(1..) } else { None }
}

/// What stands in front of a last byte, which must be ASCII.
#[inline]
fn short_of(text: &str, last: u8) -> Option<&str> {
    if text.as_bytes().last() == Some(&last) { text.get(..text.len() - 1) } else { None }
}

/// `key = value`
fn assignment(line: Str) -> Option<(Str, Str)> {
    let at = memchr::memchr(b'=', line.as_bytes())?;
    Some((short_of(&line[..at], b' ')?, past(&line[at + 1..], b' ')?))
}

/// Reads a text; with `KEEP` the rest too, which is only judged without.
fn parse<const KEEP: bool>(src: Str, file: Str, settings: &Settings) -> Option<(Customer, Rest)> {
    let id = file_id(file);
    check_customer_id(id).ok()?;
    let own = &settings.file.fields;
    if own.len() > 64 {
        return None;
    }
    let mut d = Draft {
        head: Customer::new(id, file),
        rest: Rest::default(),
        settings,
        seen: 0,
        fields: 0,
        filled: 0,
        ids: [""; MANY],
        contacts: 0,
    };
    let mut seen_fields = false;
    let mut table = Table::Customer;
    let mut lines = Lines { rest: src, number: 0, keep: KEEP };
    let mut last = 0;
    while let Some(line) = lines.next() {
        match line.as_bytes().first() {
            None => continue,
            Some(b'#') if forbidden(line) => return None,
            Some(b'#') => continue,
            Some(b'[') => {
                match bare(line) {
                    "[[contacts]]" => {
                        d.close::<KEEP>(table)?;
                        let contact = Contact { line: lines.number, ..Contact::default() };
                        table = Table::Contact(Person { contact, ..Person::default() });
                        last = 0;
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
        let (key, rest) = assignment(line)?;
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return None;
        }
        let raw = lines.value(rest)?;
        match &mut table {
            Table::Customer => {
                let n = position(CUSTOMER_KEYS, key, &mut last)?;
                if d.seen & 1 << n != 0 {
                    return None;
                }
                d.seen |= 1 << n;
                if KEEP {
                    d.rest.lines.push((CUSTOMER_KEYS[n].name, number));
                }
                d.set::<KEEP>(&CUSTOMER_KEYS[n], raw)?;
            }
            Table::Fields => d.own::<KEEP>(key, raw)?,
            Table::Contact(person) => of_contact::<KEEP>(person, key, &mut last, raw, settings)?,
        }
    }
    d.close::<KEEP>(table)?;
    let there = |(n, s): (usize, &KeySpec)| !s.required || d.seen & 1 << n != 0;
    let complete = CUSTOMER_KEYS.iter().enumerate().all(there);
    let own_complete = own.values().enumerate().all(|(n, f)| !f.required || d.filled & 1 << n != 0);
    let named = !d.head.name.is_empty() && !d.head.stage.is_empty();
    (complete && own_complete && named).then_some((d.head, d.rest))
}

/// A line without blanks at its end.
fn bare(line: &str) -> &str {
    line.trim_end_matches(' ')
}

struct Lines {
    rest: Str,
    number: u32,
    /// Whether the items of lists are kept.
    keep: bool,
}

impl Lines {
    /// The next line without its end.
    fn next(&mut self) -> Option<Str> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let Some(end) = memchr::memchr(b'\n', self.rest.as_bytes()) else {
            return Some(std::mem::take(&mut self.rest));
        };
        let line = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        Some(short_of(line, b'\r').unwrap_or(line))
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
                let (mut items, mut count) = (Vec::new(), 0);
                let mut text = text[1..].trim_start_matches(' ');
                loop {
                    match text.as_bytes().first() {
                        Some(b']') => {
                            behind(&text[1..])?;
                            return Some(Raw::List(items, count));
                        }
                        Some(b'"') => {
                            let (item, rest) = quoted(text)?;
                            count += 1;
                            if self.keep {
                                items.push(item);
                            }
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
    let inner = past(text, b'"')?;
    let end = memchr::memchr2(b'"', b'\\', inner.as_bytes())?;
    let (value, rest) = inner.split_at(end);
    let rest = past(rest, b'"')?;
    // Three quotes begin a text over lines.
    if value.is_empty() && rest.as_bytes().first() == Some(&b'"') {
        return None;
    }
    (!forbidden(value)).then_some((value, rest))
}

/// Only blanks and a comment may stand behind a value.
fn behind(rest: &str) -> Option<()> {
    // Nothing stands there nearly always.
    if rest.is_empty() {
        return Some(());
    }
    let rest = rest.trim_start_matches(' ');
    let comment = rest.strip_prefix('#');
    (rest.is_empty() || comment.is_some_and(|c| !forbidden(c))).then_some(())
}

/// Characters that TOML or the format do not allow in a line of text; most lines are decided by their bytes.
fn forbidden(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 || b == 0x7f) || !text.is_ascii() && text.chars().any(is_forbidden)
}

impl Draft<'_> {
    /// Puts a finished contact to the customer.
    fn close<const KEEP: bool>(&mut self, table: Table) -> Option<()> {
        if let Table::Contact(Person { contact, owner, left, .. }) = table {
            let known = &self.ids[..self.contacts];
            if contact.id.is_empty() || contact.name.is_empty() || known.contains(&contact.id) {
                return None;
            }
            *self.ids.get_mut(self.contacts)? = contact.id;
            self.contacts += 1;
            if !owner.is_empty() {
                self.head.followed.push(Followed { contact: contact.id, name: contact.name, owner, left });
            }
            if KEEP {
                self.rest.contacts.push(contact);
            }
        }
        Some(())
    }

    fn set<const KEEP: bool>(&mut self, spec: &'static KeySpec, raw: Raw) -> Option<()> {
        let c = &mut self.head;
        match (spec.name, raw) {
            ("aliases", Raw::List(items, _)) => self.rest.aliases = items,
            ("former_ids", Raw::List(items, count)) => {
                c.renamed = count > 0;
                self.rest.former_ids = items;
            }
            ("aliases" | "former_ids", _) => return None,
            ("created", raw) => c.created = Some(day(raw)?),
            ("closed_until", raw) => c.closed_until = Some(day(raw)?),
            ("contact_every", Raw::Text(text)) => {
                if !text.is_empty() {
                    c.contact_every = Some(Span::parse_cycle(text)?);
                    if KEEP {
                        self.rest.keys.push((spec.name, Value::Text(Cow::Borrowed(text))));
                    }
                }
            }
            ("contact_every", _) => return None,
            ("name" | "stage" | "owner" | "grade" | "intent" | "status", raw) => {
                let text = match value(spec, raw, self.settings)? {
                    Value::Text(Cow::Borrowed(t)) => t,
                    _ => "",
                };
                if spec.name == "name" { c.name = text } else { c.set_decision(spec.name, text) }
            }
            (_, raw) => {
                let v = value(spec, raw, self.settings)?;
                if spec.name == "grade_until" {
                    c.grade_until = match v {
                        Value::Day(day) => Some(day),
                        _ => None,
                    };
                } else if KEEP && !v.is_missing() {
                    self.rest.keys.push((spec.name, v));
                }
            }
        }
        Some(())
    }

    fn own<const KEEP: bool>(&mut self, key: Str, raw: Raw) -> Option<()> {
        let (n, _, own) = self.settings.file.fields.get_full(key)?;
        if self.fields & 1 << n != 0 {
            return None;
        }
        self.fields |= 1 << n;
        let v = match (own.ty.as_str(), raw) {
            ("number", Raw::Number(text) | Raw::Text(text)) => Value::Num(parse_decimal(text)?),
            ("date", raw) => Value::Day(day(raw)?),
            ("flag", Raw::Flag(b)) => Value::Flag(b),
            ("list", Raw::List(items, _)) => Value::List(items.into_iter().map(Cow::Borrowed).collect()),
            ("number" | "flag" | "list", _) => return None,
            (_, Raw::Text("")) => Value::Missing,
            (_, Raw::Text(text)) if own.values.is_empty() || own.values.iter().any(|x| x == text) => {
                Value::Text(Cow::Borrowed(text))
            }
            _ => return None,
        };
        self.filled |= u64::from(!v.is_missing()) << n;
        if KEEP {
            self.rest.fields.push((key, v));
        }
        Some(())
    }
}

fn day(raw: Raw) -> Option<Day> {
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
        (KeyType::List, Raw::List(_, 0)) => Some(Value::Missing),
        (KeyType::List, Raw::List(items, _)) => Some(Value::List(items.into_iter().map(Cow::Borrowed).collect())),
        // What is below nothing is a finding.
        (KeyType::Amount, Raw::Number(text) | Raw::Text(text)) => {
            parse_decimal(text).filter(|d| *d >= Decimal::ZERO).map(Value::Num)
        }
        (KeyType::Decimal | KeyType::Amount | KeyType::List | KeyType::Dates, _) => None,
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

fn of_contact<const KEEP: bool>(
    person: &mut Person,
    key: &str,
    last: &mut usize,
    raw: Raw,
    settings: &Settings,
) -> Option<()> {
    let n = position(CONTACT_KEYS, key, last)?;
    let spec = &CONTACT_KEYS[n];
    if person.seen & 1 << n != 0 {
        return None;
    }
    person.seen |= 1 << n;
    let v = match (spec.ty, raw) {
        (KeyType::Dates, _) => return None,
        (KeyType::Birthday, Raw::Date(text)) => Value::Text(Cow::Borrowed(text)),
        (_, raw) => value(spec, raw, settings)?,
    };
    // The long way keeps no key for an empty value.
    if v.is_missing() {
        return None;
    }
    match (spec.name, &v) {
        ("id", Value::Text(Cow::Borrowed(t))) => person.contact.id = t,
        ("name", Value::Text(Cow::Borrowed(t))) => person.contact.name = t,
        ("owner", Value::Text(Cow::Borrowed(t))) => person.owner = t,
        ("left", Value::Day(day)) => person.left = Some(*day),
        _ => {}
    }
    if KEEP {
        person.contact.keys.push((spec.name, v));
    }
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

    /// Wherever the short way has an answer, the long way has the same one, and no finding.
    fn check(text: &str, s: &Settings) -> bool {
        let text = crate::model::intern(text);
        let short = read(text, "customers/a/acme.toml", s);
        let head = head(text, "customers/a/acme.toml", s).map(|mut head| {
            *head.rest_mut() = rest(text, "customers/a/acme.toml", s).unwrap_or_default();
            head
        });
        assert_eq!(short, head, "{text}");
        let Some(short) = short else { return false };
        let mut found = Vec::new();
        let long = customer::read_long(text, "customers/a/acme.toml", s, &mut found);
        assert_eq!(found, [], "{text}");
        assert_eq!(short, long, "{text}");
        true
    }

    const FULL: &str = "# ours\nname = \"华新 # 电子\"   # why\naliases = [\"华新\", \"hx\"]\nformer_ids = []\nkind = \"company\"\ncreated = 2024-01-05\n\nstage = \"repeat\"\n\nstatus = \"closed\"\nclosed_until = 2026-12-01\n\nowner = \"li\"\n\ngrade = \"A\"\n\nintent = \"\"\n\nterms = \"eom60+25\"\ncredit_limit = 500000.50\ncontact_every = \"14d\"\ntags = [\n    \"peak\",\n    \"x\",\n]\nnote = \"n\"\n\n[fields]\nemployees = 230\nsystem = \"plc\"\n\n[[contacts]]\nid = \"wang\"\nname = \"王伟\"\nowner = \"wu\"\nbirthday = \"农历1980-02-30\"\nleft = 2026-03-01\n\n[[contacts]]\nid = \"li\"\nname = \"Li\"\nbirthday = 1980-02-03\n";

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
