//! R2: which customers go back to the public pool (公海), when, by which limit, and what keeps them.

use super::approval::contract_counts;
use super::complaints::open;
use super::engine::index::Index;
use super::followup::{is_two_way, owner_since, promises};
use super::orders::order_days;
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::day::{At, Day, parse_day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::row::PlainRow;
use crate::model::settings::{DaysOrNever, Pool, PoolLimits, Settings, StageCategory};
use crate::model::value::Value;
use chrono::Days;
use std::collections::HashMap;

/// What the rules of the pool read.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[
        Ledger::Activities,
        Ledger::Events,
        Ledger::Orders,
        Ledger::Receivables,
        Ledger::Receipts,
        Ledger::Refunds,
        Ledger::Products,
        Ledger::Rates,
    ]),
    plain: LedgerSet::of(&[Ledger::Contracts, Ledger::Complaints]),
    ..Reads::NOTHING
};

/// The pool of customers that name none, and of whom name one that kehu.toml does not have.
const DEFAULT: &str = "default";

/// The pool that a customer falls into: its key `pool`, else `default`, else the first one of kehu.toml.
pub fn pool_of<'b>(settings: &'b Settings, c: &'b Customer) -> &'b str {
    pool_named(settings, c.text("pool"))
}

/// The same by what the key says; empty = nothing.
pub fn pool_named<'b>(settings: &'b Settings, named: &'b str) -> &'b str {
    if !named.is_empty() {
        return named;
    }
    let pools = &settings.file.pools;
    match pools.first() {
        Some((first, _)) if !pools.contains_key(DEFAULT) => first,
        _ => DEFAULT,
    }
}

/// The rules of a pool; those of the template where kehu.toml has no such pool.
pub fn rules_of<'s>(settings: &'s Settings, pool: &str) -> &'s Pool {
    static USUAL: std::sync::OnceLock<Pool> = std::sync::OnceLock::new();
    settings.file.pools.get(pool).unwrap_or_else(|| USUAL.get_or_init(Pool::default))
}

/// The limits that a customer releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Days without a contact.
    Follow,
    /// Days without an order since its owner has it.
    Deal,
    /// Days after the end of its last contract.
    Contract,
}

impl Limit {
    /// All of them, in the order of R2.
    pub const ALL: [Limit; 3] = [Limit::Follow, Limit::Deal, Limit::Contract];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Limit::Follow => "follow",
            Limit::Deal => "deal",
            Limit::Contract => "contract",
        }
    }
    /// The key of kehu.toml.
    pub const fn setting(self) -> &'static str {
        match self {
            Limit::Follow => "follow_days",
            Limit::Deal => "deal_days",
            Limit::Contract => "after_contract_days",
        }
    }
    fn of(self, limits: &PoolLimits) -> Option<DaysOrNever> {
        match self {
            Limit::Follow => limits.follow_days,
            Limit::Deal => limits.deal_days,
            Limit::Contract => limits.after_contract_days,
        }
    }
}

/// Looks a limit up: by grade, else intent (before the first order), else stage, else the pool. Also the path of the key.
fn look_up<T>(
    settings: &Settings,
    c: &Customer,
    key: &str,
    of: impl Fn(&PoolLimits) -> Option<T>,
) -> Option<(T, String)> {
    let f = &settings.file;
    // An intent left over from before the first order says nothing about a customer who buys.
    let presale = settings.stage(c.stage).is_none_or(|s| s.category == StageCategory::Presale);
    let intent = if presale { c.intent } else { "" };
    let found = |limits: Option<PoolLimits>, path: String| Some((of(&limits?)?, path));
    found(f.grades.get(c.grade).and_then(|g| g.pool), format!("grades.{}.pool.{key}", c.grade))
        .or_else(|| found(f.intents.get(intent).and_then(|i| i.pool), format!("intents.{intent}.pool.{key}")))
        .or_else(|| found(settings.stage(c.stage).and_then(|s| s.pool), format!("stages.{}.pool.{key}", c.stage)))
        .or_else(|| {
            let pool = pool_of(settings, c);
            found(f.pools.get(pool).map(Pool::limits), format!("pools.{pool}.{key}"))
        })
}

/// A limit that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Which one.
    pub limit: Limit,
    /// The day from which days are counted.
    pub since: Day,
    /// Days since then.
    pub days: i64,
    /// More days than these release.
    pub most: i64,
    /// The key of kehu.toml that says so.
    pub setting: String,
    /// The first day on which more days than that have passed.
    pub passes: Day,
    /// When it releases: on that day, but on none that is not worked, and on none that has gone by.
    pub releases: Day,
}

