//! Rows of the large ledgers, held by column.
//!
//! A [`Segment`] holds what comes from one file: texts as numbers into a list of different ones, decimals packed into
//! eight bytes, days and instants apart. A row is a handle on a segment ([`crate::model::order::OrderLine`] and its
//! like); its cells are looked up when they are asked for. Empty columns take no room, and columns that a cache keeps
//! are fetched when somebody first asks for them. No file is opened here: who can fetch is a [`Source`].

use super::Str;
use super::day::{At, Day};
use super::ledger::Ledger;
use super::money::{Decimal, Fixed};
use super::place::{RowPlace, Typed};
use super::value::Value;
use chrono::{DateTime, Datelike, NaiveDate};
use std::fmt;
use std::sync::OnceLock;

/// A cell without a value.
pub const MISSING: i64 = i64::MIN;
/// The bits of a packed decimal that hold its scale.
const SCALE_BITS: u32 = 5;
/// The scale that says that the number stands in the list of long ones.
const LONG: i64 = 31;
/// The largest scale of a decimal.
const MAX_SCALE: i64 = 28;
/// Mantissas up to here are packed.
const MAX_PACKED: i64 = 1 << 57;

/// Which different text each cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Every cell has its own.
    Each,
    /// At most 256.
    Byte(Vec<u8>),
    /// At most 65,536.
    Short(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
}

impl Codes {
    /// The narrowest form of a list of numbers below `values`.
    pub fn pack(codes: &[u32], values: usize) -> Codes {
        if values == codes.len() && codes.iter().enumerate().all(|(n, c)| *c as usize == n) {
            Codes::Each
        } else if values <= 1 << 8 {
            Codes::Byte(codes.iter().map(|c| *c as u8).collect())
        } else if values <= 1 << 16 {
            Codes::Short(codes.iter().map(|c| *c as u16).collect())
        } else {
            Codes::Wide(codes.to_vec())
        }
    }

    /// The number of a cell.
    #[inline]
    pub fn get(&self, row: usize) -> usize {
        match self {
            Codes::Each => row,
            Codes::Byte(c) => c[row] as usize,
            Codes::Short(c) => c[row] as usize,
            Codes::Wide(c) => c[row] as usize,
        }
    }
}

/// A column of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    /// Which of the values each row has.
    pub codes: Codes,
    /// Where each value ends in `blob`.
    pub ends: Vec<u32>,
    /// The values one behind the other.
    pub blob: Str,
}

impl TextColumn {
    /// How many different values there are at most; a value may occur twice.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// A value by its number.
    #[inline]
    pub fn value(&self, n: usize) -> Str {
        let from = if n == 0 { 0 } else { self.ends[n - 1] as usize };
        &self.blob[from..self.ends[n] as usize]
    }
    /// The text of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Str {
        self.value(self.codes.get(row))
    }
}

/// A column of decimals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Mantissa and scale in one, [`MISSING`], or a number in the list of long ones.
    pub cells: Vec<i64>,
    /// Those with more digits.
    pub long: Vec<Decimal>,
}

impl Numbers {
    /// Puts a value behind the others.
    pub fn push(&mut self, value: Option<Decimal>) {
        let cell = match value {
            None => MISSING,
            Some(d) => self.pack(d),
        };
        self.cells.push(cell);
    }

    /// Puts mantissa / 10^scale behind the others, if it is short enough.
    #[inline]
    pub fn push_short(&mut self, mantissa: i64, scale: u32) -> bool {
        let fits = (-MAX_PACKED..=MAX_PACKED).contains(&mantissa);
        if fits {
            self.cells.push(mantissa << SCALE_BITS | i64::from(scale));
        }
        fits
    }

    /// Whether cells can be those of a column with so many long numbers.
    pub fn are_cells(cells: &[i64], long: usize) -> bool {
        let is_cell = |cell: i64| {
            let (scale, number) = (cell & LONG, cell >> SCALE_BITS);
            scale <= MAX_SCALE || scale == LONG && usize::try_from(number).is_ok_and(|n| n < long)
        };
        // Without a branch for each cell, since nearly all columns have short numbers only. A missing one has no scale.
        let highest = cells.iter().fold(0, |highest: u8, cell| highest.max(*cell as u8 & LONG as u8));
        i64::from(highest) <= MAX_SCALE || cells.iter().all(|cell| is_cell(*cell))
    }

