use super::stage::READS;
use crate::cli::args::{Decision, Lost, TheCustomer};
use crate::cli::context::{Context, Result};
use crate::cli::error::CliError;
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::{messages as m, values};
use crate::rules::decisions::decide;
use crate::rules::followup::promises;
use crate::rules::playbooks::of_lost;
use crate::rules::turn::Extra;

/// Close a customer, until a day or for good
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu close huaxin --reason no-need-now --until +6m\n  kehu close acme --reason competitor --competitor \"Other Ltd\" --lesson \"answered too late\""
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    /// Why: a code of [reasons] close in kehu.toml
    #[arg(long, value_name = "CODE")]
    pub(crate) reason: Option<String>,
    /// Who won it
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) competitor: String,
    /// What to do better next time
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) lesson: String,
    /// The day on which it is due again
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) decision: Decision,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let list = &ctx.settings.file.reasons.close;
    let reason = code_of(ctx, "close", list, args.reason.as_deref())?;
    let until = args.until.as_deref().map(|u| ctx.day(u)).transpose()?;
    let act = ctx.act(&with_lesson(&args.decision.note, &args.lesson), args.decision.at.as_deref())?;
    ctx.transact_for(READS, Some(&args.customer), |index, _| {
        let n = ctx.resolve(index.book, &args.customer)?;
        let c = &index.book.customers[n];
        let extra = Extra { until, reason: reason.clone(), competitor: args.competitor.clone() };
        let changes = decide(index, n, "status", "closed", &act, &extra).map_err(|r| ctx.refused(&r))?;
        let mut planned = Planned { changes, ..Planned::default() };
        let word = values::value(lang, "close", &reason);
        let line = match until {
            Some(day) => m::did_close_until(lang, c.id, word, day),
            None => m::did_close(lang, c.id, word),
        };
        planned.did(c.id, line);
        if let Some(playbook) = of_lost(&ctx.settings, &reason) {
            planned.also(ctx.tasks_of(index.book, n, playbook, &act)?);
        }
        let promised = promises(index, n).into_iter().filter_map(|(_, a)| a.next());
        let lost = promised.filter(|day| until.is_none_or(|until| *day < until));
        planned.warnings.extend(lost.map(|day| m::promise_lost(lang, c.name, day)));
        Ok(planned)
    })
}

/// A note with what was learnt behind it.
pub(crate) fn with_lesson(note: &str, lesson: &str) -> String {
    [note, lesson].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Why a deal or a quote was lost, and to whom; a company without a list of reasons says what it likes.
pub(crate) fn lost_by(ctx: &Context, typed: &Lost) -> Result<Extra> {
    let list = &ctx.settings.file.reasons.lost;
    let reason = match &typed.reason {
        given if list.is_empty() => given.clone().unwrap_or_default(),
        given => code_of(ctx, "lost", list, given.as_deref())?,
    };
    Ok(Extra { until: None, reason, competitor: typed.competitor.clone() })
}

/// A code of a list of reasons in kehu.toml; on a terminal it is asked for. `name` is the list's, for the words of its
/// codes.
fn code_of(ctx: &Context, name: &str, list: &[String], typed: Option<&str>) -> Result<String> {
    let lang = ctx.lang();
    let all = || values::choices(lang, list.iter().map(|r| (r.as_str(), values::value(lang, name, r))));
    let known = || m::hint_reasons(lang, all());
    let asked = || ctx.ui.ask(&m::ask_reason(lang, all()));
    let reason = typed
        .map(ToString::to_string)
        .or_else(asked)
        .ok_or_else(|| CliError::usage(m::reason_missing(lang)).hint(known()))?;
    list.iter().find(|r| **r == reason || values::words(name, r).contains(&reason)).cloned().ok_or_else(|| {
        CliError::usage(m::unknown_reason(lang, &reason))
            .nearest(lang, &nearest(&reason, list.iter().map(String::as_str)))
            .hint(known())
    })
}
