use super::gitread::{Git, GitFailure};
use super::message::finding;
use crate::check::complaints::holidays;
use crate::check::policy::{self, is_of_commits};
use crate::check::team::pool_members;
use crate::check::{Checked, Doubt, fix, reads, run as run_checks};
use crate::cli::Global;
use crate::cli::context::{self, Context, Result, find_root};
use crate::cli::error::{CliError, Exit, query_error, store_error};
use crate::cli::transact::Planned;
use crate::cli::ui::Ui;
use crate::diag::{Code, Diagnostic, Place, Severity, nearest};
use crate::i18n::{Lang, labels, messages as m, problem};
use crate::metrics::grading::{Fault, faults};
use crate::model::change::ChangeSet;
use crate::model::settings::{Scorecard, Settings};
use crate::output::letter::fill;
use crate::output::{Format, Style, render};
use crate::report::document::{Cell, Column, Document, Row, Table};
use crate::report::fields::CustomerFields;
use crate::report::letter::sample;
use crate::rules::engine::index::Index;
use crate::store::read::settings::Places;
use crate::store::{self, StoreError, health, load, templates};

use std::cell::OnceCell;

/// Check the whole directory: format, references, history, rules; all findings in one run
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu check\n  kehu check --fix\n  kehu check --json | jq '.[].code'\n  kehu check --changed-since main\n  kehu check --policy --changed-since origin/main\n  kehu check --explain E061"
)]
pub(crate) struct Args {
    /// Fix what can be fixed safely
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also who did what without the right: owners, grades, stages, discounts; with --changed-since edits of facts, too
    #[arg(long, conflicts_with = "fix")]
    pub(crate) policy: bool,
    /// Only findings in files that git says have changed since; REV or OLD..NEW
    #[arg(long, value_name = "REV")]
    pub(crate) changed_since: Option<String>,
    /// What a code means, such as E012
    #[arg(long, value_name = "CODE", conflicts_with = "fix")]
    pub(crate) explain: Option<String>,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    if let Some(code) = &args.explain {
        return explain(code, ui);
    }
    let mut mended = false;
    check(args, global, ui, &mut mended).map_err(|e| match e.exit {
        // 6 promises that nothing was written.
        Exit::Io if mended => {
            ui.warn(&m::not_checked_again(ui.lang, &e.message));
            CliError::new(Exit::Finding, "")
        }
        _ => e,
    })
}

fn check(args: &Args, global: &Global, ui: &Ui, mended: &mut bool) -> Result<()> {
    let lang = ui.lang;
    let root = find_root(global, lang)?;
    let read = |e: StoreError| store_error(lang, &e);
    let (opened, mut found) = store::read_consistently(&root, |view| Ok((load::open(view)?, health::check(view)?)))
        .or_else(|e| journal_finding(e).map(|d| (broken_open(), vec![d])).map_err(read))?;
    found.extend(opened.diagnostics.iter().cloned());
    let lang = context::language(global, opened.settings.as_ref());
    let ui = &Ui { lang, ..ui.clone() };
    let mut counted = (0, 0);
    if let Some(settings) = opened.settings.clone().or_else(|| without_settings(&found)) {
        let (known, broken) = (opened.settings.is_some(), opened.is_broken());
        let mut read = found.clone();
        let ctx = Context::over(global, ui.clone(), root.clone(), load::Opened { settings: Some(settings), ..opened })?;
        if args.fix && !broken {
            *mended = mend(&ctx)?;
        }
        let loaded = ctx.load_raw(reads())?;
        read.extend(loaded.diagnostics.iter().cloned());
        if known {
            found.extend(loaded.diagnostics.iter().cloned());
            let (doubt, index) = (Doubt::new(&read), Index::new(&loaded.book));
            let checked = Checked::new(&loaded.book, &index, &loaded.texts, &doubt, ctx.latest());
            found.extend(run_checks(&checked));
            if args.policy {
                found.extend(policy::of_rows(&checked));
                if let Some(rev) = &args.changed_since {
                    let made = made_since(&ctx, &loaded.texts, rev)?;
                    found.extend(policy::of_commits(&checked, &made));
                }
            }
            found.extend(holidays(&index, ctx.texts.get(load::SETTINGS).unwrap_or("")));
            found.extend(playbooks(&ctx)?);
            found.extend(letters(&ctx)?);
            found.extend(views(&ctx));
            found.extend(scorecards(&ctx));
            if !doubt.team() {
                let text = ctx.texts.get(load::SETTINGS).unwrap_or("");
                found.extend(pool_members(&ctx.settings, &ctx.team, text));
            }
        } else {
            found.extend(loaded.diagnostics.iter().filter(|d| !rests_on_settings(d)).cloned());
        }
        counted = (loaded.texts.files().count() + 2, loaded.book.plain.values().map(Vec::len).sum());
    }
    if let Some(rev) = &args.changed_since {
        let base = rev.split_once("..").map_or(rev.as_str(), |(base, _)| base);
        let changed = Git::of(&root).changed_files(base).map_err(|e| git_failed(lang, rev, e))?;
        found.retain(|d| is_of_commits(d.code) || changed.contains(&d.place.file));
    }
    found.sort_by(|a, b| a.place.cmp(&b.place).then(a.code.cmp(&b.code)));
    found.dedup();
    match print(&found, ui, counted) {
        Err(e) if *mended => ui.warn(&e.message),
        printed => printed?,
    }
    if !global.quiet && super::git::lacks_driver(&root) {
        ui.note(&m::hint_git_setup(ui.lang));
    }
    let errors = found.iter().any(|d| d.severity() == Severity::Error);
    let fails = errors || (global.strict && !found.is_empty());
    if fails { Err(CliError::new(Exit::Finding, "")) } else { Ok(()) }
}

