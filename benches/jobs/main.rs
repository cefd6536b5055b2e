//! Times whole commands on made-up companies, next to floors and to other tools, and prints ratios.
//!
//! ```text
//! cargo bench                        # size S
//! cargo bench -- --size L            # S, M or L
//! cargo bench -- --size L --job J2   # one job
//! cargo bench -- --generate L DIR    # only make the data
//! cargo bench -- --twins 100000 1000 # how well and how fast those who are there twice are found
//! cargo bench -- --reading --size L --dir DIR    # every reading command against its floor; --job WORDS: those with these words
//! ```
//!
//! Every figure is the median of several runs of a whole process with its files in the page cache. A floor is a program
//! that does nothing but the reading that nobody can do without. DuckDB and SQLite are asked through their own programs,
//! `duckdb` (or that of the Python package duckdb-cli) and `sqlite3`, as whole processes too. Python's module (of the Python
//! that `KEHU_BENCH_PYTHON` names, or the system's) is asked for the time of the question alone, without Python's start: for
//! DuckDB the quicker of both counts, for SQLite only where its program is not installed.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod company;
mod floor;
mod measure;
mod reading;
mod twins;

use chrono::NaiveDate;
use company::{SIZES, Size};
use measure::{Figure, Runs};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One job: what kehu runs, what nobody can do without, and what else answers the question.
struct Job {
    name: &'static str,
    what: &'static str,
    kehu: &'static [&'static str],
    /// Floors (names of [`floor::run`]) for a reading without and with a cache.
    cold: &'static str,
    warm: &'static str,
    /// The question for DuckDB and SQLite, see `peers.py`.
    peer: Option<&'static str>,
    awk: Option<&'static str>,
}

const JOBS: [Job; 8] = [
    Job {
        name: "J1",
        what: "follow-ups due, sorted, with owner",
        kehu: &["due"],
        cold: "customers-and-activities",
        warm: "stat-customers",
        peer: Some("J1"),
        awk: None,
    },
    Job {
        name: "J2",
        what: "profit by customer for a year, top 20",
        kehu: &["report", "profit", "--by", "customer", "-p", "2025", "--limit", "20"],
        cold: "orders",
        warm: "columns-orders",
        peer: Some("J2"),
        awk: Some(
            r#"FNR>1 && substr($3,1,4)=="2025"{n=$6*$7*(1-$8); r[$4]+=n; p[$4]+=n-$6*$11} END{for(c in r) print p[c], c}"#,
        ),
    },
    Job {
        name: "J3",
        what: "profit by product by month",
        kehu: &["report", "profit", "--by", "product", "--per", "month", "-f", "csv"],
        cold: "orders",
        warm: "columns-orders",
        peer: Some("J3"),
        awk: Some(
            r#"FNR>1{k=$5 "," substr($3,1,7); n=$6*$7*(1-$8); r[k]+=n; p[k]+=n-$6*$11} END{for(c in r) print c, r[c], p[c]}"#,
        ),
    },
    Job {
        name: "J4",
        what: "grade everybody on three indicators",
        kehu: &["grade", "-f", "csv"],
        cold: "customers-orders-receipts",
        warm: "columns-all",
        peer: Some("J4"),
        awk: None,
    },
    Job {
        name: "J5",
        what: "receivables ageing by customer",
        kehu: &[
            "report",
            "receivables",
            "-f",
            "csv",
            "--columns",
            "customer,not_due,d1_30,d31_60,d61_90,d91_120,d120_plus,credit,outstanding",
        ],
        cold: "orders-receipts",
        warm: "columns-all",
        peer: Some("J5"),
        awk: None,
    },
    Job {
        name: "J5n",
        what: "the same with each customer's name and owner",
        kehu: &["report", "receivables", "-f", "csv"],
        cold: "customers-orders-receipts",
        warm: "stat-customers",
        peer: None,
        awk: None,
    },
    Job {
        name: "J6",
        what: "append one activity, durably",
        kehu: &["log", "k000042", "measured", "--as", "rep01", "-q"],
        cold: "append",
        warm: "append",
        peer: Some("J6"),
        awk: None,
    },
    Job {
        name: "J7",
        what: "one customer with its last activities",
        kehu: &["show", "k000042"],
        cold: "activities-scan",
        warm: "start",
        peer: Some("J7"),
        awk: None,
    },
];

struct Options {
    size: Size,
    job: Option<String>,
    dir: Option<PathBuf>,
    runs: usize,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let text: Vec<&str> = args.iter().map(String::as_str).collect();
    match text.as_slice() {
        ["--floor", name, dir, rest @ ..] => floor::run(name, Path::new(dir), rest),
        ["--measure", runs, command @ ..] => measure::child(runs.parse().unwrap_or(5), command),
        ["--generate", size, dir] => {
            let dir = Path::new(dir);
            company::write(dir, size_of(size), last_day()).unwrap_or_else(|e| stop(&format!("{}: {e}", dir.display())));
        }
        ["--reading", rest @ ..] => {
            let o = options(rest);
            let Some(dir) = &o.dir else { stop("--reading needs --dir with the data of --generate") };
            let only = o.job.clone().unwrap_or_default();
            reading::table(dir, &Runs::new(dir, o.runs), &only).unwrap_or_else(|e| stop(&e.to_string()));
        }
        ["--twins", customers, twice] => {
            let number = |text: &str| text.parse().unwrap_or_else(|_| stop(&format!("no number: {text}")));
            duplicates(number(customers), number(twice));
        }
        // `cargo test --benches` runs it with nothing to measure.
        [] | ["--size" | "--job" | "--dir" | "--runs", ..] => run(&options(&text)),
        other => stop(&format!("unknown arguments {other:?}; see benches/jobs/main.rs")),
    }
}

