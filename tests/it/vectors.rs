//! The vectors of R6 and R10 that figures must reproduce, from rows as they stand in files.

use crate::support::{Dir, start};
use serde_json::Value;

const ORDER: &str =
    "id,line,at,customer,product,quantity,price,discount,amount,tax,cost,extra_cost,currency,due,returns,by";
const RECEIPT: &str = "id,line,at,customer,amount,order,currency,method,matures";
const REFUND: &str = "id,at,customer,amount,reason,kind,order,receipt";
const PRODUCT: &str = "id,since,name,category,cost";
const RATE: &str = "date,currency,rate";
const EVENT: &str = "id,at,kind,subject,event,from,to";

/// A directory with the customers hx and other and these rows, of which `check` finds nothing wrong.
fn books(ledgers: &[(&str, &str, &[&str])]) -> Dir {
    let dir = unsound(ledgers);
    dir.run(&["check"]).expect(0);
    dir
}

/// The same with rows that contradict one another.
fn unsound(ledgers: &[(&str, &str, &[&str])]) -> Dir {
    let dir = start::make("new");
    for id in ["hx", "other"] {
        let text = "name = \"Some Ltd\"\ncreated = 2025-01-05\n\nstage = \"repeat\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"\"\n";
        dir.write(&format!("customers/{id}.toml"), text);
    }
    for (ledger, header, rows) in ledgers {
        dir.write(&format!("ledgers/{ledger}/2026.csv"), format!("{header}\n{}\n", rows.join("\n")));
    }
    dir
}

fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&dir.run(&[args, &["--json"]].concat()).expect(0).stdout).expect("JSON")
}

/// The row of hx (or of a group called so) has these figures: `key figure key figure …`, `-` for unknown.
#[track_caller]
fn figures(row: &Value, expected: &str) {
    let words: Vec<&str> = expected.split(' ').collect();
    for pair in words.chunks(2) {
        let found = match &row[pair[0]] {
            Value::Null => "-".to_string(),
            Value::String(s) => s.clone(),
            v => v.to_string(),
        };
        assert_eq!(found, pair[1], "{} of {row}", pair[0]);
    }
}

fn profit(dir: &Dir) -> Value {
    json(dir, &["report", "profit"])[0].clone()
}

/// The account of hx in a currency; nothing where it is settled.
fn owed(dir: &Dir, currency: &str) -> Value {
    let rows = json(dir, &["report", "receivables", "id:hx"]);
    rows.into_iter().find(|r| r["currency"] == currency).unwrap_or(Value::Null)
}

fn metrics(dir: &Dir, columns: &str) -> Value {
    json(dir, &["list", "id:hx", "--columns", columns])[0].clone()
}

// ---------------------------------------------------------------- R6

#[test]
fn r6_tax_stands_apart() {
    // 1130 with 13 % inside, cost 800.
    let dir = books(&[("orders", ORDER, &["o_1,1,2026-06-01,hx,,1,1130,,1000,130,800,,,2026-06-30,,li"])]);
    figures(&profit(&dir), "revenue 1000 cost 800 profit 200 margin 0.200000");
    figures(&owed(&dir, "CNY"), "not_due 1130 outstanding 1130");
}

#[test]
fn r6_a_return_has_the_original_price_and_cost() {
    // 15 sold, 1 returned; the price and cost of the returning row itself do not count, nor the later standard cost. `check` finds
    // them (E110).
    let dir = unsound(&[
        ("products", PRODUCT, &["p,2026-01-01,Pump,pumps,800", "p,2026-02-01,Pump,pumps,999"]),
        ("orders", ORDER, &["o_1,1,2026-01-10,hx,p,15,1000,,,,,,,,,li", "o_2,1,2026-03-10,hx,p,-1,1,,,,,,,,o_1/1,wu"]),
    ]);
    figures(&profit(&dir), "revenue 14000 cost 11200 profit 2800 margin 0.200000 quantity 14 orders 1 returns 1");
    let months = json(&dir, &["report", "profit", "--by", "product", "--per", "month", "-p", "2026Q1"]);
    let told: Vec<String> = months.iter().map(|r| format!("{} {}", r["period"], r["profit"])).collect();
    assert_eq!(told, ["\"2026-01\" 3000", "\"2026-02\" 0", "\"2026-03\" -200"]);
}

