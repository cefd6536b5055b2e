//! R12: who may go against a rule, and what is asked for or allowed where somebody does.

use super::approval::Standing;
use super::papers::Paper;
use super::turn::{Act, Extra, Turn, event, newest_event};
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::change::ChangeSet;
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Ask, Note, Obstacle};
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::model::team::{Member, Team};
use chrono::Datelike;
use std::collections::HashMap;

/// Who wants something, and whether against the rules.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// Who acts.
    pub member: &'a Member,
    /// Whether to go against the rules.
    pub force: bool,
    /// Why, as the file holds it.
    pub note: &'a str,
}

/// Whether a member may go against a rule.
///
/// # Errors
/// [`Refusal::OverrideNeedsNote`], or [`Refusal::NoRight`] with those who may on that day.
pub fn may_override(team: &Team, member: &Member, note: &str, today: Day) -> Result<(), Refusal> {
    if note.is_empty() {
        return Err(Refusal::OverrideNeedsNote);
    }
    // `four_eyes = false` lets one approve what is one's own; it makes nobody a manager.
    if member.leads() || team.members.len() == 1 {
        return Ok(());
    }
    let may = team.members.iter().filter(|x| x.leads() && x.is_here(today)).map(|x| x.id.into()).collect();
    Err(Refusal::NoRight { member: member.id.into(), may })
}

/// What the rules say against something that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Why not.
    pub refusals: Vec<Refusal>,
    /// What should be known.
    pub warnings: Vec<Note>,
    /// What would have to be allowed.
    pub asks: Vec<Ask>,
}

/// Refuses, unless somebody who may goes against the rules: then it gives the warnings, and what is allowed for
/// `thing`.
///
/// # Errors The first refusal, with what is to be asked for where the person may not override it.
pub fn enforce(
    book: &Book,
    judged: Judged,
    who: Who<'_>,
    thing: impl Fn() -> String,
) -> Result<(Vec<Note>, Vec<Ask>), Obstacle> {
    let Judged { refusals, mut warnings, asks } = judged;
    let Some(first) = refusals.first() else { return Ok((warnings, Vec::new())) };
    // What somebody allowed before goes through once.
    let granted: Option<Vec<Ask>> = asks.iter().map(|a| granted(book, who.member.id, a)).collect();
    if let Some(allowed) = granted.filter(|g| !g.is_empty() && refusals.iter().all(can_be_asked)) {
        warnings.extend(refusals.into_iter().map(Note::Against));
        return Ok((warnings, allowed.into_iter().map(|a| Ask { subject: thing(), ..a }).collect()));
    }
    if !who.force {
        return Err(first.clone().into());
    }
    if let Err(refusal) = may_override(&book.team, who.member, who.note, book.today) {
        let asks = if refusal == Refusal::OverrideNeedsNote { Vec::new() } else { asks };
        return Err(Obstacle::Refused { refusal: Box::new(refusal), asks });
    }
    warnings.extend(refusals.into_iter().map(Note::Against));
    let allowed = asks.into_iter().map(|a| Ask { subject: thing(), open: None, ..a }).collect();
    Ok((warnings, allowed))
}

/// Somebody's request for the same that waits for its answer. The book must hold the rows of `requests`.
pub fn open_request(book: &Book, by: &str, kind: &str, subject: &str, amount: &str) -> Option<String> {
    let cell = |r: &PlainRow, name: &str| Ledger::Requests.column(name).map_or("", |n| r.cell(n));
    let answered = |id: &str| book.events.iter().any(|e| e.kind() == "request" && e.subject() == id);
    let same = |r: &&PlainRow| {
        [("by", by), ("kind", kind), ("subject", subject), ("amount", amount)].iter().all(|(k, v)| cell(r, k) == *v)
            && !answered(cell(r, "id"))
    };
    book.plain.get(&Ledger::Requests)?.iter().find(same).map(|r| cell(r, "id").to_string())
}

/// Whether a refusal is one that a request may ask somebody to lift.
fn can_be_asked(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::BelowFloor(_) | Refusal::DiscountLimit { .. } | Refusal::Breach(Breach::RefundTooMuch { .. })
    )
}

