use super::trade::{READS, check_products, entries, lines_of, number, price_reads, row_id, tax_rate};
use crate::cli::args::{Ack, Entered, Lines, Note, OfCustomer, Override, OwnId, TaxRate, When};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::{self, List, NewCells, Rm, SetSold, Show, cell_text, column_name, must_exist};
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::new_rows::NewRow;
use crate::model::period::Period;
use crate::model::row::PlainRow;
use crate::model::value::Schema;
use crate::report::document::{Block, Document};
use crate::report::fields::LedgerFields;
use crate::report::ledger_list::report;
use crate::report::orders::{order_table, orders};
use crate::rules::complaints::guard;
use crate::rules::engine::index::Index;
use crate::rules::entry::Entry;
use crate::rules::floors::by_class;
use crate::rules::placing::{self, Firm, Happening, Order, place};
use crate::rules::requests::Who;

/// Orders: add, confirm, ship, deliver, cancel, return, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Box<Add>),
    /// Write down that an order is confirmed
    Confirm(Happen),
    Ship(Ship),
    /// Write down that an order was delivered
    Deliver(Happen),
    Cancel(Cancel),
    Return(Return),
    List(List),
    Show(Show),
    Set(SetSold),
    Rm(Rm),
}

/// Add an order; kehu sets price, tax, cost and due day by the rules, and they stay
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A line is PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], or --line \"key=value …\" with the keys product, quantity, price,\ndiscount, amount, unit_cost, extra_cost and note. Without a price, the list price of the day counts.\n[tax] prices in kehu.toml says whether you type prices and amounts with or without tax.\n\nExamples:\n  kehu order add huaxin ctl-m5:2 hmi7:1@1850-5%\n  kehu order add huaxin --line \"product=ctl-m5 quantity=2 price=6800 discount=0.05\"\n  kehu order add huaxin ctl-m5:2 --line \"amount=5000 note=installation on site\" --promised +14d\n  kehu order add huaxin ctl-m5:20@5200 --override --note \"agreed with the director\" --as chen"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    #[command(flatten)]
    pub(crate) lines: Lines,
    /// The deal that it came from
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// Currency of all prices (default: the one in kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// What an order says besides its lines.
#[derive(Debug, clap::Args)]
pub(crate) struct Conditions {
    /// Day on which it is due (default: by the customer's terms)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) due: Option<String>,
    /// Promised day of delivery
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) promised: Option<String>,
    /// The contract that it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// Who shares the sale: li:0.7,wu:0.3
    #[arg(long, value_name = "WHO:SHARE,…")]
    pub(crate) split: Option<String>,
    /// Freight, commission … of the whole order
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) extra_cost: Option<String>,
    #[command(flatten)]
    pub(crate) tax_rate: TaxRate,
    /// Who sold it (default: you, or who made the quote)
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    #[command(flatten)]
    pub(crate) entered: Entered,
    #[command(flatten)]
    pub(crate) ack: Ack,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// What happened to an order
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu order ship o_k3f9w2m7ta4q\n  kehu order deliver o_k3f9w2m7ta4q --at yesterday"
)]
pub(crate) struct Happen {
    /// Its id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) at: When,
    #[command(flatten)]
    pub(crate) note: Note,
}

/// Write down that an order was shipped; asks where the customer complained about the same goods
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu order ship o_k3f9w2m7ta4q\n  kehu order ship o_k3f9w2m7ta4q --at yesterday --ack"
)]
pub(crate) struct Ship {
    #[command(flatten)]
    pub(crate) what: Happen,
    #[command(flatten)]
    pub(crate) ack: Ack,
}

/// Cancel an order, so that it no longer counts; refused when the customer has paid for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu order cancel o_k3f9w2m7ta4q --note \"ordered twice\"")]
pub(crate) struct Cancel {
    #[command(flatten)]
    pub(crate) what: Happen,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// Take goods back: a new order with the price, discount and cost of the original line
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "Examples:\n  kehu order return o_k3f9w2m7ta4q 1 2\n  kehu order return o_k3f9w2m7ta4q 1 1 --note \"scratched\""
)]
pub(crate) struct Return {
    /// The order
    pub(crate) order: String,
    /// Its line
    pub(crate) line: String,
    /// Quantity that comes back
    pub(crate) quantity: String,
    #[command(flatten)]
    pub(crate) entered: Entered,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Confirm(a) => happen(a, Happening::Confirmed, Firm::default(), ctx),
        Verb::Ship(a) => happen(&a.what, Happening::Shipped, Firm { acknowledged: *a.ack, ..Firm::default() }, ctx),
        Verb::Deliver(a) => happen(a, Happening::Delivered, Firm::default(), ctx),
        Verb::Cancel(a) => happen(&a.what, Happening::Cancelled, Firm { forced: *a.force, ..Firm::default() }, ctx),
        Verb::Return(a) => take_back(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Orders, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Orders), ctx),
    }
}

