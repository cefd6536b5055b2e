//! R5: customers scored and graded by a scorecard of kehu.toml, over the registry's metrics.

use super::{METRICS, Metric, find};
use crate::diag::Near;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::{Indicator, Scorecard, Settings};
use crate::model::value::Value;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::scorecard::{self, Score, calibrate, next_band, scores};
use ecow::EcoString as Text;
use rayon::prelude::*;

/// The scorecard that gives the grade.
pub const CARD: &str = "grade";

/// The metric that an indicator may use: one whose figures are numbers.
pub fn indicator_metric(key: &str) -> Option<&'static Metric> {
    find(key).filter(|m| m.kind.is_number())
}

/// Something in a scorecard that its keys alone do not show to be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the value in kehu.toml.
    pub path: String,
    /// Why, as a key of the words for settings.
    pub why: &'static str,
    /// What stands there.
    pub word: String,
    /// What may be meant.
    pub nearest: Vec<String>,
}

/// What is wrong with a scorecard: metrics that do not exist, scales without points, bands that are no grades.
pub fn faults(settings: &Settings, id: &str, card: &Scorecard) -> Vec<Fault> {
    let (mut out, mut near) = (Vec::new(), Near::default());
    for (n, i) in card.indicators.iter().enumerate() {
        let path = |key: &str| format!("scorecards.{id}.indicators[{n}].{key}");
        if indicator_metric(&i.metric).is_none() {
            let known: Vec<&str> = METRICS.iter().filter(|m| m.kind.is_number()).map(|m| m.key).collect();
            let nearest = near.to(&i.metric, known.into_iter());
            out.push(Fault { path: path("metric"), why: "metric", word: i.metric.clone(), nearest });
        }
        if matches!(i.scale.as_str(), "points" | "steps") && i.points.is_empty() {
            out.push(Fault { path: path("scale"), why: "points", word: i.scale.clone(), nearest: Vec::new() });
        }
    }
    let grades = &settings.file.grades;
    for band in card.bands.keys().filter(|b| id == CARD && !grades.contains_key(*b)) {
        let nearest = near.to(band, grades.keys().map(String::as_str));
        out.push(Fault { path: format!("scorecards.{id}.bands.{band}"), why: "grade", word: band.clone(), nearest });
    }
    out
}

/// The days of a scorecard's window: `12m` on 30 June 2026 begins on 1 July 2025.
pub fn window(card: &Scorecard, today: Day) -> Period {
    Period::up_to(today, card.window)
}

/// What a scorecard's metrics read, with the customers.
pub fn reads(card: &Scorecard) -> Reads {
    let metrics = card.indicators.iter().filter_map(|i| indicator_metric(&i.metric));
    let reads = Reads { customers: true, ..Reads::NOTHING };
    Reads { lean: true, ..metrics.map(Metric::needs).fold(reads, Reads::and) }
}

/// The rows of a book for a scorecard: figures count over its window.
pub fn index<'a>(book: &'a Book, card: &Scorecard) -> Index<'a> {
    Index::new(book).over(window(card, book.today))
}

/// The customers that are graded: active ones with a sale order that counts, by index.
pub fn population(index: &Index<'_>) -> Vec<usize> {
    let book = index.book;
    let ordered = index.ordered();
    (0..book.customers.len()).filter(|n| !book.customers[*n].closed && ordered[*n]).collect()
}

/// The figures of each indicator, one for each customer.
pub fn raw(index: &Index<'_>, card: &Scorecard, customers: &[usize]) -> Vec<Vec<Option<Decimal>>> {
    let figure = |metric: Option<&Metric>, c: usize| match (metric?.value)(index, c) {
        Value::Num(n) => Some(n),
        _ => None,
    };
    let column = |i: &Indicator| {
        let metric = indicator_metric(&i.metric);
        customers.par_iter().with_min_len(512).map(|c| inside(|| figure(metric, *c))).collect()
    };
    card.indicators.iter().map(column).collect()
}

/// What a grading says of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// The customer's index.
    pub customer: usize,
    /// The present grade; empty = none.
    pub old: Text,
    /// The grade by the scorecard; the present one where it stays.
    pub new: Text,
    /// The last day of a grade set by hand, which the scorecard leaves alone.
    pub manual: Option<Day>,
    /// The last day of a grade set by hand that is over: the next grading takes it out of the file.
    pub expired: Option<Day>,
    /// The score.
    pub score: Score,
}

