use super::list::chosen_by;
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::error::query_error;
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::model::period::Period;
use crate::query::parse_period;
use crate::report::document::Block;
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::report::funnel::{OF_ROWS, READS, fields, report};
use crate::rules::engine::index::Index;

/// Customers in each stage, how many are stalled, how many move on, how long it takes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu funnel\n  kehu funnel owner:li -p 2026Q3\n  kehu funnel --today 2025-12-31")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// Period in which customers entered a stage, for the conversion (default: the last twelve months)
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true, default_value = "12m")]
    pub(crate) period: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let period = parse_period(&args.period, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e))?;
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::over(fields(ctx.lang()), &customers, OF_ROWS);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let (read, chosen) = chosen_by(ctx, rows, READS)?;
    let index = Index::new(read.book);
    let mut doc = report(&index, &chosen(&index), period, ctx.lang());
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        fields.keep(table, &figures);
    }
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, Period::ALL))
}
