//! R10: what members get of what their orders bring, payment by payment, by `[commission]` of kehu.toml.
//!
//! The base of a payment is the money itself, or the part of the order's profit that it pays for. The payments of a member in a
//! month climb the tiers one after the other, so that each has a commission of its own and all of them add up. A refund takes
//! back what was given for the money that it returns, in its own month, and moves no payment of another month to another tier.

use super::approval;
use super::credited::{first_lines, receivers};
use super::engine::index::Index;
use super::orders::order_days;
use super::profit::{Figures, Sale, sales};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, minor_digits, round, share};
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::receipt::{Receipt, Refund};
use chrono::Datelike;
use std::collections::{BTreeMap, HashMap};

/// What was given for a payment, or taken back for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given<'a> {
    /// Whom.
    pub who: &'a str,
    /// When the money came, or went back.
    pub day: Day,
    /// The receipt or refund, with the line of a receipt.
    pub id: (&'a str, &'a str),
    /// The customer's index.
    pub customer: Option<usize>,
    /// The order that was paid; empty = none.
    pub order: &'a str,
    /// The receipt's line, or the refund.
    pub place: RowPlace,
    /// The payment that is taken back; `None` = it is one itself.
    pub back: Option<RowPlace>,
    /// What counts of it, in the base currency; less than nothing for a refund.
    pub base: Decimal,
    /// Commission before factors, by the tiers that the base reaches.
    pub tiered: Decimal,
    /// By the margin of the order; `None` = unknown, counts as 1.
    pub margin: Option<Decimal>,
    /// All factors together.
    pub factor: Decimal,
    /// Whether the order is the customer's first.
    pub first: bool,
    /// Days by which the money came late.
    pub late: i64,
    /// What is given, in whole minor units; less than nothing for what is taken back.
    pub amount: Decimal,
}

/// What is given and taken back up to a day, and what nobody could tell.
#[derive(Debug, Clone, Default)]
pub struct Commissions<'a> {
    /// By member, day and place.
    pub rows: Vec<Given<'a>>,
    /// Refunds that name neither a receipt nor an order of which something was paid: nothing is taken back for them.
    pub unlinked: Vec<&'a str>,
    /// Orders that were paid and whose profit is unknown: nothing is given for them where profit counts.
    pub without_profit: Vec<&'a str>,
}

/// What is known of an order.
struct Order {
    /// What it comes to, with tax, in the base currency.
    total: Option<Decimal>,
    /// What its own lines earn.
    profit: Option<Decimal>,
    margin: Option<Decimal>,
    first: bool,
}

/// The first day of a month.
fn month(day: Day) -> Day {
    day.with_day(1).unwrap_or(day)
}

/// What tiers give for a base in all: each rate of what lies above its start, up to the next one.
pub fn by_tiers(tiers: &[(Decimal, Decimal)], base: Decimal) -> Option<Decimal> {
    let mut sum = Decimal::ZERO;
    for (n, (from, rate)) in tiers.iter().enumerate() {
        let to = tiers.get(n + 1).map_or(base, |(next, _)| base.min(*next));
        if to > *from {
            sum = sum.checked_add(to.checked_sub(*from)?.checked_mul(*rate)?)?;
        }
    }
    Some(sum)
}

/// The parts of a base that lie in each tier: they add up to it where the first tier begins at 0.
pub fn parts(tiers: &[(Decimal, Decimal)], base: Decimal) -> Vec<Decimal> {
    let to = |n: usize| tiers.get(n + 1).map_or(base, |(next, _)| base.min(*next));
    tiers.iter().enumerate().map(|(n, (from, _))| to(n).saturating_sub(*from).max(Decimal::ZERO)).collect()
}

/// By member, day, and receipt: never by the file in which a row stands.
fn in_order(a: &Given<'_>, b: &Given<'_>) -> std::cmp::Ordering {
    let line = |r: &Given<'_>| r.id.1.len();
    (a.who, a.day, a.id.0, line(a), a.id.1, a.order).cmp(&(b.who, b.day, b.id.0, line(b), b.id.1, b.order))
}

