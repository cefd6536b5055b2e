use crate::cli::args::Note;
use crate::cli::context::{Context, Result};
use crate::cli::error::{CliError, Exit, store_error};
use crate::cli::record;
use crate::cli::resolve::complaint_of;
use crate::cli::sendmail::{post, post_id};
use crate::cli::transact::Planned;
use crate::diag::{Code, Diagnostic, Place, nearest};
use crate::i18n::{Lang, messages as m};
use crate::model::book::Reads;
use crate::model::customer::Contact;
use crate::model::ledger::Ledger;
use crate::model::team::Member;
use crate::output::Format;
use crate::output::letter::{Letter, Mailbox, SUBJECT, fill, is_address, mail};
use crate::output::sanitize::clean_lines;
use crate::report::col;
use crate::report::document::{Block, Cell, Document, Row, Table};
use crate::report::letter::{self, About, Var, about};
use crate::rules::complaints::Complaint;
use crate::rules::complaints::steps::{may_acknowledge, may_tell, notify};
use crate::rules::engine::index::Index;
use crate::rules::fits::{fits, fits_others};
use crate::store::cells::escape_note;
use crate::store::{self, templates};
use chrono::Datelike;
use std::path::PathBuf;

/// Write messages from templates: print them, write them as .eml files, or send them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Templates: complaint-acknowledged, complaint-told, complaint-reopened, complaint-alarm (of complaints); care, payment, survey (of customers); day, late-complaints (of members of the team).\nThe texts stand in templates/ of the data directory. Nothing is sent without --send.\n\nExamples:\n  kehu message payment huaxin --eml reminder.eml\n  kehu message care huaxin --to wang --note \"happy birthday!\" --send\n  kehu message complaint-told k_k3f9w2m7ta4q --lang zh-CN\n  kehu message day li wu --send"
)]
pub(crate) struct Args {
    /// Which message
    pub(crate) template: String,
    /// What they are about: complaints, customers or members of the team
    #[arg(required = true, value_name = "SUBJECT")]
    pub(crate) subjects: Vec<String>,
    /// To whom: a contact of the customer, or a member of the team
    #[arg(long, value_name = "WHO")]
    pub(crate) to: Option<String>,
    #[command(flatten)]
    pub(crate) note: Note,
    /// Write the mail into a file; into a folder where there are several
    #[arg(long, value_name = "FILE", conflicts_with = "send")]
    pub(crate) eml: Option<PathBuf>,
    /// Send it by the system's sendmail, and record that it was sent
    #[arg(long)]
    pub(crate) send: bool,
}

/// What is asked for of every message.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'x> {
    pub(crate) name: &'static str,
    pub(crate) to: Option<&'x str>,
    pub(crate) note: &'x str,
    /// Whether addresses are needed.
    pub(crate) mailed: bool,
}

/// A message that is written.
pub(crate) struct Draft {
    pub(crate) letter: Letter,
    from: Mailbox,
    to: Mailbox,
    /// The complaint, customer or member.
    about: String,
    /// The customer, and its contact, whom it goes to.
    customer: Option<usize>,
    contact: String,
}

/// The language of messages: --lang, else the company's.
fn language(ctx: &Context) -> Lang {
    ctx.global.lang.as_deref().and_then(Lang::parse).unwrap_or_else(|| ctx.own_lang())
}

pub(crate) fn run(args: &Args, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    let known = templates::NAMES;
    let name = known.iter().copied().find(|n| *n == args.template).ok_or_else(|| {
        CliError::usage(m::unknown_letter(lang, &args.template))
            .nearest(lang, &nearest(&args.template, known.iter().copied()))
            .hint(m::hint_values(lang, known.join(", ")))
    })?;
    let mailed = args.send || args.eml.is_some();
    let asked = Asked { name, to: args.to.as_deref(), note: &args.note, mailed };
    if args.send {
        return args.subjects.iter().try_for_each(|subject| send(ctx, asked, subject));
    }
    let read = ctx.load(letter::reads(name, &ctx.settings, ctx.today))?;
    let index = Index::new(read.book);
    let mut drafts = Vec::new();
    for subject in &args.subjects {
        drafts.extend(write(ctx, &index, asked, subject)?);
    }
    match &args.eml {
        Some(path) => files(ctx, name, &drafts, path)?,
        None => show(ctx, name, &drafts)?,
    }
    read.finish()
}

