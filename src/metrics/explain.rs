//! What stands behind a figure of a customer: the rule, the days it covers, its inputs, and the rows of the files. Data
//! only; `report::explain` puts it into words.

pub(in crate::metrics) mod answers;
pub(in crate::metrics) mod worth;

use super::growth::{self as growths, Against};
use crate::model::customer::{Contact, Customer};
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::row::{Activity, Event};
use crate::model::value::{Kind, Value};
use crate::rules::classes::{Because, class};
use crate::rules::engine::index::Index;
use crate::rules::exposure;
use crate::rules::followers::followed;
use crate::rules::followup::{cycle_key, is_two_way, last_two_way, own_promise, touch_days};
use crate::rules::history::fold_of;
use crate::rules::loyalty;
use crate::rules::orders::{open_deliveries, order_days};
use crate::rules::payment_days::{Wait, weigh};
use crate::rules::profit::{Figures, Sale, figures, year};
use crate::rules::receivables::Receivable;
use crate::rules::rfm;
use crate::rules::risk::{Sign, signs};
use crate::rules::stalled::clocks;
use std::collections::HashSet;

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
    /// The days that they are compared with.
    pub against: Option<Period>,
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

/// Figures of profit: the sales of the window, added up.
fn traded<'a>(x: &Index<'a>, c: usize) -> (Figures, Vec<Sale<'a>>) {
    let sales = x.sales(c, x.window);
    (figures(&sales), sales)
}

fn trade<'a>(x: &Index<'a>, sales: Vec<Sale<'a>>, inputs: Vec<Input>) -> Basis<'a> {
    let evidence = sales.into_iter().map(Evidence::Sale).collect();
    Basis { rule: "R6", window: Some(x.window), inputs, evidence, ..Basis::default() }
}

fn unknown_lines(f: &Figures) -> Input {
    number("unknown_cost_lines", f.unknown_cost_lines)
}

/// The lines that sell something.
pub(super) fn orders<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut sales = traded(x, c).1;
    sales.retain(|s| s.sells);
    trade(x, sales, Vec::new())
}

/// The lines of orders that only take back.
pub(super) fn returns<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut sales = traded(x, c).1;
    let sold: HashSet<&str> = sales.iter().filter(|s| s.sells).map(|s| s.order).collect();
    sales.retain(|s| s.line.is_some() && !sold.contains(s.order));
    trade(x, sales, Vec::new())
}

pub(super) fn revenue<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, sales) = traded(x, c);
    trade(x, sales, vec![number("orders", f.orders())])
}

pub(super) fn cost<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, sales) = traded(x, c);
    trade(x, sales, vec![unknown_lines(&f)])
}

pub(super) fn profit<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, sales) = traded(x, c);
    let of_known = money("revenue_known", f.known_revenue());
    let inputs = vec![of_known, money("cost", f.cost()), money("extra_cost", f.extra_cost()), unknown_lines(&f)];
    trade(x, sales, inputs)
}

pub(super) fn margin<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, sales) = traded(x, c);
    let ratio = Some((known("profit", f.profit()), money("revenue_known", f.known_revenue())));
    Basis { ratio, ..trade(x, sales, vec![unknown_lines(&f)]) }
}

pub(super) fn avg_order<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, sales) = traded(x, c);
    let ratio = Some((money("revenue", f.revenue()), number("orders", f.orders())));
    Basis { ratio, ..trade(x, sales, Vec::new()) }
}

pub(super) fn unknown_cost<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (f, mut sales) = traded(x, c);
    sales.retain(|s| s.revenue().is_some() && s.cost.is_none());
    trade(x, sales, vec![money("revenue", f.unknown_revenue())])
}

