//! What the records of all ledgers share: list, show, set, rm; and the verbs of activities and events.

use super::log;
use crate::cli::context::{Context, Planned, Result};
use crate::cli::error::{CliError, Exit, query_error, refused};
use crate::cli::table::ListArgs;
use crate::diag::nearest;
use crate::i18n::messages as m;
use crate::model::book::{Book, Needs};
use crate::model::change::{Change, ChangeSet};
use crate::model::ledger::{Ledger, LedgerSet, RefTo, Type, ledger_of_kind};
use crate::model::period::Period;
use crate::model::refusal::Refusal;
use crate::model::row::{PlainRow, RowPlace};
use crate::model::value::{FieldDef, Kind, Record, Schema, Value};
use crate::query::{compare, parse_period};
use crate::report::document::{Block, Card, Document};
use crate::report::fields::{LedgerFields, RowRecord, column, computed_from};
use crate::report::rows::{adds_up, default_columns, export_columns, is_amount, report};
use crate::report::series::Item;
use crate::rules::index::Index;
use crate::store::cells::escape_note;
use crate::store::read::cell;
use std::collections::HashSet;

/// Rows of a ledger that fit filter terms
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu activity list by:li -p this-week\n  kehu activity list channel:visit customer.grade:A --json\n  kehu task list state:open due:..today"
)]
pub(crate) struct List {
    /// Filter terms (kehu help filters)
    pub(crate) terms: Vec<String>,
    /// Only rows of this period
    #[arg(short, long, value_name = "PERIOD", allow_hyphen_values = true)]
    pub(crate) period: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// One row, whole
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Its id
    pub(crate) id: String,
}

/// Correct cells of a row in place
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kehu activity set a_k3f9w2m7ta4q outcome=positive next=+7d\n  kehu task set t_k3f9w2m7ta4q due=2026-12-01"
)]
pub(crate) struct Set {
    /// Its id
    pub(crate) id: String,
    /// column=value; an empty value empties the cell
    #[arg(required = true, value_name = "COLUMN=VALUE")]
    pub(crate) pairs: Vec<String>,
}

/// Remove a row; refused while anything refers to it
#[derive(Debug, clap::Args)]
pub(crate) struct Rm {
    /// Its id
    pub(crate) id: String,
}

/// Contacts with customers: list, show, set, rm (log adds them)
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ActivityVerb {
    /// The same as `kehu log`
    Add(log::Args),
    List(List),
    Show(Show),
    Set(Set),
    Rm(Rm),
}

/// Changes of state of anything: list, show
#[derive(Debug, clap::Subcommand)]
pub(crate) enum EventVerb {
    List(List),
    Show(Show),
}

pub(crate) fn activity(verb: &ActivityVerb, ctx: &Context) -> Result<()> {
    match verb {
        ActivityVerb::Add(a) => log::run(a, ctx),
        ActivityVerb::List(a) => list(a, Ledger::Activities, ctx),
        ActivityVerb::Show(a) => show(&a.id, Ledger::Activities, ctx),
        ActivityVerb::Set(a) => set(&a.id, &a.pairs, Some(Ledger::Activities), ctx),
        ActivityVerb::Rm(a) => remove(&a.id, Some(Ledger::Activities), ctx),
    }
}

pub(crate) fn event(verb: &EventVerb, ctx: &Context) -> Result<()> {
    match verb {
        EventVerb::List(a) => list(a, Ledger::Events, ctx),
        EventVerb::Show(a) => show(&a.id, Ledger::Events, ctx),
    }
}

