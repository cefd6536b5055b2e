//! R6: what order lines earn.

use super::index::{owners, owners_in};
use crate::model::book::Book;
use crate::model::columns::{Column, Row as _, Segment, column_of};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, share};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::receipt::Refund;
use crate::model::row::RowPlace;
use crate::model::{Map, Str};
use hashbrown::HashTable;
use indexmap::IndexMap;
use indexmap::map::Entry;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::OnceLock;

/// What one line (or an allowance) adds to the figures, in the base currency and without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale<'a> {
    /// The line; `None` for an allowance.
    pub line: Option<OrderLine>,
    /// Where it stands.
    pub place: RowPlace,
    /// The customer's index.
    pub customer: usize,
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
    /// The order's number among those of the book.
    number: u32,
}

impl<'a> Sale<'a> {
    /// A refund of kind `allowance` as what it takes from revenue; `None` for other kinds.
    pub fn allowance(r: &'a Refund, customer: usize) -> Option<Sale<'a>> {
        (r.kind == "allowance").then_some(Sale {
            line: None,
            place: r.place,
            customer,
            day: r.at.day,
            order: r.order,
            product: "",
            by: "",
            quantity: None,
            net: Some(Fixed::from(-r.amount)),
            cost: Some(Fixed::ZERO),
            extra_cost: Fixed::ZERO,
            number: 0,
        })
    }
}

impl Sale<'_> {
    /// Line net as a decimal.
    pub fn revenue(&self) -> Option<Decimal> {
        self.net?.decimal()
    }
    /// Revenue − cost − extra cost; `None` when either is unknown.
    pub fn profit(&self) -> Option<Decimal> {
        self.net?.minus(self.cost?)?.minus(self.extra_cost)?.decimal()
    }
}

/// Prices, costs and rates, found by key.
#[derive(Debug)]
pub struct Prices<'a> {
    book: &'a Book,
    /// Order lines by id and line, for returns; made when the first return asks.
    lines: OnceLock<Map<(&'a str, &'a str), OrderLine>>,
    numbers: OnceLock<OrderNumbers>,
    /// Whose each order line is, file by file.
    owners: OnceLock<Vec<Vec<u32>>>,
}

impl<'a> Prices<'a> {
    /// The prices of a book.
    pub fn new(book: &'a Book) -> Prices<'a> {
        Prices { book, lines: OnceLock::new(), numbers: OnceLock::new(), owners: OnceLock::new() }
    }

    /// The line that a return takes back.
    pub fn original(&self, line: OrderLine) -> Option<OrderLine> {
        let returns = line.returns();
        if returns.is_empty() {
            return None;
        }
        let lines = self.lines.get_or_init(|| self.book.orders.iter().map(|l| ((l.id(), l.line()), l)).collect());
        lines.get(&returns.rsplit_once('/')?).copied()
    }

    /// The customer of each order line, by the segments of the book; looked up once for all who ask.
    pub(super) fn owners(&self) -> &[Vec<u32>] {
        self.owners.get_or_init(|| owners(&self.book.orders, "customer", |_, id| self.book.customer_index(id)))
    }

    /// The number of a line's order, by which orders are told from one another.
    fn order_number(&self, line: OrderLine) -> u32 {
        let numbers = self.numbers.get_or_init(|| OrderNumbers::new(self.book));
        let Column::Text(ids) = line.segment().column(ORDER_ID) else { return u32::MAX };
        let code = ids.codes.get(line.row() as usize);
        if !numbers.split.is_empty()
            && let Some(number) = numbers.split.get(ids.value(code))
        {
            return *number;
        }
        numbers.bases.get(line.segment().file as usize).map_or(u32::MAX, |base| base + code as u32)
    }

    /// The line's net in its own currency: `amount`, else quantity × price × (1 − discount); a return takes the price and
    /// discount of the original line.
    pub fn net(&self, line: OrderLine) -> Option<Decimal> {
        self.exact_net(line)?.decimal()
    }

    /// The same as it is computed with.
    pub fn exact_net(&self, line: OrderLine) -> Option<Fixed> {
        net_of(&Worth::of(line), self.original(line).map(Worth::of).as_ref())
    }

    /// The line's cost in its own currency: `cost`, else quantity × `unit_cost`, else × the standard cost valid on the
    /// order's day; a return takes the original line's cost.
    pub fn cost(&self, line: OrderLine) -> Option<Fixed> {
        let cell = |l: OrderLine, column: usize| l.exact(column);
        if let Some(cost) = cell(line, OrderLine::COST) {
            return Some(cost);
        }
        let quantity = cell(line, OrderLine::QUANTITY)?;
        let standard = |l: OrderLine| self.standard_cost(l.product(), l.day()).map(Fixed::from);
        let unit = |l: OrderLine| cell(l, OrderLine::UNIT_COST).or_else(|| standard(l));
        match self.original(line) {
            Some(first) => match first.cost() {
                Some(cost) => share(cost, quantity.decimal()?, first.quantity()?).map(Fixed::from),
                None => unit(first)?.times(quantity),
            },
            None => unit(line)?.times(quantity),
        }
    }

    /// The version of a product on a day.
    pub fn version(&self, product: &str, day: Day) -> Option<&'a crate::model::product::ProductVersion> {
        version(self.book, product, day)
    }

