//! What stands behind a figure of a customer: the rule, the days it covers, its inputs, and the rows of the files. Data
//! only; `report::explain` puts it into words.

use super::Metric;
use super::growth;
use crate::model::customer::Customer;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::row::{Event, RowPlace};
use crate::model::value::{Kind, Value};
use crate::rules::exposure;
use crate::rules::followup::{cycle, cycle_key, is_two_way, open_promise};
use crate::rules::funnel::{last_two_way, touch_days};
use crate::rules::history::fold_of;
use crate::rules::index::Index;
use crate::rules::lifecycle::stage_since;
use crate::rules::orders::{open_deliveries, order_days};
use crate::rules::profit::{Sale, figures, year};
use crate::rules::receivables::{Receivable, Wait, weigh};

/// A figure that another one is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its key, as labels know it.
    pub key: &'static str,
    /// Its sort.
    pub kind: Kind,
    /// Missing = not known.
    pub value: Value<'static>,
}

/// A place in the files.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence<'a> {
    /// An order line or an allowance, with what it adds.
    Sale(Sale<'a>),
    /// A receivable with its payments.
    Receivable(Receivable<'a>),
    /// An amount with the days it took.
    Wait(Wait),
    /// Money that came in or went back.
    Money {
        /// The row.
        place: RowPlace,
        /// When.
        day: Day,
        /// Negative for what went back.
        amount: Decimal,
    },
    /// Any other row.
    Row {
        /// The row.
        place: RowPlace,
        /// The day it is about.
        day: Day,
        /// What it says, in the words of the file.
        text: String,
    },
    /// A key of a TOML file.
    Key {
        /// Path in the data directory.
        file: &'static str,
        /// Where the key stands, when that is known.
        line: Option<u32>,
        /// Dotted.
        key: String,
        /// As written; empty = not set.
        value: String,
    },
}

/// What stands behind a figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis<'a> {
    /// The rule's number: `R6`.
    pub rule: &'static str,
    /// The days that count; `None` = the state of today.
    pub window: Option<Period>,
    /// Numerator and denominator of a ratio or mean.
    pub ratio: Option<(Input, Input)>,
    /// What else goes in.
    pub inputs: Vec<Input>,
    /// Where it stands.
    pub evidence: Vec<Evidence<'a>>,
}

fn money(key: &'static str, amount: Decimal) -> Input {
    Input { key, kind: Kind::Money, value: Value::Num(amount) }
}

fn known(key: &'static str, amount: Option<Decimal>) -> Input {
    Input { key, kind: Kind::Money, value: Value::num(amount) }
}

fn number(key: &'static str, n: i64) -> Input {
    Input { key, kind: Kind::Number, value: Value::int(n) }
}

fn days(key: &'static str, n: Option<i64>) -> Input {
    Input { key, kind: Kind::Days, value: n.map_or(Value::Missing, Value::int) }
}

fn count(key: &'static str, n: usize) -> Input {
    number(key, i64::try_from(n).unwrap_or(i64::MAX))
}

/// A key of kehu.toml.
fn setting(key: impl Into<String>, value: impl Into<String>) -> Evidence<'static> {
    Evidence::Key { file: "kehu.toml", line: None, key: key.into(), value: value.into() }
}

/// A key of a customer's file.
fn own(c: &Customer, key: impl Into<String>, value: impl Into<String>) -> Evidence<'static> {
    let key = key.into();
    let line = c.rest().lines.iter().find(|(k, _)| *k == key).map(|(_, line)| *line);
    Evidence::Key { file: c.file, line, key, value: value.into() }
}

