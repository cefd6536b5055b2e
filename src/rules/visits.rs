//! R14: two people calling on one customer.

use super::engine::index::Index;
use super::followup::is_two_way;
use crate::model::row::Activity;

/// The latest contact by another seller than the owner, at most `followup.double_visit_days` ago and as near to one by
/// the owner.
pub fn double_visit<'a>(index: &Index<'a>, customer: usize) -> Option<Activity> {
    let book = index.book;
    let days = book.settings.double_visit_days();
    let owner = book.customers[customer].owner;
    if owner.is_empty() {
        return None;
    }
    // Service and finance have contacts of their own; a manager who comes along is a joint visit.
    let sells = |who: &str| book.team.get(who).is_some_and(|m| matches!(m.role, "" | "rep"));
    let all = index.activities(customer);
    let other = all
        .iter()
        .rev()
        .take_while(|a| (book.today - a.day()).num_days() <= days)
        .find(|a| a.by() != owner && a.day() <= book.today && is_two_way(&book.settings, **a) && sells(a.by()))?;
    let own = all.iter().rev().find(|a| a.by() == owner)?;
    ((own.day() - other.day()).num_days().abs() <= days).then_some(*other)
}
