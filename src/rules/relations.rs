//! R15: how near people at customers are to us, which of them fade, where all hangs on one person, what contacts are for, and
//! which signs nobody answered.

use super::engine::index::Index;
use super::engine::once::inside;
use super::followers::followed;
use super::followup::is_two_way;
use crate::model::Str;
use crate::model::book::Reads;
use crate::model::customer::Contact;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::row::Activity;
use crate::model::settings::Settings;
use crate::model::value::Value;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What it is made of.
pub const READS: Reads = Reads::customers_and(&[Ledger::Activities, Ledger::Events, Ledger::Orders]);

/// The levels of the pyramid, the widest first.
pub const LEVELS: [&str; 4] = ["stranger", "acquaintance", "friend", "confidant"];

/// What contacts are for; collecting money is none of these.
pub const PURPOSES: [&str; 5] = ["care", "inform", "deal", "service", "intel"];

/// A person at a customer who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Its id in the customer's file.
    pub id: Str,
    /// What it is called.
    pub name: Str,
    /// Its role; empty = not known.
    pub role: Cow<'static, str>,
    /// Its level in [`LEVELS`]; `None` = not known.
    pub level: Option<usize>,
    /// Who follows it; empty = nobody.
    pub owner: Str,
    /// When it last took part in a contact.
    pub last: Option<Day>,
    /// Whether its level fades: it is more than a stranger, and took part in nothing for too long.
    pub fading: bool,
}

fn text(p: &Contact, key: &str) -> Cow<'static, str> {
    match p.get(key) {
        Value::Text(text) => text,
        _ => Cow::Borrowed(""),
    }
}

/// The persons at a customer who are there. Contacts count for whom they name; where none of a customer's names anybody, for all.
pub fn ties(index: &Index<'_>, customer: usize) -> Vec<Tie> {
    let book = index.book;
    let c = &book.customers[customer];
    let activities = index.activities(customer);
    let names_somebody = activities.iter().any(|a| !a.contact().is_empty());
    let theirs: Vec<_> = followed(&book.team, c, book.today).map(|f| (f.contact, f.owner)).collect();
    let fade = book.settings.file.kpi.relation_fade_days();
    c.look(|rest| {
        let here = rest.contacts.iter().filter(|p| p.left().is_none_or(|left| left > book.today));
        let tie = |p: &Contact| {
            // A mail that nobody answers keeps no relation warm.
            let with = |a: &&Activity| (!names_somebody || a.contact() == p.id) && is_two_way(&book.settings, **a);
            let last = activities.iter().rev().find(with).map(|a| a.day());
            let relation = text(p, "relation");
            let level = LEVELS.iter().position(|l| *l == relation);
            let silent = last.or(c.created).is_some_and(|day| (book.today - day).num_days() > fade);
            let owner = theirs.iter().find(|(id, _)| *id == p.id).map_or(c.owner, |(_, owner)| *owner);
            let fading = silent && level.is_some_and(|level| level > 0);
            Tie { id: p.id, name: p.name, role: text(p, "role"), level, owner, last, fading }
        };
        here.map(tie).collect()
    })
}

/// Whether all that a customer orders hangs on one person, or on nobody whom we know.
pub fn hangs_on_one(index: &Index<'_>, customer: usize, ties: &[Tie]) -> bool {
    ties.len() <= 1 && index.ordered()[customer]
}

/// The signs (`signal`) that nobody answered: no later contact in which the customer took part.
pub fn unanswered(index: &Index<'_>, customer: usize) -> Vec<Activity> {
    let settings = &index.book.settings;
    let all = index.activities(customer);
    let answered = all.iter().rposition(|a| is_two_way(settings, *a)).unwrap_or(0);
    let open = all.iter().enumerate().filter(|(n, a)| *n >= answered && !a.signal().is_empty());
    open.map(|(_, a)| *a).collect()
}

/// What contacts were for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mix {
    /// In the order of [`PURPOSES`].
    pub counts: [i64; 5],
}

impl Mix {
    fn add(&mut self, purpose: &str) {
        if let Some(n) = PURPOSES.iter().position(|p| *p == purpose) {
            self.counts[n] += 1;
        }
    }
    /// Contacts of any of these purposes.
    pub fn all(&self) -> i64 {
        self.counts.iter().sum()
    }
    /// The share of a purpose; `None` without contacts.
    pub fn share(&self, purpose: usize) -> Option<Decimal> {
        Decimal::from(self.counts[purpose]).checked_div(Decimal::from(self.all()))
    }
    /// Whether nearly all were about deals, and none asked what goes on at the customer.
    pub fn one_sided(&self, settings: &Settings) -> bool {
        let [_, _, deal, _, intel] = [0, 1, 2, 3, 4];
        self.share(deal).is_some_and(|share| share >= settings.file.kpi.deal_share()) && self.counts[intel] == 0
    }
}

