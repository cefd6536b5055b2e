//! What was known on a day: the value of a decision, the stays in its values, the book as it was. How events are folded
//! stands in [`crate::model::fold`].

use super::engine::grouped::customers_of;
use crate::model::book::{Book, NOBODY};
use crate::model::customer::DECISIONS;
use crate::model::day::{At, Day, end_of_day};
use crate::model::order::OrderLine;
use crate::model::receipt::Receipt;
use crate::model::row::{Activity, Event};
use crate::model::{Map, Str};
use rayon::prelude::*;

pub use crate::model::fold::{Fold, Lost, fold, fold_from, fold_of};

/// The state at the end of a day.
pub fn value_on(fold: &Fold, day: Day) -> Str {
    fold.applied.iter().rev().find(|e| e.day() <= day).map_or(fold.start, |e| e.to())
}

/// A stay in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The state.
    pub state: Str,
    /// First day; `None` = before the first event, so unknown.
    pub from: Option<Day>,
    /// Last day; `None` = it goes on.
    pub to: Option<Day>,
}

impl Visit {
    /// Days of the stay, an open one up to `today`; `None` when its start is unknown (R1).
    pub fn days(&self, today: Day) -> Option<i64> {
        Some((self.to.unwrap_or(today) - self.from?).num_days())
    }
}

/// The stays in the states of a decision, oldest first.
pub fn visits(fold: &Fold) -> Vec<Visit> {
    let mut out = Vec::with_capacity(fold.applied.len() + 1);
    if !fold.start.is_empty() {
        out.push(Visit { state: fold.start, from: None, to: None });
    }
    for e in &fold.applied {
        if let Some(last) = out.last_mut() {
            last.to = Some(e.day());
        }
        out.push(Visit { state: e.to(), from: Some(e.day()), to: None });
    }
    out
}

/// Turns a freshly read book into what was known at the end of its `today`: facts and events after it do not exist.
///
/// With `past` (the day lies before the present one) the five decisions of each customer come from the fold of its
/// events; otherwise the file is the truth.
pub fn as_of(book: &mut Book, past: bool) {
    let today = book.today;
    book.merged = book.merged_away().into_iter().collect();
    let grouped = super::engine::grouped::events_by_customer(book);
    let newest = |n: usize| Some((n, *grouped.of(n).iter().max_by_key(|e| e.at())?));
    book.newest = (0..book.customers.len()).into_par_iter().with_min_len(4096).filter_map(newest).collect();
    for e in book.events.iter().filter(|e| e.day() > today && e.kind() != "customer") {
        let newest = book.later.entry((e.kind(), e.subject())).or_insert(e);
        if e.at() > newest.at() {
            *newest = e;
        }
    }
    if past {
        let changes = past_decisions(book);
        for (customer, name, value, until) in changes {
            let c = &mut book.customers[customer];
            c.set_decision(name, value);
            match name {
                "status" => c.closed_until = until,
                "grade" => c.grade_until = until,
                _ => {}
            }
        }
    }
    book.activities.up_to(today);
    book.events.up_to(today);
    book.tasks.retain(|r| r.at.day <= today);
    book.orders.up_to(today);
    book.needs.retain(|r| r.at.day <= today);
    book.quotes.retain(|r| r.at.day <= today);
    book.receipts.up_to(today);
    book.claims.retain(|r| r.at.day <= today);
    book.payables.retain(|r| r.at.day <= today);
    book.payments.retain(|r| r.at.day <= today);
    book.refunds.retain(|r| r.at.day <= today);
    book.rates.retain(|r| r.date <= today);
    let tz = book.settings.tz;
    for (ledger, rows) in book.plain.iter_mut().filter(|_| !book.read.later) {
        if let Some(at) = ledger.column("at") {
            rows.retain(|r| At::parse(r.cell(at), tz).is_none_or(|a| a.day <= today));
        }
    }
    book.settle();
    // Today a day of creation in the future is a mistake, and whoever mends it must find the customer.
    if past && book.customers.iter().any(|c| c.created.is_some_and(|d| d > today)) {
        // Indexes move when customers go: what is kept by index moves with them.
        let newest: Map<Str, Event> = book.newest.iter().map(|(n, e)| (book.customers[*n].id, *e)).collect();
        // Facts count whatever `created` says: who has one was there.
        let mut has_fact = with_facts(book).into_iter();
        book.customers.retain(|c| has_fact.next() == Some(true) || c.created.is_none_or(|d| d <= today));
        book.index_customers();
        book.newest = newest.iter().filter_map(|(id, e)| Some((book.customer_index(id)?, *e))).collect();
        book.newest.sort_unstable_by_key(|(n, _)| *n);
    }
}

