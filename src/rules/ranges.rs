//! Ranges at entry (4-rules, opening): what a row may hold by itself, and beside the rows it names.
//!
//! The command line, import and `check` ask the same functions. Which column must keep which range, and which rows
//! money pays, comes from the table of ledgers: a new ledger is judged by its entry. Whoever asks decides what to do
//! with a [`Breach`]: refuse, reject or report it.

use super::prices::priced;
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::day::At;
use crate::model::ledger::{Ledger, Range, RefTo, Type};
use crate::model::money::{Decimal, Fixed, minor_digits, parse_decimal, round};
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::model::{Map, Str};
use std::collections::HashSet;

/// The company's own column with the keys of what an import took although it breaks a range; several are joined by `;`.
pub const ACCEPTED: &str = "x_accepted";

/// The exceptions with which a row was imported, as its cell holds them.
pub fn accepted_cell(row: &PlainRow) -> Str {
    row.own.iter().find(|(name, _)| *name == ACCEPTED).map_or("", |(_, keys)| *keys)
}

/// The exceptions of such a cell.
pub fn keys_of(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|key| !key.is_empty())
}

/// A price.
pub fn price(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativePrice { value })
}

/// A discount, as a fraction.
pub fn discount(value: Decimal) -> Option<Breach> {
    (!is_fraction(value)).then_some(Breach::DiscountRange { value })
}

/// A tax rate, as a fraction.
pub fn tax_rate(value: Decimal) -> Option<Breach> {
    (!is_fraction(value)).then_some(Breach::TaxRateRange { value })
}

/// The quantity of a line that returns something, or does not.
pub fn quantity(value: Decimal, returns: bool) -> Option<Breach> {
    let fits = if returns { value < Decimal::ZERO } else { value > Decimal::ZERO };
    (!fits).then_some(Breach::QuantityNotPositive { value, returns })
}

/// Freight, commission …
pub fn extra_cost(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeExtraCost { value })
}

/// What something costs, in a column.
pub fn cost(value: Decimal, column: &'static str) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeCost { value, column })
}

/// What a sale may come to.
pub fn worth(value: Decimal) -> Option<Breach> {
    (value < Decimal::ZERO).then_some(Breach::NegativeAmount { value })
}

/// Money that moves: whole minor units.
pub fn moves(value: Decimal, currency: &str) -> Option<Breach> {
    let digits = minor_digits(currency);
    (value.normalize().scale() > digits).then(|| Breach::MinorUnits { value, currency: currency.into(), digits })
}

/// Money that goes back to a customer.
pub fn given_back(value: Decimal, currency: &str) -> Option<Breach> {
    if value <= Decimal::ZERO { Some(Breach::AmountNotPositive { value }) } else { moves(value, currency) }
}

