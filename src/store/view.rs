//! Reading without a lock, next to writers: a view is the directory before a commit or after it, never in between.
//!
//! A reader notes the generation, then the journal; reads the files, through the journal if there is one; and looks at
//! the journal, then the generation, again. A commit raises the generation after it has applied its changes and before it
//! removes the journal, so that every commit that touched the reading shows in one of the two. Nothing is written here.

use crate::store::basis::{Basis, Listed, Seen};
use crate::store::cache::Stat;
use crate::store::commit::state::{State, behind, edges_of, state_of};
use crate::store::error::StoreError;
use crate::store::journal::{Entry, JOURNAL, Journal, Paths, is_absent, read_journal, read_opt, sha256};
use crate::store::lock;
use crate::store::open::{self, MAX_LINE_FILE};
use crate::store::text::MAX_FILE;
use std::collections::{BTreeSet, HashMap};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Readings that may fail before a reader keeps the writers out.
const PATIENCE: u32 = 6;

/// What tells one state of the directory from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    generation: Option<Vec<u8>>,
    journal: Option<Vec<u8>>,
}

/// The data directory as one commit left it.
#[derive(Debug)]
pub struct ReadView {
    paths: Paths,
    token: Token,
    journal: Option<Journal<'static>>,
    /// Entry of each path.
    entries: HashMap<String, usize>,
    /// A file that was neither as before nor as after the journal's commit.
    torn: OnceLock<String>,
    opened: AtomicUsize,
    bytes: AtomicU64,
    cached: AtomicUsize,
    /// What the files were, for whoever decides by them.
    basis: OnceLock<Mutex<Basis>>,
}

/// A file of `.kehu`, as readers need it: whoever may not look into the folder has none. That is another user of the system,
/// who reads the files as they are, also while a commit is under way.
fn readers(read: Result<Option<Vec<u8>>, StoreError>) -> Result<Option<Vec<u8>>, StoreError> {
    match read {
        Err(StoreError::Io { source, .. }) if source.kind() == ErrorKind::PermissionDenied => Ok(None),
        other => other,
    }
}

/// How much a reading read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// Data files that were opened.
    pub opened: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Data files that the cache stood in for.
    pub cached: usize,
}

impl ReadView {
    /// Begins a reading. Without `.kehu` (a fresh clone) there is no journal and no generation.
    ///
    /// # Errors
    /// A damaged journal ([`StoreError::JournalConflict`]), or the system's.
    pub fn open(root: &Path) -> Result<ReadView, StoreError> {
        let paths = Paths::new(root);
        let generation = readers(open::read_own(root, "generation", MAX_LINE_FILE))?;
        let bytes = readers(read_journal(root))?;
        let conflict = || StoreError::JournalConflict { file: JOURNAL.into() };
        let journal = bytes.as_deref().map(|b| Journal::decode(b).ok_or_else(conflict)).transpose()?;
        let journal_token = bytes.map(|b| sha256(&b).into_bytes());
        let token = Token { generation, journal: journal_token };
        let paths_of = journal.iter().flat_map(|j| j.entries.iter().enumerate());
        let entries = paths_of.map(|(n, e)| (e.path().to_string(), n)).collect();
        Ok(ReadView {
            paths,
            token,
            journal,
            entries,
            torn: OnceLock::new(),
            opened: AtomicUsize::new(0),
            bytes: AtomicU64::new(0),
            cached: AtomicUsize::new(0),
            basis: OnceLock::new(),
        })
    }

    /// The data directory.
    pub fn root(&self) -> &Path {
        &self.paths.root
    }

    /// Whether a journal is there: files must then be read with [`ReadView::read`] and listings go through
    /// [`ReadView::overlay`]. Without one the files may be read in any way.
    pub fn has_journal(&self) -> bool {
        self.journal.is_some()
    }

