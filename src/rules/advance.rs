//! R1: which stages follow by themselves from a customer's orders (`advance_on` in kehu.toml).

use super::decisions::{Act, Extra, Turn, decide, event_row, following};
use super::index::Index;
use super::lifecycle::Requirement;
use super::profit::{Prices, counts};
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::refusal::Refusal;
use crate::model::settings::Settings;
use std::collections::BTreeMap;

/// An order that counts, with its net over all lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Order id.
    pub id: String,
    /// When.
    pub at: At,
    /// Net of all lines; a line whose net is unknown counts 1, or -1 when its quantity is negative.
    pub net: Decimal,
    /// Who entered it.
    pub by: String,
}

/// A stage entered by a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stage entered.
    pub stage: String,
    /// When.
    pub at: At,
    /// The order by which it was entered.
    pub order: String,
    /// Who entered the order.
    pub by: String,
}

/// The orders of a customer that count, one each.
pub fn counted(index: &Index<'_>, customer: usize) -> Vec<Counted> {
    let book = index.book;
    let prices = Prices::new(book);
    let mut orders: BTreeMap<&str, Counted> = BTreeMap::new();
    for l in index.orders(customer).iter().filter(|l| counts(book, l.id)) {
        let sign = if l.quantity.is_some_and(|q| q.is_sign_negative()) { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
        let net = prices.net(l).unwrap_or(sign);
        orders.entry(l.id).and_modify(|o| o.net += net).or_insert_with(|| Counted {
            id: l.id.into(),
            at: l.at,
            net,
            by: l.by.into(),
        });
    }
    orders.into_values().collect()
}

/// The stages that a customer in `stage` enters by its orders, in the order of the ladder: forward only, whatever `to`
/// and `requires` say. No step is older than the customer's newest event.
///
/// An order before that event has had its say already, unless there is no later one.
pub fn steps(settings: &Settings, stage: &str, newest: Option<At>, orders: &[Counted]) -> Vec<Step> {
    let mut sorted: Vec<&Counted> = orders.iter().collect();
    sorted.sort_by(|a, b| a.at.cmp(&b.at).then(a.id.cmp(&b.id)));
    let is_old = |o: &Counted| newest.is_some_and(|n| o.at < n && o.at.day < n.day);
    let all_old = sorted.iter().all(|o| is_old(o));
    let mut place = settings.stage_index(stage);
    let mut last = newest;
    let mut days: BTreeMap<Day, Decimal> = BTreeMap::new();
    let mut count = 0i64;
    let mut out = Vec::new();
    for o in sorted {
        *days.entry(o.at.day).or_default() += o.net;
        count += i64::from(o.net > Decimal::ZERO);
        if is_old(o) && !all_old {
            continue;
        }
        let good_days = days.values().filter(|net| **net > Decimal::ZERO).count();
        let good_days = i64::try_from(good_days).unwrap_or(i64::MAX);
        for (n, s) in settings.file.stages.iter().enumerate() {
            let met = match s.advance_on.as_deref().and_then(Requirement::parse) {
                Some(Requirement::Orders(need)) => count >= need,
                Some(Requirement::OrderDays(need)) => good_days >= need,
                _ => false,
            };
            if !met || place.is_some_and(|p| n <= p) {
                continue;
            }
            let at = At { bare: false, ..o.at };
            let after = |l: At| At { utc: l.utc + chrono::Duration::milliseconds(1), day: l.day, bare: false };
            let at = following(last, at).or(last.map(after)).unwrap_or(at);
            let at = At { day: at.utc.with_timezone(&settings.tz).date_naive(), ..at };
            out.push(Step { stage: s.id.clone(), at, order: o.id.clone(), by: o.by.clone() });
            (place, last) = (Some(n), Some(at));
        }
    }
    out
}

/// The changes that carry steps out: the customer's stage, and one event for each.
///
/// # Errors
/// As [`decide`].
pub fn plan(index: &Index<'_>, customer: usize, steps: &[Step]) -> Result<ChangeSet, Refusal> {
    let c = &index.book.customers[customer];
    let mut set = ChangeSet::default();
    let mut from = c.stage;
    for (n, s) in steps.iter().enumerate() {
        let act = Act { by: s.by.clone(), at: s.at, note: s.order.clone() };
        if n == 0 {
            set = decide(index, customer, "stage", &s.stage, &act, &Extra::default())?;
        } else {
            let turn = Turn { kind: "customer", subject: c.id, event: "stage", from, to: &s.stage };
            let row = event_row(index.book, turn, &act, &Extra::default());
            set.append(Ledger::Events, chrono::Datelike::year(&s.at.day), row);
            for change in &mut set.changes {
                let Change::EditToml { edits, .. } = change else { continue };
                for edit in edits {
                    if let TomlEdit::Set { key, value, .. } = edit
                        && key == "stage"
                    {
                        *value = TomlValue::Text(s.stage.clone());
                    }
                }
            }
        }
        from = &s.stage;
    }
    Ok(set)
}
