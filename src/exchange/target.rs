//! What an import fills, and the columns it has: by key or by the words people use for them.

use crate::diag::nearest;
use crate::i18n::{Lang, labels, values};
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS};
use crate::model::ledger::Ledger;
use crate::model::settings::Settings;

/// The table that rows go into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Customers' files.
    Customers,
    /// The contacts in customers' files.
    Contacts,
    /// A ledger.
    Ledger(Ledger),
}

impl Table {
    /// Reads a table's key, the key of one thing of it, or a label.
    pub fn parse(word: &str) -> Option<Table> {
        let is = |l: &&Ledger| {
            Lang::ALL.iter().any(|lang| values::value(*lang, "subject_kind", l.kind()) == word)
                || labels::keys_for(word).contains(&l.kind())
        };
        match word {
            "customers" | "customer" | "客户" => Some(Table::Customers),
            "contacts" | "contact" | "联系人" => Some(Table::Contacts),
            _ => Ledger::parse_any(word).or_else(|| Ledger::ALL.iter().find(is).copied()).map(Table::Ledger),
        }
    }

    /// Its key.
    pub fn name(self) -> &'static str {
        match self {
            Table::Customers => "customers",
            Table::Contacts => "contacts",
            Table::Ledger(l) => l.name(),
        }
    }

    /// Every key that rows may go into; events are written by what happens, not imported.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let ledgers = Ledger::ALL.iter().filter(|l| **l != Ledger::Events).map(|l| l.name());
        ["customers", "contacts"].into_iter().chain(ledgers)
    }
}

/// A column to be filled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A column of the ledger, by its index.
    Column(usize),
    /// An own column, `x_…`.
    Own(String),
    /// The customer's or contact's id.
    Id,
    /// The customer of a contact.
    Customer,
    /// A key of the customer's file.
    Key(&'static str),
    /// An own field of the customer.
    Field(String),
    /// A key of a contact.
    Contact(&'static str),
}

impl Target {
    /// The key that people write.
    pub fn key(&self, table: Table) -> String {
        match (self, table) {
            (Target::Column(n), Table::Ledger(l)) => l.columns()[*n].name.into(),
            (Target::Column(_), _) => String::new(),
            (Target::Own(k), _) => k.clone(),
            (Target::Id, _) => "id".into(),
            (Target::Customer, _) => "customer".into(),
            (Target::Key(k), _) => (*k).into(),
            (Target::Field(k), _) => format!("fields.{k}"),
            (Target::Contact(k), Table::Contacts) => (*k).into(),
            (Target::Contact(k), _) => format!("contact.{k}"),
        }
    }
}

/// The column that a word means.
///
/// # Errors
/// The nearest keys.
pub fn find(table: Table, word: &str, settings: &Settings) -> Result<Target, Vec<String>> {
    let found = match table {
        Table::Ledger(l) => in_ledger(l, word),
        Table::Customers => in_customer(word, settings),
        Table::Contacts => match word {
            "customer" | "客户" => Some(Target::Customer),
            _ => in_contact(word),
        },
    };
    found.ok_or_else(|| {
        let names: Vec<String> = match table {
            Table::Ledger(l) => l.columns().iter().map(|c| c.name.to_string()).collect(),
            Table::Contacts => CONTACT_KEYS.iter().map(|k| k.name.to_string()).chain(["customer".into()]).collect(),
            Table::Customers => CUSTOMER_KEYS
                .iter()
                .map(|k| k.name.to_string())
                .chain(settings.file.fields.keys().map(|f| format!("fields.{f}")))
                .chain(CONTACT_KEYS.iter().map(|k| format!("contact.{}", k.name)))
                .chain(["id".into()])
                .collect(),
        };
        nearest(word, names.iter().map(String::as_str))
    })
}

fn in_ledger(ledger: Ledger, word: &str) -> Option<Target> {
    if word.starts_with("x_") {
        return Some(Target::Own(word.into()));
    }
    let by_label = |lang| {
        ledger.columns().iter().position(|c| labels::column(lang, ledger.name(), c.name).eq_ignore_ascii_case(word))
    };
    let by_word = || labels::keys_for(word).into_iter().find_map(|k| ledger.column(k));
    ledger.column(word).or_else(|| Lang::ALL.into_iter().find_map(by_label)).or_else(by_word).map(Target::Column)
}

fn in_customer(word: &str, settings: &Settings) -> Option<Target> {
    if matches!(word, "id" | "编号" | "单号") {
        return Some(Target::Id);
    }
    if let Some(rest) = word.strip_prefix("contact.").or_else(|| word.strip_prefix("联系人.")) {
        return in_contact(rest).filter(|t| matches!(t, Target::Contact(_)) || *t == Target::Id).map(|t| match t {
            Target::Id => Target::Contact("id"),
            t => t,
        });
    }
    if word == "联系人" {
        return Some(Target::Contact("name"));
    }
    let own = settings.file.fields.iter().find(|(k, f)| {
        word.strip_prefix("fields.") == Some(k.as_str()) || f.zh == word || f.label == word && !word.is_empty()
    });
    if let Some((k, _)) = own {
        return Some(Target::Field(k.clone()));
    }
    let key = |name: &str| CUSTOMER_KEYS.iter().find(|k| k.name == name).map(|k| Target::Key(k.name));
    key(word).or_else(|| labels::keys_for(word).into_iter().find_map(key))
}

fn in_contact(word: &str) -> Option<Target> {
    let key = |name: &str| match name {
        "id" => Some(Target::Id),
        name => CONTACT_KEYS.iter().find(|k| k.name == name).map(|k| Target::Contact(k.name)),
    };
    key(word).or_else(|| labels::keys_for(word).into_iter().find_map(key))
}
