//! Ranges at entry (4-rules, opening): what a row may hold beside those that it names. Money has the customer and the currency of
//! what it pays, what names a deal (an order, a contract …) belongs to its customer, a return repeats the line that it takes back,
//! and no more goes back than came in.
//!
//! The command line, import and `check` ask the same functions. Which columns name what comes from the table of ledgers.

use super::counting::counts;
use super::gifts::{self, is_gift};
use super::invoices::is_red;
use super::payables::{standing_on, status_of};
use super::sold::Sold;
use crate::model::book::{Book, Reads};
use crate::model::breach::Breach;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet, Range, RefTo, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::settings::Settings;
use crate::model::{Map, Str};
use chrono::Datelike;
use std::collections::HashSet;

/// Whose rows of a ledger are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Customer,
    Supplier,
    /// A customer's or a supplier's.
    Either,
}

/// The column that says whose a row is.
fn party(ledger: Ledger) -> Option<(usize, Whose)> {
    let of = |name: &str, whose: Whose| Some((ledger.column(name)?, whose));
    // A product has a supplier, and is nobody's.
    let supplier = || of("supplier", Whose::Supplier).filter(|(n, _)| ledger.columns()[*n].required);
    of("customer", Whose::Customer).or_else(supplier).or_else(|| of("party", Whose::Either))
}

/// A column in which rows of a ledger name those of another one, which then belong to the same customer or supplier.
#[derive(Debug, Clone, Copy)]
struct Naming {
    column: usize,
    ledger: Ledger,
    /// Whether money pays what is named: then both have one currency.
    pays: bool,
}

/// Which columns of a ledger name what: looked up once for all rows.
#[derive(Debug)]
pub struct Beside {
    ledger: Ledger,
    id: Option<usize>,
    line: Option<usize>,
    at: Option<usize>,
    party: Option<usize>,
    currency: Option<usize>,
    quantity: Option<usize>,
    amount: Option<usize>,
    kind: Option<usize>,
    returns: Option<usize>,
    number: Option<usize>,
    reverses: Option<usize>,
    names: Vec<Naming>,
    gives_back: bool,
    /// Whether rows are spend on customers, of whose gifts there is a most.
    gives: bool,
}

/// A line that sells something, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale<'a> {
    /// The day; `None` where there is none.
    pub day: Option<Day>,
    /// The product; empty = none.
    pub product: &'a str,
    /// Its numbers.
    pub sold: Sold,
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
    /// Kind of a refund, or of spend.
    pub kind: &'a str,
    /// The day of spend and of payments; `None` of all other rows.
    pub day: Option<Day>,
    /// `id/line` that it takes back; empty = none.
    pub returns: &'a str,
    /// What it takes back, where it does.
    pub back: Option<Sale<'a>>,
    /// The number of an invoice; empty = none.
    pub number: &'a str,
    /// The invoice that it takes back; empty = none.
    pub reverses: &'a str,
    /// The rows that it names, and whether it pays them.
    pub names: Vec<(Ledger, &'a str, bool)>,
}

impl Beside {
    /// What rows of a ledger name.
    pub fn of(ledger: Ledger) -> Beside {
        let columns = ledger.columns();
        let has = |range: Range| columns.iter().any(|c| c.range == range);
        let is_money = has(Range::Moves) || has(Range::GivenBack);
        let whose = party(ledger);
        let names = columns.iter().enumerate().filter_map(|(column, c)| match c.ty {
            // Whatever follows in a row of things (a renewal, a new version) may be somebody else's.
            Type::Ref(RefTo::Row(other)) if other != ledger => {
                let (its, own) = (party(other)?.1, whose?.1);
                let pays = is_money && other.column("currency").is_some();
                (its == own || its == Whose::Either || own == Whose::Either).then_some(Naming {
                    column,
                    ledger: other,
                    pays,
                })
            }
            _ => None,
        });
        let column = |name: &str| ledger.column(name);
        Beside {
            ledger,
            id: column("id"),
            line: column("line"),
            at: column("at"),
            party: whose.map(|(n, _)| n),
            currency: column("currency"),
            quantity: column("quantity"),
            amount: column("amount"),
            kind: column("kind"),
            returns: column("returns"),
            number: column("number"),
            reverses: column("reverses"),
            names: names.collect(),
            gives_back: has(Range::GivenBack),
            gives: has(Range::Given),
        }
    }

