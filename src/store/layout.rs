//! Where things stand in a data directory: safe relative paths, names of new files, listings.
//!
//! Paths are relative to the data directory, with `/`. Nothing here opens a data file.

use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::model::ledger::Ledger;
pub use crate::model::settings::{CustomerLayout, LedgerLayout};
use crate::store::error::StoreError;
use crate::store::journal::is_absent;
use crate::store::open;
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The file that marks a data directory.
pub const MARKER: &str = "kehu.toml";
/// The folder of this machine's lock, journal and cache.
pub const KEHU_DIR: &str = ".kehu";

/// A path that must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsafe {
    /// Absolute, empty, with `..`, a backslash, a colon or a control character.
    Name,
    /// Inside `.kehu` or `.git`.
    Internal,
    /// A component is a symbolic link.
    Link,
    /// A component that should be a folder is not, or the file is no plain file.
    Kind,
}

/// Checks the form of a relative path; whatever passes stays inside the directory it is joined to.
///
/// # Errors
/// What is wrong with it.
pub fn safe_relative(path: &str) -> Result<&str, Unsafe> {
    if path.is_empty() {
        return Err(Unsafe::Name);
    }
    for (n, part) in path.split('/').enumerate() {
        let bad = matches!(part, "" | "." | "..") || part.contains(|c: char| c == '\\' || c == ':' || c.is_control());
        if bad {
            return Err(Unsafe::Name);
        }
        if n == 0 && (part.eq_ignore_ascii_case(".git") || part.eq_ignore_ascii_case(KEHU_DIR)) {
            return Err(Unsafe::Internal);
        }
    }
    Ok(path)
}

/// Whether a path is one at which commands write: settings, team, a customer's file or a ledger's.
pub(super) fn is_data_file(path: &str) -> bool {
    let ledger = || Ledger::parse(path.strip_prefix("ledgers/")?.split('/').next()?);
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    let known = matches!(path, MARKER | "team.toml")
        || path.starts_with("customers/") && path.ends_with(".toml")
        || path.ends_with(".csv") && ledger().is_some();
    known && !hidden && safe_relative(path).is_ok()
}

/// Whether no path among these, one joined to the next, has an odd character or a part that begins with a dot or is
/// empty in its middle: told in one pass over all of them. `false` leaves it open whether one is bad.
pub(super) fn is_plain(paths: &str) -> bool {
    let odd = |b: u8| b < 0x20 || b == 0x7f || b == b'\\' || b == b':' || b == 0xc2;
    let bytes = paths.as_bytes();
    let found = bytes.iter().fold(false, |found, b| found | odd(*b));
    !found && [&b"/."[..], b"//"].iter().all(|part| memchr::memmem::find(bytes, part).is_none())
}

/// Checks a path before a write: its form, that no existing component is a symbolic link, that folders are folders
/// and the file, if it is there, is a plain file. Gives the full path.
///
/// # Errors
/// The outer error is the system's, the inner one says why the path is refused.
pub fn writable(root: &Path, path: &str) -> io::Result<Result<PathBuf, Unsafe>> {
    if let Err(e) = safe_relative(path) {
        return Ok(Err(e));
    }
    let mut full = root.to_path_buf();
    let count = path.split('/').count();
    for (n, part) in path.split('/').enumerate() {
        full.push(part);
        match fs::symlink_metadata(&full) {
            Ok(meta) if meta.file_type().is_symlink() => return Ok(Err(Unsafe::Link)),
            Ok(meta) if n + 1 < count && !meta.is_dir() => return Ok(Err(Unsafe::Kind)),
            Ok(meta) if n + 1 == count && !meta.is_file() => return Ok(Err(Unsafe::Kind)),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Ok(root.join(path))),
            Err(e) => return Err(e),
        }
    }
    Ok(Ok(full))
}

