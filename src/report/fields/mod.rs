//! The fields that filters, columns and sort keys may name: keys of customers, metrics, the company's own fields, and
//! the columns of a ledger.

mod computed;
mod customer;
mod line;
mod row;
mod shown;

pub(super) use self::computed::{hours, instant};
pub use self::computed::{queue, queue_reads};
pub use self::customer::{CustomerFields, CustomerRecord, customer_words, rest_words};
pub use self::line::{LineRecord, own_cell};
pub use self::row::{LedgerFields, RowRecord, cell_value, column_kind};
pub use self::shown::{cell, choices, column, label, listed, stage_label, word};

use crate::model::value::FieldId;

/// The handle of the n-th of its sort.
fn nth(sort: fn(u16) -> FieldId, n: usize) -> FieldId {
    sort(u16::try_from(n).unwrap_or(u16::MAX))
}
