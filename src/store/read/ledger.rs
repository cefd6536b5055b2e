//! The rows of a ledger's file, typed or plain.

use super::cell::{self, is_forbidden};
use crate::diag::{Code, Diagnostic};
use crate::model::cells::Cells;
use crate::model::columns::column_of;
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{ColumnSpec, Ledger};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::order::QuoteLine;
use crate::model::place::{RowPlace, Typed};
use crate::model::product::ProductVersion;
use crate::model::receipt::{Claim, Payable, Payment, Rate, Refund};
use crate::model::row::{Need, PlainRow, Task};
use crate::model::settings::Settings;
use crate::model::zone::Zone;
use crate::model::{Str, intern};
use crate::store::csvfile::{Header, RawRow, Reader};
use crate::store::text::narrow;
use memchr::memmem::Finder;
use std::borrow::Cow;

/// A row while it is read: cells by their column's position in [`Ledger::columns`].
pub(crate) struct Row<'r, 'd> {
    raw: &'r RawRow<'r, 'static>,
    header: &'r Header,
    columns: &'static [ColumnSpec],
    file: Str,
    place: RowPlace,
    tz: Zone,
    diags: &'d mut Vec<Diagnostic>,
    usable: bool,
}

impl Row<'_, '_> {
    fn cell(&self, column: usize) -> Str {
        match self.raw.get_opt(self.header.index_of(column)) {
            Cow::Borrowed(s) => s,
            Cow::Owned(s) => intern(&s),
        }
    }

    fn report(&mut self, column: usize, code: Code, args: &[&str]) {
        self.diags.push(report_cell(self.raw, self.header, self.file, column, code, args));
    }

    /// Marks only the first character of the latest finding's stretch that fits.
    fn narrow(&mut self, fits: fn(char) -> bool) {
        if let Some(d) = self.diags.last_mut() {
            narrow(&mut d.place, fits);
        }
    }

    /// A cell that must not be empty; without it the row cannot be used.
    fn need(&mut self, column: usize) -> Str {
        let text = self.cell(column);
        if text.is_empty() {
            self.usable = false;
            self.report(column, Code::MissingCell, &[self.columns[column].name]);
        }
        text
    }

    fn at(&mut self, column: usize) -> At {
        let text = self.need(column);
        At::parse(text, self.tz).unwrap_or_else(|| {
            if !text.is_empty() {
                self.report(column, Code::BadInstant, &[text]);
            }
            self.usable = false;
            At::of_day(Day::MIN, Zone::utc())
        })
    }

    fn decimal(&mut self, column: usize) -> Option<Decimal> {
        let text = self.cell(column);
        let number = parse_decimal(text);
        if number.is_none() && !text.is_empty() {
            self.usable = false;
            self.report(column, Code::BadDecimal, &[text]);
        }
        number
    }

    fn needed_decimal(&mut self, column: usize) -> Decimal {
        if self.need(column).is_empty() { Decimal::ZERO } else { self.decimal(column).unwrap_or(Decimal::ZERO) }
    }

    fn day(&mut self, column: usize) -> Option<Day> {
        let text = self.cell(column);
        let day = parse_day(text);
        if day.is_none() && !text.is_empty() {
            self.usable = false;
            self.report(column, Code::BadDate, &[text]);
        }
        day
    }
}

/// What is wrong with a cell.
pub(super) fn report_cell(
    raw: &RawRow<'_, '_>,
    header: &Header,
    file: &str,
    column: usize,
    code: Code,
    args: &[&str],
) -> Diagnostic {
    let place = match header.index_of(column) {
        Some(n) => raw.place(file, n),
        None => raw.place_row(file),
    };
    Diagnostic::of(code, place, args.iter().map(ToString::to_string).collect())
}

/// A row type that is read from one ledger.
pub(crate) trait FromRow: Typed + Sized {
    /// The row; findings go to the row's list, and a row that is not usable is dropped by the caller.
    fn from_row(row: &mut Row<'_, '_>) -> Self;
}

macro_rules! cols {
    ($ledger:expr; $($const:ident $name:literal)*) => { $(const $const: usize = column_of($ledger, $name);)* };
}

