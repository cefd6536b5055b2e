//! What the rules (R1 to R5, R14) say of a small company, written from 4-rules.md and the template's numbers alone: an oracle that uses
//! nothing of the program. Facts go in as they happen; every question is asked as of the end of a day.

use super::calendar::{Day, days, forward, worked};
use std::collections::{BTreeMap, BTreeSet};

/// One contact.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) day: Day,
    pub(crate) by: String,
    pub(crate) channel: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) next: Option<Day>,
}

impl Contact {
    /// Direction both or in, or a visit or meeting with an outcome; without a direction the channel says it; unanswered ones never are.
    pub(crate) fn two_way(&self) -> bool {
        if self.outcome == "no-answer" {
            return false;
        }
        match self.direction {
            "in" | "both" => true,
            "out" => matches!(self.channel, "visit" | "meeting") && !self.outcome.is_empty(),
            _ => !matches!(self.channel, "sms" | "email" | "other"),
        }
    }

    fn without_outcome(&self) -> bool {
        matches!(self.outcome, "" | "none")
    }
}

/// A decision: from this day on the value is another one.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) day: Day,
    pub(crate) to: String,
}

/// A customer: what stands in its file, and what happened to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Customer {
    pub(crate) created: Day,
    pub(crate) pool: &'static str,
    pub(crate) grade: &'static str,
    pub(crate) intent: &'static str,
    /// Its own cycle in days.
    pub(crate) every: Option<i64>,
    pub(crate) keep_until: Option<Day>,
    pub(crate) closed: bool,
    pub(crate) reopen: Option<Day>,
    pub(crate) owner: String,
    pub(crate) stage: &'static str,
    /// Changes of the owner, the oldest first; none where nobody knows since when it has its owner.
    pub(crate) owners: Vec<Turn>,
    /// Changes of the stage, the oldest first.
    pub(crate) stages: Vec<Turn>,
    pub(crate) contacts: Vec<Contact>,
}

/// One sale.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) customer: String,
    pub(crate) by: String,
    pub(crate) day: Day,
    pub(crate) due: Day,
    pub(crate) amount: i64,
    pub(crate) paid: i64,
}

/// A sales contract.
#[derive(Debug, Clone)]
pub(crate) struct Contract {
    pub(crate) customer: String,
    pub(crate) start: Day,
    pub(crate) end: Day,
    /// The day of an event `ended`.
    pub(crate) ended: Option<Day>,
}

impl Contract {
    /// The last day on which it is in force.
    fn last_day(&self) -> Day {
        self.ended.map_or(self.end, |ended| ended.min(self.end))
    }
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Task {
    pub(crate) owner: String,
    pub(crate) customer: String,
    pub(crate) kind: String,
    pub(crate) due: Day,
}

/// The company.
#[derive(Debug, Clone, Default)]
pub(crate) struct Company {
    pub(crate) customers: BTreeMap<String, Customer>,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(crate) contracts: BTreeMap<String, Contract>,
    /// Complaints that nobody has resolved: id, customer.
    pub(crate) complaints: BTreeMap<String, String>,
    /// Open tasks by id.
    pub(crate) tasks: BTreeMap<String, Task>,
    /// Claims made on a day: the events, whatever came of the customer later.
    pub(crate) claims: BTreeMap<(String, Day), usize>,
    /// Who works here still.
    pub(crate) people: BTreeSet<String>,
}

/// A limit of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Never,
    Days(i64),
}
use Limit::{Days as After, Never};

/// Follow, deal and warn, as the template has them; a stage has them all.
type Limits = [Option<Limit>; 3];

fn limits_of_grade(grade: &str) -> Limits {
    match grade {
        "A" => [Some(Never), Some(Never), Some(After(15))],
        "B" | "C" => [Some(After(180)), Some(Never), Some(After(15))],
        "D" => [Some(After(365)), Some(Never), Some(After(15))],
        _ => [None; 3],
    }
}

fn limits_of_intent(intent: &str) -> Limits {
    match intent {
        "hot" => [Some(After(15)), Some(After(90)), Some(After(5))],
        "warm" | "cold" => [Some(After(30)), Some(After(90)), Some(After(5))],
        _ => [None; 3],
    }
}

fn limits_of_stage(stage: &str) -> Limits {
    match stage {
        "lead" => [Some(After(15)), Some(After(60)), Some(After(3))],
        "prospect" => [Some(After(30)), Some(After(90)), Some(After(5))],
        "first-order" => [Some(After(60)), Some(Never), Some(After(7))],
        _ => [Some(After(180)), Some(Never), Some(After(15))],
    }
}

