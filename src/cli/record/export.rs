//! A whole ledger: what `export` prints.

use crate::cli::context::{Context, Result};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::row::PlainRow;
use crate::report::document::Document;
use crate::report::fields::{LedgerFields, RowRecord};
use crate::report::ledger_list::{export_columns, report};
use crate::rules::engine::index::Index;

/// Every row of a ledger, every column: what `export` prints.
pub(crate) fn export(ledger: Ledger, terms: &[String], ctx: &Context) -> Result<Document> {
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team);
    let filter = ctx.filter(terms, &fields)?;
    let plain = Reads { plain: LedgerSet::of(&[ledger]), ..Reads::NOTHING };
    let mut reads = filter.fields().into_iter().map(|id| fields.reads(id)).fold(plain, Reads::and);
    reads.customers |= ledger.column("customer").is_some();
    let read = ctx.load(reads)?;
    let index = Index::new(read.book);
    let rows = read.book.plain.get(&ledger).map(Vec::as_slice).unwrap_or_default();
    super::refs::exist(ctx, ledger, &fields, &filter, rows)?;
    let columns = export_columns(ledger, rows, &fields);
    let record = |row| RowRecord { index: &index, ledger, row, fields: &fields };
    let chosen: Vec<&PlainRow> = rows.iter().filter(|r| filter.is_empty() || filter.matches(&record(*r))).collect();
    let doc = report(&index, ledger, &chosen, &columns, &fields, ctx.lang());
    read.finish()?;
    Ok(doc)
}
