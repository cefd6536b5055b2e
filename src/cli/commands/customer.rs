use super::list::{self, choice};
use super::show;
use super::stage::READS;
use crate::cli::args::{Decided, Note, Override};
use crate::cli::context::{Context, Read, Result};
use crate::cli::error::{CliError, Exit, refused};
use crate::cli::record::{Op, Typed, customers_exist, pair};
use crate::cli::transact::Planned;
use crate::diag::{Diagnostic, Severity, nearest, new_ones};
use crate::i18n::{messages as m, values::choices};
use crate::model::book::Reads;
use crate::model::change::{Change, ChangeSet, TomlEdit, TomlValue};
use crate::model::customer::{CUSTOMER_KEYS, Customer, DECISIONS, KeyType};
use crate::model::id::{check_customer_id, customer_id_from};
use crate::model::intern;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::reach::NOISE;
use crate::model::refusal::Refusal;
use crate::model::typed::{items as items_of, own_type, toml_value};
use crate::model::value::Value;
use crate::query::Filter;
use crate::query::expression::compares;
use crate::report::fields::{CustomerFields, label, word};
use crate::rules::decisions::{decide, first_decisions};
use crate::rules::duplicates::{Keys, Known, TELLING, newcomer};
use crate::rules::engine::index::Index;
use crate::rules::lifecycle::{may_begin, plan_stage};
use crate::rules::references::{Target, may_refer, references};
use crate::rules::turn::Extra;
use crate::store::layout::customer_path;
use crate::store::new_toml;
use crate::store::read::customer as reader;
use std::collections::HashSet;

/// Customers: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(list::Args),
    Show(show::Args),
    Set(Set),
    Rm(Rm),
}

/// Add a customer
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why; needed with --override")),
    mut_arg("force", |a| a.help("Add it although it is there already, or its stage asks for more (managers only; needs --note)")),
    after_help = "Examples:\n  kehu customer add \"华新电子有限公司\" --id huaxin city=上海 industry=electronics\n  kehu customer add \"Acme Trading\" owner=li intent=hot tags=expo,export\n  kehu customer add \"Li Na\" kind=person contact.name=\"Li Na\" contact.phone=13800000001"
)]
pub(crate) struct Add {
    /// Name
    pub(crate) name: Option<String>,
    /// Other keys, as key=value (kehu schema customers)
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) pairs: Vec<String>,
    /// Its id (default: made from the name)
    #[arg(long)]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) note: Note,
    #[command(flatten)]
    pub(crate) force: Override,
}

/// Change keys of one customer, or of all that fit filter terms
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("note", |a| a.help("Why (for stage, owner, grade, intent, status)")),
    override_usage = "kehu customer set [OPTIONS] <CUSTOMER|TERM>... <KEY=VALUE>...",
    after_help = "Examples:\n  kehu customer set huaxin phone=\"+86 21 5555 0100\" tags+=key-account\n  kehu customer set region:华东 no:industry industry=electronics --dry-run\n  kehu customer set huaxin contact_every=       # takes the key away"
)]
pub(crate) struct Set {
    /// A customer or filter terms, then key=value (key+=value adds to a list, key-=value takes from it)
    #[arg(required = true, value_name = "TERM… KEY=VALUE")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) note: Note,
    /// The last day of a grade set by hand
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) force: Override,
    #[command(flatten)]
    pub(crate) at: Decided,
}

/// Remove a customer's file; refused while anything refers to it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kehu customer rm acme-twice")]
pub(crate) struct Rm {
    /// The customer's id
    pub(crate) customer: String,
}

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => list::run(a, ctx),
        Verb::Show(a) => show::run(a, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Rm(a) => remove(a, ctx),
    }
}

/// The key that a word means: itself, or a label of any language.
fn key_of(ctx: &Context, word: &str) -> Result<String> {
    let lang = ctx.lang();
    if matches!(word, "id" | "former_ids") {
        return Err(CliError::usage(m::id_not_settable(lang)));
    }
    let known = |k: &str| {
        CUSTOMER_KEYS.iter().any(|s| s.name == k)
            || k.strip_prefix("fields.").is_some_and(|f| ctx.settings.file.fields.contains_key(f))
    };
    if known(word) {
        return Ok(word.to_string());
    }
    if let Some(k) = crate::i18n::labels::keys_for(word).into_iter().find(|k| known(k)) {
        return Ok(k.to_string());
    }
    if let Some((own, _)) = ctx.settings.file.fields.iter().find(|(_, f)| f.zh == word || f.label == word) {
        return Ok(format!("fields.{own}"));
    }
    let names: Vec<String> = CUSTOMER_KEYS
        .iter()
        .map(|k| k.name.to_string())
        .chain(ctx.settings.file.fields.keys().map(|f| format!("fields.{f}")))
        .collect();
    let near = nearest(word, names.iter().map(String::as_str));
    Err(CliError::usage(m::unknown_key(lang, word)).nearest(lang, &near).hint(m::hint_schema(lang, "customers")))
}

