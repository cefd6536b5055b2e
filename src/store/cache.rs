//! The customers' files in one file, so that unchanged ones need not be opened again: `.kehu/cache/customers`.
//!
//! It may be thrown away at any time and never changes an answer. It holds the texts as they were read, each with the size,
//! times and inode of its file; a text is used only while all of these are the same, and goes the same way as if it had just
//! been read. A file that was changed so shortly before it was read that another change might leave the same times (git's
//! racy rule) is not taken up. Another version, a wrong checksum or whatever else is odd makes it a cache of nothing.

use super::error::StoreError;
use super::layout::KEHU_DIR;
use crate::model::Str;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Whether answers may come from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CacheUse {
    /// Never.
    Off,
    /// Where there are so many files that it is worth it.
    #[default]
    Large,
    /// Always: for tests.
    Always,
}

impl CacheUse {
    /// Whether it is worth it for so many files.
    pub(super) fn suits(self, files: usize) -> bool {
        match self {
            CacheUse::Off => false,
            CacheUse::Large => files >= 2_000,
            CacheUse::Always => true,
        }
    }
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    changed: i64,
    inode: u64,
}

impl Stat {
    /// The state of a file; `None` where it is not there or the system tells too little.
    #[cfg(unix)]
    pub(super) fn of(path: &Path) -> Option<Stat> {
        fs::metadata(path).ok().map(|m| Stat::from_meta(&m))
    }

    #[cfg(unix)]
    fn from_meta(m: &fs::Metadata) -> Stat {
        use std::os::unix::fs::MetadataExt;
        let nanos = |s: i64, n: i64| s.saturating_mul(1_000_000_000).saturating_add(n);
        Stat {
            size: m.size(),
            modified: nanos(m.mtime(), m.mtime_nsec()),
            changed: nanos(m.ctime(), m.ctime_nsec()),
            inode: m.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Path) -> Option<Stat> {
        None
    }
}

/// A text with the state of its file before it was read.
pub(super) struct Kept {
    pub(super) file: Str,
    pub(super) stat: Stat,
    pub(super) text: Str,
    pub(super) bom: bool,
}

/// An entry of the cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) stat: Stat,
    pub(super) bom: bool,
    /// Where its text stands in the file.
    pub(super) offset: u64,
    pub(super) len: u32,
    hash: u64,
    path: (u32, u32),
}

/// The cache as it was opened.
pub(super) struct Cache {
    file: File,
    paths: String,
    entries: Vec<Entry>,
}

/// What every cache of this program begins with; another one is not read.
const MAGIC: &str = concat!("kehu customers 1 ", env!("CARGO_PKG_VERSION"), "\n");
/// Bytes of an entry.
const ENTRY: usize = 56;
/// Entries, bytes of paths, checksum.
const COUNTS: usize = 24;
/// Nanoseconds within which a file system may give two changes the same time (FAT: two seconds).
const TICK: i64 = 2_000_000_000;

fn hash(bytes: &[u8]) -> u64 {
    foldhash::fast::FixedState::with_seed(0x006b_6568_7500).hash_one(bytes)
}