/// What keeps a customer with its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeps {
    /// A contract in force, by its id.
    Contract(String),
    /// An open complaint, by its id.
    Complaint(String),
    /// A receivable that is late, by its id.
    Overdue(String),
    /// A day that was promised.
    Promise(Day),
    /// Its `keep_until`.
    Until(Day),
    /// It has ordered, and the pool keeps such customers.
    Orders,
}

impl Keeps {
    /// Machine key.
    pub const fn key(&self) -> &'static str {
        match self {
            Keeps::Contract(_) => "contract",
            Keeps::Complaint(_) => "complaint",
            Keeps::Overdue(_) => "overdue",
            Keeps::Promise(_) => "promise",
            Keeps::Until(_) => "keep-until",
            Keeps::Orders => "orders",
        }
    }
    /// The id or day behind it; empty = none.
    pub fn what(&self) -> String {
        match self {
            Keeps::Contract(id) | Keeps::Complaint(id) | Keeps::Overdue(id) => id.clone(),
            Keeps::Promise(day) | Keeps::Until(day) => day.to_string(),
            Keeps::Orders => String::new(),
        }
    }
}

/// Where an owned customer stands with the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Since when its owner has it.
    pub owner_since: Day,
    /// The limits that run, the one that releases first in front.
    pub clocks: Vec<Clock>,
    /// What keeps it today, whatever the clocks say.
    pub keeps: Vec<Keeps>,
    /// The first day, from today on, on which it has passed a limit and nothing keeps it, if nothing happens until then.
    pub hit: Option<Day>,
    /// When it is released: on that day, or on the first working day after it on which nothing keeps it.
    pub releases: Option<Day>,
    /// Days before that day on which its owner is warned.
    pub warn_days: i64,
}

impl Standing {
    /// The limit that it has passed, where nothing keeps it.
    pub fn passed(&self, today: Day) -> Option<&Clock> {
        self.clocks.first().filter(|_| self.releases.is_some_and(|day| day <= today))
    }
    /// Days until it is released, where its owner is to be warned. A limit that passes on a day that is not worked is warned of as any
    /// other: else nobody would read it on a working day.
    pub fn warns(&self, today: Day) -> Option<i64> {
        let left = (self.releases? - today).num_days();
        ((self.hit? - today).num_days() <= self.warn_days && left > 0).then_some(left)
    }
}

/// What keeps a customer, from a first to a last day; those that nobody knows an end of last for ever.
type Kept = (Keeps, Day, Day);

/// The first day, from one on, on which nothing keeps a customer.
fn free_from(kept: &[Kept], mut day: Day) -> Option<Day> {
    while let Some(last) = kept.iter().filter(|(_, from, to)| (*from..=*to).contains(&day)).map(|k| k.2).max() {
        day = last.succ_opt()?;
    }
    Some(day)
}

/// The first working day, from one on, on which nothing keeps a customer.
fn released_on(settings: &Settings, kept: &[Kept], mut day: Day) -> Option<Day> {
    loop {
        let worked = next_working_day(settings, day);
        day = free_from(kept, worked)?;
        if day == worked {
            return Some(day);
        }
    }
}

/// A contract with a customer, as far as the pool asks.
#[derive(Debug)]
struct Contract<'a> {
    id: &'a str,
    from: Option<Day>,
    to: Option<Day>,
}

/// Counts the working days of long stretches.
#[derive(Debug)]
struct WorkingDays {
    from: Day,
    /// Working days from the first day up to each, itself included.
    upto: Vec<u32>,
}

impl WorkingDays {
    /// The days up to `last`, twenty years back.
    fn new(settings: &Settings, last: Day) -> WorkingDays {
        let from = last.checked_sub_days(Days::new(20 * 366)).unwrap_or(last);
        let days = from.iter_days().take_while(|d| *d <= last);
        let count = |n: &mut u32, d: Day| {
            *n += u32::from(settings.is_working_day(d));
            Some(*n)
        };
        WorkingDays { from, upto: days.scan(0, count).collect() }
    }
    /// Working days after `since`, up to `until`.
    fn between(&self, since: Day, until: Day) -> i64 {
        let upto = |d: Day| {
            let n = usize::try_from((d - self.from).num_days()).ok()?;
            self.upto.get(n).or(self.upto.last()).copied()
        };
        i64::from(upto(until).unwrap_or(0)) - i64::from(upto(since).unwrap_or(0))
    }
    /// The working day that is the `n`-th after one; `None` when it lies ahead.
    fn after(&self, since: Day, n: i64) -> Option<Day> {
        let first = usize::try_from((since - self.from).num_days()).ok()?;
        let wanted = u32::try_from(i64::from(*self.upto.get(first)?) + n).ok()?;
        let place = self.upto.partition_point(|count| *count < wanted);
        (place < self.upto.len()).then(|| self.from + chrono::Duration::days(i64::try_from(place).unwrap_or(0)))
    }
}

