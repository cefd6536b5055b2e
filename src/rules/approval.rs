//! R12: how far the approval of a contract, payable, refund or request is, and whether its amounts count. What is approved stands in
//! `rules::papers`, who may answer in `rules::approving`, what an answer changes in `rules::answering`.

use crate::model::book::Book;
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

/// How far the approval of a row is; a row that was voided is void, whatever was approved.
pub fn standing(book: &Book, ledger: Ledger, id: &str) -> Standing {
    if book.states.is_void(ledger, id) {
        return Standing::Void;
    }
    match book.states.value(ledger, id, "approval") {
        Some("draft") => Standing::Draft,
        Some("submitted") => Standing::Submitted,
        Some("approved") => Standing::Approved,
        Some("rejected") => Standing::Rejected,
        Some("void") => Standing::Void,
        _ => Standing::Outside,
    }
}

/// Whether the amounts of a row count.
pub fn counts(book: &Book, ledger: Ledger, id: &str) -> bool {
    standing(book, ledger, id).counts()
}

/// Whether the instalments and orders of a contract count as agreed; those that name none do.
pub fn contract_counts(book: &Book, contract: &str) -> bool {
    contract.is_empty() || counts(book, Ledger::Contracts, contract)
}
