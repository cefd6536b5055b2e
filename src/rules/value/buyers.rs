//! What the models are fitted on: the order days of every customer, and what its repeat days came to.

use super::bgnbd::Past;
use super::gamma_gamma::Spent;
use crate::model::book::NOBODY;
use crate::model::columns::{Column, Row as _};
use crate::model::day::Day;
use crate::model::money::Fixed;
use crate::model::order::OrderLine;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use rayon::prelude::*;
use rust_decimal::prelude::ToPrimitive;

/// A customer that has ordered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buyer {
    /// The customer's index.
    pub customer: usize,
    /// Its first order day.
    pub first: Day,
    /// What its order days tell.
    pub past: Past,
    /// What its repeat days came to; `None` without any, where that is nothing, and where nobody knows of one of them.
    pub spent: Option<Spent>,
    /// Where its order days begin among all.
    from: usize,
}

/// All customers that have ordered, by their indexes.
#[derive(Debug, Default)]
pub struct Buyers {
    all: Vec<Buyer>,
    /// The order days of all of them, one after the other.
    days: Vec<Day>,
}

/// What a line adds to a customer's day.
#[derive(Debug, Clone, Copy)]
struct Sold {
    customer: u32,
    day: Day,
    sells: bool,
    net: Option<Fixed>,
}

impl Buyers {
    /// The customers of a book that have ordered.
    pub fn new(index: &Index<'_>) -> Buyers {
        let prices = index.prices();
        let owners = prices.owners();
        let of_file = |(n, segment): (usize, &&'static crate::model::columns::Segment)| {
            let (Some(at), Column::Text(ids)) = (segment.instants(OrderLine::AT), segment.column(OrderLine::ID)) else {
                return Vec::new();
            };
            let costed = prices.lines(segment).with_costs();
            let rows = owners[n].iter().zip(&at.days).enumerate().filter(|(_, (owner, _))| **owner != NOBODY);
            let mut last = (usize::MAX, false);
            rows.filter_map(|(row, (customer, day))| {
                let code = ids.codes.get(row);
                if last.0 != code {
                    last = (code, prices.counts(ids.value(code)));
                }
                let amounts = last.1.then(|| costed.amounts(row))?;
                Some(Sold { customer: *customer, day: *day, sells: amounts.sells, net: amounts.net })
            })
            .collect()
        };
        let segments = index.book.orders.segments();
        let mut lines: Vec<Sold> =
            segments.par_iter().enumerate().flat_map_iter(|file| inside(|| of_file(file))).collect();
        lines.par_sort_unstable_by_key(|l| (l.customer, l.day));
        let mut out = Buyers::default();
        for own in lines.chunk_by(|a, b| a.customer == b.customer) {
            out.add(own, index.book.today);
        }
        out
    }

    /// Adds a customer by its lines, in order of their days.
    fn add(&mut self, lines: &[Sold], today: Day) {
        let from = self.days.len();
        let mut total = Some(Fixed::ZERO);
        for day in lines.chunk_by(|a, b| a.day == b.day).filter(|day| day.iter().any(|l| l.sells)) {
            // The first day tells when it came, not how much it spends.
            if self.days.len() > from {
                total = day.iter().try_fold(total, |sum, l| Some(Some(sum?.plus(l.net?)?))).flatten();
            }
            self.days.push(day[0].day);
        }
        let days = &self.days[from..];
        let (Some(first), Some(past)) = (days.first(), past(days, today)) else { return };
        let repeats = past.repeats;
        let mean = total.and_then(Fixed::decimal).and_then(|t| t.to_f64()).map(|t| t / f64::from(repeats));
        let spent = mean.filter(|m| repeats > 0 && m.is_finite() && *m > 0.0).map(|mean| Spent { repeats, mean });
        self.all.push(Buyer { customer: lines[0].customer as usize, first: *first, past, spent, from });
    }

    /// All of them.
    pub fn all(&self) -> &[Buyer] {
        &self.all
    }

    /// The place of a customer among them; `None` for one that has not ordered.
    pub fn place(&self, customer: usize) -> Option<usize> {
        self.all.binary_search_by_key(&customer, |b| b.customer).ok()
    }

    /// The order days of one of them, oldest first.
    pub fn days(&self, buyer: &Buyer) -> &[Day] {
        &self.days[buyer.from..=buyer.from + buyer.past.repeats as usize]
    }

    /// The same as they were at the end of an earlier day, from the orders that are known now.
    #[must_use]
    pub fn until(&self, day: Day) -> Buyers {
        let mut out = Buyers::default();
        for b in &self.all {
            let days = self.days(b);
            let known = &days[..days.partition_point(|d| *d <= day)];
            if let Some(past) = past(known, day) {
                out.all.push(Buyer { past, spent: None, from: out.days.len(), ..*b });
                out.days.extend(known);
            }
        }
        out
    }
}

/// What order days tell on a day; `None` without any.
fn past(days: &[Day], today: Day) -> Option<Past> {
    let (first, last) = (days.first()?, days.last()?);
    let between = |a: Day, b: Day| u32::try_from((b - a).num_days()).unwrap_or_default();
    let repeats = u32::try_from(days.len() - 1).unwrap_or(u32::MAX);
    Some(Past { repeats, recency: between(*first, *last), age: between(*first, today) })
}
