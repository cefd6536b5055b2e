//! R6: what order lines earn.

use super::index::customers_of;
use super::once::once;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, Numbers, Row as _, Segment, TextColumn};
use crate::model::day::Day;
use crate::model::money::{Decimal, Fixed, share};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::receipt::Refund;
use crate::model::{Map, Str};
use hashbrown::HashTable;
use rayon::prelude::*;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::OnceLock;

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
    /// The order's number among those of the book.
    number: u32,
}

impl<'a> Sale<'a> {
    /// A refund of kind `allowance` as what it takes from revenue; `None` for other kinds.
    pub fn allowance(r: &'a Refund, customer: Option<usize>) -> Option<Sale<'a>> {
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
        Amounts { quantity: self.quantity, net: self.net, cost: self.cost, extra_cost: self.extra_cost }
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

/// Prices, costs and rates, found by key.
#[derive(Debug)]
pub struct Prices<'a> {
    book: &'a Book,
    /// Order lines by id and line, for returns; made when the first return asks.
    lines: OnceLock<Map<(&'a str, &'a str), OrderLine>>,
    numbers: OnceLock<OrderNumbers>,
    /// Whose each order line is, file by file.
    owners: OnceLock<Vec<Vec<u32>>>,
    /// Orders that count nothing.
    cancelled: OnceLock<HashSet<Str, foldhash::fast::RandomState>>,
}

impl<'a> Prices<'a> {
    /// The prices of a book.
    pub fn new(book: &'a Book) -> Prices<'a> {
        Prices {
            book,
            lines: OnceLock::new(),
            numbers: OnceLock::new(),
            owners: OnceLock::new(),
            cancelled: OnceLock::new(),
        }
    }

    /// The line that a return takes back.
    pub fn original(&self, line: OrderLine) -> Option<OrderLine> {
        let returns = line.returns();
        if returns.is_empty() {
            return None;
        }
        let lines = once(&self.lines, || self.book.orders.iter().map(|l| ((l.id(), l.line()), l)).collect());
        lines.get(&returns.rsplit_once('/')?).copied()
    }

    /// The currency that everything is added up in.
    pub fn base(&self) -> &'a str {
        &self.book.settings.file.currency
    }

    /// The customer of each order line, by the segments of the book; looked up once for all who ask.
    pub(super) fn owners(&self) -> &[Vec<u32>] {
        once(&self.owners, || customers_of::<OrderLine>(self.book, self.book.orders.segments())).as_slice()
    }

    /// The same, if somebody has asked already.
    pub(super) fn known_owners(&self) -> Option<&[Vec<u32>]> {
        self.owners.get().map(Vec::as_slice)
    }

    /// Whether any order line names a customer that is not in the book.
    pub fn has_strays(&self) -> bool {
        // Customers of whom only the ids are known are named by all rows, or they would have been read.
        !self.book.read.ids_only && self.owners().iter().any(|owners| owners.contains(&NOBODY))
    }

    /// The same, if somebody has looked the customers up already.
    pub(super) fn knows_strays(&self) -> Option<bool> {
        self.known_owners().map(|all| all.iter().any(|owners| owners.contains(&NOBODY)))
    }

    /// Whether an order counts; see [`counts`].
    pub(super) fn counts(&self, order: &str) -> bool {
        let cancelled = once(&self.cancelled, || {
            let states = self.book.states.orders();
            states.filter(|(_, state)| state.cancelled.is_some()).map(|(id, _)| id).collect()
        });
        cancelled.is_empty() || !cancelled.contains(order)
    }

    /// The lines of one file.
    pub(super) fn lines(&self, segment: &'static Segment) -> Lines<'_, 'a> {
        let texts = |column| match segment.column(column) {
            Column::Text(t) => Some(t),
            _ => None,
        };
        let numbers = |column| match segment.column(column) {
            Column::Number(n) => Some(n),
            _ => None,
        };
        Lines {
            prices: self,
            segment,
            returns: texts(OrderLine::RETURNS),
            quantity: numbers(OrderLine::QUANTITY),
            price: numbers(OrderLine::PRICE),
            discount: numbers(OrderLine::DISCOUNT),
            amount: numbers(OrderLine::AMOUNT),
        }
    }

    /// The line's net in its own currency: `amount`, else quantity × price × (1 − discount); a return takes the price and
    /// discount of the original line.
    pub fn net(&self, line: OrderLine) -> Option<Decimal> {
        self.lines(line.segment()).net(line.row() as usize)?.decimal()
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

    /// The number of a line's order, by which orders are told from one another.
    fn order_number(&self, line: OrderLine) -> u32 {
        let Column::Text(ids) = line.segment().column(OrderLine::ID) else { return u32::MAX };
        self.number_of(line.segment(), ids.codes.get(line.row() as usize))
    }

    /// The same by the number of its id in a file.
    #[inline]
    pub(super) fn number_of(&self, segment: &Segment, code: usize) -> u32 {
        self.numbers().of(segment, code)
    }

    /// The numbers of all orders; whoever asks for many in a loop over all threads asks for them before it.
    pub(super) fn numbers(&self) -> &OrderNumbers {
        once(&self.numbers, || OrderNumbers::new(self.book))
    }

    /// The product of a line: what is given back is what was sold, even where the row does not repeat it.
    pub(super) fn product(&self, line: OrderLine) -> &'static str {
        match (line.product(), line.returns()) {
            ("", returns) if !returns.is_empty() => self.original(line).map_or("", |first| first.product()),
            (product, _) => product,
        }
    }

    /// What a line adds to the figures.
    pub fn sale(&self, line: OrderLine, customer: Option<usize>) -> Sale<'a> {
        let Amounts { quantity, net, cost, extra_cost } =
            self.lines(line.segment()).with_costs().amounts(line.row() as usize);
        let product = self.product(line);
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
            number: self.order_number(line),
        }
    }
}