/// The messages about one thing; none where there is nothing to say.
pub(crate) fn write(ctx: &Context, index: &Index<'_>, asked: Asked<'_>, subject: &str) -> Result<Vec<Draft>> {
    let lang = language(ctx);
    let book = index.book;
    let name = asked.name;
    let (customer, mut more): (Option<usize>, Vec<(&'static str, Var)>) = match about(name) {
        About::Complaint | About::Alarm => {
            let c = complaint_of(ctx, index, subject)?;
            (c.customer(), vec![("complaint", letter::complaint(index, c, lang))])
        }
        About::Customer => (Some(ctx.resolve(book, subject)?), Vec::new()),
        About::Member => (None, Vec::new()),
    };
    let nothing = |what: &str| {
        ctx.ui.note(&m::nothing_to_say(ctx.lang(), name, what));
        Ok(Vec::new())
    };
    let mut id = subject.strip_prefix("complaint:").unwrap_or(subject).to_string();
    let mut people: Vec<(Mailbox, String)> = Vec::new();
    match about(name) {
        About::Complaint | About::Customer => {
            let n = customer.ok_or_else(|| CliError::new(Exit::NotFound, m::no_recipient(ctx.lang(), &id)))?;
            let c = &book.customers[n];
            let named = match about(name) {
                About::Complaint => complaint_of(ctx, index, subject)?.entry("contact"),
                _ => {
                    id = c.id.to_string();
                    ""
                }
            };
            let contact = contact(ctx, index, n, (asked, named))?;
            if name == "payment" {
                match letter::debts(index, n, lang) {
                    Some(debts) => more.extend(debts),
                    None => return nothing(&id),
                }
            }
            more.extend(letter::customer(index, n, contact));
            let name = contact.map_or(c.name, |p| p.name).to_string();
            let address = contact.map_or("", |p| p.text("email")).to_string();
            people.push((Mailbox { name, address }, contact.map_or("", |p| p.id).to_string()));
        }
        About::Alarm => {
            let c = complaint_of(ctx, index, subject)?;
            let told = match asked.to {
                Some(who) => vec![ctx.member(who)?.id],
                None => c.alarmed(),
            };
            if told.is_empty() {
                return nothing(&id);
            }
            for who in told {
                people.push((mailbox(ctx, ctx.member(who)?, asked.mailed)?, String::new()));
            }
        }
        About::Member => {
            let who = ctx.member(subject)?;
            id = who.id.to_string();
            let found = match name {
                "day" => letter::today(index, who.id, lang),
                _ => letter::late(index, who.id, lang),
            };
            match found {
                Some(found) => more.extend(found),
                None => return nothing(&id),
            }
            let to = asked.to.map_or(Ok(who), |to| ctx.member(to))?;
            people.push((mailbox(ctx, to, asked.mailed)?, String::new()));
        }
    }
    let sender = ctx.actor()?;
    let from = mailbox(ctx, sender, asked.mailed)?;
    let (path, text) = template(ctx, name, lang)?;
    people
        .into_iter()
        .map(|(to, contact)| {
            let person = (to.name.as_str(), to.address.as_str());
            let mut vars = letter::common(&ctx.settings, sender, person, ctx.today, asked.note, lang);
            vars.extend(more.iter().cloned());
            let letter = fill(text, &Var::Map(vars)).map_err(|fault| {
                let mut e = CliError::new(Exit::Data, m::template_broken(ctx.lang(), path));
                e.diagnostics = vec![finding(path, text, fault.line, &fault.what)];
                e
            })?;
            Ok(Draft { letter, from: from.clone(), to, about: id.clone(), customer, contact })
        })
        .collect()
}

/// What is wrong with a template.
pub(crate) fn finding(path: &str, text: &str, line: u32, what: &str) -> Diagnostic {
    let source =
        text.lines().nth(line.saturating_sub(1) as usize).map(|l| l.trim_start_matches('\u{feff}').to_string());
    let place = Place { text: source, column: 1, ..Place::line(path, line) };
    let subject = if what.is_empty() { SUBJECT } else { "" };
    Diagnostic::new(Code::BadTemplate, place, [path, what, subject])
}

/// The text of a template, and the file in which it stands or could stand.
fn template(ctx: &Context, name: &str, lang: Lang) -> Result<(&'static str, &'static str)> {
    let mut diags = Vec::new();
    let found = store::read_consistently(&ctx.root, |view| templates::read(view, name, lang.tag(), &mut diags));
    let found = found.map_err(|e| store_error(ctx.lang(), &e))?;
    found.ok_or_else(|| {
        let mut e = CliError::new(Exit::Data, m::template_broken(ctx.lang(), templates::path(name, lang.tag())));
        e.diagnostics = std::mem::take(&mut diags);
        e
    })
}

/// The contact whom a message goes to: the one that is named, else the complaint's, else the first one with an address.
fn contact<'b>(
    ctx: &Context,
    index: &Index<'b>,
    n: usize,
    (asked, named): (Asked<'_>, &str),
) -> Result<Option<&'b Contact>> {
    let (lang, c) = (ctx.lang(), &index.book.customers[n]);
    let has = |p: &&Contact| is_address(p.text("email"));
    let there = |p: &&Contact| p.left().is_none_or(|left| left >= ctx.today);
    let contacts = &c.rest().contacts;
    let found = match asked.to {
        Some(text) => Some(record::contact(ctx, c, text)?),
        None => contacts.iter().find(|p| p.id == named).filter(there).or_else(|| {
            let first = |needs: bool| contacts.iter().filter(there).find(|p| !needs || has(p));
            first(true).or_else(|| first(false))
        }),
    };
    if asked.mailed && !found.is_some_and(|p| has(&p)) {
        let who = found.map_or_else(|| c.id.to_string(), |p| format!("{}/{}", c.id, p.id));
        let e = CliError::new(Exit::NotFound, m::no_address(lang, &who));
        return Err(e.hint(match found {
            Some(p) => m::hint_contact_address(lang, c.id, p.id),
            None => m::hint_new_contact(lang, c.id),
        }));
    }
    Ok(found)
}

