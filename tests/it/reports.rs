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
    // 840 of 1159 is 72.5 %: a larger share needs one more, whose 20 % are less than the 25.3 % of the company.
    let share = |d: &Dir| replace(d, "kehu.toml", "key_share = 0.60", "key_share = 0.80");
    check("a larger share", &share, &[], &["lead: leader", "thin: drop", "loss: loser"]);
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
    check("a filter", &nothing, &["product.category:parts"], &["thin: drop", "loss: loser"]);
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
    for key in ["segment", "shape", "colour"] {
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
    assert!(dir.run(&["row", "rm", &format!("{ORDERS}:2"), "--yes"]).expect(7).stderr.contains("1 place refers"));
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

/// The ids of a report's rows.
fn ids(dir: &Dir, args: &[&str]) -> Vec<String> {
    let ran = dir.run(&[&["report"], args, &["-f", "ids"]].concat()).expect(0);
    ran.stdout.lines().map(str::to_string).collect()
}

/// A term on a column of the report keeps the rows in which the shown figure fits, in both languages.
#[test]
fn terms_judge_the_figures_that_are_shown() {
    let dir = Dir::demo();
    let number = |r: &Value, key: &str| r[key].as_f64();
    type Fits<'f> = &'f dyn Fn(&Value) -> bool;
    let check = |report: &str, terms: [&str; 2], fits: Fits<'_>, some: bool| {
        let report: Vec<&str> = report.split(' ').collect();
        let all = rows(&dir, &[&["report"], report.as_slice()].concat());
        let expected: Vec<&Value> = all.iter().filter(|r| fits(r)).collect();
        assert_eq!(!expected.is_empty(), some, "{report:?} {terms:?}");
        assert!(expected.len() < all.len(), "{report:?} {terms:?}: nothing is left out");
        for term in terms {
            let found = rows(&dir, &[&["report"], report.as_slice(), &[term]].concat());
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{report:?} {term}");
            let not = rows(&dir, &[&["report"], report.as_slice(), &[&format!("not:{term}")]].concat());
            assert_eq!(not.len(), all.len() - expected.len(), "{report:?} not:{term}");
        }
    };
    let lost = |r: &Value| number(r, "profit").is_some_and(|p| p < 0.0);
    check("orders", ["profit.lt:0", "毛利.lt:0"], &lost, true);
    check("orders", ["state:cancelled", "状态:已取消"], &|r| r["state"] == "cancelled", true);
    let open = |r: &Value| number(r, "open_amount").is_some_and(|o| o > 0.0);
    check("orders", ["open_amount.gt:0", "未收金额.gt:0"], &open, true);
    check("orders", ["has:promised", "has:约定交期"], &|r| !r["promised"].is_null(), true);
    check("orders", ["first:yes", "首单:是"], &|r| r["first"] == true, true);
    let late = |r: &Value| number(r, "days_late").is_some_and(|n| n > 3.0);
    check("delivery", ["days_late.gt:3", "晚交天数.gt:3"], &late, true);
    let thin = |r: &Value| number(r, "margin").is_some_and(|m| m < 0.2);
    check("profit --by product", ["margin.lt:0.2", "毛利率.lt:20%"], &thin, true);
    check(
        "profit --by owner -p 2026 --compare year-ago",
        ["revenue_change.gt:0", "销售额变化.gt:0"],
        &|r| number(r, "revenue_change").is_some_and(|c| c > 0.0),
        true,
    );
    check("products", ["leader:yes", "主推:是"], &|r| r["leader"] == true, true);
    check("products", ["category:drive", "类别:drive"], &|r| r["category"] == "drive", true);
    let owes = |r: &Value| number(r, "d1_30").is_some_and(|d| d > 0.0);
    check("receivables", ["d1_30.gt:0", "逾期1–30天.gt:0"], &owes, true);
    let large = |r: &Value| number(r, "revenue").is_some_and(|n| n > 1_000_000.0);
    check("grades", ["revenue.gt:1000000", "销售额.gt:100万"], &large, true);
    check(
        "grades --migration",
        ["profit_before.gt:100000", "之前毛利.gt:10万"],
        &|r| number(r, "profit_before").is_some_and(|p| p > 100_000.0),
        true,
    );
}

