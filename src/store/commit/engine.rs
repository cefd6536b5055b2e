//! The steps of a commit, forward and back.

use super::super::disk::Disk;
use super::super::error::StoreError;
use super::super::journal::{Entry, JOURNAL, Journal, MAX_JOURNAL, Paths, sha256};
use super::super::open::{self, MAX_LINE_FILE};
use super::super::plan::{Action, Plan, Stamp, mode_of};
use super::super::text::{MAX_FILE, too_large};
use super::keep::Room;
use super::state::{State, appended, hash, part, state_of};
use super::{MANY, PIECE};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file on which taking back failed.
pub(super) type Stuck = (PathBuf, io::Error);

/// Saves in a row that are put back before it is given up: nobody saves that fast.
const SAVES: usize = 16;

/// What has to be taken back.
enum Undo {
    /// The entry of the journal with this number.
    Entry(usize),
    /// A folder that was made.
    Dir(PathBuf),
}

pub(super) struct Engine<'d> {
    pub(super) disk: &'d dyn Disk,
    pub(super) paths: Paths,
    undo: Vec<Undo>,
    /// Folders whose entries changed.
    pub(super) dirs: BTreeSet<PathBuf>,
    /// The folder that was last seen to be there.
    there: PathBuf,
    /// The file of each entry as it was written.
    written: Vec<Option<Stamp>>,
    /// Whether old files are kept aside.
    aside: bool,
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
pub(super) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, StoreError> {
    result.map_err(|e| StoreError::io(path, e))
}

/// The same while taking back.
fn on<T>(path: &Path, result: io::Result<T>) -> Result<T, Stuck> {
    result.map_err(|e| (path.to_path_buf(), e))
}

