//! The command line: the only layer that knows clap, the environment, the clock and the terminal.
//!
//! One file per command under `commands`; `context` is what each works with, `ui` prints, `error` has the exit codes.

mod args;
mod commands;
mod context;
mod env;
mod error;
mod help;
mod names;
mod plan;
mod record;
mod report;
mod resolve;
mod sendmail;
mod table;
mod transact;
mod ui;

use crate::exchange::Outside;
use crate::i18n::{Lang, messages as m};
use crate::output::Format;
use clap::{Args, CommandFactory, FromArgMatches, Parser, ValueEnum};
use commands::Command;
use error::{CliError, Exit};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use ui::Ui;

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A CRM whose database is a directory of plain files.
#[derive(Debug, Parser)]
#[command(
    name = "kehu",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "Start with: kehu demo mycompany; cd mycompany; kehu today")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Global {
    /// The data directory (default: KEHU_DIR, else the nearest folder above with kehu.toml)
    #[arg(short = 'C', long = "dir", value_name = "PATH", global = true, help_heading = "Global")]
    pub(crate) dir: Option<PathBuf>,
    /// Output format: {values}
    #[arg(short, long, value_name = "FORMAT", global = true, help_heading = "Global")]
    pub(crate) format: Option<String>,
    /// The same as -f json
    #[arg(long, global = true, conflicts_with = "format", help_heading = "Global")]
    pub(crate) json: bool,
    /// Write the answer to a file; its ending chooses the format
    #[arg(short, long, value_name = "FILE", global = true, help_heading = "Global")]
    pub(crate) output: Option<PathBuf>,
    /// Show everything as it was at the end of that day
    #[arg(long, value_name = "DATE", global = true, allow_hyphen_values = true, help_heading = "Global")]
    pub(crate) today: Option<String>,
    /// Who you are in team.toml (default: KEHU_USER, else git's user.email)
    #[arg(long = "as", value_name = "WHO", global = true, help_heading = "Global")]
    pub(crate) as_who: Option<String>,
    /// Interface language: {values}
    #[arg(long, value_name = "LANG", global = true, help_heading = "Global")]
    pub(crate) lang: Option<String>,
    /// Check everything, write nothing, print the diff
    #[arg(short = 'n', long, global = true, help_heading = "Global")]
    pub(crate) dry_run: bool,
    /// Print less; a write prints only the new id
    #[arg(short, long, global = true, help_heading = "Global")]
    pub(crate) quiet: bool,
    /// Print more
    #[arg(short, long, global = true, help_heading = "Global")]
    pub(crate) verbose: bool,
    /// Colour: {values}
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        global = true,
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = "Global"
    )]
    pub(crate) color: ColorChoice,
    /// Do not ask
    #[arg(short, long, global = true, help_heading = "Global")]
    pub(crate) yes: bool,
    /// Print nothing when a file is broken
    #[arg(long, global = true, help_heading = "Global")]
    pub(crate) strict: bool,
    /// Read every file again, without the cache
    #[arg(long, global = true, help_heading = "Global")]
    pub(crate) no_cache: bool,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(run(args))
}

/// Runs the program; the exit code.
fn run(args: Vec<OsString>) -> u8 {
    // Help and usage errors have a language of their own; most calls need neither, and then the directory's settings are
    // read once, by the command.
    let Ok(cli) = parse(&args) else {
        let lang = early_language(&args);
        let command = help::localize(Cli::command(), lang, commands::ledger_of);
        return match command.try_get_matches_from(&args).and_then(|m| Cli::from_arg_matches(&m)) {
            Ok(_) => Exit::Usage as u8,
            Err(e) => help::usage_error(&e, &args, lang),
        };
    };
    let lang = if cli.command.opens() { context::language(&cli.global, None) } else { early_language(&args) };
    let exports = matches!(cli.command, commands::Command::Export(_));
    let ui = match make_ui(&cli.global, lang, exports) {
        Ok(ui) => ui,
        Err(failed) => {
            let (ui, e) = *failed;
            Ui { lang: early_language(&args), ..ui }.error(&e);
            return e.exit as u8;
        }
    };
    if env::var(env::THREADS).is_some() {
        start_threads();
    }
    match commands::run(cli.command, &cli.global, &ui) {
        Ok(()) => 0,
        Err(e) => {
            let lang =
                context::find_root(&cli.global, ui.lang).map_or(ui.lang, |root| directory_language(&cli.global, &root));
            Ui { lang, ..ui }.error(&e);
            e.exit as u8
        }
    }
}

