//! R1: facts advance stages. A first order makes a customer of a lead, whatever the transition table says, and no order
//! ever moves anybody back.

use super::decisions::BY_HAND;
use super::engine::index::Index;
use super::history::fold_of;
use super::lifecycle::Requirement;
use super::orders::sells;
use super::prices::Prices;
use super::profit::counts;
use super::turn::{Act, Extra, Turn, event, following};
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::day::{At, Day};
use crate::model::money::Decimal;
use crate::model::order::OrderLine;
use crate::model::plan::Note;
use crate::model::settings::{Settings, StageCategory};
use crate::model::team::Team;
use std::collections::HashMap;

/// An order, as far as this rule looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id.
    pub id: String,
    /// When.
    pub at: At,
    /// Who sold it; empty = not known.
    pub by: String,
    /// The sum of its lines that sell something; 0 for what is given away, and for a return.
    pub net: Decimal,
}

impl Placed {
    /// Who a step of some day is written by: who sold the order, unless that one had left by then.
    pub fn entered_by<'b>(&'b self, team: &Team, day: Day, otherwise: &'b str) -> &'b str {
        let is_here = team.get(&self.by).is_none_or(|m| m.is_here(day));
        if self.by.is_empty() || !is_here { otherwise } else { &self.by }
    }
}

/// A step up the ladder, and the order that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stage that is entered.
    pub to: String,
    /// The order.
    pub order: Placed,
}

/// The stages that a customer enters by its new orders, oldest first, and the changes that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// The steps.
    pub steps: Vec<Step>,
    /// Events (without ids), and the stage in the customer's file.
    pub changes: ChangeSet,
}

/// Puts lines together to orders.
#[derive(Debug, Clone, Default)]
pub struct Placing {
    orders: Vec<Placed>,
    places: HashMap<String, usize>,
}

impl Placing {
    /// Adds a line that sells something. One whose net is unknown counts as one unit of money.
    pub fn add(&mut self, id: &str, at: At, by: &str, net: Option<Decimal>) {
        let net = net.unwrap_or(Decimal::ONE);
        match self.places.get(id) {
            Some(n) => self.orders[*n].net = self.orders[*n].net.saturating_add(net),
            None => {
                self.places.insert(id.into(), self.orders.len());
                self.orders.push(Placed { id: id.into(), at, by: by.into(), net });
            }
        }
    }
    /// The orders, in the order of their first lines.
    pub fn orders(self) -> Vec<Placed> {
        self.orders
    }
}

/// Puts lines that sell something together to orders.
pub fn placed(prices: &Prices<'_>, lines: impl IntoIterator<Item = OrderLine>) -> Vec<Placed> {
    let mut placing = Placing::default();
    for l in lines.into_iter().filter(|l| sells(*l)) {
        placing.add(l.id(), l.at(), l.by(), prices.net(l));
    }
    placing.orders()
}

/// The steps from a stage that `new` orders cause beside `old` ones.
pub fn ladder(settings: &Settings, stage: &str, old: &[Placed], new: &[Placed]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let Some(mut here) = settings.stage_index(stage) else { return steps };
    let sorted = |lists: &[&[Placed]]| {
        let mut all: Vec<Placed> = lists.concat();
        all.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
        all
    };
    let (before, all, fresh) = (sorted(&[old]), sorted(&[old, new]), sorted(&[new]));
    let Some(first_new) = fresh.iter().find(|o| o.net > Decimal::ZERO) else { return steps };
    for (n, s) in settings.file.stages.iter().enumerate() {
        let Some(rule) = s.advance_on.as_deref().and_then(Requirement::parse) else { continue };
        if n <= here || s.category == StageCategory::Lost {
            continue;
        }
        // If the older orders were enough already, somebody has put the customer back, and the next order moves it
        // again.
        let cause = match reached(&rule, &before) {
            Some(_) => Some(first_new),
            None => reached(&rule, &all),
        };
        let Some(cause) = cause else { continue };
        here = n;
        steps.push(Step { to: s.id.clone(), order: cause.clone() });
    }
    steps
}

/// The order with which a rule was fulfilled. What is given away fulfils none.
fn reached<'o>(rule: &Requirement, orders: &'o [Placed]) -> Option<&'o Placed> {
    let nth = |n: i64| usize::try_from(n - 1).ok();
    match rule {
        Requirement::Orders(n) => orders.iter().filter(|o| o.net > Decimal::ZERO).nth(nth(*n)?),
        Requirement::OrderDays(n) => {
            let mut days: Vec<(Day, Decimal, &Placed)> = Vec::new();
            for o in orders {
                match days.last_mut() {
                    Some(d) if d.0 == o.at.day => d.1 = d.1.saturating_add(o.net),
                    _ => days.push((o.at.day, o.net, o)),
                }
            }
            days.into_iter().filter(|d| d.1 > Decimal::ZERO).map(|d| d.2).nth(nth(*n)?)
        }
        _ => None,
    }
}

/// What new orders of a customer advance; `None` when nothing does. The book holds the events and the orders without the
/// new ones.
///
/// An event gets its order's day and salesperson. If the customer has a newer stage event, this one gets the instant of
/// `now`: a history is never rewritten.
pub fn advance(index: &Index<'_>, customer: usize, new: &[Placed], now: &Act) -> Option<Advance> {
    advance_beside(index, customer, &older(index, customer), new, now)
}