/// Days that a term compares with are those of the row.
#[test]
fn orders_that_are_due() {
    let dir = Dir::demo();
    let all = rows(&dir, &["report", "orders"]);
    let due: Vec<&str> = all
        .iter()
        .filter(|r| r["due"].as_str().is_some_and(|d| d <= "2026-06-30"))
        .filter_map(|r| r["order"].as_str())
        .collect();
    assert!(due.len() > 5 && due.len() < all.len(), "{} of {}", due.len(), all.len());
    for term in ["due:..today", "应收日:..today"] {
        assert_eq!(ids(&dir, &["orders", term]), due, "{term}");
    }
}

/// What a term chooses by rows and by the rows' own words comes to the same.
#[test]
fn what_a_row_is_about_may_be_named_either_way() {
    let dir = Dir::demo();
    let check = |a: &[&str], b: &[&str]| {
        let [a, b] = [a, b].map(|args| rows(&dir, &[&["report"], args].concat()));
        assert!(!a.is_empty());
        assert_eq!(a, b);
    };
    check(&["orders", "by:li"], &["orders", "order.by:li"]);
    check(&["profit", "--by", "owner", "owner:li"], &["profit", "--by", "owner", "customer.owner:li"]);
    check(&["profit", "--by", "product", "product:ctl-m5"], &["profit", "--by", "product", "line.product:ctl-m5"]);
    check(&["profit", "customer:huaxin"], &["profit", "huaxin"]);
    // The quantity of a line, and that of a product.
    let lines = rows(&dir, &["report", "profit", "--by", "product", "line.quantity.gt:20"]);
    let products = rows(&dir, &["report", "profit", "--by", "product", "quantity.gt:20"]);
    assert!(products.iter().all(|r| r["quantity"].as_f64() > Some(20.0)) && lines != products, "{lines:?}");
}

/// The totals of a report that terms have cut are those of the rows that stay.
#[test]
fn totals_are_those_of_the_rows_that_stay() {
    let dir = Dir::demo();
    let last = |args: &[&str]| {
        let ran = dir.run(&[&["report"], args, &["--lang", "en", "-f", "md"]].concat()).expect(0);
        let line = ran.stdout.lines().rfind(|l| l.starts_with("| **")).unwrap_or_default();
        line.replace("**", "").split('|').map(|c| c.trim().replace(',', "")).collect::<Vec<_>>()
    };
    let amount = |n: f64| format!("{n:.2}");
    let check = |report: &[&str], term: &str, column: &str, place: usize| {
        let args = [report, &[term]].concat();
        let kept = rows(&dir, &[&["report"], args.as_slice()].concat());
        let sum: f64 = kept.iter().filter_map(|r| r[column].as_f64()).sum();
        let cells = last(&args);
        assert!(kept.len() > 1, "{args:?}");
        assert_eq!(cells[place], amount(sum), "{args:?} {cells:?}");
        cells
    };
    let cells = check(&["profit", "--by", "product"], "profit.gt:200000", "profit", 8);
    assert!(cells[9].ends_with('%'), "{cells:?}");
    check(
        &["profit", "--by", "category", "-p", "2026", "--compare", "year-ago"],
        "revenue.gt:1000000",
        "revenue_then",
        11,
    );
    check(&["receivables"], "d1_30.gt:0", "outstanding", 12);
    check(&["grades"], "grade:A,B", "revenue", 3);
    check(&["products"], "leader:yes", "profit", 3);
    // One order of two products counts once.
    let all = last(&["profit", "--by", "product", "revenue.gt:0"]);
    assert_eq!(all, last(&["profit", "--by", "product"]));
    let kept = rows(&dir, &["report", "delivery", "days_late.gt:3"]).len();
    assert!(last(&["delivery", "days_late.gt:3"])[1].ends_with(&format!("0 of {kept}")));
}

