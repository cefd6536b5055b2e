use super::log;
use crate::cli::context::{Context, Result};
use crate::cli::record::{self, List, Rm, Set, Show};
use crate::model::ledger::Ledger;

/// Contacts with customers: list, show, set, rm (log adds them)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// The same as `kehu log`
    Add(log::Args),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => log::run(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Activities, ctx),
        Verb::Show(a) => record::show(&a.id, Ledger::Activities, ctx),
        Verb::Set(a) => record::set(&a.id, &a.pairs, Some(Ledger::Activities), ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Activities), ctx),
    }
}
