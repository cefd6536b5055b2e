//! R6 on the way in: orders and quotes below their floor. Others decided on them, so they are taken; how many they are is said,
//! and a map may accept them by name.

use super::draft::{Draft, Plan, Slot};
use super::ranges::{Updated, accept as add_exception, kept, texts};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, parse_decimal};
use crate::model::row::PlainRow;
use crate::rules::below::worth_of;
use crate::rules::entry::{Entry, Terms, line};
use crate::rules::floor::{Worth, keeps, short_of};
use crate::rules::floors::Floors;
use crate::rules::orders::sells;
use crate::rules::prices;
use crate::rules::profit::counts;
use std::collections::{HashMap, HashSet};

/// The key under which a map accepts them.
pub(super) const KEY: &str = "below-floor";

/// The first order day of each customer.
type FirstDays = HashMap<String, Day>;

/// A row as floors are judged.
#[derive(Clone, Copy)]
struct Sold<'c> {
    id: &'c str,
    customer: &'c str,
    day: Day,
    worth: Worth,
}

/// The drafts that fall short of their floors: lines, and the first line of an order that does so with its extra costs.
pub(super) fn below(p: &Plan<'_, '_, '_>, drafts: &[Draft], changed: &Updated) -> Vec<usize> {
    if !matches!(p.ledger, Ledger::Orders | Ledger::Quotes) {
        return Vec::new();
    }
    let floors = Floors::new(p.env.input.index);
    let mut judge = Judge { p, drafts, changed, floors, first_days: None };
    let mut out = Vec::new();
    let mut bearing: HashMap<&str, Vec<usize>> = HashMap::new();
    for n in 0..drafts.len() {
        let Some(s) = sold_at(p, drafts, changed, n) else { continue };
        if p.ledger == Ledger::Orders && (!s.worth.extra_cost.is_zero() || p.existing.head(s.id).is_some()) {
            bearing.entry(s.id).or_default();
        }
        // A negative price is wrong by itself.
        let is_sound = || {
            let cell = texts(p, drafts[n].place, changed[n].as_deref());
            cell.is_some_and(|cell| p.ranges.alone(|n| cell(n), &p.env.settings.file.currency).is_empty())
        };
        if s.worth.cost.is_some_and(|cost| judge.is_short(&s, s.worth.net, cost)) && is_sound() {
            out.push(n);
        }
    }
    for s in out.iter().filter_map(|n| sold_at(p, drafts, changed, *n)) {
        bearing.remove(s.id);
    }
    out.extend(judge.whole_orders(bearing));
    out
}

/// A draft that is written, as floors are judged.
fn sold_at<'x>(p: &'x Plan<'_, '_, '_>, drafts: &[Draft], changed: &'x Updated, n: usize) -> Option<Sold<'x>> {
    let cell = texts(p, drafts[n].place, changed[n].as_deref())?;
    sold(p, |name| at_name(p, &cell, name))
}

fn at_name<'c>(p: &Plan<'_, '_, '_>, cell: &dyn Fn(usize) -> &'c str, name: &str) -> &'c str {
    p.ledger.column(name).map_or("", cell)
}

/// A row of orders, or of a quote that may still be accepted.
fn sold<'c>(p: &Plan<'_, '_, '_>, cell: impl Fn(&str) -> &'c str) -> Option<Sold<'c>> {
    let (settings, book) = (p.env.settings, p.env.book);
    let (id, customer) = (cell("id"), cell("customer"));
    let day = || At::parse(cell("at"), settings.tz).map(|at| at.day);
    if p.ledger == Ledger::Orders {
        let day = day()?;
        return Some(Sold { id, customer, day, worth: worth_of(&p.prices, cell, day)? });
    }
    let over = |until: &str| crate::model::day::parse_day(until).is_some_and(|d| d < book.today);
    let decided = book.states.value(Ledger::Quotes, id, "state").is_some_and(|s| matches!(s, "accepted" | "declined"));
    if over(cell("valid_until")) || decided {
        return None;
    }
    let number = |name: &str| parse_decimal(cell(name));
    let (quantity, price) = (Some(number("quantity")?), Some(number("price")?));
    let entry =
        Entry { product: cell("product").into(), quantity, price, discount: number("discount"), ..Entry::default() };
    let day = day()?;
    let worked_out =
        line(&p.prices, Terms { day, currency: cell("currency"), tax_rate: None }, &entry, settings).ok()?;
    Some(Sold { id, customer, day, worth: worked_out.worth() })
}

struct Judge<'j, 'e, 'a, 'i> {
    p: &'j Plan<'e, 'a, 'i>,
    drafts: &'j [Draft],
    changed: &'j Updated,
    floors: Floors<'a, 'i>,
    first_days: Option<FirstDays>,
}

impl Judge<'_, '_, '_, '_> {
    fn is_short(&mut self, s: &Sold<'_>, net: Decimal, cost: Decimal) -> bool {
        // Nobody's floor of a first order lies above the cost, nor a later one's below it.
        let customer = self.p.env.book.customer_index(s.customer);
        let later = self.floors.since(customer, s.day, Some(Day::MIN));
        !keeps(net, cost, later) && !keeps(net, cost, self.floor_of(s))
    }

