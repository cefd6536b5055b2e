//! R7: who is active on a day, who was lost in a period, and who came back.
//!
//! A customer is active at the end of a day while a contract of its is in force, or while its last order is no longer ago
//! than its window. The window comes of the days between its own orders where there are enough of them, else of those of all
//! customers. Only what had happened by that day is looked at, so that a day in the past is judged as it was then; what is
//! known of it today (cancelled orders, approvals) counts.

use super::contracts::{Contract, PURCHASE};
use super::engine::index::Index;
use super::engine::once::{inside, once};
use super::engine::terms::{Term, Terms};
use super::orders::gaps;
use super::stays::{median, quantile};
use crate::model::Str;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::Kpi;
use rayon::prelude::*;

/// What is read for it.
pub const READS: Reads =
    Reads { plain: LedgerSet::of(&[Ledger::Contracts]), ..Reads::customers_and(&[Ledger::Orders, Ledger::Events]) };

/// Where a customer stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has never ordered, and no contract of its is in force.
    Never,
    /// A contract is in force, or its last order is recent enough.
    Active,
    /// It has ordered before, and is not active.
    Idle,
}

/// What became of a customer between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Active on both.
    Kept,
    /// Active on the first one only.
    Churned,
    /// Active on the second one only, with orders up to the first one.
    Reactivated,
    /// Active on the second one only, and never ordered before.
    Gained,
    /// Active on neither.
    Away,
}

/// What became of a customer that stood so on one day and so on a later one.
pub fn change(start: State, end: State) -> Change {
    match (start, end) {
        (State::Active, State::Active) => Change::Kept,
        (State::Active, _) => Change::Churned,
        (State::Idle, State::Active) => Change::Reactivated,
        (State::Never, State::Active) => Change::Gained,
        (State::Idle | State::Never, _) => Change::Away,
    }
}

/// The day at whose end a period's start is judged, and the one at whose end its end is: the day before it, and its last one,
/// or today while it lasts. `None` where it has no beginning, or has not begun.
pub fn ends(period: Period, today: Day) -> Option<(Day, Day)> {
    let start = period.from?.pred_opt()?;
    (start < today).then(|| (start, period.to.map_or(today, |to| to.min(today))))
}

/// Why a customer is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// This contract is in force.
    Contract(Str),
    /// It ordered on this day, which lies within so many days.
    Order {
        /// The last order day.
        last: Day,
        /// The window.
        window: Window,
    },
}

/// How long an order keeps a customer active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Days, which may be half ones.
    pub days: Decimal,
    /// The median of the days between its own orders, where that made it; else it is that of all customers.
    pub own: Option<Decimal>,
}

/// The contracts by which customers buy, those that count.
fn terms(index: &Index<'_>) -> Terms {
    let mut out = Terms::default();
    let all = Contract::all(index.book).filter(|c| c.paper.cell("kind") != PURCHASE && c.paper.standing().counts());
    for c in all {
        if let (Some(customer), Some(start)) = (c.paper.customer(), c.start()) {
            out.entry(customer).or_default().push(Term { start, over: c.over(), id: c.id() });
        }
    }
    out
}

/// What all customers were at the end of a day.
#[derive(Debug)]
pub struct Standing<'i, 'a> {
    index: &'i Index<'a>,
    day: Day,
    /// The window of customers with few orders.
    common: Decimal,
    states: Vec<State>,
}

impl<'i, 'a> Standing<'i, 'a> {
    /// Judges all customers.
    pub fn on(index: &'i Index<'a>, day: Day) -> Standing<'i, 'a> {
        let (customers, kpi) = (index.book.customers.len(), &index.book.settings.file.kpi);
        let order_days = index.order_days();
        once(&index.terms, || terms(index));
        let common = common_window(kpi, (0..customers).map(|c| order_days.until(c, day)));
        let mut out = Standing { index, day, common, states: Vec::new() };
        let state = |c: usize| match out.reason(c) {
            Some(_) => State::Active,
            None if order_days.until(c, day).is_empty() => State::Never,
            None => State::Idle,
        };
        let states = (0..customers).into_par_iter().with_min_len(1024).map(|c| inside(|| state(c))).collect();
        out.states = states;
        out
    }

