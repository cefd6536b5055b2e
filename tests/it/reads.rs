//! Faults at every call that reads, of commands that read: an answer is whole, or the fault is told.

use super::faults::{Complaints, in_parallel, none, skip};
use super::support::{Ran, TODAY, command, kehu_path, start};
use std::path::Path;

/// The calls by which files are found and read.
const CALLS: &str = "openat,read,pread64,getdents64,statx,newfstatat,lseek";

const COMMANDS: &[&[&str]] = &[
    &["list", "--columns", "id,name,last_order,outstanding"],
    &["today"],
    &["today", "--team"],
    &["due"],
    &["show", "acme"],
    &["brief", "acme"],
    &["who", "acme"],
    &["funnel"],
    &["stalled"],
    &["history", "acme"],
    &["order", "list"],
    &["activity", "list"],
    &["team", "list"],
    &["report", "profit"],
    &["report", "orders"],
    &["report", "receivables"],
    &["report", "grades"],
    &["grade"],
    &["export", "customers"],
    &["export", "orders", "-f", "json"],
    &["check"],
];

fn strace(dir: &Path, log: &str, options: &[&str], args: &[&str]) -> Ran {
    let mut c = command(Path::new("strace"), dir);
    c.args(["-f", "-y", "-o", log, "-e"]).arg(format!("trace={CALLS}")).args(options);
    c.arg(kehu_path()).args(args).args(["--today", TODAY]).env("KEHU_USER", "li").env("KEHU_THREADS", "1");
    Ran::of(c.output().expect("strace runs"))
}

/// A call: its name, how many of that name came before, counted from 1, and the line of strace.
type Call = (String, usize, String);

/// The calls about the directory.
fn calls(dir: &Path, args: &[&str]) -> (Ran, Vec<Call>) {
    let log = tempfile::NamedTempFile::new().expect("a file");
    let out = strace(dir, &log.path().to_string_lossy(), &[], args);
    let trace = std::fs::read_to_string(log.path()).expect("a trace");
    let here = dir.to_string_lossy().into_owned();
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some((name, _)) = line.split_once(' ').and_then(|(_, rest)| rest.trim_start().split_once('(')) else {
            continue;
        };
        let nth = counts.entry(name.into()).or_default();
        *nth += 1;
        if line.contains(&here) && !line.contains("ENOENT") {
            found.push((name.to_string(), *nth, line.to_string()));
        }
    }
    (out, found)
}

#[test]
fn an_answer_is_whole_or_the_fault_is_told() {
    if skip() {
        return;
    }
    let dir = start::make("small");
    let jobs: Vec<(&[&str], Ran, Call)> = COMMANDS
        .iter()
        .flat_map(|args| {
            let (out, found) = calls(dir.path(), args);
            assert!(matches!(out.code, 0 | 1), "{args:?}: {}", out.stderr);
            assert!(found.len() > 5, "{args:?}: {found:?}");
            found.into_iter().map(move |call| (*args, out.clone(), call))
        })
        .collect();
    let complaints = Complaints::default();
    in_parallel(jobs.len(), |n| {
        let (args, whole, (name, nth, line)) = &jobs[n];
        let fault = format!("inject={name}:error=EIO:when={nth}");
        let out = strace(dir.path(), "/dev/null", &["-e", &fault], args);
        let told = matches!(out.code, 1 | 3 | 6) && !out.stderr.is_empty();
        let same = out.code == whole.code && out.stdout == whole.stdout;
        if out.stderr.contains("panicked") || !(told || same) {
            let text = format!("{args:?} at {line}: exit {} {}", out.code, out.stderr);
            complaints.lock().expect("a list").push(text);
        }
    });
    none(complaints);
}
