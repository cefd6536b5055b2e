//! A small company, put together by hand: its customers, and what a command says of it.

use super::Dir;
use serde_json::Value;

/// Writes a customer: open, without a grade or intent; an empty owner is the pool.
pub(crate) fn customer(dir: &Dir, id: &str, stage: &str, owner: &str) {
    let text = format!(
        "name = \"{id}\"\ncreated = 2025-01-05\n\nstage = \"{stage}\"\n\nstatus = \"active\"\n\nowner = \"{owner}\"\n\ngrade = \"\"\n\nintent = \"\"\n"
    );
    dir.write(&format!("customers/{id}.toml"), text);
}

/// The rows that a command prints.
pub(crate) fn json(dir: &Dir, args: &[&str]) -> Vec<Value> {
    serde_json::from_str(&dir.run(&[args, &["--json"]].concat()).expect(0).stdout).expect("JSON")
}

/// The figures of a row, one after the other; `-` for what is not known.
pub(crate) fn told(row: &Value, keys: &str) -> String {
    let word = |key: &str| match &row[key] {
        Value::Null => "-".to_string(),
        Value::String(s) => s.clone(),
        v => v.to_string(),
    };
    keys.split(',').map(word).collect::<Vec<_>>().join(" ")
}
