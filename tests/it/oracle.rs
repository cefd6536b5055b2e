//! Figures against a second opinion: tests/oracle computes them from the same files by other means.

use crate::support::{Dir, command, repo};
use rust_decimal::Decimal;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A Python with the module duckdb, or why there is none.
fn python() -> Result<PathBuf, String> {
    let own = repo().join("target/oracle/bin/python3");
    let program = if own.exists() { own } else { PathBuf::from("python3") };
    let out = command(&program, &repo())
        .args(["-c", "import duckdb, tomllib, zoneinfo"])
        .output()
        .map_err(|e| format!("python3 does not start: {e}"))?;
    if out.status.success() {
        Ok(program)
    } else {
        Err(String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or("python3 failed").to_owned())
    }
}

fn opinion(python: &Path, script: &str, dir: &Dir, args: &[&str]) -> Value {
    let out = command(python, &repo())
        .arg(repo().join("tests/oracle").join(script))
        .arg(dir.path())
        .args(args)
        .output()
        .expect("python starts");
    assert!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

fn rows(dir: &Dir, args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&dir.run(args).expect(0).stdout).expect("JSON")
}

fn number(v: &Value) -> Option<Decimal> {
    match v {
        Value::Null => None,
        Value::String(s) => Some(s.parse().expect("a decimal")),
        v => Some(v.to_string().parse().expect("a decimal")),
    }
}

/// Every figure of two rows that differs; a missing row counts as zeros.
fn differences(key: &str, ours: Option<&Value>, theirs: Option<&Value>, names: &[&str], out: &mut Vec<String>) {
    for name in names {
        let of = |row: Option<&Value>| row.map_or(Some(Decimal::ZERO), |r| number(&r[*name]));
        if of(ours) != of(theirs) {
            out.push(format!("{key}: {name}: kehu {:?}, oracle {:?}", of(ours), of(theirs)));
        }
    }
}

const PROFIT: &[&str] =
    &["orders", "quantity", "revenue", "cost", "extra_cost", "profit", "margin", "unknown_cost_lines"];
const OWED: &[&str] =
    &["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus", "credit", "outstanding", "bills"];

#[test]
fn profit_and_receivables_agree_with_the_oracle() {
    let python = match python() {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = Dir::demo();
    let mut wrong = Vec::new();
    for today in ["2026-06-30", "2026-03-18", "2026-03-19", "2025-02-28"] {
        for (period, from, to) in [("..", "0001-01-01", "9999-12-31"), ("2025", "2025-01-01", "2025-12-31")] {
            let all = opinion(&python, "profit.py", &dir, &["--today", today, "--from", from, "--to", to]);
            for by in ["customer", "product", "category", "rep", "order"] {
                let mut args = vec!["report", "profit", "--by", by, "--json", "--today", today];
                if period != ".." {
                    args.extend(["-p", period]);
                }
                let ours = rows(&dir, &args);
                let theirs = all[by].as_object().expect("groups");
                assert_eq!(ours.len(), theirs.len(), "groups by {by} on {today}");
                for row in &ours {
                    let key = row[by].as_str().unwrap_or("");
                    differences(
                        &format!("{today} {period} {by} {key}"),
                        Some(row),
                        theirs.get(key),
                        PROFIT,
                        &mut wrong,
                    );
                }
                // Per month the figures of all groups add up to the oracle's month.
                args.extend(["--per", "month"]);
                let monthly = rows(&dir, &args);
                for (month, figures) in all["month"].as_object().expect("months") {
                    let total: Decimal = monthly
                        .iter()
                        .filter(|r| r["period"] == month.as_str())
                        .filter_map(|r| number(&r["revenue"]))
                        .sum();
                    if Some(total) != number(&figures["revenue"]) {
                        wrong.push(format!("{today} {period} by {by} {month}: revenue {total}, oracle {figures}"));
                    }
                }
            }
        }
        let theirs = opinion(&python, "receivables.py", &dir, &["--today", today]);
        let ours = rows(&dir, &["report", "receivables", "--json", "--today", today]);
        let name =
            |r: &Value| format!("{}/{}", r["customer"].as_str().unwrap_or(""), r["currency"].as_str().unwrap_or(""));
        for row in &ours {
            differences(&format!("{today} {}", name(row)), Some(row), theirs.get(name(row)), OWED, &mut wrong);
        }
        for (key, figures) in theirs.as_object().expect("customers") {
            if !ours.iter().any(|r| name(r) == *key) {
                differences(&format!("{today} {key}"), None, Some(figures), OWED, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_grouping_has_the_same_total() {
    let dir = Dir::demo();
    for period in ["2025", "2026Q2"] {
        let total = |by: &str| {
            let rows = rows(&dir, &["report", "profit", "--by", by, "-p", period, "--json"]);
            ["quantity", "revenue", "cost", "profit", "unknown_cost_lines"]
                .map(|k| rows.iter().filter_map(|r| number(&r[k])).sum::<Decimal>())
        };
        let first = total("customer");
        for by in ["product", "category", "rep", "order", "grade", "stage", "owner", "region", "source"] {
            assert_eq!(total(by), first, "by {by} in {period}");
        }
    }
}

/// What must not depend on how rows lie in files.
fn figures(dir: &Dir, threads: &str) -> Vec<String> {
    [
        vec!["report", "profit", "--json"],
        vec!["report", "receivables", "--json"],
        vec!["list", "--columns", "id,orders,revenue,profit,margin,outstanding,overdue,credit,payment_days", "--json"],
    ]
    .iter()
    .map(|args| dir.run_with(args, &[("KEHU_THREADS", threads)], "").expect(0).stdout)
    .collect()
}

#[test]
fn order_sharding_threads_and_later_facts_change_nothing() {
    let dir = Dir::demo();
    let before = figures(&dir, "1");
    assert_eq!(figures(&dir, "2"), before, "two threads");
    for ledger in ["orders", "receipts"] {
        for (file, bytes) in dir.files() {
            if !file.starts_with(&format!("ledgers/{ledger}/")) {
                continue;
            }
            let text = String::from_utf8(bytes).expect("UTF-8");
            let (header, body) = text.split_once('\n').expect("a header");
            // Rows backwards, every other one in a new file of another folder.
            let (mut one, mut two) = (format!("{header}\n"), format!("{header}\n"));
            for (i, line) in body.lines().rev().enumerate() {
                let to = if i % 2 == 0 { &mut one } else { &mut two };
                to.push_str(line);
                to.push('\n');
            }
            dir.write(&file, one);
            dir.write(&file.replace(&format!("ledgers/{ledger}/"), &format!("ledgers/{ledger}/more/x-")), two);
        }
    }
    assert_eq!(figures(&dir, "1"), before, "rows backwards in other files");
    assert_eq!(figures(&dir, "2"), before, "the same with two threads");
    dir.write(
        "ledgers/orders/later.csv",
        "id,line,at,customer,quantity,price,cost,due,by\no_later1,1,2026-07-01,huaxin,5,1000,800,2026-07-31,li\n",
    );
    dir.write("ledgers/receipts/later.csv", "id,line,at,customer,amount\np_later1,1,2026-07-01,huaxin,123456\n");
    assert_eq!(figures(&dir, "2"), before, "facts after today");
}