pub(super) fn growth<'a>(x: &Index<'a>, c: usize, against: Against) -> Basis<'a> {
    let mut basis = Basis { rule: "R13", window: Some(x.window), ..Basis::default() };
    let Some((now, before)) = growths::periods(x.window, x.book.today, against) else { return basis };
    (basis.window, basis.against) = (Some(now), Some(before));
    if let [Some(revenue), Some(then)] = [now, before].map(|p| growths::revenue(x, c, p)) {
        basis.ratio = Some((money("revenue_more", revenue - then), money("revenue_then", then)));
        basis.inputs.push(money("revenue", revenue));
    }
    let sales = x.sales(c, before).into_iter().chain(x.sales(c, now));
    basis.evidence = sales.map(Evidence::Sale).collect();
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

fn owed<'a>(inputs: Vec<Input>, evidence: Vec<Evidence<'a>>) -> Basis<'a> {
    Basis { rule: "R10", inputs, evidence, ..Basis::default() }
}

fn open_amount(x: &Index<'_>, c: usize) -> Input {
    known("open_amount", exposure::in_base(x, c, |a| a.ageing(x.book.today).sum()))
}

pub(super) fn outstanding<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let credit = known("credit", exposure::in_base(x, c, |a| a.credit));
    owed(vec![open_amount(x, c), credit], open_receivables(x, c))
}

pub(super) fn overdue<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let today = x.book.today;
    let not_due = known("not_due", exposure::in_base(x, c, |a| a.ageing(today).not_due));
    let mut evidence = open_receivables(x, c);
    evidence.retain(|e| matches!(e, Evidence::Receivable(r) if r.due < today));
    owed(vec![open_amount(x, c), not_due], evidence)
}

pub(super) fn credit<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let paid = |r: &Receivable<'_>| r.paid.iter().map(|p| p.1).collect::<Vec<Decimal>>();
    let settled = exposure::in_base(x, c, |a| Sum::of(a.receivables.iter().flat_map(paid)));
    owed(vec![known("settled", settled)], cash(x, c))
}

pub(super) fn credit_used<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let limit = exposure::credit_limit(x, c);
    let ratio = Some((known("outstanding", exposure::outstanding(x, c)), known("credit_limit", limit)));
    let limit = limit.map(|l| l.to_string()).unwrap_or_default();
    let mut evidence = vec![own(&x.book.customers[c], "credit_limit", limit)];
    evidence.extend(open_receivables(x, c));
    Basis { ratio, ..owed(Vec::new(), evidence) }
}

pub(super) fn payment<'a>(x: &Index<'a>, c: usize, late: bool) -> Basis<'a> {
    let list = exposure::waits(x, &[c], late).unwrap_or_default();
    let open = Sum::of(list.iter().filter(|w| w.open).map(|w| w.amount));
    Basis {
        rule: "R10",
        window: Some(year(x.book.today)),
        ratio: weigh(&list).map(|(sum, weight)| (money("amount_days", sum), money("amount", weight))),
        inputs: vec![known("open_amount", open.known())],
        evidence: list.into_iter().map(Evidence::Wait).collect(),
        ..Basis::default()
    }
}

pub(super) fn value_at_risk<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let bought = x.figures_of_year(c);
    let revenue = (bought.lines > 0).then_some(bought.revenue());
    let inputs = vec![known("outstanding", exposure::outstanding(x, c)), known("revenue", revenue)];
    let mut evidence = open_receivables(x, c);
    let window = year(x.book.today);
    evidence.extend(x.sales(c, window).into_iter().map(Evidence::Sale));
    Basis { rule: "R10, R6", window: Some(window), inputs, evidence, ..Basis::default() }
}

pub(super) fn deliveries<'a>(x: &Index<'a>, c: usize, late: bool) -> Basis<'a> {
    let list = open_deliveries(x, c).into_iter().filter(|d| !late || d.promised < x.book.today);
    let row = |d: crate::rules::orders::OpenDelivery| {
        let line = d.lines[0];
        Evidence::Row { place: line.place(), day: d.promised, text: format!("{} {}", line.id(), d.state.key()) }
    };
    Basis { rule: "R10", evidence: list.map(row).collect(), ..Basis::default() }
}