/// Lists the rows of a ledger; of the lines of a quote the first one of the version that counts stands for all.
pub(crate) fn list(args: &List, ledger: Ledger, ctx: &Context) -> Result<()> {
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team);
    let fields = if ledger == Ledger::Quotes { fields.whole() } else { fields };
    let columns = args.list.fields(ctx, &fields, &default_columns(ledger))?;
    let keys = args.list.sort_keys(ctx, &fields)?;
    let filter = ctx.filter(&args.terms, &fields)?;
    let period = match &args.period {
        Some(p) => parse_period(p, &ctx.calendar()).map_err(|e| query_error(ctx.lang(), &e))?,
        None => Period::ALL,
    };
    let plain = Needs { plain: LedgerSet::of(&[ledger]), ..Needs::NOTHING };
    let asked = columns.iter().map(|d| d.id).chain(keys.iter().map(|k| k.0)).chain(filter.fields());
    let mut needs = asked.map(|id| fields.needs(id)).fold(plain, Needs::and);
    // A bare word also looks at the row's customer.
    needs.customers |= filter.has_words() && ledger.column("customer").is_some();
    if ledger == Ledger::Quotes {
        needs.ledgers = needs.ledgers.and(computed_from(ledger));
    }
    let read = ctx.load(needs)?;
    let index = Index::new(read.book);
    let heads: HashSet<RowPlace> = match ledger {
        Ledger::Quotes => index.quotes().all().iter().map(|q| q.current().head().place).collect(),
        _ => HashSet::new(),
    };
    let all = read.book.plain.get(&ledger).map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<&PlainRow> = all.iter().filter(|r| ledger != Ledger::Quotes || heads.contains(&r.place)).collect();
    let record = |row| RowRecord { index: &index, ledger, row, fields: &fields };
    let mut chosen: Vec<&PlainRow> = rows
        .iter()
        .copied()
        .filter(|r| period == Period::ALL || day_of(ledger, r, ctx).is_some_and(|d| period.contains(d)))
        .filter(|r| filter.is_empty() || filter.matches(&record(r)))
        .collect();
    if args.list.is_series() {
        let base = ctx.settings.file.currency.as_str();
        // A ratio has no sum.
        let summed = |d: &&FieldDef| d.kind.is_number() && d.kind != Kind::Ratio && adds_up(&d.key);
        let numbers: Vec<&FieldDef> = columns.iter().filter(summed).collect();
        // What is compared lies outside the period, so every row that fits takes part.
        let all = rows.iter().copied().filter(|r| filter.is_empty() || filter.matches(&record(r)));
        let items: Vec<Item> = all
            .filter_map(|r| {
                let own = cell_of(ledger, r, "currency");
                let foreign = !own.is_empty() && own != base;
                let figure = |d: &&FieldDef| match record(r).value(d.id) {
                    // Amounts of other currencies have no part in a sum.
                    Value::Num(_) if foreign && is_amount(ledger, &d.key) => None,
                    Value::Num(n) => Some(n),
                    _ => None,
                };
                let day = day_of(ledger, r, ctx).filter(|d| args.list.compare.is_some() || period.contains(*d))?;
                Some((day, numbers.iter().map(figure).collect()))
            })
            .collect();
        let head = |d: &&FieldDef| {
            let currency = (is_amount(ledger, &d.key) || d.kind == Kind::Money).then(|| base.to_string());
            (column(ctx.lang(), &ctx.settings, Some(ledger), d), currency)
        };
        let heads: Vec<_> = numbers.iter().map(head).collect();
        let named = (args.period.as_deref().unwrap_or(".."), period);
        let mut doc = args.list.series(ctx, &items, &heads, named)?;
        args.list.print(ctx, &mut doc)?;
        return read.finish();
    }
    if keys.is_empty() && ledger == Ledger::Tasks {
        // What is open comes first, by its day.
        let due = |r: &PlainRow| cell_of(ledger, r, "due");
        let open = |r: &PlainRow| index.book.tasks.iter().any(|t| t.place == r.place && t.state == "open");
        chosen.sort_by_key(|r| (!open(r), due(r), r.place));
    } else if keys.is_empty() {
        chosen.sort_by_key(|r| (instant_of(ledger, r, ctx), r.place));
    } else {
        chosen.sort_by(|a, b| compare(&record(*a), &record(*b), &keys));
    }
    let mut doc = report(&index, ledger, &chosen, &columns, &fields, ctx.lang());
    args.list.print(ctx, &mut doc)?;
    read.finish()
}

fn instant_of(ledger: Ledger, row: &PlainRow, ctx: &Context) -> Option<crate::model::day::At> {
    crate::model::day::At::parse(row.cells[ledger.day_column()?], ctx.settings.tz)
}

