//! R6: whether lines may be sold at their prices: floors, discount limits, credit, and what a quote would come to.

use super::engine::index::Index;
use super::entry::{Entry, Fault, Line, Terms, is_included, line, min_price, tax_rate};
use super::floor::{self, Level, Worth};
use super::floors::Floors;
use super::orders::order_days;
use super::ranges;
use super::requests::{Judged, open_request};
use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum, minor_digits, percent, round, round_up, shown};
use crate::model::plan::{Amount, Ask, Note, Obstacle};
use crate::model::refusal::{BelowFloor, LineName, Refusal};
use crate::model::settings::Settings;
use crate::model::team::Member;
use crate::model::value::Value;

/// What messages call a line; `n` counts from 0.
pub fn line_name(n: usize, e: &Entry) -> LineName {
    if e.product.is_empty() { LineName::Number(n + 1) } else { LineName::Product(e.product.clone()) }
}

/// What a line that sells something leaves of its ranges.
fn unfit(e: &Entry) -> Option<Breach> {
    let quantity = e.quantity.and_then(|q| ranges::quantity(q, false));
    let price = || e.price.and_then(ranges::price);
    let discount = || e.discount.and_then(ranges::discount);
    let unit_cost = || e.unit_cost.and_then(|c| ranges::cost(c, "unit_cost"));
    let extra_cost = || e.extra_cost.and_then(ranges::extra_cost);
    quantity.or_else(price).or_else(discount).or_else(unit_cost).or_else(extra_cost)
}

/// Works lines out.
///
/// # Errors
/// [`Obstacle::NoPrice`], [`Obstacle::NoRate`], [`Obstacle::TooLong`], or a [`Refusal::Breach`] of a range.
pub fn work_out(index: &Index<'_>, terms: Terms<'_>, entries: &[Entry]) -> Result<Vec<Line>, Obstacle> {
    let settings = &index.book.settings;
    if let Some(breach) = terms.tax_rate.and_then(ranges::tax_rate) {
        return Err(Refusal::Breach(breach).into());
    }
    if let Some(breach) = entries.iter().find_map(unfit) {
        return Err(Refusal::Breach(breach).into());
    }
    let one = |(n, e)| {
        line(index.prices(), terms, e, settings).map_err(|fault| match fault {
            Fault::NoPrice => Obstacle::NoPrice { line: line_name(n, e), day: terms.day },
            Fault::NoRate => Obstacle::NoRate { currency: terms.currency.into(), day: terms.day },
            Fault::TooLong => Obstacle::TooLong { line: line_name(n, e) },
        })
    };
    entries.iter().enumerate().map(one).collect()
}

/// The margin that a customer's lines of a day must keep.
pub fn floor(index: &Index<'_>, customer: usize, day: Day) -> Decimal {
    Floors::new(index).on(Some(customer), day)
}

/// Whether the customer has no sale order yet.
pub fn is_first(index: &Index<'_>, customer: usize) -> bool {
    order_days(index, customer).is_empty()
}

/// A sum that a decision needs.
///
/// # Errors
/// [`Obstacle::TooLarge`]: some amount in the ledgers, or one that was typed, is absurd.
pub fn known(sum: Sum) -> Result<Decimal, Obstacle> {
    sum.known().ok_or(Obstacle::TooLarge)
}

/// Net of all lines, and their tax.
///
/// # Errors
/// [`Obstacle::TooLarge`].
pub fn sums(lines: &[Line]) -> Result<(Decimal, Decimal), Obstacle> {
    Ok((known(Sum::of(lines.iter().map(|l| l.net)))?, known(Sum::of(lines.iter().map(|l| l.tax)))?))
}

/// Net and tax of all lines, rounded once.
///
/// # Errors
/// [`Obstacle::TooLarge`].
pub fn total(lines: &[Line], currency: &str) -> Result<Decimal, Obstacle> {
    let sum = known(Sum::of(lines.iter().flat_map(|l| [l.net, l.tax])))?;
    Ok(round(sum, minor_digits(currency)))
}

/// What a customer owes in a currency; less than nothing when it paid beforehand.
///
/// # Errors
/// [`Obstacle::TooLarge`].
pub fn outstanding(index: &Index<'_>, customer: usize, currency: &str) -> Result<Decimal, Obstacle> {
    let account = index.accounts_of(customer).iter().find(|a| a.currency == currency);
    known(account.map_or(Sum::ZERO, |a| a.outstanding()))
}

