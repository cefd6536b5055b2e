//! R12: putting something forward, and answering for it: `kehu approve` and the verbs of each noun ask the same functions. An answer
//! to a request carries out what the request asks for.

use super::approval::Standing;
use super::approving::{at_once, may_answer, parts};
use super::beside::{Beside, Others};
use super::engine::index::Index;
use super::fits::{Places, edited};
use super::papers::Paper;
use super::plans::Plans;
use super::releasing::{KEEP, kept};
use super::requests::{Approvals, Who};
use super::seal::{Part, seal, sealed_note, told};
use super::turn::{Act, Extra, Turn, turn};
use super::writing_off::{self, WRITEOFF};
use crate::model::change::{Change, ChangeSet};
use crate::model::day::{Day, parse_day};
use crate::model::ledger::Ledger;
use crate::model::money::parse_decimal;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::{MayNot, Refusal};
use std::collections::BTreeSet;

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Approve,
    /// No.
    Reject,
    /// It is taken back, whatever was answered.
    Void,
}

fn wrong_state(paper: &Paper<'_>) -> Obstacle {
    Refusal::ApprovalState { what: paper.name(), state: paper.standing().word().into() }.into()
}

/// Writes that the approval of something turned. The note stands as the file holds it.
fn turned(paper: &Paper<'_>, to: Standing, act: &Act, plan: &mut Plan) -> Result<(), Obstacle> {
    let (kind, id, from) = (paper.ledger.kind(), paper.id(), paper.now());
    let what = Turn { kind, subject: id, event: "approval", from, to: to.word() };
    plan.changes.extend(turn(paper.book, what, act, &Extra::default())?);
    plan.notes.push(Note::Turned { kind, id: id.into(), event: "approval", from: from.into(), to: to.word().into() });
    Ok(())
}

/// The act by which something is approved: its note begins with the seal.
fn sealing(index: &Index<'_>, paper: &Paper<'_>, act: &Act) -> Act {
    let seal = seal(index.book, paper.ledger, |c| paper.cell(c), &parts(index, paper));
    Act { note: sealed_note(&seal, &act.note), ..act.clone() }
}

/// Puts something forward, so that somebody answers; where nobody else need look at it, it is approved at once.
///
/// # Errors
/// [`Refusal::ApprovalState`], [`Refusal::OlderThanNewest`] and [`Obstacle::NoRate`].
pub fn submit(index: &Index<'_>, paper: &Paper<'_>, act: &Act, who: Who<'_>) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    match paper.standing() {
        Standing::Submitted if paper.now() == Standing::Submitted.word() => return Ok(plan),
        Standing::Draft | Standing::Rejected | Standing::Outside | Standing::Submitted => {}
        Standing::Approved | Standing::Void => return Err(wrong_state(paper)),
    }
    if at_once(index.book, who, paper.sort(), paper.worth())? {
        turned(paper, Standing::Approved, &sealing(index, paper, act), &mut plan)?;
    } else {
        turned(paper, Standing::Submitted, act, &mut plan)?;
    }
    Ok(plan)
}

/// Answers for something. `fresh` is the id of a receivable that a write-off may need.
///
/// # Errors
/// [`Refusal::ApprovalState`], [`Refusal::MayNotApprove`], [`Refusal::NeedsText`] of a rejection without words, and what the answer
/// carries out says.
pub fn answer(
    index: &Index<'_>,
    paper: &Paper<'_>,
    how: Answer,
    act: &Act,
    who: Who<'_>,
    fresh: &str,
) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    let standing = paper.standing();
    match (how, standing) {
        (Answer::Approve, Standing::Submitted | Standing::Outside) | (Answer::Reject, Standing::Submitted) => {}
        (Answer::Approve, Standing::Approved) if paper.is_broken(&parts(index, paper)) => {}
        (Answer::Approve, Standing::Approved) | (Answer::Void, Standing::Void) => return Ok(plan),
        (Answer::Void, Standing::Rejected) => return Err(wrong_state(paper)),
        // What nobody has answered for yet, its author takes back alone.
        (Answer::Void, Standing::Draft | Standing::Submitted) if paper.author() == who.member.id => {
            turned(paper, Standing::Void, act, &mut plan)?;
            return Ok(plan);
        }
        (Answer::Void, _) => {}
        _ => return Err(wrong_state(paper)),
    }
    allowed(paper, who)?;
    match how {
        Answer::Approve => {
            if standing != Standing::Approved {
                keeps_others(index, paper)?;
            }
            turned(paper, Standing::Approved, &sealing(index, paper, act), &mut plan)?;
            if standing == Standing::Submitted && paper.ledger == Ledger::Requests {
                carry_out(index, paper, act, fresh, &mut plan)?;
            }
        }
        Answer::Reject if act.note.trim().is_empty() => {
            return Err(Refusal::NeedsText { id: paper.id().into(), column: "note" }.into());
        }
        Answer::Reject => turned(paper, Standing::Rejected, act, &mut plan)?,
        Answer::Void => turned(paper, Standing::Void, act, &mut plan)?,
    }
    Ok(plan)
}