    /// Whether no row of the ledger can contradict others.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.adds_up()
    }

    /// Whether rows of this ledger are added up: returns of a line, refunds of a receipt, gifts of a year.
    pub fn adds_up(&self) -> bool {
        self.returns.is_some() || self.gives_back || self.gives || self.reverses.is_some()
    }

    /// Whether a row can contradict others; `cell` gives the text of a column.
    pub fn names_others<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        let named = |n: usize| !cell(n).is_empty();
        let is_given = || self.gives && self.party.is_some_and(named) && self.kind.is_some_and(|n| is_gift(cell(n)));
        self.gives_back
            || is_given()
            || self.returns.is_some_and(named)
            || self.reverses.is_some()
            || self.names.iter().any(|name| named(name.column))
    }

    /// What must be read to judge rows of this ledger.
    pub fn reads(&self) -> Reads {
        let mut typed = LedgerSet::NONE;
        if self.gives_back {
            typed = typed.and(LedgerSet::of(&[Ledger::Events, Ledger::Receipts, Ledger::Refunds]));
        }
        if self.returns.is_some() {
            typed = typed.and(LedgerSet::of(&[Ledger::Events, Ledger::Orders]));
        }
        if matches!(self.ledger, Ledger::Payments | Ledger::Invoices) {
            typed = typed.and(LedgerSet::of(&[Ledger::Events]));
        }
        let mut plain = LedgerSet::NONE;
        if self.reverses.is_some() {
            plain = plain.and(LedgerSet::of(&[self.ledger]));
        }
        if self.gives {
            typed = typed.and(gifts::READS.ledgers);
            plain = plain.and(gifts::READS.plain);
        }
        for name in &self.names {
            let one = LedgerSet::of(&[name.ledger]);
            if TYPED.contains(&name.ledger) { typed = typed.and(one) } else { plain = plain.and(one) }
        }
        Reads { customers: !self.is_empty(), ledgers: typed, plain, ..Reads::NOTHING }
    }

    /// A row as others are judged beside it. `present` gives the present id of a customer or supplier.
    pub fn fact<'a>(
        &self,
        cell: impl Fn(usize) -> &'a str,
        present: impl Fn(&'a str) -> &'a str,
        settings: &'a Settings,
    ) -> Fact<'a> {
        let text = |n: Option<usize>| n.map_or("", &cell);
        let (currency, returns) = (text(self.currency), text(self.returns));
        Fact {
            ledger: self.ledger,
            id: text(self.id),
            line: text(self.line),
            party: present(text(self.party)),
            currency: if currency.is_empty() { settings.file.currency.as_str() } else { currency },
            quantity: parse_decimal(text(self.quantity)),
            amount: parse_decimal(text(self.amount)),
            kind: text(self.kind),
            day: self
                .at
                .filter(|_| self.gives || self.ledger == Ledger::Payments)
                .and_then(|n| At::parse(cell(n), settings.tz))
                .map(|at| at.day),
            returns,
            number: text(self.number),
            reverses: text(self.reverses),
            back: (!returns.is_empty()).then(|| self.sale(&cell, settings)),
            names: self.names.iter().map(|n| (n.ledger, cell(n.column), n.pays)).filter(|n| !n.1.is_empty()).collect(),
        }
    }

    /// What a line sells or takes back.
    pub fn sale<'a>(&self, cell: impl Fn(usize) -> &'a str, settings: &Settings) -> Sale<'a> {
        let named = |name: &str| self.ledger.column(name).map_or("", &cell);
        let day = self.at.and_then(|n| At::parse(cell(n), settings.tz)).map(|at| at.day);
        Sale { day, product: named("product"), sold: Sold::of(named) }
    }
}

/// The ledgers that are held as typed rows where rows are judged beside them.
const TYPED: [Ledger; 3] = [Ledger::Orders, Ledger::Receipts, Ledger::Refunds];

