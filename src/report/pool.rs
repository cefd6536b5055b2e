//! The public pool (R2): who is in it, who has passed a limit, who will soon, and what the rules say about a claim.

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::fields::stage_label;
use super::{col, hidden, num, typed};
use crate::i18n::{Lang, labels, messages as m, refusal, values};
use crate::model::day::Day;
use crate::model::row::Event;
use crate::model::value::{Kind, Values};
use crate::rules::claiming::{Asked, owners, rests_until};
use crate::rules::engine::index::Index;
use crate::rules::engine::once::inside;
use crate::rules::pool::{Clock, Keeps, Limit, Pools, Standing, pool_of, rules_of};
use rayon::prelude::*;

/// Customers and where they stand with the pool.
pub type Stands = Vec<(usize, Standing)>;

/// Where the chosen customers stand; those in the pool and closed ones nowhere.
pub fn standings(index: &Index<'_>, chosen: &[usize]) -> Stands {
    let pools = Pools::new(index);
    let one = |n: &usize| inside(|| pools.standing(*n)).map(|s| (*n, s));
    chosen.par_iter().with_min_len(256).filter_map(one).collect()
}

/// Those that have passed a limit, the longest ago first.
pub fn passed(index: &Index<'_>, all: &Stands) -> Stands {
    let today = index.book.today;
    let mut out: Stands = all.iter().filter(|(_, s)| s.passed(today).is_some()).cloned().collect();
    let over = |s: &Standing| s.clocks.first().map(|c| c.passes);
    out.sort_by_key(|(n, s)| (over(s), *n));
    out
}

/// Those that a limit will hit within their `warn_days`, fewest days first.
pub fn warned(index: &Index<'_>, all: &Stands) -> Stands {
    let today = index.book.today;
    let mut out: Stands = all.iter().filter(|(_, s)| s.warns(today).is_some()).cloned().collect();
    out.sort_by_key(|(n, s)| (s.warns(today), *n));
    out
}

fn limits() -> Values {
    let words = |l: Limit| {
        let all = Lang::ALL.iter().map(|lang| values::value(*lang, "pool_limit", l.key()));
        (l.key().to_string(), all.collect())
    };
    Limit::ALL.map(words).into()
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "owner"),
        col(lang, "pool"),
        Column { kind: Kind::Code, ..col(lang, "passed") },
        Column { label: labels::column(lang, "pool", "since"), ..typed(lang, "since", Kind::Day) },
        num(lang, "days"),
        num(lang, "limit_days"),
        typed(lang, "passes", Kind::Day),
        hidden(lang, "setting"),
        typed(lang, "releases", Kind::Day),
        num(lang, "days_left"),
        col(lang, "stage"),
        col(lang, "grade"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["releases"]),
            (Importance::Main, &["owner", "passed", "since", "days", "limit_days"]),
            (Importance::Minor, &["pool", "stage", "grade"]),
        ],
    );
    columns
}

/// The columns of the tables of `pool sweep` and `pool warn`, with the values of those that have a closed list.
pub fn fields(lang: Lang) -> Vec<(Column, Values)> {
    let of = |key: &str| if key == "passed" { limits() } else { Vec::new() };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

fn row(index: &Index<'_>, n: usize, s: &Standing, lang: Lang) -> Row {
    let (book, c) = (index.book, &index.book.customers[n]);
    let clock: Option<&Clock> = s.clocks.first();
    let left = s.releases.map(|day| (day - book.today).num_days());
    let tone = if left == Some(0) { Tone::Bad } else { Tone::Warn };
    let int = |n: Option<i64>| n.map_or(Cell::Missing, Cell::Int);
    let day = |d: Option<Day>| d.map_or(Cell::Missing, Cell::Day);
    Row {
        cells: vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            text(pool_of(&book.settings, c)),
            clock.map_or(Cell::Missing, |k| code(k.limit.key(), values::value(lang, "pool_limit", k.limit.key()))),
            day(clock.map(|k| k.since)),
            int(clock.map(|k| k.days)),
            int(clock.map(|k| k.most)),
            day(clock.map(|k| k.passes)),
            text(clock.map_or("", |k| &k.setting)),
            day(s.releases),
            int(left),
            code(c.stage, stage_label(lang, &book.settings, c.stage)),
            text(c.grade),
        ],
        tone,
        ..Row::default()
    }
}

/// The table of customers that have passed a limit, or will soon.
pub fn table(index: &Index<'_>, list: &Stands, lang: Lang) -> Table {
    let rows = list.iter().map(|(n, s)| row(index, *n, s, lang)).collect();
    Table { columns: columns(lang), rows, ..Table::default() }
}

