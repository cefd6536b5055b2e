//! The fields that filters, columns and sort keys may name: keys of customers, metrics, the company's own fields, and
//! the columns of a ledger.

use crate::i18n::{Lang, labels, values};
use crate::metrics;
use crate::model::book::{Book, Reads};
use crate::model::columns::Row as _;
use crate::model::customer::{CUSTOMER_KEYS, KeyType};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type};
use crate::model::money::{Decimal, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::place::RowPlace;
use crate::model::product::ProductVersion;
use crate::model::row::PlainRow;
use crate::model::settings::Settings;
use crate::model::value::{FieldDef, FieldId, Kind, Record, Schema, Value};
use crate::report::document::{Cell, Column};
use crate::report::history::deal_stage_label;
use crate::rules::deals::Deal;
use crate::rules::engine::index::Index;
use crate::rules::prices::{product_text, version};
use crate::rules::quotes::Quote;
use std::borrow::Cow;
use std::cell::RefCell;

/// The handle of the n-th of its sort.
fn nth(sort: fn(u16) -> FieldId, n: usize) -> FieldId {
    sort(u16::try_from(n).unwrap_or(u16::MAX))
}

/// The fields of customers.
pub struct CustomerFields<'s> {
    settings: &'s Settings,
    team: Vec<(String, Vec<String>)>,
}

impl<'s> CustomerFields<'s> {
    /// The fields that these settings know. Team members are found by id or name.
    pub fn new(settings: &'s Settings, team: &crate::model::team::Team) -> CustomerFields<'s> {
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
                (m.key.into(), m.kind, m.values.iter().map(|v| (v.to_string(), values::words(m.key, v))).collect())
            }
            FieldId::Key(n) => {
                let k = CUSTOMER_KEYS.get(usize::from(n))?;
                (k.name.into(), key_kind(k.name, k.ty), self.key_values(k.name, k.ty))
            }
            _ => return None,
        };
        Some(FieldDef { id, key, kind, values })
    }

    fn key_values(&self, name: &str, ty: KeyType) -> Vec<(String, Vec<String>)> {
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
            KeyType::Ref(crate::model::ledger::RefTo::Team) => self.team.clone(),
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
        let ledgers = match field {
            FieldId::Metric(n) => metrics::METRICS.get(usize::from(n)).map_or(LedgerSet::NONE, |m| m.reads),
            _ => LedgerSet::NONE,
        };
        Reads { customers: true, ledgers, plain: LedgerSet::NONE, ..Reads::NOTHING }
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
            FieldId::Key(n) => CUSTOMER_KEYS.get(usize::from(n)).map_or(Value::Missing, |k| c.get(k.name)),
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
pub fn customer_words(c: &crate::model::customer::Customer) -> Vec<Cow<'_, str>> {
    let mut words: Vec<Cow<'_, str>> = vec![Cow::Borrowed(c.id), Cow::Borrowed(c.name)];
    words.extend(c.rest().aliases.iter().chain(&c.rest().former_ids).map(|a| Cow::Borrowed(*a)));
    for key in ["pinyin", "phone", "email", "website", "tax_id"] {
        let t = c.text(key);
        if !t.is_empty() {
            words.push(Cow::Borrowed(t));
        }
    }
    for p in &c.rest().contacts {
        words.push(Cow::Borrowed(p.name));
        for key in ["phone", "email", "wechat"] {
            let t = p.text(key);
            if !t.is_empty() {
                words.push(Cow::Borrowed(t));
            }
        }
    }
    words
}

/// The columns of products that rows with a product may name, as `product.COLUMN`: those of the version of the row's day.
const PRODUCT_FIELDS: &[&str] = &["name", "category", "unit", "price", "cost", "tax_rate", "supplier", "status"];

/// A column of a product on a day.
fn product_value<'a>(index: &Index<'a>, product: &str, day: Day, n: usize) -> Value<'a> {
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
    own: RefCell<Vec<String>>,
    whole: bool,
    present: bool,
}

