//! How a command writes: lock, read, plan, commit. With `--dry-run` the plan is printed instead.

use super::context::{Context, Read, Result};
use super::env;
use super::error::{CliError, Exit, store_error};
use super::ui::Ui;
use crate::diag::{Code, Diagnostic, Place, Severity};
use crate::i18n::{messages as m, problem};
use crate::model::book::Reads;
use crate::model::change::ChangeSet;
use crate::model::day::At;
use crate::output::diff::unified;
use crate::rules::engine::index::Index;
use crate::rules::fits::{doubts, fits};
use crate::rules::history::as_of;
use crate::rules::turn::happened;
use crate::store::load::FileTexts;
use crate::store::{self, LockGuard, StoreError};
use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Seconds that a writer waits for the lock unless told otherwise.
const LOCK_SECONDS: u64 = 30;

/// How long a writer waits for the lock.
pub(crate) fn lock_timeout() -> Duration {
    Duration::from_secs(env::var(env::LOCK_TIMEOUT).and_then(|s| s.parse().ok()).unwrap_or(LOCK_SECONDS))
}

/// How many changes this run of the program has made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// The command that makes a change, for whoever takes it back. `at` is what its events are dated by.
pub(crate) fn deed(command: String, at: String) -> store::Deed {
    static RUN: OnceLock<String> = OnceLock::new();
    let run = RUN.get_or_init(|| getrandom::u64().map_or_else(|_| String::new(), |n| format!("{n:016x}")));
    store::Deed { command, at, run: run.clone(), part: MADE.load(Ordering::Relaxed) }
}

/// Carries a plan out; a part that is left to the next writer is told.
pub(crate) fn carry_out(root: &Path, plan: &store::plan::Plan<'_>, lock: &LockGuard, ui: &Ui) -> Result<()> {
    let busy = ui.busy(m::progress_write(ui.lang, plan.files().count()));
    let done = store::commit(root, plan, lock).map_err(|e| store_error(ui.lang, &e))?;
    drop(busy);
    MADE.fetch_add(1, Ordering::Relaxed);
    if let store::Done::InJournal { path, source } = done {
        ui.warn(&m::in_journal(ui.lang, m::io_error(ui.lang, path.display(), source)));
    }
    Ok(())
}

/// What a plan would change, as a unified diff.
pub(crate) fn diff(root: &Path, plan: &store::plan::Plan<'_>, ui: &Ui) -> Result<String> {
    let mut text = String::new();
    for d in plan.diff_inputs() {
        // An append knows only the end of its file; the diff's line numbers need all of it.
        let (old, new) = match (d.end_only, &d.old, &d.new) {
            (true, Some(end), Some(new_end)) => {
                let whole = store::read_text(root, &d.path).map_err(|e| store_error(ui.lang, &e))?;
                let added = new_end.strip_prefix(end.as_str()).unwrap_or(new_end).to_string();
                (Some(whole.clone()), Some(whole + &added))
            }
            _ => (d.old, d.new),
        };
        text.push_str(&unified(&d.path, old.as_deref(), new.as_deref(), ui.color));
    }
    Ok(text)
}

/// Decides by a file's path.
pub(crate) type FileTest = Box<dyn Fn(&str) -> bool>;

/// What a command wants done, and what it will say.
#[derive(Default)]
pub(crate) struct Planned {
    pub(crate) changes: ChangeSet,
    /// One for each thing changed, its id first.
    pub(crate) lines: Vec<String>,
    /// What -q prints.
    pub(crate) ids: Vec<String>,
    pub(crate) warnings: Vec<String>,
    /// Whose ledger file; empty = the actor's.
    pub(crate) author: String,
    /// Which files the decision rests on; `None` = all that were read.
    pub(crate) depends_on: Option<FileTest>,
    /// Cells that lead somewhere: column, text, customer and kind.
    pub(crate) led: HashSet<[String; 4]>,
    /// What `ids` holds, to be found fast; [`Planned::did`] sees to it.
    pub(crate) noted: HashSet<String>,
}

impl Planned {
    /// Does what another plan does, too.
    pub(crate) fn also(&mut self, other: Planned) {
        self.changes.extend(other.changes);
        self.lines.extend(other.lines);
        self.warnings.extend(other.warnings);
        other.ids.iter().for_each(|id| self.note(id));
    }

    /// Notes an id for -q, once.
    fn note(&mut self, id: &str) {
        if self.noted.len() != self.ids.len() {
            self.noted = self.ids.iter().cloned().collect();
        }
        if self.noted.insert(id.to_string()) {
            self.ids.push(id.to_string());
        }
    }

    /// Notes a thing changed.
    pub(crate) fn did(&mut self, id: &str, line: String) {
        self.lines.push(line);
        self.note(id);
    }
}

