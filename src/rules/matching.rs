//! Whose a payment of a bank statement is, and what it pays: by the payer's name, the numbers in its text, and the
//! amount. These are proposals: a person accepts them.

use super::approval;
use super::duplicates::{Keys, Known};
use super::engine::index::Index;
use super::receivables;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::likeness::Sign as Like;
use crate::model::money::Decimal;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// What proposals are made of, besides receivables.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: receivables::LEDGERS,
    plain: LedgerSet::of(&[Ledger::Invoices, Ledger::Contracts]),
    ..Reads::NOTHING
};

/// A proposal of so many points is sure.
pub const SURE: u32 = 90;
/// One of so many is likely; below, nobody is proposed.
pub const LIKELY: u32 = 50;

/// What speaks for a customer having paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// The payer is the customer's id, name or alias.
    Name,
    /// The text names an order, receivable, invoice or contract of the customer.
    Number,
    /// The payer's name is nearly the customer's.
    SimilarName,
    /// Exactly this amount is open of one of its receivables.
    Amount,
    /// It is all that the customer owes.
    Total,
}

impl Sign {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Sign::Name => "name",
            Sign::Number => "number",
            Sign::SimilarName => "similar_name",
            Sign::Amount => "amount",
            Sign::Total => "total",
        }
    }
    /// What it counts.
    pub const fn points(self) -> u32 {
        match self {
            Sign::Name | Sign::Number => 60,
            Sign::SimilarName => 35,
            Sign::Amount | Sign::Total => 30,
        }
    }
}

/// Money that came into the account.
#[derive(Debug, Clone, Copy)]
pub struct Payment<'p> {
    /// Who paid, as the bank calls it.
    pub payer: &'p str,
    /// What the payer wrote, and other texts of the row.
    pub text: &'p str,
    /// How much.
    pub amount: Decimal,
    /// Of which currency; empty = the base currency.
    pub currency: &'p str,
}

/// What a payment pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pays<'a> {
    /// A row of the ledger of receivables.
    Receivable(&'a str),
    /// An order.
    Order(&'a str),
}

/// A customer who may have paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The customer's index.
    pub customer: usize,
    /// What it pays; `None` = what is due first.
    pub pays: Option<Pays<'a>>,
    /// What speaks for it, the strongest sign first.
    pub signs: Vec<Sign>,
}

impl Candidate<'_> {
    /// The sum of its signs.
    pub fn score(&self) -> u32 {
        self.signs.iter().map(|s| s.points()).sum()
    }
}

/// The open receivables of one currency, the first due first.
#[derive(Debug, Default)]
struct Currency<'a> {
    open: Vec<Open<'a>>,
    /// Where those stand of which so much was open; some is paid by now.
    by_amount: HashMap<Decimal, Vec<usize>>,
    by_customer: HashMap<usize, Vec<usize>>,
}

impl<'a> Currency<'a> {
    fn add(&mut self, one: Open<'a>) {
        let n = self.open.len();
        self.by_amount.entry(one.left).or_default().push(n);
        self.by_customer.entry(one.customer).or_default().push(n);
        self.open.push(one);
    }

    /// Those of which exactly so much is open.
    fn of_amount(&self, amount: Decimal) -> impl Iterator<Item = &Open<'a>> {
        let places = self.by_amount.get(&amount).into_iter().flatten();
        places.map(|n| &self.open[*n]).filter(move |o| o.left == amount)
    }

    /// Those of a customer.
    fn of(&self, customer: usize) -> impl Iterator<Item = &Open<'a>> {
        self.by_customer.get(&customer).into_iter().flatten().map(|n| &self.open[*n])
    }

    /// Takes a payment off what a customer owes: off what it names, then off what is due first.
    fn pay(&mut self, customer: usize, pays: Option<Pays<'_>>, amount: Decimal) {
        let places = self.by_customer.get(&customer).cloned().unwrap_or_default();
        let (named, others): (Vec<usize>, Vec<usize>) =
            places.into_iter().partition(|n| pays == Some(self.open[*n].pays));
        let mut rest = amount;
        for n in named.into_iter().chain(others) {
            let part = rest.min(self.open[n].left);
            if !part.is_zero() {
                self.open[n].left -= part;
                rest -= part;
                self.by_amount.entry(self.open[n].left).or_default().push(n);
            }
        }
    }
}

