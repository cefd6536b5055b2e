//! R6: prices, costs and rates, and what an order line comes to.

use super::engine::grouped::customers_of;
use super::engine::once::once;
use super::engine::order_numbers::OrderNumbers;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, Numbers, Row as _, Segment, TextColumn, rows_of};
use crate::model::day::Day;
use crate::model::money::{Decimal, Fixed, Sum, share};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::product::ProductVersion;
use crate::model::receipt::Refund;
use crate::model::{Map, Str};
use std::collections::HashSet;
use std::sync::OnceLock;

/// Prices, costs and rates, found by key.
#[derive(Debug)]
pub struct Prices<'a> {
    book: &'a Book,
    /// Order lines by id and line, for returns; made when the first return asks.
    lines: OnceLock<Map<(&'a str, &'a str), OrderLine>>,
    numbers: OnceLock<OrderNumbers>,
    /// Whose each order line is, file by file.
    owners: OnceLock<Vec<Vec<u32>>>,
    /// The lines that take back each line, oldest first; made when the first of them asks what is left.
    returned: OnceLock<Map<(&'a str, &'a str), Vec<OrderLine>>>,
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
            returned: OnceLock::new(),
            cancelled: OnceLock::new(),
        }
    }

    /// The line that a return takes back.
    pub fn original(&self, line: OrderLine) -> Option<OrderLine> {
        let returns = line.returns();
        if returns.is_empty() { None } else { self.line(returns) }
    }

    /// The line of a name: `id/line`.
    pub fn line(&self, name: &str) -> Option<OrderLine> {
        let lines = once(&self.lines, || self.book.orders.iter().map(|l| ((l.id(), l.line()), l)).collect());
        lines.get(&name.rsplit_once('/')?).copied()
    }

    /// What is left of an amount or cost of a line for the return that takes the last of it, so that nothing remains (R6);
    /// `None` for any other return. `part` is what a return takes by itself.
    fn left(
        &self,
        line: OrderLine,
        first: OrderLine,
        whole: Option<Fixed>,
        part: impl Fn(OrderLine) -> Option<Fixed>,
    ) -> Option<Fixed> {
        let (before, last) = self.returns_of(first).split_last().map(|(last, before)| (before, *last))?;
        let gone = Sum::of(before.iter().chain([&last]).filter_map(|l| l.quantity())).known()?;
        if last != line || gone != -first.quantity()? {
            return None;
        }
        let rest = before.iter().try_fold(whole?, |rest, l| rest.plus(part(*l)?))?.decimal()?;
        Some(Fixed::from(-rest))
    }

    /// The lines that count and take back a line, oldest first.
    fn returns_of(&self, first: OrderLine) -> &[OrderLine] {
        let returned = once(&self.returned, || {
            let mut out: Map<(&str, &str), Vec<OrderLine>> = Map::default();
            for segment in self.book.orders.segments() {
                let Column::Text(names) = segment.column(OrderLine::RETURNS) else { continue };
                let keys: Vec<_> = (0..names.len()).map(|n| names.value(n).rsplit_once('/')).collect();
                for (line, row) in rows_of::<OrderLine>(segment).zip(0..) {
                    if let Some(key) = keys[names.codes.get(row)].filter(|_| self.counts(line.id())) {
                        out.entry(key).or_default().push(line);
                    }
                }
            }
            for list in out.values_mut() {
                let number = |l: &OrderLine| (l.line().len(), l.line());
                list.sort_by(|a, b| {
                    a.at().cmp(&b.at()).then(a.id().cmp(b.id())).then_with(|| number(a).cmp(&number(b)))
                });
            }
            out
        });
        returned.get(&(first.id(), first.line())).map_or(&[], Vec::as_slice)
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

    /// The line's tax in its own currency; a return that says none takes its part of the original line's, and the one that
    /// takes the last of it what is left (R6). Where the original says none, there is none.
    pub fn tax(&self, line: OrderLine) -> Option<Decimal> {
        self.lines(line.segment()).tax(line.row() as usize)?.decimal()
    }

    /// The version of a product on a day.
    pub fn version(&self, product: &str, day: Day) -> Option<&'a ProductVersion> {
        version(self.book, product, day)
    }

    /// The standard cost of a product on a day.
    pub fn standard_cost(&self, product: &str, day: Day) -> Option<Decimal> {
        self.version(product, day)?.cost
    }

    /// What one unit of a currency was worth in the base currency on a day.
    pub fn rate(&self, currency: &str, day: Day) -> Option<Decimal> {
        rate(self.book, currency, day)
    }

    /// The refund that stands in a place.
    pub(super) fn refund(&self, place: RowPlace) -> Option<&'a Refund> {
        self.book.refunds.iter().find(|r| r.place == place)
    }

    /// The number of a line's order, by which orders are told from one another.
    pub(super) fn order_number(&self, line: OrderLine) -> u32 {
        let Column::Text(ids) = line.segment().column(OrderLine::ID) else { return u32::MAX };
        self.number_of(line.segment(), ids.codes.get(line.row() as usize))
    }

    /// The same by the number of its id in a file.
    #[inline]
    pub(super) fn number_of(&self, segment: &Segment, code: usize) -> u32 {
        self.numbers().of(segment, code)
    }

    /// The numbers of all orders. A loop over all threads that needs many of them asks once before it begins.
    pub(super) fn numbers(&self) -> &OrderNumbers {
        once(&self.numbers, || OrderNumbers::new(self.book))
    }

    /// The product of a line. A return gives back the product that was sold, even where its row does not repeat it.
    pub(super) fn product(&self, line: OrderLine) -> &'static str {
        match (line.product(), line.returns()) {
            ("", returns) if !returns.is_empty() => self.original(line).map_or("", |first| first.product()),
            (product, _) => product,
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
    /// Whether it sells something; see [`sells`].
    pub(super) sells: bool,
}

