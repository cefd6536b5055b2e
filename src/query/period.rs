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
/// 2026  2026-08  2026-08-31  2026Q3  2026H1  2026-W34  FY2026  last-week  ytd  30d  12m  +7d  2026-01..mtd  ..2026-06-30
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(s: &str) -> Day {
        parse_day(s).unwrap()
    }

    fn on(today: &str) -> Calendar {
        Calendar { today: day(today), week_start: Weekday::Mon, fiscal_year_start: 4 }
    }

    /// Shows a period as `from..to`, a fault by its name.
    fn shown(s: &str, cal: &Calendar) -> String {
        match parse_period(s, cal) {
            Ok(p) => {
                let end = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
                format!("{}..{}", end(p.from), end(p.to))
            }
            Err(QueryError::BadPeriod { text, fault }) => {
                assert_eq!(text, s);
                format!("{fault:?}").split(' ').next().unwrap().to_owned()
            }
            Err(other) => format!("{other:?}"),
        }
    }

    fn check_on(today: &str, s: &str, expected: &str) {
        assert_eq!(shown(s, &on(today)), expected, "{s} on {today}");
    }

    /// On Wednesday 2026-08-19.
    fn check(s: &str, expected: &str) {
        check_on("2026-08-19", s, expected);
    }

    #[test]
    fn absolute() {
        check("2026", "2026-01-01..2026-12-31");
        check("2026-08", "2026-08-01..2026-08-31");
        check("2026-02", "2026-02-01..2026-02-28");
        check("2024-02", "2024-02-01..2024-02-29");
        check("2026-08-31", "2026-08-31..2026-08-31");
        check("2024-02-29", "2024-02-29..2024-02-29");
        check("2026Q1", "2026-01-01..2026-03-31");
        check("2026Q3", "2026-07-01..2026-09-30");
        check("2026Q4", "2026-10-01..2026-12-31");
        check("2026H1", "2026-01-01..2026-06-30");
        check("2026h2", "2026-07-01..2026-12-31");
        check("2026-W34", "2026-08-17..2026-08-23");
        check("2026-W01", "2025-12-29..2026-01-04");
        check("2026-W53", "2026-12-28..2027-01-03");
        check("2020-W53", "2020-12-28..2021-01-03");
        check(" 2026 ", "2026-01-01..2026-12-31");
        check("２０２６Ｑ３", "2026-07-01..2026-09-30");
        check("0001", "0001-01-01..0001-12-31");
        check("9999", "9999-01-01..9999-12-31");
        check("9999-12", "9999-12-01..9999-12-31");
        check("0001-W01", "0001-01-01..0001-01-07");
        check("9999-W51", "9999-12-20..9999-12-26");
    }

    #[test]
    fn fiscal_years_are_named_by_their_end() {
        let check = |start: u32, s: &str, expected: &str| {
            let cal = Calendar { fiscal_year_start: start, ..on("2026-08-19") };
            assert_eq!(shown(s, &cal), expected, "{s} from month {start}");
        };
        check(4, "FY2026", "2025-04-01..2026-03-31");
        check(4, "fy2026", "2025-04-01..2026-03-31");
        check(1, "FY2026", "2026-01-01..2026-12-31");
        check(12, "FY2026", "2025-12-01..2026-11-30");
        check(3, "FY2024", "2023-03-01..2024-02-29");
        check(2, "FY2026", "2025-02-01..2026-01-31");
        check(4, "FY0001", "OutOfCalendar");
        check(1, "FY0001", "0001-01-01..0001-12-31");
        check(4, "FY26", "Unreadable");
        check(4, "FY", "Unreadable");
        check(0, "FY2026", "2026-01-01..2026-12-31");
        check(99, "FY2026", "2026-01-01..2026-12-31");
    }

    #[test]
    fn relative_to_today() {
        check("today", "2026-08-19..2026-08-19");
        check("yesterday", "2026-08-18..2026-08-18");
        check("tomorrow", "2026-08-20..2026-08-20");
        check("this-week", "2026-08-17..2026-08-23");
        check("last-week", "2026-08-10..2026-08-16");
        check("next-week", "2026-08-24..2026-08-30");
        check("this-month", "2026-08-01..2026-08-31");
        check("last-month", "2026-07-01..2026-07-31");
        check("next-month", "2026-09-01..2026-09-30");
        check("this-quarter", "2026-07-01..2026-09-30");
        check("last-quarter", "2026-04-01..2026-06-30");
        check("next-quarter", "2026-10-01..2026-12-31");
        check("this-year", "2026-01-01..2026-12-31");
        check("last-year", "2025-01-01..2025-12-31");
        check("next-year", "2027-01-01..2027-12-31");
        check("ytd", "2026-01-01..2026-08-19");
        check("qtd", "2026-07-01..2026-08-19");
        check("mtd", "2026-08-01..2026-08-19");
        check("YTD", "2026-01-01..2026-08-19");
        check("Last-Week", "2026-08-10..2026-08-16");
        check_on("2026-01-01", "last-month", "2025-12-01..2025-12-31");
        check_on("2026-01-01", "last-quarter", "2025-10-01..2025-12-31");
        check_on("2026-03-31", "last-month", "2026-02-01..2026-02-28");
        check_on("2024-01-31", "next-month", "2024-02-01..2024-02-29");
        check_on("2026-01-01", "ytd", "2026-01-01..2026-01-01");
        check_on("2026-01-01", "this-week", "2025-12-29..2026-01-04");
    }

    #[test]
    fn weeks_may_start_on_sunday_but_iso_weeks_do_not() {
        let cal = Calendar { week_start: Weekday::Sun, ..on("2026-08-19") };
        assert_eq!(shown("this-week", &cal), "2026-08-16..2026-08-22");
        assert_eq!(shown("last-week", &cal), "2026-08-09..2026-08-15");
        assert_eq!(shown("2026-W34", &cal), "2026-08-17..2026-08-23");
        let sunday = Calendar { today: day("2026-08-16"), ..cal };
        assert_eq!(shown("this-week", &sunday), "2026-08-16..2026-08-22");
        check_on("2026-08-16", "this-week", "2026-08-10..2026-08-16");
    }

    #[test]
    fn lengths_end_today() {
        check("30d", "2026-07-21..2026-08-19");
        check("1d", "2026-08-19..2026-08-19");
        check("2w", "2026-08-06..2026-08-19");
        check("12m", "2025-08-20..2026-08-19");
        check("1y", "2025-08-20..2026-08-19");
        check("1m", "2026-07-20..2026-08-19");
        check_on("2026-03-31", "1m", "2026-03-01..2026-03-31");
        check_on("2024-02-29", "1y", "2023-03-01..2024-02-29");
        check_on("2025-02-28", "12m", "2024-02-29..2025-02-28");
        check("0d", "Impossible");
        check("0m", "Impossible");
        check("9999d", "1999-04-05..2026-08-19");
        check("9999y", "OutOfCalendar");
        check("99999d", "Unreadable");
    }

    #[test]
    fn shifts_are_single_days() {
        check("+7d", "2026-08-26..2026-08-26");
        check("-2w", "2026-08-05..2026-08-05");
        check("+0d", "2026-08-19..2026-08-19");
        check("+1m", "2026-09-19..2026-09-19");
        check("-1y", "2025-08-19..2025-08-19");
        check_on("2026-01-31", "+1m", "2026-02-28..2026-02-28");
        check_on("2024-02-29", "+1y", "2025-02-28..2025-02-28");
        check_on("2024-02-29", "-4y", "2020-02-29..2020-02-29");
        check("+9999y", "OutOfCalendar");
        check("-9999y", "OutOfCalendar");
        check("+", "Unreadable");
        check("-d", "Unreadable");
        check("+7", "Unreadable");
    }

    #[test]
    fn ranges_of_periods() {
        check("2026-01..2026-03", "2026-01-01..2026-03-31");
        check("2025..2026Q1", "2025-01-01..2026-03-31");
        check("2026-08-01..2026-08-01", "2026-08-01..2026-08-01");
        check("2026-W10..2026-W12", "2026-03-02..2026-03-22");
        check("2026-08..", "2026-08-01..");
        check("..2026-06-30", "..2026-06-30");
        check("..2026-06", "..2026-06-30");
        check("30d..", "2026-07-21..");
        check("..yesterday", "..2026-08-18");
        check("today..+7d", "2026-08-19..2026-08-26");
        check("-2w..+2w", "2026-08-05..2026-09-02");
        check("last-month .. today", "2026-07-01..2026-08-19");
        check("FY2025..FY2026", "2024-04-01..2026-03-31");
        // A period within the other is not backwards: start of the first to end of the second.
        check("2026-08..2026", "2026-08-01..2026-12-31");
        check("2027..2026", "Reversed");
        check("2026-08-02..2026-08-01", "Reversed");
        check("..", "Unreadable");
        check("2026...2027", "Unreadable");
        check("2026..x", "Unreadable");
        check("2026-02-30..", "Impossible");
        check("2025..2026..2027", "Unreadable");
    }

    #[test]
    fn refused() {
        for s in
            ["2026-13", "2026-00", "2026-02-30", "2025-02-29", "2026-00-10", "2026Q5", "2026Q0", "2026H3", "2026H0"]
        {
            check(s, "Impossible");
        }
        for s in ["2026-W00", "2026-W54", "2025-W53"] {
            check(s, "Impossible");
        }
        for s in ["0000", "0000-05-01", "9999-W52", "0000Q1"] {
            check(s, "OutOfCalendar");
        }
        for s in ["", " ", "26", "20266", "2026-8", "2026-8-1", "2026/08/01", "2026-W3", "2026-W", "2026Q", "20260801"]
        {
            check(s, "Unreadable");
        }
        for s in ["week", "this-day", "-week", "二〇二六年", "2026-é1", "é026", "2026年", "d", "12x", "todayy"]
        {
            check(s, "Unreadable");
        }
    }

    #[test]
    fn misspelt_words_name_the_nearest() {
        let check = |s: &str, expected: &str| match parse_period(s, &on("2026-08-19")) {
            Err(QueryError::BadPeriod { fault: PeriodFault::Unreadable { nearest }, .. }) => {
                assert_eq!(nearest.first().map(String::as_str), Some(expected), "{s}");
            }
            other => panic!("{s}: {other:?}"),
        };
        check("last-wek", "last-week");
        check("todya", "today");
        check("thismonth", "this-month");
        check("next_quarter", "next-quarter");
    }

    #[test]
    fn the_ends_of_the_calendar() {
        check_on("9999-12-31", "tomorrow", "OutOfCalendar");
        check_on("9999-12-31", "next-year", "OutOfCalendar");
        check_on("9999-12-31", "this-week", "OutOfCalendar");
        check_on("9999-12-31", "this-month", "9999-12-01..9999-12-31");
        check_on("0001-01-01", "yesterday", "OutOfCalendar");
        check_on("0001-01-01", "last-week", "OutOfCalendar");
        check_on("0001-01-01", "this-week", "0001-01-01..0001-01-07");
        check_on("0001-01-01", "30d", "OutOfCalendar");
        for today in [NaiveDate::MIN, NaiveDate::MAX] {
            let cal = Calendar { today, ..on("2026-08-19") };
            for s in WORDS.into_iter().chain(["30d", "12m", "9999y", "+9999y", "-9999y", "+1d", "-1d"]) {
                assert_eq!(shown(s, &cal), "OutOfCalendar", "{s} on {today}");
            }
        }
    }

    fn check_day(s: &str, expected: Result<&str, PeriodFault>) {
        let expected = expected.map(day).map_err(|fault| QueryError::BadPeriod { text: s.to_owned(), fault });
        assert_eq!(parse_single_day(s, &on("2026-08-19")), expected, "{s}");
    }

    #[test]
    fn single_days() {
        check_day("2026-08-31", Ok("2026-08-31"));
        check_day("today", Ok("2026-08-19"));
        check_day("yesterday", Ok("2026-08-18"));
        check_day("tomorrow", Ok("2026-08-20"));
        check_day("+7d", Ok("2026-08-26"));
        check_day("-2w", Ok("2026-08-05"));
        check_day("+1m", Ok("2026-09-19"));
        check_day("-1y", Ok("2025-08-19"));
        check_day(" TODAY ", Ok("2026-08-19"));
        for s in ["2026", "2026-08", "7d", "1d", "this-week", "2026-08-19..2026-08-19", "..today", "ytd"] {
            check_day(s, Err(PeriodFault::NotOneDay));
        }
        check_day("2026-02-30", Err(PeriodFault::Impossible));
        check_day("2026-13", Err(PeriodFault::Impossible));
        check_day("+9999y", Err(PeriodFault::OutOfCalendar));
        check_day("soon", Err(PeriodFault::Unreadable { nearest: Vec::new() }));
        check_day("", Err(PeriodFault::Unreadable { nearest: Vec::new() }));
    }

    fn check_buckets(period: &str, per: Per, cal: &Calendar, expected: &[(&str, &str, &str)]) {
        let found = buckets(&parse_period(period, cal).unwrap(), per, cal);
        let expected: Vec<_> =
            expected.iter().map(|(label, from, to)| ((*label).to_owned(), Period::new(day(from), day(to)))).collect();
        assert_eq!(found, expected, "{period}");
    }

    #[test]
    fn columns_of_a_period() {
        let cal = on("2026-08-19");
        check_buckets(
            "2026-08-30..2026-09-01",
            Per::Day,
            &cal,
            &[
                ("2026-08-30", "2026-08-30", "2026-08-30"),
                ("2026-08-31", "2026-08-31", "2026-08-31"),
                ("2026-09-01", "2026-09-01", "2026-09-01"),
            ],
        );
        check_buckets(
            "2026-12-26..2027-01-05",
            Per::Week,
            &cal,
            &[
                ("2026-W52", "2026-12-26", "2026-12-27"),
                ("2026-W53", "2026-12-28", "2027-01-03"),
                ("2027-W01", "2027-01-04", "2027-01-05"),
            ],
        );
        check_buckets(
            "2026-08-20..2026-08-24",
            Per::Week,
            &Calendar { week_start: Weekday::Sun, ..cal },
            &[
                ("2026-08-16..2026-08-22", "2026-08-20", "2026-08-22"),
                ("2026-08-23..2026-08-29", "2026-08-23", "2026-08-24"),
            ],
        );
        check_buckets(
            "2024-01-15..2024-03-01",
            Per::Month,
            &cal,
            &[
                ("2024-01", "2024-01-15", "2024-01-31"),
                ("2024-02", "2024-02-01", "2024-02-29"),
                ("2024-03", "2024-03-01", "2024-03-01"),
            ],
        );
        check_buckets(
            "2025-11..2026-04",
            Per::Quarter,
            &cal,
            &[
                ("2025Q4", "2025-11-01", "2025-12-31"),
                ("2026Q1", "2026-01-01", "2026-03-31"),
                ("2026Q2", "2026-04-01", "2026-04-30"),
            ],
        );
        check_buckets(
            "FY2026",
            Per::Year,
            &cal,
            &[("2025", "2025-04-01", "2025-12-31"), ("2026", "2026-01-01", "2026-03-31")],
        );
        check_buckets("9999-12-31", Per::Month, &cal, &[("9999-12", "9999-12-31", "9999-12-31")]);
        check_buckets("0001-01-01", Per::Year, &cal, &[("0001", "0001-01-01", "0001-01-01")]);
        check_buckets("2026..", Per::Year, &cal, &[]);
        check_buckets("..2026", Per::Year, &cal, &[]);
    }

    proptest! {
        #[test]
        fn never_panics(s in any::<String>(), today in 1i32..3_652_059) {
            let cal = Calendar { today: NaiveDate::from_num_days_from_ce_opt(today).unwrap(), ..on("2026-08-19") };
            let _ = parse_period(&s, &cal);
            let _ = parse_single_day(&s, &cal);
        }

        #[test]
        fn likely_text_never_panics_nor_runs_backwards(
            s in "(fy)?[0-9]{0,5}[-qwhdmy+.]{0,3}[0-9]{0,4}[-dwmy]?[0-9]{0,2}(\\.\\.)?(today|30d|next-week|2026)?",
            today in 1i32..3_652_059,
        ) {
            let cal = Calendar { today: NaiveDate::from_num_days_from_ce_opt(today).unwrap(), ..on("2026-08-19") };
            if let Ok(Period { from: Some(from), to: Some(to) }) = parse_period(&s, &cal) {
                prop_assert!(from <= to);
                prop_assert!(from.year() >= 1 && to.year() <= 9999);
            }
            if let Ok(day) = parse_single_day(&s, &cal) {
                prop_assert_eq!(parse_period(&s, &cal), Ok(Period::new(day, day)));
            }
        }

        #[test]
        fn buckets_tile_the_period(start in 700_000i32..740_000, days in 0u64..2000, sunday in any::<bool>()) {
            let cal = Calendar { week_start: if sunday { Weekday::Sun } else { Weekday::Mon }, ..on("2026-08-19") };
            let from = NaiveDate::from_num_days_from_ce_opt(start).unwrap();
            let whole = Period::new(from, from + Days::new(days));
            for per in [Per::Day, Per::Week, Per::Month, Per::Quarter, Per::Year] {
                let found = buckets(&whole, per, &cal);
                prop_assert_eq!(found[0].1.from, whole.from);
                prop_assert_eq!(found[found.len() - 1].1.to, whole.to);
                for pair in found.windows(2) {
                    prop_assert_eq!(pair[0].1.to.unwrap().succ_opt(), pair[1].1.from);
                }
                for (label, part) in &found {
                    let named = parse_period(label, &cal).unwrap();
                    prop_assert!(named.contains(part.from.unwrap()) && named.contains(part.to.unwrap()));
                }
            }
        }
    }
}
