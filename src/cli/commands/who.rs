use crate::cli::context::{Context, Result};
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::report::who::{READS, report};
use crate::rules::engine::index::Index;

/// Who follows this name, phone or domain (查重/报备)
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu who 华新\n  kehu who hxdz\n  kehu who 13800000001\n  kehu who acme.example")]
pub(crate) struct Args {
    /// A name, its pinyin, a phone number, a mail address or a domain
    #[arg(required = true)]
    pub(crate) text: Vec<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    let mut doc = report(&index, &args.text.join(" "), ctx.lang());
    args.list.arrange(ctx, &mut doc)?;
    if doc.is_empty() {
        ctx.ui.note(&m::nobody_follows(ctx.lang(), args.text.join(" ")));
    }
    args.list.print(ctx, &mut doc)?;
    read.finish()
}
