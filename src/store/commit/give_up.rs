//! Giving an unfinished change up: what was applied of it is put back. Removing the journal alone would leave half of it.

use super::engine::{Engine, at};
use super::state::state_of;
use crate::store::disk::{Disk, Real};
use crate::store::error::StoreError;
use crate::store::journal::{Journal, read_journal};
use crate::store::layout::writable;
use crate::store::lock::LockGuard;
use std::path::Path;

/// Where a journal is kept that nobody can read.
const DAMAGED: &str = ".kehu/journal.damaged";

/// What becomes of an unfinished change that is given up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenUp {
    /// Files that are as before the change.
    pub put_back: Vec<String>,
    /// Files that somebody has written to since: what they wrote stays, and with it whatever of the change is in it.
    pub kept: Vec<String>,
    /// Where the journal is kept, when it is damaged: then nobody knows what was applied.
    pub damaged: Option<&'static str>,
}

/// The change that a killed writer left, as [`give_up`] would leave its files; `None` when there is none.
///
/// # Errors
/// The system's.
pub fn unfinished(root: &Path) -> Result<Option<GivenUp>, StoreError> {
    Ok(look(&Engine::new(&Real, root), root)?.map(|(_, found)| found))
}

/// Puts back what was applied of the change that a killed writer left, and removes its journal; `None` when there is none.
///
/// # Errors
/// The system's: the change is then unfinished as before.
pub fn give_up(root: &Path, _guard: &LockGuard) -> Result<Option<GivenUp>, StoreError> {
    give_up_on(&Real, root)
}

pub(super) fn give_up_on(disk: &dyn Disk, root: &Path) -> Result<Option<GivenUp>, StoreError> {
    let mut engine = Engine::new(disk, root);
    let Some((journal, found)) = look(&engine, root)? else {
        engine.clear_leftovers()?;
        return Ok(None);
    };
    let Some(journal) = journal else {
        let (from, to) = (&engine.paths.journal, root.join(DAMAGED));
        at(from, disk.rename(from, &to))?;
        engine.clear_leftovers()?;
        return Ok(Some(found));
    };
    for entry in journal.entries.iter().rev().filter(|e| writable(root, e.path()).is_ok_and(|w| w.is_ok())) {
        engine.touch(&engine.paths.target(entry.path()));
        engine.step_back(entry).map_err(|(path, source)| StoreError::Io { path, source })?;
    }
    engine.unkeep(&journal)?;
    engine.close(&Journal::default())?;
    Ok(Some(found))
}

/// The journal, if it can be read, and what is to be done about its files.
type Looked = (Option<Journal<'static>>, GivenUp);

fn look(engine: &Engine<'_>, root: &Path) -> Result<Option<Looked>, StoreError> {
    let Some(bytes) = read_journal(&engine.paths.root)? else { return Ok(None) };
    let mut found = GivenUp::default();
    let Some(journal) = Journal::decode(&bytes) else {
        found.damaged = Some(DAMAGED);
        return Ok(Some((None, found)));
    };
    for entry in &journal.entries {
        let safe = at(&engine.paths.target(entry.path()), writable(root, entry.path()))?.is_ok();
        let known = safe && state_of(&engine.paths, entry)?.is_some();
        let list = if known { &mut found.put_back } else { &mut found.kept };
        list.push(entry.path().to_string());
    }
    Ok(Some((Some(journal), found)))
}
