use crate::cli::args::CellPairs;
use crate::cli::context::{Context, Result};
use crate::cli::record::{self, Allow};

/// Correct or remove a row of any ledger: set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Set(Set),
    Rm(Rm),
}

/// Correct cells of a row
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu row set order:SO-2026-001/2 quantity=12\n  kehu row set a_k3f9w2m7ta4q note=\"called back\" x_source=fair"
)]
pub(crate) struct Set {
    /// [kind:]id, [kind:]id/line, id@since, or a place such as ledgers/orders/2026-li.csv:3
    pub(crate) row: String,
    #[command(flatten)]
    pub(crate) pairs: CellPairs,
    #[command(flatten)]
    pub(crate) allow: Allow,
}

/// Remove a row; refused while anything refers to it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu row rm event:e_k3f9w2m7ta4q\n  kehu row rm ledgers/orders/2026-li.csv:3")]
pub(crate) struct Rm {
    /// [kind:]id, [kind:]id/line, id@since, or a place such as ledgers/orders/2026-li.csv:3
    pub(crate) row: String,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Set(a) => record::set_sold(&a.row, &a.pairs, None, &a.allow, ctx),
        Verb::Rm(a) => record::remove(&a.row, None, ctx),
    }
}