/// The first working day from one on.
fn next_working_day(settings: &Settings, day: Day) -> Day {
    // A year without a working day is a mistake in kehu.toml, not a reason to search on.
    day.iter_days().take(366).find(|d| settings.is_working_day(*d)).unwrap_or(day)
}

/// What the pool's rules look up for every customer.
#[derive(Debug)]
pub struct Pools<'a, 'i> {
    index: &'i Index<'a>,
    contracts: HashMap<usize, Vec<Contract<'a>>>,
    complaints: HashMap<usize, &'a str>,
    working: Option<WorkingDays>,
}

impl<'a, 'i> Pools<'a, 'i> {
    /// Over a book that holds what [`READS`] says.
    pub fn new(index: &'i Index<'a>) -> Pools<'a, 'i> {
        let book = index.book;
        let pools = book.settings.file.pools.values();
        let working =
            pools.clone().any(Pool::counts_working_days).then(|| WorkingDays::new(&book.settings, book.today));
        Pools { index, contracts: contracts(book), complaints: complaints(index), working }
    }

    /// Where a customer stands; `None` for one that is closed, or that nobody owns.
    pub fn standing(&self, customer: usize) -> Option<Standing> {
        let (index, book) = (self.index, self.index.book);
        let (settings, c) = (&book.settings, &book.customers[customer]);
        if c.closed || c.owner.is_empty() {
            return None;
        }
        let since = owner_since(index, customer).or(c.created)?;
        let rules = rules_of(settings, pool_of(settings, c));
        let contracts = self.contracts.get(&customer).map(Vec::as_slice).unwrap_or_default();
        let activities = index.activities(customer);
        let contact = activities.iter().rev().find(|a| !rules.counts_two_way() || is_two_way(settings, **a));
        let ended = || contracts.iter().filter_map(|c| c.to).max().map(|end| end.max(since));
        let bought_since = || order_days(index, customer).last().is_some_and(|d| *d >= since);
        let mut clocks: Vec<Clock> = Vec::new();
        for limit in Limit::ALL {
            let found = look_up(settings, c, limit.setting(), |l| limit.of(l));
            let Some((DaysOrNever(Some(most)), setting)) = found else { continue };
            let from = match limit {
                Limit::Follow => Some(contact.map_or(since, |a| a.day().max(since))),
                Limit::Deal => Some(since).filter(|_| !bought_since()),
                Limit::Contract => ended(),
            };
            let Some(from) = from else { continue };
            let days = self.days(rules, from, book.today);
            let passes = self.passes(rules, from, days, most);
            let releases = next_working_day(settings, passes.max(book.today));
            clocks.push(Clock { limit, since: from, days, most, setting, passes, releases });
        }
        clocks.sort_by_key(|c| c.passes);
        let kept = self.kept(rules, customer, contracts);
        let hit = clocks.first().and_then(|c| free_from(&kept, c.passes.max(book.today)));
        let releases = hit.and_then(|day| released_on(settings, &kept, day));
        let today = |(keeps, from, to): Kept| (from..=to).contains(&book.today).then_some(keeps);
        let keeps = kept.into_iter().filter_map(today).collect();
        let warn_days = look_up(settings, c, "warn_days", |l| l.warn_days).map_or(0, |(days, _)| days);
        Some(Standing { owner_since: since, clocks, keeps, hit, releases, warn_days })
    }