fn cell_of(ledger: Ledger, row: &PlainRow, column: &str) -> &'static str {
    ledger.column(column).map_or("", |n| row.cells[n])
}

fn day_of(ledger: Ledger, row: &PlainRow, ctx: &Context) -> Option<crate::model::day::Day> {
    instant_of(ledger, row, ctx).map(|a| a.day)
}

/// A row named by its place, as messages show it: `ledgers/orders/2026-li.csv:3`.
fn by_place(text: &str) -> Option<(Ledger, &str, u32)> {
    let (file, line) = text.rsplit_once(':')?;
    let folder = file.strip_prefix("ledgers/")?.split('/').next()?;
    Some((Ledger::parse(folder)?, file, line.parse().ok()?))
}

/// The ledgers to search for a row: one that is known, or by the kind in `[kind:]id`, or all.
fn ledgers_for(ctx: &Context, text: &str, ledger: Option<Ledger>) -> Result<(LedgerSet, String)> {
    if let Some((l, ..)) = by_place(text).filter(|(l, ..)| ledger.is_none_or(|wanted| wanted == *l)) {
        return Ok((LedgerSet::of(&[l]), text.to_string()));
    }
    if let Some((kind, id)) = text.split_once(':') {
        let named = Ledger::parse_any(kind).or_else(|| ledger_of_kind(kind));
        return match named {
            Some(l) => Ok((LedgerSet::of(&[l]), id.to_string())),
            None => {
                let near = nearest(kind, Ledger::ALL.iter().map(|l| l.kind()));
                Err(CliError::usage(m::unknown_ledger(ctx.lang(), kind)).nearest(ctx.lang(), &near))
            }
        };
    }
    // A generated id says by its prefix where it stands.
    let by_prefix = Ledger::ALL.iter().find(|l| !l.prefix().is_empty() && text.starts_with(l.prefix()));
    let set = match (ledger, by_prefix) {
        (Some(l), _) => LedgerSet::of(&[l]),
        (None, Some(l)) if text.len() == l.prefix().len() + 12 => LedgerSet::of(&[*l]),
        _ => LedgerSet::all(),
    };
    Ok((set, text.to_string()))
}

/// The rows that `id`, `id/line`, `id@since` or a place names.
fn find<'b>(book: &'b Book, id: &str) -> Vec<(Ledger, &'b PlainRow)> {
    let mut found = Vec::new();
    if let Some((ledger, file, line)) = by_place(id) {
        let rows = book.plain.get(&ledger).into_iter().flatten();
        let here = |r: &&PlainRow| r.place.line == line && book.file(r.place) == file;
        return rows.filter(here).map(|r| (ledger, r)).collect();
    }
    for (ledger, rows) in &book.plain {
        let Some(id_column) = ledger.column("id") else { continue };
        let parts = |sep: char, column: &str| -> Option<(usize, String, String)> {
            let n = ledger.column(column)?;
            let (a, b) = id.rsplit_once(sep)?;
            Some((n, a.to_string(), b.to_string()))
        };
        let second = parts('/', "line").or_else(|| parts('@', "since"));
        for r in rows {
            let whole = r.cells[id_column] == id;
            let part = second.as_ref().is_some_and(|(n, a, b)| r.cells[id_column] == a && r.cells[*n] == b);
            if whole || part {
                found.push((*ledger, r));
            }
        }
    }
    found
}

/// The cells that identify a row.
fn key(ledger: Ledger, row: &PlainRow) -> Vec<&'static str> {
    ledger.key().iter().map(|k| cell_of(ledger, row, k)).collect()
}

/// What a row is called in messages: its id, with the line or day that belongs to it; its place where it has none.
fn row_name(book: &Book, ledger: Ledger, row: &PlainRow) -> String {
    match (ledger.column("id"), key(ledger, row).as_slice()) {
        (Some(_), [id, since]) if ledger == Ledger::Products => format!("{id}@{since}"),
        (Some(_), [id]) => (*id).to_string(),
        (Some(_), [id, line]) => format!("{id}/{line}"),
        _ => book.place(row.place),
    }
}

