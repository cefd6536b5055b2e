//! Who owns whom (R2, R14): how many customers somebody may own, and how several people
//! share customers.

use super::decisions::decide;
use super::engine::index::Index;
use super::pool::{pool_of, rules_of};
use super::requests::{Judged, Who, enforce};
use super::turn::{Act, Extra};
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::settings::{Pool, Settings};
use crate::model::team::Team;
use std::collections::HashMap;

/// How many customers a member may own by the rules of a pool: its own limit of team.toml, else the pool's.
pub fn own_limit(team: &Team, rules: &Pool, member: &str) -> i64 {
    team.get(member).and_then(|m| m.own_limit).unwrap_or(rules.own_limit())
}

/// Of the pools that somebody is a member of the one whose limit is highest.
pub fn loosest<'s>(settings: &'s Settings, team: &Team, member: &str) -> &'s Pool {
    let own = settings.file.pools.values().filter(|p| p.has_member(member));
    own.max_by_key(|p| own_limit(team, p, member)).unwrap_or(rules_of(settings, ""))
}

/// Whether an owned customer counts against the limit of its owner.
pub fn counts(index: &Index<'_>, rules: &Pool, customer: usize) -> bool {
    let c = &index.book.customers[customer];
    !c.closed && (rules.counts_customers_with_orders() || index.ordered().get(customer) != Some(&true))
}

/// How many customers of a member count against its limit.
pub fn owned(index: &Index<'_>, rules: &Pool, member: &str) -> i64 {
    let own = |n: &usize| index.book.customers[*n].owner == member && counts(index, rules, *n);
    i64::try_from((0..index.book.customers.len()).filter(own).count()).unwrap_or(i64::MAX)
}

/// How several people share customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// All to one.
    All,
    /// As many for each.
    Even,
    /// The same region to the same person.
    Region,
    /// As many of each grade for each.
    Grade,
    /// To whoever owns fewest.
    Load,
}

/// Somebody who takes customers.
struct Taker<'t> {
    id: &'t str,
    /// Customers that it owns and that are not closed.
    load: usize,
    /// Those it gets, in all and of each grade.
    gets: usize,
    of_grade: HashMap<&'t str, usize>,
    /// Those that count against its limit, with those it gets.
    counted: i64,
}

/// A customer that is to be shared, also one that is not there yet.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'c> {
    /// Who owns it; empty = nobody.
    pub owner: &'c str,
    /// Its grade.
    pub grade: &'c str,
    /// Its region.
    pub region: &'c str,
    /// The rules of its pool.
    pub rules: &'c Pool,
    /// Whether it counts against the limit of its owner.
    pub counts: bool,
}

/// Who gets which of some customers; nobody gets more than it may own, where the limit stands.
///
/// An empty taker is the pool.
///
/// # Errors
/// [`Refusal::OwnLimit`] when they may not own so many together; not with `force`.
pub fn share<'t>(
    index: &'t Index<'_>,
    customers: &[usize],
    takers: &'t [String],
    how: Share,
    force: bool,
) -> Result<Vec<&'t str>, Refusal> {
    let settings = &index.book.settings;
    let shared = |n: &usize| {
        let c = &index.book.customers[*n];
        let rules = rules_of(settings, pool_of(settings, c));
        let (owner, grade, region) = (c.owner, c.grade, c.text("region"));
        Shared { owner, grade, region, rules, counts: counts(index, rules, *n) }
    };
    let list: Vec<Shared<'_>> = customers.iter().map(shared).collect();
    share_all(index, &list, takers, how, force)
}

