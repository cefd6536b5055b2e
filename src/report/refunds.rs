//! Money that went back: by reason, kind, customer, product, rep or month, against what came in and what was sold.

use super::ask::{Answer, Ask, Caveat, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::MOST_ROWS;
use super::fields::word;
use super::sales_figures::money;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, multiply, shown};
use crate::model::row::PlainRow;
use crate::model::value::Kind;
use crate::rules::approval::{Standing, standing};
use crate::rules::engine::index::Index;
use crate::rules::profit::sales;
use crate::rules::unjoined::{Lacks, Unjoined};
use std::collections::{BTreeMap, HashMap};

/// Refunds by what they are about.
pub struct Refunds;

/// What they can be grouped by.
const KEYS: &[&str] = &["reason", "kind", "customer", "product", "rep", "month"];

impl Report for Refunds {
    fn name(&self) -> &'static str {
        "refunds"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report refunds -p 12m",
            "kehu report refunds --by product reason:quality",
            "kehu report refunds --by customer --sort -amount --limit 10",
            "kehu report refunds --by month -p 2026 kind:return,allowance",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Refunds)
    }

    fn days(&self) -> Days {
        Days::All
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("reason"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report refunds --by month" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let plain = LedgerSet::of(&[Ledger::Refunds]);
        Reads { customers: true, ledgers: MONEY, plain, ..Reads::NOTHING }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask.flag("by"), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "rep" => ask.values_of("owner"),
            "kind" | "reason" => ask.values_of_rows(column),
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        reporting::by_key(lang, reporting::title(lang, self.name()), head(ask.flag("by"), lang))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        report(index, ask, lang)
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        super::profit::total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown_rows: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let first = |r: &Row| r.cells.first().map(|c| c.text().unwrap_or_default().to_string());
        let keys: Vec<String> = t.rows.iter().take(shown_rows).filter_map(first).collect();
        let found = refunds(index, ask);
        doc.blocks.push(Block::Note(m::rule(lang, "R6, R10, R12")));
        for key in keys {
            let its: Vec<&Refund> = found.iter().filter(|r| r.key == key).collect();
            let mut lines = vec![if key.is_empty() { m::empty_word(lang) } else { key }];
            for r in its.iter().take(MOST_ROWS) {
                let place = index.book.place(r.row.place);
                lines.push(m::cash(lang, place, cell(r.row, "at"), shown(r.own, r.currency)));
            }
            if its.len() > MOST_ROWS {
                lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
            }
            doc.blocks.push(Block::Note(lines.join("\n")));
        }
    }
}

fn cell(row: &PlainRow, column: &str) -> &'static str {
    Ledger::Refunds.column(column).map_or("", |n| row.cell(n))
}

fn is_named(by: &str) -> bool {
    matches!(by, "customer" | "product" | "rep")
}

fn head(by: &str, lang: Lang) -> String {
    match by {
        "reason" | "kind" => labels::column(lang, Ledger::Refunds.name(), by),
        by => labels::label(lang, by),
    }
}

fn columns(by: &str, lang: Lang) -> Vec<Column> {
    let kind = match by {
        "customer" | "product" => Kind::Id,
        "month" => Kind::Text,
        _ => Kind::Code,
    };
    let mut columns = vec![Column { importance: Importance::Key, label: head(by, lang), ..typed(lang, by, kind) }];
    if is_named(by) {
        columns.push(col(lang, "name"));
    }
    columns.push(num(lang, "refunds_count"));
    columns.push(typed(lang, "amount", Kind::Money));
    columns.extend(["receipt_share", "revenue_share_refunds"].map(|k| typed(lang, k, Kind::Ratio)));
    columns.push(typed(lang, "pending", Kind::Money));
    rank(&mut columns, &[(Importance::Key, &["amount"]), (Importance::Main, &["refunds_count", "receipt_share"])]);
    columns
}

/// A refund of the period.
struct Refund<'a> {
    row: &'a PlainRow,
    key: String,
    /// In its own currency.
    own: Decimal,
    currency: &'a str,
    /// In the base currency; `None` without a rate.
    amount: Option<Decimal>,
    waits: bool,
}

