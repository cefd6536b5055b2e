//! What orders, contracts, projects and deals were to bring, and what they brought (R6): planned revenue, cost and profit beside
//! those of the orders that belong to them. What is not known stays unknown.

use super::approval;
use super::complaints::Complaint;
use super::deals::Deal;
use super::engine::index::Index;
use super::profit::{Sale, sales};
use super::quotes::State;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum, multiply, parse_decimal};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::model::row::PlainRow;
use std::collections::{BTreeMap, HashMap};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Orders.
    Order,
    /// Sales contracts.
    Contract,
    /// Projects: their contracts, sales less purchase.
    Project,
    /// Deals.
    Deal,
}

/// What something was to bring, without tax, in the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// Revenue.
    pub revenue: Option<Decimal>,
    /// Cost.
    pub cost: Option<Decimal>,
}

impl Plan {
    /// Revenue − cost.
    pub fn profit(&self) -> Option<Decimal> {
        self.revenue?.checked_sub(self.cost?)
    }
}

/// What something brought: all sums are of the orders that belong to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actual {
    /// Orders.
    pub orders: i64,
    revenue: Sum,
    cost: Sum,
    extra_cost: Sum,
    /// What was let go afterwards.
    pub allowances: Sum,
    /// What complaints about the orders cost, as far as it was entered.
    pub complaint_cost: Sum,
    /// Lines whose worth is unknown.
    no_worth: i64,
    /// Lines whose cost is unknown.
    no_cost: i64,
    /// The rows behind it.
    pub places: Vec<RowPlace>,
}

impl Actual {
    /// Net of the lines, returns taken off.
    pub fn revenue(&self) -> Option<Decimal> {
        self.revenue.known().filter(|_| self.orders > 0 && self.no_worth == 0)
    }
    /// Their cost.
    pub fn cost(&self) -> Option<Decimal> {
        self.cost.known().filter(|_| self.orders > 0 && self.no_cost == 0)
    }
    /// Their extra cost.
    pub fn extra_cost(&self) -> Option<Decimal> {
        self.extra_cost.known().filter(|_| self.orders > 0)
    }
    /// Revenue − allowances − cost − extra cost − the cost of complaints.
    pub fn profit(&self) -> Option<Decimal> {
        let left = self.revenue()?.checked_sub(self.allowances.known()?)?.checked_sub(self.cost()?)?;
        left.checked_sub(self.extra_cost()?)?.checked_sub(self.complaint_cost.known()?)
    }
    fn add(&mut self, other: &Actual) {
        self.orders += other.orders;
        self.revenue = self.revenue.plus(other.revenue);
        self.cost = self.cost.plus(other.cost);
        self.extra_cost = self.extra_cost.plus(other.extra_cost);
        self.allowances = self.allowances.plus(other.allowances);
        self.complaint_cost = self.complaint_cost.plus(other.complaint_cost);
        self.no_worth += other.no_worth;
        self.no_cost += other.no_cost;
        self.places.extend(&other.places);
    }
}

/// A thing, what it was to bring, and what it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its id, or the project's name.
    pub id: String,
    /// The customer's index, of a single one.
    pub customer: Option<usize>,
    /// When it began.
    pub day: Option<Day>,
    /// What the plan is taken from: `quote`, `lines`, `contract`, `contracts`, `deal`.
    pub source: &'static str,
    /// What was planned.
    pub plan: Plan,
    /// What came of it.
    pub actual: Actual,
    /// The rows that the plan is taken from.
    pub places: Vec<RowPlace>,
}

/// Everything of a sort that began in a period.
pub fn outcomes(index: &Index<'_>, by: By, period: Period) -> Vec<Outcome> {
    let found = match by {
        By::Order => of_orders(index),
        By::Contract => of_contracts(index),
        By::Project => of_projects(index),
        By::Deal => of_deals(index),
    };
    let inside = |o: &Outcome| o.day.map_or(period == Period::ALL, |d| period.contains(d));
    let mut list: Vec<Outcome> = found.into_iter().filter(inside).collect();
    list.sort_by(|a, b| a.day.cmp(&b.day).then_with(|| a.id.cmp(&b.id)));
    list
}

