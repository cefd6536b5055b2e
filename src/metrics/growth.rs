//! Growth: the revenue of a window against the window before.

use crate::model::day::Day;
use crate::model::money::{Decimal, Sum, change};
use crate::model::period::Period;
use crate::rules::engine::index::Index;
use crate::rules::profit::{figures, year};

/// The window up to today and the one before it; where the window has no beginning, twelve months against the twelve
/// before. `None` for a window that has not begun.
pub(super) fn periods(window: Period, today: Day) -> Option<(Period, Period)> {
    let to = window.to.map_or(today, |t| t.min(today));
    let from = window.from.or_else(|| year(to).from)?;
    let now = Period::new(from, to);
    if from > to {
        return None;
    }
    // Twelve months are compared with twelve months, leap year or not.
    let before = if now == year(to) { year(from.pred_opt()?) } else { now.previous()? };
    Some((now, before))
}

/// The revenue of a period; `None` when of a part of it nothing is known what it came to.
pub(super) fn revenue(index: &Index<'_>, customer: usize, period: Period) -> Option<Decimal> {
    let figures = figures(&index.sales(customer, period));
    (figures.unreadable_lines == 0).then(|| figures.revenue())
}

/// (now − before) / before; unknown when there was no revenue before, or less than none.
pub(super) fn growth(index: &Index<'_>, customer: usize) -> Option<Decimal> {
    if index.orders(customer).is_empty() {
        return None;
    }
    let (now, before) = periods(index.window, index.book.today)?;
    change(revenue(index, customer, now)?, revenue(index, customer, before)?)
}

/// The same for several customers together, from the sums.
pub(super) fn of_several(index: &Index<'_>, customers: &[usize]) -> Option<Decimal> {
    let (now, before) = periods(index.window, index.book.today)?;
    let sum = |period: Period| {
        let all: Option<Vec<Decimal>> = customers.iter().map(|c| revenue(index, *c, period)).collect();
        Sum::of(all?).known()
    };
    change(sum(now)?, sum(before)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::day::parse_day;

    #[test]
    fn a_window_is_compared_with_the_one_before() {
        let day = |s: &str| parse_day(s);
        let check = |from: &str, to: &str, expected: Option<[&str; 4]>| {
            let found = periods(Period { from: day(from), to: day(to) }, day("2026-06-30").unwrap());
            let expected = expected.map(|e| e.map(|d| day(d).unwrap()));
            assert_eq!(found, expected.map(|e| (Period::new(e[0], e[1]), Period::new(e[2], e[3]))), "{from}..{to}");
        };
        check("", "", Some(["2025-07-01", "2026-06-30", "2024-07-01", "2025-06-30"]));
        check("2026-04-01", "2026-06-30", Some(["2026-04-01", "2026-06-30", "2026-01-01", "2026-03-31"]));
        // A year that is not over is compared with as many months before it.
        check("2026-01-01", "2026-12-31", Some(["2026-01-01", "2026-06-30", "2025-07-01", "2025-12-31"]));
        check("", "2025-12-31", Some(["2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"]));
        check("2026-06-21", "2026-06-30", Some(["2026-06-21", "2026-06-30", "2026-06-11", "2026-06-20"]));
        check("2024-03-01", "2025-02-28", Some(["2024-03-01", "2025-02-28", "2023-03-01", "2024-02-29"]));
        check("", "2025-02-28", Some(["2024-02-29", "2025-02-28", "2023-03-01", "2024-02-28"]));
        check("2027-01-01", "2027-12-31", None);
    }
}
