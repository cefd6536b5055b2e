//! Orders, their events, and the money that came in for them.

use super::calendar::{Calendar, demand, due, plus, working};
use super::cast::Cast;
use super::catalog::{self, decimal};
use super::life::{OrderDay, owner_on, owners};
use super::rng::Rng;
use super::tables::{Event, Tables};
use crate::model::day::Day;
use crate::model::ledger::Ledger;
use crate::model::money::{Decimal, round};
use crate::rules::floor::Worth;

/// A line of an order.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) product: &'static str,
    pub(super) quantity: Decimal,
    pub(super) price: &'static str,
    pub(super) discount: &'static str,
    unit_cost: &'static str,
    extra_cost: String,
    note: String,
}

/// An order.
pub(super) struct Order {
    pub(super) id: String,
    pub(super) day: Day,
    pub(super) by: &'static str,
    due: Day,
    promised: Day,
    split: &'static str,
    /// The deal that it came from; empty = none.
    pub(super) deal: String,
    pub(super) cancelled: Option<Day>,
    /// The order that gives goods of this one back: its day, which line, how many, why.
    returned: Option<(Day, usize, Decimal, &'static str)>,
    pub(super) lines: Vec<Line>,
}

impl Line {
    fn net(&self) -> Decimal {
        self.quantity * decimal(self.price) * (Decimal::ONE - decimal(self.discount))
    }
    /// What floors are judged by.
    pub(super) fn worth(&self) -> Worth {
        let number = |text: &str| if text.is_empty() { None } else { Some(decimal(text)) };
        let cost = number(self.unit_cost).map(|c| c * self.quantity);
        Worth { net: self.net(), cost, extra_cost: number(&self.extra_cost).unwrap_or_default() }
    }
    fn tax(&self, abroad: bool) -> Decimal {
        if abroad { Decimal::ZERO } else { round(self.net() * Decimal::new(13, 2), 2) }
    }
}

impl Order {
    /// What the customer owes: with tax, less what it gave back, rounded once.
    fn total(&self, abroad: bool) -> Decimal {
        if self.cancelled.is_some() {
            return Decimal::ZERO;
        }
        let all: Decimal = self.lines.iter().map(|l| l.net() + l.tax(abroad)).sum();
        let back = self.returned.and_then(|(_, n, quantity, _)| {
            let line = Line { quantity, ..self.lines.get(n)?.clone() };
            Some(round(line.net() + line.tax(abroad), 2))
        });
        round(all, 2) - back.unwrap_or_default()
    }
}

/// The days of a customer's orders, oldest first.
fn order_days(cast: &Cast, calendar: &Calendar, rng: &mut Rng) -> Vec<Day> {
    let (first, count, last) = (cast.number("orders", 0), cast.number("orders", 1), cast.number("orders", 2));
    let mut days = vec![calendar.ago(first), calendar.ago(last)];
    for n in 1..count - 1 {
        let center = first + (last - first) * n / (count - 1);
        let reach = ((first - last) * 9 / ((count - 1) * 10)).max(1);
        let mut day = calendar.ago(center);
        for _ in 0..7 {
            let drawn = (center + rng.range(-reach, reach)).clamp(last + 1, first - 1);
            day = calendar.ago(drawn);
            if rng.chance(demand(day) / 2) {
                break;
            }
        }
        days.push(day);
    }
    days.sort();
    days.dedup();
    days
}

/// The orders of a customer.
pub(super) fn orders(cast: &Cast, calendar: &Calendar, rng: &mut Rng) -> Vec<Order> {
    if !cast.has("orders") {
        return Vec::new();
    }
    let owners = owners(cast, calendar);
    let mut list = Vec::new();
    for day in order_days(cast, calendar, rng) {
        let by = owner_on(&owners, day);
        let lines = lines(cast, calendar, day, rng);
        let split = cast.whole("split");
        let shared = split.starts_with(by) && rng.chance(30);
        list.push(Order {
            id: rng.id(Ledger::Orders.prefix()),
            day,
            by,
            due: due(cast.word("terms", 0), day),
            promised: working(plus(day, rng.range(7, 18))),
            split: if shared { split } else { "" },
            deal: String::new(),
            cancelled: None,
            returned: None,
            lines,
        });
    }
    if let Some(line) = cast.line("cancel") {
        let near = calendar.ago(line.number(0));
        if let Some(o) = list.iter_mut().skip(2).rev().find(|o| o.day <= near) {
            o.cancelled = Some(calendar.snap(plus(o.day, 3)));
        }
    }
    if let Some(line) = cast.line("return") {
        let near = calendar.ago(line.number(0));
        let several = |o: &Order| o.lines.iter().position(|l| !l.product.is_empty() && l.quantity > Decimal::from(6));
        if let Some(o) = list.iter_mut().skip(2).rev().find(|o| o.day <= near && several(o).is_some()) {
            let line_number = several(o).unwrap_or(0);
            o.returned = Some((calendar.snap(plus(o.day, 16)), line_number, Decimal::TWO, line.text(0)));
        }
    }
    list
}

/// The first two order days, for the stages.
pub(super) fn first_days(orders: &[Order]) -> Vec<OrderDay> {
    orders.iter().take(2).map(|o| OrderDay { day: o.day, id: o.id.clone(), by: o.by }).collect()
}

fn lines(cast: &Cast, calendar: &Calendar, day: Day, rng: &mut Rng) -> Vec<Line> {
    let size = cast.number("orders", 3).max(1);
    let usual = cast.word("orders", 4);
    let mut products = catalog::on_sale(calendar, day, &cast.items("buys"));
    rng.shuffle(&mut products);
    let wanted = match rng.below(10) {
        0..=2 => 1,
        3..=6 => 2,
        7..=8 => 3,
        _ => 4,
    };
    let mut lines: Vec<Line> = Vec::new();
    for (product, version) in products.into_iter().take(wanted) {
        let quantity = match (product.category, product.id) {
            (_, "svc-year") => 1,
            ("sensor", "sns-l30") => rng.range(2, 4 + 4 * size),
            ("sensor", _) => rng.range(4, 12) * size * 2,
            ("controller", _) => rng.range(2, 6 * size),
            ("drive", _) => rng.range(2, 4 + 5 * size),
            ("cabinet", _) => rng.range(1, 1 + size),
            _ => rng.range(1, 4),
        };
        let discount = match rng.below(10) {
            _ if cast.has("extra") => usual,
            0 | 1 => "",
            2 if !matches!(usual, "0" | "") => "0.12",
            _ if usual == "0" => "",
            _ => usual,
        };
        lines.push(Line {
            product: product.id,
            quantity: Decimal::from(quantity),
            price: version.price,
            discount,
            unit_cost: version.cost,
            extra_cost: String::new(),
            note: String::new(),
        });
    }
    if rng.chance(4) {
        let (note, price) =
            *rng.pick(&[("非标附件：防爆接线盒", "260"), ("外购电缆代采", "38.50"), ("来图加工安装支架", "145")]);
        lines.push(Line {
            product: "",
            quantity: Decimal::from(rng.range(2, 20)),
            price,
            discount: "",
            unit_cost: "",
            extra_cost: String::new(),
            note: note.to_string(),
        });
    }
    if let Some(first) = lines.first_mut() {
        if cast.has("extra") {
            first.extra_cost = rng.range(480, 1500).to_string();
        } else if cast.abroad() {
            first.extra_cost = (rng.range(30, 120) * 10).to_string();
        } else if rng.chance(14) {
            first.extra_cost = rng.range(60, 420).to_string();
        }
        first.note = match rng.below(20) {
            0 | 1 => format!("客户订单号 PO-{}", rng.range(21_000, 58_000)),
            2 => "加急，空运".to_string(),
            3 => "分两批发货".to_string(),
            4 => "随货带合格证和测试报告".to_string(),
            _ if cast.abroad() => "出口免税 export, FOB Shanghai".to_string(),
            _ => String::new(),
        };
    }
    lines
}

/// Writes orders with their events, and receipts.
pub(super) fn write(cast: &Cast, orders: &[Order], calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    for order in orders {
        write_order(cast, order, tables);
        if let Some((day, n, quantity, why)) = order.returned {
            let original = &order.lines[n];
            let back =
                Line { quantity: -quantity, extra_cost: String::new(), note: why.to_string(), ..original.clone() };
            let origin = format!("{}/{}", order.id, n + 1);
            let id = rng.id(Ledger::Orders.prefix());
            write_line(cast, order, (&id, 1, day), &back, &origin, tables);
        }
        order_events(order, calendar, tables, rng);
    }
    invoices(cast, orders, calendar, tables, rng);
    receipts(cast, orders, calendar, tables, rng);
}

fn write_order(cast: &Cast, order: &Order, tables: &mut Tables) {
    for (n, line) in order.lines.iter().enumerate() {
        write_line(cast, order, (&order.id, n + 1, order.day), line, "", tables);
    }
}

fn write_line(
    cast: &Cast,
    order: &Order,
    (id, number, day): (&str, usize, Day),
    line: &Line,
    returns: &str,
    tables: &mut Tables,
) {
    let tax = line.tax(cast.abroad());
    let here = returns.is_empty();
    tables.add(
        Ledger::Orders,
        order.by,
        day,
        &[
            ("id", id),
            ("line", &number.to_string()),
            ("at", &day.to_string()),
            ("customer", cast.id),
            ("product", line.product),
            ("quantity", &line.quantity.to_string()),
            ("price", line.price),
            ("discount", line.discount),
            ("tax", &if tax.is_zero() { String::new() } else { tax.normalize().to_string() }),
            ("unit_cost", line.unit_cost),
            ("extra_cost", &line.extra_cost),
            ("due", &if here { order.due.to_string() } else { String::new() }),
            ("promised", &if here { order.promised.to_string() } else { String::new() }),
            ("returns", returns),
            ("deal", if here { &order.deal } else { "" }),
            ("by", order.by),
            ("split", order.split),
            ("note", &line.note),
        ],
    );
}

fn order_events(order: &Order, calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    let mut add = |event: &str, day: Day, minute: i64, by: &str, note: &str, rng: &mut Rng| {
        if day <= calendar.last {
            let id = rng.id(Ledger::Events.prefix());
            tables.event(&Event {
                id,
                day,
                minute,
                kind: "order",
                subject: &order.id,
                event,
                by,
                note,
                ..Event::default()
            });
        }
    };
    let confirmed = order.day;
    let minute = rng.range(970, 1060);
    add("confirmed", confirmed, minute, order.by, "", rng);
    if let Some(day) = order.cancelled {
        add("cancelled", day, 640, order.by, "终端客户撤单，未发货", rng);
        return;
    }
    // One order in eight leaves late.
    let late = rng.chance(12);
    let shipped = if late { plus(order.promised, rng.range(2, 6)) } else { plus(order.promised, -rng.range(2, 5)) };
    let shipped = working(shipped).max(working(plus(order.day, 1)));
    let minute = rng.range(840, 1020);
    add("shipped", shipped, minute, "gao", if late { "供应商延期，晚发" } else { "" }, rng);
    let delivered = working(plus(shipped, rng.range(1, 4)));
    let minute = rng.range(600, 700);
    add("delivered", delivered, minute, "gao", "", rng);
}

/// Money that comes in: when, how much, for which order.
struct Paid {
    day: Day,
    amount: Decimal,
    order: String,
    note: &'static str,
}

/// Invoices of the latest orders, a few days after them; some are forgotten.
fn invoices(cast: &Cast, orders: &[Order], calendar: &Calendar, tables: &mut Tables, rng: &Rng) {
    let since = plus(calendar.today, -760);
    for order in orders.iter().filter(|o| o.day >= since && o.cancelled.is_none() && !cast.abroad()) {
        let mut rng = rng.fork(&format!("invoice {}", order.id));
        let day = working(plus(order.day, rng.range(1, 8)));
        if day > calendar.last || rng.chance(18) {
            continue;
        }
        let tax: Decimal = order.lines.iter().map(|l| l.tax(false)).sum();
        let net: Decimal = order.lines.iter().map(Line::net).sum();
        let kind = if cast.whole("kind") == "person" { "ordinary" } else { "special" };
        let id = rng.id(Ledger::Invoices.prefix());
        let number = format!("{}{:012}", &day.format("25%y%m%d"), rng.range(0, 999_999_999_999));
        tables.add(
            Ledger::Invoices,
            "xu",
            day,
            &[
                ("id", &id),
                ("at", &day.to_string()),
                ("customer", cast.id),
                ("amount", &round(net + tax, 2).normalize().to_string()),
                ("tax", &round(tax, 2).normalize().to_string()),
                ("kind", kind),
                ("number", &number),
                ("order", &order.id),
                ("by", "xu"),
            ],
        );
    }
}

fn receipts(cast: &Cast, orders: &[Order], calendar: &Calendar, tables: &mut Tables, rng: &mut Rng) {
    let habit = cast.word("pay", 0);
    let mut paid = if habit == "rolling" { on_account(orders, calendar) } else { by_order(cast, orders, habit, rng) };
    paid.retain(|p| p.day <= calendar.last && p.amount > Decimal::ZERO);
    paid.sort_by_key(|p| p.day);

    let accepted = cast.line("acceptance").map(|l| calendar.ago(l.number(0)));
    let bill = accepted.and_then(|a| paid.iter().map(|p| p.day).find(|d| *d >= a));
    let person = cast.whole("kind") == "person";
    let mut before: Option<Day> = None;
    let (mut id, mut line) = (String::new(), 0);
    let (mut method, mut matures) = ("transfer", String::new());
    for p in &paid {
        if before == Some(p.day) {
            line += 1;
        } else {
            (id, line) = (rng.id(Ledger::Receipts.prefix()), 1);
            let acceptance = bill == Some(p.day) || habit == "acceptance" && rng.chance(45);
            method = match (acceptance, person) {
                (true, _) => "acceptance",
                (_, true) => *rng.pick(&["wechat", "cash", "alipay"]),
                _ => "transfer",
            };
            matures = if acceptance { plus(p.day, 180).to_string() } else { String::new() };
            before = Some(p.day);
        }
        tables.add(
            Ledger::Receipts,
            "xu",
            p.day,
            &[
                ("id", &id),
                ("line", &line.to_string()),
                ("at", &p.day.to_string()),
                ("customer", cast.id),
                ("amount", &p.amount.normalize().to_string()),
                ("order", &p.order),
                ("method", method),
                ("matures", &matures),
                ("by", "xu"),
                ("note", p.note),
            ],
        );
    }
}

/// Each order paid by itself, as the customer is used to.
fn by_order(cast: &Cast, orders: &[Order], habit: &str, rng: &mut Rng) -> Vec<Paid> {
    let mut list = Vec::new();
    for (n, order) in orders.iter().enumerate() {
        let total = order.total(cast.abroad());
        let name = if cast.has("unnamed") { String::new() } else { order.id.clone() };
        // Orders that fall due on one day are paid on one day.
        let mut mood = rng.fork(&format!("{}{}", cast.id, order.due));
        let mut pay = |days: i64, amount: Decimal, note: &'static str| {
            let day = working(plus(order.due, days).max(order.day));
            list.push(Paid { day, amount, order: name.clone(), note });
        };
        let part = |percent: i64| round(total * Decimal::new(percent, 2), 0);
        match habit {
            "slow" => match mood.below(12) {
                0 => {
                    pay(mood.range(2, 9), part(50), "先付一半");
                    pay(mood.range(30, 50), total - part(50), "尾款");
                }
                1..=3 => pay(mood.range(22, 55), total, ""),
                _ => pay(mood.range(2, 16), total, ""),
            },
            "bad" => {
                pay(mood.range(18, 35), part(60), "部分付款");
                pay(mood.range(75, 130), total - part(60), "催款后付清");
            }
            "default" if n + 2 > orders.len() => pay(25, part(30), "部分付款，其余拖欠"),
            "default" => pay(mood.range(30, 60), total, "催款后付清"),
            _ if mood.chance(4) => pay(mood.range(8, 20), total, "客户系统切换，晚付"),
            _ => pay(mood.range(-4, 1), total, ""),
        }
    }
    list
}

/// Round sums at the end of each month, without a word for which order.
fn on_account(orders: &[Order], calendar: &Calendar) -> Vec<Paid> {
    let mut list = Vec::new();
    let mut paid = Decimal::ZERO;
    let thousand = Decimal::ONE_THOUSAND;
    let Some(first) = orders.first() else { return list };
    let mut month = plus(first.due, 3);
    while month <= calendar.last {
        let owed: Decimal = orders.iter().filter(|o| o.due <= month).map(|o| o.total(false)).sum();
        let sum = ((owed - paid) / thousand).floor() * thousand;
        if sum > Decimal::ZERO {
            paid += sum;
            list.push(Paid {
                day: working(month), amount: sum, order: String::new(), note: "滚动付款，未指定订单"
            });
        }
        month = plus(month, 30);
    }
    list
}
