use crate::check::tidy;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::change::Change;
use crate::model::ledger::LedgerSet;

/// Tidy files: line ends, quotes, present ids; the order of rows stays
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu fmt\n  kehu fmt --check\n  kehu fmt --dry-run")]
pub(crate) struct Args {
    /// Change nothing; exit with 1 when a file is not tidy
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let reads = Reads { customers: true, ledgers: LedgerSet::NONE, plain: LedgerSet::all(), ..Reads::NOTHING };
    if args.check {
        let loaded = ctx.load_raw(reads)?;
        let untidy = tidy::untidy(&loaded.book, &loaded.texts, &loaded.diagnostics);
        let lines: Vec<String> = untidy.iter().map(|(file, _)| m::would_fmt(lang, file)).collect();
        ctx.ui.done(&lines);
        return if untidy.is_empty() { Ok(()) } else { Err(CliError::new(Exit::Finding, "")) };
    }
    ctx.actor()?;
    let lock = ctx.lock()?;
    let loaded = ctx.load_raw(reads)?;
    let files = loaded.texts.files().count();
    let mut planned = Planned::default();
    for (file, text) in tidy::untidy(&loaded.book, &loaded.texts, &loaded.diagnostics) {
        planned.changes.push(Change::Replace { file: file.into(), text });
        planned.did(file, m::did_fmt(lang, file));
    }
    if planned.changes.is_empty() {
        ctx.ui.note(&m::fmt_clean(lang, files));
        return Ok(());
    }
    ctx.commit(lock.as_ref(), planned, &loaded.texts)
}
