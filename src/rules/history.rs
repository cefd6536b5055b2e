//! The fold of events: what a decision was on any day, and which events lost a race (2-data-format, "Fold order").

use crate::model::book::Book;
use crate::model::customer::DECISIONS;
use crate::model::day::{At, Day};
use crate::model::order::OrderState;
use crate::model::row::Event;
use crate::model::{Map, Str};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// An event that was not applied, and the state it met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The event.
    pub event: Event,
    /// The state at its place; not its `from`.
    pub state: Str,
}

/// The outcome of folding the events of one sort of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// State before the first event.
    pub start: Str,
    /// State after all.
    pub value: Str,
    /// Events that were applied, in order.
    pub applied: Vec<Event>,
    /// Events that were not.
    pub lost: Vec<Lost>,
}

/// Folds events of one subject and one sort; the order in which they come does not matter. `None` without events.
///
/// Events go by instant; events of one instant chain where `to` is the next one's `from`; then by id.
pub fn fold(events: &[Event]) -> Option<Fold> {
    let sorted = in_order(events);
    let first = *sorted.first()?;
    let group_end = |from: usize| sorted[from..].iter().take_while(|e| e.at() == sorted[from].at()).count() + from;
    // Of several first events the chain begins where more of them leave than arrive.
    let group = &sorted[..group_end(0)];
    let leaves = |s: Str| group.iter().filter(|e| e.from() == s).count() > group.iter().filter(|e| e.to() == s).count();
    let start = group.iter().find(|e| leaves(e.from())).unwrap_or(&first).from();
    Some(folded(start, &sorted))
}

/// Folds events of one subject whose first state is known.
pub fn fold_from(start: Str, events: &[Event]) -> Fold {
    folded(start, &in_order(events))
}

fn in_order(events: &[Event]) -> Vec<Event> {
    let mut sorted: Vec<Event> = events.to_vec();
    sorted.sort_by(|a, b| a.at().cmp(&b.at()).then(a.id().cmp(b.id())).then(a.place().cmp(&b.place())));
    sorted
}

fn folded(start: Str, sorted: &[Event]) -> Fold {
    let mut fold = Fold { start, value: start, applied: Vec::with_capacity(sorted.len()), lost: Vec::new() };
    let mut at = 0;
    while at < sorted.len() {
        let end = at + sorted[at..].iter().take_while(|e| e.at() == sorted[at].at()).count();
        let mut waiting = chain(&sorted[at..end], fold.value).unwrap_or_else(|| sorted[at..end].to_vec());
        while let Some(n) = waiting.iter().position(|e| e.from() == fold.value) {
            let e = waiting.remove(n);
            fold.value = e.to();
            fold.applied.push(e);
        }
        fold.lost.extend(waiting.into_iter().map(|event| Lost { event, state: fold.value }));
        at = end;
    }
    fold
}

/// The events of one instant as one chain from `start` that leaves none out, if there is one. Where there are several (hot →
/// cold → hot → warm in one second) they all end in the same state.
fn chain(group: &[Event], start: Str) -> Option<Vec<Event>> {
    let mut leaving: HashMap<Str, Vec<Event>> = HashMap::new();
    group.iter().rev().for_each(|e| leaving.entry(e.from()).or_default().push(*e));
    // Hierholzer's way: go on as long as it goes; from the dead ends backwards stands the chain.
    let (mut way, mut out) = (vec![(start, None)], Vec::with_capacity(group.len()));
    while let Some((state, by)) = way.last().copied() {
        match leaving.get_mut(state).and_then(Vec::pop) {
            Some(e) => way.push((e.to(), Some(e))),
            None => {
                out.extend(by);
                way.pop();
            }
        }
    }
    out.reverse();
    let whole = out.len() == group.len() && out.windows(2).all(|w| w[0].to() == w[1].from());
    whole.then_some(out)
}

/// Folds the events of one name among a subject's events.
pub fn fold_of(events: &[Event], name: &str) -> Option<Fold> {
    let list: Vec<Event> = events.iter().copied().filter(|e| e.event() == name).collect();
    fold(&list)
}

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
    let grouped = super::index::events_by_customer(book);
    let newest = |n: usize| Some((n, grouped.of(n).iter().map(|e| e.at()).max()?));
    book.newest = (0..book.customers.len()).into_par_iter().with_min_len(4096).filter_map(newest).collect();
    for e in book.events.iter().filter(|e| e.day() > today && e.kind() != "customer") {
        let at = book.later.entry((e.kind(), e.subject())).or_insert(e.at());
        *at = e.at().max(*at);
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
    book.refunds.retain(|r| r.at.day <= today);
    book.rates.retain(|r| r.date <= today);
    let tz = book.settings.tz;
    for (ledger, rows) in &mut book.plain {
        if let Some(at) = ledger.column("at") {
            rows.retain(|r| At::parse(r.cells[at], tz).is_none_or(|a| a.day <= today));
        }
    }
    settle(book);
    if book.customers.iter().any(|c| c.created.is_some_and(|d| d > today)) {
        // Indexes move when customers go: what is kept by index moves with them.
        let newest: Map<Str, At> = book.newest.iter().map(|(n, at)| (book.customers[*n].id, *at)).collect();
        book.customers.retain(|c| c.created.is_none_or(|d| d <= today));
        book.index_customers();
        book.newest = newest.iter().filter_map(|(id, at)| Some((book.customer_index(id)?, *at))).collect();
        book.newest.sort_unstable_by_key(|(n, _)| *n);
    }
}

/// Puts the outcome of events where rules look for it: tasks' states, what happened to orders, what was voided.
fn settle(book: &mut Book) {
    let mut tasks: Map<&str, Vec<Event>> = Map::default();
    let mut orders: Map<Str, OrderState> = Map::default();
    let mut void: HashSet<(&str, &str)> = HashSet::new();
    for e in book.events.iter() {
        match (e.kind(), e.event()) {
            ("task", "state") => tasks.entry(e.subject()).or_default().push(e),
            ("order", name) => {
                let state = orders.entry(e.subject()).or_default();
                let slot = match name {
                    "confirmed" => &mut state.confirmed,
                    "shipped" => &mut state.shipped,
                    "delivered" => &mut state.delivered,
                    "cancelled" | "void" => &mut state.cancelled,
                    _ => continue,
                };
                *slot = Some(slot.map_or(e.at().day, |d| d.min(e.at().day)));
            }
            (kind, "void") => {
                void.insert((kind, e.subject()));
            }
            _ => {}
        }
    }
    for t in &mut book.tasks {
        if let Some(f) = tasks.get(t.id).and_then(|list| fold(list)) {
            t.state = f.value;
        }
    }
    let void_receipts = void.iter().filter(|(kind, _)| *kind == "receipt").map(|(_, id)| *id).collect();
    for r in &mut book.refunds {
        r.void = void.contains(&("refund", r.id));
    }
    book.order_states = orders;
    book.void_receipts = void_receipts;
}

type PastDecision = (usize, &'static str, Str, Option<Day>);

fn past_decisions(book: &Book) -> Vec<PastDecision> {
    let mut out = Vec::new();
    let grouped = super::index::events_by_customer(book);
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
