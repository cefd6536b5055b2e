//! Faults at every system call that writes, of every command that writes.
//!
//! A first run under strace records a command's calls. Then the command runs once for each call, and there is killed
//! (SIGKILL, before the call), or the call fails: once with EIO, once with ENOSPC, with ENOSPC from there on for all calls
//! that need room (a full disk), with EIO from there on for all calls (a dying disk). Of commands whose calls are alike the
//! first one gets all of that, the others one fault at each call. Expected:
//!
//! | fault | the command | the data files | afterwards |
//! |---|---|---|---|
//! | kill | – | as readers see them: all old or all new | the next command gives what readers saw; `check` is clean |
//! | one call fails, full disk | 6 | byte for byte as before, no temporaries, no folders | the next command works |
//! | the same, where it is not about data (the line on stdout, who holds the lock, clearing up) | 0 | all new | |
//! | dying disk | 6 | all old, once the disk works again | the next command works |
//! | the same, once the journal is durable and nothing can be taken back | 0, with a warning | all new, once the disk works again | the next command works |
//!
//! `init` and `demo` have no directory to protect and do not use the commit engine: kehu.toml, which makes a folder a data
//! directory, comes last, so that after a kill there is no data directory or a complete one. `init` may be run again in the
//! same folder; `demo` wants an empty one. After an error nothing is left behind.

use crate::support::{Dir, Ran, TODAY, command, copy_tree, kehu_path, tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The calls of Linux that change something on a disk, and locks. `?`: not on every processor.
const CALLS: &[&str] = &[
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "sendfile",
    "copy_file_range",
    "fallocate",
    "fsync",
    "fdatasync",
    "syncfs",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "ftruncate",
    "truncate",
    "chmod",
    "fchmod",
    "fchmodat",
    "flock",
    "open",
    "creat",
    "openat",
];

/// Those that a full disk refuses. `open` would be one, but cannot be told here from an open for reading.
const NEED_ROOM: &[&str] =
    &["write", "pwrite64", "writev", "fsync", "fdatasync", "syncfs", "renameat2", "link", "linkat", "mkdir", "mkdirat"];

fn have_strace() -> bool {
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    works.is_ok_and(|s| s.success())
}

/// Says why a test does nothing here.
#[allow(clippy::print_stderr)]
pub(super) fn skip() -> bool {
    let skip = !cfg!(target_os = "linux") || !have_strace();
    if skip {
        eprintln!("skipped: strace is not installed");
    }
    skip
}

/// A call that the program made: the name, how many of that name came before, counted from 1, and the line of strace.
#[derive(Debug, Clone)]
struct Call {
    name: String,
    nth: usize,
    line: String,
}

impl Call {
    /// What it does to what sort of file, whatever the file is called.
    fn shape(&self) -> String {
        const SORTS: [&str; 9] = [
            "/.kehu/journal",
            "/.kehu/generation",
            "/.kehu/lock",
            "/.kehu/tmp",
            "/.kehu",
            "/d/ledgers",
            "/d/customers",
            "/d/",
            "write(1<",
        ];
        let sort = SORTS.iter().filter(|s| self.line.contains(*s)).fold(String::new(), |all, s| all + s);
        format!("{} {sort}", self.name)
    }

    /// Whether it could change something.
    fn writes(&self) -> bool {
        let opens = self.name.starts_with("open");
        !opens || ["O_CREAT", "O_WRONLY", "O_RDWR"].iter().any(|f| self.line.contains(f))
    }
}

/// The calls of the main thread, in order, and those lines of other threads and processes that write.
fn calls(trace: &str) -> (Vec<Call>, Vec<String>) {
    let (mut out, mut others) = (Vec::new(), Vec::new());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let main = trace.split_whitespace().next().unwrap_or("").to_string();
    for line in trace.lines() {
        let Some((pid, rest)) = line.split_once(' ') else { continue };
        let Some((name, _)) = rest.trim_start().split_once('(') else { continue };
        if !CALLS.contains(&name) {
            continue;
        }
        let nth = counts.entry(format!("{pid} {name}")).or_default();
        *nth += 1;
        let call = Call { name: name.into(), nth: *nth, line: line.into() };
        if pid == main {
            out.push(call);
        } else if call.writes() {
            others.push(line.into());
        }
    }
    (out, others)
}

/// Row ids and instants differ from run to run.
fn plain(text: &str) -> String {
    static FORMS: std::sync::OnceLock<(regex::Regex, regex::Regex)> = std::sync::OnceLock::new();
    let (id, instant) = FORMS.get_or_init(|| {
        let id = regex::Regex::new(r"\b[a-z]_[0-9a-hjkmnp-tv-z]{12}\b").expect("a pattern");
        (id, regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d").expect("a pattern"))
    });
    instant.replace_all(&id.replace_all(text, "<id>"), "<instant>").into_owned()
}

type Tree = Vec<(String, Vec<u8>)>;

fn plain_tree(files: &Tree) -> Vec<(String, String)> {
    files.iter().map(|(name, bytes)| (name.clone(), plain(&String::from_utf8_lossy(bytes)))).collect()
}

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Kill,
    Once(&'static str),
    Full,
    Dying,
}

impl Fault {
    /// Arguments of strace for the call at `at`.
    fn inject(self, calls: &[Call], at: usize) -> Vec<String> {
        let call = &calls[at];
        let from_here = |names: &[&str], error: &str| {
            let set = names.iter().flat_map(|name| {
                let before = calls[..at].iter().filter(|c| c.name == *name).count();
                ["-e".to_string(), format!("inject=?{name}:error={error}:when={}+", before + 1)]
            });
            set.collect()
        };
        match self {
            Fault::Kill => vec!["-e".into(), format!("inject={}:signal=KILL:when={}", call.name, call.nth)],
            Fault::Once(error) => vec!["-e".into(), format!("inject={}:error={error}:when={}", call.name, call.nth)],
            Fault::Full => from_here(NEED_ROOM, "ENOSPC"),
            Fault::Dying => from_here(CALLS, "EIO"),
        }
    }
}

/// A command that writes.
struct Case {
    name: &'static str,
    args: Vec<String>,
    /// What to look at, through kehu.
    look: &'static [&'static str],
    /// The folder that the start state is prepared in, changed for this case.
    start: PathBuf,
    env: Vec<(&'static str, String)>,
    stdin: &'static str,
}

/// What one or more runs found wrong.
pub(super) type Complaints = Mutex<Vec<String>>;

/// Runs `jobs` on all cores.
pub(super) fn in_parallel(jobs: usize, run: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    std::thread::scope(|s| {
        for _ in 0..threads {
            s.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= jobs {
                        break;
                    }
                    run(n);
                }
            });
        }
    });
}

