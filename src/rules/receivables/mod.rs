//! R10: what customers owe. Every order is a receivable by itself, for what the receivables that name it leave of it, unless its
//! contract has a plan; receipts are allocated to receivables.

mod ageing;
mod allocation;
mod orders;
mod sides;

use super::approval::{self, contract_counts};
use super::engine::grouped::{Grouped, customers_of};
use super::engine::strangers::Strangers;
use super::prices::Prices;
use super::profit::counts;
use crate::model::Map;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, rows_of};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, minor_digits, parse_decimal};
use crate::model::place::RowPlace;
use crate::model::receipt::{Claim, Receipt, Refund};
use crate::model::row::Event;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

pub use ageing::Ageing;
pub use allocation::Receivable;
use allocation::lower;
pub(in crate::rules) use allocation::{GivenBack, Money, Origin, Owed, Settled, settle};
use orders::{Order, Taken, orders_of, owed, take_back};
use sides::{Currencies, Paid, Sides, paid_of};

/// What figures of receivables read.
pub const LEDGERS: LedgerSet = LedgerSet::of(&[
    Ledger::Orders,
    Ledger::Products,
    Ledger::Receivables,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Rates,
    Ledger::Events,
]);

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
    pub credit: Sum,
    /// Acceptance bills that have not matured (they have settled what they paid).
    pub bills: Sum,
    /// Instalments of contracts that wait for approval: they are not owed yet (R12).
    pub pending: Sum,
    /// What takes parts of it away for good, besides allowances.
    pub less: Vec<Less<'a>>,
    /// Whether money names a receivable or order that is not in this account.
    pub misses: bool,
}

/// What takes a part of what is owed away for good: goods that came back, or what was written off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Less<'a> {
    /// The order that came back, or the receivable that was written off.
    pub id: &'a str,
    /// Its row.
    pub place: RowPlace,
    /// Its day; of what was written off that of the receivable.
    pub at: Day,
    /// How much.
    pub amount: Decimal,
    /// Whether it was written off.
    pub written_off: bool,
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
    /// How many of the receivables that are open are late, and how many are open.
    pub fn late(&self, today: Day) -> (i64, i64) {
        let open = self.receivables.iter().filter(|r| !r.open.is_zero());
        open.fold((0, 0), |(late, all), r| (late + i64::from(r.due < today), all + 1))
    }
    /// What is owed less what was paid beforehand.
    pub fn outstanding(&self) -> Sum {
        self.open().minus(self.credit)
    }
    /// What is owed, whatever was paid beforehand.
    pub fn open(&self) -> Sum {
        Sum::of(self.receivables.iter().map(|r| r.open))
    }
}

/// What the ledger of receivables says besides its rows.
struct Agreed<'a> {
    book: &'a Book,
    /// Contracts with a plan, numbered from 1.
    plans: Map<&'a str, u32>,
    /// What was written off, by receivable.
    written_off: Map<&'a str, Decimal>,
    /// The rows that count.
    claims: Vec<&'a Claim>,
    /// Those of contracts that wait for approval.
    pending: Vec<&'a Claim>,
}

impl<'a> Agreed<'a> {
    fn new(book: &'a Book) -> Agreed<'a> {
        let there = || book.claims.iter().filter(|c| !book.is_void(*c));
        let claims: Vec<&Claim> = there().filter(|c| contract_counts(book, c.contract)).collect();
        let waits =
            |c: &&Claim| !c.contract.is_empty() && approval::standing(book, Ledger::Contracts, c.contract).pending();
        let pending = there().filter(waits).collect();
        let mut plans = Map::default();
        for contract in claims.iter().map(|c| c.contract).filter(|c| !c.is_empty()) {
            let next = plans.len() as u32 + 1;
            plans.entry(contract).or_insert(next);
        }
        Agreed { book, plans, written_off: written_off(book), claims, pending }
    }

    fn plan(&self, contract: &str) -> u32 {
        if contract.is_empty() { 0 } else { self.plans.get(contract).copied().unwrap_or_default() }
    }
}

/// The events that wrote something off, by receivable: their days, places and amounts, the oldest first.
pub(super) fn write_offs(book: &Book) -> HashMap<&'static str, Vec<(Day, RowPlace, Decimal)>> {
    let ours = |e: &Event| e.kind() == Ledger::Receivables.kind() && e.event() == "writeoff";
    let mut all: Vec<Event> = book.events.iter().filter(ours).collect();
    all.sort_by_key(|e| (e.at(), e.id()));
    let mut out: HashMap<&str, Vec<_>> = HashMap::new();
    for e in all {
        if let Some(amount) = parse_decimal(e.to()).filter(|a| *a > Decimal::ZERO) {
            out.entry(e.subject()).or_default().push((e.day(), e.place(), amount));
        }
    }
    out
}

