//! What can be wrong, as data: code, severity, place and the facts of the case. No words: those are in `i18n::problem`.

mod code;
mod suggest;

pub use code::{Code, Severity};
pub use suggest::{Near, listed, nearest};

use std::collections::HashMap;
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

/// The findings of `found` that `before` did not have: each of those takes one away, wherever both stand.
pub fn new_ones(found: Vec<Diagnostic>, before: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut known: HashMap<(Code, &[String]), usize> = HashMap::new();
    for d in before {
        *known.entry((d.code, d.args.as_slice())).or_default() += 1;
    }
    let mut keep = Vec::with_capacity(found.len());
    for d in &found {
        let left = known.get_mut(&(d.code, d.args.as_slice())).filter(|left| **left > 0);
        keep.push(left.is_none());
        if let Some(left) = left {
            *left -= 1;
        }
    }
    found.into_iter().zip(keep).filter_map(|(d, keep)| keep.then_some(d)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_takes_away_one_like_it() {
        let of = |args: &[&str]| -> Vec<Diagnostic> {
            let d = |(n, a): (usize, &&str)| Diagnostic::new(Code::UnknownKey, Place::line("f", n as u32), [*a]);
            args.iter().enumerate().map(d).collect()
        };
        let check = |found: &[&str], before: &[&str], expected: &[&str]| {
            let new = new_ones(of(found), &of(before));
            assert_eq!(new.iter().map(|d| d.arg(0)).collect::<Vec<_>>(), expected);
        };
        check(&["a", "b", "a"], &[], &["a", "b", "a"]);
        check(&["a", "b", "a"], &["a"], &["b", "a"]);
        check(&["b", "a"], &["a", "a", "b"], &[]);
    }
}
