use crate::cli::args::When;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit};
use crate::cli::record::{self, cell_text, closed_value};
use crate::cli::transact::Planned;
use crate::diag::nearest;
use crate::i18n::{messages as m, values};
use crate::model::book::{Book, Reads};
use crate::model::change::{Change, TomlEdit, TomlValue};
use crate::model::customer::Customer;
use crate::model::day::{At, Day, Span};
use crate::model::ledger::{Ledger, LedgerSet, SettingList};
use crate::model::new_rows::NewRow;
use crate::report::fields::choices;
use crate::rules::engine::index::Index;
use crate::rules::fits::fits_others;
use crate::rules::followers::follower;
use crate::rules::followup::{NewContact, Why, due_after};
use crate::rules::visits::visited_by_another;
use crate::store::cells::escape_note;
use crate::store::load::FileTexts;
use chrono::Datelike;

/// Record a contact with a customer; kehu sets the next follow-up
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("at", |a| a.help("When it was (default: now)")),
    override_usage = "kehu log [OPTIONS] <CUSTOMER> <NOTE>",
    after_help = "Examples:\n  kehu log huaxin \"sent the quote\" --channel email --next +7d\n  kehu log huaxin \"visited the plant\" --channel visit --with wang --outcome positive\n  kehu due -f ids | kehu log --stdin-ids \"new year greetings\" --channel wechat --purpose care"
)]
pub(crate) struct Args {
    /// The customer, then what happened
    #[arg(num_args = 0.., value_name = "CUSTOMER NOTE")]
    pub(crate) words: Vec<String>,
    /// Channel, one of those in kehu.toml (default: call)
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: Option<String>,
    /// Purpose: {activities.purpose}
    #[arg(long, value_name = "PURPOSE")]
    pub(crate) purpose: Option<String>,
    /// Who began it: {activities.direction}
    #[arg(long, value_name = "DIRECTION")]
    pub(crate) direction: Option<String>,
    /// What came of it: {activities.outcome}
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) outcome: Option<String>,
    /// What it told about the customer: {activities.signal}
    #[arg(long, value_name = "SIGNAL")]
    pub(crate) signal: Option<String>,
    /// The contact with whom it was (id or name)
    #[arg(long, value_name = "CONTACT")]
    pub(crate) with: Option<String>,
    /// The next contact that was promised: a date, +7d
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) next: Option<String>,
    /// The customer's cycle from now on: 14d, 2w, 1m
    #[arg(long, value_name = "SPAN")]
    pub(crate) every: Option<String>,
    /// The deal that it was about
    #[arg(long, value_name = "ID")]
    pub(crate) deal: Option<String>,
    /// The complaint that it was about
    #[arg(long, value_name = "ID")]
    pub(crate) complaint: Option<String>,
    #[command(flatten)]
    pub(crate) at: When,
    /// Record the same contact for every id that stdin has, one a line
    #[arg(long)]
    pub(crate) stdin_ids: bool,
}

