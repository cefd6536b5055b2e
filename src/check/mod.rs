//! Findings that need more than one file: one check a file, and the table of them all.
//!
//! What is wrong inside a single file (syntax, types, unknown keys) is found by reading it, in `store::read`.

mod decisions;
mod duplicates;
pub mod fix;
mod lines;
mod people;
mod references;
mod rows;
mod stages;
pub mod tidy;

use crate::diag::Diagnostic;
use crate::model::book::{Book, Needs};
use crate::model::ledger::LedgerSet;
use crate::rules::index::Index;
use crate::store::load::{TYPED, Texts};

/// What the checks look at.
pub struct Checked<'a> {
    /// Everything that was read, future rows included.
    pub book: &'a Book,
    /// Its rows by customer.
    pub index: &'a Index<'a>,
    /// The texts, for the lines that messages show.
    pub texts: &'a Texts,
}

impl Checked<'_> {
    /// The place of a row, with its line's text and, for a column, where the cell's text stands in it.
    fn row_place(&self, place: crate::model::row::RowPlace, cell: Option<&str>) -> crate::diag::Place {
        self.line_place(self.book.file(place), place.line, cell)
    }

    /// The place of a line; the first stretch of it that equals `mark` is marked.
    fn line_place(&self, file: &str, line: u32, mark: Option<&str>) -> crate::diag::Place {
        let n = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let text = self.texts.get(file).and_then(|t| t.lines().nth(n)).filter(|_| line > 0);
        let mut place = crate::diag::Place::line(file, line);
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
    references::check,
    lines::check,
    rows::kinds,
    rows::edited_after_event,
    decisions::check,
    stages::check,
    people::owners,
    people::double_visits,
];

/// What the checks need read.
pub fn needs() -> Needs {
    Needs { customers: true, ledgers: TYPED, plain: LedgerSet::all() }
}

/// Runs every check.
pub fn run(checked: &Checked<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for check in CHECKS {
        check(checked, &mut out);
    }
    out
}
