//! R6: what stands in the ledgers although it was sold below its floor. `check` asks; `pricing` is asked before something is
//! written. Both judge by `floor`.

use super::engine::index::Index;
use super::entry::frozen_cost;
use super::floor::{Worth, is_cost, keeps, short_of};
use super::floors::Floors;
use super::prices::{Prices, priced};
use super::quotes::worked_out;
use crate::model::Str;
use crate::model::book::NOBODY;
use crate::model::breach::{Below, Breach};
use crate::model::columns::Row as _;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, Sum, multiply, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use std::collections::{HashMap, HashSet};

/// A line, or a whole order or quote, that falls short of its floor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Orders or quotes.
    pub ledger: Ledger,
    /// The id of the order or quote.
    pub id: Str,
    /// The line; empty where all lines together fall short.
    pub line: Str,
    /// Where the line stands, or the first one.
    pub place: RowPlace,
    /// The amount that a request to allow it names: the price of a unit, else the net, in the currency of the order.
    pub asked: Decimal,
    /// Without tax, in the base currency.
    pub net: Decimal,
    /// In the base currency.
    pub cost: Decimal,
    /// The margin that had to be kept.
    pub floor: Decimal,
}

/// What an order line is worth by its cells, in its own currency; `None` for one that takes something back, or whose net is not
/// known. `cell` gives the text of a column.
pub fn worth_of<'c>(prices: &Prices<'_>, cell: impl Fn(&str) -> &'c str, day: Day) -> Option<Worth> {
    let number = |name: &str| parse_decimal(cell(name));
    let quantity = number("quantity");
    if !cell("returns").is_empty() || quantity.is_some_and(|q| q <= Decimal::ZERO) {
        return None;
    }
    let by_price = || priced(quantity?.into(), number("price")?.into(), number("discount").map(Fixed::from))?.decimal();
    let net = number("amount").or_else(by_price)?;
    let standard = || frozen_cost(prices, cell("product"), day, cell("currency")).ok().flatten();
    let unit_cost = || number("unit_cost").or_else(standard);
    let cost = number("cost").or_else(|| multiply(unit_cost()?, quantity?));
    Some(Worth { net, cost, extra_cost: number("extra_cost").unwrap_or_default() })
}

/// The line of lowest number among the shortfalls of one order or quote.
pub fn first(of_one: &[Short]) -> Option<&Short> {
    of_one.iter().min_by_key(|s| (s.line.parse::<u32>().unwrap_or(u32::MAX), s.line))
}

/// The finding about one order or quote: its first shortfall, and how many lines more fall short.
pub fn breach(of_one: &[Short]) -> Option<Breach> {
    let first = first(of_one)?;
    let what = if first.line.is_empty() { first.id.to_string() } else { format!("{}/{}", first.id, first.line) };
    let Short { net, cost, floor, .. } = *first;
    Some(Breach::BelowFloor(Box::new(Below { what, net, cost, floor, more: of_one.len() - 1 })))
}

/// The lines and orders that fall short, in the order of the files. Returns and cancelled orders do not, nor do lines
/// whose cost or net is unknown.
pub fn orders(index: &Index<'_>) -> Vec<Short> {
    let (book, prices) = (index.book, index.prices());
    let same = is_cost(&book.settings);
    let mut floors = Floors::new(index);
    let mut out: Vec<Short> = Vec::new();
    let mut bearing: HashSet<Str> = HashSet::new();
    let owners = prices.owners();
    for (n, segment) in book.orders.segments().iter().enumerate() {
        let lines = prices.lines(segment).with_costs();
        for row in 0..segment.rows {
            let amounts = lines.amounts(row);
            let (Some(net), Some(cost)) = (amounts.net, amounts.cost) else { continue };
            let line = || OrderLine::of(segment, row as u32);
            if !amounts.extra_cost.is_zero() {
                bearing.insert(line().id());
            }
            let (Some(net), Some(cost)) = (net.decimal(), cost.decimal()) else { continue };
            if same && net >= cost {
                continue;
            }
            let line = line();
            let owner = owners.get(n).and_then(|o| o.get(row)).filter(|c| **c != NOBODY).map(|c| *c as usize);
            let floor = floors.on(owner, line.day());
            if keeps(net, cost, floor) || takes_back(line) || !prices.counts(line.id()) {
                continue;
            }
            let Some(asked) = line.price().or_else(|| prices.net(line)) else { continue };
            let (id, place) = (line.id(), line.place());
            out.push(Short { ledger: Ledger::Orders, id, line: line.line(), place, asked, net, cost, floor });
        }
    }
    let by_lines: HashSet<Str> = out.iter().map(|s| s.id).collect();
    bearing.retain(|id| !by_lines.contains(id) && prices.counts(id));
    out.extend(whole_orders(index, &bearing, &mut floors));
    out
}

