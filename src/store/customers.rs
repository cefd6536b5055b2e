//! Many customers: listed, and read in parallel or taken from the cache.

use super::batch;
use super::cache::people::{self, Heads, Keep, Known};
use super::cache::{self, CacheUse, Draft, Stat};
use super::error::StoreError;
use super::layout;
use super::load::{Part, Texts, read_customer};
use super::read::customer;
use super::view::ReadView;
use crate::diag::Diagnostic;
use crate::model::Str;
use crate::model::book::{Book, Needs};
use crate::model::customer::Customer;
use crate::model::settings::Settings;
use rayon::prelude::*;

/// Files that a thread takes at a time.
const STRETCH: usize = 512;

/// The customers' files.
pub(super) struct Customers {
    pub(super) customers: Vec<Customer>,
    /// Their texts, where these are wanted.
    pub(super) texts: Vec<(Str, (Str, bool))>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Customers {
    pub(super) fn add_to(self, book: &mut Book, texts: &mut Texts, diags: &mut Vec<Diagnostic>) {
        diags.extend(self.diagnostics);
        texts.files.extend(self.texts);
        book.customers = self.customers;
        book.index_customers();
    }
}

/// One in so many files that are not in the cache makes it worth writing anew.
const STALE: usize = 50;

/// A customer with its text, what is wrong with it, and the state of its file where that may be kept.
struct Taken {
    part: Part<Option<Customer>>,
    stat: Option<Stat>,
    /// Its number in the cache that it came from.
    kept: Option<u32>,
}

/// Reads the customers, or only lists them.
pub(super) fn read(
    view: &ReadView,
    settings: &Settings,
    needs: Needs,
    cache: CacheUse,
) -> Result<Option<Customers>, StoreError> {
    if !needs.customers {
        return Ok(None);
    }
    let root = view.root();
    // Whoever may change files looks at the files themselves.
    let cached = cache != CacheUse::Off && !needs.texts && !view.has_journal();
    let mut known = if cached { Known::open(root, settings) } else { None };
    let mut diagnostics = Vec::new();
    let unchanged = known.as_ref().is_some_and(|k| k.lists_all(root));
    let (files, order): (Vec<Str>, Option<Vec<u32>>) = match &known {
        Some(k) if unchanged => (k.paths.clone(), k.by_id()),
        _ => {
            let listed = layout::list_customers(root, &mut diagnostics);
            (view.overlay(listed, "customers", "toml").into_iter().map(|f| &*f.leak()).collect(), None)
        }
    };
    let cached = cached && cache.suits_files(files.len());
    if !cached {
        known = None;
    }
    if needs.ids_only {
        let order = order.unwrap_or_else(|| by_id(files.iter().map(|f| customer::file_id(f))));
        let stub = |n: &u32| {
            let file = files[*n as usize];
            Customer::new(customer::file_id(file), file)
        };
        return Ok(Some(Customers { customers: order.iter().map(stub).collect(), texts: Vec::new(), diagnostics }));
    }
    let reader = customer::Customers::by(settings);
    let heads = known.and_then(|k| k.heads(root, reader));
    let draft = if cached { Draft::begin(root) } else { None };
    let numbers = heads.as_ref().map_or_else(|| vec![None; files.len()], |h| h.find(&files));
    let stretches: Vec<Vec<Taken>> = files
        .par_chunks(STRETCH)
        .zip(numbers.par_chunks(STRETCH))
        .map(|(files, numbers)| take(view, settings, reader, heads.as_ref().zip(Some(numbers)), files, cached))
        .collect();
    let taken: Vec<Taken> = stretches.into_iter().flatten().collect();
    if let Some(draft) = draft {
        let fresh = taken.iter().filter(|t| t.kept.is_none() && t.stat.is_some_and(|s| draft.is_calm(&s))).count();
        // An archive that does not list what is there is of less use than a new one.
        if fresh * STALE > files.len() || cache == CacheUse::Always && (fresh > 0 || !unchanged) {
            keep(&draft, view, settings, (&files, diagnostics.is_empty()), &taken, heads.as_ref());
        } else {
            draft.drop();
        }
    }
    let mut out = Customers { customers: Vec::with_capacity(taken.len()), texts: Vec::new(), diagnostics };
    let mut found = Vec::with_capacity(taken.len());
    for t in taken {
        let (text, customer, found_diags) = t.part?;
        out.diagnostics.extend(found_diags);
        let Some(c) = customer else { continue };
        if let Some(text) = text.filter(|_| needs.texts) {
            out.texts.push((c.file, text));
        }
        found.push(Some(c));
    }
    let order = order
        .filter(|o| o.len() == found.len())
        .unwrap_or_else(|| by_id(found.iter().map(|c| c.as_ref().map_or("", |c| c.id))));
    out.customers.extend(order.into_iter().filter_map(|n| found[n as usize].take()));
    Ok(Some(out))
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
    let taken: Vec<Vec<Taken>> = files
        .par_chunks(stretch)
        .zip(numbers.par_chunks(stretch))
        .map(|(files, numbers)| take(view, settings, reader, heads.as_ref().zip(Some(numbers)), files, heads.is_some()))
        .collect();
    let (mut customers, mut diags) = (Vec::with_capacity(files.len()), Vec::new());
    for part in taken.into_iter().flatten().map(|t| t.part) {
        let (_, customer, found) = part?;
        customers.extend(customer);
        diags.extend(found);
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
) -> Vec<Taken> {
    let stats = if stat { cache::stats(view.root(), files) } else { vec![None; files.len()] };
    let hit = |n: usize| {
        let (heads, numbers) = heads?;
        let number = numbers[n]?;
        (stats[n] == Some(heads.stat(number))).then(|| (number, heads.customer(number, files[n])))
    };
    let hits: Vec<Option<(u32, Customer)>> = (0..files.len()).map(hit).collect();
    let missing: Vec<Str> = files.iter().zip(&hits).filter(|(_, h)| h.is_none()).map(|(f, _)| *f).collect();
    view.note_cached(files.len() - missing.len());
    let texts = if view.has_journal() { vec![None; missing.len()] } else { batch::texts(view.root(), &missing) };
    let mut texts = texts.into_iter();
    let one = |((n, file), hit): ((usize, &Str), Option<(u32, Customer)>)| {
        if let Some((number, customer)) = hit {
            return Taken { part: Ok((None, Some(customer), Vec::new())), stat: stats[n], kept: Some(number) };
        }
        let part = match texts.next().flatten() {
            Some(text) => {
                view.note_read(text.len());
                let mut diags = Vec::new();
                let customer = customer::read_of_many(text, file, reader, &mut diags);
                Ok((Some((text, false)), Some(customer), diags))
            }
            None => read_customer(view, file, settings),
        };
        Taken { part, stat: stats[n], kept: None }
    };
    files.iter().enumerate().zip(hits).map(one).collect()
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
    fn one<'t>(t: &'t Taken, draft: &Draft, heads: Option<&Heads>) -> Option<(Stat, &'t Customer, Str)> {
        let stat = t.stat.filter(|s| t.kept.is_some() || draft.is_calm(s))?;
        let (text, customer, diags) = t.part.as_ref().ok()?;
        let customer = customer.as_ref()?;
        let text = match (t.kept, text) {
            (Some(n), _) => heads?.text(n)?,
            (None, Some((text, false))) if diags.is_empty() => *text,
            _ => return None,
        };
        Some((stat, customer, text))
    }
    let kept: Vec<_> = taken.iter().filter_map(|t| one(t, draft, heads)).collect();
    let kept: Vec<Keep<'_>> = kept.into_iter().map(|(stat, customer, text)| Keep { stat, customer, text }).collect();
    // Without some of the files the folders say nothing: what is not kept would never be found.
    let folders = if listed && kept.len() == files.len() { people::folders(draft, view.root()) } else { Vec::new() };
    people::write(draft, view.root(), settings, &kept, &folders);
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
