//! R14: everything open that somebody owns goes to others, in one change: customers, contacts that it follows, deals, tasks,
//! complaints. Stages, dates and history stay, and so do orders and what was sold: they keep their rep.

use super::complaints::open;
use super::deals::{Deal, OPEN};
use super::decisions::may_give;
use super::engine::index::Index;
use super::followup::on_working_day;
use super::owning::{Share, assign};
use super::requests::Who;
use super::turn::{Act, Extra, Turn, turn_after};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::customer::Followed;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Sum;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::model::row::Task;
use chrono::{Datelike, Days};
use std::collections::HashMap;

/// What a hand-over reads.
pub const READS: Reads = Reads {
    plain: LedgerSet::of(&[Ledger::Deals, Ledger::Complaints, Ledger::Contracts]),
    ledgers: super::pool::READS.ledgers.and(LedgerSet::of(&[Ledger::Tasks, Ledger::Needs])),
    ..super::pool::READS
};

/// A hand-over.
#[derive(Clone, Copy)]
pub struct Request<'x> {
    /// Who gives everything away.
    pub from: &'x str,
    /// Who takes it.
    pub takers: &'x [String],
    /// How they share.
    pub how: Share,
    /// The title of the task to contact each open customer, by its name; `None` makes no tasks.
    pub task: Option<&'x dyn Fn(&str) -> String>,
    /// When tasks are entered.
    pub at: At,
}

/// What somebody owns and is not done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    /// Customers, closed ones too.
    pub customers: usize,
    /// Of them those that are closed.
    pub closed: usize,
    /// Contacts that it follows, its own customers' too where they name it.
    pub contacts: usize,
    /// Open deals.
    pub deals: usize,
    /// What these may bring, without tax.
    pub deal_amount: Sum,
    /// Open tasks.
    pub tasks: usize,
    /// Open complaints.
    pub complaints: usize,
}

impl Held {
    /// Takes more.
    pub fn take(&mut self, more: Held) {
        self.customers += more.customers;
        self.closed += more.closed;
        self.contacts += more.contacts;
        self.deals += more.deals;
        self.deal_amount = self.deal_amount.plus(more.deal_amount);
        self.tasks += more.tasks;
        self.complaints += more.complaints;
    }
}

/// What each of some people holds, in their order.
pub type Balance = Vec<(String, Held)>;

/// Who held what before a hand-over, and who holds it afterwards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HandedOver {
    /// Each customer with its new owner, in the book's order.
    pub customers: Vec<(usize, String)>,
    /// Each contact that somebody else follows now: its customer, its id, who does; in the book's order.
    pub contacts: Vec<(usize, Str, String)>,
    /// Before.
    pub before: Balance,
    /// After.
    pub after: Balance,
}

/// The newest event of everything that is no customer, by kind and subject, whatever day the book is seen from.
fn newest(book: &Book) -> HashMap<(&str, &str), At> {
    let mut out: HashMap<(&str, &str), At> = HashMap::new();
    let mut note = |kind, subject, at: At| {
        out.entry((kind, subject)).and_modify(|known| *known = at.max(*known)).or_insert(at);
    };
    for e in book.events.iter().filter(|e| e.kind() != "customer") {
        note(e.kind(), e.subject(), e.at());
    }
    for ((kind, subject), e) in &book.later {
        note(kind, subject, e.at());
    }
    out
}

