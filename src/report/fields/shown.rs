//! How fields are shown: their columns, their cells, and the words of their values.

use super::computed::words_of;
use crate::i18n::{Lang, labels, values};
use crate::model::customer::{CUSTOMER_KEYS, KeyType};
use crate::model::ledger::{Ledger, SettingList};
use crate::model::settings::Settings;
use crate::model::value::{FieldDef, Kind, Value};
use crate::report::document::{Cell, Column};
use crate::report::usual_importance;

/// A column of a document for a field.
pub fn column(lang: Lang, settings: &Settings, ledger: Option<Ledger>, def: &FieldDef) -> Column {
    let label = label(lang, settings, ledger, &def.key);
    let importance = usual_importance(&def.key);
    Column { key: def.key.clone(), label, right: def.kind.is_number(), importance, kind: def.kind, ..Column::default() }
}

/// What a field is called.
pub fn label(lang: Lang, settings: &Settings, ledger: Option<Ledger>, key: &str) -> String {
    let plain = key.strip_prefix("customer.").unwrap_or(key);
    match plain.strip_prefix("fields.") {
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
            Some(l) if plain == key => labels::column(lang, l.name(), plain),
            _ => labels::label(lang, plain),
        },
    }
}

/// The words for a value of a closed list, in the reader's language.
pub fn word(lang: Lang, settings: &Settings, ledger: Option<Ledger>, key: &str, value: &str) -> String {
    let plain = key.strip_prefix("customer.").unwrap_or(key);
    let of = ledger.filter(|_| plain == key);
    if let Some(list) = of.and_then(|l| l.listed(plain)).or_else(|| list_of_customers(plain)) {
        return listed(lang, settings, list, value);
    }
    match (of, plain) {
        (_, "product.status") => values::column_value(lang, Ledger::Products.name(), "status", value),
        (Some(l), _) if is_state(l, plain) => values::value(lang, &words_of(l, plain), value),
        (Some(l), _) => values::column_value(lang, l.name(), plain, value),
        (None, _) => values::value(lang, plain, value),
    }
}

/// Whether only events and rules say what a thing's value is: no column of its ledger holds it.
fn is_state(ledger: Ledger, name: &str) -> bool {
    let told = ledger.events().iter().any(|e| e.fact == name) || ledger.spec().computed.iter().any(|c| c.name == name);
    told && ledger.column(name).is_none()
}

/// The list of kehu.toml that has the values of a customer's key.
fn list_of_customers(key: &str) -> Option<SettingList> {
    match CUSTOMER_KEYS.iter().find(|k| k.name == key)?.ty {
        KeyType::Listed(list) => Some(list),
        _ => None,
    }
}

/// What kehu.toml, or kehu itself, calls a value of one of the lists of kehu.toml; else the value.
pub fn listed(lang: Lang, settings: &Settings, list: SettingList, value: &str) -> String {
    let (en, zh) = settings.called(list, value);
    let reasons = match list {
        SettingList::CloseReasons => "close",
        SettingList::LostReasons => "lost",
        SettingList::RefundReasons => "refund_reason",
        SettingList::ComplaintCategories => "complaint_category",
        _ => "",
    };
    match lang.pick(en, zh) {
        "" => values::value(lang, reasons, value),
        word => word.to_string(),
    }
}

/// The values of a list of kehu.toml, for a hint.
pub fn choices(lang: Lang, settings: &Settings, list: SettingList) -> String {
    values::choices(lang, settings.list(list).into_iter().map(|v| (v, listed(lang, settings, list, v))))
}

/// The label of a customer's stage.
pub fn stage_label(lang: Lang, settings: &Settings, id: &str) -> String {
    listed(lang, settings, SettingList::Stages, id)
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
