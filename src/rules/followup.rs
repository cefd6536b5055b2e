//! R4: when each customer is due, and each contact that somebody beside its owner follows; and why.

use super::engine::index::Index;
use super::followers::{followed, follower};
use super::history::{fold_of, visits};
use crate::model::Str;
use crate::model::book::Book;
use crate::model::customer::{Customer, Followed};
use crate::model::day::{At, Day, Span};
use crate::model::row::Activity;
use crate::model::settings::{DueOn, Settings, StageCategory};
use crate::model::team::Team;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Why a customer is due on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// An activity promised the day.
    Promise,
    /// The last activity plus the cycle.
    Cycle,
    /// Never contacted.
    FirstContact,
    /// A closed customer's reopen date.
    Reopen,
}

impl Why {
    /// Machine key.
    pub fn key(self) -> &'static str {
        match self {
            Why::Promise => "promise",
            Why::Cycle => "cycle",
            Why::FirstContact => "first-contact",
            Why::Reopen => "reopen",
        }
    }
}

/// Where a cycle comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleFrom {
    /// The customer's own `contact_every`.
    Customer,
    /// Its grade's.
    Grade,
    /// Its intent's.
    Intent,
    /// Its stage's.
    Stage,
}

/// A follow-up due date with the facts behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day, moved to a working day by `followup.due_on`.
    pub day: Day,
    /// The day before it was moved.
    pub unmoved: Day,
    /// Why.
    pub why: Why,
    /// The activity that the date counts from.
    pub activity: Option<Activity>,
    /// The last activity with the customer, or with the contact.
    pub last: Option<Activity>,
    /// The cycle that was added.
    pub cycle: Option<(Span, CycleFrom)>,
    /// The day counted from when there is no activity.
    pub base: Option<Day>,
}

impl Due {
    /// Days by which it is late; 0 when it is not.
    pub fn days_overdue(&self, today: Day) -> i64 {
        (today - self.day).num_days().max(0)
    }
}

/// A contact, in the ledger or about to be written there.
trait Contact: Copy + PartialEq {
    fn at(self) -> At;
    fn next(self) -> Option<Day>;
    /// With whom; may be empty.
    fn person(&self) -> &str;
    fn is_two_way(self, settings: &Settings) -> bool;
}

impl Contact for Activity {
    fn at(self) -> At {
        Activity::at(&self)
    }
    fn next(self) -> Option<Day> {
        Activity::next(&self)
    }
    fn person(&self) -> &str {
        self.contact()
    }
    fn is_two_way(self, settings: &Settings) -> bool {
        is_two_way(settings, self)
    }
}

/// A contact that is about to be written down. Words stand as files hold them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewContact<'a> {
    /// When.
    pub at: At,
    /// With whom; may be empty.
    pub contact: &'a str,
    /// The day promised.
    pub next: Option<Day>,
    /// By which channel.
    pub channel: &'a str,
    /// Who spoke; may be empty.
    pub direction: &'a str,
    /// What came of it; may be empty.
    pub outcome: &'a str,
}

impl Contact for NewContact<'_> {
    fn at(self) -> At {
        self.at
    }
    fn next(self) -> Option<Day> {
        self.next
    }
    fn person(&self) -> &str {
        self.contact
    }
    fn is_two_way(self, settings: &Settings) -> bool {
        took_part(settings, self.outcome, self.direction, self.channel)
    }
}

/// One of the contacts that there will be.
#[derive(Clone, Copy, PartialEq)]
enum Known<'a> {
    There(Activity),
    New(NewContact<'a>),
}

impl Contact for Known<'_> {
    fn at(self) -> At {
        match self {
            Known::There(a) => a.at(),
            Known::New(c) => c.at,
        }
    }
    fn next(self) -> Option<Day> {
        match self {
            Known::There(a) => a.next(),
            Known::New(c) => c.next,
        }
    }
    fn person(&self) -> &str {
        match self {
            Known::There(a) => a.contact(),
            Known::New(c) => c.contact,
        }
    }
    fn is_two_way(self, settings: &Settings) -> bool {
        match self {
            Known::There(a) => is_two_way(settings, a),
            Known::New(c) => c.is_two_way(settings),
        }
    }
}

