//! R10: payment terms, from the order's day to the day it is due.

use crate::model::day::Day;
use chrono::{Datelike, Days, Months};

/// The due day of an order: `prepaid`, `cod` the same day, `net30` 30 days later, `eom30` 30 days after the month's end,
/// `eom60+25` the first 25th from then on. `None` for other texts.
pub fn payment_due(terms: &str, at: Day) -> Option<Day> {
    let days = |s: &str| s.parse::<u64>().ok().map(Days::new);
    let month_end = |d: Day| d.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt();
    match terms {
        "prepaid" | "cod" => Some(at),
        _ => {
            if let Some(n) = terms.strip_prefix("net") {
                return at.checked_add_days(days(n)?);
            }
            let rest = terms.strip_prefix("eom")?;
            let (n, day) = rest.split_once('+').map_or((rest, None), |(n, day)| (n, Some(day)));
            let from = month_end(at)?.checked_add_days(days(n)?)?;
            match day {
                None => Some(from),
                Some(day) => {
                    let day: u32 = day.parse().ok()?;
                    // A month without that day pays on its last one.
                    let in_month = |d: Day| d.with_day(day).or_else(|| month_end(d));
                    in_month(from)
                        .filter(|d| *d >= from)
                        .or_else(|| in_month(from.with_day(1)?.checked_add_months(Months::new(1))?))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::payment_due;
    use crate::model::day::parse_day;

    #[test]
    fn terms_lead_to_days() {
        let check = |terms: &str, at: &str, expected: Option<&str>| {
            let day = payment_due(terms, parse_day(at).unwrap()).map(|d| d.to_string());
            assert_eq!(day.as_deref(), expected, "{terms} on {at}");
        };
        check("eom30", "2026-01-10", Some("2026-03-02"));
        check("eom60+25", "2026-01-10", Some("2026-04-25"));
        check("eom0+31", "2026-02-10", Some("2026-02-28"));
        check("eom0+15", "2026-01-10", Some("2026-02-15"));
        check("net30", "2026-01-31", Some("2026-03-02"));
        check("prepaid", "2026-01-10", Some("2026-01-10"));
        check("cod", "2026-01-10", Some("2026-01-10"));
        check("later", "2026-01-10", None);
    }
}
