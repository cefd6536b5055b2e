//! Figures of customers: every metric as a column, filter and sort key, and what stands behind each; orders and money in
//! the day's list and the morning meeting.

use crate::support::{Dir, repo, start};
use kehu::i18n::{Lang, labels::label};
use kehu::metrics::METRICS;
use kehu::model::value::Kind;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;

/// The data of the golden case `money`.
fn shop() -> Dir {
    let dir = start::make("new");
    dir.overlay(&repo().join("tests/golden/money/in"));
    dir
}

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let mut all = args.to_vec();
    all.push("--json");
    serde_json::from_str(&dir.run(&all).expect(0).stdout).expect("JSON")
}

fn keys() -> Vec<&'static str> {
    METRICS.iter().map(|m| m.key).collect()
}

#[test]
fn every_metric_is_a_column_by_key_and_label() {
    let dir = shop();
    let header = |columns: String| {
        let out = dir.run(&["list", "--columns", &columns, "-f", "csv"]).expect(0).stdout;
        out.lines().next().unwrap_or("").to_string()
    };
    let wanted = format!("name,{}", keys().join(","));
    assert_eq!(header(wanted.clone()), wanted);
    for lang in Lang::ALL {
        let labels: Vec<String> = METRICS.iter().map(|m| label(lang, m.key)).collect();
        assert_eq!(header(format!("name,{}", labels.join(","))), wanted, "{lang:?}");
    }
}

#[test]
fn every_metric_is_a_filter_and_a_sort_key() {
    let dir = shop();
    for m in METRICS {
        let term = match m.kind {
            Kind::Day => format!("{}.gt:2020", m.key),
            Kind::Flag => format!("{}:yes", m.key),
            _ if m.kind.is_number() => format!("{}.gt:0", m.key),
            _ => format!("has:{}", m.key),
        };
        let down = format!("-{}", m.key);
        let columns = format!("name,{}", m.key);
        let rows = json(&dir, &["list", &term, "--columns", &columns, "--sort", &down]);
        let all = json(&dir, &["list", "--columns", &columns, "--sort", &down]);
        assert_eq!(all.len(), 3, "{}", m.key);
        let is = |r: &Value| match (&r[m.key], m.kind) {
            (Value::Null, _) => false,
            (Value::Number(n), _) => n.to_string().parse::<f64>().is_ok_and(|n| n > 0.0),
            (Value::Bool(b), _) => *b,
            _ => true,
        };
        let expected: Vec<&Value> = all.iter().filter(|r| is(r)).collect();
        assert_eq!(rows.iter().collect::<Vec<_>>(), expected, "{term}");
        // What is not known comes last; numbers fall.
        let known: Vec<bool> = all.iter().map(|r| !r[m.key].is_null()).collect();
        assert!(known.windows(2).all(|w| w[0] >= w[1]), "{} {known:?}", m.key);
        let numbers: Vec<f64> = all.iter().filter_map(|r| r[m.key].to_string().parse().ok()).collect();
        assert!(numbers.windows(2).all(|w| w[0] >= w[1]), "{} {numbers:?}", m.key);
    }
}

#[test]
fn every_metric_says_by_which_rule() {
    let dir = shop();
    for (lang, tag, rule) in [(Lang::En, "en", ": rule R"), (Lang::ZhCn, "zh-CN", "：规则 R")] {
        let columns = keys().join(",");
        let args = ["list", "alpha", "--columns", &columns, "--explain", "--lang", tag];
        let out = dir.run(&args).expect(0).stdout;
        for m in METRICS {
            let head = format!("{} ", label(lang, m.key));
            let line = out.lines().find(|l| l.starts_with(&head) && l.contains(rule));
            assert!(line.is_some(), "{} is not explained:\n{out}", m.key);
        }
    }
}