fn folder(root: &Path) -> PathBuf {
    root.join(KEHU_DIR).join("cache")
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

impl Cache {
    /// The cache of a data directory; `None` when there is none that can be used.
    pub(super) fn open(root: &Path) -> Option<Cache> {
        let file = File::open(folder(root).join("customers")).ok()?;
        let len = file.metadata().ok()?.len();
        let mut head = vec![0; MAGIC.len() + COUNTS];
        read_at(&file, &mut head, 0).ok()?;
        if !head.starts_with(MAGIC.as_bytes()) {
            return None;
        }
        let count = usize::try_from(u64::from_le_bytes(number(&head, MAGIC.len())?)).ok()?;
        let paths = u64::from_le_bytes(number(&head, MAGIC.len() + 8)?);
        let sum = u64::from_le_bytes(number(&head, MAGIC.len() + 16)?);
        let size = (count as u64).checked_mul(ENTRY as u64)?.checked_add(paths)?;
        if size.checked_add(head.len() as u64)? > len {
            return None;
        }
        let mut table = vec![0; usize::try_from(size).ok()?];
        read_at(&file, &mut table, head.len() as u64).ok()?;
        if hash(&table) != sum {
            return None;
        }
        let paths = String::from_utf8(table.split_off(count * ENTRY)).ok()?;
        let entries: Option<Vec<Entry>> = table.chunks_exact(ENTRY).map(entry).collect();
        let mut entries = entries?;
        let mut end = u32::try_from(paths.len()).ok()?;
        for e in entries.iter_mut().rev() {
            e.path.1 = end.checked_sub(e.path.0)?;
            end = e.path.0;
        }
        let inside = |e: &Entry| {
            paths.get(e.path.0 as usize..(e.path.0 as usize).checked_add(e.path.1 as usize)?)?;
            (e.offset.checked_add(u64::from(e.len))? <= len).then_some(())
        };
        entries.iter().all(|e| inside(e).is_some()).then_some(())?;
        Some(Cache { file, paths, entries })
    }

    /// For each of some files, sorted by path, the entry that is there.
    pub(super) fn find(&self, files: &[String]) -> Vec<Option<Entry>> {
        let mut entries = self.entries.iter().peekable();
        files
            .iter()
            .map(|file| {
                while entries.next_if(|e| self.path(e) < file.as_str()).is_some() {}
                entries.next_if(|e| self.path(e) == file.as_str()).copied()
            })
            .collect()
    }

    fn path(&self, e: &Entry) -> &str {
        &self.paths[e.path.0 as usize..(e.path.0 + e.path.1) as usize]
    }

    /// The texts of some entries, which stand one behind the other. `None` for one that is damaged.
    pub(super) fn texts(&self, entries: &[Entry]) -> Vec<Option<Str>> {
        let from = entries.iter().map(|e| e.offset).min().unwrap_or(0);
        let to = entries.iter().map(|e| e.offset + u64::from(e.len)).max().unwrap_or(0);
        let mut bytes = vec![0; usize::try_from(to - from).unwrap_or(0)];
        if read_at(&self.file, &mut bytes, from).is_err() {
            return vec![None; entries.len()];
        }
        let bytes: &'static [u8] = bytes.leak();
        let text = |e: &Entry| {
            let at = usize::try_from(e.offset - from).ok()?;
            let text = bytes.get(at..at + e.len as usize)?;
            (hash(text) == e.hash).then_some(())?;
            std::str::from_utf8(text).ok()
        };
        entries.iter().map(text).collect()
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    Some(Entry {
        stat: Stat {
            size: u64::from_le_bytes(number(bytes, 0)?),
            modified: i64::from_le_bytes(number(bytes, 8)?),
            changed: i64::from_le_bytes(number(bytes, 16)?),
            inode: u64::from_le_bytes(number(bytes, 24)?),
        },
        offset: u64::from_le_bytes(number(bytes, 32)?) >> 1,
        bom: bytes[32] & 1 == 1,
        len: u32::from_le_bytes(number(bytes, 40)?),
        path: (u32::from_le_bytes(number(bytes, 44)?), 0),
        hash: u64::from_le_bytes(number(bytes, 48)?),
    })
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A cache to be written: begun before the first file is read, so that its own time is the earlier one.
pub(super) struct Draft {
    path: PathBuf,
    file: File,
    /// What the file system's clock said.
    begun: i64,
}

impl Draft {
    /// Begins a draft; `None` where nothing can be written.
    #[cfg(unix)]
    pub(super) fn begin(root: &Path) -> Option<Draft> {
        use std::os::unix::fs::DirBuilderExt;
        let folder = folder(root);
        // A link in place of the folder may lead anywhere.
        for dir in [&root.join(KEHU_DIR), &folder] {
            match fs::symlink_metadata(dir) {
                Ok(m) if m.is_dir() => {}
                Ok(_) => return None,
                Err(_) => fs::DirBuilder::new().mode(0o700).create(dir).ok()?,
            }
        }
        let path = folder.join(format!("draft-{}-{:x}", std::process::id(), super::lock::random()));
        let file = File::options().write(true).create_new(true).open(&path).ok()?;
        let begun = Stat::from_meta(&file.metadata().ok()?).modified;
        Some(Draft { path, file, begun })
    }

    #[cfg(not(unix))]
    pub(super) fn begin(_: &Path) -> Option<Draft> {
        None
    }

    /// Whether a file was left alone for long enough before it was read.
    pub(super) fn is_calm(&self, stat: &Stat) -> bool {
        stat.changed < self.begun - TICK && stat.modified < self.begun - TICK
    }

    /// Writes the texts, sorted by path, and puts the file in its place. Whatever fails leaves the old cache as it was.
    pub(super) fn finish(self, root: &Path, kept: &[Kept]) {
        let written = self.write(kept).and_then(|()| fs::rename(&self.path, folder(root).join("customers")));
        if written.is_err() {
            self.drop();
        }
    }

    /// Gives the draft up.
    pub(super) fn drop(&self) {
        let _ = fs::remove_file(&self.path);
    }

    fn write(&self, kept: &[Kept]) -> io::Result<()> {
        let paths: usize = kept.iter().map(|k| k.file.len()).sum();
        let head = MAGIC.len() + COUNTS;
        let mut offset = (head + kept.len() * ENTRY + paths) as u64;
        let mut table = Vec::with_capacity(kept.len() * ENTRY + paths);
        let mut path = 0u32;
        let short = |n: usize| u32::try_from(n).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge));
        for k in kept {
            table.extend(k.stat.size.to_le_bytes());
            table.extend(k.stat.modified.to_le_bytes());
            table.extend(k.stat.changed.to_le_bytes());
            table.extend(k.stat.inode.to_le_bytes());
            table.extend((offset << 1 | u64::from(k.bom)).to_le_bytes());
            table.extend(short(k.text.len())?.to_le_bytes());
            table.extend(path.to_le_bytes());
            table.extend(hash(k.text.as_bytes()).to_le_bytes());
            offset += k.text.len() as u64;
            path += short(k.file.len())?;
        }
        kept.iter().for_each(|k| table.extend(k.file.as_bytes()));
        let mut out = io::BufWriter::with_capacity(1 << 20, &self.file);
        out.write_all(MAGIC.as_bytes())?;
        out.write_all(&(kept.len() as u64).to_le_bytes())?;
        out.write_all(&(paths as u64).to_le_bytes())?;
        out.write_all(&hash(&table).to_le_bytes())?;
        out.write_all(&table)?;
        for k in kept {
            out.write_all(k.text.as_bytes())?;
        }
        out.flush()
    }
}

/// Throws the cache away.
///
/// # Errors
/// The system's.
pub fn clear(root: &Path) -> Result<(), StoreError> {
    let folder = folder(root);
    match fs::symlink_metadata(&folder) {
        Ok(m) if m.is_dir() => fs::remove_dir_all(&folder).map_err(|e| StoreError::io(&folder, e)),
        _ => Ok(()),
    }
}
