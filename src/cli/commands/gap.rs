use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, query_error};
use crate::cli::table::ListArgs;
use crate::i18n::{Lang, messages as m};
use crate::query::parse_period;
use crate::report::gap::{Asked, READS, report};
use crate::rules::credited::uncredited;
use crate::rules::engine::index::Index;
use crate::rules::targets::Metric;

/// The month's end: what is missing to the target, and what could close the gap
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu gap\n  kehu gap li\n  kehu gap --metric receipts\n  kehu gap zhao -p this-quarter\n  kehu gap --all --columns section,id,amount,expected"
)]
pub(crate) struct Args {
    /// Whose: a member of the team, with all who report to it (default: you; without an identity everybody's)
    pub(crate) who: Option<String>,
    /// Everybody's
    #[arg(long, conflicts_with = "who")]
    pub(crate) all: bool,
    /// What the target is about: signed, orders, receipts, profit, new_customers, visits
    #[arg(long, value_name = "METRIC", default_value = "signed")]
    pub(crate) metric: String,
    /// The period that the target is for
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true, default_value = "this-month")]
    pub(crate) period: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let who = match (&args.who, args.all) {
        (Some(who), _) => Some(ctx.member(who)?.id),
        (None, true) => None,
        // Somebody was named, so a name that nobody has is a mistake.
        (None, false) if ctx.is_named() => Some(ctx.actor()?.id),
        (None, false) => ctx.actor_if_known().map(|m| m.id),
    };
    let keys = Metric::ALL.map(Metric::key);
    let Some(metric) = Metric::parse(&args.metric) else {
        let e = CliError::usage(m::invalid_argument(lang, &args.metric, "--metric"));
        return Err(e.hint(m::hint_values(lang, keys.join(", "))));
    };
    let period = parse_period(&args.period, &ctx.calendar()).map_err(|e| query_error(lang, &e))?;
    if period.from.is_none() || period.to.is_none() {
        return Err(CliError::usage(m::open_period(lang)).hint(m::hint_closed_period(lang)));
    }
    let read = ctx.load(READS)?;
    let index = Index::kept(read.book);
    let lang = if ctx.ui.format.is_machine() { Lang::En } else { lang };
    let mut doc = report(&index, &Asked { who, metric, period }, lang);
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    let left_out = ctx.left_out(&index, period) | ctx.unjoined(&uncredited(&index, period, period));
    read.finish_with(left_out)
}
