use super::message::{self, Asked};
use super::record::{self, List, NewCells, Rm, Set, Show};
use super::trade::row_id;
use crate::cli::args::{By, Decision, Note, OfCustomer, OwnId, When};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::resolve::complaint_of;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::plan::{Obstacle, Plan};
use crate::report::complaints as report;
use crate::rules::complaints::steps::{self, New};
use crate::rules::complaints::{Complaint, READS, unknown_years};
use crate::rules::engine::index::Index;
use crate::rules::turn::Act;

/// Complaints: add, list, show, set, assign, pause, resume, resolve, confirm, notify, reopen, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Box<Add>),
    /// Complaints that fit filter terms, late ones first
    #[command(
        after_help = "Examples:\n  kehu complaint list late:yes --exit-code\n  kehu complaint list assignee:li state:new,assigned,waiting\n  kehu complaint list category:quality -p this-quarter --sort -due --json"
    )]
    List(List),
    /// Show a complaint: its deadline, its history, and the rows that name it
    #[command(after_help = "Examples:\n  kehu complaint show k_k3f9w2m7ta4q")]
    Show(Show),
    /// Correct a complaint as it was entered
    #[command(
        after_help = "Examples:\n  kehu complaint set k_k3f9w2m7ta4q cause=\"seal too thin\" liability=supplier supplier=hengli cost=320"
    )]
    Set(Set),
    Assign(Assign),
    Pause(Pause),
    Resume(Resume),
    Resolve(Resolve),
    Confirm(Confirm),
    Notify(Notify),
    Reopen(Reopen),
    /// Remove a complaint; refused while anything refers to it
    #[command(after_help = "Examples:\n  kehu complaint rm k_k3f9w2m7ta4q --dry-run")]
    Rm(Rm),
}

/// Add a complaint; the customer's grade decides its deadline
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The deadline is counted from --at, in working time, by the customer's grade at entry ([grades] complaint_sla), by the category where it needs less ([complaints] sla), or by the calendar for severity safety.\n\nExamples:\n  kehu complaint add huaxin \"two cabinets arrived dented\" --category delivery --order SO-2026-118 --to gao\n  kehu complaint add acme \"relay gets hot\" --category quality --severity safety --product rel-4 --at 2026-11-27T16:00:00+08:00"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// What the customer says
    pub(crate) text: String,
    /// Category, one of [complaints] categories in kehu.toml
    #[arg(long)]
    pub(crate) category: String,
    /// Severity: {complaints.severity}
    #[arg(long)]
    pub(crate) severity: Option<String>,
    /// The person (id or name)
    #[arg(long)]
    pub(crate) contact: Option<String>,
    /// About which product
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
    /// From which order
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// Who made or delivered it
    #[arg(long, value_name = "ID")]
    pub(crate) supplier: Option<String>,
    /// Batch number
    #[arg(long)]
    pub(crate) batch: Option<String>,
    /// Whose fault it was: {complaints.liability}
    #[arg(long)]
    pub(crate) liability: Option<String>,
    /// Who handles it
    #[arg(long, value_name = "WHO")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) at: When,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) id: OwnId,
}

/// Give a complaint to somebody who handles it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu complaint assign k_k3f9w2m7ta4q --to gao")]
pub(crate) struct Assign {
    /// The complaint
    pub(crate) complaint: String,
    /// Who handles it
    #[arg(long, value_name = "WHO")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Stop the clock, since the customer has to do something first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu complaint pause k_k3f9w2m7ta4q \"photos of the damage asked for\"")]
pub(crate) struct Pause {
    /// The complaint
    pub(crate) complaint: String,
    /// What the customer has to do
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) at: When,
}

