//! How fields are shown: their columns, their cells, and the words of their values.

use super::computed::words_of;
use crate::i18n::{Lang, labels, values};
use crate::model::ledger::Ledger;
use crate::model::settings::Settings;
use crate::model::value::{FieldDef, Kind, Value};
use crate::report::document::{Cell, Column};
use crate::report::usual_importance;

/// A column of a document for a field.
pub fn column(lang: Lang, settings: &Settings, ledger: Option<Ledger>, def: &FieldDef) -> Column {
    let plain = def.key.strip_prefix("customer.").unwrap_or(&def.key);
    let label = match plain.strip_prefix("fields.") {
        Some(own) => settings.file.fields.get(own).map_or_else(
            || own.to_string(),
            |f| {
                let l = lang.pick(&f.label, &f.zh);
                if l.is_empty() { own.to_string() } else { l.clone() }
            },
        ),
        None if plain.starts_with("product.") => {
            labels::column(lang, Ledger::Products.name(), plain.trim_start_matches("product."))
        }
        None => match ledger {
            Some(l) if plain == def.key => labels::column(lang, l.name(), plain),
            _ => labels::label(lang, plain),
        },
    };
    let importance = usual_importance(&def.key);
    Column { key: def.key.clone(), label, right: def.kind.is_number(), importance, kind: def.kind, ..Column::default() }
}

/// The words for a value of a closed list, in the reader's language.
pub fn word(lang: Lang, settings: &Settings, ledger: Option<Ledger>, key: &str, value: &str) -> String {
    let plain = key.strip_prefix("customer.").unwrap_or(key);
    match plain {
        "stage" if plain == key && ledger == Some(Ledger::Deals) => deal_stage_label(lang, settings, value),
        "stage" => stage_label(lang, settings, value),
        "channel" => channel_label(lang, settings, value),
        "product.status" => values::column_value(lang, Ledger::Products.name(), "status", value),
        "grade" => value.to_string(),
        "state" => values::value(lang, &words_of(ledger.unwrap_or(Ledger::Tasks), "state"), value),
        _ => match ledger {
            Some(l) => values::column_value(lang, l.name(), plain, value),
            None => values::value(lang, plain, value),
        },
    }
}

/// The label of a customer's stage.
pub fn stage_label(lang: Lang, settings: &Settings, id: &str) -> String {
    let label = settings.stage(id).map_or("", |s| lang.pick(s.label.as_str(), s.zh.as_str()));
    if label.is_empty() { id.to_string() } else { label.to_string() }
}

/// The label of a deal's stage.
pub fn deal_stage_label(lang: Lang, settings: &Settings, id: &str) -> String {
    let label = settings.deal_stage(id).map_or("", |s| lang.pick(s.label.as_str(), s.zh.as_str()));
    if label.is_empty() { id.to_string() } else { label.to_string() }
}

/// The label of a channel.
pub fn channel_label(lang: Lang, settings: &Settings, id: &str) -> String {
    match settings.file.channels.get(id) {
        Some(c) => {
            let l = lang.pick(&c.label, &c.zh);
            if l.is_empty() { id.to_string() } else { l.clone() }
        }
        None => id.to_string(),
    }
}

/// The cell of a field's value.
pub fn cell(lang: Lang, settings: &Settings, ledger: Option<Ledger>, def: &FieldDef, value: Value<'_>) -> Cell {
    match value {
        Value::Missing => Cell::Missing,
        Value::Text(t) => match def.kind {
            Kind::Id => Cell::Id(t.into()),
            Kind::Code => {
                let label = word(lang, settings, ledger, &def.key, &t);
                Cell::code(&t, &label)
            }
            _ => Cell::Text(t.into()),
        },
        Value::List(l) => Cell::list(l),
        Value::Day(d) => Cell::Day(d),
        Value::Num(n) => match def.kind {
            Kind::Money => Cell::money(n, &settings.file.currency),
            Kind::Ratio => Cell::Ratio(n),
            Kind::Days if !n.is_integer() => Cell::Days(n),
            _ => match (n.is_integer(), i64::try_from(n)) {
                (true, Ok(i)) => Cell::Int(i),
                _ => Cell::Number(n),
            },
        },
        Value::Flag(b) => Cell::Flag(b),
    }
}
