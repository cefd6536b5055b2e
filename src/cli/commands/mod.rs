//! One file per command: its doc comment is its help, `Args` its arguments, `run` what it does.

mod activity;
mod assign;
mod brief;
mod cache;
mod check;
mod close;
mod completions;
mod contact;
mod customer;
mod demo;
mod due;
mod edit;
mod event;
mod export;
mod external;
mod fmt;
mod funnel;
mod grade;
mod help;
mod history;
mod import;
mod init;
mod list;
mod log;
mod man;
mod order;
mod product;
mod quote;
mod receipt;
mod refund;
mod rename;
mod reopen;
mod report;
mod row;
mod schema;
mod show;
mod stage;
mod task;
mod team;
mod today;
mod trade;
mod who;

use super::Global;
use super::context::{Context, Result};
use super::record;
use super::ui::Ui;
use clap::Subcommand;
use std::ffi::OsString;

/// Every command; [`arguments`] has them too.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Args),
    Demo(demo::Args),
    Today(today::Args),
    Due(due::Args),
    Who(who::Args),
    Show(show::Args),
    Brief(brief::Args),
    List(list::Args),
    Log(log::Args),
    Stage(stage::Args),
    Funnel(funnel::Args),
    Close(close::Args),
    Reopen(reopen::Args),
    Assign(assign::Args),
    Grade(grade::Args),
    History(history::Args),
    Edit(edit::Args),
    Rename(rename::Args),
    #[command(subcommand)]
    Customer(customer::Verb),
    #[command(subcommand)]
    Contact(contact::Verb),
    #[command(subcommand)]
    Activity(activity::Verb),
    #[command(subcommand)]
    Event(event::Verb),
    #[command(subcommand)]
    Task(task::Verb),
    #[command(subcommand)]
    Order(order::Verb),
    #[command(subcommand)]
    Product(product::Verb),
    #[command(subcommand)]
    Quote(quote::Verb),
    #[command(subcommand)]
    Receipt(receipt::Verb),
    #[command(subcommand)]
    Refund(refund::Verb),
    #[command(subcommand)]
    Team(team::Verb),
    #[command(subcommand)]
    Report(report::Verb),
    Check(check::Args),
    Fmt(fmt::Args),
    Schema(schema::Args),
    Import(import::Args),
    Export(export::Args),
    #[command(subcommand)]
    Row(row::Verb),
    #[command(subcommand)]
    Cache(cache::Verb),
    Completions(completions::Args),
    Man(man::Args),
    Help(help::Args),
    #[command(external_subcommand)]
    External(Vec<OsString>),
}

impl Command {
    /// Whether the command opens the data directory first of all, and so knows its language.
    pub(crate) fn opens(&self) -> bool {
        !matches!(
            self,
            Command::Init(_)
                | Command::Demo(_)
                | Command::Check(_)
                | Command::Schema(_)
                | Command::Cache(_)
                | Command::Completions(_)
                | Command::Man(_)
                | Command::Help(_)
                | Command::External(_)
        )
    }
}

