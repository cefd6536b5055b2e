//! The stages with counts, conversion and times (R1).

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::due::code;
use super::fields::stage_label;
use super::{col, num};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::{Kind, Values};
use crate::report::picture::{Picture, Shape};
use crate::rules::engine::index::Index;
use crate::rules::funnel::{StageCount, funnel};
use crate::rules::stays::FEW;

/// What this report reads.
pub const READS: Reads = Reads::customers_and(&[Ledger::Activities, Ledger::Events]);

fn columns(lang: Lang, with_unknown: bool) -> Vec<Column> {
    vec![
        col(lang, "stage"),
        Column { kind: Kind::Code, ..col(lang, "stage_category") },
        num(lang, "customers"),
        num(lang, "stalled"),
        num(lang, "closed"),
        num(lang, "entered"),
        Column { machine_only: !with_unknown, ..num(lang, "start_unknown") },
        num(lang, "forward"),
        num(lang, "back"),
        num(lang, "open"),
        num(lang, "conversion"),
        num(lang, "median_days"),
        num(lang, "p90_days"),
    ]
}

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(lang: Lang) -> Vec<(Column, Values)> {
    let category = |key: &str| {
        let words = Lang::ALL.iter().map(|l| values::value(*l, "stage_category", key));
        (key.to_string(), words.collect())
    };
    let of = |key: &str| match key {
        "stage_category" => ["presale", "customer", "lost"].map(category).into(),
        _ => Vec::new(),
    };
    columns(lang, true).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

/// The columns whose terms choose customers.
pub const OF_ROWS: &[&str] = &["stage"];

/// The funnel of the chosen customers.
pub fn report(index: &Index<'_>, chosen: &[usize], period: Period, lang: Lang) -> Document {
    let stages = funnel(index, chosen, period);
    let columns = columns(lang, stages.iter().any(|s| s.start_unknown > 0));
    let rows = stages.iter().map(|s| Row { cells: cells(index, s, lang), ..Row::default() }).collect();
    let sum = |f: fn(&StageCount) -> i64| Cell::Int(stages.iter().map(f).sum());
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing];
    total.extend([
        sum(|s| s.customers),
        sum(|s| s.stalled),
        sum(|s| s.closed),
        sum(|s| s.entered),
        sum(|s| s.start_unknown),
    ]);
    total.resize(columns.len(), Cell::Missing);
    let footer = vec![Row { cells: total, ..Row::default() }];
    let mut doc = Document::table(Table {
        pictures: vec![Picture::new(Shape::Funnel, "stage", &["customers"])],
        columns,
        rows,
        footer,
        ..Table::default()
    });
    let (from, to) = (period.from.map(|d| d.to_string()), period.to.map(|d| d.to_string()));
    doc.blocks.push(Block::Note(m::funnel_period(
        lang,
        from.unwrap_or_default(),
        to.unwrap_or_default(),
        index.book.today,
    )));
    if stages.iter().any(|s| s.start_unknown > 0) {
        doc.blocks.push(Block::Note(m::funnel_unknown(lang)));
    }
    let few: Vec<String> = stages
        .iter()
        .filter(|s| s.leads_on && (1..FEW).contains(&s.cases()))
        .map(|s| format!("{} ({})", stage_label(lang, &index.book.settings, &s.stage), s.cases()))
        .collect();
    if !few.is_empty() {
        doc.blocks.push(Block::Note(m::few_cases(lang, few.join(", "))));
    }
    doc
}

fn cells(index: &Index<'_>, s: &StageCount, lang: Lang) -> Vec<Cell> {
    let settings = &index.book.settings;
    let category = settings.stage(&s.stage).map_or("", |x| x.category.key());
    let int = |n: Option<i64>| n.map_or(Cell::NotAvailable, Cell::Int);
    let conversion = if s.cases() == 0 || !s.leads_on {
        Cell::NotAvailable
    } else {
        Decimal::from(s.forward).checked_div(Decimal::from(s.cases())).map_or(Cell::NotAvailable, Cell::Ratio)
    };
    vec![
        code(&s.stage, stage_label(lang, settings, &s.stage)),
        code(category, values::value(lang, "stage_category", category)),
        Cell::Int(s.customers),
        Cell::Int(s.stalled),
        Cell::Int(s.closed),
        Cell::Int(s.entered),
        Cell::Int(s.start_unknown),
        Cell::Int(s.forward),
        Cell::Int(s.back),
        Cell::Int(s.open),
        conversion,
        s.median_days.map_or(Cell::NotAvailable, Cell::Days),
        int(s.p90_days),
    ]
}
