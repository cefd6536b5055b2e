//! All that was read, indexed, read-only, every row with its place.

use super::customer::Customer;
use super::day::{At, Day};
use super::ledger::{Ledger, LedgerSet};
use super::order::{OrderLine, OrderState, QuoteLine};
use super::parts::Parts;
use super::product::ProductVersion;
use super::receipt::{Rate, Receipt, Refund};
use super::row::{Activity, Event, Need, PlainRow, RowPlace, Task};
use super::settings::Settings;
use super::team::Team;
use super::{Map, Str};
use std::collections::BTreeMap;

/// What a command reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The customers' files.
    pub customers: bool,
    /// Of the customers only which there are: their files are listed and not read, as long as every row that was read
    /// names one of them by its present id.
    pub ids_only: bool,
    /// Ledgers as typed rows.
    pub ledgers: LedgerSet,
    /// Ledgers as plain rows.
    pub plain: LedgerSet,
}

impl Needs {
    /// Settings and team only.
    pub const NOTHING: Needs =
        Needs { customers: false, ids_only: false, ledgers: LedgerSet::NONE, plain: LedgerSet::NONE };

    /// Customers and the typed rows of some ledgers.
    pub const fn customers_and(ledgers: &[Ledger]) -> Needs {
        Needs { customers: true, ids_only: false, ledgers: LedgerSet::of(ledgers), ..Needs::NOTHING }
    }
    /// The same, with customers named and not read.
    #[must_use]
    pub const fn with_ids_only(self) -> Needs {
        Needs { customers: true, ids_only: true, ..self }
    }
    /// Both.
    #[must_use]
    pub const fn and(self, other: Needs) -> Needs {
        Needs {
            customers: self.customers || other.customers,
            // Whoever needs customers and does not say so needs all of them.
            ids_only: (self.ids_only || !self.customers)
                && (other.ids_only || !other.customers)
                && (self.ids_only || other.ids_only),
            ledgers: self.ledgers.and(other.ledgers),
            plain: self.plain.and(other.plain),
        }
    }
}

/// All that was read.
#[derive(Debug, Clone)]
pub struct Book {
    /// The day everything is seen from; later facts are not in the book.
    pub today: Day,
    /// kehu.toml.
    pub settings: Settings,
    /// team.toml.
    pub team: Team,
    /// Paths of all files read, relative to the data directory.
    pub files: Vec<Str>,
    /// Sorted by id.
    pub customers: Vec<Customer>,
    /// Present and former ids → index into `customers`.
    pub by_id: Map<Str, usize>,
    /// In order of file and line.
    pub activities: Parts<Activity>,
    /// In order of file and line.
    pub events: Parts<Event>,
    /// The newest event of each customer, by index, whatever day the book is seen from: no decision may lie before it.
    pub newest: Map<usize, At>,
    /// The newest of the events that lie after the day the book is seen from, by kind and subject; customers have
    /// [`Book::newest`].
    pub later: Map<(Str, Str), At>,
    /// In order of file and line.
    pub tasks: Vec<Task>,
    /// In order of file and line.
    pub orders: Parts<OrderLine>,
    /// What happened to each order that has events, by its id.
    pub order_states: Map<Str, OrderState>,
    /// In order of file and line.
    pub quotes: Vec<QuoteLine>,
    /// Sorted by id and day.
    pub products: Vec<ProductVersion>,
    /// In order of file and line.
    pub receipts: Parts<Receipt>,
    /// In order of file and line.
    pub refunds: Vec<Refund>,
    /// Sorted by currency and day.
    pub rates: Vec<Rate>,
    /// In order of file and line.
    pub needs: Vec<Need>,
    /// Ledgers read as plain rows.
    pub plain: BTreeMap<Ledger, Vec<PlainRow>>,
    /// What was asked for.
    pub read: Needs,
}

impl Book {
    /// A book without rows.
    pub fn new(today: Day, settings: Settings, team: Team) -> Book {
        Book {
            today,
            settings,
            team,
            files: Vec::new(),
            customers: Vec::new(),
            by_id: Map::default(),
            activities: Parts::default(),
            events: Parts::default(),
            newest: Map::default(),
            later: Map::default(),
            tasks: Vec::new(),
            orders: Parts::default(),
            order_states: Map::default(),
            quotes: Vec::new(),
            products: Vec::new(),
            receipts: Parts::default(),
            refunds: Vec::new(),
            rates: Vec::new(),
            needs: Vec::new(),
            plain: BTreeMap::new(),
            read: Needs::NOTHING,
        }
    }

    /// Sorts the customers and builds the index of present and former ids. A present id wins over a former one.
    pub fn index_customers(&mut self) {
        self.customers.sort_by(|a, b| a.id.cmp(b.id).then(a.file.cmp(b.file)));
        self.by_id = Map::with_capacity_and_hasher(self.customers.len(), Default::default());
        for (n, c) in self.customers.iter().enumerate() {
            for former in &c.former_ids {
                self.by_id.entry(former).or_insert(n);
            }
        }
        for (n, c) in self.customers.iter().enumerate().rev() {
            self.by_id.insert(c.id, n);
        }
    }

    /// Index of the customer with a present or former id.
    pub fn customer_index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The customer with a present or former id.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customer_index(id).map(|n| &self.customers[n])
    }

    /// `file:line` of a row.
    pub fn place(&self, place: RowPlace) -> String {
        format!("{}:{}", self.file(place), place.line)
    }

    /// The file of a row.
    pub fn file(&self, place: RowPlace) -> Str {
        self.files.get(place.file as usize).copied().unwrap_or("")
    }
}