/// Whether something stands at a path. What the system does not tell is no answer.
pub(super) fn is_there(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

fn changed(path: &str) -> StoreError {
    StoreError::ChangedUnderUs { file: path.into() }
}

/// A file's hash while taking back.
fn hash_of(path: &Path) -> Result<Option<String>, Stuck> {
    hash(path).map_err(|e| match e {
        StoreError::Io { path, source } => (path, source),
        other => (path.to_path_buf(), io::Error::other(other.to_string())),
    })
}

impl<'d> Engine<'d> {
    pub(super) fn new(disk: &'d dyn Disk, root: &Path) -> Engine<'d> {
        Engine {
            disk,
            paths: Paths::new(root),
            undo: Vec::new(),
            dirs: BTreeSet::new(),
            there: PathBuf::new(),
            written: Vec::new(),
            aside: false,
        }
    }

    /// Writes the temporaries and the journal.
    pub(super) fn stage<'p>(
        &mut self,
        plan: &'p Plan<'_>,
        stem: &str,
        temps: &mut Vec<PathBuf>,
    ) -> Result<Journal<'p>, StoreError> {
        let p = self.paths.clone();
        self.make_tmp()?;
        let mut journal =
            Journal { kept: plan.deed.as_ref().map(|d| self.next_kept(d)).transpose()?, ..Journal::default() };
        let mut room = Room::new(plan.deed.as_ref());
        let at_once = plan.actions.len() >= MANY;
        for (n, (path, action)) in plan.actions.iter().enumerate() {
            let (path, temp) = (Cow::Borrowed(path.as_str()), format!("{stem}-{n}"));
            let written = match action {
                Action::Create { new, mode } | Action::Replace { new, mode, .. } => {
                    Some(self.write_new(&p.temp(&temp), new, *mode, !at_once, temps)?)
                }
                _ => None,
            };
            self.written.push(written);
            journal.entries.push(match action {
                Action::Append { before, text, .. } => Entry::Append {
                    path,
                    old_length: action.length().unwrap_or(0),
                    before: Cow::Borrowed(before),
                    text: Cow::Borrowed(text),
                    rows: None,
                },
                Action::Create { new, .. } => Entry::Create { path, new: sha256(new), temp },
                Action::Replace { old, new, .. } => {
                    Entry::Replace { path, old: sha256(old), new: sha256(new), temp, was: room.replaced(old, new) }
                }
                Action::Remove { old, mode, .. } => {
                    Entry::Remove { path, old: sha256(old), temp, was: room.removed(old, *mode) }
                }
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
        let next = next_generation(&p.root)?;
        self.write_new(&p.temp(&format!("{stem}-gen")), next.as_bytes(), None, false, temps)?;
        let new = p.kehu.join("journal.new");
        if at(&new, is_there(&new))? {
            at(&new, self.disk.remove(&new))?;
        }
        temps.push(new.clone());
        let file = at(&new, self.disk.create(&new, None))?;
        let mut out = io::BufWriter::with_capacity(PIECE, Checked { disk: self.disk, file });
        at(&new, journal.write_to(&mut out))?;
        let file = at(&new, out.into_inner().map_err(io::IntoInnerError::into_error))?.file;
        let len = at(&new, file.metadata())?.len();
        if let Some(d) = too_large(JOURNAL, len, MAX_JOURNAL) {
            return Err(StoreError::Unreadable(Box::new(d)));
        }
        at(&new, self.disk.sync(&file, true))?;
        at(&p.journal, self.disk.rename(&new, &p.journal))?;
        at(&p.kehu, self.disk.sync_dir(&p.kehu))?;
        Ok(journal)
    }

    /// The folder of temporaries.
    pub(super) fn make_tmp(&self) -> Result<(), StoreError> {
        let tmp = &self.paths.tmp;
        match fs::symlink_metadata(tmp) {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) => Err(StoreError::io(tmp, io::ErrorKind::NotADirectory.into())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => at(tmp, self.disk.make_dir(tmp)),
            Err(e) => Err(StoreError::io(tmp, e)),
        }
    }

    /// A new file with these bytes; what it is then.
    pub(super) fn write_new(
        &self,
        path: &Path,
        bytes: &[u8],
        mode: Option<u32>,
        sync: bool,
        temps: &mut Vec<PathBuf>,
    ) -> Result<Stamp, StoreError> {
        temps.push(path.to_path_buf());
        let mut file = at(path, self.disk.create(path, mode))?;
        at(path, self.disk.write(&mut file, bytes))?;
        if sync {
            at(path, self.disk.sync(&file, true))?;
        }
        Ok(Stamp::of(&at(path, file.metadata())?))
    }

    /// Removes the journal and the temporaries when the data files are as they were.
    pub(super) fn withdraw(&self, temps: &[PathBuf]) -> Result<(), Stuck> {
        let journal = &self.paths.journal;
        if on(journal, twice(|| is_there(journal)))? {
            let aside = self.paths.tmp.join("journal.undone");
            let removed = twice(|| self.disk.remove(journal));
            on(journal, removed.or_else(|_| self.disk.rename(journal, &aside)))?;
            let _ = self.disk.remove(&aside);
            // A journal that comes back after a power cut would bring the change back.
            let _ = twice(|| self.disk.sync_dir(&self.paths.kehu));
        }
        self.clear(temps);
        Ok(())
    }

    /// Removes temporaries. What cannot be removed now is no harm: the next writer does it.
    pub(super) fn clear(&self, temps: &[PathBuf]) {
        for temp in temps {
            let _ = match self.disk.remove(temp) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => self.disk.remove(temp),
                done => done,
            };
        }
    }

    /// Removes what was kept of old files.
    pub(super) fn clear_backups(&self, journal: &Journal<'_>) {
        if !self.aside {
            return;
        }
        let backups: Vec<PathBuf> =
            journal.entries.iter().filter_map(Entry::temp).map(|t| self.paths.backup(t)).collect();
        self.clear(&backups);
    }

    /// Carries all entries out, of files as they were read.
    pub(super) fn apply_plan(&mut self, journal: &Journal<'_>, plan: &Plan<'_>) -> Result<(), StoreError> {
        for (n, (entry, (path, action))) in journal.entries.iter().zip(&plan.actions).enumerate() {
            let target = self.paths.target(path);
            self.forward(n, entry, &target, action.stamp())?;
        }
        self.sync_dirs()
    }

    /// Carries out an entry, the one with the number `n`. What it finds must be what was read, or somebody's text would be
    /// lost: names are exchanged, rows go behind whatever stands there, and then what came out, or what stands in front, is
    /// looked at.
    pub(super) fn forward(
        &mut self,
        n: usize,
        entry: &Entry<'_>,
        target: &Path,
        stamp: Option<&Stamp>,
    ) -> Result<(), StoreError> {
        match entry {
            Entry::Append { path, old_length, before, text, .. } => {
                let mut file = at(target, self.disk.open_end(target))?;
                let now = Stamp::of(&at(target, file.metadata())?);
                if now.len() != *old_length || stamp.is_some_and(|s| *s != now) {
                    return Err(changed(path));
                }
                self.undo.push(Undo::Entry(n));
                at(target, self.disk.write(&mut file, text.as_bytes()))?;
                at(target, self.disk.sync(&file, false))?;
                self.note(n, &at(target, file.metadata())?);
                match at(target, appended(&file, *old_length, before, text.as_bytes()))? {
                    Some(State::New) => Ok(()),
                    _ => Err(changed(path)),
                }
            }
            Entry::Replace { path, old, temp, .. } => {
                let temp = &self.paths.temp(temp);
                self.touch(target);
                self.undo.push(Undo::Entry(n));
                match self.disk.exchange(temp, target) {
                    Some(Ok(())) => {}
                    // Left aside where names cannot be exchanged, or somebody removed it.
                    Some(Err(e)) if e.kind() == io::ErrorKind::NotFound => return self.put(entry, target),
                    Some(Err(e)) => return Err(StoreError::io(target, e)),
                    None => return self.put(entry, target),
                }
                if hash(temp)?.as_ref() == Some(old) {
                    return Ok(());
                }
                // What cannot be put back now is tried again with all the rest.
                let _ = self.step_back(entry);
                Err(changed(path))
            }
            Entry::Create { path, temp, .. } => {
                let temp = self.paths.temp(temp);
                self.make_dirs(path, target)?;
                self.touch(target);
                self.undo.push(Undo::Entry(n));
                match self.disk.place(&temp, target) {
                    Ok(()) => Ok(()),
                    Err(_) if at(target, is_there(target))? => {
                        self.undo.pop();
                        Err(StoreError::Exists { file: path.to_string() })
                    }
                    Err(_) => at(target, self.disk.rename(&temp, target)),
                }
            }
            Entry::Remove { path, old, temp, .. } => {
                let backup = self.paths.backup(temp);
                self.aside = true;
                self.touch(target);
                self.undo.push(Undo::Entry(n));
                match self.disk.rename(target, &backup) {
                    Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(changed(path)),
                    done => at(target, done)?,
                }
                if hash(&backup)?.as_ref() == Some(old) { Ok(()) } else { Err(changed(path)) }
            }
        }
    }

    /// Replaces a file where names cannot be exchanged: the old one is kept aside, and looked at before and after.
    fn put(&mut self, entry: &Entry<'_>, target: &Path) -> Result<(), StoreError> {
        let Entry::Replace { path, old, temp, .. } = entry else { return Ok(()) };
        self.aside = true;
        let (temp, backup) = (self.paths.temp(temp), self.paths.backup(temp));
        if at(target, is_there(target))? {
            if at(&backup, is_there(&backup))? {
                at(&backup, self.disk.remove(&backup))?;
            }
            // Where there are no links, the name is free for a moment.
            let aside = self.disk.link(target, &backup).or_else(|_| self.disk.rename(target, &backup));
            at(target, aside)?;
        }
        if hash(&backup)?.as_ref() != Some(old) {
            return Err(changed(path));
        }
        at(target, self.disk.rename(&temp, target))?;
        if hash(&backup)?.as_ref() == Some(old) { Ok(()) } else { Err(changed(path)) }
    }

    /// Notes what a file is after it was written.
    fn note(&mut self, n: usize, meta: &fs::Metadata) {
        if self.written.len() <= n {
            self.written.resize(n + 1, None);
        }
        self.written[n] = Some(Stamp::of(meta));
    }

    /// Looks once more, when all is carried out: an editor may have put its own file in the place of one that was just
    /// written, and our rows with it out of the way. What was removed need not be looked at: who makes it again has it.
    pub(super) fn still_ours(&self, journal: &Journal<'_>) -> Result<(), StoreError> {
        let paths = &self.paths;
        let ours = |(entry, written): (&Entry<'_>, &Option<Stamp>)| {
            let Some(written) = written else { return Ok(()) };
            let target = paths.target(entry.path());
            match fs::symlink_metadata(&target) {
                Ok(meta) if Stamp::of(&meta) == *written => return Ok(()),
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(StoreError::io(&target, e)),
                _ => {}
            }
            // Touched, or other rows behind ours: that takes nothing away.
            match state_of(paths, entry)? {
                Some(State::New) => Ok(()),
                _ => Err(changed(entry.path())),
            }
        };
        let (entries, written) = (&journal.entries, &self.written);
        if entries.len() < MANY {
            return entries.iter().zip(written).try_for_each(ours);
        }
        entries.par_iter().zip(written).map(ours).collect()
    }

    pub(super) fn write_at(&self, file: &mut File, path: &Path, offset: u64, bytes: &[u8]) -> Result<(), StoreError> {
        at(path, file.seek(SeekFrom::Start(offset)))?;
        at(path, self.disk.write(file, bytes))?;
        at(path, self.disk.sync(file, false))
    }

    pub(super) fn touch(&mut self, target: &Path) {
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
            if !at(&dir, is_there(&dir))? {
                self.touch(&dir.clone());
                at(&dir, self.disk.make_dir(&dir))?;
                self.undo.push(Undo::Dir(dir.clone()));
            }
        }
        self.there = dir;
        Ok(())
    }

    pub(super) fn sync_dirs(&self) -> Result<(), StoreError> {
        self.dirs.iter().try_for_each(|dir| at(dir, self.disk.sync_dir(dir)))
    }

    /// Puts all data files back, and raises the generation: a reader may have seen the new ones.
    pub(super) fn roll_back(&mut self, journal: &Journal<'_>, generation: &Path) -> Result<(), Stuck> {
        let steps: Vec<Undo> = self.undo.drain(..).rev().collect();
        for step in &steps {
            match step {
                // An error that comes once does not come a second time.
                Undo::Entry(n) => {
                    let Some(entry) = journal.entries.get(*n) else { continue };
                    twice(|| self.step_back(entry))?;
                }
                // Somebody may have put a file there meanwhile; a folder too many is no harm.
                Undo::Dir(dir) => {
                    let _ = twice(|| self.disk.remove_dir(dir));
                }
            }
        }
        for dir in self.dirs.iter().filter(|d| is_there(d).unwrap_or(false)) {
            let _ = twice(|| self.disk.sync_dir(dir));
        }
        let to = &self.paths.generation;
        if on(to, twice(|| is_there(generation)))? {
            on(to, twice(|| self.disk.rename(generation, to)))?;
        }
        Ok(())
    }

    /// Takes an entry back. It may have been carried out in part, or not at all; and what is done here in part leaves a state
    /// that recovery knows: the new content is always under the temporary's name before the old one comes back. What
    /// somebody else wrote meanwhile stays.
    pub(super) fn step_back(&self, entry: &Entry<'_>) -> Result<(), Stuck> {
        let d = self.disk;
        let target = &self.paths.target(entry.path());
        match entry {
            Entry::Append { old_length, before, text, .. } => self.cut(target, (*old_length, before), text.as_bytes()),
            Entry::Replace { new, temp, .. } => {
                let (temp, backup) = (&self.paths.temp(temp), &self.paths.backup(temp));
                match hash_of(temp)? {
                    // Nothing was exchanged, or all is exchanged back.
                    Some(h) if h == *new && !on(backup, is_there(backup))? => Ok(()),
                    Some(h) if h == *new => match hash_of(target)? {
                        // What is aside is another name, or has been overtaken.
                        Some(now) if now != *new => on(backup, d.remove(backup)),
                        _ => on(target, d.rename(backup, target)),
                    },
                    Some(_) => self.exchange_back(temp, target, new).or_else(|_| {
                        on(temp, d.rename(temp, backup))?;
                        self.rename_back(target, (temp, backup), new)
                    }),
                    None if on(backup, is_there(backup))? => self.rename_back(target, (temp, backup), new),
                    None => Ok(()),
                }
            }
            Entry::Create { new, temp, .. } => {
                let temp = &self.paths.temp(temp);
                if hash_of(target)?.as_ref() != Some(new) {
                    Ok(())
                } else if on(temp, is_there(temp))? {
                    on(target, d.remove(target))
                } else {
                    on(target, d.rename(target, temp))
                }
            }
            Entry::Remove { temp, .. } => {
                let backup = &self.paths.backup(temp);
                if !on(backup, is_there(backup))? || on(target, is_there(target))? {
                    return Ok(());
                }
                match d.place(backup, target) {
                    Ok(()) => on(backup, if on(backup, is_there(backup))? { d.remove(backup) } else { Ok(()) }),
                    Err(_) if on(target, is_there(target))? => Ok(()),
                    Err(_) => on(target, d.rename(backup, target)),
                }
            }
        }
    }

    /// Exchanges a replaced file with what came out of its place. Whoever saved meanwhile has the last word: when something
    /// else comes out than what was put there, it is put back.
    fn exchange_back(&self, temp: &Path, target: &Path, new: &str) -> Result<(), Stuck> {
        let mut put = new.to_string();
        for _ in 0..SAVES {
            let ours = hash_of(temp)?.unwrap_or_default();
            match self.disk.exchange(temp, target) {
                Some(Ok(())) => {}
                // Somebody removed it.
                Some(Err(e)) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
                failed => return on(target, failed.unwrap_or_else(|| Err(io::ErrorKind::Unsupported.into()))),
            }
            if hash_of(temp)?.as_ref() == Some(&put) {
                return Ok(());
            }
            put = ours;
        }
        Err((target.to_path_buf(), io::ErrorKind::ResourceBusy.into()))
    }

    /// Puts what is kept aside back where `new` stands.
    fn rename_back(&self, target: &Path, (temp, backup): (&Path, &Path), new: &str) -> Result<(), Stuck> {
        let d = self.disk;
        if hash_of(target)?.as_deref() == Some(new) {
            on(target, d.link(target, temp).or_else(|_| d.rename(target, temp)))?;
            return on(target, d.rename(backup, target));
        }
        if on(target, is_there(target))? { Ok(()) } else { on(target, d.rename(backup, target)) }
    }

    /// Cuts appended rows off, wherever they ended up.
    fn cut(&self, target: &Path, (old_length, before): (u64, &str), text: &[u8]) -> Result<(), Stuck> {
        let file = match self.disk.open(target) {
            // Somebody removed it, and our rows with it.
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => on(target, opened)?,
        };
        let (len, ours) = (on(target, file.metadata())?.len(), text.len() as u64);
        let to = match on(target, appended(&file, old_length, before, text))? {
            Some(State::Old) => return Ok(()),
            Some(State::New) if len > old_length + ours => {
                // The line in front had no end before: it needs one now.
                let end = text.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count() as u64;
                return self.cut_out(target, old_length + end, ours - end);
            }
            Some(State::Part | State::New) => old_length,
            // Somebody saved before the rows were written: they stand behind that text.
            None => match len.checked_sub(ours) {
                Some(to) if on(target, part(&file, to, ours))? == text => to,
                _ => return Ok(()),
            },
        };
        on(target, self.disk.truncate(&file, to))?;
        let _ = twice(|| self.disk.sync(&file, true));
        Ok(())
    }

    /// Takes rows out of a file in which somebody's rows stand behind them.
    fn cut_out(&self, target: &Path, from: u64, len: u64) -> Result<(), Stuck> {
        let (d, temp) = (self.disk, self.paths.temp(&format!("c-{:016x}-cut", super::lock::random())));
        let old = on(target, open::read(target, MAX_FILE))?;
        let (from, to) = (from as usize, (from + len) as usize);
        let (Some(front), Some(behind)) = (old.get(..from), old.get(to..)) else { return Ok(()) };
        let new = [front, behind].concat();
        let mode = on(target, fs::metadata(target)).map(|m| mode_of(&m))?;
        let write = || {
            let mut file = d.create(&temp, mode)?;
            d.write(&mut file, &new)?;
            d.sync(&file, true)
        };
        let done = on(&temp, write()).and_then(|()| match d.exchange(&temp, target) {
            Some(Ok(())) if hash_of(&temp)? == Some(sha256(&old)) => Ok(()),
            Some(Ok(())) => {
                self.exchange_back(&temp, target, &sha256(&new))?;
                Err((target.to_path_buf(), io::ErrorKind::ResourceBusy.into()))
            }
            Some(Err(e)) => Err((target.to_path_buf(), e)),
            None => on(target, d.rename(&temp, target)),
        });
        self.clear(&[temp]);
        done
    }

    /// Removes the temporaries of a killed writer; only when no journal names them any more.
    pub(super) fn clear_leftovers(&self) -> Result<(), StoreError> {
        let mut left = vec![self.paths.kehu.join("journal.new")];
        if fs::symlink_metadata(&self.paths.tmp).is_ok_and(|m| m.is_dir()) {
            for entry in at(&self.paths.tmp, fs::read_dir(&self.paths.tmp))? {
                left.push(at(&self.paths.tmp, entry)?.path());
            }
        }
        // What cannot be removed now is no harm: names are never used twice.
        for path in left.iter().filter(|p| is_there(p).unwrap_or(true)) {
            let _ = self.disk.remove(path);
        }
        Ok(())
    }

    /// Raises the generation: readers that are at work see that they must read again.
    pub(super) fn raise(&self, generation: &Path) -> Result<(), StoreError> {
        at(&self.paths.generation, self.disk.rename(generation, &self.paths.generation))
    }

    /// Ends a journal whose entries are carried out, or taken back, by somebody else than the one who wrote it.
    pub(super) fn close(&mut self, journal: &Journal<'_>) -> Result<(), StoreError> {
        for dir in std::mem::take(&mut self.dirs) {
            if at(&dir, is_there(&dir))? {
                self.dirs.insert(dir);
            }
        }
        self.sync_dirs()?;
        let p = self.paths.clone();
        let generation = p.temp(&format!("r-{:016x}", super::lock::random()));
        self.make_tmp()?;
        self.write_new(&generation, next_generation(&p.root)?.as_bytes(), None, false, &mut Vec::new())?;
        self.raise(&generation)?;
        self.still_ours(journal)?;
        self.keep(journal)?;
        at(&p.kehu, self.disk.sync_dir(&p.kehu))?;
        self.clear_leftovers()
    }
}

/// The text of the next generation: a number, so that people can read it.
pub(super) fn next_generation(root: &Path) -> Result<String, StoreError> {
    let now = open::read_own(root, "generation", MAX_LINE_FILE)?
        .and_then(|b| String::from_utf8(b).ok()?.trim().parse::<u64>().ok());
    Ok(format!("{}\n", now.map_or(1, |n| n.wrapping_add(1))))
}

/// An error that comes once need not come a second time.
pub(super) fn twice<T, E>(mut operation: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    operation().or_else(|_| operation())
}
