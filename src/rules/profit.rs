//! R6: what order lines earn.

use crate::model::Map;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::money::{Decimal, multiply, share};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::receipt::Refund;
use crate::model::row::RowPlace;
use rayon::prelude::*;
use std::hash::Hash;
use std::sync::OnceLock;

/// What one line (or an allowance) adds to the figures, in the base currency and without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale<'a> {
    /// The line; `None` for an allowance.
    pub line: Option<&'a OrderLine>,
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
    pub quantity: Option<Decimal>,
    /// Line net; `None` when it cannot be computed (no exchange rate, neither amount nor price).
    pub revenue: Option<Decimal>,
    /// Line cost; `None` when unknown.
    pub cost: Option<Decimal>,
    /// Freight, commission …
    pub extra_cost: Decimal,
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
            revenue: Some(-r.amount),
            cost: Some(Decimal::ZERO),
            extra_cost: Decimal::ZERO,
        })
    }
}

impl Sale<'_> {
    /// Revenue − cost − extra cost; `None` when either is unknown.
    pub fn profit(&self) -> Option<Decimal> {
        self.revenue?.checked_sub(self.cost?)?.checked_sub(self.extra_cost)
    }
}

/// Prices, costs and rates, found by key.
#[derive(Debug)]
pub struct Prices<'a> {
    book: &'a Book,
    /// Order lines by id and line, for returns; made when the first return asks.
    lines: OnceLock<Map<(&'a str, &'a str), &'a OrderLine>>,
}

impl<'a> Prices<'a> {
    /// The prices of a book.
    pub fn new(book: &'a Book) -> Prices<'a> {
        Prices { book, lines: OnceLock::new() }
    }

    /// The line that a return takes back.
    pub fn original(&self, line: &OrderLine) -> Option<&'a OrderLine> {
        if line.returns.is_empty() {
            return None;
        }
        let lines = self.lines.get_or_init(|| self.book.orders.iter().map(|l| ((l.id, l.line), l)).collect());
        lines.get(&line.returns.rsplit_once('/')?).copied()
    }

    /// The line's net in its own currency: `amount`, else quantity × price × (1 − discount); a return takes the price and
    /// discount of the original line.
    pub fn net(&self, line: &OrderLine) -> Option<Decimal> {
        net_of(&Worth::of(line), self.original(line).map(Worth::of).as_ref())
    }