#[test]
fn values_that_never_occur_are_mistakes() {
    let dir = Dir::demo();
    let check = |args: &str, expected: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        let ran = dir.run(&[&["report"], args.as_slice()].concat()).expect(2);
        assert!(ran.stderr.contains(expected), "{args:?}: {}", ran.stderr);
    };
    check("orders state:canceled", "cancelled");
    check("orders customer:huaxn", "huaxin");
    check("orders customer.id:huaxn", "huaxin");
    check("orders product:ctl-m6", "ctl-m5");
    check("orders order:o_kzg0sdcqdb4q", "o_kzg0sdcqdb4p");
    check("profit --by product product:ctl-m6", "ctl-m5");
    check("products product:ctl-m6", "ctl-m5");
    check("products leader:maybe", "leader");
    check("receivables customer:huaxn", "huaxin");
    check("orders profitt.lt:0", "profit");
    check("receivables d61_91.gt:0", "d61_90");
    check("grades grade:Z", "grade");
    check("profit --by ower", "owner");
    check("profit --by fields.employes", "fields.employees");
    check("profit --attr yesterday", "at-order");
}

/// The company's own columns, and notes, are read where a term or `--by` names them.
#[test]
fn own_columns_of_orders() {
    let dir = start::make("products");
    dir.write(
        "ledgers/orders/2026-x.csv",
        "id,line,at,customer,product,quantity,amount,cost,by,note,x_region,x_shop\n\
         o_90,1,2026-06-01,anchor,lead,1,100,60,li,by rail,West,\n\
         o_91,1,2026-06-02,small,lead,2,200,120,li,,East,\n",
    );
    for cache in ["off", "always", "always"] {
        let run = |args: &[&str]| dir.run_with(&[&["report"], args].concat(), &[("KEHU_CACHE", cache)], "");
        let check = |args: &[&str], expected: &str| {
            let ran = run(&[args, &["-f", "csv", "--columns", "revenue"]].concat());
            assert_eq!((ran.code, ran.stdout.lines().collect::<Vec<_>>().join(" ")), (0, expected.into()), "{args:?}");
        };
        check(&["profit", "x_region:West"], "revenue 100");
        check(&["profit", "x_region:West,East", "--by", "owner"], "revenue 300");
        check(&["orders", "x_region.has:eas"], "revenue 200");
        check(&["orders", "order.x_region:West"], "revenue 100");
        check(&["profit", "--by", "product", "note.has:rail"], "revenue 100");
        check(&["profit", "--by", "product", "note.has:assembly"], "revenue 70");
        check(&["profit", "--by", "x_region", "-p", "2026-06"], "revenue 200 100");
        let ran = run(&["profit", "--by", "x_regoin"]);
        assert!(ran.code == 2 && ran.stderr.contains("x_region"), "{}", ran.stderr);
        let ran = run(&["orders", "x_regoin:West"]);
        assert!(ran.code == 2 && ran.stderr.contains("x_region"), "{}", ran.stderr);
    }
    let by = rows(&dir, &["report", "profit", "--by", "x_region"]);
    let keys: Vec<&Value> = by.iter().map(|r| &r["x_region"]).collect();
    assert_eq!(keys, [&Value::Null, &Value::from("East"), &Value::from("West")], "{by:?}");
    // A value without meaning for others finds nothing, which is no mistake: the column is there.
    assert_eq!(ids(&dir, &["orders", "x_shop:none"]), Vec::<String>::new());
}

#[test]
fn profit_by_any_field_of_customers() {
    let dir = Dir::demo();
    let total = |by: &str| {
        let all = rows(&dir, &["report", "profit", "--by", by]);
        let sum = |key: &str| all.iter().filter_map(|r| r[key].as_f64()).sum::<f64>().round();
        (all.len(), sum("revenue"), all[0].clone())
    };
    let (_, revenue, _) = total("customer");
    for (by, key) in [
        ("country", "country"),
        ("国家", "country"),
        ("manager", "manager"),
        ("fields.employees", "fields.employees"),
        ("fields.key_account", "fields.key_account"),
        ("status", "status"),
        ("customer.city", "city"),
    ] {
        let (groups, sum, first) = total(by);
        assert!(groups > 1 || by == "status", "{by}");
        assert_eq!(sum, revenue, "{by}");
        assert!(first.get(key).is_some(), "{by}: {first}");
    }
}

