//! R6: what order lines earn.

use super::approval;
use super::prices::{Amounts, Prices, rate};
use crate::model::book::Book;
use crate::model::columns::{Row as _, Segment};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::receipt::Refund;
use rayon::prelude::*;

/// What one line (or an allowance) adds to the figures, in the base currency and without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale<'a> {
    /// The line; `None` for an allowance.
    pub line: Option<OrderLine>,
    /// Where it stands.
    pub place: RowPlace,
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// The day it counts on.
    pub day: Day,
    /// Order id; empty = none.
    pub order: &'a str,
    /// Product id; empty = none.
    pub product: &'a str,
    /// Who sold it.
    pub by: &'a str,
    /// Negative for what came back.
    pub quantity: Option<Fixed>,
    /// Line net; `None` when it cannot be computed (no exchange rate, neither amount nor price).
    pub net: Option<Fixed>,
    /// Line cost; `None` when unknown.
    pub cost: Option<Fixed>,
    /// Freight, commission …
    pub extra_cost: Fixed,
    /// Whether it is a line that sells something, and takes nothing back.
    pub sells: bool,
    /// The order's number among those of the book.
    number: u32,
}

impl<'a> Sale<'a> {
    /// What a line adds to the figures.
    pub fn of(prices: &Prices<'a>, line: OrderLine, customer: Option<usize>) -> Sale<'a> {
        let Amounts { quantity, net, cost, extra_cost, sells } =
            prices.lines(line.segment()).with_costs().amounts(line.row() as usize);
        let product = prices.product(line);
        Sale {
            line: Some(line),
            place: line.place(),
            customer,
            day: line.day(),
            order: line.id(),
            product,
            by: line.by(),
            quantity,
            net,
            cost,
            extra_cost,
            sells,
            number: prices.order_number(line),
        }
    }

    /// A refund of kind `allowance` as what it takes from revenue, by the rate of its day; `None` for other kinds.
    pub fn allowance(book: &Book, r: &'a Refund, customer: Option<usize>) -> Option<Sale<'a>> {
        let net = rate(book, r.currency, r.at.day).and_then(|rate| rate.checked_mul(-r.amount));
        (r.kind == "allowance").then_some(Sale {
            line: None,
            place: r.place,
            customer,
            day: r.at.day,
            order: r.order,
            product: "",
            by: "",
            quantity: None,
            net: net.map(Fixed::from),
            cost: Some(Fixed::ZERO),
            extra_cost: Fixed::ZERO,
            sells: false,
            number: 0,
        })
    }
}

impl<'a> Sale<'a> {
    /// What takes something away without being a sale: whom it is charged to.
    pub(super) fn charge(
        place: RowPlace,
        customer: Option<usize>,
        day: Day,
        (order, product, by): (&'a str, &'a str, &'a str),
    ) -> Sale<'a> {
        let (line, quantity, number) = (None, None, 0);
        let (net, cost, extra_cost) = (Some(Fixed::ZERO), Some(Fixed::ZERO), Fixed::ZERO);
        Sale { line, place, customer, day, order, product, by, quantity, net, cost, extra_cost, sells: false, number }
    }
}

/// What decides which group a sale belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// The day it counts on.
    pub day: Day,
    /// Order id; empty = none.
    pub order: &'a str,
    /// Product id; empty = none.
    pub product: &'a str,
    /// Who sold it.
    pub by: &'a str,
    /// The line; `None` for an allowance.
    pub line: Option<OrderLine>,
}

impl<'a> Sale<'a> {
    /// What decides which group it belongs to.
    pub fn subject(&self) -> Subject<'a> {
        Subject {
            customer: self.customer,
            day: self.day,
            order: self.order,
            product: self.product,
            by: self.by,
            line: self.line,
        }
    }
}

impl Sale<'_> {
    /// What it comes to.
    fn amounts(&self) -> Amounts {
        let Sale { quantity, net, cost, extra_cost, sells, .. } = *self;
        Amounts { quantity, net, cost, extra_cost, sells }
    }
    /// Line net as a decimal.
    pub fn revenue(&self) -> Option<Decimal> {
        self.net?.decimal()
    }
    /// Revenue − cost − extra cost; `None` when either is unknown.
    pub fn profit(&self) -> Option<Decimal> {
        self.net?.minus(self.cost?)?.minus(self.extra_cost)?.decimal()
    }
}

/// Whether an order counts on the book's day: cancelled and void ones do not.
pub fn counts(book: &Book, order: &str) -> bool {
    book.states.order(order).cancelled.is_none()
}

/// Everything that changes revenue in a period: order lines and refunds of kind `allowance`.
pub fn sales<'a>(book: &'a Book, prices: &Prices<'a>, period: Period) -> Vec<Sale<'a>> {
    let segments = book.orders.segments();
    prices.numbers();
    let mut out: Vec<Sale<'a>> = segments.par_iter().flat_map_iter(|s| line_sales(book, prices, period, s)).collect();
    out.extend(allowances(book, period));
    out
}

