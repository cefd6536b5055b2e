//! R5: value classes: who is worth what, risk first.

use super::engine::index::Index;
use super::engine::once::once;
use super::orders::order_days;
use super::ranking::{Part, parts};
use super::receivables;
use super::risk;
use super::voices::PLAIN;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;

/// What value classes read.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities]).and(receivables::LEDGERS),
    plain: PLAIN,
    ..Reads::NOTHING
};

/// Why a customer has its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It earned nothing in twelve months, and has ordered on two days or more.
    NoProfit(Decimal),
    /// It is likely to leave: points of R7.
    Leaving(Decimal),
    /// A debt of its was given up.
    BadDebt,
    /// It recommends us to nobody, and has an open complaint.
    Unhappy(Decimal),
    /// What it earned in twelve months, and where that ranks it.
    Profit(Decimal),
    /// The same, of one that would be a key customer if it were satisfied.
    NotSatisfied(Decimal, Decimal),
}

/// The value class of a customer (a key of [`crate::model::settings::CLASSES`]) and why; `None` without orders, and where
/// nobody knows what it earned.
pub fn class(index: &Index<'_>, customer: usize) -> Option<(&'static str, Because)> {
    let settings = &index.book.settings;
    if !index.ordered()[customer] {
        return None;
    }
    let profit = profit_of_year(index, customer);
    let said = index.voice(customer);
    if let Some(profit) = profit.filter(|p| *p <= Decimal::ZERO)
        && order_days(index, customer).len() > 1
    {
        return Some(("risk", Because::NoProfit(profit)));
    }
    if let Some(score) = risk::score(index, customer).filter(|s| *s >= settings.file.risk.high()) {
        return Some(("risk", Because::Leaving(score)));
    }
    if said.bad_debt {
        return Some(("risk", Because::BadDebt));
    }
    if let Some(nps) = said.nps.filter(|s| s.score <= settings.file.risk.low_nps() && !said.open.is_empty()) {
        return Some(("risk", Because::Unhappy(nps.score)));
    }
    let profit = profit?;
    let unsatisfied = said.csat.filter(|s| s.score < settings.file.kpi.satisfied_from());
    match (ranking(index)[customer]?, unsatisfied) {
        (Part::First, None) => Some(("key", Because::Profit(profit))),
        (Part::First, Some(csat)) => Some(("major", Because::NotSatisfied(profit, csat.score))),
        (Part::Next, _) => Some(("major", Because::Profit(profit))),
        (Part::Rest, _) => Some(("ordinary", Because::Profit(profit))),
        (Part::Nothing, _) => None,
    }
}

/// Gross profit of the last twelve months; `None` = nobody knows. Nothing bought in them is no profit.
fn profit_of_year(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let figures = index.figures_of_year(customer);
    if figures.is_empty() { Some(Decimal::ZERO) } else { figures.profit() }
}

/// Where each customer stands by what it earned in twelve months; `None` = nobody knows. Equal ones stand in the order of
/// their ids.
fn ranking<'i>(index: &'i Index<'_>) -> &'i [Option<Part>] {
    let rank = || {
        let settings = &index.book.settings;
        let earned: Vec<Option<Decimal>> =
            (0..index.book.customers.len()).map(|c| index.figures_of_year(c).profit()).collect();
        parts(&earned, settings.key_share(), settings.major_share())
    };
    once(&index.ranking, rank).as_slice()
}
