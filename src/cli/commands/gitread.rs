//! What git knows of a data directory: which files have changed, and who changed what in which commit. Nothing is written.
//!
//! A data directory may come from a stranger, with its `.git`: `git diff` and `git blame` would run the programs that its
//! settings and attributes name (fsmonitor, filters, textconv). Listing, hashing and reading objects run none.

use crate::check::policy::Edited;
use crate::model::day::{Day, parse_day};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

/// Why git could not tell something.
pub(super) struct GitFailure {
    /// Its own words.
    pub(super) why: String,
    /// Whether the clone has only a part of the history.
    pub(super) shallow: bool,
}

/// A commit.
pub(super) struct Commit {
    /// The author's mail address.
    pub(super) author: String,
    /// The author's day.
    pub(super) day: Day,
    /// The files of the data directory that it changed.
    pub(super) files: Vec<Edited>,
}

/// The repository that a data directory lies in.
pub(super) struct Git<'r> {
    root: &'r Path,
}

type Told<T> = Result<T, GitFailure>;

impl<'r> Git<'r> {
    pub(super) fn of(root: &'r Path) -> Git<'r> {
        Git { root }
    }

    fn run(&self, args: &[&str], stdin: Option<String>) -> Result<Vec<u8>, String> {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(self.root).args(["--no-optional-locks", "-c", "core.fsmonitor=false"]).args(args);
        command.env("GIT_NO_LAZY_FETCH", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        let told = |e: std::io::Error| e.to_string();
        let mut child = command.spawn().map_err(told)?;
        let pipe = child.stdin.take().zip(stdin);
        let feed = move || pipe.map(|(mut pipe, text)| pipe.write_all(text.as_bytes()));
        let feed = std::thread::Builder::new().spawn(feed).map_err(told)?;
        let out = child.wait_with_output().map_err(told)?;
        let _ = feed.join();
        if out.status.success() {
            return Ok(out.stdout);
        }
        let said = String::from_utf8_lossy(&out.stderr);
        let line = said.lines().find(|l| l.starts_with("fatal: ")).or(said.lines().next()).unwrap_or_default();
        let line = line.trim_start_matches("fatal: ");
        // How far git has looked upwards depends on the machine.
        let none = line.split_once(" (").filter(|(front, _)| *front == "not a git repository");
        Err(none.map_or(line, |(front, _)| front).to_string())
    }

    fn text(&self, args: &[&str], stdin: Option<String>) -> Told<String> {
        let out = self.run(args, stdin).map_err(|why| self.failed(why))?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    fn failed(&self, why: String) -> GitFailure {
        let shallow = self.run(&["rev-parse", "--is-shallow-repository"], None);
        GitFailure { why, shallow: shallow.is_ok_and(|answer| answer.trim_ascii() == b"true") }
    }

    fn refuse_flags(&self, rev: &str) -> Told<()> {
        if rev.starts_with('-') { Err(self.failed(format!("bad revision '{rev}'"))) } else { Ok(()) }
    }

    /// The files of a revision with the hashes of their contents.
    fn tree(&self, rev: &str) -> Told<HashMap<String, String>> {
        self.refuse_flags(rev)?;
        // "mode type hash\tpath"
        let tree = self.text(&["ls-tree", "-r", "-z", rev], None)?;
        let files = tree.split('\0').filter_map(|line| line.split_once('\t'));
        Ok(files.filter_map(|(head, path)| Some((path.into(), head.rsplit(' ').next()?.into()))).collect())
    }

    /// Files changed since a revision; their paths begin in the data directory, which may be a folder of the repository.
    pub(super) fn changed_files(&self, rev: &str) -> Told<Vec<String>> {
        let before = self.tree(rev)?;
        let listed = self.text(&["ls-files", "--cached", "--others", "--exclude-standard", "-z"], None)?;
        let there = |f: &&str| !f.is_empty() && !f.contains(['\n', '"']) && self.root.join(f).is_file();
        let files: Vec<&str> = listed.split('\0').filter(there).collect();
        // Paths that it reads begin at the top of the repository, wherever it is called.
        let prefix = self.text(&["rev-parse", "--show-prefix"], None)?;
        let prefix = prefix.trim_end_matches('\n');
        let paths = files.iter().map(|f| format!("{prefix}{f}\n")).collect();
        let hashes = self.text(&["hash-object", "--no-filters", "--stdin-paths"], Some(paths))?;
        let changed =
            files.iter().zip(hashes.lines()).filter(|(f, hash)| before.get(**f).is_none_or(|known| known != hash));
        Ok(changed.map(|(f, _)| (*f).to_string()).collect())
    }

    /// The texts of some objects; one that is no text is left out.
    fn objects(&self, hashes: &[String]) -> Told<HashMap<String, String>> {
        let asked = hashes.iter().map(|h| format!("{h}\n")).collect();
        let out = self.run(&["cat-file", "--batch"], Some(asked)).map_err(|why| self.failed(why))?;
        let (mut texts, mut rest) = (HashMap::new(), out.as_slice());
        // "hash type size\n", the content, and a line's end.
        while let Some(end) = rest.iter().position(|b| *b == b'\n') {
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            let mut words = head.split(' ');
            let (hash, size) = (words.next().unwrap_or_default(), words.nth(1).and_then(|n| n.parse::<usize>().ok()));
            let Some(size) = size.filter(|n| *n <= rest.len()) else { continue };
            if let Ok(text) = std::str::from_utf8(&rest[..size]) {
                texts.insert(hash.to_string(), text.to_string());
            }
            rest = rest.get(size + 1..).unwrap_or_default();
        }
        Ok(texts)
    }

    /// The commits since a revision, or of a range `OLD..NEW`, oldest first; merges only gather what others did.
    pub(super) fn commits(&self, rev: &str) -> Told<Vec<Commit>> {
        self.refuse_flags(rev)?;
        let range = if rev.contains("..") { rev.to_string() } else { format!("{rev}..HEAD") };
        let log = self.text(
            &[
                "log",
                "--no-merges",
                "--reverse",
                "--topo-order",
                "--no-renames",
                "--raw",
                "-r",
                "--no-abbrev",
                "-z",
                "--relative",
                "--no-textconv",
                "--no-ext-diff",
                "--date=short",
                "--format=%x01%ae%x02%ad",
                &range,
                "--",
            ],
            None,
        )?;
        let mut found: Vec<(String, Day, Vec<[String; 3]>)> = Vec::new();
        let mut tokens = log.split('\0');
        while let Some(token) = tokens.next() {
            let token = token.trim_start_matches('\n');
            if let Some((author, day)) = token.strip_prefix('\u{1}').and_then(|t| t.split_once('\u{2}')) {
                found.push((author.into(), parse_day(day.trim()).unwrap_or_default(), Vec::new()));
            } else if let Some(entry) = token.strip_prefix(':') {
                let words: Vec<&str> = entry.split(' ').collect();
                let path = tokens.next().unwrap_or_default().to_string();
                if let (Some((_, _, files)), [_, _, old, new, ..]) = (found.last_mut(), words.as_slice()) {
                    files.push([(*old).into(), (*new).into(), path]);
                }
            }
        }
        let hashes: Vec<String> = found.iter().flat_map(|c| &c.2).flat_map(|f| [f[0].clone(), f[1].clone()]).collect();
        let texts = self.objects(&hashes)?;
        let text = |hash: &String| texts.get(hash).cloned();
        let commit = |(author, day, files): (String, Day, Vec<[String; 3]>)| {
            let edited = |[old, new, path]: [String; 3]| Edited { path, before: text(&old), after: text(&new) };
            Commit { author, day, files: files.into_iter().map(edited).collect() }
        };
        Ok(found.into_iter().map(commit).collect())
    }

    /// What is not committed yet; `now` gives a file's text.
    pub(super) fn uncommitted(&self, now: impl Fn(&str) -> Option<String>) -> Told<Vec<Edited>> {
        let head = self.tree("HEAD")?;
        let mut paths = self.changed_files("HEAD")?;
        paths.extend(head.keys().filter(|f| !self.root.join(f).exists()).cloned());
        let hashes: Vec<String> = paths.iter().filter_map(|p| head.get(p).cloned()).collect();
        let texts = self.objects(&hashes)?;
        let before = |path: &String| texts.get(head.get(path)?).cloned();
        let edited = |path: String| Edited { before: before(&path), after: now(&path), path };
        Ok(paths.into_iter().map(edited).collect())
    }
}