/// The same of customers that need not be there yet.
///
/// # Errors
/// As [`share`].
pub fn share_all<'t>(
    index: &'t Index<'_>,
    customers: &[Shared<'t>],
    takers: &'t [String],
    how: Share,
    force: bool,
) -> Result<Vec<&'t str>, Refusal> {
    let book = index.book;
    let mut list: Vec<Taker<'t>> = takers
        .iter()
        .map(|id| {
            let load = book.customers.iter().filter(|c| !c.closed && c.owner == id).count();
            Taker { id, load, gets: 0, of_grade: HashMap::new(), counted: -1 }
        })
        .collect();
    let mut regions: HashMap<&str, usize> = HashMap::new();
    let mut out = Vec::with_capacity(customers.len());
    for c in customers {
        let (rules, weighs) = (c.rules, c.counts);
        let mut open: Vec<usize> = Vec::with_capacity(list.len());
        for (k, t) in list.iter_mut().enumerate() {
            if t.id.is_empty() || force || !weighs || c.owner == t.id {
                open.push(k);
                continue;
            }
            if t.counted < 0 {
                t.counted = owned(index, rules, t.id);
            }
            if t.counted < own_limit(&book.team, rules, t.id) {
                open.push(k);
            }
        }
        let lightest = |by: &dyn Fn(&Taker<'_>) -> (usize, usize)| open.iter().copied().min_by_key(|k| by(&list[*k]));
        let chosen = match how {
            Share::All | Share::Even => lightest(&|t| (t.gets, 0)),
            Share::Grade => lightest(&|t| (t.of_grade.get(c.grade).copied().unwrap_or(0), t.gets)),
            Share::Load => lightest(&|t| (t.load, 0)),
            Share::Region => {
                let same = regions.get(c.region).copied().filter(|k| open.contains(k));
                same.or_else(|| lightest(&|t| (t.load, 0)))
            }
        };
        let Some(k) = chosen else {
            return Err(full(index, rules, customers, &list));
        };
        regions.entry(c.region).or_insert(k);
        let t = &mut list[k];
        t.gets += 1;
        *t.of_grade.entry(c.grade).or_default() += 1;
        if c.owner != t.id {
            t.load += 1;
            t.counted += i64::from(weighs && t.counted >= 0);
        }
        out.push(t.id);
    }
    Ok(out)
}

/// The refusal where those who take customers may own no more.
fn full(index: &Index<'_>, rules: &Pool, customers: &[Shared<'_>], takers: &[Taker<'_>]) -> Refusal {
    let more = customers.iter().filter(|c| c.counts).count();
    let sum = |of: &dyn Fn(&str) -> i64| takers.iter().filter(|t| !t.id.is_empty()).map(|t| of(t.id)).sum();
    Refusal::OwnLimit {
        member: takers.iter().map(|t| t.id).filter(|id| !id.is_empty()).collect::<Vec<_>>().join(", "),
        have: sum(&|id| owned(index, rules, id)),
        more: i64::try_from(more).unwrap_or(i64::MAX),
        limit: sum(&|id| own_limit(&index.book.team, rules, id)),
    }
}

/// Gives customers to those who share them. Whoever may not own so many refuses, unless somebody with the right overrides.
///
/// # Errors
/// What [`share`] and [`decide`] say.
pub fn assign(
    index: &Index<'_>,
    customers: &[usize],
    takers: &[String],
    how: Share,
    act: &Act,
    who: Who<'_>,
) -> Result<Plan, Obstacle> {
    let book = index.book;
    let over = share(index, customers, takers, how, false).err();
    let judged = Judged { refusals: over.into_iter().collect(), ..Judged::default() };
    let (notes, allowed) = enforce(book, judged, who, String::new)?;
    let shares = share(index, customers, takers, how, !notes.is_empty())?;
    let mut plan = Plan { notes, allowed, ..Plan::default() };
    for (&n, to) in customers.iter().zip(shares) {
        give(index, n, to, act, &mut plan)?;
    }
    Ok(plan)
}

/// Gives one customer to a member, or back to the pool; nothing where it is so already.
///
/// # Errors
/// What [`decide`] says.
pub fn give(index: &Index<'_>, customer: usize, to: &str, act: &Act, plan: &mut Plan) -> Result<(), Obstacle> {
    let c = &index.book.customers[customer];
    if c.owner == to {
        return Ok(());
    }
    plan.changes.extend(decide(index, customer, "owner", to, act, &Extra::default())?);
    plan.notes.push(Note::Given { customer: c.id.into(), from: c.owner.into(), to: to.into() });
    Ok(())
}

/// Gives customers back to the pool.
///
/// # Errors
/// [`Refusal::InPool`], and what [`give`] says.
pub fn release(index: &Index<'_>, customers: &[usize], act: &Act) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    for &n in customers {
        let c = &index.book.customers[n];
        if c.owner.is_empty() {
            return Err(Refusal::InPool { customer: c.id.into() }.into());
        }
        give(index, n, "", act, &mut plan)?;
    }
    Ok(plan)
}
