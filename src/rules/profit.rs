//! R6: what order lines earn.

use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::money::{Decimal, multiply};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::row::RowPlace;
use std::collections::{BTreeSet, HashMap};

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

impl Sale<'_> {
    /// Revenue − cost − extra cost; `None` when either is unknown.
    pub fn profit(&self) -> Option<Decimal> {
        self.revenue?.checked_sub(self.cost?)?.checked_sub(self.extra_cost)
    }
}

/// Prices, costs and rates, found by key.
pub struct Prices<'a> {
    book: &'a Book,
    lines: HashMap<(&'a str, &'a str), &'a OrderLine>,
}

impl<'a> Prices<'a> {
    /// Indexes the lines that returns name.
    pub fn new(book: &'a Book) -> Prices<'a> {
        let any_returns = book.orders.iter().any(|l| !l.returns.is_empty());
        let lines =
            if any_returns { book.orders.iter().map(|l| ((l.id, l.line), l)).collect() } else { HashMap::new() };
        Prices { book, lines }
    }

    /// The line that a return takes back.
    pub fn original(&self, line: &OrderLine) -> Option<&'a OrderLine> {
        if line.returns.is_empty() {
            return None;
        }
        self.lines.get(&line.returns.rsplit_once('/')?).copied()
    }

    /// The line's net in its own currency: `amount`, else quantity × price × (1 − discount); a return takes the price and
    /// discount of the original line.
    pub fn net(&self, line: &OrderLine) -> Option<Decimal> {
        if let Some(amount) = line.amount {
            return Some(amount);
        }
        let quantity = line.quantity?;
        if let Some(first) = self.original(line) {
            return match first.amount {
                Some(amount) => multiply(amount, quantity)?.checked_div(first.quantity?),
                None => priced(quantity, first.price?, first.discount),
            };
        }
        priced(quantity, line.price?, line.discount)
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
                (Some(cost), _) => multiply(cost, quantity)?.checked_div(first.quantity?),
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
        let base = |amount: Option<Decimal>| multiply(amount?, rate?);
        let extra_cost = base(Some(line.extra_cost.unwrap_or_default())).unwrap_or_default();
        Sale {
            line: Some(line),
            place: line.place,
            customer,
            day: line.at.day,
            order: line.id,
            product: line.product,
            by: line.by,
            quantity: line.quantity,
            revenue: base(self.net(line)),
            cost: base(self.cost(line)),
            extra_cost,
        }
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
    let any = || book.products[first..].iter().take_while(|v| v.id == product).map(text).find(|x| !x.is_empty());
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
    let mut out: Vec<Sale<'a>> = book
        .orders
        .iter()
        .filter(|l| period.contains(l.at.day) && counts(book, l.id))
        .filter_map(|l| Some(prices.sale(l, book.customer_index(l.customer)?)))
        .collect();
    let allowances = book.refunds.iter().filter(|r| r.kind == "allowance" && !r.void && period.contains(r.at.day));
    out.extend(allowances.filter_map(|r| {
        Some(Sale {
            line: None,
            place: r.place,
            customer: book.customer_index(r.customer)?,
            day: r.at.day,
            order: r.order,
            product: "",
            by: "",
            quantity: None,
            revenue: Some(-r.amount),
            cost: Some(Decimal::ZERO),
            extra_cost: Decimal::ZERO,
        })
    }));
    out
}

/// The figures of a group of sales. Lines whose cost is unknown count in revenue, not in cost, profit or margin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures<'a> {
    orders: BTreeSet<&'a str>,
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
            self.orders.insert(s.order);
            self.lines += 1;
        }
        self.quantity += s.quantity.unwrap_or_default();
        self.revenue += revenue;
        match s.cost {
            Some(cost) => {
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
    /// Both groups together.
    #[must_use]
    pub fn and(mut self, other: &Figures<'a>) -> Figures<'a> {
        self.orders.extend(&other.orders);
        self.quantity += other.quantity;
        self.revenue += other.revenue;
        self.known_revenue += other.known_revenue;
        self.cost += other.cost;
        self.extra_cost += other.extra_cost;
        self.lines += other.lines;
        self.unknown_cost_lines += other.unknown_cost_lines;
        self.unknown_revenue += other.unknown_revenue;
        self.unreadable_lines += other.unreadable_lines;
        self
    }
    /// Number of different orders.
    pub fn orders(&self) -> i64 {
        i64::try_from(self.orders.len()).unwrap_or(i64::MAX)
    }
    /// Profit of the lines whose cost is known; `None` when there is no such line.
    pub fn profit(&self) -> Option<Decimal> {
        let any = self.unknown_cost_lines == 0 || !self.known_revenue.is_zero() || !self.cost.is_zero();
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
    for s in sales(book, &prices, period) {
        out[s.customer].add(&s);
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
