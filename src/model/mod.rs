//! The nouns, one file each. No file access, no rules, no words.

pub mod day;
pub mod money;
pub mod period;
pub mod value;
