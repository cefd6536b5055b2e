//! Orders: what placing one, taking goods back and what happens to one changes (R1, R6, R10).

use super::advance::{Placed, advance, stays};
use super::aftersales;
use super::complaints::guard::{self, Sale};
use super::engine::index::Index;
use super::entry::{Entry, Line, Terms};
use super::fits::{fits, fits_others};
use super::prices::priced;
use super::pricing::{currency_of, is_first, judge, known, sums, total, work_out};
use super::ranges;
use super::requests::{Who, enforce};
use super::terms::payment_due;
use super::turn::{Act, Extra, Turn, instant, newest_event, turn};
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Fixed, Sum, minor_digits, round, share};
use crate::model::new_rows::NewRow;
use crate::model::order::OrderLine;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::{Str, intern};
use chrono::Datelike;

/// An order that is asked for.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Its id, which no other order has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// When.
    pub at: At,
    /// Who sells it.
    pub by: &'a str,
    /// What is ordered.
    pub lines: &'a [Entry],
    /// ISO 4217; empty = the base currency.
    pub currency: &'a str,
    /// A rate for all lines instead of the product's and the default one.
    pub tax_rate: Option<Decimal>,
    /// Freight, commission … of the whole order; it stands with the first line.
    pub extra_cost: Decimal,
    /// When it is to be paid; `None` = by the customer's terms.
    pub due: Option<Day>,
    /// Cells that all lines share: promised, deal, contract, split.
    pub shared: NewRow,
    /// More about it, as the file holds it; it stands with the first line that has no note of its own.
    pub note: &'a str,
    /// When it is entered: the instant of the events that follow from it.
    pub now: At,
    /// Who enters it.
    pub who: Who<'a>,
    /// Whether complaints about the same goods are known (R11).
    pub acknowledged: bool,
}

/// Places an order, checked by the rules of today: its lines with all that is frozen, and the stages that follow.
///
/// # Errors
/// What [`work_out`], [`judge`] and [`enforce`] say.
pub fn place(index: &Index<'_>, order: &Order<'_>) -> Result<Plan, Obstacle> {
    let mut typed = order.lines.to_vec();
    if let Some(first) = typed.first_mut().filter(|_| !order.extra_cost.is_zero()) {
        first.extra_cost = Some(first.extra_cost.unwrap_or_default() + order.extra_cost);
    }
    let terms = Terms { day: order.at.day, currency: order.currency, tax_rate: order.tax_rate };
    let lines = work_out(index, terms, &typed)?;
    let mut plan = Plan::default();
    write(index, order, &lines, &mut plan)?;
    fits(index.book, &plan.changes)?;
    fits_others(index.book, &plan.changes)?;
    let judged = judge(index, order.customer, Some(order.who.member), terms, &lines)?;
    let (notes, allowed) = enforce(index.book, judged, order.who, || format!("order:{}", order.id))?;
    plan.notes.splice(0..0, notes);
    plan.allowed = allowed;
    let products: Vec<Str> = lines.iter().map(|l| intern(&l.entry.product)).collect();
    let sale = Sale { customer: order.customer, day: order.at.day, products: &products };
    let known = guard::ask(index, sale, order.acknowledged, &mut plan)?;
    let act = Act { by: order.who.member.id.into(), at: order.now, by_clock: true, note: String::new() };
    guard::write(index.book, (Ledger::Orders.kind(), &order.id), &known, &act, None, &mut plan)?;
    Ok(plan)
}