/// All commissions of a period. Payments before it are looked at too: a refund may take theirs back.
pub fn commissions<'a>(index: &Index<'a>, period: Period) -> Commissions<'a> {
    let book: &'a Book = index.book;
    let mut out = Commissions::default();
    let mut rows = payments(index, &mut out);
    climb(book, &mut rows);
    let back = refunds(index, &rows, &mut out);
    rows.extend(back);
    rows.retain(|r| period.contains(r.day));
    rows.sort_by(in_order);
    out.rows = rows;
    out
}

/// The payments, with their bases and factors.
fn payments<'a>(index: &Index<'a>, out: &mut Commissions<'a>) -> Vec<Given<'a>> {
    let book: &'a Book = index.book;
    let c = &book.settings.file.commission;
    let lines = first_lines(book);
    let orders = orders(index);
    let received: HashMap<RowPlace, Receipt> =
        book.receipts.iter().filter(|r| !book.is_void(r)).map(|r| (r.place(), r)).collect();
    let mut rest: HashMap<RowPlace, Decimal> = received.iter().map(|(place, r)| (*place, r.amount())).collect();
    let mut rows = Vec::new();
    for a in index.accounts() {
        let owner = book.customers[a.customer].owner;
        for r in &a.receivables {
            for (day, amount, place) in &r.paid {
                let Some(receipt) = received.get(place) else { continue };
                if let Some(left) = rest.get_mut(place) {
                    *left -= amount;
                }
                let Some(rate) = index.prices().rate(a.currency, *day) else { continue };
                let order = orders.get(r.order());
                let paid = amount.saturating_mul(rate);
                let base = if c.of_profit() {
                    let of_profit = order.and_then(|o| share(o.profit?, paid, o.total.filter(|t| !t.is_zero())?));
                    if order.is_some() && of_profit.is_none() && !out.without_profit.contains(&r.order()) {
                        out.without_profit.push(r.order());
                    }
                    of_profit.unwrap_or_default()
                } else {
                    paid
                };
                let late = (*day - r.due).num_days().max(0);
                let margin = order.and_then(|o| o.margin);
                let of_margin = margin.map_or(Decimal::ONE, |m| c.of_margin(m));
                let first = order.is_some_and(|o| o.first);
                // Money that pays no order has neither a margin nor a first time.
                let of_order = if order.is_some() { c.of_order(first) } else { Decimal::ONE };
                let factor = of_margin.saturating_mul(of_order).saturating_mul(c.of_delay(late));
                let whole = Given {
                    who: "",
                    day: *day,
                    id: (receipt.id(), receipt.line()),
                    customer: Some(a.customer),
                    order: r.order(),
                    place: *place,
                    back: None,
                    base,
                    tiered: Decimal::ZERO,
                    margin,
                    factor,
                    first,
                    late,
                    amount: Decimal::ZERO,
                };
                rows.extend(shared(whole, receivers(&lines, r, owner)));
            }
        }
    }
    // What pays nothing yet is the owner's, as in `kehu report performance`; it has earned no profit.
    for r in book.receipts.iter().filter(|_| !c.of_profit()) {
        let left = rest.get(&r.place()).copied().unwrap_or_default();
        let customer = book.customer_index(r.customer());
        if let (Some(rate), Some(n), true) =
            (index.prices().rate(r.currency(), r.day()), customer, left > Decimal::ZERO)
        {
            rows.push(Given {
                who: book.customers[n].owner,
                day: r.day(),
                id: (r.id(), r.line()),
                customer,
                order: "",
                place: r.place(),
                back: None,
                base: left.saturating_mul(rate),
                tiered: Decimal::ZERO,
                margin: None,
                factor: Decimal::ONE,
                first: false,
                late: 0,
                amount: Decimal::ZERO,
            });
        }
    }
    rows
}

