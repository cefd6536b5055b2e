//! Follow-ups that are due (R4).

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::fields::{CustomerRecord, stage_label};
use super::{col, hidden, num};
use crate::i18n::{Lang, messages as m, money as w, values};
use crate::metrics::METRICS;
use crate::model::Str;
use crate::model::book::Reads;
use crate::model::customer::{CUSTOMER_KEYS, Followed};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::value::{FieldId, Kind, Record, Value, Values};
use crate::query::Filter;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::followup::{Due, Why, cycle_key, due, followed_dues, owner_since};
use crate::rules::history::fold_of;
use rayon::prelude::*;
use std::borrow::Cow;

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

/// A customer that is due, or a contact of it that somebody beside its owner follows.
#[derive(Debug, Clone)]
pub struct Line<'x> {
    /// By index.
    pub customer: usize,
    /// The contact; `None` = the customer itself.
    pub followed: Option<&'x Followed>,
    /// When, and why.
    pub due: Due,
}

impl Line<'_> {
    /// Who is to call; empty = nobody.
    fn owner(&self, index: &Index<'_>) -> Str {
        self.followed.map_or(index.book.customers[self.customer].owner, |f| f.owner)
    }
}

/// A line as a record: of the customer, but for who is to call and when.
struct LineRecord<'x, 'a> {
    customer: CustomerRecord<'x, 'a>,
    line: &'x Line<'x>,
}

impl Record for LineRecord<'_, '_> {
    fn value(&self, field: FieldId) -> Value<'_> {
        let key = match field {
            FieldId::Key(n) => CUSTOMER_KEYS.get(usize::from(n)).map(|k| k.name),
            FieldId::Metric(n) => METRICS.get(usize::from(n)).map(|m| m.key),
            _ => None,
        };
        let (index, due) = (self.customer.index, &self.line.due);
        match key {
            Some("owner") => Value::text(self.line.owner(index)),
            Some("due") => Value::Day(due.day),
            Some("days_overdue") => Value::int(due.days_overdue(index.book.today)),
            Some("why") => Value::text(due.why.key()),
            _ => self.customer.value(field),
        }
    }
    fn words(&self) -> Vec<Cow<'_, str>> {
        self.customer.words()
    }
}

/// The customers among `chosen` that are due up to `until`, and the contacts that others follow and that fit the filter by which
/// the customers were chosen; most overdue first.
pub fn due_list<'x>(index: &'x Index<'_>, chosen: &[usize], filter: &Filter, until: Day) -> Vec<Line<'x>> {
    let one = |n: &usize| {
        let due = inside(|| due(index, *n)).filter(|d| d.day <= until)?;
        Some(Line { customer: *n, followed: None, due })
    };
    let mut list: Vec<Line<'_>> = chosen.par_iter().with_min_len(512).filter_map(one).collect();
    let theirs = |n: usize| -> Vec<Line<'x>> {
        if index.book.customers[n].followed.is_empty() {
            return Vec::new();
        }
        let due = followed_lines(index, n).filter(|l| l.due.day <= until);
        let fits = |line: &Line<'_>| {
            filter.is_empty() || filter.matches(&LineRecord { customer: CustomerRecord { index, customer: n }, line })
        };
        due.filter(fits).collect()
    };
    let all = (0..index.book.customers.len()).into_par_iter().with_min_len(512);
    list.par_extend(all.flat_map_iter(|n| inside(|| theirs(n))));
    list.par_sort_unstable_by_key(|l| (l.due.day, l.customer, l.followed.map(|f| f.contact)));
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
        hidden(lang, "contact"),
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
pub fn report(index: &Index<'_>, list: &[Line<'_>], lang: Lang) -> Document {
    let book = index.book;
    let columns = columns(lang);
    let stages =
        Words::of(book.settings.file.stages.iter().map(|s| s.id.as_str()), |s| stage_label(lang, &book.settings, s));
    let states = Words::of(STATES, |s| values::value(lang, "due_state", s));
    let whys = Words::of(WHYS.map(Why::key), |s| values::value(lang, "why", s));
    let rows = list
        .par_iter()
        .with_min_len(512)
        .map(|line| {
            let (n, d) = (line.customer, &line.due);
            let c = &book.customers[n];
            let state = state(d.day, book.today);
            let contact = line.followed.map_or(Cell::Missing, |f| code(f.contact, person(f)));
            Row {
                cells: vec![
                    Cell::Id(c.id.into()),
                    text(c.name),
                    contact,
                    text(line.owner(index)),
                    Cell::Day(d.day),
                    Cell::Int(d.days_overdue(book.today)),
                    stages.cell(c.stage),
                    text(c.grade),
                    states.cell(state),
                    whys.cell(d.why.key()),
                    d.last.map_or(Cell::Missing, |a| Cell::Day(a.day())),
                ],
                tone: if state == "overdue" { Tone::Bad } else { Tone::Plain },
                ..Row::default()
            }
        })
        .collect();
    Document::table(Table { columns, rows, ..Table::default() })
}

/// Shows people the column of contacts that others follow, where one of the first `shown` rows has such a contact.
pub fn show_contacts(doc: &mut Document, shown: usize) {
    let Some(Block::Table(table)) = doc.blocks.get_mut(doc.main) else { return };
    for (n, column) in table.columns.iter_mut().enumerate().filter(|(_, c)| c.key == "contact") {
        column.machine_only =
            !table.rows.iter().take(shown).any(|r| r.cells.get(n).is_some_and(|cell| *cell != Cell::Missing));
    }
}

/// What a contact that somebody follows is called.
pub(super) fn person(f: &Followed) -> Str {
    if f.name.is_empty() { f.contact } else { f.name }
}

/// Why a customer is due on its day: the rule, its inputs, the row.
pub fn explain(index: &Index<'_>, customer: usize, lang: Lang) -> Vec<String> {
    due(index, customer).map_or_else(Vec::new, |due| explain_line(index, &Line { customer, followed: None, due }, lang))
}

/// The same of a line of the list.
pub fn explain_line(index: &Index<'_>, line: &Line<'_>, lang: Lang) -> Vec<String> {
    let (book, customer, d) = (index.book, line.customer, &line.due);
    let mut lines = vec![m::rule(lang, "R4")];
    let c = &book.customers[customer];
    if let Some(f) = line.followed {
        let head = c.contact(f.contact).map_or(0, |p| p.line);
        let (who, place) = (book.team.name(f.owner), format!("{}:{head}", c.file));
        lines.push(m::explain_followed(lang, person(f), who, place));
    }
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

/// The lines of the contacts of a customer that others than its owner follow.
pub fn followed_lines<'x>(index: &'x Index<'_>, customer: usize) -> impl Iterator<Item = Line<'x>> {
    followed_dues(index, customer).map(move |(f, due)| Line { customer, followed: Some(f), due })
}

/// A document with a note for each customer's explanation behind the table.
pub fn with_explanations(mut doc: Document, index: &Index<'_>, list: &[Line<'_>], lang: Lang) -> Document {
    for line in list {
        let lines = explain_line(index, line, lang);
        let id = index.book.customers[line.customer].id;
        let whom = line.followed.map_or_else(|| id.to_string(), |f| format!("{id}/{}", f.contact));
        doc.blocks.push(Block::Note(format!("{whom}: {}", lines.join("; "))));
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
