//! CSV files of other programs: encodings, delimiters, and rows that are broken one by one.
//!
//! Bytes go in, nothing is opened here. It is strict where a guess could move a value into another column, and lenient
//! elsewhere: it takes spaces away from around cells, and reads `="0012"` and `'0012`, which spreadsheets write to keep
//! digits together, as `0012`. The `'` that kehu and others put before what a spreadsheet would run is taken off again.

use crate::store::encoding::{Guess, Reading, guess, named};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Quotes that are never closed, after which quotes open nothing any more: each costs a scan to the end.
const MAX_UNCLOSED: usize = 64;

/// How a file is written, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// `gb18030`, `utf-8`, `big5` …; else found out.
    pub encoding: Option<String>,
    /// `,`, `;` or a tab; else found out.
    pub delimiter: Option<u8>,
    /// Line of the header; what stands above is left out.
    pub header: Option<u32>,
}

/// What is wrong with one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Bytes that the encoding does not know.
    Encoding,
    /// Other than the header's number of cells.
    Cells {
        /// How many there are.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A quote that is not closed, or closed within a cell.
    Quote,
}

/// A row's cells, one after the other in one string, so that reading row after row takes no more room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    ends: Vec<usize>,
    /// Where each begins in the file.
    starts: Vec<usize>,
    /// Why the row cannot be used, and at which cell.
    pub fault: Option<(Fault, usize)>,
}

impl Cells {
    /// How many there are: as many as the header has, unless there is a fault.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// One of them; empty when there is none.
    pub fn get(&self, n: usize) -> &str {
        let from = n.checked_sub(1).and_then(|p| self.ends.get(p)).copied().unwrap_or(0);
        self.ends.get(n).map_or("", |to| &self.text[from..*to])
    }
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|n| self.get(n))
    }
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.starts.clear();
        self.fault = None;
    }
    fn push(&mut self, cell: &str, start: usize) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
        self.starts.push(start);
    }
    fn pop(&mut self) {
        self.ends.pop();
        self.starts.pop();
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begin {
    offset: u32,
    /// From 1.
    line: u32,
    /// Whether quotes still open something here.
    quotes: bool,
}

/// A file that was read: its bytes, and where its rows begin. Rows are taken apart when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of its encoding.
    pub encoding: &'static str,
    /// Whether the encoding was guessed and is not UTF-8.
    pub guessed: bool,
    /// What stands between its cells.
    pub delimiter: u8,
    /// The line of the header, where the map says it.
    pub header: Option<u32>,
    /// The header.
    pub headers: Vec<String>,
    bytes: Vec<u8>,
    decoding: &'static Encoding,
    rows: Vec<Begin>,
}

impl Source {
    /// Number of rows behind the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// The line on which a row begins, from 1.
    pub fn line(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |r| r.line)
    }
    /// Takes a row apart into `cells`.
    pub fn read_row(&self, row: usize, cells: &mut Cells) {
        cells.clear();
        let Some(begin) = self.rows.get(row) else { return };
        let (pos, unclosed) = (begin.offset as usize, if begin.quotes { 0 } else { MAX_UNCLOSED });
        let mut splitter = Splitter { src: &self.bytes, pos, line: begin.line, unclosed, delimiter: self.delimiter };
        let mut raw = Record::default();
        if splitter.record(&mut raw) {
            decode_row(&self.bytes, &raw, self.headers.len(), self.decoding, cells);
        }
    }
    /// A row's cells.
    pub fn row(&self, row: usize) -> Cells {
        let mut cells = Cells::default();
        self.read_row(row, &mut cells);
        cells
    }
    /// Line and column, both from 1 and the latter in characters, of a cell of a row; of the row without a cell.
    pub fn place(&self, row: usize, cell: Option<usize>) -> (u32, u32) {
        let Some(begin) = self.rows.get(row) else { return (0, 0) };
        let cells = self.row(row);
        let from = begin.offset as usize;
        let to = cell.and_then(|n| cells.starts.get(n)).map_or(from, |s| (*s).max(from));
        let before = &self.bytes[from..to];
        let lines = before.iter().filter(|b| **b == b'\n').count();
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(from, |n| from + n + 1);
        let (text, _) = self.decoding.decode_without_bom_handling(&self.bytes[line_start..to]);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (begin.line + number(lines), 1 + number(text.chars().count()))
    }
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceError {
    /// Nobody knows this encoding.
    UnknownEncoding(String),
    /// Nobody said how the file is written, and no reading is likely; the best ones first.
    Unclear(Vec<Reading>),
    /// There is no header.
    NoHeader,
    /// The header's bytes or quotes are broken.
    BadHeader,
    /// More than 4 GiB of text.
    TooLarge,
}