/// The orders that a customer has.
fn older(index: &Index<'_>, customer: usize) -> Vec<Placed> {
    let lines = index.orders(customer).iter().filter(|l| counts(index.book, l.id())).copied();
    placed(index.prices(), lines)
}

/// What keeps a customer from the steps that its new orders would make it take: it changed later than now.
pub fn stays(index: &Index<'_>, customer: usize, new: &[Placed], now: &Act) -> Option<Note> {
    stays_beside(index, customer, &older(index, customer), new, now)
}

/// [`stays`] beside orders that the book does not hold.
pub fn stays_beside(index: &Index<'_>, customer: usize, old: &[Placed], new: &[Placed], now: &Act) -> Option<Note> {
    let book = index.book;
    let c = &book.customers[customer];
    let newest = book.newest_of(customer).filter(|n| n.at() > now.at)?;
    if ladder(&book.settings, c.stage, old, new).is_empty() {
        return None;
    }
    let (customer, name) = (c.id.into(), c.name.into());
    Some(Note::StageStays { customer, name, newest: newest.day(), event: newest.id().into() })
}

/// [`advance`] beside orders that the book does not hold.
pub fn advance_beside(
    index: &Index<'_>,
    customer: usize,
    old: &[Placed],
    new: &[Placed],
    now: &Act,
) -> Option<Advance> {
    let book = index.book;
    let c = &book.customers[customer];
    // Under an earlier day something later may hide: then the ladder is not ours to touch.
    if book.newest_of(customer).is_some_and(|e| e.day() > now.at.day) {
        return None;
    }
    let steps = ladder(&book.settings, c.stage, old, new);
    let last = steps.last()?.to.clone();
    let mut newest = index.events(customer).iter().filter(|e| e.event() == "stage").map(|e| e.at()).max();
    let mut changes = ChangeSet::default();
    let mut write = |from: &str, to: &str, at: At, by: &str, note: &str| {
        let act = Act { by: by.into(), at: At { bare: false, ..at }, by_clock: false, note: note.into() };
        let turn = Turn { kind: "customer", subject: c.id, event: "stage", from, to };
        changes.extend(event(book, turn, &act, &Extra::default()));
    };
    if let Some(f) = fold_of(index.events(customer), "stage")
        && f.value != c.stage
    {
        let at = now.after(newest)?;
        write(f.value, c.stage, at, &now.by, BY_HAND);
        newest = Some(at);
    }
    let mut from = c.stage;
    for s in &steps {
        let at = following(newest, s.order.at).or_else(|| now.after(newest))?;
        let by = s.order.entered_by(&book.team, at.day, &now.by);
        write(from, &s.to, at, by, &s.order.id);
        from = &s.to;
        newest = Some(at);
    }
    let edits = vec![TomlEdit::Set { table: Vec::new(), key: "stage".into(), value: TomlValue::Text(last) }];
    changes.push(Change::EditToml { file: c.file.into(), edits });
    Some(Advance { steps, changes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::zone::Zone;

    fn settings() -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n\
            [[stages]]\nid = \"lead\"\ncategory = \"presale\"\n\
            [[stages]]\nid = \"prospect\"\ncategory = \"presale\"\n\
            [[stages]]\nid = \"first-order\"\ncategory = \"customer\"\nadvance_on = \"order:1\"\n\
            [[stages]]\nid = \"repeat\"\ncategory = \"customer\"\nadvance_on = \"order-day:2\"\n";
        Settings::new(toml::from_str(text).unwrap()).0
    }

    /// Orders from `id@day:net` words.
    fn orders(words: &str) -> Vec<Placed> {
        let one = |w: &str| {
            let (id, rest) = w.split_once('@').unwrap();
            let (day, net) = rest.split_once(':').unwrap();
            let at = At::of_day(parse_day(&format!("2026-01-{day}")).unwrap(), Zone::utc());
            Placed { id: id.into(), at, by: String::new(), net: net.parse().unwrap() }
        };
        words.split_whitespace().map(one).collect()
    }

    #[test]
    fn orders_move_up_the_ladder() {
        let check = |stage: &str, old: &str, new: &str, expected: &str| {
            let steps = ladder(&settings(), stage, &orders(old), &orders(new));
            let got: Vec<String> = steps.iter().map(|s| format!("{}@{}", s.to, s.order.id)).collect();
            assert_eq!(got.join(" "), expected, "{stage} + {old} + {new}");
        };
        check("lead", "", "a@01:10", "first-order@a");
        check("prospect", "", "a@01:10 b@01:5", "first-order@a");
        check("lead", "", "b@09:10 a@02:10 c@10:10", "first-order@a repeat@b");
        // A return is no order, and what is given away moves nobody.
        check("lead", "", "a@01:0", "");
        check("lead", "", "a@01:0 b@02:5", "first-order@b");
        check("first-order", "a@01:10", "b@02:0", "");
        check("first-order", "a@01:10", "b@02:10 c@02:0", "repeat@b");
        // An older order found later makes the known one the second.
        check("first-order", "b@09:10", "a@02:10", "repeat@b");
        // Put back by hand: the next order counts.
        check("lead", "a@01:10", "b@05:10", "first-order@b repeat@b");
        check("repeat", "a@01:10 b@02:10", "c@03:10", "");
        check("gone", "", "a@01:10", "");
        check("lead", "a@01:10", "", "");
    }
}
