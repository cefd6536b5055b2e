//! `kehu merge-driver`: what git calls for the files that .gitattributes names.

use crate::cli::Global;
use crate::cli::context::Result;
use crate::cli::error::{CliError, Exit, store_error};
use crate::cli::ui::Ui;
use crate::i18n::messages as m;
use crate::store::merge::{self, Marks};
use crate::store::write_atomically;
use std::path::{Path, PathBuf};

/// Merge three versions of a file; git calls this command
///
/// Ledgers merge row by row, by the rows' ids; TOML files key by key. What both sides changed to different values stands in OURS with both
/// values between git's markers, and the exit code is 1. `kehu git setup` tells git to call this.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu git setup\n  kehu merge-driver --marker-size 7 -- base.csv ours.csv theirs.csv ledgers/orders/2026-li.csv"
)]
pub(crate) struct Args {
    /// The version that both sides began with
    pub(crate) base: PathBuf,
    /// Our version; the result is written here
    pub(crate) ours: PathBuf,
    /// The other version
    pub(crate) theirs: PathBuf,
    /// The file's path in the repository
    pub(crate) path: String,
    /// Length of the conflict markers
    #[arg(long, default_value_t = 7)]
    pub(crate) marker_size: u8,
}

pub(crate) fn run(args: &Args, global: &Global, ui: &Ui) -> Result<()> {
    let versions = [&args.base, &args.ours, &args.theirs].map(PathBuf::as_path);
    if let Some(missing) = versions.iter().find(|p| !p.is_file()) {
        return Err(CliError::new(Exit::NotFound, m::no_such_file(ui.lang, missing.display())));
    }
    let marks = Marks { size: usize::from(args.marker_size.max(1)), ours: "ours", theirs: "theirs", eol: "\n" };
    let merged = merge::files(versions, &args.path, marks, || by_lines(versions, marks.size));
    let (bytes, clashes) = merged.map_err(|e| store_error(ui.lang, &e))?;
    if !global.dry_run {
        write_atomically(&args.ours, &bytes).map_err(|e| store_error(ui.lang, &e))?;
    }
    if clashes == 0 {
        Ok(())
    } else {
        Err(CliError::new(Exit::Finding, m::merge_clashes(ui.lang, &args.path, clashes))
            .hint(m::hint_merge_clashes(ui.lang)))
    }
}

/// git's own merge: the text, and the number of clashes.
fn by_lines([base, ours, theirs]: [&Path; 3], size: usize) -> Option<(Vec<u8>, usize)> {
    let mut git = std::process::Command::new("git");
    git.args([
        "merge-file",
        "-p",
        "-q",
        &format!("--marker-size={size}"),
        "-L",
        "ours",
        "-L",
        "base",
        "-L",
        "theirs",
        "--",
    ]);
    let out = git.args([ours, base, theirs]).output().ok()?;
    let clashes = usize::try_from(out.status.code()?).ok()?;
    (clashes < 128).then_some((out.stdout, clashes))
}
