use super::close::lost_by;
use super::order::{Conditions, Happen, prepare, request};
use super::trade::{READS, check_products, entries, price_reads, row_id, tax_rate};
use crate::cli::args::{Ack, Entered, Lines, Lost, OfCustomer, Override, TaxRate};
use crate::cli::context::{Context, Result, readable};
use crate::cli::error::no_row;
use crate::cli::record::{self, List, Rm, SetSold, Show, cell_text, must_exist};
use crate::i18n::{messages as m, note, refusal};
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::{Str, intern};
use crate::report::document::{Block, Card, Cell, Document};
use crate::report::{col, num, quotes};
use crate::rules::complaints::guard::{self, Sale};
use crate::rules::engine::index::Index;
use crate::rules::placing::Order;
use crate::rules::pricing::{currency_of, estimate};
use crate::rules::quotes::Quote;
use crate::rules::quoting::{self, Offer};
use crate::rules::requests::Who;

/// Quotes: try, add, send, accept, decline, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Try(Try),
    Add(Box<Add>),
    /// Write down that a quote was sent to the customer
    #[command(
        after_help = "Examples:\n  kehu quote send q_k3f9w2m7ta4q\n  kehu quote send q_k3f9w2m7ta4q --at yesterday --note \"by mail to Mr Wang\""
    )]
    Send(Happen),
    Accept(Box<Accept>),
    Decline(Decline),
    /// Quotes that fit filter terms, a row for each quote
    #[command(
        after_help = "Examples:\n  kehu quote list state:draft,sent by:li\n  kehu quote list state:sent valid_until:..next-week --exit-code\n  kehu quote list margin.lt:0.15 --sort margin --json"
    )]
    List(List),
    /// Show a quote: its amounts, its versions and their changes, its history
    Show(Show),
    Set(SetSold),
    Rm(Rm),
}

/// Work out revenue, cost, margin and lowest price of lines; nothing is stored
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Write lines as in `kehu order add`. The cost is the standard cost of today.\n\nExamples:\n  kehu quote try huaxin ctl-m5:2@6500\n  kehu quote try huaxin ctl-m5:2 hmi7:1-5% --json"
)]
pub(crate) struct Try {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    #[command(flatten)]
    pub(crate) lines: Lines,
    #[command(flatten)]
    pub(crate) tax_rate: TaxRate,
    /// Currency of all prices (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
}

/// Add a quote, or a new version of one; the rules for prices are those of orders
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Write lines as in `kehu order add`. A new version replaces the one before.\nkehu.toml says how long a quote is valid: [quotes] valid_days.\n\nExamples:\n  kehu quote add huaxin ctl-m5:2@6500 hmi7:1-5% --valid-until +30d\n  kehu quote add huaxin ctl-m5:2@6300 --version-of q_k3f9w2m7ta4q\n  kehu quote add huaxin ctl-m5:20@5200 --override --note \"agreed with the director\" --as chen"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    #[command(flatten)]
    pub(crate) lines: Lines,
    /// Last day on which it is valid (default: by [quotes] valid_days)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) valid_until: Option<String>,
    /// The quote that this one replaces
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    pub(crate) version_of: Option<String>,
    /// The deal that it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// The need that it answers
    #[arg(long, value_name = "ID")]
    pub(crate) need: Option<String>,
    /// Currency of all prices (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Who made it (default: you)
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) ack: Ack,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// Make an order of a quote, at its prices; the rules of today apply
#[derive(Debug, clap::Args)]
#[command(
    after_help = "kehu sets cost, due day and stage as in `kehu order add`.\n\nExamples:\n  kehu quote accept q_k3f9w2m7ta4q\n  kehu quote accept q_k3f9w2m7ta4q --promised +14d --id SO-2026-118"
)]
pub(crate) struct Accept {
    /// The quote
    pub(crate) quote: String,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// Write down that the customer declined a quote
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu quote decline q_k3f9w2m7ta4q --reason price --note \"8 % above the other\"\n  kehu quote decline q_k3f9w2m7ta4q --reason competitor --competitor \"Other Ltd\""
)]
pub(crate) struct Decline {
    #[command(flatten)]
    pub(crate) what: Happen,
    #[command(flatten)]
    pub(crate) lost: Lost,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Try(a) => what_if(a, ctx),
        Verb::Add(a) => add(a, ctx),
        Verb::Send(a) => send(a, ctx),
        Verb::Accept(a) => accept(a, ctx),
        Verb::Decline(a) => decline(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Quotes, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => record::set_sold(&a.set.id, &a.set.pairs, Some(Ledger::Quotes), &a.allow, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Quotes), ctx),
    }
}

