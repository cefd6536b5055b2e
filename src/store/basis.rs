//! What a decision rests on, and whether it still stands: files that were read and not written.
//!
//! A file is compared by its size, times and inode, which costs the same for every ledger. Only where these differ, or where
//! another change may have left the same times, its text is compared, if it is known.

use super::cache::Stat;
use super::error::StoreError;
use super::journal::read_opt;
use super::layout;
use super::text::with_bom;
use crate::model::Str;
use crate::model::ledger::Ledger;
use std::path::Path;

/// Nanoseconds within which the clock of a file system may stand still.
const TICK: i64 = 20_000_000;

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
    pub(super) fn is_same(&self, root: &Path) -> bool {
        self.stat.is_some() && self.stat == Stat::of(&root.join(&self.file))
    }
}

/// The files of a ledger.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) ledger: Ledger,
    pub(super) files: Vec<Str>,
    /// The folders in which they stand.
    pub(super) folders: Vec<(String, Option<Stat>)>,
}

impl Listed {
    /// Begins with the ledger's own folder, before it is listed.
    pub(super) fn begin(root: &Path, ledger: Ledger) -> Listed {
        let folder = format!("ledgers/{}", ledger.name());
        let stat = Stat::of(&root.join(&folder));
        Listed { ledger, files: Vec::new(), folders: vec![(folder, stat)] }
    }

    /// The files that were found there.
    pub(super) fn found(mut self, root: &Path, files: &[Str]) -> Listed {
        for file in files {
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            if self.folders.iter().all(|(known, _)| known != folder) {
                self.folders.push((folder.to_string(), Stat::of(&root.join(folder))));
            }
        }
        self.files = files.to_vec();
        self
    }
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

    /// Whether all is as it was read. `since`: when the lock was taken; no change after that has an earlier time.
    ///
    /// # Errors
    /// [`StoreError::ChangedUnderUs`], or the system's.
    pub(super) fn verify(&self, root: &Path, since: Option<i64>) -> Result<(), StoreError> {
        let changed = |file: &str| StoreError::ChangedUnderUs { file: file.into() };
        let calm = |stat: &Stat| since.is_some_and(|since| stat.changed.saturating_add(TICK) < since);
        for seen in &self.files {
            let same = seen.is_same(root);
            if same && seen.stat.as_ref().is_some_and(calm) {
                continue;
            }
            let as_read = match seen.text {
                Some((body, bom)) => read_opt(&root.join(&seen.file))?.is_some_and(|now| now == with_bom(bom, body)),
                None => same,
            };
            if !as_read {
                return Err(changed(&seen.file));
            }
        }
        for listed in &self.listed {
            let quiet = |(folder, stat): &(String, Option<Stat>)| {
                *stat == Stat::of(&root.join(folder)) && stat.as_ref().is_none_or(calm)
            };
            if listed.folders.iter().all(quiet) {
                continue;
            }
            let now = layout::list_ledger(root, listed.ledger, &mut Vec::new());
            if !now.iter().map(String::as_str).eq(listed.files.iter().copied()) {
                return Err(changed(&format!("ledgers/{}", listed.ledger.name())));
            }
        }
        Ok(())
    }
}