/// A value as the file holds it, from what was typed.
fn value(ctx: &Context, key: &str, op: Op, typed: &str, before: Option<&Customer>) -> Result<TomlValue> {
    let own = key.strip_prefix("fields.").and_then(|f| ctx.settings.file.fields.get(f));
    let known = || CUSTOMER_KEYS.iter().find(|k| k.name == key).map_or(KeyType::Text, |k| k.ty);
    let ty = own.map_or_else(known, |f| own_type(&f.ty));
    if ty == KeyType::List {
        let mut items: Vec<String> = match (op, before) {
            (Op::Put, _) | (_, None) => Vec::new(),
            (_, Some(c)) => match key.strip_prefix("fields.").map_or_else(|| c.get(key), |f| c.own(f)) {
                Value::List(l) => l.into_iter().map(|s| s.into_owned()).collect(),
                _ => Vec::new(),
            },
        };
        for item in items_of(typed) {
            match op {
                Op::Take => items.retain(|i| *i != item),
                _ if items.contains(&item) => {}
                _ => items.push(item),
            }
        }
        return Ok(if items.is_empty() && before.is_some() { TomlValue::Remove } else { TomlValue::List(items) });
    }
    if op != Op::Put {
        let lang = ctx.lang();
        return Err(CliError::usage(m::bad_value(lang, typed, key, m::not_a_list(lang))));
    }
    // A decision that is not taken stands in the file all the same.
    if typed.is_empty() && !DECISIONS.contains(&key) {
        return Ok(TomlValue::Remove);
    }
    toml_value(ty, typed, &Typed { ctx, key })
}

/// The errors that reading a customer's text finds.
fn new_findings(ctx: &Context, text: &str, file: &str) -> Vec<Diagnostic> {
    let mut diags = Vec::new();
    reader::read(intern(text), intern(file), &ctx.settings, &mut diags);
    diags.retain(|d| d.severity() == Severity::Error);
    diags
}