/// The orders, among some, that fall short with the extra costs of all their lines.
fn whole_orders(index: &Index<'_>, ids: &HashSet<Str>, floors: &mut Floors<'_, '_>) -> Vec<Short> {
    let (book, prices) = (index.book, index.prices());
    let mut orders: HashMap<Str, Vec<(OrderLine, Worth)>> = HashMap::new();
    if ids.is_empty() {
        return Vec::new();
    }
    let segments = book.orders.segments();
    for segment in segments {
        let lines = prices.lines(segment).with_costs();
        for row in 0..segment.rows {
            let line = OrderLine::of(segment, row as u32);
            if !ids.contains(line.id()) || takes_back(line) {
                continue;
            }
            let amounts = lines.amounts(row);
            // Without a net nothing is known of the order.
            let cost = amounts.cost.and_then(|c| c.decimal()).filter(|_| amounts.net.is_some());
            let net = amounts.net.and_then(|n| n.decimal()).unwrap_or_default();
            let extra_cost = amounts.extra_cost.decimal().unwrap_or_default();
            orders.entry(line.id()).or_default().push((line, Worth { net, cost, extra_cost }));
        }
    }
    let mut out = Vec::new();
    for (id, lines) in orders {
        let worth: Vec<Worth> = lines.iter().map(|(_, w)| *w).collect();
        let number = |l: &OrderLine| (l.line().parse::<u32>().unwrap_or(u32::MAX), l.line());
        let Some(first) = lines.iter().map(|(l, _)| *l).min_by_key(number) else { continue };
        let floor = floors.on(book.customer_index(first.customer()), first.day());
        if short_of(floor, &worth) != [None] {
            continue;
        }
        let Some((net, cost)) = super::floor::whole(&worth) else { continue };
        let asked = Sum::of(lines.iter().filter_map(|(l, _)| prices.net(*l))).known().unwrap_or(net);
        out.push(Short { ledger: Ledger::Orders, id, line: "", place: first.place(), asked, net, cost, floor });
    }
    out.sort_by_key(|s| s.place);
    out
}

fn takes_back(line: OrderLine) -> bool {
    !line.returns().is_empty() || line.quantity().is_some_and(|q| q < Decimal::ZERO)
}

/// The lines of quotes that a customer may still accept and that fall short, by the costs of the day on which they were made.
pub fn quotes(index: &Index<'_>) -> Vec<Short> {
    let (book, prices) = (index.book, index.prices());
    let mut floors = Floors::new(index);
    let mut out = Vec::new();
    for q in index.quotes().all().iter().filter(|q| q.state(book.today).is_open()) {
        let version = q.current();
        let day = version.at.day;
        let lines = version.lines.iter().filter_map(|l| Some((l, worked_out(prices, &book.settings, l, day)?)));
        let lines: Vec<_> = lines.collect();
        let worth: Vec<Worth> = lines.iter().map(|(_, w)| w.worth()).collect();
        let floor = floors.on(q.customer, day);
        for n in short_of(floor, &worth).into_iter().flatten() {
            let (l, Worth { net, cost: Some(cost), .. }) = (lines[n].0, worth[n]) else { continue };
            let asked = l.price.unwrap_or(net);
            out.push(Short { ledger: Ledger::Quotes, id: q.id, line: l.line, place: l.place, asked, net, cost, floor });
        }
    }
    out
}
