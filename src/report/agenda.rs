//! Everything that is due, one line each: follow-ups, tasks, occasions, promised deliveries, receivables, ends of contracts,
//! deadlines of complaints. What `export due` prints, as a table or as a calendar.

use super::ask::Values;
use super::document::{Cell, Column, Document, Row, Table};
use super::due::{code, person, text};
use super::explain::amount_text;
use super::{care, col, hidden, today, typed};
use crate::i18n::{Lang, messages as m, values};
use crate::metrics::MONEY;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::team::Team;
use crate::model::value::Kind;
use crate::rules::care::{About, Care, Occasion, ends};
use crate::rules::complaints;
use crate::rules::engine::index::Index;
use crate::rules::followup::{Due, due, followed_dues};
use crate::rules::orders::open_deliveries;
use crate::store::cells::unescape_note;
use chrono::{DateTime, NaiveTime, Utc};

/// What it is made of.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities, Ledger::Events, Ledger::Tasks]).and(MONEY),
    ..Reads::NOTHING
}
.and(crate::rules::care::READS)
.and(complaints::READS);

/// Occasions are shown so many days ahead: each day of the year once.
const AHEAD: u64 = 364;

/// The kinds of lines.
const KINDS: [&str; 7] = ["follow-up", "task", "occasion", "delivery", "receivable", "contract", "complaint"];

/// Something that is due.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When.
    pub day: Day,
    /// The key of its kind.
    pub kind: &'static str,
    /// The customer, by index; `None` = nobody's, or of several.
    pub customer: Option<usize>,
    /// Who sees to it; empty = nobody.
    pub owner: &'a str,
    /// What, in words.
    pub what: String,
    /// Names it: the same thing has the same name on every day.
    pub uid: String,
    /// When what it rests on was written down.
    pub stamp: DateTime<Utc>,
}

/// The start of a day, whatever the zone.
fn at(day: Day) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

/// Everything that is due, by day.
pub fn entries<'a>(index: &'a Index<'_>, lang: Lang) -> Vec<Entry<'a>> {
    let book = index.book;
    let mut out: Vec<Entry<'a>> = Vec::new();
    let until = book.today.checked_add_days(chrono::Days::new(AHEAD)).unwrap_or(book.today);
    let care = Care::new(index);
    let name = |n: usize| book.customers[n].name;
    for (n, c) in book.customers.iter().enumerate() {
        let follow_up = |uid: String, owner: &'a str, d: &Due, whom: Option<&str>| {
            let why = today::why(d, lang);
            let why = whom.map_or(why.clone(), |whom| m::with_contact(lang, whom, why));
            let since = d.activity.or(d.last).map(|a| a.at().utc);
            let stamp = since.or_else(|| d.base.or(c.created).map(at)).unwrap_or_default();
            let what = m::labelled(lang, c.name, why);
            Entry { day: d.day, kind: "follow-up", customer: Some(n), owner, what, uid, stamp }
        };
        out.extend(due(index, n).map(|d| follow_up(format!("followup-{}", c.id), c.owner, &d, None)));
        for (f, d) in followed_dues(index, n) {
            out.push(follow_up(format!("followup-{}-{}", c.id, f.contact), f.owner, &d, Some(person(f))));
        }
        let occasions = care.of(n, (book.today, until)).into_iter().filter(|o| o.kind != "holiday");
        out.extend(occasions.map(|o| occasion(book, &o, lang)));
        for d in open_deliveries(index, n) {
            let first = d.lines[0];
            let what = m::agenda_delivery(lang, name(n), first.id());
            let (uid, stamp) = (format!("delivery-{}", first.id()), first.at().utc);
            out.push(Entry { day: d.promised, kind: "delivery", customer: Some(n), owner: c.owner, what, uid, stamp });
        }
    }
    for (day, holiday, owner, customers) in care.greeted((book.today, until)) {
        let word = care::holiday(holiday, lang);
        let (uid, what) = (format!("holiday-{day}-{}-{owner}", holiday.name), m::agenda_greet(lang, word, customers));
        out.push(Entry { day, kind: "occasion", customer: None, owner, what, uid, stamp: at(day) });
    }
    for t in book.tasks.iter().filter(|t| book.state(*t) == "open") {
        let customer = book.customer_index(t.customer);
        let title = unescape_note(t.title);
        let what = customer.map_or_else(|| title.to_string(), |n| m::labelled(lang, name(n), &title));
        let uid = format!("task-{}", t.id);
        out.push(Entry { day: t.due, kind: "task", customer, owner: t.owner, what, uid, stamp: t.at.utc });
    }
    for a in index.accounts() {
        let c = &book.customers[a.customer];
        for r in a.receivables.iter().filter(|r| r.open > Decimal::ZERO) {
            let open = format!("{} {}", amount_text(a.currency, r.open), a.currency);
            let what = m::agenda_receivable(lang, c.name, r.id, open);
            let (customer, uid) = (Some(a.customer), format!("receivable-{}", r.id));
            out.push(Entry { day: r.due, kind: "receivable", customer, owner: c.owner, what, uid, stamp: at(r.at) });
        }
    }
    for (n, id, since, end) in ends(book) {
        let what = m::agenda_contract(lang, name(n), id);
        let (uid, owner) = (format!("contract-{id}"), book.customers[n].owner);
        out.push(Entry { day: end, kind: "contract", customer: Some(n), owner, what, uid, stamp: at(since) });
    }
    for c in complaints::open(index) {
        let Some(due) = c.clock.due else { continue };
        let whose = c.customer().map_or(c.entry("customer"), name);
        let text = unescape_note(c.entry("text"));
        let what = m::agenda_complaint(lang, whose, c.id(), text.lines().next().unwrap_or(""));
        let day = book.settings.tz.local(due).date_naive();
        let (uid, stamp) = (format!("complaint-{}", c.id()), c.made().utc);
        out.push(Entry { day, kind: "complaint", customer: c.customer(), owner: c.handler(), what, uid, stamp });
    }
    let place = |kind: &str| KINDS.iter().position(|k| *k == kind);
    out.sort_by(|a, b| (a.day, place(a.kind), &a.uid).cmp(&(b.day, place(b.kind), &b.uid)));
    out
}

