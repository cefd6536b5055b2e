use super::record::Plain;
use super::record::noun::{self, Add};
use super::writing_off::{self, Writeoff};
use crate::cli::context::{Context, Result};
use crate::cli::transact::Planned;
use crate::model::ledger::Ledger;

/// What customers owe by agreement: add, list, show, set, writeoff, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add<{ Ledger::Receivables as usize }>),
    Writeoff(Writeoff),
    #[command(flatten)]
    Plain(Plain),
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => noun::add(a, ctx, |_, _| Ok(Planned::default())),
        Verb::Writeoff(a) => writing_off::run(a, ctx),
        Verb::Plain(v) => v.run(Ledger::Receivables, ctx),
    }
}
