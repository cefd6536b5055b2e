//! Contracts (R10, R12): where one stands, its plan of instalments, and what entering and ending one writes. Who approves it is judged
//! by `rules::approval`.

use super::approval::Standing;
use super::approving::{at_once, is_small};
use super::engine::index::Index;
use super::fits::{fits, fits_others};
use super::papers::{self, Paper, worth};
use super::prices::rate;
use super::ranges::ends_before;
use super::requests::Who;
use super::seal::{Part, seal, sealed_note};
use super::turn::{Act, Extra, Turn, event, turn};
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, minor_digits, multiply, parse_decimal, round, shown};
use crate::model::new_rows::NewRow;
use crate::model::plan::{Amount, Note, Obstacle, Plan};
use crate::model::refusal::Refusal;
use crate::model::{Map, Str};
use chrono::{Datelike, Days};

/// What contracts rest on.
pub const READS: Reads = papers::READS.and(Reads { plain: LedgerSet::of(&[Ledger::Deals]), ..Reads::NOTHING });

/// What events of contracts are about.
const KIND: &str = Ledger::Contracts.kind();

/// A contract by which a supplier sells to us; every other one is by which we sell.
pub const PURCHASE: &str = "purchase";

/// The event by which a contract ends before its time.
const ENDED: &str = "ended";

/// A contract as it was known at the end of the book's day.
#[derive(Debug, Clone, Copy)]
pub struct Contract<'a> {
    /// It is approved.
    pub paper: Paper<'a>,
}

impl<'a> Contract<'a> {
    /// Those that are there.
    pub fn all(book: &'a Book) -> impl Iterator<Item = Contract<'a>> {
        Paper::of(book, Ledger::Contracts).map(|paper| Contract { paper })
    }
    /// That of an id.
    pub fn find(book: &'a Book, id: &str) -> Option<Contract<'a>> {
        Contract::all(book).find(|c| c.id() == id)
    }
    /// Its id.
    pub fn id(&self) -> Str {
        self.paper.id()
    }
    /// Its first day: the one it names, else that of its entry.
    pub fn start(&self) -> Option<Day> {
        parse_day(self.paper.cell("start")).or_else(|| self.paper.made().map(|at| at.day))
    }
    /// The last day that it names.
    pub fn end(&self) -> Option<Day> {
        parse_day(self.paper.cell("end"))
    }
    /// The day on which somebody ended it before its time.
    pub fn ended(&self) -> Option<Day> {
        self.paper.book.states.day(Ledger::Contracts, self.id(), ENDED)
    }
    /// The day on which it is over.
    pub fn over(&self) -> Option<Day> {
        [self.end(), self.ended()].into_iter().flatten().min()
    }
    /// Where it stands: a value of the computed column `state`.
    pub fn state(&self) -> &'static str {
        let today = self.paper.book.today;
        match self.paper.standing() {
            Standing::Draft => "draft",
            Standing::Submitted => "pending",
            Standing::Rejected => "rejected",
            Standing::Void => "void",
            Standing::Outside | Standing::Approved if self.ended().is_some() => ENDED,
            Standing::Outside | Standing::Approved if self.end().is_some_and(|end| end < today) => "expired",
            Standing::Outside | Standing::Approved if self.start().is_some_and(|start| start > today) => "coming",
            Standing::Outside | Standing::Approved => "running",
        }
    }
    /// Whether it is in force, or will be.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), "running" | "coming")
    }
    /// Days up to its last one; `None` where it has none, or is not in force.
    pub fn days_left(&self) -> Option<i64> {
        let end = self.end().filter(|_| self.is_open())?;
        Some((end - self.paper.book.today).num_days())
    }
    /// What its instalments come to; `None` where it has none.
    pub fn planned(&self, index: &Index<'_>) -> Option<Decimal> {
        let plan = index.plans().of(self.id());
        if plan.is_empty() { None } else { Sum::of(plan.iter().filter_map(|i| i.amount)).known() }
    }
    /// Whether what was approved has been edited since.
    pub fn is_broken(&self, index: &Index<'_>) -> bool {
        self.paper.is_broken(&index.plans().parts(self.id()))
    }
    /// What the other side is called.
    pub fn party_name(&self) -> Str {
        let book = self.paper.book;
        match self.paper.customer() {
            Some(n) if self.paper.cell("kind") != PURCHASE => book.customers[n].name,
            _ => supplier_name(book, self.paper.party()),
        }
    }
    /// Its amount in the company's currency, by the rate of its day.
    pub fn base_amount(&self) -> Option<Decimal> {
        let day = self.paper.made().map_or(self.paper.book.today, |at| at.day);
        multiply(self.paper.amount()?, rate(self.paper.book, self.paper.currency(), day)?)
    }
    /// Who answers for it: who agreed on it, else the customer's owner.
    pub fn owner(&self) -> Str {
        let by = self.paper.cell("by");
        let owner = || self.paper.customer().map_or("", |n| self.paper.book.customers[n].owner);
        if by.is_empty() { owner() } else { by }
    }
}

