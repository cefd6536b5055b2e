//! R13: what members did in a period against their targets. What counts is credited to the rep on the order, so that a
//! hand-over never rewrites the past; whoever leads others counts what all of them did.

use super::credited::{Credit, collections, falling_due, shares, signings};
use super::engine::index::Index;
use super::orders::{order_days, sells};
use super::profit::{counts, sales};
use super::targets::{Level, Metric, Months, Target, Targets, lowest};
use super::working_time::WorkingTime;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::settings::TimeUnit;
use crate::model::team::Team;
use chrono::Datelike;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a period brought, by whom it is credited to. Counts are shares of one thing each.
pub fn credits<'a>(index: &Index<'a>, metric: Metric, period: Period) -> Vec<Credit<'a>> {
    match metric {
        Metric::Signed => signings(index, period),
        Metric::Receipts => collections(index, period),
        Metric::Profit => profits(index, period),
        Metric::Orders => orders(index, period),
        Metric::NewCustomers => new_customers(index, period),
        Metric::Visits => visits(index, period),
    }
}

/// The parts of each of those who share.
fn shared<'a>(whole: Credit<'a>, by: &'a str, split: &'a str) -> impl Iterator<Item = Credit<'a>> {
    let parts = shares(by, split).into_iter();
    parts.map(move |(who, share)| Credit { who, amount: whole.amount.saturating_mul(share), ..whole })
}

/// Profit line by line; lines whose cost is unknown have none, and allowances belong to nobody.
fn profits<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let mut out = Vec::new();
    for s in sales(index.book, index.prices(), period) {
        if let (Some(line), Some(amount)) = (s.line, s.profit()) {
            let whole = Credit { who: "", day: s.day, customer: s.customer, order: line.id(), place: s.place, amount };
            out.extend(shared(whole, line.by(), line.split()));
        }
    }
    out
}

/// Sale orders, each once: its first line that sells says to whom it is credited.
fn orders<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let mut first: BTreeMap<&str, (Credit<'a>, OrderLine)> = BTreeMap::new();
    let number = |l: OrderLine| (l.line().len(), l.line());
    for s in sales(index.book, index.prices(), period).into_iter().filter(|s| s.sells) {
        let Some(line) = s.line else { continue };
        if first.get(line.id()).is_none_or(|(_, known)| number(line) < number(*known)) {
            let (order, place, amount) = (line.id(), s.place, Decimal::ONE);
            let credit = Credit { who: "", day: s.day, customer: s.customer, order, place, amount };
            first.insert(line.id(), (credit, line));
        }
    }
    first.into_values().flat_map(|(c, line)| shared(c, line.by(), line.split())).collect()
}

/// Customers whose first sale order lies in the period, credited as that order is.
fn new_customers<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let mut out = Vec::new();
    for customer in 0..index.book.customers.len() {
        let Some(day) = order_days(index, customer).first().copied().filter(|d| period.contains(*d)) else { continue };
        let lines =
            index.orders(customer).iter().filter(|l| l.day() == day && sells(**l) && counts(index.book, l.id()));
        let Some(line) = lines.min_by_key(|l| (l.at(), l.id(), l.line().len(), l.line())) else { continue };
        let whole = Credit {
            who: "",
            day,
            customer: Some(customer),
            order: line.id(),
            place: line.place(),
            amount: Decimal::ONE,
        };
        out.extend(shared(whole, line.by(), line.split()));
    }
    out
}

/// Visits at which somebody was met, by who made them.
fn visits<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let book = index.book;
    let made = book.activities.iter().filter(|a| period.contains(a.day()) && book.settings.is_visit(a.channel()));
    made.filter(|a| a.outcome() != "no-answer")
        .map(|a| Credit {
            who: a.by(),
            day: a.day(),
            customer: book.customer_index(a.customer()),
            order: "",
            place: a.place(),
            amount: Decimal::ONE,
        })
        .collect()
}

/// A sum, and how many orders, receipts or visits it is made of.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// All of it.
    pub sum: Decimal,
    things: HashSet<(Str, RowPlace)>,
}

impl Done {
    fn add(&mut self, credit: &Credit<'_>, thing: (Str, RowPlace)) {
        self.sum = self.sum.saturating_add(credit.amount);
        self.things.insert(thing);
    }
    /// How many orders, receipts or visits.
    pub fn cases(&self) -> i64 {
        i64::try_from(self.things.len()).unwrap_or(i64::MAX)
    }
}

/// What was done by member, and by whoever leads some.
#[derive(Debug, Clone, Default)]
pub struct Tally<'a> {
    own: HashMap<&'a str, Done>,
    /// With what those did who report to it.
    group: HashMap<&'a str, Done>,
    whole: Done,
}

