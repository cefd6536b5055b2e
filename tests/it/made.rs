//! Made-up companies with the hard cases of orders and money, small enough to be shrunk when a property fails.

use super::support::{Dir, TODAY, start};
use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A day, counted from [`TODAY`].
type Offset = i32;

/// Currencies: the base one, two with rates, one without any. The yen has no minor unit.
const CURRENCIES: [&str; 4] = ["", "USD", "JPY", "GBP"];
const PEOPLE: [&str; 3] = ["li", "wu", "chen"];
const GRADES: [&str; 5] = ["", "A", "B", "C", "D"];

/// A version of a product.
#[derive(Debug, Clone)]
struct Version {
    product: usize,
    since: Offset,
    price: Option<u32>,
    cost: Option<u32>,
    category: usize,
}

/// What a line of an order says.
#[derive(Debug, Clone)]
enum Says {
    /// Price and discount in thousandths.
    Price(u32, u32),
    /// The net itself, in hundredths.
    Amount(u32),
    /// So much of line number `.0` of those sold so far comes back; with a net of its own or without.
    Return(usize, Option<u32>),
}

#[derive(Debug, Clone)]
struct Line {
    says: Says,
    product: usize,
    /// In tenths.
    quantity: u32,
    unit_cost: Option<u32>,
    cost: Option<u32>,
    extra: Option<u32>,
    tax: Option<u32>,
}

#[derive(Debug, Clone)]
struct Order {
    customer: usize,
    day: Offset,
    currency: usize,
    due: Option<i32>,
    by: usize,
    lines: Vec<Line>,
    /// So many days later.
    cancelled: Option<i32>,
    shipped: Option<i32>,
}

#[derive(Debug, Clone)]
struct Receipt {
    customer: usize,
    day: Offset,
    currency: usize,
    /// Amounts in hundredths, each with the order that it names.
    lines: Vec<(u32, Option<usize>)>,
    /// An acceptance bill that matures so many days later.
    matures: Option<i32>,
    void: Option<i32>,
}

#[derive(Debug, Clone)]
struct Refund {
    customer: usize,
    day: Offset,
    amount: u32,
    kind: usize,
    order: Option<usize>,
    receipt: Option<usize>,
    void: Option<i32>,
}

#[derive(Debug, Clone)]
struct Contact {
    customer: usize,
    day: Offset,
    channel: usize,
    next: Option<i32>,
}

/// Facts of some days.
#[derive(Debug, Clone)]
struct Facts {
    versions: Vec<Version>,
    rates: Vec<(usize, Offset, u32)>,
    orders: Vec<Order>,
    receipts: Vec<Receipt>,
    refunds: Vec<Refund>,
    contacts: Vec<Contact>,
    /// Customer, day, the new grade.
    grades: Vec<(usize, Offset, usize)>,
}

/// A company, and what happens to it after today.
#[derive(Clone)]
pub(crate) struct Company {
    customers: usize,
    facts: Facts,
    later: Facts,
}

/// How rows lie in files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// What the order of rows and columns and the choice of files follow from.
    pub(crate) seed: u64,
    /// Files of each ledger.
    pub(crate) files: usize,
}

impl Layout {
    /// In the order they were made, a file for each ledger.
    pub(crate) const PLAIN: Layout = Layout { seed: 0, files: 1 };
}

fn line() -> impl Strategy<Value = Line> {
    let says = prop_oneof![
        5 => (0u32..200_000, prop_oneof![Just(0), 0u32..1000]).prop_map(|(p, d)| Says::Price(p, d)),
        2 => (0u32..90_000).prop_map(Says::Amount),
        3 => (0usize..30, option::weighted(0.3, 0u32..50_000)).prop_map(|(l, a)| Says::Return(l, a)),
    ];
    let money = || option::weighted(0.4, 0u32..80_000);
    (says, 0usize..4, 1u32..300, money(), option::weighted(0.15, 0u32..80_000), money(), money()).prop_map(
        |(says, product, quantity, unit_cost, cost, extra, tax)| Line {
            says,
            product,
            quantity,
            unit_cost,
            cost,
            extra,
            tax,
        },
    )
}

