//! The neutral form of every answer: tables of typed cells. Output formats print it; nothing here knows a format.

use crate::model::day::{At, Day};
use crate::model::money::Decimal;
use crate::model::value::Kind;
use crate::report::picture::Picture;
use std::collections::BTreeMap;

/// The text of a cell: there are many, and most are short.
pub type Text = ecow::EcoString;

/// A typed cell. Machine formats print the value, people's formats print it for reading.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Unknown: empty in CSV, `null` in JSON, blank in tables.
    Missing,
    /// A figure that cannot be computed (zero denominator, unknown cost): as missing in machine formats, `n/a` in tables.
    NotAvailable,
    /// Free text; sanitised on output.
    Text(Text),
    /// An id; what `-f ids` prints when it stands in the table's id column.
    Id(Text),
    /// A value of a closed list: machine formats print `value`, tables print `label` in the reader's language.
    ///
    /// [`Cell::code`] makes one, [`Cell::text`] and [`Cell::label`] give its parts.
    Code {
        /// The machine key, and behind it the words people read: one text, as there are many cells.
        both: Text,
        /// Bytes of the key.
        key: u32,
    },
    /// A whole number.
    Int(i64),
    /// An exact number.
    Number(Decimal),
    /// An amount: rounded to the minor unit where people read, every digit elsewhere.
    Money {
        /// The exact amount.
        amount: Decimal,
        /// Its currency.
        currency: Currency,
    },
    /// A fraction: 6 decimals in machine formats, per cent with one decimal in tables.
    Ratio(Decimal),
    /// A number of days that need not be whole: one decimal where people read, every digit elsewhere.
    Days(Decimal),
    /// A day.
    Day(Day),
    /// A date or an instant.
    At(At),
    /// Yes or no.
    Flag(bool),
    /// Several texts: an array in JSON, joined by `;` in CSV, by `, ` in tables.
    List(Box<[Text]>),
}

// A table of a hundred thousand lines has a million of them.
const _: () = assert!(size_of::<Cell>() == 24);

/// A currency by its code of ISO 4217, or none.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of a code; none for what is no code.
    pub fn new(code: &str) -> Currency {
        let code: Option<[u8; 3]> =
            code.as_bytes().try_into().ok().filter(|c: &[u8; 3]| c.iter().all(u8::is_ascii_uppercase));
        Currency(code.unwrap_or_default())
    }
    /// Its code; empty = none.
    pub fn as_str(&self) -> &str {
        if self.0[0] == 0 { "" } else { std::str::from_utf8(&self.0).unwrap_or("") }
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a cell wants to be seen on a colour terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As the rest.
    #[default]
    Plain,
    /// Good news.
    Good,
    /// Needs attention.
    Warn,
    /// Late, lost, wrong.
    Bad,
    /// Less interesting than the rest.
    Faint,
}

/// How important a column is: where a table is wider than the terminal, the least important columns go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Importance {
    /// Goes first, after the columns that are empty or the same in all rows.
    Minor,
    /// As the rest.
    #[default]
    Normal,
    /// Goes last.
    Main,
    /// Never goes: what a row is about, the money that the report is about, the day something is due.
    Key,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// The machine key: CSV header and JSON key.
    pub key: String,
    /// The head people read.
    pub label: String,
    /// Numbers stand right.
    pub right: bool,
    /// Left out of `table`, `md` and `html` (still in machine formats).
    pub machine_only: bool,
    /// How long it stays where a table is too wide; machine formats print every column.
    pub importance: Importance,
    /// What its cells hold, for filter terms that name it.
    pub kind: Kind,
}

/// A row, with the tone of its cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// One cell per column.
    pub cells: Vec<Cell>,
    /// The row's tone (colour terminals only).
    pub tone: Tone,
    /// Rows with equal group stand under one heading in people's formats (`today`: its sections).
    pub group: Option<Box<str>>,
    /// Whether totals and averages leave it out, as what is cancelled or void.
    pub uncounted: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What the rows are, for headings and `html` titles.
    pub title: Option<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Totals, averages: shown below a line in people's formats, left out of machine formats.
    pub footer: Vec<Row>,
    /// Figures of all rows together, by column key, that are no sums of the rows': margins, days to pay. Totals and averages
    /// show these; in a column of such figures that has none here they show nothing.
    pub together: BTreeMap<String, Cell>,
    /// Of columns with amounts of several currencies, by their keys: the sum of those that have a rate, in the base currency, and how
    /// many they are. Totals and averages of such a column are made of these.
    pub converted: BTreeMap<String, (Cell, usize)>,
    /// Which column `-f ids` prints.
    pub id_column: usize,
    /// Rows that were not made, as they would not be shown.
    pub left_out: usize,
    /// The rows that are shown and the things left out, where `--limit` counts things that may have several rows.
    pub cut: Option<(usize, usize)>,
    /// The currency that all money cells share; machine formats never need it.
    pub currency: Option<String>,
    /// What is drawn of it where people look rather than read (`html`).
    pub pictures: Vec<Picture>,
}

