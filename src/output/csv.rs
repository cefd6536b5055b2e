//! Comma- and tab-separated values: the main block, a header of keys, every digit.
//!
//! Text cells differ from the data in three documented ways, so that no program is surprised by a cell:
//! - a line break is written `\n`, as the data files do (a `\` that would be misread then is doubled), so that a record is a line;
//! - control and invisible characters other than tabs are written as [`clean`](super::sanitize::clean) shows them;
//! - a text that a spreadsheet would run as a formula gets an apostrophe in front (see [`guard`]). An import takes it off again.
//!
//! Numbers, days and flags stand as they are. Both quote as RFC 4180 says, and only where they must: in tsv what has a tab or begins
//! with a quote.

use super::Style;
use super::cell::write_exact;
use super::sanitize::clean_lines;
use crate::report::document::{Block, Cell, Row};
use rayon::prelude::*;
use std::borrow::Cow;

/// The block as CSV with LF line ends; a header alone when it has no rows.
pub fn csv(block: &Block, style: &Style) -> Vec<String> {
    lines(block, |items, out| {
        let start = out.len();
        for (n, item) in items.enumerate() {
            if n > 0 {
                out.push(',');
            }
            match item.text() {
                // Most texts need nothing: they are decided by their bytes.
                Some(t) if is_harmless(t) => out.push_str(t),
                Some(t) => push_quoted(&said(t), out),
                None => item.write(style, out, |t, out| push_quoted(&said(t), out)),
            }
        }
        // A record of one empty field would be an empty line, which readers skip.
        if out.len() == start {
            out.push_str("\"\"");
        }
    })
}

/// What a cell of csv or tsv says, before it is quoted.
pub fn printed(text: &str) -> String {
    said(text).into_owned()
}

fn said(text: &str) -> Cow<'_, str> {
    if is_harmless(text) {
        return Cow::Borrowed(text);
    }
    // Tabs are harmless behind the first character, and in quotes.
    let shown = match text.contains('\t') {
        true => Cow::Owned(text.split('\t').map(clean_lines).collect::<Vec<_>>().join("\t")),
        false => clean_lines(text),
    };
    Cow::Owned(guard(&escape_breaks(&shown)).into_owned())
}

/// The block as tab-separated values; a header alone when it has no rows.
pub fn tsv(block: &Block, style: &Style) -> Vec<String> {
    let escape = |t: &str, out: &mut String| {
        let text = said(t);
        if text.starts_with('"') || text.contains('\t') { quote(&text, out) } else { out.push_str(&text) }
    };
    lines(block, |items, out| {
        let start = out.len();
        for (n, item) in items.enumerate() {
            if n > 0 {
                out.push('\t');
            }
            match item.text() {
                Some(t) => escape(t, out),
                None => item.write(style, out, escape),
            }
        }
        if out.len() == start {
            out.push_str("\"\"");
        }
    })
}

/// A header's key, or a cell.
enum Item<'a> {
    Key(&'a String),
    Cell(&'a Cell),
}

impl<'a> Item<'a> {
    /// The text of a text.
    fn text(&self) -> Option<&'a str> {
        match self {
            Item::Key(t) => Some(t),
            Item::Cell(cell) => cell.text(),
        }
    }
    /// Writes a list or a figure.
    fn write(&self, style: &Style, out: &mut String, text: impl Fn(&str, &mut String)) {
        match self {
            Item::Cell(Cell::List(items)) => text(&items.join(";"), out),
            Item::Cell(cell) => write_exact(cell, style, out),
            Item::Key(_) => {}
        }
    }
}

/// Whether a text stands in CSV as it is.
fn is_harmless(text: &str) -> bool {
    let plain = |b: u8| (0x20..0x7f).contains(&b) && !matches!(b, b'"' | b',' | b'\\');
    let edge = |b: Option<u8>| b.is_none_or(|b| b.is_ascii_alphanumeric());
    text.bytes().all(plain) && edge(text.bytes().next()) && edge(text.bytes().next_back())
}

/// Rows that a thread writes at a time.
const STRETCH: usize = 1024;