/// Writes an order, and the stages that follow from it.
fn write(index: &Index<'_>, order: &Order<'_>, lines: &[Line], plan: &mut Plan) -> Result<(), Obstacle> {
    let (book, at) = (index.book, order.at);
    let c = &book.customers[order.customer];
    let due = order.due.or_else(|| payment_due(c.text("terms"), at.day));
    for (n, l) in lines.iter().enumerate() {
        let e = &l.entry;
        let mut row: NewRow = vec![
            ("id", order.id.clone()),
            ("line", (n + 1).to_string()),
            ("at", at.to_text(book.settings.tz)),
            ("customer", c.id.to_string()),
        ];
        let cells = [
            ("product", e.product.clone()),
            ("quantity", number(e.quantity)),
            ("price", number(e.price)),
            ("discount", number(e.discount.filter(|d| !d.is_zero()))),
            ("amount", number(l.write_amount.then_some(l.net))),
            ("tax", number((!l.tax.is_zero()).then_some(l.tax))),
            ("unit_cost", number(l.unit_cost)),
            ("extra_cost", number(e.extra_cost)),
            ("currency", order.currency.to_string()),
            ("due", due.map(|d| d.to_string()).unwrap_or_default()),
            ("by", order.by.to_string()),
        ];
        row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
        row.extend(order.shared.iter().cloned());
        let note = if n == 0 && e.note.is_empty() { order.note } else { &e.note };
        if !note.is_empty() {
            row.push(("note", note.to_string()));
        }
        plan.changes.append(Ledger::Orders, at.day.year(), row);
    }
    let currency = currency_of(book, order.currency);
    let (net, tax) = sums(lines)?;
    let id = || order.id.clone();
    plan.notes.push(Note::Ordered {
        order: id(),
        customer: c.id.into(),
        net: Amount::new(net, currency),
        tax: Amount::new(tax, currency),
        total: Amount::new(total(lines, currency)?, currency),
        due: due.unwrap_or(at.day),
    });
    if is_first(index, order.customer) && net > Decimal::ZERO {
        plan.notes.push(Note::FirstOrder { order: id(), customer: c.name.into() });
    }
    let promised = order.shared.iter().find(|(column, _)| *column == "promised").and_then(|(_, day)| parse_day(day));
    let first = is_first(index, order.customer);
    let days = aftersales::planned(&book.settings, c.grade, first, at.day, promised);
    if !days.is_empty() {
        plan.notes.push(Note::Calls { order: id(), days });
    }
    let new = [Placed { id: id(), at, by: order.by.to_string(), net }];
    let now = Act { by: order.who.member.id.into(), at: order.now, by_clock: true, note: String::new() };
    match advance(index, order.customer, &new, &now) {
        Some(a) => {
            plan.changes.extend(a.changes);
            let mut from = c.stage.to_string();
            for s in a.steps {
                let (customer, to) = (c.id.into(), s.to.clone());
                plan.notes.push(Note::Advanced { customer, from, to, order: id(), by: s.order.id });
                from = s.to;
            }
        }
        None => plan.notes.extend(stays(index, order.customer, &new, &now)),
    }
    Ok(())
}

/// A number as a cell holds it; empty where there is none.
fn number(d: Option<Decimal>) -> String {
    d.map(|d| d.normalize().to_string()).unwrap_or_default()
}

/// The lines of an order.
fn of_order(book: &Book, order: &str) -> Vec<OrderLine> {
    book.orders.iter().filter(|l| l.id() == order).collect()
}

/// Whether an order was cancelled.
fn is_cancelled(index: &Index<'_>, order: &str) -> bool {
    index.book.states.order(order).cancelled.is_some()
}

/// What may happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The customer's order is confirmed.
    Confirmed,
    /// It has left.
    Shipped,
    /// It has arrived.
    Delivered,
    /// It counts nothing from then on.
    Cancelled,
}

impl Happening {
    /// Machine key: the event, and the state that it leads to.
    pub const fn key(self) -> &'static str {
        match self {
            Happening::Confirmed => "confirmed",
            Happening::Shipped => "shipped",
            Happening::Delivered => "delivered",
            Happening::Cancelled => "cancelled",
        }
    }
}

/// How far somebody goes against what speaks against something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Firm {
    /// Cancels an order although money came in.
    pub forced: bool,
    /// Complaints about the same goods are known (R11).
    pub acknowledged: bool,
}

/// Writes what happened to an order; nothing when it has happened already.
///
/// # Errors
/// [`Refusal::Complained`], [`Refusal::WrongState`], [`Refusal::HasReturns`], [`Refusal::HasReceipts`] or [`Refusal::OlderThanNewest`].
pub fn happen(index: &Index<'_>, order: &str, what: Happening, act: &Act, firm: Firm) -> Result<Plan, Obstacle> {
    let book = index.book;
    let state = book.states.order(order);
    let done = match what {
        Happening::Confirmed => state.confirmed,
        Happening::Shipped => state.shipped,
        Happening::Delivered => state.delivered,
        Happening::Cancelled => state.cancelled,
    };
    let mut plan = Plan::default();
    if done.is_some() {
        return Ok(plan);
    }
    if state.cancelled.is_some() {
        return Err(Refusal::WrongState { what: order.into(), list: "order_state", state: "cancelled".into() }.into());
    }
    if what == Happening::Cancelled {
        let is_ours = |l: &OrderLine| l.returns().rsplit_once('/').is_some_and(|(id, _)| id == order);
        let back = book.orders.iter().filter(|l| is_ours(l) && !is_cancelled(index, l.id()));
        let mut returns: Vec<String> = back.map(|l| l.id().to_string()).collect();
        returns.dedup();
        if !returns.is_empty() {
            return Err(Refusal::HasReturns { order: order.into(), returns }.into());
        }
    }
    if what == Happening::Cancelled && !firm.forced {
        let paid = book.receipts.iter().filter(|r| r.order() == order && !book.is_void(r));
        let receipts: Vec<String> = paid.map(|r| r.id().to_string()).collect();
        if !receipts.is_empty() {
            return Err(Refusal::HasReceipts { order: order.into(), receipts }.into());
        }
    }
    let what_now = Turn { kind: "order", subject: order, event: what.key(), from: "", to: "" };
    let newest = newest_event(book, what_now.kind, order).map(|e| e.at());
    plan.changes.extend(turn(book, what_now, act, &Extra::default())?);
    plan.notes.push(Note::OrderState { order: order.into(), state: what.key() });
    if what == Happening::Shipped {
        let lines = of_order(book, order);
        let products: Vec<Str> = lines.iter().filter(|l| l.returns().is_empty()).map(|l| l.product()).collect();
        if let Some(customer) = lines.first().and_then(|l| book.customer_index(l.customer())) {
            let sale = Sale { customer, day: act.at.day, products: &products };
            let known = guard::ask(index, sale, firm.acknowledged, &mut plan)?;
            let at = instant(book, newest, what_now, act)?;
            guard::write(
                book,
                (what_now.kind, order),
                &known,
                &Act { note: String::new(), ..act.clone() },
                Some(at),
                &mut plan,
            )?;
        }
    }
    Ok(plan)
}

