use crate::cli::context::Result;
use crate::cli::error::{CliError, Exit};
use crate::cli::ui::Ui;
use crate::cli::{Cli, Global, help};
use crate::i18n::messages as m;
use clap::CommandFactory;

/// The manual page (roff), of kehu or of one command
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu man > ~/.local/share/man/man1/kehu.1\n  kehu man log | man -l -")]
pub(crate) struct Args {
    /// A command
    pub(crate) command: Option<String>,
}

pub(crate) fn run(args: &Args, _: &Global, ui: &Ui) -> Result<()> {
    let mut command = help::localize(Cli::command(), ui.lang, super::ledger_of);
    command.build();
    let page = match &args.command {
        None => command,
        Some(name) => {
            command.find_subcommand(name).cloned().ok_or_else(|| CliError::usage(m::unknown_command(ui.lang, name)))?
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut roff)
        .map_err(|e| CliError::new(Exit::Io, m::io_error(ui.lang, "man", e)))?;
    ui.text(&String::from_utf8_lossy(&roff))
}
