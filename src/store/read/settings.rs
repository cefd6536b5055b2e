//! kehu.toml.

use super::toml::Reader;
use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::model::Str;
use crate::model::day::Span;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::setting_keys::{SETTING_KEYS, steps};
use crate::model::settings::{FORMAT, Settings, SettingsFile};
use crate::store::text::place;
use serde::Deserialize as _;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::OnceLock;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads the text of kehu.toml. `None` when it cannot be used; then there is at least one finding.
pub fn read(src: Str, file: Str, diags: &mut Vec<Diagnostic>) -> Option<Settings> {
    let mut r = Reader { file, src, diags };
    let before = r.diags.len();
    let table = r.parse();
    if r.diags.len() > before {
        return None;
    }
    if let Some(format) = table.get("format")
        && let DeValue::Integer(n) = format.get_ref()
        && let Ok(found) = n.as_str().parse::<i64>()
        && found != FORMAT
    {
        // A newer file may mean anything by its other keys: nothing else is said about it.
        r.report(Code::NewerFormat, format.span(), &[&found.to_string(), &FORMAT.to_string()]);
        return None;
    }
    let patterns: Vec<Vec<&str>> = SETTING_KEYS.iter().map(|(path, _)| steps(path)).collect();
    unknown_keys(&mut r, &table, &patterns, 0);
    let before = r.diags.len();
    values(&mut r, &table, "", "");
    let said = r.diags.len() > before;
    // The same text is not parsed twice.
    let whole = Deserializer::from(Spanned::new(0..src.len(), table.clone()));
    let parsed: SettingsFile = match SettingsFile::deserialize(whole) {
        Ok(p) => p,
        Err(e) => {
            // It stops at the first, which is said above already unless it is of a sort of its own.
            if !said {
                let span = e.span().unwrap_or(0..0);
                let path = path_at(&table, span.start);
                r.report(Code::SettingValue, span, &[&path, e.message()]);
            }
            return None;
        }
    };
    let (mut settings, bad) = Settings::new(parsed);
    settings.fingerprint = foldhash::fast::FixedState::with_seed(1).hash_one(src);
    for (path, why) in bad {
        let span = find(&table, &path);
        r.report(Code::SettingValue, span, &[&path, why]);
    }
    references(&mut r, &table, &settings);
    Some(settings)
}

/// Walks the table along the known paths; `depth` steps of each pattern lie behind.
fn unknown_keys(r: &mut Reader<'_>, table: &DeTable<'static>, patterns: &[Vec<&str>], depth: usize) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let matching: Vec<Vec<&str>> =
            patterns.iter().filter(|p| p.get(depth).is_some_and(|s| *s == name || *s == "*")).cloned().collect();
        if matching.is_empty() {
            let known: Vec<&str> =
                patterns.iter().filter_map(|p| p.get(depth).copied()).filter(|s| *s != "*").collect();
            r.unknown(name, key.span(), &known);
            continue;
        }
        walk_value(r, value, &matching, depth + 1);
    }
}

fn walk_value(r: &mut Reader<'_>, value: &Spanned<DeValue<'static>>, patterns: &[Vec<&str>], depth: usize) {
    match value.get_ref() {
        DeValue::Table(t) if patterns.iter().any(|p| p.len() > depth) => unknown_keys(r, t, patterns, depth),
        DeValue::Array(items) if patterns.iter().any(|p| p.get(depth) == Some(&"[]")) => {
            for item in items.iter() {
                walk_value(r, item, patterns, depth + 1);
            }
        }
        _ => {}
    }
}

/// The paths of all keys, and of the tables on the way to them, with the sort of value where there is one.
fn known_paths() -> &'static HashMap<&'static str, Option<&'static str>> {
    static PATHS: OnceLock<HashMap<&'static str, Option<&'static str>>> = OnceLock::new();
    PATHS.get_or_init(|| {
        let mut paths = HashMap::new();
        for (key, sort) in SETTING_KEYS {
            for (n, _) in key.match_indices(['.', '[']) {
                paths.entry(&key[..n]).or_insert(None);
            }
            paths.insert(*key, Some(*sort));
        }
        paths
    })
}

