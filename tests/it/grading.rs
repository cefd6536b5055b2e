//! R5 through the program: `grade`, `report grades`, the reminder of `today`.

use crate::support::Dir;
use proptest::prelude::*;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;

const ORDERS: &str = "ledgers/orders/2026-li.csv";
const EVENTS: &str = "ledgers/events/2026-li.csv";
const HEAD: &str = "id,line,at,customer,amount,cost,by\n";

/// Revenue on a scale where a point is a unit of money.
const REVENUE: &str = "{ metric = \"revenue\", weight = 100, scale = \"points\", points = [[0, 0], [100, 100]] },";

/// The vectors of R5: 40, 30, 30.
const THREE: &str = "\
    { metric = \"revenue\", weight = 40, scale = \"points\", points = [[0, 0], [100, 100]] },
    { metric = \"margin\", weight = 30, scale = \"points\", points = [[0, 0], [1, 100]] },
    { metric = \"order_gap\", weight = 30, scale = \"points\", points = [[0, 0], [100, 100]] },";

/// A directory whose scorecard has these indicators.
fn directory(indicators: &str) -> Dir {
    let dir = Dir::new();
    let text = dir.read("kehu.toml");
    let from = text.find("indicators = [").expect("indicators");
    let to = from + text[from..].find("\n]\n").expect("their end") + 3;
    dir.write("kehu.toml", format!("{}indicators = [\n{indicators}\n]\n{}", &text[..from], &text[to..]));
    dir.write(ORDERS, HEAD);
    dir
}

fn replace(dir: &Dir, file: &str, from: &str, to: &str) {
    let text = dir.read(file);
    assert!(text.contains(from), "{file}: {from}");
    dir.write(file, text.replacen(from, to, 1));
}

fn customer_text(id: &str, decisions: &str) -> String {
    let (grade, status) = match decisions {
        "closed" => ("grade = \"\"".to_string(), "closed"),
        d => (d.to_string(), "active"),
    };
    format!(
        "name = \"Customer {id}\"\ncreated = 2025-01-05\n\nstage = \"repeat\"\n\nstatus = \"{status}\"\n\nowner = \"li\"\n\n{grade}\n\nintent = \"\"\n"
    )
}

/// A customer; `decisions` are its lines of the grade.
fn customer(dir: &Dir, id: &str, decisions: &str) {
    dir.write(&format!("customers/{}/{id}.toml", &id[..1]), customer_text(id, decisions));
}

/// An order: id, day, customer, amount, cost.
fn order(dir: &Dir, row: &str) {
    let (head, tail) = row.split_once(',').expect("cells");
    dir.write(ORDERS, format!("{}{head},1,{tail},li\n", dir.read(ORDERS)));
}

/// The grading by customer.
fn graded(dir: &Dir, args: &[&str]) -> BTreeMap<String, Value> {
    let ran = dir.run(&[&["grade", "--json"], args].concat()).expect(0);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).expect("JSON");
    rows.into_iter().map(|r| (r["customer"].as_str().expect("an id").to_string(), r)).collect()
}

/// old → new, score, coverage, provisional.
fn line(row: &Value) -> String {
    let text = |key: &str| match &row[key] {
        Value::String(s) => s.clone(),
        Value::Null => "-".into(),
        other => other.to_string(),
    };
    ["old", "new", "score", "coverage", "provisional"].map(text).join(" ")
}

#[track_caller]
fn expect(rows: &BTreeMap<String, Value>, expected: &[(&str, &str)]) {
    let found: Vec<(String, String)> = rows.iter().map(|(k, r)| (k.clone(), line(r))).collect();
    let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
    assert_eq!(found, expected);
}

/// The vectors: 80, 50 and nothing or 90.
fn vectors() -> Dir {
    let dir = directory(THREE);
    customer(&dir, "missing", "grade = \"\"");
    customer(&dir, "whole", "grade = \"\"");
    order(&dir, "o_1,2026-05-01,missing,80,40");
    order(&dir, "o_2,2026-01-30,whole,50,25");
    order(&dir, "o_3,2026-04-30,whole,30,15");
    dir
}

#[test]
fn vectors_of_the_rule() {
    let dir = vectors();
    expect(&graded(&dir, &[]), &[("missing", "- B 67.142857 0.700000 false"), ("whole", "- B 74 1.000000 false")]);
    let table = dir.run(&["grade"]).expect(0).stdout;
    assert!(table.contains("67.14") && !table.contains("67.142"), "{table}");
    assert!(table.contains("revenue 80.00 → 80 × 40, margin 50.0% → 50 × 30, days between orders unknown"), "{table}");
    assert!(table.contains("graded for the first time 2"), "{table}");
    let one = dir.run(&["grade", "--explain", "missing"]).expect(0).stdout;
    for text in ["2025-07-01..2026-06-30", "score 67.14, coverage 0.70: B", "rule R5"] {
        assert!(one.contains(text), "{text}: {one}");
    }
    let one = dir.run(&["grade", "--explain", "missing", "--json"]).expect(0).stdout;
    let rows: Vec<Value> = serde_json::from_str(&one).expect("JSON");
    assert_eq!((rows.len(), &rows[2]["metric"], &rows[2]["points"]), (3, &"order_gap".into(), &Value::Null));
    let zh = dir.run(&["grade", "--explain", "missing", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("评分指标") && zh.contains("得分 67.14，指标齐全度 0.70"), "{zh}");
}

#[test]
fn percentiles_count_who_is_strictly_worse() {
    let dir = directory("{ metric = \"revenue\", weight = 100, scale = \"percentile\" },");
    for (n, (id, amount)) in [("a", 100), ("b", 100), ("c", 200), ("d", 400)].iter().enumerate() {
        customer(&dir, id, "grade = \"\"");
        order(&dir, &format!("o_{n},2026-05-01,{id},{amount},1"));
    }
    // Not among those who are compared: closed, without an order, without one in the window.
    customer(&dir, "e", "closed");
    order(&dir, "o_5,2026-05-01,e,1,1");
    customer(&dir, "f", "grade = \"\"");
    customer(&dir, "g", "grade = \"\"");
    order(&dir, "o_6,2025-06-30,g,1,1");
    let expected = [
        ("a", "- D 0 1.000000 false"),
        ("b", "- D 0 1.000000 false"),
        ("c", "- C 50 1.000000 false"),
        ("d", "- B 75 1.000000 false"),
    ];
    expect(&graded(&dir, &[]), &expected);
    // A filter shows fewer and moves nobody.
    expect(&graded(&dir, &["id:c"]), &expected[2..3]);
    // The first day of the window belongs to it.
    replace(&dir, ORDERS, "2025-06-30", "2025-07-01");
    expect(&graded(&dir, &["id:g"]), &[("g", "- D 0 1.000000 false")]);
}

#[test]
fn a_border_must_be_passed_by_the_margin() {
    let check = |old: &str, revenue: &str, expected: &str| {
        let dir = directory(REVENUE);
        customer(&dir, "acme", &format!("grade = \"{old}\""));
        order(&dir, &format!("o_1,2026-05-01,acme,{revenue},1"));
        let row = &graded(&dir, &[])["acme"];
        assert_eq!(row["new"], expected, "{old} at {revenue}");
    };
    check("B", "81", "B");
    check("B", "82", "A");
    check("A", "78", "A");
    check("A", "77.9", "B");
    check("A", "39", "C");
    check("", "80", "A");
}

#[test]
fn little_data_lets_nobody_rise() {
    let dir = vectors();
    replace(&dir, "kehu.toml", "min_coverage = 0.6", "min_coverage = 0.8");
    customer(&dir, "missing", "grade = \"D\"");
    customer(&dir, "whole", "grade = \"D\"");
    expect(&graded(&dir, &[]), &[("missing", "D D 67.142857 0.700000 true"), ("whole", "D B 74 1.000000 false")]);
    customer(&dir, "missing", "grade = \"A\"");
    expect(&graded(&dir, &["missing"]), &[("missing", "A B 67.142857 0.700000 true")]);
    assert!(dir.run(&["grade", "--explain", "missing"]).expect(0).stdout.contains("provisional"));
}

#[test]
fn falling_points_and_steps() {
    let card = "{ metric = \"order_gap\", weight = 100, scale = \"SCALE\", points = [[0, 100], [30, 60], [90, 0]] },";
    let check = |scale: &str, expected: &str| {
        let dir = directory(&card.replace("SCALE", scale));
        customer(&dir, "acme", "grade = \"\"");
        order(&dir, "o_1,2026-05-01,acme,1,1");
        order(&dir, "o_2,2026-06-15,acme,1,1");
        assert_eq!(line(&graded(&dir, &[])["acme"]), expected, "{scale}");
    };
    check("points", "- C 45 1.000000 false");
    check("steps", "- B 60 1.000000 false");
}

#[test]
fn grades_by_hand_are_left_alone_until_their_day() {
    let dir = directory(REVENUE);
    customer(&dir, "hand", "grade = \"A\"\ngrade_until = 2026-06-30");
    customer(&dir, "over", "grade = \"A\"\ngrade_until = 2026-06-29");
    order(&dir, "o_1,2026-05-01,hand,10,1");
    order(&dir, "o_2,2026-05-01,over,10,1");
    let rows = graded(&dir, &[]);
    expect(&rows, &[("hand", "A A 10 1.000000 false"), ("over", "A D 10 1.000000 false")]);
    assert_eq!(rows["hand"]["grade_until"], "2026-06-30");
    assert_eq!(rows["over"]["grade_until"], Value::Null);
    assert!(dir.run(&["grade"]).expect(0).stdout.contains("graded by hand until 2026-06-30"));
    let before = dir.read("customers/h/hand.toml");
    let ran = dir.run(&["grade", "--apply"]).expect(0);
    assert_eq!(ran.stdout, "over  grade: A → D (score 10.00)\n");
    assert_eq!(dir.read("customers/h/hand.toml"), before);
    let over = dir.read("customers/o/over.toml");
    assert!(over.contains("grade = \"D\"\n") && !over.contains("grade_until"), "{over}");
}

#[test]
fn a_grade_by_hand_that_is_over_is_confirmed_without_an_event() {
    let dir = directory(REVENUE);
    customer(&dir, "kept", "grade = \"D\"\ngrade_until = 2026-06-29");
    customer(&dir, "hand", "grade = \"D\"\ngrade_until = 2026-06-30");
    order(&dir, "o_1,2026-05-01,kept,10,1");
    order(&dir, "o_2,2026-05-01,hand,10,1");
    let ran = dir.run(&["grade", "--apply"]).expect(0);
    assert_eq!(ran.stdout, "kept  grade D confirmed; it was set by hand until 2026-06-29\n");
    let text = dir.read("customers/k/kept.toml");
    assert!(text.contains("grade = \"D\"\n") && !text.contains("grade_until"), "{text}");
    assert!(dir.read("customers/h/hand.toml").contains("grade_until"));
    assert!(dir.files().iter().all(|(name, _)| name != EVENTS), "no event");
    let again = dir.run(&["grade", "--apply"]).expect(0);
    assert_eq!(again.stdout, "");
}

#[test]
fn a_first_grade_of_little_data_lies_in_the_middle_at_best() {
    // Order gaps are unknown with one order: 40 of 100 is known.
    let dir = directory(
        "    { metric = \"revenue\", weight = 40, scale = \"points\", points = [[0, 0], [100, 100]] },\n    { metric = \"order_gap\", weight = 60, scale = \"points\", points = [[0, 0], [100, 100]] },",
    );
    for (id, amount) in [("best", 100), ("middle", 45), ("low", 10)] {
        customer(&dir, id, "grade = \"\"");
        order(&dir, &format!("o_{id},2026-05-01,{id},{amount},1"));
    }
    let rows = graded(&dir, &[]);
    let cases =
        [("best", "- C 100 0.400000 true"), ("low", "- D 10 0.400000 true"), ("middle", "- C 45 0.400000 true")];
    expect(&rows, &cases);
    let why = dir.run(&["grade", "--explain", "best"]).expect(0).stdout;
    assert!(why.contains("a first grade is C at best"), "{why}");
}

#[test]
fn applying_writes_files_and_events_once() {
    let dir = vectors();
    customer(&dir, "missing", "grade = \"A\"");
    let before = dir.files();
    let diff = dir.run(&["grade", "--apply", "--dry-run"]).expect(0).stdout;
    assert!(diff.contains("+grade = \"B\"") && dir.files() == before, "{diff}");
    let ran = dir.run(&["grade", "--apply"]).expect(0);
    assert_eq!(ran.stdout, "missing  grade: A → B (score 67.14)\nwhole  grade: – → B (score 74.00)\n");
    assert!(dir.read("customers/w/whole.toml").contains("grade = \"B\"\n"));
    let events = dir.read(EVENTS);
    let row = Regex::new(
        r#"(?m)^e_\w+,2026-06-30T23:59:59\+08:00,customer,(missing|whole),grade,(A|),B,,,,li,"score (67\.14|74\.00), coverage (0\.70|1\.00), rules [0-9a-f]{8}"$"#,
    )
    .expect("a pattern");
    assert_eq!(row.find_iter(&events).count(), 2, "{events}");
    let after = dir.files();
    dir.run(&["grade", "--apply"]).expect(0);
    assert!(dir.files() == after, "the second grading changed something");
    let found = dir.run(&["check"]);
    assert_eq!((found.code, found.stdout.as_str()), (0, ""), "{}", found.stderr);
    // Only those who fit are written.
    replace(&dir, "kehu.toml", "B = 60", "B = 50");
    replace(&dir, "kehu.toml", "A = 80", "A = 60");
    assert_eq!(dir.run(&["grade", "--apply", "whole", "-q"]).expect(0).stdout, "whole\n");
}

#[test]
fn what_if_writes_nothing() {
    let dir = vectors();
    let before = dir.files();
    let set = |pairs: &[&str]| pairs.iter().flat_map(|p| ["--set".to_string(), (*p).to_string()]).collect::<Vec<_>>();
    let check = |pairs: &[&str], expected: &str| {
        let args = set(pairs);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        assert_eq!(line(&graded(&dir, &args)["whole"]), expected, "{pairs:?}");
    };
    check(&["grade.margin.weight=50", "revenue.weight=20"], "- B 68 1.000000 false");
    check(&["revenue.points=[[0,0],[80,100]]"], "- A 82 1.000000 false");
    check(&["revenue.points=0:0,80:100", "revenue.scale=steps"], "- A 82 1.000000 false");
    check(&["bands.A=70"], "- A 74 1.000000 false");
    check(&["bands={A=90,B=80,C=70,D=0}"], "- C 74 1.000000 false");
    check(&["window=2m"], "- C 90 0.300000 true");
    check(&["margin.scale=percentile", "margin.better=lower", "margin_to_change=0"], "- C 59 1.000000 false");
    check(&["visits.weight=10", "margin.weight=20", "min_coverage=1"], "- B 69 1.000000 false");
    let refuse = |args: &[&str], word: &str| {
        let ran = dir.run(&[&["grade"], args].concat()).expect(2);
        assert!(ran.stderr.contains(word) && ran.stdout.is_empty(), "{args:?}: {}", ran.stderr);
    };
    refuse(&["--set", "grade.margin.weight=101"], "--set");
    let all = ["--set", "margin.weight=50", "--set", "revenue.weight=40", "--set", "payment_days.weight=30"];
    refuse(&all, "150");
    refuse(&["--set", "margin.weight=70", "--set", "revenue.weight=60"], "160");
    refuse(&["--set", "margn.weight=30"], "margin");
    refuse(&["--set", "margin.weight=many"], "--set");
    refuse(&["--set", "margin.points=[[0]]"], "--set");
    refuse(&["--set", "margin.scale=log"], "--set");
    refuse(&["--set", "bands.A=30"], "must fall");
    refuse(&["--set", "bands={E=50,D=0}"], "no such grade");
    refuse(&["--set", "visits.weight=0", "--set", "visits.scale=points"], "points");
    refuse(&["--set", "margin_to_change=1", "--apply"], "--apply");
    refuse(&["--set", "due.weight=0"], "no indicator");
    assert!(dir.files() == before);
}

#[test]
fn a_metric_that_does_not_exist_is_found() {
    let dir = vectors();
    replace(&dir, "kehu.toml", "metric = \"margin\"", "metric = \"margn\"");
    let ran = dir.run(&["grade"]).expect(3);
    assert!(ran.stderr.contains("`margn`") && ran.stderr.contains("did you mean margin?"), "{}", ran.stderr);
    assert_eq!(dir.run(&["grade", "--apply"]).code, 3);
    let found: Vec<Value> = serde_json::from_str(&dir.run(&["check", "--json"]).expect(1).stdout).expect("JSON");
    assert_eq!((found.len(), &found[0]["code"]), (1, &"E050".into()));
    replace(&dir, "kehu.toml", "metric = \"margn\"", "metric = \"due\"");
    dir.run(&["grade"]).expect(3);
    let text = dir.read("kehu.toml").replace("[scorecards.grade]", "[scorecards.other]");
    dir.write("kehu.toml", text.replace("\"due\"", "\"margin\""));
    assert!(dir.run(&["grade"]).expect(3).stderr.contains("[scorecards.grade]"));
}

#[test]
fn calibration_can_be_pasted() {
    let dir = directory(
        "{ metric = \"revenue\", weight = 60, scale = \"percentile\" },\n{ metric = \"payment_days\", weight = 40, scale = \"percentile\", better = \"lower\" },",
    );
    for n in 1..=5 {
        customer(&dir, &format!("c{n}"), "grade = \"\"");
        order(&dir, &format!("o_{n},2026-0{n}-01,c{n},{n}00,1"));
    }
    let text = dir.run(&["grade", "--calibrate"]).expect(0).stdout;
    assert!(text.contains("points = [[100, 0], [200, 25], [300, 50], [400, 75], [500, 100]]"), "{text}");
    assert!(text.contains("[60, 100]") && text.contains("[180, 0]"), "{text}");
    let rows: Vec<Value> =
        serde_json::from_str(&dir.run(&["grade", "--calibrate", "--json"]).expect(0).stdout).expect("JSON");
    assert_eq!(rows.len(), 10);
    assert_eq!(rows[1].to_string(), r#"{"metric":"revenue","raw":200,"points":25}"#);
    let settings = dir.read("kehu.toml");
    let from = settings.find("indicators = [").expect("indicators");
    let to = from + settings[from..].find("\n]\n").expect("their end") + 3;
    dir.write("kehu.toml", format!("{}{text}{}", &settings[..from], &settings[to..]));
    dir.run(&["check"]).expect(0);
    let rows = graded(&dir, &[]);
    assert_eq!(line(&rows["c5"]), "- A 100 1.000000 false");
    // Points of our own: nobody moves because another grew.
    customer(&dir, "big", "grade = \"\"");
    order(&dir, "o_9,2026-06-01,big,90000,1");
    assert_eq!(line(&graded(&dir, &[])["c5"]), "- A 100 1.000000 false");
}

#[test]
fn profit_by_grade_and_migration() {
    let dir = directory(REVENUE);
    let events = "id,at,kind,subject,event,from,to,by,note\n\
        e_1,2025-02-01,customer,acme,grade,,B,chen,\n\
        e_2,2026-01-10,customer,acme,grade,B,A,chen,\n\
        e_3,2025-02-01,customer,bolt,grade,,B,chen,\n";
    dir.write("ledgers/events/2026-chen.csv", events);
    customer(&dir, "acme", "grade = \"A\"");
    customer(&dir, "bolt", "grade = \"B\"");
    customer(&dir, "cane", "grade = \"\"");
    order(&dir, "o_1,2025-03-01,acme,100,60");
    order(&dir, "o_2,2025-11-01,acme,50,40");
    order(&dir, "o_3,2026-02-01,acme,300,200");
    order(&dir, "o_4,2026-03-01,bolt,100,90");
    let csv = dir.run(&["report", "grades", "-f", "csv"]).expect(0).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "grade,customers,revenue,revenue_then,revenue_change,revenue_last_year,revenue_share,profit,profit_then,profit_change,profit_last_year,profit_share"
    );
    assert_eq!(lines[1], "A,1,300,100,2.000000,150,0.750000,100,40,1.500000,50,0.909091");
    assert_eq!(lines[2], "B,1,100,0,,0,0.250000,10,0,,0,0.090909");
    assert_eq!(lines[3], "C,0,0,0,,0,0.000000,0,0,,0,0.000000");
    assert_eq!(lines.last(), Some(&",1,0,0,,0,0.000000,0,0,,0,0.000000"));
    let csv = dir.run(&["report", "grades", "--migration", "-f", "csv"]).expect(0).stdout;
    let expected = "from,to,customers,profit_before,profit_after,profit_effect\nB,A,1,40,110,70\nB,B,1,0,10,10\n";
    assert_eq!(csv, expected);
    // Twelve months that are not over are not compared.
    let csv = dir.run(&["report", "grades", "--migration", "--from", "2026-01-01", "-f", "csv"]).expect(0).stdout;
    assert!(csv.contains("\nB,A,1,50,,\n"), "{csv}");
    let table = dir.run(&["report", "grades", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(table.contains("等级迁移表") && table.contains("毛利占比"), "{table}");
    dir.run(&["report", "grades", "--from", "2026-02-01", "--to", "2026-01-01"]).expect(2);
    dir.run(&["report", "grades", "--to", "2026-07-01"]).expect(2);
}

#[test]
fn who_leads_is_reminded_of_an_old_grading() {
    let dir = vectors();
    let reminded = |args: &[&str]| {
        let csv = dir.run(&[&["today", "-f", "csv"], args].concat()).expect(0).stdout;
        csv.lines().filter(|l| l.starts_with("grading,")).count()
    };
    assert_eq!(reminded(&["--as", "chen"]), 0);
    dir.run(&["grade", "--apply"]).expect(0);
    assert_eq!(reminded(&["--as", "chen", "--today", "2026-09-28"]), 0);
    assert_eq!(reminded(&["--as", "chen", "--today", "2026-09-29"]), 1);
    assert_eq!(reminded(&["--as", "li", "--today", "2026-09-29"]), 0);
    assert_eq!(reminded(&["--as", "li", "--all", "--today", "2026-09-29"]), 1);
    let zh = dir.run(&["today", "--as", "chen", "--today", "2026-09-29", "--lang", "zh-CN"]).expect(0).stdout;
    assert!(zh.contains("客户评级到期") && zh.contains("上次评级在 2026-06-30"), "{zh}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn order_and_layout_change_no_grade(
        amounts in prop::collection::vec((1u32..500, 0u32..500, prop::sample::select(vec!["", "A", "B", "C", "D"])), 3..8),
        shuffle in any::<u64>(),
        layout in prop::sample::select(vec!["flat", "initial", "hash"]),
    ) {
        let card = "{ metric = \"revenue\", weight = 60, scale = \"percentile\" },\n{ metric = \"margin\", weight = 40, scale = \"percentile\" },";
        let one = directory(card);
        let two = directory(card);
        let mut rows: Vec<String> = Vec::new();
        for (n, (amount, cost, grade)) in amounts.iter().enumerate() {
            let id = format!("c{n}");
            let grade = format!("grade = \"{grade}\"");
            customer(&one, &id, &grade);
            two.write(&format!("customers/{}/{id}.toml", if layout == "hash" { "0f" } else { layout }), customer_text(&id, &grade));
            order(&one, &format!("o_{n},2026-05-01,{id},{amount},{cost}"));
            rows.push(format!("o_{n},1,2026-05-01,{id},{amount},{cost},li\n"));
        }
        let mut key = shuffle;
        rows.sort_by_cached_key(|_| {
            key = key.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            key >> 20
        });
        let (a, b) = rows.split_at(rows.len() / 2);
        two.write(ORDERS, format!("{HEAD}{}", a.concat()));
        two.write("ledgers/orders/2026.csv", format!("{HEAD}{}", b.concat()));
        let found = |dir: &Dir| graded(dir, &[]).iter().map(|(k, r)| (k.clone(), line(r))).collect::<Vec<_>>();
        prop_assert_eq!(found(&one), found(&two));
    }
}

#[test]
fn a_late_payer_is_judged_low_without_being_told_so() {
    let dir = directory("    { metric = \"revenue\", weight = 100, scale = \"points\", points = [[0, 100]] },");
    dir.write("ledgers/receipts/2026-li.csv", "id,line,at,customer,amount,order,by\n");
    for (id, paid) in [("late", "2026-05-30"), ("prompt", "2026-01-10")] {
        customer(&dir, id, "grade = \"\"");
        dir.write(ORDERS, format!("{}o_{id},1,2026-01-05,{id},100,50,li\n", dir.read(ORDERS)));
        let receipts = dir.read("ledgers/receipts/2026-li.csv");
        dir.write("ledgers/receipts/2026-li.csv", format!("{receipts}r_{id},1,{paid},{id},100,o_{id},li\n"));
    }
    let check = |metric: &str, better: &[&str], late: &str, prompt: &str| {
        let weight = format!("{metric}.weight=20");
        let better: Vec<String> = better.iter().map(|b| format!("{metric}.better={b}")).collect();
        let pairs = ["revenue.weight=80", &weight].into_iter().chain(better.iter().map(String::as_str));
        let args: Vec<&str> = pairs.flat_map(|p| ["--set", p]).collect();
        let rows = graded(&dir, &args);
        let score = |id: &str| rows[id]["score"].to_string();
        assert_eq!((score("late"), score("prompt")), (late.into(), prompt.into()), "{metric} {better:?}");
    };
    for metric in ["late_days", "payment_days"] {
        check(metric, &[], "80", "90");
        check(metric, &["lower"], "80", "90");
        check(metric, &["higher"], "90", "80");
    }
    check("profit", &[], "80", "80");
}
