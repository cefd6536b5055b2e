//! The redo journal: what a commit that is under way will have changed, as a file that is there whole or not at all.
//!
//! `.kehu/journal` is a line `kehu-journal 1 <sha256 of the rest>` and a line of JSON. While it is there, the truth is
//! the files as they will be when all its entries are carried out.

use crate::store::error::StoreError;
use crate::store::layout::{KEHU_DIR, safe_relative};
use crate::store::open;
use crate::store::text::MAX_FILE;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Name of the journal as errors give it.
pub(crate) const JOURNAL: &str = ".kehu/journal";

/// Whether a file that an error names is the journal itself.
pub fn is_journal(file: &str) -> bool {
    file == JOURNAL
}
const MAGIC: &str = "kehu-journal 1 ";
/// Largest journal, in bytes; a change that would need a larger one is refused.
pub(crate) const MAX_JOURNAL: u64 = 1 << 30;

/// What stood in a file before it was changed or removed, so that the change can be taken back when it is done: the bytes
/// between what is the same at both ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Was {
    /// Bytes at the beginning that are the same.
    pub(crate) front: u64,
    /// Bytes at the end that are the same.
    pub(crate) end: u64,
    /// A character for each byte: a file need not be UTF-8.
    pub(crate) bytes: String,
    /// The mode of a file that is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<u32>,
}

/// Rows that were appended, where the text itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rows {
    pub(crate) length: u64,
    pub(crate) hash: String,
}

/// The command that made a change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Deed {
    /// As it was typed.
    pub command: String,
    /// When; what its events are dated by.
    pub at: String,
    /// A name for this run of the program.
    pub run: String,
    /// How many changes the run had made before, from 0: some commands make several.
    pub part: u32,
}

/// What becomes of the journal when all is carried out: it is kept in `.kehu/undo` under this number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) number: u32,
    pub(crate) deed: Deed,
    /// Files of which nothing is kept, because all together would be too much.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) left_out: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// One file's change. `temp` names a file in `.kehu/tmp` with the new content. Where names can be exchanged it holds the old
/// one afterwards; elsewhere that is kept as `<temp>.old`, as are files that are removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum Entry<'p> {
    /// `before` are the edges of what stands in front; empty in a journal that an earlier program wrote.
    Append {
        path: Cow<'p, str>,
        old_length: u64,
        #[serde(default)]
        before: Cow<'p, str>,
        text: Cow<'p, str>,
        /// In `.kehu/undo` only, instead of a long text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rows: Option<Rows>,
    },
    /// `was` is missing where it would be too much.
    Replace {
        path: Cow<'p, str>,
        old: String,
        new: String,
        temp: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Was>,
    },
    Create {
        path: Cow<'p, str>,
        new: String,
        temp: String,
    },
    Remove {
        path: Cow<'p, str>,
        old: String,
        temp: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<Was>,
    },
}

impl Entry<'_> {
    pub(crate) fn path(&self) -> &str {
        match self {
            Entry::Append { path, .. }
            | Entry::Replace { path, .. }
            | Entry::Create { path, .. }
            | Entry::Remove { path, .. } => path,
        }
    }
    pub(crate) fn temp(&self) -> Option<&str> {
        match self {
            Entry::Append { .. } => None,
            Entry::Replace { temp, .. } | Entry::Create { temp, .. } | Entry::Remove { temp, .. } => Some(temp),
        }
    }
}

/// A journal's entries. The bytes to append are those of the plan it was made of, or its own when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Journal<'p> {
    pub(crate) entries: Vec<Entry<'p>>,
    /// Nothing in a journal that an earlier program wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kept: Option<Kept>,
}

/// What only the hash of written bytes is wanted of.
struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Journal<'_> {
    /// Writes the journal; it is never in memory as a whole, because appends may be large.
    pub(crate) fn write_to(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut hashed = io::BufWriter::with_capacity(64 << 10, Hashed(Sha256::new()));
        serde_json::to_writer(&mut hashed, self)?;
        hashed.write_all(b"\n")?;
        let hash = hashed.into_inner().map_err(io::IntoInnerError::into_error)?.0.finalize();
        out.write_all(format!("{MAGIC}{}\n", hex(&hash)).as_bytes())?;
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// `None` for anything but a whole journal of this version with harmless paths: a data directory, with its `.kehu`,
    /// may come from a stranger.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Journal<'static>> {
        let journal = Journal::decode_kept(bytes)?;
        let whole = |e: &Entry<'_>| !matches!(e, Entry::Append { rows: Some(_), .. });
        journal.entries.iter().all(whole).then_some(journal)
    }

    /// The same of one that is kept in `.kehu/undo`.
    pub(crate) fn decode_kept(bytes: &[u8]) -> Option<Journal<'static>> {
        let (head, body) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        if head.strip_prefix(MAGIC)? != sha256(body.as_bytes()) {
            return None;
        }
        let journal: Journal<'static> = serde_json::from_str(body).ok()?;
        let plain = |name: &str| {
            name.starts_with("c-") && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let numbered = journal.kept.as_ref().is_none_or(|k| k.number <= LAST_NUMBER);
        let good =
            numbered && journal.entries.iter().all(|e| safe_relative(e.path()).is_ok() && e.temp().is_none_or(plain));
        good.then_some(journal)
    }
}

