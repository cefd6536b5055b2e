//! What was read, as texts and as what the files were: what a change is based on.

use super::basis::Basis;
use super::error::StoreError;
use super::journal::read_opt;
use super::layout;
use super::plan::Snapshot;
use super::read::customer::file_id;
use super::text::{MAX_FILE, too_large, with_bom};
use super::view::ReadView;
use crate::model::change::{Change, ChangeSet};
use crate::model::{Map, Str};
use std::collections::HashSet;
use std::path::Path;

/// The texts that were read: what a change is based on.
#[derive(Debug, Clone, Default)]
pub struct FileTexts {
    pub(super) files: Map<Str, (Str, bool)>,
    pub(super) basis: Basis,
    /// Files that are no text, and what stands in them.
    pub(super) raw: Map<String, Vec<u8>>,
}

impl FileTexts {
    /// The text of a file without its BOM, as it was read.
    pub fn get(&self, file: &str) -> Option<Str> {
        self.files.get(file).map(|(body, _)| *body)
    }
    /// Whether the file began with a BOM.
    pub fn has_bom(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|(_, bom)| *bom)
    }
    /// The files, in no order.
    pub fn files(&self) -> impl Iterator<Item = Str> {
        self.files.keys().copied()
    }
    /// Reads a file that is no text, which a change may then replace.
    ///
    /// # Errors
    /// The system's; a link that leads out of the directory.
    pub fn read_raw(&mut self, view: &ReadView, file: &str) -> Result<Option<&[u8]>, StoreError> {
        layout::readable(view.root(), file).map_err(|d| StoreError::Unreadable(Box::new(d)))?;
        if let Some(d) = view.len(file).and_then(|len| too_large(file, len, MAX_FILE)) {
            return Err(StoreError::Unreadable(Box::new(d)));
        }
        let Some(bytes) = view.read(file)? else { return Ok(None) };
        Ok(Some(self.raw.entry(file.to_string()).insert_entry(bytes).into_mut()))
    }
    /// Adds the texts of another reading.
    pub fn merge(&mut self, other: FileTexts) {
        self.raw.extend(other.raw);
        self.files.extend(other.files);
        self.basis.extend(other.basis);
    }

    /// What a commit of these changes must still find on disk: the files that change, the customers whom new rows name, and
    /// all else that the decision rests on, also the settings in `opened`.
    pub fn snapshot(&self, changes: &ChangeSet, opened: &FileTexts) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (file, bytes) in &self.raw {
            snapshot.record(file, Some(bytes));
        }
        let mut record = |file: &str, (body, bom): &(Str, bool)| snapshot.record(file, Some(&with_bom(*bom, body)));
        let (mut changed, mut named): (HashSet<&str>, HashSet<&str>) = Default::default();
        for change in &changes.changes {
            let file = match change {
                Change::EditRow { file, .. }
                | Change::RemoveRow { file, .. }
                | Change::EditToml { file, .. }
                | Change::Replace { file, .. }
                | Change::Rename { file, .. }
                | Change::Remove { file } => file,
                Change::Append { rows, .. } => {
                    for row in rows.iter() {
                        let subject = if row.cell("kind") == "customer" { "subject" } else { "customer" };
                        named.insert(row.cell(subject));
                    }
                    continue;
                }
                Change::Create { .. } => continue,
            };
            if changed.insert(file.as_str())
                && let Some(text) = self.files.get(file.as_str())
            {
                record(file, text);
            }
        }
        if !named.is_empty() {
            let is_named = |file: &Str| file.starts_with("customers/") && named.contains(file_id(file));
            self.files.iter().filter(|(file, _)| is_named(file)).for_each(|(file, text)| record(file, text));
        }
        let all = if std::ptr::eq(opened, self) { &[self][..] } else { &[opened, self] };
        for texts in all {
            for seen in &texts.basis.files {
                let text = texts.files.get(seen.file.as_str()).copied();
                snapshot.basis.files.push(super::basis::Seen { text, ..seen.clone() });
            }
            snapshot.basis.listed.extend(texts.basis.listed.iter().cloned());
        }
        snapshot
    }

    /// Whether some files are still as they were read.
    ///
    /// # Errors
    /// [`StoreError::ChangedUnderUs`] for one that is not, or the system's.
    pub fn unchanged<'f>(&self, root: &Path, files: impl IntoIterator<Item = &'f str>) -> Result<(), StoreError> {
        for file in files {
            let changed = || StoreError::ChangedUnderUs { file: file.into() };
            if let Some((body, bom)) = self.files.get(file)
                && read_opt(&root.join(file))?.is_none_or(|now| now != with_bom(*bom, body))
            {
                return Err(changed());
            }
            for seen in self.basis.files.iter().filter(|seen| seen.file == file && !self.files.contains_key(file)) {
                if !seen.is_same(root)? {
                    return Err(changed());
                }
            }
        }
        Ok(())
    }
}
