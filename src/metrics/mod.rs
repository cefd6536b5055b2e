//! The registry of per-customer metrics. Columns, filters, sort keys and scorecard indicators all come from here. A
//! metric is one entry of [`METRICS`], which says what it is, how it is computed, and what stands behind it.

pub mod explain;
pub mod grading;
mod growth;

use self::explain::Basis;
use self::growth::Against;
use crate::model::book::Reads;
use crate::model::day::{Day, age_on, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::{CLASSES, StageCategory};
use crate::model::value::{Kind, Value};
use crate::rules::classes::class;
use crate::rules::engine::index::Index;
use crate::rules::exposure;
use crate::rules::first_use::first_use;
use crate::rules::followers::followers;
use crate::rules::followup::{due, last_two_way, own_promise, owner_since, touch_days};
use crate::rules::lifecycle::{days_in_stage, stage_since};
use crate::rules::loyalty;
use crate::rules::orders::open_deliveries;
use crate::rules::orders::{gaps, order_days};
use crate::rules::profit::Figures;
use crate::rules::repurchase::next_order;
use crate::rules::rfm::rfm;
use crate::rules::risk;
use crate::rules::segments::{SEGMENTS, Scored};
use crate::rules::stalled::is_stalled;
use crate::rules::stays::median;
use crate::rules::value::values;
use std::borrow::Cow;

/// The days that a metric's figure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of the index's window.
    Window,
    /// The window and the one before it.
    Twice,
    /// The window and the same a year ago.
    YearAgo,
    /// So many months up to today, whatever the window.
    Months(u32),
    /// The state of today.
    Today,
}

/// The figure of several customers (by index) together; `None` = unknown.
pub type OfSeveral = fn(&Index<'_>, &[usize]) -> Option<Decimal>;

/// A named figure of a customer.
pub struct Metric {
    /// Machine key.
    pub key: &'static str,
    /// Sort of its values.
    pub kind: Kind,
    /// The ledgers that it reads.
    pub reads: LedgerSet,
    /// The figure of a customer (by index); missing = unknown.
    pub value: for<'a> fn(&Index<'a>, usize) -> Value<'a>,
    /// What stands behind the figure of a customer (by index).
    pub basis: for<'a> fn(&Index<'a>, usize) -> Basis<'a>,
    /// The days that it covers.
    pub scope: Scope,
    /// Whether a customer is the better the lower it is (R5); an indicator may say otherwise by `better`.
    pub lower_is_better: bool,
    /// All values of a closed list.
    pub values: &'static [&'static str],
    /// Whether its values are members of the team.
    pub people: bool,
    /// The figure of several customers, where it is no sum: margins, changes and days to pay are worked out anew.
    pub together: Option<OfSeveral>,
}

impl Metric {
    /// A figure of today that is the better the higher it is.
    const fn new(
        key: &'static str,
        kind: Kind,
        reads: LedgerSet,
        value: for<'a> fn(&Index<'a>, usize) -> Value<'a>,
        basis: for<'a> fn(&Index<'a>, usize) -> Basis<'a>,
    ) -> Metric {
        let scope = Scope::Today;
        let (lower_is_better, people) = (false, false);
        Metric { key, kind, reads, value, basis, scope, lower_is_better, values: &[], people, together: None }
    }
    /// What it reads, with the customers.
    pub fn needs(&self) -> Reads {
        let plain = crate::rules::voices::PLAIN;
        let ledgers = plain.iter().fold(self.reads, LedgerSet::without);
        let plain = plain.iter().filter(|l| !self.reads.has(*l)).fold(plain, LedgerSet::without);
        Reads { customers: true, ledgers, plain, ..Reads::NOTHING }
    }
    const fn over(self, scope: Scope) -> Metric {
        Metric { scope, ..self }
    }
    const fn lower(self) -> Metric {
        Metric { lower_is_better: true, ..self }
    }
    const fn one_of(self, values: &'static [&'static str]) -> Metric {
        Metric { values, ..self }
    }
    const fn of_people(self) -> Metric {
        Metric { people: true, ..self }
    }
    const fn together(self, of_several: OfSeveral) -> Metric {
        Metric { together: Some(of_several), ..self }
    }
}

