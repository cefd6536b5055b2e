use crate::cli::args::{Decided, Note, Override};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::Reads;
use crate::model::ledger::{Ledger, SettingList};
use crate::report::fields::{choices, stage_label};
use crate::rules::lifecycle::plan_stage;

/// Move customers to another stage, by the rules of kehu.toml
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why; needed for a move backwards")),
    override_usage = "kehu stage [OPTIONS] <CUSTOMER>... <STAGE>",
    after_help = "Examples:\n  kehu stage huaxin prospect\n  kehu stage huaxin lead --note \"no budget this year\"\n  kehu stage a b c prospect --dry-run"
)]
pub(crate) struct Args {
    /// Customers, then the stage
    #[arg(required = true, num_args = 2.., value_name = "CUSTOMER STAGE")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) force: Override,
    #[command(flatten)]
    pub(crate) at: Decided,
}

/// What a decision about customers rests on.
pub(crate) const READS: Reads =
    Reads::customers_and(&[Ledger::Activities, Ledger::Events, Ledger::Orders, Ledger::Needs, Ledger::Tasks]);

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let Some((word, customers)) = args.words.split_last() else { return Ok(()) };
    let stage = ctx
        .settings
        .file
        .stages
        .iter()
        .find(|s| [&s.id, &s.label, &s.zh].contains(&word))
        .map(|s| s.id.clone())
        .ok_or_else(|| {
            let ids = ctx.settings.list(SettingList::Stages);
            CliError::usage(m::unknown_stage(lang, word))
                .nearest(lang, &nearest(word, ids.iter().copied()))
                .hint(m::hint_stages(lang, choices(lang, &ctx.settings, SettingList::Stages)))
        })?;
    let act = ctx.act(&args.note, args.at.as_deref())?;
    if *args.force {
        ctx.check_override(&args.note)?;
    }
    let one = if let [one] = customers { Some(one.as_str()) } else { None };
    ctx.transact_for(READS, one, |index, _| {
        let mut planned = Planned::default();
        for text in customers {
            let n = ctx.resolve(index.book, text)?;
            let c = &index.book.customers[n];
            let changes = plan_stage(index, n, &stage, &act, *args.force).map_err(|r| ctx.refused(&r))?;
            if changes.is_empty() || planned.ids.iter().any(|i| i == c.id) {
                continue;
            }
            planned.changes.extend(changes);
            let label = |id: &str| stage_label(lang, &ctx.settings, id);
            planned.did(c.id, m::did_stage(lang, c.id, label(c.stage), label(&stage)));
            planned.also(ctx.tasks_on_entering(index.book, n, &stage, &act)?);
        }
        Ok(planned)
    })
}
