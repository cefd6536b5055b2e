//! Strict reading of CSV (RFC 4180) in one pass without an allocation a cell, and the header's mapping to columns.
//!
//! Only a quote, a comma and a newline have a meaning: a CR that no LF follows is text. Writing is in `csvedit`.

use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::model::ledger::Ledger;
use crate::store::text;
use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

/// Longest cell, in bytes.
pub const MAX_CELL: usize = 64 << 10;
/// Most cells of a row.
pub const MAX_CELLS: usize = 4096;
/// How often reading goes on behind a quote that is never closed: each time costs a scan to the end of the file.
const MAX_UNCLOSED: usize = 16;

/// Where a cell stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    start: usize,
    end: usize,
    quoted: bool,
    doubled: bool,
}

impl Cell {
    /// The bytes of the cell in the text, quotes included.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
    /// Byte offset of the cell.
    pub fn offset(&self) -> usize {
        self.start
    }
    /// The cell's value; owned only where it holds doubled quotes.
    pub fn text<'a>(&self, src: &'a str) -> Cow<'a, str> {
        if !self.quoted {
            return Cow::Borrowed(&src[self.start..self.end]);
        }
        let inner = &src[self.start + 1..self.end - 1];
        if self.doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) }
    }
}

/// A row as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub struct RawRow<'r, 'a> {
    /// The text it was read from.
    pub src: &'a str,
    /// Physical line on which the row begins, from 1.
    pub line: u32,
    /// The row's bytes without its line end.
    pub start: usize,
    /// End of the row's bytes.
    pub end: usize,
    /// Its cells.
    pub cells: &'r [Cell],
}

impl<'a> RawRow<'_, 'a> {
    /// The value of a cell; empty when there is none at this index.
    #[inline]
    pub fn get(&self, index: usize) -> Cow<'a, str> {
        self.cells.get(index).map_or(Cow::Borrowed(""), |c| c.text(self.src))
    }
    /// The value of a column that the file may lack.
    #[inline]
    pub fn get_opt(&self, index: Option<usize>) -> Cow<'a, str> {
        index.map_or(Cow::Borrowed(""), |n| self.get(n))
    }
    /// The place of a cell, with line, column and the line's text.
    pub fn place(&self, file: &str, index: usize) -> Place {
        let span = self.cells.get(index).map_or(self.start..self.end, Cell::span);
        let from_row = text::place(file, &self.src[self.start..], span.start - self.start..span.end - self.start);
        Place { line: self.line + from_row.line - 1, ..from_row }
    }
    /// The place of the whole row.
    pub fn place_row(&self, file: &str) -> Place {
        let first = self.src[self.start..self.end].lines().next().unwrap_or_default();
        Place { line: self.line, text: Some(text::excerpt(first).to_string()), ..Place::file(file) }
    }
}

/// The header row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// Names in the file's order.
    pub names: Vec<String>,
    /// For each column of the ledger, its index in the file.
    index: Vec<Option<usize>>,
    /// The company's own columns (`x_…`) with their indexes.
    pub custom: Vec<(String, usize)>,
    /// Line of the header.
    pub line: u32,
    /// Byte offset of the end of its last cell.
    pub end: usize,
}

impl Header {
    fn new(row: &RawRow<'_, '_>) -> Header {
        let names = (0..row.cells.len()).map(|n| row.get(n).into_owned()).collect();
        Header { names, line: row.line, end: row.end, ..Header::default() }
    }

    /// Maps the ledger's columns and reports unknown, duplicate and missing ones.
    fn map(&mut self, ledger: Ledger, row: &RawRow<'_, '_>, file: &str, diags: &mut Vec<Diagnostic>) {
        let columns = ledger.columns();
        self.index = vec![None; columns.len()];
        // As many columns may be wrong as there are.
        let (lines, mut seen) = (OnceCell::new(), HashSet::new());
        let body = &row.src[row.start..row.end];
        let place = |n: usize| {
            let span = row.cells.get(n).map_or(row.start..row.end, Cell::span);
            let lines = lines.get_or_init(|| text::Lines::of(body));
            let place = text::place_by(lines, file, body, span.start - row.start..span.end - row.start);
            Place { line: row.line + place.line - 1, ..place }
        };
        for (n, name) in self.names.iter().enumerate() {
            if !seen.insert(name) {
                diags.push(Diagnostic::new(Code::DuplicateColumn, place(n), [name]));
            } else if let Some(c) = ledger.column(name) {
                self.index[c] = Some(n);
            } else if name.starts_with("x_") {
                self.custom.push((name.clone(), n));
            } else {
                let near = nearest(name, columns.iter().map(|c| c.name)).join(", ");
                diags.push(Diagnostic::new(Code::UnknownColumn, place(n), [name, &near]));
            }
        }
        for (n, column) in columns.iter().enumerate() {
            if column.required && self.index[n].is_none() {
                diags.push(Diagnostic::new(Code::MissingColumn, row.place_row(file), [column.name]));
            }
        }
    }

