//! Many writers and readers at once, on one directory.

use crate::support::{Dir, Ran, TODAY, command, kehu_path, tree};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Somebody waits as long as it takes: a slow machine is no failure.
const PATIENT: &str = "600";

fn kehu(dir: &Path, who: &str) -> Command {
    let mut c = command(&kehu_path(), dir);
    c.env("KEHU_USER", who).env("KEHU_LOCK_TIMEOUT", PATIENT);
    c
}

fn ran(c: &mut Command) -> Ran {
    let out = c.output().expect("kehu runs");
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    Ran { code: out.status.code().unwrap_or(-1), stdout: text(&out.stdout), stderr: text(&out.stderr) }
}

/// A company with so many customers c00, c01 …
fn company(customers: usize) -> Dir {
    let dir = Dir::new();
    for n in 0..customers {
        let owner = ["li", "wu"][n % 2];
        let text = format!(
            "name = \"Customer {n}\"\ncreated = 2026-01-05\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"\"\n\nintent = \"\"\n\nsource = \"expo\"\n"
        );
        dir.write(&format!("customers/c/c{n:02}.toml"), text);
    }
    dir
}

/// All rows of a ledger: (column, cell) of each.
fn rows(dir: &Path, ledger: &str) -> Vec<Vec<(String, String)>> {
    let mut out = Vec::new();
    for e in walkdir::WalkDir::new(dir.join("ledgers").join(ledger)).into_iter().filter_map(Result::ok) {
        if e.path().extension().is_some_and(|x| x == "csv") {
            let mut reader = csv::Reader::from_path(e.path()).expect("a file");
            let names: Vec<String> = reader.headers().expect("a header").iter().map(String::from).collect();
            for record in reader.records() {
                let record = record.expect("a row");
                out.push(names.iter().cloned().zip(record.iter().map(String::from)).collect());
            }
        }
    }
    out
}

fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    row.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
}

#[test]
fn forty_writers_lose_no_row_and_readers_see_no_half_change() {
    const WRITERS: usize = 40;
    const EACH: usize = 25;
    const CUSTOMERS: usize = 18;
    let dir = company(CUSTOMERS);
    let root = dir.path();
    let complaints: Mutex<Vec<String>> = Mutex::default();
    let complain = |text: String| complaints.lock().expect("a list").push(text);
    let done = AtomicBool::new(false);
    let (working, readings) = (AtomicUsize::new(WRITERS + 1), AtomicUsize::new(0));
    let finished = || {
        if working.fetch_sub(1, Ordering::SeqCst) == 1 {
            done.store(true, Ordering::SeqCst);
        }
    };
    std::thread::scope(|s| {
        for w in 0..WRITERS {
            let (complain, finished) = (&complain, &finished);
            s.spawn(move || {
                for n in 0..EACH {
                    let customer = format!("c{:02}", (w * EACH + n) % CUSTOMERS);
                    let note = format!("note {w}-{n}, with \"quotes\"");
                    let mut c = kehu(root, ["li", "wu"][w % 2]);
                    c.args(["log", &customer, &note, "-q"]);
                    // A third says by a flag who it is; a tenth changes the customer's file in the same commit.
                    if w % 3 == 0 {
                        c.args(["--as", "chen"]);
                    }
                    if n % 10 == 0 {
                        c.args(["--every", ["14d", "21d"][w % 2]]);
                    }
                    let out = ran(&mut c);
                    if out.code != 0 {
                        complain(format!("writer {w}-{n}: {} {}{}", out.code, out.stdout, out.stderr));
                    }
                }
                finished();
            });
        }
        // Decisions stand in two places, the file and its event. The values never come back, so that the events of one
        // second have one order only.
        let (complain, finished, done, readings) = (&complain, &finished, &done, &readings);
        s.spawn(move || {
            for (customer, value) in
                (0..CUSTOMERS).flat_map(|n| ["hot", "warm", "cold"].map(move |v| (format!("c{n:02}"), v)))
            {
                let out = ran(kehu(root, "chen").args(["customer", "set", &customer, &format!("intent={value}")]));
                if out.code != 0 {
                    complain(format!("intent: {} {}{}", out.code, out.stdout, out.stderr));
                }
            }
            finished();
        });
        for _ in 0..2 {
            s.spawn(move || {
                let reads: [&[&str]; 3] = [&["list", "--json"], &["due", "--json"], &["show", "c01", "--json"]];
                while !done.load(Ordering::SeqCst) {
                    for args in reads {
                        let out = ran(kehu(root, "li").args(args));
                        let json: Result<serde_json::Value, _> = serde_json::from_str(&out.stdout);
                        if out.code != 0 || json.is_err() || !out.stderr.is_empty() {
                            complain(format!("{args:?}: {} {json:?}\n{}{}", out.code, out.stdout, out.stderr));
                        }
                        let all = json.ok().and_then(|j| j.as_array().map(Vec::len)).unwrap_or(0);
                        if args[0] == "list" && all != CUSTOMERS {
                            complain(format!("a list of {all}"));
                        }
                        readings.fetch_add(1, Ordering::SeqCst);
                    }
                    let out = ran(kehu(root, "li").args(["check", "--json"]));
                    let json: Result<serde_json::Value, _> = serde_json::from_str(&out.stdout);
                    let found: Vec<String> = json.ok().and_then(|j| j.as_array().cloned()).map_or_else(
                        || vec![format!("no JSON: {}{}", out.stdout, out.stderr)],
                        |list| list.iter().map(ToString::to_string).collect(),
                    );
                    // That a commit is under way may be said; that something is half done may not. Two people may well have
                    // met one customer on one day.
                    let bad = |f: &&String| !["E080", "E073"].iter().any(|code| f.contains(code));
                    if let Some(f) = found.iter().find(bad) {
                        complain(format!("check: {f}"));
                    }
                }
            });
        }
    });
    let complaints = complaints.into_inner().expect("no panic");
    assert!(complaints.is_empty(), "{} complaints: {:#?}", complaints.len(), &complaints[..complaints.len().min(5)]);
    assert!(readings.into_inner() > 9);
    let all = rows(root, "activities");
    assert_eq!(all.len(), WRITERS * EACH);
    let ids: BTreeSet<&str> = all.iter().map(|r| cell(r, "id")).collect();
    assert_eq!(ids.len(), WRITERS * EACH);
    let notes: BTreeSet<&str> = all.iter().map(|r| cell(r, "note")).collect();
    assert_eq!(notes.len(), WRITERS * EACH);
    for who in ["li", "wu", "chen"] {
        assert!(all.iter().any(|r| cell(r, "by") == who), "{who}");
    }
    assert_eq!(rows(root, "events").iter().filter(|r| cell(r, "event") == "intent").count(), CUSTOMERS * 3);
    ran(kehu(root, "li").arg("check")).expect(0);
    assert_eq!(std::fs::read_dir(root.join(".kehu/tmp")).expect("a folder").count(), 0);
}

