//! R15: what was done with customers: contacts, what came of them, and the steps forward that they led to. Who needs more
//! contacts for a step than the team goes a long way round (走弯路).

use super::engine::index::Index;
use super::engine::once::inside;
use super::followup::is_two_way;
use super::history::fold_of;
use super::lifecycle::is_backward;
use crate::model::Str;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::row::{Activity, Event};
use crate::model::settings::StageCategory;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What contacts are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever had the contact.
    Rep,
    /// How.
    Channel,
    /// What for.
    Purpose,
    /// What came of it.
    Outcome,
}

impl By {
    /// All of them.
    pub const ALL: [By; 4] = [By::Rep, By::Channel, By::Purpose, By::Outcome];
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            By::Rep => "rep",
            By::Channel => "channel",
            By::Purpose => "purpose",
            By::Outcome => "outcome",
        }
    }
    fn of(self, a: Activity) -> Str {
        match self {
            By::Rep => a.by(),
            By::Channel => a.channel(),
            By::Purpose => a.purpose(),
            By::Outcome => a.outcome(),
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Contacts.
    pub activities: i64,
    /// Customers with whom they were.
    pub customers: i64,
    /// Contacts in which the customer took part.
    pub two_way: i64,
    /// Contacts that say nothing about what came of them.
    pub without_outcome: i64,
    /// Contacts that promised another one.
    pub with_next: i64,
    /// Steps forward in the ladder of stages.
    pub moves: i64,
}

impl Effort {
    fn and(mut self, other: Effort) -> Effort {
        self.activities += other.activities;
        self.customers += other.customers;
        self.two_way += other.two_way;
        self.without_outcome += other.without_outcome;
        self.with_next += other.with_next;
        self.moves += other.moves;
        self
    }

    /// Contacts for each step forward; `None` without one.
    pub fn per_move(&self) -> Option<Decimal> {
        Decimal::from(self.activities).checked_div(Decimal::from(self.moves))
    }
}

/// The steps forward of a customer, as far as they were applied: to a later stage that is not lost.
pub fn moves(index: &Index<'_>, customer: usize, period: Period) -> Vec<Event> {
    let settings = &index.book.settings;
    let is_lost = |stage: &str| settings.stage(stage).is_none_or(|s| s.category == StageCategory::Lost);
    let applied = fold_of(index.events(customer), "stage").map(|f| f.applied).unwrap_or_default();
    let forward = |e: &Event| {
        // The first stage of a customer is no step.
        !e.from().is_empty() && e.from() != e.to() && !is_backward(settings, e.from(), e.to()) && !is_lost(e.to())
    };
    applied.into_iter().filter(|e| period.contains(e.day()) && forward(e)).collect()
}

/// What was done with some customers in a period, by group, and all together. Steps forward belong to whoever made them, and so
/// only to groups of people.
pub fn effort(index: &Index<'_>, chosen: &[usize], period: Period, by: By) -> (BTreeMap<Str, Effort>, Effort) {
    let settings = &index.book.settings;
    let merge = |mut a: BTreeMap<Str, Effort>, b: BTreeMap<Str, Effort>| {
        for (key, effort) in b {
            let sum = a.entry(key).or_default();
            *sum = sum.and(effort);
        }
        a
    };
    let of_customer = |customer: usize| -> (BTreeMap<Str, Effort>, Effort) {
        let mut groups: BTreeMap<Str, Effort> = BTreeMap::new();
        let all = index.activities(customer);
        let first = period.from.map_or(0, |from| all.partition_point(|a| a.day() < from));
        for a in all[first..].iter().take_while(|a| period.contains(a.day())) {
            let one = Effort {
                activities: 1,
                customers: 0,
                two_way: i64::from(is_two_way(settings, *a)),
                without_outcome: i64::from(matches!(a.outcome(), "" | "none")),
                with_next: i64::from(a.next().is_some()),
                moves: 0,
            };
            let sum = groups.entry(by.of(*a)).or_default();
            *sum = sum.and(one);
            sum.customers = 1;
        }
        let touched = i64::from(!groups.is_empty());
        let moves = moves(index, customer, period);
        let mut whole = groups.values().fold(Effort::default(), |sum, e| sum.and(*e));
        whole.customers = touched;
        whole.moves = i64::try_from(moves.len()).unwrap_or(i64::MAX);
        if by == By::Rep {
            moves.iter().for_each(|e| groups.entry(e.by()).or_default().moves += 1);
        }
        (groups, whole)
    };
    let nothing = || (BTreeMap::new(), Effort::default());
    chosen
        .par_iter()
        .with_min_len(512)
        .fold(nothing, |(groups, whole), n| {
            let (more, one) = inside(|| of_customer(*n));
            (merge(groups, more), whole.and(one))
        })
        .reduce(nothing, |a, b| (merge(a.0, b.0), a.1.and(b.1)))
}

/// The median of what members need for a step forward, among those who made one.
pub fn usual(groups: &BTreeMap<Str, Effort>) -> Option<Decimal> {
    let mut all: Vec<Decimal> = groups.values().filter_map(Effort::per_move).collect();
    all.sort_unstable();
    let n = all.len();
    let middle = |n: usize| all.get(n).copied();
    if n % 2 == 1 {
        return middle(n / 2);
    }
    middle((n / 2).checked_sub(1)?)?.checked_add(middle(n / 2)?)?.checked_div(Decimal::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    #[test]
    fn the_usual_way_is_the_median_of_those_who_got_anywhere() {
        let check = |list: &[(i64, i64)], expected: Option<&str>| {
            let names = ["a", "b", "c", "d", "e"];
            let effort = |(activities, moves): &(i64, i64)| Effort {
                activities: *activities,
                moves: *moves,
                ..Effort::default()
            };
            let groups = names.into_iter().zip(list.iter().map(effort)).collect();
            assert_eq!(usual(&groups), expected.and_then(parse_decimal), "{list:?}");
        };
        check(&[(10, 1), (30, 2), (40, 1)], Some("15"));
        check(&[(10, 1), (30, 2), (40, 1), (20, 1)], Some("17.5"));
        check(&[(10, 1), (30, 0)], Some("10"));
        check(&[(10, 0)], None);
        check(&[], None);
    }
}
