//! From a change set to the bytes that files will have, without writing anything.
//!
//! Appends look at a file's header and its last bytes only: their cost does not grow with the ledger.

use crate::model::change::{Change, ChangeSet};
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRows;
use crate::store::basis::Basis;
use crate::store::commit::state::{HEAD, TAIL, edges};
use crate::store::csvedit::{self, CsvError, RowOp};
use crate::store::disk::read_part;
use crate::store::error::StoreError;
use crate::store::journal::{Deed, digest, read_opt};
use crate::store::layout::{self, CustomerLayout, LedgerLayout, Unsafe, writable};
use crate::store::open;
use crate::store::text::{MAX_FILE, MAX_TOML, TextFile, with_bom};
use crate::store::tomledit;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

/// Longest header line.
const MAX_HEAD: u64 = 1 << 20;

/// Where new files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layouts {
    /// `[customers] layout`
    pub customers: CustomerLayout,
    /// `[ledgers] layout`
    pub ledgers: LedgerLayout,
}

/// The files that are to be changed, as they were read: a commit fails when one of them has another content by then.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    files: BTreeMap<String, Option<[u8; 32]>>,
    /// What was read and is not written.
    pub(super) basis: Basis,
}

impl Snapshot {
    /// Notes a file's content as it was read, or its absence.
    pub fn record(&mut self, path: &str, content: Option<&[u8]>) {
        self.files.insert(path.to_string(), content.map(digest));
    }

    fn check(&self, path: &str, content: Option<&[u8]>) -> Result<(), StoreError> {
        match self.files.get(path) {
            Some(seen) if *seen != content.map(digest) => Err(changed(path)),
            _ => Ok(()),
        }
    }
}

fn changed(path: &str) -> StoreError {
    StoreError::ChangedUnderUs { file: path.into() }
}

/// What tells, without reading the file, that nobody has probably written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    /// Which file it is: device and inode.
    file: Option<(u64, u64)>,
}

impl Stamp {
    pub(crate) fn of(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        let file = Some((std::os::unix::fs::MetadataExt::dev(meta), std::os::unix::fs::MetadataExt::ino(meta)));
        #[cfg(not(unix))]
        let file = None;
        Stamp { len: meta.len(), modified: meta.modified().ok(), file }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }
}

/// What becomes of one file.
#[derive(Debug, Clone)]
pub(crate) enum Action<'c> {
    /// `before` are the edges of what stands in the file, see [`edges`]; the header is empty where the text has one.
    Append {
        stamp: Stamp,
        before: String,
        header: String,
        context: String,
        text: String,
    },
    Create {
        new: Cow<'c, [u8]>,
        mode: Option<u32>,
    },
    Replace {
        stamp: Stamp,
        old: Vec<u8>,
        new: Cow<'c, [u8]>,
        mode: Option<u32>,
    },
    Remove {
        stamp: Stamp,
        old: Vec<u8>,
        mode: Option<u32>,
    },
}

impl Action<'_> {
    /// What the file was when it was read.
    pub(crate) fn stamp(&self) -> Option<&Stamp> {
        match self {
            Action::Create { .. } => None,
            Action::Append { stamp, .. } | Action::Replace { stamp, .. } | Action::Remove { stamp, .. } => Some(stamp),
        }
    }
    /// The length of the file as it was read.
    pub(crate) fn length(&self) -> Option<u64> {
        self.stamp().map(Stamp::len)
    }
}

/// All that a commit will do. Whole texts are those of the change set.
#[derive(Debug, Clone)]
pub struct Plan<'c> {
    /// By path.
    pub(crate) actions: Vec<(String, Action<'c>)>,
    pub(super) snapshot: &'c Snapshot,
    /// Who makes the change; without it, it cannot be taken back later.
    pub(super) deed: Option<Deed>,
}

/// One file's part of what `--dry-run` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffInput {
    /// The file, relative to the data directory.
    pub path: String,
    /// Its old text; `None` when it is new.
    pub old: Option<String>,
    /// Its new text; `None` when it is removed.
    pub new: Option<String>,
    /// Whether both are only the end of the file (the last three lines, before and after an append), so that line
    /// numbers are unknown.
    pub end_only: bool,
}

