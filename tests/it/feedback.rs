//! Feedback through the program: who may verify, which answers open complaints and which do not, and the figures of R13 and R15.

use crate::support::Dir;
use serde_json::Value;

const COLUMNS: &str = "id,at,customer,kind,dimension,score,cause,action";

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let out = dir.run(&[args, &["--json"]].concat()).expect(0);
    serde_json::from_str(&out.stdout).expect("JSON")
}

/// A company with customers c0, c1 …
fn company(customers: usize) -> Dir {
    let dir = Dir::new();
    for n in 0..customers {
        let (id, name) = (format!("c{n}"), format!("Customer {n}"));
        dir.run(&["customer", "add", &name, "--id", &id, "--today", "2025-01-02"]).expect(0);
    }
    dir
}

fn set(dir: &Dir, from: &str, to: &str) {
    let text = dir.read("kehu.toml");
    assert!(text.contains(from), "{from}");
    dir.write("kehu.toml", text.replacen(from, to, 1));
}

fn complaints(dir: &Dir) -> Vec<String> {
    let word = |v: &Value| v.as_str().unwrap_or("-").to_string();
    let keys = ["customer", "category", "feedback", "grade", "text"];
    let row = |c: Value| keys.iter().map(|k| word(&c[*k])).collect::<Vec<_>>().join(" ");
    json(dir, &["complaint", "list", "--columns", "customer,category,feedback,grade,text", "--sort", "text"])
        .into_iter()
        .map(row)
        .collect()
}

#[test]
fn who_dealt_with_an_answer_does_not_verify_it() {
    let check = |four_eyes: bool, by: &str, exit: i32| {
        let dir = company(1);
        let text = dir.read("kehu.toml").replace("four_eyes = true ", "four_eyes = false");
        dir.write("kehu.toml", text);
        if four_eyes {
            set(&dir, "four_eyes = false", "four_eyes = true");
        }
        dir.run(&["feedback", "add", "c0", "csat", "3", "--id", "B-1", "--at", "2026-06-01"]).expect(0);
        dir.run(&["feedback", "handle", "B-1", "--cause", "slow", "--action", "faster", "--at", "2026-06-02"])
            .expect(0);
        dir.run(&["feedback", "verify", "B-1", "--as", by]).expect(exit);
        // What the command line refuses, `check` finds.
        let dir2 = company(1);
        dir2.write("kehu.toml", dir.read("kehu.toml"));
        dir2.write("ledgers/feedback/2026-li.csv", format!("{COLUMNS}\nB-1,2026-06-01,c0,csat,,3,slow,faster\n"));
        let head = "id,at,kind,subject,event,from,to,until,reason,competitor,by,note";
        let step = |id: &str, day: &str, from: &str, to: &str, by: &str| {
            format!("{id},{day}T10:00:00+08:00,feedback,B-1,state,{from},{to},,,,{by},")
        };
        let (a, b) =
            (step("e_1", "2026-06-02", "new", "handled", "li"), step("e_2", "2026-06-03", "handled", "verified", by));
        let events = dir2.read("ledgers/events/2025-li.csv");
        dir2.write("ledgers/events/2026-li.csv", format!("{head}\n{a}\n{b}\n"));
        assert!(!events.is_empty());
        let found = dir2.run(&["check", "--json"]);
        assert_eq!(found.stdout.contains("\"E145\""), exit != 0, "{four_eyes} {by}: {}", found.stdout);
    };
    check(true, "li", 7);
    check(true, "wu", 0);
    check(false, "li", 0);
}

#[test]
fn low_answers_of_an_import_open_complaints_once() {
    let dir = company(2);
    dir.run(&["customer", "set", "c1", "grade=A", "--note", "x", "--as", "chen"]);
    let map = "into = \"feedback\"\nsource_key = \"s-{No}\"\n\n[columns]\nat = \"Day\"\ncustomer = \"Who\"\nkind = \"Kind\"\nscore = \"Score\"\ncategory = \"About\"\ntext = \"Said\"\n\n[create]\ncustomers = true\nname = \"Who\"\n";
    dir.write("survey.toml", map);
    let rows = [
        "1,2026-06-20,c0,csat,2,delivery,late",
        "2,2026-06-20,c0,nps,7,,",
        "3,2026-06-21,c1,nps,6,smell,strange smell",
        "4,2026-05-30,c1,csat,1,quality,old",
        "5,2026-06-22,novo,csat,1,,",
        "6,2026-06-22,c0,ces,1,,",
    ];
    dir.write("survey.csv", format!("No,Day,Who,Kind,Score,About,Said\n{}\n", rows.join("\n")));
    let import = |more: &[&str]| {
        let out = dir.run(&[&["import", "survey.csv", "--map", "survey.toml", "--json"], more].concat()).expect(0);
        let v: Vec<Value> = serde_json::from_str(&out.stdout).expect("JSON");
        (v[0]["new"].as_i64(), v[0]["complaints"].as_i64())
    };
    assert_eq!(import(&["--dry-run"]), (Some(6), Some(3)));
    assert_eq!(import(&[]), (Some(6), Some(3)));
    let ids: Vec<Value> = json(&dir, &["feedback", "list", "--columns", "id,score,customer", "--sort", "at"]);
    let id = |customer: &str, score: i64| {
        let is = |v: &&Value| v["customer"] == customer && v["score"] == score;
        ids.iter().find(is).and_then(|v| v["id"].as_str()).expect("an answer").to_string()
    };
    let expected = [
        format!("novo other {} - csat 1", id("novo", 1)),
        format!("c0 delivery {} - csat 2: late", id("c0", 2)),
        // A category that complaints do not have.
        format!("c1 other {} - nps 6: strange smell", id("c1", 6)),
    ];
    let without_grades: Vec<String> = complaints(&dir).into_iter().map(|c| c.replace(" A ", " - ")).collect();
    assert_eq!(without_grades, expected);
    let before = dir.files();
    assert_eq!(import(&[]), (Some(0), Some(0)));
    assert_eq!(import(&["--update"]), (Some(0), Some(0)));
    assert_eq!(dir.files(), before, "the second time changes nothing");
    dir.run(&["check"]).expect(0);
}

