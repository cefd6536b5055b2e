//! What events made of things: when an order was shipped, whether a receipt is void, what a deal is worth now.
//!
//! The state of a thing is the value in its row overridden by the fold of its events (2-data-format, "Fold order").
//! Only things with events are kept here, and the things of a ledger only after somebody has asked for one of them.
//! What a state means is said by the rules.

use super::columns::{Column, LedgerRows, Segment, rows_of};
use super::day::Day;
use super::fold::{Fold, fold_as};
use super::ledger::Ledger;
use super::ledger::event::{Effect, EventSpec};
use super::order::OrderState;
use super::row::Event;
use super::{Map, Str};
use std::sync::OnceLock;

/// Things that may be done with the things of one ledger.
const DONE: usize = 4;

/// What events made of the things of one ledger.
#[derive(Debug, Clone, Default)]
struct Things {
    /// The first day on which something was done, by the position of the fact among those of [`Effect::Happens`].
    done: Map<Str, [Option<Day>; DONE]>,
    /// By the position of the fact among those that have values.
    values: Vec<Map<Str, Fold>>,
}

/// What events made of the things of every ledger.
#[derive(Debug, Clone)]
pub struct States {
    events: LedgerRows<Event>,
    things: Vec<OnceLock<Things>>,
}

impl Default for States {
    fn default() -> States {
        States::new(&LedgerRows::default())
    }
}

impl States {
    /// The states that events lead to. Whoever takes events away afterwards must make them anew.
    pub fn new(events: &LedgerRows<Event>) -> States {
        States { events: events.clone(), things: Ledger::ALL.iter().map(|_| OnceLock::new()).collect() }
    }

    fn of(&self, ledger: Ledger) -> &Things {
        self.things[ledger as usize].get_or_init(|| Things::new(ledger, self.events.segments()))
    }

    /// The first day on which something was done with a thing: `day(Ledger::Contracts, id, "ended")`.
    pub fn day(&self, ledger: Ledger, id: &str, fact: &str) -> Option<Day> {
        let things = self.of(ledger);
        if things.done.is_empty() {
            return None;
        }
        things.done.get(id)?[place(ledger, fact, |e| e == Effect::Happens)?]
    }

    /// Whether a row of money was voided.
    pub fn is_void(&self, ledger: Ledger, id: &str) -> bool {
        self.day(ledger, id, "void").is_some()
    }

    /// What happened to an order.
    pub fn order(&self, id: &str) -> OrderState {
        let done = &self.of(Ledger::Orders).done;
        if done.is_empty() { OrderState::default() } else { done.get(id).map_or_else(OrderState::default, order) }
    }

    /// The orders to which something happened, in no order.
    pub fn orders(&self) -> impl Iterator<Item = (Str, OrderState)> {
        self.of(Ledger::Orders).done.iter().map(|(id, days)| (*id, order(days)))
    }

    /// What the events of a fact of a thing come to; `None` where it has no such events.
    pub fn folded(&self, ledger: Ledger, id: &str, fact: &str) -> Option<&Fold> {
        let values = self.of(ledger).values.get(place(ledger, fact, has_values)?)?;
        if values.is_empty() { None } else { values.get(id) }
    }

    /// The folds of a fact, one for each thing that has such events, by its id.
    pub fn folds(&self, ledger: Ledger, fact: &str) -> impl Iterator<Item = (Str, &Fold)> {
        let values = place(ledger, fact, has_values).and_then(|n| self.of(ledger).values.get(n));
        let mut list: Vec<(Str, &Fold)> = values.into_iter().flatten().map(|(id, fold)| (*id, fold)).collect();
        list.sort_unstable_by_key(|(id, _)| *id);
        list.into_iter()
    }

    /// The value of a fact by the events alone.
    pub fn value(&self, ledger: Ledger, id: &str, fact: &str) -> Option<Str> {
        self.folded(ledger, id, fact).map(|f| f.value)
    }

    /// The value of a fact of a row: the one that stands in it, overridden by its events.
    pub fn value_or(&self, ledger: Ledger, id: &str, fact: &str, entry: Str) -> Str {
        self.value(ledger, id, fact).unwrap_or(entry)
    }

    /// The `state` of a thing; without events that of a new row.
    pub fn state(&self, ledger: Ledger, id: &str) -> Str {
        let new = || ledger.states().first().copied();
        self.value(ledger, id, "state").or_else(new).unwrap_or_default()
    }
}

