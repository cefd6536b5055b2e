use super::list::choose;
use crate::cli::args::{KeyPairs, Terms, TheCustomer};
use crate::cli::context::{Context, Read, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::{self, Typed, pair};
use crate::cli::table::ListArgs;
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic, Place, Severity, nearest, new_ones};
use crate::i18n::{labels, messages as m, values};
use crate::model::book::Reads;
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::customer::{CONTACT_KEYS, Customer};
use crate::model::id::{check_customer_id, customer_id_from};
use crate::model::intern;
use crate::model::ledger::LedgerSet;
use crate::model::typed::toml_value;
use crate::report::customer::contact_table;
use crate::report::document::Document;
use crate::rules::duplicates::{Keys, Known, TELLING};
use crate::rules::engine::index::Index;
use crate::rules::references::{Target, references};
use crate::store::read::customer as reader;

/// Contacts, the people at customers: add, list, show, set, rm
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    Add(Add),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Add a contact to a customer
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu contact add huaxin \"王伟\" title=采购经理 role=decision-maker phone=13800000001\n  kehu contact add huaxin \"Wang Wei\" --id wang birthday=农历08-15"
)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    /// The person's name
    pub(crate) name: Option<String>,
    /// Other keys, as key=value (kehu schema contacts)
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) pairs: Vec<String>,
    /// Id within the customer (default: made from the name)
    #[arg(long)]
    pub(crate) id: Option<String>,
}

/// Contacts of the customers that fit filter terms
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu contact list huaxin\n  kehu contact list owner:li --columns customer,name,phone --json"
)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) terms: Terms,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// One contact
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    /// The contact's id or name
    pub(crate) contact: String,
}

/// Change keys of a contact
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu contact set huaxin wang relation=friend likes=tea\n  kehu contact set huaxin wang left=today"
)]
pub(crate) struct Set {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    /// The contact's id or name
    pub(crate) contact: String,
    #[command(flatten)]
    pub(crate) pairs: KeyPairs,
}

/// Remove a contact; refused while anything refers to it
#[derive(Debug, clap::Args)]
pub(crate) struct Rm {
    #[command(flatten)]
    pub(crate) customer: TheCustomer,
    /// The contact's id or name
    pub(crate) contact: String,
}

const READS: Reads = Reads { customers: true, ..Reads::NOTHING };

pub(crate) fn run(verb: &Verb, ctx: &Context) -> Result<()> {
    match verb {
        Verb::Add(a) => add(a, ctx),
        Verb::List(a) => list(a, ctx),
        Verb::Show(a) => show(a, ctx),
        Verb::Set(a) => set(a, ctx),
        Verb::Rm(a) => remove(a, ctx),
    }
}

/// What a contact may be called in ledgers: the same as a customer.
fn check_id(ctx: &Context, id: &str) -> Result<()> {
    check_customer_id(id).map_err(|reason| {
        let d = Diagnostic::new(Code::BadCustomerId, Place::default(), [id, reason]);
        CliError::usage(crate::i18n::problem::words(ctx.lang(), &d).0)
    })
}

/// A contact's value as the file holds it, from what was typed.
pub(crate) fn value(ctx: &Context, key: &str, text: &str) -> Result<TomlValue> {
    let lang = ctx.lang();
    let Some(spec) = CONTACT_KEYS.iter().find(|k| k.name == key) else {
        let near = nearest(key, CONTACT_KEYS.iter().map(|k| k.name));
        return Err(CliError::usage(m::unknown_key(lang, key))
            .nearest(lang, &near)
            .hint(m::hint_schema(lang, "contacts")));
    };
    if key == "id" {
        check_id(ctx, text)?;
    }
    if text.is_empty() {
        return Ok(TomlValue::Remove);
    }
    toml_value(spec.ty, text, &Typed { ctx, key })
}

/// Plans edits of a customer's file, checked by reading the text that would come of them.
fn edited(ctx: &Context, read: &Read, c: &Customer, edits: Vec<TomlEdit>) -> Result<Planned> {
    let before = read.texts.get(c.file).unwrap_or("");
    let findings = |text: &str| {
        let mut diags = Vec::new();
        reader::read(intern(text), c.file, &ctx.settings, &mut diags);
        diags.retain(|d| d.severity() == Severity::Error);
        diags
    };
    if let Ok(after) = crate::store::tomledit::apply(before, &edits) {
        let new = new_ones(findings(&after), &findings(before));
        if !new.is_empty() {
            let mut e = CliError::new(Exit::Usage, m::nothing_written(ctx.lang()));
            e.diagnostics = new;
            return Err(e);
        }
    }
    let file = c.file;
    let mut planned = Planned::default();
    planned.changes.push(Change::EditToml { file: file.into(), edits });
    planned.depends_on = Some(Box::new(move |f| f == file));
    Ok(planned)
}

/// What a customer comes to share with others by a contact of its own.
fn same_as_others(ctx: &Context, index: &Index<'_>, c: &Customer, values: &[(String, TomlValue)]) -> Vec<String> {
    let texts = values.iter().filter_map(|(key, v)| match v {
        TomlValue::Text(text) if TELLING.contains(&key.as_str()) => Some((key.as_str(), text.as_str())),
        _ => None,
    });
    let keys = Keys::of_values("", texts);
    if keys.is_empty() {
        return Vec::new();
    }
    let shared = Known::of(&index.book.customers).shared(c.id, &keys);
    shared.iter().map(|s| m::shared(ctx.lang(), c.id, s)).collect()
}

