//! R11: working time. How much of it lies between two instants, and at which instant so much of it is over: shifts,
//! weekdays, holidays, make-up workdays (调休) and the company's time zone. A call costs as much for a year as for an hour.
//!
//! A day that is worked counts as the hours of its shifts, also where clocks are put forward or back during one.

use crate::model::day::Day;
use crate::model::settings::{Settings, TimeUnit};
use chrono::{DateTime, Datelike, NaiveTime, Timelike, Utc};

/// Seconds of a calendar day.
const DAY: i64 = 86_400;
/// Seconds of an hour.
pub const HOUR: i64 = 3600;

/// Spans of days, both ends included, none of which meets another, oldest first.
type Spans = Vec<(i64, i64)>;

/// How time is counted: as working time, or by the calendar.
#[derive(Debug, Clone)]
pub struct WorkingTime<'a> {
    settings: &'a Settings,
    unit: TimeUnit,
    /// Make-up workdays.
    workdays: Spans,
    /// Days about which kehu.toml says something: holidays and make-up workdays.
    named: Spans,
    /// Which weekdays are worked, from Monday.
    week: [bool; 7],
    /// Seconds that a standard day has.
    day: i64,
}

/// The number of a day, from the first of the common era.
fn number(day: Day) -> i64 {
    i64::from(day.num_days_from_ce())
}

fn seconds(time: NaiveTime) -> i64 {
    i64::from(time.num_seconds_from_midnight())
}

/// Spans without those parts that lie in an earlier one.
fn united(spans: impl Iterator<Item = (Day, Day)>) -> Spans {
    let mut all: Spans = spans.map(|(a, b)| (number(a), number(b))).collect();
    all.sort_unstable();
    let mut out: Spans = Vec::with_capacity(all.len());
    for (a, b) in all {
        match out.last_mut() {
            Some(last) if a <= last.1 + 1 => last.1 = last.1.max(b),
            _ => out.push((a, b)),
        }
    }
    out
}

/// The part of a span that lies before a day; both ends are included.
fn before((a, b): (i64, i64), day: i64) -> Option<(i64, i64)> {
    (a < day).then_some((a, b.min(day - 1)))
}

impl<'a> WorkingTime<'a> {
    /// Time as a unit counts it.
    pub fn new(settings: &'a Settings, unit: TimeUnit) -> WorkingTime<'a> {
        let mut week = [false; 7];
        settings.weekdays.iter().for_each(|d| week[d.num_days_from_monday() as usize] = true);
        let day = settings.shifts.iter().map(|(from, to)| seconds(*to) - seconds(*from)).sum();
        let named = settings.holidays.iter().chain(&settings.workdays).copied();
        let (workdays, named) = (united(settings.workdays.iter().copied()), united(named));
        WorkingTime { settings, unit, workdays, named, week, day }
    }

    /// Seconds of a standard day: the hours of its shifts, or all 24.
    pub fn day_seconds(&self) -> i64 {
        match self.unit {
            TimeUnit::Working => self.day,
            TimeUnit::Calendar => DAY,
        }
    }

    /// How many days of worked weekdays there are from the first day of the common era to before a day.
    fn weekdays(&self, day: i64) -> i64 {
        // The first day of the common era is a Monday.
        let whole = day - 1;
        let in_week = self.week.iter().filter(|w| **w).count() as i64;
        let rest = (0..whole.rem_euclid(7)).filter(|n| self.week[*n as usize]).count() as i64;
        whole.div_euclid(7) * in_week + rest
    }

    /// How many days are worked from the first day of the common era to before a day.
    fn worked_days(&self, day: i64) -> i64 {
        let made_up: i64 = self.workdays.iter().filter_map(|s| before(*s, day)).map(|(a, b)| b - a + 1).sum();
        let named = self.named.iter().filter_map(|s| before(*s, day));
        let usual: i64 = named.map(|(a, b)| self.weekdays(b + 1) - self.weekdays(a)).sum();
        self.weekdays(day) - usual + made_up
    }

    /// How many days are worked from one day to another one, both included.
    pub fn days(&self, from: Day, to: Day) -> i64 {
        if to < from { 0 } else { self.worked_days(number(to) + 1) - self.worked_days(number(from)) }
    }

    /// Seconds of the shifts of a day that are over at an instant.
    fn of_day(&self, day: Day, at: i64) -> i64 {
        let of_shift = |(from, to): &(NaiveTime, NaiveTime)| {
            let instant = |time: &NaiveTime| self.settings.tz.instant(day.and_time(*time)).timestamp();
            let whole = seconds(*to) - seconds(*from);
            if at >= instant(to) { whole } else { (at - instant(from)).clamp(0, whole) }
        };
        self.settings.shifts.iter().map(of_shift).sum()
    }

    /// Seconds that were worked up to an instant, counted from far away; never fewer for a later one.
    fn position(&self, at: DateTime<Utc>) -> i64 {
        if self.unit == TimeUnit::Calendar {
            return at.timestamp();
        }
        let day = self.settings.tz.local(at).date_naive();
        let today = if self.settings.is_working_day(day) { self.of_day(day, at.timestamp()) } else { 0 };
        self.worked_days(number(day)) * self.day + today
    }

    /// Seconds that count between two instants; less than nothing where the second one is earlier.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        self.position(to) - self.position(from)
    }

