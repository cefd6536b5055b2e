//! R10, R13: what is credited to whom. Sales go to the rep on the order, or by its `split`; receipts to the order that
//! they pay. A hand-over never rewrites the past.

use super::engine::index::Index;
use super::profit::sales;
use super::receivables::Receivable;
use super::unjoined::{Lacks, Unjoined, of_no_worth};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use std::collections::HashMap;

/// Amounts in the base currency by the id of a member; "" = nobody.
pub type ByMember<'a> = HashMap<&'a str, Decimal>;

/// Who an order line is credited to, with the share of each: its `split`, else whoever sold it.
pub fn shares<'a>(by: &'a str, split: &'a str) -> Vec<(&'a str, Decimal)> {
    let parts = split.split(',').filter_map(|p| p.split_once(':'));
    let parts: Vec<_> = parts.filter_map(|(who, share)| Some((who, parse_decimal(share)?))).collect();
    if parts.is_empty() { vec![(by, Decimal::ONE)] } else { parts }
}

/// Money that is credited to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit<'a> {
    /// Whom; "" = nobody.
    pub who: &'a str,
    /// When the order was signed, or the money came in.
    pub day: Day,
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// The order that was signed, or paid; empty = none.
    pub order: &'a str,
    /// The row that it rests on.
    pub place: RowPlace,
    /// In the base currency.
    pub amount: Decimal,
}

/// Sums by member.
fn by_member<'a>(credits: Vec<Credit<'a>>) -> ByMember<'a> {
    let mut out = ByMember::new();
    for c in credits {
        let sum = out.entry(c.who).or_default();
        *sum = sum.saturating_add(c.amount);
    }
    out
}

/// The part of each of those who share.
fn shared<'a>(whole: Credit<'a>, shares: Vec<(&'a str, Decimal)>) -> impl Iterator<Item = Credit<'a>> {
    shares.into_iter().map(move |(who, share)| Credit { who, amount: whole.amount.saturating_mul(share), ..whole })
}

/// Net of the orders of a period, without tax, line by line; returns take away on their own day.
pub fn signings<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let mut out = Vec::new();
    for s in sales(index.book, index.prices(), period) {
        if let (Some(line), Some(amount)) = (s.line, s.revenue()) {
            let whole = Credit { who: "", day: s.day, customer: s.customer, order: line.id(), place: s.place, amount };
            out.extend(shared(whole, shares(line.by(), line.split())));
        }
    }
    out
}

/// The same by member.
pub fn signed<'a>(index: &Index<'a>, period: Period) -> ByMember<'a> {
    by_member(signings(index, period))
}

/// Receipts of a period by member, see [`collections`].
pub fn collected<'a>(index: &Index<'a>, period: Period) -> ByMember<'a> {
    by_member(collections(index, period))
}

/// Receipts of a period, with tax, payment by payment. Money that pays no order goes to the customer's owner. A receipt in a
/// currency without a rate counts nowhere.
pub fn collections<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let book: &'a Book = index.book;
    let mut out = Vec::new();
    let lines = first_lines(book);
    let mut rest: HashMap<RowPlace, Decimal> = HashMap::new();
    let received = || book.receipts.iter().filter(|r| !book.is_void(r) && period.contains(r.day()));
    let rate = |currency: &str, day: Day| index.prices().rate(currency, day);
    rest.extend(received().map(|r| (r.place(), r.amount())));
    let known = index.accounts().iter().map(|a| (book.customers[a.customer].owner, Some(a.customer), a));
    // A customer that is not in the book has no owner.
    let strangers = index.strangers().iter().map(|(_, a)| ("", None, a));
    for (owner, customer, a) in known.chain(strangers) {
        for r in &a.receivables {
            for (day, amount, place) in &r.paid {
                // Only receipts of the period are money of the period.
                let Some(left) = rest.get_mut(place) else { continue };
                *left -= amount;
                let Some(rate) = rate(a.currency, *day) else { continue };
                let to = receivers(&lines, r, owner);
                let amount = amount.saturating_mul(rate);
                let whole = Credit { who: "", day: *day, customer, order: r.order(), place: *place, amount };
                out.extend(shared(whole, to));
            }
        }
    }
    for r in received() {
        let left = rest.get(&r.place()).copied().unwrap_or_default();
        if let (Some(rate), false) = (rate(r.currency(), r.day()), left.is_zero()) {
            let customer = book.customer_index(r.customer());
            let who = customer.map_or("", |n| book.customers[n].owner);
            let amount = left.saturating_mul(rate);
            out.push(Credit { who, day: r.day(), customer, order: "", place: r.place(), amount });
        }
    }
    out
}

