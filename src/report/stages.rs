//! How long customers stay in each stage, and how many move on (R1), by whom or what they are.

use super::ask::{Answer, Ask, Caveat, Days, Fails, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::code;
use super::fields::{stage_label, word};
use super::sales_groups::no_group;
use super::{num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;
use crate::rules::funnel::{StageCount, funnel};
use crate::rules::stays::FEW;
use std::collections::BTreeMap;

/// Time in each stage and conversion.
pub struct Stages;

/// What the stages can be divided by; the first one is no division.
const KEYS: &[&str] = &["stage", "owner", "grade", "intent", "source"];

/// The key by which the stages are divided, if any.
fn divided<'q>(ask: &'q Ask<'_>) -> Option<&'q str> {
    Some(ask.flag("by")).filter(|by| *by != "stage")
}

impl Report for Stages {
    fn name(&self) -> &'static str {
        "stages"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report stages",
            "kehu report stages --by owner -p 2026H1",
            "kehu report stages --by intent stage:prospect",
            "kehu report stages grade:A conversion.lt:0.3 -f csv",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("12m")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag { name: "by", value: Some("KEY"), default: Some("stage"), values: FlagValues::Only(KEYS) }]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu report stages -p PERIOD" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads::customers_and(&[Ledger::Activities, Ledger::Events]).without_notes()
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(divided(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        if KEYS.contains(&column) || column == "stage_category" { ask.values_of(column) } else { Vec::new() }
    }

    fn of_rows(&self, ask: &Ask<'_>) -> Vec<String> {
        divided(ask).map(String::from).into_iter().collect()
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let title = reporting::title(lang, self.name());
        divided(ask).map_or_else(|| title.to_string(), |by| reporting::by_key(lang, title, labels::label(lang, by)))
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let by = divided(ask);
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for n in ask.customers(index) {
            let key = by.map_or(Value::Missing, |by| index.book.customers[n].get(by));
            let key = if let Value::Text(t) = &key { t.to_string() } else { String::new() };
            groups.entry(key).or_default().push(n);
        }
        // Who has none of it stands last.
        let mut groups: Vec<(String, Vec<usize>)> = groups.into_iter().collect();
        groups.sort_by(|a, b| a.0.is_empty().cmp(&b.0.is_empty()).then_with(|| a.0.cmp(&b.0)));
        let (mut rows, mut few) = (Vec::new(), Vec::new());
        for (key, chosen) in &groups {
            for s in funnel(index, chosen, ask.period).iter().filter(|s| by.is_none() || !is_empty(s)) {
                let group = by.map(|by| named(by, key, ask, lang));
                let called = group.as_ref().and_then(|g| g.label().or_else(|| g.text())).map(|g| format!("{g} "));
                let mut cells: Vec<Cell> = group.into_iter().collect();
                cells.extend(figures(s, ask, lang));
                rows.push(Row { cells, ..Row::default() });
                if s.leads_on && (1..FEW).contains(&s.cases()) {
                    let stage = stage_label(lang, ask.settings, &s.stage);
                    few.push(format!("{}{stage} ({})", called.unwrap_or_default(), s.cases()));
                }
            }
        }
        let mut doc = Document::table(Table { columns: columns(by, lang), rows, ..Table::default() });
        doc.blocks.push(Block::Note(m::stages_note(lang, index.book.today)));
        let mut answer = Answer::of(doc);
        if !few.is_empty() {
            answer.caveats.push(Caveat { text: m::few_cases(lang, few.join(", ")), fails: Fails::Never });
        }
        answer
    }
}

fn columns(by: Option<&str>, lang: Lang) -> Vec<Column> {
    let of_group = |key: &str| Column { importance: Importance::Key, ..typed(lang, key, Kind::Code) };
    let mut columns: Vec<Column> = by.map(of_group).into_iter().collect();
    columns.push(typed(lang, "stage", Kind::Code));
    columns.push(typed(lang, "stage_category", Kind::Code));
    columns.extend(["customers", "stays", "median_days", "p90_days"].map(|k| num(lang, k)));
    columns.extend(["entered", "start_unknown", "forward", "back", "open"].map(|k| num(lang, k)));
    columns.push(typed(lang, "conversion", Kind::Ratio));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["stage"]),
            (Importance::Main, &["median_days", "conversion"]),
            (Importance::Minor, &["stage_category", "start_unknown"]),
        ],
    );
    columns
}

fn is_empty(s: &StageCount) -> bool {
    s.customers == 0 && s.visits == 0 && s.cases() == 0
}

fn named(by: &str, key: &str, ask: &Ask<'_>, lang: Lang) -> Cell {
    if key.is_empty() { no_group(lang, by) } else { code(key, word(lang, ask.settings, None, by, key)) }
}

fn figures(s: &StageCount, ask: &Ask<'_>, lang: Lang) -> Vec<Cell> {
    let category = ask.settings.stage(&s.stage).map_or("", |x| x.category.key());
    let rate = Decimal::from(s.forward).checked_div(Decimal::from(s.cases())).filter(|_| s.leads_on);
    vec![
        code(&s.stage, stage_label(lang, ask.settings, &s.stage)),
        code(category, word(lang, ask.settings, None, "stage_category", category)),
        Cell::Int(s.customers),
        Cell::Int(s.visits),
        s.median_days.map_or(Cell::NotAvailable, Cell::Days),
        s.p90_days.map_or(Cell::NotAvailable, Cell::Int),
        Cell::Int(s.entered),
        Cell::Int(s.start_unknown),
        Cell::Int(s.forward),
        Cell::Int(s.back),
        Cell::Int(s.open),
        rate.map_or(Cell::NotAvailable, Cell::Ratio),
    ]
}
