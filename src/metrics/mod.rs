//! The registry of per-customer metrics. Columns, filters, sort keys and scorecard indicators all come from here: a
//! metric is one function and one line of [`METRICS`].

pub mod explain;
pub mod grading;
mod growth;

use crate::model::day::{Day, age_on, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::StageCategory;
use crate::model::value::{Kind, Value};
use crate::rules::exposure;
use crate::rules::followup::{due, open_promise, owner_since};
use crate::rules::funnel::median;
use crate::rules::funnel::{is_stalled, last_two_way, touch_days};
use crate::rules::index::Index;
use crate::rules::lifecycle::{days_in_stage, stage_since};
use crate::rules::orders::open_deliveries;
use crate::rules::orders::{gaps, order_days};
use crate::rules::profit::Figures;

/// A named figure of a customer.
pub struct Metric {
    /// Machine key.
    pub key: &'static str,
    /// Sort of its values.
    pub kind: Kind,
    /// The ledgers that it reads.
    pub needs: LedgerSet,
    /// The figure of a customer (by index); missing = unknown.
    pub value: for<'a> fn(&Index<'a>, usize) -> Value<'a>,
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
pub const MONEY: LedgerSet = LedgerSet::of(&[
    Ledger::Orders,
    Ledger::Products,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Rates,
    Ledger::Events,
]);
const QUOTES: LedgerSet = LedgerSet::of(&[Ledger::Quotes, Ledger::Events]);
const TASKS: LedgerSet = LedgerSet::of(&[Ledger::Tasks, Ledger::Events]);

/// All metrics.
pub const METRICS: &[Metric] = &[
    // The next follow-up day (R4).
    Metric { key: "due", kind: Kind::Day, needs: BOTH, value: |x, c| Value::day(due(x, c).map(|d| d.day)) },
    // Days by which the follow-up is late; 0 when it is not.
    Metric {
        key: "days_overdue",
        kind: Kind::Days,
        needs: BOTH,
        value: |x, c| due(x, c).map_or(Value::Missing, |d| Value::int(d.days_overdue(x.book.today))),
    },
    // Why the follow-up is due.
    Metric {
        key: "why",
        kind: Kind::Code,
        needs: BOTH,
        value: |x, c| due(x, c).map_or(Value::Missing, |d| Value::text(d.why.key())),
    },
    // The day that an open promise names.
    Metric {
        key: "promise",
        kind: Kind::Day,
        needs: ACTIVITIES,
        value: |x, c| Value::day(open_promise(&x.book.settings, x.activities(c)).and_then(|a| a.next())),
    },
    Metric {
        key: "last_activity",
        kind: Kind::Day,
        needs: ACTIVITIES,
        value: |x, c| Value::day(x.activities(c).last().map(|a| a.day())),
    },
    Metric { key: "last_two_way", kind: Kind::Day, needs: ACTIVITIES, value: |x, c| Value::day(last_two_way(x, c)) },
    // Days since the customer last took part (R3).
    Metric {
        key: "touch_days",
        kind: Kind::Days,
        needs: BOTH,
        value: |x, c| touch_days(x, c).map_or(Value::Missing, Value::int),
    },
    // Counts are those of the index's window.
    Metric {
        key: "activities",
        kind: Kind::Number,
        needs: ACTIVITIES,
        value: |x, c| count(x.activities(c).iter().filter(|a| x.window.contains(a.day())).count()),
    },
    Metric {
        key: "visits",
        kind: Kind::Number,
        needs: ACTIVITIES,
        value: |x, c| {
            count(x.activities(c).iter().filter(|a| a.channel() == "visit" && x.window.contains(a.day())).count())
        },
    },
    Metric {
        key: "first_order",
        kind: Kind::Day,
        needs: ORDERS,
        value: |x, c| Value::day(order_days(x, c).first().copied()),
    },
    Metric {
        key: "last_order",
        kind: Kind::Day,
        needs: ORDERS,
        value: |x, c| Value::day(order_days(x, c).last().copied()),
    },
    // Days since the last order; unknown without one.
    Metric {
        key: "idle_days",
        kind: Kind::Days,
        needs: ORDERS,
        value: |x, c| order_days(x, c).last().map_or(Value::Missing, |d| Value::int((x.book.today - *d).num_days())),
    },
    // Median of the days between order days; unknown with fewer than two of them.
    Metric {
        key: "order_gap",
        kind: Kind::Days,
        needs: ORDERS,
        value: |x, c| median(&gaps(&order_days(x, c))).map_or(Value::Missing, Value::int),
    },
    // Money figures: those of the window (R6), in the base currency, without tax.
    Metric { key: "orders", kind: Kind::Number, needs: TRADE, value: |x, c| Value::int(x.figures(c).orders()) },
    Metric { key: "quantity", kind: Kind::Number, needs: TRADE, value: |x, c| bought(x, c, |f| Some(f.quantity())) },
    Metric { key: "revenue", kind: Kind::Money, needs: TRADE, value: |x, c| bought(x, c, |f| Some(f.revenue())) },
    Metric {
        key: "cost",
        kind: Kind::Money,
        needs: TRADE,
        value: |x, c| bought(x, c, |f| f.profit().map(|_| f.cost())),
    },
    Metric { key: "profit", kind: Kind::Money, needs: TRADE, value: |x, c| bought(x, c, Figures::profit) },
    Metric { key: "margin", kind: Kind::Ratio, needs: TRADE, value: |x, c| bought(x, c, Figures::margin) },
    Metric {
        key: "avg_order",
        kind: Kind::Money,
        needs: TRADE,
        value: |x, c| bought(x, c, |f| f.revenue().checked_div(Decimal::from(f.orders()))),
    },
    // Lines whose cost is not known: they count in revenue only.
    Metric {
        key: "unknown_cost_lines",
        kind: Kind::Number,
        needs: TRADE,
        value: |x, c| bought(x, c, |f| Some(Decimal::from(f.unknown_cost_lines))),
    },
    // Change of revenue: this window against the one before, as a fraction; unknown when there was none then.
    Metric { key: "growth", kind: Kind::Ratio, needs: TRADE, value: |x, c| Value::num(growth::growth(x, c)) },
    // Receivables (R10), with tax; other currencies at today's rate.
    Metric {
        key: "outstanding",
        kind: Kind::Money,
        needs: MONEY,
        value: |x, c| Value::num(exposure::outstanding(x, c)),
    },
    Metric { key: "overdue", kind: Kind::Money, needs: MONEY, value: |x, c| Value::num(exposure::overdue(x, c)) },
    Metric {
        key: "credit",
        kind: Kind::Money,
        needs: MONEY,
        value: |x, c| Value::num(exposure::in_base(x, c, |a| a.credit)),
    },
    // Share of the credit limit that is used; unknown without a limit.
    Metric {
        key: "credit_used",
        kind: Kind::Ratio,
        needs: MONEY,
        value: |x, c| Value::num(exposure::credit_used(x, c)),
    },
    // What it owes and its revenue of twelve months: what `today` ranks by.
    Metric {
        key: "value_at_risk",
        kind: Kind::Money,
        needs: MONEY,
        value: |x, c| Value::num(exposure::value_at_risk(x, c)),
    },
    // Orders that promised a day and are not delivered.
    Metric {
        key: "open_deliveries",
        kind: Kind::Number,
        needs: ORDERS,
        value: |x, c| count(open_deliveries(x, c).len()),
    },
    Metric {
        key: "late_deliveries",
        kind: Kind::Number,
        needs: ORDERS,
        value: |x, c| count(open_deliveries(x, c).iter().filter(|d| d.promised < x.book.today).count()),
    },
    Metric {
        key: "payment_days",
        kind: Kind::Days,
        needs: MONEY,
        value: |x, c| Value::num(exposure::payment_days(x, &[c], false)),
    },
    Metric {
        key: "late_days",
        kind: Kind::Days,
        needs: MONEY,
        value: |x, c| Value::num(exposure::payment_days(x, &[c], true)),
    },
    Metric {
        key: "days_in_stage",
        kind: Kind::Days,
        needs: EVENTS,
        value: |x, c| days_in_stage(x, c).map_or(Value::Missing, Value::int),
    },
    Metric { key: "stage_since", kind: Kind::Day, needs: EVENTS, value: |x, c| Value::day(stage_since(x, c)) },
    Metric {
        key: "stage_category",
        kind: Kind::Code,
        needs: NOTHING,
        value: |x, c| {
            let book = x.book;
            book.settings.stage(book.customers[c].stage).map_or(Value::Missing, |s| Value::text(s.category.key()))
        },
    },
    Metric { key: "owner_since", kind: Kind::Day, needs: EVENTS, value: |x, c| Value::day(owner_since(x, c)) },
    Metric { key: "stalled", kind: Kind::Flag, needs: BOTH, value: |x, c| Value::Flag(is_stalled(x, c)) },
    Metric {
        key: "contacts",
        kind: Kind::Number,
        needs: NOTHING,
        value: |x, c| count(x.book.customers[c].rest().contacts.len()),
    },
    // Age of the first contact (still there) whose year of birth is known.
    Metric {
        key: "age",
        kind: Kind::Number,
        needs: NOTHING,
        value: |x, c| {
            let here = x.book.customers[c].rest().contacts.iter().filter(|p| p.left().is_none_or(|d| d > x.book.today));
            here.filter_map(|p| contact_age(p.text("birthday"), x.book.today)).next().map_or(Value::Missing, Value::int)
        },
    },
    Metric {
        key: "open_tasks",
        kind: Kind::Number,
        needs: TASKS,
        value: |x, c| count(x.tasks(c).iter().filter(|t| x.book.state(**t) == "open").count()),
    },
    // Quotes that the customer may still accept (R6).
    Metric {
        key: "open_quotes",
        kind: Kind::Number,
        needs: QUOTES,
        value: |x, c| count(x.quotes().of(c).filter(|q| q.state(x.book.today).is_open()).count()),
    },
    // Customers that name this one as the one who referred them.
    Metric { key: "referrals", kind: Kind::Number, needs: NOTHING, value: |x, c| count(x.referrals(c)) },
];

/// A figure of a customer that ordered in the window; who did not has none.
fn bought<'a>(x: &Index<'a>, c: usize, f: impl Fn(&Figures) -> Option<Decimal>) -> Value<'a> {
    let figures = x.figures(c);
    if figures.lines == 0 { Value::Missing } else { Value::num(f(figures).map(|n| n.normalize())) }
}

