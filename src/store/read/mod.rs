//! Turns text into nouns. Reading is strict and never fails: it gives what it could read, together with what is wrong.

pub mod cell;
pub mod customer;
pub(crate) mod file_rows;
pub mod ledger;
pub mod playbook;
mod quick;
pub mod settings;
pub mod table;
pub mod team;
mod toml;
