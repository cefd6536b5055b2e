//! Rows of any ledger as a table.

use super::document::{Cell, Column, Currency, Document, Row, Table};
use super::fields::{LedgerFields, RowRecord, cell, column, instant, listed};
use super::history::event_value;
use crate::i18n::{Lang, values};
use crate::model::day::At;
use crate::model::ledger::{Ledger, RefTo, SettingList, Type};
use crate::model::money::{Decimal, Sum, multiply, parse_decimal};
use crate::model::row::PlainRow;
use crate::model::value::{FieldDef, Kind, Record, Schema, Value};
use crate::rules::counting::counts;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::unjoined::{Lacks, Unjoined};
use crate::store::cells::unescape_note;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, HashSet};

/// The columns of a ledger's list unless others are asked for.
pub fn default_columns(ledger: Ledger) -> Vec<String> {
    match ledger.spec().list {
        [] => ledger.columns().iter().map(|c| c.name.to_string()).collect(),
        list => list.iter().map(ToString::to_string).collect(),
    }
}

/// A table of the chosen rows. Those that do not count are known where the book has its events.
pub fn report(
    index: &Index<'_>,
    ledger: Ledger,
    chosen: &[&PlainRow],
    columns: &[FieldDef],
    fields: &LedgerFields<'_>,
    lang: Lang,
) -> Document {
    let rows = row_cells(index, ledger, chosen, columns, fields, lang);
    Document::table(Table { rows, ..empty(index, ledger, columns, lang) })
}

/// The same table without rows.
pub fn empty(index: &Index<'_>, ledger: Ledger, columns: &[FieldDef], lang: Lang) -> Table {
    let settings = &index.book.settings;
    let heads: Vec<Column> = columns.iter().map(|d| column(lang, settings, Some(ledger), d)).collect();
    let id_column = columns.iter().position(|d| d.key == "id").unwrap_or(0);
    let nothing = columns.iter().filter(|d| !adds_up(&d.key)).map(|d| (d.key.clone(), Cell::Missing));
    Table { columns: heads, id_column, together: nothing.collect(), ..Table::default() }
}

/// Its rows.
pub fn row_cells(
    index: &Index<'_>,
    ledger: Ledger,
    chosen: &[&PlainRow],
    columns: &[FieldDef],
    fields: &LedgerFields<'_>,
    lang: Lang,
) -> Vec<Row> {
    chosen
        .par_iter()
        .with_min_len(256)
        .map(|row| {
            inside(|| {
                let record = RowRecord { index, ledger, row, fields };
                let cells = columns.iter().map(|d| row_cell(&record, d, lang)).collect();
                Row { cells, uncounted: !counts(index.book, ledger, record.cell("id")), ..Row::default() }
            })
        })
        .collect()
}

/// Puts amounts of several currencies together in the base currency, for the totals of a table whose rows are `chosen`; the rows that
/// have no rate on their day are in none, and are given back. One currency alone stays as it is. The book must hold the rates.
pub fn convert(
    index: &Index<'_>,
    ledger: Ledger,
    chosen: &[&PlainRow],
    columns: &[FieldDef],
    table: &mut Table,
) -> Vec<Unjoined> {
    let (settings, base) = (&index.book.settings, index.prices().base());
    let Some(own) = ledger.column("currency") else { return Vec::new() };
    let currency = |r: &PlainRow| if r.cell(own).is_empty() { base } else { r.cell(own) };
    let at = ledger.column("at");
    let day = |r: &PlainRow| At::parse(r.cell(at?), settings.tz).map(|at| at.day);
    let counted = || chosen.iter().zip(&table.rows).filter(|(_, row)| !row.uncounted).map(|(r, _)| *r);
    if counted().map(currency).collect::<HashSet<_>>().len() < 2 {
        return Vec::new();
    }
    let mut lost = Unjoined::none(ledger, Lacks::Rate);
    let rate = |r: &PlainRow| index.prices().rate(currency(r), day(r).unwrap_or(index.book.today));
    let rates: Vec<(&PlainRow, Option<Decimal>)> = counted().map(|r| (r, rate(r))).collect();
    let amount = |r: &PlainRow, column: &str| parse_decimal(ledger.column(column).map_or("", |n| r.cell(n)));
    for (r, _) in rates.iter().filter(|(_, rate)| rate.is_none()) {
        lost.add_without_rate(base, currency(r), amount(r, "amount"), day(r).unwrap_or(index.book.today));
    }
    let mut converted = BTreeMap::new();
    let shown = |row: &Row, n: usize| match row.cells.get(n) {
        Some(Cell::Money { amount, .. }) => Some(*amount),
        _ => None,
    };
    let rows: Vec<&Row> = table.rows.iter().filter(|row| !row.uncounted).collect();
    for (n, d) in columns.iter().enumerate().filter(|(_, d)| is_amount(ledger, &d.key)) {
        let all = rows.iter().zip(&rates).filter_map(|(row, (_, rate))| Some((shown(row, n)?, (*rate)?)));
        let all: Vec<Option<Decimal>> = all.map(|(amount, rate)| multiply(amount, rate)).collect();
        let sum = all.iter().try_fold(Sum::default(), |sum, a| Some(sum.plus(Sum::of([(*a)?]))));
        let cell = sum.and_then(|s| s.known()).map_or(Cell::NotAvailable, |s| Cell::money(s, base));
        converted.insert(d.key.clone(), (cell, all.len()));
    }
    table.converted = converted;
    if lost.rows > 0 { vec![lost] } else { Vec::new() }
}

