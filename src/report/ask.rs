//! What a report is: its name, the flags and terms that it takes, the columns that it shows, what it reads, and the answer
//! that it makes. `report::REPORTS` is the table of all reports; one engine of the command line runs any of them.
//! Not here: the figures themselves, words, the command line.

use super::document::{Block, Cell, Column, Document, Table};
use super::fields::{CustomerFields, CustomerRecord, LedgerFields, LineRecord, RowRecord};
use super::list::sum_of;
use super::series::Reading;
use crate::diag::nearest;
use crate::i18n::{Lang, labels, messages as m};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::model::order::OrderLine;
use crate::model::period::{Calendar, Period};
use crate::model::row::PlainRow;
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::query::{Filter, Per, QueryError};
use crate::report::picture::Picture;
use crate::rules::engine::index::Index;
use crate::rules::profit::Sale;
use crate::rules::unjoined::Unjoined;
use std::collections::HashSet;

/// A flag that only one report takes. Its help stands in `i18n`, by the report's name and its own.
pub struct Flag {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// What stands for its value in usage lines; `None` = it has none.
    pub value: Option<&'static str>,
    /// The value where it is not given.
    pub default: Option<&'static str>,
    /// The values that it takes.
    pub values: FlagValues,
}

/// The values that a flag of a report takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagValues {
    /// Whatever the report can read.
    Any,
    /// These, and others that the report can read.
    Known(&'static [&'static str]),
    /// These alone.
    Only(&'static [&'static str]),
}

impl FlagValues {
    /// Those that are known.
    pub const fn list(self) -> &'static [&'static str] {
        match self {
            FlagValues::Any => &[],
            FlagValues::Known(list) | FlagValues::Only(list) => list,
        }
    }
}

/// Whether a report can be asked in this way.
///
/// # Errors
/// What is wrong with a flag, or with flags together.
pub fn check(report: &dyn Report, ask: &Ask<'_>, lang: Lang) -> Result<(), Misuse> {
    for f in report.flags() {
        let (typed, FlagValues::Only(list)) = (ask.flag(f.name), f.values) else { continue };
        if !list.contains(&typed) {
            return Err(Misuse::Value {
                message: m::invalid_argument(lang, typed, format!("--{}", f.name)),
                nearest: nearest(typed, list.iter().copied()),
                hint: m::hint_values(lang, list.join(", ")),
            });
        }
    }
    report.check(ask, lang)
}

/// What filter terms are about that name no column of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Order lines: their columns, their products, and their customers.
    Lines,
    /// Customers.
    Customers,
    /// Rows of another ledger: their columns, what is computed of them, and their customers.
    Rows(Ledger),
}

impl Over {
    /// The ledger whose fields terms are read in.
    pub const fn ledger(self) -> Ledger {
        match self {
            Over::Lines | Over::Customers => Ledger::Orders,
            Over::Rows(ledger) => ledger,
        }
    }
}

/// Which days count unless `-p` says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// The report has no period: it is about the day that everything is seen from.
    Today,
    /// All.
    All,
    /// This period.
    Of(&'static str),
}

/// Whether a report has figures by parts of a period (`--per`) and beside another period (`--compare`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// `--per`.
    pub per: bool,
    /// `--compare`.
    pub compare: bool,
    /// The command that does instead what this report does not.
    pub instead: &'static str,
}

use crate::model::value::Schema as _;
pub use crate::model::value::Values;

/// Arguments that a report cannot do anything with, worded.
#[derive(Debug)]
pub enum Misuse {
    /// A wrong value.
    Value {
        /// What is wrong.
        message: String,
        /// Values that may have been meant.
        nearest: Vec<String>,
        /// What may stand there; empty = nothing to say.
        hint: String,
    },
    /// A day or period that cannot be read.
    Query(QueryError),
}

/// What is compared with.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The period asked about, as it was typed.
    pub word: String,
    /// The other period, as it was typed, or the key of its reading.
    pub other: String,
    /// What sort of comparison it is.
    pub reading: Reading,
    /// Its days.
    pub then: Period,
}

