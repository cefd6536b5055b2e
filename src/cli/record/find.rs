//! Finding rows by what people type: an id, `id/line`, `id@since`, `kind:id`, the key of a row without an id
//! (`2026/li/orders`), or a place such as `ledgers/orders/2026-li.csv:3`.

use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, no_row};
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::Book;
use crate::model::customer::{Contact, Customer};
use crate::model::ledger::{Ledger, LedgerSet, ledger_of_kind};
use crate::model::row::PlainRow;
use std::collections::HashSet;

pub(super) fn cell_of(ledger: Ledger, row: &PlainRow, column: &str) -> &'static str {
    ledger.column(column).map_or("", |n| row.cell(n))
}

/// A row named by its place, as messages show it: `ledgers/orders/2026-li.csv:3`.
pub(super) fn by_place(text: &str) -> Option<(Ledger, &str, u32)> {
    let (file, line) = text.rsplit_once(':')?;
    let folder = file.strip_prefix("ledgers/")?.split('/').next()?;
    Some((Ledger::parse(folder)?, file, line.parse().ok()?))
}

/// The ledgers to search for a row: one that is known, or by the kind in `[kind:]id`, or all.
pub(super) fn ledgers_for(ctx: &Context, text: &str, ledger: Option<Ledger>) -> Result<(LedgerSet, String)> {
    if let Some((l, ..)) = by_place(text).filter(|(l, ..)| ledger.is_none_or(|wanted| wanted == *l)) {
        return Ok((LedgerSet::of(&[l]), text.to_string()));
    }
    if let Some((kind, id)) = text.split_once(':') {
        let named = Ledger::parse_any(kind).or_else(|| ledger_of_kind(kind));
        return match named {
            Some(l) => Ok((LedgerSet::of(&[l]), id.to_string())),
            None => {
                let near = nearest(kind, Ledger::ALL.iter().map(|l| l.kind()));
                Err(CliError::usage(m::unknown_ledger(ctx.lang(), kind)).nearest(ctx.lang(), &near))
            }
        };
    }
    // A generated id says by its prefix where it stands.
    let by_prefix = Ledger::ALL.iter().find(|l| !l.prefix().is_empty() && text.starts_with(l.prefix()));
    let set = match (ledger, by_prefix) {
        (Some(l), _) => LedgerSet::of(&[l]),
        (None, Some(l)) if text.len() == l.prefix().len() + 12 => LedgerSet::of(&[*l]),
        _ => LedgerSet::all(),
    };
    Ok((set, text.to_string()))
}

/// The rows that `id`, `id/line`, `id@since` or a place names.
pub(super) fn find<'b>(book: &'b Book, id: &str) -> Vec<(Ledger, &'b PlainRow)> {
    let mut found = Vec::new();
    if let Some((ledger, file, line)) = by_place(id) {
        let rows = book.plain.get(&ledger).into_iter().flatten();
        let here = |r: &&PlainRow| r.place.line == line && book.file(r.place) == file;
        return rows.filter(here).map(|r| (ledger, r)).collect();
    }
    for (ledger, rows) in &book.plain {
        let Some(id_column) = ledger.column("id") else {
            // Rows without an id are called by their key, `2026/li/orders`.
            let called = |r: &PlainRow| key(*ledger, r).join("/").trim_end_matches('/') == id.trim_end_matches('/');
            found.extend(rows.iter().filter(|r| called(r)).map(|r| (*ledger, r)));
            continue;
        };
        let parts = |sep: char, column: &str| -> Option<(usize, String, String)> {
            let n = ledger.column(column)?;
            let (a, b) = id.rsplit_once(sep)?;
            Some((n, a.to_string(), b.to_string()))
        };
        let second = parts('/', "line").or_else(|| parts('@', "since"));
        for r in rows {
            let whole = r.cell(id_column) == id;
            let part = second.as_ref().is_some_and(|(n, a, b)| r.cell(id_column) == a && r.cell(*n) == b);
            if whole || part {
                found.push((*ledger, r));
            }
        }
    }
    found
}

