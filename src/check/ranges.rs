//! Ranges at entry: rows that the command line and import would refuse, and amounts that their own line contradicts.
//!
//! What is judged stands in `rules::ranges`; here are the places, and whether somebody took a row as it is.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::breach::Breach;
use crate::model::day::At;
use crate::model::id::check_row_id;
use crate::model::ledger::Ledger;
use crate::model::money::minor_digits;
use crate::model::row::{Event, PlainRow};
use crate::rules::beside::{Accepted, Beside, Others, accepted_twice, named};
use crate::rules::counting::counts;
use crate::rules::ranges::{Doers, Ranges, accepted_cell, keys_of};
use crate::rules::requests::Approvals;
use crate::rules::sold::Sold;
use std::collections::HashSet;

/// The code of a breach: it has the same key.
pub(super) fn code(b: &Breach) -> Option<Code> {
    Code::ALL.iter().copied().find(|c| c.key() == b.key())
}

/// Whether the row was imported with this exception.
pub(super) fn is_accepted(r: &PlainRow, key: &str) -> bool {
    keys_of(accepted_cell(r)).any(|k| k == key)
}

pub(super) fn finding(c: &Checked<'_>, ledger: Ledger, r: &PlainRow, b: &Breach) -> Option<Diagnostic> {
    let name = b.column(|name| ledger.column(name).map_or("", |n| r.cell(n)));
    let mut d = Diagnostic::of(code(b)?, c.cell_place(r.place, ledger, name), b.facts());
    d.accepted = is_accepted(r, b.key());
    Some(d)
}

/// What is known to be wrong with a line already is not said again.
pub(super) fn is_known(c: &Checked<'_>, r: &PlainRow) -> bool {
    !c.doubt.line(c.book.file(r.place), r.place.line)
}

pub(super) fn rows<'a>(c: &Checked<'a>, ledger: Ledger) -> impl Iterator<Item = &'a PlainRow> {
    c.book.plain.get(&ledger).into_iter().flatten()
}

/// Rows by themselves.
pub(super) fn alone(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let base = c.book.settings.file.currency.as_str();
    for ledger in Ledger::ALL.iter().copied() {
        let ranges = Ranges::of(ledger);
        if ranges.is_empty() {
            continue;
        }
        // There may be a million rows: columns are looked up once.
        let names = ["id", "line", "quantity", "price", "discount", "amount", "tax", "unit_cost", "cost", "currency"];
        let columns: Vec<(&str, usize)> = names.iter().filter_map(|n| Some((*n, ledger.column(n)?))).collect();
        for r in rows(c, ledger) {
            let found = ranges.alone(|n| r.cell(n), base);
            let cell = |name: &str| columns.iter().find(|(n, _)| *n == name).map_or("", |(_, n)| r.cell(*n));
            let digits = || minor_digits(Some(cell("currency")).filter(|c| !c.is_empty()).unwrap_or(base));
            if !found.is_empty() && is_known(c, r) {
                out.extend(found.iter().filter_map(|b| finding(c, ledger, r, b)));
            } else if found.is_empty()
                && ledger == Ledger::Orders
                && !cell("amount").is_empty()
                && let Some(doubt) = Sold::of(cell).doubt(digits())
                && is_known(c, r)
            {
                let place = c.cell_place(r.place, ledger, "amount");
                let facts = doubt.facts(format!("{}/{}", cell("id"), cell("line")));
                out.push(Diagnostic::of(Code::AmountMismatch, place, facts));
            }
        }
    }
}

/// Rows of those who had left the team by then.
pub(super) fn left(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let (team, tz) = (&c.book.team, c.book.settings.tz);
    if team.members.iter().all(|m| m.left.is_none()) {
        return;
    }
    for ledger in Ledger::ALL.iter().copied() {
        let doers = Doers::of(ledger);
        for r in rows(c, ledger) {
            if let Some(b) = doers.gone(|n| r.cell(n), team, tz).filter(|_| is_known(c, r)) {
                out.extend(finding(c, ledger, r, &b));
            }
        }
    }
}

