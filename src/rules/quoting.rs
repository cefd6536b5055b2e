//! Quotes: what making one, and what happens to one, changes (R6).

use super::complaints::guard::{self, Sale};
use super::engine::index::Index;
use super::entry::{Entry, Terms};
use super::fits::{fits, fits_others};
use super::placing::{Order, place};
use super::pricing::{currency_of, judge, line_name, sums, total, work_out};
use super::quotes::{Quote, State};
use super::ranges;
use super::requests::{Who, enforce};
use super::turn::{self, Act, Extra, Turn, newest_event, turn_after};
use crate::model::breach::Breach;
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, multiply};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::{Str, intern};
use chrono::{Datelike, Days};

/// A quote that is asked for.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    /// Its id: that of the quote which it replaces, else one that no quote has.
    pub id: String,
    /// The customer's index.
    pub customer: usize,
    /// The quote that gets a new version.
    pub replaces: Option<&'a Quote<'a>>,
    /// What is offered, as [`quoted`] has it.
    pub lines: &'a [Entry],
    /// When.
    pub at: At,
    /// Whether that is what the clock says.
    pub by_clock: bool,
    /// Last day; `None` = by [quotes] valid_days.
    pub valid_until: Option<Day>,
    /// The deal; empty = that of the version before.
    pub deal: &'a str,
    /// The currency of its prices; empty = that of the version before, else the base currency.
    pub currency: &'a str,
    /// The need; empty = that of the version before.
    pub need: &'a str,
    /// Who made it.
    pub by: &'a str,
    /// More about it, as the file holds it.
    pub note: &'a str,
    /// Who enters it.
    pub who: Who<'a>,
    /// When it is entered: the instant of the events that follow from it.
    pub now: At,
    /// Whether complaints about the same goods are known (R11).
    pub acknowledged: bool,
}

/// The lines as a quote can hold them: without costs, and with a price instead of an amount.
///
/// # Errors
/// [`Obstacle::NotInQuotes`], [`Obstacle::NoUnitPrice`] or [`Refusal::Breach`].
pub fn quoted(entries: &[Entry]) -> Result<Vec<Entry>, Obstacle> {
    let one = |(n, e): (usize, &Entry)| {
        for (key, there) in [("unit_cost", e.unit_cost.is_some()), ("extra_cost", e.extra_cost.is_some())] {
            if there {
                return Err(Obstacle::NotInQuotes { key });
            }
        }
        if let Some(breach) = e.quantity.and_then(|q| ranges::quantity(q, false)) {
            return Err(Refusal::Breach(breach).into());
        }
        let Some(amount) = e.amount else { return Ok(e.clone()) };
        let quantity = e.quantity.unwrap_or(Decimal::ONE);
        let price = amount.checked_div(quantity).filter(|p| multiply(*p, quantity) == Some(amount));
        let price = price.ok_or_else(|| Obstacle::NoUnitPrice { line: line_name(n, e), amount, quantity })?;
        Ok(Entry { quantity: Some(quantity), price: Some(price), discount: None, amount: None, ..e.clone() })
    };
    entries.iter().enumerate().map(one).collect()
}

/// Why a quote's state does not allow what was asked for.
pub fn wrong_state(index: &Index<'_>, q: &Quote<'_>, state: State) -> Refusal {
    let head = q.current().head();
    Refusal::QuoteState {
        quote: q.id.into(),
        customer: q.customer.map_or(head.customer, |n| index.book.customers[n].id).into(),
        state: state.key(),
        valid_until: q.current().valid_until(),
        order: q.order().unwrap_or("").into(),
    }
}

/// The instant of a new version: after all that happened to the quote, and not before the versions that there are. Else
/// the error is the instant that stands in the way.
fn after(q: &Quote<'_>, event: Option<At>, act: &Act) -> Result<At, At> {
    let (made, at) = (q.made(), act.at);
    if at >= made && event.is_none_or(|e| at > e) {
        return Ok(at);
    }
    let newest = event.map_or(made, |e| e.max(made));
    // A bare date stands for the start of a day on which something has happened already.
    let at = if at.bare && at.day == newest.day { newest } else { at };
    Act { at: At { bare: false, ..at }, ..act.clone() }.after(Some(newest)).ok_or(newest)
}

