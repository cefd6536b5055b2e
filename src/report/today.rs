//! The day's list: what is due, new, late; and the morning meeting's table.

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, person, text};
use super::fields::stage_label;
use super::today_money::{Item, Line, TeamMoney, deliveries, receivables, value_at_risk};
use super::{col, hidden, num};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::MONEY;
use crate::metrics::grading::CARD;
use crate::model::book::{Book, Reads};
use crate::model::customer::{Customer, Followed};
use crate::model::day::{Day, Span};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::period::Period;
use crate::model::row::{Activity, Task};
use crate::model::settings::Settings;
use crate::model::team::{Member, Team};
use crate::model::value::{Kind, Values};
use crate::rules::aftersales::{Call, calls};
use crate::rules::approving::may_answer;
use crate::rules::care::{Care, Occasion};
use crate::rules::complaints::{Complaint, years_of};
use crate::rules::contracts::ending;
use crate::rules::credited;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::followers::followed;
use crate::rules::followup::{Due, Why, due, followed_dues, lost_promises, untouched};
use crate::rules::papers::{Paper, waiting};
use crate::rules::pool::Pools;
use crate::rules::season;
use crate::rules::unjoined::Unjoined;
use crate::rules::visits::{double_visit, visited};
use chrono::{Datelike, Days};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::{HashMap, HashSet};

/// What this report reads.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities, Ledger::Events, Ledger::Tasks]).and(MONEY),
    ..Reads::NOTHING
}
.and(super::quotes::READS)
.and(crate::rules::care::READS)
.and(crate::rules::pool::READS)
.and(crate::rules::contracts::READS);

/// What the morning meeting reads.
pub const TEAM_NEEDS: Reads = READS.and(Reads { plain: LedgerSet::of(&[Ledger::Targets]), ..Reads::NOTHING });

/// Days ahead in which reopen dates, deliveries and receivables are shown.
const AHEAD: u64 = 7;

/// What the list reads besides: value classes, where they decide whom to serve first in the busy season.
pub fn reads(settings: &Settings, today: Day) -> Reads {
    let classes = season::is_busy(settings, today) && season::asks_for_classes(settings);
    if classes { READS.and(crate::rules::classes::READS) } else { READS }
}

