//! What sales are grouped by: which groups there are, which one a sale belongs to, and what they are called.

use super::ask::Ask;
use super::document::{Cell, Column, Importance};
use super::due::text;
use super::fields::{CustomerFields, column, own_cell};
use super::typed;
use crate::i18n::money::unknown_group;
use crate::i18n::{Lang, labels, messages as m};
use crate::model::Map;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::order::OrderLine;
use crate::model::row::Event;
use crate::model::team::Team;
use crate::model::value::{FieldDef, Kind, Schema, Value};
use crate::rules::engine::groups::Basis;
use crate::rules::engine::{grouped::Grouped, index::Index};
use crate::rules::history::{fold_of, value_on};
use crate::rules::prices::product_text;
use crate::rules::profit::Subject;
use std::borrow::Cow;

/// What profit can be grouped by, besides any other field of customers and the company's own columns of orders.
pub const KEYS: &[&str] = &[
    "customer",
    "product",
    "category",
    "grade",
    "intent",
    "stage",
    "owner",
    "rep",
    "manager",
    "department",
    "region",
    "country",
    "source",
    "order",
    "contract",
    "project",
    "supplier",
    "industry",
    "city",
    "kind",
];

/// Keys of customers that make no groups: each has its own, or several.
const NO_GROUPS: &[&str] = &["id", "name", "note"];

/// The key by which groups are made; `None` = there is no such key.
pub(super) fn by_key(ask: &Ask<'_>) -> Option<String> {
    let typed = ask.flag("by");
    let own = typed.strip_prefix("customer.").unwrap_or(typed);
    let known = |k: &str| KEYS.iter().copied().find(|key| *key == k).map(str::to_string);
    let labelled = || labels::keys_for(own).into_iter().find_map(known);
    let column = || typed.strip_prefix("x_").filter(|rest| !rest.is_empty()).map(|_| typed.to_string());
    known(own).or_else(labelled).or_else(column).or_else(|| Some(attribute(ask, own)?.key))
}

/// A field of customers that makes groups.
pub(super) fn attribute(ask: &Ask<'_>, name: &str) -> Option<FieldDef> {
    let def = CustomerFields::new(ask.settings, ask.team).find(name)?;
    let figure = crate::metrics::find(&def.key).is_some() || def.kind == Kind::List;
    (!figure && !NO_GROUPS.contains(&def.key.as_str())).then_some(def)
}

/// Whether groups have names, which stand beside their ids.
pub(super) fn is_named(by: &str) -> bool {
    matches!(by, "customer" | "product" | "owner" | "rep" | "manager" | "order" | "contract")
}

/// Whether the attribute on the order's day may differ from today's.
pub(super) fn is_decided(by: &str) -> bool {
    matches!(by, "grade" | "intent" | "stage" | "owner")
}

/// The column that says which group a row is.
pub(super) fn key_column(ask: &Ask<'_>, by: &str, lang: Lang) -> Column {
    let importance = Importance::Key;
    let kind = match by {
        "customer" | "product" | "order" | "contract" => Kind::Id,
        "rep" | "manager" => Kind::Code,
        "category" | "supplier" | "department" | "project" => Kind::Text,
        own if own.starts_with("x_") => {
            return Column { label: own.to_string(), importance, ..typed(lang, own, Kind::Text) };
        }
        _ => match attribute(ask, by) {
            Some(def) => {
                let kind = if def.kind == Kind::Code { Kind::Code } else { Kind::Text };
                let column = column(lang, ask.settings, None, &def);
                return Column { right: false, importance, kind, ..column };
            }
            None => Kind::Text,
        },
    };
    Column { importance, ..typed(lang, by, kind) }
}

/// The group of sales whose customer is not in the book, where groups are made by customers: a text that no cell can hold.
pub(super) const UNKNOWN: &str = "\0";

/// Says which group a sale belongs to.
pub(super) struct Groups<'a, 'i> {
    book: &'a Book,
    by: &'i str,
    /// Customers' events, for their attributes on the order's day.
    events: Option<&'i Grouped<Event>>,
    /// The contract, or its project, of the orders that name one.
    agreed: Map<&'a str, &'a str>,
}

impl<'a, 'i> Groups<'a, 'i> {
    pub(super) fn new(index: &'i Index<'a>, by: &'i str, at_order: bool) -> Groups<'a, 'i> {
        let events = (at_order && is_decided(by)).then(|| index.all_events());
        Groups { book: index.book, by, events, agreed: agreed(index.book, by) }
    }

    /// What of a sale decides its group.
    pub(super) fn basis(&self) -> Basis {
        match self.by {
            "product" => Basis::Product,
            "order" | "contract" | "project" => Basis::Order,
            "rep" | "manager" | "department" => Basis::Seller,
            "category" | "supplier" => Basis::Several,
            own if own.starts_with("x_") => Basis::Several,
            _ if self.events.is_some() => Basis::Several,
            _ => Basis::Customer,
        }
    }

