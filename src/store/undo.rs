//! Taking back what commands of this clone did: what `.kehu/undo` keeps of them becomes a plan like any other.
//!
//! A kept change fits when each of its files is as it left it; then the plan makes each as it was before. Several changes
//! are taken back one after the other, and written once.

use super::commit::state::edges_of;
use super::error::StoreError;
use super::journal::{Entry, Journal, Paths, UNDO, Was, kept_name, sha256};
use super::kept;
use super::layout::KEHU_DIR;
use super::lock::LockGuard;
use super::open;
use super::plan::{Action, Plan, Snapshot, Stamp, check_path, mode_of};
use super::text::{MAX_FILE, too_large};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

/// Why a change cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unkept {
    /// The texts of the files that it changed are more than is kept.
    TooLarge,
    /// The command made several changes, and the first are not kept any more.
    InPart,
    /// This file of `.kehu` is damaged.
    Damaged(String),
}

/// What one command did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// The command as it was typed; empty where that is damaged.
    pub command: String,
    /// When.
    pub at: String,
    /// The files that it changed, sorted.
    pub files: Vec<String>,
    /// Files whose names are not kept.
    pub left_out: u64,
    /// Why it cannot be taken back.
    pub unkept: Option<Unkept>,
    /// Its changes, the last one first.
    changes: Vec<Journal<'static>>,
    /// The run of the program that made them, and the number of the first one that is there.
    run: Option<(String, u32)>,
}

impl Past {
    /// How many files it changed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.files.len() as u64 + self.left_out
    }
}

/// The commands whose changes are kept, the last one first.
///
/// # Errors
/// The system's; links in `.kehu`.
pub fn past(root: &Path) -> Result<Vec<Past>, StoreError> {
    let mut out: Vec<Past> = Vec::new();
    for number in kept::numbers(&Paths::new(root))?.unwrap_or_default().into_iter().rev() {
        let Some(journal) = kept::read(root, number)? else {
            let file = format!("{KEHU_DIR}/{UNDO}/{}", kept_name(number));
            out.push(Past { unkept: Some(Unkept::Damaged(file)), ..Past::default() });
            continue;
        };
        let kept = journal.kept.clone().unwrap_or_default();
        // A command that made several changes is taken back as a whole.
        let same = |p: &&mut Past| p.run.as_ref().is_some_and(|(run, _)| !run.is_empty() && *run == kept.deed.run);
        let known = out.last_mut().filter(same);
        let past = match known {
            Some(past) => past,
            None => {
                out.push(Past { command: kept.deed.command.clone(), at: kept.deed.at.clone(), ..Past::default() });
                let Some(new) = out.last_mut() else { continue };
                new
            }
        };
        past.run = Some((kept.deed.run.clone(), kept.deed.part));
        past.left_out += kept.left_out;
        past.files.extend(journal.entries.iter().map(|e| e.path().to_string()));
        let unkept = |e: &Entry<'_>| matches!(e, Entry::Replace { was: None, .. } | Entry::Remove { was: None, .. });
        if kept.left_out > 0 || journal.entries.iter().any(unkept) {
            past.unkept = Some(Unkept::TooLarge);
        }
        past.changes.push(journal);
    }
    for past in &mut out {
        past.files = std::mem::take(&mut past.files).into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        if past.unkept.is_none() && past.run.as_ref().is_some_and(|(_, part)| *part > 0) {
            past.unkept = Some(Unkept::InPart);
        }
    }
    Ok(out)
}

/// A file on its way back.
struct File {
    /// As it is now, with its mode.
    found: Option<(Stamp, Vec<u8>, Option<u32>)>,
    /// As it will be, with its mode.
    now: Option<(Vec<u8>, Option<u32>)>,
}

