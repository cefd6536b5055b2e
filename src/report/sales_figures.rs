//! What sales come to, as columns and cells, and what could not be known of them.

use super::ask::{Caveat, Fails};
use super::document::{Cell, Column, Importance, rank};
use super::explain::evidence;
use super::typed;
use crate::i18n::{Lang, messages as m};
use crate::metrics::explain::Evidence;
use crate::model::book::Book;
use crate::model::ledger::{Ledger, LedgerSet};
use crate::model::money::{Decimal, minor_digits, round};
use crate::model::period::Period;
use crate::model::value::Kind;
use crate::rules::engine::index::Index;
use crate::rules::profit::{Figures, Sale, sales};
use crate::rules::unjoined::{Unjoined, lacks_lines, of_no_line, of_no_product, of_no_worth, of_nobody};
use std::collections::BTreeMap;

/// An amount in the base currency.
pub(super) fn money(book: &Book, amount: Option<Decimal>) -> Cell {
    amount.map_or(Cell::NotAvailable, |amount| Cell::money(amount, &book.settings.file.currency))
}

/// The figures of a group of sales, in their order.
pub(super) const FIGURES: [&str; 9] =
    ["orders", "quantity", "revenue", "cost", "extra_cost", "profit", "margin", "unknown_cost_lines", "returns"];

/// Which figures stay where a table is too wide.
const RANKS: &[(Importance, &[&str])] = &[
    (Importance::Key, &["revenue", "profit"]),
    (Importance::Main, &["margin"]),
    (Importance::Minor, &["quantity", "extra_cost", "unknown_cost_lines", "returns"]),
];

/// The columns of [`figure_cells`].
pub(super) fn figure_columns(lang: Lang) -> Vec<Column> {
    let kind = |key: &str| match key {
        "revenue" | "cost" | "extra_cost" | "profit" => Kind::Money,
        "margin" => Kind::Ratio,
        _ => Kind::Number,
    };
    let mut columns: Vec<Column> = FIGURES.iter().map(|k| typed(lang, k, kind(k))).collect();
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
        "orders" | "returns" | "quantity" | "revenue" if f.is_unreadable() => Cell::NotAvailable,
        "orders" => Cell::Int(f.orders()),
        "returns" => Cell::Int(f.returns()),
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
pub(super) struct Unknown {
    /// Lines without cost.
    pub(super) lines: i64,
    /// Their revenue.
    pub(super) revenue: Decimal,
    /// Rows that could not be joined.
    pub(super) unjoined: Vec<Unjoined>,
}

/// What could not be known, in words.
pub(super) fn caveats(unknown: &Unknown, book: &Book, lang: Lang) -> Vec<Caveat> {
    let mut caveats = Vec::new();
    if unknown.lines > 0 {
        let base = &book.settings.file.currency;
        let amount = round(unknown.revenue, minor_digits(base));
        caveats.push(Caveat { text: m::cost_unknown(lang, unknown.lines, amount, base), fails: Fails::Strict });
    }
    caveats.extend(Caveat::of_unjoined(&unknown.unjoined, lang));
    caveats
}

/// The sales of a period that could not be joined. All sales of no customer count, whatever the filter leaves. Among
/// the sales that fit, these count: sales of a product that does not exist, sales that take back a line that does not
/// exist, and sales whose worth nobody knows. `doubtful` says whether there may be any of either; which they are, is
/// looked up only then.
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
    let lost = lacks_lines(book, prices);
    if lost || doubtful != (false, false) {
        let sales = sales(book, prices, period);
        let chosen = || sales.iter().filter(|s| filter(s));
        if doubtful.0 {
            out.extend(of_no_product(book, prices, chosen()));
        }
        if lost {
            out.extend(of_no_line(prices, chosen().filter_map(|s| s.line)));
        }
        out.extend(of_no_worth(prices, chosen()));
    }
    out
}

/// The rows behind each product as file:line, net, cost and profit, for the sales that fit.
pub(super) fn sale_lines(
    index: &Index<'_>,
    lang: Lang,
    fits: &dyn Fn(&Sale<'_>) -> bool,
) -> BTreeMap<String, Vec<String>> {
    lines_by(index, lang, Period::ALL, fits, &|s| s.product.to_string())
}

pub(super) fn lines_by<'a>(
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
