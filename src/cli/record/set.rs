//! Correcting the cells of a row in place.

use super::find::{by_place, cell_of, find, ledgers_for, one, row_name, siblings, twins};
use super::typed::{cell_text, column_name};
use crate::cli::args::{CellPairs, Note, Override};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::{messages as m, note};
use crate::model::book::{Book, Reads};
use crate::model::change::Change;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::plan::Plan;
use crate::model::row::PlainRow;
use crate::report::fields::{label, word};
use crate::rules::amending::amend;
use crate::rules::answering::breaks;
use crate::rules::beside::Beside;
use crate::rules::fits::{edits_fit_others, edits_precede_events, fits};
use crate::rules::papers;
use crate::rules::references::leads_nowhere;
use crate::rules::repricing;
use crate::rules::requests::enforce;
use crate::store::cells::unescape_note;
use std::collections::BTreeSet;

/// Correct cells of a row
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu activity set a_k3f9w2m7ta4q outcome=positive next=+7d\n  kehu task set t_k3f9w2m7ta4q due=2026-12-01"
)]
pub(crate) struct Set {
    /// Its id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pairs: CellPairs,
}

// This one is for rows that sell something: their prices and discounts obey rules.
/// Correct cells of a row
#[derive(Debug, clap::Args)]
pub(crate) struct SetSold {
    #[command(flatten)]
    pub(crate) set: Set,
    #[command(flatten)]
    pub(crate) allow: Allow,
}

/// Whether to go against the rules, and why.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Allow {
    #[command(flatten)]
    pub(crate) force: Override,
    #[command(flatten)]
    pub(crate) note: Note,
}

/// The rows that `set` edits: the one that is named; or all lines of one id, where the columns must be equal on them.
/// Of a quote only the lines of its newest version are edited, unless the quote goes to another customer.
fn to_edit<'b>(
    ctx: &Context,
    book: &'b Book,
    (ledgers, id): (LedgerSet, &str),
    kind: &str,
    pairs: &[String],
) -> Result<(Ledger, Vec<&'b PlainRow>)> {
    let found: Vec<_> = find(book, id).into_iter().filter(|(l, _)| ledgers.has(*l)).collect();
    if let [(ledger, row)] = found.as_slice() {
        return Ok((*ledger, vec![row]));
    }
    let ledger = found.first().map(|(l, _)| *l).filter(|first| found.iter().all(|(l, _)| l == first));
    if let Some(ledger) = ledger.filter(|_| found.len() > 1 && !twins(&found)) {
        let columns: Vec<String> =
            pairs.iter().map(|p| column_name(ledger, p.split_once('=').map_or(p, |(k, _)| k))).collect();
        if columns.iter().all(|c| ledger.shared().contains(&c.as_str())) {
            let version = |r: &PlainRow| ledger.column("version").map_or(1, |n| r.cell(n).parse::<u32>().unwrap_or(1));
            let newest = found.iter().map(|(_, r)| version(r)).max();
            let all = columns.iter().any(|c| c == "customer");
            return Ok((
                ledger,
                found.into_iter().map(|f| f.1).filter(|r| all || Some(version(r)) == newest).collect(),
            ));
        }
    }
    one(ctx, book, id, kind).map(|(l, r)| (l, vec![r]))
}

/// Refuses `state=…` where verbs change the state of a thing.
pub(crate) fn no_state(ctx: &Context, ledger: Ledger, pairs: &[String], verbs: &str) -> Result<()> {
    let key = |p: &String| p.split_once('=').map_or("", |(key, _)| key).to_string();
    let is_state = |key: &str| key == "state" || column_name(ledger, key) == "state" || key == "状态";
    match pairs.iter().any(|p| is_state(&key(p))) {
        true => Err(CliError::usage(m::state_by_verb(ctx.lang(), ledger.kind(), verbs))),
        false => Ok(()),
    }
}

/// Edits cells of a row in place.
pub(crate) fn set(id: &str, pairs: &[String], ledger: Option<Ledger>, ctx: &Context) -> Result<()> {
    set_sold(id, pairs, ledger, &Allow::default(), ctx)
}

