//! What new customers bring: the profit, in a period, of customers whose first ever order lies in it (R6).

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::{amount_text, cut, ratio_text};
use super::fields::word;
use super::profit::total_again;
use super::sales_figures::{Unknown, caveats, lines_by, money, unjoined};
use super::sales_groups::{Groups, Names, key_column, no_group};
use super::series::{Beside, beside, beside_columns};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::groups::by_customer;
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale, Subject};
use crate::rules::stays::FEW;
use std::cmp::Reverse;
use std::collections::BTreeMap;

const READS: Reads =
    Reads::customers_and(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events])
        .without_notes();

/// New customers.
pub struct New;

/// What they can be grouped by; the first one is each by itself.
const KEYS: &[&str] =
    &["customer", "month", "owner", "source", "industry", "region", "city", "country", "grade", "kind"];

/// The figures that stand beside those of another period.
const COMPARED: &[Beside] = &[
    Beside { key: "customers", kind: Kind::Number, change: true },
    Beside { key: "revenue", kind: Kind::Money, change: true },
    Beside { key: "profit", kind: Kind::Money, change: true },
];

/// The key by which they are grouped, if they are.
fn grouped<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != KEYS[0])
}

impl Report for New {
    fn name(&self) -> &'static str {
        "new"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report new",
            "kehu report new --by source -p 2026H1 --compare previous",
            "kehu report new --by month -p 2026",
            "kehu report new owner:li -p this-quarter --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("customer"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report new --by month" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        let mut columns = columns(ask, lang);
        if let Some(then) = ask.compare.as_ref().filter(|_| grouped(ask).is_some()) {
            columns.extend(beside_columns(COMPARED, then.reading, lang));
        }
        columns
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        ask.values_of(column)
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        let each: &[&str] = &["customer", "name", "owner", "source"];
        let keys = grouped(ask).map_or_else(|| each.to_vec(), |by| if by == "month" { Vec::new() } else { vec![by] });
        keys.into_iter().map(String::from).collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        grouped(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let found = Found::new(index, ask, ask.period);
        let mut doc = found.document(ask, lang);
        if let Some(then) = &ask.compare {
            let before = Found::new(index, ask, then.then);
            if grouped(ask).is_some() {
                doc = beside(doc, &before.document(ask, lang), COMPARED, None, (then.reading, lang));
            }
            doc.blocks.push(Block::Note(found.said(None, lang)));
            doc.blocks.push(Block::Note(before.said(Some(&then.other), lang)));
        } else if !found.list.is_empty() {
            doc.blocks.push(Block::Note(found.said(None, lang)));
        }
        let all = found.sum(|_| true);
        let fits = |s: &Sale<'_>| ask.has_sale(index, s);
        let strays = index.prices().has_strays();
        let unjoined = unjoined(index, (ask.period, &fits), strays, (false, all.unreadable_lines > 0));
        let unknown = Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined };
        Answer { doc, caveats: caveats(&unknown, index.book, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let found = Found::new(index, ask, ask.period);
        let mut new = vec![false; index.book.customers.len()];
        found.list.iter().for_each(|n| new[n.customer] = true);
        let key = |s: &Sale<'_>| {
            let of = |n: &New1| n.customer == s.customer.unwrap_or(usize::MAX);
            found.list.iter().find(|n| of(n)).map_or_else(String::new, |n| found.key(ask, n))
        };
        let fits = |s: &Sale<'_>| s.customer.is_some_and(|c| new[c]);
        let mut lines = lines_by(index, lang, ask.period, &fits, &key);
        doc.blocks.push(Block::Note(m::explain_new(lang)));
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
        for first in rows {
            if let Some(lines) = lines.remove(first.text().unwrap_or_default()) {
                let head = first.label().filter(|_| first.text() == Some("")).or(first.text()).unwrap_or_default();
                doc.blocks.push(Block::Note(format!("{head}\n{}", cut(lines, lang).join("\n"))));
            }
        }
    }
}

