//! One customer: everything on a page (`show`), or what to read before a visit (`brief`).

use super::account;
use super::document::{Block, Card, Cell, Column, Document, Row, Table};
use super::due::{self, code, text};
use super::explain::figures;
use super::fields::{CustomerFields, CustomerRecord, cell, column, listed};
use super::playbook;
use super::{col, typed};
use crate::i18n::labels::column as column_label;
use crate::i18n::{Lang, messages as m, values};
use crate::metrics::{self, MONEY, Metric, contact_age};
use crate::model::book::Reads;
use crate::model::customer::{CONTACT_KEYS, CUSTOMER_KEYS, KeyType};
use crate::model::ledger::{Ledger, LedgerSet, SettingList};
use crate::model::playbook::Playbook;
use crate::model::row::Activity;
use crate::model::value::{Kind, Record, Schema, Value};
use crate::rules::engine::index::Index;
use crate::rules::followup;
use crate::rules::relations::ties;
use crate::store::cells::unescape_note;

/// What `show` reads.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities, Ledger::Events, Ledger::Tasks, Ledger::Needs]).and(MONEY),
    ..Reads::NOTHING
}
.and(super::quotes::READS)
.and(crate::rules::care::READS)
.and(crate::rules::gifts::READS)
.and(crate::rules::deals::READS)
.and(crate::rules::complaints::READS)
.and(crate::rules::needs::READS);

/// The metrics that `show` adds to the file's own keys.
const FIGURES: &[&str] = &[
    "due",
    "days_overdue",
    "why",
    "last_activity",
    "last_two_way",
    "touch_days",
    "activities",
    "visits",
    "stage_since",
    "days_in_stage",
    "owner_since",
    "first_order",
    "last_order",
    "idle_days",
    "open_tasks",
];

/// Activities on one page.
const LATEST: usize = 10;

/// Everything about a customer.
pub fn show(index: &Index<'_>, customer: usize, playbooks: &[(String, Playbook)], lang: Lang) -> Document {
    let book = index.book;
    let c = &book.customers[customer];
    let fields = CustomerFields::new(&book.settings, &book.team);
    let record = CustomerRecord { index, customer };
    let own: Vec<String> = book.settings.file.fields.keys().map(|k| format!("fields.{k}")).collect();
    let keys = std::iter::once("id")
        .chain(CUSTOMER_KEYS.iter().map(|k| k.name))
        .chain(own.iter().map(String::as_str))
        .chain(FIGURES.iter().copied());
    let card = Card {
        title: Some(format!("{}  {}", c.name, c.id)),
        fields: keys
            .filter_map(|k| fields.find(k))
            .map(|d| {
                let value = cell(lang, &book.settings, None, &d, record.value(d.id));
                let value =
                    if d.key == "owner" && c.owner.is_empty() { Cell::code("", &m::the_pool(lang)) } else { value };
                (column(lang, &book.settings, None, &d), value)
            })
            .collect(),
    };
    let mut card = card;
    card.fields.extend(playbook::keys(index, customer, lang));
    card.fields.extend(account::keys(index, customer, lang));
    card.fields.extend(super::care::gift_keys(index, customer, lang));
    card.fields.extend(super::deals::keys(index, customer, lang));
    card.fields.extend(super::needs::keys(index, customer, lang));
    let mut doc = Document { title: None, blocks: vec![Block::Card(card)], main: 0 };
    account::blocks(&mut doc, index, customer, lang);
    push(&mut doc, contacts(index, customer, lang));
    push(&mut doc, activities(index, &latest(index, customer, LATEST), lang));
    push(&mut doc, tasks(index, customer, lang));
    push(&mut doc, super::complaints::open_of(index, customer, lang));
    push(&mut doc, super::needs::open(index, customer, lang));
    push(&mut doc, playbook::open_calls(index, customer, lang));
    push(&mut doc, super::care::near(index, customer, lang));
    push(&mut doc, playbook::table(playbooks, lang));
    push(&mut doc, super::deals::open(index, customer, lang));
    push(&mut doc, super::quotes::open(index, customer, lang));
    let mut history = super::history::report(book, index.events(customer), lang);
    if let Some(Block::Table(t)) = history.blocks.first_mut() {
        t.title = Some(m::history_title(lang));
        push(&mut doc, std::mem::take(t));
    }
    doc
}

/// Puts what stands behind the figures of `show` below it.
pub fn explain(doc: &mut Document, index: &Index<'_>, customer: usize, lang: Lang) {
    let keys = FIGURES.iter().chain(account::FIGURES);
    let metrics: Vec<&Metric> = keys.filter_map(|k| metrics::find(k)).collect();
    doc.blocks.push(Block::Note(figures(index, &metrics, customer, lang).join("\n")));
}