    fn pack(&mut self, d: Decimal) -> i64 {
        match i64::try_from(d.mantissa()) {
            // A negative zero keeps its sign only in the long form.
            Ok(m) if (-MAX_PACKED..=MAX_PACKED).contains(&m) && !(m == 0 && d.is_sign_negative()) => {
                m << SCALE_BITS | i64::from(d.scale())
            }
            _ => {
                self.long.push(d);
                (self.long.len() as i64 - 1) << SCALE_BITS | LONG
            }
        }
    }

    /// The value of a row as it is computed with.
    #[inline]
    pub fn fixed(&self, row: usize) -> Option<Fixed> {
        let cell = self.cells[row];
        if cell == MISSING {
            return None;
        }
        let scale = cell & LONG;
        if scale == LONG {
            return self.long.get((cell >> SCALE_BITS) as usize).map(|d| Fixed::from(*d));
        }
        Some(Fixed::new(i128::from(cell >> SCALE_BITS), scale as u32))
    }

    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Decimal> {
        let cell = self.cells[row];
        if cell == MISSING {
            return None;
        }
        let scale = cell & LONG;
        if scale == LONG {
            return self.long.get((cell >> SCALE_BITS) as usize).copied();
        }
        Some(Decimal::new(cell >> SCALE_BITS, scale as u32))
    }
}

/// A column of instants.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instants {
    /// The calendar days in the configured zone.
    pub days: Vec<Day>,
    /// Seconds since 1970, doubled; odd for a bare date.
    pub stamps: Vec<i64>,
    /// Nanoseconds within the second; empty when all are zero.
    pub nanos: Vec<u32>,
}

impl Instants {
    /// Puts a value behind the others.
    pub fn push(&mut self, at: At) {
        let nanos = at.utc.timestamp_subsec_nanos();
        if nanos != 0 && self.nanos.is_empty() {
            self.nanos.resize(self.days.len(), 0);
        }
        if nanos != 0 || !self.nanos.is_empty() {
            self.nanos.push(nanos);
        }
        self.days.push(at.day);
        self.stamps.push(at.utc.timestamp() << 1 | i64::from(at.bare));
    }
    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> At {
        let (seconds, nanos) = self.moment(row);
        let utc = DateTime::from_timestamp(seconds, nanos).unwrap_or_default();
        At { day: self.days[row], utc, bare: self.stamps[row] & 1 == 1 }
    }
    /// Seconds since 1970 and nanoseconds: what instants are ordered by.
    #[inline]
    pub fn moment(&self, row: usize) -> (i64, u32) {
        (self.stamps[row] >> 1, self.nanos.get(row).copied().unwrap_or(0))
    }
}

/// The cells of one column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Column {
    /// Nothing stands in it.
    #[default]
    Empty,
    /// Texts.
    Text(TextColumn),
    /// Decimals.
    Number(Numbers),
    /// Days; `None` = empty.
    Day(Vec<Option<Day>>),
    /// Instants.
    At(Instants),
}

/// Fetches the columns of a segment that are not there yet.
pub trait Source: Send + Sync {
    /// A column by its position among the segment's.
    fn fetch(&self, column: usize) -> Column;
}

/// Rows of one file.
pub struct Segment {
    /// The ledger.
    pub ledger: Ledger,
    /// Index into [`super::book::Book::files`].
    pub file: u32,
    /// How many.
    pub rows: usize,
    /// Earliest and latest day of the column `at`.
    pub days: Option<(Day, Day)>,
    /// By the position of each column in [`Ledger::columns`]; behind them the lines on which rows begin, if that is not the
    /// second, third, fourth …, and the offsets of their first bytes, where a cache wants them.
    pub columns: Box<[OnceLock<Column>]>,
    /// Where columns that are not there come from.
    pub source: Option<Box<dyn Source>>,
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Segment({}, file {}, {} rows)", self.ledger, self.file, self.rows)
    }
}

static NOTHING: Column = Column::Empty;

impl Segment {
    /// A segment of columns that are all there.
    pub fn new(ledger: Ledger, file: u32, rows: usize, columns: Vec<Column>) -> Segment {
        let days = columns.iter().find_map(|c| match c {
            Column::At(at) => Some((*at.days.iter().min()?, *at.days.iter().max()?)),
            _ => None,
        });
        let columns = columns.into_iter().map(OnceLock::from).collect();
        Segment { ledger, file, rows, days, columns, source: None }
    }

