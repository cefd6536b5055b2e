//! R10: what customers owe. Every order is a receivable by itself; receipts are allocated to orders.

use super::index::Grouped;
use super::profit::{Prices, counts};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::money::{Decimal, minor_digits, round};
use crate::model::order::OrderLine;
use crate::model::receipt::{Receipt, Refund};
use crate::model::row::RowPlace;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// One receivable with what was paid on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable<'a> {
    /// The order (or refund) that it is.
    pub id: &'a str,
    /// Where its first line stands.
    pub place: RowPlace,
    /// When it came to be.
    pub at: Day,
    /// When it is due.
    pub due: Day,
    /// What was owed at first, with tax, rounded once to the minor unit.
    pub total: Decimal,
    /// What is still open.
    pub open: Decimal,
    /// Payments: (day, amount, place).
    pub paid: Vec<(Day, Decimal, RowPlace)>,
}

impl Receivable<'_> {
    /// `paid`, `overdue`, `partial` or `due`.
    pub fn status(&self, today: Day) -> &'static str {
        if self.open.is_zero() {
            "paid"
        } else if self.due < today {
            "overdue"
        } else if self.open < self.total {
            "partial"
        } else {
            "due"
        }
    }
}

/// A customer's account in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account<'a> {
    /// The customer's index.
    pub customer: usize,
    /// ISO 4217.
    pub currency: &'a str,
    /// Oldest due first.
    pub receivables: Vec<Receivable<'a>>,
    /// Money that pays nothing yet.
    pub credit: Decimal,
    /// Acceptance bills that have not matured (they have settled what they paid).
    pub bills: Decimal,
}

/// Outstanding by age of the due date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Not due yet.
    pub not_due: Decimal,
    /// 1 to 30 days late.
    pub d1_30: Decimal,
    /// 31 to 60 days late.
    pub d31_60: Decimal,
    /// 61 to 90 days late.
    pub d61_90: Decimal,
    /// 91 to 120 days late.
    pub d91_120: Decimal,
    /// More than 120 days late.
    pub d120_plus: Decimal,
}

impl Ageing {
    /// Adds an amount that is due on a day.
    pub fn add(&mut self, due: Day, amount: Decimal, today: Day) {
        let slot = match (today - due).num_days() {
            i64::MIN..=0 => &mut self.not_due,
            1..=30 => &mut self.d1_30,
            31..=60 => &mut self.d31_60,
            61..=90 => &mut self.d61_90,
            91..=120 => &mut self.d91_120,
            _ => &mut self.d120_plus,
        };
        *slot += amount;
    }
    /// All columns together.
    pub fn sum(&self) -> Decimal {
        self.not_due + self.overdue()
    }
    /// What is late.
    pub fn overdue(&self) -> Decimal {
        self.d1_30 + self.d31_60 + self.d61_90 + self.d91_120 + self.d120_plus
    }
}

impl Account<'_> {
    /// The open amounts by age.
    pub fn ageing(&self, today: Day) -> Ageing {
        let mut a = Ageing::default();
        for r in &self.receivables {
            a.add(r.due, r.open, today);
        }
        a
    }
    /// What is owed less what was paid beforehand.
    pub fn outstanding(&self) -> Decimal {
        self.receivables.iter().map(|r| r.open).sum::<Decimal>() - self.credit
    }
}

/// Money that looks for a receivable.
struct Money<'a> {
    at: At,
    id: &'a str,
    amount: Decimal,
    order: &'a str,
    place: RowPlace,
    cash: bool,
}

/// Money given back: day, amount, id, place.
type GivenBack<'a> = (Day, Decimal, &'a str, RowPlace);

/// An order put together from its lines.
struct Order<'a> {
    id: &'a str,
    place: RowPlace,
    at: At,
    due: Day,
    total: Decimal,
    /// The order that its returns name, when all of it is a return.
    returns: Option<&'a str>,
}

