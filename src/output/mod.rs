//! Documents and diagnostics become text. Nothing here computes figures, reads files or prints.
//!
//! - people's formats, all blocks: [`table`], [`md`], [`html`]
//! - [`xlsx`]: what people read, as a sheet; bytes, so that only a file can hold it
//! - machine formats, the main block alone: [`csv`] (and tsv), [`json`] (and ndjson), [`ids`]
//! - `chart`: the pictures of a table as SVG, for [`html`]
//! - `cell`: one cell as text, for either; [`sanitize`]: what of the data may reach a screen
//! - for the command line's own use: [`snippet`] (a finding with its line), [`diff`], [`spark`] (bars)
//! - `words`: the words that belong to a format
//!
//! A new format is a file here, a variant of [`Format`] and a line of [`render`].

mod cell;
mod chart;
pub mod csv;
pub mod diff;
pub mod html;
pub mod ids;
pub mod json;
pub mod letter;
pub mod md;
#[cfg(test)]
mod samples;
pub mod sanitize;
pub mod snippet;
pub mod spark;
pub mod table;
pub mod words;
pub mod wrap;
pub mod xlsx;

use crate::i18n::Lang;
use crate::model::money::Decimal;
use crate::report::document::{Block, Document, Row, Table};
use std::ops::Range;
use std::path::Path;

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns for reading.
    #[default]
    Table,
    /// Comma-separated values, RFC 4180 with LF.
    Csv,
    /// Tab-separated values without quoting.
    Tsv,
    /// An array of flat objects, one a line.
    Json,
    /// A flat object a line.
    Ndjson,
    /// Markdown (GitHub's tables).
    Md,
    /// One page that needs nothing else.
    Html,
    /// One id a line.
    Ids,
    /// A workbook of one sheet, for files only.
    Xlsx,
}

impl Format {
    /// All formats that are text.
    pub const ALL: [Format; 8] =
        [Format::Table, Format::Csv, Format::Tsv, Format::Json, Format::Ndjson, Format::Md, Format::Html, Format::Ids];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Md => "md",
            Format::Html => "html",
            Format::Ids => "ids",
            Format::Xlsx => "xlsx",
        }
    }

    /// Reads a name of the command line, exactly as [`Format::name`] gives it.
    pub fn parse(s: &str) -> Option<Format> {
        Format::ALL.into_iter().chain([Format::Xlsx]).find(|f| f.name() == s)
    }

    /// The format that a file's ending asks for, in any case; `None` for unknown endings.
    pub fn from_extension(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Format::Table),
            "jsonl" => Some(Format::Ndjson),
            "markdown" => Some(Format::Md),
            "htm" => Some(Format::Html),
            other => Format::parse(other).filter(|f| !matches!(f, Format::Table | Format::Ids)),
        }
    }

    /// Whether programs read it: exact values, stable keys, the main block alone.
    pub fn is_machine(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv | Format::Json | Format::Ndjson | Format::Ids)
    }
}

/// How a document is to be printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// The format.
    pub format: Format,
    /// The language of the format's own words and of scales.
    pub lang: Lang,
    /// Cells of the terminal's line; `None` = not a terminal: nothing is cut, wrapped or boxed.
    pub width: Option<usize>,
    /// Whether `table` uses colours: the caller decides (`--color`, `NO_COLOR`, a terminal or not).
    pub color: bool,
    /// The zone in which instants are shown.
    pub tz: crate::model::zone::Zone,
    /// What amounts are divided by in people's formats.
    pub scale: Option<Decimal>,
    /// Whether the reader can choose columns by `--columns`.
    pub columns: bool,
}

/// The text of a document, ending with a line feed, or empty when there is nothing to print.
pub fn render(doc: &Document, style: &Style) -> String {
    pieces(doc, style).concat()
}

/// The same in pieces: a text of many megabytes need not be put together to be written.
pub fn pieces(doc: &Document, style: &Style) -> Vec<String> {
    let main = doc.blocks.get(doc.main);
    match style.format {
        Format::Table => table::pieces(doc, style),
        Format::Md => vec![md::render(doc, style)],
        Format::Html => vec![html::render(doc, style)],
        Format::Csv => main.map_or_else(Vec::new, |b| csv::csv(b, style)),
        Format::Tsv => main.map_or_else(Vec::new, |b| csv::tsv(b, style)),
        Format::Json => vec![json::json(main, style)],
        Format::Ndjson => vec![json::ndjson(main, style)],
        Format::Ids => main.into_iter().map(ids::ids).collect(),
        // It is no text: see [`xlsx::bytes`].
        Format::Xlsx => Vec::new(),
    }
}

