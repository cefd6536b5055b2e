//! R7, R8: what customers are worth, and whether they still are customers, by models of how they buy.
//!
//! The only place in which real numbers stand for money and counts: a likelihood has no exact value. What goes in and what comes out is
//! decimal. Everything is worked out in one order, with the functions of libm, so that it is the same on every machine and for any
//! number of threads.

pub mod bgnbd;
pub mod buyers;
pub mod gamma_gamma;
mod newton;
mod numeric;
pub mod tracking;

pub use newton::Optimum;

use self::bgnbd::Buying;
use self::buyers::{Buyer, Buyers};
use self::gamma_gamma::{Spending, Spent};
use crate::model::Map;
use crate::model::day::Day;
use crate::model::money::{Decimal, minor_digits, round};
use crate::model::period::Period;
use crate::rules::engine::groups::{Numbered, by_customer};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::{inside, once};
use crate::rules::profit::Figures;
use crate::rules::stays::FEW;
use chrono::Months;
use rayon::prelude::*;
use rust_decimal::prelude::ToPrimitive;

/// Digits of estimates that are no money.
pub const DIGITS: u32 = 6;

/// Years of a customer's own that count as much as what is known of others like it, where no model says what to expect.
const YEARS_OF_OTHERS: f64 = 1.0;

/// Days of a year, where a length in days is turned into years.
const YEAR: f64 = 365.25;

/// How a company's customers buy.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// How often; `None` where nobody has ordered on two days.
    pub buying: Option<Optimum<4>>,
    /// How much; `None` where no repeat day is known to have come to anything.
    pub spending: Option<Optimum<3>>,
    /// Customers that have ordered.
    pub buyers: usize,
    /// Those that have ordered on two days.
    pub repeaters: usize,
    /// Those whose repeat days came to something.
    pub spenders: usize,
    /// The mean of the means of their repeat days.
    typical: f64,
    /// Repeat order days a week of all, where nobody ordered on two days.
    rate: f64,
}

impl Model {
    /// Fits both models.
    pub fn new(buyers: &[Buyer]) -> Model {
        let pasts: Vec<_> = buyers.iter().map(|b| b.past).collect();
        let spent: Vec<Spent> = buyers.iter().filter_map(|b| b.spent).collect();
        let (buying, spending) = rayon::join(|| bgnbd::fit(&pasts), || gamma_gamma::fit(&spent));
        let repeaters = pasts.iter().filter(|p| p.repeats > 0).count();
        let weeks: f64 = pasts.iter().map(|p| f64::from(p.age) / 7.0).sum();
        // Half an order in a year more than there were: what nobody has seen yet may still be.
        let rate = 0.5 / (weeks + YEAR / 7.0);
        let typical = spent.iter().map(|s| s.mean).sum::<f64>() / (spent.len().max(1)) as f64;
        Model { buying, spending, buyers: buyers.len(), repeaters, spenders: spent.len(), typical, rate }
    }

    /// Whether there is enough to go by: so many customers that came back that what they tell is no accident.
    pub fn is_sound(&self) -> bool {
        let few = usize::try_from(FEW).unwrap_or_default();
        self.repeaters >= few
            && self.spenders >= few
            && self.buying.is_some_and(|f| f.converged)
            && self.spending.is_some_and(|f| f.converged)
    }

    /// The chance that a customer still is one.
    pub fn alive(&self, buyer: &Buyer) -> f64 {
        self.buying.as_ref().map_or(1.0, |found| Buying::of(found).alive(&buyer.past))
    }

    /// The order days expected of a customer in the next so many days.
    pub fn orders(&self, buyer: &Buyer, days: u32) -> f64 {
        match &self.buying {
            Some(found) => Buying::of(found).expected(&buyer.past, days),
            None => self.rate * f64::from(days) / 7.0,
        }
    }

    /// The same if customers left less (or, below zero, more) often by a share.
    pub fn orders_if(&self, buyer: &Buyer, days: u32, fewer: f64) -> f64 {
        match &self.buying {
            Some(found) => Buying::of(found).expected_if(&buyer.past, days, fewer),
            None => self.orders(buyer, days),
        }
    }

    /// What a customer is expected to spend on an order day; `None` where nobody's is known.
    pub fn spends(&self, buyer: &Buyer) -> Option<f64> {
        let found = self.spending.as_ref()?;
        Some(Spending::of(found).expected(buyer.spent.as_ref()).unwrap_or(self.typical))
    }
}

