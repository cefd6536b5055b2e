use super::stage::READS;
use crate::cli::args::Note;
use crate::cli::context::{Context, Result};
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::rules::merging::{ledgers, merge};
use std::collections::HashSet;

/// Make one customer of two; what names the second one follows
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why; needed when their tax ids differ")),
    after_help = "Examples:\n  kehu merge huaxin huaxin-sh --dry-run\n  kehu merge huaxin huaxin-sh --note \"the same company\""
)]
pub(crate) struct Args {
    /// The customer that stays
    pub(crate) keep: String,
    /// The one that becomes part of it
    pub(crate) drop: String,
    #[command(flatten)]
    pub(crate) note: Note,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let act = ctx.act(&args.note, None)?;
    let who = ctx.who(false, &act.note)?;
    let reads = Reads { customers: true, plain: ledgers(), ..Reads::NOTHING }.and(READS);
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let (keep, drop) = (ctx.resolve_exact(book, &args.keep)?, ctx.resolve_exact(book, &args.drop)?);
        let plan = merge(index, keep, drop, &act);
        let mut planned = ctx.planned(book, who, plan)?;
        let (kept, gone) = (&book.customers[keep], &book.customers[drop]);
        ctx.confirm(&m::sure_merge(ctx.lang(), format!("{} ({})", gone.id, gone.name), kept.id))?;
        let files: HashSet<&'static str> = [kept.file, gone.file].into();
        planned.depends_on = Some(Box::new(move |f| files.contains(f) || f.starts_with("ledgers/")));
        Ok(planned)
    })
}
