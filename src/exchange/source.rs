//! CSV files of other programs: encodings, delimiters, and rows that are broken one by one.
//!
//! Bytes go in, nothing is opened here. Strict where a guess could move a value into another column, lenient elsewhere:
//! spaces around cells go, and `="0012"`, by which spreadsheets keep digits together, is `0012`.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
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

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Line on which it begins, from 1.
    pub line: u32,
    /// As many as the header has, unless there is a fault.
    pub cells: Vec<String>,
    /// Why it cannot be used.
    pub fault: Option<Fault>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of its encoding.
    pub encoding: &'static str,
    /// Whether the encoding was guessed and is not UTF-8.
    pub guessed: bool,
    /// The header.
    pub headers: Vec<String>,
    /// The rows behind it.
    pub rows: Vec<SourceRow>,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceError {
    /// Nobody knows this encoding.
    UnknownEncoding(String),
    /// There is no header.
    NoHeader,
    /// The header's bytes or quotes are broken.
    BadHeader,
}

/// Reads a file.
///
/// # Errors
/// An unknown encoding, or a header that is missing or broken. Broken rows are marked, not errors.
pub fn read(bytes: &[u8], options: &Options) -> Result<Source, SourceError> {
    let (encoding, bom) = match Encoding::for_bom(bytes) {
        Some((e, len)) => (Some(e), len),
        None => (None, 0),
    };
    let named = match &options.encoding {
        Some(name) => {
            let label = if name.eq_ignore_ascii_case("utf-16") { "utf-16le" } else { name.as_str() };
            let e = Encoding::for_label(label.as_bytes());
            Some(e.ok_or_else(|| SourceError::UnknownEncoding(name.clone()))?)
        }
        None => None,
    };
    // GBK and GB2312 are parts of GB18030.
    let named = named.map(|e| if e == encoding_rs::GBK { GB18030 } else { e });
    let body = &bytes[bom..];
    let encoding_used = named.filter(|_| encoding.is_none()).or(encoding).unwrap_or_else(|| guess(body));
    let guessed = named.is_none() && encoding.is_none() && encoding_used != UTF_8;
    // Two-byte units cannot be taken apart at newlines.
    let wide = encoding_used == UTF_16LE || encoding_used == UTF_16BE;
    let (body, row_encoding) = if wide {
        (Cow::Owned(encoding_used.decode_without_bom_handling(body).0.into_owned().into_bytes()), UTF_8)
    } else {
        (Cow::Borrowed(body), encoding_used)
    };
    let mut splitter = Splitter { src: &body, pos: 0, line: 1, unclosed: 0, delimiter: b',' };
    while options.header.is_some_and(|wanted| splitter.line < wanted) {
        if !splitter.skip_line() {
            return Err(SourceError::NoHeader);
        }
    }
    splitter.delimiter = options.delimiter.unwrap_or_else(|| delimiter(&body[splitter.pos..]));
    let Some(head) = splitter.record() else { return Err(SourceError::NoHeader) };
    let decoded: Option<Vec<String>> = head.cells.iter().map(|c| decode(row_encoding, c)).collect();
    let Some(mut headers) = decoded.filter(|_| !head.bad_quote) else { return Err(SourceError::BadHeader) };
    while headers.last().is_some_and(String::is_empty) {
        headers.pop();
    }
    if headers.is_empty() {
        return Err(SourceError::NoHeader);
    }
    let mut rows = Vec::new();
    while let Some(r) = splitter.record() {
        if let Some(row) = row(&r, headers.len(), row_encoding) {
            rows.push(row);
        }
    }
    Ok(Source { encoding: encoding_used.name(), guessed, headers, rows })
}

/// A record as a row; `None` when all its cells are empty.
fn row(r: &Record, expected: usize, encoding: &'static Encoding) -> Option<SourceRow> {
    let mut fault = r.bad_quote.then_some(Fault::Quote);
    let mut cells: Vec<String> = Vec::with_capacity(r.cells.len());
    for c in &r.cells {
        cells.push(decode(encoding, c).unwrap_or_else(|| {
            fault = Some(Fault::Encoding);
            encoding.decode_without_bom_handling(c).0.trim().to_string()
        }));
    }
    if fault.is_none() && cells.iter().all(String::is_empty) {
        return None;
    }
    // A delimiter at the end of each line is no cell.
    while cells.len() > expected && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    if fault.is_none() && cells.len() != expected {
        fault = Some(Fault::Cells { found: cells.len(), expected });
    }
    Some(SourceRow { line: r.line, cells, fault })
}

