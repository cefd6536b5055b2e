//! Proposals for the receipts of a bank statement: whose each payment is and what it pays (`rules::matching`), as rows that
//! a person looks through, and that are then imported like any others.

use super::bind::{Why, bind};
use super::env::{Env, Input, Outcome};
use super::import_map::Problem;
use super::resolve::Resolver;
use super::target::Target;
use super::value::ledger_cell;
use crate::model::ledger::{Ledger, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::rules::matching::{Candidate, LIKELY, Matcher, Payment, Pays, SURE};

/// How sure a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It was imported before.
    Known,
    /// Nobody is likely to have paid it, or two customers are as likely.
    Open,
    /// 50 points and more.
    Likely,
    /// 90 points and more.
    Sure,
}

impl Standing {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Standing::Known => "known",
            Standing::Open => "open",
            Standing::Likely => "likely",
            Standing::Sure => "sure",
        }
    }
    /// What `--accept` may name.
    pub fn parse(word: &str) -> Option<Standing> {
        [Standing::Sure, Standing::Likely].into_iter().find(|s| s.key() == word)
    }
}

/// What one payment is proposed to be.
#[derive(Debug, Clone)]
pub struct Proposal<'a> {
    /// The row's number in the source, from 0.
    pub row: u32,
    /// Who paid, as the bank calls it.
    pub payer: String,
    /// The row's other cells, by the columns of receipts.
    pub cells: Vec<(&'static str, String)>,
    /// How sure it is.
    pub standing: Standing,
    /// Who is proposed.
    pub best: Option<Candidate<'a>>,
    /// Everybody who may have paid, the likeliest first.
    pub candidates: Vec<Candidate<'a>>,
}

impl Proposal<'_> {
    /// A cell of the row.
    pub fn cell(&self, column: &str) -> &str {
        self.cells.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| text)
    }
    /// The receivable and the order that it pays; empty = none named.
    pub fn pays(&self) -> (&str, &str) {
        match self.best.as_ref().and_then(|b| b.pays) {
            Some(Pays::Receivable(id)) => (id, ""),
            Some(Pays::Order(id)) => ("", id),
            None => ("", ""),
        }
    }
}

/// The proposals for a source, and the rows that cannot be read.
///
/// # Errors
/// Columns that the map names and the file does not have.
pub fn propose<'a>(input: &Input<'a>) -> Result<(Vec<Proposal<'a>>, Outcome), Vec<Problem>> {
    let bound = bind(input.map, input.source, input.lookups, input.lang)?;
    let book = input.index.book;
    let resolver = Resolver::new(book, input.lang);
    let env = Env { input, bound: &bound, resolver, book, settings: &book.settings, lang: input.lang };
    let mut matcher = Matcher::new(input.index);
    let mut proposals = Vec::new();
    let mut out = Outcome::default();
    env.each(&mut out, |out, row, view| {
        let mut p = Proposal {
            row,
            payer: String::new(),
            cells: Vec::new(),
            standing: Standing::Open,
            best: None,
            candidates: Vec::new(),
        };
        let mut words: Vec<String> = Vec::new();
        for c in &env.bound.columns {
            let Target::Column(n) = *c.target else { continue };
            let spec = &Ledger::Receipts.columns()[n];
            let text = match view.value(c) {
                Ok(text) => text,
                Err(why) => return out.reject(row, why),
            };
            match spec.ty {
                _ if spec.name == "customer" => p.payer = text,
                // A person's number is a hint, and need not be one of ours.
                Type::Ref(_) if spec.name != "by" => words.push(text),
                _ if text.is_empty() => {}
                _ => match ledger_cell(Ledger::Receipts, n, &text, c.how, view.numbers(c), env.settings, env.lang) {
                    Ok(cell) => {
                        if spec.name == "note" {
                            words.push(text);
                        }
                        p.cells.push((spec.name, cell));
                    }
                    Err(e) => return out.reject(row, c.wrong(env.lang, e)),
                },
            }
        }
        let key = match view.source_key() {
            Some(Ok(key)) => key,
            Some(Err(e)) => return out.reject(row, Why { words: e, cell: None }),
            None => p.cell("source_key").to_string(),
        };
        p.cells.retain(|(name, _)| *name != "source_key");
        p.cells.push(("source_key", key));
        if input.existing.by_source(p.cell("source_key")).is_some() {
            p.standing = Standing::Known;
        } else if let Some(amount) = parse_decimal(p.cell("amount")).filter(|a| *a > Decimal::ZERO) {
            let text = words.join(" ");
            let payment = Payment { payer: &p.payer, text: &text, amount, currency: p.cell("currency") };
            let (best, candidates) = matcher.propose(&payment);
            p.standing = match best.as_ref().map(Candidate::score) {
                Some(SURE..) => Standing::Sure,
                Some(LIKELY..) => Standing::Likely,
                _ => Standing::Open,
            };
            (p.best, p.candidates) = (best, candidates);
        }
        proposals.push(p);
    });
    Ok((proposals, out))
}
