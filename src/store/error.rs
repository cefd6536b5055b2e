//! What can go wrong in the store, as data; the words are in `i18n`.

use crate::store::csvedit::CsvError;
use crate::store::layout::Unsafe;
use crate::store::tomledit::EditError;
use crate::store::undo::Unkept;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why an operation of the store failed. Nothing was changed.
#[derive(Debug)]
pub enum StoreError {
    /// The system refused an operation on a file.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another process holds the lock.
    Locked {
        /// What the holder wrote about itself; may be empty.
        holder: String,
        /// How long was waited.
        waited: Duration,
    },
    /// A file is not as it was read: somebody edited it meanwhile.
    ChangedUnderUs {
        /// The file, relative to the data directory.
        file: String,
    },
    /// A left-over journal does not fit the files, or is damaged. It is kept; nothing is touched.
    JournalConflict {
        /// The file, relative to the data directory.
        file: String,
    },
    /// A file to be created is there.
    Exists {
        /// The file, relative to the data directory.
        file: String,
    },
    /// A file to be changed is not there.
    NotFound {
        /// The file, relative to the data directory.
        file: String,
    },
    /// The folder is no data directory.
    NotADataDirectory,
    /// A path that must not be written to.
    UnsafePath {
        /// The path.
        file: String,
        /// Why.
        why: Unsafe,
    },
    /// A file that is to be edited is no text; the same findings as for reading.
    Unreadable(Box<crate::diag::Diagnostic>),
    /// An edit of a TOML file is refused.
    Edit {
        /// The file, relative to the data directory.
        file: String,
        /// Why.
        why: EditError,
    },
    /// A change of a CSV file is refused.
    Csv {
        /// The file, relative to the data directory.
        file: String,
        /// Why.
        why: CsvError,
    },
    /// A file is not as a command left it that shall be taken back.
    ChangedSince {
        /// The file, relative to the data directory.
        file: String,
        /// The command.
        command: String,
    },
    /// A command cannot be taken back.
    Unkept {
        /// The command.
        command: String,
        /// Why.
        why: Unkept,
    },
    /// The changes of a set contradict each other (rows edited in a file that is also replaced).
    Contradiction {
        /// The file, relative to the data directory.
        file: String,
    },
}

impl StoreError {
    /// An error of the system on a path.
    pub(crate) fn io(path: &Path, source: io::Error) -> StoreError {
        StoreError::Io { path: path.to_path_buf(), source }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