#[test]
fn r6_a_return_says_its_own_amount_where_it_has_one() {
    let first = "o_1,1,2026-01-10,hx,p,3,,,100,,60,,,,,li";
    let check = |second: &str, expected: &str| {
        let dir = books(&[("products", PRODUCT, &["p,2026-01-01,Pump,pumps,"]), ("orders", ORDER, &[first, second])]);
        figures(&profit(&dir), expected);
        // What comes back is what was sold, also where the row does not say so.
        let rows = json(&dir, &["report", "profit", "--by", "product"]);
        assert_eq!((rows.len(), rows[0]["product"].as_str()), (1, Some("p")), "{rows:?}");
    };
    check("o_2,1,2026-03-10,hx,p,-1,,,-20,,,,,,o_1/1,li", "revenue 80 cost 40 profit 40");
    // A share that has no end is cut at ten places.
    check("o_2,1,2026-03-10,hx,,-1,,,,,,,,,o_1/1,li", "revenue 66.6666666667 cost 40 profit 26.6666666667");
    check("o_2,1,2026-03-10,hx,,-3,,,,,,,,,o_1/1,li", "revenue 0 cost 0 profit 0 margin - quantity 0");
}

#[test]
fn r6_a_share_takes_a_rate() {
    let dir = books(&[
        ("rates", RATE, &["2026-01-01,USD,7.123456"]),
        (
            "orders",
            ORDER,
            &["o_1,1,2026-01-10,hx,,3,,,100,,60,,USD,,,li", "o_2,1,2026-03-10,hx,,-1,,,,,,,USD,,o_1/1,li"],
        ),
    ]);
    figures(&profit(&dir), "revenue 474.8970666669041152 cost 284.93824 quantity 2 unknown_cost_lines 0");
}

#[test]
fn r6_unknown_cost_is_never_a_full_margin() {
    let known = "o_1,1,2026-06-01,hx,,1,100,,,,80,,,,,li";
    let unknown = "o_1,2,2026-06-01,hx,,2,50,,,,,9,,,,li";
    let dir = books(&[("orders", ORDER, &[known, unknown])]);
    figures(&profit(&dir), "revenue 200 cost 80 extra_cost 0 profit 20 margin 0.200000 unknown_cost_lines 1");
    // People read it below the table, programs beside their answer.
    let people = dir.run(&["report", "profit"]).expect(0).stdout;
    let programs = dir.run(&["report", "profit", "-f", "csv"]).expect(0).stderr;
    for said in [people, programs] {
        assert!(said.contains("cost unknown: 1 line") && said.contains("100 CNY"), "{said}");
    }
    dir.run(&["report", "profit", "--strict"]).expect(3);
    let dir = books(&[("orders", ORDER, &[unknown])]);
    figures(&profit(&dir), "revenue 100 cost - extra_cost - profit - margin - unknown_cost_lines 1");
    // A sample given away has a cost and no revenue: it is known.
    let given = "o_1,1,2026-06-01,hx,,1,0,,,,0,5,,,,li";
    let dir = books(&[("orders", ORDER, &[given, unknown])]);
    figures(&profit(&dir), "revenue 100 cost 0 extra_cost 5 profit -5 margin - unknown_cost_lines 1");
}