fn what_if(args: &Try, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let typed = entries(ctx, &args.lines)?;
    let tax_rate = tax_rate(ctx, &args.tax_rate)?;
    let currency =
        args.currency.as_deref().map_or(Ok(String::new()), |c| cell_text(ctx, Ledger::Quotes, "currency", c))?;
    let read = ctx.load(price_reads(ctx))?;
    let index = Index::new(read.book);
    let customer = ctx.resolve(read.book, &args.customer)?;
    let c = &read.book.customers[customer];
    check_products(ctx, read.book, &typed)?;
    let terms = (tax_rate, currency.as_str());
    let e = estimate(&index, customer, ctx.actor_if_known(), terms, &typed).map_err(|o| ctx.hindered(&o))?;
    let base = ctx.settings.file.currency.as_str();
    let own = currency_of(read.book, &currency);
    let refused: Vec<String> = e.judged.refusals.iter().map(|r| ctx.refused(r).message).collect();
    let noted = e.judged.warnings.iter().map(|n| note::words(lang, n));
    let warnings: Vec<String> = refused.iter().cloned().chain(noted).collect();
    let products: Vec<Str> = typed.iter().map(|e| intern(&e.product)).collect();
    let sale = Sale { customer, day: read.book.today, products: &products };
    let found = guard::found(&index, sale);
    let warnings: Vec<String> =
        warnings.into_iter().chain(guard::warnings(&found).iter().map(|n| ctx.said(n))).collect();
    let known = Cell::list(found.own.iter().map(|c| c.id()));
    let money = |a: Option<Decimal>| a.map_or(Cell::NotAvailable, |amount| Cell::money(amount, own));
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let fields = vec![
        (col(lang, "customer"), Cell::Id(c.id.into())),
        (col(lang, "name"), Cell::Text(c.name.into())),
        (num(lang, "revenue"), money(Some(e.revenue))),
        (num(lang, "total_amount"), money(Some(e.total))),
        (num(lang, "cost"), money(e.cost)),
        (num(lang, "profit"), money(e.profit)),
        (num(lang, "margin"), ratio(e.margin)),
        (num(lang, "margin_floor"), Cell::Ratio(e.floor)),
        (num(lang, "min_amount"), money(e.min_amount)),
        (num(lang, "break_even"), money(e.cost)),
        (num(lang, "usual_margin"), ratio(e.usual_margin)),
        (num(lang, "outstanding"), money(e.outstanding.known())),
        (num(lang, "overdue"), money(e.overdue.known())),
        (num(lang, "credit_limit"), e.credit_limit.map_or(Cell::Missing, |n| Cell::money(n, base))),
        (col(lang, "allowed"), Cell::Flag(refused.is_empty())),
        (col(lang, "same_goods"), if found.own.is_empty() { Cell::Missing } else { known }),
        (col(lang, "warnings"), if warnings.is_empty() { Cell::Missing } else { Cell::list(warnings) }),
    ];
    let mut blocks = vec![Block::Card(Card { title: None, fields }), Block::Note(m::quote_cost_today(lang))];
    if !found.own.is_empty() {
        blocks.push(Block::Note(m::guard_title(lang)));
    }
    for c in &found.own {
        let mut story = guard::story(c);
        readable(&mut story);
        blocks.push(Block::Note(refusal::story(lang, &story).join("\n")));
    }
    ctx.print(&Document { title: None, blocks, main: 0 })?;
    read.finish()
}