/// What events wrote off, by receivable.
pub(super) fn written_off(book: &Book) -> Map<&'static str, Decimal> {
    let mut out: Map<&'static str, Decimal> = Map::default();
    let Some(kind) = Ledger::Events.column("kind") else { return out };
    for segment in book.events.segments() {
        let Column::Text(kinds) = segment.column(kind) else { continue };
        if !(0..kinds.len()).any(|n| kinds.value(n) == Ledger::Receivables.kind()) {
            continue;
        }
        let ours = |e: &Event| e.kind() == Ledger::Receivables.kind() && e.event() == "writeoff";
        for e in rows_of::<Event>(segment).filter(ours) {
            if let Some(amount) = parse_decimal(e.to()).filter(|a| *a > Decimal::ZERO) {
                let sum = out.entry(e.subject()).or_default();
                *sum = sum.saturating_add(amount);
            }
        }
    }
    out
}

/// What was taken from the files, by customer.
fn by_customer<T: Sync>(customers: usize, taken: &[Taken<T>]) -> Grouped<&T> {
    let owners: Vec<&[u32]> = taken.iter().map(|(owners, _)| owners.as_slice()).collect();
    Grouped::build(customers, &owners, |part, n| &taken[part].1[n])
}

/// Every account that order lines, receivables, receipts and refunds make.
#[derive(Debug, Default)]
pub struct Accounts<'a> {
    /// By customer and currency.
    pub known: Vec<Account<'a>>,
    /// Those of customers that are not in the book, by the id that rows name and by currency. The customer's index is its
    /// place in this list's order of ids, and none of the book's.
    pub strangers: Vec<(&'a str, Account<'a>)>,
    /// Whether there are order lines with neither amount nor price: they stand in no account.
    pub lacking: bool,
}

/// Every customer's account.
///
/// The ledgers are gone through once, file by file; only what came of it is sorted by customer.
pub fn accounts<'a>(book: &'a Book, prices: &Prices<'a>) -> Accounts<'a> {
    let customers = book.customers.len();
    let mut stray = false;
    let receipts = || {
        let owners = customers_of::<Receipt>(book, book.receipts.segments());
        stray = owners.iter().any(|owners| owners.contains(&NOBODY));
        Cow::Owned(owners)
    };
    let agreed = Agreed::new(book);
    let known = |id: &str| book.customer_index(id);
    let mut named = book.refunds.iter().map(|r| r.customer).chain(book.claims.iter().map(|c| c.customer));
    let unknown = named.any(|id| known(id).is_none());
    let (known, lacking) = accounts_of(book, prices, &agreed, customers, || prices.owners(), receipts, known);
    if !(stray || unknown || prices.has_strays()) {
        return Accounts { known, strangers: Vec::new(), lacking };
    }
    let found = Strangers::new(book);
    let (orders, receipts) = (|| found.orders.as_slice(), || Cow::Borrowed(found.receipts.as_slice()));
    let (strangers, more) = accounts_of(book, prices, &agreed, found.ids.len(), orders, receipts, |id| found.place(id));
    let strangers = strangers.into_iter().map(|a| (found.ids[a.customer], a)).collect();
    Accounts { known, strangers, lacking: lacking | more }
}

/// The accounts of some numbered customers, and whether an order line of theirs has neither amount nor price. Whose the rows
/// of each file are, is told by file.
fn accounts_of<'a, 'o>(
    book: &'a Book,
    prices: &Prices<'a>,
    agreed: &Agreed<'a>,
    customers: usize,
    orders: impl FnOnce() -> &'o [Vec<u32>] + Send,
    receipts: impl FnOnce() -> Cow<'o, [Vec<u32>]> + Send,
    number: impl Fn(&str) -> Option<usize>,
) -> (Vec<Account<'a>>, bool) {
    let base = book.settings.file.currency.as_str();
    let lacking = AtomicBool::new(false);
    let (orders, paid): (Vec<Taken<Order<'_>>>, Vec<Taken<Paid>>) = rayon::join(
        || {
            let files = book.orders.segments().par_iter().zip(orders());
            files.map(|(segment, owners)| orders_of(prices, base, segment, owners, (agreed, &lacking))).collect()
        },
        || {
            let owners = receipts();
            let files = book.receipts.segments().par_iter().zip(owners.as_ref());
            files.map(|(segment, owners)| paid_of(book, segment, owners)).collect()
        },
    );
    let (orders, paid) = rayon::join(|| by_customer(customers, &orders), || by_customer(customers, &paid));
    let refunds = Grouped::new(customers, &book.refunds, |r| number(r.customer));
    let claims = Grouped::new(customers, &agreed.claims, |c| number(c.customer));
    let pending = Grouped::new(customers, &agreed.pending, |c| number(c.customer));
    let of = |n: usize| {
        let (claims, pending) = (claims.of(n), pending.of(n));
        let rows = Rows { orders: orders.of(n), claims, pending, paid: paid.of(n), refunds: refunds.of(n) };
        of_customer(book, agreed, n, &rows)
    };
    let all = (0..customers).into_par_iter().with_min_len(256).flat_map_iter(of).collect();
    (all, lacking.into_inner())
}