/// Whether a line sells something: it takes no other line back, and its quantity or amount is above zero, or neither is
/// below (what is given away is sold for nothing).
#[inline]
pub fn sells(takes_back: bool, quantity: Option<Fixed>, amount: Option<Fixed>) -> bool {
    let above = |n: Option<Fixed>| n.is_some_and(Fixed::is_above);
    let below = |n: Option<Fixed>| n.is_some_and(Fixed::is_below);
    !takes_back && (above(quantity) || above(amount) || !(below(quantity) || below(amount)))
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

    /// Whether a line sells something.
    #[inline]
    pub(super) fn sells(&self, row: usize) -> bool {
        let takes_back = self.returns.is_some_and(|texts| !texts.get(row).is_empty());
        let quantity = cell(self.quantity, row);
        // Most lines: their amount is not looked up.
        if !takes_back && quantity.is_some_and(Fixed::is_above) {
            return true;
        }
        sells(takes_back, quantity, cell(self.amount, row))
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
            Some(first) => {
                let whole = Worth::of(first);
                let part = |l: OrderLine| net_of(&Worth::of(l), Some(&whole));
                self.prices.left(self.line(row), first, net_of(&whole, None), part).or_else(|| part(self.line(row)))
            }
        }
    }

    /// The line's tax in its own currency; see [`Prices::tax`].
    #[inline]
    pub(super) fn tax(&self, row: usize) -> Option<Fixed> {
        let line = self.line(row);
        if let Some(tax) = line.exact(OrderLine::TAX) {
            return Some(tax);
        }
        let first = self.original(row)?;
        let whole = first.exact(OrderLine::TAX)?;
        let share = |l: OrderLine| share(whole.decimal()?, l.quantity()?, first.quantity()?).map(Fixed::from);
        let part = |l: OrderLine| l.exact(OrderLine::TAX).or_else(|| share(l));
        self.prices.left(line, first, Some(whole), part).or_else(|| share(line))
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
                Some(cost) => {
                    let whole = cost.decimal()?;
                    let share = |l: OrderLine| share(whole, l.quantity()?, first.quantity()?).map(Fixed::from);
                    let part = |l: OrderLine| l.exact(OrderLine::COST).or_else(|| share(l));
                    let line = self.lines.line(row);
                    self.lines.prices.left(line, first, Some(cost), part).or_else(|| share(line))
                }
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
            // A cost with an unknown part is unknown.
            cost: extra_cost.and_then(|_| base(self.cost(row))),
            extra_cost: extra_cost.unwrap_or_default(),
            sells: self.lines.sells(row),
        }
    }
}

/// The cells that decide what a line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// How many.
    pub quantity: Option<Fixed>,
    /// For one unit.
    pub price: Option<Fixed>,
    /// As a fraction.
    pub discount: Option<Fixed>,
    /// The amount of the whole line.
    pub amount: Option<Fixed>,
}

impl Worth {
    /// What decides what a line of the book comes to.
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

/// quantity × price × (1 − discount), exact.
pub fn priced(quantity: Fixed, price: Fixed, discount: Option<Fixed>) -> Option<Fixed> {
    let full = quantity.times(price)?;
    match discount {
        Some(d) if !d.is_zero() => full.times(Fixed::from(Decimal::ONE).minus(d)?),
        _ => Some(full),
    }
}

/// What one unit of a currency was worth in the base currency on a day; `None` where there is no rate.
pub fn rate(book: &Book, currency: &str, day: Day) -> Option<Decimal> {
    if currency.is_empty() || *currency == book.settings.file.currency {
        return Some(Decimal::ONE);
    }
    let rates = &book.rates;
    let from = rates.partition_point(|r| r.currency < currency);
    let to = rates.partition_point(|r| (r.currency, r.date) <= (currency, day));
    rates.get(from..to)?.last().map(|r| r.rate)
}

/// The version of a product that is valid on a day.
pub fn version<'b>(book: &'b Book, product: &str, day: Day) -> Option<&'b ProductVersion> {
    let n = book.products.partition_point(|v| (v.id, v.since) <= (product, day));
    n.checked_sub(1).map(|n| &book.products[n]).filter(|v| v.id == product)
}

/// A text of a product on a day: what a later version leaves out is what the first one said. Empty where nothing is said.
pub fn product_text<'b>(book: &'b Book, product: &str, day: Day, text: fn(&ProductVersion) -> &'static str) -> &'b str {
    if product.is_empty() {
        return "";
    }
    let own = version(book, product, day).map_or("", text);
    let first = book.products.partition_point(|v| v.id < product);
    let known = || book.products[first..].iter().take_while(|v| v.id == product && v.since <= book.today);
    let any = || known().map(text).find(|x| !x.is_empty());
    if own.is_empty() { any().unwrap_or("") } else { own }
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
