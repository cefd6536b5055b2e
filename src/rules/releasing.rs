//! R2: what has passed a limit goes back to the pool, and what is kept out of it for a while.

use super::decisions::decide;
use super::engine::index::Index;
use super::pool::{Clock, Standing};
use super::requests::{Who, open_request};
use super::turn::{Act, Extra};
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::day::Day;
use crate::model::plan::{Ask, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;

/// The key of a customer that says up to which day it is kept.
pub(super) const KEEP: &str = "keep_until";

/// Releases the customers that have passed a limit; the note of each event says which one.
///
/// # Errors
/// What [`decide`] says.
pub fn sweep(index: &Index<'_>, passed: &[(usize, Standing)], act: &Act) -> Result<Plan, Obstacle> {
    let book = index.book;
    let mut plan = Plan::default();
    for (n, standing) in passed {
        let (c, Some(clock)) = (&book.customers[*n], standing.passed(book.today)) else { continue };
        let act = Act { note: because(clock), ..act.clone() };
        plan.changes.extend(decide(index, *n, "owner", "", &act, &Extra::default())?);
        plan.notes.push(Note::Released {
            customer: c.id.into(),
            owner: c.owner.into(),
            limit: clock.limit.key(),
            since: clock.since,
            days: clock.days,
            most: clock.most,
        });
    }
    Ok(plan)
}

/// Which limit was passed, the same in every language.
fn because(clock: &Clock) -> String {
    format!("{} = {}, {} days since {}", clock.setting, clock.most, clock.days, clock.since)
}

/// Keeps customers out of the pool before a day. Whoever does not lead asks for it (R12).
///
/// # Errors
/// [`Refusal::MayNotKeep`], with what is to be asked for.
pub fn keep(index: &Index<'_>, customers: &[usize], until: Day, who: Who<'_>) -> Result<Plan, Obstacle> {
    let book = index.book;
    let may: Vec<String> = book.team.members.iter().filter(|m| m.leads()).map(|m| m.id.to_string()).collect();
    let ask = |n: usize| {
        let subject = format!("customer:{}", book.customers[n].id);
        let open = open_request(book, who.member.id, "keep", &subject, "");
        let what = format!("{KEEP} = {until}");
        Ask { kind: "keep", subject, amount: String::new(), what, open, granted: None }
    };
    let mut plan = Plan::default();
    if !who.member.leads() && !may.is_empty() {
        let first = customers.first().map(|n| book.customers[*n].id.to_string()).unwrap_or_default();
        let refusal = Refusal::MayNotKeep { customer: first, member: who.member.id.into(), until, may };
        let asks = customers.iter().map(|n| ask(*n)).collect();
        return Err(Obstacle::Refused { refusal: Box::new(refusal), asks });
    }
    for &n in customers {
        kept(index, n, until, &mut plan);
        plan.allowed.push(Ask { open: None, ..ask(n) });
    }
    Ok(plan)
}

/// Writes that a customer is kept.
pub(super) fn kept(index: &Index<'_>, customer: usize, until: Day, plan: &mut Plan) {
    let c = &index.book.customers[customer];
    let value = TomlValue::Bare(until.to_string());
    let edits = vec![TomlEdit::Set { table: Vec::new(), key: KEEP.into(), value }];
    plan.changes.push(Change::EditToml { file: c.file.into(), edits });
    plan.notes.push(Note::Kept { customer: c.id.into(), until });
}
