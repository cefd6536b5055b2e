//! R1, R3: the stays of customers in stages: how long they lasted, how they ended, and what those of the past tell about
//! one that lasts. How many there are in a period is counted in `funnel`.

use super::engine::grouped::Grouped;
use super::history::{Visit, fold_of, visits};
use crate::model::Str;
use crate::model::book::Book;
use crate::model::money::Decimal;
use crate::model::row::Event;
use crate::model::settings::{Settings, StageCategory};
use rayon::prelude::*;
use std::collections::HashMap;

/// Cases below which a figure is marked, and odds and rates say nothing.
pub const FEW: i64 = 15;

/// How a stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It lasts.
    Open,
    /// In a later stage that is not lost.
    Forward,
    /// In any other stage.
    Back,
}

/// The stays of a customer in its stages. A customer without events stands where its file says, and nobody knows since when.
pub fn stays(book: &Book, events: &[Event], customer: usize) -> Vec<Visit> {
    let list = fold_of(events, "stage").map(|f| visits(&f)).unwrap_or_default();
    let stage = book.customers[customer].stage;
    if list.is_empty() && !stage.is_empty() {
        return vec![Visit { state: stage, from: None, to: None }];
    }
    list
}

/// How the stay of a number ended; a stage that kehu.toml does not have is no step forward.
pub fn ended(settings: &Settings, stays: &[Visit], n: usize) -> Ended {
    let Some(next) = stays.get(n + 1) else { return Ended::Open };
    match (settings.stage_index(stays[n].state), settings.stage_index(next.state)) {
        (Some(from), Some(to)) if to > from && !is_lost(settings, to) => Ended::Forward,
        _ => Ended::Back,
    }
}

fn is_lost(settings: &Settings, stage: usize) -> bool {
    settings.file.stages[stage].category == StageCategory::Lost
}

/// Whether the ladder leads on from a stage.
pub fn leads_on(settings: &Settings, stage: usize) -> bool {
    let onward = |to: &String| settings.stage_index(to).is_some_and(|n| n > stage && !is_lost(settings, n));
    settings.file.stages[stage].to.iter().any(onward)
}