/// Whether the values of a column may be added up: numbers of lines, prices of one piece, rates and scores may not.
pub fn adds_up(column: &str) -> bool {
    !matches!(column, "line" | "version" | "price" | "discount" | "unit_cost" | "tax_rate" | "rate" | "score")
}

/// Whether a column holds amounts of money; prices and costs of one piece may have more digits than the currency.
pub fn is_amount(ledger: Ledger, column: &str) -> bool {
    if matches!(ledger, Ledger::Products | Ledger::Targets) {
        return false;
    }
    let figure = || ledger.spec().computed.iter().any(|c| c.name == column && c.kind == Kind::Money);
    matches!(column, "amount" | "tax" | "cost" | "extra_cost") || ledger.column("currency").is_some() && figure()
}

fn row_cell(record: &RowRecord<'_, '_>, def: &FieldDef, lang: Lang) -> Cell {
    let settings = &record.index.book.settings;
    let column = record.ledger.column(&def.key);
    let ty = column.map(|n| record.ledger.columns()[n].ty);
    let raw = column.map_or("", |n| record.text(n));
    if record.ledger == Ledger::Events
        && !raw.is_empty()
        && let Some(word) = event_word(record, &def.key, raw, lang)
    {
        return Cell::code(raw, &word);
    }
    match ty {
        Some(Type::Ref(RefTo::Customer)) if !raw.is_empty() => Cell::Id(record.index.book.present_id(raw).into()),
        Some(Type::Note) if !raw.is_empty() => Cell::Text(unescape_note(raw).into_owned().into()),
        Some(Type::Decimal) if is_amount(record.ledger, &def.key) => parse_decimal(raw)
            .map_or(Cell::Missing, |amount| Cell::Money { amount, currency: Currency::new(currency_of(record)) }),
        Some(Type::YesNo) if !raw.is_empty() => Cell::code(raw, &values::value(lang, "yes_no", raw)),
        // An instant keeps its time of day.
        Some(Type::At) => crate::model::day::At::parse(raw, settings.tz).map_or(Cell::Missing, Cell::At),
        None if let Some(at) = instant(record.index, record.ledger, record.row, &def.key) => Cell::At(at),
        _ => {
            let value = record.value(def.id);
            let unknown = value.is_missing() && matches!(def.kind, Kind::Money | Kind::Ratio);
            // A figure that cannot be computed is not one that nobody wrote down.
            if unknown && record.ledger.spec().computed.iter().any(|c| c.name == def.key) {
                return Cell::NotAvailable;
            }
            match value {
                // A figure of a row is in the row's currency.
                Value::Num(amount) if ty.is_none() && is_amount(record.ledger, &def.key) => {
                    Cell::money(amount, currency_of(record))
                }
                value => cell(lang, settings, Some(record.ledger), def, value),
            }
        }
    }
}

/// The currency of a row; the base currency where it names none.
fn currency_of<'r>(record: &'r RowRecord<'_, '_>) -> &'r str {
    match record.cell("currency") {
        "" => &record.index.book.settings.file.currency,
        own => own,
    }
}

/// What a cell of an event is called: what changed, from what to what, and why depend on what the event is about.
fn event_word(record: &RowRecord<'_, '_>, column: &str, raw: &str, lang: Lang) -> Option<String> {
    let settings = &record.index.book.settings;
    let (kind, event) = (record.cell("kind"), record.cell("event"));
    let reasons = if kind == "customer" { SettingList::CloseReasons } else { SettingList::LostReasons };
    match column {
        "event" => Some(values::value(lang, "event", raw)),
        "from" | "to" => Some(event_value(lang, settings, kind, event, raw)),
        "reason" => Some(listed(lang, settings, reasons, raw)),
        _ => None,
    }
}

/// Every column of a ledger, own ones last: what `export` writes.
pub fn export_columns(ledger: Ledger, rows: &[PlainRow], fields: &LedgerFields<'_>) -> Vec<FieldDef> {
    let mut names: Vec<&str> = ledger.columns().iter().map(|c| c.name).collect();
    let mut known: HashSet<&str> = names.iter().copied().collect();
    names.extend(rows.iter().flat_map(|r| &r.own).map(|(name, _)| *name).filter(|name| known.insert(name)));
    names.iter().filter_map(|n| fields.find(n)).collect()
}
