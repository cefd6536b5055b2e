//! R2: claims out of the pool. One function judges a claim by its customer's history; the command line asks it for claims
//! to come, `check` for those that were made.

use super::decisions::decided;
use super::engine::index::Index;
use super::history::fold_of;
use super::owning::{counts, own_limit, owned};
use super::pool::{pool_of, rules_of};
use super::turn::{Act, Extra};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::row::Event;
use crate::model::settings::Pool;
use crate::model::team::Member;
use std::collections::HashMap;

/// A rule that was asked about a claim, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Machine key of the rule: `in-pool`, `member`, `own-limit`, `claims`, `cooldown`, `quarantine`.
    pub rule: &'static str,
    /// The customer; empty where the rule is about all of them.
    pub customer: String,
    /// What there is: an owner, a number of customers, claims or days.
    pub have: String,
    /// The limit; empty = none.
    pub limit: String,
    /// Why not.
    pub refusal: Option<Refusal>,
}

/// The rules in the order in which they are asked.
pub const RULES: [&str; 6] = ["in-pool", "member", "own-limit", "claims", "cooldown", "quarantine"];

/// Whether an event is a claim: out of the pool, by the new owner itself, and not the beginning of the customer's history.
pub fn is_claim(e: Event, of_customer: &[Event]) -> bool {
    let begins = |b: &Event| b.event() == "stage" && b.from().is_empty() && b.at() == e.at();
    e.event() == "owner"
        && e.from().is_empty()
        && !e.to().is_empty()
        && e.to() == e.by()
        && !of_customer.iter().any(begins)
}

/// Every claim of the book, by who made it and on which day, oldest first. Releasing takes none away.
#[derive(Debug, Default)]
pub struct Claims<'b>(HashMap<(&'b str, Day), Vec<(Event, usize)>>);

impl<'b> Claims<'b> {
    /// Those of a book that holds the events.
    pub fn of(index: &'b Index<'_>) -> Claims<'b> {
        let mut out = Claims::default();
        for n in 0..index.book.customers.len() {
            let events = index.events(n);
            for e in events.iter().copied().filter(|e| is_claim(*e, events)) {
                out.0.entry((e.by(), e.day())).or_default().push((e, n));
            }
        }
        out.0.values_mut().for_each(|list| list.sort_by_key(|(e, _)| (e.at(), e.id())));
        out
    }
    /// How many somebody made on a day.
    pub fn count(&self, who: &'b str, day: Day) -> i64 {
        i64::try_from(self.0.get(&(who, day)).map_or(0, Vec::len)).unwrap_or(i64::MAX)
    }
    /// Every claim, with its number on its day, from 1, and its customer; in no order.
    pub fn all(&self) -> impl Iterator<Item = (usize, Event, usize)> + '_ {
        self.0.values().flat_map(|list| list.iter().enumerate().map(|(k, (e, n))| (k + 1, *e, *n)))
    }
}

/// Whether somebody is a member of a customer's pool.
pub fn is_member(book: &Book, customer: usize, who: &str) -> Result<(), Refusal> {
    let c = &book.customers[customer];
    let pool = pool_of(&book.settings, c);
    let rules = rules_of(&book.settings, pool);
    if rules.has_member(who) {
        return Ok(());
    }
    let members = rules.members.clone();
    Err(Refusal::NotPoolMember { customer: c.id.into(), pool: pool.into(), member: who.into(), members })
}

/// Whether so many claims may be made in a day; `have` are those before.
pub fn may_claim_more(rules: &Pool, who: &str, day: Day, have: i64, more: i64) -> Result<(), Refusal> {
    let limit = rules.claim_per_day();
    if have.saturating_add(more) <= limit {
        return Ok(());
    }
    Err(Refusal::ClaimLimit { member: who.into(), day, have, more, limit })
}

/// The last day on which somebody owned a customer before a claim; `before` are its owner's events up to then, in order.
fn left_on(before: &[Event], who: &str) -> Option<Day> {
    before.iter().rev().find(|e| e.from() == who).map(|e| e.day())
}

/// Whether a former owner may claim a customer back on a day.
///
/// # Errors
/// [`Refusal::CoolDown`].
pub fn has_cooled(rules: &Pool, customer: &str, before: &[Event], who: &str, day: Day) -> Result<Option<i64>, Refusal> {
    let Some(left) = left_on(before, who) else { return Ok(None) };
    let (days, have) = (rules.cooldown_days(), (day - left).num_days());
    if have >= days {
        return Ok(Some(have));
    }
    Err(Refusal::CoolDown { customer: customer.into(), member: who.into(), left, days, until: after(left, days) })
}

/// The first day on which a customer that lies in the pool has rested there for long enough; `None` for one that nobody owned before.
pub fn rests_until(rules: &Pool, before: &[Event]) -> Option<Day> {
    let since = before.last().filter(|e| e.to().is_empty())?.day();
    Some(after(since, rules.quarantine_days()))
}

