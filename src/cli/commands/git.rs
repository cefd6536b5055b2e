//! `kehu git`: how git treats the data directory in this clone.

use crate::cli::Global;
use crate::cli::context::{Result, find_root, git_config};
use crate::cli::error::{CliError, Exit};
use crate::cli::ui::Ui;
use crate::i18n::messages as m;
use std::path::Path;

/// How git treats the data directory in this clone
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Make git merge ledgers by row and TOML by key in this clone
    #[command(after_help = "Examples:\n  kehu git setup\n  kehu git setup -n")]
    Setup,
}

/// What is written to the configuration of a clone: key, value.
const SETTINGS: [(&str, &str); 2] = [
    ("merge.kehu.name", "kehu: rows by id, TOML by key"),
    ("merge.kehu.driver", "kehu merge-driver --marker-size %L -- %O %A %B %P"),
];

pub(crate) fn run(verb: &Verb, global: &Global, ui: &Ui) -> Result<()> {
    match verb {
        Verb::Setup => {
            let root = find_root(global, ui.lang)?;
            // What would be written is the same everywhere.
            if !global.dry_run && !is_clone(&root) {
                return Err(
                    CliError::new(Exit::NotFound, m::no_clone(ui.lang, root.display())).hint(m::hint_no_clone(ui.lang))
                );
            }
            set_up(&root, global.dry_run, ui)
        }
    }
}

/// Shows what is written to the clone's configuration, and writes it unless `dry`.
pub(crate) fn set_up(root: &Path, dry: bool, ui: &Ui) -> Result<()> {
    let lines: Vec<String> = SETTINGS.iter().map(|(key, value)| format!("git config {key} '{value}'")).collect();
    if dry {
        return ui.text(&lines.iter().map(|l| format!("{l}\n")).collect::<String>());
    }
    ui.done(&lines);
    for (key, value) in SETTINGS {
        let mut git = std::process::Command::new("git");
        let status = git.arg("-C").arg(root).args(["config", "--local", key, value]).status();
        if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            let why = status.map_or_else(|e| e.to_string(), |s| s.to_string());
            return Err(CliError::new(Exit::Io, m::git_config_failed(ui.lang, key, why)));
        }
    }
    Ok(())
}

/// Whether a folder lies in a clone.
pub(crate) fn is_clone(root: &Path) -> bool {
    let root = std::path::absolute(root).unwrap_or_else(|_| root.into());
    root.ancestors().any(|p| p.join(".git").exists())
}

/// Whether the attributes of a data directory name the driver, and the clone does not know it.
pub(crate) fn lacks_driver(root: &Path) -> bool {
    is_clone(root)
        && crate::store::read_text(root, ".gitattributes").is_ok_and(|text| text.contains("merge=kehu"))
        && git_config(root, "merge.kehu.driver").is_none()
}
