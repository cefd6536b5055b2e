use super::approving::{self, Answers};
use super::record::{NewCells, Plain, must_exist};
use super::trade::{number, row_id};
use crate::cli::args::{By, Entered, Override};
use crate::cli::context::{Context, Result};
use crate::cli::record::cell_text;
use crate::model::day::parse_day;
use crate::model::ledger::Ledger;
use crate::rules::answering::Answer;
use crate::rules::paying::{New, READS, enter};

/// What we owe suppliers: add, list, show, set, submit, approve, reject, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    /// Put payables forward for approval
    #[command(after_help = "Examples:\n  kehu payable submit y_k3f9w2m7ta4q")]
    Submit(Answers),
    /// Approve payables that are submitted
    #[command(after_help = "Examples:\n  kehu payable approve y_k3f9w2m7ta4q")]
    Approve(Answers),
    /// Reject payables that are submitted, and say why
    #[command(after_help = "Examples:\n  kehu payable reject y_k3f9w2m7ta4q --note \"not what was ordered\"")]
    Reject(Answers),
    #[command(flatten)]
    Plain(Plain),
}

/// Record what we owe a supplier; above the limit of kehu.toml it waits for approval
#[derive(Debug, clap::Args)]
#[command(
    after_help = "[approval] limits in kehu.toml says up to which amount a payable needs no approval (payable = 5000). Money goes out only for what is approved.\n\nExamples:\n  kehu payable add sh-steel 28400 2026-12-31 --note \"sheet, invoice 8841\"\n  kehu payable add sh-steel 1200 +30d --contract c_k3f9w2m7ta4q"
)]
pub(crate) struct Add {
    /// The supplier
    pub(crate) supplier: String,
    /// Amount, with tax
    pub(crate) amount: String,
    /// When it is due
    #[arg(allow_hyphen_values = true)]
    pub(crate) due: String,
    /// Its currency (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// The contract that it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) force: Override,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Submit(a) => approving::submit(a, Ledger::Payables, ctx),
        Verb::Approve(a) => approving::answer(a, Some(Ledger::Payables), Answer::Approve, ctx),
        Verb::Reject(a) => approving::answer(a, Some(Ledger::Payables), Answer::Reject, ctx),
        Verb::Plain(v) => v.run(Ledger::Payables, ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let ledger = Ledger::Payables;
    let amount = number(ctx, "amount", &args.amount)?;
    let due = cell_text(ctx, ledger, "due", &args.due)?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let act = ctx.act(&args.entered.note, args.entered.at.as_deref())?;
    let by = args.by.as_deref().map_or_else(|| Ok(ctx.actor()?.id), |who| Ok(ctx.present_member(who)?.id))?;
    let cells = NewCells::new(ctx, ledger).given("currency", args.currency.as_deref())?;
    let cells = cells.given("contract", args.contract.as_deref())?.put("by", by);
    let cells = cells.given("note", Some(&args.entered.note))?.done();
    ctx.transact(READS, |index, _| {
        let book = index.book;
        must_exist(ctx, book, Ledger::Suppliers, &args.supplier)?;
        if let Some(contract) = &args.contract {
            must_exist(ctx, book, Ledger::Contracts, contract)?;
        }
        let taken = |id: &str| book.payables.iter().any(|p| p.id == id);
        let id = row_id(ctx, ledger, args.entered.id.as_deref(), taken)?;
        let who = ctx.who(*args.force, &act.note)?;
        let due = parse_day(&due).unwrap_or(at.day);
        let new = New { id, supplier: &args.supplier, amount, at, due, cells: cells.clone() };
        ctx.planned(book, who, enter(index, &new, &act, who))
    })
}