/// What a supplier is called; its id where nobody says so.
pub fn supplier_name(book: &Book, id: Str) -> Str {
    let column = |name: &str| Ledger::Suppliers.column(name).unwrap_or_default();
    let rows = book.plain.get(&Ledger::Suppliers).into_iter().flatten();
    let found = rows.into_iter().find(|r| r.cell(column("id")) == id).map(|r| r.cell(column("name")));
    found.filter(|name| !name.is_empty()).unwrap_or(id)
}

/// Contracts in force that end within `[contracts] warn_days` and that no other one renews, the first at the top.
pub fn ending(book: &Book) -> Vec<(Contract<'_>, Day)> {
    let until = book.today.checked_add_days(Days::new(book.settings.contract_warn_days())).unwrap_or(book.today);
    let renewed = renewals(book);
    let all = Contract::all(book).filter(Contract::is_open).filter_map(|c| Some((c, c.over()?)));
    let near = |(c, end): &(Contract<'_>, Day)| *end <= until && !renewed.contains_key(c.id());
    let mut out: Vec<_> = all.filter(near).collect();
    out.sort_by_key(|(c, end)| (*end, c.id()));
    out
}

/// The contracts that renew others, by the id of what they renew: of several the one that begins first. Those that were rejected or
/// taken back renew nothing.
pub fn renewals(book: &Book) -> Map<Str, Contract<'_>> {
    let mut out: Map<Str, Contract<'_>> = Map::default();
    for c in Contract::all(book) {
        let renews = c.paper.cell("renews");
        if renews.is_empty() || matches!(c.paper.standing(), Standing::Rejected | Standing::Void) {
            continue;
        }
        let first = |c: &Contract<'_>| (c.start(), c.id());
        let known = out.entry(renews).or_insert(c);
        if first(&c) < first(known) {
            *known = c;
        }
    }
    out
}

/// How much of a contract an instalment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// A fraction of the contract's amount.
    Of(Decimal),
    /// An amount.
    Amount(Decimal),
}

/// What each instalment of a contract comes to: fractions are rounded to the minor unit, and the last instalment takes what is left.
///
/// # Errors
/// [`Refusal::PlanSum`] where they do not come to its amount, [`Obstacle::TooLarge`].
pub fn amounts(total: Decimal, currency: &str, shares: &[Share]) -> Result<Vec<Decimal>, Obstacle> {
    let exact = |s: &Share| match s {
        Share::Of(part) => multiply(total, *part),
        Share::Amount(amount) => Some(*amount),
    };
    let exact: Vec<Decimal> = shares.iter().map(exact).collect::<Option<_>>().ok_or(Obstacle::TooLarge)?;
    let sum = Sum::of(exact.iter().copied()).known().ok_or(Obstacle::TooLarge)?;
    if sum != total {
        let (sum, amount) = (shown(sum, currency), shown(total, currency));
        return Err(Refusal::PlanSum { sum, amount }.into());
    }
    let digits = minor_digits(currency);
    let mut out: Vec<Decimal> = exact.into_iter().map(|e| round(e, digits).normalize()).collect();
    if let Some((last, first)) = out.split_last_mut() {
        let before = Sum::of(first.iter().copied()).known().ok_or(Obstacle::TooLarge)?;
        *last = total.checked_sub(before).ok_or(Obstacle::TooLarge)?.normalize();
    }
    Ok(out)
}

/// A contract that is to be entered. Texts stand as the file holds them.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Its id, which no other contract has.
    pub id: String,
    /// The other side: a customer's or a supplier's id.
    pub party: Str,
    /// When.
    pub at: At,
    /// The other cells of its row, `kind` among them.
    pub cells: NewRow,
    /// Its instalments: the id that the row gets, how much it is, and when it is due.
    pub plan: Vec<(String, Share, Day)>,
    /// Whether it is put forward at once.
    pub submits: bool,
    /// Who enters it.
    pub who: Who<'a>,
}

