//! Commissions (R10): a month worked out by hand, random payments against a model, and what refunds take back.

use super::pipeline::Dice;
use super::support::company::{customer, json, told};
use super::support::{Dir, start};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const ORDERS: &str = "id,line,at,customer,quantity,amount,tax,cost,returns,by,split,due\n";
const RECEIPTS: &str = "id,line,at,customer,amount,order\n";
const REFUNDS: &str = "id,at,customer,amount,reason,kind,receipt,order\n";

fn company(settings: &str) -> Dir {
    let dir = start::make("new");
    customer(&dir, "acme", "repeat", "li");
    customer(&dir, "bolt", "repeat", "wu");
    let text = dir.read("kehu.toml");
    assert!(!text.contains("\n[commission]"), "the template has none that counts");
    dir.write("kehu.toml", format!("{text}\n[commission]\n{settings}\n"));
    dir
}

const BY_HAND: &str = "tiers = [[0, 0.02], [1000, 0.05]]\nmargin = [[0, 0.5], [0.2, 1.2]]\nnew = 2\nlate = 0.5\n";

/// Each row of a report: `rep month given taken_back commission`.
fn given(dir: &Dir, args: &[&str]) -> Vec<String> {
    let args = [&["report", "commission", "-p", "2026"], args].concat();
    json(dir, &args).iter().map(|r| told(r, "rep,month,given,taken_back,commission")).collect()
}

/// Worked out by hand, of the money that came in (no tax):
///
/// - o_1, the customer's first, 800 at a margin of 25 %, paid on 1 February: 800 × 2 % = 16, × 1.2 × 2 = 38.40.
/// - o_2, 600 at 10 %, paid on 10 February: the month has 800, so 200 × 2 % + 400 × 5 % = 24, × 0.5 = 12.00.
/// - o_3, 100 at 50 %, due on 25 January, paid 96 days later on 1 May: 100 × 2 % = 2, × 1.2 × 0.5 = 1.20.
/// - o_4, 400 at 25 %, shared 7 : 3, paid on 3 March: li 280 × 2 % × 1.2 = 6.72; wu 120 × 2 % × 1.2 = 2.88.
/// - 300 of what paid o_2 goes back on 5 June: half of the 12.00; the other 300 on 7 July: the rest.
#[test]
fn a_year_by_hand() {
    let dir = company(BY_HAND);
    let orders = "o_1,1,2026-01-10,acme,4,800,,600,,li,,2026-01-31\no_2,1,2026-01-20,acme,4,600,,540,,li,,2026-02-15\n\
        o_3,1,2026-01-20,acme,4,100,,50,,li,,2026-01-25\no_4,1,2026-02-20,acme,4,400,,300,,li,\"li:0.7,wu:0.3\",2026-03-20\n";
    let receipts = "p_1,1,2026-02-01,acme,800,o_1\np_2,1,2026-02-10,acme,600,o_2\np_3,1,2026-05-01,acme,100,o_3\n\
        p_4,1,2026-03-03,acme,400,o_4\n";
    dir.write("ledgers/orders/2026.csv", format!("{ORDERS}{orders}"));
    dir.write("ledgers/receipts/2026.csv", format!("{RECEIPTS}{receipts}"));
    let expected =
        ["li 2026-02 50.4 0 50.4", "li 2026-03 6.72 0 6.72", "li 2026-05 1.2 0 1.2", "wu 2026-03 2.88 0 2.88"];
    assert_eq!(given(&dir, &[]), expected);
    let refunds = "f_1,2026-06-05,acme,300,quality,return,p_2,\nf_2,2026-07-07,acme,300,quality,return,p_2,\n\
        f_3,2026-07-08,acme,1,quality,goodwill,p_1,\n";
    dir.write("ledgers/refunds/2026.csv", format!("{REFUNDS}{refunds}"));
    // What was given stays in its month; what goes back is taken in its own.
    let told_on = |day: &str| given(&dir, &["--today", day]);
    let after = ["li 2026-02 50.4 0 50.4", "li 2026-03 6.72 0 6.72", "li 2026-05 1.2 0 1.2", "li 2026-06 0 -6 -6"];
    assert_eq!(told_on("2026-06-30"), [&after[..], &["wu 2026-03 2.88 0 2.88"]].concat());
    let after = [&after[..], &["li 2026-07 0 -6 -6", "wu 2026-03 2.88 0 2.88"]].concat();
    assert_eq!(told_on("2026-07-31"), after);
    let page = dir.run(&["report", "commission", "-p", "2026-02", "--explain"]).expect(0).stdout;
    assert!(page.contains("ledgers/receipts/2026.csv:3") && page.contains("24.00") && page.contains("12.00"), "{page}");
    // A term about customers chooses rows, and changes nothing about their tiers.
    assert_eq!(given(&dir, &["id:acme", "month:2026-02", "--today", "2026-07-31"]), ["li 2026-02 50.4 0 50.4"]);
    // The profit that is paid for: 200 of o_1, 60 of o_2; no tier of 1000 is reached.
    // 200 × 2 % × 2.4 = 9.60; 60 × 2 % × 0.5 = 0.60.
    let text = dir.read("kehu.toml").replace("\n[commission]\n", "\n[commission]\nbase = \"profit\"\n");
    dir.write("kehu.toml", text);
    let rows = json(&dir, &["report", "commission", "-p", "2026-02"]);
    assert_eq!(told(&rows[0], "commission_base,given"), "260 10.2");
}