    /// The line's cost in its own currency: `cost`, else quantity × `unit_cost`, else × the standard cost valid on the
    /// order's day; a return takes the original line's cost.
    pub fn cost(&self, line: &OrderLine) -> Option<Decimal> {
        if let Some(cost) = line.cost {
            return Some(cost);
        }
        let quantity = line.quantity?;
        if let Some(first) = self.original(line) {
            return match (first.cost, first.unit_cost) {
                (Some(cost), _) => share(cost, quantity, first.quantity?),
                (None, Some(unit)) => multiply(unit, quantity),
                (None, None) => multiply(self.standard_cost(first.product, first.at.day)?, quantity),
            };
        }
        multiply(line.unit_cost.or_else(|| self.standard_cost(line.product, line.at.day))?, quantity)
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
    pub fn sale(&self, line: &'a OrderLine, customer: usize) -> Sale<'a> {
        let rate = self.rate(line.currency, line.at.day);
        let base = |amount: Option<Decimal>| match rate {
            Some(rate) if rate == Decimal::ONE => amount,
            rate => multiply(amount?, rate?),
        };
        let extra_cost = base(Some(line.extra_cost.unwrap_or_default()));
        // What is given back is what was sold, even where the row does not repeat it.
        let product = match self.original(line) {
            Some(first) if line.product.is_empty() => first.product,
            _ => line.product,
        };
        Sale {
            line: Some(line),
            place: line.place,
            customer,
            day: line.at.day,
            order: line.id,
            product,
            by: line.by,
            quantity: line.quantity,
            revenue: base(self.net(line)),
            // A cost of which a part is unknown is unknown.
            cost: extra_cost.and_then(|_| base(self.cost(line))),
            extra_cost: extra_cost.unwrap_or_default(),
        }
    }
}

/// What decides what a line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worth {
    /// How many.
    pub quantity: Option<Decimal>,
    /// For one unit.
    pub price: Option<Decimal>,
    /// As a fraction.
    pub discount: Option<Decimal>,
    /// Of the whole line.
    pub amount: Option<Decimal>,
}

impl Worth {
    /// Of a line.
    pub fn of(l: &OrderLine) -> Worth {
        Worth { quantity: l.quantity, price: l.price, discount: l.discount, amount: l.amount }
    }
}

/// See [`Prices::net`]; `original` is the line that a return takes back.
pub fn net_of(line: &Worth, original: Option<&Worth>) -> Option<Decimal> {
    if let Some(amount) = line.amount {
        return Some(amount);
    }
    let quantity = line.quantity?;
    match original {
        Some(Worth { amount: Some(amount), quantity: sold, .. }) => share(*amount, quantity, (*sold)?),
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
pub fn priced(quantity: Decimal, price: Decimal, discount: Option<Decimal>) -> Option<Decimal> {
    let full = multiply(quantity, price)?;
    match discount {
        Some(d) if !d.is_zero() => multiply(full, Decimal::ONE.checked_sub(d)?),
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
    let mut out: Vec<Sale<'a>> =
        book.orders.parts().par_iter().flat_map_iter(|part| line_sales(book, prices, period, part)).collect();
    out.extend(allowances(book, period));
    out
}

/// Puts all sales of a period into groups, with all threads: `key` says which group a sale belongs to.
pub fn grouped<'a, K: Eq + Hash + Send>(
    book: &'a Book,
    prices: &Prices<'a>,
    period: Period,
    key: impl Fn(&Sale<'a>) -> K + Sync,
) -> Map<K, Figures<'a>> {
    let gather = |sales: &mut dyn Iterator<Item = Sale<'a>>| {
        let mut groups: Map<K, Figures<'a>> = Map::default();
        for s in sales {
            groups.entry(key(&s)).or_default().add(&s);
        }
        groups
    };
    let parts: Vec<Map<K, Figures<'a>>> =
        book.orders.parts().par_iter().map(|part| gather(&mut line_sales(book, prices, period, part))).collect();
    let mut all = gather(&mut allowances(book, period));
    for part in parts {
        all.reserve(part.len().saturating_sub(all.len()));
        for (k, f) in part {
            all.entry(k).or_default().merge(&f);
        }
    }
    all
}

/// The sales of one file's lines. Lines of one order mostly stand together: what is known of the order is asked once.
fn line_sales<'a, 'b>(
    book: &'a Book,
    prices: &'b Prices<'a>,
    period: Period,
    lines: &'a [OrderLine],
) -> impl Iterator<Item = Sale<'a>> + use<'a, 'b> {
    let mut last: (&str, &str, Option<usize>) = ("", "", None);
    lines.iter().filter(move |l| period.contains(l.at.day)).filter_map(move |l| {
        if (l.id, l.customer) != (last.0, last.1) {
            let customer = if counts(book, l.id) { book.customer_index(l.customer) } else { None };
            last = (l.id, l.customer, customer);
        }
        Some(prices.sale(l, last.2?))
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
pub fn figures<'a>(sales: &[Sale<'a>]) -> Figures<'a> {
    let mut out = Figures::default();
    sales.iter().for_each(|s| out.add(s));
    out
}

/// The figures of a group of sales. Lines whose cost is unknown count in revenue, not in cost, profit or margin.
#[derive(Debug, Clone, Default)]
pub struct Figures<'a> {
    /// Ids of orders, some of them twice.
    orders: Vec<&'a str>,
    /// Sum of known quantities.
    pub quantity: Decimal,
    /// Sum of known nets.
    pub revenue: Decimal,
    /// Revenue of the lines whose cost is known.
    pub known_revenue: Decimal,
    /// Cost of the lines whose cost is known.
    pub cost: Decimal,
    /// Extra cost of the same lines.
    pub extra_cost: Decimal,
    /// Lines.
    pub lines: i64,
    /// Lines and allowances whose cost is known.
    known: i64,
    /// Lines whose cost is unknown.
    pub unknown_cost_lines: i64,
    /// Their revenue.
    pub unknown_revenue: Decimal,
    /// Lines whose revenue cannot be computed; they count nowhere else.
    pub unreadable_lines: i64,
}

