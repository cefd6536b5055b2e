//! What deals add up to: those that are open on the day, with what is likely to come of them, and those that were won and
//! lost in a period.

use super::deals::{Deal, LOST, OPEN, WON, stages};
use super::stays::{Rate, median, quantile};
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What deals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Who follows them.
    Rep,
    /// The product that they are mostly about.
    Product,
    /// Where they came from.
    Source,
    /// Their stage.
    Stage,
    /// Whose they are.
    Customer,
    /// The month in which an open deal is expected to be won, and a deal that has ended was won or lost.
    Month,
}

impl By {
    /// All of them, with their keys.
    pub const ALL: [(&'static str, By); 6] = [
        ("rep", By::Rep),
        ("product", By::Product),
        ("source", By::Source),
        ("stage", By::Stage),
        ("customer", By::Customer),
        ("month", By::Month),
    ];

    /// The group of a deal; empty = none.
    pub fn of(self, book: &Book, deal: &Deal<'_>) -> String {
        match self {
            By::Rep => deal.now("owner").to_string(),
            By::Product => deal.entry("product").to_string(),
            By::Source => deal.entry("source").to_string(),
            By::Stage => deal.stage().to_string(),
            By::Customer => book.present_id(deal.entry("customer")).to_string(),
            By::Month => {
                let day = if deal.state() == OPEN { deal.close_date() } else { deal.ended() };
                day.map_or_else(String::new, |d| d.format("%Y-%m").to_string())
            }
        }
    }
}

/// How often deals that were in a stage were won, of all that have ended: for each open stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    rates: HashMap<String, Rate>,
}

impl History {
    /// What the deals of the book that have ended tell.
    pub fn new(book: &Book) -> History {
        let mut rates: HashMap<String, Rate> = HashMap::new();
        for deal in Deal::all(book).filter(|d| matches!(d.state(), WON | LOST)) {
            let visited: HashSet<Str> = deal.visits().iter().map(|v| v.state).collect();
            for stage in visited {
                let rate = rates.entry(stage.to_string()).or_default();
                rate.cases += 1;
                rate.hits += i64::from(deal.state() == WON);
            }
        }
        rates.retain(|stage, _| super::deals::category(&book.settings, stage) == OPEN);
        History { rates }
    }

    /// Those that were in a stage: how many of them were won.
    pub fn rate(&self, stage: &str) -> Rate {
        self.rates.get(stage).copied().unwrap_or_default()
    }

    /// The chance of winning a deal: by the history of its stage where that has enough cases, else by kehu.toml.
    pub fn chance(&self, deal: &Deal<'_>) -> Option<Decimal> {
        self.rate(deal.stage()).told().or_else(|| deal.probability())
    }

    /// Amount × [`History::chance`].
    pub fn weighted(&self, deal: &Deal<'_>) -> Option<Decimal> {
        deal.amount()?.checked_mul(self.chance(deal)?)
    }

    /// The open stages of kehu.toml, with what their history tells.
    pub fn stages<'s>(&'s self, book: &'s Book) -> impl Iterator<Item = (&'s str, Rate)> {
        let open = |s: &&str| super::deals::category(&book.settings, s) == OPEN;
        stages(&book.settings).into_iter().filter(open).map(|s| (s, self.rate(s)))
    }
}

/// The figures of a group of deals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Open deals.
    pub open: i64,
    /// What they come to, as far as it is known.
    amount: Sum,
    /// Amount × the probability of the stage.
    weighted: Sum,
    /// Amount × the chance by history, see [`History::chance`].
    by_history: Sum,
    /// Days in their stages, shortest first.
    ages: Vec<i64>,
    /// Open deals whose close day is over.
    pub past: i64,
    /// How often close days of open deals were put off.
    pub slips: i64,
    /// Deals that were won.
    pub won: i64,
    /// What they came to.
    won_amount: Sum,
    /// Deals that were lost.
    pub lost: i64,
    /// What they would have come to.
    lost_amount: Sum,
    /// Deals that are open, won and lost, whose amount is not known.
    pub unknown: [i64; 3],
    /// Days from entry to won, shortest first.
    cycles: Vec<i64>,
}

impl Figures {
    /// Counts a deal: an open one as it stands today, another one where it ended in the period.
    fn add(&mut self, deal: &Deal<'_>, history: &History, period: Period, today: Day) {
        let amount = deal.amount();
        let sort = match deal.state() {
            OPEN => {
                self.open += 1;
                self.ages.extend(deal.days_in_stage());
                self.past += i64::from(deal.close_date().is_some_and(|d| d < today));
                self.slips += deal.slips();
                if let Some(amount) = amount {
                    self.amount.add(amount);
                    deal.weighted().into_iter().for_each(|w| self.weighted.add(w));
                    history.weighted(deal).into_iter().for_each(|w| self.by_history.add(w));
                }
                0
            }
            WON if in_period(deal, period) => {
                self.won += 1;
                amount.into_iter().for_each(|a| self.won_amount.add(a));
                let cycle = deal.made().zip(deal.ended()).map(|(made, ended)| (ended - made.day).num_days());
                self.cycles.extend(cycle);
                1
            }
            LOST if in_period(deal, period) => {
                self.lost += 1;
                amount.into_iter().for_each(|a| self.lost_amount.add(a));
                2
            }
            _ => return,
        };
        self.unknown[sort] += i64::from(amount.is_none());
    }

