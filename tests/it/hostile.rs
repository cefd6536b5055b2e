//! A data directory from a stranger: with pipes, devices, links and huge files where kehu looks for its own.

use super::faults::skip;
use super::support::{Dir, Ran, TODAY, command, kehu_path, start};
use std::path::Path;
use std::process::{Command, Stdio};

/// Address space of a run, in KiB: enough for any honest small directory.
const MEMORY: u32 = 1_500_000;

/// Runs the program with little memory; one that waits for ever is killed, which is no exit code of its own.
fn run(dir: &Path, args: &[&str]) -> Ran {
    let mut sh = command(Path::new("sh"), dir);
    sh.arg("-c")
        .arg(format!("ulimit -v {MEMORY}; ulimit -t 60; exec timeout -s KILL 100 \"$0\" \"$@\""))
        .arg(kehu_path());
    sh.args(args).args(["--today", TODAY]).env("KEHU_USER", "li");
    Ran::of(sh.output().expect("it runs"))
}

fn mkfifo(path: &Path) {
    let done = Command::new("mkfifo").arg(path).stdin(Stdio::null()).status().expect("mkfifo runs");
    assert!(done.success());
}

/// Puts something where a file should be.
type Trap = Box<dyn Fn(&Path)>;

/// What may stand where a file should.
fn traps() -> Vec<(&'static str, Trap)> {
    let link = |to: &'static str| -> Trap {
        Box::new(move |path: &Path| std::os::unix::fs::symlink(to, path).expect("a link"))
    };
    vec![
        ("pipe", Box::new(mkfifo)),
        ("zeros", link("/dev/zero")),
        ("terminal", link("/dev/tty")),
        ("loop", Box::new(|path: &Path| std::os::unix::fs::symlink(path, path).expect("a link"))),
        (
            "hole",
            Box::new(|path: &Path| std::fs::File::create(path).expect("a file").set_len(10 << 30).expect("a hole")),
        ),
    ]
}

fn remove(path: &Path) {
    let gone = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    drop(gone);
}

const READERS: &[&[&str]] =
    &[&["list"], &["today"], &["due"], &["show", "acme"], &["order", "list"], &["report", "orders"], &["check"]];

#[test]
fn what_lies_in_kehu_neither_stops_nor_fills_the_program() {
    let dir = start::make("small");
    dir.run(&["list"]).expect(0);
    dir.run(&["customer", "set", "acme", "city=Suzhou"]).expect(0);
    for name in ["generation", "journal", "lock", "cache/customers", "cache/orders", "cache", "tmp", "undo"] {
        for (trap, set) in traps() {
            let path = dir.path().join(".kehu").join(name);
            let aside = dir.path().join(".kehu-aside");
            let there = std::fs::rename(&path, &aside).is_ok();
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            set(&path);
            for args in READERS.iter().copied().chain([&["customer", "set", "acme", "city=Wuxi"][..]]) {
                let out = run(dir.path(), args);
                assert!(matches!(out.code, 0 | 1 | 3 | 6), "{name} {trap} {args:?}: {} {}", out.code, out.stderr);
                assert!(!out.stderr.contains("panicked"), "{name} {trap} {args:?}: {}", out.stderr);
                if out.code != 0 {
                    assert!(
                        out.stderr.contains(".kehu") || out.stdout.contains(".kehu"),
                        "{name} {trap} {args:?}: {}",
                        out.stderr
                    );
                }
            }
            remove(&path);
            if there {
                std::fs::rename(&aside, &path).expect("back");
            }
        }
    }
    dir.run(&["check"]).expect(0);
}

#[test]
fn the_folder_itself_may_be_a_link_and_is_refused() {
    let dir = start::make("small");
    let other = Dir::empty();
    remove(&dir.path().join(".kehu"));
    std::os::unix::fs::symlink(other.path(), dir.path().join(".kehu")).expect("a link");
    for (lang, word) in [("en", "remove .kehu"), ("zh-CN", "请删除 .kehu")] {
        for args in [&["list"][..], &["customer", "set", "acme", "city=Wuxi"]] {
            let out = run(dir.path(), &[args, &["--lang", lang]].concat());
            assert_eq!(out.code, 6, "{args:?}: {}", out.stderr);
            assert!(out.stderr.contains(word), "{}", out.stderr);
        }
    }
}

#[test]
fn no_data_file_is_a_pipe_or_a_device() {
    for (name, codes) in [
        ("team.toml", &[1, 3][..]),
        ("customers/a/acme.toml", &[0, 1, 3, 4]),
        ("ledgers/orders/2026-li.csv", &[0, 1, 3]),
        (".gitignore", &[0, 1]),
    ] {
        for (trap, set) in traps() {
            let dir = start::make("small");
            let path = dir.path().join(name);
            remove(&path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            set(&path);
            for args in READERS {
                let out = run(dir.path(), args);
                assert!(codes.contains(&out.code), "{name} {trap} {args:?}: {} {}", out.code, out.stderr);
                assert!(!out.stderr.contains("panicked"), "{name} {trap} {args:?}: {}", out.stderr);
            }
        }
    }
}

#[test]
fn an_import_waits_for_no_pipe_without_a_writer() {
    let dir = start::make("small");
    let before = dir.files();
    for (trap, set) in traps() {
        let path = dir.path().join("new.csv");
        set(&path);
        for args in [&["import", "new.csv", "--into", "customers"][..], &["import", "new.csv", "--map", "new.csv"]] {
            let out = run(dir.path(), args);
            assert!(matches!(out.code, 2 | 3 | 4 | 6), "{trap} {args:?}: {} {}", out.code, out.stderr);
            assert!(!out.stderr.contains("panicked"), "{trap}: {}", out.stderr);
        }
        if trap == "hole" {
            for (lang, words) in [("en", "split it into files"), ("zh-CN", "请拆成几个文件")] {
                let out = run(dir.path(), &["import", "new.csv", "--into", "customers", "--lang", lang]);
                assert!(out.code == 3 && out.stderr.contains(words), "{}", out.stderr);
            }
        }
        remove(&path);
    }
    assert_eq!(dir.files(), before);
    // What a program writes into a pipe is read.
    let mut sh = command(Path::new("sh"), dir.path());
    let script = "mkfifo p; printf 'id,name,stage\\nnovo,Novo Ltd,lead\\n' > p & exec \"$0\" import p --into customers --today 2026-06-30";
    let out = sh.arg("-c").arg(script).arg(kehu_path()).env("KEHU_USER", "li").output().expect("it runs");
    Ran::of(out).expect(0);
    dir.run(&["show", "novo"]).expect(0);
}

/// Files that were changed a moment ago are not kept.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(2100));
}

