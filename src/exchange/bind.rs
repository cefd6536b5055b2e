//! A map meets a file: names of columns become places of cells.

use super::expression::{Arithmetic, Template};
use super::import_map::{Column, ImportMap, MapPlace, Numbers, Origin, Problem, Treatment};
use super::key::{Key, key};
use super::source::{Cells, Source};
use super::target::{Table, Target};
use super::value::{number, treat};
use crate::diag::{Near, listed};
use crate::i18n::{Lang, exchange as m};
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeyType};
use crate::model::ledger::Type;
use crate::model::money::parse_decimal;
use crate::model::reach::{is_rounded, without_decimals};
use crate::store::cells::unescape_note;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// The place of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// In the row itself.
    Main(usize),
    /// In the row's partner in a joined file.
    Joined(usize, usize),
}

/// A column to be filled.
#[derive(Debug)]
pub(super) struct BoundColumn<'m> {
    pub(super) target: &'m Target,
    pub(super) name: String,
    pub(super) how: &'m Treatment,
    /// The first cell of the row that it is made of.
    pub(super) cell: Option<usize>,
    origin: Origin<Field>,
    /// Whether each digit counts: no rounded number is an id, a key or a phone number.
    exact: bool,
    /// Whether it is a phone number, which spreadsheets take for a number with decimals.
    phone: bool,
}

struct Joined<'m> {
    name: &'m str,
    equals: Template<Field>,
    optional: bool,
    /// Row of each key; `None` = several.
    rows: HashMap<Key, Option<u32>>,
    source: &'m Source,
}

/// A map with the files it was made for.
pub(super) struct Bound<'m> {
    pub(super) columns: Vec<BoundColumn<'m>>,
    pub(super) create: Option<Vec<BoundColumn<'m>>>,
    pub(super) source_key: Option<Template<Field>>,
    skip: Vec<(usize, HashSet<&'m str>)>,
    only: Vec<(usize, HashSet<&'m str>)>,
    lookups: Vec<Joined<'m>>,
    missing: HashSet<&'m str>,
    numbers: Numbers,
    /// Whether cells stand as our own export writes them.
    own: bool,
    lang: Lang,
}

/// A row of the source with its partners.
pub(super) struct View<'b> {
    bound: &'b Bound<'b>,
    cells: &'b Cells,
    partners: Vec<Result<Option<Cells>, String>>,
}

/// A reason without a place, or with the cell that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) words: String,
    pub(super) cell: Option<usize>,
}

impl From<String> for Why {
    fn from(words: String) -> Why {
        Why { words, cell: None }
    }
}

impl BoundColumn<'_> {
    /// What is wrong with the value of this column.
    pub(super) fn wrong(&self, lang: Lang, words: impl std::fmt::Display) -> Why {
        Why { words: m::in_column(lang, &self.name, words), cell: self.cell }
    }
}

/// Whether a column holds texts of which each digit counts; notes may say anything.
fn is_exact(target: &Target, table: Table) -> bool {
    let of_key = |keys: &[crate::model::customer::KeySpec], name: &str| {
        let ty = keys.iter().find(|k| k.name == name).map(|k| k.ty);
        matches!(ty, Some(KeyType::Text | KeyType::List | KeyType::Ref(_)))
    };
    match (target, table) {
        (Target::Column(n), Table::Ledger(l)) => {
            matches!(l.columns()[*n].ty, Type::RowId | Type::OwnId | Type::Text | Type::Ref(_))
        }
        (Target::Key(k), _) => of_key(CUSTOMER_KEYS, k),
        (Target::Contact(k), _) => of_key(CONTACT_KEYS, k),
        (Target::Own(_) | Target::Id | Target::Customer, _) => true,
        // What its type is is known where it is read.
        (Target::Column(_) | Target::Field(_), _) => false,
    }
}

/// Whether a column holds phone numbers.
fn is_phone(target: &Target, table: Table) -> bool {
    match (target, table) {
        (Target::Column(n), Table::Ledger(l)) => l.columns()[*n].name == "phone",
        (Target::Key(k) | Target::Contact(k), _) => *k == "phone",
        _ => false,
    }
}

/// The columns of a file, by name.
struct Headers<'h> {
    names: &'h [String],
    /// The first column of a name, and whether there are more.
    at: HashMap<&'h str, (usize, bool)>,
    near: RefCell<Near>,
}

