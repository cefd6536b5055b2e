//! Every export, every cell: what other programs read is what stands in the files, and no spreadsheet runs it.

use super::inverse::{nasty, tables, with_texts};
use super::oracle::{python, script};
use super::support::Dir;
use kehu::report::REPORTS;
use proptest::prelude::*;
use std::path::Path;

/// Texts that some program has acted upon, or lost a part of.
const KNOWN: &[&str] = &[
    "\"=HYPERLINK(\"\"http://example.com\"\",\"\"x\"\")\"",
    "=HYPERLINK(\"http://example.com\",\"x\")",
    "=1+1",
    "+SUM(A1)",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "＠x",
    "＋86 138 0013 8000",
    "+86 21 5555 0100",
    "\t=1",
    "a\tb",
    "a\t=1",
    "two\nlines",
    "a\r\nb",
    "\n=1",
    "\"",
    "\"\"",
    "\"a\tb\"",
    "a \"b\" c",
    "'",
    "'=x",
    "''=x",
    "'0012",
    "a,b;c",
    " lead",
    "trail ",
    "C:\\new\\\\x",
    "\\",
    "<b>&amp;|*_`</b>",
    "a\u{200b}b",
];

/// Puts texts into the customers and the ledgers of a company.
fn fill(dir: &Dir, texts: &[String]) {
    // A ledger's cell stands on one line.
    let one_line: Vec<String> = texts.iter().map(|t| t.replace(['\r', '\n'], " ")).collect();
    with_texts(dir, &one_line);
    let json = |text: &str| serde_json::to_string(text).expect("a string");
    let mut next = texts.iter().cycle();
    for (name, bytes) in dir.files().into_iter().filter(|(name, _)| name.starts_with("customers/")).take(texts.len()) {
        let file = String::from_utf8(bytes).expect("UTF-8");
        let mut take = || next.next().expect("texts").as_str();
        let (first, second, note) = (take(), take(), take());
        let named = format!("{}{}", if first.trim().is_empty() { "x" } else { "" }, first);
        let keys = [("name", json(&named)), ("city", json(second)), ("note", json(note))];
        let old = |line: &&str| keys.iter().all(|(key, _)| !line.starts_with(&format!("{key} =")));
        let (top, rest) =
            file.split_once("\n[").map_or((file.as_str(), String::new()), |(t, r)| (t, format!("\n[{r}")));
        let mut all: String = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        all.extend(top.lines().filter(old).map(|l| format!("{l}\n")));
        dir.write(&name, all + &rest);
    }
}

/// All that makes a table, in all formats, for the script.
fn export(dir: &Dir, out: &Path) {
    let write = |name: &str, args: &[&str], formats: &[&str]| {
        for format in formats {
            let ran = dir.run(&[args, &["-f", format]].concat());
            // Rows that no figure can count are no reason to stop here.
            assert!(matches!(ran.code, 0 | 3), "{args:?}: {}", ran.stderr);
            std::fs::write(out.join(format!("{name}.{format}")), ran.stdout).expect("a file");
        }
    };
    let machine = ["json", "csv", "tsv"];
    tables().iter().for_each(|t| write(t, &["export", t], &machine));
    write("events", &["export", "events"], &machine);
    write("list", &["list", "--columns", "id,name,city,note,revenue,growth,margin,due"], &machine);
    let all = ["json", "csv", "tsv", "html", "md"];
    write("texts", &["list", "has:note", "--columns", "id,name,city,note"], &all);
    write("activities", &["activity", "list", "has:note", "--columns", "id,customer,note"], &all);
    for name in REPORTS.iter().map(|r| r.name()) {
        // A statement is one customer's.
        let whose: &[&str] = if name == "statement" { &["huaxin"] } else { &[] };
        write(&format!("report-{name}"), &[&["report", name], whose].concat(), &machine);
    }
    for by in ["customer", "product", "region", "order"] {
        write(&format!("profit-{by}"), &["report", "profit", "--by", by], &machine);
    }
}

fn check(texts: &[String]) {
    let python = match python("csv, html.parser, json") {
        Ok(python) => python,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let (dir, out) = (Dir::demo(), Dir::empty());
    fill(&dir, texts);
    export(&dir, out.path());
    let said = script(&python, "cells.py", &[out.path().to_str().expect("text")]);
    let lines: Vec<&str> = said.lines().collect();
    let (count, wrong) = lines.split_last().expect("a count");
    assert!(wrong.is_empty(), "{} cells, such as\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(count.parse::<u32>().is_ok_and(|n| n > 10_000), "{count}");
}

#[test]
fn no_cell_of_an_export_is_lost_or_run() {
    check(&KNOWN.iter().map(ToString::to_string).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 4, ..ProptestConfig::default() })]

    #[test]
    fn any_cell_of_an_export_says_what_stands_there(texts in proptest::collection::vec(nasty(), 7..20)) {
        check(&texts);
    }
}
