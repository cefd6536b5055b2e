//! A file of playbooks/.

use super::toml::{Reader, str_of};
use crate::diag::{Code, Diagnostic, nearest};
use crate::model::day::Span;
use crate::model::ledger::{Ledger, Type};
use crate::model::playbook::{Line, PLAYBOOK_KEYS, Playbook, TASK_KEYS, TaskLine};
use crate::model::{Str, intern};
use crate::store::cells::escape_note;
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
            "tasks" => found.tasks = tasks(&mut r, value),
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

/// The kind of a task that says none.
const OTHER: Str = "other";

/// What a playbook makes: `[[tasks]]`. Those without a title or a day are left out.
fn tasks(r: &mut Reader<'_>, value: &Spanned<DeValue<'static>>) -> Vec<TaskLine> {
    let DeValue::Array(items) = value.get_ref() else {
        r.wrong_type("tasks", "list", value);
        return Vec::new();
    };
    items.iter().filter_map(|item| task(r, item)).collect()
}

fn task(r: &mut Reader<'_>, item: &Spanned<DeValue<'static>>) -> Option<TaskLine> {
    let DeValue::Table(table) = item.get_ref() else {
        r.wrong_type("tasks", "table", item);
        return None;
    };
    let (mut title, mut kind, mut due, mut owner, mut first_use) = (Line::default(), OTHER, None, "", false);
    let (mut has_title, mut has_due) = (false, false);
    let held = |text: Option<Str>| text.map_or("", |t| intern(&escape_note(t)));
    for (k, v) in table {
        match k.get_ref().as_ref() {
            "title" => (has_title, title.label) = (true, held(r.text("title", v))),
            "zh" => (has_title, title.zh) = (true, held(r.text("zh", v))),
            "kind" => kind = r.text("kind", v).map_or(OTHER, |word| known_kind(r, word, v)),
            "due" => {
                has_due = true;
                due = r.text("due", v).and_then(|text| span(r, text, v));
            }
            "owner" => owner = r.text("owner", v).unwrap_or(""),
            "first_use" => match v.get_ref() {
                DeValue::Boolean(yes) => first_use = *yes,
                _ => r.wrong_type("first_use", "flag", v),
            },
            other => r.unknown(other, k.span(), TASK_KEYS),
        }
    }
    for (has, key) in [(has_title, "title"), (has_due, "due")] {
        if !has {
            r.report(Code::MissingKey, item.span(), &[key]);
        }
    }
    let due = due.filter(|_| title != Line::default())?;
    Some(TaskLine { title, kind, due, owner, first_use })
}

/// `+7d`: so long after the day.
fn span(r: &mut Reader<'_>, text: Str, value: &Spanned<DeValue<'static>>) -> Option<Span> {
    let found = Span::parse(text.strip_prefix('+').unwrap_or(text));
    if found.is_none() {
        r.report(Code::BadValue, value.span(), &[text, "span"]);
    }
    found
}

/// One of the kinds of tasks.
fn known_kind(r: &mut Reader<'_>, word: Str, value: &Spanned<DeValue<'static>>) -> Str {
    let column = Ledger::Tasks.columns().iter().find(|c| c.name == "kind");
    let Some(Type::OneOf(kinds)) = column.map(|c| c.ty) else { return OTHER };
    if let Some(known) = kinds.iter().find(|k| **k == word) {
        return known;
    }
    let near = match nearest(word, kinds.iter().copied()).join(", ") {
        near if near.is_empty() => kinds.join(", "),
        near => near,
    };
    r.report(Code::NotInList, value.span(), &[word, "kind", &near]);
    OTHER
}