/// The same where rules about prices may be gone against.
pub(crate) fn set_sold(id: &str, pairs: &[String], ledger: Option<Ledger>, allow: &Allow, ctx: &Context) -> Result<()> {
    let note = cell_text(ctx, Ledger::Requests, "note", &allow.note)?;
    let who = ctx.who(*allow.force, &note)?;
    let (ledgers, id) = ledgers_for(ctx, id, ledger)?;
    let mut typed = LedgerSet::of(&[Ledger::Events]);
    let mut plain = ledgers;
    for reads in ledgers.iter().map(|l| Beside::of(l).reads()) {
        (typed, plain) = (typed.and(reads.ledgers), plain.and(reads.plain));
    }
    if ledgers.has(Ledger::Orders) || ledgers.has(Ledger::Quotes) {
        typed = typed.and(LedgerSet::of(&[Ledger::Orders, Ledger::Products, Ledger::Rates]));
        plain = plain.and(LedgerSet::of(&[Ledger::Requests]));
        let more = crate::rules::floors::reads(&ctx.settings);
        (typed, plain) = (typed.and(more.ledgers), plain.and(more.plain));
    }
    if papers::LEDGERS.into_iter().chain([Ledger::Receivables]).any(|l| ledgers.has(l)) {
        (typed, plain) = (typed.and(papers::READS.ledgers), plain.and(papers::READS.plain));
    }
    let plain = plain.and(referred(ledgers, pairs.iter().map(String::as_str)));
    let reads = Reads { customers: true, ledgers: typed, plain, later: true, ..Reads::NOTHING };
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let (ledger, rows) = to_edit(ctx, book, (ledgers, &id), ledger.map_or("row", |l| l.kind()), pairs)?;
        let placed = by_place(&id).and(rows.first()).map(|row| row_name(book, ledger, row));
        let id = placed.unwrap_or_else(|| id.clone());
        let mut planned = Planned::default();
        let mut files: BTreeSet<&'static str> = BTreeSet::new();
        let subject = rows.first().map(|r| format!("{}:{}", ledger.kind(), cell_of(ledger, r, "id")));
        for row in rows {
            edit(ctx, book, (ledger, row), &id, pairs, &mut planned)?;
            files.insert(book.file(row.place));
        }
        for note in amend(index, &mut planned.changes).map_err(|r| ctx.refused(&r))? {
            planned.did(note.about(), note::words(ctx.lang(), &note));
        }
        fits(book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        edits_fit_others(book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        edits_precede_events(book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        planned.warnings.extend(breaks(index, &planned.changes).iter().map(|n| note::words(ctx.lang(), n)));
        let judged = repricing::judge(index, &planned.changes, Some(who.member));
        let changes = std::mem::take(&mut planned.changes);
        let allowed = enforce(book, judged, who, || subject.clone().unwrap_or_default());
        let plan = allowed.map(|(notes, allowed)| Plan { changes, notes, allowed });
        let allowed = ctx.planned(book, who, plan)?;
        planned.changes = allowed.changes;
        planned.warnings.extend(allowed.warnings);
        planned.depends_on = Some(Box::new(move |f| files.contains(f)));
        Ok(planned)
    })
}

/// Edits cells of one row in place; what events change is refused.
pub(crate) fn edit(
    ctx: &Context,
    book: &Book,
    (ledger, row): (Ledger, &PlainRow),
    id: &str,
    pairs: &[String],
    planned: &mut Planned,
) -> Result<()> {
    let lang = ctx.lang();
    let mut cells = Vec::new();
    for p in pairs {
        let (column, typed) = p.split_once('=').ok_or_else(|| CliError::usage(m::key_value_form(lang, p)))?;
        let column = column_name(ledger, column);
        // One of two rows with the same key may get another key.
        if column == "id" && !siblings(book, ledger, row).1 {
            return Err(CliError::usage(m::row_id_fixed(lang)));
        }
        if ledger.column(&column).is_some() && ledger.turned(&column).is_some() {
            let e = CliError::usage(m::turned_by_event(lang, &column));
            return Err(e.hint(m::hint_set_of(lang, ledger.kind(), cell_of(ledger, row, "id"), &column)));
        }
        let text = cell_text(ctx, ledger, &column, typed)?;
        let own = || row.own.iter().find(|(k, _)| *k == column).map_or("", |(_, v)| v);
        let before = ledger.column(&column).map_or_else(own, |n| row.cell(n));
        if before == text {
            continue;
        }
        let blank = |s: &str| match s {
            "" => m::empty_word(lang),
            s => word(lang, &ctx.settings, Some(ledger), &column, &unescape_note(s)),
        };
        let name = label(lang, &ctx.settings, Some(ledger), &column);
        let line = m::did_set(lang, id, name, blank(before), blank(&text));
        // What several lines share is said once.
        if !planned.lines.contains(&line) {
            planned.did(id, line);
        }
        cells.push((column, text));
    }
    let changed = |name: &str| cells.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    let cell = |name: &str| changed(name).unwrap_or_else(|| cell_of(ledger, row, name));
    // What several lines share is looked up once.
    let told = |column: &str| [column, cell(column), cell("customer"), cell("kind")].map(str::to_string);
    let fresh = cells.iter().map(|(k, _)| k.as_str()).filter(|k| !planned.led.contains(&told(k)));
    leads_somewhere(ctx, book, ledger, &cell, fresh)?;
    planned.led.extend(cells.iter().map(|(k, _)| told(k)));
    if !cells.is_empty() {
        let file = book.file(row.place).into();
        planned.changes.push(Change::EditRow { file, ledger, line: row.place.line, cells });
    }
    Ok(())
}

/// The references in some columns of a row must lead somewhere; `cell` gives its text of a column.
pub(crate) fn leads_somewhere<'r>(
    ctx: &Context,
    book: &Book,
    ledger: Ledger,
    cell: &dyn Fn(&str) -> &'r str,
    columns: impl Iterator<Item = &'r str>,
) -> Result<()> {
    for column in columns {
        if let Some(Type::Ref(to)) = ledger.column(column).map(|n| ledger.columns()[n].ty)
            && !cell(column).is_empty()
        {
            reference(ctx, book, to, cell(column), cell)?;
        }
    }
    Ok(())
}

