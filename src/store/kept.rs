//! The journals of changes that are done: `.kehu/undo/<number>`, the highest number last.

use super::error::StoreError;
use super::journal::{Journal, LAST_NUMBER, Paths, UNDO, is_absent, kept_name};
use super::layout::{KEHU_DIR, Unsafe};
use super::open;
use std::fs;
use std::path::Path;

/// How many are kept.
pub(super) const MANY: usize = 20;
/// How long one may be, in bytes.
pub(super) const MAX_KEPT: u64 = 32 << 20;
/// How long all may be.
pub(super) const MAX_ALL: u64 = 64 << 20;

/// Their numbers, the last one last; `None` when there is no folder.
pub(super) fn numbers(paths: &Paths) -> Result<Option<Vec<u32>>, StoreError> {
    let folder = &paths.undo;
    let unsafe_path = |why| StoreError::UnsafePath { file: format!("{KEHU_DIR}/{UNDO}"), why };
    match fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_symlink() => return Err(unsafe_path(Unsafe::Link)),
        Ok(meta) if !meta.is_dir() => return Err(unsafe_path(Unsafe::Kind)),
        Ok(_) => {}
        Err(e) if is_absent(&e) => return Ok(None),
        Err(e) => return Err(StoreError::io(folder, e)),
    }
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| StoreError::io(folder, e))? {
        let name = entry.map_err(|e| StoreError::io(folder, e))?.file_name();
        let number = name.to_str().and_then(|name| name.parse().ok().filter(|n| kept_name(*n) == name));
        out.extend(number.filter(|n| *n <= LAST_NUMBER));
    }
    out.sort_unstable();
    Ok(Some(out))
}

/// One of them; `None` when it is damaged, or tells of files that no command writes.
pub(super) fn read(root: &Path, number: u32) -> Result<Option<Journal<'static>>, StoreError> {
    let bytes = open::read_own(root, &format!("{UNDO}/{}", kept_name(number)), MAX_KEPT)?;
    let journal = bytes.and_then(|bytes| Journal::decode_kept(&bytes));
    Ok(journal.filter(|j| j.kept.is_some() && j.entries.iter().all(|e| super::layout::is_data_file(e.path()))))
}
