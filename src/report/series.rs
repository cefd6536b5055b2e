//! What `--per` and `--compare` make of lists and reports: rows counted and summed by period, figures of parts of a period
//! side by side, and the same groups beside another period.

use super::document::{Block, Cell, Column, Currency, Document, Importance, Row, Table};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::day::Day;
use crate::model::money::{Decimal, change};
use crate::model::period::{Calendar, Period};
use crate::model::value::Kind;
use crate::query::{Per, buckets};
use crate::report::picture::{Picture, Shape};
use std::collections::{HashMap, HashSet};

/// What a period is compared with: in Chinese each has words of its own (环比, 同比).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The period before.
    Previous,
    /// The same period a year ago.
    YearAgo,
    /// Another one.
    Other,
}

impl Reading {
    /// The reading of a word that was typed.
    pub fn parse(word: &str) -> Option<Reading> {
        let known = |key: &str| word == key || values::words("compare", key).iter().any(|w| w == word);
        match word {
            "上期" => Some(Reading::Previous),
            "去年同期" => Some(Reading::YearAgo),
            _ if known("previous") => Some(Reading::Previous),
            _ if known("year-ago") => Some(Reading::YearAgo),
            _ => None,
        }
    }

    /// The reading of two periods, whatever they were called.
    pub fn of(now: Period, then: Period) -> Reading {
        if now.year_ago() == Some(then) {
            Reading::YearAgo
        } else if now.previous() == Some(then) {
            Reading::Previous
        } else {
            Reading::Other
        }
    }

    /// Machine key; empty for another period.
    pub fn key(self) -> &'static str {
        match self {
            Reading::Previous => "previous",
            Reading::YearAgo => "year-ago",
            Reading::Other => "",
        }
    }

    /// Columns of figures then and of changes, called after it.
    pub fn call(self, columns: &mut [Column], lang: Lang) {
        for column in columns.iter_mut().filter(|_| self != Reading::Other) {
            let key = format!("{}.{}", self.key(), column.key);
            if labels::has_label(&key) {
                column.label = labels::label(lang, &key);
            }
        }
    }
}

/// A column that is summed, and the currency of its amounts if it holds such.
pub type Summed = (Column, Option<String>);

/// A row, as far as a series looks at it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its day.
    pub day: Day,
    /// Whether it is one of those that are counted; its figures count in any case.
    pub counts: bool,
    /// Its figures, one for each summed column; `None` = unknown.
    pub figures: Vec<Option<Decimal>>,
}

/// Number of items and sums of their figures; unknown figures are left out. Of nothing the sum is 0.
fn totals(items: &[&Item], width: usize) -> (i64, Vec<Option<Decimal>>) {
    let sum = |n: usize| {
        let known: Vec<Decimal> = items.iter().filter_map(|i| i.figures[n]).collect();
        let unknown = known.is_empty() && !items.is_empty();
        let sum = || known.iter().try_fold(Decimal::ZERO, |s, v| s.checked_add(*v));
        if unknown { None } else { sum().map(|s| s.normalize()) }
    };
    let count = items.iter().filter(|i| i.counts).count();
    (i64::try_from(count).unwrap_or(i64::MAX), (0..width).map(sum).collect())
}

