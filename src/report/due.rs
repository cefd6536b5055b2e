//! Follow-ups that are due (R4).

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::fields::stage_label;
use super::{col, hidden, num};
use crate::i18n::{Lang, messages as m, money as w, values};
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::value::{Kind, Values};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::followup::{Due, Why, cycle_key, due, owner_since};
use crate::rules::history::fold_of;
use rayon::prelude::*;

/// What this report reads.
pub const READS: Reads = Reads::customers_and(&[Ledger::Activities, Ledger::Events]).without_notes();

/// Where a due day lies.
pub fn state(day: Day, today: Day) -> &'static str {
    match day.cmp(&today) {
        std::cmp::Ordering::Less => "overdue",
        std::cmp::Ordering::Equal => "today",
        std::cmp::Ordering::Greater => "coming",
    }
}

/// The customers among `chosen` that are due up to `until`, most overdue first.
pub fn due_list(index: &Index<'_>, chosen: &[usize], until: Day) -> Vec<(usize, Due)> {
    let one = |n: &usize| inside(|| due(index, *n)).filter(|d| d.day <= until).map(|d| (*n, d));
    let mut list: Vec<(usize, Due)> = chosen.par_iter().with_min_len(512).filter_map(one).collect();
    list.par_sort_unstable_by_key(|(n, d)| (d.day, *n));
    list
}

/// The cells of a short list of values, made once for many rows.
struct Words<'v>(Vec<(&'v str, Cell)>);

impl<'v> Words<'v> {
    fn of(values: impl IntoIterator<Item = &'v str>, label: impl Fn(&str) -> String) -> Words<'v> {
        Words(values.into_iter().map(|v| (v, code(v, label(v)))).collect())
    }
    /// The cell of a value; one that the list does not have stands for itself.
    fn cell(&self, value: &str) -> Cell {
        self.0.iter().find(|(v, _)| *v == value).map_or_else(|| code(value, value), |(_, cell)| cell.clone())
    }
}

/// Where due days lie.
const STATES: [&str; 3] = ["overdue", "today", "coming"];
/// Why customers are due.
const WHYS: [Why; 4] = [Why::Promise, Why::Cycle, Why::FirstContact, Why::Reopen];

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(lang: Lang) -> Vec<(Column, Values)> {
    let words = |list: &str, key: &str| {
        (key.to_string(), Lang::ALL.iter().map(|l| values::value(*l, list, key)).collect::<Vec<_>>())
    };
    let of = |key: &str| match key {
        "state" => STATES.iter().map(|s| words("due_state", s)).collect(),
        "why" => WHYS.iter().map(|w| words("why", w.key())).collect(),
        _ => Vec::new(),
    };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "owner"),
        col(lang, "due"),
        num(lang, "days_overdue"),
        col(lang, "stage"),
        col(lang, "grade"),
        Column { kind: Kind::Code, ..hidden(lang, "state") },
        Column { kind: Kind::Code, ..col(lang, "why") },
        col(lang, "last_activity"),
    ];
    rank(&mut columns, &[(Importance::Main, &["days_overdue"]), (Importance::Minor, &["last_activity"])]);
    columns
}

/// The table of due follow-ups.
pub fn report(index: &Index<'_>, list: &[(usize, Due)], lang: Lang) -> Document {
    let book = index.book;
    let columns = columns(lang);
    let stages =
        Words::of(book.settings.file.stages.iter().map(|s| s.id.as_str()), |s| stage_label(lang, &book.settings, s));
    let states = Words::of(STATES, |s| values::value(lang, "due_state", s));
    let whys = Words::of(WHYS.map(Why::key), |s| values::value(lang, "why", s));
    let rows = list
        .par_iter()
        .with_min_len(512)
        .map(|(n, d)| {
            let c = &book.customers[*n];
            let state = state(d.day, book.today);
            let last = inside(|| index.activities(*n)).last().map_or(Cell::Missing, |a| Cell::Day(a.day()));
            Row {
                cells: vec![
                    Cell::Id(c.id.into()),
                    text(c.name),
                    text(c.owner),
                    Cell::Day(d.day),
                    Cell::Int(d.days_overdue(book.today)),
                    stages.cell(c.stage),
                    text(c.grade),
                    states.cell(state),
                    whys.cell(d.why.key()),
                    last,
                ],
                tone: if state == "overdue" { Tone::Bad } else { Tone::Plain },
                ..Row::default()
            }
        })
        .collect();
    Document::table(Table { columns, rows, ..Table::default() })
}

/// Why a customer is due on its day: the rule, its inputs, the row.
pub fn explain(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<String> {
    let book = index.book;
    let Some(d) = due(index, customer) else { return Vec::new() };
    let mut lines = vec![m::rule(lang, "R4")];
    let c = &book.customers[customer];
    let own = |key: &str| {
        let line = c.rest().lines.iter().find(|(k, _)| *k == key);
        line.map_or_else(|| c.file.to_string(), |(_, line)| format!("{}:{line}", c.file))
    };
    // The event that decided, else the customer's file.
    let decided = |event: &str, key: &str| {
        let fold = fold_of(index.events(customer), event);
        let last = fold.as_ref().and_then(|f| f.applied.last());
        last.map_or_else(|| m::labelled(lang, own(key), key), |e| book.place(e.place()))
    };
    lines.push(match (d.why, d.activity, d.cycle) {
        (Why::Promise, Some(a), _) => m::explain_due_promise(lang, d.unmoved, book.place(a.place())),
        (Why::Cycle, Some(a), Some((span, from))) => {
            let (file, key) = cycle_key(c, from);
            let file = if file == c.file { own(&key) } else { file.to_string() };
            w::explain_cycle(lang, a.day(), book.place(a.place()), m::span(lang, span), file, key)
        }
        (Why::FirstContact, ..) => {
            let source =
                if owner_since(index, customer).is_some() { decided("owner", "owner") } else { own("created") };
            let days = book.settings.first_contact_days();
            w::explain_first(lang, d.base.map(|b| b.to_string()).unwrap_or_default(), source, days)
        }
        _ => w::explain_reopen(lang, d.unmoved, decided("status", "closed_until")),
    });
    if d.day != d.unmoved {
        lines.push(m::explain_moved(lang, d.unmoved, d.day));
    }
    lines
}

/// A document with a note for each customer's explanation behind the table.
pub fn with_explanations(mut doc: Document, index: &Index<'_>, list: &[(usize, Due)], lang: Lang) -> Document {
    for (n, _) in list {
        let lines = explain(index, *n, lang);
        doc.blocks.push(Block::Note(format!("{}: {}", index.book.customers[*n].id, lines.join("; "))));
    }
    doc
}

/// Text, or missing when empty.
pub fn text(s: &str) -> Cell {
    if s.is_empty() { Cell::Missing } else { Cell::Text(s.into()) }
}

/// A value of a closed list, or missing when empty.
pub fn code(value: &str, label: impl AsRef<str>) -> Cell {
    if value.is_empty() { Cell::Missing } else { Cell::code(value, label.as_ref()) }
}