/// What stands on both sides of an account before money is allocated.
#[derive(Default)]
struct Sides<'a> {
    orders: Vec<Order<'a>>,
    /// Where each order stands in `orders`.
    places: Map<&'a str, usize>,
    money: Vec<Money<'a>>,
    back: Vec<GivenBack<'a>>,
    bills: Decimal,
}

impl<'a> Sides<'a> {
    /// Adds a line to its order.
    fn line(&mut self, l: &'a OrderLine, net: Decimal) {
        let amount = net + l.tax.unwrap_or_default();
        let returns = l.returns.rsplit_once('/').map(|(order, _)| order);
        let n = match self.orders.last() {
            Some(o) if o.id == l.id => Some(self.orders.len() - 1),
            _ => self.places.get(l.id).copied(),
        };
        if let Some(n) = n {
            let o = &mut self.orders[n];
            o.total += amount;
            o.returns = o.returns.and(returns);
        } else {
            self.places.insert(l.id, self.orders.len());
            let due = l.due.unwrap_or(l.at.day);
            self.orders.push(Order { id: l.id, place: l.place, at: l.at, due, total: amount, returns });
        }
    }
}

/// Every customer's account, by customer and currency.
pub fn accounts(book: &Book) -> Vec<Account<'_>> {
    let prices = Prices::new(book);
    let customers = book.customers.len();
    let orders =
        Grouped::new(customers, book.orders.parts(), |l| book.customer_index(l.customer), |a, b| a.place.cmp(&b.place));
    let receipts = Grouped::new(
        customers,
        book.receipts.parts(),
        |r| book.customer_index(r.customer),
        |a, b| a.place.cmp(&b.place),
    );
    let refunds =
        Grouped::new(customers, [&book.refunds], |r| book.customer_index(r.customer), |a, b| a.place.cmp(&b.place));
    let of = |n: usize| of_customer(book, &prices, n, orders.of(n), receipts.of(n), refunds.of(n));
    (0..customers).into_par_iter().with_min_len(256).flat_map_iter(of).collect()
}

