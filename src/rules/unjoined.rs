//! Rows that no figure can be joined with: of customers, products or orders that do not exist, or without a rate. They are
//! counted here, so that no report leaves them out in silence. Where a row is joined stands in the rule that joins it.

use super::engine::index::Index;
use super::engine::strangers::strays;
use super::prices::Prices;
use super::profit::{Sale, sales};
use crate::model::book::Book;
use crate::model::columns::{Column, Segment, rows_of};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::receipt::Receipt;
use crate::model::row::{Activity, PlainRow};
use std::collections::{BTreeMap, HashSet};

/// What a row lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacks {
    /// Its customer is not in the book.
    Customer,
    /// Its product is not in the book.
    Product,
    /// Its order is not in the book.
    Order,
    /// Its receivable is not in the book.
    Receivable,
    /// It takes back a line that is not in the book.
    Line,
    /// Its currency has no rate on its day.
    Rate,
    /// It has neither an amount nor a price.
    Amount,
}

/// Rows of one ledger that lack the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unjoined {
    /// The ledger.
    pub what: Ledger,
    /// What they lack.
    pub lacks: Lacks,
    /// How many they are.
    pub rows: i64,
    /// Their amounts by currency: of order lines their net, of money what moved. Empty where there are no amounts.
    pub amounts: BTreeMap<String, Sum>,
    /// The first day on which a rate is missing, by currency.
    pub days: BTreeMap<String, Day>,
}

impl Unjoined {
    /// No row yet.
    pub fn none(what: Ledger, lacks: Lacks) -> Unjoined {
        Unjoined { what, lacks, rows: 0, amounts: BTreeMap::new(), days: BTreeMap::new() }
    }

    /// Adds a row; an empty currency is the base currency.
    pub fn add(&mut self, base: &str, currency: &str, amount: Option<Decimal>) {
        self.rows += 1;
        if let Some(amount) = amount {
            let currency = if currency.is_empty() { base } else { currency };
            let sum = self.amounts.entry(currency.to_string()).or_default();
            *sum = sum.plus(Sum::of([amount]));
        }
    }

    /// Adds a row whose currency has no rate on a day.
    pub fn add_without_rate(&mut self, base: &str, currency: &str, amount: Option<Decimal>, day: Day) {
        self.add(base, currency, amount);
        self.days.entry(currency.to_string()).and_modify(|first| *first = day.min(*first)).or_insert(day);
    }
}

/// The ledgers whose rows [`of_nobody`] looks at.
pub const LEDGERS: LedgerSet = LedgerSet::of(&[
    Ledger::Orders,
    Ledger::Receivables,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Activities,
    Ledger::Feedback,
]);

/// The rows of a period, of some ledgers, whose customer is not in the book; cancelled and void ones do not count.
pub fn of_nobody(book: &Book, prices: &Prices<'_>, ledgers: LedgerSet, period: Period) -> Vec<Unjoined> {
    let base = book.settings.file.currency.as_str();
    let mut out = Vec::new();
    for what in LEDGERS.iter().filter(|l| ledgers.has(*l)) {
        let mut found = Unjoined::none(what, Lacks::Customer);
        match what {
            Ledger::Orders => {
                for l in strays(book, &book.orders).filter(|l| period.contains(l.day()) && prices.counts(l.id())) {
                    found.add(base, l.currency(), prices.net(l));
                }
            }
            Ledger::Receivables => {
                let strays =
                    book.claims.iter().filter(|c| !book.is_void(*c) && book.customer_index(c.customer).is_none());
                let strays = strays.filter(|c| period.contains(c.at.day));
                strays.for_each(|c| found.add(base, c.currency, Some(c.amount)));
            }
            Ledger::Receipts => {
                for r in strays(book, &book.receipts).filter(|r| period.contains(r.day()) && !book.is_void(r)) {
                    found.add(base, r.currency(), Some(r.amount()));
                }
            }
            Ledger::Refunds => {
                let strays =
                    book.refunds.iter().filter(|r| !book.is_void(*r) && book.customer_index(r.customer).is_none());
                strays.filter(|r| period.contains(r.at.day)).for_each(|r| found.add(base, r.currency, Some(r.amount)));
            }
            Ledger::Feedback => {
                let (at, customer) = (what.column("at").unwrap_or(0), what.column("customer").unwrap_or(0));
                let rows = book.plain.get(&what).into_iter().flatten();
                let strays = rows.filter(|r| book.customer_index(r.cell(customer)).is_none());
                let day = |r: &PlainRow| At::parse(r.cell(at), book.settings.tz).map(|at| at.day);
                strays.filter(|r| day(r).is_some_and(|d| period.contains(d))).for_each(|_| found.add(base, base, None));
            }
            _ => {
                let strays = strays::<Activity>(book, &book.activities).filter(|a| period.contains(a.day()));
                strays.for_each(|_| found.add(base, base, None));
            }
        }
        out.extend((found.rows > 0).then_some(found));
    }
    out
}