/// Header and records; `write` writes the items of one line.
fn lines(block: &Block, write: impl Fn(&mut dyn Iterator<Item = Item<'_>>, &mut String) + Sync) -> Vec<String> {
    let line = |items: &mut dyn Iterator<Item = Item<'_>>, out: &mut String| {
        write(items, out);
        out.push('\n');
    };
    let mut out = String::new();
    match block {
        Block::Table(table) => {
            line(&mut table.columns.iter().map(|c| Item::Key(&c.key)), &mut out);
            let stretch = |rows: &[Row]| {
                let mut out = String::new();
                for row in rows {
                    let cells = (0..table.columns.len()).map(|n| row.cells.get(n).unwrap_or(&Cell::Missing));
                    line(&mut cells.map(Item::Cell), &mut out);
                }
                out
            };
            let parts: Vec<String> = table.rows.par_chunks(STRETCH).map(stretch).collect();
            return std::iter::once(out).chain(parts).collect();
        }
        Block::Card(card) => {
            line(&mut card.fields.iter().map(|(c, _)| Item::Key(&c.key)), &mut out);
            line(&mut card.fields.iter().map(|(_, cell)| Item::Cell(cell)), &mut out);
        }
        Block::Note(_) => return Vec::new(),
    }
    vec![out]
}

/// Puts `'` in front of a text that a spreadsheet would take for a formula: one that begins with `=`, `+`, `-`, `@`, also full-width, a
/// tab or a carriage return (that one as `clean` shows it), apostrophes before it not counted. A reader that takes
/// one apostrophe off every such text so has the text again; for its sake one is put before `'` and digits, too, by which
/// spreadsheets keep digits together.
///
/// A `+` or `-` before nothing but digits and the signs of a phone number is left alone: at worst it is arithmetic.
fn guard(text: &str) -> Cow<'_, str> {
    if is_phone_like(text) {
        return Cow::Borrowed(text);
    }
    let inner = text.trim_start_matches('\'');
    if inner.len() < text.len() && !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit()) {
        return Cow::Owned(format!("'{text}"));
    }
    if inner.starts_with(GUARDED) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What a text that gets an apostrophe begins with, as it is shown. A spreadsheet for Chinese or Japanese takes full-width signs, too.
const GUARDED: [char; 10] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '␍'];

/// A sign, then nothing but digits (one at least) and what stands between those of a phone number.
fn is_phone_like(text: &str) -> bool {
    text.strip_prefix(['+', '-', '＋', '－']).is_some_and(|rest| {
        rest.contains(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | '/'))
    })
}