    /// The first instant from `from` on at which so many seconds are over; `from` itself for none. `None` where there is no such
    /// instant in the years that files know.
    pub fn after(&self, from: DateTime<Utc>, seconds: i64) -> Option<DateTime<Utc>> {
        if seconds <= 0 {
            return Some(from);
        }
        if self.unit == TimeUnit::Calendar {
            return from.checked_add_signed(chrono::Duration::try_seconds(seconds)?);
        }
        let wanted = self.position(from).checked_add(seconds)?;
        let (first, last) =
            (number(self.settings.tz.local(from).date_naive()), number(Day::from_ymd_opt(9999, 12, 31)?));
        // The last day before which not all of it is over.
        let is_open = |day: i64| self.worked_days(day) * self.day < wanted;
        let (mut low, mut high, mut step) = (first, last + 1, 1);
        while low + step < high && is_open(low + step) {
            low += step;
            step *= 2;
        }
        high = high.min(low + step);
        if is_open(high) {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if is_open(middle) { low = middle } else { high = middle }
        }
        let day = Day::from_num_days_from_ce_opt(i32::try_from(low).ok()?)?;
        let left = wanted - self.worked_days(low) * self.day;
        let at = self.within(day, left)?;
        Some(at.max(from))
    }

    /// The first instant of a day at which so many seconds of its shifts are over.
    fn within(&self, day: Day, mut left: i64) -> Option<DateTime<Utc>> {
        for (from, to) in &self.settings.shifts {
            let whole = seconds(*to) - seconds(*from);
            let [start, end] = [from, to].map(|time| self.settings.tz.instant(day.and_time(*time)));
            if left <= whole {
                return Some((start + chrono::Duration::try_seconds(left)?).min(end));
            }
            left -= whole;
        }
        None
    }

