use super::list::chosen_by;
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::i18n::{messages as m, values};
use crate::model::likeness::WARNED;
use crate::report::document::Block;
use crate::report::dupes::{READS, fields, report, with_explanations};
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::rules::duplicates::{Known, Pair};
use crate::rules::engine::index::Index;

/// Customers that may be there twice, the likest first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu dupes\n  kehu dupes owner:li --min 90\n  kehu dupes --explain\n  kehu dupes --exit-code > /dev/null && echo nobody twice"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// The fewest points that a pair is listed with
    #[arg(long, value_name = "POINTS", default_value_t = WARNED.to_string())]
    pub(crate) min: String,
    /// Show below the table what each sign counts and where it stands
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// How many values that say nothing are named.
const SHOWN: usize = 5;

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let least: u32 =
        args.min.parse().ok().filter(|n| *n > 0).ok_or_else(|| CliError::usage(m::bad_least(lang, &args.min)))?;
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::beside(fields(lang), &customers);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let all = rows.is_empty();
    let (read, chosen) = chosen_by(ctx, rows, READS)?;
    let index = Index::new(read.book);
    let known = Known::of(&read.book.customers);
    let mut pairs = known.pairs(least);
    if !all {
        let chosen = chosen(&index);
        let is_chosen = |n: usize| chosen.binary_search(&n).is_ok();
        pairs.retain(|p: &Pair| is_chosen(p.one) || is_chosen(p.other));
    }
    let mut doc = report(read.book, &pairs, lang);
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        let mut kept = fields.keep(table, &figures).into_iter();
        pairs.retain(|_| kept.next() == Some(true));
    }
    let shown = pairs.len().min(args.list.explained());
    args.list.arrange(ctx, &mut doc)?;
    if args.explain {
        doc = with_explanations(doc, read.book, &pairs[..shown], lang);
    }
    if doc.is_empty() {
        ctx.ui.note(&m::no_dupes(lang, least));
    }
    let noise = known.noise();
    for (sign, value, n) in noise.iter().take(SHOWN) {
        ctx.ui.note(&m::noise_of(lang, values::value(lang, "sign", sign.key()), value, n));
    }
    if noise.len() > SHOWN {
        ctx.ui.note(&m::noise_more(lang, noise.len() - SHOWN));
    }
    args.list.print(ctx, &mut doc)?;
    read.finish()
}
