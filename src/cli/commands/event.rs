use crate::cli::context::{Context, Result};
use crate::cli::record::{self, List, Show};
use crate::model::ledger::Ledger;

/// Events, which say what changed: list, show
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    List(List),
    Show(Show),
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::List(a) => record::list(a, Ledger::Events, ctx),
        Verb::Show(a) => record::show(&a.id, Ledger::Events, ctx),
    }
}