#[test]
fn r6_the_standard_cost_is_that_of_the_order_day() {
    let versions = ["p,2026-03-01,Pump,pumps,70", "p,2026-01-01,Pump,pumps,60", "p,2026-07-01,New pump,new,10"];
    let check = |at: &str, cost: &str| {
        let order = format!("o_1,1,{at},hx,p,10,100,,,,,,,,,li");
        let dir = books(&[("products", PRODUCT, &versions), ("orders", ORDER, &[&order])]);
        figures(&profit(&dir), &format!("revenue 1000 cost {cost}"));
        // A name that is only valid from tomorrow on is not there yet.
        let rows = json(&dir, &["report", "profit", "--by", "product"]);
        assert_eq!(rows[0]["name"], "Pump", "on {at}");
    };
    check("2026-02-28", "600");
    check("2026-03-01", "700");
    check("2026-06-30", "700");
    check("2025-12-31", "-");
    // 2026-02-28 in Shanghai, still the 27th in UTC; and the 1st of March there, the 28th in UTC.
    check("2026-02-27T16:00:00Z", "600");
    check("2026-02-28T16:00:00Z", "700");
}

#[test]
fn r6_of_refunds_only_allowances_change_revenue() {
    let order = "o_1,1,2026-06-01,hx,,1,1000,,,,800,,,,,li";
    let paid = "p_1,1,2026-06-02,hx,1000,o_1,,,";
    let check = |kind: &str, revenue: &str, profit_: &str, outstanding: &str| {
        let refund = format!("f_1,2026-06-20,hx,50,other,{kind},o_1,p_1");
        let dir =
            books(&[("orders", ORDER, &[order]), ("receipts", RECEIPT, &[paid]), ("refunds", REFUND, &[&refund])]);
        figures(&profit(&dir), &format!("revenue {revenue} cost 800 profit {profit_} unknown_cost_lines 0 orders 1"));
        figures(&metrics(&dir, "outstanding"), &format!("outstanding {outstanding}"));
    };
    check("return", "1000", "200", "50");
    check("overpayment", "1000", "200", "50");
    check("allowance", "950", "150", "-50");
    check("goodwill", "1000", "200", "0");
}

#[test]
fn r6_void_and_cancelled_rows_count_nothing_from_that_day_on() {
    let dir = books(&[
        ("orders", ORDER, &["o_1,1,2026-05-01,hx,,1,100,,,,80,,,,,li", "o_2,1,2026-05-02,hx,,1,7,,,,5,,,,,li"]),
        ("receipts", RECEIPT, &["p_1,1,2026-05-03,hx,60,,,,"]),
        ("refunds", REFUND, &["f_1,2026-05-03,hx,3,other,allowance,,"]),
        (
            "events",
            EVENT,
            &[
                "e_1,2026-06-10,order,o_1,cancelled,,",
                "e_2,2026-06-10,receipt,p_1,void,,",
                "e_3,2026-06-10,refund,f_1,void,,",
            ],
        ),
    ]);
    figures(&profit(&dir), "revenue 7 cost 5 orders 1");
    figures(&owed(&dir, "CNY"), "outstanding 7 credit 0");
    let before = json(&dir, &["report", "profit", "--today", "2026-06-09"]);
    figures(&before[0], "revenue 104 cost 85 orders 2");
    let before = json(&dir, &["report", "receivables", "--today", "2026-06-09"]);
    figures(&before[0], "outstanding 44 credit 0");
}

// ---------------------------------------------------------------- R10

/// 1000 paid after 20 days, 3000 after 50; all due ten days after the order.
const SLOW: [&str; 2] =
    ["o_1,1,2026-01-01,hx,,1,1000,,,,,,,2026-01-11,,li", "o_2,1,2026-02-01,hx,,1,3000,,,,,,,2026-02-11,,li"];
const SLOWLY: [&str; 2] = ["p_1,1,2026-01-21,hx,1000,o_1,,,", "p_2,1,2026-03-23,hx,3000,o_2,,,"];

