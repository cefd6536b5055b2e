//! Whether rows that are about to be written keep the ranges at entry (4-rules, opening): the same judgement that import
//! and `check` make of rows that are there.

use super::ranges::{Fact, Others, Ranges};
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::change::{Change, ChangeSet};
use crate::model::ledger::Ledger;
use crate::model::place::RowPlace;
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use std::collections::BTreeMap;

/// Whether new rows, and rows with other cells, keep the ranges that a row has by itself. A row that broke a range
/// before may be corrected elsewhere all the same. The book must hold the rows that are edited as plain ones.
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn fits(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    let base = book.settings.file.currency.as_str();
    for c in &changes.changes {
        let found = match c {
            Change::Append { ledger, rows, .. } => {
                let ranges = Ranges::of(*ledger);
                let columns = ledger.columns();
                rows.iter().find_map(|r| ranges.alone(|n| r.cell(columns[n].name), base).into_iter().next())
            }
            Change::EditRow { file, ledger, line, cells } => {
                row_at(book, *ledger, file, *line).and_then(|row| worsened(book, *ledger, row, cells))
            }
            _ => None,
        };
        if let Some(breach) = found {
            return Err(Refusal::Breach(breach));
        }
    }
    Ok(())
}

/// The row that stands at a line of a file.
pub(super) fn row_at<'b>(book: &'b Book, ledger: Ledger, file: &str, line: u32) -> Option<&'b PlainRow> {
    let rows = book.plain.get(&ledger)?;
    rows.iter().find(|r| r.place.line == line && book.file(r.place) == file)
}

/// A row with other cells.
pub(super) fn edited<'x>(ledger: Ledger, row: &PlainRow, cells: &'x [(String, String)]) -> impl Fn(usize) -> &'x str {
    let before: Vec<&'static str> = row.cells.clone();
    move |n| {
        let name = ledger.columns()[n].name;
        cells.iter().find(|(k, _)| k == name).map_or(before[n], |(_, v)| v.as_str())
    }
}

/// The breaches of a row with other cells that it did not have before.
fn worsened(book: &Book, ledger: Ledger, row: &PlainRow, cells: &[(String, String)]) -> Option<Breach> {
    let base = book.settings.file.currency.as_str();
    let ranges = Ranges::of(ledger);
    let before = ranges.alone(|n| row.cells[n], base);
    ranges.alone(edited(ledger, row, cells), base).into_iter().find(|b| !before.contains(b))
}

/// The breaches of new rows beside those that the book holds: another customer, another currency, more than is left.
/// The book must hold orders, receipts and refunds.
pub fn breaches_beside(book: &Book, changes: &ChangeSet) -> Vec<Breach> {
    let (base, present) = (book.settings.file.currency.as_str(), |id| book.present_id(id));
    let mut others: Option<Others<'_>> = None;
    let mut out = Vec::new();
    for c in &changes.changes {
        let Change::Append { ledger, rows, .. } = c else { continue };
        let (ranges, columns) = (Ranges::of(*ledger), ledger.columns());
        for r in rows.iter() {
            let cell = |n: usize| r.cell(columns[n].name);
            if ranges.names_others(cell) {
                let fact: Fact<'_> = ranges.fact(cell, present, base);
                out.extend(others.get_or_insert_with(|| Others::of(book)).judge(&fact));
            }
        }
    }
    out
}

/// As [`breaches_beside`].
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn fits_others(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    breaches_beside(book, changes).into_iter().next().map_or(Ok(()), |b| Err(Refusal::Breach(b)))
}

/// The breaches of edited rows of a ledger beside the other rows that they did not have before. The book must hold
/// orders, receipts, refunds, and the ledger's own rows as plain ones.
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn edits_fit_others(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    let (base, present) = (book.settings.file.currency.as_str(), |id| book.present_id(id));
    let mut going: BTreeMap<Ledger, Vec<RowPlace>> = BTreeMap::new();
    let mut rows = Vec::new();
    for c in &changes.changes {
        if let Change::EditRow { file, ledger, line, cells } = c
            && let Some(row) = row_at(book, *ledger, file, *line)
            && !Ranges::of(*ledger).is_empty()
        {
            going.entry(*ledger).or_default().push(row.place);
            rows.push((*ledger, row, cells));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let others = Others::without(book, &|ledger, place| going.get(&ledger).is_some_and(|all| all.contains(&place)));
    for (ledger, row, cells) in rows {
        let ranges = Ranges::of(ledger);
        let before = others.judge(&ranges.fact(|n| row.cells[n], present, base));
        let after = others.judge(&ranges.fact(edited(ledger, row, cells), present, base));
        if let Some(b) = after.into_iter().find(|b| !before.contains(b)) {
            return Err(Refusal::Breach(b));
        }
    }
    Ok(())
}
