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
pub mod ics;
pub mod import;
pub mod import_map;
mod key;
mod ledger_rows;
mod lines;
mod made;
pub mod map_reader;
pub mod proposals;
mod ranges;
pub mod rejects;
mod resolve;
pub mod source;
mod stages;
mod surveys;
pub mod target;
mod value;
pub mod vcf;

pub use existing::Existing;
pub use import::plan;
pub use import_map::ImportMap;
pub use source::Source;
pub use target::Table;
pub use value::of_settings;

/// A format of other programs that one table is exported in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// A calendar (RFC 5545).
    Ics,
    /// Cards (RFC 6350).
    Vcf,
}

impl Outside {
    /// The name on the command line, and the ending of files.
    pub const fn name(self) -> &'static str {
        match self {
            Outside::Ics => "ics",
            Outside::Vcf => "vcf",
        }
    }
    /// The table that is exported in it.
    pub const fn table(self) -> &'static str {
        match self {
            Outside::Ics => "due",
            Outside::Vcf => "contacts",
        }
    }
    /// Reads a name.
    pub fn parse(name: &str) -> Option<Outside> {
        [Outside::Ics, Outside::Vcf].into_iter().find(|o| o.name() == name)
    }
    /// The format that a file's ending asks for, in any case.
    pub fn from_extension(path: &std::path::Path) -> Option<Outside> {
        Outside::parse(&path.extension()?.to_str()?.to_ascii_lowercase())
    }
}
