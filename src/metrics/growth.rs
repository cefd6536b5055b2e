//! Growth: the revenue of a window against the window before.

use crate::model::day::Day;
use crate::model::money::{Decimal, Sum, change};
use crate::model::period::Period;
use crate::rules::engine::index::Index;
use crate::rules::profit::{figures, year};

/// What a window is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// The one before (环比).
    Previous,
    /// The same a year ago (同比).
    YearAgo,
}

/// The window and what it is compared with, as far as they can be compared on a day ([`Period::like_for_like`]); where the
/// window has no beginning, twelve months against the twelve before. `None` for a window that has not begun.
pub(super) fn periods(window: Period, today: Day, against: Against) -> Option<(Period, Period)> {
    let to = window.to.map_or(today, |t| if window.from.is_none() { t.min(today) } else { t });
    let now = Period::new(window.from.or_else(|| year(to).from)?, to);
    if now.from > Some(today.min(to)) {
        return None;
    }
    let before = match against {
        // Twelve months are compared with twelve months, leap year or not.
        _ if now == year(to) => year(now.from?.pred_opt()?),
        Against::Previous => now.previous()?,
        Against::YearAgo => now.year_ago()?,
    };
    Some(now.like_for_like(before, today))
}

/// The revenue of a period; `None` when of a part of it nothing is known what it came to.
pub(super) fn revenue(index: &Index<'_>, customer: usize, period: Period) -> Option<Decimal> {
    let figures = figures(&index.sales(customer, period));
    (figures.unreadable_lines == 0).then(|| figures.revenue())
}

/// (now − before) / before; unknown when there was no revenue before, or less than none.
pub(super) fn growth(index: &Index<'_>, customer: usize, against: Against) -> Option<Decimal> {
    if index.orders(customer).is_empty() {
        return None;
    }
    let (now, before) = periods(index.window, index.book.today, against)?;
    change(revenue(index, customer, now)?, revenue(index, customer, before)?)
}

/// The same for several customers together, from the sums.
pub(super) fn of_several(index: &Index<'_>, customers: &[usize], against: Against) -> Option<Decimal> {
    let (now, before) = periods(index.window, index.book.today, against)?;
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
    fn a_window_is_compared_like_for_like() {
        let day = |s: &str| parse_day(s);
        let check = |from: &str, to: &str, expected: Option<[&str; 4]>, ago: Option<[&str; 2]>| {
            let window = Period { from: day(from), to: day(to) };
            let found = |against| periods(window, day("2026-06-30").unwrap(), against);
            let period = |a: &str, b: &str| Period::new(day(a).unwrap(), day(b).unwrap());
            let expected = expected.map(|e| (period(e[0], e[1]), period(e[2], e[3])));
            assert_eq!(found(Against::Previous), expected, "{from}..{to}");
            let ago = expected.zip(ago).map(|((now, _), ago)| (now, period(ago[0], ago[1])));
            assert_eq!(found(Against::YearAgo), ago, "{from}..{to}");
        };
        let twelve = Some(["2024-07-01", "2025-06-30"]);
        check("", "", Some(["2025-07-01", "2026-06-30", "2024-07-01", "2025-06-30"]), twelve);
        let (quarter, ago) = (["2026-04-01", "2026-06-30", "2026-01-01", "2026-03-31"], ["2025-04-01", "2025-06-30"]);
        check("2026-04-01", "2026-06-30", Some(quarter), Some(ago));
        // A period that is not over is compared with the same part of the other one.
        let half = ["2025-01-01", "2025-06-30"];
        check("2026-01-01", "2026-12-31", Some(["2026-01-01", "2026-06-30", half[0], half[1]]), Some(half));
        let (quarter, ago) = (["2026-06-01", "2026-06-30", "2026-03-01", "2026-03-30"], ["2025-06-01", "2025-06-30"]);
        check("2026-06-01", "2026-08-31", Some(quarter), Some(ago));
        let year = ["2024-01-01", "2024-12-31"];
        check("", "2025-12-31", Some(["2025-01-01", "2025-12-31", year[0], year[1]]), Some(year));
        let (days, ago) = (["2026-06-21", "2026-06-30", "2026-06-11", "2026-06-20"], ["2025-06-21", "2025-06-30"]);
        check("2026-06-21", "2026-06-30", Some(days), Some(ago));
        let year = ["2023-03-01", "2024-02-29"];
        check("2024-03-01", "2025-02-28", Some(["2024-03-01", "2025-02-28", year[0], year[1]]), Some(year));
        let year = ["2023-03-01", "2024-02-28"];
        check("", "2025-02-28", Some(["2024-02-29", "2025-02-28", year[0], year[1]]), Some(year));
        check("2027-01-01", "2027-12-31", None, None);
    }
}
