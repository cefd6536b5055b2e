//! How events become a state, and which of them lost a race (2-data-format, "Fold order").

use super::Str;
use super::ledger::event::{Effect, EventSpec};
use super::row::Event;
use std::collections::{HashMap, VecDeque};

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
    // Where several events could be the first, the chain begins at the value that more of them leave than reach.
    let group = &sorted[..group_end(0)];
    let mut balance: HashMap<Str, i64> = HashMap::new();
    for e in group {
        *balance.entry(e.from()).or_default() += 1;
        *balance.entry(e.to()).or_default() -= 1;
    }
    let start = group.iter().find(|e| balance[e.from()] > 0).unwrap_or(&first).from();
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
        let group = chain(&sorted[at..end], fold.value).unwrap_or_else(|| sorted[at..end].to_vec());
        let mut waiting: HashMap<Str, VecDeque<usize>> = HashMap::new();
        group.iter().enumerate().for_each(|(n, e)| waiting.entry(e.from()).or_default().push_back(n));
        let mut lost = vec![true; group.len()];
        while let Some(n) = waiting.get_mut(fold.value).and_then(VecDeque::pop_front) {
            lost[n] = false;
            fold.value = group[n].to();
            fold.applied.push(group[n]);
        }
        let left = group.into_iter().zip(lost).filter(|(_, lost)| *lost);
        fold.lost.extend(left.map(|(event, _)| Lost { event, state: fold.value }));
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

/// Folds the events that lead to what they are called, from the value of a new row on. The other events are given back:
/// they are not applied.
pub fn fold_led(spec: &EventSpec, events: &[Event]) -> (Fold, Vec<Event>) {
    let (right, wrong): (Vec<Event>, Vec<Event>) = events.iter().partition(|e| e.to() == e.event());
    (fold_from(spec.states.first().copied().unwrap_or_default(), &right), wrong)
}

/// Folds the events of one fact of one subject, as what they do to it asks for; `None` where there is nothing to fold.
pub fn fold_as(spec: &EventSpec, events: &[Event]) -> Option<Fold> {
    match spec.effect {
        Effect::Turns => fold(events),
        Effect::Leads => Some(fold_led(spec, events).0),
        Effect::Happens | Effect::Tells => None,
    }
}
