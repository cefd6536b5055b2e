//! What customers are worth (R7, R8): the models against the papers' own data, against simulated customers whose parameters are
//! known, and where there is not enough to go by.
//!
//! The CDNOW sample is part of the Python package `lifetimes`, which .ci/run puts into target/oracle.

use super::rules::{company, customer};
use super::support::company::{json, told};
use super::support::{Dir, repo};
use kehu::model::day::parse_day;
use kehu::rules::value::bgnbd::{self, Buying, Edge, Past};
use kehu::rules::value::gamma_gamma::{self, Spending, Spent};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// An order of the CDNOW sample: customer, day (ISO), cents.
type Sold = (String, String, u64);

/// The orders of the CDNOW sample, or why they are not here.
pub(super) fn cdnow() -> Result<Vec<Sold>, String> {
    let python = repo().join("target/oracle/bin/python3");
    let find =
        "import importlib.util as u; s = u.find_spec('lifetimes'); print(s.submodule_search_locations[0] if s else '')";
    let out = std::process::Command::new(&python).args(["-c", find]).output();
    let out = out.map_err(|e| format!("{}: {e}", python.display()))?;
    let folder = String::from_utf8_lossy(&out.stdout).trim().to_string();
    if folder.is_empty() {
        return Err("the Python package lifetimes is not in target/oracle".to_string());
    }
    let text =
        std::fs::read_to_string(PathBuf::from(folder).join("datasets/CDNOW_sample.txt")).map_err(|e| e.to_string())?;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let (id, day, dollars) = (cells.first()?, cells.get(2)?, cells.get(4)?);
        let (whole, cents) = dollars.split_once('.')?;
        let day = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        Some((format!("c{id}"), day, whole.parse::<u64>().ok()? * 100 + cents.parse::<u64>().ok()?))
    };
    text.lines().map(|l| row(l).ok_or_else(|| format!("not a row: {l}"))).collect()
}

/// What order days up to a day tell of each customer, by the definitions of R7.
fn pasts(orders: &[Sold], until: &str) -> (Vec<Past>, Vec<Spent>) {
    let mut by: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (customer, day, cents) in orders.iter().filter(|o| o.1.as_str() <= until) {
        *by.entry(customer).or_default().entry(day).or_default() += cents;
    }
    let number = |day: &str| parse_day(day).expect("a day");
    let between = |a: &str, b: &str| u32::try_from((number(b) - number(a)).num_days()).expect("days");
    let (mut pasts, mut spent) = (Vec::new(), Vec::new());
    for days in by.values() {
        let (first, last) = (days.keys().next().expect("a day"), days.keys().last().expect("a day"));
        let repeats = days.len() as u32 - 1;
        pasts.push(Past { repeats, recency: between(first, last), age: between(first, until) });
        let total: u64 = days.values().skip(1).sum();
        if total > 0 {
            spent.push(Spent { repeats, mean: total as f64 / 100.0 / f64::from(repeats) });
        }
    }
    (pasts, spent)
}

#[track_caller]
fn near(ours: f64, theirs: f64, within: f64) {
    assert!((ours - theirs).abs() <= within, "{ours} is not {theirs} ± {within}");
}

/// The calibration period of the papers: 39 weeks.
const CALIBRATED: &str = "1997-09-30";

#[test]
fn the_cdnow_sample_gives_the_parameters_of_the_papers() {
    let orders = match cdnow() {
        Ok(orders) => orders,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let (pasts, spent) = pasts(&orders, CALIBRATED);
    assert_eq!((pasts.len(), spent.len()), (2357, 946));
    let found = bgnbd::fit(&pasts).expect("a fit");
    // The papers print three digits: the fourth is that of the note on how to fit the model in a spreadsheet (Hardie 2005).
    for (ours, theirs) in found.at.into_iter().zip([0.2426, 4.4136, 0.7929, 2.4259]) {
        near(ours, theirs, 1e-3 * theirs);
    }
    let printed = found.at.map(|p| (p * 1000.0).round() / 1000.0);
    assert_eq!(printed, [0.243, 4.414, 0.793, 2.426]);
    near(found.value, -9582.4, 0.05);
    near(found.value, -9582.429, 1e-2);
    assert!(found.converged && found.errors.iter().all(Option::is_some), "{found:?}");
    // The paper's customer: x = 2, t_x = 30.43, T = 38.86 weeks; 1.226 orders are expected of it in the next 39 weeks.
    let buying = Buying::of(&found);
    near(buying.expected(&Past { repeats: 2, recency: 213, age: 272 }, 273), 1.226, 1e-3);
    let money = gamma_gamma::fit(&spent).expect("a fit");
    for (ours, theirs) in money.at.into_iter().zip([6.25, 3.74, 15.44]) {
        near(ours, theirs, 5e-3 * theirs);
    }
}

/// Numbers by chance from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }
    fn normal(&mut self) -> f64 {
        (2.0 * self.exponential()).sqrt() * (2.0 * std::f64::consts::PI * self.unit()).cos()
    }
    /// Gamma with rate 1 (Marsaglia, Tsang 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.unit().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = self.normal();
            let v = (1.0 + x / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
    fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }
}