impl Context {
    /// Takes the lock, reads, lets `plan` decide, and commits. With `--dry-run` nothing is locked or written: the diff is
    /// printed.
    ///
    /// A broken file that the plan read stops it: writers decide only on what they could read.
    pub(crate) fn transact(&self, reads: Reads, plan: impl FnOnce(&Index<'_>, &Read) -> Result<Planned>) -> Result<()> {
        self.transact_for(reads, None, plan)
    }

    /// As [`Context::transact`], for one customer: with its exact id only that customer and the rows about it are read.
    pub(crate) fn transact_for(
        &self,
        reads: Reads,
        customer: Option<&str>,
        plan: impl FnOnce(&Index<'_>, &Read) -> Result<Planned>,
    ) -> Result<()> {
        let lock = self.lock()?;
        let reads = Reads { texts: true, ..reads };
        let one = customer.map(|id| self.load_raw_one(reads, id)).transpose()?.flatten();
        let loaded = match one {
            Some(loaded) => loaded,
            None => self.load_raw(reads)?,
        };
        let mut book = loaded.book;
        as_of(&mut book, self.is_past());
        let broken: Vec<Diagnostic> =
            loaded.diagnostics.into_iter().filter(|d| d.severity() == Severity::Error).collect();
        let read = Read {
            book: Box::leak(Box::new(book)),
            texts: loaded.texts,
            broken: !broken.is_empty(),
            diagnostics: Vec::new(),
        };
        let index = Index::new(read.book);
        let mut planned = match plan(&index, &read) {
            Ok(planned) => planned,
            Err(mut e) => {
                if let Some(changes) = e.request.take() {
                    self.commit(lock.as_ref(), Planned { changes: *changes, ..Planned::default() }, &read.texts)?;
                }
                return Err(e);
            }
        };
        fits(index.book, &planned.changes).map_err(|r| self.refused(&r))?;
        planned.warnings.extend(doubts(index.book, &planned.changes).into_iter().map(|facts| {
            let line = facts[3].clone();
            let d = Diagnostic::of(Code::AmountMismatch, Place::default(), facts);
            m::labelled(self.lang(), line, problem::words(self.lang(), &d).0)
        }));
        let relevant: Vec<Diagnostic> =
            broken.into_iter().filter(|d| planned.depends_on.as_ref().is_none_or(|f| f(&d.place.file))).collect();
        if !relevant.is_empty() {
            // What was read while somebody saved it is nobody's text.
            let files = relevant.iter().map(|d| d.place.file.as_str());
            read.texts.unchanged(&self.root, files).map_err(|e| store_error(self.lang(), &e))?;
            let mut e = CliError::new(Exit::Data, m::write_broken(self.lang(), relevant.len()));
            e.diagnostics = relevant;
            return Err(e.hint(m::nothing_written(self.lang())));
        }
        self.commit(lock.as_ref(), planned, &read.texts)
    }

    /// Takes the lock and mends what a killed writer left; `None` with `--dry-run`.
    pub(crate) fn lock(&self) -> Result<Option<LockGuard>> {
        if self.global.dry_run {
            return Ok(None);
        }
        let lang = self.lang();
        let who = self.actor_if_known().map_or("?", |x| x.id);
        let holder = format!("{who}, pid {}, {}", std::process::id(), self.now.to_rfc3339());
        let lock = store::begin(&self.root, &holder, lock_timeout()).map_err(|e| store_error(lang, &e))?;
        Ok(Some(lock))
    }

    /// Whether what would be written can be read, and by whom it is read.
    fn fits_readers(&self, back: &store::ReadBack) -> Result<()> {
        let lang = self.lang();
        if let Some(c) =
            back.created.iter().find(|c| happened(At::of_day(c.day, self.settings.tz), self.today).is_err())
        {
            let what = m::created_in_the_future(lang, c.id, c.day);
            return Err(CliError::usage(what).hint(m::nothing_written(lang)));
        }
        if back.findings.is_empty() {
            return Ok(());
        }
        let mut e = CliError::usage(m::would_not_be_read(lang, back.findings.len()));
        e.diagnostics = back.findings.clone();
        Err(e.hint(m::nothing_written(lang)))
    }

    /// Commits, or prints the diff.
    pub(crate) fn commit(&self, lock: Option<&LockGuard>, mut planned: Planned, texts: &FileTexts) -> Result<()> {
        let lang = self.lang();
        let fail = |e: StoreError| store_error(lang, &e);
        self.refuse_torn()?;
        self.with_ids(&mut planned.changes)?;
        if planned.changes.is_empty() {
            let line = if planned.lines.is_empty() { vec![m::nothing_to_change(lang)] } else { planned.lines.clone() };
            line.iter().for_each(|l| self.ui.note(l));
            return Ok(());
        }
        let author = if planned.author.is_empty() { self.actor()?.id.to_string() } else { planned.author.clone() };
        let snapshot = texts.snapshot(&planned.changes, &self.texts);
        let layouts = store::Layouts { customers: self.settings.customer_layout, ledgers: self.settings.ledger_layout };
        let busy = self.ui.busy(m::progress_plan(lang, planned.changes.changes.len()));
        let plan = store::prepare(&self.root, &planned.changes, &layouts, &author, &snapshot).map_err(fail)?;
        drop(busy);
        self.fits_readers(&store::read_back(&plan, &self.settings))?;
        let Some(lock) = lock else {
            self.ui.text(&diff(&self.root, &plan, &self.ui)?)?;
            planned.warnings.iter().for_each(|w| self.ui.warn(w));
            return Ok(());
        };
        let plan = plan.by(deed(env::command_line(), self.event_time().to_text(self.settings.tz)));
        carry_out(&self.root, &plan, lock, &self.ui)?;
        let lines = if self.ui.quiet { &planned.ids } else { &planned.lines };
        self.ui.done(lines);
        for w in &planned.warnings {
            self.ui.warn(w);
        }
        Ok(())
    }
}
