//! R6: what is left of profit after what no order line holds: goodwill, the cost of complaints, spend, and the capital that
//! receivables tie up.
//!
//! Net contribution = profit − goodwill − complaint cost − spend − Σ (open amount × days × annual rate / 365). Each part belongs to
//! a day, so that the parts of months add up to those of the year.

use super::approval;
use super::engine::index::Index;
use super::gifts;
use super::prices::rate;
use super::profit::Sale;
use super::receivables::{self, Receivable};
use super::unjoined::{Lacks, Unjoined};
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, multiply, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use std::collections::HashMap;

/// What the parts are made of, besides what profit is.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: receivables::LEDGERS,
    plain: LedgerSet::of(&[Ledger::Complaints, gifts::LEDGER]),
    ..Reads::NOTHING
};

/// What stands between profit and net contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Refunds of kind `goodwill`.
    Goodwill,
    /// What complaints cost.
    Complaints,
    /// Spend.
    Spend,
    /// What the money costs that customers have not paid yet.
    Capital,
}

impl Part {
    /// Every part, in the order in which they are shown.
    pub const ALL: [Part; 4] = [Part::Goodwill, Part::Complaints, Part::Spend, Part::Capital];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Part::Goodwill => "goodwill",
            Part::Complaints => "complaint_cost",
            Part::Spend => "spend",
            Part::Capital => "capital_cost",
        }
    }
}

/// What a row takes away.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    /// Which part it belongs to.
    pub part: Part,
    /// Whom it is charged to: customer, order, product, seller and day; it has no amounts.
    pub subject: Sale<'a>,
    /// In the base currency; of capital the open amount × its days.
    pub amount: Decimal,
    /// Of capital, the days on which the amount was open within the period.
    pub days: Option<i64>,
}

/// The parts of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    sums: [Sum; 4],
}

impl Parts {
    /// Adds a charge.
    pub fn add(&mut self, c: &Charge<'_>) {
        self.sums[c.part as usize].add(c.amount);
    }
    /// Adds the parts of another group.
    pub fn merge(&mut self, other: &Parts) {
        for (own, other) in self.sums.iter_mut().zip(other.sums) {
            *own = own.plus(other);
        }
    }
    /// One part; `annual_rate` is the price of capital, as a fraction a year. `None` where it is too large.
    pub fn of(&self, part: Part, annual_rate: Decimal) -> Option<Decimal> {
        let sum = self.sums[part as usize].known()?;
        match part {
            Part::Capital => multiply(sum, annual_rate)?.checked_div(Decimal::from(365)),
            _ => Some(sum),
        }
    }
    /// What is left of a profit.
    pub fn net(&self, profit: Option<Decimal>, annual_rate: Decimal) -> Option<Decimal> {
        Part::ALL.iter().try_fold(profit?, |left, part| left.checked_sub(self.of(*part, annual_rate)?))
    }
}

/// The price of capital a year, as a fraction: `[kpi] annual_rate`; 0 when absent.
pub fn annual_rate(book: &Book) -> Decimal {
    book.settings.file.kpi.annual_rate.map_or(Decimal::ZERO, |r| r.0)
}

/// The charges of a period, and the rows that no figure can count. Who sold an order is looked up only where `sold` asks.
pub fn charges<'a>(index: &Index<'a>, period: Period, sold: bool) -> (Vec<Charge<'a>>, Vec<Unjoined>) {
    let lines = index.book.orders.iter().filter(|_| sold);
    let sellers: HashMap<&str, &str> = lines.map(|l: OrderLine| (l.id(), l.by())).collect();
    let mut out = Collected { index, period, sellers, charges: Vec::new(), unjoined: Vec::new() };
    out.goodwill();
    out.complaints();
    out.spend();
    out.capital();
    (out.charges, out.unjoined)
}

