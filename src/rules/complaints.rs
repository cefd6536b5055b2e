//! R11: which complaints are open. Deadlines and handling are not here yet.

use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;

/// States in which nothing is left to be done about a complaint.
const DONE: [&str; 3] = ["resolved", "confirmed", "told"];

/// A complaint that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: Str,
    /// When it was made.
    pub day: Day,
    /// Whose, as written.
    pub customer: Str,
    /// What sort.
    pub category: Str,
    /// Who handles it; empty = nobody yet.
    pub assignee: Str,
    /// As written.
    pub text: Str,
}

/// The open complaints, oldest first: those that events have neither resolved nor told the customer of.
pub fn open(book: &Book) -> Vec<Complaint> {
    let ledger = Ledger::Complaints;
    let at = ["id", "at", "customer", "category", "text"].map(|name| ledger.column(name).unwrap_or(0));
    let mut out: Vec<Complaint> = Vec::new();
    for r in book.plain.get(&ledger).into_iter().flatten() {
        let cell = |n: usize| r.cell(at[n]);
        let id = cell(0);
        let state = book.states.value(ledger, id, "state").unwrap_or_default();
        let is_done = DONE.contains(&state) || book.states.day(ledger, id, "told").is_some();
        if let (Some(made), false) = (At::parse(cell(1), book.settings.tz), is_done) {
            let assignee = book.states.value(ledger, id, "assignee").unwrap_or_default();
            let (customer, category, text) = (cell(2), cell(3), cell(4));
            out.push(Complaint { id, day: made.day, customer, category, assignee, text });
        }
    }
    out.sort_by_key(|c| (c.day, c.id));
    out
}
