//! Each command has a file: its doc comment is its help, `Args` are its arguments, `run` does the work. The one table
//! of commands stands here; the tree of clap, help, completion and the tests that walk over all commands come from it.

mod activity;
mod approve;
mod approving;
mod assign;
mod brief;
mod cache;
mod check;
mod chosen;
mod claim;
mod close;
mod complaint;
mod completions;
mod contact;
mod contract;
mod customer;
mod deal;
mod demo;
mod digest;
mod due;
mod dupes;
mod edit;
mod event;
mod export;
mod external;
mod feedback;
mod fmt;
mod funnel;
mod gap;
mod git;
mod gitread;
mod grade;
mod handover;
mod help;
mod history;
mod import;
mod init;
mod invoice;
mod list;
mod log;
mod man;
mod merge;
mod merge_driver;
mod message;
mod need;
mod order;
mod payable;
mod payment;
mod pool;
mod product;
mod proposals;
mod quote;
mod receipt;
mod receivable;
mod refund;
mod release;
mod rename;
mod reopen;
mod report;
mod row;
mod schema;
mod show;
mod stage;
mod stalled;
mod task;
mod team;
mod today;
mod trade;
mod undo;
mod who;
mod writing_off;

use super::Global;
use super::context::{Context, Result};
use super::record::{self, noun};
use super::ui::Ui;
use crate::model::ledger::Ledger;
use clap::{ArgMatches, FromArgMatches, Subcommand};
use std::ffi::OsString;

/// The table of commands: variant, name, what its arguments are (`args`, or `verbs` of a noun) and where they stand, and
/// whether it works `inside` a data directory, which is opened first of all, or `anywhere`. A ledger without rules of its own
/// becomes a noun with plain verbs by its line `noun::Verb<Ledger>`; one that has only the plain `add` says `of` which ledger.
macro_rules! commands {
    (
        $($variant:ident $name:literal $kind:ident($module:ident::$args:ident $(<$ledger:ident>)?) $place:ident $(of $of:ident)?;)*
    ) => {
        /// Every command.
        #[derive(Debug)]
        pub(crate) enum Command {
            $($variant($module::$args $(<{ Ledger::$ledger as usize }>)?),)*
            External(Vec<OsString>),
        }

        /// The names in the order of the table.
        const NAMES: &[&str] = &[$($name),*];

        /// The ledger of a noun whose `add` is the plain one, by its command.
        pub(crate) fn ledger_of(command: &str) -> Option<Ledger> {
            match command {
                $($name => ledger!($($ledger)? $($of)?),)*
                _ => None,
            }
        }

        /// What puts the arguments of one command into clap's tree. Building those of all takes longer than many a command.
        pub(crate) fn arguments(name: &str) -> Option<fn(clap::Command) -> clap::Command> {
            Some(match name {
                $($name => $kind::<$module::$args $(<{ Ledger::$ledger as usize }>)?>,)*
                _ => return None,
            })
        }

        impl Command {
            /// Whether the command opens the data directory first of all, and so knows its language.
            pub(crate) fn opens(&self) -> bool {
                match self {
                    $(Command::$variant(_) => opens!($place),)*
                    Command::External(_) => false,
                }
            }
        }

        impl FromArgMatches for Command {
            fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
                Self::from_arg_matches_mut(&mut matches.clone())
            }

            fn from_arg_matches_mut(matches: &mut ArgMatches) -> std::result::Result<Self, clap::Error> {
                let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
                let (name, mut found) = matches.remove_subcommand().ok_or_else(missing)?;
                Ok(match name.as_str() {
                    $($name => Command::$variant(FromArgMatches::from_arg_matches_mut(&mut found)?),)*
                    _ => {
                        let words = found.remove_many::<OsString>("").into_iter().flatten();
                        Command::External(std::iter::once(OsString::from(name)).chain(words).collect())
                    }
                })
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }

        /// Runs a command.
        pub(crate) fn run(command: Command, global: &Global, ui: &Ui) -> Result<()> {
            match command {
                $(Command::$variant(args) => run_command!($place, $module, args, global, ui),)*
                Command::External(words) => external::run(&words, global, ui),
            }
        }
    };
}

macro_rules! ledger {
    () => {
        None
    };
    ($ledger:ident) => {
        Some(Ledger::$ledger)
    };
}

macro_rules! opens {
    (inside) => {
        true
    };
    (anywhere) => {
        false
    };
}

