//! Golden tests: what every command prints, in every language, and what it writes.
//!
//! A case is a folder below `tests/golden/`:
//!
//! - `cmd`: command lines `kehu …`, run in order in one directory. In front of `kehu` may stand `! 7` (the exit code
//!   that is expected; else 0) and `NAME=value` (environment); `< file` gives a file of the directory as stdin. Words may
//!   be quoted as in a shell; there is no shell. `a_[1]` means the first new id with that prefix. `#` begins a comment.
//! - `start`: the directory to start from: `empty`, `new` (a fresh one with the team li, wu, chen), `demo`, or the name
//!   of a folder below `tests/data/` that is laid over `new`. Without it, `empty`.
//! - `in/`: files that are laid over the start.
//! - `out.en.txt`, `out.zh.txt`: the transcript in each language. stderr lines begin with `2> `. `out.json.txt`: the same
//!   with `-f json`, when that makes a difference (lines with a format of their own keep it).
//! - `files.txt`: what the lines changed in the directory.
//!
//! New random ids and the present instant are replaced by placeholders. `KEHU_BLESS=1 cargo test golden` writes the
//! expectations; `KEHU_GOLDEN=name` runs only the cases whose name contains it. Every line runs as li on
//! [`support::TODAY`](super::support::TODAY) unless it says otherwise.

use super::support::{Dir, TODAY, command, kehu_path, repo, start};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

/// A created file that is longer than this is only counted.
const LONGEST_NEW_FILE: usize = 60;
/// More changed files than this are only counted, by folder.
const MOST_FILES: usize = 40;
/// A paragraph of at least so many lines that stood in the transcript before is not printed again.
const REPEATED: usize = 5;

/// One line of `cmd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    text: String,
    exit: i32,
    env: Vec<(String, String)>,
    pub(crate) words: Vec<String>,
    stdin: Option<String>,
}

impl Line {
    /// The words after the global flags that come before a command, if it is run for its answer.
    fn answers(&self) -> Option<&[String]> {
        let help = self.words.iter().any(|w| w == "--help" || w == "-h");
        (self.exit == 0 && !help).then_some(&self.words)
    }
}

/// Splits a line into words as a shell does; `Err` says what is wrong.
pub(crate) fn words(line: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(out);
        }
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
            match c {
                '\\' => word.extend(chars.next()),
                '\'' | '"' => loop {
                    match chars.next() {
                        None => return Err(format!("an open {c} in: {line}")),
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' && chars.peek().is_some_and(|n| "\"\\$`".contains(*n)) => {
                            word.extend(chars.next());
                        }
                        Some(other) => word.push(other),
                    }
                },
                '|' | '>' | ';' | '&' | '`' | '$' => return Err(format!("no shell here, but {c} in: {line}")),
                other => word.push(other),
            }
        }
        out.push(word);
    }
}

/// Reads a line of `cmd`; `None` for comments and empty ones.
fn line(text: &str) -> Result<Option<Line>, String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let (exit, shown) = match text.strip_prefix("! ") {
        Some(rest) => {
            let (n, rest) = rest.trim().split_once(' ').ok_or_else(|| format!("nothing after: {text}"))?;
            (n.parse().map_err(|_| format!("no exit code: {text}"))?, rest.trim())
        }
        None => (0, text),
    };
    let mut all = words(shown)?;
    let mut env = Vec::new();
    while let Some((name, value)) = all.first().and_then(|w| w.split_once('=')).filter(|(n, _)| is_variable(n)) {
        env.push((name.to_string(), value.to_string()));
        all.remove(0);
    }
    if all.first().map(String::as_str) != Some("kehu") {
        return Err(format!("no `kehu` at its place: {text}"));
    }
    all.remove(0);
    let mut stdin = None;
    if let Some(n) = all.iter().position(|w| w == "<") {
        stdin = Some(all.get(n + 1).ok_or_else(|| format!("no file after <: {text}"))?.clone());
        all.drain(n..n + 2);
    }
    Ok(Some(Line { text: shown.to_string(), exit, env, words: all, stdin }))
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// How the lines of a case are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    En,
    Zh,
    Json,
}

