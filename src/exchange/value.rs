//! Texts of other programs as values of ours: numbers, dates, words of closed lists.

use super::import_map::{Case, Numbers, Treatment};
use crate::i18n::{Lang, exchange as m, problem, values};
use crate::model::day::{At, Day, instant_of, parse_day};
use crate::model::ledger::{Ledger, SettingList, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::settings::Settings;
use crate::model::zone::Zone;
use crate::store::cells::escape_note;
use crate::store::read::cell;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Years that a date may lie in; others are slips of a format.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2999;

/// Map, case and default of a column.
pub(super) fn treat(text: String, how: &Treatment) -> String {
    let find = |key: &str| how.map.get(key).cloned();
    let text = match find(&text) {
        Some(v) => v,
        None if text.is_empty() => text,
        None => find("*").unwrap_or(text),
    };
    let text = match how.case {
        Some(Case::Lower) => text.to_lowercase(),
        Some(Case::Upper) => text.to_uppercase(),
        None => text,
    };
    if text.is_empty() { how.default.clone().unwrap_or_default() } else { text }
}

/// A number as our files hold it; `None` when it is none.
pub(super) fn number(text: &str, numbers: Numbers) -> Option<String> {
    if parse_decimal(text).is_some() && (numbers != Numbers::Points || !text.contains('.')) {
        return Some(text.to_string());
    }
    let (group, point) = match numbers {
        Numbers::Plain => return None,
        Numbers::Commas => (',', '.'),
        Numbers::Points => ('.', ','),
    };
    let sign = |c: char| matches!(c, '¥' | '￥' | '$' | '€' | '£' | '元') || c.is_whitespace();
    let mut body = text.trim_matches(sign);
    let mut minus = false;
    // Accountants write (5.00) for −5.00.
    if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        (body, minus) = (inner.trim_matches(sign), true);
    } else if let Some(rest) = body.strip_prefix('-') {
        (body, minus) = (rest.trim_start_matches(sign), true);
    }
    let (whole, fraction) = body.split_once(point).map_or((body, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or("");
    let rest: Vec<&str> = groups.collect();
    if !rest.is_empty() && (first.len() > 3 || rest.iter().any(|g| g.len() != 3)) {
        return None;
    }
    let mut plain = format!("{}{first}{}", if minus { "-" } else { "" }, rest.concat());
    if let Some(f) = fraction {
        plain.push('.');
        plain.push_str(f);
    }
    parse_decimal(&plain).map(|_| plain)
}

/// A number of per cent as a fraction: `5%` and `5` are 0.05.
pub(super) fn per_cent(text: &str, numbers: Numbers) -> Option<String> {
    let n = parse_decimal(&number(text.trim_end_matches(['%', '％']).trim_end(), numbers)?)?;
    let fraction = crate::model::money::multiply(n, Decimal::new(1, 2))?.normalize().to_string();
    parse_decimal(&fraction).map(|_| fraction)
}

/// When something happened, as a text of another program says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// A day.
    Day(Day),
    /// A day and a time by the clocks of the company's zone.
    Local(Day, NaiveTime),
    /// An instant: the text says how far its clocks are ahead.
    Instant(DateTime<Utc>),
}

/// A date, and the time with it if there is one. Without formats: `2026-01-05`, `2026/1/5`, `2026.1.5`, `2026年1月5日`,
/// `20260105`, each also with `14:03` or `14:03:22` behind it, and an offset behind that.
pub(super) fn date(text: &str, formats: &[String]) -> Option<When> {
    let sound = |w: &When| {
        YEARS.contains(&match w {
            When::Day(d) | When::Local(d, _) => d.year(),
            When::Instant(t) => t.year(),
        })
    };
    for f in formats {
        // First with the offset, which the other two would read and forget; `%s` counts from 1970 in UTC.
        let found = DateTime::parse_from_str(text, f).map(|t| When::Instant(t.to_utc()));
        let found = found.or_else(|_| {
            let local = NaiveDateTime::parse_from_str(text, f);
            local.map(|t| if says_utc(f) { When::Instant(t.and_utc()) } else { When::Local(t.date(), t.time()) })
        });
        if let Ok(w) = found.or_else(|_| NaiveDate::parse_from_str(text, f).map(When::Day)) {
            return Some(w).filter(sound);
        }
    }
    if !formats.is_empty() {
        return None;
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 8 {
        let (y, rest) = text.split_at(4);
        let (m, rest) = rest.split_at(2);
        let (d, rest) = rest.split_at(2);
        return with_time(&format!("{y}-{m}-{d}"), rest);
    }
    if digits != 4 {
        return None;
    }
    let (year, rest) = text.split_at(4);
    let sep = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '年'))?;
    let rest = &rest[sep.len_utf8()..];
    let (month, rest) = rest.split_once(if sep == '年' { '月' } else { sep })?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at(end);
    let rest = if sep == '年' { rest.strip_prefix('日')? } else { rest };
    let ok = |s: &str| matches!(s.len(), 1 | 2) && s.bytes().all(|b| b.is_ascii_digit());
    if !ok(month) || !ok(day) {
        return None;
    }
    with_time(&format!("{year}-{month:0>2}-{day:0>2}"), rest)
}