    /// The group of a sale; empty = none.
    pub(super) fn of(&self, s: &Subject<'a>) -> Cow<'a, str> {
        let book = self.book;
        match self.by {
            "product" => s.product.into(),
            "category" => product_text(book, s.product, s.day, |v| v.category).into(),
            "supplier" => product_text(book, s.product, s.day, |v| v.supplier).into(),
            "rep" => s.by.into(),
            "department" => book.team.get(s.by).map_or("", |p| p.department).into(),
            "manager" => book.team.get(s.by).map_or("", |p| p.manager).into(),
            "order" => s.order.into(),
            "contract" | "project" => self.agreed.get(s.order).copied().unwrap_or_default().into(),
            own if own.starts_with("x_") => {
                s.line.map_or("", |l| own_cell(book, Ledger::Orders, l.place(), own)).into()
            }
            by => s.customer.map_or(UNKNOWN.into(), |customer| self.of_customer(by, customer, s.day)),
        }
    }

    /// The group of a customer on a day.
    fn of_customer(&self, by: &str, customer: usize, day: Day) -> Cow<'a, str> {
        let c = &self.book.customers[customer];
        match by {
            "customer" => c.id.into(),
            "grade" | "intent" | "stage" | "owner" => {
                let then = self.events.and_then(|e| fold_of(e.of(customer), by)).map(|f| value_on(&f, day));
                then.unwrap_or_else(|| c.decision(by)).into()
            }
            key => match key.strip_prefix("fields.") {
                Some(own) => group_text(c.own(own)),
                None => group_text(c.get(key)),
            },
        }
    }
}

/// The contract that orders name, or the project of that contract.
fn agreed<'a>(book: &'a Book, by: &str) -> Map<&'a str, &'a str> {
    if !matches!(by, "contract" | "project") {
        return Map::default();
    }
    let named = book.orders.iter().filter(|l| !l.contract().is_empty()).map(|l| (l.id(), l.contract()));
    if by == "contract" {
        return named.collect();
    }
    let projects: Map<&str, &str> = contracts(book, "project").collect();
    named.filter_map(|(order, contract)| Some((order, *projects.get(contract)?))).collect()
}

/// A column of the contracts, by their ids.
fn contracts<'a>(book: &'a Book, column: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let at = |name: &str| Ledger::Contracts.column(name).unwrap_or_default();
    let (id, column) = (at("id"), at(column));
    book.plain.get(&Ledger::Contracts).into_iter().flatten().map(move |r| (r.cell(id), r.cell(column)))
}

/// The name of the group of a value.
fn group_text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Text(t) => t,
        Value::Num(n) => n.normalize().to_string().into(),
        Value::Day(d) => d.to_string().into(),
        Value::Flag(yes) => if yes { "yes" } else { "no" }.into(),
        Value::List(_) | Value::Missing => "".into(),
    }
}

/// The words for sales of no group: an allowance has no product, a customer may have no region.
pub(super) fn no_group(lang: Lang, by: &str) -> Cell {
    Cell::code("", &m::no_group(lang, labels::label(lang, by)))
}

/// A grade; who has none is called so.
pub(super) fn grade_cell(grade: &str, lang: Lang) -> Cell {
    match grade {
        "" => no_group(lang, "grade"),
        UNKNOWN => Cell::code("", &unknown_group(lang)),
        grade => text(grade),
    }
}

/// Names to stand beside groups' ids, where these are ids.
pub(super) enum Names<'a> {
    None,
    Customers(&'a Book),
    Members(&'a Team),
    Known(Map<&'a str, &'a str>),
}

impl<'a> Names<'a> {
    /// The names of one sort of groups.
    pub(super) fn new(index: &Index<'a>, by: &str) -> Names<'a> {
        let book = index.book;
        match by {
            "customer" => Names::Customers(book),
            "owner" | "rep" | "manager" => Names::Members(&book.team),
            "contract" => Names::Known(contracts(book, "title").collect()),
            // The newest name of a product, the customer of an order.
            "product" => {
                let named = book.products.iter().filter(|v| v.since <= book.today && !v.name.is_empty());
                Names::Known(named.map(|v| (v.id, v.name)).collect())
            }
            "order" => {
                let called = |l: OrderLine| Some((l.id(), book.customer(l.customer())?.name));
                Names::Known(book.orders.iter().filter_map(called).collect())
            }
            _ => Names::None,
        }
    }

    /// The name of a group, as a cell.
    pub(super) fn of(&self, key: &str) -> Cell {
        let name = match self {
            Names::None => None,
            Names::Customers(book) => book.customer(key).map(|c| c.name),
            Names::Members(team) => team.get(key).map(|p| p.name),
            Names::Known(names) => names.get(key).copied(),
        };
        name.map_or(Cell::Missing, text)
    }
}
