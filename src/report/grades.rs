//! Revenue and profit by grade (R5, R6), and how customers moved between grades.

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Misuse, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::fields::CustomerFields;
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, unjoined};
use super::sales_groups::{UNKNOWN, grade_cell};
use super::series::Reading;
use super::{grade_moves, num, series, typed};
use crate::i18n::{Lang, messages as m};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::{Kind, Schema};
use crate::query::parse_single_day;
use crate::rules::engine::index::Index;
use crate::rules::grade_moves::moves;
use crate::rules::history::{fold_of, value_on};
use crate::rules::profit::{Figures, Sale, sales};
use chrono::{Datelike, Months, NaiveDate};
use std::collections::BTreeMap;

const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]);

/// Revenue and profit by grade, and how customers moved between grades.
pub struct Grades;

impl Grades {
    /// First and last day of the migration.
    fn migration_days(ask: &Ask<'_>) -> Result<(Day, Day), Misuse> {
        let today = ask.calendar.today;
        let day = |name: &str, otherwise: Day| match ask.flag(name) {
            "" => Ok(otherwise),
            text => parse_single_day(text, &ask.calendar).map_err(Misuse::Query),
        };
        let year_ago = today.checked_sub_months(Months::new(12)).unwrap_or(today);
        Ok((day("from", year_ago)?, day("to", today)?))
    }
}

impl Report for Grades {
    fn name(&self) -> &'static str {
        "grades"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report grades",
            "kehu report grades owner:li",
            "kehu report grades --migration --from 2025-01-31 --to 2026-01-31 --json",
            "kehu report grades --moves from:B to:A",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn flags(&self) -> &'static [Flag] {
        &[
            Flag { name: "from", value: Some("DATE"), default: None, values: FlagValues::Any },
            Flag { name: "to", value: Some("DATE"), default: None, values: FlagValues::Any },
            Flag { name: "migration", value: None, default: None, values: FlagValues::Any },
            Flag { name: "moves", value: None, default: None, values: FlagValues::Any },
        ]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report profit --by grade" }
    }

    fn check(&self, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
        let (from, to) = Grades::migration_days(ask)?;
        let wrong = |message: String| Err(Misuse::Value { message, nearest: Vec::new(), hint: String::new() });
        if to > ask.calendar.today {
            return wrong(m::in_the_future(lang, to));
        }
        if from > to { wrong(m::migration_reversed(lang, from, to)) } else { Ok(()) }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        match (ask.is_set("moves"), ask.is_set("migration")) {
            (true, _) => grade_moves::columns(lang),
            (_, true) => migration_columns(lang),
            _ => columns(lang),
        }
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let grades =
            || CustomerFields::new(ask.settings, ask.team).find("grade").map_or_else(Vec::new, |def| def.values);
        match column {
            "grade" | "from" | "to" => grades(),
            "owner" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        let keys: &[&str] = if ask.is_set("moves") { &["customer", "name", "owner"] } else { &["grade"] };
        keys.iter().map(|k| (*k).to_string()).collect()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let today = ask.calendar.today;
        let (from, to) = Grades::migration_days(ask).unwrap_or((today, today));
        let chosen = ask.customers(index);
        // Unless somebody says from when on, all moves count: of those of the last year nobody knows yet what they bring.
        let since = Some(from).filter(|_| !ask.flag("from").is_empty());
        let moved = moves(index, &chosen, Period { from: since, to: Some(to) });
        if ask.is_set("moves") {
            let mut doc = Document::table(grade_moves::each(index, &moved, lang));
            if ask.people {
                grade_moves::together(&mut doc, index, &moved, lang);
            }
            return Answer::of(doc);
        }
        let q = Question { chosen: &chosen, from, to, migration: ask.is_set("migration"), ask };
        let (mut doc, (lines, revenue)) = report(index, &q, lang);
        if ask.people {
            grade_moves::together(&mut doc, index, &moved, lang);
        }
        let mut wanted = vec![false; index.book.customers.len()];
        chosen.iter().for_each(|c| wanted[*c] = true);
        let fits = |s: &Sale<'_>| s.customer.map_or(ask.filter.is_empty(), |c| wanted[c]);
        let strays = index.prices().has_strays();
        let unjoined = unjoined(index, (Period::ALL, &fits), strays, (false, true));
        let unknown = Unknown { lines, revenue, unjoined };
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        // The migration has no totals.
        if !ask.is_set("migration") && !ask.is_set("moves") {
            total_again(self, answer, index, ask, lang);
        }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "grade", Kind::Code), num(lang, "customers")];
    for figure in ["revenue", "profit"] {
        columns.push(typed(lang, figure, Kind::Money));
        columns.push(typed(lang, &format!("{figure}_then"), Kind::Money));
        columns.push(typed(lang, &format!("{figure}_change"), Kind::Ratio));
        columns.push(typed(lang, &format!("{figure}_last_year"), Kind::Money));
        columns.push(typed(lang, &format!("{figure}_share"), Kind::Ratio));
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["grade", "revenue", "profit"]),
            (Importance::Main, &["revenue_change", "profit_change"]),
            (Importance::Minor, &["revenue_last_year", "profit_last_year"]),
        ],
    );
    Reading::YearAgo.call(&mut columns, lang);
    columns
}

