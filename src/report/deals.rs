//! Deals: one on a page, and those of a customer that are open.

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::due::{code, text};
use super::fields::{LedgerFields, listed};
use super::{col, hidden, history, ledger_list};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::day::At;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, SettingList, Type};
use crate::model::row::{Event, PlainRow};
use crate::model::value::Schema as _;
use crate::rules::deals::{Deal, READS, open_deals};
use crate::rules::engine::index::Index;
use crate::store::cells::unescape_note;

/// The ledgers with rows that may name a deal, and the column that does.
fn naming() -> impl Iterator<Item = (Ledger, usize)> {
    let of = |l: &Ledger| l.columns().iter().position(|c| c.ty == Type::Ref(RefTo::Row(Ledger::Deals)));
    Ledger::ALL.iter().filter_map(move |l| Some((*l, of(l)?)))
}

/// What [`show`] reads.
pub fn reads() -> Reads {
    let ledgers: Vec<Ledger> = naming().map(|(l, _)| l).collect();
    READS.and(Reads { plain: LedgerSet::of(&ledgers), ..Reads::NOTHING })
}

/// One deal: where it stands, what became of it, and what names it.
pub fn show(index: &Index<'_>, deal: &Deal<'_>, lang: Lang) -> Document {
    let book = index.book;
    let fields = LedgerFields::new(Ledger::Deals, &book.settings, &book.team).present();
    let columns = Ledger::Deals.columns().iter().map(|c| c.name);
    let computed = Ledger::Deals.spec().computed.iter().map(|c| c.name);
    let own = deal.row.own.iter().map(|(k, _)| *k);
    let columns: Vec<_> = columns.chain(computed).chain(own).filter_map(|n| fields.find(n)).collect();
    let mut doc = ledger_list::report(index, Ledger::Deals, &[deal.row], &columns, &fields, lang).as_card();
    if let Some(Block::Card(card)) = doc.blocks.first_mut() {
        card.title = deal.customer().map(|n| format!("{}  {}", deal.id(), book.customers[n].name));
    }
    let is_its = |e: &Event| e.kind() == Ledger::Deals.kind() && e.subject() == deal.id();
    let events: Vec<Event> = book.events.iter().filter(is_its).collect();
    let past = history::report(book, &events, lang).blocks.into_iter().map(|b| (m::history_title(lang), b));
    let named = named_by(book, deal.id(), lang);
    for (title, block) in past.chain([(m::named_by_title(lang), Block::Table(named))]) {
        if let Block::Table(t) = block
            && !t.rows.is_empty()
        {
            doc.blocks.push(Block::Table(Table { title: Some(title), ..t }));
        }
    }
    doc
}

/// The things that name a deal: each once, however many lines it has.
fn named_by(book: &Book, deal: &str, lang: Lang) -> Table {
    let mut seen: Vec<(Ledger, &str)> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for (ledger, column) in naming() {
        let cell = |r: &PlainRow, name: &str| ledger.column(name).map_or("", |n| r.cell(n));
        for r in book.plain.get(&ledger).into_iter().flatten().filter(|r| r.cell(column) == deal) {
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
