//! R11: how much time a complaint has, how much of it is used up, when the first answer came, and who is told.

use super::{Complaint, NEW, WAITING, is_open};
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::row::{Activity, Event, PlainRow};
use crate::model::settings::{Settings, TimeUnit};
use crate::rules::engine::index::Index;
use crate::rules::followup::is_two_way;
use crate::rules::working_time::{HOUR, WorkingTime};
use chrono::{DateTime, Utc};

/// What decides how much time there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Its severity: safety.
    Safety,
    /// Its category.
    Category,
    /// The customer's grade at entry.
    Grade,
    /// Nobody knows the grade: that of the grade with the most time.
    Longest,
}

/// Time that may be used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How it is counted.
    pub unit: TimeUnit,
    /// Seconds.
    pub seconds: i64,
    /// What decides it.
    pub limit: Limit,
}

/// How much time a complaint has (R11); `None` where kehu.toml says nothing of its grade and category.
pub fn budget(settings: &Settings, grade: &str, category: &str, severity: &str) -> Option<Budget> {
    let f = &settings.file;
    let hours = |hours: i64| hours.checked_mul(HOUR);
    if severity == "safety" {
        let seconds = hours(f.complaints.safety_hours())?;
        return Some(Budget { unit: TimeUnit::Calendar, seconds, limit: Limit::Safety });
    }
    let of_grade = f.grades.get(grade).and_then(|g| g.complaint_sla).map(|days| (days, Limit::Grade));
    let longest = || f.grades.values().filter_map(|g| g.complaint_sla).max().map(|days| (days, Limit::Longest));
    let of_category = f.complaints.sla.get(category).map(|days| (*days, Limit::Category));
    // Where both allow as much, it is the grade's.
    let days = of_grade.or_else(longest).into_iter().chain(of_category).min_by_key(|(days, _)| *days);
    let (days, limit) = days?;
    let unit = f.complaints.unit();
    let seconds = days.checked_mul(WorkingTime::new(settings, unit).day_seconds())?;
    Some(Budget { unit, seconds, limit })
}

/// A time in which a complaint waited for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub from: DateTime<Utc>,
    /// Until when; `None` = it still waits.
    pub to: Option<DateTime<Utc>>,
    /// Seconds that the clock stood, as the budget counts them.
    pub seconds: i64,
    /// For what, as the file holds it.
    pub reason: Str,
}

/// The deadline of a complaint, and how much of its time is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// When it began.
    pub start: At,
    /// How much time there is; `None` = kehu.toml does not say.
    pub budget: Option<Budget>,
    /// The times in which it stood, oldest first.
    pub pauses: Vec<Pause>,
    /// Start, budget and all pauses; `None` where there is no budget, or no such day.
    pub due: Option<DateTime<Utc>>,
    /// Seconds used up to now, or until it was solved; pauses are not in them.
    pub used: i64,
    /// When it was first open behind its deadline. Nothing takes that back.
    pub breached: Option<DateTime<Utc>>,
    /// Since when it is solved; `None` while it is open.
    pub resolved: Option<At>,
    /// How often it was solved and opened again.
    pub reopened: usize,
    /// Years of this time without holidays in kehu.toml, so that nobody knows their working days.
    pub unknown_years: Vec<i32>,
}

impl Clock {
    /// The clock of a complaint, by its row and its events, oldest first.
    pub(super) fn new(book: &Book, row: &PlainRow, made: At, events: &[Event]) -> Clock {
        let settings = &book.settings;
        let cell = |name: &str| Ledger::Complaints.column(name).map_or("", |n| row.cell(n));
        let budget = budget(settings, cell("grade"), cell("category"), cell("severity"));
        let time = WorkingTime::new(settings, budget.map_or(settings.file.complaints.unit(), |b| b.unit));
        let start = made.utc;
        let deadline = |paused: i64| time.after(start, budget?.seconds.checked_add(paused)?);
        // The stays in its states: which, since when, and what the event said.
        let turns = events.iter().filter(|e| e.event() == "state");
        let stays: Vec<(Str, At, Str)> =
            std::iter::once((NEW, made, "")).chain(turns.map(|e| (e.to(), e.at().max(made), e.note()))).collect();
        let now = book.now.max(made);
        let mut clock = Clock {
            start: made,
            budget,
            pauses: Vec::new(),
            due: None,
            used: 0,
            breached: None,
            resolved: None,
            reopened: 0,
            unknown_years: Vec::new(),
        };
        let mut paused = 0;
        for (n, (state, from, note)) in stays.iter().enumerate() {
            if !is_open(state) {
                clock.resolved = clock.resolved.or(Some(*from));
                continue;
            }
            clock.reopened += usize::from(clock.resolved.take().is_some());
            let next = stays.get(n + 1).map(|(_, at, _)| at.utc);
            let to = next.unwrap_or(now.utc).max(from.utc);
            if *state == WAITING {
                let seconds = time.between(from.utc, to);
                paused += seconds;
                clock.pauses.push(Pause { from: from.utc, to: next, seconds, reason: note });
            } else {
                let due = deadline(paused).filter(|due| to > *due);
                clock.breached = clock.breached.or(due.map(|due| due.max(from.utc)));
            }
        }
        clock.due = deadline(paused);
        let end = clock.resolved.unwrap_or(now).utc;
        clock.used = time.between(start, end) - paused;
        if budget.is_some() {
            clock.unknown_years = time.years_without_data(start, clock.due.unwrap_or(end).max(end));
        }
        clock
    }

