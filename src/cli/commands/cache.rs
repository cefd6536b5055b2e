//! `kehu cache`: what is kept between two calls.

use crate::cli::Global;
use crate::cli::context::{Result, find_root};
use crate::cli::error::store_error;
use crate::cli::ui::Ui;
use crate::i18n::messages as m;
use crate::store::cache;

/// The cache in .kehu, which keeps what kehu has read
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Delete the cache; kehu makes it again when it needs one
    #[command(after_help = "Examples:\n  kehu cache clear")]
    Clear,
}

pub(crate) fn run(verb: &Verb, global: &Global, ui: &Ui) -> Result<()> {
    match verb {
        Verb::Clear => {
            let root = find_root(global, ui.lang)?;
            cache::clear(&root).map_err(|e| store_error(ui.lang, &e))?;
            ui.note(&m::cache_cleared(ui.lang));
            Ok(())
        }
    }
}
