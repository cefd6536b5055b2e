//! The rows of a ledger that fit filter terms, as a table or over time.

use super::find::cell_of;
use crate::cli::args::Picked;
use crate::cli::context::{Context, Result};
use crate::cli::table::say_if_none;
use crate::i18n::{messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{multiply, parse_decimal};
use crate::model::period::Period;
use crate::model::row::PlainRow;
use crate::model::value::{FieldDef, Kind, Record, Value};
use crate::output::Later;
use crate::query::compare;
use crate::report::document::Block;
use crate::report::fields::{LedgerFields, RowRecord, column, queue, queue_reads};
use crate::report::ledger_list::{adds_up, convert, default_columns, empty, is_amount, report, row_cells};
use crate::report::series::Item;
use crate::rules::counting::{can_end, counts};
use crate::rules::engine::index::Index;
use crate::rules::unjoined::{Lacks, Unjoined};
use std::ops::Range;

/// List the rows that fit filter terms
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu activity list by:li -p this-week\n  kehu activity list channel:visit customer.grade:A --json\n  kehu task list state:open due:..today"
)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) picked: Picked,
}

/// Lists the rows of a ledger; where its entry says so, one row stands for all lines of an id.
pub(crate) fn list(args: &List, ledger: Ledger, ctx: &Context) -> Result<()> {
    list_and(args, ledger, ctx, |_, _| ())
}

