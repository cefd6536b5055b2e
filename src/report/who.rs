//! Who follows this name, phone or domain (查重/报备).

use super::document::{Cell, Column, Document, Row, Table, Tone};
use super::due::{code, text};
use super::fields::{rest_words, stage_label};
use super::{col, hidden};
use crate::i18n::{Lang, messages as m, values};
use crate::model::Str;
use crate::model::book::Reads;
use crate::model::customer::{Customer, Rest};
use crate::model::ledger::Ledger;
use crate::model::reach::tax_id;
use crate::query::{Needle, fold};
use crate::rules::duplicates::keys::domain;
use crate::rules::duplicates::names::{Name, SIMILAR_TO_TYPED, city, similarity};
use crate::rules::engine::index::Index;
use crate::rules::followers::followers;
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;

/// What this report reads.
pub const READS: Reads = Reads::customers_and(&[Ledger::Activities, Ledger::Events]);

/// How well a customer fits a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Same id, name, alias, phone, mail or domain.
    Exact,
    /// The text stands in one of them, or its pinyin does.
    Part,
    /// Most of the name is the same.
    Similar,
}

impl Match {
    /// Machine key.
    pub fn key(self) -> &'static str {
        match self {
            Match::Exact => "exact",
            Match::Part => "part",
            Match::Similar => "similar",
        }
    }
}

/// What is looked for, prepared once for all customers.
struct Wanted {
    folded: String,
    name: Name,
    domain: Option<String>,
    tax_id: String,
    needle: Needle,
}

impl Wanted {
    fn new(text: &str) -> Wanted {
        let (folded, name, tax_id, needle) = (fold(text), Name::of(text, ""), tax_id(text), Needle::new(text));
        Wanted { folded, name, domain: domain(text), tax_id, needle }
    }
}

/// How well a customer fits; `None` when it does not.
fn fits(c: &Customer, rest: &Rest, wanted: &Wanted) -> Option<Match> {
    let words = rest_words(c, rest);
    let same_tax_id = || !wanted.tax_id.is_empty() && tax_id(rest.text("tax_id")) == wanted.tax_id;
    let exact = words.iter().any(|w| {
        fold(w) == wanted.folded
            || wanted.needle.is_phone_of(w)
            || (wanted.domain.is_some() && w.contains('.') && domain(w) == wanted.domain)
    });
    if exact || same_tax_id() {
        return Some(Match::Exact);
    }
    if words.iter().any(|w| wanted.needle.matches(w)) {
        return Some(Match::Part);
    }
    let city = city(rest.text("city"));
    let similar = std::iter::once(&c.name).chain(&rest.aliases).any(|n| {
        let (a, b) = (&wanted.name.key, Name::of(n, &city).key);
        !a.is_empty() && (*a == b || similarity(a, &b) >= SIMILAR_TO_TYPED)
    });
    similar.then_some(Match::Similar)
}

fn followers_cell(ids: BTreeSet<Str>) -> Cell {
    if ids.is_empty() { Cell::Missing } else { Cell::list(ids) }
}

/// The customers that fit a text, best first; with their numbers.
pub fn report(index: &Index<'_>, wanted: &str, lang: Lang) -> (Document, Vec<usize>) {
    let book = index.book;
    let wanted = Wanted::new(wanted);
    let fit = |n: usize| Some((book.customers[n].look(|rest| fits(&book.customers[n], rest, &wanted))?, n));
    let mut found: Vec<(Match, usize)> =
        (0..book.customers.len()).into_par_iter().with_min_len(256).filter_map(fit).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    // Similar names matter only when nothing fits better.
    if found.iter().any(|(m, _)| *m == Match::Exact) {
        found.retain(|(m, _)| *m != Match::Similar);
    }
    // Who follows contacts of it beside its owner.
    let theirs = |n: usize| followers(&book.team, &book.customers[n], book.today);
    let columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "match"),
        col(lang, "owner"),
        Column { machine_only: found.iter().all(|(_, n)| theirs(*n).is_empty()), ..col(lang, "followers") },
        col(lang, "stage"),
        col(lang, "status"),
        col(lang, "pool"),
        col(lang, "last_activity"),
        hidden(lang, "last_by"),
        col(lang, "city"),
        col(lang, "phone"),
    ];
    let rows = found
        .iter()
        .map(|(fit, n)| {
            let c = &book.customers[*n];
            let last = index.activities(*n).last();
            let in_pool = c.owner.is_empty();
            Row {
                cells: vec![
                    Cell::Id(c.id.into()),
                    text(c.name),
                    code(fit.key(), values::value(lang, "match", fit.key())),
                    if in_pool { Cell::code("", &m::the_pool(lang)) } else { code(c.owner, book.team.name(c.owner)) },
                    followers_cell(theirs(*n)),
                    code(c.stage, stage_label(lang, &book.settings, c.stage)),
                    code(c.status(), values::value(lang, "status", c.status())),
                    if in_pool {
                        text(if c.text("pool").is_empty() { "default" } else { c.text("pool") })
                    } else {
                        Cell::Missing
                    },
                    last.map_or(Cell::Missing, |a| Cell::Day(a.day())),
                    last.map_or(Cell::Missing, |a| text(a.by())),
                    text(c.text("city")),
                    text(c.text("phone")),
                ],
                tone: if *fit == Match::Exact { Tone::Warn } else { Tone::Plain },
                ..Row::default()
            }
        })
        .collect();
    let doc = Document::table(Table { columns, rows, ..Table::default() });
    (doc, found.into_iter().map(|(_, n)| n).collect())
}
