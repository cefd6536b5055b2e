use super::log;
use crate::cli::context::{Context, Result};
use crate::cli::record::Plain;
use crate::model::ledger::Ledger;

/// Contacts with customers: list, show, set, rm; `kehu log` adds them
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// The same as `kehu log`
    Add(log::Args),
    #[command(flatten)]
    Plain(Plain),
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => log::run(a, ctx),
        Verb::Plain(v) => v.run(Ledger::Activities, ctx),
    }
}
