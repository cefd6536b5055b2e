use super::list::chosen_by;
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::model::period::Period;
use crate::report::document::Block;
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::report::stalled::{READS, fields, report, with_explanations};
use crate::rules::engine::index::Index;
use crate::rules::stalled::stalled;

/// Customers that stand still: why, with what odds, what is at stake, and what to do
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu stalled\n  kehu stalled owner:li stall_cause:not-visited\n  kehu stalled advice:attack --explain\n  kehu stalled --sort -stage_clock --limit 20"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// Show what stands behind each line: rule, inputs, rows
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::beside(fields(ctx.lang()), &customers);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let (read, chosen) = chosen_by(ctx, rows, READS)?;
    let index = Index::kept(read.book);
    let mut list = stalled(&index, &chosen(&index));
    let mut doc = report(&index, &list, ctx.lang());
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        let mut kept = fields.keep(table, &figures).into_iter();
        list.retain(|_| kept.next() == Some(true));
    }
    let shown = list.len().min(args.list.explained());
    args.list.arrange(ctx, &mut doc)?;
    if args.explain {
        doc = with_explanations(doc, &index, &list[..shown], ctx.lang());
    }
    args.list.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, Period::ALL))
}
