//! Events that a kind does not know, and rows that were edited where events should tell.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::ledger::{Ledger, events_of};
use crate::model::row::Event;
use crate::rules::history::fold;
use std::collections::HashMap;

/// Events that are not in the closed list of their kind, and reasons that kehu.toml does not have.
pub(super) fn kinds(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let reasons = &c.book.settings.file.reasons.close;
    let lost = &c.book.settings.file.reasons.lost;
    let unknown = |e: &Event, list: &[String], name: &str| {
        let near = crate::diag::nearest(e.reason, list.iter().map(String::as_str));
        let near = if near.is_empty() { list.join(", ") } else { near.join(", ") };
        let place = c.cell_place(e.place, Ledger::Events, "reason");
        Diagnostic::new(Code::NotInList, place, [e.reason, name, &near])
    };
    for e in &c.book.events {
        let known = events_of(e.kind);
        if !known.is_empty() && !known.contains(&e.event) {
            let place = c.cell_place(e.place, Ledger::Events, "event");
            out.push(Diagnostic::new(Code::EventKind, place, [e.event, e.kind, &known.join(", ")]));
        }
        let close = e.kind == "customer" && e.event == "status" && e.to == "closed";
        if close && e.reason.is_empty() {
            let place = c.cell_place(e.place, Ledger::Events, "reason");
            out.push(Diagnostic::new(Code::CloseReason, place, [e.subject, &reasons.join(", ")]));
        } else if close && !reasons.is_empty() && !reasons.iter().any(|r| r == e.reason) {
            out.push(unknown(e, reasons, "[reasons] close"));
        }
        let declined = e.kind == "quote" && e.event == "declined" && !e.reason.is_empty();
        if declined && !lost.is_empty() && !lost.iter().any(|r| r == e.reason) {
            out.push(unknown(e, lost, "[reasons] lost"));
        }
    }
}

/// Columns whose later values are events.
const EVENTED: &[(Ledger, &[&str])] = &[(Ledger::Deals, &["owner", "amount", "close_date"])];

/// A row's cell is the value at entry; after the first event it must be that event's `from`.
pub(super) fn edited_after_event(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (ledger, columns) in EVENTED {
        let rows = c.book.plain.get(ledger).map(Vec::as_slice).unwrap_or_default();
        if rows.is_empty() {
            continue;
        }
        let mut events: HashMap<(&str, &str), Vec<&Event>> = HashMap::new();
        for e in c.book.events.iter().filter(|e| e.kind == ledger.kind()) {
            events.entry((e.subject, e.event)).or_default().push(e);
        }
        let Some(id) = ledger.column("id") else { continue };
        for r in rows {
            for name in *columns {
                let (Some(list), Some(n)) = (events.get(&(r.cells[id], *name)), ledger.column(name)) else { continue };
                if !c.doubt.row(Ledger::Events, r.cells[id])
                    && !c.doubt.line(c.book.file(r.place), r.place.line)
                    && let Some(f) = fold(list)
                    && f.start != r.cells[n]
                {
                    let place = c.cell_place(r.place, *ledger, name);
                    let first = f.applied.first().map_or("", |e| e.id);
                    out.push(Diagnostic::new(Code::EditedAfterEvent, place, [r.cells[id], name, first]));
                }
            }
        }
    }
}
