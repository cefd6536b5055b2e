//! Rows by customer: built once for a book, so that every rule finds a customer's rows without searching.

use super::profit::{Figures, Prices, Sale, by_customer, counts, year};
use super::quotes::Quotes;
use super::receivables::{Account, accounts};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::receipt::Refund;
use crate::model::row::{Activity, Event, Task};
use rayon::prelude::*;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashSet;

/// Rows by the index of the customer that they name.
#[derive(Debug)]
pub struct Grouped<'a, T> {
    /// Where each customer's rows begin; one more than there are customers.
    starts: Vec<u32>,
    rows: Vec<&'a T>,
}

impl<'a, T: Sync> Grouped<'a, T> {
    /// Groups the rows for which `customer` finds one, each customer's in the order that `order` gives.
    pub(super) fn new(
        customers: usize,
        parts: impl IntoIterator<Item = &'a Vec<T>>,
        customer: impl Fn(&T) -> Option<usize> + Sync,
        order: impl Fn(&T, &T) -> Ordering + Sync,
    ) -> Grouped<'a, T> {
        let parts: Vec<&'a Vec<T>> = parts.into_iter().collect();
        let found = |r: &'a T| Some((u32::try_from(customer(r)?).ok()?, r));
        let mut pairs: Vec<(u32, &'a T)> =
            parts.par_iter().flat_map_iter(|part| part.iter().filter_map(found)).collect();
        pairs.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| order(a.1, b.1)));
        let mut starts = Vec::with_capacity(customers + 1);
        for (n, (c, _)) in pairs.iter().enumerate() {
            let n = u32::try_from(n).unwrap_or(u32::MAX);
            while starts.len() <= *c as usize {
                starts.push(n);
            }
        }
        starts.resize(customers + 1, u32::try_from(pairs.len()).unwrap_or(u32::MAX));
        Grouped { starts, rows: pairs.into_iter().map(|(_, r)| r).collect() }
    }

    /// The rows of a customer.
    pub fn of(&self, customer: usize) -> &[&'a T] {
        &self.rows[self.starts[customer] as usize..self.starts[customer + 1] as usize]
    }
}

/// The rows of each customer, by the customer's index in the book; each sort of rows is grouped when it is first asked for.
#[derive(Debug)]
pub struct Index<'a> {
    /// The book.
    pub book: &'a Book,
    /// The period over which figures count (`-p`, a scorecard's window); all of time unless said otherwise.
    pub window: Period,
    activities: OnceCell<Grouped<'a, Activity>>,
    events: OnceCell<Grouped<'a, Event>>,
    tasks: OnceCell<Grouped<'a, Task>>,
    orders: OnceCell<Grouped<'a, OrderLine>>,
    needs: OnceCell<Vec<Vec<Day>>>,
    referrals: OnceCell<Vec<usize>>,
    prices: OnceCell<Prices<'a>>,
    refunds: OnceCell<Grouped<'a, Refund>>,
    figures: OnceCell<Vec<Figures<'a>>>,
    year: OnceCell<Vec<Figures<'a>>>,
    accounts: OnceCell<Vec<Account<'a>>>,
    account_places: OnceCell<Map<usize, Vec<usize>>>,
    quotes: OnceCell<Quotes<'a>>,
}

impl<'a> Index<'a> {
    /// An index over what the book holds.
    pub fn new(book: &'a Book) -> Index<'a> {
        Index {
            book,
            window: Period::ALL,
            referrals: OnceCell::new(),
            activities: OnceCell::new(),
            events: OnceCell::new(),
            tasks: OnceCell::new(),
            orders: OnceCell::new(),
            needs: OnceCell::new(),
            prices: OnceCell::new(),
            refunds: OnceCell::new(),
            figures: OnceCell::new(),
            year: OnceCell::new(),
            accounts: OnceCell::new(),
            account_places: OnceCell::new(),
            quotes: OnceCell::new(),
        }
    }

    /// The same rows with figures counted over a period.
    #[must_use]
    pub fn over(mut self, window: Period) -> Index<'a> {
        self.window = window;
        self.figures = OnceCell::new();
        self
    }

