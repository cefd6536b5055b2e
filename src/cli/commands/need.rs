use super::record::noun::{self, Add};
use super::record::{self, List, Rm, Set, Show};
use crate::cli::args::{Decision, When};
use crate::cli::context::{Context, Result};
use crate::cli::error::no_row;
use crate::cli::transact::Planned;
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::plan::{Obstacle, Plan};
use crate::report::needs as report;
use crate::rules::engine::index::Index;
use crate::rules::needs::{self as rules, Need, READS};
use crate::rules::turn::Act;

/// Needs: add, list, show, set, solve, drop, reopen, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add<{ Ledger::Needs as usize }>),
    /// Needs that fit filter terms: open ones first, what is important and urgent at the top
    #[command(
        after_help = "Quadrant 1 is important and urgent, 2 important, 3 urgent, 4 neither.\n\nExamples:\n  kehu need list state:open quadrant:1,2\n  kehu need list customer:huaxin\n  kehu need list no:quote_days state:open --json"
    )]
    List(List),
    /// Show a need: what became of it, and the quotes for it
    #[command(after_help = "Examples:\n  kehu need show n_k3f9w2m7ta4q")]
    Show(Show),
    /// Correct a need as it was entered
    #[command(after_help = "Examples:\n  kehu need set n_k3f9w2m7ta4q urgent=yes cause=\"the old line breaks down\"")]
    Set(Set),
    Solve(Solve),
    Drop(Drop),
    Reopen(Reopen),
    /// Remove a need; refused while anything refers to it
    #[command(after_help = "Examples:\n  kehu need rm n_k3f9w2m7ta4q --dry-run")]
    Rm(Rm),
}

/// Say that the customer has what it needed, and how
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu need solve n_k3f9w2m7ta4q --solution \"cable set C5\"")]
pub(crate) struct Solve {
    /// The need
    pub(crate) need: String,
    /// How it was solved (default: what the need says)
    #[arg(long)]
    pub(crate) solution: Option<String>,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Give a need up: nothing will come of it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu need drop n_k3f9w2m7ta4q \"the budget was cut\"")]
pub(crate) struct Drop {
    /// The need
    pub(crate) need: String,
    /// Why
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) at: When,
}

/// Open a need again
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu need reopen n_k3f9w2m7ta4q --note \"the set does not fit\"")]
pub(crate) struct Reopen {
    /// The need
    pub(crate) need: String,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => noun::add(a, ctx, |_, _| Ok(Planned::default())),
        Verb::List(a) => record::list(a, Ledger::Needs, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => {
            record::no_state(ctx, Ledger::Needs, &a.pairs, "`solve`, `drop`, `reopen`")?;
            record::set(&a.id, &a.pairs, Some(Ledger::Needs), ctx)
        }
        Verb::Solve(a) => solve(a, ctx),
        Verb::Drop(a) => step((&a.need, &a.reason, a.at.as_deref()), ctx, rules::drop),
        Verb::Reopen(a) => step((&a.need, &a.decision.note, a.decision.at.as_deref()), ctx, rules::reopen),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Needs), ctx),
    }
}

/// The need of an id, `need:` in front or not.
fn need_of<'b>(ctx: &Context, book: &'b Book, id: &str) -> Result<Need<'b>> {
    let id = id.strip_prefix("need:").unwrap_or(id);
    let ids = || book.plain.get(&Ledger::Needs).into_iter().flatten().map(|r| r.cell(0));
    Need::find(book, id).ok_or_else(|| no_row(ctx.lang(), "need", id, ids()))
}

/// Does something with a need, on a day that has come.
fn step(
    (id, note, at): (&str, &str, Option<&str>),
    ctx: &Context,
    plan: impl FnOnce(&Need<'_>, &Act) -> std::result::Result<Plan, Obstacle>,
) -> Result<()> {
    let act = ctx.deed(note, at)?;
    ctx.transact(READS, |index, _| {
        let need = need_of(ctx, index.book, id)?;
        ctx.planned(index.book, ctx.who(false, &act.note)?, plan(&need, &act))
    })
}

/// That it is solved is an event; how is a cell of the row.
fn solve(args: &Solve, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.decision.note, args.decision.at.as_deref())?;
    let solution = args.solution.as_deref();
    let solution = solution.map(|t| record::cell_text(ctx, Ledger::Needs, "solution", t)).transpose()?;
    let pairs: Vec<String> = args.solution.iter().map(|text| format!("solution={text}")).collect();
    ctx.transact(READS, |index, _| {
        let need = need_of(ctx, index.book, &args.need)?;
        let plan = rules::solve(&need, solution.as_deref().unwrap_or(need.entry("solution")), &act);
        let mut planned = ctx.planned(index.book, ctx.who(false, &act.note)?, plan)?;
        record::edit(ctx, index.book, (Ledger::Needs, need.row), need.id(), &pairs, &mut planned)?;
        Ok(planned)
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(report::reads())?;
    let index = Index::new(read.book);
    let need = need_of(ctx, index.book, id)?;
    ctx.print(&report::show(&index, &need, ctx.lang()))?;
    read.finish()
}