/// Let the clock go on
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu complaint resume k_k3f9w2m7ta4q --note \"photos came\"")]
pub(crate) struct Resume {
    /// The complaint
    pub(crate) complaint: String,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Say that a complaint is solved, and how
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu complaint resolve k_k3f9w2m7ta4q \"two new cabinets sent\" --cause \"no edge protection\" --liability carrier --cost 640"
)]
pub(crate) struct Resolve {
    /// The complaint
    pub(crate) complaint: String,
    /// How it was solved
    pub(crate) handling: String,
    /// Why it happened
    #[arg(long)]
    pub(crate) cause: Option<String>,
    /// Whose fault it was: {complaints.liability}
    #[arg(long)]
    pub(crate) liability: Option<String>,
    /// What solving it cost us
    #[arg(long)]
    pub(crate) cost: Option<String>,
    #[command(flatten)]
    pub(crate) at: When,
}

/// Confirm that a complaint is solved; its handler cannot
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu complaint confirm k_k3f9w2m7ta4q")]
pub(crate) struct Confirm {
    /// The complaint
    pub(crate) complaint: String,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

/// Write down that the customer was told: of an open complaint that it is being dealt with, of a confirmed one that it is solved
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu complaint notify k_k3f9w2m7ta4q --channel call\n  kehu complaint notify k_k3f9w2m7ta4q --channel wechat --note \"she is content\"\n  kehu complaint notify k_k3f9w2m7ta4q --send"
)]
pub(crate) struct Notify {
    /// The complaint
    pub(crate) complaint: String,
    /// Channel, one of those in kehu.toml
    #[arg(long, conflicts_with = "send")]
    pub(crate) channel: Option<String>,
    /// Send the message of the template, too
    #[arg(long, conflicts_with = "at")]
    pub(crate) send: bool,
    /// The contact to whom it is sent
    #[arg(long, value_name = "CONTACT", requires = "send")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) at: When,
}

/// Open a solved complaint again; its clock goes on
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu complaint reopen k_k3f9w2m7ta4q \"the new cabinet is dented, too\"")]
pub(crate) struct Reopen {
    /// The complaint
    pub(crate) complaint: String,
    /// Why
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) at: When,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => list(a, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Assign(a) => {
            let to = ctx.present_member(&a.to)?.id;
            step((&a.complaint, &a.decision.note, a.decision.at.as_deref()), ctx, |c, act| steps::assign(c, to, act))
        }
        Verb::Pause(a) => step((&a.complaint, &a.reason, a.at.as_deref()), ctx, steps::pause),
        Verb::Resume(a) => step((&a.complaint, &a.decision.note, a.decision.at.as_deref()), ctx, steps::resume),
        Verb::Resolve(a) => resolve(a, ctx),
        Verb::Confirm(a) => step((&a.complaint, &a.decision.note, a.decision.at.as_deref()), ctx, steps::confirm),
        Verb::Notify(a) => {
            if a.send {
                return send(a, ctx);
            }
            let channel = a.channel.as_deref().ok_or_else(|| CliError::usage(m::by_channel_or_send(ctx.lang())))?;
            let channel = record::cell_text(ctx, Ledger::Activities, "channel", channel)?;
            step((&a.complaint, &a.note, a.at.as_deref()), ctx, |c, act| steps::notify(c, &channel, act))
        }
        Verb::Reopen(a) => step((&a.complaint, &a.reason, a.at.as_deref()), ctx, steps::reopen),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Complaints), ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let at = ctx.fact(args.at.as_deref())?;
    let act = ctx.act("", args.at.as_deref())?;
    let handler = args.to.as_deref().map(|who| ctx.present_member(who)).transpose()?.map(|x| x.id.to_string());
    let by = args.by.as_deref().map_or_else(|| ctx.actor(), |who| ctx.present_member(who))?.id;
    let cells = NewCells::new(ctx, Ledger::Complaints).typed("text", &args.text)?.typed("category", &args.category)?;
    let given = [
        ("severity", &args.severity),
        ("product", &args.product),
        ("order", &args.order),
        ("supplier", &args.supplier),
        ("batch", &args.batch),
        ("liability", &args.liability),
    ];
    let cells = given.into_iter().try_fold(cells, |cells, (column, typed)| cells.given(column, typed.as_deref()))?;
    let cells = cells.put("by", by).done();
    let named = [(Ledger::Products, &args.product), (Ledger::Orders, &args.order), (Ledger::Suppliers, &args.supplier)];
    let referred: Vec<Ledger> = named.iter().filter(|(_, id)| id.is_some()).map(|(l, _)| *l).collect();
    let reads = READS.and(Reads { plain: LedgerSet::of(&referred), ..Reads::NOTHING });
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let mut cells = cells.clone();
        if let Some(contact) = &args.contact {
            cells.push(("contact", record::contact(ctx, &book.customers[customer], contact)?.id.to_string()));
        }
        for (ledger, id) in named {
            if let Some(id) = id {
                record::must_exist(ctx, book, ledger, id)?;
            }
        }
        let id = row_id(ctx, Ledger::Complaints, args.id.as_deref(), |id| index.complaints().get(id).is_some())?;
        let new = New { id, customer, at, handler: handler.clone(), cells };
        let planned = ctx.planned(book, ctx.who(false, "")?, steps::enter(index, &new, &act))?;
        crate::rules::fits::fits_others(book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        Ok(planned)
    })
}

