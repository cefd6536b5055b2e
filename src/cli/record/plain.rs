//! The plain verbs of a ledger's rows: list, show, set, rm.

use super::list::{List, list};
use super::rm::{Rm, remove};
use super::set::{Set, set};
use super::show::{Show, show};
use crate::cli::context::{Context, Result};
use crate::model::ledger::Ledger;

/// A plain verb; a noun takes them all by flattening this, or gives some a meaning of its own.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Plain {
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

impl Plain {
    /// Does what it says with the rows of a ledger.
    pub(crate) fn run(&self, ledger: Ledger, ctx: &Context) -> Result<()> {
        match self {
            Plain::List(a) => list(a, ledger, ctx),
            Plain::Show(a) => show(&a.id, ledger, ctx),
            Plain::Set(a) => set(&a.id, &a.pairs, Some(ledger), ctx),
            Plain::Rm(a) => remove(&a.id, Some(ledger), ctx),
        }
    }
}
