use super::order::past;
use super::receipt::{order_of, outstanding, positive};
use super::record::{self, List, Rm, Set, Show, cell_text};
use super::trade::{NEEDS, money};
use crate::cli::context::{Context, Planned, Result};
use crate::cli::error::{CliError, Exit};
use crate::diag::nearest;
use crate::i18n::{messages as m, values};
use crate::model::change::NewRow;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum};
use crate::model::receipt::Receipt;
use crate::model::refusal::Refusal;
use chrono::Datelike;

/// Money that goes back to customers: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Give money back; no more than came in, or than the customer's credit
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu refund add huaxin 1130 --kind return --reason quality --order o_k3f9w2m7ta4q\n  kehu refund add huaxin 200 --kind overpayment --reason duplicate-payment"
)]
pub(crate) struct Add {
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
    /// With tax
    pub(crate) amount: String,
    /// return, overpayment, allowance or goodwill
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Why: a code of [reasons] refund in kehu.toml, or text
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// The order that it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The receipt that it gives back
    #[arg(long, value_name = "ID")]
    pub(crate) receipt: Option<String>,
    /// When (default: now)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// The company's own number
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// More about it
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Go against the rules (managers; needs --note)
    #[arg(long = "override")]
    pub(crate) force: bool,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Refunds, ctx),
        Verb::Show(a) => record::show(&a.id, Ledger::Refunds, ctx),
        Verb::Set(a) => record::set(&a.id, &a.pairs, Some(Ledger::Refunds), ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Refunds), ctx),
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let amount = positive(ctx, &args.amount)?;
    let missing = |what: &str| CliError::usage(m::missing_argument(lang, what));
    let reason =
        args.reason.as_deref().filter(|r| !r.trim().is_empty()).ok_or_else(|| {
            missing("--reason").hint(m::hint_reasons(lang, ctx.settings.file.reasons.refund.join(", ")))
        })?;
    let kind = args
        .kind
        .as_deref()
        .ok_or_else(|| missing("--kind").hint(m::hint_values(lang, "return, overpayment, allowance, goodwill")))?;
    let kind = cell_text(ctx, Ledger::Refunds, "kind", kind)?;
    let reason = cell_text(ctx, Ledger::Refunds, "reason", reason)?;
    let note = cell_text(ctx, Ledger::Refunds, "note", &args.note)?;
    let at = past(ctx, ctx.at_or_now(args.at.as_deref())?)?;
    let by = ctx.actor()?.id;
    if args.force {
        ctx.check_override(&args.note)?;
    }
    ctx.transact(NEEDS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let c = &book.customers[customer];
        if let Some(order) = &args.order {
            order_of(ctx, book, order, customer)?;
        }
        let is_its = |r: &Receipt| !book.is_void(r) && book.customer_index(r.customer()) == Some(customer);
        if let Some(id) = &args.receipt
            && !book.receipts.iter().filter(is_its).any(|r| r.id() == id)
        {
            let near = nearest(id, book.receipts.iter().filter(is_its).map(|r| r.id()));
            return Err(CliError::new(Exit::NotFound, m::row_not_found(lang, "receipt", id)).nearest(lang, &near));
        }
        let base = ctx.settings.file.currency.as_str();
        // What came in and has not gone back; an overpayment can only be what is credit.
        let cash = |kind: &str| matches!(kind, "return" | "overpayment");
        let went = book
            .refunds
            .iter()
            .filter(|r| !book.is_void(*r) && cash(r.kind) && book.customer_index(r.customer) == Some(customer))
            .filter(|r| args.receipt.as_deref().is_none_or(|id| r.receipt == id))
            .map(|r| r.amount);
        let went = Sum::of(went);
        let in_base = |r: &Receipt| r.currency().is_empty() || r.currency() == base;
        let came = book
            .receipts
            .iter()
            .filter(|r| is_its(r) && in_base(r))
            .filter(|r| args.receipt.as_deref().is_none_or(|id| r.id() == id))
            .map(|r| r.amount());
        let there = || super::trade::known(ctx, Sum::of(came).minus(went));
        let most = match kind.as_str() {
            "overpayment" => Some((-outstanding(ctx, index, customer, base)?).max(Decimal::ZERO).min(there()?)),
            "return" => Some(there()?),
            _ => None,
        };
        if let Some(most) = most.filter(|most| amount > *most)
            && !args.force
        {
            let (amount, most) = (money(amount, base), money(most, base));
            return Err(ctx.refused(&Refusal::RefundTooMuch { amount, most }));
        }
        let taken = |id: &str| book.refunds.iter().any(|r| r.id == id);
        let id = super::trade::row_id(ctx, Ledger::Refunds, args.id.as_deref(), taken)?;
        let mut row: NewRow = vec![("id", id.clone()), ("at", at.to_text(ctx.settings.tz))];
        let cells = [
            ("customer", c.id.to_string()),
            ("amount", amount.normalize().to_string()),
            ("reason", reason.clone()),
            ("kind", kind.clone()),
            ("receipt", args.receipt.clone().unwrap_or_default()),
            ("order", args.order.clone().unwrap_or_default()),
            ("by", by.to_string()),
            ("note", note.clone()),
        ];
        row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
        let mut planned = Planned::default();
        planned.changes.append(Ledger::Refunds, at.day.year(), row);
        let word = values::value(lang, "refunds.kind", &kind);
        planned.did(&id, m::did_refund(lang, &id, c.id, money(amount, base), word));
        Ok(planned)
    })
}