/// Goods that come back.
#[derive(Debug, Clone)]
pub struct Return<'a> {
    /// The return's id, which no order has.
    pub id: String,
    /// The line whose goods come back.
    pub line: OrderLine,
    /// How many; more than 0.
    pub quantity: Decimal,
    /// When.
    pub at: At,
    /// Why, as the file holds it.
    pub note: &'a str,
}

/// Takes goods back: an order line with the original line's price, discount and cost (R6).
///
/// # Errors
/// A [`Refusal::Breach`] where that is more than is left, or the order is cancelled.
pub fn take_back(index: &Index<'_>, back: &Return<'_>) -> Result<Plan, Obstacle> {
    let (book, first, quantity) = (index.book, back.line, back.quantity);
    if let Some(breach) = ranges::quantity(quantity, false) {
        return Err(Refusal::Breach(breach).into());
    }
    let name = format!("{}/{}", first.id(), first.line());
    let before: Vec<OrderLine> =
        book.orders.iter().filter(|l| l.returns() == name && !is_cancelled(index, l.id())).collect();
    let sold = first.quantity().unwrap_or_default();
    let left = known(Sum::of(before.iter().filter_map(|l| l.quantity()).chain([sold])))?;
    let currency = currency_of(book, first.currency());
    // Parts are rounded: the last ones take what is left, so that nothing remains.
    let is_last = quantity == left;
    let part = |whole: Decimal, of: Decimal| share(whole, of, sold);
    let rest = |whole: Decimal, gone: &dyn Fn(&OrderLine) -> Option<Decimal>| {
        known(Sum::of(before.iter().filter_map(gone)).plus(Sum::of([whole])))
    };
    let tax = first.tax().unwrap_or_default();
    let taxed = if is_last {
        // A return that says no tax took a part of many digits, which is owed less as a rounded one (R10).
        rest(tax, &|l| l.tax().or_else(|| Some(round(index.prices().tax(*l)?, minor_digits(currency)))))?
    } else {
        round(part(tax, quantity).unwrap_or_default(), minor_digits(currency))
    };
    let own = match (first.amount(), first.price()) {
        (Some(whole), _) => part(whole, quantity),
        (None, Some(p)) => priced(quantity.into(), p.into(), first.discount().map(Into::into)).and_then(Fixed::decimal),
        _ => None,
    };
    let net = match (index.prices().net(first), own) {
        (Some(whole), Some(_)) if is_last => Some(rest(whole, &|l| index.prices().net(*l))?),
        (_, own) => own.map(|own| round(own, minor_digits(currency))),
    };
    // What follows from the original line is not written.
    let amount = net.filter(|_| net != own);
    let mut cost = None;
    if let Some(whole) = first.cost().filter(|_| is_last) {
        let left = rest(whole, &|l| l.cost().or_else(|| part(whole, l.quantity()?)))?;
        cost = Some(left).filter(|left| part(whole, quantity) != Some(*left));
    }
    let mut row: NewRow =
        vec![("id", back.id.clone()), ("line", "1".into()), ("at", back.at.to_text(book.settings.tz))];
    let cells = [
        ("customer", first.customer().to_string()),
        ("product", first.product().to_string()),
        ("quantity", number(Some(-quantity))),
        ("price", number(first.price())),
        ("discount", number(first.discount())),
        ("amount", number(amount.map(|a| -a))),
        ("tax", number((!taxed.is_zero()).then_some(-taxed))),
        ("unit_cost", number(first.unit_cost())),
        ("cost", number(cost.map(|c| -c))),
        ("currency", first.currency().to_string()),
        ("due", back.at.day.to_string()),
        ("returns", name.clone()),
        ("deal", first.deal().to_string()),
        ("contract", first.contract().to_string()),
        ("by", first.by().to_string()),
        ("split", first.split().to_string()),
        ("note", back.note.to_string()),
    ];
    row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Orders, back.at.day.year(), row);
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    if quantity > left {
        // A line without a quantity has nothing to give back by pieces.
        return Err(Refusal::Breach(Breach::ReturnTooMuch { line: name, quantity, left }).into());
    }
    let total = Amount::new(-(net.unwrap_or_default() + taxed), currency);
    plan.notes.push(Note::TookBack { order: back.id.clone(), line: name, quantity, total });
    Ok(plan)
}