impl<'s> LedgerFields<'s> {
    /// The fields of a ledger.
    pub fn new(ledger: Ledger, settings: &'s Settings, team: &crate::model::team::Team) -> LedgerFields<'s> {
        let customers = CustomerFields::new(settings, team);
        LedgerFields { ledger, customers, settings, own: RefCell::new(Vec::new()), whole: false, present: false }
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
            FieldId::Computed(_) => reads(self.ledger.spec().reads),
            FieldId::OwnColumn(_) => plain,
            FieldId::Figure(_) => Reads::NOTHING,
            FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_) => self.customers.reads(field),
        }
    }

    /// Whether a column is asked for that events turn to other values than the one in the row.
    fn is_turned(&self, n: usize) -> bool {
        self.present && self.ledger.columns().get(n).is_some_and(|c| self.ledger.turned(c.name).is_some())
    }

    /// The company's own columns that a query mentioned.
    pub fn own_columns(&self) -> Vec<String> {
        self.own.borrow().clone()
    }

    /// Name of an own column that a query mentioned.
    fn own_name(&self, n: u16) -> Option<String> {
        self.own.borrow().get(usize::from(n)).cloned()
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
            let mut own = self.own.borrow_mut();
            let n = own.iter().position(|o| o == name).unwrap_or_else(|| {
                own.push(name.to_string());
                own.len() - 1
            });
            let id = nth(FieldId::OwnColumn, n);
            return Some(FieldDef { id, key: name.to_string(), kind: Kind::Text, values: Vec::new() });
        }
        let by_key = |key: &str| {
            if let Some(n) = self.ledger.column(key) {
                let ty = self.ledger.columns()[n].ty;
                return Some(FieldDef {
                    id: nth(FieldId::Column, n),
                    key: key.to_string(),
                    kind: column_kind(ty),
                    values: self.column_values(key, ty),
                });
            }
            let computed = self.ledger.spec().computed;
            let n = computed.iter().position(|c| c.name == key)?;
            let list = words_of(self.ledger, key);
            let values = computed[n].values.iter().map(|v| (v.to_string(), values::words(&list, v)));
            let stages =
                self.settings.file.deal_stages.iter().filter(|_| (self.ledger, key) == (Ledger::Deals, "stage"));
            let values = values.chain(stages.map(|s| (s.id.clone(), vec![s.label.clone(), s.zh.clone()])));
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
            Type::OneOf(list) => list
                .iter()
                .map(|v| {
                    let words = Lang::ALL.iter().map(|l| values::column_value(*l, products.name(), key, v));
                    (v.to_string(), words.collect())
                })
                .collect(),
            _ => Vec::new(),
        };
        let id = nth(FieldId::OfProduct, n);
        Some(FieldDef { id, key: format!("product.{key}"), kind: column_kind(ty), values })
    }

    fn column_values(&self, column: &str, ty: Type) -> Vec<(String, Vec<String>)> {
        match ty {
            Type::OneOf(list) => list
                .iter()
                .map(|v| {
                    let words = Lang::ALL.iter().map(|l| values::column_value(*l, self.ledger.name(), column, v));
                    (v.to_string(), words.collect())
                })
                .collect(),
            Type::Listed(list) => {
                let channel = |v: &str| {
                    self.settings.file.channels.get(v).map_or(Vec::new(), |c| vec![c.label.clone(), c.zh.clone()])
                };
                self.settings.list(list).into_iter().map(|v| (v.to_string(), channel(v))).collect()
            }
            Type::Ref(crate::model::ledger::RefTo::Team) => self.customers.team.clone(),
            _ => Vec::new(),
        }
    }
}

