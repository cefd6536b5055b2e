//! What every command works with: the data directory, the day, who acts, the language, how to print. The only place
//! that reads the clock.

use super::Global;
use super::env;
use super::error::{CliError, Exit, query_error, refused, store_error};
use super::ui::Ui;
use crate::diag::{Diagnostic, Severity, nearest};
use crate::i18n::{Lang, messages as m};
use crate::model::Str;
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::day::{At, Day, end_of_day};
use crate::model::id::row_id;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::period::{Calendar, Period};
use crate::model::refusal::{Refusal, Story};
use crate::model::settings::Settings;
use crate::model::team::{Member, Team};
use crate::output::Later;
use crate::query::{Filter, parse_single_day};
use crate::report::document::Document;
use crate::rules::engine::index::Index;
use crate::rules::followers::may_follow;
use crate::rules::history::as_of;
use crate::rules::requests::may_override;
use crate::rules::turn::{Act, happened};
use crate::rules::unjoined::{Unjoined, so_far};
use crate::store::cache::CacheUse;
use crate::store::load::{self, FileTexts, Loaded};
use crate::store::{self, StoreError};
use chrono::{DateTime, NaiveTime, Timelike, Utc};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Result of a command.
pub(crate) type Result<T> = std::result::Result<T, CliError>;

/// The data directory with its settings.
pub(crate) struct Context {
    pub(crate) ui: Ui,
    pub(crate) global: Global,
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) team: Team,
    /// The day everything is seen from.
    pub(crate) today: Day,
    /// The present instant.
    pub(super) now: DateTime<Utc>,
    /// The present day in the directory's zone.
    real_today: Day,
    /// Texts of the settings files.
    pub(crate) texts: FileTexts,
}

/// The present instant, to the second.
#[allow(clippy::disallowed_methods)]
pub(crate) fn clock() -> DateTime<Utc> {
    instant_of_system(SystemTime::now())
}

/// What a clock says, also one that was set to before 1970.
fn instant_of_system(now: SystemTime) -> DateTime<Utc> {
    let now = DateTime::<Utc>::from(now);
    now.with_nanosecond(0).unwrap_or(now)
}

/// The data directory's path: -C, else KEHU_DIR, else the nearest folder upwards with kehu.toml.
pub(crate) fn find_root(global: &Global, lang: Lang) -> Result<PathBuf> {
    let named = global.dir.clone().or_else(|| env::var(env::DIR).map(PathBuf::from));
    let start = named.unwrap_or_else(env::current_dir);
    let found = store::layout::find_root(&start).map_err(|e| store_error(lang, &e))?;
    found.ok_or_else(|| CliError::new(Exit::NotFound, m::no_directory(lang, start.display())).hint(m::hint_init(lang)))
}

/// The same, for commands that work without one.
pub(crate) fn find_root_if_any(global: &Global, lang: Lang) -> Result<Option<PathBuf>> {
    match find_root(global, lang) {
        Err(e) if e.exit == Exit::NotFound => Ok(None),
        found => found.map(Some),
    }
}

/// The language: --lang, else KEHU_LANG, else the directory's, else the locale's.
pub(crate) fn language(global: &Global, settings: Option<&Settings>) -> Lang {
    let parse = |s: Option<&str>| s.and_then(Lang::parse);
    parse(global.lang.as_deref())
        .or_else(|| parse(env::var(env::LANG).as_deref()))
        .or_else(|| parse(settings.and_then(|s| s.file.language.as_deref())))
        .or_else(|| parse(env::locale().as_deref()))
        .unwrap_or_default()
}

/// The calendar on which relative days and periods are read.
pub(crate) fn calendar(settings: &Settings, today: Day) -> Calendar {
    Calendar { today, week_start: settings.week_start, fiscal_year_start: settings.fiscal_year_start }
}

impl Context {
    /// Opens the data directory. A broken kehu.toml or team.toml stops here.
    pub(crate) fn open(global: &Global, mut ui: Ui) -> Result<Context> {
        let root = find_root(global, ui.lang)?;
        let lang = ui.lang;
        let opened = store::read_consistently(&root, load::open).map_err(|e| store_error(lang, &e))?;
        ui.lang = language(global, opened.settings.as_ref());
        let lang = ui.lang;
        if opened.is_broken() {
            // What was read while somebody saved it is nobody's text.
            let files = [load::SETTINGS, load::TEAM];
            opened.texts.unchanged(&root, files).map_err(|e| store_error(lang, &e))?;
            let mut e = CliError::new(Exit::Data, m::settings_broken(lang)).hint(m::hint_check(lang));
            e.diagnostics = opened.diagnostics;
            return Err(e);
        }
        Context::over(global, ui, root, opened)
    }