/// The lines of the list, section by section, the highest value at risk first; in the busy season those that are served
/// first before them. A follow-up has that of its customer, an
/// order its own. Among lines without one, graded customers stand before ungraded ones, and hot prospects before cold
/// ones.
pub fn lines<'a>(index: &'a Index<'_>, who: Option<&str>, within: u64, lang: Lang) -> Vec<Line<'a>> {
    let book = index.book;
    let mine = |owner: &str| who.is_none_or(|w| w == owner);
    let horizon = book.today.checked_add_days(Days::new(AHEAD)).unwrap_or(book.today);
    let coming = book.today.checked_add_days(Days::new(within)).unwrap_or(book.today);
    let pools = Pools::new(index);
    let care = Care::new(index);
    let near =
        (book.today, book.today.checked_add_days(Days::new(book.settings.file.care.ahead())).unwrap_or(book.today));
    let of_customer = |n: usize| {
        let c = &book.customers[n];
        let mut items: Vec<Item<'_>> = Vec::new();
        let about = |section, day, what: String| Item {
            section,
            customer: Some(n),
            followed: None,
            due: Some(day),
            owner: c.owner,
            what: what.into(),
        };
        let follows = c.followed.iter().any(|f| mine(f.owner));
        if follows {
            items.extend(of_followers(index, n, &mine, (horizon, coming), lang));
        }
        if follows || mine(c.owner) {
            let occasions = care.of(n, near).into_iter().filter(|o| o.kind != "holiday" && mine(o.owner));
            items.extend(occasions.map(|o| of_occasion(book, &o, lang)));
        }
        if !mine(c.owner) {
            return items;
        }
        if let Some(d) = due(index, n) {
            let untouched = untouched(index, n).filter(|day| *day <= coming);
            let section = match d.why {
                Why::Reopen if d.day <= horizon => Some("reopen"),
                Why::Reopen => None,
                _ if untouched.is_some() => Some("new"),
                _ if d.day < book.today => Some("overdue"),
                _ if d.day == book.today => Some("today"),
                _ if d.day <= coming => Some("coming"),
                _ => None,
            };
            if let Some(section) = section {
                let (what, day) = match untouched {
                    // Its cycle may say a later day, and another owner's contacts an earlier one.
                    Some(day) if d.why != Why::FirstContact || day < d.day => (m::untouched(lang), day),
                    _ => (why(&d, lang), d.day),
                };
                items.push(about(section, day, what));
            }
        }
        if c.closed {
            // Nobody is reminded by the due date, which is the day on which it opens again.
            let own = lost_promises(index, n).into_iter().filter(|(f, _)| f.is_none()).filter_map(|(_, a)| a.next());
            let near = own.filter(|day| *day <= horizon);
            items.extend(near.map(|day| about("unkept", day, m::promise_lost(lang, c.name, day))));
            return items;
        }
        if let Some(s) = pools.standing(n)
            && let Some(clock) =
                s.clocks.first().filter(|_| s.passed(book.today).is_some() || s.warns(book.today).is_some())
            && let Some(releases) = s.releases
        {
            let limit = values::value(lang, "pool_limit", clock.limit.key());
            items.push(about("pool", releases, m::pool_near(lang, limit, clock.since, clock.days)));
        }
        if let Some(a) = double_visit(index, n) {
            let what = m::double_visit(lang, visited(index, n, a), book.team.name(a.by()), a.day());
            items.push(about("double", a.day(), what));
        }
        items
    };
    let customers = (0..book.customers.len()).into_par_iter().with_min_len(256);
    let mut lines: Vec<Line<'_>> = customers.flat_map_iter(|n| inside(|| of_lines(of_customer(n), index))).collect();
    let mut items: Vec<Item<'_>> = Vec::new();
    for t in book.tasks.iter().filter(|t| t.due <= coming && mine(t.owner) && book.state(*t) == "open") {
        let customer = book.customer_index(t.customer);
        let what = (*crate::store::cells::unescape_note(t.title)).into();
        items.push(Item { section: "tasks", customer, followed: None, due: Some(t.due), owner: t.owner, what });
    }
    items.extend(quotes_ending(index, &mine, lang));
    items.extend(complaints(index, who, coming, lang));
    items.extend(approvals(index, who, lang));
    items.extend(contracts_ending(index, &mine, lang));
    for (day, holiday, owner, customers) in care.greeted(near).into_iter().filter(|(_, _, owner, _)| mine(owner)) {
        let what = m::care_greet(lang, super::care::holiday(holiday, lang), customers).into();
        items.push(Item { section: "care", customer: None, followed: None, due: Some(day), owner, what });
    }
    // Who leads, or everybody's list.
    if who.is_none_or(|w| book.team.get(w).is_some_and(Member::leads))
        && let Some((last, span, day)) = grading_due(book)
    {
        let what = m::grading_due(lang, last, m::span(lang, span)).into();
        items.push(Item { section: "grading", customer: None, followed: None, due: Some(day), owner: "", what });
    }
    lines.extend(of_lines(items, index));
    lines.extend(deliveries(index, who, horizon.max(coming), lang));
    lines.extend(calls_due(index, who, coming, lang));
    lines.extend(receivables(index, who, horizon.max(coming), lang));
    let busy = season::is_busy(&book.settings, book.today);
    let rank = |l: &Line<'_>| {
        let i = &l.item;
        let c = i.customer.map(|n| &book.customers[n]);
        let grade = c.and_then(|c| book.settings.file.grades.get_index_of(c.grade)).unwrap_or(usize::MAX);
        let intent = c.and_then(|c| book.settings.file.intents.get_index_of(c.intent)).unwrap_or(usize::MAX);
        let section = SECTIONS.iter().position(|s| *s == i.section);
        let place = i.customer.filter(|_| busy).map(|n| season::place(index, n).unwrap_or(usize::MAX));
        // The queue of complaints: late ones, then those that are due first (R11).
        let queued = (i.section == "complaints").then_some(i.due);
        (section, place, queued, std::cmp::Reverse(l.risk), grade.min(intent), i.due, i.customer)
    };
    lines.sort_by_cached_key(rank);
    lines
}

