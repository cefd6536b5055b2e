//! No join drops a row in silence: rows of customers, products and orders that do not exist, or without a rate, are named with
//! number and amount, and stand in the totals that hold them.

use crate::support::Dir;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

const EVENTS: &str = "id,at,kind,subject,event,from,to,by\n";

/// One customer and one product, and rows of each kind that lead nowhere.
fn company() -> Dir {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    dir.write(
        "ledgers/products/2026-li.csv",
        "id,since,name,category,price,cost\npump,2026-01-01,Pump,pumps,1130,800\n",
    );
    dir.write(
        "ledgers/orders/2026-li.csv",
        "id,line,at,customer,product,quantity,amount,cost,currency,by\n\
         SO-1,1,2026-05-01,hx,pump,1,1000,800,,li\n\
         SO-2,1,2026-05-02,ghost,pump,1,300,200,,li\n\
         SO-3,1,2026-05-03,hx,pump,1,500,400,USD,li\n\
         SO-4,1,2026-05-04,hx,nothing,1,50,40,,li\n\
         SO-5,1,2026-05-05,hx,pump,1,70,40,,li\n\
         SO-6,1,2026-05-06,ghost,pump,1,7,4,,li\n",
    );
    dir.write(
        "ledgers/receipts/2026-li.csv",
        "id,line,at,customer,amount,order,currency\n\
         RC-1,1,2026-05-06,ghost,100,SO-2,\n\
         RC-2,1,2026-05-06,hx,200,SO-9,\n\
         RC-3,1,2026-05-06,hx,20,SO-3,USD\n\
         RC-4,1,2026-05-07,ghost,30,,\n",
    );
    dir.write(
        "ledgers/refunds/2026-li.csv",
        "id,at,customer,amount,reason,kind\nRF-1,2026-05-07,nobody,10,late,allowance\nRF-2,2026-05-07,nobody,1,late,allowance\n",
    );
    dir.write("ledgers/activities/2026-li.csv", "id,at,customer,by,channel,note\na_1,2026-05-07,ghost,li,call,hello\n");
    let gone = |n: u32, kind: &str, id: &str, event: &str| {
        format!("e_aaaaaaaaaaa{n},2026-05-08T10:00:00+08:00,{kind},{id},{event},,,li\n")
    };
    let events = [
        gone(2, "order", "SO-5", "cancelled"),
        gone(3, "order", "SO-6", "cancelled"),
        gone(4, "receipt", "RC-4", "void"),
        gone(5, "refund", "RF-2", "void"),
    ];
    dir.write("ledgers/events/2026-li.csv", format!("{EVENTS}{}", events.concat()));
    dir
}

const ORDERS: (&str, &str) =
    ("1 order line names a customer that does not exist: 300.00 CNY", "1 行订单的客户不存在：300.00 CNY");
const RECEIPTS: (&str, &str) =
    ("1 receipt names a customer that does not exist: 100.00 CNY", "1 笔收款的客户不存在：100.00 CNY");
const REFUNDS: (&str, &str) =
    ("1 refund names a customer that does not exist: 10.00 CNY", "1 笔退款的客户不存在：10.00 CNY");
const ACTIVITIES: (&str, &str) = ("1 activity names a customer that does not exist", "1 条跟进记录的客户不存在");
const PRODUCT: (&str, &str) =
    ("1 order line names a product that does not exist: 50.00 CNY", "1 行订单的产品不存在：50.00 CNY");
const RATE: (&str, &str) = (
    "1 order line has a currency without a rate, so it counts nowhere: 500.00 USD; no rate of USD on 2026-05-03: `kehu rate add 2026-05-03 USD RATE`",
    "1 行订单的币种没有汇率，未计入：500.00 USD；2026-05-03 没有 USD 汇率：`kehu rate add 2026-05-03 USD 汇率`",
);
const OPEN: (&str, &str) = (
    "1 open receivable has a currency without a rate, so it counts nowhere: 480.00 USD; no rate of USD on 2026-06-30: `kehu rate add 2026-06-30 USD RATE`",
    "1 笔未收款的币种没有汇率，未计入：480.00 USD；2026-06-30 没有 USD 汇率：`kehu rate add 2026-06-30 USD 汇率`",
);
const NO_ORDER: (&str, &str) =
    ("1 receipt names an order that does not exist: 200.00 CNY", "1 笔收款的订单不存在：200.00 CNY");

