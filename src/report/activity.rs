//! Contacts by person, channel, purpose or outcome, and the steps forward that they led to.

use super::ask::{Answer, Ask, Caveat, Days, Flag, FlagValues, Over, Report, Series, Values};
use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::fields::{LedgerFields, word};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, reporting};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::value::{Kind, Schema};
use crate::rules::effort::{By, Effort, effort, usual};
use crate::rules::engine::index::Index;
use crate::rules::unjoined::of_nobody;

/// Contacts, what came of them, and how many it takes for a step forward.
pub struct Activity;

impl Activity {
    fn by(ask: &Ask<'_>) -> By {
        By::ALL.into_iter().find(|by| by.key() == ask.flag("by")).unwrap_or(By::Rep)
    }
}

impl Report for Activity {
    fn name(&self) -> &'static str {
        "activity"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report activity",
            "kehu report activity -p last-week",
            "kehu report activity --by channel grade:A -p 2026Q2",
            "kehu report activity detours.gt:1.5 -p 2026H1",
        ]
    }

    fn over(&self) -> Over {
        Over::Customers
    }

    fn days(&self) -> Days {
        Days::Of("30d")
    }

    fn flags(&self) -> &'static [Flag] {
        &[Flag {
            name: "by",
            value: Some("KEY"),
            default: Some("rep"),
            values: FlagValues::Only(&["rep", "channel", "purpose", "outcome"]),
        }]
    }

    fn series(&self) -> Series {
        Series { per: false, compare: false, instead: "kehu activity list --per UNIT" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        Reads::customers_and(&[Ledger::Activities, Ledger::Events]).without_notes()
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        columns(Activity::by(ask), lang)
    }

    fn values(&self, column: &str, ask: &Ask<'_>) -> Values {
        let of_rows = |name: &str| {
            let fields = LedgerFields::new(Ledger::Activities, ask.settings, ask.team);
            fields.find(name).map_or_else(Vec::new, |def| def.values)
        };
        match column {
            "rep" => of_rows("by"),
            "channel" | "purpose" | "outcome" => of_rows(column),
            _ => Vec::new(),
        }
    }

    fn title(&self, ask: &Ask<'_>, lang: Lang) -> String {
        let by = labels::label(lang, Activity::by(ask).key());
        reporting::by_key(lang, reporting::title(lang, self.name()), by)
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let by = Activity::by(ask);
        let (groups, whole) = effort(index, &ask.customers(index), ask.period, by);
        let usual = if by == By::Rep { usual(&groups) } else { None };
        let mut list: Vec<(&str, Effort)> = groups.iter().map(|(key, e)| (*key, *e)).collect();
        // The busiest first.
        list.sort_by_key(|(_, e)| std::cmp::Reverse(e.activities));
        let row = |(key, e): &(&str, Effort)| {
            let words = word(lang, ask.settings, Some(Ledger::Activities), by.key(), key);
            let key_cell = match (by, *key) {
                (By::Rep, _) => text(key),
                (_, "") => Cell::code("", &m::empty_word(lang)),
                _ => Cell::code(key, &words),
            };
            let mut cells = vec![key_cell];
            if by == By::Rep {
                cells.push(text(ask.team.get(key).map_or("", |p| p.name)));
            }
            cells.extend(figures(e, by, usual));
            Row { cells, ..Row::default() }
        };
        let rows: Vec<Row> = list.iter().map(row).collect();
        let mut total = vec![Cell::Text(m::total(lang).into())];
        total.resize(if by == By::Rep { 2 } else { 1 }, Cell::Missing);
        total.extend(figures(&whole, by, None));
        let footer = if rows.is_empty() { Vec::new() } else { vec![Row { cells: total, ..Row::default() }] };
        let doc = Document::table(Table { columns: columns(by, lang), rows, footer, ..Table::default() });
        let strays = of_nobody(index.book, index.prices(), LedgerSet::of(&[Ledger::Activities]), ask.period);
        Answer { doc, caveats: Caveat::of_unjoined(&strays, lang) }
    }
}

fn columns(by: By, lang: Lang) -> Vec<Column> {
    let mut columns = vec![Column { importance: Importance::Key, ..typed(lang, by.key(), Kind::Code) }];
    if by == By::Rep {
        columns.push(col(lang, "name"));
    }
    columns.extend(["activities", "customers", "two_way", "without_outcome", "with_next"].map(|k| num(lang, k)));
    if by == By::Rep {
        columns.extend([num(lang, "moves"), num(lang, "per_move"), typed(lang, "detours", Kind::Ratio)]);
    }
    rank(&mut columns, &[(Importance::Main, &["activities", "moves", "detours"])]);
    columns
}

/// The cells of a group: what was done; of people also the steps forward, the contacts for each, and these against the team's.
fn figures(e: &Effort, by: By, usual: Option<Decimal>) -> Vec<Cell> {
    let counts = [e.activities, e.customers, e.two_way, e.without_outcome, e.with_next];
    let mut cells: Vec<Cell> = counts.into_iter().map(Cell::Int).collect();
    if by == By::Rep {
        let per_move = e.per_move();
        let detours = per_move.zip(usual).and_then(|(own, usual)| own.checked_div(usual));
        cells.push(Cell::Int(e.moves));
        cells.push(per_move.map_or(Cell::NotAvailable, |n| Cell::Days(n.round_dp(6).normalize())));
        cells.push(detours.map_or(Cell::NotAvailable, Cell::Ratio));
    }
    cells
}
