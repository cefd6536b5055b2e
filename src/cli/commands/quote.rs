use super::close::code_of;
use super::order::{Conditions, Happen, Ordered, check_quantity, past, place, prepare};
use super::record::{self, List, Rm, Set, Show, cell_text};
use super::stage::with_ids;
use super::trade::{self, NEEDS, check_row, enforce, entries, floor, judge, line_name, money, row_id, total, work_out};
use crate::cli::context::{Context, Planned, Result};
use crate::cli::error::{CliError, Exit};
use crate::diag::nearest;
use crate::i18n::{labels, messages as m, values};
use crate::model::book::Needs;
use crate::model::change::NewRow;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum, multiply};
use crate::model::refusal::Refusal;
use crate::report::document::{Block, Card, Cell, Document};
use crate::report::{col, num, quotes};
use crate::rules::decisions::{Act, Extra, Turn, event_row, following, newest_event};
use crate::rules::entry::{Entry, Terms, min_price};
use crate::rules::index::Index;
use crate::rules::quotes::{Quote, State};
use chrono::{Datelike, Days};

/// Quotes: try, add, send, accept, decline, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Try(Try),
    Add(Box<Add>),
    /// The customer has got it
    #[command(
        after_help = "Examples:\n  kehu quote send q_k3f9w2m7ta4q\n  kehu quote send q_k3f9w2m7ta4q --at yesterday --note \"by mail to Mr Wang\""
    )]
    Send(Happen),
    Accept(Box<Accept>),
    Decline(Decline),
    /// Quotes that fit filter terms, a row for each
    #[command(
        after_help = "Examples:\n  kehu quote list state:draft,sent by:li\n  kehu quote list state:sent valid_until:..next-week --exit-code\n  kehu quote list margin.lt:0.15 --sort margin --json"
    )]
    List(List),
    /// One quote: what it comes to, its versions and what changed, its history
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Compute revenue, cost, margin and lowest price of lines; nothing is stored
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Lines are written as in `kehu order add`. Cost is today's standard cost.\n\nExamples:\n  kehu quote try huaxin ctl-m5:2@6500\n  kehu quote try huaxin ctl-m5:2 hmi7:1-5% --json"
)]
pub(crate) struct Try {
    /// Id, former id, name, alias, phone, mail, or the beginning of an id
    pub(crate) customer: String,
    /// PRODUCT:QUANTITY[@PRICE][-DISCOUNT%]
    #[arg(value_name = "LINE")]
    pub(crate) lines: Vec<String>,
    /// A line as "product=… quantity=… price=… discount=…" or "amount=… note=…"
    #[arg(long = "line", value_name = "KEY=VALUE …")]
    pub(crate) line: Vec<String>,
    /// Tax rate of all lines (default: the product's, else that of kehu.toml)
    #[arg(long, value_name = "RATE")]
    pub(crate) tax_rate: Option<String>,
}

/// Add a quote, or a new version of one; prices are checked as those of an order
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Lines are written as in `kehu order add`. A new version takes the place of the one before, and has yet to be sent.\nFor how long a quote is valid stands in kehu.toml, [quotes] valid_days.\n\nExamples:\n  kehu quote add huaxin ctl-m5:2@6500 hmi7:1-5% --valid-until +30d\n  kehu quote add huaxin ctl-m5:2@6300 --version-of q_k3f9w2m7ta4q\n  kehu quote add huaxin ctl-m5:20@5200 --override --note \"agreed with the director\" --as chen"
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
    /// Last day on which it may be accepted (default: by [quotes] valid_days)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) valid_until: Option<String>,
    /// The quote that it replaces
    #[arg(long, value_name = "ID", conflicts_with = "id")]
    pub(crate) version_of: Option<String>,
    /// The deal it belongs to
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// The need that it answers
    #[arg(long, value_name = "ID")]
    pub(crate) need: Option<String>,
    /// Who made it (default: you)
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

