//! Putting things forward and answering for them: one implementation for `approve` and for the verbs of every noun.

use super::trade;
use crate::cli::args::Step;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, no_row};
use crate::cli::transact::Planned;
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, ledger_of_kind};
use crate::model::plan::{Obstacle, Plan};
use crate::rules::answering::{self, Answer};
use crate::rules::engine::index::Index;
use crate::rules::papers::{LEDGERS, Paper, READS};
use crate::rules::requests::Who;
use crate::rules::turn::Act;
use std::collections::HashSet;

/// What is answered for, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct Answers {
    /// What to answer for
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) step: Step,
}

/// What answers rest on.
const ALL: Reads = trade::READS.and(READS);

/// What of a ledger, or of any whose things are approved, goes by an id.
pub(crate) fn paper<'b>(ctx: &Context, book: &'b Book, text: &str, ledger: Option<Ledger>) -> Result<Paper<'b>> {
    let lang = ctx.lang();
    let (named, id) = match text.split_once(':') {
        Some((kind, id)) => (ledger_of_kind(kind).or_else(|| Ledger::parse_any(kind)), id),
        None => (None, text),
    };
    let ledgers: Vec<Ledger> =
        LEDGERS.into_iter().filter(|l| ledger.is_none_or(|w| w == *l) && named.is_none_or(|n| n == *l)).collect();
    let found: Vec<Paper<'_>> = ledgers.iter().filter_map(|l| Paper::find(book, *l, id)).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let kind = ledger.or(named).unwrap_or(Ledger::Requests).kind();
            let ids = || ledgers.iter().flat_map(|l| Paper::of(book, *l)).map(|p| p.id());
            Err(no_row(lang, kind, id, ids()))
        }
        several => {
            let list: Vec<String> = several.iter().map(Paper::name).collect();
            Err(CliError::new(Exit::NotFound, m::row_ambiguous(lang, id, list.join(", "))))
        }
    }
}

/// Does the same with each thing that is named, all or none.
fn each(
    answers: (&[String], &Step),
    ledger: Option<Ledger>,
    ctx: &Context,
    plan: impl Fn(&Index<'_>, &Paper<'_>, &Act, Who<'_>, &str) -> std::result::Result<Plan, Obstacle>,
) -> Result<()> {
    let (ids, step) = answers;
    let act = ctx.deed(&step.note, step.at.as_deref())?;
    ctx.transact(ALL, |index, _| {
        let book = index.book;
        let who = ctx.who(*step.force, &act.note)?;
        let mut planned = Planned::default();
        let (mut done, mut about) = (HashSet::new(), HashSet::new());
        for id in ids {
            let paper = paper(ctx, book, id, ledger)?;
            if !done.insert(paper.name()) {
                continue;
            }
            // What the first of two changes, the second one would have to see.
            if paper.ledger == Ledger::Requests && !about.insert((paper.sort(), paper.party())) {
                return Err(CliError::usage(m::answer_apart(ctx.lang(), paper.id(), paper.party())));
            }
            let fresh = ctx.new_id(Ledger::Receivables)?;
            planned.also(ctx.planned(book, who, plan(index, &paper, &act, who, &fresh))?);
        }
        Ok(planned)
    })
}

/// Answers for things of a ledger, or of any.
pub(crate) fn answer(answers: &Answers, ledger: Option<Ledger>, how: Answer, ctx: &Context) -> Result<()> {
    answer_for((&answers.ids, &answers.step), ledger, how, ctx)
}

/// The same for ids and words that stand apart.
pub(crate) fn answer_for(
    answers: (&[String], &Step),
    ledger: Option<Ledger>,
    how: Answer,
    ctx: &Context,
) -> Result<()> {
    each(answers, ledger, ctx, |index, paper, act, who, fresh| answering::answer(index, paper, how, act, who, fresh))
}

/// Puts things of a ledger forward.
pub(crate) fn submit(answers: &Answers, ledger: Ledger, ctx: &Context) -> Result<()> {
    each((&answers.ids, &answers.step), Some(ledger), ctx, |index, paper, act, who, _| {
        answering::submit(index, paper, act, who)
    })
}
