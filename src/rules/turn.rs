//! Events: what happens to a thing is appended after its newest event, or refused. This goes for every kind: customers,
//! deals, orders, quotes, tasks, money …

use crate::model::book::Book;
use crate::model::breach::Breach;
use crate::model::change::ChangeSet;
use crate::model::day::{At, Day};
use crate::model::ledger::{Ledger, ledger_of_kind};
use crate::model::new_rows::NewRow;
use crate::model::plan::Obstacle;
use crate::model::refusal::{NewestEvent, Refusal};
use crate::model::row::Event;

/// Who decides, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Team id.
    pub by: String,
    /// The instant that events get.
    pub at: At,
    /// Whether that is what the clock says: then it gives way to an event that is a few seconds ahead.
    pub by_clock: bool,
    /// Why.
    pub note: String,
}

/// How far clocks go apart without anybody noticing, in seconds: those of a team, and one that was just set.
pub const APART: i64 = 10;

impl Act {
    /// The instant of an event after the newest one of its subject: [`following`], and by a clock that is a few seconds behind
    /// just after it. `None` when the newest one is later than that.
    pub fn after(&self, newest: Option<At>) -> Option<At> {
        let ahead = newest.filter(|n| *n > self.at && self.by_clock && (n.utc - self.at.utc).num_seconds() <= APART);
        following(newest, ahead.map_or(self.at, |n| At { bare: false, ..n }))
    }
}

/// When a fact happened: a day that has not come yet holds none.
///
/// # Errors
/// [`Obstacle::InTheFuture`].
pub fn happened(at: At, today: Day) -> Result<At, Obstacle> {
    if at.day > today { Err(Obstacle::InTheFuture { day: at.day }) } else { Ok(at) }
}

/// What an event says besides the change itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// `until`.
    pub until: Option<Day>,
    /// A code of kehu.toml.
    pub reason: String,
    /// To whom it was lost.
    pub competitor: String,
}

/// What an event says: something of a subject turned from one value to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Kind of the subject.
    pub kind: &'a str,
    /// Its id.
    pub subject: &'a str,
    /// What turned: `stage`, `owner`, `state` …
    pub event: &'a str,
    /// Value before; empty = none.
    pub from: &'a str,
    /// Value after.
    pub to: &'a str,
}

/// The row of an event, without its id.
fn event_row(book: &Book, what: Turn<'_>, act: &Act, extra: &Extra) -> NewRow {
    let Turn { kind, subject, event, from, to } = what;
    let mut row: NewRow = vec![
        ("at", act.at.to_text(book.settings.tz)),
        ("kind", kind.into()),
        ("subject", subject.into()),
        ("event", event.into()),
        ("from", from.into()),
        ("to", to.into()),
        ("by", act.by.clone()),
    ];
    let mut more = |key: &'static str, value: String| {
        if !value.is_empty() {
            row.push((key, value));
        }
    };
    more("until", extra.until.map(|d| d.to_string()).unwrap_or_default());
    more("reason", extra.reason.clone());
    more("competitor", extra.competitor.clone());
    more("note", act.note.clone());
    row
}

/// The newest event of something that is no customer, whatever day the book is seen from.
pub fn newest_event(book: &Book, kind: &str, subject: &str) -> Option<Event> {
    let seen = book.events.iter().filter(|e| e.kind() == kind && e.subject() == subject);
    let later = book.later.iter().filter(|((k, s), _)| *k == kind && *s == subject).map(|(_, e)| *e);
    seen.chain(later).max_by_key(|e| e.at())
}

