//! The values of computed columns, asked of the rules.

use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::value::Value;
use crate::rules::deals::Deal;
use crate::rules::quotes::Quote;
use std::borrow::Cow;

/// The list of words for the values of a computed column.
pub(super) fn words_of(ledger: Ledger, column: &str) -> String {
    format!("{}_{column}", ledger.kind())
}

pub(super) fn deal_figure<'a>(d: &Deal<'a>, key: &str) -> Value<'a> {
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

pub(super) fn quote_figure<'a>(q: &Quote<'a>, today: Day, key: &str) -> Value<'a> {
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
pub(super) fn quote_column(q: &Quote<'_>, column: &str) -> Option<Value<'static>> {
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
