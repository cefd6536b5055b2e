//! What `check --fix` mends: only what is safe. Where the file and the events differ, the missing event is appended: what somebody wrote by hand, or
//! chose in a merge, stands. A stage that may not follow takes the events' value again. Raw newlines in cells are escaped.

use super::Doubt;
use crate::diag::{Code, Diagnostic};
use crate::model::book::Book;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::DECISIONS;
use crate::model::fold::Lost;
use crate::model::ledger::Type;
use crate::rules::claiming::is_claim;
use crate::rules::decisions::BY_HAND;
use crate::rules::engine::index::Index;
use crate::rules::history::{fold_of, unsettled};
use crate::rules::lifecycle::may_move;
use crate::rules::references::dangling;
use crate::rules::turn::{Act, Extra, Turn, event};
use crate::store::cells::escape_note;
use crate::store::csvedit::without_blank_rows;
use crate::store::load::FileTexts;

/// A change, and what it mends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub file: String,
    /// The finding that is gone afterwards.
    pub code: Code,
    /// The decision that the events, or the file, take over: its key, its value there before, its value now.
    pub turned: Option<(&'static str, String, String)>,
}

/// Whether a finding can be mended.
pub fn is_fixable(d: &Diagnostic) -> bool {
    match d.code {
        Code::DecisionDrift | Code::BlankRow => true,
        Code::RawNewline => d.arg(1) == "note",
        // What a stage requires of a customer that nobody moved, no event makes up for.
        Code::StageRequires => d.arg(3) == "edit",
        Code::LostRace | Code::StageTransition => !d.arg(3).is_empty(),
        _ => false,
    }
}

/// The changes that take blank rows out. They stand in files that others of the changes below may be about, so they come first.
pub fn blank_rows(found: &[Diagnostic], texts: &FileTexts) -> (ChangeSet, Vec<Mended>) {
    let mut set = ChangeSet::default();
    let mut mended: Vec<Mended> = Vec::new();
    for d in found.iter().filter(|d| d.code == Code::BlankRow) {
        let file = d.place.file.as_str();
        if mended.iter().any(|m| m.file == file) {
            continue;
        }
        let Some(text) = texts.get(file).and_then(without_blank_rows) else { continue };
        let text = if texts.has_bom(file) { format!("\u{feff}{text}") } else { text };
        set.push(Change::Replace { file: file.into(), text });
        mended.push(Mended { file: file.into(), code: Code::BlankRow, turned: None });
    }
    (set, mended)
}

/// The changes that mend what can be mended, and nothing that rests on what could not be read.
pub fn plan(index: &Index<'_>, doubt: &Doubt, act: &Act) -> (ChangeSet, Vec<Mended>) {
    let book = index.book;
    let mut set = ChangeSet::default();
    let mut mended = Vec::new();
    for (n, c) in book.customers.iter().enumerate() {
        let lost = dangling(book, c);
        for name in DECISIONS.iter().copied() {
            if doubt.decision(c, name) {
                continue;
            }
            let Some(f) = fold_of(index.events(n), name) else { continue };
            let present = c.decision(name);
            let raced = unsettled(&f).next().is_some();
            if f.value == present && !raced {
                continue;
            }
            // What is a finding of its own does not become history.
            if lost.iter().any(|d| d.contact.is_empty() && d.key == name) {
                continue;
            }
            // A stage that the ladder does not allow is no choice: the file takes what the events say.
            let refused = raced
                && name == "stage"
                && f.value != present
                && may_move(index, n, f.value, present, false, book.today).is_err();
            // Of two claims the earlier one holds, whatever was chosen in the merge (R2).
            let lost_claim = |l: &Lost| l.event.to() == present && is_claim(l.event, index.events(n));
            let late = name == "owner" && f.value != present && unsettled(&f).any(lost_claim);
            let (old, new) = if refused || late { (present, f.value) } else { (f.value, present) };
            if refused || late {
                let value = TomlValue::Text(f.value.into());
                let edit = TomlEdit::Set { table: Vec::new(), key: name.into(), value };
                set.push(Change::EditToml { file: c.file.into(), edits: vec![edit] });
            }
            if !refused {
                // Before an event that is still to come it would break the chain.
                let Some(at) = act.after(index.events(n).iter().map(|e| e.at()).max()) else { continue };
                let act = Act { note: BY_HAND.into(), at, ..act.clone() };
                let turn = Turn { kind: "customer", subject: c.id, event: name, from: f.value, to: new };
                set.extend(event(book, turn, &act, &Extra::default()));
            }
            let code = if raced { Code::LostRace } else { Code::DecisionDrift };
            mended.push(Mended {
                file: c.file.to_string(),
                code,
                turned: Some((name, old.to_string(), new.to_string())),
            });
        }
    }
    newlines(book, &mut set, &mut mended);
    (set, mended)
}

fn newlines(book: &Book, set: &mut ChangeSet, mended: &mut Vec<Mended>) {
    for (ledger, rows) in &book.plain {
        for r in rows {
            let mut cells = Vec::new();
            for (column, value) in ledger.columns().iter().zip(r.cells.iter()) {
                if column.ty == Type::Note && value.contains(['\n', '\r']) {
                    let text = crate::store::cells::unescape_note(value).replace("\r\n", "\n").replace('\r', "\n");
                    cells.push((column.name.to_string(), escape_note(&text).into_owned()));
                }
            }
            if !cells.is_empty() {
                let file = book.file(r.place).to_string();
                mended.push(Mended { file: file.clone(), code: Code::RawNewline, turned: None });
                set.push(Change::EditRow { file, ledger: *ledger, line: r.place.line, cells });
            }
        }
    }
}
