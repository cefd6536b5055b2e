//! What customers told us, by customer: complaints, scores, and debts that were given up.

use super::complaints::Complaints;
use super::receivables::written_off;
use super::scores::{Given, Score, answers};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::{Map, Str};

/// What is read for it.
pub const PLAIN: LedgerSet = LedgerSet::of(&[Ledger::Complaints, Ledger::Feedback]);

/// What one customer told us.
#[derive(Debug, Clone, Default)]
pub struct Voice<'a> {
    /// The days of its complaints.
    pub complaints: Vec<Day>,
    /// Its open complaints.
    pub open: Vec<Str>,
    /// Those of them that are past their deadlines.
    pub late: Vec<Str>,
    /// Its last answer about satisfaction (1 to 5).
    pub csat: Option<Score<'a>>,
    /// Its last answer about recommending us (0 to 10).
    pub nps: Option<Score<'a>>,
    /// Its last answer about the effort that we cost it (1 to 7).
    pub ces: Option<Score<'a>>,
    /// Its answers about the value that it gets.
    pub value: Vec<Given<'a>>,
    /// Whether a debt of its was given up.
    pub bad_debt: bool,
}

/// What every customer told us.
#[derive(Debug, Default)]
pub struct Voices<'a> {
    of: Map<usize, Voice<'a>>,
    silent: Voice<'a>,
}

impl<'a> Voices<'a> {
    /// What one customer told us.
    pub fn of(&self, customer: usize) -> &Voice<'a> {
        self.of.get(&customer).unwrap_or(&self.silent)
    }
    /// Puts together what all told us.
    pub fn new(book: &'a Book, complaints: &Complaints<'a>) -> Voices<'a> {
        let mut of: Map<usize, Voice<'a>> = Map::default();
        for c in complaints.all() {
            let Some(customer) = c.customer() else { continue };
            let voice = of.entry(customer).or_default();
            voice.complaints.push(c.made().day);
            if c.is_open() {
                voice.open.push(c.id());
            }
            if c.is_late() {
                voice.late.push(c.id());
            }
        }
        for a in answers(book) {
            let voice = of.entry(a.customer).or_default();
            let last = match a.kind {
                "csat" => &mut voice.csat,
                "nps" => &mut voice.nps,
                "ces" => &mut voice.ces,
                _ => {
                    voice.value.push(a);
                    continue;
                }
            };
            if last.as_ref().is_none_or(|known| known.order() < a.score.order()) {
                *last = Some(a.score);
            }
        }
        let given_up = written_off(book);
        for claim in book.claims.iter().filter(|c| !book.is_void(*c) && given_up.contains_key(c.id)) {
            if let Some(customer) = book.customer_index(claim.customer) {
                of.entry(customer).or_default().bad_debt = true;
            }
        }
        Voices { of, silent: Voice::default() }
    }
}