/// Whether the customer took part: `in` or `both`, a visit or meeting with an outcome, or a channel that kehu.toml
/// calls two-way when no direction is given. An unanswered call never counts (R3, R4).
pub fn is_two_way(settings: &Settings, a: Activity) -> bool {
    took_part(settings, a.outcome(), a.direction(), a.channel())
}

fn took_part(settings: &Settings, outcome: &str, direction: &str, channel: &str) -> bool {
    if outcome == "no-answer" {
        return false;
    }
    match direction {
        "in" | "both" => true,
        "out" => matches!(channel, "visit" | "meeting") && !outcome.is_empty(),
        _ => settings.two_way(channel),
    }
}

/// The cycle of a customer: its own, else its grade's, else its intent's (before the first order), else its stage's.
pub fn cycle(settings: &Settings, c: &Customer) -> Option<(Span, CycleFrom)> {
    let f = &settings.file;
    // An intent left over from before the first order says nothing about a customer who buys.
    let presale = settings.stage(c.stage).is_none_or(|s| s.category == StageCategory::Presale);
    let intent = if presale { c.intent } else { "" };
    c.contact_every
        .map(|s| (s, CycleFrom::Customer))
        .or_else(|| f.grades.get(c.grade).and_then(|g| g.contact_every).map(|s| (s, CycleFrom::Grade)))
        .or_else(|| f.intents.get(intent).and_then(|i| i.contact_every).map(|s| (s, CycleFrom::Intent)))
        .or_else(|| settings.stage(c.stage).and_then(|s| s.contact_every).map(|s| (s, CycleFrom::Stage)))
}

/// Where the length of a customer's cycle is written: a file and the key in it.
pub fn cycle_key(c: &Customer, from: CycleFrom) -> (&'static str, String) {
    match from {
        CycleFrom::Customer => (c.file, "contact_every".into()),
        CycleFrom::Grade => ("kehu.toml", format!("grades.{}.contact_every", c.grade)),
        CycleFrom::Intent => ("kehu.toml", format!("intents.{}.contact_every", c.intent)),
        CycleFrom::Stage => ("kehu.toml", format!("stages.{}.contact_every", c.stage)),
    }
}

/// Moves a day that is not worked to where `followup.due_on` says.
pub fn on_working_day(settings: &Settings, day: Day) -> Day {
    let step = |d: Day| match settings.due_on {
        DueOn::Next => d.succ_opt(),
        DueOn::Previous => d.pred_opt(),
        DueOn::Same => None,
    };
    let mut d = day;
    // A year without a working day is a mistake in kehu.toml, not a reason to search on.
    for _ in 0..366 {
        if settings.is_working_day(d) {
            return d;
        }
        match step(d) {
            Some(next) => d = next,
            None => return day,
        }
    }
    day
}

/// The activity whose promise stands: the last one with a `next` (of tied ones the earliest `next`), unless a two-way
/// activity since then came on or after the day before the promised day.
pub fn open_promise(settings: &Settings, activities: &[Activity]) -> Option<Activity> {
    promise(settings, activities)
}

fn promise<C: Contact>(settings: &Settings, contacts: &[C]) -> Option<C> {
    let last = contacts.iter().rposition(|a| a.next().is_some())?;
    let promise =
        contacts.iter().filter(|a| a.next().is_some() && a.at() == contacts[last].at()).min_by_key(|a| a.next())?;
    let day = promise.next()?;
    let kept = contacts.iter().any(|a| {
        *a != *promise
            && a.next().is_none()
            && a.at() >= promise.at()
            && day.pred_opt().is_none_or(|before| a.at().day >= before)
            && a.is_two_way(settings)
    });
    (!kept).then_some(*promise)
}

/// The contacts whose promises are the customer's own: all but those with people whom somebody beside its owner follows.
fn own<'a, C: Contact>(team: &Team, c: &Customer, day: Day, contacts: &'a [C]) -> Cow<'a, [C]> {
    if followed(team, c, day).next().is_none() {
        return Cow::Borrowed(contacts);
    }
    let theirs: HashSet<Str> = followed(team, c, day).map(|f| f.contact).collect();
    Cow::Owned(contacts.iter().copied().filter(|a| !theirs.contains(a.person())).collect())
}

