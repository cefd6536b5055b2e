//! All that was read, indexed, read-only, every row with its place.

use super::columns::{LedgerRows, Segment, TextColumn};
use super::customer::Customer;
use super::day::{At, Day, end_of_day};
use super::ledger::{Ledger, LedgerSet};
use super::order::{OrderLine, QuoteLine};
use super::place::{RowPlace, Typed};
use super::product::ProductVersion;
use super::receipt::{Claim, Payable, Payment, Rate, Receipt, Refund};
use super::row::{Activity, Event, Need, PlainRow, Task};
use super::settings::Settings;
use super::states::States;
use super::team::Team;
use super::{Map, Str};
use hashbrown::HashTable;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

/// What a command reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reads {
    /// The customers' files.
    pub customers: bool,
    /// Only the ids of customers are known: their files are listed and not read, as long as every row that was read
    /// names one of them by its present id.
    pub ids_only: bool,
    /// Ledgers as typed rows.
    pub ledgers: LedgerSet,
    /// Ledgers as plain rows.
    pub plain: LedgerSet,
    /// Typed rows come without their notes, which reports do not ask for.
    pub lean: bool,
    /// Whether the texts of the customers' files are kept, for whoever may change them.
    pub texts: bool,
    /// Whether plain rows of days to come are kept, for whoever mends rows: a wrong date is mended, too.
    pub later: bool,
}

impl Reads {
    /// Settings and team only.
    pub const NOTHING: Reads = Reads {
        customers: false,
        ids_only: false,
        ledgers: LedgerSet::NONE,
        plain: LedgerSet::NONE,
        lean: false,
        texts: false,
        later: false,
    };

    /// Customers and the typed rows of some ledgers.
    pub const fn customers_and(ledgers: &[Ledger]) -> Reads {
        Reads { customers: true, ledgers: LedgerSet::of(ledgers), ..Reads::NOTHING }
    }
    /// The same without the notes of rows.
    #[must_use]
    pub const fn without_notes(self) -> Reads {
        Reads { lean: true, ..self }
    }
    /// The same, with customers named and not read.
    #[must_use]
    pub const fn with_ids_only(self) -> Reads {
        Reads { customers: true, ids_only: true, ..self }
    }
    /// Both.
    #[must_use]
    pub const fn and(self, other: Reads) -> Reads {
        Reads {
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
            later: self.later || other.later,
        }
    }
}

/// Ids and where they lead; the first one that is put in stays.
#[derive(Debug, Clone, Default)]
struct Ids {
    /// Present ids are the customers' indexes; former ones are counted on from there.
    table: HashTable<u32>,
    former: Vec<(Str, u32)>,
    hash: foldhash::fast::RandomState,
}

impl Ids {
    /// The ids of some customers, in whose order equal ones are told apart.
    fn of(customers: &[Customer]) -> Ids {
        let mut ids = Ids { table: HashTable::with_capacity(customers.len()), ..Ids::default() };
        for (n, c) in customers.iter().enumerate() {
            ids.insert(customers, c.id, n as u32);
        }
        for (n, c) in customers.iter().enumerate().filter(|(_, c)| c.renamed) {
            for former in &c.rest().former_ids {
                if ids.insert(customers, former, (customers.len() + ids.former.len()) as u32) {
                    ids.former.push((former, n as u32));
                }
            }
        }
        ids
    }
    fn id(customers: &[Customer], former: &[(Str, u32)], n: u32) -> Str {
        let n = n as usize;
        customers.get(n).map_or_else(|| former[n - customers.len()].0, |c| c.id)
    }
    fn insert(&mut self, customers: &[Customer], id: Str, n: u32) -> bool {
        let (hash, former) = (self.hash.hash_one(id), &self.former);
        let fresh = self.table.find(hash, |n| Ids::id(customers, former, *n) == id).is_none();
        if fresh {
            let state = &self.hash;
            self.table.insert_unique(hash, n, |n| state.hash_one(Ids::id(customers, former, *n)));
        }
        fresh
    }
    fn find(&self, customers: &[Customer], id: &str) -> Option<usize> {
        let found = *self.table.find(self.hash.hash_one(id), |n| Ids::id(customers, &self.former, *n) == id)? as usize;
        Some(if found < customers.len() { found } else { self.former[found - customers.len()].1 as usize })
    }
}

