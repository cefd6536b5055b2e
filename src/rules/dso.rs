//! R10: days sales outstanding, counted back through the months of sales; and how much of what fell due came in.

use super::engine::index::Index;
use super::statement::{Movement, What, movements};
use super::unjoined::{Lacks, Unjoined};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, multiply};
use crate::model::period::Period;
use chrono::Datelike;

/// Days of sales that make up what is owed: whole months are taken off from the newest one back, of the last one the part that is left.
/// `months` are the days and the sales of each, the newest first. `None` where the sales do not reach as far back.
pub fn count_back(owed: Decimal, months: impl IntoIterator<Item = (i64, Decimal)>) -> Option<Decimal> {
    let (mut rest, mut days) = (owed, Decimal::ZERO);
    if rest <= Decimal::ZERO {
        return Some(Decimal::ZERO);
    }
    for (length, sales) in months {
        let length = Decimal::from(length);
        if sales >= rest && sales > Decimal::ZERO {
            return days.checked_add(length.checked_mul(rest)?.checked_div(sales)?);
        }
        // A month in which more came back than was sold takes nothing off.
        rest = rest.checked_sub(sales.max(Decimal::ZERO))?;
        days = days.checked_add(length)?;
    }
    None
}

/// What is owed less what was paid beforehand / sales of a period × its days.
pub fn simple(owed: Decimal, sales: Decimal, days: i64) -> Option<Decimal> {
    if sales <= Decimal::ZERO {
        return None;
    }
    owed.max(Decimal::ZERO).checked_mul(Decimal::from(days))?.checked_div(sales)
}

/// What was paid on something, day by day.
type Paid = Vec<(Day, Decimal)>;

/// Money of some customers in the base currency, day by day.
#[derive(Debug, Default)]
pub struct Flows {
    /// What raised and lowered what is owed, by the rates of their days, the oldest first.
    moves: Vec<(Day, Decimal)>,
    /// The same of sales with tax: orders and receivables less returns and allowances.
    sales: Vec<(Day, Decimal)>,
    /// What fell due: day, amount, and what was paid on it when.
    dues: Vec<(Day, Decimal, Paid)>,
    /// What has no rate.
    pub lost: Option<Unjoined>,
}

/// Whether a movement is one of sales.
fn sells(m: &Movement<'_>, others: &std::collections::HashSet<&str>) -> bool {
    match m.what {
        What::Order | What::Receivable | What::Return | What::Allowance => true,
        What::Void => others.contains(m.id),
        What::WriteOff | What::Receipt | What::Refund => false,
    }
}

impl Flows {
    /// Those of the customers that are wanted.
    pub fn of(index: &Index<'_>, wanted: &dyn Fn(usize) -> bool) -> Flows {
        let mut out = Flows::default();
        let base = index.book.settings.file.currency.as_str();
        let all = movements(index, wanted);
        let sold = |m: &&Movement<'_>| matches!(m.what, What::Order | What::Receivable | What::Allowance);
        let ids = all.iter().filter(sold).map(|m| m.id).collect();
        let mut lost = Unjoined::none(Ledger::Receivables, Lacks::Rate);
        for m in &all {
            let worth = index.prices().rate(m.currency, m.at).and_then(|rate| multiply(m.amount, rate));
            match worth {
                Some(amount) => {
                    out.moves.push((m.at, amount));
                    if sells(m, &ids) {
                        out.sales.push((m.at, amount));
                    }
                }
                None => lost.add_without_rate(base, m.currency, Some(m.amount), m.at),
            }
        }
        for a in index.accounts().iter().filter(|a| wanted(a.customer)) {
            for r in a.receivables.iter().filter(|r| !r.gross.is_zero()) {
                let Some(rate) = index.prices().rate(a.currency, r.at) else { continue };
                let in_base = |amount: Decimal| multiply(amount, rate).unwrap_or_default();
                let paid = r.paid.iter().map(|(day, amount, _)| (*day, in_base(*amount))).collect();
                out.dues.push((r.due, in_base(r.total), paid));
            }
        }
        out.moves.sort_unstable();
        out.sales.sort_unstable();
        out.lost = (lost.rows > 0).then_some(lost);
        out
    }

