//! Orders and money in the day's list: promised deliveries, receivables that are due, and what is at risk (R6, R10).

use super::document::{Cell, Currency, Text};
use super::due::text;
use super::explain::{amount_text, evidence, figures};
use crate::i18n::{Lang, money as w, values};
use crate::metrics::explain::Evidence;
use crate::metrics::find;
use crate::model::book::Book;
use crate::model::customer::Followed;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum, multiply};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::rules::credited::{ByMember, collected, signed};
use crate::rules::engine::index::Index;
use crate::rules::exposure;
use crate::rules::orders::open_deliveries;
use crate::rules::performance::{Standing, Tally, credits, of_all, standing};
use crate::rules::receivables::Receivable;
use crate::rules::targets::{Metric, Targets};
use chrono::Datelike;
use std::collections::HashMap;

/// Something to be done on a day.
pub(super) struct Item<'a> {
    pub(super) section: &'static str,
    pub(super) customer: Option<usize>,
    /// The contact of the customer, where somebody beside the owner follows it.
    pub(super) followed: Option<&'a Followed>,
    pub(super) due: Option<Day>,
    pub(super) owner: &'a str,
    pub(super) what: Text,
}

/// The order that a line is about.
struct Paper<'a> {
    order: &'a str,
    open: Option<Decimal>,
    currency: &'a str,
    behind: Behind<'a>,
}

/// What stands behind a line.
enum Behind<'a> {
    /// An order that is to be delivered.
    Delivery { first: OrderLine, promised: Day, state: &'static str },
    /// Money that is owed.
    Receivable(&'a Receivable<'a>),
}

/// A line of the day: what is to be done, and the money it is about.
pub struct Line<'a> {
    pub(super) item: Item<'a>,
    paper: Option<Paper<'a>>,
    /// In the base currency; `None` = none, or not known.
    pub(super) risk: Option<Decimal>,
}

impl<'a> Line<'a> {
    /// Whether it shows the deadline of a complaint.
    pub fn is_complaint(&self) -> bool {
        self.item.section == "complaints"
    }

    /// The customer that it is about.
    pub fn customer(&self) -> Option<usize> {
        self.item.customer
    }

