//! What we owe suppliers, by age (R10).

use super::ask::{Answer, Ask, Days, Flag, FlagValues, Over, Report, Series};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::{col, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, shown};
use crate::model::value::Kind;
use crate::rules::approval::standing_of_payable;
use crate::rules::engine::index::Index;
use crate::rules::payables::{Debt, READS};
use crate::rules::receivables::{Ageing, Receivable};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What we owe suppliers, by days overdue.
pub struct Payables;

/// What it can be grouped by.
const KEYS: &[&str] = &["supplier", "contract", "currency"];
/// The amounts of a row, in their order.
const AMOUNTS: [&str; 11] = [
    "not_due",
    "d1_30",
    "d31_60",
    "d61_90",
    "d91_120",
    "d120_plus",
    "credit",
    "outstanding",
    "pending",
    "due_7",
    "due_30",
];

impl Report for Payables {
    fn name(&self) -> &'static str {
        "payables"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report payables",
            "kehu report payables due_7.gt:0 --sort -due_7",
            "kehu report payables --by contract --explain",
            "kehu report payables --today 2026-06-30 -f csv -o payables.csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Payables)
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("supplier"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report payables --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        let plain = LedgerSet::of(&[Ledger::Suppliers, Ledger::Payables]);
        READS.and(Reads { customers: true, plain, ..Reads::NOTHING })
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask.flag("by"), lang)
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

fn columns(by: &str, lang: Lang) -> Vec<Column> {
    let mut columns = vec![Column { importance: Importance::Key, ..typed(lang, by, Kind::Id) }];
    if by == "supplier" {
        columns.push(col(lang, "name"));
    }
    if by != "currency" {
        columns.push(col(lang, "currency"));
    }
    columns.extend(AMOUNTS.iter().map(|k| typed(lang, k, Kind::Money)));
    for c in &mut columns {
        if let Some(key) = match c.key.as_str() {
            "outstanding" => Some("payable_outstanding"),
            "credit" => Some("prepaid"),
            _ => None,
        } {
            c.label = labels::label(lang, key);
        }
    }
    rank(
        &mut columns,
        &[
            (Importance::Key, &["outstanding"]),
            (Importance::Main, &["name", "not_due", "due_7", "due_30"]),
            (Importance::Minor, &["credit", "pending"]),
        ],
    );
    columns
}

/// A supplier's name. The book must hold suppliers plain.
pub(super) fn supplier_name(book: &Book, id: &str) -> &'static str {
    let ledger = Ledger::Suppliers;
    let (Some(own), Some(name)) = (ledger.column("id"), ledger.column("name")) else { return "" };
    let rows = book.plain.get(&ledger).into_iter().flatten();
    rows.filter(|r| r.cell(own) == id).map(|r| r.cell(name)).next().unwrap_or("")
}

/// What a group comes to.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    ages: Ageing,
    credit: Sum,
    pending: Sum,
    week: Sum,
    month: Sum,
}

impl Figures {
    fn owe(&mut self, p: &Receivable<'_>, today: Day) {
        self.ages.add(p.due, p.open, today);
        let days = (p.due - today).num_days();
        if (0..=7).contains(&days) {
            self.week.add(p.open);
        }
        if (0..=30).contains(&days) {
            self.month.add(p.open);
        }
    }

    fn plus(&mut self, o: &Figures) {
        let (a, b) = (&mut self.ages, &o.ages);
        a.not_due = a.not_due.plus(b.not_due);
        a.d1_30 = a.d1_30.plus(b.d1_30);
        a.d31_60 = a.d31_60.plus(b.d31_60);
        a.d61_90 = a.d61_90.plus(b.d61_90);
        a.d91_120 = a.d91_120.plus(b.d91_120);
        a.d120_plus = a.d120_plus.plus(b.d120_plus);
        self.credit = self.credit.plus(o.credit);
        self.pending = self.pending.plus(o.pending);
        self.week = self.week.plus(o.week);
        self.month = self.month.plus(o.month);
    }

    fn outstanding(&self) -> Sum {
        self.ages.sum().minus(self.credit)
    }

    fn cells(&self, currency: &str) -> impl Iterator<Item = Cell> {
        let a = &self.ages;
        let all = [
            a.not_due,
            a.d1_30,
            a.d31_60,
            a.d61_90,
            a.d91_120,
            a.d120_plus,
            self.credit,
            self.outstanding(),
            self.pending,
            self.week,
            self.month,
        ];
        all.map(|sum| sum.known().map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency))).into_iter()
    }

    fn is_settled(&self) -> bool {
        self.ages.sum().is_zero() && self.credit.is_zero() && self.pending.is_zero()
    }
}

/// The payables that fit the terms; `None` = all.
fn fitting(index: &Index<'_>, ask: &Ask<'_>) -> Option<HashSet<&'static str>> {
    let rows = index.book.plain.get(&Ledger::Payables).into_iter().flatten();
    let id = Ledger::Payables.column("id");
    let fits = rows.filter(|r| ask.has_row(index, Ledger::Payables, r)).filter_map(|r| Some(r.cell(id?)));
    (!ask.filter.is_empty()).then(|| fits.collect())
}