impl Plan<'_> {
    /// The same plan, made by a command: what it changes can be taken back.
    #[must_use]
    pub fn by(self, deed: Deed) -> Self {
        Plan { deed: Some(deed), ..self }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// The files that change, relative to the data directory.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|(path, _)| path.as_str())
    }

    /// Old and new texts. An append gives the last three lines of the file (at most 2 KiB of it) and the same with the new
    /// rows.
    pub fn diff_inputs(&self) -> Vec<DiffInput> {
        let text = |b: &[u8]| Some(String::from_utf8_lossy(b).into_owned());
        let input = |(path, action): &(String, Action<'_>)| {
            let (old, new, end_only) = match action {
                Action::Append { context, text, .. } => (Some(context.clone()), Some(format!("{context}{text}")), true),
                Action::Create { new, .. } => (None, text(new), false),
                Action::Replace { old, new, .. } => (text(old), text(new), false),
                Action::Remove { old, .. } => (text(old), None, false),
            };
            DiffInput { path: path.clone(), old, new, end_only }
        };
        self.actions.iter().map(input).collect()
    }

    /// Checks, immediately before the commit, that all files are as they were read.
    pub(crate) fn verify(&self, root: &Path) -> Result<(), StoreError> {
        // What is to be replaced or removed is compared below.
        let compared = |(_, a): &&(String, Action<'_>)| matches!(a, Action::Replace { .. } | Action::Remove { .. });
        let compared: HashSet<&str> = self.actions.iter().filter(compared).map(|(path, _)| path.as_str()).collect();
        for (path, seen) in self.snapshot.files.iter().filter(|(path, _)| !compared.contains(path.as_str())) {
            if *seen != read_opt(&root.join(path))?.as_deref().map(digest) {
                return Err(changed(path));
            }
        }
        let verify = |(path, action): &(String, Action<'_>)| {
            let full = check_path(root, path)?;
            match action {
                Action::Append { .. } => verify_stamp(&full, path, action)?,
                Action::Create { .. } => {
                    if fs::symlink_metadata(&full).is_ok() {
                        return Err(StoreError::Exists { file: path.clone() });
                    }
                }
                Action::Replace { old, .. } | Action::Remove { old, .. } => {
                    verify_stamp(&full, path, action)?;
                    if read_opt(&full)?.as_ref() != Some(old) {
                        return Err(changed(path));
                    }
                }
            }
            Ok(())
        };
        if self.actions.len() < FEW {
            self.actions.iter().try_for_each(verify)?;
        } else {
            first_error(self.actions.par_iter().map(verify).collect())?;
        }
        self.snapshot.basis.verify(root)
    }
}

/// With fewer files than this, starting threads takes longer than doing without.
const FEW: usize = 8;

/// The first error in order, whatever thread found it.
fn first_error(results: Vec<Result<(), StoreError>>) -> Result<(), StoreError> {
    results.into_iter().collect()
}

