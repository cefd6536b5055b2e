//! Who is about to leave, what such points said in the past (R7), and who was lost (R6), through the program.

use super::rules::{company, customer, rows};
use super::support::Dir;
use super::support::company::{json, told};

/// Customers that order every 30 days: `stays` to the end, `slow` until 1 February, `gone` until 1 December, `back` with a pause of
/// a year, `new` once.
fn known() -> Dir {
    let dir = company("four-stage");
    for id in ["stays", "slow", "gone", "back", "new"] {
        customer(&dir, id, "repeat", "created = 2024-01-05\n");
    }
    let column = "line,at,customer,product,quantity,amount,cost,by";
    let every = |id: &str, days: &[&str]| -> Vec<String> {
        days.iter().map(|day| format!("1,{day},{id},p1,1,100,60,li")).collect()
    };
    let months = [
        "2025-06-04",
        "2025-07-04",
        "2025-08-03",
        "2025-09-02",
        "2025-10-02",
        "2025-11-01",
        "2025-12-01",
        "2025-12-31",
        "2026-01-30",
        "2026-03-01",
        "2026-03-31",
        "2026-04-30",
        "2026-05-30",
    ];
    let mut all = every("stays", &months);
    all.extend(every("slow", &months[..9]));
    all.extend(every("gone", &months[..7]));
    all.extend(every("back", &["2024-03-01", "2024-03-31", "2024-04-30", "2026-06-10"]));
    all.extend(every("new", &["2026-06-20"]));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    rows(&dir, "orders", "o", column, &all);
    dir.write("ledgers/products/2024.csv", "id,since,name,price\np1,2024-01-01,Pen,100\n");
    dir
}

fn lines(dir: &Dir, args: &[&str], keys: &str) -> Vec<String> {
    json(dir, args).iter().map(|row| told(row, keys)).collect()
}

#[test]
fn who_is_idle_for_long_has_points() {
    let dir = known();
    // Idle 151 and 211 days at a median gap of 30: more than three gaps, 50 points. Nobody bought within 90 days a year ago but before
    // June: the first day, 4 June 2025, lies in those days, so `slow` and `gone` also buy less by all of it: 25 more. Nothing was
    // ever paid: what is owed for more than 60 days is worth 5 points.
    let found = lines(&dir, &["report", "churn"], "customer,risk,band");
    assert_eq!(found, ["slow 80 high", "gone 80 high", "stays 5 low", "back 5 low"]);
    assert_eq!(lines(&dir, &["report", "churn", "customer:new"], "customer"), [""; 0]);
    // `back` had been away for long. Nothing was wrong with `slow`, and that it stays away later is not known then.
    let then = lines(&dir, &["report", "churn", "--today", "2026-02-05"], "customer,risk,band");
    assert_eq!(then, ["back 55 watch", "gone 40 watch", "slow 5 low", "stays 5 low"]);
    let out = dir.run(&["report", "churn", "customer:slow", "--explain", "--lang", "en"]).expect(0);
    assert!(
        out.stdout.contains("days since order 151") && out.stdout.contains("days between orders 30"),
        "{}",
        out.stdout
    );
}

#[test]
fn a_backtest_knows_nothing_of_what_came_after_its_day() {
    let dir = known();
    let keys = "band,customers,gone,precision,recall,base_rate,lift";
    let of = |day: &str| lines(&dir, &["report", "churn", "--backtest", day], keys);
    // On 5 February stays, slow and gone (66 days, within 90) were active; both of the latter have left.
    let expected = [
        "high 0 0 - 0.000000 0.666667 -",
        "watch 1 1 1.000000 0.500000 0.666667 1.5",
        "low 2 1 0.500000 0.500000 0.666667 0.75",
    ];
    assert_eq!(of("2026-02-05"), expected);
    // An order that was entered for a later day changes nothing.
    let later =
        "id,line,at,customer,product,quantity,amount,cost,by\no_900000000001,1,2026-02-20,gone,p1,1,100,60,li\n";
    dir.write("ledgers/orders/later.csv", later);
    assert_eq!(of("2026-02-05"), expected);
    // Before anybody ordered there was nobody.
    assert_eq!(of("2024-01-01"), [""; 0]);
    dir.run(&["report", "churn", "--backtest", "2026-06-30"]).expect(2);
    let text = dir.run(&["report", "churn", "--backtest", "2026-02-05", "--explain", "--lang", "en"]).expect(0).stdout;
    assert!(
        text.contains("fewer than 15 cases") && text.contains("gone: left (no order for long 35, receivable late 5)"),
        "{text}"
    );
}

#[test]
fn customers_are_like_the_lost_by_what_they_show() {
    let dir = known();
    // Of the two who left one was idle, of the one who stayed none: with one case added 2/4 against 1/3. All owed something for long: 3/4
    // against 2/3. `slow` and `gone` show both now: 2 · 2/4 · 3/4 against 1 · 1/3 · 2/3. The others owe alone: 2 · 2/4 · 3/4 against
    // 1 · 2/3 · 2/3.
    let found = lines(&dir, &["report", "churn", "--show", "alike", "--backtest", "2026-02-05"], "customer,likeness");
    assert_eq!(found, ["slow 0.771429", "gone 0.771429", "stays 0.627907", "back 0.627907"]);
}

#[test]
fn lost_customers_are_counted_with_what_they_earned_before() {
    let dir = known();
    // From 30 June 2025 to 30 June 2026. All orders earn 40. In the 12 months up to 30 January `slow` ordered 9 times, all customers 9 + 7 + 9
    // times; in those up to 1 December `gone` ordered 7 times, all 21 times.
    let keys = "customer,last_order,earned_before,company_share,product,reason";
    assert_eq!(
        lines(&dir, &["report", "lost"], keys),
        ["slow 2026-01-30 360 0.360000 p1 -", "gone 2025-12-01 280 0.333333 p1 -"]
    );
    let by_month = lines(&dir, &["report", "lost", "--by", "month"], "month,customers,earned_before,lost_share");
    assert_eq!(by_month, ["2025-12 1 280 0.437500", "2026-01 1 360 0.562500"]);
    // Whoever was closed has a reason.
    dir.run(&["close", "gone", "--reason", "competitor"]).expect(0);
    assert_eq!(lines(&dir, &["report", "lost", "customer:gone"], "customer,reason"), ["gone competitor"]);
    // A year ago `back` was away: it is the one that came back.
    let text = dir.run(&["report", "lost", "--lang", "en"]).expect(0).stdout;
    assert!(text.contains("Won back 1 of 1 that were away on 2025-06-30 (100.0%)"), "{text}");
}

#[test]
fn reports_on_leaving_have_nothing_to_say_of_an_empty_company() {
    let dir = company("four-stage");
    for args in [&["report", "churn"][..], &["report", "churn", "--backtest", "2026-01-01"], &["report", "lost"]] {
        assert_eq!(json(&dir, args), [] as [serde_json::Value; 0], "{args:?}");
        assert_eq!(dir.run(args).expect(0).stdout, "", "{args:?}");
    }
}
