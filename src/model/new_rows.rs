//! New rows in little room: an import has hundreds of thousands of them.

use super::Map;

/// A new row: (column, value) for the cells that are not empty, values as the file holds them.
pub type NewRow = Vec<(&'static str, String)>;

/// Fewer columns are looked up one by one.
const FEW: usize = 64;

/// Rows for the end of a ledger's file. Only cells that are not empty need to be held.
///
/// All texts stand in one string, so that a row costs its bytes and eight more for each cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewRows {
    columns: Vec<&'static str>,
    /// The number of each of them, where there are many.
    numbers: Map<&'static str, usize>,
    text: String,
    /// Column, and the end of the cell from the begin of its row.
    cells: Vec<(u16, u32)>,
    /// Where each row begins: in `text` and in `cells`.
    starts: Vec<(usize, usize)>,
}

/// One of [`NewRows`].
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'r> {
    rows: &'r NewRows,
    n: usize,
}

impl NewRows {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
    /// Adds a row.
    pub fn push(&mut self, row: NewRow) {
        self.push_cells(row.iter().map(|(k, v)| (*k, v.as_str())));
    }
    /// Adds a row, cell by cell.
    pub fn push_cells<'v>(&mut self, cells: impl IntoIterator<Item = (&'static str, &'v str)>) {
        let begin = self.text.len();
        self.starts.push((begin, self.cells.len()));
        for (column, value) in cells {
            let n = self.number(column);
            self.text.push_str(value);
            let end = u32::try_from(self.text.len() - begin).unwrap_or(u32::MAX);
            self.cells.push((u16::try_from(n).unwrap_or(u16::MAX), end));
        }
    }
    fn number(&mut self, column: &'static str) -> usize {
        let is_few = self.columns.len() <= FEW;
        let known = match is_few {
            true => self.columns.iter().position(|c| *c == column),
            false => self.numbers.get(column).copied(),
        };
        known.unwrap_or_else(|| {
            self.columns.push(column);
            // The first ones are put in when they become many.
            let fresh = if is_few { 0 } else { self.columns.len() - 1 };
            if self.columns.len() > FEW {
                self.numbers.extend(self.columns.iter().enumerate().skip(fresh).map(|(n, c)| (*c, n)));
            }
            self.columns.len() - 1
        })
    }
    /// Adds the rows of another list.
    pub fn extend(&mut self, other: &NewRows) {
        other.iter().for_each(|r| self.push_cells(r.cells()));
    }
    /// One row, by its number from 0; one that is not there is empty.
    pub fn get(&self, n: usize) -> RowRef<'_> {
        RowRef { rows: self, n }
    }
    /// The rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = RowRef<'_>> {
        (0..self.len()).map(|n| self.get(n))
    }
    /// Puts a cell in front of the rows that have none in this column.
    ///
    /// # Errors
    /// The first one of `f`.
    pub fn fill<E>(&mut self, column: &'static str, mut f: impl FnMut() -> Result<String, E>) -> Result<(), E> {
        if self.iter().all(|r| r.has(column)) {
            return Ok(());
        }
        let mut filled = NewRows::default();
        for r in self.iter() {
            let first = if r.has(column) { None } else { Some(f()?) };
            filled.push_cells(first.as_deref().map(|v| (column, v)).into_iter().chain(r.cells()));
        }
        *self = filled;
        Ok(())
    }
}

impl From<Vec<NewRow>> for NewRows {
    fn from(list: Vec<NewRow>) -> NewRows {
        let mut rows = NewRows::default();
        list.into_iter().for_each(|r| rows.push(r));
        rows
    }
}

impl<'r> RowRef<'r> {
    /// (column, value), in the order in which they were given.
    pub fn cells(self) -> impl Iterator<Item = (&'static str, &'r str)> {
        let rows = self.rows;
        let (begin, first) = rows.starts.get(self.n).copied().unwrap_or((rows.text.len(), rows.cells.len()));
        let last = rows.starts.get(self.n + 1).map_or(rows.cells.len(), |(_, cells)| *cells);
        let mut from = begin;
        rows.cells[first..last].iter().map(move |(column, end)| {
            let to = begin + *end as usize;
            let value = &rows.text[from..to];
            from = to;
            (rows.columns[usize::from(*column)], value)
        })
    }
    /// The value in a column; empty when it has none.
    pub fn cell(self, column: &str) -> &'r str {
        self.cells().find(|(c, _)| *c == column).map_or("", |(_, v)| v)
    }
    /// Whether it has a cell in a column.
    pub fn has(self, column: &str) -> bool {
        self.cells().any(|(c, _)| c == column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_cells() {
        let list = vec![
            vec![("id", "o_1".to_string()), ("note", "客户, \"x\"".to_string())],
            vec![],
            vec![("at", "2026".to_string()), ("id", String::new())],
        ];
        let mut rows = NewRows::from(list.clone());
        let back = |rows: &NewRows| -> Vec<NewRow> {
            rows.iter().map(|r| r.cells().map(|(k, v)| (k, v.to_string())).collect()).collect()
        };
        assert_eq!(back(&rows), list);
        assert_eq!((rows.len(), rows.get(0).cell("note"), rows.get(9).cell("id")), (3, "客户, \"x\"", ""));
        let mut n = 0;
        rows.fill("id", || {
            n += 1;
            Ok::<_, ()>(format!("new{n}"))
        })
        .unwrap();
        assert_eq!(rows.iter().map(|r| r.cell("id")).collect::<Vec<_>>(), ["o_1", "new1", ""]);
        let mut twice = rows.clone();
        twice.extend(&rows);
        assert_eq!(back(&twice), [back(&rows), back(&rows)].concat());
        let names: Vec<&'static str> = (0..3 * FEW).map(|n| crate::model::intern(&format!("x_{n}"))).collect();
        let many = |skip: usize| -> NewRow {
            names.iter().rev().skip(skip).map(|name| (*name, name[2..].to_string())).collect()
        };
        let list = vec![many(2 * FEW), many(FEW - 1), many(0)];
        assert_eq!(back(&NewRows::from(list.clone())), list);
    }
}