/// Whether somebody may answer: [`may_answer`], or for its own doing with the right, `--override` and words.
fn allowed(paper: &Paper<'_>, who: Who<'_>) -> Result<(), Obstacle> {
    match may_answer(paper, who.member) {
        Err(Obstacle::Refused { refusal, .. })
            if matches!(*refusal, Refusal::MayNotApprove { why: MayNot::Author, .. })
                && at_once(paper.book, who, paper.sort(), paper.worth())? =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Whether what is approved fits what came in since it was entered: no more goes back than is there.
fn keeps_others(index: &Index<'_>, paper: &Paper<'_>) -> Result<(), Obstacle> {
    let book = index.book;
    if paper.ledger != Ledger::Refunds || Approvals::of(book).any("refund", &paper.name()) {
        return Ok(());
    }
    let beside = Beside::of(paper.ledger);
    let fact = beside.fact(|n| paper.row.cell(n), |id| book.present_id(id), &book.settings);
    let others = Others::of(book, std::slice::from_ref(&fact), &|_, place| place == paper.row.place);
    others.judge(&fact).into_iter().next().map_or(Ok(()), |b| Err(Refusal::Breach(b).into()))
}

/// Does what an approved request asks for; prices, discounts and refunds its author asks for again.
fn carry_out(index: &Index<'_>, request: &Paper<'_>, act: &Act, fresh: &str, plan: &mut Plan) -> Result<(), Obstacle> {
    match request.sort() {
        WRITEOFF => {
            let amount = request.amount().unwrap_or_default();
            writing_off::approved(index, request.cell("subject"), amount, fresh, act, plan)?;
        }
        "keep" => {
            if let (Some(customer), Some(until)) = (request.customer(), kept_until(request.cell("note"))) {
                kept(index, customer, until, plan);
            }
        }
        _ => plan.notes.push(Note::MayRepeat { request: request.id().into(), by: request.author().into() }),
    }
    Ok(())
}

/// Up to which day a request asks to keep a customer: kehu wrote it at the end of the note.
fn kept_until(note: &str) -> Option<Day> {
    let (_, after) = note.rsplit_once(&format!("({KEEP} = "))?;
    parse_day(after.get(..10)?)
}

/// What of what was approved edits would break: it counts all the same, until somebody approves it again. The book must hold what
/// `papers::READS` says.
pub fn breaks(index: &Index<'_>, changes: &ChangeSet) -> Vec<Note> {
    let book = index.book;
    let places = Places::of(book, changes);
    let mut broken: BTreeSet<(Ledger, &str)> = BTreeSet::new();
    for c in &changes.changes {
        let Change::EditRow { file, ledger, line, cells } = c else { continue };
        let Some(row) = places.row(*ledger, file, *line) else { continue };
        let after = edited(*ledger, row, cells);
        let cell = |name: &str| ledger.column(name).map_or("", &after);
        if matches!(ledger, Ledger::Contracts | Ledger::Refunds | Ledger::Payables | Ledger::Requests) {
            let paper = Paper { book, ledger: *ledger, row };
            let parts = parts(index, &paper);
            let seal = paper.approved_by().and_then(|e| told(e.note()).0);
            let holds = |seal| super::seal::holds(book, seal, *ledger, cell, &parts);
            if seal.is_some_and(|seal| !holds(seal)) && !paper.is_broken(&parts) {
                broken.insert((*ledger, paper.id()));
            }
        }
        if matches!(ledger, Ledger::Receivables | Ledger::Payables) {
            let before = ledger.column("contract").map_or("", |n| row.cell(n));
            for contract in [before, crate::model::intern(cell("contract"))] {
                let Some(paper) = Paper::find(book, Ledger::Contracts, contract) else { continue };
                let Some(seal) = paper.approved_by().and_then(|e| told(e.note()).0) else { continue };
                let mut parts: Vec<Part> = index.plans().parts(contract);
                let own = ledger.column("id").map_or("", |n| row.cell(n));
                parts.retain(|p| p.id != own);
                if cell("contract") == contract {
                    parts.push(Plans::part(own, parse_decimal(cell("amount")), cell("due")));
                }
                let holds = super::seal::holds(book, seal, Ledger::Contracts, |c| paper.cell(c), &parts);
                if !holds && !paper.is_broken(&index.plans().parts(contract)) {
                    broken.insert((Ledger::Contracts, contract));
                }
            }
        }
    }
    broken.into_iter().map(|(ledger, id)| Note::SealBreaks { what: format!("{}:{id}", ledger.kind()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_keep_says_up_to_when() {
        let check = |note: &str, day: &str| assert_eq!(kept_until(note), parse_day(day), "{note}");
        check("budget in spring (keep_until = 2026-09-30)", "2026-09-30");
        check("x (keep_until = 2026-01-01) y (keep_until = 2026-09-30)", "2026-09-30");
        check("(keep_until = soon)", "");
        check("keep it", "");
    }
}
