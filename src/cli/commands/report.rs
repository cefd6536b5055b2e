//! `kehu report NAME`: figures over ledgers.

use super::list::choose;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, query_error};
use crate::cli::names;
use crate::cli::table::ListArgs;
use crate::diag::nearest;
use crate::i18n::{labels, messages as m};
use crate::model::book::Needs;
use crate::model::ledger::Ledger;
use crate::model::period::Period;
use crate::output::Format;
use crate::query::{Filter, Per, parse_period};
use crate::report::fields::{CustomerRecord, LedgerFields, LineRecord};
use crate::report::profit::{KEYS, Question, pivot};
use crate::report::series::Item;
use crate::report::{grades, products, profit, receivables, trade};
use crate::rules::index::Index;
use crate::rules::profit::Sale;

/// Figures: profit, products, orders, delivery, receivables, grades
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Profit(Profit),
    Products(Products),
    Orders(Orders),
    Delivery(Delivery),
    Receivables(Receivables),
    Grades(Grades),
}

/// Profit by customer, product, rep … of any period; lines of unknown cost are counted apart
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report profit --by customer -p 2026 --limit 20\n  kehu report profit --by product --per month -p 2026H1\n  kehu report profit --by grade --compare year-ago -p 2026Q2\n  kehu report profit owner:li --by order --explain"
)]
pub(crate) struct Profit {
    /// Filter terms: columns of orders, and the customer's fields
    pub(crate) terms: Vec<String>,
    /// customer, product, category, grade, intent, stage, owner, rep, department, region, source, order, supplier …
    #[arg(long, value_name = "KEY", default_value = "customer")]
    pub(crate) by: String,
    /// The orders of this period (default: all)
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true)]
    pub(crate) period: Option<String>,
    /// The customer's attributes: today (default) or at-order
    #[arg(long, value_name = "WHEN", default_value = "today")]
    pub(crate) attr: String,
    /// The rows behind the figures, as file:line
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// What each product earns: leaders, losers, candidates to pause and to drop
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report products\n  kehu report products product.category:drive -p 2026H1 --compare previous\n  kehu report products --explain --limit 5\n  kehu report products --json"
)]
pub(crate) struct Products {
    /// Filter terms: columns of orders, product.FIELD, and the customer's fields
    pub(crate) terms: Vec<String>,
    /// The orders of this period
    #[arg(short, long, value_name = "PERIOD", default_value = "12m", allow_hyphen_values = true)]
    pub(crate) period: String,
    /// The rule, the figures of both quarters, and the rows as file:line
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Orders with their state, money and what is still open
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report orders -p this-month\n  kehu report orders by:li product:ctl-m5 --json\n  kehu report orders --per month -p 2026H1"
)]
pub(crate) struct Orders {
    /// Filter terms: columns of orders, and the customer's fields
    pub(crate) terms: Vec<String>,
    /// The orders of this period (default: all)
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true)]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Promised and actual delivery: how late each order was, and how many came on time
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report delivery -p 2026Q2\n  kehu report delivery customer.grade:A --sort -days_late --limit 10\n  kehu report delivery by:li -p last-month -f csv"
)]
pub(crate) struct Delivery {
    /// Filter terms: columns of orders, and the customer's fields
    pub(crate) terms: Vec<String>,
    /// The orders of this period (default: all)
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true)]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// What customers owe, by days overdue
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report receivables\n  kehu report receivables owner:li --scale 10000\n  kehu report receivables --today 2026-06-30 -f csv -o ageing.csv"
)]
pub(crate) struct Receivables {
    /// Filter terms (kehu help filters)
    pub(crate) terms: Vec<String>,
    /// The receivables and payments behind each customer's row
    #[arg(long)]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Revenue and profit by grade, this year and last; how customers moved between grades
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu report grades\n  kehu report grades owner:li\n  kehu report grades --migration --from 2025-01-31 --to 2026-01-31 --json"
)]
pub(crate) struct Grades {
    /// Filter terms (kehu help filters)
    pub(crate) terms: Vec<String>,
    /// First day of the migration (default: a year ago)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// Last day of the migration (default: today)
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) to: Option<String>,
    /// Make the migration the main table, the one that machine formats print
    #[arg(long)]
    pub(crate) migration: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Profit(a) => run_profit(a, ctx),
        Verb::Products(a) => run_products(a, ctx),
        Verb::Orders(a) => run_orders(a, ctx),
        Verb::Delivery(a) => run_delivery(a, ctx),
        Verb::Receivables(a) => run_receivables(a, ctx),
        Verb::Grades(a) => run_grades(a, ctx),
    }
}

fn period(ctx: &Context, text: Option<&str>) -> Result<Period> {
    match text {
        Some(p) => parse_period(p, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e)),
        None => Ok(Period::ALL),
    }
}