/// Customers who buy as the models say, each seen for one to three years.
fn simulated(
    chance: &mut Chance,
    n: usize,
    [r, alpha, a, b]: [f64; 4],
    [p, q, gamma]: [f64; 3],
) -> (Vec<Past>, Vec<Spent>) {
    let (mut pasts, mut spent) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let age = 365 + (chance.unit() * 730.0) as u32;
        let (rate, leaves) = (chance.gamma(r) / alpha / 7.0, chance.beta(a, b));
        let (mut at, mut repeats, mut recency) = (0.0, 0, 0);
        loop {
            at += chance.exponential() / rate;
            if at > f64::from(age) {
                break;
            }
            (repeats, recency) = (repeats + 1, at as u32);
            if chance.unit() < leaves {
                break;
            }
        }
        pasts.push(Past { repeats, recency, age });
        if repeats > 0 {
            let scale = chance.gamma(q) / gamma;
            spent.push(Spent { repeats, mean: chance.gamma(p * f64::from(repeats)) / scale / f64::from(repeats) });
        }
    }
    (pasts, spent)
}

#[test]
fn known_parameters_are_found_within_their_standard_errors() {
    for (seed, buys, spends) in [
        (1, [0.8, 12.0, 0.8, 2.5], [5.0, 4.0, 300.0]),
        (2, [1.5, 10.0, 0.5, 6.0], [2.0, 3.0, 50.0]),
        (3, [0.4, 6.0, 1.5, 4.0], [8.0, 6.0, 2000.0]),
    ] {
        let (pasts, spent) = simulated(&mut Chance(seed), 6000, buys, spends);
        let (found, money) = (bgnbd::fit(&pasts).expect("a fit"), gamma_gamma::fit(&spent).expect("a fit"));
        let parameters = found.at.into_iter().zip(found.errors).zip(buys);
        for ((ours, error), known) in parameters.chain(money.at.into_iter().zip(money.errors).zip(spends)) {
            let error = error.expect("a standard error");
            assert!(
                (ours - known).abs() < 3.0 * error && error < known,
                "seed {seed}: {ours} ± {error}, known {known}"
            );
        }
    }
}

#[test]
fn a_fit_is_the_same_for_any_order_and_number_of_threads() {
    let (mut pasts, mut spent) = simulated(&mut Chance(7), 5000, [0.8, 12.0, 0.8, 2.5], [5.0, 4.0, 300.0]);
    let fits = |pasts: &[Past], spent: &[Spent]| (bgnbd::fit(pasts), gamma_gamma::fit(spent));
    let known = fits(&pasts, &spent);
    pasts.reverse();
    spent.reverse();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        assert_eq!(pool.install(|| fits(&pasts, &spent)), known, "{threads} threads");
    }
}

fn past(repeats: u32, recency: u32, age: u32) -> Past {
    Past { repeats, recency, age }
}

/// Whatever the data, predictions are numbers and not below zero, and the edge is named.
fn sound(name: &str, pasts: &[Past]) -> Vec<Edge> {
    let found = bgnbd::fit(pasts).expect(name);
    let buying = Buying::of(&found);
    for p in pasts.iter().chain(&[past(0, 0, 0), past(1, 0, 0), past(50, 300, 5000), past(3000, 3600, 3650)]) {
        let (alive, orders) = (buying.alive(p), buying.expected(p, 365));
        assert!((0.0..=1.0).contains(&alive), "{name}: {p:?}: alive {alive}");
        // Nobody orders on more days than there are; the estimate may be somewhat above it.
        assert!((0.0..2000.0).contains(&orders), "{name}: {p:?}: {orders} orders");
        assert!((0.0..2000.0).contains(&buying.expected_if(p, 365, 0.05)), "{name}: {p:?}");
    }
    bgnbd::edges(&found)
}