/// What is to be done about the contacts of a customer that others than its owner follow.
fn of_followers<'a>(
    index: &'a Index<'_>,
    n: usize,
    mine: &dyn Fn(&str) -> bool,
    (horizon, coming): (Day, Day),
    lang: Lang,
) -> Vec<Item<'a>> {
    let (book, c) = (index.book, &index.book.customers[n]);
    let about = |f: &'a Followed, section, day, what: String| {
        let what = what.into();
        Item { section, customer: Some(n), followed: Some(f), due: Some(day), owner: f.owner, what }
    };
    let mut items = Vec::new();
    if c.closed {
        for (f, promise) in lost_promises(index, n) {
            if let (Some(f), Some(day)) = (f.filter(|f| mine(f.owner)), promise.next().filter(|day| *day <= horizon)) {
                let what = m::with_contact(lang, person(f), m::promise_lost(lang, c.name, day));
                items.push(about(f, "unkept", day, what));
            }
        }
        return items;
    }
    for (f, d) in followed_dues(index, n).filter(|(f, d)| mine(f.owner) && d.day <= coming) {
        let section = match d.day.cmp(&book.today) {
            std::cmp::Ordering::Less => "overdue",
            std::cmp::Ordering::Equal => "today",
            std::cmp::Ordering::Greater => "coming",
        };
        items.push(about(f, section, d.day, m::with_contact(lang, person(f), why(&d, lang))));
    }
    items
}

/// An occasion of a customer, or of a contact that somebody beside its owner follows.
fn of_occasion<'a>(book: &'a Book, o: &Occasion<'a>, lang: Lang) -> Item<'a> {
    let c = &book.customers[o.customer];
    let of = |f: &&Followed| o.person().is_some_and(|p| p.id == f.contact && o.owner == f.owner);
    let section = match o.kind {
        "birthday" => "birthdays",
        "date" => "dates",
        _ => "care",
    };
    let (customer, followed, due) = (Some(o.customer), followed(&book.team, c, book.today).find(of), Some(o.day));
    Item { section, customer, followed, due, owner: o.owner, what: super::care::what(book, o, lang).into() }
}

fn of_lines<'a>(items: Vec<Item<'a>>, index: &'a Index<'_>) -> Vec<Line<'a>> {
    items.into_iter().map(|i| Line::of_customer(index, i)).collect()
}

/// The parts of the list, in their order.
const SECTIONS: [&str; 20] = [
    "complaints",
    "approvals",
    "overdue",
    "today",
    "new",
    "tasks",
    "deliveries",
    "aftersales",
    "receivables",
    "quotes",
    "contracts",
    "coming",
    "pool",
    "unkept",
    "reopen",
    "birthdays",
    "dates",
    "care",
    "double",
    "grading",
];

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        Column { kind: Kind::Code, ..hidden(lang, "section") },
        col(lang, "customer"),
        col(lang, "name"),
        hidden(lang, "contact"),
        Column { label: labels::column(lang, "today", "due"), ..col(lang, "due") },
        num(lang, "days_overdue"),
        col(lang, "what"),
        col(lang, "stage"),
        col(lang, "grade"),
        col(lang, "owner"),
        hidden(lang, "order"),
        hidden(lang, "open_amount"),
        hidden(lang, "currency"),
        num(lang, "value_at_risk"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["value_at_risk", "open_amount"]),
            (Importance::Main, &["what", "days_overdue"]),
            (Importance::Minor, &["stage", "grade"]),
        ],
    );
    columns
}

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(book: &Team, lang: Lang) -> Vec<(Column, Values)> {
    let section = |key: &str| {
        let words = Lang::ALL.iter().map(|l| values::value(*l, "section", key));
        (key.to_string(), words.collect())
    };
    let of = |key: &str| match key {
        "section" => SECTIONS.map(section).into(),
        "owner" => {
            book.members.iter().map(|m| (m.id.to_string(), vec![m.id.to_string(), m.name.to_string()])).collect()
        }
        _ => Vec::new(),
    };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

/// The columns whose terms choose the lines of customers.
pub const OF_ROWS: &[&str] = &["customer", "name", "stage", "grade"];

/// The list of one person (`who`), or of everybody.
pub fn report(index: &Index<'_>, lines: &[Line<'_>], who: Option<&str>, lang: Lang) -> Document {
    let book = index.book;
    let words = Words::new(book, lang);
    let with_money = |l: &Line<'_>| words.row(book, &l.item, l.money(index));
    let rows = lines.par_iter().with_min_len(256).map(with_money).collect();
    let title = m::today_title(
        lang,
        who.map_or_else(|| values::value(lang, "section", "team"), |w| book.team.name(w).to_string()),
        book.today,
    );
    let table = Table { columns: columns(lang), rows, id_column: 1, title: Some(title.clone()), ..Table::default() };
    Document { title: Some(title), blocks: vec![Block::Table(table)], main: 0 }
}

