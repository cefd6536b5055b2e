//! Deals on edits by hand and after merges (R1): stages that kehu.toml does not let follow, losses without a reason, and what
//! changed after the end. What is judged stands in `rules::deals`.

use super::Checked;
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::refusal::Refusal;
use crate::model::row::Event;
use crate::rules::deals::{Deal, LOST, category, first_stage, may_change, may_hold, may_move, starts_elsewhere};
use crate::rules::decisions::BY_HAND;
use crate::store::read::cell;

/// Whether somebody said why.
fn is_explained(e: Event) -> bool {
    !e.note().is_empty() && e.note() != BY_HAND
}

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    if c.doubt.stages() {
        return;
    }
    let settings = &c.book.settings;
    let stages = || settings.file.deal_stages.iter().map(|s| s.id.as_str());
    for deal in Deal::all(c.book) {
        let id = deal.id();
        if c.doubt.row(Ledger::Events, id) || c.doubt.row(Ledger::Deals, id) {
            continue;
        }
        let of = |fact: &str| c.book.states.folded(Ledger::Deals, id, fact).map_or(&[][..], |f| f.applied.as_slice());
        let at = |e: &Event, column: &str| c.cell_place(e.place(), Ledger::Events, column);
        let moved = c.book.states.folded(Ledger::Deals, id, "stage");
        if let Some(e) = moved.and_then(|fold| starts_elsewhere(settings, fold)) {
            let facts = [id, e.id(), e.from(), first_stage(settings)];
            out.push(Diagnostic::new(Code::EventStart, at(&e, "from"), facts));
        }
        for e in of("stage") {
            if settings.deal_stage(e.to()).is_none() {
                let near = match nearest(e.to(), stages()).join(", ") {
                    near if near.is_empty() => stages().collect::<Vec<_>>().join(", "),
                    near => near,
                };
                out.push(Diagnostic::new(Code::NotInList, at(e, "to"), [e.to(), "[[deal_stages]]", &near]));
                continue;
            }
            match may_move(settings, id, e.from(), e.to(), false).err().filter(|_| !is_explained(*e)) {
                Some(Refusal::BackwardNeedsNote { .. }) => {
                    let args = [id, e.from(), e.to(), "", "note"];
                    out.push(Diagnostic::new(Code::StageTransition, at(e, "to"), args));
                }
                Some(_) => {
                    let args = [id, e.from(), e.to(), ""];
                    out.push(Diagnostic::new(Code::StageTransition, at(e, "to"), args));
                }
                None => {}
            }
            if category(settings, e.to()) == LOST {
                out.extend(reason(c, id, *e));
            }
        }
        for column in Ledger::Deals.columns().iter().filter(|column| Ledger::Deals.turned(column.name).is_some()) {
            for e in of(column.name) {
                let stage =
                    of("stage").iter().rev().find(|s| (s.at(), s.id()) < (e.at(), e.id())).map_or("", |s| s.to());
                if !is_explained(*e) && may_change(settings, id, stage).is_err() {
                    let args = [id, e.id(), column.name, category(settings, stage)];
                    out.push(Diagnostic::new(Code::AfterEnd, at(e, "event"), args));
                }
                if e.to().is_empty() {
                    continue;
                }
                if let Err((code, args)) = cell::check(column.ty, e.to(), settings) {
                    out.push(Diagnostic::of(code, at(e, "to"), args));
                } else if column.ty == Type::Ref(RefTo::Team) {
                    if c.book.team.get(e.to()).is_none() && !c.doubt.team() {
                        let near = nearest(e.to(), c.book.team.ids()).join(", ");
                        out.push(Diagnostic::new(Code::DanglingRef, at(e, "to"), ["to", "team", e.to(), &near]));
                    }
                } else if let Err(Refusal::Breach(b)) = may_hold(settings, column.name, e.to()) {
                    out.extend(super::ranges::code(&b).map(|code| Diagnostic::of(code, at(e, "to"), b.facts())));
                }
            }
        }
    }
}

/// A deal that was lost for no reason, or for one that kehu.toml does not have.
fn reason(c: &Checked<'_>, id: &str, e: Event) -> Option<Diagnostic> {
    let list = &c.book.settings.file.reasons.lost;
    if list.is_empty() || list.iter().any(|r| r == e.reason()) {
        return None;
    }
    let (place, all) = (c.cell_place(e.place(), Ledger::Events, "reason"), list.join(", "));
    if e.reason().is_empty() {
        return Some(Diagnostic::new(Code::CloseReason, place, [id, &all, LOST]));
    }
    let near = nearest(e.reason(), list.iter().map(String::as_str)).join(", ");
    let near = if near.is_empty() { all } else { near };
    Some(Diagnostic::new(Code::NotInList, place, [e.reason(), "[reasons] lost", &near]))
}