/// The currency of terms; the base currency where they name none.
pub fn currency_of<'x>(book: &'x Book, named: &'x str) -> &'x str {
    if named.is_empty() { &book.settings.file.currency } else { named }
}

/// What all rules together say against the prices of one customer's lines.
pub(super) struct Judge<'j, 'a> {
    index: &'j Index<'a>,
    customer: usize,
    by: Option<&'j Member>,
    terms: Terms<'j>,
    pub(super) judged: Judged,
}

impl<'j, 'a> Judge<'j, 'a> {
    pub(super) fn new(
        index: &'j Index<'a>,
        customer: usize,
        by: Option<&'j Member>,
        terms: Terms<'j>,
    ) -> Judge<'j, 'a> {
        Judge { index, customer, by, terms, judged: Judged::default() }
    }

    fn currency(&self) -> &'j str {
        currency_of(self.index.book, self.terms.currency)
    }

    fn ask(&mut self, kind: &'static str, amount: Decimal, what: String) {
        let book = self.index.book;
        let subject = format!("customer:{}", book.customers[self.customer].id);
        let amount = amount.normalize().to_string();
        let asks = &mut self.judged.asks;
        if asks.iter().all(|a| (a.kind, &a.amount) != (kind, &amount)) {
            let open = self.by.and_then(|by| open_request(book, by.id, kind, &subject, &amount));
            asks.push(Ask { kind, subject, amount, what, open, granted: None });
        }
    }

    /// A line that falls short of the floor.
    pub(super) fn line_below(&mut self, line: LineName, l: &Line, floor: Decimal) {
        let (Some(cost), currency) = (l.cost, self.currency()) else { return };
        let shortfall = Shortfall { line, net: l.net, cost, floor };
        self.ask("price", l.entry.price.unwrap_or(l.net), shortfall.figures(currency));
        let lowest = lowest_price(self.index, self.terms, l, floor);
        self.judged.refusals.push(shortfall.refusal(currency, lowest));
    }

    /// An order that falls short of the floor with its extra costs.
    pub(super) fn order_below(&mut self, lines: &[Line], (net, cost): (Decimal, Decimal), floor: Decimal) {
        let currency = self.currency();
        let shortfall = Shortfall { line: LineName::Whole, net, cost, floor };
        self.ask("price", net, shortfall.figures(currency));
        self.judged.refusals.push(shortfall.refusal(currency, lowest_total(lines, cost, floor, currency)));
    }

    /// The discounts that the customer's grade, stage or value class, and the member do not allow.
    pub(super) fn discount(&mut self, line: &LineName, discount: Decimal) {
        let level = Floors::new(self.index).level(Some(self.customer), self.terms.day);
        let limits = discount_limits(&self.index.book.settings, level, self.by);
        for (limit, whose) in limits.into_iter().filter(|(limit, _)| discount > *limit) {
            let (given, limit) = (percent(discount), percent(limit));
            self.ask("discount", discount, format!("{line}: {given} > {limit} ({whose})"));
            let (line, whose) = (line.clone(), whose.to_string());
            self.judged.refusals.push(Refusal::DiscountLimit { line, discount: given, limit, whose });
        }
    }
}

/// The highest discounts that a customer may be given, and that a member may give, with whose limit each is (R6).
pub fn discount_limits<'x>(
    settings: &'x Settings,
    level: Level<'x>,
    by: Option<&'x Member>,
) -> Vec<(Decimal, &'x str)> {
    let of_member = by.and_then(|a| Some((a.discount_limit?, a.id)));
    floor::discount_limits(settings, level).into_iter().chain([of_member]).flatten().collect()
}