#[test]
fn without_the_option_no_answer_opens_a_complaint() {
    let dir = company(1);
    set(&dir, "open_complaint = true ", "open_complaint = false");
    dir.run(&["feedback", "add", "c0", "csat", "1"]).expect(0);
    assert!(complaints(&dir).is_empty());
    // The limits are those of [risk].
    set(&dir, "open_complaint = false", "open_complaint = true ");
    set(&dir, "low_csat = 2", "low_csat = 3");
    dir.run(&["feedback", "add", "c0", "csat", "4", "--id", "B-4"]).expect(0);
    dir.run(&["feedback", "add", "c0", "csat", "3", "--id", "B-3"]).expect(0);
    assert_eq!(complaints(&dir), ["c0 other B-3 - csat 3"]);
    // What refers to it keeps it.
    dir.run(&["feedback", "rm", "B-3"]).expect(7);
    dir.run(&["feedback", "rm", "B-4"]).expect(0);
}

#[test]
fn figures_of_answers_are_those_of_the_rules() {
    let dir = company(11);
    let mut rows = vec![COLUMNS.to_string()];
    // 42 + 32 of 107 are satisfied.
    let scores = [(42, 5), (32, 4), (20, 3), (13, 2)];
    let csat = scores.iter().flat_map(|(times, score)| std::iter::repeat_n(*score, *times));
    rows.extend((0..).zip(csat).map(|(n, score)| format!("b_s{n},2026-05-0{},c{},csat,,{score},,", n % 9 + 1, n % 11)));
    // Each answer once; the last of a customer counts.
    rows.extend((0..11).map(|n| format!("b_n{n},2026-06-01,c{n},nps,,{n},,")));
    rows.push("b_old,2026-05-01,c0,nps,,10,,".into());
    let value = ["product,8", "service,9", "personnel,7", "image,6", "money,5", "time,4", "energy,3", "effort,4"];
    rows.extend((0..).zip(value).map(|(n, v)| format!("b_v{n},2026-06-01,c1,value,{v},,")));
    rows.push("b_e,2026-06-01,c1,ces,,2,,".into());
    dir.write("ledgers/feedback/2026-li.csv", format!("{}\n", rows.join("\n")));
    dir.run(&["check"]).expect(0);
    let all = json(&dir, &["report", "feedback"]);
    let of = |measure: &str| all.iter().find(|r| r["measure"] == measure).expect("a measure");
    let figure = |measure: &str, key: &str| of(measure)[key].to_string();
    assert_eq!((figure("csat", "figure"), figure("csat", "n")), ("0.691589".into(), "107".into()));
    assert_eq!(
        (figure("csat", "interval_from"), figure("csat", "interval_to")),
        ("0.598715".into(), "0.771183".into())
    );
    assert_eq!((figure("nps", "figure"), figure("nps", "n")), ("-45.454545".into(), "11".into()));
    assert_eq!((figure("delivered_value", "figure"), figure("delivered_value", "n")), ("3.5".into(), "8".into()));
    assert_eq!(figure("ces", "figure"), "2");
    assert_eq!([figure("csat", "few"), figure("nps", "few")], ["false", "true"]);
    // One customer: what was last said, and a scorecard of it.
    let one = json(&dir, &["list", "c1", "--columns", "nps,ces,delivered_value"]);
    assert_eq!(one[0].to_string(), r#"{"nps":1,"ces":2,"delivered_value":3.5}"#);
    let loud = dir.run(&["report", "feedback", "owner:nobody"]);
    assert_eq!(loud.code, 2, "{}", loud.stdout);
    // Answers of nobody are told, and fail the report.
    rows.push("b_x,2026-06-01,nobody,csat,,1,,".into());
    dir.write("ledgers/feedback/2026-li.csv", format!("{}\n", rows.join("\n")));
    let out = dir.run(&["report", "feedback", "--json"]).expect(3);
    assert!(out.stderr.contains("feedback"), "{}", out.stderr);
}

#[test]
fn figures_stand_beside_the_days_before() {
    let dir = company(2);
    let rows = [
        "b_1,2026-05-10,c0,csat,,5,,",
        "b_2,2026-06-10,c0,csat,,5,,",
        "b_3,2026-06-11,c1,csat,,1,,",
        "b_4,2025-06-11,c1,csat,,1,,",
    ];
    dir.write("ledgers/feedback/2026-li.csv", format!("{COLUMNS}\n{}\n", rows.join("\n")));
    let check = |args: &[&str], expected: &str| {
        let all = json(&dir, &[&["report", "feedback", "-p", "2026-06"], args].concat());
        let r = &all[0];
        let got: Vec<String> =
            ["n", "figure", "previous_n", "previous", "difference"].iter().map(|k| r[*k].to_string()).collect();
        assert_eq!(got.join(" "), expected, "{args:?}");
    };
    check(&[], "2 0.500000 1 1.000000 -0.500000");
    check(&["--compare", "year-ago"], "2 0.500000 1 0.000000 0.500000");
    check(&["--compare", "2024"], "2 0.500000 null null null");
    check(&["--by", "customer"], "1 1.000000 1 1.000000 0.000000");
}