    /// What keeps a customer, and on which days. A complaint that is open and money that is late keep it until something happens.
    fn kept(&self, rules: &Pool, customer: usize, contracts: &[Contract<'a>]) -> Vec<Kept> {
        let (index, today) = (self.index, self.index.book.today);
        let always = |keeps| (keeps, Day::MIN, Day::MAX);
        let in_force =
            |c: &Contract<'_>| (Keeps::Contract(c.id.into()), c.from.unwrap_or(Day::MIN), c.to.unwrap_or(Day::MAX));
        let mut out: Vec<Kept> = contracts.iter().map(in_force).collect();
        out.extend(self.complaints.get(&customer).map(|id| always(Keeps::Complaint((*id).into()))));
        let late = |a: &'i crate::rules::receivables::Account<'a>| {
            a.receivables.iter().find(|r| r.status(today) == "overdue" && r.open.is_sign_positive())
        };
        out.extend(index.accounts_of(customer).iter().find_map(late).map(|r| always(Keeps::Overdue(r.id.into()))));
        out.extend(self.promised(rules, customer));
        if let Value::Day(day) = index.book.customers[customer].get("keep_until") {
            out.extend(day.pred_opt().map(|last| (Keeps::Until(day), Day::MIN, last)));
        }
        if rules.keeps_customers_with_orders() && index.ordered().get(customer) == Some(&true) {
            out.push(always(Keeps::Orders));
        }
        out
    }

    /// Days that count since one; none since one to come, such as the end of a contract in force.
    fn days(&self, rules: &Pool, since: Day, until: Day) -> i64 {
        let days = match &self.working {
            Some(working) if rules.counts_working_days() => working.between(since, until),
            _ => (until - since).num_days(),
        };
        days.max(0)
    }

    /// The first day on which more than so many days have passed since one.
    fn passes(&self, rules: &Pool, since: Day, days: i64, most: i64) -> Day {
        let Some(working) = self.working.as_ref().filter(|_| rules.counts_working_days()) else {
            let wait = u64::try_from(most.saturating_add(1)).unwrap_or(0);
            return since.checked_add_days(Days::new(wait)).unwrap_or(Day::MAX);
        };
        if let Some(day) = working.after(since, most.saturating_add(1)) {
            return day;
        }
        let (settings, mut day) = (&self.index.book.settings, since.max(self.index.book.today));
        for _ in 0..=(most - days).max(0) {
            day = next_working_day(settings, day.succ_opt().unwrap_or(day));
        }
        day
    }

    /// The promised days that keep the customer, each up to so many days before it; at most two were promised without a two-way
    /// contact.
    fn promised(&self, rules: &Pool, customer: usize) -> Vec<Kept> {
        let (settings, activities) = (&self.index.book.settings, self.index.activities(customer));
        let alone = activities.iter().rev().take_while(|a| !is_two_way(settings, **a)).filter(|a| a.next().is_some());
        if alone.count() > 2 {
            return Vec::new();
        }
        let ahead = u64::try_from(rules.promise_days()).unwrap_or(0);
        let keeps = |day: Day| {
            let from = day.checked_sub_days(Days::new(ahead)).unwrap_or(Day::MIN);
            (Keeps::Promise(day), from, day)
        };
        promises(self.index, customer).iter().filter_map(|(_, a)| a.next()).map(keeps).collect()
    }
}

fn cells<'b>(book: &'b Book, ledger: Ledger) -> impl Iterator<Item = (&'b PlainRow, impl Fn(&str) -> &'b str)> {
    let rows = book.plain.get(&ledger).map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(move |r| (r, move |name: &str| ledger.column(name).map_or("", |n| r.cell(n))))
}

/// The sales contracts of each customer that count (R12); one that ended ends on that day.
fn contracts(book: &Book) -> HashMap<usize, Vec<Contract<'_>>> {
    let mut out: HashMap<usize, Vec<Contract<'_>>> = HashMap::new();
    for (_, cell) in cells(book, Ledger::Contracts) {
        let id = cell("id");
        let Some(customer) = book.customer_index(cell("party")) else { continue };
        if cell("kind") == "sales" && contract_counts(book, id) {
            let ended = book.states.day(Ledger::Contracts, id, "ended");
            let to = [parse_day(cell("end")), ended].into_iter().flatten().min();
            let from = parse_day(cell("start")).or_else(|| At::parse(cell("at"), book.settings.tz).map(|at| at.day));
            out.entry(customer).or_default().push(Contract { id, from, to });
        }
    }
    out
}

/// An open complaint of each customer that has one.
fn complaints<'a>(index: &Index<'a>) -> HashMap<usize, &'a str> {
    let mut out = HashMap::new();
    for c in open(index) {
        if let Some(customer) = c.customer() {
            out.entry(customer).or_insert(c.id());
        }
    }
    out
}
