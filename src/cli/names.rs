//! Names of the customers that a table shows, read when it is known which they are.
//!
//! A report by customer needs no customer's file for its figures. It is computed over their ids, cut to the rows that are
//! shown, and only then are the files of these read.

use super::context::{Context, Read, Result};
use super::error::store_error;
use super::table::{ListArgs, column_names};
use crate::diag::Severity;
use crate::i18n::{Lang, labels};
use crate::model::Str;
use crate::model::book::Reads;
use crate::report::document::{Block, Cell, Document};
use crate::report::due::text;
use crate::store;

/// Columns that are filled in here.
const COLUMNS: [&str; 2] = ["name", "owner"];

/// What a table of customers' rows reads. The ids of customers are enough, unless the order of the rows or a column
/// without the id asks for more.
pub(crate) fn reads(list: &ListArgs, reads: Reads) -> Reads {
    let sorted = list.sort.as_deref().is_some_and(|s| COLUMNS.iter().any(|key| mentions(s, key)));
    let alone = list.columns.as_deref().is_some_and(|c| !mentions(c, "customer"));
    if sorted || alone { reads } else { reads.with_ids_only() }
}

/// Whether a list of columns, or of columns to sort by, has a column by its key or by its label in any language.
fn mentions(spec: &str, key: &str) -> bool {
    let is_it = |name: &str| name == key || [Lang::En, Lang::ZhCn].iter().any(|lang| labels::label(*lang, key) == name);
    column_names(spec).any(|name| is_it(name.strip_prefix('-').unwrap_or(name)))
}

/// Fills the names (and owners) of the first `limit` rows, where the customers were only listed. Whether any file had an
/// error; the findings are on stderr then.
pub(crate) fn fill(ctx: &Context, read: &Read, doc: &mut Document, limit: Option<usize>) -> Result<bool> {
    let book = read.book;
    if !book.read.ids_only {
        return Ok(false);
    }
    let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) else { return Ok(false) };
    let at = |key: &str| table.columns.iter().position(|c| c.key == key);
    let Some(id) = at("customer") else { return Ok(false) };
    let wanted: Vec<(usize, &str)> = COLUMNS.iter().filter_map(|k| Some((at(k)?, *k))).collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let shown = limit.unwrap_or(usize::MAX);
    let key = |cell: &Cell| match cell {
        Cell::Id(id) => book.customer_index(id),
        _ => None,
    };
    let mut files: Vec<Str> =
        table.rows.iter().take(shown).filter_map(|r| Some(book.customers[key(&r.cells[id])?].file)).collect();
    files.sort_unstable();
    files.dedup();
    let (customers, diagnostics) =
        store::read_consistently(&ctx.root, |view| store::customers::some(view, &ctx.settings, &files, ctx.cache()))
            .map_err(|e| store_error(ctx.lang(), &e))?;
    let mut places: Vec<u32> = vec![u32::MAX; book.customers.len()];
    for (n, c) in (0u32..).zip(&customers) {
        if let Some(place) = book.customer_index(c.id) {
            places[place] = n;
        }
    }
    let of = |cell: &Cell| customers.get(*places.get(key(cell)?)? as usize);
    for row in table.rows.iter_mut().take(shown) {
        let Some(c) = of(&row.cells[id]) else { continue };
        for (n, name) in &wanted {
            row.cells[*n] = text(if *name == "name" { c.name } else { c.owner });
        }
    }
    if !diagnostics.is_empty() {
        ctx.ui.diagnostics(&diagnostics);
    }
    Ok(diagnostics.iter().any(|d| d.severity() == Severity::Error))
}
