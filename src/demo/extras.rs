//! Quotes, needs and tasks.

use super::calendar::{Calendar, instant, plus, working};
use super::cast::{Cast, Line};
use super::catalog;
use super::deals::Deal;
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use super::trade::Order;
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// Writes what a story tells of them.
pub(super) fn write(
    cast: &Cast,
    life: &Life,
    (orders, deals): (&[Order], &[Deal]),
    calendar: &Calendar,
    tables: &mut Tables,
    rng: &mut Rng,
) {
    let needs = needs(cast, life, calendar, tables, rng);
    quotes(cast, life, &needs, (orders, deals), calendar, tables, rng);
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

/// A line of a quote.
struct Offer {
    product: &'static str,
    quantity: String,
    price: &'static str,
    discount: &'static str,
}

/// A quote on its way into the ledgers: it is sent on the day it is made, unless it is a draft.
struct Quote<'a> {
    id: String,
    need: &'a str,
    /// The open deal that it is about; empty = none.
    deal: &'a str,
    /// Lines written so far.
    lines: usize,
    /// The state by its events.
    state: &'static str,
}

impl Quote<'_> {
    /// Writes a version.
    fn offer(&mut self, cast: &Cast, version: &str, (day, by): (Day, &str), offers: &[Offer], tables: &mut Tables) {
        for (n, o) in offers.iter().enumerate() {
            self.lines += 1;
            tables.add(
                Ledger::Quotes,
                by,
                day,
                &[
                    ("id", &self.id),
                    ("line", &self.lines.to_string()),
                    ("at", &day.to_string()),
                    ("customer", cast.id),
                    ("version", version),
                    ("product", o.product),
                    ("quantity", &o.quantity),
                    ("price", o.price),
                    ("discount", o.discount),
                    ("valid_until", &plus(day, 30).to_string()),
                    ("deal", self.deal),
                    ("need", self.need),
                    ("by", by),
                    ("note", if n == 0 { "不含税，13% 增值税另计，货到现场" } else { "" }),
                ],
            );
        }
    }

    /// Writes what happened to it.
    fn event(&mut self, id: String, to: &'static str, (day, minute): (Day, i64), by: &str, note: &str, t: &mut Tables) {
        t.event(&Event {
            id,
            day,
            minute,
            kind: "quote",
            subject: &self.id,
            event: to,
            from: self.state,
            to,
            reason: if to == "declined" { "price" } else { "" },
            by,
            note,
            ..Event::default()
        });
        self.state = to;
    }
}

fn quotes(
    cast: &Cast,
    life: &Life,
    needs: &[(Day, String)],
    (orders, deals): (&[Order], &[Deal]),
    calendar: &Calendar,
    tables: &mut Tables,
    rng: &mut Rng,
) {
    for (number, line) in cast.all("quote").enumerate() {
        let state = line.word(1);
        // What was added to the stories later draws from a generator of its own: all else stays as it was.
        let mut own = rng.fork("quote");
        let rng = if state == "draft" { &mut own.clone() } else { &mut *rng };
        let mut day = calendar.ago(line.number(0));
        let id = rng.id(Ledger::Quotes.prefix());
        let mut categories = cast.items("buys");
        if categories.is_empty() {
            categories = vec!["cabinet", "controller", "sensor"];
        }
        let mut products = catalog::on_sale(calendar, day, &categories);
        rng.shuffle(&mut products);
        let lines = 1 + rng.below(3);
        let discount = if number == 0 { "0.05" } else { "0.08" };
        let mut offers: Vec<Offer> = Vec::new();
        for (product, version) in products.iter().take(lines) {
            let quantity = match product.category {
                "sensor" => rng.range(2, 8) * 5,
                "cabinet" => rng.range(1, 6),
                "service" => rng.range(1, 3),
                _ => rng.range(2, 10),
            };
            offers.push(Offer { product: product.id, quantity: quantity.to_string(), price: version.price, discount });
        }
        // An accepted quote offered what its order then sold.
        let order = orders
            .iter()
            .filter(|o| state == "accepted" && o.cancelled.is_none())
            .min_by_key(|o| (o.day - plus(day, 5)).num_days().abs());
        if let Some(o) = order {
            if day >= o.day || plus(day, 25) < o.day {
                day = calendar.back(plus(o.day, -4));
            }
            let sold = o.lines.iter().filter(|l| !l.product.is_empty());
            offers = sold
                .map(|l| Offer {
                    product: l.product,
                    quantity: l.quantity.to_string(),
                    price: l.price,
                    discount: l.discount,
                })
                .collect();
        }
        let by = life.owner_on(day);
        let need = needs.iter().find(|(d, _)| *d <= day && plus(*d, 60) > day).map_or("", |(_, id)| id);
        let about = deals.iter().find(|d| d.open && state != "accepted" && d.entered <= day);
        let deal = about.map_or("", |d| d.id.as_str());
        let mut quote = Quote { id, need, deal, lines: 0, state: "draft" };
        if line.number(2) > 0 {
            // A first version with a smaller discount.
            let first = calendar.back(plus(day, -line.number(2)));
            let dearer: Vec<Offer> =
                offers.iter().map(|o| Offer { discount: "0.03", quantity: o.quantity.clone(), ..*o }).collect();
            quote.offer(cast, "1", (first, by), &dearer, tables);
            quote.event(own.id(Ledger::Events.prefix()), "sent", (first, 1000), by, "", tables);
        }
        let version = if line.number(2) > 0 { "2" } else { "1" };
        quote.offer(cast, version, (day, by), &offers, tables);
        if state == "draft" {
            continue;
        }
        quote.event(rng.id(Ledger::Events.prefix()), "sent", (day, 1000), by, "", tables);
        let decided = match state {
            "accepted" => calendar.snap(plus(day, rng.range(3, 6))),
            "declined" => calendar.snap(plus(day, rng.range(6, 9))),
            _ => continue,
        };
        let event = rng.id(Ledger::Events.prefix());
        match order {
            Some(o) => quote.event(event, "accepted", (o.day, 960), o.by, &o.id, tables),
            None => quote.event(event, "declined", (decided, 960), life.owner_on(decided), "价格高于竞争对手", tables),
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
