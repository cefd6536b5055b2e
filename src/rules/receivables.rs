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
    /// Its line; empty where there are none.
    line: &'a str,
    amount: Decimal,
    order: &'a str,
    place: RowPlace,
    cash: bool,
}

/// By instant and id; lines of one receipt by their numbers.
fn sort_money(list: &mut [Money<'_>]) {
    let number = |m: &Money<'_>| m.line.len();
    list.sort_by(|a, b| {
        let order = a.at.cmp(&b.at).then(a.id.cmp(b.id)).then(number(a).cmp(&number(b)));
        order.then(a.line.cmp(b.line)).then(a.place.cmp(&b.place))
    });
}

/// Money given back.
struct GivenBack<'a> {
    at: At,
    id: &'a str,
    amount: Decimal,
    /// The receipt that it came from; empty = not said.
    receipt: &'a str,
    place: RowPlace,
}

/// An order put together from its lines.
struct Order<'a> {
    id: &'a str,
    place: RowPlace,
    at: At,
    due: Day,
    total: Decimal,
    /// What its lines take back of other orders, with tax, by order.
    returns: BTreeMap<&'a str, Decimal>,
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
        let n = match self.orders.last() {
            Some(o) if o.id == l.id => self.orders.len() - 1,
            _ => *self.places.entry(l.id).or_insert_with(|| {
                let (due, returns) = (l.due.unwrap_or(l.at.day), BTreeMap::new());
                self.orders.push(Order { id: l.id, place: l.place, at: l.at, due, total: Decimal::ZERO, returns });
                self.orders.len() - 1
            }),
        };
        let o = &mut self.orders[n];
        o.total += amount;
        if let Some((order, _)) = l.returns.rsplit_once('/') {
            *o.returns.entry(order).or_default() -= amount;
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
        let (at, id, place) = (r.at, r.id, r.place);
        if r.amount < Decimal::ZERO {
            // A receipt that was taken back, as banks and shops export it.
            side.back.push(GivenBack { at, id, amount: -r.amount, receipt: "", place });
        } else {
            side.money.push(Money { at, id, line: r.line, amount: r.amount, order: r.order, place, cash: true });
        }
    }
    for r in refunds.iter().filter(|r| !r.void) {
        match r.kind {
            // An allowance lowers what is owed, as a receipt does, but no cash came in.
            "allowance" => {
                let m = Money {
                    at: r.at,
                    id: r.id,
                    line: "",
                    amount: r.amount,
                    order: r.order,
                    place: r.place,
                    cash: false,
                };
                sides.entry(base).or_default().money.push(m);
            }
            "return" | "overpayment" => {
                let b = GivenBack { at: r.at, id: r.id, amount: r.amount, receipt: r.receipt, place: r.place };
                sides.entry(base).or_default().back.push(b);
            }
            _ => {}
        }
    }
    sides
        .into_iter()
        .map(|(currency, side)| {
            let mut a = account((customer, currency), &side.orders, side.money, side.back);
            a.bills = side.bills;
            a
        })
        .collect()
}

/// Takes money given back out of what is not allocated yet: of the receipt that it names, then of the newest. What is
/// not found there is owed again, due on that day.
fn give_back<'a>(mut back: Vec<GivenBack<'a>>, pool: &mut [Money<'a>]) -> Vec<(At, Receivable<'a>)> {
    back.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)).then(a.place.cmp(&b.place)));
    let mut owed = Vec::new();
    for b in back {
        let mut rest = b.amount;
        let mut from: Vec<&mut Money<'a>> = pool.iter_mut().filter(|m| m.at.day <= b.at.day).rev().collect();
        from.sort_by_key(|m| m.id != b.receipt);
        for m in from {
            let part = m.amount.min(rest);
            m.amount -= part;
            rest -= part;
        }
        if !rest.is_zero() {
            let (id, place, day) = (b.id, b.place, b.at.day);
            let r = Receivable { id, place, at: day, due: day, total: rest, open: rest, paid: Vec::new() };
            owed.push((b.at, r));
        }
    }
    owed
}