/// Reads a file.
///
/// # Errors
/// An unknown encoding, or a header that is missing or broken. Broken rows are marked, not errors.
pub fn read(bytes: Vec<u8>, options: &Options) -> Result<Source, SourceError> {
    let (by_bom, bom) = Encoding::for_bom(&bytes).map_or((None, 0), |(e, len)| (Some(e), len));
    let said = match &options.encoding {
        Some(name) => Some(named(name).ok_or_else(|| SourceError::UnknownEncoding(name.clone()))?),
        None => None,
    };
    let encoding = match by_bom.or(said) {
        Some(known) => known,
        None => match guess(&bytes) {
            Guess::Seems(encoding) => encoding,
            Guess::Unclear(readings) => return Err(SourceError::Unclear(readings)),
        },
    };
    let guessed = said.is_none() && by_bom.is_none() && encoding != UTF_8;
    // Two-byte units cannot be taken apart at newlines.
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let (bytes, decoding, begin) = if wide {
        (encoding.decode_without_bom_handling(&bytes[bom..]).0.into_owned().into_bytes(), UTF_8, 0)
    } else {
        (bytes, encoding, bom)
    };
    let mut splitter = Splitter { src: &bytes, pos: begin, line: 1, unclosed: 0, delimiter: b',' };
    while options.header.is_some_and(|wanted| splitter.line < wanted) {
        if !splitter.skip_line() {
            return Err(SourceError::NoHeader);
        }
    }
    splitter.delimiter = options.delimiter.unwrap_or_else(|| delimiter(&bytes[splitter.pos..]));
    let mut raw = Record::default();
    if !splitter.record(&mut raw) {
        return Err(SourceError::NoHeader);
    }
    let decoded: Option<Vec<String>> =
        (0..raw.cells.len()).map(|n| decode(decoding, raw.cell(&bytes, n)).map(Cow::into_owned)).collect();
    let Some(mut headers) = decoded.filter(|_| raw.bad_quote.is_none()) else { return Err(SourceError::BadHeader) };
    while headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    if headers.is_empty() {
        return Err(SourceError::NoHeader);
    }
    let mut rows = Vec::new();
    let mut cells = Cells::default();
    loop {
        let quotes = splitter.unclosed < MAX_UNCLOSED;
        if !splitter.record(&mut raw) {
            break;
        }
        let offset = u32::try_from(raw.start).map_err(|_| SourceError::TooLarge)?;
        // A row with a letter or digit is not empty: nothing needs to be decoded to know that.
        let plain = bytes[raw.start..splitter.pos].iter().any(u8::is_ascii_alphanumeric);
        if plain || decode_row(&bytes, &raw, headers.len(), decoding, &mut cells) {
            rows.push(Begin { offset, line: raw.line, quotes });
        }
    }
    let delimiter = splitter.delimiter;
    let (encoding, header) = (encoding.name(), options.header);
    Ok(Source { encoding, guessed, delimiter, header, headers, bytes, decoding, rows })
}