/// The lines among some sales that count nowhere, as nobody knows their worth: they have no rate, or no amount.
pub fn of_no_worth<'s, 'a: 's>(prices: &Prices<'_>, sales: impl Iterator<Item = &'s Sale<'a>>) -> Vec<Unjoined> {
    let base = prices.base();
    let mut found = [Lacks::Rate, Lacks::Amount].map(|lacks| Unjoined::none(Ledger::Orders, lacks));
    let mut refunds = Unjoined::none(Ledger::Refunds, Lacks::Rate);
    for s in sales.filter(|s| s.net.is_none()) {
        let Some(line) = s.line else {
            if let Some(r) = prices.refund(s.place) {
                refunds.add_without_rate(base, r.currency, Some(r.amount), s.day);
            }
            continue;
        };
        match prices.net(line) {
            Some(net) => found[0].add_without_rate(base, line.currency(), Some(net), s.day),
            None => found[1].add(base, line.currency(), None),
        }
    }
    found.into_iter().chain([refunds]).filter(|u| u.rows > 0).collect()
}

/// The order lines of one customer that its figures leave out, as nobody knows their worth.
pub fn of_customer(index: &Index<'_>, customer: usize) -> Vec<Unjoined> {
    let prices = index.prices();
    let all = sales(index.book, prices, Period::ALL);
    of_no_worth(prices, all.iter().filter(|s| s.customer == Some(customer)))
}

/// The rows that figures of customers left out so far: rows of customers that are not in the book, order lines of the
/// period whose worth nobody knows, and accounts in a currency that has no rate today.
pub fn so_far(index: &Index<'_>, period: Period) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let strays = index.strays();
    let mut out = if strays.is_empty() { Vec::new() } else { of_nobody(book, prices, strays, period) };
    if index.lacks_worth() {
        out.extend(of_no_worth(prices, sales(book, prices, period).iter()));
    }
    let mut open = Unjoined::none(Ledger::Receivables, Lacks::Rate);
    let foreign = index.known_accounts().iter().filter(|a| a.currency != prices.base());
    for a in foreign.filter(|a| prices.rate(a.currency, book.today).is_none()) {
        let waiting = a.receivables.iter().filter(|r| !r.open.is_zero());
        waiting.for_each(|r| open.add_without_rate(prices.base(), a.currency, Some(r.open), book.today));
    }
    out.extend((open.rows > 0).then_some(open));
    out
}

/// Whether any of some products is not in the book.
pub fn lacks_products<'n>(book: &Book, mut names: impl Iterator<Item = &'n str>) -> bool {
    let known: HashSet<&str> = book.products.iter().map(|v| v.id).collect();
    names.any(|id| !id.is_empty() && !known.contains(id))
}

/// The products that order lines name, some of them several times.
pub fn products_named(book: &Book) -> impl Iterator<Item = &'static str> {
    texts_of(book, OrderLine::PRODUCT)
}