fn facts(days: std::ops::Range<Offset>, most: usize) -> impl Strategy<Value = Facts> {
    let day = move || days.clone();
    let few = |n: f64| option::weighted(n, 0i32..200);
    let money = || option::weighted(0.8, 0u32..90_000);
    let version = (0usize..4, day(), money(), money(), 0usize..3)
        .prop_map(|(product, since, price, cost, category)| Version { product, since, price, cost, category });
    let currency = || prop_oneof![6 => Just(0usize), 2 => Just(1), 1 => Just(2), 1 => Just(3)];
    let order =
        (0usize..4, day(), currency(), option::of(-5i32..90), 0usize..3, vec(line(), 1..4), few(0.12), few(0.3))
            .prop_map(|(customer, day, currency, due, by, lines, cancelled, shipped)| Order {
                customer,
                day,
                currency,
                due,
                by,
                lines,
                cancelled,
                shipped,
            });
    let receipt = (
        0usize..4,
        day(),
        currency(),
        vec((1u32..500_000, option::weighted(0.6, 0usize..20)), 1..4),
        option::weighted(0.2, 0i32..300),
        few(0.1),
    )
        .prop_map(|(customer, day, currency, lines, matures, void)| Receipt {
            customer,
            day,
            currency,
            lines,
            matures,
            void,
        });
    let named = || option::weighted(0.5, 0usize..20);
    let refund = (0usize..4, day(), 1u32..100_000, 0usize..4, named(), named(), few(0.15)).prop_map(
        |(customer, day, amount, kind, order, receipt, void)| Refund {
            customer,
            day,
            amount,
            kind,
            order,
            receipt,
            void,
        },
    );
    let contact = (0usize..4, day(), 0usize..4, few(0.4)).prop_map(|(customer, day, channel, next)| Contact {
        customer,
        day,
        channel,
        next,
    });
    (
        vec(version, 0..most),
        vec((1usize..3, day(), 1u32..99_999), 0..4),
        vec(order, 0..most),
        vec(receipt, 0..most),
        vec(refund, 0..most / 2 + 1),
        vec(contact, 0..most),
        vec((0usize..4, day(), 0usize..5), 0..4),
    )
        .prop_map(|(versions, rates, orders, receipts, refunds, contacts, grades)| Facts {
            versions,
            rates,
            orders,
            receipts,
            refunds,
            contacts,
            grades,
        })
}

/// Any company.
pub(crate) fn company() -> impl Strategy<Value = Company> {
    (1usize..=4, facts(-500..1, 9), facts(1..200, 4)).prop_map(|(customers, facts, later)| Company {
        customers,
        facts,
        later,
    })
}

/// Any layout.
pub(crate) fn layout() -> impl Strategy<Value = Layout> {
    (any::<u64>(), 1usize..4).prop_map(|(seed, files)| Layout { seed, files })
}

fn day(offset: Offset) -> String {
    let today: NaiveDate = TODAY.parse().expect("a day");
    let days = Days::new(u64::from(offset.unsigned_abs()));
    (if offset < 0 { today - days } else { today + days }).to_string()
}

/// A number with so many places, at times with zeros at its end.
fn decimal(n: u32, places: u32) -> String {
    rust_decimal::Decimal::new(i64::from(n), places).to_string()
}

