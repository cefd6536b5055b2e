//! The rows of a ledger that are there already: found by key, read again when they are wanted, never kept.

use super::key::{Key, key};
use crate::diag::Diagnostic;
use crate::model::Str;
use crate::model::ledger::Ledger;
use crate::model::row::PlainRow;
use crate::model::settings::Settings;
use crate::store::read::ledger::{Scanned, Spot, scan};
use std::collections::{HashMap, HashSet};

/// Where a row stands.
#[derive(Debug, Clone, Copy)]
struct At {
    file: u32,
    spot: Spot,
}

/// The rows of a ledger, by what makes a row the same.
#[derive(Debug)]
pub struct Existing {
    files: Vec<Scanned>,
    rows: Vec<At>,
    by_key: HashMap<Key, u32>,
    by_source: HashMap<Key, u32>,
    /// First row of each id, and how many there are.
    heads: HashMap<Key, (u32, u32)>,
    /// (id, line) of all, where that is not the key.
    lines: HashSet<Key>,
    line_is_key: bool,
    /// Ids by name; `None` = several have it.
    names: HashMap<Str, Option<Str>>,
}

impl Existing {
    /// Goes through the files of a ledger, `(path, text)` each. What is wrong in them goes to `diags`.
    pub fn new(ledger: Ledger, texts: &[(Str, Str)], settings: &Settings, diags: &mut Vec<Diagnostic>) -> Existing {
        let mut all = Existing {
            files: Vec::new(),
            rows: Vec::new(),
            by_key: HashMap::new(),
            by_source: HashMap::new(),
            heads: HashMap::new(),
            lines: HashSet::new(),
            line_is_key: ledger.key() == ["id", "line"],
            names: HashMap::new(),
        };
        let keys: Vec<usize> = ledger.key().iter().filter_map(|k| ledger.column(k)).collect();
        let column = |name: &str| ledger.column(name);
        let (id, line, source, name) = (column("id"), column("line"), column("source_key"), column("name"));
        for (file, text) in texts {
            let number = u32::try_from(all.files.len()).unwrap_or(u32::MAX);
            let mut parts: Vec<&str> = Vec::new();
            let scanned = scan(ledger, text, file, settings, diags, &mut |spot, cells| {
                let n = u32::try_from(all.rows.len()).unwrap_or(u32::MAX);
                all.rows.push(At { file: number, spot });
                parts.clear();
                parts.extend(keys.iter().map(|k| ledger.in_key(ledger.columns()[*k].name, cells[*k])));
                all.by_key.insert(key(&parts), n);
                if let Some(word) = source.map(|s| cells[s]).filter(|w| !w.is_empty()) {
                    all.by_source.insert(key(&[word]), n);
                }
                let Some(id) = id.map(|i| cells[i]) else { return };
                all.heads.entry(key(&[id])).or_insert((n, 0)).1 += 1;
                if let Some(l) = line.filter(|_| !all.line_is_key) {
                    all.lines.insert(key(&[id, cells[l]]));
                }
                if let Some(word) = name.map(|k| cells[k]).filter(|w| !w.is_empty()) {
                    all.names.entry(word).and_modify(|e| *e = e.filter(|o| *o == id)).or_insert(Some(id));
                }
            });
            all.files.extend(scanned);
        }
        all
    }

    /// A row by its number.
    pub(super) fn row(&self, n: u32) -> PlainRow {
        let At { file, spot } = self.rows[n as usize];
        self.files[file as usize].row(spot)
    }
    /// The file in which a row stands, and the line on which it begins.
    pub(super) fn place(&self, n: u32) -> (Str, u32) {
        let At { file, spot } = self.rows[n as usize];
        (self.files[file as usize].file, spot.line)
    }
    /// All rows, one after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = PlainRow> {
        (0..self.rows.len()).filter_map(|n| Some(self.row(u32::try_from(n).ok()?)))
    }
    /// The row with the ledger's key.
    pub(super) fn by_key(&self, parts: &[&str]) -> Option<u32> {
        self.by_key.get(&key(parts)).copied()
    }
    /// The row with a source key.
    pub(super) fn by_source(&self, word: &str) -> Option<u32> {
        self.by_source.get(&key(&[word])).copied()
    }
    /// The first row with an id.
    pub(super) fn head(&self, id: &str) -> Option<u32> {
        self.heads.get(&key(&[id])).map(|(first, _)| *first)
    }
    /// How many rows an id has.
    pub(super) fn lines_of(&self, id: &str) -> u32 {
        self.heads.get(&key(&[id])).map_or(0, |(_, count)| *count)
    }
    /// Whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// Whether an id has a line.
    pub(super) fn has_line(&self, id: &str, line: &str) -> bool {
        let key = key(&[id, line]);
        if self.line_is_key { self.by_key.contains_key(&key) } else { self.lines.contains(&key) }
    }
    /// The id with a name; the inner `None` when several have it.
    pub(super) fn named(&self, name: &str) -> Option<Option<Str>> {
        self.names.get(name).copied()
    }
}