/// The filter over order lines, and what it needs read.
fn line_filter(ctx: &Context, terms: &[String]) -> Result<(Filter, Needs)> {
    let fields = LedgerFields::new(Ledger::Orders, &ctx.settings, &ctx.team);
    let filter = ctx.filter(terms, &fields)?;
    let needs = filter.fields().into_iter().map(|id| fields.needs(id)).fold(Needs::NOTHING, Needs::and);
    Ok((filter, needs))
}

/// Whether a sale fits a filter.
fn fits(filter: &Filter, index: &Index<'_>, s: &Sale<'_>) -> bool {
    filter.is_empty()
        || match s.line {
            Some(line) => filter.matches(&LineRecord { index, line, customer: s.customer }),
            // An allowance is no line: only what is known of its customer can be asked.
            None => s.customer.is_some_and(|customer| filter.matches(&CustomerRecord { index, customer })),
        }
}

fn run_profit(args: &Profit, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let by_label = || labels::keys_for(&args.by).into_iter().find(|k| KEYS.contains(k));
    let by = KEYS.iter().copied().find(|k| *k == args.by).or_else(by_label).ok_or_else(|| {
        CliError::usage(m::cannot_group(lang, labels::label(lang, "profit"), &args.by))
            .nearest(lang, &nearest(&args.by, KEYS.iter().copied()))
            .hint(m::hint_values(lang, KEYS.join(", ")))
    })?;
    let at_order = match args.attr.as_str() {
        "today" => false,
        "at-order" => true,
        other => {
            let e = CliError::usage(m::invalid_argument(lang, other, "--attr"));
            return Err(e.hint(m::hint_values(lang, "today, at-order")));
        }
    };
    let when = period(ctx, args.period.as_deref())?;
    let per = args.list.per.as_deref().map(|u| crate::cli::table::unit(ctx, u)).transpose()?;
    let (filter, needs) = line_filter(ctx, &args.terms)?;
    let by_id = matches!(by, "customer" | "product" | "category" | "supplier" | "rep" | "department");
    let own = if by_id { names::needs(&args.list, profit::NEEDS) } else { profit::NEEDS };
    let read = ctx.load(own.and(needs))?;
    let index = Index::kept(read.book);
    let fits = |s: &Sale<'_>| fits(&filter, &index, s);
    // People see one figure of each part of the period.
    let one = (!ctx.ui.format.is_machine()).then_some("profit");
    let ask = |period: Period, per: Option<Per>| {
        let (limit, only) = (args.list.plain_limit(), one.filter(|_| per.is_some() && args.list.compare.is_none()));
        let q = Question { by, period, per, at_order, filter: &fits, everything: filter.is_empty(), only, limit };
        profit::report(&index, &q, &ctx.calendar(), lang)
    };
    let ask_again = |period: Period| Question {
        by,
        period,
        per: None,
        at_order,
        filter: &fits,
        everything: filter.is_empty(),
        only: None,
        limit: None,
    };
    let (mut doc, unknown) = ask(when, per);
    if let Some(then) = args.list.compared(ctx, when)? {
        doc = profit::beside(doc, &ask(then, None).0, None, lang);
    }
    if let Some(figure) = one.filter(|_| per.is_some()) {
        doc = pivot(&doc, figure);
    }
    args.list.arrange(ctx, &mut doc)?;
    let broken = names::fill(ctx, &read, &mut doc, args.list.limit)?;
    if args.explain {
        let shown = args.list.limit.unwrap_or(usize::MAX);
        profit::explain(&mut doc, &index, &ask_again(when), shown, lang);
    }
    args.list.print(ctx, &mut doc)?;
    cost_unknown(ctx, unknown.lines, unknown.revenue)?;
    let unjoined = ctx.unjoined(&unknown.unjoined);
    read.finish_with(broken || unjoined)
}

fn run_products(args: &Products, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    args.list.refuse_series(ctx, "products", true, "kehu report profit --by product --per quarter")?;
    let when = parse_period(&args.period, &ctx.calendar()).map_err(|e| query_error(lang, &e))?;
    let (filter, needs) = line_filter(ctx, &args.terms)?;
    let read = ctx.load(products::NEEDS.and(needs))?;
    let index = Index::kept(read.book);
    let fits = |s: &Sale<'_>| fits(&filter, &index, s);
    let people = !ctx.ui.format.is_machine();
    let terminal = ctx.ui.format == Format::Table && ctx.ui.width.is_some() && ctx.ui.output.is_none();
    let below = terminal && args.list.columns.is_none();
    let ask =
        |period: Period, people: bool| products::Question { period, filter: &fits, people, below: below && people };
    let mut answer = products::report(&index, &ask(when, people), lang);
    if let Some(then) = args.list.compared(ctx, when)? {
        let before = products::report(&index, &ask(then, false), lang);
        let other = people.then(|| products::other(lang));
        answer.doc = profit::beside(answer.doc, &before.doc, other.as_deref(), lang);
    }
    args.list.arrange(ctx, &mut answer.doc)?;
    if people {
        products::regroup(&mut answer.doc, lang);
    }
    if args.explain {
        products::explain(&mut answer, &index, &ask(when, people), args.list.limit.unwrap_or(usize::MAX), lang);
    }
    args.list.print(ctx, &mut answer.doc)?;
    cost_unknown(ctx, answer.all.unknown_cost_lines, answer.all.unknown_revenue())?;
    let unjoined = ctx.unjoined(&answer.unjoined);
    read.finish_with(unjoined)
}