    /// Prices, costs and rates, found by key.
    pub fn prices(&self) -> &Prices<'a> {
        self.prices.get_or_init(|| Prices::new(self.book))
    }
    /// Refunds of a customer, void ones too, in the book's order.
    pub fn refunds(&self, customer: usize) -> &[&'a Refund] {
        let book = self.book;
        let grouped = self.refunds.get_or_init(|| {
            let of = |r: &Refund| book.customer_index(r.customer);
            Grouped::new(book.customers.len(), [&book.refunds], of, |a, b| a.place.cmp(&b.place))
        });
        grouped.of(customer)
    }
    /// What changed a customer's revenue in a period (R6), oldest first, allowances last.
    pub fn sales(&self, customer: usize, period: Period) -> Vec<Sale<'a>> {
        let lines = self.orders(customer).iter().filter(|l| period.contains(l.at.day) && counts(self.book, l.id));
        let lines = lines.map(|l| self.prices().sale(l, customer));
        let refunds = self.refunds(customer).iter().filter(|r| !r.void && period.contains(r.at.day));
        lines.chain(refunds.filter_map(|r| Sale::allowance(r, customer))).collect()
    }
    /// What a customer's orders earned in the twelve months up to today (R6), whatever the window; computed once for all.
    pub fn figures_of_year(&self, customer: usize) -> &Figures<'a> {
        &self.year.get_or_init(|| by_customer(self.book, year(self.book.today)))[customer]
    }
    /// What a customer's orders earned over the window (R6); computed once for all.
    pub fn figures(&self, customer: usize) -> &Figures<'a> {
        &self.figures.get_or_init(|| by_customer(self.book, self.window))[customer]
    }
    /// Every customer's accounts (R10); computed once.
    pub fn accounts(&self) -> &[Account<'a>] {
        self.accounts.get_or_init(|| accounts(self.book))
    }
    /// A customer's accounts, one for each currency.
    pub fn accounts_of(&self, customer: usize) -> Vec<&Account<'a>> {
        let places = self.account_places.get_or_init(|| {
            let mut map: Map<usize, Vec<usize>> = Map::default();
            for (n, a) in self.accounts().iter().enumerate() {
                map.entry(a.customer).or_default().push(n);
            }
            map
        });
        places.get(&customer).into_iter().flatten().map(|n| &self.accounts()[*n]).collect()
    }

    /// Every quote, put together from its lines and events; computed once.
    pub fn quotes(&self) -> &Quotes<'a> {
        self.quotes.get_or_init(|| Quotes::new(self.book))
    }

    /// Activities of a customer, oldest first (by instant, then id).
    pub fn activities(&self, customer: usize) -> &[&'a Activity] {
        let book = self.book;
        let grouped = self.activities.get_or_init(|| {
            Grouped::new(
                book.customers.len(),
                book.activities.parts(),
                |a| book.customer_index(a.customer),
                |a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(b.id)).then(a.place.cmp(&b.place)),
            )
        });
        grouped.of(customer)
    }
    /// Events of a customer, in the book's order; see [`super::history::fold`].
    pub fn events(&self, customer: usize) -> &[&'a Event] {
        self.all_events().of(customer)
    }
    /// Events of all customers.
    pub fn all_events(&self) -> &Grouped<'a, Event> {
        self.events.get_or_init(|| events_by_customer(self.book))
    }
    /// Tasks of a customer.
    pub fn tasks(&self, customer: usize) -> &[&'a Task] {
        let book = self.book;
        let grouped = self.tasks.get_or_init(|| {
            let of = |t: &Task| book.customer_index(t.customer);
            Grouped::new(book.customers.len(), [&book.tasks], of, |a, b| a.place.cmp(&b.place))
        });
        grouped.of(customer)
    }
    /// Order lines of a customer, oldest first, those of an order by their numbers.
    pub fn orders(&self, customer: usize) -> &[&'a OrderLine] {
        let book = self.book;
        let grouped = self.orders.get_or_init(|| {
            let number = |l: &OrderLine| (l.line.len(), l.line);
            Grouped::new(
                book.customers.len(),
                book.orders.parts(),
                |o| book.customer_index(o.customer),
                |a, b| {
                    let order = a.at.cmp(&b.at).then_with(|| a.id.cmp(b.id));
                    order.then_with(|| number(a).cmp(&number(b))).then(a.place.cmp(&b.place))
                },
            )
        });
        grouped.of(customer)
    }
    /// Number of customers that this one referred to us.
    pub fn referrals(&self, customer: usize) -> usize {
        let count = || {
            let mut out = vec![0; self.book.customers.len()];
            for c in &self.book.customers {
                if let Some(by) = self.book.customer_index(c.text("referred_by")) {
                    out[by] += 1;
                }
            }
            out
        };
        self.referrals.get_or_init(count)[customer]
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
        &self.needs.get_or_init(collect)[customer]
    }
}

/// Customer events by customer, in the book's order. Events under a former id count, except those of a customer that was
/// merged away: its decisions stay out of the survivor's history.
pub fn events_by_customer(book: &Book) -> Grouped<'_, Event> {
    let merged: HashSet<&str> =
        book.events.iter().filter(|e| e.kind == "customer" && e.event == "merged").map(|e| e.subject).collect();
    let of = |e: &Event| {
        let c = (e.kind == "customer").then(|| book.customer_index(e.subject)).flatten()?;
        (book.customers[c].id == e.subject || !merged.contains(e.subject)).then_some(c)
    };
    Grouped::new(book.customers.len(), book.events.parts(), of, |a, b| a.place.cmp(&b.place))
}
