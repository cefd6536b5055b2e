//! A new row, put together cell by cell from what was typed.

use super::typed::{cell_text, column_name};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;

/// Cells of a new row in the order in which they were put; empty ones are left out.
pub(crate) struct NewCells<'c> {
    ctx: &'c Context,
    ledger: Ledger,
    row: NewRow,
}

impl<'c> NewCells<'c> {
    pub(crate) fn new(ctx: &'c Context, ledger: Ledger) -> Self {
        NewCells { ctx, ledger, row: Vec::new() }
    }

    /// A cell as the file holds it. What was put for the column before makes way.
    pub(crate) fn put(mut self, column: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        self.row.retain(|(c, _)| *c != column);
        if !text.is_empty() {
            self.row.push((column, text));
        }
        self
    }

    /// A cell from what was typed, checked against its column.
    pub(crate) fn typed(self, column: &'static str, typed: &str) -> Result<Self> {
        let text = cell_text(self.ctx, self.ledger, column, typed)?;
        Ok(self.put(column, text))
    }

    /// A cell, if anything was typed for it.
    pub(crate) fn given(self, column: &'static str, typed: Option<&str>) -> Result<Self> {
        match typed {
            Some(typed) if !typed.is_empty() => self.typed(column, typed),
            _ => Ok(self),
        }
    }

    /// Cells from `column=value`.
    pub(crate) fn pairs(mut self, pairs: &[String]) -> Result<Self> {
        for p in pairs {
            let (column, typed) = named(self.ctx, self.ledger, p)?;
            self = self.typed(column, typed)?;
        }
        Ok(self)
    }

    /// The row.
    pub(crate) fn done(self) -> NewRow {
        self.row
    }
}

/// Puts a new row of a ledger without rules of its own into a plan: commands put none there themselves.
pub(crate) fn enter(planned: &mut Planned, ledger: Ledger, year: i32, row: NewRow) {
    planned.changes.append(ledger, year, row);
}

/// The column and the text of `column=value`; the row's own id cannot be set in this way.
pub(crate) fn named<'p>(ctx: &Context, ledger: Ledger, pair: &'p str) -> Result<(&'static str, &'p str)> {
    let lang = ctx.lang();
    let (word, typed) = pair.split_once('=').ok_or_else(|| CliError::usage(m::key_value_form(lang, pair)))?;
    let column = column_name(ledger, word);
    if column == "id" {
        return Err(CliError::usage(m::row_id_fixed(lang)));
    }
    match ledger.columns().iter().find(|c| c.name == column) {
        Some(c) => Ok((c.name, typed)),
        None => {
            let near = nearest(&column, ledger.columns().iter().map(|c| c.name));
            let e = CliError::usage(m::unknown_key(lang, &column)).nearest(lang, &near);
            Err(e.hint(m::hint_schema(lang, ledger.name())))
        }
    }
}