/// The words for what git could not tell.
fn git_failed(lang: Lang, rev: &str, e: GitFailure) -> CliError {
    let e2 = CliError::usage(m::git_failed(lang, rev, e.why));
    if e.shallow { e2.hint(m::hint_shallow(lang)) } else { e2 }
}

/// Who changed what since a revision: commit by commit, and last what is not committed yet, by whoever asks.
fn made_since(ctx: &Context, texts: &load::FileTexts, rev: &str) -> Result<Vec<policy::Made>> {
    let git = Git::of(&ctx.root);
    let member = |email: &str| ctx.team.by_email(email).map_or("", |m| m.id).to_string();
    let failed = |e: GitFailure| git_failed(ctx.lang(), rev, e);
    let mut made: Vec<policy::Made> = Vec::new();
    for c in git.commits(rev).map_err(failed)? {
        made.push(policy::Made { member: member(&c.author), author: c.author, day: c.day, files: c.files });
    }
    if !rev.contains("..") {
        let author = ctx.actor_if_known().map_or("", |m| m.id).to_string();
        let files =
            git.uncommitted(|file| texts.get(file).or(ctx.texts.get(file)).map(str::to_string)).map_err(failed)?;
        made.push(policy::Made { member: author.clone(), author, day: ctx.today, files });
    }
    Ok(made)
}

/// Settings to read the other files with when kehu.toml cannot be used: with empty lists, which leave the words free.
/// None for a newer format, whose files may mean anything.
fn without_settings(found: &[Diagnostic]) -> Option<Settings> {
    let unknown = |d: &Diagnostic| matches!(d.code, Code::NewerFormat | Code::JournalConflict);
    if found.iter().any(unknown) {
        return None;
    }
    store::read::settings::read("format = 1\n", load::SETTINGS, &mut Vec::new())
}

/// Whether a finding could come from settings that are not known.
fn rests_on_settings(d: &Diagnostic) -> bool {
    matches!(d.code, Code::NoMatchingField | Code::UnknownStage | Code::NotInList | Code::DanglingRef)
}

/// A journal that cannot be read is a finding, not a failure.
fn journal_finding(e: StoreError) -> std::result::Result<Diagnostic, StoreError> {
    match e {
        StoreError::JournalConflict { file } => {
            Ok(Diagnostic::new(Code::JournalConflict, Place::file(".kehu/journal"), [&file]))
        }
        other => Err(other),
    }
}

fn broken_open() -> load::Opened {
    load::Opened {
        settings: None,
        team: crate::model::team::Team::default(),
        diagnostics: Vec::new(),
        texts: load::FileTexts::default(),
    }
}