/// How a report is asked for.
pub struct Ask<'q> {
    /// kehu.toml.
    pub settings: &'q Settings,
    /// team.toml.
    pub team: &'q Team,
    /// The day everything is seen from, and how periods are read.
    pub calendar: Calendar,
    /// The days that count.
    pub period: Period,
    /// A figure for each day, week … of the period.
    pub per: Option<Per>,
    /// The period that stands beside.
    pub compare: Option<Compared>,
    /// The customer that it is about, where it is about one.
    pub customer: Option<usize>,
    /// The values of the report's own flags.
    pub flags: Vec<(&'static str, String)>,
    /// Which rows the figures are made of.
    pub filter: Filter,
    /// The fields that the filter names, where it is about rows.
    pub fields: &'q LedgerFields<'q>,
    /// Whether people read the answer.
    pub people: bool,
    /// Whether they read it on a terminal, with the columns that the report chooses.
    pub narrow: bool,
    /// How many rows will be shown, where that is known beforehand; others need not be made.
    pub limit: Option<usize>,
    /// Whether figures are judged by terms, so that all of them are needed.
    pub judged: bool,
    /// The rows that the totals are about, by [`row_key`]; `None` = all.
    pub kept: Option<HashSet<String>>,
    /// The words by which columns are named in `--columns`, `--sort` and terms.
    pub named: Vec<String>,
    /// Whether a column is shown, judged, or decides the order of the rows.
    pub asked: Box<dyn Fn(&Column) -> bool + 'q>,
}

impl<'q> Ask<'q> {
    /// A report over all days and rows, for a program.
    pub fn new(settings: &'q Settings, team: &'q Team, calendar: Calendar, fields: &'q LedgerFields<'q>) -> Ask<'q> {
        Ask {
            settings,
            team,
            calendar,
            period: Period::ALL,
            per: None,
            compare: None,
            customer: None,
            flags: Vec::new(),
            filter: Filter::default(),
            fields,
            people: false,
            narrow: false,
            limit: None,
            judged: false,
            kept: None,
            named: Vec::new(),
            asked: Box::new(|_| true),
        }
    }

    /// The value of one of the report's flags; empty where it has none.
    pub fn flag(&self, name: &str) -> &str {
        self.flags.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Whether a flag without value was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.flags.iter().any(|(n, _)| *n == name)
    }

    /// Whether a column is named somewhere, by its key or label.
    pub fn names(&self, key: &str) -> bool {
        self.named.iter().any(|word| word == key || labels::keys_for(word).contains(&key))
    }

    /// Whether an order line is one of those that the figures are made of.
    pub fn has_line(&self, index: &Index<'_>, line: OrderLine, customer: Option<usize>) -> bool {
        self.filter.is_empty() || self.filter.matches(&LineRecord { index, line, customer, fields: self.fields })
    }

    /// The same of a sale.
    pub fn has_sale(&self, index: &Index<'_>, s: &Sale<'_>) -> bool {
        match s.line {
            Some(line) => self.has_line(index, line, s.customer),
            // An allowance is no line: only what is known of its customer can be asked.
            None => {
                let fits = |customer| self.filter.matches(&CustomerRecord { index, customer });
                self.filter.is_empty() || s.customer.is_some_and(fits)
            }
        }
    }

    /// Whether a row of the report's ledger is one of those that the figures are made of.
    pub fn has_row(&self, index: &Index<'_>, ledger: Ledger, row: &PlainRow) -> bool {
        self.filter.is_empty() || self.filter.matches(&RowRecord { index, ledger, row, fields: self.fields })
    }

    /// The values of a column of the report's ledger that is a field with a closed list; none of any other.
    pub fn values_of_rows(&self, column: &str) -> Values {
        self.fields.find(column).map_or_else(Vec::new, |d| d.values)
    }

    /// The values of a column that is a field of customers with a closed list; none of any other.
    pub fn values_of(&self, column: &str) -> Values {
        CustomerFields::new(self.settings, self.team).find(column).map_or_else(Vec::new, |d| d.values)
    }

    /// The customers that fit, by index.
    pub fn customers(&self, index: &Index<'_>) -> Vec<usize> {
        let fits = |customer: &usize| {
            self.filter.is_empty() || self.filter.matches(&CustomerRecord { index, customer: *customer })
        };
        (0..index.book.customers.len()).filter(fits).collect()
    }

    /// Whether a row counts in the totals, by its first cell.
    pub fn keeps(&self, first: &Cell) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept.contains(&row_key(first)))
    }
}

/// What a row is about, by its first cell.
pub fn row_key(first: &Cell) -> String {
    // Groups without a key are told apart by their words.
    match (first.text().unwrap_or_default(), first.label()) {
        ("", Some(words)) => format!("\0{words}"),
        (key, _) => key.to_string(),
    }
}

/// When a caveat makes the exit code 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    /// Never.
    Never,
    /// With `--strict`.
    Strict,
    /// Always: rows were left out that no figure can count.
    Always,
}

/// What the reader must know besides the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caveat {
    /// The words.
    pub text: String,
    /// When it makes the exit code 3.
    pub fails: Fails,
}

