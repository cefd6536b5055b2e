//! R10: how long customers take to pay.

use super::receivables::{Account, Receivable};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::place::RowPlace;

/// An amount that was paid, or is open, after so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Where the payment stands; of an open amount its receivable.
    pub place: RowPlace,
    /// The day of the payment; of an open amount today.
    pub day: Day,
    /// How much.
    pub amount: Decimal,
    /// Days from the order's day, or from the due date (early counts 0).
    pub days: i64,
    /// Whether it is still open.
    pub open: bool,
}

/// What one unit of a currency is worth in the base currency.
pub type Rate<'r> = &'r dyn Fn(&str) -> Option<Decimal>;

/// The parts of [`payment_days`]: the receipts of the last twelve months, and open amounts at their present age.
/// Amounts of several currencies are in the base currency; `None` without a rate. A customer that paid nothing and of
/// whom nothing was due yet says nothing about how it pays (R5): it takes no part.
pub fn waits(accounts: &[&Account<'_>], rate: Rate<'_>, today: Day, late: bool) -> Option<Vec<Wait>> {
    let since = today.checked_sub_months(chrono::Months::new(12))?;
    let same = accounts.windows(2).all(|w| w[0].currency == w[1].currency);
    let mut out = Vec::new();
    for own in accounts.chunk_by(|a, b| a.customer == b.customer) {
        let all = || own.iter().flat_map(|a| a.receivables.iter().map(|r| (*a, r)));
        let paid = |r: &Receivable<'_>| r.paid.iter().any(|p| p.0 > since);
        if !all().any(|(_, r)| paid(r) || (!r.open.is_zero() && r.due <= today)) {
            continue;
        }
        for (a, r) in all() {
            let paid = r.paid.iter().filter(|p| p.0 > since).map(|(day, amount, place)| (*place, *day, *amount, false));
            let open = (!r.open.is_zero()).then_some((r.place, today, r.open, true));
            for (place, day, amount, open) in paid.chain(open) {
                let amount = if same { amount } else { amount.checked_mul(rate(a.currency)?)? };
                let days = (day - if late { r.due } else { r.at }).num_days();
                out.push(Wait { place, day, amount, days: if late { days.max(0) } else { days }, open });
            }
        }
    }
    Some(out)
}

/// Σ amount × days and Σ amount; `None` when they are too large for a decimal.
pub fn weigh(waits: &[Wait]) -> Option<(Decimal, Decimal)> {
    let sums = |(sum, weight): (Decimal, Decimal), w: &Wait| {
        let part = w.amount.checked_mul(Decimal::from(w.days))?;
        Some((sum.checked_add(part)?, weight.checked_add(w.amount)?))
    };
    waits.iter().try_fold((Decimal::ZERO, Decimal::ZERO), sums)
}

/// How long a customer takes to pay: the amount-weighted days of the receipts of the last twelve months, and of open
/// amounts at their present age. From the order's day, or with `late` from the due date (early counts 0).
pub fn payment_days(accounts: &[&Account<'_>], rate: Rate<'_>, today: Day, late: bool) -> Option<Decimal> {
    let (sum, weight) = weigh(&waits(accounts, rate, today, late)?)?;
    if weight.is_zero() { None } else { sum.checked_div(weight).map(|d| d.normalize()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;
    use crate::model::money::{Sum, round};

    fn day(s: &str) -> Day {
        parse_day(s).unwrap()
    }

    fn receivable(at: &str, total: i64, paid: &[(&str, i64)]) -> Receivable<'static> {
        let at = day(at);
        let paid: Vec<_> = paid.iter().map(|(d, n)| (day(d), Decimal::from(*n), RowPlace::default())).collect();
        let open = Decimal::from(total) - paid.iter().map(|p| p.1).sum::<Decimal>();
        Receivable {
            id: "",
            place: RowPlace::default(),
            at,
            gross: Decimal::ZERO,
            due: at,
            total: Decimal::from(total),
            open,
            paid,
            claim: None,
        }
    }

    fn account_of(receivables: Vec<Receivable<'static>>) -> Account<'static> {
        Account {
            customer: 0,
            currency: "CNY",
            receivables,
            credit: Sum::ZERO,
            bills: Sum::ZERO,
            pending: Sum::ZERO,
            less: Vec::new(),
            misses: false,
        }
    }

    #[test]
    fn days_to_pay_are_weighted_by_amount() {
        let today = day("2026-06-30");
        let none = |_: &str| None;
        let two = vec![
            receivable("2026-01-01", 1000, &[("2026-01-21", 1000)]),
            receivable("2026-02-01", 3000, &[("2026-03-23", 3000)]),
        ];
        let a = account_of(two.clone());
        assert_eq!(payment_days(&[&a], &none, today, false), Some(Decimal::new(425, 1)));
        let mut three = two;
        three.push(receivable("2026-04-01", 2000, &[]));
        let a = account_of(three);
        assert_eq!(payment_days(&[&a], &none, today, false).map(|d| round(d, 2)), Some(Decimal::new(5833, 2)));
        assert_eq!(payment_days(&[], &none, today, false), None);
    }
}