/// What stands behind the figure of a metric for a customer (by index).
pub fn basis<'a>(metric: &Metric, x: &Index<'a>, c: usize) -> Basis<'a> {
    match metric.key {
        "orders" | "quantity" | "revenue" | "cost" | "profit" | "margin" | "avg_order" | "unknown_cost_lines" => {
            trade(metric.key, x, c)
        }
        "growth" => growth_basis(x, c),
        "outstanding" | "overdue" | "credit" | "credit_used" => receivables(metric.key, x, c),
        "payment_days" | "late_days" => payment(metric.key == "late_days", x, c),
        "value_at_risk" => at_risk(x, c),
        "open_deliveries" | "late_deliveries" => deliveries(metric.key == "late_deliveries", x, c),
        "first_order" | "last_order" | "idle_days" | "order_gap" => order_dates(metric.key, x, c),
        "stalled" => stalled(x, c),
        "days_in_stage" | "stage_since" => Basis { rule: "R1", evidence: decisions(x, c, "stage"), ..Basis::default() },
        "owner_since" => {
            let mut evidence = decisions(x, c, "owner");
            evidence.drain(..evidence.len().saturating_sub(1));
            Basis { rule: "R2", evidence, ..Basis::default() }
        }
        "stage_category" => {
            let c = &x.book.customers[c];
            let category = x.book.settings.stage(c.stage).map_or("", |s| s.category.key());
            let category = setting(format!("stages.{}.category", c.stage), category);
            Basis { rule: "R1", evidence: vec![own(c, "stage", c.stage), category], ..Basis::default() }
        }
        "contacts" | "age" | "referrals" => in_files(metric.key, x, c),
        "due" | "days_overdue" | "why" => Basis { evidence: touched(metric.key, x, c), rule: "R4", ..Basis::default() },
        "activities" | "visits" => {
            let evidence = touched(metric.key, x, c);
            Basis { rule: "R5", window: Some(x.window), evidence, ..Basis::default() }
        }
        "promise" | "last_activity" => Basis { rule: "R4", evidence: touched(metric.key, x, c), ..Basis::default() },
        "last_two_way" | "touch_days" => Basis { rule: "R3", evidence: touched(metric.key, x, c), ..Basis::default() },
        "open_tasks" => {
            let open = x.tasks(c).iter().filter(|t| x.book.state(**t) == "open");
            let evidence = open.map(|t| Evidence::Row { place: t.place, day: t.due, text: t.title.into() }).collect();
            Basis { rule: "R4", evidence, ..Basis::default() }
        }
        "open_quotes" => {
            let today = x.book.today;
            let open = x.quotes().of(c).filter(|q| q.state(today).is_open()).map(|q| q.current().head());
            let evidence = open.map(|l| Evidence::Row { place: l.place, day: l.at.day, text: l.id.into() }).collect();
            Basis { rule: "R6", evidence, ..Basis::default() }
        }
        _ => rows(metric, x, c),
    }
}

/// For a metric without an explanation of its own: the customer's rows in the ledgers that it reads.
fn rows<'a>(metric: &Metric, x: &Index<'a>, c: usize) -> Basis<'a> {
    use crate::model::ledger::Ledger;
    let mut evidence = Vec::new();
    if metric.needs.has(Ledger::Orders) {
        evidence.extend(x.sales(c, x.window).into_iter().map(Evidence::Sale));
    }
    if metric.needs.has(Ledger::Receipts) {
        evidence.extend(open_receivables(x, c));
    }
    if metric.needs.has(Ledger::Activities) {
        evidence.extend(touched("activities", x, c));
    }
    Basis { window: Some(x.window), evidence, ..Basis::default() }
}

fn trade<'a>(metric: &str, x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut sales = x.sales(c, x.window);
    let f = figures(&sales);
    let profit = || known("profit", f.profit());
    let of_known = || money("revenue_known", f.known_revenue());
    let unknown = || number("unknown_cost_lines", f.unknown_cost_lines);
    let mut basis = Basis { rule: "R6", window: Some(x.window), ..Basis::default() };
    match metric {
        "margin" => {
            basis.ratio = Some((profit(), of_known()));
            basis.inputs.push(unknown());
        }
        "avg_order" => basis.ratio = Some((money("revenue", f.revenue()), number("orders", f.orders()))),
        "profit" => {
            basis.inputs = vec![of_known(), money("cost", f.cost()), money("extra_cost", f.extra_cost()), unknown()];
        }
        "cost" => basis.inputs.push(unknown()),
        "revenue" | "quantity" => basis.inputs.push(number("orders", f.orders())),
        "unknown_cost_lines" => {
            sales.retain(|s| s.revenue().is_some() && s.cost.is_none());
            basis.inputs.push(money("revenue", f.unknown_revenue()));
        }
        _ => {}
    }
    basis.evidence = sales.into_iter().map(Evidence::Sale).collect();
    basis
}

fn growth_basis<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut basis =
        Basis { rule: "R13", window: Some(super::growth_window(x.window, x.book.today)), ..Basis::default() };
    if let Some((now, before)) = growth::periods(x.window, x.book.today) {
        let [now, then] = [now, before].map(|p| growth::revenue(x, c, p));
        basis.ratio = Some((money("revenue_more", now - then), money("revenue_then", then)));
        basis.inputs.push(money("revenue", now));
    }
    basis.evidence = basis.window.map_or(Vec::new(), |w| x.sales(c, w)).into_iter().map(Evidence::Sale).collect();
    basis
}

