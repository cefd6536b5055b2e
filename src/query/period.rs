//! The period expressions that people type (`2026Q3`, `last-week`, `30d`, `A..B`), and cutting a period into columns.
//!
//! The day it is comes in with the [`Calendar`]; nothing here reads the clock. Days reach from 0001-01-01 to
//! 9999-12-31, the range in which ISO dates have ten characters. A period that would leave it is refused.

use super::error::{PeriodFault, QueryError, nearest};
use crate::model::day::{Day, Span, parse_day};
use crate::model::period::{Calendar, Period};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use unicode_normalization::UnicodeNormalization;

/// Unit of a column or row of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// Calendar days.
    Day,
    /// Weeks; ISO weeks when the calendar's week starts on Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

impl Per {
    /// Every unit, the shortest first.
    pub const ALL: &'static [Per] = &[Per::Day, Per::Week, Per::Month, Per::Quarter, Per::Year];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Per::Day => "day",
            Per::Week => "week",
            Per::Month => "month",
            Per::Quarter => "quarter",
            Per::Year => "year",
        }
    }
}

/// A first and a last day.
type Ends = (Day, Day);

/// The expressions that are words, for suggestions.
const WORDS: [&str; 18] = [
    "today",
    "yesterday",
    "tomorrow",
    "this-week",
    "this-month",
    "this-quarter",
    "this-year",
    "last-week",
    "last-month",
    "last-quarter",
    "last-year",
    "next-week",
    "next-month",
    "next-quarter",
    "next-year",
    "ytd",
    "qtd",
    "mtd",
];

/// Reads a period. In `A..B` each side is itself a period: from the start of A to the end of B.
///
/// ```text
/// 2026  2026-08  2026-08-31  2026Q3  2026H1  2026-W34  FY2026  last-week  ytd  30d  12m  next-30d  +7d  2026-01..mtd  ..2026-06-30
/// ```
///
/// # Errors
/// [`QueryError::BadPeriod`] when it is not a period, is impossible (`2026-02-30`), runs backwards, or leaves the
/// years 1 to 9999.
pub fn parse_period(s: &str, cal: &Calendar) -> Result<Period, QueryError> {
    read_period(s, cal).map_err(|fault| QueryError::BadPeriod { text: s.to_owned(), fault })
}

/// Reads a single day: an ISO date, `today`, `yesterday`, `tomorrow`, `+7d`, `-2w`, `+1m`, `-1y`.
///
/// # Errors
/// [`QueryError::BadPeriod`] as for [`parse_period`]; with [`PeriodFault::NotOneDay`] when it is another period, even
/// one that happens to hold one day.
pub fn parse_single_day(s: &str, cal: &Calendar) -> Result<Day, QueryError> {
    let day = single_day(&plain(s), cal);
    let day = day.unwrap_or_else(|| read_period(s, cal).and(Err(PeriodFault::NotOneDay)));
    day.map_err(|fault| QueryError::BadPeriod { text: s.to_owned(), fault })
}

/// As [`parse_period`], for callers that name more than the text in their errors.
pub(super) fn read_period(s: &str, cal: &Calendar) -> Result<Period, PeriodFault> {
    let text = plain(s);
    let Some((start, end)) = text.split_once("..") else {
        let (from, to) = closed(&text, cal)?;
        return Ok(Period::new(from, to));
    };
    let side = |s: &str| if s.is_empty() { Ok(None) } else { closed(s, cal).map(Some) };
    let from = side(start.trim())?.map(|ends| ends.0);
    let to = side(end.trim())?.map(|ends| ends.1);
    match (from, to) {
        (None, None) => Err(PeriodFault::Unreadable { nearest: Vec::new() }),
        (Some(from), Some(to)) if from > to => Err(PeriodFault::Reversed),
        _ => Ok(Period { from, to }),
    }
}

/// Width and case do not count, and Chinese words stand for their expressions.
fn plain(s: &str) -> String {
    let text = s.trim().nfkc().collect::<String>().to_ascii_lowercase();
    let word = |part: &str| {
        super::chinese::CHINESE
            .iter()
            .find(|(zh, _)| *zh == part.trim())
            .map_or_else(|| part.to_string(), |(_, en)| (*en).to_string())
    };
    match text.split_once("..") {
        Some((a, b)) => format!("{}..{}", word(a), word(b)),
        None => word(&text),
    }
}

