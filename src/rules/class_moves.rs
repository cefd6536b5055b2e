//! R5: the value classes of customers on two days, and what each class is given against what the policy of kehu.toml gives it.

use super::classes::{self, Because, class};
use super::contribution::{Part, charges};
use super::coverage::{coverage, discounts};
use super::engine::index::Index;
use super::engine::once::inside;
use super::exposure::{credit_limit, outstanding};
use super::floor::{Level, discount_limits};
use super::gifts::{self, is_gift};
use super::profit::year;
use super::unjoined::Unjoined;
use crate::model::book::Reads;
use crate::model::day::At;
use crate::model::money::{Decimal, Sum, multiply, parse_decimal};
use chrono::Datelike;
use rayon::prelude::*;

/// What is read for it.
pub const READS: Reads = classes::READS.and(super::contribution::READS);

/// A value class and why; `None` without one.
pub type Class = Option<(&'static str, Because)>;

/// The value class of a customer on two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classed {
    /// Its index on the later day.
    pub customer: usize,
    /// On the later day.
    pub now: Class,
    /// On the earlier day.
    pub then: Class,
}

impl Classed {
    /// Its class on both days; `None` = it had none.
    pub fn classes(&self) -> (Option<&'static str>, Option<&'static str>) {
        (self.then.map(|(class, _)| class), self.now.map(|(class, _)| class))
    }
    /// Whether its class is another one.
    pub fn has_moved(&self) -> bool {
        let (then, now) = self.classes();
        then != now
    }
}

/// The value classes of some customers on the day of an index and on that of an earlier one.
pub fn classed(index: &Index<'_>, past: &Index<'_>, customers: &[usize]) -> Vec<Classed> {
    let one = |customer: &usize| {
        let before = past.book.customer_index(index.book.customers[*customer].id);
        inside(|| Classed {
            customer: *customer,
            now: class(index, *customer),
            then: before.and_then(|n| class(past, n)),
        })
    };
    customers.par_iter().with_min_len(256).map(one).collect()
}

/// What some customers are given, and what kehu.toml gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Resources {
    /// Visits that they were owed in the last 365 days.
    pub visits_required: i64,
    /// Visits made.
    pub visits_made: i64,
    /// What was sold at a price in twelve months, before discounts.
    pub list: Sum,
    /// The discounts on it.
    pub discount: Sum,
    /// The part of `list` of customers with a limit for discounts.
    pub limited: Sum,
    /// The discounts on it that they may be given without approval.
    pub allowed: Sum,
    /// Credit limits.
    pub credit_limit: Sum,
    /// What those with a limit owe.
    pub credit: Sum,
    /// Customers that owe more than their limit.
    pub over_credit: i64,
    /// Spend of twelve months.
    pub spend: Sum,
    /// Gifts and entertainment of this year.
    pub gifts: Sum,
    /// The most that may be given of these to those who have a limit.
    pub gift_max: Sum,
    /// How many have one.
    pub gift_limits: i64,
}

impl Resources {
    /// Both together.
    #[must_use]
    pub fn and(mut self, other: &Resources) -> Resources {
        self.visits_required += other.visits_required;
        self.visits_made += other.visits_made;
        self.over_credit += other.over_credit;
        self.gift_limits += other.gift_limits;
        let own = [
            &mut self.list,
            &mut self.discount,
            &mut self.limited,
            &mut self.allowed,
            &mut self.credit_limit,
            &mut self.credit,
            &mut self.spend,
            &mut self.gifts,
            &mut self.gift_max,
        ];
        let others = [
            other.list,
            other.discount,
            other.limited,
            other.allowed,
            other.credit_limit,
            other.credit,
            other.spend,
            other.gifts,
            other.gift_max,
        ];
        for (own, other) in own.into_iter().zip(others) {
            *own = own.plus(other);
        }
        self
    }
    /// The discount given, as a share of what was sold before it.
    pub fn discount_given(&self) -> Option<Decimal> {
        share(self.discount, self.list)
    }
    /// The discount that may be given, as a share of what was sold to those who have a limit.
    pub fn discount_max(&self) -> Option<Decimal> {
        share(self.allowed, self.limited)
    }
}

fn share(part: Sum, of: Sum) -> Option<Decimal> {
    let of = of.known().filter(|of| *of > Decimal::ZERO)?;
    part.known()?.checked_div(of)
}

/// What each of some customers is given, and what could not be counted.
pub fn resources(index: &Index<'_>, classed: &[Classed]) -> (Vec<Resources>, Vec<Unjoined>) {
    let book = index.book;
    let one = |c: &Classed| inside(|| of_one(index, c));
    let mut out: Vec<Resources> = classed.par_iter().with_min_len(256).map(one).collect();
    let mut places = vec![usize::MAX; book.customers.len()];
    classed.iter().enumerate().for_each(|(n, c)| places[c.customer] = n);
    let (spent, unjoined) = charges(index, year(book.today), false);
    for c in spent.iter().filter(|c| c.part == Part::Spend) {
        if let Some(r) = c.subject.customer.and_then(|n| out.get_mut(places[n])) {
            r.spend.add(c.amount);
        }
    }
    for row in book.plain.get(&gifts::LEDGER).into_iter().flatten() {
        let cell = |name: &str| gifts::LEDGER.column(name).map_or("", |n| row.cell(n));
        let day = At::parse(cell("at"), book.settings.tz).map(|at| at.day);
        let Some(day) = day.filter(|d| d.year() == book.today.year() && is_gift(cell("kind"))) else { continue };
        let amount = parse_decimal(cell("amount")).filter(|_| super::counting::counts(book, gifts::LEDGER, cell("id")));
        let amount = amount.and_then(|amount| gifts::in_base(book, cell("currency"), amount, day));
        let customer = book.customer_index(cell("customer"));
        if let (Some(r), Some(amount)) = (customer.and_then(|n| out.get_mut(places[n])), amount) {
            r.gifts.add(amount);
        }
    }
    // Goodwill and complaints are no resources: what they lack is said by the report on profit.
    let spend = unjoined.into_iter().filter(|u| u.what == gifts::LEDGER).collect();
    (out, spend)
}

fn of_one(index: &Index<'_>, c: &Classed) -> Resources {
    let (book, n) = (index.book, c.customer);
    let customer = &book.customers[n];
    let mut out = Resources::default();
    if let Some(covered) = coverage(index, n) {
        (out.visits_required, out.visits_made) = (covered.required, covered.visits);
    }
    if let Some((before, given)) = discounts(index, n) {
        out.list.add(before);
        out.discount.add(given);
        let level = Level { grade: customer.grade, stage: customer.stage, class: c.now.map(|(class, _)| class) };
        let most = discount_limits(&book.settings, level).into_iter().flatten().map(|(most, _)| most).min();
        if let Some(allowed) = most.and_then(|most| multiply(before, most)) {
            out.limited.add(before);
            out.allowed.add(allowed);
        }
    }
    if let Some(limit) = credit_limit(index, n) {
        let owed = outstanding(index, n).unwrap_or_default().max(Decimal::ZERO);
        out.credit_limit.add(limit);
        out.credit.add(owed);
        out.over_credit = i64::from(owed > limit);
    }
    if let Some(most) = gifts::cap(book, customer.id) {
        out.gift_max.add(most);
        out.gift_limits = 1;
    }
    out
}