#[track_caller]
pub(super) fn none(complaints: Complaints) {
    let list = complaints.into_inner().expect("no panic");
    let shown: Vec<&str> = list.iter().take(12).map(String::as_str).collect();
    assert!(list.is_empty(), "{} complaints:\n{}", list.len(), shown.join("\n\n"));
}

/// A fresh folder with a copy of a start state in `d`.
pub(super) fn fresh(start: &Path) -> (tempfile::TempDir, PathBuf) {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let dir = temp.path().join("d");
    copy_tree(start, &dir);
    (temp, dir)
}

fn ran(mut c: Command, stdin: &str) -> Ran {
    use std::io::Write;
    c.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = c.spawn().expect("the program starts");
    if let Some(mut pipe) = child.stdin.take() {
        let _ = pipe.write_all(stdin.as_bytes());
    }
    let out = child.wait_with_output().expect("the program ends");
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    Ran { code: out.status.code().unwrap_or(-1), stdout: text(&out.stdout), stderr: text(&out.stderr) }
}

/// Runs kehu as li.
pub(super) fn kehu(dir: &Path, args: &[&str]) -> Ran {
    let mut c = command(&kehu_path(), dir);
    c.env("KEHU_USER", "li").args(args).args(["--today", TODAY]);
    ran(c, "")
}

impl Case {
    /// The command under strace: what it gave, and the trace.
    fn traced(&self, dir: &Path, options: &[String]) -> (Ran, String) {
        let log = dir.parent().expect("a parent").join("trace");
        let mut c = command(Path::new("strace"), dir);
        c.env("KEHU_USER", "li").envs(self.env.iter().map(|(k, v)| (*k, v.as_str())));
        // One thread for reading: less to trace.
        c.env("KEHU_THREADS", "1");
        c.arg("-o").arg(&log).arg("-y").args(["-s", "40"]).args(options);
        c.args(["-e", &format!("trace={}", CALLS.iter().map(|n| format!("?{n}")).collect::<Vec<_>>().join(","))]);
        c.arg(kehu_path()).args(&self.args).args(["--today", TODAY]);
        let out = ran(c, self.stdin);
        let trace = String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
        let _ = std::fs::remove_file(&log);
        (out, trace)
    }

    /// The calls of an undisturbed run, and the files it leaves.
    fn record(&self) -> (Vec<Call>, Tree) {
        let (_temp, dir) = fresh(&self.start);
        let (out, trace) = self.traced(&dir, &["-f".into()]);
        assert_eq!(out.code, 0, "{}: {}{}", self.name, out.stdout, out.stderr);
        let (calls, others) = calls(&trace);
        assert!(calls.iter().any(Call::writes), "{}: nothing written\n{trace}", self.name);
        // The editor is a process of its own; all else is done by the main thread, which is the one that gets the faults.
        let ours = others.iter().filter(|l| l.contains(".kehu/journal") || l.contains("/d/ledgers"));
        assert_eq!(ours.count(), 0, "{}: another thread writes:\n{}", self.name, others.join("\n"));
        (calls, tree(&dir))
    }
}

/// A case with what it does when nothing is in the way.
struct Known {
    case: Case,
    calls: Vec<Call>,
    old: Tree,
    new: Tree,
    old_view: String,
    new_view: String,
}

