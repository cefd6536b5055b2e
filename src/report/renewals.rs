//! Which contracts end, and how many were renewed (R13).

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::MOST_ROWS;
use super::profit::total_again;
use super::sales_figures::money;
use super::series::{Beside, beside, beside_columns};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::{Book, Reads};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, percent};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::contracts::READS;
use crate::rules::engine::index::Index;
use crate::rules::renewing::{Ending, Renewal, Renewed, endings};
use crate::rules::stays::FEW;
use crate::store::cells::unescape_note;
use std::collections::BTreeMap;

/// Contracts that end, and the renewal rate.
pub struct Renewals;

/// What contracts can be grouped by; the first one is each by itself.
const KEYS: &[&str] = &["contract", "owner", "customer", "kind"];

/// The figures that stand beside those of another period.
const COMPARED: &[Beside] = &[
    Beside { key: "contracts", kind: Kind::Number, change: true },
    Beside { key: "renewal_rate", kind: Kind::Ratio, change: false },
    Beside { key: "amount_rate", kind: Kind::Ratio, change: false },
];

/// The key by which contracts are grouped, if they are.
fn grouped<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != KEYS[0])
}

impl Report for Renewals {
    fn name(&self) -> &'static str {
        "renewals"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report renewals",
            "kehu report renewals -p next-quarter renewal:coming --sort end",
            "kehu report renewals --by owner -p last-year --compare previous",
            "kehu report renewals kind:sales -p 2026 --explain",
        ]
    }

    fn over(&self) -> Over {
        Over::Rows(Ledger::Contracts)
    }

    fn days(&self) -> Days {
        Days::Of("-1y..+90d")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("contract"), values: FlagValues::Only(KEYS) }]
    }

    fn explains(&self) -> bool {
        true
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu contract list --per UNIT" }
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
        let renewal = |r: Renewal| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "renewal", r.key()));
            (r.key().to_string(), words.collect())
        };
        match column {
            "renewal" => Renewal::ALL.map(renewal).into(),
            "kind" => ask.values_of_rows(column),
            "owner" => ask.values_of(column),
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        grouped(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let now = chosen(index, ask, ask.period);
        let Some(by) = grouped(ask) else {
            let mut doc = each(index.book, ask, &now, lang);
            let kept = |e: &&Ending<'_>| ask.keeps(&Cell::Id(e.contract.id().into()));
            let renewed = Renewed::of(now.iter().filter(kept));
            if !now.is_empty() {
                doc.blocks.push(Block::Note(rates(&renewed, None, lang)));
            }
            if let Some(then) = &ask.compare {
                let before = Renewed::of(chosen(index, ask, then.then).iter());
                doc.blocks.push(Block::Note(rates(&before, Some(&then.other), lang)));
            }
            return Answer { doc, caveats: caveats(&renewed, lang) };
        };
        let mut doc = groups(index.book, ask, by, &now, lang);
        if let Some(then) = &ask.compare {
            let before = groups(index.book, ask, by, &chosen(index, ask, then.then), lang);
            doc = beside(doc, &before, COMPARED, None, (then.reading, lang));
        }
        let kept = |e: &&Ending<'_>| ask.keeps(&group_cell(by, key_of(by, e), lang));
        let renewed = Renewed::of(now.iter().filter(kept));
        Answer { doc, caveats: caveats(&renewed, lang) }
    }

    fn totals(&self, answer: &mut Answer, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) {
        total_again(self, answer, index, ask, lang);
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let Some(Block::Table(t)) = doc.blocks.get(doc.main) else { return };
        let rows: Vec<Cell> = t.rows.iter().take(shown).filter_map(|r| r.cells.first().cloned()).collect();
        let all = chosen(index, ask, ask.period);
        let days = index.book.settings.file.contracts.renew_days();
        doc.blocks.push(Block::Note(m::rule(lang, format!("R13, contracts.renew_days = {days}"))));
        for row in rows {
            let key = row.text().unwrap_or_default();
            let by = grouped(ask).unwrap_or(KEYS[0]);
            let its: Vec<&Ending<'_>> = all.iter().filter(|e| key_of(by, e) == key).collect();
            let mut lines = vec![row.label().or_else(|| row.text()).unwrap_or_default().to_string()];
            lines.extend(its.iter().take(MOST_ROWS).map(|e| behind(index.book, e, lang)));
            if its.len() > MOST_ROWS {
                lines.push(m::and_more(lang, its.len() - MOST_ROWS).trim_start().to_string());
            }
            doc.blocks.push(Block::Note(lines.join("\n  ")));
        }
    }
}

/// The contracts of a period that fit, by their ends.
fn chosen<'a>(index: &Index<'a>, ask: &Ask<'_>, period: Period) -> Vec<Ending<'a>> {
    let mut all = endings(index.book, period);
    all.retain(|e| ask.has_row(index, Ledger::Contracts, e.contract.paper.row));
    all
}

/// The group of a contract.
fn key_of<'a>(by: &str, e: &Ending<'a>) -> &'a str {
    match by {
        "owner" => e.contract.owner(),
        "customer" => e.contract.paper.party(),
        "kind" => e.contract.paper.cell("kind"),
        _ => e.contract.id(),
    }
}

fn group_cell(by: &str, key: &str, lang: Lang) -> Cell {
    match by {
        "kind" => code(key, values::column_value(lang, Ledger::Contracts.name(), "kind", key)),
        "owner" => text(key),
        _ => Cell::Id(key.to_string().into()),
    }
}

