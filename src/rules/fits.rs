//! Whether rows that are about to be written keep the ranges at entry (4-rules, opening): the same judgement that import
//! and `check` make of rows that are there.

use super::beside::{Beside, Fact, Others};
use super::ranges::{Doers, Ranges};
use super::sold::{Doubtful, Sold};
use super::turn::{before_made, first_event};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::change::{Change, ChangeSet};
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::minor_digits;
use crate::model::place::RowPlace;
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use std::collections::{BTreeSet, HashSet};

/// Whether new rows, and rows with other cells, keep the ranges that a row has by itself, and name nobody who had left the team
/// by then. A row that broke a range before may be corrected elsewhere all the same. The book must hold the rows that are edited
/// as plain ones.
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn fits(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    let places = Places::of(book, changes);
    for c in &changes.changes {
        let found = match c {
            Change::Append { ledger, rows, .. } => {
                let (alone, columns) = (Alone::of(book, *ledger), ledger.columns());
                rows.iter().find_map(|r| alone.breaches(|n| r.cell(columns[n].name)).into_iter().next())
            }
            Change::EditRow { file, ledger, line, cells } => {
                places.row(*ledger, file, *line).and_then(|row| worsened(book, *ledger, row, cells))
            }
            _ => None,
        };
        if let Some(breach) = found {
            return Err(Refusal::Breach(breach));
        }
    }
    Ok(())
}

/// The rows of the ledgers that are edited, by file.
pub(super) struct Places<'b> {
    /// In order of their lines.
    files: Map<(Ledger, &'static str), &'b [PlainRow]>,
}

impl<'b> Places<'b> {
    /// Those that some changes may edit.
    pub(super) fn of(book: &'b Book, changes: &ChangeSet) -> Places<'b> {
        let edited = changes.changes.iter().filter_map(|c| match c {
            Change::EditRow { ledger, .. } => Some(*ledger),
            _ => None,
        });
        let edited: BTreeSet<Ledger> = edited.collect();
        let of = |ledger: Ledger| {
            let rows = book.plain.get(&ledger).map_or(&[][..], Vec::as_slice);
            let files = rows.chunk_by(|a, b| a.place.file == b.place.file);
            files.map(move |rows| ((ledger, book.file(rows[0].place)), rows))
        };
        Places { files: edited.into_iter().flat_map(of).collect() }
    }

    /// The row that stands at a line of a file.
    pub(super) fn row(&self, ledger: Ledger, file: &str, line: u32) -> Option<&'b PlainRow> {
        let rows = self.files.get(&(ledger, file))?;
        rows.binary_search_by_key(&line, |r| r.place.line).ok().map(|n| &rows[n])
    }
}

/// A row with other cells.
pub(super) fn edited<'x>(ledger: Ledger, row: &PlainRow, cells: &'x [(String, String)]) -> impl Fn(usize) -> &'x str {
    let before = row.cells.clone();
    move |n| {
        let name = ledger.columns()[n].name;
        cells.iter().find(|(k, _)| k == name).map_or(before.get(n), |(_, v)| v.as_str())
    }
}

/// What a row of a ledger is judged by alone.
struct Alone<'b> {
    book: &'b Book,
    ranges: Ranges,
    doers: Doers,
}

impl Alone<'_> {
    fn of(book: &Book, ledger: Ledger) -> Alone<'_> {
        Alone { book, ranges: Ranges::of(ledger), doers: Doers::of(ledger) }
    }

    fn breaches<'c>(&self, cell: impl Fn(usize) -> &'c str) -> Vec<Breach> {
        let settings = &self.book.settings;
        let mut found = self.ranges.alone(&cell, &settings.file.currency);
        found.extend(self.doers.gone(&cell, &self.book.team, settings.tz));
        found
    }
}

/// The breaches of a row with other cells that it did not have before.
fn worsened(book: &Book, ledger: Ledger, row: &PlainRow, cells: &[(String, String)]) -> Option<Breach> {
    let alone = Alone::of(book, ledger);
    let before = alone.breaches(|n| row.cell(n));
    alone.breaches(edited(ledger, row, cells)).into_iter().find(|b| !before.contains(b))
}