/// A customer's id as a row's reference: the present one, and any former one matches too.
fn present_id(c: &crate::model::customer::Customer) -> Value<'static> {
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
        self.ledger.column(column).map_or("", |n| self.row.cells[n])
    }

    /// The row's customer, when it was read.
    pub fn customer(&self) -> Option<usize> {
        self.index.book.customer_index(self.cell("customer"))
    }

    /// The text of a column by its position: the one that stands in the row or, where the present one is asked for, what
    /// events made of it.
    pub fn text(&self, n: usize) -> &'static str {
        let entry = self.row.cells[n];
        if !self.fields.is_turned(n) {
            return entry;
        }
        self.index.book.states.value_or(self.ledger, self.cell("id"), self.ledger.columns()[n].name, entry)
    }

    fn computed(&self, n: usize) -> Value<'_> {
        let (book, id) = (self.index.book, self.cell("id"));
        let key = self.ledger.spec().computed.get(n).map_or("", |c| c.name);
        if self.ledger == Ledger::Quotes {
            return self.index.quotes().get(id).map_or(Value::Missing, |q| quote_figure(q, book.today, key));
        }
        if self.ledger == Ledger::Deals {
            return deal_figure(&Deal::new(book, self.row), key);
        }
        let state = book.states.state(self.ledger, id);
        match key {
            "state" => Value::text(state),
            // Days count only as long as a thing is as it was entered.
            "days_overdue" if state == book.states.state(self.ledger, "") => match parse_day(self.cell("due")) {
                Some(due) => Value::int((book.today - due).num_days().max(0)),
                None => Value::Missing,
            },
            _ => Value::Missing,
        }
    }
}

/// The list of words for the values of a computed column.
fn words_of(ledger: Ledger, column: &str) -> String {
    format!("{}_{column}", ledger.kind())
}

fn deal_figure<'a>(d: &Deal<'a>, key: &str) -> Value<'a> {
    match key {
        "stage" => Value::text(d.stage()),
        "state" => Value::text(d.state()),
        "probability" => Value::num(d.probability()),
        "weighted" => Value::num(d.weighted()),
        "days_in_stage" => d.days_in_stage().map_or(Value::Missing, Value::int),
        "stage_since" => Value::day(d.stage_since()),
        _ => Value::Missing,
    }
}

fn quote_figure<'a>(q: &Quote<'a>, today: Day, key: &str) -> Value<'a> {
    let a = &q.amounts;
    match key {
        "state" => Value::text(q.state(today).key()),
        "lines" => Value::int(i64::try_from(q.current().lines.len()).unwrap_or(i64::MAX)),
        "net" => Value::num(a.net),
        "total_amount" => Value::num(a.total()),
        "cost" => Value::num(a.cost),
        "profit" => Value::num(a.profit()),
        "margin" => Value::num(a.margin()),
        "order" => q.order().map_or(Value::Missing, Value::text),
        _ => Value::Missing,
    }
}

/// A column of the lines for the whole quote: every product, the sum of the quantities, the highest discount; of a price
/// or a line's number there is one only where there is one line.
fn quote_column(q: &Quote<'_>, column: &str) -> Option<Value<'static>> {
    let lines = &q.current().lines;
    Some(match column {
        "product" => {
            let mut products: Vec<Cow<'static, str>> = Vec::new();
            for l in lines.iter().filter(|l| !l.product.is_empty()) {
                if !products.contains(&Cow::Borrowed(l.product)) {
                    products.push(Cow::Borrowed(l.product));
                }
            }
            Value::List(products)
        }
        "quantity" => Value::num(lines.iter().try_fold(Decimal::ZERO, |sum, l| sum.checked_add(l.quantity?))),
        "discount" => Value::num(lines.iter().filter_map(|l| l.discount).max()),
        "price" | "line" if lines.len() > 1 => Value::Missing,
        _ => return None,
    })
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
                self.row.own.iter().find(|(k, _)| *k == name).map_or(Value::Missing, |(_, v)| Value::text(v))
            }
            FieldId::OfProduct(n) => {
                let at =
                    self.ledger.day_column().and_then(|n| At::parse(self.row.cells[n], self.index.book.settings.tz));
                let day = at.map_or(self.index.book.today, |a| a.day);
                product_value(self.index, self.cell("product"), day, n.into())
            }
            FieldId::Computed(n) => self.computed(n.into()),
            FieldId::Column(n) => {
                let n = usize::from(n);
                if self.fields.whole
                    && let Some(q) = self.index.quotes().get(self.cell("id"))
                    && let Some(value) = quote_column(q, self.ledger.columns()[n].name)
                {
                    return value;
                }
                if let (Type::Ref(RefTo::Customer), Some(c)) =
                    (self.ledger.columns()[n].ty, self.index.book.customer(self.row.cells[n]))
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
        let mut words: Vec<Cow<'_, str>> =
            self.row.cells.iter().filter(|c| !c.is_empty()).map(|c| Cow::Borrowed(*c)).collect();
        if let Some(n) = self.customer() {
            words.extend(customer_words(&self.index.book.customers[n]));
        }
        words
    }
}

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
    let importance = super::usual_importance(&def.key);
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

