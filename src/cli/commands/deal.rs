use super::close::{lost_by, with_lesson};
use super::order::{Conditions, prepare, request};
use super::record::{self, List, NewCells, Rm, Show, cell_text, column_name};
use super::trade::{check_products, entries, row_id};
use crate::cli::args::{CellPairs, Entered, Lines, Lost, OfCustomer, Step};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, no_row};
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet, SettingList};
use crate::model::plan::{Obstacle, Plan};
use crate::model::settings::DealStage;
use crate::report::deals as report;
use crate::report::fields::{choices, listed};
use crate::rules::deals::{self, Deal, New, OPEN, READS, WON};
use crate::rules::engine::index::Index;
use crate::rules::entry::Entry;
use crate::rules::placing::Order;
use crate::rules::requests::Who;
use crate::rules::turn::{Act, Extra};

/// Deals: add, list, show, set, move, win, lose, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    /// Deals that fit filter terms
    #[command(
        after_help = "Examples:\n  kehu deal list state:open owner:li --sort -weighted\n  kehu deal list stage:propose,negotiate close_date:..today --exit-code\n  kehu deal list state:won -p this-quarter --total --json"
    )]
    List(List),
    /// Show a deal: its state, its history, and the rows that name it
    #[command(after_help = "Examples:\n  kehu deal show d_k3f9w2m7ta4q")]
    Show(Show),
    Set(Set),
    Move(Move),
    Win(Box<Win>),
    Lose(Lose),
    /// Remove a deal; refused while anything refers to it
    #[command(after_help = "Examples:\n  kehu deal rm d_k3f9w2m7ta4q --dry-run")]
    Rm(Rm),
}

/// Add a deal: one possible sale, which goes from stage to stage
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The stages are in kehu.toml, [[deal_stages]]; a new deal begins in the first open one.\n\nExamples:\n  kehu deal add huaxin \"Line 3: controllers\" --amount 180000 --close-date +3m\n  kehu deal add acme \"Sensors for 2027\" --product prs-2 --stage propose --owner wu --source fair"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// What it is about
    pub(crate) title: String,
    /// The product it is mostly about
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
    /// Expected amount, without tax
    #[arg(long)]
    pub(crate) amount: Option<String>,
    /// Expected day of winning it
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) close_date: Option<String>,
    /// Who follows it (default: you)
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// Where it came from
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Option<String>,
    /// First stage (default: the first open one)
    #[arg(long)]
    pub(crate) stage: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
}

/// Change a deal; changes of amount, close_date and owner are kept as events
#[derive(Debug, clap::Args)]
#[command(
    after_help = "When a deal is won or lost, amount, close_date and owner can be changed only with --override.\n\nExamples:\n  kehu deal set d_k3f9w2m7ta4q amount=150000 close_date=+2m --note \"second phase put off\"\n  kehu deal set d_k3f9w2m7ta4q owner=wu\n  kehu deal set d_k3f9w2m7ta4q title=\"Line 3 and 4\" x_region=east"
)]
pub(crate) struct Set {
    /// Its id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) pairs: CellPairs,
    #[command(flatten)]
    pub(crate) step: Step,
}

/// Move a deal to another stage; kehu.toml says which stages may follow
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu deal move d_k3f9w2m7ta4q propose\n  kehu deal move d_k3f9w2m7ta4q discover --note \"new budget, new start\""
)]
pub(crate) struct Move {
    /// The deal
    pub(crate) deal: String,
    /// The stage
    pub(crate) stage: String,
    #[command(flatten)]
    pub(crate) step: Step,
}

/// Win a deal; with lines, kehu makes the order too
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Lines and options are those of `kehu order add`, and the same rules apply. The order names the deal.\n\nExamples:\n  kehu deal win d_k3f9w2m7ta4q\n  kehu deal win d_k3f9w2m7ta4q ctl-m5:20@6500 hmi7:2 --promised +30d --id SO-2026-118"
)]
pub(crate) struct Win {
    /// The deal
    pub(crate) deal: String,
    #[command(flatten)]
    pub(crate) lines: Lines,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// Lose a deal, and say why
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu deal lose d_k3f9w2m7ta4q --reason price --competitor \"Other Ltd\"\n  kehu deal lose d_k3f9w2m7ta4q --reason silent --lesson \"ask for the budget first\""
)]
pub(crate) struct Lose {
    /// The deal
    pub(crate) deal: String,
    #[command(flatten)]
    pub(crate) lost: Lost,
    /// What to do better next time
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) lesson: String,
    #[command(flatten)]
    pub(crate) step: Step,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Deals, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Move(a) => shift(a, ctx),
        Verb::Win(a) => win(a, ctx),
        Verb::Lose(a) => lose(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Deals), ctx),
    }
}