    /// A column.
    #[inline]
    pub fn column(&self, n: usize) -> &Column {
        match (self.columns.get(n), &self.source) {
            (Some(slot), Some(source)) => slot.get_or_init(|| source.fetch(n)),
            (Some(slot), None) => slot.get().unwrap_or(&NOTHING),
            (None, _) => &NOTHING,
        }
    }
    /// The text of a cell; empty when missing.
    #[inline]
    pub fn text(&self, column: usize, row: u32) -> Str {
        match self.column(column) {
            Column::Text(t) => t.get(row as usize),
            _ => "",
        }
    }
    /// The number in a cell.
    #[inline]
    pub fn number(&self, column: usize, row: u32) -> Option<Decimal> {
        match self.column(column) {
            Column::Number(n) => n.get(row as usize),
            _ => None,
        }
    }
    /// The same as it is computed with.
    #[inline]
    pub fn fixed(&self, column: usize, row: u32) -> Option<Fixed> {
        match self.column(column) {
            Column::Number(n) => n.fixed(row as usize),
            _ => None,
        }
    }
    /// The day in a cell.
    #[inline]
    pub fn day(&self, column: usize, row: u32) -> Option<Day> {
        match self.column(column) {
            Column::Day(d) => d[row as usize],
            _ => None,
        }
    }
    /// A cell as queries see it: texts and numbers as they are, instants as their day.
    pub fn value(&self, column: usize, row: u32) -> Value<'static> {
        match self.column(column) {
            Column::Empty => Value::Missing,
            Column::Text(t) => Value::text(t.get(row as usize)),
            Column::Number(n) => Value::num(n.get(row as usize)),
            Column::Day(d) => Value::day(d[row as usize]),
            Column::At(at) => Value::Day(at.days[row as usize]),
        }
    }
    /// The instant in a cell.
    #[inline]
    pub fn at(&self, column: usize, row: u32) -> At {
        match self.column(column) {
            Column::At(at) => at.get(row as usize),
            _ => At { day: Day::MIN, utc: DateTime::default(), bare: true },
        }
    }
    /// Instants, by which rows are ordered.
    #[inline]
    pub fn instants(&self, column: usize) -> Option<&Instants> {
        match self.column(column) {
            Column::At(at) => Some(at),
            _ => None,
        }
    }
    /// The place of a row.
    pub fn place(&self, row: u32) -> RowPlace {
        let line = match self.column(self.ledger.columns().len()) {
            Column::Day(_) | Column::Text(_) | Column::At(_) | Column::Empty => row + 2,
            Column::Number(lines) => u32::try_from(lines.cells[row as usize]).unwrap_or(u32::MAX),
        };
        RowPlace { file: self.file, line }
    }

    /// The rows of a file that pass, as a segment of its own.
    #[must_use]
    pub fn keep(&self, rows: &[u32]) -> Segment {
        let own_lines = self.ledger.columns().len();
        let pick = |n: usize| match self.column(n) {
            Column::Empty if n == own_lines => {
                let cells = rows.iter().map(|r| i64::from(r + 2)).collect();
                Column::Number(Numbers { cells, long: Vec::new() })
            }
            Column::Empty => Column::Empty,
            Column::Text(t) => {
                let codes: Vec<u32> = rows.iter().map(|r| t.codes.get(*r as usize) as u32).collect();
                Column::Text(TextColumn { codes: Codes::Wide(codes), ends: t.ends.clone(), blob: t.blob })
            }
            Column::Number(x) => Column::Number(Numbers {
                cells: rows.iter().map(|r| x.cells[*r as usize]).collect(),
                long: x.long.clone(),
            }),
            Column::Day(d) => Column::Day(rows.iter().map(|r| d[*r as usize]).collect()),
            Column::At(at) => {
                let mut kept = Instants::default();
                rows.iter().for_each(|r| kept.push(at.get(*r as usize)));
                Column::At(kept)
            }
        };
        Segment::new(self.ledger, self.file, rows.len(), (0..self.columns.len()).map(pick).collect())
    }
}

/// A row of a ledger that is held by column.
pub trait Row: Typed + Copy + Send + Sync + 'static {
    /// Position of the column `at`.
    const AT: usize;
    /// The handle on a row.
    fn of(segment: &'static Segment, row: u32) -> Self;
    /// The segment it stands in.
    fn segment(self) -> &'static Segment;
    /// Its number in the segment.
    fn row(self) -> u32;
}