/// The contacts of a customer that somebody beside its owner follows, each with the activities with it.
fn followed_with<'x>(index: &'x Index<'_>, customer: usize) -> Vec<(&'x Followed, Vec<Activity>)> {
    let (book, c) = (index.book, &index.book.customers[customer]);
    let mut list: Vec<(&Followed, Vec<Activity>)> =
        followed(&book.team, c, book.today).map(|f| (f, Vec::new())).collect();
    if !list.is_empty() {
        let places: HashMap<Str, usize> = list.iter().zip(0..).map(|((f, _), n)| (f.contact, n)).collect();
        for a in index.activities(customer) {
            if let Some(n) = places.get(a.contact()) {
                list[*n].1.push(*a);
            }
        }
    }
    list
}

/// The promises to a customer that stand. One that was made to a person whom somebody beside the owner follows is that one's; no
/// other contact keeps it or takes its place.
pub fn promises<'x>(index: &'x Index<'_>, customer: usize) -> Vec<(Option<&'x Followed>, Activity)> {
    let theirs = followed_with(index, customer).into_iter();
    let theirs = theirs.filter_map(|(f, its)| Some((Some(f), open_promise(&index.book.settings, &its)?)));
    own_promise(index, customer).map(|a| (None, a)).into_iter().chain(theirs).collect()
}

/// That of [`promises`] which is the customer's own.
pub fn own_promise(index: &Index<'_>, customer: usize) -> Option<Activity> {
    let (book, all) = (index.book, index.activities(customer));
    promise(&book.settings, &own(&book.team, &book.customers[customer], book.today, all))
}

/// The day that contacts make due, before it is moved, the contact behind it, and the cycle where no promise stands.
type Counted<C> = (Day, C, Option<(Span, CycleFrom)>);

/// The day that contacts make due: by the promise that stands among some of them, else by the last of all and the cycle.
fn counted<C: Contact>(settings: &Settings, c: &Customer, contacts: &[C], promises: &[C]) -> Option<Counted<C>> {
    if let Some(a) = promise(settings, promises) {
        return Some((a.next()?, a, None));
    }
    let last = *contacts.last()?;
    let found = cycle(settings, c)?;
    Some((found.0.after(last.at().day, 1)?, last, Some(found)))
}

/// When a customer is due once a contact is written down beside those that there are, oldest first, and why; where the contact
/// is with a person whom somebody beside the owner follows, when that person is.
pub fn due_after(
    settings: &Settings,
    (team, today): (&Team, Day),
    c: &Customer,
    activities: &[Activity],
    new: NewContact<'_>,
) -> Option<(Day, Why)> {
    let is_followed = follower(team, c, new.contact, today).is_some();
    if c.closed {
        let reopens = |day| (on_working_day(settings, day), Why::Reopen);
        return c.closed_until.filter(|_| !is_followed).map(reopens);
    }
    let mut all: Vec<Known<'_>> = activities.iter().copied().map(Known::There).collect();
    all.insert(all.partition_point(|a| a.at() <= new.at), Known::New(new));
    let (day, _, cycle) = if is_followed {
        let its: Vec<Known<'_>> = all.into_iter().filter(|a| a.person() == new.contact).collect();
        counted(settings, c, &its, &its)?
    } else {
        counted(settings, c, &all, &own(team, c, today, &all))?
    };
    Some((on_working_day(settings, day), if cycle.is_some() { Why::Cycle } else { Why::Promise }))
}

/// The promises that nobody is reminded of: the customer is closed on the day. A day that had been promised before the closing
/// is told until it has passed: whoever closed the customer may not have known of it.
pub fn lost_promises<'x>(index: &'x Index<'_>, customer: usize) -> Vec<(Option<&'x Followed>, Activity)> {
    let book = index.book;
    let c = &book.customers[customer];
    if !c.closed {
        return Vec::new();
    }
    let mut all = promises(index, customer);
    if !all.is_empty() {
        let closed = closed_at(index, customer);
        all.retain(|(_, promise)| {
            let Some(day) = promise.next() else { return false };
            let before = closed.is_some_and(|closed| promise.at() <= closed);
            (!before || day >= book.today) && c.closed_until.is_none_or(|until| day < until)
        });
    }
    all
}

/// When a closed customer was closed; `None` when no event tells.
fn closed_at(index: &Index<'_>, customer: usize) -> Option<At> {
    let fold = fold_of(index.events(customer), "status")?;
    fold.applied.last().filter(|e| e.to() == "closed").map(|e| e.at())
}