/// Checks a path before a read: a symbolic link on the way must lead to a place inside the data directory.
/// A path that does not exist passes.
///
/// # Errors
/// link-leads-out, or unreadable-file where the link cannot be resolved.
pub fn readable(root: &Path, path: &str) -> Result<PathBuf, Diagnostic> {
    let mut full = root.to_path_buf();
    let mut linked = false;
    for part in Path::new(path).components() {
        full.push(part);
        let is_link = match fs::symlink_metadata(&full) {
            Ok(meta) => meta.file_type().is_symlink(),
            Err(e) if is_absent(&e) => false,
            Err(e) => return Err(unreadable(path, &e)),
        };
        linked |= is_link || !matches!(part, std::path::Component::Normal(_));
    }
    if linked { inside(root, &full, path).map(|()| full) } else { Ok(full) }
}

/// The finding for a file or folder that the system does not let be read.
pub(super) fn unreadable(path: &str, e: &io::Error) -> Diagnostic {
    if open::is_irregular(e) {
        return Diagnostic::new(Code::UnreadableFile, Place::file(path), ["irregular", "irregular"]);
    }
    Diagnostic::new(Code::UnreadableFile, Place::file(path), [&e.to_string()])
}

/// Whether a link's target lies in the data directory.
fn inside(root: &Path, full: &Path, path: &str) -> Result<(), Diagnostic> {
    let target = fs::canonicalize(full).map_err(|e| unreadable(path, &e))?;
    let base = fs::canonicalize(root).map_err(|e| unreadable(path, &e))?;
    if target.starts_with(&base) {
        Ok(())
    } else {
        Err(Diagnostic::new(Code::LinkLeadsOut, Place::file(path), [&target.to_string_lossy()]))
    }
}

/// The file of a new customer.
///
/// [`CustomerLayout::Hash`] takes FNV-1a with 64 bits over the id's UTF-8 bytes, folds it to 8 bits by the exclusive
/// or of its eight bytes, and writes two lower-case hex digits. It never changes: other programs may compute it.
pub fn customer_path(layout: CustomerLayout, id: &str) -> String {
    match (layout, id.chars().next()) {
        (CustomerLayout::Initial, Some(first)) => format!("customers/{first}/{id}.toml"),
        (CustomerLayout::Hash, _) => format!("customers/{:02x}/{id}.toml", hash8(id)),
        _ => format!("customers/{id}.toml"),
    }
}

fn hash8(id: &str) -> u8 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    hash.to_le_bytes().iter().fold(0, |a, b| a ^ b)
}

/// The file that new rows of a ledger go to.
pub fn ledger_file(layout: LedgerLayout, ledger: Ledger, year: i32, author: &str) -> String {
    match layout {
        LedgerLayout::AuthorYear => format!("ledgers/{ledger}/{year:04}-{author}.csv"),
        LedgerLayout::Year => format!("ledgers/{ledger}/{year:04}.csv"),
    }
}

/// The data directory that `start` lies in: the nearest one upwards with a kehu.toml. Folders above that nobody may look
/// into are passed over.
///
/// # Errors The system's: a folder that it tells nothing about must not lead to another directory further up.
pub fn find_root(start: &Path) -> Result<Option<PathBuf>, StoreError> {
    for (n, dir) in start.ancestors().enumerate() {
        let marker = dir.join(MARKER);
        match fs::metadata(&marker) {
            Ok(meta) if meta.is_file() => return Ok(Some(dir.to_path_buf())),
            Ok(_) => {}
            Err(e) if is_absent(&e) || n > 0 && e.kind() == io::ErrorKind::PermissionDenied => {}
            Err(e) => return Err(StoreError::io(&marker, e)),
        }
    }
    Ok(None)
}

/// All customer files, sorted by path.
pub fn list_customers(root: &Path, diags: &mut Vec<Diagnostic>) -> Vec<String> {
    list_wide(root, "customers", "toml", diags)
}