/// One screen to read before a visit.
pub fn brief(index: &Index<'_>, customer: usize, playbooks: &[(String, Playbook)], lang: Lang) -> Document {
    let book = index.book;
    let c = &book.customers[customer];
    let fields = CustomerFields::new(&book.settings, &book.team);
    let record = CustomerRecord { index, customer };
    let keys = [
        "id",
        "name",
        "stage",
        "status",
        "grade",
        "intent",
        "owner",
        "industry",
        "city",
        "address",
        "phone",
        "terms",
        "tags",
        "due",
        "days_overdue",
        "last_activity",
        "days_in_stage",
        "first_order",
        "last_order",
        "open_tasks",
        "note",
    ];
    let card = Card {
        title: Some(format!("{}  {}", c.name, c.id)),
        fields: keys
            .iter()
            .filter_map(|k| fields.find(k))
            .map(|d| (column(lang, &book.settings, None, &d), cell(lang, &book.settings, None, &d, record.value(d.id))))
            .collect(),
    };
    let mut card = card;
    card.fields.extend(playbook::keys(index, customer, lang).into_iter().map(|(c, v)| (account::hidden(c), v)));
    card.fields.extend(account::brief_keys(index, customer, lang));
    card.fields.extend(super::care::gift_keys(index, customer, lang).into_iter().map(|(c, v)| (account::hidden(c), v)));
    let mut doc = Document { title: None, blocks: vec![Block::Card(card)], main: 0 };
    if let Some(d) = followup::due(index, customer) {
        let when = match (d.day - book.today).num_days() {
            0 => m::is_today(lang),
            n if n > 0 => m::in_days(lang, n),
            n => m::days_late(lang, -n),
        };
        doc.blocks.push(Block::Note(m::brief_due(
            lang,
            format!("{} ({when})", d.day),
            due::explain(index, customer, lang)[1..].join("; "),
        )));
    }
    for line in due::followed_lines(index, customer) {
        // Behind the rule and who follows whom.
        let why = due::explain_line(index, &line, lang)[2..].join("; ");
        if let Some(f) = line.followed {
            let (whom, who) = (due::person(f), book.team.name(f.owner));
            doc.blocks.push(Block::Note(m::brief_followed(lang, whom, who, line.due.day, why)));
        }
    }
    let mut lines = account::brief(index, customer, lang);
    lines.push(playbook::limits(index, customer, lang));
    lines.extend(super::care::gifts(index, customer, lang));
    doc.blocks.push(Block::Note(lines.join("\n")));
    push(&mut doc, contacts(index, customer, lang));
    push(&mut doc, activities(index, &latest(index, customer, 5), lang));
    push(&mut doc, tasks(index, customer, lang));
    push(&mut doc, super::complaints::open_of(index, customer, lang));
    push(&mut doc, super::needs::open(index, customer, lang));
    push(&mut doc, playbook::open_calls(index, customer, lang));
    push(&mut doc, super::care::near(index, customer, lang));
    push(&mut doc, playbook::table(playbooks, lang));
    push(&mut doc, super::deals::open(index, customer, lang));
    doc
}

fn push(doc: &mut Document, table: Table) {
    if !table.rows.is_empty() {
        doc.blocks.push(Block::Table(table));
    }
}

fn latest<'a>(index: &Index<'a>, customer: usize, n: usize) -> Vec<Activity> {
    index.activities(customer).iter().rev().take(n).copied().collect()
}

/// The contacts of a customer.
pub fn contacts(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    contact_table(index, &[customer], lang, Some(m::contacts_title(lang)))
}

