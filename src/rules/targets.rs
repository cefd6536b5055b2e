//! R13: what members are to reach in a period. A manager's target is that of the group: of all who report to it, over any number
//! of steps, and itself. A period without a target of its own has the sum of its parts' (a year that of its quarters, a quarter
//! that of its months), where all of them have one.

use crate::model::Str;
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, parse_decimal};
use crate::model::period::Period;
use crate::model::team::Team;
use chrono::Datelike;
use std::collections::{HashMap, HashSet};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// Net of orders.
    Signed,
    /// Sale orders.
    Orders,
    /// Money that came in.
    Receipts,
    /// Profit of orders.
    Profit,
    /// Customers that ordered for the first time.
    NewCustomers,
    /// Visits.
    Visits,
}

impl Metric {
    /// All of them, in their order.
    pub const ALL: [Metric; 6] =
        [Metric::Signed, Metric::Orders, Metric::Receipts, Metric::Profit, Metric::NewCustomers, Metric::Visits];

    /// What the ledger of targets calls it.
    pub const fn key(self) -> &'static str {
        match self {
            Metric::Signed => "signed",
            Metric::Orders => "orders",
            Metric::Receipts => "receipts",
            Metric::Profit => "profit",
            Metric::NewCustomers => "new_customers",
            Metric::Visits => "visits",
        }
    }

    /// The metric of a key.
    pub fn parse(key: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|m| m.key() == key)
    }

    /// Whether it is money in the base currency.
    pub const fn is_money(self) -> bool {
        matches!(self, Metric::Signed | Metric::Receipts | Metric::Profit)
    }
}

/// How much of it is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The least.
    Base,
    /// What is aimed at.
    Target,
    /// More than that.
    Stretch,
}

impl Level {
    /// All of them, the lowest first.
    pub const ALL: [Level; 3] = [Level::Base, Level::Target, Level::Stretch];

    /// What the ledger of targets calls it.
    pub const fn key(self) -> &'static str {
        match self {
            Level::Base => "base",
            Level::Target => "target",
            Level::Stretch => "stretch",
        }
    }

    /// The level of a cell; an empty one is that of targets.
    pub fn parse(cell: &str) -> Option<Level> {
        let cell = if cell.is_empty() { Level::Target.key() } else { cell };
        Level::ALL.into_iter().find(|l| l.key() == cell)
    }
}

/// Months in a row: the first one, counted from the year 0, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    first: i32,
    count: i32,
}

impl Months {
    /// The months of a period; `None` where it does not begin and end with one.
    pub fn of(period: Period) -> Option<Months> {
        let (from, after) = (period.from?, period.to?.succ_opt()?);
        let number = |d: crate::model::day::Day| d.year() * 12 + d.month0() as i32;
        let months = Months { first: number(from), count: number(after) - number(from) };
        (from.day() == 1 && after.day() == 1 && months.count > 0).then_some(months)
    }

    /// What targets call them: `2026`, `2026Q3`, `2026-11`; `None` = they are no such period.
    fn name(self) -> Option<String> {
        let (year, month) = (self.first.div_euclid(12), self.first.rem_euclid(12));
        match self.count {
            1 => Some(format!("{year:04}-{:02}", month + 1)),
            3 if month % 3 == 0 => Some(format!("{year:04}Q{}", month / 3 + 1)),
            12 if month == 0 => Some(format!("{year:04}")),
            _ => None,
        }
    }

    /// Their parts: the quarters of a year, the months of a quarter, and of other months the longest periods that have a name.
    fn parts(self) -> Vec<Months> {
        let most = match (self.count, self.name()) {
            (12, Some(_)) => 3,
            (3, Some(_)) => 1,
            _ => 12,
        };
        let (mut first, end) = (self.first, self.first + self.count);
        let mut out = Vec::new();
        while first < end {
            let fits = |n: &i32| *n <= most && first % n == 0 && first + n <= end;
            let count = [12, 3, 1].into_iter().find(fits).unwrap_or(1);
            out.push(Months { first, count });
            first += count;
        }
        out
    }
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// So much.
    Known(Decimal),
    /// Nobody knows: these parts of the period have none, others do.
    Lacks(Vec<String>),
    /// Nothing was set.
    None,
}

impl Target {
    /// How much it is, where that is known.
    pub fn known(&self) -> Option<Decimal> {
        match self {
            Target::Known(amount) => Some(*amount),
            Target::Lacks(_) | Target::None => None,
        }
    }
    /// The parts of the period that have none where others do.
    pub fn missing(&self) -> &[String] {
        match self {
            Target::Lacks(parts) => parts,
            Target::Known(_) | Target::None => &[],
        }
    }
}

/// Amounts by period.
type Set<'a> = HashMap<&'a str, Decimal>;

/// The targets of a book, which must hold their ledger plain. The last of several for the same counts.
#[derive(Debug, Default)]
pub struct Targets<'a> {
    amounts: HashMap<(Metric, Level), HashMap<&'a str, Set<'a>>>,
}