const NOTHING: LedgerSet = LedgerSet::NONE;
const ACTIVITIES: LedgerSet = LedgerSet::of(&[Ledger::Activities]);
const EVENTS: LedgerSet = LedgerSet::of(&[Ledger::Events]);
const BOTH: LedgerSet = LedgerSet::of(&[Ledger::Activities, Ledger::Events]);
const ORDERS: LedgerSet = LedgerSet::of(&[Ledger::Orders, Ledger::Events]);
/// What figures of profit read.
pub const TRADE: LedgerSet =
    LedgerSet::of(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]);
/// What figures of receivables read.
pub const MONEY: LedgerSet = crate::rules::receivables::LEDGERS;
/// What value classes and the risk of losing a customer read.
const VALUE: LedgerSet = crate::rules::classes::READS.ledgers.and(crate::rules::classes::READS.plain);
const QUOTES: LedgerSet = LedgerSet::of(&[Ledger::Quotes, Ledger::Events]);
const FIRST_USE: LedgerSet = LedgerSet::of(&[Ledger::Tasks, Ledger::Events, Ledger::Orders]);
const FEEDBACK: LedgerSet = LedgerSet::of(&[Ledger::Feedback]);
const TASKS: LedgerSet = LedgerSet::of(&[Ledger::Tasks, Ledger::Events]);

const CATEGORIES: [&str; 3] = [StageCategory::Presale.key(), StageCategory::Customer.key(), StageCategory::Lost.key()];

