//! Tasks that something else makes: an answer that was dealt with, a playbook.

use super::turn::Act;
use crate::model::book::Book;
use crate::model::day::{At, Day};
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Note, Plan};
use chrono::Datelike;

/// A task that is to be entered. Texts stand as the file holds them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTask {
    /// Its id; empty = it gets one when the plan is carried out.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// By when.
    pub due: Day,
    /// Who; empty = nobody yet.
    pub owner: String,
    /// For which customer.
    pub customer: String,
    /// A value of the column `kind`.
    pub kind: String,
    /// The playbook that it comes from; empty = none.
    pub playbook: String,
    /// Whether the customer uses what it bought when it is done.
    pub first_use: bool,
    /// Where it comes from otherwise.
    pub note: String,
}

impl NewTask {
    /// Puts it into a plan, on the day of the act.
    pub fn put(self, book: &Book, act: &Act, plan: &mut Plan) {
        let NewTask { id, title, due, owner, customer, kind, playbook, first_use, note } = self;
        let said = Note::Task { id: id.clone(), customer: customer.clone(), title: title.clone(), due };
        // A fact of a day that is asked about has no time of day.
        let at = if act.by_clock { act.at } else { At::of_day(act.at.day, book.settings.tz) };
        let mut row: NewRow =
            vec![("id", id), ("at", at.to_text(book.settings.tz)), ("title", title), ("due", due.to_string())];
        row.extend([("owner", owner), ("customer", customer), ("kind", kind), ("playbook", playbook), ("note", note)]);
        row.push(("first_use", if first_use { "yes".into() } else { String::new() }));
        row.retain(|(_, text)| !text.is_empty());
        plan.changes.append(Ledger::Tasks, act.at.day.year(), row);
        plan.notes.push(said);
    }
}
