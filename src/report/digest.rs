//! The report of a day or week (日报, 周报): what was done, signed and collected, what comes next, and what does not go well.

use super::document::{Block, Card, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, person, text};
use super::fields::{listed, stage_label, word};
use super::{col, hidden, num, today, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::MONEY;
use crate::model::book::{Book, Reads};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet, SettingList};
use crate::model::money::{Decimal, Sum};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::credited::{Credit, collections, signings};
use crate::rules::effort::moves;
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::followup::{Due, due, followed_dues, is_two_way};
use crate::rules::stalled::stalled;
use crate::rules::{complaints, stalled::Case};
use crate::store::cells::unescape_note;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What this report reads.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities, Ledger::Tasks]).and(MONEY),
    plain: LedgerSet::of(&[Ledger::Complaints]),
    ..Reads::NOTHING
}
.and(super::stalled::READS);

/// Sections in the order in which they are read.
const SECTIONS: [&str; 10] =
    ["done", "moves", "new_customers", "signed", "collected", "next", "tasks", "overdue", "stalled", "complaints"];

/// Whose report it is, and of which days.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'q> {
    /// A member; `None` = everybody.
    pub who: Option<&'q str>,
    /// The days that it is about.
    pub period: Period,
}

impl Asked<'_> {
    fn is_mine(&self, who: &str) -> bool {
        self.who.is_none_or(|me| me == who)
    }
}

/// A line of the report.
struct Line<'a> {
    section: &'static str,
    day: Option<Day>,
    customer: Option<usize>,
    what: String,
    amount: Option<Decimal>,
    who: &'a str,
}

/// The first and last day of what comes next: as many days after the period as it has, and a worked day at least.
fn horizon(book: &Book, period: Period) -> (Day, Day) {
    let last = period.to.unwrap_or(book.today).max(period.from.unwrap_or(book.today));
    let days = period.from.map_or(1, |from| (last - from).num_days() + 1);
    let from = last.succ_opt().unwrap_or(last);
    let until = last.checked_add_signed(chrono::Duration::days(days)).unwrap_or(last);
    // A year without a working day is a mistake in kehu.toml.
    let worked = from.iter_days().take(366).find(|d| book.settings.is_working_day(*d));
    (from, worked.map_or(until, |day| day.max(until)))
}

/// What was done with customers, customer by customer.
fn done<'a>(index: &Index<'a>, asked: &Asked<'_>, lang: Lang) -> (Vec<Line<'a>>, Counts) {
    let book: &'a Book = index.book;
    let settings = &book.settings;
    let of_customer = |n: usize| {
        let mut lines = Vec::new();
        let mut counts = Counts::default();
        let all = index.activities(n);
        let first = asked.period.from.map_or(0, |from| all.partition_point(|a| a.day() < from));
        let its = all[first..].iter().take_while(|a| asked.period.contains(a.day()));
        for a in its.filter(|a| asked.is_mine(a.by())) {
            counts.activities += 1;
            counts.customers = 1;
            counts.two_way += i64::from(is_two_way(settings, *a));
            let said = |list: &str, value: &str| word(lang, settings, Some(Ledger::Activities), list, value);
            let how = [said("channel", a.channel()), said("outcome", a.outcome())];
            let how = how.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(lang.pick(", ", "，"));
            let note = unescape_note(a.note());
            let note = note.lines().next().unwrap_or("");
            let what = if note.is_empty() { how } else { m::labelled(lang, how, note) };
            lines.push(Line {
                section: "done",
                day: Some(a.day()),
                customer: Some(n),
                what,
                amount: None,
                who: a.by(),
            });
        }
        for e in moves(index, n, asked.period).into_iter().filter(|e| asked.is_mine(e.by())) {
            counts.moves += 1;
            let step = [e.from(), e.to()].map(|s| stage_label(lang, settings, s)).join(" → ");
            let (day, customer) = (Some(e.day()), Some(n));
            lines.push(Line { section: "moves", day, customer, what: step, amount: None, who: e.by() });
        }
        let c = &book.customers[n];
        if c.created.is_some_and(|d| asked.period.contains(d)) && asked.is_mine(c.owner) {
            counts.new += 1;
            let what = stage_label(lang, settings, c.stage);
            let (day, customer) = (c.created, Some(n));
            lines.push(Line { section: "new_customers", day, customer, what, amount: None, who: c.owner });
        }
        (lines, counts)
    };
    let nothing = || (Vec::new(), Counts::default());
    let customers = (0..book.customers.len()).into_par_iter().with_min_len(256);
    customers
        .fold(nothing, |(mut lines, counts), n| {
            let (more, one) = inside(|| of_customer(n));
            lines.extend(more);
            (lines, counts.and(one))
        })
        .reduce(nothing, |(mut lines, a), (more, b)| {
            lines.extend(more);
            (lines, a.and(b))
        })
}

