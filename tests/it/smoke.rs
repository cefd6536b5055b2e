//! Every command does its work in every format, answers on next to no data, and ends quietly when nobody reads its answer.

use super::support::every::{Call, EDITOR, calls, company};
use super::support::{Dir, Ran, start};
use std::io::Read as _;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const FORMATS: [&str; 8] = ["table", "csv", "tsv", "json", "ndjson", "md", "html", "ids"];

/// What is wrong with an answer in a machine format.
fn malformed(format: &str, text: &str) -> Option<String> {
    let json = |t: &str| serde_json::from_str::<serde_json::Value>(t).err().map(|e| e.to_string());
    match format {
        "json" if !text.is_empty() => json(text),
        "ndjson" => text.lines().find_map(json),
        "csv" => csv::Reader::from_reader(text.as_bytes()).records().find_map(|r| r.err().map(|e| e.to_string())),
        _ => None,
    }
}

/// Runs `work` for every command, on all cores; fails with all that it found.
fn every_command(work: impl Fn(&Call) -> Vec<String> + Sync) {
    let all = calls();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            s.spawn(|| {
                while let Some(call) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = work(call);
                    wrong.lock().expect("no panic").extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    wrong.sort();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn run(dir: &Dir, call: &Call, format: &str) -> (String, Ran) {
    let args: Vec<&str> = call.words.iter().copied().chain(["-f", format]).collect();
    let ran = dir.run_with(&args, &[EDITOR], "");
    (format!("kehu {}: exit code {}\n{}{}", args.join(" "), ran.code, ran.stdout, ran.stderr), ran)
}

#[test]
fn commands_do_their_work_in_every_format() {
    every_command(|call| {
        let mut wrong = Vec::new();
        let before = company().files();
        let kept = company();
        for format in FORMATS {
            // What was changed once may not be there to be changed again.
            let fresh = call.writes.then(company);
            let dir = fresh.as_ref().unwrap_or(&kept);
            let (shown, ran) = run(dir, call, format);
            if ran.code != 0 || ran.stderr.contains("panicked") {
                wrong.push(shown.clone());
            }
            if !call.writes && !call.one_form {
                wrong.extend(malformed(format, &ran.stdout).map(|e| format!("{e}: {shown}")));
            }
            // A line that changes nothing tries nothing. (`edit` is given an editor that does not edit.)
            let changed = dir.files() != before;
            if changed != (call.writes && call.words[0] != "edit") {
                wrong.push(format!("{} changed: {shown}", if changed { "something" } else { "nothing" }));
            }
        }
        wrong
    });
}

/// Runs a command where there may be nothing for it to do: a prompt answer with a sensible exit code is right.
fn answers(dir: &Dir, call: &Call, formats: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for format in formats {
        let (shown, ran) = run(dir, call, format);
        // Not found and refused are fair answers where there is nothing.
        if !matches!(ran.code, 0 | 2 | 4 | 7) || ran.stderr.contains("panicked") {
            wrong.push(shown.clone());
        }
        if ran.code != 0 && !ran.stderr.contains(':') {
            wrong.push(format!("no reason is given: {shown}"));
        }
        if ran.code == 0 && !call.one_form && !call.writes {
            wrong.extend(malformed(format, &ran.stdout).map(|e| format!("{e}: {shown}")));
        }
    }
    wrong
}

#[test]
fn commands_answer_on_an_empty_directory() {
    every_command(|call| answers(&start::make("new"), call, &FORMATS));
}

#[test]
fn commands_answer_on_ledgers_with_headers_only() {
    let schema = start::make("new").run(&["schema", "--json"]).expect(0).stdout;
    let columns: Vec<serde_json::Value> = serde_json::from_str(&schema).expect("JSON");
    let mut headers: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for c in &columns {
        let text = |key: &str| c[key].as_str().unwrap_or_default().to_string();
        headers.entry(text("table")).or_default().push(text("column"));
    }
    for other in ["customers", "contacts", "team", "kehu.toml", "fields"] {
        headers.remove(other);
    }
    assert!(headers.len() > 15 && headers["events"].contains(&"subject".to_string()), "{headers:?}");
    let with_headers = || {
        let dir = start::make("new");
        for (ledger, columns) in &headers {
            dir.write(&format!("ledgers/{ledger}/2026.csv"), columns.join(",") + "\n");
        }
        dir
    };
    with_headers().run(&["check"]).expect(0);
    every_command(|call| answers(&with_headers(), call, &["table", "csv", "json"]));
}

#[test]
fn nobody_reads_the_answer() {
    every_command(|call| {
        if call.writes {
            return Vec::new();
        }
        let dir = company();
        let mut wrong = Vec::new();
        // All formats go through one printer.
        for format in ["table", "json"] {
            let args: Vec<&str> = call.words.iter().copied().chain(["-f", format]).collect();
            // The reader takes one byte and goes (`| head -1`), or goes before there is any.
            for bytes in [1, 0] {
                let mut c = dir.prepare(&args);
                let mut child = c.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kehu starts");
                let mut pipe = child.stdout.take().expect("stdout");
                let _ = pipe.read(&mut vec![0; bytes]);
                drop(pipe);
                let out = child.wait_with_output().expect("kehu ends");
                let stderr = String::from_utf8_lossy(&out.stderr);
                let code = out.status.code();
                if code != Some(0) || stderr.contains("panicked") || stderr.contains("os error") {
                    wrong.push(format!("kehu {} | head: {code:?}\n{stderr}", args.join(" ")));
                }
            }
        }
        wrong
    });
}
