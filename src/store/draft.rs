//! Drafts for an editor: a copy in `.kehu/`, so that the file itself changes only by a commit.

use super::error::StoreError;
use super::lock::kehu_dir;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes a draft of a customer's file; its path.
///
/// # Errors
/// The system's.
pub fn draft(root: &Path, id: &str, text: &str) -> Result<PathBuf, StoreError> {
    let path = kehu_dir(root)?.join(format!("{id}.toml"));
    super::write_atomically(&path, text.as_bytes())?;
    Ok(path)
}

/// What the editor left in a draft.
///
/// # Errors
/// The system's; a draft that is no UTF-8 counts as one.
pub fn read_draft(path: &Path) -> Result<String, StoreError> {
    fs::read_to_string(path).map_err(|source| StoreError::Io { path: path.to_path_buf(), source })
}

/// The text of a file of the data directory, for showing.
///
/// # Errors
/// The system's.
pub fn read_text(root: &Path, file: &str) -> Result<String, StoreError> {
    let path = root.join(file);
    fs::read(&path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|source| StoreError::Io { path, source })
}

/// Removes a draft. One that stays behind does no harm.
pub fn drop_draft(path: &Path) {
    let _ = fs::remove_file(path);
}