/// Decodes a record; `false` when all its cells are empty.
fn decode_row(src: &[u8], raw: &Record, expected: usize, encoding: &'static Encoding, cells: &mut Cells) -> bool {
    cells.clear();
    cells.fault = raw.bad_quote.map(|cell| (Fault::Quote, cell));
    for (n, c) in raw.cells.iter().enumerate() {
        match decode(encoding, raw.cell(src, n)) {
            Some(text) => cells.push(&text, c.start),
            None => {
                cells.fault = cells.fault.or(Some((Fault::Encoding, n)));
                let text = encoding.decode_without_bom_handling(raw.cell(src, n)).0;
                cells.push(text.trim(), c.start);
            }
        }
    }
    if cells.fault.is_none() && cells.text.is_empty() {
        return false;
    }
    // A delimiter at the end of each line is no cell.
    while cells.len() > expected && cells.get(cells.len() - 1).is_empty() {
        cells.pop();
    }
    if cells.fault.is_none() && cells.len() != expected {
        let found = cells.len();
        cells.fault = Some((Fault::Cells { found, expected }, expected.min(found.saturating_sub(1))));
    }
    true
}

/// The delimiter that the first line has most of, outside quotes.
fn delimiter(body: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for b in body.iter().skip_while(|b| matches!(b, b'\r' | b'\n')) {
        match b {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b if !quoted => counts.iter_mut().filter(|c| c.0 == *b).for_each(|c| c.1 += 1),
            _ => {}
        }
    }
    counts.iter().rev().max_by_key(|c| c.1).map_or(b',', |c| c.0)
}

/// What programs put around cells and nobody sees: byte order marks, and marks of the direction of writing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// A cell's text without what stands around it and nobody sees.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// The text behind the `'` that was put before what a spreadsheet would run, or before digits that it would count with.
fn unguarded(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    let inner = rest.trim_start_matches('\'');
    let digits = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
    (digits || inner.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '␉', '␍'])).then_some(rest)
}

/// What a cell says.
pub(super) fn as_read(text: &str) -> &str {
    let part = trimmed(text);
    unguarded(part).unwrap_or(part)
}

fn decode<'c>(encoding: &'static Encoding, cell: &'c [u8]) -> Option<Cow<'c, str>> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(cell)?;
    let shorter = |text: &str| {
        let part = as_read(text);
        let from = part.as_ptr() as usize - text.as_ptr() as usize;
        from..from + part.len()
    };
    let part = shorter(&text);
    Some(match text {
        Cow::Borrowed(t) => Cow::Borrowed(&t[part]),
        Cow::Owned(t) => Cow::Owned(t[part].to_string()),
    })
}

/// Where a cell stands in the bytes, without its quotes.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    /// Where the cell begins, quotes included.
    start: usize,
    from: usize,
    to: usize,
    /// In `Record::unquoted` instead, because it holds doubled quotes.
    apart: bool,
}

/// One record before it is decoded.
#[derive(Debug, Default)]
struct Record {
    line: u32,
    start: usize,
    cells: Vec<Span>,
    unquoted: Vec<u8>,
    /// The cell with a bad quote.
    bad_quote: Option<usize>,
}

impl Record {
    fn cell<'s>(&'s self, src: &'s [u8], n: usize) -> &'s [u8] {
        let c = self.cells[n];
        if c.apart { &self.unquoted[c.from..c.to] } else { &src[c.from..c.to] }
    }
}

struct Splitter<'a> {
    src: &'a [u8],
    pos: usize,
    line: u32,
    unclosed: usize,
    delimiter: u8,
}