/// What the day depends on that is printed.
const READS: Reads = Reads::customers_and(&[Ledger::Activities]).without_notes();

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let (customers, note) = words(args, ctx)?;
    let by = ctx.present_member(ctx.actor()?.id)?.id;
    let at = ctx.fact(args.at.as_deref())?;
    let next = args.next.as_deref().map(|d| ctx.day(d)).transpose()?;
    if let Some(next) = next.filter(|n| *n < at.day) {
        return Err(CliError::usage(m::next_before(lang, next, at.day)));
    }
    let every = match &args.every {
        None => None,
        Some(text) => Some(Span::parse_cycle(text).ok_or_else(|| CliError::usage(m::bad_span(lang, text)))?),
    };
    let row = row(args, ctx, by, at, next, &note)?;
    let many = args.stdin_ids;
    let lock = ctx.lock()?;
    let mut texts = FileTexts::default();
    let mut named: Vec<Book> = Vec::new();
    for (ledger, id) in [(Ledger::Deals, &args.deal), (Ledger::Complaints, &args.complaint)] {
        if let Some(id) = id {
            let reads = Reads { plain: LedgerSet::of(&[ledger]), ..Reads::NOTHING };
            let loaded = ctx.load_raw(reads)?;
            record::one(ctx, &loaded.book, id, ledger.kind())?;
            texts.merge(loaded.texts);
            named.push(loaded.book);
        }
    }
    let mut planned = Planned::default();
    let mut book: Option<(Book, FileTexts)> = None;
    let mut chosen: Vec<Customer> = Vec::new();
    for text in &customers {
        // An exact id needs its one file only: the cost does not depend on how much data there is.
        let (customer, found) = match ctx.customer_file(text)? {
            Some(found) => found,
            None => {
                if book.is_none() {
                    let loaded = ctx.load_raw(Reads { customers: true, ..Reads::NOTHING })?;
                    book = Some((loaded.book, loaded.texts));
                }
                let Some((book, found)) = &book else { continue };
                let n = if many { ctx.resolve_exact(book, text)? } else { ctx.resolve(book, text)? };
                (book.customers[n].clone(), found.clone())
            }
        };
        if chosen.iter().any(|c| c.id == customer.id) {
            continue;
        }
        texts.merge(found);
        chosen.push(customer);
    }
    // The other contacts decide what is said of the next one, and whether a promise is lost.
    let silent = ctx.ui.quiet && next.is_none();
    let known = if silent { None } else { ctx.load_at_hand(READS, chosen.clone())? };
    let index = known.as_ref().map(Index::new);
    for customer in &chosen {
        one(args, ctx, customer, &row, (at, next, every), index.as_ref(), &mut planned)?;
    }
    for mut book in named {
        book.customers.clone_from(&chosen);
        book.index_customers();
        fits_others(&book, &planned.changes).map_err(|r| ctx.refused(&r))?;
    }
    ctx.commit(lock.as_ref(), planned, &texts)
}

/// The customers and the note.
fn words(args: &Args, ctx: &Context) -> Result<(Vec<String>, String)> {
    let lang = ctx.lang();
    let mut words = args.words.iter();
    let customers = if args.stdin_ids {
        ctx.ui.stdin_lines()?
    } else {
        let first = words.next().cloned().ok_or_else(|| CliError::usage(m::missing_argument(lang, "CUSTOMER")))?;
        vec![first]
    };
    let note: Vec<&str> = words.map(String::as_str).collect();
    let note = if note.is_empty() {
        ctx.ui
            .ask(&m::ask_note(lang))
            .ok_or_else(|| CliError::usage(m::missing_argument(lang, "NOTE")).hint(m::not_a_terminal(lang)))?
    } else {
        note.join(" ")
    };
    Ok((customers, note))
}

/// The cells that do not depend on the customer.
fn row(args: &Args, ctx: &Context, by: &str, at: At, next: Option<Day>, note: &str) -> Result<NewRow> {
    let lang = ctx.lang();
    let channels = &ctx.settings.file.channels;
    let channel = match &args.channel {
        Some(word) => channels
            .iter()
            .find(|(id, c)| *id == word || c.zh == *word || c.label == *word)
            .map(|(id, _)| id.clone())
            .ok_or_else(|| {
                CliError::usage(m::unknown_channel(lang, word))
                    .nearest(lang, &nearest(word, channels.keys().map(String::as_str)))
                    .hint(m::hint_values(lang, choices(lang, &ctx.settings, SettingList::Channels)))
            })?,
        None if channels.contains_key("call") => "call".into(),
        None => channels.keys().next().cloned().unwrap_or_else(|| "other".into()),
    };
    let mut row: NewRow = vec![("at", at.to_text(ctx.settings.tz)), ("by", by.to_string()), ("channel", channel)];
    for (column, value) in [
        ("purpose", &args.purpose),
        ("direction", &args.direction),
        ("outcome", &args.outcome),
        ("signal", &args.signal),
    ] {
        if let Some(word) = value {
            row.push((column, closed_value(ctx, Ledger::Activities, column, word)?));
        }
    }
    if let Some(next) = next {
        row.push(("next", next.to_string()));
    }
    let named = [("deal", &args.deal, Ledger::Deals), ("complaint", &args.complaint, Ledger::Complaints)];
    for (column, value, ledger) in named {
        if let Some(id) = value {
            let plain = LedgerSet::of(&[ledger]);
            let rows = ctx.load_raw(Reads { plain, ..Reads::NOTHING })?.book.plain;
            let ids: Vec<&str> = rows.values().flatten().map(|r| r.cell(0)).collect();
            if !ids.contains(&id.as_str()) {
                let e = CliError::new(Exit::NotFound, m::row_not_found(lang, column, id));
                return Err(e.nearest(lang, &nearest(id, ids)));
            }
            row.push((column, cell_text(ctx, Ledger::Activities, column, id)?));
        }
    }
    row.push(("note", escape_note(note).into_owned()));
    Ok(row)
}