/// The folder in `.kehu` for journals of changes that are done.
pub(crate) const UNDO: &str = "undo";
/// The highest number of one.
pub(crate) const LAST_NUMBER: u32 = 99_999_999;

/// A kept journal's name in its folder.
pub(crate) fn kept_name(number: u32) -> String {
    format!("{number:08}")
}

/// The paths in `.kehu`.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) root: PathBuf,
    pub(crate) kehu: PathBuf,
    pub(crate) tmp: PathBuf,
    pub(crate) journal: PathBuf,
    pub(crate) generation: PathBuf,
    pub(crate) undo: PathBuf,
}

impl Paths {
    pub(crate) fn new(root: &Path) -> Paths {
        let kehu = root.join(KEHU_DIR);
        Paths {
            root: root.to_path_buf(),
            tmp: kehu.join("tmp"),
            journal: kehu.join("journal"),
            generation: kehu.join("generation"),
            undo: kehu.join(UNDO),
            kehu,
        }
    }
    pub(crate) fn target(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
    pub(crate) fn temp(&self, name: &str) -> PathBuf {
        self.tmp.join(name)
    }
    /// The journal of a change that is done.
    pub(crate) fn kept(&self, number: u32) -> PathBuf {
        self.undo.join(kept_name(number))
    }
    pub(crate) fn backup(&self, name: &str) -> PathBuf {
        self.tmp.join(Paths::old(name))
    }
    /// A temporary by its name in `.kehu`.
    pub(crate) fn name_of(temp: &str) -> String {
        format!("tmp/{temp}")
    }
    /// What stood where a temporary stands now, by its name among them.
    pub(crate) fn old(temp: &str) -> String {
        format!("{temp}.old")
    }
}

/// The bytes of the journal; `None` when there is none.
pub(crate) fn read_journal(root: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    open::read_own_of(root, "journal", MAX_JOURNAL, MAGIC.as_bytes())
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&digest(bytes))
}

/// SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(super) fn hex(hash: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    hash.iter().flat_map(|b| [HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]).map(char::from).collect()
}

/// Whether an error says that there is no such file.
pub(super) fn is_absent(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A data file's bytes; `None` when it is not there. One byte more than [`MAX_FILE`] where it is longer than that.
pub(crate) fn read_opt(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match open::read(path, MAX_FILE) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if is_absent(&e) => Ok(None),
        Err(e) => Err(StoreError::io(path, e)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn bytes_of(entries: Vec<Entry<'_>>) -> Vec<u8> {
        let mut bytes = Vec::new();
        Journal { entries, kept: None }.write_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_journal_is_whole_or_none() {
        let entries = vec![
            Entry::Append {
                path: "ledgers/a/1.csv".into(),
                old_length: 7,
                before: "0f".into(),
                text: "客,\"\r\n".into(),
                rows: None,
            },
            Entry::Create { path: "customers/a.toml".into(), new: sha256(b"x"), temp: "c-0f-1".into() },
        ];
        let bytes = bytes_of(entries.clone());
        assert_eq!(Journal::decode(&bytes).unwrap().entries, entries);
        for len in 0..bytes.len() {
            assert_eq!(Journal::decode(&bytes[..len]), None, "{len}");
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert_eq!(Journal::decode(&bad), None, "{at}");
        }
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn a_strangers_journal_cannot_lead_out() {
        for (path, temp) in [("../x", "c-1"), ("/x", "c-1"), (".git/config", "c-1"), ("a", "../../x"), ("a", "c-/x")] {
            let entry = Entry::Create { path: path.into(), new: String::new(), temp: temp.into() };
            assert_eq!(Journal::decode(&bytes_of(vec![entry])), None, "{path} {temp}");
        }
    }
}
