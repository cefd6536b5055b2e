use super::approving::answer_for;
use crate::cli::args::Step;
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::report::approvals as report;
use crate::rules::answering::Answer;
use crate::rules::engine::index::Index;
use crate::rules::papers::READS;

/// One inbox of everything submitted; answers for what is named
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Without ids, or with `list`, it lists contracts, payables, refunds and requests that wait for an answer. Approving a request carries out what it asks: a write-off is written, a customer is kept; a price, a discount or a refund its author may then enter once.\n\nExamples:\n  kehu approve list\n  kehu approve w_k3f9w2m7ta4q contract:C-2026-7 --note \"as discussed\"\n  kehu approve --reject w_k3f9w2m7ta4q --note \"too low\"\n  kehu approve list --exit-code -q"
)]
pub(crate) struct Args {
    /// What to answer for: [kind:]id, or `list`
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Reject it instead; needs --note
    #[arg(long)]
    pub(crate) reject: bool,
    /// Take it back instead
    #[arg(long, conflicts_with = "reject")]
    pub(crate) void: bool,
    #[command(flatten)]
    pub(crate) step: Step,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let how = match (args.reject, args.void) {
        (true, _) => Answer::Reject,
        (_, true) => Answer::Void,
        _ => Answer::Approve,
    };
    match args.ids.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["list"] if how == Answer::Approve => list(args, ctx),
        [] => Err(CliError::usage(m::approve_nothing(ctx.lang()))),
        _ => answer_for((&args.ids, &args.step), None, how, ctx),
    }
}

fn list(args: &Args, ctx: &Context) -> Result<()> {
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    let mut doc = report::list(&index, ctx.actor_if_known(), ctx.lang());
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish()
}
