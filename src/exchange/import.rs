//! From rows of another program to a change set: what is new, what is there already, what differs, what cannot be taken.

use super::bind::{Bound, Why, bind};
use super::existing::Existing;
use super::import_map::{ImportMap, Place, Problem};
use super::resolve::{Resolver, referred};
use super::source::{Fault, Source};
use super::target::{Table, Target};
use super::{customers, people, rows};
use crate::i18n::{Lang, exchange as m};
use crate::model::book::{Book, Needs};
use crate::model::change::ChangeSet;
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::settings::Settings;
use crate::rules::decisions::Act;
use crate::rules::index::Index;
use crate::store::load::Texts;

/// What an import works on.
pub struct Input<'a> {
    /// What becomes what.
    pub map: &'a ImportMap,
    /// The rows.
    pub source: &'a Source,
    /// The files of [`ImportMap::lookups`], in their order.
    pub lookups: &'a [Source],
    /// What is there: at least what [`needs`] asks for.
    pub index: &'a Index<'a>,
    /// The rows of the ledger of [`scanned`]; without one, of any.
    pub existing: &'a Existing,
    /// The texts it was read from.
    pub texts: &'a Texts,
    /// Who imports, and when: what events say that no fact dates.
    pub act: &'a Act,
    /// Whether rows that differ take the new values.
    pub update: bool,
    /// The language of reasons.
    pub lang: Lang,
}

/// A row that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Its number among the source's rows, from 0.
    pub row: u32,
    /// The cell that is wrong, from 0; `None` = the whole row.
    pub cell: Option<usize>,
    /// Why.
    pub reason: String,
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows of the source.
    pub rows: usize,
    /// Added.
    pub new: usize,
    /// There already.
    pub unchanged: usize,
    /// There with other values (taken over with `update`).
    pub changed: usize,
    /// Left out by the map.
    pub skipped: usize,
    /// Not usable.
    pub rejected: usize,
    /// Customers made because rows name them.
    pub customers: usize,
    /// Steps of customers up the ladder of stages.
    pub stages: usize,
}

/// What an import would do.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The changes for all rows that are good. Events have no ids yet.
    pub changes: ChangeSet,
    /// The counts.
    pub counts: Counts,
    /// Ids of what is new, each once.
    pub ids: Vec<String>,
    /// What cannot be taken, by line.
    pub rejects: Vec<Reject>,
    /// The first things that differ: `id  column: old → new`.
    pub differences: Vec<String>,
    /// How many there are.
    pub differing: usize,
}

/// How many differences are worded.
const WORDED: usize = 10;

/// What must be read for an import, beside the ledger of [`scanned`].
pub fn needs(map: &ImportMap) -> Needs {
    let customers = Needs { customers: true, ..Needs::NOTHING };
    let l = match map.into {
        Table::Contacts => return customers,
        // Changed decisions are events.
        Table::Customers => return Needs { ledgers: LedgerSet::of(&[Ledger::Events]), ..customers },
        Table::Ledger(l) => l,
    };
    let types: Vec<Type> = l.columns().iter().filter(|c| map.fills(c.name)).map(|c| c.ty).collect();
    let plain: Vec<Ledger> = types.iter().filter_map(|ty| referred(*ty)).filter(|other| *other != l).collect();
    let of_customers = |ty: &Type| matches!(ty, Type::Ref(RefTo::Customer | RefTo::Party | RefTo::Contact));
    // Orders advance stages, and what products cost on their days is frozen into them.
    let typed: &[Ledger] = if l == Ledger::Orders { &[Ledger::Events, Ledger::Products, Ledger::Rates] } else { &[] };
    let customers = types.iter().any(of_customers);
    Needs { customers, ledgers: LedgerSet::of(typed), plain: LedgerSet::of(&plain), ..Needs::NOTHING }
}

/// The ledger whose rows are compared with those of the source: its files are needed as texts only.
pub fn scanned(map: &ImportMap) -> Option<Ledger> {
    match map.into {
        Table::Ledger(l) => Some(l),
        Table::Customers | Table::Contacts => None,
    }
}

/// What is shared by all rows of an import.
pub(super) struct Env<'e, 'i> {
    pub(super) input: &'e Input<'i>,
    pub(super) bound: &'e Bound<'e>,
    pub(super) resolver: Resolver<'e>,
    pub(super) book: &'e Book,
    pub(super) settings: &'e Settings,
    pub(super) lang: Lang,
}

impl Env<'_, '_> {
    /// The numbers of the source's rows.
    pub(super) fn rows(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.input.source.len()).unwrap_or(u32::MAX)
    }
}

/// Plans an import.
///
/// # Errors
/// Columns that the map names and the file does not have, and required ones that the map does not fill.
pub fn plan(input: &Input<'_>) -> Result<Outcome, Vec<Problem>> {
    let map = input.map;
    let problems = required(map, input.lang);
    if !problems.is_empty() {
        return Err(problems);
    }
    let bound = bind(map, input.source, input.lookups, input.lang)?;
    let book = input.index.book;
    let env = Env {
        input,
        bound: &bound,
        resolver: Resolver::new(book, input.lang),
        book,
        settings: &book.settings,
        lang: input.lang,
    };
    let mut out = match map.into {
        Table::Customers => customers::plan(&env),
        Table::Contacts => people::plan(&env),
        Table::Ledger(ledger) => rows::plan(&env, ledger),
    };
    out.rejects.sort_by_key(|r| r.row);
    out.counts.rows = input.source.len();
    out.counts.rejected = out.rejects.len();
    Ok(out)
}

/// Required columns that nothing fills.
fn required(map: &ImportMap, lang: Lang) -> Vec<Problem> {
    let missing =
        |column: &str| Problem { place: Place::default(), message: m::target_required(lang, map.into.name(), column) };
    let has = |t: &Target| map.column(t).is_some();
    match map.into {
        Table::Customers if !has(&Target::Key("name")) && !has(&Target::Id) => vec![missing("name")],
        Table::Customers => Vec::new(),
        Table::Contacts => [(Target::Customer, "customer"), (Target::Contact("name"), "name")]
            .into_iter()
            .filter(|(t, _)| !has(t))
            .map(|(_, name)| missing(name))
            .collect(),
        Table::Ledger(l) => {
            // Ids are made from the source's key where the company gives none; lines are counted.
            let made = |name: &str| name == "line" || name == "id" && !l.prefix().is_empty();
            let columns = l.columns().iter().enumerate();
            columns
                .filter(|(n, c)| c.required && !made(c.name) && !has(&Target::Column(*n)))
                .map(|(_, c)| missing(c.name))
                .collect()
        }
    }
}

/// Why a row cannot be read at all.
pub(super) fn fault(f: Fault, lang: Lang) -> String {
    match f {
        Fault::Encoding => m::row_encoding(lang),
        Fault::Cells { found, expected } => m::row_cells(lang, found, expected),
        Fault::Quote => m::row_quote(lang),
    }
}

impl Outcome {
    /// Notes a row that cannot be taken.
    pub(super) fn reject(&mut self, row: u32, why: Why) {
        self.rejects.push(Reject { row, cell: why.cell, reason: why.words });
    }

    /// Notes something that differs from what is there.
    pub(super) fn differ(&mut self, words: impl FnOnce() -> String) {
        if self.differences.len() < WORDED {
            self.differences.push(words());
        }
        self.differing += 1;
    }

    /// Notes something new.
    pub(super) fn note_new(&mut self, id: &str) {
        self.counts.new += 1;
        if self.ids.last().is_none_or(|last| last != id) {
            self.ids.push(id.to_string());
        }
    }
}
