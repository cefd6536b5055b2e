use super::show::{load, playbooks};
use crate::cli::args::OfCustomer;
use crate::cli::context::{Context, Result};
use crate::report::complaints::years_of_open;
use crate::report::customer::{READS, brief};
use crate::rules::engine::index::Index;
use crate::rules::unjoined::of_customer;

/// One screen to read before a visit
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu brief huaxin\n  kehu brief huaxin -f md -o huaxin.md")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let (read, customer) = load(ctx, READS, &args.customer)?;
    let index = Index::new(read.book);
    let (playbooks, broken) = playbooks(ctx, &index, customer)?;
    ctx.print(&brief(&index, customer, &playbooks, ctx.lang()))?;
    ctx.say_unknown_years(years_of_open(&index, customer));
    read.finish_with(ctx.unjoined(&of_customer(&index, customer)) || broken)
}