/// Other rows of the same ledger with the same id, and whether one of them has the same key.
fn siblings(book: &Book, ledger: Ledger, row: &PlainRow) -> (usize, bool) {
    let id = cell_of(ledger, row, "id");
    let rows = book.plain.get(&ledger).into_iter().flatten().filter(|r| r.place != row.place);
    let same: Vec<&PlainRow> = rows.filter(|r| cell_of(ledger, r, "id") == id).collect();
    let twin = same.iter().any(|r| key(ledger, r) == key(ledger, row));
    (same.len(), twin)
}

/// The one row that a text names.
pub(crate) fn one<'b>(ctx: &Context, book: &'b Book, id: &str, kind: &str) -> Result<(Ledger, &'b PlainRow)> {
    let lang = ctx.lang();
    let found = find(book, id);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(CliError::new(Exit::NotFound, m::row_not_found(lang, kind, id))),
        several => {
            let first = several[0].0;
            if several.iter().all(|(l, r)| *l == first && key(*l, r) == key(first, several[0].1)) {
                let places: Vec<String> = several.iter().map(|(_, r)| book.place(r.place)).collect();
                let e = CliError::new(Exit::NotFound, m::row_twice(lang, id, places.join(", ")));
                let last = places.last().map_or("", String::as_str);
                return Err(e.hint(m::hint_row_place(lang, last)));
            }
            if several.iter().all(|(l, _)| *l == first) {
                let lines: Vec<&str> = several
                    .iter()
                    .map(|(l, r)| l.key().get(1).and_then(|k| l.column(k)).map_or("", |n| r.cells[n]))
                    .collect();
                let list = lines.join(", ");
                return Err(CliError::new(Exit::NotFound, m::row_has_lines(lang, id, list)));
            }
            let list: Vec<String> = several.iter().map(|(l, _)| l.kind().to_string()).collect();
            Err(CliError::new(Exit::NotFound, m::row_ambiguous(lang, id, list.join(", "))).hint(m::hint_row_kind(lang)))
        }
    }
}

/// Shows one row, or all lines of one id.
pub(crate) fn show(id: &str, ledger: Ledger, ctx: &Context) -> Result<()> {
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team);
    let mut names: Vec<String> = ledger.columns().iter().map(|c| c.name.to_string()).collect();
    if ledger == Ledger::Tasks {
        names.extend(["state".to_string(), "days_overdue".to_string()]);
    }
    let columns: Vec<_> = names.iter().filter_map(|n| fields.find(n)).collect();
    let needs = Needs {
        ledgers: LedgerSet::of(&[Ledger::Tasks, Ledger::Events]),
        plain: LedgerSet::of(&[ledger]),
        ..Needs::NOTHING
    };
    let read = ctx.load(needs)?;
    let index = Index::new(read.book);
    let found: Vec<&PlainRow> = find(read.book, id).into_iter().map(|(_, r)| r).collect();
    if found.is_empty() {
        return Err(CliError::new(Exit::NotFound, m::row_not_found(ctx.lang(), ledger.kind(), id)));
    }
    let columns = match found.first() {
        Some(r) if !r.own.is_empty() => {
            columns.into_iter().chain(r.own.iter().filter_map(|(k, _)| fields.find(k))).collect()
        }
        _ => columns,
    };
    let doc = report(&index, ledger, &found, &columns, &fields, ctx.lang());
    ctx.print(&as_cards(doc))?;
    read.finish()
}

/// A table of one row as a card.
pub(crate) fn as_cards(doc: Document) -> Document {
    match doc.blocks.into_iter().next() {
        Some(Block::Table(t)) if t.rows.len() == 1 => {
            let cells = t.rows.into_iter().next().map(|r| r.cells).unwrap_or_default();
            let fields = t.columns.into_iter().zip(cells).collect();
            Document { title: None, blocks: vec![Block::Card(Card { title: None, fields })], main: 0 }
        }
        Some(block) => Document { title: None, blocks: vec![block], main: 0 },
        None => Document::default(),
    }
}