#[test]
fn r10_payment_days_and_late_days() {
    let dir = books(&[("orders", ORDER, &SLOW), ("receipts", RECEIPT, &SLOWLY)]);
    // (1000 × 20 + 3000 × 50) / 4000; (1000 × 10 + 3000 × 40) / 4000.
    figures(&metrics(&dir, "payment_days,late_days"), "payment_days 42.5 late_days 32.5");
    let open = "o_3,1,2026-04-01,hx,,1,2000,,,,,,,2026-04-11,,li";
    let dir = books(&[("orders", ORDER, &[SLOW[0], SLOW[1], open]), ("receipts", RECEIPT, &SLOWLY)]);
    // With 2000 open at 90 days.
    figures(
        &metrics(&dir, "payment_days,late_days"),
        "payment_days 58.333333333333333333333333333 late_days 48.333333333333333333333333333",
    );
    let table = dir.run(&["list", "id:hx", "--columns", "payment_days"]).expect(0).stdout;
    assert!(table.contains("58.3"), "{table}");
}

#[test]
fn r10_early_payment_counts_nothing_as_late() {
    let orders = ["o_1,1,2026-03-01,hx,,1,100,,,,,,,2026-03-31,,li", "o_2,1,2026-03-01,hx,,1,100,,,,,,,2026-03-31,,li"];
    let receipts = ["p_1,1,2026-03-11,hx,100,o_1,,,", "p_2,1,2026-04-30,hx,100,o_2,,,"];
    let dir = books(&[("orders", ORDER, &orders), ("receipts", RECEIPT, &receipts)]);
    figures(&metrics(&dir, "payment_days,late_days"), "payment_days 35 late_days 15");
}

#[test]
fn r10_payment_days_look_back_twelve_months() {
    let check = |paid: &str, expected: &str| {
        let order = "o_1,1,2025-06-20,hx,,1,100,,,,,,,2025-06-20,,li";
        let receipt = format!("p_1,1,{paid},hx,100,o_1,,,");
        let dir = books(&[("orders", ORDER, &[order]), ("receipts", RECEIPT, &[&receipt])]);
        figures(&metrics(&dir, "payment_days"), &format!("payment_days {expected}"));
    };
    check("2025-06-30", "-");
    check("2025-07-01", "11");
}

#[test]
fn r10_currencies_weigh_what_they_are_worth() {
    let rows = ["o_1,1,2026-01-01,hx,,1,100,,,,,,,,,li", "o_2,1,2026-01-01,hx,,1,100,,,,,,USD,,,li"];
    let receipts = ["p_1,1,2026-01-11,hx,100,o_1,,,", "p_2,1,2026-02-10,hx,100,o_2,USD,,"];
    let check = |rates: &[&str], expected: &str| {
        let dir = books(&[("orders", ORDER, &rows), ("receipts", RECEIPT, &receipts), ("rates", RATE, rates)]);
        figures(&metrics(&dir, "payment_days"), &format!("payment_days {expected}"));
    };
    // (100 × 10 + 700 × 40) / 800.
    check(&["2025-12-01,USD,7"], "36.25");
    check(&["2025-12-01,EUR,7"], "-");
}

#[test]
fn r10_an_order_is_rounded_once() {
    // 3 × 9.99 less 5 % = 28.4715; three lines of 0.335 are 1.01, not 3 × 0.34.
    let check = |rows: &[&str], paid: &str, outstanding: &str| {
        let receipt = format!("p_1,1,2026-06-20,hx,{paid},o_1,,,");
        let dir = books(&[("orders", ORDER, rows), ("receipts", RECEIPT, &[&receipt])]);
        figures(&metrics(&dir, "outstanding"), &format!("outstanding {outstanding}"));
    };
    check(&["o_1,1,2026-06-01,hx,,3,9.99,0.05,,,,,,,,li"], "28.47", "0");
    let thirds = ["1", "2", "3"].map(|n| format!("o_1,{n},2026-06-01,hx,,1,0.335,,,,,,,,,li"));
    let thirds = thirds.each_ref().map(String::as_str);
    check(&thirds, "1.01", "0");
    check(&thirds, "1.00", "0.01");
    // The yen has no smaller unit; half is rounded away from zero.
    let yen = ["o_1,1,2026-06-01,hx,,1,100.5,,,,,,JPY,,,li"];
    let dir = books(&[("orders", ORDER, &yen), ("receipts", RECEIPT, &["p_1,1,2026-06-20,hx,100,o_1,JPY,,"])]);
    figures(&owed(&dir, "JPY"), "outstanding 1");
}

