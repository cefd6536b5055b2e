//! `kehu undo`: what a command changed is taken back, byte for byte, and made again.

use super::faults::in_parallel;
use super::support::every::{EDITOR, calls, company};
use super::support::{Dir, Ran, start, tree};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

type Tree = Vec<(String, Vec<u8>)>;

/// The files in which two trees differ.
fn touched(a: &Tree, b: &Tree) -> Vec<String> {
    let both: BTreeSet<&(String, Vec<u8>)> = a.iter().chain(b).collect();
    let differs = |e: &&&(String, Vec<u8>)| !a.contains(e) || !b.contains(e);
    let names: BTreeSet<String> = both.iter().filter(differs).map(|(name, _)| name.clone()).collect();
    names.into_iter().filter(|name| !name.ends_with('/')).collect()
}

/// Fails the test where two trees differ, folders included.
#[track_caller]
fn same(a: &Tree, b: &Tree, what: &str) {
    assert!(a == b, "{what}: {:?}", touched(a, b));
}

fn files_of(tree: &Tree) -> Tree {
    tree.iter().filter(|(name, _)| !name.ends_with('/')).cloned().collect()
}

fn undo(dir: &Dir, args: &[&str], code: i32) -> Ran {
    dir.run(&[&["undo"], args].concat()).expect(code)
}

/// An editor that changes what it is given.
fn editor(dir: &Dir) -> String {
    let script = dir.path().join(".kehu/editor.sh");
    std::fs::write(&script, "sed 's/^name = \"/name = \"New /' \"$1\" > \"$1.new\" && mv \"$1.new\" \"$1\"\n")
        .expect("a script");
    format!("sh {}", script.display())
}

/// Makes no change that goes through the change set.
const OUTSIDE: [&str; 3] = ["init", "demo", "merge-driver"];