/// Orders on those days on which `wanted` says that the figure rests.
pub(super) fn order_dates<'a>(x: &Index<'a>, c: usize, wanted: fn(&[Day]) -> &[Day]) -> Basis<'a> {
    let all = order_days(x, c);
    let wanted = wanted(&all);
    let sales = x.sales(c, Period::ALL).into_iter();
    let on = |s: &Sale<'_>| s.sells && wanted.binary_search(&s.day).is_ok();
    let evidence = sales.filter(on).map(Evidence::Sale).collect();
    Basis { rule: "R7", inputs: vec![count("order_days", all.len())], evidence, ..Basis::default() }
}

pub(super) fn last_order<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    order_dates(x, c, |days| &days[days.len().saturating_sub(1)..])
}

fn decisions<'a>(x: &Index<'a>, c: usize, name: &str) -> Vec<Evidence<'a>> {
    let fold = fold_of(x.events(c), name);
    let or_dash = |s: &'static str| if s.is_empty() { "–" } else { s };
    let text = |e: Event| format!("{name} {} → {}", or_dash(e.from()), or_dash(e.to()));
    let row = |e: &Event| Evidence::Row { place: e.place(), day: e.day(), text: text(*e) };
    fold.map_or(Vec::new(), |f| f.applied.iter().map(row).collect())
}

pub(super) fn stage<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    Basis { rule: "R1", evidence: decisions(x, c, "stage"), ..Basis::default() }
}

pub(super) fn stage_category<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let c = &x.book.customers[c];
    let category = x.book.settings.stage(c.stage).map_or("", |s| s.category.key());
    let category = setting(format!("stages.{}.category", c.stage), category);
    Basis { rule: "R1", evidence: vec![own(c, "stage", c.stage), category], ..Basis::default() }
}

pub(super) fn owner<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut evidence = decisions(x, c, "owner");
    evidence.drain(..evidence.len().saturating_sub(1));
    Basis { rule: "R2", evidence, ..Basis::default() }
}

/// A figure that rests on activities.
fn touched<'a>(rule: &'static str, chosen: impl IntoIterator<Item = Activity>) -> Basis<'a> {
    let row = |a: Activity| {
        let next = a.next().map(|d| format!(" next {d}")).unwrap_or_default();
        Evidence::Row { place: a.place(), day: a.day(), text: format!("{} {}{next}", a.channel(), a.by()) }
    };
    Basis { rule, evidence: chosen.into_iter().map(row).collect(), ..Basis::default() }
}

pub(super) fn follow_up<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    touched("R4", x.activities(c).last().copied())
}

pub(super) fn last_activity<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    touched("R4", x.activities(c).last().copied())
}

pub(super) fn promise<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    touched("R4", own_promise(x, c))
}

pub(super) fn two_way<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let day = last_two_way(x, c);
    let is_it = |a: &&Activity| Some(a.day()) == day && is_two_way(&x.book.settings, **a);
    touched("R3", x.activities(c).iter().rev().find(is_it).copied())
}

/// The activities of the window that count.
pub(super) fn counted<'a>(x: &Index<'a>, c: usize, counts: fn(Activity) -> bool) -> Basis<'a> {
    let chosen = x.activities(c).iter().copied().filter(|a| x.window.contains(a.day()) && counts(*a));
    Basis { window: Some(x.window), ..touched("R5", chosen) }
}

pub(super) fn open_tasks<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let open = x.tasks(c).iter().filter(|t| x.book.state(**t) == "open");
    let evidence = open.map(|t| Evidence::Row { place: t.place, day: t.due, text: t.title.into() }).collect();
    Basis { rule: "R4", evidence, ..Basis::default() }
}

pub(super) fn open_quotes<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let today = x.book.today;
    let open = x.quotes().of(c).filter(|q| q.state(today).is_open()).map(|q| q.current().head());
    let evidence = open.map(|l| Evidence::Row { place: l.place, day: l.at.day, text: l.id.into() }).collect();
    Basis { rule: "R6", evidence, ..Basis::default() }
}

