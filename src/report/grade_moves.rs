//! What moves between grades brought (R5): each move, and all from one grade to another together.

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::sales_figures::money;
use super::sales_groups::grade_cell;
use super::{col, num, typed};
use crate::i18n::{Lang, messages as m};
use crate::model::book::Book;
use crate::model::money::{Decimal, Sum};
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::grade_moves::Move;
use crate::rules::stays::FEW;
use std::collections::BTreeMap;

/// The columns of a table with a row for each move.
pub(super) fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "owner", Kind::Code),
        typed(lang, "at", Kind::Day),
        typed(lang, "from", Kind::Code),
        typed(lang, "to", Kind::Code),
        typed(lang, "by", Kind::Code),
    ];
    columns.extend(FIGURES.map(|k| typed(lang, k, Kind::Money)));
    rank(
        &mut columns,
        &[
            (Importance::Key, &["customer", "from", "to", "profit_effect"]),
            (Importance::Main, &["name", "at"]),
            (Importance::Minor, &["owner", "by"]),
        ],
    );
    columns
}

const FIGURES: [&str; 3] = ["profit_before", "profit_after", "profit_effect"];

/// A row for each move, those that were last first.
pub(super) fn each(index: &Index<'_>, moves: &[Move], lang: Lang) -> Table {
    let book = index.book;
    let row = |mv: &Move| {
        let c = &book.customers[mv.customer];
        let mut cells = vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            Cell::Day(mv.event.day()),
            grade_cell(mv.from(), lang),
            grade_cell(mv.to(), lang),
            text(mv.event.by()),
        ];
        cells.extend([mv.before, mv.after, mv.effect()].map(|amount| money(book, amount)));
        Row { cells, ..Row::default() }
    };
    let rows = moves.iter().rev().map(row).collect();
    Table { columns: columns(lang), rows, title: Some(m::moves_title(lang)), ..Table::default() }
}

/// The moves from one grade to another together: how many, and what those brought whose months are over.
pub(super) fn together(doc: &mut Document, index: &Index<'_>, moves: &[Move], lang: Lang) {
    let book: &Book = index.book;
    let place = |g: &str| book.settings.file.grades.get_index_of(g).unwrap_or(usize::MAX);
    let mut of: BTreeMap<(usize, &str, usize, &str), Vec<&Move>> = BTreeMap::new();
    for mv in moves {
        of.entry((place(mv.from()), mv.from(), place(mv.to()), mv.to())).or_default().push(mv);
    }
    if of.is_empty() {
        return;
    }
    let mut columns = vec![
        typed(lang, "from", Kind::Code),
        typed(lang, "to", Kind::Code),
        num(lang, "moves_count"),
        num(lang, "moves_over"),
    ];
    columns.extend(FIGURES.map(|k| typed(lang, k, Kind::Money)));
    columns.push(typed(lang, "effect_each", Kind::Money));
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let (mut rows, mut few) = (Vec::new(), Vec::new());
    for ((_, from, _, to), all) in &of {
        // A move without both figures says nothing of what it brought.
        let told: Vec<(Decimal, Decimal)> = all.iter().filter_map(|mv| Some((mv.before?, mv.after?))).collect();
        let sum =
            |of: fn(&(Decimal, Decimal)) -> Decimal| Sum::of(told.iter().map(of)).known().filter(|_| !told.is_empty());
        let (before, after) = (sum(|t| t.0), sum(|t| t.1));
        let effect = after.zip(before).and_then(|(after, before)| after.checked_sub(before));
        let each = effect.and_then(|e| e.checked_div(Decimal::from(told.len())));
        if (1..FEW).contains(&i64::try_from(told.len()).unwrap_or(i64::MAX)) {
            let shown = |g: &str| if g.is_empty() { m::empty_word(lang) } else { g.to_string() };
            few.push(format!("{} → {}", shown(from), shown(to)));
        }
        let mut cells = vec![grade_cell(from, lang), grade_cell(to, lang), count(all.len()), count(told.len())];
        cells.extend([before, after, effect, each].map(|amount| money(book, amount)));
        rows.push(Row { cells, ..Row::default() });
    }
    doc.blocks.push(Block::Table(Table { columns, rows, title: Some(m::moves_title(lang)), ..Table::default() }));
    doc.blocks.push(Block::Note(m::moves_note(lang)));
    if !few.is_empty() {
        doc.blocks.push(Block::Note(m::few_cases(lang, few.join(", "))));
    }
}
