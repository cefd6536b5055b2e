use super::record::{self, List, Rm, Set, Show, as_cards, cell_text, column_name};
use super::stage::with_ids;
use super::trade::{
    NEEDS, check_row, enforce, entries, is_first, judge, known, money, number, row_id, total, work_out,
};
use crate::cli::context::{Context, Planned, Result};
use crate::cli::error::{CliError, Exit, refused};
use crate::diag::nearest;
use crate::i18n::{messages as m, values};
use crate::model::book::{Book, Needs};
use crate::model::change::NewRow;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Fixed, Sum, minor_digits, round};
use crate::model::order::OrderLine;
use crate::model::period::Period;
use crate::model::refusal::Refusal;
use crate::model::row::PlainRow;
use crate::model::value::Schema;
use crate::report::document::{Block, Document};
use crate::report::fields::{LedgerFields, stage_label};
use crate::report::rows::report;
use crate::report::trade::{order_table, orders};
use crate::rules::advance::{self, Placed};
use crate::rules::decisions::{Act, Extra, Turn, event_row, following, newest_event};
use crate::rules::entry::{Entry, Line, Terms};
use crate::rules::index::Index;
use crate::rules::profit::priced;
use crate::rules::terms::due;
use chrono::Datelike;

/// Orders: add, confirm, ship, deliver, cancel, return, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Box<Add>),
    /// The customer's order is confirmed
    Confirm(Happen),
    /// It has left
    Ship(Happen),
    /// It has arrived
    Deliver(Happen),
    Cancel(Cancel),
    Return(Return),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Add an order; price, tax, cost and due day are taken from the rules and frozen
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A line is PRODUCT:QUANTITY[@PRICE][-DISCOUNT%], or --line \"key=value …\" with the keys product, quantity, price,\ndiscount, amount, unit_cost, extra_cost and note. Without a price the list price of the day counts. Prices and amounts\nare typed with or without tax as [tax] prices in kehu.toml says.\n\nExamples:\n  kehu order add huaxin ctl-m5:2 hmi7:1@1850-5%\n  kehu order add huaxin --line \"product=ctl-m5 quantity=2 price=6800 discount=0.05\"\n  kehu order add huaxin ctl-m5:2 --line \"amount=5000 note=installation on site\" --promised +14d\n  kehu order add huaxin ctl-m5:20@5200 --override --note \"agreed with the director\" --as chen"
)]
pub(crate) struct Add {
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
    /// PRODUCT:QUANTITY[@PRICE][-DISCOUNT%]
    #[arg(value_name = "LINE")]
    pub(crate) lines: Vec<String>,
    /// A line as "product=… quantity=… price=… discount=…" or "amount=… note=…"
    #[arg(long = "line", value_name = "KEY=VALUE …")]
    pub(crate) line: Vec<String>,
    /// The deal it came from
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// Currency of all prices (default: that of kehu.toml)
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// What an order says besides its lines.
#[derive(Debug, clap::Args)]
pub(crate) struct Conditions {
    /// When it is to be paid (default: from the customer's terms)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) due: Option<String>,
    /// Delivery promised for
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) promised: Option<String>,
    /// The contract it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// Whose merit: li:0.7,wu:0.3
    #[arg(long, value_name = "WHO:SHARE,…")]
    pub(crate) split: Option<String>,
    /// Freight, commission … of the whole order
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) extra_cost: Option<String>,
    /// Tax rate of all lines (default: the product's, else that of kehu.toml)
    #[arg(long, value_name = "RATE")]
    pub(crate) tax_rate: Option<String>,
    /// Who sold it (default: you, or who made the quote)
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    /// When (default: now)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// The company's own number
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// More about it
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Go against the rules (managers; needs --note)
    #[arg(long = "override")]
    pub(crate) force: bool,
}

/// What happened to an order
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu order ship o_k3f9w2m7ta4q\n  kehu order deliver o_k3f9w2m7ta4q --at yesterday"
)]
pub(crate) struct Happen {
    /// Its id
    pub(crate) id: String,
    /// When (default: now)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// More about it
    #[arg(long, default_value = "")]
    pub(crate) note: String,
}

/// Cancel an order: it counts nothing from then on; refused when money was received for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu order cancel o_k3f9w2m7ta4q --note \"ordered twice\"")]
pub(crate) struct Cancel {
    #[command(flatten)]
    pub(crate) what: Happen,
    /// Go against the rules (managers; needs --note)
    #[arg(long = "override")]
    pub(crate) force: bool,
}

