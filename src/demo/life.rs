//! The decisions about a customer over time: its events, and where they leave it.

use super::calendar::{Calendar, plus};
use super::cast::Cast;
use super::rng::Rng;
use super::tables::{Event, Tables};
use crate::model::customer::DECISIONS;
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// Minutes of the day at which decisions are made, so that those of one day follow each other sensibly.
mod minute {
    pub(super) const REOPEN: i64 = 8 * 60 + 35;
    pub(super) const OWNER: i64 = 8 * 60 + 50;
    pub(super) const CREATED: i64 = 9 * 60 + 5;
    pub(super) const MOVE: i64 = 16 * 60 + 40;
    pub(super) const INTENT: i64 = 16 * 60 + 50;
    pub(super) const ORDER: i64 = 17 * 60 + 10;
    pub(super) const GRADE: i64 = 17 * 60 + 30;
    pub(super) const CLOSE: i64 = 17 * 60 + 40;
}

/// A decision, before its `from` is known.
#[derive(Clone)]
struct Decision {
    day: Day,
    minute: i64,
    event: &'static str,
    to: &'static str,
    by: &'static str,
    note: String,
    until: Option<Day>,
    reason: &'static str,
    competitor: &'static str,
}

/// What happened to a customer.
pub(super) struct Life {
    pub(super) created: Day,
    pub(super) closed_until: Option<Day>,
    pub(super) grade_until: Option<Day>,
    decisions: Vec<Decision>,
}

/// The first day of an order, with its id and who entered it.
pub(super) struct OrderDay {
    pub(super) day: Day,
    pub(super) id: String,
    pub(super) by: &'static str,
}

/// The manager of a pool or of one of its people.
fn manager(east: bool) -> &'static str {
    if east { "zhao" } else { "sun" }
}

/// The owners of a customer, each from a day on; `""` is the pool.
pub(super) fn owners(cast: &Cast, calendar: &Calendar) -> Vec<(Day, &'static str)> {
    let mut first = true;
    cast.all("owner")
        .map(|line| {
            if std::mem::take(&mut first) {
                (calendar.ago(cast.number("created", 0)), line.word(0))
            } else {
                (calendar.ago(line.number(0)), line.word(1))
            }
        })
        .collect()
}