type Cells = Vec<(&'static str, String)>;

/// The text of a directory's files while they are made.
struct Writer {
    customers: usize,
    rows: BTreeMap<&'static str, Vec<Cells>>,
    /// Lines that may come back: id/line, customer, currency, day, quantity in tenths, product.
    sold: Vec<(String, usize, usize, Offset, u32, usize)>,
    /// Order ids; their customers are not looked at: a receipt may name another's order.
    orders: Vec<String>,
    receipts: Vec<String>,
    grades: Vec<&'static str>,
    events: usize,
    versions: Vec<(usize, Offset)>,
    rates: Vec<(usize, Offset)>,
}

impl Writer {
    fn row(&mut self, ledger: &'static str, cells: &[(&'static str, &str)]) {
        let cells = cells.iter().filter(|(_, v)| !v.is_empty()).map(|(c, v)| (*c, (*v).to_string())).collect();
        self.rows.entry(ledger).or_default().push(cells);
    }

    /// A customer as rows name it: at times by a former id.
    fn customer(&self, n: usize, row: usize) -> String {
        let n = n % self.customers;
        if row.is_multiple_of(3) { format!("old{n}") } else { format!("c{n}") }
    }

    fn event(&mut self, at: &str, kind: &str, subject: &str, event: &str, from: &str, to: &str) {
        self.events += 1;
        let id = format!("e_{:012}", self.events);
        let cells = [
            ("id", id.as_str()),
            ("at", at),
            ("kind", kind),
            ("subject", subject),
            ("event", event),
            ("from", from),
            ("to", to),
            ("by", "li"),
        ];
        self.row("events", &cells);
    }

    fn add(&mut self, facts: &Facts) {
        for v in &facts.versions {
            if self.versions.contains(&(v.product, v.since)) {
                continue;
            }
            self.versions.push((v.product, v.since));
            let (price, cost) = (v.price.map(|p| decimal(p, 2)), v.cost.map(|c| decimal(c, 3)));
            let cells = [
                ("id", format!("p{}", v.product)),
                ("since", day(v.since)),
                ("name", format!("Product {} of {}", v.product, v.since)),
                ("category", ["", "tools", "parts"][v.category].into()),
                ("price", price.unwrap_or_default()),
                ("cost", cost.unwrap_or_default()),
                ("status", "active".into()),
            ];
            self.row("products", &cells.each_ref().map(|(c, v)| (*c, v.as_str())));
        }
        for (currency, since, rate) in &facts.rates {
            if self.rates.contains(&(*currency, *since)) {
                continue;
            }
            self.rates.push((*currency, *since));
            let cells =
                [("date", day(*since)), ("currency", CURRENCIES[*currency].into()), ("rate", decimal(*rate, 4))];
            self.row("rates", &cells.each_ref().map(|(c, v)| (*c, v.as_str())));
        }
        for o in &facts.orders {
            self.order(o);
        }
        for r in &facts.receipts {
            self.receipt(r);
        }
        for r in &facts.refunds {
            self.refund(r);
        }
        for (n, c) in facts.contacts.iter().enumerate() {
            let id = format!("a_{n:06}{:06}", c.day.unsigned_abs());
            let cells = [
                ("id", format!("{id}{}", if c.day > 0 { "z" } else { "" })),
                ("at", format!("{}T10:00:00+08:00", day(c.day))),
                ("customer", self.customer(c.customer, n)),
                ("by", PEOPLE[c.channel % 3].into()),
                ("channel", ["visit", "call", "email", "wechat"][c.channel].into()),
                ("next", c.next.map(|n| day(c.day + n)).unwrap_or_default()),
            ];
            self.row("activities", &cells.each_ref().map(|(c, v)| (*c, v.as_str())));
        }
        let mut grades = facts.grades.clone();
        grades.sort_by_key(|g| g.1);
        for (n, (customer, at, grade)) in grades.into_iter().enumerate() {
            let customer = customer % self.customers;
            let (from, to) = (self.grades[customer], GRADES[grade]);
            if from != to {
                self.grades[customer] = to;
                self.event(
                    &format!("{}T12:00:{n:02}+08:00", day(at)),
                    "customer",
                    &format!("c{customer}"),
                    "grade",
                    from,
                    to,
                );
            }
        }
    }

    fn order(&mut self, o: &Order) {
        let id = format!("o{:03}", self.orders.len());
        // What takes something back belongs to the customer that bought it, in the same currency, and comes later.
        let before = self.sold.clone();
        let first = |l: &Line| match l.says {
            Says::Return(n, _) if !before.is_empty() => Some(before[n % before.len()].clone()),
            _ => None,
        };
        let (mut customer, mut currency, mut at) = (o.customer % self.customers, o.currency, o.day);
        if let Some(s) = o.lines.iter().find_map(first) {
            (customer, currency, at) = (s.1, s.2, at.max(s.3));
        }
        let mut sold = Vec::new();
        for (n, l) in o.lines.iter().enumerate() {
            let number = (n + 1).to_string();
            let mut cells: Vec<(&'static str, String)> = vec![
                ("id", id.clone()),
                ("line", number.clone()),
                ("at", day(at)),
                ("customer", self.customer(customer, self.orders.len())),
                ("currency", CURRENCIES[currency].into()),
                ("due", o.due.map(|d| day(at + d)).unwrap_or_default()),
                ("by", PEOPLE[o.by].into()),
                ("product", format!("p{}", l.product)),
                ("tax", l.tax.map(|t| decimal(t, 2)).unwrap_or_default()),
                ("extra_cost", l.extra.map(|e| decimal(e, 2)).unwrap_or_default()),
            ];
            let quantity = decimal(l.quantity, 1);
            match (&l.says, first(l)) {
                (Says::Return(_, amount), Some(s)) if s.1 == customer && s.2 == currency && s.3 <= at => {
                    cells.push(("returns", s.0.clone()));
                    cells.push(("quantity", format!("-{}", decimal(l.quantity.min(s.4), 1))));
                    cells.push(("amount", amount.map(|a| format!("-{}", decimal(a, 2))).unwrap_or_default()));
                    cells.retain(|(c, _)| !matches!(*c, "extra_cost" | "tax" | "product"));
                    cells.push(("tax", l.tax.map(|t| format!("-{}", decimal(t, 2))).unwrap_or_default()));
                    cells.push(("product", format!("p{}", s.5)));
                }
                (Says::Return(..), _) => {
                    cells.push(("amount", "1".into()));
                }
                (Says::Price(price, discount), _) => {
                    cells.push(("quantity", quantity));
                    cells.push(("price", decimal(*price, 3)));
                    cells.push(("discount", decimal(*discount, 3)));
                    cells.push(("unit_cost", l.unit_cost.map(|c| decimal(c, 3)).unwrap_or_default()));
                    cells.push(("cost", l.cost.map(|c| decimal(c, 2)).unwrap_or_default()));
                    sold.push((format!("{id}/{number}"), customer, currency, at, l.quantity, l.product));
                }
                (Says::Amount(amount), _) => {
                    cells.push(("quantity", quantity));
                    cells.push(("amount", decimal(*amount, 2)));
                    cells.push(("cost", l.cost.map(|c| decimal(c, 2)).unwrap_or_default()));
                    sold.push((format!("{id}/{number}"), customer, currency, at, l.quantity, l.product));
                }
            }
            self.row("orders", &cells.iter().map(|(c, v)| (*c, v.as_str())).collect::<Vec<_>>());
        }
        self.sold.extend(sold);
        for (name, after) in [("shipped", o.shipped), ("cancelled", o.cancelled)] {
            if let Some(days) = after {
                self.event(&day(at + days), "order", &id, name, "", "");
            }
        }
        self.orders.push(id);
    }

    fn pick(list: &[String], n: Option<usize>) -> String {
        n.filter(|_| !list.is_empty()).map(|n| list[n % list.len()].clone()).unwrap_or_default()
    }

    fn receipt(&mut self, r: &Receipt) {
        let id = format!("p{:03}", self.receipts.len());
        for (n, (amount, order)) in r.lines.iter().enumerate() {
            let cells = [
                ("id", id.clone()),
                ("line", (n + 1).to_string()),
                ("at", day(r.day)),
                ("customer", self.customer(r.customer, self.receipts.len())),
                ("amount", decimal(*amount, 2)),
                ("order", Self::pick(&self.orders, *order)),
                ("currency", CURRENCIES[r.currency].into()),
                ("method", if r.matures.is_some() { "acceptance" } else { "transfer" }.into()),
                ("matures", r.matures.map(|m| day(r.day + m)).unwrap_or_default()),
            ];
            self.row("receipts", &cells.each_ref().map(|(c, v)| (*c, v.as_str())));
        }
        if let Some(days) = r.void {
            self.event(&day(r.day + days), "receipt", &id, "void", "", "");
        }
        self.receipts.push(id);
    }

    fn refund(&mut self, r: &Refund) {
        let n = self.rows.get("refunds").map_or(0, Vec::len);
        let id = format!("f{n:03}");
        let cells = [
            ("id", id.clone()),
            ("at", day(r.day)),
            ("customer", self.customer(r.customer, n)),
            ("amount", decimal(r.amount, 2)),
            ("reason", "other".into()),
            ("kind", ["return", "overpayment", "allowance", "goodwill"][r.kind].into()),
            ("order", Self::pick(&self.orders, r.order)),
            ("receipt", Self::pick(&self.receipts, r.receipt)),
        ];
        self.row("refunds", &cells.each_ref().map(|(c, v)| (*c, v.as_str())));
        if let Some(days) = r.void {
            self.event(&day(r.day + days), "refund", &id, "void", "", "");
        }
    }
}

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).expect("small")
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            list.swap(n, self.below(n + 1));
        }
    }
}