    /// The context over settings that are read already; findings in them stop nothing.
    pub(crate) fn over(global: &Global, ui: Ui, root: PathBuf, opened: load::Opened) -> Result<Context> {
        let lang = ui.lang;
        let Some(settings) = opened.settings else {
            return Err(CliError::new(Exit::Data, m::settings_broken(lang)));
        };
        let now = clock();
        let real_today = settings.tz.local(now).date_naive();
        let today = match &global.today {
            Some(text) => {
                parse_single_day(text, &calendar(&settings, real_today)).map_err(|e| query_error(lang, &e))?
            }
            // Nothing that is dated so would ever be found again.
            None if now.timestamp() < 0 => {
                let e = CliError::usage(m::clock_before_1970(lang, now.format("%Y-%m-%d %H:%M:%S")));
                return Err(e.hint(m::hint_clock(lang)));
            }
            None => real_today,
        };
        Ok(Context {
            ui,
            global: global.clone(),
            root,
            settings,
            team: opened.team,
            today,
            now,
            real_today,
            texts: opened.texts,
        })
    }

    /// The same with another way of printing.
    pub(crate) fn with_ui(&self, ui: Ui) -> Context {
        Context {
            ui,
            global: self.global.clone(),
            root: self.root.clone(),
            settings: self.settings.clone(),
            team: self.team.clone(),
            texts: self.texts.clone(),
            ..*self
        }
    }

    pub(crate) fn lang(&self) -> Lang {
        self.ui.lang
    }

    /// The language of what is written into files, whoever reads the screen.
    pub(crate) fn own_lang(&self) -> Lang {
        let s = &self.settings;
        s.file.language.as_deref().and_then(Lang::parse).unwrap_or(self.ui.lang)
    }

    /// The calendar of the day everything is seen from.
    pub(crate) fn calendar(&self) -> Calendar {
        calendar(&self.settings, self.today)
    }

    /// Reads a single day such as `2026-11-22`, `tomorrow`, `+7d`.
    pub(crate) fn day(&self, text: &str) -> Result<Day> {
        parse_single_day(text, &self.calendar()).map_err(|e| query_error(self.lang(), &e))
    }

    /// Whether the day lies before the present one, so that decisions come from the events.
    pub(crate) fn is_past(&self) -> bool {
        self.today < self.real_today
    }

    /// Reads what is asked for, as of the day. Findings go to stderr; the exit code is then 3 (see [`Read::finish`]).
    pub(crate) fn load(&self, reads: Reads) -> Result<Read> {
        let mut loaded = self.load_beside(reads, None)?.0;
        // Who was there by its facts alone must not depend on the columns that are shown.
        let is_younger = |c: &Customer| c.created.is_some_and(|day| day > self.today);
        if self.is_past() && loaded.book.customers.iter().any(is_younger) {
            loaded = self.load_beside(reads.and(facts()), None)?.0;
        }
        self.finished(loaded)
    }

    /// What was read, as of the day, its findings reported.
    pub(super) fn finished(&self, loaded: Loaded) -> Result<Read> {
        let Loaded { mut book, diagnostics, texts, .. } = loaded;
        as_of(&mut book, self.is_past());
        let broken = diagnostics.iter().any(|d| d.severity() == Severity::Error);
        if broken && self.global.strict {
            let n = diagnostics.len();
            let mut e = CliError::new(Exit::Data, m::files_broken_strict(self.lang(), n));
            e.diagnostics = diagnostics;
            return Err(e);
        }
        if broken {
            self.ui.diagnostics(&diagnostics);
            self.ui.warn(&m::files_broken(self.lang(), diagnostics.len()));
        }
        Ok(Read { book: Box::leak(Box::new(book)), texts, broken, diagnostics })
    }

