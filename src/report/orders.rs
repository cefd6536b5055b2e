//! Orders with their state and money.

use super::ask::{Answer, Ask, Caveat, Report, Series, Values};
use super::document::{Cell, Column, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::series::{self, Item, Summed};
use super::{col, num, typed};
use crate::i18n::{Lang, labels, values};
use crate::metrics::MONEY;
use crate::model::book::Reads;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::order::{OrderLine, OrderState};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::orders::{order_days, sells};
use crate::rules::profit::{Figures, Sale};
use crate::rules::unjoined::{Unjoined, lacks_lines, of_no_line, of_no_worth, of_nobody};
use std::collections::{BTreeMap, HashMap};

/// What reports on orders read.
pub const READS: Reads = Reads { customers: true, ledgers: MONEY, plain: LedgerSet::NONE, ..Reads::NOTHING };

/// The states of orders, the first one first.
const STATES: &[&str] = &["placed", "confirmed", "shipped", "delivered", "cancelled"];

/// Each order with its state, amounts, and what is still open.
pub struct Orders;

impl Report for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn examples(&self) -> &'static [&'static str] {
        &[
            "kehu report orders -p this-month",
            "kehu report orders profit.lt:0",
            "kehu report orders state:cancelled --sort -total_amount",
            "kehu report orders by:li product:ctl-m5 --json",
            "kehu report orders --per month -p 2026H1",
        ]
    }

    fn series(&self) -> Series {
        Series { per: true, compare: true, instead: "" }
    }

    fn reads(&self, _ask: &Ask<'_>) -> Reads {
        READS
    }

    fn columns(&self, ask: &Ask<'_>, lang: Lang) -> Vec<Column> {
        match (ask.per, &ask.compare) {
            (None, None) => columns(lang),
            _ => series::columns(&summed(&ask.settings.file.currency, lang), lang),
        }
    }

    fn values(&self, column: &str, _ask: &Ask<'_>) -> Values {
        let words = |key: &&str| {
            let words = Lang::ALL.iter().map(|l| values::value(*l, "order_state", key)).collect();
            ((*key).to_string(), words)
        };
        if column == "state" { STATES.iter().map(words).collect() } else { Vec::new() }
    }

    fn of_rows(&self, _ask: &Ask<'_>) -> Vec<String> {
        ["at", "customer", "name", "by", "due"].map(String::from).to_vec()
    }

    fn ask(&self, index: &Index<'_>, ask: &Ask<'_>, lang: Lang) -> Answer {
        let fits = |line, customer| ask.has_line(index, line, customer);
        // What is compared lies outside the period.
        let span = if ask.compare.is_some() { Period::ALL } else { ask.period };
        let list = orders(index, span, &fits);
        let items = || order_items(index, &list, lang);
        let doc = match (ask.per, &ask.compare) {
            (Some(per), _) => {
                let (heads, items) = items();
                series::per(&items, &heads, ask.period, per, &ask.calendar, lang)
            }
            (None, Some(c)) => {
                let (heads, items) = items();
                series::compare(&items, &heads, (&c.word, ask.period), (&c.other, c.then), c.reading, lang)
            }
            (None, None) => order_table(index, &list, lang),
        };
        Answer { doc, caveats: Caveat::of_unjoined(&unjoined(index, &list, ask.period), lang) }
    }
}

/// An order put together from its lines.
pub struct Order {
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// What happened to it.
    pub state: OrderState,
}

impl Order {
    /// Whether it is a sale order, and no return.
    fn sells(&self) -> bool {
        self.lines.iter().any(|l| sells(*l))
    }
}

/// The orders of a period whose lines fit, oldest first; cancelled ones too.
pub fn orders(index: &Index<'_>, period: Period, fits: &dyn Fn(OrderLine, Option<usize>) -> bool) -> Vec<Order> {
    let book = index.book;
    let mut by_id: BTreeMap<(crate::model::day::At, &str), Order> = BTreeMap::new();
    for l in book.orders.iter().filter(|l| period.contains(l.day())) {
        let customer = book.customer_index(l.customer());
        if fits(l, customer) {
            let state = book.states.order(l.id());
            let o = by_id.entry((l.at(), l.id())).or_insert_with(|| Order { lines: Vec::new(), customer, state });
            o.lines.push(l);
        }
    }
    by_id.into_values().collect()
}

fn columns(lang: Lang) -> Vec<Column> {
    let mut columns = vec![
        typed(lang, "order", Kind::Id),
        typed(lang, "at", Kind::Day),
        typed(lang, "customer", Kind::Id),
        col(lang, "name"),
        typed(lang, "state", Kind::Code),
        col(lang, "by"),
        Column { label: labels::column(lang, "orders", "due"), ..typed(lang, "due", Kind::Day) },
        typed(lang, "promised", Kind::Day),
        num(lang, "lines"),
        num(lang, "quantity"),
        typed(lang, "revenue", Kind::Money),
        typed(lang, "total_amount", Kind::Money),
        typed(lang, "open_amount", Kind::Money),
        typed(lang, "profit", Kind::Money),
        typed(lang, "margin", Kind::Ratio),
        typed(lang, "first", Kind::Flag),
        col(lang, "currency"),
    ];
    rank(
        &mut columns,
        &[
            (Importance::Key, &["order", "revenue", "open_amount", "due"]),
            (Importance::Main, &["customer", "state", "profit", "margin"]),
            (Importance::Normal, &["name"]),
            (Importance::Minor, &["lines", "quantity", "promised", "first", "currency"]),
        ],
    );
    columns
}

