//! Writing CSV: encoding cells, appending rows, changing or removing single rows. What is not named stays byte for byte.

use crate::diag::Code;
use crate::model::new_rows::NewRows;
use crate::store::csvfile::{Cell, Header, MAX_CELL, Reader};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Why a CSV file cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvError {
    /// No well-formed row begins at this line.
    NoRow {
        /// The line, from 1.
        line: u32,
    },
    /// The header is missing or broken.
    NoHeader,
    /// A value that no cell can hold: longer than [`MAX_CELL`], or with a NUL.
    BadCell {
        /// The column.
        column: String,
    },
    /// A column has to be added, and a row that would have to be padded is broken.
    Broken {
        /// The line, from 1.
        line: u32,
    },
}

/// A change of one row of a file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOp<'a> {
    /// New values of cells, by column.
    Edit(&'a [(String, String)]),
    /// Takes the row away.
    Remove,
}

/// Adds a value as a cell, quoted only where it must be. `only` tells that the row has one column: an empty
/// cell is quoted then, so that the row is no blank line.
pub fn encode_cell(out: &mut String, value: &str, only: bool) {
    let quoted = value.contains([',', '"', '\r', '\n'])
        || value.starts_with([' ', '\t', '\u{feff}'])
        || value.ends_with([' ', '\t'])
        || only && value.is_empty();
    if !quoted {
        out.push_str(value);
        return;
    }
    out.push('"');
    for (n, part) in value.split('"').enumerate() {
        if n > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}

/// What is done with each row: (column, value); the last of equal columns counts.
type Each<'f, 't> = dyn FnMut(&[(&'t str, &'t str)]) + 'f;

/// New rows in any form: each is given as (column, value); the last of equal columns counts.
pub trait Table {
    /// Calls `f` with each row.
    fn each<'t>(&'t self, f: &mut Each<'_, 't>);
}

impl<K: AsRef<str>, V: AsRef<str>> Table for [Vec<(K, V)>] {
    fn each<'t>(&'t self, f: &mut Each<'_, 't>) {
        for row in self {
            f(&row.iter().map(|(k, v)| (k.as_ref(), v.as_ref())).collect::<Vec<_>>());
        }
    }
}

impl Table for [&NewRows] {
    fn each<'t>(&'t self, f: &mut Each<'_, 't>) {
        let mut cells: Vec<(&str, &str)> = Vec::new();
        for row in self.iter().flat_map(|rows| rows.iter()) {
            cells.clear();
            cells.extend(row.cells());
            f(&cells);
        }
    }
}

/// Columns that the rows fill and the header lacks, in the order of their first use.
pub fn missing_columns<T: Table + ?Sized>(names: &[String], rows: &T) -> Vec<String> {
    let mut known: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut missing: Vec<String> = Vec::new();
    rows.each(&mut |row| {
        for (k, v) in row {
            if !v.is_empty() && known.insert(k) {
                missing.push((*k).to_string());
            }
        }
    });
    missing
}

/// Whether cells can hold the values.
///
/// # Errors
/// [`CsvError::BadCell`] for the first that cannot be read back.
pub fn check_values<T: Table + ?Sized>(rows: &T) -> Result<(), CsvError> {
    let mut bad = None;
    rows.each(&mut |row| {
        bad = bad.take().or_else(|| row.iter().find(|(_, v)| !fits(v)).map(|(k, _)| (*k).to_string()))
    });
    bad.map_or(Ok(()), |column| Err(CsvError::BadCell { column }))
}

fn fits(value: &str) -> bool {
    // Quotes may double the length.
    let quotes = || value.bytes().filter(|b| *b == b'"').count();
    !value.contains('\0') && (value.len() < MAX_CELL / 2 - 2 || value.len() + quotes() + 2 <= MAX_CELL)
}

/// Fewer columns are looked up one by one.
const FEW: usize = 64;

