use super::stage::READS;
use crate::cli::args::{Decision, TheCustomer};
use crate::cli::context::{Context, Result};
use crate::cli::error::refused;
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::refusal::Refusal;
use crate::rules::decisions::decide;
use crate::rules::turn::Extra;

/// Open a closed customer again
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "Examples:\n  kehu reopen huaxin --note \"new budget\""
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let act = ctx.act(&args.decision.note, args.decision.at.as_deref())?;
    ctx.transact_for(READS, Some(&args.customer), |index, _| {
        let n = ctx.resolve(index.book, &args.customer)?;
        let c = &index.book.customers[n];
        if !c.closed {
            return Err(refused(lang, &Refusal::NotClosed { customer: c.id.into() }));
        }
        let changes = decide(index, n, "status", "active", &act, &Extra::default()).map_err(|r| ctx.refused(&r))?;
        let mut planned = Planned { changes, ..Planned::default() };
        planned.did(c.id, m::did_reopen(lang, c.id));
        Ok(planned)
    })
}