/// Values that their keys do not allow: all of them, where the deserializer stops at the first.
fn values(r: &mut Reader<'_>, table: &DeTable<'static>, pattern: &str, path: &str) {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let join = |base: &str, step: &str| if base.is_empty() { step.to_string() } else { format!("{base}.{step}") };
        let (named, any) = (join(pattern, name), join(pattern, "*"));
        let starts = |p: &str| known_paths().contains_key(p);
        let pattern = if starts(&named) { named } else { any };
        let shown = join(path, name);
        let sort = known_paths().get(pattern.as_str()).copied().flatten();
        let tables = starts(&format!("{pattern}[]"));
        match (value.get_ref(), sort) {
            (v, Some(sort)) => {
                if let Some(expected) = misfit(sort, v) {
                    r.wrong_type(&shown, expected, value);
                } else {
                    content(r, &shown, sort, value);
                }
            }
            (DeValue::Array(items), None) if tables => {
                for (n, item) in items.iter().enumerate() {
                    let shown = format!("{shown}[{n}]");
                    match item.get_ref() {
                        DeValue::Table(t) => values(r, t, &format!("{pattern}[]"), &shown),
                        _ => r.wrong_type(&shown, "table", item),
                    }
                }
            }
            (DeValue::Table(t), None) if !tables && starts(&pattern) => values(r, t, &pattern, &shown),
            (_, None) if tables => r.wrong_type(&shown, "tables", value),
            (_, None) if starts(&pattern) => r.wrong_type(&shown, "table", value),
            // An unknown key: reported as such.
            (_, None) => {}
        }
    }
}

/// Keys whose words are judged by [`Settings::new`], which goes on with the default.
const JUDGED: &[&str] = &["customers.layout", "ledgers.layout", "tax.prices", "followup.due_on", "language"];

/// Words, spans, fractions and currencies of the right type that are none.
fn content(r: &mut Reader<'_>, path: &str, sort: &str, value: &Spanned<DeValue<'static>>) {
    let text = match value.get_ref() {
        DeValue::String(s) => s.as_ref(),
        DeValue::Integer(i) => i.as_str(),
        DeValue::Float(f) => f.as_str(),
        _ => return,
    };
    let bad = match sort {
        "days | never" => {
            let number = matches!(value.get_ref(), DeValue::Integer(_));
            (!number && text != "never").then_some("days-never")
        }
        "span" => (!text.is_empty() && Span::parse(text).is_none()).then_some("span"),
        "fraction" => {
            let fits = |d: Decimal| (Decimal::ZERO..=Decimal::ONE).contains(&d);
            (!parse_decimal(text).is_some_and(fits)).then_some("fraction")
        }
        "currency" => (text.len() != 3 || !text.bytes().all(|b| b.is_ascii_uppercase())).then_some("currency"),
        _ if sort.contains(" | ") && !JUDGED.contains(&path) => {
            let words: Vec<&str> = sort.split(" | ").collect();
            if !words.contains(&text) {
                let near = nearest(text, words.iter().copied());
                let near = if near.is_empty() { words.join(", ") } else { near.join(", ") };
                r.report(Code::NotInList, value.span(), &[text, path, &near]);
            }
            None
        }
        _ => None,
    };
    if let Some(expected) = bad {
        r.report(Code::BadValue, value.span(), &[text, expected]);
    }
}

/// The path of the innermost value at an offset.
fn path_at(table: &DeTable<'static>, offset: usize) -> String {
    for (key, value) in table {
        let name: &str = key.get_ref();
        match value.get_ref() {
            // The span of a table is its header: what stands below it is looked for in any case.
            DeValue::Table(t) => {
                let rest = path_at(t, offset);
                if !rest.is_empty() {
                    return format!("{name}.{rest}");
                }
            }
            DeValue::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    if let DeValue::Table(t) = item.get_ref() {
                        let rest = path_at(t, offset);
                        if !rest.is_empty() {
                            return format!("{name}[{n}].{rest}");
                        }
                    }
                }
            }
            _ => {}
        }
        if value.span().contains(&offset) {
            return name.to_string();
        }
    }
    String::new()
}

