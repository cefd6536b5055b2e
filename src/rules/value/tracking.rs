//! How far the model of buying is right: repeat order days week by week, as they were expected and as they came.

use super::bgnbd::Buying;
use super::buyers::{Buyer, Buyers};
use crate::model::day::Day;
use crate::model::period::Period;
use chrono::Duration;

/// The repeat order days of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Its days.
    pub period: Period,
    /// How many the model expects.
    pub expected: f64,
    /// How many there were.
    pub actual: u32,
}

/// What was expected of some customers, and what came, in stretches that follow one another. Who orders for the first time counts from its
/// first order day on, as in the paper.
pub fn track(buyers: &Buyers, chosen: &[&Buyer], buying: &Buying, stretches: &[Period]) -> Vec<Stretch> {
    let days = |p: &Period| Some((p.from?, p.to?));
    let Some((start, end)) = stretches.first().and_then(|p| p.from).zip(stretches.last().and_then(|p| p.to)) else {
        return Vec::new();
    };
    let Some(first) = chosen.iter().map(|b| b.first).min() else { return Vec::new() };
    // Customers that began on a day are expected to do the same.
    let oldest = usize::try_from((end - first).num_days()).unwrap_or_default();
    let mut began = vec![0u32; oldest + 1];
    for b in chosen.iter().filter(|b| b.first <= end) {
        began[usize::try_from((b.first - first).num_days()).unwrap_or_default()] += 1;
    }
    let until: Vec<f64> = (0..=oldest as u32).map(|days| buying.of_new(days)).collect();
    let age = |day: Day, of: usize| (day - first).num_days() - of as i64;
    let by = |day: Day| -> f64 {
        let one = |(n, count): (usize, &u32)| match usize::try_from(age(day, n)) {
            Ok(age) if *count > 0 => f64::from(*count) * until[age.min(oldest)],
            _ => 0.0,
        };
        began.iter().enumerate().map(one).sum()
    };
    let mut counts = vec![0u32; stretches.len()];
    let repeats = chosen.iter().flat_map(|b| buyers.days(b).iter().skip(1));
    for day in repeats.filter(|d| (start..=end).contains(*d)) {
        let n = stretches.partition_point(|p| p.to.is_some_and(|to| to < *day));
        if let Some(count) = counts.get_mut(n).filter(|_| stretches[n].contains(*day)) {
            *count += 1;
        }
    }
    let mut out = Vec::with_capacity(stretches.len());
    for (period, actual) in stretches.iter().zip(counts) {
        let Some((from, to)) = days(period) else { continue };
        let before = from.checked_sub_signed(Duration::days(1)).unwrap_or(from);
        out.push(Stretch { period: *period, expected: (by(to) - by(before)).max(0.0), actual });
    }
    out
}