fn occasion<'a>(book: &Book, o: &Occasion<'a>, lang: Lang) -> Entry<'a> {
    let c = &book.customers[o.customer];
    let (id, day) = (c.id, o.day);
    let (uid, since) = match &o.about {
        About::Birthday { person, .. } => (format!("birthday-{id}-{}-{day}", person.id), c.created),
        About::Date { person, name } => (format!("date-{id}-{}-{name}-{day}", person.id), c.created),
        About::Holiday(h) => (format!("holiday-{id}-{}-{day}", h.name), c.created),
        About::Contract { id, since, .. } => (format!("anniversary-{id}-{day}"), Some(*since)),
        About::FirstOrder { since, .. } => (format!("first-order-{id}-{day}"), Some(*since)),
        About::Tip { line, base, tip } => {
            let about = tip.product.as_deref().or(tip.category.as_deref()).unwrap_or_default();
            (format!("tip-{}-{about}-{day}", line.id()), Some(*base))
        }
    };
    let what = m::labelled(lang, c.name, care::what(book, o, lang));
    let stamp = at(since.unwrap_or(day));
    Entry { day, kind: "occasion", customer: Some(o.customer), owner: o.owner, what, uid, stamp }
}

fn columns(lang: Lang) -> Vec<Column> {
    vec![
        typed(lang, "day", Kind::Day),
        typed(lang, "kind", Kind::Code),
        typed(lang, "customer", Kind::Id),
        col(lang, "what"),
        typed(lang, "owner", Kind::Code),
        hidden(lang, "uid"),
    ]
}

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(team: &Team, lang: Lang) -> Vec<(Column, Values)> {
    let kind = |key: &str| {
        let words = Lang::ALL.iter().map(|l| values::value(*l, "agenda", key));
        (key.to_string(), words.collect())
    };
    let of = |key: &str| match key {
        "kind" => KINDS.map(kind).into(),
        "owner" => {
            team.members.iter().map(|m| (m.id.to_string(), vec![m.id.to_string(), m.name.to_string()])).collect()
        }
        _ => Vec::new(),
    };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

/// The columns whose terms choose customers.
pub const OF_ROWS: &[&str] = &["customer"];

/// The table.
pub fn report(book: &Book, entries: &[Entry<'_>], lang: Lang) -> Document {
    let row = |e: &Entry<'_>| Row {
        cells: vec![
            Cell::Day(e.day),
            code(e.kind, values::value(lang, "agenda", e.kind)),
            e.customer.map_or(Cell::Missing, |n| Cell::Id(book.customers[n].id.into())),
            text(&e.what),
            text(e.owner),
            text(&e.uid),
        ],
        ..Row::default()
    };
    Document::table(Table {
        columns: columns(lang),
        rows: entries.iter().map(row).collect(),
        id_column: 2,
        ..Table::default()
    })
}

/// What a kind is called.
pub fn kind_word(kind: &str, lang: Lang) -> String {
    values::value(lang, "agenda", kind)
}
