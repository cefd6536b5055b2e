//! Events that a kind does not know, and rows that were edited where events should tell.

use super::Checked;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::day::{At, Day};
use crate::model::fold::{Fold, Lost};
use crate::model::ledger::event::Effect;
use crate::model::ledger::{Ledger, events_of, ledger_of_kind};
use crate::model::row::Event;
use crate::rules::history::{fold, unsettled};
use crate::rules::turn::{self, APART, happened};
use std::collections::{HashMap, HashSet};

/// Events that are not in the closed list of their kind, and reasons that kehu.toml does not have.
pub(super) fn kinds(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let reasons = &c.book.settings.file.reasons.close;
    let lost = &c.book.settings.file.reasons.lost;
    let unknown = |e: Event, list: &[String], name: &str| {
        let near = crate::diag::nearest(e.reason(), list.iter().map(String::as_str));
        let near = if near.is_empty() { list.join(", ") } else { near.join(", ") };
        let place = c.cell_place(e.place(), Ledger::Events, "reason");
        Diagnostic::new(Code::NotInList, place, [e.reason(), name, &near])
    };
    for e in c.book.events.iter() {
        let known = events_of(e.kind());
        if !known.is_empty() && known.iter().all(|k| k.name != e.event()) {
            let place = c.cell_place(e.place(), Ledger::Events, "event");
            let known: Vec<&str> = known.iter().map(|k| k.name).collect();
            out.push(Diagnostic::new(Code::EventKind, place, [e.event(), e.kind(), &known.join(", ")]));
        }
        let close = e.kind() == "customer" && e.event() == "status" && e.to() == "closed";
        if close && e.reason().is_empty() {
            let place = c.cell_place(e.place(), Ledger::Events, "reason");
            out.push(Diagnostic::new(Code::CloseReason, place, [e.subject(), &reasons.join(", ")]));
        } else if close && !reasons.is_empty() && !reasons.iter().any(|r| r == e.reason()) {
            out.push(unknown(e, reasons, "[reasons] close"));
        }
        let declined = e.kind() == "quote" && e.event() == "declined" && !e.reason().is_empty();
        if declined && !lost.is_empty() && !lost.iter().any(|r| r == e.reason()) {
            out.push(unknown(e, lost, "[reasons] lost"));
        }
    }
}

/// Events of instants that have not come: a clock was ahead when they were written.
pub(super) fn to_come(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let apart = chrono::Duration::seconds(APART);
    let tz = c.book.settings.tz;
    for e in c.book.events.iter().filter(|e| e.at().utc - apart > c.now.utc) {
        let place = c.cell_place(e.place(), Ledger::Events, "at");
        out.push(Diagnostic::new(Code::EventToCome, place, [e.id(), e.subject(), &e.at().to_text(tz)]));
    }
}

/// Things that are younger than what happened to them; one finding for each.
pub(super) fn before_made(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut first: HashMap<(Ledger, &str), Event> = HashMap::new();
    for e in c.book.events.iter() {
        if let Some(ledger) = ledger_of_kind(e.kind()) {
            let known = first.entry((ledger, e.subject())).or_insert(e);
            if (e.at(), e.id()) < (known.at(), known.id()) {
                *known = e;
            }
        }
    }
    let with_events: HashSet<Ledger> = first.keys().map(|(ledger, _)| *ledger).collect();
    let mut made: HashMap<(Ledger, &str), Day> = HashMap::new();
    for ledger in Ledger::ALL.iter().copied().filter(|l| with_events.contains(l)) {
        let (Some(id), Some(at)) = (ledger.column("id"), ledger.column("at")) else { continue };
        for r in c.book.plain.get(&ledger).into_iter().flatten() {
            let key = (ledger, r.cell(id));
            if first.contains_key(&key)
                && !c.doubt.row(ledger, key.1)
                && let Some(at) = At::parse(r.cell(at), c.book.settings.tz)
            {
                made.entry(key).and_modify(|day| *day = at.day.min(*day)).or_insert(at.day);
            }
        }
    }
    let mut found: Vec<(Event, Day)> =
        made.into_iter().filter_map(|(key, day)| Some((*first.get(&key)?, day))).collect();
    found.sort_by_key(|(e, _)| (e.at(), e.id()));
    for (e, made) in found {
        if let Some(b) = turn::before_made(e, made) {
            let place = c.cell_place(e.place(), Ledger::Events, "at");
            out.push(Diagnostic::of(Code::BeforeMade, place, b.facts()));
        }
    }
}

