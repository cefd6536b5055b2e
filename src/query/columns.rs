//! `--sort a,-b` and `--columns a,b,c`: lists of field names, and the order of records.
//!
//! Filter terms are in `term`.

use super::error::{QueryError, nearest};
use crate::model::value::{FieldDef, FieldId, Record, Schema};
use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// The field of that name; width and ASCII case do not count.
pub(super) fn find_field(schema: &dyn Schema, name: &str) -> Option<FieldDef> {
    schema.find(name).or_else(|| {
        let plain = name.nfkc().collect::<String>().to_ascii_lowercase();
        if plain == name { None } else { schema.find(&plain) }
    })
}

pub(super) fn unknown_field(schema: &dyn Schema, term: &str, name: &str) -> QueryError {
    QueryError::UnknownField { term: term.to_owned(), field: name.to_owned(), nearest: nearest(name, schema.keys()) }
}

/// The names between commas, full-width ones included, with the fields they name.
fn named<'s>(spec: &'s str, schema: &'s dyn Schema) -> impl Iterator<Item = Result<(bool, FieldDef), QueryError>> {
    spec.split([',', '，']).map(move |item| {
        let item = item.trim();
        let down = item.strip_prefix(['-', '－']);
        let name = down.unwrap_or(item).trim_start();
        if name.is_empty() {
            return Err(QueryError::EmptyTerm { term: spec.to_owned() });
        }
        let field = find_field(schema, name).ok_or_else(|| unknown_field(schema, spec, name))?;
        Ok((down.is_some(), field))
    })
}

/// Reads sort keys: field names between commas, each with `-` before it for descending order (`true`).
///
/// # Errors
/// [`QueryError::UnknownField`], and [`QueryError::EmptyTerm`] for an empty name.
pub fn parse_sort(spec: &str, schema: &dyn Schema) -> Result<Vec<(FieldId, bool)>, QueryError> {
    named(spec, schema).map(|item| item.map(|(down, field)| (field.id, down))).collect()
}

/// Reads a column list. A field named twice is shown once: the keys of one machine record must differ.
///
/// # Errors
/// [`QueryError::UnknownField`], and [`QueryError::EmptyTerm`] for an empty name.
pub fn parse_columns(spec: &str, schema: &dyn Schema) -> Result<Vec<FieldDef>, QueryError> {
    let mut columns: Vec<FieldDef> = Vec::new();
    for item in named(spec, schema) {
        let (down, field) = item?;
        if down {
            return Err(unknown_field(schema, spec, &format!("-{}", field.key)));
        }
        if columns.iter().all(|column| column.id != field.id) {
            columns.push(field);
        }
    }
    Ok(columns)
}

/// The order of two records by the keys in turn; missing values come last in both directions.
pub fn compare(a: &dyn Record, b: &dyn Record, keys: &[(FieldId, bool)]) -> Ordering {
    keys.iter()
        .map(|(field, down)| {
            let (a, b) = (a.value(*field), b.value(*field));
            match (a.is_missing(), b.is_missing()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) if *down => b.order(&a),
                (false, false) => a.order(&b),
            }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::model::value::{Kind, Value};
    use std::borrow::Cow;

    struct Table;

    impl Schema for Table {
        fn find(&self, name: &str) -> Option<FieldDef> {
            let n = match name {
                "name" | "名称" => 0u16,
                "revenue" => 1,
                "customer.owner" => 2,
                _ => return None,
            };
            let kind = if n == 1 { Kind::Money } else { Kind::Text };
            Some(FieldDef { id: FieldId::Column(n), key: self.keys()[usize::from(n)].clone(), kind, values: vec![] })
        }
        fn keys(&self) -> Vec<String> {
            ["name", "revenue", "customer.owner"].map(String::from).to_vec()
        }
    }

    struct Row(&'static str, Option<i64>);

    impl Record for Row {
        fn value(&self, field: FieldId) -> Value<'_> {
            if field == FieldId::Column(1) {
                self.1.map_or(Value::Missing, Value::int)
            } else {
                Value::Text(Cow::Borrowed(self.0))
            }
        }
        fn words(&self) -> Vec<Cow<'_, str>> {
            vec![]
        }
    }

    fn unknown(term: &str, field: &str, nearest: &[&str]) -> QueryError {
        let nearest = nearest.iter().map(|s| (*s).to_owned()).collect();
        QueryError::UnknownField { term: term.to_owned(), field: field.to_owned(), nearest }
    }

    fn empty(term: &str) -> QueryError {
        QueryError::EmptyTerm { term: term.to_owned() }
    }

    #[test]
    fn sort_keys() {
        let check = |spec: &str, expected: Result<&[(u16, bool)], QueryError>| {
            let expected =
                expected.map(|keys| keys.iter().map(|(id, down)| (FieldId::Column(*id), *down)).collect::<Vec<_>>());
            assert_eq!(parse_sort(spec, &Table), expected, "{spec}");
        };
        check("name", Ok(&[(0, false)]));
        check("-revenue,name", Ok(&[(1, true), (0, false)]));
        check(" -revenue , 名称 ", Ok(&[(1, true), (0, false)]));
        check("－revenue，customer.owner", Ok(&[(1, true), (2, false)]));
        check("Revenue", Ok(&[(1, false)]));
        check("revenu", Err(unknown("revenu", "revenu", &["revenue"])));
        check("name,-ownr", Err(unknown("name,-ownr", "ownr", &[])));
        check("--name", Err(unknown("--name", "-name", &["name"])));
        check("", Err(empty("")));
        check("-", Err(empty("-")));
        check("name,", Err(empty("name,")));
    }

    #[test]
    fn columns() {
        let check = |spec: &str, expected: Result<&[&str], QueryError>| {
            let found = parse_columns(spec, &Table).map(|c| c.into_iter().map(|c| c.key).collect::<Vec<_>>());
            assert_eq!(found, expected.map(|keys| keys.iter().map(|s| (*s).to_owned()).collect()), "{spec}");
        };
        check("name,revenue", Ok(&["name", "revenue"]));
        check("revenue,名称,name", Ok(&["revenue", "name"]));
        check("customer.owner", Ok(&["customer.owner"]));
        check("nmae", Err(unknown("nmae", "nmae", &["name"])));
        check("-name", Err(unknown("-name", "-name", &["name"])));
        check("", Err(empty("")));
        check("name,,revenue", Err(empty("name,,revenue")));
    }

    #[test]
    fn missing_values_come_last_in_both_directions() {
        let check = |spec: &str, expected: [&str; 4]| {
            let keys = parse_sort(spec, &Table).unwrap();
            let mut rows = [Row("b", None), Row("a", Some(2)), Row("c", Some(1)), Row("d", Some(2))];
            rows.sort_by(|a, b| compare(a, b, &keys));
            assert_eq!(rows.map(|row| row.0), expected, "{spec}");
        };
        check("revenue", ["c", "a", "d", "b"]);
        check("-revenue", ["a", "d", "c", "b"]);
        check("-revenue,-name", ["d", "a", "c", "b"]);
        check("-name", ["d", "c", "b", "a"]);
    }
}