/// Exit 2 with the findings of values that the file cannot hold.
fn refuse_values(diags: Vec<Diagnostic>, ctx: &Context) -> Result<()> {
    if diags.is_empty() {
        return Ok(());
    }
    let mut e = CliError::new(Exit::Usage, m::nothing_written(ctx.lang()));
    e.diagnostics = diags;
    Err(e)
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let name = args.name.clone().or_else(|| ctx.ui.ask(&m::ask_name(lang)));
    let name = name.ok_or_else(|| CliError::usage(m::missing_argument(lang, "NAME")).hint(m::not_a_terminal(lang)))?;
    let id = match &args.id {
        Some(id) => id.clone(),
        None => {
            customer_id_from(&name).ok_or_else(|| CliError::usage(m::id_needed(lang, &name)).hint(m::hint_id(lang)))?
        }
    };
    if let Err(reason) = check_customer_id(&id) {
        let d = Diagnostic::new(crate::diag::Code::BadCustomerId, crate::diag::Place::default(), [&id, reason]);
        let (what, _) = crate::i18n::problem::words(lang, &d);
        return Err(CliError::usage(what).hint(m::hint_id(lang)));
    }
    let actor = ctx.actor()?;
    let mut values: Vec<(String, TomlValue)> = vec![
        ("name".into(), TomlValue::Text(name.clone())),
        ("created".into(), TomlValue::Bare(ctx.today.to_string())),
    ];
    let first_stage = ctx.settings.file.stages.first().map(|s| s.id.clone()).unwrap_or_default();
    // Who adds a customer follows it, unless somebody else is named.
    let owner = actor.id;
    for (key, value) in
        [("stage", first_stage.as_str()), ("status", "active"), ("owner", owner), ("grade", ""), ("intent", "")]
    {
        values.push((key.into(), TomlValue::Text(value.into())));
    }
    let mut contact: Vec<(String, TomlValue)> = Vec::new();
    for text in &args.pairs {
        let (word, op, typed) = pair(ctx, text)?;
        if let Some(key) = word.strip_prefix("contact.") {
            contact.push((key.to_string(), super::contact::value(ctx, key, &typed)?));
            continue;
        }
        let key = key_of(ctx, &word)?;
        let value = value(ctx, &key, op, &typed, None)?;
        match values.iter_mut().find(|(k, _)| *k == key) {
            Some(slot) => slot.1 = value,
            None => values.push((key, value)),
        }
    }
    let text = |key: &str| {
        values.iter().find(|(k, _)| k == key).map_or(String::new(), |(_, v)| match v {
            TomlValue::Text(t) => t.clone(),
            _ => String::new(),
        })
    };
    let file = customer_path(ctx.settings.customer_layout, &id);
    let contents = new_toml::customer(&values, &contact);
    refuse_values(new_findings(ctx, &contents, &file), ctx)?;
    let act = ctx.act(&args.note, None)?;
    if *args.force {
        ctx.check_override(&args.note)?;
    } else {
        let has = |field: &str| values.iter().any(|(k, v)| k == field && *v != TomlValue::Remove);
        may_begin(&ctx.settings, &id, &text("stage"), has).map_err(|r| ctx.refused(&r))?;
    }
    let all_ids = Reads { customers: true, ..Reads::NOTHING };
    ctx.transact(all_ids, |index, _| {
        let book = index.book;
        if let Some(c) = book.customer(&id) {
            let what = if c.id == id { m::exists_already(lang, c.file) } else { m::former_id_of(lang, &id, c.id) };
            return Err(CliError::new(Exit::Refused, what).hint(m::hint_other_id(lang)));
        }
        if let Some(r) = Some(text("referred_by")).filter(|r| !r.is_empty())
            && book.customer(&r).is_none()
        {
            return Err(CliError::new(Exit::NotFound, m::customer_not_found(lang, r)));
        }
        let mut planned = Planned::default();
        planned.changes.push(Change::Create { file: file.clone(), text: contents.clone() });
        let taken = ["stage", "owner", "grade", "intent"].map(|decision| (decision, text(decision)));
        planned.changes.extend(first_decisions(book, &id, &taken, &act));
        let new = reader::read(intern(&contents), intern(&file), &ctx.settings, &mut Vec::new());
        let (known, keys) = (Known::of(&book.customers), Keys::of(&new));
        let judged = newcomer(&known, &keys, |n| alike_of(&book.customers[n]));
        if let Some(other) = judged.refused {
            let refusal = Refusal::LikelyDuplicate { name: name.clone(), other: Box::new(other) };
            if !*args.force {
                return Err(ctx.refused(&refusal));
            }
            planned.warnings.push(m::overridden(lang, ctx.refused(&refusal).message));
        }
        planned.warnings.extend(judged.warned.iter().map(|a| m::may_be_another(lang, &id, a)));
        let noise = known.shared(&id, &keys).into_iter().filter(|s| s.count >= NOISE);
        planned.warnings.extend(noise.map(|s| m::shared(lang, &id, &s)));
        planned.did(&id, m::did_add(lang, &id, &name));
        // Other customers' broken files do not stop a new one.
        planned.depends_on = Some(Box::new(|_| false));
        Ok(planned)
    })
}

/// What is said of a customer that another one is like: id, name, owner.
fn alike_of(c: &Customer) -> (String, String, String) {
    (c.id.into(), c.name.into(), c.owner.into())
}

