//! R11: complaints. Where one stands, who handles it, which are open; the clock is in [`clock`], what is written in [`steps`].
//!
//! A complaint is its row, and the fold of its events: `state`, `assignee`. `acknowledged` and `told` are told to the customer.

pub mod clock;
pub mod figures;
pub mod guard;
pub mod steps;

use self::clock::Clock;
use super::engine::index::Index;
use super::history::{fold_of, value_on};
use crate::model::book::{Book, Reads};
use crate::model::columns::{Column, rows_of};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::row::{Event, PlainRow};
use crate::model::{Map, Str};
use std::cmp::Reverse;

/// What complaints are put together from.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[Ledger::Complaints]),
    ..Reads::customers_and(&[Ledger::Events, Ledger::Activities])
};

/// Nobody has taken it.
pub const NEW: &str = "new";
/// Somebody handles it.
pub const ASSIGNED: &str = "assigned";
/// It waits for the customer: the clock stands.
pub const WAITING: &str = "waiting";
/// It is solved, as its handler says.
pub const RESOLVED: &str = "resolved";
/// Somebody else says so, too.
pub const CONFIRMED: &str = "confirmed";
/// The customer knows.
pub const TOLD: &str = "told";

/// Whether something is still to be done about a complaint in this state.
pub fn is_open(state: &str) -> bool {
    !matches!(state, RESOLVED | CONFIRMED | TOLD)
}

/// A complaint as it was known at the end of the book's day.
#[derive(Debug, Clone)]
pub struct Complaint<'a> {
    book: &'a Book,
    /// Its row.
    pub row: &'a PlainRow,
    /// Its events, oldest first, those that lost a race left out.
    pub events: Vec<Event>,
    /// Its deadline, and how much of its time is used up.
    pub clock: Clock,
}

impl<'a> Complaint<'a> {
    /// The text of a column.
    pub fn entry(&self, column: &str) -> Str {
        Ledger::Complaints.column(column).map_or("", |n| self.row.cell(n))
    }

    /// Its id.
    pub fn id(&self) -> Str {
        self.entry("id")
    }

    /// The customer's index, if there is one.
    pub fn customer(&self) -> Option<usize> {
        self.book.customer_index(self.entry("customer"))
    }

    /// When it was made.
    pub fn made(&self) -> At {
        self.clock.start
    }

    /// Its state by the events that turn it.
    pub fn turned(&self) -> Str {
        self.book.states.state(Ledger::Complaints, self.id())
    }

    /// Its state: what the events turned it to, and whether the customer was told since it was solved.
    pub fn state(&self) -> Str {
        match self.turned() {
            state @ (RESOLVED | CONFIRMED) => {
                let told = self.last(TOLD).is_some_and(|told| self.clock.resolved.is_some_and(|at| told.at() >= at));
                if told { TOLD } else { state }
            }
            state => state,
        }
    }

    /// Whether something is still to be done about it: it is neither solved nor is the customer told so.
    pub fn is_open(&self) -> bool {
        is_open(self.turned())
    }

    /// Who handles it; empty = nobody yet.
    pub fn handler(&self) -> Str {
        self.book.states.value(Ledger::Complaints, self.id(), "assignee").unwrap_or_default()
    }

    /// Who answers for it: its handler, else the customer's owner; empty = nobody.
    pub fn responsible(&self) -> Str {
        match self.handler() {
            "" => self.customer().map_or("", |n| self.book.customers[n].owner),
            handler => handler,
        }
    }

    /// Whether it is about the safety of people or things.
    pub fn is_safety(&self) -> bool {
        self.entry("severity") == "safety"
    }

    /// The last event of a name.
    pub fn last(&self, name: &str) -> Option<Event> {
        self.events.iter().rev().copied().find(|e| e.event() == name)
    }

    /// How it was solved: what the last event that did so says, as the file holds it.
    pub fn handling(&self) -> Str {
        let solved = |e: &&Event| e.event() == "state" && e.to() == RESOLVED;
        self.events.iter().rev().find(solved).map_or("", |e| e.note())
    }

    /// What the queue is ordered by: late ones first, then by deadline, the customer's grade at entry, and what is at risk with the
    /// customer.
    fn rank(&self, index: &Index<'a>) -> impl Ord + use<'a> {
        let grade = self.book.settings.file.grades.get_index_of(self.entry("grade")).unwrap_or(usize::MAX);
        let value = self.customer().and_then(|n| super::exposure::value_at_risk(index, n));
        let due = self.clock.due;
        (!self.is_open(), !self.is_late(), due.is_none(), due, grade, Reverse(value), self.id())
    }

    /// Whether it is open and past its deadline.
    pub fn is_late(&self) -> bool {
        self.is_open() && self.clock.breached.is_some()
    }
}

/// All complaints of a book.
#[derive(Debug)]
pub struct Complaints<'a> {
    all: Vec<Complaint<'a>>,
    by_id: Map<Str, usize>,
}