impl<'a> Figures<'a> {
    /// Adds a sale.
    pub fn add(&mut self, s: &Sale<'a>) {
        let Some(revenue) = s.revenue else {
            self.unreadable_lines += 1;
            return;
        };
        if s.line.is_some() {
            if self.orders.last() != Some(&s.order) {
                self.orders.push(s.order);
            }
            self.lines += 1;
        }
        self.quantity += s.quantity.unwrap_or_default();
        self.revenue += revenue;
        match s.cost {
            Some(cost) => {
                self.known += 1;
                self.known_revenue += revenue;
                self.cost += cost;
                self.extra_cost += s.extra_cost;
            }
            None => {
                self.unknown_cost_lines += 1;
                self.unknown_revenue += revenue;
            }
        }
    }
    /// Adds the figures of other sales.
    pub fn merge(&mut self, other: &Figures<'a>) {
        self.orders.extend(&other.orders);
        self.quantity += other.quantity;
        self.revenue += other.revenue;
        self.known_revenue += other.known_revenue;
        self.cost += other.cost;
        self.extra_cost += other.extra_cost;
        self.lines += other.lines;
        self.known += other.known;
        self.unknown_cost_lines += other.unknown_cost_lines;
        self.unknown_revenue += other.unknown_revenue;
        self.unreadable_lines += other.unreadable_lines;
    }
    /// Both groups together.
    #[must_use]
    pub fn and(mut self, other: &Figures<'a>) -> Figures<'a> {
        self.merge(other);
        self
    }
    /// Number of different orders.
    pub fn orders(&self) -> i64 {
        let mut ids = self.orders.clone();
        ids.sort_unstable();
        ids.dedup();
        i64::try_from(ids.len()).unwrap_or(i64::MAX)
    }
    /// Profit of the lines whose cost is known; `None` when there is no such line.
    pub fn profit(&self) -> Option<Decimal> {
        let any = self.unknown_cost_lines == 0 || self.known > 0;
        any.then(|| self.known_revenue - self.cost - self.extra_cost)
    }
    /// Profit / revenue, both of the lines whose cost is known; `None` for a zero denominator, and where there is no such line:
    /// an allowance alone has no cost, and would show 100 %.
    pub fn margin(&self) -> Option<Decimal> {
        if self.known_revenue.is_zero() || self.lines == self.unknown_cost_lines {
            None
        } else {
            self.profit()?.checked_div(self.known_revenue)
        }
    }
}

/// The figures of every customer over a period, by the customer's index.
pub fn by_customer(book: &Book, period: Period) -> Vec<Figures<'_>> {
    let prices = Prices::new(book);
    let mut out = vec![Figures::default(); book.customers.len()];
    for (customer, figures) in grouped(book, &prices, period, |s| s.customer) {
        out[customer] = figures;
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
            assert_eq!(priced(d(q), d(p), disc.map(d)), expected.map(d), "{q} × {p}");
        };
        check("3", "9.99", Some("0.05"), Some("28.4715"));
        check("15", "1000", None, Some("15000"));
        check("-1", "1000", Some("0"), Some("-1000"));
        check("0.0000000000001", "0.0000000000000001", None, None);
    }
}