/// Whether a format ends in a literal mark of UTC: `%Y-%m-%dT%H:%M:%SZ`.
fn says_utc(format: &str) -> bool {
    let format = format.trim_end();
    ["UTC", "GMT"].iter().any(|zone| format.ends_with(zone)) || format.ends_with('Z') && !format.ends_with("%Z")
}

fn with_time(day: &str, rest: &str) -> Option<When> {
    let day = parse_day(day).filter(|d| YEARS.contains(&d.year()))?;
    let time = rest.trim_start_matches([' ', 'T', '\u{3000}']);
    if time.is_empty() {
        return rest.is_empty().then_some(When::Day(day));
    }
    if time.len() == rest.len() {
        return None;
    }
    let end = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
    let (clock, zone) = (&time[..end], time[end..].trim_start());
    let clock = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|f| NaiveTime::parse_from_str(clock, f).ok())?;
    let local = day.and_time(clock);
    match zone {
        "" if end == time.len() => Some(When::Local(day, clock)),
        "Z" | "UTC" | "GMT" => Some(When::Instant(local.and_utc())),
        // As RFC 3339 writes an instant without seconds: `+08:00`, `+0800`.
        _ => {
            let whole = format!("{} {zone}", local.format("%Y-%m-%dT%H:%M:%S%.f"));
            let instant = DateTime::parse_from_str(&whole, "%Y-%m-%dT%H:%M:%S%.f %z").ok()?;
            Some(When::Instant(instant.to_utc()))
        }
    }
}

/// A day as our files hold it: by the clocks of the company's zone.
pub(super) fn day(text: &str, how: &Treatment, tz: Zone) -> Option<Day> {
    match date(text, &how.date) {
        Some(When::Day(d) | When::Local(d, _)) => Some(d),
        Some(When::Instant(t)) => Some(At::of_instant(t, tz).day),
        None if how.date.is_empty() => At::parse(text, tz).map(|at| at.day),
        None => None,
    }
}

/// A date or instant as our files hold it.
fn instant(text: &str, how: &Treatment, tz: Zone) -> Option<String> {
    match date(text, &how.date) {
        Some(When::Day(d)) => Some(d.to_string()),
        Some(When::Local(d, t)) => Some(At::of_instant(instant_of(d, t, tz), tz).to_text(tz)),
        Some(When::Instant(t)) => Some(At::of_instant(t, tz).to_text(tz)),
        None if how.date.is_empty() => At::parse(text, tz).map(|at| at.to_text(tz)),
        None => None,
    }
}

/// One line of what may have been several.
pub(super) fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r']) {
        text.split(['\n', '\r']).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        text.to_string()
    }
}