/// How well those who are there twice are found, and in what time.
fn duplicates(customers: usize, twice: usize) {
    let temp = tempfile::tempdir().unwrap_or_else(|e| stop(&e.to_string()));
    let dir = temp.path().join("data");
    let pairs = twins::write(&dir, customers, twice).unwrap_or_else(|e| stop(&e.to_string()));
    let args = ["dupes", "-f", "csv", "--columns", "score,customer,other"];
    let out = Command::new(env!("CARGO_BIN_EXE_kehu")).args(["-C".as_ref(), dir.as_os_str()]).args(args).output();
    let answer = out.map_or_else(|e| stop(&e.to_string()), |o| String::from_utf8_lossy(&o.stdout).into_owned());
    println!("{customers} customers, {twice} of them there twice\n");
    println!("| from points | pairs | precision | recall |\n|---:|---:|---:|---:|");
    for least in [50, 60, 90] {
        let fit = twins::judge(&answer, &pairs, least);
        println!("| {least} | {} | {:.3} | {:.3} |", fit.found, fit.precision, fit.recall);
    }
    let runs = Runs::new(&dir, 5);
    for args in [
        &["dupes", "-f", "csv"][..],
        &["dupes", "--min", "35", "-f", "csv"],
        &["list", "-f", "csv", "--columns", "id,name"],
    ] {
        for (cold, word) in [(true, "cold"), (false, "warm")] {
            let figure = runs.kehu(args, cold);
            let (ms, mib) = figure.map_or((0.0, 0.0), |f| (f.median, f.peak_bytes as f64 / 1048576.0));
            println!("`{}` {word}: {ms:.0} ms, {mib:.0} MiB", args.join(" "));
        }
    }
}

fn stop(message: &str) -> ! {
    eprintln!("{message}");
    std::process::exit(2)
}

fn size_of(name: &str) -> Size {
    let Some(size) = SIZES.into_iter().find(|s| s.name == name) else { stop(&format!("no such size: {name}")) };
    size
}

/// The companies end today: the day that kehu takes for granted.
#[allow(clippy::disallowed_methods)]
fn last_day() -> NaiveDate {
    chrono::Utc::now().date_naive()
}

fn options(args: &[&str]) -> Options {
    let mut o = Options { size: size_of("S"), job: None, dir: None, runs: 0 };
    for pair in args.chunks(2) {
        match pair {
            ["--size", name] => o.size = size_of(name),
            ["--job", name] => o.job = Some((*name).to_string()),
            ["--dir", dir] => o.dir = Some(PathBuf::from(dir)),
            ["--runs", n] => o.runs = n.parse().unwrap_or(0),
            other => stop(&format!("unknown arguments {other:?}")),
        }
    }
    if o.runs == 0 {
        o.runs = if o.size.name == "L" { 7 } else { 15 };
    }
    o
}