/// As [`list`], with a thread for each group of sub-folders.
fn list_wide(root: &Path, folder: &str, extension: &str, diags: &mut Vec<Diagnostic>) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return list(root, folder, extension, diags) };
    let mut folders = Vec::new();
    for e in entries {
        let found = e.and_then(|e| Ok((e.file_type()?, e.file_name().into_string())));
        // The plain way tells errors.
        let Ok((kind, Ok(name))) = found else { return list(root, folder, extension, diags) };
        if kind.is_dir() && !passed_over(&name) {
            folders.push(format!("{folder}/{name}"));
        } else {
            // Files, links and whatever else stands there: the plain way has the rules for them.
            return list(root, folder, extension, diags);
        }
    }
    if readable(root, folder).is_err() || fs::symlink_metadata(root.join(folder)).is_ok_and(|m| m.is_symlink()) {
        return list(root, folder, extension, diags);
    }
    folders.sort_unstable();
    let parts: Vec<(Vec<String>, Vec<Diagnostic>)> = folders
        .par_iter()
        .map(|f| {
            let mut found = Vec::new();
            let quick = list_plain(&root.join(f), f, extension);
            (quick.unwrap_or_else(|| list(root, f, extension, &mut found)), found)
        })
        .collect();
    let mut out = Vec::with_capacity(parts.iter().map(|p| p.0.len()).sum());
    for (files, found) in parts {
        out.extend(files);
        diags.extend(found);
    }
    // Folders that begin alike do not sort as their paths do.
    if !out.is_sorted() {
        out.sort_unstable();
    }
    out
}

/// The files of a folder in which nothing else stands, sorted by path; `None` where [`list`] must look.
#[cfg(target_os = "linux")]
fn list_plain(full: &Path, folder: &str, extension: &str) -> Option<Vec<String>> {
    use rustix::fs::{FileType, RawDir};
    let dir = fs::File::open(full).ok()?;
    let mut buffer = Vec::with_capacity(1 << 16);
    let mut entries = RawDir::new(&dir, buffer.spare_capacity_mut());
    let mut out = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry.ok()?;
        let name = entry.file_name().to_str().ok()?;
        if matches!(name, "." | "..") || passed_over(name) {
            continue;
        }
        let stem = name.strip_suffix(extension)?.strip_suffix('.')?;
        if stem.is_empty() || entry.file_type() != FileType::RegularFile {
            return None;
        }
        let mut path = String::with_capacity(folder.len() + 1 + name.len());
        path.push_str(folder);
        path.push('/');
        path.push_str(name);
        out.push(path);
    }
    out.sort_unstable();
    Some(out)
}

#[cfg(not(target_os = "linux"))]
fn list_plain(_: &Path, _: &str, _: &str) -> Option<Vec<String>> {
    None
}

/// All files of a ledger, sorted by path.
pub fn list_ledger(root: &Path, ledger: Ledger, diags: &mut Vec<Diagnostic>) -> Vec<String> {
    list(root, &format!("ledgers/{ledger}"), "csv", diags)
}

/// The things in `ledgers/` that belong to no ledger: a folder with a wrong name, whose rows nobody would read.
pub fn stray_ledgers(root: &Path) -> Vec<Diagnostic> {
    let entries = match fs::read_dir(root.join("ledgers")) {
        Ok(entries) => entries,
        Err(e) if is_absent(&e) => return Vec::new(),
        Err(e) => return vec![unreadable("ledgers", &e)],
    };
    let judge = |entry: io::Result<fs::DirEntry>| {
        // What the listing says of it needs no call of its own; only where a link leads must be asked.
        let found = entry.and_then(|e| {
            let kind = e.file_type()?;
            let linked = kind.is_symlink().then(|| fs::metadata(e.path())).transpose();
            let is_dir = match linked {
                Ok(meta) => meta.map_or(kind.is_dir(), |meta| meta.is_dir()),
                Err(e) if is_absent(&e) => false,
                Err(e) => return Err(e),
            };
            Ok((e.file_name().to_string_lossy().into_owned(), is_dir))
        });
        let (name, is_dir) = match found {
            Ok(found) => found,
            Err(e) => return Some(unreadable("ledgers", &e)),
        };
        if passed_over(&name) || is_dir && Ledger::parse(&name).is_some() {
            return None;
        }
        let path = format!("ledgers/{name}");
        let near = nearest(&name, Ledger::ALL.iter().map(|l| l.name())).join(", ");
        Some(Diagnostic::new(Code::StrayFile, Place::file(path.clone()), [&path, &near]))
    };
    entries.filter_map(judge).collect()
}

