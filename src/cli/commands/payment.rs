use super::record::{NewCells, Plain, must_exist};
use super::trade::{number, row_id};
use crate::cli::args::{By, Entered};
use crate::cli::context::{Context, Result};
use crate::cli::record::cell_text;
use crate::model::ledger::Ledger;
use crate::rules::paying::{Payment, READS, pay};

/// Money that goes to suppliers: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    #[command(flatten)]
    Plain(Plain),
}

/// Record money that went to a supplier; without --payable it pays what is due first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A payable that waits for approval, or was rejected, is not paid.\n\nExamples:\n  kehu payment add sh-steel 28400 --payable y_k3f9w2m7ta4q\n  kehu payment add sh-steel 5000 --method transfer --prepay"
)]
pub(crate) struct Add {
    /// The supplier
    pub(crate) supplier: String,
    /// Amount, with tax
    pub(crate) amount: String,
    /// The payable that it pays
    #[arg(long, value_name = "ID")]
    pub(crate) payable: Option<String>,
    /// How it was paid
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// Its currency (default: the payable's, else the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// What is more than is open is paid in advance
    #[arg(long)]
    pub(crate) prepay: bool,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) by: By,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Plain(v) => v.run(Ledger::Payments, ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let ledger = Ledger::Payments;
    let amount = number(ctx, "amount", &args.amount)?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let by = args.by.as_deref().map_or_else(|| Ok(ctx.actor()?.id), |who| Ok(ctx.present_member(who)?.id))?;
    let cells = NewCells::new(ctx, ledger).given("method", args.method.as_deref())?.put("by", by);
    let cells = cells.given("note", Some(&args.entered.note))?.done();
    let currency = args.currency.as_deref().map(|c| cell_text(ctx, ledger, "currency", c)).transpose()?;
    ctx.transact(READS, |index, _| {
        let book = index.book;
        must_exist(ctx, book, Ledger::Suppliers, &args.supplier)?;
        if let Some(payable) = &args.payable {
            must_exist(ctx, book, Ledger::Payables, payable)?;
        }
        let taken = |id: &str| book.payments.iter().any(|p| p.id == id);
        let id = row_id(ctx, ledger, args.entered.id.as_deref(), taken)?;
        let (supplier, payable, currency) = (args.supplier.as_str(), args.payable.as_deref(), currency.as_deref());
        let (ahead, cells) = (args.prepay, cells.clone());
        let payment = Payment { id, supplier, amount, at, payable, currency, ahead, cells };
        ctx.planned(book, ctx.who(false, "")?, pay(index, &payment))
    })
}
