use super::chosen;
use super::stage::READS;
use crate::cli::args::Decision;
use crate::cli::context::{Context, Result};
use crate::output::Format;
use crate::report::pool::asked;
use crate::rules::claiming::{ask, claim};

/// Claim customers out of the pool (公海) for yourself, all or none
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "The rules stand in [pools] of kehu.toml. --dry-run shows what each of them says, with its number.\n\nExamples:\n  kehu claim huaxin\n  kehu claim huaxin acme --dry-run\n  kehu claim no:owner city:上海"
)]
pub(crate) struct Args {
    /// Customers, or filter terms
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let act = ctx.act(&args.decision.note, args.decision.at.as_deref())?;
    chosen::transact(ctx, &args.words, READS, |index, chosen| {
        let member = ctx.actor()?;
        if ctx.global.dry_run {
            ctx.print(&asked(&ask(index, chosen, member, act.at.day), ctx.lang()))?;
        }
        let who = ctx.who(false, &act.note)?;
        let planned = ctx.planned(index.book, who, claim(index, chosen, &act, member))?;
        // The rules are the answer where a program reads it.
        let read_by_people = matches!(ctx.ui.format, Format::Table | Format::Md | Format::Html);
        Ok(if ctx.global.dry_run && !read_by_people { crate::cli::transact::Planned::default() } else { planned })
    })
}