/// The numbers of a pool of the play.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) id: &'static str,
    /// Nobody named: everybody.
    pub(crate) members: &'static [&'static str],
    pub(crate) cooldown: i64,
    pub(crate) quarantine: i64,
    /// Whether also contacts that are not two-way reset the clock.
    pub(crate) any: bool,
    /// Whether only working days count towards its limits.
    pub(crate) working: bool,
    pub(crate) after_contract: i64,
}

pub(crate) const CLAIMS_PER_DAY: usize = 2;
pub(crate) const OWN_LIMIT: usize = 16;
/// The limit of li's own.
pub(crate) const OWN_LIMIT_OF_LI: usize = 12;
const PROMISE_DAYS: i64 = 30;
const FIRST_CONTACT_DAYS: i64 = 1;

pub(crate) const POOLS: [Pool; 3] = [
    Pool { id: "default", members: &[], cooldown: 15, quarantine: 1, any: false, working: false, after_contract: 20 },
    Pool {
        id: "east",
        members: &["li", "wu", "sun"],
        cooldown: 4,
        quarantine: 1,
        any: false,
        working: false,
        after_contract: 10,
    },
    Pool {
        id: "west",
        members: &["zhao", "qian", "zhou"],
        cooldown: 6,
        quarantine: 2,
        any: true,
        working: true,
        after_contract: 15,
    },
];

/// A limit that runs: since which day, how many days it allows, and whether only working days count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Clock {
    pub(crate) what: &'static str,
    pub(crate) since: Day,
    pub(crate) limit: i64,
    pub(crate) working: bool,
}

impl Clock {
    /// Days that count since then.
    pub(crate) fn elapsed(&self, day: Day) -> i64 {
        let counts = |d: &Day| !self.working || worked(*d);
        let later = self.since.iter_days().skip(1).take_while(|d| *d <= day);
        later.filter(counts).count() as i64
    }

    /// The first day on which more days than allowed have passed: a limit of 30 releases on day 31.
    pub(crate) fn passes(&self) -> Day {
        if !self.working {
            return self.since + days(self.limit + 1);
        }
        let mut day = self.since;
        for _ in 0..=self.limit {
            day = forward(day + days(1));
        }
        day
    }
}

/// What stands still, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stalled {
    pub(crate) stage_clock: Option<i64>,
    pub(crate) touch: i64,
    pub(crate) touch_limit: i64,
    pub(crate) contacts: i64,
    pub(crate) planned: i64,
    pub(crate) cause: &'static str,
    /// Days after which the time in the stage stalls it, and how many stays moved on so far; `None` where the ladder ends.
    pub(crate) after: Option<(i64, usize)>,
    /// Of all past stays that lasted as long: how many moved on, and how many there are.
    pub(crate) odds: Option<(usize, usize)>,
}

/// A stay in a stage that is over.
struct Stay<'c> {
    stage: &'c str,
    days: i64,
    forward: bool,
}

/// The ladder of the template.
const LADDER: [&str; 4] = ["lead", "prospect", "first-order", "repeat"];

impl Customer {
    /// Since when it has its owner; nobody knows it of a customer without events.
    fn owner_since(&self) -> Option<Day> {
        self.owners.last().filter(|t| !t.to.is_empty()).map(|t| t.day)
    }

    /// The day from which clocks run when nothing else is known.
    fn begin(&self) -> Day {
        self.owner_since().unwrap_or(self.created)
    }

    pub(crate) fn presale(&self) -> bool {
        matches!(self.stage, "lead" | "prospect")
    }

    /// R4: own cycle, else the grade's, else the intent's before the first order, else the stage's.
    pub(crate) fn cycle(&self) -> i64 {
        let grade = match self.grade {
            "A" => Some(14),
            "B" => Some(30),
            "C" => Some(60),
            "D" => Some(90),
            _ => None,
        };
        let intent = match self.intent {
            "hot" if self.presale() => Some(3),
            "warm" if self.presale() => Some(7),
            "cold" if self.presale() => Some(15),
            _ => None,
        };
        let stage = if self.stage == "repeat" { 30 } else { 7 };
        self.every.or(grade).or(intent).unwrap_or(stage)
    }

    /// Follow, deal and warn: each looked up for itself.
    fn limits(&self) -> [Limit; 3] {
        let grade = limits_of_grade(self.grade);
        let intent = if self.presale() { limits_of_intent(self.intent) } else { [None; 3] };
        let stage = limits_of_stage(self.stage);
        std::array::from_fn(|n| grade[n].or(intent[n]).or(stage[n]).unwrap_or(Never))
    }