/// Make an order of a quote: at its prices, checked by the rules of today
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Cost, due day and stage follow as in `kehu order add`.\n\nExamples:\n  kehu quote accept q_k3f9w2m7ta4q\n  kehu quote accept q_k3f9w2m7ta4q --promised +14d --id SO-2026-118"
)]
pub(crate) struct Accept {
    /// The quote
    pub(crate) quote: String,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// The customer does not want it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu quote decline q_k3f9w2m7ta4q --reason price --note \"8 % above the other\"\n  kehu quote decline q_k3f9w2m7ta4q --reason competitor --competitor \"Other Ltd\""
)]
pub(crate) struct Decline {
    #[command(flatten)]
    pub(crate) what: Happen,
    /// Why: a code of [reasons] lost in kehu.toml
    #[arg(long, value_name = "CODE")]
    pub(crate) reason: Option<String>,
    /// Who won it
    #[arg(long, default_value = "")]
    pub(crate) competitor: String,
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
        Verb::Set(a) => record::set(&a.id, &a.pairs, Some(Ledger::Quotes), ctx),
        Verb::Rm(a) => record::remove(&a.id, Some(Ledger::Quotes), ctx),
    }
}

fn what_if(args: &Try, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let typed = entries(ctx, &args.lines, &args.line)?;
    let tax_rate = args.tax_rate.as_deref().map(|t| super::trade::fraction(ctx, "tax_rate", t)).transpose()?;
    let read = ctx.load(NEEDS)?;
    let index = Index::new(read.book);
    let customer = ctx.resolve(read.book, &args.customer)?;
    let c = &read.book.customers[customer];
    let terms = Terms { day: ctx.today, currency: "", tax_rate };
    let lines = work_out(ctx, read.book, terms, &typed)?;
    let judged = judge(ctx, &index, customer, terms, &lines)?;
    let base = ctx.settings.file.currency.clone();
    let revenue = trade::known(ctx, Sum::of(lines.iter().map(|l| l.net)))?;
    let costs: Option<Vec<[Decimal; 2]>> =
        lines.iter().map(|l| Some([l.cost?, l.entry.extra_cost.unwrap_or_default()])).collect();
    let cost = costs.map(|c| trade::known(ctx, Sum::of(c.into_iter().flatten()))).transpose()?;
    let profit = cost.and_then(|c| revenue.checked_sub(c));
    let margin = profit.filter(|_| !revenue.is_zero()).and_then(|p| p.checked_div(revenue));
    let least = floor(&index, customer);
    let account = index.accounts_of(customer).iter().find(|a| a.currency == base);
    let overdue = account.map_or(Sum::ZERO, |a| a.ageing(ctx.today).overdue());
    let owed = account.map_or(Sum::ZERO, |a| a.outstanding());
    let total = total(ctx, &lines, &base)?;
    let refused: Vec<String> = judged.refusals.iter().map(|r| ctx.refused(r).message).collect();
    let warnings: Vec<String> = refused.iter().cloned().chain(judged.warnings).collect();
    let money = |a: Option<Decimal>| a.map_or(Cell::NotAvailable, |amount| Cell::money(amount, &base));
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let limit = match c.get("credit_limit") {
        crate::model::value::Value::Num(n) => money(Some(n)),
        _ => Cell::Missing,
    };
    let fields = vec![
        (col(lang, "customer"), Cell::Id(c.id.into())),
        (col(lang, "name"), Cell::Text(c.name.into())),
        (num(lang, "revenue"), money(Some(revenue))),
        (num(lang, "total_amount"), money(Some(total))),
        (num(lang, "cost"), money(cost)),
        (num(lang, "profit"), money(profit)),
        (num(lang, "margin"), ratio(margin)),
        (num(lang, "margin_floor"), least.map_or(Cell::Missing, Cell::Ratio)),
        (num(lang, "min_amount"), money(cost.and_then(|x| min_price(x, least?)))),
        (num(lang, "break_even"), money(cost)),
        (num(lang, "usual_margin"), ratio(index.figures(customer).margin())),
        (num(lang, "outstanding"), money(owed.known())),
        (num(lang, "overdue"), money(overdue.known())),
        (num(lang, "credit_limit"), limit),
        (col(lang, "allowed"), Cell::Flag(refused.is_empty())),
        (col(lang, "warnings"), if warnings.is_empty() { Cell::Missing } else { Cell::list(warnings) }),
    ];
    let blocks = vec![Block::Card(Card { title: None, fields }), Block::Note(m::quote_cost_today(lang))];
    ctx.print(&Document { title: None, blocks, main: 0 })?;
    read.finish()
}

