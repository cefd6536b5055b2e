//! The normal form of files (`fmt`): no BOM, LF, a final newline, quotes only where needed, no blank rows, present customer ids in facts.
//! The order of rows and columns stays as it is, and so does everything in a TOML file but its line ends.

use crate::diag::{Code, Diagnostic, Severity};
use crate::model::Str;
use crate::model::book::Book;
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::store::csvedit::encode_cell;
use crate::store::csvfile::Reader;
use crate::store::load::FileTexts;

/// (file, text in normal form) of every file that is not in it. Files with an error are left alone.
pub fn untidy(book: &Book, texts: &FileTexts, findings: &[Diagnostic]) -> Vec<(Str, String)> {
    let broken = |file: &str| findings.iter().any(|d| d.place.file == file && d.severity() == Severity::Error);
    let mut files: Vec<Str> = texts.files().filter(|f| !broken(f)).collect();
    files.sort_unstable();
    let mut out = Vec::new();
    for file in files {
        let Some(text) = texts.get(file) else { continue };
        let new = match file.strip_prefix("ledgers/").and_then(|rest| Ledger::parse(rest.split('/').next()?)) {
            Some(ledger) => csv(ledger, text, file, book),
            None => toml(text),
        };
        if new != text || texts.has_bom(file) {
            out.push((file, new));
        }
    }
    out
}

/// Line ends and the final newline.
pub fn toml(text: &str) -> String {
    let mut out = text.replace("\r\n", "\n");
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Every cell written as kehu writes it.
pub fn csv(ledger: Ledger, text: &'static str, file: &'static str, book: &Book) -> String {
    let mut diags = Vec::new();
    let mut reader = Reader::new(text, file);
    let Some(header) = reader.raw_header(&mut diags) else { return text.to_string() };
    let width = header.names.len();
    let customers: Vec<bool> = header
        .names
        .iter()
        .map(|name| {
            let ty = ledger.column(name).map(|n| ledger.columns()[n].ty);
            matches!(ty, Some(Type::Ref(RefTo::Customer)))
        })
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        let single = cells.len() == 1;
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            encode_cell(&mut out, cell, single);
        }
        out.push('\n');
    };
    line(&mut header.names.iter().cloned());
    reader.rows(
        width,
        &mut |row| {
            line(&mut (0..width).map(|n| {
                let value = row.get(n);
                let present = if customers[n] { book.customer(&value).map(|c| c.id) } else { None };
                present.map_or_else(|| value.to_string(), ToString::to_string)
            }));
        },
        &mut diags,
    );
    if diags.iter().all(|d| d.code == Code::BlankRow) { out } else { text.to_string() }
}