/// Checks price floor, discounts, credit and products. `by` is who sells, when that is known.
///
/// # Errors
/// [`Obstacle::TooLarge`].
pub fn judge(
    index: &Index<'_>,
    customer: usize,
    by: Option<&Member>,
    terms: Terms<'_>,
    lines: &[Line],
) -> Result<Judged, Obstacle> {
    let book = index.book;
    let settings = &book.settings;
    let c = &book.customers[customer];
    let floor = floor(index, customer, terms.day);
    let currency = currency_of(book, terms.currency);
    let worth: Vec<Worth> = lines.iter().map(Line::worth).collect();
    let short = floor::short_of(floor, &worth);
    let mut judge = Judge::new(index, customer, by, terms);
    let (id, name) = (c.id.to_string(), c.name.to_string());
    if c.closed {
        judge.judged.warnings.push(Note::IsClosed { customer: id.clone(), name: name.clone() });
    }
    for (n, l) in lines.iter().enumerate() {
        let line = line_name(n, &l.entry);
        if short.contains(&Some(n)) {
            judge.line_below(line.clone(), l, floor);
        } else if l.cost.is_none() {
            judge.judged.warnings.push(Note::UnknownCost { line: line.clone() });
        }
        if let Some(discount) = l.entry.discount {
            judge.discount(&line, discount);
        }
        if let Some(v) = index.prices().version(&l.entry.product, terms.day)
            && matches!(v.status, "paused" | "retired")
        {
            judge.judged.warnings.push(Note::ProductStatus { product: v.id.into(), status: v.status.into() });
        }
    }
    if let Some(whole) = floor::whole(&worth).filter(|_| short.contains(&None)) {
        judge.order_below(lines, whole, floor);
    }
    let warnings = &mut judge.judged.warnings;
    let base = settings.file.currency.as_str();
    let account = index.accounts_of(customer).iter().find(|a| a.currency == currency);
    if let Some(a) = account {
        let overdue = a.ageing(book.today).overdue();
        if !overdue.is_zero() {
            let amount = Amount::new(known(overdue)?, currency);
            warnings.push(Note::Overdue { customer: id.clone(), name: name.clone(), amount });
        }
    }
    if let Value::Num(limit) = c.get("credit_limit")
        && currency == base
    {
        let owed = account.map_or(Sum::ZERO, |a| a.outstanding());
        let after = known(owed.plus(Sum::of([total(lines, currency)?])))?;
        if after > limit {
            let (after, limit) = (Amount::new(after, currency), Amount::new(limit, currency));
            warnings.push(Note::OverCredit { customer: id, name, after, limit });
        }
    }
    Ok(judge.judged)
}

/// A line, or an order, that falls short of the floor.
struct Shortfall {
    line: LineName,
    net: Decimal,
    cost: Decimal,
    floor: Decimal,
}

impl Shortfall {
    /// Profit / net, where that says something.
    fn margin(&self) -> Option<Decimal> {
        let net = Some(self.net).filter(|n| *n > Decimal::ZERO)?;
        net.checked_sub(self.cost)?.checked_div(net)
    }
    /// The same in every language.
    fn figures(&self, currency: &str) -> String {
        let floor = percent(self.floor);
        match self.margin() {
            Some(margin) => format!("{}: {} < {floor}", self.line, percent(margin)),
            None => format!("{}: {} - {} < {floor}", self.line, shown(self.net, currency), shown(self.cost, currency)),
        }
    }
    fn refusal(self, currency: &str, lowest: Option<(Decimal, Decimal)>) -> Refusal {
        Refusal::BelowFloor(Box::new(BelowFloor {
            net: shown(self.net, currency),
            cost: shown(self.cost, currency),
            margin: self.margin().map(percent),
            floor: percent(self.floor),
            lowest: lowest.map(|(entered, net)| (shown(entered, currency), shown(net, currency))),
            line: self.line,
        }))
    }
}

/// The next amount in whole minor units.
fn up(value: Decimal, currency: &str) -> Decimal {
    round_up(value, minor_digits(currency))
}