/// The quote of an id.
fn quote_of<'x, 'a>(ctx: &Context, index: &'x Index<'a>, id: &str) -> Result<&'x Quote<'a>> {
    let id = id.strip_prefix("quote:").unwrap_or(id);
    index.quotes().get(id).ok_or_else(|| no_row(ctx.lang(), "quote", id, index.quotes().all().iter().map(|q| q.id)))
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let typed = entries(ctx, &args.lines)?;
    let lines = quoting::quoted(&typed).map_err(|o| ctx.hindered(&o))?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let actor = ctx.actor()?.id;
    let by = args.by.as_deref().map_or(Ok(actor), |w| ctx.member(w).map(|x| x.id))?;
    let valid_until = args.valid_until.as_deref().map(|day| ctx.day(day)).transpose()?;
    let cell = |column: &str, value: &Option<String>| -> Result<String> {
        value.as_deref().map_or(Ok(String::new()), |v| cell_text(ctx, Ledger::Quotes, column, v))
    };
    let (deal, need) = (cell("deal", &args.deal)?, cell("need", &args.need)?);
    let currency = cell("currency", &args.currency)?;
    let note = cell_text(ctx, Ledger::Quotes, "note", &args.entered.note)?;
    let mut reads = price_reads(ctx);
    for (value, ledger) in [(&deal, Ledger::Deals), (&need, Ledger::Needs)] {
        if !value.is_empty() {
            reads = reads.and(Reads { plain: LedgerSet::of(&[ledger]), ..Reads::NOTHING });
        }
    }
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        for (value, ledger) in [(&deal, Ledger::Deals), (&need, Ledger::Needs)] {
            if !value.is_empty() {
                must_exist(ctx, book, ledger, value)?;
            }
        }
        let replaces = args.version_of.as_deref().map(|id| quote_of(ctx, index, id)).transpose()?;
        let taken = |id: &str| book.quotes.iter().any(|l| l.id == id);
        let id = match replaces {
            Some(q) => q.id.to_string(),
            None => row_id(ctx, Ledger::Quotes, args.entered.id.as_deref(), taken)?,
        };
        check_products(ctx, book, &lines)?;
        let who = ctx.who(*args.force, &note)?;
        let (deal, need, note, lines, currency) = (&deal, &need, &note, &lines, &currency);
        let by_clock = args.entered.at.is_none() && ctx.is_now();
        let (now, acknowledged) = (ctx.event_time(), *args.ack);
        let offer = Offer {
            id,
            customer,
            replaces,
            lines,
            at,
            by_clock,
            valid_until,
            deal,
            need,
            currency,
            by,
            note,
            who,
            now,
            acknowledged,
        };
        ctx.planned(book, who, quoting::offer(index, &offer))
    })
}

fn send(args: &Happen, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.note, args.at.as_deref())?;
    ctx.transact(READS, |index, _| {
        let q = quote_of(ctx, index, &args.id)?;
        ctx.planned(index.book, ctx.who(false, "")?, quoting::send(index, q, &act))
    })
}

fn decline(args: &Decline, ctx: &Context) -> Result<()> {
    let extra = lost_by(ctx, &args.lost)?;
    let act = ctx.deed(&args.what.note, args.what.at.as_deref())?;
    ctx.transact(READS, |index, _| {
        let q = quote_of(ctx, index, &args.what.id)?;
        ctx.planned(index.book, ctx.who(false, "")?, quoting::decline(index, q, &act, &extra))
    })
}

fn accept(args: &Accept, ctx: &Context) -> Result<()> {
    let placing = prepare(ctx, &args.conditions)?;
    let act = ctx.act("", args.conditions.entered.at.as_deref())?;
    let actor = ctx.actor()?.id;
    ctx.transact(placing.reads, |index, _| {
        let book = index.book;
        let q = quote_of(ctx, index, &args.quote)?;
        let head = q.current().head();
        let customer = q.customer.map_or_else(|| ctx.resolve(book, head.customer), Ok)?;
        let by = if ctx.team.get(head.by).is_some_and(|m| m.is_here(placing.at.day)) { head.by } else { actor };
        let order = request(ctx, book, &placing, customer, by)?;
        check_products(ctx, book, &q.current().entries())?;
        let (who, note) = (Who { note: &placing.note, ..order.who }, placing.note.as_str());
        ctx.planned(book, who, quoting::accept(index, q, Order { note, who, ..order }, &act))
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(quotes::READS)?;
    let index = Index::new(read.book);
    let q = quote_of(ctx, &index, id)?;
    ctx.print(&quotes::show(&index, q, ctx.lang()))?;
    read.finish()
}