/// The accounts of one customer, by currency.
fn of_customer<'a>(
    book: &'a Book,
    prices: &Prices<'a>,
    customer: usize,
    orders: &[&'a OrderLine],
    receipts: &[&'a Receipt],
    refunds: &[&'a Refund],
) -> Vec<Account<'a>> {
    let base = book.settings.file.currency.as_str();
    let or_base = |currency: &'a str| if currency.is_empty() { base } else { currency };
    let mut sides: BTreeMap<&str, Sides<'a>> = BTreeMap::new();
    for l in orders {
        if counts(book, l.id)
            && let Some(net) = prices.net(l)
        {
            sides.entry(or_base(l.currency)).or_default().line(l, net);
        }
    }
    for r in receipts.iter().filter(|r| !r.void) {
        let side = sides.entry(or_base(r.currency)).or_default();
        if r.method == "acceptance" && r.matures.is_some_and(|m| m > book.today) {
            side.bills += r.amount;
        }
        side.money.push(Money { at: r.at, id: r.id, amount: r.amount, order: r.order, place: r.place, cash: true });
    }
    for r in refunds.iter().filter(|r| !r.void) {
        match r.kind {
            // An allowance lowers what is owed, as a receipt does, but no cash came in.
            "allowance" => {
                let m = Money { at: r.at, id: r.id, amount: r.amount, order: r.order, place: r.place, cash: false };
                sides.entry(base).or_default().money.push(m);
            }
            "return" | "overpayment" => {
                sides.entry(base).or_default().back.push((r.at.day, r.amount, r.id, r.place));
            }
            _ => {}
        }
    }
    sides
        .into_iter()
        .map(|(currency, side)| {
            let mut a = account((customer, currency), &side.orders, side.money);
            for (day, amount, id, place) in side.back {
                // Money given back was credit first; what was not is owed again.
                let from_credit = amount.min(a.credit);
                a.credit -= from_credit;
                let rest = amount - from_credit;
                if !rest.is_zero() {
                    a.receivables.push(Receivable {
                        id,
                        place,
                        at: day,
                        due: day,
                        total: rest,
                        open: rest,
                        paid: Vec::new(),
                    });
                }
            }
            a.bills = side.bills;
            a
        })
        .collect()
}

/// Allocates money to the orders of one customer and currency.
fn account<'a>((customer, currency): (usize, &'a str), orders: &[Order<'a>], money: Vec<Money<'a>>) -> Account<'a> {
    let digits = minor_digits(currency);
    let mut receivables: Vec<Receivable<'a>> = Vec::new();
    let mut pool: Vec<Money<'a>> = Vec::new();
    let mut lowered: Vec<(&str, &Order<'a>, Decimal)> = Vec::new();
    for o in orders {
        let total = round(o.total, digits);
        if total.is_sign_negative() && !total.is_zero() {
            lowered.push((o.returns.unwrap_or(""), o, -total));
        } else {
            let (at, due) = (o.at.day, o.due);
            receivables.push(Receivable { id: o.id, place: o.place, at, due, total, open: total, paid: Vec::new() });
        }
    }
    // A return lowers the receivable of the order that it names; the rest is credit that may pay others.
    for (named, o, amount) in lowered {
        let mut rest = amount;
        if let Some(r) = receivables.iter_mut().find(|r| r.id == named) {
            let part = rest.min(r.open);
            r.open -= part;
            r.total -= part;
            rest -= part;
        }
        if !rest.is_zero() {
            pool.push(Money { at: o.at, id: o.id, amount: rest, order: "", place: o.place, cash: false });
        }
    }
    receivables.sort_by(|a, b| a.due.cmp(&b.due).then(a.at.cmp(&b.at)).then(a.id.cmp(b.id)));
    let by_id: Map<&str, usize> = receivables.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let mut money = money;
    money.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)).then(a.place.cmp(&b.place)));
    for m in money {
        let mut rest = m.amount;
        if let Some(&n) = by_id.get(m.order) {
            rest -= pay(&mut receivables[n], &m, rest);
        }
        if !rest.is_zero() {
            pool.push(Money { amount: rest, order: "", ..m });
        }
    }
    pool.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)).then(a.place.cmp(&b.place)));
    let mut credit = Decimal::ZERO;
    let mut next = 0;
    for m in pool {
        let mut rest = m.amount;
        while next < receivables.len() && rest > Decimal::ZERO {
            rest -= pay(&mut receivables[next], &m, rest);
            if receivables[next].open.is_zero() {
                next += 1;
            }
        }
        credit += rest;
    }
    Account { customer, currency, receivables, credit, bills: Decimal::ZERO }
}

/// Pays on a receivable; how much of the money it took.
fn pay(r: &mut Receivable<'_>, m: &Money<'_>, amount: Decimal) -> Decimal {
    let part = amount.min(r.open).max(Decimal::ZERO);
    if !part.is_zero() {
        r.open -= part;
        if m.cash {
            r.paid.push((m.at.day, part, m.place));
        } else {
            r.total -= part;
        }
    }
    part
}

/// An amount that was paid, or is open, after so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Where the payment stands; of an open amount its receivable.
    pub place: RowPlace,
    /// The day of the payment; of an open amount today.
    pub day: Day,
    /// How much.
    pub amount: Decimal,
    /// Days from the order's day, or from the due date (early counts 0).
    pub days: i64,
    /// Whether it is still open.
    pub open: bool,
}

