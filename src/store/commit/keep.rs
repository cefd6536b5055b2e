//! The end of a change: its journal moves to `.kehu/undo`, from where `kehu undo` can take the change back.
//!
//! The journal is on the disk by then, and moving it is one rename, as removing it was: whoever is killed before has an
//! unfinished change, whoever is killed after it has one that is done and kept. What replaced and removed files were stands
//! in the journal. A long one is written anew, with lengths and hashes instead of rows.

use super::super::error::StoreError;
use super::super::journal::{Deed, Entry, Journal, Kept, LAST_NUMBER, Rows, Was, sha256};
use super::super::kept;
use super::engine::{Engine, at, twice};
use std::borrow::Cow;
use std::fs;
use std::path::Path;

/// Bytes of old texts that one journal holds.
const MAX_WAS: usize = if cfg!(test) { 1 << 10 } else { 16 << 20 };
/// From this length on a journal is written anew.
const LONG: u64 = if cfg!(test) { 8 << 10 } else { 1 << 20 };

/// Bytes that are compared at once.
const AT_ONCE: usize = 4096;

/// Takes down what files were, as long as there is room.
pub(super) struct Room(usize);

impl Room {
    pub(super) fn new(deed: Option<&Deed>) -> Room {
        Room(deed.map_or(0, |_| MAX_WAS))
    }

    /// What a file was that becomes another one.
    pub(super) fn replaced(&mut self, old: &[u8], new: &[u8]) -> Option<Was> {
        let front = same_front(old, new);
        let end = same_end(&old[front..], &new[front..]);
        let bytes = self.take(&old[front..old.len() - end])?;
        Some(Was { front: front as u64, end: end as u64, bytes, mode: None })
    }

    /// What a file was that goes away.
    pub(super) fn removed(&mut self, old: &[u8], mode: Option<u32>) -> Option<Was> {
        Some(Was { bytes: self.take(old)?, mode, ..Was::default() })
    }

    fn take(&mut self, bytes: &[u8]) -> Option<String> {
        let left = self.0.checked_sub(bytes.len());
        // One that is missing makes all the others useless.
        self.0 = left.unwrap_or(0);
        left?;
        Some(bytes.iter().map(|b| char::from(*b)).collect())
    }
}

/// How many bytes are equal at the beginning. Pieces are compared first, which is faster.
fn same_front(a: &[u8], b: &[u8]) -> usize {
    let pieces = a.chunks(AT_ONCE).zip(b.chunks(AT_ONCE)).take_while(|(a, b)| a == b);
    let from: usize = pieces.map(|(a, _)| a.len()).sum();
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}

/// The same at the end.
fn same_end(a: &[u8], b: &[u8]) -> usize {
    let pieces = a.rchunks(AT_ONCE).zip(b.rchunks(AT_ONCE)).take_while(|(a, b)| a == b);
    let to: usize = pieces.map(|(a, _)| a.len()).sum();
    let rest = |bytes: &[u8]| bytes.len() - to;
    to + a[..rest(a)].iter().rev().zip(b[..rest(b)].iter().rev()).take_while(|(a, b)| a == b).count()
}