#[test]
fn too_little_data_gives_finite_predictions_and_says_what_is_the_matter() {
    assert_eq!(bgnbd::fit(&[]), None);
    assert_eq!(bgnbd::fit(&[past(0, 0, 10), past(0, 0, 900)]), None, "nobody came back");
    assert_eq!(bgnbd::fit(&[past(0, 0, 0)]), None, "a company of one day");
    let check = |name: &str, pasts: &[Past], edge: Edge| {
        let edges = sound(name, pasts);
        assert!(edges.contains(&edge), "{name}: {edges:?}");
    };
    check("one customer", &[past(5, 100, 120)], Edge::OrderAlike);
    check("all alike", &vec![past(5, 100, 120); 40], Edge::OrderAlike);
    // Everybody still orders in the last week.
    let loyal: Vec<Past> = (0..60).map(|n| past(10 + n % 30, 364, 370)).collect();
    check("nobody leaves", &loyal, Edge::NobodyLeaves);
    // Everybody orders twice and is never seen again, or every week without end.
    let mut split: Vec<Past> = (0..80).map(|n| past(1, 3 + n % 5, 700)).collect();
    split.extend((0..80).map(|n| past(90 + n % 20, 698, 700)));
    check("some leave at once, others never", &split, Edge::LeaveOrStay);
    sound("ordered today again", &[past(1, 1, 1), past(0, 0, 1)]);
    sound("every day for ten years", &vec![past(3650, 3650, 3650); 20]);
}

#[test]
fn amounts_that_are_alike_or_wild_give_finite_means() {
    let check = |name: &str, all: &[Spent], expected: f64| {
        let found = gamma_gamma::fit(all).expect(name);
        let spending = Spending::of(&found);
        for s in all {
            let mean = spending.expected(Some(s)).expect("a mean");
            assert!(mean.is_finite() && mean > 0.0, "{name}: {mean}");
        }
        let first = spending.expected(all.first()).expect("a mean");
        near(first, expected, 0.02 * expected);
        assert!(spending.mean().is_none_or(|m| m.is_finite() && m >= 0.0), "{name}");
        !gamma_gamma::edges(&found).is_empty()
    };
    assert_eq!(gamma_gamma::fit(&[]), None);
    assert!(check("one customer", &[Spent { repeats: 3, mean: 80.0 }], 80.0));
    assert!(check("all alike", &vec![Spent { repeats: 3, mean: 80.0 }; 30], 80.0));
    let wild: Vec<Spent> = (0..40).map(|n| Spent { repeats: 20, mean: 1.6f64.powi(n) }).collect();
    assert!(check("wild", &wild, 1.0));
}

// ---------------------------------------------------------------- through the program