/// Saved queries that cannot be read.
fn views(ctx: &Context) -> Vec<Diagnostic> {
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    let places = Places::of(ctx.texts.get(load::SETTINGS).unwrap_or(""));
    let mut out = Vec::new();
    for (name, view) in &ctx.settings.file.views {
        let terms = ctx.filter(&view.terms, &fields).err();
        let columns = (!view.columns.is_empty())
            .then(|| crate::query::parse_columns(&view.columns.join(","), &fields).err())
            .flatten()
            .map(|e| query_error(ctx.lang(), &e));
        let sort = view
            .sort
            .as_ref()
            .and_then(|s| crate::query::parse_sort(s, &fields).err())
            .map(|e| query_error(ctx.lang(), &e));
        let wrong = [("terms", terms), ("columns", columns), ("sort", sort)];
        for (key, e) in wrong.into_iter().filter_map(|(key, e)| Some((key, e?))) {
            let place = places.place_of(load::SETTINGS, &format!("views.{name}.{key}"));
            out.push(Diagnostic::new(Code::BadView, place, [name, &e.message, &e.hints.join(" ")]));
        }
    }
    out
}

/// Scorecards whose metrics, points or bands cannot be used.
fn scorecards(ctx: &Context) -> Vec<Diagnostic> {
    let places = OnceCell::new();
    ctx.settings.file.scorecards.iter().flat_map(|(id, card)| of_scorecard(ctx, id, card, &places)).collect()
}

/// What is wrong with one scorecard.
pub(super) fn scorecard(ctx: &Context, id: &str, card: &Scorecard) -> Vec<Diagnostic> {
    of_scorecard(ctx, id, card, &OnceCell::new())
}

/// The same, with the places of kehu.toml for all scorecards, taken when the first is asked for.
fn of_scorecard(ctx: &Context, id: &str, card: &Scorecard, places: &OnceCell<Places>) -> Vec<Diagnostic> {
    let finding = |f: Fault| {
        let places = places.get_or_init(|| Places::of(ctx.texts.get(load::SETTINGS).unwrap_or("")));
        let place = places.place_of(load::SETTINGS, &f.path);
        Diagnostic::new(Code::SettingValue, place, [&f.path, f.why, &f.word, &f.nearest.join(", ")])
    };
    faults(&ctx.settings, id, card).into_iter().map(finding).collect()
}

/// What is wrong with the playbooks that kehu.toml names.
fn playbooks(ctx: &Context) -> Result<Vec<Diagnostic>> {
    let check = |view: &store::ReadView| store::playbooks::check(view, &ctx.settings, &ctx.team, &ctx.texts);
    store::read_consistently(&ctx.root, check).map_err(|e| store_error(ctx.lang(), &e))
}

/// What is wrong with the templates of messages, filled with everything and with as little as there may be.
fn letters(ctx: &Context) -> Result<Vec<Diagnostic>> {
    let check = |view: &store::ReadView| {
        let mut diags = Vec::new();
        for name in templates::NAMES {
            for lang in Lang::ALL {
                let Some((path, text)) = templates::own(view, name, lang.tag(), &mut diags)? else { continue };
                let fault = [true, false].into_iter().find_map(|full| fill(text, &sample(name, full)).err());
                diags.extend(fault.map(|f| finding(path, text, f.line, &f.what)));
            }
        }
        Ok(diags)
    };
    store::read_consistently(&ctx.root, check).map_err(|e| store_error(ctx.lang(), &e))
}

