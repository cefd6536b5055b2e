//! Imports: the samples of examples/, Northwind, broken rows, and that nothing is written twice or by halves.

use super::support::{Dir, Ran, command, kehu_path, repo};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Stdio;

/// A sample of examples/imports.
fn sample(name: &str) -> String {
    repo().join("examples/imports").join(name).to_string_lossy().into_owned()
}

fn import(dir: &Dir, name: &str, more: &[&str]) -> Ran {
    let (source, map) = (sample(&format!("{name}.csv")), sample(&format!("{name}.toml")));
    let mut args = vec!["import", &source, "--map", &map, "--json"];
    args.extend(more);
    dir.run(&args)
}

/// `rows new unchanged changed skipped rejected` of a summary.
fn counts(ran: &Ran) -> String {
    let v: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let v = if v.is_array() { v[0].clone() } else { v };
    ["rows", "new", "unchanged", "changed", "skipped", "rejected"].map(|k| v[k].to_string()).join(" ")
}

fn number(ran: &Ran, key: &str) -> i64 {
    let v: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let v = if v.is_array() { v[0].clone() } else { v };
    v[key].as_i64().expect("a number")
}

/// The rows of a CSV text, by header.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|r| r.expect("a row")).collect()
}

fn decimal(text: &str) -> Decimal {
    if text.is_empty() { Decimal::ZERO } else { text.parse().expect("a decimal") }
}

