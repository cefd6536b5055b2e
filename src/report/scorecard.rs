//! The grading of customers by the scorecard (R5): old → new with its reasons, one customer explained, points proposed.

use super::caption::days_of;
use super::document::{Block, Cell, Column, Document, Row, Table, Tone};
use super::due::{code, text};
use super::explain::{figures, number_text};
use super::{col, hidden, num};
use crate::i18n::{Lang, labels, messages as m};
use crate::metrics::Metric;
use crate::metrics::Scope;
use crate::metrics::grading::{Graded, indicator_metric, window};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, round};
use crate::model::settings::{Indicator, Scorecard, Settings};
use crate::model::value::{Kind, Values};
use crate::rules::engine::index::Index;
use crate::rules::scorecard::{Part, Score, band, first_cap, margin_to_change, min_coverage};
use rayon::prelude::*;

/// What a grading reads besides its metrics.
pub const READS: Reads = Reads::customers_and(&[Ledger::Orders, Ledger::Events]).without_notes();

/// Digits of scores and points where people read.
const SHOWN: u32 = 2;
/// Digits of scores and points in machine formats.
const EXACT: u32 = 6;

/// How an answer is read.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The language.
    pub lang: Lang,
    /// Whether by a program: more digits, keys instead of labels.
    pub machine: bool,
}

impl Reader {
    fn points(self, value: Option<Decimal>) -> Cell {
        let digits = if self.machine { EXACT } else { SHOWN };
        value.map_or(Cell::Missing, |v| Cell::Number(round(v, digits).normalize()))
    }
    fn metric(self, key: &str) -> String {
        if self.machine { key.to_string() } else { labels::label(self.lang, key) }
    }
}

fn kind(key: &str) -> Kind {
    indicator_metric(key).map_or(Kind::Number, |m| m.kind)
}

/// A raw figure as text.
fn raw_text(settings: &Settings, key: &str, raw: Decimal, r: Reader) -> String {
    if r.machine {
        return round(raw, EXACT).normalize().to_string();
    }
    number_text(settings, kind(key), raw)
}

/// A raw figure as a cell.
fn raw_cell(settings: &Settings, key: &str, raw: Option<Decimal>) -> Cell {
    let Some(raw) = raw else { return Cell::Missing };
    match kind(key) {
        Kind::Money => Cell::money(raw, &settings.file.currency),
        Kind::Ratio => Cell::Ratio(raw),
        Kind::Days => Cell::Days(round(raw, EXACT).normalize()),
        _ => Cell::Number(round(raw, EXACT).normalize()),
    }
}

/// One indicator in words: figure → points × weight.
fn part(settings: &Settings, p: &Part, r: Reader) -> String {
    let unknown = || m::not_known(r.lang);
    let raw = p.raw.map_or_else(unknown, |raw| raw_text(settings, &p.metric, raw, r));
    let points = p.points.map_or_else(|| "–".to_string(), |v| round(v, SHOWN).normalize().to_string());
    m::grade_part(r.lang, r.metric(&p.metric), raw, points, p.weight.normalize())
}

/// The note of a grading's event: the score, how much of it is known, and by which rules.
pub fn event_note(score: &Score, fingerprint: &str) -> String {
    let value = score.score.map(|s| format!("{:.2}", round(s, SHOWN))).unwrap_or_default();
    format!("score {value}, coverage {:.2}, rules {fingerprint}", round(score.coverage, SHOWN))
}

/// How many customers a grading moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moves {
    /// To a better grade.
    pub up: usize,
    /// To a worse one.
    pub down: usize,
    /// Graded for the first time.
    pub first: usize,
    /// Left as they are.
    pub same: usize,
    /// Those among them that were graded by hand.
    pub manual: usize,
}

/// Counts the moves of a grading.
pub fn moves(card: &Scorecard, list: &[&Graded]) -> Moves {
    let mut out = Moves::default();
    for g in list {
        let place = |grade: &str| card.bands.get_index_of(grade).unwrap_or(usize::MAX);
        match (g.changes(), place(&g.new).cmp(&place(&g.old))) {
            (false, _) => out.same += 1,
            _ if g.old.is_empty() => out.first += 1,
            (_, std::cmp::Ordering::Less) => out.up += 1,
            _ => out.down += 1,
        }
        out.manual += usize::from(g.manual.is_some());
    }
    out
}