impl Caveat {
    /// Rows that could not be joined: they are named, and make the exit code 3.
    pub fn of_unjoined(found: &[Unjoined], lang: Lang) -> Vec<Caveat> {
        let words = super::unjoined::words(found, lang).into_iter();
        words.map(|text| Caveat { text, fails: Fails::Always }).collect()
    }
}

/// What a report answers. The main block of the document is the table whose columns [`Report::columns`] declares.
#[derive(Debug, Default)]
pub struct Answer {
    /// The document.
    pub doc: Document,
    /// What stands below it, or on stderr beside machine formats.
    pub caveats: Vec<Caveat>,
}

impl Answer {
    /// An answer that needs no caveats.
    pub fn of(doc: Document) -> Answer {
        Answer { doc, caveats: Vec::new() }
    }

    /// The main table.
    pub fn table(&mut self) -> Option<&mut Table> {
        match self.doc.blocks.get_mut(self.doc.main) {
            Some(Block::Table(table)) => Some(table),
            _ => None,
        }
    }
}

/// A report.
pub trait Report: Sync {
    /// Its name on the command line, and the key of its words.
    fn name(&self) -> &'static str;
    /// Calls that show what it can do.
    fn examples(&self) -> &'static [&'static str];
    /// What terms are about that name none of its columns.
    fn over(&self) -> Over {
        Over::Lines
    }
    /// Which days count.
    fn days(&self) -> Days {
        Days::All
    }
    /// Its own flags.
    fn flags(&self) -> &'static [Flag] {
        &[]
    }
    /// Whether it is about one customer, who is named in the place of terms.
    fn of_one_customer(&self) -> bool {
        false
    }
    /// Whether it can say what stands behind its figures.
    fn explains(&self) -> bool {
        false
    }
    /// What it does with `--per` and `--compare`.
    fn series(&self) -> Series;
    /// Judges the values of its flags.
    ///
    /// # Errors
    /// What is wrong, worded.
    fn check(&self, _ask: &Ask<'_>, _lang: Lang) -> Result<(), Misuse> {
        Ok(())
    }
    /// What it reads.
    fn reads(&self, ask: &Ask<'_>) -> Reads;
    /// Whether the names (and owners) of its rows' customers are read once it is known which rows are shown.
    fn names_later(&self, _ask: &Ask<'_>) -> bool {
        false
    }
    /// Its columns, in the order of machine formats.
    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column>;
    /// The values of a column that holds one of a closed list.
    fn values(&self, _column: &str, _ask: &Ask<'_>) -> Values {
        Vec::new()
    }
    /// The columns that only say what a row is about, where the rows behind it all have the same there: a term that names
    /// one chooses these rows, which comes to the same and reads less.
    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        Vec::new()
    }
    /// The caption's first part: what it is called, and by what it groups.
    fn title(&self, _ask: &Ask<'_>, lang: Lang) -> String {
        crate::i18n::reporting::title(lang, self.name()).to_string()
    }
    /// The answer.
    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer;
    /// Makes the totals of the rows that stayed, where terms took some away: sums, unless the report knows better.
    fn totals(&self, answer: &mut Answer, _index: &Index<'_>, _ask: &Ask<'_>, _lang: Lang) {
        if let Some(table) = answer.table() {
            sum_up(table);
        }
    }
    /// What is drawn of its table where people look rather than read.
    fn pictures(&self, _ask: &Ask<'_>) -> Vec<Picture> {
        Vec::new()
    }
    /// The figure that people see of each part of the period, a column each.
    fn pivoted(&self) -> Option<&'static str> {
        None
    }
    /// Whether people read its rows in sections, in which one thing may stand several times.
    fn has_sections(&self) -> bool {
        false
    }
    /// Puts the rows of the first things, as many as `limit` says, into the sections that people read.
    fn regroup(&self, _doc: &mut Document, _limit: Option<usize>, _sorted: bool, _lang: Lang) {}
    /// Puts what stands behind the first `shown` rows below the table.
    fn explain(&self, _doc: &mut Document, _index: &Index<'_>, _ask: &Ask<'_>, _shown: usize, _lang: Lang) {}
}

/// Makes each number of the footer the sum of its column; amounts count where they are in the footer's currency.
pub fn sum_up(table: &mut Table) {
    let sums: Vec<Cell> = match table.footer.first() {
        None => return,
        Some(footer) => footer.cells.iter().enumerate().map(|(n, was)| sum_of(&table.rows, n, was)).collect(),
    };
    table.footer.truncate(1);
    table.footer[0].cells = sums;
}