/// Whether a file still has the length and time that it had when it was read.
fn verify_stamp(full: &Path, path: &str, action: &Action<'_>) -> Result<(), StoreError> {
    let Some(stamp) = action.stamp() else { return Ok(()) };
    match fs::symlink_metadata(full) {
        Ok(meta) if meta.is_file() && Stamp::of(&meta) == *stamp => Ok(()),
        Ok(_) => Err(changed(path)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Err(changed(path)),
        Err(e) => Err(StoreError::io(full, e)),
    }
}

pub(super) fn check_path(root: &Path, path: &str) -> Result<std::path::PathBuf, StoreError> {
    writable(root, path)
        .map_err(|e| StoreError::io(&root.join(path), e))?
        .map_err(|why| StoreError::UnsafePath { file: path.into(), why })
}

/// What a file holds so far.
#[derive(Default)]
enum Now<'c> {
    /// Nothing: it is not there.
    #[default]
    Absent,
    /// What was read.
    Old,
    /// This.
    New(Cow<'c, [u8]>),
}

/// A file on its way from old to new.
#[derive(Default)]
struct Work<'c> {
    /// Whether `old` was read.
    read: bool,
    old: Option<(Vec<u8>, Stamp, Option<u32>)>,
    now: Now<'c>,
    whole: bool,
    ops: Vec<(u32, RowOp<'c>)>,
    rows: Vec<&'c NewRows>,
    ledger: Option<Ledger>,
    to: Option<String>,
}

/// Computes what each file becomes. Line numbers of row changes are those of the files as they are now.
///
/// # Errors
/// A file that is not as the snapshot has it, that is not there or already there, whose path must not be written to, or
/// an edit that is refused. Nothing is written in any case.
pub fn prepare<'c>(
    root: &Path,
    changes: &'c ChangeSet,
    layouts: &Layouts,
    author: &str,
    snapshot: &'c Snapshot,
) -> Result<Plan<'c>, StoreError> {
    let mut of_file: BTreeMap<Cow<'c, str>, Vec<&'c Change>> = BTreeMap::new();
    for change in &changes.changes {
        let path = match change {
            Change::Append { ledger, year, .. } => {
                let path = layout::ledger_file(layouts.ledgers, *ledger, *year, author);
                let plain = !author.is_empty() && !author.contains(['/', '\\']);
                if layouts.ledgers == LedgerLayout::AuthorYear && !plain {
                    return Err(StoreError::UnsafePath { file: path, why: Unsafe::Name });
                }
                Cow::Owned(path)
            }
            Change::EditRow { file, .. }
            | Change::RemoveRow { file, .. }
            | Change::Create { file, .. }
            | Change::EditToml { file, .. }
            | Change::Replace { file, .. }
            | Change::Rename { file, .. }
            | Change::Remove { file } => Cow::Borrowed(file.as_str()),
        };
        of_file.entry(path).or_default().push(change);
    }
    let work = |(path, list): (Cow<'c, str>, Vec<&'c Change>)| {
        let mut work = Work::default();
        for change in list {
            if !matches!(change, Change::Append { .. }) {
                work.read(root, &path, snapshot)?;
            }
            work.take(&path, change)?;
        }
        work.finish(root, path.into_owned(), snapshot)
    };
    // Files have nothing to do with each other.
    let files: Vec<_> = of_file.into_iter().collect();
    let parts: Vec<Result<Vec<(String, Action<'c>)>, StoreError>> = if files.len() < FEW {
        files.into_iter().map(work).collect()
    } else {
        files.into_par_iter().map(work).collect()
    };
    let mut actions: Vec<(String, Action<'c>)> = Vec::with_capacity(parts.len());
    for part in parts {
        actions.extend(part?);
    }
    actions.sort_by(|a, b| a.0.cmp(&b.0));
    match actions.windows(2).find(|w| w[0].0 == w[1].0) {
        Some(w) => Err(StoreError::Contradiction { file: w[0].0.clone() }),
        None => Ok(Plan { actions, snapshot, deed: None }),
    }
}

impl<'c> Work<'c> {
    fn read(&mut self, root: &Path, path: &str, snapshot: &Snapshot) -> Result<(), StoreError> {
        if self.read {
            return Ok(());
        }
        self.read = true;
        let full = check_path(root, path)?;
        let io = |e| StoreError::io(&full, e);
        match open::regular(&full) {
            Ok((mut file, meta)) => {
                if let Some(d) = crate::store::text::too_large(path, meta.len(), MAX_FILE) {
                    return Err(StoreError::Unreadable(Box::new(d)));
                }
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).map_err(io)?;
                snapshot.check(path, Some(&bytes))?;
                self.old = Some((bytes, Stamp::of(&meta), mode_of(&meta)));
                self.now = Now::Old;
                Ok(())
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => snapshot.check(path, None),
            Err(e) => Err(io(e)),
        }
    }

    /// The bytes so far, to be changed; nothing is left in their place.
    fn bytes(&mut self, path: &str) -> Result<Vec<u8>, StoreError> {
        match (std::mem::take(&mut self.now), &self.old) {
            (Now::New(bytes), _) => Ok(bytes.into_owned()),
            (Now::Old, Some((bytes, ..))) => Ok(bytes.clone()),
            _ => Err(StoreError::NotFound { file: path.into() }),
        }
    }