/// What puts the arguments of one command into clap's tree. Building those of all takes longer than many a command.
pub(crate) fn arguments(name: &str) -> Option<fn(clap::Command) -> clap::Command> {
    use clap::Args as _;
    Some(match name {
        "init" => init::Args::augment_args,
        "demo" => demo::Args::augment_args,
        "today" => today::Args::augment_args,
        "due" => due::Args::augment_args,
        "who" => who::Args::augment_args,
        "show" => show::Args::augment_args,
        "brief" => brief::Args::augment_args,
        "list" => list::Args::augment_args,
        "log" => log::Args::augment_args,
        "stage" => stage::Args::augment_args,
        "funnel" => funnel::Args::augment_args,
        "close" => close::Args::augment_args,
        "reopen" => reopen::Args::augment_args,
        "assign" => assign::Args::augment_args,
        "grade" => grade::Args::augment_args,
        "history" => history::Args::augment_args,
        "edit" => edit::Args::augment_args,
        "rename" => rename::Args::augment_args,
        "customer" => verbs::<customer::Verb>,
        "contact" => verbs::<contact::Verb>,
        "activity" => verbs::<activity::Verb>,
        "event" => verbs::<event::Verb>,
        "task" => verbs::<task::Verb>,
        "order" => verbs::<order::Verb>,
        "product" => verbs::<product::Verb>,
        "quote" => verbs::<quote::Verb>,
        "receipt" => verbs::<receipt::Verb>,
        "refund" => verbs::<refund::Verb>,
        "team" => verbs::<team::Verb>,
        "report" => verbs::<report::Verb>,
        "check" => check::Args::augment_args,
        "fmt" => fmt::Args::augment_args,
        "schema" => schema::Args::augment_args,
        "import" => import::Args::augment_args,
        "export" => export::Args::augment_args,
        "row" => verbs::<row::Verb>,
        "cache" => verbs::<cache::Verb>,
        "completions" => completions::Args::augment_args,
        "man" => man::Args::augment_args,
        "help" => help::Args::augment_args,
        _ => return None,
    })
}

fn verbs<T: Subcommand>(command: clap::Command) -> clap::Command {
    T::augment_subcommands(command).subcommand_required(true).arg_required_else_help(true)
}

/// Runs a command.
pub(crate) fn run(command: Command, global: &Global, ui: &Ui) -> Result<()> {
    let open = || Context::open(global, ui.clone());
    match command {
        Command::Init(a) => init::run(&a, global, ui),
        Command::Demo(a) => demo::run(&a, global, ui),
        Command::Check(a) => check::run(&a, global, ui),
        Command::Schema(a) => schema::run(&a, global, ui),
        Command::Cache(v) => cache::run(&v, global, ui),
        Command::Completions(a) => completions::run(&a, global, ui),
        Command::Man(a) => man::run(&a, ui),
        Command::Help(a) => help::run(&a, global, ui),
        Command::External(words) => external::run(&words, global, ui),
        Command::Today(a) => today::run(&a, &open()?),
        Command::Due(a) => due::run(&a, &open()?),
        Command::Who(a) => who::run(&a, &open()?),
        Command::Show(a) => show::run(&a, &open()?),
        Command::Brief(a) => brief::run(&a, &open()?),
        Command::List(a) => list::run(&a, &open()?),
        Command::Log(a) => log::run(&a, &open()?),
        Command::Stage(a) => stage::run(&a, &open()?),
        Command::Funnel(a) => funnel::run(&a, &open()?),
        Command::Close(a) => close::run(&a, &open()?),
        Command::Reopen(a) => reopen::run(&a, &open()?),
        Command::Assign(a) => assign::run(&a, &open()?),
        Command::Grade(a) => grade::run(&a, &open()?),
        Command::History(a) => history::run(&a, &open()?),
        Command::Edit(a) => edit::run(&a, &open()?),
        Command::Rename(a) => rename::run(&a, &open()?),
        Command::Customer(v) => customer::run(&v, &open()?),
        Command::Contact(v) => contact::run(&v, &open()?),
        Command::Activity(v) => activity::run(&v, &open()?),
        Command::Event(v) => event::run(&v, &open()?),
        Command::Task(v) => task::run(&v, &open()?),
        Command::Order(v) => order::run(&v, &open()?),
        Command::Product(v) => product::run(&v, &open()?),
        Command::Quote(v) => quote::run(&v, &open()?),
        Command::Receipt(v) => receipt::run(&v, &open()?),
        Command::Refund(v) => refund::run(&v, &open()?),
        Command::Team(v) => team::run(&v, &open()?),
        Command::Report(v) => report::run(&v, &open()?),
        Command::Fmt(a) => fmt::run(&a, &open()?),
        Command::Import(a) => import::run(&a, &open()?),
        Command::Export(a) => export::run(&a, &open()?),
        Command::Row(v) => row::run(&v, &open()?),
    }
}
