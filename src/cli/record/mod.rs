//! What the records of all ledgers share: list, show, set, rm, and the words in which cells and keys are typed.
//!
//! A noun's own verbs stand in its file under `commands`; nothing here knows a single ledger's rules.

mod export;
mod find;
mod list;
mod new_cells;
pub(crate) mod noun;
mod plain;
mod refs;
mod rm;
mod set;
mod show;
mod typed;

pub(crate) use export::export;
pub(crate) use find::{contact, must_exist, one};
pub(crate) use list::{List, list, list_and, say_if_no_row};
pub(crate) use new_cells::{NewCells, enter, named};
pub(crate) use plain::Plain;
pub(crate) use refs::{customers_exist, exist as refs_exist};
pub(crate) use rm::{Rm, remove};
pub(crate) use set::{Allow, Set, SetSold, edit, leads_somewhere, no_state, set, set_sold};
pub(crate) use show::{Show, show};
pub(crate) use typed::{Op, Typed, cell_text, closed_value, column_name, pair};