/// The change of a figure against another one; n/a where the other is zero, less than zero, or not known.
pub fn change_cell(now: Option<Decimal>, then: Option<Decimal>) -> Cell {
    now.zip(then).and_then(|(now, then)| change(now, then)).map_or(Cell::NotAvailable, Cell::Ratio)
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

/// The amounts of a series that are drawn, where it has one of them.
const DRAWN: [&str; 5] = ["revenue", "net", "profit", "total", "outstanding"];

/// The columns of a series.
pub fn columns(summed: &[Summed], lang: Lang) -> Vec<Column> {
    let mut columns = vec![col(lang, "period"), num(lang, "count")];
    columns.extend(summed.iter().map(|s| s.0.clone()));
    columns
}

fn table(summed: &[Summed], lang: Lang, rows: Vec<Row>) -> Document {
    Document::table(Table { columns: columns(summed, lang), rows, ..Table::default() })
}

/// The first and last day of a period, open ends closed by the items.
fn closed(period: Period, items: &[Item], today: Day) -> Period {
    let first = items.iter().map(|i| i.day).min().unwrap_or(today);
    let last = items.iter().map(|i| i.day).max().unwrap_or(today);
    Period::new(period.from.unwrap_or(first), period.to.unwrap_or(last.max(period.from.unwrap_or(first))))
}

/// A row for each day, week, month, quarter or year of the period, empty ones too.
pub fn per(items: &[Item], summed: &[Summed], period: Period, per: Per, cal: &Calendar, lang: Lang) -> Document {
    let whole = closed(period, items, cal.today);
    let parts = buckets(&whole, per, cal);
    let mut inside: Vec<Vec<&Item>> = vec![Vec::new(); parts.len()];
    for item in items.iter().filter(|i| whole.contains(i.day)) {
        let n = parts.partition_point(|(_, part)| part.to.is_some_and(|to| to < item.day));
        inside[n].push(item);
    }
    let row = |((label, _), inside): (&(String, Period), Vec<&Item>)| Row {
        cells: cells(label, &totals(&inside, summed.len()), summed),
        ..Row::default()
    };
    let rows = parts.iter().zip(inside).map(row).collect();
    let mut doc = table(summed, lang, rows);
    if let Some(Block::Table(table)) = doc.blocks.first_mut() {
        let amounts = || summed.iter().filter(|(_, currency)| currency.is_some()).map(|(c, _)| c.key.as_str());
        let mut drawn: Vec<&str> = amounts().filter(|key| DRAWN.contains(key)).collect();
        drawn.extend(amounts().next().filter(|_| drawn.is_empty()));
        drawn.extend(drawn.is_empty().then_some("count"));
        table.pictures.push(Picture::new(Shape::Bars, "period", &drawn));
    }
    doc
}

/// A row for the period, one for what it is compared with, one for the change as a fraction.
pub fn compare(
    items: &[Item],
    summed: &[Summed],
    now: (&str, Period),
    then: (&str, Period),
    reading: Reading,
    lang: Lang,
) -> Document {
    let of = |p: Period| {
        let inside: Vec<&Item> = items.iter().filter(|i| p.contains(i.day)).collect();
        totals(&inside, summed.len())
    };
    let (a, b) = (of(now.1), of(then.1));
    let words = match (lang, reading) {
        (Lang::En, _) | (_, Reading::Other) => m::change(lang),
        (_, reading) => values::value(lang, "compare", reading.key()),
    };
    let mut changes = vec![Cell::code("change", &words), change_cell(Some(a.0.into()), Some(b.0.into()))];
    changes.extend(a.1.iter().zip(&b.1).map(|(x, y)| change_cell(*x, *y)));
    let row = |cells| Row { cells, ..Row::default() };
    table(summed, lang, vec![row(cells(now.0, &a, summed)), row(cells(then.0, &b, summed)), row(changes)])
}

/// For people: one row a group, one column a part of the period, of one figure.
pub fn pivot(doc: &Document, figure: &str) -> Document {
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return doc.clone() };
    let at = |key: &str| t.columns.iter().position(|c| c.key == key);
    let (Some(period), Some(value)) = (at("period"), at(figure)) else { return doc.clone() };
    let mut labels: Vec<&str> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for r in &t.rows {
        let label = r.cells[period].text().unwrap_or_default();
        let head = &r.cells[..period];
        if rows.last().is_none_or(|last| last.cells[..period] != *head) {
            rows.push(Row { cells: head.to_vec(), ..Row::default() });
        }
        let Some(last) = rows.last_mut() else { continue };
        // Mostly the parts come one after the other; rows that terms took away leave gaps.
        let next = last.cells.len() - period;
        let place = if labels.get(next) == Some(&label) {
            next
        } else {
            labels.iter().position(|l| *l == label).unwrap_or_else(|| {
                labels.push(label);
                labels.len() - 1
            })
        };
        if last.cells.len() <= period + place {
            last.cells.resize(period + place + 1, Cell::Missing);
        }
        last.cells[period + place] = r.cells[value].clone();
    }
    for row in &mut rows {
        row.cells.resize(period + labels.len(), Cell::Missing);
    }
    let mut columns: Vec<Column> = t.columns[..period].to_vec();
    let importance = Importance::Main;
    let column = |l: &&str| Column {
        key: (*l).into(),
        label: (*l).into(),
        right: true,
        importance,
        kind: t.columns[value].kind,
        ..Column::default()
    };
    columns.extend(labels.iter().map(column));
    let mut table = Table { columns, rows, title: Some(t.columns[value].label.clone()), ..Table::default() };
    // Parts that are written alike sort by their days.
    if !labels.is_sorted() {
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by_key(|n| labels[*n]);
        let places: Vec<usize> = (0..period).chain(order.into_iter().map(|n| period + n)).collect();
        table = table.pick_at(&places);
    }
    Document { title: doc.title.clone(), ..Document::table(table) }
}

/// A figure that stands beside its value in another period.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// Its column.
    pub key: &'static str,
    /// Sort of its values.
    pub kind: Kind,
    /// Whether the change stands there too, as a fraction; shares and times have none.
    pub change: bool,
}