#[test]
fn captions_say_what_is_asked_and_caveats_end_the_page() {
    let dir = Dir::demo();
    let check = |args: &str, lang: &str, first: &str, last: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        for (format, mark) in [("table", ""), ("md", "# ")] {
            let ran = dir.run(&[&["report"], args.as_slice(), &["--lang", lang, "-f", format]].concat()).expect(0);
            let lines: Vec<&str> = ran.stdout.lines().collect();
            assert_eq!(lines[0].replace('\\', ""), format!("{mark}{first}"), "{args:?}");
            assert!(lines.last().is_some_and(|l| l.contains(last)), "{args:?}: {}", ran.stdout);
            assert_eq!(ran.stderr, "", "{args:?}");
        }
    };
    let unknown = "count in revenue only";
    check("profit -p 2026", "en", "Profit by customer · 2026 · in CNY", unknown);
    check("profit -p 2026 owner:li", "en", "Profit by customer · 2026 · owner:li · in CNY", unknown);
    let zh = "利润分析（按产品） · 2026 · 毛利率.lt:20% · 单位：万元";
    check("profit --by product -p 2026 毛利率.lt:20% --scale 10000", "zh-CN", zh, "合计");
    let days = "Orders · this-month (2026-06-01..2026-06-30) · in CNY";
    check("orders -p this-month", "en", days, "");
    check("receivables", "zh-CN", "应收账龄 · 截至 2026-06-30 · 单位：元", "合计");
    check("delivery", "en", "Delivery · all up to 2026-06-30 · in CNY", "on time");
    let months = "Profit by owner, by month · 2026H1 · in CNY";
    check("profit --by owner --per month -p 2026H1", "en", months, unknown);
    let both = "Profit by owner · 2026-01-01..2026-06-30 against 2025-01-01..2025-06-30 · in CNY";
    check("profit --by owner -p 2026 --compare year-ago", "en", both, unknown);
    // Programs get the caveats beside the answer, and people nothing when there is nothing.
    let ran = dir.run(&["report", "profit", "-p", "2026", "-f", "csv", "--lang", "en"]).expect(0);
    assert!(ran.stderr.contains(unknown) && !ran.stdout.contains(unknown), "{}", ran.stderr);
    let ran = dir.run(&["report", "profit", "profit.gt:100000000000"]).expect(0);
    assert_eq!(ran.stdout, "");
    dir.run(&["report", "profit", "--strict"]).expect(3);
}

/// A year that is not over is compared with the same part of the year before.
#[test]
fn compared_like_for_like() {
    let dir = start::make("products");
    let sums = |args: &[&str]| {
        let all = rows(&dir, args);
        let of = |key: &str| all.iter().filter_map(|r| r[key].as_f64()).sum::<f64>();
        [of("revenue"), of("revenue_then")]
    };
    // August 2025 lies in the other half of that year.
    let year = &["report", "profit", "-p", "2026", "--compare", "2025"];
    assert_eq!(sums(year)[1], 0.0);
    assert_eq!(sums(&["report", "profit", "-p", "2026", "--compare", "2025", "--today", "2026-08-31"])[1], 1600.0);
    let orders = rows(&dir, &["report", "orders", "-p", "2026", "--compare", "year-ago"]);
    assert_eq!([&orders[1]["count"], &orders[2]["revenue"]], [&Value::from(0), &Value::Null], "{orders:?}");
    let out = dir.run(&["report", "orders", "-p", "2026", "--compare", "year-ago"]).expect(0).stdout;
    assert!(out.starts_with("Orders · 2026-01-01..2026-06-30 against 2025-01-01..2025-06-30"), "{out}");
    let out = dir.run(&["order", "list", "-p", "2026", "--compare", "year-ago"]).expect(0).stdout;
    assert!(out.starts_with("2026-01-01..2026-06-30 against 2025-01-01..2025-06-30\n"), "{out}");
}

