//! Rows by customer: built once for a book, so that every rule finds a customer's rows without searching.

use super::grouped::{Grouped, events_by_customer};
use super::groups::{Numbered, by_customer};
use super::once::once;
use super::order_days::OrderDays;
use super::terms::Terms;
use crate::model::book::{Book, NOBODY};
use crate::model::columns::{Row, rows_of};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::receipt::Refund;
use crate::model::row::{Activity, Event, Task};
use crate::model::{Map, Str};
use crate::rules::approval;
use crate::rules::complaints::Complaints;
use crate::rules::invoices::Invoiced;
use crate::rules::payables::Debts;
use crate::rules::plans::Plans;
use crate::rules::prices::Prices;
use crate::rules::profit::{Figures, Sale, counts, year};
use crate::rules::quotes::{Quotes, first_quotes};
use crate::rules::ranking::Part;
use crate::rules::receivables::{Account, Accounts, Receivable, accounts};
use crate::rules::segments::Scores;
use crate::rules::stays::Pasts;
use crate::rules::value::Values;
use crate::rules::voices::{Voice, Voices};
use rayon::iter::ParallelIterator as _;
use std::sync::OnceLock;

/// The rows of each customer, by the customer's index in the book; each sort of rows is grouped when it is first asked for.
#[derive(Debug)]
pub struct Index<'a> {
    /// The book.
    pub book: &'a Book,
    /// The period over which figures count (`-p`, a scorecard's window); all of time unless said otherwise.
    pub window: Period,
    activities: OnceLock<Grouped<Activity>>,
    events: OnceLock<Grouped<Event>>,
    tasks: OnceLock<Grouped<&'a Task>>,
    orders: OnceLock<Grouped<OrderLine>>,
    ordered: OnceLock<Vec<bool>>,
    order_days: OnceLock<OrderDays>,
    needs: OnceLock<Vec<Vec<Day>>>,
    referrals: OnceLock<Vec<Vec<usize>>>,
    prices: OnceLock<Prices<'a>>,
    refunds: OnceLock<Grouped<&'a Refund>>,
    figures: OnceLock<Numbered>,
    year: OnceLock<Numbered>,
    accounts: OnceLock<Accounts<'a>>,
    debts: OnceLock<Debts<'a>>,
    claims: OnceLock<Map<&'a str, (u32, u32)>>,
    invoiced: OnceLock<Invoiced<'a>>,
    quotes: OnceLock<Quotes<'a>>,
    plans: OnceLock<Plans>,
    pasts: OnceLock<Pasts>,
    complaints: OnceLock<Complaints<'a>>,
    /// Customers on whom somebody called lately, with others of the same phone number or domain (R14): `rules::visits` puts them in.
    pub(in crate::rules) neighbours: OnceLock<Map<u32, Vec<u32>>>,
    voices: OnceLock<Voices<'a>>,
    first_quotes: OnceLock<Map<Str, Day>>,
    /// The contracts of each customer that count (R7): `rules::activeness` puts them in.
    pub(in crate::rules) terms: OnceLock<Terms>,
    /// Who earns how large a part of the profit (R5): `rules::classes` puts it in.
    pub(in crate::rules) ranking: OnceLock<Vec<Option<Part>>>,
    /// What customers are worth (R8): `rules::value` puts it in.
    pub(in crate::rules) values: OnceLock<Values>,
    /// Recency, frequency and money of all customers (R9): `rules::rfm` puts them in.
    pub(in crate::rules) rfm: OnceLock<Scores>,
}