/// The same; `caveats` says what the reader must know besides, of what was read.
pub(crate) fn list_and(
    args: &List,
    ledger: Ledger,
    ctx: &Context,
    caveats: impl FnOnce(&Index<'_>, &Context),
) -> Result<()> {
    let args = &args.picked;
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team).whole().present();
    let columns = args.list.fields(ctx, &fields, &default_columns(ledger))?;
    let keys = args.list.sort_keys(ctx, &fields)?;
    let filter = ctx.filter(&args.terms, &fields)?;
    let period = args.period.read(ctx)?;
    let plain = Reads { plain: LedgerSet::of(&[ledger]), ..Reads::NOTHING };
    let asked = columns.iter().map(|d| d.id).chain(keys.iter().map(|k| k.0)).chain(filter.fields());
    let mut reads = asked.map(|id| fields.reads(id)).fold(plain, Reads::and);
    // A bare word also looks at the row's customer.
    reads.customers |= filter.has_words() && ledger.column("customer").is_some();
    if ledger.spec().whole {
        reads.ledgers = reads.ledgers.and(LedgerSet::of(ledger.spec().reads));
    }
    let totals = args.list.total || args.list.average || args.list.is_series();
    if totals && can_end(ledger) {
        reads.ledgers = reads.ledgers.and(LedgerSet::of(&[Ledger::Events]));
    }
    if totals && ledger.column("currency").is_some() {
        reads.ledgers = reads.ledgers.and(LedgerSet::of(&[Ledger::Rates]));
    }
    if keys.is_empty() {
        reads = reads.and(queue_reads(ledger));
    }
    let read = ctx.load(reads)?;
    let index = Index::new(read.book);
    caveats(&index, ctx);
    let heads = fields.heads(&index);
    let all = read.book.plain.get(&ledger).map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<&PlainRow> = all.iter().filter(|r| heads.as_ref().is_none_or(|h| h.contains(&r.place))).collect();
    super::refs::exist(ctx, ledger, &fields, &filter, all)?;
    let record = |row| RowRecord { index: &index, ledger, row, fields: &fields };
    let mut chosen: Vec<&PlainRow> = rows
        .iter()
        .copied()
        .filter(|r| period == Period::ALL || day_of(ledger, r, ctx).is_some_and(|d| period.contains(d)))
        .filter(|r| filter.is_empty() || filter.matches(&record(r)))
        .collect();
    if args.list.is_series() {
        let base = ctx.settings.file.currency.as_str();
        // A ratio has no sum.
        let summed = |d: &&FieldDef| d.kind.is_number() && d.kind != Kind::Ratio && adds_up(&d.key);
        let numbers: Vec<&FieldDef> = columns.iter().filter(summed).collect();
        // What is compared lies outside the period, so every row that fits takes part.
        let all = rows.iter().copied().filter(|r| filter.is_empty() || filter.matches(&record(r)));
        let all = all.filter(|r| counts(read.book, ledger, cell_of(ledger, r, "id")));
        let mut no_rate = Unjoined::none(ledger, Lacks::Rate);
        let items: Vec<Item> = all
            .filter_map(|r| {
                let own = cell_of(ledger, r, "currency");
                let day = day_of(ledger, r, ctx).filter(|d| args.list.compare.is_some() || period.contains(*d))?;
                let rate = index.prices().rate(own, day);
                if rate.is_none() {
                    no_rate.add_without_rate(base, own, parse_decimal(cell_of(ledger, r, "amount")), day);
                }
                let figure = |d: &&FieldDef| match record(r).value(d.id) {
                    // An amount of another currency counts in the base currency, or not at all.
                    Value::Num(n) if is_amount(ledger, &d.key) => multiply(n, rate?),
                    Value::Num(n) => Some(n),
                    _ => None,
                };
                Some(Item { day, counts: true, figures: numbers.iter().map(figure).collect() })
            })
            .collect();
        let head = |d: &&FieldDef| {
            let currency = (is_amount(ledger, &d.key) || d.kind == Kind::Money).then(|| base.to_string());
            (column(ctx.lang(), &ctx.settings, Some(ledger), d), currency)
        };
        let heads: Vec<_> = numbers.iter().map(head).collect();
        let named = (args.period.named(), period);
        let mut doc = args.list.series(ctx, &items, &heads, named)?;
        say_if_no_row(ctx, doc.is_empty(), ledger, rows.len(), args);
        args.list.print(ctx, &mut doc)?;
        let amounts = numbers.iter().any(|d| is_amount(ledger, &d.key));
        let unjoined = amounts && no_rate.rows > 0 && ctx.unjoined(&[no_rate]);
        return read.finish_with(unjoined);
    }
    let wait = ledger.spec().wait;
    if keys.is_empty() && !wait.is_empty() {
        let first = index.book.states.state(ledger, "");
        let left = |r: &PlainRow| index.book.states.state(ledger, cell_of(ledger, r, "id")) != first;
        chosen.sort_by_cached_key(|r| (left(r), cell_of(ledger, r, wait), r.place));
    } else if keys.is_empty() {
        if !queue(&index, ledger, &mut chosen) {
            chosen.sort_by_cached_key(|r| (instant_of(ledger, r, ctx), r.place));
        }
    } else {
        chosen.sort_by(|a, b| compare(&record(*a), &record(*b), &keys));
    }
    say_if_no_row(ctx, chosen.is_empty(), ledger, rows.len(), args);
    if !totals {
        let make = |range: Range<usize>| row_cells(&index, ledger, &chosen[range], &columns, &fields, ctx.lang());
        let table = empty(&index, ledger, &columns, ctx.lang());
        args.list.print_later(ctx, Later { table, rows: chosen.len(), make: &make })?;
        return read.finish();
    }
    let mut doc = report(&index, ledger, &chosen, &columns, &fields, ctx.lang());
    let no_rate = match doc.blocks.get_mut(doc.main) {
        Some(Block::Table(table)) => convert(&index, ledger, &chosen, &columns, table),
        _ => Vec::new(),
    };
    args.list.print(ctx, &mut doc)?;
    read.finish_with(ctx.unjoined(&no_rate))
}

/// Says on stderr why a list of rows is empty.
pub(crate) fn say_if_no_row(ctx: &Context, is_empty: bool, ledger: Ledger, looked: usize, args: &Picked) {
    let lang = ctx.lang();
    let period = args.period.as_deref().map(|p| format!("-p {p}"));
    let asked: Vec<&str> = args.terms.iter().map(String::as_str).chain(period.as_deref()).collect();
    let what = m::rows_of(lang, ledger.name(), values::value(lang, "subject_kind", ledger.kind()));
    say_if_none(ctx, is_empty, &what, looked, &asked);
}

fn instant_of(ledger: Ledger, row: &PlainRow, ctx: &Context) -> Option<crate::model::day::At> {
    crate::model::day::At::parse(row.cell(ledger.day_column()?), ctx.settings.tz)
}

fn day_of(ledger: Ledger, row: &PlainRow, ctx: &Context) -> Option<crate::model::day::Day> {
    instant_of(ledger, row, ctx).map(|a| a.day)
}