    /// Index in the file of a column of the ledger, by its index in [`Ledger::columns`].
    #[inline]
    pub fn index_of(&self, ledger_column: usize) -> Option<usize> {
        self.index.get(ledger_column).copied().flatten()
    }
    /// Index in the file of a column, by name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }
}

/// A reader over one file's text.
pub struct Reader<'a> {
    src: &'a str,
    file: &'a str,
    pos: usize,
    line: u32,
    unclosed: usize,
    cells: Vec<Cell>,
    /// Rows in which nothing stands: their line, and their bytes.
    blank: Vec<(u32, Range<usize>)>,
}

/// Whether nothing stands in a row: only commas, and spaces between them.
fn is_blank(row: &str) -> bool {
    row.starts_with([',', ' ', '\t']) && row.bytes().all(|b| matches!(b, b',' | b' ' | b'\t'))
}

/// What stands at the reader's position.
enum Step {
    Row { line: u32, start: usize, end: usize },
    Broken,
    End,
}

impl<'a> Reader<'a> {
    /// A reader; `file` is the name that findings carry. A BOM in front is skipped.
    pub fn new(src: &'a str, file: &'a str) -> Reader<'a> {
        let pos = if src.starts_with('\u{feff}') { 3 } else { 0 };
        Reader { src, file, pos, line: 1, unclosed: 0, cells: Vec::with_capacity(32), blank: Vec::new() }
    }

    /// A reader that goes on where a row begins.
    pub fn at(src: &'a str, file: &'a str, offset: usize, line: u32) -> Reader<'a> {
        Reader {
            src,
            file,
            pos: offset.min(src.len()),
            line,
            unclosed: 0,
            cells: Vec::with_capacity(32),
            blank: Vec::new(),
        }
    }

    /// Reads one row.
    pub fn one(&mut self, f: &mut dyn FnMut(RawRow<'_, 'a>)) {
        if let Step::Row { line, start, end } = self.step(&mut Vec::new()) {
            f(RawRow { src: self.src, line, start, end, cells: &self.cells });
        }
    }

    /// Reads the header row, without any judgement of its names. `None` (and a finding) when there is none.
    pub fn raw_header(&mut self, diags: &mut Vec<Diagnostic>) -> Option<Header> {
        self.header_row(diags, |_, _| ())
    }

    /// Reads the header row and maps the ledger's columns. `None` (and a finding) when there is none.
    pub fn header(&mut self, ledger: Ledger, diags: &mut Vec<Diagnostic>) -> Option<Header> {
        let file = self.file;
        let mut found = Vec::new();
        let header = self.header_row(diags, |header, row| header.map(ledger, row, file, &mut found));
        diags.append(&mut found);
        header
    }

    /// The place of a cell of the next row.
    pub fn cell_place(&mut self, index: usize) -> Option<Place> {
        match self.step(&mut Vec::new()) {
            Step::Row { line, start, end } => {
                let row = RawRow { src: self.src, line, start, end, cells: &self.cells };
                (index < self.cells.len()).then(|| row.place(self.file, index))
            }
            _ => None,
        }
    }

    /// Byte offset behind what was read.
    pub fn offset(&self) -> usize {
        self.pos
    }

    fn header_row(
        &mut self,
        diags: &mut Vec<Diagnostic>,
        f: impl FnOnce(&mut Header, &RawRow<'_, 'a>),
    ) -> Option<Header> {
        let before = diags.len();
        match self.step(diags) {
            Step::Row { line, start, end } => {
                let row = RawRow { src: self.src, line, start, end, cells: &self.cells };
                let mut header = Header::new(&row);
                f(&mut header, &row);
                Some(header)
            }
            Step::Broken | Step::End => {
                if diags.len() == before {
                    diags.push(Diagnostic::new(Code::NoHeader, Place::file(self.file), []));
                }
                None
            }
        }
    }

    /// The bytes of the rows in which nothing stands, among those that were read.
    pub fn blank(&self) -> impl Iterator<Item = Range<usize>> {
        self.blank.iter().map(|(_, span)| span.clone())
    }

    /// Reads all rows; those that do not have `expected` cells, or are not CSV, are findings and not delivered. Blank rows, as
    /// spreadsheets leave them, are one finding for all of them.
    pub fn rows(&mut self, expected: usize, f: &mut dyn FnMut(RawRow<'_, 'a>), diags: &mut Vec<Diagnostic>) {
        loop {
            match self.step(diags) {
                Step::End => {
                    if let Some((line, span)) = self.blank.first() {
                        let count = self.blank.len().to_string();
                        let text = Some(self.src[span.clone()].to_string());
                        let width = u32::try_from(span.len()).unwrap_or(1);
                        let place = Place { line: *line, column: 1, width, text, ..Place::file(self.file) };
                        diags.push(Diagnostic::new(Code::BlankRow, place, [&count]));
                    }
                    return;
                }
                Step::Broken => {}
                Step::Row { line, start, end } if is_blank(&self.src[start..end]) => {
                    self.blank.push((line, start..end));
                }
                Step::Row { line, start, end } => {
                    let row = RawRow { src: self.src, line, start, end, cells: &self.cells };
                    self.deliver(row, expected, f, diags);
                }
            }
        }
    }

    /// Hands a row on if it has as many cells as the header.
    fn deliver(
        &self,
        row: RawRow<'_, 'a>,
        expected: usize,
        f: &mut dyn FnMut(RawRow<'_, 'a>),
        diags: &mut Vec<Diagnostic>,
    ) {
        if row.cells.len() == expected {
            return f(row);
        }
        let found = row.cells.len().to_string();
        // The first cell too many is where a quote may be missing.
        let surplus = row.cells.len() > expected;
        let place = if surplus { row.place(self.file, expected) } else { row.place_row(self.file) };
        diags.push(Diagnostic::new(Code::CellCount, place, [&found, &expected.to_string()]));
    }

    /// As [`Reader::rows`], but only for rows with one of some words in their text. The rest of the file is neither
    /// read nor judged.
    ///
    /// A row begins behind a newline before which the quotes are paired. Where that count says that a word's line lies
    /// inside a quoted cell, the file is read as a whole, and more rows are delivered.
    pub fn rows_about(
        &mut self,
        words: &[Finder<'_>],
        expected: usize,
        f: &mut dyn FnMut(RawRow<'_, 'a>),
        diags: &mut Vec<Diagnostic>,
    ) {
        let b = self.src.as_bytes();
        let mut starts: Vec<usize> = Vec::new();
        for word in words {
            let mut from = self.pos;
            while let Some(n) = b.get(from..).and_then(|rest| word.find(rest)) {
                let at = from + n;
                starts.push(memrchr(b'\n', &b[self.pos..at]).map_or(self.pos, |n| self.pos + n + 1));
                from = memchr(b'\n', &b[at..]).map_or(b.len(), |n| at + n + 1);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        // Quotes and lines are counted from hit to hit.
        let (mut counted, mut quotes, mut line) = (self.pos, 0, self.line);
        let mut places = Vec::with_capacity(starts.len());
        for start in starts {
            let stretch = &b[counted..start];
            quotes += memchr_iter(b'"', stretch).count();
            line += u32::try_from(memchr_iter(b'\n', stretch).count()).unwrap_or(u32::MAX);
            counted = start;
            if quotes % 2 != 0 {
                return self.rows(expected, f, diags);
            }
            places.push((start, line));
        }
        for (start, line) in places {
            if start < self.pos {
                continue;
            }
            (self.pos, self.line) = (start, line);
            if let Step::Row { line, start, end } = self.step(diags) {
                let row = RawRow { src: self.src, line, start, end, cells: &self.cells };
                self.deliver(row, expected, f, diags);
            }
        }
    }

    /// Takes one row apart into `self.cells`; skips blank lines.
    fn step(&mut self, diags: &mut Vec<Diagnostic>) -> Step {
        let b = self.src.as_bytes();
        loop {
            match b.get(self.pos) {
                None => return Step::End,
                Some(b'\n') => self.pos += 1,
                Some(b'\r') if b.get(self.pos + 1).is_none_or(|c| *c == b'\n') => self.pos = b.len().min(self.pos + 2),
                Some(_) => break,
            }
            self.line += 1;
        }
        let row = Begin { line: self.line, start: self.pos };
        if let Some(end) = self.plain_row() {
            return Step::Row { line: row.line, start: row.start, end };
        }
        self.cells.clear();
        let mut broken = false;
        let mut i = row.start;
        loop {
            let start = i;
            let quoted = b.get(i) == Some(&b'"');
            let mut doubled = false;
            if quoted {
                let Some((end, twice)) = closing_quote(b, i + 1) else {
                    diags.push(Diagnostic::new(Code::UnclosedQuote, self.place_at(&row, i), []));
                    return self.after_unclosed(&row, i);
                };
                doubled = twice;
                i = end + 1;
                let inside = &b[start..i];
                if inside.contains(&b'\n') {
                    self.line += inside.iter().filter(|c| **c == b'\n').count() as u32;
                }
                let closed = match b.get(i) {
                    None | Some(b',' | b'\n') => true,
                    Some(b'\r') => b.get(i + 1).is_none_or(|c| *c == b'\n'),
                    Some(_) => false,
                };
                if !closed {
                    self.problem(&row, i, Code::StrayQuote, &[], &mut broken, diags);
                    i = skip_unquoted(b, i);
                }
            } else {
                i = scan(b, i);
                if b.get(i) == Some(&b'"') {
                    self.problem(&row, i, Code::StrayQuote, &[], &mut broken, diags);
                    i = skip_unquoted(b, i);
                }
            }
            let more = b.get(i) == Some(&b',');
            // Behind a closing quote the CR of the line end stands at `i`; behind a plain cell it was scanned over.
            let end = if !more && i > start && b[i - 1] == b'\r' { i - 1 } else { i };
            if end - start > MAX_CELL {
                self.problem(&row, start, Code::TooLarge, &["cell", &MAX_CELL.to_string()], &mut broken, diags);
            }
            if self.cells.len() < MAX_CELLS {
                self.cells.push(Cell { start, end, quoted, doubled });
            } else {
                self.problem(&row, start, Code::TooLarge, &["row", &MAX_CELLS.to_string()], &mut broken, diags);
            }
            if more {
                i += 1;
                continue;
            }
            if b.get(i) == Some(&b'\r') {
                i += 1;
            }
            if b.get(i) == Some(&b'\n') {
                i += 1;
                self.line += 1;
            }
            self.pos = i;
            return if broken { Step::Broken } else { Step::Row { line: row.line, start: row.start, end } };
        }
    }

    /// Takes a row without quotes apart, eight bytes at a time; the end of its last cell. `None`, and nothing done, where
    /// quotes or limits are to be looked at.
    #[inline]
    fn plain_row(&mut self) -> Option<usize> {
        const LOW: u64 = 0x0101_0101_0101_0101;
        const SEVEN: u64 = 0x7f7f_7f7f_7f7f_7f7f;
        // The high bit of each byte that is zero, and of no other.
        let zeros = |w: u64| !(((w & SEVEN) + SEVEN) | w | SEVEN);
        let b = self.src.as_bytes();
        self.cells.clear();
        let (mut start, mut i) = (self.pos, self.pos);
        let mut end = None;
        'row: while let Some(chunk) = b.get(i..i + 8).and_then(|c| <[u8; 8]>::try_from(c).ok()) {
            let w = u64::from_le_bytes(chunk);
            let mut hits = zeros(w ^ (LOW * 0x2C)) | zeros(w ^ (LOW * 0x22)) | zeros(w ^ (LOW * 0x0A));
            while hits != 0 {
                let at = i + (hits.trailing_zeros() / 8) as usize;
                match b[at] {
                    b',' => {
                        self.cells.push(Cell { start, end: at, quoted: false, doubled: false });
                        start = at + 1;
                    }
                    b'\n' => {
                        end = Some(at);
                        break 'row;
                    }
                    _ => return None,
                }
                hits &= hits - 1;
            }
            i += 8;
        }
        // The last line, without an end, goes the other way.
        let newline = end?;
        if newline - self.pos > MAX_CELL || self.cells.len() >= MAX_CELLS {
            return None;
        }
        let end = if newline > start && b[newline - 1] == b'\r' { newline - 1 } else { newline };
        self.cells.push(Cell { start, end, quoted: false, doubled: false });
        self.pos = newline + 1;
        self.line += 1;
        Some(end)
    }

    /// The place of one character; counted from the row's begin, so that many findings do not cost a scan each.
    fn place_at(&self, row: &Begin, at: usize) -> Place {
        let found = text::place(self.file, &self.src[row.start..], at - row.start..at - row.start + 1);
        Place { line: row.line + found.line - 1, width: 1, ..found }
    }

    /// Reports the first thing that makes a row unusable.
    fn problem(
        &self,
        row: &Begin,
        at: usize,
        code: Code,
        args: &[&str],
        broken: &mut bool,
        diags: &mut Vec<Diagnostic>,
    ) {
        if !std::mem::replace(broken, true) {
            let args = args.iter().map(ToString::to_string).collect();
            diags.push(Diagnostic::of(code, self.place_at(row, at), args));
        }
    }

    /// Goes on with the line behind the one on which the quote was opened.
    fn after_unclosed(&mut self, row: &Begin, opened: usize) -> Step {
        let b = self.src.as_bytes();
        self.unclosed += 1;
        match b[opened..].iter().position(|c| *c == b'\n') {
            Some(n) if self.unclosed < MAX_UNCLOSED => {
                self.pos = opened + n + 1;
                self.line = row.line + b[row.start..self.pos].iter().filter(|c| **c == b'\n').count() as u32;
            }
            _ => self.pos = b.len(),
        }
        Step::Broken
    }
}

/// Where a row begins.
struct Begin {
    line: u32,
    start: usize,
}

/// The end of a cell in which quotes have no meaning any more.
fn skip_unquoted(b: &[u8], from: usize) -> usize {
    b[from..].iter().position(|c| matches!(c, b',' | b'\n')).map_or(b.len(), |n| from + n)
}

/// Index of the closing quote from inside a quoted cell, and whether doubled quotes were passed.
fn closing_quote(b: &[u8], mut i: usize) -> Option<(usize, bool)> {
    let mut doubled = false;
    loop {
        i += b[i..].iter().position(|c| *c == b'"')?;
        if b.get(i + 1) != Some(&b'"') {
            return Some((i, doubled));
        }
        doubled = true;
        i += 2;
    }
}

/// Index of the next comma, quote or newline, or the end: eight bytes at a time.
#[inline]
fn scan(b: &[u8], mut i: usize) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The lowest byte that is flagged is always a true hit; false ones can only stand above it.
    let zeros = |w: u64| w.wrapping_sub(LOW) & !w & HIGH;
    while let Some(chunk) = b.get(i..i + 8).and_then(|c| <[u8; 8]>::try_from(c).ok()) {
        let w = u64::from_le_bytes(chunk);
        let hits = zeros(w ^ (LOW * 0x2C)) | zeros(w ^ (LOW * 0x22)) | zeros(w ^ (LOW * 0x0A));
        if hits != 0 {
            return i + (hits.trailing_zeros() / 8) as usize;
        }
        i += 8;
    }
    b[i..].iter().position(|c| matches!(c, b',' | b'"' | b'\n')).map_or(b.len(), |n| i + n)
}

