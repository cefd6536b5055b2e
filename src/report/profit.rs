//! Profit by anything (R6).

use super::document::{Cell, Column, Document, Row, Table};
use super::due::text;
use super::explain::{cut, evidence};
use super::fields::word;
use super::{col, num};
use crate::i18n::{Lang, messages as m};
use crate::metrics::explain::Evidence;
use crate::model::book::Needs;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::Decimal;
use crate::model::period::{Calendar, Period};
use crate::model::value::Value;
use crate::query::{Per, buckets};
use crate::rules::history::{fold_of, value_on};
use crate::rules::index::Index;
use crate::rules::profit::{Figures, Prices, Sale, sales, version};
use std::collections::BTreeMap;

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
    plain: LedgerSet::NONE,
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
}

/// The group of a sale; empty = none.
fn group(index: &Index<'_>, s: &Sale<'_>, by: &str, at_order: bool) -> String {
    let book = index.book;
    let c = &book.customers[s.customer];
    let now = |decision: &str| {
        let past = || fold_of(index.events(s.customer), decision).map(|f| value_on(&f, s.day));
        match at_order.then(past).flatten() {
            Some(value) => value.to_string(),
            None => c.decision(decision).to_string(),
        }
    };
    let product = || version(book, s.product, s.day);
    let first_known = |f: fn(&crate::model::product::ProductVersion) -> &'static str| {
        // A later version may leave out what the first one said.
        let own = product().map_or("", f);
        let any = || book.products.iter().filter(|v| v.id == s.product).map(f).find(|x| !x.is_empty()).unwrap_or("");
        if own.is_empty() && !s.product.is_empty() { any() } else { own }
    };
    match by {
        "customer" => c.id.into(),
        "product" => s.product.into(),
        "category" => first_known(|v| v.category).into(),
        "supplier" => first_known(|v| v.supplier).into(),
        "grade" | "intent" | "stage" | "owner" => now(by),
        "rep" => s.by.into(),
        "department" => book.team.get(s.by).map_or("", |p| p.department).into(),
        "order" => s.order.into(),
        key => match c.get(key) {
            Value::Text(t) => t.into_owned(),
            _ => String::new(),
        },
    }
}

/// A name to stand beside the group's id, where it is one.
fn name(index: &Index<'_>, by: &str, key: &str) -> Option<String> {
    let book = index.book;
    match by {
        "customer" => book.customer(key).map(|c| c.name.to_string()),
        "product" => book.products.iter().rev().find(|v| v.id == key && !v.name.is_empty()).map(|v| v.name.to_string()),
        "owner" | "rep" => book.team.get(key).map(|p| p.name.to_string()),
        "order" => {
            let line = book.orders.iter().find(|l| l.id == key)?;
            book.customer(line.customer).map(|c| c.name.to_string())
        }
        _ => None,
    }
}

/// An amount in the base currency.
pub(super) fn money(index: &Index<'_>, amount: Option<Decimal>) -> Cell {
    let currency = index.book.settings.file.currency.clone();
    amount.map_or(Cell::NotAvailable, |amount| Cell::Money { amount, currency })
}

/// The columns of [`figure_cells`].
pub(super) fn figure_columns(lang: Lang) -> Vec<Column> {
    ["orders", "quantity", "revenue", "cost", "extra_cost", "profit", "margin", "unknown_cost_lines"]
        .iter()
        .map(|k| num(lang, k))
        .collect()
}

/// The figures of a group; what cannot be computed is n/a.
pub(super) fn figure_cells(index: &Index<'_>, f: &Figures<'_>) -> Vec<Cell> {
    let known = f.profit().is_some();
    vec![
        Cell::Int(f.orders()),
        Cell::Number(f.quantity),
        money(index, Some(f.revenue)),
        money(index, known.then_some(f.cost)),
        money(index, known.then_some(f.extra_cost)),
        money(index, f.profit()),
        f.margin().map_or(Cell::NotAvailable, Cell::Ratio),
        Cell::Int(f.unknown_cost_lines),
    ]
}

/// What the reader must know besides the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Lines without cost.
    pub lines: i64,
    /// Their revenue.
    pub revenue: Decimal,
    /// Lines without any revenue that could be computed.
    pub unreadable: i64,
}