/// Revenue and profit, with their changes.
pub const EARNED: &[Beside] = &[
    Beside { key: "revenue", kind: Kind::Money, change: true },
    Beside { key: "profit", kind: Kind::Money, change: true },
];

/// The columns that [`beside`] adds.
pub fn beside_columns(figures: &[Beside], reading: Reading, lang: Lang) -> Vec<Column> {
    let mut columns = Vec::new();
    for figure in figures {
        columns.push(typed(lang, &format!("{}_then", figure.key), figure.kind));
        if figure.change {
            let change = typed(lang, &format!("{}_change", figure.key), Kind::Ratio);
            columns.push(Column { importance: Importance::Main, ..change });
        }
    }
    reading.call(&mut columns, lang);
    columns
}

/// The same groups in another period, beside them: some figures then, and their changes as fractions. A group is found by its first
/// cell; those that were there only then come last, in the section `gone`.
pub fn beside(
    mut now: Document,
    then: &Document,
    figures: &[Beside],
    gone: Option<&str>,
    (reading, lang): (Reading, Lang),
) -> Document {
    let (Some(Block::Table(a)), Some(Block::Table(b))) = (now.blocks.first_mut(), then.blocks.first()) else {
        return now;
    };
    let at = |t: &Table, key: &str| t.columns.iter().position(|c| c.key == key).unwrap_or(0);
    let places: Vec<(&Beside, usize, usize)> = figures.iter().map(|f| (f, at(a, f.key), at(b, f.key))).collect();
    let amount = |c: &Cell| match c {
        Cell::Money { amount, .. } => Some(*amount),
        Cell::Int(n) => Some(Decimal::from(*n)),
        _ => None,
    };
    let extend = |row: &mut Row, other: Option<&Row>| {
        for (figure, n, old) in &places {
            // Who sold nothing then sold for nothing; a row of that time has no figures of this one.
            let before = other.map_or_else(|| nothing(row, figure.key), |r| r.cells[*old].clone());
            let change = figure.change.then(|| change_cell(amount(&row.cells[*n]), amount(&before)));
            row.cells.push(before);
            row.cells.extend(change);
        }
    };
    // A product may stand in several sections.
    let mut before: HashMap<(&str, &str), &Row> = HashMap::new();
    b.rows.iter().for_each(|r| _ = before.entry(key_of(r)).or_insert(r));
    let owned = |(key, word): (&str, &str)| (key.to_string(), word.to_string());
    let kept: HashSet<(String, String)> = a.rows.iter().map(|r| owned(key_of(r))).collect();
    for row in &mut a.rows {
        let other = before.get(&key_of(row)).copied();
        extend(row, other);
    }
    // Of a group that sold only in the other period the name is known.
    let called = |(n, c): (usize, &Column)| {
        (n == 0 || c.key == "name").then(|| b.columns.iter().position(|o| o.key == c.key)).flatten()
    };
    let called: Vec<Option<usize>> = a.columns.iter().enumerate().map(called).collect();
    let once = |r: &&Row| before.get(&key_of(r)).is_some_and(|first| std::ptr::eq(*first, *r));
    for old in b.rows.iter().filter(once).filter(|r| !kept.contains(&owned(key_of(r)))) {
        let cell = |(n, c): (&Option<usize>, &Column)| n.map_or_else(|| nothing(old, &c.key), |n| old.cells[n].clone());
        let cells = called.iter().zip(&a.columns).map(cell).collect();
        let mut row = Row { cells, group: gone.map(Into::into), ..Row::default() };
        extend(&mut row, Some(old));
        a.rows.push(row);
    }
    if let (Some(x), Some(y)) = (a.footer.first_mut(), b.footer.first()) {
        extend(x, Some(y));
        let added = beside_columns(figures, reading, lang);
        let cells = x.cells.iter().skip(x.cells.len().saturating_sub(added.len()));
        let changes = added.iter().zip(cells).filter(|(c, _)| c.key.ends_with("_change"));
        a.together.extend(changes.map(|(c, cell)| (c.key.clone(), cell.clone())));
    }
    a.columns.extend(beside_columns(figures, reading, lang));
    now
}

/// A figure of who sold nothing, in the currency of another row; missing where a column holds none of sales.
fn nothing(row: &Row, key: &str) -> Cell {
    let currency = row.cells.iter().find_map(|c| match c {
        Cell::Money { currency, .. } => Some(*currency),
        _ => None,
    });
    match (key, currency) {
        ("orders" | "returns" | "unknown_cost_lines" | "complaints", _) => Cell::Int(0),
        ("quantity", _) => Cell::Number(Decimal::ZERO),
        ("revenue" | "cost" | "extra_cost" | "profit", Some(currency)) => {
            Cell::Money { amount: Decimal::ZERO, currency }
        }
        ("margin" | "in_time" | "median_hours", _) => Cell::NotAvailable,
        _ => Cell::Missing,
    }
}

