//! Customers as a table, with any field as a column.

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::explain::figures;
use super::fields::{CustomerRecord, cell, column};
use crate::i18n::{Lang, messages as m};
use crate::metrics::{self, Metric};
use crate::model::money::Decimal;
use crate::model::value::{FieldDef, Record};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use rayon::prelude::*;

/// The columns of `list` unless others are asked for.
pub const DEFAULT_COLUMNS: &[&str] =
    &["id", "name", "stage", "grade", "intent", "owner", "city", "last_activity", "due"];

/// A table of the chosen customers.
pub fn report(index: &Index<'_>, chosen: &[usize], columns: &[FieldDef], lang: Lang) -> Document {
    let settings = &index.book.settings;
    let heads = columns.iter().map(|d| column(lang, settings, None, d)).collect();
    let rows = chosen
        .par_iter()
        .with_min_len(256)
        .map(|&customer| {
            let record = CustomerRecord { index, customer };
            let one = |d: &FieldDef| cell(lang, settings, None, d, record.value(d.id));
            Row { cells: inside(|| columns.iter().map(one).collect()), ..Row::default() }
        })
        .collect();
    let id_column = columns.iter().position(|d| d.key == "id").unwrap_or(0);
    let known =
        |d: &FieldDef| Some((d.key.clone(), cell(lang, settings, None, d, metrics::together(index, &d.key, chosen)?)));
    let together = columns.iter().filter_map(known).collect();
    Document::table(Table { columns: heads, rows, id_column, together, ..Table::default() })
}

/// Puts what stands behind the metrics among the columns below the table, customer by customer.
pub fn explain(doc: &mut Document, index: &Index<'_>, chosen: &[usize], columns: &[FieldDef], lang: Lang) {
    let metrics: Vec<&Metric> = columns.iter().filter_map(|d| metrics::find(&d.key)).collect();
    for &customer in chosen.iter().filter(|_| !metrics.is_empty()) {
        let lines = figures(index, &metrics, customer, lang);
        doc.blocks.push(Block::Note(format!("{}\n{}", index.book.customers[customer].id, lines.join("\n"))));
    }
}

/// Adds totals and averages of the number columns below a table; values that are not known are left out of both, and rows
/// that do not count.
///
/// A percentage is never summed or averaged: both lines show what the table says of all rows together, or nothing. Amounts
/// of several currencies have no sum.
pub fn add_footer(table: &mut Table, lang: Lang, total: bool, average: bool) {
    let counted = || table.rows.iter().filter(|r| !r.uncounted);
    let sum = |n: usize| {
        let values: Vec<Decimal> = counted().filter_map(|r| number(&r.cells[n])).collect();
        let sum = values.iter().try_fold(Decimal::ZERO, |s, v| s.checked_add(*v));
        (sum, values.len())
    };
    let sums: Vec<(Option<Decimal>, usize)> = (0..table.columns.len()).map(sum).collect();
    let mut line = |word: String, value: &dyn Fn(Decimal, usize) -> Option<Decimal>| {
        let cell = |(n, c): (usize, &Column)| match (n, c.right, sums[n]) {
            (0, false, _) => Cell::Text(word.clone().into()),
            (_, true, _) if table.together.contains_key(&c.key) => {
                table.together.get(&c.key).cloned().unwrap_or(Cell::Missing)
            }
            (_, true, _) if counted().any(|r| matches!(r.cells[n], Cell::Ratio(_))) => Cell::Missing,
            (_, true, _) if c.key == "version" => Cell::Missing,
            (_, true, _) if let Some((Cell::Money { amount, currency }, count)) = table.converted.get(&c.key) => {
                value(*amount, *count).map_or(Cell::NotAvailable, |amount| Cell::Money { amount, currency: *currency })
            }
            (_, true, (Some(s), count)) if count > 0 => match (value(s, count), currencies(counted(), n).as_slice()) {
                (Some(number), []) => Cell::Number(number),
                (Some(amount), [currency]) => Cell::money(amount, currency),
                _ => Cell::NotAvailable,
            },
            _ => Cell::Missing,
        };
        let cells = table.columns.iter().enumerate().map(cell).collect();
        table.footer.push(Row { cells, ..Row::default() });
    };
    if total {
        line(m::total(lang), &|s, _| Some(s));
    }
    if average {
        line(m::average(lang), &|s, n| s.checked_div(Decimal::from(n)));
    }
}