    /// The standard cost of a product on a day.
    pub fn standard_cost(&self, product: &str, day: Day) -> Option<Decimal> {
        self.version(product, day)?.cost
    }

    /// What one unit of a currency was worth in the base currency on a day.
    pub fn rate(&self, currency: &str, day: Day) -> Option<Decimal> {
        let base = &self.book.settings.file.currency;
        if currency.is_empty() || currency == base {
            return Some(Decimal::ONE);
        }
        let rates = &self.book.rates;
        let from = rates.partition_point(|r| r.currency < currency);
        let to = rates.partition_point(|r| (r.currency, r.date) <= (currency, day));
        rates.get(from..to)?.last().map(|r| r.rate)
    }

    /// What a line adds to the figures.
    pub fn sale(&self, line: OrderLine, customer: usize) -> Sale<'a> {
        let (currency, day) = (line.currency(), line.day());
        let rate = if currency.is_empty() { Some(Decimal::ONE) } else { self.rate(currency, day) };
        let base = |amount: Option<Fixed>| match rate {
            Some(rate) if rate == Decimal::ONE => amount,
            rate => amount?.times(Fixed::from(rate?)),
        };
        let extra_cost = base(Some(line.exact(OrderLine::EXTRA_COST).unwrap_or_default()));
        // What is given back is what was sold, even where the row does not repeat it.
        let product = match (line.product(), line.returns()) {
            ("", returns) if !returns.is_empty() => self.original(line).map_or("", |first| first.product()),
            (product, _) => product,
        };
        Sale {
            line: Some(line),
            place: line.place(),
            customer,
            day,
            order: line.id(),
            product,
            by: line.by(),
            quantity: line.exact(OrderLine::QUANTITY),
            net: base(self.exact_net(line)),
            // A cost of which a part is unknown is unknown.
            cost: extra_cost.and_then(|_| base(self.cost(line))),
            extra_cost: extra_cost.unwrap_or_default(),
            number: self.order_number(line),
        }
    }
}

/// What decides what a line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// How many.
    pub quantity: Option<Fixed>,
    /// For one unit.
    pub price: Option<Fixed>,
    /// As a fraction.
    pub discount: Option<Fixed>,
    /// Of the whole line.
    pub amount: Option<Fixed>,
}

impl Worth {
    /// Of a line.
    pub fn of(l: OrderLine) -> Worth {
        let [quantity, price, discount, amount] =
            [OrderLine::QUANTITY, OrderLine::PRICE, OrderLine::DISCOUNT, OrderLine::AMOUNT].map(|c| l.exact(c));
        Worth { quantity, price, discount, amount }
    }
}