fn has_values(effect: Effect) -> bool {
    matches!(effect, Effect::Turns | Effect::Leads)
}

/// The position of a fact among the facts of a ledger with some effects; an event's name stands for the fact that it is
/// about. Several events may be about one.
fn place(ledger: Ledger, name: &str, of: fn(Effect) -> bool) -> Option<usize> {
    let facts = || ledger.events().iter().filter(|e| of(e.effect));
    let fact = facts().find(|e| e.fact == name || e.name == name)?.fact;
    let before = || facts().map(|e| e.fact).take_while(|f| *f != fact);
    Some(before().enumerate().filter(|(n, f)| before().take(*n).all(|known| known != *f)).count())
}

fn order(days: &[Option<Day>; DONE]) -> OrderState {
    let [confirmed, shipped, delivered, cancelled] = *days;
    OrderState { confirmed, shipped, delivered, cancelled }
}

/// What an event does, with the position of its fact.
#[derive(Clone, Copy)]
enum Act {
    Done(usize),
    Value(usize),
}

fn act(ledger: Ledger, e: &EventSpec) -> Option<Act> {
    match e.effect {
        Effect::Happens => place(ledger, e.fact, |e| e == Effect::Happens).map(Act::Done),
        Effect::Turns | Effect::Leads => place(ledger, e.fact, has_values).map(Act::Value),
        Effect::Tells => None,
    }
}

