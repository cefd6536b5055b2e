//! R7: who is likely to leave, in bands; what the same scores said on a day in the past of those who have left since; and who
//! shows the signs that they showed. R6: what lost customers earned, and how many came back.

use super::activeness::{Change, Standing, State, change};
use super::counting::counts;
use super::engine::index::Index;
use super::engine::once::inside;
use super::gifts::{LEDGER as SPEND, in_base};
use super::history::{as_of, fold_of};
use super::profit::{figures, sales};
use super::risk::signs;
use crate::model::Str;
use crate::model::day::{At, Day, end_of_day};
use crate::model::money::{Decimal, Sum, parse_decimal};
use crate::model::period::Period;
use crate::model::settings::Settings;
use chrono::Months;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How likely a customer is to leave, by its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// `[risk] high` points or more.
    High,
    /// `[risk] watch` points or more.
    Watch,
    /// Fewer.
    Low,
}

impl Band {
    /// All bands, the highest first.
    pub const ALL: [Band; 3] = [Band::High, Band::Watch, Band::Low];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Band::High => "high",
            Band::Watch => "watch",
            Band::Low => "low",
        }
    }
    /// The band of some points.
    pub fn of(settings: &Settings, score: Decimal) -> Band {
        let risk = &settings.file.risk;
        match score {
            s if s >= risk.high() => Band::High,
            s if s >= risk.watch() => Band::Watch,
            _ => Band::Low,
        }
    }
}

/// What a customer showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The points of all signs.
    pub score: Decimal,
    /// The keys of the signs, with their points.
    pub signs: Vec<(&'static str, Decimal)>,
}

/// What a customer shows on the index's day; `None` for one that never ordered or is closed.
pub fn shown(index: &Index<'_>, customer: usize) -> Option<Shown> {
    if !index.ordered()[customer] || index.book.customers[customer].closed {
        return None;
    }
    let signs: Vec<_> = signs(index, customer).iter().map(|(sign, points)| (sign.label(), *points)).collect();
    let score = signs.iter().fold(Decimal::ZERO, |sum, (_, points)| sum.saturating_add(*points));
    Some(Shown { score, signs })
}

/// A customer that was active on a day in the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The customer's index in the present book.
    pub customer: usize,
    /// What it showed then, by what was known then.
    pub shown: Shown,
    /// Whether it is no longer active.
    pub left: bool,
}

/// All customers that were active at the end of a day and had ordered: what they showed then, by the data up to that day alone, and
/// whether they have left since.
pub fn cases(index: &Index<'_>, day: Day) -> Vec<Case> {
    let mut past = index.book.clone();
    (past.today, past.now) = (day, end_of_day(day, past.settings.tz));
    as_of(&mut past, true);
    let then = Index::new(&past);
    let (before, now) = (Standing::on(&then, day), Standing::on(index, index.book.today));
    let one = |n: usize| {
        let shown = shown(&then, n).filter(|_| before.is_active(n))?;
        let customer = index.book.customer_index(past.customers[n].id)?;
        Some(Case { customer, shown, left: !now.is_active(customer) })
    };
    (0..past.customers.len()).into_par_iter().with_min_len(256).filter_map(|n| inside(|| one(n))).collect()
}

/// How often a sign was seen on those who left and on those who stayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// On those who left.
    pub left: usize,
    /// On those who stayed.
    pub stayed: usize,
}

/// What those who left had shown.
#[derive(Debug, Default)]
pub struct Profile {
    /// How many left, and how many stayed.
    pub all: Seen,
    /// The same of those who showed a sign, by its key.
    pub signs: BTreeMap<&'static str, Seen>,
}

