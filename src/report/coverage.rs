//! The visits that customers are owed by their grade, and have had (R5).

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::explain::ratio_text;
use super::{col, num, typed};
use crate::i18n::{Lang, messages as m};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::coverage::{Coverage as Covered, coverage};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::unjoined::of_nobody;
use rayon::prelude::*;
use std::collections::HashSet;

/// Visits required and made, when the next one is due, and what goes beyond the customer's own row.
pub struct Coverage;

impl Report for Coverage {
    fn name(&self) -> &'static str {
        "coverage"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report coverage",
            "kehu report coverage owner:li days_overdue.gt:0",
            "kehu report coverage grade:A missing.gt:0 --sort -missing",
            "kehu report coverage over_visits:yes -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report coverage --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads {
            customers: true,
            ledgers: LedgerSet::of(&[Ledger::Activities]).and(MONEY),
            lean: true,
            ..Reads::NOTHING
        }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if matches!(column, "owner" | "grade") { ask.values_of(column) } else { Vec::new() }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let list = list(index, ask);
        let rows = list.iter().map(|c| row(index, c)).collect();
        let mut table = Table { columns: columns(lang), rows, ..Table::default() };
        table.footer = vec![total(&table, lang)];
        let note = reached(&table, lang);
        let ledgers = LedgerSet::of(&[Ledger::Activities]);
        let strays = of_nobody(index.book, index.prices(), ledgers, Period::ALL);
        let mut doc = Document::table(table);
        doc.blocks.push(note);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        if let Some(table) = answer.table() {
            table.footer = vec![total(table, lang)];
            let note = reached(table, lang);
            answer.doc.blocks.truncate(answer.doc.main + 1);
            answer.doc.blocks.push(note);
        }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let ids: HashSet<String> = match doc.blocks.get(doc.main) {
            Some(Block::Table(t)) if t.columns.first().is_some_and(|c| c.key == "customer") => {
                t.rows.iter().take(shown).filter_map(|r| Some(r.cells.first()?.text()?.to_string())).collect()
            }
            _ => return,
        };
        doc.blocks.push(Block::Note(m::rule(lang, "R5")));
        let mut all = list(index, ask);
        all.retain(|c| ids.contains(index.book.customers[c.customer].id));
        for c in &all {
            doc.blocks.push(Block::Note(explain(index, c, lang)));
        }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
        num(lang, "visits_per_year"),
        num(lang, "visits_required"),
        num(lang, "visits_made"),
        num(lang, "missing"),
        typed(lang, "last_visit", Kind::Day),
        typed(lang, "next_visit", Kind::Day),
        typed(lang, "days_overdue", Kind::Days),
        typed(lang, "over_visits", Kind::Flag),
        typed(lang, "discount_given", Kind::Ratio),
        typed(lang, "discount_max", Kind::Ratio),
        typed(lang, "over_discount", Kind::Flag),
        typed(lang, "credit_used", Kind::Ratio),
        typed(lang, "over_credit", Kind::Flag),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "next_visit", "missing"]),
            (Importance::Main, &["name", "visits_required", "visits_made", "days_overdue"]),
            (Importance::Minor, &["discount_given", "discount_max", "credit_used"]),
        ],
    );
    columns
}

/// The customers with a policy, whose next visit has been due longest first; those that are owed none last.
fn list(index: &Index<'_>, ask: &Ask<'_>) -> Vec<Covered> {
    let chosen = ask.customers(index);
    let one = |n: &usize| inside(|| coverage(index, *n));
    let mut list: Vec<Covered> = chosen.par_iter().with_min_len(256).filter_map(one).collect();
    list.par_sort_unstable_by_key(|c| (c.next.is_none(), c.next, c.customer));
    list
}

fn row(index: &Index<'_>, covered: &Covered) -> Row {
    let book = index.book;
    let c = &book.customers[covered.customer];
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let late = covered.days_overdue(book.today);
    Row {
        cells: vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            text(c.grade),
            Cell::Int(covered.per_year),
            Cell::Int(covered.required),
            Cell::Int(covered.visits),
            Cell::Int(covered.missing()),
            covered.last.map_or(Cell::Missing, |a| Cell::Day(a.day())),
            covered.next.map_or(Cell::Missing, Cell::Day),
            Cell::Int(late),
            Cell::Flag(covered.over_visits()),
            ratio(covered.discount),
            ratio(covered.discount_max),
            Cell::Flag(covered.over_discount()),
            ratio(covered.credit_used),
            Cell::Flag(covered.over_credit()),
        ],
        tone: if covered.missing() > 0 { Tone::Bad } else { Tone::Plain },
        ..Row::default()
    }
}

/// Sums of the visits.
fn total(table: &Table, lang: Lang) -> Row {
    let sum = |n: usize| {
        Cell::Int(table.rows.iter().filter_map(|r| if let Cell::Int(i) = r.cells[n] { Some(i) } else { None }).sum())
    };
    let mut cells = vec![Cell::Text(m::total(lang).into())];
    cells.resize(4, Cell::Missing);
    cells.extend((4..8).map(sum));
    cells.resize(table.columns.len(), Cell::Missing);
    Row { cells, ..Row::default() }
}

/// How many customers have had all of their visits.
fn reached(table: &Table, lang: Lang) -> Block {
    let missing = table.columns.iter().position(|c| c.key == "missing").unwrap_or(0);
    let covered = table.rows.iter().filter(|r| r.cells[missing] == Cell::Int(0)).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (covered, all) = (count(covered), count(table.rows.len()));
    let share = Decimal::from(covered).checked_div(Decimal::from(all)).map(ratio_text).unwrap_or_default();
    Block::Note(m::covered(lang, all, covered, share))
}

fn explain(index: &Index<'_>, covered: &Covered, lang: Lang) -> String {
    let book = index.book;
    let c = &book.customers[covered.customer];
    let since = covered.since.map(|d| d.to_string()).unwrap_or_default();
    let mut lines = vec![m::coverage_owed(lang, covered.required, since, covered.per_year, c.grade)];
    if let Some(next) = covered.next {
        let from = match covered.last {
            Some(a) => m::coverage_last(lang, a.day(), book.place(a.place())),
            None => m::coverage_never(lang, covered.since.map(|d| d.to_string()).unwrap_or_default()),
        };
        let gap = covered.last.map(|a| a.day()).or(covered.since).map_or(0, |d| (next - d).num_days());
        lines.push(m::coverage_next(lang, from, gap, covered.per_year, next));
    }
    let lines: Vec<String> = lines.into_iter().map(|l| format!("  {l}")).collect();
    format!("{}\n{}", c.id, lines.join("\n"))
}