#[test]
fn what_nobody_can_tell_is_said() {
    let dir = company("base = \"profit\"\ntiers = [[0, 0.1]]\n");
    dir.write("ledgers/orders/2026.csv", format!("{ORDERS}o_1,1,2026-01-10,acme,4,800,,,,li,,2026-01-31\n"));
    dir.write("ledgers/receipts/2026.csv", format!("{RECEIPTS}p_1,1,2026-02-01,acme,800,o_1\n"));
    dir.write("ledgers/refunds/2026.csv", format!("{REFUNDS}f_1,2026-03-01,acme,5,price,return,,\n"));
    let ran = dir.run(&["report", "commission", "-p", "2026"]).expect(0);
    assert!(ran.stdout.contains("profit is unknown") && ran.stdout.contains("o_1"), "{}", ran.stdout);
    assert!(ran.stdout.contains("takes nothing back: f_1"), "{}", ran.stdout);
    let dir = start::make("new");
    customer(&dir, "acme", "repeat", "li");
    dir.write("ledgers/receipts/2026.csv", format!("{RECEIPTS}p_1,1,2026-02-01,acme,800,\n"));
    let ran = dir.run(&["report", "commission", "-p", "2026"]).expect(0);
    assert!(ran.stdout.contains("[commission] tiers"), "{}", ran.stdout);
}

/// A payment as the model sees it.
#[derive(Debug, Clone)]
struct Payment {
    id: String,
    day: NaiveDate,
    cents: i64,
    rep: &'static str,
    first: bool,
    /// Cost of 100 of net.
    cost: i64,
    late: i64,
}

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// `rep month` and what is given, in cents, by rates of 2 % up to 5,000 and 4 % above.
fn model(payments: &[Payment]) -> BTreeMap<(String, String), Decimal> {
    let tier = |cents: i64| Decimal::from(cents.min(500_000) * 2 + (cents - 500_000).max(0) * 4) / Decimal::ONE_HUNDRED;
    let mut sorted = payments.to_vec();
    sorted.sort_by(|a, b| (a.day, &a.id).cmp(&(b.day, &b.id)));
    let (mut sums, mut out): (BTreeMap<_, i64>, BTreeMap<_, Decimal>) = Default::default();
    for p in sorted {
        let key = (p.rep.to_string(), p.day.format("%Y-%m").to_string());
        let sum = sums.entry(key.clone()).or_default();
        let raw = tier(*sum + p.cents) - tier(*sum);
        *sum += p.cents;
        let margin = if p.cost <= 70 { Decimal::new(15, 1) } else { Decimal::ONE };
        let first = if p.first { Decimal::TWO } else { Decimal::ONE };
        let late = if p.late > 30 { Decimal::new(5, 1) } else { Decimal::ONE };
        let cents = (raw * margin * first * late).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        *out.entry(key).or_default() += cents;
    }
    out
}

fn found(dir: &Dir, key: &str) -> BTreeMap<(String, String), Decimal> {
    let rows = json(dir, &["report", "commission", "-p", "2026", "--today", "2026-12-31"]);
    let one = |r: &serde_json::Value| {
        let amount: Decimal = r[key].to_string().parse().expect("an amount");
        ((told(r, "rep"), told(r, "month")), amount * Decimal::ONE_HUNDRED)
    };
    rows.iter().map(one).collect()
}