    fn sort(&mut self) {
        self.ages.sort_unstable();
        self.cycles.sort_unstable();
    }

    /// Deals that ended in the period: the cases of the rates.
    pub fn ended(&self) -> i64 {
        self.won + self.lost
    }
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.open == 0 && self.ended() == 0
    }
    /// A sum over deals of a sort (open, won, lost); `None` where there are some, and of none the amount is known.
    fn told(&self, sum: Sum, count: i64, sort: usize) -> Option<Decimal> {
        sum.known().filter(|_| count == 0 || self.unknown[sort] < count)
    }
    /// What open deals come to: amount, by the probability of their stages, by history.
    pub fn pipeline(&self) -> [Option<Decimal>; 3] {
        [self.amount, self.weighted, self.by_history].map(|sum| self.told(sum, self.open, 0))
    }
    /// What won deals came to.
    pub fn won_amount(&self) -> Option<Decimal> {
        self.told(self.won_amount, self.won, 1)
    }
    /// What lost deals would have come to.
    pub fn lost_amount(&self) -> Option<Decimal> {
        self.told(self.lost_amount, self.lost, 2)
    }
    /// Won of all that ended.
    pub fn win_rate(&self) -> Option<Decimal> {
        Decimal::from(self.won).checked_div(Decimal::from(self.ended()))
    }
    /// The same by amount.
    pub fn win_rate_amount(&self) -> Option<Decimal> {
        let (won, lost) = (self.won_amount()?, self.lost_amount()?);
        won.checked_div(won.checked_add(lost)?)
    }
    /// Median days in the stage.
    pub fn age(&self) -> Option<Decimal> {
        median(&self.ages)
    }
    /// The days that nine of ten stay below or reach.
    pub fn age_p90(&self) -> Option<i64> {
        quantile(&self.ages, 90)
    }
    /// Median days from entry to won.
    pub fn cycle(&self) -> Option<Decimal> {
        median(&self.cycles)
    }
    /// The same for nine of ten.
    pub fn cycle_p90(&self) -> Option<i64> {
        quantile(&self.cycles, 90)
    }
    /// What the pipeline brings a day: open deals × win rate × mean amount of a won deal ÷ median cycle.
    pub fn velocity(&self) -> Option<Decimal> {
        let mean = self.won_amount()?.checked_div(Decimal::from(self.won - self.unknown[1]))?;
        let won = Decimal::from(self.open).checked_mul(self.win_rate()?)?;
        won.checked_mul(mean)?.checked_div(self.cycle()?)
    }
}

/// Whether a deal ended in a period.
pub fn in_period(deal: &Deal<'_>, period: Period) -> bool {
    match deal.ended() {
        Some(day) => period.contains(day),
        // Of one that nothing says when it ended, all that is known is that it did.
        None => period == Period::ALL,
    }
}

/// The figures of some deals by group, and all together. Groups in which nothing counts are left out.
pub fn figures<'a>(
    book: &Book,
    deals: &[Deal<'a>],
    (by, period): (By, Period),
    history: &History,
) -> (BTreeMap<String, Figures>, Figures) {
    let mut groups: BTreeMap<String, Figures> = BTreeMap::new();
    let mut whole = Figures::default();
    for deal in deals {
        groups.entry(by.of(book, deal)).or_default().add(deal, history, period, book.today);
        whole.add(deal, history, period, book.today);
    }
    groups.retain(|_, f| !f.is_empty());
    groups.values_mut().for_each(Figures::sort);
    whole.sort();
    (groups, whole)
}

/// Why deals were lost in a period: (reason, competitor) with how many they were and what they would have come to.
pub fn lost<'d, 'a: 'd>(deals: impl Iterator<Item = &'d Deal<'a>>, period: Period) -> BTreeMap<(Str, Str), (i64, Sum)> {
    let mut out: BTreeMap<(Str, Str), (i64, Sum)> = BTreeMap::new();
    for deal in deals.filter(|d| d.state() == LOST && in_period(d, period)) {
        let told = deal.last_move().map_or(("", ""), |e| (e.reason(), e.competitor()));
        let (count, sum) = out.entry(told).or_default();
        *count += 1;
        deal.amount().into_iter().for_each(|a| sum.add(a));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    #[test]
    fn what_the_pipeline_brings_a_day() {
        let check = |open: i64, won: i64, lost: i64, amount: i64, cycles: &[i64], expected: Option<&str>| {
            let figures = Figures {
                open,
                won,
                lost,
                won_amount: Sum::of([Decimal::from(amount)]),
                cycles: cycles.to_vec(),
                ..Figures::default()
            };
            assert_eq!(figures.velocity(), expected.and_then(parse_decimal), "{open} {won} {lost} {cycles:?}");
        };
        // 10 open × 2/4 × 30,000 / 40 days.
        check(10, 2, 2, 60_000, &[30, 50], Some("3750"));
        check(0, 2, 2, 60_000, &[30, 50], Some("0"));
        check(10, 0, 2, 0, &[], None);
        check(10, 1, 0, 500, &[0], None);
        check(10, 0, 0, 0, &[], None);
    }
}