/// Enters a contract: its row, those of its plan, and the event by which its approval begins. One that is worth no more than
/// `[approval] limits` says needs none.
///
/// # Errors
/// What [`amounts`], [`fits`] and [`fits_others`] say; [`Obstacle::EndsBeforeStart`].
pub fn enter(index: &Index<'_>, new: &New<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let book = index.book;
    let cell = |name: &str| new.cells.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text.as_str());
    let start = parse_day(cell("start")).or(Some(new.at.day));
    if let Some((end, start)) = ends_before(start, parse_day(cell("end"))) {
        return Err(Obstacle::EndsBeforeStart { end, start });
    }
    let base = book.settings.file.currency.as_str();
    let currency = Some(cell("currency")).filter(|c| !c.is_empty()).unwrap_or(base);
    let amount = parse_decimal(cell("amount"));
    let at = new.at.to_text(book.settings.tz);
    let mut row: NewRow = vec![("id", new.id.clone()), ("at", at.clone()), ("party", new.party.to_string())];
    row.extend(new.cells.iter().filter(|(_, text)| !text.is_empty()).cloned());
    let mut plan = Plan::default();
    plan.changes.append(Ledger::Contracts, new.at.day.year(), row.clone());
    let shares: Vec<Share> = new.plan.iter().map(|(_, share, _)| *share).collect();
    let each = if shares.is_empty() { Vec::new() } else { amounts(amount.unwrap_or_default(), currency, &shares)? };
    let (ledger, party) = match cell("kind") {
        PURCHASE => (Ledger::Payables, "supplier"),
        _ => (Ledger::Receivables, "customer"),
    };
    let mut parts = Vec::new();
    for ((id, _, due), amount) in new.plan.iter().zip(&each) {
        let cells = [
            ("id", id.clone()),
            ("at", at.clone()),
            (party, new.party.to_string()),
            ("amount", amount.to_string()),
            ("due", due.to_string()),
            ("currency", cell("currency").to_string()),
            ("contract", new.id.clone()),
            ("by", cell("by").to_string()),
        ];
        parts.push(Part { id: id.clone(), amount: amount.to_string(), due: due.to_string() });
        let row: NewRow = cells.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        plan.changes.append(ledger, new.at.day.year(), row);
    }
    fits(book, &plan.changes)?;
    fits_others(book, &plan.changes)?;
    let worth = worth(book, amount, currency, Some(new.at));
    let begins = if is_small(book, KIND, worth) {
        Standing::Outside
    } else if at_once(book, new.who, KIND, worth)? {
        Standing::Approved
    } else if new.submits {
        Standing::Submitted
    } else {
        Standing::Draft
    };
    let mut act = Act { note: String::new(), ..act.clone() };
    if begins == Standing::Approved {
        let own = |name: &str| row.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text.as_str());
        act.note = sealed_note(&seal(book, Ledger::Contracts, own, &parts), new.who.note);
    }
    if begins != Standing::Outside {
        let turn = Turn { kind: KIND, subject: &new.id, event: "approval", from: "", to: begins.word() };
        plan.changes.extend(event(book, turn, &act, &Extra::default()));
    }
    plan.notes.push(Note::Contracted {
        contract: new.id.clone(),
        party: new.party.into(),
        title: cell("title").into(),
        amount: amount.map(|a| Amount::new(a, currency)),
        approval: begins.word(),
    });
    for ((id, _, due), amount) in new.plan.iter().zip(each) {
        plan.notes.push(Note::Instalment { id: id.clone(), amount: Amount::new(amount, currency), due: *due });
    }
    Ok(plan)
}

/// Ends a contract before its time.
///
/// # Errors
/// [`Refusal::WrongState`] where it is not in force, and [`Refusal::OlderThanNewest`].
pub fn end(contract: &Contract<'_>, act: &Act) -> Result<Plan, Obstacle> {
    let state = contract.state();
    if !contract.is_open() {
        return Err(
            Refusal::WrongState { what: contract.id().into(), list: "contract_state", state: state.into() }.into()
        );
    }
    let what = Turn { kind: KIND, subject: contract.id(), event: ENDED, from: "", to: "" };
    let changes = turn(contract.paper.book, what, act, &Extra::default())?;
    let note =
        Note::Turned { kind: KIND, id: contract.id().into(), event: "state", from: state.into(), to: ENDED.into() };
    Ok(Plan { changes, notes: vec![note], ..Plan::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_instalment_takes_the_rounding() {
        let d = |text: &str| parse_decimal(text).unwrap();
        let share = |text: &str| match text.strip_suffix('%') {
            Some(percent) => Share::Of(d(percent) / Decimal::ONE_HUNDRED),
            None => Share::Amount(d(text)),
        };
        let check = |total: &str, plan: &[&str], expected: &str| {
            let shares: Vec<Share> = plan.iter().map(|s| share(s)).collect();
            let got = match amounts(d(total), "CNY", &shares) {
                Ok(list) => list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                Err(Obstacle::Refused { .. }) => "refused".into(),
                Err(_) => "other".into(),
            };
            assert_eq!(got, expected, "{total} {plan:?}");
        };
        check("1000", &["30%", "60%", "10%"], "300 600 100");
        check("100.01", &["33%", "33%", "34%"], "33 33 34.01");
        check("0.05", &["50%", "50%"], "0.03 0.02");
        check("1000", &["300", "700"], "300 700");
        check("1000", &["30%", "700"], "300 700");
        check("1000", &["30%", "60%"], "refused");
        check("1000", &["300", "701"], "refused");
        check("1000", &["100%"], "1000");
    }
}
