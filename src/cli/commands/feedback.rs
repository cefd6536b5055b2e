use super::record::noun::{self, Add};
use super::record::{self, List, Rm, Set, Show};
use super::trade::row_id;
use crate::cli::args::{Decision, When};
use crate::cli::context::{Context, Result};
use crate::cli::error::no_row;
use crate::cli::transact::Planned;
use crate::model::book::Book;
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;
use crate::model::plan::{Obstacle, Plan};
use crate::report::feedback as report;
use crate::rules::complaints::steps::{self, New};
use crate::rules::engine::index::Index;
use crate::rules::feedback::{self as rules, Answer, READS};
use crate::rules::tasks::NewTask;
use crate::rules::turn::Act;

/// Feedback: add, list, show, set, handle, verify, reopen, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Add an answer of a customer; a low one opens a complaint where kehu.toml says so
    #[command(
        after_help = "Satisfaction (csat) goes from 1 to 5, recommendation (nps) from 0 to 10, effort (ces) from 1 to 7, a dimension of the value (value) from 1 to 10.\n\nExamples:\n  kehu feedback add huaxin csat 2 category=delivery text=\"two weeks late\" order=SO-2026-118\n  kehu feedback add acme nps 9 contact=wang channel=call\n  kehu feedback add acme value 8 dimension=service"
    )]
    Add(Add<{ Ledger::Feedback as usize }>),
    /// Answers that fit filter terms
    #[command(
        after_help = "Examples:\n  kehu feedback list low:yes state:new\n  kehu feedback list kind:nps -p last-quarter --sort score\n  kehu feedback list state:handled --json"
    )]
    List(List),
    /// Show an answer: what became of it, and the rows that name it
    #[command(after_help = "Examples:\n  kehu feedback show b_k3f9w2m7ta4q")]
    Show(Show),
    /// Correct an answer as it was entered
    #[command(after_help = "Examples:\n  kehu feedback set b_k3f9w2m7ta4q score=3 category=service")]
    Set(Set),
    Handle(Handle),
    Verify(Verify),
    Reopen(Reopen),
    /// Remove an answer; refused while anything refers to it
    #[command(after_help = "Examples:\n  kehu feedback rm b_k3f9w2m7ta4q --dry-run")]
    Rm(Rm),
}

/// Say why an answer came, and what was done about it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu feedback handle b_k3f9w2m7ta4q --cause \"no stock of the seal\" --action \"safety stock of 20\"\n  kehu feedback handle b_k3f9w2m7ta4q --cause \"nobody called back\" --action \"call within a day\" --task +14d --to gao"
)]
pub(crate) struct Handle {
    /// The answer
    pub(crate) feedback: String,
    /// Why it came
    #[arg(long)]
    pub(crate) cause: Option<String>,
    /// What is done about it
    #[arg(long)]
    pub(crate) action: Option<String>,
    /// Make a task of it, due on this day
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) task: Option<String>,
    /// Whose task it is (default: yours)
    #[arg(long, value_name = "WHO", requires = "task")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Verify that what was done helped; who did it cannot
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu feedback verify b_k3f9w2m7ta4q --note \"the next delivery came in time\"")]
pub(crate) struct Verify {
    /// The answer
    pub(crate) feedback: String,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Open an answer again: what was done did not help
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu feedback reopen b_k3f9w2m7ta4q \"late again\"")]
pub(crate) struct Reopen {
    /// The answer
    pub(crate) feedback: String,
    /// Why
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) at: When,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => noun::add(a, ctx, |index, row| complain(ctx, index, row)),
        Verb::List(a) => record::list(a, Ledger::Feedback, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => {
            record::no_state(ctx, Ledger::Feedback, &a.pairs, "`handle`, `verify`, `reopen`")?;
            record::set(&a.id, &a.pairs, Some(Ledger::Feedback), ctx)
        }
        Verb::Handle(a) => handle(a, ctx),
        Verb::Verify(a) => step((&a.feedback, &a.decision.note, a.decision.at.as_deref()), ctx, rules::verify),
        Verb::Reopen(a) => step((&a.feedback, &a.reason, a.at.as_deref()), ctx, rules::reopen),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Feedback), ctx),
    }
}

