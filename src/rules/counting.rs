//! Which rows count: cancelled and void ones, and those that wait for approval or were rejected, stand in lists, but in
//! no total.

use super::approval;
use crate::model::book::Book;
use crate::model::ledger::{Ledger, events_of};

/// Facts that take a thing out of all totals.
const ENDING: [&str; 2] = ["cancelled", "void"];

/// Whether things of a ledger can be cancelled or made void, or are approved before they count.
pub fn can_end(ledger: Ledger) -> bool {
    events_of(ledger.kind()).iter().any(|event| ENDING.contains(&event.fact)) || is_approved_first(ledger)
}

/// Whether amounts of a ledger count only when they are approved (R12). A request moves nothing by itself.
fn is_approved_first(ledger: Ledger) -> bool {
    ledger != Ledger::Requests && ledger.turned("approval").is_some()
}

/// Whether a thing of a ledger counts; asked of a book with its events.
pub fn counts(book: &Book, ledger: Ledger, id: &str) -> bool {
    (!can_end(ledger) || ENDING.iter().all(|fact| book.states.day(ledger, id, fact).is_none()))
        && (!is_approved_first(ledger) || approval::counts(book, ledger, id))
}
