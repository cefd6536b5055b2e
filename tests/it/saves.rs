//! An editor, or git, saves a file at every system call of a command that writes it: the text of the other one stays, or the
//! command ends with 5. Never is anything lost in silence.
//!
//! A first run under strace records the calls that have to do with the directory. Then the command runs once for each of
//! them, stands still when the call is made, the file is saved, and the command goes on.

use super::faults::{Complaints, company, fresh, in_parallel, kehu, none, skip};
use super::support::{TODAY, command, kehu_path, tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a program saves.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Into the file itself.
    InPlace,
    /// Into another one, which then gets the name.
    Renamed,
    /// `git checkout`.
    Git,
}

const WAYS: [Way; 3] = [Way::InPlace, Way::Renamed, Way::Git];

/// A command and one of the files that it writes.
struct Case {
    start: PathBuf,
    args: Vec<String>,
    file: &'static str,
    /// What the command puts into the file.
    ours: &'static str,
    /// What is saved meanwhile.
    mine: String,
}

/// A call with the number of calls of its name up to it.
#[derive(Debug, Clone)]
struct Call {
    name: String,
    nth: usize,
    line: String,
}

fn git(dir: &Path, args: &[&str]) {
    let mut c = command(Path::new("git"), dir);
    for who in ["AUTHOR", "COMMITTER"] {
        c.env(format!("GIT_{who}_NAME"), "li").env(format!("GIT_{who}_EMAIL"), "li@example.com");
    }
    let out = c.args(args).output().expect("git runs");
    assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

impl Case {
    fn new(base: &Path, start: &Path, args: &[&str], file: &'static str, ours: &'static str) -> Case {
        let dir = base.join(format!("{}-{}", args[0], file.replace('/', "-")));
        super::support::copy_tree(start, &dir);
        let old = std::fs::read_to_string(dir.join(file)).expect("a file");
        let mine = match file.split('/').nth(1) {
            Some("activities") => old + "a_000000000000,2026-05-05T10:00:00+08:00,corp,,wu,call,,,,,,,,by hand\n",
            Some("orders") => {
                let row = old.lines().last().expect("a row").replace("O-1", "O-9");
                format!("{old}{row}by hand\n")
            }
            Some("events") => {
                let row = "e_000000000000,2026-05-09T10:00:00+08:00,customer,corp,intent,,cold,,,,wu,by hand\n";
                let row2 = "e_000000000001,2026-05-09T11:00:00+08:00,customer,corp,intent,cold,,,,,wu,\n";
                old + row + row2
            }
            _ => format!("# by hand\n{old}"),
        };
        git(&dir, &["init", "-q"]);
        git(&dir, &["add", "-A"]);
        git(&dir, &["commit", "-qm", "old"]);
        std::fs::write(dir.join(file), &mine).expect("a file");
        git(&dir, &["commit", "-qam", "mine"]);
        git(&dir, &["tag", "mine"]);
        git(&dir, &["reset", "-q", "--hard", "HEAD~1"]);
        Case { start: dir, args: args.iter().map(ToString::to_string).collect(), file, ours, mine }
    }

    fn strace(&self, dir: &Path, options: &[&str]) -> Command {
        let mut c = command(Path::new("strace"), dir);
        c.env("KEHU_USER", "li").env("KEHU_THREADS", "1").args(["-f", "-y", "-o"]).arg(log(dir)).args(options);
        c.arg(kehu_path()).args(&self.args).args(["--today", TODAY]);
        c.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        c
    }

    /// The calls that have to do with the directory; with `all` from the beginning to the first temporary, else from the lock
    /// to the journal's end: whoever saves before or after that is alone.
    fn calls(&self, all: bool) -> Vec<Call> {
        let (_temp, dir) = fresh(&self.start);
        let status = self.strace(&dir, &[]).status().expect("strace runs");
        assert!(status.success(), "{:?}", self.args);
        let trace = std::fs::read_to_string(log(&dir)).expect("a trace");
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut out: Vec<Call> = Vec::new();
        let mut is_over = false;
        for line in trace.lines() {
            let Some((pid, rest)) = line.split_once(' ') else { continue };
            let Some((name, _)) = rest.trim_start().split_once('(') else { continue };
            // Each thread has its own count; all but the first one wait.
            if Some(pid) != trace.split_whitespace().next() {
                continue;
            }
            let nth = counts.entry(name.into()).or_default();
            *nth += 1;
            let is_journal = name.starts_with("rename") && line.contains(".kehu/undo/");
            let begun = all || !out.is_empty() || line.contains(".kehu/lock");
            is_over |= all && line.contains("O_EXCL");
            if line.contains("/d/") && begun && !is_over {
                is_over = is_journal;
                out.push(Call { name: name.into(), nth: *nth, line: line.into() });
            }
        }
        out
    }

    fn save(&self, dir: &Path, way: Way) {
        let path = dir.join(self.file);
        match way {
            Way::InPlace => std::fs::write(path, &self.mine).expect("saved"),
            Way::Renamed => {
                let temporary = dir.join("editor.tmp");
                std::fs::write(&temporary, &self.mine).expect("saved");
                std::fs::rename(temporary, path).expect("renamed");
            }
            Way::Git => git(dir, &["checkout", "-q", "mine", "--", self.file]),
        }
    }

    /// Does something when a call is made; the exit code.
    fn meanwhile(&self, dir: &Path, call: &Call, act: impl FnOnce()) -> Result<Option<i32>, String> {
        let trace = format!("trace={}", call.name);
        let stop = format!("inject={}:signal=STOP:when={}", call.name, call.nth);
        let mut child = self.strace(dir, &["-e", &trace, "-e", &stop]).spawn().expect("strace runs");
        let stopped = || std::fs::read_to_string(log(dir)).is_ok_and(|t| t.contains("stopped by SIGSTOP"));
        while !stopped() {
            if child.try_wait().expect("a state").is_some() && !stopped() {
                return Err("the call did not come".into());
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let trace = std::fs::read_to_string(log(dir)).expect("a trace");
        let pid = trace.split_whitespace().next().expect("a pid");
        act();
        let sent = Command::new("kill").args(["-CONT", pid]).status().expect("kill runs");
        assert!(sent.success());
        Ok(child.wait().expect("it ends").code())
    }

    /// Saves when a call is made; says what is wrong. `late`: the command has had its last look.
    fn run(&self, call: &Call, way: Way, late: bool) -> Result<(), String> {
        let (_temp, dir) = fresh(&self.start);
        let old = tree(&dir);
        let code = self.meanwhile(&dir, call, || self.save(&dir, way))?;
        let text = std::fs::read_to_string(dir.join(self.file)).map_err(|e| e.to_string())?;
        match code {
            Some(5) => {
                let mut expected = old;
                expected.iter_mut().filter(|(f, _)| f == self.file).for_each(|(_, t)| *t = self.mine.clone().into());
                if tree(&dir) != expected {
                    return Err(format!("exit 5, and there is\n{text}"));
                }
            }
            Some(0) if text == self.mine && late => return Ok(()),
            Some(0) if text.contains("by hand") && text.contains(self.ours) => {}
            _ => return Err(format!("exit {code:?}, and there is\n{text}")),
        }
        if dir.join(".kehu/journal").exists() {
            return Err("a journal is left".into());
        }
        // Both texts are sound: a part of the runs may stand for all.
        if !call.nth.is_multiple_of(4) {
            return Ok(());
        }
        let check = kehu(&dir, &["check"]);
        if check.code != 0 {
            return Err(format!("check: {}{}", check.stdout, check.stderr));
        }
        Ok(())
    }
}

fn log(dir: &Path) -> PathBuf {
    dir.parent().expect("a parent").join("trace")
}

#[test]
fn who_saves_at_any_call_keeps_the_text_or_the_command_ends_with_5() {
    if skip() || Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let base = tempfile::tempdir().expect("a temporary folder");
    let (dir, activity, _) = company();
    let today = |args: &[&str]| assert_eq!(kehu(dir.path(), args).code, 0, "{args:?}");
    today(&["product", "add", "fan", "Fan", "price=100", "cost=60", "since=2026-01-01"]);
    today(&["order", "add", "acme", "fan:2", "--id", "O-1", "--at", "2026-06-01"]);
    today(&["customer", "set", "dorn", "intent=hot"]);
    let case = |args: &[&str], file, ours| Case::new(base.path(), dir.path(), args, file, ours);
    let set: &[&str] = &["customer", "set", "acme", "city=Suzhou", "intent=hot"];
    let order: &[&str] = &["order", "add", "corp", "fan:3@120", "--id", "O-2"];
    let cases = [
        case(set, "customers/a/acme.toml", "Suzhou"),
        case(set, "ledgers/events/2026-li.csv", "acme,intent,,hot"),
        case(&["log", "acme", "second call"], "ledgers/activities/2026-li.csv", "second call"),
        case(&["row", "set", &activity, "note=once more"], "ledgers/activities/2026-li.csv", "once more"),
        case(order, "ledgers/orders/2026-li.csv", "O-2"),
        case(order, "customers/c/corp.toml", "first-order"),
    ];
    let known: Vec<Vec<Call>> = cases.iter().map(|c| c.calls(false)).collect();
    let mut jobs: Vec<(usize, usize, Way)> = Vec::new();
    for (n, calls) in known.iter().enumerate() {
        assert!(calls.len() > 30, "{:?}: {calls:#?}", cases[n].args);
        // What git does, an editor does in two steps. Calls about other files have one way each, in turn.
        let ways = |at: usize| {
            let all = if at.is_multiple_of(4) { &WAYS[..] } else { &WAYS[..2] };
            if calls[at].line.contains(cases[n].file) { all } else { &WAYS[at % 2..=at % 2] }
        };
        jobs.extend((0..calls.len()).flat_map(|at| ways(at).iter().map(move |way| (n, at, *way))));
    }
    let complaints = Complaints::default();
    in_parallel(jobs.len(), |job| {
        let (n, at, way) = jobs[job];
        let (case, calls) = (&cases[n], &known[n]);
        // Who saves after the last look at the file saves after the command.
        let last = calls.iter().rposition(|c| c.line.contains(case.file));
        let late = at >= last.expect("a look");
        if let Err(e) = case.run(&calls[at], way, late) {
            let text = format!("{} ({way:?} to {}) at {}: {e}", case.args.join(" "), case.file, calls[at].line);
            complaints.lock().expect("a list").push(text);
        }
    });
    none(complaints);
}

/// What a command reads and does not write, and how somebody changes it.
struct Read {
    case: Case,
    change: Box<dyn Fn(&Path) + Sync>,
    /// What calls that look at it name.
    look: &'static str,
    /// What stands in the files after a decision by what is new; empty where that is refused.
    by_new: &'static str,
}

impl Read {
    fn run(&self, calls: &[Call], at: usize, late: bool) -> Result<(), String> {
        let (_temp, dir) = fresh(&self.case.start);
        let code = self.case.meanwhile(&dir, &calls[at], || (self.change)(&dir))?;
        let now = tree(&dir);
        let (_temp, other) = fresh(&self.case.start);
        (self.change)(&other);
        let only_theirs = now == tree(&other);
        let texts: String = now.iter().map(|(_, t)| String::from_utf8_lossy(t)).collect();
        match code {
            Some(0) if late => Ok(()),
            Some(0) if !self.by_new.is_empty() && texts.contains(self.by_new) => Ok(()),
            Some(2 | 4 | 5 | 7) if only_theirs => Ok(()),
            _ => Err(format!("exit {code:?}, nothing written: {only_theirs}")),
        }
    }
}

#[test]
fn what_decides_is_compared_before_anything_is_written() {
    if skip() {
        return;
    }
    let (dir, ..) = company();
    let run = |args: &[&str]| assert_eq!(kehu(dir.path(), args).code, 0, "{args:?}");
    run(&["product", "add", "fan", "Fan", "price=100", "cost=60", "since=2026-01-01"]);
    run(&["order", "add", "dorn", "fan:2", "--id", "O-1", "--at", "2026-06-01"]);
    let read = |args: &[&str], look, by_new, change: Box<dyn Fn(&Path) + Sync>| Read {
        case: Case {
            start: dir.path().to_path_buf(),
            args: args.iter().map(ToString::to_string).collect(),
            file: "",
            ours: "",
            mine: String::new(),
        },
        change,
        look,
        by_new,
    };
    let replace = |file: &'static str, from: &'static str, to: &'static str| -> Box<dyn Fn(&Path) + Sync> {
        Box::new(move |dir: &Path| {
            let text = std::fs::read_to_string(dir.join(file)).expect("a file");
            assert!(text.contains(from), "{text}");
            std::fs::write(dir.join(file), text.replacen(from, to, 1)).expect("saved");
        })
    };
    let products = std::fs::read_dir(dir.path().join("ledgers/products")).expect("a folder").count();
    assert_eq!(products, 1);
    let order: &[&str] = &["order", "add", "corp", "fan:3", "--id", "O-2"];
    let row = dir.read("ledgers/orders/2026-li.csv").replace("O-1", "O-2");
    let all = [
        read(order, "ledgers/products/2026-li.csv", ",150,", replace("ledgers/products/2026-li.csv", "100", "150")),
        read(&["stage", "acme", "prospect"], "kehu.toml", "", replace("kehu.toml", "\"prospect\"", "\"repeat\"")),
        read(&["log", "acme", "hello"], "team.toml", "", replace("team.toml", "[li]", "[li]\nleft = 2026-01-01")),
        read(
            &["log", "acme", "hello"],
            "customers/a/acme.toml",
            // By its name it is found all the same.
            ",zeta,",
            Box::new(|d| {
                std::fs::rename(d.join("customers/a/acme.toml"), d.join("customers/a/zeta.toml")).expect("renamed")
            }),
        ),
        read(
            order,
            "ledgers/orders\"",
            "",
            Box::new(move |d| std::fs::write(d.join("ledgers/orders/2025-wu.csv"), &row).expect("pulled")),
        ),
    ];
    let known: Vec<Vec<Call>> = all.iter().map(|r| r.case.calls(true)).collect();
    let jobs: Vec<(usize, usize)> =
        known.iter().enumerate().flat_map(|(n, calls)| (0..calls.len()).map(move |at| (n, at))).collect();
    let complaints = Complaints::default();
    in_parallel(jobs.len(), |job| {
        let (n, at) = jobs[job];
        let (read, calls) = (&all[n], &known[n]);
        // The last look begins when the file is opened, or its state is asked for by its name.
        let begins =
            |c: &Call| !matches!(c.name.as_str(), "read" | "fcntl" | "close") && !c.line.contains("AT_EMPTY_PATH");
        let last = calls.iter().rposition(|c| c.line.contains(read.look) && begins(c)).expect("a look");
        if let Err(e) = read.run(calls, at, at >= last) {
            let text = format!("{} ({}) at {}: {e}", read.case.args.join(" "), read.look, calls[at].line);
            complaints.lock().expect("a list").push(text);
        }
    });
    none(complaints);
}