pub(super) fn stalled<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let customer = &x.book.customers[c];
    let clocks = clocks(x, c).unwrap_or_default();
    let mut evidence = Vec::new();
    let mut inputs = vec![days("stage_clock", clocks.stage)];
    if let Some(limit) = clocks.limit {
        inputs.push(days("stall_after", Some(limit.days)));
        if limit.own {
            inputs.push(number("stall_cases", limit.cases));
        } else {
            evidence.push(setting(format!("stages.{}.stall_after", customer.stage), limit.days.to_string()));
        }
    }
    if let Some((span, from)) = clocks.cycle {
        let (file, name) = cycle_key(customer, from);
        let ours = file == customer.file;
        evidence.push(if ours { own(customer, name, span.to_string()) } else { setting(name, span.to_string()) });
    }
    evidence.extend(two_way(x, c).evidence);
    inputs.push(days("touch_days", touch_days(x, c)));
    Basis { rule: "R3", inputs, evidence, ..Basis::default() }
}

fn in_files<'a>(evidence: Vec<Evidence<'a>>) -> Basis<'a> {
    Basis { rule: "R15", evidence, ..Basis::default() }
}

pub(super) fn contacts<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let customer = &x.book.customers[c];
    in_files(customer.rest().contacts.iter().map(|p| own(customer, format!("contacts.{}", p.id), p.name)).collect())
}

pub(super) fn followers<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let customer = &x.book.customers[c];
    let all = followed(&x.book.team, customer, x.book.today);
    let evidence = all.map(|f| own(customer, format!("contacts.{}.owner", f.contact), f.owner)).collect();
    Basis { rule: "R4", evidence, ..Basis::default() }
}

pub(super) fn age<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let customer = &x.book.customers[c];
    let here = customer.rest().contacts.iter().filter(|p| p.left().is_none_or(|d| d > x.book.today));
    let known = |p: &&Contact| super::contact_age(p.text("birthday"), x.book.today).is_some();
    let birthday = |p: &Contact| own(customer, format!("contacts.{}.birthday", p.id), p.text("birthday"));
    in_files(here.filter(known).take(1).map(birthday).collect())
}

pub(super) fn referrals<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let named = |n: &str| !n.is_empty() && x.book.customer_index(n) == Some(c);
    let all = x.book.customers.iter().filter(|o| named(o.text("referred_by")));
    in_files(all.map(|o| own(o, "referred_by", o.text("referred_by"))).collect())
}

pub(super) fn repeat_rate<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (again, all) = loyalty::repeats(x, c);
    let ratio = Some((count("repeat_days", again), count("order_days", all)));
    Basis { rule: "R15", ratio, inputs: Vec::new(), ..order_dates(x, c, |days| days) }
}

pub(super) fn list_price_share<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = loyalty::listed(x, c);
    let at_list = all.iter().filter(|o| o.at_list).count();
    let row = |o: &loyalty::Listed| {
        let text = format!("{} {}", o.line.id(), if o.at_list { "list price" } else { "below the list price" });
        Evidence::Row { place: o.line.place(), day: o.line.day(), text }
    };
    let ratio = Some((count("list_orders", at_list), count("orders", all.len())));
    Basis { rule: "R15", window: Some(x.window), ratio, evidence: all.iter().map(row).collect(), ..Basis::default() }
}

pub(super) fn referral_profit<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = x.referred(c).iter().map(|n| &x.book.customers[*n]);
    let evidence = all.map(|o| own(o, "referred_by", o.text("referred_by"))).collect();
    Basis { window: Some(x.window), ..in_files(evidence) }
}

pub(super) fn on_time_share<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let (on_time, all, parts) = loyalty::paid_on_time(x, c).unwrap_or_default();
    Basis {
        rule: "R15",
        window: Some(year(x.book.today)),
        ratio: Some((money("on_time", on_time), money("amount", all))),
        evidence: parts.into_iter().map(Evidence::Wait).collect(),
        ..Basis::default()
    }
}

