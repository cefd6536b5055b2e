//! Calendar days and instants: strict parsing, the configured time zone, recurrences.
//!
//! Nothing here reads the clock: the day it is comes from `cli::context`.

use crate::model::zone::Zone;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, SecondsFormat, Utc};
use std::cell::RefCell;
use std::fmt;

/// A calendar date in the configured time zone.
pub type Day = NaiveDate;

/// Reads `YYYY-MM-DD`, exactly ten ASCII bytes; anything else, or a day that does not exist, is `None`.
///
/// ```text
/// 2026-02-28 → Some, 2026-02-30 → None, 2026-2-3 → None
/// ```
pub fn parse_day(s: &str) -> Option<Day> {
    let b = s.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let num = |from: usize, to: usize| {
        b[from..to].iter().try_fold(0u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    };
    NaiveDate::from_ymd_opt(i32::try_from(num(0, 4)?).ok()?, num(5, 7)?, num(8, 10)?)
}

/// The ten characters of a day: `YYYY-MM-DD`; `None` for years that do not have four digits.
pub fn day_digits(day: Day) -> Option<[u8; 10]> {
    let year = u32::try_from(day.year()).ok().filter(|y| *y < 10_000)?;
    let digit = |n: u32| b'0' + (n % 10) as u8;
    let (month, of_month) = (day.month(), day.day());
    Some([
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(of_month / 10),
        digit(of_month),
    ])
}

/// A point in time as a ledger holds it: a bare date, or an RFC 3339 instant with offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The calendar day in the configured zone.
    pub day: Day,
    /// The instant; a bare date stands for the start of its day in the configured zone.
    pub utc: DateTime<Utc>,
    /// Whether the cell held a bare date.
    pub bare: bool,
}

impl At {
    /// Reads a bare date or an RFC 3339 instant with an offset; `None` for anything else.
    pub fn parse(s: &str, tz: Zone) -> Option<At> {
        if s.len() == 10 {
            let day = parse_day(s)?;
            return Some(At { day, utc: start_of_day(day, tz), bare: true });
        }
        if let Some(at) = short_instant(s, tz) {
            return Some(at);
        }
        let b = s.as_bytes();
        // chrono accepts a space or a lower-case t between date and time; the format does not.
        if b.len() < 20 || b[10] != b'T' || !b.is_ascii() {
            return None;
        }
        parse_day(&s[..10])?;
        let t = DateTime::parse_from_rfc3339(s).ok()?;
        let utc = t.with_timezone(&Utc);
        Some(At { day: tz.local(utc).date_naive(), utc, bare: false })
    }

    /// A bare date.
    pub fn of_day(day: Day, tz: Zone) -> At {
        At { day, utc: start_of_day(day, tz), bare: true }
    }

    /// An instant.
    pub fn of_instant(utc: DateTime<Utc>, tz: Zone) -> At {
        At { day: tz.local(utc).date_naive(), utc, bare: false }
    }

    /// The text to write into a file: `2026-11-22`, or `2026-11-22T14:03:00+08:00` in the zone.
    pub fn to_text(&self, tz: Zone) -> String {
        if self.bare { self.day.to_string() } else { tz.local(self.utc).to_rfc3339_opts(SecondsFormat::AutoSi, false) }
    }
}

impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for At {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.utc.cmp(&other.utc)
    }
}

/// The last second of a day.
pub fn end_of_day(day: Day, tz: Zone) -> At {
    let end = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    At::of_instant(instant_of(day, end, tz), tz)
}

/// `2026-11-22T14:03:00+08:00`, the form that kehu writes, where the zone has that offset at that instant; `None` where
/// the long way must decide.
fn short_instant(s: &str, tz: Zone) -> Option<At> {
    let b = s.as_bytes();
    if b.len() != 25 || b[10] != b'T' || b[13] != b':' || b[16] != b':' || b[22] != b':' {
        return None;
    }
    let two = |n: usize| {
        let (x, y) = (b[n].wrapping_sub(b'0'), b[n + 1].wrapping_sub(b'0'));
        (x < 10 && y < 10).then(|| i64::from(x * 10 + y))
    };
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let (off_hour, off_minute) = (two(20)?, two(23)?);
    if hour > 23 || minute > 59 || second > 59 || off_hour > 23 || off_minute > 59 {
        return None;
    }
    let sign = match b[19] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let day = parse_day(s.get(..10)?)?;
    let offset = sign * (off_hour * 3600 + off_minute * 60);
    let local = i64::from(day.num_days_from_ce() - UNIX_DAY) * 86_400 + hour * 3600 + minute * 60 + second;
    let utc = DateTime::from_timestamp(local - offset, 0)?;
    (zone_offset(local - offset, tz) == offset).then_some(At { day, utc, bare: false })
}

