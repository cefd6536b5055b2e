use super::order::past;
use super::record::{self, List, Rm, Set, Show, cell_text};
use super::trade::{self, NEEDS, money, number};
use crate::cli::context::{Context, Planned, Result};
use crate::cli::error::{CliError, Exit};
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::Book;
use crate::model::change::NewRow;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, Sum};
use crate::rules::index::Index;
use chrono::Datelike;

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
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
    /// With tax
    pub(crate) amount: String,
    /// The order that it pays
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// transfer, cash, acceptance, wechat, alipay, cheque or offset
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// When an acceptance bill is paid
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) matures: Option<String>,
    /// Its currency (default: that of kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// When (default: now)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// The company's own number
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// More about it
    #[arg(long, default_value = "")]
    pub(crate) note: String,
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

/// An amount of more than nothing.
pub(crate) fn positive(ctx: &Context, text: &str) -> Result<Decimal> {
    let amount = number(ctx, "amount", text)?;
    if amount > Decimal::ZERO { Ok(amount) } else { Err(CliError::usage(m::positive_amount(ctx.lang()))) }
}

/// The order that was named: it is there, and is this customer's. Gives its currency; empty = the base currency.
pub(crate) fn order_of(ctx: &Context, book: &Book, order: &str, customer: usize) -> Result<&'static str> {
    let lang = ctx.lang();
    let line = book.orders.iter().find(|l| l.id() == order).ok_or_else(|| {
        let near = nearest(order, book.orders.iter().map(|l| l.id()));
        CliError::new(Exit::NotFound, m::row_not_found(lang, "order", order)).nearest(lang, &near)
    })?;
    if book.customer_index(line.customer()) != Some(customer) {
        return Err(CliError::usage(m::other_customer(lang, order, line.customer())));
    }
    Ok(line.currency())
}

/// What a customer owes in a currency; less than nothing when it paid beforehand.
pub(crate) fn outstanding(ctx: &Context, index: &Index<'_>, customer: usize, currency: &str) -> Result<Decimal> {
    let account = index.accounts_of(customer).iter().find(|a| a.currency == currency);
    trade::known(ctx, account.map_or(Sum::ZERO, |a| a.outstanding()))
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let amount = positive(ctx, &args.amount)?;
    let at = past(ctx, ctx.at_or_now(args.at.as_deref())?)?;
    let by = ctx.actor()?.id;
    let mut shared: NewRow = Vec::new();
    for (column, value) in [("method", &args.method), ("matures", &args.matures), ("currency", &args.currency)] {
        if let Some(v) = value {
            shared.push((column, cell_text(ctx, Ledger::Receipts, column, v)?));
        }
    }
    if !args.note.is_empty() {
        shared.push(("note", cell_text(ctx, Ledger::Receipts, "note", &args.note)?));
    }
    ctx.transact(NEEDS, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let c = &book.customers[customer];
        let taken = |id: &str| book.receipts.iter().any(|r| r.id() == id);
        let id = super::trade::row_id(ctx, Ledger::Receipts, args.id.as_deref(), taken)?;
        let mut row: NewRow = vec![
            ("id", id.clone()),
            ("line", "1".into()),
            ("at", at.to_text(ctx.settings.tz)),
            ("customer", c.id.into()),
        ];
        row.push(("amount", amount.normalize().to_string()));
        let base = ctx.settings.file.currency.as_str();
        let mut currency = args.currency.as_deref().unwrap_or(base);
        if let Some(order) = &args.order {
            let own = order_of(ctx, book, order, customer)?;
            if args.currency.is_none() && !own.is_empty() {
                row.push(("currency", own.to_string()));
                currency = own;
            }
            row.push(("order", order.clone()));
        }
        row.extend(shared.iter().cloned());
        row.push(("by", by.to_string()));
        let mut planned = Planned::default();
        planned.changes.append(Ledger::Receipts, at.day.year(), row);
        let owed = outstanding(ctx, index, customer, currency)?;
        let open = args.order.as_ref().map(|o| {
            let all = index.accounts_of(customer);
            let of_order = all.iter().flat_map(|a| &a.receivables).find(|r| r.id == o);
            of_order.map_or(Decimal::ZERO, |r| r.open)
        });
        match (open, &args.order) {
            (Some(open), Some(order)) if amount > open => {
                planned.warnings.push(m::overpaid(lang, order, money(amount - open, currency)));
            }
            _ if amount > owed.max(Decimal::ZERO) => {
                let over = amount - owed.max(Decimal::ZERO);
                planned.warnings.push(m::overpaid(lang, c.id, money(over, currency)));
            }
            _ => {}
        }
        let left = trade::known(ctx, Sum::of([owed, -amount]))?;
        planned.did(&id, m::did_receipt(lang, &id, c.id, money(amount, currency), money(left, currency)));
        Ok(planned)
    })
}
