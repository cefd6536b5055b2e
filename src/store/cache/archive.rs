//! One file of the cache: a directory, and sections that are read one by one, each with its checksum.

use super::{Draft, folder, hash};
use crate::store::open;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Every archive of this program begins with this; another one is not read.
const MAGIC: &str = concat!("kehu cache 5 ", env!("CARGO_PKG_VERSION"), "\n");
/// Largest table, in bytes: that of a thousand times as many rows as anybody has had.
const MAX_TABLE: u64 = 256 << 20;
/// Bytes of a section in the table: where it begins, how long it is, its checksum.
const ENTRY: usize = 24;
/// What stands last: the table's offset, the number of sections, the directory's length, the key, the checksum of all that.
const TRAILER: usize = 40;

/// An archive that was opened.
#[derive(Debug)]
pub(in crate::store) struct Archive {
    file: File,
    /// Where the sections end.
    end: u64,
    table: Vec<u8>,
    directory: usize,
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A key that only this very file has: an archive that came with a copy of the directory is another one.
#[cfg(unix)]
fn bound(key: u64, meta: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    hash(format!("{key:x} {:x} {:x}", meta.dev(), meta.ino()).as_bytes())
}

#[cfg(not(unix))]
fn bound(key: u64, _: &Metadata) -> u64 {
    key
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

impl Archive {
    /// Opens an archive; `None` when there is none that can be used under this key.
    pub(in crate::store) fn open(root: &Path, name: &str, key: u64) -> Option<Archive> {
        let (file, meta) = open::own(root, &format!("cache/{name}")).ok()?;
        let len = meta.len();
        let mut head = [0; MAGIC.len()];
        read_at(&file, &mut head, 0).ok()?;
        if head != MAGIC.as_bytes() {
            return None;
        }
        let mut trailer = [0; TRAILER];
        let end = len.checked_sub(TRAILER as u64)?;
        read_at(&file, &mut trailer, end).ok()?;
        let [at, count, directory, found, sum] = [0, 8, 16, 24, 32].map(|n| number(&trailer, n));
        if found? != bound(key, &meta) {
            return None;
        }
        let size = count?.checked_mul(ENTRY as u64)?.checked_add(directory?)?;
        if at?.checked_add(size)? != end || size > MAX_TABLE {
            return None;
        }
        let mut table = vec![0; usize::try_from(size).ok()?];
        read_at(&file, &mut table, at?).ok()?;
        let directory = usize::try_from(count?).ok()? * ENTRY;
        (hash(&table) ^ hash(&trailer[..TRAILER - 8]) == sum?).then_some(Archive { file, end: at?, table, directory })
    }

    /// The directory, as the one who wrote it made it.
    pub(in crate::store) fn directory(&self) -> &[u8] {
        &self.table[self.directory..]
    }

    fn entry(&self, n: usize) -> Option<(u64, usize, u64)> {
        let at = n.checked_mul(ENTRY).filter(|at| at + ENTRY <= self.directory)?;
        let [offset, len, sum] = [at, at + 8, at + 16].map(|at| number(&self.table, at));
        // A length is believed only if the file has so much.
        let (offset, len) = (offset?, len?);
        (offset.checked_add(len)? <= self.end).then_some(())?;
        Some((offset, usize::try_from(len).ok()?, sum?))
    }

    /// A section; `None` when it is not there or damaged.
    pub(in crate::store) fn section(&self, n: usize) -> Option<Vec<u8>> {
        let (offset, len, sum) = self.entry(n)?;
        let mut bytes = vec![0; len];
        if len > 0 {
            read_at(&self.file, &mut bytes, offset).ok()?;
        }
        (hash(&bytes) == sum).then_some(bytes)
    }

    /// A part of a section, not checked.
    pub(in crate::store) fn part(&self, n: usize, from: u64, len: usize) -> Option<Vec<u8>> {
        let (offset, all, _) = self.entry(n)?;
        if from.checked_add(len as u64)? > all as u64 {
            return None;
        }
        let mut bytes = vec![0; len];
        read_at(&self.file, &mut bytes, offset + from).ok()?;
        Some(bytes)
    }
}

/// Writes an archive: sections in their order, then the directory.
pub(in crate::store) struct Writer<'d> {
    out: BufWriter<&'d File>,
    meta: Metadata,
    offset: u64,
    table: Vec<u8>,
}

impl<'d> Writer<'d> {
    pub(in crate::store) fn new(draft: &'d Draft) -> io::Result<Writer<'d>> {
        let mut out = BufWriter::with_capacity(1 << 18, &draft.file);
        out.write_all(MAGIC.as_bytes())?;
        Ok(Writer { out, meta: draft.file.metadata()?, offset: MAGIC.len() as u64, table: Vec::new() })
    }

    pub(in crate::store) fn section(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        for n in [self.offset, bytes.len() as u64, hash(bytes)] {
            self.table.extend(n.to_le_bytes());
        }
        self.offset += bytes.len() as u64;
        Ok(())
    }

    pub(in crate::store) fn finish(mut self, directory: &[u8], key: u64) -> io::Result<()> {
        let count = (self.table.len() / ENTRY) as u64;
        self.table.extend(directory);
        self.out.write_all(&self.table)?;
        let mut trailer = Vec::with_capacity(TRAILER);
        for n in [self.offset, count, directory.len() as u64, bound(key, &self.meta)] {
            trailer.extend(n.to_le_bytes());
        }
        let sum = hash(&self.table) ^ hash(&trailer);
        trailer.extend(sum.to_le_bytes());
        self.out.write_all(&trailer)?;
        self.out.flush()
    }
}

/// Puts a draft in its place once `write` has filled it. Whatever fails leaves the old archive as it was.
pub(in crate::store) fn put(draft: &Draft, root: &Path, name: &str, write: impl FnOnce(Writer<'_>) -> io::Result<()>) {
    let written = Writer::new(draft).and_then(write);
    if written.and_then(|()| fs::rename(&draft.path, folder(root).join(name))).is_err() {
        draft.drop();
    }
}

/// Bytes that are read from front to back.
pub(in crate::store) struct Bytes<'b>(pub(in crate::store) &'b [u8]);

impl<'b> Bytes<'b> {
    pub(in crate::store) fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (part, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(part)
    }
    pub(in crate::store) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }
    pub(in crate::store) fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }
    /// How many parts follow, of which each has so many bytes at least: room is made for no more than there are.
    pub(in crate::store) fn count(&mut self, each: usize) -> Option<usize> {
        let n = self.u32()? as usize;
        (n.checked_mul(each)? <= self.0.len()).then_some(n)
    }
    pub(in crate::store) fn text(&mut self) -> Option<&'b str> {
        let n = self.u32()? as usize;
        std::str::from_utf8(self.take(n)?).ok()
    }
    /// `n` numbers of four bytes.
    pub(in crate::store) fn u32s(&mut self, n: usize) -> Option<Vec<u32>> {
        let bytes = self.take(n.checked_mul(4)?)?;
        Some(bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
    }
    /// `n` numbers of eight bytes.
    pub(in crate::store) fn i64s(&mut self, n: usize) -> Option<Vec<i64>> {
        let bytes = self.take(n.checked_mul(8)?)?;
        let number = |c: &[u8]| i64::from_le_bytes([c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]]);
        Some(bytes.chunks_exact(8).map(number).collect())
    }
}

