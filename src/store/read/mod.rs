//! From text to nouns: strict, and never failing: what can be read comes back together with what is wrong.

pub mod cell;
pub mod customer;
pub(crate) mod file_rows;
pub mod ledger;
mod quick;
pub mod settings;
pub mod table;
pub mod team;
mod toml;