impl<'h> Headers<'h> {
    fn of(names: &'h [String]) -> Headers<'h> {
        let mut at: HashMap<&str, (usize, bool)> = HashMap::with_capacity(names.len());
        for (n, name) in names.iter().enumerate() {
            at.entry(name).and_modify(|known| known.1 = true).or_insert((n, false));
        }
        Headers { names, at, near: RefCell::default() }
    }

    /// A message with the columns that are nearest, or with some when none is near.
    fn named(&self, message: String, column: &str, lang: Lang) -> String {
        match self.near.borrow_mut().to(column, self.names.iter().map(String::as_str)) {
            near if near.is_empty() => m::with_columns(lang, message, listed(self.names.iter().map(String::as_str))),
            near => m::near(lang, message, near.join(", ")),
        }
    }

    fn not_in_lookup(&self, lookup: &str, column: &str, lang: Lang) -> String {
        self.named(m::lookup_column_missing(lang, lookup, column), column, lang)
    }

    fn column(&self, name: &str, lang: Lang) -> Result<usize, String> {
        match self.at.get(name) {
            Some((n, false)) => Ok(*n),
            Some((_, true)) => Err(m::header_twice(lang, name)),
            None => Err(self.named(m::header_missing(lang, name), name, lang)),
        }
    }
}

/// The cell of the row itself that is used first.
fn first_cell(origin: &Origin<Field>) -> Option<usize> {
    let mut first = None;
    let mut look = |f: &Field| {
        if let Field::Main(n) = f {
            first = first.or(Some(*n));
        }
        Ok::<Field, ()>(*f)
    };
    let _ = origin.bind(&mut look);
    first
}

/// Finds every column that the map names. `lookups` are the files of [`ImportMap::lookups`], in their order.
///
/// # Errors
/// Every name that is not there.
pub(super) fn bind<'m>(
    map: &'m ImportMap,
    source: &'m Source,
    lookups: &'m [Source],
    lang: Lang,
) -> Result<Bound<'m>, Vec<Problem>> {
    let mut problems: Vec<Problem> = Vec::new();
    let own = Headers::of(&source.headers);
    let joined: Vec<Headers<'_>> = lookups.iter().map(|l| Headers::of(&l.headers)).collect();
    let by_name: HashMap<&str, usize> =
        map.lookups.iter().enumerate().rev().map(|(n, l)| (l.name.as_str(), n)).collect();
    let main = |name: &String| own.column(name, lang).map(Field::Main);
    let any = |name: &String| -> Result<Field, String> {
        if !own.at.contains_key(name.as_str())
            && let Some((lookup, column)) = name.split_once('.')
            && let Some(n) = by_name.get(lookup).copied()
        {
            return joined[n]
                .column(column, lang)
                .map(|c| Field::Joined(n, c))
                .map_err(|_| joined[n].not_in_lookup(lookup, column, lang));
        }
        main(name)
    };
    let mut bound = Bound {
        columns: Vec::new(),
        create: None,
        source_key: None,
        skip: Vec::new(),
        only: Vec::new(),
        lookups: Vec::new(),
        missing: map.missing.iter().map(String::as_str).collect(),
        numbers: map.numbers,
        own: map.is_own,
        lang,
    };
    let column = |c: &'m Column, table: Table| match c.origin.bind(&mut |name| any(name)) {
        Ok(origin) => {
            let (name, cell) = (c.target.key(table), first_cell(&origin));
            let exact = is_exact(&c.target, table);
            let phone = is_phone(&c.target, table);
            Ok(BoundColumn { target: &c.target, name, how: &c.how, cell, origin, exact, phone })
        }
        Err(message) => Err(Problem { place: c.place, message }),
    };
    let mut all = |columns: &'m [Column], table: Table| {
        let mut out = Vec::new();
        for c in columns {
            column(c, table).map_or_else(|p| problems.push(p), |c| out.push(c));
        }
        out
    };
    bound.columns = all(&map.columns, map.into);
    bound.create = map.create.as_deref().map(|c| all(c, Table::Customers));
    let mut keep = |place: MapPlace, message: String| problems.push(Problem { place, message });
    if let Some((t, at)) = &map.source_key {
        match t.bind(&mut |name| any(name)) {
            Ok(t) => bound.source_key = Some(t),
            Err(e) => keep(*at, e),
        }
    }
    for (from, to) in [(&map.skip, &mut bound.skip), (&map.only, &mut bound.only)] {
        for choice in from {
            match own.column(&choice.column, lang) {
                Ok(n) => to.push((n, choice.values.iter().map(String::as_str).collect())),
                Err(e) => keep(choice.place, e),
            }
        }
    }
    for ((l, file), headers) in map.lookups.iter().zip(lookups).zip(&joined) {
        let column = headers.column(&l.key, lang).map_err(|_| headers.not_in_lookup(&l.name, &l.key, lang));
        match (l.equals.bind(&mut |name| main(name)), column) {
            (Ok(equals), Ok(column)) => {
                let mut rows: HashMap<Key, Option<u32>> = HashMap::with_capacity(file.len());
                let mut cells = Cells::default();
                for n in 0..file.len() {
                    file.read_row(n, &mut cells);
                    if cells.fault.is_none() {
                        let here = u32::try_from(n).ok();
                        rows.entry(key(&[cells.get(column)])).and_modify(|e| *e = None).or_insert(here);
                    }
                }
                bound.lookups.push(Joined { name: &l.name, equals, optional: l.optional, rows, source: file });
            }
            (equals, column) => {
                let wrong = [column.err(), equals.err()];
                wrong.into_iter().zip(l.places).for_each(|(e, at)| e.into_iter().for_each(|e| keep(at, e)));
            }
        }
    }
    if problems.is_empty() { Ok(bound) } else { Err(problems) }
}