/// What is asked for, where the same person's request for it, or for more, was approved and has not been used. The book must hold the
/// rows of `requests`.
fn granted(book: &Book, by: &str, ask: &Ask) -> Option<Ask> {
    let wanted = parse_decimal(&ask.amount)?;
    let used = |id: &str| book.events.iter().any(|e| (e.kind(), e.event(), e.subject()) == ("request", USED, id));
    let is_same = |p: &Paper<'_>| {
        let enough = p.amount().is_some_and(|a| if ask.kind == "price" { a <= wanted } else { a >= wanted });
        p.cell("by") == by && p.cell("kind") == ask.kind && p.cell("subject") == ask.subject && enough
    };
    let mut all = Paper::of(book, Ledger::Requests).filter(is_same);
    let one = all.find(|p| p.standing() == Standing::Approved && !used(p.id()))?;
    Some(Ask { granted: Some(one.id().into()), ..ask.clone() })
}

/// The event that says what an approved request was used for.
const USED: &str = "used";

/// Prices, discounts and amounts that were approved, by kind and subject: `("price", "order:ID")`.
#[derive(Debug, Default)]
pub struct Approvals<'a>(HashMap<(&'a str, &'a str), Vec<Option<Decimal>>>);

impl<'a> Approvals<'a> {
    /// Those of a book that holds the rows of `requests` and the events.
    pub fn of(book: &'a Book) -> Approvals<'a> {
        let column = |name| Ledger::Requests.column(name).unwrap_or_default();
        let (id, kind, subject, amount) = (column("id"), column("kind"), column("subject"), column("amount"));
        let mut out = Approvals::default();
        let mut known: HashMap<&str, (&str, Option<Decimal>)> = HashMap::new();
        for r in book.plain.get(&Ledger::Requests).into_iter().flatten() {
            if book.states.value(Ledger::Requests, r.cell(id), "approval") == Some("approved") {
                let (kind, amount) = (r.cell(kind), parse_decimal(r.cell(amount)));
                out.0.entry((kind, r.cell(subject))).or_default().push(amount);
                known.insert(r.cell(id), (kind, amount));
            }
        }
        for e in book.events.iter().filter(|e| (e.kind(), e.event()) == ("request", USED)) {
            if let Some((kind, amount)) = known.get(e.subject()) {
                out.0.entry((*kind, e.to())).or_default().push(*amount);
            }
        }
        out
    }

    /// Whether something of a kind was approved for a subject.
    pub fn any(&self, kind: &str, subject: &str) -> bool {
        self.0.contains_key(&(kind, subject))
    }

    /// All amounts together.
    pub fn sum(&self, kind: &str, subject: &str) -> Decimal {
        let amounts = self.0.get(&(kind, subject)).into_iter().flatten().flatten();
        amounts.fold(Decimal::ZERO, |sum, a| sum.saturating_add(*a))
    }

    /// Whether so low an amount was.
    pub fn down_to(&self, kind: &str, subject: &str, amount: Decimal) -> bool {
        self.0.get(&(kind, subject)).is_some_and(|all| all.iter().flatten().any(|a| *a <= amount))
    }
}

/// The row of a request. `note` stands as the file holds it.
fn row(book: &Book, ask: &Ask, id: &str, by: &str, at: At, note: &str) -> NewRow {
    vec![
        ("id", id.into()),
        ("at", at.to_text(book.settings.tz)),
        ("kind", ask.kind.into()),
        ("subject", ask.subject.clone()),
        ("amount", ask.amount.clone()),
        ("by", by.into()),
        ("note", format!("{note} ({})", ask.what)),
    ]
}

/// Asks those who may.
pub fn filed(book: &Book, ask: &Ask, id: &str, at: At, who: Who<'_>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    changes.append(Ledger::Requests, at.day.year(), row(book, ask, id, who.member.id, at, who.note));
    changes
}

/// Allows at once what its asker may allow: the request, and the event that answers it. What was granted before is used.
pub fn approved(book: &Book, ask: &Ask, id: &str, at: At, now: At, who: Who<'_>) -> ChangeSet {
    if let Some(granted) = &ask.granted {
        let act = Act { by: who.member.id.into(), at: now, by_clock: true, note: String::new() };
        let at = act.after(newest_event(book, "request", granted).map(|e| e.at())).unwrap_or(now);
        let turn = Turn { kind: "request", subject: granted, event: USED, from: "", to: &ask.subject };
        return event(book, turn, &Act { at, ..act }, &Extra::default());
    }
    let mut changes = filed(book, ask, id, at, who);
    let act = Act { by: who.member.id.into(), at: now, by_clock: false, note: who.note.into() };
    let turn = Turn { kind: "request", subject: id, event: "approval", from: "", to: "approved" };
    changes.extend(event(book, turn, &act, &Extra::default()));
    changes
}
