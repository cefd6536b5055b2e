//! How long a new customer takes until it uses what it bought: from its becoming a customer to the task that marks the first use.

use super::engine::index::Index;
use super::lifecycle::stage_visits;
use super::orders::order_days;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::row::Task;
use crate::model::settings::StageCategory;

/// Becoming a customer, and the first use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstUse<'a> {
    /// The day on which it entered its first customer stage; where no event tells of that, its first order day.
    pub since: Day,
    /// The day on which the task was done.
    pub day: Day,
    /// The task.
    pub task: &'a Task,
}

impl FirstUse<'_> {
    /// Days from one to the other; 0 for what was used before it was bought.
    pub fn days(&self) -> i64 {
        (self.day - self.since).num_days().max(0)
    }
}

/// The first use of a customer; `None` while there was none, or nobody knows since when it is a customer.
pub fn first_use<'a>(index: &Index<'a>, customer: usize) -> Option<FirstUse<'a>> {
    let book = index.book;
    let done = |t: &'a Task| -> Option<(Day, &'a Task)> {
        let fold = book.states.folded(Ledger::Tasks, t.id, "state").filter(|f| f.value == "done")?;
        Some((fold.applied.last()?.day(), t))
    };
    let tasks = index.tasks(customer).iter().filter(|t| t.first_use);
    let (day, task) = tasks.filter_map(|t| done(t)).min_by_key(|(day, t)| (*day, t.id))?;
    let is_customer = |stage: &str| book.settings.stage(stage).is_some_and(|s| s.category == StageCategory::Customer);
    let entered = stage_visits(index, customer).into_iter().find(|v| is_customer(v.state)).and_then(|v| v.from);
    let since = entered.or_else(|| order_days(index, customer).first().copied())?;
    Some(FirstUse { since, day, task })
}
