//! The calls that orders cause: around the delivery of a first order, and after the sale of every other one, by grade
//! (`[aftersales]`, `[grades]`).

use super::engine::index::Index;
use super::followup::{is_two_way, on_working_day};
use super::orders::sells;
use super::profit::counts;
use crate::model::day::Day;
use crate::model::order::OrderLine;
use crate::model::row::Activity;
use crate::model::settings::Settings;
use chrono::Duration;

/// A call that an order causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The order's first line.
    pub line: OrderLine,
    /// Whether it is the customer's first order.
    pub first: bool,
    /// The day that it is counted from: the last one promised, else the order's own.
    pub base: Day,
    /// Whether that day was promised.
    pub promised: bool,
    /// Days from there; less than nothing = before it.
    pub offset: i64,
    /// When it is due, moved to a working day by `followup.due_on`.
    pub due: Day,
    /// What did it: the first two-way contact on or after the day before it.
    pub done: Option<Activity>,
    /// What became of it.
    pub state: State,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its day has passed.
    Late,
    /// It is due today.
    Today,
    /// Its day is to come.
    Coming,
    /// Made in time.
    Done,
    /// Made after its day.
    DoneLate,
    /// Given up: nobody made it for too long.
    Missed,
}

impl State {
    /// Every state.
    pub const ALL: [State; 6] = [State::Late, State::Today, State::Coming, State::Done, State::DoneLate, State::Missed];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            State::Late => "late",
            State::Today => "today",
            State::Coming => "coming",
            State::Done => "done",
            State::DoneLate => "done-late",
            State::Missed => "missed",
        }
    }
    /// Whether it is still to be made.
    pub fn is_open(self) -> bool {
        matches!(self, State::Late | State::Today | State::Coming)
    }
}

/// The days, from the day promised, on which an order of a customer is called about.
pub fn offsets<'s>(settings: &'s Settings, grade: &str, first: bool) -> &'s [i64] {
    let f = &settings.file;
    if first {
        return &f.aftersales.first_order;
    }
    let of_grade = f.grades.get(grade).and_then(|g| g.aftersales.as_deref());
    of_grade.unwrap_or(&f.aftersales.every_order)
}

/// A day so many days from another; `None` beyond the calendar, and before an order was placed.
fn day_of(base: Day, offset: i64, ordered: Day) -> Option<Day> {
    base.checked_add_signed(Duration::try_days(offset)?).filter(|day| *day >= ordered)
}

/// The days, moved to working days, on which somebody should call about an order that is about to be placed.
pub fn planned(settings: &Settings, grade: &str, first: bool, ordered: Day, promised: Option<Day>) -> Vec<Day> {
    let days = offsets(settings, grade, first).iter();
    let days = days.filter_map(|offset| day_of(promised.unwrap_or(ordered), *offset, ordered));
    let mut days: Vec<Day> = days.map(|day| on_working_day(settings, day)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The calls that the orders of a customer cause, those of later orders last. A cancelled order and a return cause none.
pub fn calls(index: &Index<'_>, customer: usize) -> Vec<Call> {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    let mut out = Vec::new();
    let mut first = true;
    for lines in index.orders(customer).chunk_by(|a, b| a.id() == b.id()) {
        if !lines.iter().any(|l| sells(*l)) || !counts(book, lines[0].id()) {
            continue;
        }
        let is_first = std::mem::replace(&mut first, false);
        let ordered = lines[0].day();
        let promised = lines.iter().filter_map(|l| l.promised()).max();
        let base = promised.unwrap_or(ordered);
        for offset in offsets(settings, c.grade, is_first) {
            let Some(day) = day_of(base, *offset, ordered) else { continue };
            let due = on_working_day(settings, day);
            let (state, done) = state_of(index, customer, day, due);
            let promised = promised.is_some();
            out.push(Call { line: lines[0], first: is_first, base, promised, offset: *offset, due, done, state });
        }
    }
    out
}

/// What became of a call of a day: as of a promise (R4), a two-way contact on or after the day before it does it.
fn state_of(index: &Index<'_>, customer: usize, day: Day, due: Day) -> (State, Option<Activity>) {
    let (settings, today) = (&index.book.settings, index.book.today);
    let from = day.pred_opt().unwrap_or(day);
    let until = Duration::try_days(settings.file.aftersales.lapse_days()).and_then(|d| due.checked_add_signed(d));
    let until = until.unwrap_or(Day::MAX);
    let all = index.activities(customer);
    let later = &all[all.partition_point(|a| a.day() < from)..];
    let made = later.iter().take_while(|a| a.day() <= until).find(|a| is_two_way(settings, **a)).copied();
    let state = match made {
        Some(a) if a.day() <= due => State::Done,
        Some(_) => State::DoneLate,
        None if today > until => State::Missed,
        None if today > due => State::Late,
        None if today == due => State::Today,
        None => State::Coming,
    };
    (state, made)
}
