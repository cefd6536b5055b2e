use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{EVENT_KINDS, Ledger};
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
        Some((kind, id)) if EVENT_KINDS.contains(&kind) && kind != "customer" => (Some(kind), id),
        Some(("customer", id)) => (None, id),
        _ => (None, args.subject.as_str()),
    };
    let of = |kind: Option<&str>| -> Vec<Event> {
        let fits = |e: &Event| kind.map_or(e.kind() != "customer", |k| e.kind() == k) && e.subject() == id;
        read.book.events.iter().filter(fits).collect()
    };
    let events: Vec<Event> = match kind {
        Some(kind) => of(Some(kind)),
        None => match ctx.resolve(read.book, id) {
            Ok(n) => index.events(n).to_vec(),
            // A row's own id needs no kind when only one kind of thing has events under it.
            Err(e) => match of(None) {
                list if list.is_empty() => return Err(e),
                list => list,
            },
        },
    };
    if events.is_empty() && kind.is_some() {
        let e = CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), kind.unwrap_or("event"), id));
        return Err(e);
    }
    let mut doc = report(read.book, &events, ctx.lang());
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish()
}
