//! Prices below the floor, as the director allowed them: a request and its approval for each order.

use super::calendar::instant;
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use super::trade::Order;
use crate::diag::Diagnostic;
use crate::model::intern;
use crate::model::ledger::Ledger;
use crate::model::money::Decimal;
use crate::model::settings::Settings;
use crate::rules::floor::{Level, Worth, line_floor, short_of};
use crate::store::read::settings::read;

/// The floors of a kehu.toml.
pub(super) fn settings(text: &str) -> Option<Settings> {
    let mut found: Vec<Diagnostic> = Vec::new();
    read(intern(text), intern("kehu.toml"), &mut found)
}

/// Writes what the orders of a customer needed to be allowed.
pub(super) fn write(life: &Life, orders: &[Order], settings: &Settings, tables: &mut Tables, rng: &Rng) {
    let first = orders.first().map(|o| o.day);
    for order in orders.iter().filter(|o| o.cancelled.is_none()) {
        let level = Level { grade: life.state_on("grade", order.day), ..Level::default() };
        let floor = line_floor(settings, level, first == Some(order.day));
        let worth: Vec<Worth> = order.lines.iter().map(super::trade::Line::worth).collect();
        let short = short_of(floor, &worth);
        let price = |n: usize| super::catalog::decimal(order.lines[n].price);
        let whole = || worth.iter().map(|w| w.net).sum::<Decimal>();
        let Some(lowest) = short.iter().map(|line| line.map_or_else(whole, price)).min() else { continue };
        let mut rng = rng.fork(&order.id);
        let id = rng.id(Ledger::Requests.prefix());
        let minute = rng.range(560, 940);
        let why = *rng.pick(&["老客户维护价", "竞品低价，跟价", "批量供货，谈定的价格"]);
        tables.add(
            Ledger::Requests,
            order.by,
            order.day,
            &[
                ("id", &id),
                ("at", &instant(order.day, minute)),
                ("kind", "price"),
                ("subject", &format!("order:{}", order.id)),
                ("amount", &lowest.normalize().to_string()),
                ("by", order.by),
                ("note", why),
            ],
        );
        let (day, minute) = (order.day, minute + rng.range(5, 25));
        let id_of_event = rng.id(Ledger::Events.prefix());
        tables.event(&Event {
            id: id_of_event,
            day,
            minute,
            kind: "request",
            subject: &id,
            event: "approval",
            to: "approved",
            by: "lin",
            ..Event::default()
        });
    }
}
