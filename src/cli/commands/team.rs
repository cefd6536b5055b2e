use super::handover::Job;
use crate::cli::args::{KeyPairs, Note, Override, Sharing};
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, refused};
use crate::cli::record::{Typed, pair};
use crate::cli::table::ListArgs;
use crate::cli::transact::Planned;
use crate::diag::{Severity, nearest};
use crate::i18n::{labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::intern;
use crate::model::ledger::LedgerSet;
use crate::model::refusal::Refusal;
use crate::model::team::{LIMIT_KEYS, MEMBER_KEYS, Member, key_type};
use crate::model::typed::toml_value;
use crate::report::document::{Cell, Column, Document, Row, Table};
use crate::report::due::{code, text};
use crate::report::{col, num};
use crate::rules::references::{Target, may_lead, references};
use crate::store::load::TEAM;

/// The team: add, list, show, set, leave, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(List),
    Show(Show),
    Set(Set),
    Leave(Leave),
    Rm(Rm),
}

/// Add a member
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu team add wu \"吴敏\" role=rep manager=chen email=wu@example.com")]
pub(crate) struct Add {
    /// Id, as ledgers and customers will have it
    pub(crate) id: String,
    /// Name
    pub(crate) name: Option<String>,
    /// Other keys, as key=value: email, role, manager, department, branch, left, limits.own …
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) pairs: Vec<String>,
}

/// Who is in the team
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Show also members who have left
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// One member
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Id or name
    pub(crate) who: String,
}

/// Change keys of a member
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu team set wu role=manager limits.discount=0.1\n  kehu team set wu left=2026-12-31"
)]
pub(crate) struct Set {
    /// Id or name
    pub(crate) who: String,
    #[command(flatten)]
    pub(crate) pairs: KeyPairs,
}

/// Somebody leaves: its last day, a hand-over of everything open, a list of it, and a first contact for each customer
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why")),
    after_help = "The answer is the list: -f csv, -o list.html.\n\nExamples:\n  kehu team leave wu --on 2026-06-30 --to li,sun --by even --dry-run\n  kehu team leave wu --on today --to li -o handover.csv"
)]
pub(crate) struct Leave {
    /// Id or name
    pub(crate) who: String,
    /// Last day
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) sharing: Sharing,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// Remove a member; refused while anything refers to it (set `left` instead)
#[derive(Debug, clap::Args)]
pub(crate) struct Rm {
    /// Id
    pub(crate) who: String,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => list(a, ctx),
        Verb::Show(a) => show(a, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Leave(a) => leave(a, ctx),
        Verb::Rm(a) => remove(a, ctx),
    }
}

fn value(ctx: &Context, key: &str, typed: &str) -> Result<TomlValue> {
    let lang = ctx.lang();
    let Some(ty) = key_type(key) else {
        let plain = MEMBER_KEYS.iter().filter(|k| **k != "limits").map(ToString::to_string);
        let names: Vec<String> = plain.chain(LIMIT_KEYS.iter().map(|l| format!("limits.{l}"))).collect();
        let near = nearest(key, names.iter().map(String::as_str));
        return Err(CliError::usage(m::unknown_key(lang, key))
            .nearest(lang, &near)
            .hint(m::hint_values(lang, names.join(", "))));
    };
    if typed.is_empty() { Ok(TomlValue::Remove) } else { toml_value(ty, typed, &Typed { ctx, key }) }
}

/// Plans edits of team.toml, checked by reading the text that would come of them.
fn edited(ctx: &Context, edits: Vec<TomlEdit>) -> Result<Planned> {
    let before = ctx.texts.get(TEAM).unwrap_or("");
    if let Ok(after) = crate::store::tomledit::apply(before, &edits) {
        let mut diags = Vec::new();
        crate::store::read::team::read(intern(&after), TEAM, &mut diags);
        diags.retain(|d| d.severity() == Severity::Error);
        if !diags.is_empty() {
            let mut e = CliError::new(Exit::Usage, m::nothing_written(ctx.lang()));
            e.diagnostics = diags;
            return Err(e);
        }
    }
    let mut planned = Planned::default();
    if ctx.texts.get(TEAM).is_some() {
        planned.changes.push(Change::EditToml { file: TEAM.into(), edits });
    } else {
        let text = crate::store::tomledit::apply("", &edits).unwrap_or_default();
        planned.changes.push(Change::Create { file: TEAM.into(), text });
    }
    Ok(planned)
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    if ctx.team.get(&args.id).is_some() {
        return Err(CliError::new(Exit::Refused, m::exists_already(lang, &args.id)));
    }
    let name = args
        .name
        .clone()
        .or_else(|| ctx.ui.ask(&m::ask_name(lang)))
        .ok_or_else(|| CliError::usage(m::missing_argument(lang, "NAME")).hint(m::not_a_terminal(lang)))?;
    let mut values: Vec<(String, TomlValue)> = vec![("name".into(), TomlValue::Text(name.clone()))];
    let mut limits = Vec::new();
    for p in &args.pairs {
        let (key, _, typed) = pair(ctx, p)?;
        let v = value(ctx, &key, &typed)?;
        match key.strip_prefix("limits.") {
            Some(limit) => limits.push((limit.to_string(), v)),
            None => values.push((key, v)),
        }
    }
    values.sort_by_key(|(k, _)| MEMBER_KEYS.iter().position(|x| x == k));
    let mut edits = vec![TomlEdit::AddTable { name: args.id.clone(), values }];
    for (key, value) in limits {
        edits.push(TomlEdit::Set { table: vec![args.id.clone(), "limits".into()], key, value });
    }
    // The very first member cannot be somebody yet: the file is nobody's.
    let lock = ctx.lock()?;
    let mut planned = edited(ctx, edits)?;
    planned.author.clone_from(&args.id);
    planned.did(&args.id, m::did_add(lang, &args.id, &name));
    ctx.commit(lock.as_ref(), planned, &ctx.texts)
}