/// The ledgers whose rows others are judged beside.
pub fn named() -> LedgerSet {
    let names = Ledger::ALL.iter().flat_map(|l| Beside::of(*l).names).map(|n| n.ledger);
    let all: Vec<Ledger> = names.chain(TYPED).chain([gifts::LEDGER, Ledger::Invoices]).collect();
    LedgerSet::of(&all)
}

/// The customer and currency of a row.
#[derive(Debug, Clone, Copy)]
struct Head<'a> {
    party: &'a str,
    currency: &'a str,
    /// The contract that it names; empty = none.
    contract: &'a str,
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

/// A line that something was asked about, and how much was sold.
#[derive(Debug, Clone)]
struct Line<'a> {
    sold: Measure,
    sale: Sale<'a>,
}

/// The rows that others are judged beside, put together once. Customers and suppliers stand here by their present ids.
#[derive(Debug, Default)]
pub struct Others<'a> {
    /// The rows that are asked about; `None` = not there so far.
    heads: Map<(Ledger, &'a str), Option<Head<'a>>>,
    lines: Map<(&'a str, &'a str), Option<Line<'a>>>,
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
    /// What was given, by customer and year, in the base currency.
    given: Map<(&'a str, i32), Decimal>,
    /// Invoices by their numbers, and those of each id: whose it is, its amount, and what red ones took back of it.
    numbers: Map<&'a str, &'a str>,
    invoices: Map<&'a str, (&'a str, Decimal, Decimal)>,
    /// Who says how much may be given; without it nobody does.
    book: Option<&'a Book>,
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
    pub fn new(book: &'a Book) -> Others<'a> {
        Others { book: Some(book), ..Others::default() }
    }

    /// The rows of a book beside which some are judged, but for those that are about to be written anew. The book must hold
    /// what [`Beside::reads`] of their ledgers says.
    pub fn of(book: &'a Book, asked: &[Fact<'a>], gone: &dyn Fn(Ledger, RowPlace) -> bool) -> Others<'a> {
        let mut others = Others::new(book);
        asked.iter().for_each(|f| others.ask(f));
        others.typed(book, gone);
        let present = |id: &'a str| book.present_id(id);
        for (ledger, rows) in book.plain.iter().filter(|(l, _)| named().has(**l)) {
            let is_typed = match ledger {
                Ledger::Orders => !book.orders.is_empty(),
                Ledger::Receipts => !book.receipts.is_empty(),
                Ledger::Refunds => !book.refunds.is_empty(),
                _ => false,
            };
            if is_typed {
                continue;
            }
            let beside = Beside::of(*ledger);
            for r in rows.iter().filter(|r| !gone(*ledger, r.place)) {
                let fact = beside.fact(|n| r.cell(n), present, &book.settings);
                let counts = counts(book, *ledger, fact.id);
                others.add(&fact, counts, || beside.sale(|n| r.cell(n), &book.settings));
            }
        }
        others
    }

    /// The orders, receipts and refunds that a book holds as typed rows.
    fn typed(&mut self, book: &'a Book, gone: &dyn Fn(Ledger, RowPlace) -> bool) {
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
            day: None,
            returns: "",
            number: "",
            reverses: "",
            back: None,
            names: Vec::new(),
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
            self.add(&fact, book.states.order(l.id()).cancelled.is_none(), || sale_of(l));
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
            self.add(&fact, !book.is_void(&r), NO_SALE);
        }
        for r in book.refunds.iter().filter(|r| !gone(Ledger::Refunds, r.place)) {
            let names = [(Ledger::Receipts, r.receipt, true), (Ledger::Orders, r.order, true)];
            let fact = Fact {
                id: r.id,
                party: present(r.customer),
                currency: currency(r.currency),
                amount: Some(r.amount),
                kind: r.kind,
                names: names.into_iter().filter(|(_, id, _)| !id.is_empty()).collect(),
                ..blank(Ledger::Refunds)
            };
            self.add(&fact, counts(book, Ledger::Refunds, r.id), NO_SALE);
        }
    }

    /// Notes what a row names: only of such rows anything is kept, so this comes before they are put in.
    pub fn ask(&mut self, f: &Fact<'a>) {
        for (ledger, id, _) in &f.names {
            self.heads.entry((*ledger, id)).or_default();
        }
        if let Some((order, line)) = f.returns.rsplit_once('/') {
            self.heads.entry((Ledger::Orders, order)).or_default();
            self.lines.entry((order, line)).or_default();
        }
    }

    /// Puts in whose a row is, and what it sells, where somebody asked for it.
    pub fn know(&mut self, f: &Fact<'a>, sale: impl FnOnce() -> Sale<'a>) {
        if let Some(head) = self.heads.get_mut(&(f.ledger, f.id)) {
            let contract =
                f.names.iter().find(|(ledger, ..)| *ledger == Ledger::Contracts).map_or("", |(_, id, _)| *id);
            head.get_or_insert(Head { party: f.party, currency: f.currency, contract });
        }
        if f.ledger == Ledger::Invoices && !is_red(f.kind) {
            let (whose, amount) = (f.party, f.amount.unwrap_or_default());
            self.invoices.entry(f.id).or_insert((whose, amount, Decimal::ZERO));
        }
        if f.ledger == Ledger::Orders
            && f.returns.is_empty()
            && let Some(line) = self.lines.get_mut(&(f.id, f.line))
        {
            line.get_or_insert_with(|| Line { sold: Measure::default(), sale: sale() }).sold.add(f);
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
            gifts::LEDGER if is_gift(f.kind) => {
                if let Some((day, amount)) = f.day.zip(self.gift(f)) {
                    add(self.given.entry((f.party, day.year())).or_default(), Some(amount));
                }
            }
            Ledger::Invoices => {
                if !f.number.is_empty() {
                    self.numbers.entry(f.number).or_insert(f.id);
                }
                if let Some((_, _, back)) = self.invoices.get_mut(f.reverses) {
                    add(back, f.amount);
                }
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
    pub fn add(&mut self, f: &Fact<'a>, counts: bool, sale: impl FnOnce() -> Sale<'a>) {
        self.know(f, sale);
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

    /// The most that may go back: of a receipt, else of all that came from a customer in a currency.
    pub fn refundable(&self, receipt: Option<&str>, party: &str, currency: &str) -> Decimal {
        let of = |sum: Option<&Decimal>| sum.copied().unwrap_or_default();
        let (came, went) = match receipt {
            Some(id) => (of(self.receipts.get(id)), of(self.refunded.get(id))),
            None => (of(self.came.get(&(party, currency))), of(self.went.get(&(party, currency)))),
        };
        came.saturating_sub(went).max(Decimal::ZERO)
    }

    /// What a row gives, in the base currency; `None` where there is no rate.
    fn gift(&self, f: &Fact<'_>) -> Option<Decimal> {
        gifts::in_base(self.book?, f.currency, f.amount?, f.day?)
    }

    /// More than may be given to a customer in a year.
    fn giving(&self, f: &Fact<'_>) -> Option<Breach> {
        let book = self.book?;
        let (amount, year) = (self.gift(f)?, f.day?.year());
        let most = gifts::cap(book, f.party)?;
        let left = most.saturating_sub(self.given.get(&(f.party, year)).copied().unwrap_or_default());
        (amount > left && amount > Decimal::ZERO).then(|| Breach::GiftTooMuch {
            amount,
            left: left.max(Decimal::ZERO),
            most,
            customer: f.party.into(),
            year,
            currency: book.settings.file.currency.clone(),
        })
    }

    /// The breaches of a row beside those that were put in before. Rows that it names and that are not there are not
    /// judged.
    pub fn judge(&self, f: &Fact<'_>) -> Vec<Breach> {
        let mut out = Vec::new();
        for (ledger, id, pays) in &f.names {
            let Some(head) = self.head(*ledger, id) else { continue };
            out.extend(same_party(f, head, id));
            out.extend(same_currency(f, head, id).filter(|_| *pays));
        }
        if let Some(key) = f.returns.rsplit_once('/') {
            out.extend(self.returning(f, key));
        }
        match f.ledger {
            Ledger::Payments => out.extend(self.paying(f)),
            Ledger::Invoices => out.extend(self.invoicing(f)),
            _ => {}
        }
        if f.ledger == gifts::LEDGER && is_gift(f.kind) && !f.party.is_empty() {
            out.extend(self.giving(f));
        }
        if f.ledger == Ledger::Refunds
            && is_cash(f.kind)
            && let Some(amount) = f.amount
        {
            let receipt = receipt_of(f).filter(|id| self.head(Ledger::Receipts, id).is_some());
            let most = self.refundable(receipt, f.party, f.currency);
            if amount > most {
                let (of, currency) = (receipt.unwrap_or(f.party).to_string(), f.currency.to_string());
                out.push(Breach::RefundTooMuch { amount, most, of, currency });
            }
        }
        out
    }

    /// A payment of something that nobody had approved by its day.
    fn paying(&self, f: &Fact<'_>) -> Option<Breach> {
        let (book, day) = self.book.zip(f.day)?;
        let (_, what, _) = f.names.iter().find(|(ledger, ..)| *ledger == Ledger::Payables)?;
        let contract = self.head(Ledger::Payables, what)?.contract;
        let standing = Some(standing_on(book, what, contract, day)).filter(|s| !s.counts())?;
        Some(Breach::Unapproved { what: (*what).to_string(), standing: status_of(standing), day })
    }

    /// An invoice with a number that another one has, or a red one that takes nothing back.
    fn invoicing(&self, f: &Fact<'_>) -> Vec<Breach> {
        let mut out = Vec::new();
        let id = || f.id.to_string();
        if let Some(other) = self.numbers.get(f.number).filter(|other| !f.number.is_empty() && **other != f.id) {
            out.push(Breach::InvoiceTwice { id: id(), number: f.number.into(), other: (*other).to_string() });
        }
        let Some(amount) = f.amount else { return out };
        let (red, below) = (is_red(f.kind), amount < Decimal::ZERO);
        let column = match self.invoices.get(f.reverses) {
            _ if red != below => Some(if red { "amount" } else { "kind" }),
            _ if !red => (!f.reverses.is_empty()).then_some("kind"),
            _ if f.reverses.is_empty() => Some("reverses"),
            Some((whose, ..)) if *whose != f.party => Some("reverses"),
            Some((_, whole, back)) => {
                (whole.saturating_add(*back).saturating_add(amount) < Decimal::ZERO).then_some("amount")
            }
            // One that is not there is a finding of its own.
            None => None,
        };
        out.extend(column.map(|column| Breach::RedInvoice { id: id(), column, other: f.reverses.into() }));
        out
    }

    fn head<'h>(&'h self, ledger: Ledger, id: &'h str) -> Option<&'h Head<'h>> {
        self.heads.get(&(ledger, id))?.as_ref()
    }

    /// Goods that come back: from who bought them, in the currency of the sale and not before it, as they were sold, no more than
    /// is left.
    fn returning(&self, f: &Fact<'_>, (order, line): (&str, &str)) -> Vec<Breach> {
        let mut out = Vec::new();
        let Some(head) = self.head(Ledger::Orders, order) else { return out };
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
        let Some(Some(Line { sold, sale })) = self.lines.get(&(order, line)) else { return out };
        out.extend(f.back.as_ref().and_then(|back| unlike(back, sale, f)));
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

/// What a return has otherwise than the line that it takes back.
fn unlike(back: &Sale<'_>, sale: &Sale<'_>, f: &Fact<'_>) -> Option<Breach> {
    let line = || f.returns.to_string();
    if let Some((day, sold)) = back.day.zip(sale.day).filter(|(day, sold)| day < sold) {
        return Some(Breach::ReturnBeforeSale { line: line(), day, sold });
    }
    if !back.product.is_empty() && back.product != sale.product {
        let (value, its) = (back.product.into(), sale.product.into());
        return Some(Breach::ReturnDiffers { line: line(), column: "product", value, its });
    }
    let found = back.sold.unlike(&sale.sold)?;
    let plain = |d: Decimal| d.normalize().to_string();
    Some(Breach::ReturnDiffers { line: line(), column: found.column, value: plain(found.own), its: plain(found.its) })
}

fn same_party(f: &Fact<'_>, head: &Head<'_>, id: &str) -> Option<Breach> {
    (head.party != f.party && !f.party.is_empty()).then(|| Breach::OtherCustomer {
        customer: f.party.into(),
        other: id.into(),
        its: head.party.into(),
    })
}

fn same_currency(f: &Fact<'_>, head: &Head<'_>, other: &str) -> Option<Breach> {
    (head.currency != f.currency).then(|| Breach::OtherCurrency {
        currency: f.currency.into(),
        other: other.into(),
        its: head.currency.into(),
    })
}

fn receipt_of<'a>(f: &Fact<'a>) -> Option<&'a str> {
    f.names.iter().find(|(l, ..)| *l == Ledger::Receipts).map(|(_, id, _)| *id)
}

/// What a row sells that sells nothing.
const NO_SALE: fn() -> Sale<'static> = || Sale { day: None, product: "", sold: Sold::default() };

/// What a line of the book sells.
fn sale_of(l: OrderLine) -> Sale<'static> {
    let sold = Sold {
        quantity: l.quantity(),
        price: l.price(),
        discount: l.discount(),
        amount: l.amount(),
        tax: l.tax(),
        unit_cost: l.unit_cost(),
        cost: l.cost(),
    };
    Sale { day: Some(l.day()), product: l.product(), sold }
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

    fn settings() -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        Settings::new(toml::from_str(text).unwrap()).0
    }

    fn fact<'a>(ledger: Ledger, cells: &'a [(&'a str, &'a str)], settings: &'a Settings) -> Fact<'a> {
        Beside::of(ledger).fact(row(ledger, cells), |id| if id == "old-a" { "a" } else { id }, settings)
    }

    fn put<'a>(
        others: &mut Others<'a>,
        ledger: Ledger,
        cells: &'a [(&'a str, &'a str)],
        counts: bool,
        settings: &'a Settings,
    ) {
        others.add(&fact(ledger, cells, settings), counts, || Beside::of(ledger).sale(row(ledger, cells), settings));
    }

    #[test]
    fn rows_fit_those_they_name() {
        use Ledger as L;
        let sold = [
            ("id", "o1"),
            ("line", "1"),
            ("at", "2026-05-01"),
            ("customer", "a"),
            ("product", "pen"),
            ("quantity", "3"),
            ("price", "10"),
            ("unit_cost", "8"),
        ];
        let fee = [("id", "o1"), ("line", "2"), ("customer", "a"), ("amount", "100")];
        let usd = [("id", "o2"), ("line", "1"), ("customer", "a"), ("quantity", "1"), ("currency", "USD")];
        let came = [("id", "p1"), ("line", "1"), ("customer", "a"), ("amount", "100")];
        let bill = [("id", "y1"), ("supplier", "s"), ("amount", "100"), ("currency", "EUR")];
        let deal = [("id", "d1"), ("customer", "a"), ("title", "x")];
        let made = [("id", "c1"), ("party", "a"), ("kind", "sales")];
        let bought = [("id", "c2"), ("party", "s"), ("kind", "purchase")];
        let settings = settings();
        let check = |ledger: Ledger, cells: &[(&str, &str)], expected: &[&str]| {
            let judged = fact(ledger, cells, &settings);
            let mut others = Others::default();
            others.ask(&judged);
            for (l, cells) in [
                (L::Orders, &sold[..]),
                (L::Orders, &fee),
                (L::Orders, &usd),
                (L::Receipts, &came),
                (L::Payables, &bill),
                (L::Deals, &deal),
                (L::Contracts, &made),
                (L::Contracts, &bought),
            ] {
                put(&mut others, l, cells, true, &settings);
            }
            let found = others.judge(&judged);
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
        let back = |more: &[(&'static str, &'static str)], expected: &[&str]| {
            let cells = [&[("customer", "a"), ("quantity", "-1"), ("returns", "o1/1")], more].concat();
            check(L::Orders, &cells, expected);
        };
        back(&[("at", "2026-05-01"), ("product", "pen"), ("price", "10.00"), ("unit_cost", "8")], &[]);
        back(&[("at", "2026-04-30")], &["return-before-sale"]);
        back(&[("product", "cap")], &["return-differs"]);
        back(&[("price", "9")], &["return-differs"]);
        back(&[("unit_cost", "7")], &["return-differs"]);
        back(&[("discount", "0.1")], &["return-differs"]);
        // What belongs to one customer is not named by another one's rows.
        for ledger in [L::Orders, L::Quotes, L::Activities, L::Needs] {
            check(ledger, &[("customer", "a"), ("deal", "d1")], &[]);
            check(ledger, &[("customer", "b"), ("deal", "d1")], &["other-customer"]);
        }
        check(L::Complaints, &[("customer", "b"), ("order", "o1")], &["other-customer"]);
        check(L::Feedback, &[("customer", "b"), ("order", "o1")], &["other-customer"]);
        check(L::Orders, &[("customer", "a"), ("contract", "c1"), ("product", "pen")], &[]);
        check(L::Orders, &[("customer", "a"), ("contract", "c2")], &["other-customer"]);
        check(L::Payables, &[("supplier", "s"), ("contract", "c2"), ("currency", "EUR")], &[]);
        check(L::Contracts, &[("party", "b"), ("deal", "d1")], &["other-customer"]);
        check(L::Contracts, &[("party", "b"), ("renews", "c1")], &[]);
        // The currency counts where money pays.
        check(L::Feedback, &[("customer", "a"), ("order", "o2")], &[]);
    }

    #[test]
    fn what_must_be_read_follows_from_the_columns() {
        let check = |ledger: Ledger, typed: &[Ledger], plain: &[Ledger]| {
            let reads = Beside::of(ledger).reads();
            assert_eq!((reads.ledgers, reads.plain), (LedgerSet::of(typed), LedgerSet::of(plain)), "{ledger}");
        };
        use Ledger as L;
        check(L::Orders, &[L::Events, L::Orders], &[L::Deals, L::Contracts]);
        check(L::Refunds, &[L::Events, L::Orders, L::Receipts, L::Refunds], &[]);
        check(L::Activities, &[], &[L::Deals, L::Complaints]);
        check(L::Payments, &[L::Events], &[L::Payables]);
        check(L::Invoices, &[L::Events, L::Orders], &[L::Invoices, L::Contracts, L::Receivables]);
        check(L::Products, &[], &[]);
        check(L::Tasks, &[], &[]);
        assert_eq!(
            named(),
            LedgerSet::of(&[
                L::Orders,
                L::Invoices,
                L::Deals,
                L::Contracts,
                L::Receivables,
                L::Receipts,
                L::Refunds,
                L::Payables,
                gifts::LEDGER,
                L::Complaints,
                L::Feedback,
                L::Needs
            ])
        );
    }

    #[test]
    fn what_went_before_counts_unless_it_is_void() {
        let sold = [("id", "o1"), ("line", "1"), ("customer", "a"), ("quantity", "3")];
        let back = [("id", "o2"), ("line", "1"), ("customer", "a"), ("quantity", "-2"), ("returns", "o1/1")];
        let came = [("id", "p1"), ("line", "1"), ("customer", "a"), ("amount", "100")];
        let went = [("id", "f1"), ("customer", "a"), ("amount", "60"), ("kind", "return"), ("receipt", "p1")];
        let settings = settings();
        let check = |counts: bool, expected: usize| {
            let again = [fact(Ledger::Orders, &back, &settings), fact(Ledger::Refunds, &went, &settings)];
            let mut others = Others::default();
            again.iter().for_each(|f| others.ask(f));
            put(&mut others, Ledger::Orders, &sold, true, &settings);
            put(&mut others, Ledger::Receipts, &came, true, &settings);
            put(&mut others, Ledger::Orders, &back, counts, &settings);
            put(&mut others, Ledger::Refunds, &went, counts, &settings);
            assert_eq!(again.map(|f| others.judge(&f).len()), [expected; 2]);
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
