//! The file format as a table, from the same specifications that reading uses.

use super::col;
use super::document::{Cell, Document, Row, Table};
use super::due::text;
use crate::i18n::{Lang, labels};
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeySpec, KeyType};
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::settings::{SETTING_KEYS, Settings};
use crate::model::team::{LIMIT_KEYS, MEMBER_KEYS, ROLES};
use crate::store::read::cell::setting_key;

fn ref_word(r: RefTo) -> String {
    match r {
        RefTo::Customer => "ref customer".into(),
        RefTo::Team => "ref team".into(),
        RefTo::Contact => "ref contact".into(),
        RefTo::Party => "ref customer | supplier".into(),
        RefTo::Row(l) => format!("ref {}", l.name()),
        RefTo::OrderLine => "ref orders id/line".into(),
        RefTo::Subject => "ref of kind".into(),
        RefTo::Pool => "ref pool".into(),
    }
}

/// (type, allowed values) of a column.
fn column_type(ty: Type, settings: Option<&Settings>) -> (String, String) {
    let plain = |s: &str| (s.to_string(), String::new());
    match ty {
        Type::RowId | Type::OwnId => plain("id"),
        Type::Text => plain("text"),
        Type::Note => plain("note"),
        Type::Day => plain("date"),
        Type::At => plain("date | instant"),
        Type::Decimal => plain("decimal"),
        Type::Fraction => plain("fraction"),
        Type::Int => plain("integer"),
        Type::YesNo => ("list".into(), "yes no".into()),
        Type::Ref(r) => (ref_word(r), String::new()),
        Type::OneOf(list) => ("list".into(), list.join(" ")),
        Type::Listed(l) => {
            (format!("list of kehu.toml {}", setting_key(l)), settings.map(|s| s.list(l).join(" ")).unwrap_or_default())
        }
        Type::Split => plain("split"),
        Type::PeriodName => plain("period"),
        Type::Currency => plain("currency"),
    }
}

fn key_type(ty: KeyType, settings: Option<&Settings>) -> (String, String) {
    let plain = |s: &str| (s.to_string(), String::new());
    match ty {
        KeyType::Text => plain("text"),
        KeyType::Note => plain("note"),
        KeyType::List => plain("list of text"),
        KeyType::Day => plain("date"),
        KeyType::Decimal | KeyType::Amount => plain("decimal"),
        KeyType::Flag => plain("flag"),
        KeyType::Ref(r) => (ref_word(r), String::new()),
        KeyType::OneOf(list) => ("list".into(), list.join(" ")),
        KeyType::Listed(l) => {
            (format!("list of kehu.toml {}", setting_key(l)), settings.map(|s| s.list(l).join(" ")).unwrap_or_default())
        }
        KeyType::Span => plain("span"),
        KeyType::Terms => plain("terms"),
        KeyType::Birthday => plain("birthday"),
        KeyType::Dates => plain("list of {name, date}"),
    }
}

/// The tables whose name begins with `only`, or all.
pub fn report(settings: Option<&Settings>, only: Option<&str>, lang: Lang) -> Document {
    let columns = vec![
        col(lang, "table"),
        col(lang, "column"),
        col(lang, "type"),
        col(lang, "required"),
        col(lang, "values"),
        col(lang, "label"),
        super::hidden(lang, "label_zh"),
    ];
    let mut rows = Vec::new();
    let mut add =
        |table: &str, column: &str, (ty, values): (String, String), required: bool, label: &dyn Fn(Lang) -> String| {
            if only.is_some_and(|o| o != table) {
                return;
            }
            let cells = vec![
                Cell::Text(table.into()),
                Cell::Id(column.into()),
                Cell::Text(ty.into()),
                Cell::Flag(required),
                text(&values),
                Cell::code(&label(Lang::En), &label(lang)),
                Cell::Text(label(Lang::ZhCn).into()),
            ];
            rows.push(Row { cells, ..Row::default() });
        };
    let specs: [(&str, &[KeySpec]); 2] = [("customers", CUSTOMER_KEYS), ("contacts", CONTACT_KEYS)];
    for (table, keys) in specs {
        for k in keys {
            add(table, k.name, key_type(k.ty, settings), k.required, &|l| labels::column(l, table, k.name));
        }
    }
    for (name, f) in settings.iter().flat_map(|s| &s.file.fields) {
        let label = |l: Lang| l.pick(&f.label, &f.zh).clone();
        add("fields", name, (f.ty.clone(), f.values.join(" ")), f.required, &label);
    }
    for k in MEMBER_KEYS {
        let ty = match *k {
            "email" => ("list of text".to_string(), String::new()),
            "role" => ("list".into(), ROLES.join(" ")),
            "manager" => ("ref team".into(), String::new()),
            "left" => ("date".into(), String::new()),
            "limits" => ("table".into(), LIMIT_KEYS.join(" ")),
            _ => ("text".into(), String::new()),
        };
        add("team", k, ty, *k == "name", &|l| labels::label(l, k));
    }
    for ledger in Ledger::ALL {
        for c in ledger.columns() {
            let label = |l: Lang| labels::column(l, ledger.name(), c.name);
            add(ledger.name(), c.name, column_type(c.ty, settings), c.required, &label);
        }
    }
    for (path, ty) in SETTING_KEYS {
        add("kehu.toml", path, (ty.to_string(), String::new()), matches!(*path, "format" | "stages[].id"), &|_| {
            String::new()
        });
    }
    Document::table(Table { columns, rows, id_column: 1, ..Table::default() })
}

/// The names that `only` may have.
pub fn tables() -> Vec<&'static str> {
    let mut names = vec!["customers", "contacts", "fields", "team", "kehu.toml"];
    names.extend(Ledger::ALL.iter().map(|l| l.name()));
    names
}