fn set(args: &Set, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let (pairs, terms): (Vec<&String>, Vec<&String>) = args.words.iter().partition(|w| is_pair(w) && !compares(w));
    if pairs.is_empty() {
        return Err(CliError::usage(m::missing_argument(lang, "KEY=VALUE")));
    }
    if terms.is_empty() {
        return Err(CliError::usage(m::missing_argument(lang, "CUSTOMER")));
    }
    let mut edits: Vec<(String, Op, String)> = Vec::new();
    for p in pairs {
        let (word, op, value) = pair(ctx, p)?;
        edits.push((key_of(ctx, &word)?, op, value));
    }
    let act = ctx.act(&args.note, args.at.as_deref())?;
    if *args.force {
        ctx.check_override(&args.note)?;
    }
    let until = args.until.as_deref().map(|u| ctx.day(u)).transpose()?;
    let fields = CustomerFields::new(&ctx.settings, &ctx.team);
    let words: Vec<String> = terms.into_iter().cloned().collect();
    let by_terms = words.len() > 1 || Filter::is_among(&words, &fields);
    let filter = if by_terms { Some(ctx.filter(&words, &fields)?) } else { None };
    let mut reads = Reads { customers: true, ..Reads::NOTHING };
    if edits.iter().any(|(k, ..)| DECISIONS.contains(&k.as_str())) {
        reads = reads.and(READS);
    }
    let reads = filter.iter().flat_map(|f| f.fields()).map(|id| fields.reads(id)).fold(reads, Reads::and);
    // Whoever referred a customer is another one.
    let alone = filter.is_none()
        && edits.iter().all(|(k, ..)| k != "referred_by" && k != "name" && !TELLING.contains(&k.as_str()));
    let one = if alone { words.first().map(String::as_str) } else { None };
    ctx.transact_for(reads, one, |index, read| {
        let chosen = match filter {
            Some(f) => {
                customers_exist(ctx, index.book, &f, &fields)?;
                choice(f)(index)
            }
            None => vec![ctx.resolve(index.book, &words[0])?],
        };
        let referrers = edits.iter().filter(|(k, _, v)| k == "referred_by" && !v.is_empty());
        if let Some((.., r)) = referrers.into_iter().find(|(.., r)| index.book.customer(r).is_none()) {
            return Err(CliError::new(Exit::NotFound, m::customer_not_found(lang, r)));
        }
        for (.., by) in edits.iter().filter(|(k, _, v)| k == "referred_by" && !v.is_empty()) {
            let mut ids = chosen.iter().map(|n| index.book.customers[*n].id);
            ids.try_for_each(|id| may_refer(index.book, id, by)).map_err(|r| ctx.refused(&r))?;
        }
        if chosen.is_empty() {
            ctx.ui.note(&m::nothing_selected(lang));
        }
        if chosen.len() > 1 {
            ctx.confirm(&m::sure_bulk(lang, chosen.len()))?;
        }
        let mut planned = Planned::default();
        let busy = ctx.ui.busy(m::progress_plan(lang, chosen.len()));
        let mut setting =
            Setting { args, ctx, edits: &edits, act: &act, until, sound: Vec::new(), touched: HashSet::new() };
        for &n in &chosen {
            setting.one((index, read), n, &mut planned)?;
        }
        drop(busy);
        let changed: Vec<usize> = chosen.iter().copied().filter(|n| setting.touched.contains(n)).collect();
        planned.warnings.extend(same_as_others(ctx, &index.book.customers, &changed, &edits));
        let files: HashSet<&'static str> = chosen.iter().map(|n| index.book.customers[*n].file).collect();
        planned.depends_on = Some(Box::new(move |f| files.contains(f) || f.starts_with("ledgers/events")));
        Ok(planned)
    })
}

/// `tags+=a:b` is a pair although it holds a colon: the sign comes first.
fn is_pair(word: &str) -> bool {
    match (word.find('='), word.find([':', '：'])) {
        (Some(eq), Some(colon)) => eq < colon,
        (Some(_), None) => true,
        _ => false,
    }
}

/// What is set, of one customer or of many.
struct Setting<'s> {
    args: &'s Set,
    ctx: &'s Context,
    edits: &'s [(String, Op, String)],
    act: &'s crate::rules::turn::Act,
    until: Option<crate::model::day::Day>,
    /// Edits that were found to leave a file readable. A key is judged by itself, so they do so in every file.
    sound: Vec<TomlEdit>,
    /// The customers of whom something changes.
    touched: HashSet<usize>,
}

/// What customers come to share with others by what is set.
fn same_as_others(ctx: &Context, all: &[Customer], changed: &[usize], edits: &[(String, Op, String)]) -> Vec<String> {
    let lang = ctx.lang();
    let told = || edits.iter().filter(|(key, ..)| key == "name" || TELLING.contains(&key.as_str()));
    if changed.is_empty() || told().next().is_none() {
        return Vec::new();
    }
    let known = Known::of(all);
    let of = |n: &usize| {
        let values = told().map(|(key, _, text)| (key.as_str(), text.as_str()));
        let shared = known.shared(all[*n].id, &Keys::of_values(all[*n].text("city"), values));
        shared.into_iter().map(|s| m::shared(lang, all[*n].id, &s)).collect::<Vec<_>>()
    };
    changed.iter().take(NOISE).flat_map(of).collect()
}