/// The order lines of one file, their columns looked up once for all rows.
#[derive(Clone, Copy)]
pub(super) struct Lines<'p, 'a> {
    prices: &'p Prices<'a>,
    segment: &'static Segment,
    returns: Option<&'static TextColumn>,
    quantity: Option<&'static Numbers>,
    price: Option<&'static Numbers>,
    discount: Option<&'static Numbers>,
    amount: Option<&'static Numbers>,
}

/// The same with what lines cost, and in which currency.
pub(super) struct CostedLines<'p, 'a> {
    lines: Lines<'p, 'a>,
    cost: Option<&'static Numbers>,
    unit_cost: Option<&'static Numbers>,
    extra_cost: Option<&'static Numbers>,
    currency: Option<&'static TextColumn>,
}

/// What a line comes to, in the base currency and without tax; see [`Sale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Amounts {
    pub(super) quantity: Option<Fixed>,
    pub(super) net: Option<Fixed>,
    pub(super) cost: Option<Fixed>,
    pub(super) extra_cost: Fixed,
}

#[inline]
fn cell(column: Option<&Numbers>, row: usize) -> Option<Fixed> {
    column?.fixed(row)
}

impl<'p, 'a> Lines<'p, 'a> {
    fn line(&self, row: usize) -> OrderLine {
        OrderLine::of(self.segment, row as u32)
    }

    /// The line that a return takes back.
    fn original(&self, row: usize) -> Option<OrderLine> {
        self.returns?;
        self.prices.original(self.line(row))
    }

    /// The line's net in its own currency; see [`Prices::net`].
    #[inline]
    pub(super) fn net(&self, row: usize) -> Option<Fixed> {
        if let Some(amount) = cell(self.amount, row) {
            return Some(amount);
        }
        let (quantity, price, discount) = (cell(self.quantity, row), cell(self.price, row), cell(self.discount, row));
        match self.original(row) {
            None => priced(quantity?, price?, discount),
            Some(first) => net_of(&Worth { quantity, price, discount, amount: None }, Some(&Worth::of(first))),
        }
    }

    pub(super) fn with_costs(self) -> CostedLines<'p, 'a> {
        let numbers = |column| match self.segment.column(column) {
            Column::Number(n) => Some(n),
            _ => None,
        };
        CostedLines {
            lines: self,
            cost: numbers(OrderLine::COST),
            unit_cost: numbers(OrderLine::UNIT_COST),
            extra_cost: numbers(OrderLine::EXTRA_COST),
            currency: match self.segment.column(OrderLine::CURRENCY) {
                Column::Text(t) => Some(t),
                _ => None,
            },
        }
    }
}

