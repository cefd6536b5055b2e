//! What customers told us, by customer: complaints, scores, and debts that were given up.

use super::complaints::Complaints;
use super::receivables::written_off;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::row::PlainRow;
use crate::model::{Map, Str};

/// What is read for it.
pub const PLAIN: LedgerSet = LedgerSet::of(&[Ledger::Complaints, Ledger::Feedback]);

/// An answer to a question of feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score<'a> {
    /// The row.
    pub row: &'a PlainRow,
    /// When.
    pub at: At,
    /// The answer.
    pub score: Decimal,
}

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
        for (customer, kind, score) in answers(book) {
            let voice = of.entry(customer).or_default();
            let last = if kind == "nps" { &mut voice.nps } else { &mut voice.csat };
            let id = |s: &Score<'_>| (s.at, s.row.cell(0));
            if last.as_ref().is_none_or(|known| id(known) < id(&score)) {
                *last = Some(score);
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

/// Answers about satisfaction and recommendation: whose, which, and the answer.
fn answers(book: &Book) -> impl Iterator<Item = (usize, Str, Score<'_>)> {
    let ledger = Ledger::Feedback;
    let at = ["at", "customer", "kind", "score"].map(|name| ledger.column(name).unwrap_or(0));
    let rows = book.plain.get(&ledger).into_iter().flatten();
    rows.filter_map(move |row| {
        let kind = row.cell(at[2]);
        let known = matches!(kind, "csat" | "nps").then(|| At::parse(row.cell(at[0]), book.settings.tz))??;
        let score = Score { row, at: known, score: parse_decimal(row.cell(at[3]))? };
        Some((book.customer_index(row.cell(at[1]))?, kind, score))
    })
}