fn taken_back(words: &[&'static str]) {
    let what = words.join(" ");
    let dir = company();
    let before = tree(dir.path());
    let env = if words[0] == "edit" { ("EDITOR", editor(&dir)) } else { (EDITOR.0, EDITOR.1.to_string()) };
    dir.run_with(words, &[(env.0, &env.1)], "").expect(0);
    let after = tree(dir.path());
    let files = touched(&before, &after);
    assert!(!files.is_empty(), "{what}");
    // It says what it would do, and does nothing.
    let shown = undo(&dir, &["-n"], 0);
    let named = shown.stderr.contains(&format!("`kehu {}", words[0]));
    assert!(named && files.iter().all(|f| shown.stdout.contains(f)), "{what}: {}{}", shown.stdout, shown.stderr);
    same(&tree(dir.path()), &after, &what);
    // Whoever changed one of the files since keeps what was written.
    for file in &files {
        let path = dir.path().join(file);
        let text = std::fs::read(&path).ok();
        dir.write(file, [text.as_deref().unwrap_or_default(), b"# mine\n"].concat());
        let edited = tree(dir.path());
        let said = undo(&dir, &[], 5).stderr;
        assert!(said.contains(file) && said.contains("nothing was written"), "{what}: {said}");
        same(&tree(dir.path()), &edited, &what);
        match text {
            Some(text) => dir.write(file, text),
            None => std::fs::remove_file(path).expect("removed"),
        }
    }
    let said = undo(&dir, &[], 0);
    assert_eq!(said.stdout.lines().count(), files.len(), "{what}: {}", said.stdout);
    same(&tree(dir.path()), &before, &what);
    undo(&dir, &[], 0);
    // But for a folder that the command left empty.
    same(&dir.files(), &files_of(&after), &format!("{what}, again"));
    undo(&dir, &[], 0);
    same(&tree(dir.path()), &before, &format!("{what}, and back"));
}

#[test]
fn every_command_is_taken_back_byte_for_byte_and_made_again() {
    let calls: Vec<_> = calls().into_iter().filter(|c| c.writes && !OUTSIDE.contains(&c.words[0])).collect();
    assert!(calls.len() > 60, "{}", calls.len());
    in_parallel(calls.len(), |n| taken_back(&calls[n].words));
}

#[test]
fn the_last_command_goes_first() {
    let dir = start::make("small");
    let start = dir.files();
    for text in ["one", "two", "three"] {
        dir.run(&["log", "acme", text]).expect(0);
    }
    let commands = |dir: &Dir| {
        let list: Vec<serde_json::Value> =
            serde_json::from_str(&undo(dir, &["--list", "--json"], 0).stdout).expect("JSON");
        list.iter().map(|row| row["command"].as_str().expect("a text").to_string()).collect::<Vec<_>>()
    };
    let log = |text: &str| format!("kehu log acme {text} --today 2026-06-30");
    assert_eq!(commands(&dir), [log("three"), log("two"), log("one")]);
    let text = |dir: &Dir| dir.read("ledgers/activities/2026-li.csv");
    undo(&dir, &[], 0);
    assert!(text(&dir).contains(",two\n") && !text(&dir).contains(",three\n"));
    // The undo is a command too.
    assert_eq!(commands(&dir)[0], format!("kehu undo --today 2026-06-30  # {}", log("three")));
    undo(&dir, &["--last", "3"], 0);
    assert!(text(&dir).contains(",one\n") && !text(&dir).contains(",two\n"));
    undo(&dir, &["--last", "5"], 0);
    assert_eq!(dir.files(), start);
    undo(&dir, &[], 0);
    assert!(text(&dir).contains(",one\n") && !text(&dir).contains(",two\n"));
    let said = undo(&dir, &["--last", "21"], 2).stderr;
    assert!(said.contains("keeps 7 commands") && said.contains("--list"), "{said}");
    undo(&dir, &["--last", "0"], 2);
    undo(&dir, &["--last", "1", "--list"], 2);
}

#[test]
fn a_command_of_several_changes_is_one() {
    let dir = company();
    let before = tree(dir.path());
    dir.run(&["task", "set", "t_1000000acme1", "state=done", "note=x"]).expect(0);
    let files = touched(&before, &tree(dir.path()));
    assert_eq!(files, ["ledgers/events/2026-li.csv", "ledgers/tasks/2026-li.csv"]);
    undo(&dir, &[], 0);
    same(&tree(dir.path()), &before, "");
}

#[test]
fn what_changes_nothing_is_not_kept() {
    let dir = start::make("small");
    for args in [&["list"][..], &["check"], &["log", "acme", "x", "-n"], &["export", "customers"], &["cache", "clear"]]
    {
        dir.run(args).expect(0);
    }
    dir.run(&["log", "nobody-of-that-name", "x"]).expect(4);
    assert_eq!(undo(&dir, &["--list", "--json"], 0).stdout.trim(), "[]");
    for (lang, word) in [("en", "nothing to undo"), ("zh-CN", "没有可撤销的")] {
        let said = undo(&dir, &["--lang", lang], 0);
        assert!(
            said.stdout.is_empty() && said.stderr.contains(word) && said.stderr.contains("kehu demo"),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn what_was_refused_leaves_a_request_that_is_taken_back() {
    let dir = company();
    let before = tree(dir.path());
    let out = dir.run(&["order", "add", "acme", "p10:1@1", "--override", "--note", "by phone"]).expect(7);
    assert!(out.stderr.contains("filed the request"), "{}", out.stderr);
    assert!(tree(dir.path()) != before);
    undo(&dir, &[], 0);
    same(&tree(dir.path()), &before, "");
}

#[test]
fn what_was_wrong_before_comes_back_and_is_told() {
    let dir = start::make("small");
    let file = "customers/a/acme.toml";
    let good = dir.read(file);
    let (gbk, _, _) = encoding(&good.replacen("name = \"", "name = \"客户", 1));
    dir.write(file, &gbk);
    dir.run(&["fmt", "--from", "gb18030", file]).expect(0);
    dir.run(&["check"]).expect(0);
    let said = undo(&dir, &[], 0).stderr;
    assert!(said.contains("kehu check"), "{said}");
    assert_eq!(std::fs::read(dir.path().join(file)).expect("a file"), gbk);
    dir.run(&["check"]).expect(1);
}

/// A text in GB18030, in which the three characters that are used here stand.
fn encoding(text: &str) -> (Vec<u8>, (), ()) {
    let mut out = Vec::new();
    for c in text.chars() {
        match c {
            '客' => out.extend(*b"\xbf\xcd"),
            '户' => out.extend(*b"\xbb\xa7"),
            c => out.push(u8::try_from(c).expect("plain")),
        }
    }
    (out, (), ())
}

#[test]
fn settings_that_cannot_be_read_stop_no_undo() {
    let dir = start::make("small");
    dir.run(&["log", "acme", "one"]).expect(0);
    let settings = dir.read("kehu.toml");
    dir.write("kehu.toml", "[[[");
    undo(&dir, &["--list"], 0);
    undo(&dir, &[], 0);
    dir.write("kehu.toml", settings);
    dir.run(&["check"]).expect(0);
}

/// A kept change with a right sum.
fn forge(dir: &Dir, body: &str) {
    let body = format!("{body}\n");
    let hash: String = Sha256::digest(body.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    dir.write(".kehu/undo/00000009", format!("kehu-journal 1 {hash}\n{body}"));
}

const KEPT: &str =
    r#""kept":{"number":9,"deed":{"command":"kehu \u001b[31mred\u202e","at":"\u0007now","run":"r","part":0}}"#;

fn sha(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn a_forged_record_leads_nowhere() {
    let outside = Dir::empty();
    outside.write("secret.toml", "name = \"Secret\"\n");
    let dir = start::make("small");
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), dir.path().join("customers/far")).expect("a link");
    dir.write("notes.txt", "mine\n");
    let (inside, far) = (tree(dir.path()), tree(outside.path()));
    let up = format!("../{}/secret.toml", outside.path().file_name().expect("a name").to_string_lossy());
    let absolute = outside.path().join("secret.toml").display().to_string();
    let orders = dir.read("ledgers/activities/2026-li.csv").len();
    let paths = [
        up.as_str(),
        &absolute,
        "customers/far/secret.toml",
        "customers/../notes.txt",
        "notes.txt",
        ".git/config",
        ".kehu/lock",
        "customers/.hidden.toml",
        "customers/x.toml/",
        "ledgers/nothing/2026.csv",
        "ledgers/orders/x.toml",
        "ledgers.csv",
        "",
    ];
    let secret = sha("name = \"Secret\"\n");
    for path in paths {
        let path = serde_json::to_string(path).expect("a string");
        for entry in [
            format!(r#"{{"op":"create","path":{path},"new":"{secret}","temp":"c-1"}}"#),
            format!(
                r#"{{"op":"remove","path":{path},"old":"{}","temp":"c-1","was":{{"front":0,"end":0,"bytes":"x","mode":2541}}}}"#,
                sha("x")
            ),
            format!(r#"{{"op":"append","path":{path},"old_length":0,"before":"","text":"name = \"Secret\"\n"}}"#),
        ] {
            forge(&dir, &format!(r#"{{"entries":[{entry}],{KEPT}}}"#));
            let out = dir.run(&["undo"]);
            assert!(matches!(out.code, 3 | 5 | 6), "{entry}: {} {}", out.code, out.stderr);
            same(&tree(dir.path()), &inside, &entry);
            assert_eq!(tree(outside.path()), far, "{entry}");
            dir.run(&["undo", "--list"]).expect(0);
        }
    }
    let max = u64::MAX;
    for entry in [
        format!(r#"{{"op":"append","path":"ledgers/activities/2026-li.csv","old_length":{max},"text":"x"}}"#),
        format!(
            r#"{{"op":"append","path":"ledgers/activities/2026-li.csv","old_length":0,"text":"","rows":{{"length":{max},"hash":""}}}}"#
        ),
        format!(
            r#"{{"op":"append","path":"ledgers/activities/2026-li.csv","old_length":{orders},"before":"","text":""}}"#
        ),
        format!(
            r#"{{"op":"replace","path":"customers/a/acme.toml","old":"","new":"{}","temp":"c-1","was":{{"front":{max},"end":{max},"bytes":"x"}}}}"#,
            sha(&dir.read("customers/a/acme.toml"))
        ),
        format!(
            r#"{{"op":"replace","path":"customers/a/acme.toml","old":"","new":"{}","temp":"c-1","was":{{"front":1,"end":1,"bytes":"客"}}}}"#,
            sha(&dir.read("customers/a/acme.toml"))
        ),
        r#"{"op":"remove","path":"customers/z.toml","old":"","temp":"c-1","was":{"front":0,"end":0,"bytes":"x"}}"#
            .to_string(),
    ] {
        forge(&dir, &format!(r#"{{"entries":[{entry}],{KEPT}}}"#));
        undo(&dir, &[], 5);
        same(&tree(dir.path()), &inside, &entry);
    }
    for body in [
        "{}",
        r#"{"entries":[]}"#,
        &"[".repeat(100_000),
        &format!(r#"{{"entries":[],{}}}"#, KEPT.replace(":9,", ":100000000,")),
    ] {
        forge(&dir, body);
        let said = undo(&dir, &[], 3).stderr;
        assert!(said.contains(".kehu/undo/00000009 is damaged"), "{said}");
        undo(&dir, &["--list"], 0);
    }
    forge(&dir, &format!(r#"{{"entries":[],{KEPT}}}"#));
    for args in [&["undo", "--list"][..], &["undo"]] {
        let out = dir.run(args).expect(0);
        let shown = out.stdout + &out.stderr;
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{shown:?}");
    }
    // A command may be killed in the middle, and a damaged record stops no command.
    dir.write(".kehu/undo/00000009", "kehu");
    dir.run(&["log", "acme", "x"]).expect(0);
    undo(&dir, &[], 0);
}

#[cfg(unix)]
#[test]
fn a_file_that_comes_back_has_no_rights_of_somebody_else() {
    use std::os::unix::fs::PermissionsExt;
    let dir = start::make("small");
    let text = "name = \"Z\"\ncreated = 2026-05-04\nstage = \"lead\"\n";
    let bytes = serde_json::to_string(text).expect("a string");
    let entry = format!(
        r#"{{"op":"remove","path":"customers/z/z.toml","old":"{}","temp":"c-1","was":{{"front":0,"end":0,"bytes":{bytes},"mode":3565}}}}"#,
        sha(text)
    );
    forge(&dir, &format!(r#"{{"entries":[{entry}],{KEPT}}}"#));
    undo(&dir, &[], 0);
    assert_eq!(dir.read("customers/z/z.toml"), text);
    let mode = std::fs::metadata(dir.path().join("customers/z/z.toml")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o7000, 0, "{mode:o}");
}

#[cfg(unix)]
#[test]
fn what_lies_in_the_place_of_a_record_is_not_waited_for() {
    let dir = start::make("small");
    dir.run(&["log", "acme", "one"]).expect(0);
    for (name, is_folder) in [(".kehu/undo/00000007", false), (".kehu/undo", true)] {
        let path = dir.path().join(name);
        if is_folder {
            std::fs::remove_dir_all(&path).expect("removed");
        }
        for trap in ["pipe", "zeros", "loop"] {
            match trap {
                "pipe" => {
                    let done = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
                    assert!(done.success());
                }
                "zeros" => std::os::unix::fs::symlink("/dev/zero", &path).expect("a link"),
                _ => std::os::unix::fs::symlink(&path, &path).expect("a link"),
            }
            for args in [&["undo"][..], &["undo", "--list"]] {
                let out = dir.run(args);
                assert_eq!(out.code, 6, "{name} {args:?}: {}", out.stderr);
                assert!(out.stderr.contains(&format!("remove {name}")), "{}", out.stderr);
            }
            std::fs::remove_file(&path).expect("removed");
        }
    }
    let path = dir.path().join(".kehu/undo/00000001");
    std::fs::create_dir(path.parent().expect("a parent")).expect("a folder");
    std::fs::File::create(&path).expect("a file").set_len(10 << 30).expect("a hole");
    undo(&dir, &[], 3);
}
