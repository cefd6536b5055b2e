//! `xlsx`: a sheet to look at, print and sign: the blocks below one another as people read them, with numbers that a
//! spreadsheet can compute with. Amounts that a spreadsheet cannot hold to the last digit stand as text.

use super::cell::{for_people, heads};
use super::sanitize::clean;
use super::{Style, block_is_empty, title_below};
use crate::model::money::{Decimal, minor_digits};
use crate::report::document::{Block, Card, Cell, Document, Row, Table};
use chrono::Datelike;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// Digits that a number of a spreadsheet holds.
const EXACT: u32 = 15;
/// The longest name of a sheet.
const NAME: usize = 31;
/// The widest column, in characters.
const WIDEST: f64 = 60.0;

/// The bytes of a workbook with one sheet.
///
/// # Errors
/// What the writer says: too many rows or columns for a sheet.
pub fn bytes(doc: &Document, style: &Style) -> Result<Vec<u8>, String> {
    let mut book = Workbook::new();
    // The same answer gives the same bytes: the day on which it was asked for stands in its caption.
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|e| e.to_string())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    let name = sheet_name(doc);
    let written = sheet.set_name(&name).map(|_| ()).and_then(|()| {
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_paper_size(9);
        Sheet { sheet, style, row: 0, widths: Vec::new() }.document(doc)
    });
    written.map_err(|e| e.to_string())?;
    book.save_to_buffer().map_err(|e| e.to_string())
}

/// A name that a sheet may have, from the document's title.
fn sheet_name(doc: &Document) -> String {
    let title = doc.title.as_deref().unwrap_or("kehu");
    let first = title.split(['·', '\n']).next().unwrap_or("kehu");
    let may = |c: char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control();
    let name: String = first.trim().chars().filter(|c| may(*c)).take(NAME).collect();
    if name.trim().is_empty() { "kehu".to_string() } else { name.trim().to_string() }
}

struct Sheet<'s, 'd> {
    sheet: &'s mut Worksheet,
    style: &'d Style,
    row: u32,
    /// The widest text of each column so far, in characters.
    widths: Vec<f64>,
}

impl Sheet<'_, '_> {
    fn document(mut self, doc: &Document) -> Result<(), XlsxError> {
        if let Some(title) = &doc.title {
            self.sheet.write_string_with_format(0, 0, clean(title), &Format::new().set_bold().set_font_size(14))?;
            self.row = 2;
        }
        let title = doc.title.as_deref();
        for block in doc.blocks.iter().filter(|b| !block_is_empty(b)) {
            match block {
                Block::Table(t) => self.table(t, title_below(title, t.title.as_ref()))?,
                Block::Card(c) => self.card(c, title_below(title, c.title.as_ref()))?,
                Block::Note(text) => {
                    for line in text.lines() {
                        self.sheet.write_string(self.row, 0, clean(line))?;
                        self.row += 1;
                    }
                }
            }
            self.row += 1;
        }
        for (n, width) in (0..).zip(std::mem::take(&mut self.widths)) {
            self.sheet.set_column_width(n, (width + 2.0).min(WIDEST))?;
        }
        Ok(())
    }

    fn heading(&mut self, title: Option<&str>) -> Result<(), XlsxError> {
        if let Some(title) = title {
            self.sheet.write_string_with_format(self.row, 0, clean(title), &Format::new().set_bold())?;
            self.row += 1;
        }
        Ok(())
    }

    fn widen(&mut self, column: u16, text: &str) {
        let width = text.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap_or(0) as f64;
        let column = usize::from(column);
        if self.widths.len() <= column {
            self.widths.resize(column + 1, 0.0);
        }
        self.widths[column] = self.widths[column].max(width);
    }

