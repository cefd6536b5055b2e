//! R13: the key figures of a company. Each is made of cases (customers, answers, complaints, contracts, needs, credits), so
//! that the same figure can be given for a part of them, and what stands behind it can be listed. What a case is, is asked of
//! the rules that know it.

mod cases;
pub mod leads;

pub use cases::{Case, Kpis, What};

use super::complaints::figures as complaint_figures;
use super::performance::{Standing, Tally, of_all, standing};
use super::renewing::Renewed;
use super::scores::{self, Scores};
use super::stays::{self, median, quantile};
use super::targets::{Metric, Targets};
use super::working_time::HOUR;
use super::{activeness, contracts, needs, receivables};
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, change};
use crate::model::period::Period;
use crate::model::settings::Settings;

/// What key figures are put together from.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities]).and(receivables::LEDGERS).and(needs::READS.ledgers),
    plain: LedgerSet::of(&[Ledger::Feedback, Ledger::Complaints, Ledger::Targets])
        .and(needs::READS.plain)
        .and(contracts::READS.plain)
        .and(activeness::READS.plain),
    ..Reads::NOTHING
};

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A share, as a fraction.
    Fraction,
    /// Points: of recommendation from −100 to 100, of satisfaction from 1 to 5.
    Points,
    /// Days.
    Days,
    /// Hours of working time.
    Hours,
    /// The base currency.
    Money,
}

impl Unit {
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Unit::Fraction => "fraction",
            Unit::Points => "points",
            Unit::Days => "days",
            Unit::Hours => "hours",
            Unit::Money => "money",
        }
    }
    /// All of them.
    pub const ALL: [Unit; 5] = [Unit::Fraction, Unit::Points, Unit::Days, Unit::Hours, Unit::Money];
}

/// What the cases of a figure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// Leads created in the period; whether each ever entered a customer stage.
    Cohort,
    /// Open leads at the start, and those created in the period; whether each entered a customer stage in it.
    Flow,
    /// Leads created in the period; whether each took part in a contact within so many days.
    FirstContacts,
    /// Needs of the period that have a quote; days until the first one.
    Quotes,
    /// Customers whose first order lies in the period; days from the first activity, else the creation.
    SalesCycles,
    /// Customers that bought in the period or in the one before; what they bought in each.
    GrowthOnPrevious,
    /// The same against the same period a year ago.
    GrowthOnYearAgo,
    /// Customers with sales in the period; revenue and number of orders.
    Bought,
    /// Customers with an order day in the period; whether they had ordered on an earlier day.
    Buyers,
    /// Customers active at the start; whether each is at the end.
    Active,
    /// The same; revenue of the twelve months before the start, and the part of it of those that are not.
    ActiveRevenue,
    /// Contracts with customers that ended in the period.
    Renewals,
    /// Answers of the period about satisfaction and recommendation.
    Answers,
    /// Complaints of the period.
    Complaints,
    /// What the period brought, by whom it is credited to.
    Credits(Metric),
}

/// How cases become a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Take {
    Share,
    /// The share of those of which it is not true.
    Rest,
    Weighed,
    Mean,
    Growth,
    Median,
    P90,
    RenewedContracts,
    RenewedAmount,
    Satisfied,
    Satisfaction,
    Recommendation,
    Resolved,
    InTime,
    InTimeOf(String),
    ResponseMedian,
    ResponseP90,
    Completion,
}

/// A key figure in one of its readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kpi {
    /// Machine key.
    pub key: &'static str,
    /// Which of its readings; empty where there is one. A grade's key where it is about complaints of that grade.
    pub reading: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What its cases are.
    pub source: Source,
    /// Whether less is better.
    pub lower_is_better: bool,
    take: Take,
}

/// The keys of all figures, in the order of reports.
pub const KEYS: &[&str] = &[
    "acquisition",
    "first_contact_rate",
    "quote_days",
    "sales_cycle",
    "sales_growth",
    "avg_order",
    "repurchase_rate",
    "retention",
    "churn",
    "revenue_churn",
    "renewal_rate",
    "csat",
    "nps",
    "resolution_rate",
    "in_time_rate",
    "response_time",
    "target_completion",
];

