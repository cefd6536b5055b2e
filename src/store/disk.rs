//! Every operation that changes the disk, one by one, so that tests can let each of them fail.

use crate::store::error::StoreError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How many threads wait for the disk.
const SYNC_THREADS: usize = 16;

/// Bytes of a file from an offset on; fewer than asked for at its end.
pub(crate) fn read_part(file: &File, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; len];
    let mut filled = 0;
    while filled < len {
        match read_at(file, &mut bytes[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::{Read as _, Seek as _};
    let mut file = file;
    file.seek(io::SeekFrom::Start(offset))?;
    file.read(bytes)
}

/// The operations of a commit that change something.
pub(crate) trait Disk {
    /// Opens a file that must not be there; `mode` is set as it is, without it 0666 less the umask.
    fn create(&self, path: &Path, mode: Option<u32>) -> io::Result<File>;
    /// Opens a file for writing.
    fn open(&self, path: &Path) -> io::Result<File>;
    /// Opens a file whose writes go behind whatever stands in it by then.
    fn open_end(&self, path: &Path) -> io::Result<File>;
    /// Writes all bytes.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    /// Cuts a file.
    fn truncate(&self, file: &File, len: u64) -> io::Result<()>;
    /// Waits until a file's content (and with `all` its metadata) is on the disk.
    fn sync(&self, file: &File, all: bool) -> io::Result<()>;
    /// Waits until the contents of many files of one folder are on the disk.
    fn sync_files(&self, dir: &Path, files: &[PathBuf]) -> io::Result<()>;
    /// Waits until a folder's entries are on the disk.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// A second name for a file; never replaces one.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file another name, which must be free; where the system cannot, a second one.
    fn place(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Exchanges two files, so that nothing is lost of what stands at either name; `None` where the system cannot.
    fn exchange(&self, a: &Path, b: &Path) -> Option<io::Result<()>>;
    /// Renames, replacing what is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder.
    fn make_dir(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
}

/// The disk.
pub(crate) struct Real;

impl Disk for Real {
    fn create(&self, path: &Path, mode: Option<u32>) -> io::Result<File> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        #[cfg(unix)]
        if let Some(mode) = mode {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        #[cfg(not(unix))]
        let _ = mode;
        Ok(file)
    }
    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(path)
    }
    fn open_end(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).open(path)
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }
    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }
    fn sync(&self, file: &File, all: bool) -> io::Result<()> {
        if all { file.sync_all() } else { file.sync_data() }
    }
    fn sync_files(&self, dir: &Path, files: &[PathBuf]) -> io::Result<()> {
        if sync_file_system(dir)? {
            return Ok(());
        }
        // Each waits for the disk, and what many wait for is done at once.
        let share = files.len().div_ceil(SYNC_THREADS).max(1);
        std::thread::scope(|scope| {
            let sync =
                |list: &[PathBuf]| list.iter().try_for_each(|f| OpenOptions::new().write(true).open(f)?.sync_all());
            let start = |list| (list, std::thread::Builder::new().spawn_scoped(scope, move || sync(list)));
            let threads: Vec<_> = files.chunks(share).map(start).collect();
            let failed = || io::Error::other("a thread that waited for the disk failed");
            threads.into_iter().try_for_each(|(list, thread)| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|_| Err(failed())),
                // The system gives no more threads.
                Err(_) => sync(list),
            })
        })
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(path)?.sync_all() {
            // Some network file systems cannot do it; there is nothing more to be had from them.
            Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            other => other,
        }
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }
    fn place(&self, from: &Path, to: &Path) -> io::Result<()> {
        match rename_with(from, to, Renaming::ToFree) {
            Some(result) => result,
            None => fs::hard_link(from, to),
        }
    }
    fn exchange(&self, a: &Path, b: &Path) -> Option<io::Result<()>> {
        rename_with(a, b, Renaming::Exchange)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }
    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}

/// What a rename does beside renaming.
enum Renaming {
    /// The new name must be free.
    ToFree,
    /// The file that has the new name gets the old one.
    Exchange,
}

/// Renames; `None` where the file system cannot do it in this way.
#[cfg(target_os = "linux")]
fn rename_with(from: &Path, to: &Path, how: Renaming) -> Option<io::Result<()>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    let flags = match how {
        Renaming::ToFree => RenameFlags::NOREPLACE,
        Renaming::Exchange => RenameFlags::EXCHANGE,
    };
    match renameat_with(CWD, from, CWD, to, flags) {
        Ok(()) => Some(Ok(())),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP | Errno::PERM) => None,
        Err(e) => Some(Err(e.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename_with(_: &Path, _: &Path, how: Renaming) -> Option<io::Result<()>> {
    match how {
        Renaming::ToFree | Renaming::Exchange => None,
    }
}

/// Waits until everything written to a folder's file system is on the disk: one wait instead of one for each file. `false`
/// where that cannot be had: before Linux 5.8 the call does not tell that a write failed, and other systems have none.
#[cfg(target_os = "linux")]
fn sync_file_system(dir: &Path) -> io::Result<bool> {
    let release = rustix::system::uname();
    let mut numbers = release.release().to_str().unwrap_or("").split(|c: char| !c.is_ascii_digit());
    let mut number = || numbers.next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    if (number(), number()) < (5, 8) {
        return Ok(false);
    }
    match rustix::fs::syncfs(File::open(dir)?) {
        Ok(()) => Ok(true),
        // Sandboxes may not let it through.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM | rustix::io::Errno::INVAL) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_dir: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Writes a file that is no part of a data directory (`-o FILE`): the old one or the new one, never half of it.
///
/// # Errors
/// The system's.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let fail = |source| StoreError::Io { path: path.to_path_buf(), source };
    // Into a device or a pipe (/dev/stdout) there is nothing to rename.
    if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        return fs::write(path, bytes).map_err(fail);
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    // Nobody who can read the folder may guess the name and put a link there.
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let old = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
    #[cfg(unix)]
    if let Some(old) = &old {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(old.permissions().mode() & 0o777);
    }
    let (temporary, mut file) = loop {
        let number = getrandom::u64().map_err(|e| fail(io::Error::other(e)))?;
        let temporary = path.with_file_name(format!(".{name}.{number:016x}.tmp"));
        match options.open(&temporary) {
            Ok(file) => break (temporary, file),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(fail(e)),
        }
    };
    let mut write = || -> io::Result<()> {
        // The mode of a file that is opened is cut by the umask; what was there keeps its own.
        if let Some(old) = &old {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|e| {
        // What is left of a failed try helps nobody.
        let _ = fs::remove_file(&temporary);
        fail(e)
    })
}
