//! Money in a currency that has no rate on its day: no total in the base currency can count it.

use super::Checked;
use super::ranges::rows;
use crate::diag::{Code, Diagnostic};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::Ledger;
use crate::model::place::RowPlace;
use crate::rules::counting::counts;
use crate::rules::prices::rate;
use std::collections::BTreeMap;

/// One finding for each ledger and currency, at the earliest of such rows.
pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let (book, base) = (c.book, c.book.settings.file.currency.as_str());
    for ledger in Ledger::ALL.iter().copied().filter(|l| *l != Ledger::Rates) {
        let (Some(currency), Some(day), Some(id)) =
            (ledger.column("currency"), ledger.day_column(), ledger.column("id"))
        else {
            continue;
        };
        let mut missing: BTreeMap<&str, (Day, RowPlace, u64)> = BTreeMap::new();
        for r in rows(c, ledger).filter(|r| !r.cell(currency).is_empty() && r.cell(currency) != base) {
            let text = r.cell(day);
            let Some(day) = At::parse(text, book.settings.tz).map(|at| at.day).or_else(|| parse_day(text)) else {
                continue;
            };
            if rate(book, r.cell(currency), day).is_some() || !counts(book, ledger, r.cell(id)) {
                continue;
            }
            let found = missing.entry(r.cell(currency)).or_insert((day, r.place, 0));
            found.2 += 1;
            if (day, r.place) < (found.0, found.1) {
                (found.0, found.1) = (day, r.place);
            }
        }
        for (currency_name, (day, place, n)) in missing {
            let facts = [currency_name, &day.to_string(), &n.to_string(), ledger.name()];
            out.push(Diagnostic::new(Code::NoRate, c.cell_place(place, ledger, "currency"), facts));
        }
    }
}