    fn take(&mut self, path: &str, change: &'c Change) -> Result<(), StoreError> {
        let contradiction = || StoreError::Contradiction { file: path.into() };
        if self.to.is_some() && matches!(change, Change::Rename { .. } | Change::Remove { .. }) {
            return Err(contradiction());
        }
        match (change, &self.now) {
            (Change::Append { ledger, rows, .. }, _) => {
                self.ledger = Some(*ledger);
                self.rows.push(rows);
                return Ok(());
            }
            (Change::Create { text, .. }, Now::Absent) => {
                self.now = Now::New(Cow::Borrowed(text.as_bytes()));
                self.whole = true;
                return Ok(());
            }
            (Change::Create { .. }, _) => return Err(StoreError::Exists { file: path.into() }),
            (_, Now::Absent) => return Err(StoreError::NotFound { file: path.into() }),
            _ => {}
        }
        match change {
            Change::EditRow { line, cells, .. } if !self.whole => self.ops.push((*line, RowOp::Edit(cells))),
            Change::RemoveRow { line, .. } if !self.whole => self.ops.push((*line, RowOp::Remove)),
            Change::Replace { text, .. } if self.ops.is_empty() => {
                self.now = Now::New(Cow::Borrowed(text.as_bytes()));
                self.whole = true;
            }
            Change::EditToml { edits, .. } if self.ops.is_empty() => {
                let text = text_of(self.bytes(path)?, path, MAX_TOML)?;
                let groups = if path.starts_with("customers/") { tomledit::customer_groups() } else { Vec::new() };
                let groups: Vec<&[&str]> = groups.iter().map(Vec::as_slice).collect();
                let body = tomledit::apply_ordered(&text.body, edits, &groups)
                    .map_err(|why| StoreError::Edit { file: path.into(), why })?;
                self.now = Now::New(Cow::Owned(readable(with_bom(text.bom, &body), path, MAX_TOML)?));
                self.whole = true;
            }
            Change::Rename { to, .. } => self.to = Some(to.clone()),
            Change::Remove { .. } if self.ops.is_empty() && self.rows.is_empty() => self.now = Now::Absent,
            _ => return Err(contradiction()),
        }
        Ok(())
    }

    fn finish(
        mut self,
        root: &Path,
        path: String,
        snapshot: &Snapshot,
    ) -> Result<Vec<(String, Action<'c>)>, StoreError> {
        if !self.read && !self.rows.is_empty() {
            if let Some(action) = self.append(root, &path, snapshot)? {
                return Ok(vec![(path, action)]);
            }
            self.read(root, &path, snapshot)?;
        }
        if !self.ops.is_empty() || !self.rows.is_empty() {
            let text = text_of(self.bytes(&path)?, &path, MAX_FILE)?;
            let body = csvedit::rewrite(&text.body, &self.ops, &self.rows[..])
                .map_err(|why| StoreError::Csv { file: path.clone(), why })?;
            self.now = Now::New(Cow::Owned(readable(with_bom(text.bom, &body), &path, MAX_FILE)?));
        }
        let mode = self.old.as_ref().and_then(|(_, _, mode)| *mode);
        Ok(match (self.old, self.now, self.to) {
            (None, Now::Absent | Now::Old, _) | (Some(_), Now::Old, None) => Vec::new(),
            (Some((old, stamp, mode)), Now::Absent, _) => vec![(path, Action::Remove { stamp, old, mode })],
            (None, Now::New(new), to) => vec![(to.unwrap_or(path), Action::Create { new, mode })],
            (Some((old, ..)), Now::New(new), None) if old == *new => Vec::new(),
            (Some((old, stamp, _)), Now::New(new), None) => {
                vec![(path, Action::Replace { stamp, old, new, mode })]
            }
            (Some((old, stamp, _)), now, Some(to)) => {
                if fs::symlink_metadata(check_path(root, &to)?).is_ok() {
                    return Err(StoreError::Exists { file: to });
                }
                let new = if let Now::New(new) = now { new } else { Cow::Owned(old.clone()) };
                vec![(path, Action::Remove { stamp, old, mode }), (to, Action::Create { new, mode })]
            }
        })
    }