/// A table whose rows are made when they are printed.
pub struct Later<'r> {
    /// The table, without rows.
    pub table: Table,
    /// How many rows there are.
    pub rows: usize,
    /// Makes some of them.
    pub make: &'r dyn Fn(Range<usize>) -> Vec<Row>,
}

/// Rows that are made at a time.
const AT_A_TIME: usize = 32 << 10;

impl Later<'_> {
    /// The document with all rows.
    pub fn whole(self) -> Document {
        Document::table(Table { rows: (self.make)(0..self.rows), ..self.table })
    }

    /// The text of [`pieces`], piece by piece; in machine formats never all rows are in memory.
    ///
    /// # Errors
    /// The first one of `put`.
    pub fn each_piece<E>(self, style: &Style, put: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        if !style.format.is_machine() {
            return pieces(&self.whole(), style).iter().try_for_each(|p| put(p));
        }
        let (mut from, mut doc) = (0, Document::table(self.table));
        loop {
            let to = self.rows.min(from + AT_A_TIME);
            let (is_first, is_last) = (from == 0, to == self.rows);
            if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
                table.rows = (self.make)(from..to);
            }
            if style.format == Format::Json {
                put(&json::part(doc.blocks.get(doc.main), style, is_first, is_last))?;
            } else {
                // The header stands in a piece of its own.
                let has_header = matches!(style.format, Format::Csv | Format::Tsv);
                let skipped = usize::from(has_header && !is_first);
                pieces(&doc, style).iter().skip(skipped).try_for_each(|p| put(p))?;
            }
            if is_last {
                return Ok(());
            }
            from = to;
        }
    }
}

/// The title of a document or block, if it says something that the title above it did not.
fn title_below<'a>(above: Option<&str>, title: Option<&'a String>) -> Option<&'a str> {
    title.map(String::as_str).filter(|t| !t.trim().is_empty() && Some(*t) != above)
}

/// The title of a block.
fn block_title(block: &Block) -> Option<&String> {
    match block {
        Block::Table(t) => t.title.as_ref(),
        Block::Card(c) => c.title.as_ref(),
        Block::Note(_) => None,
    }
}

/// Whether a block has nothing that people could read.
fn block_is_empty(block: &Block) -> bool {
    match block {
        Block::Table(t) => t.rows.is_empty(),
        Block::Card(c) => c.fields.is_empty(),
        Block::Note(n) => n.trim().is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{column, style};
    use super::{AT_A_TIME, Format, Later, render};
    use crate::report::document::{Cell, Row, Table};
    use std::path::Path;

    #[test]
    fn rows_that_are_made_later_are_printed_alike() {
        let make = |range: std::ops::Range<usize>| -> Vec<Row> {
            let cells = |n: usize| vec![Cell::Id(format!("o{n}").into()), Cell::Int(n as i64)];
            range.map(|n| Row { cells: cells(n), ..Row::default() }).collect()
        };
        for format in Format::ALL {
            for rows in [0, 1, AT_A_TIME, AT_A_TIME + 1, 2 * AT_A_TIME] {
                let later = || {
                    let table = Table { columns: vec![column("id"), column("n")], ..Table::default() };
                    Later { table, rows, make: &make }
                };
                let mut text = String::new();
                let put = &mut |piece: &str| {
                    text.push_str(piece);
                    Ok::<(), ()>(())
                };
                later().each_piece(&style(format), put).unwrap();
                assert!(text == render(&later().whole(), &style(format)), "{} {rows}", format.name());
            }
        }
    }

    #[test]
    fn formats_are_found_by_name_and_ending() {
        for f in Format::ALL {
            assert_eq!(Format::parse(f.name()), Some(f));
        }
        assert_eq!(Format::parse("CSV"), None);
        assert_eq!(Format::parse("xml"), None);
        let check = |path: &str, f: Option<Format>| assert_eq!(Format::from_extension(Path::new(path)), f, "{path}");
        check("a/b.CSV", Some(Format::Csv));
        check("日报.md", Some(Format::Md));
        check("x.htm", Some(Format::Html));
        check("x.jsonl", Some(Format::Ndjson));
        check("x.txt", Some(Format::Table));
        check("x.ids", None);
        check("x.table", None);
        check("对账单.XLSX", Some(Format::Xlsx));
        check("csv", None);
    }
}