/// The sales of one file's lines. Lines of one order mostly stand together: what is known of the order is asked once.
fn line_sales<'a, 'b>(
    book: &'a Book,
    prices: &'b Prices<'a>,
    period: Period,
    segment: &'static Segment,
) -> impl Iterator<Item = Sale<'a>> + use<'a, 'b> {
    let rows = if is_touched(segment, period) { segment.rows as u32 } else { 0 };
    // The order at hand and its customer; `None` where it does not count.
    let mut last: (&str, &str, Option<Option<usize>>) = ("", "", None);
    (0..rows).map(move |row| OrderLine::of(segment, row)).filter(move |l| period.contains(l.day())).filter_map(
        move |l| {
            let order = (l.id(), l.customer());
            if order != (last.0, last.1) {
                let customer = prices.counts(order.0).then(|| book.customer_index(order.1));
                last = (order.0, order.1, customer);
            }
            Some(Sale::of(prices, l, last.2?))
        },
    )
}

/// Whether any row of a segment may lie in a period.
pub(super) fn is_touched(segment: &Segment, period: Period) -> bool {
    segment.days.is_some_and(|(first, last)| {
        period.to.is_none_or(|to| first <= to) && period.from.is_none_or(|from| from <= last)
    })
}

/// The allowances of a period.
pub(super) fn allowances<'a>(book: &'a Book, period: Period) -> impl Iterator<Item = Sale<'a>> {
    let refunds =
        book.refunds.iter().filter(move |r| approval::counts(book, Ledger::Refunds, r.id) && period.contains(r.at.day));
    refunds.filter_map(|r| Sale::allowance(book, r, book.customer_index(r.customer)))
}

/// The twelve months up to a day: 1 July 2025 to 30 June 2026.
pub fn year(today: Day) -> Period {
    let before = today.checked_sub_months(chrono::Months::new(12));
    Period { from: before.and_then(|d| d.succ_opt()), to: Some(today) }
}

/// The figures of some sales together.
pub fn figures(sales: &[Sale<'_>]) -> Figures {
    let mut out = Figures::default();
    sales.iter().for_each(|s| out.add(s));
    out
}

/// The figures of a group of sales. Lines whose cost is unknown count in revenue, not in cost, profit or margin.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Numbers of orders of which a line sells something, some of them twice.
    orders: Vec<u32>,
    /// Numbers of orders of which a line takes something back, some of them twice.
    backs: Vec<u32>,
    quantity: Fixed,
    known_net: Fixed,
    unknown_net: Fixed,
    cost: Fixed,
    extra_cost: Fixed,
    /// Lines.
    pub lines: i64,
    /// Lines and allowances whose cost is known.
    known: i64,
    /// Lines whose cost is unknown.
    pub unknown_cost_lines: i64,
    /// Lines whose revenue cannot be computed, or is too large to be added; they count nowhere else.
    pub unreadable_lines: i64,
}

/// A sum that is still a decimal; `None` beyond 28 digits.
#[inline]
fn sum(a: Fixed, b: Fixed) -> Option<Fixed> {
    a.plus(b).filter(|s| s.is_decimal())
}