/// The lowest and highest answer to each question of feedback (R13).
const SCORES: &[(&str, i64, i64)] = &[("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7), ("value", 1, 10)];

/// An answer to a question of feedback.
pub fn score(value: Decimal, kind: &str) -> Option<Breach> {
    let (kind, low, high) = *SCORES.iter().find(|s| s.0 == kind)?;
    let fits = value >= Decimal::from(low) && value <= Decimal::from(high);
    (!fits).then_some(Breach::ScoreRange { value, kind, range: (low, high) })
}

/// The tax of a line with a net; a rate of 1 at most, rounded to the minor unit.
fn tax(value: Decimal, net: Decimal, currency: &str) -> Option<Breach> {
    let most = net.abs().max(round(net.abs(), minor_digits(currency)));
    let fits = value.is_zero() || value.is_sign_negative() == net.is_sign_negative() && value.abs() <= most;
    if fits {
        return None;
    }
    // A net of nothing has no rate: the tax is told as if the net were one unit.
    let rate = value.checked_div(net).map_or(value, |r| round(r, 4));
    Some(Breach::TaxRateRange { value: rate })
}

fn is_fraction(value: Decimal) -> bool {
    value >= Decimal::ZERO && value <= Decimal::ONE
}

/// Which columns of a ledger must keep which ranges, and what its rows name: looked up once for all rows.
#[derive(Debug)]
pub struct Ranges {
    ledger: Ledger,
    kept: Vec<(usize, Range)>,
    id: Option<usize>,
    line: Option<usize>,
    party: Option<usize>,
    currency: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    discount: Option<usize>,
    amount: Option<usize>,
    kind: Option<usize>,
    returns: Option<usize>,
    /// What money of this ledger pays: rows that have a currency, too.
    pays: Vec<(usize, Ledger)>,
}

/// A row, as far as others are judged beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<'a> {
    /// Its ledger.
    pub ledger: Ledger,
    /// Its id.
    pub id: &'a str,
    /// Its line; empty where a ledger has none.
    pub line: &'a str,
    /// The customer's (or supplier's) present id.
    pub party: &'a str,
    /// Its currency, never empty.
    pub currency: &'a str,
    /// Quantity of an order line, below nothing for what comes back.
    pub quantity: Option<Decimal>,
    /// Amount of money.
    pub amount: Option<Decimal>,
    /// Kind of a refund.
    pub kind: &'a str,
    /// `id/line` that it takes back; empty = none.
    pub returns: &'a str,
    /// The rows that it pays.
    pub pays: Vec<(Ledger, &'a str)>,
}

impl Ranges {
    /// The ranges of a ledger.
    pub fn of(ledger: Ledger) -> Ranges {
        let columns = ledger.columns();
        let kept: Vec<(usize, Range)> =
            columns.iter().enumerate().filter(|(_, c)| c.range != Range::Any).map(|(n, c)| (n, c.range)).collect();
        let is_money = kept.iter().any(|(_, r)| matches!(r, Range::Moves | Range::GivenBack));
        let pays = columns.iter().enumerate().filter_map(|(n, c)| match c.ty {
            Type::Ref(RefTo::Row(other)) if is_money && is_paid(other) => Some((n, other)),
            _ => None,
        });
        let column = |name: &str| ledger.column(name);
        Ranges {
            ledger,
            id: column("id"),
            line: column("line"),
            party: column("customer").or_else(|| column("supplier")),
            currency: column("currency"),
            quantity: column("quantity"),
            price: column("price"),
            discount: column("discount"),
            amount: column("amount"),
            kind: column("kind"),
            returns: column("returns"),
            pays: pays.collect(),
            kept,
        }
    }

    /// Whether nothing of the ledger is judged, by itself or beside others.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether rows of this ledger are added up: returns of a line, refunds of a receipt.
    pub fn adds_up(&self) -> bool {
        self.returns.is_some() || self.kept.iter().any(|(_, r)| *r == Range::GivenBack)
    }

    /// Whether a row can contradict others; `cell` gives the text of a column.
    pub fn names_others<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        let named = |n: &usize| !cell(*n).is_empty();
        self.returns.iter().any(&named)
            || self.pays.iter().any(|(n, _)| named(n))
            || self.kept.iter().any(|(_, r)| *r == Range::GivenBack)
    }

    /// What a row breaks by itself: `cell` gives the text of a column, `base` is the currency of cells without one. What is
    /// no number is not judged.
    pub fn alone<'a>(&self, cell: impl Fn(usize) -> &'a str, base: &str) -> Vec<Breach> {
        let mut out = Vec::new();
        let returns = self.returns.is_some_and(|n| !cell(n).is_empty());
        let is_negative = |n: Option<usize>| n.and_then(|n| parse_decimal(cell(n))).is_some_and(|d| d < Decimal::ZERO);
        // What is taken back takes its cost back.
        let back = || returns || is_negative(self.quantity) || is_negative(self.amount);
        for (n, range) in &self.kept {
            let text = cell(*n);
            let Some(value) = (if text.is_empty() { None } else { parse_decimal(text) }) else { continue };
            let currency = || self.currency.map(&cell).filter(|c| !c.is_empty()).unwrap_or(base);
            out.extend(match range {
                Range::Any => None,
                Range::Price => price(value),
                Range::Discount => discount(value),
                Range::Quantity => quantity(value, returns),
                Range::ExtraCost => extra_cost(value),
                Range::LineCost if back() => None,
                Range::Cost | Range::LineCost => cost(value, self.ledger.columns()[*n].name),
                Range::Score => score(value, self.kind.map_or("", &cell)),
                Range::Worth => worth(value),
                Range::Moves => moves(value, currency()),
                Range::GivenBack => given_back(value, currency()),
                Range::Tax if value.is_zero() => None,
                Range::Tax => self.net(&cell).and_then(|net| tax(value, net, currency())),
            });
        }
        // A net made of a discount of 500 % says nothing about the tax.
        if out.len() > 1 && out.iter().any(|b| matches!(b, Breach::DiscountRange { .. })) {
            out.retain(|b| !matches!(b, Breach::TaxRateRange { .. }));
        }
        out
    }

    /// The net that a row itself gives: amount, else quantity × price × (1 − discount).
    fn net<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Option<Decimal> {
        let number = |n: Option<usize>| n.and_then(|n| parse_decimal(cell(n)));
        if let Some(amount) = number(self.amount) {
            return Some(amount);
        }
        let (quantity, price) = (number(self.quantity)?, number(self.price)?);
        priced(quantity.into(), price.into(), number(self.discount).map(Into::into)).and_then(Fixed::decimal)
    }

    /// A row as others are judged beside it. `present` gives the present id of a customer or supplier.
    pub fn fact<'a>(
        &self,
        cell: impl Fn(usize) -> &'a str,
        present: impl Fn(&'a str) -> &'a str,
        base: &'a str,
    ) -> Fact<'a> {
        let text = |n: Option<usize>| n.map_or("", &cell);
        let currency = text(self.currency);
        Fact {
            ledger: self.ledger,
            id: text(self.id),
            line: text(self.line),
            party: present(text(self.party)),
            currency: if currency.is_empty() { base } else { currency },
            quantity: parse_decimal(text(self.quantity)),
            amount: parse_decimal(text(self.amount)),
            kind: text(self.kind),
            returns: text(self.returns),
            pays: self.pays.iter().map(|(n, l)| (*l, cell(*n))).filter(|(_, id)| !id.is_empty()).collect(),
        }
    }
}

