use super::approving::{self, Answers};
use super::record::{self, List, NewCells, Rm, Show};
use super::trade::{number, row_id};
use crate::cli::args::{Entered, Override, Step};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, no_row};
use crate::i18n::messages as m;
use crate::model::Str;
use crate::model::book::Book;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum};
use crate::model::period::Calendar;
use crate::query::parse_single_day;
use crate::report::contracts as report;
use crate::rules::answering::Answer;
use crate::rules::contracts::{self, Contract, New, PURCHASE, READS, Share};
use crate::rules::engine::index::Index;

/// Contracts with customers and suppliers: add, list, show, set, submit, approve, reject, end, void, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Box<Add>),
    /// Contracts that fit filter terms
    #[command(
        after_help = "Examples:\n  kehu contract list state:running end:..+90d --sort end\n  kehu contract list state:pending\n  kehu contract list kind:purchase --total --json"
    )]
    List(List),
    /// Show a contract: its state, its plan, its history, and the rows that name it
    #[command(after_help = "Examples:\n  kehu contract show C-2026-7")]
    Show(Show),
    /// Correct cells of a contract; what was approved has to be approved again
    #[command(after_help = "Examples:\n  kehu contract set C-2026-7 end=2027-06-30 --dry-run")]
    Set(record::Set),
    /// Put a contract forward for approval
    #[command(after_help = "Examples:\n  kehu contract submit C-2026-7")]
    Submit(Answers),
    /// Approve contracts that are submitted
    #[command(after_help = "Examples:\n  kehu contract approve C-2026-7 --note \"as discussed\"")]
    Approve(Answers),
    /// Reject contracts that are submitted, and say why
    #[command(after_help = "Examples:\n  kehu contract reject C-2026-7 --note \"the last instalment is too late\"")]
    Reject(Answers),
    End(End),
    /// Take a contract back: it counts nothing from then on
    #[command(after_help = "Examples:\n  kehu contract void C-2026-7 --note \"entered twice\"")]
    Void(Answers),
    /// Remove a contract; refused while anything refers to it
    #[command(after_help = "Examples:\n  kehu contract rm C-2026-7 --dry-run")]
    Rm(Rm),
}

/// Add a contract: with a customer, or with a supplier; --plan makes its instalments too
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An instalment is SHARE@DAY: a percentage or an amount, and `signing`, a date, or +90d from signing. The last one takes the rounding, and all come to the contract's amount. A new contract is a draft until it is submitted and approved (rule R12).\n\nExamples:\n  kehu contract add huaxin 120000 --title \"Line 3\" --end +1y --plan 30%@signing,60%@2026-12-01,10%@+90d\n  kehu contract add parts 8000 --kind purchase --end 2027-06-30 --submit\n  kehu contract add huaxin 125000 --renews C-2026-7 --start 2027-01-01 --end 2027-12-31"
)]
pub(crate) struct Add {
    /// The customer or the supplier
    pub(crate) party: String,
    /// What it comes to, with tax
    pub(crate) amount: Option<String>,
    /// {contracts.kind} (default: by the party)
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// What it is about
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// First day (default: the day of the contract)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) start: Option<String>,
    /// Last day
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) end: Option<String>,
    /// Its currency (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// The deal that it came from
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// The project that it belongs to
    #[arg(long, value_name = "TEXT")]
    pub(crate) project: Option<String>,
    /// The contract that it carries on
    #[arg(long, value_name = "ID")]
    pub(crate) renews: Option<String>,
    /// Instalments: 30%@signing,60%@2026-12-01,10%@+90d
    #[arg(long, value_name = "PLAN")]
    pub(crate) plan: Option<String>,
    /// Put it forward at once
    #[arg(long)]
    pub(crate) submit: bool,
    /// Who agreed on it (default: you)
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// End a contract in force before its time
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu contract end C-2026-7 --note \"the plant closes\"")]
pub(crate) struct End {
    /// The contract
    pub(crate) contract: String,
    #[command(flatten)]
    pub(crate) step: Step,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    let answer = |a: &Answers, how| approving::answer(a, Some(Ledger::Contracts), how, ctx);
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Contracts, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => {
            let verbs = "`submit`, `approve`, `reject`, `end`, `void`";
            record::no_state(ctx, Ledger::Contracts, &a.pairs, verbs)?;
            record::set(&a.id, &a.pairs, Some(Ledger::Contracts), ctx)
        }
        Verb::Submit(a) => approving::submit(a, Ledger::Contracts, ctx),
        Verb::Approve(a) => answer(a, Answer::Approve),
        Verb::Reject(a) => answer(a, Answer::Reject),
        Verb::Void(a) => answer(a, Answer::Void),
        Verb::End(a) => end(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Contracts), ctx),
    }
}

/// The contract of an id, `contract:` in front or not.
fn contract_of<'b>(ctx: &Context, book: &'b Book, id: &str) -> Result<Contract<'b>> {
    let id = id.strip_prefix("contract:").unwrap_or(id);
    Contract::find(book, id).ok_or_else(|| no_row(ctx.lang(), "contract", id, Contract::all(book).map(|c| c.id())))
}

