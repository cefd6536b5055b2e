use super::list::choice;
use super::stage::READS;
use crate::cli::args::Decision;
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::record::customers_exist;
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::query::Filter;
use crate::report::fields::CustomerFields;
use crate::rules::decisions::decide;
use crate::rules::turn::Extra;
use crate::rules::visits::double_visit;
use std::collections::BTreeMap;

/// How several people share the customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    /// As many for each.
    Even,
    /// The same region to the same person.
    Region,
    /// To whoever owns fewest.
    Load,
}

/// Give customers to one member of the team, or share them among several
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "Examples:\n  kehu assign huaxin acme --to li\n  kehu assign no:owner region:华东 --to li,wu --by even --dry-run\n  kehu assign huaxin --to pool"
)]
pub(crate) struct Args {
    /// Customers, or filter terms
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// Members of the team, separated by commas; `pool` gives them to nobody
    #[arg(long, value_name = "WHO", required = true)]
    pub(crate) to: String,
    /// How to share among several members: {values}
    #[arg(long, value_enum, default_value = "even", hide_possible_values = true)]
    pub(crate) by: By,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let mut takers: Vec<String> = Vec::new();
    for who in args.to.split([',', '，']).filter(|w| !w.is_empty()) {
        takers.push(if matches!(who, "pool" | "公海") { String::new() } else { ctx.present_member(who)?.id.into() });
    }
    let Some(first) = takers.first() else {
        return Err(CliError::usage(m::missing_argument(lang, "--to")));
    };
    let act = ctx.act(&args.decision.note, args.decision.at.as_deref())?;
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    // A word that is no customer may be a filter term; its fields must be known before anything is read.
    let looks_like_terms = Filter::is_among(&args.words, &fields);
    let filter = if looks_like_terms { Some(ctx.filter(&args.words, &fields)?) } else { None };
    let reads = filter.iter().flat_map(|f| f.fields()).map(|id| fields.reads(id)).fold(READS, Reads::and);
    ctx.transact(reads, |index, _| {
        let book = index.book;
        let chosen: Vec<usize> = match filter {
            Some(f) => {
                customers_exist(ctx, book, &f, &fields)?;
                choice(f)(index)
            }
            None => args.words.iter().map(|w| ctx.resolve_exact(book, w)).collect::<Result<_>>()?,
        };
        let asked_status = args.words.iter().any(|w| w.contains("status") || w.contains("状态"));
        let chosen: Vec<usize> = if looks_like_terms && !asked_status {
            let (open, closed): (Vec<usize>, Vec<usize>) = chosen.into_iter().partition(|n| !book.customers[*n].closed);
            if !closed.is_empty() {
                ctx.ui.note(&m::skipped_closed(lang, closed.len()));
            }
            open
        } else {
            chosen
        };
        if chosen.is_empty() {
            ctx.ui.note(&m::nothing_selected(lang));
        }
        if filter_is_bulk(&chosen, looks_like_terms) {
            ctx.confirm(&m::sure_bulk(lang, chosen.len()))?;
        }
        let mut load: BTreeMap<&str, usize> = takers
            .iter()
            .map(|t| (t.as_str(), book.customers.iter().filter(|c| !c.closed && c.owner == t).count()))
            .collect();
        let mut region: BTreeMap<&str, &str> = BTreeMap::new();
        let mut planned = Planned::default();
        for (turn, &n) in chosen.iter().enumerate() {
            let c = &book.customers[n];
            let lightest = || takers.iter().min_by_key(|t| load.get(t.as_str()).copied().unwrap_or(0)).unwrap_or(first);
            let to: &str = match args.by {
                By::Even => &takers[turn % takers.len()],
                By::Load => lightest(),
                By::Region => match region.get(c.text("region")) {
                    Some(who) => who,
                    None => lightest(),
                },
            };
            region.entry(c.text("region")).or_insert(to);
            *load.entry(to).or_default() += 1;
            if c.owner == to || planned.ids.iter().any(|i| i == c.id) {
                continue;
            }
            let changes = decide(index, n, "owner", to, &act, &Extra::default()).map_err(|r| ctx.refused(&r))?;
            planned.changes.extend(changes);
            let name = |id: &str| if id.is_empty() { m::the_pool(lang) } else { id.to_string() };
            planned.did(c.id, m::did_assign(lang, c.id, name(c.owner), name(to)));
            if let Some(a) = double_visit(index, n).filter(|a| a.by() != to) {
                planned.warnings.push(m::double_visit(lang, c.name, book.team.name(a.by()), a.day()));
            }
        }
        Ok(planned)
    })
}

fn filter_is_bulk(chosen: &[usize], by_terms: bool) -> bool {
    by_terms && chosen.len() > 1
}
