//! Answers as workbooks: what people read, with numbers that a spreadsheet can compute with.

use super::oracle::{python, script};
use super::support::Dir;
use super::support::company::{customer, json};
use serde_json::Value;

fn company() -> Dir {
    let dir = Dir::new();
    customer(&dir, "acme", "lead", "li");
    let file = "customers/acme.toml";
    dir.write(file, dir.read(file).replace("name = \"acme\"", "name = \"=1+1 有限公司\""));
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,amount,tax,by,due\nSO-1,1,2026-05-01,acme,1000,130.55,li,2026-06-01\n",
    );
    dir.write("ledgers/receipts/2026-li.csv", "id,line,at,customer,amount\nP-1,1,2026-06-02,acme,300.5\n");
    dir
}

#[test]
fn a_statement_is_a_workbook_to_print_and_sign() {
    let dir = company();
    for lang in ["en", "zh-CN"] {
        let file = format!("{lang}.xlsx");
        dir.run(&["report", "statement", "acme", "-o", &file, "--lang", lang]).expect(0);
        let bytes = std::fs::read(dir.path().join(&file)).expect("a workbook");
        assert!(bytes.starts_with(b"PK"));
        // The same answer gives the same bytes.
        dir.run(&["report", "statement", "acme", "-o", "again.xlsx", "--lang", lang]).expect(0);
        assert!(bytes == std::fs::read(dir.path().join("again.xlsx")).expect("a workbook"));
        let python = match python("openpyxl") {
            Ok(python) => python,
            Err(why) => {
                eprintln!("skipped: {why}");
                continue;
            }
        };
        let path = dir.path().join(&file).to_string_lossy().into_owned();
        let read: Value = serde_json::from_str(&script(&python, "sheet.py", &[&path])).expect("JSON");
        let cells: Vec<&Value> =
            read["rows"].as_array().expect("rows").iter().flat_map(|r| r.as_array().expect("a row")).collect();
        let has = |v: Value| assert!(cells.iter().any(|c| **c == v), "{v} in {read}");
        has(Value::from(1130.55));
        has(Value::from(830.05));
        has(serde_json::json!({"date": "2026-06-02"}));
        // What data say is never a formula.
        assert!(cells.iter().all(|c| c["formula"].is_null()), "{read}");
        assert!(cells.iter().any(|c| c.as_str().is_some_and(|t| t.contains("=1+1"))), "{read}");
        let name = read["name"].as_str().expect("a name");
        assert!(name.starts_with(if lang == "en" { "Statement" } else { "对账单" }), "{name}");
    }
    let owed = json(&dir, &["report", "receivables"]);
    assert_eq!(owed[0]["outstanding"].to_string(), "830.05");
}

#[test]
fn a_workbook_needs_a_file() {
    let dir = company();
    let ran = dir.run(&["list", "-f", "xlsx"]).expect(2);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("-o NAME.xlsx"), "{}", ran.stderr);
    // Any answer can be one.
    for args in [&["list"][..], &["show", "acme"], &["report", "receivables"], &["order", "list"], &["today"]] {
        dir.run(&[args, &["-o", "a.xlsx"]].concat()).expect(0);
        assert!(std::fs::read(dir.path().join("a.xlsx")).expect("a workbook").starts_with(b"PK"), "{args:?}");
    }
}
