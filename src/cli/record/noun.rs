//! A noun with the plain verbs only: add, list, show, set, rm. A ledger without rules of its own needs no file of
//! commands, only its line in the table of `commands`; its columns say what may stand in a cell.

use super::find::must_exist;
use super::list::List;
use super::new_cells::{NewCells, enter, named};
use super::plain::Plain;
use super::rm::Rm;
use super::set::Set;
use super::show::Show;
use crate::cli::args::{By, Note, OfCustomer, OwnId, When};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::i18n::{Lang, labels, messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::customer::Customer;
use crate::model::ledger::{ColumnSpec, Ledger, LedgerSet, RefTo, Type};
use crate::model::new_rows::NewRow;
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::rules::beside::Beside;
use crate::rules::engine::index::Index;
use crate::rules::fits::fits_others;
use crate::rules::ranges::Ranges;
use chrono::Datelike;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Subcommand};

/// A verb of the noun whose ledger has this number in [`Ledger::ALL`].
#[derive(Debug)]
pub(crate) enum Verb<const LEDGER: usize> {
    Add(Add<LEDGER>),
    Plain(Plain),
}

/// The cells of a new row of a ledger, as they were typed. A noun with rules of its own takes this verb as it is, too.
#[derive(Debug)]
pub(crate) struct Add<const LEDGER: usize> {
    /// What must be there, in the order of the columns.
    required: Vec<(&'static str, String)>,
    /// `column=value`
    pairs: Vec<String>,
    at: Option<When>,
    by: Option<By>,
    id: Option<OwnId>,
    note: Option<Note>,
}

/// The arguments of `add` in their order: the columns that must be filled, except those with a flag of their own.
fn required(ledger: Ledger) -> impl Iterator<Item = &'static ColumnSpec> {
    let own = |c: &ColumnSpec| matches!(c.ty, Type::RowId) || matches!(c.name, "at" | "by");
    ledger.columns().iter().filter(move |c| c.required && !own(c))
}

fn has(ledger: Ledger, column: &str) -> bool {
    ledger.column(column).is_some()
}

/// Whether new rows get a random id, unless the company gives one.
fn gives_ids(ledger: Ledger) -> bool {
    !ledger.prefix().is_empty()
}

/// What a column that `add` asks for is: its label, and what may stand there.
pub(crate) fn column_help(lang: Lang, ledger: Ledger, column: &str) -> Option<String> {
    let spec = required(ledger).find(|c| c.name == column)?;
    // By how many names a customer may be called is said in the same words everywhere.
    if spec.ty == Type::Ref(RefTo::Customer) {
        return None;
    }
    let label = labels::column(lang, ledger.name(), column);
    let mut first = label.chars();
    let label = first.next().map_or_else(String::new, |c| c.to_uppercase().chain(first).collect());
    let Type::OneOf(list) = spec.ty else { return Some(label) };
    let word = |v: &&str| match lang {
        Lang::En => (*v).to_string(),
        Lang::ZhCn => format!("{v} {}", values::column_value(lang, ledger.name(), column, v)),
    };
    Some(m::labelled(lang, &label, list.iter().map(word).collect::<Vec<_>>().join(lang.pick(", ", "、"))))
}

fn add_command(command: Command, ledger: Ledger) -> Command {
    let mut c = command.about(format!("Add a row (kehu schema {})", ledger.name()));
    // Help that sorts its arguments shows them in the order in which they are typed.
    for (n, column) in required(ledger).enumerate() {
        c = match column_help(Lang::En, ledger, column.name) {
            Some(help) => c.arg(
                Arg::new(column.name).value_name(column.name.to_uppercase()).required(true).help(help).display_order(n),
            ),
            None => OfCustomer::augment_args(c).mut_arg("customer", |a| a.display_order(n)),
        };
    }
    let others: Vec<&str> =
        ledger.columns().iter().filter(|c| !c.required && !matches!(c.name, "by" | "note")).map(|c| c.name).collect();
    if !others.is_empty() {
        let help = format!("column=value: {}", others.join(", "));
        c = c
            .arg(Arg::new("pairs").value_name("COLUMN=VALUE").num_args(0..).help(help).display_order(others.len() + 9));
    }
    if has(ledger, "at") {
        c = When::augment_args(c).mut_arg("at", |a| a.help("When it was (default: now)"));
    }
    if has(ledger, "by") {
        c = By::augment_args(c);
    }
    if gives_ids(ledger) {
        c = OwnId::augment_args(c);
    }
    if has(ledger, "note") {
        c = Note::augment_args(c);
    }
    // The groups bring words of their own about themselves.
    c.about(format!("Add a row (kehu schema {})", ledger.name()))
}

