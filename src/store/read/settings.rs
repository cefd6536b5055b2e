//! kehu.toml.

use super::toml::Reader;
use crate::diag::{Code, Diagnostic, Near, Place, listed, nearest};
use crate::model::Str;
use crate::model::day::Span;
use crate::model::id::check_row_id;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::settings::{CLASSES, FORMAT, Keys, OCCASIONS, Settings, SettingsFile, is_requirement, is_words};
use crate::store::text::{Lines, place_by};
use serde::Deserialize as _;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// Reads the text of kehu.toml. `None` when it cannot be used; then there is at least one finding.
pub fn read(src: Str, file: Str, diags: &mut Vec<Diagnostic>) -> Option<Settings> {
    let mut r = Reader::new(file, src, diags);
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
    unknown_keys(&mut r, &table, Keys::ALL);
    let before = r.diags.len();
    values(&mut r, &table, Keys::ALL, None);
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

/// Keys that a table of no place may hold are reported, with those that it may.
fn unknown_keys(r: &mut Reader<'_>, table: &DeTable<'static>, at: Keys) {
    let names = OnceCell::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        let Some(below) = at.step(name) else {
            r.unknown(name, key.span(), names.get_or_init(|| at.names()));
            continue;
        };
        match (value.get_ref(), below.elements()) {
            (DeValue::Array(items), Some(element)) => {
                for item in items.iter() {
                    if let DeValue::Table(t) = item.get_ref() {
                        unknown_keys(r, t, element);
                    }
                }
            }
            (DeValue::Table(t), None) if below.sort().is_none() => unknown_keys(r, t, below),
            _ => {}
        }
    }
}

/// Where a value stands: written out only when something is wrong with it.
#[derive(Clone, Copy)]
struct Path<'p> {
    above: Option<&'p Path<'p>>,
    step: &'p str,
    element: Option<usize>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            write!(f, "{above}.")?;
        }
        f.write_str(self.step)?;
        self.element.map_or(Ok(()), |n| write!(f, "[{n}]"))
    }
}

/// Values that their keys do not allow: all of them, where the deserializer stops at the first.
fn values(r: &mut Reader<'_>, table: &DeTable<'static>, at: Keys, above: Option<&Path<'_>>) {
    for (key, value) in table {
        let path = Path { above, step: key.get_ref(), element: None };
        // An unknown key is reported as such.
        let Some(below) = at.step(path.step) else { continue };
        match (value.get_ref(), below.sort(), below.elements()) {
            (v, Some(sort), _) => match misfit(sort, v) {
                Some(expected) => r.wrong_type(&path.to_string(), expected, value),
                None => content(r, &path, sort, value),
            },
            (DeValue::Array(items), None, Some(element)) => {
                for (n, item) in items.iter().enumerate() {
                    let path = Path { element: Some(n), ..path };
                    match item.get_ref() {
                        DeValue::Table(t) => values(r, t, element, Some(&path)),
                        _ => r.wrong_type(&path.to_string(), "table", item),
                    }
                }
            }
            (_, None, Some(_)) => r.wrong_type(&path.to_string(), "tables", value),
            (DeValue::Table(t), None, None) => values(r, t, below, Some(&path)),
            (_, None, None) => r.wrong_type(&path.to_string(), "table", value),
        }
    }
}