    /// The day.
    pub fn day(&self) -> Day {
        self.day
    }
    /// Where a customer stood.
    pub fn of(&self, customer: usize) -> State {
        self.states[customer]
    }
    /// Whether a customer was active.
    pub fn is_active(&self, customer: usize) -> bool {
        self.of(customer) == State::Active
    }
    /// How long an order keeps a customer active that has ordered.
    pub fn window(&self, customer: usize) -> Window {
        let days = self.index.order_days().until(customer, self.day);
        window(&self.index.book.settings.file.kpi, days, self.common)
    }
    /// Why a customer was active; `None` where it was not.
    pub fn reason(&self, customer: usize) -> Option<Why> {
        let in_force = |t: &&Term| t.start <= self.day && t.over.is_none_or(|over| self.day <= over);
        let terms = once(&self.index.terms, || terms(self.index));
        if let Some(term) = terms.get(&customer).and_then(|list| list.iter().find(in_force)) {
            return Some(Why::Contract(term.id));
        }
        let last = *self.index.order_days().until(customer, self.day).last()?;
        let window = self.window(customer);
        (Decimal::from((self.day - last).num_days()) <= window.days).then_some(Why::Order { last, window })
    }
}

/// The window of a customer with these order days, where `common` is that of customers with few orders.
fn window(kpi: &Kpi, days: &[Day], common: Decimal) -> Window {
    let own = median(&gaps(days)).filter(|_| days.len() >= kpi.active_orders());
    let (least, most) = kpi.active_days();
    let of_own = |gap: Decimal| kpi.active_gaps().checked_mul(gap).unwrap_or(most).clamp(least, most);
    Window { days: own.map_or(common, of_own), own }
}

/// The window of customers with few orders: a high quantile of the days between any two orders of a customer that follow one
/// another; the longest window where nobody has ordered twice.
fn common_window<'d>(kpi: &Kpi, all: impl Iterator<Item = &'d [Day]>) -> Decimal {
    let mut lengths: Vec<i64> = all.flat_map(|days| days.windows(2).map(|w| (w[1] - w[0]).num_days())).collect();
    lengths.sort_unstable();
    quantile(&lengths, kpi.active_quantile()).map_or(kpi.active_days().1, Decimal::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn a_window_is_three_gaps_within_limits() {
        let check = |days: &[&str], expected: &str| {
            let days: Vec<Day> = days.iter().map(|d| day(d)).collect();
            let got = window(&Kpi::default(), &days, Decimal::from(77));
            assert_eq!(got.days.normalize().to_string(), expected, "{days:?}");
        };
        check(&["2026-01-01"], "77");
        check(&["2026-01-01", "2026-01-11"], "77");
        check(&["2026-01-01", "2026-01-11", "2026-01-21"], "60");
        check(&["2026-01-01", "2026-01-31", "2026-03-02"], "90");
        check(&["2026-01-01", "2026-02-05", "2026-02-25"], "82.5");
        check(&["2020-01-01", "2022-01-01", "2024-01-01"], "540");
    }

    #[test]
    fn the_common_window_is_the_ninetieth_of_a_hundred_gaps() {
        let check = |customers: &[&[&str]], expected: i64| {
            let all: Vec<Vec<Day>> = customers.iter().map(|c| c.iter().map(|d| day(d)).collect()).collect();
            let got = common_window(&Kpi::default(), all.iter().map(Vec::as_slice));
            assert_eq!(got, Decimal::from(expected), "{customers:?}");
        };
        check(&[], 540);
        check(&[&["2026-01-01"], &["2026-02-01"]], 540);
        check(&[&["2026-01-01", "2026-01-11"]], 10);
        // Gaps 1 to 10: the ninth.
        let days = [1, 2, 4, 7, 11, 16, 22, 29].map(|n| format!("2026-01-{n:02}"));
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        check(&[&days, &["2026-03-01", "2026-03-09", "2026-03-18", "2026-03-28"]], 9);
    }

    #[test]
    fn two_days_tell_what_became_of_a_customer() {
        use State::{Active, Idle, Never};
        let check = |start, end, expected| assert_eq!(change(start, end), expected, "{start:?} {end:?}");
        check(Active, Active, Change::Kept);
        check(Active, Idle, Change::Churned);
        // Its contract is over, and it never ordered.
        check(Active, Never, Change::Churned);
        check(Idle, Active, Change::Reactivated);
        check(Never, Active, Change::Gained);
        check(Never, Idle, Change::Away);
        check(Idle, Idle, Change::Away);
    }

    #[test]
    fn a_period_is_judged_from_the_evening_before_it() {
        let check = |from: &str, to: &str, expected: Option<(&str, &str)>| {
            let period = Period { from: parse_day(from), to: parse_day(to) };
            let expected = expected.map(|(a, b)| (day(a), day(b)));
            assert_eq!(ends(period, day("2026-06-15")), expected, "{from}..{to}");
        };
        check("2026-01-01", "2026-03-31", Some(("2025-12-31", "2026-03-31")));
        check("2026-01-01", "2026-12-31", Some(("2025-12-31", "2026-06-15")));
        check("2026-06-15", "", Some(("2026-06-14", "2026-06-15")));
        check("2026-06-16", "2026-06-30", None);
        check("", "2026-03-31", None);
    }
}