impl CostedLines<'_, '_> {
    /// The line's cost in its own currency: `cost`, else quantity × `unit_cost`, else × the standard cost valid on the
    /// order's day; a return takes the original line's cost.
    #[inline]
    fn cost(&self, row: usize) -> Option<Fixed> {
        if let Some(cost) = cell(self.cost, row) {
            return Some(cost);
        }
        let quantity = cell(self.lines.quantity, row)?;
        let standard = |l: OrderLine| self.lines.prices.standard_cost(l.product(), l.day()).map(Fixed::from);
        match self.lines.original(row) {
            Some(first) => match first.exact(OrderLine::COST) {
                Some(cost) => share(cost.decimal()?, quantity.decimal()?, first.quantity()?).map(Fixed::from),
                None => first.exact(OrderLine::UNIT_COST).or_else(|| standard(first))?.times(quantity),
            },
            None => cell(self.unit_cost, row).or_else(|| standard(self.lines.line(row)))?.times(quantity),
        }
    }

    /// What a line comes to.
    #[inline]
    pub(super) fn amounts(&self, row: usize) -> Amounts {
        let currency = self.currency.map_or("", |texts| texts.get(row));
        let rate = match currency {
            "" => Some(Decimal::ONE),
            currency => self.lines.prices.rate(currency, self.lines.line(row).day()),
        };
        let base = |amount: Option<Fixed>| match rate {
            Some(rate) if rate == Decimal::ONE => amount,
            rate => amount?.times(Fixed::from(rate?)),
        };
        let extra_cost = base(Some(cell(self.extra_cost, row).unwrap_or_default()));
        Amounts {
            quantity: cell(self.lines.quantity, row),
            net: base(self.lines.net(row)),
            // A cost of which a part is unknown is unknown.
            cost: extra_cost.and_then(|_| base(self.cost(row))),
            extra_cost: extra_cost.unwrap_or_default(),
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
            Some(prices.sale(l, last.2?))
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
    let refunds = book.refunds.iter().filter(move |r| !book.is_void(*r) && period.contains(r.at.day));
    refunds.filter_map(|r| Sale::allowance(r, book.customer_index(r.customer)))
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

/// A number for each order: ids are texts, and comparing many of them is dear.
#[derive(Debug)]
pub(super) struct OrderNumbers {
    /// The number of the first id of each file, by the file's number.
    bases: Vec<u32>,
    /// Orders that are met again after others, in the same file or another, under the number of their first lines.
    split: Map<u32, u32>,
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
            next += match s.column(OrderLine::ID) {
                Column::Text(ids) => ids.len() as u32,
                _ => 0,
            };
        }
        // Every id with its number, spread over tables by its hash.
        let ids = |s: &&'static Segment| {
            let mut out: Vec<Vec<(u64, Str, u32)>> = vec![Vec::new(); PARTS as usize];
            if let Column::Text(ids) = s.column(OrderLine::ID) {
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
                    Some((_, _, first)) => out.push((*number, *first)),
                    None => _ = seen.insert_unique(*hash, (*hash, id, *number), |(hash, ..)| *hash),
                }
            }
            out
        };
        let split = (0..PARTS as usize).into_par_iter().flat_map_iter(twice).collect();
        OrderNumbers { bases, split }
    }

    /// The number of an order by the number of its id in a file.
    #[inline]
    fn of(&self, segment: &Segment, code: usize) -> u32 {
        let number = self.bases.get(segment.file as usize).map_or(u32::MAX, |base| base + code as u32);
        if self.split.is_empty() { number } else { self.split.get(&number).copied().unwrap_or(number) }
    }
}

/// The figures of a group of sales. Lines whose cost is unknown count in revenue, not in cost, profit or margin.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Numbers of orders, some of them twice.
    orders: Vec<u32>,
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
            if self.orders.last() != Some(&number) {
                self.orders.push(number);
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
    /// Number of different orders.
    pub fn orders(&self) -> i64 {
        different(&self.orders)
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
