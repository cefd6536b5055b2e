//! Many customers: listed, and read in parallel or taken from the cache.

use super::batch;
use super::cache::customers::{self, Heads, Keep, Known};
use super::cache::{self, CacheUse, Draft, Stat};
use super::error::StoreError;
use super::layout;
use super::load::{FileTexts, read_customer};
use super::read::customer;
use super::view::ReadView;
use crate::diag::Diagnostic;
use crate::model::Str;
use crate::model::book::{Book, Customers, NOBODY, Reads};
use crate::model::columns::{self, Column, Row, Segment};
use crate::model::customer::Customer;
use crate::model::settings::Settings;
use rayon::prelude::*;

/// Files that a thread takes at a time.
const STRETCH: usize = 512;

/// The customers' files.
pub(super) struct ReadCustomers {
    pub(super) list: Customers,
    /// Their texts, where these are wanted.
    pub(super) texts: Vec<(Str, (Str, bool))>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl ReadCustomers {
    pub(super) fn add_to(self, book: &mut Book, texts: &mut FileTexts, diags: &mut Vec<Diagnostic>) {
        diags.extend(self.diagnostics);
        texts.files.extend(self.texts);
        book.set_customers(self.list);
    }
}

/// One in so many files that are not in the cache makes it worth writing anew.
const STALE: usize = 50;

/// The results of some files, each in its place: no customer is copied before its place is known.
#[derive(Default)]
struct Taken {
    customers: Vec<Option<Customer>>,
    /// The texts of those that were read.
    texts: Vec<Option<(Str, bool)>>,
    /// The states of files that may be kept.
    stats: Vec<Option<Stat>>,
    /// The numbers in the cache of those that came from it.
    kept: Vec<Option<u32>>,
    /// What is wrong, by the file's place.
    findings: Vec<(usize, Vec<Diagnostic>)>,
}

impl Taken {
    /// What the cache may hold of a file: its state, its customer and the text.
    fn to_keep<'t>(&'t self, n: usize, draft: &Draft, heads: Option<&Heads>) -> Option<Keep<'t>> {
        let stat = self.stats[n].filter(|s| self.kept[n].is_some() || draft.is_calm(s))?;
        let customer = self.customers[n].as_ref()?;
        let text = match (self.kept[n], self.texts[n]) {
            (Some(n), _) => heads?.text(n)?,
            (None, Some((text, false))) if self.findings.iter().all(|(at, _)| *at != n) => text,
            _ => return None,
        };
        Some(Keep { stat, customer, text })
    }
}