/// Line breaks as `\n`. Backslashes are doubled only where they would be misread: before `n`, a break, one another.
fn escape_breaks(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let run = rest.len() - rest.trim_start_matches('\\').len();
        if run == 0 {
            out.push_str("\\n");
            rest = &rest[1..];
            continue;
        }
        let doubled = run > 1 || rest[1..].starts_with(['n', '\n']);
        out.push_str(&"\\".repeat(if doubled { 2 * run } else { 1 }));
        rest = &rest[run..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn push_quoted(text: &str, out: &mut String) {
    let bare = !text.contains([',', '"', '\t']) && !text.starts_with(' ') && !text.ends_with(' ');
    if bare { out.push_str(text) } else { quote(text, out) }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::output::samples::{card, column, style, table, text_table, yuan};
    use crate::output::sanitize;
    use crate::output::{Format, render};
    use crate::report::document::{Document, Row, Table};
    use proptest::prelude::*;

    #[test]
    fn cells_are_exact_and_harmless() {
        let check = |cell: Cell, csv_text: &str, tsv_text: &str| {
            let doc = Document::table(table(vec![("a", vec![cell]), ("b", vec![Cell::Int(1)])]));
            let line = |f| render(&doc, &style(f)).lines().nth(1).unwrap().to_string();
            assert_eq!(line(Format::Csv), format!("{csv_text},1"));
            assert_eq!(line(Format::Tsv), format!("{tsv_text}\t1"));
        };
        let text = |s: &str| Cell::Text(s.into());
        check(Cell::Missing, "", "");
        check(Cell::NotAvailable, "", "");
        check(yuan("1234567.035"), "1234567.035", "1234567.035");
        check(yuan("-5"), "-5", "-5");
        check(text("=1+1"), "'=1+1", "'=1+1");
        check(text("+86 21"), "+86 21", "+86 21");
        check(text("+"), "'+", "'+");
        check(text("@cmd"), "'@cmd", "'@cmd");
        check(text("-"), "'-", "'-");
        check(text("'=x"), "''=x", "''=x");
        check(text("'0012"), "''0012", "''0012");
        check(text("'t Hooft"), "'t Hooft", "'t Hooft");
        check(text("＝1+1"), "'＝1+1", "'＝1+1");
        check(text("＋86 21"), "＋86 21", "＋86 21");
        check(text("\t=1"), "\"'\t=1\"", "\"'\t=1\"");
        check(text("a\tb \"c\""), "\"a\tb \"\"c\"\"\"", "\"a\tb \"\"c\"\"\"");
        check(text("a,b \"c\""), "\"a,b \"\"c\"\"\"", "a,b \"c\"");
        check(text("a\nb\r\nc"), "a\\nb\\nc", "a\\nb\\nc");
        check(text("C:\\data\\new"), "C:\\data\\\\new", "C:\\data\\\\new");
        check(text("\x1b]8;;x"), "␛]8;;x", "␛]8;;x");
        check(Cell::list(["a", "b"]), "a;b", "a;b");
        check(Cell::list(["=a"]), "'=a", "'=a");
        check(Cell::code("hot", "热"), "hot", "hot");
        check(Cell::Id("=x".into()), "'=x", "'=x");
    }

    #[test]
    fn headers_cards_and_single_empty_cells() {
        let empty = Document::table(Table { columns: vec![column("a"), column("b")], ..Table::default() });
        assert_eq!(render(&empty, &style(Format::Csv)), "a,b\n");
        assert_eq!(render(&empty, &style(Format::Tsv)), "a\tb\n");
        let one = table(vec![("a", vec![Cell::Missing])]);
        let one = Document::table(one);
        assert_eq!(render(&one, &style(Format::Csv)), "a\n\"\"\n");
        assert_eq!(render(&one, &style(Format::Tsv)), "a\n\"\"\n");
        assert_eq!(csv(&Block::Card(card()), &style(Format::Csv)).concat(), "customer,name,note\nhx,华新电子,a\\nb\n");
        let mut short = table(vec![("a", vec![]), ("b", vec![])]);
        short.rows = vec![Row { cells: vec![Cell::Int(1)], ..Row::default() }];
        short.footer = vec![Row { cells: vec![Cell::Int(9)], ..Row::default() }];
        short.columns[1].machine_only = true;
        assert_eq!(csv(&Block::Table(short), &style(Format::Csv)).concat(), "a,b\n1,\n");
        assert_eq!(csv(&Block::Note("n".into()), &style(Format::Csv)).concat(), "");
    }

    /// What the module's header promises to a reader.
    fn undo(read: &str) -> String {
        let unguarded = match read.strip_prefix('\'') {
            Some(rest) if rest.trim_start_matches('\'').starts_with(GUARDED) => rest,
            Some(rest) if rest.trim_start_matches('\'').parse::<u128>().is_ok() => rest,
            _ => read,
        };
        crate::store::cells::unescape_note(unguarded).into_owned()
    }

    /// A text as it is shown: its tabs are tabs.
    fn shown(text: &str) -> String {
        text.split('\t').map(sanitize::clean_lines).collect::<Vec<_>>().join("\t")
    }

    fn is_formula(read: &str) -> bool {
        read.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) && !is_phone_like(read)
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in "(\\PC|[\\\\n\n\r\t'=+@＝＠,\";\u{202e}\u{1b}-]){0,24}") {
            for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
                let out = render(&text_table(&text), &style(format));
                prop_assert_eq!(out.lines().count(), 2);
                let mut reader = ::csv::ReaderBuilder::new();
                let mut reader = reader.delimiter(delimiter).from_reader(out.as_bytes());
                let read = reader.records().next().unwrap().unwrap()[0].to_string();
                prop_assert_eq!(undo(&read), shown(&text));
                prop_assert!(!is_formula(&read), "{:?}", read);
            }
        }

        /// With quotes and without them: no cell is a formula, and who knows quotes reads the text itself.
        #[test]
        fn no_reader_of_tsv_gets_a_formula(text in "[\"=+@'x,; -]{0,8}") {
            let out = render(&text_table(&text), &style(Format::Tsv));
            for quoting in [true, false] {
                let mut reader = ::csv::ReaderBuilder::new();
                let mut reader = reader.delimiter(b'\t').quoting(quoting).flexible(true).from_reader(out.as_bytes());
                let read = reader.records().next().map_or_else(String::new, |r| r.unwrap()[0].to_string());
                prop_assert!(!is_formula(&read), "{read:?}");
                prop_assert!(!quoting || undo(&read) == text || text.is_empty(), "{read:?}");
            }
        }
    }
}