/// A cell's text from what was typed, checked against its column.
pub(crate) fn cell_text(ctx: &Context, ledger: Ledger, column: &str, typed: &str) -> Result<String> {
    let lang = ctx.lang();
    let Some(n) = ledger.column(column) else {
        if column.starts_with("x_") {
            return Ok(typed.to_string());
        }
        let near = nearest(column, ledger.columns().iter().map(|c| c.name));
        let e = CliError::usage(m::unknown_key(lang, column)).nearest(lang, &near);
        return Err(e.hint(m::hint_schema(lang, ledger.name())));
    };
    let spec = ledger.columns()[n];
    if typed.is_empty() {
        if spec.required {
            return Err(CliError::usage(m::cell_required(lang, column)));
        }
        return Ok(String::new());
    }
    let text = match spec.ty {
        Type::Note => escape_note(typed).into_owned(),
        Type::Day => ctx.day(typed)?.to_string(),
        Type::At => ctx.at_or_now(Some(typed))?.to_text(ctx.settings.tz),
        Type::OneOf(_) => log::closed_value(ctx, ledger, column, typed)?,
        Type::Ref(RefTo::Team) => ctx.member(typed)?.id.to_string(),
        _ => typed.to_string(),
    };
    if let Err((code, args)) = cell::check(spec.ty, &text, &ctx.settings) {
        let d = crate::diag::Diagnostic { code, place: crate::diag::Place::default(), args };
        let (what, mend) = crate::i18n::problem::words(lang, &d);
        return Err(CliError::usage(format!("{column}: {what}")).hint(mend));
    }
    Ok(text)
}

/// The rows that `set` edits: the one that is named; or all lines of one id, where the columns must be equal on them (of
/// a quote those of its newest version, unless the quote goes to another customer).
fn to_edit<'b>(
    ctx: &Context,
    book: &'b Book,
    id: &str,
    kind: &str,
    pairs: &[String],
) -> Result<(Ledger, Vec<&'b PlainRow>)> {
    let found = find(book, id);
    let ledger = found.first().map(|(l, _)| *l).filter(|first| found.iter().all(|(l, _)| l == first));
    let twins = found.iter().any(|(l, r)| siblings(book, *l, r).1);
    if let Some(ledger) = ledger.filter(|_| found.len() > 1 && !twins) {
        let columns: Vec<String> =
            pairs.iter().map(|p| column_name(ledger, p.split_once('=').map_or(p, |(k, _)| k))).collect();
        if columns.iter().all(|c| ledger.shared().contains(&c.as_str())) {
            let version = |r: &PlainRow| ledger.column("version").map_or(1, |n| r.cells[n].parse::<u32>().unwrap_or(1));
            let newest = found.iter().map(|(_, r)| version(r)).max();
            let all = columns.iter().any(|c| c == "customer");
            return Ok((
                ledger,
                found.into_iter().map(|f| f.1).filter(|r| all || Some(version(r)) == newest).collect(),
            ));
        }
    }
    one(ctx, book, id, kind).map(|(l, r)| (l, vec![r]))
}