/// Take goods back: a new order with the original line's price, discount and cost
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu order return o_k3f9w2m7ta4q 1 2\n  kehu order return o_k3f9w2m7ta4q 1 1 --note \"scratched\""
)]
pub(crate) struct Return {
    /// The order
    pub(crate) order: String,
    /// Its line
    pub(crate) line: String,
    /// How many come back
    pub(crate) quantity: String,
    /// When (default: now)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) at: Option<String>,
    /// The company's own number
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Why
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// Go against the rules (managers; needs --note)
    #[arg(long = "override")]
    pub(crate) force: bool,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::Confirm(a) => happen(a, "confirmed", false, ctx),
        Verb::Ship(a) => happen(a, "shipped", false, ctx),
        Verb::Deliver(a) => happen(a, "delivered", false, ctx),
        Verb::Cancel(a) => happen(&a.what, "cancelled", a.force, ctx),
        Verb::Return(a) => take_back(a, ctx),
        Verb::List(a) => record::list(a, Ledger::Orders, ctx),
        Verb::Show(a) => show(&a.id, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Orders), ctx),
    }
}

/// An order that is to be written.
pub(crate) struct Draft<'a> {
    pub(crate) id: String,
    pub(crate) customer: usize,
    pub(crate) at: At,
    pub(crate) by: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) due: Option<Day>,
    pub(crate) lines: &'a [Line],
    /// Cells that all lines share: promised, deal, contract, split.
    pub(crate) shared: NewRow,
    /// Of the first line that has none.
    pub(crate) note: &'a str,
}

/// Writes an order, and the stages that follow from it.
pub(crate) fn write(ctx: &Context, index: &Index<'_>, draft: &Draft<'_>, planned: &mut Planned) -> Result<()> {
    let lang = ctx.lang();
    let c = &index.book.customers[draft.customer];
    for (n, l) in draft.lines.iter().enumerate() {
        let e = &l.entry;
        let mut row: NewRow = vec![
            ("id", draft.id.clone()),
            ("line", (n + 1).to_string()),
            ("at", draft.at.to_text(ctx.settings.tz)),
            ("customer", c.id.to_string()),
        ];
        let number = |d: Option<Decimal>| d.map(|d| d.normalize().to_string()).unwrap_or_default();
        let cells = [
            ("product", e.product.clone()),
            ("quantity", number(e.quantity)),
            ("price", number(e.price)),
            ("discount", number(e.discount.filter(|d| !d.is_zero()))),
            ("amount", number(l.write_amount.then_some(l.net))),
            ("tax", number((!l.tax.is_zero()).then_some(l.tax))),
            ("unit_cost", number(l.unit_cost)),
            ("extra_cost", number(e.extra_cost)),
            ("currency", draft.currency.to_string()),
            ("due", draft.due.map(|d| d.to_string()).unwrap_or_default()),
            ("by", draft.by.to_string()),
        ];
        row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
        row.extend(draft.shared.iter().cloned());
        // A line's own note is written as in the file already.
        let note = match n {
            0 if e.note.is_empty() => cell_text(ctx, Ledger::Orders, "note", draft.note)?,
            _ => e.note.clone(),
        };
        if !note.is_empty() {
            row.push(("note", note));
        }
        planned.changes.append(Ledger::Orders, draft.at.day.year(), row);
    }
    let currency = if draft.currency.is_empty() { &ctx.settings.file.currency } else { draft.currency };
    let net = known(ctx, Sum::of(draft.lines.iter().map(|l| l.net)))?;
    let tax = known(ctx, Sum::of(draft.lines.iter().map(|l| l.tax)))?;
    let sum = money(total(ctx, draft.lines, currency)?, currency);
    let day = draft.due.unwrap_or(draft.at.day);
    planned.did(&draft.id, m::did_order(lang, &draft.id, c.id, money(net, currency), money(tax, currency), sum, day));
    if is_first(index, draft.customer) && net > Decimal::ZERO {
        planned.lines.push(m::first_order_line(lang, &draft.id, c.name));
    }
    let new = [Placed { id: draft.id.clone(), at: draft.at, by: draft.by.to_string(), net }];
    match advance::advance(index, draft.customer, &new, &ctx.act("", None)?) {
        Some(a) => {
            planned.changes.extend(with_ids(ctx, a.changes)?);
            let mut from = c.stage.to_string();
            for s in a.steps {
                let label = |id: &str| stage_label(lang, &ctx.settings, id);
                planned.lines.push(m::did_advance(lang, c.id, label(&from), label(&s.to), &s.order.id));
                from = s.to;
            }
        }
        None => {
            let newest = index.book.newest_of(draft.customer).filter(|n| n.day > ctx.today);
            if let Some(n) = newest.filter(|_| !advance::ladder(&ctx.settings, c.stage, &[], &new).is_empty()) {
                planned.warnings.push(m::no_advance(lang, c.name, n.day));
            }
        }
    }
    Ok(())
}

