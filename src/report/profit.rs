//! Profit by anything (R6).

use super::document::{Cell, Column, Document, Importance, Row, Table, rank};
use super::due::text;
use super::explain::{cut, evidence};
use super::fields::word;
use super::{col, num};
use crate::i18n::{Lang, labels, messages as m, money as w};
use crate::metrics::explain::Evidence;
use crate::model::Map;
use crate::model::book::{Book, Needs};
use crate::model::day::Day;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, round};
use crate::model::order::OrderLine;
use crate::model::period::{Calendar, Period};
use crate::model::row::Event;
use crate::model::team::Team;
use crate::model::value::Value;
use crate::query::{Per, buckets};
use crate::rules::groups::{Basis, Breakdown, by_customer};
use crate::rules::history::{fold_of, value_on};
use crate::rules::index::{Grouped, Index};
use crate::rules::profit::{Figures, Sale, Subject, product_text, sales};
use crate::rules::unjoined::{Unjoined, lacks_products, of_no_product, of_no_worth, of_nobody, products_named};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What profit can be grouped by.
pub const KEYS: &[&str] = &[
    "customer",
    "product",
    "category",
    "grade",
    "intent",
    "stage",
    "owner",
    "rep",
    "department",
    "region",
    "source",
    "order",
    "supplier",
    "industry",
    "city",
    "kind",
];

/// What this report reads.
pub const NEEDS: Needs = Needs {
    customers: true,
    ledgers: LedgerSet::of(&[Ledger::Orders, Ledger::Products, Ledger::Refunds, Ledger::Rates, Ledger::Events]),
    lean: true,
    ..Needs::NOTHING
};

/// How profit is asked for.
pub struct Question<'q> {
    /// One of [`KEYS`].
    pub by: &'q str,
    /// The days that count.
    pub period: Period,
    /// A figure for each day, week … of the period.
    pub per: Option<Per>,
    /// The attributes of the customer on the order's day instead of today's.
    pub at_order: bool,
    /// Which sales count.
    pub filter: &'q dyn Fn(&Sale<'_>) -> bool,
    /// Whether the filter lets everything pass, so that nobody need ask it.
    pub everything: bool,
    /// The only figure of each part of the period that is shown; the others are not worked out.
    pub only: Option<&'q str>,
    /// How many groups are shown, where that is known beforehand; for others no rows are made.
    pub limit: Option<usize>,
}

/// The group of sales whose customer is not in the book, where groups are made by customers: a text that no cell can hold.
const UNKNOWN: &str = "\0";

/// Says which group a sale belongs to.
struct Groups<'a, 'i> {
    book: &'a Book,
    by: &'i str,
    /// Customers' events, for their attributes on the order's day.
    events: Option<&'i Grouped<Event>>,
}

impl<'a, 'i> Groups<'a, 'i> {
    fn new(index: &'i Index<'a>, by: &'i str, at_order: bool) -> Groups<'a, 'i> {
        let decided = matches!(by, "grade" | "intent" | "stage" | "owner");
        Groups { book: index.book, by, events: (at_order && decided).then(|| index.all_events()) }
    }

    /// What of a sale decides its group.
    fn basis(&self) -> Basis {
        match self.by {
            "product" => Basis::Product,
            "order" => Basis::Order,
            "rep" | "department" => Basis::Seller,
            "category" | "supplier" => Basis::Several,
            _ if self.events.is_some() => Basis::Several,
            _ => Basis::Customer,
        }
    }

