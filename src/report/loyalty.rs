//! How loyal customers are, by the scorecard `[scorecards.loyalty]` (R15).

use super::ask::{Answer, Ask, Caveat, Days, Fails, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{code, text};
use super::explain::figures;
use super::{col, num, typed};
use crate::i18n::{Lang, messages as m};
use crate::metrics::Metric;
use crate::metrics::grading::{self, indicator_metric};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, round};
use crate::model::settings::{Scorecard, Settings};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::scorecard::{Score, band, scores};
use std::collections::HashSet;

/// Loyalty by customer.
pub struct Loyalty;

/// The scorecard that says what loyal is.
const CARD: &str = "loyalty";

/// Digits of a score.
const DIGITS: u32 = 6;

fn card(settings: &Settings) -> Option<&Scorecard> {
    settings.file.scorecards.get(CARD)
}

fn metrics(settings: &Settings) -> Vec<&'static Metric> {
    card(settings).into_iter().flat_map(|c| &c.indicators).filter_map(|i| indicator_metric(&i.metric)).collect()
}

impl Report for Loyalty {
    fn name(&self) -> &'static str {
        CARD
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report loyalty",
            "kehu report loyalty owner:li band:loyal",
            "kehu report loyalty referrals.gt:0 --sort -referral_profit",
            "kehu report loyalty huaxin --explain",
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
        Series { per: false, compare: false, instead: "kehu report loyalty --today DATE" }
    }

    fn reads(&self, ask: &Ask<'_>) -> Reads {
        let own = Reads::customers_and(&[Ledger::Orders, Ledger::Events]).without_notes();
        card(ask.settings).map_or(own, |card| own.and(grading::reads(card)))
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(ask, lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        match column {
            "owner" | "grade" => ask.values_of(column),
            "band" => {
                let bands = card(ask.settings).into_iter().flat_map(|c| c.bands.keys());
                bands.map(|b| (b.clone(), vec![b.clone()])).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let empty = Document::table(Table { columns: columns(ask, lang), ..Table::default() });
        let Some(card) = card(ask.settings) else {
            let caveat = Caveat { text: m::no_loyalty_card(lang), fails: Fails::Never };
            return Answer { doc: empty, caveats: vec![caveat] };
        };
        let chosen: HashSet<usize> = ask.customers(index).into_iter().collect();
        let over = grading::index(index.book, card);
        // Who is better than how many is asked of all customers, whoever is shown.
        let all = grading::population(&over);
        let lower: Vec<bool> = card.indicators.iter().map(grading::lower_is_better).collect();
        let scored = scores(card, &lower, &grading::raw(&over, card, &all));
        let mut list: Vec<(usize, Score)> = all.into_iter().zip(scored).filter(|(n, _)| chosen.contains(n)).collect();
        list.sort_by_key(|(n, s)| (std::cmp::Reverse(s.score), *n));
        let rows = list.iter().map(|(n, s)| row(index, *n, s, card, lang)).collect();
        let doc = Document::table(Table { columns: columns(ask, lang), rows, ..Table::default() });
        Answer { doc, caveats: Vec::new() }
    }

    fn explain(&self, doc: &mut Document, index: &Index<'_>, ask: &Ask<'_>, shown: usize, lang: Lang) {
        let (Some(card), Some(Block::Table(t))) = (card(ask.settings), doc.blocks.get(doc.main)) else { return };
        let rows = t.rows.iter().take(shown).filter_map(|r| r.cells.first()?.text());
        let customers: Vec<usize> = rows.filter_map(|id| index.book.customer_index(id)).collect();
        let (over, metrics) = (grading::index(index.book, card), metrics(ask.settings));
        for n in customers {
            let lines = figures(&over, &metrics, n, lang).join("\n  ");
            doc.blocks.push(Block::Note(format!("{}\n  {lines}", index.book.customers[n].id)));
        }
    }
}

fn columns(ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "grade", Kind::Code),
        num(lang, "score"),
        typed(lang, "band", Kind::Code),
        typed(lang, "coverage", Kind::Ratio),
        typed(lang, "provisional", Kind::Flag),
    ];
    columns.extend(metrics(ask.settings).into_iter().map(|m| typed(lang, m.key, m.kind)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "score"]),
            (Importance::Main, &["name", "band"]),
            (Importance::Minor, &["provisional", "grade"]),
        ],
    );
    columns
}

fn row(index: &Index<'_>, customer: usize, s: &Score, card: &Scorecard, lang: Lang) -> Row {
    let (book, c) = (index.book, &index.book.customers[customer]);
    let band = s.score.and_then(|score| band(card, score)).unwrap_or("");
    let mut cells = vec![
        Cell::Id(c.id.into()),
        text(c.name),
        text(c.owner),
        text(c.grade),
        s.score.map_or(Cell::NotAvailable, |score| Cell::Number(round(score, DIGITS).normalize())),
        code(band, crate::i18n::values::value(lang, "loyalty_band", band)),
        Cell::Ratio(s.coverage),
        Cell::Flag(s.provisional),
    ];
    // An indicator without a metric has no column.
    let known = s.parts.iter().filter_map(|p| Some((indicator_metric(&p.metric)?, p.raw)));
    cells.extend(known.map(|(metric, raw)| raw.map_or(Cell::Missing, |raw| figure(metric.kind, raw, &book.settings))));
    Row { cells, ..Row::default() }
}

fn figure(kind: Kind, raw: Decimal, settings: &Settings) -> Cell {
    match kind {
        Kind::Money => Cell::money(raw, &settings.file.currency),
        Kind::Ratio => Cell::Ratio(raw),
        Kind::Days => Cell::Days(raw),
        _ => Cell::Number(raw),
    }
}