/// Rows of one ledger in order of file and line.
pub struct LedgerRows<T> {
    segments: Vec<&'static Segment>,
    of: std::marker::PhantomData<T>,
}

impl<T> fmt::Debug for LedgerRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.segments).finish()
    }
}

impl<T> Clone for LedgerRows<T> {
    fn clone(&self) -> Self {
        LedgerRows { segments: self.segments.clone(), of: std::marker::PhantomData }
    }
}

impl<T> Default for LedgerRows<T> {
    fn default() -> Self {
        LedgerRows { segments: Vec::new(), of: std::marker::PhantomData }
    }
}

impl<T: Row> LedgerRows<T> {
    /// Puts the rows of a file behind those that are there. A command reads once and ends, so rows live as long as the
    /// process, as texts do (see [`Str`]).
    pub fn push(&mut self, segment: Segment) {
        if segment.rows > 0 {
            self.segments.push(Box::leak(Box::new(segment)));
        }
    }
    /// The rows of each file.
    pub fn segments(&self) -> &[&'static Segment] {
        &self.segments
    }
    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'_, T> {
        self.segments.iter().flat_map(|s| rows_of(s))
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|s| s.rows).sum()
    }
    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
    /// Keeps only the rows up to a day; nothing is touched where all are.
    pub fn up_to(&mut self, today: Day) {
        let late = |s: &&'static Segment| s.days.is_some_and(|(_, last)| last > today);
        for s in self.segments.iter_mut().filter(|s| late(s)) {
            let at = s.instants(T::AT);
            let rows: Vec<u32> =
                at.map_or_else(Vec::new, |at| (0..s.rows as u32).filter(|r| at.days[*r as usize] <= today).collect());
            *s = Box::leak(Box::new(s.keep(&rows)));
        }
        self.segments.retain(|s| s.rows > 0);
    }
}

/// The rows of a segment.
pub fn rows_of<T: Row>(segment: &'static Segment) -> impl Iterator<Item = T> {
    (0..segment.rows as u32).map(move |row| T::of(segment, row))
}

/// A day as caches hold it: days of the common era.
pub fn day_number(day: Option<Day>) -> i32 {
    day.map_or(i32::MIN, |d| d.num_days_from_ce())
}

/// The day of a number; `None` for that of a missing day.
pub fn day_of_number(n: i32) -> Option<Day> {
    NaiveDate::from_num_days_from_ce_opt(n)
}

/// The position of a column, found when the program is compiled.
pub(crate) const fn column_of(ledger: Ledger, name: &str) -> usize {
    let columns = ledger.columns();
    let name = name.as_bytes();
    let mut n = 0;
    while n < columns.len() {
        let c = columns[n].name.as_bytes();
        let mut same = c.len() == name.len();
        let mut i = 0;
        while same && i < name.len() {
            same = c[i] == name[i];
            i += 1;
        }
        if same {
            return n;
        }
        n += 1;
    }
    panic!("no such column");
}