macro_rules! run_command {
    (inside, $module:ident, $args:ident, $global:ident, $ui:ident) => {
        $module::run(&$args, &Context::open($global, $ui.clone())?)
    };
    (anywhere, $module:ident, $args:ident, $global:ident, $ui:ident) => {
        $module::run(&$args, $global, $ui)
    };
}

commands! {
    Init "init" args(init::Args) anywhere;
    Demo "demo" args(demo::Args) anywhere;
    Today "today" args(today::Args) inside;
    Digest "digest" args(digest::Args) inside;
    Due "due" args(due::Args) inside;
    Who "who" args(who::Args) inside;
    Show "show" args(show::Args) inside;
    Brief "brief" args(brief::Args) inside;
    List "list" args(list::Args) inside;
    Log "log" args(log::Args) inside;
    Stage "stage" args(stage::Args) inside;
    Funnel "funnel" args(funnel::Args) inside;
    Gap "gap" args(gap::Args) inside;
    Stalled "stalled" args(stalled::Args) inside;
    Close "close" args(close::Args) inside;
    Reopen "reopen" args(reopen::Args) inside;
    Assign "assign" args(assign::Args) inside;
    Claim "claim" args(claim::Args) inside;
    Release "release" args(release::Args) inside;
    Pool "pool" verbs(pool::Verb) inside;
    Handover "handover" args(handover::Args) inside;
    Grade "grade" args(grade::Args) inside;
    History "history" args(history::Args) inside;
    Edit "edit" args(edit::Args) inside;
    Dupes "dupes" args(dupes::Args) inside;
    Merge "merge" args(merge::Args) inside;
    Rename "rename" args(rename::Args) inside;
    Customer "customer" verbs(customer::Verb) inside;
    Contact "contact" verbs(contact::Verb) inside;
    Activity "activity" verbs(activity::Verb) inside;
    Event "event" verbs(event::Verb) inside;
    Task "task" verbs(task::Verb) inside;
    Order "order" verbs(order::Verb) inside;
    Product "product" verbs(product::Verb) inside;
    Quote "quote" verbs(quote::Verb) inside;
    Deal "deal" verbs(deal::Verb) inside;
    Contract "contract" verbs(contract::Verb) inside;
    Approve "approve" args(approve::Args) inside;
    Receivable "receivable" verbs(receivable::Verb) inside of Receivables;
    Receipt "receipt" verbs(receipt::Verb) inside;
    Refund "refund" verbs(refund::Verb) inside;
    Invoice "invoice" verbs(invoice::Verb) inside;
    Payable "payable" verbs(payable::Verb) inside;
    Payment "payment" verbs(payment::Verb) inside;
    Supplier "supplier" verbs(noun::Verb<Suppliers>) inside;
    Message "message" args(message::Args) inside;
    Complaint "complaint" verbs(complaint::Verb) inside;
    Need "need" verbs(need::Verb) inside of Needs;
    Feedback "feedback" verbs(feedback::Verb) inside of Feedback;
    Spend "spend" verbs(noun::Verb<Spend>) inside;
    Target "target" verbs(noun::Verb<Targets>) inside;
    Rate "rate" verbs(noun::Verb<Rates>) inside;
    Team "team" verbs(team::Verb) inside;
    Report "report" verbs(report::Verb) inside;
    Check "check" args(check::Args) anywhere;
    Fmt "fmt" args(fmt::Args) inside;
    Schema "schema" args(schema::Args) anywhere;
    Import "import" args(import::Args) inside;
    Export "export" args(export::Args) inside;
    Row "row" verbs(row::Verb) inside;
    Undo "undo" args(undo::Args) anywhere;
    Cache "cache" verbs(cache::Verb) anywhere;
    Git "git" verbs(git::Verb) anywhere;
    MergeDriver "merge-driver" args(merge_driver::Args) anywhere;
    Completions "completions" args(completions::Args) anywhere;
    Man "man" args(man::Args) anywhere;
    Help "help" args(help::Args) anywhere;
}

/// The arguments of a command without verbs.
fn args<T: clap::Args>(command: clap::Command) -> clap::Command {
    T::augment_args(command)
}

/// The verbs of a noun.
fn verbs<T: Subcommand>(command: clap::Command) -> clap::Command {
    T::augment_subcommands(command).subcommand_required(true).arg_required_else_help(true)
}

impl Subcommand for Command {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        let commands = NAMES.iter().filter_map(|name| Some(arguments(name)?(clap::Command::new(*name))));
        command
            .subcommands(commands)
            .allow_external_subcommands(true)
            .external_subcommand_value_parser(clap::value_parser!(OsString))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        arguments(name).is_some()
    }
}
