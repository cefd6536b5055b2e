//! Quotes, needs and tasks.

use super::calendar::{Calendar, instant, is_worked, plus};
use super::cast::{Cast, Line};
use super::catalog;
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// Writes what a story tells of them.
pub(super) fn write(cast: &Cast, life: &Life, calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    let needs = needs(cast, life, calendar, tables, rng);
    quotes(cast, life, &needs, calendar, tables, rng);
    for line in cast.all("task") {
        let at = calendar.ago(line.number(0));
        let due = plus(calendar.today, line.number(1));
        task(cast, at, due, (line.word(2), line.word(3), line.word(4), line.text(0)), calendar, tables, rng);
    }
    if let Some(first) = life.first_order().filter(|d| plus(*d, 620) > calendar.today) {
        let due = working(plus(first, 14));
        let state = if plus(due, 1) < calendar.last { "done" } else { "open" };
        let title = if cast.abroad() {
            "First delivery: ask about arrival, wiring and papers"
        } else {
            "首单回访：到货、安装、使用情况"
        };
        task(cast, first, due, ("onboarding", state, life.owner_on(first), title), calendar, tables, rng);
    }
}

fn working(day: Day) -> Day {
    (0..30).map(|n| plus(day, n)).find(|d| is_worked(*d)).unwrap_or(day)
}

fn needs(cast: &Cast, life: &Life, calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) -> Vec<(Day, String)> {
    let mut ids = Vec::new();
    for line in cast.all("need") {
        let day = calendar.ago(line.number(0));
        let id = rng.id(Ledger::Needs.prefix());
        let flag = |c: char| if line.word(1).contains(c) { "yes" } else { "" };
        let by = life.owner_on(day);
        tables.add(
            Ledger::Needs,
            by,
            day,
            &[
                ("id", &id),
                ("at", &instant(day, rng.range(600, 1000))),
                ("customer", cast.id),
                ("contact", cast.line("contact").map_or("", |c: &Line| c.word(0))),
                ("text", line.text(0)),
                ("urgent", flag('u')),
                ("important", flag('i')),
                ("cause", line.text(1)),
                ("solution", line.text(2)),
                ("by", by),
            ],
        );
        ids.push((day, id));
    }
    ids
}

fn quotes(cast: &Cast, life: &Life, needs: &[(Day, String)], calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    for (number, line) in cast.all("quote").enumerate() {
        let day = calendar.ago(line.number(0));
        let by = life.owner_on(day);
        let id = rng.id(Ledger::Quotes.prefix());
        let mut categories = cast.items("buys");
        if categories.is_empty() {
            categories = vec!["cabinet", "controller", "sensor"];
        }
        let mut products = catalog::on_sale(calendar, day, &categories);
        rng.shuffle(&mut products);
        let lines = 1 + rng.below(3);
        let need = needs.iter().find(|(d, _)| *d <= day && plus(*d, 60) > day).map_or("", |(_, id)| id);
        let discount = if number == 0 { "0.05" } else { "0.08" };
        for (n, (product, version)) in products.iter().take(lines).enumerate() {
            let quantity = match product.category {
                "sensor" => rng.range(2, 8) * 5,
                "cabinet" => rng.range(1, 6),
                "service" => rng.range(1, 3),
                _ => rng.range(2, 10),
            };
            tables.add(
                Ledger::Quotes,
                by,
                day,
                &[
                    ("id", &id),
                    ("line", &(n + 1).to_string()),
                    ("at", &day.to_string()),
                    ("customer", cast.id),
                    ("version", if line.number(2) > 0 { "2" } else { "1" }),
                    ("product", product.id),
                    ("quantity", &quantity.to_string()),
                    ("price", version.price),
                    ("discount", discount),
                    ("valid_until", &plus(day, 30).to_string()),
                    ("need", need),
                    ("by", by),
                    ("note", if n == 0 { "含 13% 增值税另计，货到现场" } else { "" }),
                ],
            );
        }
        let state = line.word(1);
        let mut add = |event: &str, day: Day, minute: i64, note: &str, rng: &mut Rng| {
            if day <= calendar.last {
                let id_of_event = rng.id(Ledger::Events.prefix());
                tables.event(&Event {
                    id: id_of_event,
                    day,
                    minute,
                    kind: "quote",
                    subject: &id,
                    event,
                    by: life.owner_on(day),
                    note,
                    ..Event::default()
                });
            }
        };
        add("sent", day, 1000, "", rng);
        match state {
            "accepted" => add(state, calendar.snap(plus(day, rng.range(3, 6))), 960, "", rng),
            "declined" => add(state, calendar.snap(plus(day, rng.range(6, 9))), 960, "价格高于竞争对手", rng),
            _ => {}
        }
    }
}

fn task(
    cast: &Cast,
    at: Day,
    due: Day,
    (kind, state, owner, title): (&str, &str, &str, &str),
    calendar: &Calendar,
    tables: &mut Tables,
    rng: &mut Rng,
) {
    let id = rng.id(Ledger::Tasks.prefix());
    let minute = rng.range(1030, 1060);
    tables.add(
        Ledger::Tasks,
        owner,
        at,
        &[
            ("id", &id),
            ("at", &instant(at, minute)),
            ("title", title),
            ("due", &due.to_string()),
            ("owner", owner),
            ("customer", cast.id),
            ("kind", kind),
        ],
    );
    if matches!(state, "done" | "dropped") {
        let day = calendar.back(plus(due, rng.range(-3, 1))).max(at);
        let id_of_event = rng.id(Ledger::Events.prefix());
        tables.event(&Event {
            id: id_of_event,
            day,
            minute: 1070,
            kind: "task",
            subject: &id,
            event: "state",
            from: "open",
            to: state,
            by: owner,
            note: if state == "done" { "" } else { "客户取消" },
            ..Event::default()
        });
    }
}
