use super::list::chosen_by;
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::report::split_terms;
use crate::cli::table::{ListArgs, say_if_empty};
use crate::i18n::messages as m;
use crate::model::period::Period;
use crate::report::document::Block;
use crate::report::due::{READS, due_list, fields, report, show_contacts, with_explanations};
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::rules::engine::index::Index;
use chrono::Days;

/// Follow-ups that are overdue or due today; --within adds those that are coming
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu due\n  kehu due owner:li --within 7d\n  kehu due --exit-code > /dev/null && echo nothing due"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// How far to look ahead: 7d, 2w, 1m
    #[arg(long, value_name = "SPAN")]
    pub(crate) within: Option<String>,
    /// Show why each customer is due: rule, inputs, row
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let until = match &args.within {
        Some(span) => horizon(ctx, span)?,
        None => ctx.today,
    };
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::beside(fields(ctx.lang()), &customers);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let filter = rows.clone();
    let (read, chosen) = chosen_by(ctx, rows, READS)?;
    let index = Index::kept(read.book);
    let chosen = chosen(&index);
    let mut list = due_list(&index, &chosen, &filter, until);
    let mut doc = report(&index, &list, ctx.lang());
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        let mut kept = fields.keep(table, &figures).into_iter();
        list.retain(|_| kept.next() == Some(true));
    }
    let shown = list.len().min(args.list.explained());
    args.list.arrange(ctx, &mut doc)?;
    if args.list.columns.is_none() {
        show_contacts(&mut doc, shown);
    }
    if args.explain {
        doc = with_explanations(doc, &index, &list[..shown], ctx.lang());
    }
    say_if_empty(ctx, doc.is_empty(), || {
        let (lang, all) = (ctx.lang(), read.book.customers.len());
        match (all, args.terms.join(" ")) {
            (0, _) => m::none_there(lang, m::customers_word(lang)),
            (_, asked) if asked.is_empty() => m::none_due(lang, all, until),
            (_, asked) => m::none_due_fits(lang, all, until, asked),
        }
    });
    args.list.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, Period::ALL))
}

/// The last day of a span from today: `7`, `7d`, `2w`.
pub(crate) fn horizon(ctx: &Context, span: &str) -> Result<crate::model::day::Day> {
    let span = span.trim_start_matches('+');
    if let Ok(n) = span.parse::<u32>() {
        return Ok(ctx.today.checked_add_days(Days::new(u64::from(n))).unwrap_or(ctx.today));
    }
    ctx.day(&format!("+{span}"))
}