/// The cell of a total over other rows: the sum of a column of numbers; amounts are those in the total's currency, or in the
/// only one that there is.
pub(super) fn sum_of(rows: &[Row], column: usize, was: &Cell) -> Cell {
    let cells = || rows.iter().filter_map(|r| r.cells.get(column));
    let sum = |values: &[Decimal]| values.iter().try_fold(Decimal::ZERO, |s, v| s.checked_add(*v));
    let money = |currency: &str| {
        let amounts: Vec<Decimal> = cells()
            .filter_map(|c| match c {
                Cell::Money { amount, currency: own } if own.as_str() == currency => Some(*amount),
                _ => None,
            })
            .collect();
        let known = cells().all(|c| !matches!(c, Cell::NotAvailable));
        sum(&amounts).filter(|_| known).map_or(Cell::NotAvailable, |s| Cell::money(s, currency))
    };
    match was {
        Cell::Money { currency, .. } => money(currency.as_str()),
        Cell::NotAvailable => match currencies(rows.iter(), column).as_slice() {
            [only] => money(only),
            _ => Cell::NotAvailable,
        },
        Cell::Int(_) => {
            let counts = cells().map(|c| if let Cell::Int(n) = c { *n } else { 0 });
            Cell::Int(counts.fold(0, i64::saturating_add))
        }
        Cell::Number(_) => {
            sum(&cells().filter_map(number).collect::<Vec<_>>()).map_or(Cell::NotAvailable, Cell::Number)
        }
        Cell::Ratio(_) | Cell::Days(_) => Cell::Missing,
        other => other.clone(),
    }
}

/// The currencies of a column of money; none for other columns.
fn currencies<'r>(rows: impl Iterator<Item = &'r Row>, column: usize) -> Vec<&'r str> {
    let mut out: Vec<&str> = Vec::new();
    for r in rows {
        if let Cell::Money { currency, .. } = &r.cells[column]
            && !out.contains(&currency.as_str())
        {
            out.push(currency.as_str());
        }
    }
    out
}

fn number(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Int(n) => Some(Decimal::from(*n)),
        Cell::Number(n) | Cell::Days(n) => Some(*n),
        Cell::Money { amount, .. } => Some(*amount),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::Currency;
    use crate::report::{col, num};

    fn d(text: &str) -> Decimal {
        crate::model::money::parse_decimal(text).unwrap()
    }

    fn yuan(text: &str) -> Cell {
        Cell::Money { amount: d(text), currency: Currency::new("CNY") }
    }

    /// The last cell of the total and of the average of a column.
    fn footer(cells: Vec<Cell>, together: Option<Cell>) -> (Cell, Cell) {
        let row = |c| Row { cells: vec![Cell::Id("a".into()), c], ..Row::default() };
        let columns = vec![col(Lang::En, "id"), num(Lang::En, "margin")];
        let mut table = Table { columns, rows: cells.into_iter().map(row).collect(), ..Table::default() };
        table.together.extend(together.map(|c| ("margin".to_string(), c)));
        add_footer(&mut table, Lang::En, true, true);
        let last = |n: usize| table.footer[n].cells[1].clone();
        (last(0), last(1))
    }

    #[test]
    fn percentages_are_recomputed_and_currencies_not_mixed() {
        let ratio = |t| Cell::Ratio(d(t));
        let dollar = Cell::Money { amount: d("1"), currency: Currency::new("USD") };
        let check = |cells: Vec<Cell>, together: Option<Cell>, total: Cell, average: Cell| {
            assert_eq!(footer(cells, together), (total, average));
        };
        check(vec![yuan("1"), yuan("4"), Cell::Missing], None, yuan("5"), yuan("2.5"));
        check(vec![ratio("0.1"), ratio("0.5")], Some(ratio("0.2")), ratio("0.2"), ratio("0.2"));
        check(vec![ratio("0.1"), ratio("0.5")], None, Cell::Missing, Cell::Missing);
        check(vec![yuan("1"), dollar], None, Cell::NotAvailable, Cell::NotAvailable);
        check(vec![Cell::Int(1), Cell::Int(2)], None, Cell::Number(d("3")), Cell::Number(d("1.5")));
    }
}
