//! R10: what happened on customers' accounts, movement by movement (对账单). What all movements up to a day come to is what is owed at
//! its end, to the cent.

use super::approval::{self, Standing};
use super::engine::index::Index;
use super::profit::counts;
use super::receivables::{Account, write_offs};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::columns::Row as _;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, minor_digits, round};
use crate::model::place::RowPlace;
use std::collections::{HashMap, HashSet};

/// What a movement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// An order.
    Order,
    /// A row of the ledger of receivables.
    Receivable,
    /// Goods that came back.
    Return,
    /// An allowance.
    Allowance,
    /// What was written off.
    WriteOff,
    /// Money that came in.
    Receipt,
    /// Money that went back.
    Refund,
    /// What was entered and then cancelled or made void.
    Void,
}

impl What {
    /// Machine key.
    pub fn key(self) -> &'static str {
        match self {
            What::Order => "order",
            What::Receivable => "receivable",
            What::Return => "return",
            What::Allowance => "allowance",
            What::WriteOff => "writeoff",
            What::Receipt => "receipt",
            What::Refund => "refund",
            What::Void => "void",
        }
    }
}

/// A movement of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement<'a> {
    /// The customer's index.
    pub customer: usize,
    /// ISO 4217.
    pub currency: &'a str,
    /// Its day.
    pub at: Day,
    /// What it is.
    pub what: What,
    /// The order, receivable, receipt or refund.
    pub id: &'a str,
    /// Its row.
    pub place: RowPlace,
    /// By how much it raises what is owed; below nothing it lowers it.
    pub amount: Decimal,
    /// When it is due; `None` = nothing is.
    pub due: Option<Day>,
    /// How money came in; empty = not said.
    pub method: &'a str,
    /// When an acceptance bill matures.
    pub matures: Option<Day>,
}

/// Puts movements together.
struct Moves<'x, 'a> {
    index: &'x Index<'a>,
    base: &'a str,
    out: Vec<Movement<'a>>,
}

