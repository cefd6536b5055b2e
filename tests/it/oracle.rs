//! Figures against second opinions: tests/oracle computes them from the same files by other means.
//!
//! - profit.py: profit by SQL (DuckDB), every grouping, over the sample company and Northwind
//! - rules.py: profit, receivables, days to pay and grades by the text of the rules in fractions, over the sample company
//!   and companies made up by companies.py

use crate::reading::read;
use crate::support::{Dir, command, copy_tree, kehu_path, repo, start};
use kehu::model::period::Period;
use kehu::query::Per;
use kehu::report::sales_groups::KEYS;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A Python with some modules, or why there is none.
pub(super) fn python(modules: &str) -> Result<PathBuf, String> {
    let own = repo().join("target/oracle/bin/python3");
    let program = if own.exists() { own } else { PathBuf::from("python3") };
    let out = command(&program, &repo())
        .args(["-c", &format!("import {modules}")])
        .output()
        .map_err(|e| format!("python3 does not start: {e}"))?;
    if out.status.success() {
        Ok(program)
    } else {
        Err(String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or("python3 failed").to_owned())
    }
}

/// Groups that come of contracts, which no second opinion knows; `contribution` has them.
const AGREED: [&str; 2] = ["contract", "project"];

/// What rules.py and companies.py use.
const PLAIN: &str = "tomllib, zoneinfo";
/// What profit.py uses.
const SQL: &str = "tomllib, duckdb";

/// What a script of tests/oracle prints.
pub(super) fn script(python: &Path, name: &str, args: &[&str]) -> String {
    let mut c = command(python, &repo());
    c.arg("-B").arg(repo().join("tests/oracle").join(name)).args(args);
    let out = c.output().expect("python starts");
    assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

fn answer(python: &Path, name: &str, args: &[&str]) -> Value {
    serde_json::from_str(&script(python, name, args)).expect("JSON")
}

const PROFIT: &[&str] =
    &["orders", "quantity", "revenue", "cost", "extra_cost", "profit", "margin", "unknown_cost_lines", "returns"];
const OWED: &[&str] =
    &["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus", "credit", "outstanding", "bills"];

fn text(v: &Value) -> String {
    v.as_str().map_or_else(|| if v.is_null() { String::new() } else { v.to_string() }, ToString::to_string)
}

/// Whether a figure of kehu is the oracle's: equal to the last digit, but for what the oracle had to cut (`~`) and what
/// machine formats give with six decimals.
fn same(name: &str, ours: &str, theirs: &str) -> bool {
    let close = theirs.starts_with('~') || matches!(name, "margin" | "score" | "coverage");
    match (ours.parse::<Decimal>(), theirs.trim_start_matches('~').parse::<Decimal>()) {
        (Ok(a), Ok(b)) if close => (a - b).abs() <= Decimal::new(1, 6),
        (Ok(a), Ok(b)) => a == b,
        _ => ours == theirs,
    }
}

/// Every figure in which the groups of two opinions differ, found by key. A group that one of them does not have is one
/// of zeros.
fn compare(
    place: &str,
    ours: &[Value],
    key: impl Fn(&Value) -> String,
    theirs: &Value,
    names: &[&str],
    wrong: &mut Vec<String>,
) {
    let theirs = theirs.as_object().expect("groups");
    let count = ours.len();
    let ours: BTreeMap<String, &Value> = ours.iter().map(|r| (key(r), r)).collect();
    assert_eq!(ours.len(), count, "{place}: a group stands there twice");
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for k in keys {
        let (a, b) = (ours.get(k), theirs.get(k));
        for name in names {
            let figure = |row: Option<&Value>| row.map(|r| text(&r[*name]));
            let nothing = |t: &str| t.is_empty() || t.parse::<Decimal>().is_ok_and(|d| d.is_zero());
            let equal = match (figure(a.copied()), figure(b)) {
                (Some(x), Some(y)) => same(name, &x, &y),
                (x, y) => nothing(&x.unwrap_or_default()) && nothing(&y.unwrap_or_default()),
            };
            if !equal {
                let shown = |r: Option<&Value>| r.map_or_else(|| "no such group".into(), |r| r[*name].to_string());
                wrong.push(format!("{place} {k}: {name}: kehu {}, oracle {}", shown(a.copied()), shown(b)));
            }
        }
    }
}

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

// ---------------------------------------------------------------- SQL

const PARTS: [(&str, Option<Per>); 4] =
    [("", None), ("month", Some(Per::Month)), ("quarter", Some(Per::Quarter)), ("year", Some(Per::Year))];

/// Every figure of profit in every grouping, on days and over periods: `TODAY/FROM/TO`.
fn against_sql(python: &Path, root: &Path, questions: &[&str]) {
    let mut args = vec![root.to_str().expect("text")];
    args.extend(questions);
    let theirs = answer(python, "profit.py", &args);
    let mut wrong = Vec::new();
    for question in questions {
        let days: Vec<&str> = question.split('/').collect();
        let reading = read(root, days[0], 1);
        let day = |n: usize| days[n].parse().ok().filter(|_| !matches!(days[n], "0001-01-01" | "9999-12-31"));
        let period = Period { from: day(1), to: day(2) };
        for by in KEYS.iter().filter(|by| !AGREED.contains(by)) {
            for (part, per) in PARTS {
                let rows = reading.rows(&reading.profit(by, per, period).0);
                let place = format!("{question} by {by} per {part:?}");
                let key = |r: &Value| format!("{}/{}", text(&r[*by]), text(&r["period"]));
                compare(&place, &rows, key, &theirs[*question][*by][part], PROFIT, &mut wrong);
            }
        }
    }
    none(&wrong);
}

#[test]
fn profit_of_the_sample_company_agrees_with_sql() {
    let python = match python(SQL) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = Dir::demo();
    let questions = [
        "2026-06-30/0001-01-01/9999-12-31",
        "2026-06-30/2025-01-01/2025-12-31",
        "2026-03-18/0001-01-01/9999-12-31",
        "2026-03-19/2025-07-15/2026-03-19",
        "2025-02-28/0001-01-01/9999-12-31",
    ];
    against_sql(&python, dir.path(), &questions);
    // What the program prints is what was compared.
    let reading = read(dir.path(), "2026-06-30", 1);
    for (by, per) in [("customer", None), ("grade", Some(("quarter", Per::Quarter)))] {
        let mut args = vec!["report", "profit", "--by", by, "--json"];
        args.extend(per.iter().flat_map(|(word, _)| ["--per", word]));
        let printed: Vec<Value> = serde_json::from_str(&dir.run(&args).expect(0).stdout).expect("JSON");
        assert_eq!(printed, reading.rows(&reading.profit(by, per.map(|p| p.1), Period::ALL).0), "{by}");
    }
}

/// The folder of Northwind: KEHU_NORTHWIND, else beside the repository.
fn northwind() -> Option<PathBuf> {
    let named = std::env::var_os("KEHU_NORTHWIND").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| repo().join("../shared/data/northwind"));
    folder.join("order_details.csv").is_file().then_some(folder)
}

