//! Reads a data directory into a [`Book`]: only what is asked for, in parallel, and always all the way: what is broken
//! is reported and left out.

use super::basis::Listed;
use super::cache::ledgers::{Lookup, Reading, Reread};
use super::cache::{CacheUse, Stat};
use super::csvfile::Reader;
use super::customers::{self, ReadCustomers};
use super::error::StoreError;
use super::layout;
use super::open;
use super::read::file_rows::{BY_COLUMN, FileRows, LedgerFile, subjects};
use super::read::table::{Building, How};
use super::read::{customer, settings, team};
use super::text::{self, MAX_FILE, MAX_TOML, TextFile, too_large};
use super::view::{ReadView, Work};
use crate::diag::Diagnostic;
use crate::model::book::{Book, Customers, Reads};
use crate::model::columns::Segment;
use crate::model::customer::Customer;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::model::{Str, intern};
use memchr::memmem::Finder;
use rayon::prelude::*;
use std::cell::Cell;
use std::cmp::Reverse;
use std::path::PathBuf;
use std::sync::Arc;

pub use super::read::file_rows::TYPED;
pub use super::texts::FileTexts;

/// Name of the settings file.
pub const SETTINGS: &str = "kehu.toml";
/// Name of the team's file.
pub const TEAM: &str = "team.toml";

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
    pub texts: FileTexts,
}