#[test]
fn what_leads_nowhere_is_named() {
    let dir = company();
    let check = |args: &[&str], expected: &[(&str, &str)]| {
        for (lang, word, pick) in [("en", "warning: ", 0), ("zh-CN", "警告：", 1)] {
            let said: String =
                expected.iter().map(|e| format!("{word}{}\n", if pick == 0 { e.0 } else { e.1 })).collect();
            for format in ["table", "json", "md"] {
                let ran = dir.run(&[args, &["--lang", lang, "-f", format]].concat());
                // What people read of a report ends with its caveats; programs get them beside the answer.
                if args[0] == "report" && format != "json" && !ran.stdout.is_empty() {
                    let plain = ran.stdout.replace('\\', "");
                    let texts = || expected.iter().map(|e| if pick == 0 { e.0 } else { e.1 });
                    let end: Vec<&str> = plain.lines().filter(|l| !l.is_empty()).collect();
                    let end = &end[end.len().saturating_sub(expected.len())..];
                    assert!(end.iter().copied().eq(texts()), "{args:?} {format}: {end:?}");
                    assert_eq!(ran.stderr, "", "{args:?} {format}");
                } else {
                    // People are told first that nothing is left to show.
                    let is_none = |l: &&str| l.starts_with("nothing to show: ") || l.starts_with("没有可显示的内容：");
                    let rest: String = ran.stderr.lines().filter(|l| !is_none(l)).map(|l| format!("{l}\n")).collect();
                    assert_eq!(rest, said, "{args:?} {format}");
                    assert!(rest == ran.stderr || format != "json" && ran.stdout.is_empty(), "{args:?} {format}");
                }
                assert_eq!(ran.code, if expected.is_empty() { 0 } else { 3 }, "{args:?} {format}");
            }
        }
    };
    for by in ["customer", "grade", "stage", "owner", "rep", "order", "region"] {
        check(&["report", "profit", "--by", by], &[ORDERS, REFUNDS, RATE]);
    }
    for by in ["product", "category", "supplier"] {
        check(&["report", "profit", "--by", by], &[ORDERS, REFUNDS, PRODUCT, RATE]);
    }
    check(&["report", "profit", "--by", "product", "by:li"], &[ORDERS, REFUNDS, PRODUCT, RATE]);
    check(&["report", "profit", "--per", "month"], &[ORDERS, REFUNDS, RATE]);
    check(&["report", "profit", "-p", "2026-05-02"], &[ORDERS]);
    check(&["report", "profit", "-p", "2026-05-01"], &[]);
    check(&["report", "products"], &[ORDERS, REFUNDS, PRODUCT, RATE]);
    check(&["report", "orders"], &[ORDERS, RATE]);
    check(&["report", "orders", "-p", "2026-05-02"], &[ORDERS]);
    check(&["report", "receivables"], &[ORDERS, RECEIPTS, REFUNDS, NO_ORDER]);
    check(&["report", "grades"], &[ORDERS, REFUNDS, RATE]);
    check(&["due"], &[ACTIVITIES]);
    check(&["today"], &[ACTIVITIES, ORDERS, RECEIPTS, REFUNDS, RATE, OPEN]);
    let [en, zh] = [OPEN.0, OPEN.1].map(|words| words.replace("2026-06-30", "2026-05-09"));
    let then = (en.as_str(), zh.as_str());
    check(&["today", "--team", "--today", "2026-05-09"], &[ACTIVITIES, ORDERS, RECEIPTS, REFUNDS, then, RATE]);
    check(&["list"], &[ACTIVITIES]);
    check(&["list", "--columns", "id,revenue"], &[ORDERS, REFUNDS, RATE]);
    check(&["list", "--columns", "id,outstanding"], &[ORDERS, RECEIPTS, REFUNDS, OPEN]);
    check(&["list", "--columns", "id,city"], &[]);
    check(&["show", "hx"], &[RATE]);
    check(&["brief", "hx"], &[RATE]);
}

