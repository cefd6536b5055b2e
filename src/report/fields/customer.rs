//! The fields of customers: their keys, metrics, and the company's own fields.

use super::nth;
use crate::i18n::{labels, values};
use crate::metrics;
use crate::model::book::Reads;
use crate::model::customer::{CUSTOMER_KEYS, Customer, KeyType, Rest};
use crate::model::ledger::RefTo;
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::model::value::{FieldDef, FieldId, Kind, Record, Schema, Value};
use crate::rules::engine::index::Index;
use std::borrow::Cow;

/// The fields of customers.
pub struct CustomerFields<'s> {
    settings: &'s Settings,
    pub(super) team: Vec<(String, Vec<String>)>,
}

impl<'s> CustomerFields<'s> {
    /// The fields that these settings know. Team members are found by id or name.
    pub fn new(settings: &'s Settings, team: &Team) -> CustomerFields<'s> {
        let team = team.members.iter().map(|m| (m.id.to_string(), vec![m.name.to_string()])).collect();
        CustomerFields { settings, team }
    }

    fn def(&self, id: FieldId) -> Option<FieldDef> {
        let (key, kind, values): (String, Kind, Vec<(String, Vec<String>)>) = match id {
            FieldId::Id => ("id".into(), Kind::Id, Vec::new()),
            FieldId::Own(n) => {
                let (name, own) = self.settings.file.fields.get_index(n.into())?;
                let kind = match own.ty.as_str() {
                    "number" => Kind::Number,
                    "date" => Kind::Day,
                    "flag" => Kind::Flag,
                    "list" => Kind::List,
                    _ if own.values.is_empty() => Kind::Text,
                    _ => Kind::Code,
                };
                (format!("fields.{name}"), kind, own.values.iter().map(|v| (v.clone(), Vec::new())).collect())
            }
            FieldId::Metric(n) => {
                let m = metrics::METRICS.get(usize::from(n))?;
                let values = m.values.iter().map(|v| (v.to_string(), values::words(m.key, v)));
                (m.key.into(), m.kind, if m.people { self.team.clone() } else { values.collect() })
            }
            FieldId::Key(n) => {
                let k = CUSTOMER_KEYS.get(usize::from(n))?;
                (k.name.into(), key_kind(k.name, k.ty), self.key_values(k.name, k.ty))
            }
            _ => return None,
        };
        Some(FieldDef { id, key, kind, values })
    }

    pub(super) fn key_values(&self, name: &str, ty: KeyType) -> Vec<(String, Vec<String>)> {
        match ty {
            KeyType::OneOf(list) => list.iter().map(|v| (v.to_string(), values::words(name, v))).collect(),
            KeyType::Listed(list) => self
                .settings
                .list(list)
                .into_iter()
                .map(|v| {
                    let words = match self.settings.stage(v) {
                        Some(s) if name == "stage" => {
                            let mut w = vec![s.label.clone(), s.zh.clone()];
                            w.extend(stage_words(v).iter().map(ToString::to_string));
                            w
                        }
                        _ => vec![format!("{v}级"), format!("{v} 级")],
                    };
                    (v.to_string(), words)
                })
                .collect(),
            KeyType::Ref(RefTo::Team) => self.team.clone(),
            _ => Vec::new(),
        }
    }

    fn find_id(&self, name: &str) -> Option<FieldId> {
        let name = name.strip_prefix("customer.").unwrap_or(name);
        let by_key = |key: &str| -> Option<FieldId> {
            if key == "id" || key == "customer" {
                return Some(FieldId::Id);
            }
            if let Some(n) = CUSTOMER_KEYS.iter().position(|k| k.name == key) {
                return Some(nth(FieldId::Key, n));
            }
            if let Some(n) = metrics::METRICS.iter().position(|m| m.key == key) {
                return Some(nth(FieldId::Metric, n));
            }
            let own = key.strip_prefix("fields.")?;
            self.settings.file.fields.get_index_of(own).map(|n| nth(FieldId::Own, n))
        };
        if let Some(id) = by_key(name) {
            return Some(id);
        }
        let own = |w: &str| {
            self.settings
                .file
                .fields
                .iter()
                .position(|(_, f)| !w.is_empty() && (f.zh == w || f.label == w))
                .map(|n| nth(FieldId::Own, n))
        };
        labels::keys_for(name).into_iter().find_map(by_key).or_else(|| own(name))
    }

    /// What a field needs read.
    pub fn reads(&self, field: FieldId) -> Reads {
        let customers = Reads { customers: true, ..Reads::NOTHING };
        match field {
            FieldId::Metric(n) => metrics::METRICS.get(usize::from(n)).map_or(customers, metrics::Metric::needs),
            _ => customers,
        }
    }
}

/// Other words for the stages of the ladders that kehu brings.
fn stage_words(id: &str) -> &'static [&'static str] {
    match id {
        "lead" => &["线索", "潜在"],
        "prospect" => &["意向"],
        "first-order" => &["首单客户", "初次购买"],
        "repeat" => &["历史客户", "老客户"],
        _ => &[],
    }
}

