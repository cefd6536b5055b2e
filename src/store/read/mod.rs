//! From text to nouns: strict, and never failing: what can be read comes back together with what is wrong.

pub mod cell;
pub mod customer;
pub mod ledger;
mod quick;
pub(crate) mod rows;
pub mod settings;
pub mod table;
pub mod team;
mod toml;
