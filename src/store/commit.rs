//! The one way to write: a plan is carried out as a whole or not at all.
//!
//! New contents go to temporaries, then the journal is put in place: that is the commit point. Whoever is killed before it
//! has changed nothing; after it, [`recover`] completes the rest, or [`give_up`] puts all back. An error at any operation
//! takes everything back; where that fails too, the change is made, and the next writer completes it.
//!
//! The order of operations, each checked: temporaries (create, write, fsync; of many all are written first, and then waited
//! for at once), `.kehu/tmp` fsync, `journal.new` (create,
//! write, fsync), rename to `journal`, `.kehu` fsync | appends (write behind whatever stands there, fdatasync; what stands
//! in front is looked at), replacements (exchanged with the temporary; what came out is looked at), new files (temporary
//! renamed to the name, which must be free, or linked to it), removals (renamed aside and looked at), fsync of
//! every folder touched, a last look at all of it, generation renamed into place, journal renamed to `.kehu/undo` (a long
//! one: written anew there, fsync, and removed) |
//! `.kehu` fsync, temporaries removed.
//!
//! [`engine`] has the steps, [`state`] tells how far a journal's entry has come, [`keep`] keeps it when all is done.

mod engine;
mod give_up;
mod keep;
pub(crate) mod state;

use crate::store::disk::{Disk, Real};
use crate::store::error::StoreError;
use crate::store::journal::{Entry, JOURNAL, Journal, read_journal};
use crate::store::layout::writable;
use crate::store::lock::{self, LockGuard};
use crate::store::plan::Plan;
use engine::{Engine, Stuck, at, is_there};
pub use give_up::{GivenUp, give_up, unfinished};
use state::{State, state_of};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// From how many temporaries on the disk is waited for once.
pub(super) const MANY: usize = 64;
/// The journal is written in pieces of this size.
const PIECE: usize = if cfg!(test) { 4 << 10 } else { 1 << 20 };

/// Takes the lock and completes what a killed writer left: how every command that writes begins.
///
/// # Errors
/// Those of [`lock::acquire`] and [`recover`].
pub fn begin(root: &Path, holder: &str, timeout: Duration) -> Result<LockGuard, StoreError> {
    let guard = lock::acquire(root, holder, timeout)?;
    recover(root, &guard)?;
    Ok(guard)
}

/// How a change that is made was carried out.
#[derive(Debug)]
pub enum Done {
    /// As a whole.
    Whole,
    /// It stands in the journal, so it counts: the disk would neither take the rest of it nor give it back. The next writer
    /// completes it.
    InJournal {
        /// The file that failed.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Carries a plan out. The lock must have been held since before the files were read.
///
/// # Errors
/// [`StoreError::ChangedUnderUs`] or [`StoreError::Exists`] when a file is not as the plan has it,
/// [`StoreError::Io`] when the system refused something: every data file is then as before.
pub fn commit(root: &Path, plan: &Plan<'_>, _guard: &LockGuard) -> Result<Done, StoreError> {
    commit_on(&Real, root, plan)
}

/// Completes the commit of a writer that was killed, if there is one, and clears its temporaries. Tells whether there was.
///
/// # Errors
/// [`StoreError::JournalConflict`] when a file is neither as before nor as after: the journal is kept and nothing touched.
pub fn recover(root: &Path, _guard: &LockGuard) -> Result<bool, StoreError> {
    recover_on(&Real, root)
}

/// What came of a change that failed with an error: nothing, or, where taking it back failed too, what the journal says.
fn failed(error: StoreError, back: Result<(), Stuck>) -> Result<Done, StoreError> {
    match (back, error) {
        (Ok(()), error) => Err(error),
        // It cannot be completed either: somebody's text is in its way.
        (Err(_), StoreError::ChangedUnderUs { file } | StoreError::Exists { file }) => {
            Err(StoreError::JournalConflict { file })
        }
        (Err((path, source)), _) => Ok(Done::InJournal { path, source }),
    }
}

pub(crate) fn commit_on(disk: &dyn Disk, root: &Path, plan: &Plan<'_>) -> Result<Done, StoreError> {
    if plan.is_empty() {
        return Ok(Done::Whole);
    }
    lock::kehu_dir(root)?;
    let mut engine = Engine::new(disk, root);
    if at(&engine.paths.journal, is_there(&engine.paths.journal))? {
        return Err(StoreError::JournalConflict { file: JOURNAL.into() });
    }
    plan.verify(root)?;
    let stem = format!("c-{:016x}", lock::random());
    let mut temps = Vec::new();
    let staged = engine.stage(plan, &stem, &mut temps);
    let journal = match staged {
        Ok(journal) => journal,
        Err(e) => return failed(e, engine.withdraw(&temps)),
    };
    let generation = engine.paths.temp(&format!("{stem}-gen"));
    let applied = engine
        .apply_plan(&journal, plan)
        .and_then(|()| engine.raise(&generation))
        .and_then(|()| engine.still_ours(&journal))
        .and_then(|()| engine.keep(&journal));
    match applied {
        Ok(()) => {
            // All is done and on the disk. A journal that came back after a power cut would only be in the way of edits
            // made since; so an error here is none of the commit. Left-over temporaries are cleared by the next writer.
            let _ = engine.disk.sync_dir(&engine.paths.kehu);
            engine.clear(&temps);
            engine.clear_backups(&journal);
            Ok(Done::Whole)
        }
        Err(e) => {
            let back = engine.roll_back(&journal, &generation).and_then(|()| engine.withdraw(&temps));
            if back.is_ok() {
                engine.clear_backups(&journal);
            }
            failed(e, back)
        }
    }
}

pub(crate) fn recover_on(disk: &dyn Disk, root: &Path) -> Result<bool, StoreError> {
    let mut engine = Engine::new(disk, root);
    let p = engine.paths.clone();
    let Some(bytes) = read_journal(&p.root)? else {
        engine.clear_leftovers()?;
        return Ok(false);
    };
    let conflict = |file: &str| StoreError::JournalConflict { file: file.into() };
    let journal = Journal::decode(&bytes).ok_or_else(|| conflict(JOURNAL))?;
    let mut states = Vec::new();
    for entry in &journal.entries {
        let safe = at(&p.target(entry.path()), writable(root, entry.path()))?.is_ok();
        let state = if safe { state_of(&p, entry)? } else { None };
        states.push(state.ok_or_else(|| conflict(entry.path()))?);
    }
    for (n, (entry, state)) in journal.entries.iter().zip(states).enumerate() {
        let target = p.target(entry.path());
        engine.touch(&target);
        match (state, entry) {
            (State::Old, _) => engine.forward(n, entry, &target, None)?,
            (State::Part, Entry::Append { old_length, text, .. }) => {
                let mut file = at(&target, disk.open(&target))?;
                engine.write_at(&mut file, &target, *old_length, text.as_bytes())?;
            }
            // The killed writer may have written it without waiting for the disk.
            (State::New, Entry::Append { .. }) => {
                let file = at(&target, disk.open(&target))?;
                at(&target, disk.sync(&file, false))?;
            }
            _ => {}
        }
    }
    engine.close(&journal)?;
    Ok(true)
}

#[cfg(test)]
mod tests;