/// Customers, sorted and found by their ids.
#[derive(Debug, Clone, Default)]
pub struct Customers {
    customers: Vec<Customer>,
    by_id: Ids,
    unique: bool,
}

impl Customers {
    /// Sorts customers by id and builds the index of present and former ids. A present id wins over a former one.
    pub fn new(mut customers: Vec<Customer>) -> Customers {
        let sorted = |w: &[Customer]| (w[0].id, w[0].file) <= (w[1].id, w[1].file);
        if !customers.windows(2).all(sorted) {
            customers.sort_unstable_by(|a, b| a.id.cmp(b.id).then(a.file.cmp(b.file)));
        }
        let by_id = Ids::of(&customers);
        let unique = by_id.table.len() == customers.len() + by_id.former.len();
        Customers { customers, by_id, unique }
    }
    /// The customers, sorted by id.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }
}

/// Whose a row is that belongs to no customer of the book.
pub const NOBODY: u32 = u32::MAX;

/// All that was read.
#[derive(Debug, Clone)]
pub struct Book {
    /// The day everything is seen from; later facts are not in the book.
    pub today: Day,
    /// The instant everything is seen from: now, or the end of another day. Only what counts in hours asks for it.
    pub now: At,
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
    /// The customers that the rows of a file name, by the file's address in memory; see [`Book::named`].
    named: Map<usize, Vec<u32>>,
    /// Whether no two customers have one id.
    pub unique_ids: bool,
    /// In order of file and line.
    pub activities: LedgerRows<Activity>,
    /// In order of file and line.
    pub events: LedgerRows<Event>,
    /// What the events made of things that are no customers; see [`Book::settle`].
    pub states: States,
    /// Ids of customers that became part of others, also after the day the book is seen from; see [`Book::merged_away`].
    pub merged: Vec<Str>,
    /// The newest event of each customer that has any, by index, sorted, whatever day the book is seen from: no decision may
    /// lie before it.
    pub newest: Vec<(usize, Event)>,
    /// The newest of the events that lie after the day the book is seen from, by kind and subject; customers have
    /// [`Book::newest`].
    pub later: Map<(Str, Str), Event>,
    /// In order of file and line.
    pub tasks: Vec<Task>,
    /// In order of file and line.
    pub orders: LedgerRows<OrderLine>,
    /// In order of file and line.
    pub quotes: Vec<QuoteLine>,
    /// Sorted by id and day.
    pub products: Vec<ProductVersion>,
    /// In order of file and line.
    pub receipts: LedgerRows<Receipt>,
    /// Receivables as they were entered, in order of file and line.
    pub claims: Vec<Claim>,
    /// What we owe suppliers.
    pub payables: Vec<Payable>,
    /// Money that went to suppliers.
    pub payments: Vec<Payment>,
    /// In order of file and line.
    pub refunds: Vec<Refund>,
    /// Sorted by currency and day.
    pub rates: Vec<Rate>,
    /// In order of file and line.
    pub needs: Vec<Need>,
    /// Ledgers read as plain rows.
    pub plain: BTreeMap<Ledger, Vec<PlainRow>>,
    /// What was asked for.
    pub read: Reads,
}

