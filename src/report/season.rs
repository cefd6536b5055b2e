//! Whom to serve first in the busy season: the customers that wait for something, in the order of `[season] serve`.

use super::ask::{Answer, Ask, Caveat, Days, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::fields::stage_label;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::Settings;
use crate::model::value::Kind;
use crate::rules::classes::{self, class};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::exposure::value_at_risk;
use crate::rules::followup::due;
use crate::rules::orders::open_deliveries;
use crate::rules::season;
use crate::rules::unjoined::of_nobody;
use rayon::prelude::*;

/// Whom to serve first.
pub struct Season;

impl Report for Season {
    fn name(&self) -> &'static str {
        "season"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report season",
            "kehu report season owner:li open_deliveries.gt:0",
            "kehu report season place:1 --limit 20",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Today
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report season --today DATE" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { lean: true, ..classes::READS }
    }

    fn columns(&self, _ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if matches!(column, "owner" | "grade" | "stage" | "segment") { ask.values_of(column) } else { Vec::new() }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["customer", "name", "owner", "grade", "stage", "segment"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let rows = list(index, ask).iter().map(|w| row(index, w, lang)).collect();
        let mut doc = Document::table(Table { columns: columns(lang), rows, ..Table::default() });
        doc.blocks.push(Block::Note(order(index, lang)));
        let ledgers = LedgerSet::of(&[Ledger::Activities, Ledger::Orders]);
        let strays = of_nobody(index.book, index.prices(), ledgers, Period::ALL);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        num(lang, "place"),
        typed(lang, "served_as", Kind::Code),
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "segment", Kind::Code),
        typed(lang, "grade", Kind::Code),
        typed(lang, "stage", Kind::Code),
        num(lang, "open_deliveries"),
        typed(lang, "promised", Kind::Day),
        num(lang, "open_complaints"),
        typed(lang, "due", Kind::Day),
        typed(lang, "value_at_risk", Kind::Money),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["place", "customer", "promised"]),
            (Importance::Main, &["name", "open_deliveries", "value_at_risk", "due"]),
            (Importance::Minor, &["grade", "stage", "served_as"]),
        ],
    );
    columns
}

/// A customer that waits for something.
struct Waiting {
    customer: usize,
    place: Option<usize>,
    deliveries: usize,
    promised: Option<Day>,
    complaints: usize,
    due: Option<Day>,
    worth: Option<Decimal>,
}

/// The customers with an open delivery, an open complaint, or a follow-up that is due: first by their place in the order of
/// service, then by the day promised, then by what is at risk.
fn list(index: &Index<'_>, ask: &Ask<'_>) -> Vec<Waiting> {
    let today = index.book.today;
    let one = |n: &usize| {
        let customer = *n;
        if index.book.customers[customer].closed {
            return None;
        }
        let open = open_deliveries(index, customer);
        let complaints = index.voice(customer).open.len();
        let due = due(index, customer).map(|d| d.day).filter(|day| *day <= today);
        if open.is_empty() && complaints == 0 && due.is_none() {
            return None;
        }
        let promised = open.iter().map(|d| d.promised).min();
        let (place, worth) = (season::place(index, customer), value_at_risk(index, customer));
        Some(Waiting { customer, place, deliveries: open.len(), promised, complaints, due, worth })
    };
    let chosen = ask.customers(index);
    let mut list: Vec<Waiting> = chosen.par_iter().with_min_len(256).filter_map(|n| inside(|| one(n))).collect();
    list.par_sort_by_key(|w| {
        let last = usize::MAX;
        (w.place.unwrap_or(last), w.promised.unwrap_or(Day::MAX), std::cmp::Reverse(w.worth), w.customer)
    });
    list
}

fn row(index: &Index<'_>, w: &Waiting, lang: Lang) -> Row {
    let book = index.book;
    let (c, settings) = (&book.customers[w.customer], &book.settings);
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let segment = class(index, w.customer).map(|(class, _)| class);
    let late = w.promised.is_some_and(|day| day < book.today);
    Row {
        cells: vec![
            w.place.map_or(Cell::Missing, |n| count(n + 1)),
            w.place
                .and_then(|n| settings.file.season.serve.get(n))
                .map_or(Cell::Missing, |e| code(e, entry(e, settings, lang))),
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            segment.map_or(Cell::Missing, |s| code(s, values::value(lang, "segment", s))),
            text(c.grade),
            code(c.stage, stage_label(lang, settings, c.stage)),
            count(w.deliveries),
            w.promised.map_or(Cell::Missing, Cell::Day),
            count(w.complaints),
            w.due.map_or(Cell::Missing, Cell::Day),
            w.worth.map_or(Cell::NotAvailable, |amount| Cell::money(amount, &settings.file.currency)),
        ],
        tone: if late { Tone::Bad } else { Tone::Plain },
        ..Row::default()
    }
}

/// An entry of the order of service in words.
fn entry(word: &str, settings: &Settings, lang: Lang) -> String {
    match season::entry(word) {
        Some(("class", id)) => m::labelled(lang, labels::label(lang, "segment"), values::value(lang, "segment", id)),
        Some(("grade", id)) => m::labelled(lang, labels::label(lang, "grade"), id),
        Some(("stage", id)) => m::labelled(lang, labels::label(lang, "stage"), stage_label(lang, settings, id)),
        _ => word.to_string(),
    }
}

/// The order of service, and whether it holds on this day.
fn order(index: &Index<'_>, lang: Lang) -> String {
    let settings = &index.book.settings;
    let s = &settings.file.season;
    if s.serve.is_empty() {
        return m::season_no_order(lang);
    }
    let words: Vec<String> = s.serve.iter().map(|word| entry(word, settings, lang)).collect();
    let order = words.join(" > ");
    let months: Vec<String> = s.months.iter().map(u32::to_string).collect();
    let months = months.join(", ");
    match (s.months.is_empty(), season::is_busy(settings, index.book.today)) {
        (true, _) => m::season_no_months(lang, order),
        (_, true) => m::season_busy(lang, order, months),
        (_, false) => m::season_idle(lang, order, months),
    }
}