/// Rows as lines for the end of a file whose header is `names`; columns that the header lacks are left out
/// (see [`missing_columns`]).
pub fn encode_rows<T: Table + ?Sized>(out: &mut String, names: &[String], rows: &T, crlf: bool) {
    // Readers read the first of two columns with one name.
    let mut places: HashMap<&str, usize> = HashMap::new();
    if names.len() > FEW {
        names.iter().enumerate().rev().for_each(|(n, name)| _ = places.insert(name, n));
    }
    let place = |k: &str| match names.len() > FEW {
        true => places.get(k).copied(),
        false => names.iter().position(|n| n == k),
    };
    let mut line: Vec<&str> = Vec::new();
    rows.each(&mut |row| {
        line.clear();
        line.resize(names.len(), "");
        for (k, v) in row {
            if let Some(n) = place(k) {
                line[n] = v;
            }
        }
        for (n, value) in line.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            encode_cell(out, value, names.len() == 1);
        }
        out.push_str(if crlf { "\r\n" } else { "\n" });
    });
}

/// A new file: a header of `columns`, and rows. Columns that only the rows name come last.
pub fn new_file<T: Table + ?Sized>(columns: &[&str], rows: &T) -> String {
    let mut names: Vec<String> = columns.iter().map(ToString::to_string).collect();
    names.extend(missing_columns(&names, rows));
    let mut out = header_line(&names, "\n");
    encode_rows(&mut out, &names, rows, false);
    out
}

/// A header as a line of its own.
pub fn header_line(names: &[String], eol: &str) -> String {
    let mut out = String::new();
    for (n, name) in names.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        encode_cell(&mut out, name, names.len() == 1);
    }
    out.push_str(eol);
    out
}

/// All that happens to one row.
#[derive(Default)]
struct RowEdit<'a> {
    cells: Vec<(&'a str, &'a str)>,
    remove: bool,
}

/// A stretch of the text and what stands there instead.
type Splice = (std::ops::Range<usize>, String);