/// Reads a ledger's file: `f` gets each good row with the header. Returns the header, if there is one.
pub fn read<'a>(
    src: &'a str,
    file: &'a str,
    ledger: Ledger,
    f: &mut dyn FnMut(&Header, RawRow<'_, 'a>),
    diags: &mut Vec<Diagnostic>,
) -> Option<Header> {
    let mut reader = Reader::new(src, file);
    let header = reader.header(ledger, diags)?;
    reader.rows(header.names.len(), &mut |row| f(&header, row), diags);
    Some(header)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    /// Rows as "line:cell|cell" and findings as "code@line:column".
    fn run(src: &str) -> (Vec<String>, Vec<String>) {
        let (mut rows, mut diags) = (Vec::new(), Vec::new());
        let mut reader = Reader::new(src, "f");
        if let Some(h) = reader.raw_header(&mut diags) {
            reader.rows(
                h.names.len(),
                &mut |r| {
                    let cells: Vec<_> = (0..r.cells.len()).map(|n| r.get(n)).collect();
                    rows.push(format!("{}:{}", r.line, cells.join("|")));
                },
                &mut diags,
            );
        }
        (rows, diags.iter().map(|d| format!("{}@{}:{}", d.code.key(), d.place.line, d.place.column)).collect())
    }

    #[test]
    fn rows_and_findings() {
        let check = |src: &str, rows: &[&str], found: &[&str]| {
            assert_eq!(
                run(src),
                (rows.iter().map(|s| s.to_string()).collect(), found.iter().map(|s| s.to_string()).collect()),
                "{src:?}"
            );
        };
        check("", &[], &["no-header@0:0"]);
        check("\n\r\n", &[], &["no-header@0:0"]);
        check("a,b\n1,2\n", &["2:1|2"], &[]);
        check("\u{feff}a,b\r\n1,2\r\n\r\n3,4", &["2:1|2", "4:3|4"], &[]);
        check("a,b\n1,2\r", &["2:1|2"], &[]);
        check("a,b\n\"1\",\"2\"\r", &["2:1|2"], &[]);
        check("a,b\n,\n1,2\n , \n", &["3:1|2"], &["blank-row@2:1"]);
        check("a,b\n\"x,\"\"y\"\"\",\"\"\n", &["2:x,\"y\"|"], &[]);
        check("a,b\n\"x\ny\",2\n3,4\n", &["2:x\ny|2", "4:3|4"], &[]);
        check("a,b\n1\n3,4\n1,2,3\n", &["3:3|4"], &["cell-count@2:0", "cell-count@4:5"]);
        check("a,b\n客\"户,2\n3,4\n", &["3:3|4"], &["stray-quote@2:2"]);
        check("a,b\n\"客\"户,2\n3,4\n", &["3:3|4"], &["stray-quote@2:4"]);
        check("a,b\n1,\"x\n3,4\n5,6\n", &["3:3|4", "4:5|6"], &["unclosed-quote@2:3"]);
        check("a,b\n\"l\nl\",\"x\n3,4\n", &["4:3|4"], &["unclosed-quote@3:4"]);
        check("a,b\n1\r2,3\n", &["2:1\r2|3"], &[]);
        check("a\n\"\"\nx\n", &["2:", "3:x"], &[]);
        check("\"a", &[], &["unclosed-quote@1:1"]);
        check("a,b\n12345678901,x\"\n,1234567890123\n", &["3:|1234567890123"], &["stray-quote@2:14"]);
    }

    #[test]
    fn huge_cells_and_rows_are_findings() {
        let big = "x".repeat(1 << 20);
        for cell in [big.clone(), format!("\"{big}\"")] {
            let (rows, found) = run(&format!("a,b\n1,{cell}\n3,4\n"));
            assert_eq!((rows, found), (vec!["3:3|4".to_string()], vec!["too-large@2:3".to_string()]));
        }
        assert_eq!(run(&format!("a\n{}\n1\n", ",".repeat(1 << 20))).0, ["3:1"]);
        assert_eq!(run(&format!("a\n{}", "\"\"\"\n".repeat(9999))).1, ["unclosed-quote@10000:1"]);
    }

    #[test]
    fn headers_are_mapped() {
        let check = |src: &str, found: &[&str]| {
            let mut diags = Vec::new();
            let h = read(src, "f", Ledger::Rates, &mut |_, _| (), &mut diags);
            let found_now: Vec<String> =
                diags.iter().map(|d| format!("{} {} @{}", d.code.key(), d.args.join(" "), d.place.column)).collect();
            assert_eq!(found_now, found, "{src}");
            h
        };
        let h = check("rate,x_ours,date,currency\n", &[]).unwrap();
        assert_eq!((h.index_of(0), h.index_of(1), h.index_of(2), h.index_of(9)), (Some(2), Some(3), Some(0), None));
        assert_eq!(h.custom, [("x_ours".to_string(), 1)]);
        check("date,currency,rat,rate\n", &["unknown-column rat rate @15"]);
        check("date,currency,rate,date\n", &["duplicate-column date @20"]);
        check("date,rate\n", &["missing-column currency @0"]);
        check("", &["no-header  @0"]);
    }
}
