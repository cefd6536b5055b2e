//! Who stands still: cause, odds, what is at stake, and advice (R3).

use super::document::{Block, Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::explain::{amount_text, cut, ratio_text};
use super::fields::stage_label;
use super::{col, num, typed};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::TRADE;
use crate::model::book::{Book, Reads};
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::row::Activity;
use crate::model::value::{Kind, Values};
use crate::rules::deals;
use crate::rules::engine::index::Index;
use crate::rules::followup::{cycle_key, owner_since};
use crate::rules::history::fold_of;
use crate::rules::stalled::{Advice, Case, Cause, Stake};
use crate::rules::stays::{FEW, Rate};

/// What this report reads.
pub const READS: Reads = Reads {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Activities, Ledger::Events, Ledger::Quotes]).and(TRADE),
    ..Reads::NOTHING
}
.and(deals::READS)
.without_notes();

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        col(lang, "customer"),
        col(lang, "name"),
        col(lang, "owner"),
        col(lang, "stage"),
        col(lang, "grade"),
        num(lang, "stage_clock"),
        num(lang, "stall_after"),
        num(lang, "stall_cases"),
        num(lang, "touch_days"),
        num(lang, "touch_limit"),
        num(lang, "stage_contacts"),
        num(lang, "planned"),
        typed(lang, "stall_cause", Kind::Code),
        typed(lang, "odds", Kind::Ratio),
        num(lang, "odds_cases"),
        typed(lang, "stake", Kind::Money),
        typed(lang, "stake_from", Kind::Code),
        typed(lang, "advice", Kind::Code),
        col(lang, "due"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["stall_cause", "stake", "advice"]),
            (Importance::Main, &["stage_clock", "touch_days", "odds"]),
            (Importance::Minor, &["grade", "stall_cases", "touch_limit", "stage_contacts", "planned", "odds_cases"]),
        ],
    );
    columns
}

/// The columns of the table, with the values of those that have a closed list.
pub fn fields(lang: Lang) -> Vec<(Column, Values)> {
    let words = |list: &str, key: &str| {
        (key.to_string(), Lang::ALL.iter().map(|l| values::value(*l, list, key)).collect::<Vec<_>>())
    };
    let of = |key: &str| match key {
        "stall_cause" => Cause::ALL.iter().map(|c| words(key, c.key())).collect(),
        "stake_from" => Stake::ALL.iter().map(|s| words(key, s.key())).collect(),
        "advice" => Advice::ALL.iter().map(|a| words(key, a.key())).collect(),
        _ => Vec::new(),
    };
    columns(lang).into_iter().map(|c| (c.clone(), of(&c.key))).collect()
}

/// The table of stalled customers.
pub fn report(index: &Index<'_>, list: &[Case], lang: Lang) -> Document {
    let rows = list.iter().map(|c| row(index, c, lang)).collect();
    Document::table(Table { columns: columns(lang), rows, ..Table::default() })
}

fn row(index: &Index<'_>, case: &Case, lang: Lang) -> Row {
    let book = index.book;
    let c = &book.customers[case.customer];
    let days = |n: Option<i64>| n.map_or(Cell::NotAvailable, Cell::Int);
    let word = |list: &str, key: &str| code(key, values::value(lang, list, key));
    let limit = case.clocks.limit;
    let stake = case.stake.map(|(amount, _)| Cell::money(amount, &book.settings.file.currency));
    Row {
        cells: vec![
            Cell::Id(c.id.into()),
            text(c.name),
            text(c.owner),
            code(c.stage, stage_label(lang, &book.settings, c.stage)),
            text(c.grade),
            days(case.clocks.stage),
            limit.map_or(Cell::Missing, |l| Cell::Int(l.days)),
            limit.map_or(Cell::Missing, |l| Cell::Int(l.cases)),
            days(case.clocks.touch),
            case.clocks.touch_limit.map_or(Cell::Missing, Cell::Int),
            Cell::Int(case.contacts),
            days(case.planned),
            word("stall_cause", case.cause.key()),
            case.odds.and_then(Rate::told).map_or(Cell::NotAvailable, Cell::Ratio),
            case.odds.map_or(Cell::Missing, |o| Cell::Int(o.cases)),
            stake.unwrap_or(Cell::NotAvailable),
            case.stake.map_or(Cell::Missing, |(_, from)| word("stake_from", from.key())),
            word("advice", case.advice.key()),
            case.due.as_ref().map_or(Cell::Missing, |d| Cell::Day(d.day)),
        ],
        tone: match case.advice {
            Advice::Contact | Advice::Attack => Tone::Bad,
            Advice::Drop => Tone::Faint,
            Advice::Wait => Tone::Plain,
        },
        ..Row::default()
    }
}