fn add(args: &Add, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let name = args.name.clone().or_else(|| ctx.ui.ask(&m::ask_name(lang)));
    let name = name.ok_or_else(|| CliError::usage(m::missing_argument(lang, "NAME")).hint(m::not_a_terminal(lang)))?;
    args.id.iter().try_for_each(|id| check_id(ctx, id))?;
    let mut values: Vec<(String, TomlValue)> = Vec::new();
    for text in &args.pairs {
        let (key, _, v) = pair(ctx, text)?;
        values.push((key.clone(), value(ctx, &key, &v)?));
    }
    values.retain(|(_, v)| *v != TomlValue::Remove);
    ctx.transact(READS, |index, read| {
        let c = &index.book.customers[ctx.resolve(index.book, &args.customer)?];
        let id = match &args.id {
            Some(id) => id.clone(),
            None => customer_id_from(&name).unwrap_or_else(|| format!("p{}", c.rest().contacts.len() + 1)),
        };
        if c.contact(&id).is_some() {
            return Err(CliError::new(Exit::Refused, m::exists_already(lang, format!("{}/{id}", c.id)))
                .hint(m::hint_other_id(lang)));
        }
        let mut all =
            vec![("id".to_string(), TomlValue::Text(id.clone())), ("name".to_string(), TomlValue::Text(name.clone()))];
        all.extend(values.iter().cloned());
        all.sort_by_key(|(k, _)| CONTACT_KEYS.iter().position(|s| s.name == k));
        let mut planned = edited(ctx, read, c, vec![TomlEdit::Push { array: "contacts".into(), values: all }])?;
        planned.did(&id, m::did_add(lang, format!("{}/{id}", c.id), &name));
        planned.warnings.extend(same_as_others(ctx, index, c, &values));
        Ok(planned)
    })
}

fn list(args: &List, ctx: &Context) -> Result<()> {
    let (read, chosen) = choose(ctx, &args.terms, READS)?;
    let index = Index::new(read.book);
    let mut doc = Document::table(contact_table(&index, &chosen(&index), ctx.lang(), None));
    args.list.arrange(ctx, &mut doc)?;
    args.list.print(ctx, &mut doc)?;
    read.finish()
}

fn show(args: &Show, ctx: &Context) -> Result<()> {
    let read = ctx.load(READS)?;
    let index = Index::new(read.book);
    let n = ctx.resolve(read.book, &args.customer)?;
    let contact = record::contact(ctx, &read.book.customers[n], &args.contact)?;
    let mut table = contact_table(&index, &[n], ctx.lang(), None);
    table.rows.retain(|r| r.cells.get(1) == Some(&crate::report::document::Cell::Id(contact.id.into())));
    ctx.print(&Document::table(table))?;
    read.finish()
}

fn set(args: &Set, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let mut values: Vec<(String, TomlValue)> = Vec::new();
    for text in args.pairs.iter() {
        let (key, _, v) = pair(ctx, text)?;
        values.push((key.clone(), value(ctx, &key, &v)?));
    }
    ctx.transact(READS, |index, read| {
        let c = &index.book.customers[ctx.resolve(index.book, &args.customer)?];
        let contact = record::contact(ctx, c, &args.contact)?;
        let edit = |(key, value): &(String, TomlValue)| TomlEdit::SetIn {
            array: "contacts".into(),
            id: contact.id.into(),
            key: key.clone(),
            value: value.clone(),
        };
        let mut planned = edited(ctx, read, c, values.iter().map(edit).collect())?;
        for (key, value) in &values {
            let to = match value {
                TomlValue::Text(t) | TomlValue::Bare(t) => t.clone(),
                _ => m::empty_word(lang),
            };
            let from = contact.text(key);
            let from = if from.is_empty() { m::empty_word(lang) } else { values::value(lang, key, from) };
            let (id, name) = (format!("{}/{}", c.id, contact.id), labels::column(lang, "contacts", key));
            planned.did(contact.id, m::did_set(lang, id, name, from, values::value(lang, key, &to)));
        }
        planned.warnings.extend(same_as_others(ctx, index, c, &values));
        Ok(planned)
    })
}

fn remove(args: &Rm, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let reads = Reads { customers: true, plain: LedgerSet::all(), ..Reads::NOTHING };
    ctx.transact(reads, |index, read| {
        let n = ctx.resolve_exact(index.book, &args.customer)?;
        let c = &index.book.customers[n];
        let contact = record::contact(ctx, c, &args.contact)?;
        let places = references(index.book, Target::Contact(n, contact.id));
        if !places.is_empty() {
            let r = crate::model::refusal::Refusal::Referenced {
                what: format!("{}/{}", c.id, contact.id),
                count: places.len(),
                places: places.into_iter().take(3).collect(),
            };
            return Err(crate::cli::error::refused(lang, &r).hint(m::hint_contact_left(lang, c.id, contact.id)));
        }
        ctx.confirm(&m::sure_remove(lang, format!("{}/{}", c.id, contact.id)))?;
        let edit = TomlEdit::Take { array: "contacts".into(), id: contact.id.into() };
        let mut planned = edited(ctx, read, c, vec![edit])?;
        planned.did(contact.id, m::did_remove(lang, format!("{}/{}", c.id, contact.id)));
        Ok(planned)
    })
}
