//! R6: customers that cost more than they bring: slow, small and risky payers, and which of them stay because of their profit.

use super::contribution::{self, Parts, annual_rate, charges};
use super::engine::index::Index;
use super::engine::once::inside;
use super::exposure::{overdue, payment_days};
use super::profit::year;
use super::ranking::{Part, parts, up_to_share};
use super::voices::PLAIN;
use crate::model::Map;
use crate::model::book::Reads;
use crate::model::money::{Decimal, Sum};
use rayon::prelude::*;
use std::cmp::Reverse;

/// What is read for it.
pub const READS: Reads = Reads { plain: contribution::READS.plain.and(PLAIN), ..contribution::READS };

/// Why a customer is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It pays so many days late on average.
    Slow(Decimal),
    /// It is one of those who together make up the last share of the revenue.
    Small,
    /// Something is overdue for so many days.
    Overdue(i64),
    /// A debt of its was given up.
    BadDebt,
}

impl Fault {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Fault::Slow(_) => "slow",
            Fault::Small => "small",
            Fault::Overdue(_) | Fault::BadDebt => "risky",
        }
    }
}

/// What is advised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It brings nothing, or has more than one fault.
    Drop,
    /// It has one fault, and brings something.
    Review,
    /// It is one of those who make up most of the profit.
    Stay,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 3] = [Verdict::Drop, Verdict::Review, Verdict::Stay];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Verdict::Drop => "drop",
            Verdict::Review => "review",
            Verdict::Stay => "stay",
        }
    }

    /// The verdict on a customer with faults of so many sorts, by where its profit ranks it and what is left of that.
    pub fn of(sorts: usize, part: Option<Part>, net: Option<Decimal>) -> Verdict {
        match part {
            Some(Part::First | Part::Next) => Verdict::Stay,
            _ if sorts > 1 || net.is_some_and(|net| net <= Decimal::ZERO) => Verdict::Drop,
            _ => Verdict::Review,
        }
    }
}

/// A customer with a fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its index.
    pub customer: usize,
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
    /// What is advised.
    pub verdict: Verdict,
    /// Net of twelve months; `None` = nobody knows.
    pub revenue: Option<Decimal>,
    /// Profit of twelve months; `None` = nobody knows.
    pub profit: Option<Decimal>,
    /// What is left of it after goodwill, complaints, spend and capital.
    pub net: Option<Decimal>,
    /// Days by which it pays late on average.
    pub late: Option<Decimal>,
    /// What it owes that is overdue.
    pub overdue: Option<Decimal>,
    /// Days for which the oldest of that has been overdue.
    pub overdue_days: Option<i64>,
}

impl Listed {
    /// The sorts of its faults.
    pub fn sorts(&self) -> Vec<&'static str> {
        let mut keys: Vec<&'static str> = self.faults.iter().map(|f| f.key()).collect();
        keys.dedup();
        keys
    }
}

