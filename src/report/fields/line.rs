//! The fields of order lines, which stand in memory by column.

use super::customer::{CustomerRecord, customer_words, owned};
use super::row::{LedgerFields, present_id, product_value};
use crate::model::book::Book;
use crate::model::columns::Row as _;
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::money::parse_decimal;
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::model::value::{FieldId, Record, Value};
use crate::rules::engine::index::Index;
use std::borrow::Cow;

/// An order line as a record, for filters of reports.
#[derive(Clone, Copy)]
pub struct LineRecord<'x, 'a> {
    /// Rows by customer.
    pub index: &'x Index<'a>,
    /// The line.
    pub line: OrderLine,
    /// Its customer; `None` = it is not in the book, and nothing is known of it.
    pub customer: Option<usize>,
    /// The fields, for the names of own columns.
    pub fields: &'x LedgerFields<'x>,
}

impl Record for LineRecord<'_, '_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        let l = self.line;
        match field {
            FieldId::Column(n) => match Ledger::Orders.columns().get(usize::from(n)).map(|c| c.ty) {
                Some(Type::Ref(RefTo::Customer)) => match self.customer {
                    Some(n) => present_id(&self.index.book.customers[n]),
                    None => Value::text(l.customer()),
                },
                // Columns do not hold notes.
                Some(Type::Note) => {
                    let row = plain_row(self.index.book, Ledger::Orders, l.place());
                    Value::text(row.map_or("", |row| row.cell(usize::from(n))))
                }
                Some(Type::Int) => Value::num(parse_decimal(l.segment().text(n.into(), l.row()))),
                Some(_) => l.segment().value(n.into(), l.row()),
                None => Value::Missing,
            },
            FieldId::OfProduct(n) => product_value(self.index, l.product(), l.day(), n.into()),
            FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_) => {
                let of = |customer| owned(CustomerRecord { index: self.index, customer }.value(field));
                self.customer.map_or(Value::Missing, of)
            }
            FieldId::OwnColumn(n) => {
                let name = self.fields.own_name(n).unwrap_or_default();
                Value::text(own_cell(self.index.book, Ledger::Orders, l.place(), &name))
            }
            FieldId::Computed(_) | FieldId::Figure(_) => Value::Missing,
        }
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words = vec![Cow::Borrowed(self.line.id()), Cow::Borrowed(self.line.product())];
        match self.customer {
            Some(n) => words.extend(customer_words(&self.index.book.customers[n])),
            None => words.push(Cow::Borrowed(self.line.customer())),
        }
        words
    }
}

/// The row of a ledger that stands at a place, where the ledger was read plain.
fn plain_row(book: &Book, ledger: Ledger, place: RowPlace) -> Option<&PlainRow> {
    let rows = book.plain.get(&ledger)?;
    rows.binary_search_by_key(&place, |r| r.place).ok().map(|n| &rows[n])
}

/// The cell of one of the company's own columns, where the ledger was read plain; empty when missing.
pub fn own_cell(book: &Book, ledger: Ledger, place: RowPlace, column: &str) -> &'static str {
    plain_row(book, ledger, place)
        .and_then(|row| row.own.iter().find(|(name, _)| *name == column))
        .map_or("", |(_, text)| text)
}