/// Edits cells of a row in place.
pub(crate) fn set(id: &str, pairs: &[String], ledger: Option<Ledger>, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let (ledgers, id) = ledgers_for(ctx, id, ledger)?;
    let needs = Needs { customers: true, ledgers: LedgerSet::of(&[Ledger::Events]), plain: ledgers, ..Needs::NOTHING };
    ctx.transact(needs, |index, _| {
        let book = index.book;
        let (ledger, rows) = to_edit(ctx, book, &id, ledger.map_or("row", |l| l.kind()), pairs)?;
        let placed = by_place(&id).and(rows.first()).map(|row| row_name(book, ledger, row));
        let id = placed.unwrap_or_else(|| id.clone());
        let mut planned = Planned::default();
        let mut files: Vec<&'static str> = Vec::new();
        for row in rows {
            let mut cells = Vec::new();
            for p in pairs {
                let (column, typed) = p.split_once('=').ok_or_else(|| CliError::usage(m::key_value_form(lang, p)))?;
                let column = column_name(ledger, column);
                // Of two rows with one key one may get another.
                if column == "id" && !siblings(book, ledger, row).1 {
                    return Err(CliError::usage(m::row_id_fixed(lang)));
                }
                let text = cell_text(ctx, ledger, &column, typed)?;
                if let Some(n) = ledger.column(&column) {
                    check_reference(ctx, book, ledger.columns()[n].ty, &text)?;
                }
                let own = || row.own.iter().find(|(k, _)| *k == column).map_or("", |(_, v)| v);
                let before = ledger.column(&column).map_or_else(own, |n| row.cells[n]);
                if before == text {
                    continue;
                }
                let blank = |s: &str| if s.is_empty() { m::empty_word(lang) } else { s.to_string() };
                let line = m::did_set(lang, &id, &column, blank(before), blank(&text));
                // What several lines share is said once.
                if !planned.lines.contains(&line) {
                    planned.did(&id, line);
                }
                cells.push((column, text));
            }
            let file = book.file(row.place);
            files.push(file);
            if !cells.is_empty() {
                planned.changes.push(Change::EditRow { file: file.into(), ledger, line: row.place.line, cells });
            }
        }
        planned.depends_on = Some(Box::new(move |f| files.contains(&f)));
        Ok(planned)
    })
}

/// The column that a word means: itself, or a label of any language.
pub(crate) fn column_name(ledger: Ledger, word: &str) -> String {
    let by_label =
        |l| ledger.columns().iter().find(move |c| crate::i18n::labels::column(l, ledger.name(), c.name) == word);
    match ledger.column(word) {
        Some(_) => word.to_string(),
        None => crate::i18n::Lang::ALL.into_iter().find_map(by_label).map_or(word, |c| c.name).to_string(),
    }
}

/// A reference to a customer must lead somewhere.
fn check_reference(ctx: &Context, book: &Book, ty: Type, text: &str) -> Result<()> {
    match ty {
        Type::Ref(RefTo::Customer) if !text.is_empty() && book.customer(text).is_none() => {
            let near = nearest(text, book.customers.iter().map(|c| c.id));
            Err(CliError::new(Exit::NotFound, m::customer_not_found(ctx.lang(), text)).nearest(ctx.lang(), &near))
        }
        _ => Ok(()),
    }
}

/// Where rows that stay refer to rows that go. While other lines of their id stay, only what names a line itself refers to
/// it; while a row of the same key stays, nothing does.
fn references(book: &Book, ledger: Ledger, going: &[&PlainRow]) -> Vec<String> {
    let goes = |r: &PlainRow| going.iter().any(|g| g.place == r.place);
    let stays = |row: &PlainRow, same: &dyn Fn(&PlainRow) -> bool| {
        let id = cell_of(ledger, row, "id");
        let rows = book.plain.get(&ledger).into_iter().flatten();
        rows.filter(|r| !goes(r)).any(|r| cell_of(ledger, r, "id") == id && same(r))
    };
    let mut places: Vec<String> = Vec::new();
    for row in going.iter().filter(|row| !stays(row, &|r| key(ledger, r) == key(ledger, row))) {
        let id = cell_of(ledger, row, "id");
        let line = format!("{id}/{}", cell_of(ledger, row, "line"));
        // A product's version gives its cost to the orders of its days.
        let whole = ledger == Ledger::Products || !stays(row, &|_| true);
        for (other, rows) in &book.plain {
            for r in rows.iter().filter(|r| !goes(r)) {
                // What became of an order was somebody's decision, and is not forgotten with it.
                let decided = ledger == Ledger::Orders
                    && *other == Ledger::Events
                    && (cell_of(*other, r, "kind"), cell_of(*other, r, "subject")) == ("order", id);
                let names = decided && whole
                    || other.columns().iter().zip(&r.cells).any(|(c, cell)| match c.ty {
                        Type::Ref(RefTo::Row(l)) => l == ledger && *cell == id && whole,
                        Type::Ref(RefTo::OrderLine) => ledger == Ledger::Orders && *cell == line,
                        _ => false,
                    });
                let place = book.place(r.place);
                if names && !places.contains(&place) {
                    places.push(place);
                }
            }
        }
    }
    places
}