/// Where a contract and the one that renews it stand, and what became of it.
fn behind(book: &Book, e: &Ending<'_>, lang: Lang) -> String {
    let (id, place) = (e.contract.id(), book.place(e.contract.paper.row.place));
    let state = values::value(lang, "renewal", e.renewal.key());
    let next = e.next.and_then(|n| Some((n.id(), book.place(n.paper.row.place), n.start()?)));
    match next {
        Some((next, at, start)) => m::renewal_followed(lang, id, place, e.end, state, next, at, start),
        None => m::renewal_alone(lang, id, place, e.end, state),
    }
}

/// The rates in words.
fn rates(r: &Renewed, of: Option<&String>, lang: Lang) -> String {
    let share = |d: Option<Decimal>| d.map_or_else(|| m::not_available(lang), percent);
    let words = m::renewal_rates(lang, share(r.rate()), r.renewed, r.decided(), share(r.amount_rate()));
    of.map_or(words.clone(), |of| m::labelled(lang, of, words))
}

/// What the reader should know besides: few cases, amounts that nobody knows.
fn caveats(r: &Renewed, lang: Lang) -> Vec<Caveat> {
    let few = (1..FEW).contains(&r.decided()).then(|| m::renewals_few(lang, r.decided(), FEW));
    let unknown = (r.unknown > 0).then(|| m::renewals_unknown(lang, r.unknown));
    few.into_iter().chain(unknown).map(|text| Caveat { text, fails: Fails::Never }).collect()
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = match grouped(ask) {
        None => vec![
            typed(lang, "contract", Kind::Id),
            typed(lang, "party", Kind::Id),
            col(lang, "party_name"),
            typed(lang, "kind", Kind::Code),
            col(lang, "title"),
            col(lang, "owner"),
            typed(lang, "end", Kind::Day),
            typed(lang, "days", Kind::Number),
            typed(lang, "amount", Kind::Money),
            typed(lang, "renewed_by", Kind::Id),
            typed(lang, "renewal", Kind::Code),
        ],
        Some(by) => vec![
            Column { importance: Importance::Key, ..col(lang, by) },
            num(lang, "contracts"),
            num(lang, "renewed"),
            num(lang, "lost_contracts"),
            typed(lang, "renewal_rate", Kind::Ratio),
            typed(lang, "ended_amount", Kind::Money),
            typed(lang, "renewed_amount", Kind::Money),
            typed(lang, "amount_rate", Kind::Ratio),
        ],
    };
    rank(
        &mut columns,
        &[
            (Importance::Key, &["contract", "end", "renewal", "renewal_rate"]),
            (Importance::Main, &["party_name", "amount", "renewed_by", "contracts", "amount_rate"]),
            (Importance::Minor, &["kind", "party"]),
        ],
    );
    columns
}

/// A row for each contract.
fn each(book: &Book, ask: &Ask<'_>, all: &[Ending<'_>], lang: Lang) -> Document {
    let row = |e: &Ending<'_>| {
        let c = &e.contract;
        let title = unescape_note(c.paper.cell("title"));
        let cells = vec![
            Cell::Id(c.id().into()),
            Cell::Id(c.paper.party().into()),
            text(c.party_name()),
            group_cell("kind", c.paper.cell("kind"), lang),
            text(title.lines().next().unwrap_or("")),
            text(c.owner()),
            Cell::Day(e.end),
            Cell::Int((e.end - book.today).num_days()),
            c.paper.amount().map_or(Cell::Missing, |a| Cell::money(a, c.paper.currency())),
            e.next.map_or(Cell::Missing, |n| Cell::Id(n.id().into())),
            code(e.renewal.key(), values::value(lang, "renewal", e.renewal.key())),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = all.iter().map(row).collect();
    Document::table(Table { columns: columns(ask, lang), rows, ..Table::default() })
}

/// A row for each group, the largest first, with a total.
fn groups(book: &Book, ask: &Ask<'_>, by: &str, all: &[Ending<'_>], lang: Lang) -> Document {
    let mut of: BTreeMap<&str, Vec<&Ending<'_>>> = BTreeMap::new();
    for e in all {
        of.entry(key_of(by, e)).or_default().push(e);
    }
    let mut of: Vec<_> = of.into_iter().filter(|(key, _)| ask.keeps(&group_cell(by, key, lang))).collect();
    of.sort_by_key(|(key, list)| (key.is_empty(), std::cmp::Reverse(list.len()), *key));
    let cells = |first: Cell, r: &Renewed| {
        let share = |d: Option<Decimal>| d.map_or(Cell::NotAvailable, Cell::Ratio);
        let cells = vec![
            first,
            Cell::Int(r.contracts),
            Cell::Int(r.renewed),
            Cell::Int(r.lost),
            share(r.rate()),
            money(book, r.ended_amount.known()),
            money(book, r.renewed_amount.known()),
            share(r.amount_rate()),
        ];
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> =
        of.iter().map(|(key, l)| cells(group_cell(by, key, lang), &Renewed::of(l.iter().copied()))).collect();
    let whole = Renewed::of(of.iter().flat_map(|(_, list)| list.iter().copied()));
    let total = cells(Cell::Text(m::total(lang).into()), &whole);
    let footer = if rows.is_empty() { Vec::new() } else { vec![total] };
    Document::table(Table { columns: columns(ask, lang), rows, footer, ..Table::default() })
}
