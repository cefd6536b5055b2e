//! Who may do what (R5 to R7, R12, R14): decisions, discounts and edits by somebody without the right. `check --policy` asks, also
//! before a push is taken.

use super::claiming::is_claim;
use super::decisions::may_give;
use super::engine::index::Index;
use super::floors::Floors;
use super::history::fold_of;
use super::lifecycle::may_move;
use super::pricing::discount_limits;
use super::requests::Approvals;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::order::OrderLine;
use crate::model::row::Event;
use crate::model::team::{Member, Team};

/// A decision by somebody without the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Gave a customer away that is not its own.
    Owner,
    /// Changed a grade.
    Grade,
    /// Moved a customer against the table of transitions, or without what the stage requires.
    Stage,
}

/// Whether a member has the rights of whoever leads; in a team in which nobody leads all have.
pub fn leads(team: &Team, member: Option<&Member>) -> bool {
    member.is_some_and(Member::leads) || !team.members.iter().any(Member::leads)
}

/// The decisions about a customer that somebody took without the right.
pub fn decisions(index: &Index<'_>, customer: usize) -> Vec<(Event, Wrong)> {
    let (book, events) = (index.book, index.events(customer));
    let team = &book.team;
    let mut out = Vec::new();
    for name in ["owner", "grade", "stage"] {
        let Some(fold) = fold_of(events, name) else { continue };
        for e in fold.applied.iter().copied() {
            let by = team.get(e.by());
            // What a customer begins with, nobody changed.
            let begins = e.from().is_empty() && fold.applied.first().map(|f| f.id()) == Some(e.id());
            let wrong = match name {
                _ if leads(team, by) => None,
                "owner" if begins || is_claim(e, events) => None,
                "owner" => {
                    let by = by.cloned().unwrap_or_default();
                    may_give(team, &by, e.subject(), e.from(), e.day()).err().map(|_| Wrong::Owner)
                }
                "grade" => (!begins).then_some(Wrong::Grade),
                // Without a note it is a finding for everybody; an order moves its customer whatever the table says.
                _ if e.from().is_empty() || e.note().is_empty() || by_order(index, customer, e) => None,
                _ => may_move(index, customer, e.from(), e.to(), true, e.day()).err().map(|_| Wrong::Stage),
            };
            out.extend(wrong.map(|w| (e, w)));
        }
    }
    out
}

/// Whether an order caused a step: the stage is one that orders lead to, and the note names one of the customer's (R1).
fn by_order(index: &Index<'_>, customer: usize, e: Event) -> bool {
    let leads_there = index.book.settings.stage(e.to()).is_some_and(|s| s.advance_on.is_some());
    leads_there && index.orders(customer).iter().any(|l| l.id() == e.note())
}

/// An order line whose discount nobody may give, and nobody allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beyond {
    /// The line.
    pub line: OrderLine,
    /// Its discount.
    pub discount: Decimal,
    /// The limit.
    pub limit: Decimal,
    /// Whose limit: a grade or a member.
    pub whose: String,
}

/// The order lines whose discounts pass the limit of their customer's grade or stage on that day, or of who sold them, and that no
/// request for the discount or the price allows (R12).
pub fn discounts(index: &Index<'_>) -> Vec<Beyond> {
    let book = index.book;
    let approvals = Approvals::of(book);
    let mut floors = Floors::new(index);
    let mut out = Vec::new();
    for line in book.orders.iter() {
        let discount = line.exact(OrderLine::DISCOUNT).and_then(|d| d.decimal());
        let Some(discount) = discount.filter(|d| *d > Decimal::ZERO) else { continue };
        if !line.returns().is_empty() {
            continue;
        }
        let level = floors.level(book.customer_index(line.customer()), line.day());
        let limits = discount_limits(&book.settings, level, book.team.get(line.by()));
        let over = limits.into_iter().find(|(limit, _)| discount > *limit);
        let subject = || format!("order:{}", line.id());
        if let Some((limit, whose)) = over
            && !["discount", "price"].iter().any(|kind| approvals.any(kind, &subject()))
        {
            out.push(Beyond { line, discount, limit, whose: whose.into() });
        }
    }
    out
}

/// What is wrong with a change of rows or settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meddled {
    /// What was approved has changed.
    Approved,
    /// A fact of a day that is over has changed.
    Past,
}

/// Whether somebody may change or take away a row: nobody what was approved, and what is of a day that is over only who leads.
pub fn may_edit(
    team: &Team,
    approved: bool,
    day: Option<Day>,
    on: Day,
    author: Option<&Member>,
) -> Result<(), Meddled> {
    if approved {
        return Err(Meddled::Approved);
    }
    if day.is_some_and(|d| d < on) && !leads(team, author) {
        return Err(Meddled::Past);
    }
    Ok(())
}

/// Whether somebody may write down what another one did: whoever leads may, and everybody for itself.
pub fn may_write_for(team: &Team, author: Option<&Member>, by: &str) -> bool {
    by.is_empty() || leads(team, author) || author.is_some_and(|a| a.id == by)
}

/// Whether a row of a ledger is of something that was approved.
pub fn is_approved(index: &Index<'_>, ledger: Ledger, id: &str) -> bool {
    index.book.states.value(ledger, id, "approval") == Some("approved")
}