/// What the expected profit of a customer was worked out from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// Orders × spending × margin of the models.
    Model {
        /// What it is expected to spend on an order day.
        spends: f64,
        /// Its own margin.
        margin: f64,
    },
    /// Its own profit of twelve months, drawn to that of others like it.
    Shrunk {
        /// Its own.
        own: f64,
        /// That of the others in the mean.
        others: f64,
        /// How much its own counts, 0 to 1.
        weight: f64,
    },
}

/// What a customer brings in the next twelve months.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// The chance that it still is a customer.
    pub alive: f64,
    /// Order days.
    pub orders: f64,
    /// How its profit was worked out; `None` where nobody knows what it earns.
    pub basis: Option<Basis>,
}

/// What all customers are worth.
#[derive(Debug)]
pub struct Values {
    /// Who ordered when.
    pub buyers: Buyers,
    /// How they buy.
    pub model: Model,
    /// The forecasts, in the order of the buyers.
    forecasts: Vec<Forecast>,
    /// What each customer bought and earned so far.
    so_far: Numbered,
    /// What the profit of the next twelve months is worth today.
    discount: f64,
    digits: u32,
}

/// What all customers are worth; worked out when it is first asked for.
pub fn values<'i>(index: &'i Index<'_>) -> &'i Values {
    once(&index.values, || Values::new(index))
}

/// The price of waiting a year for money, as a fraction: `[kpi] discount_rate`.
pub fn discount_rate(index: &Index<'_>) -> Decimal {
    index.book.settings.file.kpi.discount_rate()
}

/// Days of the next twelve months.
pub fn days_ahead(today: Day) -> u32 {
    let end = today.checked_add_months(Months::new(12)).unwrap_or(today);
    u32::try_from((end - today).num_days()).unwrap_or_default()
}

impl Values {
    fn new(index: &Index<'_>) -> Values {
        let buyers = Buyers::new(index);
        let model = Model::new(buyers.all());
        let so_far = by_customer(index.book, index.prices(), Period::ALL);
        let others = (!model.is_sound()).then(|| Others::new(index, &buyers));
        let days = days_ahead(index.book.today);
        let one = |b: &Buyer| {
            let margin = || so_far.of(b.customer).margin()?.to_f64();
            let basis = match &others {
                None => model.spends(b).zip(margin()).map(|(spends, margin)| Basis::Model { spends, margin }),
                Some(others) => others.shrunk(index, b),
            };
            Forecast { alive: model.alive(b), orders: model.orders(b, days), basis }
        };
        let forecasts = buyers.all().par_iter().with_min_len(512).map(|b| inside(|| one(b))).collect();
        let rate = discount_rate(index).to_f64().unwrap_or_default();
        // Orders come all year long: in the mean in its middle.
        let discount = 1.0 / libm::sqrt(1.0 + rate);
        let digits = minor_digits(&index.book.settings.file.currency);
        Values { buyers, model, forecasts, so_far, discount, digits }
    }

    /// What a customer bought so far; nothing of one that never did.
    pub fn spent(&self, customer: usize) -> Option<Decimal> {
        let figures = self.figures(customer)?;
        Some(figures.revenue().normalize())
    }

    /// What it earned us so far; `None` where nobody knows.
    pub fn earned(&self, customer: usize) -> Option<Decimal> {
        self.figures(customer)?.profit().map(|d| d.normalize())
    }

    /// What it bought and earned so far; `None` where there was nothing.
    pub fn figures(&self, customer: usize) -> Option<&Figures> {
        Some(self.so_far.of(customer)).filter(|f| !f.is_empty() && !f.is_unreadable())
    }

    /// The forecast of a customer; `None` of one that has not ordered.
    pub fn forecast(&self, customer: usize) -> Option<(&Buyer, &Forecast)> {
        let place = self.buyers.place(customer)?;
        Some((&self.buyers.all()[place], &self.forecasts[place]))
    }

    /// The chance that it still is a customer.
    pub fn alive(&self, customer: usize) -> Option<Decimal> {
        estimate(self.forecast(customer)?.1.alive, DIGITS)
    }

    /// The order days expected in the next twelve months.
    pub fn expected_orders(&self, customer: usize) -> Option<Decimal> {
        estimate(self.forecast(customer)?.1.orders, DIGITS)
    }

    /// The profit expected in the next twelve months, as it is worth today (R8).
    pub fn expected(&self, customer: usize) -> Option<Decimal> {
        let (_, forecast) = self.forecast(customer)?;
        estimate(self.profit(forecast)? * self.discount, self.digits)
    }