/// Carries out changes of rows (by the line on which each begins) and appends `rows`, all on the text as it was read.
/// A column that a change needs and the header lacks is added last, and every row padded.
///
/// # Errors
/// Nothing is half done: a line without a good row, a missing header, or a broken row that would need padding.
pub fn rewrite<T: Table + ?Sized>(src: &str, ops: &[(u32, RowOp<'_>)], rows: &T) -> Result<String, CsvError> {
    check_values(rows)?;
    for (_, op) in ops {
        if let RowOp::Edit(cells) = op
            && let Some((column, _)) = cells.iter().find(|(_, v)| !fits(v))
        {
            return Err(CsvError::BadCell { column: column.clone() });
        }
    }
    let mut diags = Vec::new();
    let mut reader = Reader::new(src, "");
    let header = reader.raw_header(&mut diags).ok_or(CsvError::NoHeader)?;
    let crlf = src.find('\n').is_some_and(|n| n > 0 && src.as_bytes()[n - 1] == b'\r');
    let mut names = header.names.clone();
    let mut known: HashSet<&str> = header.names.iter().map(String::as_str).collect();
    for (_, op) in ops {
        if let RowOp::Edit(cells) = op {
            add_missing(&mut names, &mut known, cells);
        }
    }
    names.extend(missing_columns(&names, rows));
    let added = &names[header.names.len()..];

    let mut by_line: BTreeMap<u32, RowEdit<'_>> = BTreeMap::new();
    for (line, op) in ops {
        let entry = by_line.entry(*line).or_default();
        match op {
            RowOp::Edit(cells) => entry.cells.extend(cells.iter().map(|(k, v)| (k.as_str(), v.as_str()))),
            RowOp::Remove => entry.remove = true,
        }
    }

    let mut seen = HashSet::new();
    let first: Vec<bool> = header.names.iter().map(|name| seen.insert(name.as_str())).collect();
    let mut splices: Vec<Splice> = Vec::new();
    if !added.is_empty() {
        splices.push(pad_header(&header, added));
    }
    reader.rows(
        header.names.len(),
        &mut |row| match by_line.remove(&row.line) {
            Some(RowEdit { remove: true, .. }) => splices.push((row.start..line_end(src, row.end), String::new())),
            edit => {
                let cells = edit.unwrap_or_default().cells;
                if !cells.is_empty() || !added.is_empty() {
                    edit_cells(&mut splices, src, (&header.names, &first), row.cells, &cells, added);
                }
            }
        },
        &mut diags,
    );
    if let Some(line) = by_line.keys().next() {
        return Err(CsvError::NoRow { line: *line });
    }
    if !added.is_empty()
        && let Some(d) = diags.iter().find(|d| d.code != Code::BlankRow)
    {
        return Err(CsvError::Broken { line: d.place.line });
    }
    let mut out = apply(src, &splices);
    let end = missing_end(&out, crlf);
    let before = out.len();
    out.push_str(end);
    encode_rows(&mut out, &names, rows, crlf);
    if out.len() == before + end.len() {
        out.truncate(before);
    }
    Ok(out)
}

/// A file without the rows in which nothing stands; `None` where there are none.
pub fn without_blank_rows(src: &str) -> Option<String> {
    let (mut reader, mut diags) = (Reader::new(src, ""), Vec::new());
    let header = reader.raw_header(&mut diags)?;
    reader.rows(header.names.len(), &mut |_| (), &mut diags);
    let splices: Vec<Splice> = reader.blank().map(|row| (row.start..line_end(src, row.end), String::new())).collect();
    (!splices.is_empty()).then(|| apply(src, &splices))
}

fn add_missing<'c>(names: &mut Vec<String>, known: &mut HashSet<&'c str>, cells: &'c [(String, String)]) {
    for (k, v) in cells {
        if !v.is_empty() && known.insert(k) {
            names.push(k.clone());
        }
    }
}

/// The header's new columns, behind its last one.
fn pad_header(header: &Header, added: &[String]) -> Splice {
    let mut text = String::new();
    for name in added {
        text.push(',');
        encode_cell(&mut text, name, false);
    }
    (header.end..header.end, text)
}

fn edit_cells(
    splices: &mut Vec<Splice>,
    src: &str,
    (names, first): (&[String], &[bool]),
    cells: &[Cell],
    values: &[(&str, &str)],
    added: &[String],
) {
    let only = cells.len() + added.len() == 1;
    // The last of equal columns counts.
    let values: HashMap<&str, &str> = values.iter().copied().collect();
    for (n, cell) in cells.iter().enumerate() {
        if !first[n] {
            continue;
        }
        let Some(value) = values.get(names[n].as_str()) else { continue };
        if cell.text(src) != *value {
            let mut text = String::new();
            encode_cell(&mut text, value, only);
            splices.push((cell.span(), text));
        }
    }
    let Some(last) = cells.last().filter(|_| !added.is_empty()) else { return };
    let mut text = String::new();
    for name in added {
        text.push(',');
        let value = values.get(name.as_str()).copied().unwrap_or_default();
        encode_cell(&mut text, value, false);
    }
    splices.push((last.span().end..last.span().end, text));
}

/// What has to be added to a text so that its last line is ended.
pub fn missing_end(text: &str, crlf: bool) -> &'static str {
    match text.as_bytes().last() {
        None | Some(b'\n') => "",
        // Half a line end: a second CR would become part of the last cell.
        Some(b'\r') => "\n",
        Some(_) if crlf => "\r\n",
        Some(_) => "\n",
    }
}

/// The offset behind the line end that follows a row.
fn line_end(src: &str, mut end: usize) -> usize {
    for c in ["\r", "\n"] {
        if src[end..].starts_with(c) {
            end += 1;
        }
    }
    end
}

/// Replaces stretches, given in order and without overlap.
fn apply(src: &str, splices: &[Splice]) -> String {
    let mut out = String::with_capacity(src.len() + splices.iter().map(|s| s.1.len()).sum::<usize>());
    let mut at = 0;
    for (span, text) in splices {
        out.push_str(&src[at..span.start]);
        out.push_str(text);
        at = span.end;
    }
    out.push_str(&src[at..]);
    out
}