/// The quote of an id.
fn quote_of<'x, 'a>(ctx: &Context, index: &'x Index<'a>, id: &str) -> Result<&'x Quote<'a>> {
    let id = id.strip_prefix("quote:").unwrap_or(id);
    index.quotes().get(id).ok_or_else(|| {
        let near = nearest(id, index.quotes().all().iter().map(|q| q.id));
        CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), "quote", id)).nearest(ctx.lang(), &near)
    })
}

/// Why a quote's state does not allow what was asked for.
fn wrong_state(ctx: &Context, index: &Index<'_>, q: &Quote<'_>, state: State) -> CliError {
    let head = q.current().head();
    ctx.refused(&Refusal::QuoteState {
        quote: q.id.into(),
        customer: q.customer.map_or(head.customer, |n| index.book.customers[n].id).into(),
        state: state.key(),
        valid_until: q.current().valid_until(),
        order: q.order().unwrap_or("").into(),
    })
}

/// What a quote can hold of a line: no costs, and a price instead of an amount.
fn quoted(ctx: &Context, n: usize, e: &Entry) -> Result<Entry> {
    let lang = ctx.lang();
    for (key, there) in [("unit_cost", e.unit_cost.is_some()), ("extra_cost", e.extra_cost.is_some())] {
        if there {
            return Err(CliError::usage(m::quote_lines_only(lang, key)).hint(m::hint_quote_line(lang)));
        }
    }
    check_quantity(ctx, e)?;
    let Some(amount) = e.amount else { return Ok(e.clone()) };
    let quantity = e.quantity.unwrap_or(Decimal::ONE);
    let price = amount.checked_div(quantity).filter(|p| multiply(*p, quantity) == Some(amount)).ok_or_else(|| {
        let what = format!("{}: {}", line_name(ctx, n, e), m::quote_amount(lang, amount, quantity));
        CliError::usage(what).hint(m::hint_quote_amount(lang))
    })?;
    Ok(Entry { quantity: Some(quantity), price: Some(price), discount: None, amount: None, ..e.clone() })
}

