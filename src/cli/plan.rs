//! This is the one place that turns a rule's plan into what is written and printed, and what stands in its way into an
//! error.

use super::context::{Context, Result, in_one_line};
use super::error::{CliError, Exit, store_error};
use super::transact::Planned;
use crate::diag::{Diagnostic, Severity};
use crate::i18n::{Lang, messages as m, note, values};
use crate::model::book::Book;
use crate::model::change::{Change, ChangeSet};
use crate::model::ledger::Ledger;
use crate::model::plan::{Note, Obstacle, Plan};
use crate::report::fields::stage_label;
use crate::report::history::event_value;
use crate::rules::playbooks::{of_stage, tasks};
use crate::rules::requests::{Who, approved, filed};
use crate::rules::turn::Act;
use crate::store;
use crate::store::cells::unescape_note;

impl Context {
    /// Who acts, whether against the rules, and why. `note` stands as the file holds it.
    pub(crate) fn who<'x>(&'x self, force: bool, note: &'x str) -> Result<Who<'x>> {
        Ok(Who { member: self.actor()?, force, note })
    }

    /// Turns a plan into what is written and printed. What stands in the way becomes an error, with the request that is
    /// filed instead (R12).
    pub(crate) fn planned(
        &self,
        book: &Book,
        who: Who<'_>,
        plan: std::result::Result<Plan, Obstacle>,
    ) -> Result<Planned> {
        let Plan { changes, notes, allowed } = plan.map_err(|o| self.obstacle(book, who, &o))?;
        let mut planned = Planned { changes, ..Planned::default() };
        for ask in allowed {
            let id = self.new_id(Ledger::Requests)?;
            planned.changes.extend(approved(book, &ask, &id, self.fact_time(), self.event_time(), who));
        }
        for n in notes {
            let words = self.said(&n);
            if let Note::Advanced { customer, to, .. } = &n
                && let Some(customer) = book.customer_index(customer)
            {
                planned.did(n.about(), words);
                planned.also(self.tasks_on_entering(book, customer, to, &self.act("", None)?)?);
                continue;
            }
            // What gets its id later has none to be told by -q.
            if matches!(&n, Note::Task { id, .. } if id.is_empty()) {
                planned.lines.push(words);
                continue;
            }
            if n.is_warning() { planned.warnings.push(words) } else { planned.did(n.about(), words) }
        }
        Ok(planned)
    }

    /// What the playbook of a stage asks to be done for a customer that enters it.
    pub(crate) fn tasks_on_entering(&self, book: &Book, customer: usize, stage: &str, act: &Act) -> Result<Planned> {
        match of_stage(&self.settings, stage) {
            Some(id) => self.tasks_of(book, customer, id, act),
            None => Ok(Planned::default()),
        }
    }

    /// What a playbook asks to be done for a customer: its tasks.
    pub(crate) fn tasks_of(&self, book: &Book, customer: usize, playbook: &str, act: &Act) -> Result<Planned> {
        let read = |view: &store::ReadView| {
            let mut found = Vec::new();
            Ok((store::playbooks::read(view, playbook, &mut found)?, found))
        };
        let read = store::read_consistently(&self.root, read).map_err(|e| store_error(self.lang(), &e))?;
        let (playbook, found) = read;
        let broken: Vec<Diagnostic> = found.into_iter().filter(|d| d.severity() == Severity::Error).collect();
        if !broken.is_empty() {
            let mut e = CliError::new(Exit::Data, m::write_broken(self.lang(), broken.len()));
            e.diagnostics = broken;
            return Err(e.hint(m::nothing_written(self.lang())));
        }
        let Some(playbook) = playbook else { return Ok(Planned::default()) };
        let plan = tasks(book, customer, &playbook, self.own_lang() == Lang::ZhCn, act);
        self.planned(book, self.who(false, "")?, Ok(plan))
    }

    /// A note in the reader's language, stages with their labels.
    pub(crate) fn said(&self, n: &Note) -> String {
        let lang = self.lang();
        match n {
            Note::Advanced { customer, from, to, order, by } => {
                let label = |id: &str| stage_label(lang, &self.settings, id);
                let (from, to) = (label(from), label(to));
                let (customer, order, by) = (customer.clone(), order.clone(), by.clone());
                note::words(lang, &Note::Advanced { customer, from, to, order, by })
            }
            Note::Opened { kind, id, customer, title, stage } => {
                let stage = event_value(lang, &self.settings, kind, "stage", stage);
                let title = unescape_note(title).into_owned();
                note::words(lang, &Note::Opened { kind, id: id.clone(), customer: customer.clone(), title, stage })
            }
            Note::Turned { kind, id, event, from, to } => {
                let word = |v: &String| event_value(lang, &self.settings, kind, event, v);
                note::words(lang, &Note::Turned { kind, id: id.clone(), event, from: word(from), to: word(to) })
            }
            Note::GivenUp { keep, drop, column, value, kept } => {
                let word = |v: &String| crate::report::fields::word(lang, &self.settings, None, column, v);
                let (keep, drop, column) = (keep.clone(), drop.clone(), column.clone());
                note::words(lang, &Note::GivenUp { keep, drop, value: word(value), kept: word(kept), column })
            }
            Note::SafetyComplaint { complaint, product, customer, day, text } => {
                let (complaint, product, customer) = (complaint.clone(), product.clone(), customer.clone());
                let text = in_one_line(text);
                note::words(lang, &Note::SafetyComplaint { complaint, product, customer, day: *day, text })
            }
            Note::Against(r) => m::overridden(lang, self.refused(r).message),
            _ => note::words(lang, n),
        }
    }

    /// The error for what stands in the way, with the requests that are filed instead.
    fn obstacle(&self, book: &Book, who: Who<'_>, o: &Obstacle) -> CliError {
        let mut e = self.hindered(o);
        let Obstacle::Refused { asks, .. } = o else { return e };
        let lang = self.lang();
        let mut changes = ChangeSet::default();
        for ask in asks {
            if let Some(id) = &ask.open {
                e = e.hint(m::asked_already(lang, id));
                continue;
            }
            let id = match self.new_id(Ledger::Requests) {
                Ok(id) => id,
                Err(e) => return e,
            };
            changes.extend(filed(book, ask, &id, self.fact_time(), who));
            e = e.hint(if self.global.dry_run {
                m::would_ask(lang, values::value(lang, "requests.kind", ask.kind))
            } else {
                m::asked(lang, id)
            });
        }
        if !changes.is_empty() {
            e.request = Some(Box::new(changes));
        }
        e
    }

    /// What stands in the way of something that writes nothing.
    pub(crate) fn hindered(&self, o: &Obstacle) -> CliError {
        let exit = match o {
            Obstacle::Refused { refusal, .. } => return self.refused(refusal),
            Obstacle::TooLarge => Exit::Data,
            _ => Exit::Usage,
        };
        let (what, mend) = note::obstacle(self.lang(), o);
        CliError::new(exit, what).hint(mend)
    }

    /// Gives the new rows of ledgers with random ids theirs.
    pub(crate) fn with_ids(&self, changes: &mut ChangeSet) -> Result<()> {
        for c in &mut changes.changes {
            if let Change::Append { ledger, rows, .. } = c
                && !ledger.prefix().is_empty()
            {
                rows.fill("id", || self.new_id(*ledger))?;
            }
        }
        Ok(())
    }
}