/// Defines a handle on a row: its name, its ledger, and a method for each column.
macro_rules! row_handle {
    ($(#[$doc:meta])* $name:ident of $ledger:ident {
        $($(#[$column_doc:meta])* $method:ident: $kind:ident $(= $column:literal)?,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name {
            segment: &'static crate::model::columns::Segment,
            row: u32,
        }
        impl crate::model::place::Typed for $name {
            const LEDGER: crate::model::ledger::Ledger = crate::model::ledger::Ledger::$ledger;
            #[inline]
            fn id(&self) -> crate::model::Str {
                $name::id(self)
            }
        }
        impl crate::model::columns::Row for $name {
            const AT: usize = crate::model::columns::column_of(crate::model::ledger::Ledger::$ledger, "at");
            #[inline]
            fn of(segment: &'static crate::model::columns::Segment, row: u32) -> $name {
                $name { segment, row }
            }
            #[inline]
            fn segment(self) -> &'static crate::model::columns::Segment {
                self.segment
            }
            #[inline]
            fn row(self) -> u32 {
                self.row
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &$name) -> bool {
                self.row == other.row && std::ptr::eq(self.segment, other.segment)
            }
        }
        impl Eq for $name {}
        impl $name {
            /// The day of `at`.
            #[inline]
            pub fn day(&self) -> crate::model::day::Day {
                let at = <$name as crate::model::columns::Row>::AT;
                self.segment.instants(at).map_or(crate::model::day::Day::MIN, |at| at.days[self.row as usize])
            }
            /// Where it stands.
            pub fn place(&self) -> crate::model::place::RowPlace {
                self.segment.place(self.row)
            }
            $(
                $(#[$column_doc])*
                #[inline]
                pub fn $method(&self) -> crate::model::columns::row_handle!(@type $kind) {
                    const COLUMN: usize = crate::model::columns::column_of(
                        crate::model::ledger::Ledger::$ledger,
                        crate::model::columns::row_handle!(@name $method $($column)?),
                    );
                    self.segment.$kind(COLUMN, self.row)
                }
            )*
        }
    };
    (@type text) => { crate::model::Str };
    (@type number) => { Option<crate::model::money::Decimal> };
    (@type day) => { Option<crate::model::day::Day> };
    (@type at) => { crate::model::day::At };
    (@name $method:ident $column:literal) => { $column };
    (@name $method:ident) => { stringify!($method) };
}
pub(crate) use row_handle;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::ledger::Type;
    use crate::model::money::parse_decimal;
    use proptest::prelude::*;

    /// Rows of a ledger with a cell for each of its columns, between commas.
    pub(crate) fn segment(ledger: Ledger, rows: &[&str]) -> Segment {
        let cell = |row: &str, n: usize| row.split(',').nth(n).unwrap_or("").to_string();
        let column = |n: usize| {
            let cells: Vec<String> = rows.iter().map(|r| cell(r, n)).collect();
            match ledger.columns()[n].ty {
                Type::Decimal | Type::Fraction => {
                    let mut numbers = Numbers::default();
                    cells.iter().for_each(|c| numbers.push(parse_decimal(c)));
                    Column::Number(numbers)
                }
                Type::Day => Column::Day(cells.iter().map(|c| parse_day(c)).collect()),
                Type::At => {
                    let mut instants = Instants::default();
                    cells.iter().for_each(|c| instants.push(At::parse(c, crate::model::zone::Zone::utc()).unwrap()));
                    Column::At(instants)
                }
                _ => {
                    let ends = cells.iter().scan(0, |end, c| {
                        *end += c.len() as u32;
                        Some(*end)
                    });
                    Column::Text(TextColumn { codes: Codes::Each, ends: ends.collect(), blob: cells.concat().leak() })
                }
            }
        };
        let width = ledger.columns().len();
        let columns = (0..width).map(column).chain([Column::Empty]).collect();
        Segment::new(ledger, 0, rows.len(), columns)
    }

    #[test]
    fn rows_up_to_a_day_are_kept_with_their_lines() {
        let mut rows: LedgerRows<crate::model::row::Event> = LedgerRows::default();
        let row = |id: &str, day: &str| format!("{id},{day},task,t,state,open,done,,,,,");
        let list = [row("e1", "2026-01-01"), row("e2", "2026-03-01"), row("e3", "2026-02-01")];
        rows.push(segment(Ledger::Events, &list.iter().map(String::as_str).collect::<Vec<_>>()));
        rows.up_to(parse_day("2026-02-01").unwrap());
        let kept: Vec<(Str, u32)> = rows.iter().map(|e| (e.id(), e.place().line)).collect();
        assert_eq!(kept, [("e1", 2), ("e3", 4)]);
        rows.up_to(parse_day("2025-02-01").unwrap());
        assert!(rows.is_empty());
    }

    proptest! {
        #[test]
        fn packed_numbers_come_back(mantissa in any::<i128>(), scale in 0u32..=28, cut in 0u32..96) {
            let mantissa = (mantissa >> 32) >> cut;
            let n = Decimal::try_from_i128_with_scale(mantissa, scale).unwrap_or_default();
            let mut numbers = Numbers::default();
            numbers.push(Some(n));
            numbers.push(None);
            let text = |d: Option<Decimal>| d.map(|d| d.to_string());
            prop_assert_eq!(text(numbers.get(0)), Some(n.to_string()));
            prop_assert_eq!(text(numbers.fixed(0).and_then(Fixed::decimal)), Some(n.to_string()));
            prop_assert_eq!(numbers.get(1), None);
        }
    }
}
