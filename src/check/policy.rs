//! Who did what without the right (`check --policy`): decisions and discounts, by the rows; and edits of facts, of what was
//! approved and of settings, by the commits.

use super::Checked;
use crate::diag::{Code, Diagnostic, Place};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::percent;
use crate::rules::policy::{Meddled, Wrong, decisions, discounts, is_approved, leads, may_edit, may_write_for};
use crate::store::csvfile::Reader;
use crate::store::load::{SETTINGS, TEAM};
use std::collections::BTreeMap;

/// A file that was changed, with its text before and after; `None` where there was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// Path relative to the data directory.
    pub path: String,
    /// Text before.
    pub before: Option<String>,
    /// Text after.
    pub after: Option<String>,
}

/// What one person changed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Who, as git knows it.
    pub author: String,
    /// The member of the team; empty = nobody.
    pub member: String,
    /// When.
    pub day: Day,
    /// What.
    pub files: Vec<Edited>,
}

/// Whether findings of a code are about commits, and not about a file as it stands.
pub fn is_of_commits(code: Code) -> bool {
    matches!(code, Code::ApprovedEdited | Code::PastFactEdited | Code::OtherAuthor | Code::SettingsEdited)
}

/// Decisions by somebody without the right, and discounts that nobody may give.
pub fn of_rows(c: &Checked<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for n in 0..c.book.customers.len() {
        for (e, wrong) in decisions(c.index, n) {
            let code = match wrong {
                Wrong::Owner => Code::PolicyOwner,
                Wrong::Grade => Code::PolicyGrade,
                Wrong::Stage => Code::PolicyStage,
            };
            let place = c.cell_place(e.place(), Ledger::Events, "by");
            out.push(Diagnostic::new(code, place, [e.id(), e.subject(), e.by(), e.from(), e.to()]));
        }
    }
    for b in discounts(c.index) {
        let place = c.cell_place(b.line.place(), Ledger::Orders, "discount");
        let what = format!("{}/{}", b.line.id(), b.line.line());
        let facts = [what, percent(b.discount), percent(b.limit), b.whose];
        out.push(Diagnostic::of(Code::PolicyDiscount, place, facts.to_vec()));
    }
    out
}

/// A row: its cells that are not empty, and where it stands.
struct Row {
    cells: BTreeMap<String, String>,
    file: String,
    line: u32,
}

impl Row {
    fn cell(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }
}

/// The ledger of a path.
fn ledger_of(path: &str) -> Option<Ledger> {
    let (folder, _) = path.strip_prefix("ledgers/")?.split_once('/')?;
    Ledger::parse(folder).filter(|_| path.ends_with(".csv"))
}

/// The rows of a text, by what identifies them.
fn rows(ledger: Ledger, file: &str, text: &str, out: &mut BTreeMap<Vec<String>, Row>) {
    let mut reader = Reader::new(text, file);
    let Some(header) = reader.header(ledger, &mut Vec::new()) else { return };
    let add = &mut |raw: crate::store::csvfile::RawRow<'_, '_>| {
        let cells: BTreeMap<String, String> = header
            .names
            .iter()
            .enumerate()
            .map(|(n, name)| (name.clone(), raw.get(n).into_owned()))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        let row = Row { cells, file: file.into(), line: raw.line };
        let key = ledger.key().iter().map(|k| row.cell(k).to_string()).collect();
        out.insert(key, row);
    };
    reader.rows(header.names.len(), add, &mut Vec::new());
}

/// What people changed without the right, oldest first.
pub fn of_commits(c: &Checked<'_>, made: &[Made]) -> Vec<Diagnostic> {
    let team = &c.book.team;
    let mut out = Vec::new();
    for m in made {
        let author = team.get(&m.member);
        let name = if m.member.is_empty() { m.author.as_str() } else { m.member.as_str() };
        for f in m.files.iter().filter(|f| [SETTINGS, TEAM].contains(&f.path.as_str()) && f.before.is_some()) {
            if !leads(team, author) {
                out.push(Diagnostic::new(Code::SettingsEdited, at_line(&f.path, 1, ""), [&f.path, name]));
            }
        }
        let mut sides: BTreeMap<Ledger, [BTreeMap<Vec<String>, Row>; 2]> = BTreeMap::new();
        for f in &m.files {
            let Some(ledger) = ledger_of(&f.path) else { continue };
            let [before, after] = sides.entry(ledger).or_default();
            rows(ledger, &f.path, f.before.as_deref().unwrap_or(""), before);
            rows(ledger, &f.path, f.after.as_deref().unwrap_or(""), after);
        }
        for (ledger, [before, after]) in &sides {
            for (key, old) in before {
                let new = after.get(key);
                if new.is_some_and(|new| new.cells == old.cells) {
                    continue;
                }
                let day =
                    ledger.day_column().and_then(|n| At::parse(old.cell(ledger.columns()[n].name), c.book.settings.tz));
                let approved = is_approved(c.index, *ledger, old.cell("id"));
                let code = match may_edit(team, approved, day.map(|at| at.day), m.day, author) {
                    Ok(()) => continue,
                    Err(Meddled::Approved) => Code::ApprovedEdited,
                    Err(Meddled::Past) => Code::PastFactEdited,
                };
                let place = place(new.unwrap_or(old), new.is_some(), c);
                let what = format!("{}:{}", ledger.kind(), key.join("/"));
                let how = if new.is_some() { "edited" } else { "removed" };
                let changed = new.map(|new| differing(old, new)).unwrap_or_default();
                out.push(Diagnostic::new(code, place, [&what, how, name, &changed]));
            }
            if *ledger == Ledger::Events {
                let added = after.iter().filter(|(key, _)| !before.contains_key(*key));
                for (_, e) in added.filter(|(_, e)| !may_write_for(team, author, e.cell("by"))) {
                    out.push(Diagnostic::new(Code::OtherAuthor, place(e, true, c), [e.cell("id"), e.cell("by"), name]));
                }
            }
        }
    }
    out
}

/// The columns in which two rows differ.
fn differing(old: &Row, new: &Row) -> String {
    let mut names: Vec<&str> = old.cells.keys().chain(new.cells.keys()).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|n| old.cell(n) != new.cell(n));
    names.join(", ")
}

/// A line of a file, marked from its first character on.
fn at_line(file: &str, line: u32, text: &str) -> Place {
    Place { column: 1, width: 1, text: Some(text.to_string()).filter(|t| !t.is_empty()), ..Place::line(file, line) }
}

/// Where a row stands now; the file alone where it is gone.
fn place(row: &Row, is_there: bool, c: &Checked<'_>) -> Place {
    let first = row.cell("id");
    match c.text_at_line(&row.file, row.line).and_then(|rest| rest.lines().next()) {
        Some(text) if is_there && text.contains(first) => at_line(&row.file, row.line, text),
        _ => at_line(&row.file, 1, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_ledgers_are_known() {
        let check = |path: &str, expected: Option<Ledger>| assert_eq!(ledger_of(path), expected, "{path}");
        check("ledgers/orders/2026-li.csv", Some(Ledger::Orders));
        check("ledgers/events/a/b.csv", Some(Ledger::Events));
        check("ledgers/orders.csv", None);
        check("ledgers/moon/2026.csv", None);
        check("customers/a.toml", None);
    }
}
