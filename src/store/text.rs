//! A file as text: UTF-8, BOM, line ends, and what makes a file unreadable. No format is known here.

use crate::diag::{Code, Diagnostic, Place};
use crate::store::encoding::{Guess, guess, name};
use encoding_rs::UTF_8;
use std::ops::Range;

/// Largest data file that is read, in bytes.
pub const MAX_FILE: u64 = 1 << 30;
/// Largest TOML file that is read, in bytes.
pub const MAX_TOML: u64 = 4 << 20;
/// Longest excerpt of a line that a diagnostic carries, in bytes.
const MAX_EXCERPT: usize = 1024;

/// A text file, with what is needed to write it back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// The text without BOM, line ends as found.
    pub body: String,
    /// Whether a byte order mark stood in front.
    pub bom: bool,
    /// Whether the first line ends in CR LF.
    pub crlf: bool,
    /// Whether the last line is ended; true for an empty file.
    pub final_newline: bool,
}

impl TextFile {
    /// Takes a file's bytes; `limit` is [`MAX_FILE`] or [`MAX_TOML`].
    ///
    /// # Errors
    /// The first of too-large, not-utf8, nul-byte and conflict-markers that holds; the file must not be interpreted then.
    pub fn from_bytes(mut bytes: Vec<u8>, file: &str, limit: u64) -> Result<TextFile, Diagnostic> {
        if let Some(d) = too_large(file, bytes.len() as u64, limit) {
            return Err(d);
        }
        let bom = bytes.starts_with(BOM);
        if bom {
            bytes.drain(..3);
        }
        let body = String::from_utf8(bytes).map_err(|e| not_utf8(file, e.as_bytes(), e.utf8_error().valid_up_to()))?;
        interpretable(&body, file)?;
        let crlf = body.find('\n').is_some_and(|n| n > 0 && body.as_bytes()[n - 1] == b'\r');
        let final_newline = body.is_empty() || body.ends_with('\n');
        Ok(TextFile { body, bom, crlf, final_newline })
    }

    /// The bytes to write: the body with its BOM.
    pub fn to_bytes(&self) -> Vec<u8> {
        with_bom(self.bom, &self.body)
    }

    /// The line end of the file's style.
    pub fn eol(&self) -> &'static str {
        if self.crlf { "\r\n" } else { "\n" }
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file's bytes without its BOM, for who keeps nothing of it.
///
/// # Errors
/// As [`TextFile::from_bytes`].
pub(super) fn body<'b>(bytes: &'b [u8], file: &str, limit: u64) -> Result<&'b str, Diagnostic> {
    if let Some(d) = too_large(file, bytes.len() as u64, limit) {
        return Err(d);
    }
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    // Its errors say nothing about the place.
    let body = match simdutf8::basic::from_utf8(bytes) {
        Ok(body) => body,
        Err(_) => std::str::from_utf8(bytes).map_err(|e| not_utf8(file, bytes, e.valid_up_to()))?,
    };
    interpretable(body, file)?;
    Ok(body)
}

/// Refuses a text that cannot be interpreted: NUL bytes, conflict markers.
fn interpretable(body: &str, file: &str) -> Result<(), Diagnostic> {
    if let Some(at) = memchr::memchr(0, body.as_bytes()) {
        let wide = match guess(body.as_bytes()) {
            Guess::Seems(encoding) if encoding != UTF_8 && file.contains('/') => format!("{} {file}", name(encoding)),
            _ => String::new(),
        };
        let other = if wide.is_empty() { "nul" } else { "" };
        return Err(Diagnostic::new(Code::NulByte, place(file, body, at..at + 1), [wide.as_str(), other]));
    }
    if let Some(at) = conflict(body) {
        return Err(Diagnostic::new(Code::ConflictMarkers, place(file, body, at..at + 7), []));
    }
    Ok(())
}

/// Whether [`TextFile::from_bytes`] has nothing to say about bytes, or to take off them, if they are UTF-8.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    !bytes.starts_with(BOM) && memchr::memchr(0, bytes).is_none() && memchr::memmem::find(bytes, b"<<<<<<< ").is_none()
}

/// A text with a BOM in front, or without.
pub fn with_bom(bom: bool, body: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 3);
    if bom {
        out.extend_from_slice(b"\xEF\xBB\xBF");
    }
    out.extend_from_slice(body.as_bytes());
    out
}

/// The finding for a file of `len` bytes, if that is more than `limit`; to be asked before the file is read.
pub fn too_large(file: &str, len: u64, limit: u64) -> Option<Diagnostic> {
    (len > limit).then(|| Diagnostic::new(Code::TooLarge, Place::file(file), ["file", &limit.to_string()]))
}