/// Reads the arguments with a tree that has only the commands whose names are among them: what it understands, the whole
/// tree understands in the same way.
fn parse(args: &[OsString]) -> std::result::Result<Cli, clap::Error> {
    let mut tree = called(args);
    let matches = tree.try_get_matches_from_mut(args);
    // Taking the tree apart is work for nothing: the process ends soon.
    std::mem::forget(tree);
    Cli::from_arg_matches(&matches?)
}

fn called(args: &[OsString]) -> clap::Command {
    let root = Global::augment_args(clap::Command::new("kehu"))
        .disable_help_subcommand(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .external_subcommand_value_parser(clap::value_parser!(OsString));
    let mut seen: Vec<&str> = Vec::new();
    args.iter().skip(1).filter_map(|a| a.to_str()).fold(root, |root, name| match commands::arguments(name) {
        Some(fill) if !seen.contains(&name) => {
            seen.push(name);
            root.subcommand(fill(clap::Command::new(name.to_string())))
        }
        _ => root,
    })
}

/// The language in which help and usage errors are printed, before the arguments can be parsed.
fn early_language(args: &[OsString]) -> Lang {
    let mut global = Global::default();
    let mut words = args.iter().skip(1).map(|a| a.to_string_lossy().into_owned());
    while let Some(w) = words.next() {
        match w.split_once('=') {
            Some(("--lang", v)) => global.lang = Some(v.into()),
            Some(("--dir", v)) => global.dir = Some(v.into()),
            _ if w == "--lang" => global.lang = words.next(),
            _ if w == "-C" || w == "--dir" => global.dir = words.next().map(PathBuf::from),
            _ => {}
        }
    }
    match context::find_root(&global, Lang::En) {
        Ok(root) => directory_language(&global, &root),
        Err(_) => context::language(&global, None),
    }
}

/// The language with what the directory says; a broken directory says nothing.
fn directory_language(global: &Global, root: &std::path::Path) -> Lang {
    let opened = crate::store::read_consistently(root, crate::store::load::open);
    context::language(global, opened.ok().and_then(|o| o.settings).as_ref())
}

fn make_ui(global: &Global, lang: Lang, exports: bool) -> Result<Ui, Box<(Ui, CliError)>> {
    let out = std::io::stdout().is_terminal();
    let no_color = env::var("NO_COLOR").is_some();
    let color = |terminal: bool| match global.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => terminal && !no_color,
    };
    let width = out.then(|| terminal_size::terminal_size().map_or(80, |(w, _)| usize::from(w.0)));
    let mut ui = Ui {
        lang,
        format: Format::Table,
        outside: None,
        output: global.output.clone(),
        quiet: global.quiet,
        verbose: global.verbose,
        color: color(out),
        color_err: color(std::io::stderr().is_terminal()),
        width,
        width_err: super::cli::ui::stderr_width(),
        scale: None,
        columns: false,
    };
    if let Some(l) = &global.lang
        && Lang::parse(l).is_none()
    {
        let e = CliError::usage(m::unknown_lang(lang, l))
            .hint(m::hint_langs(lang, Lang::ALL.map(Lang::tag).join(lang.pick(", ", "、"))));
        return Err(Box::new((ui, e)));
    }
    let names = || Format::ALL.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ");
    match (&global.format, global.json, &global.output) {
        (Some(name), ..) => match (Format::parse(name), Outside::parse(name)) {
            (Some(f), _) => ui.format = f,
            (None, Some(outside)) if exports => ui.outside = Some(outside),
            (None, _) => {
                let e = CliError::usage(m::unknown_format(lang, name))
                    .nearest(lang, &crate::diag::nearest(name, Format::ALL.iter().map(|f| f.name())))
                    .hint(m::hint_formats(lang, names()));
                return Err(Box::new((ui, e)));
            }
        },
        (None, true, _) => ui.format = Format::Json,
        (None, false, Some(file)) => match Format::from_extension(file) {
            Some(f) => ui.format = f,
            None if exports && Outside::from_extension(file).is_some() => ui.outside = Outside::from_extension(file),
            // A device (/dev/stdout) has no ending.
            None if file.extension().is_none() || file.exists() && !file.is_file() => {}
            None => {
                let e = CliError::usage(m::unknown_ending(lang, file.display())).hint(m::hint_formats(lang, names()));
                return Err(Box::new((ui, e)));
            }
        },
        _ => {}
    }
    Ok(ui)
}