    pub(crate) fn warn_days(&self) -> i64 {
        match self.limits()[2] {
            After(n) => n,
            Never => 0,
        }
    }

    pub(crate) fn pool(&self) -> &'static Pool {
        POOLS.iter().find(|p| p.id == self.pool).unwrap_or(&POOLS[0])
    }

    pub(crate) fn last_contact(&self) -> Option<Day> {
        self.contacts.iter().map(|c| c.day).max()
    }

    pub(crate) fn last_two_way(&self) -> Option<Day> {
        self.contacts.iter().filter(|c| c.two_way()).map(|c| c.day).max()
    }

    /// R4: the promised day that still stands.
    pub(crate) fn promise(&self) -> Option<Day> {
        let made = self.contacts.iter().filter(|c| c.next.is_some()).map(|c| c.day).max()?;
        let next = self.contacts.iter().filter(|c| c.day == made).filter_map(|c| c.next).min()?;
        let kept = |c: &Contact| c.day > made && c.two_way() && c.day >= next - days(1);
        (!self.contacts.iter().any(kept)).then_some(next)
    }

    /// R4: the follow-up's day, on a day that is worked.
    pub(crate) fn due(&self) -> Option<Day> {
        if self.closed {
            return self.reopen.map(forward);
        }
        let by_cycle = || self.last_contact().map(|last| last + days(self.cycle()));
        let first = self.begin() + days(FIRST_CONTACT_DAYS);
        Some(forward(self.promise().or_else(by_cycle).unwrap_or(first)))
    }

    /// A lead that nobody has touched for a day since it was made or got its owner, and that was promised nothing.
    pub(crate) fn untouched(&self, day: Day) -> bool {
        let base = self.begin().max(self.created);
        let touched = self.last_contact().is_some_and(|last| last >= base) || self.promise().is_some();
        !self.closed && self.presale() && !touched && base < day
    }

    /// R2: the promise keeps it, at most twice without a two-way contact.
    fn promised_ahead(&self, day: Day) -> bool {
        let since = self.last_two_way();
        let times = self.contacts.iter().filter(|c| c.next.is_some() && since.is_none_or(|s| c.day > s)).count();
        times <= 2 && self.promise().is_some_and(|next| day <= next && next <= day + days(PROMISE_DAYS))
    }

    /// Since when it lies in the pool; `None` where nobody ever owned it.
    pub(crate) fn in_pool_since(&self) -> Option<Day> {
        let turn = self.owners.last()?;
        (turn.to.is_empty() && self.owners.len() > 1).then_some(turn.day)
    }

    /// Its past stays whose first day is known.
    fn stays(&self) -> impl Iterator<Item = Stay<'_>> {
        let place = |t: &Turn| LADDER.iter().position(|s| *s == t.to);
        self.stages.windows(2).map(move |w| Stay {
            stage: &w[0].to,
            days: (w[1].day - w[0].day).num_days(),
            forward: place(&w[1]) > place(&w[0]),
        })
    }

    /// The last day on which somebody had it.
    fn left(&self, who: &str) -> Option<Day> {
        self.owners.windows(2).filter(|w| w[0].to == who).map(|w| w[1].day).max()
    }
}

impl Company {
    pub(crate) fn has_ordered(&self, id: &str) -> bool {
        self.orders.values().any(|o| o.customer == id)
    }

    /// R2: the limits of a customer, exemptions left aside.
    pub(crate) fn clocks(&self, id: &str) -> Vec<Clock> {
        let c = &self.customers[id];
        let (pool, begin, working) = (c.pool(), c.begin(), c.pool().working);
        let [follow, deal, _] = c.limits();
        let mut out = Vec::new();
        if let After(limit) = follow {
            let last = if pool.any { c.last_contact() } else { c.last_two_way() };
            out.push(Clock { what: "follow", since: last.map_or(begin, |l| l.max(begin)), limit, working });
        }
        if let After(limit) = deal
            && !self.orders.values().any(|o| o.customer == id && o.day >= begin)
        {
            out.push(Clock { what: "deal", since: begin, limit, working });
        }
        let ends = self.contracts.values().filter(|k| k.customer == id).map(Contract::last_day);
        if let Some(end) = ends.max() {
            out.push(Clock { what: "contract", since: end.max(begin), limit: pool.after_contract, working });
        }
        out
    }

