//! The text of new TOML files: customers in the order and grouping of their keys.

use super::tomlwrite::{text as quoted, value_inline};
use crate::model::change::TomlValue;
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS};

fn value(v: &TomlValue) -> String {
    match v {
        TomlValue::Text(t) => quoted(t),
        TomlValue::Bare(t) => t.clone(),
        TomlValue::List(items) if items.is_empty() => "[]".into(),
        TomlValue::List(items) => {
            format!("[\n{}]", items.iter().map(|i| format!("    {},\n", quoted(i))).collect::<String>())
        }
        TomlValue::Dates(_) => value_inline(v),
        TomlValue::Remove => String::new(),
    }
}

fn line(key: &str, v: &TomlValue) -> String {
    if *v == TomlValue::Remove { String::new() } else { format!("{key} = {}\n", value(v)) }
}

/// A customer's file from its keys (`fields.name` for own fields) and the keys of a first contact.
pub fn customer(values: &[(String, TomlValue)], contact: &[(String, TomlValue)]) -> String {
    let mut out = String::new();
    let mut group = None;
    for spec in CUSTOMER_KEYS {
        let Some((_, v)) = values.iter().find(|(k, _)| k == spec.name) else { continue };
        let text = line(spec.name, v);
        if !text.is_empty() {
            if group.is_some_and(|g| g != spec.group) {
                out.push('\n');
            }
            group = Some(spec.group);
            out.push_str(&text);
        }
    }
    let own: String = values.iter().filter_map(|(k, v)| Some(line(k.strip_prefix("fields.")?, v))).collect();
    if !own.is_empty() {
        out.push_str("\n[fields]\n");
        out.push_str(&own);
    }
    if !contact.is_empty() {
        out.push_str("\n[[contacts]]\n");
        let find = |k: &str| contact.iter().find(|(c, _)| c == k).map(|(_, v)| v);
        if find("id").is_none() {
            let name = match find("name") {
                Some(TomlValue::Text(n)) => crate::model::id::customer_id_from(n),
                _ => None,
            };
            out.push_str(&line("id", &TomlValue::Text(name.unwrap_or_else(|| "p1".into()))));
        }
        for spec in CONTACT_KEYS {
            out.extend(find(spec.name).map(|v| line(spec.name, v)));
        }
    }
    out
}

/// A table with its keys.
pub fn table(name: &str, values: &[(String, TomlValue)]) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) && !name.is_empty();
    let head = if bare { name.to_string() } else { quoted(name) };
    let one_line = |v: &TomlValue| match v {
        TomlValue::List(items) => format!("[{}]", items.iter().map(|i| quoted(i)).collect::<Vec<_>>().join(", ")),
        v => value(v),
    };
    format!("[{head}]\n{}", values.iter().map(|(k, v)| format!("{k} = {}\n", one_line(v))).collect::<String>())
}