    /// The first day on which anything moved.
    pub fn first(&self) -> Option<Day> {
        self.moves.first().map(|(day, _)| *day)
    }

    /// What is owed at the end of a day, less what was paid beforehand.
    pub fn owed(&self, day: Day) -> Option<Decimal> {
        sum(self.moves.iter().take_while(|(at, _)| *at <= day))
    }

    /// The sales of a period.
    pub fn sales(&self, period: Period) -> Option<Decimal> {
        sum(self.sales.iter().filter(|(at, _)| period.contains(*at)))
    }

    /// Days of sales outstanding at the end of a day, counted back; the month that is not over counts as far as it has come.
    pub fn count_back(&self, day: Day) -> Option<Decimal> {
        let of = |(from, to): (Day, Day)| {
            ((to - from).num_days() + 1, self.sales(Period::new(from, to)).unwrap_or_default())
        };
        count_back(self.owed(day)?, self.months(day).map(of))
    }

    /// The months up to a day, the newest first, as far as there are sales.
    fn months(&self, day: Day) -> impl Iterator<Item = (Day, Day)> {
        let first = self.sales.first().map_or(day, |(at, _)| *at);
        let mut to = Some(day);
        std::iter::from_fn(move || {
            let end = to.filter(|end| *end >= first)?;
            let from = end.with_day(1)?;
            to = from.pred_opt();
            Some((from, end))
        })
    }

    /// The months whose sales make up what is owed at the end of a day, the newest first.
    pub fn months_behind(&self, day: Day) -> Vec<(Day, Day)> {
        let mut rest = self.owed(day).unwrap_or_default();
        let mut out = Vec::new();
        for (from, to) in self.months(day) {
            if rest <= Decimal::ZERO {
                break;
            }
            rest = rest.saturating_sub(self.sales(Period::new(from, to)).unwrap_or_default().max(Decimal::ZERO));
            out.push((from, to));
        }
        out
    }

    /// What fell due in a period, and what of it was paid by its end.
    pub fn collected(&self, period: Period, by: Day) -> Option<(Decimal, Decimal)> {
        let due = || self.dues.iter().filter(|(day, ..)| period.contains(*day) && *day <= by);
        let fell = due().try_fold(Decimal::ZERO, |sum, (_, amount, _)| sum.checked_add(*amount))?;
        let paid = due().flat_map(|(.., paid)| paid).filter(|(day, _)| *day <= by);
        Some((fell, sum(paid)?))
    }
}

fn sum<'m>(all: impl Iterator<Item = &'m (Day, Decimal)>) -> Option<Decimal> {
    let mut all = all;
    all.try_fold(Decimal::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::parse_decimal;

    #[test]
    fn months_are_counted_back() {
        let check = |owed: &str, months: &[(i64, &str)], expected: Option<&str>| {
            let number = |text: &str| parse_decimal(text).unwrap();
            let months = months.iter().map(|(days, sales)| (*days, number(sales)));
            let got = count_back(number(owed), months).map(|d| d.round_dp(1).normalize());
            assert_eq!(got, expected.map(number), "{owed}");
        };
        let months = [(31, "120"), (30, "100"), (31, "90")];
        // R10: AR 250; December 120, November 100, October 90.
        check("250", &months, Some("71.3"));
        check("120", &months, Some("31"));
        check("60", &months, Some("15.5"));
        check("0", &months, Some("0"));
        check("-5", &months, Some("0"));
        check("310", &months, Some("92"));
        // Sales that do not reach as far back say nothing.
        check("311", &months, None);
        check("250", &[], None);
        // A month without sales passes; one in which more came back than was sold, too.
        check("100", &[(30, "0"), (31, "100")], Some("61"));
        check("100", &[(30, "-50"), (31, "100")], Some("61"));
    }

    #[test]
    fn days_of_simple_dso() {
        let check = |owed: i64, sales: i64, days: i64, expected: Option<i64>| {
            let got = simple(Decimal::from(owed), Decimal::from(sales), days);
            assert_eq!(got, expected.map(Decimal::from), "{owed} {sales}");
        };
        check(250, 500, 90, Some(45));
        check(-10, 500, 90, Some(0));
        check(250, 0, 90, None);
    }
}