/// `30%@signing,60%@2026-12-01,5000@+90d`, days from the day of signing.
fn plan(ctx: &Context, text: &str, signing: Day) -> Result<Vec<(Share, Day)>> {
    let lang = ctx.lang();
    let calendar = Calendar { today: signing, ..ctx.calendar() };
    let one = |part: &str| {
        let bad = || CliError::usage(m::bad_plan(lang, part)).hint(m::hint_bad_plan(lang));
        let (share, day) = part.split_once('@').ok_or_else(bad)?;
        let share = match share.trim().strip_suffix(['%', '％']) {
            Some(percent) => Share::Of(number(ctx, "plan", percent)? / Decimal::ONE_HUNDRED),
            None => Share::Amount(number(ctx, "plan", share.trim())?),
        };
        let day = match day.trim() {
            "signing" | "签订" => signing,
            day => parse_single_day(day, &calendar).map_err(|_| bad())?,
        };
        Ok((share, day))
    };
    text.split([',', '，']).map(str::trim).filter(|p| !p.is_empty()).map(one).collect()
}

/// The other side, and the kind of the contract.
fn party(ctx: &Context, book: &Book, text: &str, kind: Option<&str>) -> Result<(Str, &'static str)> {
    let lang = ctx.lang();
    let id = |r: &crate::model::row::PlainRow| Ledger::Suppliers.column("id").map_or("", |n| r.cell(n));
    let supplier = book.plain.get(&Ledger::Suppliers).into_iter().flatten().map(id).find(|s| *s == text);
    match (kind, supplier) {
        (Some(PURCHASE), Some(id)) => Ok((id, PURCHASE)),
        (Some(PURCHASE), None) => {
            let known = book.plain.get(&Ledger::Suppliers).into_iter().flatten().map(id);
            Err(no_row(lang, "supplier", text, known))
        }
        (Some(_), _) => Ok((book.customers[ctx.resolve(book, text)?].id, "sales")),
        (None, Some(_)) if book.customer_index(text).is_some() => Err(CliError::usage(m::which_kind(lang, text))),
        (None, Some(id)) => Ok((id, PURCHASE)),
        (None, None) => Ok((book.customers[ctx.resolve(book, text)?].id, "sales")),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let at = ctx.fact(args.entered.at.as_deref())?;
    let act = ctx.act("", args.entered.at.as_deref())?;
    let by = match &args.by {
        Some(who) => ctx.present_member(who)?.id,
        None => ctx.actor()?.id,
    };
    let shares = args.plan.as_deref().map(|p| plan(ctx, p, at.day)).transpose()?.unwrap_or_default();
    let mut amount = args.amount.as_deref().map(|a| number(ctx, "amount", a)).transpose()?;
    if amount.is_none() && !shares.is_empty() {
        // A plan of amounts says what the contract comes to.
        let all = shares.iter().map(|(s, _)| match s {
            Share::Amount(a) => Some(*a),
            Share::Of(_) => None,
        });
        let all: Option<Vec<Decimal>> = all.collect();
        let all = all.ok_or_else(|| CliError::usage(m::plan_without_amount(lang)).hint(m::hint_plan(lang)))?;
        amount = Sum::of(all).known();
    }
    let kind = args.kind.as_deref().map(|k| record::cell_text(ctx, Ledger::Contracts, "kind", k)).transpose()?;
    let cells = NewCells::new(ctx, Ledger::Contracts).given("title", args.title.as_deref())?;
    let cells = cells.put("amount", amount.map_or_else(String::new, |a| a.normalize().to_string()));
    let cells = cells.given("currency", args.currency.as_deref())?.given("start", args.start.as_deref())?;
    let cells = cells.given("end", args.end.as_deref())?.given("deal", args.deal.as_deref())?;
    let cells = cells.given("project", args.project.as_deref())?.given("renews", args.renews.as_deref())?;
    let cells = cells.put("by", by).given("note", Some(&args.entered.note))?;
    let note = record::cell_text(ctx, Ledger::Contracts, "note", &args.entered.note)?;
    let cells = cells.done();
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let (party, kind) = party(ctx, book, &args.party, kind.as_deref())?;
        for (ledger, id) in [(Ledger::Deals, &args.deal), (Ledger::Contracts, &args.renews)] {
            if let Some(id) = id {
                record::must_exist(ctx, book, ledger, id)?;
            }
        }
        let taken = |id: &str| Contract::find(book, id).is_some();
        let id = row_id(ctx, Ledger::Contracts, args.entered.id.as_deref(), taken)?;
        let ledger = if kind == PURCHASE { Ledger::Payables } else { Ledger::Receivables };
        let plan = shares.iter().map(|(share, day)| Ok((ctx.new_id(ledger)?, *share, *day)));
        let mut all = vec![("kind", kind.to_string())];
        all.extend(cells.iter().cloned());
        let who = ctx.who(*args.force.clone(), &note)?;
        let plan = plan.collect::<Result<_>>()?;
        let new = New { id, party, at, cells: all, plan, submits: args.submit, who };
        ctx.planned(book, who, contracts::enter(index, &new, &act))
    })
}

fn end(args: &End, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.step.note, args.step.at.as_deref())?;
    ctx.transact(READS, |index, _| {
        let contract = contract_of(ctx, index.book, &args.contract)?;
        let who = ctx.who(*args.step.force, &act.note)?;
        ctx.planned(index.book, who, contracts::end(&contract, &act))
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(report::reads())?;
    let index = Index::new(read.book);
    let contract = contract_of(ctx, read.book, id)?;
    ctx.print(&report::show(&index, &contract, ctx.lang()))?;
    read.finish()
}