/// The part of each of those who share.
fn shared<'a>(whole: Given<'a>, shares: Vec<(&'a str, Decimal)>) -> impl Iterator<Item = Given<'a>> {
    shares.into_iter().map(move |(who, share)| Given { who, base: whole.base.saturating_mul(share), ..whole })
}

/// What is known of each order: its own lines, whatever came back of them later; money that is not paid for them brings nothing.
fn orders<'a>(index: &Index<'a>) -> HashMap<&'a str, Order> {
    let book: &'a Book = index.book;
    let mut lines: HashMap<&str, (Figures, Decimal, Option<usize>, Day)> = HashMap::new();
    for s in sales(book, index.prices(), Period::ALL).into_iter().filter(|s| s.sells) {
        let Sale { line: Some(line), .. } = s else { continue };
        let entry = lines.entry(line.id()).or_insert_with(|| (Figures::default(), Decimal::ZERO, s.customer, s.day));
        entry.0.add(&s);
        let rate = index.prices().rate(line.currency(), s.day).unwrap_or_default();
        let tax = index.prices().tax(line).unwrap_or_default().saturating_mul(rate);
        entry.1 = entry.1.saturating_add(s.revenue().unwrap_or_default()).saturating_add(tax);
    }
    let first_days: HashMap<usize, Day> =
        (0..book.customers.len()).filter_map(|n| Some((n, *order_days(index, n).first()?))).collect();
    let known = |(id, (f, total, customer, day)): (&'a str, (Figures, Decimal, Option<usize>, Day))| {
        let complete = f.unknown_cost_lines == 0 && f.unreadable_lines == 0;
        let order = Order {
            total: Some(total).filter(|_| f.unreadable_lines == 0),
            profit: f.profit().filter(|_| complete),
            margin: f.margin().filter(|_| complete),
            first: customer.and_then(|n| first_days.get(&n)) == Some(&day),
        };
        (id, order)
    };
    lines.into_iter().map(known).collect()
}

/// Gives each payment what its place in the month's tiers gives: those of a member one after the other, by day.
fn climb(book: &Book, rows: &mut [Given<'_>]) {
    let tiers = book.settings.file.commission.tiers();
    let digits = minor_digits(&book.settings.file.currency);
    rows.sort_by(in_order);
    let mut sums: HashMap<(&str, Day), Decimal> = HashMap::new();
    for r in rows {
        let sum = sums.entry((r.who, month(r.day))).or_default();
        let before = by_tiers(&tiers, *sum).unwrap_or_default();
        *sum = sum.saturating_add(r.base);
        r.tiered = by_tiers(&tiers, *sum).unwrap_or_default().saturating_sub(before);
        r.amount = round(r.tiered.saturating_mul(r.factor), digits);
    }
}

/// What refunds take back: of the receipt that they name, else of what was paid for their order, the latest money first.
fn refunds<'a>(index: &Index<'a>, rows: &[Given<'a>], out: &mut Commissions<'a>) -> Vec<Given<'a>> {
    let book: &'a Book = index.book;
    let digits = minor_digits(&book.settings.file.currency);
    let receipt_of: HashMap<RowPlace, &str> = book.receipts.iter().map(|r| (r.place(), r.id())).collect();
    let worth: HashMap<RowPlace, Decimal> = book
        .receipts
        .iter()
        .filter_map(|r| Some((r.place(), r.amount().checked_mul(index.prices().rate(r.currency(), r.day())?)?)))
        .collect();
    // What was given for each line of a receipt, and how much of that money has gone back.
    let mut of_line: BTreeMap<RowPlace, Vec<&Given<'a>>> = BTreeMap::new();
    rows.iter().for_each(|r| of_line.entry(r.place).or_default().push(r));
    let mut gone: HashMap<RowPlace, Decimal> = HashMap::new();
    let mut taken: HashMap<(RowPlace, usize), (Decimal, Decimal)> = HashMap::new();
    let moves =
        |r: &&Refund| matches!(r.kind, "return" | "overpayment") && approval::counts(book, Ledger::Refunds, r.id);
    let mut refunds: Vec<&'a Refund> = book.refunds.iter().filter(moves).collect();
    refunds.sort_by_key(|r| (r.at, r.id));
    let mut back = Vec::new();
    for refund in refunds {
        let Some(mut rest) =
            index.prices().rate(refund.currency, refund.at.day).and_then(|r| refund.amount.checked_mul(r))
        else {
            continue;
        };
        let names = |place: &RowPlace, given: &[&Given<'a>]| {
            if refund.receipt.is_empty() {
                !refund.order.is_empty() && given.iter().any(|g| g.order == refund.order)
            } else {
                receipt_of.get(place) == Some(&refund.receipt)
            }
        };
        let mut lines: Vec<(&RowPlace, &Vec<&Given<'a>>)> = of_line.iter().filter(|(p, g)| names(p, g)).collect();
        lines.sort_by_key(|(_, given)| std::cmp::Reverse(given.first().map(|g| (g.day, g.id.0, g.id.1.len(), g.id.1))));
        if lines.is_empty() {
            out.unlinked.push(refund.id);
        }
        for (place, given) in lines {
            let Some(whole) = worth.get(place).copied().filter(|w| *w > Decimal::ZERO) else { continue };
            let before = gone.get(place).copied().unwrap_or_default();
            let part = rest.min(whole - before).max(Decimal::ZERO);
            if part.is_zero() {
                continue;
            }
            rest -= part;
            let now = before + part;
            gone.insert(*place, now);
            for (n, g) in given.iter().enumerate() {
                // What was taken so far is the rounded part of all: the last refund takes what is left.
                let of = |amount: Decimal| share(amount, now, whole).unwrap_or_default();
                let (base, amount) = (of(g.base), round(of(g.amount), digits));
                let known = taken.entry((*place, n)).or_default();
                let (base_now, amount_now) = (base - known.0, amount - known.1);
                *known = (base, amount);
                back.push(Given {
                    day: refund.at.day,
                    id: (refund.id, ""),
                    place: refund.place,
                    back: Some(*place),
                    base: -base_now,
                    tiered: Decimal::ZERO,
                    amount: -amount_now,
                    ..**g
                });
            }
        }
    }
    back
}

/// Commissions of a member in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// What counted of the money that came in.
    pub base: Decimal,
    /// What was given for it.
    pub given: Decimal,
    /// What counted of the money that went back; less than nothing.
    pub base_back: Decimal,
    /// What was taken back; less than nothing.
    pub taken: Decimal,
    /// Payments and refunds.
    pub cases: i64,
}

