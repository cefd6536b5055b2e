//! The cases of key figures: what each rests on, of a period.

use super::Source;
use super::leads::{Beginning, beginnings};
use crate::model::Str;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::place::RowPlace;
use crate::rules::activeness::{Standing, ends};
use crate::rules::complaints::Complaint;
use crate::rules::contracts::PURCHASE;
use crate::rules::credited::Credit;
use crate::rules::engine::groups::{Numbered, by_customer};
use crate::rules::engine::index::Index;
use crate::rules::followup::is_two_way;
use crate::rules::needs::Need;
use crate::rules::performance::credits;
use crate::rules::profit::year;
use crate::rules::renewing::{Ending, endings};
use crate::rules::scores::{Given, answers};
use crate::rules::targets::{Metric, Targets};
use chrono::Duration;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// What a figure rests on.
#[derive(Debug, Clone)]
pub struct Case<'i, 'a> {
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// What it says.
    pub what: What<'i, 'a>,
}

/// What a case says.
#[derive(Debug, Clone)]
pub enum What<'i, 'a> {
    /// Whether something is true of the customer.
    Hit(bool),
    /// Days, of the customer or of a thing of its.
    Length {
        /// How many.
        days: i64,
        /// The thing; empty = the customer itself.
        thing: Str,
        /// Where it stands.
        place: Option<RowPlace>,
    },
    /// Two amounts of the customer.
    Parts {
        /// What is counted.
        part: Decimal,
        /// What it is compared with.
        whole: Decimal,
    },
    /// An answer.
    Answer(Given<'a>),
    /// A complaint.
    Complaint(&'i Complaint<'a>),
    /// A contract that ended.
    Contract(Ending<'a>),
    /// Something that is credited to a member.
    Credit(Credit<'a>),
}

impl<'i, 'a> Case<'i, 'a> {
    fn hit_of(customer: usize, hit: bool) -> Case<'i, 'a> {
        Case { customer: Some(customer), what: What::Hit(hit) }
    }
    pub(super) fn hit(&self) -> Option<bool> {
        if let What::Hit(hit) = self.what { Some(hit) } else { None }
    }
    pub(super) fn length(&self) -> Option<i64> {
        if let What::Length { days, .. } = self.what { Some(days) } else { None }
    }
    pub(super) fn parts(&self) -> Option<(Decimal, Decimal)> {
        if let What::Parts { part, whole } = self.what { Some((part, whole)) } else { None }
    }
    pub(super) fn answer(&self) -> Option<Given<'a>> {
        if let What::Answer(given) = self.what { Some(given) } else { None }
    }
    pub(super) fn complaint(&self) -> Option<&'i Complaint<'a>> {
        if let What::Complaint(complaint) = self.what { Some(complaint) } else { None }
    }
    pub(super) fn contract(&self) -> Option<&Ending<'a>> {
        if let What::Contract(ending) = &self.what { Some(ending) } else { None }
    }
    pub(super) fn credit(&self) -> Option<Credit<'a>> {
        if let What::Credit(credit) = self.what { Some(credit) } else { None }
    }
}

/// What cases are put together from; what several periods and figures need is worked out once.
pub struct Kpis<'i, 'a> {
    index: &'i Index<'a>,
    targets: Targets<'a>,
    begun: OnceCell<Vec<Beginning>>,
    standings: RefCell<HashMap<Day, Rc<Standing<'i, 'a>>>>,
    sold: RefCell<HashMap<Period, Rc<Numbered>>>,
}

impl<'i, 'a> Kpis<'i, 'a> {
    /// Those of a book, which must hold [`super::READS`].
    pub fn new(index: &'i Index<'a>) -> Kpis<'i, 'a> {
        Kpis {
            index,
            targets: Targets::new(index.book),
            begun: OnceCell::new(),
            standings: RefCell::default(),
            sold: RefCell::default(),
        }
    }