/// The columns of a file from its beginning, or `None` when `head` does not hold the whole header or it is broken.
/// `whole` tells that `head` is the whole file.
pub fn header_of(head: &str, whole: bool) -> Option<Vec<String>> {
    let mut reader = Reader::new(head, "");
    let header = reader.raw_header(&mut Vec::new())?;
    (whole || head[..reader.offset()].ends_with('\n')).then_some(header.names)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn s(cells: &[(&str, &str)]) -> Vec<(String, String)> {
        cells.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    #[test]
    fn rows_are_edited_in_place() {
        let check = |src: &str, line, cells: &[(&str, &str)], expected: &str| {
            let cells = s(cells);
            let none: &[Vec<(&str, &str)>] = &[];
            assert_eq!(rewrite(src, &[(line, RowOp::Edit(&cells))], none).unwrap(), expected, "{src:?}");
        };
        check("a,b\n1,2\n3,4\n", 2, &[("b", "x")], "a,b\n1,x\n3,4\n");
        check("a,b\r\n\"1\",2\r\n3,4", 2, &[("b", "x,y")], "a,b\r\n\"1\",\"x,y\"\r\n3,4");
        check("\u{feff}a,b\r\n1,2\r\n3,4", 3, &[("b", "")], "\u{feff}a,b\r\n1,2\r\n3,");
        check("a,b\n1,\"2\"\n", 2, &[("b", "2")], "a,b\n1,\"2\"\n");
        check("a,b\n\n1,2\n\n", 3, &[("a", "9")], "a,b\n\n9,2\n\n");
        check("a,b\n1,2\n3,4", 2, &[("c", "x")], "a,b,c\n1,2,x\n3,4,");
        check("a,b\n1,2\n", 2, &[("c", "")], "a,b\n1,2\n");
        check("a,b\nbroken\n1,2\n", 3, &[("a", "9")], "a,b\nbroken\n9,2\n");
        check("a\nx\n", 2, &[("a", "")], "a\n\"\"\n");
        check("a,a\n1,2\n", 2, &[("a", "9")], "a,a\n9,2\n");
        check("a,b\n\"x\ny\",2\n3,4\n", 4, &[("a", "9")], "a,b\n\"x\ny\",2\n9,4\n");
    }

    #[test]
    fn several_changes_use_the_lines_as_read() {
        let (edit, other) = (s(&[("a", "x")]), s(&[("b", "y")]));
        let ops = [(4, RowOp::Edit(&edit[..])), (2, RowOp::Remove), (4, RowOp::Edit(&other[..]))];
        let rows = [vec![("b", "n")]];
        assert_eq!(rewrite("a,b\n1,2\n3,4\n5,6", &ops, &rows[..]).unwrap(), "a,b\n3,4\nx,y\n,n\n");
        let none: &[Vec<(&str, &str)>] = &[];
        assert_eq!(rewrite("a,b\n1,2\n3,4", &[(3, RowOp::Remove)], none).unwrap(), "a,b\n1,2\n");
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let edit = s(&[("c", "x")]);
        let none: &[Vec<(&str, &str)>] = &[];
        let check = |src: &str, line, expected| {
            assert_eq!(rewrite(src, &[(line, RowOp::Edit(&edit))], none), Err(expected), "{src:?}");
        };
        check("", 2, CsvError::NoHeader);
        check("a,b\n1,2\n", 3, CsvError::NoRow { line: 3 });
        check("a,b\n1\n1,2\n", 2, CsvError::NoRow { line: 2 });
        check("a,b\n1\n1,2\n", 3, CsvError::Broken { line: 2 });
    }

    #[test]
    fn rows_are_appended() {
        let check = |src: &str, expected: &str| {
            assert_eq!(rewrite(src, &[], &[vec![("b", "x y"), ("a", " 1")]][..]).unwrap(), expected, "{src:?}");
        };
        check("a,b\n", "a,b\n\" 1\",x y\n");
        check("a,b", "a,b\n\" 1\",x y\n");
        check("b,a\r\n3,4", "b,a\r\n3,4\r\nx y,\" 1\"\r\n");
        check("a,c\n1,2\n", "a,c,b\n1,2,\n\" 1\",,x y\n");
        assert_eq!(new_file(&["a", "b"], &[vec![("b", "1")]][..]), "a,b\n,1\n");
        assert_eq!(new_file(&["a"], &[vec![("x_b", "1")]][..]), "a,x_b\n,1\n");
    }

    fn read_back(src: &str) -> Vec<Vec<String>> {
        let (mut rows, mut diags) = (Vec::new(), Vec::new());
        let mut reader = Reader::new(src, "f");
        let header = reader.raw_header(&mut diags).unwrap();
        reader.rows(
            header.names.len(),
            &mut |r| rows.push((0..r.cells.len()).map(|n| r.get(n).into_owned()).collect()),
            &mut diags,
        );
        assert_eq!(diags, []);
        rows
    }

    fn encoded(names: &[String], rows: &[Vec<(String, String)>], crlf: bool) -> String {
        let mut out = String::new();
        encode_rows(&mut out, names, rows, crlf);
        out
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof!["[a\",\r\n 客\t\u{feff}]{0,6}", any::<String>().prop_map(|s| s.replace('\0', ""))]
    }

    fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
        let rows = (1usize..4).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(cell(), n), 1..6));
        // Rows in which nothing stands are none.
        rows.prop_filter("blank", |rows| !rows.iter().any(|r| r.iter().all(|c| c.trim_matches([' ', '\t']).is_empty())))
    }

    fn named(rows: &[Vec<String>]) -> (Vec<String>, Vec<Vec<(String, String)>>) {
        let names: Vec<String> = (0..rows[0].len()).map(|n| format!("c{n}")).collect();
        let rows = rows.iter().map(|r| names.iter().cloned().zip(r.iter().cloned()).collect()).collect();
        (names, rows)
    }

    proptest! {
        #[test]
        fn any_table_survives_write_and_read(rows in table(), crlf in any::<bool>(), bom in any::<bool>()) {
            let (names, named) = named(&rows);
            let eol = if crlf { "\r\n" } else { "\n" };
            let text = format!("{}{}{}", if bom { "\u{feff}" } else { "" }, names.join(","), eol);
            let text = text + &encoded(&names, &named, crlf);
            prop_assert_eq!(read_back(&text), rows.clone());
            // Row by row, from a file without a final newline, gives the same.
            let mut grown = names.join(",");
            for row in &named {
                grown = rewrite(&grown, &[], std::slice::from_ref(row)).unwrap();
            }
            prop_assert_eq!(read_back(&grown), rows);
        }

        #[test]
        fn an_edit_leaves_all_other_bytes(rows in table(), pick in any::<prop::sample::Index>(), value in cell()) {
            let (names, named) = named(&rows);
            let text = format!("{}\n{}", names.join(","), encoded(&names, &named, false));
            let n = pick.index(rows.len());
            let mut line = 0;
            let mut reader = Reader::new(&text, "f");
            reader.raw_header(&mut Vec::new());
            let mut count = 0;
            reader.rows(names.len(), &mut |r| { if count == n { line = r.line; } count += 1; }, &mut Vec::new());
            let cells = vec![("c0".to_string(), value.clone())];
            let none: &[Vec<(&str, &str)>] = &[];
            let edited = rewrite(&text, &[(line, RowOp::Edit(&cells))], none).unwrap();
            let mut expected = named.clone();
            expected[n][0].1 = value;
            prop_assert_eq!(edited, format!("{}\n{}", names.join(","), encoded(&names, &expected, false)));
        }

        #[test]
        fn reading_never_panics(src in any::<String>()) {
            let src = src.replace(['a', 'b'], "\"").replace(['c', 'd'], "\n");
            let mut reader = Reader::new(&src, "f");
            if let Some(h) = reader.raw_header(&mut Vec::new()) {
                reader.rows(h.names.len(), &mut |r| { (0..r.cells.len()).for_each(|n| { r.get(n); r.place("f", n); }); }, &mut Vec::new());
            }
        }
    }
}