#[test]
fn commissions_are_the_sums_of_their_payments_and_refunds_take_them_back() {
    let settings = "tiers = [[0, 0.02], [5000, 0.04]]\nmargin = [[0.3, 1.5]]\nnew = 2\nlate_days = 30\nlate = 0.5\n";
    for seed in 1..=5 {
        let mut dice = Dice(seed);
        let dir = company(settings);
        let first = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        let (mut orders, mut receipts, mut refunds) = (Vec::new(), Vec::new(), String::from(REFUNDS));
        let mut payments: Vec<Payment> = Vec::new();
        for n in 0..30 {
            // Each customer's first order has a day of its own.
            let (at, who) = (
                first + chrono::Duration::days(n + dice.below(2) as i64 * i64::from(n > 3)),
                ["acme", "bolt"][(n % 2) as usize],
            );
            let rep = ["li", "wu"][dice.below(2) as usize];
            let (cents, cost) = (100 * (1 + dice.below(3_000) as i64), [50, 70, 80][dice.below(3) as usize]);
            let due = at + chrono::Duration::days(10);
            orders.push(format!(
                "o_{n:02},1,{at},{who},4,{},,{},,{rep},,{due}",
                money(cents),
                money(cents * cost / 100)
            ));
            let mut left = cents;
            for part in 0..2 {
                let paid = if part == 1 { left } else { 1 + dice.below(cents as u64 - 1) as i64 };
                left -= paid;
                let day = at + chrono::Duration::days(dice.below(90) as i64);
                let id = format!("p_{n:02}{part}");
                receipts.push(format!("{id},1,{day},{who},{},o_{n:02}", money(paid)));
                payments.push(Payment {
                    id: id.clone(),
                    day,
                    cents: paid,
                    rep,
                    first: n < 2,
                    cost,
                    late: (day - due).num_days(),
                });
                if paid > 10 {
                    let one = 1 + dice.below(paid as u64 - 2) as i64;
                    for (k, amount) in [one, paid - one].into_iter().enumerate() {
                        writeln!(
                            refunds,
                            "f_{n:02}{part}{k},2026-12-0{},{who},{},quality,return,{id},",
                            1 + k,
                            money(amount)
                        )
                        .unwrap();
                    }
                } else {
                    writeln!(refunds, "f_{n:02}{part},2026-12-05,{who},{},quality,return,{id},", money(paid)).unwrap();
                }
            }
        }
        let write = |orders: &[String], receipts: &[String]| {
            dir.write("ledgers/orders/2026.csv", format!("{ORDERS}{}\n", orders.join("\n")));
            let (a, b) = receipts.split_at(receipts.len() / 3);
            dir.write("ledgers/receipts/2026-a.csv", format!("{RECEIPTS}{}\n", a.join("\n")));
            dir.write("ledgers/receipts/2026-b.csv", format!("{RECEIPTS}{}\n", b.join("\n")));
        };
        write(&orders, &receipts);
        let expected = model(&payments);
        let given = found(&dir, "commission");
        assert_eq!(given, expected, "seed {seed}");
        assert!(expected.values().any(|v| *v > Decimal::from(20_000)), "the second tier is reached");
        // The model can fail.
        let mut other = payments.clone();
        other[3].cents += 10_000;
        assert_ne!(model(&other), expected, "seed {seed}");
        // The order of rows and files says nothing.
        orders.reverse();
        receipts.reverse();
        write(&orders, &receipts);
        assert_eq!(found(&dir, "commission"), expected, "seed {seed}");
        // When all money goes back, all is taken, to the cent, from whom it was given.
        dir.write("ledgers/refunds/2026.csv", &refunds);
        let mut by_rep: BTreeMap<String, Decimal> = BTreeMap::new();
        found(&dir, "commission").into_iter().for_each(|((rep, _), n)| *by_rep.entry(rep).or_default() += n);
        assert!(by_rep.values().all(Decimal::is_zero) && by_rep.len() == 2, "seed {seed}: {by_rep:?}");
        // And what was given before stands where it stood.
        let earlier: BTreeMap<_, _> = found(&dir, "given").into_iter().filter(|((_, m), _)| m != "2026-12").collect();
        assert_eq!(earlier, expected, "seed {seed}");
    }
}
