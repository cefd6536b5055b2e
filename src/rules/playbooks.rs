//! The tasks of playbooks: what is to be done when a customer enters a stage, or is lost.

use super::tasks::NewTask;
use super::turn::Act;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::plan::Plan;
use crate::model::playbook::{Playbook, TaskLine};
use crate::model::settings::Settings;

/// The tasks of a playbook for a customer, due from the day of the act. A step of which the customer has an open task already makes
/// none. Texts are in Chinese where there are any and `zh` asks for them. The book must hold the tasks and their events.
pub fn tasks(book: &Book, customer: usize, playbook: &Playbook, zh: bool, act: &Act) -> Plan {
    let mut plan = Plan::default();
    let c = &book.customers[customer];
    for line in &playbook.tasks {
        if is_open(book, customer, playbook.id, line) {
            continue;
        }
        let Some(due) = line.due.after(act.at.day, 1) else { continue };
        let here = |who: &Str| book.team.get(who).is_some_and(|m| m.is_here(act.at.day));
        let owner = [line.owner, c.owner].into_iter().find(here).unwrap_or(&act.by);
        let task = NewTask {
            title: line.title(zh).to_string(),
            due,
            owner: owner.to_string(),
            customer: c.id.to_string(),
            kind: line.kind.to_string(),
            playbook: playbook.id.to_string(),
            first_use: line.first_use,
            ..NewTask::default()
        };
        task.put(book, act, &mut plan);
    }
    plan
}

/// The playbook of customers that enter a stage.
pub fn of_stage<'s>(settings: &'s Settings, stage: &str) -> Option<&'s str> {
    settings.stage(stage).and_then(|s| s.playbook.as_deref()).filter(|id| !id.is_empty())
}

/// The playbook of customers that are closed for a reason: those that are to be won back.
pub fn of_lost<'s>(settings: &'s Settings, reason: &str) -> Option<&'s str> {
    let lost = &settings.file.win_back;
    let is_meant = lost.reasons.is_empty() || lost.reasons.iter().any(|r| r == reason);
    lost.playbook.as_deref().filter(|id| is_meant && !id.is_empty())
}

/// Whether a customer has an open task of a step: of the same playbook, and called as the step is in one of the languages.
fn is_open(book: &Book, customer: usize, playbook: &str, line: &TaskLine) -> bool {
    let is_it = |title: &str| [true, false].into_iter().any(|zh| line.title(zh) == title);
    let of_it = book.tasks.iter().filter(|t| t.playbook == playbook && is_it(t.title));
    of_it.filter(|t| book.customer_index(t.customer) == Some(customer)).any(|t| book.state(t) == "open")
}
