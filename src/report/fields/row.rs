//! The fields of a ledger's rows: columns, what is computed of them, their customer's fields, their product's columns.

use super::computed::{figure, rules_of, words_of};
use super::customer::{CustomerFields, CustomerRecord, customer_words, owned};
use super::nth;
use crate::i18n::{Lang, labels, values};
use crate::model::book::Reads;
use crate::model::customer::{CUSTOMER_KEYS, Customer, DECISIONS};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{EVENT_KINDS, Ledger, LedgerSet, RefTo, SettingList, Type, events_of};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::place::RowPlace;
use crate::model::product::ProductVersion;
use crate::model::row::PlainRow;
use crate::model::settings::Settings;
use crate::model::team::Team;
use crate::model::value::{FieldDef, FieldId, Kind, Record, Schema, Value};
use crate::rules::engine::index::Index;
use crate::rules::prices::{product_text, version};
use crate::store::load::TYPED;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

/// The columns of products that rows with a product may name, as `product.COLUMN`: those of the version of the row's day.
const PRODUCT_FIELDS: &[&str] = &["name", "category", "unit", "price", "cost", "tax_rate", "supplier", "status"];

/// A column of a product on a day.
pub(super) fn product_value<'a>(index: &Index<'a>, product: &str, day: Day, n: usize) -> Value<'a> {
    let book = index.book;
    let of = |text: fn(&ProductVersion) -> &'static str| Value::text(product_text(book, product, day, text));
    let number = |n: fn(&ProductVersion) -> Option<Decimal>| Value::num(version(book, product, day).and_then(n));
    match PRODUCT_FIELDS.get(n).copied().unwrap_or("") {
        "name" => of(|v| v.name),
        "category" => of(|v| v.category),
        "unit" => of(|v| v.unit),
        "supplier" => of(|v| v.supplier),
        "price" => number(|v| v.price),
        "cost" => number(|v| v.cost),
        "tax_rate" => number(|v| v.tax_rate),
        // A version without a status is on sale.
        "status" => version(book, product, day)
            .map_or(Value::Missing, |v| Value::text(if v.status.is_empty() { "active" } else { v.status })),
        _ => Value::Missing,
    }
}

/// The fields of a ledger's rows: its columns, what its events make of them, the company's own `x_` columns,
/// `customer.FIELD`, and `product.COLUMN`.
pub struct LedgerFields<'s> {
    ledger: Ledger,
    customers: CustomerFields<'s>,
    settings: &'s Settings,
    // Own columns get a handle when a query first names them; which ones there are is known only after reading.
    own: RwLock<OwnColumns>,
    whole: bool,
    present: bool,
}

/// Names in the order of their handles.
#[derive(Default)]
struct OwnColumns {
    names: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl<'s> LedgerFields<'s> {
    /// The fields of a ledger.
    pub fn new(ledger: Ledger, settings: &'s Settings, team: &Team) -> LedgerFields<'s> {
        let customers = CustomerFields::new(settings, team);
        LedgerFields { ledger, customers, settings, own: RwLock::default(), whole: false, present: false }
    }

    /// The same for a list, where one row may stand for all lines of an id: a column of the lines then has the values of all.
    #[must_use]
    pub fn whole(self) -> LedgerFields<'s> {
        LedgerFields { whole: self.ledger.spec().whole, ..self }
    }

    /// The same with the present values of columns that events change, instead of those at entry.
    #[must_use]
    pub fn present(self) -> LedgerFields<'s> {
        LedgerFields { present: true, ..self }
    }