/// A day that has not come yet holds no facts.
pub(crate) fn past(ctx: &Context, at: At) -> Result<At> {
    if at.day > ctx.today { Err(CliError::usage(m::in_the_future(ctx.lang(), at.day))) } else { Ok(at) }
}

/// The conditions of an order, read and checked as far as that goes without the book.
pub(crate) struct Placing<'a> {
    pub(crate) at: At,
    /// What is to be read.
    pub(crate) needs: Needs,
    by: Option<&'a str>,
    due: Option<Day>,
    tax_rate: Option<Decimal>,
    extra_cost: Decimal,
    shared: NewRow,
    conditions: &'a Conditions,
}

/// Reads the conditions of an order.
pub(crate) fn prepare<'a>(ctx: &'a Context, c: &'a Conditions) -> Result<Placing<'a>> {
    let at = past(ctx, ctx.at_or_now(c.at.as_deref())?)?;
    ctx.actor()?;
    let by = c.by.as_deref().map(|w| ctx.member(w).map(|x| x.id)).transpose()?;
    let mut shared: NewRow = Vec::new();
    for (column, value) in [("promised", &c.promised), ("contract", &c.contract), ("split", &c.split)] {
        if let Some(v) = value {
            shared.push((column, cell_text(ctx, Ledger::Orders, column, v)?));
        }
    }
    let mut needs = NEEDS;
    if c.contract.is_some() {
        needs = needs.and(Needs { plain: LedgerSet::of(&[Ledger::Contracts]), ..Needs::NOTHING });
    }
    let tax_rate = c.tax_rate.as_deref().map(|t| super::trade::fraction(ctx, "tax_rate", t)).transpose()?;
    let extra_cost = c.extra_cost.as_deref().map(|e| number(ctx, "extra_cost", e)).transpose()?.unwrap_or_default();
    let due = c.due.as_deref().map(|d| ctx.day(d)).transpose()?;
    Ok(Placing { at, needs, by, due, tax_rate, extra_cost, shared, conditions: c })
}

/// What is ordered: by whom, in which currency, of which deal.
pub(crate) struct Ordered<'a> {
    pub(crate) customer: usize,
    pub(crate) lines: &'a [Entry],
    pub(crate) currency: &'a str,
    pub(crate) deal: &'a str,
    /// Who sold it, unless the conditions say.
    pub(crate) by: &'a str,
}

/// Makes an order, checked by the rules of today; its id.
pub(crate) fn place(
    ctx: &Context,
    index: &Index<'_>,
    placing: &Placing<'_>,
    ordered: &Ordered<'_>,
    planned: &mut Planned,
) -> Result<String> {
    let book = index.book;
    let (c, at) = (placing.conditions, placing.at);
    if let Some(id) = &c.contract {
        check_row(ctx, book, Ledger::Contracts, id)?;
    }
    let id = row_id(ctx, Ledger::Orders, c.id.as_deref(), |id| book.orders.iter().any(|l| l.id() == id))?;
    let mut typed = ordered.lines.to_vec();
    if let Some(first) = typed.first_mut().filter(|_| !placing.extra_cost.is_zero()) {
        first.extra_cost = Some(first.extra_cost.unwrap_or_default() + placing.extra_cost);
    }
    let terms = Terms { day: at.day, currency: ordered.currency, tax_rate: placing.tax_rate };
    let lines = work_out(ctx, book, terms, &typed)?;
    let judged = judge(ctx, index, ordered.customer, terms, &lines)?;
    planned.warnings.extend(enforce(ctx, judged, c.force, &c.note)?);
    let mut shared = placing.shared.clone();
    if !ordered.deal.is_empty() {
        shared.push(("deal", ordered.deal.to_string()));
    }
    let draft = Draft {
        id,
        customer: ordered.customer,
        at,
        by: placing.by.unwrap_or(ordered.by),
        currency: ordered.currency,
        due: placing.due.or_else(|| due(book.customers[ordered.customer].text("terms"), at.day)),
        lines: &lines,
        shared,
        note: &c.note,
    };
    write(ctx, index, &draft, planned)?;
    Ok(draft.id)
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let typed = entries(ctx, &args.lines, &args.line)?;
    let placing = prepare(ctx, &args.conditions)?;
    let deal = args.deal.as_deref().map(|d| cell_text(ctx, Ledger::Orders, "deal", d)).transpose()?.unwrap_or_default();
    let mut needs = placing.needs;
    if !deal.is_empty() {
        needs = needs.and(Needs { plain: LedgerSet::of(&[Ledger::Deals]), ..Needs::NOTHING });
    }
    let currency = match &args.currency {
        Some(c) if *c != ctx.settings.file.currency => cell_text(ctx, Ledger::Orders, "currency", c)?,
        _ => String::new(),
    };
    for e in &typed {
        check_quantity(ctx, e)?;
    }
    let by = ctx.actor()?.id;
    // Whether a number of the company's own is taken, only all orders tell.
    let one = args.conditions.id.is_none().then_some(args.customer.as_str());
    ctx.transact_for(needs, one, |index, _| {
        let customer = ctx.resolve(index.book, &args.customer)?;
        if !deal.is_empty() {
            check_row(ctx, index.book, Ledger::Deals, &deal)?;
        }
        let mut planned = Planned::default();
        let ordered = Ordered { customer, lines: &typed, currency: &currency, deal: &deal, by };
        place(ctx, index, &placing, &ordered, &mut planned)?;
        Ok(planned)
    })
}

