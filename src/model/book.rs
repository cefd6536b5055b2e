//! All that was read, indexed, read-only, every row with its place.

use super::columns::Rows;
use super::customer::Customer;
use super::day::{At, Day};
use super::ledger::{Ledger, LedgerSet};
use super::order::{OrderLine, OrderState, QuoteLine};
use super::product::ProductVersion;
use super::receipt::{Rate, Receipt, Refund};
use super::row::{Activity, Event, Need, PlainRow, RowPlace, Task};
use super::settings::Settings;
use super::team::Team;
use super::{Map, Str};
use hashbrown::HashTable;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

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
    /// Of typed rows everything but their notes, which reports do not ask for.
    pub lean: bool,
    /// Whether the texts of the customers' files are kept, for whoever may change them.
    pub texts: bool,
}

impl Needs {
    /// Settings and team only.
    pub const NOTHING: Needs = Needs {
        customers: false,
        ids_only: false,
        ledgers: LedgerSet::NONE,
        plain: LedgerSet::NONE,
        lean: false,
        texts: false,
    };

    /// Customers and the typed rows of some ledgers.
    pub const fn customers_and(ledgers: &[Ledger]) -> Needs {
        Needs { customers: true, ledgers: LedgerSet::of(ledgers), ..Needs::NOTHING }
    }
    /// The same without the notes of rows.
    #[must_use]
    pub const fn without_notes(self) -> Needs {
        Needs { lean: true, ..self }
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
            // Whoever reads rows and does not say so needs their notes.
            lean: (self.lean || self.ledgers.is_empty())
                && (other.lean || other.ledgers.is_empty())
                && (self.lean || other.lean),
            texts: self.texts || other.texts,
        }
    }
}

/// Ids and where they lead; the first one that is put in stays.
#[derive(Debug, Clone, Default)]
struct Ids {
    table: HashTable<(u32, u32)>,
    texts: Vec<Str>,
    hash: foldhash::fast::RandomState,
}

impl Ids {
    fn insert(&mut self, id: Str, customer: usize) {
        let hash = self.hash.hash_one(id);
        if self.table.find(hash, |(n, _)| self.texts[*n as usize] == id).is_none() {
            let (n, customer) = (self.texts.len() as u32, u32::try_from(customer).unwrap_or(u32::MAX));
            self.texts.push(id);
            let (texts, state) = (&self.texts, &self.hash);
            self.table.insert_unique(hash, (n, customer), |(n, _)| state.hash_one(texts[*n as usize]));
        }
    }
    fn find(&self, id: &str) -> Option<usize> {
        let found = self.table.find(self.hash.hash_one(id), |(n, _)| self.texts[*n as usize] == id);
        found.map(|(_, customer)| *customer as usize)
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
    by_id: Ids,
    /// Whether no two customers have one id.
    pub unique_ids: bool,
    /// In order of file and line.
    pub activities: Rows<Activity>,
    /// In order of file and line.
    pub events: Rows<Event>,
    /// The newest event of each customer, by index, whatever day the book is seen from: no decision may lie before it.
    pub newest: Map<usize, At>,
    /// The newest of the events that lie after the day the book is seen from, by kind and subject; customers have
    /// [`Book::newest`].
    pub later: Map<(Str, Str), At>,
    /// In order of file and line.
    pub tasks: Vec<Task>,
    /// In order of file and line.
    pub orders: Rows<OrderLine>,
    /// What happened to each order that has events, by its id.
    pub order_states: Map<Str, OrderState>,
    /// In order of file and line.
    pub quotes: Vec<QuoteLine>,
    /// Sorted by id and day.
    pub products: Vec<ProductVersion>,
    /// In order of file and line.
    pub receipts: Rows<Receipt>,
    /// Receipts that were voided by an event.
    pub void_receipts: HashSet<Str>,
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
            by_id: Ids::default(),
            unique_ids: true,
            activities: Rows::default(),
            events: Rows::default(),
            newest: Map::default(),
            later: Map::default(),
            tasks: Vec::new(),
            orders: Rows::default(),
            order_states: Map::default(),
            quotes: Vec::new(),
            products: Vec::new(),
            receipts: Rows::default(),
            void_receipts: HashSet::new(),
            refunds: Vec::new(),
            rates: Vec::new(),
            needs: Vec::new(),
            plain: BTreeMap::new(),
            read: Needs::NOTHING,
        }
    }

    /// Sorts the customers and builds the index of present and former ids. A present id wins over a former one.
    pub fn index_customers(&mut self) {
        let sorted = |w: &[Customer]| (w[0].id, w[0].file) <= (w[1].id, w[1].file);
        if !self.customers.windows(2).all(sorted) {
            self.customers.sort_unstable_by(|a, b| a.id.cmp(b.id).then(a.file.cmp(b.file)));
        }
        self.by_id = Ids::default();
        let room = self.customers.len();
        self.by_id.texts.reserve(room);
        self.by_id.table.reserve(room, |_| 0);
        for (n, c) in self.customers.iter().enumerate() {
            self.by_id.insert(c.id, n);
        }
        self.unique_ids = self.by_id.table.len() == self.customers.len();
        for (n, c) in self.customers.iter().enumerate().filter(|(_, c)| c.renamed) {
            for former in &c.rest().former_ids {
                self.by_id.insert(former, n);
            }
        }
    }

    /// Index of the customer with a present or former id.
    pub fn customer_index(&self, id: &str) -> Option<usize> {
        self.by_id.find(id)
    }

    /// The customer with a present or former id.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customer_index(id).map(|n| &self.customers[n])
    }

    /// Whether a receipt was voided.
    pub fn is_void(&self, receipt: &Receipt) -> bool {
        !self.void_receipts.is_empty() && self.void_receipts.contains(receipt.id())
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