    /// The rows by customer.
    pub fn index(&self) -> &'i Index<'a> {
        self.index
    }
    /// What members are to reach.
    pub fn targets(&self) -> &Targets<'a> {
        &self.targets
    }
    fn begun(&self) -> &[Beginning] {
        self.begun.get_or_init(|| beginnings(self.index))
    }
    fn standing(&self, day: Day) -> Rc<Standing<'i, 'a>> {
        let make = || Rc::new(Standing::on(self.index, day));
        Rc::clone(self.standings.borrow_mut().entry(day).or_insert_with(make))
    }
    fn sold(&self, period: Period) -> Rc<Numbered> {
        let make = || Rc::new(by_customer(self.index.book, self.index.prices(), period));
        Rc::clone(self.sold.borrow_mut().entry(period).or_insert_with(make))
    }

    /// The cases of a period.
    pub fn cases(&self, source: Source, period: Period) -> Vec<Case<'i, 'a>> {
        match source {
            Source::Cohort => self.cohort(period),
            Source::Flow => self.flow(period),
            Source::FirstContacts => self.first_contacts(period),
            Source::Quotes => self.quotes(period),
            Source::SalesCycles => self.cycles(period),
            Source::GrowthOnPrevious => self.growth(period, period.previous()),
            Source::GrowthOnYearAgo => self.growth(period, period.year_ago()),
            Source::Bought => self.bought(period),
            Source::Buyers => self.buyers(period),
            Source::Active => self.active(period),
            Source::ActiveRevenue => self.active_revenue(period),
            Source::Renewals => self.renewals(period),
            Source::Answers => {
                let of_period = answers(self.index.book).filter(|a| period.contains(a.score.at.day));
                of_period.map(|a| Case { customer: Some(a.customer), what: What::Answer(a) }).collect()
            }
            Source::Complaints => {
                let of_period = self.index.complaints().all().iter().filter(|c| period.contains(c.made().day));
                of_period.map(|c| Case { customer: c.customer(), what: What::Complaint(c) }).collect()
            }
            Source::Credits(metric) => self.credits(metric, period),
        }
    }

    /// Leads created in a period.
    fn leads(&self, period: Period) -> impl Iterator<Item = (usize, &Beginning)> {
        let today = self.index.book.today;
        let seen = move |day: Day| day <= today && period.contains(day);
        self.begun().iter().enumerate().filter(move |(_, b)| b.is_lead && b.created.is_some_and(seen))
    }

    fn cohort(&self, period: Period) -> Vec<Case<'i, 'a>> {
        self.leads(period).map(|(c, b)| Case::hit_of(c, b.became)).collect()
    }

    fn flow(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let start = period.from.and_then(|from| from.pred_opt());
        let seen = |day: Day| day <= self.index.book.today && period.contains(day);
        let created = |b: &Beginning| b.is_lead && b.created.is_some_and(seen);
        let there = |b: &Beginning| start.is_some_and(|day| b.is_open_lead(day));
        let all = self.begun().iter().enumerate().filter(|(_, b)| created(b) || there(b));
        all.map(|(c, b)| Case::hit_of(c, b.entered.is_some_and(|day| period.contains(day)))).collect()
    }

    fn first_contacts(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let (book, within) = (self.index.book, self.index.book.settings.file.kpi.answer_days());
        let mut out = Vec::new();
        for (c, b) in self.leads(period) {
            let Some(until) = b.created.and_then(|day| day.checked_add_signed(Duration::try_days(within)?)) else {
                continue;
            };
            let mut contacts = self.index.activities(c).iter().take_while(|a| a.day() <= until);
            let answered = contacts.any(|a| is_two_way(&book.settings, *a));
            // It may still answer in time.
            if answered || book.today > until {
                out.push(Case::hit_of(c, answered));
            }
        }
        out
    }

    fn quotes(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let rows = self.index.book.plain.get(&Ledger::Needs).into_iter().flatten();
        let needs = rows.map(|row| Need::new(self.index.book, row));
        let of_period = needs.filter(|n| n.told().is_some_and(|at| period.contains(at.day)));
        let case = |n: Need<'a>| {
            let (days, place) = (n.days_to_quote(self.index)?, Some(n.row.place));
            let customer = self.index.book.customer_index(n.entry("customer"));
            Some(Case { customer, what: What::Length { days, thing: n.id(), place } })
        };
        of_period.filter_map(case).collect()
    }

    fn cycles(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let (index, days) = (self.index, self.index.order_days());
        let mut out = Vec::new();
        for c in 0..index.book.customers.len() {
            let Some(first) = days.of(c).first().filter(|day| period.contains(**day)) else { continue };
            let met = index.activities(c).first().map(|a| a.day()).filter(|day| day <= first);
            // Who was entered with its first order was met before, and nobody knows when.
            let start = met.or_else(|| index.book.customers[c].created.filter(|day| day < first));
            if let Some(start) = start {
                let days = (*first - start).num_days();
                out.push(Case { customer: Some(c), what: What::Length { days, thing: "", place: None } });
            }
        }
        out
    }

    /// What each customer bought in two periods, as far as they can be compared; nobody's comes last.
    fn growth(&self, period: Period, then: Option<Period>) -> Vec<Case<'i, 'a>> {
        let Some(then) = then else { return Vec::new() };
        let (now, then) = period.like_for_like(then, self.index.book.today);
        let (now, then) = (self.sold(now), self.sold(then));
        let parts = |part, whole| What::Parts { part, whole };
        let mut out = Vec::new();
        for c in 0..self.index.book.customers.len() {
            let (a, b) = (now.of(c), then.of(c));
            if !a.is_empty() || !b.is_empty() {
                out.push(Case { customer: Some(c), what: parts(a.revenue(), b.revenue()) });
            }
        }
        let (a, b) = (now.unknown(), then.unknown());
        if !a.is_empty() || !b.is_empty() {
            out.push(Case { customer: None, what: parts(a.revenue(), b.revenue()) });
        }
        out
    }

    fn bought(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let sold = self.sold(period);
        let known = sold.iter().map(|(c, f)| (Some(c), f));
        let unknown = Some((None, sold.unknown())).filter(|(_, f)| !f.is_empty());
        let parts = |(customer, f): (Option<usize>, &crate::rules::profit::Figures)| Case {
            customer,
            what: What::Parts { part: f.revenue(), whole: Decimal::from(f.orders()) },
        };
        known.chain(unknown).map(parts).collect()
    }

    fn buyers(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let days = self.index.order_days();
        let case = |c: usize| {
            let all = days.of(c);
            let last = all.iter().rfind(|day| period.contains(**day))?;
            Some(Case::hit_of(c, all[0] < *last))
        };
        (0..self.index.book.customers.len()).filter_map(case).collect()
    }

    fn active(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let Some((start, end)) = ends(period, self.index.book.today) else { return Vec::new() };
        let (start, end) = (self.standing(start), self.standing(end));
        let there = (0..self.index.book.customers.len()).filter(|c| start.is_active(*c));
        there.map(|c| Case::hit_of(c, end.is_active(c))).collect()
    }

    fn active_revenue(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let Some((start, end)) = ends(period, self.index.book.today) else { return Vec::new() };
        let sold = self.sold(year(start));
        let (start, end) = (self.standing(start), self.standing(end));
        let there = (0..self.index.book.customers.len()).filter(|c| start.is_active(*c));
        let case = |c: usize| {
            let whole = sold.of(c).revenue();
            let part = if end.is_active(c) { Decimal::ZERO } else { whole };
            Case { customer: Some(c), what: What::Parts { part, whole } }
        };
        there.map(case).collect()
    }

    fn renewals(&self, period: Period) -> Vec<Case<'i, 'a>> {
        let sold = endings(self.index.book, period).into_iter().filter(|e| e.contract.paper.cell("kind") != PURCHASE);
        sold.map(|e| Case { customer: e.contract.paper.customer(), what: What::Contract(e) }).collect()
    }

    fn credits(&self, metric: Metric, period: Period) -> Vec<Case<'i, 'a>> {
        let all = credits(self.index, metric, period).into_iter();
        all.map(|c| Case { customer: c.customer, what: What::Credit(c) }).collect()
    }
}