/// Growth and `--compare` take the same part of both periods, and have no figure against a base of zero or less; in Chinese
/// the reading of a year ago is called 同比, that of the period before 环比.
#[test]
fn growth_on_a_year_ago_and_on_the_period_before() {
    let dir = start::make("new");
    let customer = "created = 2024-01-05\n\nstage = \"repeat\"\n\nstatus = \"active\"\n\nowner = \"\"\n\ngrade = \"\"\n\nintent = \"\"\n";
    for id in ["up", "back", "none"] {
        dir.write(&format!("customers/{id}.toml"), format!("name = \"{id}\"\n{customer}"));
    }
    let orders = [
        "o1,1,2025-02-01,up,100",
        "o2,1,2025-08-01,up,1000",
        "o3,1,2026-02-01,up,150",
        "o4,1,2025-05-01,up,20",
        "o5,1,2026-05-01,up,40",
        "o6,1,2025-03-01,back,-100",
        "o7,1,2026-03-01,back,50",
        "o8,1,2026-03-01,none,50",
    ];
    dir.write("ledgers/orders/2026.csv", format!("id,line,at,customer,amount\n{}\n", orders.join("\n")));
    let list = |period: &str| -> Vec<String> {
        let all = rows(&dir, &["list", "-p", period, "--columns", "id,growth,growth_year_ago", "--sort", "id"]);
        all.iter().map(|r| format!("{} {} {}", r["id"], r["growth"], r["growth_year_ago"])).collect()
    };
    // To 30 June against to 30 June; August 2025 takes no part.
    assert_eq!(list("2026"), ["\"back\" null null", "\"none\" null null", "\"up\" 0.583333 0.583333"]);
    assert_eq!(list("2026Q2")[2], "\"up\" -0.733333 1.000000");
    let changes = |args: &[&str]| -> Vec<String> {
        let all = rows(&dir, &[&["report", "profit", "-p", "2026"], args].concat());
        all.iter().map(|r| format!("{} {}", r["customer"], r["revenue_change"])).collect()
    };
    let expected = ["\"up\" 0.583333", "\"back\" null", "\"none\" null"];
    for word in ["year-ago", "同比", "previous", "环比", "2025", "去年同期", "上期"] {
        let mut found = changes(&["--compare", word]);
        found.sort();
        let mut expected = expected.map(String::from).to_vec();
        expected.sort();
        assert_eq!(found, expected, "{word}");
    }
    let page = |args: &[&str]| dir.run(&[args, &["--lang", "zh-CN"]].concat()).expect(0).stdout;
    for (word, name) in [("year-ago", "同比"), ("previous", "环比")] {
        let out = page(&["report", "profit", "-p", "2026Q2", "--compare", word]);
        assert!(out.contains(&format!("（{name}）")) && out.contains(&format!("销售额{name}")), "{out}");
        let out = page(&["report", "orders", "-p", "2026Q2", "--compare", name]);
        assert!(out.lines().last().is_some_and(|l| l.starts_with(name)), "{out}");
        // Programs read keys, whatever was typed.
        let all = rows(&dir, &["order", "list", "-p", "2026Q2", "--compare", name]);
        assert_eq!([&all[1]["period"], &all[2]["period"]], [word, "change"], "{name}");
    }
    let out = page(&["report", "profit", "-p", "2026", "--compare", "2024"]);
    assert!(!out.contains("同比") && !out.contains("环比") && out.contains("销售额变化"), "{out}");
    let out = page(&["list", "up", "--columns", "growth,growth_year_ago", "-p", "2026Q2", "--explain"]);
    for both in
        ["2026-04-01..2026-06-30 对比 2026-01-01..2026-03-31", "2026-04-01..2026-06-30 对比 2025-04-01..2025-06-30"]
    {
        assert!(out.contains(both) && out.contains("销售环比") && out.contains("销售同比"), "{out}");
    }
}
