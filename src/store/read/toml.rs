//! TOML with the place of every value: the part that settings, team and customers share.

use crate::diag::{Code, Diagnostic, Near, Place};
use crate::model::Str;
use crate::model::day::{Day, parse_day};
use crate::model::intern;
use crate::model::money::{Decimal, parse_decimal};
use crate::store::read::cell::is_forbidden;
use crate::store::text::{Lines, narrow, place_by};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file being read: its text, name, and what is wrong with it so far.
pub(super) struct Reader<'d> {
    pub(super) file: Str,
    pub(super) src: Str,
    pub(super) diags: &'d mut Vec<Diagnostic>,
    /// Made when the first place is asked for: a file may have as many findings as lines.
    lines: OnceCell<Lines>,
    /// Lines with a syntax error.
    broken: HashSet<u32>,
    near: Near,
}

/// Syntax errors of one file that are told. A file that is no TOML at all has one at each byte.
const MOST_ERRORS: usize = 1000;

impl<'d> Reader<'d> {
    pub(super) fn new(file: Str, src: Str, diags: &'d mut Vec<Diagnostic>) -> Reader<'d> {
        Reader { file, src, diags, lines: OnceCell::new(), broken: HashSet::new(), near: Near::default() }
    }

    /// Parses the text; syntax errors are reported, all of them.
    pub(super) fn parse(&mut self) -> DeTable<'static> {
        let (table, errors) = DeTable::parse_recoverable(self.src);
        let (mut last, mut told) = (usize::MAX, 0);
        for e in errors {
            let span = e.span().unwrap_or(0..0);
            // The parser reports follow-up errors at the place where the first one stands.
            if span.start != last {
                last = span.start;
                told += 1;
                if told > MOST_ERRORS {
                    break;
                }
                self.report(Code::TomlSyntax, span, &[e.message()]);
            }
        }
        table.into_inner()
    }

    /// Values that the parser makes up for a line that it could not read are not judged: the syntax error is the
    /// finding.
    pub(super) fn report(&mut self, code: Code, span: Range<usize>, args: &[&str]) {
        let lines = self.lines.get_or_init(|| Lines::of(self.src));
        let place = place_by(lines, self.file, self.src, span);
        if code == Code::TomlSyntax {
            self.broken.insert(place.line);
        } else if self.broken.contains(&place.line) {
            return;
        }
        self.diags.push(Diagnostic::of(code, place, args.iter().map(ToString::to_string).collect()));
    }

    pub(super) fn line(&self, span: Range<usize>) -> u32 {
        self.lines.get_or_init(|| Lines::of(self.src)).line(span.start.min(self.src.len()))
    }

    /// A key that the whole file lacks.
    pub(super) fn absent(&mut self, key: &str) {
        self.diags.push(Diagnostic::new(Code::MissingKey, Place::file(self.file), [key]));
    }

    pub(super) fn unknown(&mut self, key: &str, span: Range<usize>, known: &[&str]) {
        self.unknown_own(key, span, known, "");
    }

    /// An unknown key where the company's own keys have a place elsewhere.
    pub(super) fn unknown_own(&mut self, key: &str, span: Range<usize>, known: &[&str], own: &str) {
        let near = self.near.to(key, known.iter().copied()).join(", ");
        self.report(Code::UnknownKey, span, &[key, &near, own]);
    }

    pub(super) fn wrong_type(&mut self, key: &str, expected: &str, value: &Spanned<DeValue<'static>>) {
        self.report(Code::WrongType, value.span(), &[key, expected, value.get_ref().type_str()]);
    }

    /// Text, or a report.
    pub(super) fn text(&mut self, key: &str, value: &Spanned<DeValue<'static>>) -> Option<Str> {
        match value.get_ref() {
            DeValue::String(s) => {
                if let Some(c) = s.chars().find(|c| is_forbidden(*c)) {
                    self.report(Code::ControlChar, value.span(), &[&format!("U+{:04X}", u32::from(c))]);
                    if let Some(d) = self.diags.last_mut().filter(|d| d.code == Code::ControlChar) {
                        narrow(&mut d.place, is_forbidden);
                    }
                }
                Some(str_of(s))
            }
            _ => {
                self.wrong_type(key, "text", value);
                None
            }
        }
    }

    /// A list of texts, or a report.
    pub(super) fn list(&mut self, key: &str, value: &Spanned<DeValue<'static>>) -> Vec<Str> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            _ => {
                self.wrong_type(key, "list", value);
                Vec::new()
            }
        }
    }

    /// A date (bare, or as text), or a report.
    pub(super) fn day(&mut self, key: &str, value: &Spanned<DeValue<'static>>) -> Option<Day> {
        let text: Cow<'_, str> = match value.get_ref() {
            DeValue::Datetime(d) => Cow::Owned(d.to_string()),
            DeValue::String(s) => Cow::Borrowed(s),
            _ => {
                self.wrong_type(key, "date", value);
                return None;
            }
        };
        let day = parse_day(&text);
        if day.is_none() {
            self.report(Code::BadDate, value.span(), &[&text]);
        }
        day
    }

    /// An exact decimal from the number as it stands in the file, or a report.
    pub(super) fn decimal(&mut self, key: &str, value: &Spanned<DeValue<'static>>) -> Option<Decimal> {
        let text = match value.get_ref() {
            DeValue::Integer(i) if i.radix() == 10 => i.as_str().to_string(),
            DeValue::Float(f) => f.as_str().to_string(),
            DeValue::String(s) => s.to_string(),
            _ => {
                self.wrong_type(key, "number", value);
                return None;
            }
        };
        let number = parse_decimal(text.strip_prefix('+').unwrap_or(&text));
        if number.is_none() {
            self.report(Code::BadDecimal, value.span(), &[&text]);
        }
        number
    }

    /// A table, or a report.
    pub(super) fn table<'v>(
        &mut self,
        key: &str,
        value: &'v Spanned<DeValue<'static>>,
    ) -> Option<&'v DeTable<'static>> {
        match value.get_ref() {
            DeValue::Table(t) => Some(t),
            _ => {
                self.wrong_type(key, "table", value);
                None
            }
        }
    }

    /// An array of tables, or a report.
    pub(super) fn tables<'v>(
        &mut self,
        key: &str,
        value: &'v Spanned<DeValue<'static>>,
    ) -> Vec<(&'v DeTable<'static>, Range<usize>)> {
        match value.get_ref() {
            DeValue::Array(items) => {
                items.iter().filter_map(|item| Some((self.table(key, item)?, item.span()))).collect()
            }
            _ => {
                self.wrong_type(key, "tables", value);
                Vec::new()
            }
        }
    }
}

/// Text of the file, kept as long as the process; the `Cow` tells whether it must be copied for that.
#[allow(clippy::ptr_arg)]
pub(super) fn str_of(text: &Cow<'static, str>) -> Str {
    match text {
        Cow::Borrowed(s) => s,
        Cow::Owned(s) => intern(s),
    }
}