/// A new customer.
struct New1 {
    customer: usize,
    first: Day,
    figures: Figures,
}

/// The new customers of a period that fit.
struct Found<'x, 'a> {
    index: &'x Index<'a>,
    list: Vec<New1>,
    /// What all customers earned in the period that fit.
    profit: Option<Decimal>,
}

impl<'x, 'a> Found<'x, 'a> {
    fn new(index: &'x Index<'a>, ask: &Ask<'_>, period: Period) -> Found<'x, 'a> {
        let figures = by_customer(index.book, index.prices(), period);
        let days = index.order_days();
        let chosen = ask.customers(index);
        let new = |customer: &usize| {
            let first = *days.of(*customer).first().filter(|d| period.contains(**d))?;
            Some(New1 { customer: *customer, first, figures: figures.of(*customer).clone() })
        };
        let mut list: Vec<New1> = chosen.iter().filter_map(new).collect();
        list.sort_by_key(|n| (Reverse(n.figures.profit()), Reverse(n.figures.revenue()), n.customer));
        let mut all = Figures::default();
        chosen.iter().for_each(|n| all.merge_sums(figures.of(*n)));
        Found { index, list, profit: all.profit() }
    }

    /// The group of a new customer, or its id.
    fn key(&self, ask: &Ask<'_>, n: &New1) -> String {
        match grouped(ask) {
            None => self.index.book.customers[n.customer].id.to_string(),
            Some("month") => n.first.format("%Y-%m").to_string(),
            Some(by) => {
                let nothing =
                    Subject { customer: Some(n.customer), day: n.first, order: "", product: "", by: "", line: None };
                Groups::new(self.index, by, false).of(&nothing).into_owned()
            }
        }
    }

    fn sum(&self, fits: impl Fn(&New1) -> bool) -> Figures {
        self.list.iter().filter(|n| fits(n)).fold(Figures::default(), |sum, n| sum.and(&n.figures))
    }

    /// What they bring together, and what part of all that is.
    fn said(&self, of: Option<&String>, lang: Lang) -> String {
        let own = self.sum(|_| true).profit();
        let currency = &self.index.book.settings.file.currency;
        let amount = |a: Option<Decimal>| a.map_or_else(|| m::not_available(lang), |a| amount_text(currency, a));
        let share = own.zip(self.profit.filter(|all| *all > Decimal::ZERO)).and_then(|(own, all)| own.checked_div(all));
        let share = share.map_or_else(|| m::not_available(lang), ratio_text);
        let words = match own {
            Some(_) => m::new_brought(lang, self.list.len(), amount(own), share, amount(self.profit)),
            None => m::new_unknown(lang, self.list.len()),
        };
        of.map_or(words.clone(), |of| m::labelled(lang, of, words))
    }