    fn floor_of(&mut self, s: &Sold<'_>) -> Decimal {
        let customer = self.p.env.book.customer_index(s.customer);
        let first_day = self.first_day(s.customer);
        self.floors.since(customer, s.day, first_day)
    }

    fn first_day(&mut self, customer: &str) -> Option<Day> {
        if self.first_days.is_none() {
            self.first_days = Some(self.all_first_days());
        }
        let present = self.p.env.book.present_id(customer);
        self.first_days.as_ref()?.get(present).copied()
    }

    /// The first order day of each customer, in what is there and what is taken.
    fn all_first_days(&self) -> FirstDays {
        let p = self.p;
        let book = p.env.book;
        let mut out = FirstDays::new();
        // Quotes are no orders: those stand in the book.
        if p.ledger == Ledger::Quotes {
            for l in book.orders.iter().filter(|l| sells(*l) && counts(book, l.id())) {
                add(p, &mut out, l.customer(), l.day());
            }
        } else {
            for r in self.kept() {
                let cell = |name: &str| p.ledger.column(name).map_or("", |k| r.cell(k));
                if counts(book, cell("id")) {
                    add_row(p, &mut out, &cell);
                }
            }
            for (d, new) in self.drafts.iter().zip(self.changed) {
                if let Some(cell) = texts(p, d.place, new.as_deref()) {
                    add_row(p, &mut out, &|name| at_name(p, &cell, name));
                }
            }
        }
        out
    }

    /// The rows that are there and stay as they are.
    fn kept(&self) -> impl Iterator<Item = PlainRow> {
        kept(self.p, self.drafts.iter().map(|d| d.place), self.changed)
    }

    /// The first drafts of orders that fall short with the extra costs of all their lines.
    fn whole_orders(&mut self, mut orders: HashMap<&str, Vec<usize>>) -> Vec<usize> {
        if orders.is_empty() {
            return Vec::new();
        }
        let (p, drafts, changed) = (self.p, self.drafts, self.changed);
        let mut worth: HashMap<String, Vec<Worth>> = HashMap::new();
        for n in 0..drafts.len() {
            if let Some(s) = sold_at(p, drafts, changed, n)
                && let Some(places) = orders.get_mut(s.id)
            {
                places.push(n);
                worth.entry(s.id.to_string()).or_default().push(s.worth);
            }
        }
        if orders.keys().any(|id| p.existing.head(id).is_some()) {
            for r in self.kept() {
                let cell = |name: &str| p.ledger.column(name).map_or("", |k| r.cell(k));
                if orders.contains_key(cell("id"))
                    && let Some(at) = At::parse(cell("at"), p.env.settings.tz)
                    && let Some(w) = worth_of(&p.prices, cell, at.day)
                {
                    worth.entry(cell("id").to_string()).or_default().push(w);
                }
            }
        }
        let mut out = Vec::new();
        for (id, places) in orders {
            let (Some(first), Some(lines)) = (places.first(), worth.get(id)) else { continue };
            let Some(s) = sold_at(p, drafts, changed, *first) else { continue };
            if short_of(self.floor_of(&s), lines) == [None] {
                out.push(*first);
            }
        }
        out.sort_unstable();
        out
    }
}

fn add(p: &Plan<'_, '_, '_>, days: &mut FirstDays, customer: &str, day: Day) {
    let id = p.env.book.present_id(customer).to_string();
    days.entry(id).and_modify(|d| *d = (*d).min(day)).or_insert(day);
}

fn add_row<'c>(p: &Plan<'_, '_, '_>, days: &mut FirstDays, cell: &dyn Fn(&str) -> &'c str) {
    let number = |name: &str| parse_decimal(cell(name)).map(Fixed::from);
    if let Some(at) = At::parse(cell("at"), p.env.settings.tz)
        && prices::sells(!cell("returns").is_empty(), number("quantity"), number("amount"))
    {
        add(p, days, cell("customer"), at.day);
    }
}

/// How many orders or quotes drafts belong to.
pub(super) fn ids(p: &Plan<'_, '_, '_>, drafts: &[Draft], short: &[usize]) -> usize {
    let ids: HashSet<String> = (short.iter())
        .map(|n| match drafts[*n].place {
            Slot::New(new) => p.new_row(new).cell("id").to_string(),
            Slot::There(row) => p.id.map_or_else(String::new, |k| p.existing.row(row).cell(k).to_string()),
        })
        .collect();
    ids.len()
}

/// Notes that the map accepts rows as they are: the keys of new rows are given back, rows that are there get theirs.
pub(super) fn accept(p: &Plan<'_, '_, '_>, drafts: &mut [Draft], short: &[usize]) -> Vec<super::draft::New> {
    let mut new = Vec::new();
    for n in short {
        match drafts[*n].place {
            Slot::New(place) => new.push(place),
            Slot::There(row) => add_exception(p, &mut drafts[*n], row, &[KEY]),
        }
    }
    new
}