    /// The profit of a forecast, not discounted.
    pub fn profit(&self, forecast: &Forecast) -> Option<f64> {
        Some(match forecast.basis? {
            Basis::Model { spends, margin } => forecast.orders * spends * margin,
            Basis::Shrunk { own, others, weight } => weight * own + (1.0 - weight) * others,
        })
    }

    /// What the profit of the next twelve months is worth today, as a fraction of it.
    pub const fn discount(&self) -> f64 {
        self.discount
    }

    /// What some customers bring in the next years, as it is worth today, year by year, each with the years before it: as things are, and if
    /// customers left less often by a share. `None` where the models do not say it.
    pub fn what_if(&self, customers: &[usize], fewer: f64, years: u32) -> Option<Vec<(f64, f64)>> {
        let one = |customer: &usize| {
            let Some((b, forecast)) = self.forecast(*customer) else { return Some(Vec::new()) };
            let Some(Basis::Model { spends, margin }) = forecast.basis else {
                return forecast.basis.map(|_| Vec::new());
            };
            let (mut before, mut sum, mut out) = ((0.0, 0.0), (0.0, 0.0), Vec::new());
            for year in 1..=years {
                let days = libm::round(f64::from(year) * YEAR) as u32;
                let now = (self.model.orders(b, days), self.model.orders_if(b, days, fewer));
                // The middle of each year.
                let worth = spends * margin * libm::pow(self.discount, f64::from(2 * year - 1));
                sum.0 += worth * (now.0 - before.0);
                sum.1 += worth * (now.1 - before.1);
                before = now;
                out.push(sum);
            }
            Some(out)
        };
        if !self.model.is_sound() {
            return None;
        }
        let all: Vec<Option<Vec<(f64, f64)>>> =
            customers.par_iter().with_min_len(256).map(|c| inside(|| one(c))).collect();
        let mut sums = vec![(0.0, 0.0); years as usize];
        for (n, (now, then)) in all.iter().flatten().flat_map(|of| of.iter().enumerate()) {
            sums[n].0 += now;
            sums[n].1 += then;
        }
        Some(sums)
    }

    /// What was earned and what is expected together: the lifetime value by which customers are ranked (R8).
    pub fn lifetime(&self, customer: usize) -> Option<Decimal> {
        self.earned(customer)?.checked_add(self.expected(customer)?)
    }
}

/// An estimate as a decimal of so many digits.
pub fn estimate(value: f64, digits: u32) -> Option<Decimal> {
    Decimal::from_f64_retain(value).map(|d| round(d, digits).normalize())
}

/// What customers of each grade (or stage, where they have none) earned in twelve months.
struct Others {
    means: Map<crate::model::Str, (f64, i64)>,
    all: Option<f64>,
}

impl Others {
    fn new(index: &Index<'_>, buyers: &Buyers) -> Others {
        let mut sums: Map<crate::model::Str, (f64, i64)> = Map::default();
        let mut all = (0.0, 0);
        for b in buyers.all() {
            let Some(profit) = year_of(index, b.customer) else { continue };
            let sum = sums.entry(alike(index, b.customer)).or_default();
            *sum = (sum.0 + profit, sum.1 + 1);
            all = (all.0 + profit, all.1 + 1);
        }
        let mean = |(sum, n): (f64, i64)| (n > 0).then(|| sum / n as f64);
        let means = sums.into_iter().filter_map(|(k, s)| Some((k, (mean(s)?, s.1)))).collect();
        Others { means, all: mean(all) }
    }

    fn shrunk(&self, index: &Index<'_>, b: &Buyer) -> Option<Basis> {
        let own = year_of(index, b.customer)?;
        let known = self.means.get(alike(index, b.customer)).filter(|(_, n)| *n >= FEW);
        let others = known.map(|(mean, _)| *mean).or(self.all)?;
        let years = f64::from(b.past.age) / YEAR;
        Some(Basis::Shrunk { own, others, weight: years / (years + YEARS_OF_OTHERS) })
    }
}

/// Those who are alike before anything is bought: of one grade, else of one stage.
fn alike<'a>(index: &Index<'a>, customer: usize) -> crate::model::Str {
    let c = &index.book.customers[customer];
    if c.grade.is_empty() { c.stage } else { c.grade }
}

/// What a customer earned in the last twelve months; nothing bought in them is no profit.
fn year_of(index: &Index<'_>, customer: usize) -> Option<f64> {
    let figures = index.figures_of_year(customer);
    if figures.is_empty() { Some(0.0) } else { figures.profit()?.to_f64() }
}
