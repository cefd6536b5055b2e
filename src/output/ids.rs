//! One id a line, for pipes: `kehu list … -f ids | kehu log --stdin-ids …`.

use super::sanitize::clean;
use crate::report::document::{Block, Cell};

/// The cells of the table's id column, or a card's first id; unknown ones are left out.
pub fn ids(block: &Block) -> String {
    let mut out = String::new();
    let mut push = |cell: &Cell| {
        if let Some(t) = cell.text().filter(|t| !t.is_empty()) {
            out.push_str(&clean(t));
            out.push('\n');
        }
    };
    match block {
        Block::Table(table) => table.rows.iter().filter_map(|r| r.cells.get(table.id_column)).for_each(push),
        Block::Card(card) => {
            if let Some((_, id)) = card.fields.iter().find(|(_, c)| matches!(c, Cell::Id(_))) {
                push(id);
            }
        }
        Block::Note(_) => {}
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ids;
    use crate::output::samples::{card, table};
    use crate::report::document::{Block, Cell, Table};

    #[test]
    fn ids_stand_alone() {
        let id = |s: &str| Cell::Id(s.into());
        let rows = table(vec![("n", vec![Cell::Int(1)]), ("id", vec![id("a"), Cell::Missing, id("客户\n")])]);
        let check = |block: Block, expected: &str| assert_eq!(ids(&block), expected);
        check(Block::Table(Table { id_column: 1, ..rows.clone() }), "a\n客户␊\n");
        check(Block::Table(Table { id_column: 7, ..rows }), "");
        check(Block::Table(Table::default()), "");
        check(Block::Card(card()), "hx\n");
    }
}