    /// Names years whose working days nobody knows, so that what is counted by them may be wrong.
    pub(crate) fn say_unknown_years(&self, years: Vec<i32>) {
        years.into_iter().for_each(|year| self.ui.warn(&m::no_holidays(self.lang(), year)));
    }

    /// Says what the figures of customers left out so far, of a period; whether there was anything.
    pub(crate) fn left_out(&self, index: &Index<'_>, period: Period) -> bool {
        self.unjoined(&so_far(index, period))
    }

    /// Names rows that could not be joined; whether there are any: the exit code is then 3.
    pub(crate) fn unjoined(&self, found: &[Unjoined]) -> bool {
        crate::report::unjoined::words(found, self.lang()).iter().for_each(|line| self.ui.warn(line));
        !found.is_empty()
    }

    /// Whether answers may come from the cache.
    pub(crate) fn cache(&self) -> CacheUse {
        match env::var(env::CACHE).as_deref() {
            _ if self.global.no_cache => CacheUse::Off,
            Some("off") => CacheUse::Off,
            Some("always") => CacheUse::Always,
            _ => CacheUse::Large,
        }
    }

    /// Adds what [`Context::load`] must read besides to show a past day.
    fn with_history(&self, reads: Reads) -> Reads {
        // What became of a thing stands in its events. Needs count from the day on which they were told: nobody asks
        // for their events.
        let evented = reads.ledgers.without(Ledger::Needs).iter().any(|l| !l.events().is_empty());
        // A past day's customers are those that were there by then.
        let reads = Reads { ids_only: reads.ids_only && !self.is_past(), ..reads };
        if (self.is_past() && reads.customers) || evented {
            return reads.and(Reads { ledgers: LedgerSet::of(&[Ledger::Events]), lean: true, ..Reads::NOTHING });
        }
        reads
    }

    /// Reads what is asked for, future rows included and findings not reported.
    pub(crate) fn load_raw(&self, reads: Reads) -> Result<Loaded> {
        self.load_beside(Reads { texts: true, ..reads }, None).map(|(loaded, _)| loaded)
    }

    /// The same, and the files of a ledger as texts.
    pub(crate) fn load_beside(&self, reads: Reads, ledger: Option<Ledger>) -> Result<(Loaded, Vec<(Str, Str)>)> {
        super::start_threads();
        let reads = self.with_history(reads);
        let busy = self.ui.busy(m::progress_load(self.lang()));
        let (loaded, files) = store::read_consistently(&self.root, |view| {
            let mut loaded = load::load(view, &self.settings, &self.team, reads, self.today, self.cache())?;
            loaded.book.now = self.event_time();
            let files = match ledger {
                Some(l) => load::ledger_texts(view, l, &mut loaded.texts, &mut loaded.diagnostics)?,
                None => Vec::new(),
            };
            Ok((loaded, files))
        })
        .map_err(|e| store_error(self.lang(), &e))?;
        drop(busy);
        self.say_work(&loaded);
        Ok((loaded, files))
    }

    /// With -v: how much was read.
    pub(super) fn say_work(&self, loaded: &Loaded) {
        if self.ui.verbose {
            let lang = self.lang();
            let book = &loaded.book;
            let plain: usize = book.plain.values().map(Vec::len).sum();
            let typed = book.activities.len() + book.events.len() + book.orders.len() + book.receipts.len();
            let w = loaded.work;
            let (files, rows) = (m::files(lang, w.opened), m::rows(lang, plain.max(typed)));
            self.ui.note(&m::was_read(lang, files, w.bytes, rows, w.cached));
        }
    }

    /// Reads one customer by its exact id, where its file stands where the layout puts it.
    pub(super) fn load_raw_one(&self, reads: Reads, id: &str) -> Result<Option<Loaded>> {
        if crate::model::id::check_customer_id(id).is_err() {
            return Ok(None);
        }
        let file = crate::model::intern(&store::layout::customer_path(self.settings.customer_layout, id));
        let reads = self.with_history(reads);
        if !reads.ledgers.is_empty() {
            super::start_threads();
        }
        store::read_consistently(&self.root, |view| {
            let one = load::load_one(view, &self.settings, &self.team, reads, self.today, (file, self.cache()))?;
            Ok(one.map(|mut loaded| {
                loaded.book.now = self.event_time();
                loaded
            }))
        })
        .map_err(|e| store_error(self.lang(), &e))
    }

