//! What a decision rests on, and whether it still stands: files that were read and not written.
//!
//! A ledger is compared by its size, times and inode, which costs the same however long it is. So are many customers; settings,
//! team and a few customers are compared as texts.

use super::cache::Stat;
use super::error::StoreError;
use super::journal::{is_absent, read_opt};
use super::layout;
use super::text::with_bom;
use crate::diag::{Code, Diagnostic};
use crate::model::Str;
use crate::model::ledger::Ledger;
use std::io;
use std::path::Path;

/// Below this number the texts themselves are compared: the clock of a file system may stand still between two changes.
const FEW: usize = 64;

/// A file that was read.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) file: String,
    /// What it was just before.
    pub(super) stat: Option<Stat>,
    /// What was read, and whether with a BOM, where that is known.
    pub(super) text: Option<(Str, bool)>,
}

impl Seen {
    /// Whether the file looks as it did.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn is_same(&self, root: &Path) -> Result<bool, StoreError> {
        let path = root.join(&self.file);
        match std::fs::metadata(&path) {
            Ok(now) => Ok(self.stat.is_some() && self.stat == Stat::from_meta(&now)),
            Err(e) if is_absent(&e) => Ok(false),
            Err(e) => Err(StoreError::io(&path, e)),
        }
    }
}

/// The files of a ledger.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) ledger: Ledger,
    pub(super) files: Vec<Str>,
    /// What could not be listed then, and is told.
    pub(super) unreadable: Vec<Diagnostic>,
}

/// Files and listings that a decision rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Basis {
    pub(super) files: Vec<Seen>,
    pub(super) listed: Vec<Listed>,
}

impl Basis {
    pub(super) fn extend(&mut self, other: Basis) {
        self.files.extend(other.files);
        self.listed.extend(other.listed);
    }

    /// Whether all is as it was read. How many calls that takes depends on what was read alone, not on a clock.
    ///
    /// # Errors
    /// [`StoreError::ChangedUnderUs`], or the system's.
    pub(super) fn verify(&self, root: &Path) -> Result<(), StoreError> {
        let changed = |file: &str| StoreError::ChangedUnderUs { file: file.into() };
        let small = |seen: &Seen| seen.text.is_some() && seen.file.ends_with(".toml");
        let few = self.files.iter().filter(|seen| small(seen)).count() < FEW;
        for seen in &self.files {
            let as_read = match seen.text {
                Some((body, bom)) if seen.stat.is_none() || few && small(seen) => {
                    read_opt(&root.join(&seen.file))?.is_some_and(|now| now == with_bom(bom, body))
                }
                _ => seen.is_same(root)?,
            };
            if !as_read {
                return Err(changed(&seen.file));
            }
        }
        for listed in &self.listed {
            let mut diags = Vec::new();
            let now = layout::list_ledger(root, listed.ledger, &mut diags);
            if let Some(d) =
                diags.into_iter().find(|d| d.code == Code::UnreadableFile && !listed.unreadable.contains(d))
            {
                let why = d.args.first().cloned().unwrap_or_default();
                return Err(StoreError::io(&root.join(&d.place.file), io::Error::other(why)));
            }
            if !now.iter().map(String::as_str).eq(listed.files.iter().copied()) {
                return Err(changed(&format!("ledgers/{}", listed.ledger.name())));
            }
        }
        Ok(())
    }
}
