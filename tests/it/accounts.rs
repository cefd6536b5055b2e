//! What is owed on both sides (R10): over random ledgers and days it is what was agreed less what came and went, the statement of an
//! account says the same, and hledger, which reads the same ledger as a journal, does too.

use super::support::company::customer;
use super::support::{Dir, command, start};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A random number after the other.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    fn one(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    /// A day from another one on, both as days of the first half of 2026.
    fn day(&mut self, from: u64) -> u64 {
        from + self.below(DAYS - from)
    }
    fn cents(&mut self, most: u64) -> i64 {
        4 + self.below(most) as i64
    }
}

/// Days from 2026-01-01 to 2026-06-29.
const DAYS: u64 = 180;

fn day(n: u64) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    (first + chrono::Days::new(n)).to_string()
}

fn money(cents: i64) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

/// A ledger, and what it comes to by the text of the rules: how much each account changes on each day.
#[derive(Default)]
struct Books {
    rows: BTreeMap<&'static str, Vec<String>>,
    posts: Vec<(u64, String, i64)>,
    events: u64,
}

const HEADERS: &[(&str, &str)] = &[
    ("orders", "id,line,at,customer,quantity,amount,tax,cost,returns,contract,due"),
    ("receivables", "id,at,customer,amount,due,contract,order"),
    ("receipts", "id,line,at,customer,amount,receivable,order,method,matures"),
    ("refunds", "id,at,customer,amount,reason,kind"),
    ("contracts", "id,at,party,kind"),
    ("suppliers", "id,name"),
    ("payables", "id,at,supplier,amount,due"),
    ("payments", "id,line,at,supplier,amount,payable"),
    ("events", "id,at,kind,subject,event,from,to"),
];

/// An order of a random ledger.
struct Order {
    id: String,
    at: u64,
    total: i64,
    net: i64,
    cost: i64,
    contract: &'static str,
    cancelled: Option<u64>,
}

impl Books {
    fn row(&mut self, ledger: &'static str, row: String) {
        self.rows.entry(ledger).or_default().push(row);
    }
    fn event(&mut self, on: u64, kind: &str, subject: &str, event: &str, from: &str, to: &str) {
        self.events += 1;
        let row = format!("e_{},{}T09:00:00+08:00,{kind},{subject},{event},{from},{to}", self.events, day(on));
        self.row("events", row);
    }
    fn post(&mut self, on: u64, account: &str, cents: i64) {
        if cents != 0 {
            self.posts.push((on, account.to_string(), cents));
        }
    }
    /// Posts what a figure becomes on each of some days.
    fn follow(&mut self, account: &str, days: impl IntoIterator<Item = u64>, value: impl Fn(u64) -> i64) {
        let mut before = 0;
        for on in days.into_iter().collect::<BTreeSet<u64>>() {
            let now = value(on);
            self.post(on, account, now - before);
            before = now;
        }
    }
    fn balance(&self, account: &str, on: u64) -> i64 {
        self.posts.iter().filter(|(at, name, _)| *at <= on && name == account).map(|(.., cents)| cents).sum()
    }