/// Oldest due first.
fn sort_receivables(list: &mut [(At, Receivable<'_>)]) {
    list.sort_by(|(a, x), (b, y)| x.due.cmp(&y.due).then(a.cmp(b)).then(x.id.cmp(y.id)));
}

/// Allocates money to the orders of one customer and currency.
fn account<'a>(
    (customer, currency): (usize, &'a str),
    orders: &[Order<'a>],
    money: Vec<Money<'a>>,
    back: Vec<GivenBack<'a>>,
) -> Account<'a> {
    let digits = minor_digits(currency);
    let mut receivables: Vec<(At, Receivable<'a>)> = Vec::new();
    let mut pool: Vec<Money<'a>> = Vec::new();
    let mut lowered: Vec<(&Order<'a>, Decimal)> = Vec::new();
    for o in orders {
        let total = round(o.total, digits);
        if total.is_sign_negative() && !total.is_zero() {
            lowered.push((o, -total));
        } else {
            let (at, due) = (o.at.day, o.due);
            let r = Receivable { id: o.id, place: o.place, at, due, total, open: total, paid: Vec::new() };
            receivables.push((o.at, r));
        }
    }
    // A return lowers the receivables of the orders that it names; the rest is credit that may pay others.
    lowered.sort_by(|a, b| a.0.at.cmp(&b.0.at).then(a.0.id.cmp(b.0.id)));
    for (o, amount) in lowered {
        let mut rest = amount;
        for (named, back) in &o.returns {
            if let Some((_, r)) = receivables.iter_mut().find(|(_, r)| r.id == *named) {
                let part = round(*back, digits).min(rest).min(r.open).max(Decimal::ZERO);
                r.open -= part;
                r.total -= part;
                rest -= part;
            }
        }
        if !rest.is_zero() {
            pool.push(Money { at: o.at, id: o.id, line: "", amount: rest, order: "", place: o.place, cash: false });
        }
    }
    sort_receivables(&mut receivables);
    let by_id: Map<&str, usize> = receivables.iter().enumerate().map(|(n, (_, r))| (r.id, n)).collect();
    let mut money = money;
    sort_money(&mut money);
    for m in money {
        let mut rest = m.amount;
        if let Some(&n) = by_id.get(m.order) {
            rest -= pay(&mut receivables[n].1, &m, rest);
        }
        if !rest.is_zero() {
            pool.push(Money { amount: rest, order: "", ..m });
        }
    }
    sort_money(&mut pool);
    receivables.extend(give_back(back, &mut pool));
    sort_receivables(&mut receivables);
    let mut credit = Decimal::ZERO;
    let mut next = 0;
    for m in pool {
        let mut rest = m.amount;
        while next < receivables.len() && rest > Decimal::ZERO {
            rest -= pay(&mut receivables[next].1, &m, rest);
            if receivables[next].1.open.is_zero() {
                next += 1;
            }
        }
        credit += rest;
    }
    let receivables = receivables.into_iter().map(|(_, r)| r).collect();
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

/// What one unit of a currency is worth in the base currency.
pub type Rate<'r> = &'r dyn Fn(&str) -> Option<Decimal>;

/// What [`payment_days`] is made of: the receipts of the last twelve months, and what is open today at its present age.
/// Amounts of several currencies are in the base currency; `None` without a rate.
pub fn waits(accounts: &[&Account<'_>], rate: Rate<'_>, today: Day, late: bool) -> Option<Vec<Wait>> {
    let since = today.checked_sub_months(chrono::Months::new(12))?;
    let same = accounts.windows(2).all(|w| w[0].currency == w[1].currency);
    let mut out = Vec::new();
    for (a, r) in accounts.iter().flat_map(|a| a.receivables.iter().map(|r| (*a, r))) {
        let paid = r.paid.iter().filter(|p| p.0 > since).map(|(day, amount, place)| (*place, *day, *amount, false));
        let open = (!r.open.is_zero()).then_some((r.place, today, r.open, true));
        for (place, day, amount, open) in paid.chain(open) {
            let amount = if same { amount } else { amount.checked_mul(rate(a.currency)?)? };
            let days = (day - if late { r.due } else { r.at }).num_days();
            out.push(Wait { place, day, amount, days: if late { days.max(0) } else { days }, open });
        }
    }
    Some(out)
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
pub fn payment_days(accounts: &[&Account<'_>], rate: Rate<'_>, today: Day, late: bool) -> Option<Decimal> {
    let (sum, weight) = weigh(&waits(accounts, rate, today, late)?)?;
    if weight.is_zero() { None } else { sum.checked_div(weight).map(|d| d.normalize()) }
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
        let none = |_: &str| None;
        let two = vec![
            receivable("2026-01-01", 1000, &[("2026-01-21", 1000)]),
            receivable("2026-02-01", 3000, &[("2026-03-23", 3000)]),
        ];
        let a = account_of(two.clone());
        assert_eq!(payment_days(&[&a], &none, today, false), Some(Decimal::new(425, 1)));
        let mut three = two;
        three.push(receivable("2026-04-01", 2000, &[]));
        let a = account_of(three);
        assert_eq!(payment_days(&[&a], &none, today, false).map(|d| round(d, 2)), Some(Decimal::new(5833, 2)));
        assert_eq!(payment_days(&[], &none, today, false), None);
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