    /// Seconds that are left, as the budget counts them; less than nothing when it is late.
    pub fn remaining(&self) -> Option<i64> {
        Some(self.budget?.seconds - self.used)
    }

    /// Whether it was solved within its time; `None` while it is open and still may be, or where there is no budget.
    pub fn in_time(&self) -> Option<bool> {
        self.budget?;
        match (self.breached, self.resolved) {
            (Some(_), _) => Some(false),
            (None, Some(_)) => Some(true),
            (None, None) => None,
        }
    }
}

/// How far an open complaint is on its way to being late, by the shares of `[complaints] alarms`.
pub const ALARMS: [&str; 3] = ["half", "near", "breached"];

/// The first answer to a complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// Working seconds that there are; `None` = kehu.toml does not say.
    pub budget: Option<i64>,
    /// Until when.
    pub due: Option<DateTime<Utc>>,
    /// When it came.
    pub at: Option<DateTime<Utc>>,
    /// Working seconds until it came.
    pub took: Option<i64>,
    /// Whether it came too late, or should have come by now; `None` while it still may come in time.
    pub late: Option<bool>,
}

/// Whether an activity answers a complaint that it names: we told the customer something, or both spoke. What the customer writes
/// is no answer of ours.
fn answers(settings: &Settings, a: Activity) -> bool {
    match a.direction() {
        "out" => a.outcome() != "no-answer",
        "in" => is_two_way(settings, a) && settings.two_way(a.channel()),
        _ => is_two_way(settings, a),
    }
}

impl Complaint<'_> {
    /// Working seconds from its entry until it was solved, without the times in which it waited for the customer; `None` while it is
    /// open. Complaints whose deadline runs by the calendar are measured in working time, too.
    pub fn took(&self) -> Option<i64> {
        let end = self.clock.resolved?.utc;
        let time = WorkingTime::new(&self.book.settings, TimeUnit::Working);
        let paused: i64 = self.clock.pauses.iter().map(|p| time.between(p.from, p.to.unwrap_or(end))).sum();
        Some(time.between(self.clock.start.utc, end) - paused)
    }

    /// The first answer to it (R11). The book must hold activities.
    pub fn response(&self, index: &Index<'_>) -> Response {
        let settings = &self.book.settings;
        let time = WorkingTime::new(settings, TimeUnit::Working);
        let (start, hours) = (self.clock.start, &settings.file.complaints.first_response);
        let hours = hours.get(self.entry("grade")).or_else(|| hours.get("default"));
        let budget = hours.and_then(|h| h.checked_mul(HOUR));
        let due = budget.and_then(|b| time.after(start.utc, b));
        // A day alone is that of the complaint, or a later one.
        let since = |at: At| (at >= start || at.bare && at.day == start.day).then(|| at.utc.max(start.utc));
        let activities = self.customer().map_or(&[][..], |n| index.activities(n)).iter().copied();
        let spoken = activities.filter(|a| a.complaint() == self.id() && answers(settings, *a)).map(|a| a.at());
        let told = self.events.iter().filter(|e| matches!(e.event(), "acknowledged" | "told")).map(|e| e.at());
        let at = spoken.chain(told).filter_map(since).min();
        let until = at.unwrap_or_else(|| self.clock.resolved.unwrap_or(self.book.now).utc);
        let late = match due {
            Some(due) if until > due => Some(true),
            Some(_) if at.is_some() => Some(false),
            _ => None,
        };
        Response { budget, due, at, took: at.map(|at| time.between(start.utc, at)), late }
    }

    /// How many of the shares of `[complaints] alarms` of its time are used up; none once it is solved.
    pub fn alarms(&self) -> usize {
        let Some(budget) = self.clock.budget.filter(|_| self.is_open()) else { return 0 };
        let (used, whole) = (Decimal::from(self.clock.used), Decimal::from(budget.seconds));
        let passed = |share: &Decimal| whole.checked_mul(*share).is_some_and(|limit| used >= limit);
        self.book.settings.file.complaints.alarms().iter().filter(|share| passed(share)).count()
    }

    /// How far it is, one of [`ALARMS`]; empty = not far enough for anybody to be told.
    pub fn alarm(&self) -> &'static str {
        match self.alarms() {
            0 => "",
            n => ALARMS[n.min(ALARMS.len()) - 1],
        }
    }

    /// Who is told of it now (R11): first the handler; then also the handler's manager and the customer's owner; then also the
    /// manager above. Where nobody handles it the customer's owner stands in.
    pub fn alarmed(&self) -> Vec<Str> {
        let (team, level) = (&self.book.team, self.alarms());
        let owner = self.customer().map_or("", |n| self.book.customers[n].owner);
        let first = self.responsible();
        let above = team.leads_of(first);
        let mut out: Vec<Str> = Vec::new();
        let mut tell = |who: Option<&Str>| {
            if let Some(who) = who.filter(|who| !who.is_empty() && !out.contains(who)) {
                out.push(who);
            }
        };
        if level >= 1 {
            tell(Some(&first));
        }
        if level >= 2 {
            tell(above.first());
            tell(Some(&owner));
        }
        if level >= 3 {
            tell(above.get(1));
        }
        out
    }
}
