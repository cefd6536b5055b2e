//! R3: which customers stand still, why, with what odds, what is at stake, and what to do about it. Advice is never carried out
//! by itself.

use super::deals::Deal;
use super::engine::index::Index;
use super::engine::once::inside;
use super::followup::{CycleFrom, Due, cycle, due, is_two_way, last_touch, owner_since, touch_days};
use super::lifecycle::stage_since;
use super::ranking::up_to_share;
use super::stays::{FEW, Limit, Rate, leads_on};
use crate::model::Str;
use crate::model::day::{Day, Span};
use crate::model::money::{Decimal, Sum, multiply};
use crate::model::row::Activity;
use crate::model::settings::{StageCategory, Stalled as Rules};
use rayon::prelude::*;
use std::collections::HashMap;

/// The clocks of a customer: how long it has been in its stage, and how long nobody there has taken part in a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clocks {
    /// Day on which it entered its stage; `None` = unknown.
    pub stage_since: Option<Day>,
    /// Days since then.
    pub stage: Option<i64>,
    /// After how many days in the stage it is stalled; `None` = never.
    pub limit: Option<Limit>,
    /// Days since the customer last took part, else since it has its owner, else since it was created.
    pub touch: Option<i64>,
    /// Its cycle.
    pub cycle: Option<(Span, CycleFrom)>,
    /// After how many days without a contact it is stalled.
    pub touch_limit: Option<i64>,
}

impl Clocks {
    /// Whether it has been in its stage for too long.
    pub fn by_stage(&self) -> bool {
        matches!((self.stage, self.limit), (Some(days), Some(limit)) if days > limit.days)
    }
    /// Whether it has been without a contact for too long.
    pub fn by_touch(&self) -> bool {
        matches!((self.touch, self.touch_limit), (Some(days), Some(limit)) if days > limit)
    }
}

/// The clocks of a customer; `None` when they do not run: it is closed, lost, or in a stage that kehu.toml does not have.
///
/// The time in the stage says nothing where the ladder does not lead on: a repeat customer stays one for years.
pub fn clocks(index: &Index<'_>, customer: usize) -> Option<Clocks> {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    let n = settings.stage_index(c.stage)?;
    if c.closed || settings.file.stages[n].category == StageCategory::Lost {
        return None;
    }
    let since = stage_since(index, customer);
    let cycle = cycle(settings, c);
    let cycles = settings.file.stalled.touch_cycles();
    Some(Clocks {
        stage_since: since,
        stage: since.map(|d| (book.today - d).num_days()),
        limit: if leads_on(settings, n) { index.pasts().limit(settings, n) } else { None },
        touch: touch_days(index, customer),
        cycle,
        touch_limit: cycle.map(|(span, _)| cycles.saturating_mul(span.approx_days())),
    })
}

/// Whether a customer is stalled (R3): longer in its stage than the limit, or untouched for more than twice its cycle. Closed
/// and lost ones never.
pub fn is_stalled(index: &Index<'_>, customer: usize) -> bool {
    clocks(index, customer).is_some_and(|c| c.by_touch() || c.by_stage())
}

/// Why a customer stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Fewer contacts than half of those planned.
    NotVisited,
    /// Contacts without a result, or a colleague who does much better.
    BadlyHandled,
    /// Nobody answers, or they said no.
    Dead,
    /// All is done; the customer's turn.
    Waiting,
}

impl Cause {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Cause; 4] = [Cause::NotVisited, Cause::BadlyHandled, Cause::Dead, Cause::Waiting];
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Cause::NotVisited => "not-visited",
            Cause::BadlyHandled => "badly-handled",
            Cause::Dead => "dead",
            Cause::Waiting => "waiting",
        }
    }
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Contact the customer now.
    Contact,
    /// A joint visit, or another owner (攻坚).
    Attack,
    /// Close it with a day to reopen it (放弃).
    Drop,
    /// Wait for the day.
    Wait,
}