/// The plan that makes all files as they were before these commands, the last ones of [`past`].
///
/// # Errors
/// [`StoreError::Unkept`] when one cannot be taken back; [`StoreError::ChangedSince`] when a file is not as the command left it.
pub fn take_back(root: &Path, past: &[Past]) -> Result<Plan<'static>, StoreError> {
    /// Every file is compared as a whole.
    static NOTHING: LazyLock<Snapshot> = LazyLock::new(Snapshot::default);
    let mut files: BTreeMap<&str, File> = BTreeMap::new();
    for past in past {
        if let Some(why) = &past.unkept {
            return Err(StoreError::Unkept { command: past.command.clone(), why: why.clone() });
        }
        for entry in past.changes.iter().flat_map(|j| j.entries.iter().rev()) {
            let file = match files.entry(entry.path()) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => new.insert(find(root, entry.path())?),
            };
            let changed = || StoreError::ChangedSince { file: entry.path().into(), command: past.command.clone() };
            let bytes = file.now.take();
            let mode = bytes.as_ref().and_then(|(_, mode)| *mode);
            let before = before(entry, bytes.map(|(bytes, _)| bytes)).ok_or_else(changed)?;
            file.now = before.map(|(bytes, was)| (bytes, was.or(mode)));
        }
    }
    let mut actions = Vec::new();
    for (path, File { found, now }) in files {
        let action = match (found, now) {
            (Some((_, old, _)), Some((new, _))) if old == new => continue,
            (None, None) => continue,
            (Some((stamp, old, mode)), Some((new, _))) => Action::Replace { stamp, old, new: Cow::Owned(new), mode },
            (Some((stamp, old, mode)), None) => Action::Remove { stamp, old, mode },
            (None, Some((new, mode))) => Action::Create { new: Cow::Owned(new), mode },
        };
        actions.push((path.to_string(), action));
    }
    Ok(Plan { actions, snapshot: &NOTHING, deed: None })
}

fn find(root: &Path, path: &str) -> Result<File, StoreError> {
    let full = check_path(root, path)?;
    let io = |e| StoreError::io(&full, e);
    let (mut file, meta) = match open::regular(&full) {
        Ok(found) => found,
        Err(e) if super::journal::is_absent(&e) => return Ok(File { found: None, now: None }),
        Err(e) => return Err(io(e)),
    };
    if let Some(d) = too_large(path, meta.len(), MAX_FILE) {
        return Err(StoreError::Unreadable(Box::new(d)));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(io)?;
    let mode = mode_of(&meta);
    Ok(File { found: Some((Stamp::of(&meta), bytes.clone(), mode)), now: Some((bytes, mode)) })
}

/// What a file was before an entry was carried out, with the mode where it was removed: the inner `None` is no file. The
/// outer one says that it is not as the entry left it.
#[allow(clippy::option_option)]
fn before(entry: &Entry<'_>, now: Option<Vec<u8>>) -> Option<Option<(Vec<u8>, Option<u32>)>> {
    match entry {
        Entry::Append { old_length, before, text, rows, .. } => {
            let mut bytes = now?;
            let old = usize::try_from(*old_length).ok()?;
            let (front, behind) = bytes.split_at_checked(old)?;
            let same = match rows {
                Some(rows) => behind.len() as u64 == rows.length && sha256(behind) == rows.hash,
                None => behind == text.as_bytes(),
            };
            if !same || edges_of(front) != *before {
                return None;
            }
            bytes.truncate(old);
            Some(Some((bytes, None)))
        }
        Entry::Replace { old, new, was, .. } => {
            let bytes = now.filter(|bytes| sha256(bytes) == *new)?;
            let Was { front, end, bytes: between, .. } = was.as_ref()?;
            let (front, end) = (usize::try_from(*front).ok()?, usize::try_from(*end).ok()?);
            let rest = bytes.get(front..)?;
            let end = rest.get(rest.len().checked_sub(end)?..)?;
            let bytes = [&bytes[..front], &plain(between)?, end].concat();
            (sha256(&bytes) == *old).then_some(Some((bytes, None)))
        }
        Entry::Create { new, .. } => (sha256(&now?) == *new).then_some(None),
        Entry::Remove { old, was, .. } => {
            if now.is_some() {
                return None;
            }
            let was = was.as_ref()?;
            let bytes = plain(&was.bytes)?;
            // A journal may be somebody's who would like to be another user.
            (sha256(&bytes) == *old).then_some(Some((bytes, was.mode.map(|mode| mode & 0o777))))
        }
    }
}

/// The bytes that a kept text stands for.
fn plain(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// Removes the folders that are empty now that a plan's files are gone: the commands made them.
pub fn sweep(root: &Path, plan: &Plan<'_>, _guard: &LockGuard) {
    for (path, _) in plan.actions.iter().filter(|(_, a)| matches!(a, Action::Remove { .. })) {
        let mut folder = Path::new(path);
        while let Some(parent) = folder.parent().filter(|p| p.components().count() > 1) {
            // One that is not empty stays, and so do those above it.
            if fs::remove_dir(root.join(parent)).is_err() {
                break;
            }
            folder = parent;
        }
    }
}