/// The lowest price of a unit of a line that keeps a floor (for a line that is an amount, its lowest amount), in whole
/// minor units: as prices are entered, and without tax.
fn lowest_price(index: &Index<'_>, terms: Terms<'_>, l: &Line, floor: Decimal) -> Option<(Decimal, Decimal)> {
    let (settings, e) = (&index.book.settings, &l.entry);
    let currency = currency_of(index.book, terms.currency);
    let rate = terms.tax_rate.unwrap_or_else(|| tax_rate(index.prices(), settings, &e.product, terms.day));
    let taxed = if is_included(settings) { Decimal::ONE.checked_add(rate)? } else { Decimal::ONE };
    let by_amount = e.amount.is_some();
    let rest = Decimal::ONE.checked_sub(e.discount.unwrap_or_default())?;
    let units = if by_amount { Decimal::ONE } else { e.quantity?.checked_mul(rest)? };
    let net = min_price(l.cost?, floor)?;
    let mut price = up(net.checked_mul(taxed)?.checked_div(units)?, currency);
    // The tax is rounded, so the first one may fall short by a minor unit.
    for _ in 0..4 {
        let tried = Entry {
            price: if by_amount { e.price } else { Some(price) },
            amount: by_amount.then_some(price),
            ..e.clone()
        };
        let tried = line(index.prices(), terms, &tried, settings).ok()?;
        if floor::keeps(tried.net, l.cost?, floor) {
            return Some((price, tried.net.checked_div(units)?));
        }
        price = price.checked_add(Decimal::new(1, minor_digits(currency)))?;
    }
    None
}

/// The lowest amount of an order that keeps a floor when all prices rise alike: as prices are entered, and without tax.
fn lowest_total(lines: &[Line], cost: Decimal, floor: Decimal, currency: &str) -> Option<(Decimal, Decimal)> {
    let net = up(min_price(cost, floor)?, currency);
    let now = Sum::of(lines.iter().map(|l| l.net)).known()?;
    let entered = Sum::of(lines.iter().map(|l| l.entered)).known()?;
    let same = now == entered || now <= Decimal::ZERO;
    Some((if same { net } else { up(net.checked_mul(entered)?.checked_div(now)?, currency) }, net))
}

/// What lines would come to as an order of today, in the base currency; nothing of it is stored.
#[derive(Debug, Clone)]
pub struct Estimate {
    /// Net of all lines.
    pub revenue: Decimal,
    /// With tax, rounded once.
    pub total: Decimal,
    /// By today's standard cost, extra costs included; `None` = unknown.
    pub cost: Option<Decimal>,
    /// Revenue − cost.
    pub profit: Option<Decimal>,
    /// Profit / revenue.
    pub margin: Option<Decimal>,
    /// The margin that must be kept.
    pub floor: Decimal,
    /// The lowest revenue that keeps it.
    pub min_amount: Option<Decimal>,
    /// The customer's margin so far.
    pub usual_margin: Option<Decimal>,
    /// What the customer owes.
    pub outstanding: Sum,
    /// What of it is late.
    pub overdue: Sum,
    /// What the customer may owe.
    pub credit_limit: Option<Decimal>,
    /// What the rules say.
    pub judged: Judged,
}

/// Works out what lines would come to as an order of today.
///
/// # Errors
/// What [`work_out`] says, and [`Obstacle::TooLarge`].
pub fn estimate(
    index: &Index<'_>,
    customer: usize,
    by: Option<&Member>,
    (tax_rate, currency): (Option<Decimal>, &str),
    entries: &[Entry],
) -> Result<Estimate, Obstacle> {
    let book = index.book;
    let terms = Terms { day: book.today, currency, tax_rate };
    let lines = work_out(index, terms, entries)?;
    let judged = judge(index, customer, by, terms, &lines)?;
    let (revenue, _) = sums(&lines)?;
    let costs: Option<Vec<[Decimal; 2]>> =
        lines.iter().map(|l| Some([l.cost?, l.entry.extra_cost.unwrap_or_default()])).collect();
    let cost = costs.map(|c| known(Sum::of(c.into_iter().flatten()))).transpose()?;
    let profit = cost.and_then(|c| revenue.checked_sub(c));
    let floor = floor(index, customer, book.today);
    let currency = currency_of(book, currency);
    let account = index.accounts_of(customer).iter().find(|a| a.currency == currency);
    let limit = match book.customers[customer].get("credit_limit") {
        Value::Num(n) => Some(n),
        _ => None,
    };
    Ok(Estimate {
        revenue,
        total: total(&lines, currency)?,
        cost,
        profit,
        margin: profit.filter(|_| !revenue.is_zero()).and_then(|p| p.checked_div(revenue)),
        floor,
        min_amount: cost.and_then(|c| min_price(c, floor)),
        usual_margin: index.figures(customer).margin(),
        outstanding: account.map_or(Sum::ZERO, |a| a.outstanding()),
        overdue: account.map_or(Sum::ZERO, |a| a.ageing(book.today).overdue()),
        credit_limit: limit,
        judged,
    })
}
