//! Rows of the ledgers that rules look at, with the place each one stands in.

use super::Str;
use super::cells::Cells;
use super::columns::row_handle;
use super::day::{At, Day};
use super::place::{RowPlace, typed};

typed! {
    Task: Tasks with id,
    Need: Needs,
}

row_handle! {
    /// One contact event.
    Activity of Activities {
        /// Row id.
        id: text,
        /// When.
        at: at,
        /// Customer, as written (may be a former id).
        customer: text,
        /// Contact of the customer.
        contact: text,
        /// Who had the contact.
        by: text,
        /// How.
        channel: text,
        /// What for.
        purpose: text,
        /// `in`, `out` or `both`.
        direction: text,
        /// What came of it.
        outcome: text,
        /// What it told about the customer.
        signal: text,
        /// Date promised.
        next: day,
        /// Deal it was about.
        deal: text,
        /// Complaint it was about.
        complaint: text,
        /// As written (`\n` is two characters).
        note: text,
    }
}

row_handle! {
    /// A change of state of something.
    Event of Events {
        /// Row id.
        id: text,
        /// When.
        at: at,
        /// Kind of the subject.
        kind: text,
        /// Id of the subject, as written.
        subject: text,
        /// What changed.
        event: text,
        /// Value before.
        from: text,
        /// Value after.
        to: text,
        /// Until when (close, manual grade).
        until: day,
        /// Why.
        reason: text,
        /// To whom it was lost.
        competitor: text,
        /// Who decided.
        by: text,
        /// As written.
        note: text,
    }
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
    /// The playbook that it comes from; empty = none.
    pub playbook: Str,
    /// Whether the customer uses what it bought when it is done.
    pub first_use: bool,
    /// As written.
    pub note: Str,
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
    pub cells: Cells,
    /// The company's own `x_` columns.
    pub own: Vec<(Str, Str)>,
}

impl PlainRow {
    /// The cell of a column, by its number; empty = missing.
    #[inline]
    pub fn cell(&self, column: usize) -> Str {
        self.cells.get(column)
    }
}