fn not_utf8(file: &str, bytes: &[u8], at: usize) -> Diagnostic {
    let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n);
    let line = 1 + count_lines(&bytes[..start]);
    let column = 1 + String::from_utf8_lossy(&bytes[start..at]).chars().count() as u32;
    let text = String::from_utf8_lossy(&bytes[start..end.min(start + MAX_EXCERPT)]).trim_end_matches('\r').to_string();
    let place = Place { file: file.into(), line, column, width: 1, text: Some(text) };
    let args = if file.contains('/') {
        match guess(bytes) {
            Guess::Seems(encoding) if encoding == UTF_8 => {
                [String::new(), String::new(), String::new(), file.into(), String::new()]
            }
            Guess::Seems(encoding) => {
                let name = name(encoding);
                let both = format!("{name} {file}");
                [name, both, String::new(), String::new(), String::new()]
            }
            Guess::Unclear(readings) => {
                let list: Vec<&str> = readings.iter().take(4).map(|r| r.encoding.as_str()).collect();
                let save = if list.is_empty() { "save" } else { "" };
                [String::new(), String::new(), list.join(", "), String::new(), save.into()]
            }
        }
    } else {
        // Without the settings no command converts anything.
        [String::new(), String::new(), String::new(), String::new(), "save".into()]
    };
    Diagnostic::new(Code::NotUtf8, place, args.each_ref().map(String::as_str))
}

/// Offset of the first conflict marker; only where both a begin and, behind it, an end stand.
fn conflict(body: &str) -> Option<usize> {
    // The search for the rare string decides nearly always; lines are looked at only after it.
    let has = |mark: &[u8]| memchr::memmem::find(body.as_bytes(), mark).is_some();
    if !has(b"<<<<<<< ") || !has(b">>>>>>> ") {
        return None;
    }
    let mut begin = None;
    let mut offset = 0;
    for line in body.split_inclusive('\n') {
        if begin.is_none() && line.starts_with("<<<<<<< ") {
            begin = Some(offset);
        }
        if begin.is_some() && line.starts_with(">>>>>>> ") {
            return begin;
        }
        offset += line.len();
    }
    None
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|b| **b == b'\n').count()).unwrap_or(u32::MAX)
}

/// Where the lines of a text begin, for who looks for many places in it. A place then costs the same wherever it is, in a line of
/// any length.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    starts: Vec<usize>,
    /// How many characters begin before each block of bytes.
    chars: Vec<usize>,
}

/// Bytes of a block of [`Lines`].
const BLOCK: usize = 256;

/// How many characters begin among some bytes of a text.
fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

impl Lines {
    /// The lines of a text.
    pub fn of(body: &str) -> Lines {
        let starts = memchr::memchr_iter(b'\n', body.as_bytes()).map(|n| n + 1).collect();
        let mut before = 0;
        let blocks = body.as_bytes().chunks(BLOCK).map(|block| {
            before += count_chars(block);
            before
        });
        Lines { starts, chars: std::iter::once(0).chain(blocks).collect() }
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset) + 1).unwrap_or(u32::MAX)
    }

    /// How many characters begin before a byte offset.
    fn before(&self, body: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.chars.get(block).copied().unwrap_or(0) + count_chars(&body.as_bytes()[block * BLOCK..offset])
    }

    /// The begin and the end of a line, from 1, without its line feed.
    fn span(&self, line: u32, body: &str) -> Range<usize> {
        let n = line as usize - 1;
        let start = n.checked_sub(1).map_or(0, |before| self.starts[before]);
        start..self.starts.get(n).map_or(body.len(), |next| next - 1)
    }
}

/// Line and column (in characters), both from 1, of a byte offset, and the text of that line without its end.
/// An offset inside a character counts as that character; one beyond the end is the end.
pub fn position(body: &str, offset: usize) -> (u32, u32, &str) {
    let mut offset = offset.min(body.len());
    while !body.is_char_boundary(offset) {
        offset -= 1;
    }
    let start = body[..offset].rfind('\n').map_or(0, |n| n + 1);
    let end = body[offset..].find('\n').map_or(body.len(), |n| offset + n);
    let line = 1 + count_lines(&body.as_bytes()[..start]);
    let column = 1 + body[start..offset].chars().count() as u32;
    let text = &body[start..end];
    (line, column, text.strip_suffix('\r').unwrap_or(text))
}

/// The place of a stretch of a text, as a diagnostic names it; the width ends with the line.
pub fn place(file: &str, body: &str, span: Range<usize>) -> Place {
    let (line, column, text) = position(body, span.start);
    let rest = text.chars().count() as u32 + 1 - column.min(text.chars().count() as u32 + 1);
    let (from, mut to) = (span.start.min(body.len()), span.end.min(body.len()));
    while to > from && !body.is_char_boundary(to) {
        to -= 1;
    }
    let width = body.get(from..to).map_or(1, |s| s.chars().take_while(|c| *c != '\n').count() as u32);
    Place { file: file.into(), line, column, width: width.min(rest), text: Some(excerpt(text).to_string()) }
}

