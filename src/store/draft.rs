//! Drafts for an editor: a copy in `.kehu/`, so that the file itself changes only by a commit.

use super::error::StoreError;
use super::lock::kehu_dir;
use super::open;
use super::text::MAX_FILE;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a draft of a customer's file; its path. A draft that is there belongs to another editor, or holds what could
/// not be saved: it is kept.
///
/// # Errors
/// The system's.
pub fn draft(root: &Path, id: &str, text: &str) -> Result<PathBuf, StoreError> {
    let dir = kehu_dir(root)?;
    let names = (1..).map(|n| if n == 1 { format!("{id}.toml") } else { format!("{id}.{n}.toml") });
    for path in names.map(|name| dir.join(name)) {
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(StoreError::io(&path, e)),
            Ok(mut file) => {
                return file.write_all(text.as_bytes()).map(|()| path.clone()).map_err(|e| {
                    drop_draft(&path);
                    StoreError::io(&path, e)
                });
            }
        }
    }
    Err(StoreError::io(&dir, io::ErrorKind::AlreadyExists.into()))
}

/// What the editor left in a draft.
///
/// # Errors
/// The system's; a draft that is no UTF-8 counts as one.
pub fn read_draft(path: &Path) -> Result<String, StoreError> {
    open::read_to_string(path).map_err(|source| StoreError::Io { path: path.to_path_buf(), source })
}

/// The text of a file of the data directory, for showing.
///
/// # Errors
/// The system's.
pub fn read_text(root: &Path, file: &str) -> Result<String, StoreError> {
    let path = root.join(file);
    open::read(&path, MAX_FILE)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|source| StoreError::Io { path, source })
}

/// Removes a draft. One that stays behind does no harm.
pub fn drop_draft(path: &Path) {
    let _ = fs::remove_file(path);
}