/// The cells that identify a row.
pub(super) fn key(ledger: Ledger, row: &PlainRow) -> Vec<&'static str> {
    ledger.key().iter().map(|k| cell_of(ledger, row, k)).collect()
}

/// What a row is called in messages: its id, with the line or day that belongs to it; its place where it has none.
pub(super) fn row_name(book: &Book, ledger: Ledger, row: &PlainRow) -> String {
    match (ledger.column("id"), key(ledger, row).as_slice()) {
        (Some(_), [id, since]) if ledger == Ledger::Products => format!("{id}@{since}"),
        (Some(_), [id]) => (*id).to_string(),
        (Some(_), [id, line]) => format!("{id}/{line}"),
        _ => book.place(row.place),
    }
}

/// A row of a ledger that is referred to must be there.
pub(crate) fn must_exist(ctx: &Context, book: &Book, ledger: Ledger, id: &str) -> Result<()> {
    let Some(n) = ledger.column("id") else { return Ok(()) };
    let ids = || book.plain.get(&ledger).into_iter().flatten().map(|r| r.cell(n));
    if ids().any(|i| i == id) {
        return Ok(());
    }
    Err(no_row(ctx.lang(), ledger.kind(), id, ids()))
}

/// Whether two of the rows have one key.
pub(super) fn twins(found: &[(Ledger, &PlainRow)]) -> bool {
    let mut seen = HashSet::new();
    !found.iter().all(|(l, r)| seen.insert((*l, key(*l, r))))
}

/// Other rows of the same ledger with the same id, and whether one of them has the same key.
pub(super) fn siblings(book: &Book, ledger: Ledger, row: &PlainRow) -> (usize, bool) {
    let id = cell_of(ledger, row, "id");
    let rows = book.plain.get(&ledger).into_iter().flatten().filter(|r| r.place != row.place);
    let same: Vec<&PlainRow> = rows.filter(|r| cell_of(ledger, r, "id") == id).collect();
    let twin = same.iter().any(|r| key(ledger, r) == key(ledger, row));
    (same.len(), twin)
}

/// The one row that a text names.
pub(crate) fn one<'b>(ctx: &Context, book: &'b Book, id: &str, kind: &str) -> Result<(Ledger, &'b PlainRow)> {
    let lang = ctx.lang();
    let found = find(book, id);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(CliError::new(Exit::NotFound, m::row_not_found(lang, kind, id))),
        several => {
            let first = several[0].0;
            if several.iter().all(|(l, r)| *l == first && key(*l, r) == key(first, several[0].1)) {
                let places: Vec<String> = several.iter().map(|(_, r)| book.place(r.place)).collect();
                let e = CliError::new(Exit::NotFound, m::row_twice(lang, id, places.join(", ")));
                let last = places.last().map_or("", String::as_str);
                return Err(e.hint(m::hint_row_place(lang, last)));
            }
            if several.iter().all(|(l, _)| *l == first) {
                let lines: Vec<&str> = several
                    .iter()
                    .map(|(l, r)| l.key().get(1).and_then(|k| l.column(k)).map_or("", |n| r.cell(n)))
                    .collect();
                let list = lines.join(", ");
                return Err(CliError::new(Exit::NotFound, m::row_has_lines(lang, id, list)));
            }
            let list: Vec<String> = several.iter().map(|(l, _)| l.kind().to_string()).collect();
            Err(CliError::new(Exit::NotFound, m::row_ambiguous(lang, id, list.join(", "))).hint(m::hint_row_kind(lang)))
        }
    }
}

/// The contact of a customer that a text means: its id, else its name.
pub(crate) fn contact<'c>(ctx: &Context, c: &'c Customer, text: &str) -> Result<&'c Contact> {
    let all = &c.rest().contacts;
    all.iter().find(|p| p.id == text).or_else(|| all.iter().find(|p| p.name == text)).ok_or_else(|| {
        let near = nearest(text, all.iter().flat_map(|p| [p.id, p.name]));
        CliError::new(Exit::NotFound, m::unknown_contact(ctx.lang(), text, c.id)).nearest(ctx.lang(), &near)
    })
}