impl Figures {
    /// Adds a sale.
    pub fn add(&mut self, s: &Sale<'_>) {
        self.add_amounts(&s.amounts(), s.line.map(|_| s.number));
    }
    /// Adds what a sale comes to; `order` is the number of the line's order, `None` for an allowance.
    #[inline]
    pub(super) fn add_amounts(&mut self, amounts: &Amounts, order: Option<u32>) {
        if self.try_add(amounts).is_none() {
            self.unreadable_lines += 1;
            return;
        }
        if let Some(number) = order {
            let numbers = if amounts.sells { &mut self.orders } else { &mut self.backs };
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
            self.lines += 1;
        }
    }
    #[inline]
    fn try_add(&mut self, s: &Amounts) -> Option<()> {
        let net = s.net?;
        let quantity = sum(self.quantity, s.quantity.unwrap_or_default())?;
        match s.cost {
            Some(cost) => {
                let known = (sum(self.known_net, net)?, sum(self.cost, cost)?, sum(self.extra_cost, s.extra_cost)?);
                sum(known.0, self.unknown_net)?;
                (self.known_net, self.cost, self.extra_cost) = known;
                self.known += 1;
            }
            None => {
                let unknown = sum(self.unknown_net, net)?;
                sum(self.known_net, unknown)?;
                self.unknown_net = unknown;
                self.unknown_cost_lines += 1;
            }
        }
        self.quantity = quantity;
        Some(())
    }
    /// Adds the figures of other sales.
    pub fn merge(&mut self, other: &Figures) {
        if self.merged(other) {
            self.orders.extend(&other.orders);
            self.backs.extend(&other.backs);
        }
    }
    /// The same, but for the number of orders.
    pub fn merge_sums(&mut self, other: &Figures) {
        self.merged(other);
    }
    /// Whether the sums of others could be added.
    fn merged(&mut self, other: &Figures) -> bool {
        let done = self.try_merge(other).is_some();
        if !done {
            self.unreadable_lines += other.lines + other.unreadable_lines;
        }
        done
    }
    fn try_merge(&mut self, other: &Figures) -> Option<()> {
        let sums = [
            (self.quantity, other.quantity),
            (self.known_net, other.known_net),
            (self.unknown_net, other.unknown_net),
            (self.cost, other.cost),
            (self.extra_cost, other.extra_cost),
        ];
        let mut new = [Fixed::ZERO; 5];
        for (slot, (a, b)) in new.iter_mut().zip(sums) {
            *slot = sum(a, b)?;
        }
        sum(new[1], new[2])?;
        [self.quantity, self.known_net, self.unknown_net, self.cost, self.extra_cost] = new;
        self.lines += other.lines;
        self.known += other.known;
        self.unknown_cost_lines += other.unknown_cost_lines;
        self.unreadable_lines += other.unreadable_lines;
        Some(())
    }
    /// Both groups together.
    #[must_use]
    pub fn and(mut self, other: &Figures) -> Figures {
        self.merge(other);
        self
    }
    /// Whether there was no sale at all.
    pub fn is_empty(&self) -> bool {
        self.known == 0 && self.unknown_cost_lines == 0 && self.unreadable_lines == 0
    }
    /// Whether something was sold, and of nothing is known what it came to.
    pub fn is_unreadable(&self) -> bool {
        self.unreadable_lines > 0 && self.known == 0 && self.unknown_cost_lines == 0
    }
    /// Number of different sale orders: those of which a line sells something.
    pub fn orders(&self) -> i64 {
        different(&self.orders)
    }
    /// Number of different returns: orders of which all lines take something back.
    pub fn returns(&self) -> i64 {
        without(&self.backs, &self.orders)
    }
    /// Sum of known quantities.
    pub fn quantity(&self) -> Decimal {
        self.quantity.decimal().unwrap_or_default()
    }
    /// Sum of known nets.
    pub fn revenue(&self) -> Decimal {
        self.known_net.plus(self.unknown_net).and_then(Fixed::decimal).unwrap_or_default()
    }
    /// Revenue of the lines whose cost is known.
    pub fn known_revenue(&self) -> Decimal {
        self.known_net.decimal().unwrap_or_default()
    }
    /// Cost of the lines whose cost is known.
    pub fn cost(&self) -> Decimal {
        self.cost.decimal().unwrap_or_default()
    }
    /// Extra cost of the same lines.
    pub fn extra_cost(&self) -> Decimal {
        self.extra_cost.decimal().unwrap_or_default()
    }
    /// Revenue of the lines whose cost is unknown.
    pub fn unknown_revenue(&self) -> Decimal {
        self.unknown_net.decimal().unwrap_or_default()
    }
    /// Profit of the lines whose cost is known; `None` when there is no such line.
    pub fn profit(&self) -> Option<Decimal> {
        let any = self.known > 0 || self.unknown_cost_lines == 0 && self.unreadable_lines == 0;
        if any { self.known_net.minus(self.cost)?.minus(self.extra_cost)?.decimal() } else { None }
    }
    /// Profit / revenue, both of the lines whose cost is known; `None` for a zero denominator, and where there is no such line:
    /// an allowance alone has no cost, and would show 100 %.
    pub fn margin(&self) -> Option<Decimal> {
        if self.known_net.is_zero() || self.lines == self.unknown_cost_lines {
            None
        } else {
            self.profit()?.checked_div(self.known_revenue())
        }
    }
}

/// How many different numbers there are that `others` do not have.
fn without(numbers: &[u32], others: &[u32]) -> i64 {
    let mut left: Vec<u32> = numbers.to_vec();
    left.sort_unstable();
    left.dedup();
    let Some(last) = left.last().copied() else { return 0 };
    if last as usize / 64 <= others.len() {
        let mut seen = vec![0u64; last as usize / 64 + 1];
        others.iter().filter(|n| **n <= last).for_each(|n| seen[*n as usize / 64] |= 1 << (n % 64));
        left.retain(|n| seen[*n as usize / 64] >> (n % 64) & 1 == 0);
    } else {
        let mut others = others.to_vec();
        others.sort_unstable();
        left.retain(|n| others.binary_search(n).is_err());
    }
    i64::try_from(left.len()).unwrap_or(i64::MAX)
}

/// How many different numbers there are.
fn different(numbers: &[u32]) -> i64 {
    let count = if numbers.is_sorted_by(|a, b| a < b) {
        numbers.len()
    } else if let Some(last) = numbers.iter().max().filter(|last| **last as usize / 64 <= numbers.len()) {
        let mut seen = vec![0u64; *last as usize / 64 + 1];
        numbers.iter().for_each(|n| seen[*n as usize / 64] |= 1 << (n % 64));
        seen.iter().map(|word| word.count_ones() as usize).sum()
    } else {
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len()
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}