/// What one customer owes and paid.
struct Rows<'r, 'a> {
    orders: &'r [&'r Order<'a>],
    claims: &'r [&'r &'a Claim],
    pending: &'r [&'r &'a Claim],
    paid: &'r [&'r Paid],
    refunds: &'r [&'a Refund],
}

/// The accounts of one customer, by currency.
fn of_customer<'a>(book: &'a Book, agreed: &Agreed<'a>, customer: usize, rows: &Rows<'_, 'a>) -> Vec<Account<'a>> {
    let base = book.settings.file.currency.as_str();
    let mut sides = Currencies::default();
    for o in rows.orders {
        sides.of(o.currency).order(o);
    }
    for c in rows.claims {
        sides.of(if c.currency.is_empty() { base } else { c.currency }).claims.push(c);
    }
    for c in rows.pending {
        sides.of(if c.currency.is_empty() { base } else { c.currency }).pending.add(c.amount);
    }
    for p in rows.paid {
        let currency = match p.receipt.currency() {
            "" => base,
            other => other,
        };
        let side = sides.of(currency);
        let Paid { receipt, at, amount, pays, one, .. } = **p;
        if p.bill {
            side.bills.add(amount);
        }
        if amount < Decimal::ZERO {
            // A receipt that was taken back, as banks and shops export it.
            let (id, place) = (receipt.id(), receipt.place());
            side.back.push(GivenBack { at, id, amount: -amount, receipt: "", place });
        } else {
            side.money.push(Money { at, origin: Origin::Receipt(receipt), amount, pays, one, cash: true });
        }
    }
    for r in rows.refunds.iter().filter(|r| approval::counts(book, Ledger::Refunds, r.id)) {
        let currency = if r.currency.is_empty() { base } else { r.currency };
        match r.kind {
            // An allowance lowers what is owed, as a receipt does, but no cash came in.
            "allowance" => {
                let origin = Origin::Row { id: r.id, place: r.place };
                let m = Money { at: r.at, origin, amount: r.amount, pays: r.order, one: false, cash: false };
                sides.of(currency).money.push(m);
            }
            "return" | "overpayment" => {
                let b = GivenBack { at: r.at, id: r.id, amount: r.amount, receipt: r.receipt, place: r.place };
                sides.of(currency).back.push(b);
            }
            _ => {}
        }
    }
    sides.sides.sort_by_key(|s| s.currency);
    sides.sides.into_iter().map(|side| account(customer, agreed, side)).collect()
}

/// Allocates money to the receivables of one customer and currency.
fn account<'a>(customer: usize, agreed: &Agreed<'a>, side: Sides<'a>) -> Account<'a> {
    let Sides { currency, orders, claims, money, back, bills, pending, .. } = side;
    let digits = minor_digits(currency);
    let (mut owed, returns) = owed(&orders, &claims, digits);
    let back_again = !returns.is_empty();
    let (mut pool, mut less) =
        if back_again { take_back(&mut owed, returns, &orders, digits, agreed) } else { Default::default() };
    if !agreed.written_off.is_empty() {
        for n in 0..owed.list.len() {
            if let Some(amount) = agreed.written_off.get(owed.list[n].1.id) {
                let r = &mut owed.list[n].1;
                let (id, place, at, amount) = (r.id, r.place, r.at, lower(r, *amount));
                less.push(Less { id, place, at, amount, written_off: true });
            }
        }
    }
    // A row below zero owes the customer.
    for c in claims.iter().filter(|c| c.amount < Decimal::ZERO) {
        let origin = Origin::Row { id: c.id, place: c.place };
        pool.push(Money { at: c.at, origin, amount: -c.amount, pays: "", one: false, cash: false });
    }
    let settled = settle(owed, money, pool, back, |order| counts(agreed.book, order));
    let Settled { owed: receivables, credit, misses } = settled;
    Account { customer, currency, receivables, credit, bills, pending, less, misses }
}