/// Reads the customers, or only lists them.
pub(super) fn read(
    view: &ReadView,
    settings: &Settings,
    reads: Reads,
    cache: CacheUse,
) -> Result<Option<ReadCustomers>, StoreError> {
    if !reads.customers {
        return Ok(None);
    }
    let root = view.root();
    // Whoever may change files looks at the files themselves.
    let cached = cache != CacheUse::Off && !reads.texts && !view.has_journal();
    let mut known = if cached { Known::open(root, settings) } else { None };
    let mut diagnostics = Vec::new();
    let unchanged = known.as_ref().is_some_and(|k| k.lists_all(root));
    let listed = known.as_ref().filter(|k| unchanged && cache.suits_files(k.len()));
    if reads.ids_only
        && let Some(customers) = listed.and_then(Known::stubs)
    {
        return Ok(Some(ReadCustomers { list: Customers::new(customers), texts: Vec::new(), diagnostics }));
    }
    let (files, order): (Vec<Str>, Option<Vec<u32>>) = match &known {
        Some(k) if unchanged => (k.files(), k.by_id()),
        _ => {
            let listed = layout::list_customers(root, &mut diagnostics);
            (view.overlay(listed, "customers", "toml").into_iter().map(|f| &*f.leak()).collect(), None)
        }
    };
    let cached = cached && cache.suits_files(files.len());
    if !cached {
        known = None;
    }
    if reads.ids_only {
        let order = by_id(files.iter().map(|f| customer::file_id(f)));
        let stub = |n: &u32| {
            let file = files[*n as usize];
            Customer::new(customer::file_id(file), file)
        };
        let list = Customers::new(order.iter().map(stub).collect());
        return Ok(Some(ReadCustomers { list, texts: Vec::new(), diagnostics }));
    }
    let reader = customer::Customers::by(settings);
    let heads = known.and_then(|k| k.heads(root, reader));
    let draft = if cached { Draft::begin(root) } else { None };
    let numbers = heads.as_ref().map_or_else(|| vec![None; files.len()], |h| h.find(&files));
    let mut taken: Vec<Taken> = files
        .par_chunks(STRETCH)
        .zip(numbers.par_chunks(STRETCH))
        .map(|(files, numbers)| take(view, settings, reader, heads.as_ref().zip(Some(numbers)), files, cached))
        .collect::<Result<_, _>>()?;
    if let Some(draft) = draft {
        let is_fresh = |t: &Taken, n: usize| t.kept[n].is_none() && t.stats[n].is_some_and(|s| draft.is_calm(&s));
        let fresh: usize = taken.iter().map(|t| (0..t.stats.len()).filter(|n| is_fresh(t, *n)).count()).sum();
        // An archive that does not list what is there is of less use than a new one.
        if fresh * STALE > files.len() || cache == CacheUse::Always && (fresh > 0 || !unchanged) {
            keep(&draft, view, settings, (&files, diagnostics.is_empty()), &taken, heads.as_ref());
        } else {
            draft.drop();
        }
    }
    let mut texts = Vec::new();
    for t in &mut taken {
        diagnostics.extend(t.findings.drain(..).flat_map(|(_, found)| found));
        if reads.texts {
            let read = t.customers.iter().zip(&t.texts);
            texts.extend(read.filter_map(|(c, text)| Some((c.as_ref()?.file, (*text)?))));
        }
    }
    let places = || (0..files.len() as u32).map(|n| (n as usize / STRETCH, n as usize % STRETCH));
    let order = order
        .filter(|o| o.len() == files.len())
        .unwrap_or_else(|| by_id(places().map(|(part, n)| taken[part].customers[n].as_ref().map_or("", |c| c.id))));
    let one = |n: u32| taken[n as usize / STRETCH].customers[n as usize % STRETCH].take();
    let mut customers = Vec::with_capacity(files.len());
    customers.extend(order.into_iter().filter_map(one));
    Ok(Some(ReadCustomers { list: Customers::new(customers), texts, diagnostics }))
}

/// Reads the files of some customers, sorted by path; those that are gone are left out.
///
/// # Errors
/// A torn reading.
pub fn some(
    view: &ReadView,
    settings: &Settings,
    files: &[Str],
    cache: CacheUse,
) -> Result<(Vec<Customer>, Vec<Diagnostic>), StoreError> {
    let reader = customer::Customers::by(settings);
    let cached = cache.suits_files(files.len()) && !view.has_journal();
    let known = if cached { Known::open(view.root(), settings) } else { None };
    let heads = known.and_then(|k| k.heads(view.root(), reader));
    let numbers = heads.as_ref().map_or_else(|| vec![None; files.len()], |h| h.find(files));
    // Few files are spread over the threads all the same.
    let stretch = files.len().div_ceil(2 * rayon::current_num_threads()).clamp(1, STRETCH);
    let taken: Vec<Taken> = files
        .par_chunks(stretch)
        .zip(numbers.par_chunks(stretch))
        .map(|(files, numbers)| take(view, settings, reader, heads.as_ref().zip(Some(numbers)), files, heads.is_some()))
        .collect::<Result<_, _>>()?;
    let (mut customers, mut diags) = (Vec::with_capacity(files.len()), Vec::new());
    for part in taken {
        customers.extend(part.customers.into_iter().flatten());
        diags.extend(part.findings.into_iter().flat_map(|(_, found)| found));
    }
    Ok((customers, diags))
}

