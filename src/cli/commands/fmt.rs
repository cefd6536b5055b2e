use crate::check::tidy;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic};
use crate::i18n::{exchange, messages as m};
use crate::model::book::Reads;
use crate::model::change::Change;
use crate::model::ledger::LedgerSet;
use crate::store::encoding::{Guess, guess, name, named, to_utf8};
use encoding_rs::UTF_8;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Tidy files: line ends, quotes, present ids; the order of rows stays
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu fmt\n  kehu fmt --check\n  kehu fmt --dry-run\n  kehu fmt --from gb18030 ledgers/orders/2026-li.csv"
)]
pub(crate) struct Args {
    /// Change nothing; exit with 1 when a file is not tidy
    #[arg(long, conflicts_with = "from")]
    pub(crate) check: bool,
    /// Convert files that are not UTF-8 from this encoding: gb18030, utf-16, windows-1252, big5 …
    #[arg(long, value_name = "ENCODING")]
    pub(crate) from: Option<String>,
    /// The files to convert (default: all that are not UTF-8)
    #[arg(value_name = "FILE", requires = "from")]
    pub(crate) files: Vec<PathBuf>,
}

/// Converts files to UTF-8, and does nothing else to them.
fn convert(args: &Args, from: &str, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let encoding = named(from).ok_or_else(|| CliError::usage(exchange::unknown_encoding(lang, from)))?;
    ctx.actor()?;
    let lock = ctx.lock()?;
    let reads = Reads { customers: true, plain: LedgerSet::all(), ..Reads::NOTHING };
    let loaded = ctx.load_raw(reads)?;
    let not_text = |d: &&Diagnostic| matches!(d.code, Code::NotUtf8 | Code::NulByte);
    let found: BTreeSet<&str> =
        loaded.diagnostics.iter().filter(not_text).map(|d| d.place.file.as_str()).filter(|f| f.contains('/')).collect();
    let mut files: BTreeSet<String> = BTreeSet::new();
    for path in &args.files {
        let name = ctx.name_of(path);
        if found.contains(name.as_str()) {
            files.insert(name);
        } else if loaded.texts.get(&name).is_some() {
            ctx.ui.note(&m::is_utf8(lang, &name));
        } else {
            return Err(CliError::new(Exit::NotFound, m::no_data_file(lang, path.display())));
        }
    }
    if args.files.is_empty() {
        files = found.iter().map(ToString::to_string).collect();
    }
    let mut texts = loaded.texts;
    let mut planned = Planned::default();
    for file in files {
        let bytes = ctx.read_raw(&mut texts, &file)?;
        if let Guess::Seems(other) = guess(&bytes)
            && other != encoding
            && other != UTF_8
        {
            ctx.confirm(&m::sure_convert(lang, &file, name(other), from))?;
        }
        let text = to_utf8(&bytes, encoding).map_err(|line| {
            let e = CliError::new(Exit::Data, m::no_text_in(lang, &file, line, from));
            e.hint(m::nothing_written(lang))
        })?;
        if text.contains('\0') {
            let e = CliError::new(Exit::Data, m::no_text_in(lang, &file, 1, from));
            return Err(e.hint(m::nothing_written(lang)));
        }
        planned.did(&file, m::did_convert(lang, &file, name(encoding)));
        planned.changes.push(Change::Replace { file, text });
    }
    if planned.changes.is_empty() {
        ctx.ui.note(&m::all_utf8(lang));
        return Ok(());
    }
    ctx.commit(lock.as_ref(), planned, &texts)
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    if let Some(from) = &args.from {
        return convert(args, from, ctx);
    }
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
