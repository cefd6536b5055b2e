//! The state of `.kehu/`: what waits there, who can read it, whether git ignores it.

use super::journal::JOURNAL;
use super::layout::{KEHU_DIR, stray_ledgers};
use super::view::ReadView;
use crate::diag::{Code, Diagnostic, Place};
use std::fs;

/// Findings about this machine's part of the directory.
pub fn check(view: &ReadView) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let root = view.root();
    if view.has_journal() {
        out.push(Diagnostic::new(Code::JournalPending, Place::file(JOURNAL), []));
    }
    let kehu = root.join(KEHU_DIR);
    #[cfg(unix)]
    if let Ok(meta) = fs::metadata(&kehu) {
        use std::os::unix::fs::PermissionsExt;
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            out.push(Diagnostic::new(Code::KehuDirMode, Place::file(KEHU_DIR), [&format!("{mode:o}")]));
        }
    }
    if root.join(".git").exists() {
        let ignored = fs::read_to_string(root.join(".gitignore"))
            .is_ok_and(|t| t.lines().any(|l| matches!(l.trim(), "/.kehu/" | ".kehu/" | "/.kehu" | ".kehu")));
        if !ignored {
            out.push(Diagnostic::new(Code::NotIgnored, Place::file(".gitignore"), []));
        }
    }
    out.extend(stray_ledgers(root));
    out
}