/// Takes some files from the cache where they are as they were, and reads the others.
fn take(
    view: &ReadView,
    settings: &Settings,
    reader: customer::Customers,
    heads: Option<(&Heads, &[Option<u32>])>,
    files: &[Str],
    stat: bool,
) -> Result<Taken, StoreError> {
    let stats = if stat { cache::stats(view.root(), files) } else { vec![None; files.len()] };
    let hit = |n: usize| {
        let (heads, numbers) = heads?;
        numbers[n].filter(|number| stats[n].is_some() && stats[n] == heads.stat(*number))
    };
    let kept: Vec<Option<u32>> = (0..files.len()).map(hit).collect();
    let missing: Vec<Str> = files.iter().zip(&kept).filter(|(_, k)| k.is_none()).map(|(f, _)| *f).collect();
    view.note_cached(files.len() - missing.len());
    let read = if view.has_journal() { vec![None; missing.len()] } else { batch::texts(view.root(), &missing) };
    let mut read = read.into_iter();
    let mut out = Taken { stats, kept, ..Taken::default() };
    out.customers.reserve_exact(files.len());
    out.texts.resize(files.len(), None);
    for (n, file) in files.iter().enumerate() {
        if let Some((number, (heads, _))) = out.kept[n].zip(heads) {
            out.customers.push(Some(heads.customer(number, file)));
            continue;
        }
        let (text, customer, diags) = match read.next().flatten() {
            Some(text) => {
                view.note_read(text.len());
                let mut diags = Vec::new();
                let customer = customer::read_of_many(text, file, reader, &mut diags);
                (Some((text, false)), Some(customer), diags)
            }
            None => read_customer(view, file, settings)?,
        };
        out.customers.push(customer);
        out.texts[n] = text;
        if !diags.is_empty() {
            out.findings.push((n, diags));
        }
    }
    Ok(out)
}

/// Writes the cache of customers anew: those in whose files nothing is wrong, and which were left alone for a while.
fn keep(
    draft: &Draft,
    view: &ReadView,
    settings: &Settings,
    (files, listed): (&[Str], bool),
    taken: &[Taken],
    heads: Option<&Heads>,
) {
    let each = taken.iter().flat_map(|t| (0..t.stats.len()).map(move |n| (t, n)));
    let kept: Vec<Keep<'_>> = each.filter_map(|(t, n)| t.to_keep(n, draft, heads)).collect();
    // Without some of the files the folders say nothing: what is not kept would never be found.
    let folders = if listed && kept.len() == files.len() { customers::folders(draft, view.root()) } else { Vec::new() };
    customers::write(draft, view.root(), settings, &kept, &folders);
}

/// Whether each row names its customer by the name of a file, and no name occurs twice: then no former id is in play.
pub(super) fn names_only_present(book: &mut Book) -> bool {
    if !book.unique_ids {
        return false;
    }
    let mut files = named_by(&book.orders);
    files.extend(named_by(&book.receipts));
    files.extend(named_by(&book.activities));
    let found: Vec<(&'static Segment, Vec<u32>)> =
        files.par_iter().map(|(s, texts)| (*s, book.numbers(texts))).collect();
    let unknown = |((_, texts), (_, numbers)): (&(_, &columns::TextColumn), &(_, Vec<u32>))| {
        numbers.iter().zip(0..).any(|(number, n)| *number == NOBODY && !texts.value(n).is_empty())
    };
    if files.iter().zip(&found).any(unknown) {
        return false;
    }
    // Reports ask the same again.
    book.keep_named(found);
    let known = |id: Str| id.is_empty() || book.customer_index(id).is_some();
    book.events.iter().all(|r| r.kind() != "customer" || known(r.subject()))
        && book.refunds.iter().all(|r| known(r.customer))
        && book.claims.iter().all(|r| known(r.customer))
        && book.quotes.iter().all(|r| known(r.customer))
        && book.tasks.iter().all(|r| known(r.customer))
        && book.needs.iter().all(|r| known(r.customer))
}

/// The files of a ledger with the different texts of their column of customers.
fn named_by<T: Row>(rows: &columns::LedgerRows<T>) -> Vec<(&'static Segment, &'static columns::TextColumn)> {
    let column = T::LEDGER.column("customer");
    let texts = |s: &'static Segment| match s.column(column?) {
        Column::Text(texts) => Some((s, texts)),
        _ => None,
    };
    rows.segments().iter().copied().filter_map(texts).collect()
}

/// The order of some ids, which come in the order of their paths.
fn by_id(ids: impl Iterator<Item = Str>) -> Vec<u32> {
    // What an id begins with decides nearly always.
    let front = |id: Str| {
        let mut bytes = [0; 16];
        let n = id.len().min(16);
        bytes[..n].copy_from_slice(&id.as_bytes()[..n]);
        u128::from_be_bytes(bytes)
    };
    let mut keys: Vec<(u128, Str, u32)> = ids.zip(0..).map(|(id, n)| (front(id), id, n)).collect();
    keys.par_sort_unstable();
    keys.into_iter().map(|k| k.2).collect()
}
