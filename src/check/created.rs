//! Customers that are younger than what is known of them.

use super::Checked;
use crate::diag::{Code, Diagnostic};
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use std::collections::HashMap;

/// One finding for each customer with a fact before its `created`, with the earliest. Events are no facts.
pub(super) fn after_facts(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let tz = c.book.settings.tz;
    let mut first: HashMap<usize, (Day, &str, &str)> = HashMap::new();
    for (ledger, rows) in c.book.plain.iter().filter(|(l, _)| **l != Ledger::Events) {
        let (Some(whose), Some(when)) = (ledger.column("customer"), ledger.day_column()) else { continue };
        let id = ledger.column("id");
        for row in rows {
            let Some(customer) = c.book.customer_index(row.cell(whose)) else { continue };
            let Some(created) = c.book.customers[customer].created else { continue };
            // The date of an instant is a day off at most.
            let text = row.cell(when);
            let day = text.get(..10).and_then(crate::model::day::parse_day);
            if day.is_none_or(|day| day.pred_opt().is_none_or(|before| before >= created)) {
                continue;
            }
            let Some(at) = At::parse(text, tz).filter(|at| at.day < created) else { continue };
            let fact = (at.day, ledger.kind(), id.map_or("", |n| row.cell(n)));
            first.entry(customer).and_modify(|known| *known = fact.min(*known)).or_insert(fact);
        }
    }
    let mut found: Vec<_> = first.into_iter().collect();
    found.sort_unstable();
    for (customer, (day, kind, id)) in found {
        let customer = &c.book.customers[customer];
        let created = customer.created.map(|d| d.to_string()).unwrap_or_default();
        let place = c.key_place(customer, "created", &created);
        out.push(Diagnostic::new(Code::BeforeCreated, place, [customer.id, &created, kind, id, &day.to_string()]));
    }
}