/// Makes a quote, or a new version of one; its prices are judged as those of an order.
///
/// # Errors
/// [`Obstacle::EndsBefore`], [`Refusal::Breach`], [`Refusal::QuoteState`], [`Refusal::Complained`], [`Refusal::OlderThanNewest`], and what
/// [`work_out`], [`judge`] and [`enforce`] say.
pub fn offer(index: &Index<'_>, offer: &Offer<'_>) -> Result<Plan, Obstacle> {
    let (book, older) = (index.book, offer.replaces);
    let days = book.settings.file.quotes.valid_days.and_then(|n| u64::try_from(n).ok());
    let by_default = || days.and_then(|n| offer.at.day.checked_add_days(Days::new(n)));
    let until = offer.valid_until.or_else(by_default);
    if let Some(until) = until.filter(|d| *d < offer.at.day) {
        return Err(Obstacle::EndsBefore { until, at: offer.at.day });
    }
    let mut at = offer.at;
    if let Some(q) = older {
        if q.customer != Some(offer.customer) {
            let customer = book.customers[offer.customer].id.into();
            let breach =
                Breach::OtherCustomer { customer, other: q.id.into(), its: q.current().head().customer.into() };
            return Err(Refusal::Breach(breach).into());
        }
        if q.state(book.today) == State::Accepted {
            return Err(wrong_state(index, q, State::Accepted).into());
        }
        let what = Turn { kind: Ledger::Quotes.kind(), subject: q.id, event: "version", from: "", to: "" };
        let act = Act { by: String::new(), at, by_clock: offer.by_clock, note: String::new() };
        let event = newest_event(book, "quote", q.id).map(|e| e.at());
        at = after(q, event, &act).map_err(|newest| turn::older(book, what, newest, &act))?;
    }
    let head = older.map(|q| q.current().head());
    let currency = if offer.currency.is_empty() { head.map_or("", |h| h.currency) } else { offer.currency };
    let base = book.settings.file.currency.as_str();
    let currency = if currency == base { "" } else { currency };
    let terms = Terms { day: at.day, currency, tax_rate: None };
    let lines = work_out(index, terms, offer.lines)?;
    let mut plan = Plan::default();
    // Lines are numbered on, so that id and line name one row.
    let all = || older.into_iter().flat_map(|q| &q.versions);
    let version = 1 + all().map(|v| v.number).max().unwrap_or(0);
    let before = all().flat_map(|v| &v.lines).filter_map(|l| l.line.parse::<usize>().ok()).max().unwrap_or_default();
    let inherit = |new: &str, old: Option<&str>| if new.is_empty() { old.unwrap_or_default() } else { new }.to_string();
    let (deal, need) = (inherit(offer.deal, head.map(|h| h.deal)), inherit(offer.need, head.map(|h| h.need)));
    let number = |d: Option<Decimal>| d.map(|d| d.normalize().to_string()).unwrap_or_default();
    let customer = book.customers[offer.customer].id;
    for (n, l) in lines.iter().enumerate() {
        let e = &l.entry;
        let note = if e.note.is_empty() && n == 0 { offer.note } else { &e.note };
        let cells = [
            ("id", offer.id.clone()),
            ("line", (before + n + 1).to_string()),
            ("at", at.to_text(book.settings.tz)),
            ("customer", customer.to_string()),
            ("version", version.to_string()),
            ("product", e.product.clone()),
            ("quantity", number(e.quantity)),
            ("price", number(e.price)),
            ("discount", number(e.discount.filter(|d| !d.is_zero()))),
            ("currency", currency.to_string()),
            ("valid_until", until.map(|d| d.to_string()).unwrap_or_default()),
            ("deal", deal.clone()),
            ("need", need.clone()),
            ("by", offer.by.to_string()),
            ("note", note.to_string()),
        ];
        let row: NewRow = cells.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        plan.changes.append(Ledger::Quotes, at.day.year(), row);
    }
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    let judged = judge(index, offer.customer, Some(offer.who.member), terms, &lines)?;
    (plan.notes, plan.allowed) = enforce(book, judged, offer.who, || format!("quote:{}", offer.id))?;
    let products: Vec<Str> = lines.iter().map(|l| intern(&l.entry.product)).collect();
    let sale = Sale { customer: offer.customer, day: at.day, products: &products };
    let known = guard::ask(index, sale, offer.acknowledged, &mut plan)?;
    let currency = currency_of(book, currency);
    let (net, tax) = sums(&lines)?;
    plan.notes.push(Note::Quoted {
        quote: offer.id.clone(),
        customer: customer.into(),
        version,
        net: Amount::new(net, currency),
        tax: Amount::new(tax, currency),
        total: Amount::new(total(&lines, currency)?, currency),
        until,
    });
    let newest = newest_event(book, Ledger::Quotes.kind(), &offer.id).map(|e| e.at());
    let act = Act { by: offer.who.member.id.into(), at: offer.now, by_clock: true, note: String::new() };
    guard::write(book, (Ledger::Quotes.kind(), &offer.id), &known, &act, newest, &mut plan)?;
    Ok(plan)
}