/// What is open of a receivable that no payment of the statement was proposed for.
#[derive(Debug, Clone, Copy)]
struct Open<'a> {
    customer: usize,
    pays: Pays<'a>,
    left: Decimal,
}

/// What somebody may write into a payment's text.
#[derive(Debug, Clone, Copy)]
struct Number<'a> {
    customer: usize,
    pays: Option<Pays<'a>>,
}

/// Proposes for one payment after the other: what one pays is not open for the next.
pub struct Matcher<'a> {
    known: Known,
    base: &'a str,
    numbers: HashMap<String, Vec<Number<'a>>>,
    open: HashMap<&'a str, Currency<'a>>,
    names: HashMap<String, usize>,
}

/// A number as it is compared: half width, lower case.
fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

/// The numbers that a text may name: runs of letters, digits and signs of numbers, four characters at least and a digit among them.
fn numbers_in(text: &str) -> Vec<String> {
    let text = folded(text);
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let runs = text.split(|c| !part(c)).map(|run| run.trim_matches(['-', '_', '.']));
    let mut out: Vec<String> = Vec::new();
    for run in runs.filter(|r| r.len() >= 4 && r.chars().any(|c| c.is_ascii_digit())) {
        if !out.iter().any(|known| known == run) {
            out.push(run.to_string());
        }
    }
    out
}

