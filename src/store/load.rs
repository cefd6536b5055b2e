//! Reads a data directory into a [`Book`]: only what is asked for, in parallel, and always all the way: what is broken
//! is reported and left out.

use super::cache::{Cache, CacheUse, Draft, Entry, Kept, Stat};
use super::error::StoreError;
use super::layout;
use super::plan::Snapshot;
use super::read::ledger::{plain, typed};
use super::read::{customer, settings, team};
use super::text::{MAX_FILE, MAX_TOML, TextFile, with_bom};
use super::view::{ReadView, Work};
use crate::diag::{Code, Diagnostic, Place};
use crate::model::book::{Book, Needs};
use crate::model::change::{Change, ChangeSet};
use crate::model::customer::Customer;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::order::{OrderLine, QuoteLine};
use crate::model::product::ProductVersion;
use crate::model::receipt::{Rate, Receipt, Refund};
use crate::model::row::{Activity, Event, Need, PlainRow, Task};
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::model::{Map, Str, intern};
use memchr::memmem::Finder;
use rayon::prelude::*;

/// Name of the settings file.
pub const SETTINGS: &str = "kehu.toml";
/// Name of the team's file.
pub const TEAM: &str = "team.toml";

/// The texts that were read: what a change is based on.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    files: Map<Str, (Str, bool)>,
}

impl Texts {
    /// The text of a file without its BOM, as it was read.
    pub fn get(&self, file: &str) -> Option<Str> {
        self.files.get(file).map(|(body, _)| *body)
    }
    /// Whether the file began with a BOM.
    pub fn has_bom(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|(_, bom)| *bom)
    }
    /// The files, in no order.
    pub fn files(&self) -> impl Iterator<Item = Str> {
        self.files.keys().copied()
    }
    /// Adds the texts of another reading.
    pub fn merge(&mut self, other: Texts) {
        self.files.extend(other.files);
    }
    /// What a commit of these changes must still find on disk.
    pub fn snapshot(&self, changes: &ChangeSet) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for change in &changes.changes {
            let file = match change {
                Change::EditRow { file, .. }
                | Change::RemoveRow { file, .. }
                | Change::EditToml { file, .. }
                | Change::Replace { file, .. }
                | Change::Rename { file, .. }
                | Change::Remove { file } => file,
                Change::Append { .. } | Change::Create { .. } => continue,
            };
            if let Some((body, bom)) = self.files.get(file.as_str()) {
                snapshot.record(file, Some(&with_bom(*bom, body)));
            }
        }
        snapshot
    }
}

/// kehu.toml and team.toml.
#[derive(Debug, Clone)]
pub struct Opened {
    /// `None` when kehu.toml cannot be used.
    pub settings: Option<Settings>,
    /// What could be read.
    pub team: Team,
    /// What is wrong with the two files.
    pub diagnostics: Vec<Diagnostic>,
    /// Their texts.
    pub texts: Texts,
}

impl Opened {
    /// Whether every command but `check` must stop (3-commands, Exit codes).
    pub fn is_broken(&self) -> bool {
        self.settings.is_none() || self.diagnostics.iter().any(|d| d.code.severity() == crate::diag::Severity::Error)
    }
}

/// What came of reading.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// All that could be read, future rows included; see [`crate::rules::history::as_of`].
    pub book: Book,
    /// What is wrong with the files that were read.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of those files.
    pub texts: Texts,
    /// How much was read.
    pub work: Work,
}

