//! What a customer answered: its last score of each question, and the value delivered to it (R13, R15); and when it first used what it
//! bought.

use super::{Basis, Evidence, Input};
use crate::model::value::{Kind, Value};
use crate::rules::engine::index::Index;
use crate::rules::first_use::first_use;
use crate::rules::scores::{Figure, Score, Scores};
use crate::rules::voices::Voice;

/// The score of an answer.
pub(in crate::metrics) fn last<'a>(score: Option<Score<'_>>) -> Value<'a> {
    Value::num(score.map(|s| s.score))
}

/// The value delivered over the window: what the customer gets less what it costs the customer.
pub(in crate::metrics) fn delivered<'a>(x: &Index<'_>, customer: usize) -> Value<'a> {
    let mut scores = Scores::default();
    let all = x.voice(customer).value.iter().filter(|a| x.window.contains(a.score.at.day));
    all.for_each(|a| scores.add(&x.book.settings, a));
    Value::num(scores.delivered_value())
}

fn row<'a>(s: &Score<'_>, text: &str) -> Evidence<'a> {
    Evidence::Row { place: s.row.place, day: s.at.day, text: format!("{text} {}", s.score.normalize()) }
}

/// The answer behind a score.
pub(in crate::metrics) fn last_basis<'a>(
    x: &Index<'a>,
    customer: usize,
    key: &str,
    of: fn(&Voice<'a>) -> Option<Score<'a>>,
) -> Basis<'a> {
    let evidence = of(x.voice(customer)).iter().map(|s| row(s, key)).collect();
    Basis { rule: "R13", evidence, ..Basis::default() }
}

/// The answers behind the value delivered.
pub(in crate::metrics) fn delivered_basis<'a>(x: &Index<'a>, customer: usize) -> Basis<'a> {
    let mut scores = Scores::default();
    let mut evidence = Vec::new();
    for a in x.voice(customer).value.iter().filter(|a| x.window.contains(a.score.at.day)) {
        scores.add(&x.book.settings, a);
        evidence.push(row(&a.score, a.dimension));
    }
    let of = |f: &Figure| Input { key: f.measure, kind: Kind::Number, value: Value::num(f.figure) };
    let inputs = scores.figures().iter().filter(|f| f.measure != "delivered_value").map(of).collect();
    Basis { rule: "R15", window: Some(x.window), inputs, evidence, ..Basis::default() }
}

/// Since when it is a customer, and the task that marks its first use.
pub(in crate::metrics) fn first_use_basis<'a>(x: &Index<'a>, customer: usize) -> Basis<'a> {
    let Some(found) = first_use(x, customer) else { return Basis { rule: "R1", ..Basis::default() } };
    let since = Input { key: "stage_since", kind: Kind::Day, value: Value::Day(found.since) };
    let row = Evidence::Row { place: found.task.place, day: found.day, text: found.task.title.to_string() };
    Basis { rule: "R1", inputs: vec![since], evidence: vec![row], ..Basis::default() }
}