/// The figures above the lines.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    activities: i64,
    customers: i64,
    two_way: i64,
    moves: i64,
    new: i64,
}

impl Counts {
    fn and(self, other: Counts) -> Counts {
        Counts {
            activities: self.activities + other.activities,
            customers: self.customers + other.customers,
            two_way: self.two_way + other.two_way,
            moves: self.moves + other.moves,
            new: self.new + other.new,
        }
    }
}

/// Money by order and day: the lines of one order are one.
fn money<'a>(credits: Vec<Credit<'a>>, section: &'static str, asked: &Asked<'_>, lang: Lang) -> (Vec<Line<'a>>, Sum) {
    let mut sums: BTreeMap<(Day, &str, Option<usize>, &str), Sum> = BTreeMap::new();
    let mut whole = Sum::ZERO;
    for c in credits.into_iter().filter(|c| asked.is_mine(c.who)) {
        sums.entry((c.day, c.order, c.customer, c.who)).or_default().add(c.amount);
        whole.add(c.amount);
    }
    let line = |((day, order, customer, who), sum): ((Day, &'a str, Option<usize>, &'a str), Sum)| Line {
        section,
        day: Some(day),
        customer,
        what: if order.is_empty() { m::pays_no_order(lang) } else { order.to_string() },
        amount: sum.known(),
        who,
    };
    (sums.into_iter().map(line).collect(), whole)
}

/// What comes next and what is late, of follow-ups and tasks.
fn ahead<'a>(index: &Index<'a>, asked: &Asked<'_>, lang: Lang) -> Vec<Line<'a>> {
    let book: &'a Book = index.book;
    let (from, until) = horizon(book, asked.period);
    let line = |n: usize, d: &Due, who, what| {
        let section = if d.day < book.today { "overdue" } else { "next" };
        let late = section == "overdue" && !book.customers[n].closed;
        let near = section == "next" && d.day >= from && d.day <= until;
        let (day, customer) = (Some(d.day), Some(n));
        (late || near).then_some(Line { section, day, customer, what, amount: None, who })
    };
    let of_customer = |n: usize| {
        let c = &book.customers[n];
        let due = Some(n).filter(|_| asked.is_mine(c.owner)).and_then(|n| due(index, n));
        let own = due.and_then(|d| line(n, &d, c.owner, today::why(&d, lang)));
        let mut lines: Vec<Line<'a>> = own.into_iter().collect();
        if c.followed.iter().any(|f| asked.is_mine(f.owner)) {
            let theirs = followed_dues(index, n).filter(|(f, _)| asked.is_mine(f.owner));
            lines.extend(
                theirs
                    .filter_map(|(f, d)| line(n, &d, f.owner, m::with_contact(lang, person(f), today::why(&d, lang)))),
            );
        }
        lines
    };
    let all = (0..book.customers.len()).into_par_iter().with_min_len(256);
    let mut out: Vec<Line<'a>> = all.flat_map_iter(|n| inside(|| of_customer(n))).collect();
    for t in book.tasks.iter().filter(|t| asked.is_mine(t.owner) && t.due <= until && book.state(*t) == "open") {
        let what = unescape_note(t.title).into_owned();
        let customer = book.customer_index(t.customer);
        out.push(Line { section: "tasks", day: Some(t.due), customer, what, amount: None, who: t.owner });
    }
    out
}

/// Customers that stand still, and complaints that are open.
fn problems<'a>(index: &Index<'a>, asked: &Asked<'_>, lang: Lang) -> Vec<Line<'a>> {
    let book: &'a Book = index.book;
    let owner = |n: usize| book.customers[n].owner;
    let mine: Vec<usize> = (0..book.customers.len()).filter(|n| asked.is_mine(owner(*n))).collect();
    let still = |c: Case| {
        let words =
            [("stall_cause", c.cause.key()), ("advice", c.advice.key())].map(|(l, k)| values::value(lang, l, k));
        let (what, amount) = (words.join(" → "), c.stake.map(|(amount, _)| amount));
        let (day, customer) = (c.due.map(|d| d.day), Some(c.customer));
        Line { section: "stalled", day, customer, what, amount, who: owner(c.customer) }
    };
    let mut out: Vec<Line<'a>> = stalled(index, &mine).into_iter().map(still).collect();
    for c in complaints::open(index) {
        let customer = c.customer();
        let who = customer.map_or("", owner);
        // Whoever handles it, and whose customer it is.
        if asked.is_mine(who) || asked.is_mine(c.handler()) {
            let text = unescape_note(c.entry("text"));
            let category = listed(lang, &book.settings, SettingList::ComplaintCategories, c.entry("category"));
            let what = m::labelled(lang, category, text.lines().next().unwrap_or(""));
            let what = match c.clock.due.map(|due| book.settings.tz.local(due).format("%Y-%m-%d %H:%M")) {
                Some(due) if c.is_late() => m::complaint_late(lang, what, due),
                Some(due) => m::complaint_due(lang, what, due),
                None => what,
            };
            let (day, who) = (Some(c.made().day), c.responsible());
            out.push(Line { section: "complaints", day, customer, what, amount: None, who });
        }
    }
    out
}

