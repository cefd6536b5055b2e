//! Every command answers on next to no data, in every format, and ends quietly when nobody reads its answer.

use super::golden::command_paths;
use super::support::{Dir, start};
use std::io::Read as _;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

const FORMATS: [&str; 8] = ["table", "csv", "tsv", "json", "ndjson", "md", "html", "ids"];

/// Commands that change something, or wait for something.
const WRITES: &[&str] =
    &["init", "demo", "log", "stage", "close", "reopen", "assign", "edit", "rename", "fmt", "add", "set", "rm", "done"];

/// What a command needs to have anything to do; commands that are not here are run without arguments.
fn arguments(path: &str) -> &'static [&'static str] {
    match path {
        "init" | "demo" => &["sub"],
        "who" => &["hx"],
        "show" | "brief" | "history" | "edit" | "reopen" | "customer show" | "customer rm" => &["huaxin"],
        "log" | "activity add" => &["huaxin", "called"],
        "stage" => &["huaxin", "prospect"],
        "close" => &["huaxin", "--reason", "other"],
        "assign" => &["huaxin", "--to", "li"],
        "rename" => &["huaxin", "hx"],
        "customer add" => &["X"],
        "customer set" => &["huaxin", "city=X"],
        "contact add" => &["huaxin", "X"],
        "contact show" | "contact rm" => &["huaxin", "wang"],
        "contact set" => &["huaxin", "wang", "likes=tea"],
        "activity show" | "activity rm" => &["a_1"],
        "event show" => &["e_1"],
        "task show" | "task rm" | "task done" => &["t_1"],
        "task add" => &["x", "--due", "+1d"],
        "team add" => &["zz", "Z"],
        "team show" => &["li"],
        "team set" => &["li", "name=Z"],
        "team rm" => &["wu"],
        "activity set" | "row set" => &["a_1", "note=x"],
        "task set" => &["t_1", "note=x"],
        "row rm" => &["a_1"],
        "export" => &["activities"],
        "completions" => &["bash"],
        _ => &[],
    }
}

fn line<'a>(path: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    let name = path.join(" ");
    path.iter().map(String::as_str).chain(arguments(&name).iter().copied()).chain(more.iter().copied()).collect()
}

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
fn every_command(work: impl Fn(&[String]) -> Vec<String> + Sync) {
    let paths = command_paths();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            s.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = work(path);
                    wrong.lock().expect("no panic").extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no panic");
    wrong.sort();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Runs a command in every format; a prompt answer with a sensible exit code is right.
fn answers(dir: &Dir, path: &[String], formats: &[&str]) -> Vec<String> {
    // Scripts and manual pages have one format, their own.
    let own_format = matches!(path[0].as_str(), "completions" | "man" | "help");
    let mut wrong = Vec::new();
    for format in formats {
        let args = line(path, &["-f", format]);
        let ran = dir.run(&args);
        let shown = format!("kehu {}: exit code {}\n{}{}", args.join(" "), ran.code, ran.stdout, ran.stderr);
        // Not found and refused are fair answers where there is nothing.
        if !matches!(ran.code, 0 | 2 | 4 | 6 | 7) || (ran.code == 6 && path[0] != "edit") {
            wrong.push(shown.clone());
        }
        if ran.code != 0 && !ran.stderr.contains(':') {
            wrong.push(format!("no reason is given: {shown}"));
        }
        if ran.stderr.contains("panicked") {
            wrong.push(shown.clone());
        }
        let writes = path.last().is_some_and(|p| WRITES.contains(&p.as_str()));
        if ran.code == 0
            && !own_format
            && !writes
            && let Some(e) = malformed(format, &ran.stdout)
        {
            wrong.push(format!("{e}: {shown}"));
        }
    }
    wrong
}

#[test]
fn commands_answer_on_an_empty_directory() {
    every_command(|path| answers(&start::make("new"), path, &FORMATS));
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
    every_command(|path| answers(&with_headers(), path, &["table", "csv", "json"]));
}

#[test]
fn nobody_reads_the_answer() {
    let demo = Dir::demo();
    every_command(|path| {
        if path.last().is_some_and(|p| WRITES.contains(&p.as_str())) {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        // All formats go through one printer.
        for format in ["table", "json"] {
            let args = line(path, &["-f", format]);
            let expected = demo.run(&args).code;
            // The reader takes one byte and goes (`| head -1`), or goes before there is any.
            for bytes in [1, 0] {
                let mut c = demo.prepare(&args);
                let mut child = c.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kehu starts");
                let mut pipe = child.stdout.take().expect("stdout");
                let _ = pipe.read(&mut vec![0; bytes]);
                drop(pipe);
                let out = child.wait_with_output().expect("kehu ends");
                let stderr = String::from_utf8_lossy(&out.stderr);
                let code = out.status.code();
                if code != Some(expected) || stderr.contains("panicked") || stderr.contains("os error") {
                    wrong.push(format!("kehu {} | head: {code:?} instead of {expected}\n{stderr}", args.join(" ")));
                }
            }
        }
        wrong
    });
}