/// The orders whose lines fit, and what was read for them.
fn with_orders<T>(
    ctx: &Context,
    terms: &[String],
    when: Period,
    then: impl FnOnce(&Index<'_>, &[trade::Order]) -> Result<T>,
) -> Result<()> {
    let (filter, needs) = line_filter(ctx, terms)?;
    let read = ctx.load(trade::NEEDS.and(needs))?;
    let index = Index::kept(read.book);
    let list = trade::orders(&index, when, &|line, customer| {
        filter.is_empty() || filter.matches(&LineRecord { index: &index, line, customer })
    });
    then(&index, &list)?;
    let unjoined = ctx.unjoined(&trade::unjoined(&index, &list, when));
    read.finish_with(unjoined)
}

fn run_orders(args: &Orders, ctx: &Context) -> Result<()> {
    let when = period(ctx, args.period.as_deref())?;
    let series = args.list.is_series();
    // What is compared lies outside the period.
    let span = if args.list.compare.is_some() { Period::ALL } else { when };
    with_orders(ctx, &args.terms, span, |index, list| {
        let mut doc = if series {
            let (heads, items): (_, Vec<Item>) = trade::order_items(index, list, ctx.lang());
            args.list.series(ctx, &items, &heads, (args.period.as_deref().unwrap_or(".."), when))?
        } else {
            trade::order_table(index, list, ctx.lang())
        };
        args.list.arrange(ctx, &mut doc)?;
        args.list.print(ctx, &mut doc)
    })
}

fn run_delivery(args: &Delivery, ctx: &Context) -> Result<()> {
    args.list.refuse_series(ctx, "delivery", false, "kehu report delivery -p PERIOD")?;
    let when = period(ctx, args.period.as_deref())?;
    with_orders(ctx, &args.terms, when, |index, list| {
        let mut doc = trade::delivery(index, list, ctx.lang());
        args.list.arrange(ctx, &mut doc)?;
        args.list.print(ctx, &mut doc)
    })
}

fn run_receivables(args: &Receivables, ctx: &Context) -> Result<()> {
    args.list.refuse_series(ctx, "receivables", false, "kehu report receivables --today DATE")?;
    let (read, chosen) = choose(ctx, &args.terms, names::needs(&args.list, receivables::NEEDS))?;
    let index = Index::kept(read.book);
    let chosen = receivables::Chosen { customers: &chosen(&index), strangers: args.terms.is_empty() };
    let mut doc = receivables::report(&index, &chosen, &|column| args.list.asks_for(column), ctx.lang());
    args.list.arrange(ctx, &mut doc)?;
    let broken = names::fill(ctx, &read, &mut doc, args.list.limit)?;
    if args.explain {
        receivables::explain(&mut doc, &index, &chosen, ctx.lang());
    }
    args.list.print(ctx, &mut doc)?;
    let unjoined = ctx.unjoined(&receivables::unjoined(&index));
    read.finish_with(broken || unjoined)
}

fn run_grades(args: &Grades, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    args.list.refuse_series(ctx, "grades", false, "kehu report profit --by grade")?;
    let to = args.to.as_deref().map_or(Ok(ctx.today), |d| ctx.day(d))?;
    let year_ago = ctx.today.checked_sub_months(chrono::Months::new(12)).unwrap_or(ctx.today);
    let from = args.from.as_deref().map_or(Ok(year_ago), |d| ctx.day(d))?;
    if to > ctx.today {
        return Err(CliError::usage(m::in_the_future(lang, to)));
    }
    if from > to {
        return Err(CliError::usage(m::migration_reversed(lang, from, to)));
    }
    let (read, chosen) = choose(ctx, &args.terms, grades::NEEDS)?;
    let index = Index::kept(read.book);
    let chosen = chosen(&index);
    let question = grades::Question { chosen: &chosen, from, to, migration: args.migration };
    let (mut doc, (lines, revenue)) = grades::report(&index, &question, lang);
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    cost_unknown(ctx, lines, revenue)?;
    let strays = ctx.strays_of(&index, &[Ledger::Orders, Ledger::Refunds], Period::ALL);
    read.finish_with(strays)
}

/// Says how many lines have no cost; with --strict that is a failure.
fn cost_unknown(ctx: &Context, lines: i64, revenue: crate::model::money::Decimal) -> Result<()> {
    if lines == 0 {
        return Ok(());
    }
    let base = &ctx.settings.file.currency;
    let amount = crate::model::money::round(revenue, crate::model::money::minor_digits(base));
    ctx.ui.note(&m::cost_unknown(ctx.lang(), lines, amount, base));
    if ctx.global.strict { Err(CliError::new(Exit::Data, "")) } else { Ok(()) }
}