    /// Something about a customer: what is at risk is all that we have with it.
    pub(super) fn of_customer(index: &'a Index<'_>, item: Item<'a>) -> Line<'a> {
        let risk = item.customer.and_then(|c| exposure::value_at_risk(index, c));
        Line { item, paper: None, risk }
    }

    /// Something about an order; at risk is all that we have with its customer.
    pub(super) fn of_order(index: &'a Index<'_>, item: Item<'a>, first: OrderLine) -> Line<'a> {
        let state = index.book.states.order(first.id()).key();
        let behind = Behind::Delivery { first, promised: first.promised().unwrap_or_else(|| first.day()), state };
        let paper = Paper { order: first.id(), open: None, currency: "", behind };
        Line { paper: Some(paper), ..Line::of_customer(index, item) }
    }

    /// Cells for `order`, `open_amount`, `currency`, `value_at_risk`.
    pub(super) fn money(&self, index: &Index<'_>) -> [Cell; 4] {
        let base = &index.book.settings.file.currency;
        let money = |a: Option<Decimal>, currency: &str| {
            a.map_or(Cell::Missing, |amount| Cell::Money { amount, currency: Currency::new(currency) })
        };
        let paper = self.paper.as_ref();
        [
            paper.map_or(Cell::Missing, |p| text(p.order)),
            money(paper.and_then(|p| p.open), paper.map_or("", |p| p.currency)),
            paper.map_or(Cell::Missing, |p| text(p.currency)),
            money(self.risk, base),
        ]
    }

    /// The row behind the line, when it is about an order.
    pub(super) fn evidence(&self, index: &Index<'_>, lang: Lang) -> Option<String> {
        self.paper.as_ref().map(|p| match &p.behind {
            Behind::Delivery { first, promised, state } => {
                let text = format!("{} {state}", first.id());
                evidence(index.book, &Evidence::Row { place: first.place(), day: *promised, text }, lang)
            }
            Behind::Receivable(r) => evidence(index.book, &Evidence::Receivable((*r).clone()), lang),
        })
    }
}

/// An amount, with its currency where that is not the base one.
fn amount(index: &Index<'_>, currency: &str, value: Decimal) -> String {
    let text = amount_text(currency, value);
    if currency == index.book.settings.file.currency { text } else { format!("{text} {currency}") }
}

/// An amount in the base currency at today's rate.
fn in_base(index: &Index<'_>, currency: &str, value: Decimal) -> Option<Decimal> {
    multiply(value, index.prices().rate(currency, index.book.today)?)
}

/// Whether a line belongs to a person: the customer's owner, or whoever sold the order.
fn is_of(who: Option<&str>, owner: &str, by: &str) -> bool {
    who.is_none_or(|w| w == owner || w == by)
}

/// Orders promised up to a day that are neither delivered nor cancelled; at risk is what the order comes to, with tax.
pub(super) fn deliveries<'a>(index: &'a Index<'_>, who: Option<&str>, until: Day, lang: Lang) -> Vec<Line<'a>> {
    let book = index.book;
    let mut out = Vec::new();
    for (n, c) in book.customers.iter().enumerate() {
        for d in open_deliveries(index, n) {
            let first: OrderLine = d.lines[0];
            if d.promised > until || !is_of(who, c.owner, first.by()) {
                continue;
            }
            let currency =
                if first.currency().is_empty() { book.settings.file.currency.as_str() } else { first.currency() };
            let line_total = |l: &OrderLine| index.prices().net(*l)?.checked_add(l.tax().unwrap_or_default());
            let totals: Option<Vec<Decimal>> = d.lines.iter().map(line_total).collect();
            let total = totals.and_then(|t| Sum::of(t).known());
            let state = d.state.key();
            let text = total.map_or_else(|| w::not_available(lang), |t| amount(index, currency, t));
            let what = w::delivery_of(lang, first.id(), values::value(lang, "order_state", state), text);
            let behind = Behind::Delivery { first, promised: d.promised, state };
            let (due, what) = (Some(d.promised), what.into());
            let item = Item { section: "deliveries", customer: Some(n), followed: None, due, owner: c.owner, what };
            let its = index.accounts_of(n).iter().flat_map(|a| &a.receivables).filter(|r| r.order() == first.id());
            let its: Vec<Decimal> = its.map(|r| r.open).collect();
            let open = if its.is_empty() { None } else { Sum::of(its).known() };
            out.push(Line {
                item,
                paper: Some(Paper { order: first.id(), open, currency, behind }),
                risk: total.and_then(|t| in_base(index, currency, t)),
            });
        }
    }
    out
}

/// Receivables that are overdue or due up to a day; at risk is what is still open.
pub(super) fn receivables<'a>(index: &'a Index<'_>, who: Option<&str>, until: Day, lang: Lang) -> Vec<Line<'a>> {
    let book = index.book;
    let by: HashMap<&str, &str> = book.orders.iter().map(|l| (l.id(), l.by())).collect();
    let mut out = Vec::new();
    for a in index.accounts() {
        let owner = book.customers[a.customer].owner;
        let currency = a.currency;
        for r in a.receivables.iter().filter(|r| r.due <= until && r.open > Decimal::ZERO) {
            let seller = by.get(r.order()).copied().or_else(|| r.claim.map(|c| c.by)).unwrap_or("");
            if !is_of(who, owner, seller) {
                continue;
            }
            let open = amount(index, currency, r.open);
            let what = if r.open == r.total {
                w::open_in_full(lang, r.id, open)
            } else {
                w::open_of(lang, r.id, open, amount(index, currency, r.total))
            };
            let (due, what) = (Some(r.due), what.into());
            let item = Item { section: "receivables", customer: Some(a.customer), followed: None, due, owner, what };
            out.push(Line {
                item,
                paper: Some(Paper { order: r.order(), open: Some(r.open), currency, behind: Behind::Receivable(r) }),
                risk: in_base(index, currency, r.open),
            });
        }
    }
    out
}

/// What a customer's value at risk is made of, in one line; `None` for a customer without any.
pub(super) fn value_at_risk(index: &Index<'_>, customer: usize, lang: Lang) -> Option<String> {
    exposure::value_at_risk(index, customer)?;
    figures(index, &[find("value_at_risk")?], customer, lang).into_iter().next().map(|line| format!("  {line}"))
}

/// The money of the morning meeting: yesterday's orders and receipts, and the month against its target.
pub(super) struct TeamMoney<'a> {
    book: &'a Book,
    signed: ByMember<'a>,
    collected: ByMember<'a>,
    /// What members signed this month: a manager's target is that of the group.
    month: Tally<'a>,
    targets: Targets<'a>,
    days: Period,
}

impl<'a> TeamMoney<'a> {
    pub(super) fn new(index: &Index<'a>, yesterday: Period) -> TeamMoney<'a> {
        let today = index.book.today;
        let first = today.with_day(1).unwrap_or(today);
        let last = first.checked_add_months(chrono::Months::new(1)).and_then(|d| d.pred_opt()).unwrap_or(today);
        let days = Period::new(first, last);
        TeamMoney {
            book: index.book,
            signed: signed(index, yesterday),
            collected: collected(index, yesterday),
            month: Tally::new(&index.book.team, &credits(index, Metric::Signed, days)),
            targets: Targets::new(index.book),
            days,
        }
    }

    fn standing(&self, who: &str) -> Standing {
        standing(&self.targets, &self.month, who, (Metric::Signed, self.days))
    }

    /// Whether a member has money of its own to show.
    pub(super) fn has(&self, who: &str) -> bool {
        let target = || self.standing(who).target().is_some();
        self.signed.contains_key(who) || self.collected.contains_key(who) || target()
    }

    /// Cells for `yesterday_signed`, `yesterday_collected`, `month_signed`, `month_target`, `target_completion`.
    pub(super) fn cells(&self, who: &str) -> [Cell; 5] {
        let own = |of: &ByMember<'_>| of.get(who).copied().unwrap_or_default();
        self.row(own(&self.signed), own(&self.collected), &self.standing(who))
    }

    /// The same of all together.
    pub(super) fn total(&self) -> [Cell; 5] {
        // At its largest where a decimal can hold no more.
        let sum = |of: &ByMember<'_>| of.values().copied().fold(Decimal::ZERO, Decimal::saturating_add);
        let all = of_all(&self.book.team, &self.targets, &self.month, (Metric::Signed, self.days));
        self.row(sum(&self.signed), sum(&self.collected), &all)
    }

    fn row(&self, signed: Decimal, collected: Decimal, month: &Standing) -> [Cell; 5] {
        let currency = &self.book.settings.file.currency;
        let money = |amount: Decimal| Cell::money(amount, currency);
        [
            money(signed),
            money(collected),
            money(month.done.sum),
            month.target().map_or(Cell::NotAvailable, money),
            month.completion().map_or(Cell::NotAvailable, Cell::Ratio),
        ]
    }
}