    /// What a customer buys, owes by agreement, pays and gets back.
    fn customer(&mut self, dice: &mut Dice, who: &'static str) {
        let owed = format!("receivable:{who}");
        let earned = format!("profit:{who}");
        let plans: [&'static str; 2] = if who == "acme" { ["c0", "c1"] } else { ["c2", "c3"] };
        // The second contract waits for its approval.
        let approved = dice.day(20);
        for (n, id) in plans.into_iter().enumerate() {
            self.row("contracts", format!("{id},{},{who},sales", day(0)));
            if n == 1 {
                self.event(0, "contract", id, "approval", "", "submitted");
                self.event(approved, "contract", id, "approval", "submitted", "approved");
            }
        }
        let mut orders: Vec<Order> = Vec::new();
        for n in 0..9 {
            let (at, net) = (dice.day(0), dice.cents(90_000));
            let (tax, cost) = (net * dice.below(14) as i64 / 100, dice.cents(80_000));
            let contract = if dice.one(3) { plans[dice.below(2) as usize] } else { "" };
            let cancelled = (contract.is_empty() && dice.one(4)).then(|| dice.day(at));
            let id = format!("o_{who}{n}");
            let due = day(dice.day(at));
            let [net_text, tax_text, cost_text] = [net, tax, cost].map(money);
            self.row(
                "orders",
                format!("{id},1,{},{who},4,{net_text},{tax_text},{cost_text},,{contract},{due}", day(at)),
            );
            self.post(at, &earned, net - cost);
            if let Some(on) = cancelled {
                self.event(on, "order", &id, "cancelled", "", "");
                self.post(on, &earned, cost - net);
            }
            orders.push(Order { id, at, total: net + tax, net, cost, contract, cancelled });
        }
        // (day, amount) of the rows that name an order or a contract.
        let mut named: BTreeMap<String, Vec<(u64, i64)>> = BTreeMap::new();
        for n in 0..10 {
            let (id, at, amount) = (format!("r_{who}{n}"), dice.day(0), dice.cents(50_000));
            let (mut contract, mut order) = ("", String::new());
            let whole = orders.iter().filter(|o| o.contract.is_empty() && o.cancelled.is_none());
            match dice.below(3) {
                0 => {
                    contract = plans[dice.below(2) as usize];
                    named.entry(contract.to_string()).or_default().push((at, amount));
                }
                1 if let Some(o) = whole.max_by_key(|o| o.total % 7) => {
                    order.clone_from(&o.id);
                    named.entry(order.clone()).or_default().push((at, amount));
                }
                _ => {
                    self.post(at, &owed, amount);
                    let on = dice.day(at);
                    if dice.one(2) {
                        self.event(on, "receivable", &id, "writeoff", "", &money(amount / 2));
                        self.post(on, &owed, -(amount / 2));
                    } else if dice.one(3) {
                        self.event(on, "receivable", &id, "void", "", "");
                        self.post(on, &owed, -amount);
                    }
                }
            }
            let due = day(dice.day(at));
            self.row("receivables", format!("{id},{},{who},{},{due},{contract},{order}", day(at), money(amount)));
        }
        let by = |list: &[(u64, i64)], on: u64| list.iter().filter(|(at, _)| *at <= on).map(|(_, n)| n).sum::<i64>();
        for o in orders.iter().filter(|o| o.contract.is_empty()) {
            // An order stands for what the rows that name it leave of it.
            let rows = named.get(&o.id).cloned().unwrap_or_default();
            let days = rows.iter().map(|r| r.0).chain([o.at]).chain(o.cancelled);
            self.follow(&owed, days, |on| {
                let there = on >= o.at && o.cancelled.is_none_or(|c| on < c);
                by(&rows, on) + if there { (o.total - by(&rows, on)).max(0) } else { 0 }
            });
        }
        for (n, plan) in plans.into_iter().enumerate() {
            // Rows that name a contract stand for its orders, once it is approved.
            let rows = named.get(plan).cloned().unwrap_or_default();
            let of: Vec<(u64, i64)> = orders.iter().filter(|o| o.contract == plan).map(|o| (o.at, o.total)).collect();
            let from = if n == 1 { approved } else { 0 };
            let days: Vec<u64> = rows.iter().chain(&of).map(|r| r.0).chain([from]).collect();
            let counts = |on: u64| on >= from && rows.iter().any(|r| r.0 <= on);
            self.follow(&owed, days.clone(), |on| if counts(on) { by(&rows, on) } else { by(&of, on) });
            let waits = |on: u64| if on < from { by(&rows, on) } else { 0 };
            self.follow(&format!("pending:{who}"), days, waits);
        }
        let mut took_back = BTreeSet::new();
        for n in 0..3 {
            let o = &orders[dice.below(9) as usize];
            let (back, cost, at) = (o.net / 4, o.cost / 4, dice.day(o.at));
            if o.cancelled.is_some() || !took_back.insert(o.id.clone()) {
                continue;
            }
            let (id, contract) = (&o.id, o.contract);
            let tax = (o.total - o.net) / 4;
            let [net, tax_text, less] = [-back, -tax, -cost].map(money);
            self.row("orders", format!("b_{who}{n},1,{},{who},-1,{net},{tax_text},{less},{id}/1,{contract},", day(at)));
            self.post(at, &owed, -back - tax);
            self.post(at, &earned, cost - back);
        }
        for n in 0..9 {
            let (id, at, amount) = (format!("p_{who}{n}"), dice.day(0), dice.cents(60_000));
            let (receivable, order) = match dice.below(3) {
                0 => (format!("r_{who}{}", dice.below(10)), String::new()),
                1 => (String::new(), orders[dice.below(9) as usize].id.clone()),
                _ => (String::new(), String::new()),
            };
            let bill = if dice.one(3) { format!("acceptance,{}", day(dice.day(at))) } else { "transfer,".to_string() };
            self.row("receipts", format!("{id},1,{},{who},{},{receivable},{order},{bill}", day(at), money(amount)));
            self.post(at, &owed, -amount);
            if dice.one(5) {
                let on = dice.day(at);
                self.event(on, "receipt", &id, "void", "", "");
                self.post(on, &owed, amount);
            }
        }
        for n in 0..5 {
            let (id, at, amount) = (format!("f_{who}{n}"), dice.day(0), dice.cents(9_000));
            let kind = ["return", "overpayment", "allowance", "goodwill"][dice.below(4) as usize];
            self.row("refunds", format!("{id},{},{who},{},quality,{kind}", day(at), money(amount)));
            // Some wait for somebody's approval, and some of these for ever.
            let counts = match dice.below(3) {
                0 => {
                    self.event(at, "refund", &id, "approval", "", "submitted");
                    let on = dice.day(at);
                    let answer = if dice.one(2) { "approved" } else { "rejected" };
                    self.event(on, "refund", &id, "approval", "submitted", answer);
                    (answer == "approved").then_some((on, at == on))
                }
                _ => Some((at, true)),
            };
            let Some((on, _)) = counts else { continue };
            match kind {
                "return" | "overpayment" => self.post(on, &owed, amount),
                "allowance" => {
                    self.post(on, &owed, -amount);
                    self.post(on, &earned, -amount);
                }
                _ => {}
            }
        }
    }

    /// What we owe a supplier and pay.
    fn supplier(&mut self, dice: &mut Dice, who: &'static str) {
        self.row("suppliers", format!("{who},{who}"));
        let owed = format!("payable:{who}");
        for n in 0..8 {
            let (id, at, amount) = (format!("y_{who}{n}"), dice.day(0), dice.cents(60_000));
            self.row("payables", format!("{id},{},{who},{},{}", day(at), money(amount), day(dice.day(at))));
            match dice.below(4) {
                0 => {
                    self.event(at, "payable", &id, "approval", "", "submitted");
                    let on = dice.day(at);
                    self.event(on, "payable", &id, "approval", "submitted", "approved");
                    self.post(on, &owed, amount);
                }
                1 => self.event(at, "payable", &id, "approval", "", "draft"),
                2 => {
                    self.post(at, &owed, amount);
                    let on = dice.day(at);
                    self.event(on, "payable", &id, "void", "", "");
                    self.post(on, &owed, -amount);
                }
                _ => self.post(at, &owed, amount),
            }
        }
        for n in 0..7 {
            let (at, amount) = (dice.day(0), dice.cents(50_000));
            let payable = if dice.one(2) { format!("y_{who}{}", dice.below(8)) } else { String::new() };
            self.row("payments", format!("m_{who}{n},1,{},{who},{},{payable}", day(at), money(amount)));
            self.post(at, &owed, -amount);
        }
    }

    fn random(seed: u64) -> (Books, Dice) {
        let (mut books, mut dice) = (Books::default(), Dice(seed));
        for who in ["acme", "bolt"] {
            books.customer(&mut dice, who);
        }
        for who in ["steel", "wire"] {
            books.supplier(&mut dice, who);
        }
        (books, dice)
    }

    /// The directory, each ledger in as many files.
    fn dir(&self, files: usize, turned: bool) -> Dir {
        let dir = start::make("new");
        customer(&dir, "acme", "repeat", "li");
        customer(&dir, "bolt", "repeat", "li");
        for (ledger, rows) in &self.rows {
            let header = HEADERS.iter().find(|(l, _)| l == ledger).expect("a header").1;
            for file in 0..files {
                let mut its: Vec<&String> = rows.iter().skip(file).step_by(files).collect();
                if turned {
                    its.reverse();
                }
                let text: String = its.iter().map(|r| format!("{r}\n")).collect();
                dir.write(&format!("ledgers/{ledger}/2026-{file}.csv"), format!("{header}\n{text}"));
            }
        }
        dir
    }
}

/// The rows of an answer. On an earlier day money may name what came to be later: then it says so.
fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    let ran = dir.run(&[args, &["--json"]].concat());
    let unknown = ran.stderr.contains("that do not exist") || ran.stderr.contains("that does not exist");
    assert!(ran.code == 0 || ran.code == 3 && unknown, "{args:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

fn cents(row: &Value, key: &str) -> i64 {
    let n: Decimal = row[key].to_string().parse().unwrap_or_else(|_| panic!("{key} of {row}"));
    i64::try_from(n * Decimal::ONE_HUNDRED).expect("cents")
}

/// A figure of the row of something; 0 where there is no row.
fn of(rows: &[Value], column: &str, who: &str, key: &str) -> i64 {
    rows.iter().find(|r| r[column] == who).map_or(0, |r| cents(r, key))
}

const AGES: [&str; 6] = ["not_due", "d1_30", "d31_60", "d61_90", "d91_120", "d120_plus"];

#[test]
fn what_is_owed_is_what_was_agreed_less_what_came_on_any_day() {
    for seed in 1..=8 {
        let (books, mut dice) = Books::random(seed);
        let (dir, other) = (books.dir(1, false), books.dir(3, true));
        for on in [dice.day(0), dice.day(0), dice.day(60), DAYS] {
            let today = day(on);
            let at = |args: &[&str]| json(&dir, &[args, &["--today", &today]].concat());
            for (report, column, account, parties) in [
                ("receivables", "customer", "receivable", ["acme", "bolt"]),
                ("payables", "supplier", "payable", ["steel", "wire"]),
            ] {
                let rows = at(&["report", report]);
                for who in parties {
                    let expected = books.balance(&format!("{account}:{who}"), on);
                    let case = format!("seed {seed}, {who} on {today}");
                    assert_eq!(of(&rows, column, who, "outstanding"), expected, "{case}");
                    let aged: i64 = AGES.iter().map(|k| of(&rows, column, who, k)).sum();
                    assert_eq!(aged - of(&rows, column, who, "credit"), expected, "{case}");
                    if account == "receivable" {
                        let waits = books.balance(&format!("pending:{who}"), on);
                        assert_eq!(of(&rows, column, who, "pending"), waits, "{case}");
                    }
                }
                // Neither the order of rows nor their division into files says anything.
                assert_eq!(json(&other, &["report", report, "--today", &today]), rows, "seed {seed} on {today}");
            }
            for who in ["acme", "bolt"] {
                let lines = at(&["report", "statement", who]);
                let expected = books.balance(&format!("receivable:{who}"), on);
                let case = format!("seed {seed}, {who} on {today}");
                let moved = |l: &Value| ["debit", "credit"].map(|k| if l[k].is_null() { 0 } else { cents(l, k) });
                let last = lines.last().map_or(0, |l| cents(l, "balance"));
                assert_eq!(last, expected, "{case}");
                let inner = lines.iter().filter(|l| l["movement"] != "opening" && l["movement"] != "closing");
                let sum: i64 = inner.map(|l| moved(l)[0] - moved(l)[1]).sum();
                assert_eq!(sum, expected, "{case}");
                // The balance that a period begins with is that of the day before.
                let from = day(on / 2);
                let part = at(&["report", "statement", who, "-p", &format!("{from}..")]);
                let before: i64 = lines
                    .iter()
                    .filter(|l| l["movement"] != "closing" && l["at"].as_str().is_some_and(|at| at < from.as_str()))
                    .map(|l| moved(l)[0] - moved(l)[1])
                    .sum();
                assert_eq!(part.first().map_or(before, |l| cents(l, "balance")), before, "{case}");
                assert_eq!(part.last().map_or(expected, |l| cents(l, "balance")), expected, "{case}");
            }
        }
    }
}

#[test]
fn hledger_agrees_on_fifty_days() {
    let there = command(Path::new("hledger"), Path::new(".")).arg("--version").output();
    if !there.is_ok_and(|out| out.status.success()) {
        eprintln!("skipped: hledger, which reads the ledger as a journal, is missing");
        return;
    }
    for seed in 21..=25 {
        let (books, mut dice) = Books::random(seed);
        let dir = books.dir(2, false);
        let mut posts = books.posts.clone();
        posts.sort();
        let mut journal = String::new();
        for (on, account, amount) in posts.iter().filter(|p| !p.1.starts_with("pending")) {
            journal.push_str(&format!("{} x\n    {account}  {}\n    equity\n\n", day(*on), money(*amount)));
        }
        dir.write("journal", journal);
        for _ in 0..10 {
            let on = dice.day(0);
            let (today, next) = (day(on), day(on + 1));
            let mut hledger = command(Path::new("hledger"), dir.path());
            hledger.args(["-f", "journal", "bal", "--flat", "-N", "-E", "-O", "csv", "-e", &next]);
            let out = hledger.output().expect("hledger runs");
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            let text = String::from_utf8(out.stdout).expect("UTF-8");
            let theirs: BTreeMap<String, i64> = text
                .lines()
                .skip(1)
                .filter_map(|l| {
                    let (name, amount) = l.split_once(',')?;
                    let amount: Decimal = amount.trim_matches('"').parse().ok()?;
                    Some((name.trim_matches('"').to_string(), i64::try_from(amount * Decimal::ONE_HUNDRED).ok()?))
                })
                .collect();
            let figure = |account: String| theirs.get(&account).copied().unwrap_or_default();
            let at = |args: &[&str]| json(&dir, &[args, &["--today", &today]].concat());
            let (owed, owing) = (at(&["report", "receivables"]), at(&["report", "payables"]));
            let profit = at(&["report", "profit", "--by", "customer"]);
            for who in ["acme", "bolt"] {
                let case = format!("seed {seed}, {who} on {today}");
                assert_eq!(of(&owed, "customer", who, "outstanding"), figure(format!("receivable:{who}")), "{case}");
                assert_eq!(of(&profit, "customer", who, "profit"), figure(format!("profit:{who}")), "{case}");
            }
            for who in ["steel", "wire"] {
                let case = format!("seed {seed}, {who} on {today}");
                assert_eq!(of(&owing, "supplier", who, "outstanding"), figure(format!("payable:{who}")), "{case}");
            }
        }
    }
}

/// The header of a list of invoices, as examples/imports/invoice-list.toml reads it.
const INVOICES: &str = "发票号,客户,开票日期,到期日,金额,收款日期,收款,争议";

#[test]
fn a_list_of_2500_invoices_ages_as_it_does_by_hand() {
    let dir = start::make("new");
    let who = |n: u64| format!("c{n:02}");
    for n in 0..25 {
        customer(&dir, &who(n), "repeat", "li");
    }
    let from = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
    let on = |n: u64| from + chrono::Days::new(n);
    let shown = |n: u64| on(n).format("%Y/%m/%d").to_string();
    // (customer, entered, due, amount, paid on, paid); a pattern for each remainder: closed in time or late, in part, open, disputed.
    let mut list = Vec::new();
    let mut text = format!("{INVOICES}\n");
    for n in 0..2500u64 {
        let (customer, entered) = (n % 25, n * 7 % 365);
        let due = entered + [0, 30, 45, 60][(n % 4) as usize];
        let amount = (1000 + n * 379 % 900_000) as i64;
        let paid = match n % 10 {
            0..=2 => Some((entered + n * 11 % 25, amount)),
            3..=5 => Some((due + n * 13 % 100, amount)),
            6 => Some((due + n % 20, amount / 3)),
            _ => None,
        };
        let disputed = if n % 10 >= 6 && n % 3 == 0 { "数量不符" } else { "" };
        let (day, sum) = paid.map_or_else(Default::default, |(day, sum)| (shown(day), money(sum)));
        let [entered_text, due_text] = [entered, due].map(shown);
        text.push_str(&format!(
            "FP{n:06},{},{entered_text},{due_text},{},{day},{sum},{disputed}\n",
            who(customer),
            money(amount)
        ));
        list.push((customer, entered, due, amount, paid));
    }
    dir.write("list.csv", text);
    for map in ["invoice-list", "invoice-payments"] {
        let map = super::support::repo().join(format!("examples/imports/{map}.toml"));
        dir.run(&["import", "list.csv", "--map", map.to_str().expect("a path"), "-q"]).expect(0);
    }
    for month in 1..=15u32 {
        let (year, next) = if month < 12 { (2025, month + 1) } else { (2025 + month as i32 / 12, month % 12 + 1) };
        let first = chrono::NaiveDate::from_ymd_opt(year, next, 1).expect("a day");
        let end = first.pred_opt().expect("a day");
        let mut expected: BTreeMap<String, [i64; 6]> = BTreeMap::new();
        for (customer, entered, due, amount, paid) in list.iter().filter(|i| on(i.1) <= end) {
            let came = paid.filter(|(day, _)| on(*day) <= end).map_or(0, |(_, sum)| sum);
            let slot = match (end - on(*due)).num_days() {
                ..=0 => 0,
                late @ 1..=120 => 1 + (late as usize - 1) / 30,
                _ => 5,
            };
            assert!(*entered <= *due);
            expected.entry(who(*customer)).or_default()[slot] += amount - came;
        }
        let rows = json(&dir, &["report", "receivables", "--today", &end.to_string()]);
        for (who, ages) in &expected {
            let found = AGES.map(|k| of(&rows, "customer", who, k));
            assert_eq!(found, *ages, "{who} at {end}");
            assert_eq!(of(&rows, "customer", who, "outstanding"), ages.iter().sum::<i64>(), "{who} at {end}");
        }
    }
    // What the customer objects to stays with the receivable.
    let disputed = dir.run(&["receivable", "list", "数量不符", "status:overdue", "-f", "ids"]).expect(0).stdout;
    assert!(disputed.lines().count() > 100, "{disputed}");
}
