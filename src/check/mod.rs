//! Findings that need more than one file: one check a file, and the table of them all.
//!
//! What is wrong inside a single file (syntax, types, unknown keys) is found by reading it, in `store::read`.

mod approvals;
pub mod complaints;
mod created;
mod deals;
mod decisions;
mod doubt;
mod duplicates;
mod events;
mod feedback;
pub mod fix;
mod floor;
mod lines;
pub mod policy;
mod pool;
mod promises;
mod quotes;
mod ranges;
mod rates;
mod references;
mod stages;
pub mod team;
pub mod tidy;

pub use doubt::Doubt;

use crate::diag::{Diagnostic, Place};
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::place::RowPlace;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::side_by_side;
use crate::store::csvfile::Reader;
use crate::store::load::{FileTexts, TYPED};
use crate::store::read::customer::contact_line;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the checks look at.
pub struct Checked<'a> {
    /// Everything that was read, future rows included.
    pub book: &'a Book,
    /// Its rows by customer.
    pub index: &'a Index<'a>,
    /// The texts, for the lines that messages show.
    pub texts: &'a FileTexts,
    /// What could not be read.
    pub doubt: &'a Doubt,
    /// What the clock says, or the end of a later day that is asked about.
    pub now: At,
    /// Where lines begin, for the files with findings: there may be as many findings as lines.
    starts: Mutex<HashMap<String, Arc<Vec<usize>>>>,
}

impl<'a> Checked<'a> {
    /// All that was read.
    pub fn new(book: &'a Book, index: &'a Index<'a>, texts: &'a FileTexts, doubt: &'a Doubt, now: At) -> Checked<'a> {
        Checked { book, index, texts, doubt, now, starts: Mutex::default() }
    }

    /// A file's text from a line on; `None` behind its end.
    fn text_at_line(&self, file: &str, line: u32) -> Option<&'a str> {
        let text = self.texts.get(file)?;
        let n = usize::try_from(line).ok()?.checked_sub(1)?;
        let starts = {
            let mut known = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
            if !known.contains_key(file) {
                let mut end = 0;
                let start = |l: &str| {
                    end += l.len();
                    end - l.len()
                };
                known.insert(file.to_string(), Arc::new(text.split_inclusive('\n').map(start).collect()));
            }
            known.get(file).cloned()
        };
        starts?.get(n).and_then(|start| text.get(*start..))
    }

    /// The place of a cell of a row; of the whole row where the file lacks the column.
    fn cell_place(&self, place: RowPlace, ledger: Ledger, column: &str) -> Place {
        let file = self.book.file(place);
        let whole = || self.line_place(file, place.line, None);
        let Some(text) = self.texts.get(file) else { return whole() };
        let Some(header) = Reader::new(text, file).raw_header(&mut Vec::new()) else { return whole() };
        // A ledger's column, or one of the company's own.
        let wanted = ledger.column(column).map_or(column, |n| ledger.columns()[n].name);
        let Some(index) = header.find(wanted) else { return whole() };
        let found = self.text_at_line(file, place.line).and_then(|rest| Reader::new(rest, file).cell_place(index));
        found.map_or_else(whole, |p| Place { line: place.line + p.line - 1, ..p })
    }

    /// The place of a key's value in a customer's file: the first stretch behind the `=` that equals `mark` is marked.
    fn key_place(&self, c: &Customer, key: &str, mark: &str) -> Place {
        self.value_place(c.file, c.line_of(key), mark)
    }

    /// The same for a key of one of its contacts.
    fn contact_place(&self, c: &Customer, contact: &str, key: &str, mark: &str) -> Place {
        let text = self.texts.get(c.file).unwrap_or("");
        let line = c.contact(contact).map_or(0, |p| contact_line(text, p, key));
        self.value_place(c.file, line, mark)
    }

    /// The place of a value on a line `key = value`.
    fn value_place(&self, file: &str, line: u32, mark: &str) -> Place {
        let mut place = self.line_place(file, line, None);
        if let Some(text) = place.text.as_deref().filter(|_| !mark.is_empty())
            && let Some(equals) = text.find('=')
            && let Some(at) = text[equals..].find(mark)
        {
            let count = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX);
            (place.column, place.width) = (count(&text[..equals + at]) + 1, count(mark));
        }
        place
    }

    /// The place of a line; the first stretch of it that equals `mark` is marked.
    fn line_place(&self, file: &str, line: u32, mark: Option<&str>) -> Place {
        let text = self.text_at_line(file, line).and_then(|rest| rest.lines().next());
        let mut place = Place::line(file, line);
        if let (Some(text), Some(mark)) = (text, mark.filter(|m| !m.is_empty()))
            && let Some(at) = text.find(mark)
        {
            let count = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX);
            place.column = count(&text[..at]) + 1;
            place.width = count(mark);
        }
        place.text = text.map(ToString::to_string);
        place
    }
}

/// A check.
type Check = fn(&Checked<'_>, &mut Vec<Diagnostic>);

/// Every check.
const CHECKS: &[Check] = &[
    duplicates::customers,
    duplicates::rows,
    duplicates::shared,
    references::check,
    references::circles,
    lines::check,
    events::kinds,
    events::to_come,
    events::edited_after_event,
    events::facts_to_come,
    events::refund_reasons,
    decisions::check,
    stages::check,
    quotes::check,
    ranges::alone,
    ranges::left,
    ranges::between,
    ranges::quotes,
    rates::check,
    floor::check,
    deals::check,
    complaints::check,
    feedback::check,
    events::races,
    events::before_made,
    team::owners,
    team::followers,
    team::double_visits,
    promises::lost,
    created::after_facts,
    approvals::seals,
    approvals::write_offs,
    pool::claims,
    pool::own_limits,
];

/// What the checks need read.
pub fn reads() -> Reads {
    Reads { customers: true, ledgers: TYPED, plain: LedgerSet::all(), ..Reads::NOTHING }
}

/// Runs every check, several at a time (see `rules::engine::once::side_by_side`).
pub fn run(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let one = |check: &Check| {
        let mut out = Vec::new();
        check(checked, &mut out);
        out
    };
    side_by_side(CHECKS, one).into_iter().flatten().collect()
}