/// Whether money can pay rows of a ledger: they are somebody's, in a currency.
fn is_paid(ledger: Ledger) -> bool {
    ledger.column("currency").is_some() && (ledger.column("customer").or_else(|| ledger.column("supplier"))).is_some()
}

/// The ledgers whose rows others are judged beside.
pub fn beside() -> impl Iterator<Item = Ledger> {
    let money = |l: &Ledger| l.columns().iter().any(|c| matches!(c.range, Range::Moves | Range::GivenBack));
    Ledger::ALL.iter().copied().filter(move |l| money(l) || is_paid(*l))
}

/// The customer and currency of a row.
#[derive(Debug, Clone, Copy)]
struct Head<'a> {
    party: &'a str,
    currency: &'a str,
}

/// What was sold and has come back, of quantities or of amounts.
#[derive(Debug, Clone, Copy, Default)]
struct Measure {
    quantity: Option<Decimal>,
    amount: Option<Decimal>,
}

impl Measure {
    fn add(&mut self, f: &Fact<'_>) {
        let sum = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        self.quantity = sum(self.quantity, f.quantity);
        self.amount = sum(self.amount, f.amount);
    }
}

/// The rows that others are judged beside, put together once. Customers and suppliers stand here by their present ids.
#[derive(Debug, Default)]
pub struct Others<'a> {
    heads: Map<(Ledger, &'a str), Head<'a>>,
    lines: Map<(&'a str, &'a str), Measure>,
    /// Orders that count nothing.
    cancelled: HashSet<&'a str>,
    /// What came back, below nothing, by the line that it names.
    returned: Map<(&'a str, &'a str), Measure>,
    /// What came in, by receipt, and by customer and currency.
    receipts: Map<&'a str, Decimal>,
    came: Map<(&'a str, &'a str), Decimal>,
    /// What went back, by the receipt that is named, and by customer and currency.
    refunded: Map<&'a str, Decimal>,
    went: Map<(&'a str, &'a str), Decimal>,
}