impl<'a> Matcher<'a> {
    /// What is known of the customers. The book must hold what [`READS`] says.
    pub fn new(index: &Index<'a>) -> Matcher<'a> {
        let book: &'a Book = index.book;
        let mut out = Matcher {
            known: Known::of(&book.customers),
            base: &book.settings.file.currency,
            numbers: HashMap::new(),
            open: HashMap::new(),
            names: HashMap::new(),
        };
        for (n, c) in book.customers.iter().enumerate() {
            out.names.insert(folded(c.id), n);
        }
        for a in index.accounts() {
            let open = out.open.entry(a.currency).or_default();
            for r in &a.receivables {
                let pays = match r.claim {
                    Some(c) => Pays::Receivable(c.id),
                    None => Pays::Order(r.id),
                };
                out.numbers.entry(folded(r.id)).or_default().push(Number { customer: a.customer, pays: Some(pays) });
                if !r.open.is_zero() {
                    open.add(Open { customer: a.customer, pays, left: r.open });
                }
            }
        }
        out.papers(book);
        out
    }

    /// Invoices by their number and id, contracts by their id.
    fn papers(&mut self, book: &'a Book) {
        for r in book.plain.get(&Ledger::Invoices).into_iter().flatten() {
            let cell = |name: &str| Ledger::Invoices.column(name).map_or("", |n| r.cell(n));
            let Some(customer) = book.customer_index(cell("customer")) else { continue };
            if book.states.is_void(Ledger::Invoices, cell("id")) {
                continue;
            }
            let pays = match (cell("receivable"), cell("order")) {
                ("", "") => None,
                ("", order) => Some(Pays::Order(order)),
                (receivable, _) => Some(Pays::Receivable(receivable)),
            };
            for number in [cell("number"), cell("id")].into_iter().filter(|n| !n.is_empty()) {
                self.numbers.entry(folded(number)).or_default().push(Number { customer, pays });
            }
        }
        for r in book.plain.get(&Ledger::Contracts).into_iter().flatten() {
            let cell = |name: &str| Ledger::Contracts.column(name).map_or("", |n| r.cell(n));
            let customer = book.customer_index(cell("party")).filter(|_| cell("kind") == "sales");
            if let Some(customer) = customer.filter(|_| approval::contract_counts(book, cell("id"))) {
                self.numbers.entry(folded(cell("id"))).or_default().push(Number { customer, pays: None });
            }
        }
    }

    /// Who may have paid, the likeliest first.
    pub fn candidates(&self, p: &Payment<'_>) -> Vec<Candidate<'a>> {
        let currency = if p.currency.is_empty() { self.base } else { p.currency };
        let mut signs: HashMap<usize, HashSet<Sign>> = HashMap::new();
        let mut pays: HashMap<usize, Vec<Pays<'a>>> = HashMap::new();
        if let Some(n) = self.names.get(&folded(p.payer)) {
            signs.entry(*n).or_default().insert(Sign::Name);
        }
        for (n, likeness) in self.known.like(&Keys::of_values("", [("name", p.payer)])) {
            for e in &likeness.evidence {
                let sign = match e.sign {
                    Like::Name => Sign::Name,
                    Like::SimilarName => Sign::SimilarName,
                    _ => continue,
                };
                signs.entry(n).or_default().insert(sign);
            }
        }
        for number in numbers_in(p.text) {
            for named in self.numbers.get(&number).into_iter().flatten() {
                signs.entry(named.customer).or_default().insert(Sign::Number);
                let list = pays.entry(named.customer).or_default();
                list.extend(named.pays.filter(|p| !list.contains(p)));
            }
        }
        let nothing = Currency::default();
        let open = self.open.get(currency).unwrap_or(&nothing);
        for o in open.of_amount(p.amount) {
            signs.entry(o.customer).or_default().insert(Sign::Amount);
        }
        let mut out: Vec<Candidate<'a>> = Vec::with_capacity(signs.len());
        for (customer, mut signs) in signs {
            let owed = || open.of(customer).fold(Decimal::ZERO, |sum, o| sum.saturating_add(o.left));
            if !signs.contains(&Sign::Amount) && owed() == p.amount {
                signs.insert(Sign::Total);
            }
            if signs.contains(&Sign::Name) {
                signs.remove(&Sign::SimilarName);
            }
            // One number says what is paid; several say that it is not one thing.
            let named = pays.get(&customer).map_or(&[][..], Vec::as_slice);
            let same = open.of(customer).find(|o| o.left == p.amount).map(|o| o.pays);
            let pays = match named {
                [one] => Some(*one),
                [] => same,
                _ => None,
            };
            let mut signs: Vec<Sign> = signs.into_iter().collect();
            signs.sort_by_key(|s| (std::cmp::Reverse(s.points()), *s));
            out.push(Candidate { customer, pays, signs });
        }
        out.sort_by_key(|c| (std::cmp::Reverse(c.score()), c.customer));
        out
    }

    /// The proposal for a payment; what it pays is no longer open. `None` where nobody is likely, or two are as likely.
    pub fn propose(&mut self, p: &Payment<'_>) -> (Option<Candidate<'a>>, Vec<Candidate<'a>>) {
        let all = self.candidates(p);
        let tied = all.get(1).is_some_and(|second| second.score() == all[0].score());
        let best = all.first().filter(|c| c.score() >= LIKELY && !tied).cloned();
        if let Some(best) = &best {
            self.pay(best, p);
        }
        (best, all)
    }

    fn pay(&mut self, c: &Candidate<'_>, p: &Payment<'_>) {
        let currency = if p.currency.is_empty() { self.base } else { p.currency };
        if let Some(open) = self.open.get_mut(currency) {
            open.pay(c.customer, c.pays, p.amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_between_words() {
        let check = |text: &str, expected: &[&str]| assert_eq!(numbers_in(text), expected, "{text}");
        check("货款 XSDD000101", &["xsdd000101"]);
        check("货款XSDD000101，余款", &["xsdd000101"]);
        check("ＸＳＤＤ０００１０１", &["xsdd000101"]);
        check("SO-2026-118/SO-2026-119", &["so-2026-118", "so-2026-119"]);
        check("inv. 25442000000123456789.", &["25442000000123456789"]);
        check("预付 12 件", &[]);
        check("order order", &[]);
    }
}