/// A company whose customers ordered: (customer, day, amount in cents); everything costs half of its amount.
fn sold(orders: &[Sold]) -> Dir {
    let dir = company("four-stage");
    let mut known: Vec<&str> = orders.iter().map(|o| o.0.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    for id in known {
        customer(&dir, id, "first-order", "created = 1997-01-01\n");
    }
    dir.write("ledgers/products/1997.csv", "id,since,name,price\np1,1990-01-01,Disc,10\n");
    let mut text = String::from("id,line,at,customer,product,quantity,amount,cost,by\n");
    for (n, (customer, day, cents)) in orders.iter().enumerate() {
        let (amount, cost) = (*cents as f64 / 100.0, *cents as f64 / 200.0);
        text.push_str(&format!("o_{n:012},1,{day},{customer},p1,1,{amount},{cost},li\n"));
    }
    dir.write("ledgers/orders/1997.csv", text);
    dir
}

fn orders(list: &[(&str, &str, u64)]) -> Vec<Sold> {
    list.iter().map(|(customer, day, cents)| (customer.to_string(), day.to_string(), *cents)).collect()
}

fn numbers(row: &serde_json::Value, keys: &[&str]) -> Vec<f64> {
    keys.iter().map(|key| row[*key].to_string().parse().unwrap_or(f64::NAN)).collect()
}

#[test]
fn the_program_gives_the_parameters_of_the_papers() {
    let orders = match cdnow() {
        Ok(orders) => orders,
        Err(why) => return eprintln!("skipped: {why}"),
    };
    let dir = sold(&orders);
    // Orders after the day are not seen.
    let day = ["--today", CALIBRATED];
    let found = json(&dir, &[&["report", "value", "--show", "model"], &day[..]].concat());
    let of = |model: &str, parameter: &str| {
        let row = found.iter().find(|r| r["model"] == model && r["parameter"] == parameter).expect("a row");
        numbers(row, &["estimate"])[0]
    };
    for (parameter, theirs) in [("r", 0.2426), ("alpha", 4.4136), ("a", 0.7929), ("b", 2.4259)] {
        near(of("bg-nbd", parameter), theirs, 1e-3 * theirs);
    }
    near(of("bg-nbd", "log_likelihood"), -9582.429, 1e-2);
    for (parameter, theirs) in [("p", 6.25), ("q", 3.74), ("gamma", 15.44)] {
        near(of("gamma-gamma", parameter), theirs, 5e-3 * theirs);
    }
    assert_eq!((of("bg-nbd", "customers"), of("gamma-gamma", "repeaters")), (2357.0, 946.0));
    // The customer of the papers: 29.73 and 14.96 after the first day, x = 2, t_x = 30.43, T = 38.86.
    let row = &json(&dir, &[&["report", "value", "customer:c00004"], &day[..]].concat())[0];
    let keys = ["spent", "earned", "p_alive", "expected_orders", "expected", "clv"];
    let [spent, earned, alive, expected_orders, expected, clv] = numbers(row, &keys)[..] else { panic!("six figures") };
    let buying = Buying { r: 0.24259, alpha: 4.41353, a: 0.79289, b: 2.42589 };
    let past = Past { repeats: 2, recency: 213, age: 272 };
    near(spent, 74.02, 1e-9);
    near(earned, 37.01, 1e-9);
    near(alive, 0.7266, 1e-3);
    near(alive, buying.alive(&past), 1e-3);
    near(expected_orders, buying.expected(&past, 365), 2e-3);
    // The papers expect 26.58 of it on an order day with γ = 15.44; half of that is profit, discounted by half a year.
    let spends = 6.25 * (15.44 + 2.0 * 22.345) / (6.25 * 2.0 + 3.74 - 1.0);
    near(expected, expected_orders * spends * 0.5 / 1.1f64.sqrt(), 0.05);
    near(clv, earned + expected, 1e-9);
    // The second half of the sample, of which the model has seen nothing. The paper too finds that the model expects too little of it
    // (figure 2).
    let weeks = json(&dir, &["report", "value", "--backtest", CALIBRATED, "--today", "1998-06-30"]);
    let [expected, actual] = numbers(weeks.last().expect("weeks"), &["expected_sum", "repeats_sum"])[..] else {
        panic!()
    };
    assert_eq!(actual, 1882.0);
    near(expected / actual, 0.885, 0.01);
    let fewer = json(&dir, &[&["report", "value", "--churn", "-5%"], &day[..]].concat());
    let gains: Vec<f64> = fewer.iter().map(|r| numbers(r, &["gain"])[0]).collect();
    assert!(gains.len() == 5 && gains[0] > 0.0 && gains.windows(2).all(|w| w[1] > w[0]), "{gains:?}");
    let more = json(&dir, &[&["report", "value", "--churn", "5%"], &day[..]].concat());
    assert!(numbers(&more[0], &["gain"])[0] < 0.0);
}

#[test]
fn small_companies_have_values_too() {
    let check = |name: &str, list: &[(&str, &str, u64)], says: &str, expected: &[&str]| {
        let dir = sold(&orders(list));
        let day = ["--today", "2026-06-30"];
        let found = json(&dir, &[&["report", "value"], &day[..]].concat());
        let keys = "customer,spent,earned,p_alive,expected_orders,expected,basis";
        let rows: Vec<String> = found.iter().map(|r| told(r, keys)).collect();
        assert_eq!(rows, expected, "{name}");
        for row in &found {
            let figures = numbers(row, &["p_alive", "expected_orders", "expected"]);
            assert!(figures.iter().all(|f| f.is_finite() && *f >= 0.0), "{name}: {figures:?}");
        }
        let out = dir.run(&[&["report", "value", "--lang", "en"], &day[..]].concat()).expect(0);
        assert!(out.stdout.contains(says), "{name}: {}", out.stdout);
        let zh = dir.run(&[&["report", "value", "--lang", "zh-CN"], &day[..]].concat()).expect(0);
        assert!(!zh.stdout.contains("Nobody") && !zh.stdout.contains("BG/NBD: "), "{name}: {}", zh.stdout);
        for show in [&["--show", "weeks"][..], &["--churn", "-5%"], &["--by", "owner"], &["--backtest", "2026-01-31"]] {
            dir.run(&[&["report", "value"], show, &day].concat()).expect(0);
        }
    };
    check("empty", &[], "", &[]);
    let today = ("echo", "2026-06-30", 10_000);
    check(
        "one order today",
        &[today],
        "Nobody has ordered on two days",
        &["echo 100 50 1.000000 0.499658 47.67 shrunk"],
    );
    // A year ago: its own (nothing since) counts half, that of all (itself) as well.
    let once = ("echo", "2025-06-29", 10_000);
    check(
        "one order a year ago",
        &[once],
        "Nobody has ordered on two days",
        &["echo 100 50 1.000000 0.249573 0 shrunk"],
    );
    let one = [("echo", "2026-01-01", 10_000), ("echo", "2026-03-01", 10_000), ("echo", "2026-05-01", 10_000)];
    check(
        "one customer",
        &one,
        "all customers order at the same rate",
        &["echo 300 150 1.000000 4.055556 143.02 shrunk"],
    );
}