/// Whether a refund moves cash: an allowance lowers what is owed, goodwill is a cost.
fn is_cash(kind: &str) -> bool {
    matches!(kind, "return" | "overpayment")
}

fn add(sum: &mut Decimal, amount: Option<Decimal>) {
    *sum = sum.saturating_add(amount.unwrap_or_default());
}

impl<'a> Others<'a> {
    /// Nothing yet.
    pub fn new() -> Others<'a> {
        Others::default()
    }

    /// The orders, receipts and refunds of a book that holds them as typed rows.
    pub fn of(book: &'a Book) -> Others<'a> {
        Others::without(book, &|_, _| false)
    }

    /// The same without some rows: those that are about to be written anew.
    pub fn without(book: &'a Book, gone: &dyn Fn(Ledger, RowPlace) -> bool) -> Others<'a> {
        let mut others = Others::new();
        let base = book.settings.file.currency.as_str();
        let present = |id: Str| book.present_id(id);
        let currency = |c: Str| if c.is_empty() { base } else { c };
        let blank = |ledger| Fact {
            ledger,
            id: "",
            line: "",
            party: "",
            currency: base,
            quantity: None,
            amount: None,
            kind: "",
            returns: "",
            pays: Vec::new(),
        };
        for l in book.orders.iter().filter(|l| !gone(Ledger::Orders, l.place())) {
            let fact = Fact {
                id: l.id(),
                line: l.line(),
                party: present(l.customer()),
                currency: currency(l.currency()),
                quantity: l.quantity(),
                amount: l.amount(),
                returns: l.returns(),
                ..blank(Ledger::Orders)
            };
            others.add(&fact, book.states.order(l.id()).cancelled.is_none());
        }
        for r in book.receipts.iter().filter(|r| !gone(Ledger::Receipts, r.place())) {
            let fact = Fact {
                id: r.id(),
                line: r.line(),
                party: present(r.customer()),
                currency: currency(r.currency()),
                amount: Some(r.amount()),
                ..blank(Ledger::Receipts)
            };
            others.add(&fact, !book.is_void(&r));
        }
        for r in book.refunds.iter().filter(|r| !gone(Ledger::Refunds, r.place)) {
            let pays = [(Ledger::Receipts, r.receipt), (Ledger::Orders, r.order)];
            let fact = Fact {
                id: r.id,
                party: present(r.customer),
                amount: Some(r.amount),
                kind: r.kind,
                pays: pays.into_iter().filter(|(_, id)| !id.is_empty()).collect(),
                ..blank(Ledger::Refunds)
            };
            others.add(&fact, !book.is_void(r));
        }
        others
    }

    /// Puts in whose a row is, so that others may name it.
    pub fn know(&mut self, f: &Fact<'a>) {
        self.heads.entry((f.ledger, f.id)).or_insert(Head { party: f.party, currency: f.currency });
        match f.ledger {
            Ledger::Orders if f.returns.is_empty() => self.lines.entry((f.id, f.line)).or_default().add(f),
            _ => {}
        }
    }

    /// Puts in what a row moves: goods that come back, money that came in or went back.
    pub fn count(&mut self, f: &Fact<'a>) {
        match f.ledger {
            Ledger::Orders => {
                if let Some(line) = f.returns.rsplit_once('/') {
                    self.returned.entry(line).or_default().add(f);
                }
            }
            Ledger::Receipts => {
                add(self.receipts.entry(f.id).or_default(), f.amount);
                add(self.came.entry((f.party, f.currency)).or_default(), f.amount);
            }
            Ledger::Refunds if is_cash(f.kind) => {
                if let Some(receipt) = receipt_of(f) {
                    add(self.refunded.entry(receipt).or_default(), f.amount);
                }
                add(self.went.entry((f.party, f.currency)).or_default(), f.amount);
            }
            _ => {}
        }
    }

    /// Puts in a row; one that is cancelled or void moves nothing.
    pub fn add(&mut self, f: &Fact<'a>, counts: bool) {
        self.know(f);
        if counts {
            self.count(f);
        } else {
            self.end(f);
        }
    }

    /// Notes that a row counts nothing: it is cancelled or void.
    pub fn end(&mut self, f: &Fact<'a>) {
        if f.ledger == Ledger::Orders {
            self.cancelled.insert(f.id);
        }
    }

    /// The quantity of a line that has not come back yet; `None` when the line has none.
    pub fn left(&self, order: &str, line: &str) -> Option<Decimal> {
        let sold = self.lines.get(&(order, line))?.quantity?;
        Some(sold.saturating_add(self.returned.get(&(order, line)).and_then(|m| m.quantity).unwrap_or_default()))
    }

    /// The most that may go back: of a receipt, else of all that came from a customer in a currency.
    pub fn refundable(&self, receipt: Option<&str>, party: &str, currency: &str) -> Decimal {
        let of = |sum: Option<&Decimal>| sum.copied().unwrap_or_default();
        let (came, went) = match receipt {
            Some(id) => (of(self.receipts.get(id)), of(self.refunded.get(id))),
            None => (of(self.came.get(&(party, currency))), of(self.went.get(&(party, currency)))),
        };
        came.saturating_sub(went).max(Decimal::ZERO)
    }

    /// The breaches of a row beside those that were put in before. Rows that it names and that are not there are not
    /// judged.
    pub fn judge(&self, f: &Fact<'_>) -> Vec<Breach> {
        let mut out = Vec::new();
        for (ledger, id) in &f.pays {
            let Some(head) = self.heads.get(&(*ledger, *id)) else { continue };
            out.extend(self.same_party(f, head, id));
            out.extend(same_currency(f, head, id));
        }
        if let Some(key) = f.returns.rsplit_once('/') {
            out.extend(self.returning(f, key));
        }
        if f.ledger == Ledger::Refunds
            && is_cash(f.kind)
            && let Some(amount) = f.amount
        {
            let receipt = receipt_of(f).filter(|id| self.heads.contains_key(&(Ledger::Receipts, *id)));
            let most = self.refundable(receipt, f.party, f.currency);
            if amount > most {
                let (of, currency) = (receipt.unwrap_or(f.party).to_string(), f.currency.to_string());
                out.push(Breach::RefundTooMuch { amount, most, of, currency });
            }
        }
        out
    }

    fn same_party(&self, f: &Fact<'_>, head: &Head<'_>, id: &str) -> Option<Breach> {
        (head.party != f.party).then(|| Breach::OtherCustomer {
            customer: f.party.into(),
            other: id.into(),
            its: head.party.into(),
        })
    }

    /// Goods that come back: from who bought them, in the currency of the sale, no more than is left.
    fn returning(&self, f: &Fact<'_>, (order, line): (&str, &str)) -> Vec<Breach> {
        let mut out = Vec::new();
        let Some(head) = self.heads.get(&(Ledger::Orders, order)) else { return out };
        let name = || f.returns.to_string();
        if head.party != f.party {
            let (customer, its) = (f.party.into(), head.party.into());
            out.push(Breach::ReturnOtherCustomer { customer, line: name(), its });
        }
        out.extend(same_currency(f, head, f.returns));
        if self.cancelled.contains(order) {
            out.push(Breach::ReturnCancelled { line: name() });
            return out;
        }
        let Some(sold) = self.lines.get(&(order, line)) else { return out };
        let before = self.returned.get(&(order, line)).copied().unwrap_or_default();
        // A line without a quantity is given back by its amount.
        let (sold, before, back) = match sold.quantity {
            Some(_) => (sold.quantity, before.quantity, f.quantity),
            None => (sold.amount, before.amount, f.amount),
        };
        if let (Some(sold), Some(back)) = (sold, back) {
            let left = sold.saturating_add(before.unwrap_or_default());
            if left.saturating_add(back) < Decimal::ZERO {
                out.push(Breach::ReturnTooMuch { line: name(), quantity: -back, left: left.max(Decimal::ZERO) });
            }
        }
        out
    }
}

fn same_currency(f: &Fact<'_>, head: &Head<'_>, other: &str) -> Option<Breach> {
    (head.currency != f.currency).then(|| Breach::OtherCurrency {
        currency: f.currency.into(),
        other: other.into(),
        its: head.currency.into(),
    })
}

fn receipt_of<'a>(f: &Fact<'a>) -> Option<&'a str> {
    f.pays.iter().find(|(l, _)| *l == Ledger::Receipts).map(|(_, id)| *id)
}

