//! R10: what is invoiced of what is owed. An invoice names an order, a receivable or a contract; one that names nothing is about what
//! its customer owes, the oldest first. A red invoice takes another one back.

use super::approval::contract_counts;
use super::counting::counts;
use super::receivables::{Account, Receivable};
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::row::PlainRow;
use crate::model::{Map, Str};
use std::collections::HashSet;

/// What invoices are judged by.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[Ledger::Invoices]),
    ..Reads::customers_and(&[
        Ledger::Orders,
        Ledger::Products,
        Ledger::Receivables,
        Ledger::Receipts,
        Ledger::Refunds,
        Ledger::Rates,
        Ledger::Events,
    ])
};

/// Whether an invoice of a kind takes another one back.
pub fn is_red(kind: &str) -> bool {
    kind == "red"
}

/// An invoice.
#[derive(Debug, Clone, Copy)]
pub struct Invoice<'a> {
    /// Its row.
    pub row: &'a PlainRow,
}

impl<'a> Invoice<'a> {
    /// All that are there, void ones too.
    pub fn every(book: &'a Book) -> impl Iterator<Item = Invoice<'a>> {
        book.plain.get(&Ledger::Invoices).into_iter().flatten().map(|row| Invoice { row })
    }
    /// Those that count.
    pub fn all(book: &'a Book) -> impl Iterator<Item = Invoice<'a>> {
        Invoice::every(book).filter(|i| counts(book, Ledger::Invoices, i.cell("id")))
    }
    /// The text of a column.
    pub fn cell(&self, column: &str) -> Str {
        Ledger::Invoices.column(column).map_or("", |n| self.row.cell(n))
    }
    /// With tax; below nothing for a red one.
    pub fn amount(&self) -> Decimal {
        parse_decimal(self.cell("amount")).unwrap_or_default()
    }
    /// When.
    pub fn at(&self, book: &Book) -> Option<At> {
        At::parse(self.cell("at"), book.settings.tz)
    }
}

/// What invoices are written for: an order, a contract with instalments, or a receivable that belongs to neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case<'a> {
    /// `order`, `contract` or `receivable`.
    pub kind: &'static str,
    /// Its id.
    pub id: &'a str,
    /// The customer's index.
    pub customer: usize,
    /// ISO 4217.
    pub currency: &'a str,
    /// When it came to be.
    pub at: Day,
    /// When the first of what is open of it is due, else the last of all.
    pub due: Day,
    /// What it comes to, with tax.
    pub amount: Decimal,
    /// The part of that which is delivered or due.
    pub ready: Decimal,
    /// What was paid.
    pub paid: Decimal,
    /// What was invoiced, less what red invoices took back.
    pub invoiced: Decimal,
}

impl Case<'_> {
    /// What is delivered or due and not invoiced.
    pub fn uninvoiced(&self) -> Decimal {
        self.ready.saturating_sub(self.invoiced).max(Decimal::ZERO)
    }
    /// What is invoiced and not paid.
    pub fn unpaid(&self) -> Decimal {
        self.invoiced.saturating_sub(self.paid).max(Decimal::ZERO)
    }
    /// What is paid and not invoiced.
    pub fn paid_uninvoiced(&self) -> Decimal {
        self.paid.saturating_sub(self.invoiced).max(Decimal::ZERO)
    }
    /// What may still be invoiced.
    pub fn left(&self) -> Decimal {
        self.amount.saturating_sub(self.invoiced).max(Decimal::ZERO)
    }
}

/// Cases by what they are, and invoices by their ids.
#[derive(Debug, Default)]
pub struct Invoiced<'a> {
    cases: Vec<Case<'a>>,
    places: Map<(&'static str, &'a str), usize>,
    /// Contracts whose orders are invoiced together.
    contracts: HashSet<&'a str>,
    /// The invoices of each case, and how much of each is about it.
    by_case: Map<usize, Vec<(Invoice<'a>, Decimal)>>,
    /// The case of each row of the ledger of receivables.
    of_receivable: Map<&'a str, usize>,
    /// The contract of each order that has one.
    contract_of: Map<Str, Str>,
    paid: Map<&'a str, Decimal>,
    /// What red invoices took back, by invoice.
    reversed: Map<&'a str, Decimal>,
}

