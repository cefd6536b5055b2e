//! The nouns, one file each. No file access, no rules, no words.

pub mod change;
pub mod day;
pub mod ledger;
pub mod money;
pub mod period;
pub mod value;
