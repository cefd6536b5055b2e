//! What was read, in a form that is quicker to read again: `.kehu/cache`.
//!
//! It may be thrown away at any time and never changes an answer. Everything in it is kept with the size, times and inode of
//! the file it came from, and used only while all of these are the same. A file (or, for the names in it, a folder) that was
//! changed so shortly before it was read that another change might leave the same times (git's racy rule) is not taken up.
//! Another version of the program or of kehu.toml, a wrong checksum or whatever else is odd makes it a cache of nothing.
//!
//! [`archive`] is the file and its checksums, [`ledgers`] the columns of ledgers, [`customers`] the customers.

pub(super) mod archive;
pub(super) mod customers;
pub(super) mod ledgers;

use super::error::StoreError;
use super::layout::KEHU_DIR;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether answers may come from the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CacheUse {
    /// Never.
    Off,
    /// Where there is so much to read that it is worth it.
    #[default]
    Large,
    /// Always: for tests.
    Always,
}

impl CacheUse {
    /// Whether it is worth it for so many customers.
    pub(super) fn suits_files(self, files: usize) -> bool {
        self == CacheUse::Always || self == CacheUse::Large && files >= 2_000
    }
    /// Whether it is worth it for a ledger of so many files and bytes.
    pub(super) fn suits_ledger(self, files: usize, bytes: u64) -> bool {
        self == CacheUse::Always || self == CacheUse::Large && (bytes >= 2 << 20 || files >= 64)
    }
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
    pub(super) changed: i64,
    pub(super) inode: u64,
}

/// Nanoseconds in one number.
fn nanos(seconds: i64, nanos: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanos)
}

impl Stat {
    /// The state of a file or folder; `None` where it is not there or the system tells too little.
    pub(super) fn of(path: &Path) -> Option<Stat> {
        fs::metadata(path).ok().and_then(|m| Stat::from_meta(&m))
    }

    /// The same of an open file.
    #[cfg(unix)]
    pub(super) fn from_meta(m: &fs::Metadata) -> Option<Stat> {
        use std::os::unix::fs::MetadataExt;
        Some(Stat {
            size: m.size(),
            modified: nanos(m.mtime(), m.mtime_nsec()),
            changed: nanos(m.ctime(), m.ctime_nsec()),
            inode: m.ino(),
        })
    }

    #[cfg(not(unix))]
    pub(super) fn from_meta(_: &fs::Metadata) -> Option<Stat> {
        None
    }
}

/// The states of some files, sorted by path.
#[cfg(target_os = "linux")]
pub(super) fn stats(root: &Path, files: &[&str]) -> Vec<Option<Stat>> {
    use rustix::fd::OwnedFd;
    use rustix::fs::{AtFlags, CWD, Mode, OFlags, openat, statat};
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::DIRECTORY;
    let mut folder: Option<(&str, OwnedFd)> = None;
    let one = |folder: &Option<(&str, OwnedFd)>, name: &str| {
        let s = statat(&folder.as_ref()?.1, name, AtFlags::empty()).ok()?;
        Some(Stat {
            size: u64::try_from(s.st_size).ok()?,
            modified: nanos(s.st_mtime, i64::try_from(s.st_mtime_nsec).ok()?),
            changed: nanos(s.st_ctime, i64::try_from(s.st_ctime_nsec).ok()?),
            inode: s.st_ino,
        })
    };
    let mut out = Vec::with_capacity(files.len());
    for file in files {
        let (parent, name) = file.rsplit_once('/').unwrap_or(("", file));
        if folder.as_ref().is_none_or(|(known, _)| *known != parent) {
            // A folder is opened for all its files: these are then looked up by name alone.
            folder = openat(CWD, root.join(parent), flags, Mode::empty()).ok().map(|fd| (parent, fd));
        }
        out.push(one(&folder, name));
    }
    out
}

#[cfg(not(target_os = "linux"))]
pub(super) fn stats(root: &Path, files: &[&str]) -> Vec<Option<Stat>> {
    files.iter().map(|f| Stat::of(&root.join(f))).collect()
}

/// Nanoseconds within which a file system may give two changes the same time (FAT: two seconds).
const TICK: i64 = 2_000_000_000;

fn hash(bytes: &[u8]) -> u64 {
    foldhash::fast::FixedState::with_seed(0x006b_6568_7500).hash_one(bytes)
}

fn folder(root: &Path) -> PathBuf {
    root.join(KEHU_DIR).join("cache")
}

/// A cache to be written: begun before the first file is looked at, so that its own time is the earlier one.
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
            // Another thread may make it at the same time: what counts is what stands there then.
            if fs::symlink_metadata(dir).is_err() {
                let _ = fs::DirBuilder::new().mode(0o700).create(dir);
            }
            if !fs::symlink_metadata(dir).is_ok_and(|m| m.is_dir()) {
                return None;
            }
        }
        let path = folder.join(format!("draft-{}-{:x}", std::process::id(), super::lock::random()));
        let file = File::options().write(true).create_new(true).open(&path).ok()?;
        let begun = Stat::from_meta(&file.metadata().ok()?)?.modified;
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

    /// Gives the draft up.
    pub(super) fn drop(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a part of the cache was damaged and the file that it came from is another one by now: then an answer would be put
/// together from two states.
static TORN: AtomicBool = AtomicBool::new(false);

fn tear() {
    TORN.store(true, Ordering::Relaxed);
}

/// Whether what was read can no longer be trusted: to be asked before an answer is printed.
pub fn is_torn() -> bool {
    TORN.load(Ordering::Relaxed)
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