/// What a row is about: its first cell. Sales of no group and of unknown customers both have no key, and differ in their
/// words.
fn key_of(row: &Row) -> (&str, &str) {
    let first = row.cells.first();
    let key = first.and_then(Cell::text).unwrap_or_default();
    (key, first.and_then(Cell::label).filter(|_| key.is_empty()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn p(a: &str, b: &str) -> Period {
        Period::new(parse_day(a).unwrap(), parse_day(b).unwrap())
    }

    #[test]
    fn the_same_part_of_both_periods() {
        let check = |now: Period, then: Period, today: &str, expected: (Period, Period)| {
            assert_eq!(now.like_for_like(then, parse_day(today).unwrap()), expected, "{now:?} {today}");
        };
        let (this, last) = (p("2026-01-01", "2026-12-31"), p("2025-01-01", "2025-12-31"));
        check(this, last, "2026-11-27", (p("2026-01-01", "2026-11-27"), p("2025-01-01", "2025-11-27")));
        check(this, last, "2026-12-31", (this, last));
        check(last, p("2024-01-01", "2024-12-31"), "2026-11-27", (last, p("2024-01-01", "2024-12-31")));
        let (march, february) = (p("2026-03-01", "2026-03-31"), p("2026-02-01", "2026-02-28"));
        check(march, february, "2026-03-30", (p("2026-03-01", "2026-03-30"), february));
        check(march, february, "2026-03-05", (p("2026-03-01", "2026-03-05"), p("2026-02-01", "2026-02-05")));
        let (week, before) = (p("2026-06-08", "2026-06-14"), p("2026-06-01", "2026-06-07"));
        check(week, before, "2026-06-10", (p("2026-06-08", "2026-06-10"), p("2026-06-01", "2026-06-03")));
    }

    #[test]
    fn changes_need_a_base_above_zero() {
        let n = |text: &str| crate::model::money::parse_decimal(text);
        let check = |now: &str, then: &str, expected: Option<&str>| {
            let expected = expected.and_then(n).map_or(Cell::NotAvailable, Cell::Ratio);
            assert_eq!(change_cell(n(now), n(then)), expected, "{now} {then}");
        };
        check("150", "100", Some("0.5"));
        check("-50", "100", Some("-1.5"));
        check("100", "0", None);
        check("100", "-50", None);
        check("x", "100", None);
    }

    #[test]
    fn gaps_stay_gaps_side_by_side() {
        let columns = vec![col(Lang::En, "customer"), col(Lang::En, "period"), num(Lang::En, "profit")];
        let row = |id: &str, period: &str, n: i64| Row {
            cells: vec![Cell::Id(id.into()), Cell::Text(period.into()), Cell::Int(n)],
            ..Row::default()
        };
        let rows = vec![row("a", "2026-02", 1), row("b", "2026-01", 2), row("b", "2026-02", 3), row("c", "2026-01", 4)];
        let doc = pivot(&Document::table(Table { columns, rows, ..Table::default() }), "profit");
        let Some(Block::Table(t)) = doc.blocks.first() else { panic!("a table") };
        let heads: Vec<&str> = t.columns.iter().map(|c| c.key.as_str()).collect();
        assert_eq!(heads, ["customer", "2026-01", "2026-02"]);
        let cells: Vec<Vec<Cell>> = t.rows.iter().map(|r| r.cells[1..].to_vec()).collect();
        let int = Cell::Int;
        assert_eq!(cells, [vec![Cell::Missing, int(1)], vec![int(2), int(3)], vec![int(4), Cell::Missing]]);
    }

    #[test]
    fn what_a_period_is_compared_with() {
        let check = |now: Period, before: Period, ago: Period| {
            assert_eq!((now.previous(), now.year_ago()), (Some(before), Some(ago)), "{now:?}");
        };
        check(p("2026-03-01", "2026-03-31"), p("2026-02-01", "2026-02-28"), p("2025-03-01", "2025-03-31"));
        check(p("2026-07-01", "2026-09-30"), p("2026-04-01", "2026-06-30"), p("2025-07-01", "2025-09-30"));
        check(p("2026-01-01", "2026-12-31"), p("2025-01-01", "2025-12-31"), p("2025-01-01", "2025-12-31"));
        check(p("2026-06-08", "2026-06-14"), p("2026-06-01", "2026-06-07"), p("2025-06-08", "2025-06-14"));
        check(p("2024-02-01", "2024-02-29"), p("2024-01-01", "2024-01-31"), p("2023-02-01", "2023-02-28"));
    }
}
