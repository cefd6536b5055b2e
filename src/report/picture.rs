//! Pictures of tables: which columns to draw, and in what shape. They are drawn from the rows that are shown, so that a picture
//! never says something else than the table beside it.

/// The shape of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Bars for each row, one for each column.
    Bars,
    /// Bars for each row, its columns on top of each other.
    Stacked,
    /// A line for each column, from row to row.
    Lines,
    /// Bars that become shorter from row to row; one column.
    Funnel,
    /// Bars from the longest one, and the share of all up to each; one column.
    Pareto,
    /// A field for each cell, the darker the higher; rows and columns as in the table.
    Heat,
}

/// A picture of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its shape.
    pub shape: Shape,
    /// The column that names the rows, by its key; the first one where the table has none of that key.
    pub label: String,
    /// The columns that are drawn, by their keys; those that the table does not have are left out.
    pub columns: Vec<String>,
    /// Whether the table itself is folded below it.
    pub folds: bool,
    /// The rows that are drawn: those with this machine value in this column; all where it says nothing.
    pub only: Option<(String, String)>,
}

impl Picture {
    /// A picture of some columns.
    pub fn new(shape: Shape, label: &str, columns: &[&str]) -> Picture {
        let columns = columns.iter().map(ToString::to_string).collect();
        Picture { shape, label: label.into(), columns, folds: false, only: None }
    }
    /// The same with the table folded below it.
    #[must_use]
    pub fn folding(self) -> Picture {
        Picture { folds: true, ..self }
    }
    /// The same of the rows that have a value in a column.
    #[must_use]
    pub fn only(self, column: &str, value: &str) -> Picture {
        Picture { only: Some((column.into(), value.into())), ..self }
    }
}