/// 1970-01-01, in days of the common era.
const UNIX_DAY: i32 = 719_163;

/// A zone, and in places by the day: a day, and the seconds that the zone is ahead on it.
type Offsets = (Option<Zone>, Vec<(i64, i64)>);

/// Seconds that a zone is ahead at an instant. Days that begin and end with the same offset are remembered: ledgers hold
/// few different ones.
fn zone_offset(utc: i64, tz: Zone) -> i64 {
    const SLOTS: usize = 2048;
    thread_local! {
        static KNOWN: RefCell<Offsets> = const { RefCell::new((None, Vec::new())) };
    }
    let day = utc.div_euclid(86_400);
    let slot = usize::try_from(day.rem_euclid(SLOTS as i64)).unwrap_or(0);
    KNOWN.with_borrow_mut(|(zone, known)| {
        if *zone != Some(tz) {
            *zone = Some(tz);
            known.clear();
            known.resize(SLOTS, (i64::MIN, 0));
        }
        let (found, offset) = known[slot];
        if found == day {
            return offset;
        }
        let at = |seconds: i64| i64::from(tz.offset(seconds));
        let (first, last) = (at(day * 86_400), at(day * 86_400 + 86_399));
        if first != last {
            return at(utc);
        }
        known[slot] = (day, first);
        first
    })
}

/// The first instant of `day` in `tz` (zones that skip midnight start at the first time that exists).
pub fn start_of_day(day: Day, tz: Zone) -> DateTime<Utc> {
    let local = i64::from(day.num_days_from_ce() - UNIX_DAY) * 86_400;
    let offset = zone_offset(local, tz);
    // There is one such instant, unless the clock is put forward or back within the day.
    let utc = local - offset;
    let quiet = [-86_400, 0, 86_400].iter().all(|n| zone_offset(utc + n, tz) == offset);
    match DateTime::from_timestamp(utc, 0) {
        Some(t) if quiet => t,
        _ => instant_of(day, NaiveTime::MIN, tz),
    }
}

/// The instant of a wall-clock time in `tz`; a time inside a spring gap moves forward to the first that exists after it,
/// a time that occurs twice is the earlier one.
pub fn instant_of(day: Day, time: NaiveTime, tz: Zone) -> DateTime<Utc> {
    tz.instant(day.and_time(time))
}

/// A length of time in the calendar: `14d`, `2w`, `3m`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Days.
    Days(u32),
    /// Calendar months, clipped to the month's end.
    Months(u32),
}

impl Span {
    /// Reads `14d`, `2w`, `3m` or `1y`: 1 to 4 digits.
    pub fn parse(s: &str) -> Option<Span> {
        let unit = s.chars().last()?;
        let digits = &s[..s.len() - unit.len_utf8()];
        if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let n: u32 = digits.parse().ok()?;
        match unit {
            'd' => Some(Span::Days(n)),
            'w' => Some(Span::Days(n * 7)),
            'm' => Some(Span::Months(n)),
            'y' => Some(Span::Months(n * 12)),
            _ => None,
        }
    }

    /// Reads a cycle: a span that is not zero.
    pub fn parse_cycle(s: &str) -> Option<Span> {
        Span::parse(s).filter(|span| span.approx_days() > 0)
    }

    /// Occurrence `k` of a recurrence: `anchor + k × span`, counted from the anchor and clipped to the month's end (R4).
    ///
    /// `None` when the result leaves the calendar.
    pub fn after(self, anchor: Day, k: u32) -> Option<Day> {
        match self {
            Span::Days(n) => anchor.checked_add_days(Days::new(u64::from(n) * u64::from(k))),
            Span::Months(n) => anchor.checked_add_months(Months::new(n.checked_mul(k)?)),
        }
    }

    /// Whole days, a month counted as 30 (for ratios of cycles only).
    pub fn approx_days(self) -> i64 {
        match self {
            Span::Days(n) => i64::from(n),
            Span::Months(n) => i64::from(n) * 30,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Days(n) => write!(f, "{n}d"),
            Span::Months(n) if n % 12 == 0 && *n > 0 => write!(f, "{}y", n / 12),
            Span::Months(n) => write!(f, "{n}m"),
        }
    }
}

/// The anniversary of `date` in `year`; 29 February falls on 28 February in common years (R4).
pub fn anniversary(month: u32, day: u32, year: i32) -> Option<Day> {
    NaiveDate::from_ymd_opt(year, month, day)
        .or_else(|| if month == 2 && day == 29 { NaiveDate::from_ymd_opt(year, 2, 28) } else { None })
}

