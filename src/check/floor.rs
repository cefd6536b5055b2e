//! Orders, and quotes that may still be accepted, below their floor (R6): one finding each, unless somebody allowed it.

use super::Checked;
use super::ranges::{finding, is_accepted, is_known, rows};
use crate::diag::Diagnostic;
use crate::model::Str;
use crate::model::ledger::Ledger;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use crate::rules::below::{Short, breach, first, orders, quotes};
use crate::rules::ranges::Ranges;
use crate::rules::requests::Approvals;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut found = orders(c.index);
    found.extend(quotes(c.index));
    if found.is_empty() {
        return;
    }
    let places: HashSet<RowPlace> = found.iter().map(|s| s.place).collect();
    let ledgers = [Ledger::Orders, Ledger::Quotes];
    let rows: HashMap<RowPlace, &PlainRow> = ledgers
        .into_iter()
        .flat_map(|l| rows(c, l))
        .filter(|r| places.contains(&r.place))
        .map(|r| (r.place, r))
        .collect();
    let base = c.book.settings.file.currency.as_str();
    let approvals = Approvals::of(c.book);
    let mut by_id: BTreeMap<(Ledger, Str), Vec<Short>> = BTreeMap::new();
    for s in found {
        let subject = format!("{}:{}", s.ledger.kind(), s.id);
        let ranges = Ranges::of(s.ledger);
        // A negative price is wrong by itself.
        let is_sound = |r: &PlainRow| ranges.alone(|n| r.cell(n), base).is_empty();
        let fits = |r: &&&PlainRow| is_known(c, r) && !is_accepted(r, "below-floor") && is_sound(r);
        if rows.get(&s.place).filter(fits).is_some()
            && !approvals.down_to("price", &subject, s.asked)
            && !c.doubt.row(s.ledger, s.id)
            && !c.doubt.row(Ledger::Events, s.id)
        {
            by_id.entry((s.ledger, s.id)).or_default().push(s);
        }
    }
    for ((ledger, _), of_one) in by_id {
        let first = first(&of_one).and_then(|s| rows.get(&s.place));
        out.extend(first.zip(breach(&of_one)).and_then(|(r, b)| finding(c, ledger, r, &b)));
    }
}