impl Mode {
    fn file(self) -> &'static str {
        match self {
            Mode::En => "out.en.txt",
            Mode::Zh => "out.zh.txt",
            Mode::Json => "out.json.txt",
        }
    }

    /// The global flags that a line gets in front.
    fn flags(self, words: &[String]) -> Vec<String> {
        let has = |names: &[&str]| {
            words
                .iter()
                .any(|w| names.iter().any(|n| w == n || (n.starts_with("--") && w.starts_with(&format!("{n}=")))))
        };
        let mut out = Vec::new();
        if !has(&["--today"]) {
            out.extend(["--today".to_string(), TODAY.to_string()]);
        }
        if !has(&["--lang"]) {
            let lang = if self == Mode::Zh { "zh-CN" } else { "en" };
            out.extend(["--lang".to_string(), lang.to_string()]);
        }
        if self == Mode::Json && !has(&["-f", "--format", "--json", "-o", "--output"]) {
            out.extend(["-f".to_string(), "json".to_string()]);
        }
        out
    }
}

static RANDOM_ID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b([a-z]{1,2})_[0-9a-hjkmnp-tv-z]{12}\b(  )?").expect("a regex"));
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b([a-z]{1,2})_\[[0-9]+\]").expect("a regex"));
static SEAL: LazyLock<Regex> = LazyLock::new(|| Regex::new("sha256:[0-9a-f]{64}").expect("a regex"));
static INSTANT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})").expect("a regex")
});

/// Replaces what is different in every run.
struct Scrub {
    /// The directory, under every name that it may be printed by.
    folders: Vec<String>,
    /// Ids and instants that are no news.
    known: BTreeSet<String>,
    ids: HashMap<String, String>,
    counts: BTreeMap<String, usize>,
}

impl Scrub {
    fn new(dir: &Dir, lines: &[Line]) -> Scrub {
        let mut known = BTreeSet::new();
        let mut learn = |text: &str| {
            known.extend(RANDOM_ID.find_iter(text).map(|m| m.as_str().trim_end().to_string()));
            known.extend(INSTANT.find_iter(text).map(|m| m.as_str().to_string()));
        };
        // What messages show as an example.
        learn("2026-11-22T14:03:00+08:00");
        for (_, bytes) in dir.files() {
            learn(&String::from_utf8_lossy(&bytes));
        }
        lines.iter().for_each(|l| learn(&l.text));
        let real = dir.path().canonicalize().expect("the directory");
        let folders = [real.as_path(), dir.path()].map(|p| p.display().to_string()).to_vec();
        Scrub { folders, known, ids: HashMap::new(), counts: BTreeMap::new() }
    }

    fn text(&mut self, text: &str) -> String {
        let mut text = text.to_string();
        for f in &self.folders {
            text = text.replace(f, "[dir]");
        }
        let text = INSTANT.replace_all(&text, |m: &regex::Captures<'_>| {
            let at = &m[0];
            if self.known.contains(at) || at.contains("T23:59:59") { at.to_string() } else { "[now]".to_string() }
        });
        // A seal is the hash of what names random ids.
        let text = SEAL.replace_all(&text, "sha256:[seal]");
        let (known, ids, counts) = (&self.known, &mut self.ids, &mut self.counts);
        let text = RANDOM_ID.replace_all(&text, |m: &regex::Captures<'_>| {
            let id = m[0].trim_end();
            if known.contains(id) {
                return m[0].to_string();
            }
            let next = || {
                let n = counts.entry(m[1].to_string()).or_default();
                *n += 1;
                format!("{}_[{n}]", &m[1])
            };
            let short = ids.entry(id.to_string()).or_insert_with(next);
            // Columns stay where they were.
            if m.get(2).is_some() { format!("{short:0$}", m[0].len()) } else { short.clone() }
        });
        text.into_owned()
    }

    /// The ids behind the placeholders of a word of `cmd`.
    fn fill(&self, word: &str) -> String {
        let back = |m: &regex::Captures<'_>| {
            self.ids.iter().find(|(_, p)| **p == m[0]).map_or_else(|| m[0].to_string(), |(id, _)| id.clone())
        };
        PLACEHOLDER.replace_all(word, back).into_owned()
    }
}

/// A folder below `tests/golden/`.
struct Case {
    name: String,
    path: PathBuf,
    lines: Vec<Line>,
    start: String,
}

fn cases() -> Vec<Result<Case, String>> {
    let root = repo().join("tests/golden");
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("tests/golden").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    names.into_iter().map(|path| case(&path)).collect()
}

