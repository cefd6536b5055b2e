//! R13: which contracts ended, and which were renewed within `[contracts] renew_days`.

use super::approval::Standing;
use super::contracts::{Contract, renewals};
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;

/// What became of a contract that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renewal {
    /// It has not ended yet, and nothing follows so far.
    Coming,
    /// It has ended, and the days in which it may be renewed go on.
    Waiting,
    /// Another contract follows in time.
    Renewed,
    /// None did.
    Lost,
}

impl Renewal {
    /// All of them.
    pub const ALL: [Renewal; 4] = [Renewal::Coming, Renewal::Waiting, Renewal::Renewed, Renewal::Lost];

    /// Machine key.
    pub const fn key(self) -> &'static str {
        match self {
            Renewal::Coming => "coming",
            Renewal::Waiting => "waiting",
            Renewal::Renewed => "renewed",
            Renewal::Lost => "lost",
        }
    }
}

/// A contract that ends.
#[derive(Debug, Clone, Copy)]
pub struct Ending<'a> {
    /// The contract.
    pub contract: Contract<'a>,
    /// Its last day, or the day on which somebody ended it.
    pub end: Day,
    /// What renews it, counted or not.
    pub next: Option<Contract<'a>>,
    /// What became of it.
    pub renewal: Renewal,
}

/// What became of a contract that ends on a day, where another one begins on a day or none does.
pub fn renewal(end: Day, next: Option<Day>, today: Day, within: i64) -> Renewal {
    let in_time = |start: Day| (start - end).num_days() <= within;
    match next {
        Some(start) if in_time(start) => Renewal::Renewed,
        _ if end >= today => Renewal::Coming,
        _ if (today - end).num_days() <= within => Renewal::Waiting,
        _ => Renewal::Lost,
    }
}

/// The contracts in force, or that were, that end in a period, by their ends.
pub fn endings(book: &Book, period: Period) -> Vec<Ending<'_>> {
    let renewed = renewals(book);
    let within = book.settings.file.contracts.renew_days();
    let counts = |c: &Contract<'_>| matches!(c.paper.standing(), Standing::Outside | Standing::Approved);
    let mut out: Vec<Ending<'_>> = Vec::new();
    for contract in Contract::all(book).filter(counts) {
        let Some(end) = contract.over().filter(|end| period.contains(*end)) else { continue };
        let next = renewed.get(contract.id()).copied();
        // What waits for an answer renews nothing yet.
        let begins = next.filter(|n| n.paper.standing().counts()).and_then(|n| n.start());
        out.push(Ending { contract, end, next, renewal: renewal(end, begins, book.today, within) });
    }
    out.sort_by_key(|e| (e.end, e.contract.id()));
    out
}

/// How many contracts, and how much, were renewed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Renewed {
    /// All of them.
    pub contracts: i64,
    /// Those that were renewed.
    pub renewed: i64,
    /// Those that were not.
    pub lost: i64,
    /// What those came to, in the company's currency, whose outcome is known.
    pub ended_amount: Sum,
    /// What those came to that were renewed.
    pub renewed_amount: Sum,
    /// Those whose amount nobody knows.
    pub unknown: i64,
}

impl Renewed {
    /// Those of some contracts.
    pub fn of<'e, 'a: 'e>(endings: impl Iterator<Item = &'e Ending<'a>>) -> Renewed {
        let mut out = Renewed::default();
        for e in endings {
            out.contracts += 1;
            let is_renewed = e.renewal == Renewal::Renewed;
            out.renewed += i64::from(is_renewed);
            out.lost += i64::from(e.renewal == Renewal::Lost);
            if matches!(e.renewal, Renewal::Coming | Renewal::Waiting) {
                continue;
            }
            match e.contract.base_amount() {
                Some(amount) => {
                    out.ended_amount.add(amount);
                    if is_renewed {
                        out.renewed_amount.add(amount);
                    }
                }
                None => out.unknown += 1,
            }
        }
        out
    }

    /// Those whose outcome is known.
    pub fn decided(&self) -> i64 {
        self.renewed + self.lost
    }

    /// The share that was renewed, by number.
    pub fn rate(&self) -> Option<Decimal> {
        Decimal::from(self.renewed).checked_div(Decimal::from(self.decided()))
    }

    /// The share that was renewed, by amount.
    pub fn amount_rate(&self) -> Option<Decimal> {
        self.renewed_amount.known()?.checked_div(self.ended_amount.known()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn a_contract_is_renewed_within_so_many_days() {
        let day = |text: &str| parse_day(text).unwrap();
        let check = |next: &str, today: &str, expected: Renewal| {
            let got = renewal(day("2026-03-31"), parse_day(next), day(today), 60);
            assert_eq!(got, expected, "{next} {today}");
        };
        check("", "2026-03-31", Renewal::Coming);
        check("2026-04-01", "2026-03-01", Renewal::Renewed);
        check("", "2026-04-01", Renewal::Waiting);
        check("", "2026-05-30", Renewal::Waiting);
        check("", "2026-05-31", Renewal::Lost);
        check("2026-05-30", "2026-06-30", Renewal::Renewed);
        check("2026-05-31", "2026-06-30", Renewal::Lost);
        check("2026-05-31", "2026-04-30", Renewal::Waiting);
        check("2026-01-01", "2026-06-30", Renewal::Renewed);
    }
}
