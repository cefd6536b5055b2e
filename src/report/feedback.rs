//! What customers answered: one answer on a page, and the figures of all: satisfaction, recommendation, effort, delivered value.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::caption::days_of;
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::code;
use super::fields::{CustomerRecord, word};
use super::sales_groups::no_group;
use super::{num, page, typed};
use crate::i18n::{Lang, labels, messages as m, reporting, values};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;
use crate::rules::feedback::{self, READS};
use crate::rules::scores::{FEW, Figure, Given, MEASURES, Scores, answers};
use crate::rules::unjoined::of_nobody;
use std::collections::BTreeMap;

/// What [`show`] reads.
pub fn reads() -> Reads {
    READS.and(page::reads(Ledger::Feedback))
}

/// One answer: its row, what became of it, and what names it.
pub fn show(index: &Index<'_>, answer: &feedback::Answer<'_>, lang: Lang) -> Document {
    page::of(index, Ledger::Feedback, answer.row, lang)
}

/// Satisfaction, recommendation, effort and delivered value, with what they rest on and beside the days before.
pub struct Feedback;

/// What the figures can be divided by; the first one is no division.
const KEYS: &[&str] = &["measure", "customer", "owner", "grade", "stage", "region", "channel", "category"];

/// The key by which the figures are divided, if any.
fn divided<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| !by.is_empty() && *by != KEYS[0])
}

/// Whether a key is one of the answers, and not of their customers.
fn is_own(by: &str) -> bool {
    matches!(by, "channel" | "category")
}

impl Report for Feedback {
    fn name(&self) -> &'static str {
        "feedback"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report feedback",
            "kehu report feedback -p last-quarter --compare year-ago",
            "kehu report feedback --by owner measure:nps n.ge:30",
            "kehu report feedback --by category grade:A,B -p ytd -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("measure"), values: FlagValues::Only(KEYS) }]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: true, instead: "kehu report feedback -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads { customers: true, plain: LedgerSet::of(&[Ledger::Feedback]), lean: true, ..Reads::NOTHING }
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(divided(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let measure = |key: &&str| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "measure", key));
            ((*key).to_string(), words.collect())
        };
        match column {
            "measure" => MEASURES.iter().map(measure).collect(),
            _ if is_own(column) => Vec::new(),
            _ => ask.values_of(column),
        }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        divided(ask).filter(|by| !is_own(by)).map(String::from).into_iter().collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        divided(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let by = divided(ask);
        let (now, then) = periods(ask);
        let fits = chosen(index, ask);
        let groups = groups(index.book, by, now, &fits);
        let before = then.map(|then| self::groups(index.book, by, then, &fits)).unwrap_or_default();
        let mut rows = Vec::new();
        for (key, scores) in &groups {
            let group = by.map(|by| named(by, key, ask, lang));
            let old = before.get(key).map(Scores::figures).unwrap_or_default();
            for f in scores.figures() {
                let mut cells: Vec<Cell> = group.clone().into_iter().collect();
                cells.push(code(f.measure, values::value(lang, "measure", f.measure)));
                cells.extend(figures(&f, old.iter().find(|o| o.measure == f.measure)));
                rows.push(Row { cells, ..Row::default() });
            }
        }
        let mut doc = Document::table(Table { columns: columns(by, lang), rows, ..Table::default() });
        if let Some(then) = then.filter(|_| ask.compare.is_none()) {
            doc.blocks.push(Block::Note(m::scores_before(lang, days_of(then))));
        }
        doc.blocks.push(Block::Note(m::scores_note(lang, ask.settings.file.kpi.satisfied_from().normalize())));
        let strays = of_nobody(index.book, index.prices(), LedgerSet::of(&[Ledger::Feedback]), now);
        let mut answer = Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) };
        say_few(&mut answer, lang);
        answer
    }

    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, lang: Lang) {
        answer.caveats.retain(|c| c.fails != Fails::Never);
        say_few(answer, lang);
    }
}

/// Says how many of the figures rest on few cases.
fn say_few(answer: &mut Answer, lang: Lang) {
    let Some(table) = answer.table() else { return };
    let few = table.columns.iter().position(|c| c.key == "few").unwrap_or(0);
    let count = table.rows.iter().filter(|r| r.cells[few] == Cell::Flag(true)).count();
    if count > 0 {
        answer.caveats.push(Caveat { text: m::few_answers(lang, FEW, count), fails: Fails::Never });
    }
}

