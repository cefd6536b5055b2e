//! R6: whether lines may be sold at their prices: floors, discount limits, credit, and what a quote would come to.

use super::entry::{Entry, Fault, Line, Terms, line, min_price};
use super::floor::line_floor;
use super::index::Index;
use super::orders::order_days;
use super::requests::{Judged, open_request};
use crate::model::book::Book;
use crate::model::money::{Decimal, Sum, minor_digits, percent, round, shown};
use crate::model::plan::{Amount, Ask, Note, Obstacle};
use crate::model::refusal::{LineName, Refusal};
use crate::model::team::Member;
use crate::model::value::Value;

/// What messages call a line; `n` counts from 0.
pub fn line_name(n: usize, e: &Entry) -> LineName {
    if e.product.is_empty() { LineName::Number(n + 1) } else { LineName::Product(e.product.clone()) }
}

/// Works lines out.
///
/// # Errors
/// [`Obstacle::NoPrice`], [`Obstacle::NoRate`] or [`Obstacle::TooLong`].
pub fn work_out(index: &Index<'_>, terms: Terms<'_>, entries: &[Entry]) -> Result<Vec<Line>, Obstacle> {
    let settings = &index.book.settings;
    let one = |(n, e)| {
        line(index.prices(), terms, e, settings).map_err(|fault| match fault {
            Fault::NoPrice => Obstacle::NoPrice { line: line_name(n, e), day: terms.day },
            Fault::NoRate => Obstacle::NoRate { currency: terms.currency.into(), day: terms.day },
            Fault::TooLong => Obstacle::TooLong { line: line_name(n, e) },
        })
    };
    entries.iter().enumerate().map(one).collect()
}

/// The margin that a customer's lines must keep: its grade's; a first order may go down to cost.
pub fn floor(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    let book = index.book;
    line_floor(&book.settings, book.customers[customer].grade, is_first(index, customer))
}

/// Whether the customer has no order with a positive net yet.
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
    let grade = settings.file.grades.get(c.grade);
    let floor = floor(index, customer);
    let mut judged = Judged::default();
    let Judged { refusals, warnings, asks } = &mut judged;
    let (id, name) = (c.id.to_string(), c.name.to_string());
    let mut ask = |kind: &'static str, amount: Decimal, what: String| {
        let subject = format!("customer:{}", c.id);
        let amount = amount.normalize().to_string();
        if asks.iter().all(|a| (a.kind, &a.amount) != (kind, &amount)) {
            let open = by.and_then(|by| open_request(book, by.id, kind, &subject, &amount));
            asks.push(Ask { kind, subject, amount, what, open });
        }
    };
    if c.closed {
        warnings.push(Note::IsClosed { customer: id.clone(), name: name.clone() });
    }
    for (n, l) in lines.iter().enumerate() {
        let line = line_name(n, &l.entry);
        match (l.margin(), floor) {
            (Some(margin), Some(floor)) if margin < floor => {
                let unit = l.unit_cost.and_then(|cost| min_price(cost, floor));
                let asked = l.entry.price.unwrap_or(l.net);
                ask("price", asked, format!("{line}: {} < {}", percent(margin), percent(floor)));
                refusals.push(Refusal::BelowFloor {
                    line: line.clone(),
                    margin: percent(margin),
                    floor: percent(floor),
                    min_price: unit.map(|p| shown(p, terms.currency)),
                });
            }
            (None, Some(_)) if l.cost.is_none() => warnings.push(Note::UnknownCost { line: line.clone() }),
            _ => {}
        }
        if let Some(discount) = l.entry.discount {
            let of_grade = grade.and_then(|g| g.discount_max.as_ref()).map(|x| (x.0, c.grade));
            let of_member = by.and_then(|a| Some((a.discount_limit?, a.id)));
            for (limit, whose) in of_grade.into_iter().chain(of_member).filter(|(limit, _)| discount > *limit) {
                let (given, limit) = (percent(discount), percent(limit));
                ask("discount", discount, format!("{line}: {given} > {limit} ({whose})"));
                let (line, whose) = (line.clone(), whose.to_string());
                refusals.push(Refusal::DiscountLimit { line, discount: given, limit, whose });
            }
        }
        if let Some(v) = index.prices().version(&l.entry.product, terms.day)
            && matches!(v.status, "paused" | "retired")
        {
            warnings.push(Note::ProductStatus { product: v.id.into(), status: v.status.into() });
        }
    }
    let base = settings.file.currency.as_str();
    let currency = currency_of(book, terms.currency);
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
    Ok(judged)
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
    pub floor: Option<Decimal>,
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
    tax_rate: Option<Decimal>,
    entries: &[Entry],
) -> Result<Estimate, Obstacle> {
    let book = index.book;
    let base = book.settings.file.currency.as_str();
    let terms = Terms { day: book.today, currency: "", tax_rate };
    let lines = work_out(index, terms, entries)?;
    let judged = judge(index, customer, by, terms, &lines)?;
    let (revenue, _) = sums(&lines)?;
    let costs: Option<Vec<[Decimal; 2]>> =
        lines.iter().map(|l| Some([l.cost?, l.entry.extra_cost.unwrap_or_default()])).collect();
    let cost = costs.map(|c| known(Sum::of(c.into_iter().flatten()))).transpose()?;
    let profit = cost.and_then(|c| revenue.checked_sub(c));
    let floor = floor(index, customer);
    let account = index.accounts_of(customer).iter().find(|a| a.currency == base);
    let limit = match book.customers[customer].get("credit_limit") {
        Value::Num(n) => Some(n),
        _ => None,
    };
    Ok(Estimate {
        revenue,
        total: total(&lines, base)?,
        cost,
        profit,
        margin: profit.filter(|_| !revenue.is_zero()).and_then(|p| p.checked_div(revenue)),
        floor,
        min_amount: cost.and_then(|c| min_price(c, floor?)),
        usual_margin: index.figures(customer).margin(),
        outstanding: account.map_or(Sum::ZERO, |a| a.outstanding()),
        overdue: account.map_or(Sum::ZERO, |a| a.ageing(book.today).overdue()),
        credit_limit: limit,
        judged,
    })
}