/// Who owned the customer on a day; empty = nobody.
pub(super) fn owner_on(owners: &[(Day, &'static str)], day: Day) -> &'static str {
    owners.iter().rev().find(|(since, _)| *since <= day).map_or("", |(_, who)| who)
}

impl Life {
    /// Follows a customer through its story; `orders` are its first two order days.
    pub(super) fn new(cast: &Cast, calendar: &Calendar, orders: &[OrderDay], rng: &mut Rng) -> Life {
        let created = calendar.ago(cast.number("created", 0));
        let mut life = Life { created, closed_until: None, grade_until: None, decisions: Vec::new() };
        let owners = owners(cast, calendar);
        let owner = |day: Day| owner_on(&owners, day);
        let lead = manager(cast.east);

        let first_owner = owner(created);
        life.add(created, minute::CREATED, "stage", "lead", first_owner, "");
        life.add(created, minute::CREATED, "owner", first_owner, first_owner, "");
        let mut before = first_owner;
        for (line, (day, who)) in cast.all("owner").zip(&owners).skip(1) {
            let by = if before.is_empty() && !who.is_empty() { *who } else { lead };
            life.add(*day, minute::OWNER, "owner", who, by, line.text(0));
            before = who;
        }
        for line in cast.all("intent") {
            let day = calendar.ago(line.number(0));
            life.add(day, minute::INTENT, "intent", line.word(1), owner(day), "");
        }
        for line in cast.all("move") {
            let day = calendar.ago(line.number(0));
            life.add(day, minute::MOVE, "stage", line.word(1), owner(day), line.text(0));
        }
        if let Some(o) = orders.first() {
            life.add(o.day, minute::ORDER, "stage", "first-order", o.by, &o.id);
            life.add(o.day, minute::ORDER, "intent", "", o.by, &o.id);
        }
        if let Some(o) = orders.get(1) {
            life.add(o.day, minute::ORDER, "stage", "repeat", o.by, &o.id);
        }
        life.grades(cast, calendar, orders, rng);
        for line in cast.all("close") {
            let day = calendar.ago(line.number(0));
            let until = (!line.word(2).is_empty()).then(|| plus(calendar.today, line.number(2)));
            life.add(day, minute::CLOSE, "status", "closed", owner(day), line.text(0));
            if let Some(d) = life.decisions.last_mut() {
                d.reason = line.word(1);
                d.competitor = line.word(3);
                d.until = until;
            }
            life.closed_until = until;
        }
        for line in cast.all("reopen") {
            let day = calendar.ago(line.number(0));
            // The owner of that day has not yet changed at this minute.
            life.add(day, minute::REOPEN, "status", "active", owner(plus(day, -1)), line.text(0));
            life.closed_until = None;
        }
        life.decisions.sort_by_key(|d| (d.day, d.minute));
        life
    }

    fn add(&mut self, day: Day, minute: i64, event: &'static str, to: &'static str, by: &'static str, note: &str) {
        let note = note.to_string();
        self.decisions.push(Decision { day, minute, event, to, by, note, until: None, reason: "", competitor: "" });
    }

    /// The half-yearly grades: the story lists them latest first.
    fn grades(&mut self, cast: &Cast, calendar: &Calendar, orders: &[OrderDay], rng: &mut Rng) {
        let Some(first) = orders.first() else { return };
        let mut story: Vec<&'static str> = cast.whole("grade").split_whitespace().collect();
        if story.is_empty() {
            return;
        }
        let manual = cast.line("manual").map(|l| (calendar.ago(l.number(0)), l.word(1), l.number(2)));
        let closed = cast.line("close").map(|l| calendar.ago(l.number(0)));
        let reviews: Vec<Day> = calendar
            .reviews()
            .into_iter()
            .filter(|d| plus(first.day, 20) <= *d && *d <= calendar.last)
            .filter(|d| manual.is_none_or(|m| *d < m.0) && closed.is_none_or(|c| *d < c))
            .collect();
        story.truncate(reviews.len());
        let oldest = story.last().copied().unwrap_or("");
        for (n, day) in reviews.iter().rev().enumerate() {
            let grade = story.get(n).copied().unwrap_or(oldest);
            let (low, high) = match grade {
                "A" => (82, 94),
                "B" => (62, 78),
                "C" => (42, 58),
                _ => (18, 37),
            };
            let note = format!("半年评级 score {}.{:02}", rng.range(low, high), rng.range(0, 99));
            self.add(*day, minute::GRADE, "grade", grade, "lin", &note);
        }
        if let Some((day, grade, ahead)) = manual {
            let until = Some(plus(calendar.today, ahead));
            self.add(day, minute::GRADE, "grade", grade, "lin", "手工定级：集团三家分厂统一改造在即，暂按 A 级维护");
            if let Some(d) = self.decisions.last_mut() {
                d.until = until;
            }
            self.grade_until = until;
        }
    }

    /// The state of a decision now.
    pub(super) fn state(&self, decision: &str) -> &'static str {
        self.state_on(decision, Day::MAX)
    }

    /// The state of a decision at the end of a day.
    pub(super) fn state_on(&self, decision: &str, day: Day) -> &'static str {
        let start = if decision == "status" { "active" } else { "" };
        self.decisions.iter().rev().find(|d| d.event == decision && d.day <= day).map_or(start, |d| d.to)
    }

    /// Whether somebody works on the customer on a day: it is open and has an owner.
    pub(super) fn worked_on(&self, day: Day) -> bool {
        self.created <= day && self.state_on("status", day) == "active" && !self.state_on("owner", day).is_empty()
    }

    /// The owner at the end of a day.
    pub(super) fn owner_on(&self, day: Day) -> &'static str {
        self.state_on("owner", day)
    }

    /// The day of the first order, if any.
    pub(super) fn first_order(&self) -> Option<Day> {
        self.decisions.iter().find(|d| d.to == "first-order").map(|d| d.day)
    }

    /// The days on which the customer moved forward to prospect: something happened on each of them.
    pub(super) fn advances(&self) -> impl Iterator<Item = Day> {
        self.decisions.iter().filter(|d| d.to == "prospect").map(|d| d.day)
    }

    /// The days from one contact to the next that the company plans, as of the end of a day.
    pub(super) fn cycle(&self, cast: &Cast, day: Day) -> i64 {
        let own = cast.whole("every").trim_end_matches('d').parse::<i64>().unwrap_or(0);
        if own > 0 {
            return own;
        }
        match (self.state_on("grade", day), self.state_on("intent", day), self.state_on("stage", day)) {
            ("A", ..) => 14,
            ("B", ..) => 30,
            ("C", ..) => 60,
            ("D", ..) => 90,
            (_, "hot", _) => 3,
            (_, "cold", _) => 15,
            (_, "", "repeat") => 30,
            _ => 7,
        }
    }

    /// Writes the events.
    pub(super) fn write(&self, cast: &Cast, tables: &mut Tables, rng: &mut Rng) {
        for decision in DECISIONS {
            let mut from = if *decision == "status" { "active" } else { "" };
            for d in self.decisions.iter().filter(|d| d.event == *decision) {
                if d.to == from {
                    continue;
                }
                tables.event(&Event {
                    id: rng.id(Ledger::Events.prefix()),
                    day: d.day,
                    minute: d.minute,
                    kind: "customer",
                    subject: cast.id,
                    event: decision,
                    from,
                    to: d.to,
                    until: d.until,
                    reason: d.reason,
                    competitor: d.competitor,
                    by: d.by,
                    note: &d.note,
                });
                from = d.to;
            }
        }
    }
}