/// Orders with what came of them; a return, an allowance and a complaint belong to the order that they name.
fn actuals<'a>(index: &Index<'a>) -> BTreeMap<&'a str, (Actual, Vec<OrderLine>)> {
    let book: &'a Book = index.book;
    let mut out: BTreeMap<&str, (Actual, Vec<OrderLine>)> = BTreeMap::new();
    for s in sales(book, index.prices(), Period::ALL) {
        let Sale { line, order, place, .. } = s;
        let of = line.and_then(|l| l.returns().rsplit_once('/')).map_or(order, |(id, _)| id);
        if of.is_empty() {
            continue;
        }
        let (actual, lines) = out.entry(of).or_default();
        actual.places.push(place);
        match line {
            None => s.revenue().into_iter().for_each(|a| actual.allowances.add(-a)),
            Some(line) => {
                if line.returns().is_empty() {
                    lines.push(line);
                }
                let cost = s.cost.and_then(crate::model::money::Fixed::decimal);
                match s.revenue() {
                    Some(net) => actual.revenue.add(net),
                    None => actual.no_worth += 1,
                }
                match cost {
                    Some(cost) => actual.cost.add(cost),
                    None => actual.no_cost += 1,
                }
                s.extra_cost.decimal().into_iter().for_each(|c| actual.extra_cost.add(c));
            }
        }
    }
    // What names an order that is not there, or a cancelled one, belongs to none.
    out.retain(|_, (_, lines)| !lines.is_empty());
    out.values_mut().for_each(|(actual, _)| actual.orders = 1);
    for c in index.complaints().all() {
        complaint_cost(c, &mut out);
    }
    out
}

fn complaint_cost(c: &Complaint<'_>, out: &mut BTreeMap<&str, (Actual, Vec<OrderLine>)>) {
    if let (Some((actual, _)), Some(cost)) = (out.get_mut(c.entry("order")), c.cost()) {
        actual.complaint_cost.add(cost);
        actual.places.push(c.row.place);
    }
}

fn of_orders(index: &Index<'_>) -> Vec<Outcome> {
    let book = index.book;
    let quoted: HashMap<Str, usize> = {
        let all = index.quotes().all().iter().enumerate();
        let accepted = all.filter(|(_, q)| q.state(book.today) == State::Accepted);
        accepted.filter_map(|(n, q)| Some((q.order()?, n))).collect()
    };
    let one = |(id, (actual, lines)): (&str, (Actual, Vec<OrderLine>))| {
        let first = lines.first().copied();
        let quote = quoted.get(id).and_then(|n| index.quotes().all().get(*n));
        let (source, plan, places) = match quote {
            Some(q) => {
                // By the standard costs of the day on which the version was made, whatever they are today.
                let version = q.current();
                let amounts = version.amounts(index.prices(), &book.settings, version.at.day);
                let places = version.lines.iter().map(|l| l.place).collect();
                ("quote", Plan { revenue: amounts.net, cost: amounts.cost }, places)
            }
            None => ("lines", at_entry(index, &lines), lines.iter().map(|l| l.place()).collect()),
        };
        Outcome {
            id: id.to_string(),
            customer: first.and_then(|l| book.customer_index(l.customer())),
            day: first.map(|l| l.day()),
            source,
            plan,
            actual,
            places,
        }
    };
    actuals(index).into_iter().map(one).collect()
}

/// What the lines of an order say by themselves: their net, and the unit cost that was frozen when they were entered.
fn at_entry(index: &Index<'_>, lines: &[OrderLine]) -> Plan {
    let sum = |of: &dyn Fn(&OrderLine) -> Option<Decimal>| {
        lines.iter().try_fold(Decimal::ZERO, |sum, l| sum.checked_add(of(l)?))
    };
    let rate = |l: &OrderLine| index.prices().rate(l.currency(), l.day());
    let net = |l: &OrderLine| multiply(index.prices().net(*l)?, rate(l)?);
    let number = |l: &OrderLine, column: &str| Ledger::Orders.column(column).and_then(|n| l.exact(n)?.decimal());
    let cost = |l: &OrderLine| multiply(multiply(number(l, "quantity")?, number(l, "unit_cost")?)?, rate(l)?);
    Plan { revenue: sum(&net), cost: sum(&cost) }
}

/// A contract that counts.
struct Contract {
    row: PlainRow,
    id: Str,
    sells: bool,
    day: Option<Day>,
    /// Without tax, in the base currency.
    amount: Option<Decimal>,
    project: Str,
}