/// A period with both ends.
fn closed(text: &str, cal: &Calendar) -> Result<Ends, PeriodFault> {
    if let Some(day) = single_day(text, cal) {
        return day.map(|day| (day, day));
    }
    if let Some(span) = Span::parse(text) {
        let ends = up_to_today(span, cal.today).ok_or(PeriodFault::OutOfCalendar)?;
        return if ends.0 > ends.1 { Err(PeriodFault::Impossible) } else { within(ends) };
    }
    if let Some(span) = text.strip_prefix("next-").and_then(Span::parse) {
        let ends = from_today(span, cal.today).ok_or(PeriodFault::OutOfCalendar)?;
        return if ends.0 > ends.1 { Err(PeriodFault::Impossible) } else { within(ends) };
    }
    if let Some(shape) = Shape::of(text) {
        return within(shape.ends(cal).ok_or(PeriodFault::Impossible)?);
    }
    match relative(text, cal) {
        Some(ends) => within(ends.ok_or(PeriodFault::OutOfCalendar)?),
        None => Err(PeriodFault::Unreadable { nearest: nearest(text, WORDS) }),
    }
}

fn within(ends: Ends) -> Result<Ends, PeriodFault> {
    let inside = |day: Day| (1..=9999).contains(&day.year());
    if inside(ends.0) && inside(ends.1) { Ok(ends) } else { Err(PeriodFault::OutOfCalendar) }
}

/// A single day; `None` when the text does not have the form of one.
fn single_day(text: &str, cal: &Calendar) -> Option<Result<Day, PeriodFault>> {
    let day = match text {
        "today" => Some(cal.today),
        "yesterday" => cal.today.pred_opt(),
        "tomorrow" => cal.today.succ_opt(),
        _ if text.starts_with(['+', '-']) => shifted(cal.today, text.starts_with('-'), Span::parse(&text[1..])?),
        _ => {
            let b = text.as_bytes();
            let digits = |range: std::ops::Range<usize>| b[range].iter().all(u8::is_ascii_digit);
            if b.len() != 10 || b[4] != b'-' || b[7] != b'-' || !digits(0..4) || !digits(5..7) || !digits(8..10) {
                return None;
            }
            match parse_day(text) {
                Some(day) => Some(day),
                None => return Some(Err(PeriodFault::Impossible)),
            }
        }
    };
    Some(day.ok_or(PeriodFault::OutOfCalendar).and_then(|day| within((day, day))).map(|ends| ends.0))
}

fn shifted(day: Day, back: bool, span: Span) -> Option<Day> {
    match (span, back) {
        (Span::Days(n), false) => day.checked_add_days(Days::new(u64::from(n))),
        (Span::Days(n), true) => day.checked_sub_days(Days::new(u64::from(n))),
        (Span::Months(n), false) => day.checked_add_months(Months::new(n)),
        (Span::Months(n), true) => day.checked_sub_months(Months::new(n)),
    }
}

/// The last `span` that ends today, today included.
fn up_to_today(span: Span, today: Day) -> Option<Ends> {
    Some((shifted(today, true, span)?.succ_opt()?, today))
}

/// The next `span` that begins today, today included.
fn from_today(span: Span, today: Day) -> Option<Ends> {
    Some((today, shifted(today, false, span)?.pred_opt()?))
}

/// A period that does not depend on the day it is.
enum Shape {
    Year(i32),
    Fiscal(i32),
    Month(i32, u32),
    Quarter(i32, u32),
    Half(i32, u32),
    Week(i32, u32),
}

impl Shape {
    /// The form of the text; whether such a month or week exists is not yet asked.
    fn of(text: &str) -> Option<Shape> {
        if let Some(year) = text.strip_prefix("fy") {
            return digits(year, 4).map(|y| Shape::Fiscal(y.cast_signed()));
        }
        let year = digits(text.get(..4)?, 4)?.cast_signed();
        let rest = text.get(4..)?;
        if rest.is_empty() {
            Some(Shape::Year(year))
        } else if let Some(week) = rest.strip_prefix("-w") {
            Some(Shape::Week(year, digits(week, 2)?))
        } else if let Some(month) = rest.strip_prefix('-') {
            Some(Shape::Month(year, digits(month, 2)?))
        } else if let Some(quarter) = rest.strip_prefix('q') {
            Some(Shape::Quarter(year, digits(quarter, 1)?))
        } else {
            Some(Shape::Half(year, digits(rest.strip_prefix('h')?, 1)?))
        }
    }

    /// First and last day; `None` when there is no such period.
    fn ends(&self, cal: &Calendar) -> Option<Ends> {
        match *self {
            Shape::Year(y) => months_from(y, 1, 12),
            Shape::Month(y, m) => months_from(y, m, 1),
            Shape::Quarter(y, q) => months_from(y, (q.checked_sub(1)?) * 3 + 1, 3),
            Shape::Half(y, h) => months_from(y, (h.checked_sub(1)?) * 6 + 1, 6),
            Shape::Fiscal(y) => match cal.fiscal_year_start {
                2..=12 => months_from(y - 1, cal.fiscal_year_start, 12),
                _ => months_from(y, 1, 12),
            },
            Shape::Week(y, w) => {
                let monday = NaiveDate::from_isoywd_opt(y, w, Weekday::Mon)?;
                Some((monday, monday.checked_add_days(Days::new(6))?))
            }
        }
    }
}