/// The deal of an id, `deal:` in front or not.
fn deal_of<'b>(ctx: &Context, book: &'b Book, id: &str) -> Result<Deal<'b>> {
    let id = id.strip_prefix("deal:").unwrap_or(id);
    Deal::find(book, id).ok_or_else(|| no_row(ctx.lang(), "deal", id, Deal::all(book).map(|d| d.id())))
}

/// An open stage by its id or label. `win` and `lose` say how a deal ends, because they ask what has to be asked.
fn open_stage<'c>(ctx: &'c Context, word: &str) -> Result<&'c DealStage> {
    let lang = ctx.lang();
    let stage = deals::named(&ctx.settings, word).ok_or_else(|| {
        let ids = deals::stages(&ctx.settings);
        CliError::usage(m::unknown_stage(lang, word))
            .nearest(lang, &nearest(word, ids.iter().copied()))
            .hint(m::hint_stages(lang, choices(lang, &ctx.settings, SettingList::DealStages)))
    })?;
    match stage.category.as_str() {
        OPEN => Ok(stage),
        how => {
            let verb = if how == WON { "win" } else { "lose" };
            Err(CliError::usage(m::deal_by_verb(
                lang,
                listed(lang, &ctx.settings, SettingList::DealStages, &stage.id),
                verb,
            )))
        }
    }
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let at = ctx.fact(args.entered.at.as_deref())?;
    let act = ctx.act("", args.entered.at.as_deref())?;
    let stage = match &args.stage {
        Some(word) => open_stage(ctx, word)?.id.as_str(),
        None => deals::first_stage(&ctx.settings),
    };
    if stage.is_empty() {
        return Err(CliError::usage(m::no_deal_stages(ctx.lang())).hint(m::hint_deal_stages(ctx.lang())));
    }
    let owner = match &args.owner {
        Some(who) => ctx.present_member(who)?.id,
        None => ctx.actor()?.id,
    };
    let cells = NewCells::new(ctx, Ledger::Deals).typed("title", &args.title)?;
    let cells = cells.given("product", args.product.as_deref())?.given("amount", args.amount.as_deref())?;
    let cells = cells.given("close_date", args.close_date.as_deref())?.given("source", args.source.as_deref())?;
    let cells = cells.given("note", Some(&args.entered.note))?.put("owner", owner).done();
    ctx.transact(with_products(args.product.is_some()), |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        check_product(ctx, book, args.product.as_deref().unwrap_or_default())?;
        let id = row_id(ctx, Ledger::Deals, args.entered.id.as_deref(), |id| Deal::find(book, id).is_some())?;
        let new = New { id, customer, at, stage, cells: cells.clone() };
        ctx.planned(book, ctx.who(false, "")?, deals::enter(index, &new, &act))
    })
}

/// What deals need read; with products where one is named.
fn with_products(named: bool) -> Reads {
    let products = if named { LedgerSet::of(&[Ledger::Products]) } else { LedgerSet::NONE };
    READS.and(Reads { ledgers: products, ..Reads::NOTHING })
}

fn check_product(ctx: &Context, book: &Book, product: &str) -> Result<()> {
    check_products(ctx, book, &[Entry { product: product.into(), ..Entry::default() }])
}

