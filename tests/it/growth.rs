//! Work that grows with its input, not with the square of it: a directory may come from a stranger.

use super::support::{Dir, command, kehu_path};

/// Processor time that a command takes, as the shell counts it; the least of three.
fn work(dir: &Dir, args: &[&str]) -> f64 {
    let once = || {
        let mut sh = command(std::path::Path::new("sh"), dir.path());
        sh.args(["-c", "\"$@\" > /dev/null 2>&1; times", "sh"]).arg(kehu_path()).args(args);
        let out = sh.args(["--today", "2026-06-30", "--no-cache"]).env("KEHU_USER", "li").output().expect("sh runs");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        // The second line is about what the shell started: user and system, as 0m1.230000s.
        let seconds = |t: &str| {
            let (m, s) = t.trim_end_matches('s').split_once('m').expect("minutes");
            60.0 * m.parse::<f64>().expect("a number") + s.parse::<f64>().expect("a number")
        };
        text.lines().nth(1).expect("two lines").split_whitespace().map(seconds).sum::<f64>()
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Eight times the input takes well below the sixty-four times of what grows with the square.
fn check(name: &str, n: usize, make: impl Fn(&Dir, usize), args: &[&str]) {
    let of = |n: usize| {
        let dir = Dir::new();
        dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
        make(&dir, n);
        work(&dir, args)
    };
    let (small, large) = (of(n), of(8 * n));
    assert!(large < 24.0 * small.max(0.01), "{name}: {small:.2} s, then {large:.2} s");
}

fn add(dir: &Dir, file: &str, text: &str) {
    let old = std::fs::read_to_string(dir.path().join(file)).unwrap_or_default();
    dir.write(file, format!("{old}{text}"));
}

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

#[test]
fn contacts_and_unknown_keys_of_a_customer() {
    let file = "customers/xy/xy.toml";
    let head = "name = \"X\"\ncreated = 2026-01-01\nstage = \"lead\"\nstatus = \"active\"\nowner = \"li\"\ngrade = \"\"\nintent = \"\"\n";
    let contact = |i: usize| format!("\n[[contacts]]\nid = \"c{i}\"\nname = \"N{i}\"\n");
    check("contacts", 2000, |d, n| d.write(file, format!("{head}{}", lines(n, contact))), &["list"]);
    let key = |i: usize| format!("unknown{i} = {i}\n");
    check("keys", 2000, |d, n| d.write(file, format!("{}{head}", lines(n, key))), &["list"]);
}

#[test]
fn settings_and_team() {
    let view = |i: usize| format!("\n[views.v{i}]\nterms = [\"nothing:{i}\"]\n");
    check("views", 400, |d, n| add(d, "kehu.toml", &lines(n, view)), &["check"]);
    let stage = |i: usize| format!("\n[[deal_stages]]\nid = \"s{i}\"\nnoname = \"S\"\n");
    check("stages", 1000, |d, n| add(d, "kehu.toml", &lines(n, stage)), &["check"]);
    let member = |i: usize| format!("\n[m{i}]\nname = \"M\"\nrole = \"rep\"\nmanager = \"m{}\"\n", i + 1);
    check("managers", 2000, |d, n| add(d, "team.toml", &lines(n, member)), &["check"]);
}

#[test]
fn events_of_one_instant() {
    let head = "id,at,kind,subject,event,from,to,by\n";
    let event = |from: String, to: String, i: usize| {
        format!("e_{i:08},2026-06-02T09:00:00+08:00,customer,acme,owner,{from},{to},li\n")
    };
    let chain = |i: usize| event(format!("p{i}"), format!("p{}", i + 1), i);
    let none = |i: usize| event(format!("p{i}"), format!("q{i}"), i);
    let write = |d: &Dir, rows: String| d.write("ledgers/events/2026-wu.csv", format!("{head}{rows}"));
    check("one chain", 2000, |d, n| write(d, lines(n, chain)), &["show", "acme"]);
    check("no chain", 2000, |d, n| write(d, lines(n, none)), &["show", "acme"]);
}

#[test]
fn a_period_of_very_many_parts_is_refused() {
    let dir = Dir::new();
    for args in [
        &["report", "profit", "--per", "day", "-p", "0001-01-01..9999-12-31"][..],
        &["order", "list", "--per", "day", "-p", "0001-01-01..9999-12-31"],
        &["list", "--per", "week", "-p", "1000-01-01..9999-12-31"],
    ] {
        let out = dir.run(args).expect(2);
        assert!(out.stderr.contains("10000") || out.stderr.contains("10,000"), "{}", out.stderr);
    }
    dir.run(&["order", "list", "--per", "day", "-p", "2000-01-01..2026-12-31"]).expect(0);
    // Rows may lie far apart where the period is open: their days are gathered in one part at the end.
    dir.run(&["customer", "add", "Acme", "--id", "acme"]).expect(0);
    dir.write("ledgers/needs/2026-li.csv", "id,at,customer,text\nn1,0101-01-01,acme,a\nn2,2026-01-01,acme,b\n");
    let out = dir.run(&["need", "list", "--per", "day", "-f", "csv"]).expect(0).stdout;
    assert_eq!(out.lines().count(), 10_001);
    let sum: u32 = out.lines().skip(1).filter_map(|l| l.split(',').nth(1)?.parse::<u32>().ok()).sum();
    assert_eq!(sum, 2);
}