/// The days asked about, and those beside them: of `--compare`, else the ones before, as far as they can be compared.
fn periods(ask: &Ask<'_>) -> (Period, Option<Period>) {
    match &ask.compare {
        Some(other) => (ask.period, Some(other.then)),
        None => match ask.period.previous() {
            Some(before) => {
                let (_, then) = ask.period.like_for_like(before, ask.calendar.today);
                (ask.period, Some(then))
            }
            None => (ask.period, None),
        },
    }
}

/// Which customers fit, by index.
fn chosen(index: &Index<'_>, ask: &Ask<'_>) -> Vec<bool> {
    let fits = |customer| ask.filter.is_empty() || ask.filter.matches(&CustomerRecord { index, customer });
    (0..index.book.customers.len()).map(fits).collect()
}

/// The answers of some days and customers by group; without a division there is one group, without a key.
fn groups<'a>(book: &'a Book, by: Option<&str>, days: Period, fits: &[bool]) -> BTreeMap<(bool, String), Scores<'a>> {
    let mut out: BTreeMap<(bool, String), Scores<'a>> = BTreeMap::new();
    for a in answers(book).filter(|a| fits[a.customer] && days.contains(a.score.at.day)) {
        let key = by.map_or_else(String::new, |by| key_of(book, by, &a));
        // Who has none of it stands last.
        out.entry((key.is_empty(), key)).or_default().add(&book.settings, &a);
    }
    out
}

fn key_of(book: &Book, by: &str, a: &Given<'_>) -> String {
    let c = &book.customers[a.customer];
    match by {
        "customer" => c.id.to_string(),
        _ if is_own(by) => Ledger::Feedback.column(by).map_or("", |n| a.score.row.cell(n)).to_string(),
        _ => match c.get(by) {
            Value::Text(text) => text.to_string(),
            _ => String::new(),
        },
    }
}

fn named(by: &str, (_, key): &(bool, String), ask: &Ask<'_>, lang: Lang) -> Cell {
    match (by, key.as_str()) {
        (_, "") => no_group(lang, by),
        ("customer", _) => Cell::Id(key.as_str().into()),
        _ => code(key, word(lang, ask.settings, Some(Ledger::Feedback).filter(|_| is_own(by)), by, key)),
    }
}

fn columns(by: Option<&str>, lang: Lang) -> Vec<Column> {
    let kind = |key: &str| if key == "customer" { Kind::Id } else { Kind::Code };
    let of_group = |key: &str| Column { importance: Importance::Key, ..typed(lang, key, kind(key)) };
    let mut columns: Vec<Column> = by.map(of_group).into_iter().collect();
    columns.push(typed(lang, "measure", Kind::Code));
    columns.extend(["n", "figure", "mean", "interval_from", "interval_to"].map(|k| num(lang, k)));
    columns.push(typed(lang, "few", Kind::Flag));
    columns.extend(["previous_n", "previous", "difference"].map(|k| num(lang, k)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["measure", "n", "figure"]),
            (Importance::Main, &["interval_from", "interval_to", "previous", "difference"]),
            (Importance::Minor, &["previous_n", "mean"]),
        ],
    );
    columns
}

/// A figure as its measure is shown: satisfaction is a share, everything else points.
fn shown(measure: &str, figure: Option<Decimal>) -> Cell {
    match figure {
        None => Cell::NotAvailable,
        Some(share) if measure == MEASURES[0] => Cell::Ratio(share),
        Some(points) => Cell::Days(points.normalize()),
    }
}

/// The cells of a figure, beside that of the days before.
fn figures(f: &Figure, old: Option<&Figure>) -> Vec<Cell> {
    let missing = |measure, figure: Option<Decimal>| figure.map_or(Cell::Missing, |d| shown(measure, Some(d)));
    let (low, high) = f.interval.unzip();
    let before = old.and_then(|o| o.figure);
    let change = f.figure.zip(before).map(|(now, before)| now - before);
    vec![
        Cell::Int(f.n),
        shown(f.measure, f.figure),
        f.mean.map_or(Cell::Missing, |mean| Cell::Days(mean.normalize())),
        missing(f.measure, low),
        missing(f.measure, high),
        Cell::Flag(f.n < FEW),
        old.map_or(Cell::Missing, |o| Cell::Int(o.n)),
        missing(f.measure, before),
        missing(f.measure, change),
    ]
}
