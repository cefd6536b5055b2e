//! kehu never writes what it cannot read.

use super::support::{Dir, start, tree};

/// A command, on any day, changes nothing and says what is wrong; it is wrong use.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], expected: &[&str]) {
    let before = tree(dir.path());
    for (lang, nothing) in [("en", "nothing was written"), ("zh-CN", "未写入任何内容")] {
        let out = dir.run(&[args, &["--lang", lang]].concat());
        assert_eq!(out.code, 2, "{args:?}: {}{}", out.stdout, out.stderr);
        assert_eq!(tree(dir.path()), before, "{args:?}");
        assert!(out.stderr.contains(nothing), "{args:?}: {}", out.stderr);
        for text in expected {
            assert!(out.stderr.contains(text), "{args:?}: {}", out.stderr);
        }
    }
}

fn company() -> Dir {
    let dir = start::make("small");
    dir.run(&["product", "add", "fan", "Fan", "price=100", "cost=60", "tax_rate=0.13"]).expect(0);
    dir.run(&["customer", "set", "acme", "terms=net30"]).expect(0);
    dir
}

#[test]
fn a_tax_of_too_many_digits_is_not_written() {
    let dir = company();
    refused(&dir, &["order", "add", "acme", "fan:1@9999999999999999999999999999"], &["E026"]);
    refused(&dir, &["order", "add", "acme", "fan:1@9999999999999999999999999999", "--dry-run"], &["E026"]);
    dir.run(&["order", "add", "acme", "fan:1@100"]).expect(0);
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_day_that_no_file_can_hold_is_not_written() {
    let dir = company();
    refused(&dir, &["order", "add", "acme", "fan:1@100", "--today", "9999-12-31"], &["E024", "10000-01-30"]);
}

#[test]
fn a_customer_is_not_created_in_the_future_and_one_that_was_can_be_mended() {
    let dir = company();
    for args in [
        &["customer", "set", "acme", "created=9999-12-31"][..],
        &["customer", "set", "acme", "created=2026-07-01"],
        &["customer", "add", "Novo", "--id", "novo", "created=9999-12-31"],
    ] {
        refused(&dir, args, &[args[args.len() - 1].trim_start_matches("created=")]);
    }
    dir.write("late.csv", "id,name,stage,created\nlate,Late Ltd,lead,2027-01-01\n");
    refused(&dir, &["import", "late.csv", "--into", "customers"], &["late", "2027-01-01"]);
    // By hand.
    let file = "customers/a/acme.toml";
    let text = dir.read(file);
    let line = text.lines().find(|l| l.starts_with("created")).expect("a line");
    dir.write(file, text.replace(line, "created = 9999-12-31"));
    // On the present day: what was not there on a past one is not seen.
    let now = ["--today", "today"];
    let run = |args: &[&str]| dir.run(&[args, &now].concat()).expect(0);
    assert!(run(&["list", "-f", "ids"]).stdout.lines().any(|id| id == "acme"));
    run(&["customer", "set", "acme", "city=Suzhou"]);
    run(&["customer", "set", "acme", "created=2026-01-01"]);
    dir.run(&["check"]).expect(0);
}