/// The value at a share of a sorted list, by the nearest rank.
pub fn quantile(sorted: &[i64], per_cent: usize) -> Option<i64> {
    if sorted.is_empty() {
        return None;
    }
    let rank = (sorted.len() * per_cent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The median of days: the middle one, or the mean of the two middle ones, which may be half a day.
pub fn median(sorted: &[i64]) -> Option<Decimal> {
    let middle = |n: usize| sorted.get(n).copied().map(Decimal::from);
    let n = sorted.len();
    if n % 2 == 1 {
        return middle(n / 2);
    }
    let sum = middle((n / 2).checked_sub(1)?)?.checked_add(middle(n / 2)?)?;
    sum.checked_div(Decimal::TWO).map(|mean| mean.normalize())
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// Those of which it is true.
    pub hits: i64,
    /// All of them.
    pub cases: i64,
}

impl Rate {
    /// As a fraction; `None` when there are too few cases to tell anything.
    pub fn told(self) -> Option<Decimal> {
        (self.cases >= FEW).then(|| Decimal::from(self.hits).checked_div(Decimal::from(self.cases)))?
    }
}

/// After how many days in a stage a customer is stalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Longer than this.
    pub days: i64,
    /// The stays that moved on from the stage.
    pub cases: i64,
    /// Whether the days are those of our own history, not of kehu.toml.
    pub own: bool,
}

/// What the past of a stage tells.
#[derive(Debug, Default)]
struct Past {
    /// Days of the stays that ended, shortest first, with the number of those up to each one that moved on.
    lengths: Vec<(i64, i64)>,
    /// Days of those that moved on, shortest first.
    moved: Vec<i64>,
    /// Of the stays under each owner those that moved on; an open stay is a case, too.
    owners: HashMap<Str, Rate>,
    /// The two owners whose customers moved on most often, among those with enough cases; of equal ones the first by id.
    best: Vec<(Str, Rate)>,
}

/// What the stays of all customers tell, stage by stage.
#[derive(Debug)]
pub struct Pasts {
    stages: Vec<Past>,
}

/// Of each stage the days of the stays that ended, with whether they moved on, and the rate of each owner.
type Sums = Vec<(Vec<(i64, bool)>, HashMap<Str, Rate>)>;

/// A stay: its stage, its days where its start is known, how it ended, and who owned the customer then.
type Stay = (usize, Option<i64>, Ended, Str);

/// The stays of a customer, with whom it belonged to when they ended.
fn owned(book: &Book, events: &[Event], customer: usize) -> Vec<Stay> {
    let settings = &book.settings;
    let list = stays(book, events, customer);
    let owners = fold_of(events, "owner");
    let mut owner = owners.as_ref().map_or(book.customers[customer].owner, |f| f.start);
    let mut later = owners.as_ref().map_or(&[][..], |f| f.applied.as_slice()).iter().peekable();
    let mut out = Vec::with_capacity(list.len());
    for (n, stay) in list.iter().enumerate() {
        while let Some(e) = later.next_if(|e| stay.to.is_none_or(|end| e.day() <= end)) {
            owner = e.to();
        }
        if let Some(stage) = settings.stage_index(stay.state) {
            out.push((stage, stay.days(book.today), ended(settings, &list, n), owner));
        }
    }
    out
}

impl Pasts {
    /// What all stays up to the book's day tell.
    pub fn new(book: &Book, events: &Grouped<Event>) -> Pasts {
        let empty = || -> Sums { book.settings.file.stages.iter().map(|_| Default::default()).collect() };
        let add = |mut sums: Sums, customer: usize| {
            for (stage, days, ended, owner) in owned(book, events.of(customer), customer) {
                let moved = ended == Ended::Forward;
                let (lengths, owners) = &mut sums[stage];
                if let (Some(days), true) = (days, ended != Ended::Open) {
                    lengths.push((days, moved));
                }
                let rate = owners.entry(owner).or_default();
                rate.hits += i64::from(moved);
                rate.cases += 1;
            }
            sums
        };
        let merge = |mut a: Sums, b: Sums| {
            for ((lengths, owners), (more, others)) in a.iter_mut().zip(b) {
                lengths.extend(more);
                for (who, rate) in others {
                    let sum = owners.entry(who).or_default();
                    sum.hits += rate.hits;
                    sum.cases += rate.cases;
                }
            }
            a
        };
        let customers = (0..book.customers.len()).into_par_iter().with_min_len(512);
        let sums = customers.fold(empty, add).reduce(empty, merge);
        let past = |(mut lengths, owners): (Vec<(i64, bool)>, HashMap<Str, Rate>)| {
            lengths.sort_unstable();
            let moved = lengths.iter().filter(|(_, moved)| *moved).map(|(days, _)| *days).collect();
            let mut so_far = 0;
            let count = |(days, moved): (i64, bool)| {
                so_far += i64::from(moved);
                (days, so_far)
            };
            let best = best(&owners);
            Past { lengths: lengths.into_iter().map(count).collect(), moved, owners, best }
        };
        Pasts { stages: sums.into_iter().map(past).collect() }
    }

    /// After how many days in a stage a customer is stalled: the percentile of those that moved on when there are enough of
    /// them, else what kehu.toml says. `None` where kehu.toml says nothing.
    pub fn limit(&self, settings: &Settings, stage: usize) -> Option<Limit> {
        let days = settings.file.stages.get(stage)?.stall_after?;
        let (rules, moved) = (&settings.file.stalled, &self.stages[stage].moved);
        let cases = count(moved.len());
        let own = quantile(moved, rules.history_percent()).filter(|_| moved.len() >= rules.history_cases());
        Some(Limit { days: own.unwrap_or(days), cases, own: own.is_some() })
    }

    /// Of the past stays in a stage that lasted at least so many days those that moved on.
    pub fn odds(&self, stage: usize, days: i64) -> Rate {
        let lengths = &self.stages[stage].lengths;
        let shorter = lengths.partition_point(|(length, _)| *length < days);
        let moved = |n: usize| n.checked_sub(1).map_or(0, |last| lengths[last].1);
        Rate { hits: moved(lengths.len()) - moved(shorter), cases: count(lengths.len() - shorter) }
    }

    /// How often customers of an owner moved on from a stage.
    pub fn rate(&self, stage: usize, owner: &str) -> Rate {
        self.stages[stage].owners.get(owner).copied().unwrap_or_default()
    }

    /// The other owner whose customers moved on from a stage most often, among those with enough cases.
    pub fn best_peer(&self, stage: usize, owner: &str) -> Option<(Str, Rate)> {
        self.stages[stage].best.iter().find(|(who, _)| *who != owner).copied()
    }
}

/// The two best owners: whoever one of them is compared with, the other is there.
fn best(owners: &HashMap<Str, Rate>) -> Vec<(Str, Rate)> {
    let told = owners.iter().filter_map(|(who, rate)| Some((rate.told()?, *who, *rate)));
    let mut told: Vec<(Decimal, Str, Rate)> = told.filter(|(_, who, _)| !who.is_empty()).collect();
    told.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    told.into_iter().take(2).map(|(_, who, rate)| (who, rate)).collect()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_of_the_stays_that_lasted_as_long() {
        let stays = [(1, true), (2, true), (5, false), (5, true), (9, false), (9, false), (30, true)];
        let mut moved = 0;
        let lengths = stays.map(|(days, on)| {
            moved += i64::from(on);
            (days, moved)
        });
        let past = Past { lengths: lengths.to_vec(), ..Past::default() };
        let pasts = Pasts { stages: vec![past] };
        let check = |days: i64, hits: i64, cases: i64| {
            assert_eq!(pasts.odds(0, days), Rate { hits, cases }, "{days} days");
        };
        check(0, 4, 7);
        check(2, 3, 6);
        check(5, 2, 5);
        check(6, 1, 3);
        check(9, 1, 3);
        check(10, 1, 1);
        check(31, 0, 0);
    }

    #[test]
    fn a_peer_is_the_best_of_the_others() {
        let check = |list: &[(&'static str, i64, i64)], owner: &str, expected: Option<&str>| {
            let owners = list.iter().map(|(who, hits, cases)| (*who, Rate { hits: *hits, cases: *cases })).collect();
            let pasts = Pasts { stages: vec![Past { best: best(&owners), owners, ..Past::default() }] };
            assert_eq!(pasts.best_peer(0, owner).map(|(who, _)| who), expected, "{list:?} {owner}");
        };
        let list = [("li", 3, 20), ("wu", 9, 20), ("chen", 9, 20), ("zhao", 14, 14), ("", 20, 20)];
        check(&list, "li", Some("chen"));
        check(&list, "chen", Some("wu"));
        check(&list, "wu", Some("chen"));
        check(&list[..1], "li", None);
        check(&[], "li", None);
    }

    #[test]
    fn few_cases_tell_nothing() {
        let check = |hits: i64, cases: i64, expected: Option<&str>| {
            let expected = expected.and_then(crate::model::money::parse_decimal);
            assert_eq!(Rate { hits, cases }.told(), expected, "{hits} of {cases}");
        };
        check(0, 0, None);
        check(7, 14, None);
        check(0, 15, Some("0"));
        check(3, 15, Some("0.2"));
        check(20, 20, Some("1"));
    }

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let list: Vec<i64> = (1..=20).collect();
        let check = |per_cent: usize, expected: i64| assert_eq!(quantile(&list, per_cent), Some(expected));
        check(75, 15);
        check(90, 18);
        check(1, 1);
        check(100, 20);
        assert_eq!(quantile(&[], 75), None);
    }
}