/// The contracts that count, by id. Their amounts are with tax, and are told without it by `[tax] default_rate`.
fn contracts(index: &Index<'_>) -> Vec<Contract> {
    let (book, ledger) = (index.book, Ledger::Contracts);
    let rate = book.settings.file.tax.default_rate.map_or(Decimal::ZERO, |r| r.0);
    let one = |row: &PlainRow| {
        let cell = |name: &str| ledger.column(name).map_or("", |n| row.cell(n));
        let day = At::parse(cell("at"), book.settings.tz).map(|at| at.day).or_else(|| parse_day(cell("at")));
        let amount = || {
            let exchange = index.prices().rate(cell("currency"), day?)?;
            let whole = parse_decimal(cell("amount"))?.checked_mul(exchange)?;
            whole.checked_div(Decimal::ONE.checked_add(rate)?)
        };
        Contract {
            row: row.clone(),
            id: cell("id"),
            sells: cell("kind") == "sales",
            day,
            amount: amount(),
            project: cell("project"),
        }
    };
    let all = book.plain.get(&ledger).into_iter().flatten().map(one);
    let mut list: Vec<Contract> = all.filter(|c| approval::counts(book, ledger, c.id)).collect();
    list.sort_by_key(|c| c.id);
    list
}

/// The sums of orders by what their lines say of themselves.
fn grouped(index: &Index<'_>, key: impl Fn(OrderLine) -> Str) -> HashMap<Str, Actual> {
    let mut out: HashMap<Str, Actual> = HashMap::new();
    for (actual, lines) in actuals(index).into_values() {
        if let Some(key) = lines.first().map(|l| key(*l)).filter(|key| !key.is_empty()) {
            out.entry(key).or_default().add(&actual);
        }
    }
    out
}

fn of_contracts(index: &Index<'_>) -> Vec<Outcome> {
    let orders = grouped(index, |l| l.contract());
    let one = |c: Contract| Outcome {
        id: c.id.to_string(),
        customer: Ledger::Contracts.column("party").and_then(|n| index.book.customer_index(c.row.cell(n))),
        day: c.day,
        source: "contract",
        plan: Plan { revenue: c.amount, cost: None },
        actual: orders.get(c.id).cloned().unwrap_or_default(),
        places: vec![c.row.place],
    };
    contracts(index).into_iter().filter(|c| c.sells).map(one).collect()
}

/// Projects: what their sales contracts come to, less what their purchase contracts do; one without any of a sort knows nothing of it.
fn of_projects(index: &Index<'_>) -> Vec<Outcome> {
    let orders = grouped(index, |l| l.contract());
    let mut projects: BTreeMap<Str, Vec<Contract>> = BTreeMap::new();
    contracts(index).into_iter().filter(|c| !c.project.is_empty()).for_each(|c| {
        projects.entry(c.project).or_default().push(c);
    });
    let one = |(project, list): (Str, Vec<Contract>)| {
        let sum = |sells: bool| {
            let mut its = list.iter().filter(|c| c.sells == sells).peekable();
            its.peek()?;
            its.try_fold(Decimal::ZERO, |sum, c| sum.checked_add(c.amount?))
        };
        let mut actual = Actual::default();
        list.iter().filter_map(|c| orders.get(c.id)).for_each(|a| actual.add(a));
        Outcome {
            id: project.to_string(),
            customer: None,
            day: list.iter().filter_map(|c| c.day).min(),
            source: "contracts",
            plan: Plan { revenue: sum(true), cost: sum(false) },
            actual,
            places: list.iter().map(|c| c.row.place).collect(),
        }
    };
    projects.into_iter().map(one).collect()
}

fn of_deals(index: &Index<'_>) -> Vec<Outcome> {
    let orders = grouped(index, |l| l.deal());
    let one = |d: Deal<'_>| Outcome {
        id: d.id().to_string(),
        customer: d.customer(),
        day: d.made().map(|at| at.day),
        source: "deal",
        plan: Plan { revenue: d.amount(), cost: None },
        actual: orders.get(d.id()).cloned().unwrap_or_default(),
        places: vec![d.row.place],
    };
    Deal::all(index.book).map(one).collect()
}