impl<'a> Complaints<'a> {
    /// Puts them together. Rows whose day cannot be read are left out.
    pub fn new(book: &'a Book) -> Complaints<'a> {
        let mut events = events(book);
        let mut out = Complaints { all: Vec::new(), by_id: Map::default() };
        for row in book.plain.get(&Ledger::Complaints).into_iter().flatten() {
            let cell = |name: &str| Ledger::Complaints.column(name).map_or("", |n| row.cell(n));
            let Some(made) = At::parse(cell("at"), book.settings.tz) else { continue };
            let its = events.remove(cell("id")).unwrap_or_default();
            let clock = Clock::new(book, row, made, &its);
            out.by_id.entry(cell("id")).or_insert(out.all.len());
            out.all.push(Complaint { book, row, events: its, clock });
        }
        out
    }

    /// All, in the book's order.
    pub fn all(&self) -> &[Complaint<'a>] {
        &self.all
    }

    /// The complaint of an id.
    pub fn get(&self, id: &str) -> Option<&Complaint<'a>> {
        self.by_id.get(id).map(|n| &self.all[*n])
    }
}

/// The events of complaints that count, by the complaint, oldest first.
fn events(book: &Book) -> Map<Str, Vec<Event>> {
    let mut out: Map<Str, Vec<Event>> = Map::default();
    let kind = Ledger::Events.column("kind").unwrap_or_default();
    for segment in book.events.segments() {
        let Column::Text(kinds) = segment.column(kind) else { continue };
        if (0..kinds.len()).all(|n| kinds.value(n) != Ledger::Complaints.kind()) {
            continue;
        }
        for e in rows_of::<Event>(segment).filter(|e| e.kind() == Ledger::Complaints.kind()) {
            out.entry(e.subject()).or_default().push(e);
        }
    }
    for (id, list) in &mut out {
        let applies = |e: &Event| match book.states.folded(Ledger::Complaints, id, e.event()) {
            Some(fold) => fold.applied.iter().any(|a| a.place() == e.place()),
            None => true,
        };
        list.retain(applies);
        list.sort_by(|a, b| a.at().cmp(&b.at()).then(a.id().cmp(b.id())).then(a.place().cmp(&b.place())));
    }
    out
}

/// The open complaints, oldest first: those that events have neither resolved nor told the customer of.
pub fn open<'x, 'a>(index: &'x Index<'a>) -> Vec<&'x Complaint<'a>> {
    let mut out: Vec<&Complaint<'a>> = index.complaints().all().iter().filter(|c| c.is_open()).collect();
    out.sort_by_key(|c| (c.made().day, c.id()));
    out
}

/// Puts complaints into the order of the queue: late ones first, then due, grade, value; solved ones last. The book must hold what
/// [`super::exposure::value_at_risk`] reads.
pub fn queue<'a>(index: &Index<'a>, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut ranked: Vec<_> = ids.map(|id| (index.complaints().get(id).map(|c| c.rank(index)), id)).collect();
    ranked.sort();
    ranked.into_iter().map(|(_, id)| id).collect()
}

/// Whether a complaint was not solved within its time, be it still open or not: a breach stays a breach (R11). `false` for one that
/// is not there. The book must hold [`READS`].
pub fn late(index: &Index<'_>, complaint: &str) -> bool {
    index.complaints().get(complaint).is_some_and(|c| c.clock.breached.is_some())
}

/// The grade that a customer had on a day, which decides how much time its complaint of that day has. The book must hold events.
pub fn grade_on(index: &Index<'_>, customer: usize, day: Day) -> Str {
    let fold = fold_of(index.events(customer), "grade");
    fold.map_or(index.book.customers[customer].grade, |f| value_on(&f, day))
}

/// Years in which complaints run and for which kehu.toml has no holidays, each once.
pub fn unknown_years(index: &Index<'_>) -> Vec<i32> {
    years_of(index.complaints().all())
}

/// The same of some complaints.
pub fn years_of<'x, 'a: 'x>(complaints: impl IntoIterator<Item = &'x Complaint<'a>>) -> Vec<i32> {
    let mut years: Vec<i32> = complaints.into_iter().flat_map(|c| c.clock.unknown_years.iter().copied()).collect();
    years.sort_unstable();
    years.dedup();
    years
}