/// The value of a closed list that a text means, by itself or by one of its words; else the text.
pub(super) fn listed<'v>(text: &'v str, list: &[&'v str], word: &dyn Fn(Lang, &str) -> String) -> &'v str {
    let is = |v: &&&str| **v == text || Lang::ALL.iter().any(|l| word(*l, v) == text);
    let folded = text.to_lowercase();
    list.iter()
        .find(|v| **v == text)
        .or_else(|| list.iter().find(is))
        .or_else(|| list.iter().find(|v| **v == folded))
        .map_or(text, |v| v)
}

/// The id of a list of kehu.toml that a text means, by itself or by its label; else the text.
pub fn of_settings(text: &str, list: SettingList, settings: &Settings) -> String {
    let ids = settings.list(list);
    // Another one may be labelled so.
    if ids.contains(&text) {
        return text.to_string();
    }
    let found = ids.into_iter().find(|id| {
        let (en, zh) = settings.called(list, id);
        let reason =
            || list == SettingList::CloseReasons && Lang::ALL.iter().any(|l| values::value(*l, "close", id) == text);
        !text.is_empty() && (en == text || zh == text) || reason()
    });
    found.unwrap_or(text).to_string()
}

/// The text of a cell of a ledger that is no reference.
///
/// # Errors
/// Why it cannot stand there.
pub(super) fn ledger_cell(
    ledger: Ledger,
    column: usize,
    text: &str,
    how: &Treatment,
    numbers: Numbers,
    settings: &Settings,
    lang: Lang,
) -> Result<String, String> {
    let spec = &ledger.columns()[column];
    let no_number = || m::not_a_number(lang, text);
    let no_date = || m::not_a_date(lang, text);
    let value = match spec.ty {
        Type::Decimal | Type::Fraction if how.percent => per_cent(text, numbers).ok_or_else(no_number)?,
        Type::Decimal | Type::Fraction => number(text, numbers).ok_or_else(no_number)?,
        Type::Day => day(text, how, settings.tz).ok_or_else(no_date)?.to_string(),
        Type::At => instant(text, how, settings.tz).ok_or_else(no_date)?,
        Type::Note => escape_note(text).into_owned(),
        Type::Text => one_line(text),
        Type::OneOf(list) => {
            listed(text, list, &|l, v| values::column_value(l, ledger.name(), spec.name, v)).to_string()
        }
        Type::Listed(list) => of_settings(text, list, settings),
        Type::YesNo => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" | "是" => "yes".into(),
            "no" | "n" | "false" | "0" | "否" => "no".into(),
            other => other.into(),
        },
        Type::Currency => match text {
            "人民币" | "￥" | "¥" => "CNY".into(),
            "美元" | "$" => "USD".into(),
            "欧元" | "€" => "EUR".into(),
            other => other.to_uppercase(),
        },
        _ => text.to_string(),
    };
    checked(spec.ty, &value, settings, lang)?;
    Ok(value)
}

/// Checks a text against a type as the reader of files would.
///
/// # Errors
/// What is wrong.
pub(super) fn checked(ty: Type, text: &str, settings: &Settings, lang: Lang) -> Result<(), String> {
    cell::check(ty, text, settings).map_err(|(code, args)| {
        let d = crate::diag::Diagnostic::of(code, crate::diag::Place::default(), args);
        problem::words(lang, &d).0
    })
}

