use crate::cli::context::{Context, Result};
use crate::report::customer::{NEEDS, brief};
use crate::rules::index::Index;

/// One screen to read before a visit
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu brief huaxin\n  kehu brief huaxin -f md -o huaxin.md")]
pub(crate) struct Args {
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let (read, customer) = ctx.load_customer(NEEDS, &args.customer)?;
    let index = Index::new(read.book);
    ctx.print(&brief(&index, customer, ctx.lang()))?;
    read.finish()
}
