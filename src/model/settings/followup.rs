//! `[followup]` (R4, R14) and `[working_time]`: when customers are contacted, and when anybody works.

use super::values::Key;
use chrono::NaiveTime;
use serde::Deserialize;

/// Keys of `[followup]`.
pub(super) const FOLLOWUP: &[Key] = &[
    ("followup.first_contact_days", "days"),
    ("followup.untouched_days", "days"),
    ("followup.double_visit_days", "days"),
    ("followup.due_on", "next | previous | same"),
];

/// `[followup]` (R4).
#[derive(Debug, Clone, Deserialize, Default)]
pub struct Followup {
    /// Days until a new customer is first contacted.
    pub first_contact_days: Option<i64>,
    /// Days after which a new lead that nobody has contacted is told of.
    pub untouched_days: Option<i64>,
    /// Days within which a second person's contact is a double visit (R14).
    pub double_visit_days: Option<i64>,
    /// `next`, `previous` or `same`: where a due day that is no working day moves.
    pub due_on: Option<String>,
}

impl Followup {
    /// Days until a new customer is first contacted (R4).
    pub(super) fn first_contact_days(&self) -> i64 {
        self.first_contact_days.unwrap_or(1)
    }
    /// Days after which a new lead that nobody has contacted is told of: 24 hours, as far as days can tell.
    pub(super) fn untouched_days(&self) -> i64 {
        self.untouched_days.unwrap_or(1)
    }
    /// Days within which a second person's contact is a double visit (R14).
    pub(super) fn double_visit_days(&self) -> i64 {
        self.double_visit_days.unwrap_or(7)
    }
}

/// Where a due day that is no working day moves (R4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DueOn {
    /// To the next working day.
    #[default]
    Next,
    /// To the working day before.
    Previous,
    /// Nowhere.
    Same,
}

/// Keys of `[working_time]`.
pub(super) const WORKING_TIME: &[Key] = &[
    ("working_time.shifts", "list of HH:MM-HH:MM"),
    ("working_time.weekdays", "list of weekdays"),
    ("working_time.holidays", "list of dates or A..B"),
    ("working_time.workdays", "list of dates or A..B"),
];

/// The shifts where kehu.toml names none: from nine to six, with an hour at noon.
pub(super) fn shifts() -> Vec<(NaiveTime, NaiveTime)> {
    let hour = |h: u32| NaiveTime::from_hms_opt(h, 0, 0).unwrap_or(NaiveTime::MIN);
    vec![(hour(9), hour(12)), (hour(13), hour(18))]
}

/// `[working_time]` as it stands in the file.
#[derive(Debug, Clone, Deserialize, Default)]
pub struct WorkingTime {
    /// `09:00-12:00`.
    #[serde(default)]
    pub shifts: Vec<String>,
    /// Working days of a week.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// Dates, or `A..B`.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// Make-up workdays (调休).
    #[serde(default)]
    pub workdays: Vec<String>,
}
