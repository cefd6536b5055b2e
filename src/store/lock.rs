//! One writer at a time: `.kehu/` and the lock file in it, which is never deleted.
//!
//! The lock belongs to the open file, so a holder that is killed frees it. What is in the file only tells who holds it.

use crate::store::error::StoreError;
use crate::store::layout::{KEHU_DIR, Unsafe};
use crate::store::open::{self, MAX_LINE_FILE};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The right to write to a data directory; ends when it is dropped.
#[derive(Debug)]
pub struct LockGuard {
    root: PathBuf,
    _file: File,
}

impl LockGuard {
    /// The data directory.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// The folder for lock, journal and cache; made with mode 0700 if it is not there.
///
/// # Errors
/// A symbolic link or a file in its place; or the system's.
pub fn kehu_dir(root: &Path) -> Result<PathBuf, StoreError> {
    let dir = root.join(KEHU_DIR);
    let unsafe_path = |why| StoreError::UnsafePath { file: KEHU_DIR.into(), why };
    match fs::symlink_metadata(&dir) {
        Ok(meta) if meta.file_type().is_symlink() => Err(unsafe_path(Unsafe::Link)),
        Ok(meta) if !meta.is_dir() => Err(unsafe_path(Unsafe::Kind)),
        Ok(_) => Ok(dir),
        Err(e) if e.kind() == io::ErrorKind::NotFound => match make_private(&dir) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::io(&dir, e)),
            _ => Ok(dir),
        },
        Err(e) => Err(StoreError::io(&dir, e)),
    }
}

fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Takes the lock, waiting up to `timeout`. `holder` is kept in the lock file for those who wait (process, host, command,
/// since when). Where the file system has no locks it goes on without.
///
/// # Errors
/// [`StoreError::Locked`] after the time-out; or the system's.
pub fn acquire(root: &Path, holder: &str, timeout: Duration) -> Result<LockGuard, StoreError> {
    let path = kehu_dir(root)?.join("lock");
    let io = |e| StoreError::io(&path, e);
    if fs::symlink_metadata(&path).is_ok_and(|m| !m.is_file()) {
        return Err(StoreError::UnsafePath { file: format!("{KEHU_DIR}/lock"), why: Unsafe::Link });
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(io)?;
    wait(|| file.try_lock(), timeout).map_err(|e| match e {
        Waited::Out(waited) => StoreError::Locked { holder: read_holder(&path), waited },
        Waited::Failed(e) => io(e),
    })?;
    // Only for people: a holder that cannot be written down is no reason to refuse the work.
    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(holder.as_bytes()));
    Ok(LockGuard { root: root.to_path_buf(), _file: file })
}

/// A shared lock, which keeps writers out: for a reader that never finds a quiet moment. `None` where there is none to be had
/// (no lock file, no right to open it, no locks, or nobody let go in time).
pub(crate) fn share(root: &Path, timeout: Duration) -> Option<File> {
    let (file, _) = open::own(root, "lock").ok()?;
    wait(|| file.try_lock_shared(), timeout).ok()?;
    Some(file)
}

/// Whether a writer is at work. What cannot be told is no.
pub(crate) fn is_held(root: &Path) -> bool {
    let file = open::own(root, "lock");
    file.is_ok_and(|(file, _)| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

enum Waited {
    Out(Duration),
    Failed(io::Error),
}

/// Tries until it works or the sleeps sum up to the time-out; no clock is read.
fn wait(mut lock: impl FnMut() -> Result<(), TryLockError>, timeout: Duration) -> Result<(), Waited> {
    let mut waited = Duration::ZERO;
    let mut step = 500;
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => return Ok(()),
            Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(e)) => return Err(Waited::Failed(e)),
            Err(TryLockError::WouldBlock) if waited >= timeout => return Err(Waited::Out(waited)),
            Err(TryLockError::WouldBlock) => {}
        }
        // Waiting processes must not wake in step, or the same ones lose each time.
        let sleep = Duration::from_micros(step / 2 + random() % step).min(timeout.saturating_sub(waited));
        std::thread::sleep(sleep.max(Duration::from_micros(50)));
        waited += sleep.max(Duration::from_micros(50));
        step = (step * 2).min(10_000);
    }
}

/// A number that differs between processes and calls; not for secrets.
pub(crate) fn random() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}

fn read_holder(path: &Path) -> String {
    open::read(path, MAX_LINE_FILE).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn one_writer_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = acquire(dir.path(), "first, a long text", Duration::ZERO).unwrap();
        match acquire(dir.path(), "second", Duration::from_millis(20)).unwrap_err() {
            StoreError::Locked { holder, waited } => {
                assert_eq!((holder.as_str(), waited), ("first, a long text", Duration::from_millis(20)));
            }
            e => panic!("{e:?}"),
        }
        assert!(share(dir.path(), Duration::ZERO).is_none());
        drop(first);
        let reader = share(dir.path(), Duration::ZERO).unwrap();
        assert!(acquire(dir.path(), "x", Duration::ZERO).is_err());
        drop(reader);
        drop(acquire(dir.path(), "third", Duration::ZERO).unwrap());
        assert_eq!(fs::read_to_string(dir.path().join(".kehu/lock")).unwrap(), "third");
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        kehu_dir(dir.path()).unwrap();
        assert_eq!(fs::metadata(dir.path().join(".kehu")).unwrap().permissions().mode() & 0o777, 0o700);
        symlink("/dev/null", dir.path().join(".kehu/lock")).unwrap();
        assert!(matches!(acquire(dir.path(), "x", Duration::ZERO), Err(StoreError::UnsafePath { .. })));
        let other = tempfile::tempdir().unwrap();
        symlink(dir.path(), other.path().join(".kehu")).unwrap();
        assert!(matches!(kehu_dir(other.path()), Err(StoreError::UnsafePath { .. })));
    }
}