/// Why a value could not be had.
enum Stop {
    Words(String),
    Sum(Arithmetic),
}

impl From<Arithmetic> for Stop {
    fn from(a: Arithmetic) -> Stop {
        Stop::Sum(a)
    }
}

impl Stop {
    fn words(self, lang: Lang) -> String {
        match self {
            Stop::Words(w) => w,
            Stop::Sum(Arithmetic::ByZero) => m::by_zero(lang),
            Stop::Sum(Arithmetic::Endless) => m::endless(lang),
            Stop::Sum(Arithmetic::TooLong) => m::too_long(lang),
        }
    }
}

impl<'b> Bound<'b> {
    /// A row, unless the map leaves it out.
    pub(super) fn view(&'b self, cells: &'b Cells) -> Option<View<'b>> {
        let is = |(n, values): &(usize, HashSet<&str>)| values.contains(cells.get(*n));
        if self.skip.iter().any(is) || !self.only.iter().all(is) {
            return None;
        }
        let mut view = View { bound: self, cells, partners: Vec::new() };
        let partners = self.lookups.iter().map(|l| view.partner(l)).collect();
        view.partners = partners;
        Some(view)
    }
}

impl View<'_> {
    fn partner(&self, l: &Joined<'_>) -> Result<Option<Cells>, String> {
        let lang = self.bound.lang;
        let text = l.equals.fill(&|f| self.exact(f))?;
        match l.rows.get(&key(&[&text])) {
            Some(Some(n)) => Ok(Some(l.source.row(*n as usize))),
            Some(None) => Err(m::two_partners(lang, l.name, text)),
            None if l.optional || text.is_empty() => Ok(None),
            None => Err(m::no_partner(lang, l.name, text)),
        }
    }

    fn get(&self, f: &Field) -> Result<&str, String> {
        let text = match f {
            Field::Main(n) => self.cells.get(*n),
            Field::Joined(l, n) => match self.partners.get(*l) {
                Some(Ok(Some(cells))) => cells.get(*n),
                Some(Err(why)) => return Err(why.clone()),
                _ => "",
            },
        };
        Ok(if self.bound.missing.contains(text) { "" } else { text })
    }

    /// The same where each digit counts.
    fn exact(&self, f: &Field) -> Result<&str, String> {
        let text = self.get(f)?;
        if is_rounded(text) { Err(m::rounded_number(self.bound.lang, text)) } else { Ok(text) }
    }

    /// The value of a column, treated but not yet of the column's type; empty = missing.
    pub(super) fn value(&self, c: &BoundColumn<'_>) -> Result<String, Why> {
        let lang = self.bound.lang;
        let text = match &c.origin {
            Origin::Cell(f) => if c.exact { self.exact(f) } else { self.get(f) }.map(|text| match self.bound.own {
                true => unescape_note(text).into_owned(),
                false => text.to_string(),
            }),
            Origin::Constant(t) => Ok(t.clone()),
            Origin::Template(t) if c.exact => t.fill(&|f| self.exact(f)),
            Origin::Template(t) => t.fill(&|f| self.get(f)),
            Origin::Expression(e) => {
                let operand = |f: &Field| {
                    let text = self.get(f).map_err(Stop::Words)?;
                    if text.is_empty() {
                        return Ok(None);
                    }
                    let n = number(text, self.bound.numbers).and_then(|n| parse_decimal(&n));
                    n.map(Some).ok_or_else(|| Stop::Words(m::not_a_number(lang, text)))
                };
                // What was computed is written as our files hold it.
                let plain = |n: crate::model::money::Decimal| n.normalize().to_string();
                e.value(&operand).map(|v| v.map(plain).unwrap_or_default()).map_err(|w| w.words(lang))
            }
        };
        let text = text.map(|t| treat(t, c.how)).map_err(|e| c.wrong(lang, e))?;
        Ok(without_decimals(&text).filter(|_| c.phone).map(str::to_string).unwrap_or(text))
    }

    /// Whether a column holds a number that was computed, which is plain however the source writes numbers.
    pub(super) fn numbers(&self, c: &BoundColumn<'_>) -> Numbers {
        match c.origin {
            Origin::Expression(_) | Origin::Constant(_) => Numbers::Plain,
            _ => self.bound.numbers,
        }
    }

    /// The key of the source; `None` when the map has none.
    pub(super) fn source_key(&self) -> Option<Result<String, String>> {
        self.bound.source_key.as_ref().map(|t| t.fill(&|f| self.exact(f)))
    }
}