/// The refunds of the period that fit and count, or wait for approval.
fn refunds<'a>(index: &Index<'a>, ask: &Ask<'_>) -> Vec<Refund<'a>> {
    let (book, by) = (index.book, ask.flag("by"));
    let mut products: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut reps: HashMap<&str, &str> = HashMap::new();
    if matches!(by, "product" | "rep") {
        for l in book.orders.iter() {
            let of = products.entry(l.id()).or_default();
            if !of.contains(&l.product()) {
                of.push(l.product());
            }
            reps.entry(l.id()).or_insert(l.by());
        }
    }
    let rows: HashMap<_, &PlainRow> =
        book.plain.get(&Ledger::Refunds).into_iter().flatten().map(|r| (r.place, r)).collect();
    let one = |r: &'a crate::model::receipt::Refund| {
        let row = *rows.get(&r.place)?;
        let now = standing(book, Ledger::Refunds, r.id);
        if !ask.period.contains(r.at.day)
            || !now.counts() && !matches!(now, Standing::Draft | Standing::Submitted)
            || !ask.has_row(index, Ledger::Refunds, row)
        {
            return None;
        }
        let key = match by {
            "customer" => book.present_id(r.customer),
            // A refund of an order with several products is none of one.
            "product" => products.get(r.order).filter(|p| p.len() == 1).map_or("", |p| p[0]),
            "rep" => reps.get(r.order).copied().filter(|by| !by.is_empty()).unwrap_or_else(|| cell(row, "by")),
            "kind" => r.kind,
            "reason" => cell(row, "reason"),
            _ => "",
        };
        let key = if by == "month" { r.at.day.format("%Y-%m").to_string() } else { key.to_string() };
        let currency = if r.currency.is_empty() { book.settings.file.currency.as_str() } else { r.currency };
        let amount = index.prices().rate(currency, r.at.day).and_then(|rate| multiply(r.amount, rate));
        Some(Refund { row, key, own: r.amount, currency, amount, waits: !now.counts() })
    };
    book.refunds.iter().filter_map(one).collect()
}

/// What groups come to: how many, how much, how much waits.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    count: i64,
    amount: Sum,
    pending: Sum,
}

impl Figures {
    fn add(&mut self, r: &Refund<'_>) {
        let Some(amount) = r.amount else { return };
        if r.waits {
            self.pending.add(amount);
        } else {
            self.count += 1;
            self.amount.add(amount);
        }
    }
}

fn report(index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
    let (book, by) = (index.book, ask.flag("by"));
    let base = book.settings.file.currency.as_str();
    let found = refunds(index, ask);
    let (mut groups, mut whole): (BTreeMap<&str, Figures>, Figures) = (BTreeMap::new(), Figures::default());
    let mut lost = Unjoined::none(Ledger::Refunds, Lacks::Rate);
    for r in &found {
        if r.amount.is_none() {
            lost.add_without_rate(base, r.currency, Some(r.own), ask.calendar.today);
        }
        groups.entry(r.key.as_str()).or_default().add(r);
    }
    // Shares are those of all that came in and was sold in the period.
    let came = book.receipts.iter().filter(|r| !book.is_void(r) && ask.period.contains(r.day()));
    let came = came.filter_map(|r| multiply(r.amount(), index.prices().rate(r.currency(), r.day())?));
    let came = Sum::of(came).known();
    let sold = sales(book, index.prices(), ask.period);
    let sold = Sum::of(sold.iter().filter_map(|s| s.net?.decimal())).known();
    let share = |amount: Sum, of: Option<Decimal>| {
        let of = of.filter(|of| *of > Decimal::ZERO);
        amount.known().zip(of).and_then(|(a, of)| a.checked_div(of)).map_or(Cell::NotAvailable, Cell::Ratio)
    };
    let figures = |f: &Figures| {
        [
            Cell::Int(f.count),
            money(book, f.amount.known()),
            share(f.amount, came),
            share(f.amount, sold),
            money(book, f.pending.known()),
        ]
    };
    let key_cell = |key: &str| match by {
        _ if key.is_empty() => Cell::code("", &m::empty_word(lang)),
        "customer" | "product" => Cell::Id(key.into()),
        "kind" | "reason" => Cell::code(key, &word(lang, ask.settings, Some(Ledger::Refunds), by, key)),
        _ => text(key),
    };
    let name = |key: &str| match by {
        "customer" => book.customer(key).map_or("", |c| c.name).to_string(),
        "product" => crate::rules::prices::product_text(book, key, book.today, |v| v.name).to_string(),
        _ => ask.team.get(key).map_or("", |p| p.name).to_string(),
    };
    let mut list: Vec<(&str, Figures)> = groups.into_iter().collect();
    if by != "month" {
        list.sort_by_key(|(key, f)| (key.is_empty(), std::cmp::Reverse(f.amount.known()), *key));
    }
    let row = |(key, f): &(&str, Figures)| {
        let mut cells = vec![key_cell(key)];
        cells.extend(is_named(by).then(|| text(&name(key))));
        cells.extend(figures(f));
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = list.iter().map(row).collect();
    found.iter().filter(|r| ask.keeps(&key_cell(&r.key))).for_each(|r| whole.add(r));
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(1 + usize::from(is_named(by)), Cell::Missing);
    total.extend(figures(&whole));
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    let doc = Document::table(Table { columns: columns(by, lang), rows, footer, ..Table::default() });
    let lost = if lost.rows > 0 { vec![lost] } else { Vec::new() };
    Answer { doc, caveats: Caveat::of_unjoined(&lost, lang) }
}
