//! R10 and R12: what we owe suppliers. Payments are allocated as receipts are; a payable that waits for approval is owed only when
//! it is approved.

use super::approval::{self, Standing, standing_of_payable, with_contract};
use super::receivables::{Ageing, Money, Origin, Owed, Receivable, Settled, settle};
use crate::model::Map;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::receipt::{Payable, Payment};
use std::collections::BTreeMap;

/// What payables are put together from.
pub const READS: Reads =
    Reads { ledgers: LedgerSet::of(&[Ledger::Payables, Ledger::Payments, Ledger::Events]), ..Reads::NOTHING };

/// What we owe a supplier in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt<'a> {
    /// The supplier.
    pub supplier: &'a str,
    /// ISO 4217.
    pub currency: &'a str,
    /// The payables that count, oldest due first.
    pub payables: Vec<Receivable<'a>>,
    /// Money that pays nothing yet: it was paid in advance.
    pub credit: Sum,
    /// Payables that wait for approval: they are not owed yet.
    pub pending: Sum,
    /// Whether a payment names a payable that is not owed here.
    pub misses: bool,
}

impl Debt<'_> {
    /// The open amounts by age.
    pub fn ageing(&self, today: Day) -> Ageing {
        let mut a = Ageing::default();
        self.payables.iter().for_each(|p| a.add(p.due, p.open, today));
        a
    }
    /// What is owed, whatever was paid in advance.
    pub fn open(&self) -> Sum {
        Sum::of(self.payables.iter().map(|p| p.open))
    }
    /// What is owed less what was paid in advance.
    pub fn outstanding(&self) -> Sum {
        self.open().minus(self.credit)
    }
}

/// What we owe, by supplier and currency.
#[derive(Debug, Default)]
pub struct Debts<'a> {
    all: Vec<Debt<'a>>,
    /// Where each payable that counts stands.
    places: Map<&'a str, (usize, usize)>,
}

/// What one supplier is owed and was paid, in one currency.
#[derive(Default)]
struct Side<'a> {
    owed: Vec<&'a Payable>,
    pending: Sum,
    paid: Vec<&'a Payment>,
}

impl<'a> Debts<'a> {
    /// Those of a book that holds [`READS`].
    pub fn new(book: &'a Book) -> Debts<'a> {
        let base = book.settings.file.currency.as_str();
        let currency = |c: &'a str| if c.is_empty() { base } else { c };
        let mut sides: BTreeMap<(&str, &str), Side<'a>> = BTreeMap::new();
        for p in &book.payables {
            let now = standing_of_payable(book, p.id, p.contract);
            if now.counts() || now.pending() {
                let side = sides.entry((p.supplier, currency(p.currency))).or_default();
                if now.counts() { side.owed.push(p) } else { side.pending.add(p.amount) }
            }
        }
        for p in book.payments.iter().filter(|p| !book.is_void(*p)) {
            sides.entry((p.supplier, currency(p.currency))).or_default().paid.push(p);
        }
        let all: Vec<Debt<'a>> = sides.into_iter().map(|((who, currency), side)| debt(who, currency, side)).collect();
        let of =
            |(n, d): (usize, &Debt<'a>)| d.payables.iter().enumerate().map(|(m, p)| (p.id, (n, m))).collect::<Vec<_>>();
        let places = all.iter().enumerate().flat_map(of).collect();
        Debts { all, places }
    }

    /// By supplier and currency.
    pub fn all(&self) -> &[Debt<'a>] {
        &self.all
    }

    /// A payable that counts, with what was paid on it.
    pub fn get(&self, id: &str) -> Option<&Receivable<'a>> {
        self.places.get(id).map(|(n, m)| &self.all[*n].payables[*m])
    }

    fn of(&self, supplier: &str, currency: &str) -> Option<&Debt<'a>> {
        self.all.iter().find(|d| d.supplier == supplier && d.currency == currency)
    }

    /// What is open for a supplier in a currency.
    pub fn open(&self, supplier: &str, currency: &str) -> Sum {
        self.of(supplier, currency).map_or(Sum::ZERO, Debt::open)
    }

    /// The same less what was paid in advance.
    pub fn outstanding(&self, supplier: &str, currency: &str) -> Sum {
        self.of(supplier, currency).map_or(Sum::ZERO, Debt::outstanding)
    }
}

/// Allocates payments to the payables of one supplier and currency.
fn debt<'a>(supplier: &'a str, currency: &'a str, side: Side<'a>) -> Debt<'a> {
    let (mut list, mut pool) = (Vec::with_capacity(side.owed.len()), Vec::new());
    for p in side.owed {
        let total = p.amount.max(Decimal::ZERO);
        let (id, place, at, due, paid) = (p.id, p.place, p.at.day, p.due, Vec::new());
        list.push((p.at, Receivable { id, place, at, due, gross: total, total, open: total, paid, claim: None }));
        if p.amount < Decimal::ZERO {
            // A row below zero is owed to us.
            let origin = Origin::Row { id, place };
            pool.push(Money { at: p.at, origin, amount: -p.amount, pays: "", one: false, cash: false });
        }
    }
    let money = |p: &'a Payment| {
        let (at, origin, amount, pays) = (p.at, Origin::Payment(p), p.amount, p.payable);
        Money { at, origin, amount, pays, one: true, cash: true }
    };
    let money = side.paid.into_iter().map(money).collect();
    let Settled { owed, credit, misses } = settle(Owed::new(list, false), money, pool, Vec::new(), |_| true);
    Debt { supplier, currency, payables: owed, credit, pending: side.pending, misses }
}

/// Where a payable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// `draft`, `pending`, `rejected`, `void`, `paid`, `overdue`, `partial` or `due`.
    pub status: &'static str,
    /// What was paid on it; nothing of one that does not count.
    pub paid: Decimal,
    /// What is open.
    pub open: Decimal,
    /// How late it is; 0 = it is not.
    pub days_overdue: i64,
}

/// What is told of a payable that does not count.
pub fn status_of(standing: Standing) -> &'static str {
    match standing {
        Standing::Draft => "draft",
        Standing::Submitted => "pending",
        Standing::Rejected => "rejected",
        Standing::Void | Standing::Outside | Standing::Approved => "void",
    }
}

/// Where a payable of a contract stands.
pub fn now(book: &Book, debts: &Debts<'_>, id: &str, contract: &str) -> Now {
    let counted = debts.get(id);
    let status = match (standing_of_payable(book, id, contract), counted) {
        (now, Some(p)) if now.counts() => p.status(book.today),
        (now, _) => status_of(now),
    };
    let (paid, open, days_overdue) = counted.map_or((Decimal::ZERO, Decimal::ZERO, 0), |p| {
        (p.total.saturating_sub(p.open), p.open, p.days_overdue(book.today))
    });
    Now { status, paid, open, days_overdue }
}

/// The standing of a payable of a contract at the end of a day (R12).
pub fn standing_on(book: &Book, id: &str, contract: &str, day: Day) -> Standing {
    let own = approval::standing_on(book, Ledger::Payables, id, day);
    with_contract(own, contract, || approval::standing_on(book, Ledger::Contracts, contract, day))
}