/// Hands everything over.
///
/// A deal, task or complaint goes with its customer; where that is somebody else's, to whoever owns it, and what has no such
/// owner to the next of those who take. A contact goes with its customer; where that stays with somebody else, to the next of those
/// who take, all contacts of one customer to the same.
///
/// # Errors
/// [`crate::model::refusal::Refusal::NotYours`], what [`assign`] says, and
/// [`crate::model::refusal::Refusal::OlderThanNewest`].
pub fn hand_over(index: &Index<'_>, req: Request<'_>, act: &Act, who: Who<'_>) -> Result<(Plan, HandedOver), Obstacle> {
    let (book, from) = (index.book, req.from);
    let customers: Vec<usize> = (0..book.customers.len()).filter(|n| book.customers[*n].owner == from).collect();
    let first = customers.first().map_or("", |n| book.customers[*n].id);
    may_give(&book.team, who.member, first, from, act.at.day)?;
    let mut plan = assign(index, &customers, req.takers, req.how, act, who)?;
    let given: HashMap<&str, &str> = plan
        .notes
        .iter()
        .filter_map(|n| match n {
            Note::Given { customer, to, .. } => Some((customer.as_str(), to.as_str())),
            _ => None,
        })
        .collect();
    let to_of: HashMap<usize, String> =
        customers.iter().filter_map(|n| Some((*n, (*given.get(book.customers[*n].id)?).to_string()))).collect();
    let mut turn = 0;
    let mut next = || -> String {
        turn += 1;
        let people: Vec<&String> = req.takers.iter().filter(|t| !t.is_empty()).collect();
        people.get((turn - 1) % people.len().max(1)).map(|t| t.to_string()).unwrap_or_default()
    };
    let mut taker = |customer: Option<usize>| -> String {
        let owner = customer.map_or("", |n| book.customers[n].owner);
        if let Some(to) = customer.and_then(|n| to_of.get(&n)).filter(|to| !to.is_empty()) {
            return to.clone();
        }
        if owner != from && book.team.get(owner).is_some_and(|m| m.is_here(book.today)) {
            return owner.into();
        }
        next()
    };
    let newest = newest(book);
    let at = |kind: &'static str, id: &str| newest.get(&(kind, id)).copied();
    let mut moved: HashMap<String, Held> = HashMap::new();
    let deals: Vec<Deal<'_>> = Deal::all(book).filter(|d| d.state() == OPEN && d.now("owner") == from).collect();
    for d in &deals {
        let to = taker(d.customer());
        let what = Turn { kind: Ledger::Deals.kind(), subject: d.id(), event: "owner", from, to: &to };
        plan.changes.extend(turn_after(book, at(Ledger::Deals.kind(), d.id()), what, act, &Extra::default())?);
        let (kind, id) = (Ledger::Deals.kind(), d.id().into());
        let deal = Held { deals: 1, deal_amount: Sum::of(d.amount()), ..Held::default() };
        moved.entry(to.clone()).or_default().take(deal);
        plan.notes.push(Note::Turned { kind, id, event: "owner", from: from.into(), to });
    }
    for c in open(index).into_iter().filter(|c| c.handler() == from) {
        let to = taker(c.customer());
        let what = Turn { kind: Ledger::Complaints.kind(), subject: c.id(), event: "assignee", from, to: &to };
        plan.changes.extend(turn_after(book, at(Ledger::Complaints.kind(), c.id()), what, act, &Extra::default())?);
        moved.entry(to.clone()).or_default().complaints += 1;
        let (kind, id) = (Ledger::Complaints.kind(), c.id().into());
        plan.notes.push(Note::Turned { kind, id, event: "assignee", from: from.into(), to });
    }
    let open = |t: &&Task| t.owner == from && book.state(*t) == "open";
    for t in book.tasks.iter().filter(open) {
        let to = taker(book.customer_index(t.customer));
        plan.changes.push(Change::EditRow {
            file: book.file(t.place).to_string(),
            ledger: Ledger::Tasks,
            line: t.place.line,
            cells: vec![("owner".into(), to.clone())],
        });
        moved.entry(to.clone()).or_default().tasks += 1;
        plan.notes.push(Note::Set { id: t.id.into(), column: "owner".into(), from: from.into(), to });
    }
    let mut contacts: Vec<(usize, Str, String)> = Vec::new();
    for (n, c) in book.customers.iter().enumerate() {
        let its: Vec<&Followed> = c.followed.iter().filter(|f| f.owner == from && f.is_there(book.today)).collect();
        if its.is_empty() {
            continue;
        }
        let to = to_of.get(&n).filter(|to| !to.is_empty()).cloned().unwrap_or_else(&mut next);
        let value = if to.is_empty() { TomlValue::Remove } else { TomlValue::Text(to.clone()) };
        let edit = |f: &&Followed| TomlEdit::SetIn {
            array: "contacts".into(),
            id: f.contact.into(),
            key: "owner".into(),
            value: value.clone(),
        };
        plan.changes.push(Change::EditToml { file: c.file.into(), edits: its.iter().map(edit).collect() });
        for f in its {
            moved.entry(to.clone()).or_default().contacts += 1;
            let id = format!("{}/{}", c.id, f.contact);
            plan.notes.push(Note::Set { id, column: "contacts.owner".into(), from: from.into(), to: to.clone() });
            contacts.push((n, f.contact, to.clone()));
        }
    }
    if let Some(title) = req.task {
        let wait = u64::try_from(book.settings.first_contact_days()).unwrap_or(0);
        let due = act.at.day.checked_add_days(Days::new(wait)).unwrap_or(act.at.day);
        let due = on_working_day(&book.settings, due);
        for &n in customers.iter().filter(|n| !book.customers[**n].closed) {
            let c = &book.customers[n];
            let Some(to) = to_of.get(&n).filter(|to| !to.is_empty()) else { continue };
            first_contact(book, &mut plan, (c.id, to), title(c.name), due, req.at);
        }
        for (n, id, to) in contacts.iter().filter(|(n, _, to)| !to_of.contains_key(n) && !to.is_empty()) {
            let c = &book.customers[*n];
            if let Some(p) = c.contact(id).filter(|_| !c.closed) {
                first_contact(book, &mut plan, (c.id, to), title(&format!("{} ({})", p.name, c.name)), due, req.at);
            }
        }
    }
    for n in &customers {
        let closed = usize::from(book.customers[*n].closed);
        let to = to_of.get(n).cloned().unwrap_or_default();
        moved.entry(to).or_default().take(Held { customers: 1, closed, ..Held::default() });
    }
    // Whoever already owns the customer of a deal or task takes part, too.
    let mut people: Vec<String> = std::iter::once(from.to_string()).chain(req.takers.iter().cloned()).collect();
    let mut others: Vec<String> = moved.keys().filter(|id| !people.contains(id)).cloned().collect();
    others.sort_unstable();
    people.append(&mut others);
    let before: Balance = people.into_iter().map(|id| (id.clone(), holds(index, &id))).collect();
    let mut after = before.clone();
    for (id, held) in &mut after {
        if id == from {
            *held = Held::default();
        }
        held.take(moved.remove(id).unwrap_or_default());
    }
    let customers = customers.into_iter().map(|n| (n, to_of.get(&n).cloned().unwrap_or_default())).collect();
    Ok((plan, HandedOver { customers, contacts, before, after }))
}

