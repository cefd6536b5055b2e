//! What a command wants changed, as data: rules return it, `store` carries it out as a whole or not at all.

use super::ledger::Ledger;
use super::new_rows::{NewRow, NewRows};

/// A value for a key of a TOML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TomlValue {
    /// A string.
    Text(String),
    /// A date, number or boolean, as it stands in the file: `2026-11-22`, `500000`, `true`.
    Bare(String),
    /// A list of strings, one on each line when it has any.
    List(Vec<String>),
    /// Days with names, on one line: `[{ name = "…", date = "10-18" }]`.
    Dates(Vec<(String, String)>),
    /// Takes the key away.
    Remove,
}

impl TomlValue {
    /// The value as people type it: the items of a list by comma, nothing for a key that goes away.
    pub fn typed(&self) -> String {
        match self {
            TomlValue::Text(t) | TomlValue::Bare(t) => t.clone(),
            TomlValue::List(l) => l.join(","),
            TomlValue::Dates(l) => l.iter().map(|(name, date)| format!("{name} {date}")).collect::<Vec<_>>().join(","),
            TomlValue::Remove => String::new(),
        }
    }
}

/// One edit of a TOML file. Everything that it does not name stays byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TomlEdit {
    /// `key = value` at top level or in a table (`["fields"]`, `["limits"]` …).
    Set {
        /// The table, from the root; empty = the root.
        table: Vec<String>,
        /// The key.
        key: String,
        /// Its value.
        value: TomlValue,
    },
    /// A key of the element of an array of tables whose `id` is `id`: `[[contacts]]`.
    SetIn {
        /// Name of the array of tables.
        array: String,
        /// The element's `id`.
        id: String,
        /// The key.
        key: String,
        /// Its value.
        value: TomlValue,
    },
    /// A new element at the end of an array of tables, keys in order.
    Push {
        /// Name of the array of tables.
        array: String,
        /// Keys and values.
        values: Vec<(String, TomlValue)>,
    },
    /// Takes the element whose `id` is `id` out of an array of tables.
    Take {
        /// Name of the array of tables.
        array: String,
        /// The element's `id`.
        id: String,
    },
    /// A new table at the end with keys in order (`[li]` of team.toml).
    AddTable {
        /// Its name.
        name: String,
        /// Keys and values.
        values: Vec<(String, TomlValue)>,
    },
    /// Takes a table away.
    RemoveTable {
        /// Its name.
        name: String,
    },
}

/// One change. A list of them is carried out all or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Rows at the end of the file that the layout names for (ledger, year, author).
    Append {
        /// The ledger.
        ledger: Ledger,
        /// The year of the file.
        year: i32,
        /// The rows.
        rows: NewRows,
    },
    /// Cells of the row that stands at a line of a file.
    EditRow {
        /// File, relative to the data directory.
        file: String,
        /// The ledger.
        ledger: Ledger,
        /// Line on which the row begins, from 1.
        line: u32,
        /// (column, new value); an empty value empties the cell.
        cells: Vec<(String, String)>,
    },
    /// Takes the row that stands at a line of a file away.
    RemoveRow {
        /// File, relative to the data directory.
        file: String,
        /// Line on which the row begins, from 1.
        line: u32,
    },
    /// A file that must not exist yet, with its bytes.
    Create {
        /// Path relative to the data directory.
        file: String,
        /// Its whole text.
        text: String,
    },
    /// Edits of a TOML file.
    EditToml {
        /// Path relative to the data directory.
        file: String,
        /// In this order.
        edits: Vec<TomlEdit>,
    },
    /// A file's whole text (`edit`, `fmt`).
    Replace {
        /// Path relative to the data directory.
        file: String,
        /// The new text, BOM and line ends as they shall stand.
        text: String,
    },
    /// Moves a file; edits of it in the same set name its old path.
    Rename {
        /// Path relative to the data directory.
        file: String,
        /// The new path; must not exist yet.
        to: String,
    },
    /// Takes a file away.
    Remove {
        /// Path relative to the data directory.
        file: String,
    },
}

/// Everything that one command changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// In this order; several changes may touch one file. Line numbers are those of the file as it was read.
    pub changes: Vec<Change>,
}

impl ChangeSet {
    /// Adds a change.
    pub fn push(&mut self, change: Change) {
        self.changes.push(change);
    }
    /// Adds a row; rows for one ledger and year end up in one [`Change::Append`], and those stand in front.
    pub fn append(&mut self, ledger: Ledger, year: i32, row: NewRow) {
        self.add_rows(ledger, year, |rows| rows.push(row));
    }
    /// Adds rows in the same way.
    pub fn add_rows(&mut self, ledger: Ledger, year: i32, add: impl FnOnce(&mut NewRows)) {
        for c in &mut self.changes {
            match c {
                Change::Append { ledger: l, year: y, rows } if (*l, *y) == (ledger, year) => return add(rows),
                Change::Append { .. } => {}
                _ => break,
            }
        }
        let mut rows = NewRows::default();
        add(&mut rows);
        self.changes.insert(0, Change::Append { ledger, year, rows });
    }
    /// Adds many rows without copying them where they are the first ones.
    pub fn put_rows(&mut self, ledger: Ledger, year: i32, rows: NewRows) {
        self.add_rows(ledger, year, |all| if all.is_empty() { *all = rows } else { all.extend(&rows) });
    }
    /// Adds all changes of another set.
    pub fn extend(&mut self, other: ChangeSet) {
        for c in other.changes {
            match c {
                Change::Append { ledger, year, rows } => self.put_rows(ledger, year, rows),
                c => self.changes.push(c),
            }
        }
    }
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}
