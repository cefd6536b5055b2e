//! R4: birthdays and other days of the year, solar and lunar.

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

/// The next time, from `today` on, that a day of the year as customers' files hold it comes round: a date, `05-02`,
/// `农历1980-02-30`, `农历08-15`, `农历1979-闰06-15`.
pub fn next_occurrence(text: &str, today: Day) -> Option<Day> {
    let in_year: Box<dyn Fn(i32) -> Option<Day>> = if let Some(lunar) = text.strip_prefix("农历") {
        let rest = match lunar.split_once('-') {
            Some((year, rest)) if year.len() == 4 => rest,
            _ => lunar,
        };
        let leap = rest.starts_with('闰');
        let (month, day) = month_day(rest.trim_start_matches('闰'))?;
        Box::new(move |year| lunar_day(year, month, leap, day))
    } else {
        let (month, day) = match parse_day(text) {
            Some(d) => (d.month(), d.day()),
            None => month_day(text)?,
        };
        Box::new(move |year| anniversary(month, day, year))
    };
    // A lunar year ends in January or February of the next calendar year.
    (today.year() - 1..=today.year() + 1).filter_map(in_year).find(|d| *d >= today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year_come_round() {
        let check = |text: &str, today: &str, expected: Option<&str>| {
            let day = next_occurrence(text, parse_day(today).unwrap());
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
}
