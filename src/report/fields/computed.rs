//! The values of computed columns, asked of the rules. A ledger whose things the rules put together has an entry in
//! [`rules_of`]; for all others events say where a thing stands.

use crate::model::day::parse_day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::model::value::Value;
use crate::rules::deals::Deal;
use crate::rules::engine::index::Index;
use crate::rules::quotes::Quote;
use std::borrow::Cow;
use std::collections::HashSet;

/// What the rules make of the rows of a ledger.
pub(super) trait Things: Sync {
    /// A computed column of a row.
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v>;
    /// The rows that stand for all lines of their id.
    fn heads(&self, _: &Index<'_>) -> HashSet<RowPlace> {
        HashSet::new()
    }
    /// A column of the lines of an id, for all of them together; `None` = it is that of the row.
    fn whole(&self, _: &Index<'_>, _id: &str, _column: &str) -> Option<Value<'static>> {
        None
    }
}

/// What the rules make of the rows of a ledger; `None` = nothing.
pub(super) fn rules_of(ledger: Ledger) -> Option<&'static dyn Things> {
    match ledger {
        Ledger::Deals => Some(&Deals),
        Ledger::Quotes => Some(&Quotes),
        _ => None,
    }
}

/// A computed column of a row.
pub(super) fn figure<'v>(index: &'v Index<'_>, ledger: Ledger, row: &'v PlainRow, key: &str) -> Value<'v> {
    if let Some(things) = rules_of(ledger) {
        return things.figure(index, row, key);
    }
    let (book, cell) = (index.book, |column: &str| ledger.column(column).map_or("", |n| row.cell(n)));
    let state = book.states.state(ledger, cell("id"));
    match key {
        "state" => Value::text(state),
        // Days count only as long as a thing is as it was entered.
        "days_overdue" if state == book.states.state(ledger, "") => match parse_day(cell(ledger.spec().wait)) {
            Some(due) => Value::int((book.today - due).num_days().max(0)),
            None => Value::Missing,
        },
        _ => Value::Missing,
    }
}

/// The list of words for the values of a computed column.
pub(super) fn words_of(ledger: Ledger, column: &str) -> String {
    format!("{}_{column}", ledger.kind())
}

struct Deals;

impl Things for Deals {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let d = Deal::new(index.book, row);
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
}

struct Quotes;

impl Things for Quotes {
    fn figure<'v>(&self, index: &'v Index<'_>, row: &'v PlainRow, key: &str) -> Value<'v> {
        let id = Ledger::Quotes.column("id").map_or("", |n| row.cell(n));
        let Some(q) = index.quotes().get(id) else { return Value::Missing };
        let a = &q.amounts;
        match key {
            "state" => Value::text(q.state(index.book.today).key()),
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

    /// The first line of the version that counts.
    fn heads(&self, index: &Index<'_>) -> HashSet<RowPlace> {
        index.quotes().all().iter().map(|q| q.current().head().place).collect()
    }

    fn whole(&self, index: &Index<'_>, id: &str, column: &str) -> Option<Value<'static>> {
        quote_column(index.quotes().get(id)?, column)
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
