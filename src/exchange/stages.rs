//! What orders do besides standing in their ledger: they make customers, and move them up the ladder (R1).

use super::described::{Keys, file_text, text_of};
use super::draft::{New, Plan};
use crate::i18n::note::words;
use crate::model::change::{Change, ChangeSet, TomlValue};
use crate::model::day::At;
use crate::model::ledger::Ledger;
use crate::model::money::{Fixed, parse_decimal};
use crate::rules::advance::{Placed, Placing, Step, advance_beside, ladder, stays_beside};
use crate::rules::prices::{Worth, net_of, sells};
use crate::rules::profit::counts;
use crate::rules::turn::{Act, Extra, Turn, event};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What comes of new rows for customers.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) changes: ChangeSet,
    /// Customers made.
    pub(super) customers: usize,
    /// Steps up the ladder.
    pub(super) steps: usize,
    /// Why customers do not take the steps that their orders would make them take.
    pub(super) stays: Vec<String>,
}

/// An order line, as far as stages look at it.
struct Line<'l> {
    id: &'l str,
    at: &'l str,
    by: &'l str,
    returns: &'l str,
    worth: Worth,
}

impl<'l> Line<'l> {
    fn new(cell: impl Fn(&str) -> &'l str) -> Line<'l> {
        let number = |name: &str| parse_decimal(cell(name)).map(Fixed::from);
        let worth = Worth {
            quantity: number("quantity"),
            price: number("price"),
            discount: number("discount"),
            amount: number("amount"),
        };
        Line { id: cell("id"), at: cell("at"), by: cell("by"), returns: cell("returns"), worth }
    }
}

fn place(p: &Plan<'_, '_, '_>, placing: &mut Placing, l: &Line<'_>) {
    let Some(at) = At::parse(l.at, p.env.settings.tz) else { return };
    if sells(!l.returns.is_empty(), l.worth.quantity, l.worth.amount) {
        placing.add(l.id, at, l.by, net_of(&l.worth, None).and_then(Fixed::decimal));
    }
}

/// The orders that customers, by index, have already.
fn older(p: &Plan<'_, '_, '_>, customers: &HashSet<usize>) -> HashMap<usize, Vec<Placed>> {
    let book = p.env.book;
    let mut placings: HashMap<usize, Placing> = HashMap::new();
    let column = |name: &str| p.ledger.column(name);
    let Some(customer) = column("customer") else { return HashMap::new() };
    for row in p.existing.iter() {
        let Some(c) = book.customer_index(row.cell(customer)).filter(|c| customers.contains(c)) else { continue };
        let line = Line::new(|name| column(name).map_or("", |k| row.cell(k)));
        // Under an earlier day the later ones do not exist.
        let seen = At::parse(line.at, p.env.settings.tz).is_some_and(|at| at.day <= book.today);
        if seen && counts(book, line.id) {
            place(p, placings.entry(c).or_default(), &line);
        }
    }
    placings.into_iter().map(|(c, placing)| (c, placing.orders())).collect()
}

/// Makes customers, and moves those that ordered up the ladder. `fresh` are the new rows with their numbers in the source.
pub(super) fn plan(p: &Plan<'_, '_, '_>, fresh: &[(u32, New)]) -> Outcome {
    let env = p.env;
    let mut out = Outcome::default();
    let mut by_customer: BTreeMap<&str, Vec<New>> = BTreeMap::new();
    let mut day: HashMap<&str, At> = HashMap::new();
    let day_column = p.ledger.day_column().map(|n| p.ledger.columns()[n].name);
    let is_order = p.ledger == Ledger::Orders;
    for (_, n) in fresh {
        let row = p.new_row(*n);
        let customer = row.cell("customer");
        if p.maker.made.contains_key(customer)
            && let Some(at) = day_column.and_then(|c| At::parse(row.cell(c), env.settings.tz))
        {
            day.entry(customer).and_modify(|old| *old = (*old).min(at)).or_insert(at);
        }
        if is_order {
            by_customer.entry(customer).or_default().push(*n);
        }
    }
    let known: HashSet<usize> = by_customer.keys().filter_map(|id| env.book.customer_index(id)).collect();
    let old = if known.is_empty() { HashMap::new() } else { older(p, &known) };
    let mut advanced: HashMap<&str, Vec<Step>> = HashMap::new();
    for (id, rows) in &by_customer {
        let mut placing = Placing::default();
        for n in rows {
            let row = p.new_row(*n);
            place(p, &mut placing, &Line::new(|c| row.cell(c)));
        }
        let new = placing.orders();
        match env.book.customer_index(id) {
            Some(c) => {
                let old = old.get(&c).map(Vec::as_slice).unwrap_or_default();
                let (index, act) = (env.input.index, env.input.act);
                match advance_beside(index, c, old, &new, act) {
                    Some(a) => {
                        out.steps += a.steps.len();
                        out.changes.extend(a.changes);
                    }
                    None => out.stays.extend(stays_beside(index, c, old, &new, act).map(|n| words(env.lang, &n))),
                }
            }
            None => {
                let made = p.maker.made.get(*id).and_then(|x| x.first(|_| true));
                let stage = made.map_or("", |d| text_of(&d.keys, "stage"));
                advanced.insert(id, ladder(env.settings, stage, &[], &new));
            }
        }
    }
    let rows: HashSet<u32> = fresh.iter().map(|(row, _)| *row).collect();
    for (id, x) in &p.maker.made {
        // Only a row that is taken makes a customer.
        let Some(d) = x.first(|row| rows.contains(&row)) else { continue };
        let mut keys = d.keys.clone();
        let put = |keys: &mut Keys, key: &str, value: TomlValue| {
            keys.retain(|(k, _)| k != key);
            keys.push((key.into(), value));
        };
        if let Some(at) = day.get(id.as_str()).filter(|_| !d.dated) {
            put(&mut keys, "created", TomlValue::Bare(at.day.to_string()));
        }
        let mut from = text_of(&keys, "stage").to_string();
        for s in advanced.get(id.as_str()).into_iter().flatten() {
            let by = s.order.entered_by(&env.book.team, s.order.at.day, &env.input.act.by).to_string();
            let act = Act { by, at: At { bare: false, ..s.order.at }, by_clock: false, note: s.order.id.clone() };
            let turn = Turn { kind: "customer", subject: id, event: "stage", from: &from, to: &s.to };
            out.changes.extend(event(env.book, turn, &act, &Extra::default()));
            from.clone_from(&s.to);
            out.steps += 1;
        }
        put(&mut keys, "stage", TomlValue::Text(from));
        if let Ok((file, text)) = file_text(env, id, &keys, &d.contact) {
            out.customers += 1;
            out.changes.push(Change::Create { file, text });
        }
    }
    out
}
