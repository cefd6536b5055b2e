//! The import map: which column of another program's file becomes which column of ours (docs/import.md).

use super::expression::{Expression, Template};
use super::source;
use super::target::{Table, Target, find};
use crate::i18n::{Lang, exchange as m, labels};
use crate::model::settings::Settings;
use crate::rules::review::FIGURES;
use std::collections::{HashMap, HashSet};

/// The exception with which customers begin, without a word, in a stage whose requirements they do not meet.
pub(super) const STAGE_REQUIRES: &str = "stage-requires";

/// Where something stands in a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MapPlace {
    /// Line, from 1; 0 = the whole file.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Values by which rows are left out or taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The header.
    pub column: String,
    /// The values.
    pub values: Vec<String>,
    /// Where it stands.
    pub place: MapPlace,
}

/// What is wrong with a map, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: MapPlace,
    /// What is wrong, and what mends it.
    pub message: String,
}

/// How numbers are written in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// `1234.5`
    #[default]
    Plain,
    /// `1,234.5`, also with a sign of a currency.
    Commas,
    /// `1.234,5`, also with a sign of a currency.
    Points,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin<F> {
    /// A cell.
    Cell(F),
    /// The same for all rows.
    Constant(String),
    /// Text with cells in it.
    Template(Template<F>),
    /// Exact arithmetic.
    Expression(Expression<F>),
}

impl<F> Origin<F> {
    /// The same with other fields.
    ///
    /// # Errors
    /// The first one of `f`.
    pub fn bind<G, E>(&self, f: &mut dyn FnMut(&F) -> Result<G, E>) -> Result<Origin<G>, E> {
        Ok(match self {
            Origin::Cell(name) => Origin::Cell(f(name)?),
            Origin::Constant(c) => Origin::Constant(c.clone()),
            Origin::Template(t) => Origin::Template(t.bind(f)?),
            Origin::Expression(e) => Origin::Expression(e.bind(f)?),
        })
    }
}

/// Upper or lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `abc`
    Lower,
    /// `ABC`
    Upper,
}

/// What happens to a value before it is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Treatment {
    /// Formats of chrono to try, in order.
    pub date: Vec<String>,
    /// Texts and what they become; `*` is every other one.
    pub map: HashMap<String, String>,
    /// In place of nothing.
    pub default: Option<String>,
    /// Case.
    pub case: Option<Case>,
    /// A number of per cent becomes a fraction.
    pub percent: bool,
}

/// A column to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which.
    pub target: Target,
    /// From what.
    pub origin: Origin<String>,
    /// And how.
    pub how: Treatment,
    /// Where it stands in the map.
    pub place: MapPlace,
}

/// Another CSV file that is joined in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// How its columns are called: `{name.column}`.
    pub name: String,
    /// Path, from the folder of the source.
    pub file: String,
    /// The column that is compared.
    pub key: String,
    /// With what.
    pub equals: Template<String>,
    /// Whether rows without a partner are fine.
    pub optional: bool,
    /// How it is written.
    pub options: source::Options,
    /// Where `key` and `match` stand in the map.
    pub places: [MapPlace; 2],
}

/// An import map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMap {
    /// Where rows go.
    pub into: Table,
    /// How the source is written.
    pub options: source::Options,
    /// How its numbers are written.
    pub numbers: Numbers,
    /// Texts that stand for nothing.
    pub missing: Vec<String>,
    /// What tells that a row was imported before.
    pub source_key: Option<(Template<String>, MapPlace)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// What they fill.
    filled: HashSet<Target>,
    /// Files that are joined in.
    pub lookups: Vec<Lookup>,
    /// Rows to leave out.
    pub skip: Vec<Choice>,
    /// Rows to take: all of them must fit.
    pub only: Vec<Choice>,
    /// What rows may break: keys of [`crate::model::breach::Breach`], of customers what their stage requires,
    /// and that they are there already.
    pub accept: Vec<&'static str>,
    /// Keys of customers that are made where a row names one that is not there.
    pub create: Option<Vec<Column>>,
    /// Whether there is no map of another program's file: cells stand as our own export writes them (`\n` in a note).
    pub is_own: bool,
}

/// Whether a header is that of a figure in the year-end review, which is no key of a customer.
fn is_figure(header: &str) -> bool {
    let known = |key: &str| FIGURES.contains(&key);
    known(header) || labels::keys_for(header).into_iter().any(known)
}

impl ImportMap {
    /// A map without a file: every header is a key of ours, or one of its labels.
    ///
    /// # Errors
    /// The headers that are none.
    pub fn from_headers(
        into: Table,
        headers: &[String],
        settings: &Settings,
        lang: Lang,
    ) -> Result<ImportMap, Vec<Problem>> {
        let mut map = ImportMap { is_own: true, ..ImportMap::new(into) };
        let mut problems = Vec::new();
        for h in headers.iter().filter(|h| !h.is_empty()) {
            match find(into, h, settings) {
                // What `--rejects` added.
                Err(_) if matches!(h.as_str(), "line" | "reason" | "source_line" | "reject_reason") => {}
                // Figures of the year-end review.
                Err(_) if into == Table::Customers && is_figure(h) => {}
                // What `--propose` added.
                Err(_) if h == "payer" || h.starts_with("match") => {}
                Err(near) => problems.push(Problem {
                    place: MapPlace::default(),
                    message: m::near_if_any(lang, m::unknown_target(lang, h, into.name()), &near),
                }),
                Ok(target) => map.add(
                    Column {
                        target,
                        origin: Origin::Cell(h.clone()),
                        how: Treatment::default(),
                        place: MapPlace::default(),
                    },
                    h,
                    lang,
                    &mut problems,
                ),
            }
        }
        if problems.is_empty() { Ok(map) } else { Err(problems) }
    }

    /// A map that fills nothing yet.
    pub fn new(into: Table) -> ImportMap {
        ImportMap {
            into,
            options: source::Options::default(),
            numbers: Numbers::Plain,
            missing: Vec::new(),
            source_key: None,
            columns: Vec::new(),
            filled: HashSet::new(),
            lookups: Vec::new(),
            skip: Vec::new(),
            only: Vec::new(),
            accept: Vec::new(),
            create: None,
            is_own: false,
        }
    }

    /// Adds a column; one that is there already is a problem.
    pub fn add(&mut self, column: Column, name: &str, lang: Lang, problems: &mut Vec<Problem>) {
        if !self.filled.insert(column.target.clone()) {
            problems.push(Problem { place: column.place, message: m::target_twice(lang, name) });
        }
        self.columns.push(column);
    }

    /// The column with a target.
    pub fn column(&self, target: &Target) -> Option<&Column> {
        self.columns.iter().find(|c| c.target == *target)
    }

    /// Whether a column of the ledger is filled.
    pub fn fills(&self, name: &str) -> bool {
        match self.into {
            Table::Ledger(l) => l.column(name).is_some_and(|n| self.column(&Target::Column(n)).is_some()),
            _ => false,
        }
    }
}