/// The address of a member of the team.
fn mailbox(ctx: &Context, member: &Member, needed: bool) -> Result<Mailbox> {
    let name = if member.name.is_empty() { member.id } else { member.name };
    let address = member.email.iter().find(|a| is_address(a)).copied();
    if address.is_none() && needed {
        let lang = ctx.lang();
        return Err(
            CliError::new(Exit::NotFound, m::no_address(lang, member.id)).hint(m::hint_member_address(lang, member.id))
        );
    }
    Ok(Mailbox { name: name.to_string(), address: address.unwrap_or_default().to_string() })
}

/// The mail of a draft.
fn sealed(ctx: &Context, d: &Draft) -> Result<Vec<u8>> {
    Ok(mail(&d.letter, &d.from, &d.to, ctx.event_time(), &post_id(ctx)?))
}

/// Writes mails into a file, or into a folder.
fn files(ctx: &Context, name: &str, drafts: &[Draft], path: &std::path::Path) -> Result<()> {
    let folder = path.is_dir();
    if drafts.len() > 1 && !folder {
        return Err(CliError::usage(m::one_file_each(ctx.lang(), drafts.len())));
    }
    for d in drafts {
        let file = if folder {
            let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
            let person = d.to.address.split('@').next().unwrap_or_default();
            path.join(format!("{name}-{}-{person}.eml", d.about).chars().map(plain).collect::<String>())
        } else {
            path.to_path_buf()
        };
        store::write_atomically(&file, &sealed(ctx, d)?).map_err(|e| store_error(ctx.lang(), &e))?;
        ctx.ui.note(&m::draft_written(ctx.lang(), &d.about, file.display()));
    }
    Ok(())
}

/// Prints messages.
fn show(ctx: &Context, name: &str, drafts: &[Draft]) -> Result<()> {
    let lang = ctx.lang();
    let person =
        |m: &Mailbox| if m.address.is_empty() { m.name.clone() } else { format!("{} <{}>", m.name, m.address) };
    if ctx.ui.format.is_machine() {
        let columns = ["template", "about", "from", "to", "subject", "body"].map(|k| col(lang, k)).to_vec();
        let row = |d: &Draft| {
            let texts = [name, &d.about, &person(&d.from), &person(&d.to), &d.letter.subject, &d.letter.body];
            Row { cells: texts.map(|t| Cell::Text(t.into())).to_vec(), ..Row::default() }
        };
        let rows = drafts.iter().map(row).collect();
        return ctx.print(&Document::table(Table { columns, rows, ..Table::default() }));
    }
    let text = |d: &Draft| {
        format!("From: {}\nTo: {}\nSubject: {}\n\n{}", person(&d.from), person(&d.to), d.letter.subject, d.letter.body)
    };
    let all: Vec<String> = drafts.iter().map(text).collect();
    if ctx.ui.format == Format::Table {
        return ctx.ui.text(&clean_lines(&all.join("\n")));
    }
    ctx.print(&Document { title: None, blocks: all.into_iter().map(Block::Note).collect(), main: 0 })
}

