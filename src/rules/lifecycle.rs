//! R1: stages, transitions, requirements, time in stage.

use super::decisions::decide;
use super::engine::index::Index;
use super::history::{Visit, fold_of, visits};
use super::orders::{order_days, sale_orders};
use super::turn::{Act, Extra};
use crate::model::change::ChangeSet;
use crate::model::day::Day;
use crate::model::refusal::Refusal;
use crate::model::settings::Settings;
use crate::model::value::Value;

/// A `requires` or `advance_on` word of kehu.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// `activity:N`
    Activities(i64),
    /// `need:N`
    Needs(i64),
    /// `order:N`
    Orders(i64),
    /// `order-day:N`
    OrderDays(i64),
    /// `field:NAME`
    Field(String),
}

impl Requirement {
    /// Reads a word; `None` when it is none.
    pub fn parse(word: &str) -> Option<Requirement> {
        let (kind, arg) = word.split_once(':')?;
        let n = || arg.parse::<i64>().ok().filter(|n| *n > 0);
        match kind {
            "activity" => n().map(Requirement::Activities),
            "need" => n().map(Requirement::Needs),
            "order" => n().map(Requirement::Orders),
            "order-day" => n().map(Requirement::OrderDays),
            "field" if !arg.is_empty() => Some(Requirement::Field(arg.into())),
            _ => None,
        }
    }

    /// What the customer has (a field counts 1) and how much is asked for.
    pub fn have(&self, index: &Index<'_>, customer: usize, until: Day) -> (i64, i64) {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        match self {
            Requirement::Activities(n) => {
                (count(index.activities(customer).iter().filter(|a| a.day() <= until).count()), *n)
            }
            Requirement::Needs(n) => (count(index.needs(customer).iter().filter(|d| **d <= until).count()), *n),
            Requirement::Orders(n) => (count(sale_orders(index, customer, until)), *n),
            Requirement::OrderDays(n) => {
                (count(order_days(index, customer).iter().filter(|d| **d <= until).count()), *n)
            }
            Requirement::Field(name) => {
                let c = &index.book.customers[customer];
                let value = match name.strip_prefix("fields.") {
                    Some(own) => c.own(own),
                    None => c.get(name),
                };
                (i64::from(value != Value::Missing && !value.is_missing()), 1)
            }
        }
    }
}

/// Whether a move goes back in the ladder.
pub fn is_backward(settings: &Settings, from: &str, to: &str) -> bool {
    matches!((settings.stage_index(from), settings.stage_index(to)), (Some(a), Some(b)) if b < a)
}

/// The first reason why a customer may not go from `from` to `to` with the facts known on `day`.
///
/// # Errors
/// [`Refusal::Transition`], [`Refusal::BackwardNeedsNote`] or [`Refusal::Requirement`].
pub fn may_move(
    index: &Index<'_>,
    customer: usize,
    from: &str,
    to: &str,
    has_note: bool,
    day: Day,
) -> Result<(), Refusal> {
    let settings = &index.book.settings;
    let id = || index.book.customers[customer].id.to_string();
    // A customer whose file names no known stage may enter any.
    if let Some(stage) = settings.stage(from)
        && !stage.to.iter().any(|s| s == to)
    {
        return Err(Refusal::Transition {
            kind: "customer",
            id: id(),
            from: from.into(),
            to: to.into(),
            allowed: stage.to.clone(),
        });
    }
    if is_backward(settings, from, to) && !has_note {
        return Err(Refusal::BackwardNeedsNote { kind: "customer", id: id(), from: from.into(), to: to.into() });
    }
    meets(index, customer, to, day)
}

/// What a stage requires and a customer does not have on a day.
///
/// # Errors
/// [`Refusal::Requirement`].
pub fn meets(index: &Index<'_>, customer: usize, stage: &str, day: Day) -> Result<(), Refusal> {
    for word in index.book.settings.stage(stage).map(|s| s.requires.as_slice()).unwrap_or_default() {
        if let Some(r) = Requirement::parse(word) {
            let (have, need) = r.have(index, customer, day);
            if have < need {
                let (customer, stage) = (index.book.customers[customer].id.into(), stage.into());
                return Err(Refusal::Requirement { customer, stage, requirement: word.clone(), have });
            }
        }
    }
    Ok(())
}

/// Whether a new customer may begin in a stage: it has neither orders nor contacts behind it, so only `field:NAME` can be
/// met. `has` tells whether a field has a value.
///
/// # Errors
/// [`Refusal::Requirement`].
pub fn may_begin(settings: &Settings, id: &str, stage: &str, has: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    for word in settings.stage(stage).map(|s| s.requires.as_slice()).unwrap_or_default() {
        if !word.strip_prefix("field:").is_some_and(&has) {
            let (customer, stage, requirement) = (id.to_string(), stage.to_string(), word.clone());
            return Err(Refusal::Requirement { customer, stage, requirement, have: 0 });
        }
    }
    Ok(())
}

/// Plans a move of a customer to another stage.
///
/// # Errors
/// What [`may_move`] says unless `forced`, and what [`decide`] says.
pub fn plan_stage(index: &Index<'_>, customer: usize, to: &str, act: &Act, forced: bool) -> Result<ChangeSet, Refusal> {
    let c = &index.book.customers[customer];
    if c.stage == to {
        return Ok(ChangeSet::default());
    }
    if c.closed {
        return Err(Refusal::Closed { customer: c.id.into() });
    }
    if !forced {
        may_move(index, customer, c.stage, to, !act.note.is_empty(), act.at.day)?;
    }
    decide(index, customer, "stage", to, act, &Extra::default())
}

/// The stays of a customer in its stages, oldest first; empty when no event tells of any.
pub fn stage_visits(index: &Index<'_>, customer: usize) -> Vec<Visit> {
    fold_of(index.events(customer), "stage").map(|f| visits(&f)).unwrap_or_default()
}

/// Day on which the customer entered the stage it is in; `None` when unknown (R1: never invented).
pub fn stage_since(index: &Index<'_>, customer: usize) -> Option<Day> {
    let stage = index.book.customers[customer].stage;
    stage_visits(index, customer).last().filter(|v| v.state == stage)?.from
}

/// Days in a stage over all visits, the open one up to today; `None` when a visit's start is unknown or there was none.
pub fn days_in(visits: &[Visit], stage: &str, today: Day) -> Option<i64> {
    let mut sum = None;
    for v in visits.iter().filter(|v| v.state == stage) {
        sum = Some(sum.unwrap_or(0) + v.days(today)?);
    }
    sum
}

/// Days in the present stage, over all visits to it.
pub fn days_in_stage(index: &Index<'_>, customer: usize) -> Option<i64> {
    let stage = index.book.customers[customer].stage;
    let visits = stage_visits(index, customer);
    if visits.last()?.state != stage {
        return None;
    }
    days_in(&visits, stage, index.book.today)
}
