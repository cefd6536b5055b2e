//! Complaints: one on a page, and those of a customer that are open.

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::due::{code, text};
use super::fields::{hours, listed};
use super::{col, page};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::day::At;
use crate::model::ledger::{Ledger, SettingList};
use crate::rules::complaints::clock::Limit;
use crate::rules::complaints::{Complaint, READS, open, years_of};
use crate::rules::engine::index::Index;
use crate::store::cells::unescape_note;
use chrono::{DateTime, Utc};

/// What [`show`] reads.
pub fn reads() -> Reads {
    READS.and(page::reads(Ledger::Complaints))
}

fn instant(index: &Index<'_>, at: Option<DateTime<Utc>>) -> Cell {
    at.map_or(Cell::Missing, |at| Cell::At(At::of_instant(at, index.book.settings.tz)))
}

/// One complaint: where it stands and how much time is left, when it waited for the customer, what became of it, and what names it.
pub fn show(index: &Index<'_>, c: &Complaint<'_>, lang: Lang) -> Document {
    let mut doc = page::of(index, Ledger::Complaints, c.row, lang);
    let waited: Vec<Row> = c
        .clock
        .pauses
        .iter()
        .map(|p| {
            let hours = Cell::Number(hours(p.seconds));
            let cells = vec![instant(index, Some(p.from)), instant(index, p.to), hours, text(&unescape_note(p.reason))];
            Row { cells, ..Row::default() }
        })
        .collect();
    if !waited.is_empty() {
        let columns = ["waited_from", "waited_to", "hours", "reason"].map(|k| col(lang, k)).to_vec();
        let title = Some(values::value(lang, "complaint_state", "waiting"));
        doc.blocks.push(Block::Table(Table { title, columns, rows: waited, ..Table::default() }));
    }
    if let Some(budget) = c.clock.budget {
        let settings = &index.book.settings;
        let by = match budget.limit {
            Limit::Safety => values::value(lang, "severity", "safety"),
            Limit::Category => listed(lang, settings, SettingList::ComplaintCategories, c.entry("category")),
            Limit::Grade => c.entry("grade").to_string(),
            Limit::Longest => m::limit_longest(lang),
        };
        let used = hours(c.clock.used);
        doc.blocks.push(Block::Note(m::complaint_clock(lang, hours(budget.seconds), by, used)));
    }
    doc
}

/// Years without holidays that deadlines of a customer's open complaints reach.
pub fn years_of_open(index: &Index<'_>, customer: usize) -> Vec<i32> {
    years_of(open(index).into_iter().filter(|c| c.customer() == Some(customer)))
}

/// The open complaints of a customer, the one that is due first at the top.
pub fn open_of(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let settings = &index.book.settings;
    let own = |k: &str| Column { label: labels::column(lang, Ledger::Complaints.name(), k), ..col(lang, k) };
    let columns: Vec<Column> = ["id", "category", "state", "assignee", "due", "text"].iter().map(|k| own(k)).collect();
    let mut its: Vec<&Complaint<'_>> = open(index).into_iter().filter(|c| c.customer() == Some(customer)).collect();
    its.sort_by_key(|c| (!c.is_late(), c.clock.due.is_none(), c.clock.due, c.id()));
    let row = |c: &Complaint<'_>| {
        let cells = vec![
            Cell::Id(c.id().into()),
            code(c.entry("category"), listed(lang, settings, SettingList::ComplaintCategories, c.entry("category"))),
            code(c.state(), values::value(lang, "complaint_state", c.state())),
            text(c.handler()),
            instant(index, c.clock.due),
            text(unescape_note(c.entry("text")).lines().next().unwrap_or("")),
        ];
        Row { cells, tone: if c.is_late() { super::document::Tone::Bad } else { Default::default() }, ..Row::default() }
    };
    let rows = its.into_iter().map(row).collect();
    Table { title: Some(m::complaints_title(lang)), columns, rows, ..Table::default() }
}