    fn card(&mut self, card: &Card, title: Option<&str>) -> Result<(), XlsxError> {
        self.heading(title)?;
        for (column, cell) in card
            .fields
            .iter()
            .filter(|(column, cell)| !column.machine_only && !for_people(cell, self.style, false).is_empty())
        {
            let label = clean(&column.label);
            self.widen(0, &label);
            self.sheet.write_string(self.row, 0, label)?;
            self.cell(1, cell, false, false)?;
            self.row += 1;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table, title: Option<&str>) -> Result<(), XlsxError> {
        self.heading(title)?;
        let heads = heads(table, self.style);
        let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
        for (n, h) in (0..).zip(&heads) {
            let format = if h.right { head.clone().set_align(FormatAlign::Right) } else { head.clone() };
            self.widen(n, &h.label);
            self.sheet.write_string_with_format(self.row, n, &h.label, &format)?;
        }
        self.row += 1;
        let mut group: Option<&str> = None;
        let sections = table.rows.iter().map(|r| (r, false)).chain(table.footer.iter().map(|r| (r, true)));
        for (row, is_total) in sections {
            if let Some(name) = row.group.as_deref().filter(|name| group != Some(*name)) {
                group = Some(name);
                self.heading(Some(name))?;
            }
            self.cells(row, &heads, is_total)?;
        }
        Ok(())
    }

    fn cells(&mut self, row: &Row, heads: &[super::cell::Head], is_total: bool) -> Result<(), XlsxError> {
        for (n, h) in (0..).zip(heads) {
            if let Some(cell) = row.cells.get(h.index) {
                self.cell(n, cell, h.currency, is_total)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, column: u16, cell: &Cell, currency_in_head: bool, is_total: bool) -> Result<(), XlsxError> {
        let text = for_people(cell, self.style, currency_in_head);
        self.widen(column, &text);
        let mut format = if is_total { Format::new().set_bold() } else { Format::new() };
        let row = self.row;
        let number = match cell {
            Cell::Int(n) => exact(Decimal::from(*n)).map(|n| (n, "#,##0".to_string())),
            Cell::Number(n) | Cell::Days(n) => exact(*n).map(|n| (n, "#,##0.####".to_string())),
            Cell::Ratio(r) => exact(crate::model::money::round(*r, 6)).map(|n| (n, "0.0%".to_string())),
            Cell::Money { amount, currency } if self.style.scale.is_none() => {
                let zeros = "0".repeat(minor_digits(currency.as_str()) as usize);
                let point = if zeros.is_empty() { "" } else { "." };
                let unit = match currency.as_str() {
                    "" => String::new(),
                    _ if currency_in_head => String::new(),
                    own => format!(" \"{}\"", clean(own)),
                };
                exact(*amount).map(|n| (n, format!("#,##0{point}{zeros}{unit}")))
            }
            Cell::Day(day) => {
                let (year, month, day) = (day.year(), day.month(), day.day());
                let date = u16::try_from(year).ok().zip(u8::try_from(month).ok()).zip(u8::try_from(day).ok());
                let date = date.and_then(|((y, m), d)| ExcelDateTime::from_ymd(y, m, d).ok());
                if let Some(date) = date {
                    let format = format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
                    self.sheet.write_datetime_with_format(row, column, &date, &format)?;
                    return Ok(());
                }
                None
            }
            _ => None,
        };
        match number {
            Some((n, shown)) => {
                self.sheet.write_number_with_format(row, column, n, &format.set_num_format(shown))?;
            }
            None => {
                if matches!(cell, Cell::NotAvailable | Cell::Number(_) | Cell::Money { .. } | Cell::Ratio(_)) {
                    format = format.set_align(FormatAlign::Right);
                }
                self.sheet.write_string_with_format(row, column, text, &format)?;
            }
        }
        Ok(())
    }
}

/// A number as a spreadsheet holds it; `None` where it would lose digits.
fn exact(n: Decimal) -> Option<f64> {
    let n = n.normalize();
    let digits = n.mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
    if digits > EXACT { None } else { n.to_string().parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{column, style};
    use super::*;
    use crate::model::money::parse_decimal;

    #[test]
    fn numbers_that_would_lose_digits_are_texts() {
        let check =
            |text: &str, expected: Option<f64>| assert_eq!(exact(parse_decimal(text).unwrap()), expected, "{text}");
        check("0", Some(0.0));
        check("1130.50", Some(1130.5));
        check("-0.01", Some(-0.01));
        check("999999999999.99", Some(999_999_999_999.99));
        check("12345678901234.56", None);
        check("0.1234567890123456", None);
    }

    #[test]
    fn a_sheet_is_named_after_its_document() {
        let check = |title: &str, expected: &str| {
            let doc = Document { title: Some(title.into()), ..Document::default() };
            assert_eq!(sheet_name(&doc), expected);
        };
        check("Statement of account · 2026 · acme", "Statement of account");
        check("a/b [c]: 'd'", "ab c d");
        check("[]", "kehu");
        check(&"长".repeat(40), &"长".repeat(31));
    }

    #[test]
    fn a_workbook_is_made_of_any_cells() {
        let cells = vec![
            Cell::Missing,
            Cell::NotAvailable,
            Cell::Text("=1+1".into()),
            Cell::Int(5),
            Cell::money(parse_decimal("12345678901234567.89").unwrap(), "CNY"),
            Cell::Ratio(parse_decimal("0.125").unwrap()),
            Cell::Day(crate::model::day::parse_day("2026-06-30").unwrap()),
            Cell::Flag(true),
        ];
        let columns = (0..cells.len()).map(|n| column(&format!("c{n}"))).collect();
        let rows = vec![Row { cells, ..Row::default() }];
        let doc = Document::table(Table { columns, rows, ..Table::default() });
        let bytes = bytes(&doc, &style(super::super::Format::Xlsx)).unwrap();
        assert!(bytes.starts_with(b"PK"), "a workbook is a zip archive");
    }
}