/// Bytes of a cache that somebody made: whatever is in it, answers stay those of the files.
#[test]
fn a_forged_cache_changes_no_answer() {
    let dir = start::make("small");
    let cached = [("KEHU_CACHE", "always")];
    settle();
    let all = |args: &[&str]| dir.run_with(args, &cached, "");
    let answers: Vec<Ran> = READERS.iter().map(|args| all(args)).collect();
    let folder = dir.path().join(".kehu/cache");
    let names: Vec<_> = std::fs::read_dir(&folder).expect("a cache").filter_map(Result::ok).map(|e| e.path()).collect();
    assert!(!names.is_empty());
    let mut seed = 7_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for round in 0..40 {
        let path = &names[round % names.len()];
        let Ok(good) = std::fs::read(path) else { continue };
        let mut bytes = good.clone();
        for _ in 0..1 + random() % 8 {
            let at = random() as usize % bytes.len();
            let many = (random() as usize % 9).min(bytes.len() - at);
            bytes[at..at + many].fill(if random() % 2 == 0 { 0xff } else { random() as u8 });
        }
        std::fs::write(path, &bytes).expect("forged");
        for (args, answer) in READERS.iter().zip(&answers) {
            let out = all(args);
            assert_eq!((out.code, &out.stdout), (answer.code, &answer.stdout), "{round} {args:?}: {}", out.stderr);
        }
        std::fs::write(path, good).expect("as it was");
    }
}

#[test]
fn a_cache_that_came_with_a_copy_is_not_believed() {
    let dir = start::make("small");
    let cached = [("KEHU_CACHE", "always")];
    settle();
    dir.run_with(&["report", "orders"], &cached, "").expect(0);
    let path = dir.path().join(".kehu/cache/orders");
    let copy = std::fs::read(&path).expect("a cache");
    std::fs::remove_file(&path).expect("removed");
    std::fs::write(&path, copy).expect("copied");
    let out = dir.run_with(&["report", "orders", "--verbose"], &cached, "").expect(0);
    assert!(!out.stderr.contains("1 from the cache"), "{}", out.stderr);
}

#[test]
fn no_thread_is_needed() {
    if skip() {
        return;
    }
    let dir = start::make("small");
    let writers = [&["grade", "--dry-run"][..], &["customer", "set", "acme", "city=Wuxi"]];
    for args in READERS.iter().copied().chain(writers) {
        let mut c = command(Path::new("strace"), dir.path());
        c.args(["-f", "-o", "/dev/null", "-e", "trace=clone,clone3", "-e", "inject=clone,clone3:error=EAGAIN"]);
        c.arg(kehu_path()).args(args).args(["--today", TODAY]).env("KEHU_USER", "li").env("KEHU_THREADS", "8");
        let out = Ran::of(c.output().expect("strace runs"));
        assert!(matches!(out.code, 0 | 1), "{args:?}: {} {}", out.code, out.stderr);
        assert!(!out.stderr.contains("panicked"), "{args:?}: {}", out.stderr);
    }
}

/// Says why a part of the tests does nothing here.
#[allow(clippy::print_stderr)]
fn passed_by(why: &str) {
    eprintln!("skipped: {why}");
}

#[test]
fn another_user_who_may_read_the_files_needs_nothing_of_kehu() {
    use std::os::unix::fs::PermissionsExt;
    let dir = start::make("small");
    dir.run(&["customer", "set", "acme", "city=Suzhou"]).expect(0);
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode(dir.path(), 0o755);
    let other = |args: &[&str]| {
        let mut c = command(Path::new("setpriv"), dir.path());
        c.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(kehu_path()).args(args);
        c.env("KEHU_USER", "li").output()
    };
    if !other(&["--version"]).is_ok_and(|out| out.status.success()) {
        return passed_by("nobody else can be played here: setpriv, root, and a program that all may run are needed");
    }
    for args in READERS {
        let out = Ran::of(other(&[*args, &["--today", TODAY]].concat()).expect("it runs"));
        assert!(matches!(out.code, 0 | 1), "{args:?}: {} {}", out.code, out.stderr);
        assert!(!out.stderr.contains("ermission"), "{args:?}: {}", out.stderr);
    }
    let out = Ran::of(other(&["customer", "set", "acme", "city=Wuxi"]).expect("it runs"));
    assert_eq!(out.code, 6, "{}", out.stderr);
    assert!(dir.read("customers/a/acme.toml").contains("Suzhou"));
}
