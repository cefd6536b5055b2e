use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{EVENT_KINDS, Ledger, LedgerSet, ledger_of_kind};
use crate::model::row::Event;
use crate::report::history::report;
use crate::rules::engine::index::Index;

/// Show the history of a customer, order, task …: what changed, who changed it, when and why
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu history huaxin\n  kehu history task:t_k3f9w2m7ta4q --json")]
pub(crate) struct Args {
    /// A customer, or kind:id of anything else
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let read = ctx.load(Reads::customers_and(&[Ledger::Events]))?;
    let index = Index::new(read.book);
    let (kind, id) = match args.subject.split_once(':') {
        Some(("customer", id)) => (None, id),
        Some((kind, id)) if EVENT_KINDS.contains(&kind) || ledger_of_kind(kind).is_some() => (Some(kind), id),
        _ => (None, args.subject.as_str()),
    };
    let of = |kind: Option<&str>| -> Vec<Event> {
        let fits = |e: &Event| kind.map_or(e.kind() != "customer", |k| e.kind() == k) && e.subject() == id;
        read.book.events.iter().filter(fits).collect()
    };
    let events: Vec<Event> = match kind {
        Some(kind) => of(Some(kind)),
        None => match ctx.resolve(read.book, id) {
            // A customer that became part of another one has a history of its own.
            Ok(n) if read.book.customers[n].id != id && read.book.merged_away().contains(id) => of(Some("customer")),
            Ok(n) => with_merged(read.book, n, index.events(n)),
            // A row's own id needs no kind when only one kind of thing has events under it.
            Err(e) => match of(None) {
                list if list.is_empty() => return Err(e),
                list => list,
            },
        },
    };
    if events.is_empty() {
        if let Some(kind) = kind {
            must_be_there(ctx, kind, id)?;
        }
        ctx.ui.note(&m::no_history(ctx.lang(), id));
    }
    let mut doc = report(read.book, &events, ctx.lang());
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish()
}

/// A customer's events, and those that made others part of it.
fn with_merged(book: &Book, customer: usize, own: &[Event]) -> Vec<Event> {
    let merged =
        |e: &Event| e.event() == "merged" && e.kind() == "customer" && e.subject() != book.customers[customer].id;
    let others = book.events.iter().filter(|e| merged(e) && book.customer_index(e.to()) == Some(customer));
    own.iter().copied().chain(others).collect()
}

/// A thing that nothing has happened to is there all the same, or there is none of that name.
fn must_be_there(ctx: &Context, kind: &str, id: &str) -> Result<()> {
    let ledger = ledger_of_kind(kind);
    let plain = ledger.map_or(LedgerSet::NONE, |l| LedgerSet::of(&[l]));
    let read = ctx.load(Reads { plain, ..Reads::NOTHING })?;
    let has = |l: Ledger| {
        let n = l.column("id");
        read.book.plain.get(&l).into_iter().flatten().any(|r| n.is_some_and(|n| r.cell(n) == id))
    };
    if ledger.is_some_and(has) {
        return Ok(());
    }
    Err(CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), kind, id)))
}