/// Northwind as examples/northwind.sh imports it; `None` where that is not to be had, which is told.
pub(super) fn northwind_directory() -> Option<Dir> {
    let Some(data) = northwind() else {
        eprintln!("skipped: no ../shared/data/northwind, and no KEHU_NORTHWIND");
        return None;
    };
    if cfg!(not(unix)) {
        eprintln!("skipped: examples/northwind.sh needs a POSIX shell");
        return None;
    }
    let dir = Dir::empty();
    // The script finds our program as `kehu`.
    let bin = kehu_path().parent().expect("a folder").to_path_buf();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut c = command(Path::new("sh"), dir.path());
    let out = c.arg(repo().join("examples/northwind.sh")).arg(&data).arg(".").env("PATH", path).output().expect("sh");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(dir)
}

#[test]
fn profit_of_northwind_agrees_with_sql() {
    let python = match python(SQL) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let Some(dir) = northwind_directory() else { return };
    let root = dir.path().to_path_buf();
    let questions = ["2026-06-30/0001-01-01/9999-12-31", "1997-12-31/1997-01-01/1997-12-31"];
    against_sql(&python, &root, &questions);
    // Northwind tells no costs: most products get some, with a change of price in between.
    let mut products: Vec<Vec<String>> = Vec::new();
    let ledger = root.join("ledgers/products");
    for file in std::fs::read_dir(&ledger).expect("a folder") {
        let file = file.expect("a file").path();
        let mut reader = csv::Reader::from_path(&file).expect("CSV");
        let columns = reader.headers().expect("a header").clone();
        let cell = |r: &csv::StringRecord, name: &str| {
            columns.iter().position(|c| c == name).and_then(|n| r.get(n)).unwrap_or("").to_string()
        };
        for row in reader.records() {
            let row = row.expect("a row");
            let price: Decimal = cell(&row, "price").parse().expect("a price");
            let id: u32 = cell(&row, "id").parse().expect("a number");
            let shares = [("1996-01-01", Decimal::new(62, 2)), ("1997-06-15", Decimal::new(71, 2))];
            for (since, share) in shares.iter().take(if id.is_multiple_of(7) { 0 } else { 2 }) {
                products.push(
                    [&cell(&row, "id"), *since, &cell(&row, "category"), &(price * share).to_string()]
                        .map(|c: &str| c.to_string())
                        .to_vec(),
                );
            }
            if id.is_multiple_of(7) {
                products.push(
                    [&cell(&row, "id"), "1996-01-01", &cell(&row, "category"), ""]
                        .map(|c: &str| c.to_string())
                        .to_vec(),
                );
            }
        }
        std::fs::remove_file(file).expect("removed");
    }
    let mut writer = csv::Writer::from_path(ledger.join("1996.csv")).expect("CSV");
    writer.write_record(["id", "since", "category", "cost"]).expect("a header");
    products.iter().for_each(|p| writer.write_record(p).expect("a row"));
    writer.flush().expect("written");
    drop(writer);
    against_sql(&python, &root, &questions);
}

