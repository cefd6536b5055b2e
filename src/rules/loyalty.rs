//! R15: what shows that a customer is loyal: it comes back, pays what the list says, brings others, stays, and pays on time.
//! The scorecard `[scorecards.loyalty]` of kehu.toml weighs these figures.

use super::engine::index::Index;
use super::exposure::waits;
use super::orders::{order_days, sells};
use super::payment_days::Wait;
use super::profit::counts;
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::order::OrderLine;

/// Order days, and those of them that follow another one.
pub fn repeats(index: &Index<'_>, customer: usize) -> (usize, usize) {
    let days = order_days(index, customer).len();
    (days.saturating_sub(1), days)
}

/// Share of order days that follow another one; `None` without orders.
pub fn repeat_rate(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let (again, all) = repeats(index, customer);
    Decimal::from(again).checked_div(Decimal::from(all))
}

/// An order, as prices are compared with the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Its first line that has a list price.
    pub line: OrderLine,
    /// Whether no line was sold for less than its product's list price on that day.
    pub at_list: bool,
}

/// The sale orders of the window of which any line has a price and a list price in the base currency.
pub fn listed(index: &Index<'_>, customer: usize) -> Vec<Listed> {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let lines = index.orders(customer).iter().filter(|l| index.window.contains(l.day()));
    let mut out: Vec<Listed> = Vec::new();
    for l in lines.filter(|l| sells(**l) && (l.currency().is_empty() || l.currency() == base)) {
        let list = || index.prices().version(l.product(), l.day())?.price;
        let (Some(price), Some(list)) = (l.price(), list()) else { continue };
        let at_list = price >= list && l.discount().is_none_or(|d| d <= Decimal::ZERO);
        match out.last_mut().filter(|o| o.line.id() == l.id()) {
            Some(order) => order.at_list &= at_list,
            None => out.push(Listed { line: *l, at_list }),
        }
    }
    out.retain(|o| counts(book, o.line.id()));
    out
}

/// Share of [`listed`] orders at the list price; `None` without any.
pub fn list_price_share(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let all = listed(index, customer);
    Decimal::from(all.iter().filter(|o| o.at_list).count()).checked_div(Decimal::from(all.len()))
}

/// What the customers that it referred to us earned in the window; nothing for who referred nobody. `None` when that of one of
/// them is not known.
pub fn referral_profit(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let bought = index.referred(customer).iter().map(|n| index.figures(*n)).filter(|f| f.lines > 0);
    bought.map(|f| f.profit()).try_fold(Decimal::ZERO, |sum, profit| sum.checked_add(profit?)).map(|d| d.normalize())
}

/// Days since the first order.
pub fn tenure(index: &Index<'_>, customer: usize) -> Option<i64> {
    let first: Day = order_days(index, customer).first().copied()?;
    Some((index.book.today - first).num_days())
}

/// What was paid in twelve months, and what is open and late: (on time, all of it, the parts). `None` without a rate.
pub fn paid_on_time(index: &Index<'_>, customer: usize) -> Option<(Decimal, Decimal, Vec<Wait>)> {
    // What is open and not yet late is neither.
    let parts: Vec<Wait> = waits(index, &[customer], true)?.into_iter().filter(|w| !w.open || w.days > 0).collect();
    let sum = |of: &dyn Fn(&&Wait) -> bool| {
        parts.iter().filter(of).try_fold(Decimal::ZERO, |sum, w| sum.checked_add(w.amount))
    };
    Some((sum(&|w| w.days == 0)?, sum(&|_| true)?, parts))
}

/// Share of what was paid, or should have been, that was paid on time; `None` when there is nothing.
pub fn on_time_share(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let (on_time, all, _) = paid_on_time(index, customer)?;
    on_time.checked_div(all).map(|d| d.normalize())
}
