//! A range of days. The expressions that people type (`2026Q3`, `last-week`, `30d`) are read in `query::period`.

use super::day::{Day, Span};
use chrono::{Datelike, Days, Months, Weekday};

/// Days from `from` to `to`, both inclusive; a missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
}

impl Period {
    /// All of time.
    pub const ALL: Period = Period { from: None, to: None };

    /// A period with both ends.
    pub fn new(from: Day, to: Day) -> Period {
        Period { from: Some(from), to: Some(to) }
    }

    /// The days up to one, as many as a span has: `12m` up to 30 June 2026 begins on 1 July 2025; without a span all of them.
    pub fn up_to(day: Day, span: Option<Span>) -> Period {
        let start = match span {
            Some(Span::Days(n)) => day.checked_sub_days(Days::new(u64::from(n))),
            Some(Span::Months(n)) => day.checked_sub_months(Months::new(n)),
            None => None,
        };
        Period { from: start.and_then(|d| d.succ_opt()), to: Some(day) }
    }
    /// The period before, of the same length: the calendar unit before where it is one (a month, a quarter, a year).
    /// `None` for an open period.
    pub fn previous(self) -> Option<Period> {
        let (from, to) = (self.from?, self.to?);
        let after = to.succ_opt()?;
        let months = (after.year() - from.year()) * 12 + (after.month() as i32 - from.month() as i32);
        let before = from.pred_opt()?;
        if from.day() == 1 && after.day() == 1 && months > 0 {
            return Some(Period::new(from.checked_sub_months(Months::new(u32::try_from(months).ok()?))?, before));
        }
        let days = u64::try_from((to - from).num_days()).ok()?;
        Some(Period::new(before.checked_sub_days(Days::new(days))?, before))
    }

    /// The same period a year ago. `None` for an open period.
    pub fn year_ago(self) -> Option<Period> {
        let back = |d: Day| d.checked_sub_months(Months::new(12));
        let (from, to) = (self.from?, self.to?);
        // The last day of February stays the last day of February.
        let end = back(to.succ_opt()?).and_then(|d| d.pred_opt())?;
        Some(Period::new(back(from)?, end))
    }

    /// This period and another one, as far as they can be compared on a day: of a period that is not over its days up to
    /// today, and of the other one as many. Months are counted as months, so that 27 November stands against 27 November.
    pub fn like_for_like(self, then: Period, today: Day) -> (Period, Period) {
        let (Some(from), Some(to), Some(first), Some(last)) = (self.from, self.to, then.from, then.to) else {
            return (self, then);
        };
        if today < from || today >= to {
            return (self, then);
        }
        let months = (from.year() - first.year()) * 12 + from.month() as i32 - first.month() as i32;
        let by_months = u32::try_from(months).ok().filter(|n| *n > 0 && from.day() == first.day());
        let same = match by_months {
            Some(months) => today.checked_sub_months(Months::new(months)),
            None => first.checked_add_days(Days::new(u64::try_from((today - from).num_days()).unwrap_or_default())),
        };
        (Period::new(from, today), Period::new(first, same.map_or(last, |day| day.min(last))))
    }

    /// Whether the day lies inside.
    pub fn contains(&self, day: Day) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

/// What relative period expressions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The day everything is seen from.
    pub today: Day,
    /// First day of the week (`week_start` of kehu.toml).
    pub week_start: Weekday,
    /// First month of the fiscal year, 1 to 12 (`fiscal_year_start` of kehu.toml).
    pub fiscal_year_start: u32,
}