fn migration_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![typed(lang, "from", Kind::Code), typed(lang, "to", Kind::Code), num(lang, "customers")];
    columns.extend(["profit_before", "profit_after", "profit_effect"].map(|k| typed(lang, k, Kind::Money)));
    rank(&mut columns, &[(Importance::Key, &["from", "to", "profit_effect"]), (Importance::Main, &["customers"])]);
    columns
}

/// Cases below which a figure is marked.
const FEW: usize = crate::rules::stays::FEW as usize;

/// The days compared: this year to date, the same days of last year, all of last year. A year begins on the first day of
/// the month `fiscal_year_start`.
pub fn years(today: Day, fiscal_year_start: u32) -> [Period; 3] {
    let first = |year: i32| NaiveDate::from_ymd_opt(year, fiscal_year_start, 1).unwrap_or(today);
    let year = today.year() - i32::from(today.month() < fiscal_year_start);
    let now = Period::new(first(year), today);
    let last = Period::new(first(year - 1), first(year).pred_opt().unwrap_or(today));
    [now, now.year_ago().unwrap_or(last), last]
}

/// Sums of sales by group.
fn sums<'a>(
    all: &[Sale<'a>],
    period: Period,
    group: impl Fn(&Sale<'a>) -> Option<String>,
) -> BTreeMap<String, Figures> {
    let mut out: BTreeMap<String, Figures> = BTreeMap::new();
    for s in all.iter().filter(|s| period.contains(s.day)) {
        if let Some(key) = group(s) {
            out.entry(key).or_default().add(s);
        }
    }
    out
}

fn revenue(f: &Figures) -> Option<Decimal> {
    Some(f.revenue())
}

fn profit(f: &Figures) -> Option<Decimal> {
    f.profit()
}

fn share(part: Option<Decimal>, all: Option<Decimal>) -> Cell {
    let share = part.zip(all).filter(|(_, all)| *all > Decimal::ZERO).and_then(|(part, all)| part.checked_div(all));
    share.map_or(Cell::NotAvailable, Cell::Ratio)
}

/// What the report is asked about.
#[derive(Clone, Copy)]
struct Question<'q> {
    /// The customers, by index.
    chosen: &'q [usize],
    /// First day of the migration.
    from: Day,
    /// Last day of the migration.
    to: Day,
    /// Whether the migration is the main table.
    migration: bool,
    /// Which grades the totals are about.
    ask: &'q Ask<'q>,
}

/// The report, with the number and revenue of this year's lines without cost.
fn report(index: &Index<'_>, q: &Question<'_>, lang: Lang) -> (Document, (i64, Decimal)) {
    let book = index.book;
    let prices = index.prices();
    let all = sales(book, prices, Period::ALL);
    let mut doc = Document { title: None, blocks: Vec::new(), main: 0 };
    let (table, few, unknown) = by_grade(index, &all, q, lang);
    doc.blocks.push(Block::Table(table));
    let note = |doc: &mut Document, few: Vec<String>| {
        if !few.is_empty() {
            doc.blocks.push(Block::Note(m::few_cases(lang, few.join(", "))));
        }
    };
    note(&mut doc, few);
    let (table, few) = migration(index, &all, q, lang);
    if q.ask.people {
        doc.blocks.extend(matrix(&table, q, lang).map(Block::Table));
    }
    if q.migration {
        doc.main = doc.blocks.len();
    }
    doc.blocks.push(Block::Table(table));
    doc.blocks.push(Block::Note(m::migration_note(lang, q.from)));
    if q.from.checked_add_months(Months::new(12)).is_none_or(|end| end > book.today) {
        doc.blocks.push(Block::Note(m::migration_early(lang, q.from)));
    }
    note(&mut doc, few);
    (doc, unknown)
}

type ByGrade = (Table, Vec<String>, (i64, Decimal));