// ---------------------------------------------------------------- the rules in fractions

/// Everything that rules.py says of a directory on a day.
fn against_the_rules(place: &str, root: &Path, day: &str, theirs: &Value, wrong: &mut Vec<String>) {
    let reading = read(root, day, 1);
    for (by, per) in [("customer", None), ("product", None), ("rep", None), ("order", None), ("kind", Some(Per::Month))]
    {
        let rows = reading.rows(&reading.profit(by, per, Period::ALL).0);
        // All customers are of one kind: its months are those of the company.
        let (key, name) = if per.is_some() { ("period", "month") } else { (by, by) };
        let place = format!("{place} profit by {name}");
        compare(&place, &rows, |r| text(&r[key]), &theirs["profit"][name], PROFIT, wrong);
    }
    let account = |r: &Value| format!("{}/{}", text(&r["customer"]), text(&r["currency"]));
    let place_of = |what: &str| format!("{place} {what}");
    compare(&place_of("receivables"), &reading.receivables(), account, &theirs["receivables"], OWED, wrong);
    let names = ["payment_days", "late_days"];
    let rows = reading.list(&["id", "payment_days", "late_days"]);
    compare(&place_of("list"), &rows, |r| text(&r["id"]), &theirs["days"], &names, wrong);
    let names = ["old", "new", "score", "coverage"];
    compare(&place_of("grade"), &reading.grades(), |r| text(&r["customer"]), &theirs["grades"], &names, wrong);
}

/// Days of which each lies in another state of the sample company.
const DAYS: [&str; 4] = ["2026-06-30", "2026-03-18", "2026-03-19", "2025-02-28"];

#[test]
fn the_sample_company_agrees_with_the_rules() {
    let python = match python(PLAIN) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = Dir::demo();
    // One kind of customers, see above.
    for (file, bytes) in dir.files().iter().filter(|(f, _)| f.starts_with("customers/")) {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let kept: String = text.lines().filter(|l| !l.starts_with("kind = ")).map(|l| format!("{l}\n")).collect();
        dir.write(file, kept);
    }
    let root = dir.path().to_str().expect("text");
    let mut args: Vec<&str> = DAYS.iter().flat_map(|d| ["--today", d]).collect();
    args.push(root);
    let theirs = answer(&python, "rules.py", &args);
    let mut wrong = Vec::new();
    for day in DAYS {
        against_the_rules(day, dir.path(), day, &theirs[root][day], &mut wrong);
    }
    none(&wrong);
}

/// Whether receivables that are no orders count.
fn counts_receivables() -> bool {
    let dir = start::make("new");
    let text = "name = \"Acme\"\ncreated = 2025-01-05\n\nstage = \"repeat\"\n\nstatus = \"active\"\n\nowner = \"\"\n\ngrade = \"\"\n\nintent = \"\"\n";
    dir.write("customers/acme.toml", text);
    dir.write("ledgers/receivables/2026.csv", "id,at,customer,amount,due\nr_1,2026-06-01,acme,5,2026-06-30\n");
    !read(dir.path(), "2026-06-30", 1).receivables().is_empty()
}

