use crate::cli::context::{Context, Result};
use crate::cli::error::query_error;
use crate::cli::table::ListArgs;
use crate::i18n::Lang;
use crate::query::parse_period;
use crate::report::digest::{Asked, READS, report};
use crate::rules::credited::uncredited;
use crate::rules::engine::index::Index;

/// The report of a day or week: done, signed, collected, next, problems
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu digest\n  kehu digest li -p yesterday\n  kehu digest li -p last-week -f md\n  kehu digest --all -p last-week -o week.html"
)]
pub(crate) struct Args {
    /// Whose: a member of the team (default: you; without an identity everybody's)
    pub(crate) who: Option<String>,
    /// Everybody's
    #[arg(long, conflicts_with = "who")]
    pub(crate) all: bool,
    /// The days that it is about
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true, default_value = "today")]
    pub(crate) period: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let who = match (&args.who, args.all) {
        (Some(who), _) => Some(ctx.member(who)?.id),
        (None, true) => None,
        // Somebody was named, so a name that nobody has is a mistake.
        (None, false) if ctx.is_named() => Some(ctx.actor()?.id),
        (None, false) => ctx.actor_if_known().map(|m| m.id),
    };
    let period = parse_period(&args.period, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e))?;
    let read = ctx.load(READS)?;
    let index = Index::kept(read.book);
    // What was done stands in words, and machine formats are in English.
    let lang = if ctx.ui.format.is_machine() { Lang::En } else { ctx.lang() };
    let mut doc = report(&index, &Asked { who, period }, lang);
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    let left_out = ctx.left_out(&index, period) | ctx.unjoined(&uncredited(&index, period, period));
    read.finish_with(left_out)
}