/// Does something with a complaint, on a day that has come.
fn step(
    (id, note, at): (&str, &str, Option<&str>),
    ctx: &Context,
    plan: impl FnOnce(&Complaint<'_>, &Act) -> std::result::Result<Plan, Obstacle>,
) -> Result<()> {
    let act = ctx.deed(note, at)?;
    ctx.transact(READS, |index, _| {
        let complaint = complaint_of(ctx, index, id)?;
        ctx.planned(index.book, ctx.who(false, &act.note)?, plan(complaint, &act))
    })
}

/// Tells the customer by mail where a complaint stands: it is dealt with, or solved.
fn send(args: &Notify, ctx: &Context) -> Result<()> {
    let read = ctx.load(READS)?;
    let is_open = complaint_of(ctx, &Index::new(read.book), &args.complaint)?.is_open();
    let name = if is_open { "complaint-acknowledged" } else { "complaint-told" };
    let asked = Asked { name, to: args.to.as_deref(), note: &args.note, mailed: true };
    message::send(ctx, asked, &args.complaint)
}

/// How it was solved is an event; why it happened, whose fault it was and what it cost are corrections of the row.
fn resolve(args: &Resolve, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.handling, args.at.as_deref())?;
    let given = [("cause", &args.cause), ("liability", &args.liability), ("cost", &args.cost)];
    let pairs: Vec<String> =
        given.into_iter().filter_map(|(column, typed)| Some(format!("{column}={}", typed.as_ref()?))).collect();
    ctx.transact(READS, |index, _| {
        let complaint = complaint_of(ctx, index, &args.complaint)?;
        let mut planned = ctx.planned(index.book, ctx.who(false, &act.note)?, steps::resolve(complaint, &act))?;
        record::edit(ctx, index.book, (Ledger::Complaints, complaint.row), complaint.id(), &pairs, &mut planned)?;
        Ok(planned)
    })
}

/// What events tell is told by a verb; everything else is a correction of the row.
fn set(args: &Set, ctx: &Context) -> Result<()> {
    for p in args.pairs.iter() {
        let key = p.split_once('=').map_or("", |(key, _)| key);
        if matches!(key, "state" | "assignee" | "acknowledged" | "told" | "状态" | "处理人") {
            return Err(CliError::usage(m::complaint_by_verb(ctx.lang())));
        }
    }
    record::set(&args.id, &args.pairs, Some(Ledger::Complaints), ctx)
}

/// Complaints in the order of the queue; where nobody knows the working days of a year, that is said.
fn list(args: &List, ctx: &Context) -> Result<()> {
    record::list_and(args, Ledger::Complaints, ctx, say_unknown_years)
}

fn say_unknown_years(index: &Index<'_>, ctx: &Context) {
    ctx.say_unknown_years(unknown_years(index));
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(report::reads())?;
    let index = Index::new(read.book);
    let complaint = complaint_of(ctx, &index, id)?;
    ctx.print(&report::show(&index, complaint, ctx.lang()))?;
    for year in &complaint.clock.unknown_years {
        ctx.ui.warn(&m::no_holidays(ctx.lang(), year));
    }
    read.finish()
}
