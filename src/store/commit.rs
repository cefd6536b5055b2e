//! The one way to write: a plan is carried out as a whole or not at all.
//!
//! New contents go to temporaries, then the journal is put in place: that is the commit point. Whoever is killed before it
//! has changed nothing; after it, [`recover`] completes the rest. An error at any operation takes everything back.
//!
//! The order of operations, each checked: temporaries (create, write, fsync; of many all are written first, and then waited
//! for at once), `.kehu/tmp` fsync, `journal.new` (create,
//! write, fsync), rename to `journal`, `.kehu` fsync | appends (write at the old length, fdatasync), replacements (old file
//! linked aside, temporary renamed over it), new files (temporary renamed to the name,
//! which must be free, or linked to it), removals (renamed aside), fsync of
//! every folder touched, generation renamed into place, journal removed |
//! `.kehu` fsync, temporaries removed.

use crate::store::disk::{Disk, Real};
use crate::store::error::StoreError;
use crate::store::journal::{Entry, JOURNAL, Journal, Paths, read_opt, sha256};
use crate::store::layout::writable;
use crate::store::lock::{self, LockGuard};
use crate::store::plan::{Action, Plan, verify_stamp};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// From how many temporaries on the disk is waited for once.
const MANY: usize = 64;
/// The journal is written in pieces of this size.
const PIECE: usize = if cfg!(test) { 4 << 10 } else { 1 << 20 };

/// Takes the lock and completes what a killed writer left: how every command that writes begins.
///
/// # Errors
/// Those of [`lock::acquire`] and [`recover`].
pub fn begin(root: &Path, holder: &str, timeout: Duration) -> Result<LockGuard, StoreError> {
    let guard = lock::acquire(root, holder, timeout)?;
    recover(root, &guard)?;
    Ok(guard)
}

/// Carries a plan out. The lock must have been held since before the files were read.
///
/// # Errors
/// [`StoreError::ChangedUnderUs`] or [`StoreError::Exists`] when a file is not as the plan has it,
/// [`StoreError::Io`] when the system refused something: every data file is then as before.
/// [`StoreError::Unfinished`] when it could not even be taken back.
pub fn commit(root: &Path, plan: &Plan<'_>, _guard: &LockGuard) -> Result<(), StoreError> {
    commit_on(&Real, root, plan)
}

/// Completes the commit of a writer that was killed, if there is one, and clears its temporaries. Tells whether there was.
///
/// # Errors
/// [`StoreError::JournalConflict`] when a file is neither as before nor as after: the journal is kept and nothing touched.
pub fn recover(root: &Path, _guard: &LockGuard) -> Result<bool, StoreError> {
    recover_on(&Real, root)
}

/// What has to be taken back.
enum Undo {
    /// The entry of the journal with this number, and whether it was carried out as a whole.
    Entry(usize, bool),
    /// A folder that was made.
    Dir(PathBuf),
}

struct Engine<'d> {
    disk: &'d dyn Disk,
    paths: Paths,
    undo: Vec<Undo>,
    /// Folders whose entries changed.
    dirs: BTreeSet<PathBuf>,
    /// The folder that was last seen to be there.
    there: PathBuf,
}

