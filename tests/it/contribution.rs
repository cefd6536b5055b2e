//! R6: net contribution: each part a column, one total whatever the groups, and months that add up to the year.

use super::support::Dir;
use super::support::company::{customer, json};
use serde_json::Value;

/// A company with one unpaid order, money given away, a complaint that cost something, and spend.
fn company() -> Dir {
    let dir = Dir::new();
    customer(&dir, "acme", "first-order", "li");
    customer(&dir, "beta", "lead", "wu");
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,quantity,price,unit_cost,by,due,contract\nSO-1,1,2026-01-01,acme,10,100,80,li,2026-02-01,C-1\n",
    );
    dir.write(
        "ledgers/refunds/2026-li.csv",
        "id,at,customer,amount,reason,kind,order,currency\nF-1,2026-02-03,acme,20,quality,goodwill,SO-1,\n\
         F-2,2026-02-04,acme,3,quality,goodwill,,USD\nF-3,2026-02-05,acme,7,quality,goodwill,SO-1,\n",
    );
    dir.write(
        "ledgers/contracts/2026-li.csv",
        "id,at,party,kind,title,project,by\nC-1,2025-12-20,acme,sales,Hall 3,hall-3,li\n",
    );
    // What waits for approval, and what was rejected, is no cost.
    dir.write(
        "ledgers/events/2026-li.csv",
        "id,at,kind,subject,event,from,to,by\ne1,2026-02-05T10:00:00+08:00,refund,F-3,approval,,submitted,li\n",
    );
    dir.write("ledgers/rates/2026-li.csv", "date,currency,rate\n2026-01-01,USD,7\n");
    dir.write(
        "ledgers/complaints/2026-li.csv",
        "id,at,customer,category,product,order,cost,text\nK-1,2026-03-02,acme,delivery,,,30,late\n",
    );
    dir.write(
        "ledgers/spend/2026-li.csv",
        "id,at,amount,kind,customer,campaign,currency,by\nS-1,2026-03-03,40,gift,acme,,,li\n\
         S-2,2026-03-04,500,campaign,,expo,,wu\nS-3,2026-03-05,60,visit,beta,,,wu\n",
    );
    dir
}

fn figure(row: &Value, key: &str) -> String {
    match &row[key] {
        Value::Number(n) => n.to_string(),
        other => other.to_string(),
    }
}

/// A group's figures, rounded to cents where they are long.
fn told(rows: &[Value], by: &str, group: &str) -> String {
    let row = rows.iter().find(|r| r[by].as_str().unwrap_or_default() == group).unwrap_or_else(|| panic!("{group}"));
    let keys = ["profit", "goodwill", "complaint_cost", "spend", "capital_cost", "net_contribution"];
    keys.map(|k| format!("{:.6}", figure(row, k).parse::<f64>().unwrap_or(f64::NAN))).join(" ")
}

#[test]
fn each_part_is_a_column() {
    let dir = company();
    let check = |today: &str, by: &str, group: &str, expected: &str| {
        let rows = json(&dir, &["report", "profit", "--by", by, "--net", "--today", today]);
        assert_eq!(told(&rows, by, group), expected, "{by} {group} on {today}");
    };
    // 1000 are open for 100 days at 6 % a year: 1000 × 100 × 0.06 / 365.
    let acme = "200.000000 41.000000 30.000000 40.000000 16.438356 72.561644";
    check("2026-04-11", "customer", "acme", acme);
    check("2026-04-11", "order", "SO-1", "200.000000 20.000000 0.000000 0.000000 16.438356 163.561644");
    // A contract and its project have what belongs to their orders.
    let of_order = "200.000000 20.000000 0.000000 0.000000 16.438356 163.561644";
    check("2026-04-11", "contract", "C-1", of_order);
    check("2026-04-11", "project", "hall-3", of_order);
    check("2026-04-11", "customer", "beta", "0.000000 0.000000 0.000000 60.000000 0.000000 -60.000000");
    check("2026-04-11", "rep", "wu", "0.000000 0.000000 0.000000 560.000000 0.000000 -560.000000");
    // Facts after the day do not exist.
    check("2026-02-03", "customer", "acme", "200.000000 20.000000 0.000000 0.000000 5.424658 174.575342");
}

/// The sum of a column over the rows, to the millionth.
fn sum(rows: &[Value], key: &str) -> f64 {
    let all: f64 = rows.iter().filter_map(|r| figure(r, key).parse::<f64>().ok()).sum();
    (all * 1e6).round() / 1e6
}

#[test]
fn every_grouping_has_one_total_and_months_add_up() {
    let dir = company();
    let day = ["--today", "2026-04-11"];
    let keys = ["profit", "goodwill", "complaint_cost", "spend", "capital_cost", "net_contribution"];
    let whole = json(&dir, &[&["report", "profit", "--net"][..], &day].concat());
    for by in [
        "customer",
        "product",
        "category",
        "grade",
        "stage",
        "owner",
        "rep",
        "department",
        "region",
        "order",
        "contract",
        "project",
    ] {
        let rows = json(&dir, &[&["report", "profit", "--net", "--by", by][..], &day].concat());
        for key in keys {
            assert_eq!(sum(&rows, key), sum(&whole, key), "{key} by {by}");
        }
    }
    let months = json(&dir, &[&["report", "profit", "--net", "--per", "month", "-p", "2026"][..], &day].concat());
    for key in keys {
        assert!((sum(&months, key) - sum(&whole, key)).abs() < 1e-5, "{key} by month");
    }
}

#[test]
fn a_part_is_named_in_columns_sorts_and_terms() {
    let dir = company();
    let check = |args: &[&str], expected: &str| {
        let out = dir.run(&[&["report", "profit", "--today", "2026-04-11", "-f", "csv"], args].concat()).expect(0);
        assert_eq!(out.stdout, expected, "{args:?}");
    };
    check(&["--columns", "customer,spend"], "customer,spend\nacme,40\n,500\nbeta,60\n");
    check(&["--columns", "customer,profit", "--sort", "-spend"], "customer,profit\n,0\nbeta,0\nacme,200\n");
    check(&["--columns", "customer", "净贡献.lt:0"], "customer\n\"\"\nbeta\n");
    // Without them nothing changes.
    let out = dir.run(&["report", "profit", "--today", "2026-04-11", "-f", "csv"]).expect(0);
    assert!(!out.stdout.contains("goodwill"), "{}", out.stdout);
}

#[test]
fn a_missing_rate_is_named_and_never_one() {
    let dir = company();
    dir.write("ledgers/rates/2026-li.csv", "date,currency,rate\n2026-02-05,USD,7\n");
    let out = dir.run(&["report", "profit", "--net", "--today", "2026-04-11"]).expect(3);
    assert!(out.stdout.contains("USD") && out.stdout.contains("2026-02-04"), "{}{}", out.stdout, out.stderr);
    let rows = dir.run(&["report", "profit", "--net", "--today", "2026-04-11", "--json"]).expect(3);
    let rows: Vec<Value> = serde_json::from_str(&rows.stdout).expect("json");
    assert_eq!(figure(&rows[0], "goodwill"), "20");
    let found = dir.run(&["check", "--today", "2026-04-11"]).expect(0).stdout;
    assert!(found.contains("E117") && found.contains("2026-02-04"), "{found}");
}
