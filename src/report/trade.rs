//! Orders with their state and money, and how deliveries keep their promises.

use super::document::{Cell, Document, Importance, Row, Table, Tone, rank};
use super::due::{code, text};
use super::series::{Item, Summed};
use super::{col, num};
use crate::i18n::{Lang, labels, messages as m, values};
use crate::metrics::MONEY;
use crate::model::book::Needs;
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, Sum};
use crate::model::order::{OrderLine, OrderState};
use crate::model::period::Period;
use crate::rules::index::Index;
use crate::rules::orders::order_days;
use crate::rules::profit::{Figures, Prices, Sale};
use crate::rules::unjoined::{Unjoined, of_no_worth, of_nobody};
use std::collections::{BTreeMap, HashMap};

/// What these reports read.
pub const NEEDS: Needs = Needs { customers: true, ledgers: MONEY, plain: LedgerSet::NONE, ..Needs::NOTHING };

/// An order put together from its lines.
pub struct Order {
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// The customer's index; `None` = it is not in the book.
    pub customer: Option<usize>,
    /// What happened to it.
    pub state: OrderState,
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

/// A table of orders.
pub fn order_table(index: &Index<'_>, list: &[Order], lang: Lang) -> Document {
    let book = index.book;
    let base = &book.settings.file.currency;
    let prices = index.prices();
    let strangers = index.strangers().iter().map(|(_, a)| a);
    let accounts = index.accounts().iter().chain(strangers);
    let open: HashMap<&str, Decimal> = accounts.flat_map(|a| &a.receivables).map(|r| (r.id, r.open)).collect();
    let mut columns: Vec<_> =
        ["order", "at", "customer", "name", "state", "by", "due", "promised"].iter().map(|k| col(lang, k)).collect();
    columns[6].label = labels::column(lang, "orders", "due");
    let figures = ["lines", "quantity", "revenue", "total_amount", "open_amount", "profit", "margin"];
    columns.extend(figures.iter().map(|k| num(lang, k)));
    columns.extend([col(lang, "first"), col(lang, "currency")]);
    rank(
        &mut columns,
        &[
            (Importance::Key, &["order", "revenue", "open_amount", "due"]),
            (Importance::Main, &["customer", "state", "profit", "margin"]),
            (Importance::Normal, &["name"]),
            (Importance::Minor, &["lines", "quantity", "promised", "first", "currency"]),
        ],
    );
    let rows = list
        .iter()
        .filter_map(|o| {
            let l = o.lines.first()?;
            let c = o.customer.map(|n| &book.customers[n]);
            let mut f = Figures::default();
            let mut total = Sum::ZERO;
            for line in &o.lines {
                f.add(&prices.sale(*line, o.customer));
                total = prices
                    .net(*line)
                    .map_or(Sum::UNKNOWN, |net| total.plus(Sum::of([net, line.tax().unwrap_or_default()])));
            }
            let currency = if l.currency().is_empty() { base.as_str() } else { l.currency() };
            let money = |a: Option<Decimal>| a.map_or(Cell::NotAvailable, |amount| Cell::money(amount, base));
            let own = |amount: Option<Decimal>| amount.map_or(Cell::NotAvailable, |n| Cell::money(n, currency));
            let first = o.customer.map(|n| order_days(index, n).first() == Some(&l.day()));
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
                    open.get(l.id()).map_or(Cell::Missing, |a| own(Some(*a))),
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

/// What of the orders could not be joined: lines of no customer, and lines of which nothing is known what they came to.
pub fn unjoined(index: &Index<'_>, list: &[Order], period: Period) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let strays = list.iter().any(|o| o.customer.is_none()) || prices.has_strays();
    let mut out = if strays { of_nobody(book, prices, LedgerSet::of(&[Ledger::Orders]), period) } else { Vec::new() };
    let counted = list.iter().filter(|o| o.state.cancelled.is_none());
    let sales: Vec<Sale<'_>> = counted.flat_map(|o| o.lines.iter().map(|l| prices.sale(*l, o.customer))).collect();
    out.extend(of_no_worth(prices, sales.iter().filter(|s| period.contains(s.day))));
    out
}

/// The orders' days and figures, for their counts and sums by period: cancelled ones are left out.
pub fn order_items(index: &Index<'_>, list: &[Order], lang: Lang) -> (Vec<Summed>, Vec<Item>) {
    let book = index.book;
    let prices = Prices::new(book);
    let money = Some(book.settings.file.currency.clone());
    let heads =
        vec![(num(lang, "quantity"), None), (num(lang, "revenue"), money.clone()), (num(lang, "profit"), money)];
    let items = list.iter().filter(|o| o.state.cancelled.is_none()).filter_map(|o| {
        let mut f = Figures::default();
        o.lines.iter().for_each(|l| f.add(&prices.sale(*l, o.customer)));
        let whole = f.unreadable_lines == 0;
        let figures = [Some(f.quantity()), Some(f.revenue()), f.profit()].map(|figure| figure.filter(|_| whole));
        Some((o.lines.first()?.day(), figures.to_vec()))
    });
    (heads, items.collect())
}

/// Promised and actual delivery of the orders that promised a day; on time = delivered up to the promised day.
pub fn delivery(index: &Index<'_>, list: &[Order], lang: Lang) -> Document {
    let book = index.book;
    let mut columns: Vec<_> =
        ["order", "customer", "name", "promised", "shipped", "delivered"].iter().map(|k| col(lang, k)).collect();
    columns.extend([num(lang, "days_late"), col(lang, "on_time")]);
    rank(
        &mut columns,
        &[(Importance::Key, &["order", "promised", "days_late"]), (Importance::Main, &["customer", "delivered"])],
    );
    let day = |d: Option<Day>| d.map_or(Cell::Missing, Cell::Day);
    let (mut kept, mut judged) = (0i64, 0i64);
    let mut rows = Vec::new();
    for o in list.iter().filter(|o| o.state.cancelled.is_none()) {
        let (Some(l), Some(promised)) = (o.lines.first(), o.lines.iter().filter_map(|x| x.promised()).max()) else {
            continue;
        };
        let c = o.customer.map(|n| &book.customers[n]);
        let late = (o.state.delivered.unwrap_or(book.today) - promised).num_days().max(0);
        // An order that is not delivered is judged once its day has passed.
        let on_time = (o.state.delivered.is_some() || late > 0).then_some(late == 0);
        if let Some(ok) = on_time {
            judged += 1;
            kept += i64::from(ok);
        }
        rows.push(Row {
            cells: vec![
                Cell::Id(l.id().into()),
                Cell::Id(c.map_or(l.customer(), |c| c.id).into()),
                c.map_or(Cell::Missing, |c| text(c.name)),
                Cell::Day(promised),
                day(o.state.shipped),
                day(o.state.delivered),
                Cell::Int(late),
                on_time.map_or(Cell::Missing, Cell::Flag),
            ],
            tone: if late > 0 && o.state.delivered.is_none() { Tone::Bad } else { Tone::Plain },
            ..Row::default()
        });
    }
    let rate = Decimal::from(kept).checked_div(Decimal::from(judged)).map_or(Cell::NotAvailable, Cell::Ratio);
    let mut total = vec![Cell::Text(m::on_time_rate(lang, kept, judged).into())];
    total.resize(columns.len() - 1, Cell::Missing);
    total.push(rate);
    let footer = vec![Row { cells: total, ..Row::default() }];
    Document::table(Table { columns, rows, footer, ..Table::default() })
}
