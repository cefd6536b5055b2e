use super::trade::{NEEDS, entries, floor, judge, total, work_out};
use crate::cli::context::{Context, Result};
use crate::i18n::messages as m;
use crate::model::money::Decimal;
use crate::report::document::{Block, Card, Cell, Document};
use crate::report::{col, num};
use crate::rules::entry::{Terms, min_price};
use crate::rules::index::Index;

/// Quotes: try (what a price would earn, without storing anything)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Try(Try),
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

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Try(a) => what_if(a, ctx),
    }
}

fn what_if(args: &Try, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let typed = entries(ctx, &args.lines, &args.line)?;
    let tax_rate = args.tax_rate.as_deref().map(|t| super::trade::fraction(ctx, "tax_rate", t)).transpose()?;
    let read = ctx.load(NEEDS)?;
    let index = Index::new(&read.book);
    let customer = ctx.resolve(&read.book, &args.customer)?;
    let c = &read.book.customers[customer];
    let terms = Terms { day: ctx.today, currency: "", tax_rate };
    let lines = work_out(ctx, &read.book, terms, &typed)?;
    let judged = judge(ctx, &index, customer, terms, &lines)?;
    let base = ctx.settings.file.currency.clone();
    let revenue: Decimal = lines.iter().map(|l| l.net).sum();
    let cost: Option<Decimal> = lines.iter().map(|l| Some(l.cost? + l.entry.extra_cost.unwrap_or_default())).sum();
    let profit = cost.map(|c| revenue - c);
    let margin = profit.filter(|_| !revenue.is_zero()).and_then(|p| p.checked_div(revenue));
    let least = floor(&index, customer);
    let account = index.accounts_of(customer).into_iter().find(|a| a.currency == base);
    let overdue = account.map_or(Decimal::ZERO, |a| a.ageing(ctx.today).overdue());
    let owed = account.map_or(Decimal::ZERO, |a| a.outstanding());
    let refused: Vec<String> = judged.refusals.iter().map(|r| ctx.refused(r).message).collect();
    let warnings: Vec<String> = refused.iter().cloned().chain(judged.warnings).collect();
    let money = |a: Option<Decimal>| {
        a.map_or(Cell::NotAvailable, |amount| Cell::Money { amount: amount.normalize(), currency: base.clone() })
    };
    let ratio = |r: Option<Decimal>| r.map_or(Cell::NotAvailable, Cell::Ratio);
    let limit = match c.get("credit_limit") {
        crate::model::value::Value::Num(n) => money(Some(n)),
        _ => Cell::Missing,
    };
    let fields = vec![
        (col(lang, "customer"), Cell::Id(c.id.into())),
        (col(lang, "name"), Cell::Text(c.name.into())),
        (num(lang, "revenue"), money(Some(revenue))),
        (num(lang, "total_amount"), money(Some(total(&lines, &base)))),
        (num(lang, "cost"), money(cost)),
        (num(lang, "profit"), money(profit)),
        (num(lang, "margin"), ratio(margin)),
        (num(lang, "margin_floor"), least.map_or(Cell::Missing, Cell::Ratio)),
        (num(lang, "min_amount"), money(cost.and_then(|x| min_price(x, least?)))),
        (num(lang, "break_even"), money(cost)),
        (num(lang, "usual_margin"), ratio(index.figures(customer).margin())),
        (num(lang, "outstanding"), money(Some(owed))),
        (num(lang, "overdue"), money(Some(overdue))),
        (num(lang, "credit_limit"), limit),
        (col(lang, "allowed"), Cell::Flag(refused.is_empty())),
        (col(lang, "warnings"), if warnings.is_empty() { Cell::Missing } else { Cell::List(warnings) }),
    ];
    let blocks = vec![Block::Card(Card { title: None, fields }), Block::Note(m::quote_cost_today(lang))];
    ctx.print(&Document { title: None, blocks, main: 0 })?;
    read.finish()
}