/// Reads one file as text, kept as long as the process. `None` when it is not there or is no text; the latter is reported.
fn text(
    view: &ReadView,
    file: Str,
    limit: u64,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<(Str, bool)>, StoreError> {
    if let Err(d) = layout::readable(view.root(), file) {
        diags.push(d);
        return Ok(None);
    }
    listed_text(view, file, limit, diags)
}

/// As [`text`], for a file that a listing named: where links lead is known from there.
fn listed_text(
    view: &ReadView,
    file: Str,
    limit: u64,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<(Str, bool)>, StoreError> {
    let bytes = match view.read(file) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(None),
        Err(StoreError::Unreadable(d)) => {
            diags.push(*d);
            return Ok(None);
        }
        Err(StoreError::Io { source, .. }) => {
            diags.push(Diagnostic::new(Code::UnreadableFile, Place::file(file), [&source.to_string()]));
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    match TextFile::from_bytes(bytes, file, limit) {
        Ok(t) => {
            let bom = t.bom;
            Ok(Some((t.body.leak(), bom)))
        }
        Err(d) => {
            diags.push(d);
            Ok(None)
        }
    }
}

/// Reads kehu.toml and team.toml.
///
/// # Errors
/// [`StoreError::NotADataDirectory`] without kehu.toml; or a torn reading (see [`super::view::read_consistently`]).
pub fn open(view: &ReadView) -> Result<Opened, StoreError> {
    let mut diagnostics = Vec::new();
    let mut texts = Texts::default();
    let found = text(view, SETTINGS, MAX_TOML, &mut diagnostics)?;
    if found.is_none() && diagnostics.is_empty() {
        return Err(StoreError::NotADataDirectory);
    }
    let settings = found.and_then(|(src, bom)| {
        texts.files.insert(SETTINGS, (src, bom));
        settings::read(src, SETTINGS, &mut diagnostics)
    });
    let team = match text(view, TEAM, MAX_TOML, &mut diagnostics)? {
        Some((src, bom)) => {
            texts.files.insert(TEAM, (src, bom));
            team::read(src, TEAM, &mut diagnostics)
        }
        None => Team::default(),
    };
    Ok(Opened { settings, team, diagnostics, texts })
}

/// Reads one customer's file by its path; `None` when it is not there.
///
/// # Errors
/// Those of the reading.
pub fn one_customer(
    view: &ReadView,
    file: &str,
    settings: &Settings,
) -> Result<Option<(Customer, Vec<Diagnostic>, Texts)>, StoreError> {
    let mut diags = Vec::new();
    let file = intern(file);
    let Some((src, bom)) = text(view, file, MAX_TOML, &mut diags)? else {
        return Ok(None);
    };
    let mut texts = Texts::default();
    texts.files.insert(file, (src, bom));
    Ok(Some((customer::read(src, file, settings, &mut diags), diags, texts)))
}

/// Reads the files of some customers, in the order of `files`; those that are gone are left out.
///
/// # Errors
/// A torn reading.
pub fn customers_of(
    view: &ReadView,
    files: &[Str],
    settings: &Settings,
) -> Result<(Vec<Customer>, Vec<Diagnostic>), StoreError> {
    let parts: Vec<Part<Option<Customer>>> =
        files.par_iter().with_min_len(16).map(|file| read_customer(view, file, settings)).collect();
    let (mut customers, mut diags) = (Vec::with_capacity(files.len()), Vec::new());
    for part in parts {
        let (_, customer, found) = part?;
        customers.extend(customer);
        diags.extend(found);
    }
    Ok((customers, diags))
}

/// Reads a customer's file that a listing named.
fn read_customer(view: &ReadView, file: Str, settings: &Settings) -> Part<Option<Customer>> {
    let mut diags = Vec::new();
    let found = listed_text(view, file, MAX_TOML, &mut diags)?;
    let customer = found.map(|(src, _)| customer::read(src, file, settings, &mut diags));
    Ok((found, customer, diags))
}

/// Reads the files of a ledger as texts: for [`super::read::ledger::scan`], which keeps no rows.
///
/// # Errors
/// A torn reading; everything else is reported as a diagnostic.
pub fn ledger_texts(
    view: &ReadView,
    ledger: Ledger,
    texts: &mut Texts,
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<(Str, Str)>, StoreError> {
    let listed = layout::list_ledger(view.root(), ledger, diags);
    let mut out = Vec::new();
    for file in view.overlay(listed, &format!("ledgers/{}", ledger.name()), "csv") {
        let file = intern(&file);
        if let Some(found) = text(view, file, MAX_FILE, diags)? {
            texts.files.insert(file, found);
            out.push((file, found.0));
        }
    }
    Ok(out)
}

/// What reading one file gave.
type Part<T> = Result<(Option<(Str, bool)>, T, Vec<Diagnostic>), StoreError>;

/// Reads what is asked for.
///
/// # Errors
/// A torn reading; everything else is reported as a diagnostic.
pub fn load(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    needs: Needs,
    today: Day,
    cache: CacheUse,
) -> Result<Loaded, StoreError> {
    load_about(view, settings, team, needs, today, Only::Cached(cache))
}

/// Reads one customer by its file, and of the ledgers only the rows that may have to do with it: those that name it, and what
/// happened to its orders, receipts and so on. Rows of others may be among them. `None` when the customer is not in that file,
/// or other customers have to be looked at to know which rows are its own.
///
/// # Errors
/// As [`load`].
pub fn load_one(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    needs: Needs,
    today: Day,
    file: Str,
) -> Result<Option<Loaded>, StoreError> {
    if layout::readable(view.root(), file).is_err() {
        return Ok(None);
    }
    let (text, customer, diagnostics) = match read_customer(view, file, settings) {
        Ok((Some(text), Some(customer), diagnostics)) => (text, customer, diagnostics),
        Ok(_) => return Ok(None),
        Err(e) => return Err(e),
    };
    // A former id may be somebody's present one by now.
    if !customer.former_ids.is_empty() {
        return Ok(None);
    }
    let one = Customers { texts: vec![(file, text)], customers: vec![customer], diagnostics };
    load_about(view, settings, team, needs, today, Only::One(Box::new(one))).map(Some)
}

/// Which customers.
enum Only {
    /// Whichever are asked for, by the cache or not.
    Cached(CacheUse),
    /// This one, which has been read.
    One(Box<Customers>),
}

fn load_about(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    needs: Needs,
    today: Day,
    only: Only,
) -> Result<Loaded, StoreError> {
    let mut book = Book::new(today, settings.clone(), team.clone());
    book.read = needs;
    let mut diags = Vec::new();
    let mut texts = Texts::default();
    let cache = match only {
        Only::Cached(cache) => cache,
        Only::One(_) => CacheUse::Off,
    };
    if let Only::One(one) = only {
        let id = [one.customers[0].id.to_string()];
        let others = Needs { ledgers: needs.ledgers.without(Ledger::Events), ..needs };
        ledgers(view, settings, others, Some(&finders(&id)), 0)?.add_to(&mut book, &mut texts, &mut diags);
        if needs.ledgers.has(Ledger::Events) {
            let events = Needs { ledgers: LedgerSet::of(&[Ledger::Events]), plain: LedgerSet::NONE, ..needs };
            let words: Vec<String> = id.into_iter().chain(subjects(&book)).collect();
            // Each word is a walk through the text; with many of them reading is quicker.
            let about = (words.len() <= MANY).then(|| finders(&words));
            let first = book.files.len();
            ledgers(view, settings, events, about.as_deref(), first)?.add_to(&mut book, &mut texts, &mut diags);
        }
        one.add_to(&mut book, &mut texts, &mut diags);
    } else {
        let (customers, ledgers) =
            rayon::join(|| customers(view, settings, needs, cache), || ledgers(view, settings, needs, None, 0));
        ledgers?.add_to(&mut book, &mut texts, &mut diags);
        if let Some(found) = customers? {
            found.add_to(&mut book, &mut texts, &mut diags);
        }
    }
    if needs.ids_only && !names_only_present(&book) {
        let all = Needs { ids_only: false, ledgers: LedgerSet::NONE, plain: LedgerSet::NONE, ..needs };
        book.customers.clear();
        book.read.ids_only = false;
        if let Some(found) = self::customers(view, settings, all, cache)? {
            found.add_to(&mut book, &mut texts, &mut diags);
        }
    }
    book.products.sort_by(|a, b| a.id.cmp(b.id).then(a.since.cmp(&b.since)));
    book.rates.sort_by(|a, b| a.currency.cmp(b.currency).then(a.date.cmp(&b.date)));
    for ledger in needs.plain.iter() {
        book.plain.entry(ledger).or_default();
    }
    dedup(&mut diags);
    Ok(Loaded { book, diagnostics: diags, texts, work: view.work() })
}

/// Words beyond which a ledger is read as a whole.
const MANY: usize = 24;

/// The words as they are looked for.
fn finders(words: &[String]) -> Vec<Finder<'_>> {
    words.iter().map(|w| Finder::new(w.as_bytes())).collect()
}

/// Everything in a book that may have events of its own.
fn subjects(book: &Book) -> Vec<String> {
    let mut ids: Vec<String> = book.orders.iter().map(|r| r.id.to_string()).collect();
    ids.extend(book.receipts.iter().map(|r| r.id.to_string()));
    ids.extend(book.refunds.iter().map(|r| r.id.to_string()));
    ids.extend(book.quotes.iter().map(|r| r.id.to_string()));
    ids.extend(book.tasks.iter().map(|r| r.id.to_string()));
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The customers' files.
struct Customers {
    customers: Vec<Customer>,
    texts: Vec<(Str, (Str, bool))>,
    diagnostics: Vec<Diagnostic>,
}

impl Customers {
    fn add_to(self, book: &mut Book, texts: &mut Texts, diags: &mut Vec<Diagnostic>) {
        diags.extend(self.diagnostics);
        texts.files.extend(self.texts);
        book.customers = self.customers;
        book.index_customers();
    }
}

/// Reads the customers, or only lists them.
fn customers(
    view: &ReadView,
    settings: &Settings,
    needs: Needs,
    cache: CacheUse,
) -> Result<Option<Customers>, StoreError> {
    if !needs.customers {
        return Ok(None);
    }
    let mut diagnostics = Vec::new();
    let listed = layout::list_customers(view.root(), &mut diagnostics);
    let files = view.overlay(listed, "customers", "toml");
    if needs.ids_only {
        let stub = |file: String| {
            let file: Str = file.leak();
            Customer::new(customer::file_id(file), file)
        };
        let customers = files.into_iter().map(stub).collect();
        return Ok(Some(Customers { customers, texts: Vec::new(), diagnostics }));
    }
    let parts = if cache.suits(files.len()) && !view.has_journal() {
        through_cache(view, settings, &files)
    } else {
        files.into_par_iter().with_min_len(64).map(|file| read_customer(view, file.leak(), settings)).collect()
    };
    let mut out =
        Customers { customers: Vec::with_capacity(parts.len()), texts: Vec::with_capacity(parts.len()), diagnostics };
    for part in parts {
        let (found, customer, found_diags) = part?;
        out.diagnostics.extend(found_diags);
        if let (Some(text), Some(c)) = (found, customer) {
            out.texts.push((c.file, text));
            out.customers.push(c);
        }
    }
    Ok(Some(out))
}

/// Files that a thread takes at a time.
const STRETCH: usize = 512;
/// One in so many files that are not in the cache makes it worth writing anew.
const STALE: usize = 50;

/// A customer, what the cache may keep of it, and whether it came from there.
type Taken = (Part<Option<Customer>>, Option<Kept>, bool);

/// Reads customers, those whose files are unchanged from the cache; and writes it anew when many were not.
fn through_cache(view: &ReadView, settings: &Settings, files: &[String]) -> Vec<Part<Option<Customer>>> {
    let draft = Draft::begin(view.root());
    let cache = Cache::open(view.root());
    let known = cache.as_ref().map_or_else(|| vec![None; files.len()], |c| c.find(files));
    let stretches: Vec<Vec<Taken>> = files
        .par_chunks(STRETCH)
        .zip(known.par_chunks(STRETCH))
        .map(|(files, known)| {
            let stats: Vec<Option<Stat>> = files.iter().map(|f| Stat::of(&view.root().join(f))).collect();
            let same = |n: usize| known[n].filter(|e| stats[n] == Some(e.stat));
            let hits: Vec<Entry> = (0..files.len()).filter_map(same).collect();
            let mut texts = cache.as_ref().map(|c| c.texts(&hits)).unwrap_or_default().into_iter();
            let one = |(n, file): (usize, &String)| {
                let file: Str = intern(file);
                let hit = same(n).and_then(|e| Some((texts.next().flatten()?, e.bom)));
                let part = match hit {
                    Some(text) => {
                        view.note_cached(1);
                        let mut diags = Vec::new();
                        let customer = customer::read(text.0, file, settings, &mut diags);
                        Ok((Some(text), Some(customer), diags))
                    }
                    None => read_customer(view, file, settings),
                };
                let text = part.as_ref().ok().and_then(|p| p.0);
                let calm = |stat: &Stat| hit.is_some() || draft.as_ref().is_some_and(|d| d.is_calm(stat));
                let kept = text.zip(stats[n].filter(calm)).map(|((text, bom), stat)| Kept { file, stat, text, bom });
                (part, kept, hit.is_some())
            };
            files.iter().enumerate().map(one).collect()
        })
        .collect();
    let mut parts = Vec::with_capacity(files.len());
    let mut kept = Vec::with_capacity(files.len());
    let mut read = 0;
    for (part, keep, hit) in stretches.into_iter().flatten() {
        read += usize::from(!hit && keep.is_some());
        kept.extend(keep);
        parts.push(part);
    }
    match draft {
        Some(draft) if read * STALE > files.len() => draft.finish(view.root(), &kept),
        Some(draft) => draft.drop(),
        None => {}
    }
    parts
}

/// Whether each row names its customer by the name of a file, and no name occurs twice: then no former id is in play.
fn names_only_present(book: &Book) -> bool {
    let known = |id: Str| id.is_empty() || book.by_id.contains_key(id);
    let unique = book.by_id.len() == book.customers.len();
    unique
        && book.orders.parts().par_iter().all(|part| part.iter().all(|r| known(r.customer)))
        && book.receipts.parts().par_iter().all(|part| part.iter().all(|r| known(r.customer)))
        && book.activities.parts().par_iter().all(|part| part.iter().all(|r| known(r.customer)))
        && book.events.iter().all(|r| r.kind != "customer" || known(r.subject))
        && book.refunds.iter().all(|r| known(r.customer))
        && book.quotes.iter().all(|r| known(r.customer))
        && book.tasks.iter().all(|r| known(r.customer))
        && book.needs.iter().all(|r| known(r.customer))
}

/// The ledgers' files.
struct Ledgers {
    files: Vec<Str>,
    texts: Vec<Option<(Str, bool)>>,
    rows: Vec<Rows>,
    diagnostics: Vec<Diagnostic>,
}

impl Ledgers {
    fn add_to(self, book: &mut Book, texts: &mut Texts, diags: &mut Vec<Diagnostic>) {
        diags.extend(self.diagnostics);
        for ((file, text), rows) in self.files.iter().zip(self.texts).zip(self.rows) {
            book.files.push(file);
            if let Some(text) = text {
                texts.files.insert(file, text);
            }
            rows.add_to(book);
        }
    }
}

/// Ledgers that are read as a whole also for one customer: other tables have their keys in them.
const WHOLE: LedgerSet = LedgerSet::of(&[Ledger::Products, Ledger::Rates]);

/// Reads the ledgers that are asked for, with `about` only the rows in which one of the words occurs. `first` files have
/// been read before.
fn ledgers(
    view: &ReadView,
    settings: &Settings,
    needs: Needs,
    about: Option<&[Finder<'_>]>,
    first: usize,
) -> Result<Ledgers, StoreError> {
    let mut out = Ledgers { files: Vec::new(), texts: Vec::new(), rows: Vec::new(), diagnostics: Vec::new() };
    // One list of files over all ledgers, so that a row's place names its file by number.
    let mut files: Vec<(Ledger, Str, u32)> = Vec::new();
    for ledger in needs.ledgers.and(needs.plain).iter() {
        let folder = format!("ledgers/{}", ledger.name());
        let listed = layout::list_ledger(view.root(), ledger, &mut out.diagnostics);
        for file in view.overlay(listed, &folder, "csv") {
            let n = u32::try_from(first + out.files.len()).unwrap_or(u32::MAX);
            let file: Str = file.leak();
            out.files.push(file);
            files.push((ledger, file, n));
        }
    }
    let parts: Vec<Part<Rows>> = files
        .into_par_iter()
        .with_max_len(1)
        .map(|(ledger, file, n)| {
            let mut diags = Vec::new();
            let found = listed_text(view, file, MAX_FILE, &mut diags)?;
            let mut rows = Rows::default();
            if let Some((src, _)) = found {
                let about = about.filter(|_| !WHOLE.has(ledger));
                rows.read(ledger, src, file, n, settings, needs, about, &mut diags);
            }
            Ok((found, rows, diags))
        })
        .collect();
    for part in parts {
        let (found, rows, diags) = part?;
        out.diagnostics.extend(diags);
        out.texts.push(found);
        out.rows.push(rows);
    }
    Ok(out)
}

/// The same finding comes twice when a ledger is read both typed and plain.
fn dedup(diags: &mut Vec<Diagnostic>) {
    diags.sort_by(|a, b| a.place.cmp(&b.place).then(a.code.cmp(&b.code)).then(a.args.cmp(&b.args)));
    diags.dedup();
}

#[derive(Default)]
struct Rows {
    activities: Vec<Activity>,
    events: Vec<Event>,
    tasks: Vec<Task>,
    orders: Vec<OrderLine>,
    quotes: Vec<QuoteLine>,
    products: Vec<ProductVersion>,
    receipts: Vec<Receipt>,
    refunds: Vec<Refund>,
    rates: Vec<Rate>,
    needs: Vec<Need>,
    plain: Option<(Ledger, Vec<PlainRow>)>,
}

impl Rows {
    #[allow(clippy::too_many_arguments)]
    fn read(
        &mut self,
        ledger: Ledger,
        src: Str,
        file: Str,
        n: u32,
        settings: &Settings,
        needs: Needs,
        about: Option<&[Finder<'_>]>,
        diags: &mut Vec<Diagnostic>,
    ) {
        if needs.ledgers.has(ledger) {
            // The plain reading judges every cell: what the typed one finds would be said twice.
            let mut said = Vec::new();
            let diags = if needs.plain.has(ledger) { &mut said } else { &mut *diags };
            match ledger {
                Ledger::Activities => self.activities = typed(src, file, n, settings.tz, about, diags),
                Ledger::Events => self.events = typed(src, file, n, settings.tz, about, diags),
                Ledger::Tasks => self.tasks = typed(src, file, n, settings.tz, about, diags),
                Ledger::Orders => self.orders = typed(src, file, n, settings.tz, about, diags),
                Ledger::Quotes => self.quotes = typed(src, file, n, settings.tz, about, diags),
                Ledger::Products => self.products = typed(src, file, n, settings.tz, about, diags),
                Ledger::Receipts => self.receipts = typed(src, file, n, settings.tz, about, diags),
                Ledger::Refunds => self.refunds = typed(src, file, n, settings.tz, about, diags),
                Ledger::Rates => self.rates = typed(src, file, n, settings.tz, about, diags),
                Ledger::Needs => self.needs = typed(src, file, n, settings.tz, about, diags),
                _ => {}
            }
        }
        if needs.plain.has(ledger) {
            self.plain = Some((ledger, plain(ledger, src, file, n, settings, diags)));
        }
    }

    fn add_to(self, book: &mut Book) {
        book.activities.push_part(self.activities);
        book.events.push_part(self.events);
        book.tasks.extend(self.tasks);
        book.orders.push_part(self.orders);
        book.quotes.extend(self.quotes);
        book.products.extend(self.products);
        book.receipts.push_part(self.receipts);
        book.refunds.extend(self.refunds);
        book.rates.extend(self.rates);
        book.needs.extend(self.needs);
        if let Some((ledger, rows)) = self.plain {
            book.plain.entry(ledger).or_default().extend(rows);
        }
    }
}

/// The ledgers that have typed rows; a command that asks for others typed asks for nothing.
pub const TYPED: LedgerSet = LedgerSet::of(&[
    Ledger::Activities,
    Ledger::Events,
    Ledger::Tasks,
    Ledger::Orders,
    Ledger::Quotes,
    Ledger::Products,
    Ledger::Receipts,
    Ledger::Refunds,
    Ledger::Rates,
    Ledger::Needs,
]);
