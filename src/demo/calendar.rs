//! The company's days: which ones are worked, how busy they are, when bills fall due.

use crate::model::day::{At, Day, parse_day};
use chrono::{Datelike, Duration, NaiveDate, Weekday};

/// Chinese New Year's Day, Dragon Boat Festival and Mid-Autumn Festival of each year, as `MM-DD`.
const LUNAR: &[(i32, &str, &str, &str)] = &[
    (2021, "02-12", "06-14", "09-21"),
    (2022, "02-01", "06-03", "09-10"),
    (2023, "01-22", "06-22", "09-29"),
    (2024, "02-10", "06-10", "09-17"),
    (2025, "01-29", "05-31", "10-06"),
    (2026, "02-17", "06-19", "09-25"),
    (2027, "02-06", "06-09", "09-15"),
    (2028, "01-26", "05-28", "10-03"),
    (2029, "02-13", "06-16", "09-22"),
    (2030, "02-03", "06-05", "09-12"),
    (2031, "01-23", "06-24", "10-01"),
    (2032, "02-11", "06-12", "09-19"),
    (2033, "01-31", "06-01", "09-08"),
    (2034, "02-19", "06-20", "09-27"),
    (2035, "02-08", "06-10", "09-16"),
    (2036, "01-28", "05-30", "10-04"),
];

/// A day some days later (earlier when negative).
pub(super) fn plus(day: Day, days: i64) -> Day {
    day.checked_add_signed(Duration::days(days)).unwrap_or(day)
}

/// The holidays of a year, each with its first and last day.
pub(super) fn holidays(year: i32) -> Vec<(Day, Day)> {
    let day = |md: &str| parse_day(&format!("{year}-{md}"));
    let mut list: Vec<(Day, Day)> = Vec::new();
    let mut add = |from: Option<Day>, before: i64, after: i64| {
        if let Some(d) = from {
            list.push((plus(d, -before), plus(d, after)));
        }
    };
    add(day("01-01"), 0, 2);
    let lunar = LUNAR.iter().find(|l| l.0 == year);
    add(lunar.and_then(|l| day(l.1)), 2, 7);
    add(day("04-04"), 0, 2);
    add(day("05-01"), 0, 4);
    for festival in [lunar.and_then(|l| day(l.2)), lunar.and_then(|l| day(l.3))] {
        // One at a weekend is made up for on the Monday.
        let after = match festival.map(|d| d.weekday()) {
            Some(Weekday::Sat) => 2,
            Some(Weekday::Sun) => 1,
            _ => 0,
        };
        add(festival, 0, after);
    }
    add(day("10-01"), 0, 7);
    list
}

/// Whether the company works on a day. It never works at weekends.
pub(super) fn is_worked(day: Day) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        && !holidays(day.year()).iter().any(|(a, b)| *a <= day && day <= *b)
}

/// A working day on or after a day; unlike [`Calendar::snap`] it may lie ahead.
pub(super) fn working(day: Day) -> Day {
    (0..30).map(|n| plus(day, n)).find(|d| is_worked(*d)).unwrap_or(day)
}

/// How many orders come on a day, in percent of a usual one: peaks in March and September, hardly any around
/// Chinese New Year.
pub(super) fn demand(day: Day) -> usize {
    let new_year = LUNAR.iter().find(|l| l.0 == day.year()).and_then(|l| parse_day(&format!("{}-{}", l.0, l.1)));
    if new_year.is_some_and(|d| plus(d, -12) <= day && day <= plus(d, 14)) {
        return 10;
    }
    match day.month() {
        3 | 9 => 190,
        4 | 10 | 11 => 110,
        1 | 2 | 7 => 65,
        _ => 90,
    }
}

/// The days of one demo, counted back from its last one.
#[derive(Clone, Copy)]
pub(super) struct Calendar {
    /// The day the history ends at.
    pub(super) today: Day,
    /// The newest day that facts bear: the last working day before today.
    pub(super) last: Day,
}

impl Calendar {
    pub(super) fn new(today: Day) -> Calendar {
        let last = (1..30).map(|n| plus(today, -n)).find(|d| is_worked(*d)).unwrap_or(today);
        Calendar { today, last }
    }

    /// The working day nearest after a day, at most the newest one.
    pub(super) fn snap(&self, day: Day) -> Day {
        (0..30).map(|n| plus(day, n)).find(|d| is_worked(*d)).unwrap_or(day).min(self.last)
    }

    /// The working day some days ago.
    pub(super) fn ago(&self, days: i64) -> Day {
        self.snap(plus(self.today, -days))
    }

    /// The last working day on or before a day.
    pub(super) fn back(&self, day: Day) -> Day {
        (0..30).map(|n| plus(day, -n)).find(|d| is_worked(*d)).unwrap_or(day).min(self.last)
    }

    /// The days on which grades were given: in the middle of January and of July.
    pub(super) fn reviews(&self) -> Vec<Day> {
        (self.today.year() - 3..=self.today.year())
            .flat_map(|y| [NaiveDate::from_ymd_opt(y, 1, 12), NaiveDate::from_ymd_opt(y, 7, 13)])
            .flatten()
            .filter(|d| plus(*d, 25) < self.last)
            .map(|d| self.snap(d))
            .collect()
    }
}

/// An instant of a day in Shanghai, so many minutes after midnight.
pub(super) fn instant(day: Day, minute: i64) -> String {
    format!("{day}T{:02}:{:02}:00+08:00", minute / 60, minute % 60)
}

/// When an order of a day is due under the customer's terms (R10).
pub(super) fn due(terms: &str, at: Day) -> Day {
    let number = |t: &str| t.parse::<i64>().unwrap_or(0);
    let month_end = |d: Day| {
        let next = if d.month() == 12 {
            NaiveDate::from_ymd_opt(d.year() + 1, 1, 1)
        } else {
            NaiveDate::from_ymd_opt(d.year(), d.month() + 1, 1)
        };
        next.map_or(d, |n| plus(n, -1))
    };
    if let Some(days) = terms.strip_prefix("net") {
        return plus(at, number(days));
    }
    let Some(rest) = terms.strip_prefix("eom") else { return at };
    let (days, fixed) = rest.split_once('+').unwrap_or((rest, ""));
    let after = plus(month_end(at), number(days));
    match u32::try_from(number(fixed)) {
        Ok(day @ 1..=31) => (0..62).map(|n| plus(after, n)).find(|d| d.day() == day).unwrap_or(after),
        _ => after,
    }
}

/// The day of a cell that holds a date or an instant.
pub(super) fn day_of(at: &str) -> Option<Day> {
    At::parse(at, crate::model::zone::Zone::shanghai()).map(|a| a.day)
}