fn by_grade(index: &Index<'_>, all: &[Sale<'_>], q: &Question<'_>, lang: Lang) -> ByGrade {
    let book = index.book;
    let mut wanted = vec![false; book.customers.len()];
    q.chosen.iter().for_each(|c| wanted[*c] = true);
    // Terms are about customers: nobody knows whether one would choose those that are not in the book.
    let strangers = q.ask.filter.is_empty();
    let grade = |s: &Sale<'_>| match s.customer {
        Some(c) => wanted[c].then(|| book.customers[c].grade.to_string()),
        None => strangers.then(|| UNKNOWN.to_string()),
    };
    let any = |s: &Sale<'_>| grade(s).map(|_| String::new());
    let periods = years(book.today, book.settings.fiscal_year_start);
    let groups = periods.map(|p| sums(all, p, grade));
    let whole = periods.map(|p| sums(all, p, any).remove("").unwrap_or_default());
    let columns = columns(lang);
    let currency = &book.settings.file.currency;
    let money = |amount: Option<Decimal>| amount.map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency));
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let figures = |[now, then, last]: [&Figures; 3]| {
        let mut cells = Vec::new();
        for f in [revenue as fn(&Figures) -> Option<Decimal>, profit] {
            cells.extend([money(f(now)), money(f(then)), series::change_cell(f(now), f(then)), money(f(last))]);
            cells.push(share(f(now), f(&whole[0])));
        }
        cells
    };
    // Best first, then grades that kehu.toml does not have, then those without one.
    let mut grades: Vec<String> = book.settings.file.grades.keys().cloned().collect();
    let there = q.chosen.iter().map(|c| book.customers[*c].grade.to_string());
    let mut others: Vec<String> = there.filter(|g| !grades.contains(g)).collect();
    others.sort_by(|a, b| a.is_empty().cmp(&b.is_empty()).then(a.cmp(b)));
    others.dedup();
    grades.extend(others);
    if groups.iter().any(|g| g.contains_key(UNKNOWN)) {
        grades.push(UNKNOWN.to_string());
    }
    let none = Figures::default();
    let (mut rows, mut few) = (Vec::new(), Vec::new());
    for g in &grades {
        let customers = (g != UNKNOWN).then(|| q.chosen.iter().filter(|c| book.customers[**c].grade == g).count());
        if customers.is_some_and(|n| (1..FEW).contains(&n)) {
            few.push(if g.is_empty() { m::empty_word(lang) } else { g.clone() });
        }
        let mut cells = vec![grade_cell(g, lang), customers.map_or(Cell::Missing, count)];
        cells.extend(figures([0, 1, 2].map(|n| groups[n].get(g).unwrap_or(&none))));
        rows.push(Row { cells, ..Row::default() });
    }
    let kept = |g: &str| q.ask.keeps(&grade_cell(g, lang));
    let customers = q.chosen.iter().filter(|c| kept(book.customers[**c].grade)).count();
    let sum = |groups: &BTreeMap<String, Figures>| {
        groups.iter().filter(|(g, _)| kept(g)).fold(Figures::default(), |sum, (_, f)| sum.and(f))
    };
    let totals = [0, 1, 2].map(|n| sum(&groups[n]));
    let mut total = vec![Cell::Text(m::total(lang).into()), count(customers)];
    total.extend(figures([0, 1, 2].map(|n| &totals[n])));
    let footer = vec![Row { cells: total, ..Row::default() }];
    let unknown = (totals[0].unknown_cost_lines, totals[0].unknown_revenue());
    let from = periods[0].from.unwrap_or(book.today);
    let title = Some(m::grades_title(lang, from, book.today));
    (Table { columns, rows, footer, title, ..Table::default() }, few, unknown)
}

/// A customer's grade at the end of a day; empty = none, or not there yet.
fn grade_on(index: &Index<'_>, customer: usize, day: Day) -> String {
    let c = &index.book.customers[customer];
    if c.created.is_some_and(|d| d > day) {
        return String::new();
    }
    if day >= index.book.today {
        return c.grade.into();
    }
    fold_of(index.events(customer), "grade").map_or(c.grade, |f| value_on(&f, day)).into()
}

