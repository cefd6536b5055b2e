//! Ranges at entry, for rows on their way into a ledger: a row that breaks one is rejected, unless the map accepts that.
//!
//! `rules::ranges` and `rules::beside` judge; this file says beside what, and in which order, the rows of a file are judged.

use super::bind::Why;
use super::draft::{Draft, New, Plan, Slot};
use super::env::Outcome;
use crate::i18n::{breach, exchange as m};
use crate::model::breach::Breach;
use crate::model::ledger::Ledger;
use crate::model::money::minor_digits;
use crate::model::row::PlainRow;
use crate::rules::beside::{Beside, Fact, Others, named};
use crate::rules::counting::counts;
use crate::rules::ranges::{ACCEPTED, accepted_cell, keys_of};
use crate::rules::sold::Sold;
use std::collections::HashSet;

/// The breaches that the map accepts; the first one that it does not accept rejects the row.
fn accepted<'c>(
    p: &Plan<'_, '_, '_>,
    found: &[Breach],
    cell: &dyn Fn(usize) -> &'c str,
) -> Result<Vec<&'static str>, Why> {
    let lang = p.env.lang;
    let accept = &p.env.input.map.accept;
    if let Some(b) = found.iter().find(|b| !accept.contains(&b.key())) {
        let words = m::breach(lang, breach::words(lang, b).0, b.key());
        let name = b.column(|name| p.ledger.column(name).map_or("", cell));
        return Err(p.ledger.column(name).map_or_else(|| words.clone().into(), |n| p.wrong(n, &words)));
    }
    Ok(found.iter().map(Breach::key).collect())
}

/// What a row breaks by itself.
///
/// # Errors
/// What the map does not accept.
pub(super) fn alone<'c>(p: &Plan<'_, '_, '_>, cell: &dyn Fn(usize) -> &'c str) -> Result<Vec<&'static str>, Why> {
    let mut found = p.ranges.alone(cell, &p.env.settings.file.currency);
    found.extend(p.doers.gone(cell, &p.env.book.team, p.env.settings.tz));
    if found.is_empty() { Ok(Vec::new()) } else { accepted(p, &found, cell) }
}

/// The cells of rows that take new values.
pub(super) type Updated = Vec<Option<Vec<String>>>;

pub(super) fn updated(p: &Plan<'_, '_, '_>, d: &Draft) -> Option<Vec<String>> {
    let Slot::There(n) = d.place else { return None };
    if !p.env.input.update || d.differences.is_empty() {
        return None;
    }
    let mut cells: Vec<String> = p.existing.row(n).cells.iter().map(ToString::to_string).collect();
    for (name, _, new) in &d.differences {
        if let Some(cell) = p.ledger.column(name).and_then(|n| cells.get_mut(n)) {
            cell.clone_from(new);
        }
    }
    Some(cells)
}

/// Gives the text of a column.
pub(super) type CellTexts<'x> = Box<dyn Fn(usize) -> &'x str + 'x>;

/// The cells of a row that is written; `None` for one that stays as it is.
pub(super) fn texts<'x>(p: &'x Plan<'_, '_, '_>, place: Slot, changed: Option<&'x [String]>) -> Option<CellTexts<'x>> {
    let columns = p.ledger.columns();
    match (place, changed) {
        (Slot::New(new), _) => {
            let row = p.new_row(new);
            Some(Box::new(move |n| row.cell(columns[n].name)))
        }
        (Slot::There(_), Some(cells)) => Some(Box::new(move |n| cells[n].as_str())),
        (Slot::There(_), None) => None,
    }
}

