//! Deals: possible sales that go from stage to stage, won with an order or lost for a reason.
//!
//! A line of a story is `deal: ENTERED AMOUNT CLOSE PRODUCT STEP… | title | reason | competitor | lesson`. A step is
//! `stage:DAY`, `amount=NEW:DAY` or `close=DAY:DAY`; a deal is entered in the first stage.

use super::calendar::{Calendar, instant, plus};
use super::cast::{Cast, Line};
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use super::trade::Order;
use crate::model::day::Day;
use crate::model::ledger::Ledger;

/// The stage in which the template lets deals begin.
const FIRST: &str = "discover";

/// Something of a deal that turns to another value.
struct Step {
    day: Day,
    event: &'static str,
    to: String,
}

/// A deal on its way into the ledgers.
pub(super) struct Deal {
    pub(super) id: String,
    pub(super) entered: Day,
    /// Whether nobody has won it yet.
    pub(super) open: bool,
    line: Line,
    steps: Vec<Step>,
}

/// A day of a story: so many days ago, or with `+` so many days ahead.
fn day_of(word: &str, calendar: &Calendar) -> Day {
    match word.strip_prefix('+') {
        Some(days) => plus(calendar.today, days.parse().unwrap_or(0)),
        None => plus(calendar.today, -word.parse().unwrap_or(0)),
    }
}

/// The deals of a customer. The orders that won deals bring name them.
pub(super) fn deals(cast: &Cast, orders: &mut [Order], calendar: &Calendar, rng: &mut Rng) -> Vec<Deal> {
    let mut all = Vec::new();
    for line in cast.all("deal") {
        let id = rng.id(Ledger::Deals.prefix());
        let entered = calendar.ago(line.number(0));
        let mut open = true;
        let mut steps: Vec<Step> = Vec::new();
        for (what, ago) in line.words.iter().skip(4).filter_map(|word| word.split_once(':')) {
            let last = steps.last().map_or(entered, |s| s.day);
            let day = calendar.ago(ago.parse().unwrap_or(0)).max(last);
            let (event, to, day) = match what.split_once('=') {
                Some(("amount", amount)) => ("amount", amount.to_string(), day),
                Some((_, close)) => ("close_date", day_of(close, calendar).to_string(), day),
                None if what == "won" => {
                    let later = orders.iter_mut().filter(|o| o.cancelled.is_none() && o.day > last);
                    let Some(order) = later.min_by_key(|o| (o.day - day).num_days().abs()) else { continue };
                    order.deal.clone_from(&id);
                    ("stage", what.to_string(), order.day)
                }
                None => ("stage", what.to_string(), day),
            };
            open &= !matches!(what, "won" | "lost");
            steps.push(Step { day, event, to });
        }
        all.push(Deal { id, entered, open, line: line.clone(), steps });
    }
    all
}

/// Writes deals, their events, and which promise is about one of them.
pub(super) fn write(cast: &Cast, deals: &[Deal], life: &Life, calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    for deal in deals {
        let (line, by) = (&deal.line, life.owner_on(deal.entered));
        let close = day_of(line.word(2), calendar).to_string();
        tables.add(
            Ledger::Deals,
            by,
            deal.entered,
            &[
                ("id", &deal.id),
                ("at", &instant(deal.entered, 600)),
                ("customer", cast.id),
                ("title", line.text(0)),
                ("product", line.word(3)),
                ("amount", line.word(1)),
                ("close_date", &close),
                ("owner", by),
                ("source", cast.word("from", 0)),
            ],
        );
        let entry = Step { day: deal.entered, event: "stage", to: FIRST.to_string() };
        let mut now = [("stage", String::new()), ("amount", line.word(1).to_string()), ("close_date", close)];
        for (minute, step) in (600..).zip(std::iter::once(&entry).chain(&deal.steps)) {
            let Some((_, from)) = now.iter_mut().find(|(event, _)| *event == step.event) else { continue };
            let lost = step.to == "lost";
            tables.event(&Event {
                id: rng.id(Ledger::Events.prefix()),
                day: step.day,
                minute,
                kind: Ledger::Deals.kind(),
                subject: &deal.id,
                event: step.event,
                from,
                to: &step.to,
                reason: if lost { line.text(1) } else { "" },
                competitor: if lost { line.text(2) } else { "" },
                by: life.owner_on(step.day),
                note: if lost { line.text(3) } else { "" },
                ..Event::default()
            });
            from.clone_from(&step.to);
        }
        if deal.open {
            tables.promise_about(cast.id, &deal.id);
        }
    }
}
