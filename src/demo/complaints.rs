//! Complaints: what was wrong, who handled it, and how far it has come.

use super::calendar::{Calendar, instant, plus, working};
use super::cast::{Cast, Line};
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use super::trade::Order;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::rules::complaints::{ASSIGNED, CONFIRMED, NEW, RESOLVED, WAITING};

/// Who handles complaints about goods.
const ENGINEER: &str = "gao";

/// Writes what a story tells of them: `complaint: DAYS PRODUCT CATEGORY SEVERITY LIABILITY COST WORKDAYS STATE [batch=B] [grade=G]
/// | text | cause | handling | what it waited for`. A state beyond the demo's last day is not reached.
pub(super) fn write(
    cast: &Cast,
    life: &Life,
    orders: &[Order],
    calendar: &Calendar,
    tables: &mut Tables,
    rng: &mut Rng,
) {
    for line in cast.all("complaint") {
        let day = calendar.ago(line.number(0));
        let by = life.owner_on(day);
        let handler = if matches!(line.word(2), "delivery" | "price") { by } else { ENGINEER };
        let id = rng.id(Ledger::Complaints.prefix());
        let product = line.word(1);
        let bought = |o: &&Order| o.day <= day && o.cancelled.is_none() && o.lines.iter().any(|l| l.product == product);
        let order = orders.iter().rev().find(bought).map_or("", |o| o.id.as_str());
        let named = |key: &str| line.words.iter().find_map(|w| w.strip_prefix(key)).unwrap_or("");
        // What was found out stands there once it is solved.
        let solved = matches!(line.word(7), RESOLVED | CONFIRMED | "told" | "reopened");
        let found = |word: &'static str| if solved { word } else { "" };
        tables.add(
            Ledger::Complaints,
            by,
            day,
            &[
                ("id", &id),
                ("at", &instant(day, 560)),
                ("customer", cast.id),
                ("contact", cast.line("contact").map_or("", |c: &Line| c.word(0))),
                ("product", product),
                ("order", order),
                ("batch", named("batch=")),
                ("category", line.word(2)),
                ("severity", line.word(3)),
                ("grade", named("grade=")),
                ("liability", found(line.word(4))),
                ("cause", found(line.text(1))),
                ("cost", found(line.word(5))),
                ("by", by),
                ("text", line.text(0)),
            ],
        );
        let mut story = Story { id, state: NEW, calendar, tables, rng };
        let manager = match (handler, cast.east) {
            ("zhao" | "sun", _) => "lin",
            (_, true) => "zhao",
            (_, false) => "sun",
        };
        story.tell(line, (day, handler, manager));
    }
}

struct Story<'a, 'b> {
    id: String,
    state: &'static str,
    calendar: &'a Calendar,
    tables: &'b mut Tables,
    rng: &'b mut Rng,
}

impl Story<'_, '_> {
    /// Writes an event, unless it lies ahead; whether it was written.
    fn event(&mut self, (day, minute): (Day, i64), event: &str, to: &str, by: &str, note: &str) -> bool {
        let id = self.rng.id(Ledger::Events.prefix());
        if day > self.calendar.last {
            return false;
        }
        let from = if event == "state" { self.state } else { "" };
        self.tables.event(&Event {
            id,
            day,
            minute,
            kind: Ledger::Complaints.kind(),
            subject: &self.id,
            event,
            from,
            to,
            by,
            note,
            ..Event::default()
        });
        true
    }

    fn turn(&mut self, at: (Day, i64), to: &'static str, by: &str, note: &str) -> bool {
        let turned = self.event(at, "state", to, by, note);
        if turned {
            self.state = to;
        }
        turned
    }

    fn tell(&mut self, line: &Line, (day, handler, manager): (Day, &str, &str)) {
        let end = line.word(7);
        if end == NEW {
            return;
        }
        self.event((day, 580), "assignee", handler, manager, "");
        self.turn((day, 580), ASSIGNED, manager, "");
        self.event((day, 640), "acknowledged", "call", handler, "");
        if !line.text(3).is_empty() {
            let from = working(plus(day, 1));
            self.turn((from, 600), WAITING, handler, line.text(3));
            if end == WAITING || !self.turn((working(plus(from, 1)), 900), ASSIGNED, handler, "") {
                return;
            }
        }
        let solved = (0..line.number(6)).fold(day, |d, _| working(plus(d, 1)));
        if end == ASSIGNED || !self.turn((solved, 960), RESOLVED, handler, line.text(2)) {
            return;
        }
        let next = working(plus(solved, 1));
        if end == RESOLVED || !self.turn((next, 600), CONFIRMED, manager, "") {
            return;
        }
        if end == CONFIRMED || !self.event((next, 630), "told", "call", handler, "") {
            return;
        }
        if end == "reopened" {
            let again = working(plus(next, 3));
            self.turn((again, 600), ASSIGNED, manager, "同样的问题又出现");
            let fixed = working(plus(again, 1));
            self.turn((fixed, 900), RESOLVED, handler, "整批更换");
            self.turn((working(plus(fixed, 1)), 600), CONFIRMED, manager, "");
            self.event((working(plus(fixed, 1)), 640), "told", "visit", handler, "");
        }
    }
}
