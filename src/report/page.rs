//! One thing of a ledger on a page: its row with what rules make of it, what became of it, and the rows that name it.

use super::document::{Block, Cell, Document, Row, Table};
use super::fields::LedgerFields;
use super::{col, history, ledger_list};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::row::{Event, PlainRow};
use crate::model::value::Schema as _;
use crate::rules::engine::index::Index;

/// The ledgers with rows that may name a thing of a ledger, and the column that does.
fn naming(of: Ledger) -> impl Iterator<Item = (Ledger, usize)> {
    let column = move |l: &Ledger| l.columns().iter().position(|c| c.ty == Type::Ref(RefTo::Row(of)));
    Ledger::ALL.iter().filter_map(move |l| Some((*l, column(l)?)))
}

/// What a page reads besides what its rules ask for.
pub(super) fn reads(of: Ledger) -> Reads {
    let ledgers: Vec<Ledger> = naming(of).map(|(l, _)| l).collect();
    Reads { plain: LedgerSet::of(&ledgers), ..Reads::NOTHING }
}

/// The page.
pub(super) fn of(index: &Index<'_>, ledger: Ledger, row: &PlainRow, lang: Lang) -> Document {
    let book = index.book;
    let cell = |name: &str| ledger.column(name).map_or("", |n| row.cell(n));
    let fields = LedgerFields::new(ledger, &book.settings, &book.team).present();
    let columns = ledger.columns().iter().map(|c| c.name);
    let computed = ledger.spec().computed.iter().map(|c| c.name);
    let own = row.own.iter().map(|(k, _)| *k);
    let columns: Vec<_> = columns.chain(computed).chain(own).filter_map(|n| fields.find(n)).collect();
    let mut doc = ledger_list::report(index, ledger, &[row], &columns, &fields, lang).as_card();
    if let Some(Block::Card(card)) = doc.blocks.first_mut() {
        card.title = book.customer(cell("customer")).map(|c| format!("{}  {}", cell("id"), c.name));
    }
    let is_its = |e: &Event| e.kind() == ledger.kind() && e.subject() == cell("id");
    let events: Vec<Event> = book.events.iter().filter(is_its).collect();
    let past = history::report(book, &events, lang).blocks.into_iter().map(|b| (m::history_title(lang), b));
    let named = named_by(book, ledger, cell("id"), lang);
    for (title, block) in past.chain([(m::named_by_title(lang), Block::Table(named))]) {
        if let Block::Table(t) = block
            && !t.rows.is_empty()
        {
            doc.blocks.push(Block::Table(Table { title: Some(title), ..t }));
        }
    }
    doc
}

/// The things that name a thing: each once, however many lines it has.
fn named_by(book: &Book, of: Ledger, id: &str, lang: Lang) -> Table {
    let mut seen: Vec<(Ledger, &str)> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for (ledger, column) in naming(of) {
        let cell = |r: &PlainRow, name: &str| ledger.column(name).map_or("", |n| r.cell(n));
        for r in book.plain.get(&ledger).into_iter().flatten().filter(|r| r.cell(column) == id) {
            if seen.contains(&(ledger, cell(r, "id"))) {
                continue;
            }
            seen.push((ledger, cell(r, "id")));
            let at = At::parse(cell(r, "at"), book.settings.tz);
            let cells = vec![
                Cell::code(ledger.kind(), &values::value(lang, "subject_kind", ledger.kind())),
                Cell::Id(cell(r, "id").into()),
                at.map_or(Cell::Missing, Cell::At),
                Cell::Text(cell(r, "by").into()),
            ];
            rows.push(Row { cells, ..Row::default() });
        }
    }
    let columns = ["kind", "id", "at", "by"].map(|k| col(lang, k)).to_vec();
    Table { columns, rows, ..Table::default() }
}
