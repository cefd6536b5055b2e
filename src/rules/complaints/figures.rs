//! R11, R13: what complaints add up to by product, supplier, cause …: how many were solved, how many of them in time, how long it took, how many
//! came back, and what they cost.

use super::Complaint;
use crate::model::money::{Decimal, Sum, parse_decimal};
use crate::model::period::Period;
use crate::rules::engine::index::Index;
use crate::rules::prices::product_text;
use crate::rules::profit::sales;
use std::collections::BTreeMap;

/// What complaints are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A column of the complaint, or what its events made of it.
    Column(&'static str),
    /// The complaint's supplier, else that of its product on the day it was made.
    Supplier,
    /// Who handles it.
    Handler,
    /// The customer.
    Customer,
    /// The customer's owner.
    Owner,
}

impl By {
    /// All of them, with their machine keys.
    pub const ALL: [(&'static str, By); 11] = [
        ("category", By::Column("category")),
        ("product", By::Column("product")),
        ("supplier", By::Supplier),
        ("batch", By::Column("batch")),
        ("cause", By::Column("cause")),
        ("liability", By::Column("liability")),
        ("severity", By::Column("severity")),
        ("grade", By::Column("grade")),
        ("handler", By::Handler),
        ("customer", By::Customer),
        ("owner", By::Owner),
    ];

    /// The group of a complaint; empty = nobody knows it. The book must hold products.
    pub fn of<'a>(self, c: &Complaint<'a>) -> &'a str {
        match self {
            By::Column(name) => c.entry(name),
            By::Supplier => c.supplier(),
            By::Handler => c.handler(),
            By::Customer => c.customer().map_or("", |n| c.book.customers[n].id),
            By::Owner => c.customer().map_or("", |n| c.book.customers[n].owner),
        }
    }
}

impl<'a> Complaint<'a> {
    /// Its supplier, else that of its product on the day it was made; empty = nobody knows.
    pub fn supplier(&self) -> &'a str {
        match self.entry("supplier") {
            "" => product_text(self.book, self.entry("product"), self.made().day, |v| v.supplier),
            own => own,
        }
    }

    /// What it cost, where somebody wrote it down.
    pub fn cost(&self) -> Option<Decimal> {
        parse_decimal(self.entry("cost"))
    }
}

/// What some complaints add up to.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// How many.
    pub complaints: i64,
    /// Those with which something is still to be done.
    pub open: i64,
    /// Open ones past their deadlines.
    pub late: i64,
    /// Those that are solved.
    pub solved: i64,
    /// Those that were solved within their time.
    pub in_time: i64,
    /// Those of which is known whether they were: solved ones, and those past their deadlines.
    pub judged: i64,
    /// Those that were ever solved.
    pub once_solved: i64,
    /// Those of them that were opened again.
    pub reopened: i64,
    /// First answers that came in time.
    pub answered_in_time: i64,
    /// First answers of which is known whether they did.
    pub answers_judged: i64,
    /// Working seconds until each solved one was solved, the shortest first.
    pub took: Vec<i64>,
    /// Working seconds until each first answer, the quickest first.
    pub answered: Vec<i64>,
    /// What they cost, as far as it is known.
    pub cost: Sum,
    /// Those of which nobody wrote down what they cost.
    pub without_cost: i64,
}

impl Figures {
    fn add(&mut self, index: &Index<'_>, c: &Complaint<'_>) {
        let count = i64::from;
        self.complaints += 1;
        self.open += count(c.is_open());
        self.late += count(c.is_late());
        self.solved += count(c.clock.resolved.is_some());
        self.in_time += count(c.clock.in_time() == Some(true));
        self.judged += count(c.clock.in_time().is_some());
        self.once_solved += count(c.clock.resolved.is_some() || c.clock.reopened > 0);
        self.reopened += count(c.clock.reopened > 0);
        let response = c.response(index);
        self.answered_in_time += count(response.late == Some(false));
        self.answers_judged += count(response.late.is_some());
        self.took.extend(c.took());
        self.answered.extend(response.took);
        match c.cost() {
            Some(cost) => self.cost.add(cost),
            None => self.without_cost += 1,
        }
    }

