//! Removing a row that nothing refers to, and what happened to it.

use super::find::{by_place, find, ledgers_for, one, row_name, twins};
use crate::cli::context::{Context, Result};
use crate::cli::error::refused;
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::change::{Change, ChangeSet};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::rules::references::{Target, references};

/// Remove a row; refused while anything refers to it
#[derive(Debug, clap::Args)]
pub(crate) struct Rm {
    /// Its id
    pub(crate) id: String,
}

/// Removes a row, and with the last row of its id the events that happened to it.
pub(crate) fn remove(id: &str, ledger: Option<Ledger>, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let (ledgers, id) = ledgers_for(ctx, id, ledger)?;
    let reads =
        Reads { customers: false, ledgers: LedgerSet::NONE, plain: LedgerSet::all(), later: true, ..Reads::NOTHING };
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let mut only = book.clone();
        only.plain.retain(|l, _| ledgers.has(*l));
        let found = find(&only, &id);
        let first = found.first().map(|(l, _)| *l);
        // An id without a line stands for all of its lines, unless two rows have one key: then it must be said which.
        let lines = first.filter(|f| f.column("line").is_some() && !twins(&found) && found.iter().all(|(l, _)| l == f));
        let (ledger, rows): (Ledger, Vec<&PlainRow>) = match lines {
            Some(l) => (l, found.into_iter().map(|f| f.1).collect()),
            None => {
                let (l, row) = one(ctx, &only, &id, ledger.map_or("row", |l| l.kind()))?;
                (l, vec![row])
            }
        };
        let placed = by_place(&id).and(rows.first()).map(|row| row_name(book, ledger, row));
        let id = placed.unwrap_or_else(|| id.clone());
        let own_id = rows.first().zip(ledger.column("id")).map_or("", |(r, n)| r.cell(n));
        let places = references(book, Target::Rows(ledger, &rows));
        if !places.is_empty() {
            let shown = places.iter().take(3).cloned().collect();
            return Err(refused(lang, &Refusal::Referenced { what: id.clone(), count: places.len(), places: shown }));
        }
        ctx.confirm(&m::sure_remove(lang, &id))?;
        let mut changes = ChangeSet::default();
        for row in &rows {
            changes.push(Change::RemoveRow { file: book.file(row.place).into(), line: row.place.line });
        }
        let id_column = ledger.column("id").unwrap_or(0);
        let of_it = only.plain.get(&ledger).into_iter().flatten().filter(|r| r.cell(id_column) == own_id).count();
        // Events happened to the whole thing: they go with its last line.
        let gone = of_it == rows.len();
        for e in book.plain.get(&Ledger::Events).into_iter().flatten() {
            let cell = |name: &str| Ledger::Events.column(name).map_or("", |k| e.cell(k));
            if gone && cell("kind") == ledger.kind() && cell("subject") == own_id && ledger != Ledger::Events {
                changes.push(Change::RemoveRow { file: book.file(e.place).into(), line: e.place.line });
            }
        }
        let mut planned = Planned { changes, ..Planned::default() };
        planned.did(&id, m::did_remove(lang, &id));
        Ok(planned)
    })
}
