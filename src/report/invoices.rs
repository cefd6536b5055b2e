//! What is not invoiced, invoiced and not paid, paid and not invoiced (R10).

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::MOST_ROWS;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::Reads;
use crate::model::money::{Decimal, Sum, shown};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::invoices::{Case, READS};
use std::collections::BTreeMap;

/// Cases in which invoices and money do not go together.
pub struct Invoices;

/// The amounts of a row, in their order.
const AMOUNTS: [&str; 6] = ["amount", "invoiced", "paid", "uninvoiced", "invoiced_unpaid", "paid_uninvoiced"];
/// What it can be grouped by.
const KEYS: &[&str] = &["order", "customer"];

impl Report for Invoices {
    fn name(&self) -> &'static str {
        "invoices"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report invoices",
            "kehu report invoices uninvoiced.gt:0 --sort -uninvoiced",
            "kehu report invoices --by customer owner:li",
            "kehu report invoices invoiced_unpaid.gt:0 due.le:today -f csv -o unpaid.csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("order"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report invoices --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(by_customer(ask), lang)
    }

    fn values(&self, column: &str, _ask: &Ask<'_>) -> Values {
        match column {
            "case_kind" => {
                ["order", "contract", "receivable"].map(|v| (v.to_string(), values::words("case_kind", v))).to_vec()
            }
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        reporting::by_key(lang, reporting::title(lang, self.name()), labels::label(lang, ask.flag("by")))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        Answer::of(report(index, ask, lang))
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        super::profit::total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        explain(doc, index, ask, shown, lang);
    }
}

fn by_customer(ask: &Ask<'_>) -> bool {
    ask.flag("by") == "customer"
}

fn columns(by_customer: bool, lang: Lang) -> Vec<Column> {
    let mut columns = Vec::new();
    if by_customer {
        columns.extend([typed(lang, "customer", Kind::Id), col(lang, "name"), num(lang, "cases")]);
    } else {
        columns.extend([typed(lang, "case", Kind::Id), typed(lang, "case_kind", Kind::Code)]);
        columns.extend([typed(lang, "customer", Kind::Id), col(lang, "name")]);
        columns.extend(["at", "due"].map(|k| typed(lang, k, Kind::Day)));
    }
    for c in columns.iter_mut().filter(|c| c.key == "due") {
        c.label = labels::column(lang, "invoices", "due");
    }
    columns.push(col(lang, "currency"));
    columns.extend(AMOUNTS.iter().map(|k| typed(lang, k, Kind::Money)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["case", "customer", "uninvoiced", "invoiced_unpaid", "paid_uninvoiced"]),
            (Importance::Main, &["name", "amount", "due"]),
            (Importance::Minor, &["case_kind", "at"]),
        ],
    );
    columns
}

fn amounts(c: &Case<'_>) -> [Decimal; 6] {
    [c.amount, c.invoiced, c.paid, c.uninvoiced(), c.unpaid(), c.paid_uninvoiced()]
}

/// The cases of the chosen customers in which something is open, the oldest due first.
fn chosen<'x, 'a>(index: &'x Index<'a>, ask: &Ask<'_>) -> Vec<&'x Case<'a>> {
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|n| wanted[n] = true);
    let open = |c: &&Case<'_>| amounts(c)[3..].iter().any(|n| !n.is_zero());
    let mut list: Vec<&Case<'a>> =
        index.invoiced().cases().iter().filter(|c| wanted[c.customer]).filter(open).collect();
    list.sort_by_key(|c| (c.due, c.at, c.id, c.kind));
    list
}

fn money_cells(sums: &[Sum; 6], currency: &str) -> impl Iterator<Item = Cell> {
    sums.map(|s| s.known().map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency))).into_iter()
}

fn add(sums: &mut [Sum; 6], c: &Case<'_>) {
    sums.iter_mut().zip(amounts(c)).for_each(|(sum, amount)| sum.add(amount));
}

fn report(index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Document {
    let (book, grouped) = (index.book, by_customer(ask));
    let base = book.settings.file.currency.as_str();
    let list = chosen(index, ask);
    let columns = columns(grouped, lang);
    let mut whole = [Sum::ZERO; 6];
    let key = |c: &Case<'_>| Cell::Id(if grouped { book.customers[c.customer].id } else { c.id }.into());
    list.iter().filter(|c| c.currency == base && ask.keeps(&key(c))).for_each(|c| add(&mut whole, c));
    let rows: Vec<Row> = if grouped {
        let mut of: BTreeMap<(usize, &str), (i64, [Sum; 6])> = BTreeMap::new();
        for c in &list {
            let group = of.entry((c.customer, c.currency)).or_default();
            group.0 += 1;
            add(&mut group.1, c);
        }
        let mut of: Vec<_> = of.into_iter().collect();
        of.sort_by_key(|(key, (_, sums))| (std::cmp::Reverse(sums[3].known()), *key));
        of.iter()
            .map(|((customer, currency), (n, sums))| {
                let c = &book.customers[*customer];
                let mut cells = vec![Cell::Id(c.id.into()), text(c.name), Cell::Int(*n), text(currency)];
                cells.extend(money_cells(sums, currency));
                Row { cells, ..Row::default() }
            })
            .collect()
    } else {
        list.iter()
            .map(|c| {
                let customer = &book.customers[c.customer];
                let kind = Cell::code(c.kind, &values::value(lang, "case_kind", c.kind));
                let mut cells = vec![Cell::Id(c.id.into()), kind, Cell::Id(customer.id.into()), text(customer.name)];
                cells.extend([Cell::Day(c.at), Cell::Day(c.due), text(c.currency)]);
                cells.extend(amounts(c).map(|amount| Cell::money(amount, c.currency)));
                Row { cells, ..Row::default() }
            })
            .collect()
    };
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(columns.len() - AMOUNTS.len() - 1, Cell::Missing);
    total.push(text(base));
    total.extend(money_cells(&whole, base));
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    Document::table(Table { columns, rows, footer, ..Table::default() })
}

/// Puts the invoices behind the first rows below the table.
fn explain(doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown_rows: usize, lang: Lang) {
    let book = index.book;
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
    let keys: Vec<String> =
        t.rows.iter().take(shown_rows).filter_map(|r| Some(r.cells.first()?.text()?.into())).collect();
    doc.blocks.push(Block::Note(m::rule(lang, "R10")));
    for key in keys {
        let of = |c: &&Case<'_>| if by_customer(ask) { book.customers[c.customer].id == key } else { c.id == key };
        let mut lines = vec![key.clone()];
        for c in chosen(index, ask).into_iter().filter(of) {
            let its = index.invoiced().invoices_of(c);
            for (invoice, amount) in its.iter().take(MOST_ROWS) {
                let (place, at) = (book.place(invoice.row.place), invoice.cell("at"));
                lines.push(m::cash(lang, place, at, shown(*amount, c.currency)));
            }
            if its.len() > MOST_ROWS {
                lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
            }
        }
        if lines.len() == 1 {
            lines.push(m::no_rows(lang));
        }
        doc.blocks.push(Block::Note(lines.join("\n")));
    }
}