/// Says so where nothing is left of the list.
pub fn note_if_empty(doc: &mut Document, lang: Lang) {
    if doc.is_empty() {
        doc.blocks.push(Block::Note(m::nothing_today(lang)));
    }
}

/// Says below the list why each of its first `shown` lines stands there, and what its value at risk is made of.
pub fn explain(doc: &mut Document, index: &Index<'_>, lines: &[Line<'_>], shown: usize, lang: Lang) {
    let mut said = HashSet::new();
    let mut followed: HashMap<(usize, &str), super::due::Line<'_>> = HashMap::new();
    for l in lines.iter().take(shown) {
        let Some(customer) = l.item.customer else { continue };
        let mut words = Vec::new();
        if matches!(l.item.section, "overdue" | "today" | "new" | "coming" | "reopen") {
            let all = match l.item.followed {
                Some(f) => {
                    let key = (customer, f.contact);
                    if !followed.contains_key(&key) {
                        let lines = super::due::followed_lines(index, customer);
                        followed.extend(lines.filter_map(|l| Some(((customer, l.followed?.contact), l))));
                    }
                    followed.get(&key).map_or_else(Vec::new, |line| super::due::explain_line(index, line, lang))
                }
                None => super::due::explain(index, customer, lang),
            };
            words.extend(all.into_iter().map(|w| format!("  {w}")));
        }
        words.extend(l.evidence(index, lang));
        if said.insert(customer) {
            words.extend(value_at_risk(index, customer, lang));
        }
        if !words.is_empty() {
            let section = values::value(lang, "section", l.item.section);
            let head = m::labelled(lang, section, index.book.customers[customer].id);
            doc.blocks.push(Block::Note(format!("{head}\n{}", words.join("\n"))));
        }
    }
}

/// Open complaints that somebody handles and that are late or due up to a day, and those of which somebody is told (R11).
fn own_complaints<'x, 'a>(index: &'x Index<'a>, who: Option<&str>, until: Day) -> Vec<&'x Complaint<'a>> {
    let tz = index.book.settings.tz;
    let is_mine = |c: &&Complaint<'_>| {
        let is_due = c.is_late() || c.clock.due.is_some_and(|due| tz.local(due).date_naive() <= until);
        let told = c.alarmed();
        match who {
            Some(who) => is_due && c.handler() == who || told.contains(&who),
            None => is_due || !told.is_empty(),
        }
    };
    crate::rules::complaints::open(index).into_iter().filter(is_mine).collect()
}

/// Years without holidays that deadlines of complaints in the list reach.
pub fn unknown_years(index: &Index<'_>, who: Option<&str>, within: u64) -> Vec<i32> {
    let until = index.book.today.checked_add_days(Days::new(within)).unwrap_or(index.book.today);
    years_of(own_complaints(index, who, until))
}

fn complaints<'a>(index: &'a Index<'_>, who: Option<&str>, until: Day, lang: Lang) -> Vec<Item<'a>> {
    let tz = index.book.settings.tz;
    let mut out = Vec::new();
    for c in own_complaints(index, who, until) {
        let due = c.clock.due.map(|due| tz.local(due));
        let text = crate::store::cells::unescape_note(c.entry("text"));
        let what = m::labelled(lang, c.id(), text.lines().next().unwrap_or(""));
        let what = match due {
            Some(due) => m::complaint_due(lang, what, due.format("%Y-%m-%d %H:%M")),
            None => what,
        };
        let due = due.map(|due| due.date_naive());
        out.push(Item {
            section: "complaints",
            customer: c.customer(),
            due,
            owner: c.handler(),
            what: what.into(),
            followed: None,
        });
    }
    out
}

