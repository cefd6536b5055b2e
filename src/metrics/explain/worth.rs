//! What a customer is worth (R7, R8): the figures, and the numbers that went into them.

use super::{Basis, Evidence, Input, count, days, known, order_dates, setting};
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;
use crate::rules::value::{self, Basis as By, DIGITS, estimate, values};

fn number(key: &'static str, value: f64) -> Input {
    Input { key, kind: Kind::Number, value: Value::num(estimate(value, DIGITS)) }
}

fn amount(x: &Index<'_>, key: &'static str, value: f64) -> Input {
    let digits = crate::model::money::minor_digits(&x.book.settings.file.currency);
    known(key, estimate(value, digits))
}

/// What it bought and earned so far: its sales.
pub(in crate::metrics) fn so_far<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let evidence = x.sales(c, Period::ALL).into_iter().map(Evidence::Sale).collect();
    let inputs = values(x).figures(c).map_or_else(Vec::new, |f| {
        vec![
            known("revenue", Some(f.revenue())),
            known("cost", Some(f.cost())),
            known("extra_cost", Some(f.extra_cost())),
        ]
    });
    Basis { rule: "R8", window: Some(Period::ALL), inputs, evidence, ..Basis::default() }
}

/// Its order days, and the parameters of the model of buying.
pub(in crate::metrics) fn buying<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = values(x);
    let mut basis = Basis { rule: "R7", inputs: Vec::new(), ..order_dates(x, c, |days| days) };
    if let Some((buyer, _)) = all.forecast(c) {
        basis.inputs.push(count("repeat_days", buyer.past.repeats as usize));
        basis.inputs.push(days("buying_span", Some(i64::from(buyer.past.recency))));
        basis.inputs.push(days("tenure", Some(i64::from(buyer.past.age))));
    }
    if let Some(found) = &all.model.buying {
        let names = ["parameter_r", "parameter_alpha", "parameter_a", "parameter_b"];
        basis.inputs.extend(names.into_iter().zip(found.at).map(|(key, value)| number(key, value)));
    }
    basis
}

/// How the profit of the next twelve months was worked out.
pub(in crate::metrics) fn expected<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = values(x);
    let mut basis = Basis { rule: "R8", ..Basis::default() };
    if let Some((_, forecast)) = all.forecast(c) {
        match forecast.basis {
            Some(By::Model { spends, margin }) => {
                basis.inputs.push(number("expected_orders", forecast.orders));
                basis.inputs.push(amount(x, "spends", spends));
                let margin = Value::num(estimate(margin, DIGITS));
                basis.inputs.push(Input { key: "margin", kind: Kind::Ratio, value: margin });
            }
            Some(By::Shrunk { own, others, weight }) => {
                basis.inputs.push(amount(x, "own_profit", own));
                basis.inputs.push(amount(x, "others_profit", others));
                let weight = Value::num(estimate(weight, DIGITS));
                basis.inputs.push(Input { key: "own_weight", kind: Kind::Ratio, value: weight });
            }
            None => {}
        }
    }
    let rate: Decimal = value::discount_rate(x);
    basis.evidence.push(setting("kpi.discount_rate", rate.normalize().to_string()));
    basis
}

/// What was earned and what is expected.
pub(in crate::metrics) fn lifetime<'a>(x: &Index<'a>, c: usize) -> Basis<'a> {
    let all = values(x);
    let inputs = vec![known("earned", all.earned(c)), known("expected", all.expected(c))];
    Basis { rule: "R8", inputs, ..Basis::default() }
}
