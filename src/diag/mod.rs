//! What can be wrong, as data: code, severity, place and the facts of the case. No words: those are in `i18n::problem`.

mod code;
mod suggest;

pub use code::{Code, Severity};
pub use suggest::nearest;

use std::path::PathBuf;

/// A place in a file of the data directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Path relative to the data directory, with `/`.
    pub file: String,
    /// Line, from 1; 0 = the whole file.
    pub line: u32,
    /// Column in characters, from 1; 0 = the whole line.
    pub column: u32,
    /// Length of the marked stretch in characters; 0 = one.
    pub width: u32,
    /// The text of the line, without its end, as found.
    pub text: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Place {
        Place { file: file.into(), ..Place::default() }
    }
    /// A whole line.
    pub fn line(file: impl Into<String>, line: u32) -> Place {
        Place { file: file.into(), line, ..Place::default() }
    }
    /// The file as a path.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(&self.file)
    }
}

/// One thing that is wrong, or looks wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What sort of problem; decides code and severity.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// Facts that the message mentions, by position; each code's page in docs/errors.md names them.
    pub args: Vec<String>,
    /// Whether somebody took it by name when the row was imported: then an error is a warning.
    pub accepted: bool,
}

impl Diagnostic {
    /// A diagnostic with the facts its message needs.
    pub fn new<const N: usize>(code: Code, place: Place, args: [&str; N]) -> Diagnostic {
        Diagnostic::of(code, place, args.iter().map(ToString::to_string).collect())
    }
    /// The same with any number of facts.
    pub fn of(code: Code, place: Place, args: Vec<String>) -> Diagnostic {
        Diagnostic { code, place, args, accepted: false }
    }
    /// How bad it is: its code says, unless it was accepted.
    pub fn severity(&self) -> Severity {
        if self.accepted { Severity::Warning } else { self.code.severity() }
    }
    /// The fact at a position; empty when the message has fewer.
    pub fn arg(&self, n: usize) -> &str {
        self.args.get(n).map_or("", String::as_str)
    }
}