/// What is sold has a positive quantity; goods come back by `order return`.
pub(crate) fn check_quantity(ctx: &Context, e: &Entry) -> Result<()> {
    match e.quantity {
        Some(q) if q <= Decimal::ZERO => {
            Err(CliError::usage(m::bad_number(ctx.lang(), q, "quantity")).hint(m::hint_line(ctx.lang())))
        }
        _ => Ok(()),
    }
}

/// The lines of an order.
fn lines_of(ctx: &Context, book: &Book, id: &str) -> Result<Vec<OrderLine>> {
    let id = id.strip_prefix("order:").unwrap_or(id);
    let lines: Vec<OrderLine> = book.orders.iter().filter(|l| l.id() == id).collect();
    if lines.is_empty() {
        let near = nearest(id, book.orders.iter().map(|l| l.id()));
        let e = CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), "order", id));
        return Err(e.nearest(ctx.lang(), &near));
    }
    Ok(lines)
}

fn happen(args: &Happen, event: &str, force: bool, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let act = ctx.act(&args.note, args.at.as_deref())?;
    past(ctx, act.at)?;
    if force {
        ctx.check_override(&args.note)?;
    }
    ctx.transact(NEEDS, |index, _| {
        let book = index.book;
        let line = lines_of(ctx, book, &args.id)?[0];
        let state = book.states.order(line.id());
        let done = match event {
            "confirmed" => state.confirmed,
            "shipped" => state.shipped,
            "delivered" => state.delivered,
            _ => state.cancelled,
        };
        let mut planned = Planned::default();
        if done.is_some() {
            return Ok(planned);
        }
        if state.cancelled.is_some() {
            return Err(ctx.refused(&Refusal::WrongState { what: line.id().into(), state: "cancelled".into() }));
        }
        if event == "cancelled" && !force {
            let paid = book.receipts.iter().filter(|r| r.order() == line.id() && !book.is_void(r));
            let receipts: Vec<String> = paid.map(|r| r.id().to_string()).collect();
            if !receipts.is_empty() {
                return Err(refused(lang, &Refusal::HasReceipts { order: line.id().into(), receipts }));
            }
        }
        let newest = newest_event(book, "order", line.id());
        let at = following(newest, act.at).ok_or_else(|| {
            let newest = newest.map_or(act.at.day, |n| n.day);
            ctx.refused(&Refusal::OlderThanNewest { customer: line.id().into(), event: event.into(), newest })
        })?;
        let act = Act { at, ..act.clone() };
        let turn = Turn { kind: "order", subject: line.id(), event, from: "", to: "" };
        planned.changes.append(Ledger::Events, act.at.day.year(), event_row(book, turn, &act, &Extra::default()));
        planned.changes = with_ids(ctx, std::mem::take(&mut planned.changes))?;
        planned.did(line.id(), m::did_order_event(lang, line.id(), values::value(lang, "order_state", event)));
        Ok(planned)
    })
}