fn columns(lang: Lang) -> Vec<Column> {
    vec![
        col(lang, "customer"),
        col(lang, "name"),
        Column { kind: Kind::Code, ..col(lang, "old") },
        Column { kind: Kind::Code, ..col(lang, "new") },
        num(lang, "score"),
        num(lang, "coverage"),
        Column { kind: Kind::Flag, ..col(lang, "provisional") },
        Column { kind: Kind::Day, ..hidden(lang, "grade_until") },
        col(lang, "why"),
    ]
}

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(settings: &Settings, lang: Lang) -> Vec<(Column, Values)> {
    let grade = |g: &String| (g.clone(), vec![g.clone()]);
    let of = |key: &str| match key {
        "old" | "new" => settings.file.grades.keys().map(grade).collect(),
        _ => Vec::new(),
    };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

/// The columns whose terms choose customers.
pub const OF_ROWS: &[&str] = &["customer", "name"];

/// Best score first.
pub fn in_order(list: &mut [&Graded]) {
    list.par_sort_by(|a, b| {
        let known = b.score.score.is_some().cmp(&a.score.score.is_some());
        known.then(b.score.score.cmp(&a.score.score)).then(a.customer.cmp(&b.customer))
    });
}

/// The grading as a table; `keep` takes rows away and says which ones stayed.
pub fn report(
    index: &Index<'_>,
    card: &Scorecard,
    list: &mut Vec<&Graded>,
    r: Reader,
    keep: impl FnOnce(&mut Table) -> Vec<bool>,
) -> Document {
    let book = index.book;
    let lang = r.lang;
    let rows = list
        .par_iter()
        .with_min_len(512)
        .map(|g| {
            let c = &book.customers[g.customer];
            let manual = g.manual.map(|until| m::manual_grade(lang, until));
            let parts = g.score.parts.iter().map(|p| part(&book.settings, p, r));
            let place = |grade: &str| card.bands.get_index_of(grade).unwrap_or(usize::MAX);
            let tone = match (g.changes(), place(&g.new).cmp(&place(&g.old))) {
                (false, _) if g.manual.is_some() => Tone::Faint,
                (false, _) => Tone::Plain,
                (true, std::cmp::Ordering::Greater) => Tone::Warn,
                (true, _) => Tone::Good,
            };
            let cells = vec![
                Cell::Id(c.id.into()),
                text(c.name),
                text(&g.old),
                text(&g.new),
                r.points(g.score.score),
                Cell::Ratio(g.score.coverage),
                Cell::Flag(g.score.provisional),
                g.manual.map_or(Cell::Missing, Cell::Day),
                Cell::list(manual.into_iter().chain(parts)),
            ];
            Row { cells, tone, ..Row::default() }
        })
        .collect();
    let mut doc = Document::table(Table { columns: columns(lang), rows, ..Table::default() });
    if let Some(Block::Table(table)) = doc.blocks.first_mut() {
        let mut kept = keep(table).into_iter();
        list.retain(|_| kept.next() == Some(true));
    }
    let n = moves(card, list);
    doc.blocks.push(Block::Note(m::grade_moves(lang, n.up, n.down, n.first, n.same, n.manual)));
    doc
}

/// The days that the figures of a metric cover, in words.
fn scope_text(card: &Scorecard, key: &str, index: &Index<'_>) -> String {
    let today = index.book.today;
    let days =
        |from: Option<crate::model::day::Day>| format!("{}..{today}", from.map(|d| d.to_string()).unwrap_or_default());
    match crate::metrics::find(key).map_or(Scope::Today, |m| m.scope) {
        Scope::Window => days(window(card, today).from),
        twice @ (Scope::Twice | Scope::YearAgo) => {
            match crate::metrics::compared(window(card, today), today, twice == Scope::YearAgo) {
                Some((now, then)) => format!("{} / {}", days_of(now), days_of(then)),
                None => days(window(card, today).from),
            }
        }
        Scope::Months(n) => days(today.checked_sub_months(chrono::Months::new(n)).and_then(|d| d.succ_opt())),
        Scope::Today => today.to_string(),
    }
}

/// One customer's score, indicator by indicator.
pub fn explain(index: &Index<'_>, card: &Scorecard, g: &Graded, r: Reader) -> Document {
    let (lang, settings) = (r.lang, &index.book.settings);
    let c = &index.book.customers[g.customer];
    let columns =
        vec![metric_column(lang), num(lang, "raw"), num(lang, "points"), num(lang, "weight"), col(lang, "window")];
    let row = |p: &Part| Row {
        cells: vec![
            code(&p.metric, labels::label(lang, &p.metric)),
            raw_cell(settings, &p.metric, p.raw),
            r.points(p.points),
            Cell::Number(p.weight.normalize()),
            Cell::Text(scope_text(card, &p.metric, index).into()),
        ],
        ..Row::default()
    };
    let rows = g.score.parts.iter().map(row).collect();
    let title = format!("{} {}", c.id, c.name);
    let mut doc = Document::table(Table { columns, rows, title: Some(title), ..Table::default() });
    let mut note = |line: String| doc.blocks.push(Block::Note(line));
    note(m::explain_grade_rule(lang));
    let score = g.score.score.map_or_else(|| m::not_known(lang), |s| format!("{:.2}", round(s, SHOWN)));
    let coverage = format!("{:.2}", round(g.score.coverage, SHOWN));
    let shown = |grade: &str| if grade.is_empty() { m::empty_word(lang) } else { grade.to_string() };
    let by_score = g.score.score.and_then(|s| band(card, s)).unwrap_or("");
    let bands: Vec<String> = card.bands.iter().map(|(b, low)| format!("{b} ≥ {}", low.0.normalize())).collect();
    note(m::explain_grade_score(lang, score, coverage, shown(by_score), bands.join(", ")));
    note(m::explain_grade_move(lang, shown(&g.old), shown(&g.new), margin_to_change(card).normalize()));
    if g.score.provisional {
        let cap = first_cap(card).unwrap_or_default();
        note(m::explain_grade_provisional(lang, min_coverage(card).normalize(), cap));
    }
    if let Some(until) = g.manual {
        note(m::manual_grade(lang, until));
    }
    let metrics: Vec<&Metric> = g.score.parts.iter().filter_map(|p| indicator_metric(&p.metric)).collect();
    note(figures(index, &metrics, g.customer, lang).join("\n"));
    doc
}

/// Scorecards have indicators where targets have their measure: another word in Chinese.
fn metric_column(lang: Lang) -> Column {
    Column { label: labels::column(lang, "scorecards", "metric"), ..col(lang, "metric") }
}

/// Proposed points, for machines.
pub fn calibration(card: &Scorecard, points: &[Vec<(Decimal, Decimal)>], lang: Lang) -> Document {
    let columns = vec![metric_column(lang), num(lang, "raw"), num(lang, "points")];
    let rows = card.indicators.iter().zip(points).flat_map(|(i, list)| {
        list.iter().map(|(raw, points)| Row {
            cells: vec![
                code(&i.metric, labels::label(lang, &i.metric)),
                Cell::Number(*raw),
                Cell::Number(points.normalize()),
            ],
            ..Row::default()
        })
    });
    let rows = rows.collect();
    Document::table(Table { columns, rows, ..Table::default() })
}

/// Proposed points as lines to paste into kehu.toml.
pub fn calibration_toml(card: &Scorecard, points: &[Vec<(Decimal, Decimal)>], head: &str) -> String {
    let line = |(i, list): (&Indicator, &Vec<(Decimal, Decimal)>)| {
        let better = i.better.as_ref().map(|b| format!(", better = \"{b}\"")).unwrap_or_default();
        let pairs: Vec<String> = list.iter().map(|(x, y)| format!("[{}, {}]", x.normalize(), y.normalize())).collect();
        let (metric, weight) = (&i.metric, i.weight.0.normalize());
        if pairs.is_empty() {
            // There is nothing to learn from: the scale stays.
            return format!("    {{ metric = \"{metric}\", weight = {weight}, scale = \"{}\"{better} }},\n", i.scale);
        }
        let points = pairs.join(", ");
        format!(
            "    {{ metric = \"{metric}\", weight = {weight}, scale = \"points\"{better}, points = [{points}] }},\n"
        )
    };
    let lines: String = card.indicators.iter().zip(points).map(line).collect();
    format!("# {head}\nindicators = [\n{lines}]\n")
}
