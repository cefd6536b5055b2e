//! R12: how far the approval of a contract, payable, refund or request is, and whether its amounts count. What is approved stands in
//! `rules::papers`, who may answer in `rules::approving`, what an answer changes in `rules::answering`.

use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// How far an approval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has no events: it was entered by hand or imported, and nobody is asked.
    Outside,
    /// Its author has not put it forward.
    Draft,
    /// It waits for somebody's answer.
    Submitted,
    /// Somebody approved it.
    Approved,
    /// Somebody rejected it.
    Rejected,
    /// It was taken back.
    Void,
}

impl Standing {
    /// Whether amounts count.
    pub fn counts(self) -> bool {
        matches!(self, Standing::Outside | Standing::Approved)
    }
    /// Whether it may still come to count: its amounts are shown apart.
    pub fn pending(self) -> bool {
        matches!(self, Standing::Draft | Standing::Submitted)
    }
    /// What the file calls it; empty without events.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Outside => "",
            Standing::Draft => "draft",
            Standing::Submitted => "submitted",
            Standing::Approved => "approved",
            Standing::Rejected => "rejected",
            Standing::Void => "void",
        }
    }
}

/// What an event of an approval leads to.
fn of_word(word: Option<&str>) -> Standing {
    match word {
        Some("draft") => Standing::Draft,
        Some("submitted") => Standing::Submitted,
        Some("approved") => Standing::Approved,
        Some("rejected") => Standing::Rejected,
        Some("void") => Standing::Void,
        _ => Standing::Outside,
    }
}

/// How far the approval of a row is; a row that was voided is void, whatever was approved.
pub fn standing(book: &Book, ledger: Ledger, id: &str) -> Standing {
    if book.states.is_void(ledger, id) {
        return Standing::Void;
    }
    of_word(book.states.value(ledger, id, "approval"))
}

/// How far it was at the end of a day: money leaves only for what was approved by then.
pub fn standing_on(book: &Book, ledger: Ledger, id: &str, day: Day) -> Standing {
    let now = standing(book, ledger, id);
    match book.states.folded(ledger, id, "approval").filter(|_| now != Standing::Void) {
        None => now,
        // What was entered before anybody was asked about it counts.
        Some(folded) => of_word(folded.applied.iter().rev().find(|e| e.day() <= day).map(|e| e.to())),
    }
}

/// How far an instalment of a contract is: one of which nobody was asked by itself goes with its contract.
pub fn with_contract(own: Standing, contract: &str, of_contract: impl FnOnce() -> Standing) -> Standing {
    if own == Standing::Outside && !contract.is_empty() { of_contract() } else { own }
}

/// How far a payable of a contract is.
pub fn standing_of_payable(book: &Book, id: &str, contract: &str) -> Standing {
    let own = standing(book, Ledger::Payables, id);
    with_contract(own, contract, || standing(book, Ledger::Contracts, contract))
}

/// Whether the amounts of a row count.
pub fn counts(book: &Book, ledger: Ledger, id: &str) -> bool {
    standing(book, ledger, id).counts()
}

/// Whether the instalments and orders of a contract count as agreed; those that name none do.
pub fn contract_counts(book: &Book, contract: &str) -> bool {
    contract.is_empty() || counts(book, Ledger::Contracts, contract)
}