impl<'a> Targets<'a> {
    /// All that were set.
    pub fn new(book: &'a Book) -> Targets<'a> {
        let mut out = Targets::default();
        let at = ["period", "owner", "metric", "level", "amount"].map(|name| Ledger::Targets.column(name).unwrap_or(0));
        for r in book.plain.get(&Ledger::Targets).into_iter().flatten() {
            let cell = |n: usize| r.cell(at[n]);
            let what = (Metric::parse(cell(2)), Level::parse(cell(3)), parse_decimal(cell(4)));
            if let (Some(metric), Some(level), Some(amount)) = what {
                let of_level = out.amounts.entry((metric, level)).or_default();
                of_level.entry(cell(1)).or_default().insert(cell(0), amount);
            }
        }
        out
    }

    /// What a member is to reach in a period.
    pub fn of(&self, who: &str, metric: Metric, level: Level, period: Period) -> Target {
        let set = self.amounts.get(&(metric, level)).and_then(|all| all.get(who));
        set.zip(Months::of(period)).map_or(Target::None, |(set, months)| of_months(set, months))
    }
}

fn of_months(set: &Set<'_>, months: Months) -> Target {
    let name = months.name();
    if let Some(amount) = name.as_deref().and_then(|n| set.get(n)) {
        return Target::Known(*amount);
    }
    if months.count == 1 {
        return Target::None;
    }
    let (mut sum, mut missing, mut any) = (Some(Decimal::ZERO), Vec::new(), false);
    for part in months.parts() {
        match of_months(set, part) {
            Target::Known(amount) => {
                sum = sum.and_then(|s| s.checked_add(amount));
                any = true;
            }
            Target::Lacks(parts) => {
                missing.extend(parts);
                any = true;
            }
            Target::None => missing.extend(part.name()),
        }
    }
    match (any, missing.is_empty()) {
        (false, _) => Target::None,
        (true, true) => sum.map_or(Target::None, Target::Known),
        (true, false) => Target::Lacks(missing),
    }
}

/// Those of whom something is true and who lead nobody else of whom it is: with them nobody is counted twice.
pub fn lowest(team: &Team, is: impl Fn(&str) -> bool) -> Vec<Str> {
    let such: Vec<Str> = team.ids().filter(|who| is(who)).collect();
    let leads: HashSet<Str> =
        such.iter().flat_map(|who| team.leads_of(who).into_iter().filter(move |lead| lead != who)).collect();
    such.into_iter().filter(|who| !leads.contains(who)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::team::Member;

    fn period(from: &str, to: &str) -> Period {
        Period::new(parse_day(from).unwrap(), parse_day(to).unwrap())
    }

    #[test]
    fn a_period_without_a_target_has_that_of_its_parts() {
        let check = |set: &[(&str, i64)], from: &str, to: &str, expected: &str| {
            let set: HashMap<&str, Decimal> = set.iter().map(|(p, n)| (*p, Decimal::from(*n))).collect();
            let found = Months::of(period(from, to)).map_or(Target::None, |m| of_months(&set, m));
            let told = match found {
                Target::Known(n) => n.to_string(),
                Target::Lacks(parts) => parts.join(" "),
                Target::None => "none".to_string(),
            };
            assert_eq!(told, expected, "{set:?} {from} {to}");
        };
        let months = [("2026-01", 1), ("2026-02", 2), ("2026-03", 4)];
        check(&months, "2026-02-01", "2026-02-28", "2");
        check(&months, "2026-01-01", "2026-03-31", "7");
        check(&months[..2], "2026-01-01", "2026-03-31", "2026-03");
        check(&[("2026Q1", 10)], "2026-01-01", "2026-03-31", "10");
        // Its own goes first, and what is set for a whole says nothing about its parts.
        check(&[&months[..], &[("2026Q1", 10)]].concat(), "2026-01-01", "2026-03-31", "10");
        check(&[("2026Q1", 10)], "2026-01-01", "2026-01-31", "none");
        check(&[("2026", 99)], "2026-01-01", "2026-12-31", "99");
        let quarters = [("2026Q2", 10), ("2026Q3", 20), ("2026Q4", 30)];
        check(&[&months[..], &quarters].concat(), "2026-01-01", "2026-12-31", "67");
        check(&[&months[..1], &quarters].concat(), "2026-01-01", "2026-12-31", "2026-02 2026-03");
        check(&quarters, "2026-01-01", "2026-12-31", "2026Q1");
        // Half a year, and months across two years.
        check(&[&months[..], &quarters].concat(), "2026-01-01", "2026-06-30", "17");
        check(&[("2025-12", 5), ("2026-01", 6)], "2025-12-01", "2026-01-31", "11");
        check(&[], "2026-01-01", "2026-12-31", "none");
        check(&months, "2026-01-02", "2026-02-28", "none");
        check(&months, "2026-01-01", "2026-02-27", "none");
    }

    #[test]
    fn who_leads_others_with_a_target_adds_nothing() {
        let member = |id, manager| Member { id, manager, ..Member::default() };
        let team = Team {
            members: vec![member("boss", ""), member("chen", "boss"), member("li", "chen"), member("wu", "chen")],
            ..Team::default()
        };
        let check = |with: &[&str], expected: &[&str]| assert_eq!(lowest(&team, |w| with.contains(&w)), expected);
        check(&["boss", "chen", "li", "wu"], &["li", "wu"]);
        check(&["boss", "chen"], &["chen"]);
        check(&["boss", "li"], &["li"]);
        check(&[], &[]);
    }
}