/// What every clock and every reason says of some customers, in words.
pub fn explain(doc: &mut Document, index: &Index<'_>, list: &Stands, lang: Lang) {
    for (n, s) in list {
        let clock = |k: &Clock| {
            let limit = values::value(lang, "pool_limit", k.limit.key());
            m::explain_clock(lang, limit, k.since, k.days, &k.setting, k.most, k.releases)
        };
        let keeps = |k: &Keeps| m::explain_keeps(lang, values::value(lang, "keeps", k.key()), k.what());
        let lines: Vec<String> = s.clocks.iter().map(clock).chain(s.keeps.iter().map(keeps)).collect();
        let id = index.book.customers[*n].id;
        doc.blocks.push(Block::Note(m::labelled(
            lang,
            id,
            [vec![m::rule(lang, "R2")], lines].concat().join(lang.pick("; ", "；")),
        )));
    }
}

fn list_columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "pool"),
        typed(lang, "in_pool_since", Kind::Day),
        typed(lang, "claim_from", Kind::Day),
        col(lang, "former_owner"),
        typed(lang, "last_activity", Kind::Day),
        col(lang, "stage"),
        col(lang, "grade"),
        col(lang, "region"),
        col(lang, "city"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Main, &["pool", "in_pool_since", "claim_from"]),
            (Importance::Minor, &["region", "city", "grade"]),
        ],
    );
    columns
}

/// The columns of `pool list`.
pub fn list_fields(lang: Lang) -> Vec<(Column, Values)> {
    list_columns(lang).into_iter().map(|c| (c, Vec::new())).collect()
}

/// The customers in the pool among the chosen ones, those that lie there longest first.
pub fn list(index: &Index<'_>, chosen: &[usize], lang: Lang) -> Document {
    let book = index.book;
    let mut found: Vec<(Option<Day>, usize, Vec<Event>)> = chosen
        .iter()
        .filter(|n| !book.customers[**n].closed && book.customers[**n].owner.is_empty())
        .map(|n| (*n, owners(index, *n)))
        .map(|(n, events)| (events.last().map(|e| e.day()).or(book.customers[n].created), n, events))
        .collect();
    found.sort_by_key(|(since, n, _)| (*since, *n));
    let rows = found
        .iter()
        .map(|(since, n, events)| {
            let c = &book.customers[*n];
            let pool = pool_of(&book.settings, c);
            let from = rests_until(rules_of(&book.settings, pool), events).or(*since);
            let last = index.activities(*n).last().map_or(Cell::Missing, |a| Cell::Day(a.day()));
            Row {
                cells: vec![
                    Cell::Id(c.id.into()),
                    text(c.name),
                    text(pool),
                    since.map_or(Cell::Missing, Cell::Day),
                    from.map_or(Cell::Missing, Cell::Day),
                    text(events.last().map_or("", |e| e.from())),
                    last,
                    code(c.stage, stage_label(lang, &book.settings, c.stage)),
                    text(c.grade),
                    text(c.text("region")),
                    text(c.text("city")),
                ],
                tone: if from > Some(book.today) { Tone::Faint } else { Tone::Plain },
                ..Row::default()
            }
        })
        .collect();
    Document::table(Table { columns: list_columns(lang), rows, ..Table::default() })
}

/// What the rules say about a claim: each rule with its number, and whether it passes.
pub fn asked(rules: &[Asked], lang: Lang) -> Document {
    let columns = vec![
        Column { kind: Kind::Code, ..col(lang, "rule") },
        col(lang, "customer"),
        col(lang, "have"),
        col(lang, "limit"),
        Column { kind: Kind::Code, ..col(lang, "verdict") },
        col(lang, "reason_text"),
    ];
    let rows = rules
        .iter()
        .map(|a| {
            let verdict = if a.refusal.is_some() { "fail" } else { "pass" };
            Row {
                cells: vec![
                    code(a.rule, values::value(lang, "claim_rule", a.rule)),
                    if a.customer.is_empty() { Cell::Missing } else { Cell::Id(a.customer.as_str().into()) },
                    text(&a.have),
                    text(&a.limit),
                    code(verdict, values::value(lang, "verdict", verdict)),
                    a.refusal.as_ref().map_or(Cell::Missing, |r| text(&refusal::words(lang, r).0)),
                ],
                tone: if a.refusal.is_some() { Tone::Bad } else { Tone::Plain },
                ..Row::default()
            }
        })
        .collect();
    Document::table(Table { columns, rows, ..Table::default() })
}
