//! Contracts: one on a page, with its plan.

use super::document::{Block, Cell, Column, Document, Row, Table};
use super::due::code;
use super::{col, num, page, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::value::Kind;
use crate::rules::contracts::{Contract, READS};
use crate::rules::engine::index::Index;
use crate::rules::plans::Instalment;
use crate::rules::receivables::Receivable;

/// What [`show`] reads.
pub fn reads() -> Reads {
    READS.and(page::reads(Ledger::Contracts)).and(Reads { ledgers: MONEY, ..Reads::NOTHING })
}

/// One contract: where it stands, its plan, what became of it, and what names it.
pub fn show(index: &Index<'_>, contract: &Contract<'_>, lang: Lang) -> Document {
    let mut doc = page::of(index, Ledger::Contracts, contract.paper.row, lang);
    let plan = index.plans().of(contract.id());
    if !plan.is_empty() {
        doc.blocks.insert(1, Block::Table(table(index, contract, plan, lang)));
    }
    doc
}

/// The receivable that an instalment is in its customer's account.
fn receivable<'i>(index: &'i Index<'_>, contract: &Contract<'_>, one: &Instalment) -> Option<&'i Receivable<'i>> {
    let accounts = index.accounts_of(contract.paper.customer()?);
    accounts.iter().flat_map(|a| &a.receivables).find(|r| r.claim.is_some_and(|c| c.id == one.id))
}

fn table(index: &Index<'_>, contract: &Contract<'_>, plan: &[Instalment], lang: Lang) -> Table {
    let currency = contract.paper.currency();
    let columns = vec![
        col(lang, "id"),
        Column { label: labels::column(lang, Ledger::Receivables.name(), "due"), ..typed(lang, "due", Kind::Day) },
        num(lang, "amount"),
        num(lang, "open_amount"),
        typed(lang, "state", Kind::Code),
    ];
    let row = |i: &Instalment| {
        let its = receivable(index, contract, i);
        let state = its.map_or("", |r| r.status(index.book.today));
        let cells = vec![
            Cell::Id(i.id.into()),
            crate::model::day::parse_day(i.due).map_or(Cell::Missing, Cell::Day),
            i.amount.map_or(Cell::Missing, |a| Cell::money(a, currency)),
            its.map_or(Cell::Missing, |r| Cell::money(r.open, currency)),
            code(state, values::value(lang, "instalment_state", state)),
        ];
        Row { cells, ..Row::default() }
    };
    let rows = plan.iter().map(row).collect();
    Table { title: Some(m::plan_title(lang)), columns, rows, ..Table::default() }
}
