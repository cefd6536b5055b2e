//! The times of contracts by which customers buy.

use crate::model::day::Day;
use crate::model::{Map, Str};

/// The time of a contract.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    /// Its first day.
    pub start: Day,
    /// Its last day, if it has one.
    pub over: Option<Day>,
    /// The contract's id.
    pub id: Str,
}

/// Those of each customer, by its index.
pub type Terms = Map<usize, Vec<Term>>;