/// The rows that an explanation names, as (file, line), with the amounts that follow `word`.
fn named(out: &str, word: &str) -> BTreeMap<(String, usize), Option<String>> {
    let place = Regex::new(r"(?:ledgers|customers)/[^ :,()]+:\d+").unwrap();
    let amount = Regex::new(&format!(r"{word} (-?[0-9.]+)")).unwrap();
    let mut rows = BTreeMap::new();
    for line in out.lines() {
        for found in place.find_iter(line) {
            let (file, n) = found.as_str().rsplit_once(':').expect("file:line");
            let figure = amount.captures(line).map(|c| c[1].to_string());
            rows.insert((file.to_string(), n.parse().expect("a line")), figure);
        }
    }
    rows
}

#[test]
fn explanations_name_the_customers_own_rows_and_their_sum() {
    let dir = Dir::demo();
    for id in ["huaxin", "tiansheng", "jinlan"] {
        let money: Vec<&str> = METRICS
            .iter()
            .filter(|m| matches!(m.kind, Kind::Money | Kind::Ratio | Kind::Days))
            .map(|m| m.key)
            .collect();
        let columns = money.join(",");
        let out = dir.run(&["list", id, "--columns", &columns, "--explain", "--lang", "en"]).expect(0).stdout;
        let rows = named(&out, "net");
        assert!(rows.len() > 20, "{out}");
        for (file, n) in rows.keys() {
            let text = dir.read(file);
            let line = text.lines().nth(n - 1).unwrap_or_else(|| panic!("{file} has no line {n}"));
            assert!(file.ends_with(&format!("/{id}.toml")) || line.contains(id), "{file}:{n} {line}");
        }
        let out = dir.run(&["list", id, "--columns", "revenue", "-p", "2026", "--explain", "--lang", "en"]).expect(0);
        let cents = |t: &str| (t.parse::<f64>().expect("a number") * 100.0).round() as i64;
        let nets = named(&out.stdout, "net");
        let sum: i64 = nets.values().flatten().map(|n| cents(n)).sum();
        let revenue = json(&dir, &["list", id, "--columns", "revenue", "-p", "2026"])[0]["revenue"].to_string();
        assert_eq!(sum, cents(&revenue), "{id}");
    }
}

#[test]
fn metrics_count_over_a_period() {
    let dir = shop();
    let check = |period: &str, key: &str, expected: &str| {
        let row = &json(&dir, &["list", "alpha", "-p", period, "--columns", key])[0];
        assert_eq!(row[key].to_string(), expected, "{key} {period}");
    };
    check("2025", "revenue", "4000");
    check("2026", "revenue", "12800");
    check("2026Q1", "revenue", "11000");
    check("2026Q1", "unknown_cost_lines", "1");
    check("2024", "revenue", "null");
    // 3,000 of June less 1,000 and 200 given back in the quarter, against 11,000 of the one before.
    check("2026Q2", "revenue", "1800");
    check("2026Q2", "growth", "-0.836364");
    check("2026Q1", "growth", "null");
    check("2025", "growth", "null");
    // Of today, whatever the period.
    check("2025", "outstanding", "8490");
    check("2025", "credit_used", "0.424500");
    check("2025", "open_deliveries", "1");
}

#[test]
fn foreign_accounts_count_at_todays_rate() {
    let dir = shop();
    let row = |key: &str| json(&dir, &["list", "bravo", "--columns", key])[0][key].to_string();
    assert_eq!(row("overdue"), "3500");
    assert_eq!(row("outstanding"), "2534");
    dir.write("ledgers/rates/2026.csv", "date,currency,rate\n2026-01-01,EUR,8\n");
    // Without a rate the amount is not known, and that is said.
    let ran = dir.run(&["list", "bravo", "--columns", "overdue,credit", "--json"]).expect(3);
    assert_eq!(ran.stdout, "[\n  {\"overdue\":null,\"credit\":966}\n]\n");
    let said = "1 open receivable has a currency without a rate, so it counts nowhere: 500.00 USD; \
        no rate of USD on 2026-06-30: `kehu rate add 2026-06-30 USD RATE`";
    assert_eq!(ran.stderr, format!("warning: {said}\n"));
}

