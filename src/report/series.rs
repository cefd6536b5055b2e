//! Rows counted and summed by period: what `--per` and `--compare` make of any list that has days.

use super::document::{Cell, Column, Currency, Document, Row, Table};
use super::{col, num};
use crate::i18n::{Lang, messages as m};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::{Calendar, Period};
use crate::query::{Per, buckets};

/// A column that is summed, and the currency of its amounts if it holds such.
pub type Summed = (Column, Option<String>);

/// A row's day and its figures (one for each summed column).
pub type Item = (Day, Vec<Option<Decimal>>);

/// Number of items and sums of their figures; unknown figures are left out.
fn totals(items: &[&Item], width: usize) -> (i64, Vec<Option<Decimal>>) {
    let sum = |n: usize| {
        let known: Vec<Decimal> = items.iter().filter_map(|i| i.1[n]).collect();
        if known.is_empty() { None } else { known.iter().try_fold(Decimal::ZERO, |s, v| s.checked_add(*v)) }
    };
    (i64::try_from(items.len()).unwrap_or(i64::MAX), (0..width).map(sum).collect())
}

fn cells(label: &str, (count, sums): &(i64, Vec<Option<Decimal>>), summed: &[Summed]) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(label.to_string().into()), Cell::Int(*count)];
    cells.extend(sums.iter().zip(summed).map(|(s, (_, currency))| match (s, currency) {
        (None, _) => Cell::Missing,
        (Some(amount), Some(c)) => Cell::Money { amount: *amount, currency: Currency::new(c) },
        (Some(n), None) => Cell::Number(*n),
    }));
    cells
}

fn table(summed: &[Summed], lang: Lang, rows: Vec<Row>) -> Document {
    let mut columns = vec![col(lang, "period"), num(lang, "count")];
    columns.extend(summed.iter().map(|s| s.0.clone()));
    Document::table(Table { columns, rows, ..Table::default() })
}

/// The first and last day of a period, open ends closed by the items.
fn closed(period: Period, items: &[Item], today: Day) -> Period {
    let first = items.iter().map(|i| i.0).min().unwrap_or(today);
    let last = items.iter().map(|i| i.0).max().unwrap_or(today);
    Period::new(period.from.unwrap_or(first), period.to.unwrap_or(last.max(period.from.unwrap_or(first))))
}

/// A row for each day, week, month, quarter or year of the period, empty ones too.
pub fn per(items: &[Item], summed: &[Summed], period: Period, per: Per, cal: &Calendar, lang: Lang) -> Document {
    let whole = closed(period, items, cal.today);
    let rows = buckets(&whole, per, cal)
        .iter()
        .map(|(label, part)| {
            let inside: Vec<&Item> = items.iter().filter(|i| part.contains(i.0)).collect();
            Row { cells: cells(label, &totals(&inside, summed.len()), summed), ..Row::default() }
        })
        .collect();
    table(summed, lang, rows)
}

/// A row for the period, one for what it is compared with, one for the change as a fraction.
pub fn compare(items: &[Item], summed: &[Summed], now: (&str, Period), then: (&str, Period), lang: Lang) -> Document {
    let of = |p: Period| {
        let inside: Vec<&Item> = items.iter().filter(|i| p.contains(i.0)).collect();
        totals(&inside, summed.len())
    };
    let (a, b) = (of(now.1), of(then.1));
    let change = |x: Option<Decimal>, y: Option<Decimal>| match (x, y) {
        (Some(x), Some(y)) if !y.is_zero() => {
            x.checked_sub(y).and_then(|d| d.checked_div(y)).map_or(Cell::NotAvailable, Cell::Ratio)
        }
        _ => Cell::NotAvailable,
    };
    let mut changes = vec![Cell::code("change", &m::change(lang)), change(Some(a.0.into()), Some(b.0.into()))];
    changes.extend(a.1.iter().zip(&b.1).map(|(x, y)| change(*x, *y)));
    let row = |cells| Row { cells, ..Row::default() };
    table(summed, lang, vec![row(cells(now.0, &a, summed)), row(cells(then.0, &b, summed)), row(changes)])
}

/// The period before, of the same length: the calendar unit before where it is one (a month, a quarter, a year).
pub fn previous(p: Period) -> Option<Period> {
    p.previous()
}

/// The same period a year ago.
pub fn year_ago(p: Period) -> Option<Period> {
    use chrono::Months;
    let back = |d: Day| d.checked_sub_months(Months::new(12));
    let (from, to) = (p.from?, p.to?);
    // The last day of February stays the last day of February.
    let end = back(to.succ_opt()?).and_then(|d| d.pred_opt())?;
    Some(Period::new(back(from)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn p(a: &str, b: &str) -> Period {
        Period::new(parse_day(a).unwrap(), parse_day(b).unwrap())
    }

    #[test]
    fn what_a_period_is_compared_with() {
        let check = |now: Period, before: Period, ago: Period| {
            assert_eq!((previous(now), year_ago(now)), (Some(before), Some(ago)), "{now:?}");
        };
        check(p("2026-03-01", "2026-03-31"), p("2026-02-01", "2026-02-28"), p("2025-03-01", "2025-03-31"));
        check(p("2026-07-01", "2026-09-30"), p("2026-04-01", "2026-06-30"), p("2025-07-01", "2025-09-30"));
        check(p("2026-01-01", "2026-12-31"), p("2025-01-01", "2025-12-31"), p("2025-01-01", "2025-12-31"));
        check(p("2026-06-08", "2026-06-14"), p("2026-06-01", "2026-06-07"), p("2025-06-08", "2025-06-14"));
        check(p("2024-02-01", "2024-02-29"), p("2024-01-01", "2024-01-31"), p("2023-02-01", "2023-02-28"));
    }
}