#[test]
fn killed_writers_block_nobody_and_what_was_answered_is_there() {
    let dir = company(4);
    let root = dir.path();
    let answered: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|s| {
        for w in 0..4 {
            let answered = &answered;
            s.spawn(move || {
                for n in 0..20 {
                    let mut c = kehu(root, "li");
                    c.args(["log", &format!("c0{w}"), &format!("{w}-{n}"), "--every", "14d", "-q"]);
                    if n % 2 == 0 {
                        // Killed at any moment, often while it holds the lock.
                        let mut child = c.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("kehu starts");
                        std::thread::sleep(std::time::Duration::from_micros(4000 + 977 * (n * 4 + w)));
                        child.kill().expect("killed");
                        child.wait().expect("gone");
                    } else {
                        let out = ran(&mut c).expect(0);
                        answered.lock().expect("a list").push(out.stdout.trim().to_string());
                    }
                }
            });
        }
    });
    dir.run(&["customer", "set", "c00", "name=Customer 0"]).expect(0);
    let all = rows(root, "activities");
    let ids: Vec<&str> = all.iter().map(|r| cell(r, "id")).collect();
    let answered = answered.into_inner().expect("no panic");
    assert_eq!(answered.len(), 40);
    for id in &answered {
        assert_eq!(ids.iter().filter(|i| *i == id).count(), 1, "{id}");
    }
    assert!(all.len() >= 40 && all.len() <= 80);
    dir.run(&["check"]).expect(0);
    assert_eq!(std::fs::read_dir(root.join(".kehu/tmp")).expect("a folder").count(), 0);
}

