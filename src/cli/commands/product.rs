use crate::cli::args::CellPairs;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::{self, List, NewCells, Rm, cell_text, refs_exist};
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::new_rows::NewRow;
use crate::model::row::PlainRow;
use crate::model::value::Schema;
use crate::query::compare;
use crate::report::fields::{LedgerFields, RowRecord};
use crate::report::ledger_list::report;
use crate::rules::engine::index::Index;
use chrono::Datelike;
use std::collections::BTreeMap;

/// Products with their prices and costs: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    /// Products that fit filter terms, as they are today
    List(List),
    Show(Show),
    Set(Set),
    /// Remove a version, ID@SINCE; refused while anything refers to the product
    Rm(Rm),
}

/// Add a product
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu product add ctl-m5 \"Controller M5\" price=6800 cost=4900 category=plc unit=pcs tax_rate=0.13"
)]
pub(crate) struct Add {
    /// Its id
    pub(crate) id: String,
    /// What it is called
    pub(crate) name: String,
    /// column=value: price, cost, category, unit, tax_rate, supplier, since … (kehu schema products)
    #[arg(value_name = "COLUMN=VALUE")]
    pub(crate) pairs: Vec<String>,
}

/// Show a product as it is today, with the history of its price and cost
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Its id
    pub(crate) id: String,
}

/// Change a product; a new price, cost or tax rate counts from a day on, as a new version
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu product set ctl-m5 price=7200 cost=5100 --since 2026-07-01\n  kehu product set ctl-m5 name=\"Controller M5 plus\" status=paused\n  kehu product set ctl-m5@2026-01-01 cost=4950"
)]
pub(crate) struct Set {
    /// Its id; ID@SINCE corrects that version in place
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pairs: CellPairs,
    /// First day of the new version (default: today)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
}

const L: Ledger = Ledger::Products;
const READS: Reads = Reads {
    customers: false,
    ledgers: LedgerSet::NONE,
    plain: LedgerSet::of(&[L, Ledger::Suppliers]),
    ..Reads::NOTHING
};
/// What has a history.
const DATED: &[&str] = &["price", "cost", "tax_rate"];

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => list(a, ctx),
        Verb::Show(a) => show(a, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(L), ctx),
    }
}

fn cell(row: &PlainRow, column: &str) -> &'static str {
    L.column(column).map_or("", |n| row.cell(n))
}

/// (column, text) of what was typed, checked.
fn cells(ctx: &Context, pairs: &[String]) -> Result<Vec<(&'static str, String)>> {
    let checked = |p: &String| {
        let (column, typed) = record::named(ctx, L, p)?;
        Ok((column, cell_text(ctx, L, column, typed)?))
    };
    pairs.iter().map(checked).collect()
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let id = cell_text(ctx, L, "id", &args.id)?;
    let row = NewCells::new(ctx, L).put("id", &id).typed("name", &args.name)?.put("since", ctx.today.to_string());
    let row = row.pairs(&args.pairs)?.typed("name", &args.name)?.done();
    ctx.transact(READS, |index, _| {
        let known = index.book.plain.get(&L).into_iter().flatten().any(|r| cell(r, "id") == id);
        if known {
            return Err(CliError::new(Exit::Refused, m::product_exists(lang, &id)));
        }
        let known = |name: &str| row.iter().find(|(k, _)| *k == name).map_or("", |(_, v)| v.as_str());
        record::leads_somewhere(ctx, index.book, L, &known, row.iter().map(|(k, _)| *k))?;
        Ok(version(ctx, &id, row.clone()))
    })
}

/// Writes a version.
fn version(ctx: &Context, id: &str, row: NewRow) -> Planned {
    let lang = ctx.lang();
    let of = |key: &str| row.iter().find(|(k, _)| *k == key).map_or_else(|| m::empty_word(lang), |(_, v)| v.clone());
    let mut planned = Planned::default();
    planned.did(id, m::did_product(lang, id, of("since"), of("price"), of("cost")));
    record::enter(&mut planned, L, ctx.today.year(), row);
    planned
}

/// The versions of a product, oldest first.
fn versions<'b>(ctx: &Context, index: &Index<'b>, id: &str) -> Result<Vec<&'b PlainRow>> {
    let all = index.book.plain.get(&L).map(Vec::as_slice).unwrap_or_default();
    let mut rows: Vec<&PlainRow> = all.iter().filter(|r| cell(r, "id") == id).collect();
    rows.sort_by_key(|r| cell(r, "since"));
    if rows.is_empty() {
        let near = nearest(id, all.iter().map(|r| cell(r, "id")));
        let e = CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), "product", id));
        return Err(e.nearest(ctx.lang(), &near));
    }
    Ok(rows)
}