/// Ends with exit code 1 when the answer is not empty and `--exit-code` asks for it.
fn finding(lang: Lang) -> CliError {
    let _ = lang;
    CliError::new(Exit::Finding, "")
}

/// More threads than this are of no use to anybody.
const MAX_THREADS: usize = 256;

/// Starts the threads that read and count: as many as KEHU_THREADS says, else one for each core. The calling thread is one
/// of them, which saves a thread's start and its memory.
pub(crate) fn start_threads() {
    let asked = env::var(env::THREADS).and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    let wanted = asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).min(MAX_THREADS);
    // The pool would fail for good with a thread that the system refuses. So it is told how many there are.
    let start = |_| {
        let (send, work) = std::sync::mpsc::sync_channel::<rayon::ThreadBuilder>(1);
        let wait = move || work.recv().map_or((), rayon::ThreadBuilder::run);
        std::thread::Builder::new().spawn(wait).ok().map(|_| send)
    };
    let mut waiting: Vec<_> = (1..wanted).map_while(start).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(waiting.len() + 1).use_current_thread();
    let pool = pool.spawn_handler(move |thread| match waiting.pop() {
        Some(send) => send.send(thread).map_err(|_| std::io::ErrorKind::BrokenPipe.into()),
        None => Err(std::io::ErrorKind::WouldBlock.into()),
    });
    // Later calls fail, and there is nothing left to do.
    let _ = pool.build_global();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that decides how a command's arguments are read.
    fn shape(command: &clap::Command, path: &str, out: &mut Vec<String>) {
        let name = format!("{path} {}", command.get_name());
        let aliases: Vec<&str> = command.get_all_aliases().collect();
        let (required, else_help) = (command.is_subcommand_required_set(), command.is_arg_required_else_help_set());
        out.push(format!("{name}: {:?} {aliases:?} {required} {else_help}", command.get_about()));
        out.extend(command.get_arguments().map(|a| format!("{name} {a:?}")));
        out.extend(command.get_groups().map(|g| format!("{name} {g:?}")));
        command.get_subcommands().for_each(|c| shape(c, &name, out));
    }

    #[test]
    fn a_call_is_read_as_by_the_whole_tree() {
        let mut whole = Cli::command();
        whole.build();
        let mut arguments = 0;
        for command in whole.get_subcommands() {
            let words = [OsString::from("kehu"), "-q".into(), command.get_name().into()];
            let mut tree = called(&words);
            tree.build();
            let seen: Vec<&str> = tree.get_subcommands().map(clap::Command::get_name).collect();
            assert_eq!(seen, [command.get_name()]);
            let (mut expected, mut got) = (Vec::new(), Vec::new());
            shape(command, "", &mut expected);
            shape(tree.find_subcommand(command.get_name()).unwrap(), "", &mut got);
            assert_eq!(got, expected);
            arguments += got.len();
        }
        assert!(arguments > 1000, "{arguments}");
        let mut tree = called(&["kehu".into(), "no-such-command".into()]);
        tree.build();
        assert_eq!(tree.is_allow_external_subcommands_set(), whole.is_allow_external_subcommands_set());
        assert!(tree.get_subcommands().next().is_none());
    }
}