struct Collected<'x, 'a> {
    index: &'x Index<'a>,
    period: Period,
    /// Who sold each order.
    sellers: HashMap<&'a str, &'a str>,
    charges: Vec<Charge<'a>>,
    unjoined: Vec<Unjoined>,
}

/// What a charge is about.
#[derive(Default)]
struct About<'a> {
    customer: &'a str,
    order: &'a str,
    product: &'a str,
    by: &'a str,
}

impl<'a> Collected<'_, 'a> {
    fn subject(&self, place: RowPlace, day: Day, about: &About<'a>) -> Sale<'a> {
        let by = self.sellers.get(about.order).copied().unwrap_or(about.by);
        let customer = self.index.book.customer_index(about.customer);
        Sale::charge(place, customer, day, (about.order, about.product, by))
    }

    fn push(&mut self, part: Part, place: RowPlace, day: Day, about: &About<'a>, amount: Decimal) {
        let subject = self.subject(place, day, about);
        self.charges.push(Charge { part, subject, amount, days: None });
    }

    fn goodwill(&mut self) {
        let book = self.index.book;
        let mut lost = Unjoined::none(Ledger::Refunds, Lacks::Rate);
        let given = book.refunds.iter().filter(|r| r.kind == "goodwill" && self.period.contains(r.at.day));
        for r in given.filter(|r| approval::counts(book, Ledger::Refunds, r.id)).collect::<Vec<_>>() {
            let Some(rate) = rate(book, r.currency, r.at.day) else {
                lost.add_without_rate(&book.settings.file.currency, r.currency, Some(r.amount), r.at.day);
                continue;
            };
            let about = About { customer: r.customer, order: r.order, ..About::default() };
            self.push(Part::Goodwill, r.place, r.at.day, &about, r.amount.saturating_mul(rate));
        }
        self.unjoined.extend((lost.rows > 0).then_some(lost));
    }

    /// The rows of a ledger within the period, by their cells.
    fn rows(&self, ledger: Ledger) -> Vec<(&'a PlainRow, Day)> {
        let (book, at) = (self.index.book, ledger.column("at").unwrap_or_default());
        let day = |r: &PlainRow| At::parse(r.cell(at), book.settings.tz).map(|at| at.day);
        let all = book.plain.get(&ledger).into_iter().flatten();
        all.filter_map(|r| Some((r, day(r).filter(|d| self.period.contains(*d))?))).collect()
    }

    fn complaints(&mut self) {
        for (r, day) in self.rows(Ledger::Complaints) {
            let cell = |name: &str| Ledger::Complaints.column(name).map_or("", |n| r.cell(n));
            let Some(cost) = parse_decimal(cell("cost")) else { continue };
            let about = About { customer: cell("customer"), order: cell("order"), product: cell("product"), by: "" };
            self.push(Part::Complaints, r.place, day, &about, cost);
        }
    }

    fn spend(&mut self) {
        let book = self.index.book;
        let mut lost = Unjoined::none(gifts::LEDGER, Lacks::Rate);
        for (r, day) in self.rows(gifts::LEDGER) {
            let cell = |name: &str| gifts::LEDGER.column(name).map_or("", |n| r.cell(n));
            let counts = super::counting::counts(book, gifts::LEDGER, cell("id"));
            let Some(amount) = parse_decimal(cell("amount")).filter(|_| counts) else { continue };
            let Some(amount) = gifts::in_base(book, cell("currency"), amount, day) else {
                lost.add_without_rate(&book.settings.file.currency, cell("currency"), Some(amount), day);
                continue;
            };
            let about = About { customer: cell("customer"), by: cell("by"), ..About::default() };
            self.push(Part::Spend, r.place, day, &about, amount);
        }
        self.unjoined.extend((lost.rows > 0).then_some(lost));
    }

    fn capital(&mut self) {
        let (index, book) = (self.index, self.index.book);
        if annual_rate(book).is_zero() {
            return;
        }
        let mut lost = Unjoined::none(Ledger::Receivables, Lacks::Rate);
        let strangers = index.strangers().iter().map(|(_, a)| (None, a));
        let known = index.accounts().iter().map(|a| (Some(a.customer), a));
        for (customer, a) in known.chain(strangers) {
            for r in &a.receivables {
                let open = open_days(r, self.period, book.today);
                if open.is_zero() {
                    continue;
                }
                let Some(rate) = rate(book, a.currency, r.at) else {
                    lost.add_without_rate(&book.settings.file.currency, a.currency, Some(r.total), r.at);
                    continue;
                };
                let last = r.paid.iter().map(|(day, ..)| *day).max().filter(|_| r.open.is_zero());
                let days = days_open(r.at, last.unwrap_or(book.today), self.period);
                let about = About { order: r.order(), by: r.claim.map_or("", |c| c.by), ..About::default() };
                let mut subject = self.subject(r.place, r.at, &about);
                subject.customer = customer;
                let amount = open.saturating_mul(rate);
                self.charges.push(Charge { part: Part::Capital, subject, amount, days: Some(days) });
            }
        }
        self.unjoined.extend((lost.rows > 0).then_some(lost));
    }
}

