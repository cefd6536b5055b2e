//! A disk on which one operation fails, or the process is killed, or somebody else saves in between.

use super::*;
use std::cell::Cell;

/// What happens at the operation with the number `at`, and after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fault {
    /// The process is killed: nothing works any more.
    Killed,
    /// This operation fails; a write is cut short.
    Once,
    /// The disk is full from now on.
    Full,
    /// Operations of the same sort as this one fail from now on.
    Sort,
}

/// What a file system can do with names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Exchange two of them.
    Exchanged,
    /// Give a file a second one.
    Linked,
    /// Rename only.
    Renamed,
}

pub(super) const ALL_NAMES: [Names; 3] = [Names::Exchanged, Names::Linked, Names::Renamed];

pub(super) struct Faulty {
    pub(super) at: usize,
    pub(super) fault: Fault,
    pub(super) names: Names,
    pub(super) count: Cell<usize>,
    pub(super) sort: Cell<&'static str>,
    /// What somebody else does before the operation with the number `at`, which then does not fail.
    pub(super) meanwhile: Option<Box<dyn Fn()>>,
    /// The first operation after which nobody looks any more: the journal is removed, or goes where done ones are kept.
    pub(super) over: Cell<usize>,
}

impl Faulty {
    pub(super) fn new(at: usize, fault: Fault, names: Names) -> Faulty {
        let (count, sort, over) = (Cell::new(0), Cell::new(""), Cell::new(usize::MAX));
        Faulty { at, fault, names, count, sort, meanwhile: None, over }
    }
    pub(super) fn hit(&self) -> bool {
        self.count.get() > self.at
    }
    pub(super) fn step(&self, sort: &'static str, grows: bool) -> io::Result<()> {
        let n = self.count.get();
        self.count.set(n + 1);
        if n == self.at {
            self.sort.set(sort);
            if let Some(meanwhile) = &self.meanwhile {
                meanwhile();
                return Ok(());
            }
        }
        if self.meanwhile.is_some() {
            return Ok(());
        }
        let fails = match self.fault {
            Fault::Killed => n >= self.at,
            Fault::Once => n == self.at,
            Fault::Full => n >= self.at && grows,
            Fault::Sort => n >= self.at && self.sort.get() == sort,
        };
        if fails { Err(io::Error::other("injected")) } else { Ok(()) }
    }
}

impl Disk for Faulty {
    fn create(&self, path: &Path, mode: Option<u32>) -> io::Result<File> {
        self.step("create", true)?;
        Real.create(path, mode)
    }
    fn open(&self, path: &Path) -> io::Result<File> {
        self.step("open", false)?;
        Real.open(path)
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let was = self.count.get();
        self.step("write", true).inspect_err(|_| {
            // Once dead, dead.
            if self.fault != Fault::Killed || was == self.at {
                Real.write(file, &bytes[..bytes.len() / 2]).unwrap();
            }
        })?;
        Real.write(file, bytes)
    }
    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        self.step("truncate", false)?;
        Real.truncate(file, len)
    }
    fn sync(&self, file: &File, all: bool) -> io::Result<()> {
        let _ = (file, all);
        self.step("sync", false)
    }
    fn sync_files(&self, dir: &Path, files: &[PathBuf]) -> io::Result<()> {
        assert!(dir.is_dir() && files.iter().all(|f| f.is_file()));
        self.step("sync", false)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        assert!(path.is_dir(), "{path:?}");
        self.step("sync", false)
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("link", true)?;
        if self.names != Names::Renamed { Real.link(from, to) } else { Err(io::ErrorKind::Unsupported.into()) }
    }
    fn place(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("place", true)?;
        if self.names != Names::Renamed { Real.place(from, to) } else { Err(io::ErrorKind::Unsupported.into()) }
    }
    fn open_end(&self, path: &Path) -> io::Result<File> {
        self.step("open", false)?;
        Real.open_end(path)
    }
    fn exchange(&self, a: &Path, b: &Path) -> Option<io::Result<()>> {
        if self.names != Names::Exchanged {
            return None;
        }
        match self.step("exchange", false) {
            Ok(()) => Real.exchange(a, b),
            Err(e) => Some(Err(e)),
        }
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if from.ends_with("journal") && to.parent().is_some_and(|p| p.ends_with("undo")) {
            self.over.set(self.over.get().min(self.count.get()));
        }
        self.step("rename", false)?;
        Real.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        if path.ends_with("journal") {
            self.over.set(self.over.get().min(self.count.get()));
        }
        self.step("remove", false)?;
        Real.remove(path)
    }
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.step("make_dir", true)?;
        Real.make_dir(path)
    }
    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.step("remove_dir", false)?;
        Real.remove_dir(path)
    }
}

/// A disk that does all but wait.
pub(super) fn swift() -> Faulty {
    Faulty::new(usize::MAX, Fault::Once, Names::Exchanged)
}