/// Reads a case; `Err` says how it is malformed.
fn case(path: &Path) -> Result<Case, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = |what: String| format!("tests/golden/{name}: {what}");
    if !path.is_dir() {
        return Err(wrong("not a folder".into()));
    }
    for e in std::fs::read_dir(path).map_err(|e| wrong(e.to_string()))? {
        let file = e.map_err(|e| wrong(e.to_string()))?.file_name().to_string_lossy().into_owned();
        if !["cmd", "start", "in", "out.en.txt", "out.zh.txt", "out.json.txt", "files.txt"].contains(&file.as_str()) {
            return Err(wrong(format!("{file} is no part of a case")));
        }
    }
    let text = std::fs::read_to_string(path.join("cmd")).map_err(|e| wrong(format!("cmd: {e}")))?;
    let mut lines = Vec::new();
    for l in text.lines() {
        lines.extend(line(l).map_err(&wrong)?);
    }
    if lines.is_empty() {
        return Err(wrong("cmd has no command".into()));
    }
    let start = std::fs::read_to_string(path.join("start")).map_or_else(|_| "empty".into(), |s| s.trim().to_string());
    if !start::exists(&start) {
        return Err(wrong(format!("start: there is no {start}")));
    }
    Ok(Case { name, path: path.to_path_buf(), lines, start })
}

/// What a case gave in one mode.
#[derive(Clone)]
struct Got {
    transcript: String,
    files: String,
    wrong: Vec<String>,
}

impl Case {
    fn run(&self, mode: Mode) -> Got {
        let dir = start::make(&self.start);
        dir.overlay(&self.path.join("in"));
        let before = dir.files();
        let mut scrub = Scrub::new(&dir, &self.lines);
        let (mut transcript, mut wrong) = (String::new(), Vec::new());
        for l in &self.lines {
            let mut c = command(&kehu_path(), dir.path());
            c.env("KEHU_USER", "li").envs(l.env.iter().cloned());
            c.args(mode.flags(&l.words)).args(l.words.iter().map(|w| scrub.fill(w)));
            c.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = c.spawn().expect("kehu starts");
            let mut pipe = child.stdin.take().expect("stdin");
            if let Some(file) = &l.stdin {
                // A command that does not read its stdin may be gone by now.
                let _ = pipe.write_all(dir.read(file).as_bytes());
            }
            drop(pipe);
            let out = child.wait_with_output().expect("kehu ends");
            let code = out.status.code().unwrap_or(-1);
            let _ = writeln!(transcript, "$ {}", l.text);
            transcript.push_str(&scrub.text(&ended(&String::from_utf8_lossy(&out.stdout))));
            for e in scrub.text(&String::from_utf8_lossy(&out.stderr)).lines() {
                let _ = writeln!(transcript, "{}", format!("2> {e}").trim_end());
            }
            if code != 0 {
                let _ = writeln!(transcript, "exit {code}");
            }
            if code != l.exit {
                let err = String::from_utf8_lossy(&out.stderr);
                wrong.push(format!("exit code {code} instead of {} of: {}\n{err}", l.exit, l.text));
            }
        }
        let files = changes(&before, &dir.files(), &mut scrub);
        Got { transcript: without_repeats(&transcript), files, wrong }
    }

    /// Runs the case in every mode; what differs from the expectations, in words.
    fn check(&self, bless: bool) -> Vec<String> {
        let en = self.run(Mode::En);
        let zh = self.run(Mode::Zh);
        // Help has no machine format.
        let help = self.lines.iter().all(|l| l.words.last().is_some_and(|w| w == "--help"));
        let json = if help { en.clone() } else { self.run(Mode::Json) };
        let mut out: Vec<String> = [(&en, "en"), (&zh, "zh"), (&json, "json")]
            .iter()
            .flat_map(|(g, mode)| g.wrong.iter().map(move |w| format!("{mode}: {w}")))
            .collect();
        // What is written does not depend on how the answer is printed. (`init` writes down its language, `-o` the answer.)
        if json.files != en.files {
            out.push(format!("files differ with -f json\n{}", difference(&en.files, &json.files)));
        }
        let answers_go_to_files = self.lines.iter().any(|l| l.words.iter().any(|w| w == "init" || w == "-o"));
        if zh.files != en.files && !answers_go_to_files {
            out.push(format!("files differ in Chinese\n{}", difference(&en.files, &zh.files)));
        }
        let json_text = if json.transcript == en.transcript { String::new() } else { json.transcript };
        for (file, text) in [
            (Mode::En.file(), en.transcript),
            (Mode::Zh.file(), zh.transcript),
            (Mode::Json.file(), json_text),
            ("files.txt", en.files),
        ] {
            let path = self.path.join(file);
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            if expected == text {
                continue;
            }
            if !bless {
                out.push(format!("{file}\n{}", difference(&expected, &text)));
            } else if text.is_empty() {
                std::fs::remove_file(&path).expect("an old expectation");
            } else {
                std::fs::write(&path, text).expect("an expectation");
            }
        }
        out.into_iter().map(|w| format!("── {} ── {w}", self.name)).collect()
    }
}