impl FromRow for Task {
    fn from_row(r: &mut Row<'_, '_>) -> Task {
        cols! { Ledger::Tasks; ID "id" AT "at" TITLE "title" DUE "due" OWNER "owner" CUSTOMER "customer" KIND "kind"
        PLAYBOOK "playbook" FIRST_USE "first_use" NOTE "note" }
        let due = r.need(DUE);
        Task {
            place: r.place,
            id: r.need(ID),
            at: r.at(AT),
            title: r.need(TITLE),
            due: if due.is_empty() { Day::MIN } else { r.day(DUE).unwrap_or(Day::MIN) },
            owner: r.cell(OWNER),
            customer: r.cell(CUSTOMER),
            kind: r.cell(KIND),
            playbook: r.cell(PLAYBOOK),
            first_use: r.cell(FIRST_USE) == "yes",
            note: r.cell(NOTE),
        }
    }
}

impl FromRow for QuoteLine {
    fn from_row(r: &mut Row<'_, '_>) -> QuoteLine {
        cols! { Ledger::Quotes; ID "id" LINE "line" AT "at" CUSTOMER "customer" VERSION "version" PRODUCT "product"
        QUANTITY "quantity" PRICE "price" DISCOUNT "discount" VALID_UNTIL "valid_until" DEAL "deal" NEED "need" BY "by"
        NOTE "note" CURRENCY "currency" }
        QuoteLine {
            place: r.place,
            id: r.need(ID),
            line: r.need(LINE),
            at: r.at(AT),
            customer: r.need(CUSTOMER),
            version: r.cell(VERSION),
            product: r.cell(PRODUCT),
            quantity: r.decimal(QUANTITY),
            price: r.decimal(PRICE),
            discount: r.decimal(DISCOUNT),
            currency: r.cell(CURRENCY),
            valid_until: r.day(VALID_UNTIL),
            deal: r.cell(DEAL),
            need: r.cell(NEED),
            by: r.cell(BY),
            note: r.cell(NOTE),
        }
    }
}

impl FromRow for ProductVersion {
    fn from_row(r: &mut Row<'_, '_>) -> ProductVersion {
        cols! { Ledger::Products; ID "id" SINCE "since" NAME "name" CATEGORY "category" UNIT "unit" PRICE "price"
        COST "cost" TAX_RATE "tax_rate" SUPPLIER "supplier" STATUS "status" }
        let since = r.need(SINCE);
        ProductVersion {
            place: r.place,
            id: r.need(ID),
            since: if since.is_empty() { Day::MIN } else { r.day(SINCE).unwrap_or(Day::MIN) },
            name: r.cell(NAME),
            category: r.cell(CATEGORY),
            unit: r.cell(UNIT),
            price: r.decimal(PRICE),
            cost: r.decimal(COST),
            tax_rate: r.decimal(TAX_RATE),
            supplier: r.cell(SUPPLIER),
            status: r.cell(STATUS),
        }
    }
}

impl FromRow for Claim {
    fn from_row(r: &mut Row<'_, '_>) -> Claim {
        cols! { Ledger::Receivables; ID "id" AT "at" CUSTOMER "customer" AMOUNT "amount" DUE "due" CURRENCY "currency"
        CONTRACT "contract" ORDER "order" BY "by" }
        let due = r.need(DUE);
        Claim {
            place: r.place,
            id: r.need(ID),
            at: r.at(AT),
            customer: r.need(CUSTOMER),
            amount: r.needed_decimal(AMOUNT),
            due: if due.is_empty() { Day::MIN } else { r.day(DUE).unwrap_or(Day::MIN) },
            currency: r.cell(CURRENCY),
            contract: r.cell(CONTRACT),
            order: r.cell(ORDER),
            by: r.cell(BY),
        }
    }
}

impl FromRow for Payable {
    fn from_row(r: &mut Row<'_, '_>) -> Payable {
        cols! { Ledger::Payables; ID "id" AT "at" SUPPLIER "supplier" AMOUNT "amount" DUE "due" CURRENCY "currency"
        CONTRACT "contract" }
        let due = r.need(DUE);
        Payable {
            place: r.place,
            id: r.need(ID),
            at: r.at(AT),
            supplier: r.need(SUPPLIER),
            amount: r.needed_decimal(AMOUNT),
            due: if due.is_empty() { Day::MIN } else { r.day(DUE).unwrap_or(Day::MIN) },
            currency: r.cell(CURRENCY),
            contract: r.cell(CONTRACT),
        }
    }
}