    /// The group of a sale; empty = none.
    fn of(&self, s: &Subject<'a>) -> Cow<'a, str> {
        let book = self.book;
        match self.by {
            "product" => s.product.into(),
            "category" => product_text(book, s.product, s.day, |v| v.category).into(),
            "supplier" => product_text(book, s.product, s.day, |v| v.supplier).into(),
            "rep" => s.by.into(),
            "department" => book.team.get(s.by).map_or("", |p| p.department).into(),
            "order" => s.order.into(),
            by => s.customer.map_or(UNKNOWN.into(), |customer| self.of_customer(by, customer, s.day)),
        }
    }

    /// The group of a customer on a day.
    fn of_customer(&self, by: &str, customer: usize, day: Day) -> Cow<'a, str> {
        let c = &self.book.customers[customer];
        match by {
            "customer" => c.id.into(),
            "grade" | "intent" | "stage" | "owner" => {
                let then = self.events.and_then(|e| fold_of(e.of(customer), by)).map(|f| value_on(&f, day));
                then.unwrap_or_else(|| c.decision(by)).into()
            }
            key => match c.get(key) {
                Value::Text(t) => t,
                _ => "".into(),
            },
        }
    }
}

/// What people read where a sale belongs to no group: an allowance has no product, a customer may have no region.
pub(super) fn no_group(lang: Lang, by: &str) -> Cell {
    Cell::code("", &m::no_group(lang, labels::label(lang, by)))
}

