//! The list of a hand-over (R14): who gets which customer, and what is open with it; and who held what before and after.

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, rank};
use super::due::{Line, code, followed_lines, text};
use super::fields::stage_label;
use super::{col, hidden, num, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::model::customer::Customer;
use crate::model::money::Sum;
use crate::model::value::Kind;
use crate::rules::deals::open_deals;
use crate::rules::engine::index::Index;
use crate::rules::exposure::outstanding;
use crate::rules::followup::due;
use crate::rules::handover::{Balance, HandedOver, Held};
use std::collections::{BTreeSet, HashMap};

/// The list: a row for each customer, and behind it the balance.
pub fn report(index: &Index<'_>, done: &HandedOver, lang: Lang) -> Document {
    let book = index.book;
    let money = |amount| Cell::money(amount, &book.settings.file.currency);
    let mut columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        Column { machine_only: done.contacts.is_empty(), ..col(lang, "contact") },
        col(lang, "to"),
        col(lang, "stage"),
        col(lang, "grade"),
        hidden(lang, "status"),
        typed(lang, "last_activity", Kind::Day),
        typed(lang, "due", Kind::Day),
        typed(lang, "outstanding", Kind::Money),
        num(lang, "open_deals"),
        typed(lang, "deal_amount", Kind::Money),
        num(lang, "open_tasks"),
        col(lang, "last_note"),
    ];
    columns[3].label = m::new_owner(lang);
    rank(&mut columns, &[(Importance::Key, &["to"]), (Importance::Minor, &["last_note"])]);
    let to_cell = |to: &str| if to.is_empty() { Cell::code("", &m::the_pool(lang)) } else { text(to) };
    let status = |c: &Customer| code(c.status(), values::value(lang, "status", c.status()));
    let customers = done.customers.iter().map(|(n, to)| {
        let c = &book.customers[*n];
        let last = index.activities(*n).last();
        let deals = open_deals(index, *n);
        let worth = Sum::of(deals.iter().filter_map(|d| d.amount())).known();
        let tasks = index.tasks(*n).iter().filter(|t| book.state(**t) == "open").count();
        Row {
            cells: vec![
                Cell::Id(c.id.into()),
                text(c.name),
                Cell::Missing,
                to_cell(to),
                code(c.stage, stage_label(lang, &book.settings, c.stage)),
                text(c.grade),
                status(c),
                last.map_or(Cell::Missing, |a| Cell::Day(a.day())),
                due(index, *n).map_or(Cell::Missing, |d| Cell::Day(d.day)),
                outstanding(index, *n).map_or(Cell::Missing, money),
                Cell::Int(i64::try_from(deals.len()).unwrap_or(i64::MAX)),
                worth.map_or(Cell::Missing, money),
                Cell::Int(i64::try_from(tasks).unwrap_or(i64::MAX)),
                last.map_or(Cell::Missing, |a| text(a.note())),
            ],
            ..Row::default()
        }
    });
    let mut lines: HashMap<(usize, &str), Line<'_>> = HashMap::new();
    for n in done.contacts.iter().map(|(n, _, _)| *n).collect::<BTreeSet<usize>>() {
        lines.extend(followed_lines(index, n).filter_map(|l| Some(((n, l.followed?.contact), l))));
    }
    let contacts = done.contacts.iter().map(|(n, id, to)| {
        let c = &book.customers[*n];
        let line = lines.get(&(*n, *id));
        // What is open with the customer stands once in the list.
        let last = line.and_then(|l| l.due.last);
        let mut cells = vec![
            Cell::Id(c.id.into()),
            text(c.name),
            code(id, c.contact(id).map_or(*id, |p| p.name)),
            to_cell(to),
            code(c.stage, stage_label(lang, &book.settings, c.stage)),
            text(c.grade),
            status(c),
            last.map_or(Cell::Missing, |a| Cell::Day(a.day())),
            line.map_or(Cell::Missing, |l| Cell::Day(l.due.day)),
        ];
        cells.resize(columns.len() - 1, Cell::Missing);
        cells.push(last.map_or(Cell::Missing, |a| text(a.note())));
        Row { cells, ..Row::default() }
    });
    let rows = customers.chain(contacts).collect();
    let mut doc = Document::table(Table { columns, rows, ..Table::default() });
    for line in balance(&done.before, &done.after, index, lang) {
        doc.blocks.push(Block::Note(line));
    }
    doc
}

/// Who held what before, and who holds it afterwards: a line for each, and one for all together, which does not change.
pub fn balance(before: &Balance, after: &Balance, index: &Index<'_>, lang: Lang) -> Vec<String> {
    let name = |id: &str| if id.is_empty() { m::the_pool(lang) } else { index.book.team.name(id).to_string() };
    let currency = &index.book.settings.file.currency;
    let line = |who: String, a: &Held, b: &Held| {
        let pair = |label: &str, a: String, b: String| {
            let label = crate::i18n::labels::label(lang, label);
            if a == b { format!("{label} {a}") } else { format!("{label} {a} → {b}") }
        };
        let amount = |h: &Held| crate::model::money::shown(h.deal_amount.known().unwrap_or_default(), currency);
        let mut parts = vec![pair("customers", a.customers.to_string(), b.customers.to_string())];
        for (label, of) in [
            ("followed_contacts", (|h| h.contacts) as fn(&Held) -> usize),
            ("open_deals", |h| h.deals),
            ("open_tasks", |h| h.tasks),
            ("open_complaints", |h| h.complaints),
        ] {
            if of(a) + of(b) > 0 {
                parts.push(pair(label, of(a).to_string(), of(b).to_string()));
            }
        }
        if a.deals + b.deals > 0 {
            parts.push(pair("deal_amount", amount(a), amount(b)));
        }
        m::labelled(lang, who, parts.join(lang.pick(", ", "，")))
    };
    let mut lines: Vec<String> = before.iter().zip(after).map(|((id, a), (_, b))| line(name(id), a, b)).collect();
    let sum = |all: &Balance| {
        all.iter().fold(Held::default(), |mut sum, (_, h)| {
            sum.take(h.clone());
            sum
        })
    };
    lines.push(line(m::total(lang), &sum(before), &sum(after)));
    lines
}