impl Advice {
    /// All of them.
    pub const ALL: [Advice; 4] = [Advice::Contact, Advice::Attack, Advice::Drop, Advice::Wait];
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Advice::Contact => "contact",
            Advice::Attack => "attack",
            Advice::Drop => "drop",
            Advice::Wait => "wait",
        }
    }
}

/// What the value at stake is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stake {
    /// Open deals, amount × probability.
    Deals,
    /// Open quotes, net.
    Quotes,
    /// The revenue of the last twelve months.
    Revenue,
}

impl Stake {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Stake; 3] = [Stake::Deals, Stake::Quotes, Stake::Revenue];
    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Stake::Deals => "deals",
            Stake::Quotes => "quotes",
            Stake::Revenue => "revenue",
        }
    }
}

/// A contact as the causes look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried<'a> {
    /// When.
    pub day: Day,
    /// Whether the customer took part.
    pub two_way: bool,
    /// What came of it; empty = nobody says.
    pub outcome: &'a str,
}

/// A colleague's rate beside the owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Who.
    pub who: Str,
    /// How often the colleague's customers moved on.
    pub theirs: Rate,
    /// How often the owner's did.
    pub own: Rate,
}

/// What the causes of a stalled customer are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The day everything is seen from.
    pub today: Day,
    /// All contacts, oldest first.
    pub contacts: &'a [Tried<'a>],
    /// The first of them in the stage, by number.
    pub first: usize,
    /// How many were planned; `None` without a cycle.
    pub planned: Option<i64>,
    /// The colleague who does best in the stage, where both have enough cases.
    pub peer: Option<Peer>,
}

/// The cause of a standstill, and the contacts that show it (by number).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Why.
    pub cause: Cause,
    /// The contacts behind it.
    pub contacts: Vec<usize>,
    /// The colleague behind it.
    pub peer: Option<Peer>,
}

/// The first cause that fits (R3).
pub fn cause(facts: &Facts<'_>, rules: &Rules) -> Found {
    let (all, here) = (facts.contacts, facts.contacts.get(facts.first..).unwrap_or_default());
    let numbers = |from: usize, fits: &dyn Fn(&Tried<'_>) -> bool| -> Vec<usize> {
        all.iter().enumerate().skip(from).filter(|(_, t)| fits(t)).map(|(n, _)| n).collect()
    };
    let found = |cause, contacts: Vec<usize>| Found { cause, contacts, peer: None };
    let done = count(here.len());
    let enough = facts.planned.and_then(|p| multiply(Decimal::from(p), rules.visited_share()));
    if enough.is_some_and(|enough| Decimal::from(done) < enough) {
        return found(Cause::NotVisited, numbers(facts.first, &|_| true));
    }
    let handled = done >= facts.planned.unwrap_or(0) && here.iter().any(|t| t.two_way);
    let without = numbers(facts.first, &|t| matches!(t.outcome, "" | "none"));
    if handled && count(without.len()) >= rules.without_outcome() {
        return found(Cause::BadlyHandled, without);
    }
    if handled && let Some(peer) = facts.peer.filter(|p| does_better(p, rules)) {
        return Found { peer: Some(peer), ..found(Cause::BadlyHandled, Vec::new()) };
    }
    // What they last said in this stage; a try without an answer says nothing.
    let said = here.iter().rposition(|t| !matches!(t.outcome, "" | "none" | "no-answer"));
    if let Some(n) = said.filter(|n| here[*n].outcome == "refused") {
        return found(Cause::Dead, vec![facts.first + n]);
    }
    // A step on the ladder answers no try.
    let since = all.iter().rposition(|t| t.two_way).map_or(0, |n| n + 1);
    let tries = numbers(since, &|t| t.outcome == "no-answer" && (facts.today - t.day).num_days() < rules.tries_days());
    if count(tries.len()) >= rules.tries() {
        return found(Cause::Dead, tries);
    }
    found(Cause::Waiting, Vec::new())
}

fn does_better(peer: &Peer, rules: &Rules) -> bool {
    let (Some(theirs), Some(own)) = (peer.theirs.told(), peer.own.told()) else { return false };
    multiply(own, rules.peer_factor()).is_some_and(|much| theirs > much)
}