/// Sends the messages about one thing, and records it. What is not sent is not recorded; where the disk fails after the mail is out,
/// that is said.
pub(crate) fn send(ctx: &Context, asked: Asked<'_>, subject: &str) -> Result<()> {
    let reads = letter::reads(asked.name, &ctx.settings, ctx.today).and(Reads { texts: true, ..Reads::NOTHING });
    let mut out: Vec<String> = Vec::new();
    let done = ctx.transact(reads, |index, read| {
        let drafts = write(ctx, index, asked, subject)?;
        let mut planned = Planned::default();
        for d in &drafts {
            record(ctx, index, asked, d, &mut planned)?;
        }
        fits(index.book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        fits_others(index.book, &planned.changes).map_err(|r| ctx.refused(&r))?;
        // What cannot be written down is not sent.
        if !read.broken {
            for d in &drafts {
                let mail = sealed(ctx, d)?;
                if ctx.global.dry_run {
                    planned.lines.clear();
                    ctx.ui.note(&m::would_send(ctx.lang(), &d.about, &d.to.address, &d.letter.subject));
                } else {
                    post(ctx, &mail)?;
                    out.push(d.to.address.clone());
                }
            }
        }
        Ok(planned)
    });
    if done.is_err() && !out.is_empty() {
        ctx.ui.warn(&m::sent_unrecorded(ctx.lang(), out.join(", ")));
    }
    done
}

/// Plans what is written down of a message to a customer: an event of its complaint, or an activity. Messages to the team are not
/// recorded.
fn record(ctx: &Context, index: &Index<'_>, asked: Asked<'_>, d: &Draft, planned: &mut Planned) -> Result<()> {
    let lang = ctx.lang();
    let line = m::sent(lang, &d.about, &d.to.address, &d.letter.subject);
    let Some(n) = d.customer.filter(|_| matches!(about(asked.name), About::Complaint | About::Customer)) else {
        planned.did(&d.about, line);
        return Ok(());
    };
    let channel = record::cell_text(ctx, Ledger::Activities, "channel", "email")?;
    let note = &d.letter.subject;
    if matches!(asked.name, "complaint-acknowledged" | "complaint-told") {
        let c: &Complaint<'_> = complaint_of(ctx, index, &d.about)?;
        let may = if asked.name == "complaint-told" {
            may_tell(c.id(), c.state())
        } else {
            may_acknowledge(c.id(), c.state())
        };
        may.map_err(|r| ctx.refused(&r))?;
        let step = ctx.planned(index.book, ctx.who(false, "")?, notify(c, &channel, &ctx.act(note, None)?))?;
        planned.changes.extend(step.changes);
        planned.did(&d.about, line);
        return Ok(());
    }
    let purpose = match asked.name {
        "payment" => "collect",
        "care" => "care",
        "survey" => "intel",
        _ => "service",
    };
    let at = ctx.fact_time();
    let id = ctx.new_id(Ledger::Activities)?;
    let mut row = vec![
        ("id", id.clone()),
        ("at", at.to_text(ctx.settings.tz)),
        ("customer", index.book.customers[n].id.to_string()),
        ("by", ctx.present_member(ctx.actor()?.id)?.id.to_string()),
        ("channel", channel),
        ("purpose", purpose.to_string()),
        ("direction", "out".to_string()),
        ("contact", d.contact.clone()),
        ("complaint", if about(asked.name) == About::Complaint { d.about.clone() } else { String::new() }),
        ("note", escape_note(note).into_owned()),
    ];
    row.retain(|(_, text)| !text.is_empty());
    record::enter(planned, Ledger::Activities, at.day.year(), row);
    planned.did(&id, line);
    Ok(())
}