/// Full years between a birth date and `today`; `None` when the birth lies in the future.
pub fn age_on(birth: Day, today: Day) -> Option<i64> {
    if birth > today {
        return None;
    }
    let this_year = anniversary(birth.month(), birth.day(), today.year())?;
    Some(i64::from(today.year() - birth.year()) - i64::from(today < this_year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_short_way_to_an_instant_is_right(days in -40_000i64..40_000, seconds in 0i64..86_400, zone in 0usize..6) {
            let zones = ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu"];
            let tz = Zone::named(zones[zone]).unwrap();
            let utc = DateTime::from_timestamp(days * 86_400 + seconds, 0).unwrap();
            let text = tz.local(utc).to_rfc3339_opts(SecondsFormat::AutoSi, false);
            if let Some(short) = short_instant(&text, tz) {
                let long = DateTime::parse_from_rfc3339(&text).unwrap();
                let day = tz.local(long.with_timezone(&Utc)).date_naive();
                prop_assert_eq!(short, At { day, utc: long.with_timezone(&Utc), bare: false });
            }
            let day = utc.date_naive();
            prop_assert_eq!(start_of_day(day, tz), instant_of(day, NaiveTime::MIN, tz), "{} in {:?}", day, tz);
        }
    }

    #[test]
    fn an_instant_with_another_offset_goes_the_long_way() {
        let tz = Zone::shanghai();
        let check = |text: &str, short: bool| {
            assert_eq!(short_instant(text, tz).is_some(), short, "{text}");
        };
        check("2026-11-22T14:03:00+08:00", true);
        check("2026-11-22T14:03:00+09:00", false);
        check("2026-11-22T24:03:00+08:00", false);
        check("2026-11-31T14:03:00+08:00", false);
        check("2026-11-22T14:03:60+08:00", false);
        check("2026-11-22T14:03:00Z", false);
    }

    #[test]
    fn recurrences_count_from_the_anchor() {
        let check = |anchor: &str, span: &str, k: u32, expected: &str| {
            let got = Span::parse(span).unwrap().after(day(anchor), k);
            assert_eq!(got, Some(day(expected)), "{anchor} + {k} × {span}");
        };
        check("2025-01-31", "1m", 1, "2025-02-28");
        check("2025-01-31", "1m", 2, "2025-03-31");
        check("2025-01-31", "1m", 3, "2025-04-30");
        check("2025-01-31", "1m", 13, "2026-02-28");
        check("2024-02-29", "1y", 1, "2025-02-28");
        check("2024-02-29", "1y", 4, "2028-02-29");
        check("2025-01-31", "2w", 2, "2025-02-28");
        check("2025-01-31", "14d", 0, "2025-01-31");
        assert_eq!(Span::Days(9999).after(Day::MAX, 1), None);
    }

    #[test]
    fn spans_are_read() {
        let check = |text: &str, expected: Option<Span>| assert_eq!(Span::parse(text), expected, "{text}");
        check("14d", Some(Span::Days(14)));
        check("2w", Some(Span::Days(14)));
        check("3m", Some(Span::Months(3)));
        check("1y", Some(Span::Months(12)));
        check("9999d", Some(Span::Days(9999)));
        for bad in ["", "d", "14", "10000d", "-1d", "1.5d", "1h", "１d", "1天"] {
            check(bad, None);
        }
        assert_eq!(Span::parse_cycle("0d"), None);
    }

    #[test]
    fn birthdays_of_29_february() {
        let check = |year: i32, expected: &str| assert_eq!(anniversary(2, 29, year), Some(day(expected)), "{year}");
        check(2024, "2024-02-29");
        check(2025, "2025-02-28");
        check(2100, "2100-02-28");
        assert_eq!(anniversary(2, 30, 2024), None);
        assert_eq!(age_on(day("2000-02-29"), day("2025-02-27")), Some(24));
        assert_eq!(age_on(day("2000-02-29"), day("2025-02-28")), Some(25));
        assert_eq!(age_on(day("2000-02-29"), day("1999-12-31")), None);
    }

    #[test]
    fn instants_go_by_time_and_not_by_text() {
        let tz = Zone::shanghai();
        let at = |text: &str| At::parse(text, tz).unwrap();
        assert!(at("2026-06-05T09:00:00+08:00") < at("2026-06-05T02:00:00Z"));
        assert_eq!(at("2026-06-05T17:00:00Z").day, day("2026-06-06"));
        assert_eq!(at("2026-06-05").cmp(&at("2026-06-04T16:00:00Z")), std::cmp::Ordering::Equal);
    }
}
