//! Runs the program hermetically: empty environment, its own directory, a fixed day.

pub(crate) mod company;
pub(crate) mod every;
pub(crate) mod start;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The day tests live in, unless they say otherwise.
pub(crate) const TODAY: &str = "2026-06-30";

/// The program under test.
pub(crate) fn kehu_path() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_kehu"))
}

/// The repository.
pub(crate) fn repo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What a run gave.
#[derive(Debug, Clone)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(out: Output) -> Ran {
        Ran {
            code: out.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
        }
    }

    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// A command with nothing of this machine's environment but PATH.
pub(crate) fn command(program: &Path, dir: &Path) -> Command {
    let mut c = Command::new(program);
    c.current_dir(dir).env_clear().stdin(Stdio::null());
    for name in ["PATH", "SystemRoot", "TMPDIR"] {
        if let Some(v) = std::env::var_os(name) {
            c.env(name, v);
        }
    }
    // git must not find a configuration of this machine's user.
    c.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", dir).env("LANG", "C.UTF-8");
    c
}

/// Runs git with kehu on its PATH.
pub(crate) fn run_git(dir: &Path, args: &[&str]) -> Output {
    let mut path = kehu_path().parent().expect("a folder").as_os_str().to_owned();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    command(Path::new("git"), dir).args(args).env("PATH", path).output().expect("git runs")
}

/// A temporary data directory.
pub(crate) struct Dir {
    path: PathBuf,
    /// `None` where it is part of another one.
    _temp: Option<tempfile::TempDir>,
}

impl Dir {
    /// An empty folder.
    pub(crate) fn empty() -> Dir {
        let temp = tempfile::tempdir().expect("a temporary folder");
        Dir { path: temp.path().to_path_buf(), _temp: Some(temp) }
    }

    /// A folder in another one, with which it goes.
    pub(crate) fn below(around: &Dir, name: &str) -> Dir {
        let path = around.path().join(name);
        std::fs::create_dir(&path).expect("a folder");
        Dir { path, _temp: None }
    }

    /// A folder that is there.
    pub(crate) fn at(path: &Path) -> Dir {
        Dir { path: path.to_path_buf(), _temp: None }
    }

    /// A new data directory with the team li (rep), wu (rep) and chen (manager).
    pub(crate) fn new() -> Dir {
        let dir = Dir::empty();
        dir.run(&["init", "--name", "Test Ltd", "--lang", "en"]).expect(0);
        dir.write(
            "team.toml",
            "[li]\nname = \"Li Lei\"\nrole = \"rep\"\nmanager = \"chen\"\n\n[wu]\nname = \"Wu Min\"\nrole = \"rep\"\nmanager = \"chen\"\n\n[chen]\nname = \"Chen Jie\"\nrole = \"manager\"\n",
        );
        dir
    }

    /// The sample company on [`TODAY`].
    pub(crate) fn demo() -> Dir {
        start::make("demo")
    }

    /// Copies a folder's files over this one; a folder that does not exist holds none.
    pub(crate) fn overlay(&self, folder: &Path) {
        if !folder.is_dir() {
            return;
        }
        for e in walkdir::WalkDir::new(folder) {
            let e = e.expect("an entry");
            if e.file_type().is_file() {
                let name = e.path().strip_prefix(folder).expect("inside");
                self.write(&name.to_string_lossy(), std::fs::read(e.path()).expect("a file"));
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }

    /// Runs kehu here as li on [`TODAY`]; arguments may say otherwise (the last one wins is not clap's way, so those
    /// defaults are left out when given).
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], "")
    }

    /// The same with environment variables and text on stdin.
    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)], stdin: &str) -> Ran {
        use std::io::Write;
        let mut c = self.prepare(args);
        c.envs(env.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = c.spawn().expect("kehu starts");
        if let Some(mut pipe) = child.stdin.take() {
            // A command that does not read its stdin may be gone by now.
            let _ = pipe.write_all(stdin.as_bytes());
        }
        Ran::of(child.wait_with_output().expect("kehu ends"))
    }

    /// The command that [`Dir::run`] runs.
    pub(crate) fn prepare(&self, args: &[&str]) -> Command {
        let mut c = command(&kehu_path(), self.path());
        let given =
            |names: &[&str]| args.iter().any(|a| names.iter().any(|n| a == n || a.starts_with(&format!("{n}="))));
        c.env("KEHU_USER", "li");
        c.args(args);
        if !given(&["--today"]) {
            c.args(["--today", TODAY]);
        }
        c
    }

    /// Every file below the folder but .kehu, with its bytes, sorted.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut out = Vec::new();
        for e in walkdir::WalkDir::new(self.path()).sort_by_file_name() {
            let e = e.expect("an entry");
            let name = e.path().strip_prefix(self.path()).expect("inside").to_string_lossy().replace('\\', "/");
            let own = |folder: &str| name.starts_with(&format!("{folder}/")) || name.contains(&format!("/{folder}/"));
            if e.file_type().is_file() && !own(".kehu") && !own(".git") {
                out.push((name, std::fs::read(e.path()).expect("a file")));
            }
        }
        out
    }
}

/// Copies a folder with all that is below it; links are copied as links.
pub(crate) fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for e in std::fs::read_dir(from).expect("a folder") {
        let e = e.expect("an entry");
        let (kind, target) = (e.file_type().expect("a kind"), to.join(e.file_name()));
        if kind.is_dir() {
            copy_tree(&e.path(), &target);
            let mode = std::fs::metadata(e.path()).expect("metadata").permissions();
            std::fs::set_permissions(&target, mode).expect("permissions");
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::fs::read_link(e.path()).expect("a link"), &target).expect("a link");
        } else {
            std::fs::copy(e.path(), &target).expect("a copy");
        }
    }
}

/// Every file and folder below `root` but .kehu and .git: (name, bytes), a folder's name ending in `/`; sorted.
pub(crate) fn tree(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut walk = walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
    while let Some(e) = walk.next() {
        let e = e.expect("an entry");
        let name = e.path().strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        if [".kehu", ".git"].iter().any(|own| e.file_name() == *own) {
            if e.file_type().is_dir() {
                walk.skip_current_dir();
            }
        } else if e.file_type().is_dir() {
            out.push((format!("{name}/"), Vec::new()));
        } else if e.file_type().is_symlink() {
            let to = std::fs::read_link(e.path()).expect("a link");
            out.push((format!("{name}@"), to.to_string_lossy().into_owned().into_bytes()));
        } else {
            out.push((name, std::fs::read(e.path()).expect("a file")));
        }
    }
    out
}