const SAMPLES: &[(&str, &str, &str)] = &[
    ("crm-customers", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("taobao-orders", "10 8 0 0 2 0", "10 0 8 0 2 0"),
    ("jd-orders", "10 8 0 0 2 0", "10 0 8 0 2 0"),
    ("erp-products", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("erp-orders", "10 9 0 0 1 0", "10 0 9 0 1 0"),
    ("bank-receipts", "10 7 0 0 3 0", "10 0 7 0 3 0"),
    ("crm-activities", "10 10 0 0 0 0", "10 0 10 0 0 0"),
];

#[test]
fn every_sample_is_imported_once() {
    let tried: BTreeSet<String> =
        SAMPLES.iter().flat_map(|(n, ..)| [format!("{n}.csv"), format!("{n}.toml")]).collect();
    let there: BTreeSet<String> = std::fs::read_dir(repo().join("examples/imports"))
        .expect("samples")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(tried, there, "every sample is tried here");
    let dir = Dir::new();
    for (name, first, again) in SAMPLES {
        let before = dir.files();
        let dry = import(&dir, name, &["--dry-run"]).expect(0);
        assert_eq!(counts(&dry), *first, "{name}");
        assert_eq!(dir.files(), before, "{name}: --dry-run writes nothing");
        assert_eq!(counts(&import(&dir, name, &[]).expect(0)), *first, "{name}");
        let before = dir.files();
        assert_eq!(counts(&import(&dir, name, &[]).expect(0)), *again, "{name}");
        assert_eq!(counts(&import(&dir, name, &["--update"]).expect(0)), *again, "{name}");
        assert_eq!(dir.files(), before, "{name}: the second time changes nothing");
    }
    let check = dir.run(&["check", "--strict"]).expect(0);
    assert!(check.stdout.is_empty() || check.stdout.contains("no findings"), "{}", check.stdout);
}

#[test]
fn samples_say_what_their_source_said() {
    let dir = Dir::new();
    for (name, ..) in SAMPLES {
        import(&dir, name, &[]).expect(0);
    }
    let huaxin = dir.read("customers/k/kh0001.toml");
    for line in [
        "name = \"青禾包装有限公司\"",
        "stage = \"repeat\"",
        "grade = \"A\"",
        "owner = \"li\"",
        "created = 2024-03-05",
        "gender = \"female\"",
    ] {
        assert!(huaxin.contains(line), "{line}: {huaxin}");
    }
    assert!(dir.read("customers/k/kh0004.toml").contains("只在上午接电话\\n下午找林先生"));
    let buyer = dir.read("customers/t/tb5583012.toml");
    for line in ["kind = \"person\"", "stage = \"repeat\"", "created = 2026-03-02", "phone = \"13900020002\""] {
        assert!(buyer.contains(line), "{line}: {buyer}");
    }
    let orders = rows(&dir.run(&["export", "orders"]).expect(0).stdout);
    let of = |prefix: &str, column: &str| -> Decimal {
        orders.iter().filter(|r| r["source_key"].starts_with(prefix)).map(|r| decimal(&r[column])).sum()
    };
    // Net and tax together are what the buyers paid.
    assert_eq!(of("taobao-", "amount") + of("taobao-", "tax"), decimal("2269.70"));
    assert_eq!(of("erp-", "amount"), decimal("33088.00"));
    let jd: Decimal = orders
        .iter()
        .filter(|r| r["id"].starts_with("jd"))
        .map(|r| decimal(&r["quantity"]) * decimal(&r["price"]) + decimal(&r["tax"]))
        .sum();
    assert_eq!(jd, decimal("7619.40"));
    let receipts = rows(&dir.run(&["export", "receipts"]).expect(0).stdout);
    assert_eq!(receipts.iter().map(|r| decimal(&r["amount"])).sum::<Decimal>(), decimal("34771.20"));
    let activities = rows(&dir.run(&["export", "activities"]).expect(0).stdout);
    assert!(activities.iter().any(|r| r["channel"] == "wecom" && r["contact"] == "魏强" && r["next"] == "2026-06-02"));
}

/// The folder of Northwind beside the repository.
fn northwind() -> Option<PathBuf> {
    let folder = repo().join("../shared/data/northwind");
    folder.join("order_details.csv").is_file().then_some(folder)
}

#[test]
#[allow(clippy::print_stdout)] // why a test does nothing
fn northwind_is_imported_to_the_last_digit() {
    let Some(data) = northwind() else {
        println!("skipped: no ../shared/data/northwind beside the repository");
        return;
    };
    if cfg!(not(unix)) {
        println!("skipped: examples/northwind.sh needs a POSIX shell");
        return;
    }
    let dir = Dir::empty();
    // The script finds our program as `kehu`.
    let bin = kehu_path().parent().expect("a folder").to_path_buf();
    let run = || {
        let mut c = command(std::path::Path::new("sh"), dir.path());
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        c.arg(repo().join("examples/northwind.sh")).arg(&data).arg("nw").env("PATH", path);
        let out = c.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("sh");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    };
    let first = run();
    assert!(!first.contains("rejected        1"), "{first}");
    let kehu = |args: &[&str]| dir.run(&[&["-C", "nw"], args].concat()).expect(0).stdout;
    assert_eq!(rows(&kehu(&["export", "customers"])).len(), 91);
    assert_eq!(rows(&kehu(&["export", "products"])).len(), 77);
    let orders = rows(&kehu(&["export", "orders"]));
    assert_eq!(orders.len(), 2155);
    assert_eq!(orders.iter().map(|r| r["id"].as_str()).collect::<BTreeSet<_>>().len(), 830);
    let net = |r: &BTreeMap<String, String>| {
        decimal(&r["quantity"]) * decimal(&r["price"]) * (Decimal::ONE - decimal(&r["discount"]))
    };
    assert_eq!(orders.iter().map(net).sum::<Decimal>().normalize(), decimal("1265793.0395"));
    let mut by_customer: BTreeMap<&str, Decimal> = BTreeMap::new();
    orders.iter().for_each(|r| *by_customer.entry(&r["customer"]).or_default() += net(r));
    let best = by_customer.iter().max_by_key(|(_, n)| **n).expect("a customer");
    assert_eq!((*best.0, best.1.normalize()), ("quick", decimal("110277.305")));
    // The report says the same.
    let report = rows(&kehu(&["report", "profit", "--by", "customer", "--sort=-revenue", "--limit", "1", "-f", "csv"]));
    assert_eq!((report[0]["customer"].as_str(), decimal(&report[0]["revenue"])), ("quick", decimal("110277.305")));
    assert!(dir.read("nw/customers/a/alfki.toml").contains("stage = \"repeat\""));
    let check = dir.run(&["-C", "nw", "check", "--strict"]).expect(0);
    assert!(check.stdout.contains("no findings") || check.stderr.contains("no findings"), "{check:?}");
    let before = dir.files();
    run();
    assert_eq!(dir.files(), before, "the second run changes nothing");
}

/// Orders of 50 customers with a map: 2,000 rows, those of `bad` broken in turn in one of five ways. Gives the CSV and the
/// reason that each bad line must be rejected for.
fn many(bad: &[usize]) -> (Vec<u8>, BTreeMap<String, &'static str>) {
    let mut csv = b"no,pos,day,buyer,qty,price,remark\n".to_vec();
    let mut expected = BTreeMap::new();
    for n in 0..2000 {
        let (mut no, mut day, mut buyer, mut qty) = (
            format!("S{:05}", n),
            format!("{:02}/{:02}/2025", n % 28 + 1, n % 12 + 1),
            format!("C{:02}", n % 50),
            (n % 9 + 1).to_string(),
        );
        let mut remark = "备注".as_bytes().to_vec();
        if let Some(k) = bad.iter().position(|b| *b == n) {
            let reason = match k % 5 {
                0 => {
                    day = "31/02/2025".into();
                    "at: `31/02/2025` is no date"
                }
                1 => {
                    qty = "1O".into();
                    "quantity: `1O` is no number"
                }
                2 => {
                    remark = vec![0xE5, 0xA4, b'x'];
                    "bytes that are no text"
                }
                3 => {
                    buyer = "C99".into();
                    "customer: there is no customer `C99`"
                }
                _ => {
                    no = "S00000".into();
                    "stands in line 2 already"
                }
            };
            expected.insert((n + 2).to_string(), reason);
        }
        csv.extend(format!("{no},1,{day},{buyer},{qty},9.5,").into_bytes());
        csv.extend(remark);
        csv.push(b'\n');
    }
    (csv, expected)
}

const MANY_MAP: &str = "into = \"orders\"\n[columns]\nid = \"no\"\nline = \"pos\"\nat = { column = \"day\", date = \"%d/%m/%Y\" }\n\
    customer = \"buyer\"\nquantity = \"qty\"\nprice = \"price\"\nnote = \"remark\"\n";

fn with_buyers() -> Dir {
    let dir = Dir::new();
    let list: String = (0..50).map(|n| format!("C{n:02},Buyer {n}\n")).collect();
    dir.write("buyers.csv", format!("id,name\n{list}"));
    dir.run(&["import", "buyers.csv", "--into", "customers"]).expect(0);
    dir.write("map.toml", MANY_MAP);
    dir
}

#[test]
fn exactly_the_bad_rows_are_rejected() {
    let bad: Vec<usize> = (0..20).map(|n| 61 + n * 97).collect();
    let (csv, expected) = many(&bad);
    let dir = with_buyers();
    dir.write("orders.csv", &csv);
    let before = dir.files();
    // All or nothing.
    let ran = dir.run(&["import", "orders.csv", "--map", "map.toml", "--json"]).expect(3);
    assert_eq!(counts(&ran), "2000 1980 0 0 0 20");
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    let rejects = rows(&dir.read("orders.rejects.csv"));
    let got: BTreeMap<String, String> = rejects.iter().map(|r| (r["line"].clone(), r["reason"].clone())).collect();
    assert_eq!(got.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (line, reason) in &expected {
        assert!(got[line].contains(reason), "line {line}: {} instead of {reason}", got[line]);
    }
    std::fs::remove_file(dir.path().join("orders.rejects.csv")).expect("removed");
    assert_eq!(dir.files(), before);
    // --dry-run leaves not even the rejects.
    dir.run(&["import", "orders.csv", "--map", "map.toml", "--dry-run", "--skip-errors"]).expect(0);
    assert_eq!(dir.files(), before);
    // The good ones.
    let skip = ["import", "orders.csv", "--map", "map.toml", "--json", "--skip-errors", "--rejects", "bad.csv"];
    assert_eq!(counts(&dir.run(&skip).expect(0)), "2000 1980 0 0 0 20");
    assert_eq!(rows(&dir.read("bad.csv")).len(), 20);
    let after = dir.files();
    assert_eq!(counts(&dir.run(&skip).expect(0)), "2000 0 1980 0 0 20");
    assert_eq!(dir.files(), after);
    dir.run(&["check"]).expect(0);
    // Corrected rejects go in with the same map.
    let corrected: String = dir
        .read("bad.csv")
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.contains("already") && !l.contains('\u{fffd}'))
        .map(|(_, l)| l.replace("31/02", "28/02").replace("1O", "10").replace("C99", "C09") + "\n")
        .collect();
    dir.write("again.csv", corrected);
    assert_eq!(counts(&dir.run(&["import", "again.csv", "--map", "map.toml", "--json"]).expect(0)), "12 12 0 0 0 0");
}

#[test]
fn differing_rows_are_told_and_updated() {
    let dir = with_buyers();
    dir.write(
        "orders.csv",
        "no,pos,day,buyer,qty,price,remark\nA,1,05/01/2026,c01,2,9.50,x\nB,1,06/01/2026,C02,1,5,\n",
    );
    let args = ["import", "orders.csv", "--map", "map.toml", "--json"];
    assert_eq!(counts(&dir.run(&args).expect(0)), "2 2 0 0 0 0");
    // 9.5 is 9.50, and what the source does not have any more stays.
    dir.write("orders.csv", "no,pos,day,buyer,qty,price,remark\nA,1,05/01/2026,c01,3,9.5,\nB,1,06/01/2026,C02,1,5,\n");
    let before = dir.files();
    let ran = dir.run(&args).expect(0);
    assert_eq!(counts(&ran), "2 0 1 1 0 0");
    assert!(ran.stderr.contains("A/1  quantity: 2 → 3") && ran.stderr.contains("--update"), "{}", ran.stderr);
    assert_eq!(dir.files(), before);
    assert_eq!(counts(&dir.run(&[&args[..], &["--update"]].concat()).expect(0)), "2 0 1 1 0 0");
    let order = dir.read("ledgers/orders/2026-li.csv");
    assert!(order.contains("A,1,2026-01-05,c01,,3,9.50,") && order.contains(",x\n"), "{order}");
    // Customers: facts in place, decisions with an event.
    dir.write("again.csv", "编号,名称,负责人,城市,联系人\nC01,Buyer 1,Wu Min,Bonn,Ute\nC02,Buyer 2,,,\n");
    let args = ["import", "again.csv", "--into", "customers", "--json", "--update"];
    assert_eq!(counts(&dir.run(&args).expect(0)), "2 0 1 1 0 0");
    let c01 = dir.read("customers/c/c01.toml");
    assert!(
        c01.contains("owner = \"wu\"") && c01.contains("city = \"Bonn\"") && c01.contains("name = \"Ute\""),
        "{c01}"
    );
    assert_eq!(counts(&dir.run(&args).expect(0)), "2 0 2 0 0 0");
    assert!(dir.run(&["history", "c01"]).expect(0).stdout.contains("wu"));
    dir.run(&["check"]).expect(0);
}

#[test]
fn facts_advance_stages() {
    let dir = with_buyers();
    let import = |text: &str, more: &[&str]| {
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{text}"));
        let ran = dir.run(&[&["import", "orders.csv", "--map", "map.toml", "--json"], more].concat()).expect(0);
        number(&ran, "stages")
    };
    let stage = |id: &str| {
        let text = dir.read(&format!("customers/c/{id}.toml"));
        text.lines().find_map(|l| l.strip_prefix("stage = ")).expect("a stage").trim_matches('"').to_string()
    };
    // Two orders on a day are one purchase, and a return is none.
    assert_eq!(import("A,1,05/01/2026,c01,2,9,\nB,1,05/01/2026,c01,2,9,\nC,1,07/01/2026,c01,-1,9,\n", &[]), 1);
    assert_eq!(stage("c01"), "first-order");
    assert_eq!(import("D,1,09/02/2026,c01,1,9,\n", &[]), 1);
    assert_eq!(stage("c01"), "repeat");
    let events = dir.read("ledgers/events/2026-li.csv");
    assert!(events.contains("2026-01-05T00:00:00+08:00,customer,c01,stage,lead,first-order,,,,li,A\n"), "{events}");
    assert!(events.contains("2026-02-09T00:00:00+08:00,customer,c01,stage,first-order,repeat,,,,li,D\n"), "{events}");
    // A history is not rewritten: an order from before the newest event moves the customer today.
    dir.run(&["stage", "c02", "prospect", "--override", "--note", "met", "--as", "chen"]).expect(0);
    assert_eq!(import("E,1,09/02/2026,c02,1,9,\n", &[]), 1);
    let events = dir.read("ledgers/events/2026-li.csv");
    assert!(
        events.lines().any(|l| l.contains("2026-06-30T") && l.ends_with("c02,stage,prospect,first-order,,,,li,E")),
        "{events}"
    );
    // Never back.
    assert_eq!(import("F,1,09/03/2026,c01,1,9,\n", &[]), 0);
    assert_eq!(stage("c01"), "repeat");
    dir.run(&["check"]).expect(0);
}

#[test]
fn orders_are_due_by_the_terms_of_their_customer() {
    let dir = with_buyers();
    dir.run(&["customer", "set", "c01", "terms=net30"]).expect(0);
    dir.write("orders.csv", "no,pos,day,buyer,qty,price,remark\nA,1,05/01/2026,c01,2,9,\nA,2,05/01/2026,c01,1,9,\nB,1,05/01/2026,c02,2,9,\n");
    dir.run(&["import", "orders.csv", "--map", "map.toml"]).expect(0);
    let orders = rows(&dir.run(&["export", "orders"]).expect(0).stdout);
    let due: Vec<&str> = orders.iter().map(|r| r["due"].as_str()).collect();
    assert_eq!(due, ["2026-02-04", "2026-02-04", ""]);
    // A line that comes later is due with the others.
    dir.run(&["customer", "set", "c01", "terms=cod"]).expect(0);
    dir.write("orders.csv", "no,pos,day,buyer,qty,price,remark\nA,3,05/01/2026,c01,1,9,\nA,4,06/01/2026,c01,1,9,\n");
    let ran = dir.run(&["import", "orders.csv", "--map", "map.toml", "--skip-errors", "--json"]).expect(0);
    assert_eq!(counts(&ran), "2 1 0 0 0 1");
    assert!(ran.stderr.contains("`at` of A is `2026-01-06` here and `2026-01-05` on another line"), "{}", ran.stderr);
    dir.run(&["check"]).expect(0);
}

#[test]
fn contacts_go_to_their_customers() {
    let dir = with_buyers();
    dir.write(
        "people.csv",
        "客户,姓名,职务,电话,角色\nC01,Ute Weiss,CEO,1,决策人\nBuyer 1,Jan Ott,,2,\nC77,Nobody,,,\nC02,,,,\n",
    );
    let ran = dir.run(&["import", "people.csv", "--into", "contacts", "--json", "--skip-errors"]).expect(0);
    assert_eq!(counts(&ran), "4 2 0 0 0 2");
    let c01 = dir.read("customers/c/c01.toml");
    assert!(c01.contains("id = \"ute-weiss\"") && c01.contains("decision-maker") && c01.contains("Jan Ott"), "{c01}");
    dir.write("people.csv", "客户,姓名,职务\nC01,Ute Weiss,CFO\nC01,Jan Ott,\n");
    let ran = dir.run(&["import", "people.csv", "--into", "contacts", "--json", "--update"]).expect(0);
    assert_eq!(counts(&ran), "2 0 1 1 0 0");
    assert!(dir.read("customers/c/c01.toml").contains("title = \"CFO\""));
    dir.run(&["check"]).expect(0);
}

#[test]
fn mistakes_of_maps_and_files_are_usage_errors() {
    let dir = with_buyers();
    dir.write("a.csv", "x,y\n1,2\n");
    let check = |map: &str, exit: i32, part: &str| {
        dir.write("m.toml", map);
        let ran = dir.run(&["import", "a.csv", "--map", "m.toml"]).expect(exit);
        assert!(ran.stderr.contains(part), "{map}: {}", ran.stderr);
    };
    check(
        "into = \"orders\"\n[columns]\nid = \"z\"\nat = \"x\"\ncustomer = \"y\"\n",
        2,
        "m.toml:3:6: the file has no column `z`",
    );
    check("into = \"orders\"\n[columns]\nid = \"x\"\ncustomer = \"y\"\n", 2, "orders needs `at`");
    check("into = \"orders\"\n[columns]\namount = \"= {x} +\"\n", 2, "m.toml:3:10:");
    check(
        "into = \"orders\"\nencoding = \"martian\"\n[columns]\nid = \"x\"\nat = \"x\"\ncustomer = \"y\"\n",
        2,
        "martian",
    );
    check(
        "into = \"orders\"\n[columns]\nid = \"x\"\nat = \"{o.b}\"\ncustomer = \"y\"\n[lookup.o]\nfile = \"o.csv\"\nkey = \"a\"\nmatch = \"{x}\"\n",
        4,
        "o.csv",
    );
    dir.run(&["import", "a.csv"]).expect(2);
    dir.run(&["import", "a.csv", "--into", "boats"]).expect(2);
    dir.run(&["import", "a.csv", "--into", "events"]).expect(2);
    dir.run(&["import", "a.csv", "--into", "orders"]).expect(2);
    dir.run(&["import", "nothing.csv", "--into", "orders"]).expect(4);
    dir.write("empty.csv", "\n");
    dir.run(&["import", "empty.csv", "--into", "orders"]).expect(3);
    // In Chinese too.
    let zh = dir.run(&["import", "a.csv", "--into", "orders", "--lang", "zh-CN"]).expect(2);
    assert!(zh.stderr.contains("没有"), "{}", zh.stderr);
}

#[test]
fn quiet_prints_the_new_ids() {
    let dir = with_buyers();
    dir.write("orders.csv", "no,pos,day,buyer,qty,price,remark\nA,1,05/01/2026,c01,2,9,\nA,2,05/01/2026,c01,1,9,\nB,1,05/01/2026,c02,2,9,\n");
    let ran = dir.run(&["import", "orders.csv", "--map", "map.toml", "-q"]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("A\nB\n", ""));
}

#[test]
fn what_is_exported_can_be_imported() {
    let dir = with_buyers();
    dir.run(&["log", "c01", "called, and \"quoted\"", "--next", "+3d"]).expect(0);
    let export = dir.run(&["export", "activities"]).expect(0).stdout;
    dir.write("activities.csv", export);
    let before = dir.files();
    let ran = dir.run(&["import", "activities.csv", "--into", "activities", "--json"]).expect(0);
    assert_eq!(counts(&ran), "1 0 1 0 0 0");
    assert_eq!(dir.files(), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever stands in the cells: no panic, a clean directory, and nothing new the second time.
    #[test]
    fn any_cells_leave_a_clean_directory(cells in proptest::collection::vec(("[A-Z0-9. /订]{0,4}", "[-0-9/年月日]{0,10}", "[cC0-9 ]{0,3}", "[-0-9.,]{0,6}", "\\PC{0,8}"), 1..12)) {
        let dir = with_buyers();
        let mut text = "no,pos,day,buyer,qty,price,remark\nA,1,05/01/2026,c01,2,9,\n".to_string();
        for (no, day, buyer, qty, remark) in &cells {
            let remark = remark.replace('"', "\"\"");
            text.push_str(&format!("{no},1,{day},{buyer},{qty:?},1,\"{remark}\"\n"));
        }
        dir.write("orders.csv", text);
        dir.write("map.toml", MANY_MAP.replace(", date = \"%d/%m/%Y\"", ", date = [\"%d/%m/%Y\", \"%Y/%m/%d\"]"));
        let args = ["import", "orders.csv", "--map", "map.toml", "--skip-errors", "--json", "--rejects", "r.csv"];
        let first = dir.run(&args).expect(0);
        dir.run(&["check"]).expect(0);
        let second = dir.run(&args).expect(0);
        prop_assert_eq!(number(&second, "new"), 0);
        prop_assert_eq!(number(&first, "rejected"), number(&second, "rejected"));
        prop_assert_eq!(number(&first, "new"), number(&second, "unchanged"));
    }
}
