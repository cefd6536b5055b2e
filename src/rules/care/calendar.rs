//! R4: when days of the year come round, solar and lunar ones.

use crate::model::customer::month_day;
use crate::model::day::{Day, anniversary, parse_day};
use chinese_lunisolar_calendar::LunisolarDate;
use chrono::Datelike;

/// The day in the calendar year of a lunar month and day of the lunar year `year`.
///
/// A leap month that the year does not have is the ordinary month; a 30th that the month does not have is the 29th.
/// `None` outside the table (lunar years 1901 to 2100).
pub fn lunar_day(year: i32, month: u32, leap: bool, day: u32) -> Option<Day> {
    let year = u16::try_from(year).ok()?;
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let found = [(leap, day), (leap, 29), (false, day), (false, 29)];
    found
        .into_iter()
        .filter(|(_, d)| *d <= day)
        .find_map(|(leap, d)| LunisolarDate::from_ymd(year, month, leap, d).ok())
        .map(LunisolarDate::to_naive_date)
}

/// The times at which a day of the year, as customers' files and kehu.toml hold it, comes round from a day to a day: a date,
/// `05-02`, `农历1980-02-30`, `农历08-15`, `农历1979-闰06-15`. 29 February is the 28th in common years. None for any other
/// text, and outside the lunar table for lunar ones.
pub fn occurrences(text: &str, from: Day, to: Day) -> impl Iterator<Item = Day> {
    let of_year = DayOfYear::parse(text);
    // A lunar year ends in January or February of the next calendar year.
    let years = from.year() - 1..=to.year();
    let days = years.filter_map(move |year| of_year?.in_year(year));
    days.filter(move |day| (from..=to).contains(day))
}

/// A day of every year.
#[derive(Debug, Clone, Copy)]
enum DayOfYear {
    /// Month and day.
    Solar(u32, u32),
    /// Month, whether it is a leap month, day.
    Lunar(u32, bool, u32),
}

impl DayOfYear {
    fn parse(text: &str) -> Option<DayOfYear> {
        let Some(lunar) = text.strip_prefix("农历") else {
            let (month, day) = parse_day(text).map(|d| (d.month(), d.day())).or_else(|| month_day(text))?;
            return Some(DayOfYear::Solar(month, day));
        };
        let rest = match lunar.split_once('-') {
            Some((year, rest)) if year.len() == 4 => rest,
            _ => lunar,
        };
        let (month, day) = month_day(rest.trim_start_matches('闰'))?;
        Some(DayOfYear::Lunar(month, rest.starts_with('闰'), day))
    }

    fn in_year(self, year: i32) -> Option<Day> {
        match self {
            DayOfYear::Solar(month, day) => anniversary(month, day, year),
            DayOfYear::Lunar(month, leap, day) => lunar_day(year, month, leap, day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year_come_round() {
        let check = |text: &str, today: &str, expected: Option<&str>| {
            let today = parse_day(today).unwrap();
            let day = occurrences(text, today, today + chrono::Days::new(400)).next();
            assert_eq!(day.map(|d| d.to_string()).as_deref(), expected, "{text} from {today}");
        };
        check("1980-05-02", "2026-05-02", Some("2026-05-02"));
        check("1980-05-02", "2026-05-03", Some("2027-05-02"));
        check("02-29", "2026-01-01", Some("2026-02-28"));
        check("2000-02-29", "2028-01-01", Some("2028-02-29"));
        // Mid-autumn festival (农历八月十五) and Chinese New Year.
        check("农历08-15", "2026-01-01", Some("2026-09-25"));
        check("农历01-01", "2026-01-01", Some("2026-02-17"));
        check("农历01-01", "2025-01-30", Some("2026-02-17"));
        check("农历12-30", "2026-01-01", Some("2026-02-16"));
        // 2025 has a leap sixth month, 2026 has none.
        check("农历1979-闰06-15", "2025-01-01", Some("2025-08-08"));
        check("农历1979-闰06-15", "2026-01-01", Some("2026-07-28"));
        check("soon", "2026-01-01", None);
    }

    /// Dates as almanacs print them: Chinese New Year, the Dragon Boat Festival, the Mid-Autumn Festival; first days of leap
    /// months.
    #[test]
    fn lunar_days_are_those_of_almanacs() {
        let check = |year: i32, month: u32, leap: bool, day: u32, expected: &str| {
            assert_eq!(lunar_day(year, month, leap, day), parse_day(expected), "{year}-{month}-{day} {leap}");
        };
        for festivals in [
            "1950-02-17 1950-06-19 1950-09-26",
            "1960-01-28 1960-05-29 1960-10-05",
            "1970-02-06 1970-06-08 1970-09-15",
            "1978-02-07 1978-06-10 1978-09-17",
            "1985-02-20 1985-06-22 1985-09-29",
            "1990-01-27 1990-05-28 1990-10-03",
            "1995-01-31 1995-06-02 1995-09-09",
            "2000-02-05 2000-06-06 2000-09-12",
            "2008-02-07 2008-06-08 2008-09-14",
            "2010-02-14 2010-06-16 2010-09-22",
            "2020-01-25 2020-06-25 2020-10-01",
            "2024-02-10 2024-06-10 2024-09-17",
            "2025-01-29 2025-05-31 2025-10-06",
            "2026-02-17 2026-06-19 2026-09-25",
            "2033-01-31 2033-06-01 2033-09-08",
            "2034-02-19 2034-06-20 2034-09-27",
            "2050-01-23 2050-06-23 2050-09-30",
        ] {
            let year: i32 = festivals[..4].parse().unwrap();
            for ((month, day), expected) in [(1, 1), (5, 5), (8, 15)].into_iter().zip(festivals.split(' ')) {
                check(year, month, false, day, expected);
            }
        }
        check(2100, 1, false, 1, "2100-02-09");
        for (year, month, first) in [
            (2004, 2, "2004-03-21"),
            (2006, 7, "2006-08-24"),
            (2009, 5, "2009-06-23"),
            (2012, 4, "2012-05-21"),
            (2014, 9, "2014-10-24"),
            (2017, 6, "2017-07-23"),
            (2020, 4, "2020-05-23"),
            (2023, 2, "2023-03-22"),
            (2025, 6, "2025-07-25"),
            (2028, 5, "2028-06-23"),
            (2031, 3, "2031-04-22"),
            (2033, 11, "2033-12-22"),
            (2036, 6, "2036-07-23"),
        ] {
            check(year, month, true, 1, first);
            // The year after has no such month: it is the ordinary one.
            assert_eq!(lunar_day(year + 1, month, true, 1), lunar_day(year + 1, month, false, 1), "{year}");
        }
        assert_eq!(lunar_day(2101, 1, false, 1), None);
        assert_eq!(lunar_day(1900, 1, false, 1), None);
    }
}