pub(in crate::store) fn put_u32(out: &mut Vec<u8>, n: usize) {
    // Nothing here has four billion parts; if it had, the checks of reading would throw it away.
    out.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

pub(in crate::store) fn put_u32s(out: &mut Vec<u8>, numbers: &[u32]) {
    numbers.iter().for_each(|n| out.extend(n.to_le_bytes()));
}

pub(in crate::store) fn put_i64s(out: &mut Vec<u8>, numbers: &[i64]) {
    numbers.iter().for_each(|n| out.extend(n.to_le_bytes()));
}

pub(in crate::store) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_u32(out, text.len());
    out.extend(text.as_bytes());
}

impl super::Stat {
    /// Its length in an archive.
    pub(in crate::store) const BYTES: usize = 32;

    pub(in crate::store) fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.size.to_le_bytes());
        out.extend(self.modified.to_le_bytes());
        out.extend(self.changed.to_le_bytes());
        out.extend(self.inode.to_le_bytes());
    }
    pub(in crate::store) fn take(bytes: &mut Bytes<'_>) -> Option<super::Stat> {
        let [size, modified, changed, inode] = [(); 4].map(|()| bytes.u64());
        Some(super::Stat {
            size: size?,
            modified: modified?.cast_signed(),
            changed: changed?.cast_signed(),
            inode: inode?,
        })
    }
}