/// Words, spans, fractions and currencies of the right type that are none.
fn content(r: &mut Reader<'_>, path: &Path<'_>, sort: &str, value: &Spanned<DeValue<'static>>) {
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
        _ if is_words(sort) => {
            let words: Vec<&str> = sort.split(" | ").collect();
            if !words.contains(&text) {
                let near = nearest(text, words.iter().copied());
                let near = if near.is_empty() { words.join(", ") } else { near.join(", ") };
                r.report(Code::NotInList, value.span(), &[text, &path.to_string(), &near]);
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
        "integer" | "days" | "month" | "hours" | "working hours" => (whole, "integer"),
        "days | never" => (whole || text, "days-never"),
        "number" | "fraction" => (number, "number"),
        "points" => (number, "number"),
        "true | false" => (matches!(value, V::Boolean(_)), "flag"),
        "list of [value, score]" => (all(|v| matches!(v, V::Array(_))), "points"),
        "list of months" | "list of days" | "list of integers" => (all(|v| matches!(v, V::Integer(_))), "numbers"),
        "list of fractions" | "list of numbers" => {
            (all(|v| matches!(v, V::Integer(_) | V::Float(_) | V::String(_))), "numbers")
        }
        _ if sort.starts_with("list") => (all(|v| matches!(v, V::String(_))), "list"),
        _ => (text, "text"),
    };
    (!fits).then_some(expected)
}

/// The text of kehu.toml, to find the places of many of its values.
pub struct Places {
    src: Str,
    table: DeTable<'static>,
    lines: Lines,
}

impl Places {
    /// Takes the text apart.
    pub fn of(src: Str) -> Places {
        let (table, _) = DeTable::parse_recoverable(src);
        Places { src, table: table.into_inner(), lines: Lines::of(src) }
    }

    /// The place of the value of a path such as `views.hot.terms`.
    pub fn place_of(&self, file: Str, path: &str) -> Place {
        place_by(&self.lines, file, self.src, find(&self.table, path))
    }
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

/// Findings about values that do not fit each other: stages that do not exist, weights that do not sum, bands that
/// overlap.
fn references(r: &mut Reader<'_>, table: &DeTable<'static>, settings: &Settings) {
    let f = &settings.file;
    let stages: Vec<&str> = f.stages.iter().map(|s| s.id.as_str()).collect();
    if stages.is_empty() {
        r.absent("[[stages]]");
    }
    let mut nearest = Near::default();
    let mut near = |word: &str, list: &[&str]| match nearest.to(word, list.iter().copied()) {
        near if near.is_empty() => listed(list.iter().copied()),
        near => near.join(", "),
    };
    let (known, mut seen) = (stages.iter().copied().collect::<HashSet<_>>(), HashSet::new());
    for (n, s) in f.stages.iter().enumerate() {
        let at = find(table, &format!("stages[{n}]"));
        if !seen.insert(s.id.as_str()) || s.id.is_empty() {
            r.report(Code::SettingValue, at.clone(), &[&format!("stages[{n}].id"), "twice"]);
        }
        for to in s.to.iter().filter(|t| !known.contains(t.as_str())) {
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
    let (known, mut seen) = (deal_stages.iter().copied().collect::<HashSet<_>>(), HashSet::new());
    for (n, s) in f.deal_stages.iter().enumerate() {
        if !seen.insert(s.id.as_str()) || s.id.is_empty() {
            let key = format!("deal_stages[{n}].id");
            r.report(Code::SettingValue, find(table, &key), &[&key, "twice"]);
        }
        for to in s.to.iter().filter(|t| !known.contains(t.as_str())) {
            let key = format!("deal_stages[{n}].to");
            r.report(Code::UnknownStage, find(table, &key), &[&key, to, &near(to, &deal_stages)]);
        }
    }
    for (n, word) in f.season.serve.iter().enumerate() {
        let known = match word.split_once(':') {
            Some(("class", id)) => CLASSES.contains(&id),
            Some(("grade", id)) => f.grades.contains_key(id),
            Some(("stage", id)) => stages.contains(&id),
            _ => false,
        };
        if !known {
            let key = format!("season.serve[{n}]");
            r.report(Code::SettingValue, find(table, "season.serve"), &[&key, "serve", word]);
        }
    }
    care(r, table, settings);
    for (n, reason) in f.win_back.reasons.iter().enumerate().filter(|(_, word)| !f.reasons.close.contains(word)) {
        let key = format!("win_back.reasons[{n}]");
        r.report(Code::SettingValue, find(table, &key), &[&key, "close-reason", reason]);
    }
    ids(r, table, settings);
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

/// Findings about occasions that never come, or are about nothing.
fn care(r: &mut Reader<'_>, table: &DeTable<'static>, settings: &Settings) {
    let f = &settings.file;
    let mut bad = |key: String, why: &str, word: &str| {
        r.report(Code::SettingValue, find(table, &key), &[&key, why, word]);
    };
    for (n, kind) in f.care.occasions.iter().flatten().enumerate().filter(|(_, k)| !OCCASIONS.contains(&k.as_str())) {
        bad(format!("care.occasions[{n}]"), "occasion", kind);
    }
    for (n, h) in f.care.holidays.iter().enumerate() {
        if !h.has_day() {
            bad(format!("care.holidays[{n}].date"), "day-of-year", &h.date);
        }
        h.grades.iter().filter(|g| !f.grades.contains_key(g.as_str())).for_each(|g| {
            bad(format!("care.holidays[{n}].grades"), "grade", g);
        });
    }
    for (n, t) in f.care.tips.iter().enumerate() {
        let whole = t.product.is_some() || t.category.is_some();
        if !whole || t.days.is_empty() && t.every.is_none() || t.text.is_empty() && t.zh.is_empty() {
            bad(format!("care.tips[{n}]"), "tip", t.product.as_deref().unwrap_or_default());
        }
    }
}

/// Ids reach command lines, completion and other programs: only what can be an id may stand there.
fn ids(r: &mut Reader<'_>, table: &DeTable<'static>, settings: &Settings) {
    let f = &settings.file;
    let mut judge = |path: String, id: &str| {
        if !id.is_empty() && check_row_id(id).is_err() {
            r.report(Code::SettingValue, find(table, &path), &[&path, "id", id]);
        }
    };
    for (n, s) in f.stages.iter().enumerate() {
        judge(format!("stages[{n}].id"), &s.id);
    }
    for (n, s) in f.deal_stages.iter().enumerate() {
        judge(format!("deal_stages[{n}].id"), &s.id);
    }
    let reasons = [("close", &f.reasons.close), ("lost", &f.reasons.lost), ("refund", &f.reasons.refund)];
    for (list, words) in reasons {
        words.iter().enumerate().for_each(|(n, word)| judge(format!("reasons.{list}[{n}]"), word));
    }
    f.complaints.categories.iter().enumerate().for_each(|(n, word)| judge(format!("complaints.categories[{n}]"), word));
    for name in ["grades", "intents", "scorecards", "pools", "channels", "fields"] {
        let Some(named) = table.get(name).and_then(|t| t.get_ref().as_table()) else { continue };
        for (key, _) in named {
            let id = key.get_ref().as_ref();
            if check_row_id(id).is_err() {
                r.report(Code::SettingValue, key.span(), &[&format!("{name}.{id}"), "id", id]);
            }
        }
    }
}
