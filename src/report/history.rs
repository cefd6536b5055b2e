//! What happened to a thing: its events in the order in which they count.

use super::document::{Cell, Column, Document, Row, Table, Tone};
use super::due::{code, text};
use super::fields::word;
use super::{col, hidden};
use crate::i18n::{Lang, messages as m, values};
use crate::model::book::Book;
use crate::model::ledger::event::Effect;
use crate::model::ledger::{events_of, ledger_of_kind};
use crate::model::row::Event;
use crate::model::settings::Settings;
use crate::rules::decisions::BY_HAND;
use crate::rules::history::fold;
use crate::rules::quotes::chain;
use crate::rules::seal::words;
use crate::store::cells::unescape_note;
use std::collections::HashMap;

/// What an event turned something to, in the reader's language.
pub fn event_value(lang: Lang, settings: &Settings, kind: &str, event: &str, value: &str) -> String {
    match ledger_of_kind(kind) {
        // Several events may be about one fact, as those of quotes are.
        Some(ledger) => {
            let fact = ledger.events().iter().find(|e| e.name == event).map_or(event, |e| e.fact);
            word(lang, settings, Some(ledger), fact, value)
        }
        None => word(lang, settings, None, event, value),
    }
}

/// The events of one subject, oldest first; lost races are marked.
pub fn report(book: &Book, events: &[Event], lang: Lang) -> Document {
    let mut sorted: Vec<Event> = events.to_vec();
    sorted.sort_by(|a, b| a.at().cmp(&b.at()).then(a.id().cmp(b.id())));
    // The events of a quote are one chain, whatever they are called.
    let name = |e: Event| if e.kind() == "quote" { "" } else { e.event() };
    let mut names: Vec<&str> = sorted.iter().map(|e| name(*e)).collect();
    names.sort_unstable();
    names.dedup();
    // What is only told turns nothing.
    let told = |e: &&Event| events_of(e.kind()).iter().any(|s| s.name == e.event() && s.effect == Effect::Tells);
    let folds: Vec<_> = names
        .iter()
        .filter_map(|wanted| {
            let list: Vec<Event> = sorted.iter().copied().filter(|e| name(*e) == *wanted && !told(&e)).collect();
            if wanted.is_empty() { Some(chain(&list).0) } else { fold(&list) }
        })
        .collect();
    let mut lost: Vec<&str> = folds.iter().flat_map(|f| f.lost.iter().map(|l| l.event.id())).collect();
    lost.extend(sorted.iter().filter(|e| name(**e).is_empty() && !told(e) && e.to() != e.event()).map(|e| e.id()));
    // Events of one instant stand in the order in which they chain.
    let place: HashMap<&str, usize> =
        folds.iter().flat_map(|f| f.applied.iter().enumerate().map(|(n, e)| (e.id(), n))).collect();
    sorted.sort_by_key(|e| (e.at(), place.get(e.id()).copied().unwrap_or(usize::MAX), e.id()));
    let columns = vec![
        col(lang, "id"),
        col(lang, "at"),
        col(lang, "event"),
        col(lang, "from"),
        col(lang, "to"),
        col(lang, "until"),
        col(lang, "reason"),
        col(lang, "competitor"),
        col(lang, "by"),
        col(lang, "note"),
        Column { machine_only: lost.is_empty(), ..hidden(lang, "applied") },
        hidden(lang, "kind"),
        hidden(lang, "subject"),
    ];
    let word = |e: Event, v: &str| match event_value(lang, &book.settings, e.kind(), e.event(), v) {
        word if word == v => text(v),
        word => code(v, word),
    };
    let rows = sorted
        .iter()
        .map(|e| {
            let applied = !lost.contains(&e.id());
            Row {
                cells: vec![
                    Cell::Id(e.id().into()),
                    Cell::At(e.at()),
                    code(e.event(), values::value(lang, "event", e.event())),
                    word(*e, e.from()),
                    word(*e, e.to()),
                    e.until().map_or(Cell::Missing, Cell::Day),
                    code(
                        e.reason(),
                        values::value(lang, if e.kind() == "customer" { "close" } else { "lost" }, e.reason()),
                    ),
                    text(e.competitor()),
                    text(e.by()),
                    if e.note() == BY_HAND { code(BY_HAND, m::by_hand(lang)) } else { text(&unescape_note(words(*e))) },
                    Cell::Flag(applied),
                    code(e.kind(), values::value(lang, "subject_kind", e.kind())),
                    text(e.subject()),
                ],
                tone: if applied { Tone::Plain } else { Tone::Bad },
                ..Row::default()
            }
        })
        .collect();
    Document::table(Table { columns, rows, ..Table::default() })
}