    /// Rows at the end of a file that is read at its two ends only. `None` when the header lacks a column.
    fn append(&self, root: &Path, path: &str, snapshot: &Snapshot) -> Result<Option<Action<'c>>, StoreError> {
        let csv = |why| StoreError::Csv { file: path.into(), why };
        let list = &self.rows[..];
        csvedit::check_values(list).map_err(csv)?;
        let columns: Vec<&str> = self.ledger.map_or(Vec::new(), |l| l.columns().iter().map(|c| c.name).collect());
        let full = check_path(root, path)?;
        let io = |e| StoreError::io(&full, e);
        let (file, meta) = match open::regular(&full) {
            Ok(found) => found,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                snapshot.check(path, None)?;
                let new = readable(csvedit::new_file(&columns, list).into_bytes(), path, MAX_FILE)?;
                return Ok(Some(Action::Create { new: Cow::Owned(new), mode: None }));
            }
            Err(e) => return Err(io(e)),
        };
        let stamp = Stamp::of(&meta);
        let end = read_part(&file, stamp.len.saturating_sub(TAIL), stamp.len.min(TAIL) as usize).map_err(io)?;
        let tail = String::from_utf8_lossy(&end).into_owned();
        let mut before = None;
        let no_header = || csv(CsvError::NoHeader);

        let mut wanted = HEAD;
        let (head, header) = loop {
            let bytes = read_part(&file, 0, stamp.len.min(wanted) as usize).map_err(io)?;
            before.get_or_insert_with(|| edges(&bytes, &end));
            let (head, whole) = head_of(bytes, stamp.len);
            let header = csvedit::header_of(&head, whole);
            if header.is_some() || whole {
                break (head, header);
            }
            wanted *= 4;
            if wanted > MAX_HEAD {
                return Err(no_header());
            }
        };
        let crlf = head.find('\n').is_some_and(|n| n > 0 && head.as_bytes()[n - 1] == b'\r');
        // A BOM alone is no line that would have to be ended.
        let end = if tail == "\u{feff}" { "" } else { csvedit::missing_end(&tail, crlf) };
        let mut text = end.to_string();
        let line = header.as_ref().map(|names| csvedit::header_line(names, "\n")).unwrap_or_default();
        match header {
            None if head.trim_start_matches('\u{feff}').trim().is_empty() => {
                text.push_str(&csvedit::new_file(&columns, list));
            }
            None => return Err(no_header()),
            Some(names) if !csvedit::missing_columns(&names, list).is_empty() => return Ok(None),
            Some(names) => csvedit::encode_rows(&mut text, &names, list, crlf),
        }
        let text = text_of(text.into_bytes(), path, MAX_FILE.saturating_sub(stamp.len))?.body;
        let before = before.unwrap_or_default();
        Ok(Some(Action::Append { stamp, before, header: line, context: last_lines(&tail), text }))
    }
}

/// An edited file must be readable afterwards: not too large, and without anything that looks like a merge conflict.
fn readable(bytes: Vec<u8>, path: &str, limit: u64) -> Result<Vec<u8>, StoreError> {
    let text = text_of(bytes, path, limit)?;
    Ok(if text.bom { text.to_bytes() } else { text.body.into_bytes() })
}

fn text_of(bytes: Vec<u8>, path: &str, limit: u64) -> Result<TextFile, StoreError> {
    TextFile::from_bytes(bytes, path, limit).map_err(|d| StoreError::Unreadable(Box::new(d)))
}

pub(crate) fn mode_of(meta: &Metadata) -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777);
    #[cfg(not(unix))]
    {
        let _ = meta;
        None
    }
}

/// The first bytes of a file up to the last whole character, and whether that is all of the file.
fn head_of(mut bytes: Vec<u8>, len: u64) -> (String, bool) {
    let whole = bytes.len() as u64 >= len;
    let good = std::str::from_utf8(&bytes).map_or_else(|e| e.valid_up_to(), str::len);
    let cut = bytes.len() - good;
    bytes.truncate(good);
    (String::from_utf8(bytes).unwrap_or_default(), whole && cut == 0)
}

/// The last three lines of a text.
fn last_lines(text: &str) -> String {
    let ends: Vec<usize> = text.trim_end_matches(['\r', '\n']).match_indices('\n').map(|(n, _)| n + 1).collect();
    let from = ends.len().checked_sub(3).map_or(0, |n| ends[n]);
    text[from..].to_string()
}