/// Rows beside those that they name.
pub(super) fn between(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let settings = &c.book.settings;
    let present = |id| c.book.present_id(id);
    let approvals = Approvals::of(c.book);
    let mut others = Others::new(c.book);
    // A fact is made again when it is judged: a million of them take more room than their rows.
    let mut judged: Vec<(Option<At>, Ledger, &PlainRow)> = Vec::new();
    for ledger in Ledger::ALL.iter().copied() {
        let (beside, at) = (Beside::of(ledger), ledger.column("at"));
        if beside.is_empty() {
            continue;
        }
        for r in rows(c, ledger).filter(|r| beside.names_others(|n| r.cell(n))) {
            let fact = beside.fact(|n| r.cell(n), present, settings);
            if counts(c.book, ledger, fact.id) && is_known(c, r) {
                others.ask(&fact);
                judged.push((at.and_then(|n| At::parse(r.cell(n), settings.tz)), ledger, r));
            }
        }
    }
    for ledger in named().iter() {
        let beside = Beside::of(ledger);
        for r in rows(c, ledger) {
            let fact = beside.fact(|n| r.cell(n), present, settings);
            others.know(&fact, || beside.sale(|n| r.cell(n), settings));
            // What is judged is counted when it was.
            let waits = || beside.names_others(|n| r.cell(n)) && is_known(c, r);
            if !counts(c.book, ledger, fact.id) {
                others.end(&fact);
            } else if !waits() {
                others.count(&fact);
            }
        }
    }
    // Where two are too much together, the later one is too much.
    let of = |l: Ledger, r: &PlainRow| ["id", "line"].map(|name| l.column(name).map_or("", |n| r.cell(n)));
    judged.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| of(a.1, a.2).cmp(&of(b.1, b.2))));
    // Money that came in is there for whatever went back, on whichever day it was booked.
    let (back, rest): (Vec<_>, Vec<_>) = judged.into_iter().partition(|(_, ledger, _)| *ledger == Ledger::Refunds);
    let mut beside: Option<(Ledger, Beside)> = None;
    for (_, ledger, r) in rest.into_iter().chain(back) {
        let (_, beside) = match &mut beside {
            Some(same) if same.0 == ledger => same,
            other => other.insert((ledger, Beside::of(ledger))),
        };
        let fact = beside.fact(|n| r.cell(n), present, settings);
        let found = others.judge(&fact);
        others.count(&fact);
        let unread = |l: Ledger, id: &str| c.doubt.row(l, id) || c.doubt.row(Ledger::Events, id);
        let sold = fact.returns.rsplit_once('/').map_or("", |(id, _)| id);
        if found.is_empty()
            || !sold.is_empty() && unread(Ledger::Orders, sold)
            || fact.names.iter().any(|(l, id, _)| unread(*l, id))
            || c.doubt.row(Ledger::Receipts, fact.party)
            || c.doubt.row(Ledger::Events, fact.id)
        {
            continue;
        }
        let lowered = |d: Diagnostic| {
            let is_allowed = || approvals.any("refund", &format!("refund:{}", fact.id));
            let by_request = d.code == Code::RefundTooMuch && is_allowed();
            Diagnostic { accepted: d.accepted || by_request, ..d }
        };
        out.extend(found.iter().filter_map(|b| finding(c, fact.ledger, r, b)).map(lowered));
    }
}

/// The events that made a second order of a quote.
pub(super) fn accepted_again<'a>(c: &Checked<'a>) -> Vec<(Event, Breach)> {
    let is_acceptance = |e: &Event| (e.kind(), e.event(), e.to()) == ("quote", "accepted", "accepted");
    let accepted: Vec<Event> = c.book.events.iter().filter(is_acceptance).collect();
    if accepted.len() < 2 {
        return Vec::new();
    }
    let orders: HashSet<&str> = c.book.orders.iter().map(|l| l.id()).collect();
    let stands = |id: &str| check_row_id(id).is_ok() && orders.contains(id) && counts(c.book, Ledger::Orders, id);
    let of = |e: Event| Accepted { quote: e.subject(), order: e.note(), at: e.at(), event: e.id(), with: e };
    accepted_twice(accepted.into_iter().filter(|e| stands(e.note())).map(of).collect())
}

/// One quote, one order.
pub(super) fn quotes(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    for (e, b) in accepted_again(c) {
        let place = c.cell_place(e.place(), Ledger::Events, "note");
        out.extend(code(&b).map(|code| Diagnostic::of(code, place, b.facts())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_breach_has_a_code() {
        for key in Breach::KEYS {
            assert!(Code::ALL.iter().any(|c| c.key() == *key), "{key}");
        }
    }
}