    /// The rows about customers that were read before, as of the day, where getting at them costs little (see
    /// [`load::load_at_hand`]). Findings are not reported: nothing that is written may rest on these rows.
    pub(crate) fn load_at_hand(&self, reads: Reads, customers: Vec<Customer>) -> Result<Option<Book>> {
        super::start_threads();
        let reads = self.with_history(reads);
        let found = store::read_consistently(&self.root, |view| {
            let customers = (customers.clone(), self.cache());
            load::load_at_hand(view, &self.settings, &self.team, reads, self.today, customers)
        })
        .map_err(|e| store_error(self.lang(), &e))?;
        Ok(found.map(|loaded| {
            let mut book = loaded.book;
            book.now = self.event_time();
            as_of(&mut book, self.is_past());
            book
        }))
    }

    /// A filter over the fields of a schema; saved queries come from kehu.toml.
    pub(crate) fn filter(&self, terms: &[String], schema: &dyn crate::model::value::Schema) -> Result<Filter> {
        let views = |name: &str| self.settings.file.views.get(name).map(|v| v.terms.clone());
        Filter::parse(terms, schema, &self.calendar(), &views).map_err(|e| {
            let err = query_error(self.lang(), &e);
            match &e {
                crate::query::QueryError::UnknownView { view, .. } => {
                    err.nearest(self.lang(), &nearest(view, self.settings.file.views.keys().map(String::as_str)))
                }
                _ => err,
            }
        })
    }

    /// Refuses to go on with what was put together from two states of the directory.
    pub(super) fn refuse_torn(&self) -> Result<()> {
        if store::cache::is_torn() {
            return Err(store_error(self.lang(), &StoreError::ChangedUnderUs { file: String::new() }));
        }
        Ok(())
    }

    /// Prints an answer.
    pub(crate) fn print(&self, doc: &Document) -> Result<()> {
        self.refuse_torn()?;
        self.ui.document(doc, self.settings.tz)
    }

    /// The same for a table whose rows are made when they are printed.
    pub(crate) fn print_later(&self, later: Later<'_>) -> Result<()> {
        self.refuse_torn()?;
        self.ui.later(later, self.settings.tz)
    }

    /// Who acts: --as, else KEHU_USER, else git's user.email.
    pub(crate) fn actor(&self) -> Result<&Member> {
        let lang = self.lang();
        let ids = || self.team.ids().collect::<Vec<_>>().join(", ");
        let named = self.global.as_who.clone().or_else(|| env::var(env::USER));
        if let Some(who) = named {
            return self.member(&who);
        }
        let Some(email) = git_config(&self.root, "user.email") else {
            return Err(CliError::usage(m::no_identity(lang)).hint(m::hint_identity(lang, ids())));
        };
        self.team
            .by_email(&email)
            .ok_or_else(|| CliError::usage(m::email_not_in_team(lang, &email)).hint(m::hint_identity(lang, ids())))
    }

    /// Whether --as or KEHU_USER says who acts.
    pub(crate) fn is_named(&self) -> bool {
        self.global.as_who.is_some() || env::var(env::USER).is_some()
    }

    /// Who acts, when it is known.
    pub(crate) fn actor_if_known(&self) -> Option<&Member> {
        self.actor().ok()
    }

    /// A member by id or name.
    pub(crate) fn member(&self, who: &str) -> Result<&Member> {
        let by_name = || {
            let mut named = self.team.members.iter().filter(|x| x.name == who);
            named.next().filter(|_| named.next().is_none())
        };
        self.team.get(who).or_else(by_name).ok_or_else(|| {
            let near = nearest(who, self.team.members.iter().flat_map(|x| [x.id, x.name]));
            let e = CliError::usage(m::unknown_member(self.lang(), who)).nearest(self.lang(), &near);
            e.hint(m::hint_members(self.lang(), self.team.ids().collect::<Vec<_>>().join(self.lang().pick(", ", "、"))))
        })
    }

    /// A member who works here today.
    pub(crate) fn present_member(&self, who: &str) -> Result<&Member> {
        let member = self.member(who)?;
        may_follow(member, self.today).map_err(|r| refused(self.lang(), &r))?;
        Ok(member)
    }