/// A table of orders.
pub fn order_table(index: &Index<'_>, list: &[Order], lang: Lang) -> Document {
    let book = index.book;
    let base = &book.settings.file.currency;
    let prices = index.prices();
    let strangers = index.strangers().iter().map(|(_, a)| a);
    let accounts = index.accounts().iter().chain(strangers);
    let mut open: HashMap<&str, Sum> = HashMap::new();
    for r in accounts.flat_map(|a| &a.receivables).filter(|r| !r.order().is_empty()) {
        open.entry(r.order()).or_default().add(r.open);
    }
    let columns = columns(lang);
    // A customer's first order day, found once for all its orders.
    let mut first_days: HashMap<usize, Option<Day>> = HashMap::new();
    let rows = list
        .iter()
        .filter_map(|o| {
            let l = o.lines.first()?;
            let c = o.customer.map(|n| &book.customers[n]);
            let mut f = Figures::default();
            let mut total = Sum::ZERO;
            for line in &o.lines {
                f.add(&Sale::of(prices, *line, o.customer));
                total = prices
                    .net(*line)
                    .map_or(Sum::UNKNOWN, |net| total.plus(Sum::of([net, prices.tax(*line).unwrap_or_default()])));
            }
            let currency = if l.currency().is_empty() { base.as_str() } else { l.currency() };
            let money = |a: Option<Decimal>| a.map_or(Cell::NotAvailable, |amount| Cell::money(amount, base));
            let own = |amount: Option<Decimal>| amount.map_or(Cell::NotAvailable, |n| Cell::money(n, currency));
            let first = o.customer.map(|n| {
                let day = *first_days.entry(n).or_insert_with(|| order_days(index, n).first().copied());
                o.sells() && day == Some(l.day())
            });
            // A part of an order is not what it came to.
            let whole = f.unreadable_lines == 0;
            let state = o.state.key();
            Some(Row {
                cells: vec![
                    Cell::Id(l.id().into()),
                    Cell::At(l.at()),
                    Cell::Id(c.map_or(l.customer(), |c| c.id).into()),
                    c.map_or(Cell::Missing, |c| text(c.name)),
                    code(state, values::value(lang, "order_state", state)),
                    text(l.by()),
                    l.due().map_or(Cell::Missing, Cell::Day),
                    o.lines.iter().filter_map(|x| x.promised()).max().map_or(Cell::Missing, Cell::Day),
                    Cell::Int(i64::try_from(o.lines.len()).unwrap_or(i64::MAX)),
                    if whole { Cell::Number(f.quantity().normalize()) } else { Cell::NotAvailable },
                    money(whole.then_some(f.revenue())),
                    own(total.known()),
                    open.get(l.id()).map_or(Cell::Missing, |a| own(a.known())),
                    money(f.profit().filter(|_| whole)),
                    f.margin().filter(|_| whole).map_or(Cell::NotAvailable, Cell::Ratio),
                    first.map_or(Cell::Missing, Cell::Flag),
                    text(currency),
                ],
                tone: if o.state.cancelled.is_some() { Tone::Faint } else { Tone::Plain },
                group: None,
                uncounted: o.state.cancelled.is_some(),
            })
        })
        .collect();
    Document::table(Table { columns, rows, ..Table::default() })
}

/// The lines of orders that could not be joined: lines of no customer, lines that take back one that does not exist,
/// and lines whose worth nobody knows.
pub fn unjoined(index: &Index<'_>, list: &[Order], period: Period) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let strays = list.iter().any(|o| o.customer.is_none()) || prices.has_strays();
    let mut out = if strays { of_nobody(book, prices, LedgerSet::of(&[Ledger::Orders]), period) } else { Vec::new() };
    let counted = list.iter().filter(|o| o.state.cancelled.is_none());
    let sales: Vec<Sale<'_>> = counted.flat_map(|o| o.lines.iter().map(|l| Sale::of(prices, *l, o.customer))).collect();
    if lacks_lines(book, prices) {
        out.extend(of_no_line(prices, sales.iter().filter(|s| period.contains(s.day)).filter_map(|s| s.line)));
    }
    out.extend(of_no_worth(prices, sales.iter().filter(|s| period.contains(s.day))));
    out
}

/// The figures of orders that are summed by period.
fn summed(currency: &str, lang: Lang) -> Vec<Summed> {
    let money = |key: &str| (typed(lang, key, Kind::Money), Some(currency.to_string()));
    vec![(num(lang, "quantity"), None), money("revenue"), money("profit"), (num(lang, "returns"), None)]
}

/// The orders' days and figures, for their counts and sums by period: cancelled ones are left out, and returns are counted
/// apart.
fn order_items(index: &Index<'_>, list: &[Order], lang: Lang) -> (Vec<Summed>, Vec<Item>) {
    let book = index.book;
    let prices = index.prices();
    let heads = summed(&book.settings.file.currency, lang);
    let items = list.iter().filter(|o| o.state.cancelled.is_none()).filter_map(|o| {
        let mut f = Figures::default();
        o.lines.iter().for_each(|l| f.add(&Sale::of(prices, *l, o.customer)));
        let whole = f.unreadable_lines == 0;
        let sells = o.sells();
        let mut figures = [Some(f.quantity()), Some(f.revenue()), f.profit()].map(|f| f.filter(|_| whole)).to_vec();
        figures.push(Some(if sells { Decimal::ZERO } else { Decimal::ONE }));
        Some(Item { day: o.lines.first()?.day(), counts: sells, figures })
    });
    (heads, items.collect())
}