/// Why a customer has its value class.
pub(super) fn segment<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut basis = Basis { rule: "R5", window: Some(year(x.book.today)), ..Basis::default() };
    let Some((_, because)) = class(x, c) else { return basis };
    let amount = |key, value: Decimal| Input { key, kind: Kind::Money, value: Value::num(Some(value)) };
    let number = |key, value: Decimal| Input { key, kind: Kind::Number, value: Value::num(Some(value)) };
    match because {
        Because::NoProfit(profit) | Because::Profit(profit) => basis.inputs.push(amount("profit", profit)),
        Because::NotSatisfied(profit, csat) => {
            basis.inputs.extend([amount("profit", profit), number("csat", csat)]);
        }
        Because::Unhappy(nps) => basis.inputs.push(number("nps", nps)),
        Because::BadDebt => {}
        Because::Leaving(score) => {
            basis.inputs.push(number("risk", score));
            basis.evidence = risk(x, c).evidence;
        }
    }
    let settings = |key: &str, value: Decimal| Evidence::Key {
        file: "kehu.toml",
        line: None,
        key: key.into(),
        value: value.normalize().to_string(),
    };
    let s = &x.book.settings;
    basis.evidence.extend([settings("kpi.key_share", s.key_share()), settings("kpi.major_share", s.major_share())]);
    basis
}

/// Recency, frequency and money with their scores, and the sales of the window.
pub(super) fn scored<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let window = rfm::window(x);
    let basis = Basis { rule: "R9", window: Some(window), ..Basis::default() };
    let Some(s) = rfm::rfm(x).of(c) else { return basis };
    let inputs = vec![
        days("recency_days", Some(s.recency)),
        number("frequency", s.frequency),
        known("monetary", s.monetary),
        number("r", s.r.into()),
        number("f", s.f.into()),
        Input { key: "m", kind: Kind::Number, value: s.m.map_or(Value::Missing, |m| Value::int(m.into())) },
    ];
    let evidence = x.sales(c, window).into_iter().map(Evidence::Sale).collect();
    Basis { inputs, evidence, ..basis }
}

/// The signs that a customer may leave, with their points.
pub(super) fn risk<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let mut basis = Basis { rule: "R7", ..Basis::default() };
    for (sign, points) in signs(x, c) {
        let value = Value::num(Some(points));
        basis.inputs.push(Input { key: sign.label(), kind: Kind::Number, value });
        let row = |place, day, text: String| Evidence::Row { place, day, text };
        match sign {
            Sign::LowScore { kind, score } => {
                basis.evidence.push(row(score.row.place, score.at.day, format!("{kind} {}", score.score)));
            }
            Sign::Receivable { id, .. } => {
                let all = x.accounts_of(c).iter().flat_map(|a| &a.receivables);
                basis.evidence.extend(all.filter(|r| r.id == id).cloned().map(Evidence::Receivable));
            }
            Sign::Idle { days, gap } => {
                basis.inputs.push(Input { key: "idle_days", kind: Kind::Days, value: Value::int(days) });
                basis.inputs.push(Input { key: "order_gap", kind: Kind::Days, value: Value::num(Some(gap)) });
            }
            Sign::Drop { now, before, .. } => {
                let amount = |key, value| Input { key, kind: Kind::Money, value: Value::num(Some(value)) };
                basis.inputs.extend([amount("revenue", now), amount("year_ago", before)]);
            }
            Sign::FollowUp { days, .. } => {
                basis.inputs.push(Input { key: "days_overdue", kind: Kind::Days, value: Value::int(days) });
            }
            Sign::KeyContact { contact, left } => {
                basis.evidence.push(Evidence::Key {
                    file: x.book.customers[c].file,
                    line: None,
                    key: format!("contacts.{contact}.left"),
                    value: left.to_string(),
                });
            }
            Sign::LateComplaint { id } => {
                if let Some(complaint) = x.complaints().get(id) {
                    basis.evidence.push(row(complaint.row.place, complaint.made().day, id.to_string()));
                }
            }
            Sign::Complaints { .. } => {}
        }
    }
    basis
}
