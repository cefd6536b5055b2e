//! Values that filters, columns and sort keys handle, and the two traits through which queries see records.

use super::day::Day;
use super::money::Decimal;
use std::borrow::Cow;
use std::cmp::Ordering;

/// What sort of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Free text.
    #[default]
    Text,
    /// An identifier.
    Id,
    /// One of a closed list; see [`FieldDef::values`].
    Code,
    /// Several texts.
    List,
    /// A calendar day (instants count as their day).
    Day,
    /// A whole or decimal number.
    Number,
    /// A number of days.
    Days,
    /// An amount of money in the base currency.
    Money,
    /// A fraction, 0.05 = 5 %.
    Ratio,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// Whether values compare as numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Number | Kind::Days | Kind::Money | Kind::Ratio)
    }
}

/// A field's value in one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Not known. Never the same as zero or empty text.
    Missing,
    /// Text, an id or a code.
    Text(Cow<'a, str>),
    /// Several texts.
    List(Vec<Cow<'a, str>>),
    /// A day.
    Day(Day),
    /// A number.
    Num(Decimal),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Value<'a> {
    /// The value as people type it: the items of a list by comma, nothing for one that is missing.
    pub fn typed(&self) -> String {
        match self {
            Value::Missing => String::new(),
            Value::Text(t) => t.to_string(),
            Value::List(l) => l.join(","),
            Value::Day(d) => d.to_string(),
            Value::Num(n) => n.to_string(),
            Value::Flag(b) => b.to_string(),
        }
    }
    /// Text, or missing when it is empty.
    pub fn text(s: &'a str) -> Value<'a> {
        if s.is_empty() { Value::Missing } else { Value::Text(Cow::Borrowed(s)) }
    }
    /// A whole number.
    pub fn int(n: i64) -> Value<'a> {
        Value::Num(Decimal::from(n))
    }
    /// `Missing` for `None`.
    pub fn day(d: Option<Day>) -> Value<'a> {
        d.map_or(Value::Missing, Value::Day)
    }
    /// `Missing` for `None`.
    pub fn num(n: Option<Decimal>) -> Value<'a> {
        n.map_or(Value::Missing, Value::Num)
    }
    /// Whether the value is not known (an empty list is not known either).
    pub fn is_missing(&self) -> bool {
        match self {
            Value::Missing => true,
            Value::Text(t) => t.is_empty(),
            Value::List(l) => l.is_empty(),
            _ => false,
        }
    }
    /// A total order for sorting; missing values last in ascending order.
    pub fn order(&self, other: &Value<'_>) -> Ordering {
        match (self, other) {
            (Value::Missing, Value::Missing) => Ordering::Equal,
            (Value::Missing, _) => Ordering::Greater,
            (_, Value::Missing) => Ordering::Less,
            (Value::Num(a), Value::Num(b)) => a.cmp(b),
            (Value::Day(a), Value::Day(b)) => a.cmp(b),
            (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            (Value::List(a), Value::List(b)) => a.cmp(b),
            // An id with its former ones stands where the present id stands.
            (Value::Text(a), Value::List(b)) => Some(a).cmp(&b.first()),
            (Value::List(a), Value::Text(b)) => a.first().cmp(&Some(b)),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
    fn rank(&self) -> u8 {
        match self {
            Value::Flag(_) => 0,
            Value::Num(_) => 1,
            Value::Day(_) => 2,
            Value::Text(_) => 3,
            Value::List(_) => 4,
            Value::Missing => 5,
        }
    }
}

/// A handle by which a [`Record`] answers; numbers are places in the list that the [`Schema`] which gave it out goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldId {
    /// The customer's id.
    Id,
    /// A key of the customer's file.
    Key(u16),
    /// A metric of the customer.
    Metric(u16),
    /// A field that the company declared for customers.
    Own(u16),
    /// A column of the record's table.
    Column(u16),
    /// A column that is computed for the record's table.
    Computed(u16),
    /// A column of the product that the record names.
    OfProduct(u16),
    /// A column `x_…` of the record's table.
    OwnColumn(u16),
    /// A column of the table that a report shows.
    Figure(u16),
}

impl FieldId {
    /// Whether it is a field of a customer.
    pub fn is_of_customer(self) -> bool {
        matches!(self, FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_))
    }
}

/// A field that a query may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDef {
    /// The handle for [`Record::value`].
    pub id: FieldId,
    /// The machine key: `idle_days`, `fields.employees`, `customer.owner`.
    pub key: String,
    /// The sort of its values.
    pub kind: Kind,
    /// Allowed values of a [`Kind::Code`] field as (key, other words that mean it); empty = any.
    pub values: Values,
}

/// The values of a closed list, each with other words that mean it.
pub type Values = Vec<(String, Vec<String>)>;

/// The fields of one sort of record.
pub trait Schema {
    /// The field named by a machine key or by a label of any interface language.
    fn find(&self, name: &str) -> Option<FieldDef>;
    /// All machine keys, for suggestions and help.
    fn keys(&self) -> Vec<String>;
}

/// One record that a filter looks at.
pub trait Record {
    /// The value of a field.
    fn value(&self, field: FieldId) -> Value<'_>;
    /// The texts that a bare word searches: id, name, aliases, contacts.
    fn words(&self) -> Vec<Cow<'_, str>>;
}