#[test]
fn made_up_companies_agree_with_the_rules() {
    const LAST: usize = 30;
    let python = match python(PLAIN) {
        Ok(p) => p,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let root = Dir::empty();
    let new = start::make("new");
    let dirs: Vec<String> =
        (1..=LAST).map(|n| root.path().join(n.to_string()).to_string_lossy().into_owned()).collect();
    dirs.iter().for_each(|d| copy_tree(new.path(), Path::new(d)));
    let (place, last) = (root.path().to_str().expect("text"), LAST.to_string());
    let mut args = vec![place, "1", &last];
    if counts_receivables() {
        args.push("--receivables");
    }
    script(&python, "companies.py", &args);
    let days = ["2026-06-30", "2026-01-31"];
    let mut args: Vec<&str> = days.iter().flat_map(|d| ["--today", d]).collect();
    args.extend(dirs.iter().map(String::as_str));
    let theirs = answer(&python, "rules.py", &args);
    let mut wrong = Vec::new();
    for (n, dir) in dirs.iter().enumerate() {
        for day in days {
            against_the_rules(&format!("seed {} on {day}:", n + 1), Path::new(dir), day, &theirs[dir][day], &mut wrong);
        }
    }
    none(&wrong);
}

// ---------------------------------------------------------------- how the files lie

/// What must not depend on how rows lie in files, as the program prints it.
fn printed(dir: &Dir, threads: &str) -> Vec<String> {
    const METRICS: &str = "id,grade,stage,owner,due,days_overdue,why,last_activity,last_two_way,activities,visits,\
        first_order,last_order,idle_days,order_gap,orders,quantity,revenue,cost,profit,margin,avg_order,growth,outstanding,\
        overdue,credit,payment_days,late_days,days_in_stage,owner_since,stalled,open_tasks";
    let columns = METRICS.replace(' ', "");
    [
        vec!["report", "profit", "--json"],
        vec!["report", "profit", "--by", "product", "--per", "month", "-f", "csv"],
        vec!["report", "orders", "--json"],
        vec!["report", "delivery", "--json"],
        vec!["report", "receivables", "--json"],
        vec!["report", "grades", "--migration", "--json"],
        vec!["grade", "--json"],
        vec!["due", "--within", "30d", "--json"],
        vec!["list", "--columns", &columns, "--json"],
    ]
    .iter()
    .map(|args| dir.run_with(args, &[("KEHU_THREADS", threads)], "").expect(0).stdout)
    .collect()
}

#[test]
fn order_sharding_threads_and_later_facts_change_nothing() {
    let dir = Dir::demo();
    let before = printed(&dir, "1");
    assert_eq!(printed(&dir, "2"), before, "two threads");
    for ledger in ["orders", "receipts", "refunds", "events", "activities", "products", "rates"] {
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
    assert_eq!(printed(&dir, "2"), before, "rows backwards in other files");
    let order = read_one(&dir, "orders");
    dir.write(
        "ledgers/orders/later.csv",
        "id,line,at,customer,quantity,price,cost,due,by\no_later1,1,2026-07-01,huaxin,5,1000,800,2026-07-31,li\n",
    );
    dir.write("ledgers/receipts/later.csv", "id,line,at,customer,amount\np_later1,1,2026-07-01,huaxin,123456\n");
    dir.write(
        "ledgers/refunds/later.csv",
        "id,at,customer,amount,reason,kind\nf_later1,2026-07-01,huaxin,5,other,allowance\n",
    );
    dir.write("ledgers/rates/later.csv", "date,currency,rate\n2026-07-01,USD,99\n");
    dir.write(
        "ledgers/events/later.csv",
        format!("id,at,kind,subject,event,from,to,by\ne_later1,2026-07-01,order,{order},cancelled,,,li\n"),
    );
    dir.write("ledgers/activities/later.csv", "id,at,customer,by,channel\na_later1,2026-07-01,huaxin,li,visit\n");
    assert_eq!(printed(&dir, "2"), before, "facts after today");
}

/// The id in the first row of a ledger.
fn read_one(dir: &Dir, ledger: &str) -> String {
    let csv = dir.run(&["export", ledger]).expect(0).stdout;
    csv.lines().nth(1).and_then(|l| l.split(',').next()).expect("a row").to_string()
}

#[test]
fn every_grouping_of_the_program_has_the_same_total() {
    let dir = Dir::demo();
    for period in ["2025", "2026Q2"] {
        let total = |by: &str| {
            let csv = dir.run(&["report", "profit", "--by", by, "-p", period, "-f", "csv"]).expect(0).stdout;
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(|r| r.expect("a row")).collect();
            ["quantity", "revenue", "cost", "extra_cost", "profit", "unknown_cost_lines"]
                .map(|k| rows.iter().filter_map(|r| r[k].parse::<Decimal>().ok()).sum::<Decimal>())
        };
        let first = total("customer");
        for by in KEYS.iter().filter(|by| !AGREED.contains(by)) {
            assert_eq!(total(by), first, "by {by} in {period}");
        }
    }
}
