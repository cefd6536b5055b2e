use crate::cli::args::OfCustomer;
use crate::cli::context::{Context, Result};
use crate::report::customer::{READS, explain, show};
use crate::rules::engine::index::Index;
use crate::rules::unjoined::of_customer;

/// Everything about a customer on one page
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu show huaxin\n  kehu show 华新电子有限公司 --json\n  kehu show huaxin --today 2026-06-30\n  kehu show huaxin --explain"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// Show below the page where each figure comes from: rule, inputs, rows as file:line
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let (read, customer) = ctx.load_customer(READS, &args.customer)?;
    let index = Index::new(read.book);
    let mut doc = show(&index, customer, ctx.lang());
    if args.explain {
        explain(&mut doc, &index, customer, ctx.lang());
    }
    ctx.print(&doc)?;
    read.finish_with(ctx.unjoined(&of_customer(&index, customer)))
}