/// Judges rows beside those that they name, and rows that take new values also by themselves. Those that are rejected are
/// taken out; what the map accepts of new rows is given back.
pub(super) fn between(
    p: &Plan<'_, '_, '_>,
    drafts: &mut Vec<Draft>,
    out: &mut Outcome,
) -> Vec<(New, Vec<&'static str>)> {
    let changed: Updated = drafts.iter().map(|d| updated(p, d)).collect();
    let places: Vec<Slot> = drafts.iter().map(|d| d.place).collect();
    let cells = |n: usize| texts(p, places[n], changed[n].as_deref());
    let may_name = !p.beside.is_empty();
    let names = |n: usize| may_name && cells(n).is_some_and(|cell| p.beside.names_others(|n| cell(n)));
    let naming: Vec<bool> = (0..drafts.len()).map(names).collect();
    if changed.iter().all(Option::is_none) && !naming.contains(&true) {
        return Vec::new();
    }
    let settings = p.env.settings;
    let fact = |n: usize| -> Option<Fact<'_>> {
        let cell = cells(n)?;
        Some(p.beside.fact(|n| cell(n), |id| present(p, id), settings))
    };
    let mut others = Others::new(p.env.book);
    (0..drafts.len()).filter(|n| naming[*n]).filter_map(fact).for_each(|f| others.ask(&f));
    if naming.contains(&true) {
        there(p, &places, &changed, &mut others);
    }
    // Only rows that are added up, or name others of their ledger, meet one another.
    for (n, names) in naming.iter().enumerate().filter(|_| p.beside.adds_up()) {
        if let Some((f, cell)) = fact(n).zip(cells(n)) {
            others.know(&f, || p.beside.sale(|n| cell(n), settings));
            if !names {
                others.count(&f);
            }
        }
    }
    let mut rejected = HashSet::new();
    let mut taken: Vec<(usize, Vec<&'static str>)> = Vec::new();
    for n in 0..drafts.len() {
        let Some(cell) = cells(n) else { continue };
        let mut keys = Vec::new();
        let mut judge = || -> Result<(), Why> {
            if changed[n].is_some() {
                keys.extend(alone(p, &*cell)?);
            }
            if let Some(f) = fact(n).filter(|_| naming[n]) {
                keys.extend(accepted(p, &others.judge(&f), &*cell)?);
                others.count(&f);
            }
            Ok(())
        };
        match judge() {
            Err(why) => {
                out.reject(drafts[n].row, why);
                rejected.insert(n);
            }
            Ok(()) if !keys.is_empty() => taken.push((n, keys)),
            Ok(()) => {}
        }
    }
    let mut new = Vec::new();
    for (n, keys) in taken {
        match drafts[n].place {
            Slot::New(place) => new.push((place, keys)),
            Slot::There(row) => accept(p, &mut drafts[n], row, &keys),
        }
    }
    let mut n = 0;
    drafts.retain(|_| {
        n += 1;
        !rejected.contains(&(n - 1))
    });
    new
}

/// How many order lines that are written have an amount that their other cells contradict.
pub(super) fn doubtful(p: &Plan<'_, '_, '_>, drafts: &[Draft], changed: &Updated) -> usize {
    if p.ledger != Ledger::Orders {
        return 0;
    }
    let base = p.env.settings.file.currency.as_str();
    let is_doubtful = |(d, new): &(&Draft, &Option<Vec<String>>)| {
        let Some(cell) = texts(p, d.place, new.as_deref()) else { return false };
        let named = |name: &str| p.ledger.column(name).map_or("", &cell);
        let currency = Some(named("currency")).filter(|c| !c.is_empty()).unwrap_or(base);
        Sold::of(named).doubt(minor_digits(currency)).is_some()
    };
    drafts.iter().zip(changed).filter(is_doubtful).count()
}

/// Adds exceptions to those with which a row that is there was accepted.
pub(super) fn accept(p: &Plan<'_, '_, '_>, draft: &mut Draft, row: u32, keys: &[&str]) {
    let there = p.existing.row(row);
    let old = accepted_cell(&there);
    let known = draft.differences.iter_mut().find(|(name, ..)| name == ACCEPTED);
    let now = known.as_ref().map_or_else(|| old.to_string(), |(_, _, now)| now.clone());
    let more = keys.iter().copied().filter(|key| keys_of(&now).all(|k| k != *key));
    let all = keys_of(&now).chain(more).collect::<Vec<_>>().join(";");
    if keys_of(&all).eq(keys_of(&now)) {
        return;
    }
    match known {
        Some(difference) => difference.2 = all,
        None => draft.differences.push((ACCEPTED.into(), old.into(), all)),
    }
}

fn present<'c>(p: &Plan<'_, '_, '_>, id: &'c str) -> &'c str {
    p.env.book.present_id(id)
}

/// Puts in what is there already, but for the rows that take new values.
fn there<'c>(p: &'c Plan<'_, '_, '_>, places: &[Slot], changed: &Updated, others: &mut Others<'c>) {
    let env = p.env;
    let mut add = |beside: &Beside, r: &PlainRow| {
        let f = beside.fact(|n| r.cell(n), |id| present(p, id), env.settings);
        let counts = counts(env.book, f.ledger, f.id);
        others.add(&f, counts, || beside.sale(|n| r.cell(n), env.settings));
    };
    for ledger in named().without(p.ledger).iter() {
        let beside = Beside::of(ledger);
        for r in env.book.plain.get(&ledger).into_iter().flatten() {
            add(&beside, r);
        }
    }
    // Only sums need the other rows of the same ledger.
    if p.beside.adds_up() {
        for r in kept(p, places.iter().copied(), changed) {
            add(&p.beside, &r);
        }
    }
}

/// The rows that are there and do not take new values.
pub(super) fn kept<'k>(
    p: &'k Plan<'_, '_, '_>,
    places: impl Iterator<Item = Slot>,
    changed: &Updated,
) -> impl Iterator<Item = PlainRow> + 'k {
    let replaced: HashSet<u32> = places
        .zip(changed)
        .filter_map(|(place, new)| match place {
            Slot::There(n) if new.is_some() => Some(n),
            _ => None,
        })
        .collect();
    (0..).zip(p.existing.iter()).filter(move |(n, _)| !replaced.contains(n)).map(|(_, r)| r)
}