impl<'a> Index<'a> {
    /// The same, kept to the end of the program: what an index puts together for a large book takes long to be taken apart.
    pub fn kept(book: &'a Book) -> std::mem::ManuallyDrop<Index<'a>> {
        std::mem::ManuallyDrop::new(Index::new(book))
    }

    /// An index over what the book holds.
    pub fn new(book: &'a Book) -> Index<'a> {
        Index {
            book,
            window: Period::ALL,
            ordered: OnceLock::new(),
            order_days: OnceLock::new(),
            terms: OnceLock::new(),
            referrals: OnceLock::new(),
            activities: OnceLock::new(),
            events: OnceLock::new(),
            tasks: OnceLock::new(),
            orders: OnceLock::new(),
            needs: OnceLock::new(),
            prices: OnceLock::new(),
            refunds: OnceLock::new(),
            figures: OnceLock::new(),
            year: OnceLock::new(),
            accounts: OnceLock::new(),
            debts: OnceLock::new(),
            claims: OnceLock::new(),
            invoiced: OnceLock::new(),
            quotes: OnceLock::new(),
            plans: OnceLock::new(),
            pasts: OnceLock::new(),
            complaints: OnceLock::new(),
            neighbours: OnceLock::new(),
            voices: OnceLock::new(),
            first_quotes: OnceLock::new(),
            ranking: OnceLock::new(),
            values: OnceLock::new(),
            rfm: OnceLock::new(),
        }
    }

    /// The same rows with figures counted over a period.
    #[must_use]
    pub fn over(mut self, window: Period) -> Index<'a> {
        self.window = window;
        self.figures = OnceLock::new();
        self
    }

    /// Prices, costs and rates, found by key.
    pub fn prices(&self) -> &Prices<'a> {
        once(&self.prices, || Prices::new(self.book))
    }
    /// Refunds of a customer, void ones too, in the book's order.
    pub fn refunds(&self, customer: usize) -> &[&'a Refund] {
        let book = self.book;
        let grouped = once(&self.refunds, || {
            let of = |r: &Refund| book.customer_index(r.customer);
            Grouped::new(book.customers.len(), &book.refunds, of)
        });
        grouped.of(customer)
    }
    /// What changed a customer's revenue in a period (R6), oldest first, allowances last.
    pub fn sales(&self, customer: usize, period: Period) -> Vec<Sale<'a>> {
        let lines = self.orders(customer).iter().filter(|l| period.contains(l.day()) && counts(self.book, l.id()));
        let lines = lines.map(|l| Sale::of(self.prices(), *l, Some(customer)));
        let refunds = self
            .refunds(customer)
            .iter()
            .filter(|r| approval::counts(self.book, Ledger::Refunds, r.id) && period.contains(r.at.day));
        lines.chain(refunds.filter_map(|r| Sale::allowance(self.book, r, Some(customer)))).collect()
    }
    /// What a customer's orders earned in the twelve months up to today (R6), whatever the window; computed once for all.
    pub fn figures_of_year(&self, customer: usize) -> &Figures {
        once(&self.year, || by_customer(self.book, self.prices(), year(self.book.today))).of(customer)
    }
    /// What a customer's orders earned over the window (R6); computed once for all.
    pub fn figures(&self, customer: usize) -> &Figures {
        once(&self.figures, || by_customer(self.book, self.prices(), self.window)).of(customer)
    }
    /// Every customer's accounts (R10); computed once.
    pub fn accounts(&self) -> &[Account<'a>] {
        &self.all_accounts().known
    }
    /// The accounts of customers that are not in the book, with the ids that rows name.
    pub fn strangers(&self) -> &[(&'a str, Account<'a>)] {
        &self.all_accounts().strangers
    }
    /// Whether order lines have neither amount nor price, and stand in no account.
    pub fn lacks_amounts(&self) -> bool {
        self.all_accounts().lacking
    }
    fn all_accounts(&self) -> &Accounts<'a> {
        once(&self.accounts, || accounts(self.book, self.prices()))
    }
    /// Whether somebody has asked for figures that leave out lines whose worth nobody knows.
    pub fn lacks_worth(&self) -> bool {
        let unreadable =
            |known: &OnceLock<Numbered>| known.get().is_some_and(|f| f.par_iter().any(|(_, f)| f.unreadable_lines > 0));
        unreadable(&self.figures) || unreadable(&self.year)
    }
    /// The accounts that were put together so far; none before anybody asks.
    pub fn known_accounts(&self) -> &[Account<'a>] {
        self.accounts.get().map_or(&[], |a| &a.known)
    }
    /// The ledgers that somebody has looked at by customer so far, and that have rows of a customer that is not in the
    /// book.
    pub fn strays(&self) -> LedgerSet {
        let mut out = LedgerSet::NONE;
        let mut note = |stray: Option<bool>, ledgers: &[Ledger]| {
            if stray.unwrap_or_default() {
                out = out.and(LedgerSet::of(ledgers));
            }
        };
        let sold = |known: &OnceLock<Numbered>| known.get().map(|f| !f.unknown().is_empty());
        note(self.activities.get().map(|g| g.strays()), &[Ledger::Activities]);
        note(self.orders.get().map(|g| g.strays()), &[Ledger::Orders]);
        note(self.refunds.get().map(|g| g.strays()), &[Ledger::Refunds]);
        note(self.prices.get().and_then(Prices::knows_strays), &[Ledger::Orders]);
        note(sold(&self.figures), &[Ledger::Orders, Ledger::Refunds]);
        note(sold(&self.year), &[Ledger::Orders, Ledger::Refunds]);
        let strangers = self.accounts.get().map(|a| !a.strangers.is_empty());
        note(strangers, &[Ledger::Orders, Ledger::Receivables, Ledger::Receipts, Ledger::Refunds]);
        out
    }
    /// A customer's accounts, one for each currency.
    pub fn accounts_of(&self, customer: usize) -> &[Account<'a>] {
        let all = self.accounts();
        let from = all.partition_point(|a| a.customer < customer);
        let count = all[from..].iter().take_while(|a| a.customer == customer).count();
        &all[from..from + count]
    }

    /// What stands for a row of the ledger of receivables, with the currency of its account; `None` for one that does not count.
    pub fn claim(&self, id: &str) -> Option<(&Receivable<'a>, &'a str)> {
        let (known, strangers) = (self.accounts(), self.strangers());
        let account = |n: usize| known.get(n).unwrap_or_else(|| &strangers[n - known.len()].1);
        let places = once(&self.claims, || {
            let mut out = Map::default();
            for n in 0..known.len() + strangers.len() {
                for (m, r) in account(n).receivables.iter().enumerate().filter(|(_, r)| r.claim.is_some()) {
                    out.insert(r.id, (n as u32, m as u32));
                }
            }
            out
        });
        places.get(id).map(|(n, m)| (&account(*n as usize).receivables[*m as usize], account(*n as usize).currency))
    }

    /// What is invoiced of what (R10); computed once.
    pub fn invoiced(&self) -> &Invoiced<'a> {
        once(&self.invoiced, || Invoiced::new(self.book, self.accounts()))
    }

    /// What we owe suppliers (R10); computed once.
    pub fn debts(&self) -> &Debts<'a> {
        once(&self.debts, || Debts::new(self.book))
    }

    /// Every quote, put together from its lines and events; computed once.
    pub fn quotes(&self) -> &Quotes<'a> {
        once(&self.quotes, || Quotes::new(self.book))
    }

    /// The instalments of every contract; computed once.
    pub fn plans(&self) -> &Plans {
        once(&self.plans, || Plans::new(self.book))
    }

    /// Every complaint, put together from its row and events; computed once.
    pub fn complaints(&self) -> &Complaints<'a> {
        once(&self.complaints, || Complaints::new(self.book))
    }

    /// Activities of a customer, oldest first (by instant, then id).
    pub fn activities(&self, customer: usize) -> &[Activity] {
        let order = |a: &Activity, b: &Activity| {
            moment(*a).cmp(&moment(*b)).then_with(|| a.id().cmp(b.id())).then_with(|| a.place().cmp(&b.place()))
        };
        let group = || Grouped::by(self.book, &self.book.activities).sorted(order);
        once(&self.activities, group).of(customer)
    }
    /// Events of a customer, in the book's order; see [`super::history::fold`].
    pub fn events(&self, customer: usize) -> &[Event] {
        self.all_events().of(customer)
    }
    /// Events of all customers.
    pub fn all_events(&self) -> &Grouped<Event> {
        once(&self.events, || events_by_customer(self.book))
    }
    /// What the stays of all customers in their stages tell; computed once.
    pub fn pasts(&self) -> &Pasts {
        once(&self.pasts, || Pasts::new(self.book, self.all_events()))
    }
    /// Tasks of a customer.
    pub fn tasks(&self, customer: usize) -> &[&'a Task] {
        let book = self.book;
        let grouped = once(&self.tasks, || {
            let of = |t: &Task| book.customer_index(t.customer);
            Grouped::new(book.customers.len(), &book.tasks, of)
        });
        grouped.of(customer)
    }
    /// Order lines of a customer, oldest first, those of an order by their numbers.
    pub fn orders(&self, customer: usize) -> &[OrderLine] {
        let line = |l: &OrderLine| (l.line().len(), l.line());
        let order = |a: &OrderLine, b: &OrderLine| {
            let order = moment(*a).cmp(&moment(*b)).then_with(|| a.id().cmp(b.id()));
            order.then_with(|| line(a).cmp(&line(b))).then_with(|| a.place().cmp(&b.place()))
        };
        let group = || Grouped::by(self.book, &self.book.orders).sorted(order);
        once(&self.orders, group).of(customer)
    }
    /// Whether each customer has a sale order that counts.
    pub fn ordered(&self) -> &[bool] {
        once(&self.ordered, || {
            let mut out = vec![false; self.book.customers.len()];
            let prices = self.prices();
            for (owners, segment) in prices.owners().iter().zip(self.book.orders.segments()) {
                let lines = prices.lines(segment);
                for (row, (owner, line)) in owners.iter().zip(rows_of::<OrderLine>(segment)).enumerate() {
                    if *owner != NOBODY && !out[*owner as usize] {
                        out[*owner as usize] = lines.sells(row) && counts(self.book, line.id());
                    }
                }
            }
            out
        })
        .as_slice()
    }
    /// The order days of every customer; put together once.
    pub fn order_days(&self) -> &OrderDays {
        once(&self.order_days, || OrderDays::new(self.book, self.prices()))
    }
    /// The customers that this one referred to us.
    pub fn referred(&self, customer: usize) -> &[usize] {
        let collect = || {
            let mut out = vec![Vec::new(); self.book.customers.len()];
            for (n, c) in self.book.customers.iter().enumerate() {
                if let Some(by) = self.book.customer_index(c.text("referred_by")) {
                    out[by].push(n);
                }
            }
            out
        };
        &once(&self.referrals, collect)[customer]
    }
    /// What a customer told us: complaints, scores, debts that were given up; put together once for all.
    pub fn voice(&self, customer: usize) -> &Voice<'a> {
        once(&self.voices, || Voices::new(self.book, self.complaints())).of(customer)
    }
    /// The day of the first quote for each need.
    pub fn first_quotes(&self) -> &Map<Str, Day> {
        once(&self.first_quotes, || first_quotes(self.book))
    }
    /// Days on which the customer told us a need.
    pub fn needs(&self, customer: usize) -> &[Day] {
        let collect = || {
            let mut out = vec![Vec::new(); self.book.customers.len()];
            for r in &self.book.needs {
                if let Some(c) = self.book.customer_index(r.customer) {
                    out[c].push(r.at.day);
                }
            }
            out
        };
        &once(&self.needs, collect)[customer]
    }
}

/// What rows are ordered by: the instant.
fn moment<T: Row>(row: T) -> Option<(i64, u32)> {
    Some(row.segment().instants(T::AT)?.moment(row.row() as usize))
}