/// The complaint that a new answer opens, if it opens one.
fn complain(ctx: &Context, index: &Index<'_>, row: &NewRow) -> Result<Planned> {
    let book = index.book;
    let cell = |name: &str| row.iter().find(|(c, _)| *c == name).map_or("", |(_, text)| text.as_str());
    let by = ctx.actor()?.id;
    let Some(cells) = rules::complaint(&book.settings, ctx.today, by, cell) else { return Ok(Planned::default()) };
    let Some(customer) = book.customer_index(cell("customer")) else { return Ok(Planned::default()) };
    let Some(at) = crate::model::day::At::parse(cell("at"), ctx.settings.tz) else { return Ok(Planned::default()) };
    let id = row_id(ctx, Ledger::Complaints, None, |_| false)?;
    let new = New { id, customer, at, handler: None, cells };
    let mut planned = ctx.planned(book, ctx.who(false, "")?, steps::enter(index, &new, &ctx.act("", None)?))?;
    // -q tells the id of the answer alone.
    planned.ids.clear();
    Ok(planned)
}

/// The answer of an id, `feedback:` in front or not.
fn answer_of<'b>(ctx: &Context, book: &'b Book, id: &str) -> Result<Answer<'b>> {
    let id = id.strip_prefix("feedback:").unwrap_or(id);
    let ids = || book.plain.get(&Ledger::Feedback).into_iter().flatten().map(|r| r.cell(0));
    Answer::find(book, id).ok_or_else(|| no_row(ctx.lang(), "feedback", id, ids()))
}

/// Does something with an answer, on a day that has come.
fn step(
    (id, note, at): (&str, &str, Option<&str>),
    ctx: &Context,
    plan: impl FnOnce(&Answer<'_>, &Act) -> std::result::Result<Plan, Obstacle>,
) -> Result<()> {
    let act = ctx.deed(note, at)?;
    ctx.transact(READS, |index, _| {
        let answer = answer_of(ctx, index.book, id)?;
        ctx.planned(index.book, ctx.who(false, &act.note)?, plan(&answer, &act))
    })
}

/// That it is dealt with is an event; why it came and what was done are corrections of the row.
fn handle(args: &Handle, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.decision.note, args.decision.at.as_deref())?;
    let typed = |column, text: &Option<String>| {
        text.as_deref().map(|t| record::cell_text(ctx, Ledger::Feedback, column, t)).transpose()
    };
    let (cause, action) = (typed("cause", &args.cause)?, typed("action", &args.action)?);
    let due = args.task.as_deref().map(|day| ctx.day(day)).transpose()?;
    let owner = args.to.as_deref().map_or_else(|| ctx.actor(), |who| ctx.present_member(who))?.id;
    let pairs: Vec<String> = [("cause", &args.cause), ("action", &args.action)]
        .into_iter()
        .filter_map(|(column, typed)| Some(format!("{column}={}", typed.as_ref()?)))
        .collect();
    ctx.transact(READS, |index, _| {
        let answer = answer_of(ctx, index.book, &args.feedback)?;
        let cause = cause.as_deref().unwrap_or(answer.entry("cause"));
        let action = action.as_deref().unwrap_or(answer.entry("action"));
        let task = match due {
            None => None,
            Some(due) => Some(NewTask {
                id: ctx.new_id(Ledger::Tasks)?,
                title: action.to_string(),
                due,
                owner: owner.to_string(),
                customer: index.book.present_id(answer.entry("customer")).to_string(),
                kind: "remedy".into(),
                note: format!("feedback:{}", answer.id()),
                ..NewTask::default()
            }),
        };
        let plan = rules::handle(&answer, (cause, action), task, &act);
        let mut planned = ctx.planned(index.book, ctx.who(false, &act.note)?, plan)?;
        let row = (Ledger::Feedback, answer.row);
        record::edit(ctx, index.book, row, answer.id(), &pairs, &mut planned)?;
        Ok(planned)
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(report::reads())?;
    let index = Index::new(read.book);
    let answer = answer_of(ctx, index.book, id)?;
    ctx.print(&report::show(&index, &answer, ctx.lang()))?;
    read.finish()
}