/// Says of some of the columns how important they are; the others keep what they have.
pub fn rank(columns: &mut [Column], keys: &[(Importance, &[&str])]) {
    for c in columns {
        if let Some((importance, _)) = keys.iter().find(|(_, keys)| keys.contains(&c.key.as_str())) {
            c.importance = *importance;
        }
    }
}

impl Table {
    /// The table with these of its columns, in this order; keys that it does not have are left out.
    #[must_use]
    pub fn pick(self, keys: &[&str]) -> Table {
        let at: Vec<usize> = keys.iter().filter_map(|k| self.columns.iter().position(|c| c.key == *k)).collect();
        self.pick_at(&at)
    }
    /// The same by the columns' places.
    #[must_use]
    pub fn pick_at(mut self, at: &[usize]) -> Table {
        // Columns that are only left out leave the others where they are.
        let in_order = at.is_sorted_by(|a, b| a < b);
        for row in self.rows.iter_mut().chain(&mut self.footer) {
            if in_order {
                at.iter().enumerate().for_each(|(to, from)| row.cells.swap(to, *from));
                row.cells.truncate(at.len());
            } else {
                row.cells = at.iter().map(|n| row.cells[*n].clone()).collect();
            }
        }
        self.id_column = at.iter().position(|n| *n == self.id_column).unwrap_or(0);
        self.columns = at.iter().map(|n| self.columns[*n].clone()).collect();
        self
    }
}

/// One record as `key: value` lines for people (`show`), one flat object for machines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// Heading.
    pub title: Option<String>,
    /// (column, cell) in order; missing ones are left out where people read.
    pub fields: Vec<(Column, Cell)>,
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A table.
    Table(Table),
    /// A record.
    Card(Card),
    /// A paragraph for people only; machine formats leave it out.
    Note(String),
}

/// An answer.
///
/// People's formats print all blocks; machine formats print `main` alone, so that scripts get one flat table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The heading (`html` title, `md` level 1).
    pub title: Option<String>,
    /// The parts in reading order.
    pub blocks: Vec<Block>,
    /// Index of the block that machine formats print; a [`Block::Note`] there prints nothing.
    pub main: usize,
}

impl Document {
    /// A document that is one table.
    pub fn table(table: Table) -> Document {
        Document { title: table.title.clone(), blocks: vec![Block::Table(table)], main: 0 }
    }
    /// A table of one row as a card; another one alone.
    #[must_use]
    pub fn as_card(self) -> Document {
        match self.blocks.into_iter().next() {
            Some(Block::Table(t)) if t.rows.len() == 1 => {
                let cells = t.rows.into_iter().next().map(|r| r.cells).unwrap_or_default();
                let fields = t.columns.into_iter().zip(cells).collect();
                Document { title: None, blocks: vec![Block::Card(Card { title: None, fields })], main: 0 }
            }
            Some(block) => Document { title: None, blocks: vec![block], main: 0 },
            None => Document::default(),
        }
    }
    /// Number of rows of the main block (a card is one).
    pub fn len(&self) -> usize {
        match self.blocks.get(self.main) {
            Some(Block::Table(t)) => t.rows.len(),
            Some(Block::Card(_)) => 1,
            _ => 0,
        }
    }
    /// Whether the main block has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Cell {
    /// A computed amount. How many zeros a sum ends with depends on the order of adding: they are dropped.
    pub fn money(amount: Decimal, currency: &str) -> Cell {
        Cell::Money { amount: amount.normalize(), currency: Currency::new(currency) }
    }
    /// A value of a closed list, and the words people read.
    pub fn code(value: &str, label: &str) -> Cell {
        let mut both = Text::with_capacity(value.len() + label.len());
        both.push_str(value);
        both.push_str(label);
        Cell::Code { both, key: value.len() as u32 }
    }
    /// Several texts.
    pub fn list<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Cell {
        Cell::List(items.into_iter().map(Into::into).collect())
    }
    /// The text of a text, an id or a machine key.
    pub fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(t) | Cell::Id(t) => Some(t),
            Cell::Code { both, key } => Some(&both[..*key as usize]),
            _ => None,
        }
    }
    /// The words people read for a value of a closed list.
    pub fn label(&self) -> Option<&str> {
        match self {
            Cell::Code { both, key } => Some(&both[*key as usize..]),
            _ => None,
        }
    }
    /// The cell as a value that sorts.
    pub fn sort_value(&self) -> crate::model::value::Value<'_> {
        use crate::model::value::Value;
        use std::borrow::Cow;
        match self {
            Cell::Missing | Cell::NotAvailable => Value::Missing,
            Cell::Text(_) | Cell::Id(_) | Cell::Code { .. } => Value::text(self.text().unwrap_or_default()),
            Cell::Int(n) => Value::int(*n),
            Cell::Number(n) | Cell::Ratio(n) | Cell::Days(n) => Value::Num(*n),
            Cell::Money { amount, .. } => Value::Num(*amount),
            Cell::Day(d) => Value::Day(*d),
            Cell::At(a) => Value::Day(a.day),
            Cell::Flag(b) => Value::Flag(*b),
            Cell::List(l) => Value::List(l.iter().map(|s| Cow::Borrowed(s.as_str())).collect()),
        }
    }
}
