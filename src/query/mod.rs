//! What people type to ask for records: filter terms, periods, sort keys, columns.
//!
//! [`term`] reads filters, `operand` the values in them, [`period`] ranges of days, [`search`] says how a bare word
//! matches a name, [`columns`] reads `--sort` and `--columns`, and [`error`] holds what can be wrong, as data.
//! Not here: words in any language, the clock, files, and the figures themselves. Records and their fields are seen
//! only through the traits of `model::value`.

mod chinese;
pub mod columns;
pub mod error;
pub mod expression;
mod operand;
pub mod period;
pub mod search;
pub mod term;

pub use columns::{compare, parse_columns, parse_sort};
pub use error::{PeriodFault, QueryError};
pub use period::{MOST_PARTS, Per, buckets, can_be_cut, parse_period, parse_single_day};
pub use search::{Needle, alike, fold};
pub use term::Filter;