/// The order lines among new and edited rows whose amount neither quantity, price and discount give nor that without tax, where they
/// did before: the facts that the finding's words mention.
pub fn doubts(book: &Book, changes: &ChangeSet) -> Vec<Vec<String>> {
    let orders = Ledger::Orders;
    let base = book.settings.file.currency.as_str();
    fn doubt<'c>(cell: impl Fn(&str) -> &'c str, base: &str) -> Option<Doubtful> {
        let currency = Some(cell("currency")).filter(|c| !c.is_empty()).unwrap_or(base);
        Sold::of(&cell).doubt(minor_digits(currency))
    }
    let places = Places::of(book, changes);
    let mut out = Vec::new();
    for c in &changes.changes {
        match c {
            Change::Append { ledger: Ledger::Orders, rows, .. } => {
                let found = rows.iter().filter_map(|r| {
                    let line = || format!("{}/{}", r.cell("id"), r.cell("line"));
                    doubt(|name| r.cell(name), base).map(|d| d.facts(line()))
                });
                out.extend(found);
            }
            Change::EditRow { file, ledger: Ledger::Orders, line, cells } => {
                let Some(row) = places.row(orders, file, *line) else { continue };
                let after = edited(orders, row, cells);
                let now = |name: &str| orders.column(name).map_or("", &after);
                let was = |name: &str| orders.column(name).map_or("", |n| row.cell(n));
                let found = doubt(now, base).filter(|d| doubt(was, base) != Some(*d));
                out.extend(found.map(|d| d.facts(format!("{}/{}", now("id"), now("line")))));
            }
            _ => {}
        }
    }
    out
}

/// Whether no thing gets a day after its first event. The book must hold the events, and the rows that are edited as plain ones.
///
/// # Errors
/// [`Breach::BeforeMade`].
pub fn edits_precede_events(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    let places = Places::of(book, changes);
    for c in &changes.changes {
        let Change::EditRow { file, ledger, line, cells } = c else { continue };
        let text = cells.iter().find(|(column, _)| column == "at").map(|(_, text)| text);
        if let (Some(text), Some(row), Some(id)) = (text, places.row(*ledger, file, *line), ledger.column("id"))
            && let Some(at) = At::parse(text, book.settings.tz)
            && let Some(first) = first_event(book, ledger.kind(), row.cell(id))
            && let Some(breach) = before_made(first, at.day)
        {
            return Err(Refusal::Breach(breach));
        }
    }
    Ok(())
}

/// The breaches of new rows beside those that the book holds: another customer, another currency, more than is left.
/// The book must hold what [`Beside::reads`] says of their ledgers.
pub fn breaches_beside(book: &Book, changes: &ChangeSet) -> Vec<Breach> {
    let present = |id| book.present_id(id);
    let mut facts: Vec<Fact<'_>> = Vec::new();
    for c in &changes.changes {
        let Change::Append { ledger, rows, .. } = c else { continue };
        let (beside, columns) = (Beside::of(*ledger), ledger.columns());
        for r in rows.iter() {
            let cell = |n: usize| r.cell(columns[n].name);
            if !beside.is_empty() && beside.names_others(cell) {
                facts.push(beside.fact(cell, present, &book.settings));
            }
        }
    }
    if facts.is_empty() {
        return Vec::new();
    }
    let others = Others::of(book, &facts, &|_, _| false);
    facts.iter().flat_map(|f| others.judge(f)).collect()
}

/// As [`breaches_beside`].
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn fits_others(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    breaches_beside(book, changes).into_iter().next().map_or(Ok(()), |b| Err(Refusal::Breach(b)))
}

/// The breaches of edited rows of a ledger beside the other rows that they did not have before. The book must hold what
/// [`Beside::reads`] says of their ledgers, and the ledgers' own rows as plain ones.
///
/// # Errors
/// The first [`Refusal::Breach`].
pub fn edits_fit_others(book: &Book, changes: &ChangeSet) -> Result<(), Refusal> {
    let present = |id| book.present_id(id);
    let places = Places::of(book, changes);
    let mut going: HashSet<(Ledger, RowPlace)> = HashSet::new();
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for c in &changes.changes {
        if let Change::EditRow { file, ledger, line, cells } = c
            && let Some(row) = places.row(*ledger, file, *line)
        {
            let beside = Beside::of(*ledger);
            if !beside.is_empty() {
                going.insert((*ledger, row.place));
                before.push(beside.fact(|n| row.cell(n), present, &book.settings));
                after.push(beside.fact(edited(*ledger, row, cells), present, &book.settings));
            }
        }
    }
    if after.is_empty() {
        return Ok(());
    }
    let is_going = |ledger, place| going.contains(&(ledger, place));
    let asked: Vec<Fact<'_>> = before.iter().chain(&after).cloned().collect();
    let others = Others::of(book, &asked, &is_going);
    for (before, after) in before.iter().zip(&after) {
        let before = others.judge(before);
        if let Some(b) = others.judge(after).into_iter().find(|b| !before.contains(b)) {
            return Err(Refusal::Breach(b));
        }
    }
    Ok(())
}
