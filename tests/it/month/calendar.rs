//! The days of the play: the Chinese calendar of public holidays and make-up days (调休), as the template announces it.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};

pub(crate) type Day = NaiveDate;

pub(crate) fn days(n: i64) -> TimeDelta {
    TimeDelta::days(n)
}

/// A day by its ISO form.
pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// First and last day of the public holidays.
const HOLIDAYS: [(&str, &str); 8] = [
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
];

/// Days of a weekend that are worked.
const MADE_UP: [&str; 6] = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];

/// Whether the company works on a day.
pub(crate) fn worked(on: Day) -> bool {
    let weekend = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = HOLIDAYS.iter().any(|(from, to)| day(from) <= on && on <= day(to));
    MADE_UP.iter().any(|d| day(d) == on) || !(weekend || holiday)
}

/// The day itself when it is worked, else the next one that is.
pub(crate) fn forward(mut on: Day) -> Day {
    while !worked(on) {
        on = on + Days::new(1);
    }
    on
}