impl Setting<'_> {
    fn one(&mut self, (index, read): (&Index<'_>, &Read), n: usize, planned: &mut Planned) -> Result<()> {
        let Setting { args, ctx, edits, act, until, .. } = *self;
        let lang = ctx.lang();
        let c = &index.book.customers[n];
        let mut plain: Vec<TomlEdit> = Vec::new();
        for (key, op, typed) in edits {
            let new = value(ctx, key, *op, typed, Some(c))?;
            let before = key.strip_prefix("fields.").map_or_else(|| c.get(key), |f| c.own(f));
            let before = before.typed();
            let after = new.typed();
            let new_until = key == "grade" && until.is_some() && c.get("grade_until") != Value::day(until);
            if before == after && !new_until {
                continue;
            }
            if key == "status" {
                return Err(CliError::usage(m::status_by_verb(lang)));
            }
            if key == "grade" && !after.is_empty() && (act.note.is_empty() || until.is_none()) {
                return Err(CliError::usage(m::grade_by_hand(lang)));
            }
            if DECISIONS.contains(&key.as_str()) {
                let to = after.as_str();
                check_decision(ctx, key, to)?;
                let extra = Extra { until: until.filter(|_| key == "grade"), ..Extra::default() };
                let set = match key.as_str() {
                    "stage" => plan_stage(index, n, to, act, *args.force),
                    _ => decide(index, n, key, to, act, &extra),
                };
                planned.changes.extend(set.map_err(|r| ctx.refused(&r))?);
            } else {
                let (table, key) = match key.split_once('.') {
                    Some((table, key)) => (vec![table.to_string()], key.to_string()),
                    None => (Vec::new(), key.clone()),
                };
                plain.push(TomlEdit::Set { table, key, value: new });
            }
            self.touched.insert(n);
            let shown =
                |v: &str| if v.is_empty() { m::empty_word(lang) } else { word(lang, &ctx.settings, None, key, v) };
            let name = label(lang, &ctx.settings, None, key);
            planned.did(c.id, m::did_set(lang, c.id, name, shown(&before), shown(&after)));
        }
        if plain.is_empty() {
            return Ok(());
        }
        if plain != self.sound {
            // The file must be readable afterwards: reading the new text checks the value.
            let old = read.texts.get(c.file).unwrap_or("");
            if let Ok(text) = crate::store::tomledit::apply(old, &plain) {
                let after = new_findings(ctx, &text, c.file);
                if !after.is_empty() {
                    refuse_values(new_ones(after, &new_findings(ctx, old, c.file)), ctx)?;
                }
                self.sound.clone_from(&plain);
            }
        }
        planned.changes.push(Change::EditToml { file: c.file.into(), edits: plain });
        Ok(())
    }
}

/// A decision's value against its list.
fn check_decision(ctx: &Context, key: &str, value: &str) -> Result<()> {
    let lang = ctx.lang();
    let list: Vec<&str> = match CUSTOMER_KEYS.iter().find(|k| k.name == key).map(|k| k.ty) {
        Some(KeyType::Listed(list)) => ctx.settings.list(list),
        Some(KeyType::OneOf(list)) => list.to_vec(),
        _ => return Ok(()),
    };
    let shown = list.iter().map(|v| (*v, word(lang, &ctx.settings, None, key, v)));
    if value.is_empty() && matches!(key, "grade" | "intent") || list.contains(&value) {
        return Ok(());
    }
    Err(CliError::usage(m::unknown_value(lang, value, key))
        .nearest(lang, &nearest(value, list.iter().copied()))
        .hint(m::hint_values(lang, choices(lang, shown))))
}

fn remove(args: &Rm, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let reads = Reads { customers: true, ledgers: LedgerSet::NONE, plain: LedgerSet::all(), ..Reads::NOTHING };
    ctx.transact(reads, |index, _| {
        let n = ctx.resolve_exact(index.book, &args.customer)?;
        let c = &index.book.customers[n];
        let places = references(index.book, Target::Customer(n));
        if !places.is_empty() {
            let shown = places.iter().take(3).cloned().collect();
            let r = Refusal::Referenced { what: c.id.into(), count: places.len(), places: shown };
            return Err(refused(lang, &r));
        }
        ctx.confirm(&m::sure_remove(lang, format!("{} ({})", c.id, c.name)))?;
        let mut changes = ChangeSet::default();
        changes.push(Change::Remove { file: c.file.into() });
        for e in index.book.plain.get(&Ledger::Events).into_iter().flatten() {
            let cell = |name: &str| Ledger::Events.column(name).map_or("", |k| e.cell(k));
            if cell("kind") == "customer" && index.book.customer_index(cell("subject")) == Some(n) {
                changes.push(Change::RemoveRow { file: index.book.file(e.place).into(), line: e.place.line });
            }
        }
        let mut planned = Planned { changes, ..Planned::default() };
        planned.did(c.id, m::did_remove(lang, c.id));
        Ok(planned)
    })
}
