//! The meaning of a TOML document without its looks, to prove that an edit changed what it should and nothing else.

use crate::model::change::{TomlEdit, TomlValue};
use std::collections::{BTreeMap, HashMap};
use toml_edit::{Document, Item, TableLike, Value};

/// A value by meaning; numbers, dates and booleans by their spelling, so that a change of spelling is noticed too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Text(String),
    Bare(String),
    List(Vec<Shape>),
    Map(BTreeMap<String, Shape>),
}

impl Shape {
    /// The shape of a document.
    pub(crate) fn of(doc: &Document<String>) -> Shape {
        Shape::of_table(doc.as_table(), doc.raw())
    }

    fn of_table(table: &dyn TableLike, src: &str) -> Shape {
        Shape::Map(table.iter().map(|(k, item)| (k.to_string(), Shape::of_item(item, src))).collect())
    }

    fn of_item(item: &Item, src: &str) -> Shape {
        match item {
            Item::Value(v) => Shape::of_value(v, src),
            Item::Table(t) => Shape::of_table(t, src),
            Item::ArrayOfTables(list) => Shape::List(list.iter().map(|t| Shape::of_table(t, src)).collect()),
            Item::None => Shape::List(Vec::new()),
        }
    }

    fn of_value(value: &Value, src: &str) -> Shape {
        match value {
            Value::String(s) => Shape::Text(s.value().clone()),
            Value::Array(a) => Shape::List(a.iter().map(|v| Shape::of_value(v, src)).collect()),
            Value::InlineTable(t) => Shape::of_table(t, src),
            other => Shape::Bare(other.span().and_then(|s| src.get(s)).unwrap_or_default().to_string()),
        }
    }

    fn new(value: &TomlValue) -> Option<Shape> {
        match value {
            TomlValue::Text(s) => Some(Shape::Text(s.clone())),
            TomlValue::Bare(s) => Some(Shape::Bare(s.trim().to_string())),
            TomlValue::List(l) => Some(Shape::List(l.iter().map(|s| Shape::Text(s.clone())).collect())),
            TomlValue::Dates(days) => {
                let of = |(name, date): &(String, String)| {
                    let both = [("name", name), ("date", date)];
                    Shape::Map(both.into_iter().map(|(k, v)| (k.to_string(), Shape::Text(v.clone()))).collect())
                };
                Some(Shape::List(days.iter().map(of).collect()))
            }
            TomlValue::Remove => None,
        }
    }

    fn map(values: &[(String, TomlValue)]) -> Shape {
        Shape::Map(values.iter().filter_map(|(k, v)| Some((k.clone(), Shape::new(v)?))).collect())
    }

    fn get(&mut self, key: &str) -> Option<&mut Shape> {
        match self {
            Shape::Map(map) => map.get_mut(key),
            _ => None,
        }
    }

    fn set(&mut self, key: &str, value: &TomlValue) {
        let Shape::Map(map) = self else { return };
        match Shape::new(value) {
            // A value set to what it is keeps its spelling.
            Some(new) if !map.get(key).is_some_and(|old| old.equals(&new)) => drop(map.insert(key.to_string(), new)),
            Some(_) => {}
            None => drop(map.remove(key)),
        }
    }

    /// Equal, or the same whole number in another spelling.
    pub(crate) fn equals(&self, other: &Shape) -> bool {
        match (self, other) {
            (Shape::Bare(a), Shape::Bare(b)) => a == b || whole(a).is_some_and(|n| Some(n) == whole(b)),
            (a, b) => a == b,
        }
    }

    /// Whether a value of a document is already what it shall be set to.
    pub(crate) fn is_already(value: &Value, src: &str, wanted: &TomlValue) -> bool {
        Shape::new(wanted).is_some_and(|w| Shape::of_value(value, src).equals(&w))
    }

    fn elements(&mut self, array: &str) -> Option<&mut Vec<Shape>> {
        match self.get(array) {
            Some(Shape::List(list)) => Some(list),
            _ => None,
        }
    }

    fn has_id(&self, id: &str) -> bool {
        matches!(self, Shape::Map(m) if matches!(m.get("id"), Some(Shape::Text(t)) if t == id))
    }

    /// The shape after an edit.
    pub(crate) fn edited(mut self, edit: &TomlEdit) -> Shape {
        match edit {
            TomlEdit::Set { table, key, value } => {
                let mut at = &mut self;
                for name in table {
                    let Shape::Map(map) = at else { return self };
                    if *value == TomlValue::Remove && !map.contains_key(name) {
                        return self;
                    }
                    at = map.entry(name.clone()).or_insert_with(|| Shape::Map(BTreeMap::new()));
                }
                at.set(key, value);
            }
            TomlEdit::SetIn { array, id, key, value } => {
                if let Some(e) = self.elements(array).and_then(|l| l.iter_mut().find(|e| e.has_id(id))) {
                    e.set(key, value);
                }
            }
            TomlEdit::Push { array, values } => {
                if let Shape::Map(map) = &mut self
                    && let Shape::List(list) = map.entry(array.clone()).or_insert_with(|| Shape::List(Vec::new()))
                {
                    list.push(Shape::map(values));
                }
            }
            TomlEdit::Take { array, id } => {
                if let Some(list) = self.elements(array) {
                    list.retain(|e| !e.has_id(id));
                }
                // The last `[[array]]` gone, so is the key; an inline array stays as `[]`: both are no elements.
            }
            TomlEdit::AddTable { name, values } => {
                if let Shape::Map(map) = &mut self {
                    map.insert(name.clone(), Shape::map(values));
                }
            }
            TomlEdit::RemoveTable { name } => {
                if let Shape::Map(map) = &mut self {
                    map.remove(name);
                }
            }
        }
        self
    }

    /// The shape after edits of the elements of one array, each of which has an id of its own.
    pub(crate) fn edited_all(mut self, edits: &[TomlEdit]) -> Shape {
        let mut places: Option<HashMap<String, usize>> = None;
        for edit in edits {
            let TomlEdit::SetIn { array, id, key, value } = edit else {
                self = self.edited(edit);
                continue;
            };
            let Some(list) = self.elements(array) else { continue };
            let places = places.get_or_insert_with(|| {
                let id = |s: &Shape| match s {
                    Shape::Map(m) => {
                        m.get("id").and_then(|id| if let Shape::Text(t) = id { Some(t.clone()) } else { None })
                    }
                    _ => None,
                };
                list.iter().enumerate().filter_map(|(n, s)| Some((id(s)?, n))).collect()
            });
            if let Some(element) = places.get(id).and_then(|n| list.get_mut(*n)) {
                element.set(key, value);
            }
        }
        self
    }

    /// Without what means nothing: the root key `top`, if below it stand only empty tables or no elements.
    pub(crate) fn pruned(self, top: &str) -> Shape {
        let Shape::Map(mut map) = self else { return self };
        if let Some(kept) = map.remove(top).and_then(Shape::filled) {
            map.insert(top.to_string(), kept);
        }
        Shape::Map(map)
    }

    /// Without the empty tables in it; `None` when nothing is left.
    fn filled(self) -> Option<Shape> {
        match self {
            Shape::Map(map) => {
                let map: BTreeMap<_, _> = map.into_iter().filter_map(|(k, v)| Some((k, v.filled()?))).collect();
                (!map.is_empty()).then_some(Shape::Map(map))
            }
            Shape::List(list) if list.is_empty() => None,
            other => Some(other),
        }
    }
}

/// A decimal whole number with or without `_`.
fn whole(s: &str) -> Option<i64> {
    s.replace('_', "").parse().ok()
}