impl Company {
    /// The company in files; with what happens after today, or without; `id` gives the customers their ids.
    fn write_as(&self, layout: Layout, later: bool, id: &dyn Fn(usize) -> String) -> Dir {
        let dir = start::make("new");
        let mut w = Writer {
            customers: self.customers,
            rows: BTreeMap::new(),
            sold: Vec::new(),
            orders: Vec::new(),
            receipts: Vec::new(),
            grades: vec!["B"; self.customers],
            events: 0,
            versions: Vec::new(),
            rates: Vec::new(),
        };
        w.add(&self.facts);
        if later {
            w.add(&self.later);
        }
        let mut numbers = Numbers(layout.seed);
        for (ledger, mut rows) in w.rows {
            for cells in rows.iter_mut().flatten().filter(|(c, _)| matches!(*c, "customer" | "subject")) {
                cells.1 = renamed(&cells.1, id);
            }
            if layout.seed != 0 {
                numbers.shuffle(&mut rows);
            }
            let mut columns: Vec<&str> = rows.iter().flatten().map(|(c, _)| *c).collect();
            // These have to be there, used or not.
            columns.extend((ledger == "events").then_some("from"));
            columns.sort_unstable();
            columns.dedup();
            for n in 0..layout.files {
                if layout.seed != 0 {
                    numbers.shuffle(&mut columns);
                }
                let mut text = columns.join(",") + "\n";
                for row in rows.iter().skip(n).step_by(layout.files) {
                    let cell = |c: &&str| row.iter().find(|(name, _)| name == c).map_or("", |(_, v)| v.as_str());
                    text.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
                    text.push('\n');
                }
                dir.write(&format!("ledgers/{ledger}/{}/part{n}.csv", numbers.below(4)), text);
            }
        }
        for (n, grade) in w.grades.iter().enumerate() {
            let (name, region) = (id(n), ["east", "", "west"][n % 3]);
            let text = format!(
                "name = \"Customer {n}\"\nformer_ids = [\"{}\"]\ncreated = 2025-01-05\n\nstage = \"repeat\"\n\nstatus = \"active\"\n\nowner = \"{}\"\n\ngrade = \"{grade}\"\n\nintent = \"\"\n\nregion = \"{region}\"\n",
                renamed(&format!("old{n}"), id),
                PEOPLE[n % 2],
            );
            dir.write(&format!("customers/{}/{name}.toml", numbers.below(3)), text);
        }
        if later {
            let text = "name = \"New one\"\ncreated = 2026-07-01\n\nstage = \"lead\"\n\nstatus = \"active\"\n\nowner = \"li\"\n\ngrade = \"\"\n\nintent = \"hot\"\n";
            dir.write("customers/new-one.toml", text);
        }
        dir
    }