/// An order line as a record, for filters of reports.
#[derive(Clone, Copy)]
pub struct LineRecord<'x, 'a> {
    /// Rows by customer.
    pub index: &'x Index<'a>,
    /// The line.
    pub line: OrderLine,
    /// Its customer; `None` = it is not in the book, and nothing is known of it.
    pub customer: Option<usize>,
    /// The fields, for the names of own columns.
    pub fields: &'x LedgerFields<'x>,
}

/// The row of a ledger that stands at a place, where the ledger was read plain.
fn plain_row(book: &Book, ledger: Ledger, place: RowPlace) -> Option<&PlainRow> {
    let rows = book.plain.get(&ledger)?;
    rows.binary_search_by_key(&place, |r| r.place).ok().map(|n| &rows[n])
}

/// The cell of one of the company's own columns, where the ledger was read plain; empty when missing.
pub fn own_cell(book: &Book, ledger: Ledger, place: RowPlace, column: &str) -> &'static str {
    plain_row(book, ledger, place)
        .and_then(|row| row.own.iter().find(|(name, _)| *name == column))
        .map_or("", |(_, text)| text)
}

impl Record for LineRecord<'_, '_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        let l = self.line;
        match field {
            FieldId::Column(n) => match Ledger::Orders.columns().get(usize::from(n)).map(|c| c.ty) {
                Some(Type::Ref(RefTo::Customer)) => match self.customer {
                    Some(n) => present_id(&self.index.book.customers[n]),
                    None => Value::text(l.customer()),
                },
                // Columns do not hold notes.
                Some(Type::Note) => {
                    let row = plain_row(self.index.book, Ledger::Orders, l.place());
                    Value::text(row.and_then(|row| row.cells.get(usize::from(n)).copied()).unwrap_or(""))
                }
                Some(Type::Int) => Value::num(parse_decimal(l.segment().text(n.into(), l.row()))),
                Some(_) => l.segment().value(n.into(), l.row()),
                None => Value::Missing,
            },
            FieldId::OfProduct(n) => product_value(self.index, l.product(), l.day(), n.into()),
            FieldId::Id | FieldId::Key(_) | FieldId::Metric(_) | FieldId::Own(_) => {
                let of = |customer| owned(CustomerRecord { index: self.index, customer }.value(field));
                self.customer.map_or(Value::Missing, of)
            }
            FieldId::OwnColumn(n) => {
                let name = self.fields.own_name(n).unwrap_or_default();
                Value::text(own_cell(self.index.book, Ledger::Orders, l.place(), &name))
            }
            FieldId::Computed(_) | FieldId::Figure(_) => Value::Missing,
        }
    }

    fn words(&self) -> Vec<Cow<'_, str>> {
        let mut words = vec![Cow::Borrowed(self.line.id()), Cow::Borrowed(self.line.product())];
        match self.customer {
            Some(n) => words.extend(customer_words(&self.index.book.customers[n])),
            None => words.push(Cow::Borrowed(self.line.customer())),
        }
        words
    }
}

/// A value that borrows from nothing.
fn owned(value: Value<'_>) -> Value<'static> {
    match value {
        Value::Text(t) => Value::Text(Cow::Owned(t.into_owned())),
        Value::List(l) => Value::List(l.into_iter().map(|x| Cow::Owned(x.into_owned())).collect()),
        Value::Day(d) => Value::Day(d),
        Value::Num(n) => Value::Num(n),
        Value::Flag(b) => Value::Flag(b),
        Value::Missing => Value::Missing,
    }
}