impl Known {
    fn of(case: Case) -> Known {
        let (calls, new) = case.record();
        let old = tree(&case.start);
        assert_ne!(plain_tree(&old), plain_tree(&new), "{}: changes nothing", case.name);
        let (_temp, before) = fresh(&case.start);
        let old_view = plain(&kehu(&before, case.look).stdout);
        let (_temp, after) = fresh(&case.start);
        case.traced(&after, &[]);
        let new_view = plain(&kehu(&after, case.look).stdout);
        assert_eq!(plain_tree(&tree(&after)), plain_tree(&new), "{}: not the same twice", case.name);
        assert_ne!(old_view, new_view, "{}: `{}` does not show it", case.name, case.look.join(" "));
        let check = kehu(&after, &["check"]);
        assert_eq!(check.code, 0, "{}: {}", case.name, check.stdout);
        Known { case, calls, old, new, old_view, new_view }
    }

    /// Whether a tree is the new one.
    fn is_new(&self, now: &Tree) -> bool {
        plain_tree(now) == plain_tree(&self.new)
    }

    /// Whether a tree is the old one; folders that came to be do no harm after a kill.
    fn is_old_but_folders(&self, now: &Tree) -> bool {
        let files = |t: &Tree| t.iter().filter(|(name, _)| !name.ends_with('/')).cloned().collect::<Tree>();
        files(now) == files(&self.old)
    }

    /// The next command, and what it must have mended.
    fn recovered(&self, dir: &Path) -> Result<(), String> {
        let next = kehu(dir, &["customer", "set", "quiet", "name=Quiet"]);
        if next.code != 0 {
            return Err(format!("the next command: {} {}{}", next.code, next.stdout, next.stderr));
        }
        match self.left_behind(dir) {
            left if left.is_empty() => Ok(()),
            left => Err(format!("left behind: {left:?}")),
        }
    }

    /// Files in .kehu that should not be there between commands.
    fn left_behind(&self, dir: &Path) -> Vec<String> {
        walkdir::WalkDir::new(dir.join(".kehu"))
            .into_iter()
            .filter_map(Result::ok)
            .filter(|e| e.file_type().is_file())
            .map(|e| e.path().strip_prefix(dir).unwrap_or(e.path()).to_string_lossy().into_owned())
            // The draft of an editor stays when it could not be committed, so that nothing is lost.
            .filter(|f| !matches!(f.as_str(), ".kehu/lock" | ".kehu/generation") && !f.starts_with(".kehu/undo/"))
            .filter(|f| self.case.name != "edit" || f.starts_with(".kehu/tmp") || f.contains("journal"))
            .collect()
    }

    fn clean(&self, dir: &Path) -> Result<(), String> {
        let check = kehu(dir, &["check"]);
        // `check --fix` and `fmt` begin with something to mend.
        let fixed = self.is_new(&tree(dir)) || self.case.name != "check --fix";
        if check.code != 0 && fixed { Err(format!("check: {}", check.stdout)) } else { Ok(()) }
    }

    /// Whether the call that got the error is not about the data: who holds the lock, the printing, the clearing up.
    fn harmless(line: &str) -> bool {
        let printing = ["write(1<", "write(2<"].iter().any(|p| line.contains(p));
        printing || (line.contains("/.kehu/lock") && !line.contains("flock(") && !line.contains("openat("))
    }