/// The contacts of several customers, one table.
pub fn contact_table(index: &Index<'_>, customers: &[usize], lang: Lang, title: Option<String>) -> Table {
    let book = index.book;
    let several = title.is_none();
    let keys = ["title", "role", "relation", "owner", "phone", "email", "wechat", "birthday"];
    let followed = customers.iter().any(|n| !book.customers[*n].followed.is_empty());
    let mut columns = Vec::new();
    if several {
        columns.push(col(lang, "customer"));
    }
    let own = |k: &str| Column {
        label: column_label(lang, "contacts", k),
        // Most companies have one person for a customer.
        machine_only: k == "owner" && !followed,
        ..col(lang, k)
    };
    columns.extend([own("id"), own("name")]);
    columns.extend(keys.iter().map(|k| own(k)));
    columns.extend([super::num(lang, "age"), col(lang, "likes"), col(lang, "left"), col(lang, "note")]);
    if !several {
        // The page says who matters, how well we know them, and when they last took part in something.
        let at = columns.iter().position(|c| c.key == "relation").map_or(0, |n| n + 1);
        columns.splice(at..at, [typed(lang, "last_contact", Kind::Day), typed(lang, "fading", Kind::Flag)]);
    }
    let mut rows = Vec::new();
    for n in customers {
        let c = &book.customers[*n];
        let known = if several { Vec::new() } else { ties(index, *n) };
        for p in &c.rest().contacts {
            let mut cells = Vec::new();
            if several {
                cells.push(Cell::Id(c.id.into()));
            }
            cells.extend([Cell::Id(p.id.into()), text(p.name)]);
            cells.extend(keys.iter().map(|k| match *k {
                "role" | "relation" => code(p.text(k), values::value(lang, k, p.text(k))),
                _ => text(p.text(k)),
            }));
            cells.extend([
                contact_age(p.text("birthday"), book.today).map_or(Cell::Missing, Cell::Int),
                text(p.text("likes")),
                p.left().map_or(Cell::Missing, Cell::Day),
                text(p.text("note")),
            ]);
            if !several {
                let at = columns.iter().position(|c| c.key == "last_contact").unwrap_or(0);
                let tie = known.iter().find(|k| k.id == p.id);
                let last = tie.and_then(|k| k.last).map_or(Cell::Missing, Cell::Day);
                let fading = tie.filter(|k| k.fading).map_or(Cell::Missing, |k| Cell::Flag(k.fading));
                cells.splice(at..at, [last, fading]);
            }
            rows.push(Row { cells, ..Row::default() });
        }
    }
    Table { title, columns, rows, id_column: usize::from(several), ..Table::default() }
}

/// The contacts of several customers with every key that an import takes, as files hold them: what `export` prints.
pub fn contact_export(index: &Index<'_>, customers: &[usize], lang: Lang) -> Table {
    // Dates of their own are tables in the file.
    let keys: Vec<&str> = CONTACT_KEYS.iter().filter(|k| k.ty != KeyType::Dates).map(|k| k.name).collect();
    let own = |k: &&str| Column { label: column_label(lang, "contacts", k), ..col(lang, k) };
    let columns = std::iter::once(col(lang, "customer")).chain(keys.iter().map(own)).collect();
    let all = customers.iter().map(|n| &index.book.customers[*n]);
    let rows = all.flat_map(|c| c.rest().contacts.iter().map(move |p| (c, p))).map(|(c, p)| {
        let cells = keys.iter().map(|k| match (*k, p.get(k)) {
            ("id", _) => Cell::Id(p.id.into()),
            (_, Value::Day(day)) => Cell::Day(day),
            ("role" | "relation", _) => code(p.text(k), values::value(lang, k, p.text(k))),
            (_, value) => text(&value.typed()),
        });
        Row { cells: std::iter::once(Cell::Id(c.id.into())).chain(cells).collect(), ..Row::default() }
    });
    Table { columns, rows: rows.collect(), id_column: 1, ..Table::default() }
}

fn activities(index: &Index<'_>, list: &[Activity], lang: Lang) -> Table {
    let book = index.book;
    let keys = ["at", "by", "channel", "contact", "outcome", "next", "note"];
    let rows = list
        .iter()
        .map(|a| Row {
            cells: vec![
                Cell::At(a.at()),
                text(a.by()),
                code(a.channel(), listed(lang, &book.settings, SettingList::Channels, a.channel())),
                text(a.contact()),
                code(a.outcome(), values::value(lang, "outcome", a.outcome())),
                a.next().map_or(Cell::Missing, Cell::Day),
                text(&unescape_note(a.note())),
            ],
            ..Row::default()
        })
        .collect();
    let columns = keys.iter().map(|k| col(lang, k)).collect();
    Table { title: Some(m::activities_title(lang)), columns, rows, ..Table::default() }
}

fn tasks(index: &Index<'_>, customer: usize, lang: Lang) -> Table {
    let own = |k: &str| Column { label: column_label(lang, "tasks", k), ..col(lang, k) };
    let columns = ["id", "due", "owner", "title"].iter().map(|k| own(k)).collect();
    let rows = index
        .tasks(customer)
        .iter()
        .filter(|t| index.book.state(**t) == "open")
        .map(|t| Row {
            cells: vec![Cell::Id(t.id.into()), Cell::Day(t.due), text(t.owner), text(&unescape_note(t.title))],
            ..Row::default()
        })
        .collect();
    Table { title: Some(m::tasks_title(lang)), columns, rows, ..Table::default() }
}
