//! The directory on disk, and the only code that opens data files: safe paths, text, CSV, TOML edits, lock, journal
//! and commit. It never judges business and has no words for people.

pub mod cells;
pub mod csvedit;
pub mod csvfile;
pub mod layout;
pub mod text;
pub mod tomledit;
mod tomllist;
mod tomlshape;
mod tomlwrite;