fn row(ctx: &Context, p: &Member) -> Row {
    let lang = ctx.lang();
    let limit = |d: Option<crate::model::money::Decimal>| d.map_or(Cell::Missing, Cell::Number);
    Row {
        cells: vec![
            Cell::Id(p.id.into()),
            text(p.name),
            code(p.role, values::value(lang, "role", p.role)),
            text(p.manager),
            text(p.department),
            text(p.branch),
            if p.email.is_empty() { Cell::Missing } else { Cell::list(p.email.iter().copied()) },
            p.left.map_or(Cell::Missing, Cell::Day),
            p.own_limit.map_or(Cell::Missing, Cell::Int),
            limit(p.discount_limit),
            limit(p.approve_limit),
        ],
        ..Row::default()
    }
}

fn table(ctx: &Context, rows: Vec<Row>) -> Document {
    let lang = ctx.lang();
    let mut columns: Vec<_> = ["id", "name", "role", "manager", "department", "branch", "email", "left"]
        .iter()
        .map(|k| Column { label: crate::i18n::labels::column(lang, "team", k), ..col(lang, k) })
        .collect();
    columns.extend(["own_limit", "discount_limit", "approve_limit"].iter().map(|k| num(lang, k)));
    Document::table(Table { columns, rows, ..Table::default() })
}

fn list(args: &List, ctx: &Context) -> Result<()> {
    let people = ctx.team.members.iter().filter(|p| args.all || p.is_here(ctx.today));
    let mut doc = table(ctx, people.map(|p| row(ctx, p)).collect());
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)
}

fn show(args: &Show, ctx: &Context) -> Result<()> {
    let member = ctx.member(&args.who)?;
    ctx.print(&table(ctx, vec![row(ctx, member)]))
}

fn set(args: &Set, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let id = ctx.member(&args.who)?.id;
    let mut edits = Vec::new();
    let mut lines = Vec::new();
    for p in args.pairs.iter() {
        let (key, _, typed) = pair(ctx, p)?;
        let value = value(ctx, &key, &typed)?;
        if key == "manager" {
            may_lead(&ctx.team, id, value.typed().as_str()).map_err(|r| ctx.refused(&r))?;
        }
        let (table, name) = match key.split_once('.') {
            Some((table, name)) => (vec![id.to_string(), table.to_string()], name.to_string()),
            None => (vec![id.to_string()], key.clone()),
        };
        edits.push(TomlEdit::Set { table, key: name, value });
        let shown = if typed.is_empty() { m::empty_word(lang) } else { values::value(lang, &key, &typed) };
        lines.push(m::did_put(lang, id, labels::column(lang, "team", &key), shown));
    }
    let lock = ctx.lock()?;
    let mut planned = edited(ctx, edits)?;
    lines.into_iter().for_each(|l| planned.did(id, l));
    ctx.commit(lock.as_ref(), planned, &ctx.texts)
}

fn leave(args: &Leave, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let who = ctx.member(&args.who)?;
    let on = args.on.as_deref().map_or(Ok(ctx.today), |day| ctx.day(day))?;
    let key = |key: &str, value: TomlValue| TomlEdit::Set { table: vec![who.id.to_string()], key: key.into(), value };
    let job = Job { from: who.id, sharing: &args.sharing, tasks: true, note: &args.note, force: *args.force };
    let mut list = None;
    job.run(ctx, |planned, _, doc| {
        let left = edited(ctx, vec![key("left", TomlValue::Bare(on.to_string()))])?;
        planned.changes.extend(left.changes);
        // The list is the answer.
        planned.lines.clear();
        let led: Vec<&str> = ctx.team.members.iter().filter(|x| x.manager == who.id).map(|x| x.id).collect();
        if !led.is_empty() {
            planned.warnings.push(m::still_led(lang, who.id, led.join(lang.pick(", ", "、"))));
        }
        list = Some(doc.clone());
        Ok(false)
    })?;
    if !ctx.global.dry_run {
        ctx.ui.note(&m::did_put(lang, who.id, labels::column(lang, "team", "left"), on));
    }
    match list {
        Some(doc) if !ctx.global.dry_run && !ctx.ui.quiet => {
            // The change is made by now: a list that cannot be printed is no failure.
            if let Err(e) = ctx.print(&doc) {
                ctx.ui.warn(&m::output_failed(lang, e.message));
            }
        }
        _ => {}
    }
    Ok(())
}

fn remove(args: &Rm, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let id = ctx.member(&args.who)?.id;
    let reads = Reads { customers: true, ledgers: LedgerSet::NONE, plain: LedgerSet::all(), ..Reads::NOTHING };
    ctx.transact(reads, |index, _| {
        let places = references(index.book, Target::Member(id));
        if !places.is_empty() {
            let shown = places.iter().take(3).cloned().collect();
            let r = Refusal::Referenced { what: id.into(), count: places.len(), places: shown };
            return Err(refused(lang, &r).hint(m::hint_team_left(lang, id)));
        }
        ctx.confirm(&m::sure_remove(lang, id))?;
        let mut planned = edited(ctx, vec![TomlEdit::RemoveTable { name: id.into() }])?;
        planned.did(id, m::did_remove(lang, id));
        Ok(planned)
    })
}
