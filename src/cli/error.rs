//! What a command ends with when it does not end well: exit code, message, hints, diagnostics.

use crate::diag::{Diagnostic, nearest};
use crate::i18n::{Lang, messages as m, refusal, reporting as w};
use crate::model::change::ChangeSet;
use crate::model::refusal::Refusal;
use crate::query::{PeriodFault, QueryError};
use crate::store::csvedit::CsvError;
use crate::store::csvfile::MAX_CELL;
use crate::store::layout::{KEHU_DIR, Unsafe};
use crate::store::undo::Unkept;
use crate::store::{self, StoreError};
use std::io;
use std::path::Path;

/// Exit codes (3-commands); 0 is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A finding.
    Finding = 1,
    /// Usage.
    Usage = 2,
    /// Data cannot be read.
    Data = 3,
    /// Not found, or ambiguous.
    NotFound = 4,
    /// Locked, or changed under us.
    Locked = 5,
    /// Input or output failed.
    Io = 6,
    /// A rule says no.
    Refused = 7,
}

/// An error at the edge of the program, worded.
#[derive(Debug, Clone)]
pub(crate) struct CliError {
    /// Exit code.
    pub(crate) exit: Exit,
    /// What is wrong; empty when the diagnostics say it all.
    pub(crate) message: String,
    /// What mends it.
    pub(crate) hints: Vec<String>,
    /// Findings in files.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The request that is written all the same: somebody is asked to allow what was refused (R12).
    pub(crate) request: Option<Box<ChangeSet>>,
}

/// There is no row of a kind with this id; those that are called much the same are named.
pub(crate) fn no_row<'i>(lang: Lang, kind: &str, id: &str, ids: impl IntoIterator<Item = &'i str>) -> CliError {
    CliError::new(Exit::NotFound, m::row_not_found(lang, kind, id)).nearest(lang, &nearest(id, ids))
}

impl CliError {
    /// An error without hints.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> CliError {
        CliError { exit, message: message.into(), hints: Vec::new(), diagnostics: Vec::new(), request: None }
    }
    /// With something that mends it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> CliError {
        let hint = hint.into();
        if !hint.is_empty() {
            self.hints.push(hint);
        }
        self
    }
    /// Wrong use of the command line.
    pub(crate) fn usage(message: impl Into<String>) -> CliError {
        CliError::new(Exit::Usage, message)
    }
    /// "Did you mean …?" when there is anything near.
    #[must_use]
    pub(crate) fn nearest(self, lang: Lang, near: &[String]) -> CliError {
        if near.is_empty() { self } else { self.hint(m::did_you_mean(lang, near.join(lang.pick(", ", "、")))) }
    }
}

/// The words for what is wrong with a filter, a period, a sort key or a column.
pub(crate) fn query_error(lang: Lang, e: &QueryError) -> CliError {
    use QueryError as Q;
    let usage = CliError::usage;
    match e {
        Q::UnknownField { term, field, nearest } => {
            usage(m::unknown_field(lang, field, term)).nearest(lang, nearest).hint(m::hint_fields(lang))
        }
        Q::UnknownOperator { term, operator, nearest, .. } => {
            usage(m::unknown_operator(lang, operator, term)).nearest(lang, nearest)
        }
        Q::WrongOperator { term, field, operator, .. } => usage(m::wrong_operator(lang, operator, field, term)),
        Q::UnknownView { view, .. } => usage(m::unknown_view(lang, view)).hint(m::hint_views(lang)),
        Q::ViewCycle { views } => usage(m::view_cycle(lang, views.join(" → "))),
        Q::ViewsTooLarge { view } => usage(m::views_too_large(lang, view)),
        Q::MixedView { views } => usage(w::mixed_view(lang, views.join(", "))),
        Q::InView { view, error } => {
            let mut inner = query_error(lang, error);
            inner.message = m::in_view(lang, view, inner.message);
            inner
        }
        Q::UnknownValue { field, value, nearest, .. } => {
            usage(m::unknown_value(lang, value, field)).nearest(lang, nearest)
        }
        Q::BadValue { field, value, kind, .. } => {
            usage(m::bad_filter_value(lang, value, field, m::kind_word(lang, *kind)))
        }
        Q::BadDay { field, value, fault, .. } => {
            let mut e = period_fault(lang, value, fault);
            e.message = m::in_field(lang, field, e.message);
            e
        }
        Q::Reversed { value, .. } => usage(m::reversed(lang, value)),
        Q::OpenEnd { value, operator, .. } => usage(m::open_end(lang, value, operator)),
        Q::EmptyValue { term, field } => usage(m::empty_value(lang, field, term)).hint(m::hint_has_no(lang, field)),
        Q::Expression { term, meant } => usage(m::expression(lang, term)).hint(m::did_you_mean(lang, meant)),
        Q::EmptyTerm { .. } => usage(m::empty_term(lang)),
        Q::UnclosedQuote { term } => usage(m::unclosed_quote(lang, term)),
        Q::BadPeriod { text, fault } => period_fault(lang, text, fault),
    }
}