/// Plans the contact with a customer; `index` holds the contacts that there are, where they could be had.
fn one(
    args: &Args,
    ctx: &Context,
    c: &Customer,
    common: &NewRow,
    (at, next, every): (At, Option<Day>, Option<Span>),
    index: Option<&Index<'_>>,
    planned: &mut Planned,
) -> Result<()> {
    let lang = ctx.lang();
    if c.closed {
        planned.warnings.push(m::is_closed(lang, c.name));
    }
    let mut row = vec![("id", ctx.new_id(Ledger::Activities)?), ("customer", c.id.to_string())];
    let id = row[0].1.clone();
    row.extend(common.iter().cloned());
    let mut person = "";
    if let Some(with) = &args.with {
        let contact = c.rest().contacts.iter().find(|p| p.id == with || p.name == with).ok_or_else(|| {
            let near = nearest(with, c.rest().contacts.iter().flat_map(|p| [p.id, p.name]));
            let all: Vec<String> = c.rest().contacts.iter().map(|p| format!("{} ({})", p.id, p.name)).collect();
            let e = CliError::new(Exit::NotFound, m::unknown_contact(lang, with, c.id)).nearest(lang, &near);
            if all.is_empty() { e } else { e.hint(m::hint_values(lang, all.join(", "))) }
        })?;
        row.push(("contact", contact.id.to_string()));
        person = contact.id;
    }
    record::enter(planned, Ledger::Activities, at.day.year(), row);
    if let Some(span) = every {
        let value = TomlValue::Text(span.to_string());
        let edit = TomlEdit::Set { table: Vec::new(), key: "contact_every".into(), value };
        planned.changes.push(Change::EditToml { file: c.file.into(), edits: vec![edit] });
    }
    let word = |column: &str| common.iter().find(|(name, _)| *name == column).map_or("", |(_, value)| value.as_str());
    let [channel, direction, outcome] = ["channel", "direction", "outcome"].map(word);
    let contact = NewContact { at, contact: person, next, channel, direction, outcome };
    let place = index.and_then(|x| x.book.customer_index(c.id));
    // On a past day decisions are those of that day.
    let then = index.zip(place).map_or(c, |(x, n)| &x.book.customers[n]);
    let mut changed = then.clone();
    changed.contact_every = every.or(then.contact_every);
    let activities = index.zip(place).map_or(&[][..], |(x, n)| x.activities(n));
    // Whoever follows the person is reminded, else the owner.
    let follower = follower(&ctx.team, &changed, person, ctx.today);
    let whom = follower.map_or_else(|| c.id.to_string(), |_| format!("{}/{person}", c.id));
    let line = match due_after(&ctx.settings, (&ctx.team, ctx.today), &changed, activities, contact) {
        // The other contacts may not have been read, and one of them may have promised a day.
        Some((day, Why::Cycle)) if index.is_none() => m::did_log_cycle(lang, &id, &whom, day),
        Some((day, why)) => m::did_log(lang, &id, &whom, day, values::value(lang, "why", why.key())),
        None => m::did_log_none(lang, &id, &whom),
    };
    if let Some(day) = next.filter(|day| changed.closed && changed.closed_until.is_none_or(|until| *day < until)) {
        planned.warnings.push(m::promise_lost(lang, c.name, day));
    }
    planned.did(&id, line);
    // The other contacts are known where reading them cost nothing.
    let by = ctx.actor()?.id;
    let alone = index.zip(place).filter(|_| follower != Some(by));
    if let Some(a) = alone.and_then(|(x, n)| visited_by_another(x, n, by, at.day)) {
        planned.warnings.push(m::double_visit(lang, c.name, ctx.team.name(a.by()), a.day()));
    }
    let owner = follower.unwrap_or(c.owner);
    if !owner.is_empty() && owner != by {
        let whom = if follower.is_some() { whom } else { c.name.to_string() };
        planned.warnings.push(m::not_the_owner(lang, whom, ctx.team.name(owner)));
    }
    Ok(())
}
