//! Runs whole processes and takes medians. A child of the benchmark does the measuring of one command, so that the peak
//! of its memory is its own.

use nix::sys::resource::{UsageWho, getrusage};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What several runs gave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// Milliseconds.
    pub(crate) median: f64,
    /// Largest resident size.
    pub(crate) peak_bytes: u64,
}

/// How to run things on one data directory.
pub(crate) struct Runs {
    dir: PathBuf,
    runs: usize,
}

/// The middle of some figures.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Runs a command and prints the median in milliseconds and the peak of memory in KiB.
pub(crate) fn child(runs: usize, command: &[&str]) {
    let Some((program, args)) = command.split_first() else { return };
    let mut all = Vec::new();
    for n in 0..=runs {
        let start = Instant::now();
        let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            println!("failed: {command:?}: {status:?}");
            return;
        }
        // The first run fills the caches.
        if n > 0 {
            all.push(ms);
        }
    }
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |u| u.max_rss());
    println!("{} {peak}", median(all));
}

impl Runs {
    /// Runs on a directory.
    pub(crate) fn new(dir: &Path, runs: usize) -> Runs {
        Runs { dir: dir.to_path_buf(), runs }
    }

    fn measure(&self, program: &Path, args: &[&str]) -> Option<Figure> {
        let me = std::env::current_exe().ok()?;
        let out = Command::new(me).arg("--measure").arg(self.runs.to_string()).arg(program).args(args).output().ok()?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        let mut parts = text.split_whitespace();
        match (parts.next().and_then(|t| t.parse().ok()), parts.next().and_then(|t| t.parse::<u64>().ok())) {
            (Some(median), Some(kib)) => Some(Figure { median, peak_bytes: kib * 1024 }),
            _ => {
                eprintln!("{}", text.trim());
                None
            }
        }
    }

    /// A kehu command, without its cache or with it.
    pub(crate) fn kehu(&self, args: &[&str], cold: bool) -> Option<Figure> {
        let dir = self.dir.to_string_lossy().into_owned();
        let mut all = vec!["-C", &dir];
        if cold {
            all.push("--no-cache");
        }
        all.extend(args);
        self.measure(Path::new(env!("CARGO_BIN_EXE_kehu")), &all)
    }

    /// The program without a data directory.
    pub(crate) fn program(&self, args: &[&str]) -> Option<Figure> {
        self.measure(Path::new(env!("CARGO_BIN_EXE_kehu")), args)
    }

    /// Another program: its median in milliseconds.
    pub(crate) fn other(&self, program: &Path, args: &[&str]) -> Option<f64> {
        self.measure(program, args).map(|f| f.median)
    }

    /// A floor.
    pub(crate) fn floor(&self, name: &str) -> Option<Figure> {
        let dir = self.dir.to_string_lossy().into_owned();
        let me = std::env::current_exe().ok()?;
        if let Some(prepare) = super::floor::prepare(name, &self.dir) {
            prepare.ok()?;
        }
        self.measure(&me, &["--floor", name, &dir])
    }

    /// The question to a peer's own program, as a whole process that prints its answer.
    pub(crate) fn peer_program(
        &self,
        program: &Path,
        (python, script): (&Path, &Path),
        tool: &str,
        question: &str,
    ) -> Option<f64> {
        let out = Command::new(python).arg(script).args(["sql", tool, question]).arg(&self.dir).output().ok()?;
        let asked = String::from_utf8(out.stdout).ok().filter(|sql| !sql.trim().is_empty())?;
        let file = |name: &str| self.dir.join(".bench").join(name).to_string_lossy().into_owned();
        let file = match tool {
            "sqlite" => file("lite.db"),
            "duckdb" => file("duck.db"),
            _ => ":memory:".into(),
        };
        self.other(program, &["-csv", &file, &asked])
    }

    /// The question to a peer: milliseconds without Python's start.
    pub(crate) fn peer(&self, python: &Path, script: &Path, tool: &str, question: &str) -> Option<f64> {
        let runs = self.runs.to_string();
        let out = Command::new(python).arg(script).args([tool, question, &runs]).arg(&self.dir).output().ok()?;
        let text = String::from_utf8_lossy(&out.stdout);
        text.trim().parse().ok().or_else(|| {
            let said = String::from_utf8_lossy(&out.stderr);
            if !said.trim().is_empty() {
                eprintln!("{tool} {question}: {}", said.trim());
            }
            None
        })
    }

    /// An awk program over the order ledgers.
    pub(crate) fn awk(&self, program: &str) -> Option<f64> {
        let mut args = vec!["-F,".to_string(), program.to_string()];
        let files = super::floor::files(&self.dir.join("ledgers/orders"));
        args.extend(files.iter().map(|f| f.to_string_lossy().into_owned()));
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        self.measure(Path::new("awk"), &args).map(|f| f.median)
    }

    /// `git status -uno` of the directory, which is made a repository for it.
    pub(crate) fn git_status(&self) -> Option<f64> {
        let dir = self.dir.to_string_lossy().into_owned();
        let git = |args: &[&str]| Command::new("git").arg("-C").arg(&self.dir).args(args).output().ok();
        if !self.dir.join(".git").exists() {
            git(&["init", "-q"])?;
            git(&["add", "-A"])?;
        }
        self.measure(Path::new("git"), &["-C", &dir, "status", "-uno", "--porcelain"]).map(|f| f.median)
    }
}