/// Does something with a deal, on a day that has come.
fn step(
    (id, note, step): (&str, &str, &Step),
    ctx: &Context,
    plan: impl FnOnce(&Index<'_>, &Deal<'_>, &Act, Who<'_>) -> std::result::Result<Plan, Obstacle>,
) -> Result<()> {
    let act = ctx.deed(note, step.at.as_deref())?;
    ctx.transact(READS, |index, _| {
        let deal = deal_of(ctx, index.book, id)?;
        let who = ctx.who(*step.force, &act.note)?;
        ctx.planned(index.book, who, plan(index, &deal, &act, who))
    })
}

fn shift(args: &Move, ctx: &Context) -> Result<()> {
    let to = open_stage(ctx, &args.stage)?;
    step((&args.deal, &args.step.note, &args.step), ctx, |_, deal, act, who| {
        deals::move_to(deal, &to.id, act, &Extra::default(), who)
    })
}

fn win(args: &Win, ctx: &Context) -> Result<()> {
    let (c, entered) = (&args.conditions, &args.conditions.entered);
    // What only an order can have asks for lines.
    let of_order = [&c.due, &c.promised, &c.contract, &c.split, &c.extra_cost, &*c.tax_rate, &c.by, &*entered.id];
    if args.lines.is_empty() && of_order.iter().all(|o| o.is_none()) {
        let alone = Step { note: entered.note.clone(), at: entered.at.clone(), force: c.force.clone() };
        return step((&args.deal, &alone.note, &alone), ctx, |index, deal, act, who| {
            deals::win(index, deal, None, act, who)
        });
    }
    let act = ctx.deed(&entered.note, entered.at.as_deref())?;
    let lines = entries(ctx, &args.lines)?;
    let placing = prepare(ctx, c)?;
    let actor = ctx.actor()?.id;
    ctx.transact(placing.reads.and(READS), |index, _| {
        let book = index.book;
        let deal = deal_of(ctx, book, &args.deal)?;
        let customer = deal.customer().map_or_else(|| ctx.resolve(book, deal.entry("customer")), Ok)?;
        let owner = deal.now("owner");
        let by = if ctx.team.get(owner).is_some_and(|m| m.is_here(placing.at.day)) { owner } else { actor };
        let order = request(ctx, book, &placing, customer, by)?;
        check_products(ctx, book, &lines)?;
        let (who, note) = (Who { note: &placing.note, ..order.who }, placing.note.as_str());
        let order = Order { lines: &lines, note, who, ..order };
        ctx.planned(book, who, deals::win(index, &deal, Some(order), &act, who))
    })
}

fn lose(args: &Lose, ctx: &Context) -> Result<()> {
    let extra = lost_by(ctx, &args.lost)?;
    let note = with_lesson(&args.step.note, &args.lesson);
    step((&args.deal, &note, &args.step), ctx, |_, deal, act, who| deals::lose(deal, act, &extra, who))
}

/// What events tell is told by an event; everything else is a correction of the row.
fn set(args: &Set, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let act = ctx.deed(&args.step.note, args.step.at.as_deref())?;
    let mut turned: Vec<(&'static str, String)> = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    let mut product = "";
    for p in args.pairs.iter() {
        let (key, typed) = p.split_once('=').ok_or_else(|| CliError::usage(m::key_value_form(lang, p)))?;
        match column_name(Ledger::Deals, key).as_str() {
            "stage" | "state" => {
                return Err(CliError::usage(m::stage_by_verb(lang)));
            }
            "owner" if !typed.is_empty() => turned.push(("owner", ctx.present_member(typed)?.id.to_string())),
            column => match Ledger::Deals.turned(column) {
                Some(event) => turned.push((event.name, cell_text(ctx, Ledger::Deals, column, typed)?)),
                None => {
                    product = if column == "product" { typed } else { product };
                    cells.push(p.clone());
                }
            },
        }
    }
    ctx.transact(with_products(!product.is_empty()), |index, _| {
        let book = index.book;
        let deal = deal_of(ctx, book, &args.id)?;
        check_product(ctx, book, product)?;
        let who = ctx.who(*args.step.force, &act.note)?;
        let mut planned = ctx.planned(book, who, deals::change(&deal, &turned, &act, who))?;
        record::edit(ctx, book, (Ledger::Deals, deal.row), deal.id(), &cells, &mut planned)?;
        Ok(planned)
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(report::reads())?;
    let index = Index::new(read.book);
    let deal = deal_of(ctx, read.book, id)?;
    ctx.print(&report::show(&index, &deal, ctx.lang()))?;
    read.finish()
}