/// The document with what stands behind each case below the table.
pub fn with_explanations(mut doc: Document, index: &Index<'_>, list: &[Case], lang: Lang) -> Document {
    for case in list {
        let lines: Vec<String> = explain(index, case, lang).into_iter().map(|l| format!("  {l}")).collect();
        let id = index.book.customers[case.customer].id;
        doc.blocks.push(Block::Note(format!("{}\n{}", m::labelled(lang, id, m::rule(lang, "R3")), lines.join("\n"))));
    }
    doc
}

/// Why a customer is stalled, its cause, its odds, its stake: the inputs, and the rows as file:line.
fn explain(index: &Index<'_>, case: &Case, lang: Lang) -> Vec<String> {
    let book = index.book;
    let (c, clocks) = (&book.customers[case.customer], &case.clocks);
    let place = |event: &str, key: &str| place_of(index, case.customer, event, key);
    let mut out = Vec::new();
    if let (Some(since), Some(days)) = (clocks.stage_since, clocks.stage) {
        let at = m::stalled_stage(lang, since, place("stage", "stage"), m::days_of(lang, days));
        out.push(match clocks.limit {
            None => at,
            Some(l) if l.own => {
                m::stalled_limit_own(lang, at, l.days, book.settings.file.stalled.history_percent(), l.cases)
            }
            Some(l) => m::stalled_limit(lang, at, l.days, format!("stages.{}.stall_after", c.stage), l.cases),
        });
    }
    if let Some(days) = clocks.touch {
        let at = match (case.touched, owner_since(index, case.customer), c.created) {
            (Some(a), ..) => m::stalled_touch(lang, a.day(), book.place(a.place()), m::days_of(lang, days)),
            (None, Some(day), _) => m::stalled_untouched(lang, day, place("owner", "owner"), m::days_of(lang, days)),
            (None, None, Some(day)) => m::stalled_untouched(lang, day, place("", "created"), m::days_of(lang, days)),
            (None, None, None) => String::new(),
        };
        out.push(match (clocks.cycle, clocks.touch_limit) {
            (Some((span, from)), Some(limit)) => {
                let (file, key) = cycle_key(c, from);
                let cycles = book.settings.file.stalled.touch_cycles();
                m::stalled_cycles(lang, at, limit, cycles, m::span(lang, span), file, key)
            }
            _ => at,
        });
    }
    if let (Some(since), Some(planned)) = (case.since, case.planned) {
        out.push(m::stalled_contacts(lang, since, case.contacts, planned));
    }
    out.push(m::labelled(
        lang,
        labels::label(lang, "stall_cause"),
        values::value(lang, "stall_cause", case.cause.key()),
    ));
    let contact = |a: &Activity| {
        let outcome = a.outcome();
        let outcome = if outcome.is_empty() { m::empty_word(lang) } else { values::value(lang, "outcome", outcome) };
        m::stalled_contact(lang, book.place(a.place()), a.day(), outcome)
    };
    out.extend(cut(case.shown_by.iter().map(contact).collect(), lang));
    if let Some(p) = case.peer {
        out.push(m::stalled_peer(lang, book.team.name(p.who), rate(p.theirs), book.team.name(c.owner), rate(p.own)));
    }
    if let (Some(o), Some(days)) = (case.odds, clocks.stage) {
        let ratio = o.told().map_or_else(|| m::stalled_few(lang, FEW), ratio_text);
        out.push(m::stalled_odds(lang, o.cases, m::days_of(lang, days), o.hits, ratio));
    }
    if let Some((amount, from)) = case.stake {
        let amount = amount_text(&book.settings.file.currency, amount);
        let line = m::stalled_stake(lang, amount, values::value(lang, "stake_from", from.key()));
        out.push(if case.is_high { m::stalled_high(lang, line, share(book)) } else { line });
    }
    out.push(m::labelled(lang, labels::label(lang, "advice"), values::value(lang, "advice", case.advice.key())));
    out
}

fn share(book: &Book) -> String {
    ratio_text(book.settings.key_share())
}

/// `4 / 20 = 20.0%`
fn rate(r: Rate) -> String {
    let ratio = Decimal::from(r.hits).checked_div(Decimal::from(r.cases)).map(ratio_text);
    format!("{} / {} = {}", r.hits, r.cases, ratio.unwrap_or_default())
}

/// Where a decision stands: the event that made it, else the customer's file.
fn place_of(index: &Index<'_>, customer: usize, event: &str, key: &str) -> String {
    let c = &index.book.customers[customer];
    let fold = fold_of(index.events(customer), event);
    match fold.as_ref().and_then(|f| f.applied.last()) {
        Some(e) => index.book.place(e.place()),
        None => {
            let line = c.rest().lines.iter().find(|(k, _)| *k == key).map(|(_, line)| format!(":{line}"));
            format!("{}{}", c.file, line.unwrap_or_default())
        }
    }
}
