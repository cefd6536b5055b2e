//! R1: how many customers stand in each stage, how long they stay, how many move on.

use super::engine::index::Index;
use super::history::Visit;
use super::stalled::is_stalled;
use super::stays::{Ended, ended, leads_on, median, quantile, stays};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;

/// One stage of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StageCount {
    /// Its id.
    pub stage: String,
    /// Active customers in it.
    pub customers: i64,
    /// Closed customers in it.
    pub closed: i64,
    /// Active ones that are stalled.
    pub stalled: i64,
    /// Visits that began in the period.
    pub entered: i64,
    /// Visits that lasted into the period, and whose beginning nobody wrote down.
    pub start_unknown: i64,
    /// Visits of both sorts that ended in a later stage.
    pub forward: i64,
    /// Visits of both sorts that ended in any other stage.
    pub back: i64,
    /// Visits of both sorts that last.
    pub open: i64,
    /// Median days of all visits with a known start, open ones up to today; `None` without any.
    pub median_days: Option<Decimal>,
    /// Nine in ten visits were no longer than this.
    pub p90_days: Option<i64>,
    /// Number of visits behind the two.
    pub visits: i64,
    /// Whether the ladder leads on from here.
    pub leads_on: bool,
}

impl StageCount {
    /// The visits that conversion is about.
    pub fn cases(&self) -> i64 {
        self.entered + self.start_unknown
    }
}

/// Whether a stay of unknown start lasted into a period, for a customer that was there since `created`.
fn lasted_into(v: &Visit, created: Option<Day>, period: Period) -> bool {
    let ended_before = v.to.zip(period.from).is_some_and(|(to, from)| to < from);
    let came = created.into_iter().chain(v.to).min();
    v.from.is_none() && !ended_before && came.zip(period.to).is_none_or(|(came, to)| came <= to)
}

/// The stages of the ladder with their counts. Conversion counts visits that began in `period`, and visits of unknown
/// start that lasted into it.
pub fn funnel(index: &Index<'_>, chosen: &[usize], period: Period) -> Vec<StageCount> {
    let book = index.book;
    let settings = &book.settings;
    let position = |id: &str| settings.stage_index(id);
    let mut rows: Vec<StageCount> =
        book.settings.file.stages.iter().map(|s| StageCount { stage: s.id.clone(), ..StageCount::default() }).collect();
    let mut lengths: Vec<Vec<i64>> = vec![Vec::new(); rows.len()];
    for &n in chosen {
        let c = &book.customers[n];
        if let Some(s) = position(c.stage) {
            if c.closed {
                rows[s].closed += 1;
            } else {
                rows[s].customers += 1;
                rows[s].stalled += i64::from(is_stalled(index, n));
            }
        }
        let visits = stays(book, index.events(n), n);
        for (k, v) in visits.iter().enumerate() {
            let Some(s) = position(v.state) else { continue };
            lengths[s].extend(v.days(book.today));
            let (entered, lasted) = (v.from.is_some_and(|d| period.contains(d)), lasted_into(v, c.created, period));
            rows[s].entered += i64::from(entered);
            rows[s].start_unknown += i64::from(lasted);
            if entered || lasted {
                match ended(settings, &visits, k) {
                    Ended::Open => rows[s].open += 1,
                    Ended::Forward => rows[s].forward += 1,
                    Ended::Back => rows[s].back += 1,
                }
            }
        }
    }
    for (row, list) in rows.iter_mut().zip(&mut lengths) {
        list.sort_unstable();
        row.leads_on = position(&row.stage).is_some_and(|n| leads_on(settings, n));
        row.visits = i64::try_from(list.len()).unwrap_or(i64::MAX);
        row.median_days = median(list);
        row.p90_days = quantile(list, 90);
    }
    rows
}
