//! The caption of a report: its name, the period or day, the filter, the unit.

use super::ask::{Ask, Days, Report};
use super::series::Reading;
use crate::i18n::{Lang, reporting as w, values};
use crate::model::day::Day;
use crate::model::period::Period;
use crate::query::Per;

/// What the caption says besides what the report was asked.
pub struct Asked<'q> {
    /// The period as it was typed; `None` = it was not.
    pub period: Option<&'q str>,
    /// The filter terms as they were typed.
    pub terms: &'q [String],
    /// The unit of the series.
    pub per: Option<Per>,
    /// What amounts are divided by.
    pub scale: Option<&'q str>,
}

/// The caption: `Profit by customer · 2026Q2 · owner:li · in CNY`.
pub fn caption(report: &dyn Report, ask: &Ask<'_>, asked: &Asked<'_>, lang: Lang) -> String {
    let title = report.title(ask, lang);
    let title = match asked.per {
        Some(per) => w::per_unit(lang, title, w::unit_of_time(lang, per.key())),
        None => title,
    };
    let mut parts = vec![title, days(report, ask, asked.period, lang)];
    if !asked.terms.is_empty() {
        parts.push(asked.terms.join(" "));
    }
    parts.push(w::unit_is(lang, w::unit(lang, &ask.settings.file.currency, asked.scale)));
    parts.join(" · ")
}

/// Both periods of a comparison, and in Chinese what it is called.
pub fn against(now: Period, then: Period, reading: Reading, lang: Lang) -> String {
    let both = w::against(lang, days_of(now), days_of(then));
    match (lang, reading) {
        (Lang::En, _) | (_, Reading::Other) => both,
        (_, reading) => format!("{both}（{}）", values::value(lang, "compare", reading.key())),
    }
}

/// First and last day: `2026-01-01..2026-03-31`.
pub fn days_of(period: Period) -> String {
    let day = |d: Option<Day>| d.map_or_else(String::new, |d| d.to_string());
    format!("{}..{}", day(period.from), day(period.to))
}

fn days(report: &dyn Report, ask: &Ask<'_>, typed: Option<&str>, lang: Lang) -> String {
    let today = ask.calendar.today;
    let typed = typed.or(match report.days() {
        Days::Of(period) => Some(period),
        Days::All => None,
        Days::Today => return w::as_of(lang, today),
    });
    if let Some(other) = &ask.compare {
        return against(ask.period, other.then, other.reading, lang);
    }
    match typed {
        None => w::up_to(lang, today),
        // What a word such as `12m` means depends on the day.
        Some(word) if !word.chars().all(|c| c.is_ascii_digit() || "-.QHWFY".contains(c)) => {
            w::days(lang, word, days_of(ask.period))
        }
        Some(word) => word.to_string(),
    }
}
