//! R10: what customers owe. Every order is a receivable by itself, for what the receivables that name it leave of it, unless its
//! contract has a plan; receipts are allocated to receivables.

use super::approval::{self, contract_counts};
use super::engine::grouped::{Grouped, customers_of};
use super::engine::strangers::Strangers;
use super::prices::Prices;
use super::profit::counts;
use crate::model::Map;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Column, Segment, rows_of};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, Sum, minor_digits, parse_decimal, round};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::receipt::{Claim, Receipt, Refund};
use crate::model::row::Event;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// One receivable with what was paid on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable<'a> {
    /// The row of the ledger of receivables, the order, or the refund that it is.
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
    /// The row that it is; `None` for an order and a refund.
    pub claim: Option<&'a Claim>,
}

impl<'a> Receivable<'a> {
    /// The order that it stands for; empty = none.
    pub fn order(&self) -> &'a str {
        self.claim.map_or(self.id, |c| c.order)
    }
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
    pub credit: Sum,
    /// Acceptance bills that have not matured (they have settled what they paid).
    pub bills: Sum,
    /// Whether money names a receivable or order that is not in this account.
    pub misses: bool,
}

/// Outstanding by age of the due date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Not due yet.
    pub not_due: Sum,
    /// 1 to 30 days late.
    pub d1_30: Sum,
    /// 31 to 60 days late.
    pub d31_60: Sum,
    /// 61 to 90 days late.
    pub d61_90: Sum,
    /// 91 to 120 days late.
    pub d91_120: Sum,
    /// More than 120 days late.
    pub d120_plus: Sum,
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
        slot.add(amount);
    }
    /// All columns together.
    pub fn sum(&self) -> Sum {
        self.not_due.plus(self.overdue())
    }
    /// What is late.
    pub fn overdue(&self) -> Sum {
        [self.d31_60, self.d61_90, self.d91_120, self.d120_plus].into_iter().fold(self.d1_30, Sum::plus)
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
    pub fn outstanding(&self) -> Sum {
        self.open().minus(self.credit)
    }
    /// What is owed, whatever was paid beforehand.
    pub fn open(&self) -> Sum {
        Sum::of(self.receivables.iter().map(|r| r.open))
    }
}

/// Money that looks for a receivable.
#[derive(Clone, Copy)]
struct Money<'a> {
    at: At,
    origin: Origin<'a>,
    amount: Decimal,
    /// The receivable or order that it pays; empty = none named.
    pays: &'a str,
    /// Whether that is a receivable, and not all that stand for an order.
    one: bool,
    cash: bool,
}

/// Where money stands.
#[derive(Clone, Copy)]
enum Origin<'a> {
    Receipt(Receipt),
    Row { id: &'a str, place: RowPlace },
}

impl<'a> Money<'a> {
    fn id(&self) -> &'a str {
        match self.origin {
            Origin::Receipt(r) => r.id(),
            Origin::Row { id, .. } => id,
        }
    }
    /// Its line; empty where there are none.
    fn line(&self) -> &'a str {
        match self.origin {
            Origin::Receipt(r) => r.line(),
            Origin::Row { .. } => "",
        }
    }
    fn place(&self) -> RowPlace {
        match self.origin {
            Origin::Receipt(r) => r.place(),
            Origin::Row { place, .. } => place,
        }
    }
}