/// Day since which the present owner has the customer; `None` when no event tells, or nobody owns it.
pub fn owner_since(index: &Index<'_>, customer: usize) -> Option<Day> {
    if index.book.customers[customer].owner.is_empty() {
        return None;
    }
    let fold = fold_of(index.events(customer), "owner")?;
    visits(&fold).last().filter(|v| v.state == index.book.customers[customer].owner).and_then(|v| v.from)
}

/// The latest contact in which the customer took part.
pub fn last_touch(index: &Index<'_>, customer: usize) -> Option<Activity> {
    let settings = &index.book.settings;
    index.activities(customer).iter().rev().find(|a| is_two_way(settings, **a)).copied()
}

/// Last day on which the customer took part.
pub fn last_two_way(index: &Index<'_>, customer: usize) -> Option<Day> {
    last_touch(index, customer).map(|a| a.day())
}

/// Days since the customer last took part, else since it has its owner, else since it was created.
pub fn touch_days(index: &Index<'_>, customer: usize) -> Option<i64> {
    let base = last_two_way(index, customer)
        .or_else(|| owner_since(index, customer))
        .or(index.book.customers[customer].created)?;
    Some((index.book.today - base).num_days())
}

/// The day from which a new lead counts as untouched: nobody has contacted it since it was made or got its owner, which is
/// `followup.untouched_days` ago by then. `None` for a customer that was contacted since, has an open promise, is closed, or has
/// bought.
pub fn untouched(index: &Index<'_>, customer: usize) -> Option<Day> {
    let book = index.book;
    let (c, settings) = (&book.customers[customer], &book.settings);
    if c.closed || settings.stage(c.stage).is_some_and(|s| s.category != StageCategory::Presale) {
        return None;
    }
    let base = owner_since(index, customer).into_iter().chain(c.created).max()?;
    let activities = index.activities(customer);
    if activities.last().is_some_and(|a| a.day() >= base) || open_promise(settings, activities).is_some() {
        return None;
    }
    base.checked_add_signed(chrono::Duration::days(settings.untouched_days()))
}

/// When a customer is due; `None` when nothing makes it so (closed for good, or no cycle anywhere).
pub fn due(index: &Index<'_>, customer: usize) -> Option<Due> {
    let book: &Book = index.book;
    let c = &book.customers[customer];
    let activities = index.activities(customer);
    if c.closed {
        let last = activities.last().copied();
        let reopen = |unmoved| {
            let day = on_working_day(&book.settings, unmoved);
            Due { day, unmoved, why: Why::Reopen, activity: None, last, cycle: None, base: None }
        };
        return c.closed_until.map(reopen);
    }
    due_by(index, customer, activities, &own(&book.team, c, book.today, activities))
}

/// The contacts of a customer that somebody beside its owner follows, each with the day on which it is due: by what was promised
/// to it, else by the last activity with it and the customer's cycle. A closed customer has none.
pub fn followed_dues<'x>(index: &'x Index<'_>, customer: usize) -> impl Iterator<Item = (&'x Followed, Due)> {
    let closed = index.book.customers[customer].closed;
    let list = if closed { Vec::new() } else { followed_with(index, customer) };
    list.into_iter().filter_map(move |(f, its)| Some((f, due_by(index, customer, &its, &its)?)))
}

/// When activities make an open customer, or one of its contacts, due; `promises` are those whose promises count.
fn due_by(index: &Index<'_>, customer: usize, activities: &[Activity], promises: &[Activity]) -> Option<Due> {
    let book: &Book = index.book;
    let c = &book.customers[customer];
    let settings = &book.settings;
    let last = activities.last().copied();
    let plain = |day, why, activity, cycle, base| Due { day, unmoved: day, why, activity, last, cycle, base };
    let found = if !activities.is_empty() {
        let (day, activity, cycle) = counted(settings, c, activities, promises)?;
        plain(day, if cycle.is_some() { Why::Cycle } else { Why::Promise }, Some(activity), cycle, None)
    } else {
        let base = owner_since(index, customer).or(c.created)?;
        let days = settings.first_contact_days();
        let day = base.checked_add_days(chrono::Days::new(u64::try_from(days).unwrap_or(0)))?;
        plain(day, Why::FirstContact, None, None, Some(base))
    };
    Some(Due { day: on_working_day(settings, found.unmoved), ..found })
}
