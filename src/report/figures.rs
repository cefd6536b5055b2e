//! Filter terms about a report's own columns: the schema in which they are read, and the record that is a row of the
//! finished table. Which rows the figures are made of is decided elsewhere, by the fields of `fields`.

use super::ask::{Ask, Report, Values};
use super::document::{Cell, Column, Row, Table};
use super::list::sum_of;
use crate::i18n::{Lang, labels};
use crate::model::ledger::Ledger;
use crate::model::value::{FieldDef, FieldId, Record, Schema, Value};
use crate::query::Filter;
use std::borrow::Cow;

/// A column of the report as a field.
struct Figure {
    column: Column,
    values: Values,
    /// Whether a term that names it chooses rows.
    of_rows: bool,
}

/// The fields of a report: its own columns, and behind them those of the rows that it is made of.
pub struct ReportFields<'q> {
    figures: Vec<Figure>,
    rows: &'q dyn Schema,
}

impl<'q> ReportFields<'q> {
    /// The fields of a report that is asked in some way, over the fields of its rows.
    pub fn new(report: &dyn Report, ask: &Ask<'_>, rows: &'q dyn Schema, lang: Lang) -> ReportFields<'q> {
        let of_rows = report.of_rows(ask);
        let figure = |column: Column| Figure {
            values: report.values(&column.key, ask),
            of_rows: of_rows.contains(&column.key),
            column,
        };
        ReportFields { figures: report.columns(ask, lang).into_iter().map(figure).collect(), rows }
    }

    /// The fields of a table of which each row is one of `rows`: what these do not know is asked of the table's columns.
    pub fn beside(columns: Vec<(Column, Values)>, rows: &'q dyn Schema) -> ReportFields<'q> {
        let own = columns.into_iter().filter(|(c, _)| rows.find(&c.key).is_none_or(|def| def.key != c.key));
        let figures = own.map(|(column, values)| Figure { column, values, of_rows: false }).collect();
        ReportFields { figures, rows }
    }

    /// The same where all columns are figures but a few, by which rows are chosen.
    pub fn over(columns: Vec<(Column, Values)>, rows: &'q dyn Schema, of_rows: &[&str]) -> ReportFields<'q> {
        let figure = |(column, values): (Column, Values)| Figure {
            values,
            of_rows: of_rows.contains(&column.key.as_str()),
            column,
        };
        ReportFields { figures: columns.into_iter().map(figure).collect(), rows }
    }

    /// Takes the rows away whose figures do not fit; which ones stayed. Totals are then those of the rows that stay.
    pub fn keep(&self, table: &mut Table, figures: &Filter) -> Vec<bool> {
        let places = self.places(&figures.fields(), table);
        let fits = |r: &Row| figures.is_empty() || figures.matches(&FigureRow { places: &places, cells: &r.cells });
        let kept: Vec<bool> = table.rows.iter().map(fits).collect();
        if kept.contains(&false) {
            let mut fits = kept.iter();
            table.rows.retain(|_| fits.next() == Some(&true));
            for row in &mut table.footer {
                let cells = row.cells.iter().enumerate().map(|(n, was)| sum_of(&table.rows, n, was));
                row.cells = cells.collect();
            }
        }
        kept
    }

    /// Whether a field is a figure of the table.
    pub fn is_figure(field: FieldId) -> bool {
        matches!(field, FieldId::Figure(_))
    }

    /// The key of a figure.
    fn key(&self, field: FieldId) -> Option<&str> {
        match field {
            FieldId::Figure(n) => self.figures.get(usize::from(n)).map(|f| f.column.key.as_str()),
            _ => None,
        }
    }

    /// Where the figures that a filter names stand in a table.
    pub fn places(&self, fields: &[FieldId], table: &Table) -> Places {
        let place = |f: &FieldId| Some((*f, table.columns.iter().position(|c| Some(c.key.as_str()) == self.key(*f))?));
        Places(fields.iter().filter_map(place).collect())
    }

    /// The keys of some figures.
    pub fn keys_of(&self, fields: &[FieldId]) -> Vec<String> {
        fields.iter().filter_map(|f| self.key(*f)).map(str::to_string).collect()
    }

    fn figure(&self, name: &str) -> Option<(u16, &Figure)> {
        let number = |n: usize| u16::try_from(n).ok().map(|id| (id, &self.figures[n]));
        let at = |is: &dyn Fn(&Column) -> bool| self.figures.iter().position(|f| is(&f.column)).and_then(number);
        let labelled = |c: &Column| c.label == name || Lang::ALL.iter().any(|l| labels::label(*l, &c.key) == name);
        at(&|c| c.key == name)
            .or_else(|| at(&labelled))
            .or_else(|| labels::keys_for(name).into_iter().find_map(|key| at(&|c| c.key == key)))
    }
}

/// The field of an order's line that `order.FIELD` or `line.FIELD` names.
fn of_line(name: &str) -> Option<&str> {
    ["order.", "line.", "订单.", "行."].iter().find_map(|front| name.strip_prefix(front))
}

impl Schema for ReportFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        if let Some(column) = of_line(name) {
            let own = |def: &FieldDef| Ledger::Orders.column(&def.key).is_some() || def.key.starts_with("x_");
            return self.rows.find(column).filter(own);
        }
        let Some((id, figure)) = self.figure(name) else { return self.rows.find(name) };
        if figure.of_rows
            && let Some(def) = self.rows.find(&figure.column.key)
        {
            return Some(def);
        }
        let column = &figure.column;
        Some(FieldDef {
            id: FieldId::Figure(id),
            key: column.key.clone(),
            kind: column.kind,
            values: figure.values.clone(),
        })
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.figures.iter().map(|f| f.column.key.clone()).collect();
        let rows = self.rows.keys().into_iter().filter(|k| !keys.contains(k)).collect::<Vec<_>>();
        keys.extend(rows);
        keys
    }
}

/// Where in a row of a table each figure stands.
pub struct Places(Vec<(FieldId, usize)>);

/// A row of a finished table.
pub struct FigureRow<'t> {
    /// Where each figure stands.
    pub places: &'t Places,
    /// The cells.
    pub cells: &'t [Cell],
}

impl Record for FigureRow<'_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        let place = self.places.0.iter().find(|(f, _)| *f == field);
        place.and_then(|(_, n)| self.cells.get(*n)).map_or(Value::Missing, Cell::sort_value)
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        Vec::new()
    }
}
