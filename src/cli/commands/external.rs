//! `kehu foo` runs `kehu-foo` from PATH, as git and cargo do.

use crate::cli::context::{Result, find_root_if_any};
use crate::cli::error::{CliError, Exit};
use crate::cli::ui::Ui;
use crate::cli::{Cli, Global, env};
use crate::diag::nearest;
use crate::i18n::messages as m;
use clap::CommandFactory;
use std::ffi::OsString;

pub(crate) fn run(words: &[OsString], global: &Global, ui: &Ui) -> Result<()> {
    let lang = ui.lang;
    let Some((name, args)) = words.split_first() else { return Ok(()) };
    let name = name.to_string_lossy();
    // With a separator it would be a path from the present folder, not a program of PATH.
    let found = !name.contains(['/', '\\']);
    let mut command = std::process::Command::new(format!("kehu-{name}"));
    command.args(args);
    if let Some(root) = find_root_if_any(global, lang)? {
        command.env(env::DIR, root);
    }
    let status = if found { command.status() } else { Err(std::io::ErrorKind::NotFound.into()) };
    match status {
        Ok(s) if s.success() => Ok(()),
        Ok(s) => std::process::exit(s.code().unwrap_or(1)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let names: Vec<String> = Cli::command().get_subcommands().map(|c| c.get_name().to_string()).collect();
            Err(CliError::usage(m::unknown_command(lang, &name))
                .nearest(lang, &nearest(&name, names.iter().map(String::as_str)))
                .hint(m::hint_help(lang, "kehu")))
        }
        Err(e) => Err(CliError::new(Exit::Io, m::external_failed(lang, &name, e))),
    }
}
