use super::approving::{self, Answers};
use super::trade::{READS, lines_of, number, row_id};
use crate::cli::args::{Entered, OfCustomer, Override};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, no_row};
use crate::cli::record::{NewCells, Plain, cell_text};
use crate::i18n::{messages as m, values};
use crate::model::ledger::{Ledger, SettingList};
use crate::report::fields::choices;
use crate::rules::answering::Answer;
use crate::rules::refunding::{Refund, receipts_of, refund};

/// Money that goes back to customers: add, list, show, set, submit, approve, reject, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    /// Put a refund forward for approval again
    #[command(after_help = "Examples:\n  kehu refund submit f_k3f9w2m7ta4q")]
    Submit(Answers),
    /// Approve refunds that are submitted
    #[command(after_help = "Examples:\n  kehu refund approve f_k3f9w2m7ta4q")]
    Approve(Answers),
    /// Reject refunds that are submitted, and say why
    #[command(after_help = "Examples:\n  kehu refund reject f_k3f9w2m7ta4q --note \"the goods never came back\"")]
    Reject(Answers),
    #[command(flatten)]
    Plain(Plain),
}

/// Give money back, at most what came in or the customer's credit
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu refund add huaxin 1130 --kind return --reason quality --order o_k3f9w2m7ta4q\n  kehu refund add huaxin 200 --kind overpayment --reason duplicate-payment"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// Amount, with tax
    pub(crate) amount: String,
    /// {refunds.kind}
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Why: a code of [reasons] refund in kehu.toml, or text
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// The order that it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The receipt that is given back
    #[arg(long, value_name = "ID")]
    pub(crate) receipt: Option<String>,
    /// Its currency (default: that of the receipt or order)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) force: Override,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Submit(a) => approving::submit(a, Ledger::Refunds, ctx),
        Verb::Approve(a) => approving::answer(a, Some(Ledger::Refunds), Answer::Approve, ctx),
        Verb::Reject(a) => approving::answer(a, Some(Ledger::Refunds), Answer::Reject, ctx),
        Verb::Plain(v) => v.run(Ledger::Refunds, ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let amount = number(ctx, "amount", &args.amount)?;
    let missing = |what: &str| CliError::usage(m::missing_argument(lang, what));
    let reason = args.reason.as_deref().filter(|r| !r.trim().is_empty()).ok_or_else(|| {
        missing("--reason").hint(m::hint_reasons(lang, choices(lang, &ctx.settings, SettingList::RefundReasons)))
    })?;
    let kind = args.kind.as_deref().ok_or_else(|| {
        let word = |v: &'static str| (v, values::column_value(lang, Ledger::Refunds.name(), "kind", v));
        let list = values::list(Ledger::Refunds, "kind").iter().map(|v| word(v));
        missing("--kind").hint(m::hint_values(lang, values::choices(lang, list)))
    })?;
    let cells = NewCells::new(ctx, Ledger::Refunds).typed("reason", reason)?.typed("kind", kind)?.done();
    let note = cell_text(ctx, Ledger::Refunds, "note", &args.entered.note)?;
    let currency = args.currency.as_deref().map(|c| cell_text(ctx, Ledger::Refunds, "currency", c)).transpose()?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let act = ctx.act("", args.entered.at.as_deref())?;
    ctx.actor()?;
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let order = args.order.as_deref().map(|o| lines_of(ctx, book, o).map(|l| l[0])).transpose()?;
        if let Some(id) = &args.receipt
            // Another customer's is judged by the rule.
            && !book.receipts.iter().any(|r| r.id() == id && !book.is_void(&r))
        {
            return Err(no_row(lang, "receipt", id, receipts_of(book, customer).map(|r| r.id())));
        }
        let taken = |id: &str| book.refunds.iter().any(|r| r.id == id);
        let id = row_id(ctx, Ledger::Refunds, args.entered.id.as_deref(), taken)?;
        let who = ctx.who(*args.force, &note)?;
        let (cells, receipt) = (cells.clone(), args.receipt.as_deref());
        let (currency, act) = (currency.as_deref(), act.clone());
        let request = Refund { id, customer, amount, cells, at, order, receipt, currency, who, act };
        ctx.planned(book, who, refund(index, &request))
    })
}
