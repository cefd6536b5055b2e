//! The nouns, one file each. No file access, no rules, no words.

pub mod book;
pub mod breach;
pub mod by_id;
pub mod cells;
pub mod change;
pub mod columns;
pub mod customer;
pub mod day;
pub mod fold;
pub mod id;
pub mod ledger;
pub mod likeness;
pub mod money;
pub mod new_rows;
pub mod order;
pub mod period;
pub mod place;
pub mod plan;
pub mod playbook;
pub mod product;
pub mod reach;
pub mod receipt;
pub mod refusal;
pub mod row;
pub mod settings;
pub mod states;
pub mod team;
pub mod typed;
pub mod value;
pub mod zone;

/// Text that was read from a data directory.
///
/// A command reads once and ends, so the texts of files live as long as the process: rows borrow from them, and no
/// cell is copied.
pub type Str = &'static str;

/// A hash table for many keys.
pub type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// Makes a text live as long as the process; see [`Str`].
pub fn intern(text: &str) -> Str {
    Box::leak(text.to_owned().into_boxed_str())
}