/// What [`payment_days`] is made of: the receipts of the last twelve months, and what is open today at its present age.
pub fn waits(accounts: &[&Account<'_>], today: Day, late: bool) -> Vec<Wait> {
    let Some(since) = today.checked_sub_months(chrono::Months::new(12)) else { return Vec::new() };
    let mut out = Vec::new();
    for r in accounts.iter().flat_map(|a| &a.receivables) {
        let wait = |place: RowPlace, day: Day, amount: Decimal, open: bool| {
            let days = (day - if late { r.due } else { r.at }).num_days();
            Wait { place, day, amount, days: if late { days.max(0) } else { days }, open }
        };
        out.extend(
            r.paid.iter().filter(|p| p.0 > since).map(|(day, amount, place)| wait(*place, *day, *amount, false)),
        );
        if !r.open.is_zero() {
            out.push(wait(r.place, today, r.open, true));
        }
    }
    out
}

/// Σ amount × days and Σ amount; `None` when they are too large for a decimal.
pub fn weigh(waits: &[Wait]) -> Option<(Decimal, Decimal)> {
    let sums = |(sum, weight): (Decimal, Decimal), w: &Wait| {
        let part = w.amount.checked_mul(Decimal::from(w.days))?;
        Some((sum.checked_add(part)?, weight.checked_add(w.amount)?))
    };
    waits.iter().try_fold((Decimal::ZERO, Decimal::ZERO), sums)
}

/// How long a customer takes to pay: the amount-weighted days of the receipts of the last twelve months, and of what is
/// open today at its present age. From the order's day, or with `late` from the due date (early counts 0).
pub fn payment_days(accounts: &[&Account<'_>], today: Day, late: bool) -> Option<Decimal> {
    let (sum, weight) = weigh(&waits(accounts, today, late))?;
    if weight.is_zero() { None } else { sum.checked_div(weight) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn day(s: &str) -> Day {
        parse_day(s).unwrap()
    }

    fn receivable(at: &str, total: i64, paid: &[(&str, i64)]) -> Receivable<'static> {
        let at = day(at);
        let paid: Vec<_> = paid.iter().map(|(d, n)| (day(d), Decimal::from(*n), RowPlace::default())).collect();
        let open = Decimal::from(total) - paid.iter().map(|p| p.1).sum::<Decimal>();
        Receivable { id: "", place: RowPlace::default(), at, due: at, total: Decimal::from(total), open, paid }
    }

    fn account_of(receivables: Vec<Receivable<'static>>) -> Account<'static> {
        Account { customer: 0, currency: "CNY", receivables, credit: Decimal::ZERO, bills: Decimal::ZERO }
    }

    #[test]
    fn days_to_pay_are_weighted_by_amount() {
        let today = day("2026-06-30");
        let two = vec![
            receivable("2026-01-01", 1000, &[("2026-01-21", 1000)]),
            receivable("2026-02-01", 3000, &[("2026-03-23", 3000)]),
        ];
        let a = account_of(two.clone());
        assert_eq!(payment_days(&[&a], today, false), Some(Decimal::new(425, 1)));
        let mut three = two;
        three.push(receivable("2026-04-01", 2000, &[]));
        let a = account_of(three);
        assert_eq!(payment_days(&[&a], today, false).map(|d| round(d, 2)), Some(Decimal::new(5833, 2)));
        assert_eq!(payment_days(&[], today, false), None);
    }

    #[test]
    fn ageing_buckets() {
        let today = day("2026-06-30");
        let check = |due: &str, expected: fn(&Ageing) -> Decimal| {
            let mut a = Ageing::default();
            a.add(day(due), Decimal::ONE, today);
            assert_eq!(expected(&a), Decimal::ONE, "{due}");
        };
        check("2026-06-30", |a| a.not_due);
        check("2026-06-29", |a| a.d1_30);
        check("2026-05-31", |a| a.d1_30);
        check("2026-05-30", |a| a.d31_60);
        check("2026-05-01", |a| a.d31_60);
        check("2026-04-30", |a| a.d61_90);
        check("2026-03-01", |a| a.d120_plus);
        check("2026-03-02", |a| a.d91_120);
    }
}