/// Removes a row, and with the last row of its id the events that happened to it.
pub(crate) fn remove(id: &str, ledger: Option<Ledger>, ctx: &Context) -> Result<()> {
    let lang = ctx.lang();
    ctx.actor()?;
    let (ledgers, id) = ledgers_for(ctx, id, ledger)?;
    let needs = Needs { customers: false, ledgers: LedgerSet::NONE, plain: LedgerSet::all(), ..Needs::NOTHING };
    ctx.transact(needs, |index, _| {
        let book = index.book;
        let mut only = book.clone();
        only.plain.retain(|l, _| ledgers.has(*l));
        let found = find(&only, &id);
        let first = found.first().map(|(l, _)| *l);
        // An id without a line stands for all of its lines, unless two rows have one key: then it must be said which.
        let twins = found.iter().any(|(l, r)| siblings(&only, *l, r).1);
        let lines = first.filter(|f| f.column("line").is_some() && !twins && found.iter().all(|(l, _)| l == f));
        let (ledger, rows): (Ledger, Vec<&PlainRow>) = match lines {
            Some(l) => (l, found.into_iter().map(|f| f.1).collect()),
            None => {
                let (l, row) = one(ctx, &only, &id, ledger.map_or("row", |l| l.kind()))?;
                (l, vec![row])
            }
        };
        let placed = by_place(&id).and(rows.first()).map(|row| row_name(book, ledger, row));
        let id = placed.unwrap_or_else(|| id.clone());
        let own_id = rows.first().zip(ledger.column("id")).map_or("", |(r, n)| r.cells[n]);
        let places = references(book, ledger, &rows);
        if !places.is_empty() {
            let shown = places.iter().take(3).cloned().collect();
            return Err(refused(lang, &Refusal::Referenced { what: id.clone(), count: places.len(), places: shown }));
        }
        ctx.confirm(&m::sure_remove(lang, &id))?;
        let mut changes = ChangeSet::default();
        for row in &rows {
            changes.push(Change::RemoveRow { file: book.file(row.place).into(), line: row.place.line });
        }
        let id_column = ledger.column("id").unwrap_or(0);
        let of_it = only.plain.get(&ledger).into_iter().flatten().filter(|r| r.cells[id_column] == own_id).count();
        // What happened, happened to the whole thing: it goes with its last line.
        let gone = of_it == rows.len();
        for e in book.plain.get(&Ledger::Events).into_iter().flatten() {
            let cell = |name: &str| Ledger::Events.column(name).map_or("", |k| e.cells[k]);
            if gone && cell("kind") == ledger.kind() && cell("subject") == own_id && ledger != Ledger::Events {
                changes.push(Change::RemoveRow { file: book.file(e.place).into(), line: e.place.line });
            }
        }
        let mut planned = Planned { changes, ..Planned::default() };
        planned.did(&id, m::did_remove(lang, &id));
        Ok(planned)
    })
}

/// Every row of a ledger, every column: what `export` prints.
pub(crate) fn export(ledger: Ledger, terms: &[String], ctx: &Context) -> Result<Document> {
    let fields = LedgerFields::new(ledger, &ctx.settings, &ctx.team);
    let filter = ctx.filter(terms, &fields)?;
    let plain = Needs { plain: LedgerSet::of(&[ledger]), ..Needs::NOTHING };
    let mut needs = filter.fields().into_iter().map(|id| fields.needs(id)).fold(plain, Needs::and);
    needs.customers |= ledger.column("customer").is_some();
    let read = ctx.load(needs)?;
    let index = Index::new(read.book);
    let rows = read.book.plain.get(&ledger).map(Vec::as_slice).unwrap_or_default();
    let columns = export_columns(ledger, rows, &fields);
    let record = |row| RowRecord { index: &index, ledger, row, fields: &fields };
    let chosen: Vec<&PlainRow> = rows.iter().filter(|r| filter.is_empty() || filter.matches(&record(*r))).collect();
    let doc = report(&index, ledger, &chosen, &columns, &fields, ctx.lang());
    read.finish()?;
    Ok(doc)
}