/// The task to contact a customer that somebody takes over.
fn first_contact(book: &Book, plan: &mut Plan, (customer, owner): (&str, &str), title: String, due: Day, at: At) {
    plan.changes.append(
        Ledger::Tasks,
        at.day.year(),
        vec![
            ("at", at.to_text(book.settings.tz)),
            ("title", title),
            ("due", due.to_string()),
            ("owner", owner.into()),
            ("customer", customer.into()),
            ("kind", "care".into()),
        ],
    );
}

/// What somebody holds.
pub fn holds(index: &Index<'_>, who: &str) -> Held {
    let book = index.book;
    let own = || book.customers.iter().filter(|c| c.owner == who);
    let followed = book.customers.iter().flat_map(|c| &c.followed).filter(|f| f.owner == who);
    let deals: Vec<Deal<'_>> = Deal::all(book).filter(|d| d.state() == OPEN && d.now("owner") == who).collect();
    Held {
        customers: own().count(),
        closed: own().filter(|c| c.closed).count(),
        contacts: followed.filter(|f| f.is_there(book.today)).count(),
        deals: deals.len(),
        deal_amount: Sum::of(deals.iter().filter_map(Deal::amount)),
        tasks: book.tasks.iter().filter(|t| t.owner == who && book.state(*t) == "open").count(),
        complaints: open(index).iter().filter(|c| c.handler() == who).count(),
    }
}