/// By instant and id; lines of one receipt by their numbers.
fn sort_money(list: &mut [Money<'_>]) {
    list.sort_by(|a, b| {
        // Texts are looked at only where the instant is the same.
        let same = || {
            let (x, y) = (a.line(), b.line());
            a.id().cmp(b.id()).then(x.len().cmp(&y.len())).then(x.cmp(y)).then(a.place().cmp(&b.place()))
        };
        a.at.cmp(&b.at).then_with(same)
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
#[derive(Clone)]
struct Order<'a> {
    id: &'a str,
    currency: &'a str,
    place: RowPlace,
    at: At,
    due: Day,
    /// The number of its contract among those with a plan; 0 = none.
    plan: u32,
    total: Fixed,
    /// What its lines take back of other orders, with tax, by order.
    returns: BTreeMap<&'a str, Fixed>,
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
}

impl<'a> Agreed<'a> {
    fn new(book: &'a Book) -> Agreed<'a> {
        let claims: Vec<&Claim> =
            book.claims.iter().filter(|c| !book.is_void(*c) && contract_counts(book, c.contract)).collect();
        let mut plans = Map::default();
        for contract in claims.iter().map(|c| c.contract).filter(|c| !c.is_empty()) {
            let next = plans.len() as u32 + 1;
            plans.entry(contract).or_insert(next);
        }
        Agreed { book, plans, written_off: written_off(book), claims }
    }

    fn plan(&self, contract: &str) -> u32 {
        if contract.is_empty() { 0 } else { self.plans.get(contract).copied().unwrap_or_default() }
    }
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

impl<'a> Order<'a> {
    fn total(&self) -> Decimal {
        self.total.decimal().unwrap_or_default()
    }
    /// Adds a line, with tax.
    fn add(&mut self, amount: Fixed, returns: &'a str) {
        let Some(total) = self.total.plus(amount).filter(|t| t.is_decimal()) else { return };
        self.total = total;
        if let Some((order, _)) = returns.rsplit_once('/') {
            let back = self.returns.entry(order).or_default();
            *back = back.minus(amount).unwrap_or(*back);
        }
    }
    /// Adds lines of the same order that stand elsewhere.
    fn merge(&mut self, other: &Order<'a>) {
        self.total = self.total.plus(other.total).filter(|t| t.is_decimal()).unwrap_or(self.total);
        for (order, amount) in &other.returns {
            let back = self.returns.entry(order).or_default();
            *back = back.plus(*amount).unwrap_or(*back);
        }
    }
}

/// A receipt, with what is always asked of it.
struct Paid {
    receipt: Receipt,
    at: At,
    amount: Decimal,
    /// The receivable that it names, else the order.
    pays: &'static str,
    /// Whether that is a receivable.
    one: bool,
    /// An acceptance bill that has not matured.
    bill: bool,
}

/// Orders of one customer beyond which they are found by a table.
const FEW: usize = 12;

/// What stands on both sides of an account before money is allocated.
struct Sides<'a> {
    currency: &'a str,
    orders: Vec<Order<'a>>,
    /// Where each order stands in `orders`, once there are many.
    places: Map<&'a str, usize>,
    claims: Vec<&'a Claim>,
    money: Vec<Money<'a>>,
    back: Vec<GivenBack<'a>>,
    bills: Sum,
}

/// The sides of one customer, by currency.
#[derive(Default)]
struct Currencies<'a> {
    sides: Vec<Sides<'a>>,
    /// Where each stands, once there are many.
    places: Map<&'a str, usize>,
}

impl<'a> Currencies<'a> {
    /// The side of a currency.
    fn of(&mut self, currency: &'a str) -> &mut Sides<'a> {
        let known = match self.sides.len() {
            few if few <= FEW => self.sides.iter().position(|s| s.currency == currency),
            _ => {
                for n in self.places.len()..self.sides.len() {
                    self.places.insert(self.sides[n].currency, n);
                }
                self.places.get(currency).copied()
            }
        };
        let n = known.unwrap_or_else(|| {
            let (orders, places, money, back) = (Vec::new(), Map::default(), Vec::new(), Vec::new());
            self.sides.push(Sides { currency, orders, places, claims: Vec::new(), money, back, bills: Sum::ZERO });
            self.sides.len() - 1
        });
        &mut self.sides[n]
    }
}

impl<'a> Sides<'a> {
    fn position(&mut self, id: &str) -> Option<usize> {
        if self.orders.len() <= FEW {
            return self.orders.iter().position(|o| o.id == id);
        }
        for n in self.places.len()..self.orders.len() {
            self.places.insert(self.orders[n].id, n);
        }
        self.places.get(id).copied()
    }

    fn order(&mut self, order: &Order<'a>) {
        match self.position(order.id) {
            Some(n) => self.orders[n].merge(order),
            None => self.orders.push(order.clone()),
        }
    }
}

/// What was taken from one file, with the number of the customer of each thing.
type Taken<T> = (Vec<u32>, Vec<T>);

/// The orders of one file, put together from lines that stand together, in the order in which they come.
fn orders_of<'a>(
    prices: &Prices<'a>,
    base: &'a str,
    segment: &'static Segment,
    owners: &[u32],
    (agreed, lacking): (&Agreed<'_>, &AtomicBool),
) -> Taken<Order<'a>> {
    let Column::Text(ids) = segment.column(OrderLine::ID) else { return (Vec::new(), Vec::new()) };
    let mut out: Taken<Order<'a>> = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    let lines = prices.lines(segment);
    let planned = !agreed.plans.is_empty();
    // The order at hand: the number of its id, its customer and currency; whether it counts; whether a line of it was
    // taken.
    let mut last = (usize::MAX, u32::MAX, "", false, false);
    for (row, (line, owner)) in rows_of::<OrderLine>(segment).zip(owners).enumerate() {
        let (code, currency) = (ids.codes.get(row), line.currency());
        if (code, *owner, currency) != (last.0, last.1, last.2) {
            last = (code, *owner, currency, *owner != NOBODY && prices.counts(ids.value(code)), false);
        }
        if !last.3 {
            continue;
        }
        let net = lines.net(row);
        let Some(amount) = net.and_then(|n| n.plus(lines.tax(row).unwrap_or_default())) else {
            lacking.store(true, Ordering::Relaxed);
            continue;
        };
        if !last.4 {
            let at = line.at();
            out.0.push(*owner);
            out.1.push(Order {
                id: ids.value(code),
                currency: if currency.is_empty() { base } else { currency },
                place: line.place(),
                at,
                due: line.due().unwrap_or(at.day),
                plan: if planned { agreed.plan(line.contract()) } else { 0 },
                total: Fixed::ZERO,
                returns: BTreeMap::new(),
            });
            last.4 = true;
        }
        if let Some(order) = out.1.last_mut() {
            order.add(amount, line.returns());
        }
    }
    out
}

/// The receipts of one file.
fn paid_of(book: &Book, segment: &'static Segment, owners: &[u32]) -> Taken<Paid> {
    let mut out: Taken<Paid> = (Vec::with_capacity(segment.rows), Vec::with_capacity(segment.rows));
    for (r, owner) in rows_of::<Receipt>(segment).zip(owners) {
        if *owner == NOBODY || book.is_void(&r) {
            continue;
        }
        let bill = r.method() == "acceptance" && r.matures().is_some_and(|m| m > book.today);
        out.0.push(*owner);
        let (receivable, order) = (r.receivable(), r.order());
        let one = !receivable.is_empty();
        let pays = if one { receivable } else { order };
        out.1.push(Paid { receipt: r, at: r.at(), amount: r.amount(), pays, one, bill });
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
    let of = |n: usize| {
        let rows = Rows { orders: orders.of(n), claims: claims.of(n), paid: paid.of(n), refunds: refunds.of(n) };
        of_customer(book, agreed, n, &rows)
    };
    let all = (0..customers).into_par_iter().with_min_len(256).flat_map_iter(of).collect();
    (all, lacking.into_inner())
}

/// What one customer owes and paid.
struct Rows<'r, 'a> {
    orders: &'r [&'r Order<'a>],
    claims: &'r [&'r &'a Claim],
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

/// Takes money given back out of the money that is not allocated yet: first of the receipt that it names, then of the
/// newest. What is not found there is owed again, due on that day.
fn give_back<'a>(mut back: Vec<GivenBack<'a>>, pool: &mut [Money<'a>]) -> Vec<(At, Receivable<'a>)> {
    back.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(b.id)).then_with(|| a.place.cmp(&b.place)));
    let mut owed = Vec::new();
    // The money that had come in by the day at hand, the newest last: all, and by receipt. What is used up leaves.
    let (mut there, mut all, mut by_id): (usize, Vec<usize>, Map<&str, Vec<usize>>) = (0, Vec::new(), Map::default());
    for b in back {
        while pool.get(there).is_some_and(|m| m.at.day <= b.at.day) {
            all.push(there);
            by_id.entry(pool[there].id()).or_default().push(there);
            there += 1;
        }
        let mut rest = b.amount;
        let mut of_receipt = by_id.get_mut(b.receipt).filter(|_| !b.receipt.is_empty());
        for from in of_receipt.iter_mut().map(|of| &mut **of).chain([&mut all]) {
            while !rest.is_zero()
                && let Some(n) = from.last()
            {
                let part = pool[*n].amount.min(rest).max(Decimal::ZERO);
                pool[*n].amount -= part;
                rest -= part;
                if !rest.is_zero() {
                    from.pop();
                }
            }
        }
        if !rest.is_zero() {
            let (id, place, day) = (b.id, b.place, b.at.day);
            let r = Receivable { id, place, at: day, due: day, total: rest, open: rest, paid: Vec::new(), claim: None };
            owed.push((b.at, r));
        }
    }
    owed
}

/// Oldest due first.
fn sort_receivables(list: &mut [(At, Receivable<'_>)]) {
    list.sort_by(|(a, x), (b, y)| x.due.cmp(&y.due).then_with(|| a.cmp(b)).then_with(|| x.id.cmp(y.id)));
}

/// The receivables of one customer and currency, while money is allocated to them.
struct Owed<'a> {
    list: Vec<(At, Receivable<'a>)>,
    /// Whether some of them are rows of the ledger of receivables: then several may stand for one order.
    agreed: bool,
    /// Where each stands in the list, once there are many; the last of equal ids counts, as in a table.
    places: Map<&'a str, usize>,
    /// Where those stand that stand for an order, when there are rows: the latest due first.
    by_order: Map<&'a str, Vec<usize>>,
}

impl<'a> Owed<'a> {
    /// What orders and rows make, oldest due first; orders below zero are returns.
    fn new<'o>(
        orders: &'o [Order<'a>],
        claims: &[&'a Claim],
        digits: u32,
    ) -> (Owed<'a>, Vec<(&'o Order<'a>, Decimal)>) {
        let mut list = Vec::with_capacity(orders.len() + claims.len());
        let mut returns = Vec::new();
        let mut named: Map<&str, Decimal> = Map::default();
        for c in claims.iter().filter(|c| !c.order.is_empty()) {
            let sum = named.entry(c.order).or_default();
            *sum = sum.saturating_add(c.amount);
        }
        for o in orders {
            let total = round(o.total(), digits);
            if total.is_sign_negative() && !total.is_zero() {
                returns.push((o, -total));
            } else if o.plan == 0 {
                let taken = named.get(o.id).copied().unwrap_or_default();
                let total = if taken.is_zero() { total } else { total.saturating_sub(taken).max(Decimal::ZERO) };
                let (at, due) = (o.at.day, o.due);
                let (id, place, paid) = (o.id, o.place, Vec::new());
                list.push((o.at, Receivable { id, place, at, due, total, open: total, paid, claim: None }));
            }
        }
        for c in claims {
            let (id, place, at, due, total) = (c.id, c.place, c.at.day, c.due, c.amount.max(Decimal::ZERO));
            let paid = Vec::new();
            list.push((c.at, Receivable { id, place, at, due, total, open: total, paid, claim: Some(c) }));
        }
        sort_receivables(&mut list);
        let agreed = !claims.is_empty();
        let mut owed = Owed { list, agreed, places: Map::default(), by_order: Map::default() };
        if agreed {
            for (n, (_, r)) in owed.list.iter().enumerate().rev().filter(|(_, (_, r))| !r.order().is_empty()) {
                owed.by_order.entry(r.order()).or_default().push(n);
            }
        }
        if owed.list.len() > FEW {
            owed.places = owed.list.iter().enumerate().map(|(n, (_, r))| (r.id, n)).collect();
        }
        (owed, returns)
    }

    /// Where a receivable stands.
    fn place(&self, id: &str) -> Option<usize> {
        if id.is_empty() {
            None
        } else if self.list.len() > FEW {
            self.places.get(id).copied()
        } else {
            self.list.iter().rposition(|(_, r)| r.id == id)
        }
    }

    /// Goes through the receivables that stand for an order, oldest due first, until nothing is left of an amount; what is left,
    /// and `None` where there are no such receivables. What has been paid is passed by only once.
    fn of_order(
        &mut self,
        order: &str,
        amount: Decimal,
        mut take: impl FnMut(&mut Receivable<'a>, Decimal) -> Decimal,
    ) -> Option<Decimal> {
        if !self.agreed {
            let n = self.place(order)?;
            return Some(amount - take(&mut self.list[n].1, amount));
        }
        let (list, open) = (&mut self.list, self.by_order.get_mut(order)?);
        Some(through(list, open, amount, &mut take))
    }

    /// Where the instalments of each contract stand, the oldest due first.
    fn by_plan(&self, agreed: &Agreed<'_>) -> Map<u32, Vec<usize>> {
        let mut out: Map<u32, Vec<usize>> = Map::default();
        for (n, (_, r)) in self.list.iter().enumerate() {
            if let Some(c) = r.claim.filter(|c| c.order.is_empty()) {
                out.entry(agreed.plan(c.contract)).or_default().push(n);
            }
        }
        out
    }

    /// A return lowers the receivables that stand for the orders that it names, else the unpaid instalments of its contract,
    /// latest due first; what is left is money.
    fn take_back(
        &mut self,
        mut returns: Vec<(&Order<'a>, Decimal)>,
        orders: &[Order<'a>],
        digits: u32,
        agreed: &Agreed<'_>,
    ) -> Vec<Money<'a>> {
        returns.sort_by(|a, b| a.0.at.cmp(&b.0.at).then_with(|| a.0.id.cmp(b.0.id)));
        let mut out = Vec::new();
        let by_id: Map<&str, &Order<'_>> = orders.iter().map(|o| (o.id, o)).collect();
        let mut by_plan: Option<Map<u32, Vec<usize>>> = None;
        // What came back of each order, with all its digits and rounded return by return.
        let mut back_so_far: Map<&str, (Fixed, Decimal)> = Map::default();
        for (o, amount) in returns {
            let mut rest = amount;
            for (named, back) in &o.returns {
                let mut part = round(back.decimal().unwrap_or_default(), digits);
                let (exact, rounded) = back_so_far.entry(*named).or_default();
                *exact = exact.plus(*back).unwrap_or(*exact);
                // The return that takes the last of an order takes what rounding has left of it.
                if let Some(whole) = by_id.get(named).filter(|w| exact.minus(w.total).is_some_and(Fixed::is_zero)) {
                    let left = round(whole.total(), digits).saturating_sub(*rounded);
                    rest = rest.saturating_add(left.saturating_sub(part));
                    part = left;
                }
                *rounded = rounded.saturating_add(part);
                let part = part.min(rest).max(Decimal::ZERO);
                rest -= part - self.of_order(named, part, lower).unwrap_or(part);
            }
            let of_named = || o.returns.keys().filter_map(|id| by_id.get(id)).map(|x| x.plan).find(|plan| *plan > 0);
            let plan = if o.plan > 0 || agreed.plans.is_empty() { o.plan } else { of_named().unwrap_or_default() };
            if plan > 0 && !rest.is_zero() {
                let open = by_plan.get_or_insert_with(|| self.by_plan(agreed)).entry(plan).or_default();
                rest = through(&mut self.list, open, rest, &mut lower);
            }
            if !rest.is_zero() {
                let origin = Origin::Row { id: o.id, place: o.place };
                out.push(Money { at: o.at, origin, amount: rest, pays: "", one: false, cash: false });
            }
        }
        out
    }
}

/// Takes a part off what is owed; how much it was.
fn lower(r: &mut Receivable<'_>, amount: Decimal) -> Decimal {
    let part = amount.min(r.open).max(Decimal::ZERO);
    r.open -= part;
    r.total -= part;
    part
}

/// Goes through receivables from the last place of `open` to the first until nothing is left of an amount; what is left. Places
/// at which nothing is open any more leave.
fn through<'a>(
    list: &mut [(At, Receivable<'a>)],
    open: &mut Vec<usize>,
    amount: Decimal,
    take: &mut impl FnMut(&mut Receivable<'a>, Decimal) -> Decimal,
) -> Decimal {
    let mut rest = amount;
    while rest > Decimal::ZERO
        && let Some(n) = open.last()
    {
        let r = &mut list[*n].1;
        rest -= take(r, rest);
        if r.open <= Decimal::ZERO {
            open.pop();
        }
    }
    rest
}

/// Allocates money to the receivables of one customer and currency.
fn account<'a>(customer: usize, agreed: &Agreed<'a>, side: Sides<'a>) -> Account<'a> {
    let Sides { currency, orders, claims, mut money, back, bills, .. } = side;
    let digits = minor_digits(currency);
    let (mut owed, returns) = Owed::new(&orders, &claims, digits);
    let mut pool = if returns.is_empty() { Vec::new() } else { owed.take_back(returns, &orders, digits, agreed) };
    if !agreed.written_off.is_empty() {
        for n in 0..owed.list.len() {
            if let Some(amount) = agreed.written_off.get(owed.list[n].1.id) {
                lower(&mut owed.list[n].1, *amount);
            }
        }
    }
    // A row below zero owes the customer.
    for c in claims.iter().filter(|c| c.amount < Decimal::ZERO) {
        let origin = Origin::Row { id: c.id, place: c.place };
        pool.push(Money { at: c.at, origin, amount: -c.amount, pays: "", one: false, cash: false });
    }
    let mut misses = false;
    sort_money(&mut money);
    for m in money {
        let mut rest = m.amount;
        if m.one || !owed.agreed {
            match owed.place(m.pays) {
                Some(n) => rest -= pay(&mut owed.list[n].1, &m, rest),
                // A cancelled order is there, and no receivable.
                None => misses |= !m.pays.is_empty() && counts(agreed.book, m.pays),
            }
        } else if !m.pays.is_empty() {
            match owed.of_order(m.pays, rest, |r, rest| pay(r, &m, rest)) {
                Some(left) => rest = left,
                None => misses |= counts(agreed.book, m.pays),
            }
        }
        if !rest.is_zero() {
            pool.push(Money { amount: rest, pays: "", ..m });
        }
    }
    sort_money(&mut pool);
    let mut receivables = owed.list;
    receivables.extend(give_back(back, &mut pool));
    sort_receivables(&mut receivables);
    let mut credit = Sum::ZERO;
    let mut next = 0;
    for m in pool {
        let mut rest = m.amount;
        while next < receivables.len() && rest > Decimal::ZERO {
            rest -= pay(&mut receivables[next].1, &m, rest);
            if receivables[next].1.open.is_zero() {
                next += 1;
            }
        }
        credit.add(rest);
    }
    let receivables = receivables.into_iter().map(|(_, r)| r).collect();
    Account { customer, currency, receivables, credit, bills, misses }
}

/// Pays on a receivable; how much of the money it took.
fn pay(r: &mut Receivable<'_>, m: &Money<'_>, amount: Decimal) -> Decimal {
    let part = amount.min(r.open).max(Decimal::ZERO);
    if !part.is_zero() {
        r.open -= part;
        if m.cash {
            // Most are paid once or twice: no room for more is kept.
            if r.paid.len() < 4 {
                r.paid.reserve_exact(1);
            }
            r.paid.push((m.at.day, part, m.place()));
        } else {
            r.total -= part;
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn day(s: &str) -> Day {
        parse_day(s).unwrap()
    }

    #[test]
    fn ageing_buckets() {
        let today = day("2026-06-30");
        let check = |due: &str, expected: fn(&Ageing) -> Sum| {
            let mut a = Ageing::default();
            a.add(day(due), Decimal::ONE, today);
            assert_eq!(expected(&a).known(), Some(Decimal::ONE), "{due}");
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