/// The part of a receivable that is delivered or due.
fn is_ready(book: &Book, r: &Receivable<'_>) -> bool {
    r.due <= book.today || !r.order().is_empty() && book.states.order(r.order()).delivered.is_some()
}

impl<'a> Invoiced<'a> {
    /// All of a book that holds [`READS`].
    pub fn new(book: &'a Book, accounts: &[Account<'a>]) -> Invoiced<'a> {
        let mut all: Vec<Invoice<'a>> = Invoice::all(book).collect();
        all.sort_by_key(|i| (i.at(book), i.cell("id"), i.row.place));
        let plans = book.claims.iter().filter(|c| c.order.is_empty() && contract_counts(book, c.contract));
        let named = all.iter().filter(|i| i.cell("order").is_empty() && i.cell("receivable").is_empty());
        let contracts = plans.map(|c| c.contract).chain(named.map(|i| i.cell("contract")));
        let mut out = Invoiced { contracts: contracts.filter(|c| !c.is_empty()).collect(), ..Invoiced::default() };
        let contract_of: Map<Str, Str> =
            book.orders.iter().filter(|l| !l.contract().is_empty()).map(|l| (l.id(), l.contract())).collect();
        for a in accounts {
            // What a refund made owed again is no sale.
            for r in a.receivables.iter().filter(|r| !r.gross.is_zero()) {
                let (kind, id) = out.key_of(r, &contract_of);
                let place = *out.places.entry((kind, id)).or_insert(out.cases.len());
                if place == out.cases.len() {
                    let (customer, currency, zero) = (a.customer, a.currency, Decimal::ZERO);
                    let (amount, ready, paid, invoiced) = (zero, zero, zero, zero);
                    let (at, due) = (r.at, r.due);
                    out.cases.push(Case { kind, id, customer, currency, at, due, amount, ready, paid, invoiced });
                }
                if r.claim.is_some() {
                    out.of_receivable.insert(r.id, place);
                }
                let case = &mut out.cases[place];
                case.at = case.at.min(r.at);
                case.due = if r.open.is_zero() { case.due } else { case.due.min(r.due) };
                case.amount = case.amount.saturating_add(r.total);
                case.paid = case.paid.saturating_add(r.total.saturating_sub(r.open));
                if is_ready(book, r) {
                    case.ready = case.ready.saturating_add(r.total);
                }
            }
        }
        out.invoice(book, &all, &contract_of);
        out.contract_of = contract_of;
        out
    }

    /// What a receivable is invoiced as.
    fn key_of(&self, r: &Receivable<'a>, contract_of: &Map<Str, Str>) -> (&'static str, &'a str) {
        let order = r.order();
        let contract = match r.claim {
            Some(c) if order.is_empty() => c.contract,
            _ => contract_of.get(order).copied().unwrap_or_default(),
        };
        match (self.contracts.contains(contract), order) {
            (true, _) => ("contract", contract),
            (_, "") => ("receivable", r.id),
            (_, order) => ("order", order),
        }
    }

    /// The case of what an invoice names.
    fn named(&self, (receivable, order, contract): (&str, &str, &str), contract_of: &Map<Str, Str>) -> Option<usize> {
        let of = |kind, id: &str| self.places.get(&(kind, id)).copied();
        let of_order = |id: &str| {
            let contract = contract_of.get(id).copied().unwrap_or_default();
            of("order", id).or_else(|| of("contract", contract))
        };
        match (receivable, order, contract) {
            ("", "", contract) => of("contract", contract),
            ("", order, _) => of_order(order),
            (id, ..) => self.of_receivable.get(id).copied(),
        }
    }

    fn invoice(&mut self, book: &Book, all: &[Invoice<'a>], contract_of: &Map<Str, Str>) {
        let base = book.settings.file.currency.as_str();
        let by_id: Map<&str, &Invoice<'a>> = all.iter().map(|i| (i.cell("id"), i)).collect();
        // What an invoice is about, after red ones have taken it back.
        let mut of_case: Map<usize, Vec<(Invoice<'a>, Decimal)>> = Map::default();
        let mut loose: Map<usize, Vec<(Invoice<'a>, Decimal)>> = Map::default();
        for i in all.iter().filter(|i| is_red(i.cell("kind"))) {
            let back = self.reversed.entry(i.cell("reverses")).or_default();
            *back = back.saturating_sub(i.amount());
        }
        for i in all {
            let id = i.cell("id");
            // A red invoice counts with the one that it takes back; one that names none, by itself.
            if is_red(i.cell("kind")) && by_id.contains_key(i.cell("reverses")) {
                continue;
            }
            let amount = i.amount().saturating_sub(self.reversed.get(id).copied().unwrap_or_default());
            let names = (i.cell("receivable"), i.cell("order"), i.cell("contract"));
            match (self.named(names, contract_of), book.customer_index(i.cell("customer"))) {
                (Some(place), _) => {
                    let case = &mut self.cases[place];
                    case.invoiced = case.invoiced.saturating_add(amount);
                    of_case.entry(place).or_default().push((*i, amount));
                }
                (None, Some(customer)) => loose.entry(customer).or_default().push((*i, amount)),
                (None, None) => {}
            }
        }
        // What names nothing is about what is not invoiced yet, the oldest due first.
        let mut order: Vec<usize> = (0..self.cases.len()).collect();
        order.sort_by_key(|n| (self.cases[*n].customer, self.cases[*n].due, self.cases[*n].at, self.cases[*n].id));
        let mut of_customer: Map<usize, Vec<usize>> = Map::default();
        for n in order.into_iter().filter(|n| self.cases[*n].currency == base) {
            of_customer.entry(self.cases[n].customer).or_default().push(n);
        }
        for (customer, invoices) in loose {
            let mut open = of_customer.get(&customer).into_iter().flatten().copied().peekable();
            for (i, amount) in invoices {
                let mut rest = amount;
                while rest > Decimal::ZERO
                    && let Some(place) = open.peek().copied()
                {
                    let case = &mut self.cases[place];
                    let part = rest.min(case.left());
                    case.invoiced = case.invoiced.saturating_add(part);
                    rest = rest.saturating_sub(part);
                    if !part.is_zero() {
                        of_case.entry(place).or_default().push((i, part));
                    }
                    if case.left().is_zero() {
                        open.next();
                    }
                }
            }
        }
        // What was paid of a case pays its invoices in their order.
        for (place, invoices) in &of_case {
            let mut paid = self.cases[*place].paid;
            for (i, amount) in invoices {
                let part = paid.min(*amount).max(Decimal::ZERO);
                paid = paid.saturating_sub(part);
                let sum = self.paid.entry(i.cell("id")).or_default();
                *sum = sum.saturating_add(part);
            }
        }
        self.by_case = of_case;
    }

    /// The invoices of a case, and how much of each is about it.
    pub fn invoices_of(&self, case: &Case<'_>) -> &[(Invoice<'a>, Decimal)] {
        let place = self.places.get(&(case.kind, case.id));
        place.and_then(|n| self.by_case.get(n)).map_or(&[], Vec::as_slice)
    }

    /// Every case, by customer.
    pub fn cases(&self) -> &[Case<'a>] {
        &self.cases
    }

    /// The case of the receivable, order or contract that an invoice names.
    pub fn found(&self, receivable: &str, order: &str, contract: &str) -> Option<&Case<'a>> {
        let place = self.named((receivable, order, contract), &self.contract_of)?;
        Some(&self.cases[place])
    }

    /// What an invoice has been paid, and what is open of it.
    pub fn of_invoice(&self, i: &Invoice<'_>) -> (Decimal, Decimal) {
        let id = i.cell("id");
        let paid = self.paid.get(id).copied().unwrap_or_default();
        let back = self.reversed.get(id).copied().unwrap_or_default();
        (paid, i.amount().saturating_sub(back).saturating_sub(paid).max(Decimal::ZERO))
    }

    /// Where an invoice stands.
    pub fn status(&self, book: &Book, i: &Invoice<'_>) -> &'static str {
        let (paid, open) = self.of_invoice(i);
        if !counts(book, Ledger::Invoices, i.cell("id")) {
            "void"
        } else if is_red(i.cell("kind")) {
            "red"
        } else if self.reversed.get(i.cell("id")).is_some_and(|back| *back >= i.amount()) {
            "reversed"
        } else if open.is_zero() {
            "paid"
        } else if paid.is_zero() {
            "unpaid"
        } else {
            "partial"
        }
    }
}
