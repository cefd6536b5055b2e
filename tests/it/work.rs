//! How much is read, and that the cache and threads change no answer: counted, never timed.

#[allow(dead_code)]
#[path = "../../benches/jobs/company.rs"]
mod company;

use crate::support::{Dir, TODAY, kehu_path};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

fn made(size: &str) -> Dir {
    let size = company::SIZES.into_iter().find(|s| s.name == size).expect("a size");
    let dir = Dir::empty();
    company::write(dir.path(), size, TODAY.parse().expect("a day")).expect("a company");
    dir
}

/// The readings that are compared: whatever touches customers or the large ledgers, with all of them or few.
const READINGS: [&[&str]; 18] = [
    &["due", "--within", "30d", "--explain"],
    &["list", "-f", "csv", "--columns", "id,name,owner,grade,city,revenue,payment_days,outstanding"],
    &["funnel", "-f", "csv"],
    &["stalled", "--explain"],
    &["grade", "-f", "csv"],
    &["report", "profit", "--by", "customer", "-f", "csv"],
    &["report", "profit", "--by", "customer", "--limit", "5"],
    &["report", "profit", "--by", "product", "--per", "month", "-f", "csv"],
    &["report", "orders", "-p", "90d", "--json"],
    &["report", "delivery", "-f", "csv"],
    &["report", "products", "-f", "csv"],
    &["report", "grades", "-f", "csv"],
    &["quote", "list", "--json"],
    &["report", "receivables", "-f", "csv"],
    &["report", "receivables", "--columns", "customer,outstanding", "--explain"],
    &["today", "--team"],
    &["show", "k000007"],
    &["due", "--today", "2026-01-31", "-f", "csv"],
];

/// stdout, stderr and exit code.
fn answer(dir: &Dir, args: &[&str], env: &[(&str, &str)]) -> (String, String, i32) {
    let ran = dir.run_with(args, &[env, &[("KEHU_USER", "rep01")]].concat(), "");
    (ran.stdout, ran.stderr, ran.code)
}

/// Every reading with the cache and without, with one thread and with two.
fn same_answers(dir: &Dir, after: &str) {
    for args in READINGS {
        let plain = answer(dir, &[args, &["--no-cache"]].concat(), &[]);
        let check = |what: &str, env: &[(&str, &str)]| {
            assert_eq!(answer(dir, args, env), plain, "{args:?} {what} after {after}");
        };
        check("with the cache and two threads", &[("KEHU_CACHE", "always"), ("KEHU_THREADS", "2")]);
        check("with the cache and one thread", &[("KEHU_CACHE", "always"), ("KEHU_THREADS", "1")]);
    }
}

/// Changes a file without changing its size or, as far as anybody can set it, its time.
fn change_quietly(path: &Path, from: &str, to: &str) -> bool {
    assert_eq!(from.len(), to.len());
    let text = fs::read_to_string(path).expect("a file");
    if !text.contains(from) {
        return false;
    }
    let time = fs::metadata(path).and_then(|m| m.modified()).expect("a time");
    fs::write(path, text.replacen(from, to, 1)).expect("a file");
    File::options().write(true).open(path).and_then(|f| f.set_modified(time)).expect("a time");
    true
}

