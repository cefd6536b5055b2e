use crate::cli::args::OfCustomer;
use crate::cli::context::{Context, Read, Result};
use crate::cli::error::store_error;
use crate::model::book::Reads;
use crate::model::playbook::Playbook;
use crate::report::complaints::years_of_open;
use crate::report::customer::{READS, explain, show};
use crate::report::playbook::{self, shows_classes};
use crate::rules::engine::index::Index;
use crate::rules::unjoined::of_customer;
use crate::store;

/// Everything about a customer on one page
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu show huaxin\n  kehu show 华新电子有限公司 --json\n  kehu show huaxin --today 2026-06-30\n  kehu show huaxin --explain"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: OfCustomer,
    /// Show below the page where each figure comes from: rule, inputs, rows as file:line
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let (read, customer) = load(ctx, READS, &args.customer)?;
    let index = Index::new(read.book);
    let (playbooks, broken) = playbooks(ctx, &index, customer)?;
    let mut doc = show(&index, customer, &playbooks, ctx.lang());
    if args.explain {
        explain(&mut doc, &index, customer, ctx.lang());
    }
    ctx.print(&doc)?;
    ctx.say_unknown_years(years_of_open(&index, customer));
    read.finish_with(ctx.unjoined(&of_customer(&index, customer)) || broken)
}

/// Reads what a page about a customer shows: of other customers too, where their orders decide its value class.
pub(super) fn load(ctx: &Context, reads: Reads, typed: &str) -> Result<(Read, usize)> {
    if !shows_classes(&ctx.settings) {
        return ctx.load_customer(reads, typed);
    }
    let read = ctx.load(reads.and(playbook::reads(&ctx.settings)))?;
    let customer = ctx.resolve(read.book, typed)?;
    Ok((read, customer))
}

/// The playbooks of a customer with what they belong to, and whether something is wrong with a file, which is said.
pub(super) fn playbooks(ctx: &Context, index: &Index<'_>, customer: usize) -> Result<(Vec<(String, Playbook)>, bool)> {
    let named = playbook::of_customer(index, customer);
    if named.is_empty() {
        return Ok((Vec::new(), false));
    }
    let read = |view: &store::ReadView| {
        let (mut found, mut diagnostics) = (Vec::new(), Vec::new());
        for (of, id) in &named {
            found.extend(store::playbooks::read(view, id, &mut diagnostics)?.map(|p| (of.clone(), p)));
        }
        Ok((found, diagnostics))
    };
    let (found, diagnostics) = store::read_consistently(&ctx.root, read).map_err(|e| store_error(ctx.lang(), &e))?;
    ctx.ui.diagnostics(&diagnostics);
    Ok((found, !diagnostics.is_empty()))
}