/// The first line of each order.
pub fn first_lines(book: &Book) -> HashMap<&'static str, OrderLine> {
    let mut out: HashMap<&str, OrderLine> = HashMap::new();
    let number = |l: &OrderLine| (l.line().len(), l.line());
    for l in book.orders.iter() {
        let first = out.entry(l.id()).or_insert(l);
        if number(&l) < number(first) {
            *first = l;
        }
    }
    out
}

/// Who what is paid on a receivable is credited to (R10): the rep on the order, or its split; else who agreed on the receivable,
/// else the customer's owner.
pub fn receivers<'a>(
    lines: &HashMap<&'static str, OrderLine>,
    r: &Receivable<'a>,
    owner: &'a str,
) -> Vec<(&'a str, Decimal)> {
    match (lines.get(r.order()), r.claim) {
        (Some(line), _) => shares(line.by(), line.split()),
        (None, Some(c)) if !c.by.is_empty() => vec![(c.by, Decimal::ONE)],
        (None, _) => vec![(owner, Decimal::ONE)],
    }
}

/// What falls due in a period, with tax, by whom it is credited to when it is paid: what was owed at first, whatever was paid on
/// it since. What is owed in a currency without a rate counts nowhere.
pub fn falling_due<'a>(index: &Index<'a>, period: Period) -> Vec<Credit<'a>> {
    let book: &'a Book = index.book;
    let lines = first_lines(book);
    let mut out = Vec::new();
    for a in index.accounts() {
        let owner = book.customers[a.customer].owner;
        for r in a.receivables.iter().filter(|r| period.contains(r.due)) {
            let Some(rate) = index.prices().rate(a.currency, r.due.min(book.today)) else { continue };
            let amount = r.total.saturating_mul(rate);
            let customer = Some(a.customer);
            let whole = Credit { who: "", day: r.due, customer, order: r.order(), place: r.place, amount };
            out.extend(shared(whole, receivers(&lines, r, owner)));
        }
    }
    out
}

/// The rows of a period that [`signed`] and [`collected`] leave out: order lines whose worth nobody knows, and receipts
/// in a currency without a rate.
pub fn uncredited(index: &Index<'_>, orders: Period, receipts: Period) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let mut out = of_no_worth(prices, sales(book, prices, orders).iter());
    let mut found = Unjoined::none(Ledger::Receipts, Lacks::Rate);
    for r in book.receipts.iter().filter(|r| receipts.contains(r.day()) && !book.is_void(r)) {
        if prices.rate(r.currency(), r.day()).is_none() {
            found.add_without_rate(prices.base(), r.currency(), Some(r.amount()), r.day());
        }
    }
    out.extend((found.rows > 0).then_some(found));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_shares_the_credit() {
        let check = |by: &'static str, split: &'static str, expected: &[(&str, &str)]| {
            let expected: Vec<_> = expected.iter().map(|(w, s)| (*w, parse_decimal(s).unwrap())).collect();
            assert_eq!(shares(by, split), expected, "{by} {split}");
        };
        check("li", "", &[("li", "1")]);
        check("li", "li:0.7,wu:0.3", &[("li", "0.7"), ("wu", "0.3")]);
        check("", "", &[("", "1")]);
    }
}