impl<const LEDGER: usize> Verb<LEDGER> {
    const LEDGER: Ledger = Ledger::ALL[LEDGER];
}

impl<const LEDGER: usize> Subcommand for Verb<LEDGER> {
    fn augment_subcommands(command: Command) -> Command {
        let ledger = Self::LEDGER;
        let name = ledger.name();
        let mut first = name.chars();
        let title: String = first.next().map_or_else(String::new, |c| c.to_uppercase().chain(first).collect());
        command
            .about(format!("{title}: add, list, show, set, rm"))
            .subcommand(Add::<LEDGER>::augment_args(Command::new("add")))
            .subcommand(List::augment_args(Command::new("list")))
            .subcommand(Show::augment_args(Command::new("show")))
            .subcommand(Set::augment_args(Command::new("set")))
            .subcommand(Rm::augment_args(Command::new("rm")))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        matches!(name, "add" | "list" | "show" | "set" | "rm")
    }
}

impl<const LEDGER: usize> FromArgMatches for Verb<LEDGER> {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        Ok(match matches.subcommand() {
            Some(("add", sub)) => Verb::Add(Add::from_arg_matches(sub)?),
            _ => Verb::Plain(Plain::from_arg_matches(matches)?),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<const LEDGER: usize> Args for Add<LEDGER> {
    fn augment_args(command: Command) -> Command {
        add_command(command, Ledger::ALL[LEDGER])
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const LEDGER: usize> FromArgMatches for Add<LEDGER> {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, clap::Error> {
        let ledger = Ledger::ALL[LEDGER];
        let typed = |c: &'static ColumnSpec| Some((c.name, matches.get_one::<String>(c.name)?.clone()));
        let pairs = matches.try_get_many::<String>("pairs").ok().flatten();
        Ok(Add {
            required: required(ledger).filter_map(typed).collect(),
            pairs: pairs.into_iter().flatten().cloned().collect(),
            at: has(ledger, "at").then(|| When::from_arg_matches(matches)).transpose()?,
            by: has(ledger, "by").then(|| By::from_arg_matches(matches)).transpose()?,
            id: gives_ids(ledger).then(|| OwnId::from_arg_matches(matches)).transpose()?,
            note: has(ledger, "note").then(|| Note::from_arg_matches(matches)).transpose()?,
        })
    }
    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(crate) fn run<const LEDGER: usize>(verb: &Verb<LEDGER>, ctx: &Context) -> Result<()> {
    let ledger = Verb::<LEDGER>::LEDGER;
    match verb {
        Verb::Add(a) => add(a, ctx, |_, _| Ok(Planned::default())),
        Verb::Plain(v) => v.run(ledger, ctx),
    }
}

/// Whether a cell names somebody by the words that people use, so that the book must be asked who is meant. All other
/// cells are judged as they stand.
fn looked_up(ty: Type) -> bool {
    matches!(ty, Type::Ref(RefTo::Customer | RefTo::Contact))
}

/// Adds a row, and does what else follows from it.
pub(crate) fn add<const LEDGER: usize>(
    args: &Add<LEDGER>,
    ctx: &Context,
    follows: impl FnOnce(&Index<'_>, &NewRow) -> Result<Planned>,
) -> Result<()> {
    let (lang, ledger) = (ctx.lang(), Ledger::ALL[LEDGER]);
    let ty = |column: &str| ledger.column(column).map(|n| ledger.columns()[n].ty);
    let mut cells = NewCells::new(ctx, ledger);
    if gives_ids(ledger) {
        let own = args.id.as_ref().and_then(|id| id.as_deref());
        cells = match own {
            Some(id) => cells.typed("id", id)?,
            None => cells.put("id", ctx.new_id(ledger)?),
        };
    }
    let mut year = ctx.today.year();
    if let Some(at) = &args.at {
        let at = ctx.fact(at.as_deref())?;
        year = at.day.year();
        cells = cells.put("at", at.to_text(ctx.settings.tz));
    }
    let actor = ctx.actor()?.id;
    if let Some(by) = &args.by {
        cells = cells.put("by", by.as_deref().map_or(Ok(actor), |who| Ok(ctx.present_member(who)?.id))?);
    }
    // Customers and their contacts are called by many names; who is meant is known when the book is read.
    let mut named_later: Vec<(&'static str, String)> = Vec::new();
    let pairs = args.pairs.iter().map(|p| named(ctx, ledger, p)).collect::<Result<Vec<_>>>()?;
    let typed = args.required.iter().map(|(c, t)| (*c, t.as_str())).chain(pairs);
    for (column, text) in typed {
        if ty(column).is_some_and(looked_up) && !text.is_empty() {
            named_later.push((column, text.to_string()));
            cells = cells.put(column, "?");
        } else {
            cells = cells.typed(column, text)?;
        }
    }
    if let Some(note) = &args.note {
        cells = cells.given("note", Some(note))?;
    }
    let row = cells.done();
    let text = |n: usize| cell(&row, ledger.columns()[n].name);
    if let Some(breach) = Ranges::of(ledger).alone(text, &ctx.settings.file.currency).into_iter().next() {
        return Err(ctx.refused(&Refusal::Breach(breach)));
    }
    let rows_of = |column: &str| match ty(column) {
        Some(Type::Ref(RefTo::Row(l))) => Some(l),
        _ => None,
    };
    let referred: Vec<Ledger> = row.iter().filter_map(|(c, _)| rows_of(c)).collect();
    // A random id is new; what the company calls a thing may be taken.
    let given = !gives_ids(ledger) || args.id.as_ref().is_some_and(|id| id.is_some());
    let own = if given { LedgerSet::of(&[ledger]) } else { LedgerSet::NONE };
    let mut reads =
        Reads { customers: !named_later.is_empty(), plain: own.and(LedgerSet::of(&referred)), ..Reads::NOTHING };
    let beside = Beside::of(ledger);
    let (names_others, adds_up) = (beside.names_others(text), beside.adds_up());
    if names_others {
        reads = reads.and(beside.reads());
    }
    let customer = named_later.iter().find(|(c, _)| ty(c) == Some(Type::Ref(RefTo::Customer))).map(|(_, t)| t.as_str());
    ctx.transact_for(reads, customer, |index, _| {
        let mut row = row.clone();
        let mut planned = Planned::default();
        people(ctx, index, customer, &named_later, &mut row, &mut planned)?;
        for (column, text) in &row {
            if let Some(l) = rows_of(column) {
                must_exist(ctx, index.book, l, text)?;
            }
        }
        let called = name_of(ledger, &row);
        if given && taken(index.book, ledger, &row) {
            return Err(CliError::new(Exit::Refused, m::exists_already(lang, &called)));
        }
        planned.did(&called, m::did_add(lang, &called, what_of(&row)));
        planned.also(follows(index, &row)?);
        enter(&mut planned, ledger, year, row);
        if names_others {
            fits_others(index.book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        }
        let folder = format!("ledgers/{}/", ledger.name());
        let rests_on_own = given || names_others && adds_up;
        planned.depends_on = Some(Box::new(move |file| rests_on_own && file.starts_with(&folder)));
        Ok(planned)
    })
}

/// Puts the ids of the customer and the contact that were meant into a row.
fn people(
    ctx: &Context,
    index: &Index<'_>,
    customer: Option<&str>,
    typed: &[(&'static str, String)],
    row: &mut NewRow,
    planned: &mut Planned,
) -> Result<()> {
    let lang = ctx.lang();
    let found: Option<&Customer> =
        customer.map(|text| Ok(&index.book.customers[ctx.resolve(index.book, text)?])).transpose()?;
    if let Some(c) = found.filter(|c| c.closed) {
        planned.warnings.push(m::is_closed(lang, c.name));
    }
    for (column, text) in typed {
        let id = match found {
            Some(c) if Some(text.as_str()) != customer => super::find::contact(ctx, c, text)?.id,
            Some(c) => c.id,
            None => return Err(CliError::usage(m::missing_argument(lang, "CUSTOMER"))),
        };
        row.iter_mut().filter(|(c, _)| c == column).for_each(|(_, cell)| *cell = id.to_string());
    }
    Ok(())
}

fn cell<'r>(row: &'r NewRow, column: &str) -> &'r str {
    row.iter().find(|(c, _)| *c == column).map_or("", |(_, text)| text)
}

/// Whether a row with the same key is there.
fn taken(book: &Book, ledger: Ledger, row: &NewRow) -> bool {
    let same = |k: &&'static str| ledger.column(k).map(|n| (n, *k, ledger.in_key(k, cell(row, k))));
    let key: Vec<(usize, &str, &str)> = ledger.key().iter().filter_map(same).collect();
    let is_same = |r: &PlainRow| key.iter().all(|(n, k, text)| ledger.in_key(k, r.cell(*n)) == *text);
    book.plain.get(&ledger).into_iter().flatten().any(is_same)
}

/// What a new row is called: its id, or its key.
fn name_of(ledger: Ledger, row: &NewRow) -> String {
    let key: Vec<&str> = ledger.key().iter().map(|k| cell(row, k)).collect();
    key.join("/").trim_end_matches('/').to_string()
}

/// What messages say about a new row: the first thing that people would.
fn what_of(row: &NewRow) -> String {
    let named = ["name", "text", "title", "customer", "amount", "rate"].iter().map(|c| cell(row, c));
    let words: Vec<&str> = named.filter(|t| !t.is_empty()).collect();
    words.join("  ")
}
