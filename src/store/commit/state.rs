//! How far an entry of the journal has come, told from the files alone: for recovery, for readers, and for giving up.

use super::super::disk::read_part;
use super::super::error::StoreError;
use super::super::journal::{Entry, Paths, is_absent, read_opt, sha256};
use super::super::open;
use super::super::text::MAX_FILE;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::path::Path;

/// How much of a file's beginning (its header stands there) and of its end tells that it is the one that rows were made for.
pub(crate) const HEAD: u64 = 16 << 10;
pub(crate) const TAIL: u64 = 2 << 10;

/// How far an entry has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing of it is done.
    Old,
    /// Rows are appended in part.
    Part,
    /// It is done.
    New,
}

/// The edges of what stands before appended rows: a hash of its first and its last bytes, so that it costs the same for
/// every ledger. Another header, another length or another end change it; a cell corrected in between in as many bytes does
/// not, and need not: rows fit behind it all the same.
pub(crate) fn edges_of(bytes: &[u8]) -> String {
    let (head, tail) = (HEAD as usize, TAIL as usize);
    edges(&bytes[..bytes.len().min(head)], &bytes[bytes.len().saturating_sub(tail)..])
}

/// The same of the first `len` bytes of a file.
pub(crate) fn edges_in(file: &File, len: u64) -> io::Result<String> {
    let head = part(file, 0, len.min(HEAD))?;
    if len <= HEAD {
        return Ok(edges(&head, &head[head.len().saturating_sub(TAIL as usize)..]));
    }
    Ok(edges(&head, &part(file, len - TAIL, TAIL)?))
}

/// The same of a file's first [`HEAD`] and last [`TAIL`] bytes.
pub(crate) fn edges(head: &[u8], tail: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update((head.len() as u64).to_le_bytes());
    hash.update(head);
    hash.update(tail);
    super::super::journal::hex(&hash.finalize())
}

/// So many bytes of a file from an offset on, fewer at its end.
pub(super) fn part(file: &File, from: u64, len: u64) -> io::Result<Vec<u8>> {
    read_part(file, from, usize::try_from(len).map_err(io::Error::other)?)
}

/// How much of `text` stands in `tail`, which is all that follows the old text. After a power cut the rest may be zeros,
/// which no text holds. `None` when something else stands there.
pub(crate) fn behind(tail: &[u8], text: &[u8]) -> Option<State> {
    if tail.starts_with(text) {
        Some(State::New)
    } else if tail.is_empty() {
        Some(State::Old)
    } else if tail.len() <= text.len() && tail.iter().zip(text).all(|(t, b)| t == b || *t == 0) {
        Some(State::Part)
    } else {
        None
    }
}

/// The state of appended rows in an open file.
pub(super) fn appended(file: &File, old_length: u64, before: &str, text: &[u8]) -> io::Result<Option<State>> {
    if file.metadata()?.len() < old_length || !before.is_empty() && edges_in(file, old_length)? != before {
        return Ok(None);
    }
    // One byte more than wanted tells whether anything follows.
    let tail = part(file, old_length, text.len() as u64 + 1)?;
    Ok(behind(&tail, text))
}

/// A file's hash; `None` when it is not there.
pub(super) fn hash(path: &Path) -> Result<Option<String>, StoreError> {
    Ok(read_opt(path)?.map(|b| sha256(&b)))
}

/// The same of a temporary, which is reached through no link.
fn hash_of_temp(p: &Paths, temp: &str) -> Result<Option<String>, StoreError> {
    Ok(open::read_own(&p.root, &Paths::name_of(temp), MAX_FILE)?.map(|b| sha256(&b)))
}

/// The state of an entry's file; `None` when it is neither old nor new: somebody else wrote to it.
pub(crate) fn state_of(p: &Paths, entry: &Entry<'_>) -> Result<Option<State>, StoreError> {
    let target = p.target(entry.path());
    Ok(match entry {
        Entry::Append { old_length, before, text, .. } => match open::regular(&target) {
            Ok((file, _)) => {
                appended(&file, *old_length, before, text.as_bytes()).map_err(|e| StoreError::io(&target, e))?
            }
            Err(e) if is_absent(&e) => None,
            Err(e) => return Err(StoreError::io(&target, e)),
        },
        Entry::Replace { old, new, temp, .. } => {
            let (now, kept) = (hash(&target)?, hash_of_temp(p, temp)?);
            let aside = || hash_of_temp(p, &Paths::old(temp));
            let is = |found: &Option<String>, wanted: &String| found.as_ref() == Some(wanted);
            match now {
                // What came out must be the old text, or it is somebody's who saved just before.
                Some(h) if h == *new => {
                    let out = if kept.is_some() { kept } else { aside()? };
                    (out.is_none() || is(&out, old) || is(&out, new)).then_some(State::New)
                }
                Some(h) if h == *old => is(&kept, new).then_some(State::Old),
                Some(_) => None,
                // Renamed aside, and the new one not yet in place.
                None => (is(&kept, new) && is(&aside()?, old)).then_some(State::Old),
            }
        }
        Entry::Create { new, temp, .. } => match hash(&target)? {
            Some(h) => (h == *new).then_some(State::New),
            None => (hash_of_temp(p, temp)?.as_ref() == Some(new)).then_some(State::Old),
        },
        Entry::Remove { old, temp, .. } => match hash(&target)? {
            Some(h) => (h == *old).then_some(State::Old),
            // What was renamed aside must be what was to be removed.
            None => hash_of_temp(p, &Paths::old(temp))?.is_none_or(|h| h == *old).then_some(State::New),
        },
    })
}