    /// What a field needs read besides the ledger itself.
    pub fn reads(&self, field: FieldId) -> Reads {
        let reads = |ledgers: &[Ledger]| Reads { ledgers: LedgerSet::of(ledgers), ..Reads::NOTHING };
        let plain = Reads { plain: LedgerSet::of(&[self.ledger]), ..Reads::NOTHING };
        match field {
            FieldId::Column(n) => match self.ledger.columns().get(usize::from(n)).map(|c| c.ty) {
                // A row may name a customer by a former id.
                Some(Type::Ref(RefTo::Customer)) => Reads { customers: true, ..Reads::NOTHING },
                // Rows that are held by column have no notes.
                Some(Type::Note) => plain,
                _ if self.is_turned(n.into()) => reads(&[Ledger::Events]),
                _ => Reads::NOTHING,
            },
            FieldId::OfProduct(_) => reads(&[Ledger::Products]),
            // Contacts are found by their customers, and so is what customers owe.
            FieldId::Computed(_)
                if [Ledger::Activities, Ledger::Receipts].iter().any(|l| self.ledger.spec().reads.contains(l)) =>
            {
                Reads::customers_and(self.ledger.spec().reads).with_ids_only()
            }
            FieldId::Computed(_) => {
                // Whose thing it is may have gone by another id.
                let customers = self.ledger.columns().iter().any(|c| c.ty == Type::Ref(RefTo::Party));
                let (typed, plain) = self.ledger.spec().reads.iter().partition(|l| TYPED.has(**l));
                let of = |list: Vec<&Ledger>| LedgerSet::of(&list.into_iter().copied().collect::<Vec<_>>());
                Reads { customers, ledgers: of(typed), plain: of(plain), ..Reads::NOTHING }
            }
            FieldId::OwnColumn(_) => plain,
            FieldId::Figure(_) => Reads::NOTHING,
            FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_) => self.customers.reads(field),
        }
    }

    /// Whether a column is asked for that events turn to other values than the one in the row.
    fn is_turned(&self, n: usize) -> bool {
        self.present && self.ledger.columns().get(n).is_some_and(|c| self.ledger.turned(c.name).is_some())
    }

    /// The rows that stand for all lines of their id, where one row does; `None` = each stands for itself.
    pub fn heads(&self, index: &Index<'_>) -> Option<HashSet<RowPlace>> {
        rules_of(self.ledger).filter(|_| self.whole).map(|t| t.heads(index))
    }

    /// The company's own columns that a query mentioned.
    pub fn own_columns(&self) -> Vec<String> {
        self.own.read().unwrap_or_else(PoisonError::into_inner).names.clone()
    }

    /// Name of an own column that a query mentioned.
    pub(super) fn own_name(&self, n: u16) -> Option<String> {
        self.own.read().unwrap_or_else(PoisonError::into_inner).names.get(usize::from(n)).cloned()
    }
}

impl Schema for LedgerFields<'_> {
    fn find(&self, name: &str) -> Option<FieldDef> {
        if name.starts_with("customer.") {
            let mut def = self.customers.find(name)?;
            def.key = format!("customer.{}", def.key);
            return Some(def);
        }
        if let Some(column) = name.strip_prefix("product.").or_else(|| name.strip_prefix("产品.")) {
            return self.product_field(column);
        }
        if name.starts_with("x_") && !name.contains('.') {
            let mut own = self.own.write().unwrap_or_else(PoisonError::into_inner);
            let n = own.numbers.get(name).copied().unwrap_or_else(|| {
                let n = own.names.len();
                own.names.push(name.to_string());
                own.numbers.insert(name.to_string(), n);
                n
            });
            let id = nth(FieldId::OwnColumn, n);
            return Some(FieldDef { id, key: name.to_string(), kind: Kind::Text, values: Vec::new() });
        }
        let by_key = |key: &str| {
            if let Some(n) = self.ledger.column(key) {
                let ty = self.ledger.columns()[n].ty;
                let told = self.ledger == Ledger::Events && key == "event";
                return Some(FieldDef {
                    id: nth(FieldId::Column, n),
                    key: key.to_string(),
                    kind: if told { Kind::Code } else { column_kind(ty) },
                    values: self.column_values(key, ty),
                });
            }
            let computed = self.ledger.spec().computed;
            let n = computed.iter().position(|c| c.name == key)?;
            let list = words_of(self.ledger, key);
            let values = computed[n].values.iter().map(|v| (v.to_string(), values::words(&list, v)));
            let listed = computed[n].listed.map(|list| self.listed(list)).unwrap_or_default();
            let values = values.chain(listed);
            Some(FieldDef {
                id: nth(FieldId::Computed, n),
                key: key.to_string(),
                kind: computed[n].kind,
                values: values.collect(),
            })
        };
        by_key(name).or_else(|| {
            let by_label = self
                .ledger
                .columns()
                .iter()
                .find(|c| Lang::ALL.iter().any(|l| labels::column(*l, self.ledger.name(), c.name) == name));
            by_label
                .and_then(|c| by_key(c.name))
                .or_else(|| labels::keys_for(name).into_iter().find_map(by_key))
                // What is no column of the ledger may be a field of the row's customer.
                .or_else(|| self.ledger.column("customer").and_then(|_| self.customers.find(name)))
                // And then one of its product.
                .or_else(|| self.product_field(name))
        })
    }

    fn keys(&self) -> Vec<String> {
        let columns = self.ledger.columns().iter().map(|c| c.name.to_string());
        let extra = self.ledger.spec().computed.iter().map(|c| c.name.to_string());
        let customers = if self.ledger.column("customer").is_some() { self.customers.keys() } else { Vec::new() };
        let products = if self.has_product() { PRODUCT_FIELDS } else { &[] };
        let customers = customers.into_iter().map(|k| format!("customer.{k}"));
        columns.chain(extra).chain(customers).chain(products.iter().map(|k| format!("product.{k}"))).collect()
    }
}

