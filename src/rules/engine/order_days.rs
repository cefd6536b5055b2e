//! The days on which each customer ordered, of all customers at once.

use super::grouped::Grouped;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, Row as _, Segment};
use crate::model::day::Day;
use crate::model::order::OrderLine;
use crate::rules::prices::Prices;
use rayon::prelude::*;

/// The order days of every customer: those with a sale order that counts. A return on such a day takes nothing from it.
#[derive(Debug)]
pub struct OrderDays {
    /// Where each customer's days begin; one more than there are customers.
    starts: Vec<u32>,
    days: Vec<Day>,
}

impl OrderDays {
    pub(in crate::rules) fn new(book: &Book, prices: &Prices<'_>) -> OrderDays {
        let segments = book.orders.segments();
        let parts: Vec<(&[Day], Vec<u32>)> =
            segments.par_iter().zip(prices.owners()).map(|(s, owners)| sold(prices, s, owners)).collect();
        let owners: Vec<&[u32]> = parts.iter().map(|(_, owners)| owners.as_slice()).collect();
        let customers = book.customers.len();
        let grouped = Grouped::build(customers, &owners, |part, n| parts[part].0.get(n).copied().unwrap_or_default());
        let grouped = grouped.sorted(Day::cmp);
        let mut out = OrderDays { starts: Vec::with_capacity(customers + 1), days: Vec::new() };
        for c in 0..customers {
            out.starts.push(out.days.len() as u32);
            let from = out.days.len();
            for day in grouped.of(c) {
                if out.days.len() == from || out.days[out.days.len() - 1] != *day {
                    out.days.push(*day);
                }
            }
        }
        out.starts.push(out.days.len() as u32);
        out
    }

    /// Those of a customer, oldest first.
    pub fn of(&self, customer: usize) -> &[Day] {
        &self.days[self.starts[customer] as usize..self.starts[customer + 1] as usize]
    }

    /// Those of a customer up to a day.
    pub fn until(&self, customer: usize, day: Day) -> &[Day] {
        let all = self.of(customer);
        &all[..all.partition_point(|d| *d <= day)]
    }
}

/// The days of a file's lines, and who bought; nobody where a line does not count or sells nothing.
fn sold(prices: &Prices<'_>, segment: &'static Segment, owners: &[u32]) -> (&'static [Day], Vec<u32>) {
    let (Some(at), Column::Text(ids)) = (segment.instants(OrderLine::AT), segment.column(OrderLine::ID)) else {
        return (&[], Vec::new());
    };
    let lines = prices.lines(segment);
    let mut last: Option<(usize, bool)> = None;
    let mut buyer = |(row, owner): (usize, &u32)| {
        let code = ids.codes.get(row);
        // Lines of one order mostly stand together.
        let counts = match last {
            Some((known, counts)) if known == code => counts,
            _ => prices.counts(ids.value(code)),
        };
        last = Some((code, counts));
        if counts && *owner != NOBODY && lines.sells(row) { *owner } else { NOBODY }
    };
    let buyers = owners.iter().enumerate().map(&mut buyer).collect();
    (at.days.as_slice(), buyers)
}