fn take_back(args: &Return, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let quantity = number(ctx, "quantity", &args.quantity)?;
    if quantity <= Decimal::ZERO {
        return Err(CliError::usage(m::bad_number(lang, &args.quantity, "quantity")));
    }
    let at = past(ctx, ctx.at_or_now(args.at.as_deref())?)?;
    ctx.actor()?;
    if args.force {
        ctx.check_override(&args.note)?;
    }
    ctx.transact(NEEDS, |index, _| {
        let book = index.book;
        let lines = lines_of(ctx, book, &args.order)?;
        let first = lines.iter().find(|l| l.line() == args.line).ok_or_else(|| {
            let known: Vec<&str> = lines.iter().map(|l| l.line()).collect();
            let what = format!("{}/{}", lines[0].id(), args.line);
            CliError::new(Exit::NotFound, m::row_not_found(lang, "order", what))
                .hint(m::hint_values(lang, known.join(", ")))
        })?;
        let name = format!("{}/{}", first.id(), first.line());
        let cancelled = |id: &str| book.states.order(id).cancelled.is_some();
        if cancelled(first.id()) {
            return Err(ctx.refused(&Refusal::WrongState { what: first.id().into(), state: "cancelled".into() }));
        }
        let before: Vec<OrderLine> = book.orders.iter().filter(|l| l.returns() == name && !cancelled(l.id())).collect();
        let sold = first.quantity().unwrap_or_default();
        let left = known(ctx, Sum::of(before.iter().filter_map(|l| l.quantity()).chain([sold])))?;
        if quantity > left && !(args.force && quantity <= sold) {
            let (quantity, left) = (quantity.to_string(), left.normalize().to_string());
            return Err(ctx.refused(&Refusal::ReturnTooMuch { line: name, quantity, left }));
        }
        let tax = first.tax().unwrap_or_default();
        let currency = if first.currency().is_empty() { &ctx.settings.file.currency } else { first.currency() };
        let digits = minor_digits(currency);
        // The last ones take back what is left of the tax, so that it ends at zero.
        let back = if quantity == left {
            known(ctx, Sum::of(before.iter().filter_map(|l| l.tax()).chain([tax])))?
        } else {
            let part = tax.checked_mul(quantity).and_then(|t| t.checked_div(sold)).unwrap_or_default();
            round(part, digits)
        };
        let id = row_id(ctx, Ledger::Orders, args.id.as_deref(), |id| book.orders.iter().any(|l| l.id() == id))?;
        let mut row: NewRow = vec![("id", id.clone()), ("line", "1".into()), ("at", at.to_text(ctx.settings.tz))];
        let text = |d: Option<Decimal>| d.map(|d| d.normalize().to_string()).unwrap_or_default();
        let cells = [
            ("customer", first.customer().to_string()),
            ("product", first.product().to_string()),
            ("quantity", text(Some(-quantity))),
            ("price", text(first.price())),
            ("discount", text(first.discount())),
            ("tax", text((!back.is_zero()).then_some(-back))),
            ("unit_cost", text(first.unit_cost())),
            ("currency", first.currency().to_string()),
            ("due", at.day.to_string()),
            ("returns", name.clone()),
            ("deal", first.deal().to_string()),
            ("contract", first.contract().to_string()),
            ("by", first.by().to_string()),
            ("split", first.split().to_string()),
            ("note", cell_text(ctx, Ledger::Orders, "note", &args.note)?),
        ];
        row.extend(cells.into_iter().filter(|(_, v)| !v.is_empty()));
        let mut planned = Planned::default();
        planned.changes.append(Ledger::Orders, at.day.year(), row);
        let net = match (first.amount(), first.price()) {
            (Some(a), _) => a.checked_mul(quantity).and_then(|a| a.checked_div(sold)),
            (None, Some(p)) => {
                priced(quantity.into(), p.into(), first.discount().map(Into::into)).and_then(Fixed::decimal)
            }
            _ => None,
        };
        let sum = money(-(net.unwrap_or_default() + back), currency);
        planned.did(&id, m::did_return(lang, &id, &name, quantity.normalize(), sum));
        Ok(planned)
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let plain = Needs { plain: LedgerSet::of(&[Ledger::Orders]), ..Needs::NOTHING };
    let read = ctx.load(NEEDS.and(plain))?;
    let index = Index::new(read.book);
    let id = lines_of(ctx, read.book, id)?[0].id();
    let list = orders(&index, Period::ALL, &|l, _| l.id() == id);
    let card = as_cards(order_table(&index, &list, lang)).blocks;
    let rows: Vec<&PlainRow> =
        read.book.plain.get(&Ledger::Orders).into_iter().flatten().filter(|r| r.cells.first() == Some(&id)).collect();
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
fn set(args: &Set, ctx: &Context) -> Result<()> {
    let orders = Ledger::Orders;
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
    record::set(id, &args.pairs, Some(orders), ctx)
}