/// All files below a folder with an extension, sorted by path. Hidden files and editors' backups are passed over;
/// other files and unreadable folders are findings, and so are links that lead out of the data directory.
pub fn list(root: &Path, folder: &str, extension: &str, diags: &mut Vec<Diagnostic>) -> Vec<String> {
    let top = match readable(root, folder) {
        Ok(top) => top,
        Err(d) => {
            diags.push(d);
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    if fs::symlink_metadata(&top).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return out;
    }
    if let Some(files) = list_plain(&top, folder, extension) {
        return files;
    }
    let mut walk = WalkDir::new(&top).min_depth(1).follow_links(true).into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                let file = e.path().map(|p| relative(root, p)).unwrap_or_else(|| folder.to_string());
                let name = file.rsplit('/').next().unwrap_or_default();
                // An editor's lock is a dangling link; a file that vanished meanwhile is no finding.
                let gone = e.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound);
                let vanished = gone && fs::symlink_metadata(root.join(&file)).is_err();
                if !passed_over(name) && !vanished {
                    let (what, why) = match (e.loop_ancestor(), e.io_error()) {
                        (Some(_), _) => ("loop".to_string(), "loop"),
                        (None, Some(_)) if gone => ("nowhere".to_string(), "link"),
                        (None, Some(io)) => (io.to_string(), ""),
                        (None, None) => (e.to_string(), ""),
                    };
                    diags.push(Diagnostic::new(Code::UnreadableFile, Place::file(file), [&what, why]));
                }
                continue;
            }
        };
        let name = entry.file_name().to_string_lossy();
        let is_dir = entry.file_type().is_dir();
        if passed_over(&name) {
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        let path = relative(root, entry.path());
        if entry.path_is_symlink()
            && let Err(d) = inside(root, entry.path(), &path)
        {
            diags.push(d);
            if is_dir {
                walk.skip_current_dir();
            }
            continue;
        }
        if is_dir {
            continue;
        }
        let kind = name.rsplit_once('.').is_some_and(|(stem, ext)| !stem.is_empty() && ext == extension);
        if kind && entry.file_type().is_file() && entry.file_name().to_str().is_some() {
            out.push(path);
        } else {
            diags.push(Diagnostic::new(Code::StrayFile, Place::file(path.clone()), [&path]));
        }
    }
    out.sort_unstable();
    out
}

/// A path below the root, with `/`.
fn relative(root: &Path, full: &Path) -> String {
    let path = full.strip_prefix(root).unwrap_or(full).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace('\\', "/") }
}