impl Engine<'_> {
    /// The folder for journals, and the number of the next one.
    pub(super) fn next_kept(&self, deed: &Deed) -> Result<Kept, StoreError> {
        let p = &self.paths;
        let numbers = match kept::numbers(p)? {
            Some(numbers) => numbers,
            None => at(&p.undo, self.disk.make_dir(&p.undo)).map(|()| Vec::new())?,
        };
        let number = match numbers.last() {
            Some(last) if *last < LAST_NUMBER => last + 1,
            Some(_) => {
                self.forget()?;
                1
            }
            None => 1,
        };
        Ok(Kept { number, deed: deed.clone(), left_out: 0 })
    }

    /// Ends a journal whose entries are carried out: it is kept, or where that cannot be, no earlier one is either, as it
    /// would be taken for the last.
    pub(super) fn keep(&self, journal: &Journal<'_>) -> Result<(), StoreError> {
        let from = &self.paths.journal;
        let Some(kept) = &journal.kept else { return at(from, self.disk.remove(from)) };
        let to = &self.paths.kept(kept.number);
        let mut numbers = match kept::numbers(&self.paths)? {
            Some(numbers) => numbers,
            None => {
                // Somebody removed the folder meanwhile; without it nothing is kept.
                let _ = self.disk.make_dir(&self.paths.undo);
                Vec::new()
            }
        };
        numbers.push(kept.number);
        if at(from, fs::symlink_metadata(from))?.len() < LONG {
            if twice(|| self.disk.rename(from, to)).is_ok() {
                self.keep_few(&numbers);
                return Ok(());
            }
        } else if self.write_short(journal, kept, to).is_ok() {
            return at(from, self.disk.remove(from)).inspect(|()| self.keep_few(&numbers)).inspect_err(|_| {
                // All will be taken back, and must not be kept.
                let aside = self.paths.tmp.join("kept.undone");
                let _ = self.disk.remove(to).or_else(|_| self.disk.rename(to, &aside));
                let _ = self.disk.remove(&aside);
            });
        }
        self.forget()?;
        at(from, self.disk.remove(from))
    }

    /// Writes a journal without the rows that it appended.
    fn write_short(&self, journal: &Journal<'_>, kept: &Kept, to: &Path) -> Result<(), StoreError> {
        let mut short = Journal { entries: journal.entries.iter().map(short).collect(), kept: journal.kept.clone() };
        let mut bytes = Vec::new();
        at(to, short.write_to(&mut bytes))?;
        if bytes.len() as u64 > kept::MAX_KEPT {
            let left_out = short.entries.len() as u64;
            short = Journal { entries: Vec::new(), kept: Some(Kept { left_out, ..kept.clone() }) };
            bytes.clear();
            at(to, short.write_to(&mut bytes))?;
        }
        let temp = self.paths.temp(&format!("c-{:016x}-kept", super::lock::random()));
        let mut temps = Vec::new();
        let written = self
            .write_new(&temp, &bytes, None, true, &mut temps)
            .and_then(|_| at(to, twice(|| self.disk.rename(&temp, to))));
        written.inspect_err(|_| self.clear(&temps))
    }

    /// Removes the oldest journals when there are too many, or too many bytes. One that stays is no harm.
    fn keep_few(&self, numbers: &[u32]) {
        let mut bytes = 0;
        for (n, number) in numbers.iter().rev().enumerate() {
            let path = self.paths.kept(*number);
            bytes += fs::symlink_metadata(&path).map_or(0, |m| m.len());
            if n >= kept::MANY || n > 0 && bytes > kept::MAX_ALL {
                let _ = self.disk.remove(&path);
            }
        }
    }

    /// Removes all kept journals.
    fn forget(&self) -> Result<(), StoreError> {
        for number in kept::numbers(&self.paths)?.unwrap_or_default() {
            let path = self.paths.kept(number);
            at(&path, twice(|| self.disk.remove(&path)))?;
        }
        Ok(())
    }

    /// Removes the kept journal of a change that is given up.
    pub(super) fn unkeep(&self, journal: &Journal<'_>) -> Result<(), StoreError> {
        let Some(kept) = &journal.kept else { return Ok(()) };
        let path = self.paths.kept(kept.number);
        match kept::numbers(&self.paths)? {
            Some(numbers) if numbers.contains(&kept.number) => at(&path, self.disk.remove(&path)),
            _ => Ok(()),
        }
    }
}

/// An entry without the rows that it appends.
fn short<'e>(entry: &'e Entry<'_>) -> Entry<'e> {
    match entry {
        Entry::Append { path, old_length, before, text, .. } => Entry::Append {
            path: Cow::Borrowed(path),
            old_length: *old_length,
            before: Cow::Borrowed(before),
            text: Cow::Borrowed(""),
            rows: Some(Rows { length: text.len() as u64, hash: sha256(text.as_bytes()) }),
        },
        other => other.clone(),
    }
}