/// The event that made an order of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted<'a, T> {
    /// The quote.
    pub quote: &'a str,
    /// The order, by the event's note.
    pub order: &'a str,
    /// When.
    pub at: At,
    /// The event.
    pub event: &'a str,
    /// Whatever the caller wants back.
    pub with: T,
}

/// Orders that were made of a quote that has one already, as two branches that are merged do: the earlier event holds.
/// Whoever asks leaves out orders that are not there or cancelled.
pub fn accepted_twice<'a, T: Copy>(mut all: Vec<Accepted<'a, T>>) -> Vec<(T, Breach)> {
    all.sort_by(|a, b| (a.quote, a.at, a.event).cmp(&(b.quote, b.at, b.event)));
    let mut out = Vec::new();
    for of_quote in all.chunk_by(|a, b| a.quote == b.quote) {
        let first = of_quote[0].order;
        for later in of_quote[1..].iter().filter(|x| x.order != first) {
            let (quote, order, first) = (later.quote.into(), later.order.into(), first.into());
            out.push((later.with, Breach::QuoteTwice { quote, order, first }));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of a row, by name.
    fn row<'a>(ledger: Ledger, cells: &'a [(&'a str, &'a str)]) -> impl Fn(usize) -> &'a str {
        move |n| cells.iter().find(|(c, _)| *c == ledger.columns()[n].name).map_or("", |(_, v)| v)
    }

    #[test]
    fn rows_keep_their_ranges() {
        let check = |ledger: Ledger, cells: &[(&str, &str)], expected: &[&str]| {
            let found = Ranges::of(ledger).alone(row(ledger, cells), "CNY");
            assert_eq!(found.iter().map(Breach::key).collect::<Vec<_>>(), expected, "{ledger} {cells:?}");
        };
        use Ledger as L;
        check(L::Orders, &[("quantity", "1"), ("price", "0"), ("discount", "1")], &[]);
        check(L::Orders, &[("quantity", "1"), ("price", "-10")], &["negative-price"]);
        check(L::Orders, &[("quantity", "1"), ("price", "10"), ("discount", "5")], &["discount-range"]);
        check(L::Orders, &[("discount", "-0.1")], &["discount-range"]);
        check(L::Orders, &[("quantity", "0"), ("price", "10")], &["quantity-not-positive"]);
        check(L::Orders, &[("quantity", "-1"), ("price", "10")], &["quantity-not-positive"]);
        check(L::Orders, &[("quantity", "-1"), ("price", "10"), ("returns", "o1/1")], &[]);
        check(L::Orders, &[("quantity", "1"), ("returns", "o1/1")], &["quantity-not-positive"]);
        check(L::Orders, &[("amount", "100"), ("extra_cost", "-4000")], &["negative-extra-cost"]);
        check(L::Orders, &[("amount", "-100")], &[]);
        check(L::Orders, &[("quantity", "1"), ("unit_cost", "-1")], &["negative-cost"]);
        check(L::Orders, &[("quantity", "1"), ("cost", "-1")], &["negative-cost"]);
        check(L::Orders, &[("quantity", "-1"), ("cost", "-1"), ("returns", "o1/1")], &[]);
        check(L::Orders, &[("quantity", "-1"), ("unit_cost", "-1"), ("returns", "o1/1")], &["negative-cost"]);
        check(L::Orders, &[("amount", "-100"), ("cost", "-80")], &[]);
        check(L::Orders, &[("quantity", "0"), ("cost", "0"), ("returns", "o1/1")], &["quantity-not-positive"]);
        // Tax: a part of the net, with its sign.
        check(L::Orders, &[("amount", "100"), ("tax", "13")], &[]);
        check(L::Orders, &[("amount", "100"), ("tax", "100")], &[]);
        check(L::Orders, &[("amount", "100"), ("tax", "1300")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "100"), ("tax", "-13")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "-100"), ("tax", "-13")], &[]);
        check(L::Orders, &[("amount", "0"), ("tax", "13")], &["tax-rate-range"]);
        check(L::Orders, &[("amount", "0.005"), ("tax", "0.01")], &[]);
        check(L::Orders, &[("quantity", "2"), ("price", "10"), ("tax", "21")], &["tax-rate-range"]);
        check(L::Orders, &[("quantity", "2"), ("tax", "21")], &[]);
        check(
            L::Quotes,
            &[("quantity", "0"), ("price", "-1"), ("discount", "2")],
            &["quantity-not-positive", "negative-price", "discount-range"],
        );
        check(L::Products, &[("price", "-1")], &["negative-price"]);
        check(L::Products, &[("cost", "-1")], &["negative-cost"]);
        check(L::Products, &[("price", "0"), ("cost", "0")], &[]);
        check(L::Complaints, &[("cost", "-1")], &["negative-cost"]);
        check(L::Receipts, &[("amount", "500.555")], &["minor-units"]);
        check(L::Receipts, &[("amount", "500.550")], &[]);
        check(L::Receipts, &[("amount", "500.5"), ("currency", "JPY")], &["minor-units"]);
        check(L::Receipts, &[("amount", "0.001"), ("currency", "KWD")], &[]);
        check(L::Receipts, &[("amount", "-5")], &[]);
        check(L::Refunds, &[("amount", "-5")], &["amount-not-positive"]);
        check(L::Payments, &[("amount", "1.001")], &["minor-units"]);
        check(L::Invoices, &[("amount", "1.001")], &[]);
        check(L::Invoices, &[("amount", "100"), ("tax", "13")], &[]);
        check(L::Invoices, &[("amount", "-100"), ("tax", "-13")], &[]);
        check(L::Invoices, &[("amount", "100"), ("tax", "1300")], &["tax-rate-range"]);
    }

    fn fact<'a>(ledger: Ledger, cells: &'a [(&'a str, &'a str)]) -> Fact<'a> {
        Ranges::of(ledger).fact(row(ledger, cells), |id| if id == "old-a" { "a" } else { id }, "CNY")
    }

    #[test]
    fn rows_fit_those_they_name() {
        use Ledger as L;
        let sold = [("id", "o1"), ("line", "1"), ("customer", "a"), ("quantity", "3")];
        let fee = [("id", "o1"), ("line", "2"), ("customer", "a"), ("amount", "100")];
        let usd = [("id", "o2"), ("line", "1"), ("customer", "a"), ("quantity", "1"), ("currency", "USD")];
        let came = [("id", "p1"), ("line", "1"), ("customer", "a"), ("amount", "100")];
        let bill = [("id", "y1"), ("supplier", "s"), ("amount", "100"), ("currency", "EUR")];
        let check = |ledger: Ledger, cells: &[(&str, &str)], expected: &[&str]| {
            let mut others = Others::new();
            for (l, cells) in [
                (L::Orders, &sold[..]),
                (L::Orders, &fee),
                (L::Orders, &usd),
                (L::Receipts, &came),
                (L::Payables, &bill),
            ] {
                others.add(&fact(l, cells), true);
            }
            let found = others.judge(&fact(ledger, cells));
            assert_eq!(found.iter().map(Breach::key).collect::<Vec<_>>(), expected, "{ledger} {cells:?}");
        };
        check(L::Receipts, &[("customer", "a"), ("amount", "5"), ("order", "o1")], &[]);
        check(L::Receipts, &[("customer", "old-a"), ("amount", "5"), ("order", "o1")], &[]);
        check(
            L::Receipts,
            &[("customer", "a"), ("amount", "5"), ("order", "o1"), ("currency", "USD")],
            &["other-currency"],
        );
        check(L::Receipts, &[("customer", "a"), ("amount", "5"), ("order", "o2"), ("currency", "USD")], &[]);
        check(L::Receipts, &[("customer", "b"), ("amount", "5"), ("order", "o1")], &["other-customer"]);
        check(L::Receipts, &[("customer", "b"), ("amount", "5"), ("order", "nowhere")], &[]);
        check(L::Payments, &[("supplier", "s"), ("amount", "5"), ("payable", "y1")], &["other-currency"]);
        check(L::Payments, &[("supplier", "s"), ("amount", "5"), ("payable", "y1"), ("currency", "EUR")], &[]);
        check(L::Refunds, &[("customer", "a"), ("amount", "100"), ("kind", "return"), ("receipt", "p1")], &[]);
        check(
            L::Refunds,
            &[("customer", "a"), ("amount", "500"), ("kind", "return"), ("receipt", "p1")],
            &["refund-too-much"],
        );
        check(L::Refunds, &[("customer", "a"), ("amount", "500"), ("kind", "overpayment")], &["refund-too-much"]);
        check(L::Refunds, &[("customer", "a"), ("amount", "500"), ("kind", "goodwill")], &[]);
        check(
            L::Refunds,
            &[("customer", "a"), ("amount", "5"), ("kind", "allowance"), ("order", "o2")],
            &["other-currency"],
        );
        check(L::Orders, &[("customer", "a"), ("quantity", "-3"), ("returns", "o1/1")], &[]);
        check(L::Orders, &[("customer", "a"), ("quantity", "-5"), ("returns", "o1/1")], &["return-too-much"]);
        check(L::Orders, &[("customer", "b"), ("quantity", "-1"), ("returns", "o1/1")], &["return-other-customer"]);
        check(L::Orders, &[("customer", "a"), ("quantity", "-1"), ("returns", "o2/1")], &["other-currency"]);
        check(L::Orders, &[("customer", "a"), ("amount", "-100"), ("returns", "o1/2")], &[]);
        check(L::Orders, &[("customer", "a"), ("amount", "-101"), ("returns", "o1/2")], &["return-too-much"]);
    }

    #[test]
    fn what_went_before_counts_unless_it_is_void() {
        let sold = [("id", "o1"), ("line", "1"), ("customer", "a"), ("quantity", "3")];
        let back = [("id", "o2"), ("line", "1"), ("customer", "a"), ("quantity", "-2"), ("returns", "o1/1")];
        let came = [("id", "p1"), ("line", "1"), ("customer", "a"), ("amount", "100")];
        let went = [("id", "f1"), ("customer", "a"), ("amount", "60"), ("kind", "return"), ("receipt", "p1")];
        let check = |counts: bool, expected: usize| {
            let mut others = Others::new();
            for f in [fact(Ledger::Orders, &sold), fact(Ledger::Receipts, &came)] {
                others.add(&f, true);
            }
            others.add(&fact(Ledger::Orders, &back), counts);
            others.add(&fact(Ledger::Refunds, &went), counts);
            let again = [others.judge(&fact(Ledger::Orders, &back)), others.judge(&fact(Ledger::Refunds, &went))];
            assert_eq!(again.map(|found| found.len()), [expected; 2]);
        };
        check(true, 1);
        check(false, 0);
    }

    #[test]
    fn one_quote_gives_one_order() {
        let at = |text: &str| At::parse(text, crate::model::zone::Zone::utc()).unwrap();
        let of = |quote, order, when, with| Accepted { quote, order, at: at(when), event: "e", with };
        let all = vec![
            of("q1", "o2", "2026-02-02", 2),
            of("q1", "o1", "2026-02-01", 1),
            of("q2", "o3", "2026-02-01", 3),
            of("q2", "o3", "2026-02-02", 4),
        ];
        let (quote, order, first) = ("q1".into(), "o2".into(), "o1".into());
        assert_eq!(accepted_twice(all), [(2, Breach::QuoteTwice { quote, order, first })]);
    }
}