/// See [`Prices::net`]; `original` is the line that a return takes back.
pub fn net_of(line: &Worth, original: Option<&Worth>) -> Option<Fixed> {
    if let Some(amount) = line.amount {
        return Some(amount);
    }
    let quantity = line.quantity?;
    match original {
        Some(Worth { amount: Some(amount), quantity: sold, .. }) => {
            share(amount.decimal()?, quantity.decimal()?, (*sold)?.decimal()?).map(Fixed::from)
        }
        Some(first) => priced(quantity, first.price?, first.discount),
        None => priced(quantity, line.price?, line.discount),
    }
}

/// The version of a product that is valid on a day.
pub fn version<'b>(book: &'b Book, product: &str, day: Day) -> Option<&'b crate::model::product::ProductVersion> {
    let n = book.products.partition_point(|v| (v.id, v.since) <= (product, day));
    n.checked_sub(1).map(|n| &book.products[n]).filter(|v| v.id == product)
}

/// A text of a product on a day: what a later version leaves out is what the first one said. Empty where nothing is said.
pub fn product_text<'b>(
    book: &'b Book,
    product: &str,
    day: Day,
    text: fn(&crate::model::product::ProductVersion) -> &'static str,
) -> &'b str {
    if product.is_empty() {
        return "";
    }
    let own = version(book, product, day).map_or("", text);
    let first = book.products.partition_point(|v| v.id < product);
    let known = || book.products[first..].iter().take_while(|v| v.id == product && v.since <= book.today);
    let any = || known().map(text).find(|x| !x.is_empty());
    if own.is_empty() { any().unwrap_or("") } else { own }
}

/// quantity × price × (1 − discount), exact.
pub fn priced(quantity: Fixed, price: Fixed, discount: Option<Fixed>) -> Option<Fixed> {
    let full = quantity.times(price)?;
    match discount {
        Some(d) if !d.is_zero() => full.times(Fixed::from(Decimal::ONE).minus(d)?),
        _ => Some(full),
    }
}

/// Whether an order counts on the book's day: cancelled and void ones do not.
pub fn counts(book: &Book, order: &str) -> bool {
    book.order_states.get(order).is_none_or(|s| s.cancelled.is_none())
}

/// Everything that changes revenue in a period: order lines and refunds of kind `allowance`. Lines of customers that are
/// not in the book are left out.
pub fn sales<'a>(book: &'a Book, prices: &Prices<'a>, period: Period) -> Vec<Sale<'a>> {
    let segments = book.orders.segments();
    let mut out: Vec<Sale<'a>> = segments.par_iter().flat_map_iter(|s| line_sales(book, prices, period, s)).collect();
    out.extend(allowances(book, period));
    out
}

/// Figures by group: the figures lie close together, and only small numbers move when the table grows.
pub type Groups<K> = IndexMap<K, Figures, foldhash::fast::RandomState>;

/// Puts all sales of a period into groups, with all threads: `key` says which group a sale belongs to.
pub fn grouped<'a, K: Eq + Hash + Send>(
    book: &'a Book,
    prices: &Prices<'a>,
    period: Period,
    key: impl Fn(&Sale<'a>) -> K + Sync,
) -> Groups<K> {
    let gather = |sales: &mut dyn Iterator<Item = Sale<'a>>| {
        let mut groups: Groups<K> = Groups::default();
        for s in sales {
            groups.entry(key(&s)).or_default().add(&s);
        }
        groups
    };
    // One stretch a thread: groups that occur in every file would be put together again and again.
    let segments = book.orders.segments();
    let stretch = segments.len().div_ceil(rayon::current_num_threads()).max(1);
    let lines =
        |segments: &[&'static Segment]| gather(&mut segments.iter().flat_map(|s| line_sales(book, prices, period, s)));
    let mut found: Vec<Groups<K>> = segments.par_chunks(stretch).map(lines).collect();
    found.push(gather(&mut allowances(book, period)));
    found.sort_by_key(IndexMap::len);
    let mut all = found.pop().unwrap_or_default();
    for (k, f) in found.into_iter().flatten() {
        match all.entry(k) {
            Entry::Vacant(e) => _ = e.insert(f),
            Entry::Occupied(mut e) => e.get_mut().merge(&f),
        }
    }
    all
}