#[test]
fn r10_ages_are_those_of_the_due_date() {
    let due = ["06-30", "06-29", "05-31", "05-30", "05-01", "04-30", "04-01", "03-31", "03-02", "03-01"];
    let rows: Vec<String> = due
        .iter()
        .enumerate()
        .map(|(n, day)| format!("o_{n},1,2026-01-01,hx,,1,{},,,,,,,2026-{day},,li", 1u64 << n))
        .collect();
    let dir = books(&[("orders", ORDER, &rows.iter().map(String::as_str).collect::<Vec<_>>())]);
    let ages = "not_due 1 d1_30 6 d31_60 24 d61_90 96 d91_120 384 d120_plus 512 credit 0 outstanding 1023";
    figures(&owed(&dir, "CNY"), ages);
}

#[test]
fn r10_money_goes_where_it_is_named_then_to_the_oldest() {
    let orders = [
        "o_late,1,2026-05-01,hx,,1,100,,,,,,,2026-05-20,,li",
        "o_old,1,2026-01-01,hx,,1,100,,,,,,,2026-05-01,,li",
        "o_far,1,2026-06-01,hx,,1,100,,,,,,,2026-09-01,,li",
        "o_usd,1,2026-01-01,hx,,1,100,,,,,,USD,2026-01-01,,li",
        "o_theirs,1,2026-01-01,other,,1,100,,,,,,,2026-01-01,,li",
    ];
    let check = |receipts: &[&str], expected: &str| {
        let dir = unsound(&[("orders", ORDER, &orders), ("receipts", RECEIPT, receipts)]);
        figures(&owed(&dir, "CNY"), expected);
        figures(&owed(&dir, "USD"), "outstanding 100 d120_plus 100");
        assert_eq!(json(&dir, &["report", "receivables", "id:other"])[0]["outstanding"].to_string(), "100");
    };
    // The un-named 30 pays the oldest; of the named 250 what is too much does, and then the next.
    check(&["p_1,1,2026-06-01,hx,30,,,,"], "d31_60 170 not_due 100 credit 0 outstanding 270");
    check(&["p_1,1,2026-06-01,hx,40,o_far,,,"], "d31_60 200 not_due 60 outstanding 260");
    check(&["p_1,1,2026-06-01,hx,250,o_far,,,"], "d31_60 50 not_due 0 credit 0 outstanding 50");
    // Lines of one receipt; what is left over is credit.
    check(&["p_1,1,2026-06-01,hx,250,o_far,,,", "p_1,2,2026-06-01,hx,90,o_late,,,"], "credit 40 outstanding -40");
    // What names an order of another currency or customer names none.
    check(&["p_1,1,2026-06-01,hx,100,o_usd,,,"], "d31_60 100 not_due 100 outstanding 200");
    check(&["p_1,1,2026-06-01,hx,100,o_theirs,,,"], "d31_60 100 not_due 100 outstanding 200");
    // Named first, whatever the days.
    check(
        &["p_1,1,2026-06-01,hx,100,,,,", "p_2,1,2026-06-02,hx,100,o_old,,,"],
        "d31_60 0 d1_30 0 not_due 100 credit 0 outstanding 100",
    );
}

