//! Rows that become rows of a ledger: each is read, judged, and noted as new, changed or rejected.

use super::draft::{Draft, New, Plan, Slot, join};
use super::env::{Env, Outcome};
use super::key::{Key, key};
use super::{floor, ranges, stages, surveys};
use crate::i18n::exchange as m;
use crate::model::change::Change;
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRows;
use crate::rules::ranges::ACCEPTED;
use std::collections::{HashMap, HashSet};

/// Plans the import of rows into a ledger.
pub(super) fn plan(env: &Env<'_, '_>, ledger: Ledger) -> Outcome {
    let mut out = Outcome::default();
    let mut p = Plan::new(env, ledger);
    let refs = p.self_refs();
    let mut drafts: Vec<Draft> = Vec::new();
    // Where each key stands in the source.
    let mut keys: HashMap<Key, u32> = HashMap::new();
    let source = env.input.source;
    env.each(&mut out, |out, n, view| {
        let taken = p.read(n, view).and_then(|mut r| {
            // A source key that stands twice is found before lines are numbered.
            let by_source = p.key_column.filter(|_| !r.source_key.is_empty()).map(|_| key(&["", &r.source_key]));
            let twice = |key: &Key, shown: &str| match keys.get(key) {
                Some(row) => Err(m::twice(env.lang, shown, source.line(*row as usize))),
                None => Ok(()),
            };
            if let Some(key) = &by_source {
                twice(key, &r.source_key)?;
            }
            let there = p.place(&mut r)?;
            p.facts(&r.cells, there)?;
            let parts = p.key_of(&r.cells);
            let by_key = key(&parts);
            if there.is_none() || by_source.is_none() {
                twice(&by_key, &join(&parts))?;
            }
            let mut accepted = Vec::new();
            if there.is_none() {
                p.share(&mut r)?;
                p.freeze_cost(&mut r);
                p.freeze_grade(&mut r);
                accepted = ranges::alone(&p, &|n| r.cells[n].as_str())?;
            }
            // A row that is there is found by its source key again, and no other row has its own key.
            if there.is_none() || by_source.is_none() {
                keys.insert(by_key, n);
            }
            keys.extend(by_source.map(|k| (k, n)));
            let draft = p.draft(n, &r, there, &refs);
            if let (Slot::New(new), false) = (draft.place, accepted.is_empty()) {
                p.accepted.insert(new, accepted);
            }
            Ok(draft)
        });
        match taken {
            Ok(d) if d.is_plain() => out.counts.unchanged += 1,
            Ok(d) => drafts.push(d),
            Err(why) => out.reject(n, why),
        }
    });
    drop(keys);
    p.settle(&mut drafts, &mut out);
    let accepted = ranges::between(&p, &mut drafts, &mut out);
    accepted.into_iter().for_each(|(new, keys)| p.accepted.entry(new).or_default().extend(keys));
    by_place(&p, &mut drafts, &mut out);
    p.settle(&mut drafts, &mut out);
    let changed: ranges::Updated = drafts.iter().map(|d| ranges::updated(&p, d)).collect();
    let short = floor::below(&p, &drafts, &changed);
    if env.input.map.accept.contains(&floor::KEY) {
        let new = floor::accept(&p, &mut drafts, &short);
        new.into_iter().for_each(|n| p.accepted.entry(n).or_default().push(floor::KEY));
    } else {
        out.counts.below_floor = floor::ids(&p, &drafts, &short);
    }
    out.counts.doubtful = ranges::doubtful(&p, &drafts, &changed);
    drop(changed);
    if p.by_whole_row && !p.existing.is_empty() && drafts.iter().any(|d| matches!(d.place, Slot::New(_))) {
        out.says.push(m::by_whole_row(env.lang));
    }
    let mut edits = Vec::new();
    let mut fresh: Vec<(u32, New)> = Vec::new();
    for d in drafts {
        match d.place {
            Slot::New(n) => {
                let row = p.new_row(n);
                match p.id {
                    Some(_) => out.note_new(row.cell("id")),
                    None => out.note_new(&join(&p.ledger.key().iter().map(|k| row.cell(k)).collect::<Vec<_>>())),
                }
                fresh.push((d.row, n));
            }
            Slot::There(_) if d.differences.is_empty() => out.counts.unchanged += 1,
            Slot::There(n) => {
                out.counts.changed += 1;
                let row = p.existing.row(n);
                let key: Vec<&str> = p.keys().map(|k| row.cell(k)).collect();
                for (column, old, new) in &d.differences {
                    out.differ(|| m::was_changed(env.lang, join(&key), column, old, new));
                }
                if env.input.update {
                    let cells = d.differences.into_iter().map(|(c, _, new)| (c, new)).collect();
                    let (file, line) = p.existing.place(n);
                    edits.push(Change::EditRow { file: file.into(), ledger, line, cells });
                }
            }
        }
    }
    let extra = stages::plan(&p, &fresh);
    (out.counts.customers, out.counts.stages) = (extra.customers, extra.steps);
    out.changes = extra.changes;
    let (complaints, opened) = surveys::complaints(&p, &fresh);
    out.counts.complaints = opened;
    out.changes.extend(complaints);
    out.stays = extra.stays;
    out.changes.changes.extend(edits);
    // Rows that were taken out again are not appended.
    let kept: usize = p.new.values().map(NewRows::len).sum();
    let fresh: Option<HashSet<New>> = (kept != fresh.len()).then(|| fresh.iter().map(|(_, n)| *n).collect());
    for (year, mut rows) in p.new {
        if fresh.is_some() || !p.accepted.is_empty() {
            let mut some = NewRows::default();
            for (n, row) in rows.iter().enumerate() {
                let new = New { year, n: u32::try_from(n).unwrap_or(u32::MAX) };
                if fresh.as_ref().is_some_and(|fresh| !fresh.contains(&new)) {
                    continue;
                }
                match p.accepted.get(&new).map(|keys| keys.join(";")) {
                    None => some.push_cells(row.cells()),
                    Some(keys) => {
                        let cells = row.cells().filter(|(name, _)| *name != ACCEPTED);
                        some.push_cells(cells.chain([(ACCEPTED, keys.as_str())]));
                    }
                }
            }
            rows = some;
        }
        if !rows.is_empty() {
            out.changes.put_rows(ledger, year, rows);
        }
    }
    out
}