/// The figures of all groups, by key and currency.
fn groups<'x>(index: &'x Index<'_>, ask: &Ask<'_>) -> BTreeMap<(&'x str, &'x str), Figures> {
    let (book, by) = (index.book, ask.flag("by"));
    let fits = fitting(index, ask);
    let has = |id: &str| fits.as_ref().is_none_or(|ids| ids.contains(id));
    let contracts: HashMap<&str, &str> = book.payables.iter().map(|p| (p.id, p.contract)).collect();
    let key = |d: &Debt<'x>, id: &str| match by {
        "contract" => contracts.get(id).copied().unwrap_or_default(),
        "currency" => d.currency,
        _ => d.supplier,
    };
    let base = book.settings.file.currency.as_str();
    let mut out: BTreeMap<(&str, &str), Figures> = BTreeMap::new();
    for d in index.debts().all() {
        for p in d.payables.iter().filter(|p| has(p.id)) {
            out.entry((key(d, p.id), d.currency)).or_default().owe(p, book.today);
        }
        // What was paid in advance belongs to nobody's payable: terms about payables leave it out.
        if fits.is_none() {
            let figures = out.entry((key(d, ""), d.currency)).or_default();
            figures.credit = figures.credit.plus(d.credit);
        }
    }
    for p in book.payables.iter().filter(|p| has(p.id) && standing_of_payable(book, p.id, p.contract).pending()) {
        let currency = if p.currency.is_empty() { base } else { p.currency };
        let key = match by {
            "contract" => p.contract,
            "currency" => currency,
            _ => p.supplier,
        };
        out.entry((key, currency)).or_default().pending.add(p.amount);
    }
    out.retain(|_, f| !f.is_settled());
    out
}

fn report(index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Document {
    let (book, by) = (index.book, ask.flag("by"));
    let base = book.settings.file.currency.as_str();
    let mut list: Vec<((&str, &str), Figures)> = groups(index, ask).into_iter().collect();
    list.sort_by_key(|(key, f)| (std::cmp::Reverse(f.outstanding().known()), *key));
    let columns = columns(by, lang);
    let key_cell = |key: &str| if key.is_empty() { Cell::code("", &m::empty_word(lang)) } else { Cell::Id(key.into()) };
    let rows: Vec<Row> = list
        .iter()
        .map(|((key, currency), f)| {
            let mut cells = vec![key_cell(key)];
            if by == "supplier" {
                cells.push(text(supplier_name(book, key)));
            }
            if by != "currency" {
                cells.push(text(currency));
            }
            cells.extend(f.cells(currency));
            Row { cells, ..Row::default() }
        })
        .collect();
    let mut whole = Figures::default();
    for ((key, _), f) in list.iter().filter(|((_, currency), _)| *currency == base) {
        if ask.keeps(&key_cell(key)) {
            whole.plus(f);
        }
    }
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(columns.len() - AMOUNTS.len() - usize::from(by != "currency"), Cell::Missing);
    total.extend((by != "currency").then(|| text(base)));
    total.extend(whole.cells(base));
    let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
    let mut doc = Document::table(Table { columns, rows, footer, ..Table::default() });
    let soon = |sum: Sum| sum.known().map_or_else(|| m::not_available(lang), |a: Decimal| shown(a, base));
    if !doc.is_empty() {
        doc.blocks.push(Block::Note(m::due_soon(lang, soon(whole.week), soon(whole.month))));
    }
    doc
}

/// Puts the payables behind the first rows below the table.
fn explain(doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown_rows: usize, lang: Lang) {
    let (book, by) = (index.book, ask.flag("by"));
    let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
    let keys: Vec<String> =
        t.rows.iter().take(shown_rows).filter_map(|r| Some(r.cells.first()?.text()?.into())).collect();
    let fits = fitting(index, ask);
    let contracts: HashMap<&str, &str> = book.payables.iter().map(|p| (p.id, p.contract)).collect();
    doc.blocks.push(Block::Note(m::rule(lang, "R10, R12")));
    let mut seen = HashSet::new();
    for key in keys.into_iter().filter(|key| seen.insert(key.clone())) {
        let mut lines = vec![if key.is_empty() { m::empty_word(lang) } else { key.clone() }];
        for d in index.debts().all() {
            let its = |p: &&Receivable<'_>| match by {
                "contract" => contracts.get(p.id).copied().unwrap_or_default() == key,
                "currency" => d.currency == key,
                _ => d.supplier == key,
            };
            let open = d.payables.iter().filter(|p| !p.open.is_zero()).filter(its);
            for p in open.filter(|p| fits.as_ref().is_none_or(|ids| ids.contains(p.id))) {
                let [total, open] = [p.total, p.open].map(|n| shown(n, d.currency));
                lines.push(m::explain_payable(lang, p.id, book.place(p.place), total, p.due, open));
            }
        }
        if lines.len() > 1 {
            doc.blocks.push(Block::Note(lines.join("\n")));
        }
    }
}