    /// Runs it with a fault at a call; says what is wrong.
    fn run(&self, fault: Fault, at: usize) -> Result<(), String> {
        let (_temp, dir) = fresh(&self.case.start);
        let (out, trace) = self.case.traced(&dir, &fault.inject(&self.calls, at));
        let hit = trace.lines().find(|l| l.contains("(INJECTED)")).unwrap_or("").to_string();
        let words = || format!("exit {}: {}{}", out.code, out.stdout, out.stderr);
        let now = tree(&dir);
        match fault {
            Fault::Kill => {
                if out.code != -1 || !trace.contains("+++ killed by SIGKILL +++") {
                    return Err(format!("was not killed: {}\n{trace}", words()));
                }
                let seen = kehu(&dir, self.case.look);
                let view = plain(&seen.stdout);
                let answered = seen.code == 0 || (seen.code == 1 && self.case.name == "fmt");
                if !answered || (view != self.old_view && view != self.new_view) {
                    return Err(format!("readers see {} {}{}", seen.code, seen.stdout, seen.stderr));
                }
                self.recovered(&dir)?;
                let now = tree(&dir);
                let expected = if view == self.new_view { self.is_new(&now) } else { self.is_old_but_folders(&now) };
                if !expected {
                    return Err(format!("readers saw\n{view}\nand then there was\n{:#?}", plain_tree(&now)));
                }
                // Old and new were found clean before; a part of the runs may stand for all.
                if at.is_multiple_of(3) { self.clean(&dir) } else { Ok(()) }
            }
            Fault::Once(_) | Fault::Full => {
                if hit.is_empty() {
                    return Err(format!("the fault did not come: {}", words()));
                }
                let kind = if fault == Fault::Full { "full" } else { "once" };
                match out.code {
                    0 if !self.is_new(&now) => return Err(format!("exit 0, but not all is there after {hit}")),
                    0 if !hit.contains("/.kehu") && !Known::harmless(&hit) => {
                        return Err(format!("exit 0 after an error in the data: {hit}"));
                    }
                    0 => {}
                    6 if now != self.old => {
                        return Err(format!("exit 6 ({kind}), but something changed: {:#?}", plain_tree(&now)));
                    }
                    6 if Known::harmless(&hit) && fault != Fault::Full => {
                        return Err(format!("exit 6 for nothing: {hit} {}", words()));
                    }
                    // With `Full` stderr takes no text either.
                    6 if fault != Fault::Full && !out.stderr.starts_with("error: ") => {
                        return Err(format!("no message: {}", words()));
                    }
                    6 => {}
                    _ => return Err(words()),
                }
                if let Some(left) = self.left_behind(&dir).first() {
                    return Err(format!("left behind: {left} ({})", words()));
                }
                // There is nothing to recover, so a part of the runs may stand for all.
                if at.is_multiple_of(4) {
                    self.recovered(&dir)?;
                    if tree(&dir) != now {
                        return Err("the next command changed something".into());
                    }
                }
                Ok(())
            }
            Fault::Dying => {
                // What `check --fix` could not look at again is a finding.
                if !matches!(out.code, 0 | 6) && (out.code, self.case.name) != (1, "check --fix") {
                    return Err(words());
                }
                self.recovered(&dir)?;
                let now = tree(&dir);
                // 6 promises that nothing was written, also when the disk stays bad after the journal is durable.
                let kept = if out.code == 6 { self.is_old_but_folders(&now) } else { self.is_new(&now) };
                if !kept {
                    return Err(format!("{}, and then {:#?}", words(), plain_tree(&now)));
                }
                Ok(())
            }
        }
    }
}

/// The start state: a small company, made by kehu. Gives the folder and the ids of an activity and a task.
pub(super) fn company() -> (Dir, String, String) {
    let dir = Dir::new();
    let at = |day: &str, args: &[&str]| {
        let all: Vec<&str> = args.iter().copied().chain(["--today", day]).collect();
        dir.run(&all).expect(0).stdout.trim().to_string()
    };
    for (id, name, owner) in [
        ("acme", "Acme", "li"),
        ("beta", "Beta", "li"),
        ("corp", "Corp", "wu"),
        ("dorn", "Dorn", ""),
        ("quiet", "Quiet", ""),
    ] {
        at("2026-05-04", &["customer", "add", name, "--id", id, &format!("owner={owner}"), "source=expo"]);
    }
    at("2026-05-05", &["contact", "add", "acme", "Wang Wei", "--id", "wang", "role=user"]);
    at("2026-05-05", &["contact", "add", "acme", "Zhao Jun", "--id", "zhao"]);
    let activity = at("2026-05-06", &["log", "acme", "first call", "--with", "wang", "-q"]);
    at("2026-05-06", &["log", "beta", "a call", "--as", "wu"]);
    at("2026-05-07", &["close", "beta", "--reason", "no-need-now", "--until", "2027-01-10"]);
    let task =
        at("2026-05-08", &["task", "add", "send the samples", "--customer", "acme", "--due", "2026-05-20", "-q"]);
    dir.run(&["check"]).expect(0);
    (dir, activity, task)
}