/// Names to stand beside groups' ids, where these are ids.
pub(super) enum Names<'a> {
    None,
    Customers(&'a Book),
    People(&'a Team),
    Known(Map<&'a str, &'a str>),
}

impl<'a> Names<'a> {
    /// The names of one sort of groups.
    pub(super) fn new(index: &Index<'a>, by: &str) -> Names<'a> {
        let book = index.book;
        match by {
            "customer" => Names::Customers(book),
            "owner" | "rep" => Names::People(&book.team),
            // The newest name of a product, the customer of an order.
            "product" => {
                let named = book.products.iter().filter(|v| v.since <= book.today && !v.name.is_empty());
                Names::Known(named.map(|v| (v.id, v.name)).collect())
            }
            "order" => {
                let called = |l: OrderLine| Some((l.id(), book.customer(l.customer())?.name));
                Names::Known(book.orders.iter().filter_map(called).collect())
            }
            _ => Names::None,
        }
    }

    /// The name of a group, as a cell.
    pub(super) fn of(&self, key: &str) -> Cell {
        let name = match self {
            Names::None => None,
            Names::Customers(book) => book.customer(key).map(|c| c.name),
            Names::People(team) => team.get(key).map(|p| p.name),
            Names::Known(names) => names.get(key).copied(),
        };
        name.map_or(Cell::Missing, text)
    }
}

/// An amount in the base currency.
pub(super) fn money(book: &Book, amount: Option<Decimal>) -> Cell {
    amount.map_or(Cell::NotAvailable, |amount| Cell::money(amount, &book.settings.file.currency))
}

/// The figures of a group of sales, in their order.
const FIGURES: [&str; 8] =
    ["orders", "quantity", "revenue", "cost", "extra_cost", "profit", "margin", "unknown_cost_lines"];

/// Which figures stay where a table is too wide.
const RANKS: &[(Importance, &[&str])] = &[
    (Importance::Key, &["revenue", "profit"]),
    (Importance::Main, &["margin"]),
    (Importance::Minor, &["quantity", "extra_cost", "unknown_cost_lines"]),
];

/// The columns of [`figure_cells`].
pub(super) fn figure_columns(lang: Lang) -> Vec<Column> {
    let mut columns: Vec<Column> = FIGURES.iter().map(|k| num(lang, k)).collect();
    rank(&mut columns, RANKS);
    columns
}

/// The figures of a group; what cannot be computed is n/a.
pub(super) fn figure_cells(book: &Book, f: &Figures) -> Vec<Cell> {
    FIGURES.iter().map(|k| figures_by_key(book, f, k)).collect()
}

/// One figure of a group of sales.
pub(super) fn figures_by_key(book: &Book, f: &Figures, key: &str) -> Cell {
    let known = f.profit().is_some();
    match key {
        // Unknown is never zero.
        "orders" | "quantity" | "revenue" if f.is_unreadable() => Cell::NotAvailable,
        "orders" => Cell::Int(f.orders()),
        "quantity" => Cell::Number(f.quantity().normalize()),
        "revenue" => money(book, Some(f.revenue())),
        "cost" => money(book, known.then_some(f.cost())),
        "extra_cost" => money(book, known.then_some(f.extra_cost())),
        "profit" => money(book, f.profit()),
        "margin" => f.margin().map_or(Cell::NotAvailable, Cell::Ratio),
        "unknown_cost_lines" => Cell::Int(f.unknown_cost_lines),
        _ => Cell::Missing,
    }
}

/// A fraction as people read it in a sentence: `12.3%`.
pub(super) fn share_text(share: Decimal) -> String {
    share.checked_mul(Decimal::ONE_HUNDRED).map_or_else(|| share.to_string(), |p| format!("{:.1}%", round(p, 1)))
}

/// What the reader must know besides the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Lines without cost.
    pub lines: i64,
    /// Their revenue.
    pub revenue: Decimal,
    /// Rows that could not be joined.
    pub unjoined: Vec<Unjoined>,
}

/// The report, and what it could not know.
pub fn report(index: &Index<'_>, q: &Question<'_>, cal: &Calendar, lang: Lang) -> (Document, Unknown) {
    let book = index.book;
    let prices = index.prices();
    let key = Groups::new(index, q.by, q.at_order);
    let mut parts = match q.per {
        Some(per) => {
            let lines = || book.orders.segments().iter().filter_map(|s| s.days);
            let refunds = || book.refunds.iter().map(|r| (r.at.day, r.at.day));
            let days = || lines().chain(refunds());
            let from = q.period.from.or_else(|| days().map(|d| d.0).min()).unwrap_or(book.today);
            let to = q.period.to.or_else(|| days().map(|d| d.1).max()).unwrap_or(book.today).min(book.today);
            buckets(&Period::new(from, to), per, cal)
        }
        None => Vec::new(),
    };
    // Which part of the period a day lies in; the last number is for days outside.
    let ends: Vec<Option<Day>> = parts.iter().map(|(_, p)| p.to).collect();
    let part = |day: Day| ends.partition_point(|to| to.is_some_and(|to| to < day));
    let alone = q.everything && q.by == "customer" && q.per.is_none();
    let of_customers = alone.then(|| by_customer(book, prices, q.period));
    let days: (usize, &(dyn Fn(Day) -> usize + Sync)) = (parts.len() + 1, &part);
    let found = if !q.everything {
        let sales = sales(book, prices, q.period);
        Some(Breakdown::of_sales(sales.iter().filter(|s| (q.filter)(s)), |s| key.of(s), days))
    } else if alone {
        None
    } else {
        Some(Breakdown::new(book, prices, q.period, key.basis(), |s| key.of(s), days))
    };
    let found_all = || found.iter().flat_map(Breakdown::iter);
    // Without a first or last day the report begins and ends with what was sold.
    let first = if q.period.from.is_none() { found_all().map(|(_, part, _)| part).min().unwrap_or(0) } else { 0 };
    if q.period.to.is_none() {
        let last = found_all().map(|(_, part, _)| part + 1).max().unwrap_or(0);
        parts.truncate(last);
    }
    let all = match (&found, &of_customers) {
        (Some(found), _) => found.total(),
        (None, Some(customers)) => customers.total(),
        (None, None) => Figures::default(),
    };
    // Groups over all parts: for their order, in which the number of orders has no say.
    let groups = found.as_ref().filter(|_| q.per.is_some()).map(Breakdown::by_name).unwrap_or_default();
    let mut order: Vec<(Option<Decimal>, &str, &Figures)> = match (&found, &of_customers) {
        _ if q.per.is_some() => groups.iter().map(|(k, f)| (f.profit(), *k, f)).collect(),
        (Some(found), _) => found.par_iter().map(|(k, _, f)| (f.profit(), k, f)).collect(),
        (None, Some(customers)) => {
            let known = customers.par_iter().map(|(c, f)| (f.profit(), book.customers[c].id, f));
            let unknown = Some(customers.unknown()).filter(|f| !f.is_empty()).map(|f| (f.profit(), UNKNOWN, f));
            known.chain(unknown).collect()
        }
        (None, None) => Vec::new(),
    };
    let before = |a: &(Option<Decimal>, &str, &Figures), b: &(Option<Decimal>, &str, &Figures)| {
        let by_profit = match (a.0, b.0) {
            (Some(x), Some(y)) => y.cmp(&x),
            (x, y) => y.is_some().cmp(&x.is_some()),
        };
        by_profit.then_with(|| b.2.revenue().cmp(&a.2.revenue())).then_with(|| a.1.cmp(b.1))
    };
    let shown = if q.per.is_some() { order.len() } else { q.limit.unwrap_or(usize::MAX).min(order.len()) };
    let left_out = order.len() - shown;
    if shown < order.len() {
        order.select_nth_unstable_by(shown, before);
        order.truncate(shown);
    }
    order.par_sort_unstable_by(before);
    let names = Names::new(index, q.by);
    let named = matches!(q.by, "customer" | "product" | "owner" | "rep" | "order");
    let settings = &book.settings;
    let head = |key: &str| -> Vec<Cell> {
        let id = match (named, key) {
            (_, "") => no_group(lang, q.by),
            (_, UNKNOWN) => Cell::code("", &w::unknown_group(lang)),
            (true, _) => Cell::Id(key.into()),
            (false, _) => Cell::code(key, &word(lang, settings, None, q.by, key)),
        };
        let mut cells = vec![id];
        if named {
            cells.push(names.of(key));
        }
        cells
    };
    let mut columns = vec![Column { importance: Importance::Key, ..col(lang, q.by) }];
    if named {
        columns.push(col(lang, "name"));
    }
    let only = q.only;
    let row = |head: &[Cell], f: &Figures| {
        let mut cells = Vec::with_capacity(head.len() + FIGURES.len());
        cells.extend_from_slice(head);
        let shown = |key: &str| only.is_none_or(|only| only == key);
        cells.extend(FIGURES.iter().map(|k| if shown(k) { figures_by_key(book, f, k) } else { Cell::Missing }));
        Row { cells, ..Row::default() }
    };
    let rows: Vec<Row> = if q.per.is_some() {
        columns.push(col(lang, "period"));
        let of_group = |(_, key, _): &(Option<Decimal>, &str, &Figures)| {
            let mut cells = head(key);
            let mut rows = Vec::with_capacity(parts.len());
            for (n, (label, _)) in parts.iter().enumerate().skip(first) {
                cells.push(Cell::Text(label.as_str().into()));
                rows.extend(found.iter().map(|found| row(&cells, found.of(key, n))));
                cells.pop();
            }
            rows
        };
        order.par_iter().flat_map_iter(of_group).collect()
    } else {
        order.par_iter().map(|(_, key, f)| row(&head(key), f)).collect()
    };
    columns.extend(figure_columns(lang));
    let mut total = vec![Cell::Text(m::total(lang).into())];
    total.resize(columns.len() - 8, Cell::Missing);
    total.extend(figure_cells(book, &all));
    let footer = vec![Row { cells: total, ..Row::default() }];
    let together = [("margin".to_string(), figures_by_key(book, &all, "margin"))].into();
    let strays = of_customers.as_ref().map_or_else(|| prices.has_strays(), |found| !found.unknown().is_empty());
    let lacks_products = match (q.by, &found) {
        ("product", Some(found)) => lacks_products(book, found.names()),
        ("category" | "supplier", _) => lacks_products(book, products_named(book)),
        _ => false,
    };
    let unjoined = unjoined(index, (q.period, q.filter), strays, (lacks_products, all.unreadable_lines > 0));
    let unknown = Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue(), unjoined };
    (Document::table(Table { columns, rows, footer, together, left_out, ..Table::default() }), unknown)
}