/// The conditions of an order, read and checked as far as that goes without the book.
pub(crate) struct Placing<'a> {
    pub(crate) at: At,
    /// What is to be read.
    pub(crate) reads: Reads,
    by: Option<&'a str>,
    due: Option<Day>,
    tax_rate: Option<Decimal>,
    extra_cost: Decimal,
    shared: NewRow,
    /// As the file holds it.
    pub(crate) note: String,
    conditions: &'a Conditions,
}

/// Reads the conditions of an order.
pub(crate) fn prepare<'a>(ctx: &'a Context, c: &'a Conditions) -> Result<Placing<'a>> {
    let at = ctx.fact(c.entered.at.as_deref())?;
    ctx.actor()?;
    let by = c.by.as_deref().map(|w| ctx.member(w).map(|x| x.id)).transpose()?;
    let shared = NewCells::new(ctx, Ledger::Orders).given("promised", c.promised.as_deref())?;
    let shared = shared.given("contract", c.contract.as_deref())?.given("split", c.split.as_deref())?.done();
    // What the playbook of a stage asks for is asked for once.
    let tasks = Reads { ledgers: LedgerSet::of(&[Ledger::Tasks]), ..Reads::NOTHING };
    let mut reads = price_reads(ctx).and(tasks);
    if c.contract.is_some() {
        reads = reads.and(Reads { plain: LedgerSet::of(&[Ledger::Contracts]), ..Reads::NOTHING });
    }
    let tax_rate = tax_rate(ctx, &c.tax_rate)?;
    let extra_cost = c.extra_cost.as_deref().map(|e| number(ctx, "extra_cost", e)).transpose()?.unwrap_or_default();
    let due = c.due.as_deref().map(|d| ctx.day(d)).transpose()?;
    let note = cell_text(ctx, Ledger::Orders, "note", &c.entered.note)?;
    Ok(Placing { at, reads, by, due, tax_rate, extra_cost, shared, note, conditions: c })
}

/// The id of a new order.
fn order_id(ctx: &Context, book: &Book, own: &OwnId) -> Result<String> {
    row_id(ctx, Ledger::Orders, own.as_deref(), |id| book.orders.iter().any(|l| l.id() == id))
}

/// The order that conditions ask for. The caller fills in lines and currency, and who sold it unless the conditions
/// say.
pub(crate) fn request<'a>(
    ctx: &'a Context,
    book: &Book,
    placing: &Placing<'a>,
    customer: usize,
    by: &'a str,
) -> Result<Order<'a>> {
    let c = placing.conditions;
    if let Some(id) = &c.contract {
        must_exist(ctx, book, Ledger::Contracts, id)?;
    }
    Ok(Order {
        id: order_id(ctx, book, &c.entered.id)?,
        customer,
        at: placing.at,
        by: placing.by.unwrap_or(by),
        lines: &[],
        currency: "",
        tax_rate: placing.tax_rate,
        extra_cost: placing.extra_cost,
        due: placing.due,
        shared: placing.shared.clone(),
        note: "",
        now: ctx.event_time(),
        who: ctx.who(*c.force, "")?,
        acknowledged: *c.ack,
    })
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let typed = entries(ctx, &args.lines)?;
    let placing = prepare(ctx, &args.conditions)?;
    let deal = args.deal.as_deref().map(|d| cell_text(ctx, Ledger::Orders, "deal", d)).transpose()?.unwrap_or_default();
    let mut reads = placing.reads;
    if !deal.is_empty() {
        reads = reads.and(Reads { plain: LedgerSet::of(&[Ledger::Deals]), ..Reads::NOTHING });
    }
    let currency = match &args.currency {
        Some(c) if *c != ctx.settings.file.currency => cell_text(ctx, Ledger::Orders, "currency", c)?,
        _ => String::new(),
    };
    let by = ctx.actor()?.id;
    // All orders must be read to know whether a number of the company's own is taken, and which value class a customer has;
    // others' complaints where everybody is warned of one.
    let all = args.conditions.entered.id.is_some() || by_class(&ctx.settings) || warns_all(ctx, &typed)?;
    let one = (!all).then_some(&*args.customer);
    ctx.transact_for(reads, one, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        let mut order = request(ctx, book, &placing, customer, by)?;
        if !deal.is_empty() {
            must_exist(ctx, book, Ledger::Deals, &deal)?;
            order.shared.push(("deal", deal.clone()));
        }
        check_products(ctx, book, &typed)?;
        let (who, note) = (Who { note: &placing.note, ..order.who }, placing.note.as_str());
        let order = Order { lines: &typed, currency: &currency, note, who, ..order };
        ctx.planned(book, who, place(index, &order))
    })
}

