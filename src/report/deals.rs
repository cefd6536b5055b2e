//! Deals: one on a page, and those of a customer that are open.

use super::document::{Cell, Column, Document, Row, Table};
use super::due::{code, text};
use super::fields::listed;
use super::{col, hidden, page};
use crate::i18n::{Lang, labels, messages as m};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, SettingList};
use crate::rules::deals::{Deal, READS, open_deals};
use crate::rules::engine::index::Index;
use crate::store::cells::unescape_note;

/// What [`show`] reads.
pub fn reads() -> Reads {
    READS.and(page::reads(Ledger::Deals))
}

/// One deal: where it stands, what became of it, and what names it.
pub fn show(index: &Index<'_>, deal: &Deal<'_>, lang: Lang) -> Document {
    page::of(index, Ledger::Deals, deal.row, lang)
}

/// The open deals of a customer, the one that closes first at the top.
pub fn open(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let settings = &index.book.settings;
    let own = |k: &str| Column { label: labels::column(lang, Ledger::Deals.name(), k), ..col(lang, k) };
    let mut columns: Vec<Column> =
        ["id", "title", "stage", "amount", "close_date", "next"].iter().map(|k| own(k)).collect();
    columns[3].right = true;
    let row = |d: Deal<'_>| {
        let base = &settings.file.currency;
        let cells = vec![
            Cell::Id(d.id().into()),
            text(&unescape_note(d.entry("title"))),
            code(d.stage(), listed(lang, settings, SettingList::DealStages, d.stage())),
            d.amount().map_or(Cell::Missing, |a| Cell::money(a, base)),
            d.close_date().map_or(Cell::Missing, Cell::Day),
            d.next(index).map_or(Cell::Missing, Cell::Day),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = open_deals(index, customer).into_iter().map(row).collect();
    Table { title: Some(m::deals_title(lang)), columns, rows, ..Table::default() }
}

/// The same for programs, whose answers are flat: lists that stand side by side, an item for each open deal. What is not known
/// is an empty text.
pub fn keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let deals = open_deals(index, customer);
    let list = |key: &str, item: &dyn Fn(&Deal<'_>) -> String| (hidden(lang, key), Cell::list(deals.iter().map(item)));
    let day = |day: Option<crate::model::day::Day>| day.map_or_else(String::new, |d| d.to_string());
    vec![
        list("open_deals", &|d| d.id().to_string()),
        list("open_deal_stages", &|d| d.stage().to_string()),
        list("open_deal_amounts", &|d| d.amount().map_or_else(String::new, |a| a.normalize().to_string())),
        list("open_deal_close_dates", &|d| day(d.close_date())),
        list("open_deal_next", &|d| day(d.next(index))),
    ]
}
