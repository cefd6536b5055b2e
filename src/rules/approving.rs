//! R12: who may answer for what another one did, and what needs nobody's answer.

use super::approval::Standing;
use super::engine::index::Index;
use super::papers::{Paper, Worth};
use super::policy::leads;
use super::requests::Who;
use super::seal::{Part, seal, sealed_note};
use super::turn::{Act, Extra, Turn, event};
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::money::shown;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::{MayNot, Refusal};
use crate::model::team::Member;

/// Whether something of a sort needs nobody's approval: it is worth no more than `[approval] limits` of kehu.toml says.
pub fn is_small(book: &Book, sort: &str, worth: Worth) -> bool {
    let limit = book.settings.file.approval.limits.get(sort);
    limit.is_some_and(|most| matches!(worth, Worth::Of(_)) && worth.within(most.0))
}

/// Whether somebody has the right to answer for things of a sort that are worth so much, whoever their author is.
fn has_right(book: &Book, member: &Member, sort: &str, worth: Worth) -> Result<(), MayNot> {
    // Money that moves is finance's too; prices, contracts and customers are decided by whoever leads.
    let finance = member.role == "finance" && matches!(sort, "payable" | "refund" | "writeoff" | "credit");
    if !finance && !leads(&book.team, Some(member)) {
        return Err(MayNot::Role);
    }
    match member.approve_limit {
        Some(limit) if !worth.within(limit) => Err(MayNot::Limit(shown(limit, &book.settings.file.currency))),
        _ => Ok(()),
    }
}

/// Whether somebody may answer for what another one did, or itself.
fn judged(book: &Book, member: &Member, author: &str, sort: &str, worth: Worth) -> Result<(), MayNot> {
    if author == member.id && needs_two(book) {
        return Err(MayNot::Author);
    }
    has_right(book, member, sort, worth)
}

/// Whether the approver must be somebody else than the author.
pub fn needs_two(book: &Book) -> bool {
    book.settings.file.approval.four_eyes() && book.team.members.len() > 1
}

/// Whether a member may answer for something.
///
/// # Errors
/// [`Refusal::MayNotApprove`], with those who may on that day; [`Obstacle::NoRate`].
pub fn may_answer(paper: &Paper<'_>, member: &Member) -> Result<(), Obstacle> {
    let worth = paper.worth();
    let refused = may(paper.book, member, (&paper.name(), paper.author()), paper.sort(), worth).err();
    match (refused, worth) {
        (None, _) => Ok(()),
        (Some(Refusal::MayNotApprove { why: MayNot::Limit(_), .. }), Worth::NoRate(day)) => {
            Err(Obstacle::NoRate { currency: paper.currency().into(), day })
        }
        (Some(refusal), _) => Err(refusal.into()),
    }
}

/// The same for something that need not be there yet: its name and author, sort and worth.
///
/// # Errors
/// [`Refusal::MayNotApprove`].
pub fn may(
    book: &Book,
    member: &Member,
    (what, author): (&str, &str),
    sort: &'static str,
    worth: Worth,
) -> Result<(), Refusal> {
    judged(book, member, author, sort, worth).map_err(|why| {
        let here = book.team.members.iter().filter(|m| m.is_here(book.today));
        let may = here.filter(|m| judged(book, m, author, sort, worth).is_ok()).map(|m| m.id.to_string());
        Refusal::MayNotApprove { what: what.into(), member: member.id.into(), why, may: may.collect() }
    })
}

/// Whether its author may approve something at once: where nobody else need look at it, or by going against the rule with the right to
/// do so and words.
///
/// # Errors
/// [`Refusal::OverrideNeedsNote`].
pub fn at_once(book: &Book, who: Who<'_>, sort: &str, worth: Worth) -> Result<bool, Refusal> {
    if who.force && who.note.is_empty() {
        return Err(Refusal::OverrideNeedsNote);
    }
    Ok((who.force || !needs_two(book)) && has_right(book, who.member, sort, worth).is_ok())
}

/// Puts a new row forward: small ones need no approval, what its author may approve at once is approved and sealed, everything else waits.
/// Gives where it stands.
///
/// # Errors
/// [`Refusal::OverrideNeedsNote`].
pub fn put_forward(
    book: &Book,
    (ledger, row): (Ledger, &NewRow),
    worth: Worth,
    who: Who<'_>,
    act: &Act,
    plan: &mut Plan,
) -> Result<Standing, Obstacle> {
    let kind = ledger.kind();
    if is_small(book, kind, worth) {
        return Ok(Standing::Outside);
    }
    let cell = |name: &str| row.iter().find(|(c, _)| *c == name).map_or("", |(_, text)| text.as_str());
    let mut act = Act { note: String::new(), ..act.clone() };
    let mut to = Standing::Submitted;
    if at_once(book, who, kind, worth)? {
        to = Standing::Approved;
        act.note = sealed_note(&seal(book, ledger, cell, &[]), who.note);
    }
    let id = cell("id");
    let turn = Turn { kind, subject: id, event: "approval", from: "", to: to.word() };
    plan.changes.extend(event(book, turn, &act, &Extra::default()));
    let (id, to_word) = (id.to_string(), to.word().into());
    plan.notes.push(Note::Turned { kind, id, event: "approval", from: String::new(), to: to_word });
    Ok(to)
}

/// The instalments of a contract, as they are sealed; none of anything else.
pub fn parts(index: &Index<'_>, paper: &Paper<'_>) -> Vec<Part> {
    if paper.ledger == Ledger::Contracts { index.plans().parts(paper.id()) } else { Vec::new() }
}
