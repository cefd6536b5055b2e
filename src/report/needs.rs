//! Needs: one on a page with the quotes for it, and those of a customer that are open.

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::due::{code, text};
use super::{col, hidden, page};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::rules::engine::index::Index;
use crate::rules::needs::{Need, READS, open_of};
use crate::store::cells::unescape_note;

/// What [`show`] reads.
pub fn reads() -> Reads {
    READS.and(super::quotes::READS).and(page::reads(Ledger::Needs))
}

/// One need: where it stands, what became of it, the quotes for it, and what else names it.
pub fn show(index: &Index<'_>, need: &Need<'_>, lang: Lang) -> Document {
    let mut doc = page::of(index, Ledger::Needs, need.row, lang);
    let quotes = quotes(index, need, lang);
    if !quotes.rows.is_empty() {
        doc.blocks.push(Block::Table(quotes));
    }
    doc
}

/// The quotes that name a need, oldest first.
fn quotes(index: &Index<'_>, need: &Need<'_>, lang: Lang) -> Table {
    let base = &index.book.settings.file.currency;
    let own = |k: &str| Column { label: labels::column(lang, Ledger::Quotes.name(), k), ..col(lang, k) };
    let mut columns: Vec<Column> =
        ["id", "at", "state", "valid_until", "net", "order"].iter().map(|k| own(k)).collect();
    columns[4].right = true;
    let mut its: Vec<_> = index.quotes().all().iter().filter(|q| q.current().head().need == need.id()).collect();
    its.sort_by_key(|q| (q.current().at, q.current().head().id));
    let row = |q: &&crate::rules::quotes::Quote<'_>| {
        let (head, state) = (q.current().head(), q.state(index.book.today).key());
        let cells = vec![
            Cell::Id(head.id.into()),
            Cell::At(q.current().at),
            code(state, values::value(lang, "quote_state", state)),
            q.current().valid_until().map_or(Cell::Missing, Cell::Day),
            q.amounts.net.map_or(Cell::NotAvailable, |net| Cell::money(net, q.currency(base))),
            q.order().map_or(Cell::Missing, |id| Cell::Id(id.into())),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = its.iter().map(row).collect();
    Table { title: Some(m::need_quotes_title(lang)), columns, rows, ..Table::default() }
}

/// The open needs of a customer, the most pressing at the top.
pub fn open(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let own = |k: &str| Column { label: labels::column(lang, Ledger::Needs.name(), k), ..col(lang, k) };
    let mut columns: Vec<Column> =
        ["id", "quadrant", "at", "text", "solution", "quote_days"].iter().map(|k| own(k)).collect();
    columns[1].right = true;
    columns[5].right = true;
    let row = |n: &Need<'_>| {
        let words = |column: &str| text(unescape_note(n.entry(column)).lines().next().unwrap_or(""));
        let cells = vec![
            Cell::Id(n.id().into()),
            Cell::Int(n.quadrant()),
            n.told().map_or(Cell::Missing, |at| Cell::Day(at.day)),
            words("text"),
            words("solution"),
            n.days_to_quote(index).map_or(Cell::Missing, Cell::Int),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = open_of(index, customer).iter().map(row).collect();
    Table { title: Some(m::needs_title(lang)), columns, rows, ..Table::default() }
}

/// The same for programs, whose answers are flat: lists that stand side by side, an item for each open need.
pub fn keys(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<(Column, Cell)> {
    let needs = open_of(index, customer);
    let list = |key: &str, item: &dyn Fn(&Need<'_>) -> String| (hidden(lang, key), Cell::list(needs.iter().map(item)));
    vec![list("open_needs", &|n| n.id().to_string()), list("open_need_quadrants", &|n| n.quadrant().to_string())]
}
