//! What was typed for a cell or a key, as the file will hold it.

use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::diag::nearest;
use crate::exchange::of_settings;
use crate::i18n::{messages as m, values};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, RefTo, SettingList, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::typed::Words;
use crate::model::value::Kind;
use crate::store::cells::escape_note;
use crate::store::read::cell;

/// How the command line reads the value of a key of a TOML file.
pub(crate) struct Typed<'c> {
    pub(crate) ctx: &'c Context,
    pub(crate) key: &'c str,
}

impl Words for Typed<'_> {
    type Error = CliError;
    fn day(&self, text: &str) -> Result<Day> {
        self.ctx.day(text)
    }
    fn decimal(&self, text: &str) -> Result<Decimal> {
        let lang = self.ctx.lang();
        parse_decimal(text)
            .ok_or_else(|| CliError::usage(m::bad_value(lang, text, self.key, m::kind_word(lang, Kind::Number))))
    }
    fn member(&self, text: &str) -> Result<String> {
        Ok(self.ctx.present_member(text)?.id.to_string())
    }
    fn one_of(&self, list: &[&'static str], text: &str) -> String {
        let means = |v: &&&str| **v == text || values::words(self.key, v).iter().any(|w| w == text);
        list.iter().find(means).map_or(text, |v| v).to_string()
    }
    fn listed(&self, list: SettingList, text: &str) -> String {
        of_settings(text, list, &self.ctx.settings)
    }
}

/// How a pair changes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// `key=value`
    Put,
    /// `key+=value`
    Add,
    /// `key-=value`
    Take,
}

/// Splits `key=value`, `key+=value`, `key-=value`.
pub(crate) fn pair(ctx: &Context, text: &str) -> Result<(String, Op, String)> {
    let (key, value) = text
        .split_once('=')
        .filter(|(k, _)| !k.is_empty())
        .ok_or_else(|| CliError::usage(m::key_value_form(ctx.lang(), text)))?;
    let (key, op) = match key.strip_suffix('+') {
        Some(k) => (k, Op::Add),
        None => key.strip_suffix('-').map_or((key, Op::Put), |k| (k, Op::Take)),
    };
    Ok((key.to_string(), op, value.to_string()))
}

/// The column that a word means: itself, or a label of any language.
pub(crate) fn column_name(ledger: Ledger, word: &str) -> String {
    let by_label =
        |l| ledger.columns().iter().find(move |c| crate::i18n::labels::column(l, ledger.name(), c.name) == word);
    match ledger.column(word) {
        Some(_) => word.to_string(),
        None => crate::i18n::Lang::ALL.into_iter().find_map(by_label).map_or(word, |c| c.name).to_string(),
    }
}

/// A cell's text from what was typed, checked against its column.
pub(crate) fn cell_text(ctx: &Context, ledger: Ledger, column: &str, typed: &str) -> Result<String> {
    let lang = ctx.lang();
    let Some(n) = ledger.column(column) else {
        if column.starts_with("x_") {
            return Ok(typed.to_string());
        }
        if is_told(ledger, column) {
            let e = CliError::usage(m::told_by_events(lang, column));
            return Err(e.hint(m::hint_told(lang, ledger.kind())));
        }
        let near = nearest(column, ledger.columns().iter().map(|c| c.name));
        let e = CliError::usage(m::unknown_key(lang, column)).nearest(lang, &near);
        return Err(e.hint(m::hint_schema(lang, ledger.name())));
    };
    let spec = ledger.columns()[n];
    if typed.is_empty() {
        if spec.required {
            return Err(CliError::usage(m::cell_required(lang, column)));
        }
        return Ok(String::new());
    }
    let text = match spec.ty {
        Type::Note => escape_note(typed).into_owned(),
        Type::Day => ctx.day(typed)?.to_string(),
        // What has not come is no fact yet.
        Type::At if column == "at" => ctx.fact(Some(typed))?.to_text(ctx.settings.tz),
        Type::At => ctx.at_or_now(Some(typed))?.to_text(ctx.settings.tz),
        Type::Split => shares(ctx, typed)?,
        Type::OneOf(_) => closed_value(ctx, ledger, column, typed)?,
        Type::Ref(RefTo::Team) => ctx.member(typed)?.id.to_string(),
        _ => typed.to_string(),
    };
    if let Err((code, args)) = cell::check(spec.ty, &text, &ctx.settings) {
        let d = crate::diag::Diagnostic::of(code, crate::diag::Place::default(), args);
        let (what, mend) = crate::i18n::problem::words(lang, &d);
        return Err(CliError::usage(m::labelled(lang, column, what)).hint(mend));
    }
    Ok(text)
}

/// Whether events say what this is, and no column holds it.
fn is_told(ledger: Ledger, name: &str) -> bool {
    let events = ledger.events();
    events.iter().any(|e| e.fact == name) || name == "state" && !events.is_empty()
}

/// A split, its members by their ids.
fn shares(ctx: &Context, typed: &str) -> Result<String> {
    let part = |p: &str| match p.split_once(':') {
        Some((who, share)) => Ok(format!("{}:{}", ctx.member(who.trim())?.id, share.trim())),
        None => Ok(p.to_string()),
    };
    typed.split([',', '，']).map(part).collect::<Result<Vec<_>>>().map(|parts| parts.join(","))
}

/// A value of a closed list, by its key or by a word of any language.
pub(crate) fn closed_value(ctx: &Context, ledger: Ledger, column: &str, word: &str) -> Result<String> {
    let lang = ctx.lang();
    let ty = ledger.column(column).map(|n| ledger.columns()[n].ty);
    let Some(Type::OneOf(list)) = ty else { return Ok(word.to_string()) };
    let means = |v: &str| {
        v == word || crate::i18n::Lang::ALL.iter().any(|l| values::column_value(*l, ledger.name(), column, v) == word)
    };
    let called = |v: &str| values::column_value(lang, ledger.name(), column, v);
    list.iter().find(|v| means(v)).map(ToString::to_string).ok_or_else(|| {
        CliError::usage(m::unknown_value(lang, word, column))
            .nearest(lang, &nearest(word, list.iter().copied()))
            .hint(m::hint_values(lang, values::choices(lang, list.iter().map(|v| (*v, called(v))))))
    })
}