/// Mends what can be; whether there was anything.
fn mend(ctx: &Context) -> Result<bool> {
    let lang = ctx.lang();
    let act = ctx.act("", None)?;
    let lock = ctx.lock()?;
    let loaded = ctx.load_raw(reads())?;
    if loaded.diagnostics.iter().any(|d| d.code == Code::ConflictMarkers) {
        let mut e = CliError::new(Exit::Finding, m::fix_conflicts(lang)).hint(m::nothing_written(lang));
        e.diagnostics = loaded.diagnostics.into_iter().filter(|d| d.code == Code::ConflictMarkers).collect();
        return Err(e);
    }
    let (changes, mended) = fix::blank_rows(&loaded.diagnostics, &loaded.texts);
    let blank = !changes.is_empty();
    let loaded = if blank {
        let planned = said(ctx, changes, mended);
        ctx.commit(lock.as_ref(), planned, &loaded.texts)?;
        ctx.load_raw(reads())?
    } else {
        loaded
    };
    let index = Index::new(&loaded.book);
    let doubt = Doubt::new(&loaded.diagnostics);
    let (changes, mended) = fix::plan(&index, &doubt, &act);
    let planned = said(ctx, changes, mended);
    if planned.changes.is_empty() {
        return Ok(blank && lock.is_some());
    }
    ctx.commit(lock.as_ref(), planned, &loaded.texts)?;
    Ok(lock.is_some())
}

/// What is mended, with a line for each.
fn said(ctx: &Context, changes: ChangeSet, mended: Vec<fix::Mended>) -> Planned {
    let lang = ctx.lang();
    let mut planned = Planned { changes, ..Planned::default() };
    for fix in mended {
        let (file, code) = (&fix.file, fix.code.id());
        let line = match &fix.turned {
            Some((key, old, new)) => {
                let shown = |v: &str| if v.is_empty() { m::no_value(lang) } else { v.to_string() };
                m::did_take(lang, file, code, labels::label(lang, key), shown(old), shown(new))
            }
            None => m::did_fix(lang, file, code),
        };
        planned.did(file, line);
    }
    planned
}

fn print(found: &[Diagnostic], ui: &Ui, (files, rows): (usize, usize)) -> Result<()> {
    let lang = ui.lang;
    if ui.format == Format::Table {
        ui.text(&ui.findings(found, ui.color, true))?;
        let count = |s: Severity| found.iter().filter(|d| d.severity() == s).count();
        if found.is_empty() {
            ui.note(&m::check_clean(lang, m::files(lang, files), m::rows(lang, rows)));
        } else {
            let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
            ui.note(&m::check_found(lang, m::errors(lang, errors), m::warnings(lang, warnings)));
        }
        let fixable = found.iter().filter(|d| fix::is_fixable(d)).count();
        if fixable > 0 {
            ui.note(&m::check_fixable(lang, fixable));
        }
        return Ok(());
    }
    let keys = ["code", "severity", "file", "line", "column", "message", "mend", "fixable"];
    let column = |k: &&str| Column {
        key: k.to_string(),
        label: labels::label(lang, k),
        right: matches!(*k, "line" | "column"),
        ..Column::default()
    };
    let rows = found
        .iter()
        .map(|d| {
            let (what, mend) = problem::words(lang, d);
            let int = |n: u32| if n == 0 { Cell::Missing } else { Cell::Int(i64::from(n)) };
            let severity = match d.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let cells = vec![
                Cell::Id(d.code.id().into()),
                Cell::code(severity, problem::severity(lang, d.severity())),
                Cell::Text(d.place.file.clone().into()),
                int(d.place.line),
                int(d.place.column),
                Cell::Text(what.into()),
                Cell::Text(mend.into()),
                Cell::Flag(fix::is_fixable(d)),
            ];
            Row { cells, ..Row::default() }
        })
        .collect();
    let doc = Document::table(Table { columns: keys.iter().map(column).collect(), rows, ..Table::default() });
    let style = Style {
        format: ui.format,
        lang,
        width: None,
        color: false,
        tz: crate::model::zone::Zone::utc(),
        scale: None,
        columns: false,
    };
    ui.text(&render(&doc, &style))
}

fn explain(code: &str, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let found = Code::ALL.iter().find(|c| c.id().eq_ignore_ascii_case(code) || c.key() == code);
    let Some(c) = found else {
        let near = nearest(code, Code::ALL.iter().map(|c| c.id()));
        return Err(CliError::usage(m::unknown_code(lang, code)).nearest(lang, &near));
    };
    let d = Diagnostic::new(*c, Place::default(), ["…"; 9]);
    let (what, mend) = problem::words(lang, &d);
    let severity = problem::severity(lang, c.severity());
    ui.text(&format!("{severity}[{}] {}\n  {what}\n  {mend}\n", c.id(), c.key()))
}
