//! What all rows have in common: where each stands, and in which ledger.

use super::Str;
use super::ledger::Ledger;

/// Where a row stands: a file (index into [`super::book::Book::files`]) and the line on which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct RowPlace {
    /// Index into the book's list of files.
    pub file: u32,
    /// From 1.
    pub line: u32,
}

/// A row of a ledger that rules look at.
pub trait Typed {
    /// The ledger that it stands in.
    const LEDGER: Ledger;
    /// The id of the thing that the row is, or is a line of: events name the thing by it. Empty where nobody asks.
    fn id(&self) -> Str {
        ""
    }
}

/// A type of row that knows its ledger, and where its id stands.
macro_rules! typed {
    ($($row:ty: $ledger:ident $(with $id:ident)?,)*) => {$(
        impl crate::model::place::Typed for $row {
            const LEDGER: crate::model::ledger::Ledger = crate::model::ledger::Ledger::$ledger;
            $(fn id(&self) -> Str {
                self.$id
            })?
        }
    )*};
}
pub(crate) use typed;