    /// A name for this state, for the cache: equal names, equal generation and journal.
    pub fn generation(&self) -> &[u8] {
        self.token.generation.as_deref().unwrap_or_default()
    }

    fn entry(&self, path: &str) -> Option<&Entry<'static>> {
        self.journal.as_ref()?.entries.get(*self.entries.get(path)?)
    }

    /// How much was read so far.
    pub fn work(&self) -> Work {
        Work { opened: self.opened.load(Relaxed), bytes: self.bytes.load(Relaxed), cached: self.cached.load(Relaxed) }
    }

    /// Notes a file that was read past the view.
    pub(super) fn note_read(&self, bytes: usize) {
        self.opened.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// Notes files that need not be opened.
    pub(super) fn note_cached(&self, files: usize) {
        self.cached.fetch_add(files, Relaxed);
    }

    /// A file's bytes; `None` when it is not there.
    ///
    /// # Errors
    /// [`StoreError::ChangedUnderUs`] when a commit was just under way: read again. Or the system's.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.read_through(path)?;
        if let Some(bytes) = &found {
            self.opened.fetch_add(1, Relaxed);
            self.bytes.fetch_add(bytes.len() as u64, Relaxed);
        }
        Ok(found)
    }

    /// The same into room that is there already; whether the file is there.
    ///
    /// # Errors
    /// Those of [`ReadView::read`].
    pub(super) fn read_into(&self, path: &str, bytes: &mut Vec<u8>) -> Result<bool, StoreError> {
        if self.entry(path).is_some() {
            let found = self.read(path)?;
            let there = found.is_some();
            *bytes = found.unwrap_or_default();
            return Ok(there);
        }
        bytes.clear();
        let target = self.paths.target(path);
        match open::read_into(&target, MAX_FILE, bytes) {
            Ok(len) => {
                self.note_read(len);
                Ok(true)
            }
            Err(e) if is_absent(&e) => Ok(false),
            Err(e) => Err(StoreError::io(&target, e)),
        }
    }

    /// How long a file is, where no commit under way will change it.
    pub(super) fn len(&self, path: &str) -> Option<u64> {
        if self.entry(path).is_some() {
            return None;
        }
        let found = std::fs::metadata(self.paths.target(path)).ok();
        self.add_to_basis(|basis| {
            let stat = found.as_ref().and_then(Stat::from_meta);
            basis.files.push(Seen { file: path.to_string(), stat, text: None });
        });
        found.map(|m| m.len())
    }

    /// Notes from here on what the files are just before they are read.
    pub(super) fn note_basis(&self) {
        self.basis.get_or_init(Mutex::default);
    }

    /// Whether that is noted.
    pub(super) fn notes_basis(&self) -> bool {
        self.basis.get().is_some()
    }

    /// Notes a listing.
    pub(super) fn note_listed(&self, listed: Listed) {
        self.add_to_basis(|basis| basis.listed.push(listed));
    }

    fn add_to_basis(&self, add: impl FnOnce(&mut Basis)) {
        if let Some(basis) = self.basis.get() {
            add(&mut basis.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// What has been noted.
    pub(super) fn basis(&self) -> Basis {
        let mut out = Basis::default();
        self.add_to_basis(|basis| out = basis.clone());
        out
    }

    fn read_through(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let target = self.paths.target(path);
        match self.entry(path) {
            None => read_opt(&target),
            Some(Entry::Append { old_length, before, text, .. }) => {
                let Some(mut bytes) = read_opt(&target)? else { return self.tear(path) };
                let len = usize::try_from(*old_length).unwrap_or(usize::MAX);
                let fits = |front: &[u8]| before.is_empty() || edges_of(front) == *before;
                let Some((front, tail)) = bytes.split_at_checked(len).filter(|(front, _)| fits(front)) else {
                    return self.tear(path);
                };
                match behind(tail, text.as_bytes()) {
                    Some(State::New) => {}
                    Some(State::Old | State::Part) => {
                        bytes.truncate(front.len());
                        bytes.extend_from_slice(text.as_bytes());
                    }
                    None => return self.tear(path),
                }
                Ok(Some(bytes))
            }
            Some(entry) => {
                if state_of(&self.paths, entry)?.is_none() {
                    return self.tear(path);
                }
                let (Entry::Replace { new, temp, .. } | Entry::Create { new, temp, .. }) = entry else {
                    return Ok(None);
                };
                let is_new = |bytes: &Vec<u8>| sha256(bytes) == *new;
                let placed = read_opt(&target)?.filter(is_new);
                let waiting = || open::read_own(&self.paths.root, &Paths::name_of(temp), MAX_FILE);
                match placed.map_or_else(waiting, |bytes| Ok(Some(bytes)))?.filter(is_new) {
                    Some(bytes) => Ok(Some(bytes)),
                    None => self.tear(path),
                }
            }
        }
    }

    /// Whether every file is as the journal expects it, also those that nobody asks for.
    ///
    /// # Errors
    /// As [`ReadView::read`].
    pub(super) fn check_journal(&self) -> Result<(), StoreError> {
        for entry in self.journal.iter().flat_map(|j| &j.entries) {
            if state_of(&self.paths, entry)?.is_none() {
                return self.tear(entry.path());
            }
        }
        Ok(())
    }

    fn tear<T>(&self, path: &str) -> Result<T, StoreError> {
        let _ = self.torn.set(path.into());
        Err(StoreError::ChangedUnderUs { file: path.into() })
    }

    /// A listing of `folder` (`customers`, `ledgers/orders`; files ending in `.extension`) as it is with the journal.
    #[must_use]
    pub fn overlay(&self, listing: Vec<String>, folder: &str, extension: &str) -> Vec<String> {
        let Some(journal) = &self.journal else { return listing };
        let mut listing: BTreeSet<String> = listing.into_iter().collect();
        for e in &journal.entries {
            let path = e.path();
            let inside = path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
                && path.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'));
            if !inside {
                continue;
            }
            if matches!(e, Entry::Remove { .. }) {
                listing.remove(path);
            } else {
                listing.insert(path.to_string());
            }
        }
        listing.into_iter().collect()
    }

    /// Whether no commit touched the directory since the view was opened; ask when all is read.
    ///
    /// # Errors
    /// The system's.
    pub fn still_valid(&self) -> Result<bool, StoreError> {
        Ok(self.torn.get().is_none() && self.is_quiet()?)
    }

    fn is_quiet(&self) -> Result<bool, StoreError> {
        // The order matters: see the module's comment.
        let root = &self.paths.root;
        let journal = readers(read_journal(root))?.map(|b| sha256(&b).into_bytes());
        let generation = readers(open::read_own(root, "generation", MAX_LINE_FILE))?;
        Ok(self.token == Token { generation, journal })
    }
}

/// Reads with `f`, again and again until no commit came in between; after some tries writers are kept out meanwhile.
///
/// # Errors
/// Those of `f`, when no commit explains them; or the system's.
pub fn read_consistently<T>(
    root: &Path,
    mut f: impl FnMut(&ReadView) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut patience = Duration::from_secs(10);
    for n in 0..4 * PATIENCE {
        let quiet = if n >= PATIENCE { lock::share(root, std::mem::take(&mut patience)) } else { None };
        let view = ReadView::open(root)?;
        let result = f(&view);
        if view.still_valid()? {
            return result;
        }
        // No writer can be at work: the left-over journal does not fit the files.
        if let (Some(_), Some(file), true) = (&quiet, view.torn.get(), view.is_quiet()?) {
            return Err(StoreError::JournalConflict { file: file.clone() });
        }
        drop(quiet);
        std::thread::sleep(Duration::from_micros(200 + lock::random() % (500 << n.min(5))));
    }
    Err(StoreError::ChangedUnderUs { file: String::new() })
}