impl Profile {
    /// The profile of some cases.
    pub fn of<'c>(cases: impl Iterator<Item = &'c Case>) -> Profile {
        let mut out = Profile::default();
        let note = |seen: &mut Seen, left: bool| *if left { &mut seen.left } else { &mut seen.stayed } += 1;
        for case in cases {
            note(&mut out.all, case.left);
            case.shown.signs.iter().for_each(|(key, _)| note(out.signs.entry(key).or_default(), case.left));
        }
        out
    }

    /// Of those who showed what a customer shows now, and lacked what it lacks, which share would have left, if signs come independently
    /// of one another (naive Bayes; one case is added to each count). `None` where nobody left, or nobody stayed.
    pub fn likeness(&self, shown: &Shown) -> Option<Decimal> {
        if self.all.left == 0 || self.all.stayed == 0 {
            return None;
        }
        let share = |n: usize, of: usize| Decimal::from(n + 1).checked_div(Decimal::from(of + 2));
        let (mut left, mut stayed) = (Decimal::from(self.all.left), Decimal::from(self.all.stayed));
        for (key, seen) in &self.signs {
            let (mut l, mut s) = (share(seen.left, self.all.left)?, share(seen.stayed, self.all.stayed)?);
            if !shown.signs.iter().any(|(own, _)| own == key) {
                (l, s) = (Decimal::ONE - l, Decimal::ONE - s);
            }
            (left, stayed) = (left.checked_mul(l)?, stayed.checked_mul(s)?);
        }
        left.checked_div(left.checked_add(stayed)?)
    }
}

/// A customer that was lost.
#[derive(Debug, Clone)]
pub struct Lost<'a> {
    /// The customer's index.
    pub customer: usize,
    /// Its last order day.
    pub last: Day,
    /// What it earned in the twelve months up to then; `None` where nobody knows.
    pub profit: Option<Decimal>,
    /// What all customers earned in the same months.
    pub company: Option<Decimal>,
    /// The product that made most of its revenue in them.
    pub product: &'a str,
    /// Why somebody closed it; empty where nobody did, or said.
    pub reason: Str,
}

/// The twelve months that end on a day.
fn year_to(day: Day) -> Period {
    let from = day.checked_sub_months(Months::new(12)).and_then(|d| d.succ_opt());
    Period { from, to: Some(day) }
}

/// The customers that were active at the end of one day, and are not at the end of another, and that have ordered.
pub fn lost<'a>(index: &Index<'a>, (start, end): (Day, Day)) -> Vec<Lost<'a>> {
    let (before, after) = (Standing::on(index, start), Standing::on(index, end));
    let gone = (0..index.book.customers.len()).filter(|c| change(before.of(*c), after.of(*c)) == Change::Churned);
    let gone: Vec<(usize, Day)> = gone.filter_map(|c| Some((c, *index.order_days().until(c, end).last()?))).collect();
    let company = Earned::new(index);
    let one = |(customer, last): &(usize, Day)| {
        let period = year_to(*last);
        let own = index.sales(*customer, period);
        let mut products: BTreeMap<&str, Sum> = BTreeMap::new();
        for s in &own {
            products.entry(s.product).or_default().add(s.revenue().unwrap_or_default());
        }
        let most = products.into_iter().max_by(|a, b| a.1.known().cmp(&b.1.known()).then(b.0.cmp(a.0)));
        let closed = index.book.customers[*customer].closed;
        let fold = fold_of(index.events(*customer), "status").filter(|_| closed);
        let reason = fold.and_then(|f| f.applied.last().filter(|e| e.to() == "closed").map(|e| e.reason()));
        Lost {
            customer: *customer,
            last: *last,
            profit: figures(&own).profit(),
            company: company.within(period),
            product: most.map_or("", |(product, _)| product),
            reason: reason.unwrap_or_default(),
        }
    };
    gone.par_iter().with_min_len(64).map(|g| inside(|| one(g))).collect()
}

/// What all customers together had earned by the end of each day.
struct Earned {
    days: Vec<(Day, Decimal)>,
}

impl Earned {
    fn new(index: &Index<'_>) -> Earned {
        let mut days: BTreeMap<Day, Sum> = BTreeMap::new();
        for s in sales(index.book, index.prices(), Period::ALL) {
            if let Some(profit) = s.profit() {
                days.entry(s.day).or_default().add(profit);
            }
        }
        let mut sum = Sum::ZERO;
        let so_far = days.into_iter().map(|(day, profit)| {
            sum = sum.plus(profit);
            (day, sum.known().unwrap_or_default())
        });
        Earned { days: so_far.collect() }
    }

