//! R14: customers of an import that share a phone number, a mail address or a tax id with others.

use super::env::Env;
use crate::i18n::messages::shared;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::intern;
use crate::rules::sameness::{Known, Marks, TELLING};
use crate::store::read::customer as reader;
use std::collections::HashMap;

/// What the changes of an import add that tells customers apart: their ids, and the marks of each.
fn added(env: &Env<'_, '_>, changes: &[Change]) -> Vec<(String, Marks)> {
    let mut out = Vec::new();
    let mut files: Option<HashMap<&str, usize>> = None;
    for change in changes {
        let (id, marks) = match change {
            Change::Create { file, text } if file.starts_with("customers/") => {
                // Reading takes time, and most imports say nothing of the kind.
                if !TELLING.iter().any(|key| text.contains(key)) {
                    continue;
                }
                let c = reader::read(intern(text), intern(file), env.settings, &mut Vec::new());
                (c.id.to_string(), Marks::of(&c))
            }
            Change::EditToml { file, edits } => {
                let files = files
                    .get_or_insert_with(|| env.book.customers.iter().enumerate().map(|(n, c)| (c.file, n)).collect());
                let Some(c) = files.get(file.as_str()).map(|n| &env.book.customers[*n]) else { continue };
                let mut marks = Marks::default();
                let mut add = |key: &str, value: &TomlValue| {
                    if let TomlValue::Text(text) = value {
                        marks.add(key, text);
                    }
                };
                for edit in edits {
                    match edit {
                        TomlEdit::Set { table, key, value } if table.is_empty() => add(key, value),
                        TomlEdit::SetIn { key, value, .. } => add(key, value),
                        TomlEdit::Push { values, .. } => values.iter().for_each(|(key, value)| add(key, value)),
                        _ => {}
                    }
                }
                (c.id.to_string(), marks)
            }
            _ => continue,
        };
        if !marks.is_empty() {
            out.push((id, marks));
        }
    }
    out
}

/// A line for each value that a customer of the import shares with others.
pub(super) fn alike(env: &Env<'_, '_>, changes: &[Change]) -> Vec<String> {
    let added = added(env, changes);
    if added.is_empty() {
        return Vec::new();
    }
    let mut known = Known::of(&env.book.customers);
    let mut out = Vec::new();
    for (id, marks) in &added {
        for s in known.shared(id, marks) {
            out.push(shared(env.lang, id, &s));
        }
        known.add(id, marks);
    }
    out
}
