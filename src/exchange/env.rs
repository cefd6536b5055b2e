//! What all rows of an import share: what it works on, and what comes of it.

use super::bind::{Bound, View, Why};
use super::existing::Existing;
use super::import_map::ImportMap;
use super::resolve::Resolver;
use super::source::{Cells, Fault, Source, as_read};
use crate::i18n::{Lang, exchange as m};
use crate::model::book::Book;
use crate::model::change::ChangeSet;
use crate::model::settings::Settings;
use crate::rules::engine::index::Index;
use crate::rules::owning::Share;
use crate::rules::turn::Act;
use crate::store::cells::unescape_note;
use crate::store::load::FileTexts;

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
    pub texts: &'a FileTexts,
    /// Who imports, and when: what events say that no fact dates.
    pub act: &'a Act,
    /// Whether rows that differ take the new values.
    pub update: bool,
    /// Who shares the new customers that nobody owns, and how.
    pub share: Option<(&'a [String], Share)>,
    /// What our own export prints for a text: a source that says just that says nothing new.
    pub printed: fn(&str) -> String,
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
    /// Complaints that low answers open.
    pub complaints: usize,
    /// Orders or quotes below their floor that the map does not accept by name.
    pub below_floor: usize,
    /// New customers in a stage whose requirements they do not meet, where the map does not accept that by name.
    pub ahead: usize,
    /// Order lines whose amount their quantity, price and discount contradict.
    pub doubtful: usize,
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
    /// How rows are known again, where that may surprise.
    pub says: Vec<String>,
    /// What customers share with others that tells them apart (R14).
    pub alike: Vec<String>,
    /// Customers whose stage stays as it is, though their orders would move it.
    pub stays: Vec<String>,
}

/// How many differences are worded.
const WORDED: usize = 10;

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
    /// What a source of our own export says of a text.
    pub(super) fn read_back(&self, text: &str) -> String {
        let cell = (self.input.printed)(text);
        let cell = as_read(&cell);
        if self.input.map.is_own { unescape_note(cell).into_owned() } else { cell.to_string() }
    }

    /// Whether a text of the source is another one than what is there.
    pub(super) fn is_news(&self, there: &str, new: &str) -> bool {
        there != new && self.read_back(there) != new
    }

    /// The numbers of the source's rows.
    pub(super) fn rows(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.input.source.len()).unwrap_or(u32::MAX)
    }

    /// Takes the source's rows one by one: those that can be read, and that the map does not leave out.
    pub(super) fn each(&self, out: &mut Outcome, mut take: impl FnMut(&mut Outcome, u32, &View<'_>)) {
        let mut cells = Cells::default();
        for n in self.rows() {
            self.input.source.read_row(n as usize, &mut cells);
            if let Some((f, cell)) = cells.fault {
                out.reject(n, Why { words: fault(f, self.lang), cell: Some(cell) });
                continue;
            }
            match self.bound.view(&cells) {
                Some(view) => take(out, n, &view),
                None => out.counts.skipped += 1,
            }
        }
    }
}

/// Why a row cannot be read at all.
fn fault(f: Fault, lang: Lang) -> String {
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
