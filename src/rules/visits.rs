//! R14: two people calling on one customer. Customers that share a phone number or a company's domain count as one.

use super::duplicates::known::Known;
use super::duplicates::{Keys, keys::Key};
use super::engine::index::Index;
use super::engine::once::{inside, once};
use super::followers::followed;
use super::followup::is_two_way;
use crate::model::day::Day;
use crate::model::likeness::Sign;
use crate::model::reach::NOISE;
use crate::model::row::Activity;
use crate::model::{Map, Str};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Whether somebody sells: service and finance have contacts of their own, and a manager who comes along is a joint visit.
fn sells(index: &Index<'_>, who: &str) -> bool {
    index.book.team.get(who).is_some_and(|m| matches!(m.role, "" | "rep"))
}

/// The latest contact of a seller other than `who` with a customer itself, in the days that make it a double visit up to `day`.
/// Whoever follows a person there calls on that person.
fn by_another(index: &Index<'_>, customer: usize, who: &str, day: Day) -> Option<Activity> {
    let book = index.book;
    let days = book.settings.double_visit_days();
    let all = index.activities(customer);
    let near = all.iter().rev().take_while(|a| (day - a.day()).num_days() <= days);
    let theirs: HashSet<(Str, Str)> =
        followed(&book.team, &book.customers[customer], book.today).map(|f| (f.contact, f.owner)).collect();
    let counts = |a: &&Activity| {
        a.by() != who
            && a.day() <= day
            && is_two_way(&book.settings, **a)
            && sells(index, a.by())
            && (theirs.is_empty() || !theirs.contains(&(a.contact(), a.by())))
    };
    near.copied().find(|a| counts(&a))
}

/// The latest contact by another seller than the owner, at most `followup.double_visit_days` ago and as near to one by
/// the owner. It may have been with a customer that has the same phone number or domain.
pub fn double_visit(index: &Index<'_>, customer: usize) -> Option<Activity> {
    let book = index.book;
    let owner = book.customers[customer].owner;
    if owner.is_empty() {
        return None;
    }
    let own = index.activities(customer).iter().rev().find(|a| a.by() == owner)?.day();
    let days = book.settings.double_visit_days();
    if (book.today - own).num_days() > 2 * days {
        return None;
    }
    let near = near(index, customer).iter().map(|n| *n as usize);
    let others = std::iter::once(customer).chain(near).filter_map(|n| by_another(index, n, owner, book.today));
    others.filter(|a| (own - a.day()).num_days().abs() <= days).max_by_key(|a| (a.at(), std::cmp::Reverse(a.id())))
}

/// Customers on whom somebody called lately, with the phone number or domain of this one.
fn near<'x>(index: &'x Index<'_>, customer: usize) -> &'x [u32] {
    let all = once(&index.neighbours, || neighbours(index));
    u32::try_from(customer).ok().and_then(|n| all.get(&n)).map_or(&[], Vec::as_slice)
}

/// The latest contact of another seller with a customer whom `who` is in touch with on a day; only those with the customer itself.
pub fn visited_by_another(index: &Index<'_>, customer: usize, who: &str, day: Day) -> Option<Activity> {
    if sells(index, who) { by_another(index, customer, who, day) } else { None }
}

/// What a customer is called where a contact with it, or with one that shares a phone number or domain, is spoken of.
pub fn visited(index: &Index<'_>, customer: usize, contact: Activity) -> String {
    let book = index.book;
    let name = book.customers[customer].name;
    match book.customer_index(contact.customer()).filter(|n| *n != customer) {
        Some(n) => format!("{name} ({})", book.customers[n].id),
        None => name.to_string(),
    }
}

/// For each customer that was in touch with sellers lately the others with its phone number or its domain, where another one called on them. Only
/// where there are such, the customers' files are looked at for what so many share that it tells nothing.
fn neighbours(index: &Index<'_>) -> Map<u32, Vec<u32>> {
    let book = index.book;
    let first = book.today - chrono::Duration::days(2 * book.settings.double_visit_days());
    let lately =
        |n: usize| index.activities(n).iter().rev().take_while(|a| a.day() >= first).any(|a| sells(index, a.by()));
    let all = (0..book.customers.len()).into_par_iter().with_min_len(1024);
    let active: Vec<usize> = all.filter(|n| inside(|| lately(*n))).collect();
    if active.len() < 2 {
        return Map::default();
    }
    let of = |n: &usize| Keys::reached(&book.customers[*n]);
    let keys: Vec<Keys> = active.par_iter().with_min_len(64).map(of).collect();
    let mut known = Known::default();
    active.iter().zip(keys).for_each(|(n, keys)| known.add(book.customers[*n].id, keys));
    let callers = |n: usize| index.activities(n).iter().rev().take_while(|a| a.day() >= first).map(|a| a.by());
    let several = |group: &[usize]| {
        let mut who: BTreeSet<&str> = BTreeSet::new();
        group.iter().for_each(|n| who.extend(callers(active[*n]).filter(|w| sells(index, w))));
        who.len() > 1
    };
    let mut groups = known.groups();
    groups.retain(|g| matches!(g.sign, Sign::Phone | Sign::Domain) && !g.is_noise() && several(&g.customers));
    let mut wanted: BTreeMap<Sign, HashSet<&str>> = BTreeMap::new();
    for g in &groups {
        wanted.entry(g.sign).or_default().insert(&g.value);
    }
    let noise = if wanted.is_empty() { HashSet::new() } else { noise(index, &wanted) };
    let mut out: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for group in groups.iter().filter(|g| !noise.contains(&(g.sign, g.value.as_str()))) {
        let members: Vec<u32> = group.customers.iter().filter_map(|n| u32::try_from(active[*n]).ok()).collect();
        for n in &members {
            out.entry(*n).or_default().extend(members.iter().filter(|m| *m != n));
        }
    }
    out.into_iter().map(|(n, near)| (n, near.into_iter().collect())).collect()
}

/// Those of some values that so many customers share that they tell nothing.
fn noise<'w>(index: &Index<'_>, wanted: &BTreeMap<Sign, HashSet<&'w str>>) -> HashSet<(Sign, &'w str)> {
    let of = |c: &crate::model::customer::Customer| {
        let keys = Keys::reached(c);
        let one = |k: &Key| Some((k.sign, *wanted.get(&k.sign)?.get(k.value.as_str())?));
        let mut has: Vec<(Sign, &'w str)> = keys.iter().filter_map(one).collect();
        has.dedup();
        has
    };
    let all: Vec<(Sign, &str)> = index.book.customers.par_iter().with_min_len(256).flat_map_iter(of).collect();
    let mut counts: Map<(Sign, &str), usize> = Map::default();
    all.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    counts.into_iter().filter(|(_, n)| *n > NOISE).map(|(key, _)| key).collect()
}
