//! Customers that may be there twice (R14).

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::{col, num};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::likeness::{Evidence, REFUSED, Sign, signs};
use crate::model::value::Values;
use crate::rules::duplicates::{Keys, Pair, TELLING};

/// What this report reads.
pub const READS: Reads = Reads { customers: true, ..Reads::NOTHING };

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(lang: Lang) -> Vec<(Column, Values)> {
    columns(lang).into_iter().map(|c| (c, Vec::new())).collect()
}

fn columns(lang: Lang) -> Vec<Column> {
    let keys = ["customer", "name", "owner", "other", "other_name", "other_owner", "reasons"];
    let mut columns = vec![num(lang, "score")];
    columns.extend(keys.map(|key| col(lang, key)));
    rank(&mut columns, &[(Importance::Key, &["other"]), (Importance::Main, &["other_name", "score"])]);
    columns
}

/// The table of pairs.
pub fn report(book: &Book, pairs: &[Pair], lang: Lang) -> Document {
    let row = |p: &Pair| {
        let of = |n: usize| {
            let c = &book.customers[n];
            [Cell::Id(c.id.into()), text(c.name), text(c.owner)]
        };
        let score = p.likeness.score();
        let reasons = code(&signs(&p.likeness).replace('|', "; "), m::reasons_of(lang, &p.likeness));
        let mut cells = vec![Cell::Int(i64::from(score))];
        cells.extend(of(p.one).into_iter().chain(of(p.other)));
        cells.push(reasons);
        Row { cells, tone: if score >= REFUSED { Tone::Warn } else { Tone::Plain }, ..Row::default() }
    };
    Document::table(Table { columns: columns(lang), rows: pairs.iter().map(row).collect(), ..Table::default() })
}

/// A document with a note for each pair behind the table: the rule, what each sign counts, and where it stands.
pub fn with_explanations(mut doc: Document, book: &Book, pairs: &[Pair], lang: Lang) -> Document {
    for p in pairs {
        let (one, other) = (&book.customers[p.one], &book.customers[p.other]);
        let sign = |e: &Evidence| {
            let word = format!("{} {}", values::value(lang, "sign", e.sign.key()), e.value);
            m::explain_sign(lang, word, e.sign.points(), place(one, e), place(other, e))
        };
        let lines: Vec<String> = p.likeness.evidence.iter().map(sign).collect();
        let all = format!("{}; {}", m::rule(lang, "R14"), lines.join("; "));
        doc.blocks.push(Block::Note(format!("{} ~ {}: {all}", one.id, other.id)));
    }
    doc
}

/// Where a customer's file has a sign, `file:line`.
fn place(c: &Customer, e: &Evidence) -> String {
    let rest = c.rest();
    let city = rest.text("city");
    let has = |key: &str, text: &str| {
        let keys = Keys::of_values(city, [(key, text)]);
        let is_it = |v: &str| keys.iter().any(|k| k.value == v);
        e.value.split(" ~ ").any(is_it)
    };
    let at = |line: u32| if line > 0 { format!("{}:{line}", c.file) } else { c.file.to_string() };
    let line = match e.sign {
        Sign::City => c.line_of("city"),
        Sign::Name | Sign::SimilarName if has("name", c.name) => c.line_of("name"),
        Sign::Name | Sign::SimilarName => c.line_of("aliases"),
        _ => match TELLING.iter().find(|key| has(key, rest.text(key))) {
            Some(key) => c.line_of(key),
            None => {
                let mut theirs = rest.contacts.iter().filter(|p| p.left().is_none());
                theirs.find(|p| TELLING.iter().any(|key| has(key, p.text(key)))).map_or(0, |p| p.line)
            }
        },
    };
    at(line)
}