/// The day on which something that is no customer was made, by the rows that the book holds; `None` where it holds none.
pub fn made(book: &Book, kind: &str, id: &str) -> Option<Day> {
    let ledger = ledger_of_kind(kind)?;
    let typed = match ledger {
        Ledger::Orders => book.orders.iter().filter(|l| l.id() == id).map(|l| l.day()).min(),
        Ledger::Receipts => book.receipts.iter().filter(|r| r.id() == id).map(|r| r.day()).min(),
        Ledger::Refunds => book.refunds.iter().filter(|r| r.id == id).map(|r| r.at.day).min(),
        Ledger::Payables => book.payables.iter().filter(|p| p.id == id).map(|p| p.at.day).min(),
        Ledger::Payments => book.payments.iter().filter(|p| p.id == id).map(|p| p.at.day).min(),
        Ledger::Tasks => book.tasks.iter().filter(|t| t.id == id).map(|t| t.at.day).min(),
        Ledger::Quotes => book.quotes.iter().filter(|l| l.id == id).map(|l| l.at.day).min(),
        _ => None,
    };
    let plain = || {
        let (own, at) = (ledger.column("id")?, ledger.column("at")?);
        let rows = book.plain.get(&ledger)?.iter().filter(|r| r.cell(own) == id);
        rows.filter_map(|r| At::parse(r.cell(at), book.settings.tz)).map(|at| at.day).min()
    };
    typed.or_else(plain)
}

/// What contradicts a thing of a day: its first event is from before.
pub fn before_made(first: Event, made: Day) -> Option<Breach> {
    let what = || first.subject().into();
    let (event, day) = (first.id(), first.day());
    (day < made).then(|| Breach::BeforeMade { what: what(), event: event.into(), day, made })
}

/// The first event of a thing, whatever day the book is seen from.
pub fn first_event(book: &Book, kind: &str, subject: &str) -> Option<Event> {
    let all = book.events.iter().filter(|e| e.kind() == kind && e.subject() == subject);
    all.min_by_key(|e| (e.at(), e.id()))
}

/// The refusal of what is older than the newest event of its subject, or than the subject itself.
pub fn older(book: &Book, what: Turn<'_>, newest: At, act: &Act) -> Refusal {
    let event = match what.kind {
        "customer" => book.customer_index(what.subject).and_then(|n| book.newest_of(n)),
        kind => newest_event(book, kind, what.subject),
    };
    let by = event.filter(|e| e.at() == newest).map(|e| {
        Box::new(NewestEvent {
            id: e.id().into(),
            place: book.place(e.place()),
            at: e.at().to_text(book.settings.tz),
            now: act.by_clock.then(|| act.at.to_text(book.settings.tz)),
        })
    });
    Refusal::OlderThanNewest {
        kind: what.kind.into(),
        id: what.subject.into(),
        event: what.event.into(),
        newest: newest.day,
        by,
    }
}

/// The instant of a new event: `at`, or a millisecond after the subject's newest event when that lies in the same second,
/// so that events of one subject never tie. `None` when the newest one is later than that.
pub fn following(newest: Option<At>, at: At) -> Option<At> {
    let Some(newest) = newest.filter(|n| *n >= at) else { return Some(at) };
    if newest.utc.timestamp() > at.utc.timestamp() {
        return None;
    }
    Some(At { utc: newest.utc + chrono::Duration::milliseconds(1), ..at })
}

/// The instant at which something may turn: [`Act::after`], or a refusal.
///
/// # Errors
/// [`Refusal::OlderThanNewest`].
pub fn instant(book: &Book, newest: Option<At>, what: Turn<'_>, act: &Act) -> Result<At, Refusal> {
    act.after(newest).ok_or_else(|| older(book, what, newest.unwrap_or(act.at), act))
}

/// One event at `act.at`, whatever happened before: of a thing that is new, or whose events the caller has in order.
pub fn event(book: &Book, what: Turn<'_>, act: &Act, extra: &Extra) -> ChangeSet {
    let mut set = ChangeSet::default();
    set.append(Ledger::Events, chrono::Datelike::year(&act.at.day), event_row(book, what, act, extra));
    set
}

