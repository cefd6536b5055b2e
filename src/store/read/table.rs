//! Rows of the large ledgers, from text to columns in one pass: each cell is judged, and nothing is kept of the text but
//! what differs.

use super::ledger::report_cell;
use crate::diag::{Code, Diagnostic};
use crate::model::columns::{Codes, Column, Instants, MISSING, Numbers, Segment, TextColumn};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, Type};
use crate::model::money::{parse_decimal, short_number};
use crate::model::zone::Zone;
use crate::store::csvfile::{Header, RawRow, Reader};
use hashbrown::HashTable;
use memchr::memmem::Finder;
use std::hash::BuildHasher;

/// Equal texts have equal hashes while a file is read.
const HASH: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0x6b65_6875);

/// The columns of a ledger that rows by column have; `note` only where notes are wanted.
fn is_kept(ledger: Ledger, name: &str, notes: bool) -> bool {
    match ledger {
        Ledger::Orders => name != "note",
        Ledger::Receipts => !matches!(name, "note" | "source_key"),
        _ => notes || name != "note",
    }
}

/// Whether nearly every row has a text of its own: then it is not looked for among the others.
fn is_own(name: &str) -> bool {
    matches!(name, "id" | "note" | "source_key")
}

/// A column of texts while it grows.
#[derive(Default)]
struct TextsDraft {
    /// Rows before the first that has a text.
    empty: usize,
    codes: Vec<u32>,
    ends: Vec<u32>,
    blob: String,
    known: HashTable<u32>,
    last: u32,
    /// Where the last text stands in `blob`.
    last_at: (usize, usize),
}

impl TextsDraft {
    fn value(&self, code: u32) -> &str {
        let from = if code == 0 { 0 } else { self.ends[code as usize - 1] as usize };
        &self.blob[from..self.ends[code as usize] as usize]
    }

    #[inline]
    fn push(&mut self, text: &str, own: bool) {
        if self.ends.is_empty() {
            if text.is_empty() {
                self.empty += 1;
                return;
            }
            if self.empty > 0 {
                self.codes.resize(self.empty, 0);
                self.insert("", own);
            }
        }
        if !self.ends.is_empty() && self.blob.as_bytes()[self.last_at.0..self.last_at.1] == *text.as_bytes() {
            self.codes.push(self.last);
            return;
        }
        if !own {
            let hash = HASH.hash_one(text.as_bytes());
            if let Some(code) = self.known.find(hash, |c| self.value(*c).as_bytes() == text.as_bytes()) {
                self.last = *code;
                let from = if self.last == 0 { 0 } else { self.ends[self.last as usize - 1] as usize };
                self.last_at = (from, self.ends[self.last as usize] as usize);
                self.codes.push(self.last);
                return;
            }
        }
        self.insert(text, own);
        self.codes.push(self.last);
    }

    fn insert(&mut self, text: &str, own: bool) {
        let from = self.blob.len();
        self.blob.push_str(text);
        self.last = self.ends.len() as u32;
        self.last_at = (from, self.blob.len());
        self.ends.push(self.blob.len() as u32);
        if !own {
            let (ends, blob) = (&self.ends, &self.blob);
            let value = |c: u32| {
                let from = if c == 0 { 0 } else { ends[c as usize - 1] as usize };
                &blob[from..ends[c as usize] as usize]
            };
            let hash = HASH.hash_one(text.as_bytes());
            self.known.insert_unique(hash, self.last, |c| HASH.hash_one(value(*c).as_bytes()));
        }
    }

    fn truncate(&mut self, rows: usize) {
        if self.ends.is_empty() {
            self.empty = self.empty.min(rows);
        } else {
            self.codes.truncate(rows);
        }
    }

    fn finish(self) -> Column {
        if self.ends.is_empty() {
            return Column::Empty;
        }
        Column::Text(TextColumn {
            codes: Codes::pack(&self.codes, self.ends.len()),
            ends: self.ends,
            blob: self.blob.leak(),
        })
    }
}

/// A column while it grows. Rows before the first value of a column of days or numbers are only counted.
enum Draft {
    Text(Box<TextsDraft>, bool),
    Number(usize, Numbers),
    Day(usize, Vec<Option<Day>>, (String, Option<Day>)),
    At(Instants, (String, Option<At>)),
}

/// A column that is read: where it stands in the ledger and in the file.
struct Slot {
    column: usize,
    index: Option<usize>,
    required: bool,
    /// Rows that may come: room is made for them once.
    room: usize,
    draft: Draft,
}