/// All metrics.
pub const METRICS: &[Metric] = &[
    // The next follow-up day (R4).
    Metric::new("due", Kind::Day, BOTH, |x, c| Value::day(due(x, c).map(|d| d.day)), explain::follow_up),
    // Days by which the follow-up is late; 0 when it is not.
    Metric::new(
        "days_overdue",
        Kind::Days,
        BOTH,
        |x, c| due(x, c).map_or(Value::Missing, |d| Value::int(d.days_overdue(x.book.today))),
        explain::follow_up,
    )
    .lower(),
    // Why the follow-up is due.
    Metric::new(
        "why",
        Kind::Code,
        BOTH,
        |x, c| due(x, c).map_or(Value::Missing, |d| Value::text(d.why.key())),
        explain::follow_up,
    )
    .one_of(&["promise", "cycle", "first-contact", "reopen"]),
    // The day that an open promise names.
    Metric::new(
        "promise",
        Kind::Day,
        ACTIVITIES,
        |x, c| Value::day(own_promise(x, c).and_then(|a| a.next())),
        explain::promise,
    ),
    Metric::new(
        "last_activity",
        Kind::Day,
        ACTIVITIES,
        |x, c| Value::day(x.activities(c).last().map(|a| a.day())),
        explain::last_activity,
    ),
    // Who follows contacts of it beside its owner.
    Metric::new("followers", Kind::List, NOTHING, people, explain::followers).of_people(),
    Metric::new("last_two_way", Kind::Day, ACTIVITIES, |x, c| Value::day(last_two_way(x, c)), explain::two_way),
    // Days since the customer last took part (R3).
    Metric::new(
        "touch_days",
        Kind::Days,
        BOTH,
        |x, c| touch_days(x, c).map_or(Value::Missing, Value::int),
        explain::two_way,
    )
    .lower(),
    // Counts are those of the index's window.
    Metric::new(
        "activities",
        Kind::Number,
        ACTIVITIES,
        |x, c| count(x.activities(c).iter().filter(|a| x.window.contains(a.day())).count()),
        |x, c| explain::counted(x, c, |_| true),
    )
    .over(Scope::Window),
    Metric::new(
        "visits",
        Kind::Number,
        ACTIVITIES,
        |x, c| count(x.activities(c).iter().filter(|a| a.channel() == "visit" && x.window.contains(a.day())).count()),
        |x, c| explain::counted(x, c, |a| a.channel() == "visit"),
    )
    .over(Scope::Window),
    Metric::new(
        "first_order",
        Kind::Day,
        ORDERS,
        |x, c| Value::day(order_days(x, c).first().copied()),
        |x, c| explain::order_dates(x, c, |days| &days[..days.len().min(1)]),
    ),
    Metric::new(
        "last_order",
        Kind::Day,
        ORDERS,
        |x, c| Value::day(order_days(x, c).last().copied()),
        explain::last_order,
    ),
    // When it is due to order again by its own interval.
    Metric::new(
        "next_order",
        Kind::Day,
        ORDERS,
        |x, c| Value::day(next_order(x, c).map(|n| n.due)),
        |x, c| explain::order_dates(x, c, |days| days),
    ),
    // Days since the last order; unknown without one.
    Metric::new(
        "idle_days",
        Kind::Days,
        ORDERS,
        |x, c| order_days(x, c).last().map_or(Value::Missing, |d| Value::int((x.book.today - *d).num_days())),
        explain::last_order,
    )
    .lower(),
    // Median of the days between order days; unknown with fewer than two of them.
    Metric::new(
        "order_gap",
        Kind::Days,
        ORDERS,
        |x, c| Value::num(median(&gaps(&order_days(x, c)))),
        |x, c| explain::order_dates(x, c, |days| days),
    )
    .lower(),
    // Money figures: those of the window (R6), in the base currency, without tax.
    Metric::new("orders", Kind::Number, TRADE, |x, c| Value::int(x.figures(c).orders()), explain::orders)
        .over(Scope::Window),
    Metric::new("returns", Kind::Number, TRADE, |x, c| Value::int(x.figures(c).returns()), explain::returns)
        .over(Scope::Window)
        .lower(),
    Metric::new("quantity", Kind::Number, TRADE, |x, c| bought(x, c, |f| Some(f.quantity())), explain::revenue)
        .over(Scope::Window),
    Metric::new("revenue", Kind::Money, TRADE, |x, c| bought(x, c, |f| Some(f.revenue())), explain::revenue)
        .over(Scope::Window),
    Metric::new("cost", Kind::Money, TRADE, |x, c| bought(x, c, |f| f.profit().map(|_| f.cost())), explain::cost)
        .over(Scope::Window)
        .lower(),
    Metric::new("profit", Kind::Money, TRADE, |x, c| bought(x, c, Figures::profit), explain::profit)
        .over(Scope::Window),
    Metric::new("margin", Kind::Ratio, TRADE, |x, c| bought(x, c, Figures::margin), explain::margin)
        .over(Scope::Window)
        .together(|x, all| of_all(x, all).margin()),
    Metric::new("avg_order", Kind::Money, TRADE, |x, c| bought(x, c, average), explain::avg_order)
        .over(Scope::Window)
        .together(|x, all| average(&of_all(x, all))),
    // Lines whose cost is not known: they count in revenue only.
    Metric::new(
        "unknown_cost_lines",
        Kind::Number,
        TRADE,
        |x, c| bought(x, c, |f| Some(Decimal::from(f.unknown_cost_lines))),
        explain::unknown_cost,
    )
    .over(Scope::Window)
    .lower(),
    // Change of revenue: this window against the one before, or the same a year ago, as a fraction; unknown when there was
    // none then.
    Metric::new(
        "growth",
        Kind::Ratio,
        TRADE,
        |x, c| Value::num(growth::growth(x, c, Against::Previous)),
        |x, c| explain::growth(x, c, Against::Previous),
    )
    .over(Scope::Twice)
    .together(|x, all| growth::of_several(x, all, Against::Previous)),
    Metric::new(
        "growth_year_ago",
        Kind::Ratio,
        TRADE,
        |x, c| Value::num(growth::growth(x, c, Against::YearAgo)),
        |x, c| explain::growth(x, c, Against::YearAgo),
    )
    .over(Scope::YearAgo)
    .together(|x, all| growth::of_several(x, all, Against::YearAgo)),
    // Receivables (R10), with tax; other currencies at today's rate.
    Metric::new(
        "outstanding",
        Kind::Money,
        MONEY,
        |x, c| Value::num(exposure::outstanding(x, c)),
        explain::outstanding,
    )
    .lower(),
    Metric::new("overdue", Kind::Money, MONEY, |x, c| Value::num(exposure::overdue(x, c)), explain::overdue).lower(),
    Metric::new(
        "credit",
        Kind::Money,
        MONEY,
        |x, c| Value::num(exposure::in_base(x, c, |a| a.credit)),
        explain::credit,
    ),
    // Share of the credit limit that is used; unknown without a limit.
    Metric::new(
        "credit_used",
        Kind::Ratio,
        MONEY,
        |x, c| Value::num(exposure::credit_used(x, c)),
        explain::credit_used,
    )
    .lower(),
    // What it owes and its revenue of twelve months: what `today` ranks by.
    Metric::new(
        "value_at_risk",
        Kind::Money,
        MONEY,
        |x, c| Value::num(exposure::value_at_risk(x, c)),
        explain::value_at_risk,
    )
    .lower(),
    // Orders that promised a day and are not delivered.
    Metric::new(
        "open_deliveries",
        Kind::Number,
        ORDERS,
        |x, c| count(open_deliveries(x, c).len()),
        |x, c| explain::deliveries(x, c, false),
    ),
    Metric::new(
        "late_deliveries",
        Kind::Number,
        ORDERS,
        |x, c| count(open_deliveries(x, c).iter().filter(|d| d.promised < x.book.today).count()),
        |x, c| explain::deliveries(x, c, true),
    )
    .lower(),
    Metric::new(
        "payment_days",
        Kind::Days,
        MONEY,
        |x, c| Value::num(exposure::payment_days(x, &[c], false)),
        |x, c| explain::payment(x, c, false),
    )
    .over(Scope::Months(12))
    .lower()
    .together(|x, all| exposure::payment_days(x, all, false)),
    Metric::new(
        "late_days",
        Kind::Days,
        MONEY,
        |x, c| Value::num(exposure::payment_days(x, &[c], true)),
        |x, c| explain::payment(x, c, true),
    )
    .over(Scope::Months(12))
    .lower()
    .together(|x, all| exposure::payment_days(x, all, true)),
    Metric::new(
        "days_in_stage",
        Kind::Days,
        EVENTS,
        |x, c| days_in_stage(x, c).map_or(Value::Missing, Value::int),
        explain::stage,
    )
    .lower(),
    Metric::new("stage_since", Kind::Day, EVENTS, |x, c| Value::day(stage_since(x, c)), explain::stage),
    Metric::new(
        "stage_category",
        Kind::Code,
        NOTHING,
        |x, c| {
            let book = x.book;
            book.settings.stage(book.customers[c].stage).map_or(Value::Missing, |s| Value::text(s.category.key()))
        },
        explain::stage_category,
    )
    .one_of(&CATEGORIES),
    Metric::new("owner_since", Kind::Day, EVENTS, |x, c| Value::day(owner_since(x, c)), explain::owner),
    // Its value class (R5), and the points of what shows that it may leave (R7).
    Metric::new(
        "segment",
        Kind::Code,
        VALUE,
        |x, c| class(x, c).map_or(Value::Missing, |(class, _)| Value::text(class)),
        explain::segment,
    )
    .one_of(&CLASSES),
    Metric::new("risk", Kind::Number, VALUE, |x, c| Value::num(risk::score(x, c)), explain::risk).lower(),
    // What it is worth (R8): what it bought and earned so far, whatever the window; whether it still is a customer (R7); what it
    // brings in the next twelve months.
    Metric::new("spent", Kind::Money, TRADE, |x, c| Value::num(values(x).spent(c)), explain::worth::so_far),
    Metric::new("earned", Kind::Money, TRADE, |x, c| Value::num(values(x).earned(c)), explain::worth::so_far),
    Metric::new("p_alive", Kind::Ratio, TRADE, |x, c| Value::num(values(x).alive(c)), explain::worth::buying),
    Metric::new(
        "expected_orders",
        Kind::Number,
        TRADE,
        |x, c| Value::num(values(x).expected_orders(c)),
        explain::worth::buying,
    ),
    Metric::new("expected", Kind::Money, TRADE, |x, c| Value::num(values(x).expected(c)), explain::worth::expected),
    Metric::new("clv", Kind::Money, TRADE, |x, c| Value::num(values(x).lifetime(c)), explain::worth::lifetime),
    // Its segment by recency, frequency and money (R9), and its scores.
    Metric::new(
        "rfm",
        Kind::Code,
        TRADE,
        |x, c| rfm(x).of(c).and_then(Scored::segment).map_or(Value::Missing, Value::text),
        explain::scored,
    )
    .one_of(&SEGMENTS),
    Metric::new("r", Kind::Number, TRADE, |x, c| score(x, c, |s| Some(s.r)), explain::scored),
    Metric::new("f", Kind::Number, TRADE, |x, c| score(x, c, |s| Some(s.f)), explain::scored),
    Metric::new("m", Kind::Number, TRADE, |x, c| score(x, c, |s| s.m), explain::scored),
    // Days from becoming a customer to the task that marks the first use.
    Metric::new(
        "first_use_days",
        Kind::Days,
        FIRST_USE,
        |x, c| first_use(x, c).map_or(Value::Missing, |f| Value::int(f.days())),
        explain::answers::first_use_basis,
    )
    .lower(),
    // The last answer to each question of feedback (R13), and the value delivered (R15).
    Metric::new(
        "csat",
        Kind::Number,
        FEEDBACK,
        |x, c| explain::answers::last(x.voice(c).csat),
        |x, c| explain::answers::last_basis(x, c, "csat", |v| v.csat),
    ),
    Metric::new(
        "nps",
        Kind::Number,
        FEEDBACK,
        |x, c| explain::answers::last(x.voice(c).nps),
        |x, c| explain::answers::last_basis(x, c, "nps", |v| v.nps),
    ),
    Metric::new(
        "ces",
        Kind::Number,
        FEEDBACK,
        |x, c| explain::answers::last(x.voice(c).ces),
        |x, c| explain::answers::last_basis(x, c, "ces", |v| v.ces),
    )
    .lower(),
    Metric::new(
        "delivered_value",
        Kind::Number,
        FEEDBACK,
        explain::answers::delivered,
        explain::answers::delivered_basis,
    )
    .over(Scope::Window),
    Metric::new("stalled", Kind::Flag, BOTH, |x, c| Value::Flag(is_stalled(x, c)), explain::stalled),
    Metric::new(
        "contacts",
        Kind::Number,
        NOTHING,
        |x, c| count(x.book.customers[c].rest().contacts.len()),
        explain::contacts,
    ),
    // Age of the first contact (still there) whose year of birth is known.
    Metric::new(
        "age",
        Kind::Number,
        NOTHING,
        |x, c| {
            let here = x.book.customers[c].rest().contacts.iter().filter(|p| p.left().is_none_or(|d| d > x.book.today));
            here.filter_map(|p| contact_age(p.text("birthday"), x.book.today)).next().map_or(Value::Missing, Value::int)
        },
        explain::age,
    ),
    Metric::new(
        "open_tasks",
        Kind::Number,
        TASKS,
        |x, c| count(x.tasks(c).iter().filter(|t| x.book.state(**t) == "open").count()),
        explain::open_tasks,
    ),
    // Quotes that the customer may still accept (R6).
    Metric::new(
        "open_quotes",
        Kind::Number,
        QUOTES,
        |x, c| count(x.quotes().of(c).filter(|q| q.state(x.book.today).is_open()).count()),
        explain::open_quotes,
    ),
    // Customers that name this one as the one who referred them.
    Metric::new("referrals", Kind::Number, NOTHING, |x, c| count(x.referred(c).len()), explain::referrals),
    // Loyalty (R15). Share of order days that follow another one.
    Metric::new(
        "repeat_rate",
        Kind::Ratio,
        ORDERS,
        |x, c| Value::num(loyalty::repeat_rate(x, c)),
        explain::repeat_rate,
    ),
    // Share of the window's orders of which no line was sold below its list price.
    Metric::new(
        "list_price_share",
        Kind::Ratio,
        TRADE,
        |x, c| Value::num(loyalty::list_price_share(x, c)),
        explain::list_price_share,
    )
    .over(Scope::Window),
    // What the customers earned that it referred to us.
    Metric::new(
        "referral_profit",
        Kind::Money,
        TRADE,
        |x, c| Value::num(loyalty::referral_profit(x, c)),
        explain::referral_profit,
    )
    .over(Scope::Window),
    // Days since the first order.
    Metric::new(
        "tenure",
        Kind::Days,
        ORDERS,
        |x, c| loyalty::tenure(x, c).map_or(Value::Missing, Value::int),
        |x, c| explain::order_dates(x, c, |days| &days[..days.len().min(1)]),
    ),
    // Share of what was paid in twelve months, or is late, that was paid on time.
    Metric::new(
        "on_time_share",
        Kind::Ratio,
        MONEY,
        |x, c| Value::num(loyalty::on_time_share(x, c)),
        explain::on_time_share,
    )
    .over(Scope::Months(12)),
];

