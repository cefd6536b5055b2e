//! How many days of sales customers owe (DSO), and how much of what fell due came in (R10).

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::{col, num, typed};
use crate::i18n::{Lang, messages as m};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::money::{Decimal, shown};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::query::buckets;
use crate::rules::dso::{Flows, simple};
use crate::rules::engine::index::Index;
use chrono::Datelike;

/// Days of sales outstanding at the ends of periods.
pub struct Dso;

/// The columns, in their order.
const COLUMNS: [(&str, Kind); 9] = [
    ("until", Kind::Day),
    ("receivables_owed", Kind::Money),
    ("sales", Kind::Money),
    ("days", Kind::Number),
    ("dso", Kind::Number),
    ("simple_dso", Kind::Number),
    ("fell_due", Kind::Money),
    ("paid_of_due", Kind::Money),
    ("collection_rate", Kind::Ratio),
];

impl Report for Dso {
    fn name(&self) -> &'static str {
        "dso"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report dso",
            "kehu report dso -p 2026 --per month",
            "kehu report dso owner:li -p last-quarter",
            "kehu report dso grade:A -p 12m --per quarter --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: true, compare: false, instead: "kehu report dso --per month" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { customers: true, ledgers: MONEY, lean: true, ..Reads::NOTHING }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let flows = flows(index, ask);
        let rows = parts(&flows, ask).into_iter().map(|(name, part)| row(index, &flows, name, part)).collect();
        let mut doc = Document::table(Table { columns: columns(lang), rows, ..Table::default() });
        if !doc.is_empty() {
            doc.blocks.push(Block::Note(m::dso_note(lang)));
        }
        let lost: Vec<_> = flows.lost.into_iter().collect();
        Answer { doc, caveats: Caveat::of_unjoined(&lost, lang) }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let flows = flows(index, ask);
        let base = index.book.settings.file.currency.as_str();
        doc.blocks.push(Block::Note(m::rule(lang, "R10")));
        for (name, part) in parts(&flows, ask).into_iter().take(shown) {
            let Some(end) = part.to else { continue };
            let mut lines = vec![name];
            for (from, to) in flows.months_behind(end) {
                let sales = flows.sales(Period::new(from, to)).unwrap_or_default();
                let days = (to - from).num_days() + 1;
                let month = format!("{:04}-{:02}", from.year(), from.month());
                lines.push(m::dso_month(lang, month, days, shown_amount(sales, base)));
            }
            doc.blocks.push(Block::Note(lines.join("\n")));
        }
    }
}

fn shown_amount(amount: Decimal, currency: &str) -> String {
    shown(amount, currency)
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![col(lang, "period")];
    columns
        .extend(COLUMNS.map(|(key, kind)| if kind == Kind::Number { num(lang, key) } else { typed(lang, key, kind) }));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["period", "dso", "receivables_owed"]),
            (Importance::Main, &["sales", "simple_dso", "collection_rate"]),
            (Importance::Minor, &["days", "until"]),
        ],
    );
    columns
}

fn flows(index: &Index<'_>, ask: &Ask<'_>) -> Flows {
    let mut wanted = vec![false; index.book.customers.len()];
    ask.customers(index).into_iter().for_each(|n| wanted[n] = true);
    Flows::of(index, &|n| wanted[n])
}

/// The parts of the period, the last one up to today.
fn parts(flows: &Flows, ask: &Ask<'_>) -> Vec<(String, Period)> {
    let today = ask.calendar.today;
    let Some(first) = flows.first() else { return Vec::new() };
    let period = Period::new(ask.period.from.unwrap_or(first), ask.period.to.unwrap_or(today).min(today));
    match ask.per {
        Some(per) => buckets(&period, per, &ask.calendar),
        None => vec![(super::caption::days_of(period), period)],
    }
}

fn row(index: &Index<'_>, flows: &Flows, name: String, part: Period) -> Row {
    let base = index.book.settings.file.currency.as_str();
    let end: Day = part.to.unwrap_or(index.book.today);
    let days = part.from.map_or(0, |from| (end - from).num_days() + 1);
    let (owed, sales) = (flows.owed(end), flows.sales(part));
    let collected = flows.collected(part, end);
    let money = |amount: Option<Decimal>| amount.map_or(Cell::NotAvailable, |a| Cell::money(a, base));
    let number = |n: Option<Decimal>| n.map_or(Cell::NotAvailable, |n| Cell::Number(n.round_dp(1).normalize()));
    let rate = collected.and_then(|(due, paid)| paid.checked_div(due).filter(|_| !due.is_zero()));
    let cells = vec![
        Cell::Text(name.into()),
        Cell::Day(end),
        money(owed),
        money(sales),
        Cell::Int(days),
        number(flows.count_back(end)),
        number(owed.zip(sales).and_then(|(owed, sales)| simple(owed, sales, days))),
        money(collected.map(|c| c.0)),
        money(collected.map(|c| c.1)),
        rate.map_or(Cell::NotAvailable, Cell::Ratio),
    ];
    Row { cells, ..Row::default() }
}