/// Exactly `width` ASCII digits.
fn digits(s: &str, width: usize) -> Option<u32> {
    if s.len() == width && s.bytes().all(|b| b.is_ascii_digit()) { s.parse().ok() } else { None }
}

fn months_from(year: i32, month: u32, months: u32) -> Option<Ends> {
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((from, from.checked_add_months(Months::new(months))?.pred_opt()?))
}

/// A period by words: the outer `None` when there is no such expression, the inner when it leaves the calendar.
fn relative(text: &str, cal: &Calendar) -> Option<Option<Ends>> {
    let to_date = match text {
        "ytd" => Some(Per::Year),
        "qtd" => Some(Per::Quarter),
        "mtd" => Some(Per::Month),
        _ => None,
    };
    if let Some(per) = to_date {
        return Some(start_of(per, cal.today, cal).map(|from| (from, cal.today)));
    }
    let (which, unit) = text.split_once('-')?;
    let per = match unit {
        "week" => Per::Week,
        "month" => Per::Month,
        "quarter" => Per::Quarter,
        "year" => Per::Year,
        _ => return None,
    };
    let this = || start_of(per, cal.today, cal);
    let from = match which {
        "this" => this(),
        "last" => this().and_then(|start| shifted(start, true, length(per))),
        "next" => this().and_then(|start| shifted(start, false, length(per))),
        _ => return None,
    };
    Some(from.and_then(|from| Some((from, shifted(from, false, length(per))?.pred_opt()?))))
}

fn length(per: Per) -> Span {
    match per {
        Per::Day => Span::Days(1),
        Per::Week => Span::Days(7),
        Per::Month => Span::Months(1),
        Per::Quarter => Span::Months(3),
        Per::Year => Span::Months(12),
    }
}

/// First day of the unit that holds `day`.
fn start_of(per: Per, day: Day, cal: &Calendar) -> Option<Day> {
    match per {
        Per::Day => Some(day),
        Per::Week => day.week(cal.week_start).checked_first_day(),
        Per::Month => day.with_day(1),
        Per::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Per::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    }
}

/// Most parts that a period is cut into: 27 years of days.
pub const MOST_PARTS: usize = 10_000;

/// Whether a period has few enough parts to be shown; an open one has as many as its rows need.
pub fn can_be_cut(period: &Period, per: Per) -> bool {
    let (Some(from), Some(to)) = (period.from, period.to) else { return true };
    let days = match per {
        Per::Day => 1,
        Per::Week => 7,
        Per::Month => 28,
        Per::Quarter => 90,
        Per::Year => 365,
    };
    (to - from).num_days() / days <= MOST_PARTS as i64
}

/// Cuts a period with both ends into units, clipped to it, in order; an open period gives none.
///
/// A label is itself a period expression and names the whole unit: `2026-08-31`, `2026-W34`, `2026-08`, `2026Q3`,
/// `2026`. Weeks that do not start on Monday have no ISO number and are labelled `2026-08-16..2026-08-22`.
///
/// There are [`MOST_PARTS`] at most: the last one then is the whole rest.
pub fn buckets(period: &Period, per: Per, cal: &Calendar) -> Vec<(String, Period)> {
    let mut found = Vec::new();
    let (Some(from), Some(to)) = (period.from, period.to) else { return found };
    let mut next = start_of(per, from, cal);
    while let Some(start) = next.filter(|start| *start <= to) {
        next = shifted(start, false, length(per));
        let end = next.and_then(|next| next.pred_opt()).unwrap_or(to);
        if found.len() + 1 == MOST_PARTS && end < to {
            found.push((format!("{start}..{to}"), Period::new(start.max(from), to)));
            break;
        }
        found.push((label(per, start, end), Period::new(start.max(from), end.min(to))));
    }
    found
}

fn label(per: Per, start: Day, end: Day) -> String {
    let year = start.year();
    match per {
        Per::Day => start.to_string(),
        Per::Week if start.weekday() == Weekday::Mon => {
            let week = start.iso_week();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        Per::Week => format!("{start}..{end}"),
        Per::Month => format!("{year:04}-{:02}", start.month()),
        Per::Quarter => format!("{year:04}Q{}", start.month0() / 3 + 1),
        Per::Year => format!("{year:04}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests;
