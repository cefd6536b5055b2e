//! Orders as receivables, and what returns take back of them (R10).

use super::Agreed;
use super::Less;
use super::allocation::{Money, Origin, Owed, Receivable, lower, through};
use crate::model::Map;
use crate::model::book::NOBODY;
use crate::model::columns::{Column, Segment, rows_of};
use crate::model::day::{At, Day};
use crate::model::money::{Decimal, Fixed, round};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::receipt::Claim;
use crate::rules::prices::Prices;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// An order put together from its lines.
#[derive(Clone)]
pub(super) struct Order<'a> {
    pub(super) id: &'a str,
    pub(super) currency: &'a str,
    place: RowPlace,
    at: At,
    due: Day,
    /// The number of its contract among those with a plan; 0 = none.
    plan: u32,
    total: Fixed,
    /// What its lines take back of other orders, with tax, by order.
    returns: BTreeMap<&'a str, Fixed>,
}

impl<'a> Order<'a> {
    fn total(&self) -> Decimal {
        self.total.decimal().unwrap_or_default()
    }
    /// Adds a line, with tax.
    fn add(&mut self, amount: Fixed, returns: &'a str) {
        let Some(total) = self.total.plus(amount).filter(|t| t.is_decimal()) else { return };
        self.total = total;
        if let Some((order, _)) = returns.rsplit_once('/') {
            let back = self.returns.entry(order).or_default();
            *back = back.minus(amount).unwrap_or(*back);
        }
    }
    /// Adds lines of the same order that stand elsewhere.
    pub(super) fn merge(&mut self, other: &Order<'a>) {
        self.total = self.total.plus(other.total).filter(|t| t.is_decimal()).unwrap_or(self.total);
        for (order, amount) in &other.returns {
            let back = self.returns.entry(order).or_default();
            *back = back.plus(*amount).unwrap_or(*back);
        }
    }
}

/// What was taken from one file, with the number of the customer of each thing.
pub(super) type Taken<T> = (Vec<u32>, Vec<T>);

/// The orders of one file, put together from lines that stand together, in the order in which they come.
pub(super) fn orders_of<'a>(
    prices: &Prices<'a>,
    base: &'a str,
    segment: &'static Segment,
    owners: &[u32],
    (agreed, lacking): (&Agreed<'_>, &AtomicBool),
) -> Taken<Order<'a>> {
    let Column::Text(ids) = segment.column(OrderLine::ID) else { return (Vec::new(), Vec::new()) };
    let mut out: Taken<Order<'a>> = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    let lines = prices.lines(segment);
    let planned = !agreed.plans.is_empty();
    // The order at hand: the number of its id, its customer and currency; whether it counts; whether a line of it was
    // taken.
    let mut last = (usize::MAX, u32::MAX, "", false, false);
    for (row, (line, owner)) in rows_of::<OrderLine>(segment).zip(owners).enumerate() {
        let (code, currency) = (ids.codes.get(row), line.currency());
        if (code, *owner, currency) != (last.0, last.1, last.2) {
            last = (code, *owner, currency, *owner != NOBODY && prices.counts(ids.value(code)), false);
        }
        if !last.3 {
            continue;
        }
        let net = lines.net(row);
        let Some(amount) = net.and_then(|n| n.plus(lines.tax(row).unwrap_or_default())) else {
            lacking.store(true, Ordering::Relaxed);
            continue;
        };
        if !last.4 {
            let at = line.at();
            out.0.push(*owner);
            out.1.push(Order {
                id: ids.value(code),
                currency: if currency.is_empty() { base } else { currency },
                place: line.place(),
                at,
                due: line.due().unwrap_or(at.day),
                plan: if planned { agreed.plan(line.contract()) } else { 0 },
                total: Fixed::ZERO,
                returns: BTreeMap::new(),
            });
            last.4 = true;
        }
        if let Some(order) = out.1.last_mut() {
            order.add(amount, line.returns());
        }
    }
    out
}

