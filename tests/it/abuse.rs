//! What a stranger, an accident or a bad idea may put in the way: each ends with its exit code and a message, and not one
//! byte is changed.

use crate::support::{Dir, Ran, TODAY, command, copy_tree, every, kehu_path, tree};
use std::path::Path;
use std::process::{Command, Stdio};

/// Every command that reads, with arguments that succeed in [`every::company`].
fn readers() -> Vec<Vec<&'static str>> {
    every::calls().into_iter().filter(|c| !c.writes).map(|c| c.words).collect()
}

const FORMATS: &[&str] = &["table", "csv", "tsv", "json", "ndjson", "md", "html", "ids"];

/// A small company with some history.
fn company() -> Dir {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Acme", "--id", "acme", "owner=li", "source=expo", "--today", "2026-05-04"]).expect(0);
    dir.run(&["customer", "add", "Beta", "--id", "beta", "owner=wu", "--today", "2026-05-04"]).expect(0);
    dir.run(&["contact", "add", "acme", "Wang Wei", "--id", "wang"]).expect(0);
    dir.run(&["log", "acme", "first call", "--today", "2026-05-06"]).expect(0);
    dir.run(&["task", "add", "call back", "--due", "2026-05-20", "--customer", "beta", "--today", "2026-05-06"])
        .expect(0);
    dir
}

/// Fails unless a program ended by itself and with this code.
#[track_caller]
fn answers(out: &Ran, code: i32, about: &str) {
    assert_eq!(out.code, code, "{about}\n{}\n{}", out.stdout, out.stderr);
    assert!(!out.stderr.contains("panicked"), "{about}: {}", out.stderr);
}

/// Runs a command that must be refused with a code and a message and change nothing.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], code: i32) -> Ran {
    let before = tree(dir.path());
    let out = dir.run(args);
    answers(&out, code, &format!("{args:?}"));
    assert!(out.stderr.lines().any(|l| l.starts_with("error")), "{args:?}: {}", out.stderr);
    assert!(tree(dir.path()) == before, "{args:?}: something changed");
    out
}

#[test]
fn an_empty_directory_answers_everything() {
    let dir = Dir::new();
    std::fs::remove_file(dir.path().join(".gitignore")).expect("removed");
    std::fs::remove_file(dir.path().join(".gitattributes")).expect("removed");
    let before = tree(dir.path());
    for args in readers() {
        for format in FORMATS {
            let out = dir.run(&[&args[..], &["-f", format]].concat());
            // What is asked for by its name is not there.
            let named = args.len() > 1 && out.code == 4;
            answers(&out, if named { 4 } else { 0 }, &format!("{args:?} -f {format}"));
        }
    }
    assert_eq!(dir.run(&["list", "--json"]).expect(0).stdout.trim(), "[]");
    assert_eq!(dir.run(&["list"]).expect(0).stdout, "");
    for args in [&["show", "acme"][..], &["brief", "acme"], &["history", "acme"], &["task", "show", "t_1"]] {
        refused(&dir, args, 4);
    }
    assert_eq!(tree(dir.path()), before);
}

#[test]
fn without_its_folder_a_directory_is_read_and_written() {
    let dir = every::company();
    // What can be taken back is known to the folder alone.
    let others: Vec<_> = readers().into_iter().filter(|args| args[0] != "undo").collect();
    let answers = |d: &Dir| others.iter().map(|args| d.run(args).expect(0).stdout).collect::<Vec<_>>();
    let expected = answers(&dir);
    let before = tree(dir.path());
    std::fs::remove_dir_all(dir.path().join(".kehu")).expect("removed");
    assert_eq!(answers(&dir), expected);
    assert_eq!(tree(dir.path()), before);
    dir.run(&["log", "acme", "second call"]).expect(0);
    dir.run(&["check"]).expect(0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.path().join(".kehu")).expect("a folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

/// How to run a script with mounts of its own; `None` where that is not allowed.
fn mounts() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "-m"], vec!["unshare", "-r", "-m"]];
    ways.into_iter().find(|way| {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let mut c = Command::new(way[0]);
        c.args(&way[1..]).args(["sh", "-c", "mount -t tmpfs none \"$1\"", "sh"]).arg(temp.path());
        c.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
    })
}

#[allow(clippy::print_stderr)]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Runs a shell script with mounts of its own as li; `$K` is kehu, `$1` … the arguments.
fn mounted(way: &[&str], dir: &Path, script: &str, args: &[&Path]) -> Ran {
    let mut c = command(Path::new(way[0]), dir);
    c.args(&way[1..]).args(["sh", "-c", script, "sh"]).args(args);
    c.env("KEHU_USER", "li").env("K", kehu_path()).env("T", TODAY);
    let out = c.output().expect("it runs");
    let text = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
    Ran { code: out.status.code().unwrap_or(-1), stdout: text(&out.stdout), stderr: text(&out.stderr) }
}