impl Book {
    /// A book without rows.
    pub fn new(today: Day, settings: Settings, team: Team) -> Book {
        Book {
            today,
            now: end_of_day(today, settings.tz),
            settings,
            team,
            files: Vec::new(),
            customers: Vec::new(),
            by_id: Ids::default(),
            named: Map::default(),
            unique_ids: true,
            activities: LedgerRows::default(),
            events: LedgerRows::default(),
            states: States::default(),
            merged: Vec::new(),
            newest: Vec::new(),
            later: Map::default(),
            tasks: Vec::new(),
            orders: LedgerRows::default(),
            quotes: Vec::new(),
            products: Vec::new(),
            receipts: LedgerRows::default(),
            claims: Vec::new(),
            payables: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            rates: Vec::new(),
            needs: Vec::new(),
            plain: BTreeMap::new(),
            read: Reads::NOTHING,
        }
    }

    /// Takes the states of things from the events that are there now.
    pub fn settle(&mut self) {
        self.states = States::new(&self.events);
    }

    /// Puts customers in the place of those that are there.
    pub fn set_customers(&mut self, customers: Customers) {
        (self.customers, self.by_id, self.unique_ids) = (customers.customers, customers.by_id, customers.unique);
        self.named = Map::default();
    }

    /// Builds the index of ids anew, after customers were put in or taken out.
    pub fn index_customers(&mut self) {
        let customers = std::mem::take(&mut self.customers);
        self.set_customers(Customers::new(customers));
    }

    /// The present id of a customer that rows may name by a former one; the id itself where nobody has it.
    pub fn present_id<'i>(&self, id: &'i str) -> &'i str {
        self.customer(id).map_or(id, |c| c.id)
    }
    /// Index of the customer with a present or former id.
    pub fn customer_index(&self, id: &str) -> Option<usize> {
        self.by_id.find(&self.customers, id)
    }

    /// For each text in a file's column of customers the customer's index, or [`NOBODY`]. The texts are looked up once where
    /// [`Book::keep_named`] was told.
    pub fn named(&self, segment: &'static Segment, texts: &'static TextColumn) -> Cow<'_, [u32]> {
        let known = self.named.get(&address(segment)).filter(|known| known.len() == texts.len());
        known.map_or_else(|| Cow::Owned(self.numbers(texts)), |known| Cow::Borrowed(known.as_slice()))
    }

    /// For each of some different texts the index of the customer with that id, or [`NOBODY`].
    pub fn numbers(&self, texts: &TextColumn) -> Vec<u32> {
        let number = |id: &str| self.customer_index(id).and_then(|n| u32::try_from(n).ok()).unwrap_or(NOBODY);
        (0..texts.len()).map(|n| number(texts.value(n))).collect()
    }

    /// Keeps what [`Book::numbers`] found for files' columns of customers.
    pub fn keep_named(&mut self, found: impl IntoIterator<Item = (&'static Segment, Vec<u32>)>) {
        self.named = found.into_iter().map(|(segment, numbers)| (address(segment), numbers)).collect();
    }

    /// The customer with a present or former id.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customer_index(id).map(|n| &self.customers[n])
    }

    /// Ids of customers that became part of others: their decisions stay out of the survivors' history.
    pub fn merged_away(&self) -> HashSet<Str> {
        let told = self.events.iter().filter(|e| e.kind() == "customer" && e.event() == "merged").map(|e| e.subject());
        self.merged.iter().copied().chain(told).collect()
    }

    /// A customer's newest event; see [`Book::newest`].
    pub fn newest_of(&self, customer: usize) -> Option<Event> {
        let found = self.newest.binary_search_by_key(&customer, |(n, _)| *n).ok()?;
        Some(self.newest[found].1)
    }

    /// Whether a receipt, refund or other row of money was voided.
    pub fn is_void<T: Typed>(&self, row: &T) -> bool {
        self.states.is_void(T::LEDGER, row.id())
    }

    /// The `state` of a task or other thing.
    pub fn state<T: Typed>(&self, row: &T) -> Str {
        self.states.state(T::LEDGER, row.id())
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

/// Files' rows are kept to the end of the program, so that their addresses are names.
fn address(segment: &'static Segment) -> usize {
    std::ptr::from_ref(segment).addr()
}
