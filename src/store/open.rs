//! The one place where files are opened for reading: only regular files, and without waiting for what may never come.
//!
//! A data directory may come from a stranger, with a pipe or a device where a file should be. What lies in `.kehu` is opened
//! through no link at all.

use super::error::StoreError;
use super::layout::{KEHU_DIR, Unsafe};
use super::text::MAX_FILE;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// Largest file in `.kehu` of which a line is wanted, in bytes.
pub(super) const MAX_LINE_FILE: u64 = 4096;
/// Below this length, in bytes, room for a file is cleared beforehand, which saves two calls.
const SMALL: usize = 64 << 10;
/// How long is waited for the writer of a pipe: so many steps.
#[cfg(unix)]
const PIPE_STEPS: u32 = 100;
#[cfg(unix)]
const PIPE_STEP: std::time::Duration = std::time::Duration::from_millis(10);

/// Something else stands where a regular file should.
#[derive(Debug)]
pub(crate) struct NotRegular;

impl fmt::Display for NotRegular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is no regular file")
    }
}

impl std::error::Error for NotRegular {}

/// Whether an error says that something else stands where a regular file should.
pub(crate) fn is_irregular(e: &io::Error) -> bool {
    e.get_ref().is_some_and(|e| e.is::<NotRegular>())
}

fn irregular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, NotRegular)
}

/// Options that wait for nobody; without `links` the last part of a path must be none.
fn quick(links: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = if links { OFlags::NONBLOCK } else { OFlags::NONBLOCK | OFlags::NOFOLLOW };
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = links;
    options
}

fn open(path: &Path, links: bool) -> io::Result<(File, Metadata)> {
    let file = match quick(links).open(path) {
        // Somebody holds a lease on it, which ends when it is waited for.
        Err(e) if e.kind() == io::ErrorKind::WouldBlock && fs::symlink_metadata(path)?.is_file() => File::open(path)?,
        other => other?,
    };
    let meta = file.metadata()?;
    if meta.is_file() { Ok((file, meta)) } else { Err(irregular()) }
}

/// Opens a regular file.
///
/// # Errors
/// The system's, or one that [`is_irregular`].
pub(crate) fn regular(path: &Path) -> io::Result<(File, Metadata)> {
    open(path, true)
}

/// A regular file's bytes; one byte more than `limit` where there are more.
///
/// # Errors
/// Those of [`regular`].
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    take(regular(path)?, limit, &mut bytes)?;
    Ok(bytes)
}

/// The same into room that is there already; how many bytes there are.
///
/// # Errors
/// Those of [`regular`].
pub(crate) fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> io::Result<usize> {
    bytes.clear();
    take(regular(path)?, limit, bytes)
}

/// Reads a file by one call, as far as the system goes along: a text that somebody saves meanwhile is not read in pieces.
fn take((mut file, meta): (File, Metadata), limit: u64, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let len = usize::try_from(meta.len().min(limit)).unwrap_or(usize::MAX);
    if len < SMALL {
        bytes.resize(len + 1, 0);
        let mut filled = 0;
        while filled < bytes.len() {
            match file.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        bytes.truncate(filled);
        if filled <= len {
            return Ok(filled);
        }
    } else if meta.len() <= limit {
        return file.read_to_end(bytes);
    }
    // It has grown, or is too long for anybody.
    file.take((limit + 1).saturating_sub(bytes.len() as u64)).read_to_end(bytes)?;
    Ok(bytes.len())
}

/// A regular file's text.
///
/// # Errors
/// Those of [`regular`]; a text that is no UTF-8 counts as one.
pub(crate) fn read_to_string(path: &Path) -> io::Result<String> {
    let bytes = read(path, MAX_FILE)?;
    String::from_utf8(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.utf8_error()))
}

/// A file of `.kehu`; neither it nor the folder may be a link.
///
/// # Errors
/// The system's; or why it must not be used.
pub(super) fn own(root: &Path, name: &str) -> Result<(File, Metadata), StoreError> {
    let folder = root.join(KEHU_DIR);
    let path = folder.join(name);
    let refused = |file: &str, why| StoreError::UnsafePath { file: file.into(), why };
    for part in Path::new(name).ancestors().skip(1) {
        let is_folder = part.as_os_str().is_empty();
        // With a slash at its end a link would be followed.
        let dir = if is_folder { folder.clone() } else { folder.join(part) };
        let meta = fs::symlink_metadata(&dir).map_err(|e| StoreError::io(&dir, e))?;
        if meta.is_symlink() || !meta.is_dir() {
            let why = if meta.is_symlink() { Unsafe::Link } else { Unsafe::Kind };
            let file = if is_folder { KEHU_DIR.into() } else { format!("{KEHU_DIR}/{}", part.display()) };
            return Err(refused(&file, why));
        }
    }
    open(&path, false).map_err(|e| {
        let file = format!("{KEHU_DIR}/{name}");
        if is_irregular(&e) {
            return refused(&file, Unsafe::Kind);
        }
        // The system has a word of its own for each: too many links, no such device, permission.
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_symlink() => refused(&file, Unsafe::Link),
            Ok(meta) if !meta.is_file() => refused(&file, Unsafe::Kind),
            _ => StoreError::io(&path, e),
        }
    })
}

/// The bytes of a file of `.kehu`; `None` when it is not there. Where it is longer than `limit`, one byte more than that.
///
/// # Errors
/// Those of [`own`].
pub(super) fn read_own(root: &Path, name: &str, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
    read_own_of(root, name, limit, b"")
}

/// As [`read_own`], of a file that begins with `front`: of another one only so much.
///
/// # Errors
/// Those of [`own`].
pub(super) fn read_own_of(root: &Path, name: &str, limit: u64, front: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    match own(root, name) {
        Ok((file, meta)) => {
            let io = |e| StoreError::io(&root.join(KEHU_DIR).join(name), e);
            let mut bytes = super::disk::read_part(&file, 0, front.len()).map_err(io)?;
            if bytes == front {
                bytes.clear();
                take((file, meta), limit, &mut bytes).map_err(io)?;
            }
            Ok(Some(bytes))
        }
        Err(StoreError::Io { source, .. }) if super::journal::is_absent(&source) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Opens what somebody named on the command line: a regular file, or a pipe into which another program writes. What had to be
/// read of a pipe to know that stands in front. A pipe without a writer is waited for a moment, and then no file.
///
/// # Errors
/// Those of [`regular`].
pub fn source(path: &Path) -> io::Result<(Vec<u8>, File)> {
    let mut file = quick(true).open(path)?;
    let meta = file.metadata()?;
    if meta.is_file() {
        return Ok((Vec::new(), file));
    }
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&meta.file_type()) {
        for _ in 0..PIPE_STEPS {
            let mut first = [0];
            let front = match file.read(&mut first) {
                Ok(0) => {
                    std::thread::sleep(PIPE_STEP);
                    continue;
                }
                Ok(_) => first.to_vec(),
                // There is a writer that has nothing to say yet.
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => Vec::new(),
                Err(e) => return Err(e),
            };
            let flags = rustix::fs::fcntl_getfl(&file)?;
            rustix::fs::fcntl_setfl(&file, flags - rustix::fs::OFlags::NONBLOCK)?;
            return Ok((front, file));
        }
    }
    Err(irregular())
}