#[test]
fn a_directory_that_may_only_be_read_is_read() {
    let Some(way) = mounts() else {
        return skipped("no right to mount, and chmod does not stop everybody");
    };
    for with_kehu in [true, false] {
        let dir = every::company();
        if !with_kehu {
            std::fs::remove_dir_all(dir.path().join(".kehu")).expect("removed");
        }
        let before = tree(dir.path());
        let script = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && cd \"$1\" && shift && exec \"$K\" \"$@\" --today $T";
        // The cache is cleared where there is one to write.
        for args in readers().iter().filter(|a| a[0] != "cache") {
            let expected = dir.run(args).expect(0);
            let all: Vec<&Path> = std::iter::once(dir.path()).chain(args.iter().map(Path::new)).collect();
            let out = mounted(&way, dir.path(), script, &all);
            answers(&out, 0, &format!("{args:?}"));
            assert_eq!((out.stdout, out.stderr), (expected.stdout, expected.stderr), "{args:?}");
        }
        for args in [&["log", "acme", "x"][..], &["customer", "set", "acme", "city=X"], &["fmt"], &["check", "--fix"]] {
            let all: Vec<&Path> = std::iter::once(dir.path()).chain(args.iter().map(Path::new)).collect();
            let out = mounted(&way, dir.path(), script, &all);
            answers(&out, 6, &format!("{args:?}"));
            assert!(out.stderr.contains("error: "), "{args:?}: {}", out.stderr);
        }
        assert_eq!(tree(dir.path()), before);
        assert_eq!(dir.path().join(".kehu").exists(), with_kehu);
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let Some(way) = mounts() else {
        return skipped("no right to mount a small disk");
    };
    let dir = company();
    dir.run(&["log", "acme", "again"]).expect(0);
    let out = tempfile::tempdir().expect("a temporary folder");
    // A real disk: writes are short before they fail. Room for 0 to 11 pages is left.
    let script = r#"
mkdir "$2/m" && mount -t tmpfs -o size=512k none "$2/m" && cp -a "$1/." "$2/m" && cd "$2/m" || exit 99
for room in 0 1 2 3 4 5 6 7 8 9 10 11; do
    free=$(df --output=avail -k . | tail -1)
    head -c $(( (free - room * 4) * 1024 )) /dev/zero > .kehu/filler || exit 98
    n=0
    for try in "log acme $NOTE" "customer set acme note=$NOTE intent=hot" "customer set list owner:li region=East" "customer add Novo$room note=$NOTE" "task add $NOTE --due +3d"; do
        n=$((n + 1))
        "$K" $try --today $T > /dev/null 2> "$2/stderr"
        code=$?
        mkdir -p "$2/$room" && rm -f .kehu/filler2 && cp -a . "$2/$room/$n-$code" && cp "$2/stderr" "$2/$room/$n-$code.txt"
    done
    rm .kehu/filler
done
"#;
    let note: String = "0123456789".repeat(600);
    let mut c = command(Path::new(way[0]), dir.path());
    c.args(&way[1..]).args(["sh", "-c", script, "sh"]).arg(dir.path()).arg(out.path());
    c.env("KEHU_USER", "li").env("K", kehu_path()).env("T", TODAY).env("NOTE", &note);
    let ran = c.output().expect("it runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut last = tree(dir.path());
    let (mut failed, mut passed) = (0, 0);
    for room in 0..12 {
        let mut steps: Vec<_> = std::fs::read_dir(out.path().join(room.to_string()))
            .expect("a folder")
            .map(|e| e.expect("an entry").path())
            .filter(|p| p.is_dir())
            .collect();
        steps.sort();
        for step in steps {
            let name = step.file_name().expect("a name").to_string_lossy().into_owned();
            let (now, words) = (tree(&step), std::fs::read_to_string(step.with_extension("txt")).expect("words"));
            match name.split_once('-').expect("a code").1 {
                "0" => {
                    // The third changes only what is not yet so.
                    passed += 1;
                    last = now;
                }
                "6" => {
                    failed += 1;
                    assert!(now == last, "room for {room} pages, {name}: something changed");
                    assert!(words.contains("error: ") && words.contains("No space left"), "{name}: {words}");
                }
                _ => panic!("room for {room} pages, {name}: {words}"),
            }
        }
    }
    assert!(failed > 10 && passed > 2, "{failed} failed, {passed} passed");
    let end = out.path().join("11");
    let state = std::fs::read_dir(end).expect("a folder").map(|e| e.expect("an entry").path()).find(|p| p.is_dir());
    let copy = Dir::empty();
    copy_tree(&state.expect("a state"), copy.path());
    copy.run(&["customer", "set", "beta", "name=Beta"]).expect(0);
    copy.run(&["check"]).expect(0);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::io::{BufRead, BufReader, Read};
    let dir = Dir::demo();
    let big: &[&[&str]] = &[
        &["export", "activities"],
        &["export", "customers", "--json"],
        &["activity", "list"],
        &["activity", "list", "-f", "html"],
        &["activity", "list", "-f", "md"],
        &["activity", "list", "-f", "ids"],
        &["export", "orders", "-f", "ndjson"],
        &["list"],
        &["today"],
        &["check"],
        &["schema"],
        &["help"],
        &["help", "filters"],
        &["--help"],
        &["man"],
        &["completions", "bash"],
        &["log", "hengli", "x", "-n"],
        &["customer", "set", "owner:li", "city=X", "-n", "-y", "--as", "li"],
    ];
    for args in big {
        for lines in 0..2 {
            let mut c = dir.prepare(args);
            c.env_remove("KEHU_USER").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = c.spawn().expect("kehu starts");
            let mut out = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
            if lines > 0 {
                let _ = out.read_line(&mut String::new());
            }
            drop(out);
            let mut err = String::new();
            child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
            let code = child.wait().expect("it ends").code();
            let fails = dir.prepare(args).env_remove("KEHU_USER").output().expect("kehu runs").status.code();
            assert_eq!(code, fails, "{args:?}: {err}");
            let noise = ["panicked", "Broken pipe", "os error 32"].iter().any(|w| err.contains(w));
            assert!(!noise, "{args:?}: {err}");
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_directory() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("a temporary folder");
    let secret = outside.path().join("secret.toml");
    std::fs::write(&secret, "name = \"Top Secret\"\ncreated = 2026-01-05\nstage = \"lead\"\n").expect("a file");
    let rows = "id,at,customer,contact,by,channel,purpose,direction,outcome,signal,next,deal,complaint,note\na_1,2026-05-05,acme,,li,call,,,,,,,,Top Secret\n";
    std::fs::write(outside.path().join("2026-li.csv"), rows).expect("a file");
    let untouched = tree(outside.path());
    let link = |dir: &Dir, to: &Path, name: &str| {
        let at = dir.path().join(name);
        let _ = std::fs::remove_file(&at);
        let _ = std::fs::remove_dir_all(&at);
        std::fs::create_dir_all(at.parent().expect("a parent")).expect("folders");
        symlink(to, at).expect("a link");
    };
    let never = |out: &Ran, about: &str| {
        assert!(
            !out.stdout.contains("Secret") && !out.stderr.contains("Secret"),
            "{about}\n{}{}",
            out.stdout,
            out.stderr
        );
    };

    // A customer's file.
    let dir = company();
    link(&dir, &secret, "customers/s/secret.toml");
    let out = dir.run(&["list"]);
    answers(&out, 3, "list");
    assert!(out.stdout.contains("Acme") && out.stderr.contains("E006"), "{}{}", out.stdout, out.stderr);
    for args in readers() {
        never(&dir.run(&args), &format!("{args:?}"));
    }
    answers(&dir.run(&["check"]), 1, "check");
    for args in [
        &["customer", "set", "secret", "city=X"][..],
        &["log", "secret", "x"],
        &["customer", "rm", "secret", "-y"],
        &["rename", "secret", "open"],
        &["stage", "secret", "prospect"],
    ] {
        let before = tree(dir.path());
        let out = dir.run(args);
        assert!(matches!(out.code, 3 | 4 | 6), "{args:?}: {} {}{}", out.code, out.stdout, out.stderr);
        never(&out, &format!("{args:?}"));
        assert_eq!(tree(dir.path()), before, "{args:?}");
    }
    let (_keep, editor) = editor("echo x >> \"$1\"\n");
    let out = dir.run_with(&["edit", "secret"], &[("EDITOR", &editor)], "");
    assert_ne!(out.code, 0);
    never(&out, "edit");
    // Of what is in order something can still be said.
    dir.run(&["log", "acme", "second call"]).expect(0);

    // A ledger's folder, a ledger's file, the folder of all ledgers, the customers' folder.
    for name in ["ledgers/activities", "ledgers/activities/2026-li.csv", "ledgers", "customers", "customers/a"] {
        let dir = company();
        let to = if name.ends_with("csv") { outside.path().join("2026-li.csv") } else { outside.path().to_path_buf() };
        link(&dir, &to, name);
        for args in readers() {
            never(&dir.run(&args), &format!("{name}: {args:?}"));
        }
        answers(&dir.run(&["list"]), 3, name);
        answers(&dir.run(&["activity", "list"]), 3, name);
        for args in [
            &["log", "acme", "second call"][..],
            &["customer", "add", "Ant", "--id", "ant"],
            &["fmt"],
            &["check", "--fix"],
        ] {
            never(&dir.run(args), &format!("{name}: {args:?}"));
        }
    }

    // The settings.
    for name in ["kehu.toml", "team.toml"] {
        let dir = company();
        link(&dir, &secret, name);
        for args in [&["list"][..], &["check"], &["team", "add", "x", "X"], &["log", "acme", "x"]] {
            let out = dir.run(args);
            assert_ne!(out.code, 0, "{name}: {args:?}");
            never(&out, &format!("{name}: {args:?}"));
        }
    }

    // This machine's folder and what is in it.
    for name in [
        ".kehu",
        ".kehu/tmp",
        ".kehu/undo",
        ".kehu/undo/00000002",
        ".kehu/lock",
        ".kehu/journal",
        ".kehu/generation",
        ".kehu/journal.new",
        ".kehu/acme.toml",
    ] {
        let dir = company();
        let before = tree(dir.path());
        let folder = matches!(name, ".kehu" | ".kehu/tmp" | ".kehu/undo");
        link(&dir, if folder { outside.path() } else { &secret }, name);
        let out = dir.run(&["log", "acme", "second call"]);
        never(&out, name);
        if out.code != 0 {
            assert!(matches!(out.code, 3 | 6), "{name}: {}{}", out.code, out.stderr);
            assert_eq!(tree(dir.path()), before, "{name}");
        }
        let (_keep, editor) = self::editor("echo '# x' >> \"$1\"\n");
        never(&dir.run_with(&["edit", "acme"], &[("EDITOR", &editor)], ""), name);
    }
    assert_eq!(tree(outside.path()), untouched);
}

#[cfg(unix)]
fn editor(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("editor.sh");
    std::fs::write(&file, text).expect("a script");
    let command = format!("sh {}", file.display());
    (folder, command)
}

#[cfg(unix)]
#[test]
fn links_inside_are_read_and_not_written() {
    use std::os::unix::fs::symlink;
    let dir = company();
    std::fs::create_dir(dir.path().join("archive")).expect("a folder");
    std::fs::rename(dir.path().join("customers/b"), dir.path().join("archive/b")).expect("moved");
    symlink("../archive/b", dir.path().join("customers/b")).expect("a link");
    let out = dir.run(&["list"]).expect(0);
    assert!(out.stdout.contains("Beta"), "{}", out.stdout);
    dir.run(&["show", "beta"]).expect(0);
    dir.run(&["check"]).expect(0);
    for args in [
        &["customer", "set", "beta", "city=X"][..],
        &["log", "beta", "x", "--every", "14d"],
        &["stage", "beta", "prospect", "--override", "--note", "x", "--as", "chen"],
        &["assign", "beta", "--to", "li", "--as", "chen"],
        &["rename", "beta", "gamma"],
        &["customer", "add", "Bob", "--id", "bob"],
    ] {
        refused(&dir, args, 6);
    }
    // The file of the customer is only read here.
    dir.run(&["log", "beta", "a call"]).expect(0);
}

#[test]
fn a_newer_format_is_never_half_read() {
    let dir = company();
    dir.write("kehu.toml", dir.read("kehu.toml").replace("format = 1 ", "format = 2 "));
    // These look at no data, or say themselves what is wrong.
    let apart = ["check", "schema", "cache", "completions", "man", "help", "git", "undo"];
    for args in readers().iter().filter(|a| !apart.contains(&a[0])) {
        let out = refused(&dir, args, 3);
        assert!(out.stdout.is_empty() && out.stderr.contains("E008"), "{args:?}: {}{}", out.stdout, out.stderr);
    }
    for args in [&["log", "acme", "x"][..], &["fmt"], &["team", "add", "x", "X"], &["customer", "rm", "beta", "-y"]] {
        refused(&dir, args, 3);
    }
    let out = dir.run(&["check"]).expect(1);
    assert!(out.stdout.contains("E008"), "{}", out.stdout);
    dir.run(&["check", "--fix"]).expect(1);
}

#[test]
fn no_id_leads_anywhere() {
    let outer = tempfile::tempdir().expect("a temporary folder");
    let from = company();
    let dir = outer.path().join("d");
    copy_tree(from.path(), &dir);
    let absolute = outer.path().join("x").to_string_lossy().into_owned();
    let long = "x".repeat(300);
    let chinese = "客".repeat(70);
    let bad: Vec<&str> = vec![
        "../x",
        "../../x",
        "..",
        ".",
        "/x",
        &absolute,
        "a/b",
        "a\\b",
        ".hidden",
        "con",
        "nul",
        "lpt9.x",
        "Acme2",
        "a\nb",
        "a\u{1b}[2Jb",
        "a\u{202e}b",
        "a\u{200b}b",
        "x.",
        "",
        &long,
        &chinese,
        "e\u{301}",
        "*",
        "$(touch y)",
        "\u{ff0e}\u{ff0e}/x",
    ];
    let before = tree(outer.path());
    let run = |args: &[&str], codes: &[i32]| {
        let mut c = command(&kehu_path(), &dir);
        let has = |flag: &str| args.contains(&flag);
        c.env("KEHU_USER", "li").args(args).args(if has("--today") { [].as_slice() } else { &["--today", TODAY] });
        let out = c.output().expect("kehu runs");
        let (code, err) = (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stderr).into_owned());
        assert!(codes.contains(&code), "{args:?}: exit {code}\n{err}");
        assert!(!err.contains("panicked") && !err.is_empty(), "{args:?}: {err}");
        assert!(!err.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{args:?}: {err:?}");
        assert!(tree(outer.path()) == before, "{args:?}: something changed");
    };
    for id in bad {
        let known = |arg: String| arg;
        run(&["customer", "add", "Some Name", &known(format!("--id={id}"))], &[2]);
        run(&["rename", "--", "acme", id], &[2]);
        run(&["contact", "add", "acme", "Li Na", &known(format!("--id={id}"))], &[2]);
        // Members' ids stand in the middle of file names: dots, capitals and reserved names do no harm there.
        let harmless = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') && !id.is_empty() && id.len() < 64;
        if !harmless {
            run(&["team", "add", "--", id, "Zhou Yi"], &[2]);
        }
        run(&["contact", "set", "acme", "wang", &known(format!("id={id}"))], &[2]);
        run(&["customer", "add", "Some Name", "--id=some", &known(format!("contact.id={id}")), "contact.name=x"], &[2]);
        run(&["team", "set", "--", id, "branch=x"], &[2]);
        run(&["log", "acme", "x", &known(format!("--as={id}"))], &[2]);
        run(&["assign", "acme", &known(format!("--to={id}"))], &[2]);
        run(&["log", "--", id, "note"], &[2, 4]);
        run(&["stage", "--", id, "prospect"], &[2, 4]);
        run(&["close", "--reason", "other", "--", id], &[2, 4]);
        run(&["customer", "rm", "--", id], &[2, 4]);
        run(&["edit", "--", id], &[2, 4]);
        for (noun, verb) in [("task", "done"), ("task", "rm"), ("activity", "rm"), ("row", "rm")] {
            run(&[noun, verb, "--", id], &[2, 4]);
        }
        for noun in ["task", "activity", "row"] {
            run(&[noun, "set", "--", id, "note=x"], &[2, 4]);
        }
        run(&["log", "acme", "x", "--with", &known(id.into())], &[2, 4]);
        run(&["task", "add", "x", "--due", "+3d", "--customer", &known(format!("{id}?"))], &[2, 4]);
        run(&["task", "add", "x", "--due", "+3d", &known(format!("--owner={id}?"))], &[2]);
        run(&["log", "acme", "x", "--deal", &known(format!("{id}?"))], &[2, 4]);
        run(&["customer", "set", "acme", &known(format!("referred_by={id}?"))], &[2, 4]);
        run(&["init", "--template", &known(format!("{id}?"))], &[2]);
    }
}

#[test]
fn no_writer_leaves_a_reference_that_leads_nowhere() {
    let dir = company();
    for args in [
        &["log", "acme", "x", "--deal", "d_none"][..],
        &["log", "acme", "x", "--complaint", "k_none"],
        &["log", "acme", "x", "--with", "nobody"],
        &["customer", "set", "acme", "referred_by=nobody"],
        &["customer", "add", "Novo", "referred_by=nobody"],
        &["task", "add", "x", "--due", "+3d", "--customer", "nobody"],
        &["stage", "nobody", "prospect"],
    ] {
        refused(&dir, args, 4);
    }
    for args in [&["team", "set", "li", "manager=nobody"][..], &["customer", "set", "acme", "owner=nobody"]] {
        refused(&dir, args, 2);
    }
    for args in [&["team", "rm", "li"][..], &["team", "rm", "chen"], &["customer", "rm", "acme", "-y"]] {
        refused(&dir, args, 7);
    }
    dir.run(&["check"]).expect(0);
}

#[test]
fn what_check_calls_mendable_it_mends() {
    let dir = company();
    let file = "customers/b/beta.toml";
    dir.write(file, format!("{}address = \"a\\nb\"\n", dir.read(file)));
    let found = dir.run(&["check", "--json"]).expect(0).stdout;
    let fixable = |text: &str| text.contains("\"fixable\": true") || text.contains("\"fixable\":true");
    assert!(found.contains("E030") && !fixable(&found), "{found}");
    let rows = "ledgers/activities/2026-li.csv";
    dir.write(rows, dir.read(rows).replace("first call", "\"first\ncall\""));
    assert!(fixable(&dir.run(&["check", "--json"]).expect(0).stdout));
    dir.run(&["check", "--fix"]).expect(0);
    assert!(!fixable(&dir.run(&["check", "--json"]).expect(0).stdout));
}

#[test]
fn nothing_in_data_reaches_a_terminal_raw() {
    let dir = company();
    let evil = "Ev\u{1b}[31mil\u{202e}live\u{2066}\u{9b}2J\u{7}\u{200b}";
    let quoted = "Ev\\u001b[31mil\\u202elive\\u2066\\u009b2J\\u0007\\u200b";
    let text = dir
        .read("customers/b/beta.toml")
        .replace("name = \"Beta\"", &format!("name = \"{quoted}\"\naliases = [\"{quoted}\"]\nnote = \"{quoted}\""));
    let text = text.replace("owner = \"wu\"", "owner = \"li\"");
    dir.write(
        "customers/b/beta.toml",
        format!("{text}\n[[contacts]]\nid = \"x\"\nname = \"{quoted}\"\ntitle = \"{quoted}\"\n"),
    );
    let file = "ledgers/activities/2026-li.csv";
    dir.write(file, dir.read(file).replace("first call", &format!("\"{evil}\"")));
    let tasks = "ledgers/tasks/2026-li.csv";
    dir.write(tasks, dir.read(tasks).replace("call back", &format!("\"{evil}\"")));
    dir.write("customers/e/evil\u{202e}\u{1b}[31m.toml", "name = \"x\"\n");
    dir.write("team.toml", dir.read("team.toml").replace("Wu Min", quoted));
    let mut all: Vec<Vec<&str>> = readers();
    for more in [
        &["show", "beta"][..],
        &["brief", "beta"],
        &["show", "acme"],
        &["history", "beta"],
        &["who", "Ev"],
        &["list", "owner:li", "--columns", "id,name,aliases,note,contacts"],
        &["log", "beta", "x", "-n"],
        &["customer", "set", "beta", "city=X", "-n"],
        &["customer", "set", "beta", "city=\u{1b}[31m\u{202e}", "-n"],
        &["log", "be\u{1b}[31m\u{202e}", "x"],
        &["list", "na\u{1b}[31m\u{202e}:x"],
        &["list", "-p", "\u{1b}[31m\u{202e}"],
        &["list", "--sort", "\u{1b}[31m\u{202e}"],
        &["fr\u{1b}[31m\u{202e}ob"],
        &["assign", "beta", "--to", "wu", "-n", "--as", "chen"],
    ] {
        all.push(more.to_vec());
    }
    for args in all {
        for format in ["table", "md", "html"] {
            let out = dir.run(&[&args[..], &["-f", format]].concat());
            let raw = |t: &str| {
                t.chars().find(|c| {
                    (c.is_control() && !matches!(c, '\n' | '\t'))
                        || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                })
            };
            assert_eq!(raw(&out.stdout), None, "{args:?} -f {format}: {:?}", out.stdout);
            assert_eq!(raw(&out.stderr), None, "{args:?} -f {format}: {:?}", out.stderr);
            assert!(out.code >= 0 && !out.stderr.contains("panicked"), "{args:?}: {}", out.stderr);
        }
    }
    // What is written says it, and puts nothing raw on the screen.
    for args in
        [&["customer", "add", evil, "--id", "evil"][..], &["log", "acme", evil], &["task", "add", evil, "--due", "+3d"]]
    {
        let out = dir.run(args);
        assert!(
            !out.stdout.contains(['\u{1b}', '\u{202e}']) && !out.stderr.contains(['\u{1b}', '\u{202e}']),
            "{args:?}"
        );
    }
}

/// Texts that a cell or key may hold, and that a terminal, a browser or a spreadsheet must not act upon.
const HOSTILE: &str = "=1+1|'x' <script>alert(1)</script> \u{200b}`touch y` $(touch y) **b** [l](javascript:x)";

/// Columns in which people write what they like.
fn is_free(column: &str) -> bool {
    matches!(
        column,
        "note"
            | "text"
            | "title"
            | "name"
            | "cause"
            | "solution"
            | "action"
            | "category"
            | "unit"
            | "campaign"
            | "phone"
    )
}

/// Puts a text into every free column of every ledger, and into the names, notes and other words of customers, contacts and
/// members.
fn spoil(dir: &Dir, text: &str) {
    for (file, bytes) in dir.files() {
        let old = String::from_utf8(bytes).expect("UTF-8");
        if file.starts_with("ledgers/") {
            let mut reader = csv::Reader::from_reader(old.as_bytes());
            let heads = reader.headers().expect("heads").clone();
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&heads).expect("written");
            for row in reader.records().map(|r| r.expect("a row")) {
                // The competitor of an event, a refund's reason and the like are free too, but lists of kehu.toml name some.
                let is_free =
                    |head: &str| is_free(head) && (head != "category" || !file.starts_with("ledgers/complaints/"));
                let cells = heads.iter().zip(&row).map(|(head, cell)| if is_free(head) { text } else { cell });
                writer.write_record(cells).expect("written");
            }
            dir.write(&file, writer.into_inner().expect("bytes"));
        } else if file.ends_with(".toml") && file != "kehu.toml" {
            let quoted = format!("{:?}", text.replace('\u{200b}', "ZW")).replace("ZW", "\\u200b");
            let line = |l: &str| match l.split_once(" = \"") {
                Some((key @ ("name" | "city" | "note" | "title" | "source" | "campaign" | "industry"), _)) => {
                    format!("{key} = {quoted}\n")
                }
                _ => format!("{l}\n"),
            };
            dir.write(&file, old.lines().map(line).collect::<String>());
        }
    }
}

#[test]
fn hostile_words_in_data_stop_no_command_and_stay_words() {
    let spoiled = every::company();
    spoil(&spoiled, HOSTILE);
    let found = spoiled.run(&["check"]);
    assert_eq!(found.code, 0, "{}", found.stdout);
    let files = spoiled.files();
    for call in every::calls() {
        for format in ["table", "md", "html", "csv", "json"] {
            let dir = Dir::empty();
            files.iter().for_each(|(name, bytes)| dir.write(name, bytes));
            let args: Vec<&str> = call.words.iter().copied().chain(["-f", format]).collect();
            let out = dir.run_with(&args, &[every::EDITOR], "");
            answers(&out, 0, &format!("{args:?}"));
            let shown = &out.stdout;
            let people = !matches!(format, "csv" | "json");
            assert!(!(people && shown.contains('\u{200b}')), "{args:?}: {shown:?}");
            assert!(
                call.writes || call.one_form || !(format == "html" && shown.contains("<script>alert")),
                "{args:?}: {shown}"
            );
            if format == "json" && !call.writes && !call.one_form {
                serde_json::from_str::<serde_json::Value>(shown).unwrap_or_else(|e| panic!("{args:?}: {e}\n{shown}"));
            }
        }
    }
}

#[test]
fn control_characters_in_data_reach_no_terminal_by_any_command() {
    let spoiled = every::company();
    spoil(&spoiled, "Ev\u{202e}live");
    for (file, bytes) in spoiled.files().into_iter().filter(|(f, _)| f.starts_with("ledgers/")) {
        let text =
            String::from_utf8(bytes).expect("UTF-8").replace("Ev\u{202e}live", "\"Ev\u{1b}[31mil\u{9b}2J\u{7}\"");
        spoiled.write(&file, text);
    }
    let files = spoiled.files();
    for call in every::calls() {
        for format in ["table", "md", "html"] {
            let dir = Dir::empty();
            files.iter().for_each(|(name, bytes)| dir.write(name, bytes));
            let args: Vec<&str> = call.words.iter().copied().chain(["-f", format]).collect();
            let out = dir.run_with(&args, &[every::EDITOR], "");
            assert!(out.code >= 0 && !out.stderr.contains("panicked"), "{args:?}: {}", out.stderr);
            for shown in [&out.stdout, &out.stderr] {
                let raw = shown.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t') || *c == '\u{202e}');
                assert_eq!(raw, None, "{args:?} -f {format}: {shown:?}");
            }
        }
    }
}

#[test]
fn broken_files_are_found_and_the_rest_is_read() {
    let row = |note: &str| format!("a_000000000001,2026-05-05,acme,,li,call,,,,,,,,{note}\n");
    let deep = |open: &str, n: usize| open.repeat(n);
    let head = "name = \"B\"\ncreated = 2026-05-04\nstage = \"lead\"\n";
    let mut cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("customers/b/bad.toml", "E001", b"name = \"\xff\xfe\"\n".to_vec()),
        ("customers/b/bad.toml", "E002", b"name = \"a\0b\"\n".to_vec()),
        (
            "customers/b/bad.toml",
            "E003",
            b"<<<<<<< ours\nname = \"a\"\n=======\nname = \"b\"\n>>>>>>> theirs\n".to_vec(),
        ),
        ("customers/b/bad.toml", "E004", format!("{head}note = \"{}\"\n", "x".repeat(5 << 20)).into_bytes()),
        ("customers/b/bad.toml", "E005", b"name = \n".to_vec()),
        ("customers/b/bad.toml", "E005", format!("{head}note = {}", deep("[", 10_000)).into_bytes()),
        (
            "customers/b/bad.toml",
            "E005",
            format!("{head}note = {}{}\n", deep("[", 10_000), deep("]", 10_000)).into_bytes(),
        ),
        (
            "customers/b/bad.toml",
            "E005",
            format!("{head}note = {}1{}\n", deep("{a=", 10_000), deep("}", 10_000)).into_bytes(),
        ),
        ("customers/b/bad.toml", "E0", format!("{head}{}a = 1\n", deep("a.", 10_000)).into_bytes()),
        ("customers/b/bad.toml", "E0", format!("{head}[{}a]\nb = 1\n", deep("a.", 10_000)).into_bytes()),
        ("customers/b/bad.toml", "E0", format!("{head}[[{}a]]\nb = 1\n", deep("a.", 10_000)).into_bytes()),
        ("customers/b/bad.toml", "E026", format!("{head}credit_limit = 12345678901234567890123456789\n").into_bytes()),
        ("customers/b/bad.toml", "E0", format!("{head}credit_limit = 1e400\n").into_bytes()),
        ("customers/b/bad.toml", "E0", format!("{head}credit_limit = nan\n").into_bytes()),
        ("customers/b/bad.toml", "E011", Vec::new()),
        ("ledgers/activities/bad.csv", "E001", b"id,at\n\xff".to_vec()),
        ("ledgers/activities/bad.csv", "E002", b"id,at\n\0".to_vec()),
        ("ledgers/activities/bad.csv", "E003", b"<<<<<<< ours\nid\n=======\nid\n>>>>>>> theirs\n".to_vec()),
        ("ledgers/activities/bad.csv", "E020", row("\"open").into_bytes()),
        ("ledgers/activities/bad.csv", "E022", row("a,b,c").into_bytes()),
        ("ledgers/activities/bad.csv", "E016", Vec::new()),
        ("ledgers/activities/bad.csv", "E015", b"id,id\n".to_vec()),
        ("ledgers/activities/bad.csv", "E013", b"id,at,customer,by,channel,wat\n".to_vec()),
        ("ledgers/activities/bad.csv", "E041", row("x").replace("a_000000000001", "../x").into_bytes()),
        ("ledgers/activities/bad.csv", "E025", row("x").replace("2026-05-05", "2026-02-30").into_bytes()),
    ];
    // With its header, where the row is the bad one.
    let header = "id,at,customer,contact,by,channel,purpose,direction,outcome,signal,next,deal,complaint,note\n";
    for (file, code, bytes) in &mut cases {
        if file.starts_with("ledgers") && bytes.starts_with(b"a_0") || bytes.starts_with(b"../x") {
            let _ = code;
            *bytes = [header.as_bytes(), bytes].concat();
        }
    }
    for (file, code, bytes) in &cases {
        let dir = company();
        dir.write(file, bytes);
        let about = format!("{file} {code} {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
        let before = tree(dir.path());
        let is_customer = file.starts_with("customers");
        let view: &[&str] = if is_customer { &["list"] } else { &["activity", "list"] };
        let out = dir.run(view);
        answers(&out, 3, &about);
        assert!(out.stdout.contains(if is_customer { "Acme" } else { "first call" }), "{about}: {}", out.stdout);
        assert!(out.stderr.contains(code), "{about}: {}", out.stderr);
        assert!(out.stderr.len() < 20_000 && out.stdout.len() < 20_000, "{about}: {} bytes", out.stderr.len());
        let strict = dir.run(&[view, &["--strict"]].concat());
        answers(&strict, 3, &about);
        assert!(strict.stdout.is_empty(), "{about}: {}", strict.stdout);
        let found = dir.run(&["check", "--json"]);
        answers(&found, 1, &about);
        assert!(
            found.stdout.contains(code) && serde_json::from_str::<serde_json::Value>(&found.stdout).is_ok(),
            "{about}"
        );
        if is_customer {
            let out = dir.run(&["customer", "set", "bad", "city=X"]);
            assert!(matches!(out.code, 3 | 4), "{about}: {} {}", out.code, out.stderr);
            assert!(tree(dir.path()) == before, "{about}: something changed");
        }
        if *code == "E003" {
            let out = dir.run(&["check", "--fix"]);
            answers(&out, 1, &about);
            assert!(tree(dir.path()) == before, "{about}: something changed");
        }
        let out = dir.run(&["fmt"]);
        assert!(matches!(out.code, 0 | 3), "{about}: {} {}", out.code, out.stderr);
        assert_eq!(
            std::fs::read(dir.path().join(file)).expect("the file"),
            *bytes,
            "{about}: fmt touched what it cannot read"
        );
        // Other files are written as ever.
        dir.run(&["log", "acme", "second call"]).expect(0);
        dir.run(&["customer", "set", "acme", "city=Suzhou"]).expect(0);
        assert_eq!(std::fs::read(dir.path().join(file)).expect("the file"), *bytes, "{about}");
    }
    // The settings: all but check stops.
    for file in ["kehu.toml", "team.toml"] {
        for text in [
            deep("[", 10_000),
            format!("x = {}", deep("[", 10_000)),
            "<<<<<<< a\n".into(),
            "\0".into(),
            format!("{}a = 1", deep("a.", 10_000)),
        ] {
            let dir = company();
            dir.write(file, &text);
            refused(&dir, &["list"], 3);
            refused(&dir, &["log", "acme", "x"], 3);
            answers(&dir.run(&["check"]), 1, file);
            answers(&dir.run(&["check", "--json"]), 1, file);
        }
    }
}

#[test]
fn big_things_end_with_a_message() {
    let dir = company();
    let file = "ledgers/activities/2026-li.csv";
    // Just below the limit of a cell, and far above it.
    let text = dir.read(file);
    let with = |n: usize| text.replace("first call", &format!("\"{}\"", "客,\"\"x".repeat(n)));
    dir.write(file, with(9000));
    dir.run(&["check"]).expect(0);
    for format in FORMATS {
        dir.run(&["activity", "list", "-f", format]).expect(0);
    }
    dir.run(&["log", "acme", "small"]).expect(0);
    dir.write(file, with(1 << 17));
    for format in FORMATS {
        let out = dir.run(&["activity", "list", "-f", format]);
        answers(&out, 3, format);
        assert!(out.stderr.contains("E004") && out.stderr.len() < 10_000, "{}", out.stderr);
    }
    answers(&dir.run(&["check"]), 1, "check");
    dir.run(&["log", "acme", "small"]).expect(0);
    dir.write(file, with(1));
    for value in ["long, ".repeat(15_000), "\"".repeat(60_000)] {
        let out = refused(&dir, &["log", "acme", &value], 2);
        assert!(out.stderr.contains("65536") && out.stderr.len() < 2000, "{}", out.stderr);
    }
    dir.run(&["log", "acme", &"long, \"note\" ".repeat(4000)]).expect(0);
    dir.run(&["check"]).expect(0);
    // A file beyond all limits is not even read; this one has holes only.
    let huge = std::fs::File::create(dir.path().join("ledgers/activities/huge.csv")).expect("a file");
    huge.set_len((1 << 30) + 1).expect("a hole");
    let out = dir.run(&["activity", "list", "--limit", "1"]);
    answers(&out, 3, "a huge ledger");
    assert!(out.stderr.contains("E004"), "{}", out.stderr);
    let huge = std::fs::File::create(dir.path().join("customers/huge.toml")).expect("a file");
    huge.set_len(1 << 36).expect("a hole");
    let out = dir.run(&["list"]);
    answers(&out, 3, "a huge customer");
    assert!(out.stderr.contains("E004") && out.stdout.contains("Acme"), "{}", out.stderr);
}

#[test]
fn numbers_have_28_digits() {
    let dir = company();
    let max = "9".repeat(28);
    let more = "9".repeat(29);
    dir.run(&["customer", "set", "acme", &format!("credit_limit={max}")]).expect(0);
    assert!(dir.read("customers/a/acme.toml").contains(&max));
    for bad in [&more, "1e5", "0x10", "١٢", "--1", "1,000", "NaN", "inf", "1.2.3", "9999999999999999999999999999.1"] {
        refused(&dir, &["customer", "set", "acme", &format!("credit_limit={bad}")], 2);
    }
    let columns = "id,line,at,customer,product,quantity,price,amount,by\n";
    dir.write("ledgers/orders/x.csv", format!("{columns}o_1,1,2026-05-05,acme,,2,{max},,li\n"));
    for args in
        [&["show", "acme"][..], &["list", "--columns", "id,revenue"], &["export", "orders"], &["today", "--team"]]
    {
        let out = dir.run(args);
        assert!(out.code >= 0 && !out.stderr.contains("panicked"), "{args:?}: {}", out.stderr);
    }
    dir.write("ledgers/orders/x.csv", format!("{columns}o_1,1,2026-05-05,acme,,2,{more},,li\n"));
    let out = dir.run(&["export", "orders"]);
    answers(&out, 3, "29 digits");
    assert!(out.stderr.contains("E026"), "{}", out.stderr);
    // Nor has a span, a limit or a date room for everything.
    for args in [
        &["log", "acme", "x", "--every", "99999999999999999999d"][..],
        &["log", "acme", "x", "--every", "999999999m"],
        &["log", "acme", "x", "--next", "+999999999999d"],
        &["log", "acme", "x", "--next", "99999-01-01"],
        &["list", "--limit", "99999999999999999999999"],
        &["list", "-p", "999999999d"],
        &["list", "-p", "0000"],
        &["task", "add", "x", "--due", "+99999999999999999999w"],
    ] {
        refused(&dir, args, 2);
    }
}

#[cfg(unix)]
#[test]
fn nothing_in_a_data_directory_is_executed() {
    use std::os::unix::fs::PermissionsExt;
    let dir = company();
    let marker = tempfile::tempdir().expect("a temporary folder");
    let trap = format!("#!/bin/sh\necho \"$0\" >> {}/sprung\ncat\n", marker.path().display());
    let git =
        |args: &[&str]| command(Path::new("git"), dir.path()).args(args).output().is_ok_and(|o| o.status.success());
    let has_git = git(&["init", "-q"])
        && git(&["add", "-A"])
        && git(&["-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "-qm", "x"]);
    for name in [
        "git",
        "vi",
        "sh",
        "less",
        "kehu-frob",
        "kehu-x/frob",
        "frob",
        "evil",
        ".git/hooks/pre-commit",
        ".kehu/evil",
        "playbooks/evil",
    ] {
        dir.write(name, &trap);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(dir.path().join(name), mode).expect("a mode");
    }
    if has_git {
        let evil = dir.path().join("evil").to_string_lossy().into_owned();
        for key in [
            "core.fsmonitor",
            "core.pager",
            "core.editor",
            "diff.external",
            "diff.kehu.textconv",
            "diff.kehu.command",
            "filter.kehu.clean",
            "filter.kehu.process",
            "core.sshCommand",
            "alias.config",
            "core.hooksPath",
        ] {
            let value = if key == "core.hooksPath" {
                dir.path().join(".git/hooks").to_string_lossy().into_owned()
            } else {
                evil.clone()
            };
            assert!(git(&["config", key, &value]), "{key}");
        }
        dir.write(".gitattributes", "*.csv diff=kehu filter=kehu\n*.toml diff=kehu filter=kehu\n");
        dir.write("customers/b/beta.toml", format!("{}# changed\n", dir.read("customers/b/beta.toml")));
        // git itself may have run them by now.
        let _ = std::fs::remove_file(marker.path().join("sprung"));
    }
    let (_keep, editor) = editor("echo '# x' >> \"$1\"\n");
    let reading = readers();
    let mut all: Vec<&[&str]> = reading.iter().map(Vec::as_slice).collect();
    all.extend([
        &["check", "--changed-since", "HEAD"][..],
        &["check", "--changed-since", "--output=x"],
        &["check", "--fix"],
        &["fmt"],
        &["log", "acme", "x"],
        &["edit", "acme"],
        &["frob"],
        &["x/frob"],
        &["../evil"],
        &["completions", "bash"],
        &["man"],
        &["init", "sub"],
    ]);
    for args in all {
        let out = dir.run_with(args, &[("EDITOR", &editor)], "");
        assert!(out.code >= 0 && !out.stderr.contains("panicked"), "{args:?}: {}", out.stderr);
        let sprung = std::fs::read_to_string(marker.path().join("sprung")).unwrap_or_default();
        assert_eq!(sprung, "", "{args:?}");
    }
    // Who is nobody by flag or variable is asked of git.
    let mut c = dir.prepare(&["log", "acme", "x"]);
    assert_eq!(c.env_remove("KEHU_USER").output().expect("kehu runs").status.code(), Some(2));
    assert!(!marker.path().join("sprung").exists());
}

#[test]
fn a_strangers_journal_is_kept_and_harmless() {
    for text in [
        "",
        "kehu-journal 1 \n",
        "kehu-journal 2 x\n{}\n",
        "\0\0\0\0",
        "kehu-journal 1 4c0cb5c27ee2c28b3c9ea2d1ac36a5e0ea8d5a5c2b1d9b1de3bd1aaf5b1f0d53\n{\"entries\":[]}\n",
    ] {
        let dir = company();
        dir.write(".kehu/journal", text);
        refused(&dir, &["log", "acme", "x"], 3);
        refused(&dir, &["list"], 3);
        let out = dir.run(&["check"]).expect(1);
        assert!(out.stdout.contains("E081"), "{}", out.stdout);
        assert_eq!(dir.read(".kehu/journal"), text);
    }
    let deep = format!("{}\n", "[".repeat(100_000));
    let dir = company();
    // A right sum over nonsense.
    let sum = {
        use sha2::Digest;
        sha2::Sha256::digest(deep.as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    dir.write(".kehu/journal", format!("kehu-journal 1 {sum}\n{deep}"));
    refused(&dir, &["log", "acme", "x"], 3);
}

#[test]
fn sums_of_more_than_28_digits_are_unknown_and_stop_nothing() {
    let dir = company();
    let large = format!("7{}", "0".repeat(27));
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,unit,price,cost,tax_rate,status\np,2026-01-01,P,c,pcs,1,1,0,active\n",
    );
    dir.run(&["customer", "set", "acme", &format!("credit_limit={large}")]).expect(0);
    let company = |order: &str, receipt: &str, method: &str| {
        let mut orders = String::from("id,line,at,customer,product,quantity,amount,tax,promised,by\n");
        let mut receipts = String::from("id,line,at,customer,amount,method,by,matures\n");
        for n in 10..36 {
            let day = 10 + n % 9;
            orders += &format!("SO-{n},1,2026-05-{day},acme,p,1,{order},0,2026-05-20,li\n");
            orders += &format!("SO-1,{n},2026-05-10,acme,p,1,{order},0,,li\n");
            receipts += &format!("r_0000000000{n},1,2026-05-{day},acme,{receipt},{method},li,2029-01-01\n");
        }
        dir.write("ledgers/orders/2026-li.csv", orders);
        dir.write("ledgers/receipts/2026-li.csv", receipts);
    };
    let ask = |what: &str| {
        for args in [
            "check",
            "report receivables --explain",
            "report receivables --total",
            "report profit --by order --total",
            "report profit --by customer --per month",
            "report products --explain",
            "report orders --total",
            "report orders --per month",
            "report delivery",
            "report grades",
            "list --columns id,outstanding,overdue,credit,revenue,value_at_risk,payment_days,late_days,credit_used --total",
            "list --columns id,outstanding,overdue,credit,payment_days,growth,credit_used --explain",
            "list receipts --total",
            "list orders --per month",
            "show acme --explain",
            "brief acme",
            "today",
            "today --team",
            "grade --explain acme",
            "quote try acme p:1",
            "order add acme p:1 --dry-run",
            "receipt add acme 5 --dry-run",
            "refund add acme 5 --kind overpayment --dry-run",
        ] {
            let args: Vec<&str> = args.split(' ').collect();
            let out = dir.run(&args);
            assert!((0..=7).contains(&out.code), "{what}, {args:?}: {}\n{}", out.code, out.stderr);
        }
    };
    company(&large, "1", "transfer");
    ask("large orders");
    let row = dir.run(&["report", "receivables", "--columns", "customer,outstanding", "-f", "csv"]).expect(0).stdout;
    assert_eq!(row, "customer,outstanding\nacme,\n");
    let refused = dir.run(&["receipt", "add", "acme", "5", "--lang", "en"]).expect(3);
    assert!(refused.stderr.contains("28 digits") && refused.stderr.contains("receipt list"), "{}", refused.stderr);
    company("1", &large, "transfer");
    ask("large receipts");
    company("1", &large, "acceptance");
    ask("large bills");
    company(&large, &large, "acceptance");
    ask("both");
}

/// A repository may ship links of the names that temporaries would have, and maps that read other files.
#[cfg(unix)]
#[test]
fn what_a_directory_ships_decides_no_file_that_is_written_or_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = company();
    let outside = tempfile::tempdir().expect("a temporary folder");
    let victim = outside.path().join("victim");
    std::fs::write(&victim, "mine").expect("a file");
    let target = dir.path().join("ageing.csv");
    std::fs::write(&target, "old").expect("a file");
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    // Every number that a process of this test can have.
    let own = std::process::id();
    for n in own..own + 3000 {
        symlink(&victim, dir.path().join(format!(".ageing.csv.{n}.tmp"))).expect("a link");
    }
    dir.run(&["list", "-o", "ageing.csv"]).expect(0);
    assert_eq!(std::fs::read_to_string(&victim).expect("a file"), "mine");
    assert!(std::fs::read_to_string(&target).expect("a file").starts_with("id,"));
    assert_eq!(std::fs::metadata(&target).expect("a file").permissions().mode() & 0o777, 0o600);
    // A link of the name itself is replaced, not followed.
    symlink(&victim, dir.path().join("linked.csv")).expect("a link");
    dir.run(&["list", "-o", "linked.csv"]).expect(0);
    assert_eq!(std::fs::read_to_string(&victim).expect("a file"), "mine");

    std::fs::write(outside.path().join("secret.csv"), "id,name\n1,Secret\n").expect("a file");
    symlink(outside.path().join("secret.csv"), dir.path().join("link.csv")).expect("a link");
    dir.write("customers.csv", "id,name\nnovo,1\n");
    let up = format!("../{}/secret.csv", outside.path().file_name().expect("a name").to_string_lossy());
    let whole = outside.path().join("secret.csv").to_string_lossy().into_owned();
    for (file, code) in [(up.as_str(), 7), (&whole, 7), ("link.csv", 7), ("near.csv", 0)] {
        dir.write("near.csv", "id,name\n1,Near\n");
        let map = format!(
            "into = \"customers\"\n[columns]\nid = \"id\"\nname = \"s.name\"\n[lookup.s]\nfile = \"{file}\"\nkey = \"id\"\nmatch = \"{{name}}\"\n"
        );
        dir.write("map.toml", &map);
        let run = |map: &str| dir.run(&["import", "customers.csv", "--map", map, "-n"]);
        let out = run("map.toml");
        assert_eq!(out.code, code, "{file}: {}{}", out.stdout, out.stderr);
        assert!(code == 0 || !format!("{}{}", out.stdout, out.stderr).contains("Secret"), "{file}");
        let own = outside.path().join("map.toml");
        std::fs::write(&own, &map).expect("a file");
        run(&own.to_string_lossy()).expect(0);
    }
}

/// What `check` would find in the text is found before it is written, and what was written is kept.
#[cfg(unix)]
#[test]
fn an_edit_that_names_nobody_is_not_written() {
    let check = |from: &str, to: &str, found: &str| {
        let dir = company();
        let before = dir.files();
        let (_keep, editor) = self::editor(&format!("sed -i 's|{from}|{to}|' \"$1\"\n"));
        let out = dir.run_with(&["edit", "acme"], &[("EDITOR", &editor)], "").expect(3);
        assert!(out.stderr.contains("E044") && out.stderr.contains(found), "{}", out.stderr);
        assert_eq!(dir.files(), before, "{to}");
        assert!(dir.read(".kehu/acme.toml").contains(found), "{to}");
    };
    check("owner = .*", "owner = \"nobody\"", "nobody");
    check("^name = .*", "&\\nreferred_by = \"nobody\"", "nobody");
    check("^name = .*", "&\\npool = \"ocean\"", "ocean");
}