fn customers(dir: &Dir) -> Vec<PathBuf> {
    walkdir::WalkDir::new(dir.path().join("customers"))
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|e| e.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// One random edit; what it was.
fn edit(dir: &Dir, n: u32, dice: &mut dyn FnMut(usize) -> usize) -> String {
    let files = customers(dir);
    let file = &files[dice(files.len())];
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    // A file of one of the ledgers that are held by column.
    let ledger = ["orders", "receipts", "activities", "events"][dice(4)];
    let mut rows: Vec<PathBuf> = fs::read_dir(dir.path().join("ledgers").join(ledger))
        .expect("a ledger")
        .map(|e| e.expect("a file").path())
        .collect();
    rows.sort();
    let table = &rows[dice(rows.len())];
    let text = || fs::read_to_string(table).expect("a file");
    match dice(14) {
        0 => format!("grade of {name} {}", change_quietly(file, "grade = \"B\"", "grade = \"C\"")),
        1 => format!("stage of {name} {}", change_quietly(file, "stage = \"repeat\"", "stage = \"xepeat\"")),
        2 => {
            let text = fs::read_to_string(file).expect("a file");
            fs::write(file, text.replacen("\ncity = ", "\n# moved\ncity = ", 1)).expect("a file");
            format!("a comment in {name}")
        }
        3 => {
            fs::copy(file, file.with_file_name(format!("new{n}.toml"))).expect("a copy");
            format!("a copy of {name}")
        }
        4 => {
            fs::remove_file(file).expect("removed");
            format!("the removal of {name}")
        }
        5 => {
            fs::rename(file, file.with_file_name(format!("renamed{n}.toml"))).expect("renamed");
            format!("the renaming of {name}")
        }
        6 => {
            let other = &files[dice(files.len())];
            let aside = dir.path().join("aside");
            fs::rename(file, &aside).and_then(|()| fs::rename(other, file)).expect("swapped");
            if file != other {
                fs::rename(&aside, other).expect("swapped");
            }
            format!("{name} and another swapped")
        }
        7 => format!("a customer in {ledger} {}", change_quietly(table, ",k00000", ",k00001")),
        8 => format!("a day in {ledger} {}", change_quietly(table, "-0", "-1")),
        9 => {
            fs::rename(table, table.with_file_name(format!("renamed{n}.csv"))).expect("renamed");
            format!("the renaming of a file of {ledger}")
        }
        10 => {
            // The last row once more, in a file of its own.
            let all = text();
            let mut lines = all.lines();
            let (head, last) = (lines.next().expect("a header"), lines.next_back().unwrap_or_default());
            fs::write(table.with_file_name(format!("new{n}.csv")), format!("{head}\n{last}\n")).expect("a file");
            format!("a file added to {ledger}")
        }
        11 => {
            let all = text();
            let at = all.trim_end().rfind('\n').unwrap_or(all.len());
            fs::write(table, &all[..at]).expect("a file");
            format!("the last row of a file of {ledger} cut off")
        }
        12 => {
            let all = text();
            fs::write(table, format!("{all}a row with too few cells\n")).expect("a file");
            format!("a broken row in {ledger}")
        }
        _ => {
            fs::remove_file(table).expect("removed");
            format!("the removal of a file of {ledger}")
        }
    }
}

#[test]
fn cache_and_threads_change_no_answer() {
    let dir = made("XS");
    // What was written a moment ago is not cached: another change might leave no trace.
    same_answers(&dir, "nothing");
    std::thread::sleep(Duration::from_millis(2_100));
    same_answers(&dir, "a while");
    let kept = dir.run_with(&["due", "-v"], &[("KEHU_CACHE", "always")], "");
    assert!(kept.stderr.contains("0 files") && kept.stderr.contains("from the cache"), "{}", kept.stderr);
    let mut state = 7u64;
    let mut dice = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for n in 0..18 {
        let what = edit(&dir, n, &mut dice);
        if n % 6 == 5 {
            // Long enough that the cache takes up what was changed; what is changed next it has seen then.
            std::thread::sleep(Duration::from_millis(2_100));
        }
        same_answers(&dir, &what);
    }
}

#[test]
fn a_customer_in_a_folder_that_was_empty_is_seen() {
    let dir = made("XS");
    fs::create_dir_all(dir.path().join("customers/empty/deep")).expect("a folder");
    std::thread::sleep(Duration::from_millis(2_100));
    let always = [("KEHU_CACHE", "always")];
    let ids: &[&str] = &["list", "--columns", "id", "-f", "csv"];
    let before = answer(&dir, ids, &always).0.lines().count();
    let file = &customers(&dir)[0];
    for (n, place) in ["customers/empty/one.toml", "customers/empty/deep/two.toml"].iter().enumerate() {
        // The cache has taken up the folder as it is now.
        assert_eq!(answer(&dir, ids, &always).0.lines().count(), before + n);
        fs::copy(file, dir.path().join(place)).expect("a copy");
        assert_eq!(answer(&dir, ids, &always).0.lines().count(), before + n + 1, "{place}");
    }
}

#[test]
fn a_cache_that_is_odd_is_no_cache() {
    let dir = made("XS");
    std::thread::sleep(Duration::from_millis(2_100));
    let always = [("KEHU_CACHE", "always")];
    let readings: [&[&str]; 4] = [
        &["due", "--explain"],
        &["report", "profit", "--by", "product", "-f", "csv"],
        &["report", "receivables", "-f", "csv"],
        &["show", "k000007"],
    ];
    let right: Vec<_> = readings.iter().map(|args| answer(&dir, args, &always)).collect();
    for name in ["customers", "orders", "receipts", "activities", "events"] {
        let file = dir.path().join(".kehu/cache").join(name);
        let good = fs::read(&file).expect("a cache");
        let check = |what: &str, bytes: Vec<u8>| {
            for (args, right) in readings.iter().zip(&right) {
                fs::write(&file, &bytes).expect("a file");
                assert_eq!(&answer(&dir, args, &always), right, "{name} {what}");
            }
        };
        check("empty", Vec::new());
        check("cut", good[..good.len() / 2].to_vec());
        check("without its end", good[..good.len() - 100].to_vec());
        check("of another version", [b"kehu cache 0".as_slice(), &good[12..]].concat());
        for at in [15, 40, good.len() / 4, good.len() / 2, 3 * good.len() / 4, good.len() - 100, good.len() - 10] {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            check(&format!("a bit at {at}"), bytes);
        }
    }
    dir.run(&["cache", "clear"]).expect(0);
    assert!(!dir.path().join(".kehu/cache").exists());
    assert_eq!(answer(&dir, readings[0], &always), right[0], "cleared");
}

/// Data files that a command opens, by folder, as the system saw it.
fn opened(dir: &Dir, args: &[&str]) -> Vec<(String, usize)> {
    let log = dir.path().join("trace");
    let mut c = Command::new("strace");
    c.args(["-f", "-y", "-e", "trace=openat,open", "-o"]).arg(&log).arg(kehu_path()).args(args);
    c.current_dir(dir.path()).env("KEHU_USER", "rep01").env("KEHU_CACHE", "off");
    let out = c.output().expect("strace");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    let mut seen = std::collections::BTreeSet::new();
    let mut counts = std::collections::BTreeMap::new();
    let root = format!("{}/", fs::canonicalize(dir.path()).expect("a path").display());
    for line in fs::read_to_string(&log).expect("a trace").lines() {
        // `… = 5</path/of/the/file>` where it could be opened.
        let Some((_, path)) = line.rsplit_once('<').filter(|_| line.ends_with('>')) else { continue };
        let Some(name) = path.trim_end_matches('>').strip_prefix(&root) else { continue };
        let data = !name.starts_with(".kehu") && !name.starts_with("trace") && dir.path().join(name).is_file();
        if data && seen.insert(name.to_string()) {
            let folder = name.rsplit_once('/').map_or(name, |(folder, _)| folder);
            let folder = folder.strip_prefix("customers/").map_or(folder, |_| "customers");
            *counts.entry(folder.to_string()).or_insert(0) += 1;
        }
    }
    fs::remove_file(&log).expect("the trace");
    counts.into_iter().collect()
}

/// Bytes that a command says it read, seen from the present day.
fn bytes_read(dir: &Dir, args: &[&str], cache: &str) -> u64 {
    let mut c = Command::new(kehu_path());
    c.args(args).arg("-v").current_dir(dir.path()).env("KEHU_USER", "rep01").env("KEHU_CACHE", cache);
    let out = c.env_remove("KEHU_LANG").env("LC_ALL", "C").output().expect("kehu");
    let stderr = String::from_utf8_lossy(&out.stderr);
    let said = stderr.split_once(" bytes)").and_then(|(front, _)| front.rsplit_once('(')).map(|(_, n)| n.parse());
    said.and_then(Result::ok).unwrap_or_else(|| panic!("{args:?}: {stderr}"))
}

#[test]
fn commands_read_the_bytes_of_what_they_need() {
    let dir = made("M");
    let size = |folder: &str| -> u64 {
        let files = walkdir::WalkDir::new(dir.path().join(folder)).into_iter().filter_map(Result::ok);
        files.filter(|e| e.file_type().is_file()).map(|e| e.metadata().expect("a file").len()).sum()
    };
    let check = |args: &[&str], folders: &[&str]| {
        assert_eq!(bytes_read(&dir, args, "off"), folders.iter().map(|f| size(f)).sum::<u64>(), "{args:?}");
    };
    let ledgers = ["ledgers/orders", "ledgers/products", "ledgers/events"];
    check(&["due"], &["customers", "ledgers/activities", "ledgers/events"]);
    check(&["report", "profit", "--by", "product"], &ledgers);
    check(&["report", "profit", "--by", "customer", "--limit", "20"], &ledgers);
    check(&["grade"], &[&ledgers[..], &["customers", "ledgers/receipts"]].concat());
    // With the cache each file is looked at, and none of the large ones is read again.
    std::thread::sleep(Duration::from_millis(2_100));
    bytes_read(&dir, &["grade"], "always");
    assert_eq!(bytes_read(&dir, &["grade"], "always"), size("ledgers/products"));
}

#[test]
fn commands_open_what_they_need() {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("skipped: strace is not installed, so nobody counts the files that are opened");
        return;
    }
    let dir = made("M");
    let files = |folder: &str| fs::read_dir(dir.path().join(folder)).expect("a folder").count();
    let ledger = |name: &str| (format!("ledgers/{name}"), files(&format!("ledgers/{name}")));
    let all = ("customers".to_string(), 10_000);
    let one = ("customers".to_string(), 1);
    let own = || vec![("kehu.toml".to_string(), 1), ("team.toml".to_string(), 1)];
    let check = |args: &[&str], mut expected: Vec<(String, usize)>| {
        expected.extend(own());
        expected.sort();
        assert_eq!(opened(&dir, args), expected, "{args:?}");
    };
    check(&["due"], vec![all.clone(), ledger("activities"), ledger("events")]);
    let orders = || vec![ledger("orders"), ledger("products"), ledger("events")];
    check(&["report", "profit", "--by", "product"], orders());
    let shown = [orders(), vec![("customers".into(), 20)]].concat();
    check(&["report", "profit", "--by", "customer", "--limit", "20"], shown);
    let money = [orders(), vec![ledger("receipts")]].concat();
    check(&["report", "receivables", "--columns", "customer,outstanding"], money);
    // The customer, its owner's file of this year, and no other.
    check(&["log", "k000042", "counted"], vec![one.clone(), ("ledgers/activities".into(), 1)]);
    let show = opened(&dir, &["show", "k000042"]);
    assert!(show.contains(&one), "{show:?}");
    let order = opened(&dir, &["order", "add", "k000042", "P0001:2"]);
    assert!(order.contains(&one), "{order:?}");
    let city = opened(&dir, &["customer", "set", "k000042", "city=Suzhou"]);
    assert_eq!(city, [vec![one.clone()], own()].concat());
    let stage = opened(&dir, &["stage", "k000042", "repeat", "--note", "counted"]);
    assert!(stage.contains(&one) && !stage.iter().any(|(f, _)| f == "ledgers/receipts"), "{stage:?}");
}

#[test]
fn the_made_up_company_is_in_order() {
    let dir = made("XS");
    dir.run(&["check"]).expect(0);
}