/// The report, and what it could not know.
pub fn report(index: &Index<'_>, q: &Question<'_>, cal: &Calendar, lang: Lang) -> (Document, Unknown) {
    let book = index.book;
    let prices = Prices::new(book);
    let counted: Vec<Sale<'_>> = sales(book, &prices, q.period).into_iter().filter(|s| (q.filter)(s)).collect();
    let mut all = Figures::default();
    let mut groups: BTreeMap<String, Figures<'_>> = BTreeMap::new();
    let mut periods: BTreeMap<(String, usize), Figures<'_>> = BTreeMap::new();
    let whole = Period::new(
        q.period.from.or_else(|| counted.iter().map(|s| s.day).min()).unwrap_or(book.today),
        q.period.to.or_else(|| counted.iter().map(|s| s.day).max()).unwrap_or(book.today).min(book.today),
    );
    let parts = q.per.map(|per| buckets(&whole, per, cal)).unwrap_or_default();
    for s in &counted {
        let key = group(index, s, q.by, q.at_order);
        all.add(s);
        if let Some(n) = parts.iter().position(|(_, p)| p.contains(s.day)) {
            periods.entry((key.clone(), n)).or_default().add(s);
        }
        groups.entry(key).or_default().add(s);
    }
    let mut order: Vec<(&String, &Figures<'_>)> = groups.iter().collect();
    order.sort_by(|a, b| {
        let by_profit = match (a.1.profit(), b.1.profit()) {
            (Some(x), Some(y)) => y.cmp(&x),
            (x, y) => y.is_some().cmp(&x.is_some()),
        };
        by_profit.then_with(|| b.1.revenue.cmp(&a.1.revenue)).then_with(|| a.0.cmp(b.0))
    });
    let named = matches!(q.by, "customer" | "product" | "owner" | "rep" | "order");
    let settings = &book.settings;
    let head = |key: &str| -> Vec<Cell> {
        let label = word(lang, settings, None, q.by, key);
        let id = if named || key.is_empty() {
            if key.is_empty() { Cell::Missing } else { Cell::Id(key.into()) }
        } else {
            Cell::Code { value: key.into(), label }
        };
        let mut cells = vec![id];
        if named {
            cells.push(name(index, q.by, key).map_or(Cell::Missing, |n| text(&n)));
        }
        cells
    };
    let mut columns = vec![col(lang, q.by)];
    if named {
        columns.push(col(lang, "name"));
    }
    let mut rows = Vec::new();
    if q.per.is_some() {
        columns.push(col(lang, "period"));
        for (key, _) in &order {
            for (n, (label, _)) in parts.iter().enumerate() {
                let empty = Figures::default();
                let f = periods.get(&((*key).clone(), n)).unwrap_or(&empty);
                let mut cells = head(key);
                cells.push(Cell::Text(label.clone()));
                cells.extend(figure_cells(index, f));
                rows.push(Row { cells, ..Row::default() });
            }
        }
    } else {
        for (key, f) in &order {
            let mut cells = head(key);
            cells.extend(figure_cells(index, f));
            rows.push(Row { cells, ..Row::default() });
        }
    }
    columns.extend(figure_columns(lang));
    let mut total = vec![Cell::Text(m::total(lang))];
    total.resize(columns.len() - 8, Cell::Missing);
    total.extend(figure_cells(index, &all));
    let footer = vec![Row { cells: total, ..Row::default() }];
    let unknown =
        Unknown { lines: all.unknown_cost_lines, revenue: all.unknown_revenue, unreadable: all.unreadable_lines };
    (Document::table(Table { columns, rows, footer, ..Table::default() }), unknown)
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
            Cell::Text(l) => l.clone(),
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
    let column = |l: &String| Column { key: l.clone(), label: l.clone(), right: true, machine_only: false };
    columns.extend(labels.iter().map(column));
    let title = Some(t.columns[value].label.clone());
    Document::table(Table { columns, rows, title, ..Table::default() })
}

/// The same groups in another period, beside them: revenue and profit then, and the change as a fraction.
pub fn beside(mut now: Document, then: &Document, lang: Lang) -> Document {
    use super::document::Block;
    let (Some(Block::Table(a)), Some(Block::Table(b))) = (now.blocks.first_mut(), then.blocks.first()) else {
        return now;
    };
    let at = |t: &Table, key: &str| t.columns.iter().position(|c| c.key == key).unwrap_or(0);
    let figures = [at(a, "revenue"), at(a, "profit")];
    let amount = |c: &Cell| match c {
        Cell::Money { amount, .. } => Some(*amount),
        _ => None,
    };
    let extend = |row: &mut Row, other: Option<&Row>| {
        for n in figures {
            let before = other.map_or(Cell::Missing, |r| r.cells[n].clone());
            let change = match (amount(&row.cells[n]), amount(&before)) {
                (Some(x), Some(y)) if !y.is_zero() => (x - y).checked_div(y).map_or(Cell::NotAvailable, Cell::Ratio),
                _ => Cell::NotAvailable,
            };
            row.cells.extend([before, change]);
        }
    };
    for row in &mut a.rows {
        let other = b.rows.iter().find(|r| r.cells[0] == row.cells[0]);
        extend(row, other);
    }
    // Groups that sold only then.
    let gone: Vec<Row> = b.rows.iter().filter(|r| !a.rows.iter().any(|x| x.cells[0] == r.cells[0])).cloned().collect();
    let width = a.columns.len();
    for old in gone {
        let head = old.cells.iter().take(width - 8).cloned().collect::<Vec<_>>();
        let mut row = Row { cells: head, ..Row::default() };
        row.cells.resize(width, Cell::Missing);
        extend(&mut row, Some(&old));
        a.rows.push(row);
    }
    if let (Some(x), Some(y)) = (a.footer.first_mut(), b.footer.first()) {
        extend(x, Some(y));
    }
    for key in ["revenue_then", "revenue_change", "profit_then", "profit_change"] {
        a.columns.push(num(lang, key));
    }
    now
}

/// Puts the rows behind each group below the table: file:line, net, cost.
pub fn explain(doc: &mut Document, index: &Index<'_>, q: &Question<'_>, limit: usize, lang: Lang) {
    use super::document::Block;
    let prices = Prices::new(index.book);
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for s in sales(index.book, &prices, q.period).iter().filter(|s| (q.filter)(s)) {
        let line = evidence(index.book, &Evidence::Sale(s.clone()), lang);
        rows.entry(group(index, s, q.by, q.at_order)).or_default().push(line);
    }
    let shown: Vec<String> = match doc.blocks.first() {
        Some(Block::Table(t)) => t
            .rows
            .iter()
            .take(limit)
            .filter_map(|r| match r.cells.first() {
                Some(Cell::Id(k) | Cell::Code { value: k, .. }) => Some(k.clone()),
                Some(Cell::Missing) => Some(String::new()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    doc.blocks.push(Block::Note(m::explain_profit(lang)));
    for key in shown {
        if let Some(lines) = rows.get(&key) {
            let list = cut(lines.clone(), lang).join("\n");
            doc.blocks.push(Block::Note(format!("{key}\n{list}")));
        }
    }
}
