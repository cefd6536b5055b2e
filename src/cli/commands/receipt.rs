use super::order::past;
use super::trade::{READS, lines_of, number, row_id};
use crate::cli::args::{Note, OfCustomer, OwnId, When};
use crate::cli::context::{Context, Result};
use crate::cli::record::{self, List, Rm, Set, Show, cell_text};
use crate::model::ledger::Ledger;
use crate::model::new_rows::NewRow;
use crate::rules::receiving::{Receipt, receive};

/// Money that came in: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Record money that came in; without --order it pays what is due first
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu receipt add huaxin 12500 --order o_k3f9w2m7ta4q\n  kehu receipt add huaxin 80000 --method acceptance --matures +180d"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// With tax
    pub(crate) amount: String,
    /// The order that it pays
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// {receipts.method}
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// When an acceptance bill is paid
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) matures: Option<String>,
    /// Its currency (default: that of kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) at: When,
    #[command(flatten)]
    pub(crate) id: OwnId,
    #[command(flatten)]
    pub(crate) note: Note,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Receipts, ctx),
        Verb::Show(a) => record::show(&a.id, Ledger::Receipts, ctx),
        Verb::Set(a) => record::set(&a.id, &a.pairs, Some(Ledger::Receipts), ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Receipts), ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let amount = number(ctx, "amount", &args.amount)?;
    let at = past(ctx, ctx.at_or_now(args.at.as_deref())?)?;
    let by = ctx.actor()?.id;
    let cell = |column, value: &Option<String>| {
        value.as_deref().map(|v| cell_text(ctx, Ledger::Receipts, column, v)).transpose()
    };
    let (method, matures) = (cell("method", &args.method)?, cell("matures", &args.matures)?);
    let currency = cell("currency", &args.currency)?;
    let note = cell_text(ctx, Ledger::Receipts, "note", &args.note)?;
    let more = [("method", method), ("matures", matures), ("note", Some(note).filter(|n| !n.is_empty()))];
    let more: NewRow = more.into_iter().filter_map(|(k, v)| Some((k, v?))).collect();
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let taken = |id: &str| book.receipts.iter().any(|r| r.id() == id);
        let id = row_id(ctx, Ledger::Receipts, args.id.as_deref(), taken)?;
        let order = args.order.as_deref().map(|o| lines_of(ctx, book, o).map(|l| l[0])).transpose()?;
        let (currency, more) = (currency.as_deref(), more.clone());
        let receipt = Receipt { id, customer, amount, at, by, order, currency, more };
        ctx.planned(book, ctx.who(false, "")?, receive(index, &receipt))
    })
}