fn migration(index: &Index<'_>, all: &[Sale<'_>], q: &Question<'_>, lang: Lang) -> (Table, Vec<String>) {
    let book = index.book;
    let mut moved: BTreeMap<(usize, String, usize, String), Vec<usize>> = BTreeMap::new();
    let mut group_of = vec![None; book.customers.len()];
    let place = |g: &str| book.settings.file.grades.get_index_of(g).unwrap_or(usize::MAX);
    for &c in q.chosen {
        let (from, to) = (grade_on(index, c, q.from), grade_on(index, c, q.to));
        if from.is_empty() && to.is_empty() {
            continue;
        }
        group_of[c] = Some(format!("{from}\n{to}"));
        moved.entry((place(&from), from, place(&to), to)).or_default().push(c);
    }
    let year = Months::new(12);
    let (start, end) = (q.from.checked_sub_months(year), q.from.checked_add_months(year));
    let before = Period { from: start.and_then(|d| d.succ_opt()), to: Some(q.from) };
    let after = Period { from: q.from.succ_opt(), to: end };
    // Twelve months that are not over cannot be compared with twelve that are.
    let over = end.is_some_and(|d| d <= book.today);
    let group = |s: &Sale<'_>| s.customer.and_then(|c| group_of[c].clone());
    let (before, after) = (sums(all, before, group), sums(all, after, group));
    let currency = &book.settings.file.currency;
    let money = |amount: Option<Decimal>| amount.map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency));
    let (mut rows, mut few) = (Vec::new(), Vec::new());
    for ((_, from, _, to), customers) in &moved {
        let key = format!("{from}\n{to}");
        let profit = |m: &BTreeMap<String, Figures>| m.get(&key).map_or(Some(Decimal::ZERO), Figures::profit);
        let (was, is) = (profit(&before), profit(&after).filter(|_| over));
        let effect = is.zip(was).map(|(is, was)| is - was);
        if customers.len() < FEW {
            let shown = |g: &str| if g.is_empty() { m::empty_word(lang) } else { g.to_string() };
            few.push(format!("{} → {}", shown(from), shown(to)));
        }
        let n = i64::try_from(customers.len()).unwrap_or(i64::MAX);
        let cells =
            vec![grade_cell(from, lang), grade_cell(to, lang), Cell::Int(n), money(was), money(is), money(effect)];
        rows.push(Row { cells, ..Row::default() });
    }
    let columns = migration_columns(lang);
    let title = Some(m::migration_title(lang, q.from, q.to));
    (Table { columns, rows, title, ..Table::default() }, few)
}

/// The migration as people know it: a row for each grade that customers had, a column for each that they have.
fn matrix(list: &Table, q: &Question<'_>, lang: Lang) -> Option<Table> {
    let mut grades: Vec<&Cell> = Vec::new();
    let file = &q.ask.settings.file.grades;
    let place = |c: &Cell| file.get_index_of(c.text().unwrap_or_default()).unwrap_or(usize::MAX);
    for cell in list.rows.iter().flat_map(|r| &r.cells[..2]) {
        if !grades.contains(&cell) {
            grades.push(cell);
        }
    }
    grades.sort_by_key(|c| place(c));
    let shown = |c: &Cell| c.label().filter(|_| c.text() == Some("")).or(c.text()).unwrap_or_default().to_string();
    let head = |c: &&Cell| Column { label: shown(c), ..num(lang, &shown(c)) };
    let mut columns = vec![typed(lang, "from", Kind::Code)];
    columns.extend(grades.iter().map(head));
    let count = |from: &Cell, to: &Cell| {
        let found = list.rows.iter().find(|r| r.cells[0] == *from && r.cells[1] == *to);
        found.map_or(Cell::Missing, |r| r.cells[2].clone())
    };
    let row = |from: &&Cell| {
        let mut cells = vec![(*from).clone()];
        cells.extend(grades.iter().map(|to| count(from, to)));
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = grades.iter().map(row).collect();
    let title = Some(m::matrix_title(lang, q.from, q.to));
    (!rows.is_empty()).then_some(Table { columns, rows, title, ..Table::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn years_are_fiscal() {
        let day = |s: &str| parse_day(s).unwrap();
        let check = |today: &str, start: u32, expected: [(&str, &str); 3]| {
            assert_eq!(years(day(today), start), expected.map(|(a, b)| Period::new(day(a), day(b))), "{today} {start}");
        };
        let calendar = [("2026-01-01", "2026-06-30"), ("2025-01-01", "2025-06-30"), ("2025-01-01", "2025-12-31")];
        check("2026-06-30", 1, calendar);
        let april = [("2026-04-01", "2026-06-30"), ("2025-04-01", "2025-06-30"), ("2025-04-01", "2026-03-31")];
        check("2026-06-30", 4, april);
        let july = [("2025-07-01", "2026-06-30"), ("2024-07-01", "2025-06-30"), ("2024-07-01", "2025-06-30")];
        check("2026-06-30", 7, july);
    }
}
