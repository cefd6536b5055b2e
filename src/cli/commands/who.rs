use crate::cli::context::{Context, Result};
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::report::who::{READS, report};
use crate::rules::engine::index::Index;
use crate::rules::visits::{double_visit, visited};

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

/// Of how many customers it is said that two people call on them.
const SHOWN: usize = 10;

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    let (mut doc, found) = report(&index, &args.text.join(" "), ctx.lang());
    for n in found.into_iter().take(SHOWN) {
        if let Some(a) = double_visit(&index, n) {
            ctx.ui.warn(&m::double_visit(ctx.lang(), visited(&index, n, a), read.book.team.name(a.by()), a.day()));
        }
    }
    args.list.arrange(ctx, &mut doc)?;
    if doc.is_empty() {
        ctx.ui.note(&m::nobody_follows(ctx.lang(), args.text.join(" ")));
    }
    args.list.print(ctx, &mut doc)?;
    read.finish()
}
