//! JSON and NDJSON: the main block as flat objects, one a line, every key in each.
//!
//! Numbers go from exact decimal to text and never through a float. Characters that act upon a terminal are escaped
//! as `\uXXXX`, which readers turn back: nothing is lost.

use super::Style;
use super::cell::exact;
use super::sanitize::is_hidden;
use crate::report::document::{Block, Cell};
use rayon::prelude::*;
use std::fmt::Write as _;

/// An array with one object a line; `[]` when there is none.
pub fn json(main: Option<&Block>, style: &Style) -> String {
    part(main, style, true, true)
}

/// A part of an array that is written in several; none but the only one may be empty.
pub fn part(main: Option<&Block>, style: &Style, is_first: bool, is_last: bool) -> String {
    let objects = main.map_or_else(Vec::new, |b| objects(b, style));
    if objects.is_empty() {
        return "[]\n".to_string();
    }
    let (open, close) = (if is_first { "[\n  " } else { ",\n  " }, if is_last { "\n]\n" } else { "" });
    format!("{open}{}{close}", objects.join(",\n  "))
}

/// One object a line, without an array around them.
pub fn ndjson(main: Option<&Block>, style: &Style) -> String {
    let mut out = main.map_or_else(Vec::new, |b| objects(b, style)).join("\n");
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

fn objects(block: &Block, style: &Style) -> Vec<String> {
    match block {
        Block::Table(table) => {
            let keys: Vec<String> = table.columns.iter().map(|c| quoted(&c.key)).collect();
            let cell = |row: &[Cell], n: usize| value(row.get(n).unwrap_or(&Cell::Missing), style);
            let row = |cells: &[Cell]| object(keys.iter().enumerate().map(|(n, k)| (k.as_str(), cell(cells, n))));
            table.rows.par_iter().with_min_len(512).map(|r| row(&r.cells)).collect()
        }
        Block::Card(card) => {
            let keys: Vec<String> = card.fields.iter().map(|(c, _)| quoted(&c.key)).collect();
            let values = card.fields.iter().map(|(_, cell)| value(cell, style));
            vec![object(keys.iter().map(String::as_str).zip(values))]
        }
        Block::Note(_) => Vec::new(),
    }
}

fn object<'a>(fields: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut out = String::from("{");
    for (n, (key, value)) in fields.enumerate() {
        let comma = if n > 0 { "," } else { "" };
        let _ = write!(out, "{comma}{key}:{value}");
    }
    out.push('}');
    out
}

fn value(cell: &Cell, style: &Style) -> String {
    match cell {
        // No value of a list: unknown.
        Cell::Code { key: 0, .. } => "null".into(),
        Cell::Text(_) | Cell::Id(_) | Cell::Code { .. } => quoted(cell.text().unwrap_or_default()),
        Cell::List(items) => format!("[{}]", items.iter().map(|i| quoted(i)).collect::<Vec<_>>().join(",")),
        Cell::Day(_) | Cell::At(_) => exact(cell, style).map_or_else(|| "null".into(), |d| quoted(&d)),
        _ => exact(cell, style).unwrap_or_else(|| "null".into()),
    }
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::output::samples::{card, column, style, table, text_table, yuan};
    use crate::output::{Format, render};
    use crate::report::document::{Document, Table};
    use proptest::prelude::*;

    #[test]
    fn values_keep_their_types_and_digits() {
        let check = |cell: Cell, expected: &str| assert_eq!(value(&cell, &style(Format::Json)), expected);
        check(Cell::Missing, "null");
        check(Cell::NotAvailable, "null");
        check(yuan("1234567890123456789.1234567"), "1234567890123456789.1234567");
        check(yuan("-0.10"), "-0.10");
        check(Cell::Ratio("0.2".parse().unwrap()), "0.200000");
        check(Cell::Int(-3), "-3");
        check(Cell::Flag(false), "false");
        check(Cell::List(Box::default()), "[]");
        check(Cell::list(["a", "\""]), "[\"a\",\"\\\"\"]");
        check(Cell::Day(parse_day("2026-01-02").unwrap()), "\"2026-01-02\"");
        check(
            Cell::Text("a\n\t\\\x1b\u{202e}\u{9b}\u{e0041}客".into()),
            r#""a\n\t\\\u001b\u202e\u009b\udb40\udc41客""#,
        );
        check(Cell::code("hot", "热"), "\"hot\"");
        check(Cell::code("", "(none)"), "null");
    }

    #[test]
    fn one_object_a_line() {
        let two = table(vec![("id", vec![Cell::Id("a".into()), Cell::Id("b".into())]), ("n", vec![Cell::Int(1)])]);
        let two = Document::table(two);
        let objects = ["{\"id\":\"a\",\"n\":1}", "{\"id\":\"b\",\"n\":null}"];
        assert_eq!(render(&two, &style(Format::Json)), format!("[\n  {},\n  {}\n]\n", objects[0], objects[1]));
        assert_eq!(render(&two, &style(Format::Ndjson)), format!("{}\n{}\n", objects[0], objects[1]));
        let empty = Document::table(Table { columns: vec![column("a")], ..Table::default() });
        assert_eq!(render(&empty, &style(Format::Json)), "[]\n");
        assert_eq!(render(&empty, &style(Format::Ndjson)), "");
        assert_eq!(render(&Document::default(), &style(Format::Json)), "[]\n");
        let card = json(Some(&Block::Card(card())), &style(Format::Json));
        assert_eq!(card, "[\n  {\"customer\":\"hx\",\"name\":\"华新电子\",\"note\":\"a\\nb\"}\n]\n");
    }

    proptest! {
        #[test]
        fn any_text_parses_back(text in any::<String>()) {
            let out = render(&text_table(&text), &style(Format::Json));
            let read: serde_json::Value = serde_json::from_str(&out).unwrap();
            prop_assert_eq!(read[0]["a"].as_str().unwrap(), text);
            prop_assert!(out.chars().all(|c| c == '\n' || !is_hidden(c)));
        }
    }
}
