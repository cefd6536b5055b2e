//! R6: what each product earns, and which ones lead, lose, should pause or be dropped.

use super::engine::index::Index;
use super::floors::Floors;
use super::key_customers::key_customers;
use super::prices::version;
use super::profit::{Figures, Sale, sales, year};
use super::ranking::up_to_share;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use chrono::{Datelike, Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// A product in one quarter against the floor of those who bought it. Only lines whose cost is known and whose customer
/// had a floor take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Judged {
    /// Their revenue.
    pub revenue: Decimal,
    /// Their profit.
    pub profit: Decimal,
    /// The profit that they had to bring: Σ revenue × the floor of the line's customer on the order's day.
    pub least: Decimal,
}

impl Judged {
    /// Profit / revenue; `None` where nothing was sold.
    pub fn margin(&self) -> Option<Decimal> {
        if self.revenue > Decimal::ZERO { self.profit.checked_div(self.revenue) } else { None }
    }
    /// The floor of all lines together, weighted by revenue.
    pub fn floor(&self) -> Option<Decimal> {
        if self.revenue > Decimal::ZERO { self.least.checked_div(self.revenue) } else { None }
    }
    /// Whether the lines brought less than they had to.
    pub fn is_below(&self) -> bool {
        self.revenue > Decimal::ZERO && self.profit < self.least
    }
}

/// A product's figures and what they say.
#[derive(Debug, Clone, Default)]
pub struct Product<'a> {
    /// Its id; empty for lines and allowances without a product.
    pub id: &'a str,
    /// `active`, `paused` or `retired` at the window's end.
    pub status: &'a str,
    /// Its sales in the window.
    pub figures: Figures,
    /// Its sales in the busy season inside the window.
    pub season: Figures,
    /// The two last whole quarters, the earlier one first.
    pub quarters: [Judged; 2],
    /// Key customers who bought it in the twelve months up to the window's end, by index.
    pub key_customers: BTreeSet<usize>,
    /// Its share of the profit of all products.
    pub share: Option<Decimal>,
    /// The share that it and all products that earned more make up.
    pub cumulative: Option<Decimal>,
    /// One of the products that make up `[kpi] key_share` of the profit, with a margin at or above the company's, and no
    /// candidate for anything.
    pub leader: bool,
    /// Its margin is at or above the company's as a leader's is, and it earns too little to be one.
    pub promising: bool,
    /// It lost money in the window.
    pub loser: bool,
    /// It has one of the lowest margins of the busy season.
    pub pause: bool,
    /// It was below the floor for two quarters, and no key customer buys it.
    pub drop: bool,
}

impl Product<'_> {
    /// The margin of the busy season, of a product that is still made.
    pub fn season_margin(&self) -> Option<Decimal> {
        let made = !self.id.is_empty() && !matches!(self.status, "paused" | "retired");
        self.season.margin().filter(|_| made)
    }
    /// Whether it was below the floor in both quarters.
    pub fn is_below(&self) -> bool {
        self.quarters.iter().all(Judged::is_below)
    }
}

/// What the figures of products are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spans {
    /// The days of the figures.
    pub window: Period,
    /// The two last whole quarters up to the window's end, the earlier one first.
    pub quarters: [Period; 2],
    /// The twelve months up to the window's end.
    pub year: Period,
}

impl Spans {
    /// The days for a window seen from a day.
    pub fn new(window: Period, today: Day) -> Spans {
        let end = window.to.map_or(today, |to| to.min(today));
        Spans { window, quarters: quarters(end), year: year(end) }
    }

    /// Whether a day plays any part.
    pub fn contains(&self, day: Day) -> bool {
        self.window.contains(day) || self.quarters.iter().any(|q| q.contains(day))
    }
}

/// The two last calendar quarters that are over at the end of a day.
fn quarters(end: Day) -> [Period; 2] {
    let month = end.month0() / 3 * 3 + 1;
    let start = NaiveDate::from_ymd_opt(end.year(), month, 1).unwrap_or(end);
    let shift = |day: Day, months: u32| day.checked_sub_months(Months::new(months)).unwrap_or(day);
    // The quarter of the day itself counts when the day is its last.
    let after = start.checked_add_months(Months::new(3)).unwrap_or(start);
    let over = if end.succ_opt() == Some(after) { after } else { start };
    let quarter = |end: Day| Period { from: Some(shift(end, 3)), to: end.pred_opt() };
    [quarter(shift(over, 3)), quarter(over)]
}

/// The products of a window, and what they are measured against.
#[derive(Debug, Default)]
pub struct Judgement<'a> {
    /// Every product that was sold, what earned most first.
    pub list: Vec<Product<'a>>,
    /// The margin of the whole company in the window, whatever the filter leaves.
    pub company: Option<Decimal>,
}