/// What of the sales of a period could not be joined: those of no customer, whatever the filter leaves, and of the sales that
/// fit those without a product that exists and those of which nothing is known what they came to. `doubtful` says whether
/// there may be any of either; which they are, is looked up only then.
pub(super) fn unjoined(
    index: &Index<'_>,
    (period, filter): (Period, &dyn Fn(&Sale<'_>) -> bool),
    strays: bool,
    doubtful: (bool, bool),
) -> Vec<Unjoined> {
    let (book, prices) = (index.book, index.prices());
    let strays = strays || book.refunds.iter().any(|r| book.customer_index(r.customer).is_none());
    let mut out = Vec::new();
    if strays {
        out.extend(of_nobody(book, prices, LedgerSet::of(&[Ledger::Orders, Ledger::Refunds]), period));
    }
    if doubtful != (false, false) {
        let sales = sales(book, prices, period);
        let chosen = || sales.iter().filter(|s| filter(s));
        if doubtful.0 {
            out.extend(of_no_product(book, prices, chosen()));
        }
        out.extend(of_no_worth(prices, chosen()));
    }
    out
}

/// For people: one row a group, one column a period, of one figure.
pub fn pivot(doc: &Document, figure: &str) -> Document {
    use super::document::Block;
    let Some(Block::Table(t)) = doc.blocks.first() else { return doc.clone() };
    let at = |key: &str| t.columns.iter().position(|c| c.key == key);
    let (Some(period), Some(value)) = (at("period"), at(figure)) else { return doc.clone() };
    let mut labels: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for r in &t.rows {
        let label = match &r.cells[period] {
            Cell::Text(l) => l.to_string(),
            _ => String::new(),
        };
        if !labels.contains(&label) {
            labels.push(label);
        }
        let head = &r.cells[..period];
        match rows.last_mut() {
            Some(last) if last.cells.len() >= period && last.cells[..period] == *head => {
                last.cells.push(r.cells[value].clone());
            }
            _ => {
                let mut cells = head.to_vec();
                cells.push(r.cells[value].clone());
                rows.push(Row { cells, ..Row::default() });
            }
        }
    }
    let mut columns: Vec<Column> = t.columns[..period].to_vec();
    let importance = Importance::Main;
    let column = |l: &String| Column { key: l.clone(), label: l.clone(), right: true, importance, ..Column::default() };
    columns.extend(labels.iter().map(column));
    let title = Some(t.columns[value].label.clone());
    Document::table(Table { columns, rows, title, ..Table::default() })
}

/// The same groups in another period, beside them: revenue and profit then, and the change as a fraction. A group is found by
/// its first cell; those that sold only then come last, in the section `gone`.
pub fn beside(mut now: Document, then: &Document, gone: Option<&str>, lang: Lang) -> Document {
    use super::document::Block;
    let (Some(Block::Table(a)), Some(Block::Table(b))) = (now.blocks.first_mut(), then.blocks.first()) else {
        return now;
    };
    let at = |t: &Table, key: &str| t.columns.iter().position(|c| c.key == key).unwrap_or(0);
    let figures = [(at(a, "revenue"), at(b, "revenue")), (at(a, "profit"), at(b, "profit"))];
    let amount = |c: &Cell| match c {
        Cell::Money { amount, .. } => Some(*amount),
        _ => None,
    };
    let extend = |row: &mut Row, other: Option<&Row>| {
        for (n, old) in figures {
            let before = other.map_or(Cell::Missing, |r| r.cells[old].clone());
            let change = match (amount(&row.cells[n]), amount(&before)) {
                (Some(x), Some(y)) if !y.is_zero() => {
                    (x - y).checked_div(y.abs()).map_or(Cell::NotAvailable, Cell::Ratio)
                }
                _ => Cell::NotAvailable,
            };
            row.cells.extend([before, change]);
        }
    };
    // A product may stand in several sections.
    let mut before: HashMap<(&str, &str), &Row> = HashMap::new();
    b.rows.iter().for_each(|r| _ = before.entry(key_of(r)).or_insert(r));
    let owned = |(key, word): (&str, &str)| (key.to_string(), word.to_string());
    let kept: HashSet<(String, String)> = a.rows.iter().map(|r| owned(key_of(r))).collect();
    for row in &mut a.rows {
        let other = before.get(&key_of(row)).copied();
        extend(row, other);
    }
    // What is known of a group that sold only then: what it is called.
    let called = |(n, c): (usize, &Column)| {
        (n == 0 || c.key == "name").then(|| b.columns.iter().position(|o| o.key == c.key)).flatten()
    };
    let called: Vec<Option<usize>> = a.columns.iter().enumerate().map(called).collect();
    let once = |r: &&Row| before.get(&key_of(r)).is_some_and(|first| std::ptr::eq(*first, *r));
    for old in b.rows.iter().filter(once).filter(|r| !kept.contains(&owned(key_of(r)))) {
        let cells = called.iter().map(|n| n.map_or(Cell::Missing, |n| old.cells[n].clone())).collect();
        let mut row = Row { cells, group: gone.map(Into::into), ..Row::default() };
        extend(&mut row, Some(old));
        a.rows.push(row);
    }
    if let (Some(x), Some(y)) = (a.footer.first_mut(), b.footer.first()) {
        extend(x, Some(y));
        let changes: Vec<(String, Cell)> = ["revenue_change", "profit_change"]
            .iter()
            .zip([3, 1])
            .filter_map(|(k, n)| Some(((*k).to_string(), x.cells.get(x.cells.len().checked_sub(n)?)?.clone())))
            .collect();
        a.together.extend(changes);
    }
    for key in ["revenue_then", "revenue_change", "profit_then", "profit_change"] {
        a.columns.push(num(lang, key));
    }
    rank(&mut a.columns, &[(Importance::Main, &["revenue_change", "profit_change"])]);
    now
}

/// What a row is about: its first cell. Sales of no group and of unknown customers both have no key, and differ in their
/// words.
fn key_of(row: &Row) -> (&str, &str) {
    let first = row.cells.first();
    let key = first.and_then(Cell::text).unwrap_or_default();
    (key, first.and_then(Cell::label).filter(|_| key.is_empty()).unwrap_or_default())
}

/// The rows behind each product as file:line, net, cost and profit, for the sales that fit.
pub(super) fn sale_lines(
    index: &Index<'_>,
    lang: Lang,
    fits: &dyn Fn(&Sale<'_>) -> bool,
) -> BTreeMap<String, Vec<String>> {
    lines_by(index, lang, Period::ALL, fits, &|s| s.product.to_string())
}

fn lines_by<'a>(
    index: &Index<'a>,
    lang: Lang,
    period: Period,
    fits: &dyn Fn(&Sale<'_>) -> bool,
    key: &dyn Fn(&Sale<'a>) -> String,
) -> BTreeMap<String, Vec<String>> {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for s in sales(index.book, index.prices(), period).into_iter().filter(|s| fits(s)) {
        let key = key(&s);
        rows.entry(key).or_default().push(evidence(index.book, &Evidence::Sale(s), lang));
    }
    rows
}

/// Puts the rows behind each group below the table: file:line, net, cost.
pub fn explain(doc: &mut Document, index: &Index<'_>, q: &Question<'_>, limit: usize, lang: Lang) {
    use super::document::Block;
    let key = Groups::new(index, q.by, q.at_order);
    let mut rows = lines_by(index, lang, q.period, q.filter, &|s| key.of(&s.subject()).into_owned());
    let shown: Vec<String> = match doc.blocks.first() {
        Some(Block::Table(t)) => t
            .rows
            .iter()
            .take(limit)
            .filter_map(|r| match r.cells.first() {
                Some(cell) if cell.label() == Some(w::unknown_group(lang).as_str()) => Some(UNKNOWN.to_string()),
                Some(cell @ (Cell::Id(_) | Cell::Code { .. })) => cell.text().map(str::to_string),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    doc.blocks.push(Block::Note(m::explain_profit(lang)));
    for key in shown {
        if let Some(lines) = rows.remove(&key) {
            let head = match key.as_str() {
                "" => m::no_group(lang, labels::label(lang, q.by)),
                UNKNOWN => w::unknown_group(lang),
                _ => key,
            };
            doc.blocks.push(Block::Note(format!("{head}\n{}", cut(lines, lang).join("\n"))));
        }
    }
}
