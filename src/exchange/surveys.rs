//! What low answers do besides standing in their ledger: they open complaints (R11).

use super::described::text_of;
use super::draft::{New, Plan};
use crate::model::change::ChangeSet;
use crate::model::day::At;
use crate::model::id::row_id;
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;
use crate::rules::complaints::steps;
use crate::rules::feedback::complaint;
use chrono::Datelike;
use sha2::{Digest, Sha256};

/// The complaints of new rows; none where these are no answers. `fresh` are the rows with their numbers in the source.
pub(super) fn complaints(p: &Plan<'_, '_, '_>, fresh: &[(u32, New)]) -> (ChangeSet, usize) {
    let (mut changes, mut count) = (ChangeSet::default(), 0);
    if p.ledger != Ledger::Feedback {
        return (changes, count);
    }
    let (env, act) = (p.env, p.env.input.act);
    for (_, n) in fresh {
        let row = p.new_row(*n);
        let cell = |name: &str| row.cell(name);
        let Some(cells) = complaint(env.settings, env.book.today, &act.by, cell) else { continue };
        let Some(at) = At::parse(row.cell("at"), env.settings.tz) else { continue };
        // The same answer opens the same complaint whenever it is imported.
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&Sha256::digest(format!("complaint of {}", row.cell("id")).as_bytes())[..8]);
        let id = row_id(Ledger::Complaints.prefix(), bytes);
        count += 1;
        match env.book.customer_index(row.cell("customer")) {
            Some(customer) => {
                let new = steps::New { id, customer, at, handler: None, cells };
                match steps::enter(env.input.index, &new, act) {
                    Ok(plan) => changes.extend(plan.changes),
                    Err(_) => count -= 1,
                }
            }
            // A customer that comes with the answers has the grade that they give it.
            None => {
                let made = p.maker.made.get(row.cell("customer")).and_then(|x| x.first(|_| true));
                let grade = made.map_or("", |d| text_of(&d.keys, "grade"));
                let text = at.to_text(env.settings.tz);
                let mut new: NewRow = vec![("id", id), ("at", text), ("customer", row.cell("customer").into())];
                new.extend(cells);
                new.push(("grade", grade.into()));
                new.retain(|(_, text)| !text.is_empty());
                changes.append(Ledger::Complaints, at.day.year(), new);
            }
        }
    }
    (changes, count)
}