/// What is open, oldest due first.
fn open_receivables<'a>(x: &Index<'a>, c: usize) -> Vec<Evidence<'a>> {
    let all = x.accounts_of(c).iter().flat_map(|a| &a.receivables);
    all.filter(|r| !r.open.is_zero()).map(|r| Evidence::Receivable(r.clone())).collect()
}

/// Every receipt and what went back.
fn cash<'a>(x: &Index<'a>, c: usize) -> Vec<Evidence<'a>> {
    let book = x.book;
    let receipts = book.receipts.iter().filter(|r| !book.is_void(r) && book.customer_index(r.customer()) == Some(c));
    let receipts = receipts.map(|r| Evidence::Money { place: r.place(), day: r.day(), amount: r.amount() });
    let refunds = x.refunds(c).iter().filter(|r| matches!(r.kind, "return" | "overpayment"));
    let refunds = refunds.map(|r| Evidence::Money { place: r.place, day: r.at.day, amount: -r.amount });
    receipts.chain(refunds).collect()
}

fn receivables<'a>(metric: &str, x: &Index<'a>, c: usize) -> Basis<'a> {
    let today = x.book.today;
    let open = || known("open_amount", exposure::in_base(x, c, |a| a.ageing(today).sum()));
    let credit = || known("credit", exposure::in_base(x, c, |a| a.credit));
    let mut basis = Basis { rule: "R10", ..Basis::default() };
    match metric {
        "credit" => {
            let paid = |r: &Receivable<'_>| r.paid.iter().map(|p| p.1).collect::<Vec<Decimal>>();
            let settled = exposure::in_base(x, c, |a| Sum::of(a.receivables.iter().flat_map(paid)));
            basis.inputs = vec![known("settled", settled)];
            basis.evidence = cash(x, c);
            return basis;
        }
        "overdue" => {
            let not_due = exposure::in_base(x, c, |a| a.ageing(today).not_due);
            basis.inputs = vec![open(), known("not_due", not_due)];
            basis.evidence = open_receivables(x, c);
            basis.evidence.retain(|e| matches!(e, Evidence::Receivable(r) if r.due < today));
            return basis;
        }
        "credit_used" => {
            let limit = exposure::credit_limit(x, c);
            basis.ratio = Some((known("outstanding", exposure::outstanding(x, c)), known("credit_limit", limit)));
            let limit = limit.map(|l| l.to_string()).unwrap_or_default();
            basis.evidence.push(own(&x.book.customers[c], "credit_limit", limit));
        }
        _ => basis.inputs = vec![open(), credit()],
    }
    basis.evidence.extend(open_receivables(x, c));
    basis
}

fn payment<'a>(late: bool, x: &Index<'a>, c: usize) -> Basis<'a> {
    let list = exposure::waits(x, &[c], late).unwrap_or_default();
    let open = Sum::of(list.iter().filter(|w| w.open).map(|w| w.amount));
    Basis {
        rule: "R10",
        window: Some(year(x.book.today)),
        ratio: weigh(&list).map(|(sum, weight)| (money("amount_days", sum), money("amount", weight))),
        inputs: vec![known("open_amount", open.known())],
        evidence: list.into_iter().map(Evidence::Wait).collect(),
    }
}

fn at_risk<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let bought = x.figures_of_year(c);
    let revenue = (bought.lines > 0).then_some(bought.revenue());
    let inputs = vec![known("outstanding", exposure::outstanding(x, c)), known("revenue", revenue)];
    let mut evidence = open_receivables(x, c);
    let window = year(x.book.today);
    evidence.extend(x.sales(c, window).into_iter().map(Evidence::Sale));
    Basis { rule: "R10, R6", window: Some(window), ratio: None, inputs, evidence }
}

fn deliveries<'a>(late: bool, x: &Index<'a>, c: usize) -> Basis<'a> {
    let list = open_deliveries(x, c).into_iter().filter(|d| !late || d.promised < x.book.today);
    let row = |d: crate::rules::orders::OpenDelivery| {
        let line = d.lines[0];
        Evidence::Row { place: line.place(), day: d.promised, text: format!("{} {}", line.id(), d.state.key()) }
    };
    Basis { rule: "R10", evidence: list.map(row).collect(), ..Basis::default() }
}