impl LedgerFields<'_> {
    fn has_product(&self) -> bool {
        self.ledger.column("product").is_some() && self.ledger != Ledger::Products
    }

    /// `product.category` by its column or label.
    fn product_field(&self, name: &str) -> Option<FieldDef> {
        if !self.has_product() {
            return None;
        }
        let products = Ledger::Products;
        let called =
            |k: &&str| **k == *name || Lang::ALL.iter().any(|l| labels::column(*l, products.name(), k) == name);
        let n = PRODUCT_FIELDS.iter().position(called)?;
        let key = PRODUCT_FIELDS[n];
        let ty = products.columns()[products.column(key)?].ty;
        let values = match ty {
            Type::OneOf(list) => closed(products, key, list),
            _ => Vec::new(),
        };
        let id = nth(FieldId::OfProduct, n);
        Some(FieldDef { id, key: format!("product.{key}"), kind: column_kind(ty), values })
    }

    /// The values of a list of kehu.toml, with what it calls them.
    fn listed(&self, list: SettingList) -> Vec<(String, Vec<String>)> {
        let words = |v: &str| {
            let (en, zh) = self.settings.called(list, v);
            [en, zh].into_iter().filter(|w| !w.is_empty()).map(str::to_string).collect()
        };
        self.settings.list(list).into_iter().map(|v| (v.to_string(), words(v))).collect()
    }

    fn column_values(&self, column: &str, ty: Type) -> Vec<(String, Vec<String>)> {
        match (self.ledger, column) {
            (Ledger::Events, "event") => return event_names(),
            (Ledger::Events, "from" | "to") => return self.told_values(),
            _ => {}
        }
        match ty {
            Type::OneOf(list) => closed(self.ledger, column, list),
            Type::Listed(list) => self.listed(list),
            Type::Ref(RefTo::Team) => self.customers.team.clone(),
            _ => Vec::new(),
        }
    }
}

impl LedgerFields<'_> {
    /// What things turn from and to, as far as it has words: decisions about customers, and the states of all things.
    fn told_values(&self) -> Vec<(String, Vec<String>)> {
        let decisions = CUSTOMER_KEYS.iter().filter(|k| DECISIONS.contains(&k.name));
        let mut out: Vec<_> = decisions.flat_map(|k| self.customers.key_values(k.name, k.ty)).collect();
        for (ledger, e) in Ledger::ALL.iter().flat_map(|l| l.events().iter().map(move |e| (*l, e))) {
            out.extend(e.states.iter().map(|v| (v.to_string(), values::words(&words_of(ledger, e.fact), v))));
        }
        let stages = Ledger::Deals.spec().computed.iter().filter_map(|c| c.listed);
        out.extend(stages.flat_map(|list| self.listed(list)));
        out
    }
}

/// What events of all kinds of things are called, each once.
fn event_names() -> Vec<(String, Vec<String>)> {
    let mut names: Vec<&str> = EVENT_KINDS.iter().flat_map(|kind| events_of(kind)).map(|e| e.name).collect();
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(*name));
    names.into_iter().map(|name| (name.to_string(), values::words("event", name))).collect()
}

/// The values of a closed list with their words in all languages.
fn closed(ledger: Ledger, column: &str, list: &[&str]) -> Vec<(String, Vec<String>)> {
    let words = |v: &str| Lang::ALL.iter().map(|l| values::column_value(*l, ledger.name(), column, v)).collect();
    list.iter().map(|v| (v.to_string(), words(v))).collect()
}

/// A customer's id as a row's reference: the present one, and any former one matches too.
pub(super) fn present_id(c: &Customer) -> Value<'static> {
    if c.rest().former_ids.is_empty() {
        return Value::text(c.id);
    }
    Value::List(std::iter::once(&c.id).chain(&c.rest().former_ids).map(|id| Cow::Borrowed(*id)).collect())
}