/// A file whose writes are operations of the disk.
struct Checked<'d> {
    disk: &'d dyn Disk,
    file: File,
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(&mut self.file, bytes).map(|()| bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An operation's error with its path.
fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, StoreError> {
    result.map_err(|e| StoreError::io(path, e))
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

pub(crate) fn commit_on(disk: &dyn Disk, root: &Path, plan: &Plan<'_>) -> Result<(), StoreError> {
    if plan.is_empty() {
        return Ok(());
    }
    lock::kehu_dir(root)?;
    let mut engine = Engine::new(disk, root);
    if exists(&engine.paths.journal) {
        return Err(StoreError::JournalConflict { file: JOURNAL.into() });
    }
    plan.verify(root)?;
    let stem = format!("c-{:016x}", lock::random());
    let mut temps = Vec::new();
    let staged = engine.stage(plan, &stem, &mut temps);
    let journal = match staged {
        Ok(journal) => journal,
        Err(e) => return engine.withdraw(e, &temps),
    };
    let generation = engine.paths.temp(&format!("{stem}-gen"));
    let applied = engine
        .apply_plan(&journal, plan)
        .and_then(|()| at(&engine.paths.generation, engine.disk.rename(&generation, &engine.paths.generation)))
        .and_then(|()| at(&engine.paths.journal, engine.disk.remove(&engine.paths.journal)));
    match applied {
        Ok(()) => {
            // All is done and on the disk. A journal that came back after a power cut would only be in the way of edits
            // made since; so an error here is none of the commit. Left-over temporaries are cleared by the next writer.
            let _ = engine.disk.sync_dir(&engine.paths.kehu);
            engine.clear(&temps);
            engine.clear_backups(&journal);
            Ok(())
        }
        Err(e) => {
            engine.roll_back(&journal, &generation)?;
            engine.withdraw(e, &temps)
        }
    }
}

impl<'d> Engine<'d> {
    fn new(disk: &'d dyn Disk, root: &Path) -> Engine<'d> {
        Engine { disk, paths: Paths::new(root), undo: Vec::new(), dirs: BTreeSet::new(), there: PathBuf::new() }
    }

    /// Writes the temporaries and the journal.
    fn stage<'p>(&self, plan: &'p Plan<'_>, stem: &str, temps: &mut Vec<PathBuf>) -> Result<Journal<'p>, StoreError> {
        let p = &self.paths;
        if !exists(&p.tmp) {
            at(&p.tmp, self.disk.make_dir(&p.tmp))?;
        } else if !fs::symlink_metadata(&p.tmp).is_ok_and(|m| m.is_dir()) {
            return Err(StoreError::io(&p.tmp, io::ErrorKind::NotADirectory.into()));
        }
        let mut journal = Journal::default();
        let at_once = plan.actions.len() >= MANY;
        for (n, (path, action)) in plan.actions.iter().enumerate() {
            let (path, temp) = (Cow::Borrowed(path.as_str()), format!("{stem}-{n}"));
            if let Action::Create { new, mode } | Action::Replace { new, mode, .. } = action {
                self.write_new(&p.temp(&temp), new, *mode, !at_once, temps)?;
            }
            journal.entries.push(match action {
                Action::Append { text, .. } => {
                    Entry::Append { path, old_length: action.length().unwrap_or(0), text: Cow::Borrowed(text) }
                }
                Action::Create { new, .. } => Entry::Create { path, new: sha256(new), temp },
                Action::Replace { old, new, .. } => Entry::Replace { path, old: sha256(old), new: sha256(new), temp },
                Action::Remove { old, .. } => Entry::Remove { path, old: sha256(old), temp },
            });
        }
        if at_once && !temps.is_empty() {
            at(&p.tmp, self.disk.sync_files(&p.tmp, temps))?;
        }
        if !temps.is_empty() {
            at(&p.tmp, self.disk.sync_dir(&p.tmp))?;
        }
        // Raised by a rename later, because that needs no room on a full disk. It tells running readers about this commit;
        // none of them survives a power cut, so it need not be on the disk.
        let next = next_generation(&p.generation)?;
        self.write_new(&p.temp(&format!("{stem}-gen")), next.as_bytes(), None, false, temps)?;
        let new = p.kehu.join("journal.new");
        if exists(&new) {
            at(&new, self.disk.remove(&new))?;
        }
        temps.push(new.clone());
        let file = at(&new, self.disk.create(&new, None))?;
        let mut out = io::BufWriter::with_capacity(PIECE, Checked { disk: self.disk, file });
        at(&new, journal.write_to(&mut out))?;
        let file = at(&new, out.into_inner().map_err(io::IntoInnerError::into_error))?.file;
        at(&new, self.disk.sync(&file, true))?;
        at(&p.journal, self.disk.rename(&new, &p.journal))?;
        at(&p.kehu, self.disk.sync_dir(&p.kehu))?;
        Ok(journal)
    }

    fn write_new(
        &self,
        path: &Path,
        bytes: &[u8],
        mode: Option<u32>,
        sync: bool,
        temps: &mut Vec<PathBuf>,
    ) -> Result<(), StoreError> {
        temps.push(path.to_path_buf());
        let mut file = at(path, self.disk.create(path, mode))?;
        at(path, self.disk.write(&mut file, bytes))?;
        if sync { at(path, self.disk.sync(&file, true)) } else { Ok(()) }
    }

    /// Gives up with an error when the data files are as they were: removes the journal and the temporaries.
    fn withdraw(&self, error: StoreError, temps: &[PathBuf]) -> Result<(), StoreError> {
        let journal = &self.paths.journal;
        if exists(journal) {
            let aside = self.paths.tmp.join("journal.undone");
            let twice = self.disk.remove(journal).or_else(|_| self.disk.remove(journal));
            if let Err(source) = twice.or_else(|_| self.disk.rename(journal, &aside)) {
                return Err(StoreError::Unfinished { path: journal.clone(), source });
            }
            let _ = self.disk.remove(&aside);
            // A journal that comes back after a power cut would bring the change back.
            let _ = self.disk.sync_dir(&self.paths.kehu).or_else(|_| self.disk.sync_dir(&self.paths.kehu));
        }
        self.clear(temps);
        Err(error)
    }

    fn clear(&self, temps: &[PathBuf]) {
        for temp in temps.iter().filter(|t| exists(t)) {
            let _ = self.disk.remove(temp).or_else(|_| self.disk.remove(temp));
        }
    }

    fn clear_backups(&self, journal: &Journal<'_>) {
        let backups: Vec<PathBuf> =
            journal.entries.iter().filter_map(Entry::temp).map(|t| self.paths.backup(t)).collect();
        self.clear(&backups);
    }

    fn apply_plan(&mut self, journal: &Journal<'_>, plan: &Plan<'_>) -> Result<(), StoreError> {
        for (n, (entry, (path, action))) in journal.entries.iter().zip(&plan.actions).enumerate() {
            let target = self.paths.target(path);
            // Somebody may have saved the file since it was compared, if only a moment ago.
            verify_stamp(&target, path, action)?;
            self.forward(n, entry, &target)?;
        }
        self.sync_dirs()
    }

    /// Carries out an entry, the one with the number `n`.
    fn forward(&mut self, n: usize, entry: &Entry<'_>, target: &Path) -> Result<(), StoreError> {
        match entry {
            Entry::Append { path, old_length, text } => {
                let mut file = at(target, self.disk.open(target))?;
                let len = at(target, file.metadata())?.len();
                if len != *old_length {
                    return Err(StoreError::ChangedUnderUs { file: path.to_string() });
                }
                self.undo.push(Undo::Entry(n, false));
                self.write_at(&mut file, target, *old_length, text.as_bytes())
            }
            Entry::Replace { temp, .. } => {
                let (temp, backup) = (self.paths.temp(temp), self.paths.backup(temp));
                self.undo.push(Undo::Entry(n, false));
                if exists(target) {
                    if exists(&backup) {
                        at(&backup, self.disk.remove(&backup))?;
                    }
                    // Where there are no links, the name is free for a moment.
                    let aside = self.disk.link(target, &backup).or_else(|_| self.disk.rename(target, &backup));
                    at(target, aside)?;
                }
                self.touch(target);
                at(target, self.disk.rename(&temp, target))?;
                self.undo.pop();
                self.undo.push(Undo::Entry(n, true));
                Ok(())
            }
            Entry::Create { path, temp, .. } => {
                let temp = self.paths.temp(temp);
                self.make_dirs(path, target)?;
                self.touch(target);
                self.undo.push(Undo::Entry(n, false));
                match self.disk.place(&temp, target) {
                    Ok(()) => Ok(()),
                    Err(_) if exists(target) => {
                        self.undo.pop();
                        Err(StoreError::Exists { file: path.to_string() })
                    }
                    Err(_) => at(target, self.disk.rename(&temp, target)),
                }
            }
            Entry::Remove { temp, .. } => {
                let backup = self.paths.backup(temp);
                self.touch(target);
                self.undo.push(Undo::Entry(n, false));
                at(target, self.disk.rename(target, &backup))
            }
        }
    }

    fn write_at(&self, file: &mut File, path: &Path, offset: u64, bytes: &[u8]) -> Result<(), StoreError> {
        at(path, file.seek(SeekFrom::Start(offset)))?;
        at(path, self.disk.write(file, bytes))?;
        at(path, self.disk.sync(file, false))
    }

    fn touch(&mut self, target: &Path) {
        if let Some(dir) = target.parent().filter(|d| !self.dirs.contains(*d)) {
            self.dirs.insert(dir.to_path_buf());
        }
    }

    fn make_dirs(&mut self, path: &str, target: &Path) -> Result<(), StoreError> {
        // Files of one folder follow each other.
        if target.parent() == Some(self.there.as_path()) {
            return Ok(());
        }
        let mut dir = self.paths.root.clone();
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in parts {
            dir.push(part);
            if !exists(&dir) {
                self.touch(&dir.clone());
                at(&dir, self.disk.make_dir(&dir))?;
                self.undo.push(Undo::Dir(dir.clone()));
            }
        }
        self.there = dir;
        Ok(())
    }

    fn sync_dirs(&self) -> Result<(), StoreError> {
        self.dirs.iter().try_for_each(|dir| at(dir, self.disk.sync_dir(dir)))
    }

    /// Puts all data files back, and raises the generation: a reader may have seen the new ones.
    fn roll_back(&mut self, journal: &Journal<'_>, generation: &Path) -> Result<(), StoreError> {
        let steps: Vec<Undo> = self.undo.drain(..).rev().collect();
        for step in &steps {
            // An error that comes once does not come a second time.
            if self.step_back(journal, step).is_err()
                && let Err((path, source)) = self.step_back(journal, step)
            {
                return Err(StoreError::Unfinished { path, source });
            }
        }
        for dir in self.dirs.iter().filter(|d| exists(d)) {
            let _ = self.disk.sync_dir(dir).or_else(|_| self.disk.sync_dir(dir));
        }
        if exists(generation) {
            let to = &self.paths.generation;
            let raised = self.disk.rename(generation, to).or_else(|_| self.disk.rename(generation, to));
            raised.map_err(|source| StoreError::Unfinished { path: to.clone(), source })?;
        }
        Ok(())
    }

    /// Takes one step back. It may have been done in part, or not at all; and what is done here in part leaves a state that
    /// recovery knows: the new content is always under the temporary's name before the old one comes back.
    fn step_back(&self, journal: &Journal<'_>, step: &Undo) -> Result<(), (PathBuf, io::Error)> {
        let d = self.disk;
        let on = |path: &Path, r: io::Result<()>| r.map_err(|e| (path.to_path_buf(), e));
        let (n, done) = match step {
            Undo::Entry(n, done) => (*n, *done),
            Undo::Dir(dir) => {
                // Somebody may have put a file there meanwhile; a folder too many is no harm.
                let _ = d.remove_dir(dir).or_else(|_| d.remove_dir(dir));
                return Ok(());
            }
        };
        let Some(entry) = journal.entries.get(n) else { return Ok(()) };
        let target = &self.paths.target(entry.path());
        let named = |name: &str| (self.paths.temp(name), self.paths.backup(name));
        match entry {
            Entry::Append { old_length, .. } => {
                let file = d.open(target).map_err(|e| (target.clone(), e))?;
                on(target, d.truncate(&file, *old_length))?;
                let _ = d.sync(&file, true).or_else(|_| d.sync(&file, true));
                Ok(())
            }
            Entry::Replace { temp, .. } => {
                let (temp, backup) = &named(temp);
                if !exists(backup) {
                    return Ok(());
                }
                if exists(target) && !exists(temp) {
                    on(target, d.link(target, temp).or_else(|_| d.rename(target, temp)))?;
                } else if exists(target) && !done {
                    // Not yet replaced: the backup is a second name of the file itself.
                    return on(backup, d.remove(backup));
                }
                on(target, d.rename(backup, target))
            }
            Entry::Create { temp, .. } => {
                let (temp, _) = &named(temp);
                if !exists(target) {
                    Ok(())
                } else if exists(temp) {
                    on(target, d.remove(target))
                } else {
                    on(target, d.rename(target, temp))
                }
            }
            Entry::Remove { temp, .. } => {
                let (_, backup) = &named(temp);
                if exists(backup) && !exists(target) { on(target, d.rename(backup, target)) } else { Ok(()) }
            }
        }
    }
}

/// The text of the next generation: a number, so that people can read it.
fn next_generation(path: &Path) -> Result<String, StoreError> {
    let now = read_opt(path)?.and_then(|b| String::from_utf8(b).ok()?.trim().parse::<u64>().ok());
    Ok(format!("{}\n", now.map_or(1, |n| n.wrapping_add(1))))
}

/// How far an entry has come.
enum State {
    Old,
    Part,
    New,
}

pub(crate) fn recover_on(disk: &dyn Disk, root: &Path) -> Result<bool, StoreError> {
    let mut engine = Engine::new(disk, root);
    let p = engine.paths.clone();
    let Some(bytes) = read_opt(&p.journal)? else {
        engine.clear_leftovers()?;
        return Ok(false);
    };
    let conflict = |file: &str| StoreError::JournalConflict { file: file.into() };
    let journal = Journal::decode(&bytes).ok_or_else(|| conflict(JOURNAL))?;
    let mut states = Vec::new();
    for entry in &journal.entries {
        let safe = at(&p.target(entry.path()), writable(root, entry.path()))?.is_ok();
        let state = if safe { state_of(&p, entry)? } else { None };
        states.push(state.ok_or_else(|| conflict(entry.path()))?);
    }
    for (n, (entry, state)) in journal.entries.iter().zip(states).enumerate() {
        let target = p.target(entry.path());
        engine.touch(&target);
        match (state, entry) {
            (State::Old, _) => engine.forward(n, entry, &target)?,
            (State::Part, Entry::Append { old_length, text, .. }) => {
                let mut file = at(&target, disk.open(&target))?;
                engine.write_at(&mut file, &target, *old_length, text.as_bytes())?;
            }
            // The killed writer may have written it without waiting for the disk.
            (State::New, Entry::Append { .. }) => {
                let file = at(&target, disk.open(&target))?;
                at(&target, disk.sync(&file, false))?;
            }
            _ => {}
        }
    }
    engine.dirs.retain(|dir| exists(dir));
    engine.sync_dirs()?;
    let generation = p.temp(&format!("r-{:016x}", lock::random()));
    if !exists(&p.tmp) {
        at(&p.tmp, disk.make_dir(&p.tmp))?;
    }
    engine.write_new(&generation, next_generation(&p.generation)?.as_bytes(), None, false, &mut Vec::new())?;
    at(&p.generation, disk.rename(&generation, &p.generation))?;
    at(&p.journal, disk.remove(&p.journal))?;
    at(&p.kehu, disk.sync_dir(&p.kehu))?;
    engine.clear_leftovers()?;
    Ok(true)
}

impl Engine<'_> {
    /// Removes the temporaries of a killed writer; only when no journal names them any more.
    fn clear_leftovers(&self) -> Result<(), StoreError> {
        let mut left = vec![self.paths.kehu.join("journal.new")];
        if fs::symlink_metadata(&self.paths.tmp).is_ok_and(|m| m.is_dir()) {
            for entry in at(&self.paths.tmp, fs::read_dir(&self.paths.tmp))? {
                left.push(at(&self.paths.tmp, entry)?.path());
            }
        }
        // What cannot be removed now is no harm: names are never used twice.
        for path in left.iter().filter(|p| exists(p)) {
            let _ = self.disk.remove(path);
        }
        Ok(())
    }
}

/// The state of an entry's file; `None` when it is neither old nor new.
fn state_of(p: &Paths, entry: &Entry<'_>) -> Result<Option<State>, StoreError> {
    let target = p.target(entry.path());
    let hash = |path: &Path| Ok::<_, StoreError>(read_opt(path)?.map(|b| sha256(&b)));
    Ok(match entry {
        Entry::Append { old_length, text, .. } => appended(&target, *old_length, text.as_bytes())?,
        Entry::Replace { old, new, temp, .. } => {
            let now = hash(&target)?;
            let can = || Ok::<_, StoreError>(hash(&p.temp(temp))?.as_deref() == Some(new));
            match now {
                Some(h) if h == *new => Some(State::New),
                Some(h) if h == *old && can()? => Some(State::Old),
                // Renamed aside, and the new one not yet in place.
                None if can()? && hash(&p.backup(temp))?.as_deref() == Some(old) => Some(State::Old),
                _ => None,
            }
        }
        Entry::Create { new, temp, .. } => match hash(&target)? {
            Some(h) if h == *new => Some(State::New),
            None if hash(&p.temp(temp))?.as_deref() == Some(new) => Some(State::Old),
            _ => None,
        },
        Entry::Remove { old, .. } => match hash(&target)? {
            None => Some(State::New),
            Some(h) if h == *old => Some(State::Old),
            Some(_) => None,
        },
    })
}

/// How much of an append is there. After a power cut the rest of it may be zeros, which no text holds.
fn appended(target: &Path, old_length: u64, bytes: &[u8]) -> Result<Option<State>, StoreError> {
    let mut file = match File::open(target) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::io(target, e)),
    };
    let len = at(target, file.metadata())?.len();
    let Some(more) = len.checked_sub(old_length) else { return Ok(None) };
    let mut tail = Vec::new();
    at(target, file.seek(SeekFrom::Start(old_length)))?;
    at(target, file.take(bytes.len() as u64).read_to_end(&mut tail))?;
    Ok(if tail == bytes {
        Some(State::New)
    } else if tail.is_empty() {
        Some(State::Old)
    } else if more <= bytes.len() as u64 && tail.iter().zip(bytes).all(|(t, b)| t == b || *t == 0) {
        Some(State::Part)
    } else {
        None
    })
}

#[cfg(test)]
mod tests;