/// Lines that neither a number nor a key tells apart are known by their place among those of their id. One that was put in before
/// others moves them all on by one, so that the last would be stored twice: such a source is taken as a whole (`--update`), or not.
fn by_place(p: &Plan<'_, '_, '_>, drafts: &mut Vec<Draft>, out: &mut Outcome) {
    let Some(id) = p.id.filter(|_| p.counts_lines && p.key_column.is_none()) else { return };
    let id_of = |d: &Draft| match d.place {
        Slot::New(n) => p.new_row(n).cell("id").to_string(),
        Slot::There(n) => p.existing.row(n).cell(id).to_string(),
    };
    let (mut grown, mut differing) = (HashSet::new(), HashSet::new());
    for d in drafts.iter() {
        match d.place {
            Slot::New(_) if p.existing.head(&id_of(d)).is_some() => grown.insert(id_of(d)),
            Slot::There(_) if !d.differences.is_empty() => differing.insert(id_of(d)),
            _ => continue,
        };
    }
    if !grown.is_empty() || !differing.is_empty() {
        out.says.push(m::lines_by_place(p.env.lang));
    }
    let update = p.env.input.update;
    drafts.retain(|d| {
        let id = id_of(d);
        if !differing.contains(&id) {
            return true;
        }
        let (here, there) = (p.seen.get(&key(&[&id])).copied().unwrap_or(0), p.existing.lines_of(&id));
        let words = match d.place {
            Slot::New(_) if !update => m::lines_moved(p.env.lang, &id, there),
            Slot::There(_) if update && here < there => m::lines_gone(p.env.lang, &id, here, there),
            _ => return true,
        };
        out.reject(d.row, words.into());
        false
    });
}