#[test]
fn r10_a_bill_stands_apart_until_it_matures() {
    let check = |matures: &str, bills: &str| {
        let receipt = format!("p_1,1,2026-06-01,hx,100,o_1,,acceptance,{matures}");
        let rows = ["o_1,1,2026-05-01,hx,,1,150,,,,,,,2026-05-31,,li"];
        let dir = books(&[("orders", ORDER, &rows), ("receipts", RECEIPT, &[&receipt])]);
        figures(&owed(&dir, "CNY"), &format!("d1_30 50 outstanding 50 bills {bills}"));
    };
    check("2026-06-30", "0");
    check("2026-07-01", "100");
}

#[test]
fn r10_a_return_lowers_the_orders_that_it_names() {
    let a = "o_a,1,2026-03-01,hx,,10,100,,,,,,,2026-03-31,,li";
    let b = "o_b,1,2026-05-01,hx,,10,10,,,,,,,2026-07-31,,li";
    let check = |rows: &[&str], expected: &str| {
        for turned in [false, true] {
            let mut rows = [&[a, b], rows].concat();
            if turned {
                rows.reverse();
            }
            let dir = books(&[("orders", ORDER, &rows)]);
            figures(&owed(&dir, "CNY"), expected);
        }
    };
    check(&["o_r,1,2026-06-01,hx,,-2,,,,,,,,,o_b/1,li"], "d91_120 1000 not_due 80 outstanding 1080");
    // One row for each of two orders.
    check(
        &["o_r,1,2026-06-01,hx,,-2,,,,,,,,,o_b/1,li", "o_r,2,2026-06-01,hx,,-3,,,,,,,,,o_a/1,li"],
        "d91_120 700 not_due 80 credit 0 outstanding 780",
    );
    // More than was open is the customer's, and pays the oldest.
    check(&["o_r,1,2026-06-01,hx,,-2,,,-130,,,,,,o_b/1,li"], "d91_120 970 not_due 0 credit 0 outstanding 970");
}

#[test]
fn r10_money_given_back_was_the_overpayment() {
    let a = "o_a,1,2026-01-01,hx,,1,1000,,,,,,,2026-01-31,,li";
    let b = "o_b,1,2026-06-01,hx,,1,500,,,,,,,2026-07-31,,li";
    let back = "f_1,2026-02-05,hx,200,other,overpayment,,p_1";
    let dir = books(&[
        ("orders", ORDER, &[a, b]),
        ("receipts", RECEIPT, &["p_1,1,2026-02-01,hx,1200,,,,"]),
        ("refunds", REFUND, &[back]),
    ]);
    // It is not there to pay what was bought later, and is not owed again.
    figures(&owed(&dir, "CNY"), "d120_plus 0 not_due 500 credit 0 outstanding 500");
    figures(&metrics(&dir, "overdue,late_days"), "overdue 0 late_days 0.6666666666666666666666666667");
    // More than there was: it is owed again, from that day on.
    let more = "f_1,2026-02-05,hx,1300,other,overpayment,,p_1";
    let dir = unsound(&[
        ("orders", ORDER, &[b]),
        ("receipts", RECEIPT, &["p_1,1,2026-02-01,hx,1200,,,,"]),
        ("refunds", REFUND, &[more]),
    ]);
    figures(&owed(&dir, "CNY"), "d120_plus 100 not_due 500 credit 0 outstanding 600");
}

#[test]
fn r10_a_receipt_taken_back_is_owed_again() {
    let order = "o_1,1,2026-05-01,hx,,1,100,,,,,,,2026-05-31,,li";
    let receipts = ["p_1,1,2026-06-01,hx,100,,,,", "p_2,1,2026-06-10,hx,-100,,,,"];
    // `check` finds it (E095); an import may have taken it by name.
    let dir = unsound(&[("orders", ORDER, &[order]), ("receipts", RECEIPT, &receipts)]);
    figures(&owed(&dir, "CNY"), "d1_30 100 credit 0 outstanding 100");
}