/// A book as it was known at the end of an earlier day. What it reads of kehu.toml, and fields of customers that are no decisions,
/// are those of today.
pub fn earlier(book: &Book, day: Day) -> Book {
    let mut past = book.clone();
    past.today = day;
    past.now = end_of_day(day, book.settings.tz);
    as_of(&mut past, true);
    past
}

/// Whether rows that were read name each customer. Events are no facts.
fn with_facts(book: &Book) -> Vec<bool> {
    let mut out = vec![false; book.customers.len()];
    let columns = [
        customers_of::<Activity>(book, book.activities.segments()),
        customers_of::<OrderLine>(book, book.orders.segments()),
        customers_of::<Receipt>(book, book.receipts.segments()),
    ];
    for n in columns.iter().flatten().flatten().filter(|n| **n != NOBODY) {
        out[*n as usize] = true;
    }
    let quotes = book.quotes.iter().map(|r| r.customer);
    let needs = book.needs.iter().map(|r| r.customer);
    let small = quotes.chain(needs).chain(book.refunds.iter().map(|r| r.customer));
    let small = small.chain(book.claims.iter().map(|r| r.customer));
    let small = small.chain(book.tasks.iter().map(|r| r.customer));
    let plain = book.plain.iter().filter_map(|(ledger, rows)| {
        let n = ledger.column("customer").or_else(|| ledger.column("party"))?;
        Some(rows.iter().map(move |r| r.cell(n)))
    });
    for n in small.chain(plain.flatten()).filter_map(|id| book.customer_index(id)) {
        out[n] = true;
    }
    out
}

type PastDecision = (usize, &'static str, Str, Option<Day>);

fn past_decisions(book: &Book) -> Vec<PastDecision> {
    let mut out = Vec::new();
    let grouped = super::engine::grouped::events_by_customer(book);
    for n in 0..book.customers.len() {
        let events = grouped.of(n);
        for name in DECISIONS.iter().copied() {
            let all: Vec<Event> = events.iter().copied().filter(|e| e.event() == name).collect();
            let seen: Vec<Event> = all.iter().copied().filter(|e| e.day() <= book.today).collect();
            if let Some(f) = fold(&seen) {
                out.push((n, name, f.value, f.applied.last().and_then(|e| e.until())));
            } else if let Some(f) = fold(&all) {
                out.push((n, name, f.start, None));
            }
        }
    }
    out
}

/// Lost races that nobody has settled since: a later event that was applied settles them. Two branches that changed a thing to the same value agree:
/// no race was lost.
pub fn unsettled(f: &Fold) -> impl Iterator<Item = &Lost> {
    let last = f.applied.last().map(|e| (e.at(), e.id()));
    // A row that is there twice is a finding of its own.
    let twice = |l: &&Lost| f.applied.iter().any(|e| e.id() == l.event.id());
    let open = move |l: &&Lost| last.is_none_or(|(at, id)| (l.event.at(), l.event.id()) > (at, id));
    f.lost.iter().filter(move |l| open(l) && !twice(l) && l.event.to() != l.state)
}
