//! What customers answered when they were asked, what was done about low answers, and what they were given.

use super::calendar::{Calendar, instant, plus, working};
use super::cast::{Cast, Line};
use super::life::Life;
use super::rng::Rng;
use super::tables::{Event, Tables};
use super::trade::Order;
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use chrono::Datelike;

/// Most answers about an order are short.
const PRAISE: &[&str] = &["到货及时，没有问题", "调试顺利", "响应快", "包装很好", "", "", ""];

/// What could be better.
const BLAME: &[&str] = &["交期可以再短一点", "说明书看不太懂", "价格偏高", "电话有时打不通"];

/// What was wrong, why, and what was done: of answers that are low.
const LOW: &[(&str, &str, &str, &str)] = &[
    ("delivery", "比约定晚到一周，产线等料", "仓库漏排单", "订单交期每天核对，晚交前一天通知客户"),
    ("service", "报修三天没人回电", "值班电话没转接", "值班电话改为双人轮值"),
    ("quality", "换了两次还是同样的问题", "替换件来自同一批次", "问题批次全部封存，另发新批次"),
];

/// What a customer that buys a lot thinks that it gets, and what it costs it: dimension, from, to.
const VALUE: [(&str, i64, i64); 8] = [
    ("product", 7, 9),
    ("service", 6, 9),
    ("personnel", 7, 10),
    ("image", 6, 8),
    ("money", 4, 7),
    ("time", 3, 6),
    ("energy", 3, 5),
    ("effort", 2, 5),
];

/// Writes a customer's answers and gifts.
pub(super) fn write(
    cast: &Cast,
    life: &Life,
    orders: &[Order],
    calendar: &Calendar,
    tables: &mut Tables,
    rng: &mut Rng,
) {
    let contact = cast.line("contact").map_or("", |c: &Line| c.word(0));
    // How content it is on the whole, 3 to 5.
    let content = if rng.chance(15) { 3 } else { rng.range(4, 5) };
    let mut teller = Teller { cast, life, contact, calendar, tables, rng };
    for order in orders.iter().filter(|o| o.cancelled.is_none()) {
        let day = calendar.snap(plus(order.day, 12));
        if !teller.rng.chance(35) || plus(order.day, 14) > calendar.last || plus(day, 540) < calendar.last {
            continue;
        }
        let score = (content + teller.rng.range(-1, 1)).clamp(2, 5);
        let text = *teller.rng.pick(if score >= 4 { PRAISE } else { BLAME });
        teller.answer(day, ("csat", "", score), "wechat", &order.id, text);
    }
    if orders.len() >= 4 {
        for ago in [340, 160, 24] {
            let day = calendar.ago(ago + teller.rng.range(0, 12));
            let score = (2 * content + teller.rng.range(-2, 1)).clamp(0, 10);
            teller.answer(day, ("nps", "", score), "email", "", "");
        }
    }
    if cast.has("key") {
        let day = calendar.ago(45);
        for (dimension, low, high) in VALUE {
            let score = teller.rng.range(low, high);
            teller.answer(day, ("value", dimension, score), "visit", "", "");
        }
        teller.answer(day, ("ces", "", 2), "visit", "", "");
        teller.gifts();
    }
}

struct Teller<'a, 'b> {
    cast: &'a Cast,
    life: &'a Life,
    contact: &'static str,
    calendar: &'a Calendar,
    tables: &'b mut Tables,
    rng: &'b mut Rng,
}

impl Teller<'_, '_> {
    /// Writes an answer, and what was done about a low one that is not new.
    fn answer(
        &mut self,
        day: Day,
        (kind, dimension, score): (&str, &str, i64),
        channel: &str,
        order: &str,
        text: &str,
    ) {
        if !self.life.worked_on(day) {
            return;
        }
        let id = self.rng.id(Ledger::Feedback.prefix());
        let by = self.life.owner_on(day);
        let low = match kind {
            "csat" => score <= 2,
            "nps" => score <= 6,
            _ => false,
        };
        let (category, wrong, cause, action) = *self.rng.pick(LOW);
        let handled = low && plus(day, 12) < self.calendar.last;
        let shown = |on: bool, text: &'static str| if on { text } else { "" };
        self.tables.add(
            Ledger::Feedback,
            by,
            day,
            &[
                ("id", &id),
                ("at", &instant(day, self.rng.range(560, 1060))),
                ("customer", self.cast.id),
                ("contact", self.contact),
                ("kind", kind),
                ("dimension", dimension),
                ("score", &score.to_string()),
                ("channel", channel),
                ("order", order),
                ("category", shown(low, category)),
                ("cause", shown(handled, cause)),
                ("action", shown(handled, action)),
                ("text", if low { wrong } else { text }),
            ],
        );
        if handled {
            self.turn((working(plus(day, 3)), 640), &id, ("new", "handled"), "gao");
            let manager = if self.cast.east { "zhao" } else { "sun" };
            self.turn((working(plus(day, 9)), 660), &id, ("handled", "verified"), manager);
        }
    }

    fn turn(&mut self, (day, minute): (Day, i64), subject: &str, (from, to): (&str, &str), by: &str) {
        let id = self.rng.id(Ledger::Events.prefix());
        if day > self.calendar.last {
            return;
        }
        let kind = Ledger::Feedback.kind();
        self.tables.event(&Event { id, day, minute, kind, subject, event: "state", from, to, by, ..Event::default() });
    }

    /// Something for the Mid-Autumn festival, and before the Spring Festival.
    fn gifts(&mut self) {
        for ago in [30, 150, 275, 480] {
            let day = self.calendar.ago(ago);
            let (kind, amount, note) = match day.month() {
                12 | 1 | 2 => ("gift", 268, "春节礼盒"),
                8..=10 => ("gift", 188, "月饼"),
                _ => ("entertainment", 320, "技术交流后便餐"),
            };
            if !self.life.worked_on(day) {
                continue;
            }
            let id = self.rng.id(Ledger::Spend.prefix());
            let by = self.life.owner_on(day);
            self.tables.add(
                Ledger::Spend,
                by,
                day,
                &[
                    ("id", &id),
                    ("at", &day.to_string()),
                    ("amount", &amount.to_string()),
                    ("kind", kind),
                    ("customer", self.cast.id),
                    ("by", by),
                    ("note", note),
                ],
            );
        }
    }
}