/// What to do, the first that fits: whom nobody visited is visited; who is badly handled and worth much is attacked; what is dead,
/// or has no odds, is given up.
pub fn advice(cause: Cause, odds: Option<Decimal>, is_high: bool, rules: &Rules) -> Advice {
    match cause {
        Cause::NotVisited => Advice::Contact,
        Cause::BadlyHandled if is_high => Advice::Attack,
        Cause::Dead => Advice::Drop,
        _ if odds.is_some_and(|o| o < rules.drop_odds()) => Advice::Drop,
        Cause::BadlyHandled => Advice::Contact,
        Cause::Waiting => Advice::Wait,
    }
}

/// A stalled customer.
#[derive(Debug, Clone)]
pub struct Case {
    /// By index.
    pub customer: usize,
    /// Its clocks.
    pub clocks: Clocks,
    /// The day from which its contacts count: on which it entered its stage, else since which it has its owner, else on which it
    /// was created.
    pub since: Option<Day>,
    /// How many contacts were planned since then: days / cycle.
    pub planned: Option<i64>,
    /// The contacts since then.
    pub contacts: i64,
    /// The last contact in which the customer took part.
    pub touched: Option<Activity>,
    /// Why.
    pub cause: Cause,
    /// The contacts that show it.
    pub shown_by: Vec<Activity>,
    /// The colleague who shows it.
    pub peer: Option<Peer>,
    /// How many past stays that lasted as long moved on; `None` where nobody knows since when it has been there, or the ladder
    /// does not lead on.
    pub odds: Option<Rate>,
    /// What is at stake, and of what it is made.
    pub stake: Option<(Decimal, Stake)>,
    /// Whether it is among those that make up most of what is at stake with all stalled customers.
    pub is_high: bool,
    /// What to do.
    pub advice: Advice,
    /// When it is due (R4): the day that is waited for.
    pub due: Option<Due>,
}

/// The stalled customers among some, those with most at stake first.
pub fn stalled(index: &Index<'_>, chosen: &[usize]) -> Vec<Case> {
    let book = index.book;
    let deals = deals(index);
    let one = |n: usize| {
        inside(|| {
            let clocks = clocks(index, n).filter(|c| c.by_touch() || c.by_stage())?;
            Some(case(index, n, clocks, &deals))
        })
    };
    // Whether one is worth much depends on all of them, whichever are asked for.
    let mut all: Vec<Case> = (0..book.customers.len()).into_par_iter().with_min_len(256).filter_map(one).collect();
    all.sort_by(|a, b| b.stake.map(|s| s.0).cmp(&a.stake.map(|s| s.0)).then(a.customer.cmp(&b.customer)));
    let values: Vec<Decimal> = all.iter().map(|c| c.stake.map_or(Decimal::ZERO, |s| s.0)).collect();
    let high = up_to_share(&values, book.settings.key_share());
    let rules = &book.settings.file.stalled;
    for (n, c) in all.iter_mut().enumerate() {
        c.is_high = n < high;
        c.advice = advice(c.cause, c.odds.and_then(Rate::told), c.is_high, rules);
    }
    let mut wanted = vec![false; book.customers.len()];
    chosen.iter().for_each(|n| wanted[*n] = true);
    all.retain(|c| wanted[c.customer]);
    all
}

/// What the open deals of each customer are worth, amount × probability; those of which that is not known do not count.
fn deals(index: &Index<'_>) -> HashMap<usize, Sum> {
    let mut out: HashMap<usize, Sum> = HashMap::new();
    for d in Deal::all(index.book).filter(|d| d.state() == super::deals::OPEN) {
        if let (Some(customer), Some(worth)) = (d.customer(), d.weighted()) {
            out.entry(customer).or_default().add(worth);
        }
    }
    out
}