#[test]
fn the_day_ranks_by_value_at_risk() {
    let dir = Dir::demo();
    let rows = json(&dir, &["today", "--all"]);
    let mut last: BTreeMap<&str, f64> = BTreeMap::new();
    let mut queue = "";
    for r in &rows {
        let section = r["section"].as_str().expect("a section");
        if section == "complaints" {
            // These are a queue by their deadlines.
            let due = r["due"].as_str().expect("a deadline");
            assert!(queue <= due, "{r}");
            queue = due;
            continue;
        }
        let risk = r["value_at_risk"].as_f64().unwrap_or(-1.0);
        assert!(last.insert(section, risk).is_none_or(|before| before >= risk), "{r}");
    }
    for section in ["overdue", "deliveries", "receivables"] {
        assert!(last.contains_key(section), "{section}");
    }
    // Nothing that is delivered, paid, or later than a week.
    for r in rows.iter().filter(|r| matches!(r["section"].as_str(), Some("deliveries" | "receivables"))) {
        assert!(r["due"].as_str().is_some_and(|d| d <= "2026-07-07"), "{r}");
        // An instalment of a contract has no order.
        let named = r["order"].is_string() || r["section"] == "receivables";
        assert!(named && r["currency"] == "CNY", "{r}");
        assert!(r["section"] == "deliveries" || r["open_amount"].as_f64().is_some_and(|a| a > 0.0), "{r}");
    }
}

#[test]
fn late_deliveries_leave_the_day_when_they_arrive() {
    let dir = shop();
    let orders = |who: &str| -> Vec<String> {
        let rows = json(&dir, &["today", "--as", who]);
        let of = rows.iter().filter(|r| r["section"] == "deliveries");
        of.map(|r| format!("{} {}", r["order"].as_str().unwrap_or(""), r["days_overdue"])).collect()
    };
    assert_eq!(orders("li"), ["SO-3 0", "SO-4 10"]);
    assert_eq!(orders("wu"), ["SO-4 10"]);
    dir.run(&["order", "deliver", "SO-4"]).expect(0);
    dir.run(&["order", "cancel", "SO-3", "--note", "gave up"]).expect(0);
    assert_eq!(orders("li"), Vec::<String>::new());
    assert_eq!(orders("wu"), Vec::<String>::new());
}

#[test]
fn the_meeting_credits_the_rep_on_the_order() {
    let dir = shop();
    let check = |today: &str, who: &str, expected: [&str; 5]| {
        let rows = json(&dir, &["today", "--team", "--today", today]);
        let row = rows.iter().find(|r| r["owner"] == who).cloned().unwrap_or_default();
        let keys = ["yesterday_signed", "yesterday_collected", "month_signed", "month_target", "target_completion"];
        assert_eq!(keys.map(|k| row[k].to_string()), expected, "{who} on {today}");
    };
    // SO-3 is shared 7 : 3; what pays no order goes to the customer's owner.
    check("2026-06-30", "li", ["2100", "8034", "3900", "6000", "0.650000"]);
    check("2026-06-30", "wu", ["900", "966", "4400", "null", "null"]);
    // 500 dollars at 7; a target of the quarter is none of the month.
    check("2026-06-12", "wu", ["3500", "0", "3500", "null", "null"]);
    // A hand-over does not rewrite the past.
    dir.run(&["assign", "alpha", "--to", "wu"]).expect(0);
    check("2026-06-30", "li", ["2100", "8034", "3900", "6000", "0.650000"]);
    // chen leads both: a manager's target is that of the group.
    let targets = dir.read("ledgers/targets/2026.csv");
    dir.write("ledgers/targets/2026.csv", format!("{targets}2026-06,chen,signed,target,16600\n"));
    check("2026-06-30", "chen", ["0", "0", "8300", "16600", "0.500000"]);
}