/// Every command that writes, but init and demo.
fn cases(base: &Path) -> Vec<Case> {
    let (dir, activity, task) = company();
    let start = base.join("start");
    copy_tree(dir.path(), &start);
    let again = |name: &str, change: &dyn Fn(&Path)| {
        let to = base.join(name);
        copy_tree(&start, &to);
        change(&to);
        to
    };
    let replace = |file: &Path, from: &str, to: &str| {
        let text = std::fs::read_to_string(file).expect("a file");
        assert!(text.contains(from), "{text}");
        std::fs::write(file, text.replace(from, to)).expect("a file");
    };
    let clone = again("clone", &|d| {
        std::fs::remove_dir_all(d.join(".kehu")).expect("removed");
        std::fs::remove_dir_all(d.join("ledgers")).expect("removed");
    });
    let drift = again("drift", &|d| {
        replace(&d.join("customers/a/acme.toml"), "intent = \"\"", "intent = \"hot\"");
        replace(&d.join("customers/c/corp.toml"), "owner = \"wu\"", "owner = \"li\"");
        let file = d.join("ledgers/activities/2026-li.csv");
        replace(&file, "first call", "\"first\ncall\"");
    });
    let twice = again("twice", &|d| {
        let ran = kehu(d, &["log", "acme", "second call"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    });
    let untidy = again("untidy", &|d| {
        for file in ["customers/a/acme.toml", "ledgers/activities/2026-li.csv", "ledgers/tasks/2026-li.csv"] {
            let text = std::fs::read_to_string(d.join(file)).expect("a file").replace('\n', "\r\n");
            std::fs::write(d.join(file), format!("\u{feff}{text}")).expect("a file");
        }
    });
    let trade = again("trade", &|d| {
        for args in [
            &["product", "add", "fan", "Fan", "price=100", "cost=60", "since=2026-01-01"][..],
            &["order", "add", "acme", "fan:2", "--id", "O-1", "--at", "2026-06-01"],
            &["order", "add", "acme", "fan:1", "--id", "O-2", "--at", "2026-06-02"],
            &["receipt", "add", "acme", "150", "--order", "O-1", "--id", "P-1"],
            &["quote", "add", "corp", "fan:2", "--id", "Q-1", "--at", "2026-06-20"],
        ] {
            let ran = kehu(d, args);
            assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        }
        let file = |name: &str, text: &str| std::fs::write(d.join(name), text).expect("a file");
        file("buyers.csv", "id,name\nevo,Evo Ltd\nflux,Flux Ltd\n");
        file("orders.csv", "no,day,buyer,what,how many\nX-1,2026-06-05,corp,fan,3\nX-2,2026-06-09,corp,fan,1\n");
        let map = "into = \"orders\"\n[columns]\nid = \"no\"\nline = { value = \"1\" }\nat = \"day\"\ncustomer = \"buyer\"\nproduct = \"what\"\nquantity = \"how many\"\nprice = { value = \"90\" }\n";
        file("orders.toml", map);
    });
    let script = base.join("editor.sh");
    let mend = "sed 's/^name = \"Acme\"/name = \"Acme Two\"/' \"$1\" > \"$1.new\" && cat \"$1.new\" > \"$1\" && rm \"$1.new\"\n";
    std::fs::write(&script, mend).expect("a script");
    let editor = vec![("EDITOR", format!("sh {}", script.display()))];

    let list = base.join("list.csv");
    std::fs::write(&list, "id,name,owner,city\nacme,Acme,wu,Suzhou\nnovo,Novo,li,\nneu,Neu,,Bonn\n").expect("a file");
    let list = list.display().to_string();

    let customers: &[&str] = &["export", "customers"];
    let people: &[&str] = &["contact", "list", "--json"];
    let activities: &[&str] = &["export", "activities"];
    let events: &[&str] = &["export", "events"];
    // The values are the same before and after: which files are not in their normal form tells the difference.
    let untidy_files: &[&str] = &["fmt", "--check"];
    let tasks: &[&str] = &["task", "list", "--json"];
    let team: &[&str] = &["team", "list", "--json"];
    // What happened to an order, and what was paid.
    let orders: &[&str] = &["report", "orders", "--json"];
    let quotes: &[&str] = &["quote", "list", "--json"];
    let products: &[&str] = &["product", "list", "--json"];
    let owed: &[&str] = &["list", "--columns", "id,outstanding,revenue", "--json"];
    // It waits for approval, so that nothing is owed less.
    let refunds: &[&str] = &["refund", "list", "--json"];
    let plan: Vec<(&'static str, &Path, &'static [&'static str], Vec<&str>)> = vec![
        ("log", &start, activities, vec!["log", "acme", "second call", "--next", "+7d"]),
        ("log, first of all", &clone, activities, vec!["log", "acme", "first words"]),
        ("log --every", &start, activities, vec!["log", "acme", "visited", "--channel", "visit", "--every", "21d"]),
        ("log --stdin-ids", &start, activities, vec!["log", "--stdin-ids", "greetings"]),
        ("stage", &start, customers, vec!["stage", "acme", "prospect"]),
        ("close", &start, customers, vec!["close", "acme", "--reason", "no-need-now", "--lesson", "be early"]),
        ("reopen", &start, customers, vec!["reopen", "beta"]),
        ("assign", &start, customers, vec!["assign", "acme", "corp", "dorn", "--to", "chen", "--as", "chen"]),
        ("claim", &start, customers, vec!["claim", "quux"]),
        ("release", &start, customers, vec!["release", "acme"]),
        ("pool keep", &start, customers, vec!["pool", "keep", "acme", "--until", "2027-01-31", "--as", "chen"]),
        ("handover", &start, customers, vec!["handover", "li", "--to", "wu", "--tasks"]),
        ("team leave", &start, customers, vec!["team", "leave", "li", "--on", "today", "--to", "chen"]),
        ("customer add", &start, customers, vec!["customer", "add", "Novo", "--id", "novo", "source=expo"]),
        ("customer set", &start, customers, vec!["customer", "set", "acme", "city=Suzhou", "intent=hot"]),
        ("customer set, bulk", &start, customers, vec!["customer", "set", "source:expo", "industry=pumps", "-y"]),
        ("customer rm", &start, customers, vec!["customer", "rm", "quux"]),
        ("import", &start, customers, vec!["import", &list, "--into", "customers", "--update"]),
        ("contact add", &start, people, vec!["contact", "add", "acme", "Li Na", "--id", "lina", "title=buyer"]),
        ("contact set", &start, people, vec!["contact", "set", "acme", "wang", "phone=+86 21 5555 0100"]),
        ("contact rm", &start, people, vec!["contact", "rm", "acme", "zhao"]),
        ("task add", &start, tasks, vec!["task", "add", "call back", "--due", "+3d", "--customer", "corp"]),
        ("task done", &start, tasks, vec!["task", "done", &task]),
        ("task set", &start, tasks, vec!["task", "set", &task, "title=send the new samples"]),
        ("task rm", &start, tasks, vec!["task", "rm", &task]),
        ("activity set", &start, activities, vec!["activity", "set", &activity, "outcome=positive"]),
        ("activity rm", &start, activities, vec!["activity", "rm", &activity]),
        ("team add", &start, team, vec!["team", "add", "zhou", "Zhou Yi", "role=rep", "limits.own=50"]),
        ("team set", &start, team, vec!["team", "set", "li", "branch=East"]),
        ("team rm", &start, team, vec!["team", "rm", "gone"]),
        ("edit", &start, customers, vec!["edit", "acme"]),
        ("rename", &start, customers, vec!["rename", "acme", "zeta"]),
        ("row set", &start, activities, vec!["row", "set", &activity, "note=\"a, b\" and more"]),
        ("row rm", &start, tasks, vec!["row", "rm", &task]),
        ("check --fix", &drift, events, vec!["check", "--fix"]),
        ("fmt", &untidy, untidy_files, vec!["fmt"]),
        // The order advances the stage of its customer.
        ("order add", &trade, owed, vec!["order", "add", "corp", "fan:3@120", "--promised", "+5d"]),
        ("order add, another", &trade, owed, vec!["order", "add", "acme", "fan:3@120"]),
        ("order confirm", &trade, orders, vec!["order", "confirm", "O-1"]),
        ("order ship", &trade, orders, vec!["order", "ship", "O-1"]),
        ("order deliver", &trade, orders, vec!["order", "deliver", "O-2"]),
        ("order cancel", &trade, orders, vec!["order", "cancel", "O-2"]),
        ("order return", &trade, owed, vec!["order", "return", "O-1", "1", "1"]),
        ("product add", &trade, products, vec!["product", "add", "pump", "Pump", "price=900"]),
        (
            "product set, a version",
            &trade,
            products,
            vec!["product", "set", "fan", "price=120", "--since", "2026-06-15"],
        ),
        ("product set", &trade, products, vec!["product", "set", "fan", "category=cooling"]),
        ("quote add", &trade, quotes, vec!["quote", "add", "acme", "fan:4"]),
        ("quote send", &trade, quotes, vec!["quote", "send", "Q-1"]),
        ("quote accept", &trade, owed, vec!["quote", "accept", "Q-1", "--promised", "+9d"]),
        ("receipt add", &trade, owed, vec!["receipt", "add", "acme", "40", "--order", "O-2"]),
        ("refund add", &trade, refunds, vec!["refund", "add", "acme", "50", "--kind", "return", "--reason", "quality"]),
        ("import customers", &trade, customers, vec!["import", "buyers.csv", "--into", "customers"]),
        ("import orders", &trade, owed, vec!["import", "orders.csv", "--map", "orders.toml"]),
        ("grade --apply", &trade, customers, vec!["grade", "--apply"]),
        ("undo", &twice, activities, vec!["undo"]),
    ];
    // What may be removed must have nothing that refers to it, not even an event.
    std::fs::create_dir_all(start.join("customers/q")).expect("a folder");
    std::fs::write(
        start.join("customers/q/quux.toml"),
        "name = \"Quux\"\ncreated = 2026-05-04\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"\"\n\ngrade = \"\"\n\nintent = \"\"\n",
    )
    .expect("a file");
    let mut people = std::fs::read_to_string(start.join("team.toml")).expect("a file");
    people.push_str("\n[gone]\nname = \"Gone Girl\"\nrole = \"rep\"\n");
    std::fs::write(start.join("team.toml"), people).expect("a file");
    plan.into_iter()
        .map(|(name, start, look, args)| Case {
            name,
            args: args.into_iter().map(String::from).collect(),
            look,
            start: start.to_path_buf(),
            env: if name == "edit" { editor.clone() } else { Vec::new() },
            stdin: if name == "log --stdin-ids" { "acme\ncorp\n" } else { "" },
        })
        .collect()
}

#[test]
fn every_writing_call_of_every_command_may_fail() {
    if skip() {
        return;
    }
    let base = tempfile::tempdir().expect("a temporary folder");
    let cases = cases(base.path());
    let known: Vec<Known> = {
        let todo: Vec<Mutex<Option<Case>>> = cases.into_iter().map(|c| Mutex::new(Some(c))).collect();
        let done: Vec<Mutex<Option<Known>>> = todo.iter().map(|_| Mutex::new(None)).collect();
        in_parallel(todo.len(), |n| {
            let case = todo[n].lock().expect("a case").take().expect("a case");
            *done[n].lock().expect("a place") = Some(Known::of(case));
        });
        done.into_iter().map(|k| k.into_inner().expect("no panic").expect("known")).collect()
    };
    let mut jobs: Vec<(usize, Fault, usize)> = Vec::new();
    let mut shapes: Vec<Vec<String>> = Vec::new();
    for (n, k) in known.iter().enumerate() {
        // Commands that write in the same way go through the same code: the first of them gets all faults, the others
        // one at each call, another one from call to call.
        let shape: Vec<String> = k.calls.iter().filter(|c| c.writes()).map(Call::shape).collect();
        let seen = shapes.contains(&shape);
        for (at, call) in k.calls.iter().enumerate().filter(|(_, c)| c.writes()) {
            let mut faults = vec![Fault::Kill, Fault::Once("EIO"), Fault::Dying];
            // Removing, locking and cutting never lack room; what fsync says makes no difference.
            if ["openat", "rename"].contains(&call.name.as_str())
                || (NEED_ROOM.contains(&call.name.as_str()) && !call.name.ends_with("sync"))
            {
                faults.push(Fault::Once("ENOSPC"));
            }
            // From the next one that needs room on, so that each point comes once.
            if NEED_ROOM.contains(&call.name.as_str()) {
                faults.push(Fault::Full);
            }
            if seen {
                faults = vec![faults[(n + at) % faults.len()]];
            }
            jobs.extend(faults.into_iter().map(|f| (n, f, at)));
        }
        shapes.push(shape);
    }
    assert!(jobs.len() > 2000, "only {} runs", jobs.len());
    let complaints = Complaints::default();
    in_parallel(jobs.len(), |n| {
        let (case, fault, at) = jobs[n];
        let k = &known[case];
        if let Err(e) = k.run(fault, at) {
            let text = format!("{} with {fault:?} at {}: {e}", k.case.name, k.calls[at].line);
            complaints.lock().expect("a list").push(text);
        }
    });
    none(complaints);
}

/// A large hand-over, killed at calls of every sort: readers see it whole or not at all, and so does whoever writes next.
#[test]
fn a_hand_over_of_5000_customers_is_all_or_nothing() {
    const MANY: usize = 5000;
    if skip() {
        return;
    }
    let base = Dir::new();
    for n in 0..MANY {
        let text = format!(
            "name = \"Customer {n}\"\ncreated = 2026-05-04\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"\"\n"
        );
        base.write(&format!("customers/{:02}/c{n}.toml", n % 50), text);
    }
    base.run(&["team", "set", "wu", "limits.own=6000", "--as", "chen"]).expect(0);
    let words = ["handover", "li", "--to", "wu", "--as", "chen", "-q"];
    let case = Case {
        name: "handover",
        args: words.map(String::from).to_vec(),
        look: &[],
        start: base.path().to_path_buf(),
        env: Vec::new(),
        stdin: "",
    };
    let (_temp, dir) = fresh(base.path());
    let (whole, trace) = case.traced(&dir, &["-f".into()]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let (calls, _) = calls(&trace);
    // Of each sort of call on the journal the one in the middle; of those that put customers in place the first and the last.
    let mut sorts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, call) in calls.iter().enumerate().filter(|(_, c)| c.writes()) {
        sorts.entry(call.shape()).or_default().push(at);
    }
    let of = |name: &'static str, place: &'static str| {
        sorts.iter().filter(move |(s, _)| s.starts_with(name) && s.contains(place))
    };
    let mut points: Vec<usize> = of("", "/.kehu/journal").map(|(_, all)| all[all.len() / 2]).collect();
    points.extend(of("rename", "/d/customers").flat_map(|(_, all)| [all[0], all[all.len() - 1]]));
    points.sort_unstable();
    points.dedup();
    assert!((4..12).contains(&points.len()), "{sorts:?}");
    let owned = |dir: &Path, who: &str| {
        let ran = kehu(dir, &["list", &format!("owner:{who}"), "-f", "ids"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout.lines().count()
    };
    let complaints = Complaints::default();
    in_parallel(points.len(), |n| {
        let at = points[n];
        let (_temp, dir) = fresh(base.path());
        let (ran, trace) = case.traced(&dir, &Fault::Kill.inject(&calls, at));
        let complain = |what: String| {
            let text = format!("{what}, killed at {}: {}", calls[at].line, ran.stderr);
            complaints.lock().expect("a list").push(text);
        };
        if !trace.contains("+++ killed by SIGKILL +++") {
            return complain("it lived on".into());
        }
        let seen = (owned(&dir, "li"), owned(&dir, "wu"));
        if ![(MANY, 0), (0, MANY)].contains(&seen) {
            complain(format!("readers see {seen:?}"));
        }
        let next = kehu(&dir, &["log", "c0", "called"]);
        let after = (owned(&dir, "li"), owned(&dir, "wu"));
        if next.code != 0 || after != seen {
            complain(format!("readers saw {seen:?}, afterwards it is {after:?} ({})", next.stderr));
        }
    });
    none(complaints);
}

/// What `init` and `demo` leave: a whole data directory, none, or a beginning that is none.
struct Making {
    name: &'static str,
    args: &'static [&'static str],
    /// Files that are in the folder before.
    before: &'static [(&'static str, &'static str)],
    /// The folder of the data, below the one that the command runs in.
    data: &'static str,
}

impl Making {
    fn fresh(&self) -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let dir = temp.path().join("d");
        std::fs::create_dir(&dir).expect("a folder");
        for (name, text) in self.before {
            let file = dir.join(name);
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
            if !name.ends_with('/') {
                std::fs::write(file, text).expect("a file");
            } else {
                std::fs::create_dir_all(file).expect("a folder");
            }
        }
        (temp, dir)
    }

    fn case(&self) -> Case {
        Case {
            name: self.name,
            args: self.args.iter().map(ToString::to_string).collect(),
            look: &[],
            start: PathBuf::new(),
            env: Vec::new(),
            stdin: "",
        }
    }

    fn run(&self, calls: &[Call], whole: &Tree, fault: Fault, at: usize) -> Result<(), String> {
        let (_temp, dir) = self.fresh();
        let old = tree(&dir);
        let (out, trace) = self.case().traced(&dir, &fault.inject(calls, at));
        let words = || format!("exit {}: {}{}", out.code, out.stdout, out.stderr);
        let now = tree(&dir);
        // What `write_atomically` had in hand when it was killed.
        let hidden = |name: &str| name.rsplit('/').next().is_some_and(|n| n.starts_with('.') && n.ends_with(".tmp"));
        let seen: Tree = now.iter().filter(|(name, _)| !hidden(name)).cloned().collect();
        if fault == Fault::Kill {
            if !trace.contains("+++ killed by SIGKILL +++") {
                return Err(format!("was not killed: {}", words()));
            }
            let data = dir.join(self.data);
            if data.join("kehu.toml").exists() {
                return if seen == *whole { Ok(()) } else { Err("a data directory, but not all of it".into()) };
            }
            // `demo` wants an empty folder: elsewhere there is one.
            let again = if self.name.starts_with("demo") { return Ok(()) } else { self.case() };
            let (second, _) = again.traced(&dir, &[]);
            let after: Tree = tree(&dir).into_iter().filter(|(name, _)| !hidden(name)).collect();
            return if second.code == 0 && after == *whole {
                Ok(())
            } else {
                Err(format!("the second time: {} {}, {:?}", second.code, second.stderr, plain_tree(&after)))
            };
        }
        match out.code {
            0 if now == *whole => Ok(()),
            6 if now == old => Ok(()),
            _ => Err(format!("{}, and there is {:?}", words(), now.iter().map(|(n, _)| n).collect::<Vec<_>>())),
        }
    }
}

#[test]
fn a_new_directory_is_whole_or_none() {
    if skip() {
        return;
    }
    let all = [
        Making { name: "init", args: &["init", "--lang", "en"], before: &[], data: "" },
        Making { name: "init DIR", args: &["init", "x", "--lang", "en"], before: &[], data: "x" },
        Making {
            name: "init in a folder with files",
            args: &["init", "--lang", "en"],
            before: &[(".gitignore", "target/"), (".gitattributes", "*.png binary\n"), ("notes.txt", "mine\n")],
            data: "",
        },
        Making { name: "demo", args: &["demo", "x", "-q"], before: &[], data: "x" },
        Making { name: "demo in an empty folder", args: &["demo", "x", "-q"], before: &[("x/", "")], data: "x" },
    ];
    let mut jobs: Vec<(usize, Fault, usize)> = Vec::new();
    let mut known = Vec::new();
    for (n, m) in all.iter().enumerate() {
        let (_temp, dir) = m.fresh();
        let (out, trace) = m.case().traced(&dir, &["-f".into()]);
        assert_eq!(out.code, 0, "{}: {}", m.name, out.stderr);
        let (calls, _) = calls(&trace);
        let at: Vec<usize> = (0..calls.len()).filter(|at| calls[*at].writes()).collect();
        // The sample company has hundreds of files, all written in the same way: its ends, and some in between.
        let (few, count) = (at.len() < 80, at.len());
        for (i, at) in at.iter().enumerate() {
            if few || i < 5 || i + 6 > count || i.is_multiple_of(97) {
                let faults: &[Fault] = match m.name {
                    "demo" => &[Fault::Kill, Fault::Full],
                    "demo in an empty folder" => &[Fault::Once("EIO")],
                    _ => &[Fault::Kill, Fault::Once("EIO"), Fault::Full],
                };
                jobs.extend(faults.iter().map(|f| (n, *f, *at)));
            }
        }
        known.push((calls, tree(&dir)));
    }
    let complaints = Complaints::default();
    in_parallel(jobs.len(), |j| {
        let (n, fault, at) = jobs[j];
        if let Err(e) = all[n].run(&known[n].0, &known[n].1, fault, at) {
            let text = format!("{} with {fault:?} at {}: {e}", all[n].name, known[n].0[at].line);
            complaints.lock().expect("a list").push(text);
        }
    });
    none(complaints);
}
