//! Directories that tests start from. The costly ones are made once and kept in memory.

use super::{Dir, repo};
use std::sync::OnceLock;

type Files = Vec<(String, Vec<u8>)>;

static DEMO: OnceLock<Files> = OnceLock::new();
static NEW: OnceLock<Files> = OnceLock::new();

/// Whether there is a start of this name: `empty`, `new`, `demo`, or a folder below `tests/data/`.
pub(crate) fn exists(name: &str) -> bool {
    matches!(name, "empty" | "new" | "demo") || (!name.is_empty() && repo().join("tests/data").join(name).is_dir())
}

/// A directory of this name; folders of `tests/data/` are laid over `new`.
pub(crate) fn make(name: &str) -> Dir {
    match name {
        "empty" => Dir::empty(),
        "new" => copy(NEW.get_or_init(|| Dir::new().files())),
        "demo" => copy(DEMO.get_or_init(|| {
            let dir = Dir::empty();
            dir.run(&["demo", ".", "-q"]).expect(0);
            dir.files()
        })),
        other => {
            let dir = make("new");
            dir.overlay(&repo().join("tests/data").join(other));
            dir
        }
    }
}

fn copy(files: &Files) -> Dir {
    let dir = Dir::empty();
    for (name, bytes) in files {
        dir.write(name, bytes);
    }
    dir
}
