//! Who is due to buy again by its own interval, as a whole or a product, and which contracts end unrenewed.

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::text;
use super::explain::MOST_ROWS;
use super::profit::total_again;
use super::sales_figures::money;
use super::sales_groups::Names;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::Reads;
use crate::model::money::Sum;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::repurchase::{Due, ORDER_DAYS, READS, contracts, customers, products};

/// Repurchases and renewals that are due.
pub struct Repurchase;

/// What is due; the first one is a customer's next order.
const KEYS: &[&str] = &["customer", "product", "contract"];

fn by<'q>(ask: &'q Ask<'_>) -> &'q str {
    Some(ask.flag("by")).filter(|by| !by.is_empty()).unwrap_or(KEYS[0])
}

impl Report for Repurchase {
    fn name(&self) -> &'static str {
        "repurchase"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report repurchase",
            "kehu report repurchase owner:li days_overdue.gt:0",
            "kehu report repurchase --by product -p next-month",
            "kehu report repurchase --by contract -p ..+90d",
            "kehu report repurchase huaxin --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("-90d..+30d")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report repurchase --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask, lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if matches!(column, "owner" | "grade") { ask.values_of(column) } else { Vec::new() }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade"].map(String::from).to_vec()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        match by(ask) {
            "customer" => title.to_string(),
            other => reporting::by_key(lang, title, labels::label(lang, other)),
        }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let list = list(index, ask);
        let names = Names::new(index, by(ask));
        let rows: Vec<Row> = list.iter().map(|d| row(index, ask, d, &names)).collect();
        let mut table = Table { columns: columns(ask, lang), rows, ..Table::default() };
        if !list.is_empty() {
            let kept = list.iter().filter(|d| ask.keeps(&Cell::Id(index.book.customers[d.customer].id.into())));
            let sum = Sum::of(kept.filter_map(|d| d.amount)).known();
            let cell = |c: &Column| match c.key.as_str() {
                "customer" => Cell::Text(m::total(lang).into()),
                "expected_amount" => money(index.book, sum),
                _ => Cell::Missing,
            };
            table.footer = vec![Row { cells: table.columns.iter().map(cell).collect(), ..Row::default() }];
        }
        let mut doc = Document::table(table);
        let unknown = list.iter().filter(|d| d.amount.is_none()).count();
        if unknown > 0 {
            doc.blocks.push(Block::Note(m::repurchase_unknown(lang, unknown)));
        }
        Answer::of(doc)
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        doc.blocks.push(Block::Note(m::explain_repurchase(lang, ORDER_DAYS)));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let at = t.columns.iter().position(|c| c.key == by(ask));
        let keys = |r: &Row| {
            let of = |n: usize| r.cells.get(n).and_then(Cell::text).unwrap_or_default().to_string();
            (of(0), at.map(of).unwrap_or_default())
        };
        let rows: Vec<(String, String)> = t.rows.iter().take(shown).map(keys).collect();
        for d in list(index, ask) {
            let id = index.book.customers[d.customer].id;
            let head = if d.id.is_empty() { id.to_string() } else { format!("{id} {}", d.id) };
            if !rows.iter().any(|(customer, own)| customer == id && (d.id.is_empty() || own == d.id)) {
                continue;
            }
            let skip = d.places.len().saturating_sub(MOST_ROWS);
            let rows = d.places.iter().skip(skip).map(|(place, day)| format!("  {}: {day}", index.book.place(*place)));
            let rows: Vec<String> = rows.collect();
            doc.blocks.push(Block::Note(format!("{head}\n{}", rows.join("\n"))));
        }
    }
}

/// What is due of customers that fit and are not closed.
fn list<'a>(index: &Index<'a>, ask: &Ask<'_>) -> Vec<Due<'a>> {
    let mut chosen = ask.customers(index);
    chosen.retain(|n| !index.book.customers[*n].closed);
    match by(ask) {
        "product" => products(index, &chosen, ask.period),
        "contract" => contracts(index, &chosen, ask.period),
        _ => customers(index, &chosen, ask.period),
    }
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
    ];
    match by(ask) {
        "product" => columns.extend([typed(lang, "product", Kind::Id), col(lang, "product_name")]),
        "contract" => columns.extend([typed(lang, "contract", Kind::Id), col(lang, "title")]),
        _ => {}
    }
    columns.extend([
        typed(lang, "last_bought", Kind::Day),
        num(lang, "order_days"),
        typed(lang, "interval", Kind::Days),
        typed(lang, "next_order", Kind::Day),
        typed(lang, "days_overdue", Kind::Days),
        typed(lang, "expected_amount", Kind::Money),
    ]);
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "product", "contract", "next_order"]),
            (Importance::Main, &["name", "days_overdue", "expected_amount", "interval"]),
            (Importance::Minor, &["grade", "order_days"]),
        ],
    );
    columns
}

fn row(index: &Index<'_>, ask: &Ask<'_>, d: &Due<'_>, names: &Names<'_>) -> Row {
    let (book, c) = (index.book, &index.book.customers[d.customer]);
    let late = (book.today - d.due).num_days().max(0);
    let mut cells = vec![Cell::Id(c.id.into()), text(c.name), text(c.owner), text(c.grade)];
    if by(ask) != KEYS[0] {
        cells.extend([Cell::Id(d.id.into()), names.of(d.id)]);
    }
    cells.extend([
        Cell::Day(d.last),
        Cell::Int(i64::try_from(d.days).unwrap_or(i64::MAX)),
        Cell::Days(d.gap),
        Cell::Day(d.due),
        Cell::Int(late),
        money(book, d.amount),
    ]);
    let tone = if late > 0 { Tone::Warn } else { Tone::Plain };
    Row { cells, tone, ..Row::default() }
}