impl Sums {
    /// Given and taken back.
    pub fn total(&self) -> Decimal {
        self.given.saturating_add(self.taken)
    }
    /// Adds a row.
    pub fn add(&mut self, row: &Given<'_>) {
        let (base, amount) =
            if row.back.is_some() { (&mut self.base_back, &mut self.taken) } else { (&mut self.base, &mut self.given) };
        *base = base.saturating_add(row.base);
        *amount = amount.saturating_add(row.amount);
        self.cases += 1;
    }
}

/// The sums of rows by member and month.
pub fn sums<'a>(rows: &[Given<'a>]) -> BTreeMap<(&'a str, Day), Sums> {
    let mut out: BTreeMap<(&str, Day), Sums> = BTreeMap::new();
    rows.iter().for_each(|r| out.entry((r.who, month(r.day))).or_default().add(r));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;
    use proptest::prelude::*;

    fn tiers() -> Vec<(Decimal, Decimal)> {
        let d = |s: &str| parse_decimal(s).unwrap();
        vec![(d("0"), d("0.02")), (d("100000"), d("0.03")), (d("500000"), d("0.05"))]
    }

    #[test]
    fn tiers_give_each_part_its_own_rate() {
        let check = |base: &str, expected: &str, in_tiers: &str| {
            let base = parse_decimal(base).unwrap();
            assert_eq!(by_tiers(&tiers(), base), parse_decimal(expected), "{base}");
            let found = parts(&tiers(), base).iter().map(|p| p.normalize().to_string()).collect::<Vec<_>>().join(" ");
            assert_eq!(found, in_tiers, "{base}");
        };
        check("0", "0", "0 0 0");
        check("100000", "2000", "100000 0 0");
        check("150000", "3500", "100000 50000 0");
        // 100,000 × 2 % + 400,000 × 3 % + 100,000 × 5 %.
        check("600000", "19000", "100000 400000 100000");
        check("-5", "0", "0 0 0");
    }

    proptest! {
        #[test]
        fn payments_one_after_the_other_give_what_their_sum_gives(list in proptest::collection::vec(0..300_000i64, 0..12)) {
            let mut sum = Decimal::ZERO;
            let mut given = Decimal::ZERO;
            for n in &list {
                let before = by_tiers(&tiers(), sum).unwrap();
                sum += Decimal::new(*n, 2) * Decimal::from(7);
                given += by_tiers(&tiers(), sum).unwrap() - before;
            }
            prop_assert_eq!(given, by_tiers(&tiers(), sum).unwrap());
            prop_assert_eq!(parts(&tiers(), sum).into_iter().sum::<Decimal>(), sum);
        }
    }
}