impl Graded {
    /// Whether the grade changes.
    pub fn changes(&self) -> bool {
        self.old != self.new
    }
}

/// Until when a customer's grade was set by hand, when that is not over.
pub fn manual_until(book: &Book, customer: usize) -> Option<Day> {
    grade_until(book, customer).filter(|until| !book.customers[customer].grade.is_empty() && *until >= book.today)
}

/// The last day of a grade set by hand, over or not.
fn grade_until(book: &Book, customer: usize) -> Option<Day> {
    match book.customers[customer].get("grade_until") {
        Value::Day(until) => Some(until),
        _ => None,
    }
}

/// Grades every customer of the [`population`], in the book's order. Those that were never graded and have no figure are
/// left out.
pub fn grade(index: &Index<'_>, card: &Scorecard) -> Vec<Graded> {
    let customers = population(index);
    let scored = scores(card, &directions(card), &raw(index, card, &customers));
    let one = |(customer, score): (usize, Score)| {
        let old = index.book.customers[customer].grade;
        if old.is_empty() && score.score.is_none() {
            return None;
        }
        let manual = manual_until(index.book, customer);
        let new = if manual.is_some() { old } else { next_band(card, old, &score).unwrap_or(old) };
        let expired = grade_until(index.book, customer).filter(|_| manual.is_none());
        Some(Graded { customer, old: old.into(), new: new.into(), manual, expired, score })
    };
    customers.into_par_iter().zip(scored).with_min_len(512).filter_map(one).collect()
}

/// Whether less of an indicator is better: by `better`, else by points that fall, else by its metric.
pub fn lower_is_better(indicator: &Indicator) -> bool {
    if let Some(word) = &indicator.better {
        return word == "lower";
    }
    let ends = (indicator.points.iter().min_by_key(|p| p.0), indicator.points.iter().max_by_key(|p| p.0));
    match ends {
        (Some(low), Some(high)) => low.1 > high.1,
        _ => find(&indicator.metric).is_some_and(|m| m.lower_is_better),
    }
}

/// [`lower_is_better`] for each indicator of a scorecard.
fn directions(card: &Scorecard) -> Vec<bool> {
    card.indicators.iter().map(lower_is_better).collect()
}

/// Which rules a grade was given by, in 8 hex digits.
pub fn fingerprint(card: &Scorecard) -> String {
    scorecard::fingerprint(card, &directions(card))
}

/// Digits after the point of proposed raw values: enough for rates, short enough to read.
const CALIBRATED_DIGITS: u32 = 4;

/// Points proposed for each indicator from the customers' own figures.
pub fn calibration(index: &Index<'_>, card: &Scorecard, customers: &[usize]) -> Vec<Vec<(Decimal, Decimal)>> {
    let short = |v: &Decimal| crate::model::money::round(*v, CALIBRATED_DIGITS).normalize();
    let figures = raw(index, card, customers);
    let known = figures.iter().map(|column| column.iter().flatten().map(short).collect::<Vec<_>>());
    card.indicators.iter().zip(known).map(|(i, values)| calibrate(&values, lower_is_better(i))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Exact;

    #[test]
    fn indicators_are_numbers() {
        assert!(indicator_metric("payment_days").is_some() && indicator_metric("due").is_none());
    }

    #[test]
    fn better_goes_before_points_and_points_before_the_metric() {
        let check = |metric: &str, better: Option<&str>, points: &[(i64, i64)], expected: bool| {
            let exact = |n: i64| Exact(Decimal::from(n));
            let points = points.iter().map(|(x, y)| (exact(*x), exact(*y))).collect();
            let scale = "percentile".into();
            let better = better.map(Into::into);
            let i = Indicator { metric: metric.into(), weight: exact(20), scale, better, points };
            assert_eq!(lower_is_better(&i), expected, "{metric} {better:?}", better = i.better);
        };
        check("late_days", None, &[], true);
        check("payment_days", None, &[], true);
        check("overdue", None, &[], true);
        check("idle_days", None, &[], true);
        check("margin", None, &[], false);
        check("late_days", Some("higher"), &[], false);
        check("margin", Some("lower"), &[(0, 0), (1, 100)], true);
        check("margin", None, &[(0, 100), (1, 0)], true);
        check("late_days", None, &[(0, 0), (90, 100)], false);
    }
}