impl Splitter<'_> {
    /// Goes behind the next newline; `false` at the end.
    fn skip_line(&mut self) -> bool {
        match self.src[self.pos..].iter().position(|b| *b == b'\n') {
            Some(n) => {
                self.pos += n + 1;
                self.line += 1;
                true
            }
            None => false,
        }
    }

    fn at_line_end(&self, i: usize) -> bool {
        matches!((self.src.get(i), self.src.get(i + 1)), (None | Some(b'\n'), _) | (Some(b'\r'), None | Some(b'\n')))
    }

    /// Reads the next record, blank lines passed over; `false` at the end.
    fn record(&mut self, record: &mut Record) -> bool {
        while self.at_line_end(self.pos) {
            if !self.skip_line() {
                self.pos = self.src.len();
                return false;
            }
        }
        (record.line, record.start, record.bad_quote) = (self.line, self.pos, None);
        record.cells.clear();
        record.unquoted.clear();
        loop {
            let rest = &self.src[self.pos..];
            let quoted = if rest.starts_with(b"=\"") { 2 } else { usize::from(rest.starts_with(b"\"")) };
            let cell = if quoted > 0 && self.unclosed < MAX_UNCLOSED {
                self.quoted(quoted, &mut record.unquoted)
            } else {
                Some(self.plain())
            };
            match cell {
                Some(c) => record.cells.push(c),
                None => {
                    self.broken(record);
                    return true;
                }
            }
            match self.src.get(self.pos) {
                Some(b) if *b == self.delimiter => self.pos += 1,
                _ => break,
            }
        }
        self.skip_line_end();
        true
    }

    fn skip_line_end(&mut self) {
        if !self.skip_line() {
            self.pos = self.src.len();
        }
    }

    fn plain(&mut self) -> Span {
        let from = self.pos;
        while self.src.get(self.pos).is_some_and(|b| *b != self.delimiter && *b != b'\n') {
            self.pos += 1;
        }
        let mut to = self.pos;
        if to > from && self.src[to - 1] == b'\r' && self.at_line_end(to) {
            to -= 1;
        }
        Span { start: from, from, to, apart: false }
    }

    /// A quoted cell; `None` when its quote is not closed at a delimiter or line end.
    fn quoted(&mut self, open: usize, unquoted: &mut Vec<u8>) -> Option<Span> {
        let (start, from) = (self.pos, self.pos + open);
        let mut i = from;
        let mut doubled = false;
        loop {
            match self.src[i..].iter().position(|b| *b == b'"') {
                None => {
                    self.unclosed += 1;
                    return None;
                }
                Some(n) => i += n + 1,
            }
            if self.src.get(i) != Some(&b'"') {
                break;
            }
            doubled = true;
            i += 1;
        }
        if self.src.get(i) != Some(&self.delimiter) && !self.at_line_end(i) {
            return None;
        }
        let inner = &self.src[from..i - 1];
        self.line += u32::try_from(inner.iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
        self.pos = i;
        if !doubled {
            return Some(Span { start, from, to: i - 1, apart: false });
        }
        let begin = unquoted.len();
        let mut bytes = inner.iter();
        while let Some(b) = bytes.next() {
            unquoted.push(*b);
            if *b == b'"' {
                bytes.next();
            }
        }
        Some(Span { start, from: begin, to: unquoted.len(), apart: true })
    }

    /// The line on which a record began, as it is; reading goes on behind it.
    fn broken(&mut self, record: &mut Record) {
        record.bad_quote = Some(record.cells.len());
        self.pos = record.start;
        self.line = record.line;
        let end = self.src[self.pos..].iter().position(|b| *b == b'\n').map_or(self.src.len(), |n| self.pos + n);
        record.cells.clear();
        record.unquoted.clear();
        let mut from = self.pos;
        for cell in self.src[self.pos..end].split(|b| *b == self.delimiter) {
            record.cells.push(Span { start: from, from, to: from + cell.len(), apart: false });
            from += cell.len() + 1;
        }
        self.skip_line_end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;
    use proptest::prelude::*;

    fn rows(bytes: &[u8], options: &Options) -> (Vec<String>, Vec<String>, &'static str) {
        let s = read(bytes.to_vec(), options).unwrap();
        let show = |n: usize| {
            let cells = s.row(n);
            match cells.fault {
                None => format!("{}:{}", s.line(n), cells.iter().collect::<Vec<_>>().join("|")),
                Some((f, cell)) => {
                    let (line, column) = s.place(n, Some(cell));
                    format!("{line}:{column}:{f:?}")
                }
            }
        };
        (s.headers.clone(), (0..s.len()).map(show).collect(), s.encoding)
    }

    #[test]
    fn files_are_read() {
        let check = |bytes: &[u8], head: &str, expected: &[&str], encoding: &str| {
            let (headers, got, e) = rows(bytes, &Options::default());
            assert_eq!(
                (headers.join("|").as_str(), got.as_slice(), e),
                (head, &expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..], encoding)
            );
        };
        check(b"a,b\n1,2\n\n3,4", "a|b", &["2:1|2", "4:3|4"], "UTF-8");
        check(b"a;b\r\n1; 2 \r\n\"x;\r\ny\";4\r\n5;6\r\n", "a|b", &["2:1|2", "3:x;\r\ny|4", "5:5|6"], "UTF-8");
        check(b"a,b\n'0012,'x\n", "a|b", &["2:0012|'x"], "UTF-8");
        check(b"a,b\n'@home,''=x\n''12,'+\n", "a|b", &["2:@home|'=x", "3:'12|+"], "UTF-8");
        // As copied from an address book.
        check("a,b\n\u{202d}138 0013\u{202c},x\n".as_bytes(), "a|b", &["2:138 0013|x"], "UTF-8");
        check(b"a\tb\n=\"0012\"\t\"say \"\"hi\"\"\"\n", "a|b", &["2:0012|say \"hi\""], "UTF-8");
        check(
            b"\xEF\xBB\xBFa,b\n1\n1,2,3\n1,2,,\n",
            "a|b",
            &["2:1:Cells { found: 1, expected: 2 }", "3:5:Cells { found: 3, expected: 2 }", "4:1|2"],
            "UTF-8",
        );
        check(b"a,b\n\"x,2\n3,4\n\"p\"q,1\n5,6\n", "a|b", &["2:1:Quote", "3:3|4", "4:1:Quote", "5:5|6"], "UTF-8");
        let (gb, _, _) = GB18030.encode("客户,城市\n华新,上海\n");
        check(&gb, "客户|城市", &["2:华新|上海"], "gb18030");
        let mut mixed = "客户,城市\n华新,上海\n".as_bytes().to_vec();
        mixed.extend_from_slice(b"\xFF\xFE,x\n");
        mixed.extend_from_slice("丽水,杭州\n".as_bytes());
        check(&mixed, "客户|城市", &["2:华新|上海", "3:1:Encoding", "4:丽水|杭州"], "UTF-8");
        let mut wide = vec![0xFF, 0xFE];
        wide.extend("客户\tx\n华新\t1\n".encode_utf16().flat_map(u16::to_le_bytes));
        check(&wide, "客户|x", &["2:华新|1"], "UTF-16LE");
    }

    #[test]
    fn options_win() {
        let options = Options { encoding: Some("gbk".into()), delimiter: Some(b';'), header: Some(3) };
        let (gb, _, _) = GB18030.encode("账单,\n\n日期;金额\n2026-01-05;1,5\n");
        assert_eq!(
            rows(&gb, &options),
            (vec!["日期".into(), "金额".into()], vec!["4:2026-01-05|1,5".into()], "gb18030")
        );
        let bad = Options { encoding: Some("klingon".into()), ..Options::default() };
        assert_eq!(read(b"a\n".to_vec(), &bad), Err(SourceError::UnknownEncoding("klingon".into())));
        assert_eq!(read(b"\n\n".to_vec(), &Options::default()), Err(SourceError::NoHeader));
        assert_eq!(
            read(b"a\n".to_vec(), &Options { header: Some(9), ..Options::default() }),
            Err(SourceError::NoHeader)
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'=')], 0..200)) {
            if let Ok(s) = read(bytes, &Options::default()) {
                (0..s.len()).for_each(|n| { (0..s.row(n).len()).for_each(|c| { s.place(n, Some(c)); }); });
            }
        }

        #[test]
        fn what_is_written_is_read(cells in proptest::collection::vec("[a-z客\",\n;]{0,6}", 1..5)) {
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            let head: Vec<String> = (0..cells.len()).map(|n| format!("h{n}")).collect();
            let text = format!("{}\n{}\nend{}\n", head.join(","), quoted.join(","), ",x".repeat(cells.len() - 1));
            let s = read(text.clone().into_bytes(), &Options { delimiter: Some(b','), ..Options::default() }).unwrap();
            let trimmed: Vec<String> = cells.iter().map(|c| c.trim().to_string()).collect();
            if trimmed.iter().any(|c| !c.is_empty()) {
                prop_assert_eq!(s.row(0).iter().map(str::to_string).collect::<Vec<_>>(), trimmed);
                prop_assert_eq!(s.row(0).fault, None);
            }
            prop_assert_eq!(s.line(s.len() - 1) as usize, text.lines().count());
        }
    }
}