/// The days from one to before another that lie within a period.
fn days_open(from: Day, end: Day, period: Period) -> i64 {
    let from = period.from.map_or(from, |first| first.max(from));
    let behind = period.to.and_then(|last| last.succ_opt());
    let end = behind.map_or(end, |behind| behind.min(end));
    (end - from).num_days().max(0)
}

/// The amounts of a receivable that were open, each times its days within a period, in its currency. What was paid was open up
/// to the day of the payment, the rest is open up to today.
pub fn open_days(r: &Receivable<'_>, period: Period, today: Day) -> Decimal {
    let part = |amount: Decimal, end: Day| amount.saturating_mul(Decimal::from(days_open(r.at, end, period)));
    let paid = r.paid.iter().map(|(day, amount, _)| part(*amount, *day));
    paid.fold(part(r.open, today), Decimal::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn capital_is_tied_up_from_the_day_of_the_receivable_until_it_is_paid() {
        let r = Receivable {
            id: "o1",
            place: RowPlace::default(),
            at: day("2026-01-01"),
            due: day("2026-02-01"),
            gross: Decimal::ZERO,
            total: Decimal::from(1000),
            open: Decimal::from(400),
            paid: vec![(day("2026-01-31"), Decimal::from(600), RowPlace::default())],
            claim: None,
        };
        let check = |from: &str, to: &str, today: &str, expected: i64| {
            let period = Period { from: parse_day(from), to: parse_day(to) };
            assert_eq!(open_days(&r, period, day(today)), Decimal::from(expected), "{from}..{to} on {today}");
        };
        // 600 × 30 days + 400 × 59 days.
        check("", "", "2026-03-01", 18_000 + 23_600);
        // The months add up.
        check("2026-01-01", "2026-01-31", "2026-03-01", 18_000 + 400 * 31);
        check("2026-02-01", "2026-02-28", "2026-03-01", 400 * 28);
        check("2026-03-01", "2026-03-31", "2026-03-01", 0);
        check("2025-01-01", "2025-12-31", "2026-03-01", 0);
    }

    #[test]
    fn capital_costs_by_the_year() {
        let mut parts = Parts::default();
        parts.sums[Part::Capital as usize].add(Decimal::from(1000 * 100));
        parts.sums[Part::Spend as usize].add(Decimal::from(30));
        let rate = parse_decimal("0.06").unwrap();
        let shown = |d: Option<Decimal>| d.map(|d| d.round_dp(6).to_string());
        assert_eq!(shown(parts.of(Part::Capital, rate)), Some("16.438356".into()));
        assert_eq!(shown(parts.net(Some(Decimal::from(200)), rate)), Some("153.561644".into()));
        assert_eq!(parts.net(None, rate), None);
    }
}