/// The sales of one file's lines. Lines of one order mostly stand together: what is known of the order is asked once.
fn line_sales<'a, 'b>(
    book: &'a Book,
    prices: &'b Prices<'a>,
    period: Period,
    segment: &'static Segment,
) -> impl Iterator<Item = Sale<'a>> + use<'a, 'b> {
    let rows = if is_touched(segment, period) { segment.rows as u32 } else { 0 };
    let mut last: (&str, &str, Option<usize>) = ("", "", None);
    (0..rows).map(move |row| OrderLine::of(segment, row)).filter(move |l| period.contains(l.day())).filter_map(
        move |l| {
            let order = (l.id(), l.customer());
            if order != (last.0, last.1) {
                let customer = if counts(book, order.0) { book.customer_index(order.1) } else { None };
                last = (order.0, order.1, customer);
            }
            Some(prices.sale(l, last.2?))
        },
    )
}

/// Whether any row of a segment may lie in a period.
fn is_touched(segment: &Segment, period: Period) -> bool {
    segment.days.is_some_and(|(first, last)| {
        period.to.is_none_or(|to| first <= to) && period.from.is_none_or(|from| from <= last)
    })
}

/// The allowances of a period.
fn allowances<'a>(book: &'a Book, period: Period) -> impl Iterator<Item = Sale<'a>> {
    let refunds = book.refunds.iter().filter(move |r| !r.void && period.contains(r.at.day));
    refunds.filter_map(|r| Sale::allowance(r, book.customer_index(r.customer)?))
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

/// Equal ids have equal hashes within one run of the program; which, is of no interest.
const ORDER_HASH: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0x6b65_6875);

/// Position of the column of ids.
const ORDER_ID: usize = column_of(Ledger::Orders, "id");

/// A number for each order: ids are texts, and comparing many of them is dear.
#[derive(Debug)]
struct OrderNumbers {
    /// The number of the first id of each file, by the file's number.
    bases: Vec<u32>,
    /// Orders that are met again after others, in the same file or another, under the number of their first lines.
    split: HashMap<Str, u32>,
}

impl OrderNumbers {
    fn new(book: &Book) -> OrderNumbers {
        const PARTS: u64 = 16;
        let segments = book.orders.segments();
        let mut bases = vec![0; book.files.len()];
        let mut next = 0;
        for s in segments {
            if let Some(base) = bases.get_mut(s.file as usize) {
                *base = next;
            }
            next += match s.column(ORDER_ID) {
                Column::Text(ids) => ids.len() as u32,
                _ => 0,
            };
        }
        // Every id with its number, spread over tables by its hash.
        let ids = |s: &&'static Segment| {
            let mut out: Vec<Vec<(u64, Str, u32)>> = vec![Vec::new(); PARTS as usize];
            if let Column::Text(ids) = s.column(ORDER_ID) {
                let base = bases.get(s.file as usize).copied().unwrap_or_default();
                for n in 0..ids.len() {
                    let id = ids.value(n);
                    let hash = ORDER_HASH.hash_one(id.as_bytes());
                    out[(hash % PARTS) as usize].push((hash, id, base + n as u32));
                }
            }
            out
        };
        let ids: Vec<Vec<Vec<(u64, Str, u32)>>> = segments.par_iter().map(ids).collect();
        let twice = |part: usize| {
            let all = || ids.iter().flat_map(|r| &r[part]);
            let mut seen: HashTable<(u64, Str, u32)> = HashTable::with_capacity(all().count());
            let mut out = Vec::new();
            for (hash, id, number) in all() {
                match seen.find(*hash, |(_, known, _)| known == id) {
                    Some((_, _, first)) => out.push((*id, *first)),
                    None => _ = seen.insert_unique(*hash, (*hash, id, *number), |(hash, ..)| *hash),
                }
            }
            out
        };
        let split = (0..PARTS as usize).into_par_iter().flat_map_iter(twice).collect();
        OrderNumbers { bases, split }
    }
}