/// The columns of the lines.
fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        Column { kind: Kind::Code, ..hidden(lang, "section") },
        typed(lang, "at", Kind::Day),
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "what"),
        typed(lang, "amount", Kind::Money),
        col(lang, "by"),
    ];
    rank(&mut columns, &[(Importance::Key, &["at", "customer", "amount"]), (Importance::Main, &["name", "what"])]);
    columns
}

/// The report.
pub fn report(index: &Index<'_>, asked: &Asked<'_>, lang: Lang) -> Document {
    let book = index.book;
    let currency = &book.settings.file.currency;
    let (mut lines, counts) = done(index, asked, lang);
    let (signed, signed_sum) = money(signings(index, asked.period), "signed", asked, lang);
    let (collected, collected_sum) = money(collections(index, asked.period), "collected", asked, lang);
    lines.extend(signed);
    lines.extend(collected);
    lines.extend(ahead(index, asked, lang));
    lines.extend(problems(index, asked, lang));
    let place = |l: &Line<'_>| SECTIONS.iter().position(|s| *s == l.section);
    // Stalled customers stay in their own order, that of what is at stake.
    let day = |l: &Line<'_>| l.day.filter(|_| l.section != "stalled");
    lines.sort_by(|a, b| place(a).cmp(&place(b)).then(day(a).cmp(&day(b))));
    let count = |section: &str| {
        let n = lines.iter().filter(|l| l.section == section).count();
        Cell::Int(i64::try_from(n).unwrap_or(i64::MAX))
    };
    let is_mine = |c: &&complaints::Complaint<'_>| {
        let owner = c.customer().map_or("", |n| book.customers[n].owner);
        asked.is_mine(owner) || asked.is_mine(c.handler())
    };
    let late = complaints::open(index).into_iter().filter(|c| c.is_late()).filter(is_mine).count();
    let late = Cell::Int(i64::try_from(late).unwrap_or(i64::MAX));
    let money = |sum: Sum| sum.known().map_or(Cell::NotAvailable, |amount| Cell::money(amount, currency));
    let fields = vec![
        (num(lang, "activities"), Cell::Int(counts.activities)),
        (num(lang, "touched"), Cell::Int(counts.customers)),
        (num(lang, "two_way"), Cell::Int(counts.two_way)),
        (num(lang, "moves"), Cell::Int(counts.moves)),
        (num(lang, "new_customers"), Cell::Int(counts.new)),
        (typed(lang, "signed", Kind::Money), money(signed_sum)),
        (typed(lang, "collected", Kind::Money), money(collected_sum)),
        (num(lang, "overdue"), count("overdue")),
        (num(lang, "stalled"), count("stalled")),
        (Column { label: labels::label(lang, "open_complaints"), ..num(lang, "complaints") }, count("complaints")),
        (num(lang, "late_complaints"), late),
    ];
    let rows = lines.iter().map(|l| row(book, l, lang)).collect();
    let title = title(book, asked, lang);
    let table = Table { columns: columns(lang), rows, id_column: 2, ..Table::default() };
    let card = Card { title: None, fields };
    Document { title: Some(title), blocks: vec![Block::Card(card), Block::Table(table)], main: 1 }
}

fn title(book: &Book, asked: &Asked<'_>, lang: Lang) -> String {
    let who = asked.who.map_or_else(|| values::value(lang, "section", "team"), |w| book.team.name(w).to_string());
    let day = |d: Option<Day>| d.map(|d| d.to_string()).unwrap_or_default();
    let days = if asked.period.from == asked.period.to {
        day(asked.period.from)
    } else {
        format!("{} – {}", day(asked.period.from), day(asked.period.to))
    };
    m::digest_title(lang, who, days)
}

fn row(book: &Book, l: &Line<'_>, lang: Lang) -> Row {
    let c = l.customer.map(|n| &book.customers[n]);
    let section = values::value(lang, "section", l.section);
    let cells = vec![
        code(l.section, &section),
        l.day.map_or(Cell::Missing, Cell::Day),
        c.map_or(Cell::Missing, |c| Cell::Id(c.id.into())),
        c.map_or(Cell::Missing, |c| text(c.name)),
        text(&l.what),
        l.amount.map_or(Cell::Missing, |amount| Cell::money(amount, &book.settings.file.currency)),
        text(l.who),
    ];
    let tone = if matches!(l.section, "overdue" | "complaints") { Tone::Bad } else { Tone::Plain };
    Row { cells, tone, group: Some(section.into()), ..Row::default() }
}
