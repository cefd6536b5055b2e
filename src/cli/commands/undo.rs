//! `kehu undo`: what a command wrote is taken back. The steps are the store's.

use crate::cli::Global;
use crate::cli::context::{Result, clock, find_root};
use crate::cli::error::store_error;
use crate::cli::transact::lock_timeout;
use crate::cli::ui::Ui;
use crate::i18n::messages as m;
use crate::store::{self, GivenUp, StoreError};

/// Take back the change that a stopped command left unfinished
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu undo --dry-run\n  kehu undo")]
pub(crate) struct Args {}

/// The directory may be in a state in which nothing of it can be read: no settings are opened, and nothing is completed.
pub(crate) fn run(_: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let fail = |e: StoreError| store_error(lang, &e);
    let root = find_root(global, lang)?;
    let found = if global.dry_run {
        store::unfinished(&root).map_err(fail)?
    } else {
        let holder = format!("kehu undo, pid {}, {}", std::process::id(), clock().to_rfc3339());
        let lock = store::lock::acquire(&root, &holder, lock_timeout()).map_err(fail)?;
        store::give_up(&root, &lock).map_err(fail)?
    };
    match found {
        None => ui.note(&m::nothing_unfinished(lang)),
        Some(found) => say(&found, global, ui),
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
