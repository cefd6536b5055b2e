//! A command was killed in the middle of a change: what readers see, and how the change is completed or given up.

use super::faults::{fresh, kehu, skip};
use super::support::{Dir, TODAY, command, kehu_path, start, tree};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::process::Stdio;

const ORDERS: &str = "ledgers/orders/2026-li.csv";

/// A directory in which the rows `text` are being appended to the orders.
fn appending(text: &str) -> Dir {
    let dir = start::make("small");
    dir.run(&["order", "add", "acme", "p10:1", "--id", "SO-77", "--at", "2026-06-10"]).expect(0);
    let length = dir.read(ORDERS).len();
    let entry = serde_json::json!({ "op": "append", "path": ORDERS, "old_length": length, "text": text });
    let body = format!("{}\n", serde_json::json!({ "entries": [entry] }));
    let hash: String = Sha256::digest(body.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    dir.write(".kehu/journal", format!("kehu-journal 1 {hash}\n{body}"));
    dir
}

/// The row of an order.
fn row(dir: &Dir, id: &str) -> String {
    let text = dir.read(ORDERS);
    format!("{}\n", text.lines().last().expect("a row").replace("SO-77", id))
}

#[test]
fn an_unfinished_append_counts_until_somebody_writes_in_front_of_it() {
    let plain = appending("");
    let text = row(&plain, "SO-78");
    let dir = appending(&text);
    let ids = |dir: &Dir| {
        let all = dir.run(&["order", "list", "-f", "ids"]).stdout;
        all.lines().filter(|id| id.starts_with("SO")).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(ids(&dir), ["SO-77", "SO-78"]);
    dir.run(&["check"]).expect(0);
    // An editor makes an earlier row one byte shorter: the rows would be cut in two.
    dir.write(ORDERS, dir.read(ORDERS).replace("SO-77", "SO-7"));
    let edited = tree(dir.path());
    let kept = "kehu leaves it as it is";
    for (args, code) in [
        (&["order", "list"][..], 3),
        (&["report", "orders", "--json"], 3),
        (&["show", "acme"], 3),
        (&["order", "add", "acme", "p10:1"], 3),
        (&["check"], 1),
        (&["check", "--fix"], 1),
    ] {
        let out = dir.run(args).expect(code);
        let said = format!("{}{}", out.stdout, out.stderr);
        assert!(said.contains(ORDERS) && said.contains("kehu undo"), "{args:?}: {said}");
        assert!(!said.contains("SO-77") && !said.contains("remov"), "{args:?}: {said}");
    }
    assert!(dir.run(&["check"]).stdout.contains("E081"));
    let said = dir.run(&["undo", "--dry-run"]).expect(0).stderr;
    assert!(said.contains(kept), "{said}");
    assert_eq!(tree(dir.path()), edited);
    let said = dir.run(&["undo"]).expect(0).stderr;
    assert!(said.contains(ORDERS) && said.contains(kept), "{said}");
    assert_eq!(tree(dir.path()), edited);
    assert_eq!(ids(&dir), ["SO-7"]);
    dir.run(&["check"]).expect(0);
    // The command before it wrote to the same file.
    let said = dir.run(&["undo"]).expect(5).stderr;
    assert!(said.contains("changed since `kehu order add"), "{said}");
}

#[test]
fn a_row_in_part_is_taken_back() {
    let text = row(&appending(""), "SO-78");
    for part in [0, 1, 20, text.len()] {
        let dir = appending(&text);
        let before = dir.read(ORDERS);
        dir.write(ORDERS, format!("{before}{}", &text[..part]));
        let out = dir.run(&["undo", "--lang", "zh-CN"]).expect(0);
        assert_eq!(out.stdout, format!("{ORDERS}  已回到未完成的更改之前\n"));
        assert_eq!(dir.read(ORDERS), before, "{part}");
        dir.run(&["check", "--strict"]).expect(0);
    }
}

#[test]
fn a_damaged_journal_is_put_aside() {
    let dir = appending("");
    dir.write(".kehu/journal", "kehu-journal 1 damaged\n{}\n");
    for args in [&["list"][..], &["log", "acme", "hello"]] {
        let said = dir.run(args).expect(3).stderr;
        assert!(said.contains("damaged") && said.contains("kehu undo"), "{said}");
    }
    let said = dir.run(&["undo"]).expect(0).stderr;
    assert!(said.contains(".kehu/journal.damaged"), "{said}");
    dir.run(&["log", "acme", "hello"]).expect(0);
}

#[test]
fn a_change_of_many_files_is_given_up_as_a_whole() {
    if skip() {
        return;
    }
    let dir = Dir::new();
    for n in 0..30 {
        let id = format!("c{n:02}");
        dir.run(&["customer", "add", &format!("Customer {n}"), "--id", &id, "source=expo", "-q"]).expect(0);
    }
    let (_temp, root) = fresh(dir.path());
    let before = tree(&root);
    let list = kehu(&root, &["list", "--columns", "id,industry", "--json"]).stdout;
    let killed = |name: &str, nth: usize| {
        let mut c = command(Path::new("strace"), &root);
        c.env("KEHU_USER", "li").args(["-o", "/dev/null", "-e", &format!("trace={name}")]);
        c.args(["-e", &format!("inject={name}:signal=KILL:when={nth}")]).arg(kehu_path());
        c.args(["customer", "set", "source:expo", "industry=pumps", "-y", "--today", TODAY]);
        c.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("strace runs");
        assert!(root.join(".kehu/journal").exists(), "{name} {nth}");
    };
    for nth in [1, 11, 30] {
        killed("renameat2", nth);
        assert_eq!(kehu(&root, &["list", "industry:pumps", "-f", "ids"]).stdout.lines().count(), 30);
        let out = kehu(&root, &["undo"]);
        assert_eq!((out.code, out.stdout.lines().count()), (0, 30), "{}", out.stderr);
        assert_eq!(tree(&root), before, "{nth}");
        assert_eq!(kehu(&root, &["list", "--columns", "id,industry", "--json"]).stdout, list);
    }
    // A file that was saved since stays, and the others go back.
    killed("renameat2", 11);
    let file = "customers/c/c05.toml";
    let text = format!("# by hand\n{}", std::fs::read_to_string(root.join(file)).expect("a file"));
    std::fs::write(root.join(file), &text).expect("saved");
    assert_eq!(kehu(&root, &["list"]).code, 3);
    let out = kehu(&root, &["undo"]);
    assert_eq!((out.code, out.stdout.lines().count()), (0, 29), "{}", out.stderr);
    let mut expected = before;
    expected.iter_mut().filter(|(f, _)| f == file).for_each(|(_, t)| *t = text.clone().into());
    assert_eq!(tree(&root), expected);
}
