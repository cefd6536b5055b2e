//! Other formats, in and out. Nothing here opens or writes a file: bytes come in, a change set goes out.
//!
//! An import is an [`import_map::ImportMap`] (what becomes what), a [`source::Source`] (the other program's rows) and a
//! book (what is there); [`import::plan`] makes a change set, counts and rejects of them.

mod alike;
mod bind;
mod contacts;
mod customers;
mod described;
mod draft;
mod env;
mod existing;
pub mod expression;
mod floor;
pub mod import;
pub mod import_map;
mod key;
mod ledger_rows;
mod made;
pub mod map_reader;
mod ranges;
pub mod rejects;
mod resolve;
pub mod source;
mod stages;
pub mod target;
mod value;

pub use existing::Existing;
pub use import::plan;
pub use import_map::ImportMap;
pub use source::Source;
pub use target::Table;
pub use value::of_settings;
