use crate::cli::args::Note;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::{self, List, NewCells, Rm, Set, Show};
use crate::cli::transact::Planned;
use crate::i18n::{labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::ledger::Ledger;
use crate::rules::turn::{Extra, Turn, turn};
use chrono::Datelike;

/// Things to do: add, list, show, set, done, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(List),
    Show(Show),
    Set(Set),
    Done(Done),
    Rm(Rm),
}

/// Add a task
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu task add \"send the samples\" --due +3d --customer huaxin\n  kehu task add \"call all A customers\" --due 2026-12-01 --owner wu"
)]
pub(crate) struct Add {
    /// What is to be done
    pub(crate) title: Option<String>,
    /// By when: a date, +3d, tomorrow
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) due: Option<String>,
    /// Who (default: you)
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// For which customer
    #[arg(long, value_name = "CUSTOMER")]
    pub(crate) customer: Option<String>,
    /// {tasks.kind}
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
    #[command(flatten)]
    pub(crate) note: Note,
}

/// Mark tasks as done (or dropped)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu task done t_k3f9w2m7ta4q\n  kehu task done t_k3f9w2m7ta4q --drop --note \"no longer needed\""
)]
pub(crate) struct Done {
    /// The ids of the tasks
    #[arg(required = true)]
    pub(crate) ids: Vec<String>,
    /// Give them up instead
    #[arg(long)]
    pub(crate) drop: bool,
    /// Open them again
    #[arg(long, conflicts_with = "drop")]
    pub(crate) undo: bool,
    #[command(flatten)]
    pub(crate) note: Note,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Tasks, ctx),
        Verb::Show(a) => record::show(&a.id, Ledger::Tasks, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Done(a) => done(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Tasks), ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let missing = |what: &str| CliError::usage(m::missing_argument(lang, what)).hint(m::not_a_terminal(lang));
    let title = args.title.clone().or_else(|| ctx.ui.ask(&m::ask_title(lang))).ok_or_else(|| missing("TITLE"))?;
    let due = args.due.clone().or_else(|| ctx.ui.ask(&m::ask_due(lang))).ok_or_else(|| missing("--due"))?;
    let due = ctx.day(&due)?;
    let owner = match &args.owner {
        Some(who) => ctx.present_member(who)?.id,
        None => ctx.actor()?.id,
    };
    let at = ctx.fact_time();
    let reads = Reads { customers: args.customer.is_some(), ..Reads::NOTHING };
    ctx.transact(reads, |index, _| {
        let id = ctx.new_id(Ledger::Tasks)?;
        let row = NewCells::new(ctx, Ledger::Tasks).put("id", &id).put("at", at.to_text(ctx.settings.tz));
        let row = row.typed("title", &title)?.put("due", due.to_string()).put("owner", owner);
        let row = match &args.customer {
            Some(c) => row.put("customer", index.book.customers[ctx.resolve(index.book, c)?].id),
            None => row,
        };
        let row = row.given("kind", args.kind.as_deref())?.given("note", Some(&args.note))?.done();
        let mut planned = Planned::default();
        record::enter(&mut planned, Ledger::Tasks, at.day.year(), row);
        planned.did(&id, m::did_task(lang, &id, due, &title));
        planned.depends_on = Some(Box::new(|_| false));
        Ok(planned)
    })
}

/// `state=done` is an event; everything else is a correction of the row.
fn set(args: &Set, ctx: &Context) -> Result<()> {
    let (state, cells): (Vec<String>, Vec<String>) =
        args.pairs.iter().cloned().partition(|p| p.starts_with("state=") || p.starts_with("状态="));
    if let Some(s) = state.first() {
        let word = s.split_once('=').map_or("", |(_, v)| v);
        let is = |key: &str| word == key || crate::i18n::values::words("task_state", key).iter().any(|w| w == word);
        let lang = ctx.lang();
        let states = Ledger::Tasks.states();
        let to = states.iter().copied().find(|k| is(k)).ok_or_else(|| {
            let all = states.iter().map(|s| (*s, values::value(lang, "task_state", s)));
            CliError::usage(m::unknown_value(lang, word, "state"))
                .hint(m::hint_values(lang, values::choices(lang, all)))
        })?;
        change(std::slice::from_ref(&args.id), to, "", ctx)?;
    }
    if cells.is_empty() { Ok(()) } else { record::set(&args.id, &cells, Some(Ledger::Tasks), ctx) }
}

fn done(args: &Done, ctx: &Context) -> Result<()> {
    let to = match (args.drop, args.undo) {
        (true, _) => "dropped",
        (_, true) => "open",
        _ => "done",
    };
    change(&args.ids, to, &args.note, ctx)
}

fn change(ids: &[String], to: &str, note: &str, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let act = ctx.act(note, None)?;
    let reads = Reads {
        customers: false,
        ids_only: false,
        ledgers: crate::model::ledger::LedgerSet::of(&[Ledger::Tasks, Ledger::Events]),
        ..Reads::NOTHING
    };
    ctx.transact(reads, |index, _| {
        let mut planned = Planned::default();
        for id in ids {
            let id = id.strip_prefix("task:").unwrap_or(id);
            let task = index
                .book
                .tasks
                .iter()
                .find(|t| t.id == id)
                .ok_or_else(|| CliError::new(Exit::NotFound, m::row_not_found(lang, "task", id)))?;
            let state = index.book.state(task);
            if state == to || planned.ids.iter().any(|i| i == id) {
                continue;
            }
            let what = Turn { kind: "task", subject: task.id, event: "state", from: state, to };
            let event = turn(index.book, what, &act, &Extra::default()).map_err(|r| ctx.refused(&r))?;
            planned.changes.extend(event);
            let word = |s: &str| crate::i18n::values::value(lang, "task_state", s);
            planned.did(id, m::did_set(lang, id, labels::label(lang, "state"), word(state), word(to)));
        }
        Ok(planned)
    })
}