    fn sort(&mut self) {
        self.took.sort_unstable();
        self.answered.sort_unstable();
    }

    /// Solved ones among all (R13).
    pub fn resolution_rate(&self) -> Option<Decimal> {
        share(self.solved, self.complaints)
    }

    /// Those solved in time among those of which it is known (R13).
    pub fn in_time_rate(&self) -> Option<Decimal> {
        share(self.in_time, self.judged)
    }

    /// Those that were opened again among those that were ever solved.
    pub fn reopen_rate(&self) -> Option<Decimal> {
        share(self.reopened, self.once_solved)
    }

    /// First answers in time among those of which it is known.
    pub fn answer_rate(&self) -> Option<Decimal> {
        share(self.answered_in_time, self.answers_judged)
    }
}

fn share(part: i64, whole: i64) -> Option<Decimal> {
    Decimal::from(part).checked_div(Decimal::from(whole))
}

/// What complaints add up to by group, and all together. The book must hold [`super::READS`], and products for suppliers.
pub fn figures<'x, 'a: 'x>(
    index: &Index<'a>,
    chosen: impl Iterator<Item = &'x Complaint<'a>>,
    by: By,
) -> (BTreeMap<&'a str, Figures>, Figures) {
    let mut groups: BTreeMap<&'a str, Figures> = BTreeMap::new();
    let mut whole = Figures::default();
    for c in chosen {
        whole.add(index, c);
        groups.entry(by.of(c)).or_default().add(index, c);
    }
    groups.values_mut().chain([&mut whole]).for_each(Figures::sort);
    (groups, whole)
}

/// How much complaints about a supplier's goods weigh against what was sold of them.
#[derive(Debug, Clone, Default)]
pub struct Supplied {
    /// Order lines of its products that were sold.
    pub lines: i64,
    /// Complaints about them.
    pub figures: Figures,
    /// The complaints that count against it, by the weights of `[suppliers] weights`.
    pub weighed: Decimal,
    /// What decides its score: weighed complaints for each order line; `None` where nothing was sold.
    pub rate: Option<Decimal>,
    /// 0 to 100, by `[suppliers] points`.
    pub score: Option<Decimal>,
}

/// The suppliers: what was sold of their products in a period, and what was complained about. Complaints for which somebody else is
/// liable do not count against a supplier; those of which nobody knows it do. The book must hold orders, products and rates.
pub fn suppliers<'x, 'a: 'x>(
    index: &Index<'a>,
    chosen: &[&'x Complaint<'a>],
    period: Period,
) -> BTreeMap<&'a str, Supplied> {
    let book = index.book;
    let settings = &book.settings.file.suppliers;
    let mut lines: BTreeMap<&'a str, i64> = BTreeMap::new();
    for sale in sales(book, index.prices(), period).iter().filter(|s| s.sells) {
        let supplier = product_text(book, sale.product, sale.day, |v| v.supplier);
        if !supplier.is_empty() {
            *lines.entry(supplier).or_default() += 1;
        }
    }
    let (groups, _) = figures(index, chosen.iter().copied(), By::Supplier);
    let mut out: BTreeMap<&'a str, Supplied> = BTreeMap::new();
    for (id, figures) in groups {
        out.insert(id, Supplied { figures, ..Supplied::default() });
    }
    for (id, count) in lines {
        out.entry(id).or_default().lines = count;
    }
    for c in chosen.iter().filter(|c| matches!(c.entry("liability"), "" | "unknown" | "supplier")) {
        let severity = if c.entry("severity").is_empty() { "normal" } else { c.entry("severity") };
        let one = out.entry(c.supplier()).or_default();
        one.weighed = one.weighed.saturating_add(settings.weight(severity));
    }
    let scale = settings.points();
    for s in out.values_mut() {
        s.rate = s.weighed.checked_div(Decimal::from(s.lines));
        s.score = s.rate.and_then(|rate| crate::rules::scorecard::points(&scale, rate, false));
    }
    out
}