impl Things {
    fn new(ledger: Ledger, segments: &[&'static Segment]) -> Things {
        let mut things = Things::default();
        let mut events: Vec<Map<Str, Vec<Event>>> = Vec::new();
        let (kind, event) = (Ledger::Events.column("kind"), Ledger::Events.column("event"));
        let (Some(kind), Some(event)) = (kind, event) else { return things };
        for segment in segments {
            let (Column::Text(kinds), Column::Text(names)) = (segment.column(kind), segment.column(event)) else {
                continue;
            };
            let ours: Vec<bool> = (0..kinds.len()).map(|n| kinds.value(n) == ledger.kind()).collect();
            if !ours.contains(&true) {
                continue;
            }
            let known = |name: &str| ledger.events().iter().find(|e| e.name == name).and_then(|e| act(ledger, e));
            let acts: Vec<Option<Act>> = (0..names.len()).map(|n| known(names.value(n))).collect();
            for (row, e) in rows_of::<Event>(segment).enumerate() {
                if !ours[kinds.codes.get(row)] {
                    continue;
                }
                match acts[names.codes.get(row)] {
                    Some(Act::Done(n)) => {
                        let slot = &mut things.done.entry(e.subject()).or_default()[n];
                        let day = e.day();
                        *slot = Some(slot.map_or(day, |d| d.min(day)));
                    }
                    Some(Act::Value(n)) => {
                        if events.len() <= n {
                            events.resize_with(n + 1, Map::default);
                        }
                        events[n].entry(e.subject()).or_default().push(e);
                    }
                    None => {}
                }
            }
        }
        for (n, subjects) in events.iter().enumerate() {
            let about = |e: &&EventSpec| has_values(e.effect) && place(ledger, e.fact, has_values) == Some(n);
            let Some(spec) = ledger.events().iter().find(about) else { continue };
            let folded = |(id, list): (&Str, &Vec<Event>)| Some((*id, fold_as(spec, list)?));
            things.values.push(subjects.iter().filter_map(folded).collect());
        }
        things
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::columns::tests::segment;
    use crate::model::day::parse_day;
    use crate::model::fold::{fold, fold_from};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Events from `id,at,kind,subject,event,from,to`, each list as a file of its own.
    fn events(files: &[&[String]]) -> LedgerRows<Event> {
        let mut rows = LedgerRows::default();
        for file in files.iter().filter(|f| !f.is_empty()) {
            let list: Vec<String> = file.iter().map(|e| format!("{e},,,,,")).collect();
            rows.push(segment(Ledger::Events, &list.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        rows
    }

    #[test]
    fn no_ledger_does_more_with_its_things_than_there_is_room_for() {
        for ledger in Ledger::ALL {
            for e in ledger.events() {
                assert!(place(*ledger, e.fact, |e| e == Effect::Happens).is_none_or(|n| n < DONE), "{ledger} {e:?}");
            }
        }
    }

    #[test]
    fn states_follow_from_events() {
        let check = |list: &[&str], ledger: Ledger, fact: &str, value: Option<&str>, day: &str| {
            let list: Vec<String> = (0..).zip(list).map(|(n, e)| format!("e{n},{e}")).collect();
            let states = States::new(&events(&[&list]));
            let got = (states.value(ledger, "x", fact), states.day(ledger, "x", fact));
            assert_eq!(got, (value, parse_day(day)), "{list:?} {ledger} {fact}");
        };
        let (tasks, orders, deals) = (Ledger::Tasks, Ledger::Orders, Ledger::Deals);
        check(&[], tasks, "state", None, "");
        check(&["2026-06-01,task,y,state,open,done"], tasks, "state", None, "");
        check(&["2026-06-01,order,x,state,open,done"], tasks, "state", None, "");
        check(&["2026-06-01,task,x,state,open,done"], tasks, "state", Some("done"), "");
        check(
            &["2026-06-02,task,x,state,done,open", "2026-06-01,task,x,state,open,done"],
            tasks,
            "state",
            Some("open"),
            "",
        );
        // A fact that nobody knows, and one of another effect.
        check(&["2026-06-01,task,x,state,open,done"], tasks, "stage", None, "");
        check(&["2026-06-01,order,x,shipped,,"], orders, "shipped", None, "2026-06-01");
        check(&["2026-06-03,order,x,shipped,,", "2026-06-02,order,x,shipped,,"], orders, "shipped", None, "2026-06-02");
        // What is told changes nothing; what is void is cancelled.
        check(&["2026-06-01,order,x,note,,"], orders, "note", None, "");
        check(&["2026-06-01,order,x,void,,"], orders, "cancelled", None, "2026-06-01");
        check(&["2026-06-01,order,x,void,,"], orders, "void", None, "2026-06-01");
        check(&["2026-06-01,contract,x,ended,,"], Ledger::Contracts, "ended", None, "2026-06-01");
        // Two decisions on the same state: the later one is not applied.
        let raced =
            ["2026-06-01,deal,x,amount,100,120", "2026-06-02,deal,x,amount,100,90", "2026-06-03,deal,x,owner,li,wu"];
        check(&raced, deals, "amount", Some("120"), "");
        check(&raced, deals, "owner", Some("wu"), "");
        check(&raced, deals, "close_date", None, "");
        // Quotes begin as drafts, and their events lead to what they are called.
        check(&["2026-06-01,quote,x,sent,draft,sent"], Ledger::Quotes, "state", Some("sent"), "");
        check(&["2026-06-01,quote,x,sent,sent,sent"], Ledger::Quotes, "state", Some("draft"), "");
        check(&["2026-06-01,quote,x,sent,draft,accepted"], Ledger::Quotes, "state", Some("draft"), "");
    }

    #[test]
    fn a_value_at_entry_holds_until_an_event_changes_it() {
        let list =
            ["e1,2026-06-01,deal,x,amount,100,120".to_string(), "e2,2026-06-01,task,t,state,open,done".to_string()];
        let states = States::new(&events(&[&list]));
        assert_eq!(states.value_or(Ledger::Deals, "x", "amount", "100"), "120");
        assert_eq!(states.value_or(Ledger::Deals, "y", "amount", "70"), "70");
        assert_eq!(
            states.folded(Ledger::Deals, "x", "amount").and_then(|f| f.applied.last()).map(|e| e.id()),
            Some("e1")
        );
        assert_eq!([states.state(Ledger::Tasks, "t"), states.state(Ledger::Tasks, "u")], ["done", "open"]);
        assert_eq!(states.state(Ledger::Quotes, "q"), "draft");
        // What has no states, has none.
        assert_eq!(states.state(Ledger::Receipts, "t"), "");
    }

    /// How states were folded event by event, kind by kind.
    fn one_by_one(events: &LedgerRows<Event>) -> BTreeMap<(Str, Str, Str), String> {
        let mut out: BTreeMap<(Str, Str, Str), String> = BTreeMap::new();
        let mut chains: BTreeMap<(Str, Str), Vec<Event>> = BTreeMap::new();
        let mut days: BTreeMap<(Str, Str, Str), BTreeSet<Day>> = BTreeMap::new();
        for e in events.iter() {
            match (e.kind(), e.event()) {
                ("task", "state") | ("quote", "sent" | "accepted" | "declined") => {
                    chains.entry((e.kind(), e.subject())).or_default().push(e);
                }
                ("order", "cancelled" | "void") => {
                    days.entry((e.kind(), e.subject(), "cancelled")).or_default().insert(e.day());
                }
                ("order", "confirmed" | "shipped" | "delivered") | ("receipt" | "refund", "void") => {
                    days.entry((e.kind(), e.subject(), e.event())).or_default().insert(e.day());
                }
                _ => {}
            }
        }
        out.extend(days.into_iter().map(|(key, days)| (key, days.first().map(Day::to_string).unwrap())));
        for ((kind, id), list) in chains {
            let right: Vec<Event> = list.iter().copied().filter(|e| e.to() == e.event()).collect();
            let value = if kind == "quote" { fold_from("draft", &right) } else { fold(&list).unwrap() }.value;
            out.insert((kind, id, "state"), value.to_string());
        }
        out
    }

    fn all(states: &States) -> BTreeMap<(Str, Str, Str), String> {
        let mut out = BTreeMap::new();
        for id in ["a", "b", "c"] {
            let order = states.order(id);
            let known = states.orders().find(|(known, _)| *known == id).map_or_else(OrderState::default, |(_, s)| s);
            assert_eq!(order, known);
            let OrderState { confirmed, shipped, delivered, cancelled } = order;
            let days =
                [("confirmed", confirmed), ("shipped", shipped), ("delivered", delivered), ("cancelled", cancelled)];
            let void = [("receipt", Ledger::Receipts), ("refund", Ledger::Refunds)];
            for (kind, ledger) in void.into_iter().filter(|(_, l)| states.is_void(*l, id)) {
                out.insert((kind, id, "void"), states.day(ledger, id, "void").unwrap().to_string());
            }
            for (fact, day) in days.into_iter().filter_map(|(fact, day)| Some((fact, day?))) {
                out.insert(("order", id, fact), day.to_string());
            }
            for (kind, ledger) in [("task", Ledger::Tasks), ("quote", Ledger::Quotes)] {
                if let Some(value) = states.value(ledger, id, "state") {
                    out.insert((kind, id, "state"), value.to_string());
                }
            }
        }
        out
    }

    /// Few days, subjects and values, so that events tie, race and chain.
    fn event() -> impl Strategy<Value = String> {
        let tasks = (
            proptest::sample::select(vec!["open", "done", "dropped"]),
            proptest::sample::select(vec!["open", "done", "dropped"]),
        )
            .prop_map(|(from, to)| ("task", "state", from, to));
        let names = ["draft", "sent", "accepted", "declined"];
        let quotes = (0..4usize, 1..4usize, 1..12usize).prop_map(move |(from, name, to)| {
            // Now and then one does not lead to what it is called.
            ("quote", names[name], names[from], if to < 4 { names[to] } else { names[name] })
        });
        let plain = proptest::sample::select(vec![
            ("order", "confirmed", "", ""),
            ("order", "shipped", "", ""),
            ("order", "delivered", "", ""),
            ("order", "cancelled", "", ""),
            ("order", "void", "", ""),
            ("order", "note", "", ""),
            ("receipt", "void", "", ""),
            ("refund", "void", "", ""),
            ("customer", "owner", "li", "wu"),
            ("task", "void", "", ""),
            ("nothing", "void", "", ""),
        ]);
        let at = (1..4u32, 0..3u32).prop_map(|(day, hour)| match hour {
            0 => format!("2026-06-0{day}"),
            h => format!("2026-06-0{day}T0{h}:00:00Z"),
        });
        let subject = proptest::sample::select(vec!["a", "b", "c"]);
        (at, subject, prop_oneof![tasks, quotes, plain])
            .prop_map(|(at, id, (kind, event, from, to))| format!("{at},{kind},{id},{event},{from},{to}"))
    }

    proptest! {
        #[test]
        fn states_are_those_of_one_event_after_the_other(
            list in proptest::collection::vec(event(), 0..40),
            cut in 0..40usize,
            turn in 0..40usize,
        ) {
            let list: Vec<String> = (0..).zip(list).map(|(n, e)| format!("e{n:02},{e}")).collect();
            let (first, second) = list.split_at(cut.min(list.len()));
            let rows = events(&[first, second]);
            let expected = one_by_one(&rows);
            prop_assert_eq!(all(&States::new(&rows)), expected.clone());
            // The order of rows and their division into files say nothing.
            let mut turned = list.clone();
            turned.rotate_left(turn.min(list.len()));
            turned.reverse();
            prop_assert_eq!(all(&States::new(&events(&[&turned]))), expected);
        }
    }
}