impl Slot {
    fn new(ledger: Ledger, column: usize, header: &Header, room: usize) -> Slot {
        let spec = ledger.columns()[column];
        let draft = match spec.ty {
            Type::Decimal | Type::Fraction => Draft::Number(0, Numbers::default()),
            Type::Day => Draft::Day(0, Vec::new(), Default::default()),
            Type::At => {
                let (days, stamps) = (Vec::with_capacity(room), Vec::with_capacity(room));
                Draft::At(Instants { days, stamps, nanos: Vec::new() }, Default::default())
            }
            _ => Draft::Text(Box::default(), is_own(spec.name)),
        };
        Slot { column, index: header.index_of(column), required: spec.required, room, draft }
    }

    /// Counts an empty cell where nothing stood in the column so far; whether that is all there is to do.
    #[inline]
    fn skip(&mut self) -> bool {
        match &mut self.draft {
            _ if self.required => return false,
            Draft::Text(draft, _) if draft.ends.is_empty() => draft.empty += 1,
            Draft::Number(empty, n) if n.cells.is_empty() => *empty += 1,
            Draft::Day(empty, d, _) if d.is_empty() => *empty += 1,
            _ => return false,
        }
        true
    }

    /// Takes a cell; what is wrong with it, if anything.
    #[inline]
    fn push(&mut self, text: &str, tz: Zone) -> Option<Code> {
        if text.is_empty() && self.required {
            return Some(Code::MissingCell);
        }
        match &mut self.draft {
            Draft::Text(draft, own) => {
                if draft.codes.capacity() == 0 && !text.is_empty() {
                    draft.codes.reserve_exact(self.room);
                }
                draft.push(text, *own);
            }
            Draft::Number(empty, numbers) => {
                if text.is_empty() {
                    if numbers.cells.is_empty() {
                        *empty += 1;
                    } else {
                        numbers.push(None);
                    }
                    return None;
                }
                if numbers.cells.is_empty() {
                    numbers.cells.reserve_exact(self.room);
                    numbers.cells.resize(*empty, MISSING);
                }
                if let Some((mantissa, scale)) = short_number(text)
                    && numbers.push_short(mantissa, scale)
                {
                    return None;
                }
                match parse_decimal(text) {
                    Some(value) => numbers.push(Some(value)),
                    None => return Some(Code::BadDecimal),
                }
            }
            Draft::Day(empty, days, last) => {
                if text.is_empty() {
                    if days.is_empty() {
                        *empty += 1;
                    } else {
                        days.push(None);
                    }
                    return None;
                }
                if last.0 != text {
                    last.0.clear();
                    last.0.push_str(text);
                    last.1 = parse_day(text);
                }
                if last.1.is_none() {
                    return Some(Code::BadDate);
                }
                if days.is_empty() {
                    days.reserve_exact(self.room);
                    days.resize(*empty, None);
                }
                days.push(last.1);
            }
            Draft::At(instants, last) => {
                if last.0 != text {
                    last.0.clear();
                    last.0.push_str(text);
                    last.1 = At::parse(text, tz);
                }
                match last.1 {
                    Some(at) => instants.push(at),
                    None => return Some(Code::BadInstant),
                }
            }
        }
        None
    }

    fn truncate(&mut self, rows: usize) {
        match &mut self.draft {
            Draft::Text(draft, _) => draft.truncate(rows),
            Draft::Number(empty, n) if n.cells.is_empty() => *empty = rows.min(*empty),
            Draft::Number(_, n) => n.cells.truncate(rows),
            Draft::Day(empty, d, _) if d.is_empty() => *empty = rows.min(*empty),
            Draft::Day(_, d, _) => d.truncate(rows),
            Draft::At(at, _) => {
                at.days.truncate(rows);
                at.stamps.truncate(rows);
                at.nanos.truncate(rows);
            }
        }
    }

    fn finish(self) -> Column {
        match self.draft {
            Draft::Text(draft, _) => draft.finish(),
            Draft::Number(_, n) if n.cells.is_empty() => Column::Empty,
            Draft::Number(_, n) => Column::Number(n),
            Draft::Day(_, d, _) if d.is_empty() => Column::Empty,
            Draft::Day(_, d, _) => Column::Day(d),
            Draft::At(at, _) => Column::At(at),
        }
    }
}

/// How rows are read by column.
#[derive(Clone, Copy)]
pub(crate) struct How<'w> {
    /// The zone in which bare dates begin.
    pub(crate) tz: Zone,
    /// Only the rows with one of these words.
    pub(crate) about: Option<&'w [Finder<'w>]>,
    /// Whether notes are wanted.
    pub(crate) notes: bool,
    /// Whether the offsets of rows are wanted.
    pub(crate) offsets: bool,
}