    fn document(&self, ask: &Ask<'_>, lang: Lang) -> Document {
        let book = self.index.book;
        let all = self.sum(|_| true).profit();
        let share = |p: Option<Decimal>| {
            let share = p.zip(all.filter(|all| *all > Decimal::ZERO)).and_then(|(p, all)| p.checked_div(all));
            share.map_or(Cell::NotAvailable, Cell::Ratio)
        };
        let figures = |f: &Figures| {
            let revenue = (!f.is_unreadable()).then(|| f.revenue());
            vec![
                Cell::Int(f.orders()),
                money(book, revenue),
                money(book, f.profit()),
                f.margin().map_or(Cell::NotAvailable, Cell::Ratio),
                share(f.profit()),
            ]
        };
        let columns = columns(ask, lang);
        let Some(by) = grouped(ask) else {
            let row = |n: &New1| {
                let c = &book.customers[n.customer];
                let mut cells = vec![
                    Cell::Id(c.id.into()),
                    text(c.name),
                    text(c.owner),
                    text(c.text("source")),
                    Cell::Day(n.first),
                ];
                cells.extend(figures(&n.figures));
                Row { cells, ..Row::default() }
            };
            let rows = self.list.iter().map(row).collect();
            let kept = self.sum(|n| ask.keeps(&Cell::Id(book.customers[n.customer].id.into())));
            let mut total = vec![Cell::Text(m::total(lang).into())];
            total.resize(5, Cell::Missing);
            total.extend(figures(&kept));
            return finish(columns, rows, total, &kept);
        };
        let mut groups: BTreeMap<String, (usize, Figures)> = BTreeMap::new();
        for n in &self.list {
            let group = groups.entry(self.key(ask, n)).or_default();
            group.0 += 1;
            group.1.merge(&n.figures);
        }
        let first = |key: &str| match key {
            "" => no_group(lang, by),
            _ if by == "month" => Cell::Text(key.into()),
            _ => Cell::code(key, &word(lang, &book.settings, None, by, key)),
        };
        let mut list: Vec<(String, (usize, Figures))> =
            groups.into_iter().filter(|(key, _)| ask.keeps(&first(key))).collect();
        if by != "month" {
            list.sort_by_key(|(key, (_, f))| (key.is_empty(), Reverse(f.profit())));
        }
        let names = Names::new(self.index, by);
        let named = super::sales_groups::is_named(by);
        let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let row = |(key, (n, f)): &(String, (usize, Figures))| {
            let mut cells = vec![first(key)];
            cells.extend(named.then(|| names.of(key)));
            cells.push(count(*n));
            cells.extend(figures(f));
            Row { cells, ..Row::default() }
        };
        let rows: Vec<Row> = list.iter().map(row).collect();
        let kept = list.iter().fold(Figures::default(), |sum, (_, (_, f))| sum.and(f));
        let mut total = vec![Cell::Text(m::total(lang).into())];
        total.extend(named.then_some(Cell::Missing));
        total.push(count(list.iter().map(|(_, (n, _))| n).sum()));
        total.extend(figures(&kept));
        let mut doc = finish(columns, rows, total, &kept);
        let few = |(_, (n, _)): &&(String, (usize, Figures))| (1..FEW).contains(&i64::try_from(*n).unwrap_or(i64::MAX));
        let few: Vec<String> = list.iter().filter(few).map(|(key, _)| first(key)).map(|c| shown(&c)).collect();
        if !few.is_empty() {
            doc.blocks.push(Block::Note(m::few_cases(lang, few.join(lang.pick(", ", "、")))));
        }
        doc
    }
}

/// The words of a group.
fn shown(cell: &Cell) -> String {
    cell.label().or_else(|| cell.text()).unwrap_or_default().to_string()
}

fn finish(columns: Vec<Column>, rows: Vec<Row>, total: Vec<Cell>, all: &Figures) -> Document {
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    let margin = all.margin().map_or(Cell::NotAvailable, Cell::Ratio);
    let together = [("margin".to_string(), margin)].into();
    Document::table(Table { columns, rows, footer, together, ..Table::default() })
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = match grouped(ask) {
        None => vec![
            typed(lang, "customer", Kind::Id),
            col(lang, "name"),
            typed(lang, "owner", Kind::Code),
            typed(lang, "source", Kind::Code),
            typed(lang, "first_order", Kind::Day),
        ],
        Some("month") => {
            vec![Column { importance: Importance::Key, ..col(lang, "month") }, num(lang, "customers")]
        }
        Some(by) => {
            let mut columns = vec![key_column(ask, by, lang)];
            columns.extend(super::sales_groups::is_named(by).then(|| col(lang, "name")));
            columns.push(num(lang, "customers"));
            columns
        }
    };
    columns.extend([
        num(lang, "orders"),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "profit", Kind::Money),
        typed(lang, "margin", Kind::Ratio),
        typed(lang, "profit_share", Kind::Ratio),
    ]);
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "customers", "profit"]),
            (Importance::Main, &["name", "first_order", "revenue"]),
            (Importance::Minor, &["source", "profit_share"]),
        ],
    );
    columns
}