    /// The instant that events get: now; under `--today` for another day the last second of that day, so that it follows
    /// whatever else happened then.
    pub(crate) fn event_time(&self) -> At {
        if self.today == self.real_today {
            return At::of_instant(self.now, self.settings.tz);
        }
        end_of_day(self.today, self.settings.tz)
    }

    /// The latest instant at which anything can have happened: now, or the end of a later day that is asked about.
    pub(crate) fn latest(&self) -> At {
        self.event_time().max(At::of_instant(self.now, self.settings.tz))
    }

    /// What a file of the directory is called in it, named from there or from where the command runs.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        let inside = real(path)
            .zip(real(&self.root))
            .and_then(|(path, root)| path.strip_prefix(root).ok().map(Path::to_path_buf));
        let name = inside.unwrap_or_else(|| path.to_path_buf());
        name.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_string()
    }

    /// The bytes of a file that is no text; a change may then replace it.
    pub(crate) fn read_raw(&self, texts: &mut FileTexts, file: &str) -> Result<Vec<u8>> {
        let lang = self.lang();
        let found =
            store::read_consistently(&self.root, |view| texts.read_raw(view, file).map(|b| b.map(<[u8]>::to_vec)));
        let found = found.map_err(|e| store_error(lang, &e))?;
        found.ok_or_else(|| CliError::new(Exit::NotFound, m::no_data_file(lang, file)))
    }

    /// Whether what happens now is dated by the clock.
    pub(crate) fn is_now(&self) -> bool {
        self.today == self.real_today
    }

    /// The date that facts get: now; under `--today` for another day that day.
    pub(crate) fn fact_time(&self) -> At {
        if self.today == self.real_today { self.event_time() } else { At::of_day(self.today, self.settings.tz) }
    }

    /// `--at` as a fact's date, else [`Context::fact_time`].
    pub(crate) fn at_or_now(&self, at: Option<&str>) -> Result<At> {
        match at {
            None => Ok(self.fact_time()),
            Some(text) => match At::parse(text, self.settings.tz).or_else(|| local_time(text, self.settings.tz)) {
                Some(at) => Ok(at),
                None => Ok(At::of_day(self.day(text)?, self.settings.tz)),
            },
        }
    }

    /// Who acts, when and why.
    pub(crate) fn act(&self, note: &str, at: Option<&str>) -> Result<Act> {
        let by = self.actor()?.id.to_string();
        let by_clock = at.is_none() && self.is_now();
        let at = match at {
            None => self.event_time(),
            Some(_) => {
                let at = self.at_or_now(at)?;
                At { bare: false, ..at }
            }
        };
        Ok(Act { by, at, by_clock, note: store::cells::escape_note(note).into_owned() })
    }

    /// The day of a fact, which has come.
    pub(crate) fn fact(&self, at: Option<&str>) -> Result<At> {
        happened(self.at_or_now(at)?, self.today).map_err(|o| self.hindered(&o))
    }

    /// As [`Context::act`], on a day that has come.
    pub(crate) fn deed(&self, note: &str, at: Option<&str>) -> Result<Act> {
        let act = self.act(note, at)?;
        happened(act.at, self.today).map_err(|o| self.hindered(&o))?;
        Ok(act)
    }

    /// The words for a rule's no, stages with their labels.
    pub(crate) fn refused(&self, r: &Refusal) -> CliError {
        let lang = self.lang();
        let word = |kind: &str, id: &String| {
            let label = crate::report::history::event_value(lang, &self.settings, kind, "stage", id);
            if label.eq_ignore_ascii_case(id) {
                id.clone()
            } else {
                lang.pick(format!("{label} ({id})"), format!("{label}（{id}）"))
            }
        };
        let mut r = r.clone();
        match &mut r {
            Refusal::Transition { kind, from, to, allowed, .. } => {
                (*from, *to) = (word(kind, from), word(kind, to));
                *allowed = allowed.iter().map(|id| word(kind, id)).collect();
            }
            Refusal::BackwardNeedsNote { kind, from, to, .. } => (*from, *to) = (word(kind, from), word(kind, to)),
            Refusal::Complained { stories, .. } => stories.iter_mut().for_each(readable),
            Refusal::Requirement { stage, .. } => *stage = word("customer", stage),
            _ => {}
        }
        refused(lang, &r)
    }

    /// Whether the actor may override a rule; without the right the refusal says who has it.
    pub(crate) fn check_override(&self, note: &str) -> Result<()> {
        // A missing note is said first.
        let actor = if note.is_empty() { &Member::default() } else { self.actor()? };
        may_override(&self.team, actor, note, self.today).map_err(|r| refused(self.lang(), &r))
    }

    /// A new random id for a ledger's row.
    pub(crate) fn new_id(&self, ledger: Ledger) -> Result<String> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes)
            .map_err(|e| CliError::new(Exit::Io, m::io_error(self.lang(), "random numbers", e)))?;
        Ok(row_id(ledger.prefix(), bytes))
    }

    /// Asks before something is destroyed; without a terminal the exact id was the question.
    pub(crate) fn confirm(&self, question: &str) -> Result<()> {
        if self.global.yes || self.global.dry_run || !self.ui.can_ask() {
            return Ok(());
        }
        match self.ui.ask(question).as_deref() {
            Some("y" | "Y" | "yes" | "是") => Ok(()),
            _ => Err(CliError::new(Exit::Finding, m::not_confirmed(self.lang()))),
        }
    }
}

