//! A range of days. The expressions that people type (`2026Q3`, `last-week`, `30d`) are read in `query::period`.

use super::day::Day;
use chrono::Weekday;

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