impl Opened {
    /// Whether every command but `check` must stop (3-commands, Exit codes).
    pub fn is_broken(&self) -> bool {
        self.settings.is_none() || self.diagnostics.iter().any(|d| d.severity() == crate::diag::Severity::Error)
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
    pub texts: FileTexts,
    /// How much was read.
    pub work: Work,
}

/// Reads one file as text, kept as long as the process. `None` when it is not there or is no text; the latter is reported.
pub(super) fn text(
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

/// As [`text`], for a file that a listing named: the listing has looked where links lead.
pub(super) fn listed_text(
    view: &ReadView,
    file: Str,
    limit: u64,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<(Str, bool)>, StoreError> {
    if is_too_large(view.len(file), file, limit, diags) {
        return Ok(None);
    }
    let Some(bytes) = readable(view.read(file), file, diags)? else { return Ok(None) };
    match TextFile::from_bytes(bytes, file, limit) {
        Ok(t) => Ok(Some((&*t.body.leak(), t.bom))),
        Err(d) => {
            diags.push(d);
            Ok(None)
        }
    }
}

/// The text of a file, if it can be interpreted; everything else is reported.
fn readable<T>(
    read: Result<Option<T>, StoreError>,
    file: Str,
    diags: &mut Vec<Diagnostic>,
) -> Result<Option<T>, StoreError> {
    match read {
        Err(StoreError::Unreadable(d)) => diags.push(*d),
        Err(StoreError::Io { source, .. }) => diags.push(layout::unreadable(file, &source)),
        other => return other,
    }
    Ok(None)
}

/// Whether a file is too large to be read, which is reported.
fn is_too_large(len: Option<u64>, file: Str, limit: u64, diags: &mut Vec<Diagnostic>) -> bool {
    let large = len.and_then(|len| too_large(file, len, limit));
    diags.extend(large.clone());
    large.is_some()
}

/// Hands the text of a ledger's file that a listing named to `f`, which keeps nothing of it: each thread reads into the
/// same room again. A file without any of the words that rows must have is not judged.
fn passing_text<T>(
    view: &ReadView,
    (file, len): (Str, Option<u64>),
    about: Option<&[Finder<'_>]>,
    diags: &mut Vec<Diagnostic>,
    f: impl FnOnce(&str, &mut Vec<Diagnostic>) -> T,
) -> Result<Option<T>, StoreError> {
    thread_local! {
        static ROOM: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    if is_too_large(len, file, MAX_FILE, diags) {
        return Ok(None);
    }
    let mut bytes = ROOM.take();
    let there = readable(view.read_into(file, &mut bytes).map(|there| there.then_some(())), file, diags);
    let asked = |words: &[Finder<'_>]| words.iter().any(|w| w.find(&bytes).is_some());
    let out = match there {
        Ok(Some(())) if about.is_none_or(asked) => match text::body(&bytes, file, MAX_FILE) {
            Ok(body) => Ok(Some(f(body, diags))),
            Err(d) => {
                diags.push(d);
                Ok(None)
            }
        },
        Ok(_) => Ok(None),
        Err(e) => Err(e),
    };
    ROOM.set(bytes);
    out
}

/// Reads kehu.toml and team.toml.
///
/// # Errors
/// [`StoreError::NotADataDirectory`] without kehu.toml; or a torn reading (see [`super::view::read_consistently`]).
pub fn open(view: &ReadView) -> Result<Opened, StoreError> {
    view.note_basis();
    let mut diagnostics = Vec::new();
    let mut texts = FileTexts::default();
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
    texts.basis = view.basis();
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
) -> Result<Option<(Customer, Vec<Diagnostic>, FileTexts)>, StoreError> {
    view.note_basis();
    let mut diags = Vec::new();
    let file = intern(file);
    let Some((src, bom)) = text(view, file, MAX_TOML, &mut diags)? else {
        return Ok(None);
    };
    let mut texts = FileTexts { basis: view.basis(), ..FileTexts::default() };
    texts.files.insert(file, (src, bom));
    Ok(Some((customer::read(src, file, settings, &mut diags), diags, texts)))
}

/// Reads a customer's file that a listing named.
pub(super) fn read_customer(view: &ReadView, file: Str, settings: &Settings) -> Part<Option<Customer>> {
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
    texts: &mut FileTexts,
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
pub(super) type Part<T> = Result<(Option<(Str, bool)>, T, Vec<Diagnostic>), StoreError>;

/// Reads what is asked for.
///
/// # Errors
/// A torn reading; everything else is reported as a diagnostic.
pub fn load(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    reads: Reads,
    today: Day,
    cache: CacheUse,
) -> Result<Loaded, StoreError> {
    load_about(view, settings, team, reads, today, Only::Cached(cache))
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
    reads: Reads,
    today: Day,
    (file, cache): (Str, CacheUse),
) -> Result<Option<Loaded>, StoreError> {
    if layout::readable(view.root(), file).is_err() {
        return Ok(None);
    }
    if reads.texts {
        view.note_basis();
    }
    let (text, customer, diagnostics) = match read_customer(view, file, settings) {
        Ok((Some(text), Some(customer), diagnostics)) => (text, customer, diagnostics),
        Ok(_) => return Ok(None),
        Err(e) => return Err(e),
    };
    // A former id may be somebody's present one by now.
    if !customer.rest().former_ids.is_empty() {
        return Ok(None);
    }
    let one = ReadCustomers { texts: vec![(file, text)], list: Customers::new(vec![customer]), diagnostics };
    load_about(view, settings, team, reads, today, Only::These(Box::new(one), cache)).map(Some)
}

/// Reads the rows that may have to do with some customers, who have been read before: the ledgers' part of
/// [`load_one`]. `None` where other customers have to be looked at to know which rows are theirs, or where the cache
/// does not tell where the rows stand and the ledgers are large.
///
/// # Errors
/// As [`load`].
pub fn load_at_hand(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    reads: Reads,
    today: Day,
    (customers, cache): (Vec<Customer>, CacheUse),
) -> Result<Option<Loaded>, StoreError> {
    let ids: Vec<String> = customers.iter().map(|c| c.id.to_string()).collect();
    let renamed = customers.iter().any(|c| !c.rest().former_ids.is_empty());
    if renamed || !reads.ledgers.iter().all(|ledger| is_at_hand(view, settings, ledger, &ids, cache)) {
        return Ok(None);
    }
    let these = ReadCustomers { texts: Vec::new(), list: Customers::new(customers), diagnostics: Vec::new() };
    load_about(view, settings, team, reads, today, Only::These(Box::new(these), cache)).map(Some)
}

/// Whether little of a ledger has to be gone through for the rows of some customers.
fn is_at_hand(view: &ReadView, settings: &Settings, ledger: Ledger, ids: &[String], cache: CacheUse) -> bool {
    let listed = layout::list_ledger(view.root(), ledger, &mut Vec::new());
    let files: Vec<Str> =
        view.overlay(listed, &format!("ledgers/{}", ledger.name()), "csv").iter().map(|f| intern(f)).collect();
    let is_little = |files: &mut dyn Iterator<Item = &Str>| {
        let lengths: Vec<u64> = files.map(|f| view.len(f).unwrap_or(0)).collect();
        !CacheUse::Large.suits_ledger(lengths.len(), lengths.iter().sum())
    };
    if is_little(&mut files.iter()) {
        return true;
    }
    let asked = cache != CacheUse::Off && !view.has_journal() && ids.len() <= MANY;
    let found = asked.then(|| Lookup::find(view.root(), ledger, settings.tz, &files, ids)).flatten();
    found.is_some_and(|found| is_little(&mut files.iter().filter(|f| !found.known.contains_key(**f))))
}

/// Which customers.
enum Only {
    /// Whichever are asked for, by the cache or not.
    Cached(CacheUse),
    /// These, which have been read.
    These(Box<ReadCustomers>, CacheUse),
}

fn load_about(
    view: &ReadView,
    settings: &Settings,
    team: &Team,
    reads: Reads,
    today: Day,
    only: Only,
) -> Result<Loaded, StoreError> {
    if reads.texts {
        view.note_basis();
    }
    let mut book = Book::new(today, settings.clone(), team.clone());
    book.read = reads;
    let mut diags = Vec::new();
    let mut texts = FileTexts::default();
    let cache = match &only {
        Only::Cached(cache) | Only::These(_, cache) => *cache,
    };
    if let Only::These(these, _) = only {
        // Each word is a walk through the text; with many of them reading is quicker.
        let some = |ids: &[String]| ids.len() <= MANY;
        let own: Vec<String> = these.list.customers().iter().map(|c| c.id.to_string()).collect();
        let others = Reads { ledgers: reads.ledgers.without(Ledger::Events), ..reads };
        let words = finders(&own);
        let about = some(&own).then_some(About { ids: &own, words: &words });
        ledgers(view, settings, others, about, 0, cache)?.add_to(&mut book, &mut texts, &mut diags);
        if reads.ledgers.has(Ledger::Events) {
            let events = Reads { ledgers: LedgerSet::of(&[Ledger::Events]), plain: LedgerSet::NONE, ..reads };
            let ids: Vec<String> = own.iter().cloned().chain(subjects(&book)).collect();
            let words = finders(&ids);
            let about = some(&ids).then_some(About { ids: &ids, words: &words });
            let first = book.files.len();
            ledgers(view, settings, events, about, first, cache)?.add_to(&mut book, &mut texts, &mut diags);
        }
        these.add_to(&mut book, &mut texts, &mut diags);
    } else {
        let (customers, ledgers) = rayon::join(
            || customers::read(view, settings, reads, cache),
            || ledgers(view, settings, reads, None, 0, cache),
        );
        ledgers?.add_to(&mut book, &mut texts, &mut diags);
        if let Some(found) = customers? {
            found.add_to(&mut book, &mut texts, &mut diags);
        }
    }
    if reads.ids_only && !customers::names_only_present(&mut book) {
        let all = Reads { ids_only: false, ledgers: LedgerSet::NONE, plain: LedgerSet::NONE, ..reads };
        book.customers.clear();
        book.read.ids_only = false;
        if let Some(found) = customers::read(view, settings, all, cache)? {
            found.add_to(&mut book, &mut texts, &mut diags);
        }
    }
    book.products.sort_by(|a, b| a.id.cmp(b.id).then(a.since.cmp(&b.since)));
    book.rates.sort_by(|a, b| a.currency.cmp(b.currency).then(a.date.cmp(&b.date)));
    for ledger in reads.plain.iter() {
        book.plain.entry(ledger).or_default();
    }
    book.settle();
    dedup(&mut diags);
    texts.basis = view.basis();
    Ok(Loaded { book, diagnostics: diags, texts, work: view.work() })
}

/// Words beyond which a ledger is read as a whole.
const MANY: usize = 24;

/// The words as they are looked for.
fn finders(words: &[String]) -> Vec<Finder<'_>> {
    words.iter().map(|w| Finder::new(w.as_bytes())).collect()
}

/// The ledgers' files.
struct Ledgers {
    files: Vec<Str>,
    texts: Vec<Option<(Str, bool)>>,
    rows: Vec<FileRows>,
    diagnostics: Vec<Diagnostic>,
}

impl Ledgers {
    fn add_to(self, book: &mut Book, texts: &mut FileTexts, diags: &mut Vec<Diagnostic>) {
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

/// Reads the ledgers that are asked for; with `about` only the rows with one of the words. `first` files have been read
/// before.
fn ledgers(
    view: &ReadView,
    settings: &Settings,
    reads: Reads,
    about: Option<About<'_>>,
    first: usize,
    cache: CacheUse,
) -> Result<Ledgers, StoreError> {
    let mut out = Ledgers { files: Vec::new(), texts: Vec::new(), rows: Vec::new(), diagnostics: Vec::new() };
    // One list of files over all ledgers, so that a row's place names its file by number.
    let mut files: Vec<LedgerFile> = Vec::new();
    for ledger in reads.ledgers.and(reads.plain).iter() {
        let folder = format!("ledgers/{}", ledger.name());
        let from = out.files.len();
        let said = out.diagnostics.len();
        let listed = layout::list_ledger(view.root(), ledger, &mut out.diagnostics);
        for file in view.overlay(listed, &folder, "csv") {
            let number = u32::try_from(first + out.files.len()).unwrap_or(u32::MAX);
            let file: Str = file.leak();
            out.files.push(file);
            files.push(LedgerFile { ledger, file, number });
        }
        if view.notes_basis() {
            let (files, unreadable) = (out.files[from..].to_vec(), out.diagnostics[said..].to_vec());
            view.note_listed(Listed { ledger, files, unreadable });
        }
    }
    let reread: Arc<dyn Reread> = Arc::new(Again { root: view.root().to_path_buf(), settings: settings.clone() });
    let through = |ledger: &Ledger| BY_COLUMN.has(*ledger) && !reads.plain.has(*ledger);
    let cache = if view.has_journal() { CacheUse::Off } else { cache };
    let of_ledger = |ledger: Ledger| files.iter().filter(|f| f.ledger == ledger).map(|f| f.file).collect::<Vec<Str>>();
    let reading = |ledger: Ledger| {
        let files = of_ledger(ledger);
        Some((ledger, Reading::begin(view.root(), ledger, settings.tz, &files, cache, &reread)?))
    };
    let lookup = |ledger: Ledger| {
        let ids = about.filter(|_| cache != CacheUse::Off)?.ids;
        Some((ledger, Lookup::find(view.root(), ledger, settings.tz, &of_ledger(ledger), ids)?))
    };
    let chosen = || reads.ledgers.iter().filter(through);
    let readings: Vec<(Ledger, Reading)> =
        if about.is_none() { chosen().filter_map(reading).collect() } else { Vec::new() };
    let lookups: Vec<(Ledger, Lookup)> = chosen().filter_map(lookup).collect();
    let places = |at: &LedgerFile| lookups.iter().find(|(l, _)| *l == at.ledger)?.1.known.get(at.file);
    let of = |ledger: Ledger| readings.iter().find(|(l, _)| *l == ledger).map(|(_, r)| r);
    let read = |at: LedgerFile, len: Option<u64>| -> Part<FileRows> {
        let mut diags = Vec::new();
        if let Some(columns) = of(at.ledger).and_then(|r| r.take(at.file, at.number)) {
            view.note_cached(1);
            return Ok((None, FileRows::by_column(columns), diags));
        }
        if let Some(places) = places(&at) {
            if places.is_empty() {
                view.note_cached(1);
                return Ok((None, FileRows::default(), diags));
            }
            // Where the rows are not what they should be, the file is searched.
            if let Some(columns) = rows_at(view, at, settings, about.map_or(&[], |a| a.ids), places) {
                return Ok((None, FileRows::by_column(columns), diags));
            }
        }
        let about = about.filter(|_| !WHOLE.has(at.ledger)).map(|a| a.words);
        if BY_COLUMN.has(at.ledger) && !reads.plain.has(at.ledger) {
            // What is kept for others has everything.
            let reading = of(at.ledger);
            let how = How {
                tz: settings.tz,
                about,
                notes: !reads.lean || reading.is_some(),
                offsets: reading.is_some_and(Reading::writes),
            };
            let read = |body: &str, diags: &mut Vec<Diagnostic>| FileRows::read_columns(at, body, how, diags);
            let rows = passing_text(view, (at.file, len), about, &mut diags, read)?;
            return Ok((None, rows.unwrap_or_default(), diags));
        }
        let found = listed_text(view, at.file, MAX_FILE, &mut diags)?;
        let rows = found.map(|(src, _)| FileRows::read(at, src, settings, reads, about, &mut diags));
        Ok((found, rows.unwrap_or_default(), diags))
    };
    // The largest first: a large one at the end would be waited for. What the cache has need not be looked at.
    let len = |n: usize| -> (usize, Option<u64>) {
        let at = &files[n];
        let len = match of(at.ledger) {
            // Whoever decides by it looks at the file itself too.
            _ if view.notes_basis() => view.len(at.file),
            Some(reading) => reading.len(at.file),
            None if places(at).is_some() => None,
            None => view.len(at.file),
        };
        (n, len)
    };
    let mut order: Vec<(usize, Option<u64>)> = (0..files.len()).map(len).collect();
    order.sort_by_key(|(_, len)| Reverse(*len));
    let each = order.into_par_iter().with_max_len(1);
    let mut sorted: Vec<(usize, Part<FileRows>)> = each.map(|(n, len)| (n, read(files[n], len))).collect();
    sorted.sort_unstable_by_key(|(n, _)| *n);
    let mut parts: Vec<Part<FileRows>> = sorted.into_iter().map(|(_, part)| part).collect();
    for (ledger, reading) in readings {
        let ours = files.iter().zip(&parts).filter(|(at, _)| at.ledger == ledger);
        let good = ours.filter_map(|(at, part)| {
            let (_, rows, diags) = part.as_ref().ok()?;
            diags.is_empty().then_some((at.file, rows.columns.as_ref()?))
        });
        reading.finish(view.root(), good);
    }
    for part in parts.drain(..) {
        let (found, rows, diags) = part?;
        out.diagnostics.extend(diags);
        out.texts.push(found);
        out.rows.push(rows);
    }
    Ok(out)
}

/// What rows are about: ids, and the same as words that are looked for.
#[derive(Clone, Copy)]
struct About<'w> {
    ids: &'w [String],
    words: &'w [Finder<'w>],
}

/// Bytes that are read for a row, or for a header, at first.
const PIECE: usize = 1024;

/// The rows of a file at places that the cache names; `None` where something else stands there.
fn rows_at(
    view: &ReadView,
    at: LedgerFile,
    settings: &Settings,
    ids: &[String],
    places: &[(u32, u32)],
) -> Option<Segment> {
    let opened = open::regular(&view.root().join(at.file)).ok()?.0;
    let piece = |offset: u64| {
        let mut size = PIECE;
        loop {
            let bytes = super::disk::read_part(&opened, offset, size).ok()?;
            // A row with line breaks in it goes on behind the first: whole lines up to an even number of quotes.
            let mut quotes = 0;
            for (n, b) in bytes.iter().enumerate() {
                quotes += usize::from(*b == b'"');
                if *b == b'\n' && quotes % 2 == 0 {
                    return String::from_utf8(bytes[..=n].to_vec()).ok();
                }
            }
            if bytes.len() < size {
                return String::from_utf8(bytes).ok();
            }
            size *= 4;
        }
    };
    let head = piece(0)?;
    // Files that are kept have no findings, so there is no blank line in front of the header.
    let header = Reader::new(&head, at.file).header(at.ledger, &mut Vec::new())?;
    let bom = if head.starts_with('\u{feff}') { 3 } else { 0 };
    let how = How { tz: settings.tz, about: None, notes: true, offsets: false };
    let mut building = Building::new(at.ledger, at.file, &header, how, places.len());
    let key = at.ledger.about()?;
    let key = header.index_of(key)?;
    let mut bytes = head.len();
    let mut sound = true;
    for (offset, line) in places {
        let text = piece(u64::from(*offset) + bom)?;
        bytes += text.len();
        let mut seen = false;
        Reader::at(&text, at.file, 0, *line).one(&mut |raw| {
            seen = raw.cells.len() == header.names.len();
            // Another text may have the same key.
            if seen && ids.iter().any(|id| *id == raw.get(key)) {
                building.take(&raw);
            }
        });
        sound &= seen;
    }
    view.note_read(bytes);
    let (segment, found) = building.finish(at.number);
    (sound && found.is_empty()).then_some(segment)
}

/// Reads a ledger's file once more for the cache, where a part of that is damaged.
struct Again {
    root: PathBuf,
    settings: Settings,
}

impl Reread for Again {
    fn read(&self, ledger: Ledger, file: Str, stat: &Stat) -> Option<Segment> {
        let path = self.root.join(file);
        let bytes = open::read(&path, MAX_FILE).ok()?;
        (Stat::of(&path).as_ref() == Some(stat)).then_some(())?;
        let text = TextFile::from_bytes(bytes, file, MAX_FILE).ok()?;
        let how = How { tz: self.settings.tz, about: None, notes: true, offsets: true };
        FileRows::read_columns(LedgerFile { ledger, file, number: 0 }, &text.body, how, &mut Vec::new()).columns
    }
}

/// The same finding comes twice when a ledger is read both typed and plain.
fn dedup(diags: &mut Vec<Diagnostic>) {
    diags.sort_by(|a, b| a.place.cmp(&b.place).then(a.code.cmp(&b.code)).then(a.args.cmp(&b.args)));
    diags.dedup();
}
