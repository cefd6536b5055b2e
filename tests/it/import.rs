//! Imports: the samples of examples/, Northwind, broken rows, and that nothing is written twice or by halves.

use super::support::{Dir, Ran, command, kehu_path, repo};
use encoding_rs::GB18030;
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
    ("crm-contacts", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("taobao-orders", "10 8 0 0 2 0", "10 0 8 0 2 0"),
    ("jd-orders", "10 8 0 0 2 0", "10 0 8 0 2 0"),
    ("erp-products", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("erp-orders", "10 9 0 0 1 0", "10 0 9 0 1 0"),
    ("bank-receipts", "10 7 0 0 3 0", "10 0 7 0 3 0"),
    ("invoice-list", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("invoice-payments", "10 7 0 0 3 0", "10 0 7 0 3 0"),
    ("crm-activities", "10 10 0 0 0 0", "10 0 10 0 0 0"),
    ("survey-answers", "10 10 0 0 0 0", "10 0 10 0 0 0"),
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
    // What a map accepts by name is all that `check` has doubts about.
    let check = dir.run(&["check", "--json"]).expect(0);
    let found: serde_json::Value = serde_json::from_str(&check.stdout).expect("JSON");
    let found = found.as_array().expect("a list").iter().map(|d| format!("{} {}", d["code"], d["severity"]));
    assert_eq!(found.collect::<Vec<_>>(), ["\"E093\" \"warning\""]);
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
    assert!(huaxin.contains("name = \"周岚\"") && huaxin.contains("wechat = \"zk-qh\""), "{huaxin}");
    let made = dir.read("customers/恒/恒丰纸业有限公司.toml");
    for line in
        ["source = \"通讯录\"", "stage = \"lead\"", "name = \"高原\"", "role = \"finance\"", "phone = \"13900030003\""]
    {
        assert!(made.contains(line), "{line}: {made}");
    }
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
    let of_bank = receipts.iter().filter(|r| r["source_key"].starts_with("bank-"));
    assert_eq!(of_bank.map(|r| decimal(&r["amount"])).sum::<Decimal>(), decimal("34771.20"));
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
                    "at: `31/02/2025` is not a date"
                }
                1 => {
                    qty = "1O".into();
                    "quantity: `1O` is not a number"
                }
                2 => {
                    remark = vec![0xE5, 0xA4, b'x'];
                    "the row has bytes that are not text"
                }
                3 => {
                    buyer = "C99".into();
                    "customer: there is no customer `C99`"
                }
                _ => {
                    no = "S00000".into();
                    "line 2 has `"
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
    // Who does not lead gives nobody a customer of the pool (R14), also not by an import.
    let refused = dir.run(&args).expect(3);
    assert!(refused.stderr.contains("c01: li may not give it to somebody, it is in the pool"), "{}", refused.stderr);
    let args = [&args[..], &["--as", "chen"]].concat();
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
    let map = dir.read("map.toml");
    dir.write("map.toml", format!("accept = [\"quantity-not-positive\"]\n{map}"));
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
fn a_stage_that_an_event_to_come_holds_is_said() {
    let dir = with_buyers();
    let events = "ledgers/events/2026-li.csv";
    let mut text = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note\n".to_string();
    for id in ["c03", "c04"] {
        text += &format!("e_1000000000{id},2026-07-09T10:00:00+08:00,customer,{id},intent,,hot,,,,li,\n");
    }
    dir.write(events, text);
    let import = |text: &str, more: &[&str]| {
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{text}"));
        let ran = dir.run(&[&["import", "orders.csv", "--map", "map.toml", "--json"], more].concat()).expect(0);
        (number(&ran, "stages"), ran.stderr)
    };
    let said = "the stage of Buyer 3 stays as it is: it changed later, on 2026-07-09 (e_1000000000c03)";
    let rows = "A,1,05/01/2026,c03,1,9,\nB,1,05/01/2026,c05,1,9,\n";
    for more in [&["-n"][..], &[]] {
        let (steps, stderr) = import(rows, more);
        assert_eq!(steps, 1, "{stderr}");
        assert!(stderr.contains(said) && !stderr.contains("Buyer 4") && !stderr.contains("Buyer 5"), "{stderr}");
    }
    // What is there already moves nothing, and what is given away neither.
    let (_, stderr) = import(rows, &[]);
    assert!(!stderr.contains("stays as it is"), "{stderr}");
    let (_, stderr) = import("C,1,05/01/2026,c04,1,0,\n", &[]);
    assert!(!stderr.contains("stays as it is"), "{stderr}");
    let (_, stderr) = import("D,1,06/01/2026,c03,1,9,\n", &["--lang", "zh-CN"]);
    assert!(stderr.contains("Buyer 3 的阶段保持不变"), "{stderr}");
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
fn contacts_may_make_their_customers() {
    let dir = with_buyers();
    let people = "客户,姓名,电话\nC01,Ute,1\nNew Co,Jan,2\nNew Co,Eva,3\nNew Co,Eva,4\nC99,Per,5\n!!!,Nil,6\n";
    dir.write("people.csv", people);
    let map = "into = \"contacts\"\n[columns]\ncustomer = \"客户\"\nname = \"姓名\"\nphone = \"电话\"\n[create]\ncustomers = true\n";
    dir.write("people.toml", format!("{map}city = {{ value = \"Bonn\" }}\n"));
    let args = ["import", "people.csv", "--map", "people.toml", "--json", "--skip-errors"];
    let ran = dir.run(&args).expect(0);
    assert_eq!((counts(&ran).as_str(), number(&ran, "customers")), ("6 4 0 0 0 2", 2), "{}", ran.stderr);
    assert!(ran.stderr.contains("people.csv:5:1: line 4 has `new-co/eva` already"), "{}", ran.stderr);
    assert!(ran.stderr.contains("people.csv:7:1: customer: kehu cannot make an id from `!!!`"), "{}", ran.stderr);
    let made = dir.read("customers/n/new-co.toml");
    for line in ["name = \"New Co\"", "created = 2026-06-30", "city = \"Bonn\"", "name = \"Jan\"", "phone = \"3\""] {
        assert!(made.contains(line), "{line}: {made}");
    }
    assert_eq!(made.matches("[[contacts]]").count(), 2, "{made}");
    let again = dir.run(&args).expect(0);
    assert_eq!((counts(&again).as_str(), number(&again, "customers")), ("6 0 4 0 0 2", 0));
    dir.run(&["check", "--strict"]).expect(0);
    // What [create] cannot do is a mistake of the map.
    let check = |more: &str, part: &str| {
        dir.write("people.toml", format!("{map}{more}"));
        let ran = dir.run(&["import", "people.csv", "--map", "people.toml"]).expect(2);
        assert!(ran.stderr.contains(part), "{more}: {}", ran.stderr);
    };
    check("id = \"姓名\"\n", "people.toml:8:1: [create] cannot fill `id`");
    check("\"contact.name\" = \"姓名\"\n", "people.toml:8:1: [create] cannot fill `contact.name`");
    check(
        "nmae = \"姓名\"\n",
        "people.toml:8:1: customers has no column `nmae`; `kehu schema customers` lists the columns; did you mean name?",
    );
}

#[test]
fn costs_of_the_day_are_frozen_into_orders() {
    let dir = with_buyers();
    for version in ["P,2026-01-01,10,4", "P,2026-03-01,10,6", "Q,2026-01-01,10,", "R,2026-01-01,10,8"] {
        let (id, rest) = version.split_once(',').expect("an id");
        let (since, prices) = rest.split_once(',').expect("a day");
        dir.write("products.csv", format!("id,since,name,price,cost\n{id},{since},{id},{prices}\n"));
        dir.run(&["import", "products.csv", "--into", "products"]).expect(0);
    }
    dir.write("rates.csv", "date,currency,rate\n2026-01-01,EUR,8\n");
    dir.run(&["import", "rates.csv", "--into", "rates"]).expect(0);
    let head = "id,line,at,customer,product,quantity,price,currency,unit_cost,returns\n";
    let lines = "A,1,2026-02-01,c01,P,2,10,,,\nA,2,2026-02-01,c01,Q,2,10,,,\nA,3,2026-02-01,c01,P,2,10,,5,\n\
        B,1,2026-03-01,c01,P,2,10,,,\nC,1,2026-03-02,c02,P,2,10,EUR,,\nD,1,2026-03-02,c02,P,2,10,USD,,\n\
        E,1,2026-04-01,c01,P,-1,,,,A/1\nF,1,2025-12-31,c03,P,1,10,,,\n";
    dir.write("orders.csv", format!("{head}{lines}"));
    let args = ["import", "orders.csv", "--into", "orders", "--json"];
    assert_eq!(counts(&dir.run(&args).expect(0)), "8 8 0 0 0 0");
    let costs = || -> Vec<String> {
        let orders = rows(&dir.run(&["export", "orders"]).expect(0).stdout);
        let mut costs: Vec<String> =
            orders.iter().map(|r| format!("{}/{} {}", r["id"], r["line"], r["unit_cost"])).collect();
        costs.sort();
        costs
    };
    assert_eq!(costs(), ["A/1 4", "A/2 ", "A/3 5", "B/1 6", "C/1 0.75", "D/1 ", "E/1 ", "F/1 "]);
    let before = dir.files();
    assert_eq!(counts(&dir.run(&args).expect(0)), "8 0 8 0 0 0");
    assert_eq!(dir.files(), before);
    // A new price list changes nothing; another product or day does, unless the cost is the source's own.
    dir.write("products.csv", "id,since,name,price,cost\nP,2026-01-15,P,10,99\n");
    dir.run(&["import", "products.csv", "--into", "products"]).expect(0);
    assert_eq!(counts(&dir.run(&args).expect(0)), "8 0 8 0 0 0");
    dir.write("map.toml", "into = \"orders\"\n[columns]\nid = \"id\"\nline = \"line\"\nat = \"at\"\ncustomer = \"customer\"\nproduct = \"product\"\n\
        quantity = \"quantity\"\nprice = \"price\"\nreturns = \"returns\"\ncurrency = \"currency\"\n");
    dir.write("orders.csv", format!("{head}B,1,2026-03-01,c01,R,2,10,,,\n"));
    let update = ["import", "orders.csv", "--map", "map.toml", "--json", "--update"];
    assert_eq!(counts(&dir.run(&update).expect(0)), "1 0 0 1 0 0");
    assert!(costs().contains(&"B/1 8".to_string()), "{:?}", costs());
    dir.write("orders.csv", format!("{head}A,3,2026-02-01,c01,R,2,10,,,\n"));
    assert_eq!(counts(&dir.run(&update).expect(0)), "1 0 0 1 0 0");
    assert!(costs().contains(&"A/3 5".to_string()), "{:?}", costs());
    dir.run(&["check"]).expect(0);
}

#[test]
fn imported_customers_are_followed_since_they_were_created() {
    let dir = Dir::new();
    dir.write("list.csv", "id,name,created,owner,stage\nz1,Zeta,2026-01-05,wu,prospect\n");
    dir.run(&["import", "list.csv", "--into", "customers"]).expect(0);
    let seen =
        |day: &str| dir.run(&["list", "--columns", "id,owner,stage", "-f", "csv", "--today", day]).expect(0).stdout;
    let due = |day: &str| dir.run(&["due", "-f", "csv", "--today", day]).expect(0).stdout;
    assert_eq!(seen("2026-01-04"), "id,owner,stage\n");
    assert_eq!(seen("2026-01-05"), "id,owner,stage\nz1,wu,prospect\n");
    assert!(due("2026-03-01").contains("z1,Zeta,,wu,2026-01-06,54,prospect"), "{}", due("2026-03-01"));
    // It stays so when the owner changes.
    dir.run(&["assign", "z1", "--to", "li", "--as", "chen"]).expect(0);
    assert_eq!(seen("2026-06-29"), "id,owner,stage\nz1,wu,prospect\n");
    assert_eq!(seen("2026-06-30"), "id,owner,stage\nz1,li,prospect\n");
}

#[test]
fn rows_that_are_there_are_found_whatever_the_day() {
    let dir = with_buyers();
    dir.write("buyers.csv", "id,name,created\nold,Old,2025-01-01\n");
    dir.run(&["import", "buyers.csv", "--into", "customers"]).expect(0);
    dir.write("orders.csv", "no,pos,day,buyer,qty,price,remark\nA,1,05/05/2026,old,2,9,\n");
    let args = ["import", "orders.csv", "--map", "map.toml", "--json"];
    dir.run(&args).expect(0);
    let ran = dir.run(&[&args[..], &["--today", "2026-02-01"]].concat()).expect(0);
    assert_eq!(counts(&ran), "1 0 1 0 0 0");
}

#[test]
fn returns_name_lines_that_are_there_or_imported() {
    let dir = with_buyers();
    let import = |text: &str| {
        dir.write("orders.csv", format!("id,line,at,customer,quantity,price,returns\n{text}"));
        dir.run(&["import", "orders.csv", "--into", "orders", "--json", "--skip-errors"]).expect(0)
    };
    // Further down, in a row that is rejected itself, nowhere.
    let ran = import(
        "R,1,2026-02-01,c01,-1,,A/1\nA,1,2026-01-01,c01,2,9,\nS,1,2026-02-01,c01,-1,,B/1\nB,1,2026-01-99,c01,2,9,\nT,1,2026-02-01,c01,-1,,S/1\n",
    );
    assert_eq!(counts(&ran), "5 2 0 0 0 3");
    for reason in
        ["orders.csv:4:24: returns: orders has no row `B/1`", "orders.csv:6:24: returns: orders has no row `S/1`"]
    {
        assert!(ran.stderr.contains(reason), "{reason}: {}", ran.stderr);
    }
    let ran = import("U,1,2026-03-01,c01,-1,,A/1\nV,1,2026-03-01,c01,-1,,A/2\n");
    assert_eq!(counts(&ran), "2 1 0 0 0 1");
    dir.run(&["check"]).expect(0);
    let profit = rows(&dir.run(&["report", "profit", "--by", "customer", "-f", "csv"]).expect(0).stdout);
    assert_eq!(decimal(&profit[0]["revenue"]), Decimal::ZERO, "two sold, two back: {profit:?}");
}

#[test]
fn lines_are_counted_beside_those_that_are_there() {
    let dir = with_buyers();
    let map = MANY_MAP
        .replace("line = \"pos\"\n", "")
        .replace("into = \"orders\"\n", "into = \"orders\"\nsource_key = \"{no}-{remark}\"\n");
    dir.write("map.toml", &map);
    let import = |text: &str| {
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{text}"));
        counts(&dir.run(&["import", "orders.csv", "--map", "map.toml", "--json"]).expect(0))
    };
    assert_eq!(import("A,,05/01/2026,c01,1,9,x\nA,,05/01/2026,c01,2,9,y\n"), "2 2 0 0 0 0");
    // A line of the source that comes later, before the others, gets the next number.
    assert_eq!(import("A,,05/01/2026,c01,3,9,w\nA,,05/01/2026,c01,1,9,x\nA,,05/01/2026,c01,2,9,y\n"), "3 1 2 0 0 0");
    let orders = rows(&dir.run(&["export", "orders"]).expect(0).stdout);
    let lines: Vec<String> = orders.iter().map(|r| format!("{}{}", r["line"], r["note"])).collect();
    assert_eq!(lines, ["1x", "2y", "3w"]);
    dir.run(&["check"]).expect(0);
}

#[test]
fn rows_without_a_source_key_are_rows_of_their_own() {
    let dir = with_buyers();
    dir.write("map.toml", format!("{MANY_MAP}source_key = \"remark\"\n").replace("note = \"remark\"\n", ""));
    let import = |text: &str| {
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{text}"));
        counts(&dir.run(&["import", "orders.csv", "--map", "map.toml", "--json"]).expect(0))
    };
    let text =
        "A,1,05/01/2026,c01,1,9,\nB,1,05/01/2026,c01,2,9,\nC,1,05/01/2026,c01,2,9,w-7\nD,1,05/01/2026,c01,2,9,\n";
    assert_eq!(import(text), "4 4 0 0 0 0");
    assert_eq!(import(text), "4 0 4 0 0 0");
    // One with a key is found by it, the others by their numbers.
    assert_eq!(import("A,1,05/01/2026,c01,3,9,\nX,1,05/01/2026,c01,4,9,w-7\n"), "2 0 0 2 0 0");
    dir.run(&["check"]).expect(0);
}

#[test]
fn reasons_stand_at_their_place() {
    let dir = with_buyers();
    let check = |bytes: &[u8], lang: &str, lines: &[&str]| {
        dir.write("o.csv", bytes);
        let ran = dir.run(&["import", "o.csv", "--map", "map.toml", "--dry-run", "--lang", lang]).expect(3);
        for line in lines {
            assert!(ran.stderr.contains(line), "{line}: {}", ran.stderr);
        }
    };
    let head = "no,pos,day,buyer,qty,price,remark\n";
    let text = format!(
        "{head}A,1,05/01/2026,c01,2,9,\"两\n行\"\nB,1,05/01/2026,c99,2,9,\nC,1,05/01/2026,c01,二,9,\nD,1,05/01/2026,c01,2\n\
        E,1,05/01/2026,c01,2,9,\"open\nF,1,05/01/2026,c01,2,9,客\0户\nG,1,,c01,2,9,\nH,1,05/01/2026,c01,2,9,a,b\n"
    );
    check(
        text.as_bytes(),
        "en",
        &[
            "o.csv:4:16: customer: there is no customer `c99`",
            "o.csv:5:20: quantity: `二` is not a number",
            "o.csv:6:20: the row has 5 cells, the header has 7",
            "o.csv:7:24: a quote is not closed",
            "o.csv:8:24: note: the text has the control character U+0000",
            "o.csv:9:5: `at` is empty",
            "o.csv:10:26: the row has 8 cells, the header has 7",
        ],
    );
    check(
        text.as_bytes(),
        "zh-CN",
        &[
            "o.csv:4:16：customer：没有客户 `c99`",
            "o.csv:5:20：quantity：`二` 不是数字",
            "o.csv:6:20：有 5 个单元格，列名行有 7 个",
            "o.csv:7:24：引号没有闭合",
            "o.csv:8:24：note：文本中有控制字符 U+0000",
            "o.csv:9:5：`at` 为空",
        ],
    );
    // Columns are characters, whatever the encoding.
    let (gb, _, _) = GB18030.encode("no,pos,remark,day,buyer,qty,price\nA,1,客户说明,05/01/2026,c01,2,x\n");
    check(&gb, "en", &["o.csv is not UTF-8; kehu reads it as gb18030", "o.csv:2:27: price: `x` is not a number"]);
    let bom = [b"\xEF\xBB\xBF", head.as_bytes(), "客 户,1,05/01/2026,c01,2,9,\n".as_bytes()].concat();
    check(&bom, "en", &["o.csv:2:1: id: `客 户` cannot be an id"]);
    // Most lines are UTF-8: the others are broken, not the file.
    let mixed = [
        head.as_bytes(),
        "A,1,05/01/2026,c01,2,9,备注\nB,1,05/01/2026,c01,2,9,更多\nC,1,05/01/2026,c01,2,9,".as_bytes(),
        b"\xB1\xB8\xD7\xA2\n",
    ]
    .concat();
    check(&mixed, "en", &["o.csv:4:24: the row has bytes that are not text in the encoding of the file"]);
}

#[test]
fn files_without_rows_are_no_accident() {
    let dir = with_buyers();
    let before = dir.files();
    for (text, exit) in
        [("", 3), ("\n\n", 3), ("no,pos,day,buyer,qty,price,remark\n", 0), ("no,pos,day,buyer,qty,price,remark", 0)]
    {
        dir.write("o.csv", text);
        let ran = dir.run(&["import", "o.csv", "--map", "map.toml", "--json"]).expect(exit);
        assert!(exit == 3 || counts(&ran) == "0 0 0 0 0 0", "{text:?}: {}", ran.stdout);
        std::fs::remove_file(dir.path().join("o.csv")).expect("removed");
        assert_eq!(dir.files(), before);
    }
}

#[test]
fn every_mistake_of_a_map_is_told_at_once() {
    let dir = with_buyers();
    dir.write("a.csv", "x,y\n1,2\n");
    dir.write("o.csv", "k,v\n1,2\n");
    let check = |map: &str, lines: &[&str]| {
        dir.write("m.toml", map);
        let ran = dir.run(&["import", "a.csv", "--map", "m.toml"]).expect(2);
        let told: Vec<&str> = ran.stderr.lines().filter_map(|l| l.strip_prefix("  ")).collect();
        assert!(told.len() == lines.len() && told.iter().zip(lines).all(|(t, l)| t.starts_with(l)), "{}", ran.stderr);
    };
    check(
        "into = \"orders\"\nnumers = 1\n[columns]\nid = \"x\"\nqantity = \"y\"\namount = \"= {x} *\"\nnote = { column = \"y\", foo = 1 }\n[create]\ncustomers = \"yes\"\n",
        &[
            "m.toml:2:1: unknown key `numers`; one of: numbers",
            "m.toml:5:1: orders has no column `qantity`; `kehu schema orders` lists the columns; did you mean quantity?",
            "m.toml:6:10: `{x} *`, at its end:",
            "m.toml:7:24: unknown key `foo`",
            "m.toml:9:13: `customers` must be true or false",
        ],
    );
    check(
        "into = \"orders\"\nsource_key = \"{z}\"\n[columns]\nid = \"w\"\nat = \"{o.when}\"\ncustomer = \"{p.v}\"\nby = \"x\"\n\
         [lookup.o]\nfile = \"o.csv\"\nkey = \"kk\"\nmatch = \"{q}\"\n[skip]\nstate = \"x\"\n",
        &[
            "m.toml:2:14: the file has no column `z`",
            "m.toml:4:6: the file has no column `w`",
            "m.toml:5:6: o has no column `when`; its columns are: k, v",
            "m.toml:6:12: the file has no column `p.v`",
            "m.toml:10:7: o has no column `kk`; did you mean k",
            "m.toml:11:9: the file has no column `q`",
            "m.toml:13:1: the file has no column `state`",
        ],
    );
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
fn an_offset_of_the_source_counts() {
    let check = |format: &str, text: &str, expected: Option<&str>| {
        let dir = with_buyers();
        dir.write("map.toml", MANY_MAP.replace("%d/%m/%Y", format));
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\nA,1,{text},c01,1,9,\n"));
        let ran = dir.run(&["import", "orders.csv", "--map", "map.toml", "--lang", "en"]);
        match expected {
            Some(at) => {
                ran.expect(0);
                assert_eq!(rows(&dir.run(&["export", "orders"]).stdout)[0]["at"], at, "{format} {text}");
            }
            None => assert!(ran.expect(2).stderr.contains("name of a time zone"), "{format}"),
        }
    };
    check("%Y-%m-%d %H:%M:%S %z", "2026-01-05 20:03:11 +0000", Some("2026-01-06T04:03:11+08:00"));
    check("%Y-%m-%dT%H:%M:%SZ", "2026-01-05T20:03:11Z", Some("2026-01-06T04:03:11+08:00"));
    check("%s", "1767643391", Some("2026-01-06T04:03:11+08:00"));
    check("%Y-%m-%d %H:%M:%S", "2026-01-05 20:03:11", Some("2026-01-05T20:03:11+08:00"));
    check("%Y-%m-%d %H:%M:%S %Z", "2026-01-05 20:03:11 CST", None);
}

#[test]
fn an_encoding_is_said_or_asked_for() {
    let dir = Dir::new();
    let latin = encoding_rs::WINDOWS_1252.encode("id,name\nm1,Müller & Söhne\n").0.into_owned();
    dir.write("latin.csv", &latin);
    let args = ["import", "latin.csv", "--into", "customers", "--lang", "en"];
    let before = dir.files();
    let ran = dir.run(&args).expect(3);
    for words in ["latin.csv is not UTF-8", "--encoding NAME", "encoding = \"NAME\"", "windows-1252 `Müller & Söhne`"]
    {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert_eq!(dir.files(), before);
    assert!(
        dir.run(&[&args[..4], &["--lang", "zh-CN"]].concat())
            .expect(3)
            .stderr
            .contains("windows-1252 `Müller & Söhne`")
    );
    dir.run(&[&args[..], &["--encoding", "klingon"]].concat()).expect(2);
    dir.run(&[&args[..], &["--encoding", "windows-1252"]].concat()).expect(0);
    assert!(dir.read("customers/m/m1.toml").contains("name = \"Müller & Söhne\""));
    // What reads like Chinese is taken, and said.
    dir.write("gb.csv", GB18030.encode("id,name\nk1,华新电子有限公司\n").0);
    let ran = dir.run(&["import", "gb.csv", "--into", "customers", "--lang", "en"]).expect(0);
    assert!(ran.stderr.contains("gb.csv is not UTF-8; kehu reads it as gb18030 (--encoding NAME"), "{}", ran.stderr);
    assert!(dir.read("customers/k/k1.toml").contains("华新电子有限公司"));
    // A file that is joined in is asked about, too.
    dir.write("orders.csv", "no,day,who,qty,price\nA,2026-01-05,m1,1,9\n");
    dir.write("more.csv", &latin);
    dir.write(
        "map.toml",
        "into = \"orders\"\n[columns]\nid = \"no\"\nat = \"day\"\ncustomer = \"who\"\nquantity = \"qty\"\nprice = \"price\"\nnote = \"{c.name}\"\n[lookup.c]\nfile = \"more.csv\"\nkey = \"id\"\nmatch = \"{who}\"\n",
    );
    let ran = dir.run(&["import", "orders.csv", "--map", "map.toml"]).expect(3);
    assert!(ran.stderr.contains("more.csv"), "{}", ran.stderr);
}

#[test]
fn numbers_that_a_spreadsheet_rounded_are_no_ids_keys_or_phones() {
    let dir = with_buyers();
    dir.write(
        "map.toml",
        format!("source_key = \"shop-{{no}}\"\n{}", MANY_MAP.replace("id = \"no\"\nline = \"pos\"\n", "")),
    );
    dir.write(
        "orders.csv",
        "no,pos,day,buyer,qty,price,remark\n202603000000017,1,05/01/2026,c01,1,9,2.02603E+14\n2.02603E+14,1,05/01/2026,c02,2,9,\n",
    );
    let ran = dir.run(&["import", "orders.csv", "--map", "map.toml", "--skip-errors", "--lang", "en"]).expect(0);
    assert!(ran.stderr.contains("a spreadsheet has rounded the long number `2.02603E+14`"), "{}", ran.stderr);
    let orders = rows(&dir.run(&["export", "orders"]).stdout);
    // A note may say anything.
    let found: Vec<_> = orders.iter().map(|r| (r["source_key"].as_str(), r["note"].as_str())).collect();
    assert_eq!(found, [("shop-202603000000017", "2.02603E+14")]);
    let check = |table: &str, text: &str, rejected: i64| {
        dir.write("x.csv", text);
        let ran = dir.run(&["import", "x.csv", "--into", table, "--json", "--dry-run"]);
        assert_eq!(number(&ran, "rejected"), rejected, "{text}: {}", ran.stderr);
    };
    check("customers", "id,name,phone\nx1,X,1.38001E+10\n", 1);
    check("customers", "id,name,tax_id\nx1,X,9.131E+17\n", 1);
    check("customers", "name\n1.38001E+10\n", 1);
    check("customers", "id,name,phone,note\nx1,X,13800100000,1.38001E+10\n", 0);
    check("contacts", "customer,name,phone\nc01,Wang,1.38001E+10\n", 1);
    check("receipts", "id,line,at,customer,amount,source_key\nr1,1,2026-01-05,c01,5,1.0E+15\n", 1);
    check("orders", "id,line,at,customer,amount\no1,1,2026-01-05,1.38001E+10,5\n", 1);
}

#[test]
fn customers_made_from_mail_addresses_are_found_again() {
    let dir = Dir::new();
    let map = |create: &str| {
        format!(
            "source_key = \"{{no}}\"\ninto = \"orders\"\n[columns]\nat = \"day\"\ncustomer = \"mail\"\nquantity = \"qty\"\nprice = \"price\"\n[create]\ncustomers = true\n{create}"
        )
    };
    let file = |n: usize| {
        let row = |k: usize| format!("{k},2026-01-05,Wang{}@Example.com,Wang,1,9\n", k % 2);
        format!("no,day,mail,who,qty,price\n{}", (0..n).map(row).collect::<String>())
    };
    for (n, create) in [
        (2, ""),
        (4, "name = \"who\"\n"),
        (6, "name = \"who\"\n\"contact.name\" = \"who\"\n\"contact.email\" = \"mail\"\n"),
    ]
    .into_iter()
    {
        let dir = if n == 2 { &dir } else { &Dir::new() };
        dir.write("map.toml", map(create));
        dir.write("a.csv", file(n));
        let run = || dir.run(&["import", "a.csv", "--map", "map.toml", "--json"]).expect(0);
        assert_eq!((number(&run(), "customers"), number(&run(), "unchanged")), (2, n as i64), "{create}");
        dir.write("a.csv", file(n + 2));
        let ran = run();
        assert_eq!((number(&ran, "customers"), number(&ran, "new")), (0, 2), "{create}");
        dir.run(&["check"]).expect(0);
    }
}

/// Orders whose lines nothing numbers and no key tells apart.
const BY_PLACE: &str = "into = \"orders\"\n[columns]\nid = \"no\"\nat = { column = \"day\", date = \"%d/%m/%Y\" }\n\
    customer = \"buyer\"\nquantity = \"qty\"\nprice = \"price\"\nnote = \"remark\"\n";

#[test]
fn a_line_put_in_before_others_is_not_stored_as_the_last_once_more() {
    let dir = with_buyers();
    dir.write("map.toml", BY_PLACE);
    let run = |lines: &str, more: &[&str]| {
        let lines: String = lines.chars().map(|c| format!("A,1,05/01/2026,c01,1,9,{c}\n")).collect();
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{lines}B,1,05/01/2026,c02,1,9,z\n"));
        dir.run(&[&["import", "orders.csv", "--map", "map.toml", "--json", "--lang", "en"], more].concat())
    };
    let notes = || -> String {
        let orders = rows(&dir.run(&["export", "orders"]).stdout);
        orders.iter().filter(|r| r["id"] == "A").map(|r| format!("{}{}", r["line"], r["note"])).collect()
    };
    run("bc", &[]).expect(0);
    assert_eq!(notes(), "1b2c");
    let before = dir.files();
    let ran = run("abc", &["--rejects", "r.csv"]).expect(3);
    for words in [
        "A has 2 lines already",
        "--update takes the lines in the order of the file",
        "kehu goes by their order in the file",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    std::fs::remove_file(dir.path().join("r.csv")).expect("removed");
    dir.write("orders.csv", before.iter().find(|(n, _)| n == "orders.csv").expect("a file").1.clone());
    assert_eq!(dir.files(), before);
    // With the others, the order stays as it was.
    run("abc", &["--skip-errors", "--rejects", "r.csv"]).expect(0);
    assert_eq!(notes(), "1b2c");
    // Behind the others there is no doubt.
    run("bcd", &[]).expect(0);
    assert_eq!(notes(), "1b2c3d");
    run("abcd", &["--update"]).expect(0);
    assert_eq!(notes(), "1a2b3c4d");
    // A line that went leaves the last one twice, whichever way it is taken.
    let ran = run("acd", &["--update", "--rejects", "r.csv"]).expect(3);
    assert!(ran.stderr.contains("A has 3 lines in the file, but 4 already"), "{}", ran.stderr);
    assert_eq!(notes(), "1a2b3c4d");
    dir.run(&["check"]).expect(0);
}

#[test]
fn rows_that_only_equal_ones_are_known_by_are_said_to_be() {
    let dir = with_buyers();
    dir.write("map.toml", BY_PLACE.replace("id = \"no\"\n", ""));
    let run = |text: &str| {
        dir.write("orders.csv", format!("no,pos,day,buyer,qty,price,remark\n{text}"));
        dir.run(&["import", "orders.csv", "--map", "map.toml", "--json", "--lang", "en"]).expect(0)
    };
    assert!(!run("A,1,05/01/2026,c01,1,9,x\n").stderr.contains("source_key"));
    assert_eq!(counts(&run("A,1,05/01/2026,c01,1,9,x\n")), "1 0 1 0 0 0");
    let ran = run("A,1,05/01/2026,c01,1,9,y\n");
    assert!(ran.stderr.contains("knows a row again only when all its cells are equal"), "{}", ran.stderr);
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
