use super::due::horizon;
use super::list::chosen_by;
use crate::cli::args::Terms;
use crate::cli::context::{Context, Result};
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::i18n::Lang;
use crate::model::period::Period;
use crate::report::document::Block;
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::report::today::{
    OF_ROWS, TEAM_NEEDS, explain, fields, lines, note_if_empty, reads, report, team, uncredited, unknown_years,
};
use crate::rules::engine::index::Index;
use std::collections::HashSet;

/// My day: follow-ups, tasks, new customers, deliveries, money due; --team for the morning meeting
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu today\n  kehu today --as li --within 3d\n  kehu today section:overdue value_at_risk.gt:10000\n  kehu today --team\n  kehu today --explain --limit 5"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// The whole team, a line for each person
    #[arg(long, conflicts_with = "terms")]
    pub(crate) team: bool,
    /// Everybody's list, not only mine
    #[arg(long, conflicts_with = "team")]
    pub(crate) all: bool,
    /// How far to look ahead for follow-ups and tasks: 3d, 1w
    #[arg(long, value_name = "SPAN")]
    pub(crate) within: Option<String>,
    /// Show below the list why each line is in it, and where its value at risk comes from
    #[arg(long, conflicts_with = "team")]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let within = match &args.within {
        Some(span) => u64::try_from((horizon(ctx, span)? - ctx.today).num_days()).unwrap_or(0),
        None => 0,
    };
    let named = ctx.is_named();
    let who = match (args.all || args.team, named) {
        (true, _) => None,
        // Somebody was named, so a name that nobody has is a mistake.
        (false, true) => Some(ctx.actor()?.id.to_string()),
        (false, false) => ctx.actor_if_known().map(|m| m.id.to_string()),
    };
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::over(fields(&ctx.team, ctx.lang()), &customers, OF_ROWS);
    let (figures, rows) = split_terms(ctx, &args.terms, &fields)?;
    let every = rows.is_empty();
    let (read, chosen) = chosen_by(ctx, rows, if args.team { TEAM_NEEDS } else { reads(&ctx.settings, ctx.today) })?;
    let index = Index::new(read.book);
    // The column that says what is to be done holds words, and machine formats are in English.
    let lang = if ctx.ui.format.is_machine() { Lang::En } else { ctx.lang() };
    let mut lines = if args.team { Vec::new() } else { lines(&index, who.as_deref(), within, lang) };
    if !every {
        let chosen: HashSet<usize> = chosen(&index).into_iter().collect();
        lines.retain(|l| l.customer().is_some_and(|n| chosen.contains(&n)));
    }
    let mut doc = if args.team { team(&index, lang) } else { report(&index, &lines, who.as_deref(), lang) };
    if let (Some(Block::Table(table)), false) = (doc.blocks.get_mut(doc.main), args.team) {
        let mut kept = fields.keep(table, &figures).into_iter();
        lines.retain(|_| kept.next() == Some(true));
    }
    let shown = lines.iter().any(|l| l.is_complaint());
    let years = if shown { unknown_years(&index, who.as_deref(), within) } else { Vec::new() };
    if !args.team {
        note_if_empty(&mut doc, lang);
    }
    if !args.explain {
        lines = Vec::new();
    }
    args.list.arrange(ctx, &mut doc)?;
    if args.explain {
        let shown = args.list.explained().min(lines.len());
        explain(&mut doc, &index, &lines, shown, lang);
    }
    args.list.print(ctx, &mut doc)?;
    ctx.say_unknown_years(years);
    let mut left_out = ctx.left_out(&index, Period::ALL);
    if args.team {
        left_out |= ctx.unjoined(&uncredited(&index));
    }
    read.finish_with(left_out)
}

/// The morning view of the whole company: what `demo` shows.
pub(crate) fn morning(ctx: &Context) -> Result<()> {
    let read = ctx.load(reads(&ctx.settings, ctx.today))?;
    let index = Index::new(read.book);
    let mut doc = report(&index, &lines(&index, None, 0, ctx.lang()), None, ctx.lang());
    note_if_empty(&mut doc, ctx.lang());
    ctx.print(&doc)
}
