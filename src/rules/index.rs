//! Rows by customer: built once for a book, so that every rule finds a customer's rows without searching.

use super::profit::{Figures, by_customer};
use super::quotes::Quotes;
use super::receivables::{Account, accounts};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::row::{Activity, Event, Task};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

/// The rows of each customer, by the customer's index in the book.
#[derive(Debug)]
pub struct Index<'a> {
    /// The book.
    pub book: &'a Book,
    /// The period over which figures count (`-p`, a scorecard's window); all of time unless said otherwise.
    pub window: Period,
    activities: Vec<Vec<&'a Activity>>,
    events: Vec<Vec<&'a Event>>,
    tasks: Vec<Vec<&'a Task>>,
    orders: Vec<Vec<&'a OrderLine>>,
    needs: Vec<Vec<Day>>,
    referrals: Vec<usize>,
    figures: OnceCell<Vec<Figures<'a>>>,
    accounts: OnceCell<Vec<Account<'a>>>,
    account_places: OnceCell<HashMap<usize, Vec<usize>>>,
    quotes: OnceCell<Quotes<'a>>,
}

impl<'a> Index<'a> {
    /// Indexes what the book holds. Activities stand in order of time (then id), orders too.
    pub fn new(book: &'a Book) -> Index<'a> {
        let n = book.customers.len();
        let mut activities: Vec<Vec<&Activity>> = vec![Vec::new(); n];
        for a in &book.activities {
            if let Some(c) = book.customer_index(a.customer) {
                activities[c].push(a);
            }
        }
        for list in &mut activities {
            list.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)));
        }
        let mut tasks: Vec<Vec<&Task>> = vec![Vec::new(); n];
        for t in &book.tasks {
            if let Some(c) = book.customer_index(t.customer) {
                tasks[c].push(t);
            }
        }
        let mut orders: Vec<Vec<&OrderLine>> = vec![Vec::new(); n];
        for o in &book.orders {
            if let Some(c) = book.customer_index(o.customer) {
                orders[c].push(o);
            }
        }
        for list in &mut orders {
            list.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(b.id)));
        }
        let mut needs = vec![Vec::new(); n];
        for r in &book.needs {
            if let Some(c) = book.customer_index(r.customer) {
                needs[c].push(r.at.day);
            }
        }
        let mut referrals = vec![0; n];
        for c in &book.customers {
            if let Some(by) = book.customer_index(c.text("referred_by")) {
                referrals[by] += 1;
            }
        }
        Index {
            book,
            window: Period::ALL,
            referrals,
            activities,
            events: events_by_customer(book),
            tasks,
            orders,
            needs,
            figures: OnceCell::new(),
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
            let mut map: HashMap<usize, Vec<usize>> = HashMap::new();
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

    /// Activities of a customer, oldest first.
    pub fn activities(&self, customer: usize) -> &[&'a Activity] {
        &self.activities[customer]
    }
    /// Events of a customer, in the book's order; see [`super::history::fold`].
    pub fn events(&self, customer: usize) -> &[&'a Event] {
        &self.events[customer]
    }
    /// Tasks of a customer.
    pub fn tasks(&self, customer: usize) -> &[&'a Task] {
        &self.tasks[customer]
    }
    /// Order lines of a customer, oldest first.
    pub fn orders(&self, customer: usize) -> &[&'a OrderLine] {
        &self.orders[customer]
    }
    /// Number of customers that this one referred to us.
    pub fn referrals(&self, customer: usize) -> usize {
        self.referrals[customer]
    }
    /// Days on which the customer told us a need.
    pub fn needs(&self, customer: usize) -> &[Day] {
        &self.needs[customer]
    }
}

/// Customer events by customer. Events under a former id count, except those of a customer that was merged away: its
/// decisions stay out of the survivor's history.
pub fn events_by_customer(book: &Book) -> Vec<Vec<&Event>> {
    let mut out: Vec<Vec<&Event>> = vec![Vec::new(); book.customers.len()];
    let merged: HashSet<&str> =
        book.events.iter().filter(|e| e.kind == "customer" && e.event == "merged").map(|e| e.subject).collect();
    for e in &book.events {
        if e.kind != "customer" {
            continue;
        }
        if let Some(c) = book.customer_index(e.subject)
            && (book.customers[c].id == e.subject || !merged.contains(e.subject))
        {
            out[c].push(e);
        }
    }
    out
}