/// Whether a complaint of another customer may be one that everybody is warned of.
fn warns_all(ctx: &Context, typed: &[Entry]) -> Result<bool> {
    let read = ctx.load_raw(Reads { texts: false, ..guard::READS })?;
    let products: Vec<&str> = typed.iter().map(|e| e.product.as_str()).filter(|p| !p.is_empty()).collect();
    Ok(guard::may_warn_all(read.book.plain.get(&Ledger::Complaints).into_iter().flatten(), &products))
}

fn happen(args: &Happen, what: Happening, firm: Firm, ctx: &Context) -> Result<()> {
    let act = ctx.deed(&args.note, args.at.as_deref())?;
    if firm.forced {
        ctx.check_override(&args.note)?;
    }
    ctx.transact(READS, |index, _| {
        let order = lines_of(ctx, index.book, &args.id)?[0].id();
        ctx.planned(index.book, ctx.who(firm.forced, &act.note)?, placing::happen(index, order, what, &act, firm))
    })
}

fn take_back(args: &Return, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let quantity = number(ctx, "quantity", &args.quantity)?;
    let at = ctx.fact(args.entered.at.as_deref())?;
    let note = cell_text(ctx, Ledger::Orders, "note", &args.entered.note)?;
    ctx.actor()?;
    ctx.transact(READS, |index, _| {
        let book = index.book;
        let lines = lines_of(ctx, book, &args.order)?;
        let line = *lines.iter().find(|l| l.line() == args.line).ok_or_else(|| {
            let known: Vec<&str> = lines.iter().map(|l| l.line()).collect();
            let what = format!("{}/{}", lines[0].id(), args.line);
            CliError::new(Exit::NotFound, m::row_not_found(lang, "order", what))
                .hint(m::hint_values(lang, known.join(", ")))
        })?;
        let id = order_id(ctx, book, &args.entered.id)?;
        let back = placing::Return { id, line, quantity, at, note: &note };
        ctx.planned(book, ctx.who(false, &note)?, placing::take_back(index, &back))
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let plain = Reads { plain: LedgerSet::of(&[Ledger::Orders]), ..Reads::NOTHING };
    let read = ctx.load(READS.and(plain))?;
    let index = Index::new(read.book);
    let id = lines_of(ctx, read.book, id)?[0].id();
    let list = orders(&index, Period::ALL, &|l, _| l.id() == id);
    let card = order_table(&index, &list, lang).as_card().blocks;
    let rows: Vec<&PlainRow> =
        read.book.plain.get(&Ledger::Orders).into_iter().flatten().filter(|r| r.cell(0) == id).collect();
    let fields = LedgerFields::new(Ledger::Orders, &ctx.settings, &ctx.team);
    let names = [
        "line",
        "product",
        "quantity",
        "price",
        "discount",
        "amount",
        "tax",
        "unit_cost",
        "extra_cost",
        "returns",
        "note",
    ];
    let columns: Vec<_> = names.iter().filter_map(|n| fields.find(n)).collect();
    let lines = report(&index, Ledger::Orders, &rows, &columns, &fields, lang).blocks;
    let blocks: Vec<Block> = card.into_iter().chain(lines).collect();
    ctx.print(&Document { title: Some(id.to_string()), blocks, main: 0 })?;
    read.finish()
}

/// Corrects an order. What its lines share is set on all of them, whichever is named.
fn set(args: &SetSold, ctx: &Context) -> Result<()> {
    let (orders, allow) = (Ledger::Orders, &args.allow);
    let args = &args.set;
    let is_shared = |p: &&String| {
        let column = column_name(orders, p.split_once('=').map_or(p.as_str(), |(k, _)| k));
        orders.shared().contains(&column.as_str())
    };
    let shared: Vec<&String> = args.pairs.iter().filter(is_shared).collect();
    let id = match (args.id.rsplit_once('/'), shared.first()) {
        (Some((id, _)), Some(_)) if shared.len() == args.pairs.len() => id,
        (Some(_), Some(one)) => {
            let column = one.split_once('=').map_or(one.as_str(), |(k, _)| k);
            return Err(CliError::usage(m::shared_alone(ctx.lang(), column)));
        }
        _ => &args.id,
    };
    record::set_sold(id, &args.pairs, Some(orders), allow, ctx)
}