/// The first open call about each order that is due by a day.
fn calls_due<'a>(index: &'a Index<'_>, who: Option<&str>, coming: Day, lang: Lang) -> Vec<Line<'a>> {
    let book = index.book;
    let one = |n: usize| {
        let c = &book.customers[n];
        if c.closed || who.is_some_and(|w| w != c.owner) || index.orders(n).is_empty() {
            return Vec::new();
        }
        let mut open = calls(index, n);
        open.retain(|call| call.state.is_open() && call.due <= coming);
        open.sort_by_key(|call| (call.line.id(), call.due));
        open.dedup_by_key(|call| call.line.id());
        let line = |call: Call| {
            let from = if call.promised { m::call_promised } else { m::call_ordered };
            let from = m::call_from(lang, from(lang, call.base), format!("{:+}", call.offset));
            let word = if call.first { m::call_first } else { m::call_order };
            let what = word(lang, call.line.id(), from).into();
            let (section, customer, due) = ("aftersales", Some(n), Some(call.due));
            Line::of_order(index, Item { section, customer, due, owner: c.owner, what, followed: None }, call.line)
        };
        open.into_iter().map(line).collect()
    };
    let all = (0..book.customers.len()).into_par_iter().with_min_len(256);
    all.flat_map_iter(|n| inside(|| one(n))).collect()
}

/// Open quotes that end soon.
fn quotes_ending<'a>(index: &Index<'a>, mine: &dyn Fn(&str) -> bool, lang: Lang) -> Vec<Item<'a>> {
    let ending = super::quotes::ending(index, lang).into_iter().filter(|e| mine(e.by));
    ending
        .map(|e| Item {
            section: "quotes",
            customer: Some(e.customer),
            followed: None,
            due: Some(e.day),
            owner: e.by,
            what: e.what.into(),
        })
        .collect()
}

/// What waits for an answer of a person, or of anybody, the longest first.
fn approvals<'a>(index: &'a Index<'_>, who: Option<&str>, lang: Lang) -> Vec<Item<'a>> {
    let book = index.book;
    let member = who.and_then(|w| book.team.get(w));
    let asked = |p: &Paper<'_>| match (who, member) {
        (None, _) => true,
        (Some(_), Some(m)) => may_answer(p, m).is_ok(),
        (Some(_), None) => false,
    };
    let item = |p: Paper<'a>| {
        let about = [super::approvals::amount(&p), Some(super::approvals::what(&p)).filter(|w| !w.is_empty())];
        let about: Vec<String> = about.into_iter().flatten().collect();
        let since = p.since().map_or_else(String::new, |at| at.day.to_string());
        let what = m::approval_item(
            lang,
            super::approvals::kind(&p, lang),
            p.id(),
            about.join("  "),
            book.team.name(p.author()),
            since,
        );
        Item {
            section: "approvals",
            customer: p.customer(),
            followed: None,
            due: None,
            owner: p.author(),
            what: what.into(),
        }
    };
    waiting(book).into_iter().filter(asked).map(item).collect()
}

/// Contracts that end soon and that nobody has renewed.
fn contracts_ending<'a>(index: &'a Index<'_>, mine: &dyn Fn(&str) -> bool, lang: Lang) -> Vec<Item<'a>> {
    let all = ending(index.book).into_iter().filter(|(c, _)| mine(c.owner()));
    all.map(|(c, end)| {
        let title = crate::store::cells::unescape_note(c.paper.cell("title"));
        let title = if title.is_empty() { c.party_name().into() } else { title };
        let what = m::contract_ends(lang, c.id(), title, (end - index.book.today).num_days()).into();
        let (customer, owner) = (c.paper.customer(), c.owner());
        Item { section: "contracts", customer, followed: None, due: Some(end), owner, what }
    })
    .collect()
}

/// The last grading, the scorecard's `review_every`, and the day on which the next grading was due, when that is over.
fn grading_due(book: &Book) -> Option<(Day, Span, Day)> {
    let every = book.settings.file.scorecards.get(CARD)?.review_every?;
    // A grade set by hand (it has an end) is no grading.
    let gradings = book
        .events
        .iter()
        .filter(|e| e.kind() == "customer" && e.event() == "grade" && !e.to().is_empty() && e.until().is_none());
    let last = gradings.map(|e| e.day()).max()?;
    let day = every.after(last, 1)?;
    (day < book.today).then_some((last, every, day))
}

