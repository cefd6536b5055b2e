//! References that lead nowhere.

use super::Checked;
use crate::diag::{Code, Diagnostic, Near};
use crate::model::ledger::{Ledger, RefTo, Type};
use crate::model::row::PlainRow;
use crate::rules::references::{circle, dangling as dangling_keys, leads_nowhere, referrer, sharers};
use crate::store::load::TEAM;
use crate::store::read::cell;
use std::collections::{HashMap, HashSet};

/// The ids of each ledger.
struct Ids<'a> {
    rows: HashMap<Ledger, HashSet<&'a str>>,
    order_lines: HashSet<(&'a str, &'a str)>,
    near: Meant,
}

/// Ids near to those that lead nowhere; equal ones are looked for once.
#[derive(Default)]
struct Meant {
    known: HashMap<(String, String), String>,
    near: Near,
}

impl Meant {
    fn to<'a>(&mut self, kind: &str, id: &str, ids: impl ExactSizeIterator<Item = &'a str>) -> String {
        let key = (kind.to_string(), id.to_string());
        let find = || self.near.to(id, ids).join(", ");
        self.known.entry(key).or_insert_with(find).clone()
    }
}

pub(super) fn check(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let book = c.book;
    let mut ids = Ids { rows: HashMap::new(), order_lines: HashSet::new(), near: Meant::default() };
    for (ledger, rows) in &book.plain {
        if let Some(n) = ledger.column("id") {
            ids.rows.insert(*ledger, rows.iter().map(|r| r.cell(n)).collect());
        }
    }
    if let (Some(id), Some(line)) = (Ledger::Orders.column("id"), Ledger::Orders.column("line")) {
        for r in book.plain.get(&Ledger::Orders).into_iter().flatten() {
            ids.order_lines.insert((r.cell(id), r.cell(line)));
        }
    }
    for customer in &book.customers {
        for lost in dangling_keys(book, customer) {
            let unsure = match lost.kind {
                "team" => c.doubt.team(),
                "customer" => c.doubt.customer(lost.value),
                _ => false,
            };
            let place = if lost.contact.is_empty() {
                c.key_place(customer, lost.key, lost.value)
            } else {
                c.contact_place(customer, lost.contact, lost.key, lost.value)
            };
            if unsure || c.doubt.line(customer.file, place.line) {
                continue;
            }
            let near = match lost.kind {
                "customer" => ids.near.to("customer", lost.value, book.customers.iter().map(|x| x.id)),
                "team" => ids.near.to("team", lost.value, book.team.ids()),
                _ => lost.meant(book).join(", "),
            };
            out.push(Diagnostic::new(Code::DanglingRef, place, [lost.key, lost.kind, lost.value, &near]));
        }
    }
    for (ledger, rows) in &book.plain {
        let refs: Vec<(usize, RefTo)> = ledger
            .columns()
            .iter()
            .enumerate()
            .filter_map(|(n, col)| match col.ty {
                Type::Ref(r) => Some((n, r)),
                _ => None,
            })
            .collect();
        for r in rows {
            for (n, to) in &refs {
                let value = r.cell(*n);
                // What cannot be an id at all is a finding of its own.
                if value.is_empty() || cell::check(ledger.columns()[*n].ty, value, &book.settings).is_err() {
                    continue;
                }
                if let Some((kind, near)) = dangling(c, &mut ids, *ledger, r, *to, value) {
                    let place = c.cell_place(r.place, *ledger, ledger.columns()[*n].name);
                    let args = [ledger.columns()[*n].name, &kind, value, &near];
                    out.push(Diagnostic::new(Code::DanglingRef, place, args));
                }
            }
            splits(c, &mut ids, *ledger, r, out);
        }
    }
}

/// Customers who referred themselves and members who lead their own managers, by way of others or not: once for each circle.
pub(super) fn circles(c: &Checked<'_>, out: &mut Vec<Diagnostic>) {
    let mut said: HashSet<&str> = HashSet::new();
    for customer in c.book.customers.iter().filter(|x| !x.text("referred_by").is_empty()) {
        if let Some(way) = circle(customer.id, |id| referrer(c.book, id)).filter(|way| said.insert(way[0])) {
            said.extend(&way);
            let by = customer.text("referred_by");
            let place = c.key_place(customer, "referred_by", by);
            out.push(Diagnostic::new(Code::Circle, place, ["referred_by", customer.id, &way.join(" → ")]));
        }
    }
    let team = &c.book.team;
    let mut said: HashSet<&str> = HashSet::new();
    for m in team.members.iter().filter(|m| !m.manager.is_empty()) {
        let way = circle(m.id, |id| team.get(id).map_or("", |m| m.manager));
        if let Some(way) = way.filter(|way| said.insert(way[0])) {
            said.extend(&way);
            let place = c.line_place(TEAM, m.line, Some(m.id));
            out.push(Diagnostic::new(Code::Circle, place, ["manager", m.id, &way.join(" → ")]));
        }
    }
}

/// What a reference should have led to, and the nearest ids; `None` when it leads somewhere.
fn dangling(
    c: &Checked<'_>,
    ids: &mut Ids<'_>,
    ledger: Ledger,
    row: &PlainRow,
    to: RefTo,
    value: &str,
) -> Option<(String, String)> {
    let (book, doubt) = (c.book, c.doubt);
    let cell = |name: &str| ledger.column(name).map_or("", |n| row.cell(n));
    let Ids { rows, order_lines, near } = ids;
    let mut has = |l: Ledger, id: &str| rows.get(&l).is_some_and(|set| set.contains(id)) || doubt.row(l, id);
    let mut has_line = |id: &str, n: &str| order_lines.contains(&(id, n)) || doubt.row(Ledger::Orders, id);
    let kind = leads_nowhere(book, to, value, &cell, &mut has, &mut has_line)?;
    let named = match kind {
        "customer" if doubt.customer(value) => return None,
        "customer" => near.to(kind, value, book.customers.iter().map(|x| x.id)),
        "team" if doubt.team() => return None,
        "team" => near.to(kind, value, book.team.ids()),
        "contact" => {
            let customer = book.customer(cell("customer")).filter(|x| !doubt.file(x.file))?;
            near.near.to(value, customer.rest().contacts.iter().map(|p| p.id)).join(", ")
        }
        _ => {
            let all = Ledger::parse(kind).and_then(|l| rows.get(&l));
            all.map_or_else(String::new, |all| near.to(kind, value, all.iter().copied()))
        }
    };
    Some((kind.to_string(), named))
}

/// The people that share an order.
fn splits(c: &Checked<'_>, ids: &mut Ids<'_>, ledger: Ledger, row: &PlainRow, out: &mut Vec<Diagnostic>) {
    let Some(n) = ledger.column("split") else { return };
    for who in sharers(row.cell(n)) {
        if c.book.team.get(who).is_none() && !c.doubt.team() {
            let near = ids.near.to("team", who, c.book.team.ids());
            let place = c.cell_place(row.place, ledger, "split");
            out.push(Diagnostic::new(Code::DanglingRef, place, ["split", "team", who, &near]));
        }
    }
}
