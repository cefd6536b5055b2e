use super::trade::{READS, lines_of, number, row_id};
use crate::cli::args::{Entered, OfCustomer};
use crate::cli::context::{Context, Result};
use crate::cli::error::no_row;
use crate::cli::record::{NewCells, Plain, cell_text};
use crate::model::ledger::Ledger;
use crate::rules::receiving::{Receipt, receive};

/// Money that came in: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    #[command(flatten)]
    Plain(Plain),
}

/// Record money that came in; without --order it pays what is due first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu receipt add huaxin 12500 --order o_k3f9w2m7ta4q\n  kehu receipt add huaxin 80000 --method acceptance --matures +180d\n  kehu receipt add huaxin 55800 --receivable HT-126-1"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// Amount, with tax
    pub(crate) amount: String,
    /// The order that it pays
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The receivable that it pays, such as an instalment of a contract
    #[arg(long, value_name = "ID", conflicts_with = "order")]
    pub(crate) receivable: Option<String>,
    /// {receipts.method}
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// Day on which an acceptance bill matures
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) matures: Option<String>,
    /// Its currency (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Plain(v) => v.run(Ledger::Receipts, ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let amount = number(ctx, "amount", &args.amount)?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let by = ctx.actor()?.id;
    let cells = NewCells::new(ctx, Ledger::Receipts).given("method", args.method.as_deref())?;
    let cells = cells.given("matures", args.matures.as_deref())?.given("note", Some(&args.entered.note))?.done();
    let currency = args.currency.as_deref().map(|c| cell_text(ctx, Ledger::Receipts, "currency", c)).transpose()?;
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let taken = |id: &str| book.receipts.iter().any(|r| r.id() == id);
        let id = row_id(ctx, Ledger::Receipts, args.entered.id.as_deref(), taken)?;
        let order = args.order.as_deref().map(|o| lines_of(ctx, book, o).map(|l| l[0])).transpose()?;
        let receivable = match args.receivable.as_deref() {
            // Another customer's is judged by the rule.
            Some(id) => Some(
                book.claims
                    .iter()
                    .find(|c| c.id == id)
                    .ok_or_else(|| no_row(ctx.lang(), "receivable", id, book.claims.iter().map(|c| c.id)))?,
            ),
            None => None,
        };
        let (currency, cells) = (currency.as_deref(), cells.clone());
        let receipt = Receipt { id, customer, amount, at, by, order, receivable, currency, cells };
        ctx.planned(book, ctx.who(false, "")?, receive(index, &receipt))
    })
}