/// How filters and columns see a ledger's column.
pub fn column_kind(ty: Type) -> Kind {
    match ty {
        Type::Day | Type::At => Kind::Day,
        Type::Decimal | Type::Fraction | Type::Int => Kind::Number,
        Type::OneOf(_) | Type::Listed(_) | Type::YesNo => Kind::Code,
        Type::Ref(RefTo::Team) => Kind::Code,
        Type::RowId | Type::OwnId | Type::Ref(_) => Kind::Id,
        Type::Text | Type::Note | Type::Split | Type::PeriodName | Type::Currency => Kind::Text,
    }
}

/// One row of a ledger as a record.
#[derive(Clone, Copy)]
pub struct RowRecord<'x, 'a> {
    /// Rows by customer; also the book.
    pub index: &'x Index<'a>,
    /// The ledger.
    pub ledger: Ledger,
    /// The row.
    pub row: &'x PlainRow,
    /// The fields, for the names of own columns.
    pub fields: &'x LedgerFields<'x>,
}

impl<'a> RowRecord<'_, 'a> {
    /// The text of a column; empty when missing.
    pub fn cell(&self, column: &str) -> &'static str {
        self.ledger.column(column).map_or("", |n| self.row.cell(n))
    }

    /// The row's customer, when it was read.
    pub fn customer(&self) -> Option<usize> {
        self.index.book.customer_index(self.cell("customer"))
    }

    /// The text of a column by its position: the one that stands in the row or, where the present one is asked for, what
    /// events made of it.
    pub fn text(&self, n: usize) -> &'static str {
        let entry = self.row.cell(n);
        if !self.fields.is_turned(n) {
            return entry;
        }
        self.index.book.states.value_or(self.ledger, self.cell("id"), self.ledger.columns()[n].name, entry)
    }

    fn computed(&self, n: usize) -> Value<'_> {
        let computed = self.ledger.spec().computed.get(n);
        computed.map_or(Value::Missing, |c| figure(self.index, self.ledger, self.row, c.name))
    }
}

/// The value of a cell by its column's type.
pub fn cell_value(ty: Type, text: &str, settings: &Settings) -> Value<'static> {
    if text.is_empty() {
        return Value::Missing;
    }
    match ty {
        Type::Day => Value::day(parse_day(text)),
        Type::At => Value::day(At::parse(text, settings.tz).map(|a| a.day)),
        Type::Decimal | Type::Fraction | Type::Int => Value::num(parse_decimal(text)),
        _ => Value::Text(Cow::Owned(text.to_string())),
    }
}

impl Record for RowRecord<'_, '_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        match field {
            FieldId::OwnColumn(n) => {
                let name = self.fields.own_name(n).unwrap_or_default();
                let own = &self.row.own;
                // All columns are mostly asked for in the order in which they stand.
                let here = own.get(usize::from(n)).filter(|(k, _)| *k == name);
                here.or_else(|| own.iter().find(|(k, _)| *k == name)).map_or(Value::Missing, |(_, v)| Value::text(v))
            }
            FieldId::OfProduct(n) => {
                let at =
                    self.ledger.day_column().and_then(|n| At::parse(self.row.cell(n), self.index.book.settings.tz));
                let day = at.map_or(self.index.book.today, |a| a.day);
                product_value(self.index, self.cell("product"), day, n.into())
            }
            FieldId::Computed(n) => self.computed(n.into()),
            FieldId::Column(n) => {
                let n = usize::from(n);
                let things = if self.fields.whole { rules_of(self.ledger) } else { None };
                let column = self.ledger.columns()[n].name;
                if let Some(value) = things.and_then(|t| t.whole(self.index, self.cell("id"), column)) {
                    return value;
                }
                if let (Type::Ref(RefTo::Customer), Some(c)) =
                    (self.ledger.columns()[n].ty, self.index.book.customer(self.row.cell(n)))
                {
                    return present_id(c);
                }
                cell_value(self.ledger.columns()[n].ty, self.text(n), &self.index.book.settings)
            }
            FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_) => match self.customer() {
                Some(customer) => owned(CustomerRecord { index: self.index, customer }.value(field)),
                None => Value::Missing,
            },
            FieldId::Figure(_) => Value::Missing,
        }
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words: Vec<Cow<'_, str>> = self.row.cells.iter().filter(|c| !c.is_empty()).map(Cow::Borrowed).collect();
        if let Some(n) = self.customer() {
            words.extend(customer_words(&self.index.book.customers[n]));
        }
        words
    }
}
