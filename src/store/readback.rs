//! What would be written is read back, by the readers of every other command, before anything is: kehu never writes what it
//! cannot read.

use super::plan::{Action, Plan};
use super::read::file_rows::{BY_COLUMN, FileRows, LedgerFile};
use super::read::ledger::plain;
use super::read::table::How;
use super::read::{customer, settings as settings_file, team};
use super::text::{self, MAX_FILE};
use super::{layout, load};
use crate::diag::{Diagnostic, Place, Severity, new_ones};
use crate::model::Str;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::settings::Settings;
use rayon::prelude::*;

/// Rows of more bytes are read as reports read them, which keeps nothing of the text.
const LARGE: usize = 4 << 20;

/// A customer whose day of creation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The customer.
    pub id: Str,
    /// Its new day.
    pub day: Day,
}

/// What reading back found.
#[derive(Debug, Clone, Default)]
pub struct ReadBack {
    /// What is wrong with the new texts and was not with the old ones.
    pub findings: Vec<Diagnostic>,
    /// Customers with another day of creation than before.
    pub created: Vec<Created>,
}

/// Reads what a plan would write.
pub fn read_back(plan: &Plan<'_>, settings: &Settings) -> ReadBack {
    let one = |(path, action): &(String, Action<'_>)| of_file(path, action, settings);
    let parts: Vec<ReadBack> = if plan.actions.len() < super::commit::MANY {
        plan.actions.iter().map(one).collect()
    } else {
        plan.actions.par_iter().map(one).collect()
    };
    let mut out = ReadBack::default();
    for part in parts {
        out.findings.extend(part.findings);
        out.created.extend(part.created);
    }
    out
}

fn of_file(path: &str, action: &Action<'_>, settings: &Settings) -> ReadBack {
    let file: Str = path.to_string().leak();
    let mut out = ReadBack::default();
    // What comes back may never have been a text.
    if let Action::Create { new, .. } | Action::Replace { new, .. } = action
        && let Err(d) = text::body(new, path, MAX_FILE)
    {
        out.findings.push(d);
        return out;
    }
    let (old, new): (Option<Str>, Str) = match action {
        Action::Append { header, text, .. } => (Some(leaked(header.as_bytes())), leaked_rows(header, text)),
        Action::Create { new, .. } => (None, leaked(new)),
        Action::Replace { old, new, .. } => match changed_rows(old, new).filter(|_| ledger_of(file).is_some()) {
            Some((old, new)) => (Some(leaked(&old)), leaked(&new)),
            None => (Some(leaked(old)), leaked(new)),
        },
        Action::Remove { .. } => return out,
    };
    let read = |src: Str| {
        let mut diags = Vec::new();
        let created = errors(file, src, settings, &mut diags);
        diags.retain(|d| d.severity() == Severity::Error);
        (diags, created)
    };
    let (found, created) = read(new);
    if found.is_empty() && created.is_none() {
        return out;
    }
    let (before, was) = old.map(read).unwrap_or_default();
    // The lines of a text that is nowhere help nobody.
    out.findings = new_ones(found, &before).into_iter().map(|d| Diagnostic { place: Place::file(path), ..d }).collect();
    let changed = created.filter(|_| created != was);
    out.created = changed.map(|day| Created { id: customer::file_id(file), day }).into_iter().collect();
    out
}

/// Reads a file's text; the day of creation where it is a customer's.
fn errors(file: Str, src: Str, settings: &Settings, diags: &mut Vec<Diagnostic>) -> Option<Day> {
    if file.starts_with("customers/") {
        return customer::read(src, file, settings, diags).created;
    }
    if file == load::SETTINGS {
        settings_file::read(src, file, diags);
    } else if file == load::TEAM {
        team::read(src, file, diags);
    } else if let Some(ledger) = ledger_of(file) {
        if src.len() > LARGE && BY_COLUMN.has(ledger) {
            let how = How { tz: settings.tz, about: None, notes: true, offsets: false };
            FileRows::read_columns(LedgerFile { ledger, file, number: 0 }, src, how, diags);
        } else {
            plain(ledger, src, file, 0, settings, diags);
        }
    }
    None
}

/// The rows in which two texts of a ledger's file differ, below their header: a corrected cell costs the same in every
/// ledger. `None` where that cannot be told by lines and quotes.
fn changed_rows(old: &[u8], new: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let even = |bytes: &[u8]| memchr::memchr_iter(b'"', bytes).count().is_multiple_of(2);
    let header = memchr::memchr(b'\n', new)? + 1;
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let from = memchr::memrchr(b'\n', &new[..same])? + 1;
    if from < header || !even(&new[..from]) {
        return None;
    }
    let behind = old[from..].iter().rev().zip(new[from..].iter().rev()).take_while(|(a, b)| a == b).count();
    let to = new.len() - behind;
    let to = memchr::memchr(b'\n', &new[to..]).map_or(new.len(), |n| to + n + 1);
    let old_to = old.len() - (new.len() - to);
    let (was, is) = (old.get(from..old_to)?, &new[from..to]);
    (even(was) && even(is)).then(|| ([&new[..header], was].concat(), [&new[..header], is].concat()))
}

fn ledger_of(file: &str) -> Option<Ledger> {
    debug_assert!(layout::safe_relative(file).is_ok());
    Ledger::parse(file.strip_prefix("ledgers/")?.split('/').next()?)
}

/// A text as long as the process, without a BOM: readers keep parts of it. The process ends soon.
fn leaked(bytes: &[u8]) -> Str {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_string().leak()
}

fn leaked_rows(header: &str, rows: &str) -> Str {
    format!("{header}{}", rows.trim_start_matches(['\r', '\n'])).leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_that_differ_are_read_again() {
        let check = |old: &str, new: &str, expected: Option<(&str, &str)>| {
            let found = changed_rows(old.as_bytes(), new.as_bytes());
            let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
            let found = found.map(|(a, b)| (text(&a), text(&b)));
            assert_eq!(found, expected.map(|(a, b)| (a.to_string(), b.to_string())), "{new:?}");
        };
        check("a,b\n1,2\n3,4\n5,6\n", "a,b\n1,2\n3,9\n5,6\n", Some(("a,b\n3,4\n", "a,b\n3,9\n")));
        check("a,b\n1,2\n3,4\n", "a,b\n1,2\n", Some(("a,b\n3,4\n", "a,b\n")));
        check("a,b\n1,2\n3,4", "a,b\n1,2\n3,5", Some(("a,b\n3,4", "a,b\n3,5")));
        check("a,b\n1,2\n1,2\n", "a,b\n1,2\n", Some(("a,b\n1,2\n", "a,b\n")));
        check("a,b\n1,\"x\ny\"\n", "a,b\n1,\"x\nz\"\n", None);
        check("a,b\n1,2\n", "a,b,c\n1,2,\n", None);
    }
}
