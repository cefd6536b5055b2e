//! `kehu undo`: what a command wrote is taken back. The steps are the store's.

use crate::cli::Global;
use crate::cli::context::{Context, Result, clock, find_root};
use crate::cli::env;
use crate::cli::error::{CliError, store_error};
use crate::cli::transact::{carry_out, deed, diff, lock_timeout};
use crate::cli::ui::Ui;
use crate::i18n::messages as m;
use crate::model::zone::Zone;
use crate::report::kept::report;
use crate::store::plan::Plan;
use crate::store::undo::{Past, past, sweep, take_back};
use crate::store::{self, GivenUp, LockGuard, StoreError};
use std::num::NonZeroUsize;
use std::path::Path;

/// Take back the last command, or a change that a stopped command left unfinished
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu undo --dry-run\n  kehu undo\n  kehu undo --list\n  kehu undo --last 3")]
pub(crate) struct Args {
    /// List the commands that can be taken back
    #[arg(long, conflicts_with = "last")]
    pub(crate) list: bool,
    /// How many commands to take back
    #[arg(long, value_name = "N")]
    pub(crate) last: Option<NonZeroUsize>,
}

/// The directory may be in a state in which nothing of it can be read: settings are not needed, and nothing is completed.
pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let fail = |e: StoreError| store_error(lang, &e);
    let root = find_root(global, lang)?;
    if args.list {
        let tz = context(global, ui, &root).map_or_else(Zone::utc, |ctx| ctx.settings.tz);
        return ui.document(&report(&past(&root).map_err(fail)?, tz, lang), tz);
    }
    let lock = if global.dry_run {
        None
    } else {
        let holder = format!("kehu undo, pid {}, {}", std::process::id(), clock().to_rfc3339());
        Some(store::lock::acquire(&root, &holder, lock_timeout()).map_err(fail)?)
    };
    let unfinished = match &lock {
        Some(lock) => store::give_up(&root, lock).map_err(fail)?,
        None => store::unfinished(&root).map_err(fail)?,
    };
    if let Some(found) = unfinished {
        say(&found, global, ui);
        return Ok(());
    }
    let kept = past(&root).map_err(fail)?;
    if kept.is_empty() {
        ui.note(&m::nothing_to_undo(lang));
        return Ok(());
    }
    let wanted = args.last.map_or(1, NonZeroUsize::get);
    let last = kept
        .get(..wanted)
        .ok_or_else(|| CliError::usage(m::undo_too_far(lang, wanted, kept.len())).hint(m::hint_undo_list(lang)))?;
    let plan = take_back(&root, last).map_err(fail)?;
    if plan.is_empty() {
        ui.note(&m::undo_nothing(lang));
        return Ok(());
    }
    undo(&root, plan, last, lock.as_ref(), context(global, ui, &root).as_ref(), ui)
}

/// The settings, where they can be read.
fn context(global: &Global, ui: &Ui, root: &Path) -> Option<Context> {
    let opened = store::read_consistently(root, store::load::open).ok()?;
    Context::over(global, ui.clone(), root.to_path_buf(), opened).ok()
}

fn undo(
    root: &Path,
    plan: Plan<'static>,
    last: &[Past],
    lock: Option<&LockGuard>,
    ctx: Option<&Context>,
    ui: &Ui,
) -> Result<()> {
    let lang = ui.lang;
    // What was there before need not be right: it comes back all the same, and is told.
    let findings = ctx.map_or(0, |ctx| store::read_back(&plan, &ctx.settings).findings.len());
    let Some(lock) = lock else {
        ui.text(&diff(root, &plan, ui)?)?;
        last.iter().for_each(|p| ui.note(&m::would_take_back(lang, &p.command, &p.at)));
        return Ok(());
    };
    let at = ctx.map_or_else(|| clock().to_rfc3339(), |ctx| ctx.event_time().to_text(ctx.settings.tz));
    let command = match last {
        // Which one it was is not in its own words.
        [one] => format!("{}  # {}", env::command_line(), one.command.split("  # ").next().unwrap_or_default()),
        _ => env::command_line(),
    };
    let plan = plan.by(deed(command, at));
    carry_out(root, &plan, lock, ui)?;
    sweep(root, &plan, lock);
    let lines: Vec<String> = plan.files().map(|file| m::as_before(lang, file)).collect();
    ui.done(if ui.quiet { &[] } else { &lines });
    last.iter().for_each(|p| ui.note(&m::took_back(lang, &p.command, &p.at)));
    ui.note(&m::undo_again(lang));
    if findings > 0 {
        ui.warn(&m::undo_findings(lang, findings));
    }
    Ok(())
}

fn say(found: &GivenUp, global: &Global, ui: &Ui) {
    let lang = ui.lang;
    let lines: Vec<String> = found.put_back.iter().map(|file| m::put_back(lang, file)).collect();
    ui.done(if ui.quiet { &[] } else { &lines });
    for file in &found.kept {
        ui.warn(&m::kept_as_it_is(lang, file));
    }
    if let Some(to) = found.damaged {
        ui.warn(&m::journal_damaged(lang, to));
    }
    if global.dry_run {
        ui.note(&m::not_undone_yet(lang));
    }
}