/// When a new version is made: after all that happened to the quote, and not before the versions that there are; else
/// the instant that stands in the way.
fn after(q: &Quote<'_>, event: Option<At>, at: At) -> std::result::Result<At, At> {
    let made = q.made();
    if at >= made && event.is_none_or(|e| at > e) {
        return Ok(at);
    }
    let newest = event.map_or(made, |e| e.max(made));
    // A bare date stands for the start of a day on which something has happened already.
    let at = if at.bare && at.day == newest.day { newest } else { at };
    following(Some(newest), At { bare: false, ..at }).ok_or(newest)
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let typed = entries(ctx, &args.lines, &args.line)?;
    let typed: Vec<Entry> = typed.iter().enumerate().map(|(n, e)| quoted(ctx, n, e)).collect::<Result<_>>()?;
    let at = past(ctx, ctx.at_or_now(args.at.as_deref())?)?;
    let actor = ctx.actor()?.id;
    let by = args.by.as_deref().map_or(Ok(actor), |w| ctx.member(w).map(|x| x.id))?;
    let valid_days = ctx.settings.file.quotes.valid_days.and_then(|n| u64::try_from(n).ok());
    let valid_until = match &args.valid_until {
        Some(day) => Some(ctx.day(day)?),
        None => valid_days.and_then(|n| at.day.checked_add_days(Days::new(n))),
    };
    if let Some(until) = valid_until.filter(|d| *d < at.day) {
        return Err(CliError::usage(m::valid_before(lang, until, at.day)));
    }
    let cell = |column: &str, value: &Option<String>| -> Result<String> {
        value.as_deref().map_or(Ok(String::new()), |v| cell_text(ctx, Ledger::Quotes, column, v))
    };
    let (deal, need) = (cell("deal", &args.deal)?, cell("need", &args.need)?);
    let note = cell_text(ctx, Ledger::Quotes, "note", &args.note)?;
    let mut needs = NEEDS;
    for (value, ledger) in [(&deal, Ledger::Deals), (&need, Ledger::Needs)] {
        if !value.is_empty() {
            needs = needs.and(Needs { plain: LedgerSet::of(&[ledger]), ..Needs::NOTHING });
        }
    }
    ctx.transact(needs, |index, _| {
        let book = index.book;
        let customer = ctx.resolve(book, &args.customer)?;
        for (value, ledger) in [(&deal, Ledger::Deals), (&need, Ledger::Needs)] {
            if !value.is_empty() {
                check_row(ctx, book, ledger, value)?;
            }
        }
        let older = args.version_of.as_deref().map(|id| quote_of(ctx, index, id)).transpose()?;
        let mut at = at;
        if let Some(q) = older {
            if q.customer != Some(customer) {
                return Err(CliError::usage(m::other_customer(lang, q.id, q.current().head().customer)));
            }
            if q.state(ctx.today) == State::Accepted {
                return Err(wrong_state(ctx, index, q, State::Accepted));
            }
            at = after(q, newest_event(book, "quote", q.id), at).map_err(|newest| {
                let (customer, event) = (q.id.to_string(), labels::column(lang, "quotes", "version"));
                ctx.refused(&Refusal::OlderThanNewest { customer, event, newest: newest.day })
            })?;
        }
        let id = match older {
            Some(q) => q.id.to_string(),
            None => row_id(ctx, Ledger::Quotes, args.id.as_deref(), |id| book.quotes.iter().any(|l| l.id == id))?,
        };
        let base = ctx.settings.file.currency.as_str();
        let terms = Terms { day: at.day, currency: "", tax_rate: None };
        let lines = work_out(ctx, book, terms, &typed)?;
        let judged = judge(ctx, index, customer, terms, &lines)?;
        let mut planned = Planned { warnings: enforce(ctx, judged, args.force, &args.note)?, ..Planned::default() };
        // Lines are numbered on, so that id and line name one row.
        let all = || older.into_iter().flat_map(|q| &q.versions);
        let version = 1 + all().map(|v| v.number).max().unwrap_or(0);
        let before =
            all().flat_map(|v| &v.lines).filter_map(|l| l.line.parse::<usize>().ok()).max().unwrap_or_default();
        let inherit = |new: &str, old: &dyn Fn(&Quote<'_>) -> String| match older {
            Some(q) if new.is_empty() => old(q),
            _ => new.to_string(),
        };
        let deal = inherit(&deal, &|q| q.current().head().deal.to_string());
        let need = inherit(&need, &|q| q.current().head().need.to_string());
        let number = |d: Option<Decimal>| d.map(|d| d.normalize().to_string()).unwrap_or_default();
        for (n, l) in lines.iter().enumerate() {
            let e = &l.entry;
            let note = if e.note.is_empty() && n == 0 { &note } else { &e.note };
            let cells = [
                ("id", id.clone()),
                ("line", (before + n + 1).to_string()),
                ("at", at.to_text(ctx.settings.tz)),
                ("customer", book.customers[customer].id.to_string()),
                ("version", version.to_string()),
                ("product", e.product.clone()),
                ("quantity", number(e.quantity)),
                ("price", number(e.price)),
                ("discount", number(e.discount.filter(|d| !d.is_zero()))),
                ("valid_until", valid_until.map(|d| d.to_string()).unwrap_or_default()),
                ("deal", deal.clone()),
                ("need", need.clone()),
                ("by", by.to_string()),
                ("note", note.clone()),
            ];
            let row: NewRow = cells.into_iter().filter(|(_, v)| !v.is_empty()).collect();
            planned.changes.append(Ledger::Quotes, at.day.year(), row);
        }
        let net = trade::known(ctx, Sum::of(lines.iter().map(|l| l.net)))?;
        let tax = trade::known(ctx, Sum::of(lines.iter().map(|l| l.tax)))?;
        let (net, tax, sum) = (money(net, base), money(tax, base), money(total(ctx, &lines, base)?, base));
        let c = book.customers[customer].id;
        planned.did(
            &id,
            match valid_until {
                Some(day) => m::did_quote(lang, &id, c, version, net, tax, sum, day),
                None => m::did_quote_open(lang, &id, c, version, net, tax, sum),
            },
        );
        Ok(planned)
    })
}

