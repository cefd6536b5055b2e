//! Rows of the ledgers that rules look at, with the place each one stands in.

use super::Str;
use super::day::{At, Day};

/// Where a row stands: a file (index into [`super::book::Book::files`]) and the line on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct RowPlace {
    /// Index into the book's list of files.
    pub file: u32,
    /// From 1.
    pub line: u32,
}

/// One contact event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When.
    pub at: At,
    /// Customer, as written (may be a former id).
    pub customer: Str,
    /// Contact of the customer.
    pub contact: Str,
    /// Who had the contact.
    pub by: Str,
    /// How.
    pub channel: Str,
    /// What for.
    pub purpose: Str,
    /// `in`, `out` or `both`.
    pub direction: Str,
    /// What came of it.
    pub outcome: Str,
    /// What it told about the customer.
    pub signal: Str,
    /// Date promised.
    pub next: Option<Day>,
    /// Deal it was about.
    pub deal: Str,
    /// Complaint it was about.
    pub complaint: Str,
    /// As written (`\n` is two characters).
    pub note: Str,
}

/// A change of state of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When.
    pub at: At,
    /// Kind of the subject.
    pub kind: Str,
    /// Id of the subject, as written.
    pub subject: Str,
    /// What changed.
    pub event: Str,
    /// Value before.
    pub from: Str,
    /// Value after.
    pub to: Str,
    /// Until when (close, manual grade).
    pub until: Option<Day>,
    /// Why.
    pub reason: Str,
    /// To whom it was lost.
    pub competitor: Str,
    /// Who decided.
    pub by: Str,
    /// As written.
    pub note: Str,
}

/// Something to do by a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Where it stands.
    pub place: RowPlace,
    /// Row id.
    pub id: Str,
    /// When it was entered.
    pub at: At,
    /// What to do.
    pub title: Str,
    /// By when.
    pub due: Day,
    /// Who; empty = nobody yet.
    pub owner: Str,
    /// For which customer, as written.
    pub customer: Str,
    /// What sort.
    pub kind: Str,
    /// As written.
    pub note: Str,
    /// Present state by its events: `open`, `done` or `dropped`.
    pub state: Str,
}

/// A need that a customer told us (for stage requirements).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Where it stands.
    pub place: RowPlace,
    /// When.
    pub at: At,
    /// Customer, as written.
    pub customer: Str,
}

/// A row of any ledger as text, for lists, exports and checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainRow {
    /// Where it stands.
    pub place: RowPlace,
    /// One cell for each column of the ledger; empty = missing.
    pub cells: Vec<Str>,
    /// The company's own `x_` columns.
    pub own: Vec<(Str, Str)>,
}
