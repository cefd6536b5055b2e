//! What `kehu undo` can take back: the commands that this clone keeps, the last one first.

use super::document::{Cell, Document, Importance, Row, Table, rank};
use super::{col, hidden, num, typed};
use crate::i18n::Lang;
use crate::model::day::At;
use crate::model::value::Kind;
use crate::model::zone::Zone;
use crate::store::undo::Past;

/// The list.
pub fn report(kept: &[Past], tz: Zone, lang: Lang) -> Document {
    let mut columns = vec![
        num(lang, "last"),
        typed(lang, "at", Kind::Day),
        col(lang, "command"),
        num(lang, "files"),
        typed(lang, "undoable", Kind::Flag),
        hidden(lang, "paths"),
    ];
    rank(&mut columns, &[(Importance::Key, &["last", "command"])]);
    let row = |(n, past): (usize, &Past)| {
        let at = At::parse(&past.at, tz).map_or_else(|| Cell::Text(past.at.as_str().into()), Cell::At);
        let cells = vec![
            Cell::Int(i64::try_from(n + 1).unwrap_or(i64::MAX)),
            at,
            Cell::Text(past.command.as_str().into()),
            Cell::Int(i64::try_from(past.count()).unwrap_or(i64::MAX)),
            Cell::Flag(past.unkept.is_none()),
            Cell::List(past.files.iter().map(|f| f.as_str().into()).collect()),
        ];
        Row { cells, ..Row::default() }
    };
    Document::table(Table { columns, rows: kept.iter().enumerate().map(row).collect(), ..Table::default() })
}