/// Whether two cells say the same.
pub(super) fn same(ty: Type, a: &str, b: &str, tz: Zone) -> bool {
    a == b
        || match ty {
            Type::Decimal | Type::Fraction => {
                matches!((parse_decimal(a), parse_decimal(b)), (Some(a), Some(b)) if a == b)
            }
            Type::At => matches!((At::parse(a, tz), At::parse(b, tz)), (Some(a), Some(b)) if a.utc == b.utc),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read() {
        let check = |text: &str, numbers: Numbers, expected: Option<&str>| {
            assert_eq!(number(text, numbers).as_deref(), expected, "{text} {numbers:?}");
        };
        check("1234.50", Numbers::Plain, Some("1234.50"));
        check("1,234.50", Numbers::Plain, None);
        check("1e3", Numbers::Plain, None);
        check("1,234.50", Numbers::Commas, Some("1234.50"));
        check("￥ 1,234,567.8", Numbers::Commas, Some("1234567.8"));
        check("-¥5", Numbers::Commas, Some("-5"));
        check("(1,000.00)", Numbers::Commas, Some("-1000.00"));
        check("12,34", Numbers::Commas, None);
        check("1,2345", Numbers::Commas, None);
        check("1.234,5", Numbers::Points, Some("1234.5"));
        check("1.234", Numbers::Points, Some("1234"));
        check("12,5 €", Numbers::Points, Some("12.5"));
        check("12.5", Numbers::Points, None);
        check("", Numbers::Commas, None);
        check("abc", Numbers::Commas, None);
        assert_eq!(per_cent("5%", Numbers::Plain).as_deref(), Some("0.05"));
        assert_eq!(per_cent("12.5", Numbers::Plain).as_deref(), Some("0.125"));
    }

    #[test]
    fn dates_are_read() {
        let check = |text: &str, formats: &[&str], expected: Option<&str>| {
            let formats: Vec<String> = formats.iter().map(ToString::to_string).collect();
            let got = date(text, &formats).map(|w| match w {
                When::Day(d) => d.to_string(),
                When::Local(d, t) => format!("{d} {t}"),
                When::Instant(t) => t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            });
            assert_eq!(got.as_deref(), expected, "{text} {formats:?}");
        };
        check("2026-01-05", &[], Some("2026-01-05"));
        check("2026/1/5", &[], Some("2026-01-05"));
        check("2026.1.5 9:03", &[], Some("2026-01-05 09:03:00"));
        check("2026年1月5日 14:03:22", &[], Some("2026-01-05 14:03:22"));
        check("20260105", &[], Some("2026-01-05"));
        check("2026-01-05T14:03:22", &[], Some("2026-01-05 14:03:22"));
        check("2026-02-30", &[], None);
        check("5/1/2026", &[], None);
        check("2026-01-05x", &[], None);
        check("2026/1-5", &[], None);
        check("5/1/2026", &["%d/%m/%Y"], Some("2026-01-05"));
        check("2026-01-05", &["%d/%m/%Y"], None);
        check("01/05/26 08:00", &["%d/%m/%Y", "%m/%d/%y %H:%M"], Some("2026-01-05 08:00:00"));
        check("5/1/26", &["%d/%m/%Y"], None);
        // An offset counts, wherever it stands.
        for text in ["2026-01-05 20:03:11 +0000", "2026-01-05 20:03:11+00:00", "2026-01-05 20:03:11 UTC"] {
            check(text, &[], Some("2026-01-05T20:03:11Z"));
        }
        check("2026-01-05T20:03:11Z", &[], Some("2026-01-05T20:03:11Z"));
        check("2026-01-05 20:03 -0500", &[], Some("2026-01-06T01:03:00Z"));
        check("2026-01-05 20:03:11 CST", &[], None);
        check("2026-01-05 20:03:11 ", &[], None);
        check("2026-01-05 20:03:11 +0000", &["%Y-%m-%d %H:%M:%S %z"], Some("2026-01-05T20:03:11Z"));
        check("2026-01-05 20:03:11 +08:00", &["%Y-%m-%d %H:%M:%S %:z"], Some("2026-01-05T12:03:11Z"));
        check("2026-01-05T20:03:11Z", &["%Y-%m-%dT%H:%M:%SZ"], Some("2026-01-05T20:03:11Z"));
        check("1767643391", &["%s"], Some("2026-01-05T20:03:11Z"));
    }

    #[test]
    fn an_instant_is_a_day_of_the_companys_zone() {
        let how = Treatment { date: vec!["%Y-%m-%d %H:%M:%S %z".into()], ..Treatment::default() };
        let text = "2026-01-05 20:03:11 +0000";
        assert_eq!(instant(text, &how, Zone::shanghai()).as_deref(), Some("2026-01-06T04:03:11+08:00"));
        assert_eq!(day(text, &how, Zone::shanghai()), parse_day("2026-01-06"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[-0-9,./:年月日 ()%¥TZ客]{0,24}") {
            for n in [Numbers::Plain, Numbers::Commas, Numbers::Points] {
                let _ = number(&text, n);
                let _ = per_cent(&text, n);
            }
            let _ = date(&text, &[]);
            let _ = date(&text, &["%Y/%m/%d".into()]);
            let _ = day(&text, &Treatment::default(), Zone::utc());
        }
    }
}