fn run(o: &Options) {
    let temp = tempfile::tempdir().unwrap_or_else(|e| stop(&e.to_string()));
    let dir = o.dir.clone().unwrap_or_else(|| temp.path().join(o.size.name));
    if !dir.join("kehu.toml").exists() {
        eprintln!("making {} customers and their ledgers …", o.size.customers);
        company::write(&dir, o.size, last_day()).unwrap_or_else(|e| stop(&e.to_string()));
    }
    let runs = Runs::new(&dir, o.runs);
    let python = python();
    if let Some(python) = &python {
        let out = Command::new(python).arg(peers()).arg("prepare").arg(&dir).output();
        if !out.as_ref().is_ok_and(|o| o.status.success()) {
            eprintln!("the peers could not be prepared: {out:?}");
        }
    }
    let programs = (python.as_deref().and_then(duckdb), installed("sqlite3"));
    for (name, program) in [("DuckDB", &programs.0), ("SQLite", &programs.1)] {
        if program.is_none() {
            println!("{name} has no program here: Python asks, without its start and without printing");
        }
    }
    println!(
        "size {}: {} customers, {} ledger rows; {} runs each; medians\n",
        o.size.name,
        o.size.customers,
        o.size.lines + o.size.receipts + o.size.activities,
        o.runs
    );
    println!(
        "| job | kehu cold | warm | floor cold | floor warm | cold ÷ floor | warm ÷ floor | DuckDB on CSV | with types given | its own db | SQLite | awk | cold ÷ DuckDB CSV | with types given | warm ÷ DuckDB db | peak memory ÷ files |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for job in &JOBS {
        if o.job.as_ref().is_some_and(|j| j != job.name) {
            continue;
        }
        let cold = runs.kehu(job.kehu, true);
        let warm = runs.kehu(job.kehu, false);
        let floor_cold = runs.floor(job.cold);
        let floor_warm = runs.floor(job.warm);
        let peer = |tool: &str| {
            let (python, question) = python.as_ref().zip(job.peer)?;
            let own = if tool == "sqlite" { &programs.1 } else { &programs.0 };
            let program = own.as_ref().and_then(|p| runs.peer_program(p, (python, &peers()), tool, question));
            // The two come in different versions of DuckDB: the quicker one counts.
            match (tool, program) {
                ("sqlite", Some(ms)) => Some(ms),
                (_, ms) => runs.peer(python, &peers(), tool, question).into_iter().chain(ms).min_by(f64::total_cmp),
            }
        };
        let (duck_csv, duck_db, sqlite) = (peer("duckdb-csv"), peer("duckdb"), peer("sqlite"));
        let duck_typed = peer("duckdb-typed");
        let awk = job.awk.and_then(|program| runs.awk(program));
        let ms = |f: Option<f64>| f.map_or("–".into(), |f| format!("{f:.1}"));
        let ratio = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) if b > 0.0 => format!("{:.2}", a / b),
            _ => "–".into(),
        };
        let median = |f: &Option<Figure>| f.as_ref().map(|f| f.median);
        let bytes = floor::bytes(job.cold, &dir);
        let memory = cold.as_ref().map(|f| f.peak_bytes as f64);
        println!(
            "| {} {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            job.name,
            job.what,
            ms(median(&cold)),
            ms(median(&warm)),
            ms(median(&floor_cold)),
            ms(median(&floor_warm)),
            ratio(median(&cold), median(&floor_cold)),
            ratio(median(&warm), median(&floor_warm)),
            ms(duck_csv),
            ms(duck_typed),
            ms(duck_db),
            ms(sqlite),
            ms(awk),
            ratio(median(&cold), duck_csv),
            ratio(median(&cold), duck_typed),
            ratio(median(&warm), duck_db),
            ratio(memory, Some(bytes as f64)),
        );
    }
    let git = runs.git_status();
    let ms = |f: Option<Figure>| f.map_or("–".into(), |f| format!("{:.1}", f.median));
    println!(
        "\nfloors: process start {} ms, read and take apart one file {} ms, stat all files {} ms, read all files {} ms; \
         `git status -uno` {} ms; `kehu --version` {} ms",
        ms(runs.floor("start")),
        ms(runs.floor("one")),
        ms(runs.floor("stat-all")),
        ms(runs.floor("read-all")),
        git.map_or("–".into(), |g| format!("{g:.1}")),
        ms(runs.program(&["--version"])),
    );
    if o.job.is_none() {
        hledger(o, &dir);
    }
}

/// The balances of J5 and the profits of J2 by hledger, where it is installed: its journal has the same facts.
fn hledger(o: &Options, dir: &Path) {
    if !Command::new("hledger").arg("--version").output().is_ok_and(|o| o.status.success()) {
        println!("hledger is not installed: not compared");
        return;
    }
    let journal = dir.join(".bench/journal");
    if let Err(e) = floor::journal(dir, &journal) {
        return println!("hledger: {e}");
    }
    let journal = journal.to_string_lossy().into_owned();
    // It takes so long that one run says enough.
    let runs = Runs::new(dir, if o.size.name == "L" { 1 } else { 3 });
    let ask = |args: &[&str]| {
        let all = [&["-f", &journal, "balance", "--no-total"], args].concat();
        runs.other(Path::new("hledger"), &all).map_or("–".into(), |ms| format!("{ms:.0}"))
    };
    println!("hledger: J2 {} ms, J5 {} ms", ask(&["income", "-p", "2025", "-S"]), ask(&["assets:receivable"]));
}

/// A program that answers `--version`.
fn installed(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(name);
    Command::new(&path).arg("--version").output().is_ok_and(|o| o.status.success()).then_some(path)
}

/// DuckDB's own program: the one that is installed, or the one in a package of Python.
fn duckdb(python: &Path) -> Option<PathBuf> {
    let place = "import duckdb_cli, os; print(os.path.join(os.path.dirname(duckdb_cli.__file__), 'duckdb'), end='')";
    let packaged = || {
        let out = Command::new(python).args(["-c", place]).output().ok()?;
        installed(std::str::from_utf8(&out.stdout).ok()?)
    };
    installed("duckdb").or_else(packaged)
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/jobs/peers.py")
}

/// A Python that has DuckDB: the one named, the one that the tests use, or the system's.
#[allow(clippy::disallowed_methods)]
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("KEHU_BENCH_PYTHON").map(PathBuf::from);
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle/bin/python3");
    named
        .into_iter()
        .chain([ours, PathBuf::from("python3")])
        .find(|p| Command::new(p).args(["-c", "import duckdb"]).output().is_ok_and(|o| o.status.success()))
}