    /// The years between two instants for which kehu.toml names neither a holiday nor a make-up workday: nobody knows how many
    /// days of them are worked. None where only the calendar counts.
    pub fn years_without_data(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<i32> {
        if self.unit == TimeUnit::Calendar {
            return Vec::new();
        }
        let year = |at| self.settings.tz.local(at).date_naive().year();
        (year(from)..=year(to)).filter(|y| !self.settings.knows_holidays(*y)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::{At, parse_day};
    use chrono::{Duration, Weekday};
    use proptest::prelude::*;

    fn settings(zone: &str, shifts: &str, more: &str) -> Settings {
        let text = format!(
            "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"{zone}\"\n[working_time]\nshifts = [{shifts}]\n{more}"
        );
        let (settings, bad) = Settings::new(toml::from_str(&text).unwrap());
        assert!(bad.is_empty(), "{bad:?}");
        settings
    }

    /// The company of the vectors of R11.
    fn company() -> Settings {
        let days = "holidays = [\"2025-10-01..2025-10-08\"]\nworkdays = [\"2025-09-28\", \"2025-10-11\"]\n";
        settings("Asia/Shanghai", "\"09:00-12:00\", \"13:00-18:00\"", days)
    }

    fn at(text: &str, settings: &Settings) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        settings.tz.instant(local)
    }

    #[test]
    fn deadlines_of_the_vectors() {
        let company = company();
        let time = WorkingTime::new(&company, TimeUnit::Working);
        let at = |text: &str| at(text, &company);
        let opened = at("2025-09-26 16:00");
        assert_eq!(time.day_seconds(), 8 * HOUR);
        let due = time.after(opened, 3 * time.day_seconds());
        assert_eq!(due, Some(at("2025-09-30 16:00")));
        let pauses = [("2025-09-28 10:00", "2025-09-28 15:00"), ("2025-09-29 17:00", "2025-09-30 10:00")];
        let paused = pauses.map(|(from, to)| time.between(at(from), at(to)));
        assert_eq!(paused, [4 * HOUR, 2 * HOUR]);
        let budget = 3 * time.day_seconds() + paused.iter().sum::<i64>();
        assert_eq!(time.after(opened, budget), Some(at("2025-10-09 14:00")));
    }

    #[test]
    fn time_between_and_after() {
        let company = company();
        let check = |unit: TimeUnit, from: &str, hours: i64, to: &str| {
            let time = WorkingTime::new(&company, unit);
            let (from, to) = (at(from, &company), at(to, &company));
            assert_eq!(time.after(from, hours * HOUR), Some(to), "{from} + {hours} h");
            assert_eq!(time.between(from, to), hours * HOUR, "{from} … {to}");
            assert_eq!(time.between(to, from), -hours * HOUR, "{to} … {from}");
        };
        use TimeUnit::{Calendar, Working};
        check(Working, "2025-09-22 09:00", 3, "2025-09-22 12:00");
        check(Working, "2025-09-22 12:30", 1, "2025-09-22 14:00");
        check(Working, "2025-09-22 09:00", 8, "2025-09-22 18:00");
        check(Working, "2025-09-22 18:00", 1, "2025-09-23 10:00");
        check(Working, "2025-09-22 00:00", 1, "2025-09-22 10:00");
        // A Saturday, then a Sunday that is worked.
        check(Working, "2025-09-27 11:00", 1, "2025-09-28 10:00");
        check(Working, "2025-09-30 17:00", 2, "2025-10-09 10:00");
        check(Working, "2025-10-10 17:00", 9, "2025-10-11 18:00");
        check(Working, "2025-10-10 17:00", 10, "2025-10-13 10:00");
        check(Calendar, "2025-09-30 17:00", 24, "2025-10-01 17:00");
    }

    #[test]
    fn a_shift_in_which_clocks_change_counts_as_long_as_any_other() {
        let night = settings("Europe/Berlin", "\"01:00-05:00\"", "weekdays = [\"saturday\", \"sunday\", \"monday\"]\n");
        let time = WorkingTime::new(&night, TimeUnit::Working);
        let check = |from: &str, to: &str, hours: i64| {
            assert_eq!(time.between(at(from, &night), at(to, &night)), hours * HOUR, "{from} … {to}");
        };
        for (saturday, sunday) in
            [("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25"), ("2026-06-06", "2026-06-07")]
        {
            check(&format!("{saturday} 00:00"), &format!("{sunday} 00:00"), 4);
            check(&format!("{sunday} 00:00"), &format!("{sunday} 12:00"), 4);
        }
    }

    #[test]
    fn time_that_never_comes_is_no_instant() {
        let check = |more: &str, days: i64| {
            let all = settings("UTC", "\"09:00-17:00\"", more);
            let time = WorkingTime::new(&all, TimeUnit::Working);
            assert_eq!(time.after(at("2026-01-01 00:00", &all), days * 8 * HOUR), None, "{more} {days}");
        };
        check("holidays = [\"2026-01-01..9999-12-31\"]\n", 1);
        check("", 3_000_000);
        check("", i64::MAX / 8 / HOUR);
    }

    #[test]
    fn years_without_holidays_are_named() {
        let company = company();
        let check = |unit: TimeUnit, from: &str, to: &str, expected: &[i32]| {
            let time = WorkingTime::new(&company, unit);
            let at = |day: &str| At::of_day(parse_day(day).unwrap(), company.tz).utc;
            assert_eq!(time.years_without_data(at(from), at(to)), expected, "{from} … {to}");
        };
        check(TimeUnit::Working, "2025-01-01", "2025-12-31", &[]);
        check(TimeUnit::Working, "2024-12-31", "2026-01-01", &[2024, 2026]);
        check(TimeUnit::Calendar, "2024-12-31", "2026-01-01", &[]);
    }

    /// Whether a minute is worked, looked up on its own.
    fn is_worked(settings: &Settings, minute: DateTime<Utc>) -> bool {
        let local = settings.tz.local(minute).naive_local();
        let shift = settings.shifts.iter().any(|(from, to)| (*from..*to).contains(&local.time()));
        settings.is_working_day(local.date()) && shift
    }

    /// Companies with holidays and make-up days that overlap, shifts that change, and several zones without changes of clocks in
    /// these days.
    fn any_company() -> impl Strategy<Value = Settings> {
        let zone = proptest::sample::select(vec!["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu"]);
        let shifts = proptest::sample::select(vec![
            "\"09:00-12:00\", \"13:00-18:00\"",
            "\"00:00-08:00\", \"08:00-16:00\", \"20:30-23:59\"",
            "\"10:00-10:01\"",
        ]);
        let week =
            proptest::sample::select(vec!["", "weekdays = [\"sunday\"]\n", "weekdays = [\"monday\", \"saturday\"]\n"]);
        let span = (0..40i64, 0..9i64);
        let lists = (proptest::collection::vec(span.clone(), 0..5), proptest::collection::vec(span, 0..4));
        (zone, shifts, week, lists).prop_map(|(zone, shifts, week, (holidays, workdays))| {
            let list = |spans: &[(i64, i64)]| {
                let first = parse_day("2025-09-01").unwrap();
                let span = |(from, more): &(i64, i64)| {
                    format!("\"{}..{}\"", first + Duration::days(*from), first + Duration::days(from + more))
                };
                spans.iter().map(span).collect::<Vec<_>>().join(", ")
            };
            let days = format!("{week}holidays = [{}]\nworkdays = [{}]\n", list(&holidays), list(&workdays));
            settings(zone, shifts, &days)
        })
    }

    fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
        (0..45 * 24 * 60i64).prop_map(|minute| {
            let first = parse_day("2025-09-01").unwrap().and_time(NaiveTime::MIN).and_utc();
            first + Duration::minutes(minute)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn working_time_is_what_a_count_of_minutes_says(all in any_company(), a in any_instant(), b in any_instant()) {
            let (from, to) = (a.min(b), a.max(b));
            let minutes = (0..(to - from).num_minutes()).filter(|n| is_worked(&all, from + Duration::minutes(*n))).count();
            let time = WorkingTime::new(&all, TimeUnit::Working);
            prop_assert_eq!(time.between(from, to), minutes as i64 * 60);
        }

        #[test]
        fn what_was_added_is_measured_again(all in any_company(), from in any_instant(), minutes in 0..20_000i64) {
            let time = WorkingTime::new(&all, TimeUnit::Working);
            if let Some(to) = time.after(from, minutes * 60) {
                prop_assert_eq!(time.between(from, to), minutes * 60);
                // It is the first such instant.
                let earlier = to - Duration::seconds(1);
                prop_assert!(to == from || time.between(from, earlier) < minutes * 60, "{} {}", from, to);
            }
        }

        #[test]
        fn later_instants_never_have_less_time_behind_them(
            all in any_company(), a in any_instant(), b in any_instant(), more in 0..5_000i64,
        ) {
            let time = WorkingTime::new(&all, TimeUnit::Working);
            let (from, to) = (a.min(b), a.max(b));
            prop_assert!(time.between(from, to) >= 0);
            prop_assert!(time.after(from, more * 60) <= time.after(to, more * 60));
            prop_assert!(time.after(from, more * 60) <= time.after(from, more * 60 + 60));
        }

        #[test]
        fn two_steps_are_one(
            all in any_company(), a in any_instant(), b in any_instant(), c in any_instant(),
            one in 0..9_000i64, two in 0..9_000i64,
        ) {
            let time = WorkingTime::new(&all, TimeUnit::Working);
            prop_assert_eq!(time.between(a, b) + time.between(b, c), time.between(a, c));
            let at_once = time.after(a, (one + two) * 60);
            prop_assert_eq!(time.after(a, one * 60).and_then(|half| time.after(half, two * 60)), at_once);
        }
    }

    #[test]
    fn the_first_day_of_the_common_era_is_a_monday() {
        assert_eq!(Day::from_num_days_from_ce_opt(1).unwrap().weekday(), Weekday::Mon);
    }
}