/// What a value of a sort should have been; `None` when it fits.
fn misfit(sort: &str, value: &DeValue<'static>) -> Option<&'static str> {
    use DeValue as V;
    let text = matches!(value, V::String(_));
    let number = matches!(value, V::Integer(_) | V::Float(_) | V::String(_));
    let whole = matches!(value, V::Integer(_));
    let all =
        |fits: fn(&V<'static>) -> bool| matches!(value, V::Array(items) if items.iter().all(|i| fits(i.get_ref())));
    let (fits, expected) = match sort {
        "integer" | "days" | "month" | "working hours" => (whole, "integer"),
        "days | never" => (whole || text, "days-never"),
        "number" | "fraction" => (number, "number"),
        "points" => (number, "number"),
        "true | false" => (matches!(value, V::Boolean(_)), "flag"),
        "list of [value, score]" => (all(|v| matches!(v, V::Array(_))), "points"),
        "list of months" => (all(|v| matches!(v, V::Integer(_))), "numbers"),
        "list of fractions" => (all(|v| matches!(v, V::Integer(_) | V::Float(_) | V::String(_))), "numbers"),
        _ if sort.starts_with("list") => (all(|v| matches!(v, V::String(_))), "list"),
        _ => (text, "text"),
    };
    (!fits).then_some(expected)
}

/// The place of the value of a path such as `views.hot.terms` in the text of kehu.toml.
pub fn place_of(src: Str, file: Str, path: &str) -> Place {
    let (table, _) = DeTable::parse_recoverable(src);
    place(file, src, find(table.get_ref(), path))
}

/// Where the value of a path such as `working_time.shifts[1]` stands.
fn find(table: &DeTable<'static>, path: &str) -> Range<usize> {
    let mut at = table;
    let mut span = 0..0;
    for step in path.split('.') {
        let (name, index) = match step.split_once('[') {
            Some((name, rest)) => (name, rest.trim_end_matches(']').parse::<usize>().ok()),
            None => (step, None),
        };
        let Some(mut value) = at.get(name) else { return span };
        if let (Some(n), DeValue::Array(items)) = (index, value.get_ref())
            && let Some(item) = items.get(n)
        {
            value = item;
        }
        span = value.span();
        match value.get_ref() {
            DeValue::Table(t) => at = t,
            _ => return span,
        }
    }
    span
}

/// What the values say about each other: stages that do not exist, weights that do not sum, bands that overlap.
fn references(r: &mut Reader<'_>, table: &DeTable<'static>, settings: &Settings) {
    let f = &settings.file;
    let stages: Vec<&str> = f.stages.iter().map(|s| s.id.as_str()).collect();
    if stages.is_empty() {
        r.absent("[[stages]]");
    }
    let near = |word: &str, list: &[&str]| {
        let near = nearest(word, list.iter().copied());
        if near.is_empty() { list.join(", ") } else { near.join(", ") }
    };
    for (n, s) in f.stages.iter().enumerate() {
        let at = find(table, &format!("stages[{n}]"));
        if stages[..n].contains(&s.id.as_str()) || s.id.is_empty() {
            r.report(Code::SettingValue, at.clone(), &[&format!("stages[{n}].id"), "twice"]);
        }
        for to in s.to.iter().filter(|t| !stages.contains(&t.as_str())) {
            r.report(
                Code::UnknownStage,
                find(table, &format!("stages[{n}].to")),
                &[&format!("stages[{n}].to"), to, &near(to, &stages)],
            );
        }
        let words = s.requires.iter().map(|w| ("requires", w)).chain(s.advance_on.iter().map(|w| ("advance_on", w)));
        for (key, word) in words.filter(|(_, w)| !is_requirement(w)) {
            let key = format!("stages[{n}].{key}");
            r.report(Code::SettingValue, find(table, &key), &[&key, "requirement", word]);
        }
    }
    let deal_stages: Vec<&str> = f.deal_stages.iter().map(|s| s.id.as_str()).collect();
    for (n, s) in f.deal_stages.iter().enumerate() {
        if deal_stages[..n].contains(&s.id.as_str()) || s.id.is_empty() {
            let key = format!("deal_stages[{n}].id");
            r.report(Code::SettingValue, find(table, &key), &[&key, "twice"]);
        }
        for to in s.to.iter().filter(|t| !deal_stages.contains(&t.as_str())) {
            let key = format!("deal_stages[{n}].to");
            r.report(Code::UnknownStage, find(table, &key), &[&key, to, &near(to, &deal_stages)]);
        }
    }
    for (id, card) in &f.scorecards {
        let at = find(table, &format!("scorecards.{id}"));
        let sum: Decimal = card.indicators.iter().map(|i| i.weight.0).sum();
        if sum != Decimal::ONE_HUNDRED {
            r.report(Code::ScorecardWeights, at.clone(), &[id, &sum.to_string()]);
        }
        let lows: Vec<Decimal> = card.bands.values().map(|b| b.0).collect();
        let descending = lows.windows(2).all(|w| w[0] > w[1]);
        if !descending || lows.last() != Some(&Decimal::ZERO) || lows.first().is_some_and(|t| *t > Decimal::ONE_HUNDRED)
        {
            let at = find(table, &format!("scorecards.{id}.bands"));
            r.report(Code::ScorecardBands, at, &[id, "order"]);
        }
    }
}

/// Whether a word is one of `activity:N`, `need:N`, `order:N`, `order-day:N`, `field:NAME`.
fn is_requirement(word: &str) -> bool {
    match word.split_once(':') {
        Some(("activity" | "need" | "order" | "order-day", n)) => n.parse::<u32>().is_ok_and(|n| n > 0),
        Some(("field", name)) => !name.is_empty(),
        _ => false,
    }
}