/// Hidden files and editors' backups.
fn passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#')
        || [".swp", ".swo", ".tmp", ".bak", ".orig"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for f in files {
            fs::create_dir_all(dir.path().join(f).parent().unwrap()).unwrap();
            fs::write(dir.path().join(f), "").unwrap();
        }
        dir
    }

    #[test]
    fn relative_paths_are_checked() {
        let check = |path: &str, ok: bool| assert_eq!(safe_relative(path).is_ok(), ok, "{path:?}");
        for good in ["kehu.toml", "customers/a/acme.toml", "customers/客/客户.toml", ".gitattributes", "a/..b/c..d"]
        {
            check(good, true);
        }
        let bad = [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            "a/.",
            "C:\\x",
            "C:x",
            "a\\b",
            "a\nb",
            "a\0b",
            ".kehu/journal",
            ".git/config",
            ".GIT/config",
            "customers/..",
        ];
        bad.iter().for_each(|p| check(p, false));
        // What is plain and begins and ends well is good.
        for path in bad {
            let path = format!("customers/{path}");
            assert!(!is_plain(&path) || path.ends_with('/') || safe_relative(&path).is_ok(), "{path:?}");
        }
        assert!(is_plain("customers/a/acme.tomlcustomers/客/客户.toml"));
    }

    #[test]
    fn names_of_new_files() {
        let check = |layout, id: &str, expected: &str| assert_eq!(customer_path(layout, id), expected);
        check(CustomerLayout::Flat, "acme", "customers/acme.toml");
        check(CustomerLayout::Initial, "客户", "customers/客/客户.toml");
        check(CustomerLayout::Hash, "acme", "customers/a0/acme.toml");
        check(CustomerLayout::Hash, "客户", "customers/eb/客户.toml");
        assert_eq!(ledger_file(LedgerLayout::AuthorYear, Ledger::Orders, 2026, "li"), "ledgers/orders/2026-li.csv");
        assert_eq!(ledger_file(LedgerLayout::Year, Ledger::Orders, 2026, "li"), "ledgers/orders/2026.csv");
    }

    #[test]
    fn hashed_folders_are_evenly_filled() {
        let mut counts = [0u32; 256];
        (0..25_600).for_each(|n| counts[usize::from(hash8(&format!("c{n:06}")))] += 1);
        assert!(counts.iter().all(|n| (40..200).contains(n)), "{counts:?}");
    }

    #[test]
    fn roots_are_found_upwards() {
        let dir = tree(&["kehu.toml", "customers/a/x.toml"]);
        assert_eq!(find_root(&dir.path().join("customers/a")).unwrap(), Some(dir.path().to_path_buf()));
        assert_eq!(find_root(dir.path()).unwrap(), Some(dir.path().to_path_buf()));
        assert_eq!(find_root(tempfile::tempdir().unwrap().path()).unwrap(), None);
    }

    #[test]
    fn listings_are_sorted_and_pass_over_backups() {
        let dir = tree(&[
            "customers/b.toml",
            "customers/a/z.toml",
            "customers/a/z.toml~",
            "customers/.#b.toml",
            "customers/#b.toml#",
            "customers/.b.toml.swp",
            "customers/b.toml.swp",
            "customers/x.tmp",
            "customers/.hidden/c.toml",
            "customers/notes.txt",
        ]);
        let mut diags = Vec::new();
        assert_eq!(list_customers(dir.path(), &mut diags), ["customers/a/z.toml", "customers/b.toml"]);
        let found: Vec<_> = diags.iter().map(|d| (d.code, d.place.file.as_str())).collect();
        assert_eq!(found, [(Code::StrayFile, "customers/notes.txt")]);
        assert!(list_ledger(dir.path(), Ledger::Orders, &mut diags).is_empty());
        assert_eq!(diags.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_inside_and_never_on_write() {
        use std::os::unix::fs::symlink;
        let outside = tree(&["x.toml"]);
        let dir = tree(&["customers/a.toml", "old/b.toml"]);
        let root = dir.path();
        symlink(outside.path().join("x.toml"), root.join("customers/out.toml")).unwrap();
        symlink(outside.path(), root.join("customers/far")).unwrap();
        symlink("../old", root.join("customers/near")).unwrap();
        symlink(".", root.join("customers/loop")).unwrap();
        symlink("li@host.123", root.join("customers/.#a.toml")).unwrap();
        symlink("nowhere", root.join("customers/gone.toml")).unwrap();
        let mut diags = Vec::new();
        assert_eq!(list_customers(root, &mut diags), ["customers/a.toml", "customers/near/b.toml"]);
        let mut found: Vec<_> = diags.iter().map(|d| (d.place.file.as_str(), d.code)).collect();
        found.sort_unstable();
        let expected = [
            ("customers/far", Code::LinkLeadsOut),
            ("customers/gone.toml", Code::UnreadableFile),
            ("customers/loop", Code::UnreadableFile),
            ("customers/out.toml", Code::LinkLeadsOut),
        ];
        assert_eq!(found, expected);
        let write = |path: &str| writable(root, path).unwrap().err();
        assert_eq!(write("customers/a.toml"), None);
        assert_eq!(write("customers/n/new.toml"), None);
        assert_eq!(write("customers/near/b.toml"), Some(Unsafe::Link));
        assert_eq!(write("customers/out.toml"), Some(Unsafe::Link));
        assert_eq!(write("customers/a.toml/x"), Some(Unsafe::Kind));
        assert_eq!(write("customers"), Some(Unsafe::Kind));
        assert!(readable(root, "customers/near/b.toml").is_ok());
        assert_eq!(readable(root, "customers/out.toml").unwrap_err().code, Code::LinkLeadsOut);
        assert_eq!(readable(&root.join("old"), "../x").unwrap_err().code, Code::UnreadableFile);
    }
}
