use crate::cli::Global;
use crate::cli::context::{self, Result};
use crate::cli::error::{CliError, store_error};
use crate::cli::table::ListArgs;
use crate::cli::ui::Ui;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::output::{Style, render};
use crate::report::document::{Block, Document};
use crate::report::schema::{report, tables};
use crate::store;

/// The file format: tables, columns, types, allowed values
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu schema activities\n  kehu schema --json > schema.json")]
pub(crate) struct Args {
    /// One table: customers, contacts, team, kehu.toml or a ledger
    pub(crate) table: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    if let Some(t) = args.table.as_deref().filter(|t| !tables().contains(t)) {
        return Err(CliError::usage(m::unknown_ledger(lang, t))
            .nearest(lang, &nearest(t, tables()))
            .hint(m::hint_values(lang, tables().join(", "))));
    }
    // It works without a data directory; with one it shows that directory's lists.
    let open = |root| store::read_consistently(root, store::load::open).map_err(|e| store_error(lang, &e));
    let root = context::find_root_if_any(global, lang)?;
    let settings = root.as_deref().map(open).transpose()?.and_then(|o| o.settings);
    let mut doc: Document = report(settings.as_ref(), args.table.as_deref(), lang);
    if let Some(Block::Table(t)) = doc.blocks.first_mut() {
        t.rows.truncate(args.list.limit.unwrap_or(usize::MAX));
    }
    let style = Style {
        format: ui.format,
        lang,
        width: if ui.output.is_some() { None } else { ui.width },
        color: ui.color,
        tz: crate::model::zone::Zone::utc(),
        scale: None,
        columns: false,
    };
    ui.text(&render(&doc, &style))
}