    fn within(&self, period: Period) -> Option<Decimal> {
        let until = |n: usize| n.checked_sub(1).map_or(Decimal::ZERO, |n| self.days[n].1);
        let before = period.from.map_or(0, |from| self.days.partition_point(|(day, _)| *day < from));
        let end = self.days.partition_point(|(day, _)| period.to.is_none_or(|to| *day <= to));
        until(end).checked_sub(until(before))
    }
}

/// How many of those who were away came back, and what was spent on them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WonBack {
    /// Customers that had ordered and were not active at the start.
    pub away: usize,
    /// Those of them that are active at the end.
    pub back: usize,
    /// What was spent on all of them in between.
    pub cost: Sum,
    /// Rows of spend that have no rate.
    pub without_rate: usize,
}

/// How many of some customers came back between two days.
pub fn won_back(index: &Index<'_>, (start, end): (Day, Day), wanted: &dyn Fn(usize) -> bool) -> WonBack {
    let book = index.book;
    let (before, after) = (Standing::on(index, start), Standing::on(index, end));
    let was_away = |c: usize| wanted(c) && before.of(c) == State::Idle;
    let mut out = WonBack::default();
    for c in (0..book.customers.len()).filter(|c| was_away(*c)) {
        out.away += 1;
        out.back += usize::from(after.is_active(c));
    }
    for row in book.plain.get(&SPEND).into_iter().flatten() {
        let cell = |name: &str| SPEND.column(name).map_or("", |n| row.cell(n));
        let Some(day) = At::parse(cell("at"), book.settings.tz).map(|at| at.day) else { continue };
        let of_one = book.customer_index(cell("customer")).is_some_and(was_away);
        if !of_one || day <= start || day > end || !counts(book, SPEND, cell("id")) {
            continue;
        }
        match parse_decimal(cell("amount")).map(|amount| in_base(book, cell("currency"), amount, day)) {
            Some(Some(amount)) => out.cost.add(amount),
            Some(None) => out.without_rate += 1,
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_at_their_points() {
        let settings: Settings = {
            let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
            Settings::new(toml::from_str(text).unwrap()).0
        };
        let check = |score: i64, expected| assert_eq!(Band::of(&settings, Decimal::from(score)), expected, "{score}");
        check(0, Band::Low);
        check(29, Band::Low);
        check(30, Band::Watch);
        check(59, Band::Watch);
        check(60, Band::High);
        check(140, Band::High);
    }

    #[test]
    fn who_shows_what_the_lost_showed_is_like_them() {
        let shown = |signs: &[&'static str]| Shown {
            score: Decimal::ZERO,
            signs: signs.iter().map(|s| (*s, Decimal::TEN)).collect(),
        };
        let case = |signs: &[&'static str], left| Case { customer: 0, shown: shown(signs), left };
        // Of four who left three were idle; of six who stayed one was. With one case added: 4/6 against 2/8.
        let mut cases = vec![case(&["idle"], true), case(&["idle"], true), case(&["idle"], true), case(&[], true)];
        cases.push(case(&["idle"], false));
        cases.extend((0..5).map(|_| case(&[], false)));
        let profile = Profile::of(cases.iter());
        let like = |signs: &[&'static str]| profile.likeness(&shown(signs)).unwrap().round_dp(4).to_string();
        // 4 · 4/6 = 2.6667 against 6 · 2/8 = 1.5; 4 · 2/6 = 1.3333 against 6 · 6/8 = 4.5.
        assert_eq!((like(&["idle"]), like(&[])), ("0.6400".to_string(), "0.2286".to_string()));
        assert_eq!(Profile::of(cases[4..].iter()).likeness(&shown(&[])), None, "nobody left");
    }
}
