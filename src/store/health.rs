//! The state of `.kehu/`: what waits there, who can read it, whether git ignores it.

use super::error::StoreError;
use super::journal::{JOURNAL, is_absent};
use super::layout::{KEHU_DIR, stray_ledgers, unreadable};
use super::lock;
use super::open;
use super::view::ReadView;
use crate::diag::{Code, Diagnostic, Place};
use std::fs;
use std::path::Path;

/// Findings about this machine's part of the directory.
///
/// # Errors
/// A journal that does not fit the files, and a torn reading.
pub fn check(view: &ReadView) -> Result<Vec<Diagnostic>, StoreError> {
    let mut out = Vec::new();
    let root = view.root();
    view.check_journal()?;
    // What a writer has in hand is no finding.
    if view.has_journal() && !lock::is_held(root) {
        out.push(Diagnostic::new(Code::JournalPending, Place::file(JOURNAL), []));
    }
    let kehu = root.join(KEHU_DIR);
    #[cfg(unix)]
    match fs::metadata(&kehu) {
        Ok(meta) => {
            use std::os::unix::fs::PermissionsExt;
            let mode = meta.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                out.push(Diagnostic::new(Code::KehuDirMode, Place::file(KEHU_DIR), [&format!("{mode:o}")]));
            }
        }
        Err(e) if is_absent(&e) => {}
        Err(e) => out.push(unreadable(KEHU_DIR, &e)),
    }
    match root.join(".git").try_exists() {
        Ok(true) => out.extend(ignored(root)),
        Ok(false) => {}
        Err(e) => out.push(unreadable(".git", &e)),
    }
    out.extend(stray_ledgers(root));
    Ok(out)
}

/// Whether git ignores `.kehu`.
fn ignored(root: &Path) -> Option<Diagnostic> {
    let text = match open::read_to_string(&root.join(".gitignore")) {
        Ok(text) => text,
        Err(e) if is_absent(&e) => String::new(),
        Err(e) => return Some(unreadable(".gitignore", &e)),
    };
    let ignored = text.lines().any(|l| matches!(l.trim(), "/.kehu/" | ".kehu/" | "/.kehu" | ".kehu"));
    (!ignored).then(|| Diagnostic::new(Code::NotIgnored, Place::file(".gitignore"), []))
}