fn order_dates<'a>(metric: &str, x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = order_days(x, c);
    let wanted = match metric {
        "order_gap" => &all[..],
        "first_order" => &all[..all.len().min(1)],
        _ => &all[all.len().saturating_sub(1)..],
    };
    let sales = x.sales(c, Period::ALL).into_iter();
    let on = |s: &Sale<'_>| s.line.is_some() && wanted.binary_search(&s.day).is_ok();
    let evidence = sales.filter(on).map(Evidence::Sale).collect();
    Basis { rule: "R7", inputs: vec![count("order_days", all.len())], evidence, ..Basis::default() }
}

fn decisions<'a>(x: &Index<'a>, c: usize, name: &str) -> Vec<Evidence<'a>> {
    let fold = fold_of(x.events(c), name);
    let or_dash = |s: &'static str| if s.is_empty() { "–" } else { s };
    let text = |e: Event| format!("{name} {} → {}", or_dash(e.from()), or_dash(e.to()));
    let row = |e: &Event| Evidence::Row { place: e.place(), day: e.day(), text: text(*e) };
    fold.map_or(Vec::new(), |f| f.applied.iter().map(row).collect())
}

/// The activities behind a figure of contacts.
fn touched<'a>(metric: &str, x: &Index<'a>, c: usize) -> Vec<Evidence<'a>> {
    let all = x.activities(c);
    let settings = &x.book.settings;
    let two_way = last_two_way(x, c);
    let chosen: Vec<_> = match metric {
        "promise" => open_promise(settings, all).into_iter().collect(),
        "last_two_way" | "touch_days" => {
            let last = all.iter().rev().find(|a| Some(a.day()) == two_way && is_two_way(settings, **a));
            last.copied().into_iter().collect()
        }
        "activities" => all.iter().filter(|a| x.window.contains(a.day())).copied().collect(),
        "visits" => all.iter().filter(|a| a.channel() == "visit" && x.window.contains(a.day())).copied().collect(),
        _ => all.last().copied().into_iter().collect(),
    };
    chosen
        .iter()
        .map(|a| {
            let next = a.next().map(|d| format!(" next {d}")).unwrap_or_default();
            Evidence::Row { place: a.place(), day: a.day(), text: format!("{} {}{next}", a.channel(), a.by()) }
        })
        .collect()
}

fn stalled<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (book, customer) = (x.book, &x.book.customers[c]);
    let stage_days = stage_since(x, c).map(|d| (book.today - d).num_days());
    let mut evidence = Vec::new();
    if let Some(limit) = book.settings.stage(customer.stage).and_then(|s| s.stall_after) {
        evidence.push(setting(format!("stages.{}.stall_after", customer.stage), limit.to_string()));
    }
    if let Some((span, from)) = cycle(&book.settings, customer) {
        let (file, name) = cycle_key(customer, from);
        let ours = file == customer.file;
        evidence.push(if ours { own(customer, name, span.to_string()) } else { setting(name, span.to_string()) });
    }
    evidence.extend(touched("touch_days", x, c));
    let inputs = vec![days("days_in_stage", stage_days), days("touch_days", touch_days(x, c))];
    Basis { rule: "R3", inputs, evidence, ..Basis::default() }
}

fn in_files<'a>(metric: &str, x: &Index<'a>, c: usize) -> Basis<'a> {
    let customer = &x.book.customers[c];
    let evidence = match metric {
        "referrals" => {
            let named = |n: &str| !n.is_empty() && x.book.customer_index(n) == Some(c);
            let all = x.book.customers.iter().filter(|o| named(o.text("referred_by")));
            all.map(|o| own(o, "referred_by", o.text("referred_by"))).collect()
        }
        "age" => {
            let here = customer.rest().contacts.iter().filter(|p| p.left().is_none_or(|d| d > x.book.today));
            let known =
                |p: &&crate::model::customer::Contact| super::contact_age(p.text("birthday"), x.book.today).is_some();
            let first = here.filter(known).take(1);
            first.map(|p| own(customer, format!("contacts.{}.birthday", p.id), p.text("birthday"))).collect()
        }
        _ => customer.rest().contacts.iter().map(|p| own(customer, format!("contacts.{}", p.id), p.name)).collect(),
    };
    Basis { rule: "R15", evidence, ..Basis::default() }
}