impl<'a> Tally<'a> {
    /// The sums of some credits.
    pub fn new(team: &Team, credits: &[Credit<'a>]) -> Tally<'a> {
        let mut out = Tally::default();
        let mut leads: HashMap<&str, Vec<Str>> = HashMap::new();
        let mut orders: HashMap<&str, RowPlace> = HashMap::new();
        for c in credits {
            // Lines of an order are one thing; payments and visits each are one.
            let place = if c.order.is_empty() { c.place } else { *orders.entry(c.order).or_insert(c.place) };
            let thing = ("", place);
            out.whole.add(c, thing);
            out.own.entry(c.who).or_default().add(c, thing);
            let above = leads.entry(c.who).or_insert_with(|| team.leads_of(c.who));
            out.group.entry(c.who).or_default().add(c, thing);
            for lead in above.iter().filter(|lead| **lead != c.who) {
                out.group.entry(lead).or_default().add(c, thing);
            }
        }
        out
    }

    /// What a member did, with all who report to it.
    pub fn of(&self, who: &str) -> Done {
        self.group.get(who).cloned().unwrap_or_default()
    }
    /// What a member did itself.
    pub fn own(&self, who: &str) -> Decimal {
        self.own.get(who).map_or(Decimal::ZERO, |d| d.sum)
    }
    /// What all did.
    pub fn whole(&self) -> &Done {
        &self.whole
    }
    /// Those who did something.
    pub fn members(&self) -> impl Iterator<Item = &'a str> {
        self.own.keys().copied()
    }
    /// Whether somebody did something itself.
    pub fn has(&self, who: &str) -> bool {
        self.own.contains_key(who)
    }
}

/// What was done against what is to be reached.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What was done.
    pub done: Done,
    /// The part of it that counts for the target: of all together that of those who have one.
    pub counted: Decimal,
    /// Base, target, stretch.
    pub targets: [Target; 3],
}

impl Standing {
    /// The target.
    pub fn target(&self) -> Option<Decimal> {
        self.targets[1].known()
    }
    /// Part of the target that was reached; `None` without one.
    pub fn completion(&self) -> Option<Decimal> {
        self.counted.checked_div(self.target().filter(|t| !t.is_zero())?)
    }
    /// What is missing; less than nothing where more was done.
    pub fn gap(&self) -> Option<Decimal> {
        self.target()?.checked_sub(self.counted)
    }
    /// The highest level that was reached.
    pub fn level(&self) -> Option<Level> {
        let reached = |level: &Level| self.targets[*level as usize].known().is_some_and(|t| self.counted >= t);
        Level::ALL.into_iter().rev().find(reached)
    }
}

/// Where a member stands in a period, as the leader of a group with all of it.
pub fn standing<'a>(
    targets: &Targets<'a>,
    tally: &Tally<'a>,
    who: &str,
    (metric, period): (Metric, Period),
) -> Standing {
    let done = tally.of(who);
    let counted = done.sum;
    Standing { done, counted, targets: Level::ALL.map(|level| targets.of(who, metric, level, period)) }
}

/// Where all together stand: their target is the sum of those who have one and lead nobody else who has, so that no target counts
/// twice. A level of which not the same have one says nothing beside it.
pub fn of_all<'a>(
    team: &Team,
    targets: &Targets<'a>,
    tally: &Tally<'a>,
    (metric, period): (Metric, Period),
) -> Standing {
    let of = |who: &str, level| targets.of(who, metric, level, period).known();
    let with = lowest(team, |who| of(who, Level::Target).is_some());
    let counted = with.iter().fold(Decimal::ZERO, |sum, who| sum.saturating_add(tally.of(who).sum));
    let sums = Level::ALL.map(|level| {
        let same = lowest(team, |who| of(who, level).is_some()) == with;
        let sum = with.iter().filter_map(|who| of(who, level)).reduce(Decimal::saturating_add);
        sum.filter(|_| same).map_or(Target::None, Target::Known)
    });
    Standing { done: tally.whole().clone(), counted, targets: sums }
}

/// The worked days of a period, and where the day stands among them. The day itself has passed: what was done on it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// Of the whole period.
    pub all: i64,
    /// Up to today.
    pub passed: i64,
    /// After today.
    pub left: i64,
}

impl Days {
    /// Those of a period with both ends.
    pub fn of(book: &Book, period: Period) -> Option<Days> {
        let (from, to) = (period.from?, period.to?);
        let time = WorkingTime::new(&book.settings, TimeUnit::Working);
        let (all, passed) = (time.days(from, to), time.days(from, book.today.min(to)));
        Some(Days { all, passed, left: all - passed })
    }
    /// What the period comes to at the rate of the days that have passed; `None` before the first of them.
    pub fn run_rate(self, done: Decimal) -> Option<Decimal> {
        done.checked_mul(Decimal::from(self.all))?.checked_div(Decimal::from(self.passed))
    }
    /// What is to be done on each day that is left; nothing where nothing is missing, `None` where no day is left for it.
    pub fn needed(self, gap: Decimal) -> Option<Decimal> {
        if gap <= Decimal::ZERO { Some(Decimal::ZERO) } else { gap.checked_div(Decimal::from(self.left)) }
    }
}