fn period_fault(lang: Lang, text: &str, fault: &PeriodFault) -> CliError {
    let e = match fault {
        PeriodFault::Unreadable { nearest } => CliError::usage(m::bad_period(lang, text)).nearest(lang, nearest),
        PeriodFault::Impossible => CliError::usage(m::impossible_date(lang, text)),
        PeriodFault::Reversed => CliError::usage(m::reversed(lang, text)),
        PeriodFault::OutOfCalendar => CliError::usage(m::out_of_calendar(lang, text)),
        PeriodFault::NotOneDay => CliError::usage(m::not_one_day(lang, text)),
    };
    e.hint(m::hint_periods(lang))
}

/// The words for a rule's no.
pub(crate) fn refused(lang: Lang, r: &Refusal) -> CliError {
    let (message, hint) = refusal::words(lang, r);
    // What is missing is a word on the command line.
    let exit = if *r == Refusal::OverrideNeedsNote { Exit::Usage } else { Exit::Refused };
    CliError::new(exit, message).hint(hint)
}

/// What the system says of a file; in the reader's language where kehu knows more than the system.
pub(crate) fn io_words(lang: Lang, path: &Path, e: &io::Error) -> String {
    if store::open::is_irregular(e) {
        return m::wrong_kind(lang, path.display());
    }
    if e.kind() == io::ErrorKind::CrossesDevices {
        return m::other_file_system(lang, path.display());
    }
    m::io_error(lang, path.display(), e)
}

/// The words for what the store could not do.
pub(crate) fn store_error(lang: Lang, e: &StoreError) -> CliError {
    match e {
        StoreError::Io { path, source } => {
            CliError::new(Exit::Io, io_words(lang, path, source)).hint(m::nothing_written(lang))
        }
        StoreError::Locked { holder, waited } => {
            CliError::new(Exit::Locked, m::locked(lang, waited.as_secs(), holder)).hint(m::hint_locked(lang))
        }
        StoreError::ChangedUnderUs { file } => {
            let what = if file.is_empty() { m::changed_meanwhile(lang) } else { m::changed_under_us(lang, file) };
            CliError::new(Exit::Locked, what).hint(m::hint_try_again(lang))
        }
        StoreError::JournalConflict { file } => {
            let words = if store::is_journal(file) {
                (m::journal_unreadable(lang), m::hint_give_up(lang))
            } else {
                (m::journal_conflict(lang, file), m::hint_journal(lang, file))
            };
            CliError::new(Exit::Data, words.0).hint(words.1)
        }
        StoreError::Exists { file } => {
            CliError::new(Exit::Locked, m::exists_already(lang, file)).hint(m::nothing_written(lang))
        }
        StoreError::NotFound { file } => {
            CliError::new(Exit::Locked, m::file_gone(lang, file)).hint(m::hint_try_again(lang))
        }
        StoreError::UnsafePath { file, why } => {
            let what = match why {
                Unsafe::Kind => m::wrong_kind(lang, file),
                Unsafe::Link | Unsafe::Name | Unsafe::Internal => m::unsafe_path(lang, file),
            };
            let own = file.starts_with(KEHU_DIR);
            let hint = if own { m::hint_own_files(lang, file) } else { m::nothing_written(lang) };
            CliError::new(Exit::Io, what).hint(hint)
        }
        StoreError::NotADataDirectory => {
            CliError::new(Exit::NotFound, m::no_directory(lang, ".")).hint(m::hint_init(lang))
        }
        StoreError::Unreadable(d) => {
            let mut e = CliError::new(Exit::Data, m::write_broken(lang, 1)).hint(m::nothing_written(lang));
            e.diagnostics = vec![(**d).clone()];
            e
        }
        StoreError::Edit { file, why } => CliError::new(Exit::Data, m::edit_refused(lang, file, format!("{why:?}")))
            .hint(m::hint_edit_by_hand(lang, file)),
        StoreError::Csv { why: CsvError::BadCell { column }, .. } => {
            CliError::usage(m::bad_cell(lang, column, MAX_CELL)).hint(m::nothing_written(lang))
        }
        StoreError::Csv { file, why } => CliError::new(Exit::Data, m::edit_refused(lang, file, format!("{why:?}")))
            .hint(m::hint_edit_by_hand(lang, file)),
        StoreError::ChangedSince { file, command } => {
            let what = m::changed_since(lang, file, command);
            CliError::new(Exit::Locked, what).hint(m::hint_changed_since(lang, file))
        }
        StoreError::Unkept { command, why } => match why {
            Unkept::TooLarge => {
                CliError::new(Exit::Refused, m::unkept_too_large(lang, command)).hint(m::hint_undo_by_hand(lang))
            }
            Unkept::InPart => {
                CliError::new(Exit::Refused, m::unkept_in_part(lang, command)).hint(m::hint_undo_by_hand(lang))
            }
            Unkept::Damaged(file) => {
                CliError::new(Exit::Data, m::unkept_damaged(lang, file)).hint(m::hint_unkept_damaged(lang))
            }
        },
        StoreError::Contradiction { .. } => {
            CliError::new(Exit::Io, m::store_other(lang, format!("{e:?}"))).hint(m::nothing_written(lang))
        }
    }
}