/// A score of R9; who did not order in its window has none.
fn score(x: &Index<'_>, c: usize, of: fn(&Scored) -> Option<u8>) -> Value<'static> {
    rfm(x).of(c).and_then(of).map_or(Value::Missing, |n| Value::int(n.into()))
}

/// A figure of a customer that ordered in the window; who did not has none.
fn bought<'a>(x: &Index<'a>, c: usize, f: impl Fn(&Figures) -> Option<Decimal>) -> Value<'a> {
    let figures = x.figures(c);
    if figures.lines == 0 { Value::Missing } else { Value::num(f(figures).map(|n| n.normalize())) }
}

/// Revenue per sale order.
fn average(f: &Figures) -> Option<Decimal> {
    f.revenue().checked_div(Decimal::from(f.orders()))
}

/// The figures of several customers.
fn of_all(x: &Index<'_>, customers: &[usize]) -> Figures {
    customers.iter().map(|c| x.figures(*c)).fold(Figures::default(), Figures::and)
}

/// The figure of several customers together by a metric that cannot be added up; `None` for all other metrics.
pub fn together(x: &Index<'_>, key: &str, customers: &[usize]) -> Option<Value<'static>> {
    Some(Value::num(find(key)?.together?(x, customers)))
}

fn people<'a>(x: &Index<'a>, c: usize) -> Value<'a> {
    let list = followers(&x.book.team, &x.book.customers[c], x.book.today);
    if list.is_empty() { Value::Missing } else { Value::List(list.into_iter().map(Cow::Borrowed).collect()) }
}