impl<'x, 'a> Moves<'x, 'a> {
    fn currency(&self, own: &'a str) -> &'a str {
        if own.is_empty() { self.base } else { own }
    }

    /// A movement that says no more than its amount.
    fn plain(
        &mut self,
        (customer, currency): (usize, &'a str),
        at: Day,
        what: What,
        (id, place): (&'a str, RowPlace),
        amount: Decimal,
    ) {
        let (due, method, matures) = (None, "", None);
        if !amount.is_zero() {
            self.out.push(Movement { customer, currency, at, what, id, place, amount, due, method, matures });
        }
    }

    /// What stands in an account.
    fn account(&mut self, a: &Account<'a>, written_off: &HashMap<&str, Vec<(Day, RowPlace, Decimal)>>) {
        let whose = (a.customer, a.currency);
        for r in a.receivables.iter().filter(|r| !r.gross.is_zero()) {
            let what = if r.claim.is_some() { What::Receivable } else { What::Order };
            self.plain(whose, r.at, what, (r.id, r.place), r.gross);
            if let Some(m) = self.out.last_mut() {
                m.due = Some(r.due);
            }
        }
        for less in &a.less {
            if !less.written_off {
                self.plain(whose, less.at, What::Return, (less.id, less.place), -less.amount);
                continue;
            }
            // No more is written off than was owed: the first events take it.
            let mut rest = less.amount;
            for (day, place, amount) in written_off.get(less.id).into_iter().flatten() {
                let part = rest.min(*amount);
                rest -= part;
                self.plain(whose, *day, What::WriteOff, (less.id, *place), -part);
            }
        }
    }

    /// Money that came in and went back.
    fn money(&mut self, wanted: &dyn Fn(usize) -> bool) {
        let book = self.index.book;
        for r in book.receipts.iter() {
            let Some(customer) = book.customer_index(r.customer()).filter(|n| wanted(*n)) else { continue };
            let currency = self.currency(r.currency());
            let void = book.states.day(Ledger::Receipts, r.id(), "void");
            let (at, what) = (r.day(), What::Receipt);
            self.plain((customer, currency), at, what, (r.id(), r.place()), -r.amount());
            if let Some(m) = self.out.last_mut().filter(|m| m.id == r.id()) {
                (m.method, m.matures) = (r.method(), r.matures());
            }
            if let Some(day) = void {
                self.plain((customer, currency), day.max(at), What::Void, (r.id(), r.place()), r.amount());
            }
        }
        for r in &book.refunds {
            let Some(customer) = book.customer_index(r.customer).filter(|n| wanted(*n)) else { continue };
            let standing = approval::standing(book, Ledger::Refunds, r.id);
            // What was asked for and never approved moved nothing.
            let asked = book.states.folded(Ledger::Refunds, r.id, "approval").is_some();
            if !standing.counts() && (standing != Standing::Void || asked) {
                continue;
            }
            let (what, amount) = match r.kind {
                "allowance" => (What::Allowance, -r.amount),
                "return" | "overpayment" => (What::Refund, r.amount),
                _ => continue,
            };
            let whose = (customer, self.currency(r.currency));
            self.plain(whose, r.at.day, what, (r.id, r.place), amount);
            if let Some(day) = book.states.day(Ledger::Refunds, r.id, "void") {
                self.plain(whose, day.max(r.at.day), What::Void, (r.id, r.place), -amount);
            }
        }
    }

    /// Receivables below zero, and those that were made void and stood for nothing else.
    fn claims(&mut self, wanted: &dyn Fn(usize) -> bool) {
        let book = self.index.book;
        for c in &book.claims {
            let Some(customer) = book.customer_index(c.customer).filter(|n| wanted(*n)) else { continue };
            let whose = (customer, self.currency(c.currency));
            let void = book.states.day(Ledger::Receivables, c.id, "void");
            let alone = c.order.is_empty() && c.contract.is_empty();
            match void {
                Some(day) if alone => {
                    self.plain(whose, c.at.day, What::Receivable, (c.id, c.place), c.amount);
                    self.plain(whose, day.max(c.at.day), What::Void, (c.id, c.place), -c.amount);
                }
                None if c.amount < Decimal::ZERO && approval::contract_counts(book, c.contract) => {
                    self.plain(whose, c.at.day, What::Receivable, (c.id, c.place), c.amount);
                }
                _ => {}
            }
        }
    }

    /// Orders that were cancelled, on both days. Where rows stood for one, it is not known what it came to itself.
    fn cancelled(&mut self, wanted: &dyn Fn(usize) -> bool) {
        let (book, prices) = (self.index.book, self.index.prices());
        let named: HashSet<&str> = book.claims.iter().flat_map(|c| [c.order, c.contract]).collect();
        let mut found: Map<&'a str, (usize, &'a str, Day, RowPlace, Option<Fixed>)> = Map::default();
        for (id, _) in book.states.orders().filter(|(id, s)| s.cancelled.is_some() && !named.contains(id)) {
            found.insert(id, (usize::MAX, "", Day::MAX, RowPlace::default(), Some(Fixed::ZERO)));
        }
        if found.is_empty() {
            return;
        }
        for l in book.orders.iter() {
            let Some(order) = found.get_mut(l.id()) else { continue };
            let lines = prices.lines(l.segment());
            let row = l.row() as usize;
            let worth = lines.net(row).and_then(|n| n.plus(lines.tax(row).unwrap_or_default()));
            let plan = !l.contract().is_empty() && named.contains(l.contract());
            let currency = if l.currency().is_empty() { self.base } else { l.currency() };
            let customer = book.customer_index(l.customer()).filter(|_| !plan).unwrap_or(usize::MAX);
            let sum = order.4.zip(worth).and_then(|(sum, more)| sum.plus(more));
            *order = (customer, currency, l.day().min(order.2), l.place(), sum);
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable_by_key(|(id, _)| *id);
        for (id, (customer, currency, at, place, sum)) in found {
            let amount = sum.and_then(Fixed::decimal).map(|sum| round(sum, minor_digits(currency)));
            let Some(amount) = amount.filter(|a| *a > Decimal::ZERO && customer != usize::MAX) else { continue };
            let Some(day) = book.states.order(id).cancelled.filter(|_| !counts(book, id) && wanted(customer)) else {
                continue;
            };
            self.plain((customer, currency), at, What::Order, (id, place), amount);
            self.plain((customer, currency), day.max(at), What::Void, (id, place), -amount);
        }
    }
}

/// The movements of the customers that are wanted, by customer and currency, each account's in the order of their days.
pub fn movements<'a>(index: &Index<'a>, wanted: &dyn Fn(usize) -> bool) -> Vec<Movement<'a>> {
    let book: &'a Book = index.book;
    let base = book.settings.file.currency.as_str();
    let mut moves = Moves { index, base, out: Vec::new() };
    let written_off = write_offs(book);
    for a in index.accounts().iter().filter(|a| wanted(a.customer)) {
        moves.account(a, &written_off);
    }
    moves.money(wanted);
    moves.claims(wanted);
    moves.cancelled(wanted);
    let mut out = moves.out;
    out.sort_by(|a, b| {
        let key = |m: &Movement<'a>| (m.customer, m.currency, m.at, m.what);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(b.id)).then_with(|| a.place.cmp(&b.place))
    });
    out
}