fn key_kind(name: &str, ty: KeyType) -> Kind {
    match name {
        "credit_limit" => Kind::Money,
        // People are a closed list: a misspelt one is a mistake, not an empty answer.
        "owner" => Kind::Code,
        _ => ty.kind(),
    }
}

impl Schema for CustomerFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        self.def(self.find_id(name)?)
    }
    fn keys(&self) -> Vec<String> {
        let mut keys = vec!["id".to_string()];
        keys.extend(CUSTOMER_KEYS.iter().map(|k| k.name.to_string()));
        keys.extend(metrics::METRICS.iter().map(|m| m.key.to_string()));
        keys.extend(self.settings.file.fields.keys().map(|k| format!("fields.{k}")));
        keys
    }
}

/// One customer as a record.
#[derive(Clone, Copy)]
pub struct CustomerRecord<'x, 'a> {
    /// Rows by customer.
    pub index: &'x Index<'a>,
    /// The customer's index in the book.
    pub customer: usize,
}

impl Record for CustomerRecord<'_, '_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        let c = &self.index.book.customers[self.customer];
        match field {
            FieldId::Id => Value::text(c.id),
            FieldId::Key(n) => match CUSTOMER_KEYS.get(usize::from(n)).map(|k| k.name) {
                // By a former id, too.
                Some(key @ "referred_by") => Value::text(self.index.book.present_id(c.text(key))),
                Some(key) => c.get(key),
                None => Value::Missing,
            },
            FieldId::Metric(n) => match metrics::METRICS.get(usize::from(n)) {
                Some(m) => (m.value)(self.index, self.customer),
                None => Value::Missing,
            },
            FieldId::Own(n) => {
                let own = self.index.book.settings.file.fields.get_index(n.into());
                own.map_or(Value::Missing, |(name, _)| c.own(name))
            }
            FieldId::Column(_)
            | FieldId::Computed(_)
            | FieldId::OfProduct(_)
            | FieldId::OwnColumn(_)
            | FieldId::Figure(_) => Value::Missing,
        }
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        customer_words(&self.index.book.customers[self.customer])
    }
}

/// The texts of a customer that a bare word searches.
pub fn customer_words(c: &Customer) -> Vec<Cow<'static, str>> {
    c.look(|rest| rest_words(c, rest))
}

/// The same of a customer whose rest is at hand.
pub fn rest_words(c: &Customer, rest: &Rest) -> Vec<Cow<'static, str>> {
    let mut words = vec![Cow::Borrowed(c.id), Cow::Borrowed(c.name)];
    words.extend(rest.aliases.iter().chain(&rest.former_ids).map(|a| Cow::Borrowed(*a)));
    let mut add = |value: Value<'static>| {
        if let Value::Text(t) = value
            && !t.is_empty()
        {
            words.push(t);
        }
    };
    ["pinyin", "phone", "email", "website", "tax_id"].iter().for_each(|key| add(rest.get(key)));
    for p in &rest.contacts {
        add(Value::Text(Cow::Borrowed(p.name)));
        ["phone", "email", "wechat"].iter().for_each(|key| add(p.get(key)));
    }
    words
}

/// A value that borrows from nothing.
pub(super) fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Text(t) => Value::Text(Cow::Owned(t.into_owned())),
        Value::List(l) => Value::List(l.into_iter().map(|x| Cow::Owned(x.into_owned())).collect()),
        Value::Day(d) => Value::Day(d),
        Value::Num(n) => Value::Num(n),
        Value::Flag(b) => Value::Flag(b),
        Value::Missing => Value::Missing,
    }
}