fn stake(index: &Index<'_>, customer: usize, deals: &HashMap<usize, Sum>) -> Option<(Decimal, Stake)> {
    if let Some(sum) = deals.get(&customer) {
        return Some((sum.known()?, Stake::Deals));
    }
    let today = index.book.today;
    let open = index.quotes().of(customer).filter(|q| q.state(today).is_open());
    let quoted: Vec<Decimal> = open.filter_map(|q| q.net_in_base(index.prices(), today)).collect();
    if !quoted.is_empty() {
        return Some((Sum::of(quoted).known()?, Stake::Quotes));
    }
    let year = index.figures_of_year(customer);
    (year.lines > 0).then(|| (year.revenue(), Stake::Revenue))
}

fn case(index: &Index<'_>, customer: usize, clocks: Clocks, deals: &HashMap<usize, Sum>) -> Case {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    let since = clocks.stage_since.or_else(|| owner_since(index, customer)).or(c.created);
    let planned = since.zip(clocks.cycle).and_then(|(since, (span, _))| {
        let days = (book.today - since).num_days().max(0);
        days.checked_div(span.approx_days())
    });
    let all = index.activities(customer);
    let first = since.map_or(0, |since| all.partition_point(|a| a.day() < since));
    let tried: Vec<Tried<'_>> =
        all.iter().map(|a| Tried { day: a.day(), two_way: is_two_way(settings, *a), outcome: a.outcome() }).collect();
    let stage = settings.stage_index(c.stage).unwrap_or(0);
    let pasts = index.pasts();
    let own = pasts.rate(stage, c.owner);
    let peer = (own.cases >= FEW).then(|| pasts.best_peer(stage, c.owner)).flatten();
    let peer = peer.map(|(who, theirs)| Peer { who, theirs, own });
    let facts = Facts { today: book.today, contacts: &tried, first, planned, peer };
    let found = cause(&facts, &settings.file.stalled);
    let odds = clocks.stage.filter(|_| leads_on(settings, stage)).map(|days| pasts.odds(stage, days));
    Case {
        customer,
        clocks,
        since,
        planned,
        contacts: count(all.len() - first),
        touched: last_touch(index, customer),
        cause: found.cause,
        shown_by: found.contacts.into_iter().map(|n| all[n]).collect(),
        peer: found.peer,
        odds,
        stake: stake(index, customer, deals),
        is_high: false,
        advice: Advice::Wait,
        due: due(index, customer),
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::money::parse_decimal;

    /// Contacts as `06-20 both neutral`; `-` stands for no outcome.
    fn tried(list: &str) -> Vec<Tried<'_>> {
        let one = |text: &str| {
            let mut words = text.split_whitespace();
            let mut next = || words.next().unwrap().to_string();
            let (day, way, outcome) = (next(), next(), next());
            let outcome: &'static str = if outcome == "-" { "" } else { outcome.leak() };
            Tried { day: parse_day(&format!("2026-{day}")).unwrap(), two_way: way == "both", outcome }
        };
        list.split(',').map(str::trim).filter(|t| !t.is_empty()).map(one).collect()
    }

    #[test]
    fn the_first_cause_that_fits_is_told_with_its_contacts() {
        let check = |planned: i64, contacts: &str, peer: Option<[i64; 4]>, expected: &str, shown_by: &[usize]| {
            let contacts = tried(contacts);
            let peer = peer.map(|[hits, cases, own, of]| Peer {
                who: "wu",
                theirs: Rate { hits, cases },
                own: Rate { hits: own, cases: of },
            });
            let today = parse_day("2026-06-30").unwrap();
            let facts = Facts { today, contacts: &contacts, first: 0, planned: Some(planned), peer };
            let found = cause(&facts, &Rules::default());
            assert_eq!((found.cause.key(), found.contacts.as_slice()), (expected, shown_by), "{planned} {contacts:?}");
            assert_eq!(found.peer.is_some(), expected == "badly-handled" && shown_by.is_empty(), "{contacts:?}");
        };
        // 2 of 5 are less than half of them, 2 of 4 are not.
        check(5, "06-01 both positive, 06-02 both positive", None, "not-visited", &[0, 1]);
        check(4, "06-01 both positive, 06-02 both positive", None, "waiting", &[]);
        check(1, "", None, "not-visited", &[]);
        // Nothing was planned yet.
        check(0, "", None, "waiting", &[]);
        // As many as planned, and two of them without an outcome.
        let vague = "06-01 both -, 06-08 both positive, 06-15 out none";
        check(3, vague, None, "badly-handled", &[0, 2]);
        check(4, vague, None, "waiting", &[]);
        check(3, "06-01 both -, 06-08 both positive, 06-15 out neutral", None, "waiting", &[]);
        // Nobody there took part.
        check(2, "06-01 out -, 06-08 out -", None, "waiting", &[]);
        // A colleague: 10 of 20 against 6 of 20, 5 of 20 against 4 of 20; too few cases on one side.
        let well = "06-01 both positive, 06-08 both neutral";
        check(2, well, Some([10, 20, 6, 20]), "badly-handled", &[]);
        check(2, well, Some([9, 20, 6, 20]), "waiting", &[]);
        check(2, well, Some([10, 14, 1, 20]), "waiting", &[]);
        check(2, well, Some([10, 20, 0, 14]), "waiting", &[]);
        check(3, well, Some([10, 20, 6, 20]), "waiting", &[]);
        // Three tries without an answer within 45 days, none of them answered since.
        let silent = "05-20 out no-answer, 06-01 out no-answer, 06-15 out no-answer";
        check(3, silent, None, "dead", &[0, 1, 2]);
        check(3, "05-16 out no-answer, 06-01 out no-answer, 06-15 out no-answer", None, "waiting", &[]);
        check(
            3,
            "05-20 out no-answer, 06-01 out no-answer, 06-15 out no-answer, 06-16 both neutral",
            None,
            "waiting",
            &[],
        );
        // An explicit no, unless they have said something else since.
        check(2, "06-01 both positive, 06-08 both refused", None, "dead", &[1]);
        check(3, "06-01 both positive, 06-08 both refused, 06-15 out no-answer", None, "dead", &[1]);
        check(3, "06-01 both positive, 06-08 both refused, 06-15 both negative", None, "waiting", &[]);
        // Neglect comes first: who was hardly visited may not be given up for one no.
        check(9, "06-01 both refused", None, "not-visited", &[0]);
    }

    #[test]
    fn tries_count_in_whichever_stage_they_were_a_no_in_its_own() {
        let check = |contacts: &str, first: usize, expected: &str, shown_by: &[usize]| {
            let contacts = tried(contacts);
            let today = parse_day("2026-06-30").unwrap();
            let facts = Facts { today, contacts: &contacts, first, planned: Some(0), peer: None };
            let found = cause(&facts, &Rules::default());
            assert_eq!((found.cause.key(), found.contacts.as_slice()), (expected, shown_by), "{contacts:?}");
        };
        let silent = "05-20 out no-answer, 06-01 out no-answer, 06-15 out no-answer";
        check(silent, 0, "dead", &[0, 1, 2]);
        check(silent, 2, "dead", &[0, 1, 2]);
        check(silent, 3, "dead", &[0, 1, 2]);
        // Whose stage was changed after a no has said something else.
        check("06-01 both refused, 06-15 out none", 0, "dead", &[0]);
        check("06-01 both refused, 06-15 out none", 1, "waiting", &[]);
    }

    #[test]
    fn advice_follows_from_cause_odds_and_value() {
        let check = |cause: Cause, odds: &str, high: bool, expected: Advice| {
            assert_eq!(
                advice(cause, parse_decimal(odds), high, &Rules::default()),
                expected,
                "{cause:?} {odds} {high}"
            );
        };
        check(Cause::NotVisited, "0", true, Advice::Contact);
        check(Cause::NotVisited, "", false, Advice::Contact);
        check(Cause::BadlyHandled, "0", true, Advice::Attack);
        check(Cause::BadlyHandled, "0.5", false, Advice::Contact);
        check(Cause::BadlyHandled, "0.04", false, Advice::Drop);
        check(Cause::Dead, "0.9", true, Advice::Drop);
        check(Cause::Waiting, "0.05", true, Advice::Wait);
        check(Cause::Waiting, "0.049", true, Advice::Drop);
        check(Cause::Waiting, "", false, Advice::Wait);
    }
}