fn reference<'r>(ctx: &Context, book: &Book, to: RefTo, text: &str, cell: &dyn Fn(&str) -> &'r str) -> Result<()> {
    let rows = |l: Ledger| book.plain.get(&l).into_iter().flatten();
    let mut has = |l: Ledger, id: &str| rows(l).any(|r| cell_of(l, r, "id") == id);
    let line_of = |r: &PlainRow, id: &str, n: &str| {
        cell_of(Ledger::Orders, r, "id") == id && cell_of(Ledger::Orders, r, "line") == n
    };
    let mut has_line = |id: &str, n: &str| rows(Ledger::Orders).any(|r| line_of(r, id, n));
    let Some(kind) = leads_nowhere(book, to, text, cell, &mut has, &mut has_line) else { return Ok(()) };
    let lang = ctx.lang();
    let customer = book.customer(cell("customer"));
    let (what, near) = match kind {
        "customer" => (m::customer_not_found(lang, text), nearest(text, book.customers.iter().map(|c| c.id))),
        "team" => (m::unknown_member(lang, text), nearest(text, book.team.ids())),
        "contact" => {
            let known = customer.into_iter().flat_map(|c| c.rest().contacts.iter().map(|p| p.id));
            (m::unknown_contact(lang, text, cell("customer")), nearest(text, known))
        }
        "order line" => (m::row_not_found(lang, "order", text), Vec::new()),
        ledger => {
            let l = Ledger::parse(ledger).unwrap_or(Ledger::Orders);
            let known = rows(l).map(|r| cell_of(l, r, "id"));
            (m::row_not_found(lang, l.kind(), text), nearest(text, known))
        }
    };
    Err(CliError::new(Exit::NotFound, what).nearest(lang, &near))
}

/// The ledgers to whose rows the cells of some columns may lead.
fn referred<'p>(ledgers: LedgerSet, pairs: impl Iterator<Item = &'p str> + Clone) -> LedgerSet {
    let of = |l: Ledger| {
        pairs.clone().filter_map(move |p| {
            let name = column_name(l, p.split_once('=').map_or(p, |(k, _)| k));
            match l.columns()[l.column(&name)?].ty {
                Type::Ref(RefTo::Row(other)) => Some(other),
                Type::Ref(RefTo::OrderLine) => Some(Ledger::Orders),
                Type::Ref(RefTo::Party) => Some(Ledger::Suppliers),
                _ => None,
            }
        })
    };
    let found: Vec<Ledger> = ledgers.iter().flat_map(of).collect();
    LedgerSet::of(&found)
}