/// Writes what happened to a quote.
fn turn(
    ctx: &Context,
    index: &Index<'_>,
    q: &Quote<'_>,
    to: State,
    act: &Act,
    extra: &Extra,
    planned: &mut Planned,
) -> Result<()> {
    let (lang, book) = (ctx.lang(), index.book);
    let newest = newest_event(book, "quote", q.id).map_or(q.made(), |e| e.max(q.made()));
    let at = following(Some(newest), act.at).ok_or_else(|| {
        let (customer, event) = (q.id.to_string(), values::value(lang, "quote_state", to.key()));
        ctx.refused(&Refusal::OlderThanNewest { customer, event, newest: newest.day })
    })?;
    let act = Act { at, ..act.clone() };
    let turn = Turn { kind: "quote", subject: q.id, event: to.key(), from: q.decided(), to: to.key() };
    planned.changes.append(Ledger::Events, act.at.day.year(), event_row(book, turn, &act, extra));
    planned.changes = with_ids(ctx, std::mem::take(&mut planned.changes))?;
    let word = |s: State| values::value(lang, "quote_state", s.key());
    let line = m::did_quote_event(lang, q.id, word(q.state(act.at.day)), word(to));
    // What is new is the order that was made, if any.
    if planned.ids.is_empty() {
        planned.did(q.id, line);
    } else {
        planned.lines.push(line);
    }
    Ok(())
}

fn send(args: &Happen, ctx: &Context) -> Result<()> {
    let act = ctx.act(&args.note, args.at.as_deref())?;
    past(ctx, act.at)?;
    ctx.transact(NEEDS, |index, _| {
        let q = quote_of(ctx, index, &args.id)?;
        let mut planned = Planned::default();
        match q.state(act.at.day) {
            State::Sent => {}
            State::Draft => turn(ctx, index, q, State::Sent, &act, &Extra::default(), &mut planned)?,
            other => return Err(wrong_state(ctx, index, q, other)),
        }
        Ok(planned)
    })
}

fn decline(args: &Decline, ctx: &Context) -> Result<()> {
    let list = &ctx.settings.file.reasons.lost;
    let reason = match &args.reason {
        given if list.is_empty() => given.clone().unwrap_or_default(),
        given => code_of(ctx, "lost", list, given.as_deref())?,
    };
    let act = ctx.act(&args.what.note, args.what.at.as_deref())?;
    past(ctx, act.at)?;
    ctx.transact(NEEDS, |index, _| {
        let q = quote_of(ctx, index, &args.what.id)?;
        let mut planned = Planned::default();
        match q.state(act.at.day) {
            State::Declined => {}
            State::Accepted => return Err(wrong_state(ctx, index, q, State::Accepted)),
            _ => {
                let extra = Extra { until: None, reason: reason.clone(), competitor: args.competitor.clone() };
                turn(ctx, index, q, State::Declined, &act, &extra, &mut planned)?;
            }
        }
        Ok(planned)
    })
}

fn accept(args: &Accept, ctx: &Context) -> Result<()> {
    let placing = prepare(ctx, &args.conditions)?;
    let act = ctx.act("", args.conditions.at.as_deref())?;
    let actor = ctx.actor()?.id;
    ctx.transact(placing.needs, |index, _| {
        let q = quote_of(ctx, index, &args.quote)?;
        let day: Day = placing.at.day;
        let state = q.state(day);
        if !state.is_open() {
            return Err(wrong_state(ctx, index, q, state));
        }
        let head = q.current().head();
        let customer = match q.customer {
            Some(customer) => customer,
            None => ctx.resolve(index.book, head.customer)?,
        };
        let lines = q.current().entries();
        let by = if ctx.team.get(head.by).is_some() { head.by } else { actor };
        let ordered = Ordered { customer, lines: &lines, currency: "", deal: head.deal, by };
        let mut planned = Planned::default();
        let order = place(ctx, index, &placing, &ordered, &mut planned)?;
        let act = Act { note: order, ..act.clone() };
        turn(ctx, index, q, State::Accepted, &act, &Extra::default(), &mut planned)?;
        Ok(planned)
    })
}

fn show(id: &str, ctx: &Context) -> Result<()> {
    let read = ctx.load(quotes::NEEDS)?;
    let index = Index::new(read.book);
    let q = quote_of(ctx, &index, id)?;
    ctx.print(&quotes::show(&index, q, ctx.lang()))?;
    read.finish()
}