#[test]
fn a_held_lock_ends_with_5_and_names_the_holder() {
    use std::io::Write;
    let dir = company(2);
    dir.run(&["log", "c00", "first"]).expect(0);
    let before = tree(dir.path());
    let mut lock = std::fs::OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(dir.path().join(".kehu/lock"))
        .expect("a lock file");
    lock.lock().expect("the lock");
    lock.write_all(b"wu, pid 4711, yesterday").expect("written");
    for args in [
        &["log", "c00", "second"][..],
        &["customer", "add", "Novo"],
        &["customer", "set", "c01", "city=Suzhou"],
        &["check", "--fix"],
        &["fmt"],
        &["team", "add", "zhou", "Zhou"],
    ] {
        let out = dir.run_with(args, &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(5);
        assert!(out.stderr.contains("wu, pid 4711"), "{args:?}: {}", out.stderr);
        assert!(out.stdout.is_empty(), "{args:?}: {}", out.stdout);
    }
    assert_eq!(tree(dir.path()), before);
    // Who reads, or only asks what would be written, does not wait.
    dir.run_with(&["list"], &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(0);
    dir.run_with(&["log", "c00", "x", "--dry-run"], &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(0);
    drop(lock);
    dir.run_with(&["log", "c00", "second"], &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(0);
}

/// kehu under strace, stopped before a call.
struct Stopped {
    child: Child,
    /// Of kehu itself.
    pid: String,
}

impl Stopped {
    /// Starts a command and waits until it has stopped before the `nth` call named `call`. The lock is then held.
    fn before(dir: &Dir, call: &str, nth: usize, args: &[&str]) -> Stopped {
        let trace = dir.path().join(".kehu/trace");
        let mut c = command(Path::new("strace"), dir.path());
        c.env("KEHU_USER", "wu").arg("-o").arg(&trace).args(["-e", &format!("trace={call}")]);
        c.args(["-e", &format!("inject={call}:signal=STOP:when={nth}")]);
        c.arg(kehu_path()).args(args).args(["--today", TODAY]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = c.spawn().expect("strace starts");
        // The call itself is still made, and then the process stands still.
        while !std::fs::read_to_string(&trace).is_ok_and(|t| t.contains("stopped by SIGSTOP")) {
            assert!(child.try_wait().expect("a state").is_none(), "ended early: {:?}", std::fs::read_to_string(&trace));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let holder = dir.read(".kehu/lock");
        let pid = holder.split("pid ").nth(1).and_then(|t| t.split(',').next()).expect("a pid").to_string();
        Stopped { child, pid }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.pid]).status().expect("kill runs");
        assert!(sent.success());
    }

    /// Lets it go on; its exit code.
    fn go_on(mut self) -> Option<i32> {
        self.signal("-CONT");
        self.child.wait().expect("it ends").code()
    }

    fn kill(mut self) {
        self.signal("-KILL");
        self.child.wait().expect("it ends");
    }
}

/// Says why a test does nothing here.
#[allow(clippy::print_stderr)]
fn no_strace() -> bool {
    let there = cfg!(target_os = "linux")
        && Command::new("strace")
            .args(["-o", "/dev/null", "true"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success());
    if !there {
        eprintln!("skipped: strace is not installed");
    }
    !there
}

#[test]
fn a_writer_that_stands_still_stops_writers_only_and_its_death_frees_them() {
    if no_strace() {
        return;
    }
    // fsync 1: the new file's temporary; 4: the journal is in place; later: the change is being carried out.
    for nth in 1..=6 {
        let dir = company(2);
        dir.run(&["log", "c00", "first"]).expect(0);
        dir.run(&["log", "c01", "first"]).expect(0);
        let before = dir.run(&["export", "customers"]).expect(0).stdout;
        let stopped = Stopped::before(&dir, "fsync", nth, &["customer", "set", "c00", "intent=hot", "city=Suzhou"]);
        let journal = dir.path().join(".kehu/journal").exists();
        for args in [&["list", "--json"][..], &["due", "--json"], &["show", "c00", "--json"], &["export", "events"]] {
            let out = dir.run(args).expect(0);
            assert_eq!(out.stderr, "", "{args:?}");
        }
        let seen = dir.run(&["export", "customers"]).expect(0).stdout;
        let events = dir.run(&["export", "events"]).expect(0).stdout;
        let all = (seen.contains("Suzhou"), seen.contains(",hot,"), events.contains(",hot,"));
        assert!(all == (false, false, false) && seen == before || all == (true, true, true), "fsync {nth}: {all:?}");
        assert!(!journal || all.0, "fsync {nth}: readers do not see what the journal holds");
        let out = dir.run_with(&["log", "c01", "second"], &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(5);
        assert!(out.stderr.contains(&format!("wu, pid {}", stopped.pid)), "{}", out.stderr);
        stopped.kill();
        dir.run_with(&["log", "c01", "third"], &[("KEHU_LOCK_TIMEOUT", "1")], "").expect(0);
        assert_eq!(dir.run(&["export", "customers"]).expect(0).stdout, seen, "fsync {nth}");
        dir.run(&["check"]).expect(0);
    }
}

#[test]
fn an_editor_that_saves_in_between_wins() {
    if no_strace() {
        return;
    }
    // write 1: the lock is just taken, nothing is read yet; fsync 1 and 2: all is read, and nothing in place.
    for (call, nth, file, args, expected) in [
        ("write", 1, "customers/c/c00.toml", &["customer", "set", "c00", "city=Suzhou"][..], 0),
        ("fsync", 1, "customers/c/c00.toml", &["customer", "set", "c00", "city=Suzhou"], 5),
        ("fsync", 2, "customers/c/c00.toml", &["customer", "set", "c00", "intent=hot"], 5),
        ("fsync", 1, "ledgers/activities/2026-wu.csv", &["log", "c00", "second"], 5),
        ("fsync", 1, "customers/c/c00.toml", &["customer", "rm", "c00", "-y"], 5),
        ("fsync", 1, "customers/c/c00.toml", &["rename", "c00", "c77"], 5),
        ("fsync", 1, "team.toml", &["team", "set", "li", "branch=East"], 5),
    ] {
        let dir = company(2);
        dir.run(&["log", "c01", "first", "--as", "wu"]).expect(0);
        let stopped = Stopped::before(&dir, call, nth, args);
        let edited = if file.ends_with("csv") {
            format!("{}a_000000000000,2026-05-05,c01,,wu,call,,,,,,,,by hand\n", dir.read(file))
        } else {
            format!("# by hand\n{}", dir.read(file))
        };
        dir.write(file, &edited);
        let before = tree(dir.path());
        assert_eq!(stopped.go_on(), Some(expected), "{call} {nth} {args:?}");
        let text = dir.read(file);
        assert!(text.starts_with(&edited[..10]) && text.contains("by hand"), "{args:?}: {text}");
        if expected == 5 {
            assert_eq!(tree(dir.path()), before, "{args:?}");
        }
        dir.run(&["log", "c01", "after"]).expect(0);
        dir.run(&["check"]).expect(0);
    }
}

fn script(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file: PathBuf = folder.path().join("editor.sh");
    std::fs::write(&file, text).expect("a script");
    let command = format!("sh {}", file.display());
    (folder, command)
}

#[cfg(unix)]
#[test]
fn an_edit_of_a_file_that_somebody_else_saved_is_refused_and_kept() {
    let dir = company(1);
    let (_keep, editor) =
        script("echo 'note = \"mine\"' >> \"$1\"\necho 'note = \"theirs\"' >> customers/c/c00.toml\n");
    let out = dir.run_with(&["edit", "c00"], &[("EDITOR", &editor)], "").expect(5);
    assert!(out.stderr.contains("customers/c/c00.toml"), "{}", out.stderr);
    let text = dir.read("customers/c/c00.toml");
    assert!(text.contains("theirs") && !text.contains("mine"), "{text}");
    // What was typed is still there, and the message says where.
    let drafts: Vec<PathBuf> = std::fs::read_dir(dir.path().join(".kehu"))
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|x| x == "toml"))
        .collect();
    let kept = |p: &PathBuf| std::fs::read_to_string(p).is_ok_and(|t| t.contains("mine"));
    let draft = drafts.iter().find(|p| kept(p)).expect("a draft");
    let name = draft.file_name().expect("a name").to_string_lossy().into_owned();
    assert!(out.stderr.contains(&format!(".kehu/{name}")), "{}", out.stderr);
    dir.run(&["check"]).expect(0);
    // The next edit begins with what is there now, and does not throw the first one away.
    let (_keep, editor) = script("exit 0\n");
    dir.run_with(&["edit", "c00"], &[("EDITOR", &editor)], "");
    let all = walkdir::WalkDir::new(dir.path().join(".kehu")).into_iter().filter_map(Result::ok);
    assert!(all.into_iter().any(|e| kept(&e.path().to_path_buf())), "the first edit is gone");
}

#[test]
fn changes_of_one_second_have_an_order() {
    // The same value again and again, faster than the clock of events: whoever reads the events must find the last one.
    let dir = company(1);
    for value in ["hot", "cold", "hot", "warm", "hot", "cold", "warm", "cold"] {
        dir.run(&["customer", "set", "c00", &format!("intent={value}")]).expect(0);
        let check = dir.run(&["check"]);
        assert_eq!(check.code, 0, "{value}: {}", check.stdout);
        let out = dir.run(&["show", "c00", "--json"]).expect(0);
        assert!(out.stdout.contains(&format!("\"{value}\"")), "{value}: {}", out.stdout);
    }
}
