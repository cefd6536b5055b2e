//! The year-end review: its CSV is edited and imported back.

use crate::support::Dir;
use std::collections::BTreeMap;

/// new, changed, rejected.
fn counts(ran: &str) -> [i64; 3] {
    let rows: Vec<serde_json::Value> = serde_json::from_str(ran).expect("JSON");
    ["new", "changed", "rejected"].map(|k| rows[0][k].as_i64().expect("a count"))
}

fn import(dir: &Dir, text: &str) -> [i64; 3] {
    dir.write("review.csv", text);
    let ran = dir.run_with(
        &["import", "review.csv", "--into", "customers", "--update", "--as", "chen", "--json"],
        &[("KEHU_USER", "chen")],
        "",
    );
    counts(&ran.expect(0).stdout)
}

/// The sheet with cells of some customers exchanged: id → (column, text).
fn edited(sheet: &str, edits: &BTreeMap<&str, (&str, &str)>) -> String {
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let headers = reader.headers().expect("a header").clone();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&headers).expect("written");
    let mut found = 0;
    for row in reader.records() {
        let row = row.expect("a row");
        let edit = edits.get(&row[0]);
        found += usize::from(edit.is_some());
        let cell = |(n, text): (usize, &str)| match edit {
            Some((column, new)) if headers[n] == **column => (*new).to_string(),
            _ => text.to_string(),
        };
        out.write_record(row.iter().enumerate().map(cell)).expect("written");
    }
    assert_eq!(found, edits.len(), "{sheet}");
    String::from_utf8(out.into_inner().expect("flushed")).expect("UTF-8")
}

#[test]
fn a_review_is_edited_and_imported_and_nothing_changes_the_second_time() {
    let dir = Dir::demo();
    let sheet = || dir.run(&["report", "review", "-p", "2026", "-f", "csv"]).expect(0).stdout;
    let first = sheet();
    let before = dir.files();
    assert_eq!(import(&dir, &first), [0, 0, 0], "as it came");
    let after: Vec<_> = dir.files().into_iter().filter(|(name, _)| name != "review.csv").collect();
    assert!(before == after, "files");
    let ids: Vec<String> = {
        let mut reader = csv::Reader::from_reader(first.as_bytes());
        reader.records().take(4).map(|r| r.expect("a row")[0].to_string()).collect()
    };
    let edits = BTreeMap::from([
        (ids[0].as_str(), ("note", "reviewed, \"keep\"")),
        (ids[1].as_str(), ("intent", "warm")),
        (ids[2].as_str(), ("tags", "strategic;2027")),
        // A figure is no key of a customer: whatever stands there is left alone.
        (ids[3].as_str(), ("revenue", "1")),
    ]);
    let text = edited(&first, &edits);
    let [new, changed, rejected] = import(&dir, &text);
    assert!((new, rejected) == (0, 0) && (2..=3).contains(&changed), "{changed}");
    assert_eq!(import(&dir, &text), [0, 0, 0], "the second time");
    assert_eq!(import(&dir, &sheet()), [0, 0, 0], "the new sheet");
    let shown = dir.run(&["export", "customers", "-f", "csv", "--columns", "id,intent,note,tags"]).expect(0).stdout;
    for wanted in ["warm", "\"reviewed, \"\"keep\"\"\"", "strategic;2027"] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    std::fs::remove_file(dir.path().join("review.csv")).expect("removed");
    dir.run(&["check"]).expect(0);
}

#[test]
fn a_header_that_is_neither_key_nor_figure_is_still_a_mistake() {
    let dir = Dir::demo();
    dir.write("review.csv", "id,revenu\nhuaxin,5\n");
    let ran = dir.run(&["import", "review.csv", "--into", "customers", "--update"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}