    /// R2: whether something keeps a customer on a day, by what is known today: a complaint stays open, what is late stays late.
    fn kept(&self, id: &str, day: Day, today: Day) -> bool {
        let c = &self.customers[id];
        let in_force = |k: &Contract| k.customer == id && k.start <= day && day <= k.last_day();
        let overdue = |o: &Order| o.customer == id && o.due < today && o.paid < o.amount;
        self.contracts.values().any(in_force)
            || self.complaints.values().any(|of| of == id)
            || self.orders.values().any(overdue)
            || c.promised_ahead(day)
            || c.keep_until.is_some_and(|until| until > day)
    }

    /// Customers whom an owner can lose.
    fn owned(&self) -> impl Iterator<Item = (&String, &Customer)> {
        self.customers.iter().filter(|(_, c)| !c.closed && !c.owner.is_empty())
    }

    /// R2: the limits by which a customer is released on a day: all that have been passed, unless something keeps it.
    fn passed(&self, id: &str, day: Day, today: Day) -> Vec<Clock> {
        let passed = |p: &Clock| p.passes() <= day && !self.kept(id, day, today);
        self.clocks(id).into_iter().filter(passed).collect()
    }

    /// R2: who is released on a day, with every limit passed; nobody on a day that is not worked.
    pub(crate) fn sweep(&self, day: Day) -> BTreeMap<String, Vec<Clock>> {
        let list = self.owned().filter(|_| worked(day)).map(|(id, _)| (id.clone(), self.passed(id, day, day)));
        list.filter(|(_, p)| !p.is_empty()).collect()
    }

    /// R2: whom a rule would hit within its `warn_days` if nothing happened, and the day on which it would be released.
    pub(crate) fn warned(&self, day: Day) -> BTreeMap<String, Day> {
        let mut out = BTreeMap::new();
        for (id, c) in self.owned() {
            if worked(day) && !self.passed(id, day, day).is_empty() {
                continue;
            }
            let within = day.iter_days().take_while(|d| *d <= day + days(c.warn_days()));
            let Some(hit) = within.into_iter().find(|d| !self.passed(id, *d, day).is_empty()) else { continue };
            let released = forward(hit).iter_days().find(|d| worked(*d) && !self.passed(id, *d, day).is_empty());
            out.insert(id.clone(), released.expect("a day on which it is released"));
        }
        out
    }

    /// Customers that count towards what somebody may own: open ones that have not ordered.
    pub(crate) fn counted(&self, who: &str) -> usize {
        self.owned().filter(|(id, c)| c.owner == who && !self.has_ordered(id)).count()
    }

    pub(crate) fn own_limit(who: &str) -> usize {
        if who == "li" { OWN_LIMIT_OF_LI } else { OWN_LIMIT }
    }