impl FromRow for Payment {
    fn from_row(r: &mut Row<'_, '_>) -> Payment {
        cols! { Ledger::Payments; ID "id" LINE "line" AT "at" SUPPLIER "supplier" AMOUNT "amount" PAYABLE "payable"
        CURRENCY "currency" }
        Payment {
            place: r.place,
            id: r.need(ID),
            line: r.need(LINE),
            at: r.at(AT),
            supplier: r.need(SUPPLIER),
            amount: r.needed_decimal(AMOUNT),
            payable: r.cell(PAYABLE),
            currency: r.cell(CURRENCY),
        }
    }
}

impl FromRow for Refund {
    fn from_row(r: &mut Row<'_, '_>) -> Refund {
        cols! { Ledger::Refunds; ID "id" AT "at" CUSTOMER "customer" AMOUNT "amount" KIND "kind" RECEIPT "receipt"
        ORDER "order" CURRENCY "currency" }
        Refund {
            place: r.place,
            id: r.need(ID),
            at: r.at(AT),
            customer: r.need(CUSTOMER),
            amount: r.needed_decimal(AMOUNT),
            kind: r.need(KIND),
            receipt: r.cell(RECEIPT),
            order: r.cell(ORDER),
            currency: r.cell(CURRENCY),
        }
    }
}

impl FromRow for Rate {
    fn from_row(r: &mut Row<'_, '_>) -> Rate {
        cols! { Ledger::Rates; DATE "date" CURRENCY "currency" RATE "rate" }
        let date = r.need(DATE);
        Rate {
            date: if date.is_empty() { Day::MIN } else { r.day(DATE).unwrap_or(Day::MIN) },
            currency: r.need(CURRENCY),
            rate: r.needed_decimal(RATE),
        }
    }
}

impl FromRow for Need {
    fn from_row(r: &mut Row<'_, '_>) -> Need {
        cols! { Ledger::Needs; AT "at" CUSTOMER "customer" }
        Need { place: r.place, at: r.at(AT), customer: r.need(CUSTOMER) }
    }
}