/// All figures of a company: complaints in time also by its grades, targets for each metric that has one in a period.
pub fn all(book: &Book, targets: &Targets<'_>, period: Period) -> Vec<Kpi> {
    use Source as S;
    let mut out: Vec<Kpi> = Vec::new();
    let mut add = |key: &'static str, reading: &str, unit, source, take| {
        let lower = matches!(key, "quote_days" | "sales_cycle" | "churn" | "revenue_churn" | "response_time");
        out.push(Kpi { key, reading: reading.to_string(), unit, source, take, lower_is_better: lower });
    };
    add("acquisition", "cohort", Unit::Fraction, S::Cohort, Take::Share);
    add("acquisition", "flow", Unit::Fraction, S::Flow, Take::Share);
    add("first_contact_rate", "", Unit::Fraction, S::FirstContacts, Take::Share);
    add("quote_days", "median", Unit::Days, S::Quotes, Take::Median);
    add("quote_days", "p90", Unit::Days, S::Quotes, Take::P90);
    add("sales_cycle", "median", Unit::Days, S::SalesCycles, Take::Median);
    add("sales_cycle", "p90", Unit::Days, S::SalesCycles, Take::P90);
    add("sales_growth", "previous", Unit::Fraction, S::GrowthOnPrevious, Take::Growth);
    add("sales_growth", "year-ago", Unit::Fraction, S::GrowthOnYearAgo, Take::Growth);
    add("avg_order", "", Unit::Money, S::Bought, Take::Mean);
    add("repurchase_rate", "", Unit::Fraction, S::Buyers, Take::Share);
    add("retention", "", Unit::Fraction, S::Active, Take::Share);
    add("churn", "", Unit::Fraction, S::Active, Take::Rest);
    add("revenue_churn", "", Unit::Fraction, S::ActiveRevenue, Take::Weighed);
    add("renewal_rate", "contracts", Unit::Fraction, S::Renewals, Take::RenewedContracts);
    add("renewal_rate", "amount", Unit::Fraction, S::Renewals, Take::RenewedAmount);
    add("csat", "share", Unit::Fraction, S::Answers, Take::Satisfied);
    add("csat", "mean", Unit::Points, S::Answers, Take::Satisfaction);
    add("nps", "", Unit::Points, S::Answers, Take::Recommendation);
    add("resolution_rate", "", Unit::Fraction, S::Complaints, Take::Resolved);
    add("in_time_rate", "", Unit::Fraction, S::Complaints, Take::InTime);
    for grade in book.settings.file.grades.keys() {
        add("in_time_rate", grade, Unit::Fraction, S::Complaints, Take::InTimeOf(grade.clone()));
    }
    add("response_time", "median", Unit::Hours, S::Complaints, Take::ResponseMedian);
    add("response_time", "p90", Unit::Hours, S::Complaints, Take::ResponseP90);
    for metric in Metric::ALL {
        let has = || of_all(&book.team, targets, &Tally::default(), (metric, period)).target().is_some();
        if metric == Metric::Signed || has() {
            add("target_completion", metric.key(), Unit::Fraction, S::Credits(metric), Take::Completion);
        }
    }
    out
}

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'w> {
    /// That of the whole company.
    All,
    /// That of a part of it that nobody has a target for.
    Part,
    /// That of a member of the team, with all who report to it.
    Member(&'w str),
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figure {
    /// How many cases it rests on.
    pub n: i64,
    /// `None` = it cannot be computed.
    pub value: Option<Decimal>,
    /// What is to be reached.
    pub target: Option<Decimal>,
}

impl Kpi {
    /// From how many cases on it says something.
    pub fn least(&self) -> i64 {
        if self.source == Source::Answers { scores::FEW } else { stays::FEW }
    }

    /// Whether a figure of it rests on few cases.
    pub fn is_few(&self, f: &Figure) -> bool {
        (1..self.least()).contains(&f.n)
    }

    /// Whether it is about complaints of one grade.
    pub fn is_of_grade(&self) -> bool {
        matches!(self.take, Take::InTimeOf(_))
    }

    /// Whether it is a share of credits against targets, which are people's.
    pub fn is_of_people(&self) -> bool {
        self.take == Take::Completion
    }

    /// The target that kehu.toml sets for the company: that of the first reading.
    pub fn set_target(&self, settings: &Settings) -> Option<Decimal> {
        let is_first = matches!(self.reading.as_str(), "" | "cohort" | "median" | "previous" | "contracts" | "share");
        settings.file.kpi.target(self.key).filter(|_| is_first)
    }

    /// What the cases in question come to.
    pub fn figure<'c, 'i: 'c, 'a: 'i>(
        &self,
        kpis: &Kpis<'i, 'a>,
        cases: impl Iterator<Item = &'c Case<'i, 'a>>,
        whose: Whose<'_>,
        period: Period,
    ) -> Figure {
        let found = match &self.take {
            Take::Share | Take::Rest => self.share(cases),
            Take::Weighed | Take::Mean | Take::Growth => self.of_parts(cases),
            Take::Median | Take::P90 => self.lengths(cases.filter_map(Case::length).collect(), Decimal::ONE),
            Take::RenewedContracts | Take::RenewedAmount => {
                let renewed = Renewed::of(cases.filter_map(Case::contract));
                let rate = if self.take == Take::RenewedAmount { renewed.amount_rate() } else { renewed.rate() };
                (renewed.decided(), rate)
            }
            Take::Satisfied | Take::Satisfaction | Take::Recommendation => self.of_answers(kpis, cases),
            Take::Completion => {
                let credits: Vec<_> = cases.filter_map(Case::credit).collect();
                let tally = Tally::new(&kpis.index().book.team, &credits);
                return self.completion(kpis, &tally, whose, period);
            }
            _ => self.of_complaints(kpis, cases.filter_map(Case::complaint)),
        };
        let (n, value) = found;
        let target = self.set_target(&kpis.index().book.settings).filter(|_| whose == Whose::All);
        Figure { n, value, target }
    }

    fn share<'c, 'i: 'c, 'a: 'i>(&self, cases: impl Iterator<Item = &'c Case<'i, 'a>>) -> (i64, Option<Decimal>) {
        let (mut n, mut hits) = (0, 0);
        for hit in cases.filter_map(Case::hit) {
            n += 1;
            hits += i64::from(hit == (self.take == Take::Share));
        }
        (n, Decimal::from(hits).checked_div(Decimal::from(n)))
    }

    fn of_parts<'c, 'i: 'c, 'a: 'i>(&self, cases: impl Iterator<Item = &'c Case<'i, 'a>>) -> (i64, Option<Decimal>) {
        let (mut n, mut part, mut whole) = (0, Some(Decimal::ZERO), Some(Decimal::ZERO));
        for (a, b) in cases.filter_map(Case::parts) {
            n += 1;
            part = part.and_then(|sum| sum.checked_add(a));
            whole = whole.and_then(|sum| sum.checked_add(b));
        }
        let both = part.zip(whole);
        match self.take {
            Take::Growth => (n, both.and_then(|(now, then)| change(now, then))),
            Take::Mean => {
                let orders = whole.and_then(|w| i64::try_from(w.trunc().mantissa()).ok()).unwrap_or_default();
                (orders, both.and_then(|(sum, orders)| sum.checked_div(orders)))
            }
            _ => {
                (n, both.filter(|(_, whole)| *whole > Decimal::ZERO).and_then(|(part, whole)| part.checked_div(whole)))
            }
        }
    }

    /// Median or nine in ten of some lengths, in units of so many.
    fn lengths(&self, mut all: Vec<i64>, unit: Decimal) -> (i64, Option<Decimal>) {
        all.sort_unstable();
        let found = match self.take {
            Take::Median | Take::ResponseMedian => median(&all),
            _ => quantile(&all, 90).map(Decimal::from),
        };
        (i64::try_from(all.len()).unwrap_or(i64::MAX), found.and_then(|d| d.checked_div(unit)))
    }

    fn of_answers<'c, 'i: 'c, 'a: 'i>(
        &self,
        kpis: &Kpis<'i, 'a>,
        cases: impl Iterator<Item = &'c Case<'i, 'a>>,
    ) -> (i64, Option<Decimal>) {
        let mut sum = Scores::default();
        cases.filter_map(Case::answer).for_each(|given| sum.add(&kpis.index().book.settings, &given));
        let measure = if self.take == Take::Recommendation { "nps" } else { "csat" };
        let Some(f) = sum.figures().into_iter().find(|f| f.measure == measure) else { return (0, None) };
        (f.n, if self.take == Take::Satisfaction { f.mean } else { f.figure })
    }

    fn of_complaints<'c, 'i: 'c, 'a: 'i>(
        &self,
        kpis: &Kpis<'i, 'a>,
        cases: impl Iterator<Item = &'i super::complaints::Complaint<'a>>,
    ) -> (i64, Option<Decimal>) {
        let by = complaint_figures::By::Column("grade");
        let (groups, whole) = complaint_figures::figures(kpis.index(), cases, by);
        match &self.take {
            Take::Resolved => (whole.complaints, whole.resolution_rate()),
            Take::InTimeOf(grade) => groups.get(grade.as_str()).map_or((0, None), |f| (f.judged, f.in_time_rate())),
            Take::ResponseMedian | Take::ResponseP90 => self.lengths(whole.answered, Decimal::from(HOUR)),
            _ => (whole.judged, whole.in_time_rate()),
        }
    }

    fn completion(&self, kpis: &Kpis<'_, '_>, tally: &Tally<'_>, whose: Whose<'_>, period: Period) -> Figure {
        let Source::Credits(metric) = self.source else { return Figure::default() };
        let targets = kpis.targets();
        let at: Option<Standing> = match whose {
            Whose::All => Some(of_all(&kpis.index().book.team, targets, tally, (metric, period))),
            Whose::Member(who) => Some(standing(targets, tally, who, (metric, period))),
            Whose::Part => None,
        };
        let n = at.as_ref().map_or_else(|| tally.whole().cases(), |s| s.done.cases());
        Figure { n, value: at.as_ref().and_then(Standing::completion), target: at.and_then(|s| s.target()) }
    }
}