/// Whether any order line takes back one that is not in the book.
pub fn lacks_lines(book: &Book, prices: &Prices<'_>) -> bool {
    texts_of(book, OrderLine::RETURNS).any(|name| !name.is_empty() && prices.line(name).is_none())
}

/// The lines, among some, that take back a line that is not in the book.
pub fn of_no_line(prices: &Prices<'_>, lines: impl Iterator<Item = OrderLine>) -> Vec<Unjoined> {
    let mut found = Unjoined::none(Ledger::Orders, Lacks::Line);
    for l in lines.filter(|l| !l.returns().is_empty() && prices.line(l.returns()).is_none()) {
        found.add(prices.base(), l.currency(), prices.net(l));
    }
    (found.rows > 0).then_some(found).into_iter().collect()
}

/// The different texts of a column of each file.
fn texts_of(book: &Book, column: usize) -> impl Iterator<Item = &'static str> {
    let texts = move |s: &&'static Segment| match s.column(column) {
        Column::Text(texts) => Some(texts),
        _ => None,
    };
    book.orders.segments().iter().filter_map(texts).flat_map(|texts| (0..texts.len()).map(|n| texts.value(n)))
}

/// The sales, among some, of products that are not in the book. A sale that names no product lacks none.
pub fn of_no_product<'s, 'a: 's>(
    book: &Book,
    prices: &Prices<'_>,
    sales: impl Iterator<Item = &'s Sale<'a>>,
) -> Vec<Unjoined> {
    let known: HashSet<&str> = book.products.iter().map(|v| v.id).collect();
    let mut found = Unjoined::none(Ledger::Orders, Lacks::Product);
    for (s, line) in sales.filter_map(|s| Some((s, s.line?))) {
        if !s.product.is_empty() && !known.contains(s.product) {
            found.add(prices.base(), line.currency(), prices.net(line));
        }
    }
    (found.rows > 0).then_some(found).into_iter().collect()
}

/// Receipts and refunds that name a receivable or an order which is not in the book: they pay what is oldest. Receivables that
/// name such an order stand for themselves.
pub fn of_no_order(index: &Index<'_>) -> Vec<Unjoined> {
    let strangers = index.strangers().iter().map(|(_, a)| a);
    if !index.accounts().iter().chain(strangers).any(|a| a.misses) {
        return Vec::new();
    }
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let mut receipts = Unjoined::none(Ledger::Receipts, Lacks::Order);
    let mut refunds = Unjoined::none(Ledger::Refunds, Lacks::Order);
    let ids = |s: &&'static Segment| match s.column(OrderLine::ID) {
        Column::Text(texts) => Some(texts),
        _ => None,
    };
    let orders = book.orders.segments().iter().filter_map(ids);
    let orders: HashSet<&str, foldhash::fast::RandomState> =
        orders.flat_map(|texts| (0..texts.len()).map(|n| texts.value(n))).collect();
    let missing = |order: &str| !order.is_empty() && !orders.contains(order);
    let claims: HashSet<&str> = book.claims.iter().map(|c| c.id).collect();
    let mut of_claims = Unjoined::none(Ledger::Receipts, Lacks::Receivable);
    for s in book.receipts.segments() {
        for r in rows_of::<Receipt>(s) {
            let receivable = r.receivable();
            if !receivable.is_empty() {
                if !claims.contains(receivable) && !orders.contains(receivable) && !book.is_void(&r) {
                    of_claims.add(base, r.currency(), Some(r.amount()));
                }
            } else if missing(r.order()) && !book.is_void(&r) {
                receipts.add(base, r.currency(), Some(r.amount()));
            }
        }
    }
    for r in book.refunds.iter().filter(|r| !book.is_void(*r) && missing(r.order)) {
        refunds.add(base, r.currency, Some(r.amount));
    }
    [of_claims, receipts, refunds].into_iter().filter(|u| u.rows > 0).collect()
}