/// The figures of a group of sales. Lines whose cost is unknown count in revenue, not in cost, profit or margin.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Numbers of orders, some of them twice.
    orders: Vec<u32>,
    quantity: Fixed,
    net: Fixed,
    known_net: Fixed,
    cost: Fixed,
    extra_cost: Fixed,
    unknown_net: Fixed,
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
fn sum(a: Fixed, b: Fixed) -> Option<Fixed> {
    a.plus(b).filter(|s| s.is_decimal())
}

impl Figures {
    /// Adds a sale.
    pub fn add(&mut self, s: &Sale<'_>) {
        if self.try_add(s).is_none() {
            self.unreadable_lines += 1;
            return;
        }
        if s.line.is_some() {
            if self.orders.last() != Some(&s.number) {
                self.orders.push(s.number);
            }
            self.lines += 1;
        }
    }
    fn try_add(&mut self, s: &Sale<'_>) -> Option<()> {
        let net = s.net?;
        let all = (sum(self.quantity, s.quantity.unwrap_or_default())?, sum(self.net, net)?);
        match s.cost {
            Some(cost) => {
                let known = (sum(self.known_net, net)?, sum(self.cost, cost)?, sum(self.extra_cost, s.extra_cost)?);
                (self.known_net, self.cost, self.extra_cost) = known;
                self.known += 1;
            }
            None => {
                self.unknown_net = sum(self.unknown_net, net)?;
                self.unknown_cost_lines += 1;
            }
        }
        (self.quantity, self.net) = all;
        Some(())
    }
    /// Adds the figures of other sales.
    pub fn merge(&mut self, other: &Figures) {
        if self.try_merge(other).is_none() {
            self.unreadable_lines += other.lines + other.unreadable_lines;
        }
    }
    fn try_merge(&mut self, other: &Figures) -> Option<()> {
        let sums = [
            (self.quantity, other.quantity),
            (self.net, other.net),
            (self.known_net, other.known_net),
            (self.cost, other.cost),
            (self.extra_cost, other.extra_cost),
            (self.unknown_net, other.unknown_net),
        ];
        let mut new = [Fixed::ZERO; 6];
        for (slot, (a, b)) in new.iter_mut().zip(sums) {
            *slot = sum(a, b)?;
        }
        [self.quantity, self.net, self.known_net, self.cost, self.extra_cost, self.unknown_net] = new;
        self.orders.extend(&other.orders);
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
    /// Number of different orders.
    pub fn orders(&self) -> i64 {
        let mut numbers = Cow::Borrowed(self.orders.as_slice());
        if !numbers.is_sorted_by(|a, b| a < b) {
            let numbers = numbers.to_mut();
            if numbers.len() > 1 << 14 {
                numbers.par_sort_unstable()
            } else {
                numbers.sort_unstable()
            }
            numbers.dedup();
        }
        i64::try_from(numbers.len()).unwrap_or(i64::MAX)
    }
    /// Sum of known quantities.
    pub fn quantity(&self) -> Decimal {
        self.quantity.decimal().unwrap_or_default()
    }
    /// Sum of known nets.
    pub fn revenue(&self) -> Decimal {
        self.net.decimal().unwrap_or_default()
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
        let any = self.unknown_cost_lines == 0 || self.known > 0;
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

/// The figures of those customers that bought, by the customer's index.
#[derive(Debug)]
pub struct ByCustomer {
    /// Customers in stretches of this many.
    stretch: usize,
    parts: Vec<Bought>,
    nothing: Figures,
}

/// A stretch of customers: where each one's figures stand, from 1; 0 = it bought nothing.
#[derive(Debug)]
struct Bought {
    places: Vec<u32>,
    figures: Vec<Figures>,
}

impl Bought {
    fn add(&mut self, customer: usize, sale: &Sale<'_>) {
        if self.places[customer] == 0 {
            self.figures.push(Figures::default());
            self.places[customer] = self.figures.len() as u32;
        }
        self.figures[self.places[customer] as usize - 1].add(sale);
    }
}

impl ByCustomer {
    /// The figures of a customer.
    pub fn of(&self, customer: usize) -> &Figures {
        let found = self.parts.get(customer / self.stretch).and_then(|part| {
            let place = (part.places[customer % self.stretch] as usize).checked_sub(1)?;
            part.figures.get(place)
        });
        found.unwrap_or(&self.nothing)
    }
    /// Customers that have any, with their figures, by their index.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Figures)> {
        self.parts.iter().enumerate().flat_map(move |(n, part)| {
            let here = part.places.iter().enumerate().filter(|(_, p)| **p > 0);
            here.map(move |(c, p)| (n * self.stretch + c, &part.figures[*p as usize - 1]))
        })
    }
}

/// The figures of every customer over a period.
///
/// Each thread goes through all lines and computes those of its own stretch of customers: nothing needs to be put together.
pub fn by_customer<'a>(book: &'a Book, prices: &Prices<'a>, period: Period) -> ByCustomer {
    let customers = book.customers.len();
    let parts = rayon::current_num_threads().clamp(1, 8);
    let stretch = customers.div_ceil(parts).max(1);
    let touched = |(_, s): &(usize, &&'static Segment)| is_touched(s, period);
    let (places, segments): (Vec<usize>, Vec<&'static Segment>) =
        book.orders.segments().iter().enumerate().filter(touched).map(|(n, s)| (n, *s)).unzip();
    // What others have looked up already need not be looked up again.
    let owners: Vec<Cow<'_, [u32]>> = match prices.owners.get() {
        Some(all) => places.iter().map(|n| Cow::Borrowed(all[*n].as_slice())).collect(),
        None => {
            let found = owners_in::<OrderLine>(&segments, "customer", |_, id| book.customer_index(id));
            found.into_iter().map(Cow::Owned).collect()
        }
    };
    let of_stretch = |n: usize| {
        let from = (n * stretch).min(customers);
        let size = stretch.min(customers - from);
        let mut out = Bought { places: vec![0; size], figures: Vec::new() };
        let own = from as u32..(from + size) as u32;
        for (segment, owners) in segments.iter().zip(&owners) {
            let mut last = ("", false);
            for (row, owner) in owners.iter().enumerate().filter(|(_, c)| own.contains(c)) {
                let line = OrderLine::of(segment, row as u32);
                if !period.contains(line.day()) {
                    continue;
                }
                let order = line.id();
                if order != last.0 {
                    last = (order, counts(book, order));
                }
                if last.1 {
                    out.add(*owner as usize - from, &prices.sale(line, *owner as usize));
                }
            }
        }
        out
    };
    let parts = (0..parts).into_par_iter().with_max_len(1).map(of_stretch).collect();
    let mut out = ByCustomer { stretch, parts, nothing: Figures::default() };
    for s in allowances(book, period) {
        if let Some(part) = out.parts.get_mut(s.customer / stretch) {
            part.add(s.customer % stretch, &s);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    fn d(s: &str) -> Decimal {
        parse_decimal(s).unwrap()
    }

    #[test]
    fn lines_are_exact() {
        let check = |q: &str, p: &str, disc: Option<&str>, expected: Option<&str>| {
            let f = |s: &str| Fixed::from(d(s));
            let net = priced(f(q), f(p), disc.map(f)).and_then(Fixed::decimal);
            assert_eq!(net, expected.map(d), "{q} × {p}");
        };
        check("3", "9.99", Some("0.05"), Some("28.4715"));
        check("15", "1000", None, Some("15000"));
        check("-1", "1000", Some("0"), Some("-1000"));
        check("0.0000000000001", "0.0000000000000001", None, None);
    }
}