/// Text with a line end after its last line, and a sign that there was none.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.into() } else { format!("{text}[no line end]\n") }
}

/// Only the first line of a paragraph that stood there before, such as the global options of every help text.
fn without_repeats(text: &str) -> String {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for p in text.split("\n\n") {
        // The transcript's own lines are no part of a paragraph.
        let head = p.lines().take_while(|l| l.starts_with("$ ")).count();
        let body: Vec<&str> = p.lines().skip(head).collect();
        let lines = body.iter().take_while(|l| !l.starts_with("$ ") && !l.starts_with("2> ")).count();
        let block = body[..lines].join("\n");
        if lines >= REPEATED && !seen.insert(block) {
            let mut short: Vec<String> = p.lines().take(head).map(ToString::to_string).collect();
            short.push(format!("{} […]", body[0]));
            short.extend(body[lines..].iter().map(ToString::to_string));
            let end = if p.ends_with('\n') { "\n" } else { "" };
            out.push(short.join("\n") + end);
        } else {
            out.push(p.to_string());
        }
    }
    out.join("\n\n")
}

/// What changed between two states of a directory, as a unified diff.
fn changes(before: &[(String, Vec<u8>)], after: &[(String, Vec<u8>)], scrub: &mut Scrub) -> String {
    let old: BTreeMap<&str, &[u8]> = before.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let new: BTreeMap<&str, &[u8]> = after.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let changed: Vec<&str> = names.into_iter().filter(|n| old.get(n) != new.get(n)).collect();
    let mut out = String::new();
    if changed.len() > MOST_FILES {
        let mut folders: BTreeMap<String, usize> = BTreeMap::new();
        for n in changed {
            let folder: Vec<&str> = n.split('/').collect();
            let depth = if folder[0] == "customers" { 1 } else { folder.len() - 1 };
            *folders.entry(folder[..depth].join("/")).or_default() += 1;
        }
        for (folder, n) in folders {
            let _ = writeln!(out, "{n} files in {folder}/");
        }
        return out;
    }
    for name in changed {
        let text = |b: Option<&&[u8]>| b.map(|b| String::from_utf8_lossy(b).into_owned());
        match (text(old.get(name)), text(new.get(name))) {
            (Some(_), None) => {
                let _ = writeln!(out, "removed {name}");
            }
            (None, Some(t)) if t.lines().count() > LONGEST_NEW_FILE => {
                let _ = writeln!(out, "new {name} [{} lines]", t.lines().count());
            }
            (a, b) => {
                let _ = writeln!(out, "{} {name}", if a.is_some() { "changed" } else { "new" });
                let (a, b) = (a.unwrap_or_default(), scrub.text(&b.unwrap_or_default()));
                out.push_str(&difference(&a, &b));
            }
        }
    }
    out
}

/// The lines that differ, with one line around them.
pub(crate) fn difference(expected: &str, got: &str) -> String {
    let diff = similar::TextDiff::from_lines(expected, got);
    diff.unified_diff().context_radius(1).to_string()
}

