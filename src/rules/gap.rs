//! What could close the gap to a target by the end of a period: deals, quotes, receivables, customers who are due to buy again.

use super::credited::{first_lines, receivers};
use super::deals::Deal;
use super::engine::index::Index;
use super::receivables::Receivable;
use super::repurchase::next_order;
use super::targets::Metric;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum, multiply};
use crate::model::period::Period;
use crate::model::place::RowPlace;
use std::collections::HashSet;

/// Where an amount could come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An open deal whose close date lies in the period.
    Deals,
    /// An open quote that ends in the days to come.
    Quotes,
    /// What is owed and due by the end of the period.
    Receivables,
    /// A customer whose usual time between orders is over in the period.
    Repurchases,
}

impl Source {
    /// All of them, in the order in which they are read.
    pub const ALL: [Source; 4] = [Source::Deals, Source::Quotes, Source::Receivables, Source::Repurchases];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Source::Deals => "deals",
            Source::Quotes => "quotes",
            Source::Receivables => "receivables",
            Source::Repurchases => "repurchases",
        }
    }

    /// Whether what comes of it counts for a metric: receivables bring receipts, all else brings orders.
    pub fn counts_for(self, metric: Metric) -> bool {
        match metric {
            Metric::Signed | Metric::Orders => self != Source::Receivables,
            Metric::Receipts => self == Source::Receivables,
            Metric::Profit | Metric::NewCustomers | Metric::Visits => false,
        }
    }
}

/// Something that could close the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance<'a> {
    /// What it is.
    pub source: Source,
    /// The deal, quote or receivable; the last order of a customer who is due to buy again.
    pub id: &'a str,
    /// The row that it rests on.
    pub place: RowPlace,
    /// The customer's index.
    pub customer: Option<usize>,
    /// The close date, the last day, the due day.
    pub day: Option<Day>,
    /// Whose it is.
    pub who: &'a str,
    /// What it comes to in the base currency; `None` = unknown.
    pub amount: Option<Decimal>,
    /// How likely it is, as a fraction: of deals that of their stage, of all else 1.
    pub probability: Option<Decimal>,
}

impl Chance<'_> {
    /// What may be expected of it for a metric: its amount, or itself, as likely as it is.
    pub fn expected(&self, metric: Metric) -> Option<Decimal> {
        match metric {
            Metric::Orders => self.probability,
            _ => multiply(self.amount?, self.probability?),
        }
    }
}

/// The chances of some members in a period, source by source, the nearest day first.
pub fn chances<'a>(index: &Index<'a>, period: Period, is_its: &dyn Fn(&str) -> bool) -> Vec<Chance<'a>> {
    let mut out = deals(index, period, is_its);
    let known: HashSet<&str> = out.iter().map(|c| c.id).collect();
    out.extend(quotes(index, period, is_its, &known));
    out.extend(receivables(index, period, is_its));
    out.extend(repurchases(index, period, is_its));
    out.sort_by_key(|c| (c.source, c.day, c.id));
    out
}

/// What may be expected of the chances of a source for a metric; what is unknown is left out.
pub fn expected(chances: &[Chance<'_>], source: Source, metric: Metric) -> Sum {
    let its = chances.iter().filter(|c| c.source == source);
    Sum::of(its.filter_map(|c| c.expected(metric)))
}

fn deals<'a>(index: &Index<'a>, period: Period, is_its: &dyn Fn(&str) -> bool) -> Vec<Chance<'a>> {
    let open = Deal::all(index.book).filter(|d| d.state() == super::deals::OPEN && is_its(d.now("owner")));
    open.filter(|d| d.close_date().is_some_and(|day| period.contains(day)))
        .map(|d| Chance {
            source: Source::Deals,
            id: d.id(),
            place: d.row.place,
            customer: d.customer(),
            day: d.close_date(),
            who: d.now("owner"),
            amount: d.amount(),
            probability: d.probability(),
        })
        .collect()
}

/// A quote about a deal that is there already counts with it.
fn quotes<'a>(
    index: &Index<'a>,
    period: Period,
    is_its: &dyn Fn(&str) -> bool,
    known: &HashSet<&str>,
) -> Vec<Chance<'a>> {
    let book = index.book;
    let mut out = Vec::new();
    for q in index.quotes().all().iter().filter(|q| q.state(book.today).is_open()) {
        let head = q.current().head();
        let Some(day) = q.current().valid_until().filter(|d| period.contains(*d)) else { continue };
        if is_its(head.by) && !known.contains(head.deal) {
            out.push(Chance {
                source: Source::Quotes,
                id: head.id,
                place: head.place,
                customer: book.customer_index(head.customer),
                day: Some(day),
                who: head.by,
                amount: q.amounts.net,
                probability: Some(Decimal::ONE),
            });
        }
    }
    out
}

/// What is open and due by the end of the period, late or not: the part that is credited to the members when it is paid.
fn receivables<'a>(index: &Index<'a>, period: Period, is_its: &dyn Fn(&str) -> bool) -> Vec<Chance<'a>> {
    let book: &'a _ = index.book;
    let lines = first_lines(book);
    let by_then = |r: &&Receivable<'_>| r.open > Decimal::ZERO && period.to.is_none_or(|to| r.due <= to);
    let mut out = Vec::new();
    for a in index.accounts() {
        let rate = index.prices().rate(a.currency, book.today);
        for r in a.receivables.iter().filter(by_then) {
            let shares = receivers(&lines, r, book.customers[a.customer].owner);
            let its: Vec<(&str, Decimal)> = shares.into_iter().filter(|(who, _)| is_its(who)).collect();
            let Some((who, _)) = its.first() else { continue };
            let share = its.iter().map(|(_, share)| *share).sum::<Decimal>();
            out.push(Chance {
                source: Source::Receivables,
                id: r.id,
                place: r.place,
                customer: Some(a.customer),
                day: Some(r.due),
                who,
                amount: rate.and_then(|rate| r.open.checked_mul(rate)?.checked_mul(share)),
                probability: Some(Decimal::ONE),
            });
        }
    }
    out
}

/// Customers that ordered on three days and more, and whose median gap after the last of them ends in the period: they come to
/// what they bought on a day so far.
fn repurchases<'a>(index: &Index<'a>, period: Period, is_its: &dyn Fn(&str) -> bool) -> Vec<Chance<'a>> {
    let book = index.book;
    let mut out = Vec::new();
    for (customer, c) in book.customers.iter().enumerate().filter(|(_, c)| !c.closed && is_its(c.owner)) {
        let Some(next) = next_order(index, customer).filter(|n| period.contains(n.due)) else { continue };
        let Some(line) = index.orders(customer).iter().rfind(|l| l.day() == next.last) else { continue };
        let count = Decimal::from(next.days);
        out.push(Chance {
            source: Source::Repurchases,
            id: line.id(),
            place: line.place(),
            customer: Some(customer),
            day: Some(next.due),
            who: c.owner,
            amount: index.figures(customer).revenue().checked_div(count),
            probability: Some(Decimal::ONE),
        });
    }
    out
}
