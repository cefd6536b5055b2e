use super::chosen;
use super::stage::READS;
use crate::cli::args::{Decision, Override, Sharing};
use crate::cli::context::{Context, Result};
use crate::i18n::messages as m;
use crate::rules::owning::assign;
use crate::rules::visits::{double_visit, visited};

/// Give customers to one member of the team, or share them among several
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "Whoever leads may assign all customers, an owner its own ones. Nobody gets more customers than it may own.\n\nExamples:\n  kehu assign huaxin acme --to li\n  kehu assign no:owner region:华东 --to li,wu --by even --dry-run\n  kehu assign source:expo-2026 --to li,wu,sun --by grade\n  kehu assign huaxin --to pool"
)]
pub(crate) struct Args {
    /// Customers, or filter terms
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) sharing: Sharing,
    #[command(flatten)]
    pub(crate) decision: Decision,
    #[command(flatten)]
    pub(crate) force: Override,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let takers = args.sharing.takers(ctx)?;
    let how = args.sharing.how(ctx, &takers)?;
    let act = ctx.act(&args.decision.note, args.decision.at.as_deref())?;
    chosen::transact(ctx, &args.words, READS, |index, chosen| {
        let book = index.book;
        let who = ctx.who(*args.force, &act.note)?;
        let mut planned = ctx.planned(book, who, assign(index, chosen, &takers, how, &act, who))?;
        for &n in chosen {
            let c = &book.customers[n];
            if planned.noted.contains(c.id)
                && let Some(a) = double_visit(index, n).filter(|a| !takers.iter().any(|t| t == a.by()))
            {
                planned.warnings.push(m::double_visit(lang, visited(index, n, a), book.team.name(a.by()), a.day()));
            }
        }
        Ok(planned)
    })
}
