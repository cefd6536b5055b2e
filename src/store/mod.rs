//! The directory on disk, and the only code that opens data files: safe paths, text, CSV, TOML edits, lock, journal
//! and commit. It never judges business and has no words for people.
//!
//! Reading: [`view::read_consistently`] → [`layout`] lists → [`text`] → [`csvfile`].
//! Writing: [`commit::begin`] → read → [`plan::prepare`] → [`commit::commit`].

mod basis;
mod batch;
pub mod cache;
pub mod cells;
pub mod commit;
pub mod csvedit;
pub mod csvfile;
pub mod customers;
mod disk;
mod draft;
pub mod encoding;
pub mod error;
pub mod health;
mod journal;
mod kept;
pub mod layout;
pub mod load;
pub mod lock;
pub mod merge;
pub mod new_toml;
pub mod open;
pub mod plan;
pub mod playbooks;
pub mod read;
mod readback;
pub mod template;
pub mod templates;
pub mod text;
mod texts;
pub mod tomledit;
mod tomllist;
mod tomlmerge;
mod tomlshape;
mod tomlwrite;
pub mod undo;
pub mod view;

pub use commit::{Done, GivenUp, begin, commit, give_up, unfinished};
pub use disk::write_atomically;
pub use draft::{draft, drop_draft, read_draft, read_text};
pub use error::StoreError;
pub use journal::{Deed, is_journal};
pub use lock::LockGuard;
pub use plan::{Layouts, prepare};
pub use readback::{Created, ReadBack, read_back};
pub use view::{ReadView, read_consistently};
