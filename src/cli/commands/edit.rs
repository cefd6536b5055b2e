use super::stage::READS;
use crate::cli::args::TheCustomer;
use crate::cli::context::{Context, Result};
use crate::cli::env;
use crate::cli::error::{CliError, Exit};
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic, Place, Severity};
use crate::i18n::messages as m;
use crate::model::book::{Book, Reads};
use crate::model::change::{Change, ChangeSet};
use crate::model::customer::{Customer, DECISIONS};
use crate::model::intern;
use crate::model::refusal::Refusal;
use crate::rules::decisions::decide;
use crate::rules::engine::index::Index;
use crate::rules::followers::may_follow;
use crate::rules::lifecycle::may_move;
use crate::rules::references::{Dangling, dangling, may_refer};
use crate::rules::turn::Extra;
use crate::store::read::customer as reader;

/// Open a customer's file in your editor; kehu checks it before it counts
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu edit huaxin\n  EDITOR=\"code -w\" kehu edit huaxin")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let editor = env::editor().ok_or_else(|| CliError::usage(m::editor_missing(lang)).hint(m::hint_editor(lang)))?;
    // The lock is not held while somebody thinks: whether the file is still the same is asked afterwards.
    let loaded = ctx.load_raw(Reads { customers: true, ..Reads::NOTHING })?;
    let n = ctx.resolve(&loaded.book, &args.customer)?;
    let c = &loaded.book.customers[n];
    let before = loaded.texts.get(c.file).unwrap_or("");
    let draft = crate::store::draft(&ctx.root, c.id, before).map_err(|e| crate::cli::error::store_error(lang, &e))?;
    let (after, edited) = loop {
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or("vi");
        let status = std::process::Command::new(program).args(words).arg(&draft).status();
        if !status.as_ref().is_ok_and(|s| s.success()) {
            // A second try that fails must not take the first one with it.
            let started = status.is_ok();
            let e = CliError::new(Exit::Io, m::editor_failed(lang, &editor));
            let e = if started { e } else { e.hint(m::hint_editor(lang)) };
            if crate::store::read_draft(&draft).is_ok_and(|text| text == before) {
                crate::store::drop_draft(&draft);
                return Err(e);
            }
            return Err(e.hint(m::draft_kept(lang, draft.display())));
        }
        let after = crate::store::read_draft(&draft).map_err(|e| crate::cli::error::store_error(lang, &e))?;
        if after == before {
            crate::store::drop_draft(&draft);
            ctx.ui.note(&m::edit_unchanged(lang));
            return Ok(());
        }
        let mut diags = Vec::new();
        let edited = reader::read(intern(&after), c.file, &ctx.settings, &mut diags);
        diags.extend(lost(&loaded.book, &edited, &after));
        if !diags.iter().any(|d| d.severity() == Severity::Error) {
            break (after, edited);
        }
        if ctx.ui.can_ask() {
            ctx.ui.diagnostics(&diags);
            let answer = ctx.ui.ask(&m::edit_again(lang));
            if !matches!(answer.as_deref(), Some("n" | "N" | "no" | "否")) {
                continue;
            }
            diags.clear();
        }
        let mut e = CliError::new(Exit::Data, m::edit_findings(lang, draft.display()));
        e.diagnostics = diags;
        return Err(e.hint(m::nothing_written(lang)));
    };
    let act = ctx.act("", None)?;
    let kept = |e: CliError| e.hint(m::draft_kept(lang, draft.display()));
    let lock = ctx.lock().map_err(kept)?;
    // What was decided meanwhile is in the events; the decisions edited here go through the rules like any other.
    let fresh = ctx.load_raw(READS)?;
    let index = Index::new(&fresh.book);
    let mut planned = Planned::default();
    if let Some(n) = fresh.book.customer_index(c.id) {
        for name in DECISIONS.iter().copied() {
            let (from, to) = (c.decision(name), edited.decision(name));
            if from == to {
                continue;
            }
            if name == "stage" {
                may_move(&index, n, from, to, false, ctx.today).map_err(|r| kept(ctx.refused(&r)))?;
            }
            if name == "status" {
                return Err(kept(CliError::usage(m::status_by_verb(lang))));
            }
            let set = decide(&index, n, name, to, &act, &Extra::default()).map_err(|r| kept(ctx.refused(&r)))?;
            // The file's own line comes with the text; the event is what is added.
            let events = set.changes.into_iter().filter(|x| matches!(x, Change::Append { .. })).collect();
            planned.changes.extend(ChangeSet { changes: events });
        }
    }
    for f in edited.followed.iter().filter(|f| !c.followed.contains(f)) {
        let member = ctx.team.get(f.owner);
        member.map_or(Ok(()), |m| may_follow(m, ctx.today)).map_err(|r| kept(ctx.refused(&r)))?;
    }
    planned.changes.push(Change::Replace { file: c.file.into(), text: with_bom(loaded.texts.has_bom(c.file), &after) });
    planned.did(c.id, m::did_edit(lang, c.id));
    let mut texts = fresh.texts;
    texts.merge(loaded.texts);
    ctx.commit(lock.as_ref(), planned, &texts).map_err(kept)?;
    crate::store::drop_draft(&draft);
    Ok(())
}

/// The references of the edited text that lead nowhere, as `check` would report them.
fn lost(book: &Book, edited: &Customer, text: &str) -> Vec<Diagnostic> {
    let of = |d: Dangling<'_>| {
        let line = match edited.contact(d.contact) {
            Some(contact) => reader::contact_line(text, contact, d.key),
            None => edited.line_of(d.key),
        };
        let found = text.lines().nth(usize::try_from(line).unwrap_or(1).saturating_sub(1));
        let place = Place { text: found.map(String::from), ..Place::line(edited.file, line) };
        Diagnostic::new(Code::DanglingRef, place, [d.key, d.kind, d.value, &d.meant(book).join(", ")])
    };
    let mut lost: Vec<Diagnostic> = dangling(book, edited).into_iter().map(of).collect();
    let by = edited.text("referred_by");
    if let Err(Refusal::Circle { key, id, way }) = may_refer(book, edited.id, by) {
        let place = Place::line(edited.file, edited.line_of(key));
        lost.push(Diagnostic::new(Code::Circle, place, [key, &id, &way.join(" → ")]));
    }
    lost
}

fn with_bom(bom: bool, text: &str) -> String {
    if bom { format!("\u{feff}{text}") } else { text.to_string() }
}
