//! Reports through the program: products (R6), the keys of profit, totals and averages.

use crate::support::{Dir, start};
use serde_json::Value;
use std::collections::BTreeMap;

const ORDERS: &str = "ledgers/orders/2026-li.csv";

fn rows(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let ran = dir.run(&[args, &["--json"]].concat()).expect(0);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

/// The flags of each product: `lead: leader`, those without any left out.
fn flags(dir: &Dir, args: &[&str]) -> Vec<String> {
    let all = rows(dir, &[&["report", "products"], args].concat());
    let set = |r: &Value| {
        let set: Vec<&str> =
            ["leader", "loser", "pause", "drop"].into_iter().filter(|f| r[*f] == Value::Bool(true)).collect();
        (!set.is_empty()).then(|| format!("{}: {}", r["product"].as_str().unwrap_or_default(), set.join(" ")))
    };
    all.iter().filter_map(set).collect()
}

fn replace(dir: &Dir, file: &str, from: &str, to: &str) {
    let text = dir.read(file);
    assert!(text.contains(from), "{file}: {from}");
    dir.write(file, text.replacen(from, to, 1));
}

#[test]
fn products_lead_lose_pause_and_drop() {
    let check = |what: &str, change: &dyn Fn(&Dir), args: &[&str], expected: &[&str]| {
        let dir = start::make("products");
        change(&dir);
        assert_eq!(flags(&dir, args), expected, "{what}");
        dir.run(&["check"]).expect(0);
    };
    let nothing = |_: &Dir| {};
    check("as it is", &nothing, &[], &["lead: leader", "thin: drop", "loss: loser"]);
    // 840 of 1159 is 72.5 %: a larger share needs one more.
    let share = |d: &Dir| replace(d, "kehu.toml", "key_share = 0.60", "key_share = 0.80");
    check("a larger share", &share, &[], &["lead: leader", "base: leader", "thin: drop", "loss: loser"]);
    // In February: lead 40 %, base 20 %, thin 10 %; 0.2 × 3, rounded up, is one.
    let february = |d: &Dir| replace(d, "kehu.toml", "months = []", "months = [2]");
    check("a season", &february, &[], &["lead: leader", "thin: pause drop", "loss: loser"]);
    let two = |d: &Dir| {
        february(d);
        replace(d, "kehu.toml", "pause_share = 0.20", "pause_share = 0.5");
    };
    check("half of the season", &two, &[], &["lead: leader", "base: pause", "thin: pause drop", "loss: loser"]);
    let paused = |d: &Dir| {
        february(d);
        let file = "ledgers/products/2025-li.csv";
        d.write(file, format!("{}thin,2026-06-01,,,,,,paused\n", d.read(file)));
    };
    check("paused already", &paused, &[], &["lead: leader", "base: pause", "thin: drop", "loss: loser"]);
    check("a season outside", &february, &["-p", "2026Q2"], &["thin: drop", "loss: loser"]);
    check("one product is not the lowest", &february, &["product:lead"], &["lead: leader"]);
    // On the last day but one of June the quarter is not over: 2025Q4 and 2026Q1.
    check("quarters that are over", &nothing, &["--today", "2026-06-29"], &["lead: leader", "loss: loser"]);
    // A key customer buys it: mid is one when it earns enough, or when its grade is the best.
    let key = |d: &Dir| {
        d.write(ORDERS, format!("{}o_20,1,2026-06-01,anchor,thin,1,20,18,li,\n", d.read(ORDERS)));
    };
    check("a key customer buys it", &key, &[], &["lead: leader", "loss: loser"]);
    let best = |d: &Dir| replace(d, "customers/s/small.toml", "grade = \"D\"", "grade = \"A\"");
    // The floor is that of grade A now: 8 %, which thin keeps; old does not, and is bought by a key customer.
    check("the best grade", &best, &[], &["lead: leader", "loss: loser"]);
    let closed = |d: &Dir| {
        key(d);
        replace(d, "customers/a/anchor.toml", "status = \"active\"", "status = \"closed\"");
    };
    check(
        "a closed customer is no key customer",
        &closed,
        &[],
        &["lead: leader", "thin: drop", "kept: drop", "loss: loser"],
    );
    // Grade A when the first of both orders came: its floor was 8 %.
    let then = |d: &Dir| {
        d.write(
            "ledgers/events/2026-li.csv",
            "id,at,kind,subject,event,from,to,by\ne_1,2026-04-01T09:00:00+08:00,customer,small,grade,A,D,li\n",
        );
    };
    check("the grade of the order's day", &then, &[], &["lead: leader", "loss: loser"]);
    check("a filter", &nothing, &["product.category:parts"], &["thin: leader drop", "loss: loser"]);
}

#[test]
fn reasons_stand_beside_the_flags() {
    let dir = start::make("products");
    let check = |args: &[&str], lang: &str, expected: &[&str]| {
        let out = dir.run(&[&["report", "products", "--lang", lang], args].concat()).expect(0).stdout;
        for text in expected {
            assert!(out.contains(text), "{text}: {out}");
        }
    };
    let floors = "2026Q1: margin 10.0%, floor 18.0%; 2026Q2: margin 12.0%, floor 18.0%; no key customer buys it";
    check(
        &[],
        "en",
        &["72.5% of the profit", floors, "stays, since 1 key customer buys it", "already retired", "(no product)"],
    );
    check(&[], "zh-CN", &["主推产品", "亏损产品", "淘汰候选", "没有重要客户购买", "（无产品）", "[season] 没有月份"]);
    check(
        &["--explain"],
        "en",
        &["rule R6", "  ledgers/orders/2026-li.csv:4: net 200", "  key customers buy it: anchor"],
    );
    check(&["--compare", "previous", "-p", "2026Q2"], "en", &["revenue change", "profit change"]);
}

/// The totals of profit are the same whatever it is grouped by.
#[test]
fn every_key_gives_the_same_total() {
    let dir = start::make("demo");
    let keys = [
        "customer",
        "product",
        "category",
        "grade",
        "intent",
        "stage",
        "owner",
        "rep",
        "department",
        "region",
        "source",
        "order",
        "supplier",
    ];
    let sum = |args: &[&str]| {
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        for r in rows(&dir, &[&["report", "profit"], args].concat()) {
            for key in ["quantity", "revenue", "cost", "extra_cost", "profit", "unknown_cost_lines"] {
                // Amounts of the sample have two decimals at most.
                let cents = |v: f64| (v * 100.0).round() as i128;
                *sums.entry(key).or_default() += r[key].as_f64().map_or(0, cents);
            }
        }
        sums
    };
    let expected = sum(&["--by", "customer"]);
    assert!(expected["revenue"] > 0 && expected["profit"] > 0, "{expected:?}");
    for key in keys {
        assert_eq!(sum(&["--by", key]), expected, "{key}");
        assert_eq!(sum(&["--by", key, "--attr", "at-order"]), expected, "{key} at-order");
    }
    for key in ["segment", "project", "colour"] {
        let ran = dir.run(&["report", "profit", "--by", key]).expect(2);
        for known in keys {
            assert!(ran.stderr.contains(known), "{key}: {}", ran.stderr);
        }
    }
}

#[test]
fn attributes_may_be_those_of_the_order() {
    let dir = start::make("products");
    dir.write(
        "ledgers/events/2026-li.csv",
        "id,at,kind,subject,event,from,to,by\n\
         e_1,2026-04-01T09:00:00+08:00,customer,small,grade,A,D,li\n\
         e_2,2026-04-01T10:00:00+08:00,customer,small,owner,wu,li,li\n",
    );
    let of = |by: &str, attr: &str, key: &str| {
        let all = rows(&dir, &["report", "profit", "customer:small", "--by", by, "--attr", attr]);
        let found = all.iter().find(|r| r[by] == key);
        found.map_or_else(|| "–".to_string(), |r| r["revenue"].to_string())
    };
    let check =
        |by: &str, attr: &str, key: &str, revenue: &str| assert_eq!(of(by, attr, key), revenue, "{by} {attr} {key}");
    check("grade", "today", "D", "600");
    check("grade", "today", "A", "–");
    check("grade", "at-order", "D", "250");
    check("grade", "at-order", "A", "350");
    check("owner", "at-order", "wu", "350");
    check("owner", "today", "li", "600");
    // Who sold it never changes.
    check("rep", "at-order", "li", "600");
}

/// Percentages of a total or an average are those of the sums.
#[test]
fn percentages_are_never_averaged() {
    let dir = start::make("products");
    let last = |args: &[&str], word: &str| {
        let out = dir.run(args).expect(0).stdout;
        let line = out.lines().find(|l| l.starts_with(word)).unwrap_or_else(|| panic!("{out}"));
        line.split_whitespace().map(ToString::to_string).collect::<Vec<_>>()
    };
    // 1159 of 4580 with known cost.
    for word in ["total", "average"] {
        let cells = last(&["report", "profit", "--by", "grade", "--average"], word);
        assert!(cells.contains(&"25.3%".to_string()), "{word}: {cells:?}");
        let cells = last(&["list", "--columns", "id,margin,payment_days", "--total", "--average"], word);
        assert_eq!(cells[1], "25.3%", "{word}: {cells:?}");
    }
    let cells = last(&["order", "list", "--columns", "id,line,price,amount", "--total"], "total");
    assert_eq!(cells, ["total", "4,670.00"]);
}

#[test]
fn the_years_of_grades_are_fiscal() {
    let dir = start::make("products");
    replace(&dir, "kehu.toml", "fiscal_year_start = 1", "fiscal_year_start = 4");
    let out = dir.run(&["report", "grades", "-f", "csv"]).expect(0).stdout;
    // Grade A: 80 since April (100 less an allowance of 20), 2100 from April 2025 to March 2026.
    let a = out.lines().find(|l| l.starts_with("A,")).expect("grade A").to_string();
    assert!(a.starts_with("A,1,80,0,,2100,"), "{a}");
    assert!(dir.run(&["report", "grades"]).expect(0).stdout.contains("from 2026-04-01 to 2026-06-30"));
}

#[test]
fn a_row_that_is_there_twice_is_named_by_its_place() {
    let dir = start::make("products");
    let line = "o_04,1,2026-02-01,anchor,lead,10,1000,600,li,\n";
    dir.write(ORDERS, format!("{}{line}", dir.read(ORDERS)));
    let receipts = "id,line,at,customer,amount,order,by\np_1,1,2026-02-20,anchor,1000,o_04,li\n";
    dir.write("ledgers/receipts/2026-li.csv", receipts);
    let places = format!("{ORDERS}:2, {ORDERS}:14");
    for command in
        [&["row", "rm", "order:o_04/1"][..], &["row", "set", "o_04/1", "quantity=3"], &["order", "rm", "o_04/1"]]
    {
        let ran = dir.run(command).expect(4);
        assert!(ran.stderr.contains(&places) && ran.stderr.contains("kehu row rm"), "{}", ran.stderr);
    }
    dir.run(&["check"]).expect(1);
    let place = format!("{ORDERS}:14");
    // The other row keeps what refers to it.
    assert_eq!(dir.run(&["row", "rm", &place, "--yes"]).expect(0).stdout, "o_04/1  removed\n");
    dir.run(&["check"]).expect(0);
    assert!(dir.run(&["row", "rm", &format!("{ORDERS}:2"), "--yes"]).expect(7).stderr.contains("1 place:"));
    dir.run(&["row", "rm", &place]).expect(4);
    // Or it gets another key.
    dir.write(ORDERS, format!("{}{line}", dir.read(ORDERS)));
    assert!(dir.run(&["row", "set", &format!("{ORDERS}:2"), "id=o_99"]).expect(0).stdout.contains("o_04 → o_99"));
    dir.run(&["row", "set", &place, "id=o_98"]).expect(2);
    dir.run(&["check"]).expect(0);
}

/// Removing one line of an order leaves the order's events and what names the order; the last line stays with them.
#[test]
fn an_order_is_not_removed_with_its_events() {
    let dir = start::make("products");
    dir.write(ORDERS, format!("{}o_15,2,2026-05-10,novel,trial,1,50,40,li,\n", dir.read(ORDERS)));
    let events = "id,at,kind,subject,event,from,to,by\ne_1,2026-05-11T09:00:00+08:00,order,o_15,shipped,,,li\n";
    dir.write("ledgers/events/2026-li.csv", events);
    dir.run(&["order", "rm", "o_15/2", "--yes"]).expect(0);
    assert!(dir.read("ledgers/events/2026-li.csv").contains("o_15"));
    for last in ["o_15/1", "o_15"] {
        let ran = dir.run(&["order", "rm", last, "--yes"]).expect(7);
        assert!(ran.stderr.contains("ledgers/events/2026-li.csv:2"), "{}", ran.stderr);
    }
    dir.write("ledgers/events/2026-li.csv", events.lines().next().map(|head| format!("{head}\n")).unwrap_or_default());
    dir.run(&["order", "rm", "o_15", "--yes"]).expect(0);
}

/// Objects with some of their keys.
fn only(all: &[Value], keys: &[&str]) -> Vec<Value> {
    let pick =
        |r: &Value| keys.iter().map(|k| (k.to_string(), r[*k].clone())).collect::<serde_json::Map<_, _>>().into();
    all.iter().map(pick).collect()
}

#[test]
fn columns_that_are_left_out_change_no_other() {
    let dir = Dir::demo();
    let all = rows(&dir, &["report", "receivables"]);
    assert!(all.len() > 5, "{} rows", all.len());
    let check = |columns: &str, sort: &str, order: &str| {
        let keys: Vec<&str> = columns.split(',').map(str::trim).collect();
        let found = rows(&dir, &["report", "receivables", "--columns", columns, "--sort", sort]);
        let sorted = rows(&dir, &["report", "receivables", "--sort", order]);
        assert_eq!(found, only(&sorted, &keys), "{columns} by {sort}");
    };
    check("customer,outstanding", "-outstanding", "-outstanding");
    check("outstanding,customer", "-not_due", "-not_due");
    check("d1_30,customer,d120_plus", "customer", "customer");
    check("customer, name", "-not_due, customer", "-not_due,customer");
    check("customer,name", "名称", "name");
    check("customer,credit,bills", "-d31_60,customer", "-d31_60,customer");
    check("customer,currency,name,owner", "-应收余额", "-outstanding");
}

#[test]
fn a_column_that_is_not_there_is_named_in_its_list() {
    let dir = Dir::demo();
    let check = |lang: &str, columns: &str, expected: &[&str]| {
        let ran = dir.run(&["report", "receivables", "--lang", lang, "--columns", columns]).expect(2);
        assert!(expected.iter().all(|e| ran.stderr.contains(e)), "{}", ran.stderr);
    };
    check("en", "customer,outstandin", &["unknown field `outstandin` in `customer,outstandin`", "outstanding"]);
    check("zh-CN", "客户,应收余", &["`客户,应收余` 中没有 `应收余` 这个字段", "应收余额"]);
}

#[test]
fn a_limit_shows_the_first_of_all() {
    let dir = Dir::demo();
    for by in ["customer", "product", "order", "owner", "grade"] {
        let all = rows(&dir, &["report", "profit", "--by", by]);
        for limit in [1, 2, 3, all.len() / 2 + 1, all.len(), all.len() + 1] {
            let n = limit.to_string();
            let found = rows(&dir, &["report", "profit", "--by", by, "--limit", &n]);
            assert_eq!(found, all[..limit.min(all.len())], "{by}, {limit} of {}", all.len());
        }
    }
}

#[test]
fn the_table_by_month_shows_the_profits_of_the_rows() {
    let dir = Dir::demo();
    let csv = |args: &[&str]| dir.run(args).expect(0).stdout;
    let machine = rows(&dir, &["report", "profit", "--by", "owner", "--per", "quarter", "-p", "2026"]);
    let table = csv(&["report", "profit", "--by", "owner", "--per", "quarter", "-p", "2026"]);
    let mut seen = 0;
    for r in machine.iter().filter(|r| r["orders"].as_i64() > Some(0)) {
        let profit: f64 = r["profit"].to_string().parse().expect("a number");
        let owner = r["owner"].as_str().expect("an id");
        let shown = table.lines().filter(|l| l.starts_with(owner)).any(|l| {
            let cells = l.split_whitespace().filter_map(|c| c.replace(',', "").parse::<f64>().ok());
            cells.into_iter().any(|c| (c - profit).abs() < 0.006)
        });
        assert!(shown, "{r} in\n{table}");
        seen += 1;
    }
    assert!(seen > 3, "{table}");
}

#[test]
fn more_threads_than_cores_give_the_same_answers() {
    let dir = Dir::demo();
    let ask = |args: &str, threads: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        let ran = dir.run_with(&args, &[("KEHU_THREADS", threads)], "");
        (ran.code, ran.stdout)
    };
    for args in [
        "report profit --by product -f csv",
        "report profit --by order -f csv",
        "report profit --by customer --per month -f csv",
        "report receivables -f csv",
        "report products -f csv",
        "list --columns id,revenue,orders,outstanding,due,last_activity,payment_days,growth -f csv",
        "due -f csv",
        "grade -f csv",
    ] {
        let alone = ask(args, "1");
        for threads in ["3", "8", "3", "8", "4"] {
            assert_eq!(ask(args, threads), alone, "{args} with {threads} threads");
        }
    }
}
