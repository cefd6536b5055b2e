use crate::cli::args::{Note, Override, Sharing};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::report::document::Document;
use crate::report::handover::{balance, report};
use crate::rules::engine::index::Index;
use crate::rules::handover::{READS, Request, hand_over};
use std::cell::RefCell;

/// Give everything open that somebody owns to others, in one change
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "Customers, open deals, tasks and complaints. Stages, dates and history stay; orders keep their rep.\n\nExamples:\n  kehu handover wu --to li\n  kehu handover wu --to li,sun --by grade --tasks --dry-run\n  kehu handover wu --to pool"
)]
pub(crate) struct Args {
    /// Who gives everything away
    pub(crate) from: String,
    #[command(flatten)]
    pub(crate) sharing: Sharing,
    /// Make a task for each open customer: the first contact by its new owner
    #[arg(long)]
    pub(crate) tasks: bool,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) force: Override,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let from = ctx.member(&args.from)?.id;
    let job = Job { from, sharing: &args.sharing, tasks: args.tasks, note: &args.note, force: *args.force };
    job.run(ctx, |_, _, _| Ok(true))
}

/// A hand-over as it was typed.
pub(super) struct Job<'x> {
    pub(super) from: &'static str,
    pub(super) sharing: &'x Sharing,
    pub(super) tasks: bool,
    pub(super) note: &'x str,
    pub(super) force: bool,
}

impl Job<'_> {
    /// Plans the hand-over with what `more` adds, commits it, and says who holds what now, unless `more` has another way of
    /// saying so.
    pub(super) fn run(
        &self,
        ctx: &Context,
        more: impl FnOnce(&mut Planned, &Index<'_>, &Document) -> Result<bool>,
    ) -> Result<()> {
        let lang = ctx.lang();
        let takers = self.sharing.takers(ctx)?;
        if takers.iter().any(|t| t == self.from) {
            return Err(CliError::usage(m::hand_over_to_self(lang, self.from)));
        }
        let how = self.sharing.how(ctx, &takers)?;
        let act = ctx.act(self.note, None)?;
        let own = ctx.own_lang();
        let title = |name: &str| m::first_contact_title(own, name);
        ctx.transact(READS, |index, _| {
            let who = ctx.who(self.force, &act.note)?;
            let task: Option<&dyn Fn(&str) -> String> = if self.tasks { Some(&title) } else { None };
            let (from, at) = (self.from, ctx.fact_time());
            let req = Request { from, takers: &takers, how, task, at };
            let done = RefCell::new(None);
            let plan = hand_over(index, req, &act, who).map(|(plan, handed)| {
                done.replace(Some(handed));
                plan
            });
            let mut planned = ctx.planned(index.book, who, plan)?;
            if let Some(handed) = done.take() {
                let lines = balance(&handed.before, &handed.after, index, lang);
                let empty = planned.changes.is_empty();
                let says = more(&mut planned, index, &report(index, &handed, lang))?;
                if says && !empty {
                    planned.lines.extend(lines);
                }
            }
            Ok(planned)
        })
    }
}