/// Every product that was sold in the window. Key customers, and the margin that makes a leader, are those of the whole
/// company, whatever the filter leaves.
pub fn products<'a>(index: &Index<'a>, spans: &Spans, filter: &dyn Fn(&Sale<'a>) -> bool) -> Judgement<'a> {
    let book = index.book;
    let settings = &book.settings;
    let prices = index.prices();
    let end = spans.year.to.unwrap_or(book.today);
    let key = key_customers(index, end);
    let mut floors = Floors::new(index);
    let mut found: BTreeMap<&str, Product<'a>> = BTreeMap::new();
    let months = &settings.file.season.months;
    let mut company = Figures::default();
    for s in &sales(book, prices, Period { from: None, to: spans.window.to }) {
        if spans.window.contains(s.day) {
            company.add(s);
        }
        if !filter(s) {
            continue;
        }
        let p = found.entry(s.product).or_insert_with(|| Product { id: s.product, ..Product::default() });
        if spans.window.contains(s.day) {
            p.figures.add(s);
            if months.contains(&s.day.month()) {
                p.season.add(s);
            }
        }
        if let Some(customer) =
            s.customer.filter(|c| s.sells && spans.year.contains(s.day) && key[*c] && !s.product.is_empty())
        {
            p.key_customers.insert(customer);
        }
        let quarter = spans.quarters.iter().position(|q| q.contains(s.day));
        if let (Some(n), Some(revenue), Some(profit)) = (quarter, s.revenue(), s.profit())
            && !s.product.is_empty()
        {
            let floor = floors.on(s.customer, s.day);
            let q = &mut p.quarters[n];
            q.revenue = q.revenue.saturating_add(revenue);
            q.profit = q.profit.saturating_add(profit);
            q.least = q.least.saturating_add(revenue.saturating_mul(floor));
        }
    }
    let sold =
        |p: &Product<'_>| p.figures.lines > 0 || !p.figures.revenue().is_zero() || p.figures.unreadable_lines > 0;
    let mut list: Vec<Product<'a>> = found.into_values().filter(sold).collect();
    let earned = |p: &Product<'_>| p.figures.profit();
    list.sort_by(|a, b| {
        earned(b)
            .cmp(&earned(a))
            .then_with(|| b.figures.revenue().cmp(&a.figures.revenue()))
            .then_with(|| a.id.cmp(b.id))
    });
    for p in &mut list {
        p.status = version(book, p.id, end).map_or("", |v| v.status);
    }
    pause(&mut list, settings.pause_share());
    for p in list.iter_mut().filter(|p| !p.id.is_empty()) {
        p.loser = p.figures.profit().is_some_and(|x| x < Decimal::ZERO);
        p.drop = p.is_below() && p.key_customers.is_empty() && p.status != "retired";
    }
    let company = company.margin();
    lead(&mut list, settings.key_share(), company);
    Judgement { list, company }
}

/// Marks the leaders of a list in falling order of profit, and those that would be leaders if they earned more.
fn lead(list: &mut [Product<'_>], share: Decimal, company: Option<Decimal>) {
    let values: Vec<Decimal> = list.iter().map(|p| p.figures.profit().unwrap_or_default()).collect();
    let sum = Sum::of(values.iter().copied()).known().filter(|sum| *sum > Decimal::ZERO);
    let mut cumulative = Sum::ZERO;
    for (p, value) in list.iter_mut().zip(&values) {
        cumulative.add(*value);
        if let (Some(_), Some(sum)) = (p.figures.profit(), sum) {
            p.share = value.checked_div(sum);
            p.cumulative = cumulative.known().and_then(|c| c.checked_div(sum));
        }
    }
    let leaders = up_to_share(&values, share);
    for (n, p) in list.iter_mut().filter(|p| p.figures.profit().is_some()).enumerate() {
        let reaches = p.figures.margin().zip(company).is_some_and(|(own, company)| own >= company);
        let candidate = p.pause || p.drop || p.loser;
        let fits = reaches && !candidate && !p.id.is_empty();
        p.leader = fits && n < leaders;
        p.promising = fits && n >= leaders && !p.is_below() && !matches!(p.status, "paused" | "retired");
    }
}

/// Marks the products with the lowest margin of the season: a share of those that were sold in it, rounded up. A single
/// product has nothing to be compared with.
fn pause(list: &mut [Product<'_>], share: Decimal) {
    let mut margins: Vec<Decimal> = list.iter().filter_map(Product::season_margin).collect();
    margins.sort_unstable();
    let count = (Decimal::from(margins.len()) * share).ceil();
    let count = usize::try_from(count).unwrap_or(0);
    if margins.len() < 2 {
        return;
    }
    let Some(highest) = count.checked_sub(1).and_then(|n| margins.get(n)).copied() else { return };
    for p in list {
        p.pause = p.season_margin().is_some_and(|m| m <= highest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn quarters_are_whole_ones() {
        let day = |s: &str| parse_day(s).unwrap();
        let check = |end: &str, expected: [(&str, &str); 2]| {
            assert_eq!(quarters(day(end)), expected.map(|(a, b)| Period::new(day(a), day(b))), "{end}");
        };
        check("2026-06-30", [("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30")]);
        check("2026-06-29", [("2025-10-01", "2025-12-31"), ("2026-01-01", "2026-03-31")]);
        check("2026-01-01", [("2025-07-01", "2025-09-30"), ("2025-10-01", "2025-12-31")]);
        check("2026-12-31", [("2026-07-01", "2026-09-30"), ("2026-10-01", "2026-12-31")]);
    }

    #[test]
    fn nothing_sold_is_not_below() {
        let judged = |revenue: i64, profit: i64, least: i64| Judged {
            revenue: revenue.into(),
            profit: profit.into(),
            least: least.into(),
        };
        let check = |j: Judged, expected: bool| assert_eq!(j.is_below(), expected, "{j:?}");
        check(judged(1000, 79, 80), true);
        check(judged(1000, 80, 80), false);
        check(judged(0, 0, 0), false);
        check(judged(-100, -20, -8), false);
    }
}