#[allow(clippy::too_many_arguments)]
fn rows(
    ledger: Ledger,
    src: Str,
    file: Str,
    file_index: u32,
    tz: Zone,
    about: Option<&[Finder<'_>]>,
    diags: &mut Vec<Diagnostic>,
    f: &mut dyn FnMut(&mut Row<'_, '_>),
) {
    let mut reader = Reader::new(src, file);
    let Some(header) = reader.header(ledger, diags) else { return };
    // The reader reports while it reads, and so does the row's type: two lists, put together in the end.
    let mut found = Vec::new();
    let mut row = |raw: RawRow<'_, 'static>| {
        let place = RowPlace { file: file_index, line: raw.line };
        let columns = ledger.columns();
        f(&mut Row { raw: &raw, header: &header, columns, file, place, tz, diags: &mut found, usable: true });
    };
    match about {
        Some(words) => reader.rows_about(words, header.names.len(), &mut row, diags),
        None => reader.rows(header.names.len(), &mut row, diags),
    }
    diags.append(&mut found);
}

/// Reads the typed rows of one file; with `about` only those with one of the words. Rows with something wrong in the
/// columns that the type uses are reported and left out.
pub(crate) fn typed<T: FromRow>(
    src: Str,
    file: Str,
    file_index: u32,
    tz: Zone,
    about: Option<&[Finder<'_>]>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<T> {
    // Room for all rows at once: a list that grows leaves its old places behind.
    let lines = if about.is_none() { memchr::memchr_iter(b'\n', src.as_bytes()).count() } else { 0 };
    let mut out = Vec::with_capacity(lines);
    rows(T::LEDGER, src, file, file_index, tz, about, diags, &mut |row| {
        let value = T::from_row(row);
        if row.usable {
            out.push(value);
        }
    });
    out
}

/// Goes through the rows of one file, every cell checked against its column's type; rows are given even when a cell is wrong.
fn judged(
    ledger: Ledger,
    src: Str,
    file: Str,
    file_index: u32,
    settings: &Settings,
    diags: &mut Vec<Diagnostic>,
    f: &mut dyn FnMut(&Row<'_, '_>, &[Str]),
) {
    let columns = ledger.columns();
    let mut cells: Vec<Str> = Vec::with_capacity(columns.len());
    rows(ledger, src, file, file_index, settings.tz, None, diags, &mut |row| {
        cells.clear();
        cells.extend((0..columns.len()).map(|c| row.cell(c)));
        for (n, (column, value)) in columns.iter().zip(&cells).enumerate() {
            if value.is_empty() {
                if column.required && row.header.index_of(n).is_some() {
                    row.report(n, Code::MissingCell, &[column.name]);
                }
            } else if let Err((code, mut args)) = cell::check(column.ty, value, settings) {
                match (code, args.get(1).map(String::as_str)) {
                    (Code::RawNewline, _) => args.insert(0, column.name.to_string()),
                    // A closed list is named by its column.
                    (Code::NotInList, Some("")) => args[1] = column.name.to_string(),
                    _ => {}
                }
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                row.report(n, code, &args);
                if code == Code::ControlChar {
                    row.narrow(is_forbidden);
                }
            }
        }
        f(row, &cells);
    });
}

/// Reads the plain rows of one file, every cell checked against its column's type; rows are kept even when a cell is
/// wrong.
pub(crate) fn plain(
    ledger: Ledger,
    src: Str,
    file: Str,
    file_index: u32,
    settings: &Settings,
    diags: &mut Vec<Diagnostic>,
) -> Vec<PlainRow> {
    let mut out = Vec::new();
    let mut names: Option<Vec<Str>> = None;
    judged(ledger, src, file, file_index, settings, diags, &mut |row, cells| {
        let names = names.get_or_insert_with(|| own_names(row.header));
        let own = row.header.custom.iter().zip(names.iter()).map(|((_, n), name)| (*name, text_of(row.raw.get(*n))));
        out.push(PlainRow { place: row.place, cells: Cells::of(src, cells), own: own.collect() });
    });
    out
}

fn own_names(header: &Header) -> Vec<Str> {
    header.custom.iter().map(|(name, _)| intern(name)).collect()
}

fn text_of(cell: Cow<'static, str>) -> Str {
    match cell {
        Cow::Borrowed(s) => s,
        Cow::Owned(s) => intern(&s),
    }
}

/// Where a row begins in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Offset in bytes.
    pub offset: u32,
    /// Line, from 1.
    pub line: u32,
}

/// A file whose rows are read again when they are wanted, for those who must know many rows but keep none.
#[derive(Debug)]
pub struct Scanned {
    /// Its path.
    pub file: Str,
    ledger: Ledger,
    src: Str,
    header: Header,
    names: Vec<Str>,
}

/// Goes through the rows of one file as [`plain`] does, and gives each with its spot. `None` without a header.
pub fn scan(
    ledger: Ledger,
    src: Str,
    file: Str,
    settings: &Settings,
    diags: &mut Vec<Diagnostic>,
    f: &mut dyn FnMut(Spot, &[Str]),
) -> Option<Scanned> {
    let header = Reader::new(src, file).header(ledger, &mut Vec::new());
    judged(ledger, src, file, 0, settings, diags, &mut |row, cells| {
        let offset = u32::try_from(row.raw.start).unwrap_or(u32::MAX);
        f(Spot { offset, line: row.raw.line }, cells);
    });
    let header = header?;
    Some(Scanned { file, ledger, src, names: own_names(&header), header })
}

impl Scanned {
    /// The row at a spot that [`scan`] gave.
    pub fn row(&self, spot: Spot) -> PlainRow {
        let columns = self.ledger.columns().len();
        let place = RowPlace { file: 0, line: spot.line };
        let mut row = PlainRow { place, cells: Cells::new(&vec![""; columns]), own: Vec::new() };
        Reader::at(self.src, self.file, spot.offset as usize, spot.line).one(&mut |raw| {
            let cells: Vec<Str> = (0..columns).map(|c| text_of(raw.get_opt(self.header.index_of(c)))).collect();
            row.cells = Cells::of(self.src, &cells);
            let own = self.header.custom.iter().zip(&self.names);
            row.own = own.map(|((_, n), name)| (*name, text_of(raw.get(*n)))).collect();
        });
        row
    }
}