/// Whether a customer has rested in the pool for long enough on a day; one that nobody owned before need not.
///
/// # Errors
/// [`Refusal::Quarantine`].
pub fn has_rested(rules: &Pool, customer: &str, before: &[Event], day: Day) -> Result<Option<i64>, Refusal> {
    let Some(since) = before.last().filter(|e| e.to().is_empty()).map(|e| e.day()) else { return Ok(None) };
    let (days, have) = (rules.quarantine_days(), (day - since).num_days());
    if have >= days {
        return Ok(Some(have));
    }
    let until = rests_until(rules, before).unwrap_or(day);
    Err(Refusal::Quarantine { customer: customer.into(), since, days, until })
}

fn after(day: Day, days: i64) -> Day {
    u64::try_from(days).ok().and_then(|n| day.checked_add_days(chrono::Days::new(n))).unwrap_or(day)
}

/// The events by which a customer's owner changed and that hold, oldest first.
pub fn owners(index: &Index<'_>, customer: usize) -> Vec<Event> {
    fold_of(index.events(customer), "owner").map(|f| f.applied).unwrap_or_default()
}

/// Judges a claim of a customer by its owners up to then: the days that have passed, where any count.
type Judge<'j> = dyn Fn(usize, &[Event]) -> Result<Option<i64>, Refusal> + 'j;

/// What the rules say about a claim, in their order (R2): a batch goes through whole or not at all.
pub fn ask(index: &Index<'_>, customers: &[usize], member: &Member, day: Day) -> Vec<Asked> {
    let book = index.book;
    let mut out = Vec::new();
    let mut say = |rule, n: Option<usize>, have: String, limit: String, refusal: Option<Refusal>| {
        let customer = n.map(|n| book.customers[n].id.to_string()).unwrap_or_default();
        out.push(Asked { rule, customer, have, limit, refusal });
    };
    let id = |n: usize| book.customers[n].id.to_string();
    let rules = |n: usize| rules_of(&book.settings, pool_of(&book.settings, &book.customers[n]));
    for &n in customers {
        let c = &book.customers[n];
        let refusal = if c.closed {
            Some(Refusal::Closed { customer: id(n) })
        } else {
            (!c.owner.is_empty()).then(|| Refusal::NotInPool { customer: id(n), owner: c.owner.into() })
        };
        say("in-pool", Some(n), c.owner.into(), String::new(), refusal);
    }
    for &n in customers {
        let pool = pool_of(&book.settings, &book.customers[n]).to_string();
        say("member", Some(n), member.id.into(), pool, is_member(book, n, member.id).err());
    }
    // The strictest of the pools that the customers lie in.
    let strictest = |of: &dyn Fn(&Pool) -> i64| customers.iter().map(|n| rules(*n)).min_by_key(|r| of(r));
    if let Some(r) = strictest(&|r| own_limit(&book.team, r, member.id)) {
        let more = customers.iter().filter(|n| counts(index, r, **n)).count();
        let (have, more) = (owned(index, r, member.id), i64::try_from(more).unwrap_or(i64::MAX));
        let limit = own_limit(&book.team, r, member.id);
        let over = || Refusal::OwnLimit { member: member.id.into(), have, more, limit };
        say(
            "own-limit",
            None,
            format!("{have} + {more}"),
            limit.to_string(),
            (have + more > limit && more > 0).then(over),
        );
    }
    if let Some(r) = strictest(&|r| r.claim_per_day()) {
        let have = Claims::of(index).count(member.id, day);
        let more = i64::try_from(customers.len()).unwrap_or(i64::MAX);
        let refusal = may_claim_more(r, member.id, day, have, more).err();
        say("claims", None, format!("{have} + {more}"), r.claim_per_day().to_string(), refusal);
    }
    let history: Vec<Vec<Event>> = customers.iter().map(|n| owners(index, *n)).collect();
    let told = |days: Option<i64>| days.map(|d| d.to_string()).unwrap_or_default();
    let mut of_days = |rule, limit: &dyn Fn(&Pool) -> i64, judge: &Judge<'_>| {
        for (&n, before) in customers.iter().zip(&history) {
            let (have, refusal) = match judge(n, before) {
                Ok(days) => (told(days), None),
                Err(r) => (told(r.days_so_far(day)), Some(r)),
            };
            say(rule, Some(n), have, limit(rules(n)).to_string(), refusal);
        }
    };
    of_days("cooldown", &Pool::cooldown_days, &|n, before| has_cooled(rules(n), &id(n), before, member.id, day));
    of_days("quarantine", &Pool::quarantine_days, &|n, before| has_rested(rules(n), &id(n), before, day));
    out
}

/// Claims customers, all or none.
///
/// # Errors
/// The first refusal of [`ask`], and what [`decided`] says.
pub fn claim(index: &Index<'_>, customers: &[usize], act: &Act, member: &Member) -> Result<Plan, Obstacle> {
    if let Some(refusal) = ask(index, customers, member, act.at.day).into_iter().find_map(|a| a.refusal) {
        return Err(refusal.into());
    }
    let mut plan = Plan::default();
    for &n in customers {
        let c = &index.book.customers[n];
        plan.changes.extend(decided(index, n, "owner", member.id, act, &Extra::default())?);
        plan.notes.push(Note::Given { customer: c.id.into(), from: String::new(), to: member.id.into() });
    }
    Ok(plan)
}
