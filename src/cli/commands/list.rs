use crate::cli::args::{During, Terms};
use crate::cli::context::{Context, Read, Result};
use crate::cli::record::customers_exist;
use crate::cli::table::{ListArgs, say_if_none};
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::period::Period;
use crate::query::{Filter, compare};
use crate::report::fields::{CustomerFields, CustomerRecord};
use crate::report::list::{DEFAULT_COLUMNS, explain, report};
use crate::report::series::Item;
use crate::rules::engine::index::Index;

/// Customers, with any key or metric as a column, filter or sort key
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("period", |a| {
        a.help("The period of figures such as activities; with --per or --compare, the period in which customers were created")
    }),
    after_help = "Examples:\n  kehu list owner:li stage:prospect\n  kehu list hxdz\n  kehu list no:owner --sort -created --limit 20\n  kehu list grade:A --columns id,name,due,fields.employees --json\n  kehu list -p 2026 --columns name,revenue,margin,growth,overdue --sort -revenue --limit 20\n  kehu list huaxin --columns name,margin,payment_days --explain"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) period: During,
    /// Show below the table where each figure comes from: rule, inputs, rows as file:line
    #[arg(long, conflicts_with_all = ["per", "compare"])]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    let mut default: Vec<String> = DEFAULT_COLUMNS.iter().map(ToString::to_string).collect();
    let mut list = args.list.clone();
    // A saved query that is the only term brings its own columns and order.
    if let [only] = &*args.terms
        && let Some(view) = only.strip_prefix('@').and_then(|v| ctx.settings.file.views.get(v))
    {
        if !view.columns.is_empty() {
            default.clone_from(&view.columns);
        }
        list.sort = list.sort.or_else(|| view.sort.clone());
    }
    let columns = list.fields(ctx, &fields, &default)?;
    let keys = list.sort_keys(ctx, &fields)?;
    let period = args.period.read(ctx)?;
    let reads = columns.iter().map(|d| d.id).chain(keys.iter().map(|k| k.0)).map(|id| fields.reads(id));
    let reads = reads.fold(Reads::NOTHING, Reads::and);
    let (read, chosen) = choose(ctx, &args.terms, reads)?;
    let series = list.is_series();
    let index = Index::new(read.book).over(if series { Period::ALL } else { period });
    let mut chosen = chosen(&index);
    let created = |n: &usize| read.book.customers[*n].created;
    if series {
        let inside = |d: &Day| list.compare.is_some() || period.contains(*d);
        let item = |day| Item { day, counts: true, figures: Vec::new() };
        let items: Vec<Item> = chosen.iter().filter_map(created).filter(inside).map(item).collect();
        let mut doc = list.series(ctx, &items, &[], (args.period.named(), period))?;
        list.print(ctx, &mut doc)?;
        return read.finish();
    }
    chosen.sort_by(|a, b| {
        let record = |n: &usize| CustomerRecord { index: &index, customer: *n };
        compare(&record(a), &record(b), &keys)
    });
    let mut doc = report(&index, &chosen, &columns, ctx.lang());
    if args.explain {
        let shown = chosen.len().min(list.limit.unwrap_or(usize::MAX));
        explain(&mut doc, &index, &chosen[..shown], &columns, ctx.lang());
    }
    let asked: Vec<&str> = args.terms.iter().map(String::as_str).collect();
    say_if_none(ctx, doc.is_empty(), &m::customers_word(ctx.lang()), read.book.customers.len(), &asked);
    list.print(ctx, &mut doc)?;
    read.finish_with(ctx.left_out(&index, index.window))
}

/// The customers that a filter chooses, by their index in the book.
pub(crate) type Choice<'a> = Box<dyn Fn(&Index<'_>) -> Vec<usize> + 'a>;

/// Reads what the terms and the caller need; the customers that fit all terms.
pub(crate) fn choose<'a>(ctx: &'a Context, terms: &[String], reads: Reads) -> Result<(Read, Choice<'a>)> {
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    chosen_by(ctx, ctx.filter(terms, &fields)?, reads)
}

/// The same by a filter that has been read.
pub(crate) fn chosen_by<'a>(ctx: &'a Context, filter: Filter, reads: Reads) -> Result<(Read, Choice<'a>)> {
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    let reads = filter.fields().into_iter().map(|id| fields.reads(id)).fold(reads, Reads::and);
    let read = ctx.load(Reads { customers: true, ..reads })?;
    customers_exist(ctx, read.book, &filter, &fields)?;
    Ok((read, choice(filter)))
}

/// The customers that fit a filter.
pub(crate) fn choice(filter: crate::query::Filter) -> Choice<'static> {
    Box::new(move |index| {
        (0..index.book.customers.len())
            .filter(|&customer| filter.is_empty() || filter.matches(&CustomerRecord { index, customer }))
            .collect()
    })
}

/// The fields with their labels, for `kehu help filters`.
pub(crate) fn field_help(lang: crate::i18n::Lang) -> String {
    use crate::i18n::labels::label;
    let keys = crate::model::customer::CUSTOMER_KEYS.iter().map(|k| k.name);
    let metrics = crate::metrics::METRICS.iter().map(|m| m.key);
    std::iter::once("id").chain(keys).chain(metrics).map(|k| format!("  {k:<20}{}\n", label(lang, k))).collect()
}