/// Facts of days that have not come: no figure counts them until then.
pub(super) fn facts_to_come(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let tz = c.book.settings.tz;
    let today = c.now.day.to_string();
    for ledger in Ledger::ALL.iter().copied().filter(|l| *l != Ledger::Events) {
        let (Some(at), Some(id)) = (ledger.column("at"), ledger.column("id")) else { continue };
        let mut said = "";
        for r in c.book.plain.get(&ledger).into_iter().flatten() {
            let text = r.cell(at);
            // The texts of days that have come come first; only the others are read.
            if text <= today.as_str() || At::parse(text, tz).is_none_or(|t| happened(t, c.now.day).is_ok()) {
                continue;
            }
            // What several lines share is said once.
            if r.cell(id) != said {
                said = r.cell(id);
                let place = c.cell_place(r.place, ledger, "at");
                out.push(Diagnostic::new(Code::FactToCome, place, [ledger.kind(), said, text]));
            }
        }
    }
}

/// Reasons of refunds that kehu.toml does not have.
pub(super) fn refund_reasons(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let reasons = &c.book.settings.file.reasons.refund;
    let Some(n) = Ledger::Refunds.column("reason").filter(|_| !reasons.is_empty()) else { return };
    for r in c.book.plain.get(&Ledger::Refunds).into_iter().flatten() {
        let reason = r.cell(n);
        if reason.is_empty() || reasons.iter().any(|known| known == reason) {
            continue;
        }
        let near = nearest(reason, reasons.iter().map(String::as_str)).join(", ");
        let all = if near.is_empty() { reasons.join(", ") } else { String::new() };
        let place = c.cell_place(r.place, Ledger::Refunds, "reason");
        out.push(Diagnostic::new(Code::RefundReason, place, [reason, &near, &all]));
    }
}

/// An event that lost a race, with who took part in it. `in_file` is what the file says, where that settles the race.
pub(super) fn lost_race(c: &Checked<'_>, fold: &Fold, lost: &Lost, in_file: &str) -> Diagnostic {
    let e = lost.event;
    let won = fold.applied.iter().rfind(|a| a.to() == lost.state && a.at() <= e.at()).map_or("", |a| a.by());
    let place = c.cell_place(e.place(), Ledger::Events, "from");
    let facts = [e.id(), e.from(), lost.state, in_file, e.subject(), e.event(), e.by(), e.to(), won];
    Diagnostic::new(Code::LostRace, place, facts)
}

/// Changes that two branches made of one value: the later one is not applied. Quotes and customers have checks of their own.
pub(super) fn races(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for ledger in Ledger::ALL.iter().copied() {
        let turned = ledger.events().iter().filter(|e| e.effect == Effect::Turns);
        for (id, fold) in turned.flat_map(|e| c.book.states.folds(ledger, e.fact)) {
            if c.doubt.row(Ledger::Events, id) {
                continue;
            }
            for lost in unsettled(fold) {
                out.push(lost_race(c, fold, lost, ""));
            }
        }
    }
}

/// A row's cell is the value at entry; after the first event it must be that event's `from`.
pub(super) fn edited_after_event(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for ledger in Ledger::ALL {
        let turned: Vec<&str> =
            ledger.columns().iter().map(|c| c.name).filter(|n| ledger.turned(n).is_some()).collect();
        if turned.is_empty() {
            continue;
        }
        let rows = c.book.plain.get(ledger).map(Vec::as_slice).unwrap_or_default();
        if rows.is_empty() {
            continue;
        }
        let mut events: HashMap<(&str, &str), Vec<Event>> = HashMap::new();
        for e in c.book.events.iter().filter(|e| e.kind() == ledger.kind()) {
            events.entry((e.subject(), e.event())).or_default().push(e);
        }
        let Some(id) = ledger.column("id") else { continue };
        for r in rows {
            for name in turned.iter().copied() {
                let (Some(list), Some(n)) = (events.get(&(r.cell(id), name)), ledger.column(name)) else { continue };
                if !c.doubt.row(Ledger::Events, r.cell(id))
                    && !c.doubt.line(c.book.file(r.place), r.place.line)
                    && let Some(f) = fold(list)
                    && f.start != r.cell(n)
                {
                    let place = c.cell_place(r.place, *ledger, name);
                    let first = f.applied.first().map_or("", |e| e.id());
                    out.push(Diagnostic::new(Code::EditedAfterEvent, place, [r.cell(id), name, first]));
                }
            }
        }
    }
}
