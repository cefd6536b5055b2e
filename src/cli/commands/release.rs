use super::chosen;
use super::stage::READS;
use crate::cli::args::Decision;
use crate::cli::context::{Context, Result};
use crate::rules::owning::release;

/// Give customers back to the pool (公海)
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "An owner may release its own customers, whoever leads all of them.\n\nExamples:\n  kehu release huaxin --note \"no time for it\"\n  kehu release owner:li stage:lead idle_days.gt:60 --dry-run"
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
        let who = ctx.who(false, &act.note)?;
        ctx.planned(index.book, who, release(index, chosen, &act))
    })
}