/// The same for one place of many.
pub fn place_by(lines: &Lines, file: &str, body: &str, span: Range<usize>) -> Place {
    let mut offset = span.start.min(body.len());
    while !body.is_char_boundary(offset) {
        offset -= 1;
    }
    let line = lines.line(offset);
    let at = lines.span(line, body);
    let text = &body[at.clone()];
    let text = text.strip_suffix('\r').unwrap_or(text);
    let end = at.start + text.len();
    let count = |from: usize, to: usize| {
        u32::try_from(lines.before(body, to.max(from)) - lines.before(body, from)).unwrap_or(u32::MAX)
    };
    let (column, width) = (1 + count(at.start, offset), count(offset, span.end.min(end)));
    Place { file: file.into(), line, column, width, text: Some(excerpt(text).to_string()) }
}

/// Marks only the first character of a place's stretch that fits, if there is one on its line.
pub(crate) fn narrow(place: &mut Place, fits: fn(char) -> bool) {
    let from = place.column.saturating_sub(1) as usize;
    let found = place
        .text
        .as_deref()
        .and_then(|t| t.chars().skip(from).take(place.width as usize).position(fits))
        .and_then(|n| u32::try_from(n).ok());
    if let Some(n) = found {
        place.column += n;
        place.width = 1;
    }
}

/// A line, cut to what a diagnostic carries.
pub(crate) fn excerpt(line: &str) -> &str {
    let mut end = line.len().min(MAX_EXCERPT);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A place is the same whether it is one or one of many, also behind the first blocks of a long line.
        #[test]
        fn one_of_many_places(text in "[a客\u{301}\r\n ]{0,40}", times in 1usize..600, from in any::<prop::sample::Index>(), length in 0usize..60) {
            let body = text.repeat(times);
            let starts: Vec<usize> = body.char_indices().map(|(n, _)| n).chain([body.len()]).collect();
            let n = from.index(starts.len());
            let span = starts[n]..starts[(n + length).min(starts.len() - 1)];
            prop_assert_eq!(place_by(&Lines::of(&body), "f", &body, span.clone()), place("f", &body, span));
        }
    }

    #[test]
    fn files_are_taken_apart_and_put_together() {
        let check = |bytes: &[u8], bom, crlf, final_newline| {
            let t = TextFile::from_bytes(bytes.to_vec(), "f", MAX_FILE).unwrap();
            assert_eq!((t.bom, t.crlf, t.final_newline), (bom, crlf, final_newline), "{bytes:?}");
            assert_eq!(t.to_bytes(), bytes);
        };
        check(b"", false, false, true);
        check(b"a", false, false, false);
        check(b"a\n", false, false, true);
        check(b"a\r\nb\r\n", false, true, true);
        check(b"\xEF\xBB\xBFa\nb\r\n", true, false, true);
        check("\u{feff}客户\r\nx".as_bytes(), true, true, false);
        check(b"<<<<<<< a\n=======\n", false, false, true);
        check(b"x <<<<<<< a\n>>>>>>> b\n", false, false, true);
    }

    #[test]
    fn unreadable_files_are_findings_with_a_place() {
        let check = |bytes: &[u8], limit, code, line, column| {
            let d = TextFile::from_bytes(bytes.to_vec(), "f", limit).unwrap_err();
            assert_eq!((d.code, d.place.line, d.place.column), (code, line, column), "{d:?}");
        };
        check(b"a\n\xE5\xAE\xA2\xFFb\n", MAX_FILE, Code::NotUtf8, 2, 2);
        check(b"\xB0\xA1", MAX_FILE, Code::NotUtf8, 1, 1);
        check(b"\xEF\xBB\xBFa\xFF", MAX_FILE, Code::NotUtf8, 1, 2);
        check("客\0".as_bytes(), MAX_FILE, Code::NulByte, 1, 2);
        check(b"a\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n", MAX_FILE, Code::ConflictMarkers, 2, 1);
        check(b"aaaa", 3, Code::TooLarge, 0, 0);
    }

    #[test]
    fn offsets_become_lines_and_columns() {
        let body = "ab\r\n客户x\n";
        let check = |offset, expected| assert_eq!(position(body, offset), expected, "{offset}");
        check(0, (1, 1, "ab"));
        check(2, (1, 3, "ab"));
        check(4, (2, 1, "客户x"));
        check(5, (2, 1, "客户x"));
        check(7, (2, 2, "客户x"));
        check(11, (2, 4, "客户x"));
        check(12, (3, 1, ""));
        check(99, (3, 1, ""));
        assert_eq!(place("f", body, 4..10).width, 2);
        assert_eq!(place("f", body, 7..99).width, 2);
    }
}