/// The last days of a month in which too many of its orders may have been pushed (R10).
const LAST_DAYS: i64 = 5;

/// The months of a period that are over, with the share of their orders in their last days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Push {
    /// (month, orders of its last days, all).
    pub months: Vec<(Day, Decimal, Decimal)>,
}

impl Push {
    /// The highest share.
    pub fn share(&self) -> Option<Decimal> {
        self.months.iter().filter_map(|(_, last, all)| last.checked_div(*all)).max()
    }
    /// The months in which it was more than half.
    pub fn pushed(&self) -> impl Iterator<Item = Day> {
        let is_pushed = |(_, last, all): &&(Day, Decimal, Decimal)| last.saturating_add(*last) > *all;
        self.months.iter().filter(is_pushed).map(|(month, ..)| *month)
    }
}

/// How many of somebody's orders were signed in the last days of each month. `is_its` says which credits are its.
pub fn push(orders: &[Credit<'_>], today: Day, is_its: impl Fn(&str) -> bool) -> Push {
    let mut months: BTreeMap<Day, (Decimal, Decimal)> = BTreeMap::new();
    for c in orders.iter().filter(|c| is_its(c.who)) {
        let Some(month) = c.day.with_day(1) else { continue };
        let next = month.checked_add_months(chrono::Months::new(1));
        let Some(last) = next.and_then(|d| d.pred_opt()).filter(|last| *last <= today) else { continue };
        let (late, all) = months.entry(month).or_default();
        *all = all.saturating_add(c.amount);
        if (last - c.day).num_days() < LAST_DAYS {
            *late = late.saturating_add(c.amount);
        }
    }
    Push { months: months.into_iter().map(|(month, (late, all))| (month, late, all)).collect() }
}

/// What falls due in a period by whom it is credited to when it is paid: what collection is measured by.
pub fn due<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    falling_due(index, period)
}

/// Whether a period is one that targets can be about: months from the first to the last day.
pub fn has_targets(period: Period) -> bool {
    Months::of(period).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn run_rates_are_those_of_worked_days() {
        let check = |days: (i64, i64), done: i64, target: i64, rate: Option<i64>, needed: Option<i64>| {
            let (all, passed) = days;
            let days = Days { all, passed, left: all - passed };
            let decimal = |n: Option<i64>| n.map(Decimal::from);
            assert_eq!(days.run_rate(Decimal::from(done)), decimal(rate), "{days:?}");
            assert_eq!(days.needed(Decimal::from(target - done)), decimal(needed), "{days:?}");
        };
        check((20, 5), 100, 700, Some(400), Some(40));
        check((20, 0), 0, 700, None, Some(35));
        check((20, 20), 600, 700, Some(600), None);
        check((20, 20), 700, 700, Some(700), Some(0));
        check((20, 10), 900, 700, Some(1800), Some(0));
        check((0, 0), 0, 700, None, None);
    }

    #[test]
    fn orders_of_the_last_days_are_pushed_when_they_are_more_than_half() {
        let check = |days: &[&str], today: &str, expected: &[&str]| {
            let day = |d: &str| parse_day(d).unwrap();
            let credit = |d: &&str| Credit {
                who: "li",
                day: day(d),
                customer: None,
                order: "o",
                place: RowPlace::default(),
                amount: Decimal::ONE,
            };
            let credits: Vec<Credit<'_>> = days.iter().map(credit).collect();
            let found = push(&credits, day(today), |who| who == "li");
            let pushed: Vec<String> = found.pushed().map(|d| d.format("%Y-%m").to_string()).collect();
            assert_eq!(pushed, expected, "{days:?}");
            assert_eq!(push(&credits, day(today), |_| false), Push::default());
        };
        check(&["2026-06-26", "2026-06-30", "2026-06-01"], "2026-06-30", &["2026-06"]);
        check(&["2026-06-25", "2026-06-30", "2026-06-01"], "2026-06-30", &[]);
        check(&["2026-06-26", "2026-06-01"], "2026-06-30", &[]);
        // A month that is not over tells nothing.
        check(&["2026-06-26", "2026-06-27"], "2026-06-29", &[]);
        check(&["2026-02-24", "2026-03-30"], "2026-03-31", &["2026-02", "2026-03"]);
    }
}