    /// R2: the rules of a claim that forbid it, in order.
    pub(crate) fn refused(&self, who: &str, ids: &[String], day: Day) -> Vec<&'static str> {
        let all = |holds: &dyn Fn(&Customer) -> bool| ids.iter().all(|id| holds(&self.customers[id]));
        let new = ids.iter().filter(|id| !self.has_ordered(id)).count();
        let made = self.claims.get(&(who.to_string(), day)).copied().unwrap_or(0);
        let since = |at: Option<Day>| at.map_or(i64::MAX, |a| (day - a).num_days());
        let rules = [
            ("in-pool", all(&|c| c.owner.is_empty())),
            ("member", all(&|c| c.pool().members.is_empty() || c.pool().members.contains(&who))),
            ("own-limit", new == 0 || self.counted(who) + new <= Self::own_limit(who)),
            ("claims", made + ids.len() <= CLAIMS_PER_DAY),
            ("cooldown", all(&|c| since(c.left(who)) >= c.pool().cooldown)),
            ("quarantine", all(&|c| since(c.in_pool_since()) >= c.pool().quarantine)),
        ];
        rules.into_iter().filter(|(_, holds)| !holds).map(|(rule, _)| rule).collect()
    }

    /// R3: what stands still on a day; closed customers never do.
    pub(crate) fn stalled(&self, day: Day) -> BTreeMap<String, Stalled> {
        let stays: Vec<Stay<'_>> = self.customers.values().flat_map(Customer::stays).collect();
        let open = self.customers.iter().filter(|(_, c)| !c.closed);
        open.filter_map(|(id, c)| Some((id.clone(), stands_still(c, day, &stays)?))).collect()
    }

    /// Gives a customer to somebody, or to the pool.
    pub(crate) fn give(&mut self, id: &str, to: &str, day: Day) {
        let c = self.customers.get_mut(id).expect("a customer");
        if c.owners.is_empty() {
            // Its history begins with the first change: who had it before is known, since when is not.
            c.owners.push(Turn { day: c.created, to: c.owner.clone() });
        }
        c.owner = to.to_string();
        c.owners.push(Turn { day, to: to.to_string() });
    }

    /// R1: the stage that a customer has now; a step by an order goes through no other.
    pub(crate) fn move_to(&mut self, id: &str, stage: &'static str, day: Day) {
        let c = self.customers.get_mut(id).expect("a customer");
        c.stage = stage;
        c.stages.push(Turn { day, to: stage.to_string() });
    }

    /// R1: the first order makes a customer of a lead, the second day with an order that brings money a repeat one.
    pub(crate) fn order(&mut self, number: &str, order: Order) {
        let (id, day) = (order.customer.clone(), order.day);
        self.orders.insert(number.to_string(), order);
        let paid: BTreeSet<Day> =
            self.orders.values().filter(|o| o.customer == id && o.amount > 0).map(|o| o.day).collect();
        match self.customers[&id].stage {
            "repeat" => {}
            _ if paid.len() > 1 => self.move_to(&id, "repeat", day),
            "lead" | "prospect" => self.move_to(&id, "first-order", day),
            _ => {}
        }
    }

    /// R1: whether a customer may go to a stage, with a note.
    pub(crate) fn may_move(&self, id: &str, to: &str) -> bool {
        let c = &self.customers[id];
        let follows = matches!(
            (c.stage, to),
            ("lead", "prospect") | ("prospect", "lead" | "first-order") | ("first-order", "repeat")
        );
        let has = match to {
            "prospect" => !c.contacts.is_empty(),
            "first-order" | "repeat" => self.has_ordered(id),
            _ => true,
        };
        follows && has && !c.closed
    }
}

/// From 20 stays on that moved on from a stage the 75th percentile of their days stalls, else the number of the template.
fn stall_after(stage: &str, stays: &[Stay<'_>]) -> Option<(i64, usize)> {
    // The ladder ends with `repeat`.
    let usual = *[7, 14, 21].get(LADDER.iter().position(|s| *s == stage)?)?;
    let mut moved: Vec<i64> = stays.iter().filter(|s| s.stage == stage && s.forward).map(|s| s.days).collect();
    moved.sort_unstable();
    let n = moved.len();
    Some((if n >= 20 { moved[(3 * n).div_ceil(4) - 1] } else { usual }, n))
}

/// R3 for one customer.
fn stands_still(c: &Customer, day: Day, stays: &[Stay<'_>]) -> Option<Stalled> {
    let since = |at: Day| (day - at).num_days();
    let stay = c.stages.last().map(|t| t.day);
    let after = stall_after(c.stage, stays);
    let touch = since(c.last_two_way().unwrap_or(c.begin()));
    let touch_limit = 2 * c.cycle();
    let long = stay.zip(after).is_some_and(|(stay, (limit, _))| since(stay) > limit);
    if !long && touch <= touch_limit {
        return None;
    }
    let start = stay.unwrap_or(c.begin());
    let here: Vec<&Contact> = c.contacts.iter().filter(|k| k.day >= start).collect();
    let (contacts, planned) = (here.len() as i64, since(start) / c.cycle());
    let vague = here.iter().filter(|k| k.without_outcome()).count();
    let last = c.last_two_way();
    let tries =
        c.contacts.iter().filter(|k| k.outcome == "no-answer" && since(k.day) < 45 && last.is_none_or(|l| k.day > l));
    // An explicit no is the last thing that they said here; a contact without an outcome says nothing.
    let said = here.iter().rev().find(|k| !matches!(k.outcome, "" | "none" | "no-answer"));
    let no = said.is_some_and(|k| k.outcome == "refused");
    let cause = if 2 * contacts < planned {
        "not-visited"
    } else if contacts >= planned && here.iter().any(|k| k.two_way()) && vague >= 2 {
        "badly-handled"
    } else if tries.count() >= 3 || no {
        "dead"
    } else {
        "waiting"
    };
    let odds = stay.filter(|_| after.is_some()).map(|stay| {
        let as_long = || stays.iter().filter(|s| s.stage == c.stage && s.days >= since(stay));
        (as_long().filter(|s| s.forward).count(), as_long().count())
    });
    Some(Stalled { stage_clock: stay.map(since), touch, touch_limit, contacts, planned, cause, after, odds })
}
