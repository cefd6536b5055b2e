//! A file of playbooks/.

use super::toml::{Reader, str_of};
use crate::diag::{Code, Diagnostic};
use crate::model::Str;
use crate::model::playbook::{Line, PLAYBOOK_KEYS, Playbook};
use toml::Spanned;
use toml::de::DeValue;

/// Reads the text of a playbook. It holds what could be read.
pub fn read(id: Str, src: Str, file: Str, diags: &mut Vec<Diagnostic>) -> Playbook {
    let mut r = Reader::new(file, src, diags);
    let mut found = Playbook { id, ..Playbook::default() };
    let known: Vec<&str> = PLAYBOOK_KEYS.iter().map(|(key, _)| *key).collect();
    for (key, value) in &r.parse() {
        match key.get_ref().as_ref() {
            "label" => found.name.label = r.text("label", value).unwrap_or(""),
            "zh" => found.name.zh = r.text("zh", value).unwrap_or(""),
            "do" => found.todo = lines(&mut r, "do", value),
            "watch" => found.watch = lines(&mut r, "watch", value),
            other => r.unknown(other, key.span(), &known),
        }
    }
    found
}

/// A list of texts, or of tables with a text for each language.
fn lines(r: &mut Reader<'_>, key: &str, value: &Spanned<DeValue<'static>>) -> Vec<Line> {
    let DeValue::Array(items) = value.get_ref() else {
        r.wrong_type(key, "list", value);
        return Vec::new();
    };
    let mut out = Vec::new();
    for item in items.iter() {
        let mut line = Line::default();
        match item.get_ref() {
            DeValue::Table(table) => {
                for (k, v) in table {
                    match k.get_ref().as_ref() {
                        "label" => line.label = r.text("label", v).unwrap_or(""),
                        "zh" => line.zh = r.text("zh", v).unwrap_or(""),
                        other => r.unknown(other, k.span(), &["label", "zh"]),
                    }
                }
                if line == Line::default() && table.is_empty() {
                    r.report(Code::MissingKey, item.span(), &["label"]);
                }
            }
            DeValue::String(s) => {
                line.label = r.text(key, item).unwrap_or(str_of(s));
            }
            _ => r.wrong_type(key, "text", item),
        }
        if line != Line::default() {
            out.push(line);
        }
    }
    out
}
