//! Commissions by member and month.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::{MOST_ROWS, amount_text, ratio_text};
use super::sales_figures::money;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m};
use crate::metrics::MONEY;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::value::Kind;
use crate::rules::commission::{Commissions, Given, Sums, commissions, parts, sums};
use crate::rules::engine::index::Index;
use std::collections::HashSet;

/// What members get of what their orders bring.
pub struct Earned;

impl Report for Earned {
    fn name(&self) -> &'static str {
        "commission"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report commission",
            "kehu report commission -p 2026Q2",
            "kehu report commission rep:li -p last-month --explain",
            "kehu report commission taken_back.lt:0 -p 2026 -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("this-month")
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report commission -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { customers: true, ledgers: MONEY, lean: true, ..Reads::NOTHING }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if column == "rep" { ask.values_of("owner") } else { Vec::new() }
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let book = index.book;
        let found = chosen(index, ask);
        let groups = sums(&found.rows);
        let mut whole = Sums::default();
        found.rows.iter().for_each(|r| whole.add(r));
        let row = |((who, month), s): (&(&str, Day), &Sums)| {
            let name = book.team.get(who).map_or("", |p| p.name);
            let who = if who.is_empty() { Cell::code("", &m::empty_word(lang)) } else { text(who) };
            let mut cells = vec![who, text(name), text(&month.format("%Y-%m").to_string())];
            cells.extend(figures(book, s));
            Row { cells, ..Row::default() }
        };
        let rows: Vec<Row> = groups.iter().map(row).collect();
        let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing, Cell::Missing];
        total.extend(figures(book, &whole));
        let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
        let mut doc = Document::table(Table { columns: columns(lang), rows, footer, ..Table::default() });
        if !doc.is_empty() && ask.filter.is_empty() {
            doc.blocks.push(Block::Table(tiers(book, &groups, lang)));
            doc.blocks.push(Block::Note(m::commission_note(lang)));
        }
        Answer { doc, caveats: caveats(book, &found, lang) }
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        let Some(table) = answer.table() else { return };
        super::ask::sum_up(table);
        let rate = table.columns.iter().position(|c| c.key == "commission_rate");
        if let (Some(footer), Some(rate)) = (table.footer.first_mut(), rate) {
            footer.cells[rate] = Cell::Missing;
            footer.cells[0] = Cell::Text(m::total(lang).into());
        }
        answer.doc.blocks.truncate(1);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.first() else { return };
        let word = |c: &Cell| c.text().unwrap_or_default().to_string();
        let keys: Vec<(String, String)> =
            t.rows.iter().take(shown).map(|r| (word(&r.cells[0]), word(&r.cells[2]))).collect();
        let found = chosen(index, ask);
        for (who, month) in keys {
            let is_its = |r: &&Given<'_>| r.who == who && r.day.format("%Y-%m").to_string() == month;
            let its: Vec<&Given<'_>> = found.rows.iter().filter(is_its).collect();
            let mut lines = vec![format!("{who} {month}")];
            lines.extend(its.iter().take(MOST_ROWS).map(|r| one(index.book, r, lang)));
            if its.len() > MOST_ROWS {
                lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
            }
            doc.blocks.push(Block::Note(lines.join("\n  ")));
        }
    }
}

/// The rows of the customers that fit. Which tier a payment reaches depends on all payments of its month.
fn chosen<'a>(index: &Index<'a>, ask: &Ask<'_>) -> Commissions<'a> {
    let mut found = commissions(index, ask.period);
    if !ask.filter.is_empty() {
        let fits: HashSet<usize> = ask.customers(index).into_iter().collect();
        found.rows.retain(|r| r.customer.is_some_and(|n| fits.contains(&n)));
    }
    found
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        Column { importance: Importance::Key, ..typed(lang, "rep", Kind::Code) },
        col(lang, "name"),
        Column { importance: Importance::Key, ..col(lang, "month") },
    ];
    columns.extend(
        ["commission_base", "given", "base_back", "taken_back", "commission"].map(|k| typed(lang, k, Kind::Money)),
    );
    columns.extend([typed(lang, "commission_rate", Kind::Ratio), num(lang, "n")]);
    rank(
        &mut columns,
        &[(Importance::Key, &["commission"]), (Importance::Main, &["commission_base", "taken_back", "name"])],
    );
    columns
}

fn figures(book: &Book, s: &Sums) -> Vec<Cell> {
    let rate = s.total().checked_div(s.base.saturating_add(s.base_back));
    let mut cells: Vec<Cell> =
        [s.base, s.given, s.base_back, s.taken, s.total()].map(|amount| money(book, Some(amount))).to_vec();
    cells.push(rate.map_or(Cell::NotAvailable, Cell::Ratio));
    cells.push(Cell::Int(s.cases));
    cells
}

/// How the bases of members lie in the tiers.
fn tiers(book: &Book, groups: &std::collections::BTreeMap<(&str, Day), Sums>, lang: Lang) -> Table {
    let all = book.settings.file.commission.tiers();
    let mut rows = Vec::new();
    for ((who, month), s) in groups {
        for ((from, rate), part) in all.iter().zip(parts(&all, s.base)).filter(|(_, part)| !part.is_zero()) {
            let cells = vec![
                text(who),
                text(&month.format("%Y-%m").to_string()),
                money(book, Some(*from)),
                Cell::Ratio(*rate),
                money(book, Some(part)),
                money(book, part.checked_mul(*rate)),
            ];
            rows.push(Row { cells, ..Row::default() });
        }
    }
    let columns = vec![
        col(lang, "rep"),
        col(lang, "month"),
        typed(lang, "tier_from", Kind::Money),
        typed(lang, "tier_rate", Kind::Ratio),
        typed(lang, "commission_base", Kind::Money),
        Column { label: labels::label(lang, "before_factors"), ..typed(lang, "before_factors", Kind::Money) },
    ];
    Table { title: Some(m::commission_tiers(lang)), columns, rows, ..Table::default() }
}

fn caveats(book: &Book, found: &Commissions<'_>, lang: Lang) -> Vec<Caveat> {
    let note = |text: String| Caveat { text, fails: Fails::Never };
    let mut out = Vec::new();
    if book.settings.file.commission.tiers.is_empty() {
        out.push(note(m::commission_unset(lang)));
    }
    if let Some(first) = found.unlinked.first() {
        out.push(note(m::commission_unlinked(lang, found.unlinked.len(), first)));
    }
    if let Some(first) = found.without_profit.first() {
        out.push(note(m::commission_without_profit(lang, found.without_profit.len(), first)));
    }
    out
}

/// A payment or refund in a line: its base, its factors, what it gives.
fn one(book: &Book, r: &Given<'_>, lang: Lang) -> String {
    let base = &book.settings.file.currency;
    let amount = |n: Decimal| amount_text(base, n);
    let what = if r.order.is_empty() { m::pays_no_order(lang) } else { r.order.to_string() };
    if let Some(back) = r.back {
        return m::commission_back(
            lang,
            r.day,
            book.place(r.place),
            what,
            amount(r.base),
            amount(r.amount),
            book.place(back),
        );
    }
    let margin = r.margin.map_or_else(|| crate::i18n::money::not_available(lang), ratio_text);
    let order = m::commission_order(lang, r.first);
    let factor = r.factor.normalize();
    let facts = m::commission_facts(lang, margin, order, r.late, factor);
    m::commission_row(lang, r.day, book.place(r.place), what, amount(r.base), amount(r.tiered), facts, amount(r.amount))
}