/// The customers with faults: active ones with a sale order; those to drop first, of these who brings least.
pub fn prune(index: &Index<'_>) -> Vec<Listed> {
    let (book, rules) = (index.book, &index.book.settings.file.prune);
    let ordered = index.ordered();
    let all: Vec<usize> = (0..book.customers.len()).filter(|n| ordered[*n] && !book.customers[*n].closed).collect();
    let earned = |n: usize| {
        let f = index.figures_of_year(n);
        if f.is_empty() { Some(Decimal::ZERO) } else { f.profit() }
    };
    let sold = |n: usize| {
        let f = index.figures_of_year(n);
        (!f.is_unreadable()).then(|| f.revenue())
    };
    let settings = &book.settings;
    let profits: Vec<Option<Decimal>> = (0..book.customers.len()).map(|n| index.figures_of_year(n).profit()).collect();
    let places = parts(&profits, settings.key_share(), settings.major_share());
    let small =
        small(&all.iter().map(|n| (*n, sold(*n))).collect::<Vec<_>>(), rules.small_share(), book.customers.len());
    let mut taken: Map<usize, Parts> = Map::default();
    for c in charges(index, year(book.today), false).0 {
        if let Some(n) = c.subject.customer {
            taken.entry(n).or_default().add(&c);
        }
    }
    let (rate, nothing) = (annual_rate(book), Parts::default());
    let one = |n: &usize| {
        let customer = *n;
        let late = payment_days(index, &[customer], true);
        let open = index.accounts_of(customer).iter().flat_map(|a| &a.receivables).filter(|r| r.open > Decimal::ZERO);
        let overdue_days = open.map(|r| (book.today - r.due).num_days()).max().filter(|days| *days > 0);
        let mut faults = Vec::new();
        faults.extend(late.filter(|days| *days >= rules.late_days()).map(Fault::Slow));
        faults.extend(small[customer].then_some(Fault::Small));
        faults.extend(index.voice(customer).bad_debt.then_some(Fault::BadDebt));
        faults.extend(overdue_days.filter(|days| *days > rules.overdue_days()).map(Fault::Overdue));
        if faults.is_empty() {
            return None;
        }
        let (profit, verdict) = (earned(customer), Verdict::Review);
        let net = taken.get(&customer).unwrap_or(&nothing).net(profit, rate);
        let (revenue, overdue) = (sold(customer), overdue(index, customer));
        let mut listed = Listed { customer, faults, verdict, revenue, profit, net, late, overdue, overdue_days };
        listed.verdict = Verdict::of(listed.sorts().len(), places[customer], net);
        Some(listed)
    };
    let mut list: Vec<Listed> = all.par_iter().with_min_len(256).filter_map(|n| inside(|| one(n))).collect();
    list.sort_by_key(|l| (l.verdict, Reverse(l.sorts().len()), l.net, l.customer));
    list
}

/// Who is small: all but the largest, up to the one that crosses what is left of the revenue. Who bought for nothing is, too.
fn small(sold: &[(usize, Option<Decimal>)], share: Decimal, customers: usize) -> Vec<bool> {
    let mut known: Vec<(Decimal, usize)> = sold.iter().filter_map(|(n, net)| Some(((*net)?, *n))).collect();
    known.sort_by_key(|(net, n)| (Reverse(*net), *n));
    let values: Vec<Decimal> = known.iter().map(|(net, _)| *net).collect();
    let large = up_to_share(&values, Decimal::ONE.checked_sub(share).unwrap_or_default());
    let mut out = vec![false; customers];
    let any = Sum::of(values.iter().copied().filter(|v| *v > Decimal::ZERO)).known().is_none_or(|sum| !sum.is_zero());
    known.iter().skip(large).filter(|_| any).for_each(|(_, n)| out[*n] = true);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_the_revenue_is_small() {
        let check = |sold: &[Option<i64>], expected: &[bool]| {
            let sold: Vec<_> = sold.iter().map(|net| net.map(Decimal::from)).enumerate().collect();
            assert_eq!(small(&sold, Decimal::new(5, 2), sold.len()), expected, "{sold:?}");
        };
        check(&[Some(90), Some(6), Some(4), Some(0), None], &[false, false, true, true, false]);
        check(&[Some(2), Some(100)], &[true, false]);
        check(&[Some(10)], &[false]);
        check(&[Some(0), Some(0)], &[false, false]);
        check(&[Some(5), Some(5), Some(5)], &[false, false, false]);
    }

    #[test]
    fn who_earns_much_stays() {
        let n = |n: i64| Some(Decimal::from(n));
        let check = |sorts: usize, part: Option<Part>, net: Option<Decimal>, expected: Verdict| {
            assert_eq!(Verdict::of(sorts, part, net), expected, "{sorts} {part:?} {net:?}");
        };
        check(2, Some(Part::First), n(5), Verdict::Stay);
        check(1, Some(Part::Next), n(-5), Verdict::Stay);
        check(1, Some(Part::Rest), n(5), Verdict::Review);
        check(2, Some(Part::Rest), n(5), Verdict::Drop);
        check(1, Some(Part::Rest), n(0), Verdict::Drop);
        check(1, Some(Part::Nothing), n(-3), Verdict::Drop);
        check(1, None, None, Verdict::Review);
    }
}
