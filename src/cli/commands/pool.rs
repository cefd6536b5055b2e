use super::chosen;
use super::list::chosen_by;
use super::stage;
use crate::cli::args::{Note, Terms};
use crate::cli::context::{Context, Result};
use crate::cli::report::split_terms;
use crate::cli::table::ListArgs;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::period::Period;
use crate::model::value::Values;
use crate::report::document::{Block, Column, Document};
use crate::report::fields::CustomerFields;
use crate::report::figures::ReportFields;
use crate::report::pool as report;
use crate::rules::engine::index::Index;
use crate::rules::pool::READS;
use crate::rules::releasing::{keep, sweep};

/// The public pool (公海): list, sweep, warn, keep
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    List(List),
    Sweep(Sweep),
    Warn(Warn),
    Keep(Keep),
}

/// Customers in the pool, and from when on they may be claimed
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu pool list\n  kehu pool list pool:east --sort in_pool_since --limit 20\n  kehu pool list claim_from:..today -f ids"
)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Customers that have passed a limit, and by which date; --apply releases them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing is released on a day that is not worked. Limits: follow_days, deal_days, after_contract_days in kehu.toml, by grade, intent, stage, pool.\n\nExamples:\n  kehu pool sweep\n  kehu pool sweep owner:li --explain\n  kehu pool sweep --apply -q"
)]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// Release them
    #[arg(long)]
    pub(crate) apply: bool,
    /// Show every limit and every reason of each customer
    #[arg(long, conflicts_with = "apply")]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Customers that will pass a limit soon, fewest days first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu pool warn\n  kehu pool warn owner:li days_left.le:3 --exit-code")]
pub(crate) struct Warn {
    #[command(flatten)]
    pub(crate) terms: Terms,
    /// Show every limit and every reason of each customer
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Keep customers out of the pool up to a day; whoever does not lead files a request
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu pool keep huaxin --until +3m --note \"budget comes in spring\"")]
pub(crate) struct Keep {
    /// Customers, or filter terms
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// First day on which it may be released again
    #[arg(long, value_name = "DATE", required = true)]
    pub(crate) until: String,
    #[command(flatten)]
    pub(crate) note: Note,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::List(a) => list(a, ctx),
        Verb::Sweep(a) if a.apply => apply(a, ctx),
        Verb::Sweep(a) => {
            if !ctx.settings.is_working_day(ctx.today) {
                ctx.ui.note(&m::pool_idle_day(ctx.lang(), ctx.today));
            }
            limits(&a.terms, &a.list, (report::passed, a.explain, true), ctx)
        }
        Verb::Warn(a) => limits(&a.terms, &a.list, (report::warned, a.explain, false), ctx),
        Verb::Keep(a) => kept(a, ctx),
    }
}

/// Prints what is made of the customers that terms choose; terms on the table's own columns judge what is shown.
fn shown(
    terms: &[String],
    args: &ListArgs,
    own: Vec<(Column, Values)>,
    reads: Reads,
    ctx: &Context,
    make: impl FnOnce(&Index<'_>, &[usize]) -> Document,
) -> Result<()> {
    let customers = CustomerFields::new(&ctx.settings, &ctx.team);
    let fields = ReportFields::beside(own, &customers);
    let (figures, rows) = split_terms(ctx, terms, &fields)?;
    let (read, chosen) = chosen_by(ctx, rows, reads)?;
    let index = Index::kept(read.book);
    let mut doc = make(&index, &chosen(&index));
    if let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) {
        fields.keep(table, &figures);
    }
    args.arrange(ctx, &mut doc)?;
    args.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, Period::ALL))
}

fn list(args: &List, ctx: &Context) -> Result<()> {
    let reads = Reads::customers_and(&[Ledger::Activities, Ledger::Events]);
    let lang = ctx.lang();
    shown(&args.terms, &args.list, report::list_fields(lang), reads, ctx, |index, chosen| {
        report::list(index, chosen, lang)
    })
}

/// Picks from where customers stand.
type Pick = fn(&Index<'_>, &report::Stands) -> report::Stands;

fn limits(terms: &[String], args: &ListArgs, (pick, explain, soon): (Pick, bool, bool), ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    shown(terms, args, report::fields(lang), READS, ctx, |index, chosen| {
        let all = report::standings(index, chosen);
        let picked = pick(index, &all);
        let mut doc = Document::table(report::table(index, &picked, lang));
        let warned = if soon { report::warned(index, &all) } else { Vec::new() };
        if !warned.is_empty() {
            let table = report::table(index, &warned, lang);
            doc.blocks.push(Block::Table(crate::report::document::Table {
                title: Some(m::pool_warnings_title(lang)),
                ..table
            }));
        }
        if explain {
            report::explain(&mut doc, index, &picked, lang);
        }
        doc
    })
}

fn apply(args: &Sweep, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    let filter = ctx.filter(&args.terms, &fields)?;
    let reads = filter.fields().into_iter().map(|id| fields.reads(id)).fold(READS, Reads::and);
    let act = ctx.act("", None)?;
    ctx.transact(reads, |index, _| {
        crate::cli::record::customers_exist(ctx, index.book, &filter, &fields)?;
        let chosen = super::list::choice(filter)(index);
        if !ctx.settings.is_working_day(ctx.today) {
            ctx.ui.note(&m::pool_idle_day(lang, ctx.today));
        }
        let passed = report::passed(index, &report::standings(index, &chosen));
        let who = ctx.who(false, &act.note)?;
        ctx.planned(index.book, who, sweep(index, &passed, &act))
    })
}

fn kept(args: &Keep, ctx: &Context) -> Result<()> {
    let until = ctx.day(&args.until)?;
    let act = ctx.act(&args.note, None)?;
    let reads = stage::READS.and(Reads { plain: LedgerSet::of(&[Ledger::Requests]), ..Reads::NOTHING });
    chosen::transact(ctx, &args.words, reads, |index, chosen| {
        let who = ctx.who(false, &act.note)?;
        ctx.planned(index.book, who, keep(index, chosen, until, who))
    })
}
