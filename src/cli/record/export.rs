//! A whole ledger: what `export` prints.

use crate::cli::context::{Context, Result};
use crate::cli::table::ListArgs;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::row::PlainRow;
use crate::output::Later;
use crate::report::fields::{LedgerFields, RowRecord};
use crate::report::ledger_list::{empty, export_columns, row_cells};
use crate::rules::engine::index::Index;
use std::ops::Range;

/// Prints every row of a ledger, every column.
pub(crate) fn export(ledger: Ledger, terms: &[String], list: &ListArgs, ctx: &Context) -> Result<()> {
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
    let make = |range: Range<usize>| row_cells(&index, ledger, &chosen[range], &columns, &fields, ctx.lang());
    let later = Later { table: empty(&index, ledger, &columns, ctx.lang()), rows: chosen.len(), make: &make };
    read.finish()?;
    if list.sort.is_none() && list.columns.is_none() {
        return list.print_later(ctx, later);
    }
    let mut doc = later.whole();
    list.arrange(ctx, &mut doc)?;
    list.print(ctx, &mut doc)
}