/// What orders and rows make, oldest due first; orders below zero are returns.
pub(super) fn owed<'a, 'o>(
    orders: &'o [Order<'a>],
    claims: &[&'a Claim],
    digits: u32,
) -> (Owed<'a>, Vec<(&'o Order<'a>, Decimal)>) {
    let mut list = Vec::with_capacity(orders.len() + claims.len());
    let mut returns = Vec::new();
    let mut named: Map<&str, Decimal> = Map::default();
    for c in claims.iter().filter(|c| !c.order.is_empty()) {
        let sum = named.entry(c.order).or_default();
        *sum = sum.saturating_add(c.amount);
    }
    for o in orders {
        let total = round(o.total(), digits);
        if total.is_sign_negative() && !total.is_zero() {
            returns.push((o, -total));
        } else if o.plan == 0 {
            let taken = named.get(o.id).copied().unwrap_or_default();
            let total = if taken.is_zero() { total } else { total.saturating_sub(taken).max(Decimal::ZERO) };
            let (at, due) = (o.at.day, o.due);
            let (id, place, paid) = (o.id, o.place, Vec::new());
            list.push((o.at, Receivable { id, place, at, due, gross: total, total, open: total, paid, claim: None }));
        }
    }
    for c in claims {
        let (id, place, at, due, total) = (c.id, c.place, c.at.day, c.due, c.amount.max(Decimal::ZERO));
        let paid = Vec::new();
        list.push((c.at, Receivable { id, place, at, due, gross: total, total, open: total, paid, claim: Some(c) }));
    }
    (Owed::new(list, !claims.is_empty()), returns)
}

/// Where the instalments of each contract stand, the oldest due first.
fn places_by_plan(owed: &Owed<'_>, agreed: &Agreed<'_>) -> Map<u32, Vec<usize>> {
    let mut out: Map<u32, Vec<usize>> = Map::default();
    for (n, (_, r)) in owed.list.iter().enumerate() {
        if let Some(c) = r.claim.filter(|c| c.order.is_empty()) {
            out.entry(agreed.plan(c.contract)).or_default().push(n);
        }
    }
    out
}

/// A return lowers the receivables that stand for the orders that it names, else the unpaid instalments of its contract,
/// latest due first; what is left is money.
pub(super) fn take_back<'a>(
    owed: &mut Owed<'a>,
    mut returns: Vec<(&Order<'a>, Decimal)>,
    orders: &[Order<'a>],
    digits: u32,
    agreed: &Agreed<'_>,
) -> (Vec<Money<'a>>, Vec<Less<'a>>) {
    returns.sort_by(|a, b| a.0.at.cmp(&b.0.at).then_with(|| a.0.id.cmp(b.0.id)));
    let (mut out, mut came_back) = (Vec::new(), Vec::new());
    let by_id: Map<&str, &Order<'_>> = orders.iter().map(|o| (o.id, o)).collect();
    let mut by_plan: Option<Map<u32, Vec<usize>>> = None;
    // What came back of each order, with all its digits and rounded return by return.
    let mut back_so_far: Map<&str, (Fixed, Decimal)> = Map::default();
    for (o, amount) in returns {
        let (mut rest, mut whole) = (amount, amount);
        for (named, back) in &o.returns {
            let mut part = round(back.decimal().unwrap_or_default(), digits);
            let (exact, rounded) = back_so_far.entry(*named).or_default();
            *exact = exact.plus(*back).unwrap_or(*exact);
            // The return that takes the last of an order takes what rounding has left of it.
            if let Some(sold) = by_id.get(named).filter(|w| exact.minus(w.total).is_some_and(Fixed::is_zero)) {
                let left = round(sold.total(), digits).saturating_sub(*rounded);
                let more = left.saturating_sub(part);
                (rest, whole) = (rest.saturating_add(more), whole.saturating_add(more));
                part = left;
            }
            *rounded = rounded.saturating_add(part);
            let part = part.min(rest).max(Decimal::ZERO);
            rest -= part - owed.of_order(named, part, lower).unwrap_or(part);
        }
        came_back.push(Less { id: o.id, place: o.place, at: o.at.day, amount: whole, written_off: false });
        let of_named = || o.returns.keys().filter_map(|id| by_id.get(id)).map(|x| x.plan).find(|plan| *plan > 0);
        let plan = if o.plan > 0 || agreed.plans.is_empty() { o.plan } else { of_named().unwrap_or_default() };
        if plan > 0 && !rest.is_zero() {
            let open = by_plan.get_or_insert_with(|| places_by_plan(owed, agreed)).entry(plan).or_default();
            rest = through(&mut owed.list, open, rest, &mut lower);
        }
        if !rest.is_zero() {
            let origin = Origin::Row { id: o.id, place: o.place };
            out.push(Money { at: o.at, origin, amount: rest, pays: "", one: false, cash: false });
        }
    }
    (out, came_back)
}