fn count(n: usize) -> Value<'static> {
    Value::int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Age in full years by a birthday as it stands in the file; `None` for lunar dates and those without a year.
pub fn contact_age(birthday: &str, today: Day) -> Option<i64> {
    age_on(parse_day(birthday)?, today)
}

/// The periods that growth compares, with the one before or, `year_ago`, with the same a year ago.
pub fn compared(window: Period, today: Day, year_ago: bool) -> Option<(Period, Period)> {
    growth::periods(window, today, if year_ago { Against::YearAgo } else { Against::Previous })
}

/// The metric of a key.
pub fn find(key: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_names_the_metrics_of_which_less_is_better() {
        let lower: Vec<String> = METRICS.iter().filter(|m| m.lower_is_better).map(|m| format!("`{}`", m.key)).collect();
        let sentence = format!("A small value is good of: {}. Of all", lower.join(", "));
        assert!(include_str!("../../docs/format.md").contains(&sentence), "{sentence}");
    }

    #[test]
    fn only_numbers_have_a_direction_and_only_codes_have_values() {
        for m in METRICS {
            assert!(m.kind.is_number() || !m.lower_is_better, "{}", m.key);
            assert_eq!(m.kind == Kind::Code, !m.values.is_empty(), "{}", m.key);
        }
    }
}