/// The figure of several customers together, for metrics that cannot be added up: margins, changes and days to pay are
/// worked out anew from the sums. `None` for all other metrics.
pub fn together(x: &Index<'_>, key: &str, customers: &[usize]) -> Option<Value<'static>> {
    let figures = || customers.iter().map(|c| x.figures(*c)).fold(Figures::default(), Figures::and);
    Some(Value::num(match key {
        "margin" => figures().margin(),
        "avg_order" => {
            let f = figures();
            f.revenue().checked_div(Decimal::from(f.orders()))
        }
        "growth" => growth::of_several(x, customers),
        "payment_days" => exposure::payment_days(x, customers, false),
        "late_days" => exposure::payment_days(x, customers, true),
        _ => return None,
    }))
}

fn count(n: usize) -> Value<'static> {
    Value::int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Age in full years by a birthday as it stands in the file; `None` for lunar dates and those without a year.
pub fn contact_age(birthday: &str, today: Day) -> Option<i64> {
    age_on(parse_day(birthday)?, today)
}

/// All days that growth looks at: the window and the one before it.
pub fn growth_window(window: Period, today: Day) -> Period {
    growth::periods(window, today).map_or(window, |(now, before)| Period { from: before.from, to: now.to })
}

/// The metric of a key.
pub fn find(key: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.key == key)
}

/// The allowed values of a metric that is a closed list.
pub fn values_of(key: &str) -> &'static [&'static str] {
    match key {
        "why" => &["promise", "cycle", "first-contact", "reopen"],
        "stage_category" => {
            const V: [&str; 3] =
                [StageCategory::Presale.key(), StageCategory::Customer.key(), StageCategory::Lost.key()];
            &V
        }
        _ => &[],
    }
}
