//! R1: how many customers stand in each stage, how long they stay, how many move on.

use super::engine::index::Index;
use super::followup::{cycle, is_two_way, owner_since};
use super::history::Visit;
use super::lifecycle::{stage_since, stage_visits};
use crate::model::day::Day;
use crate::model::money::Decimal;
use crate::model::period::Period;
use crate::model::settings::StageCategory;

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

/// The stays of a customer in its stages, as far as the funnel counts them. A customer without events stands where its
/// file says, and nobody knows since when.
fn stays(index: &Index<'_>, customer: usize) -> Vec<Visit> {
    let visits = stage_visits(index, customer);
    let stage = index.book.customers[customer].stage;
    if visits.is_empty() && !stage.is_empty() {
        return vec![Visit { state: stage, from: None, to: None }];
    }
    visits
}

/// Whether a stay of unknown start lasted into a period, for a customer that was there since `created`.
fn lasted_into(v: &Visit, created: Option<Day>, period: Period) -> bool {
    let ended_before = v.to.zip(period.from).is_some_and(|(to, from)| to < from);
    let came = created.into_iter().chain(v.to).min();
    v.from.is_none() && !ended_before && came.zip(period.to).is_none_or(|(came, to)| came <= to)
}

/// Last day on which the customer took part.
pub fn last_two_way(index: &Index<'_>, customer: usize) -> Option<Day> {
    let settings = &index.book.settings;
    index.activities(customer).iter().rev().find(|a| is_two_way(settings, **a)).map(|a| a.day())
}

/// Days since the customer last took part, else since it has its owner, else since it was created.
pub fn touch_days(index: &Index<'_>, customer: usize) -> Option<i64> {
    let base = last_two_way(index, customer)
        .or_else(|| owner_since(index, customer))
        .or(index.book.customers[customer].created)?;
    Some((index.book.today - base).num_days())
}

/// R3: in its stage longer than `stall_after`, or untouched for more than twice its cycle. Closed and lost ones never.
///
/// The time in the stage says nothing where the ladder does not lead on: a repeat customer stays one for years.
pub fn is_stalled(index: &Index<'_>, customer: usize) -> bool {
    let book = index.book;
    let c = &book.customers[customer];
    let Some(stage) = book.settings.stage(c.stage) else { return false };
    if c.closed || stage.category == StageCategory::Lost {
        return false;
    }
    let stage_clock = stage_since(index, customer).map(|d| (book.today - d).num_days());
    let position = book.settings.stage_index(c.stage);
    let leads_on = stage.to.iter().any(|to| book.settings.stage_index(to) > position);
    let by_stage = leads_on && matches!((stage_clock, stage.stall_after), (Some(days), Some(limit)) if days > limit);
    let by_touch = matches!(
        (touch_days(index, customer), cycle(&book.settings, c)),
        (Some(days), Some((span, _))) if days > 2 * span.approx_days()
    );
    by_stage || by_touch
}

/// The value at a share of a sorted list, by the nearest rank.
pub fn quantile(sorted: &[i64], per_cent: usize) -> Option<i64> {
    if sorted.is_empty() {
        return None;
    }
    let rank = (sorted.len() * per_cent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The median of days: the middle one, or the mean of the two middle ones, which may be half a day.
pub fn median(sorted: &[i64]) -> Option<Decimal> {
    let middle = |n: usize| sorted.get(n).copied().map(Decimal::from);
    let n = sorted.len();
    if n % 2 == 1 {
        return middle(n / 2);
    }
    let sum = middle((n / 2).checked_sub(1)?)?.checked_add(middle(n / 2)?)?;
    sum.checked_div(Decimal::TWO).map(|mean| mean.normalize())
}

/// The stages of the ladder with their counts. Conversion counts visits that began in `period`, and visits of unknown
/// start that lasted into it.
pub fn funnel(index: &Index<'_>, chosen: &[usize], period: Period) -> Vec<StageCount> {
    let book = index.book;
    let settings = &book.settings;
    let position = |id: &str| settings.stage_index(id);
    let is_lost = |n: usize| settings.file.stages[n].category == StageCategory::Lost;
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
        let visits = stays(index, n);
        for (k, v) in visits.iter().enumerate() {
            let Some(s) = position(v.state) else { continue };
            lengths[s].extend(v.days(book.today));
            let (entered, lasted) = (v.from.is_some_and(|d| period.contains(d)), lasted_into(v, c.created, period));
            rows[s].entered += i64::from(entered);
            rows[s].start_unknown += i64::from(lasted);
            if entered || lasted {
                match visits.get(k + 1).map(|next| position(next.state)) {
                    None => rows[s].open += 1,
                    Some(Some(next)) if next > s && !is_lost(next) => rows[s].forward += 1,
                    Some(_) => rows[s].back += 1,
                }
            }
        }
    }
    for (row, list) in rows.iter_mut().zip(&mut lengths) {
        list.sort_unstable();
        row.leads_on = settings.stage(&row.stage).is_some_and(|s| {
            s.to.iter().any(|to| position(to) > position(&s.id) && position(to).is_some_and(|n| !is_lost(n)))
        });
        row.visits = i64::try_from(list.len()).unwrap_or(i64::MAX);
        row.median_days = median(list);
        row.p90_days = quantile(list, 90);
    }
    rows
}