fn rows(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let ran = dir.run(&[args, &["--json"]].concat());
    assert!(matches!(ran.code, 0 | 3), "{args:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

/// Some keys of each row as one line.
fn lines(rows: &[Value], keys: &[&str]) -> Vec<String> {
    let line = |r: &Value| keys.iter().map(|k| r[*k].to_string().replace('"', "")).collect::<Vec<_>>().join(" ");
    rows.iter().map(line).collect()
}

#[test]
fn what_leads_nowhere_has_rows_of_its_own() {
    let dir = company();
    let check = |args: &[&str], keys: &[&str], expected: &[&str]| {
        assert_eq!(lines(&rows(&dir, args), keys), expected, "{args:?}");
    };
    let money = ["customer", "name", "orders", "revenue", "profit"];
    check(&["report", "profit"], &money, &["hx Huaxin 2 1050 210", "null null 1 290 90"]);
    check(&["report", "profit", "by:li"], &money, &["hx Huaxin 2 1050 210", "null null 1 300 100"]);
    // Unknown is never zero.
    check(&["report", "profit", "-p", "2026-05-03"], &money, &["hx Huaxin null null null"]);
    check(&["report", "profit", "--by", "grade"], &["grade", "revenue"], &["null 1050", "null 290"]);
    let grades: Vec<String> = lines(&rows(&dir, &["report", "grades"]), &["customers", "revenue", "profit"]);
    assert_eq!(grades.iter().filter(|l| !l.starts_with("0 ")).collect::<Vec<_>>(), ["1 1050 210", "null 290 90"]);
    // A term is about customers that are there.
    assert_eq!(rows(&dir, &["report", "grades", "owner:li"]).len(), grades.len() - 1);
    check(
        &["report", "profit", "--by", "order", "-p", "2026-05-02"],
        &["order", "name", "revenue"],
        &["SO-2 null 300"],
    );
    check(
        &["report", "orders"],
        &["order", "customer", "quantity", "revenue", "profit", "total_amount", "open_amount"],
        &[
            "SO-1 hx 1 1000 200 1000 800",
            "SO-2 ghost 1 300 100 300 200",
            "SO-3 hx null null null 500 480",
            "SO-4 hx 1 50 10 50 50",
            "SO-5 hx 1 70 30 70 null",
            "SO-6 ghost 1 7 3 7 null",
        ],
    );
    check(
        &["report", "receivables"],
        &["customer", "currency", "outstanding", "credit"],
        &["hx CNY 850 0", "hx USD 480 0", "ghost CNY 200 0", "nobody CNY -10 10"],
    );
    check(&["report", "receivables", "hx"], &["customer"], &["hx", "hx"]);
    check(&["list", "--columns", "id,revenue,outstanding"], &["id", "revenue", "outstanding"], &["hx 1050 null"]);
    for (lang, unknown) in [("en", "unknown  "), ("zh-CN", "未知  ")] {
        for report in ["profit", "grades"] {
            let ran = dir.run(&["report", report, "--lang", lang]).expect(3);
            assert!(ran.stdout.lines().any(|l| l.starts_with(unknown)), "{}", ran.stdout);
        }
    }
    let ran = dir.run(&["report", "profit", "--explain"]).expect(3);
    assert!(ran.stdout.contains("\nunknown\n  ledgers/orders/2026-li.csv:3"), "{}", ran.stdout);
}

#[test]
fn returns_of_lines_that_are_not_there_are_named() {
    let dir = Dir::new();
    dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
    let orders = "id,line,at,customer,quantity,price,cost,returns,by\nSO-1,1,2026-05-01,hx,3,100,90,,li\n\
        RT-1,1,2026-05-02,hx,-1,100,-30,SO-1/1,li\n";
    dir.write("ledgers/orders/2026-li.csv", orders);
    let reports =
        [&["profit"][..], &["profit", "--by", "product"], &["orders"], &["products"], &["grades"], &["receivables"]];
    for report in reports {
        assert_eq!(dir.run(&[&["report"], report, &["--json"]].concat()).expect(0).stderr, "", "{report:?}");
    }
    let lost = "RT-2,1,2026-05-02,hx,-1,20,-9,SO-1/7,li\nRT-3,1,2026-05-02,hx,-1,30,-9,SO-9/1,li\n\
        RT-4,1,2026-05-02,hx,-1,7,-9,SO-9/1,li\n";
    dir.write("ledgers/orders/2026-wu.csv", format!("{}\n{lost}", orders.lines().next().expect("a header")));
    let gone = "e_aaaaaaaaaaaa,2026-05-08T10:00:00+08:00,order,RT-4,cancelled,,,li\n";
    dir.write("ledgers/events/2026-li.csv", format!("{EVENTS}{gone}"));
    for report in reports {
        for (lang, said) in [
            ("en", "warning: 2 order lines return lines that do not exist: -50.00 CNY\n"),
            ("zh-CN", "警告：2 行订单所退的订单行不存在：-50.00 CNY\n"),
        ] {
            let ran = dir.run(&[&["report"], report, &["--json", "--lang", lang]].concat()).expect(3);
            assert_eq!(ran.stderr, said, "{report:?}");
        }
    }
}

#[test]
fn cancelled_and_void_rows_are_in_no_total() {
    let dir = company();
    // The line below a table's rows, without its blanks.
    let total = |args: &[&str]| {
        let out = dir.run(args).stdout;
        let footer = |l: &&str| l.starts_with("total") || l.starts_with("average");
        out.lines().rfind(footer).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let check = |args: &[&str], expected: &str| assert_eq!(total(args), expected, "{args:?}");
    check(&["order", "list", "no:currency", "--columns", "id,amount", "--total"], "total 1,350.00");
    check(&["order", "list", "no:currency", "--columns", "id,amount", "--average"], "average 450.00");
    check(&["receipt", "list", "no:currency", "--columns", "id,amount", "--total"], "total 300.00");
    check(&["refund", "list", "--columns", "id,amount", "--total"], "total 10.00");
    check(&["report", "orders", "--columns", "order,revenue", "--total"], "total 1,350.00");
    let per = |args: &[&str]| {
        lines(&rows(&dir, &[args, &["--per", "month", "-p", "2026-05"]].concat()), &["count", "amount"])
    };
    assert_eq!(per(&["order", "list"]), ["4 1350"]);
    assert_eq!(per(&["receipt", "list"]), ["3 300"]);
    assert_eq!(per(&["refund", "list"]), ["1 10"]);
    let ran = dir.run(&["receipt", "list", "--per", "month", "-p", "2026-05"]).expect(3);
    assert_eq!(
        ran.stderr,
        "warning: 1 receipt has a currency without a rate, so it counts nowhere: 20.00 USD; \
         no rate of USD on 2026-05-06: `kehu rate add 2026-05-06 USD RATE`\n"
    );
    // With a rate it counts.
    dir.write("ledgers/rates/2026-li.csv", "date,currency,rate\n2026-01-01,USD,7\n");
    assert_eq!(per(&["receipt", "list"]), ["3 440"]);
    assert_eq!(per(&["order", "list"]), ["4 4850"]);
}

/// Order lines: customer (of which one is not there), product (of which one is not there), amount, whether it is cancelled.
fn order_lines() -> impl Strategy<Value = Vec<(usize, usize, i64, bool)>> {
    proptest::collection::vec((0..3usize, 0..3usize, 1..100_000i64, proptest::bool::weighted(0.2)), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn groups_add_up_to_the_list(list in order_lines(), receipts in order_lines()) {
        let dir = Dir::new();
        dir.run(&["customer", "add", "Huaxin", "--id", "hx", "--today", "2026-01-02"]).expect(0);
        dir.run(&["customer", "add", "Jinli", "--id", "jl", "--today", "2026-01-02"]).expect(0);
        dir.write("ledgers/products/2026-li.csv", "id,since,name\npump,2026-01-01,Pump\nvalve,2026-01-01,Valve\n");
        let customers = ["hx", "jl", "ghost"];
        let products = ["pump", "valve", "nothing"];
        let mut orders = "id,line,at,customer,product,quantity,amount,by\n".to_string();
        let mut money = "id,line,at,customer,amount\n".to_string();
        let mut events = EVENTS.to_string();
        let event = |n: usize, kind: &str, id: &str, what: &str| {
            format!("e_{kind}{n},2026-05-08T10:00:00+08:00,{kind},{id},{what},,,li\n")
        };
        for (n, (c, p, cents, gone)) in list.iter().enumerate() {
            let amount = Decimal::new(*cents, 2);
            orders += &format!("SO-{n},1,2026-05-01,{},{},1,{amount},li\n", customers[*c], products[*p]);
            events += &if *gone { event(n, "order", &format!("SO-{n}"), "cancelled") } else { String::new() };
        }
        for (n, (c, _, cents, gone)) in receipts.iter().enumerate() {
            money += &format!("RC-{n},1,2026-05-02,{},{}\n", customers[*c], Decimal::new(*cents, 2));
            events += &if *gone { event(n, "receipt", &format!("RC-{n}"), "void") } else { String::new() };
        }
        dir.write("ledgers/orders/2026-li.csv", orders);
        dir.write("ledgers/receipts/2026-li.csv", money);
        dir.write("ledgers/events/2026-li.csv", events);
        let sum = |list: &[(usize, usize, i64, bool)]| {
            list.iter().filter(|x| !x.3).map(|x| Decimal::new(x.2, 2)).sum::<Decimal>()
        };
        let of = |args: &[&str], key: &str| -> Decimal {
            let number = |r: &Value| if r[key].is_null() { Decimal::ZERO } else { r[key].to_string().parse().expect("a number") };
            rows(&dir, args).iter().map(number).sum()
        };
        let signed = sum(&list);
        prop_assert_eq!(of(&["order", "list", "--per", "year", "-p", "2026"], "amount"), signed);
        prop_assert_eq!(of(&["receipt", "list", "--per", "year", "-p", "2026"], "amount"), sum(&receipts));
        for by in ["customer", "product", "category", "grade", "stage", "owner", "rep", "order", "supplier", "city"] {
            prop_assert_eq!(of(&["report", "profit", "--by", by], "revenue"), signed, "by {}", by);
            prop_assert_eq!(of(&["report", "profit", "--by", by, "--per", "month"], "revenue"), signed, "by {}", by);
            prop_assert_eq!(of(&["report", "profit", "--by", by, "by:li"], "revenue"), signed, "by {}", by);
        }
        prop_assert_eq!(of(&["report", "grades"], "revenue"), signed);
        prop_assert_eq!(of(&["report", "receivables"], "outstanding"), signed - sum(&receipts));
    }
}
