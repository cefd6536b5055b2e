//! Many small files, read one behind the other into one piece of memory: of each folder the name is looked up once.
//!
//! Only for files that a listing named and that no commit under way touches. Whatever is unusual about a file (it is gone,
//! not UTF-8, has a BOM, might have conflict markers) is left to the one who asked.

use super::text::{MAX_TOML, is_plain};
use crate::model::Str;
use std::path::Path;

/// The texts of some files, kept as long as the process; `None` for one that must be read and judged alone.
#[cfg(target_os = "linux")]
pub(super) fn texts(root: &Path, files: &[Str]) -> Vec<Option<Str>> {
    use rustix::buffer::spare_capacity;
    use rustix::fd::OwnedFd;
    use rustix::fs::{CWD, Mode, OFlags, openat};

    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let mut folder: Option<(&str, OwnedFd)> = None;
    thread_local! {
        static ROOM: std::cell::Cell<Vec<u8>> = const { std::cell::Cell::new(Vec::new()) };
    }
    let mut bytes = ROOM.take();
    bytes.clear();
    let mut ends: Vec<Option<usize>> = Vec::with_capacity(files.len());
    for file in files {
        let (parent, name) = file.rsplit_once('/').unwrap_or(("", file));
        if folder.as_ref().is_none_or(|(known, _)| *known != parent) {
            let opened = openat(CWD, root.join(parent), flags | OFlags::DIRECTORY, Mode::empty());
            folder = opened.ok().map(|fd| (parent, fd));
        }
        let from = bytes.len();
        let mut read = || -> Option<usize> {
            let fd = openat(&folder.as_ref()?.1, name, flags | OFlags::NONBLOCK, Mode::empty()).ok()?;
            loop {
                if bytes.capacity() - bytes.len() < 4096 {
                    bytes.reserve(bytes.capacity().max(1 << 16));
                }
                if rustix::io::read(&fd, spare_capacity(&mut bytes)).ok()? == 0 {
                    return Some(bytes.len());
                }
                if (bytes.len() - from) as u64 > MAX_TOML {
                    return None;
                }
            }
        };
        let end = read();
        if end.is_none() {
            bytes.truncate(from);
        }
        ends.push(end);
    }
    // As much room as they need: what was read into is used again.
    let kept: &'static [u8] = Vec::leak(bytes.as_slice().to_vec());
    ROOM.set(bytes);
    let mut from = 0;
    let text = |end: Option<usize>| {
        let end = end?;
        let text = &kept[from..end];
        from = end;
        is_plain(text).then_some(())?;
        simdutf8::basic::from_utf8(text).ok()
    };
    ends.into_iter().map(text).collect()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn texts(_: &Path, files: &[Str]) -> Vec<Option<Str>> {
    vec![None; files.len()]
}