/// What was read.
pub(crate) struct Read {
    /// Kept as long as the process, as the texts are: taking it apart at the end would only cost time.
    pub(crate) book: &'static Book,
    pub(crate) texts: FileTexts,
    /// Whether any file had an error.
    pub(crate) broken: bool,
    /// What is wrong.
    #[allow(dead_code)]
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Read {
    /// Exit 3 when something could not be read; the findings are on stderr by now.
    pub(crate) fn finish(&self) -> Result<()> {
        self.finish_with(false)
    }

    /// As [`Read::finish`], where something else may be broken too.
    pub(crate) fn finish_with(&self, broken: bool) -> Result<()> {
        if self.broken || broken { Err(CliError::new(Exit::Data, "")) } else { Ok(()) }
    }
}

/// The ledgers whose rows say that a customer was there on a day.
fn facts() -> Reads {
    let names = |l: &Ledger| l.column("customer").or_else(|| l.column("party")).is_some() && l.column("at").is_some();
    let mut reads = Reads { lean: true, ..Reads::NOTHING };
    for l in Ledger::ALL.iter().copied().filter(|l| *l != Ledger::Events && names(l)) {
        let of = if load::TYPED.has(l) { &mut reads.ledgers } else { &mut reads.plain };
        *of = of.and(LedgerSet::of(&[l]));
    }
    reads
}

/// A complaint's story with texts as people wrote them, each in one line.
pub(crate) fn readable(story: &mut Story) {
    let line = |text: &mut String| *text = in_one_line(text);
    [&mut story.text, &mut story.cause, &mut story.handling].into_iter().for_each(line);
    story.steps.iter_mut().for_each(|s| line(&mut s.note));
}

/// A text of a file, its line breaks as spaces.
pub(crate) fn in_one_line(cell: &str) -> String {
    store::cells::unescape_note(cell).replace(['\r', '\n'], " ")
}

/// A wall-clock time as people type it: `2026-11-20T10:00`, `2026-11-20 10:00`.
fn local_time(text: &str, tz: crate::model::zone::Zone) -> Option<At> {
    let (day, time) = text.split_once(['T', ' '])?;
    let time =
        NaiveTime::parse_from_str(time, "%H:%M").or_else(|_| NaiveTime::parse_from_str(time, "%H:%M:%S")).ok()?;
    Some(At::of_instant(crate::model::day::instant_of(crate::model::day::parse_day(day)?, time, tz), tz))
}

/// A value of git's configuration; `None` without git or without the value.
pub(crate) fn git_config(dir: &Path, key: &str) -> Option<String> {
    let out = std::process::Command::new("git").arg("-C").arg(dir).args(["config", "--get", key]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?.trim().to_string();
    (out.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::instant_of_system;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn a_clock_before_1970_is_an_instant_like_others() {
        let check = |seconds: u64, expected: i64| {
            assert_eq!(instant_of_system(UNIX_EPOCH - Duration::from_millis(seconds * 1000 - 1)).timestamp(), expected);
        };
        check(1, -1);
        check(86_400 * 365, -86_400 * 365);
    }
}
