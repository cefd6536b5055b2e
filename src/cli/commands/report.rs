//! `kehu report NAME`: the arguments of each report, from the table of all reports.

use crate::cli::args::{During, Terms};
use crate::cli::context::{Context, Result};
use crate::cli::report::{Call, run as run_report};
use crate::cli::table::ListArgs;
use crate::i18n::{Lang, help as words, reporting as w};
use crate::report::REPORTS;
use crate::report::ask::{Days, Flag, Report};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches, Subcommand};

/// A report, and how it is called.
#[derive(Debug)]
pub(crate) struct Verb(Call);

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    run_report(&verb.0, ctx)
}

impl Subcommand for Verb {
    fn augment_subcommands(command: Command) -> Command {
        let names: Vec<&str> = REPORTS.iter().map(|r| r.name()).collect();
        let command = command.about(words::reports(Lang::En, &names));
        REPORTS.iter().fold(command, |c, report| c.subcommand(tree(*report)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Verb::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        REPORTS.iter().any(|r| r.name() == name)
    }
}

impl FromArgMatches for Verb {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Verb, clap::Error> {
        let missing = || clap::Error::new(ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let report = REPORTS.iter().position(|r| r.name() == name).ok_or_else(missing)?;
        let text = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
        let is_set = |name: &str| matches.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or(false);
        let period = match REPORTS[report].days() {
            Days::Today => During::default(),
            Days::All | Days::Of(_) => During::from_arg_matches(matches)?,
        };
        let flag = |f: &Flag| match f.value {
            Some(_) => text(f.name).map(|value| (f.name, value)),
            None => is_set(f.name).then(|| (f.name, String::new())),
        };
        Ok(Verb(Call {
            report,
            terms: Terms::from_arg_matches(matches)?,
            period,
            flags: REPORTS[report].flags().iter().filter_map(flag).collect(),
            explain: is_set("explain"),
            list: ListArgs::from_arg_matches(matches)?,
        }))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Verb::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The arguments of a report.
fn tree(report: &dyn Report) -> Command {
    let name = report.name();
    let help = |argument: &str| w::argument(Lang::En, name, argument).unwrap_or_default();
    let examples = format!("Examples:\n  {}", report.examples().join("\n  "));
    let command = Terms::augment_args(Command::new(name).after_help(examples));
    let one = report.of_one_customer();
    let mut command = command.mut_arg("terms", |a| {
        let a = a.help(help("terms"));
        if one { a.value_name("CUSTOMER").required(true).num_args(1) } else { a }
    });
    for f in report.flags() {
        let arg = Arg::new(f.name).long(f.name).help(help(f.name));
        let arg = match f.value {
            Some(value) => arg.value_name(value).allow_hyphen_values(true),
            None => arg.action(ArgAction::SetTrue),
        };
        command = command.arg(match f.default {
            Some(value) => arg.default_value(value),
            None => arg,
        });
    }
    if report.days() != Days::Today {
        command = During::augment_args(command).mut_arg("period", |a| a.help(help("period")));
    }
    if let Days::Of(days) = report.days() {
        command = command.mut_arg("period", |a| a.default_value(days));
    }
    if report.explains() {
        command = command.arg(Arg::new("explain").long("explain").action(ArgAction::SetTrue).help(help("explain")));
    }
    // The flags of lists bring words of their own for the command.
    ListArgs::augment_args(command).about(w::about(Lang::En, name).unwrap_or_default())
}
