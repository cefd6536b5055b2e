use super::record::{NewCells, Plain, must_exist};
use super::trade::{lines_of, number, row_id};
use crate::cli::args::{By, Entered, OfCustomer, Override, Step};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, no_row};
use crate::cli::record::cell_text;
use crate::i18n::messages as m;
use crate::model::ledger::Ledger;
use crate::rules::invoices::{Invoice, is_red};
use crate::rules::invoicing::{New, READS, void as make_void, write};

/// Invoices: add, list, show, set, void, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    Void(Void),
    #[command(flatten)]
    Plain(Plain),
}

/// Record an invoice to a customer, for an order, a receivable or a contract
#[derive(Debug, clap::Args)]
#[command(
    after_help = "More than what is left to invoice of the order, receivable or contract is refused without --override. A red invoice is less than 0 and takes another one back. An invoice that names nothing is about what the customer owes, the oldest first.\n\nExamples:\n  kehu invoice add huaxin 12500 --order o_k3f9w2m7ta4q --number 24117000000123456789\n  kehu invoice add huaxin -12500 --kind red --reverses v_k3f9w2m7ta4q"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// Amount, with tax
    #[arg(allow_hyphen_values = true)]
    pub(crate) amount: String,
    /// The tax in it
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) tax: Option<String>,
    /// {invoices.kind}
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// The number on the invoice
    #[arg(long)]
    pub(crate) number: Option<String>,
    /// The order that it is for
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The receivable that it is for
    #[arg(long, value_name = "ID")]
    pub(crate) receivable: Option<String>,
    /// The contract that it is for
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// The invoice that a red one takes back
    #[arg(long, value_name = "ID")]
    pub(crate) reverses: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// Make an invoice void: it counts no more
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu invoice void v_k3f9w2m7ta4q --note \"wrong title\"")]
pub(crate) struct Void {
    /// The invoice
    pub(crate) invoice: String,
    #[command(flatten)]
    pub(crate) step: Step,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Void(a) => void(a, ctx),
        Verb::Plain(v) => v.run(Ledger::Invoices, ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let ledger = Ledger::Invoices;
    let amount = number(ctx, "amount", &args.amount)?;
    let tax = args.tax.as_deref().map(|t| number(ctx, "tax", t)).transpose()?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let by = args.by.as_deref().map_or_else(|| Ok(ctx.actor()?.id), |who| Ok(ctx.present_member(who)?.id))?;
    let note = cell_text(ctx, ledger, "note", &args.entered.note)?;
    let cells = NewCells::new(ctx, ledger).given("kind", args.kind.as_deref())?;
    let cells = cells.given("number", args.number.as_deref())?.given("order", args.order.as_deref())?;
    let cells = cells.given("contract", args.contract.as_deref())?.given("receivable", args.receivable.as_deref())?;
    let cells = cells.given("reverses", args.reverses.as_deref())?.put("by", by).put("note", note.clone()).done();
    let kind = cells.iter().find(|(c, _)| *c == "kind").map_or("", |(_, text)| text.as_str());
    if is_red(kind) && args.reverses.is_none() {
        return Err(CliError::usage(m::red_without_reverses(ctx.lang())));
    }
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        if let Some(order) = &args.order {
            lines_of(ctx, book, order)?;
        }
        let named = [
            (Ledger::Contracts, &args.contract),
            (Ledger::Receivables, &args.receivable),
            (Ledger::Invoices, &args.reverses),
        ];
        for (ledger, id) in named.into_iter().filter_map(|(l, id)| Some((l, id.as_deref()?))) {
            must_exist(ctx, book, ledger, id)?;
        }
        let taken = |id: &str| Invoice::every(book).any(|i| i.cell("id") == id);
        let id = row_id(ctx, ledger, args.entered.id.as_deref(), taken)?;
        let who = ctx.who(*args.force, &note)?;
        let new = New { id, customer, amount, at, tax, cells: cells.clone(), who };
        ctx.planned(book, who, write(index, &new))
    })
}

fn void(args: &Void, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.step.note, args.step.at.as_deref())?;
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let id = args.invoice.strip_prefix("invoice:").unwrap_or(&args.invoice);
        let found = Invoice::every(book).find(|i| i.cell("id") == id);
        let invoice =
            found.ok_or_else(|| no_row(ctx.lang(), "invoice", id, Invoice::every(book).map(|i| i.cell("id"))))?;
        let who = ctx.who(*args.step.force, &act.note)?;
        ctx.planned(book, who, make_void(index, &invoice, &act))
    })
}
