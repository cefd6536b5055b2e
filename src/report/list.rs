//! Customers as a table, with any field as a column.

use super::document::{Cell, Column, Document, Row, Table};
use super::fields::{CustomerRecord, cell, column};
use crate::i18n::{Lang, messages as m};
use crate::model::money::Decimal;
use crate::model::value::{FieldDef, Record};
use crate::rules::index::Index;

/// The columns of `list` unless others are asked for.
pub const DEFAULT_COLUMNS: &[&str] =
    &["id", "name", "stage", "grade", "intent", "owner", "city", "last_activity", "due"];

/// A table of the chosen customers.
pub fn report(index: &Index<'_>, chosen: &[usize], columns: &[FieldDef], lang: Lang) -> Document {
    let settings = &index.book.settings;
    let heads = columns.iter().map(|d| column(lang, settings, None, d)).collect();
    let rows = chosen
        .iter()
        .map(|&customer| {
            let record = CustomerRecord { index, customer };
            let cells = columns.iter().map(|d| cell(lang, settings, None, d, record.value(d.id))).collect();
            Row { cells, ..Row::default() }
        })
        .collect();
    let id_column = columns.iter().position(|d| d.key == "id").unwrap_or(0);
    Document::table(Table { columns: heads, rows, id_column, ..Table::default() })
}

/// Adds totals and averages of the number columns below a table; values that are not known are left out of both. Ratios
/// have neither (they are computed from sums, never summed), and numbers of versions count nothing.
pub fn add_footer(table: &mut Table, lang: Lang, total: bool, average: bool) {
    let sum = |n: usize| {
        let values: Vec<Decimal> = table.rows.iter().filter_map(|r| number(&r.cells[n])).collect();
        let sum = values.iter().try_fold(Decimal::ZERO, |s, v| s.checked_add(*v));
        (sum, values.len())
    };
    let sums: Vec<(Option<Decimal>, usize)> = (0..table.columns.len()).map(sum).collect();
    let mut line = |word: String, value: &dyn Fn(Decimal, usize) -> Option<Decimal>| {
        let cells = table
            .columns
            .iter()
            .enumerate()
            .map(|(n, c): (usize, &Column)| match (n, c.right, sums[n]) {
                (0, false, _) => Cell::Text(word.clone()),
                (_, true, (Some(s), count)) if count > 0 && c.key != "version" => {
                    match (value(s, count), currency(&table.rows, n)) {
                        (Some(amount), Some(currency)) => Cell::Money { amount, currency },
                        (Some(number), None) => Cell::Number(number),
                        (None, _) => Cell::NotAvailable,
                    }
                }
                _ => Cell::Missing,
            })
            .collect();
        table.footer.push(Row { cells, ..Row::default() });
    };
    if total {
        line(m::total(lang), &|s, _| Some(s));
    }
    if average {
        line(m::average(lang), &|s, n| s.checked_div(Decimal::from(n)));
    }
}

/// The currency of a column of money.
fn currency(rows: &[Row], column: usize) -> Option<String> {
    rows.iter().find_map(|r| match &r.cells[column] {
        Cell::Money { currency, .. } => Some(currency.clone()),
        _ => None,
    })
}

fn number(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Int(n) => Some(Decimal::from(*n)),
        Cell::Number(n) => Some(*n),
        Cell::Money { amount, .. } => Some(*amount),
        _ => None,
    }
}