fn set(args: &Set, ctx: &Context) -> Result<()> {
    if args.id.contains('@') {
        return record::set(&args.id, &args.pairs, Some(L), ctx);
    }
    ctx.actor()?;
    let typed = cells(ctx, &args.pairs)?;
    let since = args.since.as_deref().map_or(Ok(ctx.today), |d| ctx.day(d))?.to_string();
    ctx.transact(READS, |index, _| {
        let rows = versions(ctx, index, &args.id)?;
        let base = rows.iter().rev().find(|r| cell(r, "since") <= since.as_str()).unwrap_or(&rows[0]);
        let changed: Vec<&(&str, String)> = typed.iter().filter(|(k, v)| cell(base, k) != v).collect();
        let known = |name: &str| typed.iter().find(|(k, _)| *k == name).map_or("", |(_, v)| v.as_str());
        record::leads_somewhere(ctx, index.book, L, &known, changed.iter().map(|(k, _)| *k))?;
        let dated = args.since.is_some() || changed.iter().any(|(k, _)| DATED.contains(k));
        if changed.is_empty() {
            return Ok(Planned::default());
        }
        if dated && cell(base, "since") != since {
            let row = L.columns().iter().fold(NewCells::new(ctx, L), |row, c| {
                let new = typed.iter().find(|(k, _)| *k == c.name).map(|(_, v)| v.as_str());
                row.put(c.name, if c.name == "since" { since.as_str() } else { new.unwrap_or(cell(base, c.name)) })
            });
            return Ok(version(ctx, &args.id, row.done()));
        }
        let mut planned = Planned::default();
        record::edit(ctx, index.book, (L, base), &args.id, &args.pairs, &mut planned)?;
        Ok(planned)
    })
}

/// The version of each product that is valid today, else its first one.
fn list(args: &List, ctx: &Context) -> Result<()> {
    let fields = LedgerFields::new(L, &ctx.settings, &ctx.team);
    let default: Vec<String> = ["id", "name", "category", "unit", "price", "cost", "tax_rate", "since", "status"]
        .iter()
        .map(ToString::to_string)
        .collect();
    let list = &args.picked.list;
    let columns = list.fields(ctx, &fields, &default)?;
    let keys = list.sort_keys(ctx, &fields)?;
    let filter = ctx.filter(&args.picked.terms, &fields)?;
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    refs_exist(ctx, L, &fields, &filter, read.book.plain.get(&L).map(Vec::as_slice).unwrap_or_default())?;
    let today = ctx.today.to_string();
    let mut valid: BTreeMap<&str, &PlainRow> = BTreeMap::new();
    for r in read.book.plain.get(&L).into_iter().flatten() {
        let slot = valid.entry(cell(r, "id")).or_insert(r);
        let (old, new) = (cell(slot, "since"), cell(r, "since"));
        let better = if new <= today.as_str() { old > today.as_str() || new > old } else { old > new };
        if better {
            *slot = r;
        }
    }
    let record = |row| RowRecord { index: &index, ledger: L, row, fields: &fields };
    let all = valid.len();
    let mut rows: Vec<&PlainRow> =
        valid.into_values().filter(|r| filter.is_empty() || filter.matches(&record(*r))).collect();
    if !keys.is_empty() {
        rows.sort_by(|a, b| compare(&record(*a), &record(*b), &keys));
    }
    let mut doc = report(&index, L, &rows, &columns, &fields, ctx.lang());
    record::say_if_no_row(ctx, rows.is_empty(), L, all, &args.picked);
    list.print(ctx, &mut doc)?;
    read.finish()
}

fn show(args: &Show, ctx: &Context) -> Result<()> {
    let fields = LedgerFields::new(L, &ctx.settings, &ctx.team);
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    let rows = versions(ctx, &index, &args.id)?;
    let today = ctx.today.to_string();
    let now = *rows.iter().rev().find(|r| cell(r, "since") <= today.as_str()).unwrap_or(&rows[0]);
    let all: Vec<_> = L.columns().iter().filter_map(|c| fields.find(c.name)).collect();
    let some: Vec<_> = ["since", "price", "cost", "tax_rate", "status"].iter().filter_map(|n| fields.find(n)).collect();
    let mut doc = report(&index, L, &[now], &all, &fields, ctx.lang()).as_card();
    doc.blocks.extend(report(&index, L, &rows, &some, &fields, ctx.lang()).blocks);
    ctx.print(&doc)?;
    read.finish()
}
