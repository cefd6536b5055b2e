//! Three versions of one file become one, as git asks of a merge driver: ledgers row by row, TOML key by key.
//!
//! A clash is one cell, or one key, that both sides changed to different values. It is never settled here: both values stand in
//! the text between git's markers, and people choose.

mod rows;

use crate::model::ledger::Ledger;
use crate::store::StoreError;
use crate::store::open;
use crate::store::text::{MAX_FILE, TextFile, with_bom};
use crate::store::tomledit::customer_groups;
use crate::store::tomlmerge::is_toml;
use std::path::Path;

pub use super::tomlmerge::toml;
pub use rows::ledger;

/// What a merge gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The text, with markers where it clashes.
    pub text: String,
    /// The number of clashes.
    pub clashes: usize,
}

/// How clashes are marked.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a> {
    /// Length of a marker in characters; git says 7 unless it merges merges.
    pub size: usize,
    /// What our side is called.
    pub ours: &'a str,
    /// What the other side is called.
    pub theirs: &'a str,
    /// How lines end.
    pub eol: &'a str,
}

impl Marks<'_> {
    /// Both sides of a clash between markers; the sides are whole lines, or empty.
    pub fn write(self, out: &mut String, ours: &str, theirs: &str) {
        let line = |out: &mut String, sign: &str, name: &str| {
            out.push_str(&sign.repeat(self.size));
            if !name.is_empty() {
                out.push(' ');
                out.push_str(name);
            }
            out.push_str(self.eol);
        };
        let side = |out: &mut String, text: &str| {
            out.push_str(text);
            if !text.is_empty() && !text.ends_with('\n') {
                out.push_str(self.eol);
            }
        };
        line(out, "<", self.ours);
        side(out, ours);
        line(out, "=", "");
        side(out, theirs);
        line(out, ">", self.theirs);
    }
}

/// The value that three versions give: the changed one, or `None` where both changed it to different values.
fn three_way<'t, T: PartialEq + ?Sized>(base: &'t T, ours: &'t T, theirs: &'t T) -> Option<&'t T> {
    if ours == theirs || theirs == base {
        Some(ours)
    } else if ours == base {
        Some(theirs)
    } else {
        None
    }
}

/// What a file of a data directory is, as far as merging is concerned, by its path in the repository.
enum Sort {
    Ledger(Ledger),
    Toml { customer: bool },
    Other,
}

fn sort_of(path: &str) -> Sort {
    let parts: Vec<&str> = path.split('/').collect();
    let inside = |folder: &str| parts.iter().rposition(|p| *p == folder).filter(|n| n + 1 < parts.len());
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv") => {
            let ledger = inside("ledgers").and_then(|n| parts.get(n + 1)).and_then(|name| Ledger::parse(name));
            ledger.map_or(Sort::Other, Sort::Ledger)
        }
        Some("toml") => Sort::Toml { customer: inside("customers").is_some() },
        _ => Sort::Other,
    }
}

/// Merges three versions of a file, each in a file of its own; `path` is its place in the repository. `lines` merges line by line what
/// cannot be told apart otherwise.
///
/// # Errors
/// A version cannot be read.
pub fn files(
    versions: [&Path; 3],
    path: &str,
    marks: Marks<'_>,
    lines: impl Fn() -> Option<(Vec<u8>, usize)>,
) -> Result<(Vec<u8>, usize), StoreError> {
    let [base, ours, theirs] =
        versions.map(|p| open::read(p, MAX_FILE).map_err(|source| StoreError::Io { path: p.into(), source }));
    let (base, ours, theirs) = (base?, ours?, theirs?);
    let text = |bytes: &[u8]| TextFile::from_bytes(bytes.to_vec(), path, MAX_FILE).ok();
    let by_lines = || {
        lines().unwrap_or_else(|| {
            let mut all = String::new();
            marks.write(&mut all, &String::from_utf8_lossy(&ours), &String::from_utf8_lossy(&theirs));
            (all.into_bytes(), 1)
        })
    };
    let (Some(b), Some(o), Some(t)) = (text(&base), text(&ours), text(&theirs)) else { return Ok(by_lines()) };
    let marks = Marks { eol: if o.body.is_empty() { t.eol() } else { o.eol() }, ..marks };
    let found = match sort_of(path) {
        Sort::Ledger(of) => ledger(of, &b.body, &o.body, &t.body, marks),
        Sort::Toml { customer } => {
            let (bytes, clashes) = by_lines();
            let Some(plain) = text(&bytes).map(|t| t.body).or_else(|| String::from_utf8(bytes.clone()).ok()) else {
                return Ok((bytes, clashes));
            };
            let groups = if customer { customer_groups() } else { Vec::new() };
            let groups: Vec<&[&str]> = groups.iter().map(Vec::as_slice).collect();
            let plain = Merged { text: plain, clashes };
            let keys = toml(&b.body, &o.body, &t.body, &plain, &groups, marks);
            // Line by line both could have been taken without a mark, though a key clashes.
            match keys {
                Some(merged) => Some(merged),
                None if clashes == 0 && !is_toml(&plain.text) => {
                    let mut all = String::new();
                    marks.write(&mut all, &o.body, &t.body);
                    Some(Merged { text: all, clashes: 1 })
                }
                None => return Ok((bytes, clashes)),
            }
        }
        Sort::Other => None,
    };
    Ok(match found {
        Some(merged) => (with_bom(o.bom, &merged.text), merged.clashes),
        None => by_lines(),
    })
}
