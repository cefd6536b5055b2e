//! One row, whole.

use super::find::find;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::row::PlainRow;
use crate::model::value::{FieldDef, Schema};
use crate::report::fields::LedgerFields;
use crate::report::ledger_list::report;
use crate::rules::engine::index::Index;

/// Show one row with all its columns
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Its id
    pub(crate) id: String,
}

/// Shows one row, or all lines of one id.
pub(crate) fn show(id: &str, ledger: Ledger, ctx: &Context) -> Result<()> {
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team).present();
    let mut names: Vec<String> = ledger.columns().iter().map(|c| c.name.to_string()).collect();
    names.extend(ledger.spec().computed.iter().map(|c| c.name.to_string()));
    let columns: Vec<_> = names.iter().filter_map(|n| fields.find(n)).collect();
    let asked = Reads { plain: LedgerSet::of(&[ledger]), ..Reads::NOTHING };
    // Whom a row is about is shown as it is written.
    let events = |d: &&FieldDef| ledger.column(&d.key).is_none() || ledger.turned(&d.key).is_some();
    let reads = columns.iter().filter(events).map(|d| fields.reads(d.id)).fold(asked, Reads::and);
    let read = ctx.load(reads)?;
    let index = Index::new(read.book);
    let found: Vec<&PlainRow> = find(read.book, id).into_iter().map(|(_, r)| r).collect();
    if found.is_empty() {
        return Err(CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), ledger.kind(), id)));
    }
    let columns = match found.first() {
        Some(r) if !r.own.is_empty() => {
            columns.into_iter().chain(r.own.iter().filter_map(|(k, _)| fields.find(k))).collect()
        }
        _ => columns,
    };
    let doc = report(&index, ledger, &found, &columns, &fields, ctx.lang());
    ctx.print(&doc.as_card())?;
    read.finish()
}