/// Writes what happened to a quote.
fn turn(
    index: &Index<'_>,
    q: &Quote<'_>,
    to: State,
    act: &Act,
    extra: &Extra,
    order: Option<String>,
    plan: &mut Plan,
) -> Result<(), Refusal> {
    let book = index.book;
    let newest = newest_event(book, "quote", q.id).map(|e| e.at()).max(Some(q.made()));
    let turn = Turn { kind: "quote", subject: q.id, event: to.key(), from: q.decided(), to: to.key() };
    plan.changes.extend(turn_after(book, newest, turn, act, extra)?);
    let from = q.state(act.at.day).key();
    plan.notes.push(Note::QuoteState { quote: q.id.into(), from, to: to.key(), order });
    Ok(())
}

/// The customer has got a quote; nothing when it is known already.
///
/// # Errors
/// [`Refusal::QuoteState`] or [`Refusal::OlderThanNewest`].
pub fn send(index: &Index<'_>, q: &Quote<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    match q.state(act.at.day) {
        State::Sent => {}
        State::Draft => turn(index, q, State::Sent, act, &Extra::default(), None, &mut plan)?,
        other => return Err(wrong_state(index, q, other).into()),
    }
    Ok(plan)
}

/// The customer does not want a quote; nothing when it is known already.
///
/// # Errors
/// [`Refusal::QuoteState`] or [`Refusal::OlderThanNewest`].
pub fn decline(index: &Index<'_>, q: &Quote<'_>, act: &Act, extra: &Extra) -> Result<Plan, Obstacle> {
    let mut plan = Plan::default();
    match q.state(act.at.day) {
        State::Declined => {}
        State::Accepted => return Err(wrong_state(index, q, State::Accepted).into()),
        _ => turn(index, q, State::Declined, act, extra, None, &mut plan)?,
    }
    Ok(plan)
}

/// Makes an order of a quote: at its prices, checked by the rules of today. The order takes its lines, deal and
/// currency from the quote.
///
/// # Errors
/// [`Refusal::QuoteState`], what [`place`] says, and [`Refusal::OlderThanNewest`].
pub fn accept(index: &Index<'_>, q: &Quote<'_>, order: Order<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let state = q.state(order.at.day);
    if !state.is_open() {
        return Err(wrong_state(index, q, state).into());
    }
    let head = q.current().head();
    let lines = q.current().entries();
    let mut order = Order { lines: &lines, currency: head.currency, ..order };
    if !head.deal.is_empty() {
        order.shared.push(("deal", head.deal.to_string()));
    }
    let mut plan = place(index, &order)?;
    let act = Act { note: order.id.clone(), ..act.clone() };
    turn(index, q, State::Accepted, &act, &Extra::default(), Some(order.id), &mut plan)?;
    Ok(plan)
}