/// UTF-8 unless most lines that are not ASCII are no UTF-8: then GB18030. A few broken rows do not turn a file around.
fn guess(body: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(body).is_ok() {
        return UTF_8;
    }
    let (mut good, mut bad) = (0, 0);
    for line in body.split(|b| *b == b'\n').filter(|l| !l.is_ascii()) {
        if std::str::from_utf8(line).is_ok() { good += 1 } else { bad += 1 }
    }
    if good >= bad { UTF_8 } else { GB18030 }
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

fn decode(encoding: &'static Encoding, cell: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(cell)?;
    Some(text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')).to_string())
}

/// One record before it is decoded.
struct Record {
    line: u32,
    cells: Vec<Vec<u8>>,
    bad_quote: bool,
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

    /// The next record; blank lines are passed over.
    fn record(&mut self) -> Option<Record> {
        while self.at_line_end(self.pos) {
            if !self.skip_line() {
                return None;
            }
        }
        let mut record = Record { line: self.line, cells: Vec::new(), bad_quote: false };
        let start = self.pos;
        loop {
            let rest = &self.src[self.pos..];
            let quoted = if rest.starts_with(b"=\"") { 2 } else { usize::from(rest.starts_with(b"\"")) };
            let cell = if quoted > 0 && self.unclosed < MAX_UNCLOSED { self.quoted(quoted) } else { self.plain() };
            match cell {
                Some(c) => record.cells.push(c),
                None => return Some(self.broken(start, record)),
            }
            match self.src.get(self.pos) {
                Some(b) if *b == self.delimiter => self.pos += 1,
                _ => break,
            }
        }
        self.skip_line_end();
        Some(record)
    }

    fn skip_line_end(&mut self) {
        if !self.skip_line() {
            self.pos = self.src.len();
        }
    }

    fn plain(&mut self) -> Option<Vec<u8>> {
        let from = self.pos;
        while self.src.get(self.pos).is_some_and(|b| *b != self.delimiter && *b != b'\n') {
            self.pos += 1;
        }
        let mut end = self.pos;
        if end > from && self.src[end - 1] == b'\r' && self.at_line_end(end) {
            end -= 1;
        }
        Some(self.src[from..end].to_vec())
    }

    /// A quoted cell; `None` when its quote is not closed at a delimiter or line end.
    fn quoted(&mut self, open: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut i = self.pos + open;
        loop {
            match self.src[i..].iter().position(|b| *b == b'"') {
                None => {
                    self.unclosed += 1;
                    return None;
                }
                Some(n) => {
                    out.extend_from_slice(&self.src[i..i + n]);
                    i += n + 1;
                }
            }
            if self.src.get(i) == Some(&b'"') {
                out.push(b'"');
                i += 1;
                continue;
            }
            break;
        }
        if self.src.get(i) != Some(&self.delimiter) && !self.at_line_end(i) {
            return None;
        }
        self.line += u32::try_from(self.src[self.pos..i].iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
        self.pos = i;
        Some(out)
    }

    /// The line on which a record began, as it is; reading goes on behind it.
    fn broken(&mut self, start: usize, record: Record) -> Record {
        self.pos = start;
        self.line = record.line;
        let end = self.src[start..].iter().position(|b| *b == b'\n').map_or(self.src.len(), |n| start + n);
        let cells = self.src[start..end].split(|b| *b == self.delimiter).map(<[u8]>::to_vec).collect();
        self.skip_line_end();
        Record { line: record.line, cells, bad_quote: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8], options: &Options) -> (Vec<String>, Vec<String>, &'static str) {
        let s = read(bytes, options).unwrap();
        let show = |r: &SourceRow| match r.fault {
            None => format!("{}:{}", r.line, r.cells.join("|")),
            Some(f) => format!("{}:{f:?}", r.line),
        };
        (s.headers.clone(), s.rows.iter().map(show).collect(), s.encoding)
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
        check(b"a\tb\n=\"0012\"\t\"say \"\"hi\"\"\"\n", "a|b", &["2:0012|say \"hi\""], "UTF-8");
        check(
            b"\xEF\xBB\xBFa,b\n1\n1,2,3\n1,2,,\n",
            "a|b",
            &["2:Cells { found: 1, expected: 2 }", "3:Cells { found: 3, expected: 2 }", "4:1|2"],
            "UTF-8",
        );
        check(b"a,b\n\"x,2\n3,4\n\"p\"q,1\n5,6\n", "a|b", &["2:Quote", "3:3|4", "4:Quote", "5:5|6"], "UTF-8");
        let (gb, _, _) = GB18030.encode("客户,城市\n华新,上海\n");
        check(&gb, "客户|城市", &["2:华新|上海"], "gb18030");
        let mut mixed = "客户,城市\n华新,上海\n".as_bytes().to_vec();
        mixed.extend_from_slice(b"\xFF\xFE,x\n");
        mixed.extend_from_slice("丽水,杭州\n".as_bytes());
        check(&mixed, "客户|城市", &["2:华新|上海", "3:Encoding", "4:丽水|杭州"], "UTF-8");
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
        assert_eq!(read(b"a\n", &bad), Err(SourceError::UnknownEncoding("klingon".into())));
        assert_eq!(read(b"\n\n", &Options::default()), Err(SourceError::NoHeader));
        assert_eq!(read(b"a\n", &Options { header: Some(9), ..Options::default() }), Err(SourceError::NoHeader));
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(b'=')], 0..200)) {
            let _ = read(&bytes, &Options::default());
        }

        #[test]
        fn what_is_written_is_read(cells in proptest::collection::vec("[a-z客\",\n;]{0,6}", 1..5)) {
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            let head: Vec<String> = (0..cells.len()).map(|n| format!("h{n}")).collect();
            let text = format!("{}\n{}\nend{}\n", head.join(","), quoted.join(","), ",x".repeat(cells.len() - 1));
            let s = read(text.as_bytes(), &Options { delimiter: Some(b','), ..Options::default() }).unwrap();
            let trimmed: Vec<String> = cells.iter().map(|c| c.trim().to_string()).collect();
            if trimmed.iter().any(|c| !c.is_empty()) {
                prop_assert_eq!(&s.rows[0].cells, &trimmed);
                prop_assert_eq!(s.rows[0].fault, None);
            }
            let last = s.rows.last().unwrap();
            prop_assert_eq!(last.line as usize, text.lines().count());
        }
    }
}
