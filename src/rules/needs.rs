//! What customers need: how urgent and important it is, where it stands, and how long a first quote took. Command line and `check` ask
//! the same questions: [`may_turn`], [`may_solve`].

use super::engine::index::Index;
use super::turn::{Act, Extra, Turn, turn};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;

/// What needs are put together from.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[Ledger::Needs]),
    ..Reads::customers_and(&[Ledger::Events, Ledger::Quotes, Ledger::Rates])
};

/// What events of needs are about.
const KIND: &str = Ledger::Needs.kind();

/// Nothing has come of it yet.
pub const OPEN: &str = "open";
/// The customer has what it needed.
pub const SOLVED: &str = "solved";
/// Nothing will come of it.
pub const DROPPED: &str = "dropped";

/// The states that may follow each.
const TO: [(&str, &[&str]); 3] = [(OPEN, &[SOLVED, DROPPED]), (SOLVED, &[OPEN]), (DROPPED, &[OPEN])];

/// Why a need may not go from one state to another. One that stands in no known state may go to any.
///
/// # Errors
/// [`Refusal::StateStep`].
pub fn may_turn(id: &str, from: &str, to: &str) -> Result<(), Refusal> {
    match TO.iter().find(|(state, _)| *state == from) {
        Some((_, next)) if !next.contains(&to) => {
            Err(Refusal::StateStep { kind: KIND, id: id.into(), from: from.into(), to: to.into() })
        }
        _ => Ok(()),
    }
}

/// Why a need is not solved: nobody says how.
///
/// # Errors
/// [`Refusal::NeedsText`].
pub fn may_solve(id: &str, solution: &str) -> Result<(), Refusal> {
    if solution.trim().is_empty() {
        return Err(Refusal::NeedsText { id: id.into(), column: "solution" });
    }
    Ok(())
}

/// A need as it was known at the end of the book's day.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    book: &'a Book,
    /// Its row.
    pub row: &'a PlainRow,
}

impl<'a> Need<'a> {
    /// The need of a row.
    pub fn new(book: &'a Book, row: &'a PlainRow) -> Need<'a> {
        Need { book, row }
    }
    /// The need of an id.
    pub fn find(book: &'a Book, id: &str) -> Option<Need<'a>> {
        let rows = book.plain.get(&Ledger::Needs).into_iter().flatten();
        rows.map(|row| Need { book, row }).find(|n| n.id() == id)
    }
    /// The text of a column.
    pub fn entry(&self, column: &str) -> Str {
        Ledger::Needs.column(column).map_or("", |n| self.row.cell(n))
    }
    /// Its id.
    pub fn id(&self) -> Str {
        self.entry("id")
    }
    /// Where it stands.
    pub fn state(&self) -> Str {
        self.book.states.state(Ledger::Needs, self.id())
    }
    /// Whether something is still to come of it.
    pub fn is_open(&self) -> bool {
        self.state() == OPEN
    }
    /// Its place in the square of urgent and important: 1 both, 2 important, 3 urgent, 4 neither.
    pub fn quadrant(&self) -> i64 {
        match (self.entry("important") == "yes", self.entry("urgent") == "yes") {
            (true, true) => 1,
            (true, false) => 2,
            (false, true) => 3,
            (false, false) => 4,
        }
    }
    /// When it was told.
    pub fn told(&self) -> Option<At> {
        At::parse(self.entry("at"), self.book.settings.tz)
    }
    /// The day of the first quote that names it.
    pub fn first_quote(&self, index: &Index<'_>) -> Option<Day> {
        index.first_quotes().get(self.id()).copied()
    }
    /// Days until the first quote that names it; `None` where there is none (R13).
    pub fn days_to_quote(&self, index: &Index<'_>) -> Option<i64> {
        Some((self.first_quote(index)? - self.told()?.day).num_days())
    }
    /// What needs are ordered by: open ones first, by quadrant, the oldest first.
    pub fn rank(&self) -> impl Ord + use<'a> {
        (!self.is_open(), self.quadrant(), self.told(), self.id())
    }

    fn turn(&self, to: &str, act: &Act) -> Result<Plan, Obstacle> {
        may_turn(self.id(), self.state(), to)?;
        let from = self.state();
        let what = Turn { kind: KIND, subject: self.id(), event: "state", from, to };
        let changes = turn(self.book, what, act, &Extra::default())?;
        let note = Note::Turned { kind: KIND, id: self.id().into(), event: "state", from: from.into(), to: to.into() };
        Ok(Plan { changes, notes: vec![note], ..Plan::default() })
    }
}

/// The open needs of a customer, the most pressing first.
pub fn open_of<'a>(index: &Index<'a>, customer: usize) -> Vec<Need<'a>> {
    let book = index.book;
    let of = |row: &'a PlainRow| Need { book, row };
    let rows = book.plain.get(&Ledger::Needs).into_iter().flatten();
    let is_its = |n: &Need<'a>| book.customer_index(n.entry("customer")) == Some(customer) && n.is_open();
    let mut list: Vec<Need<'a>> = rows.map(of).filter(is_its).collect();
    list.sort_by_cached_key(Need::rank);
    list
}

/// Says that the customer has what it needed; the solution is that given, or the row's.
///
/// # Errors
/// What [`may_turn`] and [`may_solve`] say, and [`Refusal::OlderThanNewest`].
pub fn solve(n: &Need<'_>, solution: &str, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(n.id(), n.state(), SOLVED)?;
    may_solve(n.id(), solution)?;
    n.turn(SOLVED, act)
}

/// Gives a need up. The note says why.
///
/// # Errors
/// [`Refusal::NeedsText`], what [`may_turn`] says, and [`Refusal::OlderThanNewest`].
pub fn drop(n: &Need<'_>, act: &Act) -> Result<Plan, Obstacle> {
    may_turn(n.id(), n.state(), DROPPED)?;
    if act.note.trim().is_empty() {
        return Err(Refusal::NeedsText { id: n.id().into(), column: "reason" }.into());
    }
    n.turn(DROPPED, act)
}

/// Opens a need again.
///
/// # Errors
/// What [`may_turn`] says, and [`Refusal::OlderThanNewest`].
pub fn reopen(n: &Need<'_>, act: &Act) -> Result<Plan, Obstacle> {
    n.turn(OPEN, act)
}
