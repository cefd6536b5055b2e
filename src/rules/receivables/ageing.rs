//! What is open, by the age of the day on which it is due.

use crate::model::day::Day;
use crate::model::money::{Decimal, Sum};

/// Outstanding by age of the due date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ageing {
    /// Not due yet.
    pub not_due: Sum,
    /// 1 to 30 days late.
    pub d1_30: Sum,
    /// 31 to 60 days late.
    pub d31_60: Sum,
    /// 61 to 90 days late.
    pub d61_90: Sum,
    /// 91 to 120 days late.
    pub d91_120: Sum,
    /// More than 120 days late.
    pub d120_plus: Sum,
}

impl Ageing {
    /// Adds an amount that is due on a day.
    pub fn add(&mut self, due: Day, amount: Decimal, today: Day) {
        let slot = match (today - due).num_days() {
            i64::MIN..=0 => &mut self.not_due,
            1..=30 => &mut self.d1_30,
            31..=60 => &mut self.d31_60,
            61..=90 => &mut self.d61_90,
            91..=120 => &mut self.d91_120,
            _ => &mut self.d120_plus,
        };
        slot.add(amount);
    }
    /// All columns together.
    pub fn sum(&self) -> Sum {
        self.not_due.plus(self.overdue())
    }
    /// What is late.
    pub fn overdue(&self) -> Sum {
        [self.d31_60, self.d61_90, self.d91_120, self.d120_plus].into_iter().fold(self.d1_30, Sum::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    fn day(s: &str) -> Day {
        parse_day(s).unwrap()
    }

    #[test]
    fn ageing_buckets() {
        let today = day("2026-06-30");
        let check = |due: &str, expected: fn(&Ageing) -> Sum| {
            let mut a = Ageing::default();
            a.add(day(due), Decimal::ONE, today);
            assert_eq!(expected(&a).known(), Some(Decimal::ONE), "{due}");
        };
        check("2026-06-30", |a| a.not_due);
        check("2026-06-29", |a| a.d1_30);
        check("2026-05-31", |a| a.d1_30);
        check("2026-05-30", |a| a.d31_60);
        check("2026-05-01", |a| a.d31_60);
        check("2026-04-30", |a| a.d61_90);
        check("2026-03-01", |a| a.d120_plus);
        check("2026-03-02", |a| a.d91_120);
    }
}