/// Something turns: one event after the newest one of the same subject, and not before the subject was made. The book must hold the
/// events.
///
/// # Errors
/// [`Refusal::OlderThanNewest`] when the subject, or its newest event, is later than `act.at`.
pub fn turn(book: &Book, what: Turn<'_>, act: &Act, extra: &Extra) -> Result<ChangeSet, Refusal> {
    if let Some(newest) = made(book, what.kind, what.subject).filter(|made| *made > act.at.day) {
        let (kind, id, event) = (what.kind.into(), what.subject.into(), what.event.into());
        return Err(Refusal::OlderThanNewest { kind, id, event, newest, by: None });
    }
    turn_after(book, newest_event(book, what.kind, what.subject).map(|e| e.at()), what, act, extra)
}

/// The same after an instant that the caller knows: the newest event of a customer, or the day on which a quote was made.
///
/// # Errors
/// [`Refusal::OlderThanNewest`].
pub fn turn_after(
    book: &Book,
    newest: Option<At>,
    what: Turn<'_>,
    act: &Act,
    extra: &Extra,
) -> Result<ChangeSet, Refusal> {
    let act = Act { at: instant(book, newest, what, act)?, ..act.clone() };
    Ok(event(book, what, &act, extra))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::columns::tests::segment;
    use crate::model::day::parse_day;
    use crate::model::settings::Settings;
    use crate::model::team::Team;
    use crate::model::zone::Zone;

    #[test]
    fn an_event_comes_after_the_newest_or_not_at_all() {
        let at = |text: &str| At::parse(text, Zone::utc()).unwrap();
        let text = "format = 1\nname = \"x\"\ncurrency = \"CNY\"\ntimezone = \"UTC\"\n";
        let settings = Settings::new(toml::from_str(text).unwrap()).0;
        let mut book = Book::new(parse_day("2026-06-30").unwrap(), settings, Team::default());
        book.events.push(segment(Ledger::Events, &["e1,2026-06-10T09:00:00Z,task,t1,state,open,done,,,,,"]));
        let check = |subject: &str, when: &str, by_clock: bool, expected: Option<&str>| {
            let what = Turn { kind: "task", subject, event: "state", from: "done", to: "open" };
            let act = Act { by: "li".into(), at: at(when), by_clock, note: String::new() };
            let got = turn(&book, what, &act, &Extra::default());
            let newest = newest_event(&book, "task", subject).map(|e| e.at());
            let instant = got.as_ref().ok().map(|_| instant(&book, newest, what, &act));
            assert_eq!(instant.map(|i| i.unwrap().utc), expected.map(|e| at(e).utc), "{subject} {when}: {got:?}");
            if let Err(r) = got {
                let newest = parse_day("2026-06-10").unwrap();
                let [kind, id, event] = ["task", subject, "state"].map(str::to_string);
                let [its, place, day] = ["e1", ":2", "2026-06-10T09:00:00+00:00"].map(str::to_string);
                let now = by_clock.then(|| act.at.to_text(Zone::utc()));
                let by = Some(Box::new(NewestEvent { id: its, place, at: day, now }));
                assert_eq!(r, Refusal::OlderThanNewest { kind, id, event, newest, by });
            }
        };
        for by_clock in [false, true] {
            check("t1", "2026-06-10T09:00:01Z", by_clock, Some("2026-06-10T09:00:01Z"));
            check("t1", "2026-06-10T09:00:00Z", by_clock, Some("2026-06-10T09:00:00.001Z"));
            check("t2", "2026-06-10T08:59:59Z", by_clock, Some("2026-06-10T08:59:59Z"));
            check("t1", "2026-06-10T08:59:49Z", by_clock, None);
        }
        // A clock that is a little behind gives way; a time that somebody names does not.
        check("t1", "2026-06-10T08:59:59Z", true, Some("2026-06-10T09:00:00.001Z"));
        check("t1", "2026-06-10T08:59:50Z", true, Some("2026-06-10T09:00:00.001Z"));
        check("t1", "2026-06-10T08:59:59Z", false, None);
    }
}