    /// The company in files.
    pub(crate) fn write(&self, layout: Layout) -> Dir {
        self.write_as(layout, false, &|n| format!("c{n}"))
    }

    /// The same with facts, events, decisions and a customer after today.
    pub(crate) fn write_with_later(&self, layout: Layout) -> Dir {
        self.write_as(layout, true, &|n| format!("c{n}"))
    }

    /// The same with the customers' ids in the opposite order: c0 is called x9, c1 x8 …
    pub(crate) fn write_reversed(&self, layout: Layout) -> Dir {
        self.write_as(layout, false, &|n| format!("x{}", 9 - n))
    }
}

/// The files: what can be read, and tried by hand.
impl std::fmt::Debug for Company {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let dir = self.write_with_later(Layout::PLAIN);
        for (name, bytes) in dir.files().iter().filter(|(name, _)| name.starts_with("ledgers/")) {
            write!(f, "\n{name}\n{}", String::from_utf8_lossy(bytes))?;
        }
        Ok(())
    }
}

fn renamed(name: &str, id: &dyn Fn(usize) -> String) -> String {
    let number = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok());
    match (number("c"), number("old")) {
        (Some(n), _) => id(n),
        (_, Some(n)) => format!("former-{}", id(n)),
        _ => name.to_string(),
    }
}