/// How near the persons of some customers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bonds {
    /// Persons who are there.
    pub contacts: i64,
    /// Those of each level.
    pub levels: [i64; 4],
    /// Those whose level fades.
    pub fading: i64,
    /// Active customers.
    pub customers: i64,
    /// Those of which all hangs on one person.
    pub single: i64,
    /// Signs that nobody answered.
    pub signals: i64,
    /// What contacts of the period were for.
    pub mix: Mix,
}

impl Bonds {
    /// Adds others.
    pub fn and(&mut self, other: &Bonds) {
        self.contacts += other.contacts;
        self.levels.iter_mut().zip(other.levels).for_each(|(a, b)| *a += b);
        self.fading += other.fading;
        self.customers += other.customers;
        self.single += other.single;
        self.signals += other.signals;
        self.mix.counts.iter_mut().zip(other.mix.counts).for_each(|(a, b)| *a += b);
    }

    /// The levels above strangers that have a smaller share than the pyramid of kehu.toml; none without levels.
    pub fn short(&self, settings: &Settings) -> Vec<&'static str> {
        let wanted = settings.file.kpi.pyramid();
        let (known, sum): (i64, i64) = (self.levels.iter().sum(), wanted.iter().sum());
        // n / known < wanted / sum, without a quotient.
        let is_short =
            |n: &usize| i128::from(self.levels[*n]) * i128::from(sum) < i128::from(wanted[*n]) * i128::from(known);
        (1..LEVELS.len()).filter(is_short).map(|n| LEVELS[n]).collect()
    }
}

/// The bonds of a customer, by whoever has a part in them: persons by who follows them, contacts by who had them, the customer
/// itself by its owner.
fn of_customer(index: &Index<'_>, customer: usize, period: Period) -> BTreeMap<Str, Bonds> {
    let c = &index.book.customers[customer];
    let mut out: BTreeMap<Str, Bonds> = BTreeMap::new();
    if c.closed {
        return out;
    }
    let ties = ties(index, customer);
    for t in &ties {
        let of = out.entry(t.owner).or_default();
        of.contacts += 1;
        of.fading += i64::from(t.fading);
        if let Some(level) = t.level {
            of.levels[level] += 1;
        }
    }
    let own = out.entry(c.owner).or_default();
    own.customers += 1;
    own.single += i64::from(hangs_on_one(index, customer, &ties));
    own.signals += i64::try_from(unanswered(index, customer).len()).unwrap_or(i64::MAX);
    for a in index.activities(customer).iter().filter(|a| period.contains(a.day())) {
        out.entry(a.by()).or_default().mix.add(a.purpose());
    }
    out
}

/// The bonds of some customers by person.
pub fn by_rep(index: &Index<'_>, chosen: &[usize], period: Period) -> BTreeMap<Str, Bonds> {
    index.ordered();
    let each = chosen.par_iter().with_min_len(256).map(|n| inside(|| of_customer(index, *n, period)));
    each.reduce(BTreeMap::new, |mut a, b| {
        b.iter().for_each(|(who, bonds)| a.entry(who).or_default().and(bonds));
        a
    })
}

/// The bonds of each of some customers that is active.
pub fn by_customer(index: &Index<'_>, chosen: &[usize], period: Period) -> Vec<(usize, Bonds)> {
    index.ordered();
    let one = |n: &usize| {
        let parts = inside(|| of_customer(index, *n, period));
        let mut all = Bonds::default();
        parts.values().for_each(|b| all.and(b));
        (!parts.is_empty()).then_some((*n, all))
    };
    chosen.par_iter().with_min_len(256).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        Settings::new(toml::from_str(text).unwrap()).0
    }

    #[test]
    fn a_pyramid_is_short_of_levels() {
        let check = |levels: [i64; 4], expected: &[&str]| {
            assert_eq!(Bonds { levels, ..Bonds::default() }.short(&settings()), expected, "{levels:?}");
        };
        check([100, 50, 10, 4], &[]);
        check([100, 50, 10, 3], &["confidant"]);
        check([10, 0, 0, 0], &["acquaintance", "friend", "confidant"]);
        check([0, 0, 0, 1], &["acquaintance", "friend"]);
        check([0, 0, 0, 0], &[]);
    }

    #[test]
    fn a_mix_is_one_sided() {
        let check = |counts: [i64; 5], expected: bool| {
            assert_eq!(Mix { counts }.one_sided(&settings()), expected, "{counts:?}");
        };
        check([1, 0, 9, 0, 0], true);
        check([2, 0, 8, 0, 0], false);
        check([0, 0, 9, 0, 1], false);
        check([0; 5], false);
    }
}
