//! `export` and `import` are inverses: what the one writes the other takes back with nothing changed, whatever stands in the cells.

use super::support::Dir;
use kehu::model::ledger::{Ledger, Type};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Every table that rows may be imported into.
pub(super) fn tables() -> Vec<&'static str> {
    let ledgers = Ledger::ALL.iter().filter(|l| **l != Ledger::Events).map(|l| l.name());
    ["customers", "contacts"].into_iter().chain(ledgers).collect()
}

/// Exports a table and imports it again; what the import counted: `new changed rejected`, and its words.
fn back_and_forth(dir: &Dir, table: &str) -> (String, String) {
    let export = dir.run(&["export", table]);
    assert_eq!(export.code, 0, "{table}: {}", export.stderr);
    let file = format!("/{}.csv", table);
    let path = format!("{}-out{file}", dir.path().display());
    std::fs::create_dir_all(format!("{}-out", dir.path().display())).expect("a folder");
    std::fs::write(&path, &export.stdout).expect("a file");
    let ran = dir.run(&["import", &path, "--into", table, "--update", "--json"]);
    std::fs::remove_dir_all(format!("{}-out", dir.path().display())).expect("removed");
    let v: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let v = if v.is_array() { v[0].clone() } else { v };
    (["new", "changed", "rejected"].map(|k| v[k].to_string()).join(" "), ran.stderr)
}

/// Fails unless going back and forth changes nothing, in any table of `names`.
fn nothing_changes(dir: &Dir, names: &[&str]) {
    let before = dir.files();
    for table in names {
        let (counts, words) = back_and_forth(dir, table);
        assert_eq!(counts, "0 0 0", "{table}: {words}");
    }
    let after = dir.files();
    for (b, a) in before.iter().zip(&after) {
        assert_eq!(String::from_utf8_lossy(&b.1), String::from_utf8_lossy(&a.1), "{}", b.0);
    }
    assert_eq!(before.len(), after.len());
}

#[test]
fn the_sample_company_comes_back_as_it_is() {
    let dir = Dir::demo();
    nothing_changes(&dir, &tables());
}

#[test]
fn notes_names_and_lists_come_back_as_they_are() {
    let dir = Dir::new();
    let toml = "name = \"@home Ltd\"\naliases = [\"Home, Inc.\", \"'=x\", \"a;b\"]\ncreated = 2026-01-05\nstage = \"lead\"\nstatus = \"active\"\n\
                owner = \"li\"\ngrade = \"\"\nintent = \"\"\ntags = [\"expo, spring\", \"x\"]\nnote = \"two\\nlines \\\\n C:\\\\new\\ttab\"\n\n\
                [[contacts]]\nid = \"wang\"\nname = \"-Wang\"\nphone = \"'0012\"\nleft = 2026-02-01\nlikes = \" tea \"\n";
    dir.write("customers/h/home.toml", toml);
    dir.write(
        "ledgers/activities/2026-li.csv",
        "id,at,customer,by,channel,note\na_1,2026-01-06,home,li,call,two\\nlines\na_2,2026-01-07,home,li,call,=1+1\na_3,2026-01-08,home,li,call,C:\\dir\n",
    );
    dir.run(&["check"]).expect(0);
    nothing_changes(&dir, &["customers", "contacts", "activities"]);
    // In another directory they are the same texts, too.
    let other = Dir::new();
    for table in ["customers", "activities"] {
        other.write("x.csv", dir.run(&["export", table]).expect(0).stdout);
        other.run(&["import", "x.csv", "--into", table, "-q"]).expect(0);
        assert_eq!(other.run(&["export", table]).stdout, dir.run(&["export", table]).stdout, "{table}");
    }
    assert!(other.read("customers/h/home.toml").contains("name = \"@home Ltd\""));
}

/// Texts that something might act upon.
pub(super) fn nasty() -> impl Strategy<Value = String> {
    "( |[a-z客\\\\n;,\"'=+@0-9.-]|\t|é|\u{200b}|，){0,12}"
}

/// A text as a cell of ours.
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Puts texts into all columns of free text of a company's ledgers, and a column of its own behind them.
pub(super) fn with_texts(dir: &Dir, texts: &[String]) {
    let mut next = texts.iter().cycle();
    let mut take = || next.next().map(String::as_str).unwrap_or_default();
    for (name, bytes) in dir.files() {
        let Some(ledger) = name.strip_prefix("ledgers/").and_then(|rest| Ledger::parse(rest.split('/').next()?)) else {
            continue;
        };
        if ledger == Ledger::Events {
            continue;
        }
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let head: Vec<String> = reader.headers().expect("a header").iter().map(str::to_string).collect();
        let free: Vec<bool> = head
            .iter()
            .map(|h| ledger.column(h).is_some_and(|n| matches!(ledger.columns()[n].ty, Type::Text | Type::Note)))
            .collect();
        let mut out = format!("{},x_own\n", head.join(","));
        for (number, row) in reader.records().enumerate() {
            let row = row.expect("a row");
            for (n, text) in row.iter().enumerate() {
                // Names lead to products, keys to rows.
                let is_key = matches!(head[n].as_str(), "name" | "source_key");
                let needed = ledger.column(&head[n]).is_some_and(|c| ledger.columns()[c].required);
                let text = if free[n] && !is_key && number < 6 { take() } else { text };
                out.push_str(&cell(if needed && text.trim().is_empty() { "x" } else { text }));
                out.push(',');
            }
            out.push_str(&cell(if number < 6 { take() } else { "" }));
            out.push('\n');
        }
        dir.write(&name, out);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_as_it_is(texts in proptest::collection::vec(nasty(), 7..20)) {
        let dir = Dir::demo();
        with_texts(&dir, &texts);
        let quoted = |n: usize| serde_json::to_string(&texts[n % texts.len()]).expect("a string");
        let listed = |n: usize| serde_json::to_string(&[&texts[n % texts.len()], "b"]).expect("a list");
        let mut names = BTreeMap::new();
        for (name, bytes) in dir.files().into_iter().filter(|(name, _)| name.starts_with("customers/")).take(5) {
            let text = String::from_utf8(bytes).expect("UTF-8");
            let (top, rest) = text.split_once("\n[").map_or((text.as_str(), String::new()), |(top, rest)| (top, format!("\n[{rest}")));
            let keep = |l: &&str| ["name", "aliases", "tags", "note", "city", "phone", "email", "tax_id"].iter().all(|k| !l.starts_with(&format!("{k} =")));
            let top: String = top.lines().filter(keep).map(|l| format!("{l}\n")).collect();
            let n = names.len();
            names.insert(name.clone(), ());
            // A list over several lines is left to the sample company's own.
            if top.contains("\n]") {
                continue;
            }
            let added = format!(
                "name = {}\naliases = {}\ntags = {}\nnote = {}\ncity = {}\n",
                serde_json::to_string(&format!("n{}", texts[n % texts.len()])).expect("a string"),
                listed(n + 1), listed(n + 2), quoted(n + 3), quoted(n + 4)
            );
            dir.write(&name, format!("{added}{top}{rest}"));
        }
        let names: Vec<&str> = tables();
        nothing_changes(&dir, &names);
    }
}