#[test]
fn answers() {
    let bless = std::env::var_os("KEHU_BLESS").is_some();
    let only = std::env::var("KEHU_GOLDEN").unwrap_or_default();
    let all: Vec<Case> = cases().into_iter().filter_map(Result::ok).filter(|c| c.name.contains(&only)).collect();
    assert!(!all.is_empty(), "no case in tests/golden is called {only}");
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(all.len());
    std::thread::scope(|s| {
        for _ in 0..workers {
            s.spawn(|| {
                while let Some(case) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = case.check(bless);
                    wrong.lock().expect("no panic").extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    wrong.sort();
    assert!(wrong.is_empty(), "\n{}\nKEHU_BLESS=1 accepts what was got (lines with +)", wrong.join("\n"));
}

#[test]
fn cases_are_well_formed() {
    let mut wrong = Vec::new();
    for c in cases() {
        match c {
            Err(e) => wrong.push(e),
            Ok(c) => {
                // They are being written when KEHU_BLESS is there.
                let bless = std::env::var_os("KEHU_BLESS").is_some();
                for file in [Mode::En.file(), Mode::Zh.file()] {
                    if !bless && !c.path.join(file).is_file() {
                        wrong.push(format!("tests/golden/{}: {file} is missing; KEHU_BLESS=1 writes it", c.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The subcommands that a help text lists.
fn subcommands(path: &[String]) -> Vec<String> {
    let dir = Dir::empty();
    let out = command(&kehu_path(), dir.path()).args(path).args(["--lang", "en", "--help"]).output().expect("help");
    let text = String::from_utf8(out.stdout).expect("UTF-8");
    let list = text.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    // Continuation lines are indented further.
    list.filter_map(|l| l.strip_prefix("  ").filter(|l| !l.starts_with(' ')))
        .filter_map(|l| l.split_whitespace().next())
        .map(ToString::to_string)
        .collect()
}

/// Every command path: `due`, `customer add` …
pub(crate) fn command_paths() -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let subs = subcommands(&path);
        if subs.is_empty() {
            out.push(path);
            continue;
        }
        for s in subs {
            let mut longer = path.clone();
            longer.push(s);
            open.push(longer);
        }
    }
    out.sort();
    out
}

#[test]
fn every_command_has_a_case() {
    let lines: Vec<Line> = cases().into_iter().filter_map(Result::ok).flat_map(|c| c.lines).collect();
    let paths = command_paths();
    assert!(paths.len() > 40, "{paths:?}");
    let covered = |path: &[String]| lines.iter().any(|l| l.answers().is_some_and(|w| w.starts_with(path)));
    let helped = |path: &[String]| {
        lines.iter().any(|l| l.words.starts_with(path) && l.words.last().is_some_and(|w| w == "--help"))
    };
    let missing: Vec<String> = paths
        .iter()
        .flat_map(|p| {
            let no_answer = (!covered(p)).then(|| format!("kehu {} (exit 0)", p.join(" ")));
            let no_help = (!helped(p)).then(|| format!("kehu {} --help", p.join(" ")));
            no_answer.into_iter().chain(no_help)
        })
        .collect();
    assert!(missing.is_empty(), "no case in tests/golden runs\n  {}", missing.join("\n  "));
}

#[test]
fn completions_know_the_commands() {
    let dir = Dir::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = dir.run(&["completions", shell]).expect(0).stdout;
        for path in command_paths() {
            let name = path.last().expect("a command");
            assert!(script.contains(name.as_str()), "{shell} does not complete {}", path.join(" "));
        }
        for flag in ["today", "format", "columns", "dry-run"] {
            assert!(script.contains(flag), "{shell} does not complete --{flag}");
        }
        let live = script.contains("kehu completions --ids customers")
            || script.contains("_kehu_ids \"$what\"")
            || script.contains("--ids $what");
        assert_eq!(live, matches!(shell, "bash" | "zsh" | "fish"), "{shell}");
    }
}

#[test]
fn manual_pages_are_there_for_every_command() {
    let dir = Dir::empty();
    // roff writes the dash of a name as an escape.
    let page = |args: &[&str]| dir.run(args).expect(0).stdout.replace("\\-", "-");
    let whole = page(&["man"]);
    assert!(whole.starts_with(".ie") || whole.starts_with(".TH"), "{}", &whole[..80]);
    for path in command_paths() {
        let page = page(&["man", &path[0]]);
        assert!(page.contains(&format!(".TH kehu-{} 1", path[0])), "{page}");
        assert!(whole.contains(&path[0]), "the page of kehu does not name {}", path[0]);
    }
}

#[test]
fn lines_are_read() {
    let check = |text: &str, exit: i32, env: &[(&str, &str)], words: &[&str], stdin: Option<&str>| {
        let l = line(text).expect("a line").expect("a command");
        let env: Vec<(String, String)> = env.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!((l.exit, l.env, l.stdin), (exit, env, stdin.map(ToString::to_string)), "{text}");
        assert_eq!(l.words, words, "{text}");
    };
    check("kehu due", 0, &[], &["due"], None);
    check("! 7 kehu log a 'two words'", 7, &[], &["log", "a", "two words"], None);
    check(
        "A=1 B_2='x y' kehu set k=\"v \\\"w\\\"\" < ids.txt",
        0,
        &[("A", "1"), ("B_2", "x y")],
        &["set", "k=v \"w\""],
        Some("ids.txt"),
    );
    assert_eq!(line("# comment"), Ok(None));
    assert_eq!(line("  "), Ok(None));
    for bad in ["ls", "kehu 'open", "kehu due | head", "! x kehu due", "kehu due <"] {
        assert!(line(bad).is_err(), "{bad}");
    }
}

#[test]
fn repeated_paragraphs_are_shortened() {
    let block = "Global:\n  a\n  b\n  c\n  d";
    let text = format!("$ kehu a\nA\n\n{block}\n\nEnd\n$ kehu b\nB\n\n{block}\n$ kehu c\nC\n");
    let short = format!("$ kehu a\nA\n\n{block}\n\nEnd\n$ kehu b\nB\n\nGlobal: […]\n$ kehu c\nC");
    assert_eq!(without_repeats(&text).trim_end(), short);
}
