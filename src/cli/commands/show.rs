use crate::cli::context::{Context, Result};
use crate::report::customer::{NEEDS, show};
use crate::rules::index::Index;

/// Everything about a customer on one page
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu show huaxin\n  kehu show 华新电子有限公司 --json\n  kehu show huaxin --today 2026-06-30"
)]
pub(crate) struct Args {
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let (read, customer) = ctx.load_customer(NEEDS, &args.customer)?;
    let index = Index::new(&read.book);
    ctx.print(&show(&index, customer, ctx.lang()))?;
    read.finish()
}
