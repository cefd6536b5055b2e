//! Terms on columns that refer to something: a value that leads nowhere is a mistake, never an empty answer.

use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::diag::nearest;
use crate::i18n::{labels, messages as m};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::row::PlainRow;
use crate::model::value::{FieldId, Schema as _};
use crate::query::{Filter, alike};
use crate::report::fields::{CustomerFields, LedgerFields};

/// Refuses ids that neither a row names nor the ledger has that they refer to. The other ledger is read only where no row names
/// the id.
pub(crate) fn exist(
    ctx: &Context,
    ledger: Ledger,
    fields: &LedgerFields<'_>,
    filter: &Filter,
    rows: &[PlainRow],
) -> Result<()> {
    for (n, column) in ledger.columns().iter().enumerate() {
        let to = match column.ty {
            Type::RowId | Type::OwnId => RefTo::Row(ledger),
            Type::Ref(to @ (RefTo::Customer | RefTo::Row(_))) => to,
            _ => continue,
        };
        let Some(def) = fields.find(column.name) else { continue };
        let unknown = filter.strangers(def.id, rows.iter().map(|r| r.cell(n)));
        if unknown.is_empty() {
            continue;
        }
        let reads = match to {
            RefTo::Row(l) => Reads { plain: LedgerSet::of(&[l]), ..Reads::NOTHING },
            _ => Reads { customers: true, ..Reads::NOTHING },
        };
        // What came later than a past day is none yet, but it is no mistake to name it.
        let read = ctx.load_raw(reads)?;
        let known = known(&read.book, to);
        let label = labels::column(ctx.lang(), ledger.name(), column.name);
        among(ctx, filter, def.id, &known, &label)?;
    }
    Ok(())
}

/// The same for terms on customers: who they are, who referred them, and who follows their contacts.
pub(crate) fn customers_exist(ctx: &Context, book: &Book, filter: &Filter, fields: &CustomerFields<'_>) -> Result<()> {
    for name in ["id", "referred_by"] {
        let Some(def) = fields.find(name) else { continue };
        if !filter.strangers(def.id, book.customers.iter().map(|c| c.id)).is_empty() {
            let label = labels::label(ctx.lang(), name);
            // On a past day a customer of later is none yet, but it is no mistake to name it.
            let all = ctx.load_raw(Reads { customers: true, ..Reads::NOTHING })?;
            among(ctx, filter, def.id, &known(&all.book, RefTo::Customer), &label)?;
        }
    }
    if let Some(def) = fields.find("followers").filter(|def| filter.fields().contains(&def.id)) {
        // By id or name.
        let named = def.values.iter().flat_map(|(id, names)| names.iter().map(|name| (name.clone(), vec![id.clone()])));
        let people: Vec<(String, Vec<String>)> = def.values.iter().cloned().chain(named).collect();
        among(ctx, filter, def.id, &people, &labels::label(ctx.lang(), "followers"))?;
    }
    Ok(())
}

/// Refuses a value that is none of some ids, and names those of that name, else the nearest.
fn among(ctx: &Context, filter: &Filter, field: FieldId, known: &[(String, Vec<String>)], label: &str) -> Result<()> {
    let ids = known.iter().map(|(id, _)| id.as_str());
    let Some(value) = filter.strangers(field, ids.clone()).into_iter().next() else { return Ok(()) };
    let lang = ctx.lang();
    let is_its = |(_, names): &&(String, Vec<String>)| names.iter().any(|name| alike(name, &value));
    let mut named: Vec<String> = known.iter().filter(is_its).map(|(id, _)| id.clone()).collect();
    named.dedup();
    let near = if named.is_empty() { nearest(&value, ids) } else { named };
    Err(CliError::usage(m::unknown_value(lang, value, label)).nearest(lang, &near))
}

/// The ids that a reference may lead to, with the names of what they are.
fn known(book: &Book, to: RefTo) -> Vec<(String, Vec<String>)> {
    match to {
        RefTo::Row(ledger) => {
            let cell = |r: &PlainRow, name: &str| ledger.column(name).map_or("", |n| r.cell(n)).to_string();
            let rows = book.plain.get(&ledger).into_iter().flatten();
            rows.map(|r| (cell(r, "id"), vec![cell(r, "name")])).collect()
        }
        _ => {
            let names = |c: &crate::model::customer::Customer| {
                let aliases: Vec<String> = c.look(|rest| rest.aliases.iter().map(ToString::to_string).collect());
                aliases.into_iter().chain([c.name.to_string()]).collect::<Vec<String>>()
            };
            let mut out: Vec<(String, Vec<String>)> =
                book.customers.iter().map(|c| (c.id.to_string(), names(c))).collect();
            out.extend(
                book.customers
                    .iter()
                    .flat_map(|c| c.look(|rest| rest.former_ids.clone()))
                    .map(|f| (f.to_string(), Vec::new())),
            );
            out
        }
    }
}
