//! R4: when each customer is due, and why.

use super::engine::index::Index;
use super::history::{fold_of, visits};
use crate::model::book::Book;
use crate::model::customer::Customer;
use crate::model::day::{Day, Span};
use crate::model::row::Activity;
use crate::model::settings::{DueOn, Settings, StageCategory};

/// Why a customer is due on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An activity promised the day.
    Promise,
    /// The last activity plus the cycle.
    Cycle,
    /// Never contacted.
    FirstContact,
    /// A closed customer's reopen date.
    Reopen,
}

impl Why {
    /// Machine key.
    pub fn key(self) -> &'static str {
        match self {
            Why::Promise => "promise",
            Why::Cycle => "cycle",
            Why::FirstContact => "first-contact",
            Why::Reopen => "reopen",
        }
    }
}

/// Where a cycle comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleFrom {
    /// The customer's own `contact_every`.
    Customer,
    /// Its grade's.
    Grade,
    /// Its intent's.
    Intent,
    /// Its stage's.
    Stage,
}

/// A follow-up due date with the facts behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day, moved to a working day by `followup.due_on`.
    pub day: Day,
    /// The day before it was moved.
    pub unmoved: Day,
    /// Why.
    pub why: Why,
    /// The activity that the date counts from.
    pub activity: Option<Activity>,
    /// The cycle that was added.
    pub cycle: Option<(Span, CycleFrom)>,
    /// The day counted from when there is no activity.
    pub base: Option<Day>,
}

impl Due {
    /// Days by which it is late; 0 when it is not.
    pub fn days_overdue(&self, today: Day) -> i64 {
        (today - self.day).num_days().max(0)
    }
}

/// Whether the customer took part: `in` or `both`, a visit or meeting with an outcome, or a channel that kehu.toml
/// calls two-way when no direction is given. An unanswered call never counts (R3, R4).
pub fn is_two_way(settings: &Settings, a: Activity) -> bool {
    if a.outcome() == "no-answer" {
        return false;
    }
    match a.direction() {
        "in" | "both" => true,
        "out" => matches!(a.channel(), "visit" | "meeting") && !a.outcome().is_empty(),
        _ => settings.two_way(a.channel()),
    }
}

/// The cycle of a customer: its own, else its grade's, else its intent's (before the first order), else its stage's.
pub fn cycle(settings: &Settings, c: &Customer) -> Option<(Span, CycleFrom)> {
    let f = &settings.file;
    // An intent left over from before the first order says nothing about a customer who buys.
    let presale = settings.stage(c.stage).is_none_or(|s| s.category == StageCategory::Presale);
    let intent = if presale { c.intent } else { "" };
    c.contact_every
        .map(|s| (s, CycleFrom::Customer))
        .or_else(|| f.grades.get(c.grade).and_then(|g| g.contact_every).map(|s| (s, CycleFrom::Grade)))
        .or_else(|| f.intents.get(intent).and_then(|i| i.contact_every).map(|s| (s, CycleFrom::Intent)))
        .or_else(|| settings.stage(c.stage).and_then(|s| s.contact_every).map(|s| (s, CycleFrom::Stage)))
}

/// Where the length of a customer's cycle is written: a file and the key in it.
pub fn cycle_key(c: &Customer, from: CycleFrom) -> (&'static str, String) {
    match from {
        CycleFrom::Customer => (c.file, "contact_every".into()),
        CycleFrom::Grade => ("kehu.toml", format!("grades.{}.contact_every", c.grade)),
        CycleFrom::Intent => ("kehu.toml", format!("intents.{}.contact_every", c.intent)),
        CycleFrom::Stage => ("kehu.toml", format!("stages.{}.contact_every", c.stage)),
    }
}

/// Moves a day that is not worked to where `followup.due_on` says.
pub fn on_working_day(settings: &Settings, day: Day) -> Day {
    let step = |d: Day| match settings.due_on {
        DueOn::Next => d.succ_opt(),
        DueOn::Previous => d.pred_opt(),
        DueOn::Same => None,
    };
    let mut d = day;
    // A year without a working day is a mistake in kehu.toml, not a reason to search on.
    for _ in 0..366 {
        if settings.is_working_day(d) {
            return d;
        }
        match step(d) {
            Some(next) => d = next,
            None => return day,
        }
    }
    day
}

/// When a customer is due after a contact: on the day promised, else after the cycle, `every` in place of its present one.
/// An earlier promise is not looked at.
pub fn due_after(settings: &Settings, c: &Customer, at: Day, next: Option<Day>, every: Option<Span>) -> Option<Day> {
    let span = every.or_else(|| cycle(settings, c).map(|(span, _)| span));
    next.or_else(|| span.and_then(|s| s.after(at, 1))).map(|day| on_working_day(settings, day))
}

/// The activity whose promise stands: the last one with a `next` (of tied ones the earliest `next`), unless a two-way
/// activity since then came on or after the day before the promised day.
pub fn open_promise(settings: &Settings, activities: &[Activity]) -> Option<Activity> {
    let last = activities.iter().rposition(|a| a.next().is_some())?;
    let promise =
        activities.iter().filter(|a| a.next().is_some() && a.at() == activities[last].at()).min_by_key(|a| a.next())?;
    let day = promise.next()?;
    let kept = activities.iter().any(|a| {
        *a != *promise
            && a.next().is_none()
            && a.at() >= promise.at()
            && day.pred_opt().is_none_or(|before| a.day() >= before)
            && is_two_way(settings, *a)
    });
    (!kept).then_some(*promise)
}

/// Day since which the present owner has the customer; `None` when no event tells, or nobody owns it.
pub fn owner_since(index: &Index<'_>, customer: usize) -> Option<Day> {
    if index.book.customers[customer].owner.is_empty() {
        return None;
    }
    let fold = fold_of(index.events(customer), "owner")?;
    visits(&fold).last().filter(|v| v.state == index.book.customers[customer].owner).and_then(|v| v.from)
}

/// When a customer is due; `None` when nothing makes it so (closed for good, or no cycle anywhere).
pub fn due(index: &Index<'_>, customer: usize) -> Option<Due> {
    let book: &Book = index.book;
    let c = &book.customers[customer];
    let settings = &book.settings;
    let plain = |day, why, activity, cycle, base| Due { day, unmoved: day, why, activity, cycle, base };
    if c.closed {
        return c.closed_until.map(|d| plain(d, Why::Reopen, None, None, None));
    }
    let activities = index.activities(customer);
    let found = if let Some(a) = open_promise(settings, activities) {
        plain(a.next()?, Why::Promise, Some(a), None, None)
    } else if let Some(last) = activities.last().copied() {
        let (span, from) = cycle(settings, c)?;
        plain(span.after(last.day(), 1)?, Why::Cycle, Some(last), Some((span, from)), None)
    } else {
        let base = owner_since(index, customer).or(c.created)?;
        let days = settings.first_contact_days();
        let day = base.checked_add_days(chrono::Days::new(u64::try_from(days).unwrap_or(0)))?;
        plain(day, Why::FirstContact, None, None, Some(base))
    };
    Some(Due { day: on_working_day(settings, found.unmoved), ..found })
}