/// Cells that very many rows share.
struct Words<'a> {
    sections: Vec<(&'static str, Cell, Box<str>)>,
    stages: HashMap<&'a str, Cell>,
}

impl<'a> Words<'a> {
    fn new(book: &'a Book, lang: Lang) -> Words<'a> {
        let stages = book.settings.file.stages.iter().map(|s| s.id.as_str());
        let words = SECTIONS.map(|s| {
            let word = values::value(lang, "section", s);
            (s, code(s, &word), word.into())
        });
        let stage = |id: &'a str| (id, code(id, stage_label(lang, &book.settings, id)));
        Words { sections: words.to_vec(), stages: stages.map(stage).collect() }
    }

    fn row(&self, book: &Book, i: &Item<'_>, money: [Cell; 4]) -> Row {
        let c = i.customer.map(|n| &book.customers[n]);
        let late = i.due.map_or(0, |d| (book.today - d).num_days().max(0));
        let counts = !matches!(i.section, "birthdays" | "dates" | "care" | "double");
        let section = self.sections.iter().find(|(s, _, _)| *s == i.section);
        let stage = |c: &Customer| self.stages.get(c.stage).cloned().unwrap_or_else(|| code(c.stage, c.stage));
        let mut cells = Vec::with_capacity(10 + money.len());
        cells.extend([
            section.map_or(Cell::Missing, |(_, cell, _)| cell.clone()),
            c.map_or(Cell::Missing, |c| Cell::Id(c.id.into())),
            c.map_or(Cell::Missing, |c| text(c.name)),
            i.followed.map_or(Cell::Missing, |f| text(f.contact)),
            i.due.map_or(Cell::Missing, Cell::Day),
            if counts { Cell::Int(late) } else { Cell::Missing },
            if i.what.is_empty() { Cell::Missing } else { Cell::Text(i.what.clone()) },
            c.map_or(Cell::Missing, stage),
            c.map_or(Cell::Missing, |c| text(c.grade)),
            text(i.owner),
        ]);
        cells.extend(money);
        let tone = if counts && late > 0 { Tone::Bad } else { Tone::Plain };
        Row { cells, tone, group: section.map(|(_, _, word)| word.clone()), ..Row::default() }
    }
}

/// What stands behind a due day, in a few words: the promise's note, or the cycle.
pub(super) fn why(d: &Due, lang: Lang) -> String {
    let word = values::value(lang, "why", d.why.key());
    match (d.why, d.activity, d.cycle) {
        (Why::Promise, Some(a), _) if !a.note().is_empty() => {
            let note = crate::store::cells::unescape_note(a.note());
            m::labelled(lang, word, note.lines().next().unwrap_or(""))
        }
        (Why::Cycle, _, Some((span, _))) => format!("{word} {}", m::span(lang, span)),
        _ => word,
    }
}

/// The days since the last meeting: the last worked day before today, and the days since then that nobody works.
fn yesterday(book: &Book) -> Period {
    Period::new(book.settings.last_worked(book.today), book.today.pred_opt().unwrap_or(book.today))
}

/// The rows of this month and of yesterday that the money of the morning meeting leaves out.
pub fn uncredited(index: &Index<'_>) -> Vec<Unjoined> {
    let (today, yesterday) = (index.book.today, yesterday(index.book));
    let month = today.with_day(1).unwrap_or(today);
    let from = yesterday.from.map_or(month, |day| day.min(month));
    credited::uncredited(index, Period::new(from, today), yesterday)
}

/// The morning meeting: a line for each person.
pub fn team(index: &Index<'_>, lang: Lang) -> Document {
    let book = index.book;
    let yesterday = yesterday(book);
    let columns = vec![
        col(lang, "owner"),
        col(lang, "name"),
        num(lang, "customers"),
        num(lang, "yesterday_activities"),
        num(lang, "yesterday_visits"),
        num(lang, "yesterday_new"),
        num(lang, "due_today"),
        num(lang, "overdue"),
        num(lang, "new_leads"),
        num(lang, "open_tasks"),
        num(lang, "tasks_today"),
        num(lang, "late_tasks"),
        num(lang, "open_complaints"),
        num(lang, "late_complaints"),
        num(lang, "yesterday_signed"),
        num(lang, "yesterday_collected"),
        num(lang, "month_signed"),
        num(lang, "month_target"),
        num(lang, "target_completion"),
    ];
    let money = TeamMoney::new(index, yesterday);
    let count = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let all = (0..book.customers.len()).into_par_iter().with_min_len(256);
    let is_new = |n| untouched(index, n).is_some_and(|day| day <= book.today);
    let dues: Vec<(Option<Due>, bool)> = all.map(|n| inside(|| (due(index, n), is_new(n)))).collect();
    // Of contacts that others than the owner follow.
    let mut theirs: HashMap<&str, Vec<Due>> = HashMap::new();
    for n in (0..book.customers.len()).filter(|n| !book.customers[*n].followed.is_empty()) {
        followed_dues(index, n).for_each(|(f, due)| theirs.entry(f.owner).or_default().push(due));
    }
    let members = book.team.members.iter().filter(|p| p.is_here(book.today));
    let mut rows: Vec<Row> = Vec::new();
    let mut sums = vec![0usize; 12];
    let mut customers: HashMap<&str, Vec<usize>> = HashMap::new();
    (0..book.customers.len()).for_each(|n| customers.entry(book.customers[n].owner).or_default().push(n));
    let mut acts_of: HashMap<&str, Vec<Activity>> = HashMap::new();
    for a in book.activities.iter().filter(|a| yesterday.contains(a.day())) {
        acts_of.entry(a.by()).or_default().push(a);
    }
    let mut tasks_of: HashMap<&str, Vec<&Task>> = HashMap::new();
    for t in book.tasks.iter().filter(|t| book.state(*t) == "open") {
        tasks_of.entry(t.owner).or_default().push(t);
    }
    // Of nobody's complaint the customer's owner is asked.
    let mut complaints_of: HashMap<&str, Vec<bool>> = HashMap::new();
    for c in crate::rules::complaints::open(index) {
        complaints_of.entry(c.responsible()).or_default().push(c.is_late());
    }
    for p in members {
        let own = customers.get(p.id).map_or(&[][..], Vec::as_slice);
        let acts = || acts_of.get(p.id).into_iter().flatten();
        let due_by = |f: &dyn Fn(&Due) -> bool| {
            let followed = theirs.get(p.id).into_iter().flatten().filter(|d| f(d)).count();
            own.iter().filter(|n| !dues[**n].1 && dues[**n].0.as_ref().is_some_and(f)).count() + followed
        };
        let tasks = || tasks_of.get(p.id).into_iter().flatten();
        let complaints = || complaints_of.get(p.id).into_iter().flatten();
        let figures = [
            own.iter().filter(|n| !book.customers[**n].closed).count(),
            acts().count(),
            acts().filter(|a| a.channel() == "visit").count(),
            own.iter().filter(|n| book.customers[**n].created.is_some_and(|d| yesterday.contains(d))).count(),
            due_by(&|d| d.day == book.today),
            due_by(&|d| d.day < book.today),
            own.iter().filter(|n| dues[**n].1).count(),
            tasks().count(),
            tasks().filter(|t| t.due == book.today).count(),
            tasks().filter(|t| t.due < book.today).count(),
            complaints().count(),
            complaints().filter(|late| **late).count(),
        ];
        if matches!(p.role, "rep" | "") || figures.iter().any(|n| *n > 0) || money.has(p.id) {
            let mut cells = vec![Cell::Id(p.id.into()), text(p.name)];
            cells.extend(figures.iter().map(|n| count(*n)));
            cells.extend(money.cells(p.id));
            sums.iter_mut().zip(figures).for_each(|(s, n)| *s += n);
            rows.push(Row { cells, ..Row::default() });
        }
    }
    let mut total = vec![Cell::Text(m::total(lang).into()), Cell::Missing];
    total.extend(sums.into_iter().map(count));
    total.extend(money.total());
    let footer = vec![Row { cells: total, ..Row::default() }];
    let since = yesterday.from.unwrap_or(book.today);
    let title = if yesterday.from == yesterday.to {
        m::team_title(lang, book.today)
    } else {
        m::team_title_since(lang, book.today, since)
    };
    Document::table(Table { columns, rows, footer, title: Some(title), ..Table::default() })
}
