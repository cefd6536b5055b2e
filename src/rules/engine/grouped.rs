//! Rows put together by the customer that they name.

use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, LedgerRows, Row, Segment, TextColumn, rows_of};
use crate::model::ledger::Ledger;
use crate::model::row::Event;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Rows by the index of the customer that they name.
#[derive(Debug)]
pub struct Grouped<T> {
    /// Where each customer's rows begin; one more than there are customers.
    starts: Vec<u32>,
    rows: Vec<T>,
    /// Whether some rows name nobody.
    strays: bool,
}

impl<T: Copy + Send + Sync> Grouped<T> {
    /// Puts rows together, each customer's in the order in which they come. `owners` are the customers of each part's rows.
    pub(in crate::rules) fn build<O: AsRef<[u32]>>(
        customers: usize,
        owners: &[O],
        row: impl Fn(usize, usize) -> T,
    ) -> Grouped<T> {
        let mut starts = vec![0u32; customers + 1];
        let all = owners.iter().flat_map(|part| part.as_ref());
        all.filter(|c| **c != NOBODY).for_each(|c| starts[*c as usize] += 1);
        let mut sum = 0;
        for slot in &mut starts {
            sum += std::mem::replace(slot, sum);
        }
        let strays = owners.iter().map(|part| part.as_ref().len()).sum::<usize>() > sum as usize;
        let any = owners.iter().position(|part| !part.as_ref().is_empty()).map(|part| row(part, 0));
        let mut rows: Vec<T> = any.map_or_else(Vec::new, |r| vec![r; sum as usize]);
        let mut next = starts.clone();
        for (part, owners) in owners.iter().enumerate() {
            for (n, c) in owners.as_ref().iter().enumerate().filter(|(_, c)| **c != NOBODY) {
                let place = &mut next[*c as usize];
                rows[*place as usize] = row(part, n);
                *place += 1;
            }
        }
        Grouped { starts, rows, strays }
    }

    /// The same with each customer's rows in an order.
    pub(in crate::rules) fn sorted(mut self, order: impl Fn(&T, &T) -> Ordering + Sync) -> Grouped<T> {
        const STRETCH: usize = 4096;
        let mut stretches: Vec<(&[u32], &mut [T])> = Vec::new();
        let (mut starts, mut rest) = (self.starts.as_slice(), self.rows.as_mut_slice());
        while starts.len() > 1 {
            let n = STRETCH.min(starts.len() - 1);
            let (stretch, others) = rest.split_at_mut((starts[n] - starts[0]) as usize);
            stretches.push((&starts[..=n], stretch));
            (starts, rest) = (&starts[n..], others);
        }
        stretches.into_par_iter().for_each(|(starts, rows)| {
            for w in starts.windows(2).filter(|w| w[1] - w[0] > 1) {
                rows[(w[0] - starts[0]) as usize..(w[1] - starts[0]) as usize].sort_by(|a, b| order(a, b));
            }
        });
        self
    }

    /// The rows of a customer.
    pub fn of(&self, customer: usize) -> &[T] {
        &self.rows[self.starts[customer] as usize..self.starts[customer + 1] as usize]
    }

    /// Whether some rows name nobody.
    pub fn strays(&self) -> bool {
        self.strays
    }
}

impl<'a, T: Send + Sync> Grouped<&'a T> {
    /// Groups the rows for which `customer` finds one.
    pub(in crate::rules) fn new(
        customers: usize,
        rows: &'a [T],
        customer: impl Fn(&T) -> Option<usize>,
    ) -> Grouped<&'a T> {
        let owners: Vec<u32> = rows.iter().map(|r| number(customer(r))).collect();
        Grouped::build(customers, &[owners], |_, n| &rows[n])
    }
}

impl<T: Row> Grouped<T> {
    /// Groups rows by their customers.
    pub(in crate::rules) fn by(book: &Book, rows: &LedgerRows<T>) -> Grouped<T> {
        let owners = customers_of::<T>(book, rows.segments());
        Grouped::build(book.customers.len(), &owners, |part, n| T::of(rows.segments()[part], n as u32))
    }
}

/// The customer of each row of some files.
pub(in crate::rules) fn customers_of<T: Row>(book: &Book, segments: &[&'static Segment]) -> Vec<Vec<u32>> {
    owners(segments, T::LEDGER.column("customer"), |s, texts| book.named(s, texts))
}

/// The customer of each row by the text of a column; `numbers` are those of the different texts.
fn owners<'b>(
    segments: &[&'static Segment],
    column: Option<usize>,
    numbers: impl Fn(&'static Segment, &'static TextColumn) -> Cow<'b, [u32]> + Sync,
) -> Vec<Vec<u32>> {
    let of = |s: &&'static Segment| match column.map(|c| s.column(c)) {
        Some(Column::Text(t)) => {
            let known = numbers(s, t);
            (0..s.rows).map(|n| known[t.codes.get(n)]).collect()
        }
        _ => vec![NOBODY; s.rows],
    };
    segments.par_iter().map(of).collect()
}

fn number(customer: Option<usize>) -> u32 {
    customer.and_then(|n| u32::try_from(n).ok()).unwrap_or(NOBODY)
}

/// Customer events by customer, in the book's order. Events under a former id count, except those of a customer that was
/// merged away: its decisions stay out of the survivor's history.
pub fn events_by_customer(book: &Book) -> Grouped<Event> {
    let merged = book.merged_away();
    let subject = |id: &str| {
        let c = book.customer_index(id)?;
        (book.customers[c].id == id || !merged.contains(id)).then_some(c)
    };
    let numbers = |_, texts: &'static TextColumn| (0..texts.len()).map(|n| number(subject(texts.value(n)))).collect();
    let mut owners = owners(book.events.segments(), Ledger::Events.column("subject"), numbers);
    // An order may be called as a customer is.
    for (owners, segment) in owners.iter_mut().zip(book.events.segments()) {
        for (owner, e) in owners.iter_mut().zip(rows_of::<Event>(segment)) {
            if *owner != NOBODY && e.kind() != "customer" {
                *owner = NOBODY;
            }
        }
    }
    Grouped::build(book.customers.len(), &owners, |part, n| Event::of(book.events.segments()[part], n as u32))
}
