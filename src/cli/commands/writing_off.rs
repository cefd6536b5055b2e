//! `kehu receivable writeoff`: a debt is given up, or somebody is asked whether it may be.

use super::trade::{self, number};
use crate::cli::args::Step;
use crate::cli::context::{Context, Result};
use crate::cli::error::no_row;
use crate::model::ledger::Ledger;
use crate::rules::writing_off::{Debt, Fresh, write_off};

/// Write a debt off, or ask for it: at most what is open
#[derive(Debug, clap::Args)]
#[command(
    after_help = "An order without a receivable of its own gets one for what is left of it. Somebody else approves it (`kehu approve`, rule R12); whoever may approve it writes it off at once with --override --note, up to [approval] limits.writeoff of kehu.toml everybody.\n\nExamples:\n  kehu receivable writeoff r_k3f9w2m7ta4q --note \"insolvent\"\n  kehu receivable writeoff SO-2026-118 0.02 --note \"bank charges\""
)]
pub(crate) struct Writeoff {
    /// The receivable, or an order
    pub(crate) id: String,
    /// How much (default: all that is open)
    pub(crate) amount: Option<String>,
    #[command(flatten)]
    pub(crate) step: Step,
}

pub(crate) fn run(args: &Writeoff, ctx: &Context) -> Result<()> {
    let amount = args.amount.as_deref().map(|a| number(ctx, "amount", a)).transpose()?;
    let act = ctx.deed(&args.step.note, args.step.at.as_deref())?;
    let at = ctx.fact(args.step.at.as_deref())?;
    ctx.transact(trade::READS, |index, _| {
        let book = index.book;
        let text = args.id.as_str();
        let id = text.strip_prefix("receivable:").or_else(|| text.strip_prefix("order:")).unwrap_or(text);
        let debt = Debt::find(index, id).ok_or_else(|| {
            let known = book.claims.iter().map(|c| c.id).chain(book.orders.iter().map(|l| l.id()));
            no_row(ctx.lang(), "receivable", id, known)
        })?;
        let fresh = Fresh { at, request: ctx.new_id(Ledger::Requests)?, receivable: ctx.new_id(Ledger::Receivables)? };
        let who = ctx.who(*args.step.force, &act.note)?;
        let amount = amount.unwrap_or(debt.open);
        ctx.planned(book, who, write_off(index, &debt, amount, &fresh, &act, who))
    })
}