/// Columns of a segment: those of the ledger, the lines, the offsets.
pub(crate) fn width(ledger: Ledger) -> usize {
    ledger.columns().len() + 2
}

/// Rows of one file on their way into columns.
pub(crate) struct Building<'h> {
    ledger: Ledger,
    file: &'h str,
    header: &'h Header,
    tz: Zone,
    slots: Vec<Slot>,
    lines: Vec<i64>,
    offsets: Option<Vec<i64>>,
    straight: bool,
    count: usize,
    found: Vec<Diagnostic>,
}

impl<'h> Building<'h> {
    pub(crate) fn new(ledger: Ledger, file: &'h str, header: &'h Header, how: How<'_>, room: usize) -> Building<'h> {
        let kept = |n: &usize| is_kept(ledger, ledger.columns()[*n].name, how.notes);
        Building {
            ledger,
            file,
            header,
            tz: how.tz,
            slots: (0..ledger.columns().len()).filter(kept).map(|n| Slot::new(ledger, n, header, room)).collect(),
            lines: Vec::new(),
            offsets: how.offsets.then(|| Vec::with_capacity(room)),
            straight: true,
            count: 0,
            found: Vec::new(),
        }
    }

    /// Takes a row; one with something wrong in it is left out and reported.
    #[inline]
    pub(crate) fn take(&mut self, raw: &RawRow<'_, '_>) {
        let (ledger, file, header, count) = (self.ledger, self.file, self.header, self.count);
        let mut usable = true;
        let mut report = |column: usize, code: Code, text: &str| {
            usable = false;
            let args = if code == Code::MissingCell { ledger.columns()[column].name } else { text };
            self.found.push(report_cell(raw, header, file, column, code, &[args]));
        };
        for slot in &mut self.slots {
            let Some(index) = slot.index else {
                if slot.required {
                    report(slot.column, Code::MissingCell, "");
                }
                continue;
            };
            let text = raw.get(index);
            if text.is_empty() && slot.skip() {
                continue;
            }
            if let Some(code) = slot.push(&text, self.tz) {
                report(slot.column, code, &text);
            }
        }
        if !usable {
            self.slots.iter_mut().for_each(|s| s.truncate(count));
            return;
        }
        // Until a row is left out, or goes over lines, lines and rows go together.
        if self.straight && raw.line as usize != count + 2 {
            self.straight = false;
            self.lines.extend((0..count).map(|n| n as i64 + 2));
        }
        if !self.straight {
            self.lines.push(i64::from(raw.line));
        }
        if let Some(offsets) = &mut self.offsets {
            offsets.push(raw.start as i64);
        }
        self.count += 1;
    }

    /// The rows, and what was wrong.
    pub(crate) fn finish(self, file: u32) -> (Segment, Vec<Diagnostic>) {
        let numbers = |cells: Vec<i64>| Column::Number(Numbers { cells, long: Vec::new() });
        let mut columns: Vec<Column> = (0..width(self.ledger)).map(|_| Column::Empty).collect();
        for slot in self.slots {
            let column = slot.column;
            columns[column] = slot.finish();
        }
        let own = self.ledger.columns().len();
        if !self.straight {
            columns[own] = numbers(self.lines);
        }
        if let Some(offsets) = self.offsets {
            columns[own + 1] = numbers(offsets);
        }
        (Segment::new(self.ledger, file, self.count, columns), self.found)
    }
}

/// Reads the rows of one file by column; rows with something wrong in a column that is read are left out and reported.
pub(crate) fn segment(
    ledger: Ledger,
    src: &str,
    file: &str,
    file_index: u32,
    how: How<'_>,
    diags: &mut Vec<Diagnostic>,
) -> Segment {
    let mut reader = Reader::new(src, file);
    let Some(header) = reader.header(ledger, diags) else {
        return Segment::new(ledger, file_index, 0, (0..width(ledger)).map(|_| Column::Empty).collect());
    };
    let room = if how.about.is_none() { memchr::memchr_iter(b'\n', src.as_bytes()).count() } else { 0 };
    let mut building = Building::new(ledger, file, &header, how, room);
    let mut take = |raw: RawRow<'_, '_>| building.take(&raw);
    match how.about {
        Some(words) => reader.rows_about(words, header.names.len(), &mut take, diags),
        None => reader.rows(header.names.len(), &mut take, diags),
    }
    let (segment, mut found) = building.finish(file_index);
    diags.append(&mut found);
    segment
}
